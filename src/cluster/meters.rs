//! How the engines measure themselves: what their own commands would print of a slave, in their words. The page shows it,
//! and `state` has it as facts.
//!
//! PostgreSQL 15: monitoring-stats (`pg_stat_replication`), functions-admin. MariaDB 10.11: `SHOW REPLICA STATUS`.
//! Redis 7.0: `INFO replication`. MongoDB: `rs.printSecondaryReplicationInfo()`.

use super::{Cluster, Member, Node, Process, Rules, Upstream};
use crate::facts::Lsn;
use crate::history::History;
use crate::scenario::{Engine, Replication};
use crate::time::{self, SECOND, Us};

/// Those who can be asked.
struct Meters<'a> {
    now: Us,
    rules: &'a Rules,
    history: &'a History,
    slave: &'a Member,
    upstream: &'a Member,
    master: &'a Member,
}

impl Cluster {
    /// What the engine's own commands would print of a slave: names and values.
    pub fn meters(&self, slave: u16) -> Vec<(&'static str, String)> {
        let asked = || {
            let slave = self.member(slave)?;
            let (upstream, master) = (self.member(slave.node.followed()?)?, self.member(self.master)?);
            let (now, rules, history) = (self.now(), &self.rules, &self.history);
            Some(Meters { now, rules, history, slave, upstream, master }.lines())
        };
        asked().unwrap_or_default()
    }

    /// The same as facts, `name=value` without spaces: nothing of a server that cannot be asked.
    pub(super) fn meter_facts(&self, slave: u16) -> Vec<String> {
        let up = self.member(slave).is_some_and(|member| member.process == Process::Up);
        if !up && self.rules.engine != Engine::Postgres {
            return Vec::new();
        }
        let name = |name: &'static str| match name {
            "at the master: slave" => "slave",
            "behind the primary" => "behind",
            "now() − pg_last_xact_replay_timestamp()" => "pg_last_xact_replay_age",
            name => name,
        };
        let fact = |(meter, says): (&'static str, String)| format!("{}={}", name(meter), says.replace(' ', ""));
        self.meters(slave).into_iter().map(fact).collect()
    }
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
                lines.push(("replay_lag", self.replay_lag(upstream).map_or("NULL".to_owned(), span)));
                lines.push(("sync_state", self.sync_state(upstream).to_owned()));
            }
            None => lines.push(("pg_stat_replication", "no row".to_owned())),
        }
        let replayed = self.node().disk.log.get(self.node().disk.applied, self.history).map(|entry| entry.at_us);
        let age = replayed.map_or("NULL".to_owned(), |at_us| span(self.now.saturating_sub(at_us)));
        lines.push(("now() − pg_last_xact_replay_timestamp()", age));
        lines
    }

    /// What the last reply that told of something new has measured: it stands still until the next one comes, and is
    /// forgotten once all is replayed (walsender.c, `LagTrackerRead`).
    fn replay_lag(&self, upstream: &Node) -> Option<Us> {
        let (applied, told_us) = upstream.replayed_by(self.node().id)?;
        let entry = upstream.disk.log.get(applied, self.history).filter(|_| applied < upstream.position().lsn)?;
        Some(told_us?.saturating_sub(entry.at_us))
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
}

/// A span in the words of the page.
fn span(us: Us) -> String {
    let grain = match us {
        0..10_000 => 10,
        10_000..SECOND => 1_000,
        _ => 10_000,
    };
    time::say(us / grain * grain)
}
