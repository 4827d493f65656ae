//! The settings of the cluster: `replication`, `router`, `failover`, `preset` and the others.

use super::known::{Known, node_name};
use super::load::load;
use super::reader::{Reader, unknown};
use crate::error::Error;
use crate::limits;
use crate::scenario::words::{Word, split};
use crate::scenario::{
    Durability, Engine, Failover, Gap, Gate, Level, LogKeep, Name, NoNode, OwnWrites, PRESETS, Preset, Quota, Rejoin,
    Relay, Replication, Router, Setting, SlaveWrites, TooFew, Unapplied,
};

/// The names of all settings.
pub(super) const NAMES: [&str; 24] = [
    "replication",
    "slave-writes",
    "router",
    "timeout",
    "flush",
    "durability",
    "log",
    "retry",
    "too-few",
    "gate",
    "gap",
    "relay",
    "unapplied",
    "rejoin",
    "link-timeout",
    "send-buffer",
    "engine",
    "sync-slaves",
    "preset",
    "own-writes",
    "max-lag",
    "no-node",
    "failover",
    "load",
];

pub(super) fn setting(word: &str, reader: &mut Reader<'_>, known: &Known) -> Result<Option<Setting>, Error> {
    Ok(Some(match word {
        "replication" => Setting::Replication(replication(reader)?),
        "slave-writes" => {
            Setting::SlaveWrites(reader.one_of("ignored, refused, forwarded or accepted", SlaveWrites::from_word)?)
        }
        "router" => Setting::Router(router(reader, known)?),
        "timeout" => Setting::Timeout(reader.span(limits::TIMEOUT_US_MIN, limits::SPAN_US_MAX)?),
        "flush" => Setting::Flush(reader.span(0, limits::SPAN_US_MAX)?),
        "durability" => {
            let kind = reader.one_of("sync, lazy, snapshots or none", |word| match word {
                "sync" => Some(Durability::Sync),
                "lazy" => Some(Durability::Lazy(0)),
                "snapshots" => Some(Durability::Snapshots(0)),
                "none" => Some(Durability::None),
                _ => None,
            })?;
            Setting::Durability(match kind {
                Durability::Lazy(_) => Durability::Lazy(reader.span(1, limits::SPAN_US_MAX)?),
                Durability::Snapshots(_) => Durability::Snapshots(reader.span(1, limits::SPAN_US_MAX)?),
                kind => kind,
            })
        }
        "log" => {
            reader.one_of("keep", |w| (w == "keep").then_some(()))?;
            Setting::LogKeep(if reader.take_word("all") {
                LogKeep::All
            } else if reader.take_word("slots") {
                LogKeep::Slots
            } else {
                let entries = reader.number("a number of entries, all, or slots", 1, limits::LOG_KEEP_MAX)?;
                LogKeep::Entries(u32::try_from(entries).unwrap_or(u32::MAX))
            })
        }
        "retry" => Setting::Retry(reader.span(limits::RETRY_US_MIN, limits::SPAN_US_MAX)?),
        "too-few" => Setting::TooFew(too_few(reader)?),
        "gate" if reader.take_word("off") => Setting::Gate(None),
        "gate" => {
            let slaves = reader.slave_count()?;
            Setting::Gate(Some(Gate { slaves, within_us: reader.span(limits::TIMEOUT_US_MIN, limits::SPAN_US_MAX)? }))
        }
        "gap" => Setting::Gap(reader.one_of("snapshot or stop", Gap::from_word)?),
        "relay" => Setting::Relay(reader.one_of("received or applied", Relay::from_word)?),
        "unapplied" => Setting::Unapplied(reader.one_of("apply or discard", Unapplied::from_word)?),
        "rejoin" => Setting::Rejoin(reader.one_of("discard, refuse or rollback", Rejoin::from_word)?),
        "link-timeout" if reader.take_word("never") => Setting::LinkTimeout(None),
        "link-timeout" => Setting::LinkTimeout(Some(reader.span(limits::LINK_TIMEOUT_US_MIN, limits::SPAN_US_MAX)?)),
        "send-buffer" => Setting::SendBuffer(reader.size(limits::SEND_BUFFER_MIN, limits::SEND_BUFFER_MAX)?),
        "engine" => {
            Setting::Engine(reader.one_of("plain, postgresql, mariadb, mysql, redis or mongodb", Engine::from_word)?)
        }
        "sync-slaves" => Setting::SyncSlaves(sync_slaves(reader, known)?),
        "preset" => {
            let names: Vec<&str> = PRESETS.iter().map(|preset| preset.name).collect();
            Setting::Preset(reader.one_of(&names.join(", "), Preset::named)?)
        }
        "own-writes" => Setting::OwnWrites(own_writes(reader)?),
        "max-lag" if reader.take_word("off") => Setting::MaxLag(None),
        "max-lag" => Setting::MaxLag(Some(reader.span(limits::TIMEOUT_US_MIN, limits::SPAN_US_MAX)?)),
        "no-node" => Setting::NoNode(reader.one_of("master, wait or error", NoNode::from_word)?),
        "failover" => Setting::Failover(failover(reader)?),
        "load" if reader.take_word("off") => Setting::Load(None),
        "load" => Setting::Load(Some(load(reader)?)),
        _ => return Ok(None),
    }))
}

pub(super) fn own_writes(reader: &mut Reader<'_>) -> Result<OwnWrites, Error> {
    let kind = reader.one_of("off, master or position", |word| match word {
        "off" => Some(OwnWrites::Off),
        "master" => Some(OwnWrites::Master(0)),
        "position" => Some(OwnWrites::Position(0)),
        _ => None,
    })?;
    let mut span = || reader.span(limits::TIMEOUT_US_MIN, limits::SPAN_US_MAX);
    Ok(match kind {
        OwnWrites::Off => OwnWrites::Off,
        OwnWrites::Master(_) => OwnWrites::Master(span()?),
        OwnWrites::Position(_) => OwnWrites::Position(span()?),
    })
}

pub(super) fn failover(reader: &mut Reader<'_>) -> Result<Failover, Error> {
    let expected = "manual, quorum, lease or election";
    let word = reader.next(expected)?;
    let (min, max) = (limits::DETECTOR_US_MIN, limits::SPAN_US_MAX);
    match word.text.as_str() {
        "manual" => Ok(Failover::Manual),
        "quorum" => {
            let observers = reader.small("a number of observers", 1, limits::OBSERVERS_MAX)?;
            let quorum = reader.small("how many of them must agree", 1, u64::from(observers))?;
            Ok(Failover::Quorum { observers, quorum, down_after_us: reader.span(min, max)? })
        }
        "lease" => {
            let ttl_us = reader.span(min, max)?;
            let loop_us = reader.span(min / 2, ttl_us / 2)?;
            let max_lag = match reader.take_word("max-lag") {
                true => Some(reader.number("a number of entries", 0, limits::LOG_KEEP_MAX)?),
                false => None,
            };
            Ok(Failover::Lease { ttl_us, loop_us, max_lag: max_lag.and_then(|entries| u32::try_from(entries).ok()) })
        }
        "election" => Ok(Failover::Election { timeout_us: reader.span(min, max)? }),
        other => Err(unknown(other, word.column, "This is no way to notice that a master is gone", expected)),
    }
}

pub(super) fn too_few(reader: &mut Reader<'_>) -> Result<TooFew, Error> {
    let kind = reader.one_of("block, degrade or error", |word| match word {
        "block" => Some(TooFew::Block),
        "degrade" => Some(TooFew::Degrade(0)),
        "error" => Some(TooFew::Error(0)),
        _ => None,
    })?;
    let mut span = || reader.span(limits::TIMEOUT_US_MIN, limits::SPAN_US_MAX);
    Ok(match kind {
        TooFew::Block => TooFew::Block,
        TooFew::Degrade(_) => TooFew::Degrade(span()?),
        TooFew::Error(_) => TooFew::Error(span()?),
    })
}

pub(super) fn sync_slaves(reader: &mut Reader<'_>, known: &Known) -> Result<Vec<Name>, Error> {
    let mut slaves = Vec::new();
    if reader.take_word("all") {
        return Ok(slaves);
    }
    slaves.push(reader.node(known)?);
    while reader.peek().is_some_and(|word| word.quoted || word.text != "->") {
        slaves.push(reader.node(known)?);
    }
    Ok(slaves)
}

pub(super) fn replication(reader: &mut Reader<'_>) -> Result<Replication, Error> {
    let is_sync = reader.one_of("async or sync", |word| match word {
        "async" => Some(false),
        "sync" => Some(true),
        _ => None,
    })?;
    if !is_sync {
        return Ok(Replication::Async);
    }
    let first = reader.take_word("first");
    let (mut count, mut level) = (Quota::All, Level::Applied);
    let digits = |word: &Word| word.text.starts_with(|c: char| c.is_ascii_digit() || c == '-');
    if reader.take_word("majority") {
        count = Quota::Majority;
    } else if !reader.take_word("all") && reader.peek().is_some_and(digits) {
        count = Quota::Slaves(reader.slave_count()?);
    }
    if let Some(word) = reader.take_if(|word| Level::from_word(&word.text).is_some()) {
        level = Level::from_word(&word.text).unwrap_or(level);
    }
    Ok(Replication::Sync { count, first, level, hidden: reader.take_word("hidden") })
}

pub(super) fn router(reader: &mut Reader<'_>, known: &Known) -> Result<Router, Error> {
    let expected = "random, round-robin, nearest, least-lag, sticky, master or @NODE";
    let word = reader.next(expected)?;
    match word.text.as_str() {
        "random" => Ok(Router::Random),
        "round-robin" => Ok(Router::RoundRobin),
        "nearest" => Ok(Router::Nearest),
        "least-lag" => Ok(Router::LeastLag),
        "sticky" => Ok(Router::Sticky),
        "master" => Ok(Router::Master),
        text => match text.strip_prefix('@') {
            Some(node) => Ok(Router::Node(node_name(node, word.column + 1, known)?)),
            None => Err(unknown(text, word.column, "This is no router", expected)),
        },
    }
}

/// A setting that names no node, as it stands in a preset.
pub(in crate::scenario) fn preset_line(line: &str) -> Result<Setting, Error> {
    let words = split(line)?;
    let mut reader = Reader::new(&words);
    let verb = reader.next("a setting")?;
    let setting = setting(&verb.text, &mut reader, &Known::default())?;
    reader.finish()?;
    setting.ok_or_else(|| unknown(&verb.text, verb.column, "This is no setting", "a setting"))
}
