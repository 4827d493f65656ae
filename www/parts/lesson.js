// A lesson: words that wait for what happens, tasks that tick themselves, predictions.

import { html, nothing } from 'lit-html';
import { repeat } from 'lit-html/directives/repeat.js';
import { standsStill, stepNow, waiting } from '../model/asked.js';
import { lessonEnd, linkHere } from './lesson-end.js';
import { icons, withCode } from './marks.js';
import { practiceHead } from './practice.js';

/** @typedef {import('../types').Lesson} Lesson */
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
    ${view.ui.practice ? practiceHead(view, view.ui.practice) : head(view, taken)}
    ${before.length > 0 ? html`<details><summary>${t.before}</summary>${items(view, before)}</details>` : nothing}
    <div class="now" aria-live="polite">${items(view, now)}</div>
    ${taken.rests ? html`<p class="acts"><button class="primary" @click=${(/** @type {Event} */ e) => reply(view, e, 0)}>${t.goOn}</button></p>` : nothing}
    ${taken.done ? lessonEnd(view, taken) : note(view, taken)}
    ${linkHere(view)}
  </section>`;
}

/** Its title, how far it is, and the ways out. @param {View} view @param {Lesson} taken */
function head(view, taken) {
  const t = view.words;
  const at = taken.done ? taken.steps : Math.max(1, stepNow(taken));
  const tool = (/** @type {string} */ word, /** @type {unknown} */ icon, /** @type {() => void} */ press) =>
    html`<button class="tool" aria-label=${word} title=${word} @click=${press}>${icon}</button>`;
  return html`<header>
      <h3>${taken.title}</h3>
      ${taken.steps > 1 ? html`<span class="help step-of">${taken.done ? t.lessonDone : t.stepOf(at, taken.steps)}</span>` : nothing}
      ${view.can('lessons') ? html`<span class="ways">${tool(t.beginAgain, icons.restart, () => view.act.beginAgain())}${tool(t.leaveLesson, icons.close, () => view.act.leaveLesson())}</span>` : nothing}
    </header>
    ${taken.steps > 1 ? html`<progress max=${taken.steps} .value=${taken.done ? taken.steps : at - 1} aria-label=${t.stepOf(at, taken.steps)}></progress>` : nothing}`;
}

/**
 * What is to be said of the task that waits: it has its room always, so that nothing moves for it.
 * @param {View} view @param {Lesson} taken
 */
function note(view, taken) {
  const t = view.words;
  // Once the core is there it goes on by itself.
  const still = !view.still && standsStill(taken, view.time.playing);
  const hint = waiting(taken)?.hint;
  const said = hint ? withCode(hint) : taken.long ? t.lessonLong : view.ui.pointed ? t.pointedAt : nothing;
  const again = !still && taken.long && view.can('lessons');
  return html`<div class="task-note">
    <p role="status">${said}${still ? ` ${t.lessonStill}` : nothing}</p>
    ${still ? html`<button class="second small" @click=${() => view.act.play()}>${t.play}</button>` : nothing}
    ${again ? html`<button class="second small" @click=${() => view.act.beginAgain()}>${t.beginAgainShort}</button>` : nothing}
  </div>`;
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
      return item.words === view.lesson?.title ? nothing : html`<h4>${withCode(item.words)}</h4>`;
    case 'task':
      return html`<p class="task ${item.done ? 'done' : ''}">
        <span class="box" aria-hidden="true">${item.done ? icons.held : icons.untested}</span>
        <span><span class="hidden">${item.done ? t.taskDone : t.taskOpen}: </span>${withCode(item.words)}</span>
        ${item.by && item === waiting(view.lesson) ? showMe(view, item) : nothing}
      </p>`;
    case 'ask':
      return question(view, item);
    case 'learned':
      return html`<div class="learned"><h4>${t.learned}</h4><p class="lesson-words">${withCode(item.words)}</p></div>`;
    default:
      return html`<p class="lesson-words ${item.kind === 'reveal' ? 'reveal' : ''}">${withCode(item.words)}</p>`;
  }
}

/** First it points at the control; the second press does it. @param {View} view @param {LessonItem} item */
function showMe(view, { wanted }) {
  const t = view.words;
  const points = wanted && !view.ui.pointed;
  return html`<button class="quiet" @click=${() => (points ? view.act.pointOut(wanted) : view.act.showMe())}>${points ? t.showMe : t.doIt}</button>`;
}

/** @param {View} view @param {LessonItem} item */
function question(view, item) {
  const t = view.words;
  return html`<fieldset class="ask">
    <legend>${withCode(item.words)}</legend>
    ${item.answers.map((answer, i) => {
      const [right, given] = [item.right === i, item.given === i];
      // Decided, only what was so and what was guessed is left: the words below need the room.
      if (item.right !== null && !right && !given) return nothing;
      const verdict = item.right === null ? '' : right ? 'right' : 'wrong';
      const said = right && given ? t.guessedRight : right ? t.soItWas : given && verdict ? t.youThought : '';
      return html`<button class="answer-choice ${verdict}" aria-pressed=${given} ?disabled=${item.given !== null || item.right !== null} @click=${(/** @type {Event} */ e) => reply(view, e, i)}>
        ${verdict === 'right' ? icons.held : nothing}<span>${withCode(answer)}</span>${said ? html`<small>${said}</small>` : nothing}
      </button>`;
    })}
  </fieldset>`;
}

/** The button goes away, or is off then: the focus stays in the lesson. @param {View} view @param {Event} e @param {number} answer */
function reply(view, e, answer) {
  const panel = /** @type {HTMLElement | null} */ (/** @type {Element} */ (e.currentTarget).closest('.lesson'));
  view.act.answer(answer);
  panel?.focus({ preventScroll: true });
}
