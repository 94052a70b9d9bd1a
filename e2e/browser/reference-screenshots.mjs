// Pictures of the reference and the schema map, at both widths and in both colours.
const folder = process.env.SCREENSHOTS;
const viewport = { width: 1600, height: 740 };
const phone = { width: 390, height: 844 };

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

for (const wideOne of [reference, map]) wideOne.options = { viewport };
for (const darkOne of [referenceDark, mapDark]) darkOne.options = { viewport, colorScheme: 'dark' };
for (const narrowOne of [referenceNarrow, mapNarrow]) narrowOne.options = { viewport: phone };
for (const narrowDark of [referenceNarrowDark, mapNarrowDark]) narrowDark.options = { viewport: phone, colorScheme: 'dark' };
