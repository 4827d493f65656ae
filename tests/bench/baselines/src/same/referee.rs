//! The referee: which versions of each key the master showed, and how stale each read was.

use super::nodes::{Cell, LogEntry, Lsn};
use super::requests::{Operation, Outcome};
use crate::model::Time;

/// How a read was.
#[derive(Debug, Clone, Copy, Default, Hash)]
pub struct Judgement {
    at: Time,
    saw: u32,
    newest: u32,
    /// How many newer versions the master showed.
    behind: u32,
    /// It saw what is in no log of the master.
    foreign: bool,
    /// For how long the oldest of the newer versions had been shown.
    by: Time,
}

/// A version of a key.
#[derive(Debug, Clone, Copy, Hash)]
struct Version {
    lsn: Lsn,
    write: u32,
    /// The place of the version before it plus one, 0 for none.
    before: u32,
    shown: Time,
}

/// What the referee knows.
#[derive(Debug, Hash)]
pub struct Referee {
    versions: Vec<Version>,
    /// The place of each key's newest version plus one, 0 for none.
    newest: Vec<u32>,
    /// The write of each entry of the master's log.
    logged: Vec<u32>,
    reads: u64,
    stale: u64,
    foreign: u64,
    took: Time,
}

impl Referee {
    /// One that has seen nothing.
    pub fn new(keys: u32) -> Self {
        let newest = vec![0; keys as usize];
        Self { versions: Vec::new(), newest, logged: Vec::new(), reads: 0, stale: 0, foreign: 0, took: 0 }
    }

    /// The master shows an entry.
    pub fn shown(&mut self, now: Time, LogEntry { lsn, write, key, .. }: LogEntry) {
        self.logged.push(write);
        let newest = &mut self.newest[key as usize];
        self.versions.push(Version { lsn, write, before: *newest, shown: now });
        *newest = self.versions.len() as u32;
    }

    /// Judges what a slave has of a key, now.
    pub fn judge(&self, now: Time, key: u32, cell: Cell) -> Judgement {
        let mut next = self.version(self.newest[key as usize]);
        let newest = next.map_or(0, |version| version.write);
        let mut judgement = Judgement { at: now, saw: cell.write, newest, behind: 0, foreign: false, by: 0 };
        while let Some(version) = next {
            if version.lsn <= cell.lsn {
                let same = version.lsn == cell.lsn && self.logged[cell.lsn as usize - 1] == cell.write;
                judgement.foreign = !same;
                return judgement;
            }
            judgement.behind += 1;
            judgement.by = now - version.shown;
            next = self.version(version.before);
        }
        judgement.foreign = cell.write != 0;
        judgement
    }

    fn version(&self, place: u32) -> Option<&Version> {
        self.versions.get((place as usize).wrapping_sub(1))
    }

    /// A request has its outcome.
    pub fn finished(&mut self, operation: &Operation) {
        if let Outcome::Value(_) = operation.outcome {
            self.reads += 1;
            self.took += operation.took();
            self.stale += u64::from(operation.judgement.is_stale());
            self.foreign += u64::from(operation.judgement.foreign);
        }
    }

    /// Stale reads so far.
    pub fn stale(&self) -> u64 {
        self.stale
    }

    /// Reads that were answered.
    pub fn reads(&self) -> u64 {
        self.reads
    }

    /// Whether it knows so many versions, and no read saw what is in no log.
    pub fn knows(&self, versions: usize) -> bool {
        self.versions.len() == versions && self.logged.len() == versions && self.foreign == 0
    }
}

impl Judgement {
    /// Whether the master showed a newer version.
    pub fn is_stale(&self) -> bool {
        self.behind > 0
    }
}
