//! What happens by itself if nothing comes in between: a lease runs out, a client gives up. Who looks on can count down to it.

use super::rules::by_rank;
use super::{Cluster, Process, Timer};
use crate::history::LOAD_FIRST;
use crate::scenario::Failover;
use crate::time::{SECOND, Us};

/// More are not told.
const TOLD_MAX: usize = 8;

/// What happens then.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Due {
    /// The lease of this node runs out.
    LeaseEnds(u16),
    /// An observer counts the master as down.
    Suspects {
        /// The observer.
        observer: u16,
        /// The master.
        node: u16,
    },
    /// A node stands for election.
    Stands(u16),
    /// A node waits no longer for slaves with this request.
    WaitEnds {
        /// The node.
        node: u16,
        /// The request.
        operation: u32,
    },
    /// The client of this request gives up.
    GivesUp(u32),
}

/// When it happens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Deadline {
    /// What.
    pub due: Due,
    /// From when on it is worth a word: before, it is like any other moment, µs.
    pub from_us: Us,
    /// When it happens, µs.
    pub until_us: Us,
}

impl Cluster {
    /// What happens by itself, the next first.
    pub fn deadlines(&self) -> Vec<Deadline> {
        let mut list: Vec<Deadline> = self.give_ups().collect();
        if !list.is_empty() {
            list.extend(self.wait_ends());
        }
        match self.failover() {
            Failover::Manual => {}
            Failover::Lease { ttl_us, loop_us, .. } => list.extend(self.lease_ends_at(ttl_us, loop_us)),
            Failover::Quorum { down_after_us, .. } => list.extend(self.suspicions(down_after_us)),
            Failover::Election { timeout_us } => list.extend(self.elections(timeout_us)),
        }
        let coming = list.into_iter().filter(|deadline| deadline.until_us > self.sim.now());
        let ranked = by_rank(coming.map(|deadline| (deadline.until_us, deadline)));
        ranked.into_iter().map(|(_, deadline)| deadline).take(TOLD_MAX).collect()
    }

    /// Requests of the text's lines.
    fn give_ups(&self) -> impl Iterator<Item = Deadline> {
        let by_hand = self.pendings.iter().take_while(|(operation, _)| *operation < LOAD_FIRST);
        by_hand.take(TOLD_MAX).filter_map(|(operation, pending)| {
            let from_us = self.history.operation(operation)?.asked_us + SECOND;
            Some(Deadline { due: Due::GivesUp(operation), from_us, until_us: pending.gives_up.0 })
        })
    }

    fn wait_ends(&self) -> impl Iterator<Item = Deadline> {
        self.sim.timers_at().filter_map(|(until_us, node, timer)| {
            let Timer::Node(timer) = timer else { return None };
            let member = self.member(node).filter(|member| member.process == Process::Up)?;
            let operation = member.node.ends(&self.rules, *timer).filter(|operation| *operation < LOAD_FIRST)?;
            let from_us = self.history.operation(operation)?.asked_us + SECOND;
            Some(Deadline { due: Due::WaitEnds { node, operation }, from_us, until_us })
        })
    }

    /// A lease that is renewed is not worth a word.
    fn lease_ends_at(&self, ttl_us: Us, loop_us: Us) -> impl Iterator<Item = Deadline> {
        self.observers().filter_map(move |(_, store)| {
            let (holder, until_us) = store.lease_ends_at(self.sim.now())?;
            let renewed_us = until_us.saturating_sub(ttl_us);
            let up = self.member(holder).is_some_and(|member| member.process == Process::Up);
            let from_us = if up { renewed_us + loop_us * 3 / 2 } else { renewed_us };
            Some(Deadline { due: Due::LeaseEnds(holder), from_us, until_us })
        })
    }

    fn suspicions(&self, down_after_us: Us) -> impl Iterator<Item = Deadline> {
        let up = self.observers().filter(|(_, observer)| observer.process == Process::Up);
        up.filter_map(move |(observer, seen)| {
            let (node, heard_us) = seen.listens_to()?;
            let due = Due::Suspects { observer, node };
            self.looks_at(observer, due, heard_us, heard_us + down_after_us)
        })
    }

    fn elections(&self, timeout_us: Us) -> impl Iterator<Item = Deadline> {
        self.members().filter_map(move |member| {
            let (heard_us, after_us) = self.stands_after(member.node.id, timeout_us)?;
            self.looks_at(member.node.id, Due::Stands(member.node.id), heard_us, after_us)
        })
    }

    /// It does so when it looks around for the first time after that: it has heard nothing for two looks.
    fn looks_at(&self, id: u16, due: Due, heard_us: Us, after_us: Us) -> Option<Deadline> {
        let every_us = self.watch_every_us().max(1);
        let looks = self.sim.timers_at().filter(|(_, owner, timer)| *owner == id && self.is_watch(timer));
        let next_us = looks.map(|(at, ..)| at).min()?;
        let until_us = next_us + after_us.saturating_sub(next_us).div_ceil(every_us) * every_us;
        Some(Deadline { due, from_us: heard_us + 2 * every_us, until_us })
    }
}
