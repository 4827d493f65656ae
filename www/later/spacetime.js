// The space-time diagram: clients and nodes as lines, time downwards, messages as arrows between them.

import { html, svg, nothing } from 'lit-html';
import { repeat } from 'lit-html/directives/repeat.js';
import { tint } from '../parts/marks.js';
import { allWords } from '../words/later-words.js';
import { clock } from '../words/words.js';

/** @typedef {import('../types').SpaceTime} SpaceTime */
/** @typedef {import('../types').Arrow} Arrow */
/** @typedef {import('../types').Point} Point */
/** @typedef {import('../parts/view.js').View} View */
/** @typedef {{ key: string, atUs: number, text: string, chained: boolean }} Thing */

const SPANS = [1, 3, 10, 30, 120]; // seconds
const TALL = [260, 460, 900, 1800]; // the height of a window, px: zoom
const TOP = 10; // room above and below the lines, px
const LISTED = 200;

/** What the diagram shows: fetched again when the run has changed. */
export class Diagram {
  span = 10;
  zoom = 1;
  /** A window that stays, or the one that goes along with the run. @type {[number, number] | undefined} */ fixed;
  /** @type {string | undefined} */ picked;
  /** What is explained: the chain that led to it is lit. @type {import('../types').Why | undefined} */ why;
  /** @type {SpaceTime | undefined} */ data;
  #key = '';
  #at = -Infinity;

  /** @param {View} view @param {number} now wall clock, ms */
  pull(view, now) {
    const { core } = view.run;
    if (!core || (view.time.playing && now - this.#at < 400)) return;
    const to = Math.max(core.nowUs, Math.min(core.furthestUs, core.nowUs + this.span * 2e5));
    const [from, until] = this.fixed ?? [Math.max(0, to - this.span * 1e6), to];
    const key = `${core.version} ${from} ${until}`;
    if (key === this.#key) return;
    this.#key = key;
    this.#at = now;
    this.data = core.spacetime(from, until);
  }
}

/** @param {View} view */
const diagramOf = (view) => (view.kept.diagram ??= new Diagram());

/** Shows a part of the run, and what in it led to what. @param {View} view @param {import('../types').Why} why */
export function explain(view, why) {
  const room = Math.max(200_000, (why.toUs - why.fromUs) * 0.15);
  const diagram = diagramOf(view);
  diagram.fixed = [Math.max(0, why.fromUs - room), why.toUs + room];
  diagram.why = why;
  view.act.changed();
}

/** @param {View} view */
export function spacetime(view) {
  const t = allWords(view.words);
  const diagram = diagramOf(view);
  diagram.pull(view, performance.now());
  const { data } = diagram;
  if (!data) return nothing;
  const things = inOrder(data, diagram.why);
  const picked = things.find((thing) => thing.key === diagram.picked);
  return html`<div class="spacetime">
    <p class="acts">
      <label class="check"><span>${t.window}</span>
        <select
          .value=${diagram.fixed ? 'fixed' : String(diagram.span)}
          @change=${(/** @type {Event} */ e) => {
            const { value } = /** @type {HTMLSelectElement} */ (e.target);
            diagram.fixed = undefined;
            diagram.why = undefined;
            diagram.span = Number(value) || diagram.span;
            view.act.changed();
          }}
        >
          ${SPANS.map((s) => html`<option value=${s} ?selected=${!diagram.fixed && s === diagram.span}>${t.lastSeconds(s)}</option>`)}
          ${diagram.fixed ? html`<option value="fixed" selected>${clock(diagram.fixed[0])} – ${clock(diagram.fixed[1])}</option>` : nothing}
        </select></label
      >
      <button class="second small" aria-label=${t.zoomOut} ?disabled=${diagram.zoom === 0} @click=${() => zoom(view, -1)}>−</button>
      <button class="second small" aria-label=${t.zoomIn} ?disabled=${diagram.zoom === TALL.length - 1} @click=${() => zoom(view, 1)}>+</button>
      ${
        diagram.why
          ? html`<span class="chain-note">${t.chainLit}</span>
              <button class="quiet" @click=${() => unlight(view)}>${t.allAlike}</button>`
          : nothing
      }
      ${data.leftOut > 0 ? html`<span class="help">${t.leftOut(data.leftOut)}</span>` : nothing}
    </p>
    <p class="picked" role="status">${picked ? html`<time>${clock(picked.atUs)}</time> ${picked.text}` : t.diagramHelp}</p>
    <div
      class="scroll"
      tabindex="0"
      role="application"
      aria-label=${t.tabs.spacetime}
      aria-describedby="diagram-list"
      @keydown=${(/** @type {KeyboardEvent} */ e) => move(view, things, e)}
      @pointerover=${(/** @type {Event} */ e) => pick(view, e)}
      @click=${(/** @type {Event} */ e) => pick(view, e)}
    >
      ${picture(view, data)}
    </div>
    <details id="diagram-list">
      <summary>${t.asList} (${things.length})</summary>
      <ol>
        ${repeat(
          things.slice(-LISTED),
          (thing) => thing.key,
          (thing) =>
            html`<li><button class="quiet" @click=${() => view.act.seek(thing.atUs)}>${clock(thing.atUs)}</button> ${thing.chained ? html`<b>${t.ledToIt}</b> ` : nothing}${thing.text}</li>`,
        )}
      </ol>
    </details>
  </div>`;
}

/** @param {View} view */
function unlight(view) {
  diagramOf(view).why = undefined;
  view.act.changed();
  /** @type {HTMLElement | null} */ (view.root.querySelector('.spacetime .scroll'))?.focus();
}

/** Whether a message is part of what led there: the request and its answer, the write on its way, the word of a slave.
 * @param {import('../types').Why} why @param {Arrow} arrow */
function leads(why, arrow) {
  if (arrow.operation > 0) return arrow.operation === why.operation;
  if (arrow.write > 0) return why.writes.includes(arrow.write) && why.endpoints.includes(arrow.to);
  return why.heard.some(([from, to, atUs]) => from === arrow.from && to === arrow.to && atUs === arrow.endedUs);
}

/** @param {View} view @param {number} by */
function zoom(view, by) {
  diagramOf(view).zoom = Math.max(0, Math.min(TALL.length - 1, diagramOf(view).zoom + by));
  view.act.changed();
}

/** Messages and what happened, the first one first. @param {SpaceTime} data @param {import('../types').Why} [why] @returns {Thing[]} */
function inOrder(data, why) {
  const arrows = data.arrows.map((a) => ({
    key: `a${a.id}`,
    atUs: a.sentUs,
    text: a.text,
    chained: !!why && leads(why, a),
  }));
  const points = data.points.map((p) => ({
    key: `p${p.seq}`,
    atUs: p.atUs,
    text: p.text,
    chained: !!why?.facts.includes(p.seq),
  }));
  return [...arrows, ...points].filter((thing) => thing.text).sort((a, b) => a.atUs - b.atUs);
}

/** @param {View} view @param {Thing[]} things @param {KeyboardEvent} e */
function move(view, things, e) {
  const step = { ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1, Home: -Infinity, End: Infinity }[e.key];
  if (e.key === '+' || e.key === '-') zoom(view, e.key === '+' ? 1 : -1);
  else if (step === undefined) return;
  else {
    const at = things.findIndex((thing) => thing.key === diagramOf(view).picked);
    const next = Math.max(0, Math.min(things.length - 1, (at < 0 ? things.length : at) + step));
    diagramOf(view).picked = things[next]?.key;
    view.act.changed();
  }
  e.preventDefault();
  e.stopPropagation();
}

/** @param {View} view @param {Event} e */
function pick(view, e) {
  const found = /** @type {Element} */ (e.target).closest?.('[data-thing]');
  const key = found?.getAttribute('data-thing');
  if (!key || key === diagramOf(view).picked) return;
  diagramOf(view).picked = key;
  view.act.changed();
}

/** @param {View} view @param {SpaceTime} data */
function picture(view, data) {
  const tall = TALL[diagramOf(view).zoom];
  const wide = Math.max(view.width - 44, data.lanes.length * 52);
  const gap = wide / data.lanes.length;
  const x = new Map(data.lanes.map((lane, i) => [lane.id, gap * (i + 0.5)]));
  const y = (/** @type {number} */ us) => TOP + (tall * (us - data.fromUs)) / Math.max(1, data.toUs - data.fromUs);
  const clamp = (/** @type {number} */ us) => Math.max(data.fromUs, Math.min(data.toUs, us));
  const now = view.run.core?.nowUs ?? 0;
  return html`<div class="lanes" aria-hidden="true">${data.lanes.map((lane) => html`<b>${lane.name}</b>`)}</div>
    <svg viewBox="0 0 ${wide} ${tall + 2 * TOP}" aria-hidden="true" class="space" width=${wide} height=${tall + 2 * TOP}>
      ${data.lanes.map(
        (
          lane,
        ) => svg`<path class="line-of ${lane.kind === 'client' ? 'a-client' : ''}" d="M${x.get(lane.id)} ${TOP}V${tall + TOP}"/>
        ${lane.gaps.map(([from, to, how]) => svg`<path class="gap ${how}" d="M${x.get(lane.id)} ${y(clamp(from))}V${y(clamp(to))}"/>`)}`,
      )}
      ${ticks(data).map((us) => svg`<path class="tick" d="M0 ${y(us)}H${wide}"/><text class="tick" x="2" y=${y(us) - 2}>${clock(us)}</text>`)}
      ${data.arrows.map((arrow) => drawArrow(view, arrow, x, y, data))}
      ${data.points.map((point) => drawPoint(view, point, x, y))}
      ${now >= data.fromUs && now <= data.toUs ? svg`<path class="now" d="M0 ${y(now)}H${wide}"/>` : nothing}
    </svg>`;
}

/** Round times over the window. @param {SpaceTime} data */
function ticks(data) {
  const span = Math.max(1, data.toUs - data.fromUs);
  const step = [1e4, 5e4, 1e5, 2e5, 5e5, 1e6, 2e6, 5e6, 1e7, 3e7, 6e7].find((s) => span / s <= 8) ?? 6e8;
  /** @type {number[]} */
  const found = [];
  for (let us = Math.ceil(data.fromUs / step) * step; us <= data.toUs; us += step) found.push(us);
  return found;
}

/** @param {View} view @param {Arrow} arrow @param {Map<number, number>} x @param {(us: number) => number} y @param {SpaceTime} data */
function drawArrow(view, arrow, x, y, data) {
  const [x1, x2] = [x.get(arrow.from) ?? 0, x.get(arrow.to) ?? 0];
  const ended = arrow.endedUs;
  // What is under way, or was lost, goes no further than that is known.
  const part = ended === null || arrow.lost ? 0.55 : 1;
  const to = ended ?? data.toUs;
  const x3 = x1 + (x2 - x1) * part;
  const y1 = y(arrow.sentUs);
  const y3 = y(to);
  const kind = view.run.core?.kinds[arrow.kind] ?? '';
  const { why } = diagramOf(view);
  const lit = `${diagramOf(view).picked === `a${arrow.id}` ? 'lit' : ''} ${!why ? '' : leads(why, arrow) ? 'chained' : 'aside-of'}`;
  const turn = (Math.atan2(y3 - y1, x3 - x1) * 180) / Math.PI;
  const end = arrow.lost
    ? svg`<path class="lost" d="M-4 -4L4 4M-4 4L4 -4" transform="translate(${x3} ${y3})"/>`
    : ended === null
      ? nothing
      : svg`<path class="head" d="M0 0L-8 -3.500V3.500z" transform="translate(${x3} ${y3}) rotate(${turn})"/>`;
  return svg`<g class="message ${kind} ${ended === null ? 'open' : ''} ${lit}" data-thing="a${arrow.id}" data-write=${arrow.write || nothing} ${tint(arrow.write ? view.hueOf(arrow.write) : undefined)}>
    <path class="touch" d="M${x1} ${y1}L${x3} ${y3}"/><path class="shaft" d="M${x1} ${y1}L${x3} ${y3}"/>${end}</g>`;
}

const SHAPES = /** @type {Record<string, string>} */ ({
  logged: 'M-5 -5H5V5H-5z',
  applied: 'M-5 0a5 5 0 1 0 10 0a5 5 0 1 0 -10 0',
  read: 'M0 -5L5 0L0 5L-5 0z',
  answered: 'M-4 -4H4V4H-4z',
  fault: 'M-5 -5L5 5M-5 5L5 -5',
  mend: 'M-5 0H5M0 -5V5',
  promotion: 'M0 -6L6 5H-6z',
});

/** @param {View} view @param {Point} point @param {Map<number, number>} x @param {(us: number) => number} y */
function drawPoint(view, point, x, y) {
  const { why } = diagramOf(view);
  const chained = !why ? '' : why.facts.includes(point.seq) ? 'chained' : 'aside-of';
  const lit = `${diagramOf(view).picked === `p${point.seq}` ? 'lit' : ''} ${chained}`;
  return svg`<g class="point ${point.kind} ${point.weight} ${lit}" data-thing="p${point.seq}" data-write=${point.write || nothing} transform="translate(${x.get(point.lane) ?? 0} ${y(point.atUs)})" ${tint(point.write ? view.hueOf(point.write) : undefined)}><path d=${SHAPES[point.kind] ?? SHAPES.answered}/></g>`;
}
