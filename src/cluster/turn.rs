//! The way out of a node: what it sends, which timers it sets, and what it writes down.

use super::message::{Message, Reply};
use super::rules::Rules;
use super::{Timer, node};
use crate::facts::{Cell, Event};
use crate::history::{Entry, History, LOAD_FIRST};
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

    /// The same for what carries no words of a client, and so needs no look at them: entries, acknowledgements.
    #[inline(always)]
    pub fn send_wordless(&mut self, to: u16, message: Message) {
        self.sim.send(self.node, to, message.bytes(0), message);
    }

    /// Answers a read.
    pub fn answer_read(&mut self, to: u16, operation: u32, cell: Option<Cell>) {
        let value = cell.map_or(0, |cell| self.history.value_bytes(cell.write));
        let message = Message::Answer { operation, reply: Reply::Value(cell) };
        let bytes = message.bytes(u32::try_from(value).unwrap_or(u32::MAX));
        self.sim.send_if_room(self.node, to, bytes, message, room_for(operation));
    }

    /// Bytes for a peer that wait for the wire.
    #[inline(always)]
    pub fn unsent_bytes(&self, to: u16) -> u64 {
        self.sim.channel(self.node, to).map_or(0, |channel| channel.unsent_bytes(self.now))
    }

    /// When half of the buffer for a peer is free, µs; nothing while the link is held.
    pub fn room_at(&self, to: u16) -> Option<Us> {
        let half = u64::from(self.rules.send_buffer / 2);
        self.sim.channel(self.node, to)?.unsent_until(half)
    }

    /// What happened so far, and the entries of all logs.
    pub fn history(&self) -> &History {
        self.history
    }

    /// Notes an entry that the log of this node gets. Its number.
    pub fn add_entry(&mut self, entry: Entry) -> u32 {
        self.history.add_entry(entry)
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
    sim.send_if_room(from, to, bytes, message, room_for(operation));
}

/// With how many messages on the way one more is lost: those of a load must not use up the memory of the page.
#[inline(always)]
fn room_for(operation: u32) -> usize {
    if operation >= LOAD_FIRST { limits::LOAD_MESSAGES_MAX } else { usize::MAX }
}
