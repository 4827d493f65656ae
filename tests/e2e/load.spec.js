// Load: what clients ask beside what is asked by hand, what it does to the nodes, and the curves of it.
import { readFile } from 'node:fs/promises';
import { expect, test } from './fixtures.js';
import {
  card,
  command,
  expectLines,
  expectNoSidewaysScroll,
  fill,
  goTo,
  notice,
  openNode,
  openSettings,
  openTab,
  pause,
  run,
  stateOf,
  textOf,
} from './helpers.js';

/** @typedef {import('@playwright/test').Locator} Locator */

const LOADED = `cluster m + s1 s2
link nodes latency 20ms
link clients latency 5ms
capacity nodes read 8ms write 2ms apply 1ms workers 1 queue 20 random
load 100/s reads 90% keys 50
at 8s load off
`;

/** The client that stands for all of a load. @param {Locator} playground */
const client = (playground) => playground.locator('.client').filter({ hasText: 'Load' });
/** @param {Locator} playground */
const charts = (playground) => playground.locator('.charts');

test('a load is switched on, changed and switched off; each is a line of the text', async ({ open }) => {
  const playground = await open();
  const load = playground.getByRole('group', { name: 'Load', exact: true });
  await expect(load.getByRole('button', { name: 'off' })).toHaveAttribute('aria-pressed', 'true');
  await load.getByRole('button', { name: '10/s' }).click();
  await expect(load.getByRole('button', { name: '10/s' })).toHaveAttribute('aria-pressed', 'true');
  await expect.poll(async () => (await stateOf(playground)).load?.reads ?? 0).toBeGreaterThan(0);
  await expect(client(playground)).toContainText(/\d+ reads\/s/);
  await load.getByRole('button', { name: '1000/s' }).click();
  await load.getByRole('button', { name: 'off' }).click();
  await pause(playground);
  await expect.poll(async () => (await stateOf(playground)).load ?? null).toBe(null);
  const lines = (await textOf(playground)).match(/load .*/g);
  expect(lines).toEqual([
    'load 10/s reads 80% keys 1000 uniform value 100B',
    'load 1000/s reads 80% keys 1000 uniform value 100B',
    'load off',
  ]);
});

test('every property of a load and of a capacity has its control', async ({ open }) => {
  const playground = await open();
  await run(playground, 'cluster m + s1\n');
  await openSettings(playground);
  const kind = playground.locator('[data-setting="load"]').getByRole('combobox');
  const field = (/** @type {string} */ name) => playground.getByRole('textbox', { name });
  const zipf = 'the same, a few keys more often (Zipf)';
  await expectLines(
    playground,
    async () => {
      await kind.selectOption({ label: 'requests at random instants' });
      await kind.selectOption('100/s reads 80% keys 1000 zipf 0.99 value 100B');
      await fill(field('Load: exponent'), '1.2');
      await kind.selectOption({ label: 'clients that wait for their answers' });
      await fill(field('Load: think'), '50ms');
      await kind.selectOption('off');
    },
    'load 100/s reads 80% keys 1000 uniform value 100B',
    'load 100/s reads 80% keys 1000 zipf 0.99 value 100B',
    'load 100/s reads 80% keys 1000 zipf 1.20 value 100B',
    'load 20 clients think 100ms reads 80% keys 1000 uniform value 100B',
    'load 20 clients think 50ms reads 80% keys 1000 uniform value 100B',
    'load off',
  );
  await expect(kind.getByRole('option', { name: zipf })).toHaveCount(2);
  const all = playground.getByRole('combobox', { name: 'Work of all nodes takes' });
  await expectLines(
    playground,
    async () => {
      await all.selectOption({ label: 'a random time (exponential)' });
      await fill(field('Work of all nodes takes: queue'), '7');
      await all.selectOption('unlimited');
    },
    'capacity nodes read 5ms write 5ms apply 1ms workers 1 queue 100 random',
    'capacity nodes read 5ms write 5ms apply 1ms workers 1 queue 7 random',
    'capacity nodes unlimited',
  );
  const menu = await openNode(playground, 's1');
  await expectLines(
    playground,
    () => menu.getByRole('combobox', { name: 'Work takes' }).selectOption({ label: 'always as long' }),
    'capacity s1 read 5ms write 5ms apply 1ms workers 1 queue 100 steady',
  );
  await fill(menu.getByRole('textbox', { name: 'Work takes: workers' }), '0');
  await expect(notice(playground)).toContainText('out of range');
});

test('where much goes the links show a flow, with its rate; slowed down, single messages', async ({ open }) => {
  const playground = await open();
  await run(playground, LOADED.replace('100/s', '400/s'));
  await goTo(playground, 3_000_000);
  await expect(playground.locator('.stage .rate')).not.toHaveCount(0);
  const { links } = await stateOf(playground);
  const said = await playground.locator('.stage .rate').allTextContents();
  const rates = links.map((/** @type {any} */ link) => `${Math.max(link.forth.rate, link.back.rate)}/s`);
  expect(
    said.every((text) => rates.includes(text)),
    `${said} of ${rates}`,
  ).toBe(true);
  await playground.getByRole('combobox', { name: 'Speed' }).selectOption('10');
  await expect(playground.locator('.stage .rate')).toHaveCount(0);
});

test('a node that has too much to do says so', async ({ open }) => {
  const playground = await open();
  await run(playground, LOADED.replace('100/s', '400/s'));
  await goTo(playground, 4_000_000);
  await pause(playground);
  const { nodes, load } = /** @type {any} */ (await stateOf(playground));
  expect(nodes[1].capacity.waiting).toBeGreaterThan(10);
  await expect(card(playground, 's1')).toContainText(`1 of 1 worker busy, ${nodes[1].capacity.waiting} of at most 20`);
  expect(load.failed).toBeGreaterThan(10);
  await expect(client(playground)).toContainText(`${load.failed} failed/s`);
});

test('the curves are the figures of the core: as a picture, a table, a file', async ({ open, page }) => {
  const playground = await open();
  await run(playground, LOADED);
  await goTo(playground, 6_000_000);
  await pause(playground);
  await openTab(playground, 'Charts');
  await expect(charts(playground).locator('.plot canvas')).toHaveCount(6);
  await charts(playground).getByText('As a table').click();
  const row = charts(playground).getByRole('row').last();
  const curves = await playground.evaluate((/** @type {any} */ element) => {
    const data = element.measured(0, 6_000_000);
    return { at: data.atS.at(-1), reads: data.reads.at(-1), p50: data.readMs.p50.at(-1), all: data.atS.length };
  });
  expect(curves.at).toBe(6);
  await expect(row.getByRole('rowheader')).toHaveText('6.000 s');
  expect(Number(await row.getByRole('cell').first().textContent())).toBeCloseTo(curves.reads, 0);
  expect(Number(await row.getByRole('cell').nth(3).textContent())).toBeCloseTo(curves.p50, 0);
  const [file] = await Promise.all([
    page.waitForEvent('download'),
    charts(playground).getByRole('button', { name: 'Download the figures as CSV' }).click(),
  ]);
  const lines = (await readFile(await file.path(), 'utf8')).trim().split('\r\n');
  expect(lines).toHaveLength(curves.all + 1);
  expect(lines[0]).toContain('"Throughput a second reads"');
  const [picture] = await Promise.all([
    page.waitForEvent('download'),
    charts(playground).getByRole('button', { name: 'Download a picture of the curves' }).click(),
  ]);
  expect((await readFile(await picture.path())).subarray(1, 4).toString()).toBe('PNG');
});

test('the moment under the cursor is on the time line, and a click goes there', async ({ open }) => {
  const playground = await open();
  await run(playground, LOADED);
  await goTo(playground, 6_000_000);
  await pause(playground);
  await openTab(playground, 'Charts');
  const plot = charts(playground).locator('.plot').first().locator('.u-over');
  await plot.hover({ position: { x: 100, y: 40 } });
  await expect(playground.locator('.at-chart')).toHaveAttribute('data-shown');
  await plot.click({ position: { x: 100, y: 40 } });
  await expect.poll(async () => (await stateOf(playground)).nowUs).toBeLessThan(5_000_000);
});

test('without anything measured the charts say so, and nothing of a load is in the story', async ({ open }) => {
  const playground = await open();
  await run(playground, 'cluster m + s1\n');
  await openTab(playground, 'Charts');
  await expect(charts(playground)).toContainText('Nothing was asked in this time');
  await command(playground, 'load 50/s');
  await goTo(playground, 2_000_000);
  await expect(charts(playground)).not.toContainText('Nothing was asked in this time');
  await expect(playground.getByText(/Load reads/)).toHaveCount(0);
});

for (const scheme of /** @type {const} */ (['light', 'dark'])) {
  for (const width of [1280, 360]) {
    test(`load and charts are accessible, ${width} px wide in ${scheme}`, async ({ open, page, expectAccessible }) => {
      await page.emulateMedia({ colorScheme: scheme });
      await page.setViewportSize({ width, height: 800 });
      const playground = await open();
      await run(playground, LOADED.replace('100/s', '400/s'));
      await goTo(playground, 4_000_000);
      await pause(playground);
      await openTab(playground, 'Charts');
      await charts(playground).getByText('As a table').click();
      await expect(charts(playground).locator('.plot canvas')).toHaveCount(6);
      await expectAccessible();
      await expectNoSidewaysScroll(page);
    });
  }
}
