//! Redis Sentinel, beside the servers. What the run text says, and what does it:
//!
//! | run text | Sentinel |
//! |---|---|
//! | `failover quorum N Q D` | N times `redis-server --sentinel`; `sentinel monitor mymaster … Q`, `down-after-milliseconds` |
//! | the rest of the preset | `failover-timeout 180000`, `parallel-syncs 1` |
//! | `crash`, `stop`, `start`, `freeze`, `thaw` of `o1`, … | as of a server; it comes back with the file that it has written |
//! | `cut`, `hold`, `partition`, `link` of `o1`, … | its links are proxies like those between servers |
//! | a client that names no node | `SENTINEL GET-MASTER-ADDR-BY-NAME` at the first that answers, then `ROLE` at the server |

use std::collections::BTreeMap;
use std::fs;
use std::time::{Duration, SystemTime};

use redis::cmd;
use replication_playground::scenario::Failover;
use rustix::process::Signal;

use super::driver::{Driver, Real};
use super::held::until;
use super::patroni_story::today;
use super::redis::Redis;
use super::site::server;

const MASTER: &str = "mymaster";
/// They find each other by what they publish every two seconds, and ask replicas every ten.
const MEET: Duration = Duration::from_secs(30);
/// What is told of their logs.
const TOLD: [&str; 9] = [
    "+sdown master",
    "+odown",
    "+elected-leader",
    "+selected-slave",
    "+switch-master",
    "-failover-abort",
    "+convert-to-slave",
    "+tilt",
    "-tilt",
];

impl Redis {
    pub(super) fn sentinel_settings(&self) -> Vec<String> {
        let lines = self.site.watchers().next().map(|n| self.sentinel_lines(n)).unwrap_or_default();
        lines.into_iter().filter(|line| line.starts_with("sentinel ") && !line.contains("announce")).collect()
    }

    fn sentinel_lines(&self, n: usize) -> Vec<String> {
        let Failover::Quorum { quorum, down_after_us, .. } = self.site.wanted.failover else { return Vec::new() };
        let mut lines = self.address_lines(n, "sentinel ");
        lines.extend([
            "bind 127.0.0.1".to_owned(),
            format!("sentinel monitor {MASTER} 127.0.0.1 {} {quorum}", self.site.door(0)),
            format!("sentinel down-after-milliseconds {MASTER} {}", down_after_us.div_ceil(1_000)),
            format!("sentinel failover-timeout {MASTER} 180000"),
            format!("sentinel parallel-syncs {MASTER} 1"),
        ]);
        lines
    }

    /// Starts all Sentinels once the replicas are in step, and waits until each knows all others.
    pub(super) fn launch_sentinels(&mut self) -> Real<()> {
        if self.site.watchers().is_empty() {
            return Ok(());
        }
        if !until(MEET, || self.site.all().all(|n| self.in_step(n).unwrap_or(false))) {
            return Err("the replicas did not come into step".to_owned());
        }
        for n in self.site.watchers() {
            self.spawn_sentinel(n)?;
        }
        if let Some(n) = self.site.watchers().find(|&n| !self.is_ready(n)) {
            return Err(self.site.why_down(n));
        }
        if until(MEET, || self.site.watchers().all(|n| self.knows_all(n).unwrap_or(false))) {
            return Ok(());
        }
        Err("the Sentinels did not find each other and all replicas".to_owned())
    }

    fn spawn_sentinel(&mut self, n: usize) -> Real<()> {
        let folder = self.site.data(n);
        fs::create_dir_all(&folder).map_err(|why| format!("{}: {why}", folder.display()))?;
        let file = self.file(n);
        if !file.exists() {
            self.write_file(n, &self.sentinel_lines(n))?;
        }
        let mut command = server(&self.program, None, "KILL");
        command.env("TZ", "UTC").arg(file).arg("--sentinel");
        self.site.start(n, &mut command, Signal::KILL)
    }

    pub(super) fn start_sentinel(&mut self, n: usize) -> Real<String> {
        self.spawn_sentinel(n)?;
        Ok(if self.is_ready(n) { "ok" } else { "error: it does not start" }.to_owned())
    }

    /// Whether a Sentinel is in touch with the master, all replicas and all other Sentinels.
    fn knows_all(&self, n: usize) -> Real<bool> {
        let asks = |what: &str| cmd("SENTINEL").arg(what).arg(MASTER).clone();
        let master: BTreeMap<String, String> = self.question(n, &asks("MASTER"))?;
        let replicas: Vec<BTreeMap<String, String>> = self.question(n, &asks("REPLICAS"))?;
        let others: Vec<BTreeMap<String, String>> = self.question(n, &asks("SENTINELS"))?;
        let has = |of: &BTreeMap<String, String>, name: &str, value: &str| of.get(name).is_some_and(|has| has == value);
        Ok(has(&master, "flags", "master")
            && replicas.len() + 1 == self.site.all().len()
            && replicas.iter().all(|it| has(it, "flags", "slave") && has(it, "master-link-status", "ok"))
            && others.len() + 1 == self.site.watchers().len()
            && others.iter().all(|it| has(it, "flags", "sentinel")))
    }

    /// The master, as a client of Sentinels finds it.
    pub(super) fn sentinels_master(&self) -> Option<usize> {
        let awake = |n: &usize| self.site.is_up(*n) && !self.site.node(*n).frozen;
        self.site.watchers().filter(awake).find_map(|n| {
            let asks = cmd("SENTINEL").arg("GET-MASTER-ADDR-BY-NAME").arg(MASTER).clone();
            let (_, door): (String, u16) = self.question(n, &asks).ok()?;
            let master = self.site.links.behind(door)?;
            let role: Vec<redis::Value> = awake(&master).then(|| self.question(master, &cmd("ROLE")).ok())??;
            let role: String = redis::from_redis_value_ref(role.first()?).ok()?;
            (role == "master").then_some(master)
        })
    }

    /// What the Sentinels' logs tell of the master and of failovers, in their own words.
    pub(super) fn sentinels_story(&self) -> Vec<(SystemTime, String)> {
        let mut story = Vec::new();
        for n in self.site.watchers() {
            let log = self.site.log_since(n, 0);
            for (when, what) in log.lines().filter_map(told) {
                story.push((when, format!("{}: {}", self.site.node(n).name, self.with_names(what))));
            }
        }
        story.sort();
        story
    }

    /// Words of a Sentinel, with names in the place of addresses.
    fn with_names(&self, words: &str) -> String {
        let mut words = words.to_owned();
        for n in self.site.everyone() {
            let (name, door) = (&self.site.node(n).name, self.site.door(n));
            words = words.replace(&format!("127.0.0.1:{door} 127.0.0.1 {door}"), name);
            words = words.replace(&format!("127.0.0.1 {door}"), name).replace(&format!("127.0.0.1:{door}"), name);
        }
        words
    }
}

/// A line of a log that is told: `1234:X 26 Nov 2026 21:59:20.123 # +odown …`, UTC.
fn told(line: &str) -> Option<(SystemTime, &str)> {
    let (head, what) = line.split_once(" # ").or_else(|| line.split_once(" * "))?;
    if !TOLD.iter().any(|told| what.starts_with(told)) {
        return None;
    }
    let mut clock = head.rsplit(' ').next()?.split([':', '.']).map(str::parse::<u64>);
    let mut next = || clock.next()?.ok();
    let of_day = ((next()? * 60 + next()?) * 60 + next()?) * 1_000 + next()?;
    Some((today(of_day)?, what))
}
