// Everything on the page shows the same instant, and nothing on it moves by itself.
import { expect, test } from './fixtures.js';
import { command, openTab, pause, run, seek } from './helpers.js';

/** @typedef {import('@playwright/test').Locator} Locator */

/** Twenty seconds with all that makes parts of the page speak: writes, reads, a crash, a promotion, a split brain, a load. */
const PLAY = `cluster m + s1 s2 s3
clients A
seed 11
router round-robin
link nodes latency 300ms jitter 40ms
link m-s3 latency 1200ms
link clients latency 40ms
${Array.from({ length: 10 }, (_, i) => `at ${300 + i * 560}ms A write k${i % 3} v${i}\nat ${550 + i * 560}ms A read k${i % 3}`).join('\n')}
at 6s crash m
at 6.4s A read k0
at 7.5s promote s1
at 8s follow s2 s1
at 8.4s A write k0 again
at 8.8s A write k1 again
at 9.5s start m
at 10s A read k1
at 11s A write k2 more
at 12s load 60/s reads 50% keys 20 uniform value 16B
at 16s load off
`;
const PLAY_MS = 20_000;
const LOAD_US = 12_000_000;

/**
 * Looks at the page in each frame for so long, and writes down where two parts of it contradict each other. It reads what
 * is written there, not what the page knows.
 * @param {Locator} playground @param {number} ms @param {number} loadUs
 * @returns {Promise<{ samples: number, clocks: number, contradictions: string[], seen: Record<string, number> }>}
 */
const watch = (playground, ms, loadUs) =>
  playground.evaluate(
    (/** @type {any} */ element, [span, load]) =>
      new Promise((resolve) => {
        /** @type {ShadowRoot} */
        const root = element.shadowRoot;
        const text = (/** @type {Element | null | undefined} */ at) =>
          at?.textContent?.replace(/\s+/g, ' ').trim() ?? '';
        const all = (/** @type {string} */ what, /** @type {ParentNode} */ from = root) => [
          ...from.querySelectorAll(what),
        ];
        const number = (/** @type {string} */ words, /** @type {RegExp} */ pattern) =>
          Number(pattern.exec(words)?.[1] ?? 0);
        const contradictions = new Set();
        const clocks = new Set();
        /** @type {Record<string, number>} */
        const seen = { behind: 0, down: 0, agree: 0, differ: 0, done: 0, stale: 0, masters: 0, load: 0 };
        let samples = 0;

        const look = () => {
          const says = text(root.querySelector('.clock'));
          const wrong = (/** @type {string} */ what) => contradictions.add(`${says}: ${what}`);
          const nowUs = Math.round(Number(says.replace(' s', '')) * 1e6);
          samples += 1;
          clocks.add(says);

          // The clock and the needle.
          const needle = /** @type {HTMLInputElement} */ (root.querySelector('.needle'));
          if (Math.abs(Number(needle.value) - nowUs) > 1000) wrong(`the needle is at ${needle.value}`);

          // Cards and logs.
          const cards = all('.node').map((card) => {
            const words = text(card.querySelector('.standing'));
            return {
              id: card.getAttribute('data-node'),
              name: text(card.querySelector('.name b')),
              master: card.classList.contains('master'),
              down: card.classList.contains('down'),
              pos: number(text(card.querySelector('.position')), /pos (\d+)/),
              behind: number(words, /\b(\d+) behind/),
              diverged: words.includes('diverged'),
              rows: all('.kv', card).map(
                (row) => `${text(row.querySelector('.key'))}=${text(row.querySelector('.value'))}`,
              ),
              old: all('.kv.stale', card).length,
            };
          });
          const positions = all('.log thead th')
            .slice(1)
            .map((th) => Number(text(th)));
          for (const card of cards) {
            const row = root.querySelector(`.log tr[data-endpoint="${card.id}"]`);
            const applied = all('td', /** @type {Element} */ (row)).flatMap((cell, i) =>
              cell.matches('.applied, .snapshot') ? [positions[i]] : [],
            );
            // What is farther back than the logs are shown cannot be compared.
            const last = applied.at(-1) ?? Math.min(card.pos, positions[0] - 1);
            if (last !== card.pos) wrong(`${card.name} is at ${card.pos} on its card, at ${last} in the log`);
            if (card.behind) seen.behind += 1;
            if (card.down) seen.down += 1;
          }
          const masters = cards.filter((card) => card.master);
          if (masters.length > 1) seen.masters += 1;
          if (masters.length === 1)
            for (const card of cards.filter((one) => !one.master))
              if (Math.max(0, masters[0].pos - card.pos) !== card.behind)
                wrong(`${card.name} is ${card.behind} behind at ${card.pos}, ${masters[0].name} at ${masters[0].pos}`);

          // Cards and verdicts.
          const verdict = (/** @type {string} */ title) =>
            all('.side .verdicts > li').find((li) => text(li.querySelector('.title b')) === title);
          const same = verdict('All nodes hold the same');
          const running = cards.filter((card) => !card.down);
          const agree = new Set(running.map((card) => card.rows.join())).size === 1;
          const held = same?.classList.contains('held');
          if (held) seen.agree += 1;
          if (held && (!agree || running.some((card) => card.old || card.behind)))
            wrong(`“all nodes hold the same” beside ${JSON.stringify(running)}`);
          if (same?.classList.contains('behind') || same?.classList.contains('broken')) seen.differ += 1;

          // Verdicts, answers and story.
          const told = all('.side .story li').map(text);
          const done = told.filter((words) => /is told that .* is done/.test(words)).length;
          seen.done = Math.max(seen.done, done);
          const lost = verdict('No acknowledged write is lost');
          const summary = text(lost?.querySelectorAll('p')[1]);
          const counted = /^(\d+|One) acknowledged/.exec(summary)?.[1] ?? (summary.startsWith('No write') ? '0' : '');
          const acknowledged = counted === 'One' ? 1 : Number(counted);
          // Of a load the story tells nothing.
          if (counted !== '' && nowUs < load && acknowledged !== done)
            wrong(`${acknowledged} acknowledged writes in the verdict, ${done} in the story: ${summary}`);
          const newest = told.at(-1) ?? '';
          const at = Number(/^([\d.]+) s/.exec(newest)?.[1] ?? 0);
          if (Math.round(at * 1e6) > nowUs) wrong(`the story is later than the clock: ${newest}`);
          const [first] = all('.answers li');
          const heard = first?.matches('.ok') ? text(first.querySelector('.badge')) : '';
          if (heard && !told.some((words) => words.includes('is told that') && words.includes(heard)))
            wrong(`the answer to ${heard} is not in the story: ${told.slice(-3)}`);
          if (first?.matches('.stale')) seen.stale += 1;

          // The time line, the cards and the log.
          const marks = all('.marks .mark');
          if (cards.some((card) => card.down) && !marks.some((mark) => mark.matches('.fault')))
            wrong('a node is down, and the time line has no fault');
          if (nowUs < load) {
            const logged = new Set(
              all('.log td:not(.sent)[data-write]').map((cell) => cell.getAttribute('data-write')),
            );
            const marked = new Set(
              marks.filter((mark) => mark.matches('.write')).map((mark) => mark.getAttribute('data-write')),
            );
            for (const write of logged) if (!marked.has(write)) wrong(`#${write} is in a log and not on the time line`);
          } else seen.load += text(root.querySelector('.rates')) ? 1 : 0;
        };

        const end = performance.now() + span;
        const frame = () => {
          look();
          if (performance.now() < end) requestAnimationFrame(frame);
          else resolve({ samples, clocks: clocks.size, contradictions: [...contradictions], seen });
        };
        requestAnimationFrame(frame);
      }),
    [ms, loadUs],
  );

test('cards, log, verdicts, story, answers and time line agree in every frame of twenty seconds', async ({
  open,
  page,
}) => {
  test.setTimeout(120_000);
  await page.setViewportSize({ width: 1440, height: 900 });
  const playground = await open();
  await run(playground, PLAY);
  await playground.evaluate((/** @type {any} */ element) => element.play());
  // As long as it takes on a machine that is slow to draw: simulated seconds are what counts.
  const { samples, clocks, contradictions, seen } = await watch(playground, PLAY_MS, LOAD_US);
  expect(contradictions.slice(0, 12)).toEqual([]);
  expect(samples).toBeGreaterThan(60);
  expect(clocks).toBeGreaterThan(40);
  // All that could contradict each other was there.
  for (const [what, times] of Object.entries(seen)) expect(times, what).toBeGreaterThan(0);
});

/** What the browser has seen moving from now on, that nobody has just pressed for. @param {Locator} playground */
const noteShifts = (playground) =>
  playground.evaluate(() => {
    /** @type {string[]} */
    const shifts = [];
    Object.assign(window, { shifts });
    const name = (/** @type {any} */ node) =>
      node
        ? `${node.localName ?? node.nodeName}.${node.className?.baseVal ?? node.className ?? ''}`
        : 'something inside';
    new PerformanceObserver((list) => {
      for (const entry of /** @type {any[]} */ (list.getEntries())) {
        if (entry.hadRecentInput) continue;
        const moved = entry.sources.map(
          (/** @type {any} */ s) =>
            `${name(s.node)} ${s.previousRect.x},${s.previousRect.y} → ${s.currentRect.x},${s.currentRect.y}`,
        );
        shifts.push(
          `${entry.value.toFixed(4)} at ${document.querySelector('replication-playground')?.shadowRoot?.querySelector('.clock')?.textContent}: ${moved.join('; ')}`,
        );
      }
    }).observe({ type: 'layout-shift' });
  });

// High enough for the whole page: what is out of view does not count for the browser.
for (const [width, height] of [
  [1440, 1700],
  [1180, 1700],
  [360, 3000],
]) {
  test(`nothing moves by itself, ${width} px wide`, async ({ open, page }) => {
    test.setTimeout(120_000);
    await page.setViewportSize({ width, height });
    const playground = await open();
    await playground.evaluate(() => document.fonts.ready);
    await page.waitForTimeout(300);
    await noteShifts(playground);
    const moved = () => page.evaluate(() => /** @type {any} */ (window).shifts);

    const forget = () => page.evaluate(() => void (/** @type {any} */ (window).shifts.splice(0)));

    // The observer sees what moves.
    await playground.evaluate(async (element) => {
      element.style.marginTop = '40px';
      await new Promise((done) => setTimeout(done, 300));
      element.style.marginTop = '';
      await new Promise((done) => setTimeout(done, 300));
    });
    expect((await moved()).length).toBeGreaterThan(0);
    await forget();

    await run(playground, PLAY);
    await page.waitForTimeout(300);
    await forget();
    await playground.evaluate((/** @type {any} */ element) => element.play());
    await page.waitForTimeout(PLAY_MS);
    expect(await moved()).toEqual([]);

    // By hand: back in time, another way from there, something that is refused.
    await seek(playground, 5_000_000);
    await page.waitForTimeout(200);
    await command(playground, 'A write k0 other');
    await page.waitForTimeout(500);
    await pause(playground);
    await playground.evaluate((/** @type {any} */ element) => element.command('crash nobody').catch(() => {}));
    await page.waitForTimeout(300);
    expect(await moved()).toEqual([]);
  });
}

test('what unfolds lies over the page, and moves nothing', async ({ open, page }) => {
  await page.setViewportSize({ width: 1440, height: 1200 });
  const playground = await open();
  await run(playground, PLAY);
  await seek(playground, 7_000_000);
  await command(playground, 'A write k0 other');
  await seek(playground, 5_000_000);
  await command(playground, 'A write k0 another');
  const places = () =>
    playground.evaluate((element) =>
      [...(element.shadowRoot?.querySelectorAll('.stage, .log, .tabs, .node') ?? [])].map(
        (part) => part.getBoundingClientRect().y,
      ),
    );
  const before = await places();
  await playground.getByText('More settings').click();
  await expect(playground.locator('.console .inside').first()).toBeVisible();
  expect(await places()).toEqual(before);
  await playground.getByText('More settings').click();
  await playground.getByText('Marks as a list').click();
  await expect(playground.getByRole('list', { name: 'Marks as a list' })).toBeVisible();
  expect(await places()).toEqual(before);
  await playground.getByText('Marks as a list').click();
  await playground
    .getByRole('button', { name: /^Compare/ })
    .first()
    .click();
  await expect(playground.locator('.compared')).toBeVisible();
  expect(await places()).toEqual(before);
  await openTab(playground, 'Text');
});

test('the log of a long run is in sight, and what stands in it is drawn', async ({ open, page }) => {
  await page.setViewportSize({ width: 1280, height: 1000 });
  const playground = await open();
  const writes = Array.from({ length: 700 }, (_, i) => `at ${i * 30}ms A write k${i % 7} v${i}`);
  await run(playground, `cluster m + s1\n${writes.join('\n')}\n`);
  await seek(playground, 25_000_000);
  const newest = playground.locator('tbody tr').first().locator('td', { hasText: '700' });
  await expect(newest).toBeInViewport();
  // Rows that are out of sight are left out by the browser: none of those that are in sight.
  const drawn = await newest.evaluate((cell) => cell.checkVisibility({ contentVisibilityAuto: true }));
  expect(drawn).toBe(true);
});
