//! What would have prevented a finding: settings and operators that are near those of a question, and what they cost.

use super::operator::Operator;
use super::promise::Promise;
use super::question::{Question, Reads};
use crate::error::Error;
use crate::history::{Kind, Outcome};
use crate::limits;
use crate::run::Run;
use crate::scenario::{Failover, Gate, Level, OwnWrites, Quota, Replication, Request, Setting, TooFew, Unapplied};
use crate::time::{SECOND, Us};

/// One thing that could be otherwise.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Neighbour {
    /// A setting, as a line of the run text.
    Setting(String),
    /// Who acts.
    Operator(Operator),
}

impl Neighbour {
    /// The line of the run text, or “operator careful”.
    pub fn words(&self) -> String {
        match self {
            Neighbour::Setting(line) => line.clone(),
            Neighbour::Operator(operator) => format!("operator {}", operator.name()),
        }
    }

    /// The same question with this otherwise: about one promise, and whether writes go on.
    ///
    /// # Errors
    ///
    /// These settings do not allow it.
    pub fn question(&self, question: &Question, promise: Promise) -> Result<Question, Error> {
        let mut other = question.clone();
        other.promises = vec![promise];
        if promise != Promise::WritesGoOn {
            other.promises.push(Promise::WritesGoOn);
        }
        match self {
            Neighbour::Setting(line) => {
                other.run.drop_lines_until(limits::RUN_US_MAX);
                other.run.command(line)?;
            }
            Neighbour::Operator(operator) => other.operator = *operator,
        }
        other.check()?;
        Ok(other)
    }
}

/// How long one write may take to be measured, µs.
const WRITE_US_MAX: Us = 60 * SECOND;

/// How long a write takes until it is acknowledged when all is well, as the cluster of a question stands, µs. Nothing if it
/// is not acknowledged.
pub fn write_us(run: &Run) -> Option<Us> {
    let mut run = run.clone();
    run.drop_lines_until(limits::RUN_US_MAX);
    let asked_us = run.now();
    let write = run.try_out("Prober", Request::Write { key: "probe".to_owned(), value: "1".to_owned() });
    let until = asked_us.saturating_add(WRITE_US_MAX);
    let mut left = limits::STUDY_EVENTS_MAX;
    loop {
        let asked = run.cluster().history().operation(write)?;
        match asked.outcome {
            Outcome::Pending => {}
            Outcome::Done if asked.kind == Kind::Write => return asked.done_us().map(|done| done - asked_us),
            _ => return None,
        }
        left = left.checked_sub(1)?;
        if run.next_at().is_none_or(|next| next > until) || !run.step() {
            return None;
        }
    }
}

/// Others that may keep a promise which this question's cluster breaks, the nearest first.
pub fn neighbours(question: &Question, promise: Promise) -> Vec<Neighbour> {
    let cluster = question.run.cluster();
    let settings = match promise {
        Promise::ReadYourWrites | Promise::MonotonicReads if question.reads == Reads::Routed => reading(),
        Promise::WritesGoOn => writing_on(question),
        Promise::ReadsGoOn => Vec::new(),
        _ => keeping(question),
    };
    let lines = settings.into_iter().map(|setting| Neighbour::Setting(setting.to_string()));
    let mut near: Vec<Neighbour> = lines.collect();
    if cluster.failover() == Failover::Manual {
        near.extend(operators(question.operator, promise).iter().copied().map(Neighbour::Operator));
    }
    near.retain(|neighbour| match neighbour {
        Neighbour::Setting(line) => !cluster.settings().iter().any(|setting| setting.to_string() == *line),
        Neighbour::Operator(_) => true,
    });
    near
}

/// Settings for the sake of who reads at slaves.
fn reading() -> Vec<Setting> {
    let position = OwnWrites::Position(SECOND);
    vec![Setting::OwnWrites(position), Setting::Router(crate::scenario::Router::Master)]
}

/// Settings under which a write waits for less.
fn writing_on(question: &Question) -> Vec<Setting> {
    let rules = question.run.cluster().rules();
    let mut list = Vec::new();
    if let Replication::Sync { count, first, level, hidden } = rules.replication {
        match count {
            Quota::Slaves(count) if count > 1 => {
                let fewer = Replication::Sync { count: Quota::Slaves(count - 1), first, level, hidden };
                list.push(Setting::Replication(fewer));
            }
            Quota::All => {
                list.push(Setting::Replication(Replication::Sync { count: Quota::Slaves(1), first, level, hidden }));
            }
            _ => {}
        }
        list.extend([Setting::TooFew(TooFew::Degrade(SECOND)), Setting::Replication(Replication::Async)]);
    }
    list
}

/// Settings under which more nodes have a write before it is acknowledged, or have it more safely.
fn keeping(question: &Question) -> Vec<Setting> {
    let cluster = question.run.cluster();
    let rules = cluster.rules();
    let slaves = u8::try_from(super::look::members(cluster).count().saturating_sub(1)).unwrap_or(u8::MAX);
    let sync = |count: u8, level: Level, first: bool, hidden: bool| {
        Setting::Replication(Replication::Sync { count: Quota::Slaves(count), first, level, hidden })
    };
    let mut list = Vec::new();
    match rules.replication {
        Replication::Async => {
            list.push(sync(1, Level::Flushed, false, false));
            if slaves > 1 {
                list.push(sync(slaves, Level::Flushed, false, false));
            }
        }
        Replication::Sync { count, first, level, hidden } => {
            if let Quota::Slaves(count) = count {
                if level < Level::Flushed {
                    list.push(sync(count, Level::Flushed, first, hidden));
                }
                list.extend((count < slaves).then(|| sync(count + 1, level.max(Level::Flushed), first, hidden)));
            }
            if cluster.rules().too_few != TooFew::Block {
                list.push(Setting::TooFew(TooFew::Block));
            }
        }
    }
    if rules.unapplied == Unapplied::Discard {
        list.push(Setting::Unapplied(Unapplied::Apply));
    }
    if rules.gate.is_none() {
        list.push(Setting::Gate(Some(Gate { slaves: 1, within_us: SECOND })));
    }
    list
}

/// Who could act in the place of this operator.
fn operators(operator: Operator, promise: Promise) -> &'static [Operator] {
    match operator {
        Operator::Nobody if matches!(promise, Promise::WritesGoOn | Promise::ReadsGoOn) => &[Operator::Careful],
        Operator::Nobody | Operator::BuiltIn => &[],
        Operator::Careful if promise == Promise::WritesGoOn => &[],
        Operator::Careful => &[Operator::Strict, Operator::Nobody],
        Operator::Strict if promise == Promise::WritesGoOn => &[Operator::Careful],
        Operator::Strict => &[Operator::Nobody],
        Operator::Unfenced | Operator::Hasty => &[Operator::Careful, Operator::Strict],
    }
}
