//! What nodes and clients say to each other.

use smallvec::SmallVec;

use super::log::{Entry, Lsn, Position};
use super::store::{Cell, Store};

/// A request as a node gets it. Words stay outside: key and write are numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Request {
    /// Number of the operation it belongs to.
    pub operation: u32,
    /// Number of the key.
    pub key: u32,
    /// What is asked.
    pub kind: RequestKind,
}

/// What a client asks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RequestKind {
    /// The value of the key.
    Read,
    /// To write or delete it.
    Write {
        /// Number of the write.
        write: u32,
        /// Whether it deletes the key.
        delete: bool,
        /// Size in the log.
        bytes: u32,
    },
}

/// A node's answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Reply {
    /// The write is done, as the settings want it.
    Done,
    /// What the node holds.
    Value(Option<Cell>),
    /// It cannot be done.
    Failed(Failure),
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
}

impl Failure {
    /// The error text that a client sees.
    pub fn text(self) -> &'static str {
        match self {
            Failure::ReadOnly => "read-only",
            Failure::MasterUnreachable => "master unreachable",
            Failure::ConnectionRefused => "connection refused",
            Failure::ConnectionLost => "connection lost",
            Failure::NoNode => "no node to ask",
        }
    }
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

/// A message on a link.
#[derive(Debug, Clone)]
pub enum Message {
    /// Client to node, or slave to master for a client.
    Request(Request),
    /// Node to client, or master to slave for a client.
    Answer {
        /// Number of the operation.
        operation: u32,
        /// What came of it.
        reply: Reply,
    },
    /// Slave to master: I have this, go on from there.
    Follow {
        /// Number of the connection, a new one for each attempt. What belongs to an old one is not read any more.
        connection: u32,
        /// The last point of history that the slave has.
        have: Position,
        /// How far it has come with it.
        progress: Progress,
    },
    /// Master to slave: your history is mine, entries follow.
    Accept {
        /// Number of the connection.
        connection: u32,
    },
    /// Master to slave: forget what you have, this is the state.
    Snapshot {
        /// Number of the connection.
        connection: u32,
        /// The point of history of the state.
        at: Position,
        /// The state.
        store: Box<Store>,
    },
    /// Master to slave: the next entries.
    Entries {
        /// Number of the connection.
        connection: u32,
        /// In order, without gaps.
        entries: SmallVec<[Entry; 1]>,
    },
    /// Slave to master: so far have I come.
    Acknowledge {
        /// Number of the connection.
        connection: u32,
        /// How far it has come.
        progress: Progress,
    },
    /// The process at the other end is gone, and the connection with it.
    Closed,
    /// Nobody listens there.
    Refused {
        /// The operation that asked, 0 for none.
        operation: u32,
    },
}

impl Message {
    /// Size on the wire, bytes: a header of 40 (TCP/IP) and what is carried. `key_bytes` is the size of the key
    /// or value that a request or answer carries.
    pub fn bytes(&self, key_bytes: u32) -> u32 {
        let body = match self {
            Message::Request(request) => match request.kind {
                RequestKind::Read => 8 + key_bytes,
                RequestKind::Write { bytes, .. } => bytes,
            },
            Message::Answer { .. } => 16 + key_bytes,
            Message::Follow { .. } => 48,
            Message::Accept { .. } => 16,
            Message::Snapshot { store, .. } => {
                let cells = u32::try_from(store.len()).unwrap_or(u32::MAX / 64);
                16 + cells.saturating_mul(64)
            }
            Message::Entries { entries, .. } => {
                entries.iter().fold(16u32, |sum, entry| sum.saturating_add(entry.bytes))
            }
            Message::Acknowledge { .. } => 34,
            Message::Closed | Message::Refused { .. } => 0,
        };
        body.saturating_add(40)
    }
}
