//! Redis Sentinel: what it holds of its masters, their slaves and the other Sentinels.

use serde_json::Value;

use super::{Reading, record_of, word_in};
use crate::import::cannot::Topic;
use crate::import::evidence::{Fact, Kind, Role, Stage, Why};
use crate::import::position::Position;
use crate::import::shape::{Record, Reply, key_of, reply_record};
use crate::import::text::{Place, host_and_port};

/// What a command of a Sentinel returned, if it is that.
pub(super) fn reply(reading: &mut Reading, reply: &Reply, place: Place) -> bool {
    if let [host, port] = reply.list()
        && let (Some(host), Some(port)) = (host.text(), port.text().and_then(|port| port.parse::<u16>().ok()))
        && let Some((host, _)) = host_and_port(host)
    {
        if let Some(node) = reading.evidence.at_host(&host, Some(port), place) {
            reading.kind(Some(node), Kind::Redis);
            reading.fact(node, place, Fact::CalledRole(Role::Master));
        }
        reading.settings.sentinel = true;
        reading.topics.extend([Topic::Slaves, Topic::MasterPosition]);
        reading.notes.read(place, "the master, as a Sentinel names it");
        return true;
    }
    if reply.named("flags").is_some() {
        return server(reading, &reply_record(reply, place));
    }
    let servers: Vec<&Reply> = reply.list().iter().filter(|server| server.named("flags").is_some()).collect();
    let records: Vec<Record> = servers.into_iter().map(|server| reply_record(server, place)).collect();
    records.iter().filter(|record| server(reading, record)).count() > 0
}

/// The same as JSON.
pub(super) fn json(reading: &mut Reading, value: &Value, place: Place) -> bool {
    let list = match value {
        Value::Array(list) => list.as_slice(),
        value => std::slice::from_ref(value),
    };
    let records = list.iter().filter_map(|value| record_of(value, place));
    let known: Vec<Record> = records.filter(|record| record.has("flags") && record.has("ip")).collect();
    known.iter().filter(|record| server(reading, record)).count() > 0
}

fn server(reading: &mut Reading, record: &Record) -> bool {
    let place = record.place;
    let flags: Vec<String> = record.get(&["flags"]).unwrap_or("").split(',').map(str::to_owned).collect();
    let has = |flag: &str| flags.iter().any(|known| known == flag);
    let down = has("s_down") || has("o_down") || has("disconnected");
    reading.settings.sentinel = true;
    if has("sentinel") {
        reading.settings.note_sentinel(record.get(&["runid", "name"]));
        reading.topics.insert(Topic::Data);
        reading.notes.read(place, if down { "another Sentinel, which is down" } else { "another Sentinel" });
        return true;
    }
    let Some((host, _)) = record.get(&["ip"]).and_then(host_and_port) else { return false };
    let port = record.number(&["port"]).and_then(|port| u16::try_from(port).ok());
    let Some(node) = reading.evidence.at_host(&host, port, place) else { return true };
    reading.kind(Some(node), Kind::Redis);
    let slave = has("slave");
    reading.fact(node, place, Fact::CalledRole(if slave { Role::Slave } else { Role::Master }));
    if down {
        reading.fact(node, place, Fact::Because(Why::Down));
    }
    if slave {
        slave_of(reading, node, record, down);
        reading.topics.insert(Topic::MasterPosition);
    } else {
        reading.topics.extend([Topic::Slaves, Topic::OtherSentinels]);
        if has("s_down") && !has("o_down") {
            reading.notes.read(
                place,
                "only this Sentinel holds the master for down (s_down): without the quorum nothing follows",
            );
        }
        let number = |key: &str| record.number(&[key]).and_then(|number| u64::try_from(number).ok());
        reading.settings.quorum = number("quorum").or(reading.settings.quorum);
        reading.settings.other_sentinels = number("num_other_sentinels").or(reading.settings.other_sentinels);
        reading.settings.down_after_ms = number("down_after_milliseconds").or(reading.settings.down_after_ms);
    }
    reading
        .notes
        .read(place, if slave { "a slave, as a Sentinel holds it" } else { "the master, as a Sentinel holds it" });
    true
}

fn slave_of(reading: &mut Reading, node: usize, record: &Record, down: bool) {
    let place = record.place;
    let port = record.number(&["master_port"]).and_then(|port| u16::try_from(port).ok());
    if let Some((host, _)) = record.get(&["master_host"]).and_then(host_and_port)
        && let Some(master) = reading.evidence.at_host(&host, port, place)
    {
        reading.kind(Some(master), Kind::Redis);
        reading.fact(node, place, Fact::Follows(master));
    }
    if !down {
        let up = record.get(&["master_link_status"]) == Some("ok");
        reading.fact(node, place, if up { Fact::LinkUp } else { Fact::Because(Why::NoLink) });
    }
    let offset = record.number(&["slave_repl_offset"]).and_then(|offset| u64::try_from(offset).ok());
    if let Some(offset) = offset.filter(|offset| *offset > 0) {
        reading.fact(node, place, Fact::At(Stage::Applied, Position::Offset(offset)));
        reading.settings.sentinel_offsets = true;
    }
    if let Some(priority) = record.number(&["slave_priority"]).and_then(|priority| u64::try_from(priority).ok()) {
        reading.fact(node, place, Fact::Priority(priority));
    }
}

/// `master0:name=…,status=ok,address=10.0.0.1:6379,slaves=2,sentinels=3`
pub(super) fn info(reading: &mut Reading, record: &Record) -> bool {
    let mut found = false;
    for field in &record.fields {
        let number = field.key.strip_prefix("master").filter(|rest| !rest.is_empty());
        if !number.is_some_and(|rest| rest.chars().all(|c| c.is_ascii_digit())) {
            continue;
        }
        let value = field.value.as_deref().unwrap_or("");
        if let Some((host, port)) = word_in(value, "address").and_then(host_and_port)
            && let Some(node) = reading.evidence.at_host(&host, port, field.place)
        {
            reading.kind(Some(node), Kind::Redis);
            reading.fact(node, field.place, Fact::CalledRole(Role::Master));
            if word_in(value, "status").is_some_and(|status| status != "ok") {
                reading.fact(node, field.place, Fact::Because(Why::Down));
            }
            let slaves = word_in(value, "slaves").and_then(|count| count.parse().ok());
            if let Some(count) = slaves {
                reading.fact(node, field.place, Fact::Slaves(count));
            }
            let sentinels = word_in(value, "sentinels").and_then(|count| count.parse::<u64>().ok());
            reading.settings.other_sentinels =
                sentinels.map(|count| count.saturating_sub(1)).or(reading.settings.other_sentinels);
        }
        reading.settings.sentinel = true;
        reading.topics.extend([Topic::Slaves, Topic::MasterPosition]);
        reading.notes.read(field.place, "the master, as a Sentinel holds it");
        found = true;
    }
    found || record.fields.iter().any(|field| key_of(&field.key).starts_with("sentinel_"))
}
