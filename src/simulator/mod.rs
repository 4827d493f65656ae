//! Time, chance and network. It knows nothing of databases: it carries messages and rings timers.

mod chance;
mod channel;
mod queue;

pub use chance::{Chance, Stream};
pub use channel::{Channel, Condition, Flight, Quality};
pub use queue::Queue;

use crate::time::Us;

/// What happened next.
#[derive(Debug, Clone, PartialEq)]
pub enum Happening<M, T> {
    /// A message has arrived.
    Arrived {
        /// Who sent it.
        from: u16,
        /// Who gets it.
        to: u16,
        /// What it carries.
        message: M,
    },
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
    Head { channel: u32, generation: u32 },
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
    table: Vec<Vec<u32>>,
    seed: u64,
    next_flight: u32,
    now: Us,
}

impl<M, T> Simulator<M, T> {
    /// An empty world. All chance in it comes from `seed`.
    pub fn new(seed: u64) -> Self {
        Self { queue: Queue::default(), channels: Vec::new(), table: Vec::new(), seed, next_flight: 1, now: 0 }
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
        if self.table.len() <= from {
            self.table.resize(from + 1, Vec::new());
        }
        if let Some(row) = self.table.get_mut(from) {
            if row.len() <= to {
                row.resize(to + 1, NO_CHANNEL);
            }
            if let Some(slot) = row.get_mut(to) {
                *slot = u32::try_from(self.channels.len()).unwrap_or(NO_CHANNEL);
            }
        }
    }

    #[inline(always)]
    fn index(&self, from: u16, to: u16) -> Option<usize> {
        let index = *self.table.get(usize::from(from))?.get(usize::from(to))?;
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
    pub fn send(&mut self, from: u16, to: u16, bytes: u32, message: M) {
        let Some(index) = self.index(from, to) else { return };
        let Some(channel) = self.channels.get_mut(index) else { return };
        if channel.condition == Condition::Cut {
            self.queue.push(self.now, Due::Closed { at: from, peer: to, refused: true });
            return;
        }
        let was_empty = channel.flights.is_empty();
        channel.put(self.now, self.next_flight, bytes, message);
        self.next_flight = self.next_flight.wrapping_add(1);
        if was_empty {
            self.announce(index);
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
        let number = u32::try_from(index).unwrap_or(NO_CHANNEL);
        self.queue.push(head.arrives_us, Due::Head { channel: number, generation: channel.generation });
    }

    /// When something may happen next.
    pub fn next_at(&mut self) -> Option<Us> {
        while let Some(Due::Head { channel, generation }) = self.queue.peek() {
            if self.channels.get(*channel as usize).is_some_and(|channel| channel.announced(*generation)) {
                break;
            }
            self.queue.pop();
        }
        self.queue.next_at()
    }

    /// The next thing that happens, if it happens no later than `until`.
    pub fn next(&mut self, until: Us) -> Option<Happening<M, T>> {
        self.now = self.next_at().filter(|at| *at <= until)?;
        if let Some(&Due::Head { channel, .. }) = self.queue.peek() {
            return self.arrive(channel as usize);
        }
        match self.queue.pop()?.1 {
            Due::Timer { owner, timer } => Some(Happening::Rang { owner, timer }),
            Due::Closed { at, peer, refused } => Some(Happening::Closed { at, peer, refused }),
            Due::Head { .. } => None,
        }
    }

    /// The first message of a channel arrives; the next one takes its place in the queue.
    #[inline(always)]
    fn arrive(&mut self, number: usize) -> Option<Happening<M, T>> {
        let channel = self.channels.get_mut(number)?;
        let flight = channel.flights.pop_front()?;
        match channel.flights.front() {
            // The event of this channel's head is now that of the next one.
            Some(head) => self.queue.put_off(head.arrives_us),
            None => {
                self.queue.pop();
            }
        }
        Some(Happening::Arrived { from: channel.from, to: channel.to, message: flight.message })
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
