//! The nodes, and what the master knows of its slaves.

use crate::model::Time;

/// A place in the log; the first entry has 1.
pub type Lsn = u32;

/// The place of the master among the nodes.
pub const MASTER: usize = 0;

/// The place of a slave among the nodes.
pub fn place(slave: u32) -> usize {
    slave as usize + 1
}

/// An entry of a log.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct LogEntry {
    /// Its place.
    pub lsn: Lsn,
    /// The number of the write.
    pub write: u32,
    /// The key that is written.
    pub key: u32,
    /// Under which master.
    pub epoch: u32,
    /// How long it is on the wire.
    pub bytes: u32,
    /// When the master took it.
    pub at: Time,
}

/// What a node has of a key.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub struct Cell {
    /// The entry that wrote it, 0 for none.
    pub lsn: Lsn,
    /// The number of the write, 0 for none.
    pub write: u32,
}

/// How far a slave is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub struct Progress {
    /// Its log ends here.
    pub received: Lsn,
    /// It is on disk up to here.
    pub flushed: Lsn,
    /// Reads see it up to here.
    pub applied: Lsn,
}

/// What the master knows of a slave.
#[derive(Debug, Clone, Copy, Default, Hash)]
pub struct Stream {
    /// What was sent.
    pub sent: Lsn,
    /// What it says it has.
    pub progress: Progress,
    /// When it last said so.
    pub heard: Time,
}

/// A node.
#[derive(Debug, Hash)]
pub struct Node {
    log: Vec<LogEntry>,
    cells: Vec<Cell>,
    flushed: Lsn,
    applied: Lsn,
}

impl Node {
    /// An empty one.
    pub fn new(keys: u32) -> Self {
        Self { log: Vec::new(), cells: vec![Cell::default(); keys as usize], flushed: 0, applied: 0 }
    }

    /// Where its log ends.
    pub fn end(&self) -> Lsn {
        self.log.len() as Lsn
    }

    /// What it has of a key.
    pub fn cell(&self, key: u32) -> Cell {
        self.cells[key as usize]
    }

    /// Its log.
    pub fn log(&self) -> &[LogEntry] {
        &self.log
    }

    /// Its cells.
    pub fn cells(&self) -> &[Cell] {
        &self.cells
    }

    /// Puts an entry into the log, on disk, and where reads see it.
    pub fn append(&mut self, entry: LogEntry) {
        self.log.push(entry);
        self.flushed = entry.lsn;
        self.applied = entry.lsn;
        self.cells[entry.key as usize] = Cell { lsn: entry.lsn, write: entry.write };
    }

    /// How far it is.
    pub fn progress(&self) -> Progress {
        Progress { received: self.end(), flushed: self.flushed, applied: self.applied }
    }
}
