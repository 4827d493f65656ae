// What happened: the latest facts, and a hash of all. See baselines/src/same/facts.rs.

/** As many as the engine keeps. */
export const KEPT_MAX = 300_000;

export const ASKED = 1;
export const SERVED = 2;
export const LOGGED = 3;
export const RECEIVED = 4;
export const FLUSHED = 5;
export const APPLIED = 6;
export const ACKNOWLEDGED = 7;
export const FINISHED = 8;
export const LATE = 9;

const MICROSECONDS = 1000;

class Facts {
  ever = 0;
  /** Where the next fact goes. */
  place = 0;
  // The hash: two lanes of 32 bits, which is what JavaScript multiplies fast.
  low = 0;
  high = 0;

  /** Takes a number of 32 bits into the hash. */
  hashWord(word) {
    const { low, high } = this;
    this.low = Math.imul(((low << 13) | (low >>> 19)) ^ word, 0x9e3779b1);
    this.high = Math.imul(((high << 7) | (high >>> 25)) ^ word, 0x85ebca77);
  }

  /** Notes a fact: what it says, of which node, and three numbers. */
  note(at, kind, node, a, b, c) {
    this.hashWord((at * MICROSECONDS) | 0);
    this.hashWord((kind << 16) | node);
    this.hashWord(a);
    this.hashWord(b);
    this.hashWord(c);
    this.keep(this.place, at, kind, node, a, b, c);
    this.place = this.place + 1 === KEPT_MAX ? 0 : this.place + 1;
    this.ever++;
  }
}

/** A fact is a row of typed arrays. */
export class TypedFacts extends Facts {
  ats = new Float64Array(KEPT_MAX);
  rows = new Int32Array(4 * KEPT_MAX);

  keep(place, at, kind, node, a, b, c) {
    const { rows } = this;
    const row = 4 * place;
    this.ats[place] = at;
    rows[row] = (kind << 16) | node;
    rows[row + 1] = a;
    rows[row + 2] = b;
    rows[row + 3] = c;
  }

  /** The fact at a place, or undefined. */
  fact(place) {
    const head = this.rows[4 * place];
    if (head === 0) return undefined;
    const [a, b, c] = this.rows.subarray(4 * place + 1, 4 * place + 4);
    return { at: this.ats[place], kind: head >> 16, node: head & 0xffff, a, b, c };
  }
}

/** A fact is an object. */
export class ObjectFacts extends Facts {
  kept = [];

  keep(place, at, kind, node, a, b, c) {
    this.kept[place] = { at, kind, node, a, b, c };
  }

  /** The fact at a place, or undefined. */
  fact(place) {
    return this.kept[place];
  }
}
