// The playground: GraphiQL with the explorer, our examples, a token, and answers as tables and
// charts. Its parts are in the folder playground.
import { Access } from './playground/access.js';
import { Answer, SchemaContext } from './playground/answer.js';
import { Examples, ExamplesIcon, Opener, examples, open, useFirstPanel } from './playground/examples.js';
import { linkedExample, linkedQuery } from './playground/links.js';
import { fetcher } from './playground/runs.js';
import { startToken, token } from './playground/token.js';

const { React, ReactDOM, GraphiQL, GraphiQLPluginExplorer } = window;
const { createElement: h, useEffect, useState } = React;

// storage is the browser's, but for headers, which may hold a token.
const storage = {
  get length() { return localStorage.length; },
  getItem: (key) => localStorage.getItem(key),
  setItem: (key, value) => localStorage.setItem(key, withoutHeaders(value)),
  removeItem: (key) => localStorage.removeItem(key),
  clear() { Object.keys(localStorage).filter((key) => key.startsWith('graphiql:')).forEach((key) => localStorage.removeItem(key)); },
};

function withoutHeaders(text) {
  try {
    return JSON.stringify(JSON.parse(text), (key, value) => (key === 'headers' ? undefined : value));
  } catch {
    return text; // a setting, which is no JSON
  }
}

const plugins = [{ title: 'Examples', icon: ExamplesIcon, content: Examples }, GraphiQLPluginExplorer.explorerPlugin({ showAttribution: false })];

// Below is what stands below the answer, and what is there all the time.
function Below({ schema, linked }) {
  const [given, give] = useState(token());
  useFirstPanel();
  useEffect(() => {
    startToken(() => give(token()));
    const arrive = () => { const found = linkedQuery(examples); if (found) open(found); };
    if (linked) open(linked);
    window.addEventListener('hashchange', arrive);
    return () => window.removeEventListener('hashchange', arrive);
  }, []);
  return h(SchemaContext.Provider, { value: schema }, h(Opener), h(Access), h(Answer, { schema, token: given }));
}

async function start() {
  const sdl = await (await fetch('/schema.graphql')).text();
  const schema = GraphiQL.GraphQL.buildSchema(sdl);
  const linked = linkedQuery(examples) ?? linkedExample(examples);
  const shown = localStorage.getItem('graphiql:tabState') ? null : linked ?? examples[0];
  ReactDOM.createRoot(document.getElementById('main')).render(h(GraphiQL, {
    fetcher,
    storage,
    schema,
    plugins,
    defaultEditorToolsVisibility: 'variables',
    shouldPersistHeaders: false,
    defaultQuery: '', // of a new tab
    ...(shown && { query: shown.query, variables: shown.variables }),
  }, h(GraphiQL.Footer, null, h(Below, { schema, linked }))));
}

start().catch((error) => { document.getElementById('message').textContent = `The playground could not start: ${error.message}.`; });
