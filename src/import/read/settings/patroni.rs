//! Settings of Patroni and MongoDB, which are YAML.

use std::ops::RangeInclusive;

use super::known::on;
use crate::import::evidence::{Fact, Kind};
use crate::import::notes::mask;
use crate::import::read::Reading;
use crate::import::shape::Entry;
use crate::import::text::{Place, host_and_port};
use crate::limits;

pub(super) fn patroni(reading: &mut Reading, entry: &Entry) -> Option<String> {
    let value = entry.value();
    let number = value.trim().parse::<u64>().ok();
    let place = entry.place;
    let word = if on(&value) { "on" } else { "off" };
    let top = entry.section.is_empty();
    if entry.section.contains("authentication") || entry.section.contains("pg_hba") || entry.section.contains("users") {
        return None;
    }
    match entry.key.as_str() {
        "scope" if top => {
            reading.settings.patroni = true;
            Some("a cluster of Patroni".to_owned())
        }
        "name" if top && !value.is_empty() => {
            let own = reading.speaker(place)?;
            reading.evidence.learn_name(own, &value);
            reading.kind(Some(own), Kind::Postgresql);
            Some("the name of this member".to_owned())
        }
        "connect_address" if entry.section == "postgresql" => {
            let (host, port) = host_and_port(&value)?;
            let own = reading.speaker(place)?;
            reading.evidence.learn_host(own, &host, port);
            Some("where this member is".to_owned())
        }
        "ttl" => {
            reading.settings.patroni = true;
            reading.settings.ttl_s = number;
            assume_in(reading, place, "ttl", number?, &limits::IMPORT_LEASE_S);
            Some(format!("ttl: {} s", number?))
        }
        "loop_wait" => {
            reading.settings.patroni = true;
            reading.settings.loop_s = number;
            assume_in(reading, place, "loop_wait", number?, &limits::IMPORT_LOOP_S);
            Some(format!("loop_wait: {} s", number?))
        }
        "maximum_lag_on_failover" => {
            reading.settings.patroni = true;
            Some(format!("maximum_lag_on_failover: {}", crate::import::position::Amount::Bytes(number?).words()))
        }
        "synchronous_mode" => {
            reading.settings.patroni = true;
            let quorum = value.eq_ignore_ascii_case("quorum");
            reading.settings.patroni_sync = on(&value) || quorum;
            Some(format!("synchronous_mode: {}", if quorum { "quorum" } else { word }))
        }
        "synchronous_mode_strict" => {
            reading.settings.patroni_strict = on(&value);
            Some(format!("synchronous_mode_strict: {word}"))
        }
        "synchronous_node_count" => Some(format!("synchronous_node_count: {}", number?)),
        "use_slots" => {
            reading.settings.slots = on(&value);
            Some(format!("use_slots: {word}"))
        }
        "use_pg_rewind" => {
            reading.settings.rewind = Some(on(&value));
            Some(format!("use_pg_rewind: {word}"))
        }
        "pause" => {
            reading.settings.paused = on(&value);
            Some(format!("pause: {word}"))
        }
        "nofailover" if on(&value) => {
            let own = reading.speaker(place)?;
            reading.fact(own, place, Fact::NoFailover);
            Some("nofailover: this member is never promoted".to_owned())
        }
        "replicatefrom" if entry.section == "tags" => {
            let own = reading.speaker(place)?;
            let above = reading.evidence.named(&value, place)?;
            reading.fact(own, place, Fact::Follows(above));
            Some(format!("replicatefrom: {}", mask(above)))
        }
        _ => super::postgres::postgres(reading, entry),
    }
}

pub(super) fn mongo(reading: &mut Reading, entry: &Entry) -> Option<String> {
    if entry.section == "replication" && entry.key == "replsetname" {
        let own = reading.speaker(entry.place);
        reading.kind(own, Kind::Mongodb);
        return Some("a member of a replica set".to_owned());
    }
    None
}

/// A lease that the run text cannot have is taken as the nearest that it can.
fn assume_in(reading: &mut Reading, place: Place, name: &str, seconds: u64, can: &RangeInclusive<u64>) {
    if !can.contains(&seconds) {
        let nearest = seconds.clamp(*can.start(), *can.end());
        reading.notes.assume(place, format!("{name} is {nearest} s: a run has {} to {} s", can.start(), can.end()));
    }
}
