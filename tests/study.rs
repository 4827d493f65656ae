//! The staleness curve against what can be computed by hand, and runs side by side.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test that fails should say so at once")]

use replication_playground::run::Run;
use replication_playground::study::{Staleness, Variant};

fn curve(text: &str, span_us: Option<u64>, seeds: u32) -> Staleness {
    let mut run = Run::new(text).unwrap();
    run.play_to(1_000_000);
    let mut staleness = Staleness::new(&run, span_us);
    for _ in 0..seeds {
        assert!(staleness.add_seed());
    }
    staleness
}

#[test]
fn without_chance_the_curve_is_a_step() {
    let staleness =
        curve("cluster m + s1\nflush 0ms\nlink nodes latency 50ms\nlink clients latency 1ms\n", Some(96_000), 2);
    for point in staleness.points() {
        // The answer and the read take 1 ms each while the entry travels.
        let stale = point.at_us + 2_000 < 50_000;
        assert_eq!(point.share, Some(f64::from(u8::from(stale))), "{point:?}");
        assert_eq!(point.reads, 16);
    }
    assert_eq!(staleness.failed(), 0);
}

#[test]
fn with_jitter_it_falls_as_the_latency_is_distributed() {
    let text = "cluster m + s1 s2 s3\nflush 0ms\nlink nodes latency 10ms jitter 100ms\nlink clients latency 1ms\n";
    let staleness = curve(text, Some(120_000), 60);
    let mut outside = 0;
    for point in staleness.points() {
        let way_ms = point.at_us as f64 / 1e3 + 2.0;
        let expected = (1.0 - (way_ms - 10.0) / 100.0).clamp(0.0, 1.0);
        assert_eq!(point.reads, 480);
        outside += u32::from(expected < point.low - 1e-9 || expected > point.high + 1e-9);
        assert!((point.share.unwrap() - expected).abs() < 0.08, "{point:?}, expected {expected}");
    }
    // Of 25 intervals at 95 %.
    assert!(outside <= 4, "{outside} outside");
}

#[test]
fn a_router_that_goes_round_is_not_asked_in_step() {
    // One of three slaves gets it late, so a third of the reads is stale in between, at each point.
    let text = "cluster m + s1 s2 s3\nrouter round-robin\nlink nodes latency 5ms\nlink m-s3 latency 500ms\n";
    for point in &curve(text, Some(400_000), 30).points()[1..] {
        assert!((point.share.unwrap() - 1.0 / 3.0).abs() < 0.01, "{point:?}");
    }
}

#[test]
fn synchronous_reads_are_never_stale_and_reads_from_the_master_neither() {
    for line in ["replication sync all applied", "router master"] {
        let text = format!("cluster m + s1 s2\n{line}\nlink nodes latency 20ms jitter 20ms\n");
        let points = curve(&text, None, 6).points();
        assert!(points.iter().all(|point| point.share == Some(0.0)), "{line}: {points:?}");
    }
}

#[test]
fn the_span_covers_the_slowest_slave_and_faults_are_part_of_it() {
    let slow = curve("cluster m + s1 s2\ndelay s2 3s\n", None, 1).points();
    assert!((4_000_000..6_000_000).contains(&slow.last().unwrap().at_us), "{:?}", slow.last());
    let held = curve("cluster m + s1 s2\nat 500ms hold m-s2\n", None, 3).points();
    // Every second read goes to the slave that gets nothing.
    assert!(held.iter().skip(3).all(|point| point.share == Some(0.5)), "{held:?}");
    let down = curve("cluster m + s1\nat 500ms crash m\n", Some(10_000), 1);
    assert_eq!(down.failed(), 8);
    assert_eq!(down.points()[0].share, None);
    assert_eq!((down.points()[0].low, down.points()[0].high), (0.0, 1.0));
}

#[test]
fn a_study_leaves_the_run_as_it_was_and_gives_the_same_again() {
    let text = "cluster m + s1 s2\nlink nodes latency 5ms jitter 9ms\nload 200/s\n";
    let mut run = Run::new(text).unwrap();
    run.play_to(2_000_000);
    let (hash, now) = (run.hash(), run.now());
    let mut one = Staleness::new(&run, None);
    let mut two = Staleness::new(&run, None);
    for _ in 0..3 {
        assert!(one.add_seed() && two.add_seed());
    }
    assert_eq!(one.points(), two.points());
    assert_eq!((run.hash(), run.now()), (hash, now));
}

const LOADED: &str = "cluster m + s1 s2 s3
seed 3
replication sync 1 received
link nodes latency 20ms
link clients latency 2ms
load 200/s reads 50% keys 50
at 5s replication sync all flushed
at 8s hold m-s3
at 9s crash s2
at 10s end
";

fn score(change: &str) -> replication_playground::study::Score {
    let mut variant = Variant::new(LOADED, change, None, 10_000_000).unwrap();
    assert!(variant.play(10_000_000));
    variant.score()
}

#[test]
fn the_same_run_under_other_settings() {
    let (asynchronous, all) = (score("replication async"), score("replication sync all applied"));
    assert!(asynchronous.total.write_us(50).unwrap() < 6_000.0);
    assert!(all.total.write_us(50).unwrap() > 40_000.0);
    assert_eq!(asynchronous.blocked, 0);
    // From 8 s on s3 gets nothing, and everything waits for it.
    assert!((150..260).contains(&all.blocked), "{}", all.blocked);
    let hidden = score("replication sync all applied hidden");
    assert!(
        asynchronous.total.stale > 20 && hidden.total.stale == 0,
        "{} {}",
        asynchronous.total.stale,
        hidden.total.stale
    );
    assert_eq!(asynchronous.left_out, 0);
}

#[test]
fn the_same_run_with_other_numbers_of_slaves() {
    let (one, five) = (score("slaves 1"), score("slaves 5"));
    // Two faults speak of nodes that are not there.
    assert_eq!((one.left_out, five.left_out), (2, 0));
    assert!(one.total.reads > 900 && five.total.reads > 900);
}

#[test]
fn a_change_outlives_a_preset_and_what_is_measured_is_up_to_date() {
    let text = "cluster m + s1 s2\nlink nodes latency 300ms\nlink clients latency 50ms\nat 1s preset pg-async\n\
                at 2s A write k v\n";
    let mut variant = Variant::new(text, "replication sync all applied", None, 0).unwrap();
    assert!(variant.aim(2_500_000));
    assert!(variant.play(1_000_000));
    assert_eq!((variant.score().asked, variant.score().total.writes), (1, 0));
    // In the middle of a slot of the meters.
    variant.aim(2_800_000);
    assert!(variant.play(1_000_000));
    let score = variant.score();
    assert_eq!(score.total.writes, 1);
    assert!((700_000.0..720_000.0).contains(&score.median_write_us.unwrap()), "{score:?}");
    assert!(!variant.aim(2_800_000));
}

#[test]
fn a_change_that_is_none_is_refused() {
    for change in ["slaves 0", "slaves 99", "slaves", "crash m", "replication maybe", "cluster m + s1", ""] {
        assert!(Variant::new(LOADED, change, None, 1).is_err(), "{change}");
    }
}
