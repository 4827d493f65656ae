// Lessons that teach back: what a reader does wrong is answered, fields are filled, nothing gets stuck, and there is a path.
import { readFileSync } from 'node:fs';
import { expect, test } from './fixtures.js';
import { LESSONS, SURPRISES } from '../../www/words/lessons.js';
import {
  answers,
  command,
  expectNoSidewaysScroll,
  latest,
  openLessons,
  openSettings,
  pause,
  run,
  servePage,
  stateOf,
  takeLesson,
  textOf,
} from './helpers.js';

/** @typedef {import('@playwright/test').Locator} Locator */
/** @typedef {import('@playwright/test').Page} Page */

const TWO = `lesson Two tasks
cluster m + s1 s2
clients A B
link nodes latency 300ms
link clients latency 20ms
step One
task Write \`cart\` = 2.
  when write cart 2
  by A write cart 2
step Two
task Read \`cart\` from s2, as B.
  when read cart @s2
  by B read cart @s2
step Three
task Switch m off.
  when crash m
  by crash m
say It is off.
until after 2s
say Two seconds later.
learned A master can be switched off.
`;

const lesson = (/** @type {Locator} */ playground) => playground.getByRole('region', { name: /^Lesson: / });
const task = (/** @type {Locator} */ playground) => lesson(playground).locator('.task:not(.done)');
const note = (/** @type {Locator} */ playground) => lesson(playground).locator('.task-note');
const field = (/** @type {Locator} */ playground, /** @type {string} */ name) =>
  playground.getByRole('textbox', { name, exact: true });
const button = (/** @type {Locator} */ playground, /** @type {string} */ name) =>
  playground.getByRole('button', { name, exact: true });
const play = (/** @type {Locator} */ playground) => playground.evaluate((/** @type {any} */ element) => element.play());

/** Does what a lesson asks for until something is on it. @param {Locator} playground @param {Locator} until @param {Page} page */
async function takeUntil(playground, until, page) {
  const deadline = Date.now() + 60_000;
  while (!(await until.isVisible()) && Date.now() < deadline) {
    const press = lesson(playground)
      .locator('.answer-choice:enabled, button:text-is("Next step"), .task .quiet')
      .last();
    if (await press.isVisible()) await press.click({ timeout: 2000 }).catch(() => {});
    await page.waitForTimeout(100);
  }
  await expect(until).toBeVisible();
}

test.describe('fields', () => {
  test('say what the task asks for, stay as the reader has changed them, and are reset with the next one', async ({
    open,
  }) => {
    const playground = await open();
    await run(playground, TWO);
    await play(playground);
    await expect(field(playground, 'Key')).toHaveValue('cart');
    await expect(field(playground, 'Value')).toHaveValue('2');
    await field(playground, 'Value').fill('9');
    await button(playground, 'Write').click();
    await expect(note(playground)).toContainText('You wrote cart = 9. Write cart = 2.');
    await expect(task(playground)).toHaveCount(1);
    await field(playground, 'Value').fill('2');
    await button(playground, 'Write').click();
    await expect(task(playground)).toContainText('Read cart from s2');
    await expect(playground.getByLabel('Read from')).toHaveValue('@s2');
    await playground.getByLabel('Read from').selectOption('@s1');
    await button(playground, 'Read').click();
    await expect(note(playground)).toContainText('You read from s1. Choose s2 under “Read from”.');
    await playground.getByLabel('Read from').selectOption('@s2');
    await button(playground, 'Read').click();
    await expect(task(playground)).toContainText('Switch m off');
    await expect(playground.getByLabel('Read from')).not.toHaveValue('@s2');
    // Which node a reader asks in a lesson is no setting of the run.
    expect(await textOf(playground)).not.toContain('router');
    expect((await latest(playground, 'B'))?.node).toBe('s2');
  });

  test('“Write to” does not leak into the next task, nor into the next lesson', async ({ open }) => {
    const playground = await open();
    await openSettings(playground);
    await playground.getByLabel('Write to').selectOption('s1');
    await expect(button(playground, 'Write at s1')).toBeVisible();
    await takeLesson(playground, LESSONS[4][1]);
    await expect(task(playground)).toHaveCount(1);
    await expect(button(playground, 'Write')).toBeVisible();
    await playground.getByLabel('Write to').selectOption('s1');
    await button(playground, 'Leave the lesson, keep the run').first().click();
    await expect(button(playground, 'Write')).toBeVisible();
  });

  test('of “The stale read” write the value that the task says', async ({ open }) => {
    const playground = await open();
    await takeLesson(playground, LESSONS[1][1]);
    await expect(task(playground)).toContainText('Write cart = 2');
    await button(playground, 'Write').click();
    await expect(task(playground).filter({ hasText: 'Write cart = 2' })).toHaveCount(0);
    expect(await textOf(playground)).toMatch(/A write cart 2$/m);
  });

  test('of “Consistency or availability” have its key', async ({ open }) => {
    const playground = await open();
    await takeLesson(playground, LESSONS[2][1]);
    await expect(task(playground).first()).toBeVisible();
    await expect(field(playground, 'Key')).toHaveValue('stock');
  });
});

test.describe('“Show me”', () => {
  test('points at the control first, and does it when it is pressed again', async ({ open }) => {
    const playground = await open();
    await run(playground, TWO);
    await play(playground);
    const pointed = playground.locator('[data-pointed]');
    await button(playground, 'Show me').click();
    await expect(pointed).toHaveText('Write');
    await expect(pointed).toBeInViewport();
    await expect(note(playground)).toContainText('The control has a ring around it now.');
    expect(await textOf(playground)).not.toContain('write cart');
    await button(playground, 'Do it for me').click();
    await expect(task(playground)).toContainText('Read cart from s2');
    await expect(pointed).toHaveCount(0);
    await button(playground, 'Show me').click();
    await expect(pointed).toHaveText('Read');
    await button(playground, 'Do it for me').click();
    await expect(task(playground)).toContainText('Switch m off');
    await button(playground, 'Show me').click();
    await expect(playground.getByRole('switch', { name: 'Power of m' })).toHaveAttribute('data-pointed', '');
  });

  test('finds a setting that is folded away, a link and a node', async ({ open }) => {
    const playground = await open();
    for (const [line, selector] of /** @type {const} */ ([
      ['replication sync all applied', '[data-setting="replication"]'],
      ['hold m-s1', '.label'],
      ['promote s1', '.name'],
      ['own-writes master 60s', '[data-setting="own-writes"]'],
      ['load 10/s reads 80% keys 1000 uniform value 100B', '.load-switch .segments'],
    ])) {
      await run(
        playground,
        `lesson One\ncluster m + s1\nclients A\nstep One\ntask Do it.\n  when after 900s\n  by ${line}\nsay x\n`,
      );
      await button(playground, 'Show me').click();
      await expect(playground.locator('[data-pointed]')).toHaveCount(1);
      await expect(playground.locator(selector).and(playground.locator('[data-pointed]'))).toBeInViewport();
    }
  });
});

test.describe('nothing gets stuck', () => {
  test('a wrong promotion is answered; undone, the run plays on to the right one', async ({ open, page }) => {
    const playground = await open();
    await takeLesson(playground, LESSONS[5][1]);
    await playground.getByRole('combobox', { name: 'Speed' }).selectOption('5000');
    await takeUntil(playground, task(playground).filter({ hasText: 'romote' }), page);
    await command(playground, 'promote s1');
    await expect(note(playground)).toContainText(/You promoted s1\. Undo takes that back; then promote s2\./);
    await playground.getByRole('combobox', { name: 'Speed' }).selectOption('1000');
    await playground.getByRole('button', { name: /^Undo/ }).click();
    await expect(button(playground, 'Pause')).toBeVisible();
    await command(playground, 'promote s2');
    await expect(task(playground).filter({ hasText: 'romote' })).toHaveCount(0);
  });

  test('where time stands still, the task says so and has a button', async ({ open }) => {
    const playground = await open();
    await run(playground, TWO);
    await expect(note(playground)).toContainText('Time stands still');
    await note(playground).getByRole('button', { name: 'Play' }).click();
    await expect(note(playground)).not.toContainText('Time stands still');
    await pause(playground);
    await expect(note(playground)).toContainText('Time stands still');
    await playground.evaluate((/** @type {any} */ element) => element.seek(0));
    await note(playground).getByRole('button', { name: 'Play' }).click();
    await expect(button(playground, 'Pause')).toBeVisible();
  });

  test('one that is over says so, and has somewhere to go; it can be begun again', async ({ open, page }) => {
    const playground = await open();
    await run(playground, TWO);
    await play(playground);
    await takeUntil(playground, lesson(playground).getByText('That was all'), page);
    await expect(lesson(playground)).toContainText('What you have learned');
    await expect(lesson(playground)).toContainText('A master can be switched off.');
    await expect(lesson(playground).getByRole('progressbar')).toHaveAttribute('max', '3');
    await button(playground, 'Begin this lesson again').click();
    await expect(task(playground)).toContainText('Write cart = 2');
    await expect(lesson(playground)).toContainText('Step 1 of 3');
  });

  test('one that is left keeps its run and its moment, and the run before it comes back', async ({ open }) => {
    const playground = await open();
    await command(playground, 'A write mine 1');
    await pause(playground);
    const { nowUs } = await stateOf(playground);
    await takeLesson(playground, LESSONS[1][1]);
    await expect(task(playground)).toHaveCount(1);
    await button(playground, 'Write').click();
    await expect(answers(playground).first()).toContainText('done');
    await pause(playground);
    const left = await stateOf(playground);
    const text = await textOf(playground);
    await button(playground, 'Leave the lesson, keep the run').click();
    await expect(lesson(playground)).toHaveCount(0);
    expect((await stateOf(playground)).nowUs).toBe(left.nowUs);
    expect(await textOf(playground)).toBe(text);
    await (await openLessons(playground)).getByRole('button', { name: 'Back to my run' }).click();
    await expect.poll(() => textOf(playground)).toContain('A write mine 1');
    expect((await stateOf(playground)).nowUs).toBe(nowUs);
  });
});

test.describe('the path', () => {
  test('shows what is done, also after a reload, and what is next', async ({ open, page }) => {
    const playground = await open();
    let menu = await openLessons(playground);
    await expect(menu.getByRole('button').filter({ has: page.locator('.next') })).toContainText(
      '1. Write to the master',
    );
    await expect(menu.getByText(/^about \d min/)).toHaveCount(12);
    await page.keyboard.press('Escape');
    await takeLesson(playground, LESSONS[0][1]);
    await playground.getByRole('combobox', { name: 'Speed' }).selectOption('10000');
    await takeUntil(playground, lesson(playground).getByText('That was all'), page);
    await expect(lesson(playground).getByRole('button', { name: `Next lesson: ${LESSONS[1][1]}` })).toBeVisible();
    for (const name of ['What happens next?', 'Surprises of real databases'])
      await expect(button(playground, name)).toBeVisible();
    await page.reload();
    const again = await open();
    await expect(again.getByRole('button', { name: 'Lessons 1 of 12' })).toBeVisible();
    menu = await openLessons(again);
    await expect(menu.getByRole('button').filter({ has: page.locator('.next') })).toContainText('2. The stale read');
  });

  test('works where nothing can be kept', async ({ open, page }) => {
    await page.addInitScript(() =>
      Object.defineProperty(window, 'localStorage', {
        get() {
          throw new DOMException('denied', 'SecurityError');
        },
      }),
    );
    const playground = await open();
    await takeLesson(playground, SURPRISES[1][1]);
    await playground.getByRole('combobox', { name: 'Speed' }).selectOption('10000');
    await expect(lesson(playground)).toContainText('That was all');
    const menu = await openLessons(playground);
    // Still unfolded, since it was taken from there.
    await expect(menu.getByRole('button').filter({ hasText: SURPRISES[1][1] })).toContainText('Done.');
  });

  test('minutes are those of the words and the tasks', () => {
    for (const [file, , minutes] of LESSONS) {
      const text = readFileSync(new URL(`../../www/lessons/${file}.lesson`, import.meta.url), 'utf8');
      const said = text.split(/\n(?=\S)/).filter((item) => /^(say|task|ask|reveal|learned)/.test(item));
      const words = said
        .join('\n')
        .replace(/^\s+(when|by) .*$/gm, '')
        .split(/\s+/).length;
      const acts = said.filter((item) => /^(task|ask)/.test(item)).length;
      expect([file, minutes]).toEqual([file, Math.round(words / 180 + acts / 3)]);
    }
  });

  test('surprises are listed by the titles that they have', () => {
    for (const [file, title] of SURPRISES) {
      const text = readFileSync(new URL(`../../www/runs/${file}.run`, import.meta.url), 'utf8');
      expect(text.split('\n')[0]).toBe(`# ${title}`);
    }
  });

  test('a surprise has whole sentences, says what it was about at its end, and goes on to the next', async ({
    open,
  }) => {
    const playground = await open();
    await playground.evaluate((element) => element.setAttribute('vocabulary', 'master'));
    for (const [at, [, title]] of SURPRISES.entries()) {
      await takeLesson(playground, title);
      for (const words of await lesson(playground).locator('.lesson-words').allTextContents())
        expect(words, title).toMatch(/^(m|s\d|[A-Z“]).*[.!?][”"’)]?$/s);
      if (at % 5 !== 0) continue;
      await playground.getByRole('combobox', { name: 'Speed' }).selectOption('10000');
      await expect(lesson(playground)).toContainText('That was all', { timeout: 30_000 });
      await expect(lesson(playground).locator('.learned')).toBeVisible();
      await expect(button(playground, 'Play')).toBeVisible();
      const next = SURPRISES[at + 1];
      if (next) await expect(lesson(playground).getByRole('button', { name: 'Next surprise' })).toContainText(next[1]);
    }
  });
});

test.describe('a link to a step', () => {
  test('leads straight to it', async ({ open }) => {
    const playground = await open(`./#lesson=${LESSONS[5][0]}&step=3`);
    await expect(lesson(playground)).toContainText(/Step 3 of \d/);
    await expect(lesson(playground).locator('.wrong, .answer-choice[aria-pressed="true"]')).toHaveCount(0);
    await expect(button(playground, 'Pause').or(lesson(playground).locator('.ask'))).not.toHaveCount(0);
  });

  test('is what the button copies', async ({ open, page, context }) => {
    await context.grantPermissions(['clipboard-read', 'clipboard-write']);
    const playground = await open(`./#lesson=${LESSONS[1][0]}&step=2`);
    await expect(lesson(playground)).toContainText('Step 2 of');
    await button(playground, 'Copy a link to this step').click();
    await expect(lesson(playground).locator('.link-here')).toContainText('Copied');
    expect(await page.evaluate(() => navigator.clipboard.readText())).toMatch(
      new RegExp(`#lesson=${LESSONS[1][0]}&step=2$`),
    );
  });

  test('is an attribute, too', async ({ open, page }) => {
    const body = `<replication-playground lesson="${LESSONS[1][0]}" step="2"></replication-playground>`;
    const playground = await open(await servePage(page, body));
    await expect(lesson(playground)).toContainText('Step 2 of');
  });

  test('that leads nowhere says so', async ({ open }) => {
    const playground = await open(`./#lesson=${LESSONS[1][0]}&step=77`);
    await expect(playground.getByRole('alert')).toContainText('This lesson has no step 77: it begins at its start.');
    const other = await open('./?2#lesson=99-nothing');
    await expect(other.getByRole('alert')).toContainText('There is no lesson “99-nothing”.');
  });
});

test('whoever presses anything at all in a lesson can begin it again and finish it', async ({ open, page }) => {
  test.setTimeout(240_000);
  const playground = await open();
  // Drawn by a rule of its own, so that it is the same each time.
  let seed = 20240611;
  const below = (/** @type {number} */ n) => {
    seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
    return Math.floor((seed / 2 ** 32) * n);
  };
  for (const at of [1, 5]) {
    await takeLesson(playground, LESSONS[at][1]);
    await playground.getByRole('combobox', { name: 'Speed' }).selectOption('10000');
    for (let act = 0; act < 30; act++) {
      const pressed = await playground.evaluate(
        (element, draw) => {
          const root = /** @type {ShadowRoot} */ (element.shadowRoot);
          const all = /** @type {HTMLElement[]} */ ([
            ...root.querySelectorAll(
              '.lesson button:not([aria-label^="Leave"]), .console button, .power, .time button, [aria-label^="Undo"], [aria-label^="Redo"], .answer-choice, .pop .act',
            ),
          ]).filter((el) => !el.matches(':disabled, [aria-haspopup]') && el.checkVisibility());
          const one = all[Math.floor(draw * all.length)];
          one?.click();
          return one?.textContent?.trim() ?? '';
        },
        below(1000) / 1000,
      );
      if (/Leave the lesson|What happens next|Next lesson|Surprises/.test(pressed))
        await takeLesson(playground, LESSONS[at][1]);
      if (/Charts/.test(pressed)) continue;
      await page.waitForTimeout(30);
    }
    await expect(playground.locator('.panel')).toHaveCount(0);
    await button(playground, 'Begin this lesson again').click();
    await playground.getByRole('combobox', { name: 'Speed' }).selectOption('10000');
    await takeUntil(playground, lesson(playground).getByText('That was all'), page);
  }
});

test('its words change, its tasks tick, and nothing outside of it moves', async ({ open, page }) => {
  const playground = await open();
  await run(playground, TWO);
  await play(playground);
  const stage = playground.locator('.stage');
  const before = await stage.boundingBox();
  await field(playground, 'Value').fill('9');
  await button(playground, 'Write').click();
  await expect(note(playground)).toContainText('You wrote cart = 9');
  expect(await stage.boundingBox()).toEqual(before);
  const height = (await note(playground).boundingBox())?.height;
  await field(playground, 'Value').fill('2');
  await button(playground, 'Write').click();
  await expect(task(playground)).toContainText('Read cart from s2');
  expect((await note(playground).boundingBox())?.height).toBe(height);
  expect(await stage.boundingBox()).toEqual(before);
  await page.setViewportSize({ width: 360, height: 740 });
  await expectNoSidewaysScroll(page);
});
