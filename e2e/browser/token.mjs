// Who gets the token: the person who opens the page, and no one else.
import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { token } from '../server.mjs';
import { fill, kept, run, start } from './parts.mjs';

export async function aWrongTokenIsTold(page, { url, expect }) {
  await start(page, url);
  const box = page.getByLabel('Token', { exact: true });
  assert.equal(await box.inputValue(), token);
  await box.fill('wrong');
  await run(page);
  await page.getByText('The server does not take this token').waitFor();
  await box.fill('');
  await run(page);
  await page.getByText('The server wants a token').waitFor();
  await box.fill(token);
  await run(page);
  assert.equal(await page.locator('#message').textContent(), '');
  expect('status of 401'); // which Chromium writes to the console
}

export async function theTokenCanBeSeen(page, { url }) {
  await start(page, url);
  const box = page.getByLabel('Token', { exact: true });
  assert.equal(await box.getAttribute('type'), 'password');
  await page.getByRole('button', { name: 'Show', exact: true }).click();
  assert.equal(await box.getAttribute('type'), 'text');
}

export async function nothingKeepsTheToken(page, { url }) {
  await start(page, url);
  await page.getByRole('button', { name: 'Headers', exact: true }).click();
  await fill(page, 'Headers', JSON.stringify({ Authorization: `Bearer ${token}`, 'X-Other': 'a-secret' }));
  await run(page);
  await fill(page, 'Query Editor', '{ __typename }'); // and the tab is kept anew, with all that it has
  await kept(page, '__typename');
  const all = await page.evaluate(() => JSON.stringify([{ ...localStorage }, { ...sessionStorage }, document.cookie]));
  assert.ok(all.includes('graphiql:queries'), all);
  assert.ok(!all.includes(token) && !all.includes('a-secret'), all);
}

// The token survives a reload where the user says so, in the session of the tab alone, and the page says
// where it is.
export async function theTokenIsKeptWhereOneSaysSo(page, { url, expect }) {
  await start(page, url);
  const [box, keep] = [page.getByLabel('Token', { exact: true }), page.getByLabel('Keep', { exact: true })];
  await page.getByText('Kept in this box alone').waitFor();
  await keep.check();
  await page.getByText('Kept in this browser tab').waitFor();
  await box.fill('another-token');
  await start(page, url);
  assert.equal(await box.inputValue(), 'another-token');
  assert.equal(await keep.isChecked(), true);
  assert.equal(await page.evaluate(() => JSON.stringify({ ...localStorage }).includes('another-token')), false);
  await keep.uncheck();
  assert.equal(await page.evaluate(() => sessionStorage.length), 0);
  await start(page, url);
  assert.equal(await box.inputValue(), token);
  expect('status of 401'); // of the cost that is asked for with another token
}

// A page of another origin asks for the playground in each way that it can.
export async function anotherSiteGetsNothing(page, { url, expect }) {
  const other = createServer((_, response) => response.setHeader('content-type', 'text/html').end('<!doctype html><title>other</title>'));
  await new Promise((resolve) => { other.listen(0, '127.0.0.1', resolve); });
  const origin = `http://127.0.0.1:${other.address().port}`;
  try {
    await page.context().route(`${origin}/**`, (route) => route.continue());
    await page.goto(`${origin}/`);
    const found = await page.evaluate(async (target) => {
      const read = (mode) => fetch(target, { mode }).then((response) => response.text()).catch(() => '');
      const frame = document.createElement('iframe');
      frame.src = target;
      document.body.append(frame);
      await new Promise((resolve) => { frame.onload = resolve; }); // a refused one loads a page that says so
      let inside = '';
      try { inside = frame.contentDocument?.documentElement.outerHTML ?? ''; } catch { /* as it should be */ }
      return [await read('cors'), await read('no-cors'), inside];
    }, `${url}/`);
    assert.ok(found.every((each) => !each.includes('ug_') && !each.includes('id="token"')), found.join());
  } finally {
    other.close();
  }
  for (const text of ['CORS', 'ERR_FAILED', 'frame-ancestors', 'Framing', 'ERR_BLOCKED', 'X-Frame-Options', 'favicon', 'Same-Origin', 'SameOrigin']) expect(text);
}
