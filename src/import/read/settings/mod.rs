//! Settings, from files and from what servers show. What matters is read; passwords are dropped; the rest is listed as not
//! read. No value is kept but numbers and words that are known here.

mod known;
mod mysql;
mod patroni;
mod postgres;
mod redis;

use super::Reading;
use crate::import::cannot::Topic;
use crate::import::evidence::{Fact, Kind, Role};
use crate::import::notes::{Notes, mask};
use crate::import::shape::{Dialect, Entry, Record};
use crate::import::text::{Line, Place, between, starts_with_word};
pub(in crate::import) use postgres::SyncMethod;
use postgres::SyncNames;

/// The settings that matter, as far as they were read.
#[derive(Debug, Default)]
pub(in crate::import) struct Settings {
    pub sync_names: Option<SyncNames>,
    pub sync_commit: Option<String>,
    pub slots: bool,
    /// Commits wait for a standby now.
    pub commits_wait: bool,
    pub link_timeout_ms: Option<u64>,
    pub patroni: bool,
    pub patroni_sync: bool,
    pub patroni_strict: bool,
    pub ttl_s: Option<u64>,
    pub loop_s: Option<u64>,
    pub paused: bool,
    /// The cluster has no leader.
    pub unlocked: bool,
    pub rewind: Option<bool>,
    pub repmgr: bool,
    pub semi_sync: Option<bool>,
    pub semi_timeout_ms: Option<u64>,
    pub semi_after_sync: Option<bool>,
    pub semi_count: Option<u64>,
    /// Whether the log is on disk before an answer.
    pub durable: Option<bool>,
    pub append_only: Option<bool>,
    pub append_always: bool,
    pub saves: Option<bool>,
    pub has_gate: bool,
    pub gate: Option<u64>,
    pub gate_lag_s: Option<u64>,
    pub sentinel: bool,
    pub sentinel_offsets: bool,
    pub quorum: Option<u64>,
    pub other_sentinels: Option<u64>,
    pub down_after_ms: Option<u64>,
    pub election_ms: Option<u64>,
    sentinels: Vec<String>,
}

impl Settings {
    /// A Sentinel by what names it: each counts once.
    pub fn note_sentinel(&mut self, id: Option<&str>) {
        let Some(id) = id.filter(|id| !self.sentinels.iter().any(|known| known == id)) else { return };
        if self.sentinels.len() < 16 {
            self.sentinels.push(id.to_owned());
        }
        let count = u64::try_from(self.sentinels.len()).unwrap_or(0);
        self.other_sentinels = self.other_sentinels.max(Some(count));
    }

    /// A connection string: only the host, the port and the name are looked at.
    pub fn dropped(&self, place: Place, notes: &mut Notes, password: bool) {
        if password {
            notes.dropped(
                place,
                "a connection string with a password: the password and the user are dropped while reading",
            );
        }
    }

    /// A command line or statement may hold a password: nothing of it is kept.
    pub fn drop_secrets_of(&self, command: &str, place: Place, notes: &mut Notes) {
        let small = command.to_ascii_lowercase();
        let words: Vec<&str> = small.split_whitespace().collect();
        let redis = words.first().is_some_and(|word| word.ends_with("redis-cli")) && words.contains(&"-a");
        let auth = words.first() == Some(&"auth");
        let mysql = words.iter().any(|word| word.starts_with("-p") && word.len() > 2 && small.contains("mysql"));
        if redis || auth || mysql || small.contains("password") || small.contains("pgpassword=") {
            notes.dropped(place, "a password on this line: dropped while reading");
        }
    }
}

/// What became of a setting.
enum Use {
    /// It was read: what it says, in words without anything secret.
    Read(String),
    Dropped,
    NotNeeded,
}

/// A file of settings.
pub(super) fn file(reading: &mut Reading, dialect: Dialect, entries: &[Entry]) {
    let Some(first) = entries.first() else { return };
    let before = reading.notes.read.notes.len();
    let mut passed = Vec::new();
    for entry in entries {
        if dialect == Dialect::Ini
            && ["client", "mysql", "mysqldump", "mariadb_client", "client_server", "client_mariadb"]
                .contains(&entry.section.as_str())
        {
            if known::is_secret(&entry.key) {
                reading.notes.dropped(entry.place, "a password: dropped while reading");
            }
            continue;
        }
        match known::set(reading, dialect, entry) {
            Use::Read(text) => reading.notes.read(entry.place, text),
            Use::Dropped => reading.notes.dropped(entry.place, "a password: dropped while reading"),
            Use::NotNeeded => passed.push(entry),
        }
    }
    let redis = dialect == Dialect::Words
        && !entries.iter().any(|entry| ["sentinel", "slaveof", "slave_of", "replicaof"].contains(&entry.key.as_str()));
    if redis && let Some(own) = reading.speaker(first.place) {
        reading.kind(Some(own), Kind::Redis);
        reading.fact(own, first.place, Fact::LooksLikeMaster);
    }
    let useful = reading.notes.read.notes.len() > before;
    for entry in passed {
        let name = plain_key(dialect, &entry.key).map_or("a setting".to_owned(), |key| format!("{key}: a setting"));
        reading.notes.unclear(entry.place, format!("{name} that is not read"));
    }
    if useful {
        reading.topics.extend([Topic::InForce, Topic::PresentState, Topic::Role, Topic::Members, Topic::WhoIsUp]);
        reading.notes.read(first.place, "a file of settings");
    }
}

/// A key that may be shown: one word of the usual letters, not too long, which no host is called.
fn plain_key(dialect: Dialect, key: &str) -> Option<&str> {
    let usual = |c: char| c.is_ascii_lowercase() || c == '_';
    let named = dialect != Dialect::Yaml || key.contains('_');
    (key.len() <= 40 && named && key.chars().all(usual)).then_some(key)
}

/// `SHOW` of PostgreSQL.
pub(super) fn show(reading: &mut Reading, key: &str, value: Option<&str>, place: Place) -> bool {
    if !known::is_postgres(key) {
        return false;
    }
    let own = reading.speaker(place);
    reading.kind(own, Kind::Postgresql);
    let values = value.map(str::to_owned).into_iter().collect();
    let entry = Entry { section: String::new(), key: key.to_owned(), values, place };
    match known::set(reading, Dialect::Equals, &entry) {
        Use::Read(text) => reading.notes.read(place, text),
        Use::Dropped => reading.notes.dropped(place, "a password: dropped while reading"),
        Use::NotNeeded => reading.notes.read(place, format!("{key}: a setting that is not needed here")),
    }
    true
}

/// `select name, setting from pg_settings`
pub(super) fn pg_settings(reading: &mut Reading, rows: &[Record], place: Place) {
    let own = reading.speaker(place);
    reading.kind(own, Kind::Postgresql);
    for row in rows {
        if let Some(key) = row.get(&["name"]) {
            let values = row.get(&["setting"]).map(str::to_owned).into_iter().collect();
            let entry =
                Entry { section: String::new(), key: crate::import::shape::key_of(key), values, place: row.place };
            match known::set(reading, Dialect::Equals, &entry) {
                Use::Read(text) => reading.notes.read(row.place, text),
                Use::Dropped => reading.notes.dropped(row.place, "a password: dropped while reading"),
                Use::NotNeeded => {}
            }
        }
    }
    reading.topics.extend([Topic::Role, Topic::PresentState]);
    reading.notes.read(place, "settings in force");
}

/// Variables of MariaDB and MySQL that are settings.
pub(super) fn mysql_variables(reading: &mut Reading, pairs: &[(String, Option<String>, Place)]) {
    for (key, value, place) in pairs {
        let entry = Entry {
            section: "mysqld".to_owned(),
            key: key.clone(),
            values: value.clone().into_iter().collect(),
            place: *place,
        };
        if ["server_id", "read_only"].contains(&key.as_str()) || !key.starts_with("rpl_semi") && !known::is_mysql(key) {
            continue;
        }
        if let Use::Read(text) = known::set(reading, Dialect::Ini, &entry) {
            reading.notes.read(*place, text);
        }
    }
}

/// A statement that sets something: `CHANGE MASTER TO …`, `ALTER SYSTEM SET …`, `CONFIG SET …`.
pub(super) fn statement(reading: &mut Reading, command: &str, place: Place) -> bool {
    let small = command.trim().to_ascii_lowercase();
    if small.starts_with("change master") || small.starts_with("change replication source") {
        change_master(reading, command, place);
        return true;
    }
    let words: Vec<&str> = command.split_whitespace().collect();
    let entry = |key: &str, value: String| Entry {
        section: String::new(),
        key: crate::import::shape::key_of(key),
        values: vec![value],
        place,
    };
    let (dialect, entry) = if small.starts_with("alter system set ") {
        let Some((key, value)) =
            command.get(17..).and_then(|rest| rest.split_once('=').or_else(|| rest.split_once(" to ")))
        else {
            return false;
        };
        (Dialect::Equals, entry(key, value.trim().trim_end_matches(';').trim_matches('\'').to_owned()))
    } else if small.starts_with("set global ") {
        let Some((key, value)) = command.get(11..).and_then(|rest| rest.split_once('=')) else { return false };
        (
            Dialect::Ini,
            Entry {
                section: "mysqld".to_owned(),
                ..entry(key, value.trim().trim_end_matches(';').trim_matches('\'').to_owned())
            },
        )
    } else if small.starts_with("config set ") && words.len() >= 4 {
        let key = words.get(2).copied().unwrap_or("");
        (
            Dialect::Words,
            Entry {
                values: words.iter().skip(3).map(|word| word.trim_matches('"').to_owned()).collect(),
                ..entry(key, String::new())
            },
        )
    } else {
        return false;
    };
    match known::set(reading, dialect, &entry) {
        Use::Read(text) => reading.notes.read(place, text),
        Use::Dropped => reading.notes.dropped(place, "a password: dropped while reading"),
        Use::NotNeeded => {}
    }
    true
}

/// A statement on a line of its own, or the rest of one.
pub(super) fn line(reading: &mut Reading, line: &Line) -> bool {
    let text = line.text.trim();
    let assigns = |word: &str| {
        ["MASTER_", "SOURCE_", "GET_SOURCE", "GET_MASTER", "RELAY_LOG"]
            .iter()
            .any(|start| starts_with_word(word, start))
    };
    if assigns(text) && text.contains('=') {
        change_master(reading, text, line.place);
        return true;
    }
    let statement_word = ["start slave", "start replica", "stop slave", "stop replica", "reset slave", "reset replica"];
    if statement_word.iter().any(|start| starts_with_word(text, start)) {
        reading.notes.read(line.place, "a statement for the threads of a slave");
        return true;
    }
    statement(reading, text, line.place)
}

/// `CHANGE MASTER TO MASTER_HOST='…', MASTER_PASSWORD='…', …`
fn change_master(reading: &mut Reading, text: &str, place: Place) {
    let Some(own) = reading.speaker(place) else { return };
    let small = text.to_ascii_lowercase();
    let mysql = small.contains("source_") || small.contains("replication source");
    reading.kind(Some(own), if mysql { Kind::Mysql } else { Kind::Mariadb });
    if small.contains("password") {
        reading.notes.dropped(place, "a password in this statement: dropped while reading");
    }
    let value = |key: &str| {
        let at = small.find(&format!("{key}="))?;
        let rest = text.get(at + key.len() + 1..)?;
        let quoted = rest.trim_start().starts_with('\'');
        let inside = if quoted { between(rest, "'", "'")? } else { rest.split([',', ';', ' ']).next()? };
        Some(inside.trim().to_owned())
    };
    let host = value("master_host").or_else(|| value("source_host"));
    let port = value("master_port").or_else(|| value("source_port")).and_then(|port| port.parse().ok());
    if let Some((host, _)) = host.as_deref().and_then(crate::import::text::host_and_port)
        && let Some(upstream) = reading.evidence.at_host(&host, port, place)
    {
        reading.fact(own, place, Fact::IsRole(Role::Slave));
        reading.fact(own, place, Fact::Follows(upstream));
        reading.notes.read(place, format!("a slave is set to follow {}", mask(upstream)));
    }
    let delay = value("master_delay").or_else(|| value("source_delay")).and_then(|delay| delay.parse::<u64>().ok());
    if let Some(delay) = delay.filter(|delay| *delay > 0) {
        reading.fact(own, place, Fact::Delay(delay.saturating_mul(1_000)));
    }
    reading.topics.extend([Topic::InForce, Topic::PresentState, Topic::OtherSlaves]);
}

/// What Patroni keeps in its store, as its REST interface shows it.
pub(super) fn patroni_config(reading: &mut Reading, value: &serde_json::Value, place: Place) -> bool {
    fn walk(value: &serde_json::Value, section: &str, depth: usize, place: Place, found: &mut Vec<Entry>) {
        let Some(map) = value.as_object().filter(|_| depth < 8) else { return };
        for (key, value) in map {
            match super::text_of(value) {
                Some(text) => found.push(Entry {
                    section: section.to_owned(),
                    key: crate::import::shape::key_of(key),
                    values: vec![text],
                    place,
                }),
                None => walk(value, &format!("{section}.{key}"), depth + 1, place, found),
            }
        }
    }
    let known = ["ttl", "loop_wait", "maximum_lag_on_failover", "synchronous_mode", "retry_timeout"];
    if known.iter().filter(|key| value.get(**key).is_some()).count() < 2 {
        return false;
    }
    let mut entries = Vec::new();
    walk(value, "", 0, place, &mut entries);
    file(reading, Dialect::Yaml, &entries);
    true
}
