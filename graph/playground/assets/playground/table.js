// The table view of an answer.
import { creditOf, valueOf } from './tables.js';
import { compare, isNumeric, written } from './values.js';

const { React } = window;
const { createElement: h, useState } = React;
const step = 500; // rows that are drawn at once

// sorted returns rows in the order of a column, those that are equal as they were.
export function sorted(table, rows, { column: name, descending } = {}) {
  const column = table.columns.find((each) => each.name === name);
  if (!column) return rows;
  const keys = new Map(rows.map((row) => [row, [valueOf(column, row), creditOf(column, row)]]));
  return [...rows].sort((a, b) => compare(keys.get(a)[0], keys.get(b)[0], column, descending, keys.get(a)[1], keys.get(b)[1]));
}

const cellOf = (column, row, settings) => written(valueOf(column, row), column, { ...settings, credit: creditOf(column, row) });

// linesOf returns the table as it is shown: its header, then a line of texts a row.
export const linesOf = (table, rows, settings) => [
  table.columns.map(({ name }) => name),
  ...rows.map((row) => table.columns.map((column) => cellOf(column, row, settings).text)),
];

// next is what a click on the header of a column orders by.
const next = (sort, name) => (sort?.column !== name ? { column: name } : sort.descending ? undefined : { column: name, descending: true });
const ways = (sort, name) => (sort?.column !== name ? 'none' : sort.descending ? 'descending' : 'ascending');

function Header({ column, sort, onSort }) {
  const way = ways(sort, column.name);
  return h('th', { scope: 'col', 'aria-sort': way, className: isNumeric(column) ? 'number' : undefined },
    h('button', { type: 'button', onClick: () => onSort(next(sort, column.name)) }, column.name,
      h('span', { 'aria-hidden': true }, { ascending: ' ▲', descending: ' ▼', none: '' }[way])));
}

const Row = React.memo(({ columns, row, settings }) => h('tr', null, columns.map((column) => {
  const { text, title } = cellOf(column, row, settings);
  return h('td', { key: column.name, title, className: isNumeric(column) ? 'number' : undefined }, text);
})));

// TableView draws rows that are in order already.
export function TableView({ table, rows, settings, sort, onSort }) {
  const [drawn, draw] = useState(step);
  if (!table) return h('p', { className: 'none' }, 'There is nothing to show as a table.');
  return h('div', { className: 'table', tabIndex: 0, role: 'region', 'aria-label': `Table of ${table.name}` },
    h('table', null,
      h('caption', { className: 'unseen' }, table.name),
      h('thead', null, h('tr', null, table.columns.map((column) => h(Header, { key: column.name, column, sort, onSort })))),
      h('tbody', null, rows.slice(0, drawn).map((row, index) => h(Row, { key: index, columns: table.columns, row, settings })))),
    rows.length === 0 && h('p', { className: 'none' }, 'No rows.'),
    rows.length > drawn && h('p', { className: 'none' }, `${drawn} of ${rows.length} rows are drawn; Copy and CSV have all. `,
      h('button', { type: 'button', onClick: () => draw(drawn + step) }, `Draw ${Math.min(step, rows.length - drawn)} more`)));
}
