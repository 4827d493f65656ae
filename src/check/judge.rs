//! Which promises a state breaks. What must be played on is played on a copy.

use super::act::follow;
use super::adversary;
use super::look::{astray, has, is_open, is_unwatched, is_up, members, serving, something_connects, something_is_held};
use super::operator::{self, Operator};
use super::promise::Promise;
use super::promise::Promises;
use super::question::Plan;
use super::state::{State, own_writes};
use super::written::says_not_done;
use crate::cluster::{LineOutcome, Process};
use crate::facts::Failure;
use crate::history::Outcome;
use crate::limits;
use crate::referee::{Convergence, Loss};
use crate::run::Run;
use crate::scenario::{Command, Failover, Name, NodeCommand, Request};
use crate::time::{SECOND, Us};

/// A promise that is broken, and how a write was lost, if one was.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Breach {
    pub promise: Promise,
    pub kind: Option<&'static str>,
}

/// What a state breaks of what is wanted. `sessions`: what those have seen already who read in it.
pub(super) fn judge(state: &State, plan: &Plan, wanted: Promises, sessions: Promises) -> Vec<Breach> {
    let mut breaches = Vec::new();
    let mut add = |promise: Promise, kind: Option<&'static str>| {
        let breach = Breach { promise, kind };
        if wanted.has(promise) && !breaches.contains(&breach) {
            breaches.push(breach);
        }
    };
    if wanted.has(Promise::NoLostWrites) {
        lost(&state.run, plan).into_iter().for_each(|loss| add(Promise::NoLostWrites, Some(loss_name(loss))));
    }
    for promise in sessions.iter().chain(failed(&state.run, plan).iter()) {
        add(promise, None);
    }
    if two_masters(&state.run, plan) {
        add(Promise::OneMaster, None);
    }
    if wanted.has(Promise::Convergence) && ends_apart(&state.run, plan) {
        add(Promise::Convergence, None);
    }
    if wanted.has(Promise::WritesGoOn) && writes_stop(&state.run, plan) {
        add(Promise::WritesGoOn, None);
    }
    if wanted.has(Promise::ReadsGoOn) && reads_stop(&state.run, plan) {
        add(Promise::ReadsGoOn, None);
    }
    breaches
}

/// How acknowledged writes were lost that the node that takes the writes lacks, and that do not come back.
fn lost(run: &Run, plan: &Plan) -> Vec<Loss> {
    let cluster = run.cluster();
    let (lost, Some(master)) = (run.referee().lost(), serving(cluster)) else { return Vec::new() };
    if lost.len() <= plan.losses_before {
        return Vec::new();
    }
    let gone = lost.iter().filter(|lost| !has(cluster, master, lost.write));
    gone.filter(|lost| lasts(run, plan, lost.write)).map(|lost| lost.loss).collect()
}

/// Whether a write that is lost stays so. While an election goes on, it may come back when one of two masters gives way.
fn lasts(run: &Run, plan: &Plan, write: u32) -> bool {
    if run.cluster().failover() == Failover::Manual {
        return true;
    }
    let mut copy = run.clone();
    play(&mut copy, 2 * plan.pace.longest_us);
    copy.referee().lost().iter().any(|lost| lost.write == write)
}

fn loss_name(loss: Loss) -> &'static str {
    match loss {
        Loss::NotFlushed => "not flushed",
        Loss::Forgotten => "forgotten",
        Loss::NotReplicated => "not replicated",
        Loss::NotFollowed => "not followed",
        Loss::Replaced => "replaced",
        Loss::ThrownAway => "thrown away",
        Loss::Diverged => "diverged",
        Loss::Overwritten => "overwritten",
        Loss::Discarded => "discarded",
        Loss::Removed => "removed",
    }
}

/// Whether a client's write went to one of two masters that the others do not follow. What an engine logs for itself there
/// is no write.
pub(super) fn two_masters(run: &Run, plan: &Plan) -> bool {
    let overlaps = run.referee().takeovers().overlaps().iter().filter(|overlap| overlap.diverged > 0).count();
    let strayed = |write| run.referee().loss(write) == Some(Loss::Diverged);
    overlaps > plan.overlaps_before && own_writes(run, plan).any(strayed)
}

/// Writes that were answered with an error and that a node answers with all the same.
fn failed(run: &Run, plan: &Plan) -> Promises {
    let (cluster, mut broken) = (run.cluster(), Promises::default());
    for number in own_writes(run, plan) {
        let history = cluster.history();
        let asked = history.write(number).and_then(|write| history.operation(write.operation));
        if let Some(Outcome::Failed(failure)) = asked.map(|asked| asked.outcome)
            && members(cluster).any(|member| member.process == Process::Up && has(cluster, member.node.id, number))
        {
            match failure {
                _ if says_not_done(failure) => broken.add(Promise::NoFailedWrites),
                Failure::ConnectionLost | Failure::Demoted => broken.add(Promise::NoUnsureWrites),
                // That one says that the write is done.
                _ => {}
            }
        }
    }
    broken
}

/// Everything is mended and the operator does what is left: do nodes hold something else for good?
fn ends_apart(run: &Run, plan: &Plan) -> bool {
    let apart = |run: &Run| match run.referee().convergence(run.cluster()) {
        Convergence::Converged => Some(false),
        Convergence::Diverged(_) if run.cluster().failover() == Failover::Manual => Some(true),
        _ => None,
    };
    let mut copy = run.clone();
    for round in 0..=2 {
        for command in mending(&copy, plan, round) {
            copy.do_unwritten(&command);
        }
        plan.pace.settle(&mut copy);
    }
    for _ in 0..8 {
        if let Some(apart) = apart(&copy).filter(|_| !something_connects(copy.cluster())) {
            return apart;
        }
        play(&mut copy, plan.pace.longest_us / 2);
    }
    matches!(copy.referee().convergence(copy.cluster()), Convergence::Diverged(_))
}

/// The lines that mend everything: first links and processes, then whom nodes follow, once those that were down are up.
pub(super) fn mending(run: &Run, plan: &Plan, round: u32) -> Vec<Command> {
    let cluster = run.cluster();
    let name = |id: u16| Name(cluster.name(id).into());
    if round > 0 {
        let astray = if plan.operator.tends() { astray(cluster) } else { Vec::new() };
        return astray.into_iter().map(|id| follow(cluster, id, cluster.master())).collect();
    }
    let broken = members(cluster).flat_map(|a| members(cluster).map(move |b| (a.node.id, b.node.id)));
    let mut broken = broken.filter(|(a, b)| cluster.channel(*a, *b).is_some() && !is_open(cluster, *a, *b));
    let mut commands =
        if broken.next().is_some() || is_unwatched(cluster) { vec![Command::HealAll] } else { Vec::new() };
    for member in members(cluster) {
        let id = member.node.id;
        match member.process {
            Process::Up => {}
            Process::Down => commands.push(Command::Node(NodeCommand::Start, name(id))),
            Process::Frozen => commands.push(Command::Node(NodeCommand::Thaw, name(id))),
        }
        if member.node.apply_paused {
            commands.push(Command::Node(NodeCommand::ResumeApply, name(id)));
        }
    }
    commands
}

/// Whether no write gets through although there is one fault at most, nothing is held, and the operator has done all that is
/// to be done: the longest time-out passes, and a client tries twice.
fn writes_stop(run: &Run, plan: &Plan) -> bool {
    let cluster = run.cluster();
    if adversary::faults(cluster, plan) > 1 || something_is_held(cluster) || !operator_is_done(run, plan) {
        return false;
    }
    let mut copy = run.clone();
    !(0..2).any(|_| {
        play(&mut copy, plan.pace.longest_us);
        let write = Request::Write { key: PROBE.to_owned(), value: "1".to_owned() };
        let probe = copy.try_out(plan.reader.as_str(), write);
        play(&mut copy, PROBE_US);
        copy.cluster().history().operation(probe).is_some_and(|probe| probe.outcome == Outcome::Done)
    })
}

/// The key of the write that asks whether writes go on.
pub(super) const PROBE: &str = "probe";
/// How long it may take, µs.
pub(super) const PROBE_US: Us = 6 * SECOND;

/// Whether the operator would do nothing now: only then is it asked whether the cluster can be used.
fn operator_is_done(run: &Run, plan: &Plan) -> bool {
    plan.operator == Operator::Hasty || operator::acts(run.cluster(), plan).is_empty()
}

/// Whether no read is answered although only the master is down.
fn reads_stop(run: &Run, plan: &Plan) -> bool {
    let cluster = run.cluster();
    let down = members(cluster).filter(|member| member.process != Process::Up).count();
    if down != 1
        || is_up(cluster, cluster.master())
        || adversary::faults(cluster, plan) > 1
        || something_is_held(cluster)
    {
        return false;
    }
    let mut copy = run.clone();
    let read = copy.try_out(plan.reader.as_str(), Request::Read { key: format!("{}1", plan.prefix) });
    play(&mut copy, PROBE_US);
    !matches!(copy.cluster().history().operation(read).map(|read| read.outcome), Some(Outcome::Value(_)))
}

/// Plays on, as far as a bounded number of events goes.
pub(super) fn play(run: &mut Run, for_us: Us) {
    let until = run.now() + for_us;
    run.advance(until, limits::STUDY_EVENTS_MAX);
}

/// Whether a line could be done.
pub(super) fn is_done(outcome: &LineOutcome) -> bool {
    !matches!(outcome, LineOutcome::Failed(_))
}
