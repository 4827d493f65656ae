// The places where a contender can run. Each gives a function that plays a contender once.
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { extname } from 'node:path';
import { contenders } from './contenders.js';
import { built, modules, root } from './build.js';

/** A program that prints one line of JSON. */
function program(file, options, input) {
  return JSON.parse(execFileSync(file, options, { cwd: root, input, encoding: 'utf8', stdio: 'pipe' }));
}

/** What of an error is worth a line in a table. */
export function errorLine({ message }) {
  return message.split('\n').find((line) => line.includes('rror: ')) ?? message;
}

const sized = ({ slaves, seconds, keys }) => [slaves, seconds, keys].map(String);

export function native(name, size) {
  if (name === 'engine') return program(`${built}/fast/engine`, [], size.text);
  return program(`${built}/release/baselines`, [name, ...sized(size)]);
}

export function python(interpreter, size) {
  return program(interpreter, ['tests/bench/model.py', ...sized(size)]);
}

/** In a Node of its own, which gives the memory back. */
export function onceInNode(name, size) {
  return program('node', ['tests/bench/once.js', name], JSON.stringify(size));
}

export async function inNode() {
  const all = await contenders((name) => readFile(`${root}${modules}/${name}`));
  return (name, size) => all[name](size);
}

const types = { '.html': 'text/html', '.js': 'text/javascript', '.wasm': 'application/wasm' };

/** A page whose files come from this folder and from that of the modules, without a server. */
export async function inChromium() {
  const { default: config } = await import('../e2e/playwright.config.js');
  const { chromium } = await import('@playwright/test');
  const browser = await chromium.launch(config.use.launchOptions);
  const page = await browser.newPage();
  await page.route('**/*', (route) => {
    const { pathname } = new URL(route.request().url());
    if (pathname === '/') return route.fulfill({ contentType: 'text/html', body: '<!doctype html>' });
    const folder = pathname.endsWith('.wasm') ? `${root}${modules}` : `${root}tests/bench`;
    return route.fulfill({ contentType: types[extname(pathname)], body: readFileSync(`${folder}${pathname}`) });
  });
  await page.goto('http://bench.localhost/');
  await page.evaluate(async () => {
    const { contenders } = await import('/contenders.js');
    window.contenders = await contenders(async (name) => (await fetch(`/${name}`)).arrayBuffer());
  });
  const play = (name, size) => page.evaluate(([name, size]) => window.contenders[name](size), [name, size]);
  return { play, close: () => browser.close() };
}
