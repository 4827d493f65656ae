// One playground on the page: what is known, what is shown, and the beat that keeps both together.

import { html, render, nothing } from 'lit-html';
import { guard } from 'lit-html/directives/guard.js';
import { Beads } from './frame/beads.js';
import { clientConsole } from './parts/console.js';
import { Core, parseTime, withSeed } from './run/core.js';
import { header } from './parts/header.js';
import { freshSeen, hint, look } from './model/hints.js';
import { aside, layout, straight } from './model/layout.js';
import { fetchText, TEXT_MAX } from './run/fetch-text.js';
import { parts } from './later/later.js';
import { fetchLesson, lesson, toNews } from './parts/lesson.js';
import { logs } from './parts/logs.js';
import { icons, plain } from './parts/marks.js';
import { nextValue } from './run/run-text.js';
import { seenWith } from './run/sections.js';
import { labels, lines, stage } from './parts/stage.js';
import { Story, story } from './parts/story.js';
import { textPanel } from './parts/text-panel.js';
import { momentText, scaleFor, timeline } from './parts/timeline.js';
import { verdicts } from './parts/verdicts.js';
import { clock, makeWords } from './words/words.js';
import { smallPage } from './parts/small.js';
import { surfaceOf } from './element/surface.js';
import sheets from './parts/styles.js';

/** @typedef {import('./run/core.js').PlaygroundCrash} PlaygroundCrash */
/** @typedef {import('./run/core.js').PlaygroundError} PlaygroundError */
/** @typedef {import('./types').State} State */
/** @typedef {import('./types').Link} Link */
/** @typedef {import('./types').Operation} Operation */
/** @typedef {import('./types').Sentence} Sentence */
/** @typedef {import('./types').Packet} Packet */
/** @typedef {import('./types').Mark} Mark */
/** @typedef {import('./types').Past} Past */
/** @typedef {import('./model/layout.js').Path} Path */
/** @typedef {import('./model/layout.js').Mode} Mode */
/** @typedef {import('./model/layout.js').Place} Place */
/** @typedef {import('./later/menus.js').Menu} Menu */
/** @typedef {'story' | 'verdict' | 'spacetime' | 'charts' | 'report' | 'studies' | 'table' | 'text'} Tab */
/** @typedef {{ path: Path, forth: boolean }} Way */
/** @typedef {{ at?: number, hash: string, unknown: string[] }} Arrival */
/** @typedef {{ draft?: string, error?: PlaygroundError, note?: string }} TextUi */
/** @typedef {{ id: number, from: number, to: number, progress: number, kind: string, write: number, entries: number, state: number }} Message */

const CALM_MS = 500; // with reduced motion, the picture changes at most this often
const CLOCK_MS = 45; // the clock's figures change at most this often
const ROOM = 340; // a menu has at least so much room, for what unfolds in it
const SAY_MS = 1200; // announcements are at least this far apart
const FLOW_RATE = 25; // more messages than that in a second of the wall clock are drawn as a flow
const OWN_KEYS = /^(Arrow.*|Enter| |Home|End|Page.*)$/; // what buttons, sliders and lists answer to

/** Numbers of the playgrounds on this page. @type {Set<number>} */
const numbers = new Set();

export class App {
  /** @type {Core | undefined} */ core;
  /** @type {State | undefined} */ state;
  /** The run text, also after a crash. */ text = '';
  story = new Story();
  // What these parts of the page know; they make it when they are first shown.
  /** @type {import('./later/spacetime.js').Diagram | undefined} */ diagram;
  /** @type {import('./later/report.js').Report | undefined} */ report;
  /** @type {import('./later/studies.js').Studies | undefined} */ studies;
  /** @type {import('./later/charts.js').Charts | undefined} */ charts;
  /** The lesson that is being taken. @type {import('./types').Lesson | undefined} */ lesson;
  words = makeWords();
  time = { playing: false, speed: 1000 };
  /** What the time line is marked with, also later than now. @type {Mark[]} */ marks = [];
  /** @type {Past | undefined} */ past;
  /** The end of what was seen or is written down, µs. */ furthest = 0;
  /** What the time line shows, µs. */ scale = scaleFor(0);
  /** Whether a link to this page can hold the run. */ linked = false;
  /** Between whom, by `a-b`. @type {Map<string, Link>} */ links = new Map();
  /** @type {Map<string, Path>} */ paths = new Map();
  /** @type {Mode} */ mode = 'row';
  /** How little room the cards have, as classes. */ crowding = '';
  /** Whether slaves are drawn small. */ compact = false;
  /** Whether their sliders are on them, or in their menus. */ sliders = true;
  ui = {
    key: 'cart',
    value: '1',
    session: 'A',
    writeTo: '',
    /** When a playing run pauses by itself: `nothing`, `broken` or `stale`. */ pauseOn: 'nothing',
    /** Whether the next write does not wait for slaves. */ local: false,
    /** What is unfolded. @type {Set<string>} */ open: new Set(),
    everyStep: false,
    hints: true,
    /** @type {Tab} */ tab: 'story',
    /** Sliders that are being dragged. @type {Map<string, number>} */ drag: new Map(),
    /** @type {number | undefined} */ lit: undefined,
    /** @type {Menu | undefined} */ menu: undefined,
    /** @type {Packet | undefined} */ packet: undefined,
    /** @type {import('./types').Why | undefined} */ why: undefined,
    /** @type {string | undefined} */ notice: undefined,
    /** @type {TextUi} */ text: {},
    /** Pointed at on the time line. @type {Mark | undefined} */ mark: undefined,
    /** @type {{ number: number, list: import('./types').Difference[] } | undefined} */ compared: undefined,
    /** @type {{ links?: import('./later/share.js').Links, note?: string, stuck?: string }} */ share: {},
    /** @type {{ words: string, text: string } | undefined} */ crash: undefined,
    /** @type {string | undefined} */ failed: undefined,
  };

  /** What of all this the host page wants to have. @type {import('./element/surface.js').Surface} */ surface;
  /** Others that show the run of this one. @type {Set<App>} */ followers = new Set();
  /** Whose run this one shows. @type {App | undefined} */ #leader;
  #listening = new AbortController();
  #ready = false;
  /** Tasks of the lesson that are done. */ #tasks = 0;
  #finished = false;
  #seen = freshSeen();
  /** Whether the run has been looked at once. */ #begun = false;
  /** Parts of the lesson that were shown before. */ #told = 0;
  #version = -1;
  #dirty = true;
  #beat = 0;
  #drawnAt = 0;
  /** Colours may be others than they were. */ #stained = true;
  #placed = '';
  #measured = 0;
  #shown = '';
  /** What the page has seen of the run. @type {import('./run/sections.js').Seen | undefined} */ #known;
  /** Grows when anything but the run may have changed: then all is drawn. */ #redraw = 0;
  /** Grows while messages are listed, as often as one can read. */ #reading = 0;
  #readAt = 0;
  /** Where the slider was moved to. @type {number | undefined} */ #scrubTo;
  /** Time was moved by hand: what is new then was not just now. */ #hush = false;
  #links = 0;
  /** @type {HTMLInputElement | null} */ #needle = null;
  /** @type {Element | null} */ #seenLine = null;
  #lighting = false;
  /** @type {Element | null} */ #clock = null;
  #clockSays = '';
  #clockAt = 0;
  #hadBeads = true;
  /** How long flows have flowed, and until when that was counted, ms. */ #flowMs = 0;
  #flowAt = 0;
  #awake = true;
  #size = { width: 0, name: 'wide' };
  /** @type {Map<number, number>} */ #hues = new Map();
  /** @type {Map<number, string>} */ #names = new Map();
  /** @type {Map<number, Way>} */ #ways = new Map();
  /** @type {Beads | undefined} */ #beads;
  /** @type {ResizeObserver} */ #sizes;
  /** @type {WeakSet<Element>} */ #observed = new WeakSet();
  /** @type {{ ink: string, paper: string, fill: (hue: number) => string, on: string } | undefined} */ #paint;
  #scheme = '';
  /** @type {string[]} */ #toSay = [];
  /** @type {ReturnType<typeof setTimeout> | undefined} */ #saying;
  /** @type {Map<string, boolean>} */ #answered = new Map();
  /** @type {HTMLElement | undefined} */ #opener;
  #calm;
  #closing = new AbortController();
  #number = 1;

  /**
   * @param {HTMLElement} host @param {ShadowRoot} root
   * @param {(type: string, detail?: unknown) => void} tell what the host page may hear
   */
  constructor(host, root, tell) {
    this.host = host;
    this.root = root;
    this.tell = tell;
    this.surface = surfaceOf(host);
    while (numbers.has(this.#number)) this.#number++;
    numbers.add(this.#number);
    const [room] = root.adoptedStyleSheets;
    root.adoptedStyleSheets = [room, ...sheets()];
    this.place = /** @type {HTMLElement} */ (root.querySelector('.frame > div'));
    this.place.querySelector(':scope > slot')?.remove();
    this.#calm = matchMedia('(prefers-reduced-motion: reduce)');
    this.#sizes = new ResizeObserver((entries) => this.#resized(entries));
    this.#sizes.observe(host);
    const on = (/** @type {EventTarget} */ target, /** @type {string} */ type, /** @type {(e: any) => void} */ act) =>
      target.addEventListener(type, act, { signal: this.#closing.signal });
    for (const type of ['pointerover', 'focusin']) on(root, type, (e) => this.#hover(e));
    for (const place of [root, host]) on(place, 'pointerleave', () => this.#unhover());
    on(root, 'keydown', (e) => this.#key(e));
    on(matchMedia('(prefers-color-scheme: dark)'), 'change', () => this.themeChanged());
  }

  // --- the run ---

  /** @param {string} text @param {{ fallback?: string, fresh?: boolean, arrival?: Arrival }} [how] @returns {Promise<void>} */
  async open(text, how = {}) {
    if (this.#leader) return this.#leader.open(text, how);
    this.ui.crash = this.ui.failed = undefined;
    this.text = text;
    this.#dirty = true;
    this.#wake();
    const events = new EventTarget();
    try {
      let core;
      try {
        core = await Core.open(text, events, how.fresh);
      } catch (error) {
        if (!(how.fallback && isRefusal(error))) throw error;
        // A bad text is shown with its error, and the standard run with it.
        core = await Core.open(how.fallback, events, how.fresh);
        this.ui.text = { draft: text, error };
        this.ui.tab = 'text';
        this.ui.notice = how.arrival ? this.words.badLink : this.words.badText;
        how.arrival = undefined;
        this.tell('error', error);
      }
      core.first = core.lesson() ? text : core.text;
      core.pauseOn(this.ui.pauseOn);
      for (const app of [this, ...this.followers]) app.#take(core);
      if (how.arrival) this.#arrive(core, how.arrival);
    } catch (error) {
      if (isRefusal(error) || isCrash(error)) this.#broke(error);
      else {
        this.ui.failed = String(/** @type {Error} */ (error).message ?? error);
        this.tell('error', error);
      }
      this.changed();
    }
  }

  /** Shows this run from now on. @param {Core} core */
  #take(core) {
    this.#letGo();
    this.core = core;
    core.hold(this);
    core.watch(this, this.#awake);
    this.#speak();
    this.#listening = new AbortController();
    const { signal } = this.#listening;
    core.events.addEventListener('advanced', () => this.changed(), { signal });
    core.events.addEventListener('begun', () => this.#begin(), { signal });
    core.events.addEventListener('turned', () => this.#turned(), { signal });
    this.ui.crash = this.ui.failed = undefined;
    this.#begin();
    if (this.#ready) return;
    this.#ready = true;
    this.tell('ready');
  }
  #letGo() {
    this.#listening.abort();
    this.core?.release(this);
    this.core = undefined;
  }
  /** Shows the run of another one. @param {App} leader */
  join(leader) {
    if (leader === this.#leader) return;
    this.#part();
    this.#links += 1;
    this.#leader = leader;
    leader.followers.add(this);
    if (leader.core) this.#take(leader.core);
    this.#complain();
  }
  #part() {
    this.#leader?.followers.delete(this);
    this.#leader = undefined;
  }

  /**
   * Shows what the element was given.
   * @param {string} text @param {{ src?: string, lesson?: string, seed?: string, time?: string }} how where else it comes from,
   *   the seed in place of its own, and the time at which it is opened
   * @param {string} fallback the run that is shown if it does not arrive or cannot be read
   */
  async fill(text, { src, lesson, seed, time }, fallback) {
    const turn = ++this.#links;
    this.#part();
    /** @type {string[]} */
    const notes = [];
    const refused = (/** @type {unknown} */ error, /** @type {string} */ words) => {
      notes.push(`${words} (${/** @type {Error} */ (error).message})`);
      this.tell('error', error);
    };
    try {
      if (src) text = await fetchText(new URL(src, this.host.ownerDocument.baseURI));
      else if (lesson) text = await fetchLesson(lesson);
    } catch (error) {
      refused(error, src ? this.words.sourceFailed : this.words.lessonFailed);
      text = fallback;
    }
    try {
      if (seed) text = await withSeed(text, Number(seed));
    } catch (error) {
      // A text that cannot be read says so by itself.
      if (isRefusal(error) && error.line === undefined) refused(error, this.words.wrongSeed);
    }
    if (turn !== this.#links) return;
    await this.open(text, { fallback });
    if (notes.length > 0) this.set({ notice: notes.join(' ') });
    else this.#complain();
    if (time) await this.seekTo(time);
    else if (this.core?.lesson()) this.play();
  }
  /** A time as an attribute gives it. @param {string} word */
  async seekTo(word) {
    try {
      this.seek(await parseTime(word));
    } catch (error) {
      this.#broke(error);
      if (this.ui.notice) this.set({ notice: `${this.words.wrongTime(word)} ${this.ui.notice}` });
    }
  }

  /** Attributes say otherwise now. */
  surfaceChanged() {
    this.surface = surfaceOf(this.host);
    this.#complain();
    this.#speak();
    this.themeChanged();
  }
  /** In the words that the page wants. Where two show one run, the first one has the say. */
  #speak() {
    if (this.core && !this.#leader) this.core.vocabulary = this.surface.vocabulary;
  }
  /** Says what of the attributes was not understood, and why another run cannot be shown. */
  #complain() {
    const t = this.words;
    const notes = this.surface.wrong.map(({ attribute, word, known }) => t.wrongAttribute(attribute, word, known));
    const other = this.host.getAttribute('for');
    if (other && !this.#leader) notes.push(t.wrongFor(other));
    if (notes.length === 0) return;
    for (const note of notes) this.tell('error', new Error(note));
    this.set({ notice: notes.join(' ') });
  }
  /** What a part of the page is called, unlike those of the other playgrounds on it. @param {string} name */
  titled(name) {
    return this.#number === 1 ? name : `${name} (${this.#number})`;
  }
  /** @param {import('./element/surface.js').Group} group */
  shows(group) {
    return this.surface.groups.has(group);
  }
  /** Shown, but not to be used. @param {import('./element/surface.js').Group} group */
  locked(group) {
    return this.surface.groups.get(group) === 'locked';
  }
  /** @param {import('./element/surface.js').Group} group */
  can(group) {
    return this.surface.groups.get(group) === 'shown';
  }

  /** Where a link leads to. What it says of the run is checked. @param {Core} core @param {Arrival} to */
  #arrive(core, { at, hash, unknown }) {
    const there = core.goAndHash(at);
    const notes = [];
    if (there.hash !== hash) notes.push(this.words.otherVersion);
    if (unknown.length > 0) notes.push(this.words.linkUnknown(unknown.join(', ').slice(0, 60)));
    if (at === undefined) core.restart();
    else if (there.refused) notes.push(there.refused.message);
    core.held = at !== undefined;
    this.#hush = true;
    this.ui.text = {};
    this.ui.notice = notes.join(' ') || undefined;
  }

  /**
   * Opens the run in the page's address, if there is one; else what is given, at first.
   * @param {string} fragment @param {() => Promise<void>} [given] @param {string} [fallback]
   */
  async openLink(fragment, given, fallback) {
    const turn = ++this.#links;
    // Most pages are opened without one.
    const link = fragment.length > 1 ? await (await import('./run/link.js')).fromFragment(fragment) : undefined;
    if (turn !== this.#links) return;
    if (link && 'text' in link) {
      await this.open(link.text, { fallback: fallback ?? (this.text || this.core?.first), arrival: link });
      return;
    }
    await given?.();
    if (!link) return;
    const t = this.words;
    this.set({ notice: `${t.wrongLink[link.wrong]} ${given === undefined ? t.linkStays : t.linkStandard}` });
  }

  /** A run from its beginning: nothing that was seen counts. */
  #begin() {
    this.past = undefined;
    this.marks = [];
    this.#known = undefined;
    this.#scrubTo = undefined;
    this.furthest = 0;
    this.ui.compared = this.ui.mark = undefined;
    this.story.reset();
    this.#begun = false;
    this.#seen = freshSeen();
    this.#answered.clear();
    this.#version = -1;
    this.#tasks = 0;
    this.#finished = false;
    this.ui.menu = this.ui.lit = undefined;
    this.changed();
  }

  /** Does something with the core; a refusal becomes a notice, a breakdown a panel. @param {(core: Core) => void} act @returns {boolean} */
  #do(act) {
    if (!this.core) return false;
    try {
      act(this.core);
      this.ui.notice = undefined;
      this.changed();
      this.core.tell('advanced');
      return true;
    } catch (error) {
      this.#broke(error);
      return false;
    }
  }

  /** @param {unknown} error */
  #broke(error) {
    if (isRefusal(error))
      this.ui.notice = `${error.message}${error.expected ? ` ${this.words.expected}: ${error.expected}.` : ''}`;
    else {
      // Not ours to hide: anything that is not a refusal ends this run, and only this.
      this.ui.crash = {
        words: String(/** @type {Error} */ (error)?.message ?? error),
        text: isCrash(error) ? error.text : this.text,
      };
      this.#letGo();
    }
    this.tell('error', error);
    this.changed();
  }

  /** A line of the run text, now. @param {string} line */
  command(line) {
    return this.#do((core) => {
      core.command(line);
      if (!core.playing && !core.held) core.play();
    });
  }
  /** Like `command`, but what goes wrong is thrown to a caller from outside. @param {string} line */
  commandOrThrow(line) {
    if (!this.core) throw new Error('not ready');
    this.core.command(line);
    if (!this.core.playing && !this.core.held) this.core.play();
    this.core.tell('advanced');
  }
  /** @param {string} text */
  runOrThrow(text) {
    if (!this.core) throw new Error('not ready');
    this.core.run(text);
    this.core.first = text;
    this.core.held = false;
    this.ui.text = {};
    this.core.tell('begun');
  }

  play() {
    this.#do((core) => {
      core.held = false;
      core.play();
    });
  }
  pause() {
    this.#still((core) => core.pause());
  }
  step() {
    this.#still((core) => core.step());
  }
  stepBack() {
    this.#still((core) => core.stepBack());
  }
  /** Does something after which time stands still. @param {(core: Core) => void} act */
  #still(act) {
    return this.#do((core) => {
      core.held = true;
      act(core);
    });
  }
  restart() {
    this.#anew((core) => core.restart());
  }
  clear() {
    this.#anew((core) => core.run(core.first));
  }
  /** From the beginning, for all who show it. @param {(core: Core) => void} act */
  #anew(act) {
    const done = this.#do((core) => {
      act(core);
      core.held = false;
    });
    if (done) this.core?.tell('begun');
  }
  /** @param {number} us */
  seek(us) {
    this.#scrubTo = undefined;
    this.#hush = true;
    const done = this.#still((core) => {
      core.pause();
      core.seek(us);
    });
    if (done) this.tell('seeked');
  }
  /** Goes to a time at the next frame, however often it is asked. @param {number} us */
  scrub(us) {
    const to = Math.max(0, Math.min(us, this.furthest));
    // Whole milliseconds, where nobody can point finer; but the end is the end.
    this.#scrubTo = to === this.furthest ? to : this.scale > 100_000 ? Math.round(to / 1000) * 1000 : Math.round(to);
    this.changed();
  }
  /** Where the run stands, or is about to. */
  moment() {
    return this.#scrubTo ?? this.core?.nowUs ?? 0;
  }
  /** @param {Mark | undefined} mark */
  pointMark(mark) {
    if (mark === this.ui.mark) return;
    this.set({ mark });
    this.light(mark?.write || undefined);
  }

  showCharts() {
    this.set({ tab: 'charts' });
    requestAnimationFrame(() => this.root.querySelector('.charts')?.scrollIntoView({ block: 'nearest' }));
  }
  /** The moment under the cursor of the curves, on the time line. @param {number | undefined} us */
  pointCharts(us) {
    const at = this.root.querySelector('.at-chart');
    at?.toggleAttribute('data-shown', us !== undefined);
    for (const end of ['x1', 'x2']) at?.setAttribute(end, `${((us ?? 0) / this.scale) * 100}%`);
  }
  /** Whether so many messages a second cannot be told apart at the speed of now. @param {number} rate */
  flows(rate) {
    return (rate * this.time.speed) / 1000 > FLOW_RATE;
  }

  /** Another text, or another way through it. @param {(core: Core) => unknown} act @param {string} words */
  #turn(act, words) {
    this.#hush = true;
    this.#scrubTo = undefined;
    if (!this.#still(act)) return;
    this.core?.tell('turned');
    this.#queue(words);
  }
  #turned() {
    this.story.reset();
    this.changed();
  }
  undo() {
    this.#turn((core) => core.undo(), this.words.undone);
  }
  redo() {
    this.#turn((core) => core.redo(), this.words.redone);
  }
  /** @param {number} branch */
  switchTo(branch) {
    if (branch !== this.past?.here) this.#turn((core) => core.switchTo(branch), this.words.switched(branch));
  }
  /** With the branch of now. @param {number} number */
  compare(number) {
    this.#do((core) => (this.ui.compared = { number, list: core.compare(number) }));
  }
  /** @param {number} permille */
  setSpeed(permille) {
    this.#do((core) => (core.speed = permille));
  }

  write() {
    const { key, value, session, writeTo } = this.ui;
    const to = writeTo && this.state?.nodes.some((n) => n.name === writeTo) ? ` @${writeTo}` : '';
    const level = this.ui.local && this.state?.settings.values.replication !== 'async' ? ' level=local' : '';
    if (this.#do((core) => this.#say(core, `${session} write ${core.quote(key)} ${core.quote(value)}${to}${level}`))) {
      this.ui.value = nextValue(value);
      this.ui.local = false;
    }
  }
  read() {
    this.#do((core) => this.#say(core, `${this.ui.session} read ${core.quote(this.ui.key)}`));
  }
  remove() {
    const { key, session, writeTo } = this.ui;
    this.#do((core) => this.#say(core, `${session} delete ${core.quote(key)}${writeTo ? ` @${writeTo}` : ''}`));
  }
  /** @param {Core} core @param {string} line */
  #say(core, line) {
    core.command(line);
    if (!core.playing && !core.held) core.play();
  }

  /** @param {string} what */
  setPauseOn(what) {
    this.ui.pauseOn = what;
    this.#do((core) => core.pauseOn(what));
  }

  /** Says why the run has paused by itself. @param {Core} core */
  #tellPause(core) {
    if (!core.tookPause()) return;
    core.held = true;
    const cause = [...this.story.sentences].reverse().find((s) => s.weight === 'broken' || s.weight === 'behind');
    this.ui.notice = `${this.words.paused} ${cause ? plain(cause.parts) : this.words.pausedVerdict}`;
  }

  // --- lessons, and why ---

  /** @param {number} answer */
  answer(answer) {
    if (this.#do((core) => core.answer(answer))) this.play();
  }
  showMe() {
    if (this.#do((core) => core.showMe())) this.play();
  }
  /** @param {string} file */
  async takeLesson(file) {
    try {
      await this.open(await fetchLesson(file));
      this.play();
    } catch (error) {
      this.set({ notice: `${this.words.lessonFailed} (${/** @type {Error} */ (error).message})` });
    }
  }
  leaveLesson() {
    this.open(this.text);
  }
  /** @param {number} operation @param {Event} e */
  askWhy(operation, e) {
    this.#do((core) => (this.ui.why = core.why(operation)));
    if (this.ui.why) this.openMenu({ kind: 'why', id: operation }, e);
  }
  /** Shows a part of the run in the diagram. @param {import('./types').Why} why */
  async showInDiagram(why) {
    this.closeMenu();
    this.set({ tab: 'spacetime' });
    await parts.spacetime.load(this);
    parts.spacetime.code?.explain(this, why);
    this.root.querySelector('.spacetime')?.scrollIntoView({ block: 'nearest' });
  }

  earlier() {
    this.story.earlier();
    this.changed();
  }

  // --- the text ---

  runDraft() {
    const draft = this.ui.text.draft;
    if (draft === undefined || !this.core) return;
    try {
      this.runOrThrow(draft);
    } catch (error) {
      if (!isRefusal(error)) return this.#broke(error);
      this.ui.text = { draft, error };
      this.changed();
      if (error.line) this.#markLine(draft, error.line);
    }
  }
  /** @param {string} text @param {number} line */
  #markLine(text, line) {
    const before = text.split('\n').slice(0, line - 1);
    const start = before.reduce((sum, l) => sum + l.length + 1, 0);
    const area = this.root.querySelector('textarea');
    area?.focus();
    area?.setSelectionRange(start, start + (text.split('\n')[line - 1] ?? '').length);
  }
  /** @param {string} text */
  async copy(text) {
    let note = this.words.copied;
    try {
      await navigator.clipboard.writeText(text);
    } catch {
      note = this.words.copyFailed;
      this.root.querySelector('textarea')?.select();
    }
    this.set({ text: { ...this.ui.text, note } });
  }
  async paste() {
    try {
      const draft = await navigator.clipboard.readText();
      this.set({ text: { draft } });
    } catch {
      this.root.querySelector('textarea')?.focus();
      this.set({ text: { ...this.ui.text, note: this.words.pasteFailed } });
    }
  }

  /** @param {Event} e */
  async openShare(e) {
    this.ui.share = {};
    this.openMenu({ kind: 'share' }, e);
    const { core } = this;
    if (!core || !this.linked) return;
    // The menu is there first: a long run takes its time.
    await new Promise((done) => setTimeout(done, 40));
    if (core !== this.core) return;
    try {
      const { toFragment } = await import('./run/link.js');
      const [text, atUs, page] = [core.text, core.nowUs, location.href.replace(/#.*$/s, '')];
      const [whole, moment] = [core.hashAt(undefined), core.hashAt(atUs)];
      const links = {
        atUs,
        whole: page + (await toFragment(text, undefined, whole)),
        moment: page + (await toFragment(text, atUs, moment)),
      };
      this.set({ share: { ...this.ui.share, links } });
    } catch (error) {
      this.#broke(error);
    }
  }
  /** To the clipboard; where that is not allowed, it is shown to be copied by hand. @param {string} text */
  async copyOut(text) {
    const { links } = this.ui.share;
    try {
      await navigator.clipboard.writeText(text);
      this.set({ share: { links, note: this.words.copied } });
    } catch {
      this.set({ share: { links, note: this.words.copyFailed, stuck: text } });
      requestAnimationFrame(() => {
        const area = /** @type {HTMLTextAreaElement | null} */ (this.root.querySelector('.pop textarea'));
        area?.focus();
        area?.select();
      });
    }
  }
  /** @param {File} file */
  async openFile(file) {
    this.closeMenu();
    if (file.size > TEXT_MAX) return this.set({ notice: this.words.tooLarge });
    this.set({ text: { draft: await file.text() } });
    this.runDraft();
    if (this.ui.text.error) this.set({ tab: 'text' });
  }

  // --- looking things up ---

  /** @param {number} write */
  hueOf = (write) => this.#hues.get(write) ?? this.core?.hue(write) ?? 250;
  /** Of what is shown of the run. */
  get version() {
    return this.#version;
  }
  /** Of the element, in pixels. */
  get width() {
    return this.#size.width;
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
  /** @returns {Message[]} */
  messages() {
    const { core } = this;
    if (!core) return [];
    const p = core.packets();
    /** @type {Message[]} */
    const list = [];
    for (let i = 0; i + core.stride <= p.length; i += core.stride) {
      list.push({
        id: p[i],
        from: p[i + 1],
        to: p[i + 2],
        progress: p[i + 3],
        kind: core.kinds[p[i + 4]],
        write: p[i + 5],
        entries: p[i + 6],
        state: p[i + 7],
      });
    }
    return list;
  }

  // --- showing ---

  /** @param {Partial<App['ui']>} change */
  set(change) {
    Object.assign(this.ui, change);
    this.changed();
  }
  changed() {
    this.#dirty = true;
    this.#wake();
  }
  /** A part of the page: drawn when the page has changed, or something of the run that it shows. @param {unknown[]} shown @param {() => unknown} draw */
  part(shown, draw) {
    return guard([this.#redraw, ...shown], draw);
  }
  /** @param {string} id @param {boolean} open */
  unfold(id, open) {
    if (open) this.ui.open.add(id);
    else this.ui.open.delete(id);
    this.changed();
  }
  /** Sleeps while nobody can see it. @param {boolean} awake */
  setAwake(awake) {
    this.#awake = awake;
    this.core?.watch(this, awake);
    if (awake) this.#wake();
  }
  /** Colours may be others now. */
  themeChanged() {
    this.#stained = true;
    this.changed();
  }
  close() {
    this.#closing.abort();
    numbers.delete(this.#number);
    this.#sizes.disconnect();
    cancelAnimationFrame(this.#beat);
    clearTimeout(this.#saying);
    this.studies?.close();
    this.charts?.close();
    this.#part();
    for (const app of this.followers) app.#leader = undefined;
    this.#letGo();
  }
  #wake() {
    if (this.#awake && this.#beat === 0) this.#beat = requestAnimationFrame(() => this.#frame());
  }

  #frame() {
    this.#beat = 0;
    const now = performance.now();
    // With reduced motion the picture is a row of stills.
    const still = this.#calm.matches && !this.#dirty && now - this.#drawnAt < CALM_MS;
    try {
      if (this.#scrubTo !== undefined) this.seek(this.#scrubTo);
      if (this.core?.playing) this.core.advance();
      if (!still) {
        const fresh = this.#pull();
        // The table tells how far the messages are; twice a second is enough to read.
        const reads = this.ui.tab === 'table' && this.time.playing && now - this.#readAt > CALM_MS;
        if (reads) [this.#reading, this.#readAt] = [this.#reading + 1, now];
        const draws = this.#dirty || fresh || reads;
        if (draws) this.#render();
        this.#drawnAt = now;
        this.#tick(now, draws);
        this.#draw();
      }
    } catch (error) {
      this.#broke(error);
    }
    if (this.core?.playing) this.#wake();
  }

  /** Takes what is new from the core: all of it, so that everything on the page shows the same instant. Whether there was anything. */
  #pull() {
    const { core } = this;
    if (!core) return false;
    this.time.speed = core.speed;
    if (this.time.playing !== core.playing) {
      this.time.playing = core.playing;
      this.tell(core.playing ? 'play' : 'pause');
      this.#dirty = true;
    }
    this.#reach(core);
    const version = core.version;
    if (version === this.#version) return false;
    this.#version = version;
    const before = this.#known;
    const known = (this.#known = seenWith(before, core.changes(before?.version ?? 0)));
    const state = (this.state = known.state);
    this.lesson = known.lesson;
    this.marks = known.marks;
    if (this.text !== core.text) {
      this.text = core.text;
      this.ui.compared = undefined;
      this.#dirty = true;
    }
    this.#takePast(known.past);
    const { mark } = this.ui;
    if (mark) this.ui.mark = this.marks.find((m) => m.atUs === mark.atUs && m.text === mark.text);
    const { master, slave } = state.roles;
    if (this.words.roles.master !== master || this.words.roles.slave !== slave) {
      this.words = makeWords(state.roles);
      this.#dirty = true;
      // What was told is told in these words, once more.
      this.story.reset();
      this.#hush = true;
    }
    this.#lookUp(state, before?.state);
    if (state.clients !== before?.state.clients || state.nodes !== before.state.nodes) look(this.#seen, state);
    const fresh = this.story.pull(core);
    this.#tellPause(core);
    for (const s of fresh)
      for (const part of s.parts) if (part.write && part.hue !== undefined) this.#hues.set(part.write, part.hue);
    this.#announce(state, fresh, this.#hush);
    if (!this.#hush) this.#tellAnomalies(fresh);
    this.#hush = false;
    this.#tellLesson();
    this.tell('change');
    return true;
  }
  /** The end of what was seen or is written down. @param {Core} core */
  #reach(core) {
    this.furthest = Math.max(core.furthestUs, this.state?.lastLineUs ?? 0);
    this.scale = scaleFor(this.furthest);
  }
  /** @param {Past} past */
  #takePast(past) {
    // A branch that has a number greater than all before it was made just now.
    if (past !== this.past && this.past?.branches.every((b) => b.number < past.here)) {
      this.ui.notice = this.words.forked(this.past.here);
      this.#dirty = true;
    }
    this.past = past;
  }
  /** What is looked up by its number. @param {State} state @param {State} [before] */
  #lookUp(state, before) {
    if (state.nodes !== before?.nodes || state.clients !== before.clients || state.observers !== before.observers)
      this.#names = new Map([...state.nodes, ...state.clients, ...state.observers].map((e) => [e.id, e.name]));
    if (state.links !== before?.links) this.links = new Map(state.links.map((l) => [`${l.a}-${l.b}`, l]));
    if (state.writes !== before?.writes) {
      if (this.#hues.size > 5000) this.#hues.clear();
      for (const w of state.writes) this.#hues.set(w.id, w.hue);
    }
    if (this.#begun) return;
    this.#begun = true;
    const clients = state.clients.filter((c) => c.id !== state.load?.client);
    if (clients.length > 0 && !clients.some((c) => c.name === this.ui.session)) this.ui.session = clients[0].name;
  }
  /** @param {Sentence[]} fresh */
  #tellAnomalies(fresh) {
    for (const { weight, parts, atUs, operation } of fresh) {
      if (weight !== 'behind' && weight !== 'broken') continue;
      this.tell('anomaly', {
        kind: weight === 'behind' ? 'stale' : 'broken',
        text: plain(parts),
        atUs,
        operation: operation ?? undefined,
      });
    }
  }
  #tellLesson() {
    const { lesson } = this;
    if (!lesson) return;
    const done = lesson.items.filter((item) => item.kind === 'task' && item.done);
    for (let index = this.#tasks; index < done.length; index++) this.tell('task', { index, words: done[index].words });
    this.#tasks = Math.max(this.#tasks, done.length);
    if (lesson.done && !this.#finished) this.tell('finished', { title: lesson.title });
    this.#finished = lesson.done;
  }

  #render() {
    if (this.#dirty) this.#redraw += 1;
    this.#dirty = false;
    this.#hadBeads = true;
    // The observer tells it behind the first frame only.
    this.#size.width ||= this.host.clientWidth;
    this.#size.name = this.#sizeFor(this.#size.width);
    this.#fitCards();
    render(this.#page(), this.place);
    this.#observe();
    this.#told = toNews(this.root, this.lesson, this.#told);
    if (this.#stained) this.#refreshPaint();
    this.#drawLines();
    this.#showMenu();
    this.#applyLight();
  }
  #fitCards() {
    this.mode = this.#modeFor();
    this.compact = this.mode === 'grid' || (this.state?.nodes.length ?? 0) > 9;
    this.sliders = !this.compact && (this.surface.layout === 'full' || this.mode === 'row');
  }

  #page() {
    const { ui, words: t } = this;
    const size = this.#size.name;
    if (ui.crash) return html`<div class="playground" data-size=${size}>${this.#crashPanel(ui.crash)}</div>`;
    if (ui.failed) {
      return html`<div class="playground" data-size=${size}><div class="panel" role="alert"><h2>${t.failed}</h2><p>${t.failedHelp}</p><pre>${ui.failed}</pre><button class="primary" @click=${() => this.open(this.text)}>${t.retry}</button></div></div>`;
    }
    if (!this.state)
      return html`<div class="playground" data-size=${size}><div class="panel"><p role="status">${t.loading}</p></div></div>`;
    if (this.surface.layout !== 'full') return smallPage(this, size);
    const wide = size === 'wide';
    const lessonHere = (/** @type {boolean} */ here) =>
      this.lesson && here ? this.part([this.lesson], () => lesson(this)) : nothing;
    const details = this.shows('details');
    const bare = `${this.shows('requests') || this.shows('settings') ? '' : 'no-console'} ${details ? '' : 'no-side'}`;
    return html`<div class="playground" data-size=${size}>
      ${this.part([this.lesson], () => header(this))} ${this.shows('timeline') ? timeline(this) : nothing}
      ${lessonHere(size === 'small' || size === 'narrow' || (wide && !details))}
      <div class="body ${bare}">
        ${clientConsole(this)}
        <div class="middle">${lessonHere(size === 'medium')}${!this.lesson || ui.notice ? this.hintLine() : nothing}${stage(this)}</div>
        ${wide && details ? html`<div class="side"><div class="inner">${lessonHere(true)}<section tabindex="0" aria-label=${this.titled(t.tabs.verdict)}><h3>${t.tabs.verdict}</h3>${verdicts(this)}</section><section class="grow"><h3>${t.tabs.story}</h3>${story(this)}</section></div></div>` : nothing}
        ${this.shows('log') ? logs(this) : nothing}
      </div>
      ${details ? this.#tabs(wide ? ['text', 'spacetime', 'charts', 'report', 'studies', 'table'] : ['story', 'verdict', 'spacetime', 'charts', 'report', 'studies', 'text', 'table']) : nothing}
      ${this.tail()}
    </div>`;
  }

  /** What every layout has: menus, the text for paper, what is said aloud. */
  tail() {
    const { ui } = this;
    return html`<div class="pop" popover="auto" role="dialog" aria-label=${(ui.menu && parts.menus.code?.menuTitle(this, ui.menu)) ?? nothing} @beforetoggle=${(/** @type {ToggleEvent} */ e) => e.newState === 'closed' && (ui.menu = undefined)} @toggle=${this.#menuToggled}>
        ${this.part([this.#version], () => (ui.menu ? parts.menus.show(this, (code) => ui.menu && code.menuBody(this, ui.menu)) : nothing))}
      </div>
      <pre class="paper">${this.text}</pre>
      <p class="hidden say" role="status" aria-live="polite"></p>
      <span class="probe" @transitionend=${() => this.themeChanged()}></span>`;
  }

  /** What to do next, or what is to be known. */
  hintLine() {
    const { ui, words: t, state, core } = this;
    if (ui.notice)
      return html`<p class="hint notice" role="alert"><span>${ui.notice}</span><button class="tool" aria-label=${t.close} @click=${() => this.set({ notice: undefined })}>${icons.close}</button></p>`;
    if (!state || !core) return nothing;
    const diverged = state.nodes.some((n) => n.diverged);
    const still = core.held && !this.time.playing;
    if (still) {
      return html`<p class="hint"><span><b>${t.still}</b> ${t.stillHelp}</span>${this.can('time') ? html`<button class="second small" @click=${() => this.play()}>${t.play}</button>` : nothing}</p>`;
    }
    if (diverged) {
      const local = state.verdicts.some((v) => v.id === 'one-history' && v.status === 'broken');
      return html`<p class="hint diverged"><span>${local ? t.divergedNote : t.otherHistoryNote(state.nodes.filter((n) => n.diverged).map((n) => n.name))}</span></p>`;
    }
    if (!ui.hints || !this.can('requests')) return html`<p class="hint"></p>`;
    const next = hint(state, this.#seen, t, {
      client: ui.session,
      key: ui.key || 'cart',
      value: ui.value || '1',
      quote: (w) => core.quote(w),
    });
    if (!next) return html`<p class="hint"></p>`;
    return html`<p class="hint">
      <span>${next.text}</span>
      ${next.act && next.line && this.can('faults') ? html`<button class="second small" @click=${() => this.command(/** @type {string} */ (next.line))}>${next.act}</button>` : nothing}
      <button class="tool" aria-label=${t.dismiss} title=${t.dismiss} @click=${() => this.set({ hints: false })}>${icons.close}</button>
    </p>`;
  }

  /** @param {{ words: string, text: string }} crash */
  #crashPanel(crash) {
    const t = this.words;
    return html`<div class="panel" role="alert">
      <h2>${t.crashed}</h2>
      <p>${t.crashedHelp}</p>
      <textarea readonly rows="8" aria-label=${t.textLabel} .value=${crash.text}></textarea>
      <pre>${crash.words}</pre>
      <p class="acts">
        <button class="primary" @click=${() => this.open(crash.text, { fresh: true })}>${t.again}</button>
        <button class="second" @click=${() => this.copy(crash.text)}>${t.copyText}</button>
        <span role="status">${this.ui.text.note ?? ''}</span>
      </p>
    </div>`;
  }

  /** @param {Tab[]} tabs */
  #tabs(tabs) {
    const { ui, words: t } = this;
    const open = tabs.includes(ui.tab) ? ui.tab : tabs[0];
    if (open !== 'studies') this.studies?.leave();
    const move = (/** @type {KeyboardEvent} */ e) => {
      const step = { ArrowLeft: -1, ArrowRight: 1, Home: -tabs.length, End: tabs.length }[e.key];
      if (step === undefined) return;
      e.preventDefault();
      e.stopPropagation();
      const at = tabs.indexOf(open) + step;
      const next = Math.abs(step) > 1 ? Math.max(0, Math.min(tabs.length - 1, at)) : (at + tabs.length) % tabs.length;
      this.set({ tab: tabs[next] });
      /** @type {HTMLElement | null} */ (this.root.querySelector(`#tab-${tabs[next]}`))?.focus();
    };
    return html`<div class="tabs" part="details">
      <div role="tablist" aria-label=${t.details} @keydown=${move}>
        ${tabs.map((tab) => html`<button role="tab" id="tab-${tab}" aria-selected=${tab === open} aria-controls="panel" tabindex=${tab === open ? 0 : -1} @click=${() => this.set({ tab })}>${t.tabs[tab]}</button>`)}
      </div>
      <div role="tabpanel" id="panel" aria-labelledby="tab-${open}">${open === 'story' ? story(this) : open === 'verdict' ? verdicts(this) : open === 'text' ? this.part([open], () => textPanel(this)) : this.part([open, this.#version, this.#reading], () => this.#laterTab(open))}</div>
    </div>`;
  }

  /** @param {'charts' | 'report' | 'spacetime' | 'studies' | 'table'} tab */
  #laterTab(tab) {
    if (tab === 'charts') return parts.charts.show(this, (code) => code.charts(this));
    if (tab === 'report') return parts.report.show(this, (code) => code.lagAndCost(this));
    if (tab === 'spacetime') return parts.spacetime.show(this, (code) => code.spacetime(this));
    if (tab === 'studies') return parts.studies.show(this, (code) => code.studies(this));
    return parts.tables.show(this, (code) => code.tables(this));
  }

  // --- geometry and drawing ---

  /** @param {number} width */
  #sizeFor(width) {
    if (width < 620) return 'narrow';
    if (width < 860 || this.surface.layout !== 'full') return 'small';
    return width < 1120 ? 'medium' : 'wide';
  }

  /** @returns {Mode} */
  #modeFor() {
    const slaves = (this.state?.nodes.length ?? 1) - 1;
    const { width, name } = this.#size;
    this.crowding = '';
    if (name === 'narrow') return 'tree';
    const aside = { wide: 300, medium: 0 }[name];
    const console = this.shows('requests') || this.shows('settings') ? 236 : 0;
    const room = width - (aside === undefined ? 0 : console + (this.shows('details') ? aside : 0)) - 104;
    const each = room / slaves;
    if (slaves > 5 || each < 114) return 'grid';
    this.crowding = `${each < 190 ? 'tight' : ''} ${each < 145 ? 'tighter' : ''} ${slaves > 4 ? 'dense' : ''}`;
    return 'row';
  }

  /** @param {ResizeObserverEntry[]} entries */
  #resized(entries) {
    const own = entries.find((e) => e.target === this.host);
    if (own) {
      const width = own.contentRect.width;
      // A menu stands where its button was.
      if (this.ui.menu && Math.abs(width - this.#size.width) > 1) this.closeMenu();
      this.#size.width = width;
      this.changed();
    }
    if (entries.some((e) => e.target !== this.host)) {
      this.#measure();
      this.#drawLines();
      try {
        this.#draw();
      } catch (error) {
        this.#broke(error);
      }
    }
  }

  #observe() {
    const shown = `${this.mode} ${this.crowding} ${this.state?.nodes.map((n) => `${n.id}<${n.upstream}`)} ${this.clients().map((c) => c.id)} ${this.state?.observers.map((o) => o.id)}`;
    if (shown === this.#shown && this.#beads?.canvas.isConnected) return;
    this.#shown = shown;
    for (const el of this.root.querySelectorAll('.stage, .node, .client, .observer')) {
      if (this.#observed.has(el)) continue;
      this.#observed.add(el);
      this.#sizes.observe(el);
    }
    const canvas = this.root.querySelector('canvas');
    if (canvas && this.#beads?.canvas !== canvas) this.#beads = new Beads(canvas);
  }

  /** From the boxes of the cards to the paths of the links. */
  #measure() {
    const frame = this.root.querySelector('.stage');
    if (!frame || !this.state) return;
    const origin = frame.getBoundingClientRect();
    /** @param {Element} el @param {number} id @returns {Place} */
    const place = (el, id) => {
      const r = el.getBoundingClientRect();
      return { id, box: { x: r.left - origin.left, y: r.top - origin.top, w: r.width, h: r.height } };
    };
    /** @type {Map<number, Place>} */
    const nodes = new Map();
    for (const el of this.root.querySelectorAll('.node')) {
      const id = Number(/** @type {HTMLElement} */ (el).dataset.node);
      nodes.set(id, place(el, id));
    }
    const [master, ...slaves] = this.state.nodes.map((n) => nodes.get(n.id)).filter((n) => n !== undefined);
    const clients = [...this.root.querySelectorAll('.client')].map((el) =>
      place(el, Number(/** @type {HTMLElement} */ (el).dataset.client)),
    );
    this.paths = master
      ? layout(this.mode, { width: origin.width, height: origin.height }, master, slaves, clients)
      : new Map();
    const observers = [...this.root.querySelectorAll('.observer')].map((el) =>
      place(el, Number(/** @type {HTMLElement} */ (el).dataset.observer)),
    );
    this.#ways = new Map();
    const way = (/** @type {Place} */ a, /** @type {Place} */ b, /** @type {Path} */ path) => {
      this.#ways.set(a.id * 65536 + b.id, { path, forth: true });
      this.#ways.set(b.id * 65536 + a.id, { path, forth: false });
    };
    // What watches talks to each other, too: those ways have no lines.
    observers.forEach((a, i) => {
      for (const b of observers.slice(i + 1)) way(a, b, straight(a, b));
    });
    const places = [...nodes.values()];
    places.forEach((a, i) => {
      for (const b of places.slice(i + 1)) way(a, b, aside(this.mode, origin, a, b));
    });
    for (const [key, { a, b }] of this.links) {
      const [from, to] = [nodes.get(a), nodes.get(b)];
      const observer = observers.find((o) => o.id === a);
      if (observer && to) this.paths.set(key, straight(observer, to));
      else if (from && to && !this.paths.has(key)) this.paths.set(key, aside(this.mode, origin, from, to));
    }
    for (const [key, path] of this.paths) {
      const [a, b] = key.split(/(?<=\d)-/).map(Number);
      this.#ways.set(a * 65536 + b, { path, forth: true });
      this.#ways.set(b * 65536 + a, { path, forth: false });
    }
    this.#measured += 1;
    this.#hadBeads = true;
    this.#beads?.resize(origin.width, origin.height, devicePixelRatio || 1);
  }

  #drawLines() {
    const drawing = /** @type {SVGElement | null} */ (this.root.querySelector('.lines'));
    const places = /** @type {HTMLElement | null} */ (this.root.querySelector('.labels'));
    if (!drawing || !places) return;
    // All that the lines show: where they run, and how the links stand.
    let placed = `${this.time.speed} ${this.#measured} ${this.ui.session} ${this.state?.settings.values.router}`;
    for (const [key, { forth, back }] of this.links)
      placed += ` ${key} ${forth.state} ${forth.latencyUs} ${back.state} ${back.latencyUs} ${Math.max(forth.rate, back.rate)}`;
    if (placed === this.#placed && places.hasChildNodes()) return;
    this.#placed = placed;
    render(lines(this), /** @type {any} */ (drawing));
    render(labels(this), places);
    const point = [0, 0, 0, 0];
    for (const el of /** @type {NodeListOf<HTMLElement>} */ (places.querySelectorAll('.label'))) {
      const path = this.paths.get(el.dataset.label ?? '');
      if (!path) continue;
      path.walk(path.length * (this.mode === 'row' ? 0.56 : 0.5), point);
      const left = point[2] < -0.2;
      el.classList.toggle('left', left);
      el.style.left = `${point[0] + (left ? -20 : 20)}px`;
      el.style.top = `${point[1]}px`;
    }
  }

  #refreshPaint() {
    const probe = /** @type {HTMLElement | null} */ (this.root.querySelector('.probe'));
    if (!probe) return;
    this.#stained = false;
    const style = getComputedStyle(probe);
    const scheme = `${style.backgroundColor} ${style.borderTopColor} ${style.outlineColor}`;
    if (scheme === this.#scheme && this.#paint) return;
    this.#scheme = scheme;
    // Of one hue it is asked; the others differ in the hue only. To ask for each would lay out the page each time.
    probe.style.setProperty('--h', '0');
    const solid = style.color;
    this.#paint = {
      ink: style.borderTopColor,
      paper: style.backgroundColor,
      on: style.outlineColor,
      fill: (hue) => solid.replace(/ [\d.]+\)$/, ` ${hue})`),
    };
    this.#beads?.forget();
    this.charts?.forget();
  }

  /** The clock, calmer than the frames. @param {number} now @param {boolean} drew whether this frame has drawn something else */
  #tick(now, drew) {
    // A frame that draws something has the page laid out already.
    if (this.time.playing && !drew && now - this.#clockAt < CLOCK_MS) return;
    if (!this.#clock?.isConnected) {
      this.#clock = this.root.querySelector('.clock > span');
      this.#needle = this.root.querySelector('.needle');
      this.#seenLine = this.root.querySelector('.seen');
    }
    const nowUs = this.core?.nowUs ?? 0;
    if (this.#needle) {
      this.#needle.value = String(nowUs);
      this.#needle.setAttribute('aria-valuetext', momentText(this));
    }
    this.#seenLine?.setAttribute('x2', `${((this.core?.furthestUs ?? 0) / this.scale) * 100}%`);
    const says = this.core ? clock(nowUs) : '';
    if (!this.#clock || says === this.#clockSays) return;
    this.#clock.textContent = says;
    this.#clockSays = says;
    this.#clockAt = now;
  }

  #draw() {
    const { core } = this;
    if (!core || !this.#beads || !this.#paint) return;
    const packets = core.packets();
    const flows = this.#flows();
    if (packets.length === 0 && flows.size === 0 && !this.#hadBeads) return; // the canvas is empty already
    this.#hadBeads = packets.length > 0 || flows.size > 0;
    this.#beads.draw(
      packets,
      core.stride,
      core.kinds,
      (from, to) => this.#ways.get(from * 65536 + to),
      this.hueOf,
      this.#paint,
      this.ui.lit,
      this.mode === 'grid' ? 0.72 : 1,
      flows,
      this.#calm.matches ? 0 : this.#flowMs,
    );
  }
  /** The ways on which so much goes that single messages cannot be told apart, and how much. @returns {Map<Way, number>} */
  #flows() {
    const now = performance.now();
    if (this.time.playing) this.#flowMs += Math.min(100, now - this.#flowAt);
    this.#flowAt = now;
    const flows = new Map();
    if (!this.state?.load) return flows;
    for (const { a, b, forth, back } of this.links.values()) {
      if (this.flows(forth.rate)) flows.set(this.#ways.get(a * 65536 + b), forth.rate);
      if (this.flows(back.rate)) flows.set(this.#ways.get(b * 65536 + a), back.rate);
    }
    flows.delete(undefined);
    return flows;
  }

  // --- pointing ---

  /** @param {number | undefined} write */
  light(write) {
    if (this.ui.lit === write) return;
    this.ui.lit = write;
    this.#hadBeads = true;
    this.#applyLight();
    if (!this.time.playing) this.#wake();
  }
  #applyLight() {
    const { lit } = this.ui;
    if (lit === undefined && !this.#lighting) return;
    this.#lighting = lit !== undefined;
    const page = this.root.querySelector('.playground');
    page?.toggleAttribute('data-lighting', lit !== undefined);
    for (const el of this.root.querySelectorAll('[data-lit]'))
      if (Number(el.getAttribute('data-write')) !== lit) el.removeAttribute('data-lit');
    if (lit !== undefined)
      for (const el of this.root.querySelectorAll(`[data-write="${lit}"]`)) el.setAttribute('data-lit', '');
  }
  /** Scrolls a write's place in the log into view. @param {number | undefined} write */
  reveal(write) {
    this.root.querySelector(`.log [data-write="${write}"]`)?.scrollIntoView({ block: 'nearest', inline: 'nearest' });
  }
  /** @param {Event} e */
  #hover(e) {
    const at = /** @type {Element | null} */ (e.target)?.closest?.('[data-write]');
    if (at) this.light(Number(at.getAttribute('data-write')));
    else if (e.type === 'pointerover') this.#unhover();
    // What was lit by the focus goes dark when it moves on.
    else this.light(undefined);
  }
  #unhover() {
    if (!this.root.activeElement?.closest('.log .scroll')) this.light(undefined);
  }

  /** A press on the stage, on no control: a bead or a line under it. @param {MouseEvent} e */
  pressStage(e) {
    const target = /** @type {Element} */ (e.target);
    if (target.closest('button, input, select, a, .kv') || !this.shows('faults')) return;
    const frame = /** @type {Element} */ (e.currentTarget).getBoundingClientRect();
    const [x, y] = [e.clientX - frame.left, e.clientY - frame.top];
    if (!target.closest('.node')) {
      const spot = this.#beads?.hit(x, y);
      if (spot) return this.openMenu({ kind: 'packet', id: spot.id }, e);
    }
    const key = target.getAttribute('data-link');
    const link = key && this.links.get(key);
    if (link) this.openMenu({ kind: 'link', a: link.a, b: link.b }, e);
  }

  /** @type {{ x: number, y: number }} */ #anchor = { x: 0, y: 0 };
  /** @param {Menu} menu @param {Event} e */
  openMenu(menu, e) {
    if (menu.kind === 'packet') {
      try {
        this.ui.packet = this.core?.packet(menu.id);
      } catch (error) {
        return this.#broke(error);
      }
      if (!this.ui.packet) return;
    }
    const button = /** @type {HTMLElement | null} */ (/** @type {Element} */ (e.target).closest('button'));
    this.#opener = button ?? undefined;
    const r = button?.getBoundingClientRect();
    const mouse = /** @type {MouseEvent} */ (e);
    this.#anchor = r ? { x: r.left, y: r.bottom + 6 } : { x: mouse.clientX + 8, y: mouse.clientY + 12 };
    this.set({ menu });
  }
  #showMenu() {
    const pop = /** @type {HTMLElement | null} */ (this.root.querySelector('.pop'));
    if (!pop) return;
    const open = pop.matches(':popover-open');
    if (!this.ui.menu) {
      if (open) pop.hidePopover();
      return;
    }
    // Empty, it has nothing that could have the focus, and no size to be placed by.
    if (open || !(parts.menus.code || parts.menus.failed)) return;
    pop.showPopover();
    this.#placeMenu(pop);
    for (const first of ['.act', '.segments button', 'input', 'button']) {
      const el = /** @type {HTMLElement | null} */ (pop.querySelector(`:scope > * ${first}, :scope > ${first}`));
      if (el) return el.focus();
    }
  }
  /** Where it was pressed, and inside the window; what unfolds there later scrolls inside. @param {HTMLElement} pop */
  #placeMenu(pop) {
    pop.style.maxHeight = '';
    const box = pop.getBoundingClientRect();
    const view = this.host.ownerDocument.documentElement;
    const x = Math.max(8, Math.min(this.#anchor.x, view.clientWidth - box.width - 8));
    const y = Math.max(8, Math.min(this.#anchor.y, view.clientHeight - Math.max(box.height, ROOM) - 8));
    pop.style.left = `${x + scrollX}px`;
    pop.style.top = `${y + scrollY}px`;
    pop.style.maxHeight = `${view.clientHeight - y - 8}px`;
  }
  closeMenu() {
    /** @type {HTMLElement | null} */ (this.root.querySelector('.pop'))?.hidePopover();
  }
  /** It closes; or something in it unfolds, and comes into view once it is drawn. */
  #menuToggled = {
    capture: true,
    handleEvent: (/** @type {ToggleEvent} */ e) => {
      const what = /** @type {HTMLElement} */ (e.target);
      if (what === e.currentTarget) {
        if (e.newState === 'closed') this.#menuClosed();
      } else if (e.newState === 'open') {
        this.changed();
        requestAnimationFrame(() => what.scrollIntoView({ block: 'nearest' }));
      }
    },
  };
  #menuClosed() {
    const active = this.root.activeElement;
    if ((!active || active.closest('.pop')) && this.#opener?.isConnected) this.#opener.focus();
    this.ui.open.delete('acts');
    this.set({ menu: undefined, packet: undefined });
  }

  /**
   * What is done by key in here does not reach the page around it: mdBook turns its pages on arrows, others search on
   * letters. Letters outside fields are nothing to us, and stay the page's.
   * @param {KeyboardEvent} e
   */
  #key(e) {
    const typing = /** @type {Element} */ (e.target).matches(
      'textarea, select, input:not([type=range], [type=checkbox])',
    );
    const field = /** @type {Element} */ (e.target).matches('textarea, input:not([type=range], [type=checkbox])');
    if (
      (e.ctrlKey || e.metaKey) &&
      !e.altKey &&
      e.key.toLowerCase() === 'z' &&
      !field &&
      this.core &&
      this.can('timeline')
    ) {
      e.preventDefault();
      e.stopPropagation();
      if (e.shiftKey ? this.past?.canRedo : this.past?.canUndo) e.shiftKey ? this.redo() : this.undo();
    }
    if (OWN_KEYS.test(e.key) || (typing && e.key !== 'Tab')) e.stopPropagation();
  }

  // --- saying ---

  /** Answers and faults, for screen readers. @param {State} state @param {Sentence[]} fresh @param {boolean} hush only takes note */
  #announce(state, fresh, hush) {
    const t = this.words;
    for (const client of state.clients) {
      if (client.id === state.load?.client) continue;
      for (const op of client.operations) {
        const key = `${client.name} ${op.id}`;
        const done = op.doneUs != null;
        if (this.#answered.get(key) === done) continue;
        if (done && !hush) this.#queue(this.#wordsOf(op, t));
        this.#answered.set(key, done);
      }
    }
    if (this.#answered.size > 500) this.#answered = new Map([...this.#answered].slice(-200));
    if (hush) return;
    for (const s of fresh) if (s.kind === 'fault' && s.weight !== 'detail') this.#queue(plain(s.parts));
  }
  /** @param {Operation} op @param {import('./words/words.js').Words} t */
  #wordsOf(op, t) {
    const heard =
      op.outcome === 'value'
        ? op.text
        : op.outcome === 'error'
          ? `${t.outcomes.error}: ${op.text}`
          : t.outcomes[op.outcome];
    const judged = op.verdict && op.verdict !== 'fresh' ? ` ${t.opVerdicts[op.verdict]}. ${op.verdictText}` : '';
    return `${t.verbs[op.kind]} ${op.key} ${op.kind === 'read' ? t.from : t.at} ${op.node}: ${heard}.${judged}`;
  }
  /** @param {string} words */
  #queue(words) {
    this.#toSay.push(words);
    this.#saying ??= setTimeout(() => {
      this.#saying = undefined;
      const el = this.root.querySelector('p.say[aria-live]');
      if (el) el.textContent = this.#toSay.slice(-3).join(' ');
      this.#toSay = [];
    }, SAY_MS);
  }
}

/** @param {unknown} error @returns {error is PlaygroundError} */
const isRefusal = (error) => error instanceof Error && error.name === 'PlaygroundError';
/** @param {unknown} error @returns {error is PlaygroundCrash} */
const isCrash = (error) => error instanceof Error && error.name === 'PlaygroundCrash';
