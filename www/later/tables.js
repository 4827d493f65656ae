// The picture once more, as tables: for screen readers, and for who wants it exactly.

import { html, nothing } from 'lit-html';
import { repeat } from 'lit-html/directives/repeat.js';
import { badge } from '../parts/marks.js';
import { allWords } from '../words/later-words.js';

/** @typedef {import('../parts/view.js').View} View */

const MESSAGES_SHOWN = 100;

/** @param {View} view */
export function tables(view) {
  const t = allWords(view.words);
  const { columns } = t;
  const nodes = view.state?.nodes ?? [];
  const messages = view.messages();
  return html`<div class="tables">
    <div class="scroll" tabindex="0" role="group" aria-label=${t.messages}>
      <table>
        <caption>
          ${t.messages} (${messages.length})
        </caption>
        ${
          messages.length === 0
            ? html`<tbody><tr><td>${t.messagesNone}</td></tr></tbody>`
            : html`<thead>
                  <tr>${[columns.what, columns.from, columns.to, columns.write, columns.way, columns.state].map((c) => html`<th scope="col">${c}</th>`)}</tr>
                </thead>
                <tbody>
                  ${repeat(
                    messages.slice(0, MESSAGES_SHOWN),
                    (m) => m.id,
                    (m) => html`<tr>
                      <td><button class="quiet" aria-haspopup="dialog" @click=${(/** @type {Event} */ e) => view.act.openMenu({ kind: 'packet', id: m.id }, e)}>${t.kinds[m.kind] ?? m.kind}${m.entries > 1 ? ` (${m.entries})` : ''}</button></td>
                      <td>${view.nameOf(m.from)}</td>
                      <td>${view.nameOf(m.to)}</td>
                      <td>${m.write ? badge(m.write, view.hueOf(m.write)) : nothing}</td>
                      <td class="number">${Math.floor(m.progress * 100)} %</td>
                      <td>${t.packetStates[m.state]}</td>
                    </tr>`,
                  )}
                </tbody>`
        }
      </table>
    </div>
    <div class="scroll" tabindex="0" role="group" aria-label=${t.nodes}>
      <table>
        <caption>
          ${t.nodes}
        </caption>
        <thead>
          <tr>${[columns.node, columns.state, columns.log, columns.reads, columns.rows].map((c) => html`<th scope="col">${c}</th>`)}</tr>
        </thead>
        <tbody>
          ${repeat(
            nodes,
            (n) => n.id,
            (n) => html`<tr>
              <th scope="row">${n.name}</th>
              <td>${[n.role === 'master' ? t.roles.master : t.roles.slave, t.processes[n.process], n.process === 'up' ? (t.streams[n.replication] ?? n.replication) : '', n.applyPaused ? t.applyPaused : '', n.diverged ? t.diverged : ''].filter(Boolean).join(', ')}</td>
              <td>${t.place(n.received)}${n.flushed < n.received ? html`, ${t.cells.flushed.split(',')[0]} ${t.place(n.flushed)}` : nothing}</td>
              <td>${t.place(n.applied)}${n.behind > 0 ? html`, <span class="late">${t.behind(n.behind)}</span>` : nothing}</td>
              <td>
                ${n.rows.map((r) => html`<span class="pairs">${r.key} = ${r.value ?? (r.write == null ? t.never : t.deleted)} ${r.write != null ? badge(r.write, view.hueOf(r.write)) : nothing}${r.state !== 'fresh' ? html` <span class="late">${r.versionsBehind > 0 ? t.behind(r.versionsBehind) : t.rowStates[r.state]}</span>` : nothing}</span>`)}
              </td>
            </tr>`,
          )}
        </tbody>
      </table>
    </div>
  </div>`;
}
