//! repmgr: `cluster show` in both generations, `node status`, `node check`, `service status`.

use super::{Reading, word_in};
use crate::import::cannot::Topic;
use crate::import::evidence::{Fact, Kind, Role, Stage, Why};
use crate::import::notes::mask;
use crate::import::position::{Amount, Position, lsn};
use crate::import::shape::Record;
use crate::import::text::{Line, Place, between, host_and_port};

/// Reads a table, if it is one of these.
pub(super) fn rows(reading: &mut Reading, has: &dyn Fn(&str) -> bool, rows: &[Record], place: Place) -> bool {
    if has("node_name") && has("node_id") {
        rows.iter().for_each(|row| status_csv(reading, row));
        reading.topics.extend([Topic::Members, Topic::OtherSlaves]);
    } else if has("event") && has("node_id") {
        reading.topics.insert(Topic::PresentState);
        reading.notes.read(place, format!("{} events of repmgr", rows.len()));
    } else if has("name") && has("role") && has("status") {
        rows.iter().for_each(|row| show(reading, row));
        reading.topics.extend([Topic::Lag, Topic::OthersViews, Topic::SyncState, Topic::Upstream]);
        reading.notes.read(place, format!("{} nodes of a repmgr cluster", rows.len()));
    } else if has("role") && has("connection_string") {
        old(reading, rows, place);
    } else {
        return false;
    }
    true
}

fn member(
    reading: &mut Reading,
    name: Option<&str>,
    id: Option<&str>,
    connection: &str,
    place: Place,
) -> Option<usize> {
    let host = word_in(connection, "host").and_then(host_and_port);
    let node = match (name, &host) {
        (Some(name), _) => reading.evidence.named(name, place)?,
        (None, Some((host, _))) => reading.evidence.at_host(host, None, place)?,
        (None, None) => reading.evidence.fresh(place)?,
    };
    if let Some((host, _)) = host {
        let port = word_in(connection, "port").and_then(|port| port.parse().ok());
        reading.evidence.learn_host(node, &host, port);
    }
    if let Some(id) = id {
        reading.evidence.learn_name(node, &format!("repmgr:{id}"));
    }
    reading.kind(Some(node), Kind::Postgresql);
    reading.settings.repmgr = true;
    Some(reading.evidence.of(node))
}

fn show(reading: &mut Reading, row: &Record) {
    let place = row.place;
    let connection = row.get(&["connection_string"]).unwrap_or("");
    let Some(node) = member(reading, row.get(&["name"]), row.get(&["id"]), connection, place) else { return };
    let status = row.get(&["status"]).unwrap_or("").to_ascii_lowercase();
    let primary = row.get(&["role"]) == Some("primary");
    let primary = (primary && !status.contains("running as standby")) || status.contains("running as primary");
    let down = status.starts_with(['-', '?']) || status.contains("failed") || status.contains("unreachable");
    reading.fact(node, place, Fact::CalledRole(if primary { Role::Master } else { Role::Slave }));
    if down {
        reading.fact(node, place, Fact::Because(Why::Down));
    }
    if status.starts_with('!') {
        reading.notes.read(place, format!("repmgr holds {} for something else than it is", mask(node)));
    }
    if let Some(priority) = row.number(&["priority", "prio"]).and_then(|priority| u64::try_from(priority).ok()) {
        reading.fact(node, place, Fact::Priority(priority));
    }
    let Some(upstream) = row.get(&["upstream"]).filter(|_| !primary) else { return };
    let name = upstream.trim_start_matches(['!', '?', ' ']);
    let Some(above) = Some(name).filter(|name| !name.is_empty()).and_then(|name| reading.evidence.named(name, place))
    else {
        return;
    };
    if upstream.starts_with('!') {
        reading.fact(node, place, Fact::FollowsDoubtful(above));
    } else {
        reading.fact(node, place, Fact::Follows(above));
        if !upstream.starts_with('?') && !down {
            reading.fact(node, place, Fact::LinkUp);
        }
    }
}

/// `* master | host=db1 …`, `standby | …`, `FAILED | …`
fn old(reading: &mut Reading, rows: &[Record], place: Place) {
    let mut master = None;
    let mut slaves = Vec::new();
    for row in rows {
        let connection = row.get(&["connection_string"]).unwrap_or("");
        let Some(node) = member(reading, None, None, connection, row.place) else { continue };
        let role = row.get(&["role"]).unwrap_or("").to_ascii_lowercase();
        if role.contains("failed") {
            reading.fact(node, row.place, Fact::Because(Why::Down));
        } else if role.contains("master") || role.contains("primary") {
            reading.fact(node, row.place, Fact::CalledRole(Role::Master));
            master = Some(node);
        } else {
            reading.fact(node, row.place, Fact::CalledRole(Role::Slave));
            slaves.push(node);
        }
    }
    if let Some(master) = master {
        for node in slaves {
            reading.fact(node, place, Fact::Follows(master));
            reading.notes.assume(place, format!("{} follows the master: the list does not say whom", mask(node)));
        }
    }
    reading.topics.extend([Topic::Lag, Topic::OthersViews, Topic::SyncState, Topic::Upstream]);
    reading.notes.read(place, format!("{} nodes of a repmgr cluster (version 3)", rows.len()));
}

fn status_csv(reading: &mut Reading, row: &Record) {
    let place = row.place;
    let connection = row.get(&["conninfo"]).unwrap_or("");
    let Some(node) = member(reading, row.get(&["node_name"]), row.get(&["node_id"]), connection, place) else { return };
    for (key, value) in [
        ("Role", row.get(&["role"])),
        ("Upstream node", row.get(&["upstream_node"])),
        ("Last received LSN", row.get(&["last_received_lsn"])),
        ("Last replayed LSN", row.get(&["last_replayed_lsn"])),
        ("Replication lag", row.get(&["replication_lag"])),
        ("Replication connections", row.get(&["replication_connections"])),
    ] {
        if let Some(value) = value {
            detail(reading, node, key, value, place);
        }
    }
    reading.notes.read(place, "the status of a node of repmgr");
}

/// A line of its own.
pub(super) fn line(reading: &mut Reading, line: &Line) -> bool {
    let text = line.text.trim();
    let asked = reading.command().contains("repmgr");
    if let Some(name) = text.strip_prefix("Node \"").and_then(|rest| rest.strip_suffix("\":")) {
        let Some(node) = member(reading, Some(name), None, "", line.place) else { return true };
        reading.subject = Some(node);
        reading.topics.extend([Topic::Members, Topic::OtherSlaves]);
        reading.notes.read(line.place, "the status of a node of repmgr");
        return true;
    }
    if let Some(found) = csv_show(reading, text, line.place) {
        return found;
    }
    const DETAILS: [&str; 6] =
        ["Server role", "Replication lag", "Upstream connection", "Downstream servers", "Upstream node", "Role"];
    if let Some(node) = reading.subject
        && let Some((key, value)) = text.split_once(": ")
        && DETAILS.contains(&key)
    {
        detail(reading, node, key, value, line.place);
        return true;
    }
    if text.contains("(ID: ") && text.contains("node ") || text.starts_with("- ") && text.contains("(ID: ") {
        return issue(reading, text, line.place);
    }
    if let Some(node) = reading.subject
        && let Some((key, value)) = text.split_once(": ")
        && line.text.starts_with(['\t', ' '])
    {
        detail(reading, node, key, value, line.place);
        return true;
    }
    let seconds = text.strip_suffix(" seconds)").and_then(|rest| rest.rsplit_once('('));
    if asked && let Some((_, seconds)) = seconds.filter(|(status, _)| ["OK ", "WARNING ", "CRITICAL "].contains(status))
    {
        if let Some(own) = reading.speaker(line.place) {
            reading.kind(Some(own), Kind::Postgresql);
            reading.fact(own, line.place, Fact::IsRole(Role::Slave));
            reading.fact(own, line.place, Fact::OwnLag(seconds.parse().ok()));
        }
        reading.topics.extend([Topic::Members, Topic::WhetherBehind]);
        reading.notes.read(line.place, "the lag of a node of repmgr");
        return true;
    }
    let known = text.starts_with("WARNING: ")
        || text.starts_with("HINT: ")
        || text.starts_with("- ")
        || text.starts_with("NOTICE: ");
    if known && asked {
        reading.notes.read(line.place, "a remark of repmgr");
    }
    known && asked
}

/// `2,0,1`: a node, whether it is reached, whether it is in recovery.
fn csv_show(reading: &mut Reading, text: &str, place: Place) -> Option<bool> {
    let mut parts = text.split(',').map(|part| part.trim().parse::<i64>().ok());
    let (id, reached, recovery) = (parts.next()??, parts.next()??, parts.next()??);
    if parts.next().is_some() || id < 1 || !(-1..=0).contains(&reached) || !(-1..=1).contains(&recovery) {
        return None;
    }
    let node = member(reading, Some(&format!("repmgr:{id}")), None, "", place)?;
    if reached != 0 {
        reading.fact(node, place, Fact::Because(Why::Down));
    }
    match recovery {
        0 => reading.fact(node, place, Fact::CalledRole(Role::Master)),
        1 => reading.fact(node, place, Fact::CalledRole(Role::Slave)),
        _ => {}
    }
    reading.topics.extend([Topic::Upstream, Topic::Lag, Topic::NamesOfStandbys]);
    reading.notes.read(place, "a node, whether it is reached, and whether it is in recovery");
    Some(true)
}

/// The names in a remark, each in front of its number.
fn names(text: &str) -> Vec<String> {
    let quoted: Vec<String> = text.split('"').skip(1).step_by(2).map(str::to_owned).collect();
    if !quoted.is_empty() {
        return quoted;
    }
    let before = text.split(" (ID: ").next().unwrap_or("");
    before.rsplit([' ', ';']).next().map(|name| vec![name.to_owned()]).unwrap_or_default()
}

fn issue(reading: &mut Reading, text: &str, place: Place) -> bool {
    let names = names(text);
    let Some(first) = names.first().filter(|name| !name.is_empty()) else { return false };
    let Some(node) = reading.evidence.named(first, place) else { return true };
    if let Some(id) = between(text, "(ID: ", ")").filter(|id| id.parse::<u16>().is_ok()) {
        reading.evidence.learn_name(node, &format!("repmgr:{id}"));
    }
    let second = names.get(1).cloned();
    if text.contains("reports a different upstream") {
        let reported = between(text, "(reported: \"", "\"").map(str::to_owned);
        if let Some(above) = reported.and_then(|name| reading.evidence.named(&name, place)) {
            reading.fact(node, place, Fact::Follows(above));
        }
        reading.notes.read(place, format!("{} follows another node than repmgr holds", mask(node)));
    } else if text.contains("is not attached to its upstream") {
        if let Some(above) = second.and_then(|name| reading.evidence.named(&name, place)) {
            reading.fact(node, place, Fact::FollowsDoubtful(above));
        }
        reading
            .notes
            .read(place, format!("{} is not attached to the node that repmgr holds to be its upstream", mask(node)));
    } else if text.contains("running as primary") {
        reading.fact(node, place, Fact::CalledRole(Role::Master));
        reading.notes.read(place, format!("{} runs as a primary", mask(node)));
    } else if text.contains("unable to connect to node") && !text.contains("upstream node") {
        reading.fact(node, place, Fact::Because(Why::Down));
        reading.notes.read(place, format!("{} cannot be reached", mask(node)));
    } else if text.starts_with("- ") && !text.contains("node ") {
        // The list of those that are not attached.
        not_attached(reading, node, place);
    } else {
        reading.notes.read(place, "a remark of repmgr");
    }
    true
}

fn not_attached(reading: &mut Reading, node: usize, place: Place) {
    match reading.subject {
        Some(own) if own != node => reading.fact(node, place, Fact::FollowsDoubtful(own)),
        _ => {}
    }
    reading.notes.read(place, format!("{} is not attached", mask(node)));
}

/// A line of `node status` or `node check`.
fn detail(reading: &mut Reading, node: usize, key: &str, value: &str, place: Place) {
    let position = lsn(value).filter(|position| *position > 0).map(Position::Lsn);
    match key.trim() {
        "Role" | "Server role" => {
            let primary = value.contains("primary");
            reading.fact(node, place, Fact::IsRole(if primary { Role::Master } else { Role::Slave }));
        }
        "Upstream node" => {
            let name = value.split(" (ID").next().unwrap_or(value);
            if name != "(none)"
                && let Some(above) = reading.evidence.named(name, place)
            {
                reading.fact(node, place, Fact::Follows(above));
            }
        }
        "Upstream connection" => upstream(reading, node, value, place),
        "Last received LSN" => {
            for stage in [Stage::Received, Stage::Flushed] {
                position.clone().into_iter().for_each(|position| reading.fact(node, place, Fact::At(stage, position)));
            }
        }
        "Last replayed LSN" => {
            position.into_iter().for_each(|position| reading.fact(node, place, Fact::At(Stage::Applied, position)));
        }
        "Replication lag" => {
            let number = value.trim_start_matches(|c: char| !c.is_ascii_digit());
            let seconds = number.split(' ').next().and_then(|number| number.parse::<u64>().ok());
            if let Some(seconds) = seconds.filter(|_| value.contains("second")) {
                reading.fact(node, place, Fact::Lag(Amount::Milliseconds(seconds.saturating_mul(1_000))));
            }
        }
        "Replication connections" => {
            if let Some(count) = value.split(' ').next().and_then(|count| count.parse().ok()) {
                reading.fact(node, place, Fact::Slaves(count));
            }
        }
        "Downstream servers" => {
            if let Some(missing) = between(value, "missing: ", ")") {
                let missing = format!("{missing})");
                for part in missing.split(", ") {
                    let name = part.split(" (ID").next().unwrap_or(part).trim();
                    if let Some(other) =
                        Some(name).filter(|name| !name.is_empty()).and_then(|name| reading.evidence.named(name, place))
                    {
                        reading.kind(Some(other), Kind::Postgresql);
                        if let Some(id) = between(part, "(ID: ", ")").filter(|id| id.parse::<u16>().is_ok()) {
                            reading.evidence.learn_name(other, &format!("repmgr:{id}"));
                        }
                        not_attached(reading, other, place);
                    }
                }
            }
        }
        "Conninfo" => {
            if let Some((host, _)) = word_in(value, "host").and_then(host_and_port) {
                let port = word_in(value, "port").and_then(|port| port.parse().ok());
                reading.evidence.learn_host(node, &host, port);
            }
        }
        _ => {}
    }
}

/// `OK (node "db2" (ID: 2) is attached to expected upstream node "db1" (ID: 1))`
fn upstream(reading: &mut Reading, node: usize, value: &str, place: Place) {
    let names = names(value);
    let Some(above) = names.get(1).cloned().and_then(|name| reading.evidence.named(&name, place)) else { return };
    let ids: Vec<&str> = value.split("(ID: ").skip(1).filter_map(|rest| rest.split(')').next()).collect();
    for (node, id) in [node, above].into_iter().zip(ids).filter(|(_, id)| id.parse::<u16>().is_ok()) {
        reading.evidence.learn_name(node, &format!("repmgr:{id}"));
    }
    if value.starts_with("OK") {
        reading.fact(node, place, Fact::Follows(above));
        reading.fact(node, place, Fact::LinkUp);
    } else {
        reading.fact(node, place, Fact::FollowsDoubtful(above));
        reading.fact(node, place, Fact::Because(Why::NoLink));
    }
}
