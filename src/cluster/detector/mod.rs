//! Who notices that the master is gone, and puts a slave in its place. Nothing here looks into a node: observers, the
//! store of the lease and the nodes know of each other what messages tell them.

mod election;
mod lease;
mod quorum;
mod watchers;

use super::{Cluster, Endpoint, Input, Message, Process, Role, Timer};
use crate::facts::{Event, Lsn};
use crate::scenario::{Failover, Name};
use crate::simulator::{Chance, Stream};
use crate::time::{SECOND, Us};
pub(super) use election::Voter;
use lease::LeaseStore;
use quorum::Sentinel;

/// What is said between those who watch and those who are watched.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Watch {
    /// Observer to node: are you there?
    Ping,
    /// Node to observer: yes, and this is how I am.
    Pong(Standing),
    /// Observer to observer: is this master gone for you too? With an epoch: will you let me act?
    AskDown {
        /// The master.
        node: u16,
        /// The epoch in which the observer wants to act, 0 if it only asks.
        epoch: u32,
    },
    /// Observer to observer.
    SayDown {
        /// Whether the master is gone for it.
        down: bool,
        /// The epoch in which it lets the other one act, 0 for none.
        vote: u32,
    },
    /// Observer to observer: this is the master since this epoch.
    Announce {
        /// The epoch.
        epoch: u32,
        /// The master.
        master: u16,
        /// The last epoch that the observer knows.
        known: u32,
    },
    /// Observer to node: be a master.
    Lead,
    /// Observer to node: follow this one.
    Obey {
        /// The node to follow.
        upstream: u16,
    },
    /// Node to the store of the lease.
    LeaseAsk {
        /// Whether it wants the lease.
        want: bool,
        /// How far its log goes.
        lsn: Lsn,
        /// When it asked, µs.
        asked_us: Us,
        /// A leader's synchronous standbys, to be published; nothing for no change.
        standbys: Option<Standbys>,
    },
    /// The store to a node: the lease has ended.
    LeaseEnded,
    /// The store's answer.
    LeaseSays {
        /// Who holds the lease.
        holder: Option<u16>,
        /// When the node had asked, µs.
        asked_us: Us,
        /// The last position that a holder told.
        leader_lsn: Lsn,
        /// The furthest position of the other nodes that were heard of lately.
        best: Lsn,
        /// The synchronous standbys that are published.
        standbys: Standbys,
    },
    /// Node to node: I am here.
    Beat {
        /// The term that it knows.
        term: u32,
        /// Whether it is the master.
        master: bool,
        /// Whether it is in touch with a master.
        primary: bool,
        /// How far it has come.
        position: crate::facts::Position,
    },
    /// Node to node: will you elect me?
    AskVote {
        /// The term.
        term: u32,
        /// Whether it only wants to know whether it would be.
        dry: bool,
        /// Where its log ends.
        position: crate::facts::Position,
    },
    /// Node to node: yes.
    Vote {
        /// The term.
        term: u32,
        /// Whether it would only be so.
        dry: bool,
    },
}

/// Synchronous standbys: their numbers in front, nothing behind.
pub type Standbys = [Option<u16>; 8];

/// How a node says that it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Standing {
    /// Whether it takes writes.
    pub master: bool,
    /// Whom it follows.
    pub upstream: Option<u16>,
    /// How far its log goes.
    pub lsn: Lsn,
    /// Whom a quorum promotes first.
    pub priority: u8,
    /// How long its link to its master has been down, µs; 0 if it is up, or never was.
    pub link_down_us: Us,
}

/// Somebody beside the nodes: an observer, or the store of the lease.
#[derive(Debug, Clone)]
pub struct Observer {
    /// Its name.
    pub name: Name,
    state: State,
    chance: Chance,
    /// Its process.
    pub process: Process,
    inbox: Vec<(u16, Watch)>,
}

#[derive(Debug, Clone)]
enum State {
    Sentinel(Sentinel),
    Lease(LeaseStore),
}

/// What watches over the cluster.
#[derive(Debug, Clone, Default)]
pub(super) struct Detector {
    pub(super) failover: Failover,
    /// Timers of an earlier setting ring for nobody.
    generation: u32,
    /// Those who are there because of it.
    observers: Vec<u16>,
}

impl Cluster {
    /// How failover is set.
    pub fn failover(&self) -> Failover {
        self.detector.failover
    }

    /// Observers, or the store of the lease, with what each thinks of the master: whether it is gone, or for a lease who
    /// holds it.
    pub fn observers(&self) -> impl Iterator<Item = (u16, &Observer)> {
        self.detector.observers.iter().filter_map(|&id| Some((id, self.observer(id)?)))
    }

    fn observer(&self, id: u16) -> Option<&Observer> {
        match self.endpoints.get(usize::from(id)) {
            Some(Endpoint::Observer(observer)) => Some(observer),
            _ => None,
        }
    }

    fn observer_mut(&mut self, id: u16) -> Option<&mut Observer> {
        match self.endpoints.get_mut(usize::from(id)) {
            Some(Endpoint::Observer(observer)) => Some(observer),
            _ => None,
        }
    }

    fn sentinel_mut(&mut self, id: u16) -> Option<&mut Sentinel> {
        match self.observer_mut(id).map(|observer| &mut observer.state) {
            Some(State::Sentinel(sentinel)) => Some(sentinel),
            _ => None,
        }
    }

    fn voter_mut(&mut self, id: u16) -> Option<&mut Voter> {
        self.member_mut(id).map(|member| &mut member.voter)
    }

    /// The nodes that have not left.
    fn watched(&self) -> Vec<u16> {
        self.members().filter(|member| !member.removed).map(|member| member.node.id).collect()
    }

    /// From now on this watches over the cluster, with no memory of before.
    pub(super) fn watch_by(&mut self, failover: Failover) {
        let now = self.sim.now();
        self.detector = Detector { failover, generation: self.detector.generation + 1, observers: Vec::new() };
        for name in failover.observers() {
            let state = match failover {
                Failover::Lease { ttl_us, .. } => State::Lease(LeaseStore::held_by(self.master, now + ttl_us)),
                _ => State::Sentinel(Sentinel::new(self.master, now)),
            };
            let id = self.add_observer(name, state);
            self.detector.observers.push(id);
            if let Failover::Lease { ttl_us, .. } = failover {
                self.set_watch_timer(id, ttl_us);
            }
        }
        let nodes = self.watched();
        let awaits: Vec<u16> = nodes.iter().copied().filter(|&id| self.awaits_store(id)).collect();
        for &id in &nodes {
            let first = Voter::new(now, if id == self.master { failover.ttl_us() } else { 0 });
            if let Some(voter) = self.voter_mut(id) {
                *voter = first;
            }
            // Nobody watches any longer over a master that had stepped aside.
            self.set_fenced(id, false);
        }
        self.introduce(&nodes);
        self.first_standbys();
        let ticking = if matches!(failover, Failover::Quorum { .. }) { self.detector.observers.clone() } else { nodes };
        let every_us = self.watch_every_us();
        for (place, &id) in ticking.iter().enumerate() {
            let share = every_us * (place as Us + 1) / (ticking.len() as Us + 1);
            self.set_watch_timer(id, share);
        }
        awaits.into_iter().for_each(|id| self.start_or_await(id));
    }

    fn add_observer(&mut self, name: Name, state: State) -> u16 {
        if let Some(id) = self.named(&name)
            && let Some(observer) = self.observer_mut(id)
        {
            observer.state = state;
            observer.process = Process::Up;
            observer.inbox.clear();
            return id;
        }
        let id = self.next_id();
        let chance = Chance::new(self.seed, Stream::Client(id));
        self.endpoints.push(Endpoint::Observer(Box::new(Observer {
            name: name.clone(),
            state,
            chance,
            process: Process::Up,
            inbox: Vec::new(),
        })));
        self.names.push((name, id));
        id
    }

    /// Links between all who watch and are watched.
    fn introduce(&mut self, nodes: &[u16]) {
        let observers = self.detector.observers.clone();
        let nodes_talk = matches!(self.detector.failover, Failover::Election { .. });
        for (place, &observer) in observers.iter().enumerate() {
            for &other in nodes.iter().chain(observers.iter().skip(place + 1)) {
                self.join(other, observer);
            }
        }
        for (place, &node) in nodes.iter().enumerate().filter(|_| nodes_talk) {
            for &other in nodes.iter().skip(place + 1) {
                self.join(node, other);
            }
        }
    }

    /// A node has joined.
    pub(super) fn watch_over(&mut self, id: u16) {
        if self.detector.failover == Failover::Manual {
            return;
        }
        let now = self.sim.now();
        if let Some(voter) = self.voter_mut(id) {
            *voter = Voter::new(now, 0);
        }
        let nodes = self.watched();
        self.introduce(&nodes);
        if !matches!(self.detector.failover, Failover::Quorum { .. }) {
            self.set_watch_timer(id, self.watch_every_us());
        }
    }

    /// The process of a node is up again. A master that has been away does not know whether it still is one.
    pub(super) fn watch_again(&mut self, id: u16) {
        let now = self.sim.now();
        let doubts = !matches!(self.detector.failover, Failover::Manual | Failover::Quorum { .. });
        let is_master = self.member(id).is_some_and(|member| member.node.role == Role::Master);
        if let Some(voter) = self.voter_mut(id) {
            voter.restart(now);
        }
        if doubts && is_master {
            self.set_fenced(id, true);
        }
    }

    pub(super) fn watch_every_us(&self) -> Us {
        match self.detector.failover {
            Failover::Manual => SECOND,
            Failover::Quorum { down_after_us, .. } => (down_after_us / 4).min(SECOND),
            Failover::Lease { loop_us, .. } => loop_us,
            Failover::Election { timeout_us } => (timeout_us / 5).min(2 * SECOND),
        }
    }

    /// Whether somebody who watches looks around then.
    pub(super) fn is_watch(&self, timer: &Timer) -> bool {
        *timer == Timer::Watch { generation: self.detector.generation }
    }

    fn set_watch_timer(&mut self, id: u16, in_us: Us) {
        let timer = Timer::Watch { generation: self.detector.generation };
        self.sim.set_timer(self.sim.now() + in_us, id, timer);
    }

    pub(super) fn watch_timer(&mut self, id: u16, generation: u32) {
        let removed = self.member(id).is_some_and(|member| member.removed);
        if generation != self.detector.generation || removed {
            return;
        }
        if self.lease_ends(id) {
            return;
        }
        self.set_watch_timer(id, self.watch_every_us());
        let up = self.member(id).is_some_and(|member| member.process == Process::Up)
            || self.observer(id).is_some_and(|observer| observer.process == Process::Up);
        match self.detector.failover {
            Failover::Quorum { quorum, down_after_us, .. } if up => self.sentinel_tick(id, quorum, down_after_us),
            Failover::Lease { loop_us, .. } if up => self.lease_tick(id, loop_us),
            Failover::Lease { .. } if self.awaits_store(id) && !self.lacks_store(id) => self.start(id),
            Failover::Election { timeout_us } if up => self.election_tick(id, timeout_us),
            _ => {}
        }
    }

    /// A message of the watch has come to an observer, or to a node that runs.
    pub(super) fn watch_message(&mut self, id: u16, from: u16, watch: Watch) {
        let quorum = matches!(self.detector.failover, Failover::Quorum { .. });
        match watch {
            // What was still on its way when the setting changed.
            Watch::Ping | Watch::Lead | Watch::Obey { .. } if !quorum => {}
            Watch::Ping => self.tell(id, from, Watch::Pong(self.standing(id))),
            // One that is a master already is announced like any other (+switch-master): clients go there.
            Watch::Lead if !self.is_leading(id) || self.master != id => self.promote_node(id, false),
            Watch::Lead => {}
            Watch::Obey { upstream } => self.obey(id, upstream),
            Watch::Pong(_) | Watch::AskDown { .. } | Watch::SayDown { .. } | Watch::Announce { .. } => {
                self.sentinel_message(id, from, watch);
            }
            Watch::LeaseAsk { .. } | Watch::LeaseEnded | Watch::LeaseSays { .. } => self.lease_message(id, from, watch),
            Watch::Beat { .. } | Watch::AskVote { .. } | Watch::Vote { .. } => self.election_message(id, from, watch),
        }
    }

    fn tell(&mut self, from: u16, to: u16, watch: Watch) {
        self.send(from, to, Message::Watch(Box::new(watch)));
    }

    fn standing(&self, id: u16) -> Standing {
        let Some(member) = self.member(id) else { return Standing::default() };
        Standing {
            master: member.node.takes_writes(),
            upstream: member.node.followed(),
            lsn: member.node.position().lsn,
            priority: member.priority,
            link_down_us: member.node.link_down_us(self.sim.now()),
        }
    }

    /// Follows another node, if it does not yet and can.
    fn obey(&mut self, id: u16, upstream: u16) {
        let follows = self.member(id).is_some_and(|member| member.node.followed() == Some(upstream));
        let there = self.member(upstream).is_some_and(|member| !member.removed);
        if !follows && there && id != upstream {
            // A circle is refused; then the next message tries again.
            let _ = self.follow_node(id, upstream, false);
        }
    }

    /// Whether a master has given up to lead by the rules of a lease or of an election: its role is that of a slave then.
    pub(super) fn has_stepped_aside(&self, id: u16) -> bool {
        let secondary = matches!(self.detector.failover, Failover::Lease { .. } | Failover::Election { .. });
        secondary && self.member(id).is_some_and(|member| member.node.role == Role::Master && member.node.fenced)
    }

    fn is_leading(&self, id: u16) -> bool {
        self.member(id).is_some_and(|member| member.node.takes_writes())
    }

    /// A master steps aside, or may write again.
    fn set_fenced(&mut self, id: u16, fenced: bool) {
        if self.member(id).is_some_and(|member| member.node.fenced != fenced) {
            if fenced {
                self.note(Event::SteppedAside { node: id });
            }
            match self.member_mut(id) {
                Some(member) if member.process != Process::Up => member.node.fenced = fenced,
                _ => self.handle(id, Input::Fence(fenced)),
            }
        }
    }

    /// Whether all have come to rest: there is a master that takes writes, and no second one.
    pub fn watch_is_settled(&self) -> bool {
        let masters = self
            .members()
            .filter(|member| member.process == Process::Up && !member.removed && member.node.role == Role::Master);
        self.detector.failover == Failover::Manual || (self.is_leading(self.master) && masters.count() == 1)
    }
}

impl Failover {
    fn ttl_us(self) -> Us {
        match self {
            Failover::Lease { ttl_us, .. } => ttl_us,
            _ => 0,
        }
    }
}

/// More than half.
fn majority(of: usize) -> usize {
    of / 2 + 1
}
