//! What a line can say.

use super::{Capacity, Name, Setting};
use crate::time::Us;

/// What a line says.
#[derive(Debug, Clone, PartialEq)]
pub enum Command {
    /// `version N`
    Version(u64),
    /// `cluster m + s1 s2`
    Cluster {
        /// The master's name.
        master: Name,
        /// The slaves' names.
        slaves: Vec<Name>,
    },
    /// `clients A B`
    Clients(Vec<Name>),
    /// `seed N`
    Seed(u64),
    /// A setting of the whole cluster.
    Set(Setting),
    /// Properties of a link.
    Link(Pair, LinkChange),
    /// A request of a client.
    Operation {
        /// Who asks; client A if none is named.
        client: Option<Name>,
        /// What is asked.
        request: Request,
        /// Who is asked; the router decides if none is named.
        target: Option<Name>,
        /// Whether the master's own word is enough for a write, whatever the settings say.
        local: bool,
    },
    /// Something done to one node.
    Node(NodeCommand, Name),
    /// `delay N D`
    Delay(Name, Us),
    /// `apply-speed N R/s`: entries each second, nothing for `unlimited`.
    ApplySpeed(Name, Option<u32>),
    /// `priority N P`
    Priority(Name, u8),
    /// `capacity N …`: what the work of one node takes; nothing for `unlimited`. No name for all nodes.
    Capacity(Option<Name>, Option<Capacity>),
    /// `cut L`, `hold L`, `heal L`
    Break(Break, Pair),
    /// `heal all`
    HealAll,
    /// `promote N [drain]`
    Promote {
        /// The slave.
        node: Name,
        /// Whether it first applies all that it has received, whatever the settings say.
        drain: bool,
    },
    /// `start-behind N E entries STAGE`: how far a slave is when the run begins.
    StartBehind {
        /// The slave.
        node: Name,
        /// How many entries of the log.
        entries: u32,
        /// What it has not done with them.
        stage: StartStage,
    },
    /// `follow X Y [force]`
    Follow {
        /// The node that will be a slave.
        node: Name,
        /// The node that it will follow.
        upstream: Name,
        /// Whether it goes on from the last common position and keeps what it has beside it.
        force: bool,
    },
    /// `chain A B C`: each follows the one before it.
    Chain(Vec<Name>),
    /// `[A] wait N D [@NODE]`: asks how many slaves have acknowledged the writes so far.
    Wait {
        /// Who asks.
        client: Option<Name>,
        /// How many slaves are enough.
        slaves: u8,
        /// How long to wait for them, µs.
        within_us: Us,
        /// Who is asked.
        target: Option<Name>,
    },
    /// `[A] cancel`: the client no longer waits for slaves.
    Cancel(Option<Name>),
    /// `end`
    End,
}

/// What a slave has not done with the last entries of the log when the run begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StartStage {
    /// Received them.
    Missing,
    /// Put them on disk.
    Unflushed,
    /// Applied them.
    Unapplied,
    /// Received them, and the node that it follows no longer has them in its log.
    Gap,
}

/// A link of the text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Pair {
    /// `a-b`
    Both(Name, Name),
    /// `a->b`
    OneWay(Name, Name),
    /// `nodes`
    Nodes,
    /// `clients`
    Clients,
}

/// New properties of a link; nothing where one stays.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct LinkChange {
    /// µs from end to end.
    pub latency_us: Option<Us>,
    /// Up to this much more, µs.
    pub jitter_us: Option<Us>,
    /// Chance that a packet is lost.
    pub loss: Option<Ratio>,
    /// Bytes per second, 0 for unlimited.
    pub bandwidth: Option<u64>,
}

/// A probability.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Ratio {
    /// In so many cases …
    pub part: u32,
    /// … of so many. Not 0.
    pub of: u32,
}

/// How a link is broken or healed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Break {
    /// Closed and refused.
    Cut,
    /// Open, but bytes stop.
    Hold,
    /// As before.
    Heal,
}

/// A request of a client.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Request {
    /// `write KEY VALUE`
    Write {
        /// The key.
        key: String,
        /// The value.
        value: String,
    },
    /// `read KEY`
    Read {
        /// The key.
        key: String,
    },
    /// `delete KEY`
    Delete {
        /// The key.
        key: String,
    },
}

/// What is done to a node.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NodeCommand {
    /// Power cut.
    Crash,
    /// Graceful stop.
    Stop,
    /// Come back.
    Start,
    /// The process hangs.
    Freeze,
    /// It goes on.
    Thaw,
    /// Cut from all other nodes.
    Partition,
    /// Join as a slave.
    Add,
    /// Leave for good.
    Remove,
    /// Stop applying.
    PauseApply,
    /// Apply again.
    ResumeApply,
    /// Take no writes.
    ReadOnly,
    /// Take writes again.
    ReadWrite,
    /// Drop old log.
    TrimLog,
    /// Ask for a fact.
    State,
    /// Throw away what the node it follows does not have, and follow.
    Rewind,
    /// Start over with a copy of the node that it follows.
    Rebuild,
    /// Write more than the log retains.
    FillLog,
}

/// What a line expects.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Expect {
    /// `ok`
    Ok,
    /// `nothing`
    Nothing,
    /// `timeout`
    Timeout,
    /// `warning`: done, but the client was warned.
    Warning,
    /// `error`, with its text where one is given.
    Error(Option<String>),
    /// `refused: WHY`: what comes of `follow` when the node does not get in.
    Refused(Refusal),
    /// The value read, or the fact asked for.
    Text(String),
}

/// Why a node that is to follow another one does not get in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refusal {
    /// It has what the other one never had.
    Diverged,
    /// The other one no longer has what it lacks.
    Gap,
    /// It has more than the other one.
    Ahead,
}
