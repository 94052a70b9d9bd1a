// The pictures of the documentation.
import { run, shown, start } from './parts.mjs';

const folder = process.env.SCREENSHOTS;

async function playground(page, { url }, name) {
  await start(page, url);
  await run(page);
  await shown(page, 'rows', /Rows: [1-9]/);
  await page.evaluate(() => document.activeElement.blur());
  await page.mouse.move(0, 0);
  await page.screenshot({ path: `${folder}/${name}.png` });
}
export const wide = (page, server) => playground(page, server, 'playground-1600');
export const dark = (page, server) => playground(page, server, 'playground-1600-dark');
export const narrow = (page, server) => playground(page, server, 'playground-360');
const viewport = { width: 1600, height: 740 };
wide.options = { viewport };
dark.options = { viewport, colorScheme: 'dark' };
narrow.options = { viewport: { width: 360, height: 740 } };
