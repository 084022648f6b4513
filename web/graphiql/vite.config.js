import { defineConfig } from 'vite';
import react from '@vitejs/plugin-react';

// Relative addresses, so that the page also works below a path prefix.
export default defineConfig({
  base: './',
  plugins: [react()],
  worker: { format: 'es' },
  build: {
    target: 'es2022',
    outDir: process.env.PAGE_OUT ?? '../dist/graphiql',
    emptyOutDir: true,
    chunkSizeWarningLimit: 9000, // Monaco alone is close to 2 MB
    // react-compiler leaves its marker in every module of GraphiQL; the bundler need not mention each one.
    rollupOptions: { onwarn: (warning, warn) => warning.code === 'MODULE_LEVEL_DIRECTIVE' || warn(warning) },
  },
});
