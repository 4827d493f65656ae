// What moves, and what does not.
import { expect, test } from './fixtures.js';
import { answers, card, drawingsOf, run, stateOf, watchBeads } from './helpers.js';

// After 0.1 s nothing happens for a long while, but one message is on its way.
const SLOW = 'cluster m + s1\nlink m-s1 latency 10s\nlink clients latency 1ms\nat 0ms A write cart 1\n';

/** Where the message was drawn from 0.2 s to 2.2 s of the run, each place once. @param {import('@playwright/test').Page} page @param {import('@playwright/test').Locator} playground */
async function placesOf(page, playground) {
  const now = async () => (await stateOf(playground)).nowUs;
  await run(playground, SLOW);
  await playground.evaluate((/** @type {any} */ element) => element.play());
  await expect.poll(now).toBeGreaterThan(200_000);
  const before = (await drawingsOf(page)).length;
  await expect.poll(now, { intervals: [100] }).toBeGreaterThan(2_200_000);
  const drawings = (await drawingsOf(page)).slice(before).filter((drawing) => drawing.beads.length === 1);
  const places = drawings.map(({ beads: [bead] }) => bead);
  return [...new Set(places.map(({ x, y }) => `${x} ${y}`))];
}

test('messages glide along their links', async ({ open, page }) => {
  await watchBeads(page);
  const playground = await open();
  expect((await placesOf(page, playground)).length).toBeGreaterThan(12);
});

test('with reduced motion they change their places only in steps, and all can be used', async ({ open, page }) => {
  await page.emulateMedia({ reducedMotion: 'reduce' });
  await watchBeads(page);
  const playground = await open();
  const places = await placesOf(page, playground);
  expect(places.length).toBeGreaterThan(1);
  expect(places.length).toBeLessThanOrEqual(6);
  const moving = await playground.evaluate(
    (/** @type {any} */ element) =>
      [...element.shadowRoot.querySelectorAll('*')].flatMap((part) => part.getAnimations()).length,
  );
  expect(moving).toBe(0);
  await playground.getByRole('button', { name: 'Read', exact: true }).click();
  await expect(answers(playground).first()).toContainText('nothing there');
  await playground.getByRole('switch', { name: 'Power of m' }).click();
  await expect(card(playground, 'm')).toContainText('off');
});

test('time does not jump while nobody draws it', async ({ open, page }) => {
  await page.clock.install({ time: 0 });
  const playground = await open();
  // From here on the clock stands unless it is told to run.
  await page.clock.pauseAt(3_600_000);
  await playground.getByRole('button', { name: 'Write', exact: true }).click();
  await page.clock.runFor(500);
  const { nowUs } = await stateOf(playground);
  expect(nowUs).toBeGreaterThan(200_000);
  expect(nowUs).toBeLessThanOrEqual(700_000);
  // As if the computer slept for an hour.
  await page.clock.fastForward('01:00:00');
  await page.clock.runFor(100);
  expect((await stateOf(playground)).nowUs).toBeLessThan(nowUs + 1_000_000);
});
