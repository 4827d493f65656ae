// The element in a page of somebody else.
import { expect, test } from './fixtures.js';
import {
  answers,
  card,
  command,
  expectOpen,
  FIRST_MODULES,
  goOn,
  goTo,
  nameOf,
  pause,
  popover,
  run,
  servePage,
  stateOf,
  textOf,
} from './helpers.js';

const root = new URL('../../', import.meta.url);
const RUN = 'cluster one + two three\nclients A\nat 0ms A write k v';

test.describe('the run text', () => {
  for (const [where, body] of [
    ['in a <pre>', `<replication-playground><pre>\n${RUN}\n</pre></replication-playground>`],
    ['in a script', `<replication-playground><script type="text/plain">\n${RUN}\n</script></replication-playground>`],
    ['in the attribute', `<replication-playground run="${RUN}"></replication-playground>`],
  ]) {
    test(`is taken from where it stands ${where}`, async ({ open, page, expectAccessible }) => {
      const playground = await open(await servePage(page, body));
      await expect(card(playground, 'three')).toBeVisible();
      expect((await textOf(playground)).trim()).toMatch(/^cluster one \+ two three\nclients A\nat 0ms +A write k v$/);
      await goTo(playground, 1_000_000);
      expect((await stateOf(playground)).nodes.map((n) => n.applied)).toEqual([1, 1, 1]);
      await expectAccessible();
    });
  }

  test('of the children wins over the attribute', async ({ open, page }) => {
    const body = `<replication-playground run="cluster m + s1"><pre>${RUN}</pre></replication-playground>`;
    const playground = await open(await servePage(page, body));
    expect(await textOf(playground)).toContain('cluster one + two three');
  });

  test('that is wrong is shown with its error in place, and no other run', async ({ open, page, expectAccessible }) => {
    const body = `<script>
        window.errors = [];
        addEventListener('DOMContentLoaded', () =>
          document.querySelector('replication-playground').addEventListener('error', (e) => errors.push({ ...e.detail })));
      </script>
      <replication-playground><pre>cluster m + s1\nat 0ms explode m</pre></replication-playground>`;
    const playground = await open(await servePage(page, body));
    await expect(playground.getByRole('heading', { name: 'This run text cannot be read.' })).toBeVisible();
    await expect(playground.getByRole('alert')).toContainText('Line 2, column 8');
    await expect(playground.getByRole('alert').locator('pre')).toContainText('at 0ms explode m');
    // No other run than the one that the article is about.
    await expect(playground.getByRole('article')).toHaveCount(0);
    expect(await textOf(playground)).toBe('cluster m + s1\nat 0ms explode m');
    await expectAccessible();
    expect(await page.evaluate(() => /** @type {any} */ (window).errors)).toMatchObject([{ line: 2, column: 8 }]);
    // The host can still give a run that can be read.
    await run(playground, RUN);
    await expect(card(playground, 'three')).toBeVisible();
  });

  test('is another one when the attribute changes', async ({ open, page }) => {
    const playground = await open(
      await servePage(page, `<replication-playground run="${RUN}"></replication-playground>`),
    );
    await playground.evaluate((element) => element.setAttribute('run', 'cluster m + s1 s2 s3 s4'));
    await expect(card(playground, 's4')).toBeVisible();
    expect((await textOf(playground)).trim()).toBe('cluster m + s1 s2 s3 s4');
  });
});

test.describe('a run that a host gives', () => {
  const SHORT = 'cluster m + s1\nclients A\nlink nodes latency 50ms\nat 100ms A write k v\nat 600ms end';
  for (const layout of ['compact', 'stage'])
    test(`says in the layout ${layout} that it has ended, and plays again`, async ({
      open,
      page,
      expectAccessible,
    }) => {
      const body = `<replication-playground layout="${layout}"><pre>${SHORT}</pre></replication-playground>`;
      const playground = await open(await servePage(page, body));
      if (layout === 'compact') {
        await expect(playground.getByText('Press Play to watch this run.')).toBeVisible();
        await expect(playground.getByText('once more')).toHaveCount(0);
      }
      await playground.getByRole('button', { name: 'Play', exact: true }).click();
      await expect(playground.getByText('This is the end of the run.')).toBeVisible();
      const { nowUs } = await stateOf(playground);
      expect(nowUs).toBeGreaterThanOrEqual(600_000);
      await expect(playground.getByRole('button', { name: 'Play', exact: true })).toBeVisible();
      await expectAccessible('.playground');
      await playground.getByRole('button', { name: 'Play again' }).click();
      await expect(playground.getByText('This is the end of the run.')).toHaveCount(0);
      await expect(playground.getByText('This is the end of the run.')).toBeVisible();
      await playground.evaluate((/** @type {any} */ element) => element.restart());
      if (layout === 'compact') await expect(playground.getByText('Press Play to watch it again.')).toBeVisible();
    });

  test('goes on after its end for whoever does something in it', async ({ open, page }) => {
    const body = `<replication-playground layout="compact"><pre>${SHORT}</pre></replication-playground>`;
    const playground = await open(await servePage(page, body));
    await playground.getByRole('button', { name: 'Play', exact: true }).click();
    await expect(playground.getByText('This is the end of the run.')).toBeVisible();
    await playground.getByRole('button', { name: 'Write', exact: true }).click();
    await expect(answers(playground).first()).toContainText('done');
    await expect(playground.getByText('This is the end of the run.')).toHaveCount(0);
  });
});

for (const width of [360, 760])
  test(`compact has text, picture and buttons within 640 px where the host is ${width} px wide and low`, async ({
    open,
    page,
  }) => {
    await page.setViewportSize({ width, height: 640 });
    const body = '<replication-playground layout="compact" lesson="02-the-stale-read"></replication-playground>';
    const playground = await open(await servePage(page, body));
    await expect(playground.getByRole('region', { name: 'Lesson: ' })).toBeVisible();
    const span = await playground.evaluate((element) => {
      const root = /** @type {ShadowRoot} */ (element.shadowRoot);
      const box = (/** @type {string} */ what) =>
        /** @type {Element} */ (root.querySelector(what)).getBoundingClientRect();
      return box('[data-do="write"]').bottom - Math.min(box('.lesson').top, box('.stage').top);
    });
    expect(span).toBeLessThanOrEqual(640);
  });

test('its methods and properties do what the buttons do', async ({ open }) => {
  const playground = await open();
  const [itself, time] = await playground.evaluate(async (/** @type {any} */ element) => {
    const ready = await element.ready;
    await element.run('cluster m + s1\nclients A\n');
    await element.command('A write k v');
    await element.pause();
    await element.step();
    const { nowUs } = element.state;
    await element.restart();
    return [ready === element, [nowUs > 0, element.state.nowUs]];
  });
  expect(itself).toBe(true);
  expect(time).toEqual([true, 0]);
  await playground.evaluate((/** @type {any} */ element) => (element.text = 'cluster a + b c d e\n'));
  await expect(card(playground, 'e')).toBeVisible();
  const refused = await playground.evaluate((/** @type {any} */ element) => {
    const told = new Promise((resolve) =>
      element.addEventListener('error', (/** @type {any} */ e) => resolve(e.detail.code)),
    );
    element.text = 'rubbish';
    return told;
  });
  expect(refused).toMatch(/^[a-z]+$/);
  await playground.evaluate((/** @type {any} */ element) => element.play());
  await expect.poll(async () => (await stateOf(playground)).nowUs).toBeGreaterThan(0);
});

test('its events: ready once, change when something happened, error', async ({ open, page }) => {
  const body = `<replication-playground></replication-playground><script>
      window.heard = [];
      for (const type of ['ready', 'change', 'error'])
        document.querySelector('replication-playground').addEventListener(type, (e) => heard.push(e.type));
    </script>`;
  const playground = await open(await servePage(page, body));
  const heard = () => page.evaluate(() => /** @type {string[]} */ (/** @type {any} */ (window).heard));
  await expect.poll(heard).toContain('change');
  expect((await heard()).filter((type) => type === 'ready')).toHaveLength(1);
  expect(await heard()).not.toContain('error');
  const before = (await heard()).length;
  await playground.getByRole('button', { name: 'Write', exact: true }).click();
  await expect(answers(playground).first()).toContainText('done');
  expect((await heard()).length).toBeGreaterThan(before);
  await playground.getByLabel('Key', { exact: true }).fill('k'.repeat(100));
  await playground.getByRole('button', { name: 'Read', exact: true }).click();
  await expect.poll(heard).toContain('error');
});

test('two on a page share one module, and are runs of their own', async ({ open, page }) => {
  const asked = /** @type {string[]} */ ([]);
  page.on('request', (request) => asked.push(new URL(request.url()).pathname));
  const both = '<replication-playground></replication-playground>'.repeat(2);
  const first = await open(await servePage(page, both));
  const second = page.locator('replication-playground').nth(1);
  await second.scrollIntoViewIfNeeded();
  await expect(second.getByRole('article')).toHaveCount(4);
  expect(asked.filter((path) => path.endsWith('.wasm')).map(nameOf)).toEqual(FIRST_MODULES);
  expect(asked.filter((path) => path.endsWith('replication-playground.js'))).toHaveLength(1);
  await pause(first);
  await pause(second);
  await command(first, 'crash m');
  await command(second, 'crash s1');
  await goOn(first, 1000);
  const states = [await stateOf(first), await stateOf(second)];
  expect(states.map((s) => s.nodes.filter((n) => n.process === 'down').map((n) => n.name))).toEqual([['m'], ['s1']]);
});

test('one far below is not started before it is near', async ({ open, page }) => {
  const body = `<replication-playground></replication-playground><div class="far"></div>
    <replication-playground id="below"></replication-playground>`;
  const path = await servePage(page, body);
  await page.addInitScript(() =>
    addEventListener('DOMContentLoaded', () => {
      const far = /** @type {HTMLElement | null} */ (document.querySelector('.far'));
      if (far) far.style.height = '5000px';
    }),
  );
  await open(path);
  const below = page.locator('#below');
  await expect(below.locator('.playground')).toHaveCount(0);
  await below.scrollIntoViewIfNeeded();
  await expect(below.getByRole('article')).toHaveCount(4);
});

test('moved in the page, or taken out for a moment, it keeps its run', async ({ open, page }) => {
  const playground = await open(await servePage(page, '<replication-playground></replication-playground><div></div>'));
  await pause(playground);
  await command(playground, 'A write cart 7');
  await goOn(playground, 500_000);
  const [text, state] = [await textOf(playground), await stateOf(playground)];
  await playground.evaluate((element) => document.querySelector('div')?.append(element));
  expect(await textOf(playground)).toBe(text);
  await page.evaluate(async () => {
    const element = /** @type {Element} */ (document.querySelector('replication-playground'));
    element.remove();
    await new Promise((resolve) => setTimeout(resolve, 50));
    document.querySelector('main')?.append(element);
  });
  expect(await textOf(playground)).toBe(text);
  expect(await stateOf(playground)).toEqual(state);
  await playground.getByRole('button', { name: 'Write', exact: true }).click();
  await expect(answers(playground)).toHaveCount(2);
});

test('taken out for long, it stops; put back, it can be used', async ({ open, page }) => {
  await page.clock.install();
  const playground = await open(await servePage(page, '<replication-playground></replication-playground>'));
  await page.evaluate(() => {
    const element = /** @type {Element} */ (document.querySelector('replication-playground'));
    Object.assign(window, { element });
    element.remove();
  });
  await page.clock.runFor(5000);
  await page.evaluate(() => document.querySelector('main')?.append(/** @type {any} */ (window).element));
  await page.clock.resume();
  await expectOpen(playground);
  await playground.getByRole('button', { name: 'Write', exact: true }).click();
  await expect(answers(playground).first()).toContainText('done');
});

test('its theme is that of the page, or its own', async ({ open, page }) => {
  await page.emulateMedia({ colorScheme: 'light' });
  const playground = await open();
  const ink = () =>
    playground.evaluate((element) => {
      const canvas = new OffscreenCanvas(1, 1).getContext('2d');
      if (!canvas) return 0;
      canvas.fillStyle = getComputedStyle(element).color;
      canvas.fillRect(0, 0, 1, 1);
      return canvas.getImageData(0, 0, 1, 1).data[0];
    });
  expect(await ink()).toBeLessThan(100);
  await playground.evaluate((element) => element.setAttribute('theme', 'dark'));
  expect(await ink()).toBeGreaterThan(150);
  await playground.evaluate((element) => element.setAttribute('theme', 'auto'));
  expect(await ink()).toBeLessThan(100);
  await page.emulateMedia({ colorScheme: 'dark' });
  expect(await ink()).toBeGreaterThan(150);
  await playground.evaluate((element) => element.setAttribute('theme', 'light'));
  expect(await ink()).toBeLessThan(100);
});

test('a strict Content-Security-Policy is enough', async ({ open, page }) => {
  await page.route('**/*', async (route) => {
    const response = await route.fetch();
    const policy = "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'";
    await route.fulfill({ response, headers: { ...response.headers(), 'content-security-policy': policy } });
  });
  await page.addInitScript(() => {
    const violations = /** @type {string[]} */ ([]);
    Object.assign(window, { violations });
    addEventListener('securitypolicyviolation', (event) => violations.push(event.violatedDirective));
  });
  const playground = await open();
  await run(
    playground,
    'cluster m + s1 s2\nlink nodes latency 20ms\nslave-writes accepted\nat 0ms A write cart 1 @s1\nat 10ms A write cart 2\n',
  );
  await goTo(playground, 15_000);
  await playground.getByRole('button', { name: /More about s1$/ }).click();
  await popover(playground)
    .getByRole('button', { name: /^Freeze/ })
    .click();
  await expect(card(playground, 's1')).toContainText('frozen');
  await playground.getByRole('slider', { name: 'Lag of s2' }).fill('70');
  await playground.getByRole('tab', { name: 'Messages & nodes' }).click();
  // Colours and places come through although no inline style is allowed.
  const [solid, place] = await playground.evaluate((/** @type {any} */ element) => [
    getComputedStyle(element.shadowRoot.querySelector('.badge')).backgroundColor,
    element.shadowRoot.querySelector('.label').style.transform,
  ]);
  expect(solid).toMatch(/^(oklch|rgb)/);
  expect(place).toMatch(/^translate\(/);
  expect(await page.evaluate(() => /** @type {any} */ (window).violations)).toEqual([]);
});

test.describe('without JavaScript', () => {
  test.use({ javaScriptEnabled: false });
  test('a still picture and a link stand in for it', async ({ page }) => {
    const picture = '<svg xmlns="http://www.w3.org/2000/svg" width="200" height="90"><title>Replication</title></svg>';
    await page.route('**/picture.svg', (route) => route.fulfill({ contentType: 'image/svg+xml', body: picture }));
    const inside = '<a href="./"><img src="picture.svg" alt="s1 is one write behind"></a>';
    await page.goto(await servePage(page, `<replication-playground layout="stage">${inside}</replication-playground>`));
    await expect(page.getByRole('link', { name: 's1 is one write behind' })).toBeVisible();
    expect(await page.getByRole('img').evaluate((/** @type {any} */ img) => img.naturalWidth)).toBe(200);
  });

  test('what is inside the element is read', async ({ page, tolerate }) => {
    tolerate(/\.js \(csp\)/); // what is asked for ahead is not fetched where nothing can run it
    await page.goto('./');
    await expect(page.getByText('It needs JavaScript, and to be built and served')).toBeVisible();
    await expect(page.getByText('make serve')).toBeVisible();
    await expect(page.getByRole('heading', { name: 'What you see' })).toBeVisible();
  });
});

test('opened from the disk without a build, the page says what to do', async ({ page, tolerate }) => {
  tolerate(/replication-playground\.js/); // it is not there, and a module may not come from the disk
  await page.goto(new URL('index.html', root).href);
  await expect(page.getByText('The playground is not running here.')).toBeVisible();
  await expect(page.getByText('make serve')).toBeVisible();
});

test('when its module does not arrive, it says so, and tries again', async ({ page, tolerate }) => {
  tolerate(/replication_playground_bg\.wasm|WebAssembly/);
  await page.route('**/*.wasm', (route) => route.abort(), { times: 1 });
  await page.goto('./');
  const playground = page.locator('replication-playground');
  await expect(playground.getByRole('alert')).toContainText('The playground could not be loaded.');
  await playground.getByRole('button', { name: 'Try again' }).click();
  await expect(playground.getByRole('article')).toHaveCount(4);
});
