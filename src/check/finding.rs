//! A way that breaks a promise, as it is told: a run text that plays on the page, and why.

use std::collections::BTreeSet;

use super::act::Act;
use super::judge::{Breach, two_masters};
use super::look::{has, serving};
use super::promise::Promise;
use super::question::Plan;
use super::script::{REST_US, Script, Style, styles};
use super::state::own_writes;
use super::why;
use crate::history::{Kind, Operation, Outcome, Value};
use crate::referee::{Convergence, Guarantee};
use crate::run::Run;

/// A way that breaks a promise.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// The promise.
    pub promise: Promise,
    /// How the write was lost, if one was: “not replicated”, “thrown away” and so on.
    pub kind: Option<&'static str>,
    /// What was done.
    pub acts: Vec<Act>,
    /// The same in a few words each: `crash m`.
    pub way: Vec<String>,
    /// The run, as text: it shows what is broken.
    pub text: String,
    /// Why, the data first.
    pub why: String,
}

/// How plain a way is: the shorter, the fewer faults and the plainer acts, the smaller.
pub(super) type Rank = (usize, usize, u32);

pub(super) fn rank(acts: &[Act]) -> Rank {
    let faults = acts.iter().filter(|act| act.is_fault()).count();
    (acts.len(), faults, acts.iter().map(|act| act.weight()).sum())
}

impl Finding {
    pub(super) fn rank(&self) -> Rank {
        rank(&self.acts)
    }
}

/// Writes a way down and plays it. Nothing if the run does not show that the promise is broken.
pub(super) fn tell(plan: &Plan, acts: &[Act], breach: Breach) -> Option<Finding> {
    let promise = breach.promise;
    let (mut script, mut style) = styles().into_iter().find_map(|style| {
        let script = Script::write(plan, acts, promise, style.clone())?;
        shows(plan, &script, promise).then_some((script, style))
    })?;
    // Reads that show nothing are left out, the first ones first.
    for read in 0..script.reads {
        let fewer: BTreeSet<usize> = style.without.iter().copied().chain([read]).collect();
        let tried = Style { without: fewer, ..style.clone() };
        if let Some(shorter) = Script::write(plan, acts, promise, tried.clone())
            && shows(plan, &shorter, promise)
        {
            (script, style) = (shorter, tried);
        }
    }
    let cluster = plan.base.cluster();
    Some(Finding {
        promise,
        kind: breach.kind,
        acts: acts.to_vec(),
        way: acts.iter().map(|act| act.words(cluster)).collect(),
        text: script.text(),
        why: why::why(plan, &script.run, promise),
    })
}

/// Whether a run that was played to its end shows that a promise is broken: by the referee's verdict where there is one,
/// and by what clients got.
fn shows(plan: &Plan, script: &Script<'_>, promise: Promise) -> bool {
    let mut run = script.run.clone();
    let until = run.now() + REST_US;
    run.advance(until, crate::limits::STUDY_EVENTS_MAX);
    let (cluster, base) = (run.cluster(), plan.base.referee());
    let guarantee = |guarantee: Guarantee| {
        run.referee().sessions().standing(guarantee).broken > base.sessions().standing(guarantee).broken
    };
    match promise {
        Promise::NoLostWrites => {
            let lost = run.referee().lost_now(cluster);
            lost.iter().any(|lost| plan.bit(lost.write) == 0 || read_without(&run, lost.write))
                && serving(cluster).is_some()
        }
        Promise::ReadYourWrites => guarantee(Guarantee::ReadYourWrites),
        Promise::MonotonicReads => guarantee(Guarantee::MonotonicReads),
        Promise::OneMaster => two_masters(&run, plan) && answers_differ(&run, plan),
        Promise::Convergence => {
            matches!(run.referee().convergence(cluster), Convergence::Diverged(_)) && answers_differ(&run, plan)
        }
        Promise::NoFailedWrites | Promise::NoUnsureWrites => {
            own_writes(&run, plan).any(|write| read_though_failed(&run, write))
        }
        Promise::WritesGoOn | Promise::ReadsGoOn => {
            let outcome = |probe: &u32| cluster.history().operation(*probe).map(|asked| asked.outcome);
            let answered =
                |probe: &u32| matches!(outcome(probe), Some(Outcome::Done | Outcome::Value(_) | Outcome::Unconfirmed));
            !script.probes.is_empty() && !script.probes.iter().any(answered)
        }
    }
}

/// Whether two reads of one key at the end got different answers.
fn answers_differ(run: &Run, plan: &Plan) -> bool {
    let operations = run.cluster().history().operations();
    let reads: Vec<_> = operations.iter().rev().take_while(|asked| asked.kind == Kind::Read).collect();
    let value = |outcome: Outcome| match outcome {
        Outcome::Value(cell) => Some(cell.map(|cell| cell.write)),
        _ => None,
    };
    let differ = |a: &Operation, b: &Operation| match (value(a.outcome), value(b.outcome)) {
        (Some(own), Some(other)) => a.key == b.key && own != other,
        _ => false,
    };
    own_writes(run, plan).next().is_some() && reads.iter().any(|a| reads.iter().any(|b| differ(a, b)))
}

/// Whether the last read of the key of a write got nothing.
fn read_without(run: &Run, write: u32) -> bool {
    let history = run.cluster().history();
    let Some(key) = history.write(write).map(|write| write.key) else { return false };
    let mut reads = history.operations().iter().rev();
    let last = reads.find(|asked| asked.key == key && matches!(asked.outcome, Outcome::Value(_)));
    last.is_some_and(|asked| asked.outcome == Outcome::Value(None))
}

/// Whether a write failed and a read got its value all the same.
fn read_though_failed(run: &Run, number: u32) -> bool {
    let history = run.cluster().history();
    let Some(write) = history.write(number).filter(|write| write.value != Value::Deleted) else { return false };
    let failed = history.operation(write.operation).is_some_and(|asked| matches!(asked.outcome, Outcome::Failed(_)));
    let got = |outcome: Outcome| matches!(outcome, Outcome::Value(Some(cell)) if cell.write == number);
    failed
        && history.operations().iter().any(|asked| got(asked.outcome))
        && !run.cluster().members().all(|m| !has(run.cluster(), m.node.id, number))
}
