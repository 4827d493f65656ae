// What the referee says of the whole run.

import { html, nothing } from 'lit-html';
import { keyed } from 'lit-html/directives/keyed.js';
import { live } from 'lit-html/directives/live.js';
import { plain } from '../model/tell.js';
import { byWeight } from '../model/verdicts.js';
import { clock } from '../words/words.js';
import { icons, sentence } from './marks.js';
import { part } from './view.js';

/** @typedef {import('../types').Verdict} Verdict */
/** @typedef {import('./view.js').View} View */

/** @param {View} view */
export function verdicts(view) {
  const all = view.state?.verdicts;
  // The autopsy of a failover goes on for as long as its writes do.
  const shown = view.state?.nodes.some((n) => n.epoch > 1) ? [all, view.version] : [all];
  return part(view, shown, () => drawn(view));
}

/** @param {View} view */
function drawn(view) {
  const all = view.state?.verdicts ?? [];
  const { bad, first, rest } = byWeight(all);
  const t = view.words;
  return html`${counters(view, all)} ${worst(view, bad)}
  <ul class="verdicts">${first.map((v) => verdict(view, v))}</ul>
  ${
    rest.length > 0
      ? html`<details class="rest" ?open=${view.ui.open.has('verdicts')} @toggle=${(/** @type {Event} */ e) => view.act.unfold('verdicts', /** @type {HTMLDetailsElement} */ (e.target).open)}>
          <summary>${t.moreVerdicts(rest.length)}</summary>
          <ul class="verdicts">${rest.map((v) => verdict(view, v))}</ul>
        </details>`
      : nothing
  }
  ${pauseOn(view)} ${failovers(view)}`;
}

/** How many promises are broken, behind, held, and not tested. @param {View} view @param {Verdict[]} all */
function counters(view, all) {
  const t = view.words.ledger;
  return html`<ul class="counters" aria-label=${t.title}>
    ${
      /** @type {Verdict['status'][]} */ (['broken', 'behind', 'held', 'untested']).map((status) => {
        const count = all.filter((v) => v.status === status).length;
        return html`<li class="${status} ${count > 0 ? '' : 'none'}">${icons[status]}<b>${count}</b> <span>${t.counts[status]}</span></li>`;
      })
    }
  </ul>`;
}

/** What is broken comes first, with what broke it; there is always the same room for it. @param {View} view @param {Verdict | undefined} v the worst, if it is bad */
function worst(view, v) {
  const t = view.words;
  return html`<div class="worst ${v?.status ?? ''} ${v?.witness.length === 0 ? 'brief' : ''}">
    ${
      v
        ? html`${keyed(`${v.id} ${v.status}`, html`<p class="title">${icons[v.status]} <b title=${v.title}>${v.title}</b> <span class=${v.status === 'broken' ? 'hidden' : 'status'}>${t.verdictWords[`${v.id} ${v.status}`] ?? t.verdictWords[v.status]}</span></p>`)}
            <p>${sentence(v.summary)}</p>
            <p class="witness">${sentence(v.witness)}</p>
            <p class="acts">${acts(view, v)}</p>`
        : html`<p class="title">${icons.held} <b>${t.ledger.allWell}</b></p><p>${t.ledger.allWellHelp}</p>`
    }
  </div>`;
}

/** What can be looked at. @param {View} view @param {Verdict} v */
const acts = (
  view,
  v,
) => html`${v.witnessUs != null ? html`<button class="quiet" @click=${() => view.act.seek(/** @type {number} */ (v.witnessUs))}>${view.words.seeIt} ${clock(v.witnessUs)}</button>` : nothing}
  ${v.witnessOperation != null ? html`<button class="quiet" aria-haspopup="dialog" @click=${(/** @type {Event} */ e) => view.act.askWhy(/** @type {number} */ (v.witnessOperation), e)}>${view.words.whatLedToIt}</button>` : nothing}`;

/** @param {View} view */
function failovers(view) {
  if (!view.state?.nodes.some((n) => n.epoch > 1)) return nothing;
  return view.later.report.show(view, (code) => code.autopsies(view));
}

/** Always as high, whatever it says: those below stay where they are. @param {View} view @param {Verdict} v */
function verdict(view, v) {
  const t = view.words;
  const id = `why ${v.id}`;
  // Other words are others: they are not those of before in another place.
  const said = `${v.id} ${v.status} ${plain(v.summary)}`;
  return html`<li class=${v.status} ?data-unfolded=${view.ui.open.has(id)}>
    ${icons[v.status]}
    ${keyed(
      said,
      html`<div class="said" title=${plain(v.summary)}>
      <p class="title"><b>${v.title}</b> <span class="${v.status === 'untested' ? 'hidden' : 'status'}">${t.verdictWords[`${v.id} ${v.status}`] ?? t.verdictWords[v.status]}</span></p>
      <p>${sentence(v.summary)}</p>
    </div>`,
    )}
    ${
      v.witness.length > 0
        ? html`<details class="why" ?open=${view.ui.open.has(id)} @toggle=${(/** @type {Event} */ e) => view.act.unfold(id, /** @type {HTMLDetailsElement} */ (e.target).open)}>
            <summary>${t.why}</summary>
            <p>${sentence(v.witness)}</p>
            ${acts(view, v)}
          </details>`
        : nothing
    }
  </li>`;
}

/** When a playing run pauses by itself. @param {View} view */
function pauseOn(view) {
  const t = view.words;
  return html`<label class="pause-on"
    ><span>${t.pauseOn}</span>
    <select .value=${live(view.ui.pauseOn)} @change=${(/** @type {Event} */ e) => view.act.setPauseOn(/** @type {HTMLSelectElement} */ (e.target).value)}>
      ${Object.entries(t.pauseOns).map(([value, word]) => html`<option value=${value} ?selected=${value === view.ui.pauseOn}>${word}</option>`)}
    </select></label
  >`;
}
