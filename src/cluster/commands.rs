//! What each command of the run text does to the cluster.

use super::{Cluster, Endpoint, Input, Member, Message, Process, Role, Timer, Upstream};
use crate::cluster::client::Pending;
use crate::history::{Event, Kind, Operation, Outcome, Write};
use crate::limits;
use crate::scenario::{Break, Command, LinkChange, Name, NodeCommand, Pair, Request, Router, Setting};
use crate::simulator::Condition;

/// What came of a line at once.
#[derive(Debug, Clone, PartialEq)]
pub enum LineOutcome {
    /// It was done.
    Done,
    /// A request was sent; the history knows what came of it.
    Operation(u32),
    /// What was asked for with `state`.
    Facts(Vec<String>),
    /// It could not be done, and why.
    Failed(String),
}

type Done = Result<LineOutcome, String>;

impl Cluster {
    /// Does what a line says. `line` is its index in the text.
    pub fn execute(&mut self, line: u32, command: &Command) -> LineOutcome {
        let done = match command {
            Command::Version(_) | Command::Cluster { .. } | Command::Seed(_) | Command::End => Ok(LineOutcome::Done),
            Command::Clients(clients) => {
                clients.iter().for_each(|client| {
                    self.add_client(client);
                });
                Ok(LineOutcome::Done)
            }
            Command::Set(setting) => self.set(line, setting),
            Command::Link(pair, change) => self.change_link(line, pair, *change),
            Command::Operation { client, request, target } => self.operate(client.as_ref(), request, target.as_ref()),
            Command::Node(command, name) => self.node_command(line, *command, name),
            Command::Delay(name, us) => self.slave(name).map(|id| {
                self.handle_or_wait(id, Input::ApplyDelay(*us));
                self.note(Event::Set { line });
                LineOutcome::Done
            }),
            Command::Break(kind, pair) => self.break_link(*kind, pair),
            Command::HealAll => {
                self.heal_all();
                Ok(LineOutcome::Done)
            }
        };
        done.unwrap_or_else(|why| {
            self.note(Event::LineFailed { line });
            LineOutcome::Failed(why)
        })
    }

    fn note(&mut self, event: Event) {
        let now = self.sim.now();
        self.history.note(now, event);
    }

    fn id(&self, name: &Name) -> Result<u16, String> {
        self.named(name).ok_or_else(|| format!("there is no {name} now"))
    }

    fn node(&mut self, name: &Name) -> Result<&mut Member, String> {
        let id = self.id(name)?;
        self.member_mut(id).filter(|member| !member.removed).ok_or_else(|| format!("{name} has left the cluster"))
    }

    fn slave(&mut self, name: &Name) -> Result<u16, String> {
        let member = self.node(name)?;
        match member.node.role {
            Role::Slave { .. } => Ok(member.node.id),
            Role::Master => Err(format!("{name} is the master")),
        }
    }

    /// Settings of a node reach it also when its process does not run: they are in its configuration.
    fn handle_or_wait(&mut self, id: u16, input: Input) {
        match (self.member_mut(id), input) {
            (Some(member), Input::ApplyDelay(us)) if member.process != Process::Up => member.node.apply_delay_us = us,
            (Some(member), Input::ApplyPaused(paused)) if member.process != Process::Up => {
                member.node.apply_paused = paused;
            }
            (_, input) => self.handle(id, input),
        }
    }

    fn set(&mut self, line: u32, setting: &Setting) -> Done {
        match setting {
            Setting::Replication(replication) => self.rules.replication = *replication,
            Setting::SlaveWrites(policy) => self.rules.slave_writes = *policy,
            Setting::Router(Router::Node(name)) => {
                self.node(name)?;
                self.router = Router::Node(name.clone());
            }
            Setting::Router(router) => self.router = router.clone(),
            Setting::Timeout(us) => self.timeout_us = *us,
            Setting::Flush(us) => self.rules.flush_us = *us,
            Setting::Durability(durability) => self.rules.durability = *durability,
            Setting::LogKeep(keep) => self.rules.log_keep = *keep,
            Setting::Retry(us) => self.rules.retry_us = *us,
        }
        self.note(Event::Set { line });
        self.rules_changed();
        Ok(LineOutcome::Done)
    }

    fn rules_changed(&mut self) {
        let running: Vec<u16> =
            self.members().filter(|member| member.process == Process::Up).map(|member| member.node.id).collect();
        for id in running {
            self.handle(id, Input::RulesChanged);
        }
    }

    fn operate(&mut self, client: Option<&Name>, request: &Request, target: Option<&Name>) -> Done {
        let first = Name("A".into());
        let client = self.add_client(client.unwrap_or(&first));
        let target = target.map(|name| self.node(name).map(|member| member.node.id)).transpose()?;
        let (kind, key, value) = match request {
            Request::Read { key } => (Kind::Read, key, None),
            Request::Write { key, value } => (Kind::Write, key, Some(value.as_str().into())),
            Request::Delete { key } => (Kind::Delete, key, None),
        };
        let key = self
            .history
            .key_number(key)
            .ok_or_else(|| format!("a run has at most {} different keys", limits::KEYS_MAX))?;
        let asked_us = self.sim.now();
        let record =
            Operation { client, kind, key, write: 0, node: None, asked_us, done_us: None, outcome: Outcome::Pending };
        let operation = self.history.add_operation(record);
        if kind != Kind::Read {
            let write = self.history.add_write(Write { key, value, operation });
            if let Some(record) = self.history.operation_mut(operation) {
                record.write = write;
            }
        }
        let mut nodes = match (target, kind) {
            (Some(node), _) => smallvec::smallvec![node],
            (None, Kind::Read) => self.route(client),
            (None, Kind::Write | Kind::Delete) => smallvec::smallvec![self.master],
        };
        if nodes.is_empty() {
            self.note(Event::Asked { operation });
            self.finish(operation, Outcome::Failed(super::Failure::NoNode));
            return Ok(LineOutcome::Operation(operation));
        }
        let node = nodes.remove(0);
        if let Some(client) = self.client_mut(client) {
            client.wait_for(Pending { operation, node, others: nodes });
        }
        self.sim.set_timer(asked_us + self.timeout_us, client, Timer::Timeout(operation));
        self.ask(client, operation, node);
        self.note(Event::Asked { operation });
        Ok(LineOutcome::Operation(operation))
    }

    fn route(&mut self, client: u16) -> smallvec::SmallVec<[u16; 4]> {
        let named = match &self.router {
            Router::Node(name) => {
                self.id(name).ok().filter(|&id| self.member(id).is_some_and(|member| !member.removed))
            }
            _ => None,
        };
        let master = self.master;
        match self.endpoints.get_mut(usize::from(client)) {
            Some(Endpoint::Client { client, .. }) => client.route(&self.router, named, master, &self.slaves),
            _ => smallvec::SmallVec::new(),
        }
    }

    fn node_command(&mut self, line: u32, command: NodeCommand, name: &Name) -> Done {
        match command {
            NodeCommand::Add => return self.add(name),
            NodeCommand::State => return self.facts(name).map(LineOutcome::Facts),
            NodeCommand::PauseApply | NodeCommand::ResumeApply => {
                let id = self.slave(name)?;
                self.handle_or_wait(id, Input::ApplyPaused(command == NodeCommand::PauseApply));
                self.note(Event::Set { line });
                return Ok(LineOutcome::Done);
            }
            _ => {}
        }
        let member = self.node(name)?;
        let (id, process) = (member.node.id, member.process);
        match (command, process) {
            (NodeCommand::Crash, Process::Up | Process::Frozen) => self.crash(id),
            (NodeCommand::Stop, Process::Up) => self.stop(id),
            (NodeCommand::Start, Process::Down) => self.start(id),
            (NodeCommand::Freeze, Process::Up) => {
                self.set_process(id, Process::Frozen);
                self.note(Event::Frozen { node: id });
            }
            (NodeCommand::Thaw, Process::Frozen) => self.thaw(id),
            (NodeCommand::Partition, _) => self.partition(id),
            (NodeCommand::Remove, _) => self.remove(id)?,
            (NodeCommand::TrimLog, Process::Up) => self.handle(id, Input::TrimLog),
            (_, Process::Up) => return Err(format!("{name} is up")),
            (_, Process::Down) => return Err(format!("{name} is down")),
            (_, Process::Frozen) => return Err(format!("{name} is frozen")),
        }
        Ok(LineOutcome::Done)
    }

    fn set_process(&mut self, id: u16, process: Process) {
        if let Some(member) = self.member_mut(id) {
            member.process = process;
            if process == Process::Down {
                member.inbox.clear();
            }
        }
    }

    fn crash(&mut self, id: u16) {
        let Some(member) = self.member_mut(id) else { return };
        let (last, lost) = member.node.crash();
        self.set_process(id, Process::Down);
        self.note(Event::Crashed { node: id, last, lost });
        self.close_connections(id);
    }

    fn stop(&mut self, id: u16) {
        let mut effects = std::mem::take(&mut self.effects);
        let now = self.sim.now();
        if let Some(Endpoint::Node(member)) = self.endpoints.get_mut(usize::from(id)) {
            member.node.stop(now, &self.rules, &mut effects);
        }
        self.carry_out(id, &mut effects);
        self.effects = effects;
        self.set_process(id, Process::Down);
        self.note(Event::Stopped { node: id });
        self.close_connections(id);
    }

    fn start(&mut self, id: u16) {
        self.set_process(id, Process::Up);
        self.handle(id, Input::Start);
    }

    fn thaw(&mut self, id: u16) {
        self.set_process(id, Process::Up);
        self.note(Event::Thawed { node: id });
        let waiting = self.member_mut(id).map(|member| std::mem::take(&mut member.inbox)).unwrap_or_default();
        for input in waiting {
            self.handle(id, input.into());
        }
    }

    /// The operating system closes what a dead process had open: its master, its slaves, the clients that wait.
    fn close_connections(&mut self, id: u16) {
        let upstream = match self.member(id).map(|member| member.node.role) {
            Some(Role::Slave { upstream }) => Some(upstream),
            _ => None,
        };
        let followers =
            self.members().filter(|member| member.node.role == Role::Slave { upstream: id } && !member.removed);
        let waiting = self.clients().filter(|(client, _)| !client.asked_of(id).is_empty());
        let peers: Vec<u16> = upstream
            .into_iter()
            .chain(followers.map(|member| member.node.id))
            .chain(waiting.map(|(client, _)| client.id))
            .collect();
        for peer in peers {
            self.send(id, peer, Message::Closed);
        }
    }

    fn add(&mut self, name: &Name) -> Done {
        if self.node(name).is_ok() {
            return Err(format!("there is a node {name} already"));
        }
        if self.slaves.len() >= limits::SLAVES_MAX {
            return Err(format!("a cluster has at most {} slaves", limits::SLAVES_MAX));
        }
        let id = self.add_node(name, Role::Slave { upstream: self.master });
        self.note(Event::Added { node: id });
        self.handle(id, Input::Start);
        Ok(LineOutcome::Done)
    }

    fn remove(&mut self, id: u16) -> Result<(), String> {
        if id == self.master {
            return Err("the master cannot leave: crash or stop it".to_owned());
        }
        self.close_connections(id);
        self.set_process(id, Process::Down);
        if let Some(member) = self.member_mut(id) {
            member.node.crash();
            member.removed = true;
        }
        self.slaves.retain(|&slave| slave != id);
        self.rules.slaves = self.slaves.len();
        self.note(Event::Removed { node: id });
        self.rules_changed();
        Ok(())
    }

    fn ends(&mut self, pair: &Pair) -> Result<Vec<(u16, u16)>, String> {
        let (one_way, a, b) = match pair {
            Pair::Both(a, b) => (false, a, b),
            Pair::OneWay(a, b) => (true, a, b),
            Pair::Nodes | Pair::Clients => {
                return Ok(self.channels_where(|from, to, _| self.joins_client(from, to) == (*pair == Pair::Clients)));
            }
        };
        let (a_id, b_id) = (self.end(a)?, self.end(b)?);
        let quality = if self.joins_client(a_id, b_id) { self.client_links } else { self.node_links };
        if self.member(a_id).is_none() && self.member(b_id).is_none() {
            return Err(format!("there is no link between {a} and {b}: clients talk to nodes only"));
        }
        self.sim.join(a_id, b_id, quality);
        Ok(if one_way { vec![(a_id, b_id)] } else { vec![(a_id, b_id), (b_id, a_id)] })
    }

    fn joins_client(&self, a: u16, b: u16) -> bool {
        self.member(a).is_none() != self.member(b).is_none()
    }

    fn end(&mut self, name: &Name) -> Result<u16, String> {
        if name.as_str().starts_with(|c: char| c.is_ascii_uppercase()) {
            return Ok(self.add_client(name));
        }
        self.node(name).map(|member| member.node.id)
    }

    fn change_link(&mut self, line: u32, pair: &Pair, change: LinkChange) -> Done {
        for (from, to) in self.ends(pair)? {
            self.sim.set_quality(from, to, |quality| quality.changed(change));
        }
        match pair {
            Pair::Nodes => self.node_links = self.node_links.changed(change),
            Pair::Clients => self.client_links = self.client_links.changed(change),
            Pair::Both(..) | Pair::OneWay(..) => {}
        }
        self.note(Event::Set { line });
        Ok(LineOutcome::Done)
    }

    fn break_link(&mut self, kind: Break, pair: &Pair) -> Done {
        for (from, to) in self.ends(pair)? {
            match kind {
                Break::Cut => self.cut(from, to),
                Break::Hold => {
                    if self.sim.hold(from, to) {
                        self.note(Event::Held { from, to });
                    }
                }
                Break::Heal => self.heal(from, to),
            }
        }
        Ok(LineOutcome::Done)
    }

    fn cut(&mut self, from: u16, to: u16) {
        if self.sim.cut(from, to) {
            self.note(Event::Cut { from, to });
        }
    }

    fn heal(&mut self, from: u16, to: u16) {
        if self.sim.heal(from, to) {
            self.note(Event::Healed { from, to });
        }
    }

    fn partition(&mut self, id: u16) {
        for (from, to) in self.channels_where(|from, to, _| from == id || to == id) {
            self.cut(from, to);
        }
    }

    fn heal_all(&mut self) {
        for (from, to) in self.channels_where(|_, _, condition| condition != Condition::Open) {
            self.heal(from, to);
        }
    }

    fn channels_where(&self, wanted: impl Fn(u16, u16, Condition) -> bool) -> Vec<(u16, u16)> {
        let channels = self.sim.channels().iter();
        channels
            .filter(|channel| wanted(channel.from, channel.to, channel.condition))
            .map(|channel| (channel.from, channel.to))
            .collect()
    }

    fn facts(&mut self, name: &Name) -> Result<Vec<String>, String> {
        let member = self.node(name)?;
        let process = match member.process {
            Process::Up => "process=up",
            Process::Down => "process=down",
            Process::Frozen => "process=frozen",
        };
        let progress = member.node.progress();
        let mut facts = vec![process.to_owned()];
        match member.node.role {
            Role::Master => facts.push("role=master".to_owned()),
            Role::Slave { .. } => {
                facts.push("role=slave".to_owned());
                let (link, catchup) = match member.node.upstream() {
                    Upstream::Streaming { full: true } => ("up", "full"),
                    Upstream::Streaming { full: false } => ("up", "partial"),
                    Upstream::Connecting | Upstream::Disconnected => ("down", "none"),
                };
                facts.push(format!("link={link}"));
                facts.push(format!("catchup={catchup}"));
            }
        }
        facts.push(format!("applied={}", progress.applied));
        facts.push(format!("epoch={}", member.node.disk.epoch));
        if progress.received > progress.applied {
            facts.push("received>applied".to_owned());
        }
        Ok(facts)
    }
}
