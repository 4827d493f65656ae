// The opening's line: what is going on, and the question.

import { html, nothing } from 'lit-html';

/** @typedef {import('./view.js').View} View */

/** @param {View} view @param {import('../types').State} state */
export function opening(view, { nodes }) {
  const t = view.words.opening;
  const last = nodes.at(-1);
  if (!last) return nothing;
  const others = nodes.slice(1, -1).map((n) => n.name);
  const asks = view.ui.opening?.asks;
  return html`<div class="hint-room"><div class="hint opening ${asks ? 'asks' : ''}">
    <p>${asks ? html`<small>${t.told('cart', '2', others, last.name)}</small><b>${t.ask(last.name)}</b>` : html`<small>${t.travels('cart', '2')}</small><b>${t.watch}</b>`}</p>
    ${asks ? html`<button class="primary" @click=${() => view.act.readInOpening(last.name)}>${t.read(last.name)}</button>` : nothing}
    <button class="quiet" @click=${() => view.act.endOpening()}>${t.skip}</button>
  </div></div>`;
}
