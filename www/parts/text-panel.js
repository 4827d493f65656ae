// The text of the run: seen, edited, copied, pasted.

import { html, nothing } from 'lit-html';
import { live } from 'lit-html/directives/live.js';

/** @typedef {import('./view.js').View} View */

/** @param {View} view */
export function textPanel(view) {
  const t = view.words;
  const { draft, error, note } = view.ui.text;
  const text = draft ?? view.text;
  return html`<div class="text">
    <p class="help" id="text-help">${t.textHelp}</p>
    <textarea
      rows="12"
      wrap="off"
      spellcheck="false"
      autocapitalize="off"
      autocomplete="off"
      aria-label=${t.textLabel}
      aria-describedby="text-help${error ? ' text-error' : ''}"
      aria-invalid=${error ? 'true' : 'false'}
      .value=${live(text)}
      @input=${(/** @type {Event} */ e) => {
        view.ui.text = { draft: /** @type {HTMLTextAreaElement} */ (e.target).value };
        view.act.changed();
      }}
    ></textarea>
    ${error ? wrong(view, text, error) : nothing}
    <p class="acts">
      <button class="second" ?disabled=${draft === undefined} @click=${() => view.act.runDraft()}>${t.runText}</button>
      <button class="quiet" @click=${() => view.act.copy(text)}>${t.copy}</button>
      <button class="quiet" @click=${() => view.act.paste()}>${t.paste}</button>
      ${draft !== undefined ? html`<button class="quiet" @click=${() => view.act.set({ text: {} })}>${t.revert}</button>` : nothing}
      <button class="quiet" @click=${(/** @type {Event} */ e) => view.act.openPaste(e)}>${t.pasteCluster}</button>
      <span role="status">${note ?? ''}</span>
    </p>
  </div>`;
}

/** The line at fault, with a mark under the column. @param {string} text @param {number} line @param {number} [column] */
function marked(text, line, column) {
  const words = (text.split('\n')[line - 1] ?? '').slice(0, 500);
  return column ? `${words}\n${words.slice(0, column - 1).replace(/[^\t]/g, ' ')}^` : words;
}

/** What is wrong with a text, and the line that it is in. @param {View} view @param {string} text @param {import('../model/ui.js').Refusal} error */
export function wrong({ words: t }, text, error) {
  return html`<div class="error" id="text-error" role="alert">
          <p>${error.line ? html`<b>${t.errorAt(error.line, error.column)}.</b> ` : nothing}${error.message}${error.expected ? html` <span>${t.expected}: ${error.expected}.</span>` : nothing}</p>
          ${error.line ? html`<pre>${marked(text, error.line, error.column)}</pre>` : nothing}
        </div>`;
}
