// The pages under /docs: the contents as a drawer where the window is narrow, the search,
// and buttons that copy code.
import { find } from './search.js';

const element = (id) => document.getElementById(id);
const root = document.documentElement;
const [opener, closer, contents, box, results, count] = ['ref-open', 'ref-close', 'ref-contents', 'ref-search', 'ref-results', 'ref-count'].map(element);

function make(kind, properties, ...children) {
  const made = Object.assign(document.createElement(kind), properties);
  made.append(...children);
  return made;
}

// The first version of the reference was one page, whose addresses were /docs#Customer
// and /docs#Customer.sites.
function followOldAddress() {
  const [, type, field] = /^#([A-Z]\w*)(?:\.(\w+))?$/.exec(location.hash) ?? [];
  const page = type && location.pathname === '/docs' && [...contents.querySelectorAll('a')].find((link) => link.getAttribute('href') === `/docs/types/${type}`);
  if (page) location.replace(page.href + (field ? `#${field}` : ''));
}

// setDrawer opens or closes the contents where they lie over the page, which can't be
// reached meanwhile.
function setDrawer(open) {
  root.classList.toggle('drawer', open);
  opener.setAttribute('aria-expanded', open);
  document.querySelectorAll('header, .bar, main').forEach((part) => { part.inert = open; });
  (open ? closer : opener).focus();
}

function startDrawer() {
  root.classList.add('scripted');
  for (const button of [opener, closer]) button.hidden = false;
  opener.addEventListener('click', () => setDrawer(true));
  closer.addEventListener('click', () => setDrawer(false));
  contents.addEventListener('click', ({ target }) => { if (target.closest('a') && root.classList.contains('drawer')) setDrawer(false); });
  document.addEventListener('pointerdown', ({ target }) => { if (root.classList.contains('drawer') && !contents.contains(target)) setDrawer(false); });
  window.matchMedia('(min-width: 60rem)').addEventListener('change', ({ matches }) => { if (matches && root.classList.contains('drawer')) setDrawer(false); });
}

// markPlace marks the entry of the part that is read, and shows it in the contents.
function markPlace() {
  const here = location.pathname + location.hash;
  const links = [...contents.querySelectorAll('a')];
  const current = links.find((link) => link.getAttribute('href') === here) ?? links.find((link) => link.getAttribute('href') === location.pathname);
  links.forEach((link) => { if (link === current) link.setAttribute('aria-current', 'page'); else link.removeAttribute('aria-current'); });
  if (!current) return;
  current.closest('details').open = true;
  const place = current.getBoundingClientRect().top - contents.getBoundingClientRect().top;
  if (place < 40 || place > contents.clientHeight - 40) contents.scrollTop += place - contents.clientHeight / 2;
}

let index; // a promise of the entries, once a person searches
const entries = () => (index ??= fetch(box.dataset.index).then((response) => {
  if (!response.ok) throw new Error(`the server answered ${response.status}`);
  return response.json();
}));

function resultOf({ kind, title, place, address, text }) {
  return make('li', {}, make('a', { href: address },
    make('strong', { textContent: title }), ' ', make('small', { textContent: place ? `${kind} of ${place}` : kind }),
    ...(text ? [make('span', { textContent: text })] : [])));
}

async function search() {
  const typed = box.value.trim();
  if (typed === '') { results.hidden = true; return; }
  let all;
  try {
    all = find(await entries(), typed);
  } catch (error) {
    index = undefined; // the next key asks again
    results.hidden = false;
    count.textContent = `The search is not there: ${error.message}.`;
    return;
  }
  if (typed !== box.value.trim()) return; // another key came meanwhile
  const shown = all.slice(0, 40);
  count.textContent = all.length === 0 ? `Nothing has ${typed}.` : all.length > shown.length ? `The best ${shown.length} of ${all.length}` : `${all.length} found`;
  results.querySelector('ul').replaceChildren(...shown.map(resultOf));
  results.hidden = false;
  results.scrollTop = 0;
}

// move goes through the results by arrow keys; above the first is the box.
function move(event) {
  const links = [...results.querySelectorAll('a')];
  const at = links.indexOf(document.activeElement);
  if (!['ArrowDown', 'ArrowUp'].includes(event.key)) return;
  event.preventDefault();
  if (results.hidden) { search(); return; }
  const next = at + (event.key === 'ArrowDown' ? 1 : -1);
  (next < 0 ? box : links[Math.min(next, links.length - 1)])?.focus();
}

function startSearch() {
  const area = box.closest('search');
  box.hidden = false;
  box.addEventListener('input', search);
  box.addEventListener('click', search);
  box.addEventListener('keydown', (event) => { if (event.key === 'Enter' && !results.hidden) results.querySelector('a')?.click(); });
  area.addEventListener('keydown', move);
  area.addEventListener('focusout', ({ relatedTarget }) => { if (!area.contains(relatedTarget)) results.hidden = true; });
  results.addEventListener('pointerdown', (event) => { if (!event.target.closest('a')) event.preventDefault(); }); // the list stays
  results.addEventListener('click', ({ target }) => { if (target.closest('a')) results.hidden = true; });
}

function onKey(event) {
  if (event.key === 'Escape' && root.classList.contains('drawer')) setDrawer(false);
  else if (event.key === 'Escape' && !results.hidden) { results.hidden = true; box.focus(); }
  else if (event.key === '/' && !event.ctrlKey && !event.metaKey && !event.target.closest('input, select, textarea')) { event.preventDefault(); box.focus(); }
}

function addCopyButtons() {
  document.querySelectorAll('main pre').forEach((code) => {
    const button = make('button', { type: 'button', className: 'copy', textContent: 'Copy' });
    button.addEventListener('click', async () => {
      button.textContent = await navigator.clipboard.writeText(code.textContent).then(() => 'Copied', () => 'The browser refused');
      setTimeout(() => { button.textContent = 'Copy'; }, 2000);
    });
    const frame = make('div', { className: 'code' });
    code.replaceWith(frame);
    frame.append(code, button);
  });
}

followOldAddress();
startDrawer();
startSearch();
markPlace();
if (navigator.clipboard) addCopyButtons(); // browsers have it where the page came safely
window.addEventListener('hashchange', markPlace);
document.addEventListener('keydown', onKey);
