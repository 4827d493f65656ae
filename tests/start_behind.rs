//! Runs that begin with slaves that are behind: what the nodes have, and what clients were told of it.
#![cfg(not(target_arch = "wasm32"))]
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test that fails should say so at once"
)]

use replication_playground::cluster::Upstream;
use replication_playground::facts::Progress;
use replication_playground::history::Outcome;
use replication_playground::referee::Loss;
use replication_playground::run::Run;
use replication_playground::scenario::Scenario;
use replication_playground::time::{MS, SECOND};

fn start(text: &str) -> Run {
    Run::new(text).unwrap()
}

fn progress(run: &Run, name: &str) -> Progress {
    let member = run.cluster().members().find(|member| member.name.as_str() == name).unwrap();
    member.node.progress()
}

fn at(received: u32, flushed: u32, applied: u32) -> Progress {
    Progress { received, flushed, applied }
}

fn error(text: &str) -> String {
    let error = Run::new(text).unwrap_err();
    format!("{error} {:?}", error.line)
}

#[test]
fn each_stage_is_what_it_says_and_clients_were_told_of_all_when_nobody_waits() {
    let run = start(
        "cluster m + s1 s2 s3 s4\nstart-behind s1 40 entries unapplied\nstart-behind s2 30 entries missing\n\
         start-behind s3 10 entries unflushed\npause-apply s1",
    );
    assert_eq!(progress(&run, "m"), at(40, 40, 40));
    assert_eq!(progress(&run, "s1"), at(40, 40, 0));
    assert_eq!(progress(&run, "s2"), at(10, 10, 10));
    assert_eq!(progress(&run, "s3"), at(40, 30, 30));
    assert_eq!(progress(&run, "s4"), at(40, 40, 40));
    assert_eq!(run.referee().acknowledged(), 40);
    assert_eq!(run.now(), 0);
}

#[test]
fn what_is_missing_comes_by_the_link_unless_the_text_holds_it() {
    let text = "cluster m + s1 s2\nstart-behind s1 100 entries missing\nstart-behind s2 100 entries missing\n\
                at 0ms hold m->s2";
    let mut run = start(text);
    run.play_to(SECOND);
    assert_eq!(progress(&run, "s1").applied, 100);
    assert_eq!(progress(&run, "s2").received, 0, "held before anything arrived");
    run.command("heal m->s2").unwrap();
    run.play_to(2 * SECOND);
    assert_eq!(progress(&run, "s2").applied, 100);
}

#[test]
fn what_is_not_applied_is_applied_unless_the_text_stops_it() {
    let mut run = start(
        "cluster m + s1 s2\nstart-behind s1 5 entries unapplied\nstart-behind s2 5 entries unapplied\npause-apply s2",
    );
    assert_eq!(progress(&run, "s1").applied, 0);
    run.play_to(2 * MS);
    assert_eq!(progress(&run, "s1").applied, 5);
    assert_eq!(progress(&run, "s2").applied, 0);
    run.command("resume-apply s2").unwrap();
    run.play_to(3 * MS);
    assert_eq!(progress(&run, "s2").applied, 5);
}

#[test]
fn a_delay_counts_from_the_start() {
    let mut run = start("cluster m + s1\ndelay s1 10s\nstart-behind s1 7 entries unapplied");
    run.play_to(9 * SECOND);
    assert_eq!(progress(&run, "s1").applied, 0);
    run.play_to(11 * SECOND);
    assert_eq!(progress(&run, "s1").applied, 7);
}

#[test]
fn the_referee_knows_what_is_lost_when_such_a_slave_is_promoted() {
    let mut run = start(
        "preset pg-async\ncluster m + s1 s2\nstart-behind s1 40 entries missing\nstart-behind s2 15 entries missing\n\
         at 0ms cut m-s1\nat 0ms cut m-s2\nat 1ms crash m\nat 2ms promote s2",
    );
    run.play_to(10 * MS);
    assert_eq!(run.referee().acknowledged(), 40);
    let lost = run.referee().lost();
    assert_eq!(lost.len(), 15);
    assert!(lost.iter().all(|lost| lost.loss == Loss::NotReplicated));
}

#[test]
fn a_promoted_slave_applies_what_it_has_or_throws_it_away_as_its_engine_does() {
    let lost = |preset: &str| {
        let text = format!(
            "preset {preset}\ncluster m + s1\nstart-behind s1 12 entries unapplied\npause-apply s1\n\
             at 1ms crash m\nat 2ms promote s1"
        );
        let mut run = start(&text);
        run.play_to(10 * MS);
        run.referee().lost().to_vec()
    };
    assert_eq!(lost("pg-async"), []);
    let thrown_away = lost("mariadb-async");
    assert_eq!(thrown_away.len(), 12);
    assert!(thrown_away.iter().all(|lost| lost.loss == Loss::ThrownAway));
}

#[test]
fn clients_of_a_synchronous_master_wait_for_what_no_slave_has() {
    let text = "preset pg-sync-first1\ncluster m + s1 s2\nstart-behind s1 3 entries missing\n\
                start-behind s2 3 entries missing\nat 0ms hold m->s1\nat 0ms hold m->s2";
    let mut run = start(text);
    assert_eq!(run.referee().acknowledged(), 0);
    assert_eq!(run.cluster().pendings().iter().count(), 3);
    assert_eq!(progress(&run, "m").applied, 0, "nobody sees it before it is confirmed");
    run.play_to(SECOND);
    run.command("heal all").unwrap();
    run.play_to(2 * SECOND);
    assert_eq!(run.referee().acknowledged(), 3);
}

#[test]
fn a_synchronous_master_has_told_its_clients_of_what_enough_slaves_have() {
    let run = start("preset pg-sync-first1\ncluster m + s1 s2\nstart-behind s2 9 entries missing");
    assert_eq!(run.referee().acknowledged(), 9);
}

#[test]
fn a_master_that_waits_only_for_a_while_has_given_up() {
    let run = start("preset mariadb-semisync\ncluster m + s1\nstart-behind s1 20 entries missing\nat 0ms hold m->s1");
    assert_eq!(run.referee().acknowledged(), 20);
    let master = run.cluster().members().next().unwrap();
    assert!(master.node.is_degraded());
}

#[test]
fn clients_got_an_error_where_the_settings_say_so() {
    let text = "cluster m + s1\nreplication sync all flushed\ntoo-few error 2s\nstart-behind s1 4 entries missing\nat 0ms hold m->s1";
    let run = start(text);
    let failed = |outcome: &Outcome| matches!(outcome, Outcome::Failed(_));
    assert_eq!(run.cluster().history().operations().iter().filter(|it| failed(&it.outcome)).count(), 4);
    assert_eq!(run.referee().acknowledged(), 0);
}

#[test]
fn a_gap_is_refused_and_stays() {
    let mut run = start("preset pg-async\ncluster m + s1 s2\nstart-behind s2 8 entries gap");
    run.play_to(5 * SECOND);
    let slave = run.cluster().members().find(|member| member.name.as_str() == "s2").unwrap();
    assert_eq!(slave.node.upstream(), Upstream::Disconnected);
    assert_eq!(progress(&run, "s2"), at(0, 0, 0));
    assert!(slave.node.denial_of_upstream().is_some());
    assert_eq!(progress(&run, "s1").applied, 8);
}

#[test]
fn a_gap_in_redis_is_filled_by_a_full_copy() {
    let mut run = start("preset redis-async\ncluster m + s1\nstart-behind s1 8 entries gap");
    run.play_to(5 * SECOND);
    assert_eq!(progress(&run, "s1").applied, 8);
}

#[test]
fn slaves_follow_slaves_from_the_start() {
    let mut run =
        start("preset pg-async\ncluster m + s1 s2\nfollow s2 s1\nstart-behind s1 6 entries unapplied\npause-apply s1");
    let slave = run.cluster().members().find(|member| member.name.as_str() == "s2").unwrap();
    assert!(matches!(slave.node.upstream(), Upstream::Streaming { .. }));
    assert_eq!(progress(&run, "s2").applied, 6, "a paused slave of PostgreSQL hands on what it has received");
    run.command("write x 1").unwrap();
    run.play_to(100 * MS);
    assert_eq!(progress(&run, "s2").applied, 7);
}

#[test]
fn a_slave_does_not_begin_with_more_than_was_handed_on() {
    let text =
        "preset mariadb-async\ncluster m + s1 s2\nfollow s2 s1\nstart-behind s1 6 entries unapplied\npause-apply s1";
    let why = error(text);
    assert!(why.contains("s2 would begin with more than s1"), "{why}");
    assert!(why.contains("Some(4)"), "{why}");
    let run = start(&format!("{text}\nstart-behind s2 6 entries missing"));
    assert_eq!(progress(&run, "s2").received, 0);
}

#[test]
fn the_notation_is_printed_as_it_is_read() {
    let text =
        "cluster m + s1 s2\nfollow s2 s1\nstart-behind s1 40 entries unapplied\nstart-behind s2 1 entries missing\n";
    assert_eq!(Scenario::parse(text).unwrap().to_string(), text);
}

#[test]
fn mistakes_are_told() {
    let of = |line: &str| error(&format!("cluster m + s1 s2\n{line}"));
    assert!(of("start-behind m 4 entries missing").contains("m is the master"));
    assert!(
        of("start-behind s1 0 entries missing").contains("1 to 1000")
            || of("start-behind s1 0 entries missing").contains('1')
    );
    assert!(Run::new("cluster m + s1\nstart-behind s1 1001 entries missing").is_err());
    assert!(of("start-behind s1 4 missing").contains("not of what"));
    assert!(of("start-behind s1 4 entries lost").contains("does not fit"));
    assert!(of("at 1s start-behind s1 4 entries missing").contains("without a time"));
    assert!(of("follow m s1").contains("follows nobody"));
    assert!(of("follow s1 s2\nfollow s2 s1").contains("circle"));
    assert!(of("start-behind s1 4 entries gap\nstart-behind s2 4 entries missing").contains("reach back"));
}

#[test]
fn a_run_that_goes_back_begins_behind_again() {
    let mut run = start("cluster m + s1\nstart-behind s1 9 entries unapplied\npause-apply s1\nat 1s resume-apply s1");
    let hash = run.hash();
    run.play_to(2 * SECOND);
    assert_eq!(progress(&run, "s1").applied, 9);
    assert!(run.seek(0, u64::MAX));
    assert_eq!(run.hash(), hash);
    assert_eq!(progress(&run, "s1").applied, 0);
}
