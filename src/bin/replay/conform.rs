//! `replay conform`: scenarios that were observed on real databases.

use std::path::Path;
use std::process::ExitCode;

use replication_playground::conform::{self, Difference, Step};

use crate::files::{Done, print, read};
use crate::progress::Progress;

/// Plays each scenario of a file under each of its presets.
pub fn play(file: &Path) -> Done<ExitCode> {
    let (mut passed, mut failed) = (0, 0);
    let scenarios = conform::read(&read(file)?)?;
    let all: usize = scenarios.iter().map(|scenario| scenario.presets.len()).sum();
    let mut progress = Progress::new();
    for scenario in &scenarios {
        for preset in &scenario.presets {
            let name = format!("{} / {preset}", scenario.name);
            let said = match conform::play(scenario, preset) {
                Ok(None) => {
                    passed += 1;
                    format!("{name}: held\n")
                }
                Ok(Some(Difference { step, got })) => {
                    failed += 1;
                    let Step { line, operation, expected } = step;
                    format!("{name}: line {line}: {operation}: expected {expected}, got {got}\n")
                }
                Err(why) => {
                    failed += 1;
                    format!("{name}: {why}\n")
                }
            };
            progress.beside(|| print(&said))?;
            let played = passed + failed;
            progress.show(played, all as u64, || format!("{played} of {all} scenarios played"));
        }
    }
    progress.clear();
    print(&format!("{passed} passed, {failed} failed\n"))?;
    Ok(if failed == 0 { ExitCode::SUCCESS } else { ExitCode::from(1) })
}
