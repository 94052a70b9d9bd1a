// The answer of the tab that is looked at: as JSON, as a table or as a chart, and below it what it
// has and cost.
import { askPatiently } from './ask.js';
import { useEstimate } from './before.js';
import { ChartView } from './chart.js';
import { csv, copy, download, fileName, tsv } from './files.js';
import { linkTo } from './links.js';
import { allPages, isPaged } from './pages.js';
import { countRows } from './rows.js';
import { look, runOf, show, subscribe, update } from './runs.js';
import { selected } from './shape.js';
import { TableView, linesOf, sorted } from './table.js';
import { longest, rowsOf, tablesOf } from './tables.js';

const { React, ReactDOM, GraphiQL } = window;
const { createElement: h, useEffect, useLayoutEffect, useMemo, useState, useSyncExternalStore } = React;
const { useEditorContext } = GraphiQL.React;

const zones = [...new Set(['UTC', Intl.DateTimeFormat().resolvedOptions().timeZone])];
const number = new Intl.NumberFormat('en-US');

// useTables reads an answer: its tables, and the one that is looked at.
function useTables(schema, run) {
  const data = run?.whole ?? run?.answer?.data;
  const read = useMemo(() => {
    if (!run?.asked || !data) return null;
    try {
      return selected(schema, run.asked.query, run.asked.operationName, run.asked.variables);
    } catch {
      return null; // the server took what this schema does not: it has changed since the page was opened
    }
  }, [schema, run?.asked, data]);
  const tables = useMemo(() => (read ? tablesOf(read) : []), [read]);
  const first = useMemo(() => longest(tables, data), [tables, data]);
  const table = tables.find(({ name }) => name === run?.shown?.table) ?? first;
  const rows = useMemo(() => (table ? rowsOf(table, data) : []), [table, data]);
  const sort = run?.shown?.sort;
  return { read, tables, table, rows: useMemo(() => (table ? sorted(table, rows, sort) : []), [table, rows, sort]) };
}

// useSettings are how values are written, in all tabs.
function useSettings() {
  const [zone, setZone] = useState(() => (zones.includes(localStorage.getItem('usagegraph:zone')) ? localStorage.getItem('usagegraph:zone') : 'UTC'));
  const [raw, setRaw] = useState(false);
  useEffect(() => localStorage.setItem('usagegraph:zone', zone), [zone]);
  return { settings: useMemo(() => ({ zone, raw }), [zone, raw]), setZone, setRaw };
}

// Answer is all of it. It is in the footer of GraphiQL's answer, and puts the views above it.
export function Answer({ schema, token }) {
  const { tabs, activeTabIndex, responseEditor } = useEditorContext();
  const tab = tabs[activeTabIndex].id;
  useLayoutEffect(() => look(tab, tabs.map(({ id }) => id)));
  const run = useSyncExternalStore(subscribe, () => runOf(tab));
  const found = useTables(schema, run);
  const looks = useSettings();
  const view = run?.shown?.view ?? 'JSON';
  useEffect(() => {
    if (responseEditor && run?.text !== undefined && responseEditor.getValue() !== run.text) responseEditor.setValue(run.text);
  }, [responseEditor, run?.text, tab]);
  useEffect(() => { document.getElementById('message').textContent = run?.trouble ?? ''; }, [run?.trouble]);
  const bar = useBar(view, responseEditor);
  const change = (name) => (value) => show(tab, { [name]: value });
  const { table, rows } = found;
  const before = useEstimate(schema, token);
  return h(React.Fragment, null,
    bar && ReactDOM.createPortal(h(Bar, { tab, view, run, found, looks }), bar),
    view === 'Table' && h(TableView, { key: `${tab} ${table?.name}`, table, rows, settings: looks.settings, sort: run?.shown?.sort, onSort: change('sort') }),
    view === 'Chart' && h(ChartView, { table, rows, wanted: run?.shown?.chart, zone: looks.settings.zone, change: change('chart') }),
    h(Facts, { tab, run, found, settings: looks.settings, before }));
}

// useBar makes a place above the answer, and hides its JSON where another view is wanted.
function useBar(view, responseEditor) {
  const [bar, setBar] = useState(null);
  useEffect(() => {
    const made = Object.assign(document.createElement('div'), { className: 'views' });
    document.querySelector('.graphiql-response').prepend(made);
    setBar(made);
    return () => made.remove();
  }, []);
  useEffect(() => {
    document.querySelector('.graphiql-response').dataset.view = view;
    if (view === 'JSON') responseEditor?.refresh();
  }, [view, responseEditor]);
  return bar;
}

function Bar({ tab, view, run, found: { tables, table, read }, looks: { settings, setZone, setRaw } }) {
  return h(React.Fragment, null,
    h('div', { className: 'choice', role: 'group', 'aria-label': 'View' }, ['JSON', 'Table', 'Chart'].map((each) => h('button', {
      key: each, type: 'button', 'aria-pressed': view === each, onClick: () => show(tab, { view: each }),
    }, each))),
    view !== 'JSON' && tables.length > 1 && h('label', null, 'List ', h('select', { id: 'list', value: table.name, onChange: ({ target }) => show(tab, { table: target.value, sort: undefined, chart: undefined }) },
      tables.map(({ name }) => h('option', { key: name, value: name }, name)))),
    view !== 'JSON' && h('label', null, 'Zone ', h('select', { id: 'zone', value: settings.zone, onChange: ({ target }) => setZone(target.value) }, zones.map((zone) => h('option', { key: zone }, zone)))),
    view === 'Table' && h('label', { title: 'As the API answers: amounts in their credit type, instants in UTC' }, h('input', { type: 'checkbox', id: 'raw', checked: settings.raw, onChange: ({ target }) => setRaw(target.checked) }), ' Raw values'),
    view !== 'JSON' && table && isPaged(table) && h(Pages, { tab, run, table, read }));
}

// Pages asks for all pages of a table, and says how far it is.
function Pages({ tab, run, table, read }) {
  const { following, whole } = run;
  const schema = React.useContext(SchemaContext);
  if (following) {
    return h('span', { className: 'following', role: 'status' }, `${number.format(following.rows)} rows in ${following.requests} requests `,
      h('button', { type: 'button', onClick: () => following.controller.abort() }, 'Cancel'));
  }
  if (whole) return h('span', null, 'All pages');
  return h('button', { type: 'button', id: 'pages', onClick: () => follow({ schema, tab, run, table, read }) }, 'All pages');
}

export const SchemaContext = React.createContext(null);

async function follow({ schema, tab, run, table, read }) {
  const controller = new AbortController();
  const { query, operationName, headers } = run.asked;
  const isCurrent = () => runOf(tab)?.asked === run.asked;
  const progress = (counts) => { if (isCurrent()) update(tab, { following: { ...counts, controller } }); };
  progress({ rows: 0, requests: 0 });
  try {
    const ask = (parameters) => askPatiently(parameters, { headers, signal: controller.signal });
    const whole = await allPages({ schema, query, operationName, variables: read.variables, table, ask, progress });
    if (isCurrent()) update(tab, { whole, following: undefined, trouble: '' });
  } catch (error) {
    const trouble = controller.signal.aborted ? '' : `Not all pages could be read: ${error.message}.`;
    if (isCurrent()) update(tab, { following: undefined, trouble });
  }
}

// Facts is the line below the answer.
function Facts({ tab, run, found: { read, table, rows }, settings, before }) {
  const { answer, duration, running, whole } = run ?? {};
  const cost = answer?.extensions?.cost;
  const [note, setNote] = useState('');
  useEffect(() => { if (note) setTimeout(setNote, 3000, ''); }, [note]);
  const put = (text, what) => copy(text).then(() => setNote(`${what} copied`), ({ message }) => setNote(`Not copied: ${message}`));
  const editors = useEditorContext();
  return h('div', { className: 'facts' },
    h('div', { role: 'status' },
      running && h('span', null, 'Running…'),
      answer && h('span', { id: 'rows' }, `Rows: ${countRows(whole ?? answer.data)}`),
      answer && h('span', { id: 'duration' }, `${Math.round(duration)} ms`),
      cost && h('span', { id: 'cost' }, `Cost: ${cost.requested} of ${cost.limit}`),
      note && h('span', { className: 'note' }, note)),
    before && h(Before, before),
    h('div', { className: 'actions' },
      h('button', { type: 'button', onClick: () => put(linkTo({ query: editors.queryEditor.getValue(), variables: editors.variableEditor.getValue() }), 'Link') }, 'Copy link'),
      h('button', { type: 'button', id: 'copy', disabled: rows.length === 0, onClick: () => put(tsv(linesOf(table, rows, settings)), 'Table') }, 'Copy table'),
      h('button', { type: 'button', id: 'csv', disabled: rows.length === 0, onClick: () => download(fileName(read), csv(linesOf(table, rows, settings))) }, 'Download CSV')));
}

// Before is what the next run would cost, and how many rows its pages could have.
function Before({ requested, limit, rows }) {
  const pages = rows > 0 ? `, at most ${number.format(rows)} rows in pages` : '';
  return h('span', { id: 'before', className: requested > limit ? 'over' : undefined }, `A run costs ${number.format(requested)} of ${number.format(limit)}${pages}`);
}
