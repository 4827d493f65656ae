// Puts a ring around the control that a lesson means, wherever it is on the page now.

/** @typedef {import('../parts/view.js').View} View */
/** @typedef {import('../types').Wanted} Wanted */

/** Both ends of a link, in either order. @param {string} a @param {string} b */
const either = (a, b) => [`${a}-${b}`, `${b}-${a}`];

export class Pointer {
  #view;
  /** @type {Element | undefined} */ #at;

  /** @param {View} view */
  constructor(view) {
    this.#view = view;
  }

  /** Where a task is done; the nearest way to it if that is still folded away. @param {Wanted} wanted @returns {Element | undefined} */
  find({ verb, line, node, link }) {
    const { root, words } = this.#view;
    const [first] = Object.keys(words.routers);
    const marked = (/** @type {string} */ name, /** @type {string[]} */ values) =>
      values.map((value) =>
        [...root.querySelectorAll(`[data-${name}]`)].find((el) => el.getAttribute(`data-${name}`) === value),
      );
    const at = (/** @type {string} */ selector) => root.querySelector(selector) ?? undefined;
    const lines = link ? either(...link).map((pair) => `${verb} ${pair}`) : [line];
    const power = verb === 'crash' || verb === 'start' ? [`power ${node}`] : [];
    const control = [verb, ...power, ...(link ? either(...link).map((pair) => `link ${pair}`) : [`node ${node}`])];
    const found = [
      ...marked('line', lines),
      ...marked('do', control),
      verb === 'add' ? at('.add') : undefined,
      verb === 'load' ? at('.load-switch .segments') : undefined,
      verb === 'router' ? at(`select:has(option[value="${first}"])`) : undefined,
      ...marked('setting', [verb]),
    ];
    return found.find((el) => el !== undefined);
  }
  /** To what was drawn now. */
  apply() {
    const { pointed } = this.#view.ui;
    const at = pointed && this.find(pointed);
    if (at === this.#at) return;
    this.#at?.removeAttribute('data-pointed');
    at?.setAttribute('data-pointed', '');
    this.#at = at;
  }
  /** Into sight. */
  show() {
    this.#at?.scrollIntoView({ block: 'nearest' });
  }
}
