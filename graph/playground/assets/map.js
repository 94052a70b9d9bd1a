// The schema map: a type is a box, and a field that leads to another type an arrow with
// its name. The part of the address after # chooses what is drawn: one type with the
// fields that lead to it and from it, or all types. So boxes are plain links.
import { arrangeAll, arrangeOne, lineHeight } from './map-layout.js';
import { Viewport } from './map-viewport.js';

const schema = JSON.parse(document.getElementById('schema').textContent);
const kinds = new Map(schema.types.map(({ name, kind }) => [name, kind]));
const place = document.getElementById('map');
const select = document.getElementById('type');
const about = document.getElementById('about');
const narrow = window.matchMedia('(max-width: 56rem)');
const hint = about.innerHTML;
let viewport;

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

function drawBox({ name, x, y, width, height }, chosen) {
  return draw('a', { href: `#${name}`, class: `box ${kinds.get(name)}${name === chosen ? ' chosen' : ''}`, 'data-type': name },
    draw('rect', { x, y, width, height, rx: 5 }),
    draw('text', { x: x + width / 2, y: y + height / 2 + 5, 'text-anchor': 'middle' }, name));
}

function drawArrow({ path, forth, back, from, to }) {
  return draw('path', { d: path, class: 'arrow', 'data-from': from, 'data-to': to, ...(forth && { 'marker-end': 'url(#head)' }), ...(back && { 'marker-start': 'url(#head)' }) });
}

function drawLabel({ label: { text, x, y, anchor }, words, from, to }) {
  const lines = text.map((line, index) => draw('tspan', { x, y: y + (index - text.length + 1) * lineHeight }, line));
  return draw('text', { class: 'label', 'text-anchor': anchor, 'data-from': from, 'data-to': to }, ...lines, draw('title', {}, words));
}

const marker = () => draw('defs', {}, draw('marker', { id: 'head', viewBox: '0 0 8 8', refX: 8, refY: 4, markerWidth: 9, markerHeight: 9, orient: 'auto-start-reverse', markerUnits: 'userSpaceOnUse' },
  draw('path', { d: 'M0,0L8,4L0,8z' })));

// chosen is the type that the address names, or all. Where the window is narrow and it
// names none, reading begins at the root.
function chosen() {
  const name = location.hash.slice(1);
  if (kinds.has(name) || name === 'all') return name;
  return narrow.matches ? 'Query' : 'all';
}

function show() {
  const name = chosen();
  const drawing = name === 'all' ? arrangeAll(schema) : arrangeOne(schema, name, narrow.matches);
  const group = draw('g', {}, ...drawing.arrows.map(drawArrow), ...drawing.arrows.map(drawLabel), ...drawing.boxes.map((box) => drawBox(box, name)));
  place.replaceChildren(draw('svg', { 'aria-hidden': false, role: 'group', 'aria-label': name === 'all' ? 'All types' : name }, marker(), group));
  viewport = new Viewport(place, group, drawing);
  viewport.fit(narrow.matches && name !== 'all' ? Math.min(1.2, place.clientWidth / drawing.width) : 0.25);
  select.value = name;
  about.replaceChildren(...(name === 'all' ? [] : describe(name)));
  if (name === 'all') about.innerHTML = hint;
}

function items(links, text) {
  return html('ul', {}, ...links.flatMap(({ from, to, fields }) => fields.map((field) => html('li', {}, ...text(from, field, to)))));
}

const page = (type, field = '') => html('a', { href: `/docs/types/${type}${field && `#${field}`}`, textContent: field || type });
const box = (type) => html('a', { href: `#${type}`, textContent: type });

function describe(name) {
  const from = schema.links.filter((link) => link.from === name);
  const to = schema.links.filter((link) => link.to === name && link.from !== name);
  return [
    html('h2', {}, page(name)),
    html('p', { textContent: schema.types.find((each) => each.name === name).description }),
    ...(from.length ? [html('h3', { textContent: 'Leads to' }), items(from, (_, field, target) => [page(name, field), ' → ', box(target)])] : []),
    ...(to.length ? [html('h3', { textContent: 'Is reached from' }), items(to, (source, field) => [box(source), '.', page(source, field)])] : []),
    html('p', {}, html('a', { href: '#all', textContent: 'Show all types' })),
  ];
}

// light lets the arrows of the box under the pointer, or of the one that has the focus,
// stand out.
function light(event) {
  const name = event.target.closest?.('[data-type]')?.dataset.type;
  place.classList.toggle('lit', Boolean(name));
  place.querySelectorAll('[data-from]').forEach((each) => each.classList.toggle('near', each.dataset.from === name || each.dataset.to === name));
}

show();
window.addEventListener('hashchange', show);
narrow.addEventListener('change', show);
new ResizeObserver(() => viewport.resize()).observe(place);
select.addEventListener('change', () => { location.hash = select.value; });
for (const kind of ['pointerover', 'focusin']) place.addEventListener(kind, light);
place.addEventListener('focusin', ({ target }) => { if (target !== place) viewport.reveal(target); });
document.getElementById('zoom-in').addEventListener('click', () => viewport.zoom(1.25));
document.getElementById('zoom-out').addEventListener('click', () => viewport.zoom(0.8));
document.getElementById('fit').addEventListener('click', () => viewport.fit(0.05));
