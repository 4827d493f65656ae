// A run is a link: what is copied on one page is the same run on another, to the last bit; and a link that is not whole
// says so and does no harm.
import { readFile } from 'node:fs/promises';
import { expect, test } from './fixtures.js';
import {
  command,
  expectOpen,
  goTo,
  hashOf,
  notice,
  pause,
  run,
  seek,
  servePage,
  stateOf,
  settledText,
} from './helpers.js';

/** @typedef {import('@playwright/test').Locator} Locator */
/** @typedef {import('@playwright/test').Page} Page */

const RUN = `cluster m + s1 s2
clients A
seed 7
link nodes latency 800ms
at 0ms A write cart 1
at 500ms A read cart @s1
at 1s crash m
at 1.2s A write "a b; c+d %41 & <b onload=\\"x\\">" "Grüße 🙂 = #1 (*_~'!)"
at 1.5s A read cart @s2
`;
const STANDARD = /^cluster m \+ s1 s2 s3\n/m;

test.beforeEach(async ({ context }) => context.grantPermissions(['clipboard-read', 'clipboard-write']));

/** What Share copies. @param {Locator} playground @param {string} name @returns {Promise<string>} */
async function copied(playground, name) {
  await playground.getByRole('button', { name: 'Share' }).click();
  const menu = playground.getByRole('dialog', { name: 'Share' });
  await menu.getByRole('button', { name: new RegExp(`^${name} ?[A-Z]`) }).click();
  await expect(menu.getByRole('status')).toHaveText('Copied.');
  await playground.page().keyboard.press('Escape');
  await expect(menu).toBeHidden();
  return playground.evaluate(() => navigator.clipboard.readText());
}

/** Goes to another address of the same page, and waits for what comes of it. @param {Page} page @param {string} fragment */
async function follow(page, fragment) {
  await page.goto('about:blank');
  await page.goto(`./${fragment}`);
  const playground = page.locator('replication-playground').first();
  await expectOpen(playground);
  return playground;
}

/** It can be used: a write is done. @param {Locator} playground */
async function expectUsable(playground) {
  const before = (await stateOf(playground)).writes.length;
  await command(playground, 'A write usable yes');
  await goTo(playground, (await stateOf(playground)).nowUs + 2_000_000);
  expect((await stateOf(playground)).writes.length).toBe(before + 1);
}

/** The fragment of the run, readable, as the page makes it. @param {Locator} playground */
async function fragmentOf(playground, name = 'Copy link to this moment') {
  return new URL(await copied(playground, name)).hash;
}

for (const [length, text] of [
  ['short', RUN],
  ['long', RUN + Array.from({ length: 3000 }, (_, i) => `at ${2000 + i}ms A write k${i % 50} v${i * 7919}`).join('\n')],
]) {
  test(`a ${length} run comes through, at a moment and from its start`, async ({ open, page }) => {
    const playground = await open();
    await run(playground, text);
    await seek(playground, 1_700_123);
    const [before, hash] = [await settledText(playground), await hashOf(playground)];
    const [moment, whole] = [
      await copied(playground, 'Copy link to this moment'),
      await copied(playground, 'Copy link'),
    ];
    expect(new URL(moment).hash).toMatch(
      length === 'short' ? /^#run=cluster\+m\+%2B\+s1\+s2;clients/ : /^#runz=[\w-]+&/,
    );
    expect(new URL(moment).hash).toMatch(/&v=1&at=1700123&hash=[0-9a-f]{16}$/);
    expect(moment).not.toMatch(/[\s()*~`<>"'|\\!]/);
    const there = await follow(page, new URL(moment).hash);
    expect(await settledText(there)).toBe(before);
    expect((await stateOf(there)).nowUs).toBe(1_700_123);
    expect(await hashOf(there)).toBe(hash);
    await expect(notice(there)).toHaveCount(0);
    await expect(there.getByText('Time stands still.')).toBeVisible();

    const start = await follow(page, new URL(whole).hash);
    expect((await stateOf(start)).nowUs).toBe(0);
    expect(await settledText(start)).toBe(before);
    await expect(notice(start)).toHaveCount(0);
    await seek(start, 1_700_123);
    expect(await hashOf(start)).toBe(hash);
    await expectUsable(start);
  });
}

test('a link is not disturbed by a run that was stepped into the middle of an instant', async ({ open, page }) => {
  const playground = await open();
  await run(playground, RUN);
  for (let i = 0; i < 7; i++) await playground.evaluate((/** @type {any} */ element) => element.step());
  const hash = await hashOf(playground);
  const fragment = await fragmentOf(playground);
  expect(await hashOf(playground), 'the run here stays where it is').toBe(hash);
  await expect(notice(await follow(page, fragment))).toHaveCount(0);
});

/** @param {number} seed */
function chance(seed) {
  let state = seed;
  return (/** @type {number} */ below) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}
/** @param {(below: number) => number} pick */
function randomText(pick) {
  const letters = [...';+%&=#@"\\<>\'`()[]*_~|!?:/,.-  äöüß€🙂漢\u00a0\t', ...'abcXYZ019', '%41', '&amp;', '->', '$&'];
  const word = () => {
    const some = Array.from({ length: 1 + pick(9) }, () => letters[pick(letters.length)]).join('');
    const inside = some.replace(/["\\]/g, '\\$&').replace(/\t/g, '\\t');
    return `"${inside}"`;
  };
  const lines = ['cluster m + s1 s2', 'clients A B', `seed ${pick(1000)}`, `link nodes latency ${1 + pick(900)}ms`];
  let at = 0;
  for (let i = pick(30); i >= 0; i--) {
    at += pick(200_000);
    const what = ['A write', 'B write', 'A read', 'B delete'][pick(4)];
    const value = what.endsWith('write') ? ` ${word()}` : '';
    lines.push(
      `at ${at}us ${what} ${word()}${value}${pick(4) === 0 ? ` # ${letters[pick(letters.length)]} ; + %3B` : ''}`,
    );
  }
  return { text: `${lines.join('\n')}\n`, at };
}

test('fifty random runs come through', async ({ open, page }) => {
  test.slow();
  const playground = await open();
  const pick = chance(2026);
  let packed = 0;
  for (let i = 0; i < 50; i++) {
    const { text, at } = randomText(pick);
    await run(playground, text);
    await seek(playground, at);
    const [before, hash] = [await settledText(playground), await hashOf(playground)];
    const fragment = await fragmentOf(playground);
    if (fragment.startsWith('#runz=')) packed += 1;
    await run(playground, 'cluster a + b\n');
    await page.evaluate((to) => (location.hash = to), fragment);
    await expect.poll(() => settledText(playground), text).toBe(before);
    expect(await hashOf(playground), text).toBe(hash);
    await expect(notice(playground)).toHaveCount(0);
    await page.evaluate(() => (location.hash = ''));
  }
  expect(packed).toBeGreaterThan(3);
  expect(packed).toBeLessThan(47);
});

test.describe('a link that is not right', () => {
  /** The standard run, a sentence about the link, and all can be used. @param {Page} page @param {string} fragment @param {RegExp} says */
  async function expectRefused(page, fragment, says) {
    const playground = await follow(page, fragment);
    await expect(notice(playground)).toHaveText(says);
    await expect(notice(playground)).toContainText('The standard run is shown.');
    expect(await settledText(playground)).toMatch(STANDARD);
    await expectUsable(playground);
  }

  test('is told when it is cut off, wherever', async ({ open, page }) => {
    const playground = await open();
    await run(playground, RUN);
    await seek(playground, 1_200_000);
    for (const name of ['Copy link to this moment', 'Copy link']) {
      const fragment = await fragmentOf(playground, name);
      for (const length of [5, 40, 200, fragment.indexOf('&v=1') + 4, fragment.length - 20, fragment.length - 1])
        await expectRefused(page, fragment.slice(0, length), /damaged or not whole/);
    }
  });

  test('is told when characters were changed, or shown with a warning', async ({ open, page }) => {
    const playground = await open();
    const lines = Array.from({ length: 400 }, (_, i) => `at ${i * 3}ms A write k${i % 9} ${i * 7919}`).join('\n');
    await run(playground, `cluster m + s1\nclients A\n${lines}\n`);
    const fragment = await fragmentOf(playground, 'Copy link');
    expect(fragment).toMatch(/^#runz=/);
    const end = fragment.indexOf('&');
    const pick = chance(7);
    for (let i = 0; i < 12; i++) {
      const at = 6 + pick(end - 6);
      const other = fragment[at] === 'A' ? 'B' : 'A';
      const there = await follow(page, fragment.slice(0, at) + other + fragment.slice(at + 1));
      // Whatever comes of it: it is said, and the page can be used.
      await expect(notice(there), `changed at ${at}`).toHaveText(/damaged|could not be read|another version/);
      await expectUsable(there);
    }
  });

  test('is told when it is newer, unknown, twice the same, no UTF-8, or no run', async ({ page }) => {
    const rest = '&v=1&at=0&hash=0123456789abcdef';
    await page.goto('./');
    await expectRefused(page, `#run=cluster+m&v=2&more=1`, /newer version/);
    await expectRefused(page, `#v=3&what=else`, /newer version/);
    await expectRefused(page, `#runx=cluster+m${rest}`, /no run that is known here/);
    await expectRefused(page, `#run=cluster+a+%2B+b&run=cluster+c+%2B+d${rest}`, /damaged/);
    await expectRefused(page, `#run=%E4%F6${rest}`, /damaged/);
    await expectRefused(page, `#run=a%2${rest}`, /damaged/);
    await expectRefused(page, `#run=a&v=1&at=1e9&hash=0123456789abcdef`, /damaged/);
    const there = await follow(page, `#run=cluster+m+%2B+s1;explode${rest}`);
    await expect(notice(there)).toHaveText(/could not be read/);
    await expect(there.getByRole('textbox', { name: 'Run text' })).toHaveValue('cluster m + s1\nexplode');
    await expect(there.locator('.text .error')).toContainText('Line 2');
    expect(await settledText(there)).toMatch(STANDARD);
    await expectUsable(there);
  });

  test('is stopped when it unpacks to more than a run may hold', async ({ page }) => {
    await page.goto('./');
    const bomb = await page.evaluate(async () => {
      const zeros = new Blob(Array.from({ length: 64 }, () => new Uint8Array(1 << 20)));
      const packed = await new Response(zeros.stream().pipeThrough(new CompressionStream('deflate-raw'))).arrayBuffer();
      const letters = Array.from(new Uint8Array(packed), (byte) => String.fromCharCode(byte)).join('');
      return btoa(letters).replace(/\+/g, '-').replace(/\//g, '_').replace(/=/g, '');
    });
    expect(bomb.length).toBeLessThan(200_000);
    await page.addInitScript(() => {
      let given = 0;
      const { read } = ReadableStreamDefaultReader.prototype;
      ReadableStreamDefaultReader.prototype.read = async function () {
        const result = await read.call(this);
        given += result.value?.length ?? 0;
        Object.assign(window, { given });
        return result;
      };
    });
    await expectRefused(page, `#runz=${bomb}&v=1&hash=0123456789abcdef`, /more than a run may/);
    expect(await page.evaluate(() => /** @type {any} */ (window).given)).toBeLessThan(1 << 20);
  });

  test('with another hash is shown all the same, with a warning', async ({ open, page }) => {
    const playground = await open();
    await run(playground, RUN);
    await seek(playground, 1_300_000);
    const [text, fragment] = [await settledText(playground), await fragmentOf(playground)];
    const there = await follow(page, fragment.slice(0, -16) + '0123456789abcdef');
    await expect(notice(there)).toHaveText(/made with another version: the run may differ/);
    expect(await settledText(there)).toBe(text);
    expect((await stateOf(there)).nowUs).toBe(1_300_000);
    await expectUsable(there);
  });

  test('with a part that is not known says so, as text', async ({ open, page }) => {
    const playground = await open();
    await run(playground, RUN);
    const fragment = await fragmentOf(playground);
    const there = await follow(page, `${fragment}&<img src=x onerror=alert(1)>=1`);
    await expect(notice(there)).toContainText('not known here and was left out:');
    await expect(notice(there).locator('img')).toHaveCount(0);
    expect(await settledText(there)).toContain('at 1.2s');
  });

  test('leaves a run alone that is there already', async ({ open, page }) => {
    const playground = await open();
    await run(playground, RUN);
    await pause(playground);
    const text = await settledText(playground);
    await page.evaluate(() => (location.hash = '#run=cluster+m'));
    await expect(notice(playground)).toHaveText(/damaged.*The run here stays as it was\./);
    expect(await settledText(playground)).toBe(text);
    await page.evaluate(() => (location.hash = '#about'));
    expect(await settledText(playground)).toBe(text);
  });
});

test('only an element with the attribute reads the address, and only it offers links', async ({ open, page }) => {
  const path = await servePage(page, '<replication-playground></replication-playground>');
  const playground = await open(`${path}#run=cluster+x+%2B+y&v=1&hash=0123456789abcdef`);
  expect(await settledText(playground)).toMatch(STANDARD);
  await expect(notice(playground)).toHaveCount(0);
  await playground.getByRole('button', { name: 'Share' }).click();
  const menu = playground.getByRole('dialog', { name: 'Share' });
  await expect(menu.getByRole('button', { name: 'Copy text' })).toBeVisible();
  await expect(menu.getByRole('button', { name: /link/ })).toHaveCount(0);
});

test('the text is copied, saved as a file, and opened from one', async ({ open, page, expectAccessible }) => {
  const playground = await open();
  await run(playground, RUN);
  const text = await settledText(playground);
  expect(await copied(playground, 'Copy text')).toBe(text);
  const menu = playground.getByRole('dialog', { name: 'Share' });
  const share = playground.getByRole('button', { name: 'Share' });
  await share.click();
  await expect(menu.getByRole('button', { name: /^Copy link to this moment/ })).toBeEnabled();
  await expectAccessible('.pop');
  const [file] = await Promise.all([
    page.waitForEvent('download'),
    menu.getByRole('button', { name: /^Save as a file/ }).click(),
  ]);
  const saved = await file.path();
  expect(await readFile(saved, 'utf8')).toBe(text);

  /** @param {string} body */
  const openFile = async (body) => {
    if (!(await menu.isVisible())) await share.click();
    const [chooser] = await Promise.all([
      page.waitForEvent('filechooser'),
      menu.getByRole('button', { name: /^Open a file/ }).click(),
    ]);
    await chooser.setFiles({ name: 'a.run', mimeType: 'text/plain', buffer: Buffer.from(body) });
  };
  await openFile('cluster a + b\n');
  await expect.poll(() => settledText(playground)).toBe('cluster a + b\n');
  await openFile('cluster a + b\nexplode\n');
  await expect(playground.locator('.text .error')).toContainText('Line 2');
  await openFile('# '.padEnd(600 * 1024, 'x'));
  await expect(notice(playground)).toContainText('too large');
  expect(await settledText(playground)).toBe('cluster a + b\n');
});

test('what may not be copied is shown, to be copied by hand', async ({ open, context }) => {
  await context.clearPermissions();
  const playground = await open();
  await playground.evaluate(() => {
    navigator.clipboard.writeText = () => Promise.reject(new Error('no'));
  });
  await playground.getByRole('button', { name: 'Share' }).click();
  const menu = playground.getByRole('dialog', { name: 'Share' });
  await menu.getByRole('button', { name: /^Copy link Opens/ }).click();
  await expect(menu.getByRole('status')).toContainText('did not allow it');
  await expect(menu.getByRole('textbox')).toHaveValue(/^http.*#run=.*cluster.*&hash=[0-9a-f]{16}$/);
  await expect(menu.getByRole('textbox')).toBeFocused();
});
