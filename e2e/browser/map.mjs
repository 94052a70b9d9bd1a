// The schema map: what is drawn, and how one moves on it.
import assert from 'node:assert/strict';
import { fits } from './parts.mjs';

const scale = (page) => page.evaluate(() => Number(document.getElementById('map').dataset.scale));
const transform = (page) => page.locator('#map svg > g').getAttribute('transform');

export async function theMapHasRootAndNames(page, { url }) {
  await page.goto(`${url}/docs/graph`);
  assert.ok(await page.locator('#map .box').count() > 40);
  assert.equal(await page.locator('#map .box.query').textContent(), 'Query');
  const arrows = await page.locator('#map .arrow').count();
  const labels = await page.locator('#map text.label').allTextContents();
  assert.equal(labels.length, arrows);
  assert.ok(labels.every(Boolean), 'an arrow has no name');
  const frame = await page.locator('#map').boundingBox();
  for (const name of ['Query', 'Customer', 'Invoice']) { // all of it is in sight
    await page.getByRole('button', { name: 'Fit' }).click();
  const box = await page.locator(`#map [data-type="${name}"]`).boundingBox();
    assert.ok(box.x >= frame.x && box.x + box.width <= frame.x + frame.width && box.y >= frame.y && box.y + box.height <= frame.y + frame.height, `${name} is out of sight`);
  }
}

export async function aTypeIsChosen(page, { url }) {
  await page.goto(`${url}/docs/graph`);
  await page.getByLabel('Type', { exact: true }).selectOption('Balance');
  await page.locator('#about').getByRole('link', { name: 'ledger', exact: true }).waitFor();
  assert.ok((await page.locator('#map text.label').allTextContents()).some((label) => label.startsWith('ledger')));
  await page.locator('#map [data-type="LedgerEntry"]').first().click();
  await page.locator('#about h2', { hasText: 'LedgerEntry' }).waitFor();
  assert.equal(await page.getByLabel('Type', { exact: true }).inputValue(), 'LedgerEntry');
  await page.locator('#map [data-type="Balance"]').first().focus();
  await page.keyboard.press('Enter');
  await page.locator('#about h2', { hasText: 'Balance' }).waitFor();
  await page.goBack();
  await page.locator('#about h2', { hasText: 'LedgerEntry' }).waitFor();
  await page.locator('#about h2 a').click();
  await page.waitForURL(`${url}/docs/types/LedgerEntry`);
}

export async function theMapZoomsAndFits(page, { url }) {
  await page.goto(`${url}/docs/graph`);
  await page.locator('#map svg').waitFor();
  const fitted = await transform(page);
  const first = await scale(page);
  await page.getByRole('button', { name: 'Zoom in' }).click();
  assert.ok(await scale(page) > first);
  await page.getByRole('button', { name: 'Zoom out' }).click();
  await page.getByRole('button', { name: 'Zoom out' }).click();
  assert.ok(await scale(page) < first);
  await page.getByRole('button', { name: 'Fit' }).click();
  assert.equal(await transform(page), fitted);
  const { x, y, width, height } = await page.locator('#map').boundingBox();
  await page.mouse.move(x + width / 2, y + height / 2);
  await page.mouse.wheel(0, -400);
  await page.waitForFunction((was) => Number(document.getElementById('map').dataset.scale) > was, first);
  const zoomed = await transform(page);
  await page.mouse.down();
  await page.mouse.move(x + width / 2 + 80, y + height / 2 + 40, { steps: 4 });
  await page.mouse.up();
  assert.notEqual(await transform(page), zoomed);
  await page.getByRole('button', { name: 'Fit' }).click();
  const box = await page.locator('#map [data-type="Customer"]').boundingBox(); // a drag that begins on a link does not follow it
  const dragged = await transform(page);
  await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
  await page.mouse.down();
  await page.mouse.move(box.x + box.width / 2 + 40, box.y + box.height / 2 + 40, { steps: 4 });
  await page.mouse.up();
  assert.notEqual(await transform(page), dragged);
  assert.equal(new URL(page.url()).hash, '');
  await page.locator('#map').focus();
  await page.keyboard.press('0');
  assert.equal(await transform(page), fitted);
  await page.keyboard.press('+');
  assert.ok(await scale(page) > first);
  await page.keyboard.press('-');
  const before = await transform(page);
  await page.keyboard.press('ArrowRight');
  assert.notEqual(await transform(page), before);
  await page.locator('#map [data-type="Customer"]').focus();
  await page.keyboard.press('Enter');
  await page.locator('#about h2', { hasText: 'Customer' }).waitFor();
}

// On a phone the map begins at the root, at a size that can be read.
export async function aPhoneCanReadTheMap(page, { url }) {
  await page.goto(`${url}/docs/graph`);
  await page.locator('#map .box.query').waitFor();
  for (const name of ['Query', 'UsageProductInventory']) {
    if (name !== 'Query') await page.getByLabel('Type', { exact: true }).selectOption(name);
    await page.locator(`#map .chosen[data-type="${name}"]`).waitFor();
    await fits(page);
    const sizes = await page.evaluate(() => [...document.querySelectorAll('#map text')].map((text) => parseFloat(getComputedStyle(text).fontSize) * Number(document.getElementById('map').dataset.scale)));
    assert.ok(Math.min(...sizes) >= 11, `${name}: a text of ${Math.min(...sizes)} pixels`);
    const frame = await page.locator('#map').boundingBox();
    for (const box of await page.locator('#map .box, #map text.label').all()) {
      const { x, width } = await box.boundingBox();
      assert.ok(x >= frame.x - 1 && x + width <= frame.x + frame.width + 1, `${await box.textContent()} is cut off`);
    }
  }
}
aPhoneCanReadTheMap.options = { viewport: { width: 390, height: 844 }, hasTouch: true };
