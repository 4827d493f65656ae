// Studies of the cluster by many runs: the staleness curve, and the same run under other settings. Both are computed
// apart from the run on the page, which they leave as it is.

import { html, nothing } from 'lit-html';
import { choice, fold } from '../parts/fields.js';
import { Beside, beside, failure } from './studies-beside.js';
import { chart, curveTable, summary } from './studies-curve.js';
import { inRoles } from '../words/in-roles.js';
import { makeStudyWords } from '../words/studies-words.js';
import { Clerk } from './study-clerk.js';
import css from '../parts/styles/studies.css';
import { adopt } from '../parts/styles.js';
import { standing } from '../model/shape.js';
import { clock, time } from '../words/words.js';

/** @typedef {import('../parts/view.js').View} View */
/** @typedef {import('../types').StudyNews} StudyNews */
/** @typedef {'idle' | 'waits' | 'works' | 'done' | 'stopped' | 'failed'} Phase */

const SEEDS = 40;
const MORE_SEEDS = 160;
/** Where all bands are as narrow as this, more seeds tell little. */
const NARROW = 0.05;
/** How far behind a write one can look, ms. */
const SPANS = [20, 100, 500, 2_000, 10_000];
const CALM_MS = 500; // whoever drags a slider has come to rest

export class Studies {
  /** @type {View} */ #view;
  curve;
  beside;
  #wordsIn = inRoles(makeStudyWords);

  /** @param {View} view */
  constructor(view) {
    this.#view = view;
    this.curve = new Curve(view);
    this.beside = new Beside(view);
    adopt(view.root, css);
  }
  get words() {
    return this.#wordsIn(this.#view.words.roles);
  }
  /** Another tab is shown: a curve that nobody sees is not made. */
  leave() {
    if (this.curve.phase === 'works' || this.curve.phase === 'waits') this.curve.close();
  }
  close() {
    this.curve.close();
    this.beside.close();
  }
}

/** The staleness curve: made when the tab is opened, and again when the cluster is another one. */
class Curve {
  /** @type {Phase} */ phase = 'idle';
  /** @type {import('../types').StalenessCurve | undefined} */ data;
  /** @type {Pick<StudyNews, 'refused' | 'broken'> | undefined} */ failure;
  /** The point that is read. */ at = 0;
  /** Of the run, µs. */ nowUs = 0;
  seeds = SEEDS;
  /** How far behind a write is looked, ms; else as long as it needs to all slaves. @type {number | undefined} */ spanMs;
  #view;
  clerk = new Clerk((news) => this.#hear(news));
  #of = '';
  /** @type {unknown} */ #state;
  /** @type {ReturnType<typeof setTimeout> | undefined} */ #soon;

  /** @param {View} view */
  constructor(view) {
    this.#view = view;
  }

  /** Whether the cluster is still the one that was studied; called while the tab is drawn. */
  watch() {
    const { state } = this.#view;
    if (state === this.#state) return;
    this.#state = state;
    const of = standing(state);
    if (of === this.#of) return;
    const first = this.#of === '';
    this.#of = of;
    clearTimeout(this.#soon);
    this.phase = 'waits';
    if (first) this.start();
    else this.#soon = setTimeout(() => this.start(), CALM_MS);
  }

  start(seeds = SEEDS) {
    clearTimeout(this.#soon);
    const { core } = this.#view.run;
    if (!core) return;
    Object.assign(this, { phase: 'works', failure: undefined, seeds });
    this.nowUs = core.nowUs;
    const { nowUs, spanMs } = this;
    void this.clerk.ask({ kind: 'curve', text: core.text, nowUs, spanMs, seeds, narrow: seeds > SEEDS ? 0 : NARROW });
  }
  /** @param {string} ms */
  look(ms) {
    this.spanMs = ms ? Number(ms) : undefined;
    this.start();
    this.#view.act.changed();
  }
  /** What is known so far stays. */
  cancel() {
    clearTimeout(this.#soon);
    this.clerk.drop();
    this.phase = 'stopped';
    this.#view.act.changed();
  }
  /** Whoever comes back finds it begun anew. */
  close() {
    clearTimeout(this.#soon);
    this.clerk.drop();
    this.phase = 'idle';
    this.#of = '';
    this.#state = undefined;
  }

  /** @param {StudyNews} news */
  #hear(news) {
    if (news.curve) this.data = news.curve;
    if (news.refused || news.broken) {
      this.phase = 'failed';
      this.failure = news;
      this.data = undefined;
    } else if (news.done) this.phase = 'done';
    this.#view.act.changed();
  }

  /** @param {number} at */
  choose(at) {
    if (at === this.at) return;
    this.at = at;
    this.#view.act.changed();
  }
}

/** @param {View} view */
export function studies(view) {
  view.kept.studies ??= new Studies(view);
  view.kept.studies.curve.watch();
  return html`<div class="studies">${staleness(view)} ${beside(view)}</div>`;
}

/** @param {View} view */
function staleness(view) {
  const { curve, words } = /** @type {Studies} */ (view.kept.studies);
  const t = words.curve;
  const { data, phase } = curve;
  const points = data?.points ?? [];
  const works = phase === 'works' || phase === 'waits';
  return html`<section class="studies-part" aria-label=${view.titled(t.title)}>
    <h3>${t.title}</h3>
    <p class="help">${t.help(clock(curve.nowUs))}</p>
    ${curve.clerk.ownThread ? html`<p class="help">${words.ownThread}</p>` : nothing}
    ${choice({ id: 'studies-span', label: t.span }, String(curve.spanMs ?? ''), [['', t.spanAll], ...SPANS.map((ms) => [String(ms), time(ms * 1000)])], (ms) => curve.look(ms))}
    ${curve.failure ? failure(words, curve.failure) : nothing}
    ${
      points.length > 0
        ? html`<p class="studies-summary" role="status">${works ? nothing : summary(points, t)}</p>
            ${chart({ points, old: phase === 'waits', at: curve.at, width: chartWidth(view), words: t, choose: (at) => curve.choose(at) })}`
        : nothing
    }
    ${progress(view)} ${data && data.failed > 0 ? html`<p class="studies-failed">${t.failed(data.failed)}</p>` : nothing}
    ${points.length > 0 ? fold(view, 'studies-table', t.table, () => curveTable(points, t)) : nothing}
  </section>`;
}

/** So that its letters are about as large as all others. @param {View} view */
const chartWidth = (view) =>
  Math.round(Math.max(260, view.width < 1120 ? Math.min(view.width - 30, 760) : view.width / 2 - 40));

/** @param {View} view */
function progress(view) {
  const { curve, words } = /** @type {Studies} */ (view.kept.studies);
  const t = words.curve;
  const { data, phase } = curve;
  const reads = (data?.points ?? []).reduce((sum, point) => sum + point.reads, 0);
  const seeds = phase === 'waits' ? 0 : (data?.seeds ?? 0);
  if (phase === 'works' || phase === 'waits') {
    return html`<p class="studies-progress">
      <progress max=${curve.seeds} value=${seeds} aria-label=${t.working}></progress>
      <span>${seeds === 0 ? t.working : t.progress(seeds, curve.seeds, reads)}</span>
      <button class="second small" @click=${() => curve.cancel()}>${t.cancel}</button>
    </p>`;
  }
  const narrow = phase === 'done' && seeds < curve.seeds;
  return html`<p class="studies-progress">
    <span>${phase === 'stopped' ? t.stopped : nothing} ${data ? t.done(seeds, reads) : nothing} ${narrow ? t.narrow : nothing}</span>
    <button class="second small" @click=${() => restart(view)}>${phase === 'failed' ? words.retry : t.again}</button>
    ${phase === 'done' && seeds <= SEEDS ? html`<button class="second small" @click=${() => restart(view, MORE_SEEDS)}>${t.more}</button>` : nothing}
  </p>`;
}

/** @param {View} view @param {number} [seeds] */
function restart(view, seeds) {
  view.kept.studies?.curve.start(seeds);
  view.act.changed();
}
