//! The checker: what it must find, what it must take for one state, and that it says what it did.
#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that fails should say so at once")]

use replication_playground::check::{
    Ending, Finding, Mean, Means, Operator, PROMISES, Promise, Question, Reads, Search, Standing, alternatives,
};
use replication_playground::error::Code;
use replication_playground::run::Run;
use replication_playground::view;

/// A question about one promise of a preset, any number of faults.
fn question(preset: &str, operator: Operator, promise: Promise, depth: u8) -> Question {
    let mut question = Question::of_preset(preset, 2).unwrap();
    (question.operator, question.promises) = (operator, vec![promise]);
    (question.faults, question.depth) = (None, depth);
    question
}

fn searched(question: &Question) -> Search {
    let mut search = Search::new(question).unwrap();
    search.run();
    search
}

fn way(finding: &Finding) -> String {
    finding.way.join(" · ")
}

/// Plays the text of a finding: every line is done, every expectation holds, and the verdict of its promise is broken.
fn replays(finding: &Finding) {
    let mut run = Run::new(&finding.text).unwrap();
    run.scenario().check_end().unwrap();
    run.play_out();
    let differs = |result: &replication_playground::run::LineResult| {
        result.held == Some(false) || result.held.is_none() && result.got.starts_with("error")
    };
    let wrong: Vec<_> = run.results().into_iter().filter(differs).collect();
    assert!(wrong.is_empty(), "{wrong:?}\n{}", finding.text);
    let verdicts = view::state(&run, &view::MASTER_SLAVE).verdicts;
    if let Some(verdict) = verdicts.iter().find(|verdict| verdict.id == finding.promise.name()) {
        assert_eq!(verdict.status, "broken", "{}\n{}", finding.promise.name(), finding.text);
    }
    assert!(!finding.why.is_empty(), "{}", finding.text);
}

#[test]
fn who_promotes_at_any_time_loses_what_was_acknowledged() {
    for preset in ["pg-async", "pg-sync-any1", "mariadb-semisync"] {
        let search = searched(&question(preset, Operator::Hasty, Promise::NoLostWrites, 3));
        let finding = search.finding(Promise::NoLostWrites).unwrap_or_else(|| panic!("{preset}: nothing found"));
        assert!(finding.acts.len() <= 3, "{preset}: {}", way(finding));
        replays(finding);
    }
}

#[test]
fn a_careful_operator_loses_a_write_that_only_the_master_had() {
    let mut one = question("pg-async", Operator::Careful, Promise::NoLostWrites, 3);
    one.faults = Some(1);
    let search = searched(&one);
    let finding = search.finding(Promise::NoLostWrites).unwrap();
    assert_eq!(way(finding), "partition m · write @m · failover to s1");
    assert_eq!(
        finding.why,
        "A was told that w1 is done. Only m had it. s1, which did not, was promoted at 200 ms. So w1 is lost."
    );
    replays(finding);
}

#[test]
fn a_promoted_slave_throws_away_what_it_has_not_applied() {
    let mut all = question("mariadb-async", Operator::Careful, Promise::NoLostWrites, 4);
    all.all_ways = true;
    let search = searched(&all);
    let findings = search.findings();
    let thrown = findings.iter().find(|finding| finding.kind == Some("thrown away")).unwrap();
    assert_eq!(thrown.acts.len(), 4, "{}", way(thrown));
    assert!(thrown.why.contains("had not applied it when it was promoted"), "{}", thrown.why);
    assert!(findings.len() > 1 && findings[0].acts.len() == 3, "the shortest way comes first");
    findings.into_iter().for_each(replays);
}

#[test]
fn a_write_that_redis_had_not_flushed_is_lost_though_replicas_had_it() {
    let mut nobody = question("redis-min-replicas", Operator::Nobody, Promise::NoLostWrites, 3);
    nobody.faults = Some(1);
    let search = searched(&nobody);
    let finding = search.finding(Promise::NoLostWrites).unwrap();
    assert_eq!(way(finding), "write @m · crash m · start m");
    replays(finding);
}

#[test]
fn what_was_seen_at_the_master_is_gone_under_after_commit_and_not_under_after_sync() {
    let ask = |preset: &str| {
        let mut question = question(preset, Operator::Careful, Promise::MonotonicReads, 3);
        question.faults = Some(1);
        question
    };
    let search = searched(&ask("mariadb-semisync"));
    let finding = search.finding(Promise::MonotonicReads).unwrap();
    assert_eq!(way(finding), "partition m · write @m · failover to s1");
    replays(finding);
    let search = searched(&ask("mariadb-semisync-aftersync"));
    assert_eq!(search.standings(), [(Promise::MonotonicReads, Standing::NoneUpTo(3))]);
}

#[test]
fn two_acknowledgements_survive_what_one_does_not() {
    let search = searched(&question("pg-sync-any2", Operator::Careful, Promise::NoLostWrites, 4));
    assert_eq!(search.standings(), [(Promise::NoLostWrites, Standing::NoneUpTo(4))]);
    assert_eq!(search.ending(), Ending::Complete);
}

#[test]
fn every_finding_of_every_promise_replays_to_what_it_says() {
    let mut found = 0;
    for (preset, operator) in [
        ("pg-async", Operator::Hasty),
        ("pg-async", Operator::Unfenced),
        ("mariadb-semisync", Operator::Nobody),
        ("redis-sentinel", Operator::BuiltIn),
        ("mongo-w1", Operator::BuiltIn),
        ("plain", Operator::Careful),
    ] {
        let mut all = Question::of_preset(preset, 2).unwrap();
        (all.operator, all.promises, all.depth) = (operator, PROMISES.to_vec(), 3);
        let search = searched(&all);
        found += search.findings().len();
        search.findings().into_iter().for_each(replays);
    }
    assert!(found >= 15, "only {found} findings");
}

#[test]
fn the_same_question_has_the_same_answer_in_slices_too() {
    let asked = question("pg-sync-any1", Operator::Careful, Promise::Convergence, 3);
    let whole = searched(&asked);
    let mut sliced = Search::new(&asked).unwrap();
    let mut slices = 0;
    while !sliced.step(7) {
        slices += 1;
        let (depth, done, all) = sliced.progress();
        assert!(depth <= 3 && done <= all);
    }
    assert!(slices > 10);
    assert_eq!(sliced.counts(), whole.counts());
    assert_eq!(sliced.findings(), whole.findings());
    assert_eq!((whole.counts().states, whole.counts().transitions), (520, 992));
}

#[test]
fn a_search_that_is_given_up_says_how_far_it_came() {
    let mut search = Search::new(&question("pg-sync-any2", Operator::Careful, Promise::NoLostWrites, 5)).unwrap();
    assert!(!search.step(200), "that is not all of it");
    assert_eq!(search.ending(), Ending::Open);
    assert_eq!(search.standings(), [(Promise::NoLostWrites, Standing::NoneUpTo(search.progress().0 - 1))]);
}

#[test]
fn the_budget_of_states_ends_the_search_and_is_told() {
    let mut small = question("pg-sync-any2", Operator::Careful, Promise::NoLostWrites, 5);
    small.states_max = 300;
    let search = searched(&small);
    assert_eq!((search.ending(), search.counts().states), (Ending::OutOfStates, 300));
    let depth = search.progress().0;
    assert!(depth < 5);
    assert_eq!(search.standings(), [(Promise::NoLostWrites, Standing::NoneUpTo(depth - 1))]);
}

#[test]
fn without_faults_and_without_an_operator_nothing_is_lost() {
    let mut calm = question("pg-async", Operator::Nobody, Promise::NoLostWrites, 5);
    calm.faults = Some(0);
    let search = searched(&calm);
    assert_eq!(search.standings(), [(Promise::NoLostWrites, Standing::NoneUpTo(5))]);
}

#[test]
fn routed_reads_do_not_see_what_the_router_hides() {
    let mut routed = question("plain", Operator::Nobody, Promise::ReadYourWrites, 2);
    (routed.faults, routed.reads) = (Some(0), Reads::Routed);
    let search = searched(&routed);
    let finding = search.finding(Promise::ReadYourWrites).unwrap();
    assert_eq!(way(finding), "hold m-s1 · write @m");
    replays(finding);
    // The same with a position that a slave must have applied.
    let text = "cluster m + s1 s2\nclients A B\nown-writes position 1s\n";
    let mut waits = Question::of_text(text).unwrap();
    (waits.operator, waits.promises) = (Operator::Nobody, vec![Promise::ReadYourWrites]);
    (waits.faults, waits.reads, waits.depth) = (Some(0), Reads::Routed, 3);
    assert_eq!(searched(&waits).standings(), [(Promise::ReadYourWrites, Standing::NoneUpTo(3))]);
}

#[test]
fn other_means_find_other_ways() {
    let mut silent = question("redis-async", Operator::Unfenced, Promise::OneMaster, 3);
    (silent.faults, silent.means) = (Some(1), Means::of(&[Mean::Isolate]));
    let search = searched(&silent);
    let finding = search.finding(Promise::OneMaster).unwrap();
    assert_eq!(way(finding), "isolate m · failover to s1 · write @m");
    replays(finding);
    let mut one_way = question("pg-async", Operator::Nobody, Promise::NoUnsureWrites, 3);
    one_way.means = Means::named(["one-way", "cut", "hold", "crash"]).unwrap();
    let more = searched(&one_way).counts().states;
    one_way.means = Means::named(["cut", "hold", "crash"]).unwrap();
    assert!(more > searched(&one_way).counts().states);
}

#[test]
fn the_search_goes_on_from_the_cluster_as_it_is() {
    let text = "cluster m + s1 s2\nclients A B\nat 0ms partition m\nat 1s A write w1 x\nat 2s A read w1\nat 3s end\n";
    let mut question = Question::of_text(text).unwrap();
    (question.operator, question.promises, question.depth) = (Operator::Careful, vec![Promise::NoLostWrites], 2);
    let search = searched(&question);
    let finding = search.finding(Promise::NoLostWrites).unwrap();
    assert_eq!(way(finding), "failover to s1", "the write that is there already is lost");
    assert!(finding.text.starts_with("cluster m + s1 s2\nclients A B\n"), "{}", finding.text);
    replays(finding);
}

#[test]
fn what_cannot_be_asked_is_refused_with_what_to_do() {
    let wrong = Promise::named("no-lost-write").unwrap_err();
    assert_eq!(
        (wrong.code, wrong.message.as_str()),
        (Code::Name, "“no-lost-write” is no promise. Did you mean “no-lost-writes”?")
    );
    assert!(Operator::named("carefull").unwrap_err().message.contains("Did you mean “careful”?"));
    assert!(Means::named(["crush"]).unwrap_err().message.contains("Did you mean “crash”?"));
    assert!(Reads::named("slave").is_err());
    assert!(Question::of_preset("pg-asink", 2).unwrap_err().message.contains("Did you mean “pg-async”?"));
    let refused = |change: &dyn Fn(&mut Question)| {
        let mut question = question("pg-async", Operator::Careful, Promise::NoLostWrites, 3);
        change(&mut question);
        let error = Search::new(&question).unwrap_err();
        format!("{}: {error}", error.code.as_str())
    };
    assert!(refused(&|q| q.depth = 99).starts_with("limit: A way of 99 actions is too long"));
    assert!(refused(&|q| q.depth = 0).contains("(expected 1 to 8 actions)"));
    assert!(refused(&|q| q.states_max = 0).contains("0 states are no budget"));
    assert!(refused(&|q| q.faults = Some(40)).contains("40 faults at a time are too many (expected 0 to 9, or any)"));
    assert!(refused(&|q| q.promises.clear()).contains("No promise is named"));
    assert!(refused(&|q| q.operator = Operator::BuiltIn).contains("no failover of their own"));
    let forty: Vec<String> = (1..40).map(|number| format!("s{number}")).collect();
    let text = format!("cluster m + {}\n", forty[..32].join(" "));
    let error = Search::new(&Question::of_text(&text).unwrap()).unwrap_err();
    assert_eq!(
        error.to_string(),
        "A cluster of 33 nodes cannot be checked: the ways are too many, or there are none (expected 2 to 5 nodes)"
    );
    assert!(Question::of_preset("pg-async", 39).unwrap_err().message.contains("A cluster of 40 nodes"));
    let mut patroni = Question::of_preset("patroni-async", 2).unwrap();
    patroni.operator = Operator::Careful;
    assert!(Search::new(&patroni).unwrap_err().message.contains("fail over by themselves"));
}

#[test]
fn neighbouring_settings_are_checked_for_what_they_prevent_and_cost() {
    let verdicts = |question: &Question, promise: Promise| {
        let others = alternatives(question, promise).unwrap();
        let told = others.into_iter().map(|other| {
            let search = searched(&other.question);
            let standing = |wanted| search.standings().into_iter().find(|(promise, _)| *promise == wanted).unwrap().1;
            let holds = matches!(standing(promise), Standing::NoneUpTo(_));
            (other.words, holds, matches!(standing(Promise::WritesGoOn), Standing::NoneUpTo(_)))
        });
        told.collect::<Vec<_>>()
    };
    let mut asked = question("pg-async", Operator::Careful, Promise::NoLostWrites, 3);
    asked.faults = Some(1);
    assert_eq!(
        verdicts(&asked, Promise::NoLostWrites),
        [
            ("wait for one slave", true, true),
            ("no writes while no slave is heard of", true, true),
            ("promote only while enough slaves run", false, true),
            ("promote nobody", true, false),
        ]
    );
    let mut asked = question("pg-sync-any1", Operator::Careful, Promise::NoLostWrites, 5);
    (asked.means, asked.faults) = (Means::named(["crash", "hold"]).unwrap(), Some(2));
    let told = verdicts(&asked, Promise::NoLostWrites);
    assert!(told.contains(&("wait for one slave more", true, false)), "{told:?}");
    assert!(told.contains(&("promote only while enough slaves run", true, true)), "{told:?}");
}
