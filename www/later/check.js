// What can go wrong: the panel of the checker. It asks a worker, and keeps what it was told.

import { html, nothing } from 'lit-html';
import { standing } from '../model/shape.js';
import { choice } from '../parts/fields.js';
import { adopt } from '../parts/styles.js';
import css from '../parts/styles/check.css';
import { inRoles } from '../words/in-roles.js';
import { makeCheckWords } from '../words/check-words.js';
import { clock } from '../words/words.js';
import { checkClerk } from './check-clerk.js';
import { promises } from './check-rows.js';
import { presetOf } from './check-seen.js';

/** @typedef {import('../parts/view.js').View} View */
/** @typedef {import('../types').CheckNews} CheckNews */
/** @typedef {import('../types').CheckNeighbour} CheckNeighbour */
/** @typedef {{ names: string[], told: CheckNeighbour[], done: boolean, failed?: string }} Near */
/** @typedef {'idle' | 'works' | 'done' | 'stopped' | 'failed'} Phase */

const DEPTHS = [3, 4, 5, 6, 7, 8];

export class Checks {
  /** @type {Phase} */ phase = 'idle';
  /** What is asked; no operator is the one that fits. */ ask = {
    operator: '',
    faults: '1',
    reads: 'master',
    depth: 5,
  };
  /** The question as it was understood. @type {import('../types').CheckAsked | undefined} */ asked;
  /** @type {import('../types').CheckView | undefined} */ told;
  /** @type {Pick<CheckNews, 'refused' | 'broken'> | undefined} */ failure;
  /** What would prevent that a promise is broken, by its name. @type {Map<string, Near>} */ near = new Map();
  #task = { text: '', nowUs: 0, asked: '' };
  /** The cluster that was asked about. */ #of = '';
  /** The preset as which it stands, if what was seen on real servers is of such a cluster. */ preset = '';
  #nearing = '';
  #view;
  clerk = checkClerk((news) => this.#hear(news));
  #nearClerk = checkClerk((news) => this.#hearNear(news));
  #wordsIn = inRoles(makeCheckWords);

  /** @param {View} view */
  constructor(view) {
    this.#view = view;
    adopt(view.root, css);
  }
  get words() {
    return this.#wordsIn(this.#view.words.roles);
  }
  /** Whether the cluster is another one than was asked about. */
  get isOld() {
    return this.#of !== '' && this.#of !== standing(this.#view.state);
  }

  /** Checks the cluster of now, unless that is what was checked last. */
  open() {
    if (this.phase === 'idle' || this.isOld) this.start();
  }
  start() {
    const { core, state } = this.#view.run;
    if (!core) return;
    const { operator, faults, reads, depth } = this.ask;
    const words = `${operator ? `operator ${operator} ` : ''}faults ${faults} reads ${reads} depth ${depth}`;
    this.#task = { text: core.text, nowUs: core.nowUs, asked: words };
    this.#of = standing(state);
    Object.assign(this, { phase: 'works', failure: undefined, told: undefined, preset: '' });
    void this.#stands(state, core.text);
    this.near.clear();
    this.#nearClerk.drop();
    void this.clerk.ask(this.#task);
    this.#view.act.changed();
  }
  /** @param {import('../types').State | undefined} state @param {string} text */
  async #stands(state, text) {
    const of = this.#of;
    const preset = await presetOf(state, text).catch(() => '');
    if (!preset || of !== this.#of) return;
    this.preset = preset;
    this.#view.act.changed();
  }
  /** @param {Partial<Checks['ask']>} change */
  choose(change) {
    Object.assign(this.ask, change);
    this.start();
  }
  cancel() {
    this.clerk.drop();
    this.phase = 'stopped';
    this.#view.act.changed();
  }
  close() {
    this.clerk.drop();
    this.#nearClerk.drop();
    this.phase = 'idle';
  }

  /** What would have prevented it. @param {string} promise */
  prevent(promise) {
    this.near.set(promise, { names: [], told: [], done: false });
    // One after the other: what was begun before is begun again when it is asked for.
    const before = this.near.get(this.#nearing);
    if (before && !before.done) this.near.delete(this.#nearing);
    if (this.#nearing === promise) this.near.set(promise, { names: [], told: [], done: false });
    this.#nearing = promise;
    void this.#nearClerk.ask({ ...this.#task, promise });
    this.#view.act.changed();
  }

  /** @param {CheckNews} news */
  #hear(news) {
    this.asked = news.asked ?? this.asked;
    this.told = news.told ?? this.told;
    if (news.refused || news.broken) {
      Object.assign(this, { phase: 'failed', failure: news, told: undefined });
    } else if (news.done) this.phase = 'done';
    this.#view.act.changed();
  }
  /** @param {CheckNews} news */
  #hearNear(news) {
    const near = this.near.get(news.promise ?? this.#nearing);
    if (!near) return;
    if (news.names) near.names = news.names;
    if (news.near) near.told.push(news.near);
    if (news.refused || news.broken) near.failed = news.refused?.message ?? news.broken;
    if (news.done || near.failed) near.done = true;
    this.#view.act.changed();
  }
}

/** Where somebody asks what can go wrong, the answer begins. @param {View} view */
export function openCheck(view) {
  view.kept.check ??= new Checks(view);
  view.kept.check.open();
}

/** @param {View} view */
export function check(view) {
  const checks = (view.kept.check ??= new Checks(view));
  const t = checks.words;
  const nowUs = checks.phase === 'idle' ? view.nowUs : (checks.asked?.nowUs ?? view.nowUs);
  return html`<section class="checker" aria-label=${view.titled(t.title)}>
    <h3 tabindex="-1" class="check-title">${t.title}</h3>
    <p class="help">${t.help(clock(nowUs))}</p>
    ${checks.clerk.ownThread ? html`<p class="help">${t.ownThread}</p>` : nothing}
    ${question(checks)}
    ${progress(checks)}
    ${checks.failure ? failure(checks) : nothing}
    ${checks.told ? promises(view, checks) : nothing}
    <p class="help">${t.noProof}</p>
  </section>`;
}

/** @param {Checks} checks */
function question(checks) {
  const { ask, asked, words: t } = checks;
  const known = asked?.operators ?? [];
  const chosen = ask.operator || (asked?.operator ?? '');
  /** @type {[string, string][]} */
  const operators = known.map(({ name }) => [name, t.operators[name] ?? name]);
  const runbook = known.find(({ name }) => name === chosen)?.runbook;
  return html`<div class="check-question" role="group" aria-label=${t.question}>
      ${choice({ id: 'check-operator', label: t.operator }, chosen, operators, (operator) => checks.choose({ operator }))}
      ${choice({ id: 'check-faults', label: t.faults }, ask.faults, [...['0', '1', '2'].map((n) => [n, n]), ['any', t.anyFaults]], (faults) => checks.choose({ faults }))}
      ${choice(
        { id: 'check-reads', label: t.reads },
        ask.reads,
        [
          ['master', t.readsMaster],
          ['routed', t.readsRouted],
        ],
        (reads) => checks.choose({ reads }),
      )}
      ${choice(
        { id: 'check-depth', label: t.depth },
        String(ask.depth),
        DEPTHS.map((n) => [String(n), String(n)]),
        (depth) => checks.choose({ depth: Number(depth) }),
      )}
    </div>
    <p class="help check-runbook">${t.own(runbook ?? '')}</p>
    ${asked && asked.leftOut.length > 0 ? html`<p class="check-note">${t.leftOut(asked.leftOut)}</p>` : nothing}`;
}

/** How far it is: always as high. @param {Checks} checks */
function progress(checks) {
  const { phase, told, words: t } = checks;
  const works = phase === 'works';
  const doing = !told ? t.starting : t.progress(told.depth, told.at, told.of, told.states);
  return html`<div class="check-progress">
    <progress max="1" value=${!works ? 1 : told ? share(told, checks.asked?.depth ?? 5) : 0} ?hidden=${!works} aria-label=${t.title}></progress>
    <p>
      <span role="status">${works || phase === 'idle' || phase === 'failed' ? '' : ended(checks)}</span>
      ${works ? doing : nothing} ${!works && checks.isOld ? html`<span>${t.changed}</span>` : nothing}
    </p>
    ${
      works
        ? html`<button class="second small" @click=${() => checks.cancel()}>${t.cancel}</button>`
        : html`<button class="second small" @click=${() => checks.start()}>${phase === 'idle' ? t.begin : t.again}</button>`
    }
  </div>`;
}

/** Each action more takes several times as long as the one before; five is a guess for the bar alone. @param {import('../types').CheckView} told @param {number} most */
const share = (told, most) => 5 ** (told.depth - most) * (0.2 + 0.8 * (told.at / Math.max(1, told.of)));

/** @param {Checks} checks */
function ended({ phase, told, words: t }) {
  if (!told || phase === 'stopped') return t.stopped;
  if (told.ending === 'out-of-states') return t.outOfStates(told.depth, told.states);
  if (told.ending === 'exhausted') return t.exhausted(told.states);
  if (told.promises.every((promise) => promise.broken)) return t.early(told.depth, told.states);
  return t.complete(told.depth, told.states, told.transitions);
}

/** @param {Checks} checks */
function failure({ failure, words: t }) {
  const refused = failure?.refused;
  return html`<p class="check-error" role="alert">
    ${refused ? html`${t.refused} ${refused.message}.${refused.expected ? html` <small>${refused.expected}</small>` : nothing}` : html`${t.broke} <small>${failure?.broken}</small>`}
  </p>`;
}
