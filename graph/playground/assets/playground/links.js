// A link to a tab: its query and variables in the fragment of the address, which browsers send
// to no server. Headers and the token are not in it.

export function linkTo({ query, variables }) {
  const parts = new URLSearchParams({ query, ...(variables?.trim() && { variables }) });
  return `${location.origin}${location.pathname}#${parts}`;
}

// linkedExample is the example that the address names, which runs.
export function linkedExample(examples) {
  const name = new URLSearchParams(location.search).get('example');
  const example = examples.find((each) => each.name === name);
  return example && { ...example, run: true };
}

// linkedQuery is the query of the address's fragment. It takes the fragment from the address, so that
// a reload has the tab as it is then. It waits for its user, unless it is an example.
export function linkedQuery(examples) {
  const fragment = new URLSearchParams(location.hash.slice(1));
  const query = fragment.get('query');
  if (!query) return undefined;
  history.replaceState(null, '', location.pathname + location.search);
  const variables = fragment.get('variables') ?? '';
  return { query, variables, run: isExample(examples, { query, variables }) };
}

// isExample holds of a tab that shows an example as it is.
export const isExample = (examples, { query, variables }) => examples.some((each) => same(each, { query, variables }));

const bare = (text) => (text ?? '').trim();
export const same = (a, b) => bare(a.query) === bare(b.query) && bare(a.variables) === bare(b.variables);
