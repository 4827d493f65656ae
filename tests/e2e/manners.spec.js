// A good guest: what the element leaves alone in the page that it is in.
import { expect, test } from './fixtures.js';
import { card, expectOpen, QUICK, servePage, stateOf } from './helpers.js';

/** @typedef {import('@playwright/test').Page} Page */

const ONE = `<replication-playground layout="compact"><pre>${QUICK}</pre></replication-playground>`;
/** Pushes what follows out of sight, without an inline style. */
const far = (/** @type {Page} */ page) =>
  page.addInitScript(() =>
    addEventListener('DOMContentLoaded', () => {
      for (const far of document.querySelectorAll('.far')) /** @type {HTMLElement} */ (far).style.height = '5000px';
    }),
  );

test('twelve that nobody sees load nothing but the loader, and draw nothing', async ({ page }) => {
  await far(page);
  const asked = /** @type {string[]} */ ([]);
  page.on('request', (request) => asked.push(new URL(request.url()).pathname));
  await page.goto(await servePage(page, `<div class="far"></div>${ONE.repeat(12)}`));
  await page.evaluate(() => customElements.whenDefined('replication-playground'));
  const cost = await page.evaluate(async () => {
    let frames = 0;
    const ask = window.requestAnimationFrame.bind(window);
    window.requestAnimationFrame = (act) => {
      frames += 1;
      return ask(act);
    };
    await new Promise((resolve) => setTimeout(resolve, 600));
    const parts = [...document.querySelectorAll('replication-playground')].map(
      (host) => host.shadowRoot?.querySelectorAll('*').length ?? 0,
    );
    return { frames, parts: Math.max(...parts) };
  });
  expect(cost).toEqual({ frames: 0, parts: 2 });
  expect(asked.filter((path) => !/host\.html|replication-playground\.js|icon\.svg/.test(path))).toEqual([]);
});

test('one that is out of sight stands still, and goes on when it is seen again', async ({ open, page }) => {
  await far(page);
  const playground = await open(await servePage(page, `${ONE}<div class="far"></div><p id="end">End</p>`));
  await playground.evaluate((/** @type {any} */ host) => host.play());
  await expect.poll(() => stateOf(playground).then((s) => s.nowUs)).toBeGreaterThan(0);
  await page.locator('#end').scrollIntoViewIfNeeded();
  await expect.poll(() => playground.evaluate((/** @type {any} */ host) => host.playing)).toBe(false);
  const then = (await stateOf(playground)).nowUs;
  await page.evaluate(() => new Promise((resolve) => setTimeout(resolve, 400)));
  expect((await stateOf(playground)).nowUs).toBe(then);
  await playground.scrollIntoViewIfNeeded();
  await expect.poll(() => stateOf(playground).then((s) => s.nowUs)).toBeGreaterThan(then);
});

test('one that was taken out gives its memory back', async ({ open, page }) => {
  await open(await servePage(page, ONE));
  const counts = await page.evaluate(async () => {
    const { alive } = /** @type {any} */ (customElements.get('replication-playground'));
    const counts = [await alive()];
    for (let i = 0; i < 5; i++) {
      const host = /** @type {any} */ (document.createElement('replication-playground'));
      host.setAttribute('layout', 'stage');
      document.querySelector('main')?.prepend(host);
      await host.ready;
      counts.push(await alive());
      host.remove();
    }
    document.querySelector('main > replication-playground')?.remove();
    await new Promise((resolve) => setTimeout(resolve, 1500));
    counts.push(await alive());
    return counts;
  });
  expect(counts[0]).toBe(1);
  expect(Math.max(...counts)).toBeGreaterThan(1);
  expect(counts.at(-1)).toBe(0);
});

for (const layout of ['full', 'compact', 'stage']) {
  for (const width of [360, 700, 1280]) {
    test(`nothing moves when it comes to life: ${layout}, ${width} px`, async ({ open, page }) => {
      await page.setViewportSize({ width, height: 1800 });
      await page.addInitScript(() => {
        Object.assign(window, { moved: 0 });
        // Before, it is for the page to leave room (see README.md).
        void customElements.whenDefined('replication-playground').then(() =>
          requestAnimationFrame(() =>
            requestAnimationFrame(() =>
              new PerformanceObserver((list) => {
                for (const entry of list.getEntries())
                  /** @type {any} */ (window).moved += /** @type {any} */ (entry).value;
              }).observe({ type: 'layout-shift' }),
            ),
          ),
        );
      });
      const playground = await open(
        await servePage(
          page,
          `<p>Before.</p><replication-playground layout="${layout}"></replication-playground><p>After.</p>`,
        ),
      );
      await expect(card(playground, 's3')).toBeVisible();
      await page.evaluate(() => new Promise((resolve) => setTimeout(resolve, 300)));
      expect(await page.evaluate(() => /** @type {any} */ (window).moved)).toBeLessThan(0.01);
    });
  }
}

test('it knows its width from its first frame on', async ({ open, page }) => {
  await page.setViewportSize({ width: 700, height: 900 });
  await page.addInitScript(() => {
    const sizes = new Set();
    const look = () => {
      const root = document.querySelector('replication-playground')?.shadowRoot;
      const size = /** @type {HTMLElement | null} */ (root?.querySelector('.playground') ?? null)?.dataset.size;
      if (size) sizes.add(size);
      requestAnimationFrame(look);
    };
    look();
    Object.assign(window, { sizes });
  });
  const playground = await open(await servePage(page, ONE));
  await expect(card(playground, 'm')).toBeVisible();
  expect(await page.evaluate(() => [.../** @type {any} */ (window).sizes])).toEqual(['small']);
});

test('it leaves no globals and no styles in the page', async ({ open, page }) => {
  await page.addInitScript(() => Object.assign(window, { before: Object.getOwnPropertyNames(window) }));
  await open(await servePage(page, `${ONE}<p id="text">Text</p>`));
  const left = await page.evaluate(() => {
    const { before } = /** @type {any} */ (window);
    return {
      names: Object.getOwnPropertyNames(window).filter((name) => !before.includes(name) && name !== 'before'),
      sheets: document.styleSheets.length + document.adoptedStyleSheets.length,
      styles: document.querySelectorAll('style, link[rel=stylesheet], body > :not(main, script)').length,
    };
  });
  expect(left).toEqual({ names: [], sheets: 0, styles: 0 });
});

test('keys that do something inside do not reach the page; letters outside of fields do', async ({ open, page }) => {
  await page.addInitScript(() => {
    const keys = /** @type {string[]} */ ([]);
    Object.assign(window, { keys });
    addEventListener('keydown', (e) => keys.push(e.key));
  });
  const playground = await open(await servePage(page, `${ONE}<button id="own">Own</button>`));
  const field = playground.getByLabel('Key', { exact: true });
  await field.focus();
  for (const key of ['p', 's', '/', 'Backspace', 'ArrowLeft', 'Home', 'Enter']) await page.keyboard.press(key);
  const write = playground.getByRole('button', { name: 'Write', exact: true });
  await write.focus();
  for (const key of ['ArrowRight', 'ArrowLeft', ' ', 'Enter', 'PageDown']) await page.keyboard.press(key);
  expect(await page.evaluate(() => /** @type {any} */ (window).keys)).toEqual([]);
  await write.focus();
  await page.keyboard.press('n');
  await page.locator('#own').focus();
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('p');
  expect(await page.evaluate(() => /** @type {any} */ (window).keys)).toEqual(['n', 'ArrowRight', 'p']);
});

test('the theme of the page around it is followed at once, also while time stands still', async ({ open, page }) => {
  const playground = await open(await servePage(page, ONE));
  await playground.evaluate((/** @type {any} */ host) => host.pause());
  const shade = () =>
    playground.evaluate((/** @type {any} */ host) => {
      const context = /** @type {any} */ (new OffscreenCanvas(1, 1).getContext('2d'));
      context.fillStyle = getComputedStyle(host.shadowRoot.querySelector('.playground')).backgroundColor;
      context.fillRect(0, 0, 1, 1);
      return context.getImageData(0, 0, 1, 1).data[0];
    });
  expect(await shade()).toBeGreaterThan(150);
  await page.evaluate(() => (document.documentElement.style.colorScheme = 'dark'));
  await expect.poll(shade).toBeLessThan(100);
  await page.evaluate(() => (document.documentElement.style.colorScheme = 'light'));
  await expect.poll(shade).toBeGreaterThan(150);
});

test('on paper it is a still picture, and the text of the run', async ({ open, page }) => {
  const playground = await open(await servePage(page, ONE));
  await page.emulateMedia({ media: 'print' });
  await expect(playground.locator('.paper')).toBeVisible();
  await expect(playground.locator('.paper')).toContainText('cluster m + s1 s2');
  await expect(playground.getByRole('button', { name: 'Write', exact: true })).toBeHidden();
  await expect(card(playground, 's2')).toBeVisible();
  expect((await page.pdf()).length).toBeGreaterThan(5000);
});

test('a second copy of the script does no harm', async ({ open, page, tolerate }) => {
  void tolerate;
  const playground = await open(
    await servePage(page, `${ONE}<script type="module" src="replication-playground.js?again"></script>`),
  );
  await expectOpen(playground);
  await expect(card(playground, 's2')).toBeVisible();
});
