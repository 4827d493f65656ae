//! MariaDB and MySQL: which servers there are. Hosts that are registered, process lists, the topology of MySQL Shell.

use serde_json::Value;

use super::mysql::sql_state;
use super::{Reading, text_of};
use crate::import::cannot::Topic;
use crate::import::evidence::{Fact, Kind, Role, Why};
use crate::import::shape::Record;
use crate::import::text::{Place, host_and_port};

/// `SHOW SLAVE HOSTS`
pub(super) fn slave_host(reading: &mut Reading, row: &Record) {
    let Some(own) = reading.speaker(row.place) else { return };
    reading.kind(Some(own), Kind::Mariadb);
    let id = |key: &str| row.number(&[key]).and_then(|id| u64::try_from(id).ok());
    if let Some(master) = id("master_id") {
        reading.fact(own, row.place, Fact::ServerId(master));
    }
    let port = row.number(&["port"]).and_then(|port| u16::try_from(port).ok());
    let host = row.get(&["host"]).and_then(host_and_port);
    let node = match host {
        Some((host, _)) => reading.evidence.at_host(&host, port, row.place),
        None => id("server_id").and_then(|id| reading.evidence.named(&format!("server:{id}"), row.place)),
    };
    let Some(node) = node.filter(|node| reading.evidence.of(*node) != reading.evidence.of(own)) else { return };
    if let Some(id) = id("server_id") {
        reading.fact(node, row.place, Fact::ServerId(id));
    }
    attach(reading, own, node, row.place);
    reading.notes.read(row.place, "a slave that is registered");
}

fn attach(reading: &mut Reading, own: usize, node: usize, place: Place) {
    reading.kind(Some(node), Kind::Mariadb);
    reading.fact(node, place, Fact::Follows(own));
    reading.fact(node, place, Fact::LinkUp);
    reading.fact(node, place, Fact::AttachedTo(own, Box::default()));
}

/// `SHOW PROCESSLIST`: who reads the log here, and what the threads of a slave do.
pub(super) fn processes(reading: &mut Reading, rows: &[Record], place: Place) {
    let Some(own) = reading.speaker(place) else { return };
    reading.kind(Some(own), Kind::Mariadb);
    for row in rows {
        let command = row.get(&["command"]).unwrap_or("").to_ascii_lowercase();
        let state = row.get(&["state"]).unwrap_or("").to_ascii_lowercase();
        if command.starts_with("binlog dump") {
            if let Some((host, _)) = row.get(&["host"]).and_then(host_and_port)
                && let Some(node) = reading.evidence.at_host(&host, None, row.place)
                && reading.evidence.of(node) != reading.evidence.of(own)
            {
                attach(reading, own, node, row.place);
            }
            reading.notes.read(row.place, "a slave reads the log");
        } else if row.get(&["user"]) == Some("system user") {
            thread(reading, own, &state, row.place);
        }
    }
    reading.topics.extend([Topic::HowFar, Topic::OtherSlaves]);
}

fn thread(reading: &mut Reading, own: usize, state: &str, place: Place) {
    let has = |part: &str| state.contains(part);
    let event = has("waiting for master to send") || has("waiting for source to send") || has("queueing");
    let fact = if event {
        Fact::LinkUp
    } else if has("connecting to") || has("reconnect") {
        Fact::Because(Why::NoLink)
    } else {
        sql_state(state)
    };
    reading.fact(own, place, Fact::IsRole(Role::Slave));
    reading.fact(own, place, fact);
    reading.notes.read(place, "a thread of a slave");
}

/// What MySQL Shell calls the status of a replica set or a cluster.
pub(super) fn shell(reading: &mut Reading, value: &Value, place: Place) -> bool {
    let set = ["replicaSet", "defaultReplicaSet"].iter().find_map(|key| value.get(key));
    let Some(topology) = set.and_then(|set| set.get("topology")).and_then(Value::as_object) else { return false };
    let mut primary = None;
    let mut others = Vec::new();
    for (address, member) in topology.iter().take(crate::limits::IMPORT_NODES_MAX) {
        let address = member.get("address").and_then(Value::as_str).unwrap_or(address);
        let Some((host, port)) = host_and_port(address) else { continue };
        let Some(node) = reading.evidence.at_host(&host, port, place) else { continue };
        reading.kind(Some(node), Kind::Mysql);
        let text = |key: &str| member.get(key).and_then(text_of).unwrap_or_default();
        let is_primary = text("instanceRole") == "PRIMARY" || text("memberRole") == "PRIMARY" || text("mode") == "R/W";
        reading.fact(node, place, Fact::CalledRole(if is_primary { Role::Master } else { Role::Slave }));
        if is_primary {
            primary = Some(node);
        } else {
            others.push(node);
        }
        match text("status").as_str() {
            "ONLINE" if !is_primary => reading.fact(node, place, Fact::LinkUp),
            "UNREACHABLE" | "OFFLINE" | "(MISSING)" | "MISSING" => reading.fact(node, place, Fact::Because(Why::Down)),
            "RECOVERING" => reading.fact(node, place, Fact::Because(Why::CatchingUp)),
            "ERROR" => reading.fact(node, place, Fact::Because(Why::Error)),
            "INCONSISTENT" => reading.fact(node, place, Fact::Because(Why::Diverged)),
            _ => {}
        }
        let lag = member
            .get("replication")
            .and_then(|part| part.get("replicationLag"))
            .or_else(|| member.get("replicationLag"));
        let lag = lag.and_then(text_of).unwrap_or_default();
        if lag == "applier_queue_applied" {
            reading.fact(node, place, Fact::AppliesAll);
        } else if let Some(ms) = crate::import::position::interval_ms(&lag) {
            reading.fact(node, place, Fact::OwnLag(Some(ms / 1_000)));
        }
    }
    if let Some(primary) = primary {
        others.into_iter().for_each(|node| reading.fact(node, place, Fact::Follows(primary)));
    }
    reading.topics.extend([Topic::MasterPosition, Topic::Settings]);
    reading.notes.read(place, "a topology of MySQL Shell");
    true
}
