//! The settings that hold for the whole cluster, as the nodes read them.

use crate::scenario::{Durability, Level, Replication, SlaveWrites};
use crate::time::{MS, Us};

/// Settings in force.
#[derive(Debug, Clone, PartialEq)]
pub struct Rules {
    /// When the master answers a write.
    pub replication: Replication,
    /// What a slave does with a write from a client.
    pub slave_writes: SlaveWrites,
    /// How long a flush takes, µs.
    pub flush_us: Us,
    /// Answer before or after the flush.
    pub durability: Durability,
    /// Entries that a log keeps, nothing for all.
    pub log_keep: Option<u32>,
    /// How long a slave waits before it connects again, µs.
    pub retry_us: Us,
    /// Slaves that belong to the cluster, up or down.
    pub slaves: usize,
}

impl Default for Rules {
    fn default() -> Self {
        Self {
            replication: Replication::Async,
            slave_writes: SlaveWrites::Ignored,
            flush_us: MS,
            durability: Durability::Sync,
            log_keep: None,
            retry_us: 250 * MS,
            slaves: 0,
        }
    }
}

impl Rules {
    pub(super) fn is_lazy(&self) -> bool {
        matches!(self.durability, Durability::Lazy(_))
    }

    /// How long it takes from the first unflushed entry until it is on disk.
    pub(super) fn flush_takes_us(&self) -> Us {
        match self.durability {
            Durability::Sync => self.flush_us,
            Durability::Lazy(interval_us) => interval_us,
        }
    }

    pub(super) fn is_hidden(&self) -> bool {
        matches!(self.replication, Replication::Sync { hidden: true, .. })
    }

    /// Whether slaves tell of an entry before it is flushed.
    pub(super) fn acknowledges_receipt(&self) -> bool {
        matches!(self.replication, Replication::Sync { level: Level::Received, .. })
    }
}
