//! When a cluster is at rest, and which of its time-outs can be waited for.
//!
//! What is under way takes a few latencies and flushes; whatever is due later is a time-out or a beat in the background. A
//! cluster is at rest when nothing is due within that span, and no slave can connect that does not yet. (Whether it is
//! settled will not do: a write that waits for a slave that is away never settles.)

use super::look::something_connects;
use crate::cluster::Cluster;
use crate::limits;
use crate::run::Run;
use crate::scenario::{Durability, Failover, OwnWrites, Replication, TooFew};
use crate::time::{MS, SECOND, Us};

/// The spans of a cluster.
#[derive(Debug, Clone)]
pub(super) struct Pace {
    /// What is due later than this is not under way, µs.
    gap_us: Us,
    /// How long a cluster may take to come to rest before it is taken as it is, µs.
    settle_us: Us,
    /// The lengths of time-outs that can be waited for, the shortest first, µs.
    pub waits: Vec<Us>,
    /// What things take at most until they have settled: the longest time-out, and no less than ten seconds, µs.
    pub longest_us: Us,
}

impl Pace {
    pub fn of(cluster: &Cluster) -> Self {
        let ways = cluster.channels().iter();
        let way_us =
            ways.map(|way| way.quality.latency_us + way.quality.jitter_us).max().unwrap_or(MS).min(10 * SECOND);
        let gap_us = (4 * (way_us + cluster.rules().flush_us)).max(20 * MS);
        let waits = waits(cluster);
        let longest_us = waits.last().copied().unwrap_or(0).max(10 * SECOND);
        Self { gap_us, settle_us: 1_500 * MS + 20 * way_us, waits, longest_us }
    }

    /// Plays until nothing is under way.
    pub fn settle(&self, run: &mut Run) {
        let until = run.now() + self.settle_us;
        for _ in 0..limits::CHECK_SETTLE_EVENTS_MAX {
            match run.next_at() {
                Some(at) if at <= until && (at <= run.now() + self.gap_us || something_connects(run.cluster())) => {
                    run.step();
                }
                _ => break,
            }
        }
    }

    /// How many of the time-outs have passed since then.
    pub fn passed(&self, now: Us, since: Us) -> u64 {
        let age = now.saturating_sub(since);
        self.waits.iter().filter(|&&wait| wait <= age).count() as u64
    }
}

/// One wait for each time-out of the settings; those that are nearly alike are one.
fn waits(cluster: &Cluster) -> Vec<Us> {
    let rules = cluster.rules();
    let mut waits = Vec::new();
    if let Durability::Lazy(us) | Durability::Snapshots(us) = rules.durability {
        waits.push(us + 200 * MS);
    }
    if let TooFew::Degrade(us) | TooFew::Error(us) = rules.too_few
        && rules.replication != Replication::Async
    {
        waits.push(us + 500 * MS);
    }
    if let Some(gate) = rules.gate {
        waits.push(gate.within_us + SECOND);
    }
    if let OwnWrites::Master(us) = cluster.routing().own_writes {
        waits.push(us + 200 * MS);
    }
    match cluster.failover() {
        Failover::Manual => {}
        Failover::Quorum { down_after_us, .. } => waits.push(2 * down_after_us + 30 * SECOND),
        Failover::Lease { ttl_us, loop_us, .. } => waits.push(2 * ttl_us + 3 * loop_us),
        Failover::Election { timeout_us } => waits.push(3 * timeout_us + 5 * SECOND),
    }
    if let Some(us) = rules.link_timeout_us {
        waits.push(us * 3 / 2 + SECOND);
    }
    let delays = cluster.members().map(|member| member.node.apply_delay_us).filter(|us| *us > SECOND);
    waits.extend(delays.map(|us| us + SECOND));
    waits.sort_unstable();
    waits.dedup_by(|later, earlier| *later < *earlier * 5 / 4);
    waits
}
