//! What can be set, before the start and while time runs.

use super::{Name, Preset};
use crate::time::{MS, Us};

/// A setting of the whole cluster.
#[derive(Debug, Clone, PartialEq)]
pub enum Setting {
    /// `replication …`
    Replication(Replication),
    /// `slave-writes …`
    SlaveWrites(SlaveWrites),
    /// `router …`
    Router(Router),
    /// `timeout D`
    Timeout(Us),
    /// `flush D`
    Flush(Us),
    /// `durability …`
    Durability(Durability),
    /// `log keep …`
    LogKeep(LogKeep),
    /// `retry D`
    Retry(Us),
    /// `too-few …`
    TooFew(TooFew),
    /// `gate N D`, nothing for `gate off`.
    Gate(Option<Gate>),
    /// `gap …`
    Gap(Gap),
    /// `relay …`
    Relay(Relay),
    /// `unapplied …`
    Unapplied(Unapplied),
    /// `rejoin …`
    Rejoin(Rejoin),
    /// `link-timeout D`, nothing for `never`.
    LinkTimeout(Option<Us>),
    /// `send-buffer SIZE`, bytes.
    SendBuffer(u32),
    /// `engine …`
    Engine(Engine),
    /// `sync-slaves s1 s2`, empty for `all`: who counts when a write waits, in the order of priority.
    SyncSlaves(Vec<Name>),
    /// `preset …`
    Preset(Preset),
    /// `own-writes …`
    OwnWrites(OwnWrites),
    /// `max-lag D`, nothing for `off`.
    MaxLag(Option<Us>),
    /// `no-node …`
    NoNode(NoNode),
    /// `failover …`
    Failover(Failover),
    /// `load …`, nothing for `load off`.
    Load(Option<Load>),
}

/// What clients ask beside the lines of the text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Load {
    /// When they ask.
    pub arrivals: Arrivals,
    /// How many of a hundred requests are reads.
    pub reads_percent: u8,
    /// So many keys: `k1`, `k2` and so on.
    pub keys: u16,
    /// Zipf's exponent in hundredths: the r-th key is asked for r^−s as often as the first; 0 for all alike.
    pub zipf_hundredths: u8,
    /// Size of a value, bytes.
    pub value_bytes: u16,
}

/// When the clients of a load ask.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Arrivals {
    /// So many requests a second on average, whether those before are answered or not (open loop).
    Open {
        /// Requests a second.
        rate: u32,
    },
    /// So many clients, each of which waits for its answer and then thinks (closed loop).
    Closed {
        /// How many.
        clients: u16,
        /// How long each thinks on average, µs.
        think_us: Us,
    },
}

/// What the work of a node takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Capacity {
    /// A read, µs.
    pub read_us: Us,
    /// A write that a client asks for, µs.
    pub write_us: Us,
    /// An entry of the log that a slave applies, µs.
    pub apply_us: Us,
    /// How many do the work side by side.
    pub workers: u16,
    /// How many requests may wait for a worker.
    pub queue: u32,
    /// Whether a work takes a random time (exponential) with that mean.
    pub random: bool,
}

impl Default for Capacity {
    fn default() -> Self {
        Self { read_us: MS, write_us: MS, apply_us: MS, workers: 1, queue: 100, random: false }
    }
}

impl Setting {
    /// How failover is set by this, if it is.
    pub(crate) fn failover(&self) -> Option<Failover> {
        match self {
            Setting::Failover(failover) => Some(*failover),
            // What a preset says last counts.
            Setting::Preset(preset) => preset.settings().iter().rev().find_map(Setting::failover),
            _ => None,
        }
    }
}

impl Failover {
    /// Names of those who are there because of it: observers, or the store of the lease.
    pub fn observers(self) -> Vec<Name> {
        match self {
            Failover::Quorum { observers, .. } => {
                (1..=observers).map(|number| Name(format!("o{number}").into())).collect()
            }
            Failover::Lease { .. } => vec![Name("lease".into())],
            Failover::Manual | Failover::Election { .. } => Vec::new(),
        }
    }
}

/// What a client's own write means for where it reads.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum OwnWrites {
    /// Nothing.
    #[default]
    Off,
    /// It reads from the master for this time after its write, µs.
    Master(Us),
    /// A slave answers it only once it has applied that write, and gives up after this time, µs.
    Position(Us),
}

/// What a router does when no slave can be asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum NoNode {
    /// It asks the master.
    #[default]
    Master,
    /// It looks again after a while, until the client gives up.
    Wait,
    /// The client gets an error.
    Error,
}

/// Who notices that the master is gone, and puts a slave in its place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Failover {
    /// Nobody.
    #[default]
    Manual,
    /// Observers (Redis Sentinel).
    Quorum {
        /// How many there are.
        observers: u8,
        /// How many must agree that the master is gone.
        quorum: u8,
        /// How long it must be silent, µs.
        down_after_us: Us,
    },
    /// A lease in a store that all nodes ask (Patroni).
    Lease {
        /// How long it holds, µs.
        ttl_us: Us,
        /// How often it is renewed, µs.
        loop_us: Us,
        /// How many entries a slave may lack that takes it; nothing for any number.
        max_lag: Option<u32>,
    },
    /// The nodes elect one of themselves (MongoDB).
    Election {
        /// How long a master must be silent, µs.
        timeout_us: Us,
    },
}

/// What a master does with a write that too few slaves acknowledge.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum TooFew {
    /// Its client waits, however long it takes.
    #[default]
    Block,
    /// After this time the client is answered as if nothing were missing, and so are all until slaves have caught
    /// up, µs.
    Degrade(Us),
    /// After this time the client gets an error; the write stays, µs.
    Error(Us),
}

/// A write is rejected before it is done unless enough slaves were heard of lately.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Gate {
    /// How many slaves.
    pub slaves: u8,
    /// How long ago at most, µs.
    pub within_us: Us,
}

/// What becomes of a slave when the log of its master no longer reaches back to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Gap {
    /// It starts over with a snapshot.
    #[default]
    Snapshot,
    /// It stops with an error and goes on answering with what it has.
    Stop,
}

/// What a slave passes on to the slaves that follow it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Relay {
    /// What it has received.
    #[default]
    Received,
    /// What it has applied.
    Applied,
}

/// What becomes of the log that a promoted slave has received and not applied.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Unapplied {
    /// It is applied.
    #[default]
    Apply,
    /// It is thrown away.
    Discard,
}

/// What becomes of a node whose history is not its new master's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Rejoin {
    /// Its history is thrown away.
    #[default]
    Discard,
    /// It is refused, and goes on answering with what it has.
    Refuse,
    /// Its history is thrown away, and what was only there is saved.
    Rollback,
}

/// Whose words a node speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Engine {
    /// The playground's own.
    #[default]
    Plain,
    /// PostgreSQL 15.
    Postgres,
    /// MariaDB 10.11.
    Mariadb,
    /// MySQL 8.
    Mysql,
    /// Redis 7.0.
    Redis,
    /// MongoDB.
    Mongo,
}

/// When the master answers a write.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Replication {
    /// Once it has it.
    #[default]
    Async,
    /// Once slaves have it too.
    Sync {
        /// How many.
        count: Quota,
        /// Whether it must be the first ones of those that are connected, in the order of the list.
        first: bool,
        /// What they must have done with it.
        level: Level,
        /// Whether reads on the master show it only after the answer.
        hidden: bool,
    },
}

/// How many slaves must have it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Quota {
    /// All that belong to the master.
    #[default]
    All,
    /// So many.
    Slaves(u8),
    /// So many that the nodes that have it, the master among them, are more than half of all.
    Majority,
}

/// How far an entry has come on a slave.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// In memory.
    Received,
    /// On disk.
    Flushed,
    /// Seen by reads.
    Applied,
}

/// What a slave does with a write from a client.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum SlaveWrites {
    /// Nothing, not even an answer.
    #[default]
    Ignored,
    /// It answers with an error.
    Refused,
    /// It passes it on to the master, and the master's answer back.
    Forwarded,
    /// It takes it for itself alone.
    Accepted,
}

/// Where reads go.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Router {
    /// Any slave, by chance.
    Random,
    /// The slaves in turn.
    #[default]
    RoundRobin,
    /// The slave with the shortest way.
    Nearest,
    /// The slave that lacks the fewest entries, as the node that it follows knows.
    LeastLag,
    /// Always the same slave for a client, as long as it answers.
    Sticky,
    /// The master.
    Master,
    /// One node.
    Node(Name),
}

/// What a log keeps for slaves that come back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum LogKeep {
    /// Everything, until it is told to drop it.
    #[default]
    All,
    /// The latest entries.
    Entries(u32),
    /// What any of its slaves still lacks, also when that one is away, and also when it is told to drop the rest.
    Slots,
}

/// Whether a node answers before or after a write is on disk.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Durability {
    /// After.
    #[default]
    Sync,
    /// Before; it flushes after this time, µs.
    Lazy(Us),
    /// Before; it writes a snapshot to the disk after this time, which remembers its place in the history, µs.
    Snapshots(Us),
    /// Nothing is ever on disk: a restart is empty.
    None,
}
