// What is measured in each tenth of a second. See baselines/src/same/meters.rs.
import { DONE, VALUE } from './requests.js';

const SLOT = 100;
const BUCKETS = 312;
const LONGEST_US = 2 ** 30 - 1;

/** How long requests took, µs: eight buckets for each doubling. */
class Histogram {
  counts = new Int32Array(BUCKETS);

  add(took) {
    const micros = Math.min(took * 1000, LONGEST_US) | 0;
    // The highest four bits, and how many come behind them.
    const behind = 28 - Math.clz32(micros | 8);
    this.counts[behind * 8 + (micros >> behind)]++;
  }

  /** The buckets that are not empty, each with its count behind it; all are empty then. */
  take() {
    const { counts } = this;
    const filled = [];
    for (let bucket = 0; bucket < BUCKETS; bucket++) {
      if (counts[bucket] > 0) filled.push(bucket, counts[bucket]);
    }
    counts.fill(0);
    return Int32Array.from(filled);
  }
}

const emptySlot = () => ({
  reads: 0,
  writes: 0,
  failed: 0,
  stale: 0,
  readTimes: null,
  writeTimes: null,
  nodes: null,
});

export class Meters {
  closed = [];
  open = emptySlot();
  /** When the open slot ends. */
  ends = SLOT;
  readTimes = new Histogram();
  writeTimes = new Histogram();

  /** Closes the slots that are over. */
  close(now, nodes) {
    const { log } = nodes[0];
    while (this.ends <= now) {
      this.open.readTimes = this.readTimes.take();
      this.open.writeTimes = this.writeTimes.take();
      this.open.nodes = nodes.map(({ applied }) => ({
        entries: log.length - applied,
        since: applied < log.length ? now - log[applied].at : 0,
      }));
      this.closed.push(this.open);
      this.open = emptySlot();
      this.ends += SLOT;
    }
  }

  /** A request has its outcome. */
  finished({ outcome, asked, done, judgement }) {
    const { open } = this;
    if (outcome === VALUE) {
      open.reads++;
      if (judgement.behind > 0) open.stale++;
      this.readTimes.add(done - asked);
    } else if (outcome === DONE) {
      open.writes++;
      this.writeTimes.add(done - asked);
    } else {
      open.failed++;
    }
  }
}
