//! Those who watch, as processes: a Sentinel, or the store of the lease, crashes, stops, hangs and comes back.

use super::{Cluster, Observer, Process, State, Watch};
use crate::facts::Event;
use crate::scenario::{Name, NodeCommand};

impl Observer {
    /// What it comes up with.
    fn restart(&mut self, now: crate::time::Us, ttl_us: crate::time::Us) {
        match &mut self.state {
            State::Sentinel(sentinel) => sentinel.restart(now),
            State::Lease(lease) => lease.restart(now, ttl_us),
        }
    }
}

impl Cluster {
    /// One of those who watch, by its name.
    pub(in crate::cluster) fn observer_named(&self, name: &Name) -> Option<u16> {
        self.observers().find(|(_, observer)| observer.name == *name).map(|(id, _)| id)
    }

    /// What is done to one of those who watch.
    pub(in crate::cluster) fn observer_command(&mut self, id: u16, command: NodeCommand) -> Result<(), String> {
        let (now, ttl_us) = (self.sim.now(), self.detector.failover.ttl_us());
        let Some(observer) = self.observer_mut(id) else { return Ok(()) };
        let event = match (command, observer.process) {
            (NodeCommand::Partition, _) => {
                self.partition(id);
                return Ok(());
            }
            (NodeCommand::Crash, Process::Up | Process::Frozen) => Event::Crashed { node: id, last: 0, lost: 0 },
            (NodeCommand::Stop, Process::Up) => Event::Stopped { node: id },
            (NodeCommand::Start, Process::Down) => {
                observer.restart(now, ttl_us);
                Event::Started { node: id, epoch: 0 }
            }
            (NodeCommand::Freeze, Process::Up) => Event::Frozen { node: id },
            (NodeCommand::Thaw, Process::Frozen) => Event::Thawed { node: id },
            (
                NodeCommand::Crash | NodeCommand::Stop | NodeCommand::Start | NodeCommand::Freeze | NodeCommand::Thaw,
                process,
            ) => {
                let how = match process {
                    Process::Up => "up",
                    Process::Down => "down",
                    Process::Frozen => "frozen",
                };
                return Err(format!("{} is {how}", observer.name));
            }
            _ => return Err(format!("{} is no node: it watches the master", observer.name)),
        };
        observer.process = match command {
            NodeCommand::Crash | NodeCommand::Stop => Process::Down,
            NodeCommand::Freeze => Process::Frozen,
            _ => Process::Up,
        };
        let waiting = std::mem::take(&mut observer.inbox);
        if let (State::Lease(lease), Process::Down) = (&mut observer.state, observer.process) {
            lease.stopped(now);
        }
        self.note(event);
        match command {
            NodeCommand::Crash => self.sim.drop_unsent(id),
            NodeCommand::Thaw => waiting.into_iter().for_each(|(from, watch)| self.watch_message(id, from, watch)),
            _ => {}
        }
        Ok(())
    }

    /// A message has come to one of those who watch.
    pub(in crate::cluster) fn reach_observer(&mut self, id: u16, from: u16, watch: Watch) {
        match self.observer_mut(id).map(|observer| (observer.process, &mut observer.inbox)) {
            Some((Process::Up, _)) => self.watch_message(id, from, watch),
            Some((Process::Frozen, inbox)) => inbox.push((from, watch)),
            _ => {}
        }
    }

    /// The connection from one of those who watch to a node is gone.
    pub(in crate::cluster) fn observer_disconnected(&mut self, id: u16, node: u16) {
        if let Some(sentinel) = self.sentinel_mut(id) {
            sentinel.disconnected(node);
        }
    }
}
