// The panel of examples, and how a query comes into a tab.
import { isExample, same } from './links.js';

const { React, GraphiQL } = window;
const { createElement: h, useEffect, useState } = React;
const { useEditorContext, useExecutionContext, usePluginStore } = GraphiQL.React;

export const examples = JSON.parse(document.getElementById('examples').textContent);
const narrow = matchMedia('(max-width: 56rem)');

// opening is what is to be opened: a query, its variables, and whether it runs.
const opening = { listeners: new Set() };
export const open = (wanted) => opening.listeners.forEach((listener) => listener(wanted));

// Opener opens queries in tabs. A tab that is empty or shows an example as it is, is used again: the
// one that is looked at, else one with the same query, else any.
export function Opener() {
  const { tabs, activeTabIndex, addTab, changeTab, ...editors } = useEditorContext();
  const { run, stop, isFetching, isSubscribed } = useExecutionContext();
  const [wanted, want] = useState(null);
  useEffect(() => {
    opening.listeners.add(want);
    return () => opening.listeners.delete(want);
  }, []);
  useEffect(() => {
    if (!wanted || !editors.queryEditor || !editors.variableEditor) return;
    if (!wanted.hasPlace) {
      stop();
      keep(editors);
      const index = placeFor(tabs, activeTabIndex, editors, wanted);
      if (index < 0) addTab();
      else if (index !== activeTabIndex) changeTab(index);
      want({ ...wanted, hasPlace: true });
    } else if (!same(current(editors), wanted) || !same(tabs[activeTabIndex], wanted)) {
      write(editors, wanted);
    } else if (!isFetching && !isSubscribed) {
      want(null);
      if (wanted.run) run();
    }
  }, [wanted, tabs, activeTabIndex, isFetching, isSubscribed, editors.queryEditor, editors.variableEditor]);
  return null;
}

const current = ({ queryEditor, variableEditor }) => ({ query: queryEditor.getValue(), variables: variableEditor.getValue() });

function placeFor(tabs, activeTabIndex, editors, wanted) {
  const shown = tabs.map((tab, index) => (index === activeTabIndex ? current(editors) : tab));
  const isFree = (tab) => !tab.query?.trim() || isExample(examples, tab);
  if (isFree(shown[activeTabIndex]) || same(shown[activeTabIndex], wanted)) return activeTabIndex;
  const alike = shown.findIndex((tab) => same(tab, wanted));
  return alike >= 0 ? alike : shown.findIndex(isFree);
}

function write(editors, { query, variables }) {
  editors.queryEditor.setValue(query);
  editors.variableEditor.setValue(variables);
  keep(editors);
}

// keep gives the active tab what its editors have, and its name, which GraphiQL does a moment later.
function keep(editors) {
  const { query, variables } = current(editors);
  const operationName = /\bquery\s+(\w+)/.exec(query)?.[1] ?? null;
  editors.queryEditor.operationName = operationName;
  editors.updateActiveTabValues({ query, variables, operationName });
}

export function ExamplesIcon() {
  return h('svg', { viewBox: '0 0 24 24', fill: 'none', stroke: 'currentColor', strokeWidth: 1.5, 'aria-hidden': true },
    h('path', { d: 'M4 5h16M4 10h16M4 15h10M4 20h10M18 14l4 3-4 3z' }));
}

// Examples is the panel. On a phone it makes way for the answer.
export function Examples() {
  const choose = (example) => {
    if (narrow.matches) document.querySelector('.graphiql-sidebar [aria-label="Hide Examples"]')?.click();
    open({ ...example, run: true });
  };
  return h('section', { className: 'examples', 'aria-label': 'Examples' },
    h('h2', { className: 'graphiql-doc-explorer-title' }, 'Examples'),
    h('p', null, 'Choose one, and it runs.'),
    h('ul', null, examples.map((example) => h('li', { key: example.name },
      h('button', { type: 'button', onClick: () => choose(example), 'data-example': example.name },
        h('strong', null, example.title), h('small', null, example.sentence))))));
}

// useFirstPanel opens the panel of examples at the start, but for a phone, where it would hide
// the answer.
export function useFirstPanel() {
  const { plugins } = usePluginStore();
  useEffect(() => { if (!narrow.matches) document.querySelector('.graphiql-sidebar [aria-label="Show Examples"]')?.click(); }, [plugins]);
}
