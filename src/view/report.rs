//! What takes more room than the stage has: how far each slave lags and what its engine says of it, what reading costs,
//! and the autopsy of each failover.

use serde::Serialize;

use super::model::Part;
use super::sentence::{Telling, count, span};
use super::vocabulary::Words;
use crate::cluster::{Cluster, Log, Member, Node, Process, Role, Rules, Upstream};
use crate::facts::Lsn;
use crate::history::{History, Outcome};
use crate::referee::{Loss, Price, Referee, Takeover};
use crate::run::Run;
use crate::scenario::{Engine, Replication};
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
    let (master, upstream) = (cluster.member(cluster.master())?, cluster.member(slave.node.followed()?)?);
    let (log, own, progress) = (&master.node.disk.log, &slave.node.disk.log, slave.node.progress());
    let (last, there) = (log.last().lsn, slave.node.progress_there());
    let history = cluster.history();
    let stage = |log: &Log, from, upto| stage(log, (from, upto), now, history);
    let meters = Meters { now, rules: cluster.rules(), history, slave, upstream, master };
    Some(Lag {
        node: slave.node.id,
        whole: stage(log, there.applied, last),
        network: stage(log, there.received, last),
        unflushed: stage(own, progress.flushed, progress.received),
        unapplied: stage(own, progress.applied, progress.flushed),
        meters: meters.lines(),
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

/// What the engines' own commands would print. PostgreSQL 15: monitoring-stats (pg_stat_replication), functions-admin.
/// MariaDB 10.11: SHOW REPLICA STATUS. Redis 7.0: INFO replication. MongoDB: rs.printSecondaryReplicationInfo().
struct Meters<'a> {
    now: Us,
    rules: &'a Rules,
    history: &'a History,
    slave: &'a Member,
    upstream: &'a Member,
    master: &'a Member,
}

impl Meters<'_> {
    fn lines(&self) -> Vec<(&'static str, String)> {
        match self.rules.engine {
            Engine::Plain => Vec::new(),
            Engine::Postgres => self.postgres(),
            Engine::Mariadb => self.mysql(["Slave_IO_Running", "Slave_SQL_Running", "Seconds_Behind_Master"]),
            Engine::Mysql => self.mysql(["Replica_IO_Running", "Replica_SQL_Running", "Seconds_Behind_Source"]),
            Engine::Redis => self.redis(),
            Engine::Mongo => self.mongo(),
        }
    }

    fn node(&self) -> &Node {
        &self.slave.node
    }

    /// The node that it follows, if its process runs and can be asked.
    fn told_by(&self) -> Option<&Node> {
        (self.upstream.process == Process::Up).then_some(&self.upstream.node)
    }

    fn postgres(&self) -> Vec<(&'static str, String)> {
        let id = self.node().id;
        let mut lines = Vec::new();
        match self.told_by().and_then(|upstream| Some((upstream, upstream.acknowledged_by(id)?))) {
            Some((upstream, known)) => {
                let lsn = |lsn: Lsn| format!("0/{lsn:X}");
                lines.push(("pg_stat_replication.sent_lsn", lsn(upstream.sent_to(id).unwrap_or(0))));
                lines.push(("write_lsn", lsn(known.received)));
                lines.push(("flush_lsn", lsn(known.flushed)));
                lines.push(("replay_lsn", lsn(known.applied)));
                let behind = upstream.reported_lag(self.now, id, self.history).filter(|(entries, _)| *entries > 0);
                lines.push(("replay_lag", behind.map_or("NULL".to_owned(), |(_, us)| span(us))));
                lines.push(("sync_state", self.sync_state(upstream).to_owned()));
            }
            None => lines.push(("pg_stat_replication", "no row".to_owned())),
        }
        let replayed = self.node().disk.log.get(self.node().disk.applied, self.history).map(|entry| entry.at_us);
        let age = replayed.map_or("NULL".to_owned(), |at_us| span(self.now.saturating_sub(at_us)));
        lines.push(("now() − pg_last_xact_replay_timestamp()", age));
        lines
    }

    fn sync_state(&self, upstream: &Node) -> &'static str {
        let id = self.node().id;
        match self.rules.replication {
            Replication::Sync { first, .. } if self.rules.counts(id) => {
                match (first, upstream.waits_for(self.rules, id)) {
                    (false, _) => "quorum",
                    (true, true) => "sync",
                    (true, false) => "potential",
                }
            }
            _ => "async",
        }
    }

    fn mysql(&self, names: [&'static str; 3]) -> Vec<(&'static str, String)> {
        let node = self.node();
        let io = match node.upstream() {
            Upstream::Streaming { .. } => "Yes",
            _ if node.denial_of_upstream().is_some() => "No",
            _ => "Connecting",
        };
        let sql = if node.applier_stands() { "No" } else { "Yes" };
        let behind = match (io, sql) {
            ("Yes", "Yes") => {
                let oldest = node.disk.log.get(node.disk.applied + 1, self.history);
                oldest.map_or(0, |entry| self.now.saturating_sub(entry.at_us) / SECOND).to_string()
            }
            _ => "NULL".to_owned(),
        };
        let [io_name, sql_name, behind_name] = names;
        vec![(io_name, io.to_owned()), (sql_name, sql.to_owned()), (behind_name, behind)]
    }

    fn redis(&self) -> Vec<(&'static str, String)> {
        let (id, log) = (self.node().id, &self.master.node.disk.log);
        let up = matches!(self.node().upstream(), Upstream::Streaming { .. });
        let heard_s = self.now.saturating_sub(self.node().heard_upstream_us()) / SECOND;
        let mut lines = vec![
            ("master_link_status", if up { "up" } else { "down" }.to_owned()),
            ("master_last_io_seconds_ago", if up { heard_s.to_string() } else { "-1".to_owned() }),
            ("slave_repl_offset", log.bytes_upto(self.node().disk.applied, self.history).to_string()),
        ];
        let known = self.told_by().and_then(|upstream| Some((upstream.acknowledged_by(id)?, upstream.heard_of(id)?)));
        match known {
            Some((progress, heard_us)) => {
                let lag = self.now.saturating_sub(heard_us) / SECOND;
                let offset = log.bytes_upto(progress.applied, self.history);
                lines.push(("at the master: slave", format!("state=online,offset={offset},lag={lag}")));
                lines.push(("master_repl_offset", log.bytes().to_string()));
            }
            None => lines.push(("at the master: slave", "not listed".to_owned())),
        }
        lines
    }

    fn mongo(&self) -> Vec<(&'static str, String)> {
        let at = |node: &Node| node.disk.log.get(node.disk.applied, self.history).map_or(0, |entry| entry.at_us);
        let behind = at(&self.master.node).saturating_sub(at(self.node())) / SECOND;
        vec![("behind the primary", format!("{behind} secs"))]
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
    let say = say.text(format!(" in epoch {}, behind position {}. ", takeover.epoch, takeover.fork));
    let done_us = |write: u32| {
        let operation = history.write(write)?.operation;
        history.operation(operation)?.done_us()
    };
    let oldest = lost.iter().filter_map(|&write| done_us(write)).min();
    let say = match oldest {
        None => say.text("No acknowledged write was lost (RPO 0). "),
        Some(oldest) => {
            let window = span(takeover.failed_us.saturating_sub(oldest));
            let lost = count(lost.len() as u64, "acknowledged write", "acknowledged writes");
            say.text(format!("Lost: {lost}, of the last {window} before the failure (RPO). "))
        }
    };
    match takeover.resumed_us {
        Some(resumed_us) => {
            let gap = span(resumed_us.saturating_sub(takeover.failed_us));
            say.text(format!("Writes were acknowledged again after {gap} (RTO).")).done()
        }
        None => {
            let gap = span(takeover.at_us.saturating_sub(takeover.failed_us));
            say.text(format!("There was a master again after {gap}; no write was acknowledged since (RTO open)."))
                .done()
        }
    }
}

/// Whether this node is a master that takes no writes, in a word for the card.
pub(super) fn is_aside(member: &Member) -> bool {
    member.node.role == Role::Master && member.node.fenced
}
