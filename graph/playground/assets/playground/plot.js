// What of a table a chart shows: numbers over time as a line, by category as bars.
import { creditOf, valueOf } from './tables.js';
import { isNumeric, isTime, moneyOf, shift, written } from './values.js';

const most = { bars: 60, series: 8 };
const telling = ['closing', 'runningBalance', 'balance', 'remaining', 'quantityRemaining', 'used', 'amount', 'quantity']; // the first is drawn first
const units = /(^|\.)(units?|creditType\.(name|code|id))$/;

// axesOf returns the columns that may be the axes of a table's chart, or null when there are
// no numbers, or nothing that they could stand over. Numbers are those of the rows themselves:
// those of objects above would be there once for each row.
export function axesOf(table, rows) {
  const depth = table.levels.length;
  const has = (column) => rows.some((row) => valueOf(column, row) !== null && valueOf(column, row) !== undefined);
  const varied = (column) => new Set(rows.map((row) => String(valueOf(column, row)))).size > 1;
  const columns = table.columns.filter(({ at }) => at.length > 0);
  const numbers = columns.filter((column) => isNumeric(column) && column.level === depth && has(column));
  const times = columns.filter((column) => isTime(column) && column.level === depth && has(column) && varied(column));
  const words = columns.filter((column) => !isNumeric(column) && !isTime(column) && has(column) && varied(column));
  if (numbers.length === 0 || times.length + words.length === 0) return null;
  return { numbers, times, words, unit: words.find(({ name }) => units.test(name)) };
}

// choose returns what the chart shows: its kind, its axes by column name, and the unit, where rows
// have several, for numbers of different units can't be compared. wanted is what the user chose.
export function choose(axes, rows, wanted = {}) {
  const find = (columns, name) => columns.find((column) => column.name === name);
  const unitName = axes.unit && (wanted.unit ?? textsOf(axes.unit, rows)[0]);
  const shown = axes.unit ? rows.filter((row) => textOf(axes.unit, row) === unitName) : rows;
  const x = find([...axes.times, ...axes.words], wanted.x) ?? axes.times[0] ?? naming(axes.words, axes.unit, shown);
  const kind = wanted.kind || (isTime(x) ? 'line' : 'bar');
  const chosen = axes.numbers.filter(({ name }) => wanted.y?.includes(name));
  const decimals = axes.numbers.filter(({ type }) => type === 'Decimal');
  const first = telling.map((name) => axes.numbers.find((column) => column.at.at(-1) === name)).find(Boolean) ?? decimals[0] ?? axes.numbers[0];
  const split = wanted.split === '' ? undefined : find(axes.words, wanted.split) ?? splitting(axes, x, shown);
  return { kind, x, y: chosen.length > 0 ? chosen : [first], split, unit: unitName, rows: shown };
}

const textOf = (column, row) => String(valueOf(column, row) ?? '');

// textsOf are the values of a column as text, the most common first.
export function textsOf(column, rows) {
  const counts = new Map();
  for (const row of rows) counts.set(textOf(column, row), (counts.get(textOf(column, row)) ?? 0) + 1);
  return [...counts].sort(([, a], [, b]) => b - a).map(([text]) => text);
}

// naming is the category that tells the rows apart best, a name before an ID.
function naming(words, unit, rows) {
  const score = (column) => textsOf(column, rows).length * (/id$/i.test(column.name) ? 0.5 : 1) + (/name$/.test(column.name) ? 0.1 : 0);
  const usable = words.filter((column) => column !== unit);
  return [...(usable.length > 0 ? usable : words)].sort((a, b) => score(b) - score(a))[0];
}

// splitting is the column that makes series of rows which stand at the same place, if any does.
function splitting({ words, unit }, x, rows) {
  const places = (column) => new Set(rows.map((row) => `${textOf(x, row)} ${column ? textOf(column, row) : ''}`)).size;
  if (places() === rows.length) return undefined;
  const few = words.filter((column) => column !== x && column !== unit && textsOf(column, rows).length <= most.series);
  return few.sort((a, b) => places(b) - places(a)).find((column) => places(column) > places());
}

// seriesOf returns what Chart.js draws: labels or times, and a series for each number and each value
// of the column that splits. Rows that stand at the same place stay apart: they are never added up.
export function seriesOf({ kind, x, y, split, rows }) {
  const overTime = isTime(x);
  const [labels, series] = [[], new Map()];
  const cut = overTime ? rows : rows.slice(0, most.bars);
  for (const row of cut) {
    const place = overTime ? timeOf(valueOf(x, row)) : textOf(x, row) || '(none)';
    if (place === null) continue;
    for (const column of y) {
      const name = [split && textOf(split, row), (y.length > 1 || !split) && column.name].filter(Boolean).join(': ');
      if (!series.has(name)) series.set(name, []);
      put(series.get(name), labels, place, pointOf(column, row), overTime);
    }
  }
  if (overTime && kind === 'line') for (const points of series.values()) points.sort((a, b) => a.x - b.x);
  return { overTime, labels, series: [...series].map(([label, points]) => ({ label, points })), left: rows.length - cut.length };
}

function put(points, labels, place, point, overTime) {
  if (point === null) return;
  if (overTime) { points.push({ x: place, ...point }); return; }
  let label = place;
  for (let copy = 2; points.some((each) => each.x === label); copy++) label = `${place} (${copy})`;
  if (!labels.includes(label)) labels.push(label);
  points.push({ x: label, ...point });
}

const timeOf = (text) => {
  const time = Date.parse(/T.*Z$/.test(text ?? '') || !/T/.test(text ?? '') ? text : `${text}Z`);
  return Number.isNaN(time) ? null : time;
};

// pointOf is a number as it is drawn, money in its currency's units, and as it is written.
function pointOf(column, row) {
  const value = valueOf(column, row);
  if (value === null || value === undefined) return null;
  const credit = creditOf(column, row);
  const coin = column.type === 'Decimal' ? moneyOf(credit) : null;
  return { y: Number(coin ? shift(String(value), coin.decimals) : value), text: written(value, column, { credit }).text };
}
