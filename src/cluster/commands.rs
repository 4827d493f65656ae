//! What each command of the run text does to the cluster.

use super::{Cluster, Endpoint, Inbox, Input, Member, Message, Process, Role, Store, Turn, Upstream};
use crate::facts::{Event, Position};
use crate::limits;
use crate::scenario::{
    Break, Capacity, Command, LinkChange, LogKeep, Name, NodeCommand, Pair, Preset, Replication, Request, Router,
    Setting, TooFew,
};
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
    /// A node was told to follow another; the history knows, from this fact on, whether it was let in.
    Follows {
        /// The node.
        node: u16,
        /// Number of the first fact that can tell.
        from: u64,
    },
    /// It could not be done, and why.
    Failed(String),
}

type Done = Result<LineOutcome, String>;

impl Cluster {
    /// Does what a line says. `line` is its index in the text.
    pub fn execute(&mut self, line: u32, command: &Command) -> LineOutcome {
        if !matches!(command, Command::Operation { .. }) {
            self.history.absorb(command.to_string());
        }
        let done = match command {
            Command::Version(_) | Command::Cluster { .. } | Command::Seed(_) | Command::End => Ok(LineOutcome::Done),
            Command::Clients(clients) => {
                clients.iter().try_for_each(|client| self.add_client(client).map(|_| ())).map(|()| LineOutcome::Done)
            }
            Command::Set(setting) => self.set(line, setting),
            Command::Link(pair, change) => self.change_link(line, pair, *change),
            Command::Operation { client, request, target, local } => {
                self.operate(client.as_ref(), request, target.as_ref(), *local)
            }
            Command::Wait { client, slaves, within_us, target } => {
                self.wait(client.as_ref(), *slaves, *within_us, target.as_ref())
            }
            Command::Cancel(client) => self.cancel(client.as_ref()),
            Command::Promote { node, drain } => self.promote(node, *drain),
            Command::Follow { node, upstream, force } => self.follow(node, upstream, *force),
            Command::Chain(nodes) => nodes.windows(2).try_fold(LineOutcome::Done, |_, pair| match pair {
                [upstream, node] => self.follow(node, upstream, false),
                _ => Ok(LineOutcome::Done),
            }),
            Command::Node(command, name) => self.node_command(line, *command, name),
            Command::Delay(name, us) => self.slave(name).map(|id| {
                self.configure(id, Input::ApplyDelay(*us));
                self.note(Event::Set { line });
                LineOutcome::Done
            }),
            Command::ApplySpeed(name, rate) => self.slave(name).map(|id| {
                self.configure(id, Input::ApplySpeed(*rate));
                self.note(Event::Set { line });
                LineOutcome::Done
            }),
            Command::Priority(name, priority) => self.node(name).map(|member| member.priority = *priority).map(|()| {
                self.note(Event::Set { line });
                LineOutcome::Done
            }),
            Command::Capacity(name, capacity) => self.set_capacity(name.as_ref(), *capacity).map(|()| {
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

    pub(super) fn note(&mut self, event: Event) {
        let now = self.sim.now();
        self.history.note(now, event);
    }

    fn id(&self, name: &Name) -> Result<u16, String> {
        self.named(name).ok_or_else(|| format!("there is no {name} now"))
    }

    pub(super) fn node(&mut self, name: &Name) -> Result<&mut Member, String> {
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

    /// Changes the configuration of a node. A process that does not run reads it when it runs again.
    fn configure(&mut self, id: u16, input: Input) {
        match (self.member_mut(id), input) {
            (Some(member), Input::ApplyDelay(us)) if member.process != Process::Up => member.node.apply_delay_us = us,
            (Some(member), Input::ApplySpeed(rate)) if member.process != Process::Up => member.node.apply_speed = rate,
            (Some(member), Input::Capacity(capacity)) if member.process != Process::Up => {
                member.node.capacity = capacity;
            }
            (Some(member), Input::ApplyPaused(paused)) if member.process != Process::Up => {
                member.node.apply_paused = paused;
            }
            (_, input) => self.handle(id, input),
        }
    }

    fn set_capacity(&mut self, name: Option<&Name>, capacity: Option<Capacity>) -> Result<(), String> {
        if let Some(name) = name {
            let id = self.node(name)?.node.id;
            self.configure(id, Input::Capacity(capacity));
            return Ok(());
        }
        self.capacity = capacity;
        let nodes: Vec<u16> = self.members().filter(|member| !member.removed).map(|member| member.node.id).collect();
        for id in nodes {
            self.configure(id, Input::Capacity(capacity));
        }
        Ok(())
    }

    fn set(&mut self, line: u32, setting: &Setting) -> Done {
        self.change(setting)?;
        self.routing.note_policy();
        self.note(Event::Set { line });
        self.rules_changed();
        Ok(LineOutcome::Done)
    }

    fn change(&mut self, setting: &Setting) -> Result<(), String> {
        match setting {
            Setting::Replication(replication) => self.rules.replication = *replication,
            Setting::SlaveWrites(policy) => self.rules.slave_writes = *policy,
            Setting::Router(Router::Node(name)) => {
                self.node(name)?;
                self.routing.router = Router::Node(name.clone());
            }
            Setting::Router(router) => self.routing.router = router.clone(),
            Setting::OwnWrites(own_writes) => self.routing.own_writes = *own_writes,
            Setting::MaxLag(us) => self.routing.max_lag_us = *us,
            Setting::NoNode(no_node) => self.routing.no_node = *no_node,
            Setting::Failover(failover) => self.watch_by(*failover),
            Setting::Load(load) => self.set_load(*load)?,
            Setting::Timeout(us) => self.timeout_us = *us,
            Setting::Flush(us) => self.rules.flush_us = *us,
            Setting::Durability(durability) => self.rules.durability = *durability,
            Setting::LogKeep(keep) => self.rules.log_keep = *keep,
            Setting::Retry(us) => self.rules.retry_us = *us,
            Setting::TooFew(too_few) => self.rules.too_few = *too_few,
            Setting::Gate(gate) => self.rules.gate = *gate,
            Setting::Gap(gap) => self.rules.gap = *gap,
            Setting::Relay(relay) => self.rules.relay = *relay,
            Setting::Unapplied(unapplied) => self.rules.unapplied = *unapplied,
            Setting::Rejoin(rejoin) => self.rules.rejoin = *rejoin,
            Setting::LinkTimeout(us) => self.rules.link_timeout_us = *us,
            Setting::Engine(engine) => self.rules.engine = *engine,
            Setting::SyncSlaves(names) => {
                let ids: Result<Vec<u16>, String> =
                    names.iter().map(|name| self.node(name).map(|member| member.node.id)).collect();
                self.rules.sync_slaves = ids?;
            }
            Setting::Preset(preset) => self.use_preset(*preset)?,
        }
        Ok(())
    }

    /// All settings in force, but for the preset.
    pub fn settings(&self) -> Vec<Setting> {
        let (rules, routing) = (&self.rules, &self.routing);
        let counting = rules.sync_slaves.iter().filter_map(|&id| self.member(id));
        vec![
            Setting::Replication(rules.replication),
            Setting::SyncSlaves(counting.map(|member| member.name.clone()).collect()),
            Setting::TooFew(rules.too_few),
            Setting::Gate(rules.gate),
            Setting::SlaveWrites(rules.slave_writes),
            Setting::Router(routing.router.clone()),
            Setting::OwnWrites(routing.own_writes),
            Setting::MaxLag(routing.max_lag_us),
            Setting::NoNode(routing.no_node),
            Setting::Failover(self.detector.failover),
            Setting::Load(self.load().map(|(load, _)| *load)),
            Setting::Timeout(self.timeout_us),
            Setting::Flush(rules.flush_us),
            Setting::Durability(rules.durability),
            Setting::LogKeep(rules.log_keep),
            Setting::Retry(rules.retry_us),
            Setting::Gap(rules.gap),
            Setting::Relay(rules.relay),
            Setting::Unapplied(rules.unapplied),
            Setting::Rejoin(rules.rejoin),
            Setting::LinkTimeout(rules.link_timeout_us),
            Setting::Engine(rules.engine),
        ]
    }

    fn use_preset(&mut self, preset: Preset) -> Result<(), String> {
        self.preset = Some(preset);
        preset.settings().iter().try_for_each(|setting| self.change(setting))
    }

    fn rules_changed(&mut self) {
        let running: Vec<u16> =
            self.members().filter(|member| member.process == Process::Up).map(|member| member.node.id).collect();
        for id in running {
            self.handle(id, Input::RulesChanged);
        }
    }

    fn promote(&mut self, name: &Name, drain: bool) -> Done {
        let (id, role) = (self.node(name)?.node.id, self.node(name)?.node.role);
        if role == Role::Master && id == self.master {
            return Err(format!("{name} is the master"));
        }
        self.running(name)?;
        self.promote_node(id, drain);
        Ok(LineOutcome::Done)
    }

    /// A node that runs becomes the master that clients write to.
    pub(super) fn promote_node(&mut self, id: u16, drain: bool) {
        let epoch = self.next_epoch();
        self.handle(id, Input::Promote { epoch, drain });
        self.master = id;
        self.note_topology();
        self.rules_changed();
    }

    fn running(&mut self, name: &Name) -> Result<(), String> {
        match self.node(name)?.process {
            Process::Up => Ok(()),
            Process::Down => Err(format!("{name} is down")),
            Process::Frozen => Err(format!("{name} is frozen")),
        }
    }

    fn follow(&mut self, node: &Name, upstream: &Name, force: bool) -> Done {
        let (id, upstream) = (self.node(node)?.node.id, self.node(upstream)?.node.id);
        self.follow_node(id, upstream, force)
    }

    pub(super) fn follow_node(&mut self, id: u16, upstream: u16, force: bool) -> Done {
        let node = self.name(id).to_owned();
        if self.is_above(id, upstream) {
            return Err(format!("{} follows {node} already: a circle has no master", self.name(upstream)));
        }
        self.join(upstream, id);
        let log = |id: u16| self.member(id).map(|member| &member.node.disk.log);
        let common = match (log(id), log(upstream)) {
            (Some(own), Some(other)) if force => {
                let common = own.common(other, &self.history);
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
            Some((member, _, history)) if member.process == Process::Down => {
                member.node.prepare_to_follow(upstream, common, history);
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
    fn is_above(&self, upper: u16, node: u16) -> bool {
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
    fn copy_state(&mut self, id: u16) -> Result<(), String> {
        let Some(Role::Slave { upstream }) = self.member(id).map(|member| member.node.role) else {
            return Err("it follows nobody".to_owned());
        };
        let Some((at, store)) = self.state_of(upstream) else {
            return Err("the node that it follows is down".to_owned());
        };
        match self.member_mut(id) {
            Some(member) if member.process == Process::Down => member.node.take_state(at, store),
            _ => self.handle(id, Input::CopyState { at, store: Box::new(store) }),
        }
        Ok(())
    }

    fn state_of(&self, id: u16) -> Option<(Position, Store)> {
        let member = self.member(id).filter(|member| member.process == Process::Up)?;
        let disk = &member.node.disk;
        let at = disk.log.at(disk.applied, &self.history).unwrap_or(Position { lsn: disk.applied, epoch: disk.epoch });
        Some((at, disk.store.clone()))
    }

    /// Writes that fill the log until it reaches back to nothing that was there before.
    fn fill_log(&mut self, id: u16) -> Done {
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

    fn node_command(&mut self, line: u32, command: NodeCommand, name: &Name) -> Done {
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
            (NodeCommand::FillLog, _) => return self.fill_log(id),
            (NodeCommand::Rewind | NodeCommand::Rebuild, Process::Up | Process::Down) => self.copy_state(id)?,
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
        let Some((member, rules, history)) = self.member_and_context(id) else { return };
        let (last, lost) = member.node.crash(rules, history);
        self.set_process(id, Process::Down);
        self.note(Event::Crashed { node: id, last, lost });
        self.close_connections(id);
    }

    fn stop(&mut self, id: u16) {
        let mut end = (0, 0);
        if let Some(Endpoint::Node(member)) = self.endpoints.get_mut(usize::from(id)) {
            end = member.node.stop(&mut Turn::new(id, &self.rules, &mut self.sim, &mut self.history));
        }
        self.set_process(id, Process::Down);
        self.note(match end {
            (_, 0) => Event::Stopped { node: id },
            (last, lost) => Event::Crashed { node: id, last, lost },
        });
        self.close_connections(id);
    }

    fn start(&mut self, id: u16) {
        self.set_process(id, Process::Up);
        self.watch_again(id);
        let epoch = self.next_epoch();
        self.handle(id, Input::Start { epoch });
    }

    fn thaw(&mut self, id: u16) {
        self.set_process(id, Process::Up);
        self.note(Event::Thawed { node: id });
        let waiting = self.member_mut(id).map(|member| std::mem::take(&mut member.inbox)).unwrap_or_default();
        for input in waiting {
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
    fn close_connections(&mut self, id: u16) {
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
        if self.members().count() >= limits::NODES_EVER_MAX {
            return Err(format!("a run has at most {} nodes in all", limits::NODES_EVER_MAX));
        }
        let id = self.add_node(name, Role::Slave { upstream: self.master });
        self.note(Event::Added { node: id });
        self.rules_changed();
        self.handle(id, Input::Start { epoch: 1 });
        Ok(LineOutcome::Done)
    }

    fn remove(&mut self, id: u16) -> Result<(), String> {
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

    fn ends(&mut self, pair: &Pair) -> Result<Vec<(u16, u16)>, String> {
        let (one_way, a, b) = match pair {
            Pair::Both(a, b) => (false, a, b),
            Pair::OneWay(a, b) => (true, a, b),
            Pair::Nodes | Pair::Clients => {
                return Ok(self.channels_where(|from, to, _| self.joins_client(from, to) == (*pair == Pair::Clients)));
            }
        };
        let (a_id, b_id) = (self.end(a)?, self.end(b)?);
        if self.member(a_id).is_none() && self.member(b_id).is_none() {
            return Err(format!("there is no link between {a} and {b}: clients talk to nodes only"));
        }
        self.join(a_id, b_id);
        Ok(if one_way { vec![(a_id, b_id)] } else { vec![(a_id, b_id), (b_id, a_id)] })
    }

    pub(super) fn joins_client(&self, a: u16, b: u16) -> bool {
        let is_client = |id: u16| matches!(self.endpoints.get(usize::from(id)), Some(Endpoint::Client { .. }));
        is_client(a) || is_client(b)
    }

    fn end(&mut self, name: &Name) -> Result<u16, String> {
        if name.as_str().starts_with(|c: char| c.is_ascii_uppercase()) {
            return self.add_client(name);
        }
        let observer = self.observers().find(|(_, observer)| observer.name == *name).map(|(id, _)| id);
        match observer {
            Some(id) => Ok(id),
            None => self.node(name).map(|member| member.node.id),
        }
    }

    fn change_link(&mut self, line: u32, pair: &Pair, change: LinkChange) -> Done {
        for (from, to) in self.ends(pair)? {
            self.sim.set_quality(from, to, |quality| quality.changed(change));
        }
        match pair {
            Pair::Nodes => self.node_links.0 = self.node_links.0.changed(change),
            Pair::Clients => self.client_links.0 = self.client_links.0.changed(change),
            Pair::Both(..) | Pair::OneWay(..) => {}
        }
        self.note(Event::Set { line });
        Ok(LineOutcome::Done)
    }

    fn break_link(&mut self, kind: Break, pair: &Pair) -> Done {
        for (from, to) in self.ends(pair)? {
            self.break_channel(kind, from, to);
        }
        match pair {
            Pair::Nodes => self.node_links.1 = kind,
            Pair::Clients => self.client_links.1 = kind,
            Pair::Both(..) | Pair::OneWay(..) => {}
        }
        if kind == Break::Heal {
            self.forget_partitions();
        }
        Ok(LineOutcome::Done)
    }

    pub(super) fn break_channel(&mut self, kind: Break, from: u16, to: u16) {
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

    /// A node that some other node reaches again is no longer cut from those to come.
    fn forget_partitions(&mut self) {
        let open = |id: u16| {
            let mut channels = self.sim.channels().iter().filter(|channel| channel.from == id);
            channels.any(|channel| channel.condition == Condition::Open && self.member(channel.to).is_some())
        };
        let reached: Vec<u16> = self.members().map(|member| member.node.id).filter(|&id| open(id)).collect();
        for id in reached {
            if let Some(member) = self.member_mut(id) {
                member.partitioned = false;
            }
        }
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

    /// Cuts a node from all other nodes. Clients on its side of the break still reach it.
    fn partition(&mut self, id: u16) {
        let members = self.members().map(|member| member.node.id).filter(|&other| other != id);
        let others: Vec<u16> = members.chain(self.observers().map(|(observer, _)| observer)).collect();
        for other in others {
            self.join(id, other);
            self.cut(id, other);
            self.cut(other, id);
        }
        if let Some(member) = self.member_mut(id) {
            member.partitioned = true;
        }
    }

    fn heal_all(&mut self) {
        for (from, to) in self.channels_where(|_, _, condition| condition != Condition::Open) {
            self.heal(from, to);
        }
        self.node_links.1 = Break::Heal;
        self.client_links.1 = Break::Heal;
        self.forget_partitions();
    }

    fn channels_where(&self, wanted: impl Fn(u16, u16, Condition) -> bool) -> Vec<(u16, u16)> {
        let channels = self.sim.channels().iter();
        channels
            .filter(|channel| wanted(channel.from, channel.to, channel.condition))
            .map(|channel| (channel.from, channel.to))
            .collect()
    }

    fn facts(&mut self, name: &Name) -> Result<Vec<String>, String> {
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
            Role::Master => {
                facts.push("role=master".to_owned());
                if matches!(self.rules.too_few, TooFew::Degrade(_)) && self.rules.replication != Replication::Async {
                    facts.push(format!("semisync={}", if member.node.is_degraded() { "off" } else { "on" }));
                }
            }
            Role::Slave { upstream } => {
                facts.push("role=slave".to_owned());
                let (link, catchup) = match member.node.upstream() {
                    Upstream::Streaming { full: true } => ("up", "full"),
                    Upstream::Streaming { full: false } => ("up", "partial"),
                    Upstream::Connecting | Upstream::Disconnected => ("down", "none"),
                };
                facts.push(format!("link={link}"));
                facts.push(format!("catchup={catchup}"));
                let denied = member.node.denial_of_upstream().is_some();
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
        Ok(facts)
    }
}
