// The requests of the clients: what became of each, and how long each may wait. See baselines/src/same/requests.rs.

// A power of two, so that a place is a number without its high bits.
const KEPT_MAX = 1 << 17;
const TIME_OUT = 5000;
const VALUE_BYTES = 8;

export const PENDING = 0;
export const DONE = 1;
export const VALUE = 2;
export const TIMED_OUT = 3;

export class Requests {
  operations = new Array(KEPT_MAX).fill(null);
  asked = 0;
  writes = [];
  waiting = 0;
  /** All requests have the same time-out, so they give up in their order: this one is next. */
  next = 0;

  askRead(now, key, node) {
    return this.ask(now, key, node, 0);
  }

  askWrite(now, key, node) {
    this.writes.push({ key, operation: this.asked, bytes: VALUE_BYTES, told: 0 });
    return this.ask(now, key, node, this.writes.length);
  }

  ask(asked, key, node, write) {
    const number = this.asked++;
    this.operations[number & (KEPT_MAX - 1)] = {
      number,
      asked,
      done: 0,
      key,
      node,
      write,
      outcome: PENDING,
      value: 0,
      judgement: null,
    };
    this.waiting++;
    return number;
  }

  /** A request by its number, unless it is no longer kept. */
  get(number) {
    const operation = this.operations[number & (KEPT_MAX - 1)];
    return operation !== null && operation.number === number ? operation : undefined;
  }

  finish(now, operation, outcome, value) {
    operation.outcome = outcome;
    operation.value = value;
    operation.done = now;
    this.waiting--;
    if (outcome === DONE) this.writes[operation.write - 1].told = now;
  }

  /** The next request that gives up by now. */
  outOfPatience(now) {
    for (; this.next < this.asked; this.next++) {
      const operation = this.get(this.next);
      if (operation.outcome !== PENDING) continue;
      return operation.asked + TIME_OUT <= now ? operation : undefined;
    }
    return undefined;
  }
}
