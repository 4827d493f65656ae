//! Random runs with random faults: how they must end.
#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that fails should say so at once")]

use replication_playground::run::Run;
use replication_playground::swarm;

#[test]
fn runs_with_faults_come_together_and_the_verdicts_follow_from_the_stores() {
    for seed in 0..400 {
        assert_eq!(swarm::run(seed), None);
    }
}

#[test]
fn the_same_seed_gives_the_same_text_and_a_check_sees_what_is_wrong() {
    assert_eq!(swarm::text(7), swarm::text(7));
    let apart =
        "cluster m + s1 s2\nslave-writes accepted\nat 0s A write k0 1 @s1\nat 3s promote s1\nat 4s follow m s1\n";
    assert_eq!(swarm::check(apart), Ok(()), "it is rebuilt");
    assert!(swarm::check("cluster m + s1 s2\nat 0s write").unwrap_err().0.starts_with("line 2"));
}

fn facts_of(text: &str) -> Vec<String> {
    let mut run = Run::new(text).unwrap();
    run.play_out();
    run.results()
        .into_iter()
        .filter(|result| result.held.is_some())
        .map(|result| format!("{:?} {}", result.held, result.got))
        .collect()
}

#[test]
fn the_engines_own_meters_are_facts() {
    for (preset, broken, fact) in [
        ("mariadb-async", "cut m-s1", "Seconds_Behind_Master=NULL"),
        ("redis-async", "cut m-s1", "master_link_status=down"),
        ("redis-async", "cut m-s2", "master_link_status=up"),
        ("pg-async", "cut m-s2", "sync_state=async"),
    ] {
        let text = format!(
            "cluster m + s1 s2\npreset {preset}\nat 0s A write k 1\nat 2s {broken}\nat 5s state s1 -> {fact}\nat 6s end\n"
        );
        let got = facts_of(&text);
        assert!(got.len() == 1 && got[0].starts_with("Some(true)"), "{preset}: {got:?}");
    }
}

/// PostgreSQL measures when a reply comes: a link that is held has none.
#[test]
fn the_lag_of_a_held_link_stands_still() {
    let text = "cluster m + s1\npreset pg-async\nat 0s A write k 1\nat 1s hold m-s1\nat 2s A write k 2\n";
    let lag = |at: &str| {
        let mut run = Run::new(&format!("{text}at {at} state s1 -> replay_lag=0\nat 20s end\n")).unwrap();
        run.play_out();
        let got = run.results().into_iter().find(|result| result.held.is_some()).unwrap().got;
        got.split_whitespace().find(|fact| fact.starts_with("replay_lag=")).unwrap().to_owned()
    };
    assert_eq!(lag("5s"), lag("15s"));
    assert_ne!(lag("5s"), "replay_lag=NULL");
}
