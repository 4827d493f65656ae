// Lessons and practice as the fragment of a link, and back. What comes in is untrusted: names are looked up, numbers bounded.

/** @typedef {{ lesson: string, step: number } | { practice: string, level: number, seed: number }} LearnLink */

/** @param {string} file @param {number} step from 1 on */
export const lessonFragment = (file, step) => `#lesson=${file}${step > 1 ? `&step=${step}` : ''}`;
/** @param {string} preset @param {number} level @param {number} seed */
export const practiceFragment = (preset, level, seed) => `#practice=${preset}&level=${level}&seed=${seed}`;

/** Nothing if it is another fragment. @param {string} fragment @returns {LearnLink | undefined} */
export function learnLink(fragment) {
  if (!/^#(lesson|practice)=[a-z0-9-]{1,80}(&|$)/.test(fragment)) return undefined;
  const parts = new URLSearchParams(fragment.slice(1));
  const number = (/** @type {string} */ name, /** @type {number} */ without) => {
    const word = parts.get(name) ?? '';
    return /^\d{1,16}$/.test(word) ? Number(word) : without;
  };
  const [lesson, practice] = [parts.get('lesson'), parts.get('practice')];
  if (lesson) return { lesson, step: number('step', 1) };
  return practice ? { practice, level: number('level', 1), seed: number('seed', 0) } : undefined;
}
