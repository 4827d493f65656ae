// What is said aloud, to those who do not see the picture.

const APART_MS = 1200; // announcements are at least this far apart
const AT_ONCE = 3; // the latest ones, of many

export class Say {
  #root;
  /** @type {string[]} */ #words = [];
  /** @type {ReturnType<typeof setTimeout> | undefined} */ #soon;

  /** @param {ShadowRoot} root */
  constructor(root) {
    this.#root = root;
  }

  /** @param {string} words */
  say(words) {
    this.#words.push(words);
    this.#soon ??= setTimeout(() => {
      this.#soon = undefined;
      const el = this.#root.querySelector('p.say[aria-live]');
      if (el) el.textContent = this.#words.slice(-AT_ONCE).join(' ');
      this.#words = [];
    }, APART_MS);
  }
  close() {
    clearTimeout(this.#soon);
  }
}
