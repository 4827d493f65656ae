//! The terms in which facts speak of a cluster.

/// Position in a log: a log sequence number, from 1. 0 is the empty log.
pub type Lsn = u32;

/// A point of a history: the same position of another epoch is another write.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct Position {
    /// Log sequence number.
    pub lsn: Lsn,
    /// Epoch (timeline) of the entry at that position.
    pub epoch: u32,
}

/// What a node holds for a key. A deleted key keeps its cell, so that it is known which delete it was.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Cell {
    /// Number of the write that made it.
    pub write: u32,
    /// Position of that write; for a local one, the position applied when it came.
    pub lsn: Lsn,
    /// Whether the key is deleted.
    pub deleted: bool,
    /// Whether it was written on this node alone, past the master.
    pub local: bool,
}

/// How far a slave has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct Progress {
    /// In memory.
    pub received: Lsn,
    /// On disk.
    pub flushed: Lsn,
    /// Seen by reads.
    pub applied: Lsn,
}

impl Progress {
    /// The same in another log that is so many positions shorter.
    #[must_use]
    pub fn behind(self, positions: i32) -> Self {
        let there = |lsn: Lsn| lsn.saturating_add_signed(positions.wrapping_neg());
        Self { received: there(self.received), flushed: there(self.flushed), applied: there(self.applied) }
    }
}

/// Why something could not be done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Failure {
    /// A slave takes no writes.
    ReadOnly,
    /// The slave has no connection to the master to pass a write on.
    MasterUnreachable,
    /// Nobody listens, or the link is cut.
    ConnectionRefused,
    /// The connection broke before the answer came: nobody knows whether it was done.
    ConnectionLost,
    /// The router found no node to ask.
    NoNode,
    /// The master has heard of too few slaves lately: the write was not done.
    TooFewSlaves,
    /// Too few slaves acknowledged in time: the write is done all the same.
    NotInTime,
    /// Only a master knows what its slaves have acknowledged.
    WaitAtSlave,
    /// The master became a slave while the client waited.
    Demoted,
    /// All workers are busy, and the queue before them is full: nothing was done.
    Overloaded,
    /// The slave has not applied in time what the client wanted to see.
    NotCaughtUp,
    /// It has fallen off the log of the others, and answers no reads.
    Recovering,
}

/// Why a node is not let in as a slave.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Denial {
    /// The log no longer reaches back to where it stands.
    Gap,
    /// It has what the other does not have.
    Diverged,
    /// It is ahead of the node that it follows, on the same history: it may get in later.
    Ahead,
    /// It is let in, and cannot apply what comes: it has made a row of its own under the same key.
    Duplicate,
    /// It is let in, and cannot apply what comes: it no longer has the row that is changed.
    NoRow,
    /// The other one does not follow its own master now: it may get in later.
    Unlinked,
}
