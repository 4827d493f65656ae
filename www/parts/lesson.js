// A lesson: words that wait for what happens, tasks that tick themselves, predictions.

import { html, nothing } from 'lit-html';
import { repeat } from 'lit-html/directives/repeat.js';
import { textOf } from '../run/beside.js';
import { LESSONS, SURPRISES } from '../run/lessons.js';
import { icons } from './marks.js';

/** @typedef {import('../types').LessonItem} LessonItem */
/** @typedef {import('../app.js').App} App */

/** The text of a lesson, from beside the script. @param {string} name */
export async function fetchLesson(name) {
  const surprise = SURPRISES.some(([file]) => file === name);
  const path = surprise ? `runs/${name}.run` : `lessons/${name}.lesson`;
  const text = await textOf(path);
  return surprise ? asLesson(text) : text;
}

/** A run with its comments as words: the first one is its title. @param {string} text */
function asLesson(text) {
  const lines = text.split('\n');
  const begin = lines.findIndex((line) => !line.startsWith('#'));
  const [title, ...words] = lines.slice(0, begin).map((line) => line.slice(1).trim());
  return `lesson ${title}\n${lines.slice(begin).join('\n')}\nstep ${title}\n${words.map((line) => `say ${line}\n`).join('')}`;
}

/** @param {App} app */
export function lesson(app) {
  const t = app.words;
  const taken = app.lesson;
  if (!taken) return nothing;
  const steps = taken.items.flatMap((item, i) => (item.kind === 'step' ? [i] : []));
  const here = steps[steps.length - 1] ?? 0;
  const [before, now] = [taken.items.slice(0, here), taken.items.slice(here)];
  return html`<section class="lesson" part="lesson" tabindex="-1" aria-label=${app.titled(`${t.lesson}: ${taken.title}`)}>
    <header>
      <h3>${taken.title}</h3>
      ${taken.steps > 1 ? html`<span class="help">${taken.done ? t.lessonDone : t.stepOf(steps.length, taken.steps)}</span>` : nothing}
      ${app.can('lessons') ? html`<button class="tool" aria-label=${t.leaveLesson} title=${t.leaveLesson} @click=${() => app.leaveLesson()}>${icons.close}</button>` : nothing}
    </header>
    ${before.length > 0 ? html`<details><summary>${t.before}</summary>${items(app, before)}</details>` : nothing}
    <div class="now" aria-live="polite">${items(app, now)}</div>
    ${taken.rests ? html`<p class="acts"><button class="primary" @click=${(/** @type {Event} */ e) => reply(app, e, 0)}>${t.goOn}</button></p>` : nothing}
    ${taken.done && app.can('lessons') ? next(app) : nothing}
  </section>`;
}

/** @param {App} app @param {LessonItem[]} list */
function items(app, list) {
  return repeat(
    list,
    (_, i) => i,
    (item) => part(app, item),
  );
}

/** @param {App} app @param {LessonItem} item */
function part(app, item) {
  const t = app.words;
  switch (item.kind) {
    case 'step':
      return item.words === app.lesson?.title ? nothing : html`<h4>${words(item.words)}</h4>`;
    case 'task':
      return html`<p class="task ${item.done ? 'done' : ''}">
        <span class="box" aria-hidden="true">${item.done ? icons.held : icons.untested}</span>
        <span><span class="hidden">${item.done ? t.taskDone : t.taskOpen}: </span>${words(item.words)}</span>
        ${item.by && !item.done ? html`<button class="quiet" @click=${() => app.showMe()}>${t.showMe}</button>` : nothing}
      </p>`;
    case 'ask':
      return html`<fieldset class="ask">
        <legend>${words(item.words)}</legend>
        ${item.answers.map((answer, i) => {
          // Decided, only what was so and what was thought is left: the words below need the room.
          if (item.right !== null && item.right !== i && item.given !== i) return nothing;
          const verdict = item.right === null ? '' : item.right === i ? 'right' : item.given === i ? 'wrong' : '';
          return html`<button class="answer-choice ${verdict}" aria-pressed=${item.given === i} ?disabled=${item.given !== null} @click=${(/** @type {Event} */ e) => reply(app, e, i)}>
            ${verdict === 'right' ? icons.held : nothing}<span>${words(answer)}</span>${verdict === 'right' ? html`<small>${t.soItWas}</small>` : verdict === 'wrong' ? html`<small>${t.youThought}</small>` : nothing}
          </button>`;
        })}
      </fieldset>`;
    default:
      return html`<p class="lesson-words ${item.kind === 'reveal' ? 'reveal' : ''}">${words(item.words)}</p>`;
  }
}

/** The button goes away, or is off then: the focus stays in the lesson. @param {App} app @param {Event} e @param {number} answer */
function reply(app, e, answer) {
  const panel = /** @type {HTMLElement | null} */ (/** @type {Element} */ (e.currentTarget).closest('.lesson'));
  app.answer(answer);
  panel?.focus({ preventScroll: true });
}

/** Words with code between backticks. @param {string} text */
function words(text) {
  return text.split('`').map((piece, i) => (i % 2 ? html`<code>${piece}</code>` : piece));
}

/** @param {App} app */
function next(app) {
  const at = LESSONS.findIndex(([, title]) => title === app.lesson?.name);
  const following = LESSONS[at + 1];
  if (at < 0 || !following) return nothing;
  return html`<p class="acts"><button class="primary" @click=${() => app.takeLesson(following[0])}>${app.words.nextLesson}: ${following[1]}</button></p>`;
}

/**
 * Brings what is new in a lesson to the top of its panel; nothing else scrolls.
 * @param {ShadowRoot} root @param {import('../types').Lesson | undefined} taken @param {number} told how much there was before
 */
export function toNews(root, taken, told) {
  const count = taken?.items.length ?? 0;
  const panel = root.querySelector('.lesson');
  if (!panel || count === told) return count;
  const shown = panel.querySelectorAll('.now > *');
  const first = shown[Math.max(0, shown.length - Math.max(0, count - told))];
  if (first) panel.scrollTop += first.getBoundingClientRect().top - panel.getBoundingClientRect().top - 12;
  return count;
}
