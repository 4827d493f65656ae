//! The run text, version 1: a run is a text, and this is what its lines mean.
//!
//! ```text
//! cluster m + s1 s2                    # m is the master; s1 and s2 are its slaves
//! replication async
//! link m->s1 latency 800ms
//! seed 7
//!
//! at 0ms     A write cart 1            # A is a client; the router sends writes to the master
//! at 100ms   A read cart @s1 -> nothing
//! at 900ms   A read cart @s1 -> 1
//! ```
//!
//! # Lines
//!
//! A line is empty, a comment (`#` to its end), a setting of the start, or a command with a time. Words are
//! separated by blanks. A word with a blank, a quote, or an `@` or `#` at its beginning stands in `"double quotes"`,
//! where `\"`, `\\`, `\n`, `\t` and `\u{1f600}` are understood.
//!
//! - **Nodes** have names that begin with a lower-case letter, **clients** with an upper-case one; then letters,
//!   digits and `_`.
//! - **Times and spans** are `250us`, `800ms`, `1.5s`, `2m`. A time is `at 3s` since the start, or `+200ms` since
//!   the line before. Times never go back from line to line.
//! - At one instant, what the cluster has to do is done first, then the lines in their order.
//!
//! ## Settings of the start
//!
//! | line | meaning | default |
//! |---|---|---|
//! | `version 1` | version of the grammar; only as the first line | 1 |
//! | `cluster m + s1 s2` | the master and its slaves (1 to 32); needed, and before any line that names a node | |
//! | `clients A B` | clients that are there from the start; others appear with their first request | |
//! | `seed N` | seed of all chance, 0 to 2^53 − 1 | 0 |
//!
//! ## Settings, at the start or with a time
//!
//! | line | meaning | default |
//! |---|---|---|
//! | `replication async` | the master answers once it has the write | yes |
//! | `replication sync [first] [all\|N] [received\|flushed\|applied] [hidden]` | it answers when all (or N) slaves have received, flushed or applied it; `first`: the first N that are connected, by priority; `hidden`: reads on the master do not show it before | `all applied` |
//! | `sync-slaves all`, `sync-slaves s1 s2` | who counts for that, in the order of priority | `all` |
//! | `too-few block\|degrade D\|error D` | when too few acknowledge: wait on; after D answer as if asynchronous, until slaves have caught up; after D answer with an error, and keep the write | `block` |
//! | `gate N D`, `gate off` | reject a write before it is done unless N slaves were heard of within D | `off` |
//! | `gap snapshot\|stop` | a slave whose place in the log is gone starts over, or stops and stays stale | `snapshot` |
//! | `rejoin discard\|refuse\|rollback` | a node whose history is not its new master's: thrown away, refused, thrown away and saved | `discard` |
//! | `relay received\|applied` | what a slave passes on to its own slaves | `received` |
//! | `unapplied apply\|discard` | what a promoted slave does with what it has not applied | `apply` |
//! | `link-timeout D\|never` | after how long a silent link counts as broken | `never` |
//! | `engine plain\|postgresql\|mariadb\|mysql\|redis\|mongodb` | whose error texts the nodes speak | `plain` |
//! | `preset NAME` | all of these as one database has them: see [`PRESETS`] | |
//! | `slave-writes ignored\|refused\|forwarded\|accepted` | what a slave does with a write from a client | `ignored` |
//! | `router random\|round-robin\|nearest\|least-lag\|sticky\|master\|@NODE` | where reads go; writes go to the master | `round-robin` |
//! | `own-writes off\|master D\|position D` | after its own write a client reads from the master for D; or a slave answers it only once it has applied that write, and gives up after D | `off` |
//! | `max-lag D\|off` | the router leaves out slaves that lag more, as the nodes report it | `off` |
//! | `no-node master\|wait\|error` | what it does when no slave can be asked | `master` |
//! | `failover manual` | nobody is promoted but by a line of the text | yes |
//! | `failover quorum N Q D` | N observers; once Q of them have not heard of the master for D, a majority elects one to promote a slave (Redis Sentinel) | |
//! | `failover lease TTL LOOP [max-lag N]` | the master holds a lease for TTL and renews it each LOOP; when it ends, a slave at most N entries behind takes it (Patroni) | |
//! | `failover election D` | nodes that have not heard of a master for D elect one; a master that hears no majority steps down (MongoDB) | |
//! | `timeout D` | how long a client waits for an answer | `5s` |
//! | `flush D` | how long a node takes to flush its log | `1ms` |
//! | `durability sync\|lazy D\|none` | answer after the flush; before it, and flush within D; never flush: a restart is empty | `sync` |
//! | `log keep N\|all\|slots` | entries that a log keeps for slaves that come back; `slots`: what any slave still lacks | `all` |
//! | `retry D` | how long a slave waits before it connects again | `250ms` |
//! | `link L latency D jitter D loss A/B bandwidth N` | one or more properties of the link L | `1ms`, `0ms`, `0/1`, `unlimited` |
//! | `delay N D` | a slave applies an entry no sooner than D after it was written | `0ms` |
//! | `apply-speed N R/s`, `apply-speed N unlimited` | a slave applies at most R entries each second | `unlimited` |
//! | `priority N P` | whom a quorum promotes first, 1 to 100; 0 for never | `100` |
//! | `capacity N\|nodes [read D] [write D] [apply D] [workers W] [queue Q] [steady\|random]`, `capacity N\|nodes unlimited` | what the node's work takes: a read, a write as master, an entry that it applies as slave; how many workers share the work, how many requests may wait for one; each work takes as long, or by chance (exponential) with that mean | `unlimited` |
//! | `load R/s [reads P%] [keys N] [uniform\|zipf S] [value B]`, `load N clients [think D] …`, `load off` | what clients ask beside the lines of the text: R requests a second, at random instants (Poisson), however long the answers take; or N clients that each wait for the answer and then think, D on average (exponential); which keys of `k1` to `kN`, how large the values are | `off`; `reads 80% keys 1000 uniform value 100B think 100ms` |
//! | `pause-apply N`, `resume-apply N` | a slave goes on receiving, but does not apply | |
//!
//! L is `a-b` (both ways), `a->b` (one way), `nodes` (every link between nodes, those to come too) or `clients`
//! (every link of a client). Loss is `1/100` or `1%`; what is lost is sent again, in order, as TCP does. Bandwidth
//! is in bytes per second: `500B/s`, `10kB/s`, `2MB/s`, or `unlimited`.
//!
//! ## Commands, with a time
//!
//! | line | meaning |
//! |---|---|
//! | `[A] write KEY VALUE [@NODE] [level=local]` | a client writes, at the master or at the node named (client A, if none is named); `level=local`: the master's own word is enough |
//! | `[A] read KEY [@NODE]`, `[A] delete KEY [@NODE]` | likewise |
//! | `[A] wait N D [@NODE]` | how many slaves have all writes so far, once N have, or after D (`WAIT` of Redis) |
//! | `[A] cancel` | the client's oldest write no longer waits for slaves |
//! | `crash N`, `stop N`, `start N` | power cut: what was not flushed is gone; graceful stop; the node comes back |
//! | `freeze N`, `thaw N` | the process hangs, its links stay open |
//! | `cut L`, `hold L`, `heal L`, `heal all` | closed and refused; open, but bytes stop; as before |
//! | `partition N` | cuts a node from all other nodes; clients still reach it |
//! | `add N`, `remove N` | a slave joins with an empty store; a slave leaves for good |
//! | `promote N [drain]` | a slave becomes the master that clients write to, in a new epoch |
//! | `follow N M [force]`, `chain A B C` | N follows M; by force: from the last common position on, keeping what it has; each follows the one before |
//! | `rewind N`, `rebuild N` | it throws its own history away and takes the state of the node that it follows |
//! | `trim-log N`, `fill-log N` | drops all of the log that may be dropped; writes more than the log retains |
//! | `state N` | asks for a fact: `role=`, `process=`, `link=`, `catchup=`, `replication=`, `sync=`, `semisync=`, `applied=`, `epoch=`, or `received>applied` |
//! | `end` | where the run ends |
//!
//! ## Expectations
//!
//! A command may end in `-> RESULT`: `ok`, `warning` (done, but not on slaves), `nothing`, `timeout`, `error`,
//! `error: TEXT` (to the end of the line), a fact after `state`, a number after `wait`, or the value read (in quotes if it is one of these words).

mod parse;
mod presets;
mod print;
mod words;

pub use presets::{PRESETS, Preset, PresetText};
pub use print::pair_text;
pub use words::quote;

use std::fmt;
use std::rc::Rc;

use crate::error::Error;
use crate::time::{MS, Us};

/// The name of a node or client: checked, short, ASCII.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Name(pub(crate) Box<str>);

impl Name {
    /// The name as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A run text, read and checked.
#[derive(Debug, Clone, PartialEq)]
pub struct Scenario {
    /// Shared with copies of the text that differ in other lines.
    lines: Vec<Rc<Line>>,
    /// What the printed text takes.
    bytes: usize,
}

/// One line of the text.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Line {
    /// Its time; none for a setting of the start, a comment, an empty line.
    pub at: Option<Us>,
    /// What it says; none for a comment or an empty line.
    pub command: Option<Command>,
    /// What should come of it.
    pub expect: Option<Expect>,
    /// The comment at its end, without `#`.
    pub comment: Option<String>,
}

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
    pub(crate) fn observers(self) -> Vec<Name> {
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
        /// How many; nothing for all.
        count: Option<u8>,
        /// Whether it must be the first ones of those that are connected, in the order of the list.
        first: bool,
        /// What they must have done with it.
        level: Level,
        /// Whether reads on the master show it only after the answer.
        hidden: bool,
    },
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
    /// Nothing is ever on disk: a restart is empty.
    None,
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
    /// The value read, or the fact asked for.
    Text(String),
}

impl Scenario {
    /// Reads a text.
    ///
    /// # Errors
    ///
    /// Any [`Error`], with line and column: the text breaks the grammar or a limit.
    pub fn parse(text: &str) -> Result<Self, Error> {
        parse::scenario(text)
    }

    /// The lines, in the order of the text.
    pub fn lines(&self) -> &[Rc<Line>] {
        &self.lines
    }

    /// Reads one command without a time, against the names that this text knows before the line at `index`.
    ///
    /// # Errors
    ///
    /// As [`Scenario::parse`], with the column only.
    pub fn parse_command(&self, index: usize, text: &str) -> Result<Line, Error> {
        parse::command(self, index, text)
    }

    /// Inserts a line with a time at `index`, and checks the limits of the text again.
    ///
    /// # Errors
    ///
    /// The text would be over a limit; it stays as it was.
    pub fn insert(&mut self, index: usize, line: Line) -> Result<(), Error> {
        parse::check_room(self, &line)?;
        self.bytes += parse::printed_bytes(&line);
        self.lines.insert(index.min(self.lines.len()), Rc::new(line));
        Ok(())
    }

    /// Takes lines out.
    pub(crate) fn retain(&mut self, keep: impl Fn(usize, &Rc<Line>) -> bool) {
        let mut place = 0;
        self.lines.retain(|line| {
            place += 1;
            keep(place - 1, line)
        });
        self.bytes = self.lines.iter().map(|line| parse::printed_bytes(line)).sum();
    }
}
