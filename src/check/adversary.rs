//! What can go wrong next, and how much goes wrong already.

use super::act::Act;
use super::look::{self, ids, is_cut, is_held, is_open, members};
use super::operator::{self, Operator};
use super::question::{Mean, Plan};
use crate::cluster::{Cluster, Process};
use crate::limits;
use crate::scenario::{Durability, Failover};

/// Faults that last now: nodes that do not run, slaves that do not apply, links that are cut. All links of one node
/// together are one fault. What is held is slow, not broken: else a crash at the wrong moment would be two faults.
pub(super) fn faults(cluster: &Cluster, plan: &Plan) -> usize {
    let nodes = ids(cluster);
    let stopped = members(cluster).filter(|member| member.process != Process::Up).count();
    let paused = members(cluster).filter(|member| member.node.apply_paused).count();
    let isolated = nodes.iter().filter(|&&node| plan.means.has(Mean::Isolate) && is_isolated(cluster, &nodes, node));
    let mut cuts = Vec::new();
    for (place, &a) in nodes.iter().enumerate() {
        let watchers = cluster.observers().map(|(observer, _)| observer);
        let others = nodes.iter().skip(place + 1).copied().chain(watchers);
        cuts.extend(others.filter(|&b| is_cut(cluster, a, b)).map(|b| (a, b)));
    }
    let of_one = |node: &u16| cuts.iter().all(|(a, b)| a == node || b == node);
    let cut = if !cuts.is_empty() && nodes.iter().any(of_one) { 1 } else { cuts.len() };
    stopped + paused + isolated.count() + cut
}

fn is_isolated(cluster: &Cluster, nodes: &[u16], node: u16) -> bool {
    let mut others = nodes.iter().filter(|&&other| other != node);
    nodes.len() > 2 && others.all(|&other| is_held(cluster, node, other))
}

/// All that makes sense now.
pub(super) fn acts(cluster: &Cluster, plan: &Plan) -> Vec<Act> {
    let nodes = ids(cluster);
    let mut acts = Vec::new();
    of_nodes(cluster, plan, &nodes, &mut acts);
    of_links(cluster, plan, &nodes, &mut acts);
    acts.extend(operator::acts(cluster, plan));
    if something_waits(cluster, plan) {
        acts.extend(plan.pace.waits.iter().map(|&us| Act::Wait(us)));
    }
    let now = faults(cluster, plan);
    let room = plan.faults.is_none_or(|most| now < usize::from(most));
    // A node that hangs and then loses its power is no further fault.
    let free = |act: &Act| matches!(act, Act::Crash(id) if !look::is_up(cluster, *id));
    acts.retain(|act| !act.is_fault() || room || free(act));
    // The plainest first: of ways that lead to one state, the first one is kept.
    acts.sort_by_key(|act| act.weight());
    acts
}

fn of_nodes(cluster: &Cluster, plan: &Plan, nodes: &[u16], acts: &mut Vec<Act>) {
    let means = plan.means;
    for member in members(cluster) {
        let id = member.node.id;
        let up = member.process == Process::Up;
        if up
            && member.node.takes_writes()
            && plan.own_number(cluster.history().write_count()) < limits::CHECK_WRITES_MAX
        {
            acts.push(Act::Write(id));
        }
        match member.process {
            Process::Up if means.has(Mean::Freeze) => acts.push(Act::Freeze(id)),
            Process::Up => {}
            Process::Down => acts.push(Act::Start(id)),
            Process::Frozen => acts.push(Act::Thaw(id)),
        }
        if member.process != Process::Down && means.has(Mean::Crash) {
            acts.push(Act::Crash(id));
        }
        if member.node.followed().is_some() && up {
            match member.node.apply_paused {
                true => acts.push(Act::Resume(id)),
                false if means.has(Mean::Pause) => acts.push(Act::Pause(id)),
                false => {}
            }
        }
        let open = nodes.iter().filter(|&&other| other != id && is_open(cluster, id, other)).count();
        if open > 1 && means.has(Mean::Partition) {
            acts.push(Act::Partition(id));
        }
        if open > 1 && open + 1 == nodes.len() && means.has(Mean::Isolate) {
            acts.push(Act::Isolate(id));
        }
    }
}

fn of_links(cluster: &Cluster, plan: &Plan, nodes: &[u16], acts: &mut Vec<Act>) {
    let means = plan.means;
    let mut broken = 0;
    for (place, &a) in nodes.iter().enumerate() {
        for &b in nodes.iter().skip(place + 1) {
            let follows = |x: u16, y: u16| cluster.member(x).and_then(|member| member.node.followed()) == Some(y);
            // A link that nobody uses matters once one follows the other, or where nodes elect one of themselves.
            let used = follows(a, b) || follows(b, a);
            let talks = matches!(cluster.failover(), Failover::Election { .. });
            if is_open(cluster, a, b) {
                if means.has(Mean::Cut) && (used || talks || plan.operator != Operator::Nobody) {
                    acts.push(Act::Cut(a, b));
                    if means.has(Mean::OneWay) {
                        acts.extend([Act::CutWay(a, b), Act::CutWay(b, a)]);
                    }
                }
                if means.has(Mean::Hold) && used {
                    acts.push(Act::Hold(a, b));
                    if means.has(Mean::OneWay) {
                        acts.extend([Act::HoldWay(a, b), Act::HoldWay(b, a)]);
                    }
                }
            } else if cluster.channel(a, b).is_some() {
                broken += 1;
                acts.push(Act::Heal(a, b));
            }
        }
    }
    // Those who watch are cut off only together with all other nodes.
    if broken > 1 || look::is_unwatched(cluster) {
        acts.push(Act::HealAll);
    }
}

/// Whether some time-out could change something.
pub(super) fn something_waits(cluster: &Cluster, plan: &Plan) -> bool {
    let lazy = matches!(cluster.rules().durability, Durability::Lazy(_) | Durability::Snapshots(_));
    let unflushed = |member: &crate::cluster::Member| {
        member.process == Process::Up && member.node.disk.log.flushed() < member.node.position().lsn
    };
    let failover = cluster.failover() != Failover::Manual
        && (faults(cluster, plan) > 0
            || !cluster.watch_is_settled()
            || members(cluster).any(|member| member.node.fenced)
            || !look::astray(cluster).is_empty());
    look::something_is_held(cluster)
        || lazy && members(cluster).any(unflushed)
        || members(cluster).any(|member| member.process == Process::Frozen || member.node.apply_delay_us > 0)
        || failover
        || members(cluster).any(|member| member.node.denial_of_upstream().is_some())
        || cluster.pendings().iter().next().is_some()
}
