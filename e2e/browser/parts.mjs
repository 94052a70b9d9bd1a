// What tests do with the playground.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';

// start opens the playground and waits until it is ready: the editor has what it opens with, and an
// example has its answer.
export async function start(page, url, query = '') {
  await page.goto(`${url}/${query}`);
  await page.getByRole('button', { name: 'Execute query' }).waitFor();
  if (page.viewportSize().width > 900) await page.locator('.examples button').first().waitFor();
  await has(page, 'Query Editor', /\S/);
  if (query.startsWith('?example=')) await shown(page, 'duration', /^\d+ ms$/);
}

// choose opens an example, from the panel, which runs it, and returns the answer.
export async function choose(page, name) {
  const answered = answer(page);
  await page.locator(`[data-example="${name}"]`).click();
  const found = await answered;
  await shown(page, 'duration', /^\d+ ms$/);
  return found;
}

// answer resolves to the next answer of an operation that runs; one that asks for its cost alone does not.
export async function answer(page) {
  const response = await page.waitForResponse((each) => each.url().endsWith('/graphql') && !each.request().headers()['x-graphql-cost']);
  return response.json();
}

// view looks at the answer as JSON, Table or Chart.
export async function view(page, name) {
  await page.getByRole('group', { name: 'View' }).getByRole('button', { name, exact: true }).click();
}

// table is what the table view shows: the names of its columns, and a line of texts a row.
export const table = (page) => page.locator('.table').evaluate((element) => [...element.querySelectorAll('tr')].map((row) => [...row.cells].map((cell) => cell.textContent.replace(/ [▲▼]$/, ''))));

// csv downloads the table, and returns the file's name and its lines.
export async function csv(page) {
  const coming = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Download CSV' }).click();
  const download = await coming;
  return { name: download.suggestedFilename(), lines: parse(readFileSync(await download.path(), 'utf8')) };
}

// parse reads CSV as RFC 4180 says.
function parse(text) {
  assert.ok(text.endsWith('\r\n'));
  return text.slice(0, -2).split('\r\n').map((line) => [...line.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^,]*))/g)].map(([, quoted, plain]) => quoted?.replaceAll('""', '"') ?? plain));
}

// run runs what the editor has, and returns the answer.
export async function run(page) {
  const answered = answer(page);
  await page.getByRole('button', { name: 'Execute query' }).click();
  return answered;
}

// editor is where the document, the variables or the headers are typed.
const editor = (label) => `[aria-label="${label}"] .graphiql-editor:not(.hidden) .CodeMirror`;

// text is what an editor has: Query Editor, Variables or Headers.
export const text = (page, label) => page.evaluate((place) => document.querySelector(place).CodeMirror.getValue(), editor(label));

// has waits until an editor has the text.
export async function has(page, label, pattern) {
  await page.waitForFunction(([place, source]) => new RegExp(source).test(document.querySelector(place).CodeMirror.getValue()), [editor(label), pattern.source]);
}

// result is the text of the answer.
export const result = (page) => page.evaluate(() => document.querySelector('.result-window .CodeMirror').CodeMirror.getValue());

// shown waits until the line below the answer has the text.
export async function shown(page, id, pattern) {
  await page.waitForFunction(([name, source]) => new RegExp(source).test(document.getElementById(name)?.textContent ?? ''), [id, pattern.source]);
}

// kept waits until the browser keeps a tab with the text.
export async function kept(page, part) {
  await page.waitForFunction((wanted) => localStorage.getItem('graphiql:tabState')?.includes(wanted), part);
}

// fill puts text into an editor, as a person pastes it.
export async function fill(page, label, value) {
  await page.locator(editor(label)).click();
  await page.keyboard.press('ControlOrMeta+a');
  await page.keyboard.insertText(value);
}

// fits holds that nothing is wider than the window.
export async function fits(page) {
  const { wide, width } = await page.evaluate(() => ({ wide: document.documentElement.scrollWidth, width: window.innerWidth }));
  assert.ok(wide <= width, `the page is ${wide} wide in a window of ${width}`);
}
