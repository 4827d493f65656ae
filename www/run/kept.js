// What the browser remembers of a reader, by name: that something was seen or done. Where nothing may be kept (a sandbox, a
// private window), it is known until the page is left.

const PREFIX = 'replication-playground ';
/** Of this visit. @type {Set<string>} */
const known = new Set();

/** @param {string} name */
export function isKept(name) {
  try {
    return known.has(name) || localStorage.getItem(PREFIX + name) !== null;
  } catch {
    return false;
  }
}

/** @param {string} name */
export function keep(name) {
  known.add(name);
  try {
    localStorage.setItem(PREFIX + name, '1');
  } catch {
    // Known until the page is left.
  }
}

/** Whether a lesson was taken to its end. @param {string} file */
export const isDone = (file) => isKept(`lesson ${file}`);
/** @param {string} file */
export const keepDone = (file) => keep(`lesson ${file}`);
