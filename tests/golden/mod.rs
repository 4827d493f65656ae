//! The golden run: thousands of lines with every kind of command, and the hash that it must give everywhere.

use replication_playground::run::Run;

/// Made by `replay random --seed 2026 --lines 4000 --quiet-end`.
pub const TEXT: &str = include_str!("golden.run");

/// Must be the same natively, in Chromium and in Firefox. How it is defined stands in src/facts/hash.rs. It changes only with that
/// definition, or when the engine behaves differently:
/// then say in the commit what changed and why.
pub const HASH: u64 = 0x37dec367c069389b;

/// Plays it as a page would: in pieces of a tenth of a second.
pub fn hash_played_in_pieces() -> u64 {
    let mut run = Run::new(TEXT).expect("the golden run is a run text");
    let last = run.last_line_us();
    while run.now() < last {
        let next = (run.now() + 100_000).min(last);
        while !run.advance(next, 50) {}
    }
    run.play_out();
    run.hash()
}
