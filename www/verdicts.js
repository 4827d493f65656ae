// What the referee says of the whole run.

import { html, nothing } from 'lit-html';
import { repeat } from 'lit-html/directives/repeat.js';
import { icons, sentence } from './marks.js';
import { clock } from './words.js';

/** @typedef {import('./app.js').App} App */

/** @param {App} app */
export function verdicts(app) {
  const t = app.words;
  return html`<ul class="verdicts">
    ${repeat(
      app.state?.verdicts ?? [],
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
                </details>`
              : nothing
          }
        </div>
      </li>`,
    )}
  </ul>`;
}
