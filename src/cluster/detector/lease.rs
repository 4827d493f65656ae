//! A lease in a store that every node asks, after Patroni (dynamic configuration: ttl, loop_wait, maximum_lag_on_failover).
//! The store may crash or be cut off; what is in it survives, and a lease that was held when it went down is held anew when it
//! is up again (etcd: leases are extended).

use super::{Cluster, Failover, Input, Observer, Process, Standbys, State, Watch};
use crate::cluster::Role;
use crate::cluster::rules::by_rank;
use crate::facts::{Event, Lsn};
use crate::scenario::{Replication, TooFew};
use crate::simulator::Condition;
use crate::time::Us;

/// The store: who holds the lease, how far each node has told that its log goes, and which standbys are synchronous.
#[derive(Debug, Clone)]
pub(super) struct LeaseStore {
    holder: u16,
    until_us: Us,
    leader_lsn: Lsn,
    nodes: Vec<(u16, Lsn, Us)>,
    /// Nothing as long as no leader has published any: then any node may take over.
    standbys: Option<Standbys>,
}

impl LeaseStore {
    pub(super) fn held_by(holder: u16, until_us: Us) -> Self {
        Self { holder, until_us, leader_lsn: 0, nodes: Vec::new(), standbys: None }
    }

    /// The store goes down: a lease that has ended stays ended.
    pub(super) fn stopped(&mut self, now: Us) {
        self.until_us = if self.holder(now).is_some() { Us::MAX } else { 0 };
    }

    /// It is up again.
    pub(super) fn restart(&mut self, now: Us, ttl_us: Us) {
        self.until_us = if self.until_us == Us::MAX { now + ttl_us } else { 0 };
        self.nodes.clear();
    }

    fn holder(&self, now: Us) -> Option<u16> {
        (now < self.until_us).then_some(self.holder)
    }

    /// A node asks, and takes the lease if it wants it and can have it.
    fn asked(&mut self, now: Us, ttl_us: Us, node: u16, ask: (bool, Lsn)) {
        let (want, lsn) = ask;
        self.nodes.retain(|(known, ..)| *known != node);
        self.nodes.push((node, lsn, now));
        let free = self.holder(now).is_none() && self.may_lead(node) && lsn >= self.best(now, ttl_us, node);
        let own = self.holder == node;
        if want && (own || free) {
            if !own && self.standbys.is_some() {
                self.standbys = Some(Standbys::default());
            }
            self.holder = node;
            self.until_us = now + ttl_us;
            self.leader_lsn = lsn;
        }
    }

    /// Only the last leader, and a standby that is published as synchronous. Patroni: replication_modes, synchronous mode.
    fn may_lead(&self, node: u16) -> bool {
        node == self.holder || self.standbys.is_none_or(|standbys| standbys.contains(&Some(node)))
    }

    /// The furthest position of other nodes that may lead and were heard of lately, the last holder's aside.
    fn best(&self, now: Us, ttl_us: Us, but: u16) -> Lsn {
        let counts = |(node, _, at_us): &&(u16, Lsn, Us)| {
            *node != but && *node != self.holder && self.may_lead(*node) && at_us + ttl_us / 2 >= now
        };
        self.nodes.iter().filter(counts).map(|(_, lsn, _)| *lsn).max().unwrap_or(0)
    }
}

impl Observer {
    /// Whose lease ends by itself, and when, µs.
    pub(in crate::cluster) fn lease_ends_at(&self, now: Us) -> Option<(u16, Us)> {
        match &self.state {
            // While the store is down, none ends.
            State::Lease(lease) if lease.until_us < Us::MAX => Some((lease.holder(now)?, lease.until_us)),
            _ => None,
        }
    }

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
        self.ask_as_it_is(id);
    }

    /// Whether a node cannot ask the store: Patroni starts its PostgreSQL once it has (`ensure_dcs_access`).
    pub(super) fn lacks_store(&self, id: u16) -> bool {
        let open = |from, to| self.channel(from, to).is_some_and(|way| way.condition == Condition::Open);
        let can_ask =
            |(store, observer): (u16, &Observer)| observer.process == Process::Up && open(id, store) && open(store, id);
        matches!(self.detector.failover, Failover::Lease { .. }) && !self.observers().any(can_ask)
    }

    pub(in crate::cluster) fn awaits_store(&self, id: u16) -> bool {
        self.member(id).is_some_and(|member| member.voter.awaits_store)
    }

    /// A node is told to start: it does, or waits until it can ask the store.
    pub(in crate::cluster) fn start_or_await(&mut self, id: u16) {
        if !self.lacks_store(id) {
            return self.start(id);
        }
        if let Some(voter) = self.voter_mut(id) {
            voter.awaits_store = true;
        }
        self.note(Event::AwaitsStore { node: id });
    }

    /// Asks for the lease as a master, else only who holds it.
    fn ask_as_it_is(&mut self, id: u16) {
        let want = self.member(id).is_some_and(|member| member.node.role == Role::Master);
        let standbys = self.is_leading(id).then(|| self.promotable(id)).flatten();
        self.ask_for_lease(id, want, standbys);
    }

    fn ask_for_lease(&mut self, id: u16, want: bool, standbys: Option<Standbys>) {
        let (asked_us, lsn) = (self.sim.now(), self.standing(id).lsn);
        for store in self.detector.observers.clone() {
            self.tell(id, store, Watch::LeaseAsk { want, lsn, asked_us, standbys });
        }
    }

    /// The standbys that a leader wants to wait for: those that it waits for as long as their connections hold, then the
    /// furthest. Nothing if it waits for none by the settings.
    fn wanted_standbys(&self, id: u16) -> Option<Vec<u16>> {
        let Replication::Sync { count, .. } = self.rules.replication else { return None };
        let node = &self.member(id)?.node;
        let rank = |slave: u16| {
            let named = node.standbys.as_ref().is_some_and(|named| named.contains(&slave));
            let flushed = node.acknowledged_by(slave)?.flushed;
            Some((u64::from(!named) << 32 | u64::from(Lsn::MAX - flushed), slave))
        };
        let counts = |slave: &&u16| self.rules.counts(**slave) && self.rules.follows(**slave, id);
        let ranked = by_rank(self.slaves.iter().filter(counts).filter_map(|&slave| rank(slave)));
        let most = self.rules.needed(count, id).min(Standbys::default().len());
        Some(ranked.into_iter().take(most).map(|(_, slave)| slave).collect())
    }

    /// Those of them that it waits for already, and that have all that it has answered so far: one of them can take over.
    fn promotable(&self, id: u16) -> Option<Standbys> {
        let wanted = self.wanted_standbys(id)?;
        let node = &self.member(id)?.node;
        let named = node.standbys.clone().unwrap_or_default();
        let has_all = |slave: u16| node.acknowledged_by(slave).is_some_and(|at| at.flushed >= node.progress().applied);
        Some(published(wanted.into_iter().filter(|&slave| named.contains(&slave) && has_all(slave))))
    }

    /// What is published has changed, or its connections: from now on a leader waits for those that it wants, and for those
    /// that may take over. None at all: it answers at once, or if it is strict it waits for any.
    fn name_standbys(&mut self, id: u16, told: Standbys) {
        let Some(wanted) = self.wanted_standbys(id) else { return self.set_standbys(id, None) };
        let others = told.into_iter().flatten().filter(|slave| !wanted.contains(slave));
        let ranked = by_rank(wanted.iter().copied().chain(others).map(|name| (u64::from(name), name)));
        let names: Vec<u16> = ranked.into_iter().map(|(_, name)| name).collect();
        let strict = !matches!(self.rules.too_few, TooFew::Degrade(_));
        self.set_standbys(id, Some(names).filter(|names| !names.is_empty() || !strict));
        let promotable = self.promotable(id);
        if promotable.is_some_and(|now| now != told && told.iter().all(|node| now.contains(node))) {
            self.ask_for_lease(id, true, promotable);
        }
    }

    fn set_standbys(&mut self, id: u16, standbys: Option<Vec<u16>>) {
        if self.member(id).is_some_and(|member| member.node.standbys != standbys) {
            self.handle(id, Input::Standbys(standbys));
        }
    }

    /// As the cluster is set up, the standbys are chosen already.
    pub(super) fn first_standbys(&mut self) {
        for id in self.watched() {
            self.set_standbys(id, None);
        }
        if !matches!(self.detector.failover, Failover::Lease { .. }) {
            return;
        }
        let Some(names) = self.wanted_standbys(self.master) else { return };
        let standbys = published(names.iter().copied());
        self.set_standbys(self.master, Some(names));
        for store in self.detector.observers.clone() {
            if let Some(State::Lease(lease)) = self.observer_mut(store).map(|observer| &mut observer.state) {
                lease.standbys = Some(standbys);
            }
        }
    }

    /// The store's timer rings: if nobody has renewed the lease, all who watch its key are told. True if this is a store.
    pub(super) fn lease_ends(&mut self, id: u16) -> bool {
        let now = self.sim.now();
        let Some(State::Lease(lease)) = self.observer_mut(id).map(|observer| &observer.state) else { return false };
        if lease.until_us == now {
            for node in self.watched() {
                self.tell(id, node, Watch::LeaseEnded);
            }
        }
        true
    }

    pub(super) fn lease_message(&mut self, id: u16, from: u16, watch: Watch) {
        let Failover::Lease { ttl_us, max_lag, .. } = self.detector.failover else { return };
        match watch {
            Watch::LeaseAsk { .. } => self.lease_asked(id, from, watch, ttl_us),
            Watch::LeaseEnded => self.ask_as_it_is(id),
            Watch::LeaseSays { holder: Some(holder), asked_us, standbys, .. } if holder == id => {
                if let Some(voter) = self.voter_mut(id) {
                    voter.lease_until_us = asked_us + ttl_us;
                }
                if self.member(id).is_some_and(|member| member.node.role == Role::Master) {
                    self.set_fenced(id, false);
                    self.name_standbys(id, standbys);
                } else {
                    self.note(Event::LeaseTaken { node: id });
                    // None at first, unless it is strict; it asks for some a loop later.
                    let alone = matches!(self.rules.too_few, TooFew::Degrade(_))
                        && self.rules.replication != Replication::Async;
                    self.set_standbys(id, alone.then(Vec::new));
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
                    self.ask_for_lease(id, true, None);
                }
            }
            _ => {}
        }
    }

    fn lease_asked(&mut self, id: u16, from: u16, watch: Watch, ttl_us: Us) {
        let Watch::LeaseAsk { want, lsn, asked_us, standbys: told } = watch else { return };
        let (now, none) = (self.sim.now(), self.rules.replication == Replication::Async);
        let Some(State::Lease(lease)) = self.observer_mut(id).map(|observer| &mut observer.state) else { return };
        lease.standbys = lease.standbys.filter(|_| !none);
        lease.asked(now, ttl_us, from, (want, lsn));
        let (holder, leader_lsn, until_us) = (lease.holder(now), lease.leader_lsn, lease.until_us);
        if want && holder == Some(from) && told.is_some() {
            lease.standbys = told;
        }
        // Who may not lead is told so by a position that it cannot have: else it would ask again at once, for ever.
        let best = if lease.may_lead(from) { lease.best(now, ttl_us, from) } else { Lsn::MAX };
        let standbys = lease.standbys.unwrap_or_default();
        if until_us == now + ttl_us {
            self.set_watch_timer(id, ttl_us);
        }
        self.tell(id, from, Watch::LeaseSays { holder, asked_us, leader_lsn, best, standbys });
    }
}

/// Standbys as they are published.
fn published(nodes: impl Iterator<Item = u16>) -> Standbys {
    let mut standbys = Standbys::default();
    for (place, node) in standbys.iter_mut().zip(nodes) {
        *place = Some(node);
    }
    standbys
}
