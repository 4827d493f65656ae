//! Process lists of the operating system: PostgreSQL writes what it does into the titles of its processes.

use super::Reading;
use crate::import::cannot::Topic;
use crate::import::evidence::{Fact, Kind, Role, Sender, Stage, Why};
use crate::import::position::{Position, lsn};
use crate::import::text::{Line, host_and_port};

/// A line of `ps`.
pub(super) fn line(reading: &mut Reading, line: &Line) -> bool {
    let text = line.text.trim();
    if text.starts_with("PID ") && (text.ends_with("CMD") || text.ends_with("COMMAND")) || text.starts_with("UID ") {
        return true;
    }
    let Some((_, title)) = text.split_once("postgres: ") else { return false };
    let Some(own) = reading.speaker(line.place) else { return true };
    reading.kind(Some(own), Kind::Postgresql);
    let words: Vec<&str> = title.split_whitespace().collect();
    // With a cluster_name it stands in front.
    let at = words.iter().position(|word| ["walsender", "walreceiver", "startup"].contains(word));
    let rest = at.and_then(|at| words.get(at..)).unwrap_or_default();
    let position = rest.last().and_then(|word| lsn(word)).map(Position::Lsn);
    match rest.first().copied() {
        Some("walsender") => {
            let host = rest.iter().find(|word| word.contains('(')).and_then(|word| host_and_port(word));
            let Some((host, _)) = host else { return true };
            let Some(node) = reading.evidence.at_host(&host, None, line.place) else { return true };
            if rest.contains(&"backup") {
                return true;
            }
            let state = rest
                .iter()
                .find(|word| ["streaming", "catchup", "startup"].contains(word))
                .map(|word| (*word).to_owned());
            let sender = Sender { state, sent: position, ..Sender::default() };
            super::postgres::note_sender(reading, (own, node), sender, line.place);
            reading.notes.read(line.place, "a walsender, and to whom it sends");
        }
        Some("walreceiver") => {
            reading.fact(own, line.place, Fact::IsRole(Role::Slave));
            let streams = rest.contains(&"streaming");
            reading.fact(own, line.place, if streams { Fact::LinkUp } else { Fact::Because(Why::NoLink) });
            if let Some(position) = position {
                reading.fact(own, line.place, Fact::At(Stage::Received, position));
            }
            reading.notes.read(
                line.place,
                if streams { "a walreceiver that streams" } else { "a walreceiver that does not stream" },
            );
        }
        Some("startup") => {
            reading.fact(own, line.place, Fact::IsRole(Role::Slave));
            if rest.contains(&"paused") {
                reading.fact(own, line.place, Fact::Because(Why::Stopped));
            }
            reading.notes.read(line.place, "a startup process: this node replays");
        }
        _ if title.contains(" waiting for ") && words.last().is_some_and(|word| lsn(word).is_some()) => {
            reading.fact(own, line.place, Fact::IsRole(Role::Master));
            reading.settings.commits_wait = true;
            reading.notes.read(line.place, "a session whose commit waits for a standby");
        }
        _ => reading.notes.read(line.place, "another process of PostgreSQL"),
    }
    reading.topics.extend([Topic::SyncState, Topic::LagInTime, Topic::NotAttached]);
    true
}
