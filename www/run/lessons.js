// The texts of the lessons, from beside the script.

import { SURPRISES } from '../words/lessons.js';
import { textOf } from './beside.js';

/** @param {string} name */
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
