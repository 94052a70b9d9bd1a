// Where the boxes and arrows of the schema map stand. Lengths are in units of the
// drawing, of which one is a pixel at a zoom of 1.
import { Graph, layout } from './packages/dagre/dagre.esm.js';

const height = 30;
const boxWidth = (name) => 8.5 * name.length + 20;
const labelWidth = (lines) => 6.9 * Math.max(...lines.map((line) => line.length)) + 10;
export const lineHeight = 13;
const round = (number) => Math.round(number * 10) / 10;

// arrangeAll lays all types out from left to right. Two types that lead to each other
// have one line with a head at both ends.
export function arrangeAll({ types, links }) {
  const graph = new Graph();
  graph.setGraph({ rankdir: 'LR', ranksep: 30, nodesep: 22, edgesep: 10, marginx: 20, marginy: 20 });
  types.forEach(({ name }) => graph.setNode(name, { width: boxWidth(name), height }));
  pairs(types, links).forEach((pair) => graph.setEdge(...pair.ends, { ...pair, width: labelWidth(pair.text), height: 4 + lineHeight * pair.text.length, labelpos: 'c' }));
  layout(graph);
  const boxes = types.map(({ name }) => {
    const { x, y, width } = graph.node(name);
    return { name, x: x - width / 2, y: y - height / 2, width, height };
  });
  const arrows = graph.edges().map(({ v, w }) => {
    const { points, words, text, forth, back, x, y } = graph.edge(v, w);
    return { from: v, to: w, path: smooth(points), forth, back, words: words.join('\n'), label: { text, x, y: y + 4 + ((text.length - 1) * lineHeight) / 2, anchor: 'middle' } };
  });
  return { boxes, arrows, ...size(boxes, arrows, graph.edges().flatMap((edge) => graph.edge(edge).points)) };
}

function pairs(types, links) {
  const place = new Map(types.map(({ name }, index) => [name, index]));
  const found = new Map();
  for (const { from, to, fields } of links.filter((link) => link.from !== link.to)) {
    const ends = links.some((link) => link.from === to && link.to === from) && place.get(to) < place.get(from) ? [to, from] : [from, to];
    const pair = found.get(ends.join()) ?? { ends, words: [], names: [] };
    pair.words.push(`${from}: ${fields.join(', ')} → ${to}`);
    pair.names.push(brief(fields));
    pair[from === ends[0] ? 'forth' : 'back'] = true;
    found.set(ends.join(), pair);
  }
  return [...found.values()].map((pair) => ({ ...pair, text: pair.names }));
}

// brief names the first field, and counts the rest.
const brief = (fields) => (fields.length > 1 ? `${fields[0]} +${fields.length - 1}` : fields[0]);

// smooth is a path through points with round corners.
function smooth(points) {
  const at = ({ x, y }) => `${round(x)},${round(y)}`;
  const middle = (a, b) => ({ x: (a.x + b.x) / 2, y: (a.y + b.y) / 2 });
  let path = `M${at(points[0])}`;
  for (let i = 1; i < points.length - 1; i++) path += `Q${at(points[i])} ${at(i === points.length - 2 ? points[i + 1] : middle(points[i], points[i + 1]))}`;
  return points.length > 2 ? path : `${path}L${at(points[1])}`;
}

// arrangeOne puts a type in the middle, with what leads to it on its left and what it
// leads to on its right. In a narrow window all stand below it.
export function arrangeOne({ links }, name, narrow) {
  const fields = ({ from, to, fields: names }) => names.map((field) => ({ from, to, field }));
  const before = links.filter((link) => link.to === name && link.from !== name).flatMap(fields);
  const after = links.filter((link) => link.from === name).flatMap(fields);
  return narrow ? ladder(name, before, after) : columns(name, before, after);
}

const step = 46;

function columns(name, before, after) {
  const widest = (texts) => Math.max(0, ...texts);
  const left = widest(before.map(({ from }) => boxWidth(from)));
  const gap = (rows) => widest(rows.map(({ field }) => labelWidth([field]))) + 70;
  const tall = Math.max(before.length, after.length, 1) * step;
  const middle = { name, x: left + (before.length ? gap(before) : 0), y: tall / 2 - height / 2, width: boxWidth(name), height };
  const right = middle.x + middle.width + gap(after);
  const row = (rows, index) => tall / 2 + (index - (rows.length - 1) / 2) * step;
  const curve = (x1, y1, x2, y2) => `M${round(x1)},${round(y1)}C${round((x1 + x2) / 2)},${round(y1)} ${round((x1 + x2) / 2)},${round(y2)} ${round(x2)},${round(y2)}`;
  const boxes = [middle];
  const arrows = [];
  before.forEach(({ from, to, field }, index) => {
    const y = row(before, index);
    const width = boxWidth(from);
    boxes.push({ name: from, x: left - width, y: y - height / 2, width, height });
    arrows.push({ from, to, forth: true, words: `${from}.${field} → ${to}`, path: curve(left, y, middle.x, tall / 2), label: { text: [field], x: left + 10, y: y - 5, anchor: 'start' } });
  });
  after.forEach(({ from, to, field }, index) => {
    const y = row(after, index);
    boxes.push({ name: to, x: right, y: y - height / 2, width: boxWidth(to), height });
    arrows.push({ from, to, forth: true, words: `${from}.${field} → ${to}`, path: curve(middle.x + middle.width, tall / 2, right, y), label: { text: [field], x: right - 14, y: y - 5, anchor: 'end' } });
  });
  return { boxes, arrows, ...size(boxes, arrows, []) };
}

// ladder is one column: the type, below it what it leads to, and then what leads to it.
// The arrows run along the left edge, and each bears its name.
function ladder(name, before, after) {
  const boxes = [{ name, x: 8, y: 8, width: boxWidth(name), height }];
  const arrows = [];
  const rung = 54;
  const foot = 8 + height;
  let y = foot + 30;
  for (const { from, to, field } of after) {
    arrows.push({ from, to, forth: true, words: `${from}.${field} → ${to}`, path: `M24,${foot}V${y + 15}H48`, label: { text: [field], x: 38, y: y - 4, anchor: 'start' } });
    boxes.push({ name: to, x: 48, y, width: boxWidth(to), height });
    y += rung;
  }
  for (const { from, to, field } of before) {
    arrows.push({ from, to, forth: true, words: `${from}.${field} → ${to}`, path: `M48,${y + 15}H14V${foot}`, label: { text: [`${field} of`], x: 38, y: y - 4, anchor: 'start' } });
    boxes.push({ name: from, x: 48, y, width: boxWidth(from), height });
    y += rung;
  }
  return { boxes, arrows, ...size(boxes, arrows, []) };
}

// size is the part of the drawing that has something in it.
function size(boxes, arrows, points) {
  const labels = arrows.map(({ label: { text, x, anchor } }) => {
    const width = labelWidth(text);
    return anchor === 'start' ? [x, x + width] : anchor === 'end' ? [x - width, x] : [x - width / 2, x + width / 2];
  });
  const xs = [...boxes.flatMap(({ x, width }) => [x, x + width]), ...labels.flat(), ...points.map(({ x }) => x)];
  const ys = [...boxes.flatMap((box) => [box.y, box.y + height]), ...arrows.map(({ label }) => label.y - 12), ...points.map(({ y }) => y)];
  const [left, top] = [Math.min(...xs) - 8, Math.min(...ys) - 8];
  return { left, top, width: Math.max(...xs) + 8 - left, height: Math.max(...ys) + 8 - top };
}
