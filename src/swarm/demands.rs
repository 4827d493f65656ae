//! What a run must show when all is healed.

use std::collections::BTreeSet;

use crate::cluster::{Cluster, Log, Member, Process, Role};
use crate::facts::{Denial, Event, Fact};
use crate::history::{Outcome, Value};
use crate::referee::Convergence;
use crate::run::Run;
use crate::time::{SECOND, Us};

/// How long a read may take at the quiet end, µs.
const READ_US: Us = 3 * SECOND;

/// The node that the others are to follow: the master if it runs, else one that does.
pub(super) fn lead(run: &Run) -> Option<String> {
    let cluster = run.cluster();
    let runs = |member: &&Member| !member.removed && member.process == Process::Up;
    let lead = cluster.member(cluster.master()).filter(runs).or_else(|| cluster.members().find(runs))?;
    Some(lead.name.as_str().to_owned())
}

/// Whether a node takes the clients' writes.
pub(super) fn leads(run: &Run, name: &str) -> bool {
    let master = run.cluster().member(run.cluster().master());
    master.is_some_and(|master| master.name.as_str() == name && master.node.role == Role::Master)
}

/// Whether a node's process is there.
pub(super) fn runs(run: &Run, name: &str) -> bool {
    up(run.cluster()).iter().any(|other| other == name)
}

/// Names of the nodes that do not hold what the master holds, or are refused by the node that they follow.
pub(super) fn apart(run: &Run) -> Vec<String> {
    let cluster = run.cluster();
    let differ: Vec<u16> = match run.referee().convergence(cluster) {
        Convergence::Converged => Vec::new(),
        Convergence::Behind(nodes) => nodes.into_iter().map(|(node, _)| node).collect(),
        Convergence::Diverged(nodes) => nodes.into_iter().map(|(node, _)| node).collect(),
    };
    let members = cluster.members().filter(|member| !member.removed && member.node.id != cluster.master());
    let apart = members.filter(|member| {
        member.process != Process::Up || member.node.denial_of_upstream().is_some() || differ.contains(&member.node.id)
    });
    apart.map(|member| member.name.as_str().to_owned()).collect()
}

/// Who is apart before anybody mends it must be so for a reason that is a fact: it was refused, or the node that it follows
/// is down, or somebody wrote to it past the master, or kept rows by force.
pub(super) fn reasons(run: &Run) -> Option<String> {
    let cluster = run.cluster();
    let past_the_log = |event: &Event| matches!(event, Event::WrittenLocally { .. } | Event::Forced { .. });
    if cluster.history().since(0).any(|fact| past_the_log(&fact.event)) {
        return None;
    }
    let apart = apart(run);
    let silent = |member: &&Member| apart.contains(&member.name.as_str().to_owned()) && !has_reason(member, cluster);
    let silent = cluster.members().find(silent)?;
    Some(format!("{} is apart and no fact says why: {:?}", silent.name, run.referee().convergence(cluster)))
}

fn has_reason(member: &Member, cluster: &Cluster) -> bool {
    let upstream = match member.node.role {
        Role::Slave { upstream } => cluster.member(upstream),
        Role::Master => None,
    };
    let cut_off = upstream.is_some_and(|upstream| upstream.process != Process::Up || denied(upstream));
    // A second master has its own history as long as nobody tells it to follow.
    let leads_too = member.node.role == Role::Master;
    member.process != Process::Up || denied(member) || leads_too || cut_off || holds_errant(member, cluster)
}

fn denied(member: &Member) -> bool {
    member.node.denial_of_upstream().is_some()
}

/// Where transactions have names of their own, servers come together whose logs are not in the same order, or have what the
/// other one lacks: nothing stops, and they hold different rows. What is trimmed cannot be compared: there it is enough that
/// two nodes took writes.
fn holds_errant(member: &Member, cluster: &Cluster) -> bool {
    if !cluster.rules().engine().binary_log() {
        return false;
    }
    let (history, master) = (cluster.history(), cluster.member(cluster.master()).unwrap_or(member));
    let (own, other) = (&member.node.disk.log, &master.node.disk.log);
    let writes = |log: &Log| -> Vec<u32> { log.entries(history).map(|entry| entry.write).collect() };
    let logged = |fact: Fact| match fact.event {
        Event::Logged { node, .. } => Some(node),
        _ => None,
    };
    let trimmed = own.base() > 0 || other.base() > 0;
    let by: BTreeSet<u16> = history.since(0).filter_map(logged).collect();
    writes(own) != writes(other) || own.base() != other.base() || trimmed && by.len() > 1
}

/// What must hold at the very end.
pub(super) fn all(run: &Run) -> Option<String> {
    together(run).or_else(|| served(run)).or_else(|| told_by_reads(run)).or_else(|| lost_and_held(run))
}

fn together(run: &Run) -> Option<String> {
    let apart = apart(run);
    (!apart.is_empty())
        .then(|| format!("{apart:?} rebuilt, still apart: {:?}", run.referee().convergence(run.cluster())))
}

/// No node answers a read while it is down or frozen, or while its engine lets a member that has fallen off the log answer
/// nobody (MongoDB: RECOVERING).
fn served(run: &Run) -> Option<String> {
    let (mut silent, mut recovering) = (Vec::new(), Vec::new());
    let recovers = run.cluster().rules().engine().read_when_denied(Denial::Gap).is_some();
    for fact in run.cluster().history().since(0) {
        match fact.event {
            Event::Crashed { node, .. } | Event::Stopped { node } | Event::Frozen { node } => silent.push(node),
            Event::Denied { node, why: Denial::Gap, .. } if recovers => recovering.push(node),
            Event::Started { node, .. } | Event::Thawed { node } => silent.retain(|other| *other != node),
            Event::ReadServed { node, .. } if silent.contains(&node) => {
                return Some(format!("a node that is down answers: {node} at {} µs", fact.at_us));
            }
            Event::ReadServed { node, .. } if recovering.contains(&node) => {
                return Some(format!("a node that is recovering answers: {node} at {} µs", fact.at_us));
            }
            _ => {}
        }
        if let Some(node) = goes_on(&fact.event) {
            recovering.retain(|other| *other != node);
        }
    }
    None
}

/// The node that is in step with a history again, or has another one now.
fn goes_on(event: &Event) -> Option<u16> {
    match *event {
        Event::Connected { node, .. }
        | Event::Rewound { node, .. }
        | Event::Promoted { node, .. }
        | Event::Follows { node, .. }
        | Event::Started { node, .. } => Some(node),
        _ => None,
    }
}

/// Convergence holds if and only if a read of every key gives the same at all nodes: they are asked.
fn told_by_reads(run: &Run) -> Option<String> {
    let says = run.referee().convergence(run.cluster()) == Convergence::Converged;
    let (mut asked, mut different) = (run.clone(), None);
    let keys = run.cluster().history().key_count();
    for key in 0..keys {
        let name = run.cluster().history().key(key).to_owned();
        let mut answers = Vec::new();
        for node in up(run.cluster()) {
            match answer(&mut asked, &name, &node) {
                Ok(answer) => answers.push(answer),
                Err(why) => return Some(why),
            }
        }
        if answers.windows(2).any(|pair| pair.first() != pair.last()) {
            different.get_or_insert(format!("{name}: {answers:?}"));
        }
    }
    match (says, different) {
        (true, Some(different)) => Some(format!("the verdict is that all hold the same: they answer {different}")),
        (false, None) => Some("the verdict is that nodes differ: they answer the same".to_owned()),
        _ => None,
    }
}

/// What a node answers when it is asked for a key.
fn answer(run: &mut Run, key: &str, node: &str) -> Result<Option<String>, String> {
    let place = run.cluster().history().operations().len();
    run.command(&format!("A read {key} @{node}")).map_err(|error| error.to_string())?;
    run.play_to(run.now() + READ_US);
    let history = run.cluster().history();
    match history.operations().get(place).map(|operation| operation.outcome) {
        Some(Outcome::Value(cell)) => {
            Ok(cell.and_then(|cell| history.value(cell.write)).map(std::borrow::Cow::into_owned))
        }
        other => Err(format!("a node that is up does not answer: {node}, {other:?}")),
    }
}

fn up(cluster: &Cluster) -> Vec<String> {
    let up = cluster.members().filter(|member| !member.removed && member.process == Process::Up);
    up.map(|member| member.name.as_str().to_owned()).collect()
}

/// No write is called lost that a node answers with; and one that is not called lost is there, or something newer: what
/// was asked for when it was not done yet, or later, or what stands behind it in the master's log.
fn lost_and_held(run: &Run) -> Option<String> {
    let (cluster, history) = (run.cluster(), run.cluster().history());
    let lost = run.referee().lost_now(cluster);
    for write in 1..=history.write_count() {
        let Some(record) = history.write(write).filter(|record| record.told_us.is_some()) else { continue };
        let nodes = || cluster.members().filter(|member| !member.removed && member.process == Process::Up);
        let cells = || nodes().filter_map(|member| member.node.disk.store.get(record.key)).map(|cell| cell.write);
        let called = lost.iter().any(|lost| lost.write == write);
        if called && cells().any(|other| other == write) {
            return Some(format!("a write is called lost, and a node answers with it: {write}"));
        }
        let as_asked = record.value == Value::Deleted && cells().next().is_none();
        let older = |other: u32| history.is_before(other, write) && !is_behind(other, write, cluster);
        if !called && !as_asked && cells().all(older) {
            let cells: Vec<u32> = cells().collect();
            return Some(format!("a write is gone, and not called lost: {write}, nodes hold {cells:?}"));
        }
    }
    None
}

/// Whether a write stands behind another one in the master's log.
fn is_behind(write: u32, other: u32, cluster: &Cluster) -> bool {
    let log = cluster.member(cluster.master()).map(|member| &member.node.disk.log);
    let place = |write: u32| log?.entries(cluster.history()).position(|entry| entry.write == write);
    place(other).is_some_and(|first| place(write) > Some(first))
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test that fails should say so at once")]
mod tests {
    use super::*;

    fn played(lines: &str) -> Run {
        let mut run = Run::new(&format!("cluster m + s1\n{lines}\nat 9s end\n")).unwrap();
        run.play_out();
        run
    }

    #[test]
    fn who_is_apart_needs_a_reason_and_is_seen() {
        let cut = played("at 0s cut m-s1\nat 1s A write k 1");
        assert!(reasons(&cut).is_some_and(|why| why.starts_with("s1 is apart")));
        assert!(all(&cut).is_some_and(|why| why.contains("still apart")));
        assert_eq!(told_by_reads(&cut), None, "it is said that they differ, and they do");
        assert_eq!(all(&played("at 1s A write k 1")), None);
        let local = played("slave-writes accepted\nat 1s A write k 1 @s1");
        assert_eq!(reasons(&local), None, "written past the master");
    }
}
