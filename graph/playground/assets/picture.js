// Draws the schema: an object is a box, and the fields that lead to another an arrow.

const { types, links } = JSON.parse(document.getElementById('schema').textContent);
const select = document.getElementById('type');
const about = document.getElementById('about');
const dark = window.matchMedia('(prefers-color-scheme: dark)');

const graph = window.cytoscape({
  container: document.getElementById('picture'),
  elements: [
    ...types.map(({ name, node }) => ({ data: { id: name, width: 9 * name.length }, classes: node ? 'node' : 'part' })),
    ...links.map(({ from, to, fields }) => ({ data: { source: from, target: to, label: fields.join('\n') } })),
  ],
  // The boxes are wide: what the layout takes for points is turned and stretched.
  layout: { name: 'cose', animate: false, randomize: false, nodeRepulsion: () => 5e5, nodeOverlap: 20, idealEdgeLength: () => 40, gravity: 0.8, numIter: 3000, padding: 16, transform: (_, { x, y }) => ({ x: 2 * y, y: 0.8 * x }) },
  minZoom: 0.2,
  maxZoom: 3,
});

function paint() {
  const line = dark.matches ? '#67737f' : '#9aa5b0';
  const text = dark.matches ? '#e4e8ec' : '#1b2127';
  graph.style([
    { selector: 'node', style: { label: 'data(id)', shape: 'round-rectangle', width: 'data(width)', height: 22, padding: 8, color: '#fff', 'text-valign': 'center', 'font-size': 15, 'background-color': '#8a6d1f' } },
    { selector: 'node.node', style: { 'background-color': '#1f6f8b' } },
    { selector: 'edge', style: { width: 1.5, 'line-color': line, 'target-arrow-color': line, 'target-arrow-shape': 'triangle', 'curve-style': 'bezier' } },
    { selector: '.far', style: { opacity: 0.12 } },
    { selector: 'edge.near', style: { label: 'data(label)', color: text, 'font-size': 11, 'text-wrap': 'wrap', 'text-background-color': dark.matches ? '#14181d' : '#fff', 'text-background-opacity': 0.9, 'text-background-padding': 2 } },
  ]);
}

// choose shows a type with what it leads to and what leads to it; "" shows all alike.
function choose(name) {
  graph.elements().removeClass('far near');
  about.replaceChildren();
  select.value = name;
  if (!name) {
    graph.fit(undefined, 24);
    return;
  }
  const near = graph.getElementById(name).closedNeighborhood();
  graph.elements().not(near).addClass('far');
  near.addClass('near');
  graph.fit(near, 40);
  about.append(...describe(name));
}

function describe(name) {
  const title = document.createElement('h2');
  title.append(Object.assign(document.createElement('a'), { href: `/docs#${name}`, textContent: name }));
  const text = Object.assign(document.createElement('p'), { textContent: types.find((each) => each.name === name).description });
  const list = document.createElement('ul');
  for (const { to, fields } of links.filter(({ from }) => from === name)) {
    for (const field of fields) {
      const item = document.createElement('li');
      item.append(Object.assign(document.createElement('a'), { href: `/docs#${name}.${field}`, textContent: field }), ` → ${to}`);
      list.append(item);
    }
  }
  return [title, text, list];
}

paint();
dark.addEventListener('change', paint);
graph.on('tap', 'node', ({ target }) => choose(target.id()));
graph.on('tap', ({ target }) => { if (target === graph) choose(''); });
select.addEventListener('change', () => choose(select.value));
