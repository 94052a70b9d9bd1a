// What an answer has, apart from its text: how many rows, and its flat part as CSV.

const isObject = (value) => value !== null && typeof value === 'object' && !Array.isArray(value);
const isRows = (value) => Array.isArray(value) && value.some(isObject);

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

// flatRows finds the first list of objects that is nearest to the root, and has a row
// for each: its scalars, those of objects in it under names such as customer.name, and
// no lists. An edge is its node, with the cursor. An answer without a list is one row, if
// it has anything.
export function flatRows(data) {
  for (let level = [data].filter(isObject); level.length > 0; level = level.flatMap(inner).filter(isObject)) {
    const lists = level.flatMap(inner).filter(isRows);
    if (lists.length > 0) return lists[0].filter(isObject).map((row) => flat(row));
  }
  return [flat(data ?? {})].filter((row) => Object.values(row).some((value) => value !== null));
}

function flat(object, path = '', row = {}) {
  for (const [key, value] of Object.entries(object)) {
    if (isObject(value)) flat(value, key === 'node' ? path : `${path}${key}.`, row);
    else if (!Array.isArray(value)) row[path + key] = value;
  }
  return row;
}

// csv writes rows as RFC 4180 says, with a header. A text that a spreadsheet would take
// for a formula gets an apostrophe before it; a number below 0 is none.
export function csv(rows) {
  const columns = [...new Set(rows.flatMap(Object.keys))];
  const line = (cells) => cells.map(cell).join(',') + '\r\n';
  return line(columns) + rows.map((row) => line(columns.map((column) => row[column]))).join('');
}

function cell(value) {
  let text = value === null || value === undefined ? '' : String(value);
  if (/^[=+\-@\t\r\n]/.test(text) && !/^-\d+(\.\d+)?$/.test(text)) text = `'${text}`;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
