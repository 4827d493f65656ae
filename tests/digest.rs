//! What a run says, apart from how it is kept: a digest of all facts, results, requests, judgements, meters and losses.
//!
//! The golden hash is defined by how facts are packed, so it changes when that changes. This digest is taken of what they
//! say in words, so it must not.
#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used, reason = "a test that fails should say so at once")]

use std::fmt::{self, Write};

use replication_playground::history::LOAD_FIRST;
use replication_playground::run::Run;

/// FNV-1a, 64 bits (RFC 9923).
struct Digest(u64);

impl Write for Digest {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        for byte in text.bytes() {
            self.0 = (self.0 ^ u64::from(byte)).wrapping_mul(0x100_0000_01b3);
        }
        Ok(())
    }
}

fn digest(text: &str) -> Result<(u64, u64), fmt::Error> {
    let mut run = Run::new(text).unwrap();
    run.play_out();
    let (history, referee, cluster) = (run.cluster().history(), run.referee(), run.cluster());
    let mut digest = Digest(0xcbf2_9ce4_8422_2325);
    for fact in history.since(0) {
        writeln!(digest, "{} {} {:?}", fact.seq, fact.at_us, fact.event)?;
    }
    for result in run.results() {
        writeln!(digest, "{result:?}")?;
    }
    for (number, asked) in (1..).zip(history.operations().iter()) {
        write!(digest, "{:?} {:?} {:?} ", asked.asked_us, asked.done_us(), asked.outcome)?;
        writeln!(digest, "{:?}", referee.judgement(number))?;
    }
    for (number, asked) in history.load_operations().iter() {
        write!(digest, "{number} {:?} {:?} {:?} ", asked.asked_us, asked.done_us(), asked.outcome)?;
        writeln!(digest, "{:?}", referee.judgement(LOAD_FIRST + number))?;
    }
    for slot in run.meters().slots().iter() {
        writeln!(digest, "{slot:?}")?;
    }
    write!(digest, "{:?} {:?} {} ", referee.convergence(cluster), referee.lost(), referee.broken())?;
    write!(digest, "{:?} {:?}", referee.prices(), referee.takeovers())?;
    Ok((history.len(), digest.0))
}

#[track_caller]
fn assert_digest(text: &str, (facts, wanted): (u64, u64)) {
    let (count, got) = digest(text).unwrap();
    assert_eq!((count, format!("{got:016x}")), (facts, format!("{wanted:016x}")));
}

#[test]
fn the_golden_run_says_what_it_said() {
    assert_digest(include_str!("golden/golden.run"), (18_438, 0xcc02_1267_494c_3911));
}

#[test]
fn a_run_under_load_that_drops_facts_says_what_it_said() {
    let text = include_str!("bench/bench-cluster.run").replace("at 60s", "at 12s");
    assert_digest(&text, (398_309, 0x707b_91f2_0b58_9e7a));
}
