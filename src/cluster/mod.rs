//! The cluster: nodes and clients, wired by the simulator, told what to do by the lines of a run text.

mod client;
mod commands;
mod deadlines;
mod detector;
mod engine;
mod load;
mod log;
mod message;
mod meters;
mod node;
mod pending;
mod requests;
mod rules;
mod start;
mod store;
mod turn;

use std::hash::{Hash, Hasher};

pub use client::Client;
pub use commands::LineOutcome;
pub use deadlines::{Deadline, Due};
pub use detector::{Observer, Standing, Watch};
pub use engine::{EngineRules, Occasion, rules_of};
pub use log::{Log, Piece};
pub use message::{Message, Reply, Request, RequestKind};
pub use node::{Disk, Node, Role, Upstream};
pub use requests::Routing;
pub use rules::Rules;
pub use start::StartLag;
pub use store::Store;

use crate::facts::Portable;
use crate::history::{History, Outcome};
use crate::limits;
use crate::scenario::{Break, Capacity, Load, Name, Preset};
use crate::simulator::{Chance, Channel, First, Happening, Quality, Simulator, Stream};
use crate::time::{SECOND, Us};
use detector::{Detector, Voter};
use load::Generator;
use node::Input;
use pending::Pendings;
use turn::{Turn, post};

/// A timer of the cluster.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Timer {
    /// A node's own.
    Node(node::Timer),
    /// A client of a load has thought long enough; under which load it was.
    Thought { generation: u32 },
    /// A router looks again for a node to ask.
    LookAgain(u32),
    /// Somebody who watches looks around.
    Watch {
        /// The setting under which it was set.
        generation: u32,
    },
}

/// How the process of a node is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Process {
    /// It runs.
    Up,
    /// It is not there: crashed or stopped.
    Down,
    /// It hangs; what comes waits.
    Frozen,
}

/// A node and the process that runs it.
#[derive(Debug, Clone)]
pub struct Member {
    /// Its name.
    pub name: Name,
    /// The state machine.
    pub node: Node,
    /// The process.
    pub process: Process,
    /// Whether it has left for good.
    pub removed: bool,
    /// Whom a quorum promotes first: the lowest number; 0 for never.
    pub priority: u8,
    /// What it knows of the other nodes, where these watch each other.
    voter: Voter,
    /// Whether it is cut from all other nodes, those to come too.
    partitioned: bool,
    /// What came while the process hung.
    inbox: Vec<Inbox>,
}

impl Member {
    /// Where nodes elect each other: the term that it knows, and the last one in which it gave its vote.
    pub fn ballot(&self) -> (u32, u32) {
        self.voter.ballot()
    }

    /// Whether it would start, and cannot ask the store of the lease.
    pub fn awaits_store(&self) -> bool {
        self.voter.awaits_store
    }

    /// Messages and timers that wait for its process, which hangs.
    pub fn inbox_len(&self) -> usize {
        self.inbox.len()
    }
}

/// An input that waits for a frozen process.
#[derive(Debug, Clone)]
enum Inbox {
    Message { from: u16, message: Message },
    Closed { peer: u16 },
    Timer(node::Timer),
}

#[derive(Debug, Clone)]
enum Endpoint {
    Node(Box<Member>),
    Client { name: Name, client: Client },
    Observer(Box<Observer>),
}

/// The master, its slaves and their clients.
#[derive(Debug, Clone)]
pub struct Cluster {
    sim: Simulator<Message, Timer>,
    seed: u64,
    rules: Rules,
    /// The preset that was chosen last.
    preset: Option<Preset>,
    routing: Routing,
    timeout_us: Us,
    /// What the work of nodes takes that are still to come.
    capacity: Option<Capacity>,
    pendings: Pendings,
    load: Option<Generator>,
    /// When the load asks next, µs; never is the greatest time.
    asks_at: Us,
    /// Loads so far.
    loads: u32,
    endpoints: Vec<Endpoint>,
    /// The latest bearer of each name.
    names: Vec<(Name, u16)>,
    /// The node that clients write to: the first master, or the one that was promoted last.
    master: u16,
    /// Nodes that belong to the cluster and are not masters, in the order of their coming.
    slaves: Vec<u16>,
    /// Who watches over the master.
    detector: Detector,
    /// The last epoch that was given out.
    epoch: u32,
    /// What links between nodes are like, also those to come: their quality, and how they are broken.
    node_links: (Quality, Break),
    /// The same for links of clients.
    client_links: (Quality, Break),
    history: History,
}

impl Cluster {
    /// A cluster that is all up, empty, and whose slaves are connected. Nothing has happened yet.
    /// `follows`: slaves that follow another slave, and whom.
    pub fn new(seed: u64, master: &Name, slaves: &[Name], follows: &[(&Name, &Name)]) -> Self {
        let mut cluster = Self {
            sim: Simulator::new(seed),
            seed,
            rules: Rules::default(),
            preset: None,
            routing: Routing::default(),
            timeout_us: 5 * SECOND,
            capacity: None,
            pendings: Pendings::default(),
            load: None,
            asks_at: Us::MAX,
            loads: 0,
            endpoints: Vec::new(),
            names: Vec::new(),
            master: 0,
            slaves: Vec::new(),
            detector: Detector::default(),
            epoch: 1,
            node_links: (Quality::default(), Break::Heal),
            client_links: (Quality::default(), Break::Heal),
            history: History::default(),
        };
        cluster.master = cluster.add_node(master, Role::Master);
        for slave in slaves {
            cluster.add_node(slave, Role::Slave { upstream: cluster.master });
        }
        cluster.follow_from_the_start(follows);
        cluster.routing.note_policy();
        cluster.assemble();
        cluster
    }

    /// The slaves are in step from the first instant, as after a set-up that the run text does not tell.
    fn assemble(&mut self) {
        for id in std::iter::once(self.master).chain(self.slaves.clone()) {
            self.handle(id, Input::Start { epoch: 1 });
        }
        while !self.slaves.iter().all(|&slave| self.is_streaming(slave)) {
            let Some(at) = self.sim.next_at() else { break };
            self.step(at);
        }
        self.sim.start_clock();
        self.history = History::default();
    }

    fn is_streaming(&self, slave: u16) -> bool {
        self.member(slave).is_some_and(|member| matches!(member.node.upstream(), Upstream::Streaming { .. }))
    }

    fn add_node(&mut self, name: &Name, role: Role) -> u16 {
        let id = self.next_id();
        let member = Member {
            name: name.clone(),
            node: Node::new(id, role, self.capacity, Chance::new(self.seed, Stream::Node(id))),
            process: Process::Up,
            removed: false,
            priority: 100,
            voter: Voter::default(),
            partitioned: false,
            inbox: Vec::new(),
        };
        let clients: Vec<u16> = self.clients().map(|(client, _)| client.id).collect();
        self.endpoints.push(Endpoint::Node(Box::new(member)));
        self.names.retain(|(known, _)| known != name);
        self.names.push((name.clone(), id));
        if let Role::Slave { upstream } = role {
            self.join(upstream, id);
        }
        self.note_topology();
        for client in clients {
            self.join(client, id);
        }
        self.watch_over(id);
        id
    }

    /// Who is a slave of whom has changed.
    fn note_topology(&mut self) {
        let mut followers = Vec::new();
        for member in self.members().filter(|member| !member.removed) {
            if let Role::Slave { upstream } = member.node.role {
                followers.push((member.node.id, upstream));
            }
        }
        self.slaves = followers.iter().map(|(slave, _)| *slave).collect();
        self.rules.followers = followers;
        self.rules.members = self.members().filter(|member| !member.removed).count();
    }

    fn next_epoch(&mut self) -> u32 {
        self.epoch += 1;
        self.epoch
    }

    fn add_client(&mut self, name: &Name) -> Result<u16, String> {
        if let Some(id) = self.named(name) {
            return Ok(id);
        }
        if self.clients().count() >= limits::CLIENTS_MAX {
            return Err(format!("a run has at most {} clients", limits::CLIENTS_MAX));
        }
        self.history.absorb(name.as_str());
        let id = self.next_id();
        let client = Client::new(id, Chance::new(self.seed, Stream::Client(id)));
        let nodes: Vec<u16> = self.members().map(|member| member.node.id).collect();
        self.endpoints.push(Endpoint::Client { name: name.clone(), client });
        for node in nodes {
            self.join(id, node);
        }
        self.names.push((name.clone(), id));
        Ok(id)
    }

    /// Makes the link between two endpoints if it is not there yet, broken if links of its kind are.
    fn join(&mut self, a: u16, b: u16) {
        if self.sim.channel(a, b).is_some() {
            return;
        }
        let (quality, kind) = if self.joins_client(a, b) { self.client_links } else { self.node_links };
        self.sim.join(a, b, quality);
        let partitioned = |id: u16| self.member(id).is_some_and(|member| member.partitioned);
        let cut = kind == Break::Cut || !self.joins_client(a, b) && (partitioned(a) || partitioned(b));
        for (from, to) in [(a, b), (b, a)] {
            self.break_channel(if cut { Break::Cut } else { kind }, from, to);
        }
    }

    fn named(&self, name: &Name) -> Option<u16> {
        self.names.iter().find(|(known, _)| known == name).map(|(_, id)| *id)
    }

    fn next_id(&self) -> u16 {
        u16::try_from(self.endpoints.len()).unwrap_or(u16::MAX)
    }

    /// All chance from now on comes from another seed.
    pub fn reseed(&mut self, seed: u64) {
        self.seed = seed;
        self.sim.reseed(seed);
        for endpoint in &mut self.endpoints {
            match endpoint {
                Endpoint::Node(member) => member.node.reseed(seed),
                Endpoint::Client { client, .. } => client.reseed(seed),
                Endpoint::Observer(_) => {}
            }
        }
        if let Some(load) = &mut self.load {
            load.reseed(seed, self.loads);
        }
    }

    /// The time now, µs.
    pub fn now(&self) -> Us {
        self.sim.now()
    }

    /// Moves the time on to where no event is due yet.
    pub fn wait_until(&mut self, at: Us) {
        self.sim.wait_until(at);
    }

    /// When something may happen next.
    pub fn next_at(&mut self) -> Option<Us> {
        let event = self.sim.next_at();
        let gives_up = self.pendings.next_to_give_up().map(|(at, _)| at);
        let asks = self.load.as_ref().and_then(Generator::next_at);
        event.into_iter().chain(gives_up).chain(asks).min()
    }

    /// Lets the next thing happen, if it happens no later than `until`. False if there is none.
    /// At one instant the network and the timers come first, then clients that give up, then the load.
    pub fn step(&mut self, until: Us) -> bool {
        let (gives_up_at, asks_at) = (self.pendings.gives_up_at(), self.asks_at);
        let other_at = gives_up_at.min(asks_at);
        match self.sim.first(until.min(other_at)) {
            First::Message(channel) => {
                let (from, to) = self.sim.ends_of(channel);
                if let Some(flight) = self.sim.arrive(channel) {
                    self.deliver(from, to, flight.message);
                }
                return true;
            }
            First::Other => {}
            First::Nothing if other_at > until => return false,
            First::Nothing => {
                self.sim.wait_until(other_at);
                if gives_up_at <= asks_at {
                    self.give_up()
                } else {
                    self.load_asks()
                }
                return true;
            }
        }
        self.other_happens();
        true
    }

    fn other_happens(&mut self) {
        match self.sim.next_other() {
            None => {}
            Some(Happening::Closed { at, peer, refused }) => self.closed(at, peer, refused),
            Some(Happening::Rang { owner, timer: Timer::Node(timer) }) => self.node_timer(owner, timer),
            Some(Happening::Rang { owner, timer: Timer::Watch { generation } }) => self.watch_timer(owner, generation),
            Some(Happening::Rang { owner, timer: Timer::LookAgain(operation) }) => self.look_again(owner, operation),
            Some(Happening::Rang { timer: Timer::Thought { generation }, .. }) => self.thought(generation),
        }
    }

    /// The client whose patience is the first to end gives up.
    fn give_up(&mut self) {
        if let Some((_, operation)) = self.pendings.next_to_give_up() {
            self.pendings.take(operation);
            self.finish(operation, Outcome::TimedOut);
        }
    }

    #[inline(never)]
    fn deliver(&mut self, from: u16, to: u16, message: Message) {
        let member = match self.endpoints.get_mut(usize::from(to)) {
            Some(Endpoint::Node(member)) => member,
            Some(Endpoint::Observer(_)) => {
                match message {
                    Message::Watch(watch) => self.reach_observer(to, from, *watch),
                    Message::Closed => self.observer_disconnected(to, from),
                    _ => {}
                }
                return;
            }
            _ => {
                self.client_message(from, to, &message);
                return;
            }
        };
        match member.process {
            Process::Up => match message {
                Message::Watch(watch) => self.watch_message(to, from, *watch),
                message => {
                    let turn = &mut Turn::new(to, &self.rules, &mut self.sim, &mut self.history);
                    member.node.message(turn, from, message);
                }
            },
            // Requests find no more room in front of a process that has hung for long.
            Process::Frozen
                if member.inbox.len() >= limits::LOAD_MESSAGES_MAX && matches!(message, Message::Request(_)) => {}
            Process::Frozen => member.inbox.push(Inbox::Message { from, message }),
            Process::Down => match message {
                Message::Request(request) => self.send(to, from, Message::Refused { operation: request.operation }),
                Message::Follow { .. } => self.send(to, from, Message::Refused { operation: 0 }),
                _ => {}
            },
        }
    }

    fn closed(&mut self, at: u16, peer: u16, refused: bool) {
        match self.endpoints.get_mut(usize::from(at)) {
            Some(Endpoint::Node(member)) => match member.process {
                Process::Up => self.handle(at, Input::Closed { peer }),
                Process::Frozen => member.inbox.push(Inbox::Closed { peer }),
                Process::Down => {}
            },
            Some(Endpoint::Client { .. }) => self.connection_gone(at, peer, refused),
            Some(Endpoint::Observer(_)) => self.observer_disconnected(at, peer),
            None => {}
        }
    }

    fn node_timer(&mut self, owner: u16, timer: node::Timer) {
        let Some(member) = self.member_mut(owner) else { return };
        match member.process {
            Process::Up if timer.kind == node::TimerKind::ChangeUpstream => self.change_upstream(owner),
            Process::Up => self.handle(owner, Input::Timer(timer)),
            Process::Frozen => member.inbox.push(Inbox::Timer(timer)),
            Process::Down => {}
        }
    }

    /// A slave carries out an order that had to wait.
    fn change_upstream(&mut self, id: u16) {
        if let Some(upstream) = self.member(id).and_then(|member| member.node.due_upstream(&self.rules)) {
            // A circle is refused: then it stays where it is.
            let _ = self.follow_node(id, upstream, false);
        }
    }

    /// Hands an input to a node.
    fn handle(&mut self, id: u16, input: Input) {
        if let Some(Endpoint::Node(member)) = self.endpoints.get_mut(usize::from(id)) {
            member.node.handle(&mut Turn::new(id, &self.rules, &mut self.sim, &mut self.history), input);
        }
    }

    fn send(&mut self, from: u16, to: u16, message: Message) {
        post(&mut self.sim, &self.history, (from, to), message);
    }

    /// Whether all that was set going has come to its end: every request answered, every reachable slave in step.
    /// Attempts to connect again do not count, nor what is held or paused.
    pub fn is_settled(&self) -> bool {
        let asking = self.load.is_some() || self.pendings.iter().next().is_some();
        let travelling = self.sim.channels().iter().any(|channel| {
            channel.condition == crate::simulator::Condition::Open
                && channel.flights.iter().any(|flight| {
                    !matches!(flight.message, Message::Follow { .. } | Message::Refused { .. } | Message::Watch(_))
                })
        });
        let working = self.sim.timers().any(|(owner, timer)| match timer {
            Timer::Thought { .. } | Timer::LookAgain(_) | Timer::Watch { .. } => false,
            Timer::Node(timer) => {
                !timer.kind.is_background() && self.member(owner).is_some_and(|member| member.process == Process::Up)
            }
        });
        let up = |id: u16| self.member(id).is_some_and(|member| member.process == Process::Up);
        let connecting = self.rules.followers.iter().any(|&(slave, upstream)| {
            let open = self.channel_open(slave, upstream) && self.channel_open(upstream, slave);
            let denied = self.member(slave).is_some_and(|member| member.node.denial_of_upstream().is_some());
            up(slave) && up(upstream) && open && !denied && !self.is_streaming(slave)
        });
        !asking && !travelling && !working && !connecting
    }

    fn channel_open(&self, from: u16, to: u16) -> bool {
        self.channel(from, to).is_some_and(|channel| channel.condition == crate::simulator::Condition::Open)
    }

    /// What was noted so far has been judged.
    #[inline(always)]
    pub(crate) fn clear_unjudged(&mut self) {
        self.history.clear_unjudged();
    }

    /// The history so far.
    pub fn history(&self) -> &History {
        &self.history
    }

    /// The settings in force.
    pub fn rules(&self) -> &Rules {
        &self.rules
    }

    /// The preset that was chosen last, if any. Its settings may have been changed since.
    pub fn preset(&self) -> Option<Preset> {
        self.preset
    }

    /// Whether a write waits for slaves, wherever it is.
    pub fn waits(&self, operation: u32) -> bool {
        self.members().any(|member| member.node.waits(operation))
    }

    /// Requests that wait for their answers.
    pub fn pendings(&self) -> &Pendings {
        &self.pendings
    }

    /// What clients ask beside the lines of the text, and the client that does.
    pub fn load(&self) -> Option<(&Load, u16)> {
        self.load.as_ref().map(|generator| (generator.load(), generator.client()))
    }

    /// Where reads go.
    pub fn routing(&self) -> &Routing {
        &self.routing
    }

    /// How long clients wait, µs.
    pub fn timeout_us(&self) -> Us {
        self.timeout_us
    }

    /// The seed of all chance.
    pub fn seed(&self) -> u64 {
        self.seed
    }

    /// The master that clients write to: the first one, or the one that was promoted last.
    pub fn master(&self) -> u16 {
        self.master
    }

    /// Nodes that follow another one, in the order of their coming.
    pub fn slaves(&self) -> &[u16] {
        &self.slaves
    }

    /// All nodes that ever were, removed ones too.
    pub fn members(&self) -> impl Iterator<Item = &Member> {
        self.endpoints.iter().filter_map(|endpoint| match endpoint {
            Endpoint::Node(member) => Some(&**member),
            Endpoint::Client { .. } | Endpoint::Observer(_) => None,
        })
    }

    /// A node by its endpoint number.
    pub fn member(&self, id: u16) -> Option<&Member> {
        match self.endpoints.get(usize::from(id)) {
            Some(Endpoint::Node(member)) => Some(member),
            _ => None,
        }
    }

    /// A node whose process is not asked, with what its disk is read by.
    fn member_and_context(&mut self, id: u16) -> Option<(&mut Member, &Rules, &History)> {
        match self.endpoints.get_mut(usize::from(id)) {
            Some(Endpoint::Node(member)) => Some((member, &self.rules, &self.history)),
            _ => None,
        }
    }

    fn member_mut(&mut self, id: u16) -> Option<&mut Member> {
        match self.endpoints.get_mut(usize::from(id)) {
            Some(Endpoint::Node(member)) => Some(member),
            _ => None,
        }
    }

    /// All clients with their names.
    pub fn clients(&self) -> impl Iterator<Item = (&Client, &Name)> {
        self.endpoints.iter().filter_map(|endpoint| match endpoint {
            Endpoint::Client { name, client } => Some((client, name)),
            Endpoint::Node(_) | Endpoint::Observer(_) => None,
        })
    }

    fn client_mut(&mut self, id: u16) -> Option<&mut Client> {
        match self.endpoints.get_mut(usize::from(id)) {
            Some(Endpoint::Client { client, .. }) => Some(client),
            _ => None,
        }
    }

    /// The name of a node or client.
    pub fn name(&self, id: u16) -> &str {
        match self.endpoints.get(usize::from(id)) {
            Some(Endpoint::Node(member)) => member.name.as_str(),
            Some(Endpoint::Client { name, .. }) => name.as_str(),
            Some(Endpoint::Observer(observer)) => observer.name.as_str(),
            None => "",
        }
    }

    /// The channel from one endpoint to another.
    pub fn channel(&self, from: u16, to: u16) -> Option<&Channel<Message>> {
        self.sim.channel(from, to)
    }

    /// All channels.
    pub fn channels(&self) -> &[Channel<Message>] {
        self.sim.channels()
    }

    /// A hash of the state of all nodes. The same on every machine.
    pub fn state_hash(&self) -> u64 {
        let mut hasher = Portable::default();
        for member in self.members() {
            (member.node.id, member.process, member.removed).hash(&mut hasher);
            (member.node.position(), member.node.progress(), member.node.disk.epoch).hash(&mut hasher);
            for (key, cell) in member.node.disk.store.iter() {
                (key, cell).hash(&mut hasher);
            }
        }
        hasher.finish()
    }
}
