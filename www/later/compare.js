// Side by side: the same run, asynchronous, semi-synchronous and synchronous, at the instant at which the page stands. All
// three are played by the core; what is pressed happens in all of them.

import { html, svg, nothing } from 'lit-html';
import { doneWhen, wayLine } from '../model/experiment.js';
import { icons } from '../parts/marks.js';
import css from '../parts/styles/compare.css';
import { adopt } from '../parts/styles.js';
import { Variants } from '../run/variants.js';
import { inRoles } from '../words/in-roles.js';
import pictureCss from '../parts/styles/compare-picture.css';
import { makeCompareWords } from '../words/compare-words.js';
import { depthOf, heightOf, picture } from './compare-picture.js';

/** @typedef {import('../parts/view.js').View} View */
/** @typedef {import('../run/variants.js').Seen} Seen */
/** @typedef {import('../words/compare-words.js').CompareWords} CompareWords */
/** @typedef {{ share?: number, number: string, of: string, kind?: string }} Figure */

/** @type {('master' | 'one' | 'all')[]} */
const WAYS = ['master', 'one', 'all'];
/** Left and right of a column, and beside all of them, px. */
const PAD = { cell: 14, small: 4, console: 236 };

/** What is known of the three; and where it comes from. */
export class Compare {
  /** @type {Seen[]} */ seen = [];
  /** Grows with each of them that is otherwise. */ version = 0;
  /** Of all three, so that none is higher than the others; it does not shrink. */ depth = 1;
  /** @type {string | undefined} */ failure;
  #view;
  /** @type {Variants | undefined} */ #variants;
  #opening = false;
  #wordsIn = inRoles(makeCompareWords);

  /** @param {View} view */
  constructor(view) {
    this.#view = view;
    adopt(view.root, css);
    adopt(view.root, pictureCss);
    this.#open();
  }
  get words() {
    return this.#wordsIn(this.#view.words.roles);
  }
  /** They have not come to where the page is. */
  get behind() {
    return this.#variants?.behind ?? false;
  }

  /** Goes to where the page is, before it is drawn. Whether anything is otherwise. */
  look() {
    const { state, text, nowUs, surface } = this.#view;
    if (!this.#view.compares || !state) return this.close();
    if (!this.#variants) return this.#open();
    const changes = WAYS.map((way) => wayLine(state, way));
    try {
      const seen = this.#variants.look({ text, changes, atUs: nowUs, vocabulary: surface.vocabulary });
      if (!seen) return false;
      this.seen = seen;
      this.depth = Math.max(this.depth, ...seen.map((one) => (one.state ? depthOf(one.state) : 1)));
    } catch (error) {
      this.#fail(error);
    }
    this.version += 1;
    return true;
  }
  #open() {
    if (this.#opening || this.failure !== undefined) return false;
    this.#opening = true;
    Variants.open()
      .then(
        (variants) => (this.#variants = variants),
        (error) => this.#fail(error),
      )
      .then(() => {
        this.#opening = false;
        this.#view.act.changed();
      });
    return false;
  }
  /** @param {unknown} error */
  #fail(error) {
    this.failure = String(/** @type {Error} */ (error)?.message ?? error);
    this.#variants = undefined;
    this.seen = [];
  }
  /** Nothing is kept while nobody sees it. */
  close() {
    this.#variants?.close();
    this.#variants = undefined;
    this.failure = undefined;
    this.depth = 1;
    this.seen = [];
    return false;
  }
}

/** @param {View} view */
export function compare(view) {
  const kept = (view.kept.compare ??= new Compare(view));
  const t = kept.words;
  return html`<section class="compare" part="compare" aria-label=${view.titled(view.words.experiment.beside)}>
    ${head(view, kept, t)}
    ${kept.failure === undefined ? table(view, kept, t) : html`<p class="panel" role="alert">${view.words.crashed} ${kept.failure}</p>`}
  </section>`;
}

/** @param {View} view @param {Compare} kept @param {CompareWords} t */
function head(view, kept, t) {
  const full = view.surface.layout === 'full';
  const written = (kept.seen[0]?.state?.writes.length ?? 0) > 0;
  return html`<header>
    <div><h3>${t.title}</h3><p>${written || !full ? t.same : t.none}</p></div>
    ${full && !view.lesson ? html`<button class="second small" ?hidden=${written} @click=${() => view.act.showExample()}>${icons.play} ${t.example}</button>` : nothing}
  </header>`;
}

/** @param {View} view @param {Compare} kept @param {CompareWords} t */
function table(view, kept, t) {
  const now = doneWhen(view.state?.settings.values.replication ?? '');
  const figures = kept.seen.map((seen) => figuresOf(seen, t));
  const longest = Math.max(1, ...kept.seen.map(({ score }) => score?.medianWriteMs ?? 0));
  for (const [i, { score }] of kept.seen.entries()) {
    const ms = score?.medianWriteMs;
    if (figures[i]) figures[i].takes.share = ms == null ? 0 : ms / longest;
  }
  const rows = /** @type {const} */ (['lost', 'open', 'stale', 'takes']);
  return html`<table aria-busy=${kept.seen.length === 0}>
    <caption class="hidden">${t.caption}</caption>
    <thead><tr><td class="word"></td>${WAYS.map((way, i) => html`<th scope="col"><b>${t.ways[way][0]}</b> ${way === now ? html`<span class="here">${t.here}</span>` : nothing}<small>${kept.seen[i]?.refused ? t.refused : t.ways[way][1]}</small></th>`)}</tr></thead>
    <tbody>
      <tr class="pictures"><th scope="row" class="word"><span class="hidden">${t.picture}</span></th>${WAYS.map((_, i) => html`<td>${small(view, kept, i, t)}</td>`)}</tr>
      ${rows.map((row) => html`<tr><th scope="row" class="word"><span class="hidden">${t[row]}</span></th>${WAYS.map((_, i) => html`<td>${figure(t[row], figures[i]?.[row])}</td>`)}</tr>`)}
    </tbody>
  </table>`;
}

/** @param {View} view @param {Compare} kept @param {number} i @param {CompareWords} t */
function small(view, kept, i, t) {
  const seen = kept.seen[i];
  const width = widthOf(view);
  const height = heightOf(width, (seen?.state ?? view.state)?.nodes.length ?? 1, kept.depth);
  if (!seen?.state)
    return html`<svg class="compare-picture" viewBox="0 0 ${width} ${height}" aria-hidden="true"></svg>${seen?.refused ? html`<p class="help">${seen.refused.message}</p>` : nothing}`;
  return picture(view, seen, width, height, t);
}

/** How wide a picture is, px. @param {View} view */
function widthOf(view) {
  const { size, surface } = view;
  const beside =
    surface.layout === 'full' &&
    (size === 'wide' || size === 'medium') &&
    (view.shows('requests') || view.shows('settings'));
  const pad = view.width < 620 ? PAD.small : PAD.cell;
  return Math.max(90, Math.floor((view.width - (beside ? PAD.console : 0) - 2) / 3 - 2 * pad));
}

/** All that is told is the core's. @param {Seen} seen @param {CompareWords} t */
function figuresOf({ state, score }, t) {
  const seconds = (state?.nowUs ?? 0) / 1e6;
  const [done, reads] = [score?.writes ?? 0, score?.reads ?? 0].map((rate) => Math.round(rate * seconds));
  const { lost = 0, asked = 0 } = score ?? {};
  const open = Math.max(0, asked - done);
  const stale = Math.round(((score?.stale ?? 0) * reads) / 1000);
  const ms = score?.medianWriteMs;
  const share = (/** @type {number} */ n, /** @type {number} */ of) => (of > 0 ? Math.min(1, n / of) : 0);
  /** @type {Record<'lost' | 'open' | 'stale' | 'takes', Figure>} */
  const figures = {
    lost: { number: String(lost), of: t.ofDone(done), share: share(lost, done), kind: lost > 0 ? 'bad' : '' },
    open: { number: String(open), of: t.ofWrites(asked), share: share(open, asked) },
    stale: { number: String(stale), of: t.ofReads(reads), share: share(stale, reads), kind: stale > 0 ? 'late' : '' },
    takes: { number: ms == null ? '–' : t.time(Math.round(ms * 1000)), of: ms == null ? t.noWrite : t.median },
  };
  return figures;
}

/** @param {string} word @param {Figure | undefined} of */
function figure(word, of) {
  const { number, of: among, share = 0, kind = '' } = of ?? { number: '–', of: '' };
  return html`<span class="what" aria-hidden="true">${word}</span><b class="number ${kind}-number">${number}</b><small>${among}</small>
    <svg class="share ${kind}-share" aria-hidden="true">${svg`<rect width="100%" height="100%" rx="2"/><rect class="part" width="${(share * 100).toFixed(1)}%" height="100%" rx="2"/>`}</svg>`;
}
