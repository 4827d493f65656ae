// What is done by key in here does not reach the page around it: mdBook turns its pages on arrows, others search on
// letters. Letters outside fields are nothing to us, and stay the page's.

const OWN_KEYS = /^(Arrow.*|Enter| |Home|End|Page.*)$/; // what buttons, sliders and lists answer to

/** @param {import('../parts/view.js').View} view @param {KeyboardEvent} e */
export function pressKey(view, e) {
  const target = /** @type {Element} */ (e.target);
  const typing = target.matches('textarea, select, input:not([type=range], [type=checkbox])');
  const field = target.matches('textarea, input:not([type=range], [type=checkbox])');
  const undoes = (e.ctrlKey || e.metaKey) && !e.altKey && e.key.toLowerCase() === 'z';
  if (undoes && !field && view.run.core && view.can('timeline')) {
    e.preventDefault();
    e.stopPropagation();
    if (e.shiftKey && view.past?.canRedo) view.act.redo();
    else if (!e.shiftKey && view.past?.canUndo) view.act.undo();
  }
  const over = e.key === 'Escape' && target.closest('.console > .fold[open]');
  if (over) {
    view.act.unfold('more', false);
    over.querySelector('summary')?.focus();
  }
  if (OWN_KEYS.test(e.key) || (typing && e.key !== 'Tab')) e.stopPropagation();
}
