// The time line: a slider from 0 to the furthest that was seen, what happened as marks on it, and the branches of the run.

import { html, svg, nothing } from 'lit-html';
import { guard } from 'lit-html/directives/guard.js';
import { icons, sentence, tint } from './marks.js';
import { clock } from '../words/words.js';

/** @typedef {import('../types').Mark} Mark */
/** @typedef {import('../types').Part} Part */
/** @typedef {import('../types').Difference} Difference */
/** @typedef {import('../app.js').App} App */

/** The weightier ones last: they are drawn above the others, and stay where there is no room for all. */
const WEIGHTS = ['write', 'mend', 'fault', 'promotion', 'stale', 'broken'];
/** Where the kinds are drawn: what was done to the cluster below, writes on the line, what went wrong above. */
const LANES = [21, 35, 35, 35, 8, 8];
const SHAPES = [
  'M-3.500 0a3.500 3.500 0 1 0 7 0a3.500 3.500 0 1 0-7 0',
  'M-4.500 3.500L0-3.500L4.500 3.500z',
  'M-4.500-3.500L0 3.500L4.500-3.500z',
  'M0-5L5 0L0 5L-5 0z',
  'M0-4.500a4.500 4.500 0 1 0 0 9a4.500 4.500 0 1 0 0-9M0-4.500a4.500 4.500 0 0 0 0 9z',
  'M-2.500-6h5L6-2.500v5L2.500 6h-5L-6 2.500v-5zM-2.500-2.500l5 5M2.500-2.500l-5 5',
];
/** Pixels that a mark needs for itself. */
const APART = 5;
/** Pixels around a mark in which it is meant. */
const NEAR = 8;
/** Entries in the list of marks. */
const LISTED = 200;

/** @param {Mark} mark */
const weight = (mark) => WEIGHTS.indexOf(mark.kind);
/** Whether one jumps to it: not a write or a mend. @param {Mark} mark */
const matters = (mark) => weight(mark) > 1;

/** The next round number. @param {number} us */
function round(us) {
  const power = 10 ** Math.floor(Math.log10(us));
  return [1, 2, 5, 10].map((n) => n * power).find((n) => n >= us) ?? us;
}
/** How much time the line shows: rounded up, so that it does not move all the time. @param {number} us */
export function scaleFor(us) {
  const end = Math.max(us, 1_000_000);
  const part = round(end / 5);
  return Math.ceil(end / part) * part;
}

/** The mark before or after an instant that matters. @param {Mark[]} marks @param {number} us @param {number} way */
function jump(marks, us, way) {
  const there = marks.filter((mark) => matters(mark) && (way < 0 ? mark.atUs < us : mark.atUs > us));
  return there.at(way < 0 ? -1 : 0);
}

/** The weightiest mark near an instant. @param {Mark[]} marks @param {number} us @param {number} reach µs */
function near(marks, us, reach) {
  /** @type {Mark | undefined} */
  let best;
  const rank = (/** @type {Mark} */ mark) => weight(mark) - Math.abs(mark.atUs - us) / (reach + 1);
  for (const mark of marks) if (Math.abs(mark.atUs - us) <= reach && (!best || rank(mark) > rank(best))) best = mark;
  return best;
}

/** @param {Mark[]} marks @param {number} us */
function lastBefore(marks, us) {
  let place = marks.length - 1;
  while (place >= 0 && marks[place].atUs > us) place -= 1;
  return marks[place];
}

/** As many as there is room for: of those that would lie on top of each other, the weightiest. @param {Mark[]} marks @param {number} perPixel µs */
function thinned(marks, perPixel) {
  /** @type {Map<string, Mark>} */
  const kept = new Map();
  for (const mark of marks) {
    const place = `${LANES[weight(mark)]} ${Math.floor(mark.atUs / perPixel / APART)}`;
    const other = kept.get(place);
    if (!other || weight(mark) > weight(other)) kept.set(place, mark);
  }
  return [...kept.values()].sort((a, b) => weight(a) - weight(b));
}

/** @param {App} app @param {Mark[]} marks @param {number} scale @param {number} width */
const drawing = (app, marks, scale, width) => svg`
  ${thinned(marks, scale / width).map(
    (m) =>
      svg`<svg class="mark ${m.kind}" x="${(m.atUs / scale) * 100}%" y=${LANES[weight(m)]} data-write=${m.write || nothing} ${tint(m.write ? app.hueOf(m.write) : undefined)}><path d=${SHAPES[weight(m)]}/></svg>`,
  )}`;

/** @param {App} app @param {Mark} mark */
const sign = (app, mark) =>
  html`<svg class="mark ${mark.kind}" data-write=${mark.write || nothing} ${tint(mark.write ? app.hueOf(mark.write) : undefined)} viewBox="-8 -8 16 16" aria-hidden="true"><path d=${SHAPES[weight(mark)]}/></svg>`;

/** @param {App} app */
export function timeline(app) {
  const { core, marks, past, scale } = app;
  if (!core || !past) return nothing;
  const now = core.nowUs;
  const width = Math.max(200, app.width - 60);
  const here = near(marks, now, (scale / width) * 3);
  const told = app.ui.mark ?? here ?? lastBefore(marks, now);
  const [before, after] = [jump(marks, now, -1), jump(marks, now, 1)];
  const moment = { width, here, told, before, after };
  return app.part([marks, past, scale, ...Object.values(moment)], () => drawn(app, past, moment));
}

/** How far it is, aloud. @param {App} app */
export function momentText(app) {
  const now = app.core?.nowUs ?? 0;
  const here = near(app.marks, now, (app.scale / Math.max(200, app.width - 60)) * 3);
  return `${app.words.ofTime(clock(now), clock(app.furthest))}${here ? `. ${here.text}` : ''}`;
}

/**
 * @param {App} app @param {import('../types').Past} past
 * @param {{ width: number, here?: Mark, told?: Mark, before?: Mark, after?: Mark }} moment
 */
function drawn(app, past, { width, here, told, before, after }) {
  const t = app.words;
  const { marks, scale } = app;
  const tool = (
    /** @type {string} */ word,
    /** @type {unknown} */ icon,
    /** @type {boolean} */ can,
    /** @type {() => void} */ act,
    /** @type {string} */ help = word,
  ) =>
    // Not `disabled`: the focus would be lost where there is nothing left to do.
    html`<button class="tool" aria-label=${word} title=${help} ?disabled=${app.locked('timeline')} aria-disabled=${can ? 'false' : 'true'} @click=${() => can && act()}>${icon}</button>`;
  const to = (/** @type {number} */ way) => {
    const mark = way < 0 ? before : after;
    return tool(
      way < 0 ? t.lastMark : t.nextMark,
      way < 0 ? icons.lastMark : icons.nextMark,
      mark !== undefined,
      () => mark && app.seek(mark.atUs),
      `${way < 0 ? t.lastMark : t.nextMark}: ${t.markHelp}`,
    );
  };
  const open = app.ui.open.has('marks');
  return html`<section class="timeline" part="timeline" aria-label=${app.titled(t.timeline)}><fieldset ?disabled=${app.locked('timeline')}>
    <div class="track" @pointermove=${(/** @type {PointerEvent} */ e) => point(app, e, scale)} @pointerleave=${() => app.pointMark(undefined)}>
      <svg class="marks" aria-hidden="true"><line class="all" x2="100%" y1="21" y2="21"/><line class="seen" x2="0" y1="21" y2="21"/><line class="at-chart" y1="2" y2="40"/>${guard([marks, scale, width], () => drawing(app, marks, scale, width))}</svg>
      <input
        type="range"
        class="needle"
        min="0"
        max=${scale}
        step="any"
        aria-label=${t.moment}
        @input=${(/** @type {Event} */ e) => {
          const field = /** @type {HTMLInputElement} */ (e.target);
          app.scrub(Number(field.value));
          field.value = String(Math.min(Number(field.value), app.furthest));
        }}
        @keydown=${(/** @type {KeyboardEvent} */ e) => keys(app, e, scale)}
      />
    </div>
    <div class="jumps">
      ${to(-1)}${to(1)}
      ${tool(t.undo, icons.undo, past.canUndo, () => app.undo())}${tool(t.redo, icons.redo, past.canRedo, () => app.redo())}
    </div>
    <p class="told ${told && told === here ? 'here' : ''}">${told ? html`${sign(app, told)}<time>${clock(told.atUs)}</time> <span>${told.text}</span>` : nothing}</p>
    <details class="list" ?open=${open} @toggle=${(/** @type {Event} */ e) => app.unfold('marks', /** @type {HTMLDetailsElement} */ (e.target).open)}>
      <summary>${t.marksList}</summary>
      ${open ? guard([marks], () => list(app, marks)) : nothing}
    </details>
    ${past.branches.length > 1 ? branches(app, past) : nothing}
  </fieldset></section>`;
}

/** Arrows go by small steps, Page keys by large ones. @param {App} app @param {KeyboardEvent} e @param {number} scale */
function keys(app, e, scale) {
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
  app.scrub(app.moment() + by);
}

/** @param {App} app @param {PointerEvent} e @param {number} scale */
function point(app, e, scale) {
  const box = /** @type {Element} */ (e.currentTarget).querySelector('.marks')?.getBoundingClientRect();
  if (!box || e.pointerType === 'touch') return;
  const perPixel = scale / box.width;
  app.pointMark(near(app.marks, (e.clientX - box.left) * perPixel, NEAR * perPixel));
}

/** The same as text. Where there are too many, the lightest are left out, and it says how many. @param {App} app @param {Mark[]} marks */
function list(app, marks) {
  const t = app.words;
  if (marks.length === 0) return html`<p class="none">${t.marksNone}</p>`;
  const chosen =
    marks.length <= LISTED
      ? marks
      : [...marks]
          .sort((a, b) => weight(b) - weight(a) || b.atUs - a.atUs)
          .slice(0, LISTED)
          .sort((a, b) => a.atUs - b.atUs);
  return html`<ol class="scroll" tabindex="0" aria-label=${t.marksList}>
      ${chosen.map((m) => html`<li><button class="quiet small" @click=${() => app.seek(m.atUs)}>${sign(app, m)}<time>${clock(m.atUs)}</time> <span><span class="hidden">${t.markKinds[m.kind]}: </span>${m.text}</span></button></li>`)}
    </ol>
    ${chosen.length < marks.length ? html`<p class="help">${t.marksMore(marks.length - chosen.length)}</p>` : nothing}`;
}

/** @param {App} app @param {import('../types').Past} past */
function branches(app, past) {
  const t = app.words;
  return html`<div class="branches">
      <h3 id="branches">${icons.fork} ${t.branches}</h3>
      <ol aria-labelledby="branches">
        ${past.branches.map((b) => {
          const here = b.number === past.here;
          return html`<li>
            <button class="second small" aria-pressed=${here ? 'true' : 'false'} @click=${() => app.switchTo(b.number)}>
              <b>${b.number}</b> ${b.command ? html`<code>${b.command}</code> <span>${clock(b.forkedUs)}</span>` : t.branchFirst}
            </button>
            ${here ? nothing : html`<button class="quiet small" aria-label="${t.compare} ${b.number}" @click=${() => app.compare(b.number)}>${t.compare}</button>`}
          </li>`;
        })}
      </ol>
    </div>
    ${app.ui.compared ? compared(app, app.ui.compared, past.here) : nothing}`;
}

/** @param {App} app @param {{ number: number, list: Difference[] }} how @param {number} here */
function compared(app, { number, list: found }, here) {
  const t = app.words;
  const words = (/** @type {string} */ title, /** @type {string} */ status) =>
    t.verdictWords[`${app.state?.verdicts.find((v) => v.title === title)?.id} ${status}`] ?? t.verdictWords[status];
  const side = (/** @type {Difference} */ d, /** @type {Part[]} */ parts, /** @type {0 | 1} */ of) => {
    const status = d.statuses[of];
    return html`<td class=${status}>${status ? html`${icons[status]} <b>${words(d.what, status)}</b> ` : nothing}${sentence(parts)}</td>`;
  };
  return html`<div class="compared">
    <button class="tool" aria-label=${t.close} @click=${() => app.set({ compared: undefined })}>${icons.close}</button>
    ${
      found.length === 0
        ? html`<p role="status">${t.alike(here, number)}</p>`
        : html`<p id="differences"><b>${t.differences(here, number)}</b></p>
          <div class="scroll" tabindex="0" role="group" aria-labelledby="differences">
            <table aria-labelledby="differences">
              <thead><tr><th scope="col">${t.columns.what}</th><th scope="col">${t.branchHere(here)}</th><th scope="col">${t.branchThere(number)}</th></tr></thead>
              <tbody>
                ${found.map((d) => html`<tr><th scope="row">${d.what}</th>${side(d, d.one, 0)}${side(d, d.other, 1)}</tr>`)}
              </tbody>
            </table>
          </div>`
    }
  </div>`;
}
