// All pages of a table: each connection on its path is followed to its end, as pageInfo says,
// for each object that has one.
import { graphql } from './graphql.js';
import { argument, isConnection, operationOf, selected } from './shape.js';
import { at } from './tables.js';

const page = 'pageInfo { hasNextPage endCursor hasPreviousPage startCursor }';

// isPaged holds of a table that has pages to follow.
export const isPaged = (table) => table.path.some(isConnection);

// allPages asks for the answer anew, and for all pages of a table's connections. ask sends
// parameters and returns an answer; progress is called with how many rows and requests there are
// so far. It returns the data.
export async function allPages({ schema, query, operationName, variables, table, ask, progress }) {
  const document = withPages(graphql.parse(query), operationName, selected(schema, query, operationName, variables), table.path);
  const read = selected(schema, document, operationName, variables);
  const path = along(read.fields, table.path.map(({ key }) => key));
  const follow = { ...read, path, ask, progress, rows: 0, requests: 0, names: read.operation.name?.value };
  const data = await request(follow, graphql.print(document));
  await complete(follow, data, 0, null);
  return data;
}

function along(fields, keys) {
  let inside = fields;
  return keys.map((key) => {
    const field = inside.find((each) => each.key === key);
    inside = field.fields;
    return field;
  });
}

// withPages selects, on a path, the page of each connection, and the ID of each object that node
// finds again.
function withPages(document, operationName, read, path) {
  const extra = new Map();
  for (const field of path) {
    if (isConnection(field)) extra.set(field.nodes[0], `{ _page: ${page} }`);
    else if (field.isNode) extra.set(field.nodes[0], '{ _id: id }');
  }
  const places = new Map([...extra].map(([node, text]) => [`${node.loc?.start}`, text]));
  return graphql.visit(document, {
    Field(node) {
      const text = places.get(`${node.loc?.start}`);
      if (!text) return undefined;
      const [added] = graphql.parse(text, { noLocation: true }).definitions[0].selectionSet.selections;
      return { ...node, selectionSet: { ...node.selectionSet, selections: [...node.selectionSet.selections, added] } };
    },
  });
}

async function request(follow, query) {
  const used = new Set(operationOf(graphql.parse(query)).variableDefinitions?.map(({ variable }) => variable.name.value));
  const variables = Object.fromEntries(Object.entries(follow.variables).filter(([name]) => used.has(name)));
  const { data, errors } = await follow.ask({ query, variables });
  follow.requests++;
  if (errors || !data) throw new Error(errors?.[0]?.message ?? 'there is no data');
  return data;
}

// complete follows the pages below an object, from a field of the path on. anchor is the last
// object above that node finds: its ID, its type and its place on the path.
async function complete(follow, object, index, anchor) {
  const field = follow.path[index];
  if (!field || !object) return;
  const value = object[field.key];
  if (!value) return;
  if (isConnection(field)) await everyPage(follow, value, index, anchor);
  for (const each of Array.isArray(value) ? value : [value]) {
    if (!each) continue;
    const next = field.isNode && each._id ? { id: each._id, type: field.type, index } : anchor;
    const from = field.list && next === anchor ? { lost: true } : next;
    await complete(follow, each, index + 1, from);
  }
}

async function everyPage(follow, connection, index, anchor) {
  const field = follow.path[index];
  const backwards = Number.isInteger(argument(field, 'last', follow.variables));
  const more = () => connection._page && (backwards ? connection._page.hasPreviousPage : connection._page.hasNextPage);
  count(follow, connection);
  while (more()) {
    if (anchor?.lost) throw new Error(`${field.key} has more pages, in objects that have no ID to ask again by`);
    const cursor = backwards ? connection._page.startCursor : connection._page.endCursor;
    const { query, keys } = pageQuery(follow, index, anchor, backwards ? 'before' : 'after', cursor);
    const next = at(await request(follow, query), keys);
    if (!next?._page || (backwards ? next._page.startCursor : next._page.endCursor) === cursor) break;
    for (const list of ['nodes', 'edges'].filter((key) => Array.isArray(connection[key]))) {
      connection[list] = backwards ? [...next[list], ...connection[list]] : [...connection[list], ...next[list]];
    }
    connection._page = next._page;
    count(follow, next);
  }
}

function count(follow, { nodes, edges }) {
  follow.rows += (nodes ?? edges ?? []).length;
  follow.progress({ rows: follow.rows, requests: follow.requests });
}

// pageQuery is the document for another page of a connection: from the root, or by the ID of an
// object above.
function pageQuery(follow, index, anchor, argumentName, cursor) {
  const way = follow.path.slice(anchor ? anchor.index + 1 : 0, index + 1);
  let text = '';
  for (const field of [...way].reverse()) {
    const arguments_ = (field.nodes[0].arguments ?? []).filter(({ name }) => field !== way.at(-1) || !['after', 'before'].includes(name.value)).map(graphql.print);
    if (field === way.at(-1)) arguments_.push(`${argumentName}: ${JSON.stringify(cursor)}`);
    const inside = text || field.nodes.flatMap(({ selectionSet }) => selectionSet.selections.map(graphql.print)).join('\n');
    const alias = field.key === field.name ? '' : `${field.key}: `;
    text = `... on ${field.parent} { ${alias}${field.name}${arguments_.length > 0 ? `(${arguments_.join(', ')})` : ''} { ${inside} } }`;
  }
  if (anchor) text = `node(id: ${JSON.stringify(anchor.id)}) { ${text} }`;
  return { query: withVariables(follow, text), keys: [...(anchor ? ['node'] : []), ...way.map(({ key }) => key)] };
}

// withVariables makes an operation of a selection, with the fragments and variables that it uses.
function withVariables({ document, operation, names }, text) {
  const fragments = new Map(document.definitions.filter(({ kind }) => kind === 'FragmentDefinition').map((each) => [each.name.value, each]));
  const [used, variables] = [new Set(), new Set()];
  const look = (node) => graphql.visit(node, {
    Variable({ name }) { variables.add(name.value); },
    FragmentSpread({ name }) {
      if (used.has(name.value) || !fragments.has(name.value)) return;
      used.add(name.value);
      look(fragments.get(name.value));
    },
  });
  look(graphql.parse(`{ ${text} }`));
  const given = (operation.variableDefinitions ?? []).filter(({ variable }) => variables.has(variable.name.value)).map(graphql.print);
  const head = `query ${names ?? 'Page'}${given.length > 0 ? `(${given.join(', ')})` : ''}`;
  return [`${head} { ${text} }`, ...[...used].map((name) => graphql.print(fragments.get(name)))].join('\n\n');
}
