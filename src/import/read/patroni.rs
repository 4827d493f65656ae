//! Patroni: `patronictl list` and `topology` in all generations, as table, JSON, YAML and TSV, and its REST interface.

use serde_json::Value;

use super::{Reading, record_of, text_of};
use crate::import::cannot::Topic;
use crate::import::evidence::{Fact, Kind, Role, Sender, Stage, Why};
use crate::import::notes::mask;
use crate::import::position::{Amount, Position, lsn};
use crate::import::shape::Record;
use crate::import::text::{Place, host_and_port};

/// A member of the cluster, wherever it was listed.
#[derive(Debug, Default)]
struct Member {
    name: String,
    host: Option<(String, Option<u16>)>,
    role: String,
    state: String,
    timeline: Option<u64>,
    /// Bytes, if it is known: in all, still to be received, still to be replayed.
    lag: Option<u64>,
    receive_lag: Option<u64>,
    replay_lag: Option<u64>,
    received: Option<u64>,
    replayed: Option<u64>,
    above: Option<String>,
    no_failover: bool,
    depth: usize,
}

/// Reads a table, if it is one of these.
pub(super) fn rows(reading: &mut Reading, has: &dyn Fn(&str) -> bool, rows: &[Record], place: Place) -> bool {
    if has("tl") && has("reason") {
        history(reading, rows.len(), place);
        return true;
    }
    if !has("member") || !(has("role") || has("state")) {
        return false;
    }
    let members = rows.iter().map(|row| (member(row), row.place)).collect();
    note_members(reading, members, place);
    true
}

const MB: u64 = 1 << 20;

fn member(row: &Record) -> Member {
    let raw = row.get(&["member"]).unwrap_or("");
    let name = raw.trim_start_matches([' ', '+', '-', '|']);
    let tags = row.get(&["tags"]).unwrap_or("");
    let tag = |key: &str| {
        tags.split(['\n', ',', '{', '}']).find_map(|part| {
            let (name, value) = part.split_once(':')?;
            (name.trim().trim_matches('"') == key).then(|| value.trim().trim_matches('"').to_owned())
        })
    };
    let megabytes = |key: &str| row.get(&[key]).and_then(whole).and_then(|count| count.checked_mul(MB));
    let three = row.has("receive_lag") || row.has("receive_lsn");
    let (receive_lag, replay_lag) = if row.has("lag_2") {
        (megabytes("lag"), megabytes("lag_2"))
    } else {
        (megabytes("receive_lag"), megabytes("replay_lag"))
    };
    Member {
        name: name.trim().to_owned(),
        host: row.get(&["host"]).and_then(host_and_port),
        role: row.get(&["role"]).unwrap_or("").to_ascii_lowercase(),
        state: row.get(&["state"]).unwrap_or("").to_ascii_lowercase(),
        timeline: row.get(&["tl"]).and_then(|text| text.parse().ok()),
        lag: if three { None } else { megabytes("lag_in_mb").or_else(|| megabytes("lag")) },
        receive_lag,
        replay_lag,
        received: row.get(&["receive_lsn"]).and_then(lsn),
        replayed: row.get(&["replay_lsn"]).and_then(lsn),
        above: tag("replicatefrom"),
        no_failover: tag("nofailover").is_some_and(|value| value == "true"),
        depth: raw.len() - name.len(),
    }
}

/// `61675.0` of old, `40` today.
fn whole(text: &str) -> Option<u64> {
    text.trim().split('.').next()?.parse().ok()
}

fn note_members(reading: &mut Reading, members: Vec<(Member, Place)>, place: Place) {
    reading.settings.patroni = true;
    let mut nodes = Vec::new();
    for (member, place) in &members {
        let Some(node) = reading.evidence.named(&member.name, *place) else { continue };
        if let Some((host, port)) = &member.host {
            reading.evidence.learn_host(node, host, *port);
        }
        reading.kind(Some(node), Kind::Postgresql);
        if reading.listed.contains(&(reading.paste, reading.evidence.of(node))) {
            reading.evidence.forget_what_was_called(node);
        }
        nodes.push((node, member, *place));
    }
    for (node, ..) in &nodes {
        reading.listed.insert((reading.paste, reading.evidence.of(*node)));
    }
    let leads = |member: &Member| {
        ["leader", "master", "standby leader", "standby_leader", "primary"].contains(&member.role.as_str())
    };
    let leader = nodes.iter().find(|(_, member, _)| leads(member)).map(|(node, member, _)| (*node, member.timeline));
    let margin = nodes.iter().map(|(_, member, _)| member.depth).min().unwrap_or(0);
    let drawn = nodes.iter().any(|(_, member, _)| member.depth > margin);
    let mut above: Vec<(usize, usize)> = Vec::new();
    for (node, member, place) in &nodes {
        let (node, place) = (*node, *place);
        note_state(reading, node, member, leads(member), place);
        if leads(member) {
            reading.fact(node, place, Fact::CalledRole(Role::Master));
            if member.role.starts_with("standby") {
                reading
                    .notes
                    .assume(place, format!("{} leads a standby cluster: it counts as the master here", mask(node)));
            }
        } else {
            reading.fact(node, place, Fact::CalledRole(Role::Slave));
            let late = leader
                .and_then(|(_, timeline)| timeline)
                .zip(member.timeline)
                .is_some_and(|(leader, own)| own < leader);
            if late {
                reading.fact(node, place, Fact::Because(Why::Connecting));
                reading.notes.read(place, format!("{} is not on the timeline of the leader yet", mask(node)));
            }
        }
        above.retain(|(depth, _)| *depth < member.depth);
        let upstream = match (&member.above, above.last()) {
            (Some(name), _) => reading.evidence.named(name, place),
            (None, Some((_, upstream))) if drawn => Some(*upstream),
            _ => leader.map(|(leader, _)| leader).filter(|_| !leads(member)),
        };
        above.push((member.depth, node));
        if let Some(upstream) = upstream.filter(|upstream| *upstream != node) {
            reading.fact(node, place, Fact::Follows(upstream));
            if member.above.is_none() && !drawn {
                reading.notes.assume(place, format!("{} follows the leader: the list does not say whom", mask(node)));
            }
        }
    }
    reading.topics.extend([Topic::Freshness, Topic::SmallLag, Topic::NotAttached]);
    if !drawn {
        reading.topics.extend([Topic::Upstream, Topic::SyncState]);
    }
    reading.notes.read(place, format!("{} members of a Patroni cluster", nodes.len()));
}

fn note_state(reading: &mut Reading, node: usize, member: &Member, leads: bool, place: Place) {
    let state = member.state.as_str();
    let why = match state {
        _ if state.contains("creating replica") || state.contains("initializing") => Some(Why::Copying),
        _ if state.contains("stop") || state.contains("crash") || state.contains("failed") => Some(Why::Down),
        _ if state.contains("starting") || state.contains("restart") => Some(Why::Connecting),
        _ if state.contains("archive recovery") => Some(Why::NoLink),
        _ => None,
    };
    match why {
        Some(why) => reading.fact(node, place, Fact::Because(why)),
        None if state == "streaming" && !leads => reading.fact(node, place, Fact::LinkUp),
        None => {}
    }
    if member.no_failover {
        reading.fact(node, place, Fact::NoFailover);
    }
    let sync = match member.role.as_str() {
        "sync standby" | "sync_standby" => Some("sync"),
        "quorum standby" | "quorum_standby" => Some("quorum"),
        _ => None,
    };
    if let Some(sync) = sync {
        reading.fact(node, place, Fact::Sync(sync.to_owned()));
        reading.settings.patroni_sync = true;
    }
    if leads {
        return;
    }
    let parts = [(member.receive_lag, Why::Network), (member.replay_lag, Why::Apply)];
    for (lag, why) in parts {
        if lag.is_some_and(|lag| lag > 0) {
            reading.fact(node, place, Fact::Because(why));
        }
    }
    let lag = member.lag.or_else(|| member.replay_lag.max(member.receive_lag));
    if let Some(lag) = lag {
        reading.fact(node, place, Fact::Lag(Amount::Bytes(lag)));
    }
    for (stage, position) in [(Stage::Received, member.received), (Stage::Applied, member.replayed)] {
        if let Some(position) = position {
            reading.fact(node, place, Fact::At(stage, Position::Lsn(position)));
        }
    }
}

/// The same as JSON or YAML, and what the REST interface returns.
pub(super) fn json(reading: &mut Reading, value: &Value, place: Place) -> bool {
    if let Some(list) = value.get("members").and_then(Value::as_array)
        && list.iter().any(|member| member.get("api_url").is_some() || member.get("timeline").is_some())
    {
        let members =
            list.iter().take(crate::limits::IMPORT_NODES_MAX).map(|member| (rest_member(member), place)).collect();
        note_members(reading, members, place);
        if value.get("pause").and_then(Value::as_bool) == Some(true) {
            reading.notes.read(place, "maintenance mode: Patroni promotes nobody");
            reading.settings.paused = true;
        }
        if value.get("scheduled_switchover").is_some() {
            reading.notes.read(place, "a switchover is scheduled");
        }
        return true;
    }
    if value.get("postmaster_start_time").is_some()
        || value.get("database_system_identifier").is_some() && value.get("patroni").is_some()
    {
        itself(reading, value, place);
        return true;
    }
    if super::settings::patroni_config(reading, value, place) {
        return true;
    }
    let list = value.as_array().map(Vec::as_slice).unwrap_or_default();
    let is_history = |row: &Value| {
        row.as_array().is_some_and(|row| {
            row.len() >= 3 && row.first().is_some_and(Value::is_u64) && row.get(1).is_some_and(Value::is_u64)
        })
    };
    if !list.is_empty() && list.iter().all(is_history) {
        history(reading, list.len(), place);
        return true;
    }
    let rows: Vec<Record> = list.iter().filter_map(|value| list_row(value, place)).collect();
    if rows.is_empty()
        || rows.len() != list.len()
        || !rows.iter().all(|row| row.has("member") && (row.has("role") || row.has("state")))
    {
        return false;
    }
    let members = rows.iter().map(|row| (member(row), row.place)).collect();
    note_members(reading, members, place);
    true
}

fn history(reading: &mut Reading, timelines: usize, place: Place) {
    reading.topics.extend([Topic::Freshness, Topic::PresentState]);
    reading.notes.read(place, format!("the history of a Patroni cluster: {timelines} timelines"));
}

/// A row of `patronictl list -f json`; its tags are an object.
fn list_row(value: &Value, place: Place) -> Option<Record> {
    let mut row = record_of(value, place)?;
    if let Some(tags) = value.get("Tags") {
        let text = tags.as_object().map(|tags| {
            tags.iter()
                .map(|(key, value)| {
                    format!(
                        "{key}: {}",
                        text_of(value).map_or(String::new(), |text| if text == "t" { "true".to_owned() } else { text })
                    )
                })
                .collect::<Vec<_>>()
                .join("\n")
        });
        row.fields.retain(|field| field.key != "tags");
        row.fields.push(crate::import::shape::Field {
            key: "tags".to_owned(),
            value: text.or_else(|| text_of(tags)),
            place,
        });
    }
    Some(row)
}

fn rest_member(value: &Value) -> Member {
    let text = |key: &str| value.get(key).and_then(text_of).unwrap_or_default();
    let number = |key: &str| value.get(key).and_then(Value::as_u64);
    let tags = value.get("tags");
    let port = number("port").and_then(|port| u16::try_from(port).ok());
    Member {
        name: text("name"),
        host: host_and_port(&text("host")).map(|(host, own)| (host, port.or(own))),
        role: text("role").to_ascii_lowercase(),
        state: text("state").to_ascii_lowercase(),
        timeline: number("timeline"),
        lag: number("lag"),
        receive_lag: number("receive_lag"),
        replay_lag: number("replay_lag"),
        received: value.get("receive_lsn").and_then(Value::as_str).and_then(lsn),
        replayed: value.get("replay_lsn").and_then(Value::as_str).and_then(lsn),
        above: tags.and_then(|tags| tags.get("replicatefrom")).and_then(text_of),
        no_failover: tags.and_then(|tags| tags.get("nofailover")).and_then(Value::as_bool) == Some(true),
        depth: 0,
    }
}

/// What one Patroni says of its own node.
fn itself(reading: &mut Reading, value: &Value, place: Place) {
    reading.settings.patroni = true;
    let Some(own) = reading.next_speaker(place) else { return };
    reading.kind(Some(own), Kind::Postgresql);
    if let Some(name) = value.get("patroni").and_then(|part| part.get("name")).and_then(Value::as_str) {
        reading.evidence.learn_name(own, name);
    }
    let role = value.get("role").and_then(Value::as_str).unwrap_or("");
    let master = ["master", "primary", "standby_leader"].contains(&role);
    reading.fact(own, place, Fact::IsRole(if master { Role::Master } else { Role::Slave }));
    let log = |key: &str| value.get("xlog").and_then(|log| log.get(key)).and_then(Value::as_u64).map(Position::Lsn);
    for (stage, key) in [
        (Stage::Written, "location"),
        (Stage::Received, "received_location"),
        (Stage::Flushed, "received_location"),
        (Stage::Applied, "replayed_location"),
    ] {
        if let Some(position) = log(key) {
            reading.fact(own, place, Fact::At(stage, position));
        }
    }
    if value.get("xlog").and_then(|log| log.get("paused")).and_then(Value::as_bool) == Some(true) {
        reading.fact(own, place, Fact::Because(Why::Stopped));
    }
    if value.get("replication_state").and_then(Value::as_str) == Some("streaming") {
        reading.fact(own, place, Fact::LinkUp);
    }
    for sender in value.get("replication").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default() {
        sends(reading, own, sender, place);
    }
    if value.get("cluster_unlocked").and_then(Value::as_bool) == Some(true) {
        reading.notes.read(place, "the cluster has no leader: nobody holds the lock");
        reading.settings.unlocked = true;
    }
    reading.topics.extend([Topic::Freshness, Topic::OtherSlaves, Topic::WhyBehind]);
    if !master {
        reading.topics.extend([Topic::Upstream, Topic::MasterPosition]);
    }
    reading.notes.read(place, "what a Patroni says of its own node");
}

fn sends(reading: &mut Reading, own: usize, value: &Value, place: Place) {
    let text = |key: &str| value.get(key).and_then(text_of);
    let host = text("client_addr").and_then(|host| host_and_port(&host));
    let node = match (host, text("application_name")) {
        (Some((host, _)), _) => reading.evidence.at_host(&host, None, place),
        (None, Some(name)) => reading.evidence.named(&name, place),
        (None, None) => None,
    };
    let Some(node) = node else { return };
    if let Some(name) = text("application_name").filter(|name| name != "walreceiver") {
        reading.evidence.learn_name(node, &name);
    }
    let sender = Sender { state: text("state"), sync: text("sync_state"), ..Sender::default() };
    super::postgres::note_sender(reading, (own, node), sender, place);
}
