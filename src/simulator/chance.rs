//! Chance: one seeded generator for each part of the simulation.

use rand_core::{Rng, SeedableRng};
use rand_xoshiro::Xoshiro256PlusPlus;

use crate::scenario::Ratio;

/// Who draws. Each has a stream of its own, so that one more draw of one of them does not change the others.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stream {
    /// A directed link.
    Channel {
        /// Endpoint it comes from.
        from: u16,
        /// Endpoint it goes to.
        to: u16,
    },
    /// The router of a client.
    Client(u16),
    /// A load, by its number in the run.
    Load(u32),
    /// How long the work of a node takes.
    Node(u16),
}

/// A generator of whole numbers: xoshiro256++, whose stream is promised to stay as it is.
#[derive(Debug, Clone, PartialEq)]
pub struct Chance(Xoshiro256PlusPlus);

impl Chance {
    /// The stream of one part of the run with this seed.
    pub fn new(seed: u64, stream: Stream) -> Self {
        let number = match stream {
            Stream::Channel { from, to } => 1 << 40 | u64::from(from) << 16 | u64::from(to),
            Stream::Client(client) => 2 << 40 | u64::from(client),
            Stream::Load(number) => 3 << 40 | u64::from(number),
            Stream::Node(node) => 4 << 40 | u64::from(node),
        };
        // An odd multiplier spreads the stream's number over the seed; seed_from_u64 then mixes all bits.
        Self(Xoshiro256PlusPlus::seed_from_u64(seed ^ number.wrapping_mul(0x9e37_79b9_7f4a_7c15)))
    }

    /// A number from 0 to `below` − 1, or 0 for `below` 0. The bias is under `below` in 2^32 for small numbers, in 2^64 for
    /// others: WebAssembly has no product of 128 bits.
    pub fn below(&mut self, below: u64) -> u64 {
        if below <= 1 << 20 {
            return ((self.0.next_u64() >> 32) * below) >> 32;
        }
        let wide = u128::from(self.0.next_u64()) * u128::from(below);
        (wide >> 64) as u64
    }

    /// A number with mean 1, exponentially distributed. `libm` is the same on every machine, the system's logarithm is not.
    pub fn exponential(&mut self) -> f64 {
        // The upper 53 bits, never 0.
        let uniform = ((self.0.next_u64() >> 11) + 1) as f64 / (1u64 << 53) as f64;
        -libm::log(uniform)
    }

    /// True with this probability. Draws nothing when it is impossible.
    pub fn happens(&mut self, ratio: Ratio) -> bool {
        ratio.part > 0 && self.below(u64::from(ratio.of)) < u64::from(ratio.part)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_stream_is_the_same_on_every_machine_and_in_every_version() {
        let mut chance = Chance::new(7, Stream::Client(1));
        let drawn: Vec<u64> = (0..4).map(|_| chance.below(1_000_000)).collect();
        assert_eq!(drawn, GOLDEN);
    }
    const GOLDEN: [u64; 4] = [642_084, 896_183, 698_047, 95_324];

    #[test]
    fn streams_differ() {
        let mut a = Chance::new(7, Stream::Channel { from: 0, to: 1 });
        let mut b = Chance::new(7, Stream::Channel { from: 1, to: 0 });
        assert_ne!(a.below(u64::MAX), b.below(u64::MAX));
    }

    #[test]
    fn a_share_comes_out_as_often_as_it_says() {
        let mut chance = Chance::new(1, Stream::Client(0));
        let hits = (0..100_000).filter(|_| chance.happens(Ratio { part: 1, of: 4 })).count();
        assert!((24_300..=25_700).contains(&hits), "{hits}");
        assert!(!chance.happens(Ratio { part: 0, of: 1 }));
    }
}
