// The playground by keyboard alone: each stop has a name and can be seen, editors let
// go of the Tab key, and examples run.
import assert from 'node:assert/strict';
import { answer, result, shown, start, text, view } from './parts.mjs';

const focused = (page) => page.evaluate(() => {
  const element = document.activeElement;
  const { outlineStyle, outlineWidth, boxShadow } = getComputedStyle(element);
  const editor = element.closest('.CodeMirror');
  const around = editor ? getComputedStyle(editor).outlineStyle : 'none';
  const label = element.labels?.[0]?.textContent ?? '';
  const name = element.getAttribute('aria-label') || label || element.getAttribute('title') || element.textContent.trim() || element.closest('[aria-label]')?.getAttribute('aria-label') || '';
  return { tag: element.tagName, name, seen: (outlineStyle !== 'none' && outlineWidth !== '0px') || boxShadow !== 'none' || around !== 'none' };
});

export async function eachStopHasANameAndIsSeen(page, { url }) {
  await start(page, url);
  const names = [];
  for (let stops = 0; stops < 80; stops++) {
    await page.keyboard.press('Tab');
    const { tag, name, seen } = await focused(page);
    if (tag === 'BODY') break;
    assert.ok(name, `stop ${stops} is a ${tag} without a name, after ${names.join(' | ')}`);
    assert.ok(seen, `${tag} ${name} has the focus, and one can't see it`);
    names.push(name.slice(0, 30));
  }
  const order = ['Skip to the content', 'Playground', 'Reference', 'Schema map', 'Schema', 'Token', 'Show', 'Show Documentation Explorer', 'Query', 'Execute query', 'Variables', 'Answer'];
  let from = 0;
  for (const name of order) {
    from = names.findIndex((each, index) => index >= from && each.startsWith(name)) + 1;
    assert.ok(from > 0, `${name} is not in its place: ${names.join(' | ')}`);
  }
}

export async function anExampleRuns(page, { url }) {
  await start(page, url);
  const example = page.locator('[data-example="balance-history"]');
  for (let stops = 0; stops < 40 && !(await example.evaluate((each) => each === document.activeElement)); stops++) await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  await shown(page, 'rows', /Rows: [1-9]/);
  assert.match(await result(page), /"closing"/);
}

// Ctrl-Enter runs from wherever the focus is: a button, the token, a menu, the page itself, an editor.
export async function controlEnterRunsFromAnywhere(page, { url }) {
  await start(page, url, '?example=low-balances');
  await view(page, 'Table');
  const places = [page.locator('[data-example="filters"]'), page.getByLabel('Token', { exact: true }), page.locator('#zone'), page.locator('.table'), page.getByRole('textbox', { name: 'Query', exact: true }), page.getByRole('textbox', { name: 'Variables', exact: true })];
  for (const place of places) {
    await place.focus();
    const answered = answer(page);
    await page.keyboard.press('ControlOrMeta+Enter');
    assert.ok((await answered).data.lowBalances, `${place}`);
    await shown(page, 'rows', /Rows: [1-9]/);
  }
  await page.evaluate(() => document.activeElement.blur());
  const answered = answer(page);
  await page.keyboard.press('ControlOrMeta+Enter');
  assert.ok((await answered).data.lowBalances);
}

// The views, a menu, the order of a column and the file, without a mouse.
export async function theTableByKeyboard(page, { url }) {
  await start(page, url, '?example=low-balances');
  const reach = async (name) => {
    for (let stops = 0; stops < 90; stops++) {
      await page.keyboard.press('Tab');
      if (await page.evaluate((wanted) => document.activeElement.textContent === wanted, name)) return;
    }
    assert.fail(`${name} is not reached`);
  };
  await reach('Table');
  await page.keyboard.press('Enter');
  await reach('usedRatio');
  await page.keyboard.press('Enter');
  await page.locator('th[aria-sort=ascending]', { hasText: 'usedRatio' }).waitFor();
  const coming = page.waitForEvent('download');
  await reach('Download CSV');
  await page.keyboard.press('Enter');
  assert.equal((await coming).suggestedFilename(), 'Low.csv');
}

export async function editorsLetGo(page, { url }) {
  await start(page, url);
  for (const [label, name] of [['Query Editor', 'Query'], ['Variables', 'Variables']]) {
    const before = await text(page, label);
    await page.getByRole('textbox', { name, exact: true }).focus();
    await page.keyboard.press('Tab');
    assert.equal(await text(page, label), before);
    assert.notEqual(await page.evaluate(() => document.activeElement.getAttribute('aria-label')), name);
  }
}
