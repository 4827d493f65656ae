// What a paste tells: the answers first, then what they rest on.

import { html, nothing } from 'lit-html';
import { fold } from '../parts/fields.js';
import { depthOf, heightOf, picture } from './compare-picture.js';

/** @typedef {import('../parts/view.js').View} View */
/** @typedef {import('./paste.js').Pastes} Pastes */
/** @typedef {import('../types').PasteView} PasteView */
/** @typedef {import('../types').PasteNote} PasteNote */

/** @param {View} view @param {Pastes} pastes @param {PasteView} it */
export function told(view, pastes, it) {
  const { words: t } = pastes;
  const list = (/** @type {string} */ title, /** @type {string[]} */ lines) =>
    lines.length > 0
      ? html`<h4>${title}</h4><ul class="paste-list">${lines.map((line) => html`<li>${t.own(line)}</li>`)}</ul>`
      : nothing;
  return html`<div class="paste-told" role="group" aria-label=${t.tells}>
    ${pastes.isShown ? small(view, pastes) : nothing}
    <div class="paste-answer" tabindex="-1">
      <h4>${t.died}</h4>
      <p class="paste-promoted">${t.own(it.promoted)}</p>
      ${it.candidates.length > 0 ? html`<p>${t.lost}</p><ul class="paste-list">${it.candidates.map((line) => html`<li>${named(t.own(line))}</li>`)}</ul>` : nothing}
      <p class="paste-acts">
        <button class="primary" @click=${() => view.act.openCheck()} ?disabled=${!pastes.isShown}>${t.check}</button>
        ${pastes.isShown ? html`<button class="second" @click=${() => pastes.undo()}>${t.back}</button>` : html`<button class="second" @click=${() => pastes.read()}>${t.again}</button>`}
        <button class="second" @click=${() => view.root.querySelector('.stage')?.scrollIntoView({ block: 'center' })}>${t.picture}</button>
      </p>
      ${it.secrets > 0 ? html`<p class="paste-note">${t.secrets(it.secrets)}</p>` : nothing}
    </div>
    <h4>${t.nodes}</h4>
    <ul class="paste-list">${it.cluster.map((line) => html`<li>${named(t.own(line))}${stands(t, it, line)}</li>`)}</ul>
    <p class="help">${t.masks}</p>
    ${list(t.meters, it.meters)} ${list(t.promise, it.guarantees)} ${list(t.cannot, it.cannotKnow)}
    ${notes(view, pastes, 'notUnderstood', it.notUnderstood)} ${notes(view, pastes, 'assumed', it.assumed)}
    ${notes(view, pastes, 'read', it.read)}
    ${it.leftOut > 0 ? html`<p class="help">${t.leftOut(it.leftOut)}</p>` : nothing}
  </div>`;
}

/** The cluster in small: the picture itself may be out of sight. @param {View} view @param {Pastes} pastes */
function small(view, pastes) {
  const { state } = view;
  if (!state) return nothing;
  const width = view.size === 'wide' ? 640 : 330;
  return picture(view, { state }, width, heightOf(width, state.nodes.length, depthOf(state)), pastes.pictureWords);
}

/** The node that a line speaks of stands out. @param {string} line */
function named(line) {
  const at = line.indexOf(':');
  return at > 0 && at < 8 ? html`<b>${line.slice(0, at)}</b>${line.slice(at)}` : line;
}

/** What a mask stands for. @param {import('../words/paste-words.js').PasteWords} t @param {PasteView} it @param {string} line */
function stands(t, it, line) {
  const [, names] = it.names.find(([name]) => line.startsWith(`${name}:`)) ?? ['', []];
  return names.length > 0
    ? html` <small class="paste-name">${t.pastedAs} <span translate="no">${names.join(', ')}</span></small>`
    : nothing;
}

/** @param {View} view @param {Pastes} pastes @param {'read' | 'assumed' | 'notUnderstood'} kind @param {PasteNote[]} list */
function notes(view, pastes, kind, list) {
  const { words: t } = pastes;
  const several = pastes.texts.length > 1;
  const title = t.lists[kind](list.length);
  if (list.length === 0) return html`<p class="paste-none">${title}</p>`;
  const where = (/** @type {PasteNote} */ note) => t.where(several ? note.paste : 0, note.line);
  return fold(
    view,
    `paste ${kind}`,
    title,
    () => html`<ul class="paste-notes">
      ${list.map((note) => html`<li><button class="quiet small" title=${t.showLine} @click=${() => pastes.point(note)}>${where(note)}</button> <span>${t.own(note.text)}</span></li>`)}
    </ul>`,
  );
}
