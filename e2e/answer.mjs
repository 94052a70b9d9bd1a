// What the playground makes of an answer: rows, and CSV.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';

// The file is a module for browsers, which Node takes for one by this address only.
const source = readFileSync('../graph/playground/assets/answer.js');
const { countRows, csv, flatRows } = await import(`data:text/javascript;base64,${source.toString('base64')}`);

const connection = { customers: { totalCount: 2, nodes: [{ id: 'a', tags: ['x'], site: { name: 'n' }, sites: { nodes: [{ id: 'c' }] } }, { id: 'b', site: null }], edges: [{}, {}] } };
const edges = { customers: { edges: [{ cursor: '1', node: { id: 'a' } }, null] } };
for (const [data, rows, flat] of [
  [undefined, 0, []],
  [null, 0, []],
  [{ customer: null }, 0, []],
  [{ customer: { name: 'n', address: { town: 't' } } }, 0, [{ 'customer.name': 'n', 'customer.address.town': 't' }]],
  [connection, 3, [{ id: 'a', 'site.name': 'n' }, { id: 'b', site: null }]],
  [edges, 1, [{ cursor: '1', id: 'a' }]],
  [{ customers: { totalCount: 0, nodes: [] } }, 0, [{ 'customers.totalCount': 0 }]],
  [{ nodes: [null, { id: 'a' }] }, 1, [{ id: 'a' }]],
  [{ a: { b: { deep: [{ x: 1 }] } }, list: [{ y: 2 }] }, 2, [{ y: 2 }]],
]) {
  assert.equal(countRows(data), rows, JSON.stringify(data));
  assert.deepEqual(flatRows(data), flat);
}

for (const [value, want] of [
  ['plain', 'plain'], [null, ''], [undefined, ''], [true, 'true'], [0.5, '0.5'], ['-12.5', '-12.5'], [-3, '-3'],
  ['a,b', '"a,b"'], ['say "x"', '"say ""x"""'], ['two\nlines', '"two\nlines"'],
  ['=1+1', "'=1+1"], ['+44 20', "'+44 20"], ['-x', "'-x"], ['-1+2', "'-1+2"], ['@SUM(A1)', "'@SUM(A1)"], ['\tx', "'\tx"], ['=A1,"x"', `"'=A1,""x"""`],
]) {
  assert.equal(csv([{ column: value }]), `column\r\n${want}\r\n`);
}
assert.equal(csv([{ a: 1 }, { b: 2 }]), 'a,b\r\n1,\r\n,2\r\n');
console.log('answers are counted, flattened and written as CSV');
