//! The nearest preset, and the lines in which the paste differs from it.

use serde::Serialize;

use super::evidence::{Fact, Kind, Role, Why};
use super::model::Model;
use super::notes::mask;
use super::position::Amount;
use super::read::{Reading, Settings, SyncMethod};
use super::text::Place;
use crate::limits;
use crate::scenario::Preset;
use crate::time;

/// A preset with what differs from it.
#[derive(Debug, Clone, Serialize)]
pub struct Nearest {
    /// Its name in the run text.
    pub name: &'static str,
    /// What it is, in a few words.
    pub title: &'static str,
    /// Lines of the run text.
    pub differs: Vec<String>,
}

impl Nearest {
    fn named(name: &'static str, differs: Vec<String>) -> Self {
        let text = Preset::named(name).and_then(Preset::text);
        Self { name, title: text.map_or("", |preset| preset.title), differs }
    }
}

const START: Place = Place { paste: 1, line: 1 };

/// The preset that is nearest to what was read.
pub(super) fn nearest(reading: &mut Reading, model: &Model) -> Nearest {
    match model.kind {
        Some(Kind::Postgresql) => postgres(reading, model),
        Some(Kind::Mariadb) => mysql(reading, model, false),
        Some(Kind::Mysql) => mysql(reading, model, true),
        Some(Kind::Redis) => redis(reading),
        Some(Kind::Mongodb) => mongo(reading),
        None => Nearest::named("plain", Vec::new()),
    }
}

/// A span as the run text has it, within what it allows.
fn span(ms: u64, least_us: u64) -> String {
    time::print(ms.saturating_mul(1_000).clamp(least_us, limits::SPAN_US_MAX))
}

fn link_timeout(settings: &Settings, default_s: u64, differs: &mut Vec<String>) {
    if let Some(ms) = settings.link_timeout_ms.filter(|ms| *ms != default_s * 1_000) {
        let line = if ms == 0 {
            "link-timeout never".to_owned()
        } else {
            format!("link-timeout {}", span(ms, limits::LINK_TIMEOUT_US_MIN))
        };
        differs.push(line);
    }
}

fn postgres(reading: &mut Reading, model: &Model) -> Nearest {
    let mut differs = Vec::new();
    link_timeout(&reading.settings, 60, &mut differs);
    let commit = reading.settings.sync_commit.clone();
    if commit.as_deref() == Some("off") {
        differs.push("durability lazy 600ms".to_owned());
    }
    if reading.settings.patroni {
        return patroni(reading, model, differs);
    }
    let slots = reading.settings.slots;
    let waits = !matches!(commit.as_deref(), Some("off" | "local"));
    let Some((first, count)) = sync(reading, model).filter(|_| waits) else {
        return Nearest::named(if slots { "pg-async-slot" } else { "pg-async" }, differs);
    };
    if slots {
        differs.push("log keep slots".to_owned());
    }
    let level = match commit.as_deref() {
        Some("remote_write") => "received",
        Some("remote_apply") => "applied",
        _ => "flushed",
    };
    let name = match (level, first, count) {
        ("flushed", true, 1) => "pg-sync-first1",
        ("flushed", true, 2) => "pg-sync-first2",
        ("flushed", false, 1) => "pg-sync-any1",
        ("flushed", false, 2) => "pg-sync-any2",
        ("received", true, 1) => "pg-remote-write",
        ("applied", true, 1) => "pg-remote-apply",
        _ => "",
    };
    let name = if name.is_empty() {
        let word = if first { "first " } else { "" };
        differs.push(format!("replication sync {word}{count} {level} hidden"));
        "pg-sync-first1"
    } else {
        name
    };
    differs.extend(sync_slaves(reading, model));
    Nearest::named(name, differs)
}

/// How many standbys a commit waits for, and whether these are the first ones of a list.
fn sync(reading: &mut Reading, model: &Model) -> Option<(bool, u64)> {
    let most = u64::try_from(limits::SLAVES_MAX).unwrap_or(1);
    if let Some(names) = &reading.settings.sync_names {
        return Some((names.method == SyncMethod::First, names.count.clamp(1, most)));
    }
    let of = |word: &str| model.nodes.iter().filter(|node| node.sync == Some(word)).count();
    let (sync, quorum) = (of("sync"), of("quorum"));
    if quorum > 0 {
        reading
            .notes
            .assume(START, "Any one of the standbys in the quorum is enough: how many must be is in the settings");
        return Some((false, 1));
    }
    let sync = u64::try_from(sync).unwrap_or(1);
    if sync > 0 {
        reading.notes.assume(
            START,
            "A commit waits for the standbys that are sync, and until it is flushed there: the settings say more",
        );
    }
    (sync > 0).then_some((true, sync))
}

/// Who counts, in the order of priority.
fn sync_slaves(reading: &Reading, model: &Model) -> Option<String> {
    let names = reading.settings.sync_names.as_ref().filter(|names| !names.any_name)?;
    let number = |node: &usize| reading.evidence.of(*node);
    let name =
        |node: &usize| model.nodes.iter().find(|known| known.number == number(node)).map(|node| node.name.clone());
    let listed: Vec<String> = names.nodes.iter().filter_map(name).filter(|name| name != "m").collect();
    (!listed.is_empty()).then(|| format!("sync-slaves {}", listed.join(" ")))
}

fn patroni(reading: &mut Reading, model: &Model, mut differs: Vec<String>) -> Nearest {
    let settings = &reading.settings;
    let sync = settings.patroni_sync || model.nodes.iter().any(|node| matches!(node.sync, Some("sync" | "quorum")));
    if sync && settings.patroni_strict {
        differs.push("too-few block".to_owned());
    }
    if settings.ttl_s.is_some_and(|ttl| ttl != 30) || settings.loop_s.is_some_and(|wait| wait != 10) {
        let (ttl, wait) = (settings.ttl_s.unwrap_or(30), settings.loop_s.unwrap_or(10));
        let ttl = ttl.clamp(*limits::IMPORT_LEASE_S.start(), *limits::IMPORT_LEASE_S.end());
        // The run text allows a look at every half of the lease, at most.
        let wait = wait.clamp(*limits::IMPORT_LOOP_S.start(), ttl / 2);
        differs.push(format!("failover lease {ttl}s {wait}s max-lag 1000"));
    }
    if settings.paused {
        differs.push("failover manual".to_owned());
    }
    if settings.rewind == Some(false) {
        differs.push("rejoin refuse".to_owned());
    }
    Nearest::named(if sync { "patroni-sync" } else { "patroni-async" }, differs)
}

fn mysql(reading: &mut Reading, model: &Model, mysql: bool) -> Nearest {
    let master = model.master().and_then(|node| reading.evidence.seen(node.number));
    let status = master.and_then(|seen| {
        seen.find(|fact| match fact {
            Fact::SemiMaster { on, clients, gave_up, waiting } => Some((*on, clients.unwrap_or(0), *gave_up, *waiting)),
            _ => None,
        })
    });
    let has_semi = model.nodes.iter().any(|node| {
        reading.evidence.seen(node.number).is_some_and(|seen| seen.is(|fact| matches!(fact, Fact::SemiSlave(true))))
    });
    let semi = status.is_some_and(|(on, clients, gave_up, _)| on || clients > 0 || gave_up > 0);
    let semi = semi || reading.settings.semi_sync == Some(true) || has_semi;
    let mut differs = Vec::new();
    link_timeout(&reading.settings, 60, &mut differs);
    if reading.settings.durable == Some(false) {
        differs.push("durability lazy 1s".to_owned());
    }
    let settings = &reading.settings;
    if !semi {
        return Nearest::named(if mysql { "mysql8-async" } else { "mariadb-async" }, differs);
    }
    if let Some(ms) = settings.semi_timeout_ms.filter(|ms| *ms != 10_000) {
        differs.push(format!("too-few degrade {}", span(ms, limits::TIMEOUT_US_MIN)));
    }
    let after_sync = settings.semi_after_sync.unwrap_or(mysql);
    if let Some(count) = settings.semi_count.filter(|count| (2..=32).contains(count)) {
        differs.push(format!("replication sync {count} received{}", if after_sync { " hidden" } else { "" }));
    }
    let name = match (mysql, after_sync) {
        (true, _) => "mysql8-semisync",
        (false, true) => "mariadb-semisync-aftersync",
        (false, false) => "mariadb-semisync",
    };
    if settings.semi_after_sync.is_none() {
        reading.notes.assume(START, "The wait point of semi-synchronous replication is the default");
    }
    Nearest::named(name, differs)
}

fn redis(reading: &mut Reading) -> Nearest {
    let settings = &reading.settings;
    let mut differs = Vec::new();
    link_timeout(settings, 60, &mut differs);
    let gate = settings.gate.or(settings.has_gate.then_some(1)).filter(|count| (1..=32).contains(count));
    let lag_ms = settings.gate_lag_s.unwrap_or(10).saturating_mul(1_000);
    let persistence = match (settings.append_only, settings.saves) {
        (Some(true), _) if settings.append_always => Some("durability sync"),
        (Some(true), _) | (None, _) => None,
        (Some(false), Some(false)) => Some("durability none"),
        (Some(false), _) => Some("durability snapshots 60s"),
    };
    let sentinel = settings.sentinel;
    if sentinel {
        let observers =
            settings.other_sentinels.map_or(3, |others| others.saturating_add(1)).clamp(1, limits::OBSERVERS_MAX);
        let quorum = settings.quorum.unwrap_or(observers / 2 + 1).clamp(1, observers);
        let down_ms = settings.down_after_ms.unwrap_or(30_000);
        if (observers, quorum, down_ms) != (3, 2, 30_000) {
            differs.push(format!("failover quorum {observers} {quorum} {}", span(down_ms, limits::DETECTOR_US_MIN)));
        }
        differs.extend(gate.map(|count| format!("gate {count} {}", span(lag_ms, 1_000))));
        differs.extend(persistence.map(str::to_owned));
        return Nearest::named("redis-sentinel", differs);
    }
    if let Some(count) = gate {
        if (count, lag_ms) != (1, 10_000) {
            differs.push(format!("gate {count} {}", span(lag_ms, 1_000)));
        }
        differs.extend(persistence.map(str::to_owned));
        return Nearest::named("redis-min-replicas", differs);
    }
    match persistence {
        Some("durability none") => Nearest::named("redis-no-persistence", differs),
        Some("durability snapshots 60s") => Nearest::named("redis-rdb", differs),
        other => {
            differs.extend(other.map(str::to_owned));
            Nearest::named("redis-async", differs)
        }
    }
}

fn mongo(reading: &mut Reading) -> Nearest {
    let mut differs = Vec::new();
    if let Some(ms) = reading.settings.election_ms.filter(|ms| *ms != 10_000) {
        differs.push(format!("failover election {}", span(ms, limits::DETECTOR_US_MIN)));
    }
    reading.notes.assume(START, "Clients write with the write concern majority, the default since MongoDB 5.0");
    Nearest::named("mongo-majority", differs)
}

/// Says what the run text takes for granted.
pub(super) fn note_assumptions(reading: &mut Reading, model: &Model) {
    for node in &model.nodes {
        let (number, standing) = (node.number, &node.standing);
        let has = |why: Why| standing.why.contains(&why);
        let place = reading.evidence.seen(number).and_then(|seen| seen.first).unwrap_or(START);
        let mut assume =
            |text: String| reading.notes.assume(place, format!("{} in the run text: {text}", mask(number)));
        if standing.delay_ms.is_some_and(|ms| ms.saturating_mul(1_000) > limits::SPAN_US_MAX) {
            assume("its delay is ten minutes, the longest that a run can have".to_owned());
        }
        let more_than_none = standing.behind.is_some_and(|amount| !amount.is_none());
        if has(Why::Unknown) && more_than_none || has(Why::Silent) {
            assume("its link stands still, so that it stays behind: the paste does not say why it is".to_owned());
        }
        if has(Why::Apply) && standing.delay_ms.is_none() && !has(Why::Stopped) {
            assume("it applies five entries a second: slow and paused look the same".to_owned());
        }
        if has(Why::CatchingUp) {
            assume("its link carries 500 bytes a second, so that it takes a while".to_owned());
        }
        if node.role == Role::Master && !node.down && node.name != "m" {
            assume("it begins as a slave of m: a run begins with one master".to_owned());
        }
        let amount = standing.behind.filter(|amount| !amount.is_none());
        if let Some(amount) = amount.filter(|amount| !matches!(amount, Amount::Transactions(_))) {
            assume(format!(
                "{} are some entries: the greatest lag of a kind is forty, the others are in proportion",
                amount.words()
            ));
        }
    }
}
