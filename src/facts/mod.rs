//! What can happen, as facts: the words in which the cluster tells it and those who watch hear it.

mod hash;
mod packed;
mod terms;

pub use hash::Portable;
pub use packed::Packed;
pub use terms::{Cell, Denial, Failure, Lsn, Position, Progress};

use crate::time::Us;

/// A fact. Nodes and clients are named by their endpoint numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Fact {
    /// Its number, from 0.
    pub seq: u64,
    /// When, µs.
    pub at_us: Us,
    /// What.
    pub event: Event,
}

/// What happened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[allow(missing_docs, reason = "the fields are named for what they hold: node, slave, peer, lsn, write, operation")]
pub enum Event {
    /// A client asked.
    Asked { operation: u32, node: Option<u16> },
    /// Its router tries another node.
    Retried { operation: u32, node: u16 },
    /// A node read a key for a client: this is what it held.
    ReadServed { operation: u32, node: u16, cell: Option<Cell> },
    /// A client has its answer, or has given up.
    Finished { operation: u32 },
    /// An answer came for a client that had given up.
    AnswerTooLate { operation: u32, failed: bool },
    /// A slave dropped a client's write.
    WriteIgnored { node: u16, operation: u32 },
    /// A slave passed a client's write on.
    WriteForwarded { node: u16, operation: u32 },
    /// A slave took a client's write for itself.
    WrittenLocally { node: u16, write: u32 },
    /// The master logged a write.
    Logged { node: u16, lsn: Lsn, write: u32, epoch: u32 },
    /// A slave has the log up to here in memory.
    Received { node: u16, lsn: Lsn },
    /// A node has the log up to here on disk.
    Flushed { node: u16, lsn: Lsn },
    /// Reads on a node see this write from now on.
    Applied { node: u16, lsn: Lsn, write: u32 },
    /// The master has heard how far a slave has come.
    Acknowledged { node: u16, slave: u16, progress: Progress },
    /// The master opened a stream to a slave.
    StreamOpened { node: u16, slave: u16, from: Lsn, full: bool },
    /// A slave is connected, from the log or with a snapshot.
    Connected { node: u16, peer: u16, lsn: Lsn, full: bool },
    /// A node is not let in as a slave.
    Denied { node: u16, peer: u16, why: Denial },
    /// A slave became a master, in a new epoch, with its log up to `lsn`; so many entries were thrown away.
    Promoted { node: u16, epoch: u32, lsn: Lsn, discarded: u64 },
    /// An observer has not heard of the master for too long.
    Suspected { observer: u16, node: u16 },
    /// Enough observers let this one act: it has chosen a node to be the master.
    Chosen { observer: u16, node: u16 },
    /// A slave took the lease that the master had let go.
    LeaseTaken { node: u16 },
    /// A node asks the others to elect it.
    Stands { node: u16, term: u32 },
    /// A master takes no more writes: it may no longer be the only one.
    SteppedAside { node: u16 },
    /// A node follows another from now on.
    Follows { node: u16, upstream: u16 },
    /// A node is to follow another one, and will when it has replayed all that it holds.
    WillFollow { node: u16, upstream: u16 },
    /// A node threw its own history away behind this position, and took its master's.
    Rewound { node: u16, lsn: Lsn },
    /// A node goes on from this position and keeps what it has beside it.
    Forced { node: u16, lsn: Lsn },
    /// What only this node had was thrown away, and saved to a file.
    RolledBack { node: u16, entries: u64 },
    /// Too few slaves acknowledged in time: the master no longer waits for any.
    Degraded { node: u16 },
    /// Enough slaves have caught up: the master waits for them again.
    SyncRestored { node: u16 },
    /// A node noticed that a connection is gone.
    Disconnected { node: u16, peer: u16 },
    /// Power cut: everything behind `last` is gone.
    Crashed { node: u16, last: Lsn, lost: u64 },
    /// Graceful stop.
    Stopped { node: u16 },
    /// It was stopped in good order and keeps nothing on disk: so many entries are gone.
    Forgotten { node: u16, lost: u64 },
    /// The process is up.
    Started { node: u16, epoch: u32 },
    /// The process hangs.
    Frozen { node: u16 },
    /// It goes on.
    Thawed { node: u16 },
    /// One way of a link is closed.
    Cut { from: u16, to: u16 },
    /// One way of a link stands still.
    Held { from: u16, to: u16 },
    /// It works again.
    Healed { from: u16, to: u16 },
    /// A slave joined.
    Added { node: u16 },
    /// A slave left.
    Removed { node: u16 },
    /// Old log was dropped up to here.
    Trimmed { node: u16, lsn: Lsn },
    /// The load has made as many writes as a run may have, and stops.
    LoadEnded,
    /// A setting was changed by this line of the text.
    Set { line: u32 },
    /// A line could not be done.
    LineFailed { line: u32 },
    /// A node would start, and cannot ask the store of the lease: its database is not started.
    AwaitsStore { node: u16 },
}
