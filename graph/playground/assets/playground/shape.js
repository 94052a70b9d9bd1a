// The shape of an answer: what a document selects, with the types of the schema. It
// depends on the document alone, so that an object that is null has the fields of others.
import { graphql } from './graphql.js';

// selected returns the fields of the operation that runs, as a tree: each has its key in
// the answer, its name in the schema, its type, whether it is a list or a leaf, the type
// that has it, the places of the document that select it, and the fields inside.
export function selected(schema, query, operationName, variables = {}) {
  const document = typeof query === 'string' ? graphql.parse(query) : query;
  const operation = operationOf(document, operationName);
  const fragments = new Map(document.definitions.filter(({ kind }) => kind === 'FragmentDefinition').map((each) => [each.name.value, each]));
  const given = { ...defaults(operation), ...variables };
  const read = { schema, fragments, variables: given };
  const root = schema.getQueryType();
  return { document, operation, variables: given, fields: fieldsOf(read, root, [operation.selectionSet]) };
}

// operationOf returns the operation with the name, or the only one.
export function operationOf(document, name) {
  const operations = document.definitions.filter(({ kind }) => kind === 'OperationDefinition');
  const found = operations.find((each) => each.name?.value === name) ?? operations[0];
  if (!found) throw new Error('The document has no operation.');
  return found;
}

function defaults(operation) {
  const known = (operation.variableDefinitions ?? []).filter(({ defaultValue }) => defaultValue);
  return Object.fromEntries(known.map(({ variable, defaultValue }) => [variable.name.value, graphql.valueFromASTUntyped(defaultValue)]));
}

function fieldsOf(read, parent, selectionSets) {
  const found = new Map();
  for (const set of selectionSets) collect(read, parent, set, found);
  return [...found.values()].map(({ nodes, definition, parent: owner, key }) => {
    const type = graphql.getNamedType(definition.type);
    return {
      key,
      nodes,
      parent: owner.name,
      name: nodes[0].name.value,
      type: type.name,
      list: isList(definition.type),
      leaf: graphql.isLeafType(type),
      isNode: (type.getInterfaces?.() ?? []).some(({ name }) => name === 'Node') || type.name === 'Node',
      fields: graphql.isLeafType(type) ? [] : fieldsOf(read, type, nodes.map(({ selectionSet }) => selectionSet)),
    };
  });
}

const isList = (type) => (graphql.isNonNullType(type) ? isList(type.ofType) : graphql.isListType(type));

function collect(read, parent, set, found) {
  for (const selection of set?.selections ?? []) {
    if (isLeftOut(selection, read.variables)) continue;
    if (selection.kind === 'Field') collectField(read, parent, selection, found);
    else {
      const fragment = selection.kind === 'FragmentSpread' ? read.fragments.get(selection.name.value) : selection;
      const condition = fragment?.typeCondition ? read.schema.getType(fragment.typeCondition.name.value) : parent;
      if (condition) collect(read, condition, fragment?.selectionSet, found);
    }
  }
}

function collectField(read, parent, node, found) {
  const definition = definitionOf(read.schema, parent, node.name.value);
  if (!definition) return;
  const key = node.alias?.value ?? node.name.value;
  if (!found.has(key)) found.set(key, { key, parent, definition, nodes: [] });
  found.get(key).nodes.push(node);
}

function definitionOf(schema, parent, name) {
  const own = { __typename: graphql.TypeNameMetaFieldDef, __schema: graphql.SchemaMetaFieldDef, __type: graphql.TypeMetaFieldDef };
  return own[name] ?? parent.getFields?.()[name];
}

// isLeftOut holds of what @skip or @include leaves out.
function isLeftOut(selection, variables) {
  return (selection.directives ?? []).some(({ name, arguments: given }) => {
    const value = given[0] && argumentValue(given[0].value, variables);
    return (name.value === 'skip' && value === true) || (name.value === 'include' && value === false);
  });
}

export const argumentValue = (value, variables) => graphql.valueFromASTUntyped(value, variables);

// argument returns the value of an argument of a field, undefined when it is not given.
export function argument(field, name, variables) {
  const found = field.nodes[0].arguments?.find((each) => each.name.value === name);
  return found && argumentValue(found.value, variables);
}

export const isConnection = (field) => field.type.endsWith('Connection');
