//! Whether all running nodes hold the same: their stores are compared, key by key, whatever their history. What a read of
//! a key would give is what counts, so two writes of the same value are the same.

use super::Referee;
use crate::cluster::{Cluster, Node, Process};
use crate::facts::{Cell, Position};
use crate::history::History;

/// How the nodes stand to each other.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Convergence {
    /// All running nodes hold the same.
    Converged,
    /// These lack entries of the log, or show them before the master does: node and entries behind.
    Behind(Vec<(u16, u64)>),
    /// These hold something else than the master (or, if it is down, the node that has come furthest), and the log will
    /// not put it right: node and key.
    Diverged(Vec<(u16, u32)>),
}

/// How a node differs from another one.
enum Difference {
    /// It lacks so many entries.
    Lacks(u64),
    /// It shows so many entries that the other one is still to show.
    Ahead(u64),
    /// The log will not put this key right.
    For(u32),
}

impl Referee {
    /// How the running nodes stand to each other now. It looks through all their stores, so it is for those who ask.
    pub fn convergence(&self, cluster: &Cluster) -> Convergence {
        let nodes: Vec<&Node> = running(cluster).collect();
        let master = nodes.iter().find(|node| node.id == cluster.master());
        let furthest = || nodes.iter().max_by_key(|node| (rank(node.position()), u16::MAX - node.id));
        let Some(measure) = master.or_else(furthest) else { return Convergence::Converged };
        let (mut diverged, mut behind) = (Vec::new(), Vec::new());
        for node in nodes.iter().filter(|node| node.id != measure.id) {
            match self.difference(node, measure, cluster.history()) {
                None => {}
                Some(Difference::For(key)) => diverged.push((node.id, key)),
                Some(Difference::Lacks(entries)) => behind.push((node.id, entries)),
                Some(Difference::Ahead(entries)) if behind.iter().all(|(id, _)| *id != measure.id) => {
                    behind.push((measure.id, entries));
                }
                Some(Difference::Ahead(_)) => {}
            }
        }
        if !diverged.is_empty() {
            Convergence::Diverged(diverged)
        } else if !behind.is_empty() {
            Convergence::Behind(behind)
        } else {
            Convergence::Converged
        }
    }

    /// How what a node holds differs from what another one holds.
    fn difference(&self, node: &Node, measure: &Node, history: &History) -> Option<Difference> {
        let mut found = None;
        let keys = u32::try_from(node.disk.store.places().max(measure.disk.store.places())).unwrap_or(u32::MAX);
        for key in 0..keys {
            let (own, other) = (node.disk.store.get(key), measure.disk.store.get(key));
            if same(own, other, history) {
                continue;
            }
            if self.comes_to(node, measure, key, other, history) {
                let (applied, upto) = (node.disk.applied, measure.disk.applied);
                let upto = if upto > applied { upto } else { measure.position().lsn };
                found = Some(Difference::Lacks(u64::from(upto.saturating_sub(applied))));
            } else if self.comes_to(measure, node, key, own, history) {
                let ahead = node.disk.applied.saturating_sub(measure.disk.applied);
                found.get_or_insert(Difference::Ahead(u64::from(ahead)));
            } else {
                return Some(Difference::For(key));
            }
        }
        found
    }

    /// Whether a node will come to hold what another one holds for a key by applying what is still to come in its log.
    fn comes_to(&self, node: &Node, other: &Node, key: u32, held: Option<Cell>, history: &History) -> bool {
        let (applied, log) = (node.disk.applied, &other.disk.log);
        if !self.is_part_of(node, other, history) {
            return false;
        }
        if let Some(cell) = held.filter(|cell| !cell.local && cell.lsn > applied) {
            let trimmed = cell.lsn <= log.base() && !self.is_gone(cell.write);
            if trimmed || log.get(cell.lsn, history).is_some_and(|entry| entry.write == cell.write) {
                return true;
            }
        }
        // What neither of them has applied yet makes them the same.
        let mut rest = (applied.max(log.base()) + 1..=log.last().lsn).filter_map(|lsn| log.get(lsn, history));
        rest.any(|entry| entry.key == key && entry.lsn > other.disk.applied)
    }

    /// Whether what a node has applied is how the other one's log begins, as far as that is still known.
    fn is_part_of(&self, node: &Node, other: &Node, history: &History) -> bool {
        let applied = node.disk.applied;
        match (node.disk.log.at(applied, history), other.disk.log.at(applied, history)) {
            (Some(own), Some(theirs)) => own == theirs,
            // Where logs are trimmed, the referee remembers.
            (Some(_), None) if applied > 0 && applied < other.disk.log.base() => {
                let own = node.disk.log.get(applied, history).map(|entry| entry.write);
                own.is_none_or(|write| self.logged_at(applied) == Some(write))
            }
            (_, None) => applied <= other.disk.log.last().lsn,
            (None, _) => true,
        }
    }
}

/// The nodes whose process is there.
pub(super) fn running(cluster: &Cluster) -> impl Iterator<Item = &Node> {
    let runs = cluster.members().filter(|member| !member.removed && member.process != Process::Down);
    runs.map(|member| &member.node)
}

/// A later epoch counts for more than a longer log.
fn rank(position: Position) -> (u32, u32) {
    (position.epoch, position.lsn)
}

/// Whether two cells give a reader the same.
fn same(own: Option<Cell>, other: Option<Cell>, history: &History) -> bool {
    let shown = |cell: Option<Cell>| cell.filter(|cell| !cell.deleted).map(|cell| cell.write);
    match (shown(own), shown(other)) {
        (None, None) => true,
        (Some(own), Some(other)) => own == other || history.value(own) == history.value(other),
        _ => false,
    }
}
