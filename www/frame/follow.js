// Keeps the newest in sight, where lists grow at their end: unless somebody has scrolled back to read.

import { PLACES } from '../model/log.js';

const NEAR = 40; // so far from the end is at the end, px
const STEP = 4; // places by which the logs move on
const GAP = 3; // between them, px

export class Follow {
  #root;
  /** Those that are at their end. @type {WeakMap<Element, boolean>} */ #ended = new WeakMap();
  /** How far each was scrolled, px. @type {WeakMap<Element, number>} */ #tops = new WeakMap();
  /** What was shown last. @type {unknown} */ #told;
  /** Where, and in which drawing of the page that was looked for. @type {NodeListOf<Element> | undefined} */ #lists;
  #redraws = -1;
  #last = 0;
  /** How far the logs were scrolled, px. */ #over = 0;

  /** @param {ShadowRoot} root @param {AbortSignal} signal */
  constructor(root, signal) {
    this.#root = root;
    const scrolled = (/** @type {Event} */ e) => {
      const el = /** @type {Element} */ (e.target);
      if (!el.matches('.newest-last')) return;
      const end = el.scrollHeight - el.scrollTop - el.clientHeight < NEAR;
      // What comes may push the end away: who has scrolled back has gone up.
      if (end || el.scrollTop < (this.#tops.get(el) ?? 0)) this.#ended.set(el, end);
      this.#tops.set(el, el.scrollTop);
    };
    root.addEventListener('scroll', scrolled, { capture: true, passive: true, signal });
  }

  /** Once the page is drawn. @param {import('../model/page.js').Page} page */
  draw({ story, state, redraws }) {
    if (redraws !== this.#redraws) this.#lists = this.#root.querySelectorAll('.newest-last');
    this.#redraws = redraws;
    const newest = story.sentences.at(-1);
    if (newest !== this.#told) {
      this.#told = newest;
      for (const el of this.#lists ?? [])
        // Farther than it can be scrolled: nothing has to be measured.
        if (this.#ended.get(el) ?? true) el.scrollTop = 1e7;
    }
    const { first, last } = state?.log ?? { first: 1, last: 0 };
    if (last === this.#last) return;
    this.#last = last;
    const el = this.#root.querySelector('.log .scroll');
    if (!el) return;
    const [name, cell] = /** @type {NodeListOf<HTMLElement>} */ (el.querySelectorAll('thead th'));
    if (!cell) return;
    const each = cell.clientWidth + GAP;
    const seen = Math.max(1, Math.floor((el.clientWidth - name.clientWidth - GAP) / each));
    const shown = Math.min(PLACES, last - first + 1);
    // By some places at once: then they stand still until these are taken.
    const over = Math.min(PLACES - seen, Math.ceil(Math.max(0, shown - seen) / STEP) * STEP) * each;
    const before = this.#over;
    this.#over = over;
    // Somebody has gone to read something else.
    if (Math.abs(el.scrollLeft - before) > each) return;
    if (over !== before) el.scrollLeft = over;
  }
}

/**
 * Brings what is new in a lesson to the top of its panel; nothing else scrolls.
 * @param {ShadowRoot} root @param {import('../types').Lesson | undefined} taken @param {number} told how much there was before
 */
export function toNews(root, taken, told) {
  const count = taken?.items.length ?? 0;
  const panel = root.querySelector('.lesson');
  if (!panel || count === told) return count;
  const shown = panel.querySelectorAll('.now > *');
  const first = shown[Math.max(0, shown.length - Math.max(0, count - told))];
  if (first) panel.scrollTop += first.getBoundingClientRect().top - panel.getBoundingClientRect().top - 12;
  return count;
}
