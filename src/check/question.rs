//! What is asked of the checker, and what follows from it for the search.

use super::look::{ids, last_write};
use super::names;
use super::operator::Operator;
use super::pace::Pace;
use super::promise::{Promise, Promises, default_promises};
use crate::error::{Code, Error};
use crate::limits;
use crate::run::Run;
use crate::scenario::{Failover, Name, Quota, Replication, Setting};
use crate::time::Us;

/// How long clients wait in a check at least, µs: a write that waits long and is acknowledged in the end counts.
pub(super) const PATIENCE_US: Us = 60 * crate::time::SECOND;

/// A means of the adversary.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mean {
    /// Power fails, and comes back.
    Crash,
    /// A process hangs, and goes on.
    Freeze,
    /// A link is cut.
    Cut,
    /// A link is slow: what is on it waits. That is no fault.
    Hold,
    /// A node is cut from all others.
    Partition,
    /// A slave stops applying.
    Pause,
    /// Links are cut and slow one way, too.
    OneWay,
    /// A node no longer hears the others, nor they it, and nobody is told.
    Isolate,
}

/// All of them. The first six are there unless others are named.
pub const MEANS: [(&str, Mean); 8] = [
    ("crash", Mean::Crash),
    ("freeze", Mean::Freeze),
    ("cut", Mean::Cut),
    ("hold", Mean::Hold),
    ("partition", Mean::Partition),
    ("pause", Mean::Pause),
    ("one-way", Mean::OneWay),
    ("isolate", Mean::Isolate),
];

/// What the adversary can do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Means(u8);

impl Default for Means {
    fn default() -> Self {
        Self(0b0011_1111)
    }
}

impl Means {
    /// These and no others.
    pub fn of(means: &[Mean]) -> Self {
        Self(means.iter().fold(0, |bits, mean| bits | 1 << *mean as u8))
    }

    /// Those of these names.
    ///
    /// # Errors
    ///
    /// There is none of a name: the error says which ones there are.
    pub fn named<'a>(names: impl IntoIterator<Item = &'a str>) -> Result<Self, Error> {
        let means = names.into_iter().map(|name| names::find("means of the adversary", name, &MEANS));
        Ok(Self::of(&means.collect::<Result<Vec<_>, _>>()?))
    }

    /// Whether this is among them.
    pub fn has(self, mean: Mean) -> bool {
        self.0 & 1 << mean as u8 != 0
    }
}

/// Where clients read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Reads {
    /// At the node that they write to.
    #[default]
    Master,
    /// Where the router of the settings sends them.
    Routed,
}

impl Reads {
    /// The way to read of this name: `master` or `routed`.
    ///
    /// # Errors
    ///
    /// There is none of this name.
    pub fn named(name: &str) -> Result<Self, Error> {
        names::find("place to read", name, &[("master", Reads::Master), ("routed", Reads::Routed)])
    }
}

/// A question to the checker.
#[derive(Debug, Clone)]
pub struct Question {
    /// The cluster as it is when the search begins, with its settings and its faults. Lines still to come are left out.
    pub run: Run,
    /// What it is held to.
    pub promises: Vec<Promise>,
    /// Who acts for it.
    pub operator: Operator,
    /// Faults at the same time; nothing for any number.
    pub faults: Option<u8>,
    /// What the adversary can do.
    pub means: Means,
    /// Where clients read.
    pub reads: Reads,
    /// Actions of a way at most.
    pub depth: u8,
    /// States at which the search ends.
    pub states_max: u32,
    /// Whether the search goes on behind the first way that breaks a promise, for other ways to break it.
    pub all_ways: bool,
}

impl Question {
    /// What can go wrong in this cluster: the usual promises, one fault at a time, five actions, and the operator that
    /// fits: the failover of the settings where they have one, else a careful one.
    pub fn new(run: &Run) -> Self {
        let manual = run.cluster().failover() == Failover::Manual;
        Self {
            run: run.clone(),
            promises: default_promises().collect(),
            operator: if manual { Operator::Careful } else { Operator::BuiltIn },
            faults: Some(1),
            means: Means::default(),
            reads: Reads::default(),
            depth: 5,
            states_max: 500_000,
            all_ways: false,
        }
    }

    /// The same of a run text, from its end on: after its last line, or at its `end`.
    ///
    /// # Errors
    ///
    /// The text breaks the grammar or a limit.
    pub fn of_text(text: &str) -> Result<Self, Error> {
        let mut run = Run::new(text)?;
        let last_us = run.last_line_us();
        if last_us > 0 {
            run.play_to(last_us);
        }
        Ok(Self::new(&run))
    }

    /// The same of a master and so many slaves under a preset.
    ///
    /// # Errors
    ///
    /// There is no preset of this name, or there are too many slaves.
    pub fn of_preset(preset: &str, slaves: usize) -> Result<Self, Error> {
        let known = crate::scenario::PRESETS.map(|preset| (preset.name, preset.name));
        let preset = names::find("preset", preset, &known)?;
        if slaves == 0 || slaves >= limits::CHECK_NODES_MAX {
            return Err(too_many(slaves + 1));
        }
        let slaves: Vec<String> = (1..=slaves).map(|number| format!("s{number}")).collect();
        Self::of_text(&format!("cluster m + {}\nclients A B\npreset {preset}\n", slaves.join(" ")))
    }

    /// Whether it can be asked.
    ///
    /// # Errors
    ///
    /// It has no promise, too many nodes, actions, states or faults, or an operator who does not fit the settings.
    pub fn check(&self) -> Result<(), Error> {
        let wrong = |code: Code, message: String, expected: &str| Err(Error::new(code, message).expecting(expected));
        let nodes = ids(self.run.cluster()).len();
        if !(2..=limits::CHECK_NODES_MAX).contains(&nodes) {
            return Err(too_many(nodes));
        }
        if self.promises.is_empty() {
            return wrong(Code::Name, "No promise is named".to_owned(), "one such as no-lost-writes");
        }
        let most = limits::CHECK_DEPTH_MAX;
        if !(1..=most).contains(&self.depth) {
            let message = format!("A way of {} actions is too long to try all of them", self.depth);
            return wrong(Code::Limit, message, &format!("1 to {most} actions"));
        }
        let most = limits::CHECK_STATES_MAX;
        if !(1..=most).contains(&self.states_max) {
            return wrong(Code::Limit, format!("{} states are no budget", self.states_max), &format!("1 to {most}"));
        }
        let most = limits::CHECK_FAULTS_MAX;
        if let Some(faults) = self.faults.filter(|faults| *faults > most) {
            return wrong(
                Code::Limit,
                format!("{faults} faults at a time are too many"),
                &format!("0 to {most}, or any"),
            );
        }
        let manual = self.run.cluster().failover() == Failover::Manual;
        match (self.operator, manual) {
            (Operator::BuiltIn, true) => wrong(
                Code::Name,
                "These settings have no failover of their own (failover manual)".to_owned(),
                "nobody, careful, strict, unfenced or hasty",
            ),
            (Operator::BuiltIn | Operator::Nobody, _) | (_, true) => Ok(()),
            (operator, false) => wrong(
                Code::Name,
                format!(
                    "These settings fail over by themselves: the operator {} would work against them",
                    operator.name()
                ),
                "built-in, or “failover manual” in the text",
            ),
        }
    }
}

fn too_many(nodes: usize) -> Error {
    let most = limits::CHECK_NODES_MAX;
    let message = format!("A cluster of {nodes} nodes cannot be checked: the ways are too many, or there are none");
    Error::new(Code::Limit, message).expecting(format!("2 to {most} nodes"))
}

/// What the search works with.
#[derive(Debug)]
pub(super) struct Plan {
    pub promises: Promises,
    pub operator: Operator,
    pub faults: Option<u8>,
    pub means: Means,
    pub reads: Reads,
    pub depth: u8,
    pub pace: Pace,
    /// The cluster from which the search begins, with its own text: findings go on from there.
    pub base: Run,
    /// What the keys of the writes begin with: nothing in the cluster does.
    pub prefix: String,
    pub writer: Name,
    pub reader: Name,
    /// Writes, acknowledged losses, and entries of the log before the search.
    pub writes_before: u32,
    pub losses_before: usize,
    pub overlaps_before: usize,
    /// Whether any node may take the place of any other.
    pub symmetric: bool,
}

impl Plan {
    /// What follows from a question that can be asked, and the run from which the search begins.
    pub fn new(question: &Question) -> Result<(Self, Run), Error> {
        question.check()?;
        let mut run = question.run.clone();
        run.drop_lines_until(limits::RUN_US_MAX);
        run.stop_meters();
        let base = run.clone();
        if run.cluster().load().is_some() {
            run.do_unwritten(&crate::scenario::Command::Set(Setting::Load(None)));
        }
        if run.cluster().timeout_us() < PATIENCE_US {
            run.do_unwritten(&crate::scenario::Command::Set(Setting::Timeout(PATIENCE_US)));
        }
        let cluster = run.cluster();
        let pace = Pace::of(cluster);
        let (prefix, (writer, reader)) = (free_prefix(&run), clients(&run));
        let first = matches!(
            cluster.rules().replication,
            Replication::Sync { first: true, count: Quota::Slaves(_) | Quota::Majority, .. }
        );
        let referee = run.referee();
        let plan = Self {
            promises: Promises::of(&question.promises),
            operator: question.operator,
            faults: question.faults,
            means: question.means,
            reads: question.reads,
            depth: question.depth,
            pace,
            base,
            prefix,
            writer,
            reader,
            writes_before: last_write(&run),
            losses_before: referee.lost().len(),
            overlaps_before: referee.takeovers().overlaps().iter().filter(|overlap| overlap.diverged > 0).count(),
            symmetric: !first && cluster.rules().sync_slaves.is_empty(),
        };
        Ok((plan, run))
    }

    /// The number of a write among those of the way, from 1 on.
    pub fn own_number(&self, write: u32) -> u32 {
        write.saturating_sub(self.writes_before)
    }

    /// The bit of a write of the way.
    pub fn bit(&self, write: u32) -> u64 {
        match self.own_number(write) {
            number @ 1..=limits::CHECK_WRITES_MAX => 1 << (number - 1),
            _ => 0,
        }
    }
}

/// A beginning of keys that none in the cluster has.
fn free_prefix(run: &Run) -> String {
    let history = run.cluster().history();
    let taken = |prefix: &str| {
        (1..=history.write_count()).filter_map(|write| history.write(write)).any(|write| {
            let key = history.key(write.key);
            key.strip_prefix(prefix).is_some_and(|rest| rest.chars().all(|digit| digit.is_ascii_digit()))
        })
    };
    let free = ["w", "x", "y", "z"].into_iter().find(|prefix| !taken(prefix));
    free.unwrap_or("checked").to_owned()
}

/// The client that writes and the one that reads: those of the cluster, else A and B.
fn clients(run: &Run) -> (Name, Name) {
    let known: Vec<Name> = run.cluster().clients().map(|(_, name)| name.clone()).collect();
    let writer = known.first().cloned().unwrap_or(Name("A".into()));
    let other = |name: &Name| *name != writer;
    let fallback = if writer.as_str() == "B" { "A" } else { "B" };
    let reader = known.iter().find(|name| other(name)).cloned().unwrap_or(Name(fallback.into()));
    (writer, reader)
}
