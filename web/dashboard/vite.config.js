import { defineConfig } from 'vite';

// Relative addresses, so that the page also works below a path prefix.
export default defineConfig({
  base: './',
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  build: {
    target: 'es2022',
    outDir: process.env.PAGE_OUT ?? '../dist/dashboard',
    emptyOutDir: true,
    modulePreload: { polyfill: false },
  },
});
