// What the specifications share: how to ask the element, how to find its controls, and runs to begin with.
import { expect } from './fixtures.js';

/** @typedef {import('@playwright/test').Locator} Locator */
/** @typedef {import('@playwright/test').Page} Page */
/** @typedef {import('../../www/types').State} State */

// --- the files ---

/** A file's name, without what stands for what is in it. @param {string} url */
export const nameOf = (url) => (url.split('/').at(-1) ?? '').replace(/-[0-9a-f]{8}(?=\.wasm$)/, '');
/** What every page loads, in this order. */
export const FIRST_MODULES = [
  'replication_playground_bg.wasm',
  'replication_playground_runs.wasm',
  'replication_playground_rest.wasm',
];

// --- the element ---

/** @param {Locator} playground @returns {Promise<string>} the run as a text */
export const textOf = (playground) => playground.evaluate((/** @type {any} */ element) => element.text);

/** @param {Locator} playground @returns {Promise<State>} what the page shows, as data */
export const stateOf = (playground) => playground.evaluate((/** @type {any} */ element) => element.state);

/** The text, once the page has caught up with what was done. @param {Locator} playground @returns {Promise<string>} */
export const settledText = (playground) =>
  playground.evaluate(async (/** @type {any} */ element) => {
    for (let i = 0; i < 2; i++) await new Promise(requestAnimationFrame);
    return element.text;
  });

/** @param {Locator} playground @returns {Promise<string>} of the state and of all that happened */
export const hashOf = (playground) => playground.evaluate((/** @type {any} */ element) => element.hash);

/** @param {Locator} playground @param {number} us */
export const seek = (playground, us) => playground.evaluate((/** @type {any} */ element, at) => element.seek(at), us);

/** Waits for the run, where the element has to open another one. @param {Locator} playground */
export const expectOpen = (playground) =>
  expect.poll(() => playground.evaluate((/** @type {any} */ element) => element.state !== undefined)).toBe(true);

/** Time stands still: what is done then happens at this very moment. @param {Locator} playground */
export const pause = (playground) => playground.evaluate((/** @type {any} */ element) => element.pause());

/** @param {Locator} playground @param {string} line */
export const command = (playground, line) =>
  playground.evaluate((/** @type {any} */ element, given) => element.command(given), line);

/** @param {Locator} playground @param {string} text */
export const run = (playground, text) =>
  playground.evaluate((/** @type {any} */ element, given) => element.run(given), text);

/**
 * Goes on event by event until the simulated time has reached `us`, and pauses there: no real time passes.
 * @param {Locator} playground @param {number} us
 */
export const goTo = (playground, us) =>
  playground.evaluate(async (/** @type {any} */ element, to) => {
    for (let quiet = 0; element.state.nowUs < to && quiet < 200;) {
      const before = element.state.nowUs;
      await element.step();
      quiet = element.state.nowUs === before ? quiet + 1 : 0;
    }
  }, us);

/** Goes on event by event for so long. @param {Locator} playground @param {number} us */
export const goOn = async (playground, us) => goTo(playground, (await stateOf(playground)).nowUs + us);

/**
 * The newest request of a client.
 * @param {Locator} playground @param {string} [name]
 */
export async function latest(playground, name = 'A') {
  const { clients } = await stateOf(playground);
  return clients.find((client) => client.name === name)?.operations[0];
}

/** @param {Locator} playground @param {string} name */
export async function nodeOf(playground, name) {
  const { nodes } = await stateOf(playground);
  const node = nodes.find((n) => n.name === name);
  if (!node) throw new Error(`There is no ${name}.`);
  return node;
}

/**
 * What a control does is one line of the run text, and nothing else of the text changes.
 * @param {Locator} playground @param {() => Promise<unknown>} act @param {...(string | RegExp)} lines
 */
export async function expectLines(playground, act, ...lines) {
  const before = await textOf(playground);
  await act();
  await expect
    .poll(async () => {
      const after = await textOf(playground);
      if (!after.startsWith(before)) return `another text: ${after}`;
      return after
        .slice(before.length)
        .split('\n')
        .filter((line) => line !== '')
        .map((line) => line.replace(/^at \S+ +/, ''));
    })
    .toEqual(lines.map((line) => (typeof line === 'string' ? line : expect.stringMatching(line))));
}

/** How light its text is, from 0 (black) to 255. @param {Locator} playground @returns {Promise<number>} */
export const inkOf = (playground) =>
  playground.evaluate((element) => {
    const canvas = new OffscreenCanvas(1, 1).getContext('2d');
    if (!canvas) return NaN;
    canvas.fillStyle = getComputedStyle(element).color;
    canvas.fillRect(0, 0, 1, 1);
    return canvas.getImageData(0, 0, 1, 1).data[0];
  });

// --- its controls ---

/** @param {Locator} playground @param {string} name */
export const card = (playground, name) => playground.getByRole('article', { name: new RegExp(`^${name}, `) });
/** @param {Locator} playground */
export const popover = (playground) => playground.getByRole('dialog');
/** @param {Locator} playground */
export const answers = (playground) => playground.getByRole('list', { name: 'Answers' }).getByRole('listitem');
/** @param {Locator} playground */
export const notice = (playground) => playground.locator('.hint.notice');

/** @param {Locator} playground @returns {Promise<Locator>} the menu of the lessons */
export async function openLessons(playground) {
  await playground.getByRole('button', { name: /^Lessons/ }).click();
  const menu = popover(playground);
  await expect(menu).toBeVisible();
  return menu;
}

/** @param {Locator} playground @param {string} title of a lesson or a surprise */
export async function takeLesson(playground, title) {
  const menu = await openLessons(playground);
  const one = menu.getByRole('button').filter({ hasText: title }).first();
  if (!(await one.isVisible())) await menu.getByText('Surprises of real databases').click();
  await one.click();
  await expect(playground.getByRole('region', { name: /^Lesson: / })).toBeVisible();
}

/** @param {Locator} playground @param {string} name @returns {Promise<Locator>} the menu of a node, unfolded */
export async function openNode(playground, name) {
  await playground.getByRole('button', { name: new RegExp(`More about ${name}$`) }).click();
  const menu = popover(playground);
  await expect(menu).toBeVisible();
  await menu.getByText('More', { exact: true }).click();
  return menu;
}

/** @param {Locator} playground @param {string} a @param {string} b @returns {Promise<Locator>} the menu of a link */
export async function openLink(playground, a, b) {
  await playground.getByRole('button', { name: `Link between ${a} and ${b}` }).click();
  const menu = popover(playground);
  await expect(menu).toBeVisible();
  return menu;
}

/** @param {Locator} playground @param {string} name */
export async function openTab(playground, name) {
  await playground.getByRole('tab', { name }).click();
  await expect(playground.getByRole('tabpanel', { name })).toBeVisible();
}

/** Unfolds the settings, and all their groups. @param {Locator} playground */
export async function openSettings(playground) {
  await playground.getByText('More settings').click();
  const groups = playground.locator('.console details details > summary');
  await expect(groups.first()).toBeVisible();
  for (const group of await groups.all()) await group.click();
}

/** They lie over what is below. @param {Locator} playground */
export const closeSettings = (playground) => playground.getByText('More settings').click();

/** Types into a field, and leaves it. @param {Locator} field @param {string} text */
export async function fill(field, text) {
  await field.fill(text);
  await field.blur();
}

/**
 * What it is for, by its buttons: a value that all have, another one, and the old one read from a slave that lags.
 * @param {Locator} playground @param {string} slave
 */
export async function expectStaleRead(playground, slave) {
  const press = (/** @type {string} */ name) => playground.getByRole('button', { name, exact: true }).click();
  // To the microsecond: from event to event it would be to the next one, which may be the entry's arrival.
  const wait = async (/** @type {number} */ us) => seek(playground, (await stateOf(playground)).nowUs + us);
  await pause(playground);
  await press('Write');
  await wait(6_000_000);
  await playground.getByLabel('Read from').selectOption(slave);
  await press('Write');
  await wait(150_000);
  await press('Read');
  await wait(700_000);
  expect(await latest(playground)).toMatchObject({ node: slave, outcome: 'value', verdict: 'stale' });
  await expect(answers(playground).first()).toContainText('old — ');
}

/** Neither the page nor what holds the element. @param {Locator} playground */
export async function expectNoSidewaysScrolling(playground) {
  const over = await playground.evaluate((element) => {
    const root = document.documentElement;
    const parent = element.parentElement ?? root;
    return [
      root.scrollWidth - root.clientWidth,
      Math.round(element.getBoundingClientRect().right - parent.getBoundingClientRect().right),
    ];
  });
  expect(Math.max(...over), 'pixels that stand over').toBeLessThanOrEqual(0);
}

// --- pages and pictures ---

/**
 * Serves a page of this origin, with what is given as its body.
 * @param {Page} page @param {string} body @returns {Promise<string>} its path, for `open`
 */
export async function servePage(page, body) {
  await page.route('**/host.html', (route) =>
    route.fulfill({
      contentType: 'text/html',
      body: `<!doctype html><html lang="en"><meta charset="utf-8"><title>Host</title><link rel="icon" href="www/icon.svg">
        <script type="module" src="replication-playground.js"></script><body><main><h1>Host</h1>${body}</main>`,
    }),
  );
  return 'host.html';
}

/** @typedef {{ at: number, beads: { x: number, y: number }[] }} Drawing */

/** Takes note of what is drawn on the canvas of the stage; call it before the page is opened. @param {Page} page */
export const watchBeads = (page) =>
  page.addInitScript(() => {
    /** @type {Drawing[]} */
    const drawings = [];
    Object.assign(window, { drawings });
    const { clearRect, drawImage } = CanvasRenderingContext2D.prototype;
    CanvasRenderingContext2D.prototype.clearRect = function (...args) {
      if (this.canvas.isConnected) drawings.push({ at: performance.now(), beads: [] });
      return clearRect.apply(this, args);
    };
    CanvasRenderingContext2D.prototype.drawImage = function (/** @type {any[]} */ ...args) {
      const [{ width, height }, x, y] = args;
      drawings.at(-1)?.beads.push({ x: x + width / 2, y: y + height / 2 });
      return /** @type {Function} */ (drawImage).apply(this, args);
    };
  });

/** What has been drawn so far, in pixels of the canvas. @param {Page} page @returns {Promise<Drawing[]>} */
export const drawingsOf = (page) => page.evaluate(() => /** @type {any} */ (window).drawings);

// --- runs ---

/** Short ways, and nothing yet. */
export const QUICK = `cluster m + s1 s2
clients A
link nodes latency 20ms
link clients latency 5ms
`;

/** A run in which at 4 s nearly everything can be seen at once. */
export const BUSY = `cluster m + s1 s2 s3
clients A B
seed 7
slave-writes accepted
router round-robin
link nodes latency 400ms jitter 20ms
link m-s3 latency 2500ms
link clients latency 150ms
at 0ms A write cart 1
at 100ms A write stock 41
at 200ms B write cart 2
at 500ms A read cart @s3
at 1.5s hold m->s2
at 1.7s pause-apply s3
at 2s A write cart 3
at 2.2s A delete stock
at 3s freeze s3
at 3.1s A read cart @s3
at 3.6s A write cart 4
at 3.7s cut m-s1
at 3.75s A write own 9 @s1
at 3.9s B read cart @s2
at 4s state m
`;
export const BUSY_US = 4_000_000;

/** Nothing goes past the window's right edge, once what a new size sets off is laid out. @param {Page} page */
export async function expectNoSidewaysScroll(page) {
  await expect
    .poll(() => page.evaluate(() => document.documentElement.scrollWidth - innerWidth))
    .toBeLessThanOrEqual(0);
}
