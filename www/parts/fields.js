// A choice, and something that is folded away.

import { html, nothing } from 'lit-html';
import { live } from 'lit-html/directives/live.js';
import { repeat } from 'lit-html/directives/repeat.js';

/** @typedef {import('./view.js').View} View */
/** @typedef {[value: string, word: string]} Option */

/**
 * A labelled choice.
 * @param {{ id: string, label: string, help?: string, slots?: unknown }} about
 * @param {string} value @param {Iterable<string[]>} options @param {(value: string) => void} choose
 */
export function choice({ id, label, help, slots = nothing }, value, options, choose) {
  const all = [...options];
  if (!all.some(([v]) => v === value)) all.push([value, value]);
  return html`<div class="field">
    <label
      ><span>${label}</span>
      <select aria-describedby=${help ? `help-${id}` : nothing} .value=${live(value)} @change=${(/** @type {Event} */ e) => choose(/** @type {HTMLSelectElement} */ (e.target).value)}>
        ${repeat(
          all,
          ([v]) => v,
          ([v, word]) => html`<option value=${v} ?selected=${v === value}>${word}</option>`,
        )}
      </select></label
    >
    ${slots}${help ? html`<small id="help-${id}">${help}</small>` : nothing}
  </div>`;
}

/** Something that is folded away, and drawn only while it is open. @param {View} view @param {string} id @param {unknown} title @param {() => unknown} body */
export function fold(view, id, title, body) {
  const open = view.ui.open.has(id);
  return html`<details class="fold" data-fold=${id} ?open=${open} @toggle=${(/** @type {Event} */ e) => view.act.unfold(id, /** @type {HTMLDetailsElement} */ (e.target).open)}>
    <summary>${title}</summary>
    ${open ? html`<div class="inside">${body()}</div>` : nothing}
  </details>`;
}
