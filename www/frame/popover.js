// The popover that menus are in: where it stands, and what has the focus in it.

/** @typedef {import('../parts/view.js').View} View */
/** @typedef {import('../model/ui.js').Menu} Menu */

const ROOM = 340; // it has at least so much room, for what unfolds in it
const EDGE = 8;

export class Popover {
  #view;
  #host;
  #frame;
  /** Where it opens, px of the window. */ #at = { x: 0, y: 0 };
  /** What was pressed for it. @type {HTMLElement | undefined} */ #opener;

  /** @param {View} view @param {HTMLElement} host @param {import('./frame.js').Frame} frame */
  constructor(view, host, frame) {
    this.#view = view;
    this.#host = host;
    this.#frame = frame;
  }

  get #pop() {
    return /** @type {HTMLElement | null} */ (this.#view.root.querySelector('.pop'));
  }

  /** @param {Menu} menu @param {Event} e */
  open(menu, e) {
    const button = /** @type {HTMLElement | null} */ (/** @type {Element} */ (e.target).closest('button'));
    this.#opener = button ?? undefined;
    const r = button?.getBoundingClientRect();
    const mouse = /** @type {MouseEvent} */ (e);
    this.#at = r ? { x: r.left, y: r.bottom + 6 } : { x: mouse.clientX + EDGE, y: mouse.clientY + 12 };
    this.#view.act.set({ menu });
  }
  close() {
    this.#pop?.hidePopover();
  }

  /** Once the page is drawn: it is open if there is a menu. */
  show() {
    const { ui, later } = this.#view;
    const pop = this.#pop;
    if (!pop || (!ui.menu && !pop.matches(':popover-open'))) return;
    const open = pop.matches(':popover-open');
    if (!ui.menu) {
      if (open) pop.hidePopover();
      return;
    }
    // Empty, it has nothing that could have the focus, and no size to be placed by.
    if (open || !(later.menus.code || later.menus.failed)) return;
    pop.showPopover();
    this.#place(pop);
    for (const first of ['.act', '.segments button', 'input', 'button']) {
      const el = /** @type {HTMLElement | null} */ (pop.querySelector(`:scope > * ${first}, :scope > ${first}`));
      if (el) return el.focus();
    }
  }
  /** Where it was pressed, and inside the window; what unfolds there later scrolls inside. @param {HTMLElement} pop */
  #place(pop) {
    pop.style.maxHeight = '';
    const box = pop.getBoundingClientRect();
    const view = this.#host.ownerDocument.documentElement;
    const x = Math.max(EDGE, Math.min(this.#at.x, view.clientWidth - box.width - EDGE));
    const y = Math.max(EDGE, Math.min(this.#at.y, view.clientHeight - Math.max(box.height, ROOM) - EDGE));
    pop.style.left = `${x + scrollX}px`;
    pop.style.top = `${y + scrollY}px`;
    pop.style.maxHeight = `${view.clientHeight - y - EDGE}px`;
  }

  /** It closes; or something in it unfolds, and comes into view once it is drawn. */
  toggled = {
    capture: true,
    handleEvent: (/** @type {ToggleEvent} */ e) => {
      const what = /** @type {HTMLElement} */ (e.target);
      if (what === e.currentTarget) {
        if (e.newState === 'closed') this.#closed();
      } else if (e.newState === 'open') {
        this.#view.act.changed();
        this.#frame.after(() => what.scrollIntoView({ block: 'nearest' }));
      }
    },
  };
  #closed() {
    const active = this.#view.root.activeElement;
    if ((!active || active.closest('.pop')) && this.#opener?.isConnected) this.#opener.focus();
    this.#view.ui.open.delete('acts');
    this.#view.act.set({ menu: undefined, packet: undefined });
  }
}
