//! The engine does what PostgreSQL, MariaDB and Redis were seen to do: `tests/observed.txt`, `tests/observed2.txt`
//! and `tests/observed-patroni.txt`.
#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that fails should say so at once")]

use replication_playground::conform::{self, Observed};
use replication_playground::error::Code;
use replication_playground::scenario::{PRESETS, Preset, Scenario};

const OBSERVED: &str = include_str!("observed.txt");
/// The second round.
const OBSERVED_2: &str = include_str!("observed2.txt");

/// Under Patroni.
const OBSERVED_PATRONI: &str = include_str!("observed-patroni.txt");

/// All scenarios of a text under each of their presets.
#[track_caller]
fn assert_holds(text: &str, at_least: usize) {
    let (mut played, mut wrong) = (0, String::new());
    for scenario in conform::read(text).unwrap() {
        for preset in &scenario.presets {
            played += 1;
            if let Some(difference) = conform::play(&scenario, preset).unwrap() {
                wrong.push_str(&format!("{} / {preset}: {difference:?}\n", scenario.name));
            }
        }
    }
    assert!(played >= at_least, "{played}");
    assert!(wrong.is_empty(), "\n{wrong}");
}

#[test]
fn every_observed_scenario_holds_under_each_of_its_presets() {
    assert_holds(OBSERVED, 40);
    assert_holds(OBSERVED_2, 182);
    assert_holds(OBSERVED_PATRONI, 8);
}

#[test]
fn a_scenario_that_was_not_observed_does_not_hold() {
    let wrong = |from: &str, to: &str| {
        let text = OBSERVED.replace(from, to);
        assert_ne!(text, OBSERVED, "{from}");
        let scenarios = conform::read(&text).unwrap();
        let plays = |scenario: &Observed| {
            scenario.presets.iter().any(|preset| conform::play(scenario, preset).unwrap().is_some())
        };
        assert!(scenarios.iter().any(plays), "{from} could as well be {to}");
    };
    wrong("read k @s1 -> v1\nheal m-s1", "read k @s1 -> v2\nheal m-s1");
    wrong("state s1 -> received>applied", "state s1 -> link=down");
    wrong("write k v2 @m -> blocked", "write k v2 @m -> ok");
    wrong("state m -> semisync=off", "state m -> semisync=on");
    wrong("WAIT 1 1500ms @m -> 0", "WAIT 1 1500ms @m -> 1");
    wrong("follow m s2 -> refused: diverged", "follow m s2 -> ok");
    wrong("state m -> catchup=full", "state m -> catchup=partial");
    wrong("error: read-only", "error: connection refused");
}

#[test]
fn what_comes_by_chance_holds_either_way_and_no_other() {
    let held = |expected: &str| {
        let text = format!("scenario a\npresets pg-async\nwrite k v1 @m -> ok\nread k @m -> {expected}\n");
        conform::play(&conform::read(&text).unwrap().remove(0), "pg-async").unwrap().is_none()
    };
    assert!(held("v1 | v2") && held("v2 | v1"));
    assert!(!held("v2 | nothing"));
}

#[test]
fn what_is_no_scenario_is_refused_with_its_line() {
    let error = conform::read("write k v @m -> ok\n").unwrap_err();
    assert_eq!((error.code, error.line), (Code::Syntax, Some(1)));
    let error = conform::read("scenario a\npresets pg-async\nwrite k v @m\n").unwrap_err();
    assert_eq!((error.code, error.line), (Code::Syntax, Some(3)));
    let scenario = conform::read("scenario a\npresets pg-async\n\nteleport m -> ok\n").unwrap().remove(0);
    assert_eq!(conform::play(&scenario, "pg-async").unwrap_err().line, Some(4));
    assert_eq!(conform::play(&scenario, "oracle").unwrap_err().code, Code::Name);
}

#[test]
fn every_preset_is_made_of_settings_that_the_run_text_knows() {
    for preset in &PRESETS {
        let known = Preset::named(preset.name).unwrap();
        let printed: Vec<String> = known.settings().iter().map(ToString::to_string).collect();
        let lines: Vec<&str> = preset.settings.lines().filter(|line| !line.is_empty()).collect();
        // As they are printed, too: what differs from a preset is found by comparing texts.
        assert_eq!(printed, lines, "{}", preset.name);
        let text = format!("cluster m + s1 s2\npreset {}\n{}\n", preset.name, printed.join("\n"));
        assert!(Scenario::parse(&text).is_ok(), "{}", preset.name);
        assert!(preset.name == "plain" || !preset.configuration.is_empty(), "{}", preset.name);
    }
}
