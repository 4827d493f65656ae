//! `state`: what is true of a node, in the words of the run text.

use crate::cluster::{Cluster, Process, Role, Upstream};
use crate::facts::Denial;
use crate::scenario::{Name, Replication, TooFew};

impl Cluster {
    pub(in crate::cluster) fn facts(&mut self, name: &Name) -> Result<Vec<String>, String> {
        let id = self.node(name)?.node.id;
        let Some(member) = self.member(id) else { return Ok(Vec::new()) };
        let process = match member.process {
            Process::Up => "process=up",
            Process::Down => "process=down",
            Process::Frozen => "process=frozen",
        };
        let progress = member.node.progress();
        let mut facts = vec![process.to_owned()];
        match member.node.role {
            // It does not lead any more, and has not been told yet whom to follow.
            Role::Master if self.has_stepped_aside(id) => {
                facts.extend(
                    ["role=slave", "link=down", "catchup=none", "replication=ok", "sync=no"].map(str::to_owned),
                );
            }
            Role::Master => {
                facts.push("role=master".to_owned());
                if matches!(self.rules.too_few, TooFew::Degrade(_)) && self.rules.replication != Replication::Async {
                    facts.push(format!("semisync={}", if member.node.is_degraded() { "off" } else { "on" }));
                }
            }
            Role::Slave { upstream } => {
                facts.push("role=slave".to_owned());
                let up = matches!(member.node.upstream(), Upstream::Streaming { .. });
                facts.push(format!("link={}", if up { "up" } else { "down" }));
                // How it last came into step, also while the link is down.
                let catchup = member.node.caught_up.map_or("none", |full| if full { "full" } else { "partial" });
                facts.push(format!("catchup={catchup}"));
                let denied = member.node.denial_of_upstream().is_some_and(|why| why != Denial::Unlinked);
                facts.push(format!("replication={}", if denied { "error" } else { "ok" }));
                let waited_for =
                    self.member(upstream).is_some_and(|master| master.node.waits_for(&self.rules, member.node.id));
                facts.push(format!("sync={}", if waited_for { "yes" } else { "no" }));
            }
        }
        facts.push(format!("applied={}", progress.applied));
        facts.push(format!("epoch={}", member.node.disk.epoch));
        if progress.received > progress.applied {
            facts.push("received>applied".to_owned());
        }
        facts.extend(self.meter_facts(id));
        Ok(facts)
    }
}
