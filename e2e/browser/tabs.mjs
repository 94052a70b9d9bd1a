// Tabs of the playground: each has an answer of its own, and a link.
import assert from 'node:assert/strict';
import { token } from '../server.mjs';
import { choose, csv, fill, has, result, run, shown, start, table, text, view } from './parts.mjs';

const tab = (page, name) => page.getByRole('tab', { name, exact: true });

// another opens a tab with a query and runs it.
async function another(page, query) {
  await page.getByRole('button', { name: 'New tab' }).click();
  await has(page, 'Query Editor', /^$/);
  await fill(page, 'Query Editor', query);
  return run(page);
}

export async function aTabOwnsItsAnswer(page, { url }) {
  await start(page, url, '?example=net-balance');
  const facts = await page.locator('#rows, #duration, #cost').allTextContents();
  await view(page, 'Table');
  const first = await table(page);
  await another(page, 'query Runs { billRuns(first: 2) { nodes { name status } } }');
  await shown(page, 'rows', /^Rows: 2$/);
  await view(page, 'Table');
  assert.deepEqual((await table(page))[0], ['name', 'status']);
  await tab(page, 'NetBalance').click();
  assert.deepEqual(await page.locator('#rows, #duration, #cost').allTextContents(), facts);
  assert.deepEqual(await table(page), first);
  assert.equal((await csv(page)).name, 'NetBalance.csv');
  assert.match(await result(page), /"lastMonth"/);
  await tab(page, 'Runs').click();
  assert.deepEqual((await table(page))[0], ['name', 'status']);
  assert.equal((await csv(page)).name, 'Runs.csv');
  assert.match(await result(page), /"billRuns"/);
  await page.getByRole('button', { name: 'New tab' }).click();
  await page.locator('#rows').waitFor({ state: 'detached' });
  assert.equal(await page.getByRole('button', { name: 'Download CSV' }).isDisabled(), true);
}

// An answer that comes when another tab is looked at is that of the tab that asked.
export async function aLateAnswerFindsItsTab(page, { url }) {
  let release;
  const held = new Promise((resolve) => { release = resolve; });
  await page.route('**/graphql', async (route) => {
    if (route.request().postData().includes('query Slow')) await held;
    await route.continue();
  });
  await start(page, url, '?example=catalogue');
  await page.getByRole('button', { name: 'New tab' }).click();
  await has(page, 'Query Editor', /^$/);
  await fill(page, 'Query Editor', 'query Slow { customers(first: 3) { nodes { name } } }');
  await page.getByRole('button', { name: 'Execute query' }).click();
  await page.getByText('Running…').waitFor();
  await page.getByRole('tab').first().click();
  await has(page, 'Query Editor', /billRuns/);
  const before = await result(page);
  const came = page.waitForResponse((response) => response.request().postData()?.includes('query Slow') && !response.request().headers()['x-graphql-cost']);
  release();
  await came;
  assert.equal(await result(page), before);
  await tab(page, 'Slow').click();
  await shown(page, 'rows', /^Rows: 3$/);
  assert.equal(JSON.parse(await result(page)).data.customers.nodes.length, 3);
}

export async function aRunCanBeStopped(page, { url }) {
  await start(page, url, '?example=catalogue');
  await page.route('**/graphql', (route) => (route.request().headers()['x-graphql-cost'] ? route.continue() : undefined));
  await page.getByRole('button', { name: 'Execute query' }).click();
  await page.getByText('Running…').waitFor();
  await page.getByRole('button', { name: 'Stop query' }).click();
  await page.getByText('Running…').waitFor({ state: 'detached' });
  assert.equal(await page.locator('#message').textContent(), '');
}

// A tab that shows an example as it is, is used again; one that was edited stays.
export async function anEditedTabStays(page, { url }) {
  await start(page, url, '?example=net-balance');
  await choose(page, 'filters');
  assert.equal(await page.getByRole('tab').count(), 1);
  await fill(page, 'Query Editor', 'query Mine { billRuns(first: 1) { nodes { id } } }');
  await choose(page, 'catalogue');
  assert.equal(await page.getByRole('tab').count(), 2);
  await tab(page, 'Mine').click();
  await has(page, 'Query Editor', /query Mine/);
  await choose(page, 'low-balances');
  assert.equal(await page.getByRole('tab').count(), 2);
  await has(page, 'Query Editor', /lowBalances/);
  await tab(page, 'Mine').click();
  await has(page, 'Query Editor', /query Mine/);
}

export async function theActiveTabIsInSight(page, { url }) {
  await start(page, url);
  for (let count = 0; count < 12; count++) {
    await another(page, `query AnOperationWithALongName${count} { billRuns(first: 1) { nodes { id } } }`);
    await tab(page, `AnOperationWithALongName${count}`).waitFor();
  }
  const inside = () => page.evaluate(() => {
    const [active, all] = ['.graphiql-tab-active', '.graphiql-tabs'].map((place) => document.querySelector(place).getBoundingClientRect());
    return active.left >= all.left - 1 && active.right <= all.right + 1 && active.right <= window.innerWidth;
  });
  await page.waitForFunction(() => document.querySelector('.graphiql-tabs').scrollLeft > 0);
  assert.ok(await inside());
  await choose(page, 'filters'); // in the first tab, which was an example
  await page.waitForFunction(() => document.querySelector('.graphiql-tabs').scrollLeft === 0);
  assert.ok(await inside());
}

// A link has the query and the variables, and never the token. What it opens waits for its user, unless it is an
// example.
export async function aLinkOpensATab(page, { url }) {
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
  await start(page, url);
  await page.getByRole('button', { name: 'Headers', exact: true }).click();
  await fill(page, 'Headers', JSON.stringify({ 'X-Other': 'a-secret' }));
  await page.getByRole('button', { name: 'Variables', exact: true }).click();
  await fill(page, 'Query Editor', 'query Linked($n: Int) { billRuns(first: $n) { nodes { id } } }');
  await fill(page, 'Variables', '{"n": 3}');
  await page.getByRole('button', { name: 'Copy link' }).click();
  await page.getByText('Link copied').waitFor();
  const link = await page.evaluate(() => navigator.clipboard.readText());
  assert.ok(link.startsWith(`${url}/#query=`) && !link.includes(token) && !link.includes('a-secret'), link);

  const asked = [];
  await page.evaluate(() => localStorage.clear());
  await page.goto('about:blank');
  page.on('request', (request) => { if (request.url().endsWith('/graphql') && !request.headers()['x-graphql-cost']) asked.push(request.postData()); });
  await page.goto(link);
  await page.getByRole('button', { name: 'Execute query' }).waitFor();
  await has(page, 'Query Editor', /query Linked/);
  assert.equal(await text(page, 'Variables'), '{"n": 3}');
  await shown(page, 'before', /costs/);
  assert.deepEqual(asked, []);
  assert.equal(new URL(page.url()).hash, '');
  assert.equal((await run(page)).data.billRuns.nodes.length, 3);

  await choose(page, 'net-balance');
  await page.getByRole('button', { name: 'Copy link' }).click();
  await page.waitForFunction(async () => (await navigator.clipboard.readText()).includes('NetBalance'));
  const example = await page.evaluate(() => navigator.clipboard.readText());
  await page.goto('about:blank');
  await page.goto(example);
  await shown(page, 'rows', /Rows: [1-9]/);
  assert.equal(await page.getByRole('tab').count(), 2); // the tab with this example is used again
}
