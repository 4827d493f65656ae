//! PostgreSQL: what senders and receivers show, functions, slots, and the queries that people write themselves.

use super::{Reading, word_in};
use crate::import::cannot::Topic;
use crate::import::evidence::{Fact, Kind, Role, Sender, Stage, Why};
use crate::import::notes::mask;
use crate::import::position::{Position, interval_ms, lsn, size};
use crate::import::shape::Record;
use crate::import::text::{Place, host_and_port};

const SENT: [&str; 4] = ["sent_lsn", "sent_location", "sender_sent_location", "sent"];
const WRITTEN: [&str; 4] = ["write_lsn", "write_location", "receiver_write_location", "written"];
const FLUSHED: [&str; 4] = ["flush_lsn", "flush_location", "receiver_flush_location", "flushed"];
const APPLIED: [&str; 4] = ["replay_lsn", "replay_location", "receiver_replay_location", "replayed"];
const CURRENT: [&str; 7] = [
    "pg_current_wal_lsn",
    "pg_current_xlog_location",
    "current_lsn",
    "current_wal_lsn",
    "pg_current_wal_insert_lsn",
    "pg_current_wal_flush_lsn",
    "current_location",
];
const RECEIVED: [&str; 4] =
    ["pg_last_wal_receive_lsn", "pg_last_xlog_receive_location", "receive_lsn", "receive_location"];
const REPLAYED: [&str; 3] = ["pg_last_wal_replay_lsn", "pg_last_xlog_replay_location", "replay_lsn"];

/// Reads a table, if it is one of these.
pub(super) fn rows(
    reading: &mut Reading,
    has: &dyn Fn(&str) -> bool,
    keys: &[String],
    rows: &[Record],
    place: Place,
) -> bool {
    let any = |names: &[&str]| names.iter().any(|name| has(name));
    if has("slot_name") && any(&["restart_lsn", "active", "slot_type"]) && !has("conninfo") && !has("sender_host") {
        rows.iter().for_each(|row| slot(reading, row));
        reading.topics.extend([Topic::LagOfAttached, Topic::NamesOfStandbys]);
        reading.notes.read(place, "replication slots");
    } else if any(&["receive_start_lsn", "sender_host", "latest_end_lsn", "received_lsn"]) {
        receiver(reading, rows, place);
    } else if has("sync_state") || has("application_name") && has("state") || any(&SENT) && any(&APPLIED) {
        senders(reading, rows, place);
    } else if any(&["pg_is_in_recovery", "is_in_recovery", "in_recovery"])
        || any(&RECEIVED)
        || any(&REPLAYED)
        || any(&CURRENT)
    {
        rows.iter().for_each(|row| functions(reading, row));
    } else if any(&["pg_is_wal_replay_paused", "pg_is_xlog_replay_paused", "pg_get_wal_replay_pause_state"]) {
        rows.iter().for_each(|row| pause(reading, row));
    } else if has("wait_event") || has("waiting") {
        activity(reading, rows, place);
    } else if has("name") && has("setting") {
        super::settings::pg_settings(reading, rows, place);
    } else if let ([key], Some(row)) = (keys, rows.first()) {
        return single(reading, key, row);
    } else {
        return false;
    }
    true
}

/// An empty answer to one of these questions.
pub(super) fn nothing(reading: &mut Reading, command: &str, place: Place) -> bool {
    if command.contains("pg_stat_wal_receiver") {
        receiver(reading, &[], place);
    } else if command.contains("pg_stat_replication") {
        senders(reading, &[], place);
    } else if command.contains("pg_replication_slots") {
        reading.notes.read(place, "no replication slots");
    } else {
        return false;
    }
    true
}

fn position(row: &Record, keys: &[&str]) -> Option<Position> {
    lsn(row.get(keys)?).map(Position::Lsn)
}

/// `pg_stat_replication` in all versions and shapes.
pub(super) fn senders(reading: &mut Reading, rows: &[Record], place: Place) {
    let Some(own) = reading.speaker(place) else { return };
    reading.kind(Some(own), Kind::Postgresql);
    let count = |keys: &[&str], value: &str| rows.iter().filter(|row| row.get(keys) == Some(value)).count();
    let (mut standbys, mut others) = (0, 0);
    for row in rows {
        let name = row.get(&["application_name", "name"]);
        let state = row.get(&["state"]).map(str::to_ascii_lowercase);
        let tool = ["pg_basebackup", "pg_receivewal", "pg_receivexlog", "pg_recvlogical"];
        if let Some(position) = position(row, &CURRENT) {
            reading.fact(own, row.place, Fact::At(Stage::Written, position));
        }
        if state.as_deref() == Some("backup") || name.is_some_and(|name| tool.contains(&name)) {
            others += 1;
            reading.notes.read(row.place, "a sender for a backup or an archive, which is no standby");
            continue;
        }
        standbys += 1;
        let address = row.get(&["client_addr", "client_hostname"]);
        let address = address.filter(|address| count(&["client_addr", "client_hostname"], address) == 1);
        let name = name.filter(|name| *name != "walreceiver" && count(&["application_name", "name"], name) == 1);
        let Some(node) = standby(reading, own, address, name, row.place) else { continue };
        let sender = sender(row, state);
        note_sender(reading, (own, node), sender, row.place);
        reading.notes.read(row.place, format!("a standby that is attached: {}", mask(node)));
    }
    reading.fact(own, place, Fact::Slaves(standbys));
    reading.notes.read(place, format!("senders: {standbys} standbys, {others} others"));
    reading.topics.extend([Topic::NotAttached, Topic::Settings, Topic::BelowStandbys, Topic::WhyBehind]);
}

fn standby(
    reading: &mut Reading,
    own: usize,
    address: Option<&str>,
    name: Option<&str>,
    place: Place,
) -> Option<usize> {
    let host = address.and_then(host_and_port);
    let node = match (host, name) {
        (Some((host, _)), _) => reading.evidence.at_host(&host, None, place)?,
        (None, Some(name)) => reading.evidence.named(name, place)?,
        (None, None) => reading.evidence.fresh(place)?,
    };
    if let Some(name) = name {
        reading.evidence.learn_name(node, name);
    }
    // A node does not stream from itself: both go through the same proxy, or have one name.
    if reading.evidence.of(node) == reading.evidence.of(own) { reading.evidence.fresh(place) } else { Some(node) }
}

fn sender(row: &Record, state: Option<String>) -> Sender {
    let number = |keys: &[&str]| row.get(keys).and_then(size);
    let wait = |keys: &[&str]| row.get(keys).and_then(interval_ms);
    let starting = state.as_deref() == Some("startup");
    let known = |keys: &[&str]| position(row, keys).filter(|position| !starting && *position != Position::Lsn(0));
    let total = row.fields.iter().find_map(|field| {
        let lag = field.key.contains("lag") || field.key.contains("diff") || field.key.contains("behind");
        let part = ["sending", "receiving", "replaying", "write", "flush", "sent", "pending"].iter();
        let whole = lag && !part.clone().any(|word| field.key.contains(word)) && !field.key.contains("time");
        field.value.as_deref().filter(|_| whole && !field.key.contains("second")).and_then(size)
    });
    Sender {
        sent: known(&SENT),
        written: known(&WRITTEN),
        flushed: known(&FLUSHED),
        applied: known(&APPLIED),
        lags: [
            number(&["sending_lag", "pending_lag", "sent_lag", "send_lag", "pending"]),
            number(&["receiving_lag", "write_lag_bytes", "flush_lag_bytes", "receive_lag"]),
            number(&["replaying_lag", "replay_lag_bytes"]),
        ],
        total,
        waits_ms: [wait(&["write_lag"]), wait(&["flush_lag"]), wait(&["replay_lag"])],
        sync: row.get(&["sync_state"]).map(str::to_ascii_lowercase),
        silent_s: None,
        state,
    }
}

pub(super) fn note_sender(reading: &mut Reading, (own, node): (usize, usize), sender: Sender, place: Place) {
    reading.kind(Some(node), Kind::Postgresql);
    match sender.state.as_deref() {
        Some("startup") => reading.fact(node, place, Fact::Because(Why::Connecting)),
        Some("catchup") => reading.fact(node, place, Fact::Because(Why::CatchingUp)),
        _ => reading.fact(node, place, Fact::LinkUp),
    }
    if let Some(sync) = &sender.sync {
        reading.fact(node, place, Fact::Sync(sync.clone()));
    }
    reading.fact(node, place, Fact::Follows(own));
    reading.fact(node, place, Fact::AttachedTo(own, Box::new(sender)));
}

/// Senders without a header: an address, a state, and positions in their usual order.
pub(super) fn bare(reading: &mut Reading, rows: &[Vec<String>], place: Place) {
    let Some(own) = reading.speaker(place) else { return };
    reading.kind(Some(own), Kind::Postgresql);
    for cells in rows {
        let positions: Vec<Position> = cells.iter().filter_map(|cell| lsn(cell)).map(Position::Lsn).collect();
        let address = cells.iter().find(|cell| crate::import::text::is_address(cell)).map(String::as_str);
        let states = ["streaming", "catchup", "startup", "backup", "stopping"];
        let state = cells.iter().find(|cell| states.contains(&cell.as_str())).cloned();
        let sync = cells.iter().find(|cell| ["async", "sync", "potential", "quorum"].contains(&cell.as_str())).cloned();
        let word = |cell: &&String| {
            !states.contains(&cell.as_str())
                && cell.starts_with(|c: char| c.is_ascii_alphabetic())
                && !cell.contains('/')
        };
        let name = cells.iter().find(word).map(String::as_str).filter(|name| *name != "walreceiver");
        if state.as_deref() == Some("backup") {
            continue;
        }
        let Some(node) = standby(reading, own, address, name.filter(|_| address.is_none()), place) else { continue };
        let at = |from_end: usize| positions.len().checked_sub(from_end).and_then(|at| positions.get(at)).cloned();
        let four = positions.len() >= 4;
        let sender = Sender {
            sent: at(if four { 4 } else { positions.len() }),
            written: if four { at(3) } else { None },
            flushed: if four { at(2) } else { None },
            applied: at(1).filter(|_| positions.len() > 1),
            sync,
            state,
            ..Sender::default()
        };
        note_sender(reading, (own, node), sender, place);
    }
    reading
        .notes
        .assume(place, "The rows have no header: the columns count as sent, written, flushed, replayed, in this order");
    reading.topics.extend([Topic::NotAttached, Topic::Settings, Topic::BelowStandbys, Topic::WhyBehind]);
}

/// `pg_stat_wal_receiver`
fn receiver(reading: &mut Reading, rows: &[Record], place: Place) {
    let Some(own) = reading.speaker(place) else { return };
    reading.kind(Some(own), Kind::Postgresql);
    reading.topics.extend([Topic::OtherSlaves, Topic::MasterPosition, Topic::SyncState]);
    let Some(row) = rows.first() else {
        reading.fact(own, place, Fact::NoReceiver);
        reading.notes.read(place, "no WAL receiver runs");
        return;
    };
    reading.fact(own, place, Fact::IsRole(Role::Slave));
    let conninfo = row.get(&["conninfo"]).unwrap_or("");
    if !conninfo.is_empty() {
        reading.settings.dropped(row.place_of("conninfo"), &mut reading.notes, conninfo.contains("password="));
    }
    let host = row.get(&["sender_host"]).or_else(|| word_in(conninfo, "host"));
    let port = row.get(&["sender_port"]).or_else(|| word_in(conninfo, "port")).and_then(|port| port.parse().ok());
    if let Some((host, _)) = host.and_then(host_and_port)
        && let Some(upstream) = reading.evidence.at_host(&host, port, place)
    {
        reading.kind(Some(upstream), Kind::Postgresql);
        reading.fact(own, row.place, Fact::Follows(upstream));
    }
    let name = word_in(conninfo, "application_name").filter(|name| *name != "walreceiver" && !name.contains('/'));
    if let Some(name) = name {
        reading.evidence.learn_name(own, name);
    }
    let status = row.get(&["status"]).unwrap_or("streaming");
    reading.fact(own, place, if status == "streaming" { Fact::LinkUp } else { Fact::Because(Why::Connecting) });
    for (stage, keys) in [
        (Stage::Received, ["written_lsn", "received_lsn", "flushed_lsn"].as_slice()),
        (Stage::Flushed, &["flushed_lsn", "received_lsn"]),
    ] {
        if let Some(position) = position(row, keys) {
            reading.fact(own, row.place, Fact::At(stage, position));
        }
    }
    if let (Some(received), Some(end)) =
        (position(row, &["flushed_lsn", "received_lsn"]), position(row, &["latest_end_lsn"]))
        && let Some(behind) = received.behind(&end).filter(|behind| !behind.is_none())
    {
        reading.fact(own, row.place, Fact::Lag(behind));
        reading.fact(own, row.place, Fact::Because(Why::Network));
    }
    reading.notes.read(row.place, "a WAL receiver, and whom it follows");
}

fn functions(reading: &mut Reading, row: &Record) {
    let Some(own) = reading.speaker(row.place) else { return };
    reading.kind(Some(own), Kind::Postgresql);
    let recovery = row.get(&["pg_is_in_recovery", "is_in_recovery", "in_recovery"]);
    let standby = recovery.map(|value| value.starts_with(['t', 'T']));
    if let Some(standby) = standby {
        reading.fact(own, row.place, Fact::IsRole(if standby { Role::Slave } else { Role::Master }));
    }
    if let Some(position) = position(row, &CURRENT) {
        reading.fact(own, row.place, Fact::At(Stage::Written, position));
    }
    for (stage, keys) in
        [(Stage::Received, RECEIVED.as_slice()), (Stage::Flushed, &RECEIVED), (Stage::Applied, &REPLAYED)]
    {
        if let Some(position) = position(row, keys) {
            reading.fact(own, row.place, Fact::At(stage, position));
        }
    }
    if let Some(position) = position(row, &["lsn", "location", "position"]) {
        let stage = if standby == Some(false) { Stage::Written } else { Stage::Applied };
        reading.fact(own, row.place, Fact::At(stage, position));
    }
    pause(reading, row);
    if standby != Some(false) {
        reading.topics.extend([Topic::Upstream, Topic::ReceiverRuns, Topic::MasterPosition]);
    }
    reading.topics.insert(Topic::Upstream);
    reading.notes.read(row.place, "whether it is in recovery, and its positions");
}

fn pause(reading: &mut Reading, row: &Record) {
    let paused =
        row.get(&["pg_is_wal_replay_paused", "pg_is_xlog_replay_paused"]).map(|value| value.starts_with(['t', 'T']));
    let state = row.get(&["pg_get_wal_replay_pause_state"]).map(|state| state != "not paused");
    let Some(paused) = paused.or(state) else { return };
    let Some(own) = reading.speaker(row.place) else { return };
    reading.fact(own, row.place, Fact::IsRole(Role::Slave));
    reading.fact(own, row.place, if paused { Fact::Because(Why::Stopped) } else { Fact::ApplyRuns });
    reading.notes.read(row.place, if paused { "replay is paused" } else { "replay is not paused" });
}

/// A slot belongs to a standby, which it may be named for.
fn slot(reading: &mut Reading, row: &Record) {
    let Some(own) = reading.speaker(row.place) else { return };
    reading.kind(Some(own), Kind::Postgresql);
    if row.get(&["slot_type"]).is_some_and(|kind| kind == "logical") || row.get(&["plugin"]).is_some() {
        reading.notes.read(row.place, "a logical slot, which is no standby's");
        return;
    }
    let Some(slot) = row.get(&["slot_name"]) else { return };
    let name = slot.trim_end_matches("_slot").trim_start_matches("slot_");
    let name = name
        .strip_prefix("repmgr_")
        .map_or_else(|| name.to_owned(), |number| format!("repmgr:{}", number.trim_start_matches("slot_")));
    let Some(node) = reading.evidence.named(&name, row.place) else { return };
    reading.kind(Some(node), Kind::Postgresql);
    reading.fact(node, row.place, Fact::Follows(own));
    let lost = row.get(&["wal_status"]) == Some("lost") || row.get(&["invalidation_reason"]).is_some();
    let active = row.get(&["active"]).is_none_or(|active| active.starts_with(['t', 'T']));
    if lost {
        reading.fact(node, row.place, Fact::Because(Why::Gap));
    } else if active {
        reading.fact(node, row.place, Fact::LinkUp);
    } else {
        reading.fact(node, row.place, Fact::Because(Why::NoLink));
    }
    if let Some(position) = position(row, &["restart_lsn"]) {
        reading.fact(node, row.place, Fact::At(Stage::Flushed, position));
    }
    reading.settings.slots = true;
}

/// Sessions that wait for a standby.
fn activity(reading: &mut Reading, rows: &[Record], place: Place) {
    let waits = rows.iter().filter(|row| row.get(&["wait_event"]) == Some("SyncRep")).count();
    let Some(own) = reading.speaker(place) else { return };
    reading.kind(Some(own), Kind::Postgresql);
    if waits > 0 {
        reading.fact(own, place, Fact::IsRole(Role::Master));
        reading.settings.commits_wait = true;
        reading.notes.read(place, format!("{waits} sessions wait for a synchronous standby (SyncRep)"));
    }
    reading.topics.insert(Topic::WaitForWhom);
}

/// One column: what `SHOW` prints, or somebody's own query for the lag.
fn single(reading: &mut Reading, key: &str, row: &Record) -> bool {
    let value = row.get(&[key]);
    if super::settings::show(reading, key, value, row.place) {
        return true;
    }
    let lag = ["delay", "lag", "behind", "diff", "seconds"].iter().any(|word| key.contains(word));
    if !lag && key != "?column?" && key != "date_part" && key != "extract" {
        return false;
    }
    let Some(own) = reading.speaker(row.place) else { return false };
    reading.kind(Some(own), Kind::Postgresql);
    let command = reading.command();
    if command.contains("receive_lsn") || command.contains("receive_location") {
        // Zero, if all that was received is replayed.
        if value == Some("0") {
            reading.fact(own, row.place, Fact::AppliesAll);
        }
        reading.topics.insert(Topic::MasterPosition);
    } else {
        reading.topics.insert(Topic::WhetherBehind);
    }
    if command.contains("replay") || command.contains("recovery") {
        reading.fact(own, row.place, Fact::IsRole(Role::Slave));
    }
    reading.notes.read(
        row.place,
        "the time since the last transaction that was replayed; it grows also while nothing is written",
    );
    true
}
