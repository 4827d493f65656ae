//! What the checker asks of a run again and again.

use crate::cluster::{Cluster, Member, Process, Upstream};
use crate::run::Run;
use crate::simulator::Condition;

/// The nodes that have not left, in the order of their coming.
pub(super) fn members(cluster: &Cluster) -> impl Iterator<Item = &Member> {
    cluster.members().filter(|member| !member.removed)
}

/// Their numbers.
pub(super) fn ids(cluster: &Cluster) -> Vec<u16> {
    members(cluster).map(|member| member.node.id).collect()
}

pub(super) fn is_up(cluster: &Cluster, id: u16) -> bool {
    cluster.member(id).is_some_and(|member| member.process == Process::Up)
}

/// Whether bytes travel both ways between two nodes.
pub(super) fn is_open(cluster: &Cluster, a: u16, b: u16) -> bool {
    let open = |from, to| cluster.channel(from, to).is_some_and(|way| way.condition == Condition::Open);
    open(a, b) && open(b, a)
}

/// Whether a way of the link is cut.
pub(super) fn is_cut(cluster: &Cluster, a: u16, b: u16) -> bool {
    let cut = |from, to| cluster.channel(from, to).is_some_and(|way| way.condition == Condition::Cut);
    cut(a, b) || cut(b, a)
}

/// Whether a way of the link is held.
pub(super) fn is_held(cluster: &Cluster, a: u16, b: u16) -> bool {
    let held = |from, to| {
        let way = cluster.channel(from, to);
        way.is_some_and(|way| matches!(way.condition, Condition::Held { .. }))
    };
    held(a, b) || held(b, a)
}

/// Whether a link between a node and somebody who watches does not work.
pub(super) fn is_unwatched(cluster: &Cluster) -> bool {
    let closed =
        |node: u16, observer: u16| cluster.channel(node, observer).is_some() && !is_open(cluster, node, observer);
    cluster.observers().any(|(observer, _)| ids(cluster).into_iter().any(|node| closed(node, observer)))
}

/// Whether any link between nodes is held.
pub(super) fn something_is_held(cluster: &Cluster) -> bool {
    cluster.channels().iter().any(|way| matches!(way.condition, Condition::Held { .. }))
}

pub(super) fn is_streaming(member: &Member) -> bool {
    matches!(member.node.upstream(), Upstream::Streaming { .. })
}

/// Whether a node would answer with a write.
pub(super) fn has(cluster: &Cluster, id: u16, write: u32) -> bool {
    let key = cluster.history().write(write).map_or(0, |write| write.key);
    cluster.member(id).is_some_and(|member| member.node.disk.store.get(key).is_some_and(|cell| cell.write == write))
}

/// The node that clients write to, if it runs and takes writes.
pub(super) fn serving(cluster: &Cluster) -> Option<u16> {
    let master = cluster.member(cluster.master())?;
    (master.process == Process::Up && master.node.takes_writes()).then_some(master.node.id)
}

/// A slave that could connect and has not yet: it will within its retry.
pub(super) fn something_connects(cluster: &Cluster) -> bool {
    members(cluster).any(|member| {
        member.node.followed().is_some_and(|upstream| {
            member.process == Process::Up
                && is_up(cluster, upstream)
                && is_open(cluster, member.node.id, upstream)
                && member.node.denial_of_upstream().is_none()
                && !is_streaming(member)
        })
    })
}

/// Nodes that run and do not follow the master.
pub(super) fn astray(cluster: &Cluster) -> Vec<u16> {
    let master = cluster.master();
    let wrong = |member: &&Member| {
        let node = &member.node;
        member.process == Process::Up && node.id != master && node.followed() != Some(master)
    };
    members(cluster).filter(wrong).map(|member| member.node.id).collect()
}

/// The number of the last write of a run.
pub(super) fn last_write(run: &Run) -> u32 {
    run.cluster().history().write_count()
}

/// How many nodes follow this one.
pub(super) fn followed_by(cluster: &Cluster, id: u16) -> usize {
    members(cluster).filter(|member| member.node.followed() == Some(id)).count()
}
