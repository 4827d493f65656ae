//! The nodes elect one of themselves, after MongoDB (replica set elections: heartbeats, electionTimeoutMillis, a primary
//! that sees only a minority steps down).

use super::{Cluster, Failover, Watch, majority};
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
    /// Who has elected it in its own term.
    votes: Vec<u16>,
    /// Until when it holds the lease, µs.
    pub(super) lease_until_us: Us,
}

impl Voter {
    pub(super) fn new(now: Us, lease_us: Us) -> Self {
        Self { master_heard_us: now, lease_until_us: if lease_us > 0 { now + lease_us } else { 0 }, ..Self::default() }
    }

    pub(super) fn restart(&mut self, now: Us) {
        *self = Self { term: self.term, voted: self.voted, master_heard_us: now, ..Self::default() };
    }

    fn hear(&mut self, node: u16, now: Us) {
        self.heard.retain(|(known, _)| *known != node);
        self.heard.push((node, now));
    }

    /// Nodes that it is in touch with, itself among them.
    fn in_touch(&self, now: Us, timeout_us: Us) -> usize {
        1 + self.heard.iter().filter(|(_, at_us)| at_us + timeout_us > now).count()
    }
}

impl Cluster {
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
            self.stand(id, &nodes);
        }
        let master = self.is_leading(id);
        let term = self.member(id).map_or(0, |member| member.voter.term);
        for node in nodes.into_iter().filter(|&node| node != id) {
            self.tell(id, node, Watch::Beat { term, master });
        }
    }

    /// Up to 15 % of the time-out, another share for each node and term, so that not all stand at once.
    fn hesitation_us(&self, id: u16, timeout_us: Us) -> Us {
        let term = self.member(id).map_or(0, |member| Us::from(member.voter.term));
        timeout_us * 15 / 100 * ((Us::from(id) * 7 + term * 3) % 10) / 10
    }

    fn stand(&mut self, id: u16, nodes: &[u16]) {
        let now = self.sim.now();
        if self.member(id).is_none_or(|member| member.priority == 0) {
            return;
        }
        let position = self.member(id).map(|member| member.node.position()).unwrap_or_default();
        let Some(voter) = self.voter_mut(id) else { return };
        voter.term += 1;
        voter.voted = voter.term;
        voter.votes = vec![id];
        voter.master_heard_us = now;
        let term = voter.term;
        self.note(Event::Stands { node: id, term });
        for &node in nodes.iter().filter(|&&node| node != id) {
            self.tell(id, node, Watch::AskVote { term, position });
        }
        self.lead_if_elected(id);
    }

    fn lead_if_elected(&mut self, id: u16) {
        let needed = majority(self.watched().len());
        let elected = self.voter_mut(id).is_some_and(|voter| voter.voted == voter.term && voter.votes.len() >= needed);
        if elected && !self.is_leading(id) {
            if let Some(voter) = self.voter_mut(id) {
                voter.votes.clear();
            }
            self.promote_node(id, false);
        }
    }

    pub(super) fn election_message(&mut self, id: u16, from: u16, watch: Watch) {
        let (now, Failover::Election { .. }) = (self.sim.now(), self.detector.failover) else { return };
        if let Watch::Beat { term, .. } | Watch::AskVote { term, .. } = watch {
            self.learn_term(id, term);
        }
        match watch {
            Watch::Beat { term, master } => {
                let Some(voter) = self.voter_mut(id) else { return };
                voter.hear(from, now);
                if master && term >= voter.term {
                    voter.master_heard_us = now;
                    self.obey(id, from);
                }
            }
            Watch::AskVote { term, position } => {
                let own = self.member(id).map(|member| member.node.position()).unwrap_or_default();
                let Some(voter) = self.voter_mut(id) else { return };
                if term > voter.voted && term >= voter.term && reaches(position, own) {
                    voter.voted = term;
                    voter.master_heard_us = now;
                    self.tell(id, from, Watch::Vote { term });
                }
            }
            Watch::Vote { term } => {
                let Some(voter) = self.voter_mut(id) else { return };
                if term == voter.term && voter.voted == term && !voter.votes.is_empty() && !voter.votes.contains(&from)
                {
                    voter.votes.push(from);
                    self.lead_if_elected(id);
                }
            }
            _ => {}
        }
    }

    /// A later term than its own: whoever led in an earlier one steps aside.
    fn learn_term(&mut self, id: u16, term: u32) {
        let Some(voter) = self.voter_mut(id).filter(|voter| term > voter.term) else { return };
        voter.term = term;
        voter.votes.clear();
        if self.is_leading(id) {
            self.set_fenced(id, true);
        }
    }
}

/// Whether a log that ends here has all that another one has.
fn reaches(one: Position, other: Position) -> bool {
    (one.epoch, one.lsn) >= (other.epoch, other.lsn)
}
