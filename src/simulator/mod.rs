//! Time, chance and network. It knows nothing of databases: it carries messages and rings timers.

mod chance;
mod channel;
mod queue;

pub use chance::{Chance, Stream};
pub use channel::{Channel, Condition, Flight, Quality};
pub use queue::Queue;

use crate::time::Us;

/// What comes next.
#[derive(Debug, Clone, Copy)]
pub enum First {
    /// A message, on this channel.
    Message(usize),
    /// A timer, or a connection that is closed.
    Other,
    /// Nothing in time.
    Nothing,
}

/// What happened next.
#[derive(Debug, Clone, PartialEq)]
pub enum Happening<T> {
    /// A connection was closed, or refused, because the link is cut.
    Closed {
        /// Who learns of it.
        at: u16,
        /// Who is at the other end.
        peer: u16,
        /// Whether it was refused when something was sent, not broken while it was open.
        refused: bool,
    },
    /// A timer rings.
    Rang {
        /// Whose it is.
        owner: u16,
        /// Which one.
        timer: T,
    },
}

#[derive(Debug, Clone)]
enum Due<T> {
    Closed { at: u16, peer: u16, refused: bool },
    Timer { owner: u16, timer: T },
}

const NO_CHANNEL: u32 = u32::MAX;

/// The simulated world of messages `M` and timers `T`.
#[derive(Debug, Clone)]
pub struct Simulator<M, T> {
    queue: Queue<Due<T>>,
    channels: Vec<Channel<M>>,
    /// Index into `channels` by sender and receiver.
    table: Vec<u32>,
    /// Endpoints that the table has room for.
    ends: usize,
    seed: u64,
    next_flight: u32,
    now: Us,
}

impl<M, T> Simulator<M, T> {
    /// An empty world. All chance in it comes from `seed`.
    pub fn new(seed: u64) -> Self {
        Self { queue: Queue::default(), channels: Vec::new(), table: Vec::new(), ends: 0, seed, next_flight: 1, now: 0 }
    }

    /// All chance from now on comes from another seed.
    pub fn reseed(&mut self, seed: u64) {
        self.seed = seed;
        for channel in &mut self.channels {
            channel.reseed(seed);
        }
    }

    /// The time now: that of the last event, or what it was set to since.
    pub fn now(&self) -> Us {
        self.now
    }

    /// Moves the time on, up to the next event at most.
    pub fn wait_until(&mut self, at: Us) {
        self.now = self.now.max(at);
    }

    /// Calls the present instant 0. Nothing may be on its way and no timer set.
    pub fn start_clock(&mut self) {
        debug_assert!(self.next_at().is_none());
        self.now = 0;
        self.queue = Queue::default();
        self.channels.iter_mut().for_each(Channel::start_clock);
    }

    /// Makes the two channels between two endpoints, if they are not there yet.
    pub fn join(&mut self, a: u16, b: u16, quality: Quality) {
        for (from, to) in [(a, b), (b, a)] {
            if self.channel(from, to).is_none() {
                let chance = Chance::new(self.seed, Stream::Channel { from, to });
                self.note_index(from, to);
                self.channels.push(Channel::new(from, to, quality, chance));
            }
        }
    }

    fn note_index(&mut self, from: u16, to: u16) {
        let (from, to) = (usize::from(from), usize::from(to));
        let ends = from.max(to) + 1;
        if ends > self.ends {
            let wide = ends.next_power_of_two().max(8);
            let mut table = vec![NO_CHANNEL; wide * wide];
            for (place, index) in self.table.iter().enumerate() {
                if let Some(slot) = table.get_mut(place / self.ends.max(1) * wide + place % self.ends.max(1)) {
                    *slot = *index;
                }
            }
            (self.table, self.ends) = (table, wide);
        }
        if let Some(slot) = self.table.get_mut(from * self.ends + to) {
            *slot = u32::try_from(self.channels.len()).unwrap_or(NO_CHANNEL);
        }
    }

    #[inline(always)]
    fn index(&self, from: u16, to: u16) -> Option<usize> {
        if usize::from(to) >= self.ends {
            return None;
        }
        let index = *self.table.get(usize::from(from) * self.ends + usize::from(to))?;
        (index != NO_CHANNEL).then_some(index as usize)
    }

    /// The channel from one endpoint to another.
    pub fn channel(&self, from: u16, to: u16) -> Option<&Channel<M>> {
        self.channels.get(self.index(from, to)?)
    }

    /// All channels, in the order in which they were made.
    pub fn channels(&self) -> &[Channel<M>] {
        &self.channels
    }

    /// Changes what a channel is like, for what is sent from now on.
    pub fn set_quality(&mut self, from: u16, to: u16, change: impl Fn(Quality) -> Quality) {
        if let Some(channel) = self.index(from, to).and_then(|index| self.channels.get_mut(index)) {
            channel.quality = change(channel.quality);
        }
    }

    /// Sends a message. If the channel is cut, the sender learns that it is closed instead.
    #[inline]
    pub fn send(&mut self, from: u16, to: u16, bytes: u32, message: M) {
        self.send_if_room(from, to, bytes, message, usize::MAX);
    }

    /// The same, but where so many are on the way it is lost. It is called at many places: inlined at each, the engine no
    /// longer fits the processor's first cache.
    #[inline(never)]
    pub fn send_if_room(&mut self, from: u16, to: u16, bytes: u32, message: M, most: usize) {
        let Some(index) = self.index(from, to) else { return };
        let Some(channel) = self.channels.get_mut(index) else { return };
        if channel.condition == Condition::Cut {
            self.queue.push(self.now, Due::Closed { at: from, peer: to, refused: true });
            return;
        }
        if channel.flights.len() >= most {
            return;
        }
        let was_empty = channel.flights.is_empty();
        let arrives_us = channel.put(self.now, self.next_flight, bytes, message);
        self.next_flight = self.next_flight.wrapping_add(1);
        if was_empty {
            self.queue.push_head(arrives_us, index, channel.generation);
        }
    }

    /// Opens a new connection with a first message: what the old one still had on the wire is dropped, both ways.
    /// A connection needs both ways, so it is refused if either is cut.
    pub fn connect(&mut self, from: u16, to: u16, bytes: u32, message: M) {
        self.drop_flights(from, to);
        self.drop_flights(to, from);
        let cut = |channel: Option<&Channel<M>>| channel.is_none_or(|channel| channel.condition == Condition::Cut);
        if cut(self.channel(to, from)) {
            self.queue.push(self.now, Due::Closed { at: from, peer: to, refused: true });
        } else {
            self.send(from, to, bytes, message);
        }
    }

    /// Drops what is on its way to an endpoint: nobody is there to read it.
    pub fn drop_inbound(&mut self, to: u16) {
        for channel in self.channels.iter_mut().filter(|channel| channel.to == to) {
            channel.clear(self.now);
        }
    }

    /// An endpoint's power is cut: what it has sent and what has not left it yet is gone.
    pub fn drop_unsent(&mut self, from: u16) {
        for index in 0..self.channels.len() {
            let Some(channel) = self.channels.get_mut(index).filter(|channel| channel.from == from) else { continue };
            channel.drop_unsent(self.now);
            channel.generation += 1;
            self.announce(index);
        }
    }

    fn drop_flights(&mut self, from: u16, to: u16) {
        if let Some(channel) = self.index(from, to).and_then(|index| self.channels.get_mut(index)) {
            channel.clear(self.now);
        }
    }

    /// Rings a timer at a time.
    pub fn set_timer(&mut self, at: Us, owner: u16, timer: T) {
        self.queue.push(at.max(self.now), Due::Timer { owner, timer });
    }

    /// Cuts a channel: what is on the way is lost, and both ends learn of it at once.
    pub fn cut(&mut self, from: u16, to: u16) -> bool {
        let changed = self.set_condition(from, to, Condition::Cut);
        if changed {
            self.drop_flights(from, to);
            self.queue.push(self.now, Due::Closed { at: from, peer: to, refused: false });
            self.queue.push(self.now, Due::Closed { at: to, peer: from, refused: false });
        }
        changed
    }

    /// Holds a channel: it stays open, bytes stop.
    pub fn hold(&mut self, from: u16, to: u16) -> bool {
        match self.channel(from, to).map(|channel| channel.condition) {
            Some(Condition::Open | Condition::Cut) => {
                self.set_condition(from, to, Condition::Held { since_us: self.now })
            }
            _ => false,
        }
    }

    /// Heals a channel.
    pub fn heal(&mut self, from: u16, to: u16) -> bool {
        let Some(index) = self.index(from, to) else { return false };
        let now = self.now;
        let Some(channel) = self.channels.get_mut(index) else { return false };
        let before = channel.condition;
        channel.condition = Condition::Open;
        if let Condition::Held { since_us } = before {
            channel.release(now, since_us);
            channel.generation += 1;
            self.announce(index);
        }
        before != Condition::Open
    }

    fn set_condition(&mut self, from: u16, to: u16, condition: Condition) -> bool {
        let Some(channel) = self.index(from, to).and_then(|index| self.channels.get_mut(index)) else { return false };
        let changed = channel.condition != condition;
        channel.condition = condition;
        channel.generation += 1;
        changed
    }

    /// Puts the arrival of a channel's first message into the queue. The others wait behind it: one event a
    /// channel keeps the queue small.
    fn announce(&mut self, index: usize) {
        let Some(channel) = self.channels.get(index) else { return };
        let Some(head) = channel.flights.front() else { return };
        self.queue.push_head(head.arrives_us, index, channel.generation);
    }

    /// When something may happen next.
    pub fn next_at(&mut self) -> Option<Us> {
        loop {
            let item = self.queue.first()?;
            match item.head() {
                Some((channel, generation)) if !self.is_announced(channel, generation) => self.queue.drop_head(),
                _ => return Some(item.at()),
            }
        }
    }

    #[inline(always)]
    fn is_announced(&self, channel: usize, generation: u32) -> bool {
        self.channels.get(channel).is_some_and(|channel| channel.announced(generation))
    }

    /// What comes next, if it comes no later than `until`. If it is a message, the time is now that of its arrival.
    #[inline(always)]
    pub fn first(&mut self, until: Us) -> First {
        loop {
            let Some(item) = self.queue.first() else { return First::Nothing };
            match item.head() {
                Some((channel, generation)) if !self.is_announced(channel, generation) => self.queue.drop_head(),
                _ if item.at() > until => return First::Nothing,
                Some((channel, _)) => {
                    self.now = item.at();
                    return First::Message(channel);
                }
                None => return First::Other,
            }
        }
    }

    /// The ends of a channel: from and to.
    #[inline(always)]
    pub fn ends_of(&self, channel: usize) -> (u16, u16) {
        self.channels.get(channel).map_or((0, 0), |channel| (channel.from, channel.to))
    }

    /// Takes the first message off a channel, which is what comes next.
    #[inline(always)]
    pub fn arrive(&mut self, channel: usize) -> Option<Flight<M>> {
        let flights = &mut self.channels.get_mut(channel)?.flights;
        let flight = flights.pop_front()?;
        match flights.front() {
            // The event of this channel's head is now that of the next one.
            Some(head) => self.queue.put_off(head.arrives_us),
            None => self.queue.drop_head(),
        }
        Some(flight)
    }

    /// What comes next and is no message.
    pub fn next_other(&mut self) -> Option<Happening<T>> {
        let (at, due) = self.queue.pop()?;
        self.now = at;
        Some(match due {
            Due::Timer { owner, timer } => Happening::Rang { owner, timer },
            Due::Closed { at, peer, refused } => Happening::Closed { at, peer, refused },
        })
    }

    /// When timers ring that are set, and whose they are, in no order.
    pub fn timers_at(&self) -> impl Iterator<Item = (Us, u16, &T)> {
        self.queue.timed().filter_map(|(at, due)| match due {
            Due::Timer { owner, timer } => Some((at, *owner, timer)),
            _ => None,
        })
    }

    /// Timers that are set, in no order.
    pub fn timers(&self) -> impl Iterator<Item = (u16, &T)> {
        self.queue.iter().filter_map(|due| match due {
            Due::Timer { owner, timer } => Some((*owner, timer)),
            _ => None,
        })
    }
}

#[cfg(test)]
mod tests;
