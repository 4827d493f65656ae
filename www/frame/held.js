// What is pressed while the core is on its way: it is kept, and done when the core is there.

/** Pressed, or set to a value. @typedef {{ target: HTMLElement, value?: string, enter: boolean }} Press */

export class Held {
  #root;
  #waits;
  #told;
  /** @type {Press[]} */ #list = [];
  /** Whether anything was pressed. */ any = false;

  /**
   * @param {ShadowRoot} root @param {AbortSignal} signal
   * @param {() => boolean} waits whether there is a picture, and no core @param {() => void} told something was pressed
   */
  constructor(root, signal, waits, told) {
    this.#root = root;
    this.#waits = waits;
    this.#told = told;
    for (const type of ['click', 'change', 'keydown'])
      root.addEventListener(type, (e) => this.#take(e), { capture: true, signal });
  }

  /** @param {Event} e */
  #take(e) {
    const target = /** @type {HTMLElement} */ (e.target);
    // What says that the core did not arrive has a button of its own.
    if (!this.#waits() || target.closest('.panel')) return;
    const enter = e.type === 'keydown';
    if (enter && !(/** @type {KeyboardEvent} */ (e).key === 'Enter' && target.matches('input'))) return;
    const control =
      e.type === 'click'
        ? /** @type {HTMLElement | null} */ (target.closest('button, summary, a, [type=checkbox]'))
        : target;
    // Words around a control press it, too: that is another click.
    if (!control) return;
    e.preventDefault();
    e.stopImmediatePropagation();
    const value = e.type === 'change' ? /** @type {HTMLInputElement} */ (target).value : undefined;
    control.dataset.held = '';
    this.#list.push({ target: control, value, enter });
    this.any = true;
    this.#told();
  }

  /** Puts back what was chosen, where the page was drawn since: it says what the run does. */
  show() {
    for (const { target, value } of this.#list)
      if (value !== undefined) /** @type {HTMLInputElement} */ (target).value = value;
  }

  /** Does it all, in its order. */
  release() {
    for (const { target, value, enter } of this.#list.splice(0)) {
      delete target.dataset.held;
      const there = target.isConnected ? target : this.#like(target);
      if (value !== undefined && there) {
        /** @type {HTMLInputElement} */ (there).value = value;
        for (const type of ['input', 'change']) there.dispatchEvent(new Event(type, { bubbles: true }));
      } else if (enter) there?.dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter', bubbles: true }));
      else there?.click();
    }
  }

  /** It was drawn anew: what does the same. @param {HTMLElement} target @returns {HTMLElement | null} */
  #like({ dataset }) {
    return dataset.do ? this.#root.querySelector(`[data-do=${JSON.stringify(dataset.do)}]`) : null;
  }
}
