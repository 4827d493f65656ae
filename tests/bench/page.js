// What a frame costs on the page, how much it grows, and how soon it can be used: node tests/bench/page.js, after make build.
import { spawn } from 'node:child_process';
import { chromium } from '@playwright/test';
import config from '../e2e/playwright.config.js';
import { root } from './build.js';

const FRAMES = 300;
const MINUTE_MS = 60_000;

const nodes = (n) => Array.from({ length: n }, (_, i) => `s${i + 1}`).join(' ');
// A message each so many ms, half a second on its way.
const requests = (every, seconds) =>
  Array.from(
    { length: (seconds * 1000) / every },
    (_, i) => `at ${i * every}ms A ${i % 3 ? 'read' : 'write'} k${i % 7}${i % 3 ? '' : ` v${i}`}`,
  ).join('\n');
const slow = 'link nodes latency 500ms\nlink clients latency 500ms\n';
const SCENES = {
  '5 nodes, about 50 messages': `cluster m + ${nodes(4)}\n${slow}${requests(30, 60)}\n`,
  '33 nodes, about 500 messages': `cluster m + ${nodes(32)}\n${slow}${requests(40, 60)}\n`,
  '5 nodes, load 5000/s': `cluster m + ${nodes(4)}\nrouter random\nflush 0ms\nlink nodes latency 5ms jitter 10ms\nlink clients latency 5ms jitter 10ms\nload 5000/s\n`,
};

/** Counts what runs in animation frames, and when they come. */
function watchFrames() {
  const frames = (window.frames_ = { script: [], gaps: [], on: false });
  const ask = window.requestAnimationFrame.bind(window);
  let last = 0;
  let spent = 0;
  window.requestAnimationFrame = (act) =>
    ask((at) => {
      const begun = performance.now();
      act(at);
      if (at !== last) {
        if (frames.on && last) {
          frames.script.push(spent);
          frames.gaps.push(at - last);
        }
        last = at;
        spent = 0;
      }
      spent += performance.now() - begun;
    });
}

const at = (list, share) => [...list].sort((a, b) => a - b)[Math.floor(list.length * share)];

async function metrics(cdp) {
  const { metrics: all } = await cdp.send('Performance.getMetrics');
  return Object.fromEntries(all.map(({ name, value }) => [name, value]));
}

async function play(browser, url, text, { slower = 1, tab } = {}) {
  const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
  await page.addInitScript(watchFrames);
  await page.goto(url);
  const element = page.locator('replication-playground').first();
  await element.evaluate((el) => el.ready);
  const usable = await page.evaluate(() => performance.now());
  const cdp = await page.context().newCDPSession(page);
  await cdp.send('Performance.enable');
  await element.evaluate(async (el, run) => {
    await el.run(run);
    el.play();
  }, text);
  if (tab) await element.getByRole('tab', { name: tab }).click();
  await page.waitForTimeout(1500);
  await cdp.send('Emulation.setCPUThrottlingRate', { rate: slower });
  const before = await metrics(cdp);
  await page.evaluate(() => (window.frames_.on = true));
  await page.waitForFunction((n) => window.frames_.script.length >= n, FRAMES, { timeout: 300_000 });
  const after = await metrics(cdp);
  const { script, gaps } = await page.evaluate(() => window.frames_);
  const each = (name) => ((after[name] - before[name]) * 1000) / gaps.length;
  return {
    page,
    cdp,
    usable,
    script,
    gaps,
    layout: each('LayoutDuration') + each('RecalcStyleDuration'),
    task: each('TaskDuration'),
  };
}

/** Serves dist on a free port. */
async function serve() {
  const server = spawn('node', ['.ci/serve.js', 'dist'], { cwd: root, env: { ...process.env, PORT: '0' } });
  const url = await new Promise((found) => {
    server.stdout.on('data', (data) => found(String(data).match(/http:\S+/)?.[0]));
  });
  return { url, close: () => server.kill() };
}

async function main() {
  const server = await serve();
  const browser = await chromium.launch(config.use.launchOptions);
  console.log(`Frames on the page, ${FRAMES} of each; ms. Repeat: make build && node tests/bench/page.js\n`);
  console.log(
    'scene                            script median    p95   style+layout mean   all tasks mean   frame gap median    p95',
  );
  for (const [name, text] of Object.entries(SCENES)) {
    for (const [slower, tab] of [[1], [4], ...(text.includes('load') ? [[1, 'Charts']] : [])]) {
      const { page, script, gaps, layout, task } = await play(browser, server.url, text, { slower, tab });
      const title = `${name}${slower > 1 ? `, ${slower}× slower` : ''}${tab ? `, ${tab}` : ''}`;
      console.log(
        `${title.padEnd(44)}${at(script, 0.5).toFixed(2).padStart(5)}${at(script, 0.95).toFixed(2).padStart(7)}${layout.toFixed(2).padStart(17)}${task.toFixed(2).padStart(17)}${at(gaps, 0.5).toFixed(1).padStart(17)}${at(gaps, 0.95).toFixed(1).padStart(9)}`,
      );
      await page.close();
    }
  }
  const { page, cdp, usable } = await play(browser, server.url, SCENES['5 nodes, load 5000/s']);
  const heap = async () => {
    await cdp.send('HeapProfiler.collectGarbage');
    return (await metrics(cdp)).JSHeapUsedSize / 1e6;
  };
  const first = await heap();
  await page.waitForTimeout(MINUTE_MS);
  console.log(`\nJavaScript heap over a minute of load: ${first.toFixed(1)} MB, then ${(await heap()).toFixed(1)} MB`);
  console.log(`usable after ${usable.toFixed(0)} ms (from localhost, nothing cached)`);
  await browser.close();
  server.close();
}

await main();
