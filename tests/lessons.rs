//! Every lesson is played to its end: each task ticks by what its own lines do, each prediction is decided by the run.
#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that fails should say so at once")]

use replication_playground::error::Code;
use replication_playground::lesson::{Item, Lecture, Lesson};
use replication_playground::session::Session;
use replication_playground::time::{MS, SECOND};
use replication_playground::view;

fn lessons() -> Vec<(String, String)> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/www/lessons");
    let mut paths: Vec<_> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.retain(|path| path.extension().is_some_and(|extension| extension == "lesson"));
    paths.sort();
    let name = |path: &std::path::Path| path.file_name().unwrap().to_string_lossy().into_owned();
    paths.iter().map(|path| (name(path), std::fs::read_to_string(path).unwrap())).collect()
}

/// Takes a lesson as a reader would who lets each task be done, and gives the last answer to each question.
fn take(name: &str, text: &str) -> Lecture {
    let lesson = Lesson::parse(text).unwrap_or_else(|error| panic!("{name}: {error}"));
    let mut session = Session::new(&lesson.run).unwrap();
    let mut lecture = Lecture::new(lesson);
    let mut shown = Vec::new();
    let mut stuck_since = 0;
    lecture.look(&mut session);
    while lecture.at() < lecture.lesson().items.len() {
        let (at, now) = (lecture.at(), session.run().now());
        assert!(
            now < stuck_since + 90 * SECOND,
            "{name}: nothing goes on at item {at}: {:?}",
            lecture.lesson().items[at]
        );
        if let Item::Ask { answers, .. } = &lecture.lesson().items[at] {
            let last = answers.len() - 1;
            assert!(lecture.answer(last, &mut session));
        } else if let Item::Task { words, by, .. } = &lecture.lesson().items[at]
            && !shown.contains(&at)
            && !by.is_empty()
        {
            assert!(!lecture.is_ticked(at), "{name}: the task “{words}” is done before anybody does it");
            // All of the tasks behind each other are shown, one by one.
            shown.push(at);
            assert!(lecture.show(&mut session).unwrap());
        } else {
            session.timeline().advance(now + 50 * MS, u64::MAX, None);
            if matches!(lecture.lesson().items[at], Item::Task { .. }) && (now / MS).is_multiple_of(1_000) {
                let _ = lecture.show(&mut session);
            }
        }
        lecture.look(&mut session);
        if lecture.at() != at {
            stuck_since = session.run().now();
        }
    }
    lecture
}

#[test]
fn each_lesson_can_be_taken_to_its_end() {
    let lessons = lessons();
    assert!(!lessons.is_empty());
    for (name, text) in lessons {
        let lecture = take(&name, &text);
        let items = &lecture.lesson().items;
        for (place, item) in items.iter().enumerate() {
            match item {
                Item::Task { words, .. } => assert!(lecture.is_ticked(place), "{name}: {words}"),
                Item::Ask { question, .. } => {
                    let told = items.iter().skip(place).any(|item| matches!(item, Item::Reveal(_)));
                    assert!(
                        told && lecture.answers(place).1.is_some(),
                        "{name}: nobody tells the answer to “{question}”"
                    );
                }
                _ => {}
            }
        }
        let seen = view::lesson(&lecture);
        assert!(seen.done && seen.steps >= 2, "{name}");
        assert!(
            text.contains("PostgreSQL") || text.contains("MariaDB") || text.contains("Redis"),
            "{name}: no real database is named"
        );
    }
}

const SMALL: &str = "lesson Small\ncluster m + s1\nlink m-s1 latency 1s\nstep One\nsay Look.\ntask Write.\n  when write k\n  \
                     by A write k 1\nask What is on s1?\n  answer 1\n    when got 1\n  answer nothing\n    when got nothing\n\
                     do A read k @s1\nreveal So it is.\n";

#[test]
fn words_wait_for_what_happens() {
    let lesson = Lesson::parse(SMALL).unwrap();
    let mut session = Session::new(&lesson.run).unwrap();
    let mut lecture = Lecture::new(lesson);
    lecture.look(&mut session);
    assert_eq!(view::lesson(&lecture).items.len(), 3, "heading, words and the task");
    session.timeline().advance(10 * SECOND, u64::MAX, None);
    assert!(!lecture.look(&mut session), "time alone ticks nothing");
    session.command("A write other 1").unwrap();
    session.timeline().advance(20 * SECOND, u64::MAX, None);
    lecture.look(&mut session);
    assert!(!lecture.is_ticked(2), "another write is not the task");
    session.command("A write k 5").unwrap();
    lecture.look(&mut session);
    assert!(!lecture.is_ticked(2), "a write that is not acknowledged yet is not done");
    session.timeline().advance(20 * SECOND + 500 * MS, u64::MAX, None);
    lecture.look(&mut session);
    assert!(lecture.is_ticked(2) && lecture.asks());
    assert!(!lecture.answer(2, &mut session), "there is no third answer");
    assert!(lecture.answer(0, &mut session));
    session.timeline().advance(40 * SECOND, u64::MAX, None);
    lecture.look(&mut session);
    assert_eq!(lecture.answers(3), (Some(0), Some(1)), "the run decides what was right: nothing had arrived");
    assert!(view::lesson(&lecture).done);
}

#[test]
fn an_error_in_a_lesson_says_where() {
    let wrong = |from: &str, to: &str| Lesson::parse(&SMALL.replace(from, to)).unwrap_err();
    for (from, to, line, words) in [
        ("lesson Small", "lesson", 1, "title"),
        ("cluster m + s1", "cluster m", 2, "+"),
        ("latency 1s", "latency soon", 3, "no time"),
        ("say Look.", "sing Look.", 5, "begins no part"),
        ("  when write k\n", "", 6, "Nothing tells when"),
        ("when write k", "when written k", 7, "no condition"),
        ("by A write k 1", "by A wriet k 1", 8, "A client can only ask"),
        ("by A write k 1", "by crash s7", 8, "no node named s7"),
        ("    when got 1\n", "", 9, "two answers"),
        ("do A read k @s1", "do A read k @s9", 14, "no node named s9"),
        ("when got nothing", "when got", 13, "number of words"),
    ] {
        let error = wrong(from, to);
        assert_eq!(error.line, Some(line), "{to}: {error}");
        assert!(error.to_string().contains(words), "{to}: {error}");
    }
    let long = format!("{SMALL}{}", "say Again.\n".repeat(300));
    assert_eq!(Lesson::parse(&long).unwrap_err().code, Code::Limit);
    assert_eq!(Lesson::parse("cluster m + s1\n").unwrap_err().code, Code::Syntax);
}
