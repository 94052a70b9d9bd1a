// The playground: examples, documentation, explorer, history, variables, and CSV.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { choose, fill, has, kept, result, run, shown, start, text } from './parts.mjs';

export async function eachExampleAnswers(page, { url }) {
  await start(page, url);
  const names = await page.locator('[data-example]').evaluateAll((all) => all.map((each) => each.dataset.example));
  assert.ok(names.length >= 12, names.join());
  for (const name of [...names.slice(1), names[0]]) { // the first is open already
    await choose(page, name);
    const { data, errors } = await run(page);
    assert.equal(errors, undefined, `${name}: ${JSON.stringify(errors)}`);
    await shown(page, 'rows', /Rows: [1-9]/);
    await shown(page, 'duration', /^\d+ ms$/);
    assert.deepEqual(JSON.parse(await result(page)).data, data, name);
  }
}

export async function anExampleHasAnAddress(page, { url }) {
  await start(page, url, '?example=low-balances');
  assert.match(await text(page, 'Query Editor'), /lowBalances/);
  assert.match(await text(page, 'Variables'), /"usedRatio": 0.9/);
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
  await page.route('**/graphql', async (route) => {
    const response = await route.fetch();
    const answer = await response.json();
    await route.fulfill({ response, json: { ...answer, extensions: { ...answer.extensions, cost: { requested: 321, limit: 100000 } } } });
  });
  await start(page, url);
  await run(page);
  await shown(page, 'cost', /^Cost: 321 of 100000$/);
}

export async function csvHasTheRows(page, { url }) {
  await start(page, url, '?example=bi-pages');
  const { data } = await run(page);
  await shown(page, 'rows', /Rows: 100/);
  const coming = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Download CSV' }).click();
  const download = await coming;
  assert.equal(download.suggestedFilename(), 'usagegraph.csv');
  const [header, ...rows] = parse(readFileSync(await download.path(), 'utf8'));
  const { nodes } = data.usageProductInventories;
  assert.deepEqual(header, Object.keys(nodes[0]));
  assert.deepEqual(rows, nodes.map((node) => Object.values(node).map((value) => (value === null ? '' : String(value)))));
}

// parse reads CSV as RFC 4180 says.
function parse(csv) {
  assert.ok(csv.endsWith('\r\n'));
  return csv.trimEnd().split('\r\n').map((line) => [...line.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^,]*))/g)].map(([, quoted, plain]) => quoted?.replaceAll('""', '"') ?? plain));
}
