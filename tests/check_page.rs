//! What a page asks of the checker: questions in words, what would have prevented a finding, a branch that plays it.
#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that fails should say so at once")]

use replication_playground::check::{Neighbour, Operator, Promise, Question, Reads, Search, neighbours, write_us};
use replication_playground::error::Code;
use replication_playground::run::Run;
use replication_playground::session::Session;
use replication_playground::view;

const ASYNC: &str = "cluster m + s1 s2\nclients A B\npreset pg-async\n";

/// The question of a text as it stands at a time.
fn asked(text: &str, at: u64, words: &str) -> Question {
    let mut run = Run::new(text).unwrap();
    run.play_to(at);
    let (mut question, left_out) = Question::fitted(&run).unwrap();
    assert!(left_out.is_empty());
    question.ask(words).unwrap();
    question
}

fn searched(question: &Question) -> Search {
    let mut search = Search::new(question).unwrap();
    search.run();
    search
}

#[test]
fn a_question_in_words_is_the_one_that_is_meant() {
    let question = asked(
        ASYNC,
        0,
        "operator hasty faults any reads routed depth 3 states 1000 promise convergence promise one-master",
    );
    assert_eq!((question.operator, question.faults, question.depth), (Operator::Hasty, None, 3));
    assert_eq!((question.reads, question.states_max), (Reads::Routed, 1000));
    assert_eq!(question.promises, [Promise::Convergence, Promise::OneMaster]);
    let unchanged = asked(ASYNC, 0, "");
    assert_eq!((unchanged.operator, unchanged.faults, unchanged.depth), (Operator::Careful, Some(1), 5));
    for (words, code, message) in [
        ("operator carefull", Code::Name, "“carefull” is no operator. Did you mean “careful”?"),
        ("depth many", Code::Limit, "“many” is no number for depth"),
        ("depth -1", Code::Limit, "“-1” is no number for depth"),
        ("colour red", Code::Syntax, "“colour” says nothing of a check"),
        ("promise", Code::Name, "“” is no promise"),
    ] {
        let error = asked(ASYNC, 0, "").ask(words).unwrap_err();
        assert_eq!((error.code, error.message.as_str()), (code, message), "{words}");
        assert!(error.expected.is_some() || code == Code::Limit, "{words}");
    }
    let mut deep = asked(ASYNC, 0, "depth 99");
    assert_eq!(Search::new(&deep).unwrap_err().code, Code::Limit);
    deep.ask("depth 8").unwrap();
    assert!(Search::new(&deep).is_ok());
}

#[test]
fn what_is_too_large_is_made_smaller_and_says_so() {
    let run = Run::new("cluster m + s1 s2 s3 s4 s5 s6\nat 0ms chain s1 s6\n").unwrap();
    let mut played = run.clone();
    played.play_to(1_000_000);
    let (question, left_out) = Question::fitted(&played).unwrap();
    // s6 follows s1: the last ones that nobody follows leave, and never the master.
    assert_eq!(left_out, ["s5", "s6"]);
    let there = question.run.cluster().members().filter(|member| !member.removed).count();
    assert_eq!(there, 5);
    assert!(question.run.text().contains("remove s6"), "{}", question.run.text());
    assert!(question.check().is_ok());
    assert!(!played.text().contains("remove"), "the run itself stays as it is");
}

#[test]
fn a_finding_of_a_run_of_now_goes_on_from_it() {
    let text = format!("{ASYNC}at 0ms A write cart 1\nat 5s delay s2 1s\nat 60s crash m\n");
    let question = asked(&text, 10_000_000, "promise no-lost-writes depth 3");
    let search = searched(&question);
    let told = view::check(&search);
    assert_eq!((told.ending, told.promises.len()), ("complete", 1));
    let promise = &told.promises[0];
    assert!(promise.broken && promise.actions == 3, "{promise:?}");
    let finding = promise.finding.as_ref().unwrap();
    assert!(finding.text.starts_with(&format!("{ASYNC}at 0ms")), "{}", finding.text);
    assert!(!finding.text.contains("at 60s"), "what is still to come is left out: {}", finding.text);

    let mut session = Session::new(&text).unwrap();
    session.timeline().seek(10_000_000, u64::MAX);
    let before = (session.run().text(), session.run().hash());
    session.branch_off(&finding.text, 10_000_000, "the way").unwrap();
    assert_eq!((session.branches().len(), session.here()), (2, 2));
    let branch = session.branches().last().unwrap();
    assert_eq!((branch.command.as_str(), branch.forked_us, branch.parent), ("the way", 10_000_000, Some(1)));
    assert_eq!(session.run().text(), finding.text);
    assert!(session.timeline().seek(9_999_999, u64::MAX));
    let state = view::state(session.run(), &view::MASTER_SLAVE);
    let mut same = Run::new(&text).unwrap();
    same.play_to(9_999_999);
    let wanted = view::state(&same, &view::MASTER_SLAVE);
    assert_eq!((state.nodes, state.clients), (wanted.nodes, wanted.clients), "it goes on from the very same state");
    let end = session.played_out(2).unwrap();
    let verdicts = view::state(&end, &view::MASTER_SLAVE).verdicts;
    let lost = verdicts.iter().find(|verdict| verdict.id == "no-lost-writes").unwrap();
    assert_eq!(lost.status, "broken");
    assert!(session.switch(1).unwrap());
    assert_eq!((session.run().text(), session.run().hash()), before);
    assert!(session.branch_off("cluster", 0, "bad").is_err());
    assert_eq!((session.branches().len(), session.here()), (2, 1), "a bad text changes nothing");
}

#[test]
fn what_would_have_prevented_it_is_checked_and_costs_what_it_costs() {
    let question = asked(ASYNC, 0, "depth 4");
    let near = neighbours(&question, Promise::NoLostWrites);
    let words: Vec<String> = near.iter().map(Neighbour::words).collect();
    assert!(words.contains(&"replication sync 1 flushed".to_owned()), "{words:?}");
    assert!(words.contains(&"operator strict".to_owned()), "{words:?}");
    let sync = near.iter().find(|near| near.words() == "replication sync 1 flushed").unwrap();
    let other = sync.question(&question, Promise::NoLostWrites).unwrap();
    let search = searched(&other);
    assert!(search.finding(Promise::NoLostWrites).is_none(), "one acknowledgement and a careful operator lose nothing");
    assert_eq!(view::check(&search).promises.len(), 2, "and whether writes go on is asked with it");
    let (now, then) = (write_us(&question.run).unwrap(), write_us(&other.run).unwrap());
    assert!(now < then, "an acknowledgement of a slave takes time: {now} µs, {then} µs");
    // What is so already is not offered, nor what these settings refuse.
    let question = asked("cluster m + s1 s2\npreset redis-sentinel\n", 0, "");
    for near in neighbours(&question, Promise::NoLostWrites) {
        assert!(!near.words().starts_with("operator"), "{}: the failover acts", near.words());
    }
}

#[test]
fn a_write_that_is_not_acknowledged_costs_nothing_that_can_be_told() {
    let question = asked("cluster m + s1\nreplication sync all flushed\nat 0ms crash s1\n", 1_000_000, "");
    assert_eq!(write_us(&question.run), None);
}

#[test]
fn the_operators_to_choose_from_are_those_that_fit() {
    let names = |manual| view::check::operators(manual).iter().map(|operator| operator.name).collect::<Vec<_>>();
    assert_eq!(names(true), ["nobody", "careful", "strict", "unfenced", "hasty"]);
    assert_eq!(names(false), ["nobody", "built-in"]);
}
