// The pictures of the documentation.
import { shown, start, view } from './parts.mjs';

const folder = process.env.SCREENSHOTS;

async function playground(page, { url }, name, example, how) {
  await start(page, url, `?example=${example}`);
  await shown(page, 'rows', /Rows: [1-9]/);
  await view(page, how);
  if (example === 'balances-ledger') { // a wide table
    await page.getByRole('button', { name: 'Hide Examples' }).click();
    await page.getByLabel('List').selectOption('balances › ledger');
  }
  if (how === 'Chart') await page.locator('.canvas canvas[width]').waitFor();
  await shown(page, 'before', /costs/);
  await page.evaluate(() => document.activeElement.blur());
  await page.mouse.move(0, 0);
  await page.screenshot({ path: `${folder}/${name}.png` });
}
export const wide = (page, server) => playground(page, server, 'playground-1600', 'balances-ledger', 'Table');
export const dark = (page, server) => playground(page, server, 'playground-1600-dark', 'balance-history', 'Chart');
export const narrow = (page, server) => playground(page, server, 'playground-390', 'net-balance', 'Table');
export const narrowDark = (page, server) => playground(page, server, 'playground-390-dark', 'customer-account', 'JSON');
const viewport = { width: 1600, height: 900 };
const phone = { width: 390, height: 844 };
wide.options = { viewport };
dark.options = { viewport, colorScheme: 'dark' };
narrow.options = { viewport: phone };
narrowDark.options = { viewport: phone, colorScheme: 'dark' };
