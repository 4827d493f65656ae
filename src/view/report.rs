//! What takes more room than the stage has: how far each slave lags and what its engine says of it, what reading costs,
//! and the autopsy of each failover.

use serde::Serialize;

use super::model::Part;
use super::sentence::{Telling, capital, count, span};
use super::vocabulary::Words;
use crate::cluster::{Cluster, Log, Member, Node, Process, Role, Rules, Upstream};
use crate::facts::Lsn;
use crate::history::{History, Outcome};
use crate::referee::{Loss, Price, Referee, Takeover};
use crate::run::Run;
use crate::scenario::Engine;
use crate::time::{SECOND, Us};

/// Writes that a ledger names before it only counts.
const NAMED_MAX: usize = 12;

/// What a page shows of it.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Report {
    /// One for each slave.
    pub lags: Vec<Lag>,
    /// One for each way to route that was in force, the latest first.
    pub prices: Vec<PriceView>,
    /// One for each failover, the latest first.
    pub autopsies: Vec<Autopsy>,
}

/// How far a slave is behind, and what its engine says.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Lag {
    /// Endpoint number.
    pub node: u16,
    /// All of it.
    pub whole: Stage,
    /// What it has not received yet.
    pub network: Stage,
    /// What it has received and not flushed.
    pub unflushed: Stage,
    /// What it has flushed and not applied.
    pub unapplied: Stage,
    /// Lines of the engine's own meters, each as its name and value.
    pub meters: Vec<(&'static str, String)>,
    /// In which way they mislead now; empty if they do not.
    pub misleads: &'static str,
}

/// A part of the way of an entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Stage {
    /// Entries that are still before its end.
    pub entries: u64,
    /// Their bytes.
    pub bytes: u64,
    /// Age of the oldest of them, µs.
    pub us: u64,
}

/// What a way to route has cost.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct PriceView {
    /// The way to route, in the words of the run text.
    pub policy: String,
    /// Whether it is in force.
    pub now: bool,
    /// Reads that were answered.
    pub reads: u64,
    /// How many of a thousand the master answered.
    pub at_master_permille: u64,
    /// How many of a thousand were stale.
    pub stale_permille: u64,
    /// Their mean latency, µs.
    pub mean_us: u64,
    /// Reads without an answer.
    pub failed: u64,
}

/// What a failover did to the writes.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Autopsy {
    /// When the other node took over, µs.
    pub at_us: u64,
    /// What happened, in a sentence or two.
    pub summary: Vec<Part>,
    /// The writes in doubt, by what became of them.
    pub ledger: Vec<Account>,
}

/// Writes that share a fate.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Account {
    /// `kept`, `lost`, `surfaced`, `dropped` or `diverged`.
    pub fate: &'static str,
    /// What that means.
    pub title: String,
    /// How many.
    pub count: u64,
    /// The first ones.
    pub writes: Vec<Part>,
}

/// The report at this instant.
pub fn report(run: &Run, words: Words) -> Report {
    let cluster = run.cluster();
    let lags = cluster.slaves().iter().filter_map(|&id| lag(run.now(), cluster, cluster.member(id)?)).collect();
    Report { lags, prices: prices(run), autopsies: autopsies(run, words) }
}

fn lag(now: Us, cluster: &Cluster, slave: &Member) -> Option<Lag> {
    let master = cluster.member(cluster.master())?;
    cluster.member(slave.node.followed()?)?;
    let (log, own, progress) = (&master.node.disk.log, &slave.node.disk.log, slave.node.progress());
    let (last, there) = (log.last().lsn, slave.node.progress_there());
    let history = cluster.history();
    let stage = |log: &Log, from, upto| stage(log, (from, upto), now, history);
    let meters = Meters { now, rules: cluster.rules(), slave, master };
    Some(Lag {
        node: slave.node.id,
        whole: stage(log, there.applied, last),
        network: stage(log, there.received, last),
        unflushed: stage(own, progress.flushed, progress.received),
        unapplied: stage(own, progress.applied, progress.flushed),
        meters: cluster.meters(slave.node.id),
        misleads: meters.misleads(),
    })
}

/// Entries of a log behind one position, up to another.
fn stage(log: &Log, (from, upto): (Lsn, Lsn), now: Us, history: &History) -> Stage {
    let entries = upto.saturating_sub(from);
    let age = log.get(from + 1, history).map_or(0, |entry| now.saturating_sub(entry.at_us));
    let bytes = log.bytes_upto(upto, history).saturating_sub(log.bytes_upto(from, history));
    if entries == 0 { Stage { entries: 0, bytes: 0, us: 0 } } else { Stage { entries: entries.into(), bytes, us: age } }
}

/// In which way an engine's own meters mislead.
struct Meters<'a> {
    now: Us,
    rules: &'a Rules,
    slave: &'a Member,
    master: &'a Member,
}

impl Meters<'_> {
    fn node(&self) -> &Node {
        &self.slave.node
    }

    /// Where the engine's meter says less than there is.
    fn misleads(&self) -> &'static str {
        let node = self.node();
        let behind = self.master.node.disk.log.last().lsn > node.progress_there().applied;
        let received = node.disk.log.last().lsn == node.disk.applied;
        let up = matches!(node.upstream(), Upstream::Streaming { .. }) && self.slave.process == Process::Up;
        match self.rules.engine {
            Engine::Mariadb | Engine::Mysql if behind && up && received && !node.applier_stands() => {
                "It says 0: it measures what was received and not applied, and what is still on its way does not count."
            }
            Engine::Mariadb | Engine::Mysql if behind && (!up || node.applier_stands()) => {
                "It says NULL, which a monitor may draw as 0: a thread does not run."
            }
            Engine::Redis if behind && up && self.now.saturating_sub(node.heard_upstream_us()) > 2 * SECOND => {
                "The link is called up although nothing comes: only the seconds since the last byte grow."
            }
            Engine::Postgres if !behind && node.disk.applied > 0 => {
                "The last line grows on an idle system too: it is the age of the last change, not a lag."
            }
            _ => "",
        }
    }
}

fn prices(run: &Run) -> Vec<PriceView> {
    let (routing, referee) = (run.cluster().routing(), run.referee());
    let now = routing.policy();
    let view = |(place, policy): (usize, &String)| {
        let price = referee.prices().get(place).copied().unwrap_or_default();
        let Price { reads, at_master, stale, took_us, failed } = price;
        PriceView {
            policy: policy.clone(),
            now: place == now,
            reads,
            at_master_permille: (at_master * 1_000).checked_div(reads).unwrap_or(0),
            stale_permille: (stale * 1_000).checked_div(reads).unwrap_or(0),
            mean_us: took_us.checked_div(reads).unwrap_or(0),
            failed,
        }
    };
    let mut prices: Vec<PriceView> = routing.policies().iter().enumerate().map(view).collect();
    prices.retain(|price| price.now || price.reads + price.failed > 0);
    prices.reverse();
    prices
}

fn autopsies(run: &Run, words: Words) -> Vec<Autopsy> {
    let takeovers = run.referee().takeovers().list();
    takeovers.iter().rev().take(NAMED_MAX).map(|takeover| autopsy(run, takeover, words)).collect()
}

/// What became of a write.
fn fate(history: &History, referee: &Referee, write: u32) -> &'static str {
    let operation = history.write(write).map_or(0, |write| write.operation);
    let told = history.operation(operation).is_some_and(|asked| asked.outcome == Outcome::Done);
    match (referee.loss(write), told) {
        (Some(Loss::Diverged), _) => "diverged",
        (Some(_), true) => "lost",
        (Some(_), false) => "dropped",
        (None, true) => "kept",
        (None, false) => "surfaced",
    }
}

const FATES: [(&str, &str); 5] = [
    ("lost", "acknowledged, and lost"),
    ("diverged", "taken by the old master since, and in no history"),
    ("surfaced", "not acknowledged, and there all the same"),
    ("dropped", "not acknowledged, and gone"),
    ("kept", "acknowledged, and kept"),
];

fn autopsy(run: &Run, takeover: &Takeover, words: Words) -> Autopsy {
    let (cluster, referee) = (run.cluster(), run.referee());
    let history = cluster.history();
    let with = |wanted: &str| -> Vec<u32> {
        let writes = takeover.doubtful.iter().copied();
        writes.filter(|&write| fate(history, referee, write) == wanted).collect()
    };
    let account = |&(fate, title): &(&'static str, &'static str)| {
        let writes = with(fate);
        let named =
            writes.iter().take(NAMED_MAX).enumerate().fold(Telling::new(cluster, words), |say, (place, &write)| {
                let say = if place > 0 { say.text(", ") } else { say };
                say.assignment(write)
            });
        let more = writes.len().saturating_sub(NAMED_MAX);
        let named = if more > 0 { named.text(format!(", and {more} more")) } else { named };
        Account { fate, title: words.say(title), count: writes.len() as u64, writes: named.done() }
    };
    let ledger: Vec<Account> = FATES.iter().map(account).filter(|account| account.count > 0).collect();
    Autopsy { at_us: takeover.at_us, summary: summary(cluster, words, takeover, &with("lost")), ledger }
}

fn summary(cluster: &Cluster, words: Words, takeover: &Takeover, lost: &[u32]) -> Vec<Part> {
    let history = cluster.history();
    let say = Telling::new(cluster, words).name(takeover.to).text(" took over from ").name(takeover.from);
    let say = say.text(format!(" (epoch {}) after log position {}. ", takeover.epoch, takeover.fork));
    let done_us = |write: u32| {
        let operation = history.write(write)?.operation;
        history.operation(operation)?.done_us()
    };
    let oldest = lost.iter().filter_map(|&write| done_us(write)).min();
    let say = match oldest {
        None => say.text("No acknowledged write was lost (RPO 0). "),
        Some(oldest) => {
            let window = span(takeover.failed_us.saturating_sub(oldest));
            let was = if lost.len() == 1 { "was" } else { "were" };
            let lost = capital(&count(lost.len() as u64, "acknowledged write", "acknowledged writes"));
            say.text(format!("{lost} from the last {window} before the failure {was} lost (RPO {window}). "))
        }
    };
    let beside = takeover.failed_us == takeover.at_us;
    match takeover.resumed_us {
        None if beside => say.name(takeover.from).text(" was still running, so there was no gap.").done(),
        Some(resumed_us) => {
            let gap = span(resumed_us.saturating_sub(takeover.failed_us));
            say.text(format!("Writes were acknowledged again after {gap} (RTO).")).done()
        }
        None => {
            let gap = span(takeover.at_us.saturating_sub(takeover.failed_us));
            say.text(format!(
                "There was a master again after {gap}; no write has been acknowledged since (RTO still running)."
            ))
            .done()
        }
    }
}

/// Whether this node is a master that takes no writes, in a word for the card.
pub(super) fn is_aside(member: &Member) -> bool {
    member.node.role == Role::Master && member.node.fenced
}
