// The main job, end to end, in Firefox: write, read an old value, lose the master and read on, go back.
// `make test-firefox` runs it on what `make build` has left in dist/.
import assert from 'node:assert/strict';
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, beforeEach, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { Builder, logging } from 'selenium-webdriver';
import firefox from 'selenium-webdriver/firefox.js';
import LogInspector from 'selenium-webdriver/bidi/logInspector.js';

const root = fileURLToPath(new URL('../../', import.meta.url));
const RUN = `cluster m + s1 s2
clients A
link m-s1 latency 100ms
link m-s2 latency 1500ms
link clients latency 50ms
seed 7
`;
const FIXED = `${RUN}link m-s2 jitter 300ms
at 0ms A write cart 1
at 3s A write cart 2
at 3.2s A read cart @s2
at 4s crash m
at 4.5s A write cart 3
at 5s A read cart @s1
at 6s start m
`;

/** @type {import('node:child_process').ChildProcess} */ let server;
/** @type {import('selenium-webdriver').WebDriver} */ let driver;
let address = '';
/** What went wrong in the page, whether a test looked or not. @type {string[]} */
const problems = [];

before(async () => {
  server = spawn(process.execPath, ['.ci/serve.js', 'dist'], { cwd: root, env: { ...process.env, PORT: '0' } });
  address = await new Promise((resolve, reject) => {
    let said = '';
    server.stdout?.on('data', (data) => {
      said += data;
      const found = /http:\/\/localhost:\d+\//.exec(said);
      if (found) resolve(found[0]);
    });
    server.on('exit', () => reject(new Error(`The server ended: ${said}`)));
  });

  // Both are named, so that nothing is looked for or downloaded.
  const options = new firefox.Options().addArguments('-headless').setBinary(firstOf('firefox', 'firefox-esr'));
  options.enableBidi();
  driver = await new Builder()
    .forBrowser('firefox')
    .setFirefoxOptions(options)
    .setFirefoxService(new firefox.ServiceBuilder(firstOf('geckodriver')))
    .setLoggingPrefs(new logging.Preferences())
    .build();
  await driver.manage().setTimeouts({ script: 20_000, pageLoad: 20_000 });
  const inspector = await LogInspector(driver);
  await inspector.onLog((/** @type {any} */ entry) => {
    if (['error', 'warn', 'warning'].includes(String(entry.level ?? entry._level))) {
      problems.push(String(entry.text ?? entry._text));
    }
  });
});

after(async () => {
  await driver?.quit();
  server?.kill();
});

beforeEach(async () => {
  await driver.get(address);
  // The opening is tested in Chromium; here it was seen before.
  await driver.executeScript(`localStorage.setItem('replication-playground opening', '1')`);
  await driver.navigate().refresh();
  await ask(`await customElements.whenDefined('replication-playground'); await element.ready;`);
});

test('the page starts with a master and its slaves', async () => {
  assert.deepEqual(await ask(`return element.state.nodes.map((n) => n.role)`), ['master', 'slave', 'slave', 'slave']);
  await until(`return root.querySelectorAll('article').length === 4`);
});

test('an old value is read from a slave that lags, and is shown as old', async () => {
  await open(RUN);
  await press('Write');
  await goOn(3_000_000);
  await choose('Read from', 's2');
  await press('Write');
  await goOn(150_000);
  await press('Read');
  await goOn(300_000);
  const read = await latest();
  assert.deepEqual([read.node, read.text, read.verdict], ['s2', '1', 'stale']);
  await see(`[aria-label="Answers"] li`, /old — /);
  await see(`.verdicts > li.behind`, /Every read was fresh/);

  await goOn(3_000_000);
  await press('Read');
  await goOn(300_000);
  assert.deepEqual([(await latest()).text, (await latest()).verdict], ['2', 'fresh']);
});

test('without the master reads go on, and a write gets an error', async () => {
  await open(`${RUN}at 0ms A write cart 1\n`);
  await goOn(3_000_000);
  await press('Power of m');
  assert.equal(await ask(`return element.state.nodes[0].process`), 'down');
  await press('Read');
  await goOn(500_000);
  assert.deepEqual([(await latest()).outcome, (await latest()).text], ['value', '1']);
  await press('Write');
  await goOn(500_000);
  assert.deepEqual([(await latest()).outcome, (await latest()).text], ['error', 'connection refused']);
  await see(`[aria-label="Answers"] li`, /error: connection refused/);
});

test('a cut link keeps a slave behind, and a step back is exactly where it was', async () => {
  await open(RUN);
  await ask(`await element.command('cut m-s1')`);
  await press('Write');
  await goOn(2_500_000);
  assert.deepEqual(await ask(`return element.state.nodes.map((n) => n.applied)`), [1, 0, 1]);
  const [at, hash] = await ask(`return [element.state.nowUs, element.hash]`);
  await ask(`await element.command('heal m-s1'); await element.step(); await element.step();`);
  assert.notEqual(await ask(`return element.hash`), hash);
  await ask(`await element.undo(); await element.seek(${at})`);
  assert.equal(await ask(`return element.hash`), hash);
  // One event at a time: some are at the same instant, and some change nothing that is seen.
  const pressUntil = async (/** @type {string} */ name, /** @type {string} */ condition) => {
    for (let i = 0; i < 10 && !(await ask(`return ${condition}`)); i++) await press(name);
    assert.ok(await ask(`return ${condition}`), `${name}: ${condition}`);
  };
  await pressUntil('Step back to the event before', `element.state.nowUs < ${at}`);
  await pressUntil('Step to the next event', `element.hash === '${hash}'`);
});

test('time passes by itself, and stops', async () => {
  await open(RUN);
  await ask(`await element.play()`);
  await until(`return element.state.nowUs > 100000`);
  await ask(`await element.pause()`);
  const now = await ask(`return element.state.nowUs`);
  await ask(`await new Promise((resolve) => setTimeout(resolve, 200))`);
  assert.equal(await ask(`return element.state.nowUs`), now);
});

test('the first task of a lesson ticks itself', async () => {
  await ask(`element.setAttribute('lesson', '01-write-to-the-master-read-from-a-slave');`);
  await until(
    `return [...root.querySelectorAll('h3')].some((h) => h.textContent === 'Write to the master, read from a slave')`,
  );
  await until(`return element.state?.nodes.length === 3`);
  await ask(`window.tasks = []; element.addEventListener('task', (e) => tasks.push(e.detail.index))`);
  await press('Write');
  await ask(`await element.pause()`);
  await goOn(1_000_000);
  await until(`return tasks.length > 0`);
  assert.deepEqual(await ask(`return tasks`), [0]);
});

test('a run has the same hash as on this machine without a browser', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'replication-playground-'));
  const file = join(folder, 'fixed.run');
  writeFileSync(file, FIXED);
  const report = execFileSync(join(target(), 'release/replay'), ['run', file], { encoding: 'utf8' });
  rmSync(folder, { recursive: true });
  const [, end] = /^end: ([\d.]+) s$/m.exec(report) ?? [];
  const [, hash] = /^hash: ([0-9a-f]{16})$/m.exec(report) ?? [];
  assert.ok(end && hash, report);
  await open(FIXED);
  assert.equal(await ask(`await element.seek(${Math.round(Number(end) * 1e6)}); return element.hash`), hash);
});

test('what can go wrong is found as on this machine without a browser', async () => {
  const text = 'cluster m + s1 s2\nclients A B\npreset pg-async\n';
  const folder = mkdtempSync(join(tmpdir(), 'replication-playground-'));
  const file = join(folder, 'asked.run');
  writeFileSync(file, text);
  // A broken promise is status 1.
  const { stdout } = spawnSync(join(target(), 'release/replay'), ['check', file, '--depth', '3', '--json'], {
    encoding: 'utf8',
  });
  rmSync(folder, { recursive: true });
  const native = JSON.parse(stdout);
  await open(text);
  await press('What can go wrong?');
  await choose('Actions of a way, at most', '3');
  const number = (/** @type {number} */ n) => n.toLocaleString('en');
  await see('.check-progress', new RegExp(`${number(native.states)} states, ${number(native.transitions)} actions`));
  const { ways } = native.promises.find((/** @type {any} */ it) => it.promise === 'no-lost-writes');
  await press('How? No acknowledged write is lost');
  await see('.check-found', new RegExp(ways[0].why.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')));
  await press('Play it');
  await until(`return element.text === ${JSON.stringify(ways[0].text)}`);
});

test('nothing went wrong in the page', async () => {
  await ask(`console.error('this is heard')`);
  await driver.wait(() => problems.length > 0, 5000);
  assert.deepEqual(problems, ['this is heard']);
});

// --- the element ---

/**
 * What a piece of script gives in the page, where `element` is the playground and `root` its inside.
 * @param {string} script @returns {Promise<any>}
 */
async function ask(script) {
  const answer = await driver.executeAsyncScript(`const done = arguments[0];
    (async () => {
      const element = document.querySelector('replication-playground');
      const root = element.shadowRoot;
      ${script}
    })().then((value) => done({ value }), (error) => done({ error: String(error) }));`);
  const { value, error } = /** @type {{ value?: any, error?: string }} */ (answer);
  if (error) throw new Error(error);
  return value;
}

/** Waits until a piece of script gives true. @param {string} script */
const until = (script) => driver.wait(() => ask(script), 15_000, script);

/** Another run, standing still at its start. @param {string} text */
async function open(text) {
  await ask(`await element.run(${JSON.stringify(text)}); await element.pause(); await element.seek(0);`);
  await until(`return root.querySelectorAll('article').length === 3`);
}

/** Goes on event by event for so long: no real time passes. @param {number} us */
const goOn = (us) =>
  ask(`const to = element.state.nowUs + ${us};
    for (let quiet = 0; element.state.nowUs < to && quiet < 200; ) {
      const before = element.state.nowUs;
      await element.step();
      quiet = element.state.nowUs === before ? quiet + 1 : 0;
    }`);

/** The newest request of A. */
const latest = () => ask(`return element.state.clients[0].operations[0]`);

// --- its controls: found by their names, pressed by the browser ---

/** @param {string} name */
async function press(name) {
  const button = await ask(`await new Promise(requestAnimationFrame);
    return [...root.querySelectorAll('button')].find((b) =>
      [b.getAttribute('aria-label'), b.textContent.trim()].includes(${JSON.stringify(name)}) && b.checkVisibility())`);
  assert.ok(button, `a button ${name}`);
  await button.click();
}

/** @param {string} name @param {string} value */
async function choose(name, value) {
  const select = await ask(`return [...root.querySelectorAll('select')].find((s) =>
    [s.getAttribute('aria-label'), ...[...s.labels].map((l) => l.textContent.trim())].some((l) => l?.startsWith(${JSON.stringify(name)})))`);
  assert.ok(select, `a list ${name}`);
  const option = await ask(
    `return [...root.querySelectorAll('option')].find((o) => o.label === ${JSON.stringify(value)})`,
  );
  assert.ok(option, `a choice ${value}`);
  await option.click();
}

/** Waits until the first thing that is found has these words. @param {string} selector @param {RegExp} words */
async function see(selector, words) {
  const text = () =>
    ask(`return root.querySelector(${JSON.stringify(selector)})?.textContent.replace(/\\s+/g, ' ') ?? ''`);
  await driver.wait(async () => words.test(await text()), 10_000).catch(async () => assert.match(await text(), words));
}

// --- this machine ---

/** The first of these programs that is on PATH. @param {...string} names */
function firstOf(...names) {
  for (const name of names) {
    try {
      return execFileSync('/bin/sh', ['-c', `command -v ${name}`], { encoding: 'utf8' }).trim();
    } catch {
      // Not this one.
    }
  }
  throw new Error(`None of ${names.join(', ')} is on PATH: run \`make test-firefox\`, which installs them.`);
}

function target() {
  return process.env.CARGO_TARGET_DIR ?? join(root, 'target');
}
