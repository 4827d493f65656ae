//! `replay practice`: a lesson with one question, from a seed.

use std::process::ExitCode;

use replication_playground::practice::puzzle;

use crate::files::{Done, print};

/// Prints a puzzle; with `solved` also which answer is right, as a comment.
pub fn write(preset: &str, level: u8, seed: u64, solved: bool) -> Done<ExitCode> {
    let puzzle = puzzle(preset, level, seed)?;
    print(&puzzle.text)?;
    if solved {
        print(&format!("# Answer {} is right.\n", puzzle.right + 1))?;
    }
    Ok(ExitCode::SUCCESS)
}
