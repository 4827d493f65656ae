// What stands above a question of “What happens next?”: the engine, the level, and how many were right.

import { html, nothing } from 'lit-html';
import { live } from 'lit-html/directives/live.js';
import { icons } from './marks.js';

/** @typedef {import('./view.js').View} View */

/** @param {View} view @param {import('../verbs/practice.js').Practice} practice */
export function practiceHead(view, { preset, asked, streak, best }) {
  const t = view.words;
  return html`<header>
      <h3>${t.practice}</h3>
      ${view.can('lessons') ? html`<span class="ways"><button class="tool" aria-label=${t.leaveLesson} title=${t.leaveLesson} @click=${() => view.act.leaveLesson()}>${icons.close}</button></span>` : nothing}
    </header>
    <div class="practice">
      <label class="field"><span>${t.practiceOf}</span>
        <select .value=${live(preset)} @change=${(/** @type {Event} */ e) => view.act.practise({ preset: /** @type {HTMLSelectElement} */ (e.target).value })}>
          ${view.presets.map((p) => html`<option value=${p.name} ?selected=${p.name === preset}>${p.title}</option>`)}
        </select></label
      >
      <p class="help">${t.level(asked)} · ${t.streak(streak, best)}</p>
    </div>`;
}
