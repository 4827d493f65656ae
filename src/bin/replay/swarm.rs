//! `replay swarm`: random runs with random faults, until one does not end as it must.

use std::process::ExitCode;

use replication_playground::swarm;

use crate::files::{Done, print};
use crate::progress::Progress;

/// Plays so many runs, from this seed on. Prints the first one that fails.
pub fn search(runs: u64, seed: u64) -> Done<ExitCode> {
    let mut progress = Progress::new();
    for number in 0..runs {
        progress.show(number, runs, || format!("{number} of {runs} runs"));
        if let Some(failed) = swarm::run(seed.wrapping_add(number)) {
            progress.clear();
            print(&format!("# seed {}: {}\n{}", failed.seed, failed.why, failed.text))?;
            return Ok(ExitCode::from(1));
        }
    }
    progress.clear();
    print(&format!("{runs} runs, all as they must be\n"))?;
    Ok(ExitCode::SUCCESS)
}
