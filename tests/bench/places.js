// The places where a contender can run. Each gives a function that plays a contender once: what it took, in seconds of
// the processor and on the clock, and what it counted.
import { execFileSync, fork } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { extname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { built, modules, root } from './build.js';

// One thread collects garbage and compiles, too: so all of a contender's work is in its time, and nothing else.
const V8_OPTIONS = ['--single-threaded', '--expose-gc'];

/** A program that prints one line of JSON. */
function program(file, options, input) {
  return JSON.parse(execFileSync(file, options, { cwd: root, input, encoding: 'utf8', stdio: 'pipe' }));
}

/** What of an error is worth a line in a table. */
export function errorLine({ message }) {
  return message.split('\n').find((line) => line.includes('rror: ')) ?? message;
}

const sized = ({ slaves, seconds, keys }) => [slaves, seconds, keys].map(String);

/** The program of a native contender, its options, and what it reads. */
export function nativeCommand(name, size) {
  if (name === 'engine') return { file: `${built}/fast/engine`, options: [], input: size.text };
  return { file: `${built}/release/baselines`, options: [name, ...sized(size)], input: '' };
}

export function native(name, size) {
  const { file, options, input } = nativeCommand(name, size);
  return program(file, options, input);
}

export function python(interpreter, size) {
  return program(interpreter, ['tests/bench/model.py', ...sized(size)]);
}

/** What there is one of for each name, made when it is first asked for. */
function oneForEach(make) {
  const made = new Map();
  return (name) => {
    if (!made.has(name)) made.set(name, make(name));
    return made.get(name);
  };
}

/** A Node for each contender. */
export function inNode() {
  const workers = [];
  const workerOf = oneForEach((name) => {
    const worker = fork(fileURLToPath(new URL('worker.js', import.meta.url)), [name], { execArgv: V8_OPTIONS });
    workers.push(worker);
    return worker;
  });
  async function play(name, size) {
    const worker = workerOf(name);
    worker.send(size);
    const [result] = await Promise.race([once(worker, 'message'), once(worker, 'exit').then(died)]);
    if (result.error) throw new Error(result.error);
    return result;
  }
  return { play, close: () => workers.forEach((worker) => worker.kill()) };
}

function died([code, signal]) {
  throw new Error(`it died: ${signal ?? code}`);
}

const types = { '.html': 'text/html', '.js': 'text/javascript', '.wasm': 'application/wasm' };

/** A page whose files come from this folder and from that of the modules, without a server. */
async function pageOf(browser, name) {
  // A context of its own has a process of its own.
  const context = await browser.newContext();
  const page = await context.newPage();
  await page.route('**/*', (route) => {
    const { pathname } = new URL(route.request().url());
    if (pathname === '/') return route.fulfill({ contentType: 'text/html', body: '<!doctype html>' });
    const folder = pathname.endsWith('.wasm') ? `${root}${modules}` : `${root}tests/bench`;
    return route.fulfill({ contentType: types[extname(pathname)], body: readFileSync(`${folder}${pathname}`) });
  });
  await page.goto('http://bench.localhost/');
  await page.evaluate(async (name) => {
    const { load } = await import('/contenders.js');
    window.contender = await load(name, async (module) => (await fetch(`/${module}`)).arrayBuffer());
  }, name);
  const devtools = await context.newCDPSession(page);
  await devtools.send('Performance.enable');
  return { page, devtools };
}

/** Seconds that the page's only thread has worked, if this browser tells. */
async function threadSeconds(devtools) {
  const { metrics } = await devtools.send('Performance.getMetrics');
  return metrics.find(({ name }) => name === 'ThreadTime')?.value;
}

/** A page for each contender. */
export async function inChromium() {
  const { default: config } = await import('../e2e/playwright.config.js');
  const { chromium } = await import('@playwright/test');
  const { args = [], ...options } = config.use.launchOptions;
  const browser = await chromium.launch({ ...options, args: [...args, `--js-flags=${V8_OPTIONS.join(' ')}`] });
  const loaded = oneForEach((name) => pageOf(browser, name));
  async function play(name, size) {
    const { page, devtools } = await loaded(name);
    await page.evaluate((size) => window.contender.prepare(size), size);
    const before = await threadSeconds(devtools);
    const wall = await page.evaluate((size) => {
      const begun = performance.now();
      window.contender.play(size);
      return (performance.now() - begun) / 1e3;
    }, size);
    const after = await threadSeconds(devtools);
    const counts = await page.evaluate(() => window.contender.count());
    return { wall, ...(after > before && { cpu: after - before }), ...counts };
  }
  return { play, close: () => browser.close() };
}
