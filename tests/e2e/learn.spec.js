// Lessons, explanations and the space-time diagram, as a reader uses them.
import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from './fixtures.js';
import { CHALLENGES, LESSONS, SURPRISES } from '../../www/words/lessons.js';
import {
  QUICK,
  answers,
  command,
  expectNoSidewaysScroll,
  goTo,
  openTab,
  pause,
  popover,
  run,
  servePage,
  stateOf,
  takeLesson,
  textOf,
} from './helpers.js';

/** @typedef {import('@playwright/test').Locator} Locator */

const folder = new URL('../../www/lessons/', import.meta.url);
const SMALL = `lesson Small
cluster m + s1
clients A
link m-s1 latency 1s
step One
say Look at \`k\`.
task Write.
  when write k
  by A write k 1
step Two
ask What is on s1?
  answer 1
    when got 1
  answer nothing
    when got nothing
do A read k @s1
reveal So it is: <b>late</b>.
`;

const lesson = (/** @type {Locator} */ playground) => playground.getByRole('region', { name: /^Lesson: / });
const task = (/** @type {Locator} */ playground) => lesson(playground).locator('.task:not(.done)');

test('the page offers the lessons that there are, by their titles', async ({ open }) => {
  const files = readdirSync(folder).sort();
  expect([...LESSONS, ...CHALLENGES].map(([file]) => `${file}.lesson`)).toEqual(files);
  for (const [file, title] of LESSONS) {
    expect(readFileSync(new URL(`${file}.lesson`, folder), 'utf8')).toContain(`lesson ${title}\n`);
  }
  const playground = await open();
  await takeLesson(playground, LESSONS[0][1]);
  await expect(lesson(playground)).toContainText(LESSONS[0][1]);
});

for (const [file, title] of LESSONS) {
  test(`“${title}” can be taken to its end`, async ({ open, page }) => {
    test.setTimeout(120_000);
    const body = `<replication-playground lesson="${file}"></replication-playground>`;
    const playground = await open(await servePage(page, body));
    await playground.getByRole('combobox', { name: 'Speed' }).selectOption('10000');
    const end = lesson(playground).getByText('Done.', { exact: true });
    const deadline = Date.now() + 90_000;
    for (let quiet = 0; !(await end.isVisible()) && Date.now() < deadline; quiet++) {
      const choice = lesson(playground).locator('.answer-choice:enabled').last();
      const show = lesson(playground).getByRole('button', { name: /^(Show me|Do it for me)$/ });
      const goOn = lesson(playground).getByRole('button', { name: 'Next step' });
      if (await goOn.isVisible()) await goOn.click();
      else if (await choice.isVisible()) await choice.click();
      else if ((await show.isVisible()) && (quiet % 4 === 0 || (await show.textContent()) === 'Show me'))
        await show.click();
      await page.waitForTimeout(120);
    }
    await expect(end).toBeVisible();
    await expect(task(playground)).toHaveCount(0);
  });
}

test('each surprise is a run with its words above it', async ({ open }) => {
  const playground = await open();
  // Else a title is in the words of its database.
  await playground.evaluate((element) => element.setAttribute('vocabulary', 'master'));
  for (const [, title] of SURPRISES) {
    await takeLesson(playground, title);
    await expect(lesson(playground)).toContainText(title);
    await expect(lesson(playground).locator('.lesson-words')).not.toHaveCount(0);
    await expect(playground.getByRole('button', { name: 'Pause', exact: true })).toBeVisible();
    expect(await textOf(playground)).toContain('cluster m + s1');
  }
});

test.describe('a lesson', () => {
  test('waits for what happens, not for a button, and asks while the run stands still', async ({ open }) => {
    const playground = await open();
    await run(playground, SMALL);
    await expect(lesson(playground)).toContainText('Step 1 of 2');
    await expect(lesson(playground).locator('code')).toHaveText('k');
    await expect(lesson(playground)).not.toContainText('What is on s1?');
    await expect(lesson(playground).locator('.lesson-words')).toHaveCSS('display', 'block');
    await playground.getByRole('textbox', { name: 'Key' }).fill('other');
    await playground.getByRole('button', { name: 'Write', exact: true }).click();
    await expect(answers(playground).first()).toContainText('done');
    await expect(task(playground)).toHaveCount(1);
    await playground.getByRole('textbox', { name: 'Key' }).fill('k');
    await playground.getByRole('button', { name: 'Write', exact: true }).click();
    await expect(lesson(playground)).toContainText('What is on s1?');
    await expect(playground.getByRole('button', { name: 'Play', exact: true })).toBeVisible();
    const before = (await stateOf(playground)).nowUs;
    await lesson(playground).getByText('Before').click();
    await expect(lesson(playground)).toContainText('Look at k.');
    await lesson(playground).getByRole('button', { name: '1', exact: true }).click();
    await expect(lesson(playground)).toContainText('So it is: <b>late</b>.');
    await expect(lesson(playground).locator('.wrong')).toContainText('your guess');
    await expect(lesson(playground).locator('.right')).toContainText('nothing');
    expect((await stateOf(playground)).nowUs).toBeGreaterThan(before);
    expect(await textOf(playground)).toContain('A read k @s1');
  });

  test('can be taken by keyboard alone', async ({ open, page }) => {
    const playground = await open();
    await run(playground, SMALL);
    const press = async (/** @type {RegExp} */ name, /** @type {string} */ key) => {
      for (let i = 0; i < 120; i++) {
        await page.keyboard.press('Tab');
        const focused = await playground.evaluate((e) => e.shadowRoot?.activeElement?.textContent?.trim() ?? '');
        if (name.test(focused)) return page.keyboard.press(key);
      }
      throw new Error(`${name} is not reached`);
    };
    await press(/^Show me$/, 'Enter');
    await expect(lesson(playground)).toContainText('The control has a ring around it now.');
    await page.keyboard.press('Enter');
    await expect(lesson(playground)).toContainText('What is on s1?');
    await press(/^nothing$/, 'Space');
    await expect(lesson(playground).locator('.right')).toContainText('what happened');
  });

  test('can be left: the run stays', async ({ open }) => {
    const playground = await open();
    await run(playground, SMALL);
    await command(playground, 'A write k 7');
    await lesson(playground).getByRole('button', { name: 'Leave the lesson' }).click();
    await expect(lesson(playground)).toHaveCount(0);
    expect(await textOf(playground)).toContain('A write k 7');
  });

  test('with an error says where', async ({ open, page }) => {
    const wrong = SMALL.replace('when write k', 'when written');
    const playground = await open(
      await servePage(page, `<replication-playground><pre>${wrong}</pre></replication-playground>`),
    );
    await expect(playground.getByRole('alert')).toContainText('Line 8');
  });

  test('that does not arrive says so, and nothing else is there', async ({ open, page, tolerate }) => {
    tolerate(/no-such-lesson|404/);
    const body = '<replication-playground lesson="no-such-lesson"></replication-playground>';
    const playground = await open(await servePage(page, body));
    await expect(playground.getByRole('alert')).toContainText('The lesson did not arrive. (404');
    await expect(playground.locator('.node')).toHaveCount(0);
    await expect(playground.getByRole('button', { name: 'Try again' })).toBeVisible();
  });

  for (const scheme of /** @type {const} */ (['light', 'dark'])) {
    test(`is accessible and fits a phone in ${scheme}`, async ({ open, page, expectAccessible }) => {
      await page.emulateMedia({ colorScheme: scheme });
      await page.setViewportSize({ width: 360, height: 740 });
      const playground = await open();
      await run(playground, SMALL);
      await expectAccessible('.lesson');
      await lesson(playground).getByRole('button', { name: 'Show me' }).click();
      await expectAccessible('.lesson');
      await lesson(playground).getByRole('button', { name: 'Do it for me' }).click();
      await lesson(playground).getByRole('button', { name: '1', exact: true }).click();
      await expect(lesson(playground).locator('.right')).toBeVisible();
      await expectAccessible('.lesson');
      await expectNoSidewaysScroll(page);
    });
  }
});

const LATE = `${QUICK}link m-s1 latency 1s
at 100ms A write k 1
at 300ms A read k @s1
`;

test('why a read is old is told, and shown in the diagram', async ({ open, expectAccessible }) => {
  const playground = await open();
  await run(playground, LATE);
  await goTo(playground, 600_000);
  await pause(playground);
  await answers(playground).first().getByRole('button', { name: 'why: Read k' }).click();
  await expect(popover(playground)).toContainText(
    'had not applied it: the entry was on its way from m, which takes 1 s.',
  );
  await expect(popover(playground)).toContainText('asynchronous');
  await expectAccessible('.pop');
  await popover(playground).getByRole('button', { name: 'Show it in the diagram' }).click();
  await expect(playground.getByRole('tab', { name: 'Space-time' })).toHaveAttribute('aria-selected', 'true');
  await expect(playground.locator('.spacetime .message.entries.open')).toHaveCount(1);
  // The read's own request and answer are lit, and the write's way to s1; what has nothing to do with it is not.
  const diagram = playground.locator('.spacetime');
  await expect(diagram.locator('.message.read.chained')).toHaveCount(1);
  await expect(diagram.locator('.message.entries.chained')).toHaveCount(1);
  await expect(diagram.locator('.point.read.chained')).toHaveCount(1);
  await expect(diagram.locator('.message.aside-of')).not.toHaveCount(0);
  await diagram.getByText('As a list').click();
  await expect(diagram.getByRole('listitem').filter({ hasText: 'Led to it:' })).not.toHaveCount(0);
  await expectAccessible('.tabs');
  await diagram.getByRole('button', { name: 'Show all alike' }).click();
  await expect(diagram.locator('.chained, .aside-of')).toHaveCount(0);
  await expect(diagram.getByRole('application')).toBeFocused();
});

test('a verdict tells what led to it', async ({ open }) => {
  const playground = await open();
  await run(playground, `${LATE}at 400ms crash m\nat 500ms promote s1\n`.replace('latency 1s', 'latency 9s'));
  await goTo(playground, 2_000_000);
  await pause(playground);
  const lost = playground.locator('.verdicts li').filter({ hasText: 'No acknowledged write is lost' });
  await lost.getByText('why', { exact: true }).click();
  await lost.getByRole('button', { name: 'What led to it' }).click();
  await expect(popover(playground)).toContainText('became the master');
  await popover(playground).getByRole('button', { name: 'Show it in the diagram' }).click();
  await expect(playground.locator('.spacetime .point.promotion.chained')).toHaveCount(1);
});

test('the diagram shows each message, by eye, by keyboard and as a list', async ({ open, page, expectAccessible }) => {
  const playground = await open();
  await run(playground, LATE);
  await goTo(playground, 1_500_000);
  await pause(playground);
  await openTab(playground, 'Space-time');
  const diagram = playground.locator('.spacetime');
  // Two requests, two answers, the entry and the acknowledgement for each of two slaves; s1's is under way.
  await expect(diagram.locator('.message.write, .message.read')).toHaveCount(2);
  await expect(diagram.locator('.message.answer')).toHaveCount(2);
  await expect(diagram.locator('.message.entries')).toHaveCount(2);
  await expect(diagram.locator('.point.behind, .point.broken')).not.toHaveCount(0);
  await diagram.getByRole('application').focus();
  await page.keyboard.press('Home');
  await expect(diagram.getByRole('status')).toContainText('A');
  const first = await diagram.getByRole('status').textContent();
  await page.keyboard.press('ArrowDown');
  await expect(diagram.getByRole('status')).not.toHaveText(first ?? '');
  const before = await diagram.locator('svg').getAttribute('height');
  await page.keyboard.press('+');
  expect(Number(await diagram.locator('svg').getAttribute('height'))).toBeGreaterThan(Number(before));
  await diagram.getByText('As a list').click();
  await diagram.getByRole('listitem').filter({ hasText: 'm sends its log to s1' }).getByRole('button').click();
  await expect.poll(async () => (await stateOf(playground)).nowUs).toBeLessThan(200_000);
  await expectAccessible('.tabs');
});

test('the diagram has crashes and lost messages, and fits a phone', async ({ open, page, expectAccessible }) => {
  await page.setViewportSize({ width: 360, height: 740 });
  const playground = await open();
  await run(playground, `${LATE}at 500ms cut m-s1\nat 500ms crash s2\nat 900ms state m\n`);
  await goTo(playground, 900_000);
  await pause(playground);
  await openTab(playground, 'Space-time');
  const diagram = playground.locator('.spacetime');
  await expect(diagram.locator('.message .lost')).not.toHaveCount(0);
  await expect(diagram.locator('.gap.down')).toHaveCount(1);
  await expectAccessible('.tabs');
  await expectNoSidewaysScroll(page);
});

test('a challenge is met by settings that the checker cannot break', async ({ open }) => {
  const playground = await open('./#lesson=challenge-1-lose-nothing-and-go-on');
  await expect(lesson(playground)).toContainText('Each choice is put to the checker');
  await command(playground, 'preset pg-sync-any2');
  await expect(lesson(playground)).not.toContainText('Met.');
  await command(playground, 'preset pg-sync-any1');
  await expect(lesson(playground)).toContainText('Met.', { timeout: 30_000 });
});
