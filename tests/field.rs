//! What people who run replication have reported, as run texts in `tests/field`: each says what the real engine does.
#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that fails should say so at once")]

use replication_playground::run::Run;

/// What does not come out right yet. It must only grow shorter.
const OPEN: &[&str] = &[];

/// The expectations of a text that do not hold.
fn wrong_in(name: &str, text: &str) -> String {
    let mut run = Run::new(text).unwrap_or_else(|error| panic!("{name}: {error}"));
    run.play_out();
    assert!(run.results().iter().any(|result| result.held.is_some()), "{name} expects nothing");
    let differs =
        |line: usize, got: &str| format!("{name}:{}: {} — got {got}\n", line + 1, run.scenario().lines()[line]);
    run.results().iter().filter(|result| result.held == Some(false)).map(|it| differs(it.line, &it.got)).collect()
}

#[test]
fn what_was_reported_comes_out_but_for_what_is_known_to_be_open() {
    let folder = format!("{}/tests/field", env!("CARGO_MANIFEST_DIR"));
    let mut paths: Vec<_> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    assert!(paths.len() > 30, "the reports are not where they should be");
    let mut wrong = String::new();
    let mut open = OPEN.to_vec();
    for path in paths {
        let name = path.file_stem().unwrap().to_string_lossy().into_owned();
        let differs = wrong_in(&name, &std::fs::read_to_string(&path).unwrap());
        let listed = OPEN.contains(&name.as_str());
        open.retain(|other| *other != name);
        match differs.is_empty() {
            true if listed => wrong.push_str(&format!("{name} comes out now: take it off the list\n")),
            false if !listed => wrong.push_str(&differs),
            _ => {}
        }
    }
    assert!(wrong.is_empty(), "\n{wrong}");
    assert!(open.is_empty(), "no such report: {open:?}");
}
