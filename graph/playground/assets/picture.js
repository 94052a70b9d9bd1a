// Draws the schema: an object is a box, and the fields that lead to another an arrow.
// The part of the address after # chooses an object, so boxes are plain links.
import { Graph, layout } from './packages/dagre/dagre.esm.js';

const { types, links } = JSON.parse(document.getElementById('schema').textContent);
const select = document.getElementById('type');
const size = document.getElementById('size');
const about = document.getElementById('about');
const boxes = new Map();
const arrows = [];

function draw(kind, attributes, ...children) {
  const element = document.createElementNS('http://www.w3.org/2000/svg', kind);
  Object.entries(attributes).forEach(([name, value]) => element.setAttribute(name, value));
  element.append(...children);
  return element;
}

function html(kind, attributes, ...children) {
  const element = Object.assign(document.createElement(kind), attributes);
  element.append(...children);
  return element;
}

// pairs has one line for two objects that lead to each other, from the one that the
// schema has first, so that the picture goes from the whole to its parts.
function pairs() {
  const place = new Map(types.map(({ name }, index) => [name, index]));
  const found = new Map();
  for (const { from, to, fields } of links.filter((link) => link.from !== link.to)) {
    const ends = links.some((link) => link.from === to && link.to === from) && place.get(to) < place.get(from) ? [to, from] : [from, to];
    const pair = found.get(ends.join()) ?? { ends, words: [] };
    pair.words.push(`${from}: ${fields.join(', ')} → ${to}`);
    pair[from === ends[0] ? 'forth' : 'back'] = true;
    found.set(ends.join(), pair);
  }
  return [...found.values()];
}

function arrange() {
  const graph = new Graph();
  graph.setGraph({ rankdir: 'LR', ranksep: 70, nodesep: 14, edgesep: 6, marginx: 10, marginy: 10 });
  types.forEach(({ name }) => graph.setNode(name, { width: 8.6 * name.length + 20, height: 30 }));
  pairs().forEach((pair) => graph.setEdge(...pair.ends, { ...pair }));
  layout(graph);
  return graph;
}

function drawBox(graph, { name, node }) {
  const { x, y, width, height } = graph.node(name);
  const box = draw('a', { href: `#${name}`, class: node ? 'box node' : 'box' },
    draw('rect', { x: x - width / 2, y: y - height / 2, width, height, rx: 5 }),
    draw('text', { x, y: y + 5, 'text-anchor': 'middle' }, name));
  boxes.set(name, box);
  return box;
}

function drawArrow(graph, { v, w }) {
  const { points, words, forth, back } = graph.edge(v, w);
  const [first, ...rest] = points.map(({ x, y }) => `${x.toFixed(1)},${y.toFixed(1)}`);
  const arrow = draw('path', { d: `M${first}L${rest.join(' ')}`, class: 'arrow', ...(forth && { 'marker-end': 'url(#head)' }), ...(back && { 'marker-start': 'url(#head)' }) },
    draw('title', {}, words.join('\n')));
  arrows.push({ from: v, to: w, arrow });
  return arrow;
}

function drawAll() {
  const graph = arrange();
  const points = graph.edges().flatMap((edge) => graph.edge(edge).points); // which may lie outside of the layout's own size
  const width = Math.max(graph.graph().width, ...points.map(({ x }) => x + 10));
  const height = Math.max(graph.graph().height, ...points.map(({ y }) => y + 10));
  const head = draw('marker', { id: 'head', viewBox: '0 0 8 8', refX: 8, refY: 4, markerWidth: 8, markerHeight: 8, orient: 'auto-start-reverse' },
    draw('path', { d: 'M0,0L8,4L0,8z' }));
  const picture = draw('svg', { viewBox: `0 0 ${width} ${height}` }, draw('defs', {}, head),
    ...graph.edges().map((edge) => drawArrow(graph, edge)), ...types.map((type) => drawBox(graph, type)));
  const resize = () => { picture.setAttribute('width', (width * size.value) / 100); picture.setAttribute('height', (height * size.value) / 100); };
  size.addEventListener('input', resize);
  resize();
  document.getElementById('picture').append(picture);
}

// choose shows the object that the address names, with what it leads to and what leads
// to it; all alike when it names none.
function choose() {
  const name = boxes.has(location.hash.slice(1)) ? location.hash.slice(1) : '';
  const near = new Set([name]);
  for (const { from, to, arrow } of arrows) {
    const touches = from === name || to === name;
    arrow.classList.toggle('far', name !== '' && !touches);
    if (touches) near.add(from).add(to);
  }
  boxes.forEach((box, each) => {
    box.classList.toggle('far', name !== '' && !near.has(each));
    box.classList.toggle('chosen', each === name);
  });
  select.value = name;
  about.replaceChildren(...(name ? describe(name) : []));
  boxes.get(name)?.scrollIntoView({ block: 'nearest', inline: 'nearest' });
}

function describe(name) {
  const items = links.filter(({ from }) => from === name).flatMap(({ to, fields }) => fields.map((field) =>
    html('li', {}, html('a', { href: `/docs#${name}.${field}`, textContent: field }), ' → ', html('a', { href: `#${to}`, textContent: to }))));
  return [
    html('h2', {}, html('a', { href: `/docs#${name}`, textContent: name })),
    html('p', { textContent: types.find((each) => each.name === name).description }),
    html('ul', {}, ...items),
  ];
}

drawAll();
choose();
window.addEventListener('hashchange', choose);
select.addEventListener('change', () => { location.hash = select.value; });
