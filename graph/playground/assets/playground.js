// The playground: GraphiQL with the explorer, our examples, a token and what the last
// answer cost. The token stays in its box: nothing keeps it.
import { countRows, csv, flatRows } from './answer.js';

const { React, ReactDOM, GraphiQL, GraphiQLPluginExplorer } = window;
const { createElement: h, useEffect, useSyncExternalStore } = React;
const { useEditorContext, usePluginStore } = GraphiQL.React;

const element = (id) => document.getElementById(id);
const examples = JSON.parse(element('examples').textContent);
const say = (text) => { element('message').textContent = text; };

// The last answer, for the line below it.
const last = {
  value: null,
  listeners: new Set(),
  set(value) { last.value = value; last.listeners.forEach((listener) => listener()); },
  subscribe(listener) { last.listeners.add(listener); return () => last.listeners.delete(listener); },
};

// fetcher asks the server that the page came from, as GraphiQL wants it. GraphiQL looks
// at the text a moment after it changed, and till then names an operation that is gone.
async function fetcher({ operationName, ...parameters }, { headers = {} } = {}) {
  if (new RegExp(`\\bquery\\s+${operationName}\\b`).test(parameters.query)) parameters.operationName = operationName;
  const token = element('token').value.trim();
  const named = Object.keys(headers).some((name) => name.toLowerCase() === 'authorization');
  const began = performance.now();
  try {
    const response = await fetch('/graphql', {
      method: 'POST',
      credentials: 'omit',
      headers: { 'Content-Type': 'application/json', Accept: 'application/json', ...(token && !named && { Authorization: `Bearer ${token}` }), ...headers },
      body: JSON.stringify(parameters),
    });
    const answer = await response.json();
    last.set({ answer, duration: performance.now() - began });
    say(trouble(response.status, token || named));
    return answer;
  } catch (error) {
    last.set(null);
    say(`The server gave no answer that can be read: ${error.message}.`);
    throw error;
  }
}

function trouble(status, token) {
  if (status === 401 && !token) return 'The server wants a token. Make one with: usagegraph token create --name me --all-customers';
  if (status === 401) return 'The server does not take this token: it may be wrong, expired or revoked.';
  return status === 429 ? 'That was too much at once. Wait a little and ask again.' : '';
}

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

function ExamplesIcon() {
  return h('svg', { viewBox: '0 0 24 24', fill: 'none', stroke: 'currentColor', strokeWidth: 1.5, 'aria-hidden': true },
    h('path', { d: 'M4 5h16M4 10h16M4 15h10M4 20h10M18 14l4 3-4 3z' }));
}

// Examples is the panel of examples: each opens in a tab of its own.
function Examples() {
  const { addTab, tabs, activeTabIndex, ...editors } = useEditorContext();
  const [wanted, want] = React.useState(null);
  useEffect(() => { if (wanted) open(editors, wanted); }, [wanted]);
  // GraphiQL empties the editors of a new tab, and does so once more if an answer comes in
  // meanwhile. The example stays when the tab has it.
  useEffect(() => {
    if (!wanted) return;
    if (tabs[activeTabIndex].query) want(null);
    else open(editors, wanted);
  }, [tabs]);
  const choose = (example) => { if (editors.queryEditor.getValue().trim()) addTab(); want(example); };
  return h('section', { className: 'examples', 'aria-label': 'Examples' },
    h('h2', { className: 'graphiql-doc-explorer-title' }, 'Examples'),
    h('p', null, 'Choose one, and run it with Ctrl-Enter.'),
    h('ul', null, examples.map((example) => h('li', { key: example.name },
      h('button', { type: 'button', onClick: () => choose(example), 'data-example': example.name },
        h('strong', null, example.title), h('small', null, example.sentence))))));
}

function open({ queryEditor, variableEditor }, example) {
  queryEditor.setValue(example.query);
  variableEditor.setValue(example.variables);
}

// useEditors names the editors for screen readers, and frees the Tab key, which they
// would keep.
function useEditors() {
  const { queryEditor, variableEditor, headerEditor, responseEditor } = useEditorContext();
  useEffect(() => {
    const names = new Map([[queryEditor, 'Query'], [variableEditor, 'Variables'], [headerEditor, 'Headers'], [responseEditor, 'Answer']]);
    for (const [editor, name] of names) {
      editor?.addKeyMap({ Tab: false, 'Shift-Tab': false });
      editor?.getInputField().setAttribute('aria-label', name);
    }
  }, [queryEditor, variableEditor, headerEditor, responseEditor]);
}

// Answer tells what the last answer has and cost, and gives its flat part as CSV. It is
// there all the time, so it also opens the panel of examples at the start.
function Answer() {
  const value = useSyncExternalStore(last.subscribe, () => last.value);
  useEditors();
  const { plugins } = usePluginStore();
  useEffect(() => document.querySelector('.graphiql-sidebar [aria-label="Show Examples"]')?.click(), [plugins]);
  const { answer, duration } = value ?? {};
  const cost = answer?.extensions?.cost;
  const rows = flatRows(answer?.data);
  return h('div', { className: 'answer', role: 'status' },
    answer && h('span', { id: 'rows' }, `Rows: ${countRows(answer.data)}`),
    answer && h('span', { id: 'duration' }, `${Math.round(duration)} ms`),
    cost && h('span', { id: 'cost' }, `Cost: ${cost.requested} of ${cost.limit}`),
    h('button', { type: 'button', id: 'csv', disabled: rows.length === 0, onClick: () => download(rows) }, 'Download CSV'));
}

function download(rows) {
  const address = URL.createObjectURL(new Blob([csv(rows)], { type: 'text/csv;charset=utf-8' }));
  Object.assign(document.createElement('a'), { href: address, download: 'usagegraph.csv' }).click();
  URL.revokeObjectURL(address);
}

element('show').addEventListener('click', ({ target }) => {
  const shown = target.getAttribute('aria-pressed') !== 'true';
  target.setAttribute('aria-pressed', shown);
  element('token').type = shown ? 'text' : 'password';
});

async function start() {
  const sdl = await (await fetch('/schema.graphql')).text();
  const wanted = new URLSearchParams(location.search).get('example');
  const example = examples.find(({ name }) => name === wanted);
  const shown = example ?? (localStorage.getItem('graphiql:tabState') ? null : examples[0]);
  ReactDOM.createRoot(element('main')).render(h(GraphiQL, {
    fetcher,
    storage,
    schema: GraphiQL.GraphQL.buildSchema(sdl),
    plugins: [{ title: 'Examples', icon: ExamplesIcon, content: Examples }, GraphiQLPluginExplorer.explorerPlugin({ showAttribution: false })],
    defaultEditorToolsVisibility: 'variables',
    shouldPersistHeaders: false,
    defaultQuery: '', // of a new tab
    ...(shown && { query: shown.query, variables: shown.variables }),
  }, h(GraphiQL.Footer, null, h(Answer))));
}

start().catch((error) => say(`The playground could not start: ${error.message}.`));
