// What a host page asks of the element: attributes, properties, events.
import { readFileSync } from 'node:fs';
import { expect, test } from './fixtures.js';
import {
  answers,
  card,
  command,
  expectNoSidewaysScroll,
  goOn,
  goTo,
  nodeOf,
  notice,
  openNode,
  pause,
  popover,
  QUICK,
  run,
  servePage,
  stateOf,
  takeLesson,
  textOf,
} from './helpers.js';

/** @typedef {import('@playwright/test').Locator} Locator */
/** @typedef {import('@playwright/test').Page} Page */

const RUN = `cluster m + s1 s2
clients A B
link nodes latency 500ms
link clients latency 20ms
at 100ms A write cart 1
at 300ms B read cart @s1
at 2s A read cart @s2
`;
/** @param {string} attributes @param {string} [text] */
const element = (attributes, text = RUN) =>
  `<replication-playground ${attributes}><pre>${text}</pre></replication-playground>`;
/** @param {Locator} playground @param {string} name */
const button = (playground, name) => playground.getByRole('button', { name, exact: true });

/** Takes note of what the first element of the page says. @param {Page} page @param {string[]} types */
const listen = (page, types) =>
  page.addInitScript((names) => {
    const heard = /** @type {unknown[]} */ ([]);
    Object.assign(window, { heard });
    addEventListener('DOMContentLoaded', () => {
      const first = /** @type {Element} */ (document.querySelector('replication-playground'));
      for (const name of names) {
        first.addEventListener(name, (e) => {
          const { detail } = /** @type {CustomEvent} */ (e);
          heard.push([name, detail instanceof Error ? detail.message : detail]);
        });
      }
    });
  }, types);
/** @param {Page} page @returns {Promise<any[]>} */
const heard = (page) => page.evaluate(() => /** @type {any} */ (window).heard);

test.describe('layout=compact', () => {
  test('has what a lesson needs, and the latest sentence', async ({ open, page }) => {
    await page.setViewportSize({ width: 720, height: 900 });
    const playground = await open(await servePage(page, element('layout="compact"', QUICK)));
    await expect(playground.getByRole('tablist')).toHaveCount(0);
    await expect(playground.getByRole('region', { name: 'Log' })).toHaveCount(0);
    await expect(playground.getByText('More settings')).toHaveCount(0);
    await pause(playground);
    await button(playground, 'Write').click();
    await goOn(playground, 10_000);
    await command(playground, 'A read cart @s1');
    await goOn(playground, 30_000);
    await expect(answers(playground).first()).toContainText('old');
    await expect(playground.locator('.latest')).toContainText(/A reads cart|s[12] applies cart = 1/);
    await playground.getByRole('switch', { name: 'Power of m' }).click();
    await expect(card(playground, 'm')).toContainText('off');
  });

  test('on a phone the sliders of a slave are in its menu', async ({ open, page }) => {
    await page.setViewportSize({ width: 360, height: 740 });
    const playground = await open(await servePage(page, element('layout="compact"', QUICK)));
    await expect(playground.getByRole('slider', { name: 'Lag of s1' })).toHaveCount(0);
    const menu = await openNode(playground, 's1');
    await menu.getByRole('slider', { name: 'Lag of s1' }).fill('70');
    await expect.poll(() => textOf(playground)).toMatch(/link m-s1 latency/);
  });
});

test('layout=stage is the picture, a button that plays, and the clock', async ({ open, page }) => {
  await page.setViewportSize({ width: 720, height: 900 });
  const playground = await open(await servePage(page, element('layout="stage"')));
  await expect(card(playground, 's2')).toBeVisible();
  await expect(playground.getByRole('textbox')).toHaveCount(0);
  await expect(playground.getByRole('switch')).toHaveCount(0);
  await expect(playground.getByRole('slider')).toHaveCount(0);
  await button(playground, 'Play').click();
  await expect(playground.getByRole('timer')).not.toHaveText('0.000 s');
  await expect(card(playground, 'm')).toContainText('cart');
  await button(playground, 'Pause').click();
  expect((await stateOf(playground)).nodes.map((n) => n.name)).toEqual(['m', 's1', 's2']);
});

for (const layout of ['compact', 'stage']) {
  for (const width of [320, 360, 700]) {
    test(`layout=${layout} fits and is accessible, ${width} px wide`, async ({ open, page, expectAccessible }) => {
      await page.setViewportSize({ width, height: 740 });
      await page.emulateMedia({ colorScheme: width === 700 ? 'dark' : 'light' });
      const playground = await open(
        await servePage(page, `<meta name="color-scheme" content="light dark">${element(`layout="${layout}"`)}`),
      );
      await goTo(playground, 400_000);
      await command(playground, 'crash s2');
      await expect(card(playground, 's2')).toContainText('off');
      await expectNoSidewaysScroll(page);
      await expectAccessible('.playground');
      const small = await playground.evaluate((/** @type {any} */ host) =>
        [...host.shadowRoot.querySelectorAll('button, input, select, summary')]
          .filter((part) => part.checkVisibility() && !part.matches('.why, [type=checkbox]'))
          .map((part) => [part.className || part.localName, part.getBoundingClientRect()])
          .filter(([, box]) => box.width < 24 || box.height < 24)
          .map(([name, box]) => `${name}: ${box.width} × ${box.height}`),
      );
      expect(small).toEqual([]);
    });
  }
}

test.describe('controls', () => {
  test('are hidden unless they are named', async ({ open, page }) => {
    const playground = await open(await servePage(page, element('controls="time log"')));
    await expect(button(playground, 'Play')).toBeVisible();
    await expect(playground.getByRole('region', { name: 'Log' })).toBeVisible();
    await expect(button(playground, 'Write')).toHaveCount(0);
    await expect(playground.getByRole('switch')).toHaveCount(0);
    await expect(playground.getByRole('tablist')).toHaveCount(0);
    await expect(button(playground, 'Share')).toHaveCount(0);
    await expect(playground.getByRole('slider')).toHaveCount(0);
    await playground.evaluate((host) => host.setAttribute('controls', 'none'));
    await expect(button(playground, 'Play')).toHaveCount(0);
    await expect(card(playground, 's1')).toBeVisible();
  });

  test('that are locked are there and cannot be used; the page can', async ({ open, page }) => {
    const playground = await open(
      await servePage(
        page,
        element('controls="all requests:locked faults:locked settings:locked timeline:locked"', QUICK),
      ),
    );
    await expect(button(playground, 'Write')).toBeDisabled();
    await expect(playground.getByLabel('Key', { exact: true })).toBeDisabled();
    await expect(playground.getByRole('switch', { name: 'Power of m' })).toBeDisabled();
    await expect(playground.getByRole('slider', { name: 'Lag of s1' })).toBeDisabled();
    await expect(playground.getByRole('slider', { name: 'Moment' })).toBeDisabled();
    await expect(playground.getByRole('button', { name: 'Add a slave' })).toBeDisabled();
    await playground.getByText('More settings').click();
    await expect(playground.locator('.console details select').first()).toBeDisabled();
    await playground.getByRole('button', { name: /More about s1$/ }).click();
    await expect(popover(playground).getByRole('button', { name: /^Freeze/ })).toBeDisabled();
    await popover(playground).getByRole('button', { name: 'Close' }).click();
    await page.keyboard.press('Control+z');
    await command(playground, 'crash m');
    await expect(card(playground, 'm')).toContainText('off');
  });

  test('that do not exist are named, and what there is', async ({ open, page }) => {
    await listen(page, ['error']);
    const playground = await open(await servePage(page, element('controls="time fault" layout="tiny"')));
    await expect(notice(playground)).toContainText('The attribute controls does not know “fault”.');
    await expect(notice(playground)).toContainText(
      'The attribute layout does not know “tiny”. It takes: full, compact, stage, compare.',
    );
    expect(await heard(page)).toHaveLength(2);
  });
});

test.describe('time', () => {
  test('is where the run stands when it is opened, exactly', async ({ open, page }) => {
    const playground = await open(await servePage(page, element('time="400ms" layout="compact"')));
    await expect(playground.getByRole('timer')).toHaveText('0.400 s');
    await expect.poll(() => stateOf(playground).then((s) => s.nowUs)).toBe(400_000);
    expect((await nodeOf(playground, 'm')).applied).toBe(1);
    expect((await nodeOf(playground, 's1')).applied).toBe(0);
    await playground.evaluate((host) => host.setAttribute('time', '1234567'));
    await expect.poll(() => stateOf(playground).then((s) => s.nowUs)).toBe(1_234_567);
    await playground.evaluate((/** @type {any} */ host) => (host.time = '2s'));
    await expect.poll(() => stateOf(playground).then((s) => s.nowUs)).toBe(2_000_000);
    expect(await playground.evaluate((/** @type {any} */ host) => [host.nowUs, host.playing])).toEqual([
      2_000_000,
      false,
    ]);
  });

  test('that is none is refused, and the run stands at its start', async ({ open, page }) => {
    const playground = await open(await servePage(page, element('time="soon"')));
    await expect(notice(playground)).toContainText('soon');
    expect((await stateOf(playground)).nowUs).toBe(0);
  });
});

test('seed is the seed of the run, in place of its own', async ({ open, page }) => {
  const playground = await open(await servePage(page, element('seed="42"', `${QUICK}seed 7\n`)));
  expect(await textOf(playground)).toContain('seed 42');
  expect(await textOf(playground)).not.toContain('seed 7');
  await playground.evaluate((host) => host.setAttribute('seed', '43'));
  await expect.poll(() => textOf(playground)).toContain('seed 43');
  await playground.evaluate((host) => host.setAttribute('seed', 'lucky'));
  await expect(notice(playground)).toContainText('The attribute seed was left out.');
  await expect.poll(() => textOf(playground)).toContain('seed 7');
});

test.describe('vocabulary', () => {
  test('=primary says primary and replica everywhere', async ({ open, page }) => {
    const playground = await open(await servePage(page, element('vocabulary="primary"')));
    await goTo(playground, 3_000_000);
    await expect(card(playground, 'm')).toContainText('primary');
    await expect(card(playground, 's1')).toContainText('replica');
    const words = await playground.evaluate((/** @type {any} */ host) => {
      const page = host.shadowRoot.querySelector('.playground').cloneNode(true);
      for (const own of page.querySelectorAll('textarea, .paper, option, .lessons')) own.remove();
      return page.textContent;
    });
    expect(words.match(/.{0,30}\b(masters?|slaves?)\b.{0,30}/gi)).toBe(null);
    await playground.evaluate((host) => host.removeAttribute('vocabulary'));
    await expect(card(playground, 'm')).toContainText('master');
  });

  test('=engine says what the database says', async ({ open, page }) => {
    const playground = await open(await servePage(page, element('vocabulary="engine"', `${QUICK}engine postgresql\n`)));
    await expect(card(playground, 's1')).toContainText('standby');
  });
});

test.describe('src', () => {
  test('is a file with a run, or with a lesson', async ({ open, page }) => {
    await page.route('**/mine.run', (route) => route.fulfill({ body: RUN }));
    const playground = await open(
      await servePage(page, '<replication-playground src="mine.run"></replication-playground>'),
    );
    expect(await textOf(playground)).toContain('at 300ms');
    await playground.evaluate((host) => host.setAttribute('src', 'lessons/02-the-stale-read.lesson'));
    await expect(playground.getByRole('region', { name: 'Lesson: The stale read' })).toBeVisible();
  });

  test('that is not there, or too large, or no text, is told in place of any run, and comes when it is there', async ({
    open,
    page,
    tolerate,
  }) => {
    tolerate(/nowhere|404/);
    await listen(page, ['error']);
    await page.route('**/large.run', (route) => route.fulfill({ body: 'x'.repeat(600 * 1024) }));
    await page.route('**/bytes.run', (route) => route.fulfill({ body: Buffer.from([0xff, 0xfe, 0x00, 0xd8]) }));
    const playground = await open(
      await servePage(page, '<replication-playground src="nowhere.run"></replication-playground>'),
    );
    const [told, alert] = ['The run did not arrive.', playground.getByRole('alert')];
    await expect(alert).toContainText(`${told} (404`);
    await expect(playground.locator('.node')).toHaveCount(0);
    await playground.evaluate((host) => host.setAttribute('src', 'large.run'));
    await expect(alert).toContainText(`${told} (more than 512 KiB`);
    await playground.evaluate((host) => host.setAttribute('src', 'bytes.run'));
    await expect(alert).toContainText(told);
    await expect.poll(async () => (await heard(page)).length).toBeGreaterThanOrEqual(3);
    await page.unroute('**/bytes.run');
    await page.route('**/bytes.run', (route) => route.fulfill({ body: 'cluster m + s9\nclients A\n' }));
    await playground.getByRole('button', { name: 'Try again' }).click();
    await expect(card(playground, 's9')).toBeVisible();
    await expect(alert).toHaveCount(0);
  });
});

test.describe('for', () => {
  const both = `${element('id="one"', QUICK)}<replication-playground id="two" for="one" layout="stage"></replication-playground>`;

  test('shows one run in two places', async ({ open, page }) => {
    await page.setViewportSize({ width: 1280, height: 2600 }); // what nobody sees is not drawn
    const one = await open(await servePage(page, both));
    const two = page.locator('#two');
    await two.scrollIntoViewIfNeeded();
    await expect(card(two, 's2')).toBeVisible();
    await pause(one);
    await button(one, 'Write').click();
    await goOn(one, 100_000);
    await expect(card(two, 's2')).toContainText('cart');
    expect(await stateOf(two)).toEqual(await stateOf(one));
    await button(two, 'Play').click();
    await expect(button(one, 'Pause')).toBeVisible();
    await button(two, 'Start again from 0').click();
    await expect(one.getByRole('timer')).toHaveText(/^0\.\d{3} s$/);
    await run(one, 'cluster a + b c\nclients A\n');
    await expect(card(two, 'c')).toBeVisible();
    await run(two, 'cluster x + y\nclients A\n');
    await expect(card(one, 'y')).toBeVisible();
    await takeLesson(one, 'Write to the master');
    await expect(one.getByRole('region', { name: /^Lesson: / })).toBeVisible();
    expect(await textOf(two)).toBe(await textOf(one));
  });

  test('goes on when the other one is taken out', async ({ open, page }) => {
    const one = await open(await servePage(page, both));
    const two = page.locator('#two');
    await two.scrollIntoViewIfNeeded();
    await expect(card(two, 's2')).toBeVisible();
    await one.evaluate((host) => host.remove());
    await page.waitForFunction(async () => {
      const { alive } = /** @type {any} */ (customElements.get('replication-playground'));
      await new Promise((resolve) => setTimeout(resolve, 1200));
      return (await alive.call(customElements.get('replication-playground'))) === 1;
    });
    await command(two, 'A write cart 1');
    await goTo(two, 1_000_000);
    await expect(card(two, 's2')).toContainText('cart');
  });

  test('of nobody is told, and a run of its own is shown', async ({ open, page }) => {
    const playground = await open(await servePage(page, element('for="nobody"')));
    await expect(notice(playground)).toContainText('There is no playground with the id “nobody”');
    await expect(card(playground, 's2')).toBeVisible();
  });
});

test.describe('events', () => {
  test('tell of time, and of what went wrong', async ({ open, page }) => {
    await listen(page, ['play', 'pause', 'seeked', 'anomaly']);
    const playground = await open(await servePage(page, element('')));
    await playground.evaluate((/** @type {any} */ host) => host.play());
    await expect.poll(() => heard(page)).toContainEqual(['play', null]);
    await expect
      .poll(() => heard(page))
      .toContainEqual([
        'anomaly',
        expect.objectContaining({ kind: 'stale', text: expect.stringContaining('reads nothing from s1') }),
      ]);
    await playground.evaluate((/** @type {any} */ host) => host.pause());
    await expect.poll(() => heard(page)).toContainEqual(['pause', null]);
    await playground.evaluate((/** @type {any} */ host) => host.seek(200_000));
    await expect.poll(() => heard(page)).toContainEqual(['seeked', null]);
    // What time goes past by hand has not just happened.
    const before = (await heard(page)).filter(([type]) => type === 'anomaly').length;
    await playground.evaluate((/** @type {any} */ host) => host.seek(1_500_000));
    await page.evaluate(() => new Promise(requestAnimationFrame));
    expect((await heard(page)).filter(([type]) => type === 'anomaly')).toHaveLength(before);
  });

  test('tell of a lesson’s tasks and of its end', async ({ open, page }) => {
    await listen(page, ['task', 'finished']);
    const lesson = `lesson Mine\n${QUICK}step One\ntask Write \`cart\` = 1.\n  when write cart\n  by A write cart 1\nsay Well done.\n`;
    const playground = await open(await servePage(page, element('layout="compact"', lesson)));
    await button(playground, 'Show me').click();
    await button(playground, 'Do it for me').click();
    await expect.poll(() => heard(page)).toContainEqual(['task', { index: 0, words: 'Write `cart` = 1.' }]);
    await expect.poll(() => heard(page)).toContainEqual(['finished', { title: 'Mine' }]);
  });
});

test('properties mirror attributes, also those that were set before the element was there', async ({ page, open }) => {
  await page.route('**/early.js', (route) =>
    route.fulfill({
      contentType: 'text/javascript',
      body: `const early = document.createElement('replication-playground');
        Object.assign(early, { text: 'cluster early + bird\\nclients A\\n', layout: 'compact', run: 'cluster never + seen' });
        document.querySelector('main').append(early);`,
    }),
  );
  const playground = await open(await servePage(page, '<script src="early.js"></script>'));
  await expect(card(playground, 'bird')).toBeVisible();
  expect(await playground.evaluate((host) => [host.getAttribute('layout'), host.getAttribute('run')])).toEqual([
    'compact',
    'cluster never + seen',
  ]);
  // A framework sets the property `run`; the method is still there.
  await playground.evaluate((/** @type {any} */ host) => host.run('cluster a + b'));
  await expect(card(playground, 'b')).toBeVisible();
  const mirrored = await playground.evaluate((/** @type {any} */ host) => {
    for (const name of ['time', 'seed', 'layout', 'controls', 'theme', 'vocabulary', 'src', 'lesson']) {
      const before = host.getAttribute(name);
      host[name] = name === 'theme' ? 'dark' : name === 'layout' ? 'stage' : null;
      if (host[name] !== (host.getAttribute(name) ?? '')) return name;
      if (before !== null) host.setAttribute(name, before);
    }
    return 'all';
  });
  expect(mirrored).toBe('all');
});

test('it has what its types say', async ({ open }) => {
  const types = readFileSync(new URL('../../www/replication-playground.d.ts', import.meta.url), 'utf8');
  const body = types.slice(types.indexOf('class ReplicationPlayground'), types.indexOf('declare global'));
  const names = [...body.matchAll(/^ {2}(?:readonly )?(\w+)[(:]/gm)].map(([, name]) => name);
  expect(names.length).toBeGreaterThan(25);
  const playground = await open();
  const missing = await playground.evaluate((host, all) => all.filter((name) => !(name in host)), names);
  expect(missing).toEqual([]);
});
