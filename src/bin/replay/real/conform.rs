//! `replay real --conform`: recorded scenarios on real servers, beside the simulator.

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::Instant;

use replication_playground::conform::{self, Observed};

use super::Options;
use super::installed::Installed;
use super::steps;
use crate::files::{Done, print, read};
use replication_playground::export::Engine;

/// A difference is looked at so many times before it counts.
const TRIES: usize = 3;

struct Task {
    scenario: Observed,
    preset: String,
}

/// What came of one try.
struct Try {
    seen: Vec<String>,
    /// Why it could not be played to its end.
    fault: Option<String>,
}

/// What came of a scenario.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Verdict {
    /// As recorded.
    Held,
    /// As recorded, but not each time.
    Flaky,
    /// Never as recorded.
    Differs,
}

/// Plays all scenarios of files that are of this engine, each under each of its presets.
pub fn play(engine: Engine, files: &[PathBuf], options: &Options) -> Done<ExitCode> {
    super::installed::programs(engine)?;
    let mut tasks = Vec::new();
    for file in files {
        for scenario in conform::read(&read(file)?)? {
            for preset in
                scenario.presets.iter().filter(|preset| preset.starts_with(super::installed::preset_prefix(engine)))
            {
                let named = format!("{}/{preset}", scenario.name);
                if options.only.as_ref().is_none_or(|only| only.split(',').any(|part| named.contains(part))) {
                    tasks.push(Task { scenario: scenario.clone(), preset: preset.clone() });
                }
            }
        }
    }
    if tasks.is_empty() {
        return Err(
            format!("no scenario that is wanted has a preset {}…", super::installed::preset_prefix(engine)).into()
        );
    }
    let folder = options.folder()?;
    let installed = super::installed::prepare(engine, folder.path())?;
    let begun = Instant::now();
    let mut verdicts = side_by_side(&tasks, options.jobs, |number, task| {
        let place = folder.path().join(number.to_string());
        let (verdict, report) = judge(&installed, engine, task, &place);
        let _ = print(&report);
        if !options.keep {
            let _ = std::fs::remove_dir_all(&place);
        }
        verdict
    });
    // Many clusters on few cores are slow, and what is late can look like a difference: alone it is not.
    for (number, verdict) in verdicts.iter_mut().enumerate().filter(|(_, verdict)| **verdict == Verdict::Differs) {
        let Some(task) = tasks.get(number) else { continue };
        let (again, report) = judge(&installed, engine, task, &folder.path().join(format!("{number}-alone")));
        print(&format!("alone: {report}"))?;
        *verdict = if again == Verdict::Differs { again } else { Verdict::Flaky };
    }
    let count = |wanted| verdicts.iter().filter(|verdict| **verdict == wanted).count();
    let (held, flaky, differ) = (count(Verdict::Held), count(Verdict::Flaky), count(Verdict::Differs));
    let seconds = begun.elapsed().as_secs();
    print(&format!("{held} held, {flaky} flaky, {differ} differ; {} scenarios in {seconds} s\n", tasks.len()))?;
    options.tell_kept(&folder)?;
    Ok(if differ == 0 { ExitCode::SUCCESS } else { ExitCode::from(1) })
}

/// Does tasks in so many threads. What came of them is in their order.
pub fn side_by_side<T: Sync, R: Send>(tasks: &[T], jobs: usize, does: impl Fn(usize, &T) -> R + Sync) -> Vec<R> {
    let next = AtomicUsize::new(0);
    let done = Mutex::new(Vec::new());
    thread::scope(|scope| {
        for _ in 0..jobs.min(tasks.len()) {
            scope.spawn(|| {
                loop {
                    let number = next.fetch_add(1, Ordering::Relaxed);
                    let Some(task) = tasks.get(number) else { return };
                    let came = does(number, task);
                    done.lock().unwrap_or_else(std::sync::PoisonError::into_inner).push((number, came));
                }
            });
        }
    });
    let mut done = done.into_inner().unwrap_or_else(std::sync::PoisonError::into_inner);
    done.sort_by_key(|(number, _)| *number);
    done.into_iter().map(|(_, came)| came).collect()
}

fn judge(installed: &Installed, engine: Engine, task: &Task, folder: &Path) -> (Verdict, String) {
    let Task { scenario, preset } = task;
    let begun = Instant::now();
    let mut report = String::new();
    for number in 1..=TRIES {
        let tried = match steps::play(installed, scenario, preset, &folder.join(number.to_string())) {
            Ok(seen) => Try { seen, fault: None },
            Err(why) => Try { seen: Vec::new(), fault: Some(why) },
        };
        let found = differences(engine, scenario, preset, &tried);
        if found.is_empty() {
            let seconds = begun.elapsed().as_secs_f64();
            let (verdict, word) = match number {
                1 => (Verdict::Held, "held".to_owned()),
                _ => (Verdict::Flaky, format!("flaky: held at try {number}")),
            };
            return (verdict, format!("{} / {preset}: {word} ({seconds:.1} s)\n{report}", scenario.name));
        }
        report.push_str(&format!("  try {number}:\n{found}"));
    }
    (Verdict::Differs, format!("{} / {preset}: DIFFERS\n{report}", scenario.name))
}

/// The steps at which real servers did not do what was recorded, each beside the simulator.
fn differences(engine: Engine, scenario: &Observed, preset: &str, tried: &Try) -> String {
    if let Some(why) = &tried.fault {
        return format!("    {why}\n");
    }
    let simulated = conform::seen(scenario, preset).unwrap_or_default();
    let mut found = String::new();
    for (index, step) in scenario.steps.iter().enumerate() {
        let real = tried.seen.get(index).map_or("", String::as_str);
        if !conform::agrees(engine.word(), &step.expected, real) {
            let simulated = narrow(simulated.get(index).map_or("?", String::as_str), &step.expected);
            let (line, operation, recorded) = (step.line, &step.operation, &step.expected);
            let real = narrow(real, recorded);
            found.push_str(&format!(
                "    line {line}: {operation}: recorded {recorded}, real {real}, simulated {simulated}\n"
            ));
        }
    }
    found
}

/// Of facts the one that was asked for, so that two can be put side by side.
pub fn narrow(seen: &str, wanted: &str) -> String {
    let Some((key, _)) = wanted.split_once('=') else { return seen.to_owned() };
    let found = seen.split(' ').find(|fact| fact.split_once('=').is_some_and(|(name, _)| name == key));
    found.unwrap_or(seen).to_owned()
}
