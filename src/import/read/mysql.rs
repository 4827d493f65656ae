//! MariaDB and MySQL: the status of a slave in all vocabularies, of a master, process lists, variables.

use super::{Reading, mysql_servers};
use crate::import::cannot::Topic;
use crate::import::evidence::{Fact, Kind, Role, Stage, Why};
use crate::import::position::{Position, maria_gtid, mysql_gtid};
use crate::import::shape::{Record, SOURCE_WORDS, Tool};
use crate::import::text::{Place, host_and_port};

/// Reads a table, if it is one of these.
pub(super) fn rows(reading: &mut Reading, has: &dyn Fn(&str) -> bool, rows: &[Record], place: Place) -> bool {
    const STATUS: [&str; 10] = [
        "slave_io_running",
        "slave_sql_running",
        "slave_io_state",
        "seconds_behind_master",
        "read_master_log_pos",
        "exec_master_log_pos",
        "slave_sql_running_state",
        "relay_master_log_file",
        "last_io_errno",
        "last_sql_errno",
    ];
    let status = STATUS.iter().any(|key| has(key)) || has("master_host") && has("master_port");
    if status {
        slave_status(reading, rows, place);
    } else if has("file") && has("position") {
        rows.iter().for_each(|row| master_status(reading, row));
    } else if has("server_id") && (has("master_id") || has("slave_uuid")) {
        rows.iter().for_each(|row| mysql_servers::slave_host(reading, row));
        reading.topics.insert(Topic::HowFar);
    } else if has("command") && has("state") && has("user") {
        mysql_servers::processes(reading, rows, place);
    } else if has("variable_name") && has("value") {
        variables(reading, &pairs(rows), place);
    } else if has("server_id") && (has("read_only") || has("gtid_binlog_pos"))
        || has("gtid_executed")
        || has("gtid_slave_pos")
    {
        for row in rows {
            let pairs: Vec<Pair> =
                row.fields.iter().map(|field| (field.key.clone(), field.value.clone(), field.place)).collect();
            variables(reading, &pairs, row.place);
        }
        reading.topics.insert(Topic::Upstream);
    } else if has("log_name") && has("file_size") {
        let own = reading.speaker(place);
        reading.kind(own, Kind::Mariadb);
        reading.topics.insert(Topic::HowFar);
        reading.notes.read(place, "the files of a binary log");
    } else {
        return false;
    }
    true
}

type Pair = (String, Option<String>, Place);

fn pairs(rows: &[Record]) -> Vec<Pair> {
    let pair = |row: &Record| {
        let key = crate::import::shape::key_of(row.get(&["variable_name"])?);
        Some((key, row.get(&["value"]).map(str::to_owned), row.place))
    };
    rows.iter().filter_map(pair).collect()
}

/// An empty answer to one of these questions.
pub(super) fn nothing(reading: &mut Reading, command: &str, place: Place) -> bool {
    let status = (command.contains("slave") || command.contains("replica")) && command.contains("status");
    if !status && !command.contains("master status") && reading.tool() != Some(Tool::Mysql) {
        return false;
    }
    if status {
        let own = reading.speaker(place);
        reading.kind(own, Kind::Mariadb);
        let all = command.contains("all ");
        let text = if all {
            "no slave connection at all"
        } else {
            "an empty answer: no slave, or, in MariaDB, one whose connection has a name (SHOW ALL SLAVES STATUS tells)"
        };
        own.into_iter().for_each(|own| reading.fact(own, place, Fact::NoStatus));
        reading.topics.extend([Topic::OtherSlaves, Topic::MasterPosition, Topic::Role, Topic::WhichNode]);
        reading.notes.read(place, text);
    } else {
        reading.notes.read(place, "an empty answer");
    }
    true
}

/// `SHOW SLAVE STATUS` and its likes.
fn slave_status(reading: &mut Reading, rows: &[Record], place: Place) {
    if rows.is_empty() {
        let command = reading.command();
        nothing(reading, &format!("{command} slave status"), place);
        return;
    }
    // Blocks without names between them are of several slaves, if they are not channels of one.
    let mut channels: Vec<&str> = Vec::new();
    for row in rows {
        let channel = row.get(&["connection_name", "channel_name"]).unwrap_or("");
        if channels.is_empty() || channels.contains(&channel) {
            if !channels.is_empty() {
                reading.speaker = None;
            }
            reading.next_speaker(row.place);
            channels.clear();
        }
        channels.push(channel);
        let Some(own) = reading.speaker(row.place) else { return };
        one_channel(reading, own, row);
        if !channel.is_empty() {
            reading.notes.read(row.place, "a connection with a name: SHOW SLAVE STATUS alone does not show it");
        }
    }
    reading.topics.extend([Topic::OtherSlaves, Topic::MasterPosition, Topic::Settings]);
    if reading.speaker.and_then(|own| reading.evidence.seen(own)).is_some_and(|seen| seen.anonymous) {
        reading.topics.insert(Topic::WhichNode);
    }
}

fn one_channel(reading: &mut Reading, own: usize, row: &Record) {
    let place = row.place;
    reading.fact(own, place, Fact::IsRole(Role::Slave));
    let mysql = ["executed_gtid_set", "retrieved_gtid_set", "auto_position", "master_uuid", "slave_sql_running_state_"]
        .iter()
        .any(|key| row.has(key))
        || row.has(SOURCE_WORDS)
        || row.get(&["slave_io_state"]).is_some_and(|state| state.contains("source"));
    let maria = row.has("using_gtid") || row.has("gtid_io_pos") || row.has("slave_ddl_groups");
    reading.kind(Some(own), if mysql && !maria { Kind::Mysql } else { Kind::Mariadb });
    let port = row.number(&["master_port"]).and_then(|port| u16::try_from(port).ok());
    let mut upstream = None;
    if let Some((host, _)) = row.get(&["master_host"]).and_then(host_and_port)
        && let Some(node) = reading.evidence.at_host(&host, port, place)
    {
        upstream = Some(node);
        reading.kind(Some(node), if mysql && !maria { Kind::Mysql } else { Kind::Mariadb });
        reading.fact(own, row.place_of("master_host"), Fact::Follows(node));
        if let Some(id) = row.number(&["master_server_id"]).and_then(|id| u64::try_from(id).ok()).filter(|id| *id > 0) {
            reading.fact(node, place, Fact::ServerId(id));
        }
    }
    if upstream.is_none() {
        reading.topics.insert(Topic::Upstream);
    }
    io_thread(reading, own, row);
    sql_thread(reading, own, row);
    positions(reading, own, row);
    reading.notes.read(place, "the status of a slave");
}

fn io_thread(reading: &mut Reading, own: usize, row: &Record) {
    let place = row.place_of("slave_io_running");
    let number = row.number(&["last_io_errno"]).unwrap_or(0);
    let error = row.get(&["last_io_error"]).unwrap_or("");
    let fact = match row.get(&["slave_io_running"]).map(str::to_ascii_lowercase).as_deref() {
        None => return,
        Some("yes") => Fact::LinkUp,
        Some("preparing") => Fact::Because(Why::Connecting),
        Some("connecting") => Fact::Because(io_error(number, error).unwrap_or(Why::Connecting)),
        // It tries again as long as the network is to blame: then somebody has stopped it.
        Some(_) => Fact::Because(match io_error(number, error) {
            None | Some(Why::NoLink | Why::DeadMaster) => Why::NotReceiving,
            Some(why) => why,
        }),
    };
    reading.fact(own, place, fact);
    if number > 0 {
        reading.notes.read(row.place_of("last_io_errno"), format!("error {number} of the thread that receives"));
    }
}

/// What an error of the receiving thread means; nothing for no error.
pub(super) fn io_error(number: i64, text: &str) -> Option<Why> {
    let text = text.to_ascii_lowercase();
    let has = |part: &str| text.contains(part);
    let diverged = has("not in the master's binlog")
        || has("not in the source's binlog")
        || has("more gtids than")
        || has("errant");
    let gap = has("purged")
        || has("could not find first log")
        || has("could not find gtid state")
        || has("cannot replicate because");
    match number {
        0 if text.is_empty() => None,
        1236 | 13114 if diverged => Some(Why::Diverged),
        1236 | 13114 if gap => Some(Why::Gap),
        1236 | 13114 => Some(Why::Error),
        1045 | 1130 | 1142 | 1227 | 2061 => Some(Why::Refused),
        // Nobody listens there: the server is down.
        2003 if has("refused") || has("(111") => Some(Why::DeadMaster),
        2002..=2006 | 2013 | 2026 | 1158..=1161 | 1053 => Some(Why::NoLink),
        _ if diverged => Some(Why::Diverged),
        _ if gap => Some(Why::Gap),
        _ if has("access denied") => Some(Why::Refused),
        _ if has("connection refused") => Some(Why::DeadMaster),
        _ if has("connect") => Some(Why::NoLink),
        _ => Some(Why::Error),
    }
}

fn sql_thread(reading: &mut Reading, own: usize, row: &Record) {
    let place = row.place_of("slave_sql_running");
    let number = row.number(&["last_sql_errno", "last_errno"]).unwrap_or(0);
    let state = row.get(&["slave_sql_running_state", "slave_sql_state"]).unwrap_or("").to_ascii_lowercase();
    let delay_s = row.number(&["sql_delay"]).and_then(|delay| u64::try_from(delay).ok()).unwrap_or(0);
    if delay_s > 0 {
        reading.fact(own, row.place_of("sql_delay"), Fact::Delay(delay_s.saturating_mul(1_000)));
    }
    let running = row.get(&["slave_sql_running"]).map(str::to_ascii_lowercase);
    match running.as_deref() {
        Some("yes") => reading.fact(own, place, sql_state(&state)),
        Some(_) if number > 0 => reading.fact(own, place, Fact::Because(Why::Error)),
        Some(_) => reading.fact(own, place, Fact::Because(Why::Stopped)),
        None => {}
    }
    if number > 0 {
        reading.notes.read(row.place_of("last_sql_errno"), format!("error {number} of the thread that applies"));
    }
    if row.has("seconds_behind_master") {
        let lag = row.number(&["seconds_behind_master"]).and_then(|lag| u64::try_from(lag).ok());
        reading.fact(own, row.place_of("seconds_behind_master"), Fact::OwnLag(lag));
    }
}

/// What the thread that applies is doing.
pub(super) fn sql_state(state: &str) -> Fact {
    let has = |part: &str| state.contains(part);
    if has("has read all relay log") {
        Fact::AppliesAll
    } else if has("waiting until master_delay") || has("waiting until source_delay") {
        Fact::Because(Why::Delayed)
    } else if has("lock") {
        Fact::Because(Why::Apply)
    } else {
        Fact::ApplyRuns
    }
}

fn positions(reading: &mut Reading, own: usize, row: &Record) {
    let file = |file: &str, at: &str| {
        let name = row.get(&[file])?.to_owned();
        Some(Position::Binlog(name, row.number(&[at])?.try_into().ok()?))
    };
    // Some lines only were copied: within one file the bytes alone can be compared.
    let loose = |at: &str| Some(Position::Binlog(String::new(), row.number(&[at])?.try_into().ok()?));
    let files = row.has("master_log_file") && row.has("relay_master_log_file");
    let (received, applied) = if files {
        (file("master_log_file", "read_master_log_pos"), file("relay_master_log_file", "exec_master_log_pos"))
    } else {
        (loose("read_master_log_pos"), loose("exec_master_log_pos"))
    };
    if !files && received.is_some() && applied.is_some() {
        reading.notes.assume(row.place, "The names of the log files are missing: both positions count as in one file");
    }
    let executed = row.get(&["executed_gtid_set"]).and_then(mysql_gtid);
    let retrieved = row.get(&["retrieved_gtid_set"]).and_then(mysql_gtid);
    let found = [
        (Stage::Received, received),
        (Stage::Applied, applied),
        (Stage::Received, row.get(&["gtid_io_pos"]).and_then(maria_gtid)),
        (Stage::Applied, row.get(&["gtid_slave_pos"]).and_then(maria_gtid)),
        (Stage::Received, retrieved),
        (Stage::Applied, executed),
    ];
    for (stage, position) in found {
        if let Some(position) = position {
            reading.fact(own, row.place, Fact::At(stage, position));
        }
    }
}

/// `SHOW MASTER STATUS`, `SHOW BINARY LOG STATUS`
fn master_status(reading: &mut Reading, row: &Record) {
    let Some(own) = reading.speaker(row.place) else { return };
    let executed = row.get(&["executed_gtid_set"]);
    reading.kind(Some(own), if row.has("executed_gtid_set") { Kind::Mysql } else { Kind::Mariadb });
    let at = row.number(&["position"]).and_then(|at| u64::try_from(at).ok());
    if let (Some(file), Some(at)) = (row.get(&["file"]), at) {
        reading.fact(own, row.place, Fact::At(Stage::Written, Position::Binlog(file.to_owned(), at)));
    }
    if let Some(position) = executed.and_then(mysql_gtid) {
        reading.fact(own, row.place, Fact::At(Stage::Written, position));
    }
    reading.topics.insert(Topic::HowFar);
    reading.notes.read(row.place, "the end of a binary log");
}

/// `SHOW VARIABLES`, `SHOW STATUS`, `SELECT @@…`
fn variables(reading: &mut Reading, pairs: &[Pair], place: Place) {
    let get = |key: &str| pairs.iter().find(|(known, ..)| known == key).and_then(|(_, value, _)| value.as_deref());
    let has = |key: &str| pairs.iter().any(|(known, ..)| known == key);
    let on = |value: &str| value.eq_ignore_ascii_case("on") || value == "1";
    let number = |key: &str| get(key).and_then(|value| value.parse::<u64>().ok());
    let known = pairs.iter().any(|(key, ..)| {
        ["rpl_semi_sync", "gtid_", "read_only", "server_id", "super_read_only"]
            .iter()
            .any(|start| key.starts_with(start))
    });
    if !known {
        reading.notes.unclear(place, "variables that say nothing of replication that is known here");
        return;
    }
    let Some(own) = reading.speaker(place) else { return };
    reading.kind(Some(own), if has("gtid_executed") || has("super_read_only") { Kind::Mysql } else { Kind::Mariadb });
    if let Some(id) = number("server_id") {
        reading.fact(own, place, Fact::ServerId(id));
    }
    let slave = get("gtid_slave_pos").and_then(maria_gtid);
    let written = get("gtid_binlog_pos").and_then(maria_gtid).or_else(|| get("gtid_current_pos").and_then(maria_gtid));
    let executed = get("gtid_executed").and_then(mysql_gtid);
    for (stage, position) in [(Stage::Written, written), (Stage::Applied, slave.clone()), (Stage::Written, executed)] {
        if let Some(position) = position {
            reading.fact(own, place, Fact::At(stage, position));
        }
    }
    if has("gtid_binlog_pos") || has("gtid_slave_pos") {
        reading.fact(own, place, Fact::Gtids { slave });
        reading.topics.extend([Topic::Role, Topic::Upstream]);
    }
    if let Some(value) = get("read_only") {
        reading.fact(own, place, Fact::ReadOnly(on(value)));
    }
    if let Some(status) = get("rpl_semi_sync_master_status") {
        let fact = Fact::SemiMaster {
            on: on(status),
            clients: number("rpl_semi_sync_master_clients"),
            gave_up: number("rpl_semi_sync_master_no_times").unwrap_or(0),
            waiting: number("rpl_semi_sync_master_wait_sessions").unwrap_or(0),
        };
        reading.fact(own, place, fact);
        reading.topics.insert(Topic::WhichSemiSync);
    }
    if let Some(status) = get("rpl_semi_sync_slave_status") {
        reading.fact(own, place, Fact::SemiSlave(on(status)));
    }
    super::settings::mysql_variables(reading, pairs);
    reading.notes.read(place, "variables of replication");
}
