// On a real server: the command that plays the run there, what cannot be done of it, and a folder for Docker Compose.

import { html, nothing } from 'lit-html';
import { checkClerk } from './check-clerk.js';
import { saveFile } from './save.js';

/** @typedef {import('../parts/view.js').View} View */

const FILE = 'replication.run.txt';

export class Reals {
  open = false;
  /** @type {import('../types').RealView | undefined} */ told;
  /** @type {Uint8Array | undefined} */ archive;
  /** @type {string | undefined} */ broken;
  #text = '';
  #view;
  #clerk = checkClerk((news) => this.#hear(news));

  /** @param {View} view */
  constructor(view) {
    this.#view = view;
  }
  toggle() {
    this.open = !this.open;
    const text = this.#view.run.core?.text ?? this.#view.text;
    if (this.open && (text !== this.#text || !this.told)) {
      Object.assign(this, { told: undefined, archive: undefined, broken: undefined });
      this.#text = text;
      void this.#clerk.ask({ real: true, text });
    }
    this.#view.act.changed();
  }
  /** @param {import('../types').CheckNews} news */
  #hear({ real, archive, broken, refused }) {
    Object.assign(this, { told: real, archive: archive ?? undefined, broken: broken ?? refused?.message });
    this.#clerk.drop();
    this.#view.act.changed();
  }
  close() {
    this.#clerk.drop();
  }
}

/** @param {View} view */
export function real(view) {
  const t = view.words.share;
  const reals = (view.kept.real ??= new Reals(view));
  return html`<button class="act" aria-expanded=${reals.open ? 'true' : 'false'} @click=${() => reals.toggle()}><b>${t.real}</b><small>${t.realHelp}</small></button>
    ${reals.open ? html`<div class="real" role="group" aria-label=${t.real}>${told(view, reals)}</div>` : nothing}`;
}

/** @param {View} view @param {Reals} reals */
function told(view, reals) {
  const t = view.words.share;
  const { told: it, archive } = reals;
  if (reals.broken) return html`<p role="alert">${reals.broken}</p>`;
  if (!it) return html`<p role="status" class="help">${view.words.loading}</p>`;
  const command = `replay real ${it.engine} ${FILE}`;
  const no = (/** @type {string} */ title, /** @type {string} */ why) =>
    html`<p class="help">${title}</p><p class="real-why">${why}</p>`;
  return html`${
    it.refused
      ? no(t.realNot, it.refused)
      : html`<p class="help">${t.realHow(it.title ?? '', FILE)}</p>
        <pre><code>${command}</code></pre>
        <button class="second small" @click=${() => view.act.copyOut(command)}>${t.realCopy}</button>`
  }
  ${it.notes.map((note) => html`<p class="help">${note}</p>`)}
  ${
    archive
      ? html`<p class="help">${t.realFolder(it.files)}</p>
        <button class="second small" @click=${() => saveFile(new Blob([/** @type {BlobPart} */ (archive)], { type: 'application/x-tar' }), 'replication.tar')}>${t.realSave}</button>`
      : it.noFolder && it.noFolder !== it.refused
        ? no(t.realNoFolder, it.noFolder)
        : nothing
  }`;
}
