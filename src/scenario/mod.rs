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
//! | `replication sync [all\|N] [received\|flushed\|applied] [hidden]` | it answers when all (or N) slaves have received, flushed or applied it; `hidden`: reads on the master do not show it before | `all applied` |
//! | `slave-writes ignored\|refused\|forwarded\|accepted` | what a slave does with a write from a client | `ignored` |
//! | `router random\|round-robin\|master\|@NODE` | where reads go; writes go to the master | `round-robin` |
//! | `timeout D` | how long a client waits for an answer | `5s` |
//! | `flush D` | how long a node takes to flush its log | `1ms` |
//! | `durability sync`, `durability lazy D` | answer after the flush; or before it, and flush every D | `sync` |
//! | `log keep N\|all` | entries that a log keeps for slaves that come back | `all` |
//! | `retry D` | how long a slave waits before it connects again | `250ms` |
//! | `link L latency D jitter D loss A/B bandwidth N` | one or more properties of the link L | `1ms`, `0ms`, `0/1`, `unlimited` |
//! | `delay N D` | a slave applies an entry no sooner than D after it was written | `0ms` |
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
//! | `[A] write KEY VALUE [@NODE]` | a client writes, at the master or at the node named (client A, if none is named) |
//! | `[A] read KEY [@NODE]`, `[A] delete KEY [@NODE]` | likewise |
//! | `crash N`, `stop N`, `start N` | power cut: what was not flushed is gone; graceful stop; the node comes back |
//! | `freeze N`, `thaw N` | the process hangs, its links stay open |
//! | `cut L`, `hold L`, `heal L`, `heal all` | closed and refused; open, but bytes stop; as before |
//! | `partition N` | cuts every link of a node |
//! | `add N`, `remove N` | a slave joins with an empty store; a slave leaves for good |
//! | `trim-log N` | drops all of the log that may be dropped |
//! | `state N` | asks for a fact: `role=`, `process=`, `link=`, `catchup=`, `applied=`, `epoch=`, or `received>applied` |
//! | `end` | where the run ends |
//!
//! ## Expectations
//!
//! A command may end in `-> RESULT`: `ok`, `nothing`, `timeout`, `error`, `error: TEXT` (to the end of the line),
//! a fact after `state`, or the value read (in quotes if it is one of these words).

mod parse;
mod print;
mod words;

pub use print::pair_text;
pub use words::quote;

use std::fmt;

use crate::error::Error;
use crate::time::Us;

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
    lines: Vec<Line>,
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
    },
    /// Something done to one node.
    Node(NodeCommand, Name),
    /// `delay N D`
    Delay(Name, Us),
    /// `cut L`, `hold L`, `heal L`
    Break(Break, Pair),
    /// `heal all`
    HealAll,
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
    /// `log keep N`, nothing for all.
    LogKeep(Option<u32>),
    /// `retry D`
    Retry(Us),
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
    /// The master.
    Master,
    /// One node.
    Node(Name),
}

/// Whether a node answers before or after a write is on disk.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Durability {
    /// After.
    #[default]
    Sync,
    /// Before; it flushes after this time, µs.
    Lazy(Us),
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
    /// Cut every link.
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
    pub fn lines(&self) -> &[Line] {
        &self.lines
    }

    /// Reads one command without a time, against the names that this text knows.
    ///
    /// # Errors
    ///
    /// As [`Scenario::parse`], with the column only.
    pub fn parse_command(&self, text: &str) -> Result<Line, Error> {
        parse::command(self, text)
    }

    /// Inserts a line with a time at `index`, and checks the limits of the text again.
    ///
    /// # Errors
    ///
    /// The text would be over a limit; it stays as it was.
    pub fn insert(&mut self, index: usize, line: Line) -> Result<(), Error> {
        parse::check_room(self, &line)?;
        self.bytes += parse::printed_bytes(&line);
        self.lines.insert(index.min(self.lines.len()), line);
        Ok(())
    }
}
