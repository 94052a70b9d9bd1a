// The table and the chart of an answer, its CSV and its pages.
import assert from 'node:assert/strict';
import { ask } from '../server.mjs';
import { choose, csv, fill, run, shown, start, table, view } from './parts.mjs';

// column is what a column has, in the order of the rows.
const column = (rows, name) => rows.slice(1).map((row) => row[rows[0].indexOf(name)]);

export async function theLongestPathOfLists(page, { url }) {
  await start(page, url);
  const { data } = await choose(page, 'customer-account');
  await view(page, 'Table');
  const rows = await table(page);
  const inventories = data.customer.sites.nodes.flatMap((site) => site.usageProductInventories.nodes);
  const components = inventories.flatMap((each) => each.inclusiveUsageBalances.nodes).flatMap((each) => each.assignments).flatMap((each) => each.components);
  assert.deepEqual(column(rows, 'remaining'), components.map(({ remaining }) => remaining));
  assert.equal(column(rows, 'usageProductInventories.serviceId')[0], inventories[0].serviceId);
  assert.ok(!rows[0].includes('usageProductInventories.primaryProductReference'), rows[0].join()); // a ghost of null
  await page.getByLabel('List').selectOption('customer › entitlementBalances');
  assert.deepEqual(column(await table(page), 'quantity'), data.customer.entitlementBalances.nodes.map(({ quantity }) => quantity));
}

export async function moneyAndInstants(page, { url }) {
  await start(page, url);
  const { data } = await choose(page, 'balances-ledger');
  await view(page, 'Table');
  await page.getByLabel('List').selectOption('balances › ledger');
  const entry = data.balances.nodes[0].ledger.nodes[0];
  const cell = page.locator('.table tbody tr').first().locator('td');
  const names = (await table(page))[0];
  const amount = cell.nth(names.indexOf('amount'));
  const dollars = (Number(entry.amount) / 100).toLocaleString('en-US', { style: 'currency', currency: 'USD' });
  assert.equal(await amount.textContent(), dollars);
  assert.equal(await amount.getAttribute('title'), `${entry.amount} USD (cents)`);
  assert.equal(await amount.evaluate((each) => getComputedStyle(each).textAlign), 'right');
  const time = cell.nth(names.indexOf('timestamp'));
  assert.equal(await time.textContent(), `${entry.timestamp.slice(0, 10)} ${entry.timestamp.slice(11, 19)}Z`);
  await page.getByLabel('Zone').selectOption({ index: 1 });
  assert.match(await time.textContent(), /\+05:30$/);
  await page.getByLabel('Raw values').check();
  assert.equal(await amount.textContent(), entry.amount);
  assert.equal(await time.textContent(), entry.timestamp);
}
moneyAndInstants.options = { timezoneId: 'Asia/Kolkata' };

export async function csvIsTheTable(page, { url }) {
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
  await start(page, url);
  for (const [name, file] of [['customer-account', 'Account'], ['balances-ledger', 'Balances'], ['catalogue', 'billRuns'], ['node', 'ById']]) {
    await choose(page, name);
    await view(page, 'Table');
    const shownRows = await table(page);
    assert.ok(shownRows.length > 1, name);
    const { name: fileName, lines } = await csv(page);
    assert.deepEqual(lines, shownRows, name);
    assert.equal(fileName, `${file}.csv`);
  }
  await page.getByRole('button', { name: 'Copy table' }).click();
  await page.getByText('Table copied').waitFor();
  const copied = await page.evaluate(() => navigator.clipboard.readText());
  assert.deepEqual(copied.split('\n').map((line) => line.split('\t')), await table(page));
}

export async function columnsSort(page, { url }) {
  await start(page, url);
  await choose(page, 'customer-account');
  await view(page, 'Table');
  const header = page.getByRole('columnheader', { name: 'remaining', exact: true });
  const before = column(await table(page), 'remaining');
  const numbers = [...before].map(Number).sort((a, b) => a - b);
  await header.getByRole('button').click();
  assert.equal(await header.getAttribute('aria-sort'), 'ascending');
  assert.deepEqual(column(await table(page), 'remaining').map(Number), numbers);
  assert.deepEqual(column((await csv(page)).lines, 'remaining').map(Number), numbers);
  await page.getByRole('columnheader', { name: /^remaining/ }).getByRole('button').click();
  assert.deepEqual(column(await table(page), 'remaining').map(Number), [...numbers].reverse());
  await page.getByRole('columnheader', { name: /^remaining/ }).getByRole('button').click();
  assert.deepEqual(column(await table(page), 'remaining'), before);
}

// All pages are those of each list on the path, of each object that has one.
export async function allPagesAreRead(page, { url }) {
  await start(page, url);
  await fill(page, 'Query Editor', 'query Sites($n: Int) { customers(first: $n) { nodes { name sites(first: 2) { nodes { id } } } } }');
  await fill(page, 'Variables', '{"n": 7}');
  await run(page);
  await view(page, 'Table');
  await page.getByRole('button', { name: 'All pages' }).click();
  await page.locator('.views').getByText('All pages', { exact: true }).and(page.locator('span')).waitFor({ timeout: 60_000 });
  const { customers, sites } = await ask('{ customers(first: 1000) { nodes { name } } sites(first: 1000) { nodes { id } } }');
  const { name, lines } = await csv(page);
  assert.equal(name, 'Sites.csv');
  assert.deepEqual(column(lines, 'id').sort(), sites.nodes.map(({ id }) => id).sort());
  assert.equal(new Set(column(lines, 'customers.name')).size, new Set(customers.nodes.map((each) => each.name)).size);
}

export async function readingPagesIsCancelled(page, { url }) {
  await start(page, url);
  await fill(page, 'Query Editor', '{ sites(first: 2) { nodes { id } } }');
  await fill(page, 'Variables', '');
  await run(page);
  await view(page, 'Table');
  await page.route('**/graphql', async (route) => { await new Promise((resolve) => { setTimeout(resolve, 100); }); await route.continue().catch(() => {}); });
  await page.getByRole('button', { name: 'All pages' }).click();
  await page.getByText(/^[4-9] rows in [2-9] requests/).waitFor();
  await page.getByRole('button', { name: 'Cancel' }).click();
  await page.getByRole('button', { name: 'All pages' }).waitFor();
  assert.equal((await table(page)).length, 3);
  assert.equal(await page.locator('#message').textContent(), '');
}

const kind = (page, name) => page.locator(`canvas[data-kind="${name}"]`).waitFor();

export async function aLineOverTime(page, { url }) {
  await start(page, url);
  const { data } = await choose(page, 'balance-history');
  await view(page, 'Chart');
  await kind(page, 'line');
  const canvas = page.locator('.canvas canvas');
  assert.equal(await canvas.getAttribute('data-points'), `${data.customer.balanceHistory.length}`);
  assert.match(await canvas.getAttribute('aria-label'), /^Line chart of closing by startingAt/);
  await page.waitForFunction(() => { // something is drawn
    const drawn = document.querySelector('.canvas canvas');
    return drawn.getContext('2d').getImageData(0, 0, drawn.width, drawn.height).data.some((each) => each !== 0);
  });
  await page.getByLabel('opening', { exact: true }).check();
  await page.waitForFunction(() => /opening, closing|closing, opening/.test(document.querySelector('.canvas canvas').getAttribute('aria-label')));
  await page.getByLabel('Kind').selectOption('bar');
  await kind(page, 'bar');
}

export async function barsByCategory(page, { url }) {
  await start(page, url);
  await choose(page, 'site-usage-left');
  await view(page, 'Chart');
  await kind(page, 'bar');
  await page.getByLabel('Over').selectOption('unit');
  await choose(page, 'introspection');
  await page.getByText('There is nothing to draw').waitFor();
  assert.equal(await page.locator('#message').textContent(), '');
}

// A table of many rows is drawn in parts; its file has them all.
export async function manyRows(page, { url }) {
  await start(page, url);
  await fill(page, 'Query Editor', '{ inclusiveUsageBalances(first: 1000) { nodes { id } } }');
  await fill(page, 'Variables', '');
  const { data } = await run(page);
  const count = data.inclusiveUsageBalances.nodes.length;
  assert.ok(count > 500, `${count}`);
  await view(page, 'Table');
  await page.getByText(`500 of ${count} rows are drawn`).waitFor();
  assert.equal((await csv(page)).lines.length, count + 1);
  await page.getByRole('button', { name: /^Draw \d+ more$/ }).click();
  await page.waitForFunction((all) => document.querySelectorAll('.table tbody tr').length === Math.min(all, 1000), count);
  await shown(page, 'rows', new RegExp(`^Rows: ${count}$`));
}
