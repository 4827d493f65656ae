// <replication-playground>: the element, its attributes, properties, methods and events. Importing this on a server
// does nothing; the rest of the page's code is evaluated when the first element is seen.

import firstRun from './first.run';

/** @typedef {import('./app.js').App} App */
/** @typedef {import('./types').State} State */

const Base = /** @type {typeof HTMLElement} */ (globalThis.HTMLElement ?? class {});

/**
 * Attributes: `run` (a run text), `lesson` (the name of a lesson that comes with the playground), `theme` (`auto`,
 * `light`, `dark`), `link` (the page’s address may hold a run; the first element that has it reads it).
 * A run text may also be given in a child `<script type="text/plain">` or `<pre>`; other children are shown
 * where there is no JavaScript.
 * Events: `ready`, `change` (something other than the passing of time), `error` (`detail` is the error).
 */
export class ReplicationPlayground extends Base {
  static observedAttributes = ['run', 'lesson', 'theme'];

  /** Fulfilled when the first run is on the page. @type {Promise<ReplicationPlayground>} */ ready;
  /** @type {App | undefined} */ #app;
  /** @type {Promise<void> | undefined} */ #started;
  /** @type {IntersectionObserver | undefined} */ #seen;
  /** @type {ReturnType<typeof setTimeout> | undefined} */ #leaving;
  /** @type {() => void} */ #isReady = () => {};
  #hashChanged = () => void this.#app?.openLink(location.hash);

  constructor() {
    super();
    this.ready = new Promise((resolve) => (this.#isReady = () => resolve(this)));
  }

  connectedCallback() {
    clearTimeout(this.#leaving); // moved, not removed
    this.#seen ??= new IntersectionObserver(
      (entries) => {
        const near = entries.some((e) => e.isIntersecting);
        if (near) void this.#start();
        this.#app?.setAwake(near);
      },
      { rootMargin: '200px' },
    );
    this.#seen.observe(this);
    if (this.#linked()) addEventListener('hashchange', this.#hashChanged);
  }

  disconnectedCallback() {
    this.#seen?.disconnect();
    removeEventListener('hashchange', this.#hashChanged);
    this.#app?.setAwake(false);
    this.#leaving = setTimeout(() => {
      this.#app?.close();
      this.#app = undefined;
      this.#started = undefined;
    }, 1000);
  }

  /** @param {string} name @param {string | null} before @param {string | null} now */
  attributeChangedCallback(name, before, now) {
    if (name === 'theme') this.#app?.themeChanged();
    else if (name === 'lesson') void (now && this.#app?.takeLesson(now));
    else if (this.#app && now !== null && now !== before) void this.#app.open(now, { fallback: firstRun });
  }

  /** The run text as given by the host page, else the standard one. */
  #given() {
    return this.#child()?.textContent ?? this.getAttribute('run') ?? firstRun;
  }
  #child() {
    return this.querySelector(':scope > script[type="text/plain"], :scope > pre');
  }

  /** Whether links of this page open here. */
  #linked() {
    return this.hasAttribute('link') && document.querySelector('replication-playground[link]') === this;
  }

  #start() {
    this.#started ??= (async () => {
      const { App } = await import('./app.js');
      const root = this.shadowRoot ?? this.attachShadow({ mode: 'open' });
      this.#app = new App(this, root, {
        ready: () => {
          this.#isReady();
          this.dispatchEvent(new CustomEvent('ready'));
        },
        change: () => this.dispatchEvent(new CustomEvent('change')),
        error: (error) => this.dispatchEvent(new CustomEvent('error', { detail: error })),
      });
      this.#app.linked = this.#linked();
      const lesson = this.getAttribute('lesson');
      const linked = this.#app.linked && /[#&]runz?=/.test(location.hash);
      if (lesson && !linked && !this.#child()) await this.#app.takeLesson(lesson, firstRun);
      else if (this.#app.linked) await this.#app.openLink(location.hash, this.#given(), firstRun);
      else await this.#app.open(this.#given(), { fallback: firstRun });
    })();
    return this.#started;
  }

  /** @param {(app: App) => void} act */
  async #with(act) {
    await this.#start();
    if (this.#app) act(this.#app);
  }

  /** Lets time pass. */
  play() {
    return this.#with((app) => app.play());
  }
  pause() {
    return this.#with((app) => app.pause());
  }
  /** Goes to the next event, and pauses. */
  step() {
    return this.#with((app) => app.step());
  }
  /** Goes back to the event before, and pauses. */
  stepBack() {
    return this.#with((app) => app.stepBack());
  }
  /** Goes to a time, and pauses. @param {number} us */
  seek(us) {
    return this.#with((app) => app.seek(Number(us)));
  }
  /** Takes the last command back. */
  undo() {
    return this.#with((app) => app.undo());
  }
  redo() {
    return this.#with((app) => app.redo());
  }
  /** Goes back to 0, with the same text. */
  restart() {
    return this.#with((app) => app.restart());
  }
  /** Shows another run; rejects with the error if the text is refused. @param {string} text */
  run(text) {
    return this.#with((app) => app.runOrThrow(String(text)));
  }
  /** Does a line of the run text now; rejects with the error if it is refused. @param {string} line */
  command(line) {
    return this.#with((app) => app.commandOrThrow(String(line)));
  }

  /** The run as text. Setting it shows another run. */
  get text() {
    return this.#app?.text ?? this.#given();
  }
  set text(text) {
    this.run(text).catch((error) => this.dispatchEvent(new CustomEvent('error', { detail: error })));
  }
  /** What the page shows, as plain data; undefined before `ready`. @returns {State | undefined} */
  get state() {
    return this.#app?.core?.state();
  }
  /**
   * What was measured between two times, in at most so many points (see `Charts` in types.d.ts); undefined before `ready`.
   * @param {number} fromUs µs @param {number} toUs µs @param {number} [points] at most 1000
   * @returns {import('./types').Charts | undefined}
   */
  measured(fromUs, toUs, points = 240) {
    return this.#app?.core?.charts(fromUs, toUs, points);
  }
  /** A hash of the state and of all that happened: the same on every machine. */
  get hash() {
    return this.#app?.core?.hash;
  }
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
