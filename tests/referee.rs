//! What the referee counts, in numbers.
#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that fails should say so at once")]

use replication_playground::facts::Event;
use replication_playground::history::Kind;
use replication_playground::referee::{Convergence, Freshness, Guarantee, Loss};
use replication_playground::run::Run;

fn played(text: &str) -> Run {
    let mut run = Run::new(text).unwrap_or_else(|error| panic!("{error}\n{text}"));
    run.play_out();
    let wrong: Vec<_> = run.results().into_iter().filter(|result| result.held == Some(false)).collect();
    assert!(wrong.is_empty(), "{wrong:?}");
    run
}

/// How each read was, in the order of asking.
fn freshness(run: &Run) -> Vec<Freshness> {
    let numbers = 1..=run.cluster().history().operations().len() as u32;
    numbers.filter_map(|number| run.referee().judgement(number)).map(|judged| judged.freshness).collect()
}

#[test]
fn a_stale_read_is_so_many_versions_behind_for_so_long() {
    let run = played(
        "cluster m + s1\nlink m-s1 latency 900ms\nflush 0ms\n\
         at 0ms A write k 1 -> ok\nat 100ms A write k 2 -> ok\nat 400ms A write other x -> ok\n\
         at 500ms A read k @s1 -> nothing\nat 500ms A read k @m -> 2\nat 950ms A read k @s1 -> 1\nat 2s A read k @s1 -> 2\n",
    );
    // A write is seen 1 ms after it was asked, a key is looked up 1 ms after the read was.
    let expected = [
        Freshness::Stale { versions: 2, by_us: 500_000 },
        Freshness::Fresh,
        Freshness::Stale { versions: 1, by_us: 850_000 },
        Freshness::Fresh,
    ];
    assert_eq!(freshness(&run), expected);
    assert_eq!((run.referee().reads(), run.referee().stale_reads()), (4, 2));
}

#[test]
fn a_write_that_is_acknowledged_after_it_was_lost_is_lost() {
    let run = played(
        "cluster m + s1\ndurability lazy 1s\nlink m->A latency 500ms\n\
         at 0ms A write k 1 -> ok\nat 100ms crash m\nat 2s start m\n",
    );
    let lost = run.referee().lost();
    assert_eq!(lost.len(), 1);
    assert_eq!((lost[0].write, lost[0].loss, lost[0].at_us), (1, Loss::NotFlushed, 501_000));
}

#[test]
fn what_a_promoted_slave_lacks_is_lost_and_what_the_old_master_takes_later_too() {
    let run = played(
        "cluster m + s1 s2\n\
         at 0ms A write k 1 -> ok\nat 1s partition m\nat 1s A write k 2 -> ok\nat 2s promote s1\n\
         at 3s A write k 3 @m -> ok\nat 3s B write k 4 @s1 -> ok\nat 4s A read k @m -> 3\n",
    );
    let lost: Vec<(u32, Loss)> = run.referee().lost().iter().map(|lost| (lost.write, lost.loss)).collect();
    assert_eq!(lost, [(2, Loss::NotReplicated), (3, Loss::Diverged)]);
    assert_eq!(freshness(&run), [Freshness::Foreign]);
}

#[test]
fn a_slave_ahead_of_a_master_that_hides_its_write_is_no_convergence() {
    let run = played(
        "cluster m + s1 s2\nreplication sync all hidden\npause-apply s2\n\
         at 0ms A write k 1\nat 1s A read k @s1 -> 1\nat 1.5s end\n",
    );
    assert_eq!(freshness(&run), [Freshness::Ahead]);
    assert_ne!(run.referee().convergence(run.cluster()), Convergence::Converged);
}

#[test]
fn a_random_router_asks_every_slave_and_round_robin_each_in_turn() {
    for (router, in_turn) in [("random", false), ("round-robin", true)] {
        let reads: String = (0..30).map(|n| format!("at {n}ms A read k\n")).collect();
        let run = played(&format!("cluster m + s1 s2 s3\nrouter {router}\n{reads}"));
        let operations = run.cluster().history().operations();
        let asked: Vec<u16> =
            operations.iter().filter(|asked| asked.kind == Kind::Read).filter_map(|asked| asked.node).collect();
        for slave in run.cluster().slaves() {
            assert!(asked.iter().filter(|node| *node == slave).count() > 4, "{router}: {asked:?}");
        }
        assert_eq!(asked.windows(2).all(|pair| pair[0] != pair[1]), in_turn, "{router}: {asked:?}");
    }
}

#[test]
fn what_somebody_reads_and_writes_changes_the_hash() {
    let hash = |text: &str| played(&format!("cluster m + s1\n{text}")).hash();
    let base = hash("at 0ms A write k 1");
    for other in
        ["at 0ms A write k 2", "at 0ms A write j 1", "at 0ms A delete k", "at 0ms B write k 1", "at 1ms A write k 1"]
    {
        assert_ne!(hash(other), base, "{other}");
    }
    assert_eq!(hash("at 0ms A write k 1  # the same"), base);
}

#[test]
fn a_command_takes_its_place_behind_what_is_due() {
    let mut run = Run::new("cluster m + s1\nat 1s A write k 1\nat 1s crash m\n").unwrap();
    run.advance(999_999, u64::MAX);
    assert!(run.step(), "to the first line at 1 s, not the second");
    run.command("start m").unwrap();
    let lines: Vec<String> = run.scenario().lines().iter().map(ToString::to_string).collect();
    assert_eq!(lines[1..], ["at 1s       A write k 1", "at 1s       crash m", "at 1s       start m"]);
    let started = |event: &Event| matches!(event, Event::Started { .. });
    assert!(run.cluster().history().since(0).any(|fact| started(&fact.event)));
}

/// A crash takes a write that a slave has; when that slave is promoted, nothing was lost after all.
#[test]
fn a_write_that_comes_back_breaks_no_guarantee_of_its_session() {
    let text = "cluster m + s1\nclients A\ndurability lazy 1s\nat 0ms A write k 1\nat 50ms A read k @s1\nat 100ms crash m\n\
                at 200ms promote s1\nat 300ms A write k 2\nat 400ms A read k\n";
    let mut run = replication_playground::run::Run::new(text).unwrap();
    run.play_out();
    assert!(run.referee().lost().is_empty());
    assert_eq!(run.referee().sessions().broken(), 0);
    let lost = text.replace("at 50ms A read k @s1\n", "").replace("clients A\n", "clients A\nlink m-s1 latency 9s\n");
    let mut run = replication_playground::run::Run::new(&lost).unwrap();
    run.play_out();
    assert_eq!(run.referee().lost().len(), 1);
    assert!(run.referee().sessions().broken() > 0, "without the write the same session is broken");
}

/// What is sent while a link is held, and after, takes its latency once it moves, and no longer.
#[test]
fn a_link_that_is_healed_is_as_fast_as_before() {
    let text = "cluster m + s1\nclients A\nlink m-s1 latency 1500ms\nat 0ms hold m-s1\nat 10ms A write k 1\nat 2s A write k 2\n\
                at 4s heal m-s1\nat 4s A write k 3\nat 5700ms A read k @s1 -> 3\n";
    let mut run = replication_playground::run::Run::new(text).unwrap();
    run.play_out();
    assert_eq!(run.results().last().unwrap().held, Some(true), "{:?}", run.results().last());
}

#[test]
fn a_slave_that_is_rebuilt_no_longer_holds_what_it_had_taken_for_itself() {
    let run = played(
        "cluster m + s1\nslave-writes accepted\n\
         at 0ms A write k 1 -> ok\nat 1s A write k 9 @s1 -> ok\nat 2s A read k @s1 -> 9\nat 3s rebuild s1 -> ok\n\
         at 5s A read k @s1 -> 1\n",
    );
    assert_eq!(run.referee().convergence(run.cluster()), Convergence::Converged);
    let lost: Vec<(u32, Loss)> = run.referee().lost().iter().map(|lost| (lost.write, lost.loss)).collect();
    assert_eq!(lost, [(2, Loss::Discarded)]);
}

#[test]
fn who_sees_a_value_again_has_seen_it_since_the_first_time() {
    // Both of the last two are asked at once, and the newer value is told first.
    let run = played(
        "cluster m + s1 s2\nlink m-s1 latency 5s\nlink A-s1 latency 200ms\n\
         at 0ms A write k 1 -> ok\nat 1s A read k @s2 -> 1\nat 2s A read k @s2 -> 1\nat 2s A read k @s1 -> nothing\n",
    );
    assert_eq!(run.referee().sessions().standing(Guarantee::MonotonicReads).broken, 1);
}

/// What each verdict says at the end of a run, by its name.
fn verdict(run: &Run, id: &str) -> (&'static str, String) {
    let state = replication_playground::view::state(run, &replication_playground::view::MASTER_SLAVE);
    let verdict = state.verdicts.into_iter().find(|verdict| verdict.id == id).unwrap();
    (verdict.status, replication_playground::view::plain(&verdict.summary))
}

#[test]
fn a_master_that_holds_what_its_slaves_lack_is_no_convergence() {
    let run = played(
        "cluster m + s1\nslave-writes accepted\nat 1s A write x fix @s1 -> ok\nat 3s promote s1\nat 4s follow m s1\n\
         at 6s A read x @m -> nothing\nat 7s A read x @s1 -> fix\nat 8s end\n",
    );
    assert_eq!(run.referee().convergence(run.cluster()), Convergence::Diverged(vec![(0, 0)]));
    assert_eq!(verdict(&run, "no-lost-writes").0, "held");
    assert!(!verdict(&run, "one-history").1.contains("overwritten"));
}

#[test]
fn a_row_that_was_forced_to_stay_and_handed_on_is_neither_lost_nor_different() {
    let text = "cluster m + s1 s2\nat 0s A write k 1 -> ok\nat 1s partition m\nat 2s A write k 2 @m -> ok\nat 3s promote s1\n\
                at 4s follow s2 s1\nat 5s heal all\nat 6s follow m s1 force\n";
    let run = played(&format!("{text}at 8s A read k @m -> 2\nat 8s A read k @s1 -> 1\n"));
    assert_eq!(run.referee().convergence(run.cluster()), Convergence::Diverged(vec![(0, 0)]));
    assert_eq!(verdict(&run, "no-lost-writes").0, "behind", "m still answers with it");
    let run = played(&format!(
        "{text}at 8s promote m\nat 9s follow s1 m\nat 9s follow s2 m\nat 10s rebuild s1\nat 10s rebuild s2\n\
         at 12s A read k @s1 -> 2\nat 12s A read k @s2 -> 2\n"
    ));
    assert_eq!(run.referee().convergence(run.cluster()), Convergence::Converged);
    assert_eq!(run.referee().lost_now(run.cluster()), []);
    let run = played(&format!("{text}at 8s rebuild m\nat 9s A read k @m -> 1\n"));
    assert_eq!(run.referee().lost_now(run.cluster()).len(), 1);
    assert_eq!(run.referee().convergence(run.cluster()), Convergence::Converged);
}

#[test]
fn an_errant_write_that_travels_or_is_overwritten_is_not_lost_and_one_that_is_thrown_away_is() {
    let begin = "cluster m + s1 s2\nslave-writes accepted\nat 0s A write a 1 -> ok\nat 1s A write a 2 @s1 -> ok\n";
    let cases = [
        (
            "at 2s promote s1\nat 3s follow m s1\nat 3s follow s2 s1\nat 4s rebuild m\nat 4s rebuild s2\n",
            0,
            "all running",
        ),
        ("at 2s A write a 3 -> ok\n", 0, "overwritten since"),
        ("at 2s promote s1\nat 3s follow m s1\nat 3s follow s2 s1\nat 4s A write a 3 -> ok\n", 0, "overwritten since"),
        ("at 2s rebuild s1\n", 1, "lost since"),
        ("at 2s remove s1\n", 1, "lost since"),
    ];
    for (end, lost, told) in cases {
        let run = played(&format!("{begin}{end}"));
        assert_eq!(run.referee().lost_now(run.cluster()).len(), lost, "{end}");
        assert_eq!(run.referee().convergence(run.cluster()), Convergence::Converged, "{end}");
        let (_, says) = verdict(&run, "one-history");
        assert!(says.contains(told), "{end}: {says}");
    }
}
