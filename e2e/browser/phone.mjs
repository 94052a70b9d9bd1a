// The playground on a phone: what one runs has its answer in sight.
import assert from 'node:assert/strict';
import { answer, fits, run, shown, start, view } from './parts.mjs';

const options = { viewport: { width: 390, height: 844 }, hasTouch: true };

// inSight holds that an element is on the screen, with some height, and that nothing is before it.
async function inSight(page, place, height) {
  const found = await page.locator(place).first().evaluate((element) => {
    const { top, bottom, left, right } = element.getBoundingClientRect();
    const [seenTop, seenBottom] = [Math.max(top, 0), Math.min(bottom, window.innerHeight)];
    const there = document.elementFromPoint((left + Math.min(right, window.innerWidth)) / 2, (seenTop + seenBottom) / 2);
    return { height: seenBottom - seenTop, free: element.contains(there) || there?.contains(element) };
  });
  assert.ok(found.height >= height && found.free, `${place}: ${JSON.stringify(found)}`);
}

export async function theAnswerIsInSight(page, { url }) {
  await start(page, url);
  await run(page);
  await shown(page, 'rows', /Rows: [1-9]/);
  await inSight(page, '.result-window', 200);
  await view(page, 'Table');
  await inSight(page, '.table tbody', 150);
  await view(page, 'Chart');
  await inSight(page, '.canvas canvas', 100);
  await inSight(page, '.graphiql-execute-button', 30);
  await fits(page);
}

export async function anExampleShowsItsAnswer(page, { url }) {
  await start(page, url);
  await page.getByRole('button', { name: 'Show Examples' }).click();
  const answered = answer(page);
  await page.locator('[data-example="balance-history"]').click();
  await answered;
  await shown(page, 'rows', /Rows: [1-9]/);
  await inSight(page, '.result-window', 200);
  await fits(page);
}
theAnswerIsInSight.options = options;
anExampleShowsItsAnswer.options = options;
