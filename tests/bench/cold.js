// How soon a page can be seen and touched when nothing of it is there yet, on a slow line and on a fast one; and what twelve
// lessons on one page cost: node tests/bench/cold.js, after make build.
import { chromium } from '@playwright/test';
import config from '../e2e/playwright.config.js';
import { host } from './cold-host.js';
import { median, printTable } from './table.js';

const ROUNDS = 7;
const LINES = {
  'slow line': { latency: 150, kbit: 1600, slower: 4 },
  'fast line': { latency: 0, kbit: 0, slower: 1 },
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
  // Of an element that a script has defined: its first card with a name, once a frame has been drawn with it.
  const look = () => {
    const root = document.querySelector('replication-playground')?.shadowRoot;
    if (!root?.querySelector('.stage article, .stage .node')) return requestAnimationFrame(look);
    requestAnimationFrame(() => (seen.picture = performance.now()));
  };
  look();
  addEventListener(
    'ready',
    () => requestAnimationFrame(() => requestAnimationFrame(() => (seen.ready = performance.now()))),
    { capture: true, once: true },
  );
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
  await page.waitForFunction(() => window.seen?.ready, undefined, { timeout: 60_000 });
  await page.waitForFunction(() => window.seen.picture);
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

async function loads(browser, url) {
  const lines = [];
  const chains = [];
  for (const [line, how] of Object.entries(LINES)) {
    for (const [name, path] of Object.entries(PAGES)) {
      const rounds = [];
      for (let round = 0; round < ROUNDS; round++) rounds.push(await load(browser, url + path, how));
      const of = (what) => Math.round(median(rounds.map((one) => one[what])));
      const time = (what) => `${of(what)} (${Math.round(Math.min(...rounds.map((one) => one[what])))})`;
      lines.push([line, name, time('paint'), time('picture'), time('ready'), of('requests'), of('bytes')]);
      if (how.latency) chains.push([name, rounds.at(-1).list]);
    }
  }
  console.log(`Cold loads, ms (median of ${ROUNDS}, and the best, which other work on the machine disturbs least): first paint, the picture, and until it can be touched. The slow line has 150 ms
round trip and 1.6 Mbit/s, and a processor slowed ${LINES['slow line'].slower} times; gzip on. Repeat: make build && node tests/bench/cold.js\n`);
  printTable([['', 'page', 'paint', 'picture', 'ready', 'requests', 'bytes'], ...lines]);
  for (const [name, list] of chains) {
    console.log(`Who waits for whom on the slow line: ${name}\n`);
    printChain(list);
  }
}

/** Twelve lessons on one page, scrolled through. */
async function twelve(browser, url) {
  const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
  const requests = listen(await enabled(await page.context().newCDPSession(page)));
  await page.addInitScript(() => {
    window.long = [];
    new PerformanceObserver((list) => {
      for (const { startTime, duration } of list.getEntries()) window.long.push({ startTime, duration });
    }).observe({ type: 'longtask', buffered: true });
  });
  await page.goto(`${url}/docs/twelve.html`);
  await page
    .locator('replication-playground')
    .first()
    .evaluate((element) => element.ready);
  const began = await page.evaluate(() => performance.now());
  const end = await page.evaluate(() => document.documentElement.scrollHeight);
  for (let at = 0; at < end; at += SCROLLED_PX) {
    await page.mouse.wheel(0, SCROLLED_PX);
    await page.waitForTimeout(30);
  }
  await page.waitForTimeout(500);
  const long = await page.evaluate(() => window.long);
  const ready = await page.evaluate(
    () => [...document.querySelectorAll('replication-playground')].filter(({ state }) => state).length,
  );
  const modules = requests().filter(({ url: asked }) => asked.endsWith('.wasm')).length;
  const scrolling = long.filter(({ startTime }) => startTime > began).map(({ duration }) => duration);
  const longest = (list) => (list.length ? `${Math.max(...list).toFixed(0)} ms` : `none over ${LONG_MS} ms`);
  console.log(`Twelve lessons on one page: ${ready} were ready after scrolling through it, ${modules} module(s) fetched;
tasks over ${LONG_MS} ms while scrolling: ${scrolling.length} (longest: ${longest(scrolling)}); before that: ${long.length - scrolling.length}.\n`);
  await page.close();
}

async function enabled(cdp) {
  await cdp.send('Network.enable');
  return cdp;
}

async function main() {
  const server = await host();
  const browser = await chromium.launch(config.use.launchOptions);
  await loads(browser, server.url);
  await twelve(browser, server.url);
  await browser.close();
  server.close();
}

await main();
