//! Observers beside the nodes, after Redis Sentinel (sentinel.conf; the documentation's “High availability with Redis
//! Sentinel”): enough of them must miss the master, and a majority must let one of them act.

use super::{Cluster, Observer, Standing, State, Watch, majority};
use crate::facts::{Event, Lsn};
use crate::time::{SECOND, Us};

/// How long a node may say something else than what was agreed before it is told off. Redis Sentinel was seen to take ten
/// seconds.
const PATIENCE_US: Us = 10 * SECOND;
/// `failover-timeout` as it is by default, and in the preset: a promotion that takes longer is given up, and from one attempt to the
/// next, one's own or one that it let another one make, twice as long must pass (sentinel.c, sentinelStartFailoverIfNeeded).
const FAILOVER_TIMEOUT_US: Us = 180 * SECOND;
const NEXT_TRY_US: Us = 2 * FAILOVER_TIMEOUT_US;
/// How long it asks to be let act (sentinel.c, SENTINEL_ELECTION_TIMEOUT).
const ELECTION_US: Us = 10 * SECOND;
/// One that has not looked at its clock for so long does not trust what it knows for a while: it only watches (TILT mode).
const TILT_TRIGGER_US: Us = 2 * SECOND;
const TILT_US: Us = 30 * SECOND;
/// How old the last word of a slave may be that is to lead: five pings. With a pong comes what INFO says, which may be as old.
const FRESH_US: Us = 5 * SECOND;

/// What an observer knows.
#[derive(Debug, Clone)]
pub(super) struct Sentinel {
    /// The master that was agreed on, and since which epoch.
    master: u16,
    config_epoch: u32,
    seen: Vec<Seen>,
    /// Whether it misses the master.
    suspects: bool,
    /// Since when, µs.
    suspects_since_us: Us,
    /// Observers that said so too, and when.
    reports: Vec<(u16, Us)>,
    /// The last epoch that it knows, and the last one in which it let somebody act.
    epoch: u32,
    voted: u32,
    act: Act,
    /// It does not try before that.
    next_try_us: Us,
    /// When it last looked at its clock, and until when it only watches.
    looked_us: Us,
    tilt_until_us: Us,
}

#[derive(Debug, Clone, Default)]
enum Act {
    #[default]
    None,
    /// It asks the others whether it may.
    Asking { votes: Vec<u16>, until_us: Us },
    /// It has told a node to lead.
    Promoting { node: u16, until_us: Us },
}

#[derive(Debug, Clone)]
struct Seen {
    node: u16,
    heard_us: Us,
    standing: Standing,
    wrong_since_us: Option<Us>,
    /// Whether its connection is there.
    connected: bool,
}

impl Sentinel {
    pub(super) fn new(master: u16, now: Us) -> Self {
        Self {
            master,
            config_epoch: 0,
            seen: Vec::new(),
            suspects: false,
            suspects_since_us: 0,
            reports: Vec::new(),
            epoch: 0,
            voted: 0,
            act: Act::None,
            next_try_us: 0,
            looked_us: now,
            tilt_until_us: 0,
        }
    }

    /// Whether it only watches: it hung until lately.
    fn tilts(&mut self, now: Us) -> bool {
        if now.saturating_sub(self.looked_us) > TILT_TRIGGER_US {
            self.tilt_until_us = now + TILT_US;
        }
        self.looked_us = now;
        now < self.tilt_until_us
    }

    fn see(&mut self, node: u16, now: Us, standing: Standing) {
        match self.seen.iter_mut().find(|seen| seen.node == node) {
            Some(seen) => {
                seen.heard_us = now;
                seen.standing = standing;
                seen.connected = true;
            }
            None => self.seen.push(Seen { node, heard_us: now, standing, wrong_since_us: None, connected: true }),
        }
    }

    fn silent_us(&self, node: u16, now: Us) -> Us {
        let heard = self.seen.iter().find(|seen| seen.node == node).map_or(0, |seen| seen.heard_us);
        now.saturating_sub(heard)
    }

    fn adopt(&mut self, epoch: u32, master: u16) {
        self.config_epoch = epoch;
        self.epoch = self.epoch.max(epoch);
        self.master = master;
        self.suspects = false;
        self.reports.clear();
        self.act = Act::None;
        self.next_try_us = 0;
    }

    /// The connection to a node is gone.
    pub(super) fn disconnected(&mut self, node: u16) {
        self.seen.iter_mut().filter(|seen| seen.node == node).for_each(|seen| seen.connected = false);
    }

    /// It comes up again with what its configuration file has: the master, its epochs, and whom it had let act.
    pub(super) fn restart(&mut self, now: Us) {
        let seen = self.seen.iter().map(|seen| seen.node).collect::<Vec<u16>>();
        let (master, config_epoch, epoch, voted) = (self.master, self.config_epoch, self.epoch, self.voted);
        *self = Self { config_epoch, epoch, voted, ..Self::new(master, now) };
        seen.into_iter().for_each(|node| self.see(node, now, Standing::default()));
    }

    /// The slave to promote (`sentinelSelectReplica`): none that is down or not connected, whose last word is too old,
    /// that must never lead, or whose link to the master was down for longer than that is down and ten times the limit. Then by
    /// priority, by position, and by run id (here: in the order of their coming).
    fn best(&self, now: Us, down_after_us: Us) -> Option<u16> {
        let master_down_us = if self.suspects { now.saturating_sub(self.suspects_since_us) } else { 0 };
        let link_down_max_us = master_down_us + 10 * down_after_us;
        let able = |seen: &&Seen| {
            let silent_us = now.saturating_sub(seen.heard_us);
            seen.node != self.master
                && seen.connected
                && silent_us < down_after_us
                && silent_us <= FRESH_US
                && seen.standing.priority > 0
                && seen.standing.link_down_us <= link_down_max_us
        };
        let rank = |seen: &&Seen| (seen.standing.priority, Lsn::MAX - seen.standing.lsn, seen.node);
        self.seen.iter().filter(able).min_by_key(rank).map(|seen| seen.node)
    }
}

impl Observer {
    /// The master that it does not miss yet, and when it heard of it last, µs.
    pub(in crate::cluster) fn listens_to(&self) -> Option<(u16, Us)> {
        match &self.state {
            State::Sentinel(Sentinel { master, suspects: false, seen, .. }) => {
                seen.iter().find(|seen| seen.node == *master).map(|seen| (*master, seen.heard_us))
            }
            _ => None,
        }
    }

    /// The master that it believes in and whether it misses it; nothing for the store of a lease.
    pub fn suspects(&self) -> Option<(u16, bool)> {
        match &self.state {
            State::Sentinel(sentinel) => Some((sentinel.master, sentinel.suspects)),
            State::Lease(_) => None,
        }
    }
}

impl Cluster {
    pub(super) fn sentinel_tick(&mut self, id: u16, quorum: u8, down_after_us: Us) {
        let (now, every_us) = (self.sim.now(), self.watch_every_us());
        for node in self.watched() {
            if self.sentinel_mut(id).is_some_and(|sentinel| sentinel.seen.iter().all(|seen| seen.node != node))
                && let Some(sentinel) = self.sentinel_mut(id)
            {
                sentinel.see(node, now, Standing::default());
            }
            self.tell(id, node, Watch::Ping);
        }
        self.hello(id);
        if self.sentinel_mut(id).is_none_or(|sentinel| sentinel.tilts(now)) {
            return;
        }
        self.suspect(id, down_after_us, every_us);
        self.ask_others(id, usize::from(quorum), every_us);
        self.put_right(id, every_us);
    }

    /// Tells the other observers who the master is.
    fn hello(&mut self, id: u16) {
        let Some(&mut Sentinel { config_epoch: epoch, master, epoch: known, .. }) = self.sentinel_mut(id) else {
            return;
        };
        self.tell_others(id, Watch::Announce { epoch, master, known });
    }

    fn tell_others(&mut self, id: u16, watch: Watch) {
        for other in self.detector.observers.clone().into_iter().filter(|&other| other != id) {
            self.tell(id, other, watch);
        }
    }

    fn suspect(&mut self, id: u16, down_after_us: Us, every_us: Us) {
        let now = self.sim.now();
        // Sentinel, too, waits up to a second by chance, so that not all ask for votes at once.
        let delay_us = self.observer_mut(id).map_or(0, |observer| observer.chance.below(4 * every_us));
        let Some(sentinel) = self.sentinel_mut(id) else { return };
        let node = sentinel.master;
        let down = sentinel.silent_us(node, now) >= down_after_us;
        let before = std::mem::replace(&mut sentinel.suspects, down);
        if down && !before {
            sentinel.next_try_us = sentinel.next_try_us.max(now + delay_us);
            sentinel.suspects_since_us = now;
            self.note(Event::Suspected { observer: id, node });
        } else if before && !down {
            sentinel.reports.clear();
            sentinel.act = Act::None;
        }
    }

    fn ask_others(&mut self, id: u16, quorum: usize, every_us: Us) {
        let now = self.sim.now();
        let chance_us = self.observer_mut(id).map_or(0, |observer| observer.chance.below(SECOND));
        let Some(sentinel) = self.sentinel_mut(id) else { return };
        if let Act::Asking { until_us, .. } | Act::Promoting { until_us, .. } = sentinel.act
            && until_us <= now
        {
            sentinel.act = Act::None;
        }
        if !sentinel.suspects {
            return;
        }
        let agree = 1 + sentinel.reports.iter().filter(|(_, at_us)| at_us + 5 * every_us >= now).count();
        if agree >= quorum && matches!(sentinel.act, Act::None) && now >= sentinel.next_try_us {
            sentinel.epoch += 1;
            sentinel.voted = sentinel.epoch;
            sentinel.act = Act::Asking { votes: vec![id], until_us: now + ELECTION_US };
            sentinel.next_try_us = now + NEXT_TRY_US + chance_us;
        }
        let asking = matches!(sentinel.act, Act::Asking { .. });
        let (node, epoch) = (sentinel.master, if asking { sentinel.epoch } else { 0 });
        self.tell_others(id, Watch::AskDown { node, epoch });
        self.act_if_elected(id, quorum);
    }

    fn act_if_elected(&mut self, id: u16, quorum: usize) {
        let crate::scenario::Failover::Quorum { down_after_us, .. } = self.detector.failover else { return };
        let (now, needed) = (self.sim.now(), quorum.max(majority(self.detector.observers.len())));
        let Some(sentinel) = self.sentinel_mut(id) else { return };
        let Act::Asking { votes, .. } = &sentinel.act else { return };
        if votes.len() < needed {
            return;
        }
        // Without a good slave the attempt is over (-failover-abort-no-good-slave).
        let Some(node) = sentinel.best(now, down_after_us) else {
            sentinel.act = Act::None;
            return;
        };
        sentinel.act = Act::Promoting { node, until_us: now + FAILOVER_TIMEOUT_US };
        self.note(Event::Chosen { observer: id, node });
        self.tell(id, node, Watch::Lead);
    }

    /// Tells nodes that say something else than what was agreed to follow the master.
    fn put_right(&mut self, id: u16, every_us: Us) {
        let now = self.sim.now();
        let Some(sentinel) = self.sentinel_mut(id) else { return };
        let master = sentinel.master;
        let heard = |seen: &Seen| now.saturating_sub(seen.heard_us) <= 2 * every_us;
        if !sentinel.seen.iter().any(|seen| seen.node == master && heard(seen) && seen.standing.master) {
            return;
        }
        let mut wrong = Vec::new();
        for seen in sentinel.seen.iter_mut().filter(|seen| seen.node != master) {
            let astray = seen.standing.master || seen.standing.upstream.is_some_and(|upstream| upstream != master);
            let since = *seen.wrong_since_us.get_or_insert(now);
            if !astray || !heard(seen) {
                seen.wrong_since_us = None;
            } else if !seen.standing.master || now >= since + PATIENCE_US {
                wrong.push(seen.node);
            }
        }
        for node in wrong {
            self.tell(id, node, Watch::Obey { upstream: master });
        }
    }

    pub(super) fn sentinel_message(&mut self, id: u16, from: u16, watch: Watch) {
        let now = self.sim.now();
        let (quorum, every_us) = match self.detector.failover {
            crate::scenario::Failover::Quorum { quorum, .. } => (usize::from(quorum), self.watch_every_us()),
            _ => return,
        };
        let Some(sentinel) = self.sentinel_mut(id) else { return };
        match watch {
            Watch::Pong(standing) => {
                sentinel.see(from, now, standing);
                if let Act::Promoting { node, .. } = sentinel.act
                    && node == from
                    && standing.master
                {
                    sentinel.adopt(sentinel.epoch, node);
                    self.hello(id);
                    self.put_right(id, every_us);
                }
            }
            Watch::AskDown { node, epoch } => {
                let down = !sentinel.tilts(now) && sentinel.suspects && sentinel.master == node;
                sentinel.epoch = sentinel.epoch.max(epoch);
                let vote = if epoch > sentinel.voted { epoch } else { 0 };
                sentinel.voted = sentinel.voted.max(epoch);
                if vote > 0 {
                    // Who lets another one act does not try itself for a while.
                    sentinel.next_try_us = sentinel.next_try_us.max(now + NEXT_TRY_US);
                }
                self.tell(id, from, Watch::SayDown { down, vote });
            }
            Watch::SayDown { down, vote } => {
                sentinel.reports.retain(|(observer, _)| *observer != from);
                if down {
                    sentinel.reports.push((from, now));
                }
                let epoch = sentinel.epoch;
                if let Act::Asking { votes, .. } = &mut sentinel.act
                    && vote == epoch
                    && !votes.contains(&from)
                {
                    votes.push(from);
                }
                self.act_if_elected(id, quorum);
            }
            Watch::Announce { epoch, master, known } => {
                sentinel.epoch = sentinel.epoch.max(known);
                if epoch > sentinel.config_epoch {
                    sentinel.adopt(epoch, master);
                }
            }
            _ => {}
        }
    }
}
