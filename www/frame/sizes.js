// The sizes that the page is drawn by: of the element, of its stage, and of those who watch. They are told by the browser
// when it has laid out the page, so that no frame has to ask.

/** @typedef {import('../model/page.js').Page} Page */

export class Sizes {
  #root;
  #host;
  #page;
  #observer;
  #closing = new AbortController();
  /** @type {WeakSet<Element>} */ #known = new WeakSet();
  /** What the page was when that was looked for. */ #redraws = -1;
  /** @type {unknown} */ #observers;

  /** @param {HTMLElement} host @param {ShadowRoot} root @param {Page} page @param {(what: 'host' | 'stage') => void} changed */
  constructor(host, root, page, changed) {
    this.#root = root;
    this.#host = host;
    this.#page = page;
    this.#observer = new ResizeObserver((entries) => {
      for (const { target, contentRect } of entries) {
        if (target === host && contentRect.width !== page.width) {
          page.width = contentRect.width;
          changed('host');
        }
      }
      if (entries.some(({ target }) => target !== host) && this.#read()) changed('stage');
    });
    this.#observer.observe(host);
    this.#tall();
    addEventListener('resize', () => this.#tall() && changed('host'), { signal: this.#closing.signal });
  }

  /** How high the screen is, in three steps. Whether that is not as it was. */
  #tall() {
    const tall = innerHeight < 830 ? 'low' : innerHeight < 960 ? 'middle' : 'high';
    const other = tall !== this.#page.tall;
    this.#page.tall = tall;
    return other;
  }

  /** Before anything is drawn, nothing has told it yet. */
  begin() {
    this.#page.width ||= this.#host.clientWidth;
    this.#page.stageWidth ||= this.#page.stageAhead;
  }

  /** Looks for what is on the page now, where that may be something else. */
  watch() {
    const { redraws, state } = this.#page;
    if (redraws === this.#redraws && state?.observers === this.#observers) return;
    [this.#redraws, this.#observers] = [redraws, state?.observers];
    for (const el of this.#root.querySelectorAll('.stage, .observer')) {
      if (this.#known.has(el)) continue;
      this.#known.add(el);
      this.#observer.observe(el);
    }
  }

  /** Whether something is not as it was. */
  #read() {
    const stage = this.#root.querySelector('.stage');
    if (!stage) return false;
    const page = this.#page;
    const origin = stage.getBoundingClientRect();
    const boxes = new Map(
      [.../** @type {NodeListOf<HTMLElement>} */ (this.#root.querySelectorAll('.observer'))].map((el) => {
        const r = el.getBoundingClientRect();
        const box = { x: r.left - origin.left, y: r.top - origin.top, w: r.width, h: r.height };
        return [Number(el.dataset.observer), box];
      }),
    );
    if (page.stageWidth === origin.width && JSON.stringify([...boxes]) === JSON.stringify([...page.observers]))
      return false;
    page.stageWidth = origin.width;
    page.observers = boxes;
    return true;
  }

  close() {
    this.#observer.disconnect();
    this.#closing.abort();
  }
}
