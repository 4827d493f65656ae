// A lesson: words that wait for what happens, tasks that tick themselves, predictions.

import { html, nothing } from 'lit-html';
import { repeat } from 'lit-html/directives/repeat.js';
import { LESSONS } from '../words/lessons.js';
import { icons } from './marks.js';

/** @typedef {import('../types').LessonItem} LessonItem */
/** @typedef {import('./view.js').View} View */

/** @param {View} view */
export function lesson(view) {
  const t = view.words;
  const taken = view.lesson;
  if (!taken) return nothing;
  const steps = taken.items.flatMap((item, i) => (item.kind === 'step' ? [i] : []));
  const here = steps[steps.length - 1] ?? 0;
  const [before, now] = [taken.items.slice(0, here), taken.items.slice(here)];
  return html`<section class="lesson" part="lesson" tabindex="-1" aria-label=${view.titled(`${t.lesson}: ${taken.title}`)}>
    <header>
      <h3>${taken.title}</h3>
      ${taken.steps > 1 ? html`<span class="help">${taken.done ? t.lessonDone : t.stepOf(steps.length, taken.steps)}</span>` : nothing}
      ${view.can('lessons') ? html`<button class="tool" aria-label=${t.leaveLesson} title=${t.leaveLesson} @click=${() => view.act.leaveLesson()}>${icons.close}</button>` : nothing}
    </header>
    ${before.length > 0 ? html`<details><summary>${t.before}</summary>${items(view, before)}</details>` : nothing}
    <div class="now" aria-live="polite">${items(view, now)}</div>
    ${taken.rests ? html`<p class="acts"><button class="primary" @click=${(/** @type {Event} */ e) => reply(view, e, 0)}>${t.goOn}</button></p>` : nothing}
    ${taken.done && view.can('lessons') ? next(view) : nothing}
  </section>`;
}

/** @param {View} view @param {LessonItem[]} list */
function items(view, list) {
  return repeat(
    list,
    (_, i) => i,
    (item) => part(view, item),
  );
}

/** @param {View} view @param {LessonItem} item */
function part(view, item) {
  const t = view.words;
  switch (item.kind) {
    case 'step':
      return item.words === view.lesson?.title ? nothing : html`<h4>${words(item.words)}</h4>`;
    case 'task':
      return html`<p class="task ${item.done ? 'done' : ''}">
        <span class="box" aria-hidden="true">${item.done ? icons.held : icons.untested}</span>
        <span><span class="hidden">${item.done ? t.taskDone : t.taskOpen}: </span>${words(item.words)}</span>
        ${item.by && !item.done ? html`<button class="quiet" @click=${() => view.act.showMe()}>${t.showMe}</button>` : nothing}
      </p>`;
    case 'ask':
      return html`<fieldset class="ask">
        <legend>${words(item.words)}</legend>
        ${item.answers.map((answer, i) => {
          // Decided, only what was so and what was thought is left: the words below need the room.
          if (item.right !== null && item.right !== i && item.given !== i) return nothing;
          const verdict = item.right === null ? '' : item.right === i ? 'right' : item.given === i ? 'wrong' : '';
          return html`<button class="answer-choice ${verdict}" aria-pressed=${item.given === i} ?disabled=${item.given !== null} @click=${(/** @type {Event} */ e) => reply(view, e, i)}>
            ${verdict === 'right' ? icons.held : nothing}<span>${words(answer)}</span>${verdict === 'right' ? html`<small>${t.soItWas}</small>` : verdict === 'wrong' ? html`<small>${t.youThought}</small>` : nothing}
          </button>`;
        })}
      </fieldset>`;
    default:
      return html`<p class="lesson-words ${item.kind === 'reveal' ? 'reveal' : ''}">${words(item.words)}</p>`;
  }
}

/** The button goes away, or is off then: the focus stays in the lesson. @param {View} view @param {Event} e @param {number} answer */
function reply(view, e, answer) {
  const panel = /** @type {HTMLElement | null} */ (/** @type {Element} */ (e.currentTarget).closest('.lesson'));
  view.act.answer(answer);
  panel?.focus({ preventScroll: true });
}

/** Words with code between backticks. @param {string} text */
function words(text) {
  return text.split('`').map((piece, i) => (i % 2 ? html`<code>${piece}</code>` : piece));
}

/** @param {View} view */
function next(view) {
  const at = LESSONS.findIndex(([, title]) => title === view.lesson?.name);
  const following = LESSONS[at + 1];
  if (at < 0 || !following) return nothing;
  return html`<p class="acts"><button class="primary" @click=${() => view.act.takeLesson(following[0])}>${view.words.nextLesson}: ${following[1]}</button></p>`;
}
