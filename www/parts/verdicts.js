// What the referee says of the whole run.

import { html, nothing } from 'lit-html';
import { live } from 'lit-html/directives/live.js';
import { repeat } from 'lit-html/directives/repeat.js';
import { parts } from '../later/later.js';
import { icons, sentence } from './marks.js';
import { clock } from '../words/words.js';

/** @typedef {import('../types').Verdict} Verdict */
/** @typedef {import('../app.js').App} App */

/** Those that are always shown; others only when they have something to say. */
const FIRST = ['fresh-reads', 'no-lost-writes', 'convergence', 'one-history'];

/** @param {App} app */
export function verdicts(app) {
  const all = app.state?.verdicts;
  // The autopsy of a failover goes on for as long as its writes do.
  const shown = app.state?.nodes.some((n) => n.epoch > 1) ? [all, app.version] : [all];
  return app.part(shown, () => drawn(app));
}

/** @param {App} app */
function drawn(app) {
  const t = app.words;
  const all = app.state?.verdicts ?? [];
  const speaks = (/** @type {Verdict} */ v) => FIRST.includes(v.id) || v.status === 'broken' || v.status === 'behind';
  const rest = all.filter((v) => !speaks(v));
  return html`${pauseOn(app)}${failovers(app)} ${list(app, all.filter(speaks))}
  ${
    rest.length > 0
      ? html`<details class="rest">
          <summary>${t.moreVerdicts(rest.length)}</summary>
          ${list(app, rest)}
        </details>`
      : nothing
  }`;
}

/** @param {App} app */
function failovers(app) {
  if (!app.state?.nodes.some((n) => n.epoch > 1)) return nothing;
  return parts.report.show(app, (code) => code.autopsies(app));
}

/** @param {App} app @param {Verdict[]} some */
function list(app, some) {
  const t = app.words;
  return html`<ul class="verdicts">
    ${repeat(
      some,
      (v) => v.id,
      (v) => html`<li class=${v.status}>
        ${icons[v.status]}
        <div>
          <p class="title"><b>${v.title}</b> <span class="${v.status === 'untested' ? 'hidden' : 'status'}">${t.verdictWords[`${v.id} ${v.status}`] ?? t.verdictWords[v.status]}</span></p>
          <p>${sentence(v.summary)}</p>
          ${
            v.witness.length > 0
              ? html`<details>
                  <summary>${t.why}</summary>
                  <p>${sentence(v.witness)}</p>
                  ${v.witnessUs != null ? html`<button class="quiet" @click=${() => app.seek(/** @type {number} */ (v.witnessUs))}>${t.seeIt} ${clock(v.witnessUs)}</button>` : nothing}
                  ${v.witnessOperation != null ? html`<button class="quiet" aria-haspopup="dialog" @click=${(/** @type {Event} */ e) => app.askWhy(/** @type {number} */ (v.witnessOperation), e)}>${t.whatLedToIt}</button>` : nothing}
                </details>`
              : nothing
          }
        </div>
      </li>`,
    )}
  </ul>`;
}

/** When a playing run pauses by itself. @param {App} app */
function pauseOn(app) {
  const t = app.words;
  return html`<label class="pause-on"
    ><span>${t.pauseOn}</span>
    <select .value=${live(app.ui.pauseOn)} @change=${(/** @type {Event} */ e) => app.setPauseOn(/** @type {HTMLSelectElement} */ (e.target).value)}>
      ${Object.entries(t.pauseOns).map(([value, word]) => html`<option value=${value} ?selected=${value === app.ui.pauseOn}>${word}</option>`)}
    </select></label
  >`;
}
