//! A client: a session that asks, routes, waits, and gives up. It knows which node is the master, and nothing of
//! who is down: that it learns as anybody does, by asking.

use smallvec::SmallVec;

use crate::scenario::Router;
use crate::simulator::Chance;

/// A request that waits for its answer.
#[derive(Debug, Clone)]
pub struct Pending {
    /// Number of the operation.
    pub operation: u32,
    /// Who is asked now.
    pub node: u16,
    /// Nodes that the router may try after this one.
    pub others: SmallVec<[u16; 4]>,
}

/// A client.
#[derive(Debug, Clone)]
pub struct Client {
    /// Endpoint number.
    pub id: u16,
    pending: Vec<Pending>,
    /// Where round robin goes on.
    turn: usize,
    chance: Chance,
}

impl Client {
    /// A client that has asked nothing yet.
    pub fn new(id: u16, chance: Chance) -> Self {
        Self { id, pending: Vec::new(), turn: 0, chance }
    }

    /// Requests without an answer.
    pub fn pending(&self) -> &[Pending] {
        &self.pending
    }

    /// The nodes to ask for a read, the best first. `named` is the node of a [`Router::Node`], if it exists.
    pub fn route(&mut self, router: &Router, named: Option<u16>, master: u16, slaves: &[u16]) -> SmallVec<[u16; 4]> {
        if slaves.is_empty() {
            return SmallVec::from_slice(&[master]);
        }
        let first = match router {
            Router::Master => return SmallVec::from_slice(&[master]),
            Router::Node(_) => return named.into_iter().collect(),
            Router::Random => self.chance.below(slaves.len() as u64) as usize,
            Router::RoundRobin => {
                self.turn += 1;
                (self.turn - 1) % slaves.len()
            }
        };
        let (before, from_first) = slaves.split_at(first);
        from_first.iter().chain(before).copied().chain([master]).collect()
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
        let asked = self.pending.iter().any(|pending| pending.operation == operation && pending.node == node);
        asked && self.finish(operation)
    }

    /// Operations that were asked of a node whose connection is gone.
    pub fn asked_of(&self, node: u16) -> SmallVec<[u32; 4]> {
        self.pending.iter().filter(|pending| pending.node == node).map(|pending| pending.operation).collect()
    }

    /// The next node to try for an operation, if there is one.
    pub fn try_next(&mut self, operation: u32) -> Option<u16> {
        let pending = self.pending.iter_mut().find(|pending| pending.operation == operation)?;
        if pending.others.is_empty() {
            return None;
        }
        pending.node = pending.others.remove(0);
        Some(pending.node)
    }
}
