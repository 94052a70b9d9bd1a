// The reference and the picture, and all pages at each width and in each colour.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { fits, start } from './parts.mjs';

const axe = readFileSync('node_modules/axe-core/axe.min.js', 'utf8');

export async function theReferenceLeadsOn(page, { url }) {
  await page.goto(`${url}/docs`);
  const index = page.getByRole('navigation', { name: 'Contents' });
  await index.getByText('Objects', { exact: true }).click();
  await index.getByRole('link', { name: 'Customer', exact: true }).click();
  assert.equal(new URL(page.url()).hash, '#Customer');
  await page.locator('#Customer').getByRole('link', { name: 'UsageSummary', exact: true }).click();
  assert.equal(new URL(page.url()).hash, '#UsageSummary');
  await page.getByRole('link', { name: 'Open in the playground: Low balances of all customers' }).click();
  await page.getByRole('button', { name: 'Execute query' }).waitFor();
  await page.getByRole('link', { name: 'Picture' }).click();
  await page.locator('#picture svg').waitFor();
}

export async function thePictureTellsOfAnObject(page, { url }) {
  await page.goto(`${url}/docs/graph`);
  assert.ok(await page.locator('#picture .box').count() > 40);
  await page.getByLabel('Object', { exact: true }).selectOption('Balance');
  await page.locator('#about').getByRole('link', { name: 'ledger', exact: true }).waitFor();
  assert.ok(await page.locator('#picture .box.far').count() > 10);
  await page.locator('#about').getByRole('link', { name: 'LedgerEntry', exact: true }).click();
  await page.locator('#about h2', { hasText: 'LedgerEntry' }).waitFor(); // the page hears of its new address later
  assert.equal(await page.getByLabel('Object', { exact: true }).inputValue(), 'LedgerEntry');
  await page.locator('#picture a', { hasText: /^Customer$/ }).focus();
  await page.keyboard.press('Enter');
  await page.locator('#about h2', { hasText: 'Customer' }).waitFor();
  await page.locator('#about h2 a').click();
  assert.equal(page.url(), `${url}/docs#Customer`);
}

// look opens each page, holds that it fits, and lets axe judge it. What GraphiQL draws
// is not ours to judge.
async function look(page, { url }) {
  for (const path of ['/docs', '/docs/graph', '/']) {
    if (path === '/') await start(page, url);
    else await page.goto(url + path);
    await fits(page);
    await page.evaluate(axe);
    const { violations } = await page.evaluate(() => window.axe.run({ exclude: ['.graphiql-main', '.graphiql-sidebar', '.graphiql-container > *'] }));
    assert.deepEqual(violations.map(({ id, nodes }) => `${id}: ${nodes.slice(0, 3).map(({ html }) => html).join(' ')}`), [], path);
  }
}
export const wideAndLight = look.bind(null);
export const wideAndDark = look.bind(null);
export const narrowAndLight = look.bind(null);
export const narrowAndDark = look.bind(null);
wideAndDark.options = { colorScheme: 'dark' };
narrowAndLight.options = { viewport: { width: 360, height: 740 } };
narrowAndDark.options = { viewport: { width: 360, height: 740 }, colorScheme: 'dark' };
