//! Redis 7.0, with and without Sentinel.
//!
//! A history has a replication id, a position in it is an offset (replication.c; the documentation's “Replication”, “How
//! Redis replication works” and “Partial sync after restarts and failovers”). A replica goes on from the backlog if the
//! other one has its id, or had it before the last change of ids and no further than that (`masterTryPartialResync`); else it takes a
//! full copy, whatever it has itself: REPLICAOF is never refused.
//!
//! Id and offset are in the RDB file only (`rdbSaveInfoAuxFields`). With an append-only file (`durability lazy`) every
//! restart of a replica, and of a master for all its replicas, means a full copy. With an RDB file
//! (`durability snapshots`) a replica goes on, however it ended, and so do all replicas of a master that was stopped in
//! good order; one that was killed has a new id. Without
//! persistence (`durability none`) the file of its last full copy stays on a replica's disk: there it goes on.

use super::EngineRules;
use crate::cluster::message::Handshake;
use crate::cluster::node::{Lineage, Node, Role, Upstream};
use crate::facts::{Denial, Failure};
use crate::history::{History, Kind};
use crate::scenario::Durability;
use crate::time::{SECOND, Us};

/// Redis.
pub struct Redis;

impl EngineRules for Redis {
    fn failure(&self, failure: Failure, _: Kind) -> Option<&'static str> {
        Some(match failure {
            Failure::ReadOnly => "-READONLY You can't write against a read only replica.",
            Failure::TooFewSlaves => "-NOREPLICAS Not enough good replicas to write.",
            Failure::WaitAtSlave => {
                "-ERR WAIT cannot be used with replica instances. Please also note that since Redis 4.0 if a replica is \
                 configured to be writable (which is not the default) writes to replicas are just local and are not \
                 propagated."
            }
            Failure::Demoted => {
                "-UNBLOCKED force unblock from blocking operation, instance state changed (master -> replica?)"
            }
            Failure::Overloaded => "-ERR max number of clients reached",
            _ => return None,
        })
    }

    fn denial(&self, denial: Denial) -> Option<&'static str> {
        match denial {
            Denial::Unlinked => Some("-NOMASTERLINK Can't SYNC while not connected with my master"),
            _ => None,
        }
    }

    fn refusal(&self, upstream: &Node, slave: &Handshake, _: &History) -> Option<Denial> {
        let linked = upstream.is_master() || matches!(upstream.upstream(), Upstream::Streaming { .. });
        if !linked {
            return Some(Denial::Unlinked);
        }
        let (lsn, log) = (slave.have.lsn, &upstream.disk.log);
        let same = slave.lineage.is_some_and(|id| upstream.disk.lineage.holds(id, lsn));
        if !same || lsn > log.last().lsn {
            Some(Denial::Diverged)
        } else if lsn < log.base().max(upstream.began()) {
            // The backlog is in memory: after a restart it begins anew.
            Some(Denial::Gap)
        } else {
            None
        }
    }

    fn lineage_at_start(&self, node: &Node, durability: Durability, clean: bool, fresh: u32) -> Lineage {
        let own = node.disk.lineage;
        let copied = durability == Durability::None && node.has_copy();
        let snapshot = matches!(durability, Durability::Snapshots(_));
        match node.role {
            Role::Slave { .. } if snapshot || copied => Lineage { before: None, ..own },
            Role::Slave { .. } => Lineage { known: false, ..Lineage::named(fresh) },
            Role::Master if snapshot && clean || copied => own.renamed(fresh, node.position().lsn),
            Role::Master => Lineage::named(fresh),
        }
    }

    /// What a replica receives as a full copy is renamed to `dump.rdb` and loaded from there (`repl-diskless-load
    /// disabled`). With `save ""` nothing replaces it: a replica that restarts has what it was once copied.
    fn saves_copies(&self) -> bool {
        true
    }

    /// `disconnectSlaves`: they learn of the new id when they ask again.
    fn renaming_ends_streams(&self) -> bool {
        true
    }

    /// What a replica is still to be sent is in the master's memory, not read from a log: beyond
    /// `client-output-buffer-limit replica` the connection is closed.
    fn drops_slow_slaves(&self) -> bool {
        true
    }

    /// Each second: `replicationCron` sends a newline or an acknowledgement.
    fn heartbeat_us(&self, link_timeout_us: Us) -> Us {
        (link_timeout_us / 2).min(SECOND)
    }
}
