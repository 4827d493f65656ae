// What is done with the page itself, beside the verbs: menus are opened where they were asked for, things come into sight.

/** @typedef {import('../parts/view.js').View} View */
/** @typedef {import('../model/ui.js').Menu} Menu */
/** @typedef {ReturnType<typeof makeDeeds>} Deeds */

/**
 * @param {View} view
 * @param {{ popover: import('./popover.js').Popover, light: import('./light.js').Light, pointer: import('./point.js').Pointer, canvas: import('./canvas.js').Canvas, frame: import('./frame.js').Frame }} with_
 */
export function makeDeeds(view, { popover, light, pointer, canvas, frame }) {
  const show = (/** @type {string} */ what) => view.root.querySelector(what)?.scrollIntoView({ block: 'nearest' });
  /** @param {Menu} menu @param {Event} e */
  const openMenu = (menu, e) => {
    if (menu.kind !== 'packet' || view.act.inspect(menu.id)) popover.open(menu, e);
  };
  return {
    /** Once what is being drawn is on the page. @param {() => void} act */
    afterDrawn: (act) => frame.after(act),
    openMenu,
    closeMenu: () => popover.close(),
    /** @param {number | undefined} write */
    light: (write) => light.set(write),
    /** @param {number | undefined} write */
    reveal: (write) => light.reveal(write),
    /** @param {number} operation @param {Event} e */
    askWhy(operation, e) {
      if (view.act.explain(operation)) openMenu({ kind: 'why', id: operation }, e);
    },
    /** @param {Event} e */
    openShare(e) {
      view.ui.share = {};
      openMenu({ kind: 'share' }, e);
      if (view.linked) void view.act.makeLinks();
    },
    /** @param {File} file */
    takeFile(file) {
      popover.close();
      return view.act.openFile(file);
    },
    /** Shows a part of the run in the diagram. @param {import('../types').Why} why */
    async showInDiagram(why) {
      popover.close();
      view.act.set({ tab: 'spacetime' });
      await view.later.spacetime.load(view);
      view.later.spacetime.code?.explain(view, why);
      frame.after(() => show('.spacetime'));
    },
    /** Looks for what can go wrong in the cluster of now. */
    async openCheck() {
      view.act.set({ tab: 'check' });
      await view.later.check.load(view);
      view.later.check.code?.openCheck(view);
      frame.after(() => {
        show('.checker');
        /** @type {HTMLElement | null} */ (view.root.querySelector('.check-title'))?.focus();
      });
    },
    /** Where a cluster is pasted. @param {Event} e */
    async openPaste(e) {
      const opener = /** @type {HTMLElement | null} */ (/** @type {Element} */ (e.target).closest('button'));
      view.act.set({ tab: 'paste' });
      await view.later.paste.load(view);
      view.later.paste.code?.openPaste(view, opener);
      frame.after(() => {
        show('.pasted');
        /** @type {HTMLElement | null} */ (view.root.querySelector('.pasted textarea'))?.focus();
      });
    },
    showCharts() {
      view.act.set({ tab: 'charts' });
      frame.after(() => show('.charts'));
    },
    /** The moment under the cursor of the curves, on the time line. @param {number | undefined} us */
    pointCharts(us) {
      const at = view.root.querySelector('.at-chart');
      at?.toggleAttribute('data-shown', us !== undefined);
      for (const end of ['x1', 'x2']) at?.setAttribute(end, `${((us ?? 0) / view.scale) * 100}%`);
    },
    /** @param {import('../types').Mark | undefined} mark */
    pointMark(mark) {
      if (mark === view.ui.mark) return;
      view.act.set({ mark });
      light.set(mark?.write || undefined);
    },
    /** Opens the group of a setting and goes to its control. @param {string} group @param {string} line */
    showSetting(group, line) {
      view.act.unfold(group, true);
      frame.after(() => {
        const at = /** @type {HTMLElement | null} */ (
          view.root.querySelector(`[data-setting="${line}"] :is(select, input, button)`)
        );
        at?.focus();
        at?.scrollIntoView({ block: 'nearest' });
      });
    },
    /** Shows the control that a task means; where there is none, the task is done at once. @param {import('../types').Wanted} wanted */
    async pointOut(wanted) {
      view.act.set({ pointed: wanted });
      if (!pointer.find(wanted)) {
        await view.later.settings.load(view);
        const group = view.later.settings.code?.groupOf(wanted.verb);
        if (group && view.shows('settings')) ['more', group].forEach((fold) => view.act.unfold(fold, true));
        else return view.act.showMe();
      }
      frame.after(() => pointer.show());
    },
    /** A press on the stage, on no control: a bead or a line under it. @param {MouseEvent} e */
    pressStage(e) {
      const target = /** @type {Element} */ (e.target);
      if (target.closest('button, input, select, a, .kv') || !view.shows('faults')) return;
      const stage = /** @type {Element} */ (e.currentTarget).getBoundingClientRect();
      if (!target.closest('.node')) {
        const spot = canvas.hit(e.clientX - stage.left, e.clientY - stage.top);
        if (spot) return openMenu({ kind: 'packet', id: spot.id }, e);
      }
      const key = target.getAttribute('data-link');
      const link = key && view.links.get(key);
      if (link) openMenu({ kind: 'link', a: link.a, b: link.b }, e);
    },
  };
}
