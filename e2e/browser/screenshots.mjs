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
// The reference and the schema map, at both widths and in both colours.
const shot = (path, name) => async (page, { url }) => {
  await page.goto(url + path);
  await page.locator(path.startsWith('/docs/graph') ? '#map svg' : 'main h1').waitFor();
  await page.screenshot({ path: `${folder}/${name}.png` });
};
export const reference = shot('/docs/types/Customer', 'reference-1600');
export const referenceDark = shot('/docs/types/Customer', 'reference-1600-dark');
export const referenceNarrow = shot('/docs/types/Customer', 'reference-390');
export const referenceNarrowDark = shot('/docs/types/Customer', 'reference-390-dark');
export const map = shot('/docs/graph#Customer', 'schema-map-1600');
export const mapDark = shot('/docs/graph#Customer', 'schema-map-1600-dark');
export const mapNarrow = shot('/docs/graph#Customer', 'schema-map-390');
export const mapNarrowDark = shot('/docs/graph#Customer', 'schema-map-390-dark');
const viewport = { width: 1600, height: 740 };
wide.options = { viewport };
dark.options = { viewport, colorScheme: 'dark' };
narrow.options = { viewport: { width: 360, height: 740 } };
const phone = { width: 390, height: 844 };
for (const wideOne of [reference, map]) wideOne.options = { viewport };
for (const darkOne of [referenceDark, mapDark]) darkOne.options = { viewport, colorScheme: 'dark' };
for (const narrowOne of [referenceNarrow, mapNarrow]) narrowOne.options = { viewport: phone };
for (const narrowDark of [referenceNarrowDark, mapNarrowDark]) narrowDark.options = { viewport: phone, colorScheme: 'dark' };
