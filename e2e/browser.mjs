// The pages of the server in Chromium, which may ask nothing but the server. A message
// in the console, a violation of the content security policy, a script that fails and
// a request to elsewhere fail the test that they come up in. With SCREENSHOTS=FOLDER
// it takes the pictures of the documentation instead; with ONLY=TEXT it runs the tests
// that have it in their names.
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { chromium } from 'playwright-core';
import { url } from './server.mjs';
import * as access from './browser/access.mjs';
import * as keyboard from './browser/keyboard.mjs';
import * as pages from './browser/pages.mjs';
import * as phone from './browser/phone.mjs';
import * as playground from './browser/playground.mjs';
import * as reference from './browser/reference.mjs';
import * as referenceScreenshots from './browser/reference-screenshots.mjs';
import * as schemaMap from './browser/map.mjs';
import * as screenshots from './browser/screenshots.mjs';
import * as tables from './browser/tables.mjs';
import * as tabs from './browser/tabs.mjs';
import * as token from './browser/token.mjs';

const places = [process.env.CHROMIUM, '/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];
const executablePath = places.find((place) => place && existsSync(place));
if (!executablePath) throw new Error('There is no Chromium. Install it (Debian: apt-get install chromium), or set CHROMIUM to one.');

const browser = await chromium.launch({
  executablePath,
  args: ['--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'],
});

// open makes a page of its own, and notes what it does wrong.
async function open(options, wrong) {
  const context = await browser.newContext({ viewport: { width: 1600, height: 900 }, colorScheme: 'light', acceptDownloads: true, ...options });
  await context.route('**/*', (route) => {
    if (route.request().url().startsWith(`${url}/`)) return route.continue();
    wrong.push(`a request to ${route.request().url()}`);
    return route.abort();
  });
  await context.addInitScript(() => document.addEventListener('securitypolicyviolation', (event) => console.error(`policy: ${event.violatedDirective} ${event.blockedURI}`)));
  const page = await context.newPage();
  page.on('console', (message) => { if (message.type() === 'error') wrong.push(`console: ${message.text()}`); });
  page.on('pageerror', (error) => wrong.push(`script: ${error.stack}`));
  return page;
}

let failed = 0;
const tests = (process.env.SCREENSHOTS ? [screenshots, referenceScreenshots] : [playground, tabs, tables, phone, token, keyboard, access, pages, reference, schemaMap]).flatMap(Object.entries).filter(([name]) => name.includes(process.env.ONLY ?? ''));
for (const [name, test] of tests) {
  const wrong = [];
  let page;
  try {
    page = await open(test.options, wrong);
    await test(page, { url, expect: (text) => { wrong.splice(0, wrong.length, ...wrong.filter((each) => !each.includes(text))); } });
    assert.deepEqual(wrong, []);
    console.log(`pass ${name}`);
  } catch (error) {
    failed++;
    console.log(`FAIL ${name}: ${error.stack}\n${wrong.join('\n')}`);
  } finally {
    await page?.context().close();
  }
}
await browser.close();
console.log(`${tests.length - failed} of ${tests.length} browser tests pass`);
process.exitCode = failed > 0 ? 1 : 0;
