// Tables of an answer: one for each path of lists, with a row for each object of its last
// list, and the values of the objects above in each row.
import { isConnection } from './shape.js';

// tablesOf returns the tables of what selected() returns, one that has no list at all
// among them, in the order of the document. A table has levels: the keys from the answer, or
// from an object of the list above, to the next list.
export function tablesOf({ fields }) {
  const found = [];
  const walk = (path) => {
    const inside = path.at(-1)?.fields ?? fields;
    for (const field of inside) {
      if (field.leaf || field.type === 'PageInfo') continue;
      if (field.key === 'edges' && inside.some(({ key }) => key === 'nodes')) continue; // the same rows
      const next = [...path, field];
      if (field.list) found.push(newTable(next));
      walk(next);
    }
  };
  walk([]);
  const single = { path: [], levels: [], name: 'Single values', columns: named(columnsBelow({ fields }, 0, [], [])) };
  return [...found, single].filter(({ columns }) => columns.length > 0);
}

function newTable(path) {
  const levels = [[]];
  for (const field of path) {
    levels.at(-1).push(field.key);
    if (field.list) levels.push([]);
  }
  levels.pop();
  const names = path.filter((field) => !isPaging(field)).map(({ key }) => key);
  return { path, levels, name: names.join(' › '), columns: named(columnsOf(path, levels.length)) };
}

// isPaging holds of nodes, edges and node, which are no part of a name.
const isPaging = (field) => ['nodes', 'edges', 'node'].includes(field.key) || field.type.endsWith('Edge');

// columnsOf returns the columns of the objects on a path: those of each, but nothing of a
// connection on it, and of the objects above nothing about connections beside it.
function columnsOf(path, depth) {
  const columns = [];
  let [level, at, list] = [0, [], ''];
  path.forEach((field, index) => {
    at = field.list ? [] : [...at, field.key];
    if (!isPaging(field)) list = field.key;
    if (field.list) level++;
    if (isConnection(field) && path[index + 1]) return;
    const rest = { fields: field.fields.filter((each) => each !== path[index + 1] && (level === depth || !isConnection(each))) };
    const owners = path.slice(0, index + 1);
    columns.push(...columnsBelow(rest, level, at, owners, level < depth && level > 0 ? list : ''));
  });
  return columns;
}

// columnsBelow returns the scalars of an object, and of the objects in it.
function columnsBelow({ fields }, level, at, owners, list = '') {
  return fields.flatMap((field) => {
    if (field.type === 'PageInfo' || (field.list && !field.leaf)) return [];
    const here = [...at, field.key];
    if (!field.leaf) return columnsBelow(field, level, here, [...owners, field], list);
    return [{ level, at: here, list, type: field.type, owners, credit: field.type === 'Decimal' ? credits(owners, level) : [] }];
  });
}

// credits are the places of the credit type that a value may be counted in, the nearest
// first: of its own object, of the balance in it, or of the object that it is a part of.
// A thing with an ID has units of its own, but a ledger entry has those of its balance.
function credits(owners, level) {
  const found = [];
  let [up, rest] = [level, tail(owners)];
  for (let index = owners.length - 1; index >= 0; index--) {
    const owner = owners[index];
    const balances = owner.fields.filter(({ name, type, list }) => name === 'balance' && type === 'Balance' && !list);
    for (const [prefix, fields] of [[[], owner.fields], ...balances.map((each) => [[each.key], each.fields])]) {
      const credit = fields.find(({ name, type }) => name === 'creditType' && type === 'CreditType');
      if (credit) found.push({ level: up, at: [...rest, ...prefix, credit.key], keys: keysOf(credit) });
    }
    if (owner.isNode && owner.type !== 'LedgerEntry') break;
    if (owner.list) [up, rest] = [up - 1, tail(owners.slice(0, index))];
    else rest = rest.slice(0, -1);
  }
  return found;
}

// tail are the keys that follow the last list.
function tail(owners) {
  const last = owners.findLastIndex(({ list }) => list);
  return owners.slice(last + 1).map(({ key }) => key);
}

const keysOf = ({ fields }) => Object.fromEntries(fields.map(({ name, key }) => [name, key]));

// named gives each column its name: that in its list, that of a list above before it, and
// where two would be the same the whole path.
function named(columns) {
  const drop = (keys) => keys.filter((key, index) => index === keys.length - 1 || !['nodes', 'edges', 'node'].includes(key));
  const short = ({ list, at }) => [...(list ? [list] : []), ...drop(at)].join('.');
  const seen = new Map();
  for (const column of columns) seen.set(short(column), (seen.get(short(column)) ?? 0) + 1);
  return columns.map((column) => {
    const whole = drop([...column.owners.map(({ key }) => key), column.at.at(-1)]).join('.');
    return { ...column, name: seen.get(short(column)) > 1 ? whole : short(column) };
  });
}

// longest is the table to begin with: that of the longest path of lists, and of these the
// one with the most rows.
export function longest(tables, data) {
  const rank = tables.map((table) => ({ table, depth: table.levels.length, rows: rowsOf(table, data).length }));
  rank.sort((a, b) => (b.rows > 0) - (a.rows > 0) || b.depth - a.depth || b.rows - a.rows);
  return rank[0]?.table;
}

// rowsOf returns the rows of a table. Each is the objects that it is made of: the answer, and
// one of each list. An object whose next list is empty has a row of its own; single values have
// one, if any is there.
export function rowsOf(table, data) {
  const rows = [];
  if (!data) return rows;
  if (table.levels.length === 0) return table.columns.some((column) => (valueOf(column, [data]) ?? null) !== null) ? [[data]] : [];
  const add = (chain) => {
    const keys = table.levels[chain.length - 1];
    if (!keys) return rows.push(chain);
    const list = (at(chain.at(-1), keys) ?? []).flat(Infinity).filter((each) => each !== null);
    if (list.length === 0 && chain.length > 1) rows.push(chain);
    for (const each of list) add([...chain, each]);
  };
  add([data]);
  return rows;
}

// at follows keys into an object, and ends at null.
export const at = (object, keys) => keys.reduce((found, key) => found?.[key], object);

// valueOf is what a row has in a column: null or undefined where it has nothing.
export const valueOf = (column, row) => at(row[column.level], column.at);

// creditOf is the credit type that a value is counted in: name, code and decimals, as far
// as the document selects them.
export function creditOf(column, row) {
  for (const { level, at: keys, keys: names } of column.credit) {
    const found = at(row[level], keys);
    if (found) return Object.fromEntries(Object.entries(names).map(([name, key]) => [name, found[key]]));
  }
  return null;
}
