//! PostgreSQL under Patroni, with one etcd for the lease. A verb of the run text, and what does it:
//!
//! | verb | Patroni |
//! |---|---|
//! | `write`, `read`, `delete`, `cancel`, `state`, `trim-log`, `pause-apply` | as in `postgres.rs` |
//! | `failover lease TTL LOOP max-lag N` | `ttl`, `loop_wait`, `retry_timeout` by its own rule, `maximum_lag_on_failover` |
//! | `replication sync N LEVEL`, `too-few` | `synchronous_mode`, `synchronous_node_count`, `synchronous_mode_strict` |
//! | `log keep slots`, `rejoin` | `use_slots`, `use_pg_rewind` |
//! | `crash` | SIGKILL to Patroni, SIGQUIT to its PostgreSQL |
//! | `stop`, `start` | SIGTERM to Patroni; it starts, and starts PostgreSQL when it has asked the store |
//! | `freeze`, `thaw` | SIGSTOP, SIGCONT to Patroni, PostgreSQL and all their processes |
//! | `crash`, `stop`, `start`, `freeze`, `thaw` of `lease` | the same of etcd; what is in it survives |
//! | `cut`, `hold`, `partition`, `link` | all that a node sends: to another's PostgreSQL, to another's REST API, to etcd |
//! | `promote` | `pg_promote()`, behind Patroni's back as in the simulator; Patroni takes it back |
//! | `follow`, `rebuild` | nothing: Patroni does it, and that is waited for; `POST /reinitialize` |
//! | a client that names no node | the node whose `GET /primary` says 200, as HAProxy finds it |

use std::thread;
use std::time::{Duration, SystemTime};

use replication_playground::scenario::{Failover, Quota, Replication, Request};
use replication_playground::time::SECOND;
use rustix::process::Signal;

use super::asked::Asked;
use super::driver::{Driver, Real};
use super::held::until;
use super::patroni_server::{self as server};
use super::patroni_server::{Programs, give, http, write};
use super::patroni_story;
use super::ports;
use super::postgres::Postgres;
use super::site::Site;

const READY: Duration = Duration::from_secs(40);
/// How long a node that comes back has until its PostgreSQL answers: it does not where Patroni cannot ask the store.
const RETURNS: Duration = Duration::from_secs(10);

/// A cluster of Patroni nodes.
pub struct Patroni {
    postgres: Postgres,
    programs: Programs,
    version: String,
    /// Where the REST API of each node listens.
    rest: Vec<u16>,
    /// Where etcd listens for others of its kind.
    peers: u16,
}

impl Patroni {
    /// Servers that are still to be launched.
    ///
    /// # Errors
    ///
    /// No free port; this version of Patroni cannot be set so.
    pub fn new(site: Site, programs: Programs) -> Real<Self> {
        let version = programs.version()?;
        server::dynamic(site.wanted.failover, &site.wanted.rules, &version)?;
        let rest = site.all().map(|_| ports::free()).collect::<Real<Vec<u16>>>()?;
        let peers = ports::free()?;
        let postgres = Postgres::new(site, programs.postgres.clone());
        Ok(Self { postgres, programs, version, rest, peers })
    }

    fn dynamic(&self) -> Vec<String> {
        let wanted = &self.postgres.site.wanted;
        server::dynamic(wanted.failover, &wanted.rules, &self.version).unwrap_or_default()
    }

    fn store(&self) -> usize {
        self.site().watchers().start
    }

    fn rest(&self, n: usize) -> u16 {
        self.rest.get(n).copied().unwrap_or(0)
    }

    /// Whether the REST API of a node says 200.
    fn is(&self, n: usize, path: &str) -> bool {
        http(self.rest(n), "GET", path, "").is_ok_and(|(status, _)| status == 200)
    }

    fn is_awake(&self, n: usize) -> bool {
        self.site().is_up(n) && !self.site().node(n).frozen
    }

    fn spawn(&mut self, n: usize) -> Real<()> {
        if n == self.store() {
            let site = &mut self.postgres.site;
            give(&site.data(n))?;
            let mut command = self.programs.store(site, n, self.peers);
            return site.start(n, &mut command, Signal::KILL);
        }
        let site = &mut self.postgres.site;
        let mut command = self.programs.node(site, n);
        site.start(n, &mut command, Signal::KILL)
    }

    fn store_is_ready(&self) -> bool {
        let n = self.store();
        until(READY, || !self.site().is_up(n) || http(self.site().port(n), "GET", "/health", "").is_ok())
            && self.site().is_up(n)
    }

    /// The leader chooses those for whom it waits a loop after they have come.
    fn standbys_are_chosen(&self) -> Real<()> {
        let Replication::Sync { count, .. } = self.site().wanted.rules.replication else { return Ok(()) };
        let wanted = if let Quota::Slaves(slaves) = count { usize::from(slaves) } else { 1 };
        let chosen = || self.site().all().skip(1).filter(|&n| self.is(n, "/synchronous")).count();
        let wanted = wanted.min(self.site().all().len() - 1);
        if until(READY + 2 * self.loop_wait(), || chosen() >= wanted) {
            return Ok(());
        }
        Err("Patroni has chosen no synchronous standby".to_owned())
    }

    /// The node that may write, as a router finds it.
    fn primary(&self) -> Option<usize> {
        self.site().all().find(|&n| self.is_awake(n) && self.is(n, "/primary"))
    }

    fn loop_wait(&self) -> Duration {
        match self.site().wanted.failover {
            Failover::Lease { loop_us, .. } => Duration::from_secs(loop_us.div_ceil(SECOND)),
            _ => Duration::ZERO,
        }
    }
}

impl Drop for Patroni {
    fn drop(&mut self) {
        self.rest.drain(..).chain([self.peers]).for_each(ports::give_back);
    }
}

impl Driver for Patroni {
    fn site(&self) -> &Site {
        &self.postgres.site
    }

    fn site_mut(&mut self) -> &mut Site {
        &mut self.postgres.site
    }

    fn version(&self) -> Real<String> {
        Ok(format!("Patroni {} with {}", self.version, self.postgres.version()?))
    }

    fn settings(&self) -> Vec<String> {
        let lines = self.dynamic().into_iter();
        lines.chain(self.postgres.settings().into_iter().filter(|line| is_patronis(line))).collect()
    }

    fn launch(&mut self) -> Real<()> {
        give(&self.postgres.site.wanted.folder)?;
        let store = self.store();
        self.spawn(store)?;
        let configuration: Vec<String> =
            self.postgres.configuration().into_iter().filter(|line| is_patronis(line)).collect();
        let dynamic = self.dynamic();
        for n in self.site().all() {
            self.programs.postgres.copy_template(&self.site().data(n), &configuration)?;
            let rest = self.rest(n);
            let door = self.postgres.site.another_door(n, rest)?;
            write(&self.postgres.site, n, &self.programs.postgres, (rest, door), &dynamic)?;
            if n > 0 {
                self.postgres.make_standby(n)?;
            }
        }
        if !self.store_is_ready() {
            return Err(self.site().why_down(store));
        }
        // Who comes first to an empty store leads.
        for n in self.site().all() {
            self.spawn(n)?;
            let role = if n == 0 { "/primary" } else { "/replica" };
            if n == 0 && !until(READY, || !self.site().is_up(n) || self.is(n, role)) {
                return Err(self.site().why_down(n));
            }
        }
        let not_yet = |patroni: &Self| {
            let role = |n| if n == 0 { "/primary" } else { "/replica" };
            patroni.site().all().find(|&n| !patroni.is(n, role(n)))
        };
        if !until(READY, || not_yet(self).is_none()) {
            return Err(self.site().why_down(not_yet(self).unwrap_or(0)));
        }
        self.standbys_are_chosen()
    }

    fn ask(&self, n: usize, client: &str, request: &Request, local: bool) -> Asked {
        self.postgres.ask(n, client, request, local)
    }

    fn waits(&self, asked: &Asked) -> Real<bool> {
        self.postgres.waits(asked)
    }

    fn cancel(&self, asked: &Asked) -> Real<()> {
        self.postgres.cancel(asked)
    }

    fn start(&mut self, n: usize) -> Real<String> {
        self.spawn(n)?;
        let is_there = if n == self.store() {
            self.store_is_ready()
        } else {
            until(RETURNS, || !self.site().is_up(n) || self.postgres.question(n, "select 1").is_ok());
            self.site().is_up(n)
        };
        Ok(if is_there { "ok" } else { "error: it does not start" }.to_owned())
    }

    fn promote(&mut self, n: usize, drain: bool) -> Real<()> {
        self.postgres.promote(n, drain)
    }

    fn follow(&mut self, n: usize, upstream: usize, _force: bool) -> Real<String> {
        let door = self.site().door(upstream);
        let mut follows = false;
        until(2 * self.loop_wait(), || {
            thread::sleep(Duration::from_millis(100));
            let _ = self.look_around();
            follows = self.site().way_up(n) == door && self.postgres.streams(n).unwrap_or(false);
            follows
        });
        Ok(if follows { "ok" } else { "error: Patroni does not let it" }.to_owned())
    }

    fn rebuild(&mut self, n: usize) -> Real<String> {
        let (status, why) = http(self.rest(n), "POST", "/reinitialize", "{\"force\":true}")?;
        Ok(if status == 200 { "ok".to_owned() } else { format!("error: {why}") })
    }

    fn pause(&mut self, n: usize, paused: bool) -> Real<()> {
        self.postgres.pause(n, paused)
    }

    fn trim(&mut self, n: usize) -> Real<()> {
        self.postgres.trim(n)
    }

    fn link_timeout(&mut self) -> Real<()> {
        self.postgres.link_timeout()
    }

    fn look_around(&mut self) -> Real<()> {
        for n in self.site().up() {
            if !self.is_awake(n) {
                continue;
            }
            let asks = "select case when pg_is_in_recovery() then coalesce(substring(current_setting('primary_conninfo') \
                        from 'port=(\\d+)'), '0') else '' end";
            if let Ok(port) = self.postgres.value(n, asks) {
                let upstream = port.parse().ok().and_then(|port| self.site().links.behind(port));
                self.site_mut().node_mut(n).upstream = upstream;
            }
        }
        Ok(())
    }

    fn told_master(&self) -> Option<usize> {
        self.primary()
    }

    fn story(&self) -> Vec<(SystemTime, String)> {
        patroni_story::told(self.site())
    }

    fn facts(&self, n: usize, wanted: &str) -> Real<Vec<String>> {
        // Patroni runs, and has not started PostgreSQL, or has stopped it.
        if self.postgres.question(n, "select 1").is_err() {
            return Ok(vec!["process=down".to_owned()]);
        }
        self.postgres.facts(n, wanted)
    }

    fn is_connected(&self, n: usize) -> Real<bool> {
        self.postgres.is_connected(n)
    }

    fn in_step(&self, n: usize) -> Real<bool> {
        self.postgres.in_step(n)
    }

    fn is_behind(&self, n: usize) -> Real<bool> {
        self.postgres.is_behind(n)
    }
}

/// Patroni itself sets for whom a write waits.
fn is_patronis(line: &str) -> bool {
    !line.starts_with("synchronous_standby_names")
}
