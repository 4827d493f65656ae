// What opens when a node, a link, a client or a message is pressed.
import { expect, test } from './fixtures.js';
import {
  BUSY,
  BUSY_US,
  QUICK,
  card,
  command,
  drawingsOf,
  expectLines,
  goOn,
  goTo,
  nodeOf,
  openLink,
  openNode,
  openTab,
  pause,
  popover,
  run,
  stateOf,
  textOf,
  watchBeads,
} from './helpers.js';

test.describe('the menu of a node', () => {
  for (const name of ['m', 's1']) {
    test(`${name}: crash, stop and start, freeze and thaw`, async ({ open }) => {
      const playground = await open();
      await run(playground, QUICK);
      await pause(playground);
      for (const [word, line, process] of [
        ['Crash', `crash ${name}`, 'down'],
        ['Start', `start ${name}`, 'up'],
        ['Stop gracefully', `stop ${name}`, 'down'],
        ['Start', `start ${name}`, 'up'],
        ['Freeze', `freeze ${name}`, 'frozen'],
        ['Thaw', `thaw ${name}`, 'up'],
      ]) {
        const menu = await openNode(playground, name);
        await expectLines(playground, () => menu.getByRole('button', { name: new RegExp(`^${word}`) }).click(), line);
        await expect(menu).toBeHidden();
        await goOn(playground, 5000);
        expect((await nodeOf(playground, name)).process, line).toBe(process);
      }
    });
  }

  test('a slave pauses applying, and resumes it', async ({ open }) => {
    const playground = await open();
    await pause(playground);
    const menu = await openNode(playground, 's2');
    await expectLines(
      playground,
      () => menu.getByRole('button', { name: /^Pause applying/ }).click(),
      'pause-apply s2',
    );
    await expect(card(playground, 's2')).toContainText('apply paused');
    await openNode(playground, 's2');
    const resume = menu.getByRole('button', { name: /^Resume applying/ });
    await expectLines(playground, () => resume.click(), 'resume-apply s2');
    await expect(card(playground, 's2')).not.toContainText('apply paused');
  });

  test('a node is made read-only, and takes writes again', async ({ open }) => {
    const playground = await open();
    await pause(playground);
    const more = async () => {
      const menu = await openNode(playground, 'm');
      const fold = menu.locator('summary', { hasText: 'More' });
      if ((await fold.locator('..').getAttribute('open')) === null) await fold.click();
      return menu;
    };
    const made = (await more()).getByRole('button', { name: /^Make it read-only/ });
    await expectLines(playground, () => made.click(), 'read-only m');
    await expect(card(playground, 'm')).toContainText('read-only');
    const again = (await more()).getByRole('button', { name: /^Let it take writes again/ });
    await expectLines(playground, () => again.click(), 'read-write m');
    await expect(card(playground, 'm')).not.toContainText('read-only');
  });

  test('Cut it from all other nodes, and heal its links', async ({ open }) => {
    const playground = await open();
    await pause(playground);
    let menu = await openNode(playground, 'm');
    const cut = menu.getByRole('button', { name: /^Cut it from all other nodes/ });
    await expectLines(playground, () => cut.click(), 'partition m');
    const broken = async () =>
      (await stateOf(playground)).links
        .filter((l) => l.forth.state === 'cut' && l.back.state === 'cut')
        .map((l) => l.carries);
    expect(await broken()).toEqual(['log', 'log', 'log']); // clients still reach it
    await expect(playground.getByRole('button', { name: 'Link between m and s2: cut' })).toBeVisible();
    menu = await openNode(playground, 'm');
    const heal = menu.getByRole('button', { name: /^Heal all its links/ });
    await expectLines(playground, () => heal.click(), /^heal /, /^heal /, /^heal /);
    expect(await broken()).toEqual([]);
  });

  test('Make it the master: the others follow it when they are told to', async ({ open }) => {
    const playground = await open();
    await run(playground, QUICK + 'at 0ms A write cart 1\nat 200ms crash m\n');
    await goTo(playground, 200_000);
    const menu = await openNode(playground, 's1');
    const promote = menu.getByRole('button', { name: /^Make it the master/ });
    await expectLines(playground, () => promote.click(), 'promote s1');
    await expect(menu).toBeHidden();
    await expect(card(playground, 's1')).toHaveAttribute('aria-label', 's1, master');
    await openNode(playground, 's2');
    const follow = menu.getByRole('group', { name: 'Follow', exact: true });
    await expectLines(playground, () => follow.getByRole('button', { name: 's1' }).click(), 'follow s2 s1');
    await command(playground, 'A write cart 2');
    await goOn(playground, 1_000_000);
    for (const name of ['s1', 's2']) expect((await nodeOf(playground, name)).rows[0].value).toBe('2');
  });

  test('A slave that is dragged onto the master’s place takes it', async ({ open, page }) => {
    const playground = await open();
    await pause(playground);
    const grab = async () => {
      const [name, place] = [card(playground, 's1').locator('.name'), card(playground, 'm').locator('.rows')];
      const [from, to] = [await name.boundingBox(), await place.boundingBox()];
      if (!from || !to) throw new Error('no box');
      await page.mouse.move(from.x + 20, from.y + 10);
      await page.mouse.down();
      return async (/** @type {number} */ way) =>
        page.mouse.move(from.x + 20 + (to.x + 40 - from.x - 20) * way, from.y + 10 + (to.y + 10 - from.y - 10) * way, {
          steps: 4,
        });
    };
    const place = playground.locator('.masters');
    const before = await textOf(playground);

    let carry = await grab();
    await carry(0.5);
    await expect(place).toHaveAttribute('data-drop', 'to');
    await page.mouse.up();
    carry = await grab();
    await carry(1);
    await expect(place).toHaveAttribute('data-drop', 'here');
    await page.keyboard.press('Escape');
    await page.mouse.up();
    await expect(place).not.toHaveAttribute('data-drop');
    expect(await textOf(playground)).toBe(before);
    await expect(playground.getByRole('dialog')).toBeHidden();

    carry = await grab();
    await carry(1);
    await expectLines(playground, () => page.mouse.up(), 'promote s1');
    await expect(card(playground, 's1')).toHaveAttribute('aria-label', 's1, master');
    await expect(playground.getByRole('dialog')).toBeHidden();
  });

  test('Trim its log: a slave that was away then needs a snapshot', async ({ open }) => {
    const playground = await open();
    await run(playground, QUICK + 'at 0ms crash s2\nat 1ms A write cart 1\nat 2ms A write cart 2\n');
    await goTo(playground, 500_000);
    const menu = await openNode(playground, 'm');
    await expectLines(playground, () => menu.getByRole('button', { name: /^Trim its log/ }).click(), 'trim-log m');
    await command(playground, 'start s2');
    await goOn(playground, 1_000_000);
    expect(await nodeOf(playground, 's2')).toMatchObject({ catchup: 'full', applied: 2 });
  });

  test('Remove takes a slave away for good', async ({ open }) => {
    const playground = await open();
    await pause(playground);
    const menu = await openNode(playground, 's3');
    await expectLines(playground, () => menu.getByRole('button', { name: /^Remove/ }).click(), 'remove s3');
    await expect(card(playground, 's3')).toHaveCount(0);
    await expect(playground.getByRole('button', { name: /between m and s3/ })).toHaveCount(0);
  });

  test('leads to the links of the node, also those of the clients', async ({ open }) => {
    const playground = await open();
    await run(playground, BUSY);
    await goTo(playground, BUSY_US);
    const menu = await openNode(playground, 's3');
    await menu.getByRole('button', { name: 'A–s3' }).click();
    await expectLines(
      playground,
      () => menu.getByRole('group', { name: 'Both ways' }).getByRole('button', { name: 'hold' }).click(),
      'hold A-s3',
    );
  });
});

test.describe('the menu of a link', () => {
  test('cuts, holds and opens it both ways', async ({ open }) => {
    const playground = await open();
    await pause(playground);
    const menu = await openLink(playground, 'm', 's1');
    const both = menu.getByRole('group', { name: 'Both ways' });
    for (const [word, line, state] of [
      ['cut', 'cut m-s1', 'cut'],
      ['hold', 'hold m-s1', 'held'],
      ['open', 'heal m-s1', 'open'],
    ]) {
      const choice = both.getByRole('button', { name: word });
      await expectLines(playground, () => choice.click(), line);
      await expect(choice).toHaveAttribute('aria-pressed', 'true');
      const [link] = (await stateOf(playground)).links.filter((l) => l.carries === 'log');
      expect([link.forth.state, link.back.state]).toEqual([state, state]);
    }
  });

  test('cuts and holds each way apart', async ({ open }) => {
    const playground = await open();
    await pause(playground);
    const menu = await openLink(playground, 'm', 's2');
    await menu.getByText('Each direction separately').click();
    const way = (/** @type {string} */ name, /** @type {string} */ word) =>
      menu.getByRole('group', { name }).getByRole('button', { name: word });
    await expectLines(playground, () => way('m → s2', 'hold').click(), 'hold m->s2');
    await expectLines(playground, () => way('s2 → m', 'cut').click(), 'cut s2->m');
    await expect(way('m → s2', 'hold')).toHaveAttribute('aria-pressed', 'true');
    await expect(way('s2 → m', 'cut')).toHaveAttribute('aria-pressed', 'true');
    await expect(menu.getByRole('group', { name: 'Both ways' }).locator('[aria-pressed=true]')).toHaveCount(0);
    await expectLines(playground, () => way('m → s2', 'open').click(), 'heal m->s2');
    await expectLines(playground, () => way('s2 → m', 'open').click(), 'heal s2->m');
  });

  test('sets latency, jitter and loss, both ways and each way apart', async ({ open }) => {
    const playground = await open();
    await pause(playground);
    const menu = await openLink(playground, 'm', 's3');
    await menu.getByText('Each direction separately').click();
    for (const [title, link] of [
      ['Both ways', 'm-s3'],
      ['m → s3', 'm->s3'],
      ['s3 → m', 's3->m'],
    ]) {
      const latency = menu.getByRole('slider', { name: `Latency, ${title}` });
      await expectLines(playground, () => latency.fill('50'), `link ${link} latency 100ms`);
      const jitter = menu.getByRole('slider', { name: `Jitter, ${title}` });
      await expectLines(playground, () => jitter.fill('25'), `link ${link} jitter 10ms`);
      const loss = menu.getByRole('group', { name: title }).getByLabel('Loss');
      await expectLines(playground, () => loss.selectOption({ label: '10 %' }), `link ${link} loss 10/100`);
    }
    const third = (await stateOf(playground)).links.filter((l) => l.carries === 'log')[2];
    for (const way of [third.forth, third.back])
      expect(way).toMatchObject({ latencyUs: 100_000, jitterUs: 10_000, lossPpm: 100_000 });
  });

  test('opens where its line is pressed', async ({ open, page }) => {
    const playground = await open();
    const line = playground.locator('.lines .touch[data-link]').first();
    const place = await line.evaluate((/** @type {any} */ path) => {
      const { x, y } = path.getPointAtLength(path.getTotalLength() * 0.8);
      const { left, top } = path.ownerSVGElement.getBoundingClientRect();
      return { x: x + left, y: y + top };
    });
    await page.mouse.click(place.x, place.y);
    await expect(popover(playground)).toBeVisible();
    await expect(popover(playground).getByRole('group', { name: 'Both ways' })).toBeVisible();
  });
});

test.describe('a message on its way', () => {
  const SLOW =
    'cluster m + s1\nlink m-s1 latency 10s\nlink clients latency 1ms\nat 0ms A write cart 1\nat 4s state m\n';

  test('tells what it carries where its bead is pressed', async ({ open, page }) => {
    await watchBeads(page);
    const playground = await open();
    await run(playground, SLOW);
    await goTo(playground, 4_000_000);
    await expect.poll(async () => (await drawingsOf(page)).at(-1)?.beads.length).toBe(1);
    const [bead] = (await drawingsOf(page)).at(-1)?.beads ?? [];
    const ratio = await page.evaluate(() => devicePixelRatio);
    const stage = await playground.getByRole('region', { name: 'The cluster' }).boundingBox();
    await page.mouse.click((stage?.x ?? 0) + bead.x / ratio, (stage?.y ?? 0) + bead.y / ratio);
    await expect(popover(playground)).toContainText(/Entr/);
    await expect(popover(playground)).toContainText(/arrives 10\.\d+ s/);
    await popover(playground).getByRole('button', { name: 'Close' }).click();
    await expect(popover(playground)).toBeHidden();
  });

  test('tells the same from the table', async ({ open }) => {
    const playground = await open();
    await run(playground, SLOW);
    await goTo(playground, 4_000_000);
    await openTab(playground, 'Messages & nodes');
    const row = playground.getByRole('row', { name: /^log entries m s1/ });
    await expect(row).toContainText(/(39|40) %/);
    await row.getByRole('button').click();
    await expect(popover(playground)).toContainText(/arrives 10\.\d+ s/);
    await expect(popover(playground)).toContainText(/\d+ bytes/);
  });
});
