// What nothing happens for is counted down, and one can go there; the bar of experiments keeps to one line.
import { expect, test } from './fixtures.js';
import { command, pause, seek, stateOf } from './helpers.js';

/** @param {import('@playwright/test').Locator} what */
const inSight = (what) =>
  what.evaluate((el) => {
    const r = el.getBoundingClientRect();
    return r.top >= 0 && r.bottom <= innerHeight && r.left >= 0 && r.right <= innerWidth;
  });

for (const [width, height] of [
  [1440, 900],
  [360, 740],
])
  test(`a lease that runs out is counted down, ${width} × ${height}`, async ({ open, page, expectAccessible }) => {
    await page.setViewportSize({ width, height });
    const playground = await open();
    await command(playground, 'preset patroni-async');
    await pause(playground);
    await seek(playground, 1_000_000);
    const wait = playground.locator('.wait');
    await expect(wait).toHaveCount(0);
    await command(playground, 'crash m');
    await seek(playground, 4_000_000);
    await expect(wait).toContainText('m’s lease runs out in 26.0 s');
    expect(await inSight(wait.getByRole('button', { name: 'Go there' }))).toBe(true);
    await expectAccessible('.timeline');
    await seek(playground, 9_500_000);
    await expect(wait).toContainText('in 20.5 s');
    await wait.getByRole('button', { name: 'Go there' }).click();
    await expect.poll(async () => (await stateOf(playground)).nowUs).toBe(30_000_000);
    await expect(playground.getByText('held by nobody')).toBeVisible();
    await expect(wait).toHaveCount(0);
  });

test('who goes there while it plays goes on playing', async ({ open }) => {
  const playground = await open();
  await command(playground, 'preset patroni-async');
  await command(playground, 'crash m');
  const go = playground.getByRole('button', { name: 'Go there' });
  await expect(go).toBeVisible();
  await go.click();
  await expect.poll(async () => (await stateOf(playground)).nowUs).toBeGreaterThan(30_000_000);
  await expect(playground.getByRole('button', { name: 'Pause' })).toBeVisible();
});

test('a write that waits for a slave says for how long its client will', async ({ open }) => {
  const playground = await open();
  await pause(playground);
  for (const line of ['replication sync 1', 'crash s1', 'crash s2', 'crash s3']) await command(playground, line);
  await command(playground, 'A write cart 1');
  await seek(playground, 500_000);
  await expect(playground.locator('.wait')).toHaveCount(0);
  await seek(playground, 2_000_000);
  await expect(playground.locator('.wait')).toContainText(/A gives up on 1 in 6\.0 s/);
});

for (const width of [1180, 1280, 1440])
  test(`the experiments stand on one line, ${width}`, async ({ open, page }) => {
    await page.setViewportSize({ width, height: 760 });
    const playground = await open();
    for (const preset of ['plain', 'pg-async', 'redis-async']) {
      await command(playground, `preset ${preset}`);
      await expect(playground.locator('.experiment select.presets')).toHaveValue(preset);
      const bottoms = await playground
        .locator('.experiment .chip')
        .evaluateAll((chips) => chips.map((chip) => Math.round(chip.getBoundingClientRect().bottom / 8)));
      expect(new Set(bottoms).size, `${preset}: ${bottoms}`).toBe(1);
    }
  });

test('a request without a key says that it needs one', async ({ open, page }) => {
  const playground = await open();
  const before = await playground.evaluate((/** @type {any} */ element) => element.text);
  await playground.getByLabel('Key').fill('');
  await playground.getByRole('button', { name: 'Write', exact: true }).click();
  await expect(playground.getByRole('alert')).toContainText('A request needs a key');
  await page.keyboard.press('Tab');
  expect(await playground.evaluate((/** @type {any} */ element) => element.text)).toBe(before);
});
