// The referee: which versions of each key the master showed, and how stale each read was. See baselines/src/same/referee.rs.
import { VALUE } from './requests.js';

export class Referee {
  versions = [];
  /** The write of each entry of the master's log. */
  logged = [];
  reads = 0;
  stale = 0;
  foreign = 0;
  took = 0;

  constructor(keys) {
    /** The place of each key's newest version plus one, 0 for none. */
    this.newest = new Int32Array(keys);
  }

  /** The master shows an entry. */
  shown(now, { lsn, write, key }) {
    this.logged.push(write);
    this.versions.push({ lsn, write, before: this.newest[key], shown: now });
    this.newest[key] = this.versions.length;
  }

  /** Judges what a slave has of a key, now. */
  judge(now, key, lsn, write) {
    const { versions } = this;
    let place = this.newest[key];
    const newest = place > 0 ? versions[place - 1].write : 0;
    let behind = 0;
    let by = 0;
    let foreign = write !== 0;
    while (place > 0) {
      const version = versions[place - 1];
      if (version.lsn <= lsn) {
        foreign = version.lsn !== lsn || this.logged[lsn - 1] !== write;
        break;
      }
      behind++;
      by = now - version.shown;
      place = version.before;
    }
    return { at: now, saw: write, newest, behind, by, foreign };
  }

  /** A request has its outcome. */
  finished({ outcome, asked, done, judgement }) {
    if (outcome !== VALUE) return;
    this.reads++;
    this.took += done - asked;
    if (judgement.behind > 0) this.stale++;
    if (judgement.foreign) this.foreign++;
  }
}
