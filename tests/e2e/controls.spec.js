// Each control of the console, of the cards and of the header is exactly one line of the run text.
import { expect, test } from './fixtures.js';
import {
  BUSY,
  BUSY_US,
  answers,
  card,
  command,
  expectLines,
  fill,
  goTo,
  nodeOf,
  openSettings,
  openTab,
  pause,
  QUICK,
  run,
  stateOf,
  textOf,
} from './helpers.js';

test.describe('the console', () => {
  test('writes, reads and deletes the key that was typed', async ({ open }) => {
    const playground = await open();
    await pause(playground);
    const button = (/** @type {string} */ name) => playground.getByRole('button', { name, exact: true });
    await playground.getByLabel('Key').fill('stock');
    await playground.getByLabel('Value', { exact: true }).fill('41');
    await expectLines(playground, () => button('Write').click(), 'A write stock 41');
    await expect(playground.getByLabel('Value', { exact: true })).toHaveValue('42'); // the next one is offered
    await expectLines(
      playground,
      () => playground.getByLabel('Value', { exact: true }).press('Enter'),
      'A write stock 42',
    );
    await expectLines(playground, () => button('Read').click(), 'A read stock');
    await expectLines(playground, () => button('Delete').click(), 'A delete stock');
    await expect(answers(playground)).toHaveText([
      /delete stock\s+3waiting/,
      /read stock from s1\s+waiting/,
      /write stock\s+2waiting/,
      /write stock\s+1waiting/,
    ]);
  });

  test('sends reads to a slave in turn, to any, to the master or to the one that is named', async ({ open }) => {
    const playground = await open();
    await pause(playground);
    const router = playground.getByLabel('Read from');
    for (const [word, line] of [
      ['a slave, at random', 'router random'],
      ['the nearest slave', 'router nearest'],
      ['the slave with least lag', 'router least-lag'],
      ['always the same slave', 'router sticky'],
      ['the master', 'router master'],
      ['s2', 'router @s2'],
      ['a slave, in turn', 'router round-robin'],
    ]) {
      await expectLines(playground, () => router.selectOption({ label: word }), line);
      await expect(router.locator('option:checked')).toHaveText(word);
    }
    const read = playground.getByRole('button', { name: 'Read', exact: true });
    for (let i = 0; i < 4; i++) await expectLines(playground, () => read.click(), 'A read cart');
    await expect(answers(playground)).toHaveText([/from s1/, /from s3/, /from s2/, /from s1/]);
    await router.selectOption({ label: 's3' });
    await read.click();
    await expect(answers(playground).first()).toContainText('from s3');
    await router.selectOption({ label: 'the master' });
    await read.click();
    await expect(answers(playground).first()).toContainText('from m');
  });

  test('answers a write at once, or when some or all slaves have it', async ({ open }) => {
    const playground = await open();
    await pause(playground);
    await openSettings(playground);
    const who = playground.getByLabel('Answer a write');
    const stage = playground.getByLabel('“Have it” means');
    const hidden = playground.getByLabel('Hide the write until then');
    await expect(stage).toBeHidden();
    const choose = (/** @type {string} */ label) => () => who.selectOption({ label });
    await expectLines(playground, choose('when all slaves have it'), 'replication sync all applied');
    await expectLines(playground, choose('when one slave has it'), 'replication sync 1 applied');
    await expectLines(playground, choose('when 2 slaves have it'), 'replication sync 2 applied');
    await expectLines(playground, () => stage.selectOption('received'), 'replication sync 2 received');
    await expectLines(playground, () => stage.selectOption('flushed'), 'replication sync 2 flushed');
    await expectLines(playground, () => hidden.check(), 'replication sync 2 flushed hidden');
    await expectLines(playground, () => stage.selectOption('applied'), 'replication sync 2 applied hidden');
    await expectLines(playground, () => hidden.uncheck(), 'replication sync 2 applied');
    await expectLines(playground, choose('at once (asynchronous)'), 'replication async');
    await expect(stage).toBeHidden();
  });

  test('says what a slave does with a write, and sends it one', async ({ open }) => {
    const playground = await open();
    await pause(playground);
    await openSettings(playground);
    const policy = playground.getByLabel('A write at a slave is');
    await expect(policy).toHaveValue('ignored');
    for (const mode of ['refused', 'forwarded', 'accepted', 'ignored'])
      await expectLines(playground, () => policy.selectOption(mode), `slave-writes ${mode}`);
    await playground.getByLabel('Write to').selectOption('s2');
    const write = playground.getByRole('button', { name: 'Write at s2', exact: true });
    await expectLines(playground, () => write.click(), 'A write cart 1 @s2');
    const remove = playground.getByRole('button', { name: 'Delete', exact: true });
    await expectLines(playground, () => remove.click(), 'A delete cart @s2');
    await playground.getByLabel('Write to').selectOption({ label: 'the master' });
    const again = playground.getByRole('button', { name: 'Write', exact: true });
    await expectLines(playground, () => again.click(), 'A write cart 2');
  });

  test('sets how long a client waits and when a node flushes', async ({ open }) => {
    const playground = await open();
    await pause(playground);
    await openSettings(playground);
    const patience = playground.getByRole('textbox', { name: 'Give up after' });
    await expectLines(playground, () => fill(patience, '1s'), 'timeout 1s');
    const flush = playground.getByRole('combobox', { name: 'Flush to disk' });
    await expectLines(playground, () => flush.selectOption({ label: 'after answering' }), 'durability lazy 1s');
    const within = playground.getByLabel('Flush to disk: within');
    await expectLines(playground, () => fill(within, '200ms'), 'durability lazy 200ms');
    await expectLines(playground, () => flush.selectOption({ label: 'before answering' }), 'durability sync');
    expect((await stateOf(playground)).settings.values).toMatchObject({ timeout: '1s', durability: 'sync' });
  });

  test('behaves as a database in one of its modes, and shows its configuration', async ({ open }) => {
    const playground = await open();
    await pause(playground);
    await openSettings(playground);
    const preset = playground.locator('.console').getByLabel('Behave as');
    await expect(preset).toHaveValue('plain');
    const names = await preset.locator('option').evaluateAll((all) => all.map((o) => o.getAttribute('value')));
    expect(names.length).toBeGreaterThan(5);
    for (const name of names) {
      await expectLines(playground, () => preset.selectOption(name), `preset ${name}`);
      await expect(preset).toHaveValue(name ?? '');
      expect((await stateOf(playground)).settings).toMatchObject({ preset: name, differs: {} });
    }
    await preset.selectOption(names[1]);
    await expect(playground.locator('.configuration')).not.toBeEmpty();
    await expectLines(playground, () => preset.selectOption('plain'), 'preset plain');
    await expect(playground.locator('.configuration')).toHaveCount(0);
  });

  test('asks as another client, who has answers of its own', async ({ open }) => {
    const playground = await open();
    await pause(playground);
    await playground.getByRole('button', { name: 'Write', exact: true }).click();
    await expect(answers(playground)).toHaveCount(1);
    await openSettings(playground);
    await playground.getByLabel('As client').selectOption('B');
    await expect(playground.getByRole('region', { name: 'Client B' })).toBeVisible();
    await expect(answers(playground)).toHaveCount(0);
    const read = playground.getByRole('button', { name: 'Read', exact: true });
    await expectLines(playground, () => read.click(), 'B read cart');
    await expect(answers(playground)).toHaveCount(1);
    // Both stand on the stage; pressing the other one makes it ask again.
    await playground.getByRole('button', { name: /^Client A/ }).click();
    await playground.getByRole('dialog').getByRole('button', { name: 'Ask as this client' }).click();
    await expect(playground.getByRole('region', { name: 'Client A' })).toBeVisible();
    await expectLines(playground, () => read.click(), 'A read cart');
  });
});

test.describe('the cards', () => {
  for (const name of ['s1', 's2', 's3']) {
    test(`the sliders of ${name} set its lag and its apply delay, by mouse and by keys`, async ({ open, page }) => {
      const playground = await open();
      await pause(playground);
      for (const [slider, line] of /** @type {const} */ ([
        [card(playground, name).getByRole('slider', { name: `Lag of ${name}` }), `link m-${name} latency`],
        [card(playground, name).getByRole('slider', { name: `Apply delay of ${name}` }), `delay ${name}`],
      ])) {
        await expectLines(playground, () => slider.fill('50'), `${line} 100ms`);
        await expectLines(playground, () => slider.press('ArrowRight'), `${line} 110ms`);
        await expectLines(playground, () => slider.press('ArrowLeft'), `${line} 100ms`);
        await expectLines(playground, () => slider.press('End'), `${line} 10s`);
        const least = line.startsWith('delay') ? `${line} 0ms` : `${line} 1ms`;
        await expectLines(playground, () => slider.press('Home'), least);

        // While it is dragged it shows the value; let go, it is one line.
        const before = await textOf(playground);
        const box = await slider.boundingBox();
        if (!box) throw new Error('The slider has no place.');
        const y = box.y + box.height / 2;
        await page.mouse.move(box.x + 9, y);
        await page.mouse.down();
        await page.mouse.move(box.x + box.width * 0.3, y);
        await page.mouse.move(box.x + box.width / 2, y, { steps: 4 });
        await expect(slider).toHaveAttribute('aria-valuetext', /^\d+ ms$/);
        const shown = (await slider.getAttribute('aria-valuetext')) ?? '';
        expect(await textOf(playground)).toBe(before);
        await expectLines(playground, () => page.mouse.up(), `${line} ${shown.replace(' ', '')}`);
        expect(Number(shown.split(' ')[0])).toBeGreaterThan(50);
      }
    });
  }

  test('the power switch crashes and starts the master and a slave', async ({ open }) => {
    const playground = await open();
    await pause(playground);
    for (const name of ['m', 's2']) {
      const power = playground.getByRole('switch', { name: `Power of ${name}` });
      await expect(power).toBeChecked();
      await expectLines(playground, () => power.click(), `crash ${name}`);
      await expect(power).not.toBeChecked();
      await expect(card(playground, name)).toContainText('off');
      expect((await nodeOf(playground, name)).process).toBe('down');
      await expectLines(playground, () => power.click(), `start ${name}`);
      await expect(power).toBeChecked();
    }
  });

  test('slaves are added, up to 32', async ({ open }) => {
    const playground = await open();
    await pause(playground);
    const add = playground.getByRole('button', { name: 'Add a slave' });
    await expectLines(playground, () => add.click(), 'add s4');
    await expectLines(playground, () => add.click(), 'add s5');
    await expect(card(playground, 's5')).toBeVisible();
    for (let n = 6; n <= 32; n++) await command(playground, `add s${n}`);
    await expect(playground.getByRole('article')).toHaveCount(33);
    await expect(add).toBeDisabled();
  });
});

test.describe('time', () => {
  test('runs from the first command on, stands still when paused, and goes on', async ({ open }) => {
    const playground = await open();
    expect((await stateOf(playground)).nowUs).toBe(0);
    await playground.getByRole('button', { name: 'Write', exact: true }).click();
    const now = async () => (await stateOf(playground)).nowUs;
    await expect.poll(now).toBeGreaterThan(100_000);
    await playground.getByRole('button', { name: 'Pause' }).click();
    await expect(playground.getByText('Time stands still.')).toBeVisible();
    const still = await now();
    await expect(playground.getByRole('timer')).toHaveText(`${(still / 1e6).toFixed(3)} s`);
    // A command does not set a paused run going.
    await playground.getByRole('button', { name: 'Read', exact: true }).click();
    await expect(answers(playground)).toHaveCount(2);
    expect(await now()).toBe(still);
    await playground.getByRole('group', { name: 'Time' }).getByRole('button', { name: 'Play' }).click();
    await expect.poll(now).toBeGreaterThan(still);
  });

  test('goes on by one event at a step', async ({ open }) => {
    const playground = await open();
    await run(playground, QUICK);
    await command(playground, 'write cart 1');
    await playground.getByRole('button', { name: 'Start again from 0' }).click();
    const step = playground.getByRole('button', { name: 'Step to the next event' });
    const before = await textOf(playground);
    const times = [];
    for (let i = 0; i < 12; i++) {
      await step.click();
      times.push((await stateOf(playground)).nowUs);
    }
    expect(times).toEqual([...times].sort((a, b) => a - b));
    expect(new Set(times).size).toBeGreaterThan(2);
    expect(times.at(-1)).toBeGreaterThanOrEqual(5000);
    expect(await textOf(playground)).toBe(before);
    await expect(playground.getByText('Time stands still.')).toBeVisible();
  });

  test('starts again from 0 with the same text, and the same comes of it', async ({ open }) => {
    const playground = await open();
    await run(playground, BUSY);
    const start = await stateOf(playground);
    await goTo(playground, BUSY_US);
    const [text, state] = [await textOf(playground), await stateOf(playground)];
    await playground.getByRole('button', { name: 'Start again from 0' }).click();
    await expect(playground.getByRole('timer')).toHaveText('0.000 s');
    expect((await stateOf(playground)).nodes).toEqual(start.nodes);
    expect(await textOf(playground)).toBe(text);
    await goTo(playground, BUSY_US);
    expect(await stateOf(playground)).toEqual(state);
  });

  test('Clear forgets what was done', async ({ open }) => {
    const playground = await open();
    const first = await textOf(playground);
    await playground.getByRole('button', { name: 'Write', exact: true }).click();
    await playground.getByRole('button', { name: 'Add a slave' }).click();
    await expect(card(playground, 's4')).toBeVisible();
    await playground.getByRole('button', { name: 'Clear' }).click();
    await expect(card(playground, 's4')).toHaveCount(0);
    expect(await textOf(playground)).toBe(first);
    expect((await stateOf(playground)).nowUs).toBe(0);
  });

  test('passes at the speed that was chosen, and that is no part of the run', async ({ open }) => {
    const playground = await open();
    await playground.getByRole('button', { name: 'Write', exact: true }).click();
    const text = await textOf(playground);
    const speed = playground.getByLabel('Speed');
    const passed = () =>
      playground.evaluate(async (/** @type {any} */ element) => {
        const from = [performance.now() * 1000, element.state.nowUs];
        while (performance.now() * 1000 - from[0] < 400_000) await new Promise(requestAnimationFrame);
        return (element.state.nowUs - from[1]) / (performance.now() * 1000 - from[0]);
      });
    await speed.selectOption({ label: '10×' });
    expect(await passed()).toBeGreaterThan(5);
    await speed.selectOption({ label: '1/10×' });
    await expect(speed).toHaveValue('100');
    expect(await passed()).toBeLessThan(0.3);
    expect(await textOf(playground)).toBe(text);
  });
});

test.describe('what is told', () => {
  test('the story shows every step when asked', async ({ open }) => {
    const playground = await open();
    await run(playground, QUICK + 'at 0ms A write cart 1\n');
    await goTo(playground, 100_000);
    const told = playground.getByRole('group', { name: 'What happened' }).getByRole('listitem');
    await expect(told.filter({ hasText: 'A writes cart = 1' })).toHaveCount(1);
    const plain = await told.count();
    await playground.getByLabel('every step').check();
    await expect.poll(() => told.count()).toBeGreaterThan(plain);
    await playground.getByLabel('every step').uncheck();
    await expect(told).toHaveCount(plain);
  });

  test('a verdict tells why, and goes to where it happened', async ({ open }) => {
    const playground = await open();
    await run(playground, BUSY);
    await goTo(playground, BUSY_US);
    const text = await textOf(playground);
    const verdict = playground.locator('.verdicts > li').filter({ hasText: 'Every read was fresh' });
    await verdict.getByText('why', { exact: true }).click();
    await expect(verdict.locator('details')).toContainText(/s3/);
    const there = verdict.getByRole('button', { name: /^Go to / });
    const when = /[\d.]+ s/.exec((await there.textContent()) ?? '')?.[0] ?? '';
    await there.click();
    await expect(playground.getByRole('timer')).toHaveText(when);
    await expect(playground.getByText('Time stands still.')).toBeVisible();
    expect(await textOf(playground)).toBe(text);
  });

  test('the tabs show the text, and the messages and nodes as tables', async ({ open, page }) => {
    const playground = await open();
    await run(playground, BUSY);
    await goTo(playground, BUSY_US);
    await openTab(playground, 'Messages & nodes');
    const nodes = playground.getByRole('table', { name: 'Nodes' });
    await expect(nodes.getByRole('row')).toHaveCount(5);
    await expect(nodes.getByRole('row', { name: /^s3/ })).toContainText('frozen');
    await expect(nodes.getByRole('row', { name: /^s1/ })).toContainText('diverged');
    const messages = playground.getByRole('table', { name: /Messages on their way/ });
    await expect(messages.getByRole('row', { name: /m s2/ }).filter({ hasText: 'held' }).first()).toBeVisible();
    await openTab(playground, 'Text');
    await expect(playground.getByRole('textbox', { name: 'Run text' })).toHaveValue(await textOf(playground));

    await page.setViewportSize({ width: 700, height: 900 }); // narrower, there are four of them
    await openTab(playground, 'What happened');
    await expect(playground.getByRole('tabpanel')).toContainText('A reads nothing from s3');
    await openTab(playground, 'Verdict');
    await expect(playground.getByRole('tabpanel')).toContainText('Every read was fresh');
  });

  test('hints lead through the run until they are dismissed', async ({ open }) => {
    const playground = await open();
    await expect(playground.getByText(/Press Write/)).toBeVisible();
    await playground.getByRole('button', { name: 'Write', exact: true }).click();
    await pause(playground);
    await goTo(playground, 500_000);
    await playground.locator('.hint').getByRole('button', { name: 'Play' }).click();
    await expectLines(
      playground,
      () => playground.getByRole('button', { name: 'Read from s3' }).click(),
      'A read cart @s3',
    );
    await playground.getByRole('button', { name: 'No more hints' }).click();
    await expect(playground.locator('.hint')).toHaveText('');
    await playground.getByRole('button', { name: 'Clear' }).click();
    await expect(playground.locator('.hint')).toHaveText('');
  });
});
