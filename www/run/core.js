// The only file that touches the WebAssembly module.

import { compilePaste, compileWhole } from './beside.js';
import { PlaygroundCrash, PlaygroundError } from './errors.js';
import { forget, instantiate } from './module.js';
import { once } from './once.js';
import { glue } from '../pkg/glue.js';

export { PlaygroundCrash, PlaygroundError };

/** @typedef {import('../types').State} State */
/** @typedef {import('../types').Sentence} Sentence */
/** @typedef {import('../types').Packet} Packet */
/** @typedef {import('../types').Difference} Difference */
/** @typedef {ReturnType<typeof glue>} Glue */
/** With the checker. @typedef {ReturnType<typeof import('../pkg/check/glue.js').glue>} Whole */
/** Reads pastes, and has no run. @typedef {ReturnType<typeof import('../pkg/paste/glue.js').glue>} Reader */

/** @type {ReturnType<typeof instantiate> | undefined} */
let loaded;

/**
 * One instance for all elements of a page. After a breakdown, a `fresh` one takes its place, of a module that comes anew:
 * the old one may be what was broken.
 * @param {boolean} [fresh]
 */
function load(fresh = false) {
  if (fresh) start();
  loaded ??= instantiate(glue);
  // A failure (offline for a moment) is not kept: the next element tries again.
  const mine = loaded;
  mine.catch(() => loaded === mine && start());
  return mine;
}
/** From nothing. */
function start() {
  loaded = undefined;
  forget();
}

/** What breaks down in an instance of its own leaves all others alone. @returns {Promise<Glue>} */
export async function instance() {
  const { made, complete } = await instantiate(glue);
  await complete();
  return made;
}
/** Until the page's instance can do all that there is. */
export async function whole() {
  const { complete } = await load();
  await complete();
}

/** The one that has the checker, too. */
export const compiledWhole = once(compileWhole);
/** The one that reads pastes. */
export const compiledPaste = once(compilePaste);
/** An instance of it, of a module that another thread may have compiled. @param {WebAssembly.Module} [given] @returns {Promise<Whole>} */
export async function wholeInstance(given) {
  const made = (await import('../pkg/check/glue.js')).glue();
  await made({ module_or_path: given ?? (await compiledWhole()) });
  return made;
}

/** What reads pastes, likewise. @param {WebAssembly.Module} [given] @returns {Promise<Reader>} */
export async function readerInstance(given) {
  const made = (await import('../pkg/paste/glue.js')).glue();
  await made({ module_or_path: given ?? (await compiledPaste()) });
  return made;
}

/**
 * A call of the core that no run is needed for. What it refuses is a `PlaygroundError`.
 * @template T @param {(glue: Glue) => T} call @returns {Promise<T>}
 */
async function ask(call) {
  const { made, complete } = await load();
  await complete();
  try {
    return call(made);
  } catch (error) {
    const thrown = /** @type {any} */ (error);
    throw typeof thrown?.code === 'string' ? new PlaygroundError(thrown) : error;
  }
}
/** A run or lesson text with this seed, in place of its own. @param {string} text @param {number} seed */
export const withSeed = (text, seed) => ask((glue) => glue.Playground.withSeed(text, seed));
/** A lesson with one question. @param {string} preset @param {number} level @param {number} seed */
export const practice = (preset, level, seed) => ask((glue) => glue.Playground.practice(preset, level, seed));
/** The questions of a lesson, with their answers. @param {string} text @returns {Promise<import('../types').Question[]>} */
export const questions = (text) => ask((glue) => /** @type {any} */ (glue.Playground.questions(text)));
/** A span of the run text, or whole µs, in µs. @param {string} text */
export const parseTime = (text) => ask((glue) => glue.Playground.parseTime(text));
/** How many runs live in the page's module now: those that were freed do not count. */
export const alive = () => ask((glue) => glue.Playground.alive());

/** One run. */
export class Core {
  /** @type {InstanceType<Glue['Playground']>} */ #raw;
  /** @type {Glue} */ #glue;
  #text = '';
  /** Who shows it. @type {Set<object>} */ #holders = new Set();
  /** Which of them can be seen. @type {Set<object>} */ #seen = new Set();
  /** It would play, but nobody sees it. */ #dozes = false;
  /** The text as it was opened. */ first = '';
  /** Somebody has paused it: a command does not set it going again. */ held = false;
  /** It stands still because somebody went elsewhere in time: a request sets it going again. */ moved = false;
  #vocabulary = 'engine';

  /**
   * @param {string} text
   * @param {EventTarget} events gets `advanced` when the run moved without a frame of the page
   * @param {{ fresh?: boolean, standard?: boolean }} [how] in a new instance; that it is the standard run, which waits for less
   */
  static async open(text, events, { fresh, standard } = {}) {
    const { made, opens } = await load(fresh);
    if (!standard) await opens();
    return new Core(made, text, events);
  }

  /** @param {Glue} glue @param {string} text @param {EventTarget} events */
  constructor(glue, text, events) {
    this.#glue = glue;
    this.#text = text;
    this.events = events;
    this.#raw = this.#try(() => new glue.Playground(text, events));
    this.kinds = glue.Playground.packetKinds();
    this.stride = glue.Playground.packetStride();
    this.#keep();
  }

  /** @template T @param {() => T} call @returns {T} */
  #try(call) {
    try {
      return call();
    } catch (error) {
      const thrown = /** @type {any} */ (error);
      if (thrown && typeof thrown === 'object' && typeof thrown.code === 'string') throw new PlaygroundError(thrown);
      let words = String(thrown?.message ?? thrown);
      try {
        words = this.#glue.Playground.lastPanic() ?? words;
      } catch {
        // The copy is beyond answering.
      }
      throw new PlaygroundCrash(words, this.#text);
    }
  }
  /** @template T @param {() => T} act that may change the text */
  #kept(act) {
    const done = this.#try(act);
    this.#keep();
    return done;
  }
  #keep() {
    this.#text = this.#try(() => this.#raw.text());
  }

  /** The run text, kept on this side so that it outlives a crash. */
  get text() {
    return this.#text;
  }
  get nowUs() {
    return this.#try(() => this.#raw.nowUs());
  }
  get playing() {
    return this.#try(() => this.#raw.isPlaying());
  }
  get version() {
    return this.#try(() => this.#raw.version());
  }
  get speed() {
    return this.#try(() => this.#raw.speed());
  }
  set speed(permille) {
    this.#try(() => this.#raw.setSpeed(permille));
  }
  get vocabulary() {
    return this.#vocabulary;
  }
  /** `master`, `primary` or `engine`. */
  set vocabulary(name) {
    this.#try(() => this.#raw.setVocabulary(name));
    this.#vocabulary = name;
  }
  play() {
    this.#dozes = this.#holders.size > 0 && this.#seen.size === 0;
    if (!this.#dozes) this.#try(() => this.#raw.play());
  }
  pause() {
    this.#dozes = false;
    this.#try(() => this.#raw.pause());
  }
  /** Another one shows this run, too. @param {object} app */
  hold(app) {
    this.#holders.add(app);
  }
  /** What nobody shows any more gives its memory back. @param {object} app */
  release(app) {
    this.watch(app, false);
    this.#holders.delete(app);
    if (this.#holders.size === 0) this.free();
  }
  /** A run that nobody sees stands still. @param {object} app @param {boolean} seen */
  watch(app, seen) {
    if (seen) this.#seen.add(app);
    else this.#seen.delete(app);
    if (this.#seen.size > 0 && this.#dozes) this.play();
    else if (this.#seen.size === 0 && this.playing) {
      this.#try(() => this.#raw.pause());
      this.#dozes = true;
    }
  }
  /** Tells all who show it. @param {'advanced' | 'begun' | 'turned'} what */
  tell(what) {
    this.events.dispatchEvent(new Event(what));
  }
  advance() {
    this.#try(() => this.#raw.advance());
  }
  step() {
    return this.#try(() => this.#raw.step());
  }
  stepBack() {
    return this.#try(() => this.#raw.stepBack());
  }
  /** The furthest that was seen, µs. */
  get furthestUs() {
    return this.#try(() => this.#raw.furthestUs());
  }
  undo() {
    const undone = this.#try(() => this.#raw.undo());
    this.#keep();
    return undone;
  }
  redo() {
    const redone = this.#try(() => this.#raw.redo());
    this.#keep();
    return redone;
  }
  /** @param {number} number of a branch */
  switchTo(number) {
    this.#kept(() => this.#raw.switchTo(number));
  }
  /** Goes on with another text, as a branch of its own. @param {string} text @param {number} us from there on @param {string} name */
  branchOff(text, us, name) {
    this.#try(() => this.#raw.branchOff(text, us, name));
    this.#keep();
  }
  /** What the checker must tell before a lesson can go on. @returns {import('../types').CheckWanted | undefined} */
  checkWanted() {
    return /** @type {any} */ (this.#try(() => this.#raw.checkWanted()));
  }
  /** @param {import('../types').CheckWanted} wanted @param {boolean} holds */
  checkTold({ asked, cluster }, holds) {
    return this.#try(() => this.#raw.checkTold(asked, cluster, holds));
  }
  /** @param {number} number of a branch @returns {Difference[]} */
  compare(number) {
    return /** @type {Difference[]} */ (this.#try(() => this.#raw.compare(number)));
  }
  /** Of the state and all that happened, 16 hexadecimal digits. */
  get hash() {
    return this.#try(() => this.#raw.hash());
  }
  /**
   * Goes to a time, else to where the last line is done; as far as one call goes. The hash there.
   * @param {number | undefined} us @returns {{ hash: string, refused?: PlaygroundError }}
   */
  goAndHash(us) {
    let refused;
    try {
      this.seek(us ?? this.state().lastLineUs);
    } catch (error) {
      if (!(error instanceof PlaygroundError)) throw error;
      refused = error;
    }
    return { hash: this.hash, refused };
  }
  /** The same of a copy of the run, which itself stays where it is, or of another text. @param {number | undefined} us @param {string} [text] */
  hashAt(us, text = this.#text) {
    const copy = new Core(this.#glue, text, new EventTarget());
    try {
      return copy.goAndHash(us).hash;
    } finally {
      copy.free();
    }
  }
  restart() {
    this.#try(() => {
      this.#raw.pause();
      this.#raw.seek(0);
    });
  }
  /** @param {number} us */
  seek(us) {
    this.#try(() => this.#raw.seek(us));
  }
  /** @param {string} text */
  run(text) {
    this.#kept(() => this.#raw.setText(text));
  }
  /** @param {string} line */
  command(line) {
    this.#kept(() => this.#raw.command(line));
  }
  /** @param {string} word */
  quote(word) {
    return this.#try(() => this.#glue.Playground.quote(word));
  }
  /** What has changed since a version that it gave before; everything since 0. @param {number} since @returns {import('../types').Changes} */
  changes(since) {
    return /** @type {any} */ (this.#try(() => this.#raw.changes(since)));
  }
  /** @returns {State} */
  state() {
    return /** @type {State} */ (this.#try(() => this.#raw.state()));
  }
  get storyLength() {
    return this.#try(() => this.#raw.storyLength());
  }
  /** @param {number} since @returns {Sentence[]} */
  story(since) {
    return /** @type {Sentence[]} */ (this.#try(() => this.#raw.story(since)));
  }
  /** @returns {import('../types').Lesson | undefined} */
  lesson() {
    return /** @type {any} */ (this.#try(() => this.#raw.lesson()));
  }
  /** @param {number} answer */
  answer(answer) {
    this.#kept(() => this.#raw.answer(answer));
  }
  showMe() {
    this.#kept(() => this.#raw.showMe());
  }
  /** The run stays, and is no lesson any more; `first` is the run that the lesson began with. */
  leaveLesson() {
    this.first = this.#try(() => this.#raw.leaveLesson()) ?? this.first;
  }
  /** @param {number} step from 1 on @returns {boolean} whether it came there */
  goToStep(step) {
    return this.#kept(() => this.#raw.goToStep(step));
  }
  /** What was done so far. @returns {{ place: number, atUs: number, line: string }[]} */
  acts() {
    return /** @type {any} */ (this.#try(() => this.#raw.acts()));
  }
  /** The text of a lesson from what was done so far. @param {string} title @param {Iterable<number>} goals places of what the reader is to do */
  record(title, goals) {
    return this.#try(() => this.#raw.record(title, Uint32Array.from(goals)));
  }
  /** @param {number} operation @returns {import('../types').Why | undefined} */
  why(operation) {
    return /** @type {any} */ (this.#try(() => this.#raw.why(operation)));
  }
  /** @param {number} fromUs @param {number} toUs @returns {import('../types').SpaceTime} */
  spacetime(fromUs, toUs) {
    return /** @type {any} */ (this.#try(() => this.#raw.spacetime(fromUs, toUs)));
  }
  /** @returns {import('../types').Report} */
  report() {
    return /** @type {any} */ (this.#try(() => this.#raw.report()));
  }
  /** @param {string} what */
  pauseOn(what) {
    this.#try(() => this.#raw.setPauseOn(what));
  }
  /** Whether the run has paused by itself since this was asked last. */
  tookPause() {
    return this.#try(() => this.#raw.tookPause());
  }
  /** @param {number} fromUs @param {number} toUs @param {number} points @returns {import('../types').Charts} */
  charts(fromUs, toUs, points) {
    return /** @type {any} */ (this.#try(() => this.#raw.charts(fromUs, toUs, points)));
  }
  /** @param {number} write */
  hue(write) {
    return this.#glue.Playground.hue(write);
  }
  packets() {
    return this.#try(() => this.#raw.packets());
  }
  /** @param {number} id @returns {Packet | undefined} */
  packet(id) {
    return /** @type {Packet | undefined} */ (this.#try(() => this.#raw.packet(id)));
  }
  free() {
    try {
      this.#raw.free();
    } catch {
      // Nothing to give back after a crash.
    }
  }
}
