//! Which settings are known here.

use super::Use;
use super::mysql::mysql;
use super::patroni::{mongo, patroni};
use super::postgres::{postgres, repmgr};
use super::redis::redis;
use crate::import::read::Reading;
use crate::import::shape::{Dialect, Entry};

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

pub(super) fn on(value: &str) -> bool {
    ["on", "yes", "true", "1", "t"].contains(&value.trim().to_ascii_lowercase().as_str())
}
