//! How a PostgreSQL server stands.

use std::thread;
use std::time::Duration;

use super::driver::{Driver, Real};
use super::held::until;
use super::postgres::Postgres;
use super::postgres_client::number;

/// What a standby's log says when it is refused for good.
const REFUSALS: [&str; 5] = [
    "forked off",
    "is behind recovery timeline",
    "has already been removed",
    "ahead of the WAL flush position",
    "not in this server",
];
/// How far a node has come, as a number: what it has received, or written itself.
pub const POSITION: &str = "select ((case when pg_is_in_recovery() then greatest(coalesce(pg_last_wal_receive_lsn(), '0/0'), \
                        coalesce(pg_last_wal_replay_lsn(), '0/0')) else pg_current_wal_flush_lsn() end) - '0/0')::bigint";
pub const APPLIED: &str = "select ((case when pg_is_in_recovery() then pg_last_wal_replay_lsn() \
                       else pg_current_wal_flush_lsn() end) - '0/0')::bigint";

impl Postgres {
    pub(super) fn streams(&self, n: usize) -> Real<bool> {
        let port = self.site.way_up(n);
        let sql = format!("select 1 from pg_stat_wal_receiver where status = 'streaming' and sender_port = {port}");
        Ok(!self.question(n, &sql)?.is_empty())
    }

    /// The last word of a standby's log about its upstream, if it is a refusal.
    pub(super) fn last_refusal(&self, n: usize) -> Option<String> {
        let log = self.site.log_since(n, 0);
        let mut last = None;
        for line in log.lines() {
            if line.contains("started streaming") || line.contains("entering standby mode") {
                last = None;
            } else if REFUSALS.iter().any(|words| line.contains(words)) {
                last = Some(line.to_owned());
            }
        }
        last
    }

    pub(super) fn position(&self, n: usize, sql: &str) -> Real<i64> {
        number(&self.value(n, sql)?)
    }

    /// Whether a node that was told to follow is let in, as far as can be told within some seconds.
    pub(super) fn let_in(&self, n: usize, log_from: usize) -> String {
        if !self.site.expects_link(n) {
            thread::sleep(Duration::from_millis(500));
            return "ok".to_owned();
        }
        let look = || {
            let log = self.site.log_since(n, log_from);
            let says = |words: &str| log.contains(words);
            let refused = if says("forked off") || says("is behind recovery timeline") {
                "refused: diverged"
            } else if says("has already been removed") {
                "refused: gap"
            } else if REFUSALS.iter().any(|words| says(words)) {
                "refused: ahead"
            } else {
                let is_in = self.streams(n).unwrap_or(false) && self.in_step(n).unwrap_or(false);
                return is_in.then_some("ok");
            };
            Some(refused)
        };
        let mut said = None;
        until(Duration::from_secs(6), || {
            said = look();
            said.is_some()
        });
        if said == Some("ok") {
            // A refusal may come right behind the first bytes.
            thread::sleep(Duration::from_millis(300));
            said = look();
        }
        said.unwrap_or("ok").to_owned()
    }

    /// What is true of a node.
    pub(super) fn facts_of(&self, n: usize, wanted: &str) -> Real<Vec<String>> {
        if self.value(n, "select pg_is_in_recovery()")? == "f" {
            return Ok(vec!["role=master".to_owned()]);
        }
        let mut streams = self.streams(n)?;
        let mut refused = !streams && self.last_refusal(n).is_some();
        if wanted.starts_with("replication=") {
            // Between two tries the log ends in “started streaming” for a moment.
            until(Duration::from_millis(800), || {
                streams = self.streams(n).unwrap_or(false);
                refused = !streams && self.last_refusal(n).is_some();
                refused
            });
        }
        // Also from the one that it followed before: a paused standby changes over when it goes on.
        let receives = "select 1 from pg_stat_wal_receiver where status = 'streaming'";
        let up = !self.question(n, receives)?.is_empty();
        let mut facts = vec![
            "role=slave".to_owned(),
            format!("link={}", if up { "up" } else { "down" }),
            format!("catchup={}", if streams { "partial" } else { "none" }),
            format!("replication={}", if refused { "error" } else { "ok" }),
        ];
        let name = &self.site.node(n).name;
        let sql = format!(
            "select 1 from pg_stat_replication where application_name = '{name}' and state = 'streaming' \
             and sync_state in ('sync', 'quorum')"
        );
        let upstream = self.site.node(n).upstream.filter(|&upstream| self.site.is_up(upstream));
        let counts = upstream.is_some_and(|upstream| self.question(upstream, &sql).is_ok_and(|rows| !rows.is_empty()));
        facts.push(format!("sync={}", if counts { "yes" } else { "no" }));
        if self.position(n, POSITION)? > self.position(n, APPLIED)? {
            facts.push("received>applied".to_owned());
        }
        Ok(facts)
    }
}
