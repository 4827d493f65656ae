// What every end-to-end test starts from: `import { expect, test } from './fixtures.js'`.
import { AxeBuilder } from '@axe-core/playwright';
import { test as base, expect } from '@playwright/test';

/**
 * @typedef {import('@playwright/test').PlaywrightTestArgs &
 *   import('@playwright/test').PlaywrightTestOptions} TestArgs
 * @typedef {import('@playwright/test').PlaywrightWorkerArgs &
 *   import('@playwright/test').PlaywrightWorkerOptions} WorkerArgs
 *
 * @typedef {object} Fixtures
 * @property {(pattern: RegExp) => void} tolerate tells that problems like this one are expected in
 *   this test
 * @property {(path?: string) => Promise<import('@playwright/test').Locator>} open opens a page and
 *   gives its first playground, ready to be used
 * @property {(part?: string) => Promise<void>} expectAccessible fails on what axe finds in the page as
 *   it is now, or only in the part of the first playground that a selector names (much faster)
 */

/**
 * A test that uses this fails on anything that goes wrong in a page, even if the test did not look:
 * an uncaught error, a warning or an error on the console, a request that fails or that leaves the
 * server under test.
 *
 * @type {import('@playwright/test').TestType<TestArgs & Fixtures, WorkerArgs>}
 */
export const test = base.extend({
  tolerate: [
    /**
     * @param {TestArgs} playwright
     * @param {(tolerate: Fixtures['tolerate']) => Promise<void>} use
     */
    async ({ context, baseURL }, use) => {
      /** @type {string[]} */
      const problems = [];
      /** @type {RegExp[]} */
      const expected = [];
      const origin = new URL(baseURL ?? '').origin;

      context.on('weberror', (error) => {
        problems.push(`uncaught: ${error.error().stack ?? error.error()}`);
      });
      context.on('console', (message) => {
        if (['error', 'warning', 'assert'].includes(message.type())) {
          problems.push(`console.${message.type()}: ${message.text()} (${message.location().url})`);
        }
      });
      context.on('request', (request) => {
        const url = new URL(request.url());
        if (/^(https?|wss?):$/.test(url.protocol) && url.origin !== origin) {
          problems.push(`request to another origin: ${url}`);
        }
      });
      context.on('requestfailed', (request) => {
        // A test that leaves a page while it loads cuts its requests off; the server has not failed them.
        if (request.failure()?.errorText === 'net::ERR_ABORTED') return;
        problems.push(`request failed: ${request.url()} (${request.failure()?.errorText})`);
      });
      context.on('response', (response) => {
        if (response.status() >= 400) {
          problems.push(`request refused: ${response.url()} (${response.status()})`);
        }
      });

      await use((pattern) => expected.push(pattern));

      const unexpected = problems.filter((problem) => !expected.some((p) => p.test(problem)));
      expect(unexpected, 'problems in the page').toEqual([]);
    },
    { auto: true },
  ],

  open: async ({ page }, use) => {
    // The opening has a test of its own; elsewhere it was seen before.
    await page.addInitScript(() => {
      try {
        localStorage.setItem('replication-playground opening', '1');
      } catch {
        // A page that may keep nothing has no opening either.
      }
    });
    await use(async (path = './') => {
      await page.goto(path);
      const playground = page.locator('replication-playground').first();
      await playground.evaluate(async (element) => {
        await customElements.whenDefined('replication-playground');
        await /** @type {any} */ (element).ready;
      });
      return playground;
    });
  },

  expectAccessible: async ({ page }, use) => {
    await use(async (part) => {
      const axe = new AxeBuilder({ page });
      if (part) axe.include({ fromShadowDom: ['replication-playground', part] });
      const { violations } = await axe.analyze();
      const found = violations.flatMap(({ id, help, nodes }) =>
        nodes.map(({ target }) => `${id}: ${help} (${target.flat().join(' ')})`),
      );
      expect(found, 'what axe found').toEqual([]);
    });
  },
});

export { expect };
