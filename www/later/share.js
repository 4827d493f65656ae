// Takes the run along: as a link, as a text, as a file; and opens a file.

import { html, nothing } from 'lit-html';
import { real } from './real.js';
import { saveFile } from './save.js';
import { clock, time } from '../words/words.js';

/** @typedef {import('../parts/view.js').View} View */
/** @typedef {{ whole: string, moment: string, atUs: number }} Links */

/** @param {View} view */
export function shareMenu(view) {
  const t = view.words.share;
  const { links, note, stuck } = view.ui.share;
  const act = (/** @type {string} */ word, /** @type {string} */ help, /** @type {() => void} */ press, ready = true) =>
    html`<button class="act" aria-disabled=${ready ? 'false' : 'true'} @click=${() => ready && press()}><b>${word}</b><small>${help}</small></button>`;
  return html`
    ${
      view.linked
        ? html`${act(t.link, t.linkHelp, () => view.act.copyOut(links?.whole ?? ''), !!links)}
            ${act(t.moment, links ? t.momentHelp(clock(links.atUs)) : time(0), () => view.act.copyOut(links?.moment ?? ''), !!links)}
            ${links && links.whole.length > 8000 ? html`<p class="help">${t.long}</p>` : nothing}`
        : nothing
    }
    ${act(t.text, t.textHelp, () => view.act.copyOut(view.run.core?.text ?? view.text))} ${act(t.save, t.saveHelp, () => saveFile(new Blob([view.run.core?.text ?? view.text], { type: 'text/plain' }), 'replication.run.txt'))}
    ${act(t.open, t.openHelp, () => pick(view))} ${real(view)}
    <p role="status" class="help">${note ?? ''}</p>
    ${stuck === undefined ? nothing : html`<textarea readonly rows="4" aria-label=${t.stuck} .value=${stuck}></textarea>`}
  `;
}

/** @param {View} view */
function pick(view) {
  const field = document.createElement('input');
  field.type = 'file';
  field.accept = '.run,.txt,text/plain';
  field.addEventListener('change', () => field.files?.[0] && void view.act.takeFile(field.files[0]));
  field.click();
}
