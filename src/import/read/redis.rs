//! Redis and Valkey: `INFO replication`, `ROLE`.

use serde_json::Value;

use super::Reading;
use crate::import::cannot::Topic;
use crate::import::evidence::{Fact, Kind, Role, Sender, Stage, Why};
use crate::import::position::Position;
use crate::import::shape::{Record, Reply};
use crate::import::text::{Place, host_and_port};

/// `INFO`, of a server or a Sentinel.
pub(super) fn info(reading: &mut Reading, record: &Record) {
    let place = record.place;
    let sentinel = super::sentinel::info(reading, record);
    let Some(role) = record.get(&["role"]) else {
        let says = ["connected_slaves", "master_link_status", "slave_repl_offset"].iter().any(|key| record.has(key));
        if says {
            let Some(own) = reading.next_speaker(place) else { return };
            state(reading, own, record);
        } else if !sentinel {
            reading.notes.read(place, "sections of INFO that say nothing of replication");
        }
        return;
    };
    let Some(own) = reading.next_speaker(place) else { return };
    let role = if role.eq_ignore_ascii_case("master") { Role::Master } else { Role::Slave };
    reading.fact(own, place, Fact::IsRole(role));
    state(reading, own, record);
    let anonymous = reading.evidence.seen(own).is_some_and(|seen| seen.anonymous);
    if anonymous {
        reading.topics.insert(Topic::WhichNode);
    }
}

fn state(reading: &mut Reading, own: usize, record: &Record) {
    let place = record.place;
    reading.kind(Some(own), Kind::Redis);
    let is_slave =
        record.has("master_host") || record.has("master_link_status") || record.get(&["role"]) == Some("slave");
    if is_slave {
        upstream(reading, own, record);
    } else if let Some(offset) = offset(record, "master_repl_offset") {
        reading.fact(own, record.place_of("master_repl_offset"), Fact::At(Stage::Written, offset));
    }
    if let Some(id) = record.get(&["master_replid"]).filter(|_| !is_slave) {
        reading.fact(own, record.place_of("master_replid"), Fact::History(id.to_owned()));
    }
    let mut slaves = 0;
    for field in &record.fields {
        let number = field.key.strip_prefix("slave").filter(|rest| !rest.is_empty());
        if number.is_some_and(|rest| rest.chars().all(|c| c.is_ascii_digit()))
            && let Some(value) = &field.value
        {
            slaves += u64::from(slave_line(reading, own, value, field.place));
        }
    }
    let told = record.number(&["connected_slaves"]).and_then(|count| u64::try_from(count).ok());
    if let Some(count) = told {
        reading.fact(own, place, Fact::Slaves(count));
    }
    if slaves > 0 || told.is_some() && !is_slave {
        reading.topics.extend([Topic::NotAttached, Topic::ServesReads, Topic::Settings]);
    }
    if is_slave {
        reading.topics.extend([Topic::OtherSlaves, Topic::MasterPosition, Topic::Settings]);
    }
    if record.get(&["min_slaves_good_slaves", "min_replicas_good_replicas"]).is_some() {
        reading.settings.has_gate = true;
        reading.notes.read(record.place_of("min_slaves_good_slaves"), "writes are refused without enough slaves");
    }
    let copies = record.number(&["sync_full"]).filter(|count| *count > 0);
    if let Some(copies) = copies {
        reading.notes.read(record.place_of("sync_full"), format!("full copies so far: {copies}"));
    }
    reading.notes.read(place, if is_slave { "a slave of Redis" } else { "a master of Redis" });
}

fn offset(record: &Record, key: &str) -> Option<Position> {
    record.number(&[key]).and_then(|offset| u64::try_from(offset).ok()).map(Position::Offset)
}

/// What a slave says of itself.
fn upstream(reading: &mut Reading, own: usize, record: &Record) {
    let place = record.place;
    let port = record.number(&["master_port"]).and_then(|port| u16::try_from(port).ok());
    if let Some((host, _)) = record.get(&["master_host"]).and_then(host_and_port) {
        let upstream = if host.contains('*') {
            reading.evidence.fresh(place)
        } else {
            reading.evidence.at_host(&host, port, place)
        };
        if let Some(upstream) = upstream {
            reading.kind(Some(upstream), Kind::Redis);
            reading.fact(own, record.place_of("master_host"), Fact::Follows(upstream));
        }
    } else {
        reading.topics.insert(Topic::Upstream);
    }
    let copying = record.get(&["master_sync_in_progress"]) == Some("1");
    let link = record.place_of("master_link_status");
    if copying {
        reading.fact(own, record.place_of("master_sync_in_progress"), Fact::Because(Why::Copying));
    } else if record.get(&["master_link_status"]) == Some("up") {
        reading.fact(own, link, Fact::LinkUp);
    } else if record.has("master_link_status") {
        reading.fact(own, link, Fact::Because(Why::NoLink));
    }
    if let Some(offset) = offset(record, "slave_repl_offset").or_else(|| offset(record, "slave_read_repl_offset")) {
        let key = record.place_of("slave_repl_offset");
        reading.fact(own, key, Fact::At(Stage::Received, offset.clone()));
        reading.fact(own, key, Fact::At(Stage::Applied, offset));
    }
    if let Some(priority) = record.number(&["slave_priority"]).and_then(|priority| u64::try_from(priority).ok()) {
        reading.fact(own, record.place_of("slave_priority"), Fact::Priority(priority));
    }
    if record.get(&["slave_read_only"]) == Some("0") {
        reading
            .notes
            .read(record.place_of("slave_read_only"), "this slave takes writes of its own (replica-read-only no)");
    }
}

/// `ip=…,port=…,state=online,offset=…,lag=…`, or `10.0.0.2,6379,online` of old.
fn slave_line(reading: &mut Reading, own: usize, value: &str, place: Place) -> bool {
    let parts: Vec<&str> = value.split(',').map(str::trim).collect();
    let named = |key: &str| parts.iter().find_map(|part| part.strip_prefix(key)?.strip_prefix('='));
    let plain = |at: usize| parts.get(at).copied().filter(|part| !part.contains('='));
    let host = named("ip").or_else(|| named("host")).or_else(|| plain(0));
    let port = named("port").or_else(|| plain(1)).and_then(|port| port.parse::<u16>().ok());
    let Some((host, _)) = host.and_then(host_and_port) else {
        reading.notes.unclear(place, "a slave whose address cannot be read");
        return false;
    };
    if port == Some(0) {
        reading.notes.read(place, "somebody who asked for the stream by hand (SYNC), and is no slave");
        return false;
    }
    let hidden = host.contains('*');
    let node = if hidden { reading.evidence.fresh(place) } else { reading.evidence.at_host(&host, port, place) };
    let Some(node) = node.filter(|node| reading.evidence.of(*node) != reading.evidence.of(own)) else { return false };
    let state = named("state").or_else(|| plain(2)).unwrap_or("online").to_ascii_lowercase();
    let online = state == "online";
    let offset = named("offset")
        .or_else(|| named("binlog_offset"))
        .or_else(|| plain(3))
        .and_then(|offset| offset.parse::<u64>().ok());
    let position = offset.filter(|offset| online && *offset > 0).map(Position::Offset);
    let silent_s = named("lag").and_then(|lag| lag.parse::<u64>().ok());
    attach(reading, (own, node), position, silent_s, place);
    reading.fact(node, place, if online { Fact::LinkUp } else { Fact::Because(Why::Copying) });
    reading.notes.read(place, "a slave that is connected");
    true
}

fn attach(
    reading: &mut Reading,
    (own, node): (usize, usize),
    position: Option<Position>,
    silent_s: Option<u64>,
    place: Place,
) {
    reading.kind(Some(node), Kind::Redis);
    reading.fact(node, place, Fact::Follows(own));
    let sender = Sender { written: position.clone(), applied: position, silent_s, ..Sender::default() };
    reading.fact(node, place, Fact::AttachedTo(own, Box::new(sender)));
}

/// What `ROLE` returned, if it is that.
pub(super) fn role(reading: &mut Reading, reply: &Reply, place: Place) -> bool {
    let list = reply.list();
    let text = |at: usize| list.get(at).and_then(Reply::text);
    let number = |at: usize| text(at).and_then(|text| text.parse::<i64>().ok());
    match text(0) {
        Some("master") if number(1).is_some() => {
            let Some(own) = reading.next_speaker(place) else { return true };
            reading.kind(Some(own), Kind::Redis);
            reading.fact(own, place, Fact::IsRole(Role::Master));
            let own_offset = number(1).and_then(|offset| u64::try_from(offset).ok());
            if let Some(offset) = own_offset {
                reading.fact(own, place, Fact::At(Stage::Written, Position::Offset(offset)));
            }
            for slave in list.get(2).map(Reply::list).unwrap_or_default() {
                let part = |at: usize| slave.list().get(at).and_then(Reply::text);
                let Some((host, _)) = part(0).and_then(host_and_port) else { continue };
                let port = part(1).and_then(|port| port.parse().ok());
                let Some(node) = reading.evidence.at_host(&host, port, place) else { continue };
                let offset = part(2).and_then(|offset| offset.parse::<u64>().ok()).map(Position::Offset);
                attach(reading, (own, node), offset, None, place);
                reading.fact(node, place, Fact::LinkUp);
            }
            reading.topics.extend([Topic::NotAttached, Topic::ServesReads, Topic::Settings]);
            reading.notes.read(place, "ROLE of a master: its offset, and what its slaves have acknowledged");
            true
        }
        Some("slave") if list.len() >= 5 => {
            let Some(own) = reading.next_speaker(place) else { return true };
            reading.kind(Some(own), Kind::Redis);
            reading.fact(own, place, Fact::IsRole(Role::Slave));
            let port = number(2).and_then(|port| u16::try_from(port).ok());
            if let Some((host, _)) = text(1).and_then(host_and_port)
                && let Some(upstream) = reading.evidence.at_host(&host, port, place)
            {
                reading.kind(Some(upstream), Kind::Redis);
                reading.fact(own, place, Fact::Follows(upstream));
            }
            let link = match text(3) {
                Some("connected") => Fact::LinkUp,
                Some("sync") => Fact::Because(Why::Copying),
                Some("handshake") => Fact::Because(Why::Connecting),
                _ => Fact::Because(Why::NoLink),
            };
            reading.fact(own, place, link);
            if let Some(offset) = number(4).and_then(|offset| u64::try_from(offset).ok()) {
                reading.fact(own, place, Fact::At(Stage::Received, Position::Offset(offset)));
                reading.fact(own, place, Fact::At(Stage::Applied, Position::Offset(offset)));
            }
            reading.topics.extend([Topic::OtherSlaves, Topic::MasterPosition]);
            reading.notes.read(place, "ROLE of a slave: its master, its link, its offset");
            true
        }
        _ => false,
    }
}

/// The same as JSON.
pub(super) fn role_json(reading: &mut Reading, value: &Value, place: Place) -> bool {
    fn reply(value: &Value) -> Reply {
        match value {
            Value::Array(list) => Reply::List(list.iter().map(reply).collect()),
            value => Reply::Text(super::text_of(value).unwrap_or_default()),
        }
    }
    value.is_array() && role(reading, &reply(value), place)
}
