// All that is drawn: the page, in its place, and what is put on it. A frame draws what is new.

import { render } from 'lit-html';
import { Canvas } from './canvas.js';
import { Follow, toNews } from './follow.js';
import { Light } from './light.js';
import { Needle } from './needle.js';
import { Pointer } from './point.js';
import { Popover } from './popover.js';
import { Sizes } from './sizes.js';

/** @typedef {import('../parts/view.js').View} View */

const CALM_MS = 500; // with reduced motion, the picture changes at most this often; so do lists of what moves

export class Drawing {
  #view;
  #frame;
  #place;
  #page;
  #calm = matchMedia('(prefers-reduced-motion: reduce)');
  /** Something other than the run is to be drawn. */ #dirty = true;
  #drawnAt = 0;
  #readAt = 0;
  /** What the time line shows, µs. */ #scale = 0;
  /** What it says is waited for. @type {import('../types').Wait | undefined} */ #wait;
  /** Parts of the lesson that were shown before. */ #told = 0;

  /**
   * @param {View} view @param {HTMLElement} host @param {import('./frame.js').Frame} frame @param {AbortSignal} signal
   * @param {HTMLElement} place where the page is drawn @param {(view: View) => unknown} page how
   */
  constructor(view, host, frame, signal, place, page) {
    this.#view = view;
    this.#frame = frame;
    this.#place = place;
    this.#page = page;
    const { root } = view;
    this.canvas = new Canvas(root, this.#calm);
    this.needle = new Needle(root);
    this.follow = new Follow(root, signal);
    this.popover = new Popover(view, host, frame);
    this.pointer = new Pointer(view);
    this.light = new Light(view, () => frame.ask());
    this.sizes = new Sizes(host, root, view, (what) => this.#resized(what));
  }

  /** All is to be drawn anew. */
  soil() {
    this.#dirty = true;
    this.#frame.ask();
  }
  /** Colours may be others now. */
  stain() {
    this.canvas.stain();
    this.#view.kept.charts?.forget();
    this.soil();
  }
  /** With reduced motion the picture is a row of stills: whether this one is shown for longer. @param {number} now ms */
  rests(now) {
    return this.#calm.matches && !this.#dirty && now - this.#drawnAt < CALM_MS;
  }

  /** @param {number} now ms @param {boolean} news whether there is anything new in the run */
  draw(now, news) {
    const view = this.#view;
    this.sizes.begin();
    this.#begin();
    // The table tells how far the messages are; twice a second is enough to read.
    const reads = view.ui.tab === 'table' && view.time.playing && now - this.#readAt > CALM_MS;
    if (reads) [view.readings, this.#readAt] = [view.readings + 1, now];
    const beside = view.kept.compare?.look() ?? false;
    // The time line may show more time than before though nothing has happened.
    const other = view.scale !== this.#scale || view.wait !== this.#wait;
    const draws = this.#dirty || news || reads || beside || other;
    if (draws) this.#drawPage();
    this.#drawnAt = now;
    this.needle.draw(view, now, draws);
    // It asks the browser to lay out the page: nothing that changes it comes behind.
    if (draws) this.follow.draw(view);
    this.canvas.draw(view, now);
  }

  /**
   * A picture before the core is there comes in two frames: what is seen first is seen sooner. Not on a small screen, where
   * the page is longer than the room that was left for it.
   */
  #begin() {
    const view = this.#view;
    const begun = view.begins;
    const large = view.size === 'wide' || view.size === 'medium';
    view.begins = large && view.redraws === 0 && view.still !== undefined;
    if (begun) this.#dirty = true;
    if (view.begins) this.#frame.ask();
  }
  #drawPage() {
    const view = this.#view;
    if (this.#dirty) view.redraws += 1;
    this.#dirty = false;
    [this.#scale, this.#wait] = [view.scale, view.wait];
    render(this.#page(view), this.#place);
    this.sizes.watch();
    this.#told = toNews(view.root, view.lesson, this.#told);
    this.canvas.prepare(view);
    this.popover.show();
    this.light.apply();
    this.pointer.apply();
  }

  /** A menu stands where its button was, so it closes when the page is another one. @param {'host' | 'stage'} what */
  #resized(what) {
    if (what === 'host') {
      if (this.#view.ui.menu) this.popover.close();
      return this.soil();
    }
    // The browser has laid out the page and not painted it yet: cards and lines are put into their places at once.
    this.#drawPage();
    this.canvas.draw(this.#view, performance.now());
  }

  close() {
    this.sizes.close();
  }
}
