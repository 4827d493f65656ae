// What a lesson asks for now, and what of it is on a page's fields.

/** @typedef {import('../types').Lesson} Lesson */
/** @typedef {import('../types').LessonItem} LessonItem */
/** @typedef {import('../types').Wanted} Wanted */
/** @typedef {{ key: string, wanted?: Wanted }} Asked `key` is another one whenever something else is asked for */

/** The task that waits first. @param {Lesson | undefined} lesson @returns {LessonItem | undefined} */
export const waiting = (lesson) => lesson?.items.find((item) => item.kind === 'task' && !item.done);

/** How many steps have begun. @param {Lesson} lesson */
export const stepNow = (lesson) => lesson.items.filter((item) => item.kind === 'step').length;

/** @param {Lesson | undefined} lesson @param {number} begun how often a run has begun on this page @returns {Asked} */
export function asked(lesson, begun) {
  if (!lesson) return { key: '' };
  const task = waiting(lesson);
  const place = task ? lesson.items.indexOf(task) : '';
  return { key: `${begun} ${lesson.name} ${stepNow(lesson)} ${place}`, wanted: task?.wanted ?? undefined };
}

/** What the fields say when something else is asked for. @param {Wanted | undefined} wanted */
export function fieldsFor(wanted) {
  /** @type {Partial<import('./ui.js').Ui>} */
  const fields = { writeTo: '', readFrom: '', local: false };
  if (!wanted) return fields;
  if (wanted.client) fields.session = wanted.client;
  if (wanted.key !== null) fields.key = wanted.key;
  if (wanted.value !== null) fields.value = wanted.value;
  if (wanted.verb === 'read') fields.readFrom = wanted.node ?? '';
  if (wanted.verb === 'write' || wanted.verb === 'delete') fields.writeTo = wanted.node ?? '';
  return fields;
}

/** The lesson goes on only when time does, and time stands still. @param {Lesson} lesson @param {boolean} playing */
export const standsStill = ({ waits, rests, done }, playing) => waits && !rests && !done && !playing;

/** The question of a lesson with one question: was it answered, and rightly? Nothing as long as it is open. @param {Lesson | undefined} lesson */
export function guessed(lesson) {
  const item = lesson?.items.find(({ kind }) => kind === 'ask');
  if (!item || item.given === null || item.right === null) return undefined;
  return item.given === item.right;
}
