// The whole page: one of its layouts, or why there is none.

import { html, nothing } from 'lit-html';
import { fullPage } from './full.js';
import { smallPage } from './small.js';
import { wrong } from './text-panel.js';
import { part } from './view.js';

/** @typedef {import('./view.js').View} View */
/** @typedef {{ open: (text: string, how?: { fresh?: boolean }) => void, menuToggled: object, themeChanged: () => void }} Around what the page around does */

/** @param {View} view @param {Around} around */
export function page(view, around) {
  const { ui, size, surface } = view;
  const layout = surface.layout === 'full' ? nothing : surface.layout;
  const { still } = view;
  if (ui.crash || (ui.failed && !still) || ui.refused || ui.missing || !view.state)
    return html`<div class="playground" data-size=${size}>${panel(view, around)}</div>`;
  return html`<div class="playground" data-layout=${layout} data-size=${size} data-still=${still ?? nothing} aria-busy=${still && !ui.failed ? 'true' : nothing}>
    ${surface.layout === 'full' ? fullPage(view) : smallPage(view)} ${tail(view, around)} ${ui.failed ? html`<div class="over">${panel(view, around)}</div>` : nothing}
  </div>`;
}

/** What every layout has: menus, the text for paper, what is said aloud. @param {View} view @param {Around} around */
function tail(view, around) {
  const { ui } = view;
  const title = ui.menu && view.later.menus.code?.menuTitle(view, ui.menu);
  return html`<div class="pop" popover="auto" role="dialog" aria-label=${title ?? nothing} @beforetoggle=${(/** @type {ToggleEvent} */ e) => e.newState === 'closed' && (ui.menu = undefined)} @toggle=${around.menuToggled}>
      ${part(view, [view.version], () => (ui.menu ? view.later.menus.show(view, (code) => ui.menu && code.menuBody(view, ui.menu)) : nothing))}
    </div>
    <pre class="paper">${view.text}</pre>
    <p class="hidden say" role="status" aria-live="polite"></p>
    <span class="probe" @transitionend=${around.themeChanged}></span>`;
}

/** In place of a run: it broke down, did not arrive, or is on its way. @param {View} view @param {Around} around */
function panel(view, around) {
  const { ui, words: t } = view;
  const { crash } = ui;
  if (crash)
    return html`<div class="panel" role="alert">
      <h2>${t.crashed}</h2>
      <p>${t.crashedHelp}</p>
      <textarea readonly rows="8" aria-label=${t.textLabel} .value=${crash.text}></textarea>
      <pre>${crash.words}</pre>
      <p class="acts">
        <button class="primary" @click=${() => around.open(crash.text, { fresh: true })}>${t.again}</button>
        <button class="second" @click=${() => view.act.copy(crash.text)}>${t.copyText}</button>
        <span role="status">${ui.text.note ?? ''}</span>
      </p>
    </div>`;
  if (ui.failed)
    return html`<div class="panel" role="alert"><h2>${t.failed}</h2><p>${t.failedHelp}</p><pre>${ui.failed}</pre><button class="primary" @click=${() => around.open(view.text)}>${t.retry}</button></div>`;
  if (ui.missing)
    return html`<div class="panel" role="alert"><h2>${ui.missing.words}</h2><button class="primary" @click=${ui.missing.again}>${t.retry}</button></div>`;
  if (ui.refused)
    return html`<div class="panel"><h2>${t.badText}</h2>${wrong(view, ui.refused.text, ui.refused.error)}</div>`;
  return html`<div class="panel"><p role="status">${t.loading}</p></div>`;
}
