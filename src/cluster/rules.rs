//! The settings that hold for the whole cluster, as the nodes read them.

use smallvec::SmallVec;

use super::engine::{EngineRules, rules_of};
use crate::limits;
use crate::scenario::{
    Durability, Engine, Gap, Gate, Level, LogKeep, Quota, Rejoin, Relay, Replication, SlaveWrites, TooFew, Unapplied,
};
use crate::time::{MS, SECOND, Us};

/// Settings in force.
#[derive(Debug, Clone, PartialEq)]
pub struct Rules {
    /// When the master answers a write.
    pub replication: Replication,
    /// Slaves that count for that, in the order of priority; empty for all.
    pub sync_slaves: Vec<u16>,
    /// What it does when too few slaves acknowledge.
    pub too_few: TooFew,
    /// Slaves that it must have heard of before it takes a write at all.
    pub gate: Option<Gate>,
    /// What a slave does with a write from a client.
    pub slave_writes: SlaveWrites,
    /// How long a flush takes, µs.
    pub flush_us: Us,
    /// Answer before or after the flush.
    pub durability: Durability,
    /// What a log keeps.
    pub log_keep: LogKeep,
    /// How long a slave waits before it connects again, µs.
    pub retry_us: Us,
    /// What becomes of a slave whose place in the log is gone.
    pub gap: Gap,
    /// What a slave passes on.
    pub relay: Relay,
    /// What becomes of the unapplied log of a promoted slave.
    pub unapplied: Unapplied,
    /// What becomes of a diverged node that follows again.
    pub rejoin: Rejoin,
    /// After how long a silent link counts as broken, µs; nothing for never.
    pub link_timeout_us: Option<Us>,
    /// What a host keeps of a connection until the wire takes it, bytes.
    pub send_buffer: u32,
    /// Whose words the nodes speak.
    pub engine: Engine,
    /// Nodes that belong to the cluster, up or down.
    pub members: usize,
    /// Who follows whom: slave and upstream, up or down.
    pub followers: Vec<(u16, u16)>,
}

impl Default for Rules {
    fn default() -> Self {
        Self {
            replication: Replication::Async,
            sync_slaves: Vec::new(),
            too_few: TooFew::Block,
            gate: None,
            slave_writes: SlaveWrites::Ignored,
            flush_us: MS,
            durability: Durability::Sync,
            log_keep: LogKeep::All,
            retry_us: 250 * MS,
            gap: Gap::Snapshot,
            relay: Relay::Received,
            unapplied: Unapplied::Apply,
            rejoin: Rejoin::Discard,
            link_timeout_us: None,
            send_buffer: limits::SEND_BUFFER,
            engine: Engine::Plain,
            members: 1,
            followers: Vec::new(),
        }
    }
}

impl Rules {
    /// Whether a write counts before it is on disk.
    pub(super) fn is_lazy(&self) -> bool {
        self.durability != Durability::Sync
    }

    /// How long it takes from the first unflushed entry until it is on disk; nothing if it never is.
    pub(super) fn flush_takes_us(&self) -> Option<Us> {
        match self.durability {
            Durability::Sync => Some(self.flush_us),
            Durability::Lazy(interval_us) | Durability::Snapshots(interval_us) => Some(interval_us),
            Durability::None => None,
        }
    }

    pub(super) fn is_hidden(&self) -> bool {
        matches!(self.replication, Replication::Sync { hidden: true, .. })
    }

    /// Whether slaves tell of an entry before it is flushed.
    pub(super) fn acknowledges_receipt(&self) -> bool {
        matches!(self.replication, Replication::Sync { level: Level::Received, .. })
    }

    /// What the engine does its own way.
    pub fn engine(&self) -> &'static dyn EngineRules {
        rules_of(self.engine)
    }

    /// How often nodes tell each other that they are there, µs; nothing if nobody asks for it.
    pub(super) fn tick_us(&self) -> Option<Us> {
        let link = self.link_timeout_us.map(|us| self.engine().heartbeat_us(us));
        let gate = self.gate.map(|gate| (gate.within_us / 2).min(SECOND));
        link.into_iter().chain(gate).min()
    }

    /// Whether a slave counts when a write waits.
    pub fn counts(&self, slave: u16) -> bool {
        self.sync_slaves.is_empty() || self.sync_slaves.contains(&slave)
    }

    /// Slaves of a node that count when a write waits, up or down.
    pub(super) fn counting_followers(&self, of: u16) -> usize {
        self.followers.iter().filter(|(slave, upstream)| *upstream == of && self.counts(*slave)).count()
    }

    /// How many slaves of a node must have a write.
    pub(super) fn needed(&self, count: Quota, of: u16) -> usize {
        match count {
            Quota::All => self.counting_followers(of),
            Quota::Slaves(slaves) => usize::from(slaves),
            // More than half of all, less the node itself.
            Quota::Majority => self.members / 2,
        }
    }

    /// Whether one node follows another, up or down. A connection alone does not make it so: it may be of a slave that
    /// has left since.
    pub(super) fn follows(&self, slave: u16, upstream: u16) -> bool {
        self.followers.contains(&(slave, upstream))
    }

    /// Place of a slave in the order of priority, the best first.
    pub(super) fn priority(&self, slave: u16) -> usize {
        self.sync_slaves.iter().position(|&listed| listed == slave).unwrap_or(usize::from(slave))
    }
}

/// Things by their rank; those of the same rank in the order that they had. They are one for each slave: the sort of the
/// standard library would be most of the code that orders them.
pub(super) fn by_rank<T>(things: impl Iterator<Item = (u64, T)>) -> SmallVec<[(u64, T); 8]> {
    let mut ranked: SmallVec<[(u64, T); 8]> = SmallVec::new();
    for (rank, thing) in things {
        let place = ranked.partition_point(|(other, _)| *other <= rank);
        ranked.insert(place, (rank, thing));
    }
    ranked
}
