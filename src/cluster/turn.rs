//! The way out of a node: what it sends, which timers it sets, and what it writes down.

use super::message::{Message, Reply};
use super::rules::Rules;
use super::{Timer, node};
use crate::facts::{Cell, Event};
use crate::history::{History, LOAD_FIRST};
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

    /// Sends a message of a known size that no load asks for.
    #[inline(always)]
    pub fn send_sized(&mut self, to: u16, bytes: u32, message: Message) {
        self.sim.send_if_room(self.node, to, bytes, message, usize::MAX);
    }

    /// Answers a read.
    pub fn answer_read(&mut self, to: u16, operation: u32, cell: Option<Cell>) {
        let value = cell.map_or(0, |cell| self.history.value_bytes(cell.write)) as u32;
        let most = if operation >= LOAD_FIRST { limits::LOAD_MESSAGES_MAX } else { usize::MAX };
        let message = Message::Answer { operation, reply: Reply::Value(cell) };
        self.sim.send_if_room(self.node, to, 56 + value, message, most);
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

    /// Writes down a fact of the many.
    #[inline(always)]
    pub fn note_frequent(&mut self, event: Event) {
        self.history.note_frequent(self.now, event);
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
    let bytes = message.bytes(u32::try_from(words).unwrap_or(u32::MAX));
    let most = if operation >= LOAD_FIRST { limits::LOAD_MESSAGES_MAX } else { usize::MAX };
    sim.send_if_room(from, to, bytes, message, most);
}
