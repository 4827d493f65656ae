// One run as one page knows it. It is brought up to date once in a frame, all of it, so that everything that is drawn of
// it shows the same instant.

import { seenWith } from './sections.js';
import { Story } from './story.js';

/** @typedef {import('./core.js').Core} Core */
/** @typedef {import('../types').State} State */
/** @typedef {import('../types').Link} Link */
/** @typedef {import('../types').Sentence} Sentence */
/** @typedef {import('../types').Mark} Mark */
/**
 * @typedef {object} News what a look at the core has brought
 * @property {State} state
 * @property {State} [before]
 * @property {Sentence[]} fresh what has happened since
 * @property {boolean} quiet time was moved by hand: what is new then was not just now
 * @property {boolean} text the text is another one
 * @property {number} [forked] the branch that another one was just forked from
 */
/** @typedef {{ id: number, from: number, to: number, progress: number, kind: string, write: number, entries: number, state: number }} Message */

const HUES_MAX = 5000;

export class Run {
  /** @type {Core | undefined} */ core;
  /** The text, also after a breakdown. */ text = '';
  /** What is known of it. @type {import('./sections.js').Seen | undefined} */ known;
  story = new Story();
  time = { playing: false, speed: 1000 };
  /** The end of what was seen or is written down, µs. */ furthest = 0;
  /** Of the core, when it was looked at last. */ version = -1;
  /** Between whom, by `a-b`. @type {Map<string, Link>} */ links = new Map();
  /** Time was moved by hand. */ quiet = false;
  /** How often a run has begun. */ begun = 0;
  /** What is known was not told by the core: it is on its way. @type {import('./still.js').Still | undefined} */ still;
  /** @type {Map<number, number>} */ #hues = new Map();
  /** @type {Map<number, string>} */ #names = new Map();

  get state() {
    return this.known?.state;
  }
  /** The lesson that is being taken. */
  get lesson() {
    return this.known?.lesson;
  }
  /** What the time line is marked with, also later than now. @returns {Mark[]} */
  get marks() {
    return this.known?.marks ?? [];
  }
  get past() {
    return this.known?.past;
  }
  get nowUs() {
    return this.core?.nowUs ?? 0;
  }

  /** From its beginning: nothing that was seen counts. */
  begin() {
    this.begun += 1;
    this.known = this.still = undefined;
    this.furthest = 0;
    this.story.reset();
    this.version = -1;
  }

  /** What it will look like, before the core is there. @param {import('./still.js').Still | undefined} still */
  foresee(still) {
    if (!still || this.core || this.known) return;
    this.still = still;
    this.known = seenWith(undefined, still.changes);
    this.furthest = this.known.state.lastLineUs;
    this.#lookUp(this.known.state);
  }

  /** Whether it plays, and how fast; whether that has changed. */
  keepTime() {
    const { core, time } = this;
    if (!core) return false;
    time.speed = core.speed;
    this.furthest = Math.max(core.furthestUs, this.state?.lastLineUs ?? 0);
    const changed = time.playing !== core.playing;
    time.playing = core.playing;
    return changed;
  }

  /** Takes what is new from the core, if there is anything. @returns {News | undefined} */
  pull() {
    const { core, known } = this;
    if (!core || core.version === this.version) return undefined;
    this.version = core.version;
    const now = (this.known = seenWith(known, core.changes(known?.version ?? 0)));
    this.furthest = Math.max(core.furthestUs, now.state.lastLineUs);
    const text = this.text !== core.text;
    this.text = core.text;
    this.#lookUp(now.state, known?.state);
    // What was told is told in the words of now, once more.
    const otherWords = known !== undefined && now.state.roles !== known.state.roles;
    if (otherWords) this.story.reset();
    const fresh = this.story.pull(core);
    for (const { parts } of fresh)
      for (const { write, hue } of parts) if (write && hue !== undefined) this.#hues.set(write, hue);
    const quiet = this.quiet || otherWords;
    this.quiet = false;
    const { here } = now.past;
    // A branch that has a number greater than all before it was made just now.
    const forked = known && now.past !== known.past && known.past.branches.every((b) => b.number < here);
    return { state: now.state, before: known?.state, fresh, quiet, text, forked: forked ? known.past.here : undefined };
  }
  /** @param {State} state @param {State} [before] */
  #lookUp(state, before) {
    if (state.nodes !== before?.nodes || state.clients !== before.clients || state.observers !== before.observers)
      this.#names = new Map([...state.nodes, ...state.clients, ...state.observers].map((e) => [e.id, e.name]));
    if (state.links !== before?.links) this.links = new Map(state.links.map((l) => [`${l.a}-${l.b}`, l]));
    if (state.writes === before?.writes) return;
    if (this.#hues.size > HUES_MAX) this.#hues.clear();
    for (const write of state.writes) this.#hues.set(write.id, write.hue);
  }

  /** @param {number} write */
  hueOf(write) {
    return this.#hues.get(write) ?? this.core?.hue(write) ?? 250;
  }
  /** @param {number} id */
  nameOf(id) {
    return this.#names.get(id) ?? '';
  }
  /** @param {number} id */
  isNode(id) {
    return this.state?.nodes.some((n) => n.id === id) ?? false;
  }
  /** Their names. */
  slaves() {
    return (this.state?.nodes ?? []).filter((n) => n.role === 'slave').map((n) => n.name);
  }
  /** @param {number} a @param {number} b */
  linkBetween(a, b) {
    return this.links.get(`${a}-${b}`) ?? this.links.get(`${b}-${a}`);
  }

  /** On their way now. @returns {Message[]} */
  messages() {
    const { core } = this;
    if (!core) return [];
    const p = core.packets();
    /** @type {Message[]} */
    const list = [];
    for (let i = 0; i + core.stride <= p.length; i += core.stride) {
      const [id, from, to, progress, kind, write, entries, state] = p.subarray(i, i + core.stride);
      list.push({ id, from, to, progress, kind: core.kinds[kind], write, entries, state });
    }
    return list;
  }
}
