//! `holds PROMISE` in lessons: a condition that the checker answers.
#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that fails should say so at once")]

use replication_playground::check::{Operator, Promise, Reads};
use replication_playground::lesson::{Lecture, Lesson, Wanted};
use replication_playground::session::Session;

const LESSON: &str = "lesson Lose nothing\n\ncluster m + s1 s2\nclients A B\npreset pg-async\n\nstep Settings\n\
    task Choose settings that lose nothing with one failure and still write with one node down.\n  \
    when holds no-lost-writes operator careful faults 1 depth 4\n  when holds writes-go-on depth 2\n  \
    by preset pg-sync-any1\nsay Done.\n";

/// Answers what the lesson wants to know, as the worker of the page does, until it wants nothing more.
fn answer(lecture: &mut Lecture, session: &mut Session) -> Vec<(Wanted, bool)> {
    let mut answers = Vec::new();
    while let Some(wanted) = lecture.wanted(session.run()) {
        let holds = wanted.holds.check(session.run()).unwrap_or(false);
        lecture.hear(wanted, holds);
        lecture.look(session);
        answers.push((wanted, holds));
        assert!(answers.len() < 10, "it asks the same again");
    }
    answers
}

#[test]
fn a_task_is_done_once_the_checker_finds_no_way() {
    let lesson = Lesson::parse(LESSON).unwrap();
    let mut session = Session::new(&lesson.run).unwrap();
    let mut lecture = Lecture::new(lesson);
    lecture.look(&mut session);
    let task = lecture.at();
    let told = answer(&mut lecture, &mut session);
    let [(lost, false), (goes_on, true)] = told.as_slice() else { panic!("{told:?}") };
    assert_eq!((lost.holds.promise, lost.holds.operator), (Promise::NoLostWrites, Some(Operator::Careful)));
    assert_eq!((lost.holds.faults, lost.holds.depth, lost.holds.reads), (Some(1), 4, Reads::Master));
    assert_eq!((goes_on.holds.promise, goes_on.holds.depth), (Promise::WritesGoOn, 2));
    assert!(!lecture.is_ticked(task));

    // Writes of a client and time do not make it another cluster; a fault does, and so do settings.
    session.command("A write k 1").unwrap();
    let now = session.run().now();
    session.timeline().advance(now + 5_000_000, u64::MAX, None);
    assert_eq!(lecture.wanted(session.run()), None);
    session.command("preset pg-sync-any2").unwrap();
    let told: Vec<bool> = answer(&mut lecture, &mut session).into_iter().map(|(_, holds)| holds).collect();
    assert_eq!(told, [true, false], "two acknowledgements lose nothing, and stop with one node down");
    assert!(!lecture.is_ticked(task));
    assert!(lecture.show(&mut session).unwrap());
    let told: Vec<bool> = answer(&mut lecture, &mut session).into_iter().map(|(_, holds)| holds).collect();
    assert_eq!(told, [true, true]);
    assert!(lecture.is_ticked(task));
    assert_eq!(lecture.at(), lecture.lesson().items.len());
    assert_eq!(lecture.wanted(session.run()), None);
}

#[test]
fn until_waits_for_the_checker_only_once_the_rest_is_there() {
    let text = LESSON.replace("task Choose settings that lose nothing with one failure and still write with one node down.\n  \
        when holds no-lost-writes operator careful faults 1 depth 4\n  when holds writes-go-on depth 2\n  \
        by preset pg-sync-any1\n", "task Read from slaves.\n  when set router round-robin\n  when set own-writes position\n  when holds read-your-writes operator nobody faults 0 reads routed depth 3\n  by own-writes position 1s\n");
    let lesson = Lesson::parse(&text).unwrap();
    let mut session = Session::new(&lesson.run).unwrap();
    let mut lecture = Lecture::new(lesson);
    lecture.look(&mut session);
    assert_eq!(lecture.wanted(session.run()), None, "the settings are not there yet");
    session.command("own-writes position 1s").unwrap();
    let told: Vec<bool> = answer(&mut lecture, &mut session).into_iter().map(|(_, holds)| holds).collect();
    assert_eq!(told, [true]);
    assert_eq!(lecture.at(), lecture.lesson().items.len());
}

#[test]
fn what_cannot_be_asked_of_a_cluster_does_not_hold() {
    let lesson = Lesson::parse(&LESSON.replace("operator careful", "operator built-in")).unwrap();
    let session = Session::new(&lesson.run).unwrap();
    let mut lecture = Lecture::new(lesson);
    let mut session = session;
    lecture.look(&mut session);
    let wanted = lecture.wanted(session.run()).unwrap();
    assert!(wanted.holds.check(session.run()).unwrap_err().message.contains("no failover of their own"));
}

#[test]
fn a_wrong_condition_is_refused_in_its_line() {
    let refused = |condition: &str| {
        let text = LESSON.replace("holds writes-go-on depth 2", condition);
        Lesson::parse(&text).unwrap_err().to_string()
    };
    for (condition, words) in [
        ("holds", "“holds” has another number of words behind it"),
        ("holds writes-goon", "line 10, column 1: “writes-goon” is no promise. Did you mean “writes-go-on”?"),
        ("holds writes-go-on operator carful", "“carful” is no operator. Did you mean “careful”?"),
        ("holds writes-go-on faults 40", "A number is missing behind “faults”, or it is too large (expected 0 to 9)"),
        ("holds writes-go-on depth 99", "(expected 1 to 8)"),
        ("holds writes-go-on depth", "A number is missing behind “depth”"),
        ("holds writes-go-on by nobody", "“by” says nothing of a check (expected operator, faults, reads or depth)"),
    ] {
        assert!(refused(condition).contains(words), "{condition}: {}", refused(condition));
    }
}
