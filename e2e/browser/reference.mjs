// The reference: contents, search, guides, examples and old addresses, by pointer, by
// keyboard and on a phone, and what axe finds.
import assert from 'node:assert/strict';
import AxeBuilder from '@axe-core/playwright';
import { fits, has } from './parts.mjs';

const phone = { width: 390, height: 844 };
const path = (page) => { const { pathname, hash } = new URL(page.url()); return pathname + hash; };

export async function theContentsLeadOn(page, { url }) {
  await page.goto(`${url}/docs`);
  for (const heading of ['Making requests', 'Authentication', 'Pagination', 'Errors', 'Rate limits']) await page.getByRole('heading', { name: heading, exact: true }).waitFor();
  const contents = page.getByRole('navigation', { name: 'Contents' });
  await contents.getByText('Objects', { exact: true }).click();
  await contents.getByRole('link', { name: 'Customer', exact: true }).click();
  await page.waitForURL(`${url}/docs/types/Customer`);
  assert.equal(await contents.locator('[aria-current]').textContent(), 'Customer');
  assert.ok(await contents.locator('[aria-current]').isVisible());
  await page.locator('#usageSummary').getByRole('link', { name: 'UsageSummary', exact: true }).click();
  await page.waitForURL(`${url}/docs/types/UsageSummary`);
  await page.mouse.wheel(0, 5000);
  assert.ok(await contents.isVisible() && (await contents.boundingBox()).y >= 0, 'the contents are gone');
  await page.getByRole('link', { name: 'Playground', exact: true }).click();
  await page.waitForURL(`${url}/`);
}

export async function theSearchFindsAsOneTypes(page, { url }) {
  await page.goto(`${url}/docs/guides/tokens`);
  await page.getByRole('heading', { name: 'Tokens', exact: true }).waitFor();
  await page.keyboard.press('/');
  await page.keyboard.type('includeContract');
  const results = page.locator('#ref-results a');
  await results.first().waitFor();
  assert.match(await results.first().textContent(), /includeContractBalances/);
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await page.waitForURL(/\/docs\/types\/\w+#\w+\.includeContractBalances$/);
  const argument = page.locator(`[id="${new URL(page.url()).hash.slice(1)}"]`);
  await argument.waitFor({ state: 'visible' }); // the arguments around it are opened
  await page.keyboard.press('/');
  await page.keyboard.type('surely nothing has this');
  await page.getByText('Nothing has surely nothing has this.').waitFor();
  await page.keyboard.press('Escape');
  assert.ok(await page.locator('#ref-results').isHidden());
  await page.getByRole('searchbox').fill('site');
  await results.first().waitFor();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Escape'); // back to the box, and the list stays closed
  await page.waitForTimeout(100);
  assert.equal(await page.evaluate(() => document.activeElement.id), 'ref-search');
  assert.ok(await page.locator('#ref-results').isHidden());
  await page.keyboard.press('ArrowDown');
  await results.first().waitFor();
}

export async function guidesAreThere(page, { url }) {
  await page.goto(`${url}/docs`);
  const contents = page.getByRole('navigation', { name: 'Contents' });
  await contents.getByRole('link', { name: 'Filters and orders' }).click();
  await page.waitForURL(`${url}/docs/guides/filters`);
  await page.locator('main').getByRole('link', { name: 'rest.md' }).click();
  await page.waitForURL(`${url}/docs/guides/rest`);
  await page.getByRole('heading', { name: 'From the REST lists' }).waitFor();
}

export async function examplesOpenInThePlayground(page, { url }) {
  await page.goto(`${url}/docs/types/Site`);
  const query = await page.locator('.query code').first().textContent();
  const link = page.locator('.query').getByRole('link', { name: 'Open in the playground' });
  const fragment = new URL(await link.getAttribute('href'), url).hash;
  assert.equal(decodeURIComponent(/^#query=([^&]*)$/.exec(fragment)[1]), query);
  assert.match(query, /^query Site \{/);
  await link.click();
  await page.getByRole('button', { name: 'Execute query' }).waitFor();
  await has(page, 'Query Editor', /^query Site \{/);
  await page.goto(`${url}/docs/examples`);
  const [, first, variables] = /^#query=([^&]*)&variables=([^&]*)$/.exec(new URL(await page.locator('.query a').first().getAttribute('href'), url).hash);
  assert.deepEqual([decodeURIComponent(first), decodeURIComponent(variables)], await page.locator('.query').first().locator('code').allTextContents());
}

export async function codeIsCopied(page, { url }) {
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write'], { origin: url });
  await page.goto(`${url}/docs/types/Customer`);
  await page.getByRole('button', { name: 'Copy' }).first().click();
  await page.getByRole('button', { name: 'Copied' }).waitFor();
  assert.equal(await page.evaluate(() => navigator.clipboard.readText()), await page.locator('main code').first().textContent());
}

export async function oldAddressesLeadOn(page, { url }) {
  await page.goto(`${url}/docs#Customer.sites`);
  await page.waitForURL(`${url}/docs/types/Customer#sites`);
  await page.goto(`${url}/docs#Balance`);
  await page.waitForURL(`${url}/docs/types/Balance`);
  await page.goto(`${url}/docs#rate-limits`);
  assert.equal(path(page), '/docs#rate-limits');
}

export async function aPhoneHasADrawer(page, { url }) {
  await page.goto(`${url}/docs/types/Customer`);
  const contents = page.getByRole('navigation', { name: 'Contents' });
  const opener = page.getByRole('button', { name: 'Contents' });
  assert.ok(await contents.isHidden());
  await page.evaluate(() => window.scrollTo(0, 4000));
  await opener.click(); // it stays at the top
  assert.ok(await contents.getByRole('link', { name: 'Customer', exact: true }).isVisible());
  await page.keyboard.press('Escape');
  assert.ok(await contents.isHidden());
  assert.equal(await page.evaluate(() => document.activeElement.id), 'ref-open');
  await opener.click();
  await page.getByRole('button', { name: 'Close' }).click();
  await contents.waitFor({ state: 'hidden' });
  await opener.click();
  await contents.getByRole('link', { name: 'Tokens', exact: true }).click();
  await page.waitForURL(`${url}/docs/guides/tokens`);
  await page.getByRole('navigation', { name: 'Above this page' }).getByRole('link', { name: 'Reference' }).click();
  await page.waitForURL(`${url}/docs`);
  await page.getByRole('searchbox').fill('expiring');
  const result = page.locator('#ref-results a').first();
  await result.waitFor();
  await fits(page);
  await result.click();
  await page.waitForURL(/expiring/i);
  await page.getByRole('link', { name: 'Playground', exact: true }).click();
  await page.waitForURL(`${url}/`);
}
aPhoneHasADrawer.options = { viewport: phone, hasTouch: true };

// eachStopIsSeen goes through a page by the Tab key alone.
export async function eachStopIsSeen(page, { url }) {
  await page.goto(`${url}/docs/types/Site`);
  const names = [];
  for (let stops = 0; stops < 60; stops++) {
    await page.keyboard.press('Tab');
    const stop = await page.evaluate(() => {
      const element = document.activeElement;
      const { outlineStyle, outlineWidth } = getComputedStyle(element);
      const { top, bottom } = element.getBoundingClientRect();
      return { name: element.getAttribute('aria-label') || element.labels?.[0]?.textContent || element.textContent.trim(), seen: outlineStyle !== 'none' && outlineWidth !== '0px', inSight: bottom > 0 && top < window.innerHeight };
    });
    assert.ok(stop.name && stop.seen && stop.inSight, `${JSON.stringify(stop)} after ${names.join(' | ')}`);
    names.push(stop.name.slice(0, 30));
  }
  let from = 0;
  for (const name of ['Skip to the content', 'Playground', 'Reference', 'Schema map', 'Schema', 'Search', 'Getting started', 'Making requests', 'Guides']) {
    from = names.findIndex((each, index) => index >= from && each.startsWith(name)) + 1;
    assert.ok(from > 0, `${name} is not in its place: ${names.join(' | ')}`);
  }
}

// look holds that each page fits the window, and that axe finds nothing.
async function look(page, { url }) {
  for (const target of ['/docs', '/docs/examples', '/docs/types/Query', '/docs/types/ErrorCode', '/docs/guides/tokens', '/docs/guides/benchmarks', '/docs/graph', '/docs/graph#Customer']) {
    await page.goto(url + target);
    await page.waitForFunction(() => document.querySelector('.scripted, #map svg'));
    await fits(page);
    await judge(page, target);
  }
  await page.goto(`${url}/docs`);
  await page.getByRole('searchbox').fill('balance');
  await page.locator('#ref-results a').first().waitFor();
  await judge(page, 'the search');
  const opener = page.getByRole('button', { name: 'Contents' });
  if (await opener.isHidden()) return;
  await page.keyboard.press('Escape');
  await opener.click();
  await page.waitForTimeout(300); // the drawer has come in
  await judge(page, 'the drawer', ['landmark-one-main', 'page-has-heading-one']); // the text can't be reached meanwhile
}

async function judge(page, what, without = []) {
  const { violations } = await new AxeBuilder({ page }).disableRules(without).analyze();
  assert.deepEqual(violations.map(({ id, impact, nodes }) => `${impact} ${id}: ${nodes.slice(0, 3).map(({ html }) => html).join(' ')}`), [], what);
}
export const referenceWideAndLight = look.bind(null);
export const referenceWideAndDark = look.bind(null);
export const referenceNarrowAndLight = look.bind(null);
export const referenceNarrowAndDark = look.bind(null);
referenceWideAndDark.options = { colorScheme: 'dark' };
referenceNarrowAndLight.options = { viewport: phone };
referenceNarrowAndDark.options = { viewport: phone, colorScheme: 'dark' };
