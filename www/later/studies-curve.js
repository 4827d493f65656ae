// The staleness curve as a drawing: a line for what was counted, a band around it, and a slider that reads points.

import { html, nothing, svg } from 'lit-html';
import { live } from 'lit-html/directives/live.js';
import { ms, percent } from '../words/studies-words.js';

/** @typedef {import('../types').StalenessPoint} Point */
/** @typedef {import('../words/studies-words.js').StudyWords['curve']} Words */

const HEIGHT = 240;
const EDGE = { left: 46, right: 14, top: 12, bottom: 40 };

/** The least round step that goes at most so many times into a span. @param {number} span @param {number} times */
export function roundStep(span, times) {
  const power = 10 ** Math.floor(Math.log10(span / times));
  return [1, 2, 5, 10].map((n) => n * power).find((n) => span / n <= times) ?? span;
}

/** @param {Point[]} points @param {number} width */
function scales(points, width) {
  const span = points[points.length - 1].atMs || 1;
  const [w, h] = [width - EDGE.left - EDGE.right, HEIGHT - EDGE.top - EDGE.bottom];
  return {
    span,
    x: (/** @type {number} */ atMs) => EDGE.left + (atMs / span) * w,
    y: (/** @type {number} */ share) => EDGE.top + (1 - share) * h,
  };
}

/** @param {[number, number][]} points */
const path = (points) => points.map(([x, y]) => `${x.toFixed(1)} ${y.toFixed(1)}`).join('L');

/**
 * @param {{ points: Point[], old: boolean, at: number, width: number, words: Words, choose: (at: number) => void }} about
 */
export function chart({ points, old, at, width, words: t, choose }) {
  const { span, x, y } = scales(points, width);
  const point = points[Math.min(at, points.length - 1)];
  const nearest = (/** @type {PointerEvent} */ e) => {
    const box = /** @type {Element} */ (e.currentTarget).getBoundingClientRect();
    const share = ((e.clientX - box.left) * (width / box.width) - EDGE.left) / (width - EDGE.left - EDGE.right);
    choose(Math.round(Math.max(0, Math.min(1, share)) * (points.length - 1)));
  };
  return html`<svg class="studies-chart ${old ? 'old' : ''}" viewBox="0 0 ${width} ${HEIGHT}" role="img" aria-label=${t.chart} @pointermove=${nearest} @pointerdown=${nearest}>
      ${axes(span, width, x, y, t)} ${drawing(points, x, y)} ${pointer(point, x, y)}
    </svg>
    <label class="studies-read"
      ><span class="hidden">${t.slider}</span
      ><input
        type="range"
        min="0"
        max=${points.length - 1}
        aria-valuetext=${t.point(point)}
        .value=${live(String(at))}
        @input=${(/** @type {Event} */ e) => choose(Number(/** @type {HTMLInputElement} */ (e.target).value))}
    /></label>
    <p class="studies-told" data-point=${point.atMs}>${t.point(point)}</p>
    <ul class="studies-legend" aria-label=${t.legend}>
      <li><svg viewBox="0 0 26 14" aria-hidden="true"><path class="studies-line" d="M1 7H25" /></svg>${t.line}</li>
      <li><svg viewBox="0 0 26 14" aria-hidden="true"><path class="studies-band" d="M1 1H25V13H1z" /><path class="studies-brim" d="M1 1H25M1 13H25" /></svg>${t.band}</li>
    </ul>`;
}

/**
 * @param {number} span @param {number} width
 * @param {(atMs: number) => number} x @param {(share: number) => number} y @param {Words} t
 */
function axes(span, width, x, y, t) {
  const step = roundStep(span, Math.max(2, Math.floor(width / 80)));
  const ticks = Array.from({ length: Math.floor(span / step + 1e-9) + 1 }, (_, i) => i * step);
  const [left, right, bottom] = [x(0), x(span), y(0)];
  return svg`${[0, 0.25, 0.5, 0.75, 1].map(
    (share) => svg`<path class="studies-grid" d="M${left} ${y(share)}H${right}" />
      <text x=${left - 6} y=${y(share) + 4} text-anchor="end">${percent(share)} %</text>`,
  )}
    ${ticks.map(
      (tick, i) => svg`<path class="studies-axis" d="M${x(tick)} ${bottom}v5" />
      <text x=${x(tick)} y=${bottom + 18} text-anchor=${i > 0 && x(tick) > right - 18 ? 'end' : 'middle'}>${tick === 0 ? '0' : ms(tick)}</text>`,
    )}
    <path class="studies-axis" d="M${left} ${bottom}H${right}" />
    <text class="studies-caption" x=${(left + right) / 2} y=${HEIGHT - 5} text-anchor="middle">${t.x}</text>
    <text class="studies-caption" x=${width - EDGE.right} y=${EDGE.top + 14} text-anchor="end">${t.y}</text>`;
}

/** @param {Point[]} points @param {(atMs: number) => number} x @param {(share: number) => number} y */
function drawing(points, x, y) {
  const known = points.filter((point) => point.share != null);
  if (known.length === 0) return nothing;
  /** @param {(point: Point) => number} of @returns {[number, number][]} */
  const along = (of) => known.map((point) => [x(point.atMs), y(of(point))]);
  const [high, low] = [along((p) => p.high), along((p) => p.low)];
  const dots = known.length <= 40 ? along((p) => p.share ?? 0) : [];
  return svg`<path class="studies-band" d="M${path([...high, ...[...low].reverse()])}z" />
    <path class="studies-brim" d="M${path(high)}M${path(low)}" />
    <path class="studies-line" d="M${path(along((p) => p.share ?? 0))}" />
    ${dots.map(([cx, cy]) => svg`<circle class="studies-dot" cx=${cx} cy=${cy} r="2.5" />`)}`;
}

/** @param {Point} point @param {(atMs: number) => number} x @param {(share: number) => number} y */
function pointer(point, x, y) {
  const at = x(point.atMs);
  return svg`<path class="studies-pointer" d="M${at} ${y(1)}V${y(0)}" />
    ${point.share == null ? nothing : svg`<circle class="studies-at" cx=${at} cy=${y(point.share)} r="5" />`}`;
}

/** What the curve says, in a sentence. @param {Point[]} points @param {Words} t */
export function summary(points, t) {
  const known = points.filter((point) => point.share != null);
  const shares = known.map((point) => point.share ?? 0);
  if (known.length === 0) return t.none;
  if (shares.every((share) => share === 0)) return t.never;
  const last = shares.reduce((found, share, i) => (share > 0.01 ? i : found), -1);
  if (last < 0) return t.rarely;
  const end = last === shares.length - 1;
  const after = end ? t.always(ms(known[last].atMs), shares[last]) : t.after(ms(known[last + 1].atMs));
  return last > 0 && shares[0] > 0.01 ? `${after} ${t.first(shares[0])}` : after;
}

/** @param {Point[]} points @param {Words} t */
export function curveTable(points, t) {
  return html`<div class="scroll studies-scroll" tabindex="0" role="group" aria-label=${t.chart}>
    <table class="studies-table">
      <caption class="hidden">
        ${t.chart}
      </caption>
      <thead>
        <tr>${t.columns.map((column) => html`<th scope="col">${column}</th>`)}</tr>
      </thead>
      <tbody>
        ${points.map(
          (p) => html`<tr>
            <th scope="row">${ms(p.atMs)}</th>
            <td>${p.share == null ? '–' : `${percent(p.share)} %`}</td>
            <td>${p.share == null ? '–' : `${percent(p.low)}–${percent(p.high)} %`}</td>
            <td>${p.reads}</td>
          </tr>`,
        )}
      </tbody>
    </table>
  </div>`;
}
