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
//! | `follow N M` | N is a slave of M from the start: of another slave, for a cascade | the master |
//! | `start-behind N E entries missing\|unflushed\|unapplied\|gap` | N begins without the last E entries (1 to 1,000) of the log that it follows: it has not received them; received, not on disk; not applied; or not received, and the log of the node that it follows no longer has them. Several lines for one slave hold together | in step |
//!
//! The entries of `start-behind` are writes of a client `Before`, of the keys `k1`, `k2` …, at 0ms. Whether it was told that
//! they are done is what the settings say of the slaves as they are then: all of them, if replication is asynchronous or
//! the master has given up (`too-few degrade`); else those that enough slaves have, and for the others it waits. The link
//! is open: what is missing is on its way at 0ms, and what is not applied is applied a millisecond later, unless a line
//! stops it (`at 0ms hold m->s1`, `pause-apply s1`, `delay s1 10s`).
//!
//! ## Settings, at the start or with a time
//!
//! | line | meaning | default |
//! |---|---|---|
//! | `replication async` | the master answers once it has the write | yes |
//! | `replication sync [first] [all\|N\|majority] [received\|flushed\|applied] [hidden]` | it answers when all (or N) slaves, or so many that more than half of all nodes have it, have received, flushed or applied it; `first`: the first N that are connected, by priority; `hidden`: reads on the master do not show it before | `all applied` |
//! | `sync-slaves all`, `sync-slaves s1 s2` | who counts for that, in the order of priority | `all` |
//! | `too-few block\|degrade D\|error D` | when too few acknowledge: wait on; after D answer as if asynchronous, until slaves have caught up; after D answer with an error, and keep the write | `block` |
//! | `gate N D`, `gate off` | reject a write before it is done unless N slaves were heard of within D | `off` |
//! | `gap snapshot\|stop` | a slave whose place in the log is gone starts over, or stops and stays stale | `snapshot` |
//! | `rejoin discard\|refuse\|rollback` | a node whose history is not its new master's: thrown away, refused, thrown away and saved | `discard` |
//! | `relay received\|applied` | what a slave passes on to its own slaves | `received` |
//! | `unapplied apply\|discard` | what a promoted slave does with what it has not applied | `apply` |
//! | `link-timeout D\|never` | after how long a silent link counts as broken | `never` |
//! | `send-buffer SIZE` | what a host keeps of a connection until the wire takes it (`64kB`, `4MB`); its power cut loses it. When it is full the log is read on later; Redis closes the connection | `4MB` |
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
//! | `durability sync\|lazy D\|snapshots D\|none` | answer after the flush; before it, and flush within D; the same with a snapshot that remembers its place in the history (Redis: RDB, not AOF); never flush: a restart is empty | `sync` |
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
//! | `[A] wait N [D] [@NODE]` | how many slaves have all writes so far, once N have, or after D, without which it waits for ever (`WAIT` of Redis) |
//! | `[A] cancel` | the client's oldest write no longer waits for slaves |
//! | `crash N`, `stop N`, `start N` | power cut: what was not flushed is gone; graceful stop; the node comes back; N may be who watches (`o1`, `lease`), also for `freeze`, `thaw` and `partition` |
//! | `freeze N`, `thaw N` | the process hangs, its links stay open |
//! | `cut L`, `hold L`, `heal L`, `heal all` | closed and refused; open, but bytes stop; as before |
//! | `partition N` | cuts a node from all other nodes; clients still reach it |
//! | `add N`, `remove N` | a slave joins with an empty store; a slave leaves for good |
//! | `promote N [drain]` | a slave becomes the master that clients write to, in a new epoch |
//! | `follow N M [force]`, `chain A B C` | N follows M; by force: from the last common position on, keeping what it has; each follows the one before |
//! | `rewind N`, `rebuild N` | it throws its own history away and takes the state of the node that it follows |
//! | `read-only N`, `read-write N` | a node that runs takes no writes of clients, with the engine's error for a read-only node; it takes them again. A promotion ends it, and so does a restart in MariaDB and MySQL |
//! | `trim-log N`, `fill-log N` | drops all of the log that may be dropped; writes more than the log retains |
//! | `state N` | asks for a fact: `role=`, `process=`, `link=`, `catchup=`, `replication=`, `sync=`, `semisync=`, `applied=`, `epoch=`, `received>applied`, or what a slave's engine measures itself, in its words without spaces: `Seconds_Behind_Master=NULL`, `replay_lag=120ms`, `master_link_status=down` |
//! | `end` | where the run ends: the last command of the text |
//!
//! ## Expectations
//!
//! A command may end in `-> RESULT`: `ok`, `warning` (done, but not on slaves), `nothing`, `timeout`, `error`,
//! `error: TEXT` (to the end of the line), after `follow` `refused: diverged`, `refused: gap` or `refused: ahead`, a fact after
//! `state`, a number after `wait`, or the value read (in quotes if it is one of these words).

mod command;
mod parse;
mod presets;
mod print;
mod setting;
mod words;

pub use command::{Break, Command, Expect, LinkChange, NodeCommand, Pair, Ratio, Refusal, Request, StartStage};
pub use presets::{PRESETS, Preset, PresetText};
pub use print::pair_text;
pub use setting::{
    Arrivals, Capacity, Durability, Engine, Failover, Gap, Gate, Level, Load, LogKeep, NoNode, OwnWrites, Quota,
    Rejoin, Relay, Replication, Router, Setting, SlaveWrites, TooFew, Unapplied,
};
pub use words::quote;

use std::fmt;
use std::rc::Rc;

use crate::error::{Code, Error};
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

    /// Checks that the text ends at its `end` line. On the page a run can go on behind it; who plays a text out stops there.
    ///
    /// # Errors
    ///
    /// A command stands behind `end`, with its line.
    pub fn check_end(&self) -> Result<(), Error> {
        let end = self.lines.iter().position(|line| line.command == Some(Command::End)).unwrap_or(self.lines.len());
        match self.lines.iter().skip(end + 1).position(|line| line.command.is_some()) {
            None => Ok(()),
            Some(place) => {
                let message = format!("This stands behind “end” (line {}) and would not be played", end + 1);
                Err(Error::new(Code::Order, message)
                    .in_line(end + place + 2)
                    .expecting("“end” as the last command: move it down, or take it out"))
            }
        }
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
