//! MariaDB 10.11 and later, with GTIDs. A verb of the run text, and what does it:
//!
//! | verb | MariaDB |
//! |---|---|
//! | `write`, `read`, `delete` | `INSERT … ON DUPLICATE KEY UPDATE`, `SELECT`, `DELETE` |
//! | `level=local` | `rpl_semi_sync_master_enabled = 0` meanwhile, if nobody waits |
//! | `cancel` | `KILL QUERY` |
//! | `crash`, `stop`, `start` | SIGKILL; SIGTERM; the server starts, a slave replicates by itself |
//! | `freeze`, `thaw` | SIGSTOP, SIGCONT |
//! | `promote` | `STOP SLAVE`, `RESET SLAVE ALL`, `read_only = 0`; drained: the IO thread stops first, until all is applied |
//! | `follow` | `CHANGE MASTER TO … MASTER_USE_GTID = slave_pos`, on what was a master `current_pos`; `START SLAVE` |
//! | `follow … force` | before that `gtid_slave_pos` = the last GTID of its own log that the other has too |
//! | `pause-apply`, `resume-apply` | `STOP SLAVE SQL_THREAD`, `START SLAVE SQL_THREAD` |
//! | `delay` | `CHANGE MASTER TO MASTER_DELAY` |
//! | `read-only`, `read-write` | `read_only` |
//! | `trim-log` | `FLUSH BINARY LOGS` and `PURGE BINARY LOGS` until one is left |
//! | `sync-slaves` | `rpl_semi_sync_slave_enabled` of the slaves, and their IO threads again |
//! | `state` | `SHOW SLAVE STATUS`, `Rpl_semi_sync_master_status` |
//! | `replication sync 1 received [hidden]` | semi-sync, `AFTER_COMMIT`; hidden: `AFTER_SYNC` |
//! | `too-few degrade D` | `rpl_semi_sync_master_timeout` |
//! | `link-timeout` | `slave_net_timeout` |

use std::collections::{BTreeMap, BTreeSet};
use std::thread;
use std::time::Duration;

use replication_playground::scenario::{Replication, Request, SlaveWrites, TooFew};
use replication_playground::time::SECOND;
use rustix::process::Signal;

use super::asked::Asked;
use super::driver::{Driver, Real};
use super::held::until;
use super::mariadb_client::{self as client, Row};
use super::mariadb_server::{Programs, REPLICATES};
use super::site::Site;

const READY: Duration = Duration::from_secs(60);

/// A cluster of MariaDB servers.
pub struct Mariadb {
    pub(super) site: Site,
    programs: Programs,
    /// Nodes that were told to follow while they were down, and from where on.
    told: BTreeMap<usize, &'static str>,
    /// Nodes that were masters, and were let in nowhere since.
    refused: BTreeSet<usize>,
    /// Slaves that have semi-sync on; nothing for all.
    counts: Option<Vec<usize>>,
}

impl Mariadb {
    /// Servers that are still to be launched.
    pub fn new(site: Site, programs: Programs) -> Self {
        let listed: Vec<usize> = site.wanted.rules.sync_slaves.iter().map(|&n| usize::from(n)).collect();
        let counts = (!listed.is_empty()).then_some(listed);
        Self { site, programs, told: BTreeMap::new(), refused: BTreeSet::new(), counts }
    }

    pub(super) fn question(&self, n: usize, sql: &str) -> Real<Vec<Row>> {
        client::question(self.site.port(n), sql)
    }

    pub(super) fn does(&self, n: usize, orders: &[&str]) -> Real<()> {
        orders.iter().try_for_each(|sql| self.question(n, sql).map(|_| ()))
    }

    pub(super) fn value(&self, n: usize, sql: &str) -> Real<String> {
        let rows = self.question(n, &format!("select {sql} as v"))?;
        rows.first().map(|row| row.field("v").to_owned()).ok_or_else(|| format!("no answer to {sql}"))
    }

    fn status(&self, n: usize, name: &str) -> Real<String> {
        let rows = self.question(n, &format!("show global status like '{name}'"))?;
        Ok(rows.first().map(|row| row.field("Value").to_owned()).unwrap_or_default())
    }

    pub(super) fn slave_status(&self, n: usize) -> Real<Option<Row>> {
        Ok(self.question(n, "show slave status")?.into_iter().next())
    }

    /// When a write is answered with semi-sync; nothing without it.
    fn wait_point(&self) -> Option<&'static str> {
        match self.site.wanted.rules.replication {
            Replication::Async => None,
            Replication::Sync { hidden: false, .. } => Some("AFTER_COMMIT"),
            Replication::Sync { hidden: true, .. } => Some("AFTER_SYNC"),
        }
    }

    fn has_semi_sync(&self, n: usize) -> bool {
        self.counts.as_ref().is_none_or(|counts| counts.contains(&n))
    }

    fn options(&self, n: usize) -> Vec<String> {
        let rules = &self.site.wanted.rules;
        let slave = self.site.node(n).upstream.is_some();
        let read_only = slave && rules.slave_writes != SlaveWrites::Accepted;
        let timeout = if self.site.wanted.timeouts_on_demand { None } else { rules.link_timeout_us };
        let mut options = vec![
            format!("--server-id={}", n + 1),
            format!("--read-only={}", u8::from(read_only)),
            format!("--slave-net-timeout={}", timeout.map_or(3_600, |us| us.div_ceil(SECOND).max(1))),
        ];
        if let Some(point) = self.wait_point() {
            let timeout = match rules.too_few {
                TooFew::Degrade(us) => us.div_ceil(1_000),
                _ => u64::MAX,
            };
            let slave_on = slave && self.has_semi_sync(n);
            options.push(format!("--rpl-semi-sync-master-wait-point={point}"));
            options.push(format!("--rpl-semi-sync-master-timeout={timeout}"));
            options.push(format!("--rpl-semi-sync-master-enabled={}", u8::from(!slave)));
            options.push(format!("--rpl-semi-sync-slave-enabled={}", u8::from(slave_on)));
        }
        options
    }

    fn spawn(&mut self, n: usize, more: &[&str]) -> Real<()> {
        let mut command = self.programs.server(&self.site.data(n), self.site.port(n));
        command.args(self.options(n)).args(more);
        self.site.start(n, &mut command, Signal::KILL)
    }

    fn is_ready(&self, n: usize) -> bool {
        until(READY, || !self.site.is_up(n) || self.value(n, "1").is_ok()) && self.site.is_up(n)
    }

    /// Points a node at the one that it follows, and starts replication; a pause of its applying stays.
    fn change_master(&self, n: usize, from: &str) -> Real<()> {
        let read_only = self.site.wanted.rules.slave_writes != SlaveWrites::Accepted;
        self.does(n, &["stop slave", &format!("set global read_only = {}", u8::from(read_only))])?;
        if self.wait_point().is_some() {
            let slave_on = u8::from(self.has_semi_sync(n));
            let on = format!("set global rpl_semi_sync_slave_enabled = {slave_on}");
            self.does(n, &["set global rpl_semi_sync_master_enabled = 0", &on])?;
        }
        let port = self.site.way_up(n);
        let retry = self.site.wanted.rules.retry_us.div_ceil(SECOND).max(1);
        let change = format!(
            "change master to master_host = '127.0.0.1', master_port = {port}, {REPLICATES}, \
             master_connect_retry = {retry}, master_use_gtid = {from}"
        );
        let start = if self.site.node(n).paused { "start slave io_thread" } else { "start slave" };
        self.does(n, &[&change, start])
    }
}

impl Driver for Mariadb {
    fn site(&self) -> &Site {
        &self.site
    }

    fn site_mut(&mut self) -> &mut Site {
        &mut self.site
    }

    fn version(&self) -> Real<String> {
        Ok(format!("MariaDB {}", self.value(0, "version()")?))
    }

    fn settings(&self) -> Vec<String> {
        vec![Programs::options().join(" "), self.options(0).join(" ")]
    }

    fn launch(&mut self) -> Real<()> {
        self.programs.give(&self.site.wanted.folder)?;
        for n in self.site.all() {
            self.programs.copy_template(&self.site.data(n))?;
            self.spawn(n, &[])?;
        }
        if let Some(n) = self.site.all().find(|&n| !self.is_ready(n)) {
            return Err(self.site.why_down(n));
        }
        for n in self.site.all().skip(1) {
            self.change_master(n, "slave_pos")?;
        }
        if self.wait_point().is_some() {
            let wanted = self.site.all().skip(1).filter(|&n| self.has_semi_sync(n)).count().to_string();
            let clients = || self.status(0, "Rpl_semi_sync_master_clients").is_ok_and(|clients| clients == wanted);
            until(Duration::from_secs(15), clients);
            let on = || self.status(0, "Rpl_semi_sync_master_status").is_ok_and(|status| status == "ON");
            until(Duration::from_secs(5), on);
        }
        Ok(())
    }

    fn ask(&self, n: usize, _client: &str, request: &Request, local: bool) -> Asked {
        let (port, request) = (self.site.port(n), request.clone());
        let nobody_waits = || self.status(n, "Rpl_semi_sync_master_wait_sessions").is_ok_and(|count| count == "0");
        let without = local && self.wait_point().is_some() && nobody_waits();
        self.site.asks(n, move |session| client::ask(port, &request, without, session))
    }

    fn waits(&self, asked: &Asked) -> Real<bool> {
        if self.site.node(asked.node).frozen {
            return Ok(true);
        }
        let Some(session) = asked.session() else { return Ok(false) };
        // While one waits for its acknowledgement others may stand behind it in the commit queue.
        let sql = format!(
            "select 1 from information_schema.innodb_trx where trx_mysql_thread_id = {session} and trx_state = 'LOCK WAIT' \
             union all select 1 from information_schema.processlist where state like '%semi-sync ACK%'"
        );
        Ok(!self.question(asked.node, &sql)?.is_empty())
    }

    fn cancel(&self, asked: &Asked) -> Real<()> {
        let session = asked.session().ok_or("the request has no session yet")?;
        self.does(asked.node, &[&format!("kill query {session}")])
    }

    fn start(&mut self, n: usize) -> Real<String> {
        let told = self.told.remove(&n);
        self.spawn(n, if told.is_some() { &["--skip-slave-start"] } else { &[] })?;
        if !self.is_ready(n) {
            return Ok("error: it does not start".to_owned());
        }
        if let Some(from) = told {
            self.change_master(n, from)?;
        }
        Ok("ok".to_owned())
    }

    fn promote(&mut self, n: usize, drain: bool) -> Real<()> {
        if drain {
            self.drain(n)?;
        }
        self.does(n, &["stop slave", "reset slave all", "set global read_only = 0"])?;
        if self.wait_point().is_some() {
            let switch = ["set global rpl_semi_sync_slave_enabled = 0", "set global rpl_semi_sync_master_enabled = 1"];
            self.does(n, &switch)?;
        }
        let node = self.site.node_mut(n);
        (node.upstream, node.paused, node.delayed) = (None, false, false);
        Ok(())
    }

    fn follow(&mut self, n: usize, upstream: usize, force: bool) -> Real<String> {
        // Its own position is what it has, until it has been let in somewhere.
        let was_master = self.site.node(n).upstream.is_none() || self.refused.remove(&n);
        let from = if was_master { "current_pos" } else { "slave_pos" };
        self.site.node_mut(n).upstream = Some(upstream);
        if !self.site.is_up(n) {
            self.told.insert(n, from);
            return Ok("ok".to_owned());
        }
        if force {
            let common = self.last_in_common(n, upstream)?;
            self.does(n, &["stop slave", &format!("set global gtid_slave_pos = '{common}'")])?;
        }
        self.change_master(n, if force { "slave_pos" } else { from })?;
        let said = self.let_in(n);
        if from == "current_pos" && said.starts_with("refused") {
            self.refused.insert(n);
        }
        Ok(said)
    }

    fn late_answer(&self, n: usize, _log_from: usize) -> String {
        self.let_in(n)
    }

    fn pause(&mut self, n: usize, paused: bool) -> Real<()> {
        self.site.node_mut(n).paused = paused;
        self.does(n, &[if paused { "stop slave sql_thread" } else { "start slave sql_thread" }])
    }

    fn delay(&mut self, n: usize, span: Duration) -> Real<()> {
        self.site.node_mut(n).delayed = !span.is_zero();
        let change = format!("change master to master_delay = {}", span.as_secs());
        self.does(n, &["stop slave", &change, "start slave"])
    }

    fn read_only(&mut self, n: usize, read_only: bool) -> Real<()> {
        self.does(n, &[&format!("set global read_only = {}", u8::from(read_only))])
    }

    fn trim(&mut self, n: usize) -> Real<()> {
        // A dump thread notices that its slave is gone when it sends; what a dump thread still reads is not purged.
        for _ in 0..6 {
            self.does(n, &["flush binary logs"])?;
            thread::sleep(Duration::from_millis(200));
            let rows = self.question(n, "show master status")?;
            let current = rows.first().map(|row| row.field("File").to_owned()).unwrap_or_default();
            self.does(n, &[&format!("purge binary logs to '{current}'")])?;
            if self.question(n, "show binary logs")?.len() == 1 {
                break;
            }
        }
        Ok(())
    }

    fn sync_slaves(&mut self, slaves: &[usize]) -> Real<()> {
        self.counts = (!slaves.is_empty()).then(|| slaves.to_vec());
        let up = self.site.up();
        for &n in up.iter().filter(|&&n| self.site.node(n).upstream.is_some()) {
            let on = format!("set global rpl_semi_sync_slave_enabled = {}", u8::from(self.has_semi_sync(n)));
            self.does(n, &[&on, "stop slave io_thread", "start slave io_thread"])?;
        }
        for &master in up.iter().filter(|&&n| self.site.node(n).upstream.is_none()) {
            let follows = |n: &&usize| self.site.node(**n).upstream == Some(master) && self.has_semi_sync(**n);
            let wanted = up.iter().filter(follows).count().to_string();
            let clients = || self.status(master, "Rpl_semi_sync_master_clients").is_ok_and(|clients| clients == wanted);
            until(Duration::from_secs(3), clients);
        }
        Ok(())
    }

    fn link_timeout(&mut self) -> Real<()> {
        // slave_net_timeout is read when replication starts: the connecting ends give up here as they would by it.
        self.site.links.give_up_held();
        thread::sleep(Duration::from_secs(2));
        Ok(())
    }

    fn facts(&self, n: usize, _wanted: &str) -> Real<Vec<String>> {
        let Some(status) = self.slave_status(n)? else {
            let on = self.status(n, "Rpl_semi_sync_master_status")?.to_lowercase();
            let mut facts = vec!["role=master".to_owned()];
            if self.wait_point().is_some() {
                facts.push(format!("semisync={on}"));
            }
            return Ok(facts);
        };
        let up = status.field("Slave_IO_Running") == "Yes";
        let mut facts = vec![
            "role=slave".to_owned(),
            format!("link={}", if up { "up" } else { "down" }),
            format!("catchup={}", if up { "partial" } else { "none" }),
            format!("replication={}", if status.has_failed() { "error" } else { "ok" }),
        ];
        if last(status.field("Gtid_IO_Pos")) != last(&self.value(n, "@@gtid_slave_pos")?) {
            facts.push("received>applied".to_owned());
        }
        Ok(facts)
    }

    fn is_connected(&self, n: usize) -> Real<bool> {
        let Some(status) = self.slave_status(n)? else { return Ok(true) };
        let here = status.field("Master_Port") == self.site.way_up(n).to_string();
        Ok(status.has_failed() || (here && status.field("Slave_IO_Running") == "Yes"))
    }

    fn in_step(&self, n: usize) -> Real<bool> {
        let Some(upstream) = self.site.node(n).upstream else { return Ok(true) };
        let Some(status) = self.slave_status(n)? else { return Ok(false) };
        if status.has_failed() {
            return Ok(true);
        }
        let received = status.field("Gtid_IO_Pos");
        let wanted = self.value(upstream, "@@gtid_binlog_pos")?;
        if !self.is_connected(n)? || (!wanted.is_empty() && last(received) != last(&wanted)) {
            return Ok(false);
        }
        let node = self.site.node(n);
        Ok(node.paused || node.delayed || self.value(n, "@@gtid_slave_pos")? == received)
    }

    fn is_behind(&self, n: usize) -> Real<bool> {
        let Some(upstream) = self.site.node(n).upstream else { return Ok(false) };
        Ok(self.value(n, "@@gtid_slave_pos")? != self.value(upstream, "@@gtid_binlog_pos")?)
    }
}

/// The last position of a list of them.
fn last(positions: &str) -> &str {
    positions.rsplit(',').next().unwrap_or("")
}
