//! The settings that are known here, and what each says.

use super::Use;
use crate::import::evidence::{Fact, Kind, Role};
use crate::import::notes::mask;
use crate::import::position::size;
use crate::import::read::{Reading, word_in};
use crate::import::shape::{Dialect, Entry};
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

pub(super) fn is_secret(key: &str) -> bool {
    ["password", "requirepass", "masterauth", "auth_pass", "passwd", "secret", "sentinel_pass", "pgpass"]
        .iter()
        .any(|word| key.contains(word))
}

pub(super) fn is_postgres(key: &str) -> bool {
    [
        "synchronous_standby_names",
        "synchronous_commit",
        "recovery_min_apply_delay",
        "primary_conninfo",
        "primary_slot_name",
        "wal_keep_size",
        "max_slot_wal_keep_size",
        "wal_receiver_timeout",
        "wal_sender_timeout",
        "hot_standby",
        "wal_level",
        "fsync",
        "full_page_writes",
        "max_wal_senders",
        "cluster_name",
        "wal_keep_segments",
        "max_replication_slots",
        "hot_standby_feedback",
        "primary_conninfo_",
        "max_standby_streaming_delay",
        "listen_addresses",
    ]
    .contains(&key)
}

pub(super) fn is_mysql(key: &str) -> bool {
    ["sync_binlog", "innodb_flush_log_at_trx_commit", "slave_net_timeout", "log_slave_updates", "log_bin", "gtid_mode"]
        .contains(&key)
}

/// Reads one setting.
pub(super) fn set(reading: &mut Reading, dialect: Dialect, entry: &Entry) -> Use {
    if is_secret(&entry.key)
        || entry.key == "sentinel" && entry.values.first().is_some_and(|word| is_secret(&word.replace('-', "_")))
    {
        return Use::Dropped;
    }
    match dialect {
        Dialect::Equals => postgres(reading, entry).or_else(|| repmgr(reading, entry)),
        Dialect::Ini => mysql(reading, entry),
        Dialect::Yaml => patroni(reading, entry).or_else(|| mongo(reading, entry)),
        Dialect::Words => redis(reading, entry),
    }
    .map_or(Use::NotNeeded, Use::Read)
}

fn on(value: &str) -> bool {
    ["on", "yes", "true", "1", "t"].contains(&value.trim().to_ascii_lowercase().as_str())
}

fn postgres(reading: &mut Reading, entry: &Entry) -> Option<String> {
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

fn repmgr(reading: &mut Reading, entry: &Entry) -> Option<String> {
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

fn mysql(reading: &mut Reading, entry: &Entry) -> Option<String> {
    let value = entry.value();
    let number = value.trim().parse::<u64>().ok();
    let place = entry.place;
    let own = reading.speaker(place);
    let mysql8 = entry.section == "mysqld" && entry.key.starts_with("gtid_mode");
    reading.kind(own, if mysql8 { Kind::Mysql } else { Kind::Mariadb });
    let settings = &mut reading.settings;
    let yes = value.is_empty() || on(&value);
    match entry.key.as_str() {
        "server_id" => {
            let id = number?;
            own.into_iter().for_each(|own| reading.fact(own, place, Fact::ServerId(id)));
            Some("server_id".to_owned())
        }
        "report_host" | "bind_address" => {
            let (host, _) = host_and_port(&value)
                .filter(|(host, _)| host != "0.0.0.0" && host != "::" && host != "*" && host != "127.0.0.1")?;
            own.into_iter().for_each(|own| reading.evidence.learn_host(own, &host, None));
            Some("where this server is".to_owned())
        }
        "rpl_semi_sync_master_enabled" => {
            settings.semi_sync = Some(yes);
            Some(format!("semi-synchronous replication as master: {}", if yes { "on" } else { "off" }))
        }
        "rpl_semi_sync_slave_enabled" => {
            Some(format!("semi-synchronous replication as slave: {}", if yes { "on" } else { "off" }))
        }
        "rpl_semi_sync_master_timeout" => {
            settings.semi_timeout_ms = number;
            Some(format!(
                "semi-synchronous replication gives up after {}",
                crate::import::evidence::span_words(number?)
            ))
        }
        "rpl_semi_sync_master_wait_point" => {
            let after_sync = value.eq_ignore_ascii_case("AFTER_SYNC");
            settings.semi_after_sync = Some(after_sync);
            Some(format!("wait point {}", if after_sync { "AFTER_SYNC" } else { "AFTER_COMMIT" }))
        }
        "rpl_semi_sync_master_wait_for_slave_count" => {
            settings.semi_count = number;
            Some(format!("waits for {} slaves", number?))
        }
        "rpl_semi_sync_master_wait_no_slave" => {
            Some(format!("waits also without slaves: {}", if yes { "on" } else { "off" }))
        }
        "sync_binlog" | "innodb_flush_log_at_trx_commit" => {
            let durable = number? == 1;
            settings.durable = Some(settings.durable.unwrap_or(true) && durable);
            Some(format!("{}: {}", entry.key, number?))
        }
        "slave_net_timeout" => {
            settings.link_timeout_ms = number?.checked_mul(1_000);
            Some(format!("slave_net_timeout: {} s", number?))
        }
        "read_only" | "super_read_only" => {
            own.into_iter().for_each(|own| reading.fact(own, place, Fact::ReadOnly(yes)));
            Some(format!("{}: {}", entry.key, if yes { "on" } else { "off" }))
        }
        "log_bin" | "log_slave_updates" | "gtid_strict_mode" | "gtid_mode" => Some(format!(
            "{}: {}",
            entry.key,
            if value.eq_ignore_ascii_case("off") || value == "0" { "off" } else { "on" }
        )),
        "binlog_format" => {
            let known = ["ROW", "MIXED", "STATEMENT"].into_iter().find(|word| value.eq_ignore_ascii_case(word))?;
            Some(format!("binlog_format: {known}"))
        }
        _ => None,
    }
}

fn patroni(reading: &mut Reading, entry: &Entry) -> Option<String> {
    let value = entry.value();
    let number = value.trim().parse::<u64>().ok();
    let place = entry.place;
    let word = if on(&value) { "on" } else { "off" };
    let top = entry.section.is_empty();
    if entry.section.contains("authentication") || entry.section.contains("pg_hba") || entry.section.contains("users") {
        return None;
    }
    match entry.key.as_str() {
        "scope" if top => {
            reading.settings.patroni = true;
            Some("a cluster of Patroni".to_owned())
        }
        "name" if top && !value.is_empty() => {
            let own = reading.speaker(place)?;
            reading.evidence.learn_name(own, &value);
            reading.kind(Some(own), Kind::Postgresql);
            Some("the name of this member".to_owned())
        }
        "connect_address" if entry.section == "postgresql" => {
            let (host, port) = host_and_port(&value)?;
            let own = reading.speaker(place)?;
            reading.evidence.learn_host(own, &host, port);
            Some("where this member is".to_owned())
        }
        "ttl" => {
            reading.settings.patroni = true;
            reading.settings.ttl_s = number;
            Some(format!("ttl: {} s", number?))
        }
        "loop_wait" => {
            reading.settings.patroni = true;
            reading.settings.loop_s = number;
            Some(format!("loop_wait: {} s", number?))
        }
        "maximum_lag_on_failover" => {
            reading.settings.patroni = true;
            Some(format!("maximum_lag_on_failover: {}", crate::import::position::Amount::Bytes(number?).words()))
        }
        "synchronous_mode" => {
            reading.settings.patroni = true;
            let quorum = value.eq_ignore_ascii_case("quorum");
            reading.settings.patroni_sync = on(&value) || quorum;
            Some(format!("synchronous_mode: {}", if quorum { "quorum" } else { word }))
        }
        "synchronous_mode_strict" => {
            reading.settings.patroni_strict = on(&value);
            Some(format!("synchronous_mode_strict: {word}"))
        }
        "synchronous_node_count" => Some(format!("synchronous_node_count: {}", number?)),
        "use_slots" => {
            reading.settings.slots = on(&value);
            Some(format!("use_slots: {word}"))
        }
        "use_pg_rewind" => {
            reading.settings.rewind = Some(on(&value));
            Some(format!("use_pg_rewind: {word}"))
        }
        "pause" => {
            reading.settings.paused = on(&value);
            Some(format!("pause: {word}"))
        }
        "nofailover" if on(&value) => {
            let own = reading.speaker(place)?;
            reading.fact(own, place, Fact::NoFailover);
            Some("nofailover: this member is never promoted".to_owned())
        }
        "replicatefrom" if entry.section == "tags" => {
            let own = reading.speaker(place)?;
            let above = reading.evidence.named(&value, place)?;
            reading.fact(own, place, Fact::Follows(above));
            Some(format!("replicatefrom: {}", mask(above)))
        }
        _ => postgres(reading, entry),
    }
}

fn mongo(reading: &mut Reading, entry: &Entry) -> Option<String> {
    if entry.section == "replication" && entry.key == "replsetname" {
        let own = reading.speaker(entry.place);
        reading.kind(own, Kind::Mongodb);
        return Some("a member of a replica set".to_owned());
    }
    None
}

fn redis(reading: &mut Reading, entry: &Entry) -> Option<String> {
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
