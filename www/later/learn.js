// For teachers: a lesson that is made by playing, and the questions of all lessons for paper.

import { html, nothing } from 'lit-html';
import { live } from 'lit-html/directives/live.js';
import { icons, withCode } from '../parts/marks.js';
import css from '../parts/styles/quiz.css';
import { adopt } from '../parts/styles.js';
import { allWords } from '../words/later-words.js';
import { clock } from '../words/words.js';

/** @typedef {import('../parts/view.js').View} View */
/** @typedef {import('../types').Question} Question */

const ACTS_SHOWN = 200;
const LETTERS = 'abcdefgh';

/** @param {View} view */
export function recorder(view) {
  const { recording } = view.ui;
  if (!recording) return nothing;
  const t = allWords(view.words);
  return html`<section class="lesson recorder" part="lesson" aria-label=${view.titled(t.record)}>
    <header><h3>${t.record}</h3><span class="ways"><button class="tool" aria-label=${t.stopRecording} title=${t.stopRecording} @click=${() => view.act.stopRecording()}>${icons.close}</button></span></header>
    ${recording.draft === undefined ? played(view, recording) : written(view, recording, recording.draft)}
  </section>`;
}

/** @param {View} view @param {import('../verbs/practice.js').Recording} recording */
function played(view, recording) {
  const t = allWords(view.words);
  const acts = view.run.core?.acts() ?? [];
  const last = acts[acts.length - 1];
  const isGoal = last !== undefined && recording.goals.has(last.place);
  return html`<p class="lesson-words">${t.recordSay}</p>
    <label class="field"><span>${t.lessonTitle}</span><input name="title" maxlength="80" autocomplete="off" .value=${live(recording.title)} @input=${(/** @type {Event} */ e) => (recording.title = /** @type {HTMLInputElement} */ (e.target).value)} /></label>
    ${
      acts.length === 0
        ? html`<p class="help">${t.nothingDone}</p>`
        : html`<div class="acts-done" role="group" aria-label=${t.actsDone}>
            ${acts
              .slice(-ACTS_SHOWN)
              .map(
                ({ place, atUs, line }) =>
                  html`<label class="check"><input type="checkbox" .checked=${live(recording.goals.has(place))} @change=${(/** @type {Event} */ e) => view.act.markGoal(place, /** @type {HTMLInputElement} */ (e.target).checked)} /><span><time>${clock(atUs)}</time> <code>${line}</code></span></label>`,
              )}
          </div>`
    }
    <p class="acts">
      <button class="second" ?disabled=${last === undefined || isGoal} @click=${() => last && view.act.markGoal(last.place, true)}>${t.thisIsTheGoal}</button>
      <button class="primary" ?disabled=${acts.length === 0} @click=${() => view.act.writeLesson()}>${t.writeLesson}</button>
    </p>`;
}

/** @param {View} view @param {import('../verbs/practice.js').Recording} recording @param {string} draft */
function written(view, recording, draft) {
  const t = allWords(view.words);
  return html`<p class="lesson-words">${t.lessonTextHelp}</p>
    <textarea rows="14" spellcheck="false" aria-label=${t.lessonText} .value=${live(draft)} @input=${(/** @type {Event} */ e) => (recording.draft = /** @type {HTMLTextAreaElement} */ (e.target).value)}></textarea>
    <p role="alert" class="refusal">${recording.error ?? ''}</p>
    <p class="acts">
      <button class="primary" @click=${() => view.act.tryLesson()}>${t.tryLesson}</button>
      ${view.linked ? html`<button class="second" @click=${() => view.act.linkLesson()}>${t.linkLesson}</button>` : nothing}
      <button class="quiet" @click=${() => view.act.setRecording({ draft: undefined, error: undefined })}>${t.backToPlay}</button>
    </p>
    <small role="status" class="link-note">${view.ui.linkNote ?? ''}</small>`;
}

/** @param {View} view */
export function quiz(view) {
  const { sheet } = view.ui;
  if (!sheet) return nothing;
  adopt(view.root, css);
  const t = allWords(view.words);
  const numbered = sheet.lessons.map((taken, i) => ({
    ...taken,
    first: count(sheet.lessons.slice(0, i)),
  }));
  return html`<section class="quiz" aria-label=${view.titled(t.quiz)}>
    <header class="bar">
      <h2>${t.quizTitle}</h2>
      <p role="status" class="help">${sheet.whole ? '' : t.loading}</p>
      <button class="primary" ?disabled=${!sheet.whole} @click=${() => print()}>${t.print}</button>
      <button class="second" @click=${() => view.act.closeSheet()}>${t.back}</button>
    </header>
    <div class="questions">
      <p class="on-paper"><b>${t.quizTitle}</b></p>
      <p class="on-paper">${t.nameAndDate}</p>
      ${numbered.map(({ title, head, list, first }) => html`<section><h3>${title}</h3><pre>${head}</pre>${list.map((question, i) => asked(question, first + i + 1, t.taskDone))}</section>`)}
    </div>
    <div class="solutions">
      <h3>${t.solutions}</h3>
      <ol>${sheet.lessons.flatMap(({ list }) => list).map(({ answers, right, reveal }) => html`<li><b>${LETTERS[right]}) ${withCode(answers[right] ?? '')}</b> ${withCode(reveal)}</li>`)}</ol>
    </div>
  </section>`;
}

/** @param {{ list: Question[] }[]} lessons */
const count = (lessons) => lessons.reduce((sum, { list }) => sum + list.length, 0);

/** @param {Question} question @param {number} number @param {string} doneWord */
const asked = ({ words, told, answers }, number, doneWord) =>
  html`<div class="question">
    ${told.map((one) => html`<p>${one.done ? `${doneWord}: ` : nothing}${withCode(one.words)}</p>`)}
    <p><b>${number}. ${withCode(words)}</b></p>
    <ul>${answers.map((answer, i) => html`<li><span class="tick" aria-hidden="true"></span>${LETTERS[i]}) ${withCode(answer)}</li>`)}</ul>
  </div>`;
