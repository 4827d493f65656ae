// What the playground is for: somebody does it, sees it, and reads why.
import { expect, test } from './fixtures.js';
import {
  answers,
  card,
  drawingsOf,
  goOn,
  goTo,
  latest,
  nodeOf,
  openSettings,
  openTab,
  pause,
  QUICK,
  run,
  stateOf,
  textOf,
  watchBeads,
} from './helpers.js';

test('an old value is read from a slave that lags, and the master’s absence is survived', async ({ open, page }) => {
  await watchBeads(page);
  const playground = await open();
  const press = (/** @type {string} */ name) => playground.getByRole('button', { name, exact: true }).click();
  const verdict = playground.locator('.verdicts > li').filter({ hasText: 'Every read was fresh' });

  // The first screen: a master, three slaves, nothing yet, and what to do next.
  await expect(playground.getByRole('article')).toHaveCount(4);
  await expect(playground.getByText(/Press Write/)).toBeVisible();
  await expect(verdict).toContainText('not tested');

  // The change travels.
  await press('Write');
  await expect.poll(async () => (await drawingsOf(page)).some((drawing) => drawing.beads.length > 0)).toBe(true);
  await expect(answers(playground).first()).toContainText('done', { timeout: 10_000 });
  await pause(playground);
  await openTab(playground, 'Messages & nodes');
  await expect(playground.getByRole('row', { name: /^log entries m s3/ })).toBeVisible();
  await expect(card(playground, 'm').getByRole('listitem')).toContainText('cart');

  // The next one is read at s3 before it arrives: the old value comes back, and is shown as old in words.
  await goTo(playground, 4_000_000);
  await expect(card(playground, 's3').getByRole('listitem')).toContainText('1');
  await expect(verdict).toContainText('not tested');
  await press('Write');
  await playground.getByLabel('Read from').selectOption('s3');
  await goOn(playground, 400_000);
  await expect(card(playground, 'm').getByRole('listitem')).toContainText('2');
  await expect(card(playground, 's3').getByRole('listitem')).toContainText('old');
  await press('Read');
  await goOn(playground, 400_000);
  expect(await latest(playground)).toMatchObject({ node: 's3', text: '1', verdict: 'stale' });
  await expect(answers(playground).first()).toContainText(/read cart\s*from s3/);
  await expect(answers(playground).first()).toContainText('old — ');
  await expect(verdict).toHaveClass('behind');
  await verdict.getByText('why', { exact: true }).click();
  await expect(verdict.locator('details')).toContainText(/s3 gave A cart = 1 .* one version behind/);
  await expect(playground.getByRole('group', { name: 'What happened' })).toContainText(
    /A reads cart = 1 .*from s3, which is old/,
  );

  // Once it has arrived, the same read is fresh.
  await goOn(playground, 3_000_000);
  await press('Read');
  await goOn(playground, 400_000);
  expect(await latest(playground)).toMatchObject({ outcome: 'value', text: '2', verdict: 'fresh' });
  await expect(answers(playground).first()).not.toContainText('old');

  // The master is switched off: reads go on, a write hears an error.
  await playground.getByRole('switch', { name: 'Power of m' }).click();
  await playground.getByLabel('Read from').selectOption({ label: 'a slave, in turn' });
  await press('Read');
  await goOn(playground, 1_000_000);
  expect(await latest(playground)).toMatchObject({ kind: 'read', outcome: 'value', text: '2' });
  await press('Write');
  await goOn(playground, 1_000_000);
  await expect(answers(playground).first()).toContainText('error: connection refused');
  await expect(playground.getByText(/A write needs the master/)).toBeHidden(); // time stands still, and says so
  await playground.locator('.hint').getByRole('button', { name: 'Play' }).click();
  await expect(playground.getByText(/A write needs the master/)).toBeVisible();
  await pause(playground);

  // It comes back, and a write goes to all of them again.
  await playground.getByRole('switch', { name: 'Power of m' }).click();
  await goOn(playground, 8_000_000);
  await press('Write');
  await goOn(playground, 6_000_000);
  const { nodes, verdicts } = await stateOf(playground);
  for (const node of nodes) {
    expect(node).toMatchObject({ process: 'up', behind: 0 });
    expect(node.rows).toMatchObject([{ key: 'cart', value: '4', state: 'fresh' }]);
  }
  expect(verdicts.slice(0, 4).map((v) => [v.id, v.status])).toEqual([
    ['fresh-reads', 'behind'],
    ['no-lost-writes', 'held'],
    ['convergence', 'held'],
    ['one-history', 'held'],
  ]);
  // All of it is the text.
  for (const line of ['A write cart 1', 'router @s3', 'A read cart', 'crash m', 'start m', 'A write cart 4'])
    expect(await textOf(playground)).toMatch(new RegExp(`^at .* ${line}$`, 'm'));
});

test('a slave that was off catches up from the log', async ({ open }) => {
  const playground = await open();
  await run(playground, QUICK);
  await pause(playground);
  const press = (/** @type {string} */ name) => playground.getByRole('button', { name, exact: true }).click();
  await press('Write');
  await goOn(playground, 200_000);
  await playground.getByRole('switch', { name: 'Power of s2' }).click();
  await press('Write');
  await goOn(playground, 200_000);
  await expect(card(playground, 's2')).toContainText('off');
  expect((await nodeOf(playground, 's2')).applied).toBe(1);
  await playground.getByRole('switch', { name: 'Power of s2' }).click();
  await goOn(playground, 2_000_000);
  expect(await nodeOf(playground, 's2')).toMatchObject({ catchup: 'partial', applied: 2, behind: 0 });
  await expect(card(playground, 's2').getByRole('listitem')).toContainText('2');
});

test.describe('a write that reaches a slave', () => {
  for (const [mode, outcome, where] of /** @type {const} */ ([
    ['ignored', { outcome: 'timeout' }, []],
    ['refused', { outcome: 'error' }, []],
    ['forwarded', { outcome: 'ok' }, ['m', 's1', 's2']],
    ['accepted', { outcome: 'ok' }, ['s1']],
  ])) {
    test(`is ${mode}`, async ({ open }) => {
      const playground = await open();
      await run(playground, QUICK);
      await pause(playground);
      await openSettings(playground);
      await playground.getByLabel('A write at a slave is').selectOption(mode);
      await playground.getByLabel('Write to').selectOption('s1');
      await playground.getByRole('button', { name: 'Write at s1' }).click();
      await goOn(playground, 6_000_000);
      expect(await latest(playground)).toMatchObject(outcome);
      const { nodes, verdicts } = await stateOf(playground);
      expect(nodes.filter((n) => n.rows.some((row) => row.value === '1')).map((n) => n.name)).toEqual(where);
      const heard = answers(playground).first();
      await expect(heard).toContainText(
        { ignored: 'no answer', refused: 'error: ', forwarded: 'done', accepted: 'done' }[mode],
      );
      const history = verdicts.find((v) => v.id === 'one-history');
      expect(history?.status).toBe(mode === 'accepted' ? 'broken' : 'held');
      await playground.evaluate((/** @type {any} */ element) => element.play());
      const note = playground.locator('.hint').getByText('This is no master–slave architecture any more.');
      if (mode === 'accepted') {
        await expect(note).toBeVisible();
        await expect(card(playground, 's1')).toContainText('diverged');
        await expect(card(playground, 's1').getByRole('listitem')).toContainText('only here');
      } else await expect(note).toHaveCount(0);
    });
  }
});

test('a synchronous write is answered only after the slaves, and waits for one that is missing', async ({ open }) => {
  const playground = await open();
  await run(playground, QUICK);
  await pause(playground);
  const write = playground.getByRole('button', { name: 'Write', exact: true });
  await write.click();
  await goTo(playground, 1_000_000);
  const soon = await latest(playground);

  await openSettings(playground);
  await playground.getByLabel('Answer a write').selectOption({ label: 'when all slaves have it' });
  await write.click();
  await goOn(playground, 1_000_000);
  const late = await latest(playground);
  expect(soon?.outcome).toBe('ok');
  expect(late?.outcome).toBe('ok');
  const took = (/** @type {typeof soon} */ op) => (op?.doneUs ?? 0) - (op?.askedUs ?? 0);
  expect(took(soon)).toBeLessThan(20_000);
  expect(took(late)).toBeGreaterThanOrEqual(50_000); // to the slaves and back, 20 ms each, and to the client

  await playground.getByRole('switch', { name: 'Power of s2' }).click();
  await write.click();
  await playground.evaluate((/** @type {any} */ element) => element.play());
  await expect(card(playground, 'm')).toContainText('1 write waits for slaves');
  await expect(answers(playground).first()).toContainText('waiting…');
  await playground.getByRole('switch', { name: 'Power of s2' }).click();
  await expect(answers(playground).first()).toContainText('done');
});
