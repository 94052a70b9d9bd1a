// The playground at each width and in each colour.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { fits, start } from './parts.mjs';

const axe = readFileSync('node_modules/axe-core/axe.min.js', 'utf8');

// look opens the playground, holds that it fits, and lets axe judge it. What GraphiQL
// draws is not ours to judge.
async function look(page, { url }) {
  await start(page, url);
  await fits(page);
  await page.evaluate(axe);
  const { violations } = await page.evaluate(() => window.axe.run({ exclude: ['.graphiql-main', '.graphiql-sidebar', '.graphiql-container > *'] }));
  assert.deepEqual(violations.map(({ id, nodes }) => `${id}: ${nodes.slice(0, 3).map(({ html }) => html).join(' ')}`), []);
}
export const wideAndLight = look.bind(null);
export const wideAndDark = look.bind(null);
export const narrowAndLight = look.bind(null);
export const narrowAndDark = look.bind(null);
wideAndDark.options = { colorScheme: 'dark' };
narrowAndLight.options = { viewport: { width: 360, height: 740 } };
narrowAndDark.options = { viewport: { width: 360, height: 740 }, colorScheme: 'dark' };
