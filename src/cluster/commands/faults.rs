//! The verbs of one node: `crash`, `stop`, `start`, `freeze`, `thaw`, `pause-apply`, `trim-log` and the others.

use super::{Done, LineOutcome};
use crate::cluster::node::TimerKind;
use crate::cluster::{Cluster, Endpoint, Inbox, Input, Message, Process, Role, Turn};
use crate::facts::Event;
use crate::limits;
use crate::scenario::{LogKeep, Name, NodeCommand, Request};

impl Cluster {
    /// Writes that fill the log until it reaches back to nothing that was there before.
    pub(in crate::cluster) fn fill_log(&mut self, id: u16) -> Done {
        let entries = match self.rules.log_keep {
            LogKeep::Entries(entries) => entries.saturating_add(1).min(limits::FILL_ENTRIES_MAX),
            LogKeep::All | LogKeep::Slots => limits::FILL_ENTRIES_MAX,
        };
        let filler = Name("Filler".into());
        let name = self.member(id).map(|member| member.name.clone());
        for number in 0..entries {
            let request = Request::Write { key: "filler".to_owned(), value: number.to_string() };
            self.operate(Some(&filler), &request, name.as_ref(), false)?;
        }
        Ok(LineOutcome::Done)
    }

    pub(in crate::cluster) fn node_command(&mut self, line: u32, command: NodeCommand, name: &Name) -> Done {
        match command {
            NodeCommand::Add => return self.add(name),
            NodeCommand::State => return self.facts(name).map(LineOutcome::Facts),
            NodeCommand::PauseApply | NodeCommand::ResumeApply => {
                let id = self.slave(name)?;
                self.configure(id, Input::ApplyPaused(command == NodeCommand::PauseApply));
                self.note(Event::Set { line });
                return Ok(LineOutcome::Done);
            }
            _ => {}
        }
        if let Some(id) = self.observer_named(name) {
            return self.observer_command(id, command).map(|()| LineOutcome::Done);
        }
        let member = self.node(name)?;
        let (id, process) = (member.node.id, member.process);
        match (command, process) {
            (NodeCommand::Crash, Process::Up | Process::Frozen) => self.crash(id),
            (NodeCommand::Stop, Process::Up) => self.stop(id),
            (NodeCommand::Start, Process::Down) => {
                if let Some(why) = self.member(id).and_then(|member| member.node.disk.stuck) {
                    return Err(why.to_owned());
                }
                if self.awaits_store(id) {
                    return Err(format!("{name} is told already: it waits until it can ask who has the lease"));
                }
                self.start_or_await(id);
            }
            (NodeCommand::Freeze, Process::Up) => {
                self.set_process(id, Process::Frozen);
                self.note(Event::Frozen { node: id });
            }
            (NodeCommand::Thaw, Process::Frozen) => self.thaw(id),
            (NodeCommand::Partition, _) => self.partition(id),
            (NodeCommand::Remove, _) => self.remove(id)?,
            (NodeCommand::ReadOnly | NodeCommand::ReadWrite, Process::Up) => {
                self.handle(id, Input::ReadOnly(command == NodeCommand::ReadOnly));
                self.note(Event::Set { line });
            }
            (NodeCommand::TrimLog, Process::Up) => self.handle(id, Input::TrimLog),
            (NodeCommand::FillLog, _) => return self.fill_log(id),
            (NodeCommand::Rewind | NodeCommand::Rebuild, Process::Up | Process::Down) => self.copy_state(id)?,
            (_, Process::Up) => return Err(format!("{name} is up")),
            (_, Process::Down) => return Err(format!("{name} is down")),
            (_, Process::Frozen) => return Err(format!("{name} is frozen")),
        }
        Ok(LineOutcome::Done)
    }

    pub(in crate::cluster) fn set_process(&mut self, id: u16, process: Process) {
        if let Some(member) = self.member_mut(id) {
            member.process = process;
            if process == Process::Down {
                member.inbox.clear();
            }
        }
    }

    pub(in crate::cluster) fn crash(&mut self, id: u16) {
        let Some((member, rules, history)) = self.member_and_context(id) else { return };
        let (last, lost) = member.node.crash(rules, history);
        self.set_process(id, Process::Down);
        self.note(Event::Crashed { node: id, last, lost });
        self.sim.drop_unsent(id);
        self.close_connections(id);
    }

    pub(in crate::cluster) fn stop(&mut self, id: u16) {
        let mut lost = 0;
        if let Some(Endpoint::Node(member)) = self.endpoints.get_mut(usize::from(id)) {
            (_, lost) = member.node.stop(&mut Turn::new(id, &self.rules, &mut self.sim, &mut self.history));
        }
        self.set_process(id, Process::Down);
        self.note(Event::Stopped { node: id });
        if lost > 0 {
            self.note(Event::Forgotten { node: id, lost });
        }
        self.close_connections(id);
    }

    pub(in crate::cluster) fn start(&mut self, id: u16) {
        self.set_process(id, Process::Up);
        self.watch_again(id);
        let epoch = self.next_epoch();
        self.handle(id, Input::Start { epoch });
    }

    pub(in crate::cluster) fn thaw(&mut self, id: u16) {
        self.set_process(id, Process::Up);
        self.note(Event::Thawed { node: id });
        let waiting = self.member_mut(id).map(|member| std::mem::take(&mut member.inbox)).unwrap_or_default();
        // It first reads what has come, and then looks whether the others have been silent.
        let is_tick = |input: &Inbox| matches!(input, Inbox::Timer(timer) if timer.kind == TimerKind::Tick);
        let (ticks, waiting): (Vec<Inbox>, Vec<Inbox>) = waiting.into_iter().partition(is_tick);
        for input in waiting.into_iter().chain(ticks) {
            match input {
                Inbox::Message { from, message } => self.deliver(from, id, message),
                Inbox::Closed { peer } => self.closed(id, peer, false),
                Inbox::Timer(timer) => self.node_timer(id, timer),
            }
        }
        // The settings may be others than when it hung.
        self.handle(id, Input::RulesChanged);
    }

    /// The operating system closes what a dead process had open: its master, its slaves, the clients that wait.
    pub(in crate::cluster) fn close_connections(&mut self, id: u16) {
        self.sim.drop_inbound(id);
        let upstream = match self.member(id).map(|member| member.node.role) {
            Some(Role::Slave { upstream }) => Some(upstream),
            _ => None,
        };
        let followers =
            self.members().filter(|member| member.node.role == Role::Slave { upstream: id } && !member.removed);
        let waiting =
            self.clients().filter(|(client, _)| self.pendings.of(client.id).any(|(_, asked)| asked.node == Some(id)));
        let peers: Vec<u16> = upstream
            .into_iter()
            .chain(followers.map(|member| member.node.id))
            .chain(waiting.map(|(client, _)| client.id))
            .chain(self.observers().map(|(observer, _)| observer))
            .collect();
        for peer in peers {
            self.send(id, peer, Message::Closed);
        }
    }
}
