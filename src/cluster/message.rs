//! What nodes and clients say to each other.

use super::detector::Watch;
use super::log::Piece;
use super::store::Store;
use crate::chunks::Chunks;
use crate::facts::{Cell, Denial, Failure, Lsn, Position, Progress};

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
    Read {
        /// The position that must be applied before it is answered, 0 for none.
        after: Lsn,
        /// How long that may take, µs.
        within_us: u32,
    },
    /// To write or delete it.
    Write {
        /// Number of the write.
        write: u32,
        /// Whether it deletes the key.
        delete: bool,
        /// Size in the log.
        bytes: u32,
        /// Whether the master's own word is enough.
        local: bool,
    },
    /// How many slaves have acknowledged all writes so far, once they are enough or the time is over.
    Wait {
        /// How many are enough.
        slaves: u8,
        /// How long to wait for them, µs.
        within_us: u32,
    },
}

/// A node's answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Reply {
    /// The write is done, as the settings want it.
    Done {
        /// Its position.
        lsn: Lsn,
    },
    /// The write is done on the master; its client did not want to wait for slaves any longer.
    DoneUnconfirmed {
        /// Its position.
        lsn: Lsn,
    },
    /// So many slaves have acknowledged.
    Count(u8),
    /// What the node holds.
    Value(Option<Cell>),
    /// It cannot be done.
    Failed(Failure),
}

/// The name of a write wherever it is logged.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Gtid {
    /// Number of the write.
    pub write: u32,
    /// The node that logged it first.
    pub origin: u16,
}

/// What a slave has when it asks to follow.
#[derive(Debug, Clone)]
pub struct Handshake {
    /// The last point of history in its log.
    pub have: Position,
    /// How far it has come with it.
    pub progress: Progress,
    /// The last write in its log that is not its own alone, where nodes are asked for one; 0 for none.
    pub gtid: u32,
    /// The id of the history that this is a position in; nothing if it does not know, and asks for a copy.
    pub lineage: Option<u32>,
    /// All that it has, where that is told.
    pub known: Chunks<Gtid>,
}

/// How the log of a slave goes on that has entries of its own in it, or lacks some.
#[derive(Debug, Clone)]
pub struct Joined {
    /// How many positions its log is ahead of the other one.
    pub ahead: i32,
    /// The writes that it has and the other does not, if they were compared.
    pub own: Option<Vec<u32>>,
}

/// The state of a master, for a slave that takes it over whole.
#[derive(Debug, Clone)]
pub struct State {
    /// Its point of history.
    pub at: Position,
    /// The last position of the slave's own history that is part of this one.
    pub common: Lsn,
    /// Keys and values.
    pub store: Store,
    /// The id of its history.
    pub lineage: u32,
    /// The writes in it, where these have names.
    pub known: Chunks<Gtid>,
}

/// A message on a link. What is large and rare is boxed: the many stay at 24 bytes.
#[derive(Debug, Clone, Default)]
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
        /// What the slave has.
        hello: Box<Handshake>,
    },
    /// Master to slave: your history is mine, entries follow.
    Accept {
        /// Number of the connection.
        connection: u32,
        /// How, if the slave's log is not the beginning of the other one.
        joined: Option<Box<Joined>>,
        /// The id of its history.
        lineage: u32,
    },
    /// Master to slave: forget what you have, this is the state.
    Snapshot {
        /// Number of the connection.
        connection: u32,
        /// The state.
        state: Box<State>,
    },
    /// Master to slave: the next entries.
    Entries {
        /// Number of the connection.
        connection: u32,
        /// These.
        piece: Piece,
    },
    /// Master to slave: you cannot follow me.
    Deny {
        /// Number of the connection.
        connection: u32,
        /// Why not.
        why: Denial,
        /// The epoch of who says so.
        epoch: u32,
    },
    /// Slave to master: so far have I come.
    Acknowledge {
        /// Number of the connection.
        connection: u32,
        /// How far it has come.
        progress: Progress,
    },
    /// Master to slave: I am still here.
    Heartbeat,
    /// Between those who watch the master and those who are watched.
    Watch(Box<Watch>),
    /// Client to node: I do not want to wait any longer.
    Cancel {
        /// The operation that waits.
        operation: u32,
    },
    /// Master to slave: I no longer send you my log; ask again.
    StreamEnded,
    /// Slave to master: I no longer follow you.
    #[default]
    Left,
    /// The process at the other end is gone, and the connection with it.
    Closed,
    /// Nobody listens there.
    Refused {
        /// The operation that asked, 0 for none.
        operation: u32,
    },
}

impl Message {
    /// Whether it belongs to no work that is under way: such messages go on for ever.
    pub fn is_background(&self) -> bool {
        matches!(
            self,
            Message::Follow { .. }
                | Message::Refused { .. }
                | Message::Deny { .. }
                | Message::Heartbeat
                | Message::Watch(_)
        )
    }

    /// Size on the wire, bytes: a header of 40 (TCP/IP) and what is carried. `key_bytes` is the size of the key
    /// or value that a request or answer carries.
    pub fn bytes(&self, key_bytes: u32) -> u32 {
        let body = match self {
            Message::Request(request) => match request.kind {
                RequestKind::Read { .. } => 16 + key_bytes,
                RequestKind::Write { bytes, .. } => bytes,
                RequestKind::Wait { .. } => 16,
            },
            Message::Answer { .. } => 16 + key_bytes,
            Message::Follow { .. } => 48,
            Message::Accept { .. }
            | Message::Deny { .. }
            | Message::Heartbeat
            | Message::StreamEnded
            | Message::Left
            | Message::Cancel { .. } => 16,
            Message::Snapshot { state, .. } => {
                let cells = u32::try_from(state.store.len()).unwrap_or(u32::MAX / 64);
                16 + cells.saturating_mul(64)
            }
            Message::Entries { piece, .. } => piece.bytes().saturating_add(16),
            Message::Acknowledge { .. } => 34,
            Message::Watch(_) => 32,
            Message::Closed | Message::Refused { .. } => 0,
        };
        body.saturating_add(40)
    }
}
