// What axe finds on the playground, with all that GraphiQL draws, in each view.
import assert from 'node:assert/strict';
import { AxeBuilder } from '@axe-core/playwright';
import { fits, shown, start, view } from './parts.mjs';

async function look(page, { url }) {
  await start(page, url, '?example=balance-history');
  await shown(page, 'before', /costs/);
  for (const name of ['JSON', 'Table', 'Chart']) {
    await view(page, name);
    if (name === 'Chart') await page.locator('.canvas canvas[width]').waitFor();
    await judge(page, name);
    await fits(page);
  }
  for (const [panel, place] of [['Documentation Explorer', '.graphiql-doc-explorer'], ['History', '.graphiql-history-item'], ['GraphiQL Explorer', '.graphiql-explorer-root']]) {
    await page.getByRole('button', { name: `Show ${panel}` }).click();
    await page.locator(place).first().waitFor();
    await judge(page, panel);
  }
}

async function judge(page, name) {
  const { violations } = await new AxeBuilder({ page }).analyze();
  const found = violations.filter(({ impact }) => impact === 'serious' || impact === 'critical');
  assert.deepEqual(found.map(({ id, nodes }) => `${id}: ${nodes.slice(0, 3).map(({ html }) => html).join(' ')}`), [], name);
}

export const playgroundWideAndLight = look.bind(null);
export const playgroundWideAndDark = look.bind(null);
export const playgroundNarrowAndLight = look.bind(null);
export const playgroundNarrowAndDark = look.bind(null);
const narrow = { width: 390, height: 844 };
playgroundWideAndDark.options = { colorScheme: 'dark' };
playgroundNarrowAndLight.options = { viewport: narrow };
playgroundNarrowAndDark.options = { viewport: narrow, colorScheme: 'dark' };
