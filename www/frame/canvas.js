// What is drawn on the canvas of the stage: messages on their way, each where it is now, or a flow of them.

import { Beads } from './beads.js';

/** @typedef {import('../model/page.js').Page} Page */
/** @typedef {import('../model/picture.js').Way} Way */
/** @typedef {{ ink: string, paper: string, fill: (hue: number) => string, on: string }} Paint */

const GAP_MS = 100; // flows do not jump after a rest

export class Canvas {
  #root;
  /** @type {Beads | undefined} */ #beads;
  /** @type {Paint | undefined} */ #paint;
  /** Colours may be others than they were. */ #stained = true;
  #scheme = '';
  /** Whether something is on the canvas. */ #full = false;
  /** How long flows have flowed, and until when that was counted, ms. */ #flowMs = 0;
  #flowAt = 0;
  #size = '';

  /** @param {ShadowRoot} root @param {{ matches: boolean }} calm whether motion is reduced */
  constructor(root, calm) {
    this.#root = root;
    this.calm = calm;
  }

  /** Colours may be others now. */
  stain() {
    this.#stained = true;
  }
  /** The message at a point of the stage, px. @param {number} x @param {number} y */
  hit(x, y) {
    return this.#beads?.hit(x, y);
  }

  /** Takes the canvas that is on the page now, in its size. @param {Page} page */
  prepare({ picture }) {
    const canvas = this.#root.querySelector('canvas');
    if (canvas && this.#beads?.canvas !== canvas) {
      this.#beads = new Beads(canvas);
      this.#full = false;
      this.#size = '';
    }
    const ratio = devicePixelRatio || 1;
    const size = picture && `${picture.width} ${picture.height} ${ratio}`;
    if (picture && size && size !== this.#size) {
      this.#size = size;
      this.#beads?.resize(picture.width, picture.height, ratio);
    }
  }

  /** @param {Page} page @param {number} now ms */
  draw(page, now) {
    const { picture, run } = page;
    const { core } = run;
    if (!core || !picture || !this.#beads) return;
    const packets = core.packets();
    const flows = this.#flows(page, now);
    const full = packets.length > 0 || flows.size > 0;
    if (!full && !this.#full) return;
    this.#full = full;
    if (this.#stained) this.#mix();
    if (!this.#paint) return;
    this.#beads.draw(
      packets,
      core.stride,
      core.kinds,
      (from, to) => picture.way(from, to),
      (write) => run.hueOf(write),
      this.#paint,
      page.ui.lit,
      page.mode === 'grid' ? 0.72 : 1,
      flows,
      this.calm.matches ? 0 : this.#flowMs,
    );
  }

  /** The ways on which so much goes that single messages cannot be told apart, and how much. @param {Page} page @param {number} now @returns {Map<Way, number>} */
  #flows(page, now) {
    if (page.time.playing) this.#flowMs += Math.min(GAP_MS, now - this.#flowAt);
    this.#flowAt = now;
    /** @type {Map<Way, number>} */
    const flows = new Map();
    if (!page.state?.load) return flows;
    for (const { a, b, forth, back } of page.links.values()) {
      const [there, here] = [page.picture?.way(a, b), page.picture?.way(b, a)];
      if (there && page.flows(forth.rate)) flows.set(there, forth.rate);
      if (here && page.flows(back.rate)) flows.set(here, back.rate);
    }
    return flows;
  }

  /** Asks a probe on the page what its colours come to. */
  #mix() {
    const probe = /** @type {HTMLElement | null} */ (this.#root.querySelector('.probe'));
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
  }
}
