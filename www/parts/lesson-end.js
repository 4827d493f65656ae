// The last page of a lesson: what comes next.

import { html, nothing } from 'lit-html';
import { guessed, stepNow } from '../model/asked.js';
import { lessonFragment, practiceFragment } from '../model/learn-link.js';
import { CHALLENGES, LESSONS, SURPRISES, fileOf, isSurprise } from '../words/lessons.js';

/** @typedef {import('../types').Lesson} Lesson */
/** @typedef {import('./view.js').View} View */

/** @param {View} view @param {Lesson} taken */
export function lessonEnd(view, taken) {
  if (view.ui.practice) return puzzleEnd(view, view.ui.practice);
  const t = view.words;
  if (view.ui.tried)
    return html`<p role="status">${t.lessonOver}</p><p class="acts"><button class="primary" @click=${() => view.act.editLesson()}>${t.editLesson}</button></p>`;
  if (!view.can('lessons')) return html`<p role="status">${t.lessonOver}</p>`;
  const file = fileOf(taken.name) ?? '';
  const list = [LESSONS, CHALLENGES, SURPRISES].find((one) => one.some(([name]) => name === file)) ?? LESSONS;
  const following = list[list.findIndex(([name]) => name === file) + 1];
  const go = (/** @type {string} */ word, /** @type {() => unknown} */ act, kind = 'second') =>
    html`<button class=${kind} @click=${act}>${word}</button>`;
  return html`<p role="status">${t.lessonOver}</p>
    <p class="acts ends-with">
      ${file && following ? go(`${isSurprise(file) ? t.nextSurprise : t.nextLesson}: ${following[1]}`, () => view.act.takeLesson(following[0]), 'primary') : nothing}
      ${go(t.practice, () => view.act.practise(), file && following ? 'second' : 'primary')}
      ${isSurprise(file) ? nothing : go(t.toSurprises, () => view.act.takeLesson(SURPRISES[0][0]))}
      ${go(t.leaveLesson, () => view.act.leaveLesson())}
    </p>`;
}

/** @param {View} view @param {import('../verbs/practice.js').Practice} practice */
function puzzleEnd(view, { preset, streak }) {
  const t = view.words;
  const right = guessed(view.lesson);
  const asked = view.state?.clients.flatMap((client) => client.operations) ?? [];
  const last = asked.reduce((most, op) => Math.max(most, op.id), -1);
  return html`<p role="status"><b>${right ? t.rightGuess(streak) : t.wrongGuess}</b></p>
    <p class="acts ends-with">
      <button class="primary" @click=${() => view.act.practise({ preset })}>${t.nextQuestion}</button>
      ${last < 0 ? nothing : html`<button class="second" aria-haspopup="dialog" @click=${(/** @type {Event} */ e) => view.act.askWhy(last, e)}>${t.whyTitle}</button>`}
    </p>`;
}

/** A link to this very place. @param {View} view */
export function linkHere(view) {
  const { practice, linkNote, tried } = view.ui;
  const { lesson, words: t } = view;
  const file = lesson && fileOf(lesson.name);
  if (!view.linked || !lesson || tried || (!file && !practice)) return nothing;
  const fragment = practice
    ? practiceFragment(practice.preset, practice.asked, practice.seed)
    : lessonFragment(file ?? '', stepNow(lesson));
  return html`<p class="link-here"><button class="quiet small" @click=${() => view.act.copyLink(fragment)}>${practice ? t.linkQuestion : t.linkStep}</button><small role="status">${linkNote ?? ''}</small></p>`;
}
