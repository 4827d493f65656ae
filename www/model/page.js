// What the parts of the page are drawn from: the run as it is known now, what the page knows beside it, and what can be
// looked up. A part gets this and the verbs; it changes nothing here.

import { Picture, signature } from './picture.js';
import { scaleFor } from './timeline.js';
import { waitAt } from './waits.js';

/** @typedef {import('../run/run.js').Run} Run */
/** @typedef {import('./ui.js').Ui} Ui */
/** @typedef {import('../words/words.js').Words} Words */
/** @typedef {import('./paths.js').Mode} Mode */
/** @typedef {import('./paths.js').Box} Box */
/** @typedef {'wide' | 'medium' | 'small' | 'narrow'} SizeName */
/** @typedef {import('../element/surface.js').Surface} Surface */
/** @typedef {import('../element/surface.js').Group} Group */

/** More messages than that in a second of the wall clock are drawn as a flow. */
const FLOW_RATE = 25;
/** A text that says where it ends; any other goes on for so long behind its last line, µs. */
const ENDS = /^\s*(?:at|\+)\s*\S+\s+end\b/m;
const AFTER_US = 3_000_000;
/** Beside the stage, px. */
const BESIDE = { console: 236, side: 320 };
/** The frame around it, px. */
const EDGES = 2;

export class Page {
  /** Of the element, px. */ width = 0;
  /** How high the screen is. @type {import('./places.js').Height} */ tall = 'high';
  /** Of the stage, px: as it was measured. */ stageWidth = 0;
  /** What each of the watchers takes of the stage. @type {Map<number, Box>} */ observers = new Map();
  /** Grows when anything but the run may have changed: then all is drawn. */ redraws = 0;
  /** What is not seen first is for the next frame. */ begins = false;
  /** Grows while messages are listed, as often as one can read. */ readings = 0;
  /** Whether a link to this page can hold the run. */ linked = false;
  /** What there is to choose from, as the core told it when the page was built. @type {import('../types').Preset[]} */ presets =
    [];
  /** What somebody has met so far in this run. @type {import('./hints.js').Met | undefined} */ met;
  /** @type {Picture | undefined} */ #picture;
  #signature = '';
  /** What it was asked for last. @type {unknown[]} */ #of = [];

  /** @param {Run} run @param {Ui} ui @param {Surface} surface @param {Words} words @param {number} number of the playground on its page */
  constructor(run, ui, surface, words, number) {
    this.run = run;
    this.ui = ui;
    this.surface = surface;
    this.words = words;
    this.number = number;
  }

  get state() {
    return this.run.state;
  }
  get time() {
    return this.run.time;
  }
  get text() {
    return this.run.text;
  }
  get marks() {
    return this.run.marks;
  }
  get past() {
    return this.run.past;
  }
  get lesson() {
    return this.run.lesson;
  }
  get story() {
    return this.run.story;
  }
  get links() {
    return this.run.links;
  }
  get version() {
    return this.run.version;
  }
  /** µs. */
  get nowUs() {
    return this.run.nowUs;
  }
  /** The end of what was seen or is written down, µs. */
  get furthest() {
    return this.run.furthest;
  }
  /** Somebody has stopped it: a command does not set it going again. */
  get held() {
    return this.run.core?.held ?? false;
  }
  /** Somebody went elsewhere in time: a request sets it going again. */
  get moved() {
    return this.run.core?.moved ?? false;
  }
  /** What the time line shows, µs. */
  get scale() {
    return scaleFor(this.furthest);
  }
  /** What will happen by itself, and is waited for. */
  get wait() {
    return waitAt(this.state?.waits ?? [], this.nowUs);
  }
  /** Where the run stands, or is about to, µs. */
  get moment() {
    return this.ui.scrubTo ?? this.nowUs;
  }

  /** @param {string} word as a word of the run text */
  quote(word) {
    return this.run.core?.quote(word) ?? word;
  }
  /** @param {number} write */
  hueOf(write) {
    return this.run.hueOf(write);
  }
  /** @param {number} id */
  nameOf(id) {
    return this.run.nameOf(id);
  }
  /** The names of all slaves. */
  slaves() {
    return this.run.slaves();
  }
  /** @param {number} a @param {number} b */
  linkBetween(a, b) {
    return this.run.linkBetween(a, b);
  }
  messages() {
    return this.run.messages();
  }
  /** The clients to draw: those of the run, and the one that is about to ask. */
  clients() {
    const known = this.state?.clients ?? [];
    if (known.some((c) => c.name === this.ui.session)) return known;
    return [...known, { id: -1, name: this.ui.session, pending: 0, operations: [] }];
  }
  /** Names to choose a session from: those in use and the next free letter. */
  sessions() {
    const names = this.clients().map((c) => c.name);
    const next = [...'ABCDEFGHIJKLMNOPQRSTUVWXYZ'].find((letter) => !names.includes(letter));
    return next && names.length < 6 ? [...names, next] : names;
  }
  /** Whether so many messages a second cannot be told apart at the speed of now. @param {number} rate */
  flows(rate) {
    return (rate * this.time.speed) / 1000 > FLOW_RATE;
  }

  /** How much is known of it while the core is on its way. @returns {'whole' | 'rough' | undefined} */
  get still() {
    return this.run.still && (this.run.still.rough ? 'rough' : 'whole');
  }
  /** Whether the run was played before, or some of it. */
  get seen() {
    return (this.run.core?.furthestUs ?? 0) > 0;
  }
  /** Whether a run that a host page gave has come to its end, and nobody has done anything in it. */
  get over() {
    const { run, state, surface } = this;
    if (surface.layout === 'full' || run.lesson || !state?.lastLineUs || run.text !== run.core?.first) return false;
    return this.nowUs >= state.lastLineUs + (ENDS.test(run.text) ? 0 : AFTER_US);
  }
  /** Whether the same run is shown three ways, side by side. */
  get compares() {
    return this.surface.layout === 'compare' || (this.ui.beside && this.surface.layout === 'full');
  }
  /** What a part of the page is called, unlike those of the other playgrounds on it. @param {string} name */
  titled(name) {
    return this.number === 1 ? name : `${name} (${this.number})`;
  }
  /** @param {Group} group */
  shows(group) {
    return this.surface.groups.has(group);
  }
  /** Shown, but not to be used. @param {Group} group */
  locked(group) {
    return this.surface.groups.get(group) === 'locked';
  }
  /** @param {Group} group */
  can(group) {
    return this.surface.groups.get(group) === 'shown';
  }

  // --- its size, and the picture in it ---

  /** @returns {SizeName} */
  get size() {
    if (this.width < 620) return 'narrow';
    if (this.width < 860 || this.surface.layout !== 'full') return 'small';
    return this.width < 1120 ? 'medium' : 'wide';
  }
  /** What stands beside the stage, px. */
  get #taken() {
    const { size } = this;
    if (size === 'small' || size === 'narrow') return 0;
    const console = this.shows('requests') || this.shows('settings') ? BESIDE.console : 0;
    return console + (size === 'wide' && this.shows('details') ? BESIDE.side : 0);
  }
  /** How wide the stage will be, before it is laid out, px. */
  get stageAhead() {
    return this.width - this.#taken - EDGES;
  }
  /** How much room one card has in a row, px. */
  #each() {
    return (this.width - this.#taken - 104) / this.#slaves;
  }
  /** As many as there are with one master. */
  get #slaves() {
    return Math.max(1, (this.state?.nodes.length ?? 1) - 1);
  }
  /** Whether slaves stand beside each other on a small screen: as many as it has room for. */
  get phone() {
    return this.size === 'narrow' && this.#slaves <= 3 && this.width >= 320;
  }
  /** How high the picture may be. */
  get height() {
    return this.phone || this.surface.layout !== 'full' ? 'low' : this.size === 'narrow' ? 'high' : this.tall;
  }
  /** @returns {Mode} */
  get mode() {
    if (this.phone) return 'row';
    if (this.size === 'narrow') return 'tree';
    return this.#slaves > 5 || this.#each() < 114 ? 'grid' : 'row';
  }
  /** How little room the cards have, as classes. */
  get crowding() {
    if (this.mode !== 'row') return '';
    if (this.phone) return 'low phone';
    const each = this.#each();
    return `${this.height} ${each < 190 ? 'tight' : ''} ${each < 145 ? 'tighter' : ''} ${this.#slaves > 4 ? 'dense' : ''}`;
  }
  /** Whether slaves are drawn small. */
  get compact() {
    return this.mode === 'grid' || this.phone || (this.state?.nodes.length ?? 0) > 9;
  }
  /** Whether sliders are on the slaves, or in their menus. */
  get sliders() {
    return !this.compact && (this.surface.layout === 'full' || this.mode === 'row') && this.shows('faults');
  }
  /** The same one until something in it stands elsewhere. */
  get picture() {
    const { state } = this;
    if (!state) return undefined;
    const { nodes, clients: known, load, observers: watchers } = state;
    /** @type {unknown[]} */
    const of = [nodes, known, load?.client, watchers.length, this.ui.session, this.observers];
    of.push(this.width, this.stageWidth, this.surface, this.height);
    if (this.#picture && of.every((one, i) => one === this.#of[i])) return this.#picture;
    this.#of = of;
    const { mode, compact, sliders, height, phone } = this;
    const clients = this.clients().map(({ id }) => ({ id, load: id === state.load?.client }));
    const work = state.nodes.some((node) => node.capacity);
    const room = {
      mode,
      compact,
      sliders,
      work,
      height,
      phone,
      tight: this.crowding.includes('tight'),
      width: this.stageWidth,
    };
    const seen = { ...room, observers: state.observers.length };
    const here = signature(state, clients, this.observers, seen);
    if (here !== this.#signature || !this.#picture) {
      this.#signature = here;
      this.#picture = new Picture(state, clients, this.observers, seen);
    }
    return this.#picture;
  }
}
