// Every setting of the run text has a control: what it writes, what differs from the preset, and how it is reached.
import { expect, test } from './fixtures.js';
import {
  QUICK,
  answers,
  card,
  command,
  expectLines,
  expectNoSidewaysScroll,
  fill,
  goOn,
  latest,
  nodeOf,
  notice,
  openLink,
  openNode,
  openSettings,
  pause,
  run,
  stateOf,
  textOf,
} from './helpers.js';

/** @typedef {import('@playwright/test').Locator} Locator */
/** @param {Locator} playground */
const values = async (playground) => (await stateOf(playground)).settings.values;

// Its label, and one after the other: what is chosen (or typed into which field), and the line that comes of it.
/** @type {[label: string, ...steps: [choice: string, line: string, field?: string][]][]} */
const SETTINGS = [
  [
    'If too few slaves confirm',
    ['done without them', 'too-few degrade 10s'],
    ['2 s', 'too-few degrade 2s', 'after'],
    ['an error', 'too-few error 10s'],
    ['the write keeps waiting', 'too-few block'],
  ],
  [
    'A write is taken',
    ['only while enough slaves respond', 'gate 1 10s'],
    ['2', 'gate 2 10s', 'at least'],
    ['500ms', 'gate 2 500ms', 'within'],
    ['in any case', 'gate off'],
  ],
  [
    'The log keeps',
    ['what a slave lacks', 'log keep slots'],
    ['only the latest', 'log keep 1000'],
    ['3', 'log keep 3', 'entries'],
    ['everything', 'log keep all'],
  ],
  ['Where the log no longer reaches', ['it stops, and stays old', 'gap stop'], ['it takes a snapshot', 'gap snapshot']],
  ['It passes on', ['what it has applied', 'relay applied'], ['what it has received', 'relay received']],
  ['Connects again after', ['1.5s', 'retry 1.5s', '']],
  [
    'When the master is gone',
    ['observers agree on it', 'failover quorum 3 2 30s'],
    ['3', 'failover quorum 3 3 30s', 'agree'],
    ['3s', 'failover quorum 3 3 3s', 'silent for'],
    ['its lease runs out', 'failover lease 30s 10s'],
    ['its lease runs out (lag)', 'failover lease 30s 10s max-lag 1000'],
    ['the nodes elect one', 'failover election 10s'],
    ['nobody does anything', 'failover manual'],
  ],
  [
    'After its own write, a client reads',
    ['from the master', 'own-writes master 2s'],
    ['1s', 'own-writes master 1s', 'for'],
    ['where they have arrived', 'own-writes position 300ms'],
    ['from any slave', 'own-writes off'],
  ],
  ['Reads leave out', ['slaves that lag', 'max-lag 1s'], ['2s', 'max-lag 2s', 'more than'], ['nobody', 'max-lag off']],
  [
    'With no slave to ask',
    ['it waits for one', 'no-node wait'],
    ['it gets an error', 'no-node error'],
    ['the master is asked', 'no-node master'],
  ],
  ['What a new master has not applied', ['is thrown away', 'unapplied discard'], ['is applied', 'unapplied apply']],
  [
    'Writes that only the old one has',
    ['keep it out', 'rejoin refuse'],
    ['are saved aside', 'rejoin rollback'],
    ['are thrown away', 'rejoin discard'],
  ],
  [
    'Flush to disk',
    ['after answering', 'durability lazy 1s'],
    ['20ms', 'durability lazy 20ms', 'within'],
    ['never', 'durability none'],
    ['before answering', 'durability sync'],
  ],
  ['A flush takes', ['0ms', 'flush 0ms', ''], ['7ms', 'flush 7ms', '']],
  [
    'A silent link counts as broken',
    ['after a while', 'link-timeout 60s'],
    ['10s', 'link-timeout 10s', 'after'],
    ['never', 'link-timeout never'],
  ],
  ['A host keeps for a slow link', ['64kB', 'send-buffer 64kB', '']],
  ['Give up after', ['750ms', 'timeout 750ms', '']],
  [
    'Errors in the words of',
    ['PostgreSQL', 'engine postgresql'],
    ['MariaDB', 'engine mariadb'],
    ['the playground', 'engine plain'],
  ],
];

for (const [label, ...steps] of SETTINGS) {
  test(`“${label}” is a line of the run, and shows what holds`, async ({ open }) => {
    const playground = await open();
    await pause(playground);
    await openSettings(playground);
    for (const [choice, line, field] of steps) {
      if (field === undefined) {
        const select = playground.getByRole('combobox', { name: label, exact: true });
        await expectLines(playground, () => select.selectOption({ label: choice }), line);
        await expect(select.locator('option:checked')).toHaveText(choice);
      } else {
        const input = playground.getByRole('textbox', { name: field ? `${label}: ${field}` : label, exact: true });
        await expectLines(playground, () => fill(input, choice), line);
        await expect(input).toHaveValue(choice.replace(' ', ''));
      }
      const [name] = line.split(' ', 1);
      expect((await values(playground))[name]).toBe(line.slice(name.length + 1));
    }
  });
}

test('what is refused says why, and the field shows again what holds', async ({ open }) => {
  const playground = await open();
  await pause(playground);
  await openSettings(playground);
  const before = await textOf(playground);
  const retry = playground.getByRole('textbox', { name: 'Connects again after' });
  await fill(retry, 'soon');
  await expect(notice(playground)).toContainText('Expected: a number with a unit');
  await expect(retry).toHaveValue('250ms');
  expect(await textOf(playground)).toBe(before);
  await fill(retry, '1s');
  await expect(notice(playground)).toHaveCount(0);
});

test('who counts, and in which order, is pressed', async ({ open }) => {
  const playground = await open();
  await pause(playground);
  await openSettings(playground);
  const slaves = playground.getByRole('group', { name: 'Who counts, in which order' });
  const press = (/** @type {string} */ name) => () => slaves.getByRole('button', { name }).click();
  await expect(slaves.locator('[aria-pressed=true]')).toHaveCount(0);
  await expectLines(playground, press('s2'), 'sync-slaves s2');
  await expectLines(playground, press('s1'), 'sync-slaves s2 s1');
  await expect(slaves.locator('[aria-pressed=true]')).toHaveText(['2. s1', '1. s2']);
  await expectLines(playground, press('s2'), 'sync-slaves s1');
  await expectLines(playground, press('s1'), 'sync-slaves all');
  // By rank: offered where a number of slaves is asked for.
  const rank = playground.getByLabel('By rank, not by speed');
  await expect(rank).toHaveCount(0);
  await playground.getByLabel('Answer a write').selectOption('1');
  await expectLines(playground, () => rank.check(), 'replication sync first 1 applied');
  await playground.getByLabel('Answer a write').selectOption('all');
  expect((await values(playground)).replication).toBe('sync all applied');
});

test('what differs from the preset is marked, found, and put back', async ({ open }) => {
  const playground = await open();
  await pause(playground);
  await playground.getByText('More settings').click();
  const differs = playground.getByRole('group', { name: 'Differs from the preset:' });
  await playground.locator('.console').getByLabel('Behave as').selectOption('patroni-sync');
  await expect(differs).toHaveCount(0);
  for (const line of ['too-few block', 'gap snapshot', 'flush 2ms']) await command(playground, line);
  await expect(differs.getByRole('button')).toHaveText(['too-few', 'gap', 'all back']);
  await expect(playground.getByText('When standbys are missing')).toContainText('1 changed');
  await expect(playground.getByText('Network and disk')).not.toContainText('changed');

  const tooFew = playground.getByRole('combobox', { name: /^If too few/ });
  await expect(tooFew).toHaveCount(0);
  await differs.getByRole('button', { name: 'too-few' }).click();
  await expect(tooFew).toBeFocused();
  const back = playground.getByRole('button', { name: 'Back to too-few degrade 30s' });
  await expectLines(playground, () => back.click(), 'too-few degrade 30s');
  await expect(back).toHaveCount(0);
  await expect(tooFew).toBeFocused();
  await expect(differs.getByRole('button')).toHaveText(['gap', 'all back']);
  await expectLines(playground, () => differs.getByRole('button', { name: 'all back' }).click(), 'preset patroni-sync');
  await expect(differs).toHaveCount(0);
});

test('without a preset, it is the playground’s defaults that something differs from', async ({ open }) => {
  const playground = await open();
  await pause(playground);
  await playground.getByText('More settings').click();
  await command(playground, 'replication sync all received');
  const differs = playground.getByRole('group', { name: 'Differs from the preset:' });
  await differs.getByRole('button', { name: 'replication' }).click();
  await expect(playground.getByLabel('Answer a write')).toBeFocused();
  const back = playground.getByRole('button', { name: 'Back to replication async' });
  await expectLines(playground, () => back.click(), 'replication async');
});

test('a group is opened, set and put back by keyboard alone', async ({ open, page }) => {
  const playground = await open();
  await pause(playground);
  await playground.getByLabel('Read from').focus();
  const press = async (/** @type {string[]} */ ...keys) => {
    for (const key of keys) await page.keyboard.press(key);
  };
  await press('Tab', 'Tab', 'Tab', 'Tab', 'Tab'); // the load: off, three rates, its charts
  await press('Tab', 'Enter'); // More settings
  const groups = playground.locator('.console details details > summary');
  await expect(groups).toHaveText([
    'When a write is acknowledged',
    'When slaves are missing',
    'Log and catching up',
    'Promotion and the old master',
    'Network and disk',
    'Load and service times',
    'Clients',
  ]);
  const tooFew = playground.getByRole('combobox', { name: /^If too few/ });
  await expect(tooFew).toHaveCount(0); // all are folded
  await press('Tab', 'Tab', 'Tab', 'Enter'); // Behave as, the first group, the second
  await expect(tooFew).toBeVisible();
  await press('Tab');
  await expect(tooFew).toBeFocused();
  await expectLines(playground, () => press('ArrowDown'), 'too-few degrade 10s');
  await press('Tab');
  await expect(playground.getByLabel(/^If too few .* confirm: after/)).toBeFocused();
  await press('ControlOrMeta+a');
  await page.keyboard.type('3s');
  await expectLines(playground, () => press('Enter'), 'too-few degrade 3s');
  await press('Tab');
  await expectLines(playground, () => press('Enter'), 'too-few block');
  await expect(tooFew).toBeFocused();
});

test('the names of the roles are those of the database', async ({ open }) => {
  const playground = await open();
  await pause(playground);
  await playground.getByText('More settings').click();
  for (const [preset, master, slave] of [
    ['pg-async', 'primary', 'standby'],
    ['mariadb-async', 'primary', 'replica'],
    ['mysql8-semisync', 'source', 'replica'],
    ['redis-async', 'master', 'replica'],
    ['mongo-majority', 'primary', 'secondary'],
    ['plain', 'master', 'slave'],
  ]) {
    await playground.locator('.console').getByLabel('Behave as').selectOption(preset);
    await expect(card(playground, 'm')).toHaveAttribute('aria-label', `m, ${master}`);
    await expect(card(playground, 's1')).toHaveAttribute('aria-label', `s1, ${slave}`);
    await expect(playground.getByRole('button', { name: `Add a ${slave}` })).toBeVisible();
  }
});

test('a write can wait for a majority', async ({ open }) => {
  const playground = await open();
  await pause(playground);
  await openSettings(playground);
  const answer = playground.getByLabel('Answer a write');
  await expectLines(playground, () => answer.selectOption('majority'), 'replication sync majority applied');
  await expect(answer).toHaveValue('majority');
  await expect(playground.getByRole('group', { name: 'A write is done when' })).toContainText('a majority');
});

test.describe('a client', () => {
  test('does not wait, this once', async ({ open }) => {
    const playground = await open();
    await pause(playground);
    const local = playground.getByLabel('Do not wait, this once');
    await expect(local).toHaveCount(0); // nothing waits
    await command(playground, 'replication sync all applied');
    await local.check();
    const write = playground.getByRole('button', { name: 'Write', exact: true });
    await expectLines(playground, () => write.click(), 'A write cart 1 level=local');
    await expect(local).not.toBeChecked();
    await expectLines(playground, () => write.click(), 'A write cart 2');
    await goOn(playground, 500_000);
    await expect(answers(playground)).toHaveText([/waiting/, /done/]);
  });

  test('stops waiting, where a write waits for slaves', async ({ open }) => {
    const playground = await open();
    await run(playground, QUICK + 'replication sync all applied\ntimeout 60s\n');
    await pause(playground);
    const stop = playground.getByRole('button', { name: 'Stop waiting' });
    for (const line of ['hold m-s2', 'A write cart 1']) await command(playground, line);
    await expect(stop).toHaveCount(0); // it is still on its way to the master
    await goOn(playground, 20_000);
    await expectLines(playground, () => stop.click(), 'A cancel');
    await goOn(playground, 10_000);
    expect(await latest(playground)).toMatchObject({ kind: 'write', outcome: 'ok' });
    await expect(stop).toHaveCount(0);
  });

  test('asks how many have it', async ({ open }) => {
    const playground = await open();
    await run(playground, QUICK + 'at 0ms A write cart 1\n');
    await goOn(playground, 300_000);
    await openSettings(playground);
    const form = playground.getByRole('form', { name: 'How many have it?' });
    await form.getByLabel('slaves').fill('2');
    await form.getByLabel('within').fill('500ms');
    await expectLines(playground, () => form.getByRole('button', { name: 'Ask' }).click(), 'A wait 2 500ms');
    await goOn(playground, 600_000);
    await expect(answers(playground).first()).toContainText('2 slaves have it');
  });
});

test.describe('the rest of a node’s menu', () => {
  test('is folded away, and never taller than the window', async ({ open, page }) => {
    await page.setViewportSize({ width: 360, height: 500 });
    const playground = await open();
    await playground.getByRole('button', { name: /More about s2$/ }).click();
    const menu = playground.getByRole('dialog');
    await expect(menu.getByRole('button', { name: /^Rebuild/ })).toHaveCount(0);
    await menu.getByText('More', { exact: true }).click();
    const last = menu.getByRole('button', { name: /^Remove/ });
    await last.scrollIntoViewIfNeeded();
    await expect(last).toBeInViewport();
    await expect
      .poll(async () => {
        const box = await menu.boundingBox();
        return box !== null && box.y >= 0 && box.y + box.height <= 500;
      })
      .toBe(true);
    await menu.getByRole('button', { name: 'Close' }).click();
    await playground.getByRole('button', { name: /More about s2$/ }).click();
    await expect(last).toHaveCount(0); // folded again
  });

  test('rebuilds, chains, fills the log, follows by force and promotes once all is applied', async ({ open }) => {
    const playground = await open();
    await run(playground, QUICK + 'log keep 3\nat 0ms A write cart 1\n');
    await goOn(playground, 300_000);
    const act = async (/** @type {string} */ name, /** @type {RegExp} */ button, /** @type {string} */ line) => {
      const menu = await openNode(playground, name);
      await expectLines(playground, () => menu.getByRole('button', { name: button }).click(), line);
      await goOn(playground, 500_000);
    };
    await act('s2', /^Rebuild/, 'rebuild s2');
    expect(await nodeOf(playground, 's2')).toMatchObject({ replication: 'streaming', applied: 1 });
    await act('m', /^Fill its log/, 'fill-log m');
    expect((await nodeOf(playground, 'm')).applied).toBeGreaterThan(3);
    await act('m', /^Chain the others/, 'chain m s1 s2');
    const s1 = await nodeOf(playground, 's1');
    expect((await nodeOf(playground, 's2')).upstream).toBe(s1.id);
    await act('s1', /^Apply all/, 'promote s1 drain');
    expect((await nodeOf(playground, 's1')).role).toBe('master');
    const menu = await openNode(playground, 'm');
    const force = menu.getByRole('group', { name: 'Force it to follow' }).getByRole('button', { name: 's1' });
    await expectLines(playground, () => force.click(), 'follow m s1 force');
    expect(await nodeOf(playground, 'm')).toMatchObject({ role: 'slave', upstream: s1.id });
  });
});

test('a slave has a speed at which it applies, and a priority', async ({ open }) => {
  const playground = await open();
  await pause(playground);
  const menu = await openNode(playground, 's2');
  const speed = menu.getByRole('combobox', { name: 'Applies' });
  await expectLines(playground, () => speed.selectOption({ label: 'at a speed of' }), 'apply-speed s2 10/s');
  await expectLines(playground, () => fill(menu.getByLabel('Applies: at most'), '50/s'), 'apply-speed s2 50/s');
  await expectLines(playground, () => fill(menu.getByLabel('Priority'), '0'), 'priority s2 0');
  expect(await nodeOf(playground, 's2')).toMatchObject({ applySpeed: 50, priority: 0 });
  await expectLines(playground, () => speed.selectOption('unlimited'), 'apply-speed s2 unlimited');
});

test('a link has a bandwidth', async ({ open }) => {
  const playground = await open();
  await pause(playground);
  const menu = await openLink(playground, 'm', 's1');
  const bandwidth = menu.getByRole('group', { name: 'Both ways' }).getByLabel('Bandwidth');
  await expectLines(playground, () => bandwidth.selectOption({ label: '10kB/s' }), 'link m-s1 bandwidth 10kB/s');
  const link = async () => (await stateOf(playground)).links.filter((l) => l.carries === 'log')[0];
  expect((await link()).forth.bandwidth).toBe(10_000);
  await expectLines(playground, () => bandwidth.selectOption('unlimited'), 'link m-s1 bandwidth unlimited');
  expect((await link()).back.bandwidth).toBe(null);
});

for (const scheme of /** @type {const} */ (['light', 'dark'])) {
  for (const width of [1280, 700, 360]) {
    test(`with all groups open axe finds nothing and nothing overflows, ${scheme}, ${width} px`, async ({
      open,
      page,
      expectAccessible,
    }) => {
      await page.emulateMedia({ colorScheme: scheme });
      await page.setViewportSize({ width, height: 800 });
      const playground = await open();
      await pause(playground);
      for (const line of ['preset pg-sync-first1', 'gate 1 10s', 'too-few error 2s', 'log keep 9', 'sync-slaves s2 s1'])
        await command(playground, line);
      await openSettings(playground);
      await expect(playground.getByRole('button', { name: 'Back to gate off' })).toBeVisible();
      await expectAccessible('.console');
      await expectNoSidewaysScroll(page);
      const cut = await playground.evaluate((/** @type {any} */ element) =>
        [...element.shadowRoot.querySelectorAll('.console :is(button, select, input, summary, small, label)')]
          .filter((part) => {
            const [inner, outer] = [part.getBoundingClientRect(), part.closest('.console').getBoundingClientRect()];
            return inner.left < outer.left || inner.right > outer.right;
          })
          .map((part) => part.textContent),
      );
      expect(cut).toEqual([]);
      await openNode(playground, 's1');
      await expectAccessible('.pop');
    });
  }
}
