// The pages of examples/plain: a strict policy, a script that must have the right hash, and frames.
import { expect, test } from './fixtures.js';
import { expectNoSidewaysScrolling, expectStaleRead, stateOf } from './helpers.js';

const SITE = 'sites/plain/';

test.beforeEach(({ page }) =>
  page.addInitScript(() => {
    const violations = /** @type {string[]} */ ([]);
    Object.assign(window, { violations });
    addEventListener('securitypolicyviolation', (e) => violations.push(`${e.violatedDirective} ${e.blockedURI}`));
  }),
);

/** @param {import('@playwright/test').Page} page */
const violationsIn = (page) => page.evaluate(() => /** @type {any} */ (window).violations);

test('a classic script with a hash, under a strict policy', async ({ open, page }) => {
  const playground = await open(SITE);
  await expectStaleRead(playground, 's2');
  for (const tab of await playground.getByRole('tab').all()) await tab.click();
  expect(await violationsIn(page)).toEqual([]);
});

test('a module with a hash, under a strict policy', async ({ open, page }) => {
  const playground = await open(`${SITE}module.html`);
  expect((await stateOf(playground)).nodes).toHaveLength(3);
  expect(await violationsIn(page)).toEqual([]);
});

for (const [path, script] of [
  ['index.html', 'replication-playground.classic.js'],
  ['module.html', 'replication-playground.inline.js'],
]) {
  test(`a ${script} that is another one is refused, and the page’s words are shown`, async ({ page, tolerate }) => {
    tolerate(/integrity/);
    tolerate(/request failed: .*replication-playground/);
    await page.route(`**/${script}`, async (route) => {
      const response = await route.fetch();
      await route.fulfill({ response, body: `${await response.text()}\n// another one\n` });
    });
    const refused = page.waitForEvent('console', (message) => /integrity/.test(message.text()));
    await page.goto(`${SITE}${path}`);
    await refused;
    await expect(page.getByText('The playground is not running here.')).toBeVisible();
    expect(await page.evaluate(() => customElements.get('replication-playground') === undefined)).toBe(true);
  });
}

test('in a frame, and in a sandbox without an origin', async ({ page }) => {
  await page.goto(`${SITE}iframe.html`);
  for (const title of ['The playground', 'The playground in a sandbox']) {
    const frame = page.getByTitle(title, { exact: true });
    await frame.scrollIntoViewIfNeeded();
    const playground = frame.contentFrame().locator('replication-playground');
    await expect(playground.getByRole('article').first()).toBeVisible();
    await playground.evaluate((/** @type {any} */ element) =>
      element.run('cluster m + s1 s2\nlink nodes latency 2s\nlink clients latency 50ms'),
    );
    await expectStaleRead(playground, 's2');
  }
});

test('nothing needs scrolling sideways on a telephone', async ({ open, page }) => {
  await page.setViewportSize({ width: 360, height: 740 });
  for (const path of ['index.html', 'module.html']) await expectNoSidewaysScrolling(await open(`${SITE}${path}`));
  await page.goto(`${SITE}iframe.html`);
  const framed = page.getByTitle('The playground', { exact: true }).contentFrame().locator('replication-playground');
  await expect(framed.getByRole('article').first()).toBeVisible();
  await expectNoSidewaysScrolling(framed);
  await expectNoSidewaysScrolling(page.locator('main'));
});
