// What goes wrong with the core: it refuses, or it breaks down.

/** The core refused something: a text, a line, a word. Nothing has changed. */
export class PlaygroundError extends Error {
  /** @param {{ code: string, message: string, line?: number, column?: number, expected?: string }} from */
  constructor(from) {
    super(from.message.replace(/[^.!?]$/, '$&.'));
    this.name = 'PlaygroundError';
    this.code = from.code;
    this.line = from.line ?? undefined;
    this.column = from.column ?? undefined;
    this.expected = from.expected ?? undefined;
  }
}

/** The core broke down. Its element shows a panel and can start again. */
export class PlaygroundCrash extends Error {
  /** @param {string} words @param {string} text the run text as it was after the last command */
  constructor(words, text) {
    super(words);
    this.name = 'PlaygroundCrash';
    this.text = text;
  }
}
