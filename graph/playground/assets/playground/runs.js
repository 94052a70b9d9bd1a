// What each tab of the playground has: its answer, and how it is looked at. An answer belongs to the
// tab that asked, whichever is looked at when it comes.
import { ask } from './ask.js';

const runs = new Map();
const listeners = new Set();
let active = '';

export const subscribe = (listener) => { listeners.add(listener); return () => listeners.delete(listener); };
const notify = () => listeners.forEach((listener) => listener());

// runOf is what a tab has, undefined before it ran.
export const runOf = (tab) => runs.get(tab);

// update changes what a tab has.
export function update(tab, change) {
  runs.set(tab, { ...runs.get(tab), ...change });
  notify();
}

// show changes how a tab's answer is looked at: its view, table, order and chart.
export const show = (tab, change) => update(tab, { shown: { ...runs.get(tab)?.shown, ...change } });

// look says which tab is looked at, and which there are: what others had is dropped.
export function look(tab, tabs) {
  active = tab;
  for (const [each, { controller }] of runs) {
    if (tabs.includes(each)) continue;
    controller?.abort();
    runs.delete(each);
  }
}

// fetcher asks as GraphiQL wants it: it returns something to subscribe to. GraphiQL ends the
// subscription when its user stops the run, and also when another tab is looked at; the run then
// goes on for its own tab. GraphiQL looks at the text a moment after it changed, and till then
// names an operation that is gone.
export async function fetcher({ operationName, query, variables }, { headers = {} } = {}) {
  const named = new RegExp(`\\bquery\\s+${operationName}\\b`).test(query) ? { operationName } : {};
  const tab = active;
  return {
    subscribe(observer) {
      const run = { tab, observer };
      start(run, { query, variables, ...named }, headers);
      return { unsubscribe: () => stop(run) };
    },
  };
}

async function start(run, parameters, headers) {
  const controller = new AbortController();
  runs.get(run.tab)?.controller?.abort();
  runs.set(run.tab, { shown: kept(runs.get(run.tab), parameters), controller, running: true, asked: { ...parameters, headers } });
  notify();
  const began = performance.now();
  const isCurrent = () => runs.get(run.tab)?.controller === controller;
  try {
    const { answer, trouble } = await ask(parameters, { headers, signal: controller.signal });
    if (isCurrent()) update(run.tab, { running: false, answer, text: JSON.stringify(answer, null, 2), duration: performance.now() - began, trouble });
    run.observer?.next(answer);
  } catch (error) {
    if (isCurrent()) update(run.tab, { running: false, trouble: controller.signal.aborted ? '' : `The server gave no answer that can be read: ${error.message}.` });
    if (!controller.signal.aborted) run.observer?.error(error);
  }
  run.observer?.complete();
}

// kept is how the answer before was looked at: of another query, the view alone.
function kept({ shown, asked } = {}, { query }) {
  return asked?.query === query ? shown : { view: shown?.view };
}

// stop ends a run if its tab is still looked at a moment later.
function stop(run) {
  const { controller } = runs.get(run.tab) ?? {};
  run.observer = null;
  setTimeout(() => { if (run.tab === active) controller?.abort(); });
}
