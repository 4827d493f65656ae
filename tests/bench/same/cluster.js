// The work that the engine does for a run of the bench cluster, by hand: see baselines/src/same/mod.rs.
import * as model from '../model.js';
import * as facts from './facts.js';
import { Meters } from './meters.js';
import { Referee } from './referee.js';
import { DONE, PENDING, Requests, TIMED_OUT, VALUE } from './requests.js';

const MASTER = 0;
const ENTRY_BYTES = 40;

const nodeWith = (keys) => ({
  log: [],
  // What it has of each key: the write, and the entry that wrote it.
  writes: new Int32Array(keys),
  lsns: new Int32Array(keys),
  flushed: 0,
  applied: 0,
});

export class Cluster {
  /** @param keeper what the facts are kept in */
  constructor(size, keeper) {
    this.model = new model.Model(size);
    this.facts = keeper;
    // The master, then the slaves; and what the master knows of each.
    this.nodes = Array.from({ length: size.slaves + 1 }, () => nodeWith(size.keys));
    this.streams = this.nodes.map(() => ({ sent: 0, received: 0, flushed: 0, applied: 0, heard: 0 }));
    this.requests = new Requests();
    this.referee = new Referee(size.keys);
    this.meters = new Meters();
  }

  /** Before each event: what is due by then. */
  begin(now) {
    this.model.counts.events++;
    if (now >= this.meters.ends) this.meters.close(now, this.nodes);
    for (;;) {
      const operation = this.requests.outOfPatience(now);
      if (operation === undefined) break;
      this.finish(now, operation, TIMED_OUT, 0);
    }
  }

  /** A client asks a slave for a key: the number of the request. */
  askRead(now, slave, key) {
    this.model.counts.reads++;
    const node = slave + 1;
    const number = this.requests.askRead(now, key, node);
    this.facts.note(now, facts.ASKED, node, number, 0, 0);
    return number;
  }

  /** A client asks the master to write a key: the number of the request. */
  askWrite(now, key) {
    this.model.counts.writes++;
    const number = this.requests.askWrite(now, key, MASTER);
    this.facts.hashWord(key);
    this.facts.hashWord(number);
    this.facts.note(now, facts.ASKED, MASTER, number, 0, 0);
    return number;
  }

  /** A slave looks a key up, and the referee judges what it finds. */
  serve(now, slave, key, number) {
    const place = slave + 1;
    const node = this.nodes[place];
    const write = node.writes[key];
    const lsn = node.lsns[key];
    this.facts.note(now, facts.SERVED, place, number, write, lsn);
    const judgement = this.referee.judge(now, key, lsn, write);
    const operation = this.requests.get(number);
    if (operation !== undefined && operation.node === place) operation.judgement = judgement;
    return write;
  }

  /** The master takes a write: the entry that goes to the slaves. */
  log(now, key, number) {
    const lsn = this.nodes[MASTER].log.length + 1;
    const { write } = this.requests.get(number);
    const entry = { lsn, at: now, write, key, epoch: 1, bytes: ENTRY_BYTES };
    this.apply(now, MASTER, entry, facts.LOGGED);
    this.referee.shown(now, entry);
    for (const stream of this.streams) stream.sent = lsn;
    return entry;
  }

  /** An entry arrives at a slave. */
  receive(now, slave, entry) {
    const place = slave + 1;
    if (entry.lsn === this.nodes[place].log.length + 1) this.apply(now, place, entry, facts.RECEIVED);
  }

  apply(now, place, entry, kind) {
    const { lsn, write, key } = entry;
    const node = this.nodes[place];
    node.log.push(entry);
    this.facts.note(now, kind, place, lsn, write, 0);
    node.flushed = lsn;
    this.facts.note(now, facts.FLUSHED, place, lsn, 0, 0);
    node.applied = lsn;
    node.writes[key] = write;
    node.lsns[key] = lsn;
    this.facts.note(now, facts.APPLIED, place, lsn, write, 0);
  }

  /** The master hears how far a slave is. */
  acknowledge(now, slave, received, flushed, applied) {
    const stream = this.streams[slave + 1];
    stream.heard = now;
    if (stream.received === received && stream.flushed === flushed && stream.applied === applied) return;
    stream.received = received;
    stream.flushed = flushed;
    stream.applied = applied;
    this.facts.note(now, facts.ACKNOWLEDGED, slave + 1, received, flushed, applied);
  }

  /** The answer to a read arrives at the client. */
  answerRead(now, number, write) {
    this.answer(now, number, VALUE, write);
  }

  /** The answer to a write arrives at the client. */
  answerWrite(now, number) {
    this.answer(now, number, DONE, 0);
  }

  answer(now, number, outcome, value) {
    const operation = this.requests.get(number);
    if (operation === undefined || operation.outcome !== PENDING) {
      this.facts.note(now, facts.LATE, 0, number, 0, 0);
    } else {
      this.finish(now, operation, outcome, value);
    }
  }

  finish(now, operation, outcome, value) {
    this.requests.finish(now, operation, outcome, value);
    this.facts.hashWord(outcome);
    this.facts.hashWord(value);
    this.facts.note(now, facts.FINISHED, 0, operation.number, 0, 0);
    this.referee.finished(operation);
    this.meters.finished(operation);
  }
}
