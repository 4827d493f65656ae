//! The way out of a node: what it sends, which timers it sets, and what it writes down.

use super::message::{Message, Reply};
use super::rules::Rules;
use super::{Timer, node};
use crate::history::{Event, History, LOAD_FIRST};
use crate::limits;
use crate::simulator::Simulator;
use crate::time::Us;

/// What a node works with while it handles one input. It reaches nothing else.
pub(super) struct Turn<'a> {
    /// The time, µs.
    pub now: Us,
    /// The settings in force.
    pub rules: &'a Rules,
    node: u16,
    sim: &'a mut Simulator<Message, Timer>,
    history: &'a mut History,
}

impl<'a> Turn<'a> {
    /// The turn of a node at the instant that it is now.
    pub fn new(node: u16, rules: &'a Rules, sim: &'a mut Simulator<Message, Timer>, history: &'a mut History) -> Self {
        Self { now: sim.now(), rules, node, sim, history }
    }

    /// Sends a message.
    pub fn send(&mut self, to: u16, message: Message) {
        post(self.sim, self.history, (self.node, to), message);
    }

    /// Opens a connection with a first message.
    pub fn connect(&mut self, to: u16, message: Message) {
        let bytes = message.bytes(0);
        self.sim.connect(self.node, to, bytes, message);
    }

    /// Rings a timer.
    pub fn timer(&mut self, at: Us, timer: node::Timer) {
        self.sim.set_timer(at, self.node, Timer::Node(timer));
    }

    /// Writes down a fact.
    pub fn note(&mut self, event: Event) {
        self.history.note(self.now, event);
    }

    /// Answers a request.
    pub fn answer(&mut self, to: u16, operation: u32, reply: Reply) {
        self.send(to, Message::Answer { operation, reply });
    }
}

/// Puts a message on its way from one endpoint to another, if there is room for it.
pub(super) fn post(sim: &mut Simulator<Message, Timer>, history: &History, (from, to): (u16, u16), message: Message) {
    let (operation, words) = match &message {
        Message::Request(request) => (request.operation, history.key(request.key).len()),
        Message::Answer { operation, reply: Reply::Value(Some(cell)) } => (*operation, history.value_bytes(cell.write)),
        Message::Answer { operation, .. } => (*operation, 0),
        _ => (0, 0),
    };
    let full = || sim.channel(from, to).is_some_and(|channel| channel.flights.len() >= limits::LOAD_MESSAGES_MAX);
    if operation >= LOAD_FIRST && full() {
        return;
    }
    let bytes = message.bytes(u32::try_from(words).unwrap_or(u32::MAX));
    sim.send(from, to, bytes, message);
}
