//! Settings of Redis and Sentinel.

use super::known::on;
use crate::import::evidence::{Fact, Kind, Role};
use crate::import::notes::mask;
use crate::import::position::size;
use crate::import::read::Reading;
use crate::import::shape::Entry;
use crate::import::text::host_and_port;

pub(super) fn redis(reading: &mut Reading, entry: &Entry) -> Option<String> {
    let value = entry.value();
    let word = |at: usize| entry.values.get(at).map(String::as_str).unwrap_or("");
    let number = word(0).parse::<u64>().ok();
    let place = entry.place;
    if entry.key == "sentinel" {
        return sentinel(reading, entry);
    }
    let flag = if on(word(0)) { "yes" } else { "no" };
    match entry.key.as_str() {
        "bind" | "slave_announce_ip" => {
            let (host, _) = host_and_port(word(0))
                .filter(|(host, _)| host != "0.0.0.0" && host != "*" && host != "127.0.0.1" && host != "-::1")?;
            // The port of a Sentinel is not that of the node beside it.
            let own = reading.speaker(place)?;
            reading.kind(Some(own), Kind::Redis);
            reading.evidence.learn_host(own, &host, None);
            Some("where this server listens".to_owned())
        }
        "slaveof" | "slave_of" | "replicaof" => {
            let (host, _) = host_and_port(word(0)).filter(|(host, _)| host != "no")?;
            let own = reading.speaker(place)?;
            let upstream = reading.evidence.at_host(&host, word(1).parse().ok(), place)?;
            reading.kind(Some(own), Kind::Redis);
            reading.kind(Some(upstream), Kind::Redis);
            if reading.evidence.of(own) == reading.evidence.of(upstream) {
                reading.notes.assume(place, "Listening address and master are the same: the master is another node");
                let own = reading.evidence.fresh(place)?;
                reading.speaker = Some(own);
                reading.fact(own, place, Fact::Follows(upstream));
                return Some(format!("set to follow {}", mask(upstream)));
            }
            reading.fact(own, place, Fact::IsRole(Role::Slave));
            reading.fact(own, place, Fact::Follows(upstream));
            Some(format!("set to follow {}", mask(upstream)))
        }
        "appendonly" => {
            let own = reading.speaker(place);
            reading.kind(own, Kind::Redis);
            reading.settings.append_only = Some(on(word(0)));
            Some(format!("appendonly: {flag}"))
        }
        "appendfsync" => {
            reading.settings.append_always = word(0) == "always";
            let known = ["always", "everysec", "no"].into_iter().find(|known| *known == word(0))?;
            Some(format!("appendfsync: {known}"))
        }
        "save" => {
            let some = !value.trim().is_empty();
            reading.settings.saves = Some(some || reading.settings.saves == Some(true));
            Some(if some { "snapshots are saved".to_owned() } else { "no snapshots are saved".to_owned() })
        }
        "min_slaves_to_write" | "min_replicas_to_write" => {
            reading.settings.gate = number;
            Some(format!("min-replicas-to-write: {}", number?))
        }
        "min_slaves_max_lag" | "min_replicas_max_lag" => {
            reading.settings.gate_lag_s = number;
            Some(format!("min-replicas-max-lag: {} s", number?))
        }
        "repl_timeout" => {
            reading.settings.link_timeout_ms = number?.checked_mul(1_000);
            Some(format!("repl-timeout: {} s", number?))
        }
        "repl_backlog_size" => {
            Some(format!("repl-backlog-size: {}", crate::import::position::Amount::Bytes(size(word(0))?).words()))
        }
        "slave_priority" | "replica_priority" => {
            let own = reading.speaker(place)?;
            reading.fact(own, place, Fact::Priority(number?));
            Some(format!("replica-priority: {}", number?))
        }
        "slave_read_only" | "slave_serve_stale_data" | "repl_diskless_sync" => Some(format!("{}: {flag}", entry.key)),
        _ => None,
    }
}

/// `sentinel monitor mymaster 10.0.0.1 6379 2` and its likes.
fn sentinel(reading: &mut Reading, entry: &Entry) -> Option<String> {
    let word = |at: usize| entry.values.get(at).map(String::as_str).unwrap_or("");
    let place = entry.place;
    let node = |reading: &mut Reading| {
        let (host, _) = host_and_port(word(2))?;
        let node = reading.evidence.at_host(&host, word(3).parse().ok(), place)?;
        reading.kind(Some(node), Kind::Redis);
        Some(node)
    };
    reading.settings.sentinel = true;
    match word(0) {
        "monitor" => {
            let master = node(reading)?;
            reading.fact(master, place, Fact::CalledRole(Role::Master));
            reading.settings.quorum = word(4).parse().ok();
            Some(format!("{} is watched, with a quorum of {}", mask(master), reading.settings.quorum?))
        }
        "known-replica" | "known-slave" => {
            let slave = node(reading)?;
            reading.fact(slave, place, Fact::CalledRole(Role::Slave));
            let master = reading.evidence.all().into_iter().find(|node| {
                reading
                    .evidence
                    .seen(*node)
                    .is_some_and(|seen| seen.is(|fact| matches!(fact, Fact::CalledRole(Role::Master))))
            });
            if let Some(master) = master.filter(|master| *master != reading.evidence.of(slave)) {
                reading.fact(slave, place, Fact::Follows(master));
            }
            Some("a slave that this Sentinel knows".to_owned())
        }
        "known-sentinel" => {
            reading.settings.note_sentinel(Some(word(4)));
            Some("another Sentinel".to_owned())
        }
        "down-after-milliseconds" => {
            reading.settings.down_after_ms = word(2).parse().ok();
            Some(format!("down after {}", crate::import::evidence::span_words(reading.settings.down_after_ms?)))
        }
        "failover-timeout" => {
            Some(format!("failover-timeout: {}", crate::import::evidence::span_words(word(2).parse().ok()?)))
        }
        "parallel-syncs" => Some(format!("parallel-syncs: {}", word(2).parse::<u64>().ok()?)),
        _ => None,
    }
}
