//! What nodes hold beside the master's log: writes that a slave took for itself, and rows that a forced rejoin left where
//! they are. What became of them follows from the stores: they are overwritten, handed on, or gone.

use super::convergence::running;
use super::{LocalWrite, Loss, LostWrite, Referee, place};
use crate::cluster::{Cluster, Node};
use crate::facts::Event;
use crate::history::History;
use crate::time::Us;

/// A row that stands in no master's log.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Held {
    pub node: u16,
    pub key: u32,
    pub write: u32,
}

/// What became of the writes that slaves took for themselves.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct LocalFates {
    /// All running nodes hold them.
    pub everywhere: u64,
    /// Some running nodes hold them.
    pub somewhere: u64,
    /// No running node holds them.
    pub nowhere: u64,
}

impl Referee {
    /// Takes note of what changes the rows that are in no master's log.
    pub(super) fn watch_locals(&mut self, at_us: Us, event: &Event, cluster: &Cluster) {
        match *event {
            Event::WrittenLocally { node, write } => {
                self.local.push(LocalWrite { write, node, at_us });
                let key = cluster.history().write(write).map_or(0, |write| write.key);
                self.held.retain(|held| held.node != node || held.key != key);
                self.held.push(Held { node, key, write });
            }
            Event::Forced { node, .. } => self.find_held(node, cluster),
            _ if self.held.is_empty() => {}
            Event::Applied { node, .. } => self.let_go(at_us, node, Loss::Overwritten, cluster),
            Event::Removed { node } => self.let_go(at_us, node, Loss::Removed, cluster),
            Event::Forgotten { node, .. } => self.let_go(at_us, node, Loss::Forgotten, cluster),
            Event::Crashed { node, .. } => self.let_go(at_us, node, Loss::NotFlushed, cluster),
            Event::Connected { node, full: true, .. } | Event::Rewound { node, .. } | Event::Started { node, .. } => {
                // Its new state may bring what another node had taken for itself.
                self.find_held(node, cluster);
                self.let_go(at_us, node, Loss::Discarded, cluster);
            }
            _ => {}
        }
    }

    /// What a node holds that is in no master's log.
    fn find_held(&mut self, node: u16, cluster: &Cluster) {
        let Some(member) = cluster.member(node) else { return };
        for (key, cell) in member.node.disk.store.iter() {
            let held = Held { node, key, write: cell.write };
            if (cell.local || self.is_gone(cell.write)) && !self.held.contains(&held) {
                self.held.push(held);
            }
        }
    }

    /// A node's store has changed: what it no longer holds, and nobody else does, is lost, unless something newer has
    /// taken its place.
    fn let_go(&mut self, at_us: Us, node: u16, loss: Loss, cluster: &Cluster) {
        let now = |held: &Held| {
            let member = cluster.member(held.node).filter(|member| !member.removed)?;
            member.node.disk.store.get(held.key).map(|cell| cell.write)
        };
        let mut left = Vec::new();
        self.held.retain(|held| {
            let stays = held.node != node || now(held) == Some(held.write);
            if !stays {
                left.push(*held);
            }
            stays
        });
        for held in left {
            if self.held.iter().any(|other| other.write == held.write) {
                continue;
            }
            if loss == Loss::Overwritten && now(&held).is_some_and(|newer| newer > held.write) {
                self.replaced.insert(held.write);
            }
            if !self.is_gone(held.write) {
                self.go(at_us, node, held.write, loss, cluster.history());
            }
        }
    }

    /// Acknowledged writes that no running node would answer with, nor with something that has taken their place since.
    /// [`Referee::lost`] also has those that are in no master's log and live on beside it. It looks into the stores, so
    /// it is for those who ask.
    pub fn lost_now(&self, cluster: &Cluster) -> Vec<LostWrite> {
        if self.lost.is_empty() {
            return Vec::new();
        }
        let nodes: Vec<&Node> = running(cluster).collect();
        let history = cluster.history();
        let lives = |lost: &LostWrite| {
            self.replaced.contains(&lost.write) || nodes.iter().any(|node| self.lives_on(node, lost.write, history))
        };
        self.lost.iter().filter(|lost| !lives(lost)).copied().collect()
    }

    /// Those of [`Referee::lost`] in whose place something newer was put, where they were held.
    pub fn replaced(&self) -> u64 {
        self.lost.iter().filter(|lost| self.replaced.contains(&lost.write)).count() as u64
    }

    /// Whether a node would answer with a write, or with what has replaced it in its own log. An older write can replace
    /// it too, where transactions of two masters meet: then it is gone.
    fn lives_on(&self, node: &Node, write: u32, history: &History) -> bool {
        let key = history.write(write).map_or(0, |write| write.key);
        let Some(shown) = node.disk.store.get(key).map(|cell| cell.write) else { return false };
        let lsn = self.positions.get(place(write)).copied().flatten();
        let logged = |lsn| node.disk.log.get(lsn, history).is_some_and(|entry| entry.write == write);
        shown == write
            || !history.is_before(shown, write) && lsn.is_some_and(|lsn| lsn <= node.disk.applied && logged(lsn))
    }

    /// What became of the writes that slaves took for themselves.
    pub fn local_fates(&self, cluster: &Cluster) -> LocalFates {
        let nodes: Vec<&Node> = running(cluster).collect();
        let mut fates = LocalFates::default();
        for local in &self.local {
            match nodes.iter().filter(|node| holds(node, local.write, cluster.history())).count() {
                0 => fates.nowhere += 1,
                some if some == nodes.len() => fates.everywhere += 1,
                _ => fates.somewhere += 1,
            }
        }
        fates
    }
}

/// Whether a node would answer with a write.
pub(crate) fn holds(node: &Node, write: u32, history: &History) -> bool {
    let key = history.write(write).map_or(0, |write| write.key);
    node.disk.store.get(key).is_some_and(|cell| cell.write == write)
}
