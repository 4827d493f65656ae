//! A lease in a store that every node asks, after Patroni (dynamic configuration: ttl, loop_wait, maximum_lag_on_failover).
//! The store itself never fails, but the way to it can.

use super::{Cluster, Failover, Observer, State, Watch};
use crate::cluster::Role;
use crate::facts::{Event, Lsn};
use crate::time::Us;

/// The store: who holds the lease, and how far each node has told that its log goes.
#[derive(Debug, Clone)]
pub(super) struct LeaseStore {
    holder: u16,
    until_us: Us,
    leader_lsn: Lsn,
    nodes: Vec<(u16, Lsn, Us)>,
}

impl LeaseStore {
    pub(super) fn held_by(holder: u16, until_us: Us) -> Self {
        Self { holder, until_us, leader_lsn: 0, nodes: Vec::new() }
    }

    fn holder(&self, now: Us) -> Option<u16> {
        (now < self.until_us).then_some(self.holder)
    }

    /// A node asks, and takes the lease if it wants it and can have it.
    fn asked(&mut self, now: Us, ttl_us: Us, node: u16, want: bool, lsn: Lsn) {
        self.nodes.retain(|(known, ..)| *known != node);
        self.nodes.push((node, lsn, now));
        if want && self.holder(now).is_none_or(|holder| holder == node) {
            self.holder = node;
            self.until_us = now + ttl_us;
            self.leader_lsn = lsn;
        }
    }

    /// The furthest position of other nodes that were heard of lately, the last holder's aside.
    fn best(&self, now: Us, ttl_us: Us, but: u16) -> Lsn {
        let counts = |(node, _, at_us): &&(u16, Lsn, Us)| *node != but && *node != self.holder && at_us + ttl_us >= now;
        self.nodes.iter().filter(counts).map(|(_, lsn, _)| *lsn).max().unwrap_or(0)
    }
}

impl Observer {
    /// Who holds the lease, if this is its store: nothing in it for nobody.
    pub fn lease_holder(&self, now: Us) -> Option<Option<u16>> {
        match &self.state {
            State::Lease(lease) => Some(lease.holder(now)),
            State::Sentinel(_) => None,
        }
    }
}

impl Cluster {
    pub(super) fn lease_tick(&mut self, id: u16, loop_us: Us) {
        let now = self.sim.now();
        let ends_us = self.member(id).map_or(0, |member| member.voter.lease_until_us);
        // It will not be able to renew in time: it steps aside before anybody else can take the lease.
        if self.is_leading(id) && now + loop_us >= ends_us {
            self.set_fenced(id, true);
        }
        let want = self.member(id).is_some_and(|member| member.node.role == Role::Master);
        self.ask_for_lease(id, want);
    }

    fn ask_for_lease(&mut self, id: u16, want: bool) {
        let (asked_us, lsn) = (self.sim.now(), self.standing(id).lsn);
        for store in self.detector.observers.clone() {
            self.tell(id, store, Watch::LeaseAsk { want, lsn, asked_us });
        }
    }

    pub(super) fn lease_message(&mut self, id: u16, from: u16, watch: Watch) {
        let Failover::Lease { ttl_us, max_lag, .. } = self.detector.failover else { return };
        match watch {
            Watch::LeaseAsk { want, lsn, asked_us } => self.lease_asked(id, from, want, lsn, asked_us, ttl_us),
            Watch::LeaseSays { holder: Some(holder), asked_us, .. } if holder == id => {
                if let Some(voter) = self.voter_mut(id) {
                    voter.lease_until_us = asked_us + ttl_us;
                }
                if self.member(id).is_some_and(|member| member.node.role == Role::Master) {
                    self.set_fenced(id, false);
                } else {
                    self.note(Event::LeaseTaken { node: id });
                    self.promote_node(id, false);
                }
            }
            Watch::LeaseSays { holder: Some(holder), .. } => self.obey(id, holder),
            Watch::LeaseSays { holder: None, leader_lsn, best, .. } => {
                let member = self.member(id);
                let is_slave = member.is_some_and(|member| member.node.role != Role::Master && member.priority > 0);
                let lsn = self.standing(id).lsn;
                let near = max_lag.is_none_or(|entries| leader_lsn.saturating_sub(lsn) <= Lsn::from(entries));
                if is_slave && near && lsn >= best {
                    self.ask_for_lease(id, true);
                }
            }
            _ => {}
        }
    }

    fn lease_asked(&mut self, id: u16, from: u16, want: bool, lsn: Lsn, asked_us: Us, ttl_us: Us) {
        let now = self.sim.now();
        let Some(State::Lease(lease)) = self.observer_mut(id).map(|observer| &mut observer.state) else { return };
        lease.asked(now, ttl_us, from, want, lsn);
        let (holder, leader_lsn) = (lease.holder(now), lease.leader_lsn);
        let best = lease.best(now, ttl_us, from);
        self.tell(id, from, Watch::LeaseSays { holder, asked_us, leader_lsn, best });
    }
}
