// Lag in all its parts, what reading costs, failovers, those who watch, and a run that pauses by itself.
import { expect, test } from './fixtures.js';
import {
  BUSY,
  BUSY_US,
  QUICK,
  card,
  command,
  expectNoSidewaysScroll,
  goTo,
  openTab,
  pause,
  popover,
  run,
  stateOf,
  textOf,
} from './helpers.js';

const FAILOVER = `cluster m + s1 s2
clients A
preset redis-async
failover quorum 3 2 1s
link nodes latency 50ms
at 100ms A write cart 1
at 1s freeze m
at 8s state s1
`;

test('the panel tells where the lag is, and what the engine says of it', async ({ open, expectAccessible }) => {
  const playground = await open();
  await run(
    playground,
    `${QUICK}preset mariadb-async\nlink-timeout never\nat 100ms hold m-s1\nat 200ms A write k 1\nat 5s state m\n`,
  );
  await goTo(playground, 5_000_000);
  await pause(playground);
  await openTab(playground, 'Lag & cost');
  const panel = playground.getByRole('tabpanel');
  const row = (/** @type {string} */ name) => panel.getByRole('row', { name: new RegExp(`^${name}`) });
  await expect(row('behind in all').getByRole('cell').first()).toContainText('1 entry');
  await expect(row('not received').getByRole('cell').first()).toContainText('1 entry');
  await expect(row('flushed, not applied').getByRole('cell').first()).toHaveText('–');
  const s1 = panel.getByRole('region', { name: 's1' });
  await expect(s1.getByRole('definition').last()).toHaveText('0');
  await expect(s1).toContainText('This misleads. It says 0');
  await expect(panel.getByRole('region', { name: 's2' })).not.toContainText('misleads');
  await command(playground, 'pause-apply s2');
  await expect(panel.getByRole('region', { name: 's2' }).getByRole('definition').last()).toHaveText('NULL');
  await expectAccessible('.tabs');
});

test('the price of each router is counted', async ({ open }) => {
  const playground = await open();
  await run(
    playground,
    `${QUICK}link m-s1 latency 2s\nrouter @s1\nat 100ms A write k 1\nat 300ms A read k\nat 400ms A read k\nat 500ms router master\nat 600ms A read k\nat 1s state m\n`,
  );
  await goTo(playground, 1_000_000);
  await pause(playground);
  await openTab(playground, 'Lag & cost');
  const cells = (/** @type {RegExp} */ name) => playground.getByRole('row', { name }).getByRole('cell');
  await expect(cells(/^@s1/)).toHaveText(['2', '0 %', /ms/, '1000', '0']);
  await expect(cells(/^master now/)).toHaveText(['1', '100 %', /ms/, '0', '0']);
});

test('a failover without a hand: observers miss the master, a slave takes over, its autopsy is shown', async ({
  open,
  page,
  expectAccessible,
}) => {
  const playground = await open();
  await run(playground, FAILOVER);
  const observers = playground.getByRole('group', { name: 'Who watches' });
  await expect(observers.getByRole('button')).toHaveText(['o1 hears of m', 'o2 hears of m', 'o3 hears of m']);
  await goTo(playground, 2_230_000);
  await expect(observers.locator('.alarm')).toHaveCount(3);
  await expect(observers).toContainText('misses m');
  await expectAccessible('.stage');
  await goTo(playground, 8_000_000);
  await pause(playground);
  expect((await stateOf(playground)).nodes[0].name).toMatch(/^s[12]$/);
  await expect(observers.locator('.alarm')).toHaveCount(0);
  expect(await textOf(playground)).not.toContain('promote');
  await expect(playground.getByRole('region', { name: 'Failover' })).toContainText(
    'No acknowledged write was lost (RPO 0)',
  );
  await expect(card(playground, 's1')).toContainText(/epoch \d/);
  // Its links can be cut like others.
  await observers.getByRole('button', { name: 'o1' }).click();
  await popover(playground).getByRole('button', { name: 'o1–m' }).click();
  await popover(playground).getByRole('button', { name: 'cut', exact: true }).first().click();
  await expect.poll(() => textOf(playground)).toContain('cut o1-m');
  await page.setViewportSize({ width: 360, height: 740 });
  await expect(observers).toBeVisible();
  await expectNoSidewaysScroll(page);
});

test('the autopsy names what was lost', async ({ open, expectAccessible }) => {
  const playground = await open();
  await run(
    playground,
    `${QUICK}link nodes latency 1s\nat 100ms A write k 1\nat 200ms crash m\nat 300ms promote s1\nat 500ms A write k 2\nat 900ms state s1\n`,
  );
  await goTo(playground, 900_000);
  const autopsy = playground.getByRole('region', { name: 'Failover' });
  await expect(autopsy).toContainText('One acknowledged write from the last');
  await expect(autopsy.getByRole('definition').first()).toContainText('k = 1');
  await expect(autopsy).toContainText('Writes were acknowledged again after');
  await expectAccessible('.side');
});

test('a master that steps aside says so on its card', async ({ open }) => {
  const playground = await open();
  await run(playground, `${QUICK}failover lease 2s 500ms\nat 1s partition m\nat 2800ms state m\n`);
  await goTo(playground, 2_800_000);
  await expect(card(playground, 'm')).toContainText('takes no writes');
});

test('the run pauses at the moment when something breaks, and says what', async ({ open }) => {
  const playground = await open();
  await run(playground, `${QUICK}link m-s1 latency 3s\nat 1s A write k 1\nat 1200ms A read k @s1\nat 9s state m\n`);
  await playground.getByRole('combobox', { name: 'Pause when' }).selectOption('stale');
  await playground.getByRole('button', { name: 'Play', exact: true }).click();
  await expect(playground.getByRole('alert')).toContainText('Paused: A reads nothing from s1, which is old');
  const { nowUs } = await stateOf(playground);
  expect(nowUs).toBeGreaterThan(1_200_000);
  expect(nowUs).toBeLessThan(1_300_000);
  await playground.locator('.play').click();
  await expect.poll(async () => (await stateOf(playground)).nowUs).toBeGreaterThan(1_500_000);
});

test('verdicts that have nothing to say are folded, those that are broken are not', async ({ open }) => {
  const playground = await open();
  const titles = playground.locator('.verdicts .title b:visible');
  await expect(titles).toHaveCount(4);
  const more = playground.locator('.verdicts + .rest summary, .rest summary').first();
  await expect(more).toHaveText('6 more');
  await more.click();
  await expect(titles).toHaveCount(10);
  await more.click();
  await run(playground, BUSY);
  await goTo(playground, BUSY_US);
  await expect(
    titles
      .filter({ hasText: 'Monotonic reads' })
      .or(titles.filter({ hasText: 'Read your writes' }))
      .first(),
  ).toBeVisible();
});

for (const scheme of /** @type {const} */ (['light', 'dark'])) {
  test(`the panel is accessible and fits a phone in ${scheme}`, async ({ open, page, expectAccessible }) => {
    await page.emulateMedia({ colorScheme: scheme });
    await page.setViewportSize({ width: 360, height: 740 });
    const playground = await open();
    await run(playground, `preset pg-async\n${BUSY}`.replace(/^(preset.*\n)(cluster.*\n)/, '$2$1'));
    await goTo(playground, BUSY_US);
    await openTab(playground, 'Lag & cost');
    await expect(playground.getByText('pg_stat_replication.sent_lsn').first()).toBeVisible();
    await expectAccessible('.tabs');
    await expectNoSidewaysScroll(page);
  });
}
