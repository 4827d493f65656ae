//! The state of a run, as a page draws it.

use std::borrow::Cow;

use super::model::{
    Capacity, Cell as LogCell, Client, Direction, Link, Load, LogStrips, Node, Operation, PresetView, Row, Settings,
    State, Strip, Write,
};
use super::report::is_aside;
use super::sentence::failure_text;
use super::story::{breach_text, freshness_text};
use super::vocabulary::Words;
use super::watch::{observer, waits};
use super::{hue, verdicts::verdicts};
use crate::cluster::{Cluster, Member, Process, Role, Upstream};
use crate::facts::{Cell, Lsn};
use crate::history::{Entry, Kind, LOAD_FIRST, OWN_RECORD, Outcome};
use crate::limits;
use crate::meters::{Slot, summed};
use crate::referee::{Convergence, Freshness};
use crate::run::{Run, UNCONFIRMED};
use crate::scenario::{PRESETS, Preset, PresetText};
use crate::simulator::Condition;
use crate::time::SECOND;

/// Writes and requests that are looked through for the latest keys and requests.
const LOOK_BACK: usize = 2_000;
/// Positions by which the window of the logs moves on.
const WINDOW_STEP: Lsn = 8;

/// Everything that is drawn and does not move between two events.
pub fn state(run: &Run, words: Words) -> State {
    let cluster = run.cluster();
    let convergence = run.referee().convergence(cluster);
    let keys = latest_keys(cluster);
    let mut writes = Vec::new();
    let nodes: Vec<Node> = members(cluster).map(|member| node(run, member, &convergence, &keys, &mut writes)).collect();
    let clients = clients(run, &mut writes, words);
    let log = log_strips(run, &mut writes);
    State {
        now_us: run.now(),
        last_line_us: run.last_line_us(),
        settings: settings(cluster),
        observers: cluster.observers().map(|(id, seen)| observer(words, id, seen, cluster)).collect(),
        waits: waits(cluster, words),
        nodes,
        clients,
        links: links(cluster),
        log,
        writes: writes.into_iter().filter_map(|number| write(cluster, number)).collect(),
        verdicts: verdicts(run, &convergence, words),
        load: load(run),
        roles: words,
    }
}

/// The presets to choose from.
pub fn presets() -> Vec<PresetView> {
    let view = |preset: &PresetText| PresetView {
        name: preset.name,
        title: preset.title,
        configuration: preset.configuration,
    };
    PRESETS.iter().map(view).collect()
}

/// How a read was, and what it broke.
fn verdict_text(run: &Run, number: u32, freshness: Option<Freshness>) -> String {
    let said = freshness.map(freshness_text).unwrap_or_default();
    match breach_text(run, number) {
        Some(breach) if said.is_empty() => breach.to_owned(),
        Some(breach) => format!("{said}. {breach}"),
        None => said,
    }
}

/// All settings but those of one node or link. A new one is a line here.
fn settings(cluster: &Cluster) -> Settings {
    let pair = |line: String| line.split_once(' ').map(|(name, rest)| (name.to_owned(), rest.to_owned()));
    let values: Vec<(String, String)> =
        cluster.settings().iter().filter_map(|setting| pair(setting.to_string())).collect();
    let preset = cluster.preset();
    let lines = preset.or_else(|| Preset::named("plain")).and_then(Preset::text).map_or("", |preset| preset.settings);
    // What a preset says last counts.
    let had = |name: &str| {
        let said = lines.lines().filter_map(|line| line.split_once(' '));
        said.fold(None, |before, (other, text)| if other == name { Some(text) } else { before })
    };
    let other =
        |(name, text): &(String, String)| had(name).filter(|had| had != text).map(|had| (name.clone(), had.to_owned()));
    let differs = values.iter().filter_map(other).collect();
    Settings { values, differs, preset: preset.map_or("", Preset::name), seed: cluster.seed() }
}

/// The master that clients write to, then the others that have not left.
pub(super) fn members(cluster: &Cluster) -> impl Iterator<Item = &Member> {
    let others = cluster.members().filter(|member| !member.removed && member.node.id != cluster.master());
    cluster.member(cluster.master()).into_iter().chain(others)
}

/// The keys of the latest writes that any node holds, in the order of their first use.
fn latest_keys(cluster: &Cluster) -> Vec<u32> {
    let history = cluster.history();
    let mut keys = Vec::new();
    for number in (1..=history.write_count()).rev().take(LOOK_BACK) {
        let Some(write) = history.write(number) else { break };
        if !keys.contains(&write.key) && members(cluster).any(|member| member.node.disk.store.get(write.key).is_some())
        {
            add(&mut keys, write.key);
            if keys.len() == limits::VIEW_ROWS_MAX {
                break;
            }
        }
    }
    keys
}

/// Puts a number in its place, once.
fn add(numbers: &mut Vec<u32>, number: u32) {
    if let Err(place) = numbers.binary_search(&number) {
        numbers.insert(place, number);
    }
}

fn node(run: &Run, member: &Member, convergence: &Convergence, keys: &[u32], writes: &mut Vec<u32>) -> Node {
    let (cluster, referee) = (run.cluster(), run.referee());
    let node = &member.node;
    let progress = node.progress();
    let (role, upstream) = match node.role {
        Role::Master => ("master", None),
        Role::Slave { upstream } => ("slave", Some(upstream)),
    };
    let shown = cluster.member(cluster.master()).map_or(0, |master| master.node.disk.applied);
    let there = node.progress_there().applied;
    let behind = if upstream.is_some() { shown.saturating_sub(there) } else { 0 };
    let behind_since = (behind > 0).then(|| referee.visible_after(there, cluster.history())).flatten();
    let rows: Vec<Row> = keys.iter().map(|&key| row(run, key, node.disk.store.get(key))).collect();
    rows.iter().filter_map(|row| row.write).for_each(|write| add(writes, write));
    let held = keys.iter().filter(|&&key| node.disk.store.get(key).is_some()).count();
    Node {
        id: node.id,
        name: member.name.to_string(),
        role,
        upstream,
        process: process_word(member.process),
        replication: replication_word(member),
        denial: match node.denial_of_upstream() {
            Some(why) if upstream.is_some() => why.text(cluster.rules().engine),
            _ => "",
        },
        degraded: node.is_degraded(),
        catchup: match node.upstream() {
            Upstream::Streaming { full: true } => "full",
            Upstream::Streaming { full: false } if upstream.is_some() => "partial",
            _ => "",
        },
        epoch: node.disk.epoch,
        received: progress.received,
        flushed: progress.flushed,
        applied: progress.applied,
        behind,
        behind_us: behind_since.map_or(0, |since| run.now().saturating_sub(since)),
        apply_delay_us: node.apply_delay_us,
        apply_speed: node.apply_speed,
        priority: member.priority,
        aside: is_aside(member),
        capacity: capacity(node),
        apply_paused: node.apply_paused,
        read_only: node.read_only,
        waiting: u32::try_from(node.waiting()).unwrap_or(u32::MAX),
        diverged: matches!(convergence, Convergence::Diverged(slaves) if slaves.iter().any(|(id, _)| *id == node.id)),
        rows,
        rows_more: u32::try_from(node.disk.store.len() - held).unwrap_or(u32::MAX),
    }
}

fn capacity(node: &crate::cluster::Node) -> Option<Capacity> {
    let (waiting, working) = node.work();
    let capacity = node.capacity?;
    Some(Capacity {
        text: capacity.to_string(),
        read_us: capacity.read_us,
        write_us: capacity.write_us,
        apply_us: capacity.apply_us,
        workers: capacity.workers,
        queue: capacity.queue,
        random: capacity.random,
        waiting: u32::try_from(waiting).unwrap_or(u32::MAX),
        working: u32::try_from(working).unwrap_or(u32::MAX),
    })
}

fn load(run: &Run) -> Option<Load> {
    let (_, client) = run.cluster().load()?;
    let meters = run.meters();
    let second = usize::try_from(SECOND.div_ceil(meters.width_us())).unwrap_or(1);
    let slots: Vec<Slot> = meters.slots().range(meters.slots().len().saturating_sub(second)).cloned().collect();
    let sum = summed(&slots);
    let waiting = u32::try_from(run.cluster().pendings().of_load()).unwrap_or(u32::MAX);
    Some(Load { client, waiting, reads: sum.reads, writes: sum.writes, failed: sum.failed })
}

fn process_word(process: Process) -> &'static str {
    match process {
        Process::Up => "up",
        Process::Down => "down",
        Process::Frozen => "frozen",
    }
}

fn replication_word(member: &Member) -> &'static str {
    match (member.node.role, member.process, member.node.upstream()) {
        (Role::Master, ..) => "",
        (_, Process::Up, Upstream::Disconnected | Upstream::Connecting)
            if member.node.denial_of_upstream().is_some() =>
        {
            "denied"
        }
        (_, Process::Down, _) | (_, _, Upstream::Disconnected) => "disconnected",
        (_, _, Upstream::Connecting) => "connecting",
        (_, _, Upstream::Streaming { .. }) => "streaming",
    }
}

fn row(run: &Run, key: u32, cell: Option<Cell>) -> Row {
    let history = run.cluster().history();
    let freshness = run.referee().freshness_of(run.now(), key, cell);
    Row {
        key: history.key(key).to_owned(),
        value: cell.and_then(|cell| history.value(cell.write)).map(Cow::into_owned),
        write: cell.map(|cell| cell.write),
        state: freshness_word(freshness),
        versions_behind: match freshness {
            Freshness::Stale { versions, .. } => versions,
            _ => 0,
        },
    }
}

fn freshness_word(freshness: Freshness) -> &'static str {
    match freshness {
        Freshness::Fresh => "fresh",
        Freshness::Stale { .. } => "stale",
        Freshness::Ahead => "ahead",
        Freshness::Foreign => "foreign",
    }
}

fn clients(run: &Run, writes: &mut Vec<u32>, words: Words) -> Vec<Client> {
    let cluster = run.cluster();
    let operations = cluster.history().operations();
    let load = cluster.history().load_operations();
    let clients = cluster.clients().map(|(client, name)| {
        let numbers = (1..=operations.len() as u32).rev();
        let by_hand = numbers.zip(operations.iter().rev()).take(LOOK_BACK);
        let of_load = load.iter().rev().take(limits::VIEW_OPERATIONS_MAX);
        let of_load = of_load.map(|(number, operation)| (LOAD_FIRST + number, operation));
        let mine = of_load.chain(by_hand).filter(|(_, operation)| operation.client == client.id);
        let latest: Vec<Operation> = mine
            .take(limits::VIEW_OPERATIONS_MAX)
            .map(|(number, record)| operation(run, number, record, words))
            .collect();
        Client {
            id: client.id,
            name: name.to_string(),
            pending: u32::try_from(cluster.pendings().of(client.id).count()).unwrap_or(u32::MAX),
            waits: cluster
                .pendings()
                .of(client.id)
                .next()
                .map(|(oldest, _)| oldest)
                .filter(|&oldest| cluster.waits(oldest)),
            operations: latest,
        }
    });
    let clients: Vec<Client> = clients.collect();
    let shown = clients.iter().flat_map(|client| &client.operations).filter_map(|operation| operation.write);
    shown.for_each(|write| add(writes, write));
    clients
}

fn operation(run: &Run, number: u32, record: &crate::history::Operation, words: Words) -> Operation {
    let history = run.cluster().history();
    let freshness = run.referee().judgement(number).map(|judgement| judgement.freshness);
    let (outcome, text, seen) = match record.outcome {
        Outcome::Pending => ("pending", Cow::Borrowed(""), None),
        Outcome::Done => ("ok", "".into(), None),
        Outcome::Unconfirmed => ("ok", UNCONFIRMED.into(), None),
        Outcome::Count(_) => ("count", "".into(), None),
        Outcome::TimedOut => ("timeout", "no answer in time".into(), None),
        Outcome::Failed(failure) => ("error", failure_text(run.cluster(), failure, record.kind, words).into(), None),
        Outcome::Value(cell) => match cell.and_then(|cell| history.value(cell.write)) {
            Some(value) => ("value", value, cell.map(|cell| cell.write)),
            None => ("nothing", "".into(), cell.map(|cell| cell.write)),
        },
    };
    Operation {
        id: number,
        kind: match record.kind {
            Kind::Write => "write",
            Kind::Read => "read",
            Kind::Delete => "delete",
            Kind::Wait => "wait",
        },
        key: history.key(record.key).to_owned(),
        node: record.node.map_or("", |node| run.cluster().name(node)).to_owned(),
        write: if record.write > 0 { Some(record.write) } else { seen },
        asked_us: record.asked_us,
        done_us: record.done_us(),
        outcome,
        text: match record.outcome {
            Outcome::Count(slaves) => slaves.to_string(),
            _ => text.into_owned(),
        },
        verdict: freshness.map_or("", freshness_word),
        verdict_text: words.say(&verdict_text(run, number, freshness)),
    }
}

fn links(cluster: &Cluster) -> Vec<Link> {
    let replication = members(cluster).filter_map(|member| match member.node.role {
        Role::Slave { upstream } => link(cluster, upstream, member.node.id, "log"),
        Role::Master => None,
    });
    let requests = cluster.clients().flat_map(|(client, _)| {
        members(cluster).filter_map(|member| link(cluster, client.id, member.node.id, "requests"))
    });
    let watches = cluster.observers().flat_map(|(observer, _)| {
        members(cluster).filter_map(move |member| link(cluster, observer, member.node.id, "watch"))
    });
    replication.chain(requests).chain(watches).collect()
}

fn link(cluster: &Cluster, a: u16, b: u16, carries: &'static str) -> Option<Link> {
    Some(Link { a, b, carries, forth: direction(cluster, a, b)?, back: direction(cluster, b, a)? })
}

fn direction(cluster: &Cluster, from: u16, to: u16) -> Option<Direction> {
    let channel = cluster.channel(from, to)?;
    let quality = channel.quality;
    Some(Direction {
        state: match channel.condition {
            Condition::Open => "open",
            Condition::Cut => "cut",
            Condition::Held { .. } => "held",
        },
        latency_us: quality.latency_us,
        jitter_us: quality.jitter_us,
        loss_ppm: (u64::from(quality.loss.part) * 1_000_000 / u64::from(quality.loss.of.max(1))) as u32,
        bandwidth: (quality.bandwidth > 0).then_some(quality.bandwidth),
        in_flight: u32::try_from(channel.flights.len()).unwrap_or(u32::MAX),
        rate: channel.rate(cluster.now()),
    })
}

fn log_strips(run: &Run, writes: &mut Vec<u32>) -> LogStrips {
    let cluster = run.cluster();
    let last = members(cluster).map(|member| member.node.position().lsn).max().unwrap_or(0);
    // It moves on by several places at once: the eye can follow, and most writes change one place only.
    let over = last.saturating_sub(limits::VIEW_POSITIONS_MAX).next_multiple_of(WINDOW_STEP);
    let first = over + 1;
    let strips: Vec<Strip> = members(cluster)
        .map(|member| Strip {
            node: member.node.id,
            cells: (first..=last).map(|lsn| log_cell(run, member, lsn)).collect(),
        })
        .collect();
    let shown = strips.iter().flat_map(|strip| &strip.cells).filter_map(|cell| cell.write);
    shown.for_each(|write| add(writes, write));
    LogStrips { first, last, strips }
}

/// The write that an entry stands for; nothing for a record of the server's own.
fn of_client(entry: &Entry) -> Option<u32> {
    Some(entry.write).filter(|write| *write != OWN_RECORD)
}

fn log_cell(run: &Run, member: &Member, lsn: Lsn) -> LogCell {
    let (node, progress) = (&member.node, member.node.progress());
    if lsn <= node.disk.log.base() {
        return LogCell { write: run.referee().logged_at(lsn).filter(|write| *write != OWN_RECORD), state: "snapshot" };
    }
    if let Some(entry) = node.disk.log.get(lsn, run.cluster().history()) {
        let state = match lsn {
            lsn if lsn <= progress.applied => "applied",
            lsn if lsn <= progress.flushed => "flushed",
            _ => "received",
        };
        return LogCell { write: of_client(entry), state };
    }
    let master = run.cluster().member(run.cluster().master()).map(|master| &master.node);
    let sent = master.and_then(|master| master.sent_to(node.id)).is_some_and(|sent| lsn <= sent);
    let on_the_way = master.and_then(|master| master.disk.log.get(lsn, run.cluster().history())).filter(|_| sent);
    match on_the_way {
        Some(entry) => LogCell { write: of_client(entry), state: "sent" },
        None => LogCell { write: None, state: "missing" },
    }
}

fn write(cluster: &Cluster, number: u32) -> Option<Write> {
    let history = cluster.history();
    let record = history.write(number)?;
    Some(Write {
        id: number,
        hue: hue(number),
        key: history.key(record.key).to_owned(),
        value: history.value(number).map(Cow::into_owned),
    })
}
