// The same run under other settings, side by side, with several seeds each.

import { html, nothing } from 'lit-html';
import { choice } from '../parts/fields.js';
import { ms } from '../words/studies-words.js';
import { Clerk } from './study-clerk.js';
import { time } from '../words/words.js';

/** @typedef {import('../parts/view.js').View} View */
/** @typedef {import('../types').StudyNews} StudyNews */
/** @typedef {import('../types').VariantScore} Score */
/** @typedef {import('../words/studies-words.js').StudyWords} StudyWords */
/** @typedef {import('./studies.js').Phase} Phase */
/** @typedef {keyof StudyWords['beside']['metrics']} Metric */
/** @typedef {{ low: number, middle: number, high: number }} Spread */

const SEEDS = 5;
const OWN_MAX = 5;
const RATE = 100;
const LOAD = `load ${RATE}/s reads 80% keys 50`;
/** A run that has hardly begun is played so far, µs. */
const [BEGUN_US, PLAYED_US] = [1_000_000, 10_000_000];

/** @type {Record<string, string[]>} */
const CHANGES = {
  replication: [
    'replication async',
    'replication sync 1 received',
    'replication sync all applied',
    'replication sync all applied hidden',
  ],
  slaves: ['slaves 1', 'slaves 2', 'slaves 4'],
  router: ['router master', 'router round-robin', 'router least-lag'],
};

/** @type {[group: keyof StudyWords['beside']['groups'], metrics: [Metric, (score: Score) => number | null | undefined, show: (n: number) => string, up?: boolean][]][]} */
const METRICS = [
  [
    'read',
    [
      ['read p50', (s) => s.readMs[0], ms],
      ['read p95', (s) => s.readMs[1], ms],
      ['read p99', (s) => s.readMs[2], ms],
    ],
  ],
  [
    'write',
    [
      ['write p50', (s) => s.writeMs[0], ms],
      ['write p95', (s) => s.writeMs[1], ms],
      ['write p99', (s) => s.writeMs[2], ms],
    ],
  ],
  [
    'rate',
    [
      ['reads/s', (s) => s.reads, (n) => short(n), true],
      ['writes/s', (s) => s.writes, (n) => short(n), true],
    ],
  ],
  [
    'wrong',
    [
      ['stale reads per 1000', (s) => s.stale, (n) => short(n)],
      ['lost writes', (s) => s.lost, (n) => short(n)],
      ['blocked writes', (s) => s.blocked, (n) => short(n)],
      ['failed', (s) => s.failed, (n) => short(n)],
    ],
  ],
];
/** @param {number} n */
const short = (n) => (n >= 100 ? n.toFixed(0) : n.toFixed(1).replace(/\.0$/, ''));

/** What was asked for last, and how far it has come. */
export class Beside {
  what = 'replication';
  own = '';
  /** @type {Phase} */ phase = 'idle';
  /** @type {(StudyNews & { change?: string }) | undefined} */ failure;
  /** Nothing was written. */ empty = false;
  /** The settings; the first one changes nothing. @type {string[]} */ changes = [];
  /** By setting, then by seed. @type {Score[][]} */ scores = [];
  /** @type {number[]} */ seeds = [];
  untilUs = 0;
  /** Of the run that was compared. */ text = '';
  /** Added to the text for the study. */ load = '';
  #view;
  clerk = new Clerk((news) => this.#hear(news));

  /** @param {View} view */
  constructor(view) {
    this.#view = view;
  }
  /** How far the run is played, µs. */
  get endUs() {
    const nowUs = this.#view.run.core?.nowUs ?? 0;
    return nowUs >= BEGUN_US ? nowUs : Math.max(PLAYED_US, this.#view.state?.lastLineUs ?? 0);
  }

  /** @param {string} load a line for the studied text only */
  start(load) {
    const { core, state } = this.#view.run;
    const changes = (this.what === 'own' ? lines(this.own) : CHANGES[this.what]).filter((c) => !isSo(this.#view, c));
    this.empty = this.what === 'own' && changes.length === 0;
    this.failure = undefined;
    if (!core || !state || this.empty) return this.#view.act.changed();
    const text = withLoad(core.text, load);
    const seed = state.settings.seed;
    Object.assign(this, {
      phase: 'works',
      text: core.text,
      untilUs: this.endUs,
      load,
      changes: [unchanged(text), ...changes],
      scores: Array.from({ length: changes.length + 1 }, () => []),
      // The greatest seed there can be has no successor.
      seeds: Array.from({ length: SEEDS }, (_, i) => (seed + i) % Number.MAX_SAFE_INTEGER),
    });
    const seeds = this.seeds.map((one, i) => (i === 0 ? undefined : one));
    void this.clerk.ask({ kind: 'variants', text, changes: this.changes, seeds, untilUs: this.untilUs });
    this.#view.act.changed();
  }
  cancel() {
    this.clerk.drop();
    this.phase = 'stopped';
    this.#view.act.changed();
  }
  close() {
    this.clerk.drop();
    if (this.phase === 'works') this.phase = 'stopped';
  }

  /** @param {StudyNews} news */
  #hear(news) {
    if (news.score && news.variant !== undefined) this.scores[news.variant].push(news.score);
    if (news.done) this.phase = 'done';
    if (news.refused || news.broken) {
      this.phase = 'failed';
      this.failure = { ...news, change: this.changes[news.variant ?? -1] };
      this.scores = [];
    }
    this.#view.act.changed();
  }
}

/** @param {string} text */
const lines = (text) =>
  text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')
    .slice(0, OWN_MAX);

/** The text with a load from its start on. @param {string} text @param {string} load */
const withLoad = (text, load) =>
  load ? text.replace(/^\s*load off\s*$/gm, '').replace(/^\s*cluster .*$/m, (cluster) => `${cluster}\n${load}`) : text;

/** As many slaves as there are anyway. @param {string} text */
function unchanged(text) {
  const slaves = /^\s*cluster [^+#]*\+([^#\n]*)/m.exec(text)?.[1] ?? '';
  return `slaves ${slaves.trim().split(/\s+/).length}`;
}

/** Whether a setting is in force from the start, and nothing in the text changes it: then it is the run as it is. @param {View} view @param {string} change */
function isSo({ state, text }, change) {
  const [word, ...rest] = change.split(/\s+/);
  if (word === 'slaves') return change === unchanged(text);
  const later = new RegExp(`^\\s*(?:at\\s|\\+).*\\b(?:${word}|preset)\\b`, 'm');
  return state?.settings.values[word] === rest.join(' ') && !later.test(text);
}

/** Whether anybody asks by itself, now or later. @param {View} view */
const hasLoad = (view) => /^(?:\s*(?:at|\+)\s*\S+)?\s*load (?!off)/m.test(view.text);

/** The middle of some numbers, and from where to where they go. @param {(number | null | undefined)[]} of @returns {Spread | undefined} */
export function spread(of) {
  const known = of.filter((n) => n != null).sort((a, b) => a - b);
  if (known.length === 0) return undefined;
  const half = known.length >> 1;
  const middle = known.length % 2 ? known[half] : (known[half - 1] + known[half]) / 2;
  return { low: known[0], middle, high: known[known.length - 1] };
}

/** @param {View} view */
export function beside(view) {
  const { beside: study, words } = /** @type {import('./studies.js').Studies} */ (view.kept.studies);
  const t = words.beside;
  return html`<section class="studies-part" aria-label=${view.titled(t.title)}>
    <h3>${t.title}</h3>
    <p class="help">${t.help(time(study.phase === 'works' ? study.untilUs : study.endUs), SEEDS)}</p>
    ${question(view)}
    ${study.failure ? html`${study.failure.change && study.failure.refused ? html`<code>${study.failure.change}</code>` : nothing} ${failure(words, study.failure)}` : nothing}
    ${study.scores.some((scores) => scores.length > 0) ? html`${study.text === view.text ? nothing : html`<p class="studies-left-out">${t.changed}</p>`} ${outcome(study, t)}` : nothing}
  </section>`;
}

/** What is compared. @param {View} view */
function question(view) {
  const { beside: study, words } = /** @type {import('./studies.js').Studies} */ (view.kept.studies);
  const t = words.beside;
  const works = study.phase === 'works';
  const loaded = hasLoad(view);
  const button = (/** @type {string} */ word, /** @type {string} */ load, /** @type {string} */ look) =>
    html`<button class=${look} @click=${() => study.start(load)}>${word}</button>`;
  const choose = (/** @type {string} */ what) => {
    study.what = what;
    view.act.changed();
  };
  return html`<div class="studies-question">
      ${choice({ id: 'studies-what', label: t.what, help: t.whatHelp }, study.what, Object.entries(t.choices), choose)}
      ${study.what === 'own' ? ownLines(view) : nothing}
    </div>
    ${loaded || works ? nothing : html`<p class="studies-note">${t.noLoad}</p>`}
    ${
      works
        ? playing(study, t)
        : html`<p class="studies-progress">
            ${loaded ? button(t.run, '', 'primary') : html`${button(t.runLoad(RATE), LOAD, 'primary')} ${button(t.runAsIs, '', 'second')}`}
            ${study.phase === 'stopped' ? html`<span role="status">${t.stopped}</span>` : nothing}
          </p>`
    }`;
}

/** @param {Beside} study @param {StudyWords['beside']} t */
function playing(study, t) {
  const done = study.scores.reduce((sum, scores) => sum + scores.length, 0);
  const all = study.changes.length * SEEDS;
  return html`<p class="studies-progress">
    <progress max=${all} value=${done} aria-label=${t.title}></progress>
    <span>${t.progress(done, all)}</span>
    <button class="second small" @click=${() => study.cancel()}>${t.cancel}</button>
  </p>`;
}

/** @param {View} view */
function ownLines(view) {
  const { beside: study, words } = /** @type {import('./studies.js').Studies} */ (view.kept.studies);
  const t = words.beside;
  return html`<div class="field">
    <label
      ><span>${t.own}</span>
      <textarea
        rows="3"
        spellcheck="false"
        autocomplete="off"
        placeholder="replication sync 2 flushed"
        aria-describedby="help-studies-own"
        .value=${study.own}
        @input=${(/** @type {Event} */ e) => (study.own = /** @type {HTMLTextAreaElement} */ (e.target).value)}
      ></textarea></label
    >
    <small id="help-studies-own">${t.ownHelp}</small>
    ${study.empty ? html`<p class="studies-error" role="alert">${t.ownNone}</p>` : nothing}
  </div>`;
}

/** @param {Beside} study @param {StudyWords['beside']} t */
function outcome(study, t) {
  const names = study.changes.map((change, i) => (i === 0 ? t.asIs : change));
  return html`<p class="help">${t.table(time(study.untilUs), SEEDS)}</p>
    <div class="scroll studies-scroll tall" tabindex="0" role="group" aria-label=${t.title}>
      <table class="studies-table studies-beside">
        <caption class="hidden">
          ${t.title}
        </caption>
        <thead>
          <tr><td></td>${names.map((name, i) => html`<th scope="col">${i === 0 ? name : html`<code>${name}</code>`}</th>`)}</tr>
        </thead>
        ${METRICS.map(
          ([group, metrics]) => html`<tbody>
            <tr><th class="studies-group" scope="colgroup" colspan=${names.length + 1}><span>${t.groups[group]}</span></th></tr>
            ${metrics.map(([metric, of, show, up]) => row(t.metrics[metric], study.scores, of, show, up, t))}
          </tbody>`,
        )}
      </table>
    </div>
    <div class="studies-notes">
      <p class="help">${t.marks} ${t.notes}</p>
      ${study.load ? html`<p class="help">${t.withLoad(study.load)}</p>` : nothing}
      ${study.scores.map((scores, i) => (scores[0]?.leftOut ? html`<p class="studies-left-out">${t.leftOut(scores[0].leftOut, names[i])}</p>` : nothing))}
      <button class="second small" @click=${() => save(study)}>${t.save}</button>
    </div>`;
}

/**
 * @param {string} word @param {Score[][]} scores @param {(score: Score) => number | null | undefined} of
 * @param {(n: number) => string} show @param {boolean | undefined} up more is better @param {StudyWords['beside']} t
 */
function row(word, scores, of, show, up, t) {
  const spreads = scores.map((each) => spread(each.map(of)));
  const most = Math.max(0, ...spreads.map((s) => s?.middle ?? 0));
  const mark = ranking(spreads, up);
  return html`<tr>
    <th scope="row">${word}</th>
    ${spreads.map((s, i) => html`<td>${s ? cell(s, most, show, mark[i] && html`<b class="studies-mark ${mark[i]}">${t[mark[i]]}</b>`) : '–'}</td>`)}
  </tr>`;
}

/** @param {Spread} s @param {number} most @param {(n: number) => string} show @param {unknown} mark */
function cell({ low, middle, high }, most, show, mark) {
  const [from, to] = [show(low), show(high)];
  return html`<span class="studies-value">${show(middle)} ${mark || nothing}</span>
    <svg class="studies-bar" aria-hidden="true"><rect width="${most > 0 ? ((middle / most) * 100).toFixed(1) : 0}%" height="100%" /></svg>
    <small>${from === to ? nothing : `${from} – ${to}`}</small>`;
}

/**
 * The best and the worst, where chance cannot have made them so.
 * @param {(Spread | undefined)[]} spreads @param {boolean} [up] more is better
 * @returns {('best' | 'worst' | undefined)[]}
 */
export function ranking(spreads, up = false) {
  const known = spreads.filter((s) => s !== undefined);
  const least = Math.min(...known.map((s) => s.high));
  const most = Math.max(...known.map((s) => s.low));
  if (known.length < 2 || least >= most) return spreads.map(() => undefined);
  const [bottom, top] = [Math.min(...known.map((s) => s.middle)), Math.max(...known.map((s) => s.middle))];
  return spreads.map((s) => {
    if (s?.middle === bottom) return up ? 'worst' : 'best';
    if (s?.middle === top) return up ? 'best' : 'worst';
    return undefined;
  });
}

/** A field of a CSV file. @param {unknown} value */
const field = (value) => `"${String(value ?? '').replaceAll('"', '""')}"`;

/** Each run as a line. @param {Beside} study @returns {string} */
export function csv({ changes, scores, seeds, untilUs, load }) {
  const all = METRICS.flatMap(([, metrics]) => metrics);
  const unit = (/** @type {string} */ metric) => (/ p\d/.test(metric) ? `${metric} ms` : metric);
  const head = ['setting', 'seed', 'load', 'simulated s', ...all.map(([metric]) => unit(metric)), 'lines left out'];
  const body = changes.flatMap((change, i) =>
    scores[i].map((score, place) => [
      i === 0 ? 'as it is' : change,
      seeds[place],
      load,
      untilUs / 1e6,
      ...all.map(([, of]) => of(score)),
      score.leftOut,
    ]),
  );
  return [head, ...body].map((cells) => `${cells.map(field).join(',')}\r\n`).join('');
}

/** @param {Beside} study */
function save(study) {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(new Blob([csv(study)], { type: 'text/csv' }));
  link.download = 'replication-side-by-side.csv';
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}

/** @param {StudyWords} t @param {Pick<StudyNews, 'refused' | 'broken'>} of */
export function failure(t, { refused, broken }) {
  const expected = refused?.expected ? ` (${refused.expected})` : '';
  return html`<p class="studies-error" role="alert"><b>${refused ? t.refused : t.broken}</b> ${refused ? `${refused.message}${expected}.` : broken}</p>`;
}
