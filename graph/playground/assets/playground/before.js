// What a run would cost, and how many rows it could have, before it runs.
import { costOf } from './ask.js';
import { graphql } from './graphql.js';
import { rowsAtMost } from './rows.js';
import { selected } from './shape.js';

const { React, GraphiQL } = window;
const { useEffect, useState } = React;
const { useEditorContext } = GraphiQL.React;
const pause = 500; // milliseconds without a change

function parsed(text) {
  const value = text?.trim() ? JSON.parse(text) : {};
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new Error('Variables are an object.');
  return value;
}

// estimate asks what the text in the editors would cost. It returns null for what can't run, and
// asks the server about nothing that the schema refuses.
async function estimate(schema, { query, variables, headers }, operationName, signal) {
  try {
    const document = graphql.parse(query);
    if (graphql.validate(schema, document).length > 0) return null;
    const parameters = { query, variables: parsed(variables) };
    const read = selected(schema, document, operationName, parameters.variables);
    if (document.definitions.filter(({ kind }) => kind === 'OperationDefinition').length > 1) parameters.operationName = read.operation.name?.value;
    const cost = await costOf(parameters, { headers: parsed(headers), signal });
    return cost && { ...cost, rows: rowsAtMost(read) };
  } catch {
    return null; // it is being typed, or the server can't be reached, which a run says
  }
}

// useEstimate returns the cost and rows of what the editors have, a moment after they changed.
export function useEstimate(schema, token) {
  const { tabs, activeTabIndex } = useEditorContext();
  const { query, variables, headers, operationName } = tabs[activeTabIndex];
  const [found, set] = useState(null);
  useEffect(() => {
    const controller = new AbortController();
    const timer = setTimeout(async () => {
      const cost = query?.trim() ? await estimate(schema, { query, variables, headers }, operationName, controller.signal) : null;
      if (!controller.signal.aborted) set(cost);
    }, pause);
    return () => { clearTimeout(timer); controller.abort(); };
  }, [schema, query, variables, headers, operationName, token]);
  return found;
}
