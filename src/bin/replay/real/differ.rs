//! `replay differ`: random scenarios on real servers, held against the simulator. What differs is played again, and made smaller.

use std::ops::Range;
use std::path::Path;
use std::process::ExitCode;
use std::time::{Duration, Instant};

use replication_playground::conform::{self, Observed, Step};
use replication_playground::scenario::PRESETS;

use super::Options;
use super::conform::{narrow, side_by_side};
use super::driver::Real;
use super::generate::Maker;
use super::installed::Installed;
use super::steps::{self, Steps};
use crate::files::{Done, print};
use replication_playground::export::Engine;

/// How often a difference is played again before it counts.
const AGAIN: usize = 2;
/// How long a scenario is made smaller.
const SHRINKS: Duration = Duration::from_secs(90);
/// Facts that are looked at.
const FACTS: [&str; 5] = ["role", "link", "replication", "sync", "semisync"];
/// Presets of an engine that other programs than its server make.
const LEFT_OUT: [&str; 1] = ["redis-sentinel"];

enum Verdict {
    Agrees,
    /// Not the same each time.
    Flaky,
    Differs,
    /// It could not be played.
    Unplayed,
}

/// Plays a random scenario for each seed.
pub fn play(engine: Engine, seeds: Range<u64>, seconds: Option<u64>, options: &Options) -> Done<ExitCode> {
    if engine == Engine::Patroni {
        return Err("a failover of Patroni takes half a minute: no random scenarios are made of it".into());
    }
    options.begin()?;
    super::installed::programs(engine)?;
    let presets: Vec<&str> = PRESETS.iter().map(|preset| preset.name).collect();
    let wanted = |preset: &&&str| {
        let only = options.only.as_ref().is_none_or(|only| only.split(',').any(|part| preset.contains(part)));
        preset.starts_with(super::installed::preset_prefix(engine)) && !LEFT_OUT.contains(preset) && only
    };
    let presets: Vec<&str> = presets.iter().filter(wanted).copied().collect();
    if presets.is_empty() {
        return Err("no preset of this engine is wanted".into());
    }
    let folder = options.folder()?;
    let installed = super::installed::prepare(engine, folder.path())?;
    let begun = Instant::now();
    let seeds: Vec<u64> = seeds.collect();
    let verdicts = side_by_side(&seeds, options.jobs, |number, seed| {
        if seconds.is_some_and(|seconds| begun.elapsed().as_secs() >= seconds) {
            return None;
        }
        let preset = presets.get(number % presets.len()).copied().unwrap_or("");
        let folder = folder.path().join(seed.to_string());
        let (verdict, report) = one(&installed, engine, *seed, preset, &folder);
        let _ = print(&report);
        if !options.keep {
            let _ = std::fs::remove_dir_all(&folder);
        }
        Some(verdict)
    });
    let verdicts: Vec<Verdict> = verdicts.into_iter().flatten().collect();
    let count = |wanted: fn(&Verdict) -> bool| verdicts.iter().filter(|verdict| wanted(verdict)).count();
    let (agree, differ) = (count(|it| matches!(it, Verdict::Agrees)), count(|it| matches!(it, Verdict::Differs)));
    let (flaky, unplayed) = (count(|it| matches!(it, Verdict::Flaky)), count(|it| matches!(it, Verdict::Unplayed)));
    let seconds = begun.elapsed().as_secs();
    let all = verdicts.len();
    print(&format!(
        "{all} scenarios in {seconds} s: {agree} agree, {differ} differ, {flaky} flaky, {unplayed} not played\n"
    ))?;
    options.tell_kept(&folder)?;
    Ok(if differ == 0 { ExitCode::SUCCESS } else { ExitCode::from(1) })
}

fn one(installed: &Installed, engine: Engine, seed: u64, preset: &str, folder: &Path) -> (Verdict, String) {
    let scenario = match make(installed, engine, seed, preset, &folder.join("made")) {
        Ok(scenario) => scenario,
        Err(why) => return (Verdict::Unplayed, format!("# seed {seed}, {preset}: not played: {why}\n")),
    };
    let Some(at) = first_difference(engine, &scenario, preset) else {
        return (Verdict::Agrees, format!("# seed {seed}, {preset}: agrees ({} steps)\n", scenario.steps.len()));
    };
    for number in 0..AGAIN {
        match observe(installed, &scenario, preset, &folder.join(format!("again{number}"))) {
            Ok(seen) if seen.steps == scenario.steps => {}
            again => {
                return (Verdict::Flaky, format!("# seed {seed}, {preset}: flaky\n{}", flaky(&scenario, at, again)));
            }
        }
    }
    let mut small = scenario;
    small.steps.truncate(at + 1);
    let small = shrink(installed, engine, small, preset, folder);
    (Verdict::Differs, notation(&small, preset))
}

/// A scenario that was not the same each time: up to the step at which the simulator said something else, and what differed then.
fn flaky(scenario: &Observed, at: usize, again: Real<Observed>) -> String {
    let again = match again {
        Ok(again) => again.steps,
        Err(why) => return format!("#   not played again: {why}\n"),
    };
    let mut told = String::new();
    for (index, (first, then)) in scenario.steps.iter().zip(&again).enumerate() {
        let (operation, first, then) = (&first.operation, &first.expected, &then.expected);
        let otherwise = if first == then { String::new() } else { format!(", then {then}") };
        let mark = if index == at { "  (the simulator says something else)" } else { "" };
        if index <= at || first != then {
            told.push_str(&format!("#   {operation} -> {first}{otherwise}{mark}\n"));
        }
    }
    told
}

/// Makes a scenario while it is played on real servers.
fn make(installed: &Installed, engine: Engine, seed: u64, preset: &str, folder: &Path) -> Real<Observed> {
    let mut maker = Maker::new(seed, engine, preset);
    let mut real = Steps::begin(installed, preset, folder)?;
    let mut steps: Vec<Step> = Vec::new();
    loop {
        let player = real.player();
        let Some(operation) = maker.next(player.driver.site(), player.blocked().len()) else { break };
        let mut seen = real.step(&operation, "")?;
        maker.saw(&operation, real.player().driver.site());
        if operation.starts_with("state ") {
            seen = one_fact(&seen, seed + steps.len() as u64);
        }
        if seen == "blocked" && !operation.starts_with("write ") && operation != "waiter" {
            return Err(format!("{operation} hangs"));
        }
        steps.push(Step { line: steps.len() + 3, operation, expected: seen });
    }
    Ok(Observed { name: format!("random-{seed}"), presets: vec![preset.to_owned()], steps })
}

/// One of the facts that were told.
fn one_fact(facts: &str, number: u64) -> String {
    let told: Vec<&str> = facts
        .split(' ')
        .filter(|fact| {
            FACTS.iter().any(|key| narrow(fact, &format!("{key}=")) == *fact && fact.starts_with(&format!("{key}=")))
        })
        .collect();
    let place = usize::try_from(number % told.len().max(1) as u64).unwrap_or(0);
    told.get(place).copied().unwrap_or(facts).to_owned()
}

/// The same scenario with what real servers say this time.
fn observe(installed: &Installed, scenario: &Observed, preset: &str, folder: &Path) -> Real<Observed> {
    let seen = steps::play(installed, scenario, preset, folder)?;
    let _ = std::fs::remove_dir_all(folder);
    let mut again = scenario.clone();
    for (step, seen) in again.steps.iter_mut().zip(seen) {
        step.expected = if step.operation.starts_with("state ") { narrow(&seen, &step.expected) } else { seen };
    }
    Ok(again)
}

/// The first step at which the simulator says something else.
fn first_difference(engine: Engine, scenario: &Observed, preset: &str) -> Option<usize> {
    let seen = conform::seen(scenario, preset).unwrap_or_default();
    let differs = |(index, step): &(usize, &Step)| {
        !seen.get(*index).is_some_and(|seen| conform::agrees(engine.word(), &step.expected, seen))
    };
    scenario.steps.iter().enumerate().find(differs).map(|(index, _)| index)
}

/// Leaves steps out as long as real servers and the simulator still differ at the last one.
fn shrink(installed: &Installed, engine: Engine, scenario: Observed, preset: &str, folder: &Path) -> Observed {
    let end = Instant::now() + SHRINKS;
    let mut best = scenario;
    let mut place = best.steps.len().saturating_sub(1);
    while place > 0 && Instant::now() < end {
        place -= 1;
        let mut less = best.clone();
        less.steps.remove(place);
        let Ok(seen) = observe(installed, &less, preset, &folder.join("less")) else { continue };
        let last = seen.steps.len().saturating_sub(1);
        if first_difference(engine, &seen, preset) == Some(last) {
            best = seen;
        }
    }
    best
}

/// A scenario in the notation, with what the simulator says instead.
fn notation(scenario: &Observed, preset: &str) -> String {
    let simulated = conform::seen(scenario, preset).unwrap_or_default();
    let steps = scenario.steps.iter().map(|step| format!("{} -> {}\n", step.operation, step.expected));
    let last = scenario.steps.last().map_or("", |step| step.expected.as_str());
    let says = simulated.last().map_or_else(String::new, |seen| narrow(seen, last));
    format!("scenario {}\npresets {preset}\n{}# simulated: {says}\n\n", scenario.name, steps.collect::<String>())
}
