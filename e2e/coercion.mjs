// Judges GraphQL requests by graphql-js: the first line of standard input is the schema
// as a JSON text, each other one a request: {query, operationName, variables}, where
// variables is JSON in a text. For each request a line goes out: {"refused": "why"}, or {}
// for one whose values can all be coerced. Nothing is run: the arguments of all fields
// and directives that a run would come to are coerced as the run would.
import { createInterface } from 'node:readline';
import {
  buildSchema, getArgumentValues, getDirectiveValues, getNamedType, getVariableValues, GraphQLFloat, GraphQLID,
  GraphQLIncludeDirective, GraphQLInt, GraphQLSkipDirective, GraphQLString, Kind, parse, validate,
} from 'graphql';
import { exact, readJSON } from './json.mjs';
import { customScalars } from './scalars.mjs';

// A number of a variable is a symbol, whose description is its text. What graphql-js
// makes of numbers is kept, and what it does not see because JavaScript would have
// rounded the number, or because its texts may be half characters, is added here.
const text = (value) => (typeof value === 'symbol' ? value.description : undefined);
const number = (value) => (typeof value === 'symbol' ? Number(value.description) : value);
for (const [scalar, refuse] of [
  [GraphQLInt, (v) => text(v) && !exact(text(v)).isInteger()],
  [GraphQLFloat, () => false],
  [GraphQLID, (v) => text(v) && !exact(text(v)).isInteger()],
  [GraphQLString, () => false],
]) {
  const { parseValue } = scalar;
  scalar.parseValue = (value) => {
    if (refuse(value)) throw new Error(`${scalar.name} has a fraction: ${text(value)}`);
    if (typeof value === 'string' && !value.isWellFormed()) throw new Error(`${scalar.name} has a lone surrogate`);
    return parseValue(number(value));
  };
}
// Its literals of Float go unchecked past the range of a double.
const { parseLiteral } = GraphQLFloat;
GraphQLFloat.parseLiteral = (node, variables) => {
  const value = parseLiteral(node, variables);
  if (!Number.isFinite(value)) throw new Error(`Float is out of range: ${node.value}`);
  return value;
};

// adopt gives the schema's own scalars what they take.
function adopt(schema) {
  for (const [name, take] of Object.entries(customScalars)) {
    const scalar = schema.getType(name);
    scalar.parseValue = (value) => {
      if (typeof value === 'string' && !take.text(value) || text(value) && !take.number?.(text(value)) || !['string', 'symbol'].includes(typeof value)) {
        throw new Error(`${name} can't be ${String(value)}`);
      }
      return value;
    };
    scalar.parseLiteral = (node) => {
      switch (node.kind) {
        case Kind.STRING: return scalar.parseValue(node.value);
        case Kind.INT: case Kind.FLOAT: return scalar.parseValue(Symbol(node.value));
        default: throw new Error(`${name} can't be a literal of kind ${node.kind}`);
      }
    };
  }
  return schema;
}

// operationOf is the operation that a request names.
function operationOf(document, name) {
  const operations = document.definitions.filter((definition) => definition.kind === Kind.OPERATION_DEFINITION);
  if (!name && operations.length > 1) throw new Error('operationName is missing');
  const found = operations.find((operation) => !name || operation.name?.value === name);
  if (!found) throw new Error('no such operation');
  return found;
}

// coerce coerces what a run of the selections would coerce if no object on the way
// were null.
function coerce(run, type, selections) {
  for (const selection of selections) {
    if (getDirectiveValues(GraphQLSkipDirective, selection, run.values)?.if === true) continue;
    if (getDirectiveValues(GraphQLIncludeDirective, selection, run.values)?.if === false) continue;
    if (selection.kind === Kind.FIELD) {
      const field = type.getFields?.()[selection.name.value];
      if (!field) continue; // __typename
      getArgumentValues(field, selection, run.values);
      if (selection.selectionSet) coerce(run, getNamedType(field.type), selection.selectionSet.selections);
      continue;
    }
    const part = selection.kind === Kind.FRAGMENT_SPREAD ? run.fragments.get(selection.name.value) : selection;
    coerce(run, part.typeCondition ? run.schema.getType(part.typeCondition.name.value) : type, part.selectionSet.selections);
  }
}

// judge throws why a request is refused.
function judge(schema, { query, operationName, variables }) {
  const document = parse(query);
  const errors = validate(schema, document);
  if (errors.length > 0) throw errors[0];
  const operation = operationOf(document, operationName);
  const given = variables ? readJSON(variables) : {};
  const { coerced, errors: wrong } = getVariableValues(schema, operation.variableDefinitions ?? [], given);
  if (wrong) throw wrong[0];
  const fragments = new Map(document.definitions.filter((d) => d.kind === Kind.FRAGMENT_DEFINITION).map((d) => [d.name.value, d]));
  coerce({ schema, values: coerced, fragments }, schema.getQueryType(), operation.selectionSet.selections);
}

let schema;
for await (const line of createInterface({ input: process.stdin })) {
  if (!schema) {
    schema = adopt(buildSchema(JSON.parse(line)));
    continue;
  }
  try {
    judge(schema, JSON.parse(line));
    console.log('{}');
  } catch (error) {
    console.log(JSON.stringify({ refused: error.message }));
  }
}
