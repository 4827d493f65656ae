//! `compose.yaml` and what its services read.

use crate::scenario::{Durability, Level, LogKeep, Quota, Replication, TooFew};
use crate::time::SECOND;

use super::Engine;
use super::Export;

const TOXIPROXY: &str = "ghcr.io/shopify/toxiproxy:2.12.0";

/// Names and texts of the files.
pub fn files(export: &Export) -> Vec<(&'static str, String)> {
    let mut files = vec![("compose.yaml", services(export)), ("toxiproxy.json", proxies(export))];
    match export.engine {
        Engine::Redis => {
            files.push(("settings.conf", redis(export)));
            files.push(("start.sh", include_str!("redis-start.sh").to_owned()));
        }
        Engine::Postgres | Engine::Patroni => {
            files.push(("settings.conf", postgres(export)));
            files.push(("start.sh", include_str!("postgres-start.sh").to_owned()));
        }
        Engine::Mariadb => files.push(("begin.sql", include_str!("mariadb-begin.sql").to_owned())),
    }
    files
}

fn services(export: &Export) -> String {
    let mut yaml = format!(
        "# Written by `replay export` of the replication playground: real servers, each link through Toxiproxy.\n\
         services:\n  toxiproxy:\n    image: {TOXIPROXY}\n    command: ['-host=0.0.0.0', '-config=/toxiproxy.json']\n    \
         ports: ['127.0.0.1:8474:8474']\n    volumes: ['./toxiproxy.json:/toxiproxy.json:ro']\n"
    );
    let master = export.nodes.first().map_or("", String::as_str);
    for (index, node) in export.nodes.iter().enumerate() {
        let upstream = if index == 0 { String::new() } else { export.port(node, master).to_string() };
        yaml.push_str(&format!("  {node}:\n    depends_on: [toxiproxy]\n"));
        let lines = match export.engine {
            Engine::Redis => started("redis:7.0", node, &upstream),
            Engine::Postgres | Engine::Patroni => started("postgres:15", node, &upstream),
            Engine::Mariadb => mariadb(export, index),
        };
        yaml.push_str(&lines);
    }
    yaml
}

/// A service that begins with our own script.
fn started(image: &str, node: &str, upstream: &str) -> String {
    format!(
        "    image: {image}\n    entrypoint: ['sh', '/start.sh']\n    environment: {{ NODE: '{node}', UPSTREAM: '{upstream}' }}\n    \
         volumes: ['./start.sh:/start.sh:ro', './settings.conf:/settings.conf:ro']\n"
    )
}

fn mariadb(export: &Export, index: usize) -> String {
    let rules = export.whole.cluster().rules();
    let mut options = vec![
        format!("--server-id={}", index + 1),
        "--log-bin=bin".to_owned(),
        "--relay-log=relay".to_owned(),
        "--log-slave-updates".to_owned(),
        "--binlog-format=ROW".to_owned(),
        "--sync-binlog=1".to_owned(),
        "--innodb-flush-log-at-trx-commit=1".to_owned(),
        "--skip-name-resolve".to_owned(),
        format!("--read-only={}", u8::from(index > 0)),
    ];
    options.extend(rules.link_timeout_us.map(|us| format!("--slave-net-timeout={}", us.div_ceil(SECOND))));
    if let Replication::Sync { hidden, .. } = rules.replication {
        let point = if hidden { "AFTER_SYNC" } else { "AFTER_COMMIT" };
        options.push(format!("--rpl-semi-sync-master-wait-point={point}"));
        options.push(format!("--rpl-semi-sync-master-enabled={}", u8::from(index == 0)));
        options.push(format!("--rpl-semi-sync-slave-enabled={}", u8::from(index > 0)));
        if let TooFew::Degrade(us) = rules.too_few {
            options.push(format!("--rpl-semi-sync-master-timeout={}", us / 1_000));
        }
    }
    let options: Vec<String> = options.iter().map(|option| format!("'{option}'")).collect();
    format!(
        "    image: mariadb:10.11\n    environment: {{ MARIADB_ROOT_PASSWORD: root }}\n    command: [{}]\n    \
         volumes: ['./begin.sql:/docker-entrypoint-initdb.d/begin.sql:ro']\n",
        options.join(", ")
    )
}

/// A proxy for each link, in the words of Toxiproxy.
fn proxies(export: &Export) -> String {
    let server = match export.engine {
        Engine::Redis => 6_379,
        Engine::Postgres | Engine::Patroni => 5_432,
        Engine::Mariadb => 3_306,
    };
    let links = export.links();
    let lines: Vec<String> = links
        .iter()
        .map(|(x, y, port)| {
            format!("  {{\"name\": \"{x}-{y}\", \"listen\": \"0.0.0.0:{port}\", \"upstream\": \"{y}:{server}\", \"enabled\": true}}")
        })
        .collect();
    format!("[\n{}\n]\n", lines.join(",\n"))
}

fn redis(export: &Export) -> String {
    let rules = export.whole.cluster().rules();
    let mut lines = vec!["protected-mode no".to_owned(), "repl-backlog-size 1mb".to_owned()];
    lines.push("repl-diskless-sync-delay 0".to_owned());
    lines.extend(rules.link_timeout_us.map(|us| format!("repl-timeout {}", us.div_ceil(SECOND))));
    lines.push(match rules.durability {
        Durability::Snapshots(us) => format!("save {} 1", us.div_ceil(SECOND)),
        _ => "save \"\"".to_owned(),
    });
    lines.push(match rules.durability {
        Durability::Lazy(_) => "appendonly yes\nappendfsync everysec".to_owned(),
        Durability::Sync => "appendonly yes\nappendfsync always".to_owned(),
        Durability::Snapshots(_) | Durability::None => "appendonly no".to_owned(),
    });
    if let Some(gate) = rules.gate {
        lines.push(format!("min-replicas-to-write {}", gate.slaves));
        lines.push(format!("min-replicas-max-lag {}", gate.within_us.div_ceil(SECOND)));
    }
    lines.join("\n") + "\n"
}

fn postgres(export: &Export) -> String {
    let rules = export.whole.cluster().rules();
    let mut lines = vec![
        "listen_addresses = '*'".to_owned(),
        "wal_log_hints = on".to_owned(),
        format!("wal_keep_size = {}", if rules.log_keep == LogKeep::All { "0" } else { "1GB" }),
        format!("wal_retrieve_retry_interval = {}ms", (rules.retry_us / 1_000).max(1)),
    ];
    if let Some(us) = rules.link_timeout_us {
        lines.push(format!("wal_sender_timeout = {}ms\nwal_receiver_timeout = {}ms", us / 1_000, us / 1_000));
    }
    if let Replication::Sync { count, first, level, .. } = rules.replication {
        let number = match count {
            Quota::All => export.nodes.len().saturating_sub(1),
            Quota::Slaves(slaves) => usize::from(slaves),
            Quota::Majority => export.nodes.len() / 2,
        };
        let commit = match level {
            Level::Received => "remote_write",
            Level::Flushed => "on",
            Level::Applied => "remote_apply",
        };
        let listed: Vec<usize> = rules.sync_slaves.iter().map(|&n| usize::from(n)).collect();
        let names: Vec<&str> = if listed.is_empty() {
            export.nodes.iter().map(String::as_str).collect()
        } else {
            listed.iter().filter_map(|&n| export.nodes.get(n)).map(String::as_str).collect()
        };
        let how = if first { "FIRST" } else { "ANY" };
        lines.push(format!("synchronous_commit = {commit}"));
        lines.push(format!("synchronous_standby_names = '{how} {number} ({})'", names.join(", ")));
    }
    lines.join("\n") + "\n"
}
