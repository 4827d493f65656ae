// What the browser remembers of a reader, by name: that something was seen or done. Where nothing may be kept (a sandbox, a
// private window), nothing is, and nothing breaks.

const PREFIX = 'replication-playground ';

export const kept = {
  /** @param {string} name */
  has(name) {
    try {
      return localStorage.getItem(PREFIX + name) !== null;
    } catch {
      return false;
    }
  },
  /** @param {string} name */
  add(name) {
    try {
      localStorage.setItem(PREFIX + name, '1');
    } catch {
      // It is told again, then.
    }
  },
};
