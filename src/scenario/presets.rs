//! Presets: settings under the name of the engine and the mode that they stand for.

use super::Setting;

/// A preset.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Preset(usize);

/// What a preset is made of.
#[derive(Debug)]
pub struct PresetText {
    /// Its name in the run text.
    pub name: &'static str,
    /// What it is, in a few words.
    pub title: &'static str,
    /// Lines of the run text that it stands for.
    pub settings: &'static str,
    /// Lines of the engine's own configuration that it stands for.
    pub configuration: &'static str,
}

impl Preset {
    /// The preset with this name.
    pub fn named(name: &str) -> Option<Self> {
        PRESETS.iter().position(|preset| preset.name == name).map(Self)
    }

    /// What it is made of.
    pub fn text(self) -> Option<&'static PresetText> {
        PRESETS.get(self.0)
    }

    /// The settings that it stands for.
    pub fn settings(self) -> Vec<Setting> {
        let lines = self.text().map_or("", |preset| preset.settings).lines();
        lines.filter_map(|line| super::parse::settings::preset_line(line).ok()).collect()
    }

    /// Its name.
    pub fn name(self) -> &'static str {
        self.text().map_or("", |preset| preset.name)
    }
}

/// What all presets of PostgreSQL have in common. PostgreSQL 15: runtime-config-replication, warm-standby.
macro_rules! postgres {
    ($($line:literal)*) => {
        concat!(
            "engine postgresql\nslave-writes refused\nreplication async\ntoo-few block\ngate off\ndurability sync\n",
            "log keep all\ngap stop\nrelay received\nunapplied apply\nrejoin refuse\nlink-timeout 60s\nsend-buffer 4MB\nfailover manual\n",
            $($line, "\n"),*
        )
    };
}

/// What all presets of MariaDB (GTID) and MySQL have in common. MariaDB: semisynchronous-replication, gtid.
macro_rules! mariadb {
    ($($line:literal)*) => {
        concat!(
            "engine mariadb\nslave-writes refused\nreplication async\ntoo-few block\ngate off\ndurability sync\n",
            "log keep all\ngap stop\nrelay applied\nunapplied discard\nrejoin refuse\nlink-timeout 60s\nsend-buffer 4MB\nfailover manual\n",
            $($line, "\n"),*
        )
    };
}

/// The page's first module comes without them: the page has them beside its settings, and shows them only there.
#[cfg(any(feature = "check", not(target_arch = "wasm32")))]
macro_rules! configuration {
    ($($part:tt)*) => { concat!($($part)*) };
}
#[cfg(not(any(feature = "check", not(target_arch = "wasm32"))))]
macro_rules! configuration {
    ($($part:tt)*) => {
        ""
    };
}

/// What the presets of PostgreSQL stand for: everything that is not PostgreSQL's default, and the defaults that matter here.
macro_rules! postgres_configuration {
    ($($line:literal)*) => {
        configuration!(
            "# PostgreSQL 15, the same on every server, so that it holds after a failover\nwal_level = replica\n",
            "wal_log_hints = on   # for pg_rewind\nhot_standby = on\nfull_page_writes = on\nfsync = on\nwal_keep_size = 0\n",
            "max_slot_wal_keep_size = -1\nwal_sender_timeout = 60s\nwal_receiver_timeout = 60s\n",
            "wal_retrieve_retry_interval = 250ms   # 5s by default\nrecovery_target_timeline = latest\n",
            "checkpoint_timeout = 1h   # checkpoints come with trim-log\nrestore_command = ''\n",
            "primary_conninfo = 'host=m application_name=s1'   # on s1; standby.signal on each standby\n",
            $($line, "\n"),*
        )
    };
}

/// What the presets of Redis stand for.
macro_rules! redis_configuration {
    ($($line:literal)*) => {
        configuration!(
            "# Redis 7.0\nrepl-backlog-size 1mb\nrepl-timeout 60\nrepl-diskless-sync-delay 0\nreplica-read-only yes\n",
            "replica-serve-stale-data yes\nclient-output-buffer-limit replica 256mb 64mb 60\n",
            "replicaof m 6379   # on the replicas\n",
            $($line, "\n"),*
        )
    };
}

/// What the presets of MongoDB stand for.
macro_rules! mongo_configuration {
    ($($line:literal)*) => {
        configuration!(
            "# MongoDB 7.0\nreplication: { replSetName: rs0, oplogSizeMB: 51200 }\n",
            "settings: { electionTimeoutMillis: 10000, heartbeatIntervalMillis: 2000, chainingAllowed: true }\n",
            "members: [ m, s1, s2 ]   # one vote each, priority 1\nreadPreference: secondary   # for reads at a slave\n",
            "readConcern: { level: local }\n",
            $($line, "\n"),*
        )
    };
}

/// What the presets of MariaDB stand for: everything that is not MariaDB's default, and the defaults that matter here.
macro_rules! mariadb_configuration {
    ($($line:literal)*) => {
        configuration!(
            "# MariaDB 10.11\nserver_id = 1   # another one on each server, all in gtid_domain_id = 0\nlog_bin = ON\n",
            "binlog_format = ROW\nlog_slave_updates = ON\ngtid_strict_mode = OFF\nsync_binlog = 1\n",
            "innodb_flush_log_at_trx_commit = 1\nexpire_logs_days = 0\nslave_net_timeout = 60\nskip_slave_start = OFF\n",
            "read_only = ON   # on the slaves\n",
            "CHANGE MASTER TO MASTER_USE_GTID = slave_pos, MASTER_CONNECT_RETRY = 1   # current_pos on an old master\n",
            $($line, "\n"),*
        )
    };
}

/// The same for MySQL.
macro_rules! mysql_configuration {
    ($($line:literal)*) => {
        configuration!(
            "# MySQL 8.0\nserver_id = 1   # another one on each server\nlog_bin = ON\nbinlog_format = ROW\n",
            "log_replica_updates = ON\ngtid_mode = ON\nenforce_gtid_consistency = ON\nsync_binlog = 1\n",
            "innodb_flush_log_at_trx_commit = 1\nbinlog_expire_logs_seconds = 0\nreplica_net_timeout = 60\n",
            "skip_replica_start = OFF\nrelay_log_recovery = OFF\nread_only = ON   # on the replicas\n",
            "CHANGE REPLICATION SOURCE TO SOURCE_AUTO_POSITION = 1, SOURCE_CONNECT_RETRY = 1\n",
            $($line, "\n"),*
        )
    };
}

/// What all presets of Redis have in common. Redis 7.0: replication, redis.conf.
macro_rules! redis {
    ($($line:literal)*) => {
        concat!(
            "engine redis\nslave-writes refused\nreplication async\ntoo-few block\ngate off\ndurability lazy 1s\n",
            "log keep 1000\ngap snapshot\nrelay received\nunapplied apply\nrejoin discard\nlink-timeout 60s\nsend-buffer 256MB\nfailover manual\n",
            $($line, "\n"),*
        )
    };
}

/// What the presets of MongoDB have in common. From documents only: write-concern, rollbacks, elections.
macro_rules! mongo {
    ($($line:literal)*) => {
        concat!(
            "engine mongodb\nslave-writes refused\nreplication async\ntoo-few block\ngate off\ndurability sync\n",
            "log keep all\ngap stop\nrelay applied\nunapplied apply\nrejoin rollback\nlink-timeout 10s\nsend-buffer 4MB\nfailover election 10s\n",
            $($line, "\n"),*
        )
    };
}

/// All presets, by engine.
pub const PRESETS: [PresetText; 24] = [
    PresetText {
        name: "pg-async",
        title: "PostgreSQL, asynchronous (the default)",
        settings: postgres!(),
        configuration: postgres_configuration!("synchronous_commit = on" "synchronous_standby_names = ''"),
    },
    PresetText {
        name: "pg-async-slot",
        title: "PostgreSQL, asynchronous, a replication slot for each standby",
        settings: postgres!("log keep slots"),
        configuration: postgres_configuration!(
            "synchronous_commit = on" "synchronous_standby_names = ''" "max_replication_slots = 10"
            "primary_slot_name = 's1'   # on each standby its own"
        ),
    },
    PresetText {
        name: "pg-sync-first1",
        title: "PostgreSQL, synchronous: the first of the list",
        settings: postgres!("replication sync first 1 flushed hidden"),
        configuration: postgres_configuration!(
            "synchronous_commit = on" "synchronous_standby_names = 'FIRST 1 (m, s1, s2)'   # all nodes, a server skips itself"
        ),
    },
    PresetText {
        name: "pg-sync-first2",
        title: "PostgreSQL, synchronous: the first two of the list",
        settings: postgres!("replication sync first 2 flushed hidden"),
        configuration: postgres_configuration!(
            "synchronous_commit = on" "synchronous_standby_names = 'FIRST 2 (m, s1, s2)'   # all nodes, a server skips itself"
        ),
    },
    PresetText {
        name: "pg-sync-any1",
        title: "PostgreSQL, synchronous: any one",
        settings: postgres!("replication sync 1 flushed hidden"),
        configuration: postgres_configuration!(
            "synchronous_commit = on" "synchronous_standby_names = 'ANY 1 (m, s1, s2)'   # all nodes, a server skips itself"
        ),
    },
    PresetText {
        name: "pg-sync-any2",
        title: "PostgreSQL, synchronous: any two",
        settings: postgres!("replication sync 2 flushed hidden"),
        configuration: postgres_configuration!(
            "synchronous_commit = on" "synchronous_standby_names = 'ANY 2 (m, s1, s2)'   # all nodes, a server skips itself"
        ),
    },
    PresetText {
        name: "pg-remote-write",
        title: "PostgreSQL, synchronous: written by a standby, not flushed",
        settings: postgres!("replication sync first 1 received hidden"),
        configuration: postgres_configuration!(
            "synchronous_commit = remote_write" "synchronous_standby_names = 'FIRST 1 (m, s1, s2)'   # all nodes, a server skips itself"
        ),
    },
    PresetText {
        name: "pg-remote-apply",
        title: "PostgreSQL, synchronous: applied by a standby",
        settings: postgres!("replication sync first 1 applied hidden"),
        configuration: postgres_configuration!(
            "synchronous_commit = remote_apply" "synchronous_standby_names = 'FIRST 1 (m, s1, s2)'   # all nodes, a server skips itself"
        ),
    },
    PresetText {
        name: "patroni-async",
        title: "PostgreSQL under Patroni, asynchronous",
        settings: postgres!("log keep slots" "rejoin discard" "failover lease 30s 10s max-lag 1000"),
        configuration: postgres_configuration!(
            "# Patroni 3, its dynamic configuration" "ttl: 30" "loop_wait: 10" "retry_timeout: 10"
            "maximum_lag_on_failover: 1048576" "synchronous_mode: false" "postgresql: { use_slots: true, use_pg_rewind: true }"
        ),
    },
    PresetText {
        name: "patroni-sync",
        title: "PostgreSQL under Patroni, synchronous, not strict",
        settings: postgres!(
            "log keep slots" "rejoin discard" "replication sync 1 flushed hidden" "too-few degrade 30s"
            "failover lease 30s 10s max-lag 1000"
        ),
        configuration: postgres_configuration!(
            "# Patroni 3, its dynamic configuration" "ttl: 30" "loop_wait: 10" "retry_timeout: 10"
            "maximum_lag_on_failover: 1048576" "synchronous_mode: true" "synchronous_mode_strict: false"
            "synchronous_node_count: 1" "postgresql: { use_slots: true, use_pg_rewind: true }"
        ),
    },
    PresetText {
        name: "mariadb-async",
        title: "MariaDB, asynchronous (the default)",
        settings: mariadb!(),
        configuration: mariadb_configuration!("rpl_semi_sync_master_enabled = OFF"),
    },
    PresetText {
        name: "mariadb-semisync",
        title: "MariaDB, semi-synchronous, AFTER_COMMIT",
        settings: mariadb!("replication sync 1 received" "too-few degrade 10s"),
        configuration: mariadb_configuration!(
            "rpl_semi_sync_master_enabled = ON   # on the master" "rpl_semi_sync_slave_enabled = ON   # on the slaves"
            "rpl_semi_sync_master_wait_point = AFTER_COMMIT" "rpl_semi_sync_master_timeout = 10000"
            "rpl_semi_sync_master_wait_no_slave = ON"
        ),
    },
    PresetText {
        name: "mariadb-semisync-aftersync",
        title: "MariaDB, semi-synchronous, AFTER_SYNC",
        settings: mariadb!("replication sync 1 received hidden" "too-few degrade 10s"),
        configuration: mariadb_configuration!(
            "rpl_semi_sync_master_enabled = ON   # on the master" "rpl_semi_sync_slave_enabled = ON   # on the slaves"
            "rpl_semi_sync_master_wait_point = AFTER_SYNC" "rpl_semi_sync_master_timeout = 10000"
            "rpl_semi_sync_master_wait_no_slave = ON"
        ),
    },
    PresetText {
        name: "mysql8-async",
        title: "MySQL 8, asynchronous (the default)",
        settings: mariadb!("engine mysql"),
        configuration: mysql_configuration!("rpl_semi_sync_source_enabled = OFF"),
    },
    PresetText {
        name: "mysql8-semisync",
        title: "MySQL 8, semi-synchronous (its default wait point)",
        settings: mariadb!("engine mysql" "replication sync 1 received hidden" "too-few degrade 10s"),
        configuration: mysql_configuration!(
            "rpl_semi_sync_source_enabled = ON   # on the source" "rpl_semi_sync_replica_enabled = ON   # on the replicas"
            "rpl_semi_sync_source_wait_for_replica_count = 1" "rpl_semi_sync_source_wait_point = AFTER_SYNC"
            "rpl_semi_sync_source_timeout = 10000" "rpl_semi_sync_source_wait_no_replica = ON"
        ),
    },
    PresetText {
        name: "redis-async",
        title: "Redis, always asynchronous, with an append-only file",
        settings: redis!(),
        configuration: redis_configuration!("save \"\"" "appendonly yes" "appendfsync everysec"),
    },
    PresetText {
        name: "redis-rdb",
        title: "Redis, asynchronous, with snapshots only (RDB)",
        settings: redis!("durability snapshots 60s"),
        configuration: redis_configuration!("save 60 1" "appendonly no"),
    },
    PresetText {
        name: "redis-wait-k",
        title: "Redis, the client asks WAIT after a write",
        settings: redis!(),
        configuration: redis_configuration!(
            "save \"\"" "appendonly yes" "appendfsync everysec" "# and the client, after a write: WAIT k milliseconds"
        ),
    },
    PresetText {
        name: "redis-min-replicas",
        title: "Redis, writes are rejected when too few replicas were heard of",
        settings: redis!("gate 1 10s"),
        configuration: redis_configuration!(
            "save \"\"" "appendonly yes" "appendfsync everysec" "min-replicas-to-write 1"
            "min-replicas-max-lag 10"
        ),
    },
    PresetText {
        name: "redis-no-persistence",
        title: "Redis without a disk",
        settings: redis!("durability none"),
        configuration: redis_configuration!("save \"\"" "appendonly no"),
    },
    PresetText {
        name: "redis-sentinel",
        title: "Redis, watched by three Sentinels",
        settings: redis!("failover quorum 3 2 30s"),
        configuration: redis_configuration!(
            "save \"\"" "appendonly yes" "appendfsync everysec" "# each of the three Sentinels"
            "sentinel monitor mymaster m 6379 2" "sentinel down-after-milliseconds mymaster 30000"
            "sentinel failover-timeout mymaster 180000" "sentinel parallel-syncs mymaster 1"
        ),
    },
    PresetText {
        name: "mongo-w1",
        title: "MongoDB, write concern 1",
        settings: mongo!(),
        configuration: mongo_configuration!("writeConcern: { w: 1 }"),
    },
    PresetText {
        name: "mongo-majority",
        title: "MongoDB, write concern majority",
        settings: mongo!("replication sync majority applied"),
        configuration: mongo_configuration!("writeConcern: { w: \"majority\", j: true }"),
    },
    PresetText {
        name: "plain",
        title: "The playground’s own defaults",
        settings: "engine plain\nslave-writes ignored\nreplication async\ntoo-few block\ngate off\ndurability sync\n\
                   log keep all\ngap snapshot\nrelay received\nunapplied apply\nrejoin discard\nlink-timeout never\nsend-buffer 4MB\nfailover manual\n",
        configuration: "",
    },
];
