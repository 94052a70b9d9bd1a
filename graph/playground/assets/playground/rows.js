// How many rows an answer has, and how many an operation can have.
import { argument, isConnection } from './shape.js';

const usual = 50; // of a connection without first and last

// rowsAtMost returns how many objects the pages of an operation can have, those of nested
// pages among them. Lists without pages are not counted: their length is not in the document.
export function rowsAtMost({ fields, variables }) {
  const count = (each) => each.reduce((sum, field) => {
    if (!isConnection(field)) return sum + (field.leaf ? 0 : count(field.fields));
    const size = argument(field, 'first', variables) ?? argument(field, 'last', variables) ?? usual;
    const rows = field.fields.filter(({ key }) => key !== 'pageInfo');
    return sum + (rows.some(({ list }) => list) ? size * (1 + Math.max(...rows.map((row) => count(row.fields)))) : 0);
  }, 0);
  return count(fields);
}

const isObject = (value) => value !== null && typeof value === 'object' && !Array.isArray(value);

// inner are the values of an object. The edges of a connection are left out where its
// nodes are there, for they are the same rows.
const inner = (value) => (Array.isArray(value) ? value
  : Object.entries(value).filter(([key]) => !(key === 'edges' && value.nodes)).map(([, each]) => each));

// countRows counts the objects in all lists.
export function countRows(value) {
  if (value === null || typeof value !== 'object') return 0;
  const own = Array.isArray(value) ? value.filter(isObject).length : 0;
  return inner(value).reduce((sum, each) => sum + countRows(each), own);
}
