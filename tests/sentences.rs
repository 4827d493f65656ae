//! What the verdicts say of a run: the sentence must name what happened, and not something like it.
#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used, reason = "a test that fails should say so at once")]

use replication_playground::run::Run;
use replication_playground::view;

/// The first witness of a verdict at the end of a run.
fn witness(text: &str, id: &str) -> String {
    let mut run = Run::new(text).unwrap();
    run.play_out();
    let state = view::state(&run, &view::MASTER_SLAVE);
    let verdict = state.verdicts.iter().find(|verdict| verdict.id == id).unwrap();
    view::plain(&verdict.witness)
}

#[test]
fn a_write_that_a_stop_lost_was_not_lost_in_a_crash() {
    let stop =
        "cluster m + s1\ndurability none\nat 0s cut m-s1\nat 1s A write k 1\nat 2s stop m\nat 3s start m\nat 5s end\n";
    let said = witness(stop, "no-lost-writes");
    assert!(said.contains("stopped in good order") && !said.contains("crash"), "{said}");
    let crash = stop.replace("stop m", "crash m").replace("none", "lazy 10s");
    let said = witness(&crash, "no-lost-writes");
    assert!(said.contains("in a crash"), "{said}");
}

#[test]
fn a_write_is_lost_when_a_node_is_promoted_or_when_others_follow_one_without_it() {
    let promoted = "cluster m + s1 s2\nat 0s partition m\nat 1s A write k 1\nat 4s promote s1\nat 5s heal all\nat 6s follow m s1\nat 9s end\n";
    let said = witness(promoted, "no-lost-writes");
    assert!(said.contains("At 4.000 s s1 was promoted without it"), "{said}");
    let led = "cluster m + s1 s2\npreset redis-async\nat 0s promote s1\nat 1s partition s1\nat 2s A write k 1 @s1\nat 3s heal all\n\
               at 4s follow s1 m\nat 9s end\n";
    let said = witness(led, "no-lost-writes");
    assert!(!said.contains("promoted without it"), "{said}");
}

/// An old master whose gate is shut takes none: that both were masters says no more than that.
#[test]
fn two_masters_of_which_one_is_shut_did_not_both_take_writes() {
    let text = "cluster m + s1 s2\npreset redis-min-replicas\nat 0s A write k 1\nat 1s partition m\nat 20s promote s1\n\
                at 25s A write k 2 @m -> error\nat 26s A write k 3 @s1\nat 30s heal all\nat 31s follow m s1\nat 40s end\n";
    let said = witness(text, "one-master");
    assert_eq!(said, "From 20.000 s on both m and s1 were masters, until 31.000 s.");
}
