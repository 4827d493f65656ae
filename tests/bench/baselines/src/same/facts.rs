//! What happened: the latest facts, and a hash of all.

use std::collections::VecDeque;

use crate::model::Time;

/// As many as the engine keeps.
pub const KEPT_MAX: usize = 300_000;

/// What a fact says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[repr(u8)]
pub enum Kind {
    /// A client asked a node.
    Asked,
    /// A slave looked a key up.
    Served,
    /// The master put an entry into its log.
    Logged,
    /// A slave put an entry into its log.
    Received,
    /// A log was flushed up to an entry.
    Flushed,
    /// A node applied an entry.
    Applied,
    /// The master heard how far a slave is.
    Acknowledged,
    /// A request has its outcome.
    Finished,
    /// An answer came to a request that had its outcome already.
    Late,
}

/// A fact, 24 bytes.
#[derive(Debug, Clone, Copy, Hash)]
pub struct Fact {
    /// When.
    pub at: Time,
    /// What it speaks of: a request, an entry, or two numbers beside each other.
    pub subject: u64,
    /// What else it says.
    pub detail: u32,
    /// The node that it speaks of.
    pub node: u16,
    /// What it says.
    pub kind: Kind,
}

/// The facts of a run.
#[derive(Debug, Hash)]
pub struct Facts {
    kept: VecDeque<Fact>,
    ever: u64,
    hash: u64,
}

impl Default for Facts {
    fn default() -> Self {
        Self { kept: VecDeque::with_capacity(KEPT_MAX), ever: 0, hash: 0 }
    }
}

impl Facts {
    /// Notes a fact.
    #[inline(always)]
    pub fn note(&mut self, fact: Fact) {
        self.hash_word(fact.at);
        self.hash_word(fact.subject);
        self.hash_word(u64::from(fact.detail) << 32 | u64::from(fact.node) << 8 | fact.kind as u64);
        if self.kept.len() == KEPT_MAX {
            self.kept.pop_front();
        }
        self.kept.push_back(fact);
        self.ever += 1;
    }

    /// Takes a word into the hash that is in no fact.
    #[inline(always)]
    pub fn hash_word(&mut self, word: u64) {
        self.hash = (self.hash.rotate_left(25) ^ word).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    }

    /// Those that are kept.
    pub fn kept(&self) -> &VecDeque<Fact> {
        &self.kept
    }

    /// How many there were.
    pub fn ever(&self) -> u64 {
        self.ever
    }
}
