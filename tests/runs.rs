//! Every text in `tests/runs` is played: each of its expectations must hold.
#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that fails should say so at once")]

use replication_playground::run::Run;

fn texts() -> Vec<(String, String)> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/runs");
    let mut paths: Vec<_> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    assert!(paths.len() > 20, "the runs are not where they should be");
    paths
        .iter()
        .map(|path| (path.file_name().unwrap().to_string_lossy().into(), std::fs::read_to_string(path).unwrap()))
        .collect()
}

#[test]
fn every_expectation_holds() {
    let mut wrong = String::new();
    for (name, text) in texts() {
        let mut run = Run::new(&text).unwrap_or_else(|error| panic!("{name}: {error}"));
        run.play_out();
        let results = run.results();
        assert!(results.iter().any(|result| result.held.is_some()), "{name} expects nothing");
        for result in results.iter().filter(|result| result.held == Some(false)) {
            let line = &run.scenario().lines()[result.line];
            wrong.push_str(&format!("{name}:{}: {line} — got {}\n", result.line + 1, result.got));
        }
    }
    assert!(wrong.is_empty(), "\n{wrong}");
}

#[test]
fn a_printed_text_plays_the_same() {
    for (name, text) in texts() {
        let mut run = Run::new(&text).unwrap();
        let printed = run.text();
        let mut again = Run::new(&printed).unwrap_or_else(|error| panic!("{name}: {error}\n{printed}"));
        assert_eq!(again.text(), printed, "{name}");
        run.play_out();
        again.play_out();
        assert_eq!(run.hash(), again.hash(), "{name}");
    }
}
