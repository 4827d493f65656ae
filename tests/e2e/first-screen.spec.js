// The first screen: the opening, the experiment bar, what is broken first, and everything that matters in sight at once.
import { expect, test } from './fixtures.js';
import { command, seek } from './helpers.js';

const SIZES = [
  [1440, 900],
  [1180, 760],
  [390, 844],
  [360, 740],
  [720, 450],
];

/** Whether all of it lies within the window. @param {import('@playwright/test').Locator} what */
const inSight = (what) =>
  what.evaluate((el) => {
    const r = el.getBoundingClientRect();
    return r.height > 0 && r.top >= 0 && r.bottom <= innerHeight + 1 && r.left >= -1 && r.right <= innerWidth + 1;
  });

for (const [width, height] of SIZES)
  test(`Write, Read and the picture are on one screen, ${width} × ${height}`, async ({ open, page }) => {
    await page.setViewportSize({ width, height });
    const playground = await open();
    for (const name of ['Write', 'Read'])
      expect(await inSight(playground.getByRole('button', { name, exact: true }))).toBe(true);
    const nodes = playground.locator('.node');
    const shown = width > 700 && height < 500 ? 1 : 4; // at 200 % zoom the slaves begin in sight
    for (let i = 0; i < shown; i++) expect(await inSight(nodes.nth(i)), `node ${i}`).toBe(true);
  });

test('the opening asks, and a press answers', async ({ open, page }) => {
  await page.addInitScript(() => {
    if (!sessionStorage.getItem('begun')) localStorage.removeItem('replication-playground opening');
    sessionStorage.setItem('begun', '1');
  });
  const playground = await open();
  await expect(playground.getByText('Watch it go.')).toBeVisible();
  const read = playground.getByRole('button', { name: 'Read from s3' });
  await expect(read).toBeVisible({ timeout: 15_000 });
  await expect(playground.getByText('What will you get?')).toBeVisible();
  await expect(playground.locator('.node', { hasText: 's3' }).getByText('1 behind')).toBeVisible();
  await read.click();
  const answer = playground.getByRole('list', { name: 'Answers' }).getByRole('listitem').first();
  await expect(answer).toContainText('old');
  // It is not told twice.
  await page.reload();
  await expect(playground.getByRole('button', { name: 'Write', exact: true })).toBeVisible();
  await expect(playground.getByText('Watch it go.')).toBeHidden();
});

for (const [width, height] of [
  [390, 844],
  [360, 740],
])
  test(`the opening is whole on a phone, ${width} px wide`, async ({ open, page }) => {
    await page.setViewportSize({ width, height });
    await page.addInitScript(() => localStorage.removeItem('replication-playground opening'));
    const playground = await open();
    const whole = () =>
      playground.locator('.hint.opening').evaluate((el) => {
        const [room, words] = [el, el.querySelector('p')].map((one) => one?.getBoundingClientRect());
        return !!room && !!words && words.top >= room.top && words.bottom <= room.bottom;
      });
    await expect(playground.getByText('Watch it go.')).toBeVisible();
    expect(await whole()).toBe(true);
    await expect(playground.getByText('What will you get?')).toBeVisible({ timeout: 15_000 });
    expect(await whole()).toBe(true);
  });

test('what has just happened is in sight', async ({ open, page }) => {
  await page.setViewportSize({ width: 1440, height: 900 });
  const playground = await open();
  for (let i = 0; i < 8; i++) {
    await command(playground, 'A write cart 1');
    await seek(playground, (i + 1) * 4_000_000);
  }
  expect(await inSight(playground.locator('.side .story li').last())).toBe(true);
});

test('whatever is pressed ends the opening, and a link has none', async ({ open, page }) => {
  await page.addInitScript(() => localStorage.removeItem('replication-playground opening'));
  const playground = await open();
  await expect(playground.getByText('Watch it go.')).toBeVisible();
  await playground.getByRole('button', { name: 'Kill m' }).click();
  await expect(playground.getByText('Watch it go.')).toBeHidden();
  await expect(playground.getByRole('button', { name: 'Start m' })).toBeVisible();
});

test('with reduced motion the opening is its last picture', async ({ open, page }) => {
  await page.emulateMedia({ reducedMotion: 'reduce' });
  await page.addInitScript(() => localStorage.removeItem('replication-playground opening'));
  const playground = await open();
  await expect(playground.getByRole('button', { name: 'Read from s3' })).toBeVisible();
});

test('the experiment bar sets up, breaks and promotes', async ({ open, expectAccessible }) => {
  const playground = await open();
  const bar = playground.getByRole('region', { name: 'Experiment' });
  const text = () => playground.evaluate((element) => /** @type {any} */ (element).text);
  await bar.getByRole('button', { name: 'one slave' }).click();
  await expect(bar.getByRole('button', { name: 'one slave' })).toHaveAttribute('aria-pressed', 'true');
  expect(await text()).toContain('replication sync 1 applied');
  await bar.getByRole('button', { name: 'all', exact: true }).click();
  expect(await text()).toContain('replication sync all applied');
  await bar.getByLabel('Behave as').selectOption('redis-async');
  expect(await text()).toContain('preset redis-async');
  await expect(bar.getByRole('button', { name: 'the master' })).toHaveAttribute('aria-pressed', 'true');
  await bar.getByLabel('Network').selectOption({ label: 'cut off s1' });
  expect(await text()).toContain('partition s1');
  await bar.getByLabel('Network').selectOption({ label: 'heal all' });
  expect(await text()).toContain('heal all');
  await bar.getByRole('button', { name: 'Kill m' }).click();
  await bar.getByLabel('Promote').selectOption({ label: 's2' });
  expect(await text()).toContain('promote s2');
  await expect(bar.getByRole('button', { name: 'Kill s2' })).toBeVisible();
  await expectAccessible('.experiment');
});

test('what is broken stands first, with what broke it', async ({ open, page, expectAccessible }) => {
  await page.setViewportSize({ width: 1440, height: 900 });
  const playground = await open();
  await expect(playground.locator('.worst')).toContainText('Nothing is broken.');
  await playground.evaluate((element) => {
    /** @type {any} */ (element).text =
      'cluster m + s1\nclients A\nlink nodes latency 2s\nat 0s A write k 1\nat 100ms crash m\nat 200ms promote s1\n';
  });
  await playground.evaluate((element) => /** @type {any} */ (element).seek(1_000_000));
  const worst = playground.locator('.worst');
  await expect(worst).toContainText('No acknowledged write is lost');
  await expect(worst).toContainText('was promoted without it');
  await expect(playground.locator('.counters .broken')).toContainText('1');
  await expectAccessible('.side');
});
