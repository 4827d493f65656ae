//! One way of a link: what is sent arrives in order, after a while, or is stopped.

use std::collections::VecDeque;

use super::chance::{Chance, Stream};
use crate::limits;
use crate::scenario::{LinkChange, Ratio};
use crate::time::{MS, SECOND, Us};

/// How a channel is broken, if it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Condition {
    /// Bytes travel.
    Open,
    /// Closed: what is sent is refused.
    Cut,
    /// Open, but bytes stop, since this time.
    Held {
        /// When it was held, µs.
        since_us: Us,
    },
}

/// A message on its way.
#[derive(Debug, Clone)]
pub struct Flight<M> {
    /// Its number in the run.
    pub id: u32,
    /// What is carried.
    pub message: M,
    /// Size on the wire.
    pub bytes: u32,
    /// When it was sent, µs.
    pub sent_us: Us,
    /// When it arrives, if nothing stops it, µs.
    pub arrives_us: Us,
    /// Whether it was lost and sent again.
    pub resent: bool,
}

/// Properties of a channel.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Quality {
    /// Time from end to end, µs.
    pub latency_us: Us,
    /// Up to this much more, evenly distributed, µs.
    pub jitter_us: Us,
    /// Chance that a packet is lost and must be sent again.
    pub loss: Ratio,
    /// Bytes per second, 0 for unlimited.
    pub bandwidth: u64,
}

impl Default for Quality {
    fn default() -> Self {
        Self { latency_us: MS, jitter_us: 0, loss: Ratio { part: 0, of: 1 }, bandwidth: 0 }
    }
}

impl Quality {
    /// With the properties that a change names.
    pub fn changed(mut self, change: LinkChange) -> Self {
        self.latency_us = change.latency_us.unwrap_or(self.latency_us);
        self.jitter_us = change.jitter_us.unwrap_or(self.jitter_us);
        self.loss = change.loss.unwrap_or(self.loss);
        self.bandwidth = change.bandwidth.unwrap_or(self.bandwidth);
        self
    }
}

/// One way of a link between two endpoints.
#[derive(Debug, Clone)]
pub struct Channel<M> {
    /// Endpoint it comes from.
    pub from: u16,
    /// Endpoint it goes to.
    pub to: u16,
    /// Its properties now.
    pub quality: Quality,
    /// Whether it works.
    pub condition: Condition,
    /// What is on its way, in order.
    pub flights: VecDeque<Flight<M>>,
    /// Counts up when an announced arrival no longer holds.
    pub(super) generation: u32,
    /// When the second of the last message is over, how many were sent in it, and in the second before.
    sent: (Us, u32, u32),
    /// When the wire is free again, µs.
    free_us: Us,
    /// When the last message arrives, or has arrived, µs.
    last_us: Us,
    /// Bytes that were sent since it is held.
    held_bytes: u64,
    chance: Chance,
}

impl<M> Channel<M> {
    pub(super) fn new(from: u16, to: u16, quality: Quality, chance: Chance) -> Self {
        Self {
            from,
            to,
            quality,
            condition: Condition::Open,
            flights: VecDeque::new(),
            generation: 0,
            sent: (SECOND, 0, 0),
            free_us: 0,
            last_us: 0,
            held_bytes: 0,
            chance,
        }
    }

    pub(super) fn reseed(&mut self, seed: u64) {
        self.chance = Chance::new(seed, Stream::Channel { from: self.from, to: self.to });
    }

    /// The connection is gone, and all that was on the wire.
    pub(super) fn clear(&mut self, now: Us) {
        self.flights.clear();
        self.generation += 1;
        self.last_us = 0;
        // While it is held, the wire's clock stands still, for a new connection too.
        self.free_us = match self.condition {
            Condition::Held { since_us } => since_us,
            _ => now,
        };
        self.held_bytes = 0;
    }

    /// Bytes that were sent and have not yet left their host: they wait in its buffer for the wire.
    #[inline(always)]
    pub fn unsent_bytes(&self, now: Us) -> u64 {
        match (self.condition, self.quality.bandwidth) {
            (Condition::Held { .. }, 0) => self.held_bytes,
            (Condition::Held { since_us }, rate) => rate * self.free_us.saturating_sub(since_us) / SECOND,
            (_, 0) => 0,
            (_, rate) => rate * self.free_us.saturating_sub(now) / SECOND,
        }
    }

    /// When no more than so many bytes wait for the wire, µs; nothing while it is held.
    pub fn unsent_until(&self, bytes: u64) -> Option<Us> {
        match self.condition {
            Condition::Held { .. } => None,
            _ => {
                Some(self.free_us - (bytes * SECOND).checked_div(self.quality.bandwidth).unwrap_or(0).min(self.free_us))
            }
        }
    }

    /// The host is gone, and with it all that has not left it yet.
    pub(super) fn drop_unsent(&mut self, now: Us) {
        let held_us = match self.condition {
            Condition::Held { since_us } => Some(since_us),
            _ => None,
        };
        let wire_now = held_us.unwrap_or(now);
        // From the last one back: the wire had one message after the other.
        let mut leaves_us = self.free_us;
        while let Some(last) = self.flights.back() {
            let waits_for_wire = leaves_us > wire_now;
            let waits_for_release = held_us.is_some_and(|since_us| last.sent_us >= since_us);
            if !waits_for_wire && !waits_for_release {
                break;
            }
            leaves_us -=
                (u64::from(last.bytes) * SECOND).checked_div(self.quality.bandwidth).unwrap_or(0).min(leaves_us);
            self.flights.pop_back();
        }
        self.free_us = wire_now;
        self.held_bytes = 0;
        self.last_us = self.flights.back().map_or(0, |last| last.arrives_us);
    }

    pub(super) fn start_clock(&mut self) {
        self.free_us = 0;
        self.last_us = 0;
        self.sent = (SECOND, 0, 0);
        self.flights.clear();
    }

    /// Puts a message on the wire. As with TCP, what is lost is sent again after a time-out, and what was sent
    /// later waits for it.
    #[inline(always)]
    pub(super) fn put(&mut self, now: Us, id: u32, bytes: u32, message: M) -> Us {
        self.count(now);
        // While it is held, the wire's clock stands still: what is sent waits at its beginning.
        let wire_now = match self.condition {
            Condition::Held { since_us } => {
                self.held_bytes += u64::from(bytes);
                since_us
            }
            _ => now,
        };
        self.free_us = self.free_us.max(wire_now);
        self.free_us += (u64::from(bytes) * 1_000_000).checked_div(self.quality.bandwidth).unwrap_or(0);
        let lost = if self.quality.loss.part == 0 { 0 } else { self.losses() };
        let jitter_us = if self.quality.jitter_us == 0 { 0 } else { self.chance.below(self.quality.jitter_us + 1) };
        let mut due_us = self.free_us + self.quality.latency_us + jitter_us;
        if lost > 0 {
            due_us += u64::from(lost) * resend_after_us(self.quality);
        }
        let arrives_us = due_us.max(self.last_us);
        self.last_us = arrives_us;
        self.flights.push_back(Flight { id, message, bytes, sent_us: now, arrives_us, resent: lost > 0 });
        arrives_us
    }

    #[cold]
    fn losses(&mut self) -> u32 {
        let mut lost = 0;
        while lost < limits::RETRANSMISSIONS_MAX && self.chance.happens(self.quality.loss) {
            lost += 1;
        }
        lost
    }

    fn count(&mut self, now: Us) {
        let (ends_us, count, _) = &mut self.sent;
        if now < *ends_us {
            *count += 1;
        } else {
            let before = if now < *ends_us + SECOND { *count } else { 0 };
            self.sent = ((now / SECOND + 1) * SECOND, 1, before);
        }
    }

    /// Whether its first message is the one whose arrival was announced.
    #[inline(always)]
    pub(super) fn announced(&self, generation: u32) -> bool {
        self.generation == generation && self.condition == Condition::Open
    }

    /// Messages that were sent in the last full second.
    pub fn rate(&self, now: Us) -> u32 {
        let (ends_us, count, before) = self.sent;
        if now < ends_us {
            before
        } else if now < ends_us + SECOND {
            count
        } else {
            0
        }
    }

    /// Lets bytes go on after a hold: each message still needs what it had left.
    pub(super) fn release(&mut self, now: Us, since_us: Us) {
        let mut last_us = 0;
        for flight in &mut self.flights {
            let left_us = flight.arrives_us.saturating_sub(since_us);
            flight.arrives_us = (now + left_us.max(limits::LATENCY_US_MIN)).max(last_us);
            last_us = flight.arrives_us;
        }
        self.last_us = last_us;
        self.held_bytes = 0;
        if self.free_us > since_us {
            self.free_us += now - since_us;
        }
    }

    /// How much of its way a message has behind it, 0 to 1. For drawing only.
    pub fn progress(&self, now: Us, flight: &Flight<M>) -> f64 {
        let until = match self.condition {
            Condition::Held { since_us } => since_us.max(flight.sent_us),
            _ => now,
        };
        let span = flight.arrives_us.saturating_sub(flight.sent_us).max(1);
        (until.saturating_sub(flight.sent_us) as f64 / span as f64).min(1.0)
    }
}

/// TCP's retransmission time-out: at least 200 ms (Linux, TCP_RTO_MIN), else two round trips.
fn resend_after_us(quality: Quality) -> Us {
    (4 * quality.latency_us + 2 * quality.jitter_us).max(200 * MS)
}
