// How soon a page can be seen and touched when nothing of it is there yet, on a slow line and on a fast one; and what twelve
// lessons on one page cost: node tests/bench/cold.js [FOLDER…], after make build. With more than one folder, each with a build, these
// are measured in turn.
import { chromium } from '@playwright/test';
import config from '../e2e/playwright.config.js';
import { host } from './cold-host.js';
import { median, printTable } from './table.js';

const BUILDS = process.argv.length > 2 ? process.argv.slice(2) : ['dist'];
const ROUNDS = 7;
const LINES = {
  'slow line': { coding: 'gzip', latency: 150, kbit: 1600, slower: 4 },
  'the same, brotli': { coding: 'br', latency: 150, kbit: 1600, slower: 4 },
  'fast line': { coding: 'gzip', latency: 0, kbit: 0, slower: 1 },
};
const PAGES = {
  'index.html': '/',
  'an element in a docs page': '/docs/element.html',
  'a lesson, compact': '/docs/lesson.html',
};
const LONG_MS = 50;
const SCROLLED_PX = 120;

/** In the page: notes when there is a picture, and when it can be touched. */
function watch() {
  const seen = (window.seen = {});
  const frame = () => new Promise(requestAnimationFrame);
  const root = () => document.querySelector('replication-playground')?.shadowRoot;
  const card = () => root().querySelector('.stage .node');
  const picture = async () => {
    while (!root()) await frame();
    await new Promise((drawn) => {
      const look = () => card() && drawn();
      new MutationObserver(look).observe(root(), { subtree: true, childList: true });
      look();
    });
    // A message comes once the browser has painted what the frame has drawn.
    const { port1, port2 } = new MessageChannel();
    await new Promise((painted) => {
      port1.onmessage = painted;
      port2.postMessage(0);
    });
    seen.picture = performance.now();
  };
  const ready = async () => {
    await new Promise((done) => addEventListener('ready', done, { capture: true, once: true }));
    await frame();
    await frame();
    seen.ready = performance.now();
  };
  window.shown = Promise.all([picture(), ready()]);
}

/** What was asked for, when, and on whose behalf. */
function listen(cdp) {
  const asked = new Map();
  cdp.on('Network.requestWillBeSent', ({ requestId, request, timestamp, initiator }) => {
    const frames = initiator.stack?.callFrames ?? [];
    asked.set(requestId, { url: request.url, from: timestamp, by: initiator.url ?? frames.at(0)?.url ?? '' });
  });
  cdp.on('Network.loadingFinished', ({ requestId, timestamp, encodedDataLength }) =>
    Object.assign(asked.get(requestId) ?? {}, { to: timestamp, bytes: encodedDataLength }),
  );
  return () => [...asked.values()].filter(({ url, bytes }) => url.startsWith('http') && bytes !== undefined);
}

/** One cold load. */
async function load(browser, url, { latency, kbit, slower }) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
  const page = await context.newPage();
  const cdp = await context.newCDPSession(page);
  await cdp.send('Network.enable');
  const rate = kbit ? (kbit * 1000) / 8 : -1;
  await cdp.send('Network.emulateNetworkConditions', {
    offline: false,
    latency,
    downloadThroughput: rate,
    uploadThroughput: rate,
  });
  await cdp.send('Emulation.setCPUThrottlingRate', { rate: slower });
  const requests = listen(cdp);
  await page.addInitScript(watch);
  await page.goto(url, { waitUntil: 'commit' });
  // Not by what Playwright brings into the page for it: that takes a slow processor a third of a second.
  await cdp.send('Runtime.evaluate', { expression: 'shown', awaitPromise: true });
  const times = await page.evaluate(() => ({
    picture: window.seen.picture,
    ready: Math.max(window.seen.ready, window.seen.picture),
    paint: performance.getEntriesByName('first-contentful-paint')[0]?.startTime,
  }));
  const list = requests();
  await context.close();
  return { ...times, list, requests: list.length, bytes: list.reduce((sum, { bytes }) => sum + bytes, 0) };
}

const short = (url) => new URL(url).pathname.split('/').at(-1) || 'index.html';

/** Who waits for whom: each request with who asked for it, from when to when. */
function printChain(list) {
  const begin = Math.min(...list.map(({ from }) => from));
  const ms = (time) => ((time - begin) * 1000).toFixed(0);
  printTable(
    [
      ['asked for', 'by', 'from, ms', 'to', 'bytes'],
      ...list.map(({ url, by, from, to, bytes }) => [short(url), by && short(by), ms(from), ms(to), bytes]),
    ],
    2,
  );
}

/** All pages of all builds on one line, in turn, so that what else the machine does meets all of them. */
async function onLine(browser, line) {
  const { coding, ...how } = LINES[line];
  const hosts = await Promise.all(BUILDS.map((folder) => host(folder, coding)));
  const rows = Object.entries(PAGES).flatMap(([name, path]) =>
    hosts.map(({ url }, i) => ({ name, build: BUILDS[i], url: url + path, rounds: [] })),
  );
  for (let round = 0; round < ROUNDS; round++)
    for (const row of rows) row.rounds.push(await load(browser, row.url, how));
  for (const one of hosts) one.close();
  return rows.map((row) => ({ ...row, line }));
}

function cells({ line, name, build, rounds }) {
  const of = (what) => Math.round(median(rounds.map((one) => one[what])));
  const time = (what) => `${of(what)} (${Math.round(Math.min(...rounds.map((one) => one[what])))})`;
  const times = [time('paint'), time('picture'), time('ready')];
  return [line, name, ...(BUILDS.length > 1 ? [build] : []), ...times, of('requests'), of('bytes')];
}

async function loads(browser) {
  const rows = [];
  for (const line of Object.keys(LINES)) rows.push(...(await onLine(browser, line)));
  console.log(`Cold loads, ms (median of ${ROUNDS}, and the best, which other work on the machine disturbs least): first paint, the
picture, and until it can be touched. The slow line has 150 ms round trip and 1.6 Mbit/s, and a processor slowed 4 times.
Repeat: make build && node tests/bench/cold.js\n`);
  const head = ['', 'page', ...(BUILDS.length > 1 ? ['build'] : []), 'paint', 'picture', 'ready', 'requests', 'bytes'];
  printTable([head, ...rows.map(cells)], head.length - 5);
  for (const { name, rounds } of rows.filter(({ line, build }) => line === 'slow line' && build === BUILDS[0])) {
    console.log(`Who waits for whom on the slow line: ${name}\n`);
    printChain(rounds.at(-1).list);
  }
}

/** What the page's main thread did in one go, by the processor's time, ms: what else the machine does counts for nothing. */
function tasksOf(trace) {
  const { traceEvents } = JSON.parse(trace);
  const { pid, tid } = traceEvents.find(({ name }) => name === 'FireAnimationFrame');
  const mine = traceEvents.filter((e) => e.name === 'RunTask' && e.pid === pid && e.tid === tid);
  return mine.map(({ tdur }) => tdur / 1000);
}

/** Twelve lessons on one page, scrolled through. */
async function twelve(browser, url) {
  const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
  const requests = listen(await enabled(await page.context().newCDPSession(page)));
  await page.goto(`${url}/docs/twelve.html`);
  await page
    .locator('replication-playground')
    .first()
    .evaluate((element) => element.ready);
  await page.waitForTimeout(1000);
  await browser.startTracing(page, {
    categories: ['-*', 'devtools.timeline', 'disabled-by-default-devtools.timeline'],
  });
  const end = await page.evaluate(() => document.documentElement.scrollHeight);
  for (let at = 0; at < end; at += SCROLLED_PX) {
    await page.mouse.wheel(0, SCROLLED_PX);
    await page.waitForTimeout(30);
  }
  await page.waitForTimeout(500);
  const tasks = tasksOf(await browser.stopTracing()).sort((a, b) => b - a);
  const ready = await page.evaluate(
    () => [...document.querySelectorAll('replication-playground')].filter(({ state }) => state).length,
  );
  const modules = requests().filter(({ url: asked }) => asked.endsWith('.wasm')).length;
  const longest = tasks.slice(0, 12).map((ms) => ms.toFixed(0));
  console.log(`Twelve lessons on one page: ${ready} were ready after scrolling through it, ${modules} module(s) fetched; tasks of more than
${LONG_MS} ms of the processor's time while scrolling: ${tasks.filter((ms) => ms > LONG_MS).length}. The longest ones, ms: ${longest.join(' ')}.\n`);
  await page.close();
}

async function enabled(cdp) {
  await cdp.send('Network.enable');
  return cdp;
}

async function main() {
  const browser = await chromium.launch(config.use.launchOptions);
  await loads(browser);
  for (const folder of BUILDS) {
    const server = await host(folder);
    await twelve(browser, server.url);
    server.close();
  }
  await browser.close();
}

await main();
