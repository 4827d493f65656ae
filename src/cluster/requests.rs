//! The side of the clients: what they ask, where the router sends it, and what they hear.

use super::pending::{Nodes, Pending};
use super::rules::by_rank;
use super::{Cluster, Endpoint, LineOutcome, Message, Reply, Timer};
use super::{Request as Asked, RequestKind};
use crate::facts::{Event, Failure};
use crate::history::{Kind, LOAD_FIRST, Needs, Operation, Outcome, Value, Write};
use crate::limits;
use crate::scenario::{Name, NoNode, OwnWrites, Request, Router, Setting};
use crate::time::{MS, Us};

/// How long a router waits before it looks again for a node to ask.
const LOOK_AGAIN_US: Us = 50 * MS;

/// Where reads go.
#[derive(Debug, Clone, Default)]
pub struct Routing {
    /// How a slave is chosen.
    pub router: Router,
    /// What a client's own write means for its reads.
    pub own_writes: OwnWrites,
    /// Slaves that lag more are left out, µs.
    pub max_lag_us: Option<Us>,
    /// What is done when no slave can be asked.
    pub no_node: NoNode,
    /// All ways to route that were ever in force, in words; the last one that was set is at `now`.
    policies: Vec<String>,
    now: u16,
}

impl Routing {
    /// All ways to route that were ever in force, in the words of the run text.
    pub fn policies(&self) -> &[String] {
        &self.policies
    }

    /// The place of the one that is in force.
    pub fn policy(&self) -> usize {
        usize::from(self.now)
    }

    /// Takes note of what is in force now.
    pub(super) fn note_policy(&mut self) {
        let mut words = self.router.to_string();
        if self.own_writes != OwnWrites::Off {
            words.push_str(&format!(", {}", Setting::OwnWrites(self.own_writes)));
        }
        if self.max_lag_us.is_some() {
            words.push_str(&format!(", {}", Setting::MaxLag(self.max_lag_us)));
        }
        if self.no_node != NoNode::Master {
            words.push_str(&format!(", {}", Setting::NoNode(self.no_node)));
        }
        let known = self.policies.iter().position(|policy| *policy == words);
        let place = known.unwrap_or_else(|| {
            self.policies.push(words);
            self.policies.len() - 1
        });
        self.now = u16::try_from(place).unwrap_or(u16::MAX);
    }
}

type Done = Result<LineOutcome, String>;

impl Cluster {
    pub(super) fn operate(
        &mut self,
        client: Option<&Name>,
        request: &Request,
        target: Option<&Name>,
        local: bool,
    ) -> Done {
        let (kind, key, value) = match request {
            Request::Read { key } => (Kind::Read, key, Value::Deleted),
            Request::Write { key, value } => (Kind::Write, key, Value::Text(value.as_str().into())),
            Request::Delete { key } => (Kind::Delete, key, Value::Deleted),
        };
        let target = self.target(target)?;
        let key = self
            .history
            .key_number(key)
            .ok_or_else(|| format!("a run has at most {} different keys", limits::KEYS_MAX))?;
        let client = self.client_named(client)?;
        let operation = self.history.add_operation(Operation { key, local, ..self.new_operation(client, kind) });
        if kind != Kind::Read {
            self.note_write(operation, Write { key, value, operation, client, told_us: None });
        }
        if target.is_some()
            && let Some(record) = self.history.operation_mut(operation)
        {
            record.policy = None;
        }
        let (nodes, routed) = match (target, kind) {
            (Some(node), _) => (smallvec::smallvec![node], false),
            (None, Kind::Read) => (self.route(client, operation), true),
            (None, _) => (smallvec::smallvec![self.master], false),
        };
        Ok(self.start_operation(client, operation, nodes, routed, self.timeout_us))
    }

    /// What a request is to write.
    pub(super) fn note_write(&mut self, operation: u32, write: Write) {
        let write = self.history.add_write(write);
        if let Some(record) = self.history.operation_mut(operation) {
            record.write = write;
        }
    }

    pub(super) fn wait(&mut self, client: Option<&Name>, slaves: u8, within_us: Us, target: Option<&Name>) -> Done {
        let node = self.target(target)?.unwrap_or(self.master);
        let client = self.client_named(client)?;
        let record =
            Operation { needs: Needs::Slaves(slaves, within_us as u32), ..self.new_operation(client, Kind::Wait) };
        let operation = self.history.add_operation(record);
        Ok(self.start_operation(client, operation, smallvec::smallvec![node], false, self.timeout_us + within_us))
    }

    fn target(&mut self, name: Option<&Name>) -> Result<Option<u16>, String> {
        name.map(|name| self.node(name).map(|member| member.node.id)).transpose()
    }

    fn client_named(&mut self, name: Option<&Name>) -> Result<u16, String> {
        let first = Name("A".into());
        self.add_client(name.unwrap_or(&first))
    }

    pub(super) fn new_operation(&self, client: u16, kind: Kind) -> Operation {
        Operation::new(client, kind, self.routing.now, self.sim.now())
    }

    pub(super) fn start_operation(
        &mut self,
        client: u16,
        operation: u32,
        mut nodes: Nodes,
        routed: bool,
        timeout_us: Us,
    ) -> LineOutcome {
        let waits = routed && self.routing.no_node == NoNode::Wait;
        let first = nodes.pop();
        if first.is_none() && !waits {
            self.note(Event::Asked { operation, node: None });
            self.finish(operation, Outcome::Failed(Failure::NoNode));
            return LineOutcome::Operation(operation);
        }
        let pending = Pending { client, node: first, others: nodes, routed, gives_up: (0, 0) };
        self.pendings.insert(operation, pending, self.sim.now() + timeout_us);
        match first {
            Some(node) => self.ask(client, operation, node),
            None => self.look_again_later(client, operation),
        }
        self.history.note_frequent(self.sim.now(), Event::Asked { operation, node: first });
        LineOutcome::Operation(operation)
    }

    /// The client's oldest write that has no answer yet waits no longer for slaves.
    pub(super) fn cancel(&mut self, client: Option<&Name>) -> Done {
        let client = self.client_named(client)?;
        let waiting = self.pendings.of(client).next();
        let writes = |operation: u32| self.history.operation(operation).is_some_and(|record| record.write > 0);
        let Some((operation, &Pending { node: Some(node), .. })) = waiting.filter(|(operation, _)| writes(*operation))
        else {
            return Err("no write waits".to_owned());
        };
        self.send(client, node, Message::Cancel { operation });
        Ok(LineOutcome::Done)
    }

    /// The nodes to ask for a read, the best one last.
    pub(super) fn route(&mut self, client: u16, operation: u32) -> Nodes {
        let (nodes, needs) = self.route_for(client);
        if let Some(record) = self.history.operation_mut(operation).filter(|_| needs != Needs::Nothing) {
            record.needs = needs;
        }
        nodes
    }

    /// The same, and what the first of them must have applied.
    #[inline]
    pub(super) fn route_for(&mut self, client: u16) -> (Nodes, Needs) {
        let (now, master) = (self.sim.now(), self.master);
        let session = match self.endpoints.get(usize::from(client)) {
            Some(Endpoint::Client { client, .. }) => client.wrote(),
            _ => None,
        };
        let mut needs = Needs::Nothing;
        match (self.routing.own_writes, session) {
            (OwnWrites::Master(us), Some((_, wrote_us))) if now < wrote_us + us => {
                return (Nodes::from_slice(&[master]), needs);
            }
            (OwnWrites::Position(within_us), Some((lsn, _))) => needs = Needs::Position(lsn, within_us as u32),
            _ => {}
        }
        if let Router::Node(name) = &self.routing.router {
            let named = self.named(name).filter(|&id| self.member(id).is_some_and(|member| !member.removed));
            return (named.into_iter().collect(), needs);
        }
        let only_master = matches!(self.routing.router, Router::Master);
        let mut nodes = Nodes::new();
        if self.routing.no_node == NoNode::Master || only_master {
            nodes.push(master);
        }
        if only_master {
            return (nodes, needs);
        }
        let ranked;
        let slaves =
            if self.routing.max_lag_us.is_some() || matches!(self.routing.router, Router::LeastLag | Router::Nearest) {
                ranked = self.ranked_slaves(client);
                &ranked[..]
            } else {
                &self.slaves[..]
            };
        let mut first = 0;
        if let Some(Endpoint::Client { client, .. }) = self.endpoints.get_mut(usize::from(client)) {
            first = client.choose(&self.routing.router, slaves);
        }
        // The best one comes last. A slave that lags would make the client wait twice: behind the first one only the
        // master is asked.
        let (before, behind) = slaves.split_at(first);
        if !matches!(needs, Needs::Position(1.., _)) {
            before.iter().rev().for_each(|slave| nodes.push(*slave));
            behind.iter().skip(1).rev().for_each(|slave| nodes.push(*slave));
        }
        if let Some(best) = behind.first() {
            nodes.push(*best);
        }
        (nodes, needs)
    }

    /// The slaves that may be asked, the best first.
    fn ranked_slaves(&self, client: u16) -> Nodes {
        let (engine, now) = (self.rules.engine(), self.sim.now());
        // What the engine's own meter says, where a router asks it.
        let lag =
            |slave: u16| engine.router_lag(&self.member(slave)?.node, now, &self.history, self.reported_lag(slave));
        let rank = |slave: u16| match self.routing.router {
            Router::LeastLag => lag(slave).map_or(u64::MAX, |(entries, _)| entries),
            Router::Nearest => self.way_us(client, slave),
            _ => 0,
        };
        let mut slaves = Nodes::from_slice(&self.slaves);
        if let Some(max_us) = self.routing.max_lag_us {
            slaves.retain(|slave| lag(*slave).is_some_and(|(_, us)| us <= max_us));
        }
        if matches!(self.routing.router, Router::LeastLag | Router::Nearest) {
            let ranked = by_rank(slaves.iter().map(|&slave| (rank(slave), slave)));
            slaves = ranked.into_iter().map(|(_, slave)| slave).collect();
        }
        slaves
    }

    /// How far a slave lags as the node that it follows knows it: entries, and the age of the oldest one, µs. Nothing
    /// if it is not connected, or nobody there can tell.
    pub fn reported_lag(&self, slave: u16) -> Option<(u64, Us)> {
        let upstream = self.member(slave)?.node.followed()?;
        let upstream = self.member(upstream).filter(|upstream| upstream.process == super::Process::Up)?;
        upstream.node.reported_lag(self.sim.now(), slave, &self.history)
    }

    fn way_us(&self, a: u16, b: u16) -> Us {
        let latency = |from, to| self.channel(from, to).map_or(0, |channel| channel.quality.latency_us);
        latency(a, b) + latency(b, a)
    }

    fn look_again_later(&mut self, client: u16, operation: u32) {
        self.sim.set_timer(self.sim.now() + LOOK_AGAIN_US, client, Timer::LookAgain(operation));
    }

    /// A router that found no node looks again.
    pub(super) fn look_again(&mut self, client: u16, operation: u32) {
        if self.pendings.get(operation).is_none_or(|pending| pending.node.is_some()) {
            return;
        }
        let mut nodes = self.route(client, operation);
        let Some(node) = nodes.pop() else {
            self.look_again_later(client, operation);
            return;
        };
        self.ask_instead(operation, Some(node), nodes);
        self.note(Event::Retried { operation, node });
        self.ask(client, operation, node);
    }

    fn ask_instead(&mut self, operation: u32, node: Option<u16>, others: Nodes) {
        if let Some(pending) = self.pendings.get_mut(operation) {
            pending.node = node;
            pending.others = others;
        }
    }

    /// Whether a request waits for an answer of this node.
    fn awaits(&self, operation: u32, node: u16) -> bool {
        self.pendings.get(operation).is_some_and(|pending| pending.node == Some(node))
    }

    pub(super) fn client_message(&mut self, from: u16, to: u16, message: &Message) {
        match *message {
            Message::Answer { operation, reply } => {
                // Another node may know better.
                let elsewhere = match reply {
                    Reply::Failed(failure @ (Failure::NotCaughtUp | Failure::Recovering)) => Some(failure),
                    _ => None,
                };
                let awaited = self.pendings.take_of(operation, from, elsewhere.is_some());
                if let Some(failure) = elsewhere.filter(|_| awaited) {
                    self.retry_or_fail(to, operation, failure);
                    return;
                }
                if !awaited {
                    self.history.note(
                        self.sim.now(),
                        Event::AnswerTooLate { operation, failed: matches!(reply, Reply::Failed(_)) },
                    );
                    return;
                }
                if let Reply::Done { lsn } | Reply::DoneUnconfirmed { lsn } = reply {
                    let now = self.sim.now();
                    if let Some(client) = self.client_mut(to) {
                        client.note_write(lsn, now);
                    }
                }
                let outcome = match reply {
                    Reply::Done { .. } => Outcome::Done,
                    Reply::DoneUnconfirmed { .. } => Outcome::Unconfirmed,
                    Reply::Count(slaves) => Outcome::Count(slaves),
                    Reply::Value(cell) => Outcome::Value(cell),
                    Reply::Failed(failure) => Outcome::Failed(failure),
                };
                self.finish(operation, outcome);
            }
            Message::Refused { operation } if self.awaits(operation, from) => {
                self.retry_or_fail(to, operation, Failure::ConnectionRefused);
            }
            Message::Closed => self.connection_gone(to, from, false),
            _ => {}
        }
    }

    pub(super) fn connection_gone(&mut self, client: u16, node: u16, refused: bool) {
        let failure = if refused { Failure::ConnectionRefused } else { Failure::ConnectionLost };
        for operation in self.pendings.asked_of(client, node) {
            self.retry_or_fail(client, operation, failure);
        }
    }

    fn retry_or_fail(&mut self, client: u16, operation: u32, failure: Failure) {
        let sticky = self.routing.router == Router::Sticky;
        let waits = self.routing.no_node == NoNode::Wait;
        let routed = self.pendings.get(operation).is_some_and(|pending| pending.routed);
        let Some(asking) = self.pendings.get_mut(operation) else { return };
        if let Some(node) = asking.others.pop() {
            asking.node = Some(node);
            if let Some(client) = self.client_mut(client).filter(|_| sticky && routed) {
                client.stick_to(node);
            }
            self.history.note(self.sim.now(), Event::Retried { operation, node });
            self.ask(client, operation, node);
        } else if waits && routed {
            self.ask_instead(operation, None, Nodes::new());
            self.look_again_later(client, operation);
        } else {
            self.pendings.take(operation);
            self.finish(operation, Outcome::Failed(failure));
        }
    }

    pub(super) fn finish(&mut self, operation: u32, outcome: Outcome) {
        let now = self.sim.now();
        if let Some(record) = self.history.operation_mut(operation) {
            record.end(now, outcome);
            let write = record.write;
            if outcome == Outcome::Done && write > 0 {
                self.history.told(write, now);
            }
        }
        self.history.absorb(outcome);
        self.history.note_frequent(now, Event::Finished { operation });
        if operation >= LOAD_FIRST {
            self.load_answered(matches!(outcome, Outcome::Failed(_)));
        }
    }

    /// A load asks for something: its request is complete when it is noted, where there is a node to ask.
    pub(super) fn start_of_load(&mut self, client: u16, read: bool, key: u32, bytes: u16) {
        let kind = if read { Kind::Read } else { Kind::Write };
        let (mut nodes, needs) =
            if read { self.route_for(client) } else { (smallvec::smallvec![self.master], Needs::Nothing) };
        let operation = self.history.next_load_operation();
        let mut record = Operation { key, needs, ..self.new_operation(client, kind) };
        if !read {
            let value = Value::Made(bytes);
            record.write = self.history.add_write(Write { key, value, operation, client, told_us: None });
        }
        let Some(node) = nodes.pop() else {
            self.history.add_load_operation(record);
            self.start_operation(client, operation, nodes, read, self.timeout_us);
            return;
        };
        record.node = Some(node);
        let request = self.request(operation, &record, node);
        self.history.add_load_operation(record);
        let pending = Pending { client, node: Some(node), others: nodes, routed: read, gives_up: (0, 0) };
        self.pendings.insert(operation, pending, self.sim.now() + self.timeout_us);
        self.send(client, node, Message::Request(request));
        self.history.note_frequent(self.sim.now(), Event::Asked { operation, node: Some(node) });
    }

    /// Sends the request of an operation to a node.
    fn ask(&mut self, client: u16, operation: u32, node: u16) {
        let Some(record) = self.history.operation_mut(operation) else { return };
        record.node = Some(node);
        let record = record.clone();
        let request = self.request(operation, &record, node);
        self.send(client, node, Message::Request(request));
    }

    /// What a node gets to hear of an operation.
    #[inline(always)]
    fn request(&self, operation: u32, record: &Operation, node: u16) -> Asked {
        let kind = match (self.history.write(record.write), record.needs) {
            (None, Needs::Slaves(slaves, within_us)) => RequestKind::Wait { slaves, within_us },
            (None, Needs::Position(after, within_us)) if node != self.master => RequestKind::Read { after, within_us },
            (None, _) => RequestKind::Read { after: 0, within_us: 0 },
            (Some(write), _) => {
                let delete = write.value == Value::Deleted;
                let bytes = 24 + self.history.key(record.key).len() + self.history.value_bytes(record.write);
                let bytes = u32::try_from(bytes).unwrap_or(u32::MAX);
                RequestKind::Write { write: record.write, delete, bytes, local: record.local }
            }
        };
        Asked { operation, key: record.key, kind }
    }
}
