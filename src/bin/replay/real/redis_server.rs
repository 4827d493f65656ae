//! How a Redis server is started: with options, or, where Sentinels change its role, with a file that it writes anew itself.

use std::fs;
use std::path::PathBuf;

use redis::cmd;
use replication_playground::scenario::{Durability, SlaveWrites};
use replication_playground::time::SECOND;
use rustix::process::Signal;

use super::driver::Real;
use super::links::source;
use super::redis::{NEVER, Redis};
use super::site::server;

impl Redis {
    pub(super) fn options(&self, n: usize) -> Vec<String> {
        let rules = &self.site.wanted.rules;
        let mut options = [
            "--daemonize no --bind 127.0.0.1 --repl-diskless-sync yes --repl-diskless-sync-delay 0 --repl-backlog-size 1mb",
            match rules.durability {
                Durability::Lazy(_) => "--appendonly yes --appendfsync everysec",
                Durability::Sync => "--appendonly yes --appendfsync always",
                Durability::Snapshots(_) | Durability::None => "--appendonly no",
            },
            if rules.slave_writes == SlaveWrites::Accepted { "--replica-read-only no" } else { "" },
        ]
        .join(" ");
        let timeout = if self.site.wanted.timeouts_on_demand {
            None
        } else {
            rules.link_timeout_us.map(|us| us.div_ceil(SECOND).max(2))
        };
        let (timeout, ping) = timeout.map_or((NEVER, 3_600), |seconds| (seconds, (seconds / 6).max(1)));
        options.push_str(&format!(" --repl-timeout {timeout} --repl-ping-replica-period {ping}"));
        if let Some(gate) = rules.gate {
            let within = gate.within_us.div_ceil(SECOND);
            options.push_str(&format!(" --min-replicas-to-write {} --min-replicas-max-lag {within}", gate.slaves));
        }
        let mut options: Vec<String> = options.split_whitespace().map(str::to_owned).collect();
        let save = match rules.durability {
            Durability::Snapshots(us) => format!("{} 1", us.div_ceil(SECOND)),
            _ => String::new(),
        };
        options.extend(["--save".to_owned(), save]);
        if self.site.node(n).upstream.is_some() {
            options.extend(["--replicaof".to_owned(), format!("127.0.0.1 {}", self.site.way_up(n))]);
        }
        options
    }

    pub(super) fn spawn(&mut self, n: usize) -> Real<()> {
        let folder = self.site.data(n);
        fs::create_dir_all(&folder).map_err(|why| format!("{}: {why}", folder.display()))?;
        let mut command = server(&self.program, None, "KILL");
        if self.site.watchers().is_empty() {
            command.arg("--port").arg(self.site.port(n).to_string()).arg("--dir").arg(folder).args(self.options(n));
        } else {
            let file = self.file(n);
            if !file.exists() {
                self.write_file(n, &self.lines(n))?;
            }
            command.arg(file);
        }
        self.site.start(n, &mut command, Signal::KILL)
    }

    /// The file with the settings of a server, or of a Sentinel.
    pub(super) fn file(&self, n: usize) -> PathBuf {
        self.site.wanted.folder.join(format!("{}.conf", self.site.node(n).name))
    }

    pub(super) fn write_file(&self, n: usize, lines: &[String]) -> Real<()> {
        let file = self.file(n);
        fs::write(&file, lines.join("\n") + "\n").map_err(|why| format!("{}: {why}", file.display()))
    }

    /// What a server and a Sentinel have in common: where it listens, where it comes from, how others know it.
    pub(super) fn address_lines(&self, n: usize, announce: &str) -> Vec<String> {
        vec![
            format!("port {}", self.site.port(n)),
            format!("dir {}", self.site.data(n).display()),
            format!("bind-source-addr {}", source(n)),
            format!("{announce}announce-ip 127.0.0.1"),
            format!("{announce}announce-port {}", self.site.door(n)),
        ]
    }

    fn lines(&self, n: usize) -> Vec<String> {
        let mut lines = self.address_lines(n, "replica-");
        for word in self.options(n) {
            match (word.strip_prefix("--"), lines.last_mut()) {
                (Some(name), _) => lines.push(name.to_owned()),
                (None, Some(line)) if word.is_empty() => line.push_str(" \"\""),
                (None, Some(line)) => line.push_str(&format!(" {word}")),
                (None, None) => {}
            }
        }
        lines
    }

    /// The role of a server is part of its file, as it is where a Sentinel has given it.
    pub(super) fn remember(&self, n: usize) -> Real<()> {
        if self.site.watchers().is_empty() {
            return Ok(());
        }
        if self.site.is_up(n) {
            return self.question::<String>(n, cmd("CONFIG").arg("REWRITE")).map(|_| ());
        }
        let file = self.file(n);
        let text = fs::read_to_string(&file).map_err(|why| format!("{}: {why}", file.display()))?;
        let mut lines: Vec<String> =
            text.lines().filter(|line| !line.starts_with("replicaof ")).map(str::to_owned).collect();
        if self.site.node(n).upstream.is_some() {
            lines.push(format!("replicaof 127.0.0.1 {}", self.site.way_up(n)));
        }
        self.write_file(n, &lines)
    }
}
