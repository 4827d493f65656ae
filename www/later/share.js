// Takes the run along: as a link, as a text, as a file; and opens a file.

import { html, nothing } from 'lit-html';
import { clock, time } from '../words/words.js';

/** @typedef {import('../app.js').App} App */
/** @typedef {{ whole: string, moment: string, atUs: number }} Links */

/** @param {App} app */
export function shareMenu(app) {
  const t = app.words.share;
  const { links, note, stuck } = app.ui.share;
  const act = (/** @type {string} */ word, /** @type {string} */ help, /** @type {() => void} */ press, ready = true) =>
    html`<button class="act" aria-disabled=${ready ? 'false' : 'true'} @click=${() => ready && press()}><b>${word}</b><small>${help}</small></button>`;
  return html`
    ${
      app.linked
        ? html`${act(t.link, t.linkHelp, () => app.copyOut(links?.whole ?? ''), !!links)}
            ${act(t.moment, links ? t.momentHelp(clock(links.atUs)) : time(0), () => app.copyOut(links?.moment ?? ''), !!links)}
            ${links && links.whole.length > 8000 ? html`<p class="help">${t.long}</p>` : nothing}`
        : nothing
    }
    ${act(t.text, t.textHelp, () => app.copyOut(app.core?.text ?? app.text))} ${act(t.save, t.saveHelp, () => saveFile(new Blob([app.core?.text ?? app.text], { type: 'text/plain' }), 'replication.run.txt'))}
    ${act(t.open, t.openHelp, () => pick(app))}
    <p role="status" class="help">${note ?? ''}</p>
    ${stuck === undefined ? nothing : html`<textarea readonly rows="4" aria-label=${t.stuck} .value=${stuck}></textarea>`}
  `;
}

/** @param {Blob} blob @param {string} name */
export function saveFile(blob, name) {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}

/** @param {App} app */
function pick(app) {
  const field = document.createElement('input');
  field.type = 'file';
  field.accept = '.run,.txt,text/plain';
  field.addEventListener('change', () => field.files?.[0] && void app.openFile(field.files[0]));
  field.click();
}
