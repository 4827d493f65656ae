// Which lessons are done, kept for the next visit where that is allowed: in a sandboxed frame it is not, and nothing is lost
// but this.

const PLACE = 'replication-playground lessons done';
/** Those of this visit, and those that were kept. @type {Set<string> | undefined} */
let done;

function kept() {
  try {
    const list = JSON.parse(localStorage.getItem(PLACE) ?? '[]');
    return Array.isArray(list) ? list.filter((file) => typeof file === 'string') : [];
  } catch {
    return [];
  }
}
/** The names of lessons that are done. @returns {ReadonlySet<string>} */
export const lessonsDone = () => (done ??= new Set(kept()));

/** @param {string} file */
export function keepDone(file) {
  if (lessonsDone().has(file)) return;
  done?.add(file);
  try {
    localStorage.setItem(PLACE, JSON.stringify([...lessonsDone()]));
  } catch {
    // Kept until the page is left.
  }
}
