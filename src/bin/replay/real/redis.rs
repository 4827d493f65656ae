//! Redis 7. A verb of the run text, and what does it:
//!
//! | verb | Redis |
//! |---|---|
//! | `write`, `read`, `delete` | `SET`, `GET`, `DEL`, on one connection for each client and node |
//! | `wait N D` | `WAIT N ms` on the same connection |
//! | `crash`, `stop`, `start` | SIGKILL; SIGTERM; the server starts with `replicaof` of the node that it follows |
//! | `freeze`, `thaw` | SIGSTOP, SIGCONT |
//! | `promote`, `follow` | `REPLICAOF NO ONE`, `REPLICAOF 127.0.0.1 PORT` (the port of the link) |
//! | `fill-log` | 1.5 MB of `SET`: more than `repl-backlog-size 1mb` |
//! | `state` | `INFO replication`; `catchup` from the server's log |
//! | `durability`, `gate N D` | `appendonly`, `save`; `min-replicas-to-write`, `min-replicas-max-lag` |
//! | `slave-writes refused`, `accepted` | `replica-read-only` |
//! | `link-timeout` | `repl-timeout`, `repl-ping-replica-period` |
//! | `failover quorum` | Sentinels beside the servers: see `sentinel.rs` |
//! | `priority N P` | `replica-priority` |

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::{Duration, SystemTime};

use redis::{Cmd, Connection, FromRedisValue, RedisError, cmd};
use replication_playground::scenario::Request;

use super::asked::Asked;
use super::driver::{Driver, Real};
use super::held::until;
use super::site::Site;

const READY: Duration = Duration::from_secs(15);
/// How long a question of our own may take.
const QUESTION: Duration = Duration::from_secs(5);
/// A replica acknowledges once a second: until it has, the stream behind a full copy does not begin, and no field tells.
const FIRST_ACKNOWLEDGEMENT: Duration = Duration::from_millis(1_100);
/// `repl-timeout` while it is not asked for, and when it is, s.
pub(super) const NEVER: u64 = 600;
const SOON: u64 = 3;

type Line = Arc<Mutex<Option<Connection>>>;
type Info = BTreeMap<String, String>;

/// A cluster of Redis servers.
pub struct Redis {
    pub(super) site: Site,
    pub(super) program: PathBuf,
    lines: Mutex<BTreeMap<(usize, String), Line>>,
    copies: usize,
}

impl Redis {
    /// Servers that are still to be launched.
    pub fn new(site: Site, program: PathBuf) -> Self {
        Self { site, program, lines: Mutex::default(), copies: 0 }
    }

    pub(super) fn is_ready(&self, n: usize) -> bool {
        until(READY, || {
            !self.site.is_up(n) || self.question::<String>(n, &cmd("PING")).is_ok_and(|pong| pong == "PONG")
        }) && self.site.is_up(n)
    }

    /// A question of our own, on a connection of its own.
    pub(super) fn question<T: FromRedisValue>(&self, n: usize, asks: &Cmd) -> Real<T> {
        let mut connection = connect(self.site.port(n)).map_err(|why| said(&why))?;
        asks.query(&mut connection).map_err(|why| said(&why))
    }

    fn info(&self, n: usize) -> Real<Info> {
        let text: String = self.question(n, cmd("INFO").arg("replication"))?;
        let pairs = text.lines().filter_map(|line| line.trim_end().split_once(':'));
        Ok(pairs.map(|(name, value)| (name.to_owned(), value.to_owned())).collect())
    }

    fn line(&self, n: usize, client: &str) -> Line {
        let mut lines = self.lines.lock().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(lines.entry((n, client.to_owned())).or_default())
    }

    /// Full copies that replicas have loaded, as their logs tell.
    fn copies_loaded(&self) -> usize {
        let logs = self.site.all().map(|n| self.site.log_since(n, 0));
        logs.map(|log| log.matches("Finished with success").count()).sum()
    }
}

impl Driver for Redis {
    fn site(&self) -> &Site {
        &self.site
    }

    fn site_mut(&mut self) -> &mut Site {
        &mut self.site
    }

    fn version(&self) -> Real<String> {
        let text: String = self.question(0, cmd("INFO").arg("server"))?;
        let version = text.lines().find_map(|line| line.strip_prefix("redis_version:")).unwrap_or("?");
        Ok(format!("Redis {}", version.trim()))
    }

    fn settings(&self) -> Vec<String> {
        let words = self.options(0);
        let words: Vec<&str> = words.iter().map(|word| if word.is_empty() { "''" } else { word.as_str() }).collect();
        std::iter::once(words.join(" ")).chain(self.sentinel_settings()).collect()
    }

    fn launch(&mut self) -> Real<()> {
        for n in self.site.all() {
            self.spawn(n)?;
        }
        match self.site.all().find(|&n| !self.is_ready(n)) {
            None => self.launch_sentinels(),
            Some(n) => Err(self.site.why_down(n)),
        }
    }

    fn ask(&self, n: usize, client: &str, request: &Request, _local: bool) -> Asked {
        let (asks, reads) = match request {
            Request::Write { key, value } => (cmd("SET").arg(key).arg(value).clone(), false),
            Request::Delete { key } => (cmd("DEL").arg(key).clone(), false),
            Request::Read { key } => (cmd("GET").arg(key).clone(), true),
        };
        let (line, port) = (self.line(n, client), self.site.port(n));
        self.site.asks(n, move |_| {
            if reads {
                let answer = on_line::<Option<String>>(&line, port, &asks);
                answer.map_or_else(|why| said(&why), |value| value.unwrap_or_else(|| "nothing".to_owned()))
            } else {
                on_line::<redis::Value>(&line, port, &asks).map_or_else(|why| said(&why), |_| "ok".to_owned())
            }
        })
    }

    fn ask_wait(&self, n: usize, client: &str, slaves: u8, within: Duration) -> Asked {
        let asks = cmd("WAIT").arg(slaves).arg(u64::try_from(within.as_millis()).unwrap_or(0)).clone();
        let (line, port) = (self.line(n, client), self.site.port(n));
        self.site.asks(n, move |_| {
            on_line::<u64>(&line, port, &asks).map_or_else(|why| said(&why), |slaves| slaves.to_string())
        })
    }

    fn waits(&self, asked: &Asked) -> Real<bool> {
        // It answers at once, unless its process hangs; WAIT has its own time.
        Ok(self.site.node(asked.node).frozen)
    }

    fn start(&mut self, n: usize) -> Real<String> {
        if self.site.watchers().contains(&n) {
            return self.start_sentinel(n);
        }
        self.spawn(n)?;
        if !self.is_ready(n) {
            return Ok("error: it does not start".to_owned());
        }
        let is_loading = |redis: &Self| redis.question::<Option<String>>(n, cmd("GET").arg("x")).is_err();
        until(QUESTION, || !is_loading(self));
        Ok("ok".to_owned())
    }

    fn promote(&mut self, n: usize, _drain: bool) -> Real<()> {
        self.question::<String>(n, cmd("REPLICAOF").arg("NO").arg("ONE"))?;
        self.site.node_mut(n).upstream = None;
        self.remember(n)
    }

    fn follow(&mut self, n: usize, upstream: usize, _force: bool) -> Real<String> {
        self.site.node_mut(n).upstream = Some(upstream);
        if self.site.is_up(n) {
            self.question::<String>(n, cmd("REPLICAOF").arg("127.0.0.1").arg(self.site.links.port(n, upstream)))?;
        }
        self.remember(n)?;
        Ok("ok".to_owned())
    }

    fn priority(&mut self, n: usize, priority: u8) -> Real<()> {
        self.question::<String>(n, cmd("CONFIG").arg("SET").arg("replica-priority").arg(priority))?;
        self.remember(n)
    }

    fn fill(&mut self, n: usize) -> Real<()> {
        let large = "x".repeat(64 * 1024);
        let mut connection = connect(self.site.port(n)).map_err(|why| said(&why))?;
        for value in std::iter::repeat_n(large.as_str(), 24).chain(["x"]) {
            cmd("SET").arg("filler").arg(value).query::<String>(&mut connection).map_err(|why| said(&why))?;
        }
        Ok(())
    }

    fn link_timeout(&mut self) -> Real<()> {
        let set = |redis: &Self, ping: u64, timeout: u64| -> Real<()> {
            for n in redis.site.up() {
                let mut asks = cmd("CONFIG");
                asks.arg("SET").arg("repl-ping-replica-period").arg(ping).arg("repl-timeout").arg(timeout);
                redis.question::<String>(n, &asks)?;
            }
            Ok(())
        };
        set(self, 1, SOON)?;
        // It is looked at once a second, at both ends.
        thread::sleep(Duration::from_secs(2 * SOON));
        set(self, 3_600, NEVER)
    }

    fn facts(&self, n: usize, _wanted: &str) -> Real<Vec<String>> {
        let info = self.info(n)?;
        let field = |name: &str| info.get(name).map_or("", String::as_str);
        if field("role") == "master" {
            return Ok(vec!["role=master".to_owned()]);
        }
        let log = self.site.log_since(n, 0);
        let last = log.lines().rev().find_map(|line| {
            let full = line.contains("Full resync from master").then_some("full");
            full.or_else(|| line.contains("Successful partial resynchronization").then_some("partial"))
        });
        let up = field("master_link_status") == "up";
        Ok(vec![
            "role=slave".to_owned(),
            format!("link={}", if up { "up" } else { "down" }),
            format!("catchup={}", last.unwrap_or("none")),
            "replication=ok".to_owned(),
            format!("master_link_status={}", field("master_link_status")),
        ])
    }

    fn is_connected(&self, n: usize) -> Real<bool> {
        let info = self.info(n)?;
        let is = |name: &str, value: &str| info.get(name).is_some_and(|has| has == value);
        let port = self.site.way_up(n).to_string();
        Ok(is("master_link_status", "up") && is("master_sync_in_progress", "0") && is("master_port", &port))
    }

    fn in_step(&self, n: usize) -> Real<bool> {
        let Some(upstream) = self.site.node(n).upstream else { return Ok(true) };
        let theirs = self.info(upstream)?;
        let mine = self.info(n)?;
        let same = |a: &str, b: &str| mine.contains_key(a) && mine.get(a) == theirs.get(b);
        if !self.is_connected(n)? || !same("master_replid", "master_replid") {
            return Ok(false);
        }
        if !self.site.watchers().is_empty() {
            // What Sentinels publish moves the offset all the time: it has what was there a moment ago.
            return Ok(offset(&mine, "slave_repl_offset") >= offset(&theirs, "master_repl_offset"));
        }
        // Online, and the offset that it has acknowledged.
        let me = format!("port={},state=online,", self.site.port(n));
        let end = format!(",offset={},", theirs.get("master_repl_offset").map_or("", String::as_str));
        let mut slaves = theirs.iter().filter(|(name, _)| name.starts_with("slave")).map(|(_, value)| value);
        Ok(same("slave_repl_offset", "master_repl_offset")
            && slaves.any(|slave| slave.contains(&me) && slave.contains(&end)))
    }

    fn is_behind(&self, n: usize) -> Real<bool> {
        let Some(upstream) = self.site.node(n).upstream else { return Ok(false) };
        let theirs = self.info(upstream)?;
        let mine = self.info(n)?;
        let up = mine.get("master_link_status").is_some_and(|status| status == "up");
        Ok(!up || offset(&mine, "slave_repl_offset") < offset(&theirs, "master_repl_offset"))
    }

    fn look_around(&mut self) -> Real<()> {
        for n in self.site.up() {
            if let Some(info) = (!self.site.node(n).frozen).then(|| self.info(n).ok()).flatten() {
                let port = info.get("master_port").and_then(|port| port.parse().ok());
                self.site.node_mut(n).upstream = port.and_then(|port| self.site.links.behind(port));
            }
        }
        Ok(())
    }

    fn told_master(&self) -> Option<usize> {
        self.sentinels_master()
    }

    fn story(&self) -> Vec<(SystemTime, String)> {
        self.sentinels_story()
    }

    fn after_settling(&mut self) -> Real<()> {
        let copies = self.copies_loaded();
        if copies != self.copies {
            self.copies = copies;
            thread::sleep(FIRST_ACKNOWLEDGEMENT);
        }
        // The gate counts replicas by their acknowledgements.
        if let Some(gate) = self.site.wanted.rules.gate {
            let good = |redis: &Self| redis.info(0).ok()?.get("min_slaves_good_slaves")?.parse::<u8>().ok();
            let connected =
                self.site.all().filter(|&n| self.site.node(n).upstream == Some(0) && self.site.expects_link(n));
            if connected.count() >= usize::from(gate.slaves) {
                until(Duration::from_secs(3), || good(self).is_some_and(|slaves| slaves >= gate.slaves));
            }
        }
        Ok(())
    }
}

fn offset(info: &Info, name: &str) -> Option<u64> {
    info.get(name)?.parse().ok()
}

fn connect(port: u16) -> Result<Connection, RedisError> {
    let connection = redis::Client::open(format!("redis://127.0.0.1:{port}"))?.get_connection_with_timeout(QUESTION)?;
    connection.set_read_timeout(Some(QUESTION))?;
    Ok(connection)
}

/// Asks on a client's connection: on a new one where the old one has gone with its server.
fn on_line<T: FromRedisValue>(line: &Line, port: u16, asks: &Cmd) -> Result<T, RedisError> {
    let mut line = line.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(open) = line.as_mut() {
        match asks.query(open) {
            Err(why) if why.code().is_none() => *line = None,
            answered => return answered,
        }
    }
    let mut fresh = connect(port)?;
    // A client waits as long as the server lets it; who looks at the answer has a time-out of its own.
    fresh.set_read_timeout(None)?;
    let answer = asks.query(&mut fresh);
    *line = Some(fresh);
    answer
}

/// An error as the run text writes it.
fn said(why: &RedisError) -> String {
    match why.code() {
        Some(code) => format!("error: -{code} {}", why.detail().unwrap_or_default()),
        None if why.is_connection_refusal() => "error: connection refused".to_owned(),
        None if why.is_io_error() || why.is_connection_dropped() => "error: connection lost".to_owned(),
        None => format!("error: {why}"),
    }
}
