// What tests do with the playground.
import assert from 'node:assert/strict';

// start opens the playground and waits until it is ready: the editor has what it opens with.
export async function start(page, url, query = '') {
  await page.goto(`${url}/${query}`);
  await page.getByRole('button', { name: 'Execute query' }).waitFor();
  await page.locator('.examples button').first().waitFor();
  await has(page, 'Query Editor', /\S/);
}

// choose opens another example, from the panel, and waits until the editor has it: at
// first the new tab is empty.
export async function choose(page, name) {
  const before = await text(page, 'Query Editor');
  await page.locator(`[data-example="${name}"]`).click();
  await page.waitForFunction(([place, was]) => (document.querySelector(place).CodeMirror.getValue() || was) !== was, [editor('Query Editor'), before]);
}

// run runs what the editor has, and returns the answer.
export async function run(page) {
  const answered = page.waitForResponse((response) => response.url().endsWith('/graphql'));
  await page.getByRole('button', { name: 'Execute query' }).click();
  return (await answered).json();
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
