//! One paste against its truth.

use std::collections::BTreeMap;

use replication_playground::cluster::Process;
use replication_playground::import::{Amount, Import, Node, Role, Source, State, Why};
use replication_playground::run::Run;

use crate::words::{fitting, topics};
use crate::{Paste, Truth};

pub struct Case<'t> {
    pub truth: &'t Truth,
    pub paste: &'t Paste,
    pub import: Import,
    pub who: BTreeMap<String, String>,
    pub wrong: Vec<String>,
}

impl Case<'_> {
    fn complain(&mut self, text: String) {
        self.wrong.push(format!("{}: {text}", self.paste.file));
    }

    fn of<'i>(&self, import: &'i Import, who: &str) -> Option<&'i Node> {
        import.cluster.nodes.iter().find(|node| self.who.get(&node.name).is_some_and(|known| known == who))
    }

    /// No node is two, and what is said of each is so.
    pub fn roles_and_topology(&mut self) {
        let import = self.import.clone();
        for node in &import.cluster.nodes {
            let Some(who) = self.who.get(&node.name).cloned() else { continue };
            if self.who.values().filter(|other| **other == who).count() > 1 {
                self.complain(format!("{who} is more than one node"));
            }
            let told = node.known == Source::Itself || node.known == Source::Others;
            let truth = self.truth.roles.get(&who).map(String::as_str);
            let called = match node.role {
                Role::Master => "master",
                Role::Slave => "slave",
                _ => continue,
            };
            // A conjecture is none of the report's statements. A node that is down was a master or a slave before.
            if told && truth.is_some_and(|truth| truth != "down" && truth != called) {
                self.complain(format!("{who} is called a {called}, and is a {truth:?}"));
            }
            let upstream = self.truth.follows.get(&who).cloned().flatten();
            let follows: Vec<Option<&String>> = node.follows.iter().map(|name| self.who.get(name)).collect();
            let guessed = node.known == Source::Assumed
                || node.doubtful
                || node.follows_assumed
                || self.truth.follows.is_empty()
                || self.truth.roles.get(&who).is_some_and(|role| role == "down");
            if let Some(told) = follows.first().copied().flatten()
                && !guessed
                && upstream.as_ref() != Some(told)
            {
                self.complain(format!("{who} follows {told} in the report, and {upstream:?} in truth"));
            }
        }
    }

    /// Whether the report says of each node that it is behind, and why, as it was.
    pub fn standings(&mut self) {
        let import = self.import.clone();
        for node in import.cluster.slaves() {
            let Some(who) = self.who.get(&node.name).cloned() else { continue };
            let truth = self.truth.behind.get(&who);
            let why = truth.and_then(|truth| truth.why.as_deref());
            let behind = truth.and_then(|truth| truth.behind).unwrap_or(0);
            let standing = &node.standing;
            match standing.state {
                State::InStep if behind > 200 && why.is_some() && !self.truth.stale && !self.truth.moving => {
                    self.complain(format!("{who} is in step in the report, and behind by {behind} in truth"));
                }
                State::Behind => {
                    let master_down = self.truth.roles.values().any(|role| role == "down");
                    let dead =
                        standing.why.iter().all(|why| matches!(why, Why::DeadMaster | Why::NoLink | Why::NotReceiving))
                            && master_down;
                    let fit = why.map(fitting).unwrap_or_default();
                    let wrong: Vec<&Why> = standing.why.iter().filter(|why| !fit.contains(why)).collect();
                    if !dead && !node.doubtful && !self.truth.moving && !wrong.is_empty() {
                        self.complain(format!("{who} is behind for {wrong:?} in the report, and {why:?} in truth"));
                    }
                    self.amount(&who, node);
                }
                _ => {}
            }
        }
    }

    /// What would be lost with a slave is what it had not received.
    pub fn losses(&mut self) {
        let import = self.import.clone();
        for candidate in &import.answer.candidates {
            let Some(node) = import.cluster.node(&candidate.name) else { continue };
            let Some(who) = self.who.get(&node.name).cloned() else { continue };
            let missing = self.truth.behind.get(&who).and_then(|truth| truth.missing);
            let near = if self.paste.file.contains("patroni") { 1 << 20 } else { 2_500 };
            let lost = match candidate.lost {
                Some(Amount::Bytes(bytes)) if !self.truth.state.starts_with("mariadb") => bytes,
                Some(Amount::Transactions(count)) => count,
                _ => continue,
            };
            let sure = node.standing.state != State::NotAcknowledged && !self.truth.moving && !self.truth.stale;
            if sure && missing.is_some_and(|missing| missing.abs_diff(lost) > near) {
                self.complain(format!("{lost} would be lost with {who} in the report, {missing:?} in truth"));
            }
        }
    }

    /// The amount, where it is one that the truth counts in the same unit.
    fn amount(&mut self, who: &str, node: &Node) {
        let Some(truth) = self.truth.behind.get(who).and_then(|truth| truth.behind) else { return };
        let number = match node.standing.behind {
            Some(Amount::Bytes(bytes)) if !self.truth.state.starts_with("mariadb") => bytes,
            Some(Amount::Transactions(count)) => count,
            _ => return,
        };
        // Patroni rounds to whole MB; Sentinel compares slaves only; pings of Redis lie in between.
        let near = if self.paste.file.contains("patroni") { 1 << 20 } else { 2_500 };
        if !self.truth.moving && number.abs_diff(truth) > near {
            self.complain(format!("{who} is behind by {number} in the report, by {truth} in truth"));
        }
    }

    /// What the paste tells is in the report.
    pub fn complete(&mut self) {
        let import = self.import.clone();
        let tells = self.paste.tells.clone();
        let asked = self.paste.asked.clone();
        let all: Vec<String> = self.truth.roles.keys().cloned().collect();
        let attached = |case: &Self, of: &str| -> Vec<String> {
            let follows = |who: &&String| case.truth.follows.get(*who).cloned().flatten().as_deref() == Some(of);
            case.truth.connected.iter().filter(follows).cloned().collect()
        };
        let mut wanted: Vec<String> = Vec::new();
        if tells.starts_with("each attached")
            || tells.starts_with("walsender")
            || tells.starts_with("own binlog position, which slaves")
        {
            if let Some(asked) = &asked {
                wanted.extend(attached(self, asked));
                wanted.push(asked.clone());
            }
        } else if tells.starts_with("own role")
            || tells.starts_with("its master")
            || tells.starts_with("master address, link")
            || tells.starts_with("one node")
        {
            wanted.extend(asked.clone());
        } else if tells.starts_with("role and position")
            || tells.starts_with("roles, positions")
            || tells.starts_with("who follows whom")
            || tells.starts_with("cluster, members")
            || tells.starts_with("nodes, registered")
            || tells.starts_with("node id, connection")
        {
            wanted = all.clone();
        } else if tells.starts_with("what this Sentinel knows of the replicas") {
            wanted =
                self.truth.roles.iter().filter(|(_, role)| *role != "master").map(|(who, _)| who.clone()).collect();
        }
        // Not every answer names all: a master is not told of by the log files alone, a dead one is not listed for ever.
        let gone = [
            "killed-later",
            "replica-gone",
            "failed-over-list",
            "failed-over-topology",
            "logs.txt",
            "role-prompt",
            "master-role.txt",
            "sentinel-m-session",
            "binlog-status",
            "master-status",
            "semi",
        ];
        if gone.iter().any(|part| self.paste.file.contains(part)) {
            wanted.retain(|who| Some(who) == asked.as_ref());
        }
        for who in wanted {
            match self.of(&import, &who) {
                None => self.complain(format!("{who} is not in the report")),
                Some(node) => self.link_and_lag(&who, node, &tells),
            }
        }
        let sync = self.truth.sync.clone();
        if tells.starts_with("each attached standby") {
            for (who, sync) in sync {
                let said = self.of(&import, &who).and_then(|node| node.sync);
                let seen = self.of(&import, &who).is_some();
                if seen && said != Some(sync.as_str()) {
                    self.complain(format!("{who} is {sync} in truth, {said:?} in the report"));
                }
            }
        }
    }

    /// Who is behind is found to be, where positions are shown.
    fn link_and_lag(&mut self, who: &str, node: &Node, tells: &str) {
        if node.role != Role::Slave {
            return;
        }
        let Some(truth) = self.truth.behind.get(who) else { return };
        let (Some(why), missing, behind) =
            (truth.why.as_deref(), truth.missing.unwrap_or(0), truth.behind.unwrap_or(0))
        else {
            return;
        };
        let found = matches!(node.standing.state, State::Behind | State::NotAcknowledged);
        let short = self.paste.file.contains("short")
            || self.paste.file.contains("processes")
            || tells.starts_with("own binlog");
        let itself = self.paste.asked.as_deref() == Some(who);
        let from_master = tells.starts_with("each attached") && !itself && behind > 0 && !short;
        let applies_not = ["paused", "delayed", "stopped", "lock"].iter().any(|part| why.contains(part));
        let unapplied = behind > missing
            && applies_not
            && (self.paste.file.contains("both")
                || self.paste.file.contains("functions")
                || self.paste.file.contains("slave-G")
                || self.paste.file.contains("node-status"));
        let all = ["role and position", "roles, positions", "who follows whom (", "who follows whom,"]
            .iter()
            .any(|start| tells.starts_with(start))
            && behind > 0;
        let own_link = ["no link", "refused", "purged", "SQL", "IO thread", "full copy", "diverged"]
            .iter()
            .any(|part| why.contains(part))
            && !self.paste.file.contains("functions")
            && (tells.starts_with("its master")
                || tells.starts_with("own role")
                || tells.starts_with("master address"));
        let tool = why.contains("down")
            && (tells.contains("Patroni")
                || tells.starts_with("nodes, registered")
                || tells.starts_with("what this Sentinel"));
        if (from_master || unapplied || all || own_link || tool) && !found && !self.truth.stale {
            self.complain(format!("{who} is behind in truth ({why}), and {:?} in the report", node.standing.state));
        }
    }

    /// What nobody can know is said.
    pub fn cannot(&mut self) {
        for text in &self.paste.cannot.clone() {
            let topics = topics(text);
            if topics.is_empty() {
                self.complain(format!("no topic for “{text}”"));
                continue;
            }
            if !topics.iter().any(|topic| self.import.cannot_know.contains(topic)) {
                self.complain(format!("it is not said that nobody can know “{text}”"));
            }
        }
    }

    /// Nothing of the paste comes out.
    pub fn secrets(&mut self) {
        let report = serde_json::to_string(&self.import).unwrap() + &self.import.cluster_words().join("\n");
        let mut secrets = self.truth.secrets.clone();
        secrets.extend(["127.0.0.1", "replicator", "repl@", "demo-cluster", "mymaster", "shop"].map(str::to_owned));
        secrets.extend(self.truth.ids.values().flatten().filter(|id| !id.contains("repmgr")).cloned());
        for secret in secrets {
            if report.contains(&secret) {
                self.complain(format!("{secret} comes out"));
            }
        }
    }
}

impl Case<'_> {
    /// The run text can be played, and begins as the report says.
    pub fn run_text(&mut self) {
        let import = self.import.clone();
        let Some(text) = &import.run_text else {
            if !import.cluster.nodes.is_empty() {
                self.complain("there is no run text".to_owned());
            }
            return;
        };
        let mut run = match Run::new(text) {
            Ok(run) => run,
            Err(error) => return self.complain(format!("the run text cannot be read: {error}\n{text}")),
        };
        let node = |run: &Run, name: &str| run.cluster().members().find(|member| member.name.as_str() == name).cloned();
        let Some(master) = node(&run, "m") else { return self.complain("the run has no m".to_owned()) };
        for slave in import.cluster.slaves().filter(|slave| slave.name != "m") {
            let Some(member) = node(&run, &slave.name) else {
                self.complain(format!("the run has no {}", slave.name));
                continue;
            };
            let behind = member.node.progress().applied < master.node.position().lsn;
            let said =
                slave.standing.behind.is_some_and(|amount| !amount.is_none()) && slave.standing.state == State::Behind;
            if said && !behind {
                self.complain(format!("{} does not begin behind in the run text:\n{text}", slave.name));
            }
        }
        run.play_to(0);
        for node in import.cluster.nodes.iter().filter(|node| node.down && node.role != Role::Arbiter) {
            let down = run
                .cluster()
                .members()
                .any(|member| member.name.as_str() == node.name && member.process == Process::Down);
            if !down {
                self.complain(format!("{} is not down in the run", node.name));
            }
        }
        run.play_to(2_000_000);
        let failed = run.results().into_iter().find(|result| result.got.starts_with("error: "));
        if let Some(failed) = failed {
            self.complain(format!("line {} of the run text: {}\n{text}", failed.line + 1, failed.got));
        }
    }
}
