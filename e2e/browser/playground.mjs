// The playground: examples, documentation, explorer, history, variables, and what a run costs.
import assert from 'node:assert/strict';
import { choose, fill, has, kept, result, run, shown, start, text } from './parts.mjs';

export async function eachExampleRunsWhenChosen(page, { url }) {
  await start(page, url);
  const names = await page.locator('[data-example]').evaluateAll((all) => all.map((each) => each.dataset.example));
  assert.ok(names.length >= 12, names.join());
  for (const name of names) {
    const { data, errors } = await choose(page, name);
    assert.equal(errors, undefined, `${name}: ${JSON.stringify(errors)}`);
    await shown(page, 'rows', /Rows: [1-9]/);
    assert.deepEqual(JSON.parse(await result(page)).data, data, name);
  }
  assert.equal(await page.getByRole('tab').count(), 1); // which was used again each time
}

export async function anExampleHasAnAddress(page, { url }) {
  await start(page, url, '?example=low-balances');
  assert.match(await text(page, 'Query Editor'), /lowBalances/);
  assert.match(await text(page, 'Variables'), /"usedRatio": 0.9/);
  await shown(page, 'rows', /Rows: [1-9]/);
}

export async function variablesChangeTheAnswer(page, { url }) {
  await start(page, url, '?example=site-usage-left');
  const before = await run(page);
  await fill(page, 'Variables', '{"site": "Site:2", "billRun": "BillRun:4"}');
  const after = await run(page);
  assert.ok(before.data.site.name && after.data.site.name);
  assert.notEqual(before.data.site.name, after.data.site.name);
}

export async function documentationIsThere(page, { url }) {
  await start(page, url);
  await page.getByRole('button', { name: 'Show Documentation Explorer' }).click();
  const panel = page.locator('.graphiql-plugin');
  await panel.getByRole('combobox').pressSequentially('usageSummary');
  await page.getByRole('option', { name: /usageSummary/ }).first().click();
  await panel.getByRole('link', { name: 'UsageSummary', exact: true }).click();
  await panel.getByText('Inclusive usage of one charging type and unit in one bill run.').waitFor();
}

export async function explorerWritesTheQuery(page, { url }) {
  await start(page, url);
  await fill(page, 'Query Editor', '{ billRuns(first: 2) { nodes { id } } }');
  await page.getByRole('button', { name: 'Show GraphiQL Explorer' }).click();
  await page.locator('.graphiql-explorer-root [data-field-name="status"][data-field-type="BillRunStatus"]').click();
  await has(page, 'Query Editor', /status/);
  const { data } = await run(page);
  assert.deepEqual(data.billRuns.nodes.map(({ status }) => status), ['FINALIZED', 'FINALIZED']);
}

export async function historyAndTabsStay(page, { url }) {
  await start(page, url, '?example=net-balance');
  await run(page);
  await page.getByRole('button', { name: 'Show History' }).click();
  await page.locator('.graphiql-history-item').first().waitFor();
  await kept(page, 'NetBalance');
  await start(page, url);
  assert.match(await text(page, 'Query Editor'), /query NetBalance/);
  await page.getByRole('button', { name: 'Show History' }).click();
  assert.match(await page.locator('.graphiql-history-item').first().textContent(), /NetBalance/);
}

export async function dialogsOpen(page, { url }) {
  await start(page, url);
  await page.getByRole('button', { name: 'Open settings dialog' }).click();
  await page.getByRole('button', { name: 'Dark', exact: true }).click();
  await page.keyboard.press('Escape');
  assert.equal(await page.evaluate(() => document.body.className.includes('graphiql-dark')), true);
  await page.getByRole('button', { name: 'Open short keys dialog' }).click();
  await page.getByRole('heading', { name: 'Short Keys' }).waitFor();
}

export async function aRefusalIsShown(page, { url }) {
  await start(page, url);
  await fill(page, 'Query Editor', '{ customers(first: 1001) { totalCount } }');
  const { errors } = await run(page);
  assert.equal(errors[0].extensions.code, 'BAD_USER_INPUT');
  await shown(page, 'rows', /Rows: 0/);
  assert.match(await result(page), /BAD_USER_INPUT/);
  assert.equal(await page.getByRole('button', { name: 'Download CSV' }).isDisabled(), true);
}

export async function costIsShown(page, { url }) {
  await start(page, url, '?example=net-balance');
  await shown(page, 'cost', /^Cost: [1-9]\d* of 100000$/);
}

// Before a run the page says what it would cost and how many rows it could have, and asks for that
// alone, a moment after the last change.
export async function costIsShownBeforeARun(page, { url }) {
  const asked = [];
  page.on('request', (request) => { if (request.url().endsWith('/graphql')) asked.push(request.headers()['x-graphql-cost']); });
  await start(page, url);
  await fill(page, 'Query Editor', '{ customers(first: 20) { nodes { sites(first: 3) { nodes { name } } } } }');
  await shown(page, 'before', /^A run costs 101 of 100,000, at most 80 rows in pages$/);
  await fill(page, 'Query Editor', '{ customers(first: 1000) { nodes { sites(first: 500) { nodes { name } } } } }');
  await shown(page, 'before', /^A run costs 50[0-9],[0-9]{3} of 100,000/);
  assert.equal(await page.locator('#before').getAttribute('class'), 'over');
  await fill(page, 'Query Editor', '{ customers(first: ');
  await page.locator('#before').waitFor({ state: 'detached' });
  assert.ok(asked.length >= 2 && asked.every((each) => each === 'only'), asked.join());
}

// The first paint is within a second, and all scripts together are within two megabytes.
export async function itIsSoonThere(page, { url }) {
  let bytes = 0;
  page.on('response', async (response) => {
    if (response.url().endsWith('.js')) bytes += (await response.request().sizes()).responseBodySize;
  });
  await start(page, url, '?example=balance-history');
  const paint = await page.evaluate(() => performance.getEntriesByName('first-contentful-paint')[0].startTime);
  assert.ok(paint < 1000, `${paint} ms`);
  await page.getByRole('button', { name: 'Chart', exact: true }).click();
  await page.locator('.canvas canvas[width]').waitFor();
  assert.ok(bytes > 100_000 && bytes < 2_000_000, `${bytes} bytes of script`);
}
