//! `replay random`: a random run text.

use std::process::ExitCode;

use replication_playground::random;

use crate::files::{Done, print};

/// Prints a random text. If a run text cannot have so many lines, it prints as many as one can have, and says so.
pub fn write(seed: u64, lines: usize, quiet_end: bool) -> Done<ExitCode> {
    let fitting = random::fitting_text(seed, lines, quiet_end);
    if let Some(limit) = fitting.limit {
        eprintln!("replay: {} of {lines} lines are printed: a run text has at most {limit}", fitting.lines);
    }
    print(&fitting.text)?;
    Ok(ExitCode::SUCCESS)
}
