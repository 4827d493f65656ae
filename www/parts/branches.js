// The branches of the run, and how two of them differ.

import { html, nothing } from 'lit-html';
import { clock } from '../words/words.js';
import { icons, sentence } from './marks.js';

/** @typedef {import('../types').Part} Part */
/** @typedef {import('../types').Difference} Difference */
/** @typedef {import('./view.js').View} View */

/** @param {View} view @param {import('../types').Past} past */
export function branches(view, past) {
  const t = view.words;
  return html`<div class="branches">
      <h3 id="branches">${icons.fork} ${t.branches}</h3>
      <ol aria-labelledby="branches">
        ${past.branches.map((b) => {
          const here = b.number === past.here;
          return html`<li>
            <button class="second small" aria-pressed=${here ? 'true' : 'false'} @click=${() => view.act.switchTo(b.number)}>
              <b>${b.number}</b> ${b.command ? html`<code>${b.command}</code> <span>${clock(b.forkedUs)}</span>` : t.branchFirst}
            </button>
            ${here ? nothing : html`<button class="quiet small" aria-label="${t.compare} ${b.number}" @click=${() => view.act.compare(b.number)}>${t.compare}</button>`}
          </li>`;
        })}
      </ol>
    </div>
    ${view.ui.compared ? compared(view, view.ui.compared, past.here) : nothing}`;
}

/** @param {View} view @param {{ number: number, list: Difference[] }} how @param {number} here */
function compared(view, { number, list: found }, here) {
  const t = view.words;
  const words = (/** @type {string} */ title, /** @type {string} */ status) =>
    t.verdictWords[`${view.state?.verdicts.find((v) => v.title === title)?.id} ${status}`] ?? t.verdictWords[status];
  const side = (/** @type {Difference} */ d, /** @type {Part[]} */ parts, /** @type {0 | 1} */ of) => {
    const status = d.statuses[of];
    return html`<td class=${status}>${status ? html`${icons[status]} <b>${words(d.what, status)}</b> ` : nothing}${sentence(parts)}</td>`;
  };
  return html`<div class="compared">
    <button class="tool" aria-label=${t.close} @click=${() => view.act.set({ compared: undefined })}>${icons.close}</button>
    ${
      found.length === 0
        ? html`<p role="status">${t.alike(here, number)}</p>`
        : html`<p id="differences"><b>${t.differences(here, number)}</b></p>
          <div class="scroll" tabindex="0" role="group" aria-labelledby="differences">
            <table aria-labelledby="differences">
              <thead><tr><th scope="col">${t.columns.what}</th><th scope="col">${t.branchHere(here)}</th><th scope="col">${t.branchThere(number)}</th></tr></thead>
              <tbody>
                ${found.map((d) => html`<tr><th scope="row">${d.what}</th>${side(d, d.one, 0)}${side(d, d.other, 1)}</tr>`)}
              </tbody>
            </table>
          </div>`
    }
  </div>`;
}
