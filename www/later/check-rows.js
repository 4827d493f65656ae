// How each promise stands, and behind a broken one: why, the run that shows it, and what would have prevented it.

import { html, nothing } from 'lit-html';
import { icons } from '../parts/marks.js';
import { time } from '../words/words.js';
import { seenOn } from './check-seen.js';

/** @typedef {import('../parts/view.js').View} View */
/** @typedef {import('./check.js').Checks} Checks */
/** @typedef {import('../types').CheckPromise} Promise */
/** @typedef {import('../types').CheckFinding} Finding */
/** @typedef {import('../types').CheckNeighbour} Neighbour */

/** @param {View} view @param {Checks} checks */
export function promises(view, checks) {
  const list = checks.told?.promises ?? [];
  return html`<ul class="check-promises" aria-label=${checks.words.promises}>
    ${list.map((promise) => row(view, checks, promise))}
  </ul>`;
}

/** As high as any other until it is unfolded. @param {View} view @param {Checks} checks @param {Promise} promise */
function row(view, checks, promise) {
  const t = checks.words;
  const { name, title, broken, actions, finding } = promise;
  const id = `check ${name}`;
  const open = view.ui.open.has(id) && finding;
  const status = broken ? 'broken' : checks.phase === 'done' ? 'held' : 'untested';
  const said = broken
    ? t.broken(actions)
    : actions > 0
      ? t.none(actions)
      : checks.phase === 'works'
        ? t.noneYet
        : t.waiting;
  const seen = seenOn(checks.preset, checks.asked, checks.ask.reads, promise);
  return html`<li class=${status} data-promise=${name}>
    ${icons[status]}
    <div class="check-said">
      <b>${t.own(title)}</b>
      <span><span class="status">${said}</span>${seen ? html` <span class="check-seen" title=${t.seenHelp}>${t.seen(seen)}</span>` : nothing}</span>
    </div>
    <button class="second small check-how" ?hidden=${!finding} aria-expanded=${open ? 'true' : 'false'} aria-label="${t.how} ${t.own(title)}" @click=${() => view.act.unfold(id, !open)}>${t.how}</button>
    ${open && finding ? found(view, checks, promise, finding) : nothing}
  </li>`;
}

/** @param {View} view @param {Checks} checks @param {Promise} promise @param {Finding} finding */
function found(view, checks, promise, finding) {
  const t = checks.words;
  const fromUs = checks.asked?.nowUs ?? 0;
  return html`<div class="check-found">
    <p>${finding.why}</p>
    <ol class="check-way" aria-label=${t.way}>${finding.way.map((act) => html`<li><code>${act}</code></li>`)}</ol>
    <p class="check-acts">
      <button class="primary small" title=${t.playHelp} @click=${() => view.act.playFinding(finding.text, fromUs, finding.way.join(' · '), t.played)}>${t.play}</button>
      ${view.linked ? html`<button class="second small" @click=${() => view.act.copyLinkOf(finding.text)}>${t.link}</button>` : nothing}
      <button class="second small" title=${t.testHelp} @click=${() => view.act.copyFinding(finding.text)}>${t.test}</button>
      <button class="second small" @click=${() => checks.prevent(promise.name)}>${t.prevent}</button>
    </p>
    ${checks.near.has(promise.name) ? prevention(checks, promise) : nothing}
  </div>`;
}

/** @param {Checks} checks @param {Promise} promise */
function prevention(checks, promise) {
  const t = checks.words;
  const near = checks.near.get(promise.name);
  if (!near) return nothing;
  if (near.failed) return html`<p role="alert" class="check-error">${near.failed}</p>`;
  if (near.done && near.names.length === 0) return html`<p>${t.preventNone}</p>`;
  const goOn = checks.told?.promises.find(({ name }) => name === 'writes-go-on');
  const row = (/** @type {string} */ words, /** @type {unknown[]} */ cells, quiet = false) =>
    html`<tr><th scope="row">${quiet ? words : html`<code>${words}</code>`}</th>${cells.map((cell) => html`<td>${cell}</td>`)}</tr>`;
  return html`<p class="help" role="status">${near.done ? t.prevented : t.preventing}</p>
    <div class="scroll" tabindex="0" role="group" aria-label=${t.prevented}>
      <table class="check-near" aria-label=${t.prevented}>
        <thead><tr>${t.preventColumns.map((column) => html`<th scope="col">${column}</th>`)}</tr></thead>
        <tbody>
          ${row(t.now, [t.broken(promise.actions), goOn ? writes(t, goOn, checks.phase === 'done') : t.pending, cost(t, checks.asked?.writeUs)], true)}
          ${near.names.map((words, place) => row(words, cells(t, near.told[place], promise.name)))}
        </tbody>
      </table>
    </div>`;
}

/** @param {import('../words/check-words.js').CheckWords} t @param {Neighbour | undefined} told @param {string} name of the promise */
function cells(t, told, name) {
  if (!told) return [t.pending, t.pending, t.pending];
  if (told.refused) return [t.notHere(told.refused), '', ''];
  const [promise, goOn] = [name, 'writes-go-on'].map((of) => told.promises.find((one) => one.name === of));
  const then = !promise ? '' : promise.broken ? t.broken(promise.actions) : t.none(promise.actions);
  const kept = promise && !promise.broken;
  return [
    html`<span class=${kept ? 'check-kept' : ''}>${kept ? icons.held : nothing}${then}</span>`,
    goOn ? writes(t, goOn, true) : '',
    cost(t, told.writeUs),
  ];
}

/** @param {import('../words/check-words.js').CheckWords} t @param {Promise} promise @param {boolean} done */
const writes = (t, { broken, actions }, done) => (broken ? t.stop(actions) : done ? t.goOn : t.pending);

/** @param {import('../words/check-words.js').CheckWords} t @param {number | null | undefined} us */
const cost = (t, us) => (us == null ? t.unanswered : time(us));
