// The time line: a slider from 0 to the furthest that was seen, what happened as marks on it, and the branches of the run.

import { html, svg, nothing } from 'lit-html';
import { keyed } from 'lit-html/directives/keyed.js';
import { guard } from 'lit-html/directives/guard.js';
import { LANES, momentOf, near, thinned, ticksOf, weight, weightiest } from '../model/timeline.js';
import { clock } from '../words/words.js';
import { branches } from './branches.js';
import { icons, room, tint } from './marks.js';
import { part } from './view.js';
import { wait } from './wait.js';

/** @typedef {import('../types').Mark} Mark */
/** @typedef {import('./view.js').View} View */

const SHAPES = [
  'M-3.500 0a3.500 3.500 0 1 0 7 0a3.500 3.500 0 1 0-7 0',
  'M-4.500 3.500L0-3.500L4.500 3.500z',
  'M-4.500-3.500L0 3.500L4.500-3.500z',
  'M0-5L5 0L0 5L-5 0z',
  'M0-4.500a4.500 4.500 0 1 0 0 9a4.500 4.500 0 1 0 0-9M0-4.500a4.500 4.500 0 0 0 0 9z',
  'M-2.500-6h5L6-2.500v5L2.500 6h-5L-6 2.500v-5zM-2.500-2.500l5 5M2.500-2.500l-5 5',
];
/** Pixels around a mark in which it is meant. */
const NEAR = 8;
/** Entries in the list of marks. */
const LISTED = 200;

/** @param {View} view @param {Mark[]} marks @param {number} scale @param {number} width */
const drawing = (view, marks, scale, width) => svg`
  ${thinned(marks, scale / width).map(
    (m) =>
      svg`<svg class="mark ${m.kind}" x="${(m.atUs / scale) * 100}%" y=${LANES[weight(m)]} data-write=${m.write || nothing} ${tint(m.write ? view.hueOf(m.write) : undefined)}><path d=${SHAPES[weight(m)]}/></svg>`,
  )}`;
/** Round times on the line. @param {number} scale */
const ticks = (scale) =>
  ticksOf(scale).map((us) => {
    const x = `${(us / scale) * 100}%`;
    return svg`<line class="tick" x1=${x} x2=${x} y1="17" y2="25"/><text class="tick" x=${x} y="52">${us / 1_000_000} s</text>`;
  });

/** @param {View} view @param {Mark} mark */
const sign = (view, mark) =>
  html`<svg class="mark ${mark.kind}" data-write=${mark.write || nothing} ${tint(mark.write ? view.hueOf(mark.write) : undefined)} viewBox="-8 -8 16 16" aria-hidden="true"><path d=${SHAPES[weight(mark)]}/></svg>`;

/** @param {View} view */
export function timeline(view) {
  const { marks, past, scale } = view;
  if (!past) return nothing;
  const moment = momentOf(marks, view.nowUs, scale, view.width, view.ui.mark);
  return part(view, [marks, past, scale, view.wait, ...Object.values(moment)], () => drawn(view, past, moment));
}

/** @param {View} view @param {import('../types').Past} past @param {ReturnType<typeof momentOf>} moment */
function drawn(view, past, { width, here, told, before, after }) {
  const t = view.words;
  const { marks, scale } = view;
  const tool = (
    /** @type {string} */ word,
    /** @type {unknown} */ icon,
    /** @type {boolean} */ can,
    /** @type {() => void} */ act,
    /** @type {string} */ help = word,
  ) =>
    // Not `disabled`: the focus would be lost where there is nothing left to do.
    html`<button class="tool" aria-label=${word} title=${help} ?disabled=${view.locked('timeline')} aria-disabled=${can ? 'false' : 'true'} @click=${() => can && act()}>${icon}</button>`;
  const to = (/** @type {number} */ way) => {
    const mark = way < 0 ? before : after;
    return tool(
      way < 0 ? t.lastMark : t.nextMark,
      way < 0 ? icons.lastMark : icons.nextMark,
      mark !== undefined,
      () => mark && view.act.seek(mark.atUs),
      `${way < 0 ? t.lastMark : t.nextMark}: ${t.markHelp}`,
    );
  };
  const open = view.ui.open.has('marks');
  const waits = !view.ui.mark && view.wait;
  const branched = past.branches.length > 1;
  return html`<section class="timeline ${waits ? 'waits' : ''} ${branched ? 'branched' : ''}" part="timeline" aria-label=${view.titled(t.timeline)}><fieldset ?disabled=${view.locked('timeline')}>
    <div class="track" @pointermove=${(/** @type {PointerEvent} */ e) => point(view, e, scale)} @pointerleave=${() => view.act.pointMark(undefined)}>
      <div class="in"><svg class="marks" aria-hidden="true"><line class="all" x2="100%" y1="21" y2="21"/><line class="seen" x2="0" y1="21" y2="21"/><line class="at-chart" y1="2" y2="40"/>${guard([scale], () => ticks(scale))}${guard([marks, scale, width], () => drawing(view, marks, scale, width))}</svg>
      <input
        type="range"
        class="needle"
        min="0"
        max=${scale}
        step="any"
        aria-label=${t.moment}
        @input=${(/** @type {Event} */ e) => {
          const field = /** @type {HTMLInputElement} */ (e.target);
          view.act.scrub(Number(field.value), scale);
          field.value = String(Math.min(Number(field.value), view.furthest));
        }}
        @keydown=${(/** @type {KeyboardEvent} */ e) => keys(view, e, scale)}
      /></div>
    </div>
    <div class="jumps">
      ${to(-1)}${to(1)}
      ${tool(t.undo, icons.undo, past.canUndo, () => view.act.undo())}${tool(t.redo, icons.redo, past.canRedo, () => view.act.redo())}
    </div>
    <p class="told ${told && told === here ? 'here' : ''}"><span class="in">${keyed(room(told?.text), html`${told ? html`${sign(view, told)}<time>${clock(told.atUs)}</time> <span>${told.text}</span>` : nothing}`)}</span></p>
    ${waits ? wait(view, waits) : nothing}
    <details class="list" ?open=${open} @toggle=${(/** @type {Event} */ e) => view.act.unfold('marks', /** @type {HTMLDetailsElement} */ (e.target).open)}>
      <summary>${t.marksList}</summary>
      ${open ? guard([marks], () => list(view, marks)) : nothing}
    </details>
    ${branched ? branches(view, past) : nothing}
  </fieldset></section>`;
}

/** Arrows go by small steps, Page keys by large ones. @param {View} view @param {KeyboardEvent} e @param {number} scale */
function keys(view, e, scale) {
  const small = scale / 100;
  const by = {
    ArrowLeft: -small,
    ArrowDown: -small,
    ArrowRight: small,
    ArrowUp: small,
    PageDown: -10 * small,
    PageUp: 10 * small,
    Home: -Infinity,
    End: Infinity,
  }[e.key];
  if (by === undefined || e.ctrlKey || e.metaKey || e.altKey) return;
  e.preventDefault();
  e.stopPropagation();
  view.act.scrub(view.moment + by, scale);
}

/** @param {View} view @param {PointerEvent} e @param {number} scale */
function point(view, e, scale) {
  const box = /** @type {Element} */ (e.currentTarget).querySelector('.marks')?.getBoundingClientRect();
  if (!box || e.pointerType === 'touch') return;
  const perPixel = scale / box.width;
  view.act.pointMark(near(view.marks, (e.clientX - box.left) * perPixel, NEAR * perPixel));
}

/** The same as text. Where there are too many, the lightest are left out, and it says how many. @param {View} view @param {Mark[]} marks */
function list(view, marks) {
  const t = view.words;
  if (marks.length === 0) return html`<p class="none">${t.marksNone}</p>`;
  const chosen = weightiest(marks, LISTED);
  return html`<ol class="scroll" tabindex="0" aria-label=${t.marksList}>
      ${chosen.map((m) => html`<li><button class="quiet small" @click=${() => view.act.seek(m.atUs)}>${sign(view, m)}<time>${clock(m.atUs)}</time> <span><span class="hidden">${t.markKinds[m.kind]}: </span>${m.text}</span></button></li>`)}
    </ol>
    ${chosen.length < marks.length ? html`<p class="help">${t.marksMore(marks.length - chosen.length)}</p>` : nothing}`;
}
