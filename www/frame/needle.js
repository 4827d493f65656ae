// What moves with each frame though nothing happens: the clock, and the needle of the time line.

import { near } from '../model/timeline.js';
import { left } from '../model/waits.js';
import { clock } from '../words/words.js';

const CLOCK_MS = 45; // while nothing else is drawn, its figures change at most this often

export class Needle {
  #root;
  /** @type {HTMLInputElement | null} */ #needle = null;
  /** @type {Element | null} */ #seen = null;
  /** @type {Element | null} */ #clock = null;
  /** @type {Element | null} */ #left = null;
  #says = '';
  #at = 0;

  /** @param {ShadowRoot} root */
  constructor(root) {
    this.#root = root;
  }

  /** @param {import('../model/page.js').Page} page @param {number} now ms @param {boolean} drew whether this frame has drawn something else */
  draw(page, now, drew) {
    // A frame that draws something has the page laid out already.
    if (page.time.playing && !drew && now - this.#at < CLOCK_MS) return;
    if (!this.#clock?.isConnected) {
      this.#clock = this.#root.querySelector('.clock > span');
      this.#needle = this.#root.querySelector('.needle');
      this.#seen = this.#root.querySelector('.seen');
    }
    const { nowUs, scale, furthest } = page;
    const says = page.state ? clock(nowUs) : '';
    if (this.#needle) {
      this.#needle.value = String(nowUs);
      const here = near(page.marks, nowUs, (scale / Math.max(200, page.width - 60)) * 3);
      const text = `${page.words.ofTime(says, clock(furthest))}${here ? `. ${here.text}` : ''}`;
      if (this.#needle.ariaValueText !== text) this.#needle.setAttribute('aria-valuetext', text);
    }
    this.#countDown(page);
    this.#seen?.setAttribute('x2', `${(Math.min(furthest, scale) / scale) * 100}%`);
    if (!this.#clock || says === this.#says) return;
    this.#clock.textContent = says;
    this.#says = says;
    this.#at = now;
  }

  /** How long what is waited for takes still. @param {import('../model/page.js').Page} page */
  #countDown({ wait, nowUs }) {
    if (!wait) return;
    if (!this.#left?.isConnected) this.#left = this.#root.querySelector('.wait .left');
    const says = left(wait.untilUs - nowUs);
    if (this.#left && this.#left.textContent !== says) this.#left.textContent = says;
  }
}
