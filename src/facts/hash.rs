//! The hash of what happened.
//!
//! It is defined over words of 64 bits. Each is mixed into the state by [`Portable::word`]: turned left by 25 bits, xor,
//! times the golden ratio's bits. In the order in which they happened count
//!
//! - each fact, with the three words of [`super::Packed`]; before a rare one its [`super::Event`], as derived `Hash` writes
//!   it (the variant's number and the fields), small numbers sharing words from the lowest bits on;
//! - where they come up: a new key, a new write, the outcome of a request, a command.
//!
//! At the end what the nodes hold is mixed in (the `hash` of a run), and the bits once more.

use std::hash::{Hash, Hasher};

/// A hasher that gives the same result on 32-bit and 64-bit machines. Hundreds of thousands of facts go through it in a
/// second, so small numbers share a word, and a word takes two steps. It finds changes, it does not keep out those who want
/// to forge them.
#[derive(Debug, Clone, Copy, Default)]
pub struct Portable {
    state: u64,
    /// Numbers that wait until a word is full, and how many bits they have.
    word: u64,
    bits: u32,
}

#[inline(always)]
fn mixed(state: u64, word: u64) -> u64 {
    // The golden ratio's bits, odd.
    (state.rotate_left(25) ^ word).wrapping_mul(0x9e37_79b9_7f4a_7c15)
}

impl Portable {
    /// Takes in something whole. A word of its own begins with it: so the compiler knows which numbers share one.
    #[inline(always)]
    pub fn take(&mut self, what: impl Hash) {
        let mut own = Self { state: self.state, word: 0, bits: 0 };
        what.hash(&mut own);
        self.state = own.flushed();
    }

    /// Takes in a word.
    #[inline(always)]
    pub fn word(&mut self, word: u64) {
        self.state = mixed(self.state, word);
    }

    #[inline(always)]
    fn flushed(self) -> u64 {
        mixed(self.state, self.word)
    }

    #[inline(always)]
    fn put(&mut self, number: u64, bits: u32) {
        if self.bits + bits > 64 {
            self.state = self.flushed();
            (self.word, self.bits) = (number, bits);
        } else {
            self.word |= number << self.bits;
            self.bits += bits;
        }
    }
}

impl Hasher for Portable {
    /// With the bits mixed once more, as MurmurHash 3 does it in the end (`fmix64`).
    fn finish(&self) -> u64 {
        let mut hash = self.flushed();
        hash = (hash ^ hash >> 33).wrapping_mul(0xff51_afd7_ed55_8ccd);
        hash = (hash ^ hash >> 33).wrapping_mul(0xc4ce_b9fe_1a85_ec53);
        hash ^ hash >> 33
    }
    fn write(&mut self, bytes: &[u8]) {
        for chunk in bytes.chunks(8) {
            let mut word = [0; 8];
            word.iter_mut().zip(chunk).for_each(|(to, from)| *to = *from);
            self.put(u64::from_le_bytes(word), 64);
        }
        self.put(bytes.len() as u64, 64);
    }
    #[inline(always)]
    fn write_u8(&mut self, n: u8) {
        self.put(n.into(), 8);
    }
    #[inline(always)]
    fn write_u16(&mut self, n: u16) {
        self.put(n.into(), 16);
    }
    #[inline(always)]
    fn write_u32(&mut self, n: u32) {
        self.put(n.into(), 32);
    }
    #[inline(always)]
    fn write_u64(&mut self, n: u64) {
        self.put(n, 64);
    }
    fn write_usize(&mut self, n: usize) {
        self.put(n as u64, 64);
    }
    /// Which of an enumeration's variants it is: all of them have fewer than 256.
    #[inline(always)]
    fn write_isize(&mut self, n: isize) {
        self.put(n as u64 & 0xff, 8);
    }
}
