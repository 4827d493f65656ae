// What a first view runs: the runs that a page can begin with are opened, and the standard one is played and worked with. Time
// is counted, not taken, so that it is the same each time.
import { readdirSync, readFileSync } from 'node:fs';
import { Core } from '../www/run/core.js';

/** @typedef {import('../www/run/core.js').Glue} Glue */

const FRAME_MS = 16;
const LATE_MS = 500;
/** What the buttons of the console and the cards do. */
const FAILOVER = ['A write a 1', 'crash m', 'promote s1', 'A write a 2', 'start m', 'A read a'];
const ALL = [
  'A write a 1',
  'A read a',
  'crash s1',
  'start s1',
  'crash m',
  'start m',
  'cut m-s1',
  'heal m-s1',
  'link m-s2 latency 200ms',
  'A write b 2',
  'crash m',
  'promote s2',
  'A write a 3',
  'start m',
  'A read a',
  'load 10/s reads 80% keys 1000 uniform value 100B',
];
/** From one to the next: all has arrived by then, or nothing has. */
const PACES_MS = [2500, 600, 100];

const texts = (/** @type {string} */ folder, /** @type {RegExp} */ which) =>
  readdirSync(folder)
    .filter((file) => which.test(file))
    .map((file) => readFileSync(`${folder}/${file}`, 'utf8'));

let clockMs = 0;
/** @type {Set<() => void>} */
const timers = new Set();
performance.now = () => clockMs;
Object.assign(globalThis, {
  setInterval: (/** @type {() => void} */ tick) => (timers.add(tick), tick),
  clearInterval: (/** @type {() => void} */ tick) => timers.delete(tick),
});

/** What a frame of the page asks for. @param {Core} core @param {number} since */
function look(core, since) {
  const { version } = core.changes(since);
  core.story(0);
  core.packets();
  core.hue(1);
  core.checkWanted();
  void [core.version, core.nowUs, core.playing, core.speed, core.tookPause(), core.furthestUs, core.storyLength];
  return version;
}

/** @param {Glue} glue @param {string} text */
function open(glue, text) {
  const core = new Core(glue, text, new EventTarget());
  core.vocabulary = 'engine';
  core.lesson();
  core.pauseOn('nothing');
  core.state();
  look(core, 0);
  return core;
}

/** @param {Core} core @param {number} [ms] */
function play(core, ms = PACES_MS[0]) {
  core.speed = 500;
  core.play();
  let version = 0;
  for (const end = clockMs + ms; clockMs < end; clockMs += FRAME_MS) {
    for (const tick of timers) tick();
    core.advance();
    version = look(core, version);
  }
  if (ms < PACES_MS[0]) return;
  // Where no frame comes for a while, the timer moves it.
  clockMs += LATE_MS;
  for (const tick of timers) tick();
  look(core, version);
}

/** @param {Glue} glue @returns {string[]} a run under each preset */
export const presetRuns = (glue) =>
  glue.Playground.presets().map(
    (/** @type {{ name: string }} */ { name }) => `cluster m + s1 s2 s3\nclients A B\npreset ${name}\n`,
  );

/** @param {Core} core that is opened @param {string[]} acts @param {number} pace ms */
function work(core, acts, pace) {
  play(core, pace);
  for (const act of acts) {
    core.quote('a');
    core.command(act);
    play(core, pace);
  }
  play(core);
  core.pause();
  core.step();
  core.undo();
  core.redo();
  core.seek(core.nowUs + 1_000_000);
  core.seek(1_000_000);
  look(core, 0);
  core.free();
}

/** @param {Glue} glue */
export function standardRun(glue) {
  const standard = readFileSync('www/first.run', 'utf8');
  for (const acts of [ALL, FAILOVER]) for (const pace of PACES_MS) work(open(glue, standard), acts, pace);
}

/** All others that a page can begin with. @param {Glue} glue @param {string[]} presets */
export function otherRuns(glue, presets) {
  for (const text of presets) open(glue, text).free();
  for (const text of [...texts('www/lessons', /\.lesson$/), ...texts('www/runs', /\.run$/)]) {
    const core = open(glue, text);
    play(core);
    core.free();
  }
}
