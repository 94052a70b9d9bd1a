// What the playground makes of an answer: tables, the texts of values, files, charts and the
// pages that follow.
import assert from 'node:assert/strict';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as GraphQL from 'graphql';

// The files are modules for browsers, which Node takes for ones where a package says so.
globalThis.GraphiQL = { GraphQL };
const folder = mkdtempSync(join(tmpdir(), 'usagegraph-playground-'));
cpSync('../graph/playground/assets/playground', folder, { recursive: true });
writeFileSync(join(folder, 'package.json'), '{"type": "module"}');
const load = (name) => import(join(folder, `${name}.js`));
const [{ selected }, { longest, rowsOf, tablesOf, valueOf, creditOf }, values, { csv, tsv, fileName }, { countRows, rowsAtMost }, plot, { allPages }] = await Promise.all(
  ['shape', 'tables', 'values', 'files', 'rows', 'plot', 'pages'].map(load));
rmSync(folder, { recursive: true });

const schema = GraphQL.buildSchema(readFileSync('../schema.graphqls', 'utf8'));
const read = (query, variables, operationName) => selected(schema, query, operationName, variables);

// cells are the names of a table's columns, and what its rows have in them.
function cells(query, data, name, variables) {
  const tables = tablesOf(read(query, variables));
  const table = name ? tables.find((each) => each.name === name) : longest(tables, data);
  return [table.columns.map((column) => column.name), ...rowsOf(table, data).map((row) => table.columns.map((column) => valueOf(column, row) ?? null))];
}

// A table is that of the longest path of lists, with what is above in each row; an object that is null
// has the columns of others, and one without a list below stays.
const deep = '{ customers { totalCount pageInfo { hasNextPage } nodes { name sites { totalCount nodes { name address { town } customer { name } } } balances { nodes { name } } } } }';
const customers = [
  { name: 'a', sites: { totalCount: 2, nodes: [{ name: 's', address: null, customer: { name: 'a' } }, { name: 't', address: { town: 'x' }, customer: null }] }, balances: { nodes: [{ name: 'b' }] } },
  { name: 'c', sites: { totalCount: 0, nodes: [] }, balances: { nodes: [] } },
];
const data = { customers: { totalCount: 2, pageInfo: { hasNextPage: false }, nodes: customers } };
assert.deepEqual(tablesOf(read(deep)).map(({ name }) => name), ['customers', 'customers › sites', 'customers › balances', 'Single values']);
assert.deepEqual(cells(deep, data), [
  ['customers.name', 'name', 'address.town', 'customer.name'],
  ['a', 's', null, 'a'], ['a', 't', 'x', null], ['c', null, null, null],
]);
assert.deepEqual(cells(deep, data, 'customers'), [['name', 'sites.totalCount'], ['a', 2], ['c', 0]]);
assert.deepEqual(cells(deep, data, 'Single values'), [['customers.totalCount'], [2]]);

// Edges, aliases, fragments on types, lists of scalars, what is skipped, and names that would be the same.
assert.deepEqual(cells('{ c: customers { edges { cursor node { id label: name } } nodes { id } } }', { c: { nodes: [{ id: 'a' }], edges: [] } }), [['id'], ['a']]);
assert.deepEqual(cells('{ customers { edges { cursor node { id } } } }', { customers: { edges: [{ cursor: '1', node: { id: 'a' } }, null] } }), [['cursor', 'id'], ['1', 'a']]);
assert.deepEqual(cells('query ($no: Boolean = false) { nodes(ids: []) { id ... on Site { name } ...c email: __typename @include(if: $no) } } fragment c on Customer { accountNumber }', { nodes: [null, { id: 'x', name: 'n' }] }), [['id', 'name', 'accountNumber'], ['x', 'n', null]]);
assert.deepEqual(cells('{ customer(id: 1) { name sites { nodes { customer { name } } } } }', { customer: { name: 'n', sites: { nodes: [{ customer: { name: 'n' } }] } } }), [['customer.name', 'customer.sites.customer.name'], ['n', 'n']]);
assert.deepEqual(cells('{ balances { nodes { applicableProductTags } } }', { balances: { nodes: [{ applicableProductTags: ['a', 'b'] }] } }), [['applicableProductTags'], [['a', 'b']]]);
assert.equal(longest(tablesOf(read('{ __typename }')), { __typename: 'Query' }).name, 'Single values');
assert.deepEqual(rowsOf({ path: [], levels: [], columns: [] }, null), []);

// Money is that of its own credit type, of the balance beside it, or of what it is a part of; a thing with
// an ID has units of its own.
const money = '{ balances { nodes { creditType { name } ledger { nodes { amount } } customer { usageSummary { remaining } } } } lowBalances { nodes { remaining balance { c: creditType { n: name } } } } }';
const moneyData = {
  balances: { nodes: [{ creditType: { name: 'USD (cents)' }, ledger: { nodes: [{ amount: '5' }] }, customer: { usageSummary: [{ remaining: '7' }] } }] },
  lowBalances: { nodes: [{ remaining: '9', balance: { c: { n: 'EUR' } } }, { remaining: '9', balance: null }] },
};
const credits = (name, column) => {
  const table = tablesOf(read(money)).find((each) => each.name === name);
  return rowsOf(table, moneyData).map((row) => creditOf(table.columns.find((each) => each.name === column), row)?.name);
};
assert.deepEqual(credits('balances › ledger', 'amount'), ['USD (cents)']);
assert.deepEqual(credits('balances › customer › usageSummary', 'remaining'), [undefined]);
assert.deepEqual(credits('lowBalances', 'remaining'), ['EUR', undefined]);

const cents = { name: 'USD (cents)' };
for (const [value, type, settings, text, title] of [
  ['123456', 'Decimal', { credit: cents }, '$1,234.56', '123456 USD (cents)'],
  ['-5', 'Decimal', { credit: cents }, '-$0.05', '-5 USD (cents)'],
  ['0.5', 'Decimal', { credit: cents }, '$0.005', '0.5 USD (cents)'],
  ['9223372036854.775807', 'Decimal', { credit: cents }, '$92,233,720,368.54775807', '9223372036854.775807 USD (cents)'],
  ['12', 'Decimal', { credit: { name: 'EUR' } }, '€12.00', '12 EUR'],
  ['12', 'Decimal', { credit: { name: 'Points' } }, '12'],
  ['1200', 'Decimal', { credit: { name: 'x', code: 'GBP', decimals: 2 } }, '£12.00', '1200 x'],
  ['12', 'Decimal', { credit: cents, raw: true }, '12'],
  ['12.5', 'Decimal', {}, '12.5'], [null, 'Decimal', { credit: cents }, ''], [0.25, 'Float', {}, '0.25'], [true, 'Boolean', {}, 'true'],
  [['a', 'b'], 'String', {}, 'a, b'],
  ['2025-09-01T10:20:30.000000Z', 'DateTime', {}, '2025-09-01 10:20:30Z', '2025-09-01T10:20:30.000000Z'],
  ['2025-09-01T10:20:30.120000Z', 'DateTime', { zone: 'Asia/Kolkata' }, '2025-09-01 15:50:30.12+05:30', '2025-09-01T10:20:30.120000Z'],
  ['2025-12-01T00:00:00.000000Z', 'DateTime', { zone: 'Europe/London' }, '2025-12-01 00:00:00+00:00', '2025-12-01T00:00:00.000000Z'],
  ['2025-09-01', 'Date', { zone: 'Asia/Kolkata' }, '2025-09-01'],
]) {
  assert.deepEqual(values.written(value, { type }, settings), title ? { text, title } : { text }, `${value}`);
}

// Numbers are ordered as numbers, exactly; nothing comes last either way.
const ordered = (all, type, descending) => [...all].sort((a, b) => values.compare(a, b, { type }, descending));
assert.deepEqual(ordered(['10', '9.5', null, '-1', '9.500001'], 'Decimal'), ['-1', '9.5', '9.500001', '10', null]);
assert.deepEqual(ordered(['9007199254740993', '9007199254740992', null], 'Decimal', true), ['9007199254740993', '9007199254740992', null]);
assert.deepEqual(ordered([0.5, 2, 1e-7, 1], 'Float'), [1e-7, 0.5, 1, 2]);
assert.deepEqual(ordered(['b10', 'b9', 'a'], 'String'), ['a', 'b9', 'b10']);
assert.ok(values.compare('150', '1', { type: 'Decimal' }, false, cents, { name: 'USD' }) > 0);

for (const [value, want] of [
  ['plain', 'plain'], ['', ''], ['0.5', '0.5'], ['-12.5', '-12.5'], ['-$1,234.50', '"-$1,234.50"'],
  ['a,b', '"a,b"'], ['say "x"', '"say ""x"""'], ['two\nlines', '"two\nlines"'],
  ['=1+1', "'=1+1"], ['+44 20', "'+44 20"], ['-x', "'-x"], ['-1+2', "'-1+2"], ['@SUM(A1)', "'@SUM(A1)"], ['\tx', "'\tx"], ['=A1,"x"', `"'=A1,""x"""`],
]) {
  assert.equal(csv([['column'], [value]]), `column\r\n${want}\r\n`);
}
assert.equal(tsv([['a', 'b'], ['x\ty\nz', '=1']]), "a\tb\nx y z\t'=1");
assert.deepEqual(['query Account { __typename }', '{ c: customers { nodes { id } } }'].map((query) => fileName(read(query))), ['Account.csv', 'c.csv']);

// Rows, of an answer and of an operation.
for (const [value, rows] of [
  [undefined, 0], [null, 0], [{ customer: null }, 0], [{ customer: { name: 'n' } }, 0], [data, 5], [{ nodes: [null, { id: 'a' }] }, 1], [{ a: { b: { deep: [{ x: 1 }] } }, list: [{ y: 2 }] }, 2],
]) {
  assert.equal(countRows(value), rows, JSON.stringify(value));
}
for (const [query, rows] of [
  ['{ customer(id: 1) { name } }', 0], ['{ customers { nodes { id } } }', 50], ['{ customers(first: 20) { nodes { sites(last: 3) { nodes { id } } } } sites(first: 1) { edges { node { id } } } }', 81],
  ['query ($n: Int = 7) { customers(first: $n) { totalCount nodes { id } } }', 7], ['{ customers(first: 20) { totalCount } }', 0],
]) {
  assert.equal(rowsAtMost(read(query)), rows, query);
}

// A chart is a line over time and bars by category, of rows of one unit, and never adds anything up.
function chart(query, answer, wanted) {
  const table = longest(tablesOf(read(query)), answer);
  const rows = rowsOf(table, answer);
  const axes = plot.axesOf(table, rows);
  const chosen = axes && plot.choose(axes, rows, wanted);
  return chosen && { kind: chosen.kind, x: chosen.x.name, y: chosen.y.map(({ name }) => name), split: chosen.split?.name, unit: chosen.unit, ...plot.seriesOf(chosen) };
}
const history = '{ customer(id: 1) { balanceHistory(from: "2025-01-01", to: "2025-03-01", granularity: MONTH) { startingAt opening closing } } }';
const months = { customer: { balanceHistory: [{ startingAt: '2025-01-01T00:00:00.000000Z', opening: '1', closing: '2' }, { startingAt: '2025-02-01T00:00:00.000000Z', opening: '2', closing: '3' }] } };
const line = chart(history, months);
assert.deepEqual([line.kind, line.x, line.y, line.series[0].points.map(({ y }) => y)], ['line', 'startingAt', ['closing'], [2, 3]]);
assert.deepEqual(chart(history, months, { y: ['opening', 'closing'], kind: 'bar' }).series.map(({ label }) => label), ['opening', 'closing']);
const summary = '{ customer(id: 1) { usageSummary { chargingType unit remaining } } }';
const bars = chart(summary, { customer: { usageSummary: [{ chargingType: 'MB', unit: 'MEGABYTE', remaining: '5' }, { chargingType: 'MB', unit: 'MEGABYTE', remaining: '6' }, { chargingType: 'DURATION', unit: 'SECOND', remaining: '900' }] } });
assert.deepEqual([bars.kind, bars.x, bars.unit, bars.labels, bars.series.map(({ points }) => points.map(({ y }) => y))], ['bar', 'chargingType', 'MEGABYTE', ['MB', 'MB (2)'], [[5, 6]]]);
const inMoney = chart('{ balances { nodes { name balance creditType { name } } } }', { balances: { nodes: [{ name: 'a', balance: '150', creditType: cents }, { name: 'b', balance: null, creditType: cents }] } });
assert.deepEqual(inMoney.series, [{ label: 'balance', points: [{ x: 'a', y: 1.5, text: '$1.50' }] }]);
for (const [query, answer] of [['{ customers { nodes { name } } }', { customers: { nodes: [{ name: 'a' }, { name: 'b' }] } }], ['{ customers { totalCount } }', { customers: { totalCount: 3 } }]]) assert.equal(chart(query, answer), null);

// All pages are followed at each level: those of the root by the query itself, those of an object by its ID.
const pages = 'query P($n: Int, $after: String) { customers(first: $n, after: $after) { nodes { ...c } } } fragment c on Customer { name balances(last: 1) { nodes { name } } }';
const sent = [];
const answers = [
  { customers: { nodes: [{ name: 'a', _id: 'Customer:1', balances: { nodes: [{ name: 'z' }], _page: { hasPreviousPage: true, startCursor: 's' } } }], _page: { hasNextPage: true, endCursor: 'e' } } },
  { customers: { nodes: [{ name: 'b', _id: 'Customer:2', balances: { nodes: [], _page: { hasPreviousPage: false } } }], _page: { hasNextPage: false, endCursor: 'f' } } },
  { node: { balances: { nodes: [{ name: 'y' }], _page: { hasPreviousPage: false, startCursor: 'r' } } } },
];
const [, paged] = tablesOf(read(pages));
const following = [];
const ask = async (parameters) => {
  assert.deepEqual(GraphQL.validate(schema, GraphQL.parse(parameters.query)), [], parameters.query);
  sent.push(parameters);
  return { data: answers[sent.length - 1] };
};
const all = await allPages({ schema, query: pages, variables: { n: 1 }, table: paged, ask, progress: ({ rows, requests }) => following.push([rows, requests]) });
assert.deepEqual(rowsOf(paged, all).map((row) => row.slice(1).map(({ name }) => name)), [['a', 'y'], ['a', 'z'], ['b']]);
assert.match(sent[1].query, /customers\(first: \$n,? after: "e"\)/);
assert.deepEqual(sent[1].variables, { n: 1 });
assert.match(sent[2].query, /node\(id: "Customer:1"\)[^]*balances\(last: 1,? before: "s"\)/);
assert.deepEqual(following.at(-1), [4, 3]);
await assert.rejects(allPages({ schema, query: pages, variables: {}, table: paged, ask: async () => ({ errors: [{ message: 'no' }] }), progress() {} }), /no/);
console.log('answers are tables, files, charts and all their pages');
