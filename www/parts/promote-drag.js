// A slave is dragged onto the master's place, and takes it. For mouse and pen: a finger scrolls, and has the menu.

/** @typedef {import('./view.js').View} View */

/** So far moves what is dragged; less is a press. */
const MOVES_PX = 6;

/** The pointer goes down on the stage. @param {View} view @param {PointerEvent} down */
export function dragToPromote(view, down) {
  const at = /** @type {Element} */ (down.target);
  const card = /** @type {HTMLElement | null} */ (at.closest('.node.slave.up > header')?.parentElement ?? null);
  const place = card?.closest('.stage')?.querySelector('.masters');
  if (!card || !place || at.closest('.power')) return;
  if (down.button !== 0 || down.pointerType === 'touch' || !view.can('faults')) return;
  const name = view.nameOf(Number(card.dataset.node));
  const ends = new AbortController();
  let moved = false;

  const isOver = (/** @type {PointerEvent} */ e) => {
    const box = place.getBoundingClientRect();
    return e.clientX > box.left && e.clientX < box.right && e.clientY > box.top && e.clientY < box.bottom;
  };
  const end = () => {
    ends.abort();
    card.style.translate = '';
    card.toggleAttribute('data-dragged', false);
    place.removeAttribute('data-drop');
  };
  const move = (/** @type {PointerEvent} */ e) => {
    const [x, y] = [e.clientX - down.clientX, e.clientY - down.clientY];
    if (!moved && Math.hypot(x, y) < MOVES_PX) return;
    moved = true;
    card.toggleAttribute('data-dragged', true);
    card.style.translate = `${x}px ${y}px`;
    place.setAttribute('data-drop', isOver(e) ? 'here' : 'to');
  };
  const up = (/** @type {PointerEvent} */ e) => {
    end();
    if (!moved) return;
    // The press that a browser makes of it opens no menu.
    const press = (/** @type {Event} */ click) => click.stopPropagation();
    window.addEventListener('click', press, { capture: true, once: true });
    setTimeout(() => window.removeEventListener('click', press, { capture: true }));
    if (isOver(e) && card.isConnected) view.act.command(`promote ${name}`);
  };
  const escape = (/** @type {KeyboardEvent} */ e) => {
    if (e.key === 'Escape') end();
  };
  const { signal } = ends;
  window.addEventListener('pointermove', move, { signal });
  window.addEventListener('pointerup', up, { signal });
  window.addEventListener('pointercancel', end, { signal });
  window.addEventListener('keydown', escape, { signal });
}
