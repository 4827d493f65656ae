//! Going back and forth, undo and redo, forks: whatever way leads to an instant, the state there is the same.
#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that fails should say so at once")]

use proptest::prelude::*;
use proptest::test_runner::RngSeed;
use replication_playground::random;
use replication_playground::run::{Advance, Run};
use replication_playground::session::Session;
use replication_playground::timeline::Timeline;

const RUN: &str = "cluster m + s1 s2\nclients A\nlink nodes latency 800ms\n\
                   at 100ms A write cart 1\nat 2s A read cart @s1 -> 1\n";

fn config() -> ProptestConfig {
    let mut config = ProptestConfig::with_cases(ProptestConfig::default().cases / 8);
    if config.rng_seed == RngSeed::Random {
        config.rng_seed = RngSeed::Fixed(2026);
    }
    config
}

fn fresh(text: &str, at: u64) -> u64 {
    let mut run = Run::new(text).unwrap();
    run.play_to(at);
    run.hash()
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn a_seek_and_a_step_back_give_the_state_that_playing_gave(seed in any::<u64>(), times in prop::collection::vec(0u64..100, 6)) {
        let text = random::run_text(seed >> 12, 400, false);
        let mut timeline = Timeline::new(&text).unwrap();
        let last = timeline.run().last_line_us();
        for percent in times {
            let at = last * percent / 100;
            prop_assert!(timeline.seek(at, u64::MAX));
            prop_assert_eq!(timeline.run().hash(), fresh(&text, at), "at {} µs\n{}", at, text);
            // Back by some steps, noting each state, and forth again.
            let mut states = vec![timeline.run().hash()];
            for _ in 0..5 {
                if timeline.step_back() { states.push(timeline.run().hash()); }
            }
            while let Some(expected) = states.pop() {
                prop_assert_eq!(timeline.run().hash(), expected, "stepping back differs\n{}", text);
                if !states.is_empty() { prop_assert!(timeline.step()); }
            }
        }
        prop_assert!(timeline.keyframes() <= 25);
    }

    #[test]
    fn a_run_comes_to_the_same_end_in_pieces_with_keyframes_and_at_once(seed in any::<u64>(), piece in 1u64..3_000, more in 0usize..3) {
        let text = random::run_text(seed >> 12, 60, false) + ["", "at 20s load 40/s\n", "at 20s end\n"][more];
        let (mut whole, mut pieces, mut timeline) =
            (Run::new(&text).unwrap(), Run::new(&text).unwrap(), Timeline::new(&text).unwrap());
        whole.play_out();
        while !pieces.play_out_piece(piece) {}
        while !timeline.play_out_piece(piece) {}
        for run in [&pieces, timeline.run()] {
            prop_assert_eq!((run.now(), run.steps(), run.hash()), (whole.now(), whole.steps(), whole.hash()), "{}", text);
            prop_assert_eq!(run.meters().width_us(), whole.meters().width_us());
            prop_assert!(run.meters().slots().iter().eq(whole.meters().slots().iter()), "{}", text);
        }
    }

    #[test]
    fn undo_takes_back_and_redo_does_again(seed in any::<u64>(), places in prop::collection::vec(1u64..100, 4)) {
        let text = random::run_text(seed >> 12, 60, false);
        let mut session = Session::new(&text).unwrap();
        let last = session.run().last_line_us();
        session.timeline().seek(last / 2, u64::MAX);
        let mut texts = vec![session.run().text()];
        for (number, wait) in places.iter().enumerate() {
            let at = session.run().now() + wait * 1_000;
            session.timeline().seek(at, u64::MAX);
            session.command(&format!("A write k by-hand-{number}")).unwrap();
            texts.push(session.run().text());
        }
        let done = texts.pop().unwrap();
        for before in texts.iter().rev() {
            prop_assert!(session.undo());
            prop_assert_eq!(&session.run().text(), before);
            prop_assert_eq!(session.run().hash(), fresh(before, session.run().now()));
        }
        prop_assert!(!session.undo());
        for _ in &texts { prop_assert!(session.redo().unwrap()); }
        prop_assert!(!session.redo().unwrap());
        prop_assert_eq!(session.run().text(), done);
        session.timeline().seek(last, u64::MAX);
        prop_assert_eq!(session.run().hash(), fresh(&session.run().text(), last));
    }
}

#[test]
fn to_go_back_and_do_something_else_makes_a_fork() {
    let mut session = Session::new(RUN).unwrap();
    session.timeline().seek(3_000_000, u64::MAX);
    session.command("crash m").unwrap();
    session.timeline().seek(4_000_000, u64::MAX);
    let (first, hash) = (session.run().text(), session.run().hash());
    assert_eq!(session.branches().len(), 1, "going on makes no fork");

    session.timeline().seek(500_000, u64::MAX);
    assert_eq!(session.branches().len(), 1, "going back alone makes no fork");
    assert!(session.command("no such command").is_err());
    assert_eq!(
        (session.branches().len(), session.run().text()),
        (1, first.clone()),
        "nor does a command that is refused"
    );
    session.command("crash s1").unwrap();
    assert_eq!((session.branches().len(), session.here()), (2, 2));
    let forked = session.run().text();
    assert!(forked.contains("crash s1") && !forked.contains("crash m") && !forked.contains("at 2s"), "{forked}");
    let branch = &session.branches()[1];
    assert_eq!((branch.parent, branch.forked_us, branch.command.as_str()), (Some(1), 500_000, "crash s1"));

    session.timeline().seek(9_000_000, u64::MAX);
    assert!(session.switch(1).unwrap());
    assert_eq!((session.run().text(), session.run().now()), (first, 500_000), "where it was left");
    session.timeline().seek(4_000_000, u64::MAX);
    assert_eq!(session.run().hash(), hash);
    assert!(session.switch(2).unwrap());
    assert_eq!((session.run().text(), session.run().now()), (forked, 9_000_000));
    assert!(!session.switch(7).unwrap());
    assert!(session.played_out(1).unwrap().text().contains("crash m"));
}

#[test]
fn what_is_still_to_come_stays_in_a_fork() {
    let mut session = Session::new(RUN).unwrap();
    session.timeline().seek(1_000_000, u64::MAX);
    session.timeline().seek(500_000, u64::MAX);
    session.command("freeze s1").unwrap();
    assert_eq!(session.branches().len(), 1, "nothing was done between now and the furthest time");
    assert!(session.run().text().contains("at 2s"), "{}", session.run().text());
}

#[test]
fn branches_are_bounded() {
    let mut session = Session::new(RUN).unwrap();
    for _ in 0..40 {
        session.timeline().seek(5_000_000, u64::MAX);
        session.command("A read cart").unwrap();
        session.timeline().seek(300_000, u64::MAX);
        session.command("A read cart").unwrap();
    }
    assert!(session.branches().len() <= 12);
    assert!(session.branches().iter().any(|branch| branch.number == session.here()));
}

#[test]
fn a_run_can_stop_where_something_breaks() {
    let mut timeline = Timeline::new(
        "cluster m + s1\nlink m-s1 latency 1s\nat 0ms A write k 1\nat 500ms A read k @s1\nat 600ms end\n",
    )
    .unwrap();
    assert_eq!(timeline.advance(400_000, u64::MAX, Some(true)), Advance::There);
    assert_eq!(timeline.advance(5_000_000, u64::MAX, Some(true)), Advance::Broken);
    let at = timeline.run().now();
    assert!((500_000..600_000).contains(&at), "{at}");
    assert_eq!(timeline.advance(5_000_000, u64::MAX, Some(true)), Advance::There, "it goes on when asked again");
}
