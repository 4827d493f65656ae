// Lights up one write wherever it is named on the page, while it is pointed at.

/** @typedef {import('../parts/view.js').View} View */

export class Light {
  #view;
  #ask;
  /** Whether something was lit. */ #on = false;

  /** @param {View} view @param {() => void} ask for a frame, that beads are lit, too */
  constructor(view, ask) {
    this.#view = view;
    this.#ask = ask;
  }

  /** @param {number | undefined} write */
  set(write) {
    const { ui } = this.#view;
    if (ui.lit === write) return;
    ui.lit = write;
    this.apply();
    this.#ask();
  }
  /** To what was drawn now. */
  apply() {
    const { root, ui } = this.#view;
    const { lit } = ui;
    if (lit === undefined && !this.#on) return;
    this.#on = lit !== undefined;
    root.querySelector('.playground')?.toggleAttribute('data-lighting', lit !== undefined);
    for (const el of root.querySelectorAll('[data-lit]'))
      if (Number(el.getAttribute('data-write')) !== lit) el.removeAttribute('data-lit');
    if (lit !== undefined)
      for (const el of root.querySelectorAll(`[data-write="${lit}"]`)) el.setAttribute('data-lit', '');
  }
  /** Scrolls a write's place in the log into view. @param {number | undefined} write */
  reveal(write) {
    const at = this.#view.root.querySelector(`.log [data-write="${write}"]`);
    at?.scrollIntoView({ block: 'nearest', inline: 'nearest' });
  }

  /** The pointer or the focus is somewhere else. @param {Event} e */
  hover(e) {
    const at = /** @type {Element | null} */ (e.target)?.closest?.('[data-write]');
    if (at) this.set(Number(at.getAttribute('data-write')));
    else if (e.type === 'pointerover') this.leave();
    // What was lit by the focus goes dark when it moves on.
    else this.set(undefined);
  }
  leave() {
    if (!this.#view.root.activeElement?.closest('.log .scroll')) this.set(undefined);
  }
}
