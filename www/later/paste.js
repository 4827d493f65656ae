// Paste your cluster: what somebody pasted is read in a worker, becomes the picture, and is answered in words.

import { html, nothing } from 'lit-html';
import { adopt } from '../parts/styles.js';
import pictureCss from '../parts/styles/compare-picture.css';
import css from '../parts/styles/paste.css';
import { makeCompareWords } from '../words/compare-words.js';
import { inRoles } from '../words/in-roles.js';
import { makePasteWords } from '../words/paste-words.js';
import { pasteClerk } from './paste-clerk.js';
import { told } from './paste-told.js';

/** @typedef {import('../parts/view.js').View} View */
/** @typedef {import('../types').PasteView} PasteView */
/** @typedef {'idle' | 'works' | 'done' | 'failed'} Phase */

/** As many are read together, and so many bytes in all; the reader itself holds both: src/limits.rs. */
const PASTES_MAX = 16;
const BYTES_MAX = 512 * 1024;
/** Not to be waited for: a paste is read in milliseconds. */
const STARTING_MS = 400;

export class Pastes {
  /** @type {Phase} */ phase = 'idle';
  /** As they were pasted; without their passwords once they are read. @type {string[]} */ texts = [''];
  /** @type {PasteView | undefined} */ told;
  /** Of the texts, those that were read, by their numbers there. @type {number[]} */ #read = [];
  /** @type {string | undefined} */ failure;
  /** The branch that was left for it. @type {number | undefined} */ before;
  /** The branch that shows it. @type {number | undefined} */ #here;
  /** @type {HTMLElement | null} */ opener = null;
  /** Files lie above it. */ over = false;
  #view;
  clerk = pasteClerk((news) => this.#hear(news));
  #wordsIn = inRoles(makePasteWords);
  #pictureWordsIn = inRoles(makeCompareWords);

  /** @param {View} view */
  constructor(view) {
    this.#view = view;
    adopt(view.root, css);
    adopt(view.root, pictureCss);
  }
  get words() {
    return this.#wordsIn(this.#view.words.roles);
  }
  get pictureWords() {
    return this.#pictureWordsIn(this.#view.words.roles);
  }
  /** Whether the run on the page is the one that was read. */
  get isShown() {
    return this.#here !== undefined && this.#view.past?.here === this.#here;
  }

  /** @param {number} place @param {string} text */
  write(place, text) {
    this.texts[place] = text;
    this.#view.act.changed();
  }
  add() {
    if (this.texts.length < PASTES_MAX) this.texts.push('');
    this.focus(`[data-paste='${this.texts.length - 1}']`);
  }
  /** @param {number} place */
  remove(place) {
    this.texts.splice(place, 1);
    if (this.texts.length === 0) this.texts.push('');
    this.focus(`[data-paste='${Math.min(place, this.texts.length - 1)}']`);
  }
  /** Files go into the fields that are empty, then into new ones. @param {Iterable<File>} files */
  async take(files) {
    for (const file of files) {
      // One byte more than may be read: then the reader says so.
      const text = await file.slice(0, BYTES_MAX + 1).text();
      const empty = this.texts.findIndex((one) => one.trim() === '');
      if (empty >= 0) this.texts[empty] = text;
      else this.texts.push(text);
    }
    this.#view.act.changed();
  }
  read() {
    this.#read = this.texts.flatMap((text, place) => (text.trim() === '' ? [] : [place]));
    if (this.#read.length === 0) return this.#fail(this.words.empty);
    Object.assign(this, { phase: 'works', failure: undefined });
    void this.clerk.ask({ pastes: this.#read.map((place) => this.texts[place]) });
    setTimeout(() => this.#view.act.changed(), STARTING_MS);
  }
  /** @param {string} words */
  #fail(words) {
    Object.assign(this, { phase: 'failed', failure: words, told: undefined });
    this.#view.act.changed();
  }
  /** @param {import('../types').PasteNews} news */
  #hear({ told, refused, broken }) {
    const t = this.words;
    if (refused) return this.#fail(t.refused(refused.message, refused.expected));
    if (broken || !told) return this.#fail(t.broke(broken ?? ''));
    // Of what was pasted only this stays, for as long as the page is open.
    told.pastes.forEach((text, place) => (this.texts[this.#read[place]] = text));
    if (!told.runText) return this.#fail(t.nothing);
    const { view, before } = { view: this.#view, before: this.isShown ? this.before : this.#view.past?.here };
    if (!view.act.playPasted(told.runText, t.branch, t.status(told.cluster.length))) return this.#fail(t.notPlayed);
    Object.assign(this, { phase: 'done', told, before, failure: undefined });
    // Which branch it became is known once the page has looked.
    view.act.afterDrawn(() => {
      this.#here = view.past?.here;
      view.act.set({ notice: t.notice(before) });
    });
    for (const list of ['assumed', 'notUnderstood']) view.ui.open.add(`paste ${list}`);
    this.focus('.paste-answer', true);
  }

  /** Once it is drawn. @param {string} what @param {boolean} [first] it comes into sight from its beginning */
  focus(what, first = false) {
    this.#view.act.changed();
    this.#view.act.afterDrawn(() => {
      const at = /** @type {HTMLElement | null} */ (this.#view.root.querySelector(`.pasted ${what}`));
      at?.focus({ preventScroll: first });
      if (first) at?.scrollIntoView({ block: 'nearest' });
    });
  }
  /** Shows a line of what was pasted. @param {import('../types').PasteNote} note */
  point({ paste, line }) {
    const place = this.#read[paste - 1] ?? 0;
    const at = /** @type {HTMLTextAreaElement | null} */ (
      this.#view.root.querySelector(`.pasted [data-paste='${place}']`)
    );
    if (!at) return;
    const lines = this.texts[place].split('\n');
    const from = lines.slice(0, line - 1).reduce((sum, one) => sum + one.length + 1, 0);
    at.focus();
    at.setSelectionRange(from, from + (lines[line - 1] ?? '').length);
    const height = parseFloat(getComputedStyle(at).lineHeight) || 18;
    at.scrollTop = Math.max(0, (line - 3) * height);
    at.scrollLeft = 0;
  }
  /** Back to the run before. */
  undo() {
    if (this.before !== undefined) this.#view.act.switchTo(this.before);
  }
  leave() {
    const back = this.opener?.isConnected ? this.opener : this.#view.root.querySelector('#tab-paste');
    /** @type {HTMLElement | null} */ (back)?.focus();
  }
  close() {
    this.clerk.drop();
    this.texts = [''];
  }
}

/** @param {View} view @param {HTMLElement | null} opener */
export function openPaste(view, opener) {
  (view.kept.paste ??= new Pastes(view)).opener = opener;
}

/** @param {View} view */
export function paste(view) {
  const pastes = (view.kept.paste ??= new Pastes(view));
  const t = pastes.words;
  const { phase } = pastes;
  const ready = phase !== 'works';
  return html`<section class="pasted ${pastes.told ? 'has-answer' : ''}" aria-label=${view.titled(t.title)} @keydown=${(/** @type {KeyboardEvent} */ e) => e.key === 'Escape' && pastes.leave()}>
    <div class="paste-in ${pastes.over ? 'over' : ''}"
      @dragover=${(/** @type {DragEvent} */ e) => drag(view, pastes, e, true)}
      @dragleave=${(/** @type {DragEvent} */ e) => drag(view, pastes, e, false)}
      @drop=${(/** @type {DragEvent} */ e) => drag(view, pastes, e, false, e.dataTransfer?.files)}>
      <h3>${t.title}</h3>
      <p class="help" id="paste-help">${t.help} ${t.kept}</p>
      ${pastes.texts.map((text, place) => field(pastes, text, place))}
      <p class="paste-acts">
        <button class="primary" aria-disabled=${ready ? 'false' : 'true'} @click=${() => ready && pastes.read()}>${t.read}</button>
        ${pastes.texts.length < PASTES_MAX ? html`<button class="second" @click=${() => pastes.add()}>${t.add}</button>` : nothing}
        <button class="second" @click=${() => pick(pastes)}>${t.files}</button>
      </p>
      <p class="help">${t.limits(PASTES_MAX)}</p>
      <p role="status" class="paste-status">${phase === 'works' ? t.works : phase === 'done' && pastes.told ? t.status(pastes.told.cluster.length) : nothing}</p>
      ${pastes.failure ? html`<p class="paste-error" role="alert">${pastes.failure}</p>` : nothing}
    </div>
    ${pastes.told ? told(view, pastes, pastes.told) : nothing}
  </section>`;
}

/** @param {Pastes} pastes @param {string} text @param {number} place */
function field(pastes, text, place) {
  const { words: t } = pastes;
  const one = pastes.texts.length === 1;
  const id = `paste-${place}`;
  return html`<div class="paste-field">
    <label for=${id}>${t.label(one ? 0 : place + 1)}</label>
    ${one ? nothing : html`<button class="quiet small" aria-label=${t.removeOf(place + 1)} @click=${() => pastes.remove(place)}>${t.remove}</button>`}
    <textarea id=${id} data-paste=${place} rows=${one ? 9 : 5} wrap="off" spellcheck="false" autocapitalize="off" autocomplete="off"
      aria-describedby="paste-help" placeholder=${place === 0 ? t.example : ''} .value=${text}
      @input=${(/** @type {Event} */ e) => pastes.write(place, /** @type {HTMLTextAreaElement} */ (e.target).value)}></textarea>
  </div>`;
}

/** @param {View} view @param {Pastes} pastes @param {DragEvent} e @param {boolean} over @param {FileList} [files] */
function drag(view, pastes, e, over, files) {
  if (!e.dataTransfer?.types.includes('Files')) return;
  e.preventDefault();
  if (pastes.over !== over) {
    pastes.over = over;
    view.act.changed();
  }
  if (files) void pastes.take(files);
}

/** @param {Pastes} pastes */
function pick(pastes) {
  const input = document.createElement('input');
  Object.assign(input, { type: 'file', multiple: true });
  input.addEventListener('change', () => void pastes.take(input.files ?? []));
  input.click();
}
