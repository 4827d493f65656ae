// Time is a line: there and back, marks on it, what was done taken back, and the branches of those who did something else.
import { expect, test } from './fixtures.js';
import { command, hashOf, notice, pause, run, seek, stateOf, settledText } from './helpers.js';

/** @typedef {import('@playwright/test').Locator} Locator */

/** A write, old reads, a lost write, faults, a promotion. */
const RUN = `cluster m + s1 s2
clients A
link nodes latency 800ms
link clients latency 10ms
at 0ms A write cart 1
at 500ms A read cart @s1
at 3s cut m-s1
at 3.2s A write cart 2
at 4s crash m
at 5s promote s2
at 6s start s2
at 7s A read cart @s1
`;
const END = 8_000_000;

/** @param {Locator} playground */
const nowOf = async (playground) => (await stateOf(playground)).nowUs;
/** @param {Locator} playground */
const slider = (playground) => playground.getByRole('slider', { name: 'Moment' });
/** @param {Locator} playground @param {string} name */
const press = (playground, name) => playground.getByRole('button', { name, exact: true }).click();
/** @param {Locator} playground */
async function openList(playground) {
  await playground.getByText('Marks as a list').click();
  return playground.getByRole('list', { name: 'Marks as a list' }).getByRole('button');
}

/** Played to its end, and standing there. @param {Locator} playground */
async function played(playground) {
  await run(playground, RUN);
  await seek(playground, END);
  await expect(slider(playground)).toHaveAttribute('aria-valuetext', /^8\.000 s of 8\.000 s/);
}

test('the slider goes anywhere by keyboard, and no farther than was seen', async ({ open }) => {
  const playground = await open();
  await played(playground);
  const text = await settledText(playground);
  const hash = await hashOf(playground);
  const line = slider(playground);
  await line.press('Home');
  await expect(line).toHaveAttribute('aria-valuetext', /^0\.000 s of 8\.000 s/);
  await expect(playground.getByRole('timer')).toHaveText('0.000 s');
  expect(await nowOf(playground)).toBe(0);
  await line.press('ArrowRight');
  await expect.poll(() => nowOf(playground)).toBeGreaterThan(0);
  const small = await nowOf(playground);
  await line.press('PageUp');
  await expect.poll(() => nowOf(playground)).toBeGreaterThan(5 * small);
  await line.press('ArrowLeft');
  await line.press('PageDown');
  await expect.poll(() => nowOf(playground)).toBe(0);
  await line.press('End');
  await expect.poll(() => nowOf(playground)).toBe(END);
  await line.press('ArrowRight');
  await expect(line).toHaveAttribute('aria-valuetext', /^8\.000 s of 8\.000 s/);
  expect(await nowOf(playground)).toBe(END);
  expect(await hashOf(playground)).toBe(hash);
  expect(await settledText(playground)).toBe(text);
  await expect(playground.getByText('Time stands still.')).toBeVisible();
});

test('the slider follows the mouse, and stops a run that plays', async ({ open, page }) => {
  const playground = await open();
  await played(playground);
  await playground.evaluate((/** @type {any} */ element) => element.play());
  const box = await slider(playground).boundingBox();
  if (!box) throw new Error('no slider');
  const at = (/** @type {number} */ part) => ({ x: box.x + box.width * part, y: box.y + box.height / 2 });
  await page.mouse.move(at(0.6).x, at(0.6).y);
  await page.mouse.down();
  await page.mouse.move(at(0.25).x, at(0.25).y, { steps: 8 });
  await page.mouse.up();
  // The line may show 8 to 10 s.
  await expect.poll(() => nowOf(playground)).toBeLessThan(2_600_000);
  const now = await nowOf(playground);
  expect(now).toBeGreaterThan(1_900_000);
  await page.waitForTimeout(150);
  expect(await nowOf(playground)).toBe(now);
  await page.mouse.click(at(0.999).x, at(0.999).y);
  await expect.poll(() => nowOf(playground)).toBeGreaterThanOrEqual(END);
});

test('a step back shows what was before, and a step forth leads to the same', async ({ open }) => {
  const playground = await open();
  await played(playground);
  await seek(playground, 600_000);
  const hashes = [await hashOf(playground)];
  const back = playground.getByRole('button', { name: 'Step back to the event before' });
  for (let i = 0; i < 6; i++) {
    await back.click();
    hashes.push(await hashOf(playground));
  }
  expect(new Set(hashes).size).toBeGreaterThan(4);
  expect(await nowOf(playground)).toBeLessThan(600_000);
  const step = playground.getByRole('button', { name: 'Step to the next event' });
  while (hashes.length > 2) {
    hashes.pop();
    await step.click();
    expect(await hashOf(playground)).toBe(hashes.at(-1));
  }
  await seek(playground, 600_000);
  expect(await hashOf(playground)).toBe(hashes[0]);
  await expect(playground.getByText('Time stands still.')).toBeVisible();
});

test('one jumps from mark to mark of those that matter', async ({ open }) => {
  const playground = await open();
  await played(playground);
  const next = playground.getByRole('button', { name: 'To the next mark', exact: true });
  const last = playground.getByRole('button', { name: 'To the mark before', exact: true });
  await expect(next).toBeDisabled();
  await seek(playground, 0);
  await expect(last).toBeDisabled();
  await next.click();
  // The old read comes before the faults; the write before it is passed over.
  const state = await stateOf(playground);
  expect(state.clients[0].operations[0]).toMatchObject({ kind: 'read', verdict: 'stale' });
  await expect(playground.locator('.told')).toContainText('A reads nothing from s1, which is old');
  await expect(slider(playground)).toHaveAttribute('aria-valuetext', /A reads nothing from s1, which is old/);
  const first = state.nowUs;
  await next.click();
  await expect.poll(() => nowOf(playground)).toBe(3_000_000);
  await next.click();
  await expect.poll(() => nowOf(playground)).toBe(4_000_000);
  await last.click();
  await last.click();
  await expect.poll(() => nowOf(playground)).toBe(first);
});

test('marks are told apart by shape, told when pointed at, and listed as text', async ({ open, page }) => {
  const playground = await open();
  await played(playground);
  const kinds = ['write', 'fault', 'promotion', 'broken'];
  for (const kind of kinds) await expect(playground.locator(`.marks .mark.${kind}`).first()).toBeAttached();
  const shapes = await playground
    .locator('.marks .mark')
    .evaluateAll((all) => all.map((m) => `${m.classList[1]} ${m.querySelector('path')?.getAttribute('d')}`));
  expect(new Set(shapes).size).toBe(new Set(shapes.map((shape) => shape.split(' ')[0])).size);
  expect(new Set(shapes.map((shape) => shape.replace(/^\w+/, ''))).size).toBe(new Set(shapes).size);
  const crash = await playground.locator('.marks .mark.fault path').nth(1).boundingBox();
  if (!crash) throw new Error('no mark');
  await page.mouse.move(crash.x + 3, crash.y + 3);
  await expect(playground.locator('.told')).toContainText('m crashes');
  // The same as a list.
  const entries = await openList(playground);
  await expect(entries.filter({ hasText: 'write: m logs' })).toHaveCount(2);
  await expect(entries.filter({ hasText: 'fault: m crashes' })).toHaveCount(1);
  await entries.filter({ hasText: 'promotion: ' }).click();
  await expect.poll(() => nowOf(playground)).toBe(5_000_000);
});

test('of many marks the red ones stay, on the line and in the list', async ({ open }) => {
  const playground = await open();
  const many = Array.from({ length: 600 }, (_, i) => `at ${i * 5}ms A write cart ${i}`);
  many.splice(300, 0, 'at 1497ms A write mine 1');
  many.splice(303, 0, 'at 1508ms A read mine @s1');
  await run(
    playground,
    `cluster m + s1\nclients A\nlink m-s1 latency 3s\nlink clients latency 1ms\n${many.join('\n')}\n`,
  );
  await seek(playground, 3_100_000);
  await expect(playground.locator('.marks .mark.broken')).toHaveCount(1);
  expect(await playground.locator('.marks .mark').count()).toBeLessThan(300);
  const entries = await openList(playground);
  await expect(entries).toHaveCount(200);
  await expect(entries.filter({ hasText: 'broken: ' })).toHaveCount(1);
  await expect(playground.getByText('402 more marks are not in this list')).toBeVisible();
});

test('what was done is undone and done again, by button and by key', async ({ open, page }) => {
  const playground = await open();
  await run(playground, 'cluster m + s1\nclients A\n');
  await pause(playground);
  const [undo, redo] = ['Undo', 'Redo'].map((name) => playground.getByRole('button', { name, exact: true }));
  await expect(undo).toBeDisabled();
  await expect(redo).toBeDisabled();
  const first = await settledText(playground);
  await press(playground, 'Write');
  const second = await settledText(playground);
  await command(playground, 'crash m');
  const third = await settledText(playground);
  expect(new Set([first, second, third]).size).toBe(3);
  await undo.click();
  expect(await settledText(playground)).toBe(second);
  expect((await stateOf(playground)).nodes[0].process).toBe('up');
  await redo.click();
  expect(await settledText(playground)).toBe(third);
  expect((await stateOf(playground)).nodes[0].process).toBe('down');
  await expect(redo).toBeDisabled();
  await page.keyboard.press('ControlOrMeta+z');
  await page.keyboard.press('ControlOrMeta+z');
  await expect.poll(() => settledText(playground)).toBe(first);
  await page.keyboard.press('ControlOrMeta+Shift+z');
  await expect.poll(() => settledText(playground)).toBe(second);
  // In a text field the key is the field's own, and outside the page's.
  await playground.getByLabel('Key', { exact: true }).press('ControlOrMeta+z');
  await playground.evaluate(() => /** @type {any} */ (document.activeElement)?.shadowRoot?.activeElement?.blur());
  await page.keyboard.press('ControlOrMeta+z');
  expect(await settledText(playground)).toBe(second);
  await expect(playground.locator('.say')).toContainText('Done again.');
});

test.describe('a fork', () => {
  test('is made, told, shown and returned to', async ({ open }) => {
    const playground = await open();
    await run(playground, 'cluster m + s1\nclients A\nlink nodes latency 200ms\n');
    await pause(playground);
    await press(playground, 'Write');
    await seek(playground, 1_000_000);
    await command(playground, 'crash m');
    await seek(playground, 1_500_000);
    const [first, hash] = [await settledText(playground), await hashOf(playground)];
    await expect(playground.getByRole('heading', { name: 'Branches' })).toHaveCount(0);
    await seek(playground, 900_000);
    await expect(playground.getByRole('heading', { name: 'Branches' })).toHaveCount(0);
    await command(playground, 'crash s1');
    await expect(notice(playground)).toContainText('your earlier run is kept as branch 1.');
    const forked = await settledText(playground);
    expect(forked).not.toContain('crash m');
    const list = playground.getByRole('list', { name: 'Branches' }).getByRole('listitem');
    await expect(list).toHaveText([/1\s+the first run\s+Compare/, /2\s+crash s1\s+0\.900 s/]);
    await expect(list.getByRole('button', { pressed: true })).toHaveText(/^\s*2/);

    await list.getByRole('button', { name: 'the first run' }).click();
    await expect.poll(() => settledText(playground)).toBe(first);
    await expect(notice(playground)).toHaveCount(0);
    await expect(playground.locator('.say')).toContainText('Branch 1 is shown.');
    await expect(list.getByRole('button', { pressed: true })).toHaveText(/^\s*1/);
    await seek(playground, 1_500_000);
    expect(await hashOf(playground)).toBe(hash);
    // What happened in the other branch is not told here.
    await expect(playground.getByRole('group', { name: 'What happened' })).toContainText('m crashes');
    await expect(playground.getByRole('group', { name: 'What happened' })).not.toContainText('s1 crashes');
    await list.getByRole('button', { name: /crash s1/ }).click();
    await expect.poll(() => settledText(playground)).toBe(forked);
    // Nor where the other branch has more to tell.
    await expect(playground.getByRole('group', { name: 'What happened' })).toContainText('s1 crashes');
    await list.getByRole('button', { name: 'the first run' }).click();
    await expect(playground.getByRole('group', { name: 'What happened' })).toContainText('m crashes');
    await expect(playground.getByRole('group', { name: 'What happened' })).not.toContainText('s1 crashes');
  });

  test('is compared: what differs, or that nothing does', async ({ open, expectAccessible }) => {
    const playground = await open();
    await run(playground, 'cluster m + s1\nclients A\nlink nodes latency 200ms\n');
    await pause(playground);
    await seek(playground, 1_000_000);
    await command(playground, 'A write cart 1');
    await seek(playground, 500_000);
    await command(playground, 'A write cart 2');
    await press(playground, 'Compare 1');
    const table = playground.getByRole('table', { name: 'What differs between branches 2 and 1' });
    await expect(table.getByRole('row', { name: 'cart on s1 2 1' })).toBeVisible();
    await expect(table.getByRole('columnheader')).toHaveText(['What', 'Here (branch 2)', 'There (branch 1)']);
    await expectAccessible('.timeline');
    // As the run goes on the comparison no longer holds.
    await command(playground, 'A write cart 1');
    await expect(table).toHaveCount(0);
    await press(playground, 'Undo');
    await press(playground, 'Undo');
    await command(playground, 'A write cart 1');
    await press(playground, 'Compare 1');
    await expect(playground.getByText('branches 2 and 1 hold the same values')).toBeVisible();
    await expect(table).toHaveCount(0);
  });

  test('compares promises with their signs and words', async ({ open }) => {
    const playground = await open();
    await run(playground, 'cluster m + s1\nclients A\nlink nodes latency 800ms\nlink clients latency 5ms\n');
    await pause(playground);
    await command(playground, 'A write cart 1');
    await seek(playground, 100_000);
    await command(playground, 'A read cart @s1');
    await seek(playground, 50_000);
    await command(playground, 'A read cart @m');
    await press(playground, 'Compare 1');
    const row = playground.getByRole('row', { name: /^Read your writes/ });
    await expect(row.locator('td').nth(0)).toHaveClass('held');
    await expect(row.locator('td').nth(0)).toContainText('holds');
    await expect(row.locator('td').nth(1)).toHaveClass('broken');
    await expect(row.locator('td').nth(1)).toContainText('broken');
  });
});

test('nothing is announced of what time goes past by hand', async ({ open }) => {
  const playground = await open();
  await played(playground);
  await waitLong(playground);
  for (let i = 0; i < 5; i++) {
    await seek(playground, 0);
    await seek(playground, END);
  }
  await waitLong(playground);
  await expect(playground.locator('.say')).not.toContainText('crashes');
});
/** Longer than announcements wait. @param {Locator} playground */
const waitLong = (playground) => playground.page().waitForTimeout(1500);

test('whoever goes back in time and asks there goes on from there; whoever has paused does not', async ({ open }) => {
  const playground = await open();
  const write = playground.getByRole('button', { name: 'Write', exact: true });
  await write.click();
  await expect.poll(async () => (await stateOf(playground)).nowUs).toBeGreaterThan(400_000);
  await seek(playground, 300_000);
  await expect(playground.getByText('Write or read, and it goes on from here.')).toBeVisible();
  await write.click();
  await expect.poll(async () => (await stateOf(playground)).nowUs).toBeGreaterThan(500_000);
  await playground.getByRole('button', { name: 'Pause', exact: true }).click();
  const { nowUs } = await stateOf(playground);
  await write.click();
  await expect(playground.getByText('What you do now happens at this very moment.')).toBeVisible();
  expect((await stateOf(playground)).nowUs).toBe(nowUs);
});
