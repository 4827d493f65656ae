// How long nothing will happen, and what then: a lease runs out, a client gives up. The needle counts down.

import { html, nothing } from 'lit-html';
import { icons, sentence } from './marks.js';
import { part } from './view.js';

/** @typedef {import('./view.js').View} View */

/** @param {View} view @param {import('../types').Wait} next */
export function wait(view, next) {
  const { words: t } = view;
  return part(
    view,
    [next],
    () => html`<p class="wait">${icons.wait}<span class="what">${sentence(next.parts)} ${t.waitsFor} <b class="left"></b></span>
      ${view.can('time') ? html`<button type="button" class="quiet small" title=${t.goThereHelp} @click=${() => view.act.goOnTo(next.untilUs)}>${t.goThere}</button>` : nothing}</p>`,
  );
}
