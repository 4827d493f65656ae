// The texts of the lessons, from beside the script.

import { isSurprise } from '../words/lessons.js';
import { textOf } from './beside.js';

/** Behind the last line of a surprise it goes on for so long before it says that this was all, ms. */
const AFTER_MS = 3_000;
const IN_MS = { us: 0.001, ms: 1, s: 1_000, m: 60_000 };

/** A run that is another one with each way of replicating. */
export const fetchExample = () => textOf('runs/side-by-side.run');

/** @param {string} name */
export async function fetchLesson(name) {
  const surprise = isSurprise(name);
  const path = surprise ? `runs/${name}.run` : `lessons/${name}.lesson`;
  const text = await textOf(path);
  return surprise ? asLesson(text) : text;
}

/**
 * A run with its comments as words: the first one is its title, the last sentences are what is to be learned of it, told when
 * all has happened.
 * @param {string} text
 */
export function asLesson(text) {
  const lines = text.split('\n');
  const begin = lines.findIndex((line) => !line.startsWith('#'));
  const [title, ...comment] = lines.slice(0, begin).map((line) => line.slice(1).trim());
  const words = paragraphs(comment);
  const learned = words.length > 1 ? words.splice(-1) : [];
  const run = lines.slice(begin).join('\n');
  const items = [
    `step ${title}`,
    ...words.map((words) => `say ${words}`),
    `until after ${lastMs(run) + AFTER_MS}ms`,
    ...learned.map((words) => `learned ${words}`),
  ];
  return `lesson ${title}\n${run}\n${items.join('\n')}\n`;
}

/** Lines that end inside a sentence go on in the next one. @param {string[]} lines */
function paragraphs(lines) {
  /** @type {string[]} */
  const whole = [];
  let open = '';
  for (const line of lines) {
    open = `${open} ${line}`.trim();
    if (!/[.!?][”"’)]?$/.test(line)) continue;
    whole.push(open);
    open = '';
  }
  return open ? [...whole, open] : whole;
}

/** When the last line is done, ms. @param {string} run */
function lastMs(run) {
  const times = [...run.matchAll(/^at (\d+(?:\.\d+)?)(us|ms|s|m)\b/gm)].map(
    ([, number, unit]) => Number(number) * IN_MS[/** @type {keyof typeof IN_MS} */ (unit)],
  );
  return Math.ceil(Math.max(0, ...times));
}

/** What a lesson begins with: its cluster and settings. @param {string} text */
export const headOf = (text) =>
  text
    .split(/^step /m)[0]
    .split('\n')
    .filter((line) => line && !/^(#|lesson )/.test(line))
    .join('\n');
