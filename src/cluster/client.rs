//! A client: a session that asks, routes, waits, and gives up. It knows which node is the master, and nothing of
//! who is down: that it learns as anybody does, by asking.

use crate::facts::Lsn;
use crate::scenario::Router;
use crate::simulator::{Chance, Stream};
use crate::time::Us;

/// A client.
#[derive(Debug, Clone)]
pub struct Client {
    /// Endpoint number.
    pub id: u16,
    /// Where round robin goes on.
    turn: usize,
    /// The slave that it sticks to.
    home: Option<u16>,
    /// Position of its last acknowledged write, and when it heard of that, µs.
    wrote: Option<(Lsn, Us)>,
    chance: Chance,
}

impl Client {
    /// A client that has asked nothing yet.
    pub fn new(id: u16, chance: Chance) -> Self {
        Self { id, turn: 0, home: None, wrote: None, chance }
    }

    /// Position of its last acknowledged write, and when it heard of that, µs.
    pub fn wrote(&self) -> Option<(Lsn, Us)> {
        self.wrote
    }

    /// All chance from now on comes from another seed.
    pub fn reseed(&mut self, seed: u64) {
        self.chance = Chance::new(seed, Stream::Client(self.id));
    }

    /// Makes this slave the one that it sticks to.
    pub fn stick_to(&mut self, slave: u16) {
        self.home = Some(slave);
    }

    /// Takes note of an acknowledged write.
    pub fn note_write(&mut self, lsn: Lsn, now: Us) {
        let before = self.wrote.map_or(0, |(lsn, _)| lsn);
        self.wrote = Some((before.max(lsn), now));
    }

    /// The place of the slave that is to be asked first. They come in order where the router has one.
    #[inline]
    pub fn choose(&mut self, router: &Router, slaves: &[u16]) -> usize {
        if slaves.is_empty() {
            return 0;
        }
        let home = || self.home.and_then(|home| slaves.iter().position(|&slave| slave == home));
        let first = match router {
            Router::Random => self.chance.below(slaves.len() as u64) as usize,
            Router::RoundRobin | Router::Sticky => match home().filter(|_| matches!(router, Router::Sticky)) {
                Some(home) => home,
                None => {
                    // A client that sticks to a slave begins at its own number, so that clients spread.
                    let begin = if matches!(router, Router::Sticky) { usize::from(self.id) } else { self.turn };
                    self.turn += 1;
                    begin % slaves.len()
                }
            },
            _ => 0,
        };
        self.home = slaves.get(first).copied();
        first
    }
}
