// The text of the run: seen, edited, copied, pasted; and what comes from outside is refused or shown as plain text.
import { expect, test } from './fixtures.js';
import {
  BUSY,
  BUSY_US,
  QUICK,
  answers,
  card,
  command,
  expectLines,
  goOn,
  goTo,
  latest,
  nodeOf,
  notice,
  openTab,
  pause,
  run,
  stateOf,
  textOf,
} from './helpers.js';

/** @typedef {import('@playwright/test').Locator} Locator */

/** @param {Locator} playground */
const area = (playground) => playground.getByRole('textbox', { name: 'Run text' });
/** Types or pastes all of it at once: key by key, 20,000 lines would take minutes. @param {Locator} playground @param {string} text */
const enter = (playground, text) =>
  area(playground).evaluate((/** @type {HTMLTextAreaElement} */ element, given) => {
    element.value = given;
    element.dispatchEvent(new Event('input', { bubbles: true }));
  }, text);
/** What a method rejects with, if it does. @param {Locator} playground @param {'run' | 'command'} method @param {unknown} given */
const refusal = (playground, method, given) =>
  playground.evaluate(
    (/** @type {any} */ element, [name, text]) =>
      element[/** @type {string} */ (name)](text).then(
        () => undefined,
        (/** @type {any} */ error) => ({ ...error, name: error.name, message: error.message }),
      ),
    [method, given],
  );
/** @param {Locator} playground @param {string} name */
const press = (playground, name) => playground.getByRole('button', { name, exact: true }).click();

test('the text is edited and run', async ({ open }) => {
  const playground = await open();
  await openTab(playground, 'Text');
  const again = playground.getByRole('button', { name: 'Run this text' });
  await expect(again).toBeDisabled();
  await area(playground).fill('cluster primary + replica1\nat 0ms B write k v\n');
  await press(playground, 'Run this text');
  await expect(card(playground, 'replica1')).toBeVisible();
  await expect(playground.getByRole('article')).toHaveCount(2);
  await expect(again).toBeDisabled();
  expect(await textOf(playground)).toContain('cluster primary + replica1');

  // What was not run can be taken back.
  await area(playground).fill('rubbish');
  await press(playground, 'Back to the run');
  await expect(area(playground)).toHaveValue(await textOf(playground));
});

test('the text follows what is done, unless it is being edited', async ({ open }) => {
  const playground = await open();
  await pause(playground);
  await openTab(playground, 'Text');
  await press(playground, 'Write');
  await expect(area(playground)).toHaveValue(/A write cart 1\n$/);
  await area(playground).press('End');
  await area(playground).pressSequentially('# mine');
  await press(playground, 'Read');
  await expect(answers(playground)).toHaveCount(2);
  await expect(area(playground)).not.toHaveValue(/A read cart/);
  await expect(area(playground)).toHaveValue(/# mine/);
});

test('the text is copied and pasted', async ({ open, context, page }) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  const playground = await open();
  await openTab(playground, 'Text');
  await press(playground, 'Copy');
  await expect(playground.getByText('Copied.')).toBeVisible();
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(await textOf(playground));
  await page.evaluate(() => navigator.clipboard.writeText('cluster m + s1 s2 s3 s4\n'));
  await press(playground, 'Paste');
  await expect(area(playground)).toHaveValue('cluster m + s1 s2 s3 s4\n');
  await press(playground, 'Run this text');
  await expect(card(playground, 's4')).toBeVisible();
});

test('where the browser does not allow to copy or paste, it says what to do', async ({ open, context }) => {
  await context.addInitScript(() => {
    const no = () => Promise.reject(new DOMException('no', 'NotAllowedError'));
    Object.defineProperty(navigator, 'clipboard', { value: { readText: no, writeText: no } });
  });
  const playground = await open();
  await openTab(playground, 'Text');
  await press(playground, 'Copy');
  await expect(playground.getByText('select the text and copy it')).toBeVisible();
  await press(playground, 'Paste');
  await expect(playground.getByText('press in the text and paste there')).toBeVisible();
  await expect(area(playground)).toBeFocused();
});

test.describe('a text that is refused', () => {
  const line = (/** @type {string} */ extra) => `cluster m + s1\n${extra}\n`;
  /** @type {[string, string, RegExp, [number, number?]?][]} */
  const refused = [
    ['empty', '', /cluster/i],
    ['only comments', '# nothing\n\n', /cluster/i],
    ['of unknown words', line('at 0ms explode m'), /explode|command/i, [2, 8]],
    ['a cluster of nobody', 'cluster\n', /the master, \+ and the slaves/, [1]],
    ['with an unknown node', line('at 0ms crash s9'), /s9/, [2, 14]],
    ['a number that is negative', line('timeout -5s'), /./, [2, 9]],
    ['not a number', line('link m-s1 latency NaN'), /./, [2, 19]],
    ['a number that is infinite', line('delay s1 Infinitys'), /./, [2, 10]],
    ['a number far too big', line('timeout 1e12s'), /./, [2, 9]],
    ['more than a lifetime', line('at 1000000000000s read k'), /./, [2, 4]],
    ['a seed below 0', line('seed -1'), /./, [2, 6]],
    ['wrongly typed', line('link m-s1 loss many'), /./, [2, 16]],
    ['going back in time', line('at 2s read k\nat 1s read k'), /./, [3]],
    ['of a newer version', 'version 2\ncluster m + s1\n', /version/i, [1]],
    ['binary', 'cluster m + s1\nat 0ms write k \u0000\u0001\u0002\ufffd\n', /./, [2]],
    ['binary from the start', '\u0000\u0000asm\u0001\u0000\u0000\u0000', /./, [1]],
    ['an open quote', line('at 0ms write k "no end'), /./, [2]],
    ['markup', '<script>window.__xss = 1</script><img src=x onerror="window.__xss = 1">', /./, [1]],
    ['33 slaves', `cluster m + ${Array.from({ length: 33 }, (_, i) => `s${i + 1}`).join(' ')}\n`, /32/, [1]],
    ['huge', `cluster m + s1\n# ${'x'.repeat(520 * 1024)}\n`, /512|byte/i],
    ['of too many lines', `cluster m + s1\n${'\n'.repeat(20_001)}`, /20,?000|lines/i],
  ];
  // A few on each page, so that one after the other has to leave the run as it was.
  for (let first = 0; first < refused.length; first += 7) {
    const some = refused.slice(first, first + 7);
    test(`says where and why, and leaves the run as it was: ${some.map(([what]) => what).join(', ')}`, async ({
      open,
      page,
    }) => {
      const playground = await open();
      await run(playground, QUICK);
      await pause(playground);
      await command(playground, 'A write cart 1');
      await goTo(playground, 30_000);
      const [before, state] = [await textOf(playground), await stateOf(playground)];
      await openTab(playground, 'Text');
      const alert = playground.getByRole('tabpanel').getByRole('alert');

      for (const [what, text, error, place] of some) {
        await enter(playground, text);
        await press(playground, 'Run this text');
        await expect(alert, what).toContainText(error);
        await expect(area(playground)).toHaveAttribute('aria-invalid', 'true');
        if (place) {
          const [row, column] = place;
          const where = column ? `Line ${row}, column ${column}.` : new RegExp(`^Line ${row}(, column \\d+)?\\.$`);
          await expect(alert.locator('b'), what).toHaveText(where);
          await expect(alert.locator('pre')).toContainText('^');
        }
        // The method says the same.
        const thrown = await refusal(playground, 'run', text);
        expect(thrown, what).toMatchObject({ name: 'PlaygroundError', code: expect.stringMatching(/^[a-z-]+$/) });
        if (place) expect(thrown, what).toMatchObject({ line: place[0], column: place[1] ?? expect.any(Number) });
        expect(await textOf(playground), what).toBe(before);
        expect(await stateOf(playground), what).toEqual(state);
        await press(playground, 'Back to the run');
        await expect(alert).toHaveCount(0);
      }

      // The page can still be used.
      await press(playground, 'Write');
      await goOn(playground, 30_000);
      expect(await latest(playground)).toMatchObject({ kind: 'write', outcome: 'ok' });
      expect(await page.evaluate(() => '__xss' in window)).toBe(false);
    });
  }

  test('no text at all, of other types: refused, and the run stays', async ({ open }) => {
    const playground = await open();
    const before = await textOf(playground);
    for (const text of [null, 42, {}, [], Number.NaN, 1e12, -1, true])
      expect(await refusal(playground, 'run', text), String(text)).toMatchObject({ name: 'PlaygroundError' });
    for (const line of [
      '',
      'at 5s read cart',
      'crash',
      'crash s9',
      'delay s1 -1s',
      'delay s1 NaN',
      'timeout 1e12s',
      'read',
      '\u0000',
      'x'.repeat(1e6),
      'read a\nread b',
    ])
      expect(await refusal(playground, 'command', line), line.slice(0, 40)).toMatchObject({ name: 'PlaygroundError' });
    expect(await textOf(playground)).toBe(before);
    await press(playground, 'Write');
    await expect(answers(playground)).toHaveCount(1);
  });
});

test.describe('keys and values', () => {
  const strange = [
    '<img src=x onerror="window.__xss=1">',
    '<script>window.__xss=1</script>',
    '"quotes" \'and\' `ticks` \\ ${window.__xss=1}',
    '# @m -> ok',
    'ends \u202e with \u2066 bidi',
    '🦀 ß 漢字 \u0301',
  ];
  test('with markup, quotes and directions are plain text everywhere', async ({ open, page }) => {
    const playground = await open();
    await run(playground, QUICK);
    await pause(playground);
    const key = playground.getByLabel('Key', { exact: true });
    const value = playground.getByLabel('Value', { exact: true });
    for (const words of strange) {
      await key.fill(words);
      await value.fill(words);
      await press(playground, 'Write');
      await goOn(playground, 60_000);
      const row = (await nodeOf(playground, 's2')).rows.findIndex(({ key }) => key === words);
      expect((await nodeOf(playground, 's2')).rows[row]).toMatchObject({ value: words, state: 'fresh' });
      // A card shows those that were written last.
      const shown = card(playground, 's2').locator('.kv', { has: playground.page().getByText(words, { exact: true }) });
      await expect(shown.locator('.key')).toHaveText(words);
      await expect(shown.locator('.value')).toHaveText(words);
      await press(playground, 'Read');
      await goOn(playground, 60_000);
      await expect(answers(playground).first().locator('b')).toHaveText(words);
    }
    await command(playground, 'write "two\\nlines" "\\t\\u{202e}\\u{1f600}"');
    await goOn(playground, 60_000);
    expect((await nodeOf(playground, 's2')).rows).toContainEqual(
      expect.objectContaining({ key: 'two\nlines', value: '\t\u202e\u{1f600}' }),
    );

    // The text holds them in a way that plays the same again.
    const [text, state] = [await textOf(playground), await stateOf(playground)];
    await run(playground, text);
    await goTo(playground, state.nowUs);
    expect((await stateOf(playground)).nodes).toEqual(state.nodes);
    await openTab(playground, 'Messages & nodes');
    await expect(playground.getByRole('table', { name: 'Nodes' })).toContainText(strange[1]);
    expect(await page.evaluate(() => '__xss' in window)).toBe(false);
    expect(await playground.locator('img, script').count()).toBe(0);
  });

  test('that are too long are refused in words, and nothing is lost', async ({ open }) => {
    const playground = await open();
    await pause(playground);
    const before = await textOf(playground);
    const key = playground.getByLabel('Key', { exact: true });
    const value = playground.getByLabel('Value', { exact: true });
    for (const [k, v] of [
      ['k'.repeat(10_000), '1'],
      ['k'.repeat(65), '1'],
      ['cart', 'v'.repeat(10_000)],
      ['cart', 'v'.repeat(1025)],
      ['cart', 'ß'.repeat(513)],
    ]) {
      await key.fill(k);
      await value.fill(v);
      await press(playground, 'Write');
      await expect(notice(playground)).toContainText(/At most|at most/);
      expect(await textOf(playground)).toBe(before);
      await expect(value).toHaveValue(v);
      await notice(playground).getByRole('button', { name: 'Close' }).click();
      await expect(notice(playground)).toHaveCount(0);
    }
    await key.fill('k'.repeat(64));
    await value.fill('v'.repeat(1024));
    await press(playground, 'Write');
    await expect(answers(playground)).toHaveCount(1);
    await expect(notice(playground)).toHaveCount(0);
  });

  test('may be empty', async ({ open }) => {
    const playground = await open();
    await pause(playground);
    await playground.getByLabel('Value', { exact: true }).fill('');
    await press(playground, 'Write');
    await goOn(playground, 400_000);
    expect((await nodeOf(playground, 'm')).rows[0]).toMatchObject({ key: 'cart', value: '' });
    // The text takes an empty key, as servers do; whoever presses a button has more likely forgotten it.
    await playground.getByLabel('Key', { exact: true }).fill('');
    await expectLines(playground, () => press(playground, 'Write'));
    await expect(notice(playground)).toContainText('A request needs a key');
    await expectLines(playground, () => command(playground, 'A write "" ""'), 'A write "" ""');
    await expectLines(playground, () => command(playground, 'A read ""'), 'A read ""');
    await goOn(playground, 400_000);
    await expect(answers(playground)).toHaveCount(3);
  });
});

test('a large text that is allowed is run', async ({ open }) => {
  const playground = await open();
  const many = Array.from({ length: 5000 }, (_, i) => `+1ms write k${i % 50} ${i}`).join('\n');
  await run(playground, `${QUICK}${many}\n`);
  await goTo(playground, 20_000);
  expect((await stateOf(playground)).nowUs).toBeGreaterThanOrEqual(20_000);
  await run(playground, BUSY);
  await goTo(playground, BUSY_US);
  expect((await stateOf(playground)).nodes).toHaveLength(4);
});
