//! Who leads and who follows whom: `promote`, `follow`, `rewind`, `rebuild`, `add`, `remove`.

use super::{Done, LineOutcome};
use crate::cluster::message::State;
use crate::cluster::{Cluster, Input, Process, Role};
use crate::facts::{Event, Position};
use crate::limits;
use crate::scenario::Name;

impl Cluster {
    pub(in crate::cluster) fn promote(&mut self, name: &Name, drain: bool) -> Done {
        let (id, role) = (self.node(name)?.node.id, self.node(name)?.node.role);
        if role == Role::Master && id == self.master {
            return Err(format!("{name} is the master"));
        }
        self.running(name)?;
        self.promote_node(id, drain);
        Ok(LineOutcome::Done)
    }

    /// A node that runs becomes the master that clients write to.
    pub(in crate::cluster) fn promote_node(&mut self, id: u16, drain: bool) {
        let epoch = self.next_epoch();
        self.handle(id, Input::Promote { epoch, drain });
        self.master = id;
        self.note_topology();
        self.rules_changed();
    }

    pub(in crate::cluster) fn running(&mut self, name: &Name) -> Result<(), String> {
        match self.node(name)?.process {
            Process::Up => Ok(()),
            Process::Down => Err(format!("{name} is down")),
            Process::Frozen => Err(format!("{name} is frozen")),
        }
    }

    pub(in crate::cluster) fn follow(&mut self, node: &Name, upstream: &Name, force: bool) -> Done {
        let (id, upstream) = (self.node(node)?.node.id, self.node(upstream)?.node.id);
        self.follow_node(id, upstream, force)
    }

    pub(in crate::cluster) fn follow_node(&mut self, id: u16, upstream: u16, force: bool) -> Done {
        let node = self.name(id).to_owned();
        if self.is_above(id, upstream) {
            return Err(format!("{} follows {node} already: a circle has no master", self.name(upstream)));
        }
        self.join(upstream, id);
        let log = |id: u16| self.member(id).map(|member| &member.node.disk.log);
        let common = match (log(id), log(upstream)) {
            (Some(own), Some(other)) if force => {
                let common = if self.rules.engine().binary_log() {
                    own.common_write(other, &self.history)
                } else {
                    own.common(other, &self.history)
                };
                Some(common.ok_or_else(|| format!("the logs of {node} and its master have no position in common"))?)
            }
            _ => None,
        };
        if self.member(id).is_some_and(|member| member.process == Process::Frozen) {
            return Err(format!("{node} is frozen"));
        }
        // Before the node is told: what it notes then is judged against the new master.
        if id == self.master && self.member(upstream).is_some_and(|member| member.node.role == Role::Master) {
            self.master = upstream;
        }
        let from = self.history.len();
        match self.member_and_context(id) {
            Some((member, rules, history)) if member.process == Process::Down => {
                member.node.prepare_to_follow(upstream, common, rules, history);
                self.note(Event::Follows { node: id, upstream });
                if let Some(lsn) = common {
                    self.note(Event::Forced { node: id, lsn });
                }
            }
            _ => self.handle(id, Input::Follow { upstream, common }),
        }
        self.note_topology();
        self.rules_changed();
        Ok(LineOutcome::Follows { node: id, from })
    }

    /// Whether one node is above another in the chain of those that follow each other.
    pub(in crate::cluster) fn is_above(&self, upper: u16, node: u16) -> bool {
        let mut at = node;
        // As many steps as there are nodes: the chain has no circle, since none is let in.
        for _ in 0..self.endpoints.len() {
            match self.member(at).map(|member| member.node.role) {
                Some(Role::Slave { upstream }) if upstream == upper => return true,
                Some(Role::Slave { upstream }) => at = upstream,
                _ => return false,
            }
        }
        false
    }

    /// Rewind and rebuild: the node takes over the state of the node that it follows.
    pub(in crate::cluster) fn copy_state(&mut self, id: u16) -> Result<(), String> {
        let Some(Role::Slave { upstream }) = self.member(id).map(|member| member.node.role) else {
            return Err("it follows nobody".to_owned());
        };
        let Some(state) = self.state_of(upstream) else {
            return Err("the node that it follows is down".to_owned());
        };
        match self.member_mut(id) {
            Some(member) if member.process == Process::Down => member.node.take_state(state),
            _ => self.handle(id, Input::CopyState(Box::new(state))),
        }
        Ok(())
    }

    pub(in crate::cluster) fn state_of(&self, id: u16) -> Option<State> {
        let member = self.member(id).filter(|member| member.process == Process::Up)?;
        let disk = &member.node.disk;
        let at = disk.log.at(disk.applied, &self.history).unwrap_or(Position { lsn: disk.applied, epoch: disk.epoch });
        let known = member.node.known(&self.rules, &self.history);
        let lineage = disk.lineage.id;
        Some(State { at, common: at.lsn, store: disk.store.clone(), lineage, known })
    }

    pub(in crate::cluster) fn add(&mut self, name: &Name) -> Done {
        if self.node(name).is_ok() {
            return Err(format!("there is a node {name} already"));
        }
        if self.slaves.len() >= limits::SLAVES_MAX {
            return Err(format!("a cluster has at most {} slaves", limits::SLAVES_MAX));
        }
        if self.members().count() >= limits::NODES_EVER_MAX {
            return Err(format!("a run has at most {} nodes in all", limits::NODES_EVER_MAX));
        }
        let id = self.add_node(name, Role::Slave { upstream: self.master });
        if let Some(member) = self.member_mut(id) {
            member.node.join_late();
        }
        self.note(Event::Added { node: id });
        self.rules_changed();
        self.handle(id, Input::Start { epoch: 1 });
        Ok(LineOutcome::Done)
    }

    pub(in crate::cluster) fn remove(&mut self, id: u16) -> Result<(), String> {
        if id == self.master {
            return Err("the master cannot leave: crash or stop it".to_owned());
        }
        self.close_connections(id);
        self.set_process(id, Process::Down);
        if let Some((member, rules, history)) = self.member_and_context(id) {
            member.node.crash(rules, history);
            member.removed = true;
        }
        self.note_topology();
        self.note(Event::Removed { node: id });
        self.rules_changed();
        Ok(())
    }
}
