// <replication-playground>: the element, its attributes, properties, methods and events. Importing this on a server
// does nothing; the rest of the page's code is evaluated when the first element is seen.

import firstRun from '../first.run';
import { lessonAhead, moduleAhead } from './ahead.js';
import roomCss from '../parts/styles/room.css';

/** @typedef {import('../app.js').App} App */
/** @typedef {import('../types').State} State */

const Base = /** @type {typeof HTMLElement} */ (globalThis.HTMLElement ?? class {});

/** What an element is filled with: a change of one of these opens another run. */
const SOURCES = ['run', 'lesson', 'step', 'src', 'seed', 'for'];
/** Attributes that are properties, too; `step` is a method. */
const MIRRORED = ['run', 'lesson', 'src', 'seed', 'for', 'time', 'layout', 'controls', 'theme', 'vocabulary'];
/** So far from what is seen it begins. */
const NEAR_PX = 200;
/** How long an element that was taken out keeps its run, ms: most are only moved. */
const LEAVING_MS = 1000;

/** One style for all elements: until the playground is there, it takes as much room as it will. @type {CSSStyleSheet | undefined} */
let room;
function roomSheet() {
  if (room) return room;
  room = new CSSStyleSheet();
  room.replaceSync(roomCss);
  return room;
}

/**
 * The element: attributes, properties, methods and events are described in README.md and typed in
 * replication-playground.d.ts.
 */
export class ReplicationPlayground extends Base {
  static observedAttributes = [...MIRRORED, 'step'];

  /** Fulfilled when the first run is on the page. @type {Promise<ReplicationPlayground>} */ ready;
  /** @type {App | undefined} */ #app;
  /** @type {Promise<App> | undefined} */ #started;
  /** @type {IntersectionObserver | undefined} */ #seen;
  /** @type {ReturnType<typeof setTimeout> | undefined} */ #leaving;
  /** A text that was set before there was anything to show it. @type {string | undefined} */ #text;
  #near = false;
  #refilling = false;
  /** @type {() => void} */ #isReady = () => {};
  #hashChanged = () => void this.#app?.opener.openLink(location.hash);

  constructor() {
    super();
    this.ready = new Promise((resolve) => (this.#isReady = () => resolve(this)));
  }

  connectedCallback() {
    clearTimeout(this.#leaving); // moved, not removed
    // Properties that were set before the element was defined would hide the accessors.
    for (const name of [...MIRRORED, 'text']) {
      if (!Object.hasOwn(this, name)) continue;
      const value = /** @type {any} */ (this)[name];
      delete (/** @type {any} */ (this)[name]);
      // Site generators set src to what it is, which is nothing as yet: the attribute stays.
      if (value !== undefined) /** @type {any} */ (this)[name] = value;
    }
    this.#room();
    this.#seen ??= new IntersectionObserver(
      (entries) => {
        this.#near = entries[entries.length - 1].isIntersecting;
        if (this.#near) this.#start().catch(() => {}); // shown, and told as an event
        this.#app?.setAwake(this.#near);
      },
      { rootMargin: `${NEAR_PX}px` },
    );
    this.#seen.observe(this);
    // The observer tells it a frame later, which is a tenth of a second on a slow processor. What stands inside, and where
    // this one will be, is known when the page is read; what is set in this turn, at its end.
    if (document.readyState === 'complete') queueMicrotask(() => this.#look());
    else addEventListener('DOMContentLoaded', () => this.#look(), { once: true });
    if (this.#linked()) addEventListener('hashchange', this.#hashChanged);
  }

  #look() {
    const { top, bottom, width } = this.getBoundingClientRect();
    if (width === 0 || bottom < -NEAR_PX || top > innerHeight + NEAR_PX) return;
    this.#near = true;
    this.#start().catch(() => {});
  }

  disconnectedCallback() {
    this.#seen?.disconnect();
    removeEventListener('hashchange', this.#hashChanged);
    this.#app?.setAwake(false);
    this.#leaving = setTimeout(() => {
      this.#app?.close();
      this.#app = undefined;
      this.#started = undefined;
    }, LEAVING_MS);
  }

  /** @param {string} name @param {string | null} before @param {string | null} now */
  attributeChangedCallback(name, before, now) {
    const app = this.#app;
    if (before === now || !app) return;
    if (name === 'time') {
      if (now !== null) void app.act.seekTo(now);
    } else if (!SOURCES.includes(name)) app.surfaceChanged();
    else {
      if (name !== 'seed') this.#text = undefined;
      if (this.#refilling) return;
      // Several may change in one turn: the run is opened once, with all of them.
      this.#refilling = true;
      queueMicrotask(() => {
        this.#refilling = false;
        if (this.#app === app) void this.#fill(app);
      });
    }
  }

  /** The place of the playground: it has its height before anything is loaded. */
  #room() {
    if (this.shadowRoot) return;
    const root = this.attachShadow({ mode: 'open' });
    root.adoptedStyleSheets = [roomSheet()];
    const frame = document.createElement('div');
    frame.className = 'frame';
    frame.append(document.createElement('div'));
    root.append(frame);
  }

  /** The run or lesson text that stands inside the element, or was set. */
  #own() {
    return (
      this.#text ?? this.querySelector(':scope > script[type="text/plain"], :scope > pre')?.textContent ?? undefined
    );
  }

  /** Whether it begins with the standard run, as far as can be told before anything is there. */
  #standard() {
    const given = ['src', 'lesson'].some((name) => this.getAttribute(name)) || this.hasAttribute('run');
    const linked = this.#linked() && location.hash.length > 1;
    return !given && !linked && this.#own() === undefined && this.getAttribute('layout') !== 'compare';
  }

  /** Whether links of this page open here. */
  #linked() {
    return this.hasAttribute('link') && document.querySelector('replication-playground[link]') === this;
  }

  #start() {
    this.#started ??= this.#open().catch((error) => {
      // Offline for a moment, perhaps: what is inside is shown, and it is tried again when it is seen again.
      this.#started = undefined;
      this.shadowRoot?.firstElementChild?.replaceChildren(document.createElement('slot'));
      this.#tell('error', error);
      throw error;
    });
    return this.#started;
  }
  async #open() {
    const ahead = this.#lessonAhead();
    // What the page shares with its workers is a file of its own: it is asked for with the rest.
    const code = Promise.all([import('../app.js'), import('../run/module.js')]);
    const coming = moduleAhead(code, this.#standard());
    const [{ App }, { expect }] = await code;
    expect(coming);
    this.#room();
    const root = /** @type {ShadowRoot} */ (this.shadowRoot);
    const app = new App(this, root, (type, detail) => {
      if (type === 'ready') this.#isReady();
      this.#tell(type, detail);
    });
    this.#app = app;
    app.view.linked = this.#linked();
    app.setAwake(this.#near);
    await this.#fill(app, app.view.linked, ahead);
    return app;
  }
  /** @param {string} type @param {unknown} [detail] */
  #tell(type, detail) {
    this.dispatchEvent(new CustomEvent(type, { detail }));
  }

  /** The lesson that it will show, if that is sure. */
  #lessonAhead() {
    const name = this.getAttribute('lesson');
    if (!name || this.#own() !== undefined || ['src', 'for'].some((other) => this.getAttribute(other)))
      return undefined;
    return lessonAhead(name);
  }

  /** Shows what the attributes and children ask for. @param {App} app @param {boolean} [byLink] a run in the page’s address goes before them @param {ReturnType<typeof lessonAhead>} [ahead] */
  async #fill(app, byLink = false, ahead) {
    const leader = this.#leader();
    if (leader) return app.opener.join((await leader.#start()).opener);
    const own = this.#own();
    const [src, lesson, run] = ['src', 'lesson', 'run'].map((name) => this.getAttribute(name) ?? undefined);
    const given =
      own !== undefined ? {} : src ? { src, base: this.ownerDocument.baseURI } : lesson ? { lesson, ahead } : {};
    const text = own ?? run ?? firstRun;
    // Three ways are told apart by how they end.
    const ways = this.getAttribute('layout') === 'compare';
    const how = {
      ...given,
      example: ways && own === undefined && run === undefined,
      atEnd: ways && !this.hasAttribute('time'),
      step: this.getAttribute('step') ?? undefined,
      seed: this.getAttribute('seed') ?? undefined,
      time: this.getAttribute('time') ?? undefined,
    };
    const fill = () => app.opener.fill(text, how, firstRun);
    await (byLink ? app.opener.openLink(location.hash, fill, firstRun) : fill());
    const plain = text === firstRun && !src && !lesson && !(byLink && location.hash.length > 1);
    if (plain && this.hasAttribute('opening') && !this.hasAttribute('time'))
      app.open(matchMedia('(prefers-reduced-motion: reduce)').matches);
  }

  /** The element whose run this one shows. */
  #leader() {
    const id = this.getAttribute('for');
    if (!id) return undefined;
    const there = /** @type {Document | ShadowRoot} */ (this.getRootNode()).getElementById?.(id);
    // One step only: who shows another one's run cannot be shown itself.
    return there instanceof ReplicationPlayground && !there.hasAttribute('for') ? there : undefined;
  }

  /** @template T @param {(app: App) => T} act @returns {Promise<T>} */
  async #with(act) {
    return act(await this.#start());
  }

  /** Lets time pass. */
  play() {
    return this.#with((app) => app.act.play());
  }
  pause() {
    return this.#with((app) => app.act.pause());
  }
  /** Goes to the next event, and pauses. */
  step() {
    return this.#with((app) => app.act.step());
  }
  /** Goes back to the event before, and pauses. */
  stepBack() {
    return this.#with((app) => app.act.stepBack());
  }
  /** Goes to a time, and pauses. @param {number} us */
  seek(us) {
    return this.#with((app) => app.act.seek(Number(us)));
  }
  /** Takes the last command back. */
  undo() {
    return this.#with((app) => app.act.undo());
  }
  redo() {
    return this.#with((app) => app.act.redo());
  }
  /** Goes back to 0, with the same text. */
  restart() {
    return this.#with((app) => app.act.restart());
  }
  /** Forgets what was done: the run as it was given. */
  reset() {
    return this.#with((app) => app.act.clear());
  }
  /** Does a line of the run text now; rejects with the error if it is refused. @param {string} line */
  command(line) {
    return this.#with((app) => app.act.commandOrThrow(String(line)));
  }

  /**
   * A method: shows another run, and rejects with the error if the text is refused. As a property it can be set, too, to
   * what the attribute `run` holds: React sets a property wherever there is one.
   * @returns {(text: string) => Promise<void>}
   */
  get run() {
    return (text) => this.#with((app) => app.act.runOrThrow(String(text)));
  }
  set run(text) {
    mirror(this, 'run', text);
  }

  /** Whether the page’s address may hold the run. */
  get link() {
    return this.hasAttribute('link');
  }
  set link(on) {
    this.toggleAttribute('link', Boolean(on));
  }

  /** The run as text. Setting it shows another run. */
  get text() {
    return (
      this.#app?.ui.refused?.text ??
      this.#app?.core?.text ??
      (this.#app?.run.text || undefined) ??
      this.#own() ??
      this.getAttribute('run') ??
      firstRun
    );
  }
  set text(text) {
    this.#text = String(text);
    if (this.#app) this.run(this.#text).catch((error) => this.#tell('error', error));
  }
  /** What the page shows, as plain data; undefined before `ready`. @returns {State | undefined} */
  get state() {
    return this.#app?.core?.state();
  }
  /** The simulated time, µs; undefined before `ready`. */
  get nowUs() {
    return this.#app?.core?.nowUs;
  }
  /** Whether time passes. */
  get playing() {
    return this.#app?.core?.playing ?? false;
  }
  /**
   * What was measured between two times, in at most so many points (see `Charts` in types.d.ts); undefined before `ready`.
   * @param {number} fromUs µs @param {number} toUs µs @param {number} [points] at most 1000
   * @returns {import('../types').Charts | undefined}
   */
  measured(fromUs, toUs, points = 240) {
    return this.#app?.core?.charts(fromUs, toUs, points);
  }
  /** How many runs are kept in memory now: an element that was taken out for good keeps none. */
  static async alive() {
    const { alive } = await import('../run/core.js');
    return alive();
  }
  /** A hash of the state and of all that happened: the same on every machine. */
  get hash() {
    return this.#app?.core?.hash;
  }
}

/** @param {Element} element @param {string} name @param {unknown} value */
function mirror(element, name, value) {
  if (value == null || value === false) element.removeAttribute(name);
  else element.setAttribute(name, String(value));
}

for (const name of MIRRORED) {
  if (name === 'run') continue;
  Object.defineProperty(ReplicationPlayground.prototype, name === 'for' ? 'htmlFor' : name, {
    configurable: true,
    enumerable: true,
    get() {
      return this.getAttribute(name) ?? '';
    },
    set(value) {
      mirror(this, name, value);
    },
  });
}

/** A page may have this script more than once: the first one counts. */
function define() {
  if (!customElements.get('replication-playground'))
    customElements.define('replication-playground', ReplicationPlayground);
}
// A script that is no module can run before what stands in the elements is parsed.
if (globalThis.customElements) {
  if (document.readyState === 'loading') document.addEventListener('DOMContentLoaded', define);
  else define();
}
