//! Settings of PostgreSQL and repmgr.

use super::known::on;
use crate::import::evidence::{Fact, Kind, Role};
use crate::import::notes::mask;
use crate::import::position::size;
use crate::import::read::{Reading, word_in};
use crate::import::shape::Entry;
use crate::import::text::host_and_port;

/// Which standbys a commit waits for.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::import) struct SyncNames {
    pub method: SyncMethod,
    pub count: u64,
    /// Any name fits.
    pub any_name: bool,
    pub nodes: Vec<usize>,
}

/// How they are chosen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::import) enum SyncMethod {
    First,
    Any,
}

pub(super) fn postgres(reading: &mut Reading, entry: &Entry) -> Option<String> {
    let value = entry.value();
    let place = entry.place;
    let own_kind = |reading: &mut Reading| {
        let own = reading.speaker(place);
        reading.kind(own, Kind::Postgresql);
        own
    };
    match entry.key.as_str() {
        "synchronous_standby_names" => {
            let own = own_kind(reading)?;
            let names = sync_names(reading, &value, entry);
            if names.is_some() {
                reading.fact(own, place, Fact::LooksLikeMaster);
            }
            let text = names.as_ref().map_or("no commit waits for a standby".to_owned(), SyncNames::words);
            reading.settings.sync_names = names;
            Some(format!("synchronous_standby_names: {text}"))
        }
        "synchronous_commit" => {
            own_kind(reading);
            let known = ["on", "off", "local", "remote_write", "remote_apply", "true", "false", "yes", "no"];
            let word = known.into_iter().find(|word| value.eq_ignore_ascii_case(word))?;
            let word = match word {
                "true" | "yes" => "on",
                "false" | "no" => "off",
                word => word,
            };
            reading.settings.sync_commit = Some(word.to_owned());
            Some(format!("synchronous_commit: {word}"))
        }
        "recovery_min_apply_delay" => {
            let own = own_kind(reading)?;
            let ms = span_ms(&value, 1)?;
            if ms > 0 {
                reading.fact(own, place, Fact::Delay(ms));
            } else {
                reading.fact(own, place, Fact::ApplyRuns);
            }
            Some(if ms > 0 {
                format!("applies {} later on purpose", crate::import::evidence::span_words(ms))
            } else {
                "no delay on purpose".to_owned()
            })
        }
        "primary_conninfo" => {
            let own = own_kind(reading)?;
            reading.settings.dropped(place, &mut reading.notes, value.contains("password"));
            if let Some((host, own_port)) = word_in(&value, "host").and_then(host_and_port) {
                let port = word_in(&value, "port").and_then(|port| port.parse().ok()).or(own_port);
                let upstream = reading.evidence.at_host(&host, port, place)?;
                reading.fact(own, place, Fact::Follows(upstream));
                if let Some(name) = word_in(&value, "application_name").filter(|name| !name.contains('/')) {
                    reading.evidence.learn_name(own, name);
                }
                return Some(format!("primary_conninfo: set to follow {}", mask(upstream)));
            }
            None
        }
        "primary_slot_name" => {
            own_kind(reading);
            reading.settings.slots |= !value.is_empty();
            Some(if value.is_empty() {
                "no replication slot".to_owned()
            } else {
                "it uses a replication slot".to_owned()
            })
        }
        "wal_receiver_timeout" | "wal_sender_timeout" => {
            own_kind(reading);
            let ms = span_ms(&value, 1)?;
            reading.settings.link_timeout_ms = Some(ms);
            Some(format!("{}: {}", entry.key, crate::import::evidence::span_words(ms)))
        }
        "wal_keep_size" | "max_slot_wal_keep_size" => {
            own_kind(reading);
            if value.trim() == "-1" {
                return Some(format!("{}: no limit", entry.key));
            }
            let unit = if value.trim().chars().all(|c| c.is_ascii_digit()) { "MB" } else { "" };
            let bytes = size(&format!("{}{unit}", value.trim()))?;
            Some(format!("{}: {}", entry.key, crate::import::position::Amount::Bytes(bytes).words()))
        }
        "fsync" => {
            own_kind(reading);
            reading.settings.durable = Some(on(&value));
            Some(format!("fsync: {}", if on(&value) { "on" } else { "off" }))
        }
        _ => None,
    }
}

impl SyncNames {
    fn words(&self) -> String {
        let method = if self.method == SyncMethod::First { "the first" } else { "any" };
        let count = self.count;
        if self.any_name {
            return format!("{method} {count} of all standbys, whatever they are called");
        }
        let names: Vec<String> = self.nodes.iter().map(|node| mask(*node)).collect();
        format!("{method} {count} of {}", names.join(", "))
    }
}

/// `FIRST 1 (a, b)`, `ANY 2 (a, "b.1")`, `2 (a, b)`, `a, b`, `*`
fn sync_names(reading: &mut Reading, value: &str, entry: &Entry) -> Option<SyncNames> {
    let value = value.trim();
    if value.is_empty() {
        return None;
    }
    let (head, inside) = match value.split_once('(') {
        Some((head, rest)) => (head.trim(), rest.trim_end().trim_end_matches(')')),
        None => ("FIRST 1", value),
    };
    let words: Vec<&str> = head.split_whitespace().collect();
    let method =
        if words.iter().any(|word| word.eq_ignore_ascii_case("any")) { SyncMethod::Any } else { SyncMethod::First };
    let count = words.iter().find_map(|word| word.parse().ok()).unwrap_or(1);
    let mut names = SyncNames { method, count, any_name: false, nodes: Vec::new() };
    for name in inside.split(',').map(|name| name.trim().trim_matches('"')).filter(|name| !name.is_empty()) {
        if name == "*" {
            names.any_name = true;
        } else if let Some(node) = reading.evidence.named(name, entry.place) {
            reading.kind(Some(node), Kind::Postgresql);
            reading.fact(node, entry.place, Fact::CalledRole(Role::Slave));
            names.nodes.push(node);
        }
    }
    Some(names)
}

/// `1h`, `3600000`, `30s`, `5min`: ms. A number alone counts in this unit, ms.
fn span_ms(text: &str, unit_ms: u64) -> Option<u64> {
    let text = text.trim();
    let digits = text.len() - text.trim_start_matches(|c: char| c.is_ascii_digit()).len();
    let (number, unit) = text.split_at(digits);
    let factor = match unit.trim() {
        "" => unit_ms,
        "ms" => 1,
        "s" => 1_000,
        "min" => 60_000,
        "h" => 3_600_000,
        "d" => 86_400_000,
        _ => return None,
    };
    number.parse::<u64>().ok()?.checked_mul(factor)
}

pub(super) fn repmgr(reading: &mut Reading, entry: &Entry) -> Option<String> {
    let value = entry.value();
    let place = entry.place;
    match entry.key.as_str() {
        "node_name" => {
            let own = reading.speaker(place)?;
            reading.evidence.learn_name(own, &value);
            reading.kind(Some(own), Kind::Postgresql);
            reading.settings.repmgr = true;
            Some("the name of a node of repmgr".to_owned())
        }
        "node_id" => {
            let id: u64 = value.parse().ok()?;
            let own = reading.speaker(place)?;
            reading.evidence.learn_name(own, &format!("repmgr:{id}"));
            Some("the number of a node of repmgr".to_owned())
        }
        "conninfo" => {
            let own = reading.speaker(place)?;
            reading.settings.dropped(place, &mut reading.notes, value.contains("password"));
            let (host, _) = word_in(&value, "host").and_then(host_and_port)?;
            let port = word_in(&value, "port").and_then(|port| port.parse().ok());
            reading.evidence.learn_host(own, &host, port);
            Some("where a node of repmgr is".to_owned())
        }
        "use_replication_slots" => {
            reading.settings.slots |= on(&value);
            Some(format!("use_replication_slots: {}", if on(&value) { "on" } else { "off" }))
        }
        "failover" => Some(format!("failover: {}", if value == "automatic" { "automatic" } else { "manual" })),
        _ => None,
    }
}
