// The tab “Studies”: the staleness curve and the same run under other settings, apart from the run on the page.
import { readFile } from 'node:fs/promises';
import { expect, test } from './fixtures.js';
import {
  command,
  expectNoSidewaysScroll,
  FIRST_MODULES,
  hashOf,
  nameOf,
  openTab,
  run,
  seek,
  servePage,
  stateOf,
  textOf,
} from './helpers.js';

/** @typedef {import('@playwright/test').Locator} Locator */
/** @typedef {import('@playwright/test').Page} Page */

/** A write needs 50 ms to the slave; its answer and the read take 1 ms each. */
const STEP = 'cluster m + s1\nflush 0ms\nlink nodes latency 50ms\nlink clients latency 1ms\n';
const LOADED = `cluster m + s1 s2
seed 3
link nodes latency 20ms jitter 20ms
link clients latency 2ms
load 200/s reads 50% keys 50
`;
/** So much that each seed takes its time. */
const HEAVY = `cluster m + ${Array.from({ length: 12 }, (_, i) => `s${i + 1}`).join(' ')}
load 9000/s reads 20% keys 500
link nodes latency 20ms
delay s2 10s
`;

/** @param {Locator} playground @param {string} text @param {number} [us] */
async function study(playground, text, us = 2_000_000) {
  await run(playground, text);
  await seek(playground, us);
  await openTab(playground, 'Studies');
}
/** @param {Locator} playground */
const curve = (playground) => playground.getByRole('region', { name: 'How likely is a stale read' });
/** @param {Locator} playground */
const beside = (playground) => playground.getByRole('region', { name: 'The same run under other settings' });
/** @param {Locator} playground */
const summary = (playground) => curve(playground).getByRole('status');
/** @param {Locator} playground */
const slider = (playground) => curve(playground).getByRole('slider', { name: 'Time after the write' });
/** Waits until a study is done. @param {Locator} playground */
const drawn = (playground) => expect(summary(playground)).toHaveText(/\S/, { timeout: 30_000 });

/** The curve as its table has it: ms and per cent. @param {Locator} playground @returns {Promise<[number, number][]>} */
async function tableOf(playground) {
  await curve(playground).getByText('As a table').click();
  const rows = curve(playground).getByRole('row');
  await expect(rows).toHaveCount(26);
  const cells = await rows.evaluateAll((all) =>
    all.slice(1).map((row) => [...row.children].map((cell) => cell.textContent ?? '')),
  );
  return cells.map(([at, share]) => [parseFloat(at), parseFloat(share)]);
}

/** The middle of what was measured, for each setting. @param {Locator} playground @param {string} group @param {string} row */
async function middles(playground, group, row) {
  const rows = beside(playground).locator('tbody').filter({ hasText: group }).getByRole('row');
  const cells = rows.filter({ has: playground.page().getByRole('rowheader', { name: row, exact: true }) });
  const words = await cells.locator('.studies-value').allTextContents();
  return words.map((word) => parseFloat(word) * (/\d s/.test(word) ? 1000 : 1));
}

/** Plays a comparison to its end. @param {Locator} playground @param {string | RegExp} [press] */
async function compare(playground, press = /^Compare/) {
  await beside(playground).getByRole('button', { name: press }).click();
  await expect(beside(playground).getByRole('progressbar')).toHaveCount(0, { timeout: 45_000 });
  await expect(beside(playground).getByRole('button', { name: 'Save as CSV' })).toBeVisible();
}

test('without chance the curve is a step where it must be, and its sentence says so', async ({ open }) => {
  const playground = await open();
  await study(playground, STEP);
  await drawn(playground);
  const points = await tableOf(playground);
  for (const [at, share] of points) {
    if (at < 47.5) expect(share, `${at} ms`).toBe(100);
    if (at > 48.5) expect(share, `${at} ms`).toBe(0);
  }
  const first = points.find(([, share]) => share === 0)?.[0];
  await expect(summary(playground)).toContainText(`After ${first} ms at most 1 read in 100 is stale.`);
  await expect(curve(playground)).toContainText('The band is narrow');
  await expect(curve(playground).getByRole('img')).toBeVisible();
});

test('points are read by keyboard and by pointing', async ({ open, page }) => {
  const playground = await open();
  await study(playground, STEP);
  await drawn(playground);
  await slider(playground).focus();
  await page.keyboard.press('ArrowRight');
  await expect(slider(playground)).toHaveAttribute('aria-valuetext', /^3\.\d+ ms after: 100 % of reads are stale, /);
  await page.keyboard.press('End');
  await expect(curve(playground).locator('.studies-told')).toHaveText(/ms after: 0 % of reads are stale, 0–/);
  const box = await curve(playground).getByRole('img').boundingBox();
  if (!box) throw new Error('no chart');
  await page.mouse.move(box.x + 60, box.y + 60);
  await expect(curve(playground).locator('.studies-told')).toContainText(': 100 % of reads');
});

test('it is drawn again when a setting changes, and only then', async ({ open }) => {
  const playground = await open();
  await study(playground, STEP);
  await drawn(playground);
  await expect(summary(playground)).toContainText('After 49 ms');
  await command(playground, 'router master');
  await expect(summary(playground)).toHaveText('No read was stale, however early it came.');
  await command(playground, 'router round-robin');
  await command(playground, 'link m-s1 latency 400ms');
  await expect(summary(playground)).toContainText(/^After (399|4\d\d) ms/);
  await command(playground, 'crash m');
  await expect(summary(playground)).toHaveText('No read was answered, so nothing can be said.');
  await expect(curve(playground)).toContainText('requests failed: writes that were not acknowledged');
});

test('one looks as far behind a write as one likes', async ({ open }) => {
  const playground = await open();
  await study(playground, 'cluster m + s1 s2\nlink nodes latency 60ms\nlink clients latency 1ms\nat 1s hold m-s2\n');
  await curve(playground).getByRole('combobox', { name: 'Time range after the write' }).selectOption('100 ms');
  await expect(slider(playground)).toHaveAttribute('aria-valuetext', /^0 ms after: 100 %/);
  await expect(summary(playground)).toHaveText(
    'Even 100 ms after the write, 50 of 100 reads are stale. Right after the answer, 100 of 100 are.',
  );
  const points = await tableOf(playground);
  expect(points.at(-1)?.[0]).toBe(100);
  expect(points.at(12)).toEqual([50, 100]);
});

test('more seeds make the band narrower', async ({ open }) => {
  const playground = await open();
  await study(playground, 'cluster m + s1\nlink nodes latency 10ms jitter 100ms\nlink clients latency 1ms\n');
  await drawn(playground);
  await expect(curve(playground)).toContainText('40 seeds, 8,000 reads counted.');
  await slider(playground).fill('9');
  const width = async () => {
    const [, low, high] =
      /, ([\d.]+)–([\d.]+) %/.exec((await slider(playground).getAttribute('aria-valuetext')) ?? '') ?? [];
    return Number(high) - Number(low);
  };
  await expect.poll(width).toBeGreaterThan(5); // of the point that was gone to
  const before = await width();
  await curve(playground).getByRole('button', { name: 'More seeds' }).click();
  await expect(curve(playground)).toContainText('160 seeds, 32,000 reads counted.');
  await expect.poll(width).toBeLessThan(before * 0.7);
});

test('a study that takes long tells how far it is, and is cancelled at once; the run stays as it was', async ({
  open,
}) => {
  const playground = await open();
  await run(playground, HEAVY);
  await seek(playground, 1_000_000);
  const before = [await hashOf(playground), (await stateOf(playground)).nowUs, await textOf(playground)];
  await openTab(playground, 'Studies');
  await expect(curve(playground).getByRole('progressbar')).toBeVisible();
  await curve(playground).getByRole('button', { name: 'Cancel the study' }).click();
  await expect(curve(playground)).toContainText('Cancelled.');
  await expect(curve(playground).getByRole('progressbar')).toHaveCount(0);
  await beside(playground).getByRole('button', { name: 'Compare', exact: true }).click();
  await expect(beside(playground)).toContainText(/\d+ of \d+ runs played/);
  await beside(playground).getByRole('button', { name: 'Cancel the comparison' }).click();
  await expect(beside(playground)).toContainText('Cancelled: what was played so far is shown.');
  expect([await hashOf(playground), (await stateOf(playground)).nowUs, await textOf(playground)]).toEqual(before);
  await curve(playground).getByRole('button', { name: 'Study it as it is now' }).click();
  await expect(curve(playground).getByRole('progressbar')).toBeVisible();
});

test('a curve that nobody sees is not made', async ({ open, page }) => {
  const playground = await open();
  await study(playground, HEAVY, 1_000_000);
  await expect.poll(() => page.workers().length).toBe(1);
  await openTab(playground, 'Text');
  await expect.poll(() => page.workers().length).toBe(0);
  await run(playground, STEP);
  await openTab(playground, 'Studies');
  await drawn(playground);
});

test('a run that is too busy is refused in the core’s words', async ({ open }) => {
  const playground = await open();
  // A write waits for long, while very much is asked.
  const busy = 'cluster m + s1\nreplication sync all applied\ntimeout 60s\ndelay s1 30s\nload 20000/s reads 100%\n';
  await study(playground, busy, 100_000);
  const alert = curve(playground).getByRole('alert');
  await expect(alert).toContainText('Too much happens in this run for a study', { timeout: 45_000 });
  await command(playground, 'load off');
  await expect(alert).toHaveCount(0, { timeout: 45_000 });
});

test('side by side: what a setting costs, and what it saves', async ({ open }) => {
  const playground = await open();
  await study(playground, LOADED);
  await compare(playground);
  const headers = beside(playground).getByRole('columnheader');
  await expect(headers.filter({ hasText: /as it is|replication/ })).toHaveText([
    'as it is',
    'replication sync 1 received',
    'replication sync all applied',
    'replication sync all applied hidden',
  ]);
  const writes = await middles(playground, 'Writes:', 'p50');
  expect(writes[0]).toBeLessThan(8);
  expect(writes[1]).toBeGreaterThan(40);
  expect(writes[2]).toBeGreaterThan(writes[1]);
  const stale = await middles(playground, 'What went wrong', 'stale of 1000 reads');
  expect(stale[0]).toBeGreaterThan(10);
  expect(stale[3]).toBe(0);
  const row = beside(playground).locator('tbody').filter({ hasText: 'Writes:' }).getByRole('row').nth(1);
  await expect(row.getByRole('cell').first()).toContainText('best');
  await expect(row.getByRole('cell').first()).not.toContainText('worst');
});

test('side by side: routers, numbers of slaves, and the lines that are left out', async ({ open }) => {
  const playground = await open();
  await study(playground, `${LOADED}at 500ms delay s2 300ms\n`);
  const what = beside(playground).getByRole('combobox', { name: 'Compare' });
  await what.selectOption('router');
  await compare(playground);
  const stale = await middles(playground, 'What went wrong', 'stale of 1000 reads');
  expect(stale[1]).toBe(0); // from the master
  expect(stale[0]).toBeGreaterThan(10);
  await what.selectOption('slaves');
  await compare(playground);
  await expect(beside(playground)).toContainText('slaves 1: 1 line of the text names what is not there then');
});

test('side by side: settings of one’s own are checked by the core', async ({ open }) => {
  const playground = await open();
  await study(playground, LOADED);
  await beside(playground).getByRole('combobox', { name: 'Compare' }).selectOption('own');
  const own = beside(playground).getByRole('textbox', { name: 'Settings, one in a line' });
  const press = beside(playground).getByRole('button', { name: 'Compare', exact: true });
  await press.click();
  await expect(beside(playground).getByRole('alert')).toHaveText(
    'Write a setting first that differs from the run’s own.',
  );
  await own.fill('crash m');
  await press.click();
  await expect(beside(playground).getByRole('alert')).toContainText('The core refuses this study. This is no setting');
  await own.fill('flush 30ms\n<img src=x onerror=alert(1)>');
  await press.click();
  await expect(beside(playground).locator('code').first()).toHaveText('<img src=x onerror=alert(1)>');
  await own.fill('flush 30ms');
  await compare(playground);
  const writes = await middles(playground, 'Writes:', 'p50');
  expect(writes[1] - writes[0]).toBeGreaterThan(20);
});

test('without a load one can be added for the study, and the run has none', async ({ open, page }) => {
  const playground = await open();
  await study(playground, LOADED.replace(/load.*\n/, 'load off\n'));
  const before = [await hashOf(playground), await textOf(playground)];
  await expect(beside(playground)).toContainText('Nobody asks by itself in this run');
  await compare(playground, 'Compare with a load of 100 requests/s');
  await expect(beside(playground)).toContainText('With “load 100/s reads 80% keys 50” added for this study.');
  const reads = await middles(playground, 'Per second', 'reads');
  for (const rate of reads) expect(Math.abs(rate - 80)).toBeLessThan(15);
  expect([await hashOf(playground), await textOf(playground)]).toEqual(before);

  const download = page.waitForEvent('download');
  await beside(playground).getByRole('button', { name: 'Save as CSV' }).click();
  const lines = (await readFile(await (await download).path(), 'utf8')).trim().split('\r\n');
  expect(lines).toHaveLength(1 + 4 * 5);
  expect(lines[0]).toContain('"setting","seed","load","simulated s","read p50 ms"');
  expect(lines[1]).toContain('"as it is","3","load 100/s');
  await compare(playground, 'Compare the run as it is');
  await expect(beside(playground)).not.toContainText('The run has changed since');
  expect(await middles(playground, 'Per second', 'reads')).toEqual([0, 0, 0, 0]);
  await command(playground, 'A write k v');
  await expect(beside(playground)).toContainText('The run has changed since: compare it again.');
});

test('the worker comes with the tab, gets the compiled module, and leaves the running run alone', async ({
  open,
  page,
}) => {
  const modules = /** @type {string[]} */ ([]);
  page.context().on('request', (request) => request.url().endsWith('.wasm') && modules.push(request.url()));
  const playground = await open();
  await run(playground, LOADED);
  expect(page.workers()).toHaveLength(0);
  await openTab(playground, 'Studies');
  await drawn(playground);
  expect(page.workers()).toHaveLength(1);
  expect(modules.map(nameOf)).toEqual(FIRST_MODULES);
  await seek(playground, 0);
  await seek(playground, 3_000_000);
  const there = await hashOf(playground);
  await compare(playground);
  await seek(playground, 0);
  await seek(playground, 3_000_000);
  expect(await hashOf(playground)).toBe(there);
});

test('it works where the script comes from another origin', async ({ open, page, tolerate, baseURL }) => {
  tolerate(/another origin/);
  const port = new URL(baseURL ?? '').port;
  const other = `http://127.0.0.1:${port}`;
  await page.route(`${other}/**`, async (route) => {
    const response = await route.fetch();
    await route.fulfill({ response, headers: { ...response.headers(), 'access-control-allow-origin': '*' } });
  });
  await page.route('**/elsewhere.html', (route) =>
    route.fulfill({
      contentType: 'text/html',
      body: `<!doctype html><html lang="en"><title>Host</title><link rel="icon" href="www/icon.svg">
        <script type="module" src="${other}/replication-playground.js"></script><replication-playground></replication-playground>`,
    }),
  );
  const playground = await open('elsewhere.html');
  await study(playground, STEP);
  await drawn(playground);
  await expect(summary(playground)).toContainText('After 49 ms');
  expect(page.workers()[0].url()).toMatch(/^blob:/);
});

test('where workers are forbidden it says so, and does the study all the same', async ({ open, page, tolerate }) => {
  tolerate(/Content Security Policy|worker/i);
  await page.route('**/*', async (route) => {
    const response = await route.fetch();
    const policy = "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; worker-src 'none'";
    await route.fulfill({ response, headers: { ...response.headers(), 'content-security-policy': policy } });
  });
  const playground = await open();
  await study(playground, STEP);
  await drawn(playground);
  await expect(curve(playground)).toContainText('This page forbids workers');
  await expect(summary(playground)).toContainText('After 49 ms');
});

test('a strict Content-Security-Policy is enough for the worker', async ({ open, page }) => {
  await page.route('**/*', async (route) => {
    const response = await route.fetch();
    const policy = "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'";
    await route.fulfill({ response, headers: { ...response.headers(), 'content-security-policy': policy } });
  });
  const playground = await open();
  await study(playground, LOADED);
  await drawn(playground);
  await expect(curve(playground)).not.toContainText('This page forbids workers');
  await compare(playground);
});

test('two playgrounds study side by side', async ({ open, page }) => {
  const both = '<replication-playground></replication-playground>'.repeat(2);
  const first = await open(await servePage(page, both));
  const second = page.locator('replication-playground').nth(1);
  await second.scrollIntoViewIfNeeded();
  await second.evaluate((/** @type {any} */ element) => element.ready);
  await study(first, STEP);
  await study(second, `${STEP}router master\n`);
  await drawn(first);
  await drawn(second);
  await expect(summary(first)).toContainText('After 49 ms');
  await expect(summary(second)).toContainText('No read was stale');
});

for (const scheme of /** @type {const} */ (['light', 'dark'])) {
  for (const width of [1280, 360]) {
    test(`it is accessible and fits in ${scheme}, ${width} px wide`, async ({ open, page, expectAccessible }) => {
      await page.emulateMedia({ colorScheme: scheme });
      await page.setViewportSize({ width, height: 800 });
      const playground = await open();
      await study(playground, `${LOADED}at 500ms delay s2 300ms\n`);
      await drawn(playground);
      await beside(playground).getByRole('combobox', { name: 'Compare' }).selectOption('slaves');
      await compare(playground);
      await curve(playground).getByText('As a table').click();
      await beside(playground).getByRole('combobox', { name: 'Compare' }).selectOption('own');
      await expectAccessible('.tabs');
      await expectNoSidewaysScroll(page);
    });
  }
}
