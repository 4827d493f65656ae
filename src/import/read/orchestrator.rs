//! The topology of Orchestrator: one line for each instance, drawn by indentation.

use super::Reading;
use crate::import::cannot::Topic;
use crate::import::evidence::{Fact, Kind, Role, Why};
use crate::import::text::{Line, host_and_port};

/// `+ db2:3306   [0s,ok,5.7.12-log,rw,MIXED,>>,GTID]`, or the same with `|` between the parts.
pub(super) fn line(reading: &mut Reading, line: &Line) -> bool {
    let text = line.text.as_str();
    let start = text.find(|c: char| c.is_ascii_alphanumeric()).unwrap_or(text.len());
    let (lead, rest) = text.split_at(start);
    if !lead.chars().all(|c| matches!(c, ' ' | '+' | '-' | '|' | '*' | '\t')) {
        return false;
    }
    let (instance, details) = if let Some((instance, details)) = rest.split_once('[') {
        (instance, details.trim_end().trim_end_matches(']').split(',').collect::<Vec<_>>())
    } else if let Some((instance, details)) = rest.split_once('|') {
        (instance, details.split(['|', ',']).collect())
    } else {
        return false;
    };
    let details: Vec<String> = details.iter().map(|part| part.trim().to_ascii_lowercase()).collect();
    let known = ["ok", "lag", "invalid", "unknown", "nonreplicating", "downtimed"];
    let status = details.get(1).map(String::as_str).unwrap_or("");
    let Some((host, Some(port))) = host_and_port(instance.trim()).filter(|_| known.contains(&status)) else {
        return false;
    };
    let Some(node) = reading.evidence.at_host(&host, Some(port), line.place) else { return true };
    let maria = details.iter().any(|part| part.contains("maria"));
    reading.kind(Some(node), if maria { Kind::Mariadb } else { Kind::Mysql });
    let depth = lead.len();
    reading.above.retain(|(above, _)| *above < depth);
    match reading.above.last().copied() {
        Some((_, upstream)) => {
            reading.fact(node, line.place, Fact::CalledRole(Role::Slave));
            reading.fact(node, line.place, Fact::Follows(upstream));
        }
        None => reading.fact(node, line.place, Fact::CalledRole(Role::Master)),
    }
    let is_slave = !reading.above.is_empty();
    reading.above.push((depth, node));
    match status {
        "invalid" | "unknown" => reading.fact(node, line.place, Fact::Because(Why::Down)),
        "nonreplicating" => reading.fact(node, line.place, Fact::Because(Why::Unknown)),
        _ => {}
    }
    let lag = details.first().map(String::as_str).unwrap_or("");
    if is_slave && status != "invalid" {
        let seconds = lag.strip_suffix('s').and_then(|seconds| seconds.parse().ok());
        reading.fact(node, line.place, Fact::OwnLag(seconds));
    }
    if details.iter().any(|part| part == "rw" || part == "ro") {
        reading.fact(node, line.place, Fact::ReadOnly(details.iter().any(|part| part == "ro")));
    }
    reading.topics.extend([Topic::WhyBehind, Topic::Settings, Topic::Freshness]);
    reading.notes.read(line.place, "an instance in a topology of Orchestrator");
    true
}
