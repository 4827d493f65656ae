//! A client: a session that asks, routes, waits, and gives up. It knows which node is the master, and nothing of
//! who is down: that it learns as anybody does, by asking.

use smallvec::SmallVec;

use super::log::Lsn;
use crate::scenario::Router;
use crate::simulator::Chance;
use crate::time::Us;

/// A request that waits for its answer.
#[derive(Debug, Clone)]
pub struct Pending {
    /// Number of the operation.
    pub operation: u32,
    /// Who is asked now; nothing while the router finds nobody.
    pub node: Option<u16>,
    /// Nodes that the router may try after this one.
    pub others: SmallVec<[u16; 4]>,
    /// Whether the router has chosen the node.
    pub routed: bool,
}

/// A client.
#[derive(Debug, Clone)]
pub struct Client {
    /// Endpoint number.
    pub id: u16,
    pending: Vec<Pending>,
    /// Where round robin goes on.
    turn: usize,
    /// The slave that it sticks to.
    home: Option<u16>,
    /// Position of its last acknowledged write, and when it heard of that, µs.
    wrote: Option<(Lsn, Us)>,
    chance: Chance,
}

impl Client {
    /// A client that has asked nothing yet.
    pub fn new(id: u16, chance: Chance) -> Self {
        Self { id, pending: Vec::new(), turn: 0, home: None, wrote: None, chance }
    }

    /// Requests without an answer.
    pub fn pending(&self) -> &[Pending] {
        &self.pending
    }

    /// Position of its last acknowledged write, and when it heard of that, µs.
    pub fn wrote(&self) -> Option<(Lsn, Us)> {
        self.wrote
    }

    /// Takes note of an acknowledged write.
    pub fn note_write(&mut self, lsn: Lsn, now: Us) {
        let before = self.wrote.map_or(0, |(lsn, _)| lsn);
        self.wrote = Some((before.max(lsn), now));
    }

    /// Which of these slaves is asked first, and which then. They come in order where the router has one.
    pub fn choose(&mut self, router: &Router, slaves: SmallVec<[u16; 4]>) -> SmallVec<[u16; 4]> {
        if slaves.is_empty() {
            return slaves;
        }
        let home = self.home.and_then(|home| slaves.iter().position(|&slave| slave == home));
        let first = match (router, home) {
            (Router::Random, _) => self.chance.below(slaves.len() as u64) as usize,
            (Router::Sticky, Some(home)) => home,
            (Router::RoundRobin | Router::Sticky, _) => {
                // A client that sticks to a slave begins at its own number, so that clients spread.
                let begin = if *router == Router::Sticky { usize::from(self.id) } else { self.turn };
                self.turn += 1;
                begin % slaves.len()
            }
            _ => 0,
        };
        let (before, from_first) = slaves.split_at(first);
        let chosen: SmallVec<[u16; 4]> = from_first.iter().chain(before).copied().collect();
        self.home = chosen.first().copied();
        chosen
    }

    /// Waits for an answer.
    pub fn wait_for(&mut self, pending: Pending) {
        self.pending.push(pending);
    }

    /// Stops to wait. True if it did wait.
    pub fn finish(&mut self, operation: u32) -> bool {
        let before = self.pending.len();
        self.pending.retain(|pending| pending.operation != operation);
        self.pending.len() < before
    }

    /// Stops to wait because this node has answered. False if it was not this node that it waits for.
    pub fn answered(&mut self, operation: u32, node: u16) -> bool {
        let asked = self.pending.iter().any(|pending| pending.operation == operation && pending.node == Some(node));
        asked && self.finish(operation)
    }

    /// Operations that were asked of a node whose connection is gone.
    pub fn asked_of(&self, node: u16) -> Vec<u32> {
        self.pending.iter().filter(|pending| pending.node == Some(node)).map(|pending| pending.operation).collect()
    }

    /// The next node to try for an operation, if there is one.
    pub fn try_next(&mut self, operation: u32, sticky: bool) -> Option<u16> {
        let pending = self.pending.iter_mut().find(|pending| pending.operation == operation)?;
        if pending.others.is_empty() {
            return None;
        }
        let next = pending.others.remove(0);
        pending.node = Some(next);
        if sticky && pending.routed {
            self.home = Some(next);
        }
        Some(next)
    }

    /// An operation is asked of another node, or of none for now.
    pub fn ask_instead(&mut self, operation: u32, node: Option<u16>, others: SmallVec<[u16; 4]>) {
        if let Some(pending) = self.pending.iter_mut().find(|pending| pending.operation == operation) {
            pending.node = node;
            pending.others = others;
        }
    }
}
