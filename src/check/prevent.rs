//! What would have prevented it: the neighbouring settings and operators, each a question of its own.

use super::operator::Operator;
use super::promise::Promise;
use super::question::{Question, Reads};
use crate::error::Error;
use crate::scenario::{Durability, Gate, Level, OwnWrites, Quota, Replication, Router, Setting, TooFew, Unapplied};
use crate::time::SECOND;

/// Something that could be set otherwise.
#[derive(Debug, Clone)]
pub struct Alternative {
    /// What, in a few words.
    pub words: &'static str,
    /// The settings, as lines of the run text; none if only the operator is another one.
    pub settings: Vec<String>,
    /// The same question of that cluster: whether the promise holds there, and what it costs, whether writes go on with one
    /// fault.
    pub question: Question,
}

/// What could be set otherwise, one thing at a time, so that a promise may hold.
///
/// # Errors
///
/// A setting cannot be changed in this text: it would be over a limit.
pub fn alternatives(question: &Question, promise: Promise) -> Result<Vec<Alternative>, Error> {
    let settings = settings(question, promise).into_iter();
    let settings = settings.map(|(words, setting)| with_setting(question, promise, words, &setting));
    let operators = operators(question.operator).iter().map(|(words, operator)| {
        let mut question = asked(question, promise);
        question.operator = *operator;
        Ok(Alternative { words, settings: Vec::new(), question })
    });
    settings.chain(operators).collect()
}

/// The question, of this promise and of what it may cost.
fn asked(question: &Question, promise: Promise) -> Question {
    let mut promises = vec![promise];
    promises.extend(Some(Promise::WritesGoOn).filter(|other| *other != promise));
    Question { promises, all_ways: false, ..question.clone() }
}

fn with_setting(
    question: &Question,
    promise: Promise,
    words: &'static str,
    setting: &Setting,
) -> Result<Alternative, Error> {
    let mut question = asked(question, promise);
    let line = setting.to_string();
    question.run.drop_lines_until(crate::limits::RUN_US_MAX);
    question.run.command(&line)?;
    // A slave may have to come into step under it.
    let until = question.run.now() + SECOND;
    question.run.play_to(until);
    Ok(Alternative { words, settings: vec![line], question })
}

/// Settings that are one step safer.
fn settings(question: &Question, promise: Promise) -> Vec<(&'static str, Setting)> {
    let (cluster, rules) = (question.run.cluster(), question.run.cluster().rules());
    let mut changes = replications(rules.replication, cluster.slaves().len());
    if matches!(rules.too_few, TooFew::Degrade(_)) && rules.replication != Replication::Async {
        changes.push(("never give up waiting for slaves", Setting::TooFew(TooFew::Block)));
    }
    if rules.gate.is_none() {
        changes.push((
            "no writes while no slave is heard of",
            Setting::Gate(Some(Gate { slaves: 1, within_us: 10 * SECOND })),
        ));
    }
    if rules.durability != Durability::Sync {
        changes.push(("answer after the flush", Setting::Durability(Durability::Sync)));
    }
    if rules.unapplied == Unapplied::Discard {
        changes.push(("apply what was received before leading", Setting::Unapplied(Unapplied::Apply)));
    }
    let reads = matches!(promise, Promise::ReadYourWrites | Promise::MonotonicReads) && question.reads == Reads::Routed;
    if reads && cluster.routing().own_writes == OwnWrites::Off {
        changes.push(("wait until a slave has one’s own writes", Setting::OwnWrites(OwnWrites::Position(5 * SECOND))));
    }
    if reads && cluster.routing().router != Router::Master {
        changes.push(("read from the master", Setting::Router(Router::Master)));
    }
    changes
}

/// One acknowledgement more, of flushed for received, shown only once it is acknowledged.
fn replications(now: Replication, slaves: usize) -> Vec<(&'static str, Setting)> {
    let set = |words, replication| (words, Setting::Replication(replication));
    match now {
        Replication::Async => {
            let one = Replication::Sync { count: Quota::Slaves(1), first: false, level: Level::Flushed, hidden: true };
            vec![set("wait for one slave", one)]
        }
        Replication::Sync { count, first, level, hidden } => {
            let sync = |count, level, hidden| Replication::Sync { count, first, level, hidden };
            let mut changes = Vec::new();
            if let Quota::Slaves(slaves_now) = count
                && usize::from(slaves_now) < slaves
            {
                let more = sync(Quota::Slaves(slaves_now + 1), level, hidden);
                changes.push(set("wait for one slave more", more));
            }
            if level == Level::Received {
                changes.push(set("wait until slaves have flushed it", sync(count, Level::Flushed, hidden)));
            }
            if !hidden {
                changes.push(set("show nothing before it is acknowledged", sync(count, level, true)));
            }
            changes
        }
    }
}

/// Operators that are one step safer.
fn operators(now: Operator) -> &'static [(&'static str, Operator)] {
    match now {
        Operator::Hasty => &[("an operator with a runbook", Operator::Careful)],
        Operator::Unfenced => &[("switch the old master off first", Operator::Careful)],
        Operator::Careful => {
            &[("promote only while enough slaves run", Operator::Strict), ("promote nobody", Operator::Nobody)]
        }
        Operator::Strict => &[("promote nobody", Operator::Nobody)],
        Operator::Nobody | Operator::BuiltIn => &[],
    }
}
