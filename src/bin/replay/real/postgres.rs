//! PostgreSQL 15 and later. A verb of the run text, and what does it:
//!
//! | verb | PostgreSQL |
//! |---|---|
//! | `write`, `read`, `delete` | `INSERT … ON CONFLICT`, `SELECT`, `DELETE`; `level=local` is `synchronous_commit = local` |
//! | `cancel` | `pg_cancel_backend` |
//! | `crash`, `stop`, `start` | immediate shutdown (SIGQUIT); fast shutdown (SIGINT); the server starts, a standby by `standby.signal` |
//! | `freeze`, `thaw` | SIGSTOP, SIGCONT to the server and all its processes |
//! | `promote` | `pg_promote()` |
//! | `follow` | `primary_conninfo` and a reload; a running master is stopped, made a standby and started |
//! | `rewind`, `rebuild` | `CHECKPOINT` there, stop, `pg_rewind`, start; stop, `pg_basebackup`, start |
//! | `pause-apply`, `resume-apply`, `delay` | `pg_wal_replay_pause()`, `pg_wal_replay_resume()`, `recovery_min_apply_delay` |
//! | `read-only`, `read-write` | `default_transaction_read_only` |
//! | `trim-log` | three times `pg_switch_wal()` and `CHECKPOINT` |
//! | `sync-slaves` | `synchronous_standby_names` of each node that is up |
//! | `state` | `pg_stat_wal_receiver`, `pg_stat_replication`; `replication=error` from the standby's log |
//! | `replication sync [first] N LEVEL` | `synchronous_standby_names = 'FIRST N (…)'` or `'ANY N (…)'`, `synchronous_commit` |
//! | `log keep slots` | a physical slot for each standby, made on the upstream |
//! | `link-timeout`, `retry` | `wal_sender_timeout` and `wal_receiver_timeout`, `wal_retrieve_retry_interval` |

use std::thread;
use std::time::Duration;

use replication_playground::scenario::{Level, LogKeep, Quota, Replication, Request};
use rustix::process::Signal;

use super::asked::Asked;
use super::driver::{Driver, Real};
use super::held::until;
use super::postgres_client::{self as client, Rows, Sessions};
use super::postgres_server::{self as server, Programs};
use super::postgres_state::{APPLIED, POSITION};
use super::site::Site;

const READY: Duration = Duration::from_secs(30);
/// A cluster of PostgreSQL servers.
pub struct Postgres {
    pub(super) site: Site,
    programs: Programs,
    sessions: Sessions,
}

impl Postgres {
    /// Servers that are still to be launched.
    pub fn new(site: Site, programs: Programs) -> Self {
        Self { site, programs, sessions: Sessions::default() }
    }

    pub(super) fn question(&self, n: usize, sql: &str) -> Real<Rows> {
        self.sessions.question(self.site.port(n), sql)
    }

    pub(super) fn value(&self, n: usize, sql: &str) -> Real<String> {
        let rows = self.question(n, sql)?;
        rows.into_iter().flatten().next().flatten().ok_or_else(|| format!("no answer to {sql}"))
    }

    fn has_slots(&self) -> bool {
        self.site.wanted.rules.log_keep == LogKeep::Slots
    }

    /// `synchronous_standby_names` with these nodes; nothing when writes wait for nobody.
    fn standby_names(&self, names: &[&str]) -> Option<String> {
        let Replication::Sync { count, first, .. } = self.site.wanted.rules.replication else { return None };
        let number = match count {
            Quota::All => self.site.nodes.len().saturating_sub(1),
            Quota::Slaves(slaves) => usize::from(slaves),
            Quota::Majority => self.site.nodes.len() / 2,
        };
        let how = if first { "FIRST" } else { "ANY" };
        Some(format!("{how} {number} ({})", names.join(", ")))
    }

    pub(super) fn configuration(&self) -> Vec<String> {
        let rules = &self.site.wanted.rules;
        let ms = |us: u64| us.div_ceil(1_000).max(1);
        let timeout = rules.link_timeout_us.map_or(0, ms);
        let mut lines = vec![
            format!("wal_retrieve_retry_interval = {}ms", ms(rules.retry_us)),
            format!("wal_sender_timeout = {timeout}ms"),
            format!("wal_receiver_timeout = {timeout}ms"),
        ];
        if let Replication::Sync { level, .. } = rules.replication {
            let commit = match level {
                Level::Received => "remote_write",
                Level::Flushed => "on",
                Level::Applied => "remote_apply",
            };
            lines.push(format!("synchronous_commit = {commit}"));
            // The list is the same on each node, so that it holds whichever leads; in the order of the text.
            let named = |n: &usize| self.site.node(*n).name.as_str();
            let listed: Vec<usize> = rules.sync_slaves.iter().map(|&n| usize::from(n)).collect();
            let all: Vec<usize> = self.site.all().collect();
            let names: Vec<&str> = if listed.is_empty() { &all } else { &listed }.iter().map(named).collect();
            lines.extend(self.standby_names(&names).map(|names| format!("synchronous_standby_names = '{names}'")));
        }
        lines
    }

    fn spawn(&mut self, n: usize) -> Real<()> {
        let mut command = self.programs.server(&self.site.data(n), self.site.port(n));
        self.site.start(n, &mut command, Signal::QUIT)
    }

    /// Waits until a server answers. False if it has ended instead.
    fn is_ready(&self, n: usize) -> bool {
        until(READY, || !self.site.is_up(n) || self.question(n, "select 1").is_ok()) && self.site.is_up(n)
    }

    /// Makes the data of a node that of a standby of the one that it follows.
    pub(super) fn make_standby(&self, n: usize) -> Real<()> {
        let slot = self.has_slots().then(|| self.site.node(n).name.clone());
        server::make_standby(&self.site.data(n), &self.conninfo(n), slot.as_deref())
    }

    fn conninfo(&self, n: usize) -> String {
        format!("host=127.0.0.1 port={} user=postgres application_name={}", self.site.way_up(n), self.site.node(n).name)
    }

    fn make_slot(&self, upstream: usize, name: &str) -> Real<()> {
        let known = format!("select 1 from pg_replication_slots where slot_name = '{name}'");
        if self.has_slots() && self.site.is_up(upstream) && self.question(upstream, &known)?.is_empty() {
            self.question(upstream, &format!("select pg_create_physical_replication_slot('{name}', true)"))?;
        }
        Ok(())
    }

    fn set(&self, n: usize, name: &str, value: &str) -> Real<()> {
        self.question(n, &format!("alter system set {name} = '{value}'"))?;
        self.question(n, "select pg_reload_conf()")?;
        // The reload is a signal. New sessions have the new value once the server has read it.
        let shows = format!("select 1 from pg_file_settings where name = '{name}' and applied");
        until(Duration::from_millis(500), || self.question(n, &shows).is_ok_and(|rows| !rows.is_empty()));
        thread::sleep(Duration::from_millis(50));
        Ok(())
    }

    fn restart(&mut self, n: usize) -> Real<String> {
        self.spawn(n)?;
        Ok(if self.is_ready(n) { "ok" } else { "error: it does not start" }.to_owned())
    }
}

impl Driver for Postgres {
    fn site(&self) -> &Site {
        &self.site
    }

    fn site_mut(&mut self) -> &mut Site {
        &mut self.site
    }

    fn version(&self) -> Real<String> {
        Ok(format!("PostgreSQL {}", self.value(0, "show server_version")?))
    }

    fn settings(&self) -> Vec<String> {
        server::CONFIGURATION.lines().map(str::to_owned).chain(self.configuration()).collect()
    }

    fn launch(&mut self) -> Real<()> {
        server::give_folder(&self.site.wanted.folder)?;
        let configuration = self.configuration();
        for n in self.site.all() {
            self.programs.copy_template(&self.site.data(n), &configuration)?;
            if self.site.node(n).upstream.is_some() {
                self.make_standby(n)?;
            }
        }
        self.spawn(0)?;
        if self.has_slots() {
            if !self.is_ready(0) {
                return Err(self.site.why_down(0));
            }
            for n in self.site.all().skip(1) {
                self.make_slot(0, &self.site.node(n).name)?;
            }
        }
        for n in self.site.all().skip(1) {
            self.spawn(n)?;
        }
        match self.site.all().find(|&n| !self.is_ready(n)) {
            None => Ok(()),
            Some(n) => Err(self.site.why_down(n)),
        }
    }

    fn ask(&self, n: usize, _client: &str, request: &Request, local: bool) -> Asked {
        let (port, request) = (self.site.port(n), request.clone());
        self.site.asks(n, move |session| client::ask(port, &request, local, session))
    }

    fn waits(&self, asked: &Asked) -> Real<bool> {
        if self.site.node(asked.node).frozen {
            return Ok(true);
        }
        let Some(session) = asked.session() else { return Ok(false) };
        let sql = format!(
            "select 1 from pg_stat_activity where pid = {session} and wait_event in ('SyncRep', 'transactionid', 'tuple')"
        );
        Ok(!self.question(asked.node, &sql)?.is_empty())
    }

    fn cancel(&self, asked: &Asked) -> Real<()> {
        let session = asked.session().ok_or("the request has no session yet")?;
        self.question(asked.node, &format!("select pg_cancel_backend({session})")).map(|_| ())
    }

    fn start(&mut self, n: usize) -> Real<String> {
        self.restart(n)
    }

    fn signals(&self) -> [Signal; 2] {
        [Signal::INT, Signal::QUIT]
    }

    fn promote(&mut self, n: usize, _drain: bool) -> Real<()> {
        self.value(n, "select pg_promote(true, 20)")?;
        let node = self.site.node_mut(n);
        (node.upstream, node.paused, node.delayed) = (None, false, false);
        Ok(())
    }

    fn follow(&mut self, n: usize, upstream: usize, _force: bool) -> Real<String> {
        self.make_slot(upstream, &self.site.node(n).name)?;
        let was_master = self.site.node(n).upstream.is_none();
        self.site.node_mut(n).upstream = Some(upstream);
        let log_from = self.site.log_length(n);
        let was_up = self.site.is_up(n);
        if was_up && !was_master {
            self.set(n, "primary_conninfo", &self.conninfo(n))?;
            return Ok(self.let_in(n, log_from));
        }
        if was_up && !self.stop(n)? {
            return Ok("blocked".to_owned());
        }
        self.make_standby(n)?;
        if !was_up {
            return Ok("ok".to_owned());
        }
        let said = self.restart(n)?;
        Ok(if said == "ok" { self.let_in(n, log_from) } else { said })
    }

    fn late_answer(&self, n: usize, log_from: usize) -> String {
        self.let_in(n, log_from)
    }

    fn rewind(&mut self, n: usize) -> Real<String> {
        let Some(upstream) = self.site.node(n).upstream else { return Ok("error: it follows nobody".to_owned()) };
        self.question(upstream, "checkpoint")?;
        if !self.stop(n)? {
            return Ok("blocked".to_owned());
        }
        let rewound = self.programs.rewind(&self.site.data(n), self.site.port(upstream));
        self.make_standby(n)?;
        let said = self.restart(n)?;
        Ok(rewound.map_or_else(|why| format!("error: {why}"), |()| said))
    }

    fn rebuild(&mut self, n: usize) -> Real<String> {
        let Some(upstream) = self.site.node(n).upstream else { return Ok("error: it follows nobody".to_owned()) };
        if !self.stop(n)? {
            return Ok("blocked".to_owned());
        }
        self.programs.copy(&self.site.data(n), self.site.port(upstream))?;
        self.make_standby(n)?;
        self.restart(n)
    }

    fn pause(&mut self, n: usize, paused: bool) -> Real<()> {
        if !paused {
            self.question(n, "select pg_wal_replay_resume()")?;
        } else {
            self.question(n, "select pg_wal_replay_pause()")?;
            let state = "select pg_get_wal_replay_pause_state()";
            until(Duration::from_secs(1), || self.value(n, state).is_ok_and(|state| state == "paused"));
        }
        self.site.node_mut(n).paused = paused;
        Ok(())
    }

    fn delay(&mut self, n: usize, span: Duration) -> Real<()> {
        self.site.node_mut(n).delayed = !span.is_zero();
        self.set(n, "recovery_min_apply_delay", &format!("{}ms", span.as_millis()))
    }

    fn read_only(&mut self, n: usize, read_only: bool) -> Real<()> {
        self.set(n, "default_transaction_read_only", if read_only { "on" } else { "off" })
    }

    fn trim(&mut self, n: usize) -> Real<()> {
        // Who is connected has what is dropped: else it would be chance whether a standby still gets it.
        let lags =
            "select 1 from pg_stat_replication where flush_lsn is null or flush_lsn < pg_current_wal_flush_lsn()";
        for _ in 0..3 {
            self.question(n, "select pg_switch_wal()")?;
            until(Duration::from_secs(1), || self.question(n, lags).is_ok_and(|rows| rows.is_empty()));
            self.question(n, "checkpoint")?;
        }
        Ok(())
    }

    fn sync_slaves(&mut self, slaves: &[usize]) -> Real<()> {
        let all: Vec<usize> = self.site.all().collect();
        let listed = if slaves.is_empty() { &all } else { slaves };
        let names: Vec<&str> = listed.iter().map(|&n| self.site.node(n).name.as_str()).collect();
        let Some(names) = self.standby_names(&names) else { return Ok(()) };
        for n in self.site.up() {
            self.set(n, "synchronous_standby_names", &names)?;
        }
        Ok(())
    }

    fn link_timeout(&mut self) -> Real<()> {
        let up = self.site.up();
        let usual = self.site.wanted.rules.link_timeout_us.map_or(0, |us| us / 1_000);
        for (timeout, wait) in [(2_000, 4_500), (usual, 0)] {
            for &n in &up {
                for name in ["wal_sender_timeout", "wal_receiver_timeout"] {
                    self.question(n, &format!("alter system set {name} = '{timeout}ms'"))?;
                }
                self.question(n, "select pg_reload_conf()")?;
            }
            thread::sleep(Duration::from_millis(wait));
        }
        Ok(())
    }

    fn facts(&self, n: usize, wanted: &str) -> Real<Vec<String>> {
        self.facts_of(n, wanted)
    }

    fn is_connected(&self, n: usize) -> Real<bool> {
        Ok(self.streams(n)? || self.last_refusal(n).is_some())
    }

    fn in_step(&self, n: usize) -> Real<bool> {
        let Some(upstream) = self.site.node(n).upstream else { return Ok(true) };
        if !self.streams(n)? {
            return Ok(self.last_refusal(n).is_some());
        }
        let mine = self.position(n, POSITION)?;
        if mine < self.position(upstream, POSITION)? {
            return Ok(false);
        }
        let node = self.site.node(n);
        Ok(node.paused || node.delayed || self.position(n, APPLIED)? >= mine)
    }

    fn is_behind(&self, n: usize) -> Real<bool> {
        let Some(upstream) = self.site.node(n).upstream else { return Ok(false) };
        Ok(self.position(n, APPLIED)? < self.position(upstream, POSITION)?)
    }
}
