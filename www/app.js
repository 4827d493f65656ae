// One playground on the page: the wiring. This is the only file that knows all rooms; what each of them does stands there.

import { surfaceOf } from './element/surface.js';
import { makeBrowser } from './frame/browser.js';
import { makeDeeds } from './frame/deeds.js';
import { Drawing } from './frame/drawing.js';
import { Frame } from './frame/frame.js';
import { Held } from './frame/held.js';
import { pressKey } from './frame/keys.js';
import { Say } from './frame/say.js';
import { later } from './later/later.js';
import { Page } from './model/page.js';
import { makeUi } from './model/ui.js';
import { page } from './parts/page.js';
import sheets from './parts/styles.js';
import { isDone } from './run/kept.js';
import { Run } from './run/run.js';
import first from 'still:first';
import { broke } from './verbs/desk.js';
import { foresee } from './verbs/foresee.js';
import { News } from './verbs/news.js';
import { openVerbs } from './verbs/open.js';
import { makeVerbs } from './verbs/verbs.js';
import { makeWords } from './words/words.js';

/** @typedef {import('./run/core.js').Core} Core */
/** @typedef {import('./parts/view.js').View} View */

/** Numbers of the playgrounds on this page. @type {Set<number>} */
const numbers = new Set();

export class App {
  run = new Run();
  ui = makeUi();
  /** @type {View} */ view;
  #number = 1;
  #closing = new AbortController();
  #listening = new AbortController();
  #ready = false;
  #awake = true;

  /**
   * @param {HTMLElement} host @param {ShadowRoot} root
   * @param {(type: string, detail?: unknown) => void} tell what the host page may hear
   */
  constructor(host, root, tell) {
    this.host = host;
    this.root = root;
    this.tell = tell;
    while (numbers.has(this.#number)) this.#number++;
    numbers.add(this.#number);
    root.adoptedStyleSheets = [root.adoptedStyleSheets[0], ...sheets()];
    const place = /** @type {HTMLElement} */ (root.querySelector('.frame > div'));
    place.querySelector(':scope > slot')?.remove();

    const { signal } = this.#closing;
    this.held = new Held(
      root,
      signal,
      () => this.view.still !== undefined,
      () => {
        this.act.set({ notice: this.view.words.held });
        this.frame.after(() => this.held.show());
      },
    );
    this.frame = new Frame((now) => this.#frame(now));
    this.say = new Say(root);
    const model = new Page(this.run, this.ui, surfaceOf(host), makeWords(), this.#number);
    this.view = Object.assign(model, { later, root, isDone, kept: {}, act: /** @type {any} */ ({}) });
    model.presets = first.presets;
    this.drawing = new Drawing(this.view, host, this.frame, signal, place, (view) => page(view, this.around));

    this.desk = this.#desk();
    this.news = new News(this.desk, this.view);
    this.opener = openVerbs(this.desk, {
      standard: first.text,
      take: (core) => this.#take(core),
      foresee: (text, made) => this.#foresee(text, made),
      complain: () => this.#complain(),
      beginLesson: (step) => this.act.goToStep(step),
      learn: (link) => this.act.learn(link),
      seekTo: (word) => this.act.seekTo(word),
    });
    const { popover, light, pointer, canvas } = this.drawing;
    Object.assign(
      this.view.act,
      makeVerbs(this.desk, this.opener),
      makeDeeds(this.view, { popover, light, pointer, canvas, frame: this.frame }),
    );
    this.around = {
      open: this.opener.open,
      menuToggled: popover.toggled,
      themeChanged: () => this.drawing.stain(),
    };

    const on = (/** @type {EventTarget} */ target, /** @type {string} */ type, /** @type {(e: any) => void} */ act) =>
      target.addEventListener(type, act, { signal });
    for (const type of ['pointerover', 'focusin']) on(root, type, (e) => light.hover(e));
    for (const target of [root, host]) on(target, 'pointerleave', () => light.leave());
    on(root, 'keydown', (e) => pressKey(this.view, e));
    on(matchMedia('(prefers-color-scheme: dark)'), 'change', () => this.drawing.stain());
  }

  /** All that can be done, by name. */
  get act() {
    return this.view.act;
  }
  get core() {
    return this.run.core;
  }

  /** What verbs work with. @returns {import('./verbs/desk.js').Desk} */
  #desk() {
    return {
      run: this.run,
      ui: this.ui,
      words: () => this.view.words,
      changed: () => this.changed(),
      tell: this.tell,
      say: (words) => this.say.say(words),
      letGo: () => this.#letGo(),
      browser: makeBrowser(this.root, this.frame),
    };
  }

  // --- which run ---

  /** What can be seen of it at once. @param {string} text @param {import('./run/still.js').Still} [made] when the page was built */
  #foresee(text, made) {
    const state = foresee(this.desk, this.view.surface, first, text, made);
    if (state) this.news.foreseen(state);
  }
  /** Shows this run from now on. @param {Core} core */
  #take(core) {
    this.#letGo();
    this.run.core = core;
    core.hold(this);
    core.watch(this, this.#awake);
    this.#speak();
    this.#listening = new AbortController();
    const { signal } = this.#listening;
    const on = (/** @type {string} */ what, /** @type {() => void} */ act) =>
      core.events.addEventListener(what, act, { signal });
    on('advanced', () => this.changed());
    on('begun', () => this.#begin());
    on('turned', () => {
      this.run.story.reset();
      this.changed();
    });
    this.ui.crash = this.ui.failed = undefined;
    if (this.held.any) this.ui.notice = undefined;
    this.#begin();
    this.frame.after(() => this.held.release());
    if (this.#ready) return;
    this.#ready = true;
    this.tell('ready');
  }
  #letGo() {
    this.#listening.abort();
    this.run.core?.release(this);
    this.run.core = undefined;
  }
  /** From its beginning. */
  #begin() {
    this.run.begin();
    this.news.begin();
    const { ui } = this;
    ui.compared = ui.mark = ui.opening = ui.scrubTo = ui.menu = ui.lit = ui.refused = ui.missing = undefined;
    this.changed();
  }
  /** In the words that the page wants. Where two show one run, the first one has the say. */
  #speak() {
    const { core } = this.run;
    if (core && !this.opener.follows()) core.vocabulary = this.view.surface.vocabulary;
  }
  /** Begins with the opening, now that the run is there: its first picture has it. @param {boolean} calm */
  open(calm) {
    if (this.held.any) return;
    this.news.pull();
    this.act.beginOpening(calm);
  }
  /** Says what of the attributes was not understood, and why another run cannot be shown. */
  #complain() {
    const { words: t, surface } = this.view;
    const notes = surface.wrong.map(({ attribute, word, known }) => t.wrongAttribute(attribute, word, known));
    const other = this.host.getAttribute('for');
    if (other && !this.opener.follows()) notes.push(t.wrongFor(other));
    if (notes.length === 0) return;
    for (const note of notes) this.tell('error', new Error(note));
    this.act.set({ notice: notes.join(' ') });
  }

  // --- what the element tells ---

  /** Attributes say otherwise now. */
  surfaceChanged() {
    this.view.surface = surfaceOf(this.host);
    this.#complain();
    this.#speak();
    this.drawing.stain();
  }
  /** It rests while nobody can see it. @param {boolean} awake */
  setAwake(awake) {
    this.#awake = awake;
    this.run.core?.watch(this, awake);
    this.frame.setAwake(awake);
  }
  close() {
    this.#closing.abort();
    numbers.delete(this.#number);
    for (const one of [this.drawing, this.frame, this.say]) one.close();
    // Those that have a worker, or an instance of their own.
    for (const one of Object.values(this.view.kept)) if ('close' in one) one.close();
    this.opener.end();
    this.#letGo();
  }

  // --- a frame ---

  changed() {
    this.drawing.soil();
  }
  /** @param {number} now ms @returns {boolean} whether another one follows by itself */
  #frame(now) {
    const { run, ui, view, drawing } = this;
    const rests = drawing.rests(now);
    try {
      if (ui.scrubTo !== undefined) this.act.seek(ui.scrubTo);
      if (run.core?.playing) run.core.advance();
      if (run.time.playing && view.over && !this.opener.follows()) this.act.rest();
      if (ui.opening) this.act.lookAtOpening();
      if (!rests) drawing.draw(now, this.news.pull());
    } catch (error) {
      broke(this.desk, error);
    }
    return (run.core?.playing || view.kept.compare?.behind) ?? false;
  }
}
