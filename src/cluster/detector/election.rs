//! The nodes elect one of themselves, after MongoDB (replica set elections: heartbeats, electionTimeoutMillis, a primary
//! that sees only a minority steps down).

use super::{Cluster, Failover, Process, Watch, majority};
use crate::cluster::{Role, Upstream};
use crate::facts::{Event, Position};
use crate::time::Us;

/// What a node knows of the others. `term` and `voted` survive a crash.
#[derive(Debug, Clone, Default)]
pub struct Voter {
    term: u32,
    voted: u32,
    /// When it last heard of each other node, µs.
    heard: Vec<(u16, Us)>,
    /// When it last heard of a master, or began to wait for one, µs.
    master_heard_us: Us,
    /// When it last heard of a master from that one itself, µs; nothing for never.
    master_seen_us: Option<Us>,
    /// Who has elected it in its own term, or would elect it in the next one.
    votes: Vec<u16>,
    /// Whether it only asks whether it would be elected.
    dry: bool,
    /// Until when it holds the lease, µs.
    pub(super) lease_until_us: Us,
    /// Whether it would start, and cannot ask the store of the lease.
    pub(in crate::cluster) awaits_store: bool,
}

impl Voter {
    pub(super) fn new(now: Us, lease_us: Us) -> Self {
        Self { master_heard_us: now, lease_until_us: if lease_us > 0 { now + lease_us } else { 0 }, ..Self::default() }
    }

    pub(super) fn restart(&mut self, now: Us) {
        *self = Self { term: self.term, voted: self.voted, master_heard_us: now, ..Self::default() };
    }

    /// Whether it has heard a master itself within the time-out.
    fn sees_master(&self, now: Us, timeout_us: Us) -> bool {
        self.master_seen_us.is_some_and(|at_us| at_us + timeout_us > now)
    }

    fn hear(&mut self, node: u16, now: Us) {
        self.heard.retain(|(known, _)| *known != node);
        self.heard.push((node, now));
    }

    /// The term that it knows, and the last one in which it gave its vote.
    pub(in crate::cluster) fn ballot(&self) -> (u32, u32) {
        (self.term, self.voted)
    }

    /// Nodes that it is in touch with, itself among them.
    fn in_touch(&self, now: Us, timeout_us: Us) -> usize {
        1 + self.heard.iter().filter(|(_, at_us)| at_us + timeout_us > now).count()
    }
}

impl Cluster {
    /// When a node last heard of a master, and after what time it stands if it hears no more, µs; nothing if it cannot stand.
    pub(in crate::cluster) fn stands_after(&self, id: u16, timeout_us: Us) -> Option<(Us, Us)> {
        let member = self.member(id).filter(|member| member.process == Process::Up && member.priority > 0)?;
        let touches = member.voter.in_touch(self.sim.now(), timeout_us) >= majority(self.watched().len());
        let heard_us = member.voter.master_heard_us;
        (touches && !self.is_leading(id))
            .then(|| (heard_us, heard_us + timeout_us + self.hesitation_us(id, timeout_us)))
    }

    pub(super) fn election_tick(&mut self, id: u16, timeout_us: Us) {
        let (now, nodes) = (self.sim.now(), self.watched());
        let needed = majority(nodes.len());
        let Some(voter) = self.member(id).map(|member| member.voter.clone()) else { return };
        let in_touch = voter.in_touch(now, timeout_us);
        if self.is_leading(id) {
            if in_touch < needed && now >= voter.master_heard_us + timeout_us {
                self.set_fenced(id, true);
            }
        } else if now >= voter.master_heard_us + timeout_us + self.hesitation_us(id, timeout_us) && in_touch >= needed {
            self.stand(id, true);
        }
        self.beat(id, timeout_us);
    }

    /// Tells all others that it is there, which term it knows, and whether there is a master.
    fn beat(&mut self, id: u16, timeout_us: Us) {
        let (now, master) = (self.sim.now(), self.is_leading(id));
        let position = self.member(id).map(|member| member.node.position()).unwrap_or_default();
        let Some(voter) = self.voter_mut(id) else { return };
        let (term, primary) = (voter.term, master || voter.sees_master(now, timeout_us));
        for node in self.watched().into_iter().filter(|&node| node != id) {
            self.tell(id, node, Watch::Beat { term, master, primary, position });
        }
    }

    /// Up to 15 % of the time-out, another share for each node and term, so that not all stand at once.
    fn hesitation_us(&self, id: u16, timeout_us: Us) -> Us {
        let term = self.member(id).map_or(0, |member| Us::from(member.voter.term));
        timeout_us * 15 / 100 * ((Us::from(id) * 7 + term * 3) % 10) / 10
    }

    /// First it asks whether it would be elected, with its term as it is: so nobody steps aside for one that cannot win.
    /// MongoDB: replication_coordinator_impl_elect_v1.cpp, the dry run.
    fn stand(&mut self, id: u16, dry: bool) {
        let now = self.sim.now();
        if self.member(id).is_none_or(|member| member.priority == 0) {
            return;
        }
        let position = self.member(id).map(|member| member.node.position()).unwrap_or_default();
        let Some(voter) = self.voter_mut(id) else { return };
        if !dry {
            voter.term += 1;
            voter.voted = voter.term;
        }
        voter.votes = vec![id];
        voter.dry = dry;
        voter.master_heard_us = now;
        let term = voter.term;
        if !dry {
            self.note(Event::Stands { node: id, term });
            self.abstain(id, true);
        }
        for node in self.watched().into_iter().filter(|&node| node != id) {
            self.tell(id, node, Watch::AskVote { term, dry, position });
        }
        self.lead_if_elected(id);
    }

    /// It has voted for another leader, or for itself: what it acknowledged to the old one from now on would count for a
    /// write that the new one may not have. MongoDB: replSetUpdatePosition carries the term.
    fn abstain(&mut self, id: u16, abstains: bool) {
        if let Some(member) = self.member_mut(id).filter(|member| !abstains || member.node.role != Role::Master) {
            member.node.abstains = abstains;
        }
    }

    fn lead_if_elected(&mut self, id: u16) {
        let needed = majority(self.watched().len());
        let Some(voter) = self.voter_mut(id).filter(|voter| voter.votes.len() >= needed) else { return };
        if voter.dry {
            self.stand(id, false);
            return;
        }
        let elected = voter.voted == voter.term;
        if elected && !self.is_leading(id) {
            if let Some(voter) = self.voter_mut(id) {
                voter.votes.clear();
            }
            self.promote_node(id, false);
        }
    }

    pub(super) fn election_message(&mut self, id: u16, from: u16, watch: Watch) {
        let (now, Failover::Election { timeout_us }) = (self.sim.now(), self.detector.failover) else { return };
        if let Watch::Beat { term, .. } | Watch::AskVote { term, dry: false, .. } = watch {
            self.learn_term(id, term);
        }
        match watch {
            Watch::Beat { term, master, primary, position } => {
                let Some(voter) = self.voter_mut(id) else { return };
                voter.hear(from, now);
                if term < voter.term {
                    return;
                }
                if master {
                    voter.master_heard_us = now;
                    voter.master_seen_us = Some(now);
                    self.abstain(id, false);
                    self.obey(id, from);
                } else if primary {
                    self.hears_of_master(id, from, position);
                }
            }
            Watch::AskVote { term, dry, position } => {
                let own = self.member(id).map(|member| member.node.position()).unwrap_or_default();
                let Some(voter) = self.voter_mut(id) else { return };
                let free = term >= voter.term && (dry || term > voter.voted);
                if free && reaches(position, own) {
                    self.tell(id, from, Watch::Vote { term, dry });
                    if !dry {
                        self.vote(id, term, timeout_us);
                    }
                }
            }
            Watch::Vote { term, dry } => {
                let Some(voter) = self.voter_mut(id) else { return };
                let asked = term == voter.term && dry == voter.dry && (dry || voter.voted == term);
                if asked && !voter.votes.is_empty() && !voter.votes.contains(&from) {
                    voter.votes.push(from);
                    self.lead_if_elected(id);
                }
            }
            _ => {}
        }
    }

    /// It elects another one. The old master hears of the term at once, not with the next beat.
    fn vote(&mut self, id: u16, term: u32, timeout_us: Us) {
        let now = self.sim.now();
        let Some(voter) = self.voter_mut(id) else { return };
        voter.voted = term;
        voter.master_heard_us = now;
        // The master that it saw leads no longer.
        voter.master_seen_us = None;
        self.abstain(id, true);
        self.beat(id, timeout_us);
    }

    /// Another member is in touch with a master. Who has lost the way to that one takes the log from the other member, and
    /// while it does, its master is not gone for it. MongoDB: chained replication; the oplog's fetcher puts off the
    /// election when its source knows a primary. No member takes one as its source that is behind itself
    /// (topology_coordinator.cpp, `chooseNewSyncSource`).
    fn hears_of_master(&mut self, id: u16, from: u16, position: Position) {
        let now = self.sim.now();
        let Some(node) = self.member(id).map(|member| &member.node).filter(|node| node.role != Role::Master) else {
            return;
        };
        let streams = matches!(node.upstream(), Upstream::Streaming { .. });
        if streams && node.followed() == Some(from) {
            if let Some(voter) = self.voter_mut(id) {
                voter.master_heard_us = now;
            }
        } else if node.upstream() == Upstream::Disconnected && reaches(position, node.position()) {
            self.obey(id, from);
        }
    }

    /// A later term than its own: whoever led in an earlier one steps aside.
    fn learn_term(&mut self, id: u16, term: u32) {
        let Some(voter) = self.voter_mut(id).filter(|voter| term > voter.term) else { return };
        voter.term = term;
        voter.votes.clear();
        voter.master_seen_us = None;
        if self.is_leading(id) {
            self.set_fenced(id, true);
        }
    }
}

/// Whether a log that ends here has all that another one has.
fn reaches(one: Position, other: Position) -> bool {
    (one.epoch, one.lsn) >= (other.epoch, other.lsn)
}
