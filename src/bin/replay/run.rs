//! `replay run`: plays a text, and tells what came of it.

use std::path::Path;
use std::process::ExitCode;

use replication_playground::cluster::LineOutcome;
use replication_playground::run::{LineResult, Run};
use replication_playground::view;

use crate::files::{Done, clock, print, read};
use crate::progress;

/// Plays a text to its end, and prints what every client saw, the verdicts and a hash.
pub fn play(file: &Path, story: bool) -> Done<ExitCode> {
    let mut run = Run::new(&read(file)?)?;
    run.scenario().check_end()?;
    progress::play_out(&mut run);
    if story {
        print(&tell(&run))?;
    }
    let results = run.results();
    print(&report(&run, &results))?;
    print(&judge(&run, &results))?;
    let undone = undone(&run);
    print(&list(&undone))?;
    let failed = results.iter().any(|result| result.held == Some(false));
    Ok(if failed || !undone.is_empty() { ExitCode::from(1) } else { ExitCode::SUCCESS })
}

/// Everything that happened, a sentence a line.
fn tell(run: &Run) -> String {
    let facts = run.cluster().history().since(0);
    let sentences = facts.filter_map(|fact| view::sentence(run, &fact, &view::MASTER_SLAVE));
    let told: String = sentences
        .map(|sentence| format!("{:>12}  {}\n", clock(sentence.at_us), view::plain(&sentence.parts)))
        .collect();
    told + "\n"
}

fn report(run: &Run, results: &[LineResult]) -> String {
    let mut out = String::new();
    let lines = run.scenario().lines();
    for result in results {
        let Some(line) = lines.get(result.line) else { continue };
        let mark = match result.held {
            Some(true) => "  held",
            Some(false) => "  DIFFERS",
            None => "",
        };
        let mut shown = (**line).clone();
        shown.comment = None;
        out.push_str(&format!("line {:<4} {shown} => {}{mark}\n", result.line + 1, result.got));
    }
    out
}

/// The verdicts, how many expectations held, and the hash.
fn judge(run: &Run, results: &[LineResult]) -> String {
    let mut out = String::from("\n");
    for verdict in view::state(run, &view::MASTER_SLAVE).verdicts {
        out.push_str(&format!("{:<9} {}: {}\n", verdict.status, verdict.title, view::plain(&verdict.summary)));
        if !verdict.witness.is_empty() {
            out.push_str(&format!("{:<9} {}\n", "", view::plain(&verdict.witness)));
        }
    }
    let held: Vec<bool> = results.iter().filter_map(|result| result.held).collect();
    let passed = held.iter().filter(|held| **held).count();
    out.push_str(&format!("\nexpectations: {passed} held, {} differ\n", held.len() - passed));
    out.push_str(&format!("end: {}\nhash: {:016x}\n", clock(run.now()), run.hash()));
    out
}

/// Lines that could not be done, though they do not say that they expect it: each with its number and why.
fn undone(run: &Run) -> Vec<(usize, &str)> {
    let lines = run.scenario().lines().iter().enumerate();
    lines
        .filter(|(_, line)| line.expect.is_none())
        .filter_map(|(index, _)| match run.outcome(index)? {
            LineOutcome::Failed(why) => Some((index + 1, why.as_ref())),
            _ => None,
        })
        .collect()
}

/// How many lines could not be done, the first of them, and what to do; nothing if all were done.
fn list(undone: &[(usize, &str)]) -> String {
    let Some((line, why)) = undone.first() else { return String::new() };
    let count = match undone.len() {
        1 => "1 line".to_owned(),
        count => format!("{count} lines"),
    };
    format!("{count} could not be done, first line {line}: {why} (write “-> error” behind what should fail)\n")
}
