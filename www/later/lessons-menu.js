// The lessons as a path: what is done, what is next, how long each takes; and what there is besides.

import { html, nothing } from 'lit-html';
import { icons } from '../parts/marks.js';
import { fold } from '../parts/fields.js';
import { isDone } from '../run/kept.js';
import { allWords } from '../words/later-words.js';
import { CHALLENGES, LESSONS, SURPRISES, fileOf } from '../words/lessons.js';

/** @typedef {import('../parts/view.js').View} View */

/** @param {View} view */
export function lessonsMenu(view) {
  const t = allWords(view.words);
  const taken = view.lesson && fileOf(view.lesson.name);
  const next = LESSONS.find(([file]) => !isDone(file))?.[0];
  const press = (/** @type {() => unknown} */ act) => () => {
    view.act.closeMenu();
    void act();
  };
  const one = (/** @type {string} */ file, /** @type {string} */ title, /** @type {unknown} */ help) => {
    const done = isDone(file);
    return html`<li><button class="act" aria-current=${file === taken ? 'true' : nothing} @click=${press(() => view.act.takeLesson(file))}>
      <b><span class="box" aria-hidden="true">${done ? icons.held : icons.untested}</span>${title}</b>
      <small>${done ? html`<span>${t.lessonDone}</span> ` : nothing}${help}</small>
    </button></li>`;
  };
  const more = (/** @type {string} */ word, /** @type {string} */ help, /** @type {() => unknown} */ act) =>
    html`<button class="act" @click=${press(act)}><b>${word}</b><small>${help}</small></button>`;
  return html`
    ${view.lesson ? more(t.leaveLesson, t.leaveLessonHelp, () => view.act.leaveLesson()) : nothing}
    ${view.ui.own ? more(t.backToOwn, t.backToOwnHelp, () => view.act.backToOwn()) : nothing}
    <ol class="path">
      ${LESSONS.map(([file, title, minutes], i) => one(file, `${i + 1}. ${title}`, html`${t.minutes(minutes)}${file === next ? html` <b class="next">${t.nextOne}</b>` : nothing}`))}
    </ol>
    <p class="group">${t.after}</p>
    ${more(t.practice, t.practiceHelp, () => view.act.practise())}
    ${fold(view, 'challenges', t.challenges, () => html`<p class="help">${t.challengesHelp}</p><ul class="path">${CHALLENGES.map(([file, title]) => one(file, title, nothing))}</ul>`)}
    ${fold(view, 'challenges', t.challenges, () => html`<p class="help">${t.challengesHelp}</p><ul class="path">${CHALLENGES.map(([file, title]) => one(file, title, nothing))}</ul>`)}
    ${fold(view, 'surprises', t.surprises, () => html`<p class="help">${t.surprisesHelp}</p><ul class="path">${SURPRISES.map(([file, title]) => one(file, title, nothing))}</ul>`)}
    <p class="group">${t.forTeachers}</p>
    ${more(t.record, t.recordHelp, () => view.act.startRecording())} ${more(t.quiz, t.quizHelp, () => view.act.openQuiz())}
  `;
}
