//! What nodes and clients say to each other.

use std::rc::Rc;

use super::detector::Watch;
use super::log::{Entry, Lsn, Position};
use super::store::{Cell, Store};
use crate::history::Kind;
use crate::scenario::Engine;

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
}

impl Failure {
    /// The error text that a client sees: the engine's own where it has one.
    pub fn text(self, engine: Engine, kind: Kind) -> &'static str {
        match (self, engine) {
            (Failure::ReadOnly, Engine::Plain) => "read-only",
            (Failure::ReadOnly, Engine::Postgres) if kind == Kind::Delete => {
                "25006 cannot execute DELETE in a read-only transaction"
            }
            (Failure::ReadOnly, Engine::Postgres) => "25006 cannot execute INSERT in a read-only transaction",
            (Failure::ReadOnly, Engine::Mariadb) => {
                "1290 The MariaDB server is running with the --read-only option so it cannot execute this statement"
            }
            (Failure::ReadOnly, Engine::Mysql) => {
                "1290 The MySQL server is running with the --read-only option so it cannot execute this statement"
            }
            (Failure::ReadOnly, Engine::Redis) => "-READONLY You can't write against a read only replica.",
            (Failure::ReadOnly, Engine::Mongo) => "10107 not primary",
            (Failure::TooFewSlaves, Engine::Redis) => "-NOREPLICAS Not enough good replicas to write.",
            (Failure::TooFewSlaves, _) => "too few slaves: not written",
            (Failure::NotInTime, Engine::Mongo) => "64 waiting for replication timed out",
            (Failure::NotInTime, _) => "too few slaves in time: written all the same",
            (Failure::WaitAtSlave, Engine::Redis) => {
                "-ERR WAIT cannot be used with replica instances. Please also note that since Redis 4.0 if a replica is \
                 configured to be writable (which is not the default) writes to replicas are just local and are not \
                 propagated."
            }
            (Failure::WaitAtSlave, _) => "only the master can wait for slaves",
            (Failure::Demoted, Engine::Redis) => {
                "-UNBLOCKED force unblock from blocking operation, instance state changed (master -> replica?)"
            }
            (Failure::Demoted, _) => "the master became a slave",
            (Failure::Overloaded, Engine::Postgres) => "53300 sorry, too many clients already",
            (Failure::Overloaded, Engine::Mariadb | Engine::Mysql) => "1040 Too many connections",
            (Failure::Overloaded, Engine::Redis) => "-ERR max number of clients reached",
            (Failure::Overloaded, _) => "overloaded: the queue is full",
            (Failure::NotCaughtUp, _) => "not caught up in time",
            (Failure::MasterUnreachable, _) => "master unreachable",
            (Failure::ConnectionRefused, _) => "connection refused",
            (Failure::ConnectionLost, _) => "connection lost",
            (Failure::NoNode, _) => "no node to ask",
        }
    }
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
}

impl Denial {
    /// What the engine says of it, as it was observed (MySQL: as its documents have it).
    pub fn text(self, engine: Engine) -> &'static str {
        match (self, engine) {
            (Denial::Gap, Engine::Postgres) => "requested WAL segment has already been removed",
            (Denial::Gap, Engine::Mariadb) => {
                "Got fatal error 1236 from master when reading data from binary log: 'Could not find GTID state requested \
                 by slave in any binlog files. Probably the slave state is too old and required binlog files have been \
                 purged.'"
            }
            (Denial::Gap, Engine::Mysql) => {
                "1236 Cannot replicate because the source purged required binary logs. Replicate the missing transactions \
                 from elsewhere, or provision a new replica from backup."
            }
            (Denial::Diverged, Engine::Postgres) => {
                "new timeline forked off current database system timeline before current recovery point"
            }
            (Denial::Diverged, Engine::Mariadb) => {
                "Got fatal error 1236 from master when reading data from binary log: 'Error: connecting slave requested to \
                 start from a GTID which is not in the master's binlog'"
            }
            (Denial::Diverged, Engine::Mysql) => {
                "1236 Slave has more GTIDs than the master has, using the master's SERVER_UUID."
            }
            (Denial::Gap, _) => "the log no longer reaches back to where it stands",
            (Denial::Diverged, _) => "it has what the other does not have",
            (Denial::Ahead, _) => "it is ahead of the node that it follows",
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

/// What a slave has when it asks to follow.
#[derive(Debug, Clone, Copy)]
pub struct Handshake {
    /// The last point of history in its log.
    pub have: Position,
    /// How far it has come with it.
    pub progress: Progress,
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
        /// In order, without gaps.
        entries: Rc<[Entry]>,
    },
    /// Master to slave: you cannot follow me.
    Deny {
        /// Number of the connection.
        connection: u32,
        /// Why not.
        why: Denial,
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
            Message::Entries { entries, .. } => {
                entries.iter().fold(16u32, |sum, entry| sum.saturating_add(entry.bytes))
            }
            Message::Acknowledge { .. } => 34,
            Message::Watch(_) => 32,
            Message::Closed | Message::Refused { .. } => 0,
        };
        body.saturating_add(40)
    }
}
