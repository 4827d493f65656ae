//! MongoDB: `rs.status()` of both shells, `rs.conf()`, and the short form that only lists the secondaries.

use serde_json::Value;

use super::{Reading, text_of};
use crate::import::cannot::Topic;
use crate::import::evidence::Stage;
use crate::import::evidence::{Fact, Kind, Role, Why};
use crate::import::position::{Amount, Position};
use crate::import::text::{Line, Place, host_and_port};
use crate::limits;

/// Reads an object, if it is one of these.
pub(super) fn status(reading: &mut Reading, value: &Value, place: Place) -> bool {
    if value.get("syncedTo").is_some() && value.get("replLag").is_some() {
        return short(reading, &text(value, "replLag"), place);
    }
    let Some(members) = value.get("members").and_then(Value::as_array) else { return false };
    if members.iter().any(|member| member.get("stateStr").is_some()) {
        members_status(reading, value, members, place);
        return true;
    }
    if members.iter().any(|member| member.get("host").is_some() && member.get("_id").is_some()) {
        configuration(reading, value, members, place);
        return true;
    }
    false
}

fn text(value: &Value, key: &str) -> String {
    value.get(key).and_then(text_of).unwrap_or_default()
}

fn node_of(reading: &mut Reading, name: &str, place: Place) -> Option<usize> {
    let (host, port) = host_and_port(name)?;
    let node = reading.evidence.at_host(&host, port, place)?;
    reading.kind(Some(node), Kind::Mongodb);
    Some(node)
}

fn members_status(reading: &mut Reading, value: &Value, members: &[Value], place: Place) {
    let mut primary = None;
    let mut secondaries = Vec::new();
    for member in members.iter().take(limits::IMPORT_NODES_MAX) {
        let Some(node) = node_of(reading, &text(member, "name"), place) else { continue };
        let state = text(member, "stateStr").to_ascii_uppercase();
        let healthy = member.get("health").and_then(Value::as_f64) != Some(0.0);
        let message =
            format!("{} {}", text(member, "lastHeartbeatMessage"), text(member, "infoMessage")).to_ascii_lowercase();
        let why = reason(&state, healthy, &message);
        match state.as_str() {
            "PRIMARY" => {
                reading.fact(node, place, Fact::CalledRole(Role::Master));
                primary = Some(node);
            }
            "ARBITER" => reading.fact(node, place, Fact::CalledRole(Role::Arbiter)),
            _ => {
                reading.fact(node, place, Fact::CalledRole(Role::Slave));
                secondaries.push((node, member));
            }
        }
        if let Some(why) = why {
            reading.fact(node, place, Fact::Because(why));
        }
        if let Some(position) = optime(member).filter(|_| why != Some(Why::Down)) {
            let stage = if state == "PRIMARY" { Stage::Written } else { Stage::Applied };
            reading.fact(node, place, Fact::At(stage, position));
        }
    }
    for (node, member) in secondaries {
        let source = ["syncSourceHost", "syncingTo"].iter().map(|key| text(member, key)).find(|name| !name.is_empty());
        let told = source.and_then(|name| node_of(reading, &name, place));
        if let Some(upstream) = told.or(primary).filter(|upstream| *upstream != node) {
            reading.fact(node, place, Fact::Follows(upstream));
            if told.is_none() {
                reading.notes.assume(
                    place,
                    format!("{} follows the primary: its source is not shown", crate::import::notes::mask(node)),
                );
            }
        }
    }
    if primary.is_none() {
        reading.notes.read(place, "nobody is primary");
    }
    let votes = value.get("writableVotingMembersCount").and_then(Value::as_u64);
    if let Some(votes) = votes {
        reading.notes.read(place, format!("{votes} members with data vote"));
    }
    reading.topics.extend([Topic::Settings, Topic::WhyBehind, Topic::OthersViews]);
    reading.notes.read(place, format!("{} members of a replica set", members.len()));
}

/// What the state of a member means for how it follows.
fn reason(state: &str, healthy: bool, message: &str) -> Option<Why> {
    let stale = message.contains("too stale") || message.contains("rs102");
    match state {
        _ if stale => Some(Why::Gap),
        _ if !healthy || state.contains("NOT REACHABLE") || state == "DOWN" || state == "UNKNOWN" => Some(Why::Down),
        "ROLLBACK" => Some(Why::Diverged),
        "STARTUP2" => Some(Why::Copying),
        "STARTUP" => Some(Why::Connecting),
        "RECOVERING" => Some(Why::Unknown),
        "REMOVED" => Some(Why::Refused),
        _ => None,
    }
}

/// `optime: { ts: Timestamp(…), t: 1 }`, or the time stamp alone of old.
fn optime(member: &Value) -> Option<Position> {
    let optime = member.get("optime")?;
    let stamp = optime.get("ts").unwrap_or(optime);
    let stamp = stamp.get("$timestamp").unwrap_or(stamp);
    Some(Position::Optime(stamp.get("t")?.as_u64()?, stamp.get("i")?.as_u64()?))
}

fn configuration(reading: &mut Reading, value: &Value, members: &[Value], place: Place) {
    for member in members.iter().take(limits::IMPORT_NODES_MAX) {
        let Some(node) = node_of(reading, &text(member, "host"), place) else { continue };
        if member.get("arbiterOnly").and_then(Value::as_bool) == Some(true) {
            reading.fact(node, place, Fact::CalledRole(Role::Arbiter));
        }
        let priority = member
            .get("priority")
            .and_then(Value::as_f64)
            .map(|priority| if priority <= 0.0 { 0 } else { priority.min(1_000.0) as u64 });
        if let Some(priority) = priority {
            reading.fact(node, place, Fact::Priority(priority));
        }
        let delay = ["secondaryDelaySecs", "slaveDelay"].iter().find_map(|key| member.get(key)?.as_u64());
        if let Some(delay) = delay.filter(|delay| *delay > 0) {
            reading.fact(node, place, Fact::Delay(delay.saturating_mul(1_000)));
        }
    }
    let election = value.get("settings").and_then(|part| part.get("electionTimeoutMillis")).and_then(Value::as_u64);
    reading.settings.election_ms = election.or(reading.settings.election_ms);
    reading.topics.insert(Topic::PresentState);
    reading.notes.read(place, "the configuration of a replica set");
}

/// `source: db2:27017`, `syncedTo: …`, `0 secs (0 hrs) behind the primary`
pub(super) fn line(reading: &mut Reading, line: &Line) -> bool {
    let text = line.text.trim();
    if let Some(name) = text.strip_prefix("source:") {
        let name = name.split('{').next().unwrap_or(name).trim();
        if let Some(node) = node_of(reading, name, line.place) {
            reading.subject = Some(node);
            reading.fact(node, line.place, Fact::CalledRole(Role::Slave));
            reading.topics.extend([Topic::MasterPosition, Topic::Settings, Topic::WhyBehind, Topic::Upstream]);
            reading.notes.read(line.place, "a secondary");
            return true;
        }
        return false;
    }
    if text.contains("behind the primary") || text.contains("behind the freshest member") {
        return short(reading, text.trim_start_matches("replLag:"), line.place);
    }
    let known = text.starts_with("syncedTo:") || text == "---" || text == "{" || text == "}";
    known && reading.subject.is_some()
}

fn short(reading: &mut Reading, lag: &str, place: Place) -> bool {
    let Some(node) = reading.subject else { return false };
    let number =
        lag.trim().trim_matches(['\'', '"', ' ']).split(' ').next().and_then(|number| number.parse::<i64>().ok());
    let Some(seconds) = number else { return false };
    let seconds = u64::try_from(seconds).unwrap_or(0);
    reading.fact(node, place, Fact::Lag(Amount::Milliseconds(seconds.saturating_mul(1_000))));
    reading.notes.read(place, "how far a secondary is behind the primary");
    true
}
