// What a frame costs on the page, how much it grows, and how soon it can be used: node tests/bench/page.js, after make build.
import { spawn } from 'node:child_process';
import { chromium } from '@playwright/test';
import config from '../e2e/playwright.config.js';
import { root } from './build.js';

const PLAYED_MS = 6000;

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

/** The least that such a picture costs a browser: fifty beads on a canvas, and a clock. */
const BARE = `<canvas width="680" height="520"></canvas><p></p><script>
  const [canvas, clock] = document.body.children;
  const [context, bead] = [canvas.getContext('2d'), new OffscreenCanvas(34, 34)];
  const round = bead.getContext('2d');
  round.arc(17, 17, 9, 0, 7);
  round.fill();
  const sprite = bead.transferToImageBitmap();
  requestAnimationFrame(function draw(now) {
    context.clearRect(0, 0, canvas.width, canvas.height);
    for (let i = 0; i < 50; i++) context.drawImage(sprite, (now / 5 + i * 13) % 646, i * 9);
    clock.textContent = (now / 1000).toFixed(3) + ' s';
    requestAnimationFrame(draw);
  });
</script>`;

/** What the tracer calls the kinds of work. */
const WORK = {
  all: ['RunTask'],
  script: ['FireAnimationFrame'],
  layout: ['UpdateLayoutTree', 'Layout', 'PrePaint'],
  paint: ['Paint', 'Layerize'],
  commit: ['Commit'],
};
const CATEGORIES = ['-*', 'devtools.timeline', 'disabled-by-default-devtools.timeline'];
const BEAT_MS = 1000 / 60;

const at = (list, share) => [...list].sort((a, b) => a - b)[Math.floor(list.length * share)];
const sum = (list) => list.reduce((total, n) => total + n, 0);

/** What the page's main thread did from one animation frame to the next, ms of each kind, and ms between them. */
function framesOf(events) {
  const begins = events.filter((e) => e.name === 'FireAnimationFrame').sort((a, b) => a.ts - b.ts);
  const { pid, tid } = begins[0];
  const mine = events.filter((e) => e.pid === pid && e.tid === tid && e.dur).sort((a, b) => a.ts - b.ts);
  const tasks = mine.filter((e) => e.name === 'RunTask');
  // A frame begins with the task that its first callback is in.
  const starts = begins.map(({ ts }) => tasks.findLast((task) => task.ts <= ts)?.ts ?? ts);
  const frames = starts.slice(1).map((end, i) => ({ gap: (end - starts[i]) / 1000 }));
  const none = () => Object.fromEntries(Object.keys(WORK).map((kind) => [kind, 0]));
  frames.forEach((frame) => Object.assign(frame, none()));
  let here = 0;
  const ends = {};
  for (const { name, ts, dur } of mine) {
    // What is inside another of the same name counts once.
    if (ts < ends[name]) continue;
    ends[name] = ts + dur;
    while (here < frames.length && ts >= starts[here + 1]) here += 1;
    if (ts < starts[0] || here === frames.length) continue;
    for (const kind in WORK) if (WORK[kind].includes(name)) frames[here][kind] += dur / 1000;
  }
  return frames;
}

async function play(browser, url, text, { slower = 1, tab, depth, speed } = {}) {
  const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
  await page.goto(url);
  const element = page.locator('replication-playground').first();
  await element.evaluate((el) => el.ready);
  const usable = await page.evaluate(() => performance.now());
  await element.evaluate(async (el, run) => {
    await el.run(run);
    el.play();
  }, text);
  if (speed) await element.getByLabel('Speed').selectOption(speed);
  if (tab) await element.getByRole('tab', { name: tab }).click();
  // A search that goes on for as long as this is measured.
  if (depth) await element.getByLabel('Actions of a way, at most').selectOption(depth);
  return { page, usable, ...(await traced(browser, page, slower)) };
}

/** @returns what its frames cost */
async function traced(browser, page, slower) {
  const cdp = await page.context().newCDPSession(page);
  await cdp.send('Emulation.setCPUThrottlingRate', { rate: slower });
  await page.waitForTimeout(1500);
  await browser.startTracing(page, { categories: CATEGORIES });
  await page.waitForTimeout(PLAYED_MS);
  const trace = await browser.stopTracing();
  return { cdp, frames: framesOf(JSON.parse(trace).traceEvents) };
}

async function printBare(browser) {
  for (const slower of [1, 4]) {
    const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
    await page.setContent(BARE);
    const { frames } = await traced(browser, page, slower);
    console.log(row(`a bare page with 50 beads${slower > 1 ? `, ${slower}× slower` : ''}`, frames));
    await page.close();
  }
}

/** @param {ReturnType<typeof framesOf>} frames */
function row(title, frames) {
  const of = (kind) => frames.map((frame) => frame[kind]);
  const mean = (kind) => sum(of(kind)) / frames.length;
  const beats = sum(of('gap').map((gap) => Math.max(1, Math.round(gap / BEAT_MS))));
  const numbers = [at(of('all'), 0.5), at(of('all'), 0.95), ...Object.keys(WORK).map(mean)];
  const dropped = `${beats - frames.length} of ${beats}`;
  return `${title.padEnd(44)}${numbers.map((n) => n.toFixed(2).padStart(8)).join('')}${dropped.padStart(12)}`;
}

/** The JavaScript heap, MB, at so many simulated seconds of a run. */
async function heapAt({ page, cdp }, seconds) {
  const at = () => document.querySelector('replication-playground').state.nowUs / 1e6;
  while ((await page.evaluate(at)) < seconds) await page.waitForTimeout(200);
  await cdp.send('HeapProfiler.collectGarbage');
  return (await cdp.send('Runtime.getHeapUsage')).usedSize / 1e6;
}

/** How the heap grows. When the page could be used, ms. */
async function printHeap(browser, url) {
  console.log('\nJavaScript heap, MB');
  const load = await play(browser, url, SCENES['5 nodes, load 5000/s']);
  const [first, then] = [await heapAt(load, 1), await heapAt(load, 60)];
  console.log(`a load of 5000/s: ${first.toFixed(1)} at its beginning, ${then.toFixed(1)} after a minute`);
  await load.page.close();
  // At its fastest, so that ten minutes are over in one.
  const writes = Array.from({ length: 660 }, (_, i) => `at ${i + 1}s A write k${i % 7} v${i}`).join('\n');
  const each = await play(browser, url, `cluster m + ${nodes(2)}\n${writes}\n`, { speed: '10000' });
  const times = [60, 300, 600];
  const sizes = [];
  for (const seconds of times) sizes.push(await heapAt(each, seconds));
  const growth = ((sizes[2] - sizes[0]) * 1000) / (times[2] - times[0]);
  console.log(
    `a write a second: ${sizes.map((mb, i) => `${mb.toFixed(2)} after ${times[i] / 60} min`).join(', ')}: ${growth.toFixed(1)} kB a second`,
  );
  return load.usable;
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
  console.log(`What a frame costs the page's main thread, ms: all its tasks from one animation frame to the next, as the browser's
tracer has them, in ${PLAYED_MS / 1000} s of each scene; of that the script of the frame, style and layout, paint, and the commit to the
compositor. Dropped: beats of the display (60 a second) without a frame. Repeat: make build && node tests/bench/page.js

${''.padEnd(44)}     all     all     all  script  layout   paint  commit     dropped
${''.padEnd(44)}  median     p95    mean    mean    mean    mean    mean`);
  await printBare(browser);
  for (const [name, text] of Object.entries(SCENES)) {
    for (const [slower, tab] of [[1], [4], ...(text.includes('load') ? [[1, 'Charts']] : [])]) {
      const { page, frames } = await play(browser, server.url, text, { slower, tab });
      console.log(row(`${name}${slower > 1 ? `, ${slower}× slower` : ''}${tab ? `, ${tab}` : ''}`, frames));
      await page.close();
    }
  }
  const checked = `${SCENES['5 nodes, about 50 messages'].replace(/ s4/, '')}`;
  for (const [name, how] of [
    ['4 nodes, the panel of the checker', { depth: '3' }],
    ['the same while it searches', { depth: '8' }],
  ]) {
    const { page, frames } = await play(browser, server.url, checked, { tab: 'What can go wrong?', ...how });
    console.log(row(name, frames));
    await page.close();
  }
  const usable = await printHeap(browser, server.url);
  console.log(`usable after ${usable.toFixed(0)} ms (from localhost, nothing cached)`);
  await browser.close();
  server.close();
}

await main();
