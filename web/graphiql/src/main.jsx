import 'graphiql/setup-workers/vite'; // Monaco's workers from our own origin; the default entry loads them from a CDN
import { createRoot } from 'react-dom/client';
import { GraphiQL, HISTORY_PLUGIN } from 'graphiql';
import { createGraphiQLFetcher } from '@graphiql/toolkit';
import { explorerPlugin } from '@graphiql/plugin-explorer';
import 'graphiql/style.css';
import '@graphiql/plugin-explorer/style.css';
import './page.css';
import { endpoint, loadGuide } from './server.js';
import { startPlugin } from './start.jsx';
import { storage } from './storage.js';
import { words } from './words.js';

// The toolkit sends the header editor's content with every HTTP request and as the socket's connection parameters.
const fetcher = createGraphiQLFetcher({ url: endpoint, subscriptionUrl: endpoint.replace(/^http/, 'ws') });
const guide = await loadGuide();
const start = startPlugin(guide);
const first = guide.examples[0];

document.documentElement.lang = words.lang;
document.title = words.title;
createRoot(document.getElementById('root')).render(
  <GraphiQL
    fetcher={fetcher}
    plugins={[start, explorerPlugin(), HISTORY_PLUGIN]}
    visiblePlugin={start}
    defaultTabs={first && [{ query: first.query, variables: first.variables }]}
    defaultEditorToolsVisibility="variables"
    storage={storage}
    shouldPersistHeaders={false}
    showPersistHeadersSettings={false}
  >
    <GraphiQL.Logo>
      <a className="dinghuo-logo" href="../"><img src="./favicon.svg" alt="" />Dinghuo 订货</a>
    </GraphiQL.Logo>
  </GraphiQL>,
);
