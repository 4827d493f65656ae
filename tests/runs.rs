//! Every text in `tests/runs` and `www/runs` is played: each of its expectations must hold.
#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that fails should say so at once")]

use replication_playground::cluster::{LineOutcome, Message};
use replication_playground::run::Run;
use replication_playground::time::SECOND;

/// Texts that a test reads.
const TESTS: &str = "tests/runs";
/// Texts that a reader of the page opens.
const PAGE: &str = "www/runs";

fn texts_in(folder: &str) -> Vec<(String, String)> {
    let path = format!("{}/{folder}", env!("CARGO_MANIFEST_DIR"));
    let mut paths: Vec<_> = std::fs::read_dir(path).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    let name = |path: &std::path::Path| format!("{folder}/{}", path.file_name().unwrap().to_string_lossy());
    paths.iter().map(|path| (name(path), std::fs::read_to_string(path).unwrap())).collect()
}

fn texts() -> Vec<(String, String)> {
    let (tests, page) = (texts_in(TESTS), texts_in(PAGE));
    assert!(tests.len() > 20 && page.len() > 10, "the runs are not where they should be");
    tests.into_iter().chain(page).collect()
}

fn played(name: &str, text: &str) -> Run {
    let mut run = Run::new(text).unwrap_or_else(|error| panic!("{name}: {error}"));
    run.play_out();
    run
}

#[test]
fn every_expectation_holds() {
    let mut wrong = String::new();
    for (name, text) in texts() {
        let run = played(&name, &text);
        assert_eq!(run.scenario().check_end(), Ok(()), "{name}");
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
fn what_cannot_be_done_is_expected() {
    for (name, text) in texts() {
        let run = played(&name, &text);
        for (index, line) in run.scenario().lines().iter().enumerate().filter(|(_, line)| line.expect.is_none()) {
            let failed = matches!(run.outcome(index), Some(LineOutcome::Failed(_)));
            assert!(!failed, "{name}:{}: {line}", index + 1);
        }
    }
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

#[test]
fn a_text_of_the_page_tells_what_to_watch_and_is_short() {
    for (name, text) in texts_in(PAGE) {
        let comments = text.lines().take_while(|line| line.starts_with("# ")).count();
        assert!((3..=6).contains(&comments), "{name} begins with {comments} lines for its reader");
        let title = text.lines().next().unwrap();
        assert!(!title.ends_with('.'), "{name}: the first line is its title");
        let run = played(&name, &text);
        assert!(run.now() <= 13 * SECOND, "{name} takes {} s", run.now() / SECOND);
    }
}

#[test]
fn signs_of_life_travel_though_nobody_writes() {
    let (name, text) = texts_in(PAGE).into_iter().find(|(name, _)| name.contains("surprise-10-")).unwrap();
    let mut run = Run::new(&text).unwrap();
    run.play_to(2 * SECOND);
    let mut seen = 0;
    while run.now() < 6 * SECOND && run.step() {
        let mut flights = run.cluster().channels().iter().flat_map(|channel| &channel.flights);
        seen += u32::from(flights.any(|flight| matches!(flight.message, Message::Heartbeat)));
    }
    assert!(seen > 3, "{name}: nothing travels while nobody writes");
}
