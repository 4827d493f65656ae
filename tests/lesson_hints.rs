//! What a lesson says to a wrong try: every kind of it, from the reader's own commands.
#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that fails should say so at once")]

use replication_playground::lesson::{Lecture, Lesson};
use replication_playground::session::Session;
use replication_playground::view;

/// What a lesson with one task says after these commands, one after the other, each with 3 s for its end.
fn said(setting: &str, task: &str, tries: &[&str]) -> (Option<String>, bool) {
    let text =
        format!("lesson One\ncluster m + s1 s2\nclients A\ntimeout 2s\n{setting}\nstep One\ntask Do it.\n{task}\n");
    let lesson = Lesson::parse(&text).unwrap();
    let mut session = Session::new(&lesson.run).unwrap();
    let mut lecture = Lecture::new(lesson);
    lecture.look(&mut session);
    for line in tries {
        session.command(line).unwrap();
        let until = session.run().now() + 3_000_000;
        session.timeline().advance(until, u64::MAX, None);
        lecture.look(&mut session);
    }
    let seen = view::lesson(&lecture, session.run(), &view::MASTER_SLAVE);
    (seen.items.iter().find_map(|item| item.hint.clone()), seen.done)
}

#[track_caller]
fn assert_hint(setting: &str, task: &str, tries: &[&str], hint: &str) {
    assert_eq!(said(setting, task, tries), (Some(hint.to_owned()), false), "{tries:?}");
}

const WRITE: &str = "  when write cart 2\n  by A write cart 2";

#[test]
fn a_request_that_is_not_the_one_is_answered_in_a_sentence() {
    assert_hint("", WRITE, &["A write cart 1"], "You wrote `cart` = 1. Write `cart` = 2.");
    assert_hint("", WRITE, &["A write stock 2"], "You wrote `stock`. Here it is `cart`.");
    assert_hint("", WRITE, &["A read cart"], "That was a read. Press Write.");
    assert_hint(
        "",
        "  when write cart 2 @m\n  by A write cart 2",
        &["A write cart 2 @s1"],
        "You wrote to s1: it ignored you. Choose m, the master, under “Write to”.",
    );
    assert_hint(
        "slave-writes refused",
        WRITE,
        &["A write cart 2 @s1"],
        "You wrote to s1: it refused. Choose m, the master, under “Write to”.",
    );
    assert_hint(
        "",
        "  when read cart @s2\n  by A read cart @s2",
        &["A read cart @s1"],
        "You read from s1. Choose s2 under “Read from”.",
    );
    assert_hint("", WRITE, &["crash m", "A write cart 2"], "It failed (connection refused): m is off.");
    let stale = "link nodes latency 9s";
    assert_hint(
        stale,
        "  when fresh-read cart @s1\n  by A read cart @s1",
        &["A write cart 1", "A read cart @s1"],
        "That answer was still old. Wait for the entry, and read again.",
    );
}

#[test]
fn a_command_for_another_node_link_or_setting_is_answered_too() {
    assert_hint(
        "",
        "  when promote s2\n  by promote s2",
        &["promote s1"],
        "You promoted s1. Undo takes that back; then promote s2.",
    );
    assert_hint("", "  when crash m\n  by crash m", &["crash s1"], "That was s1. Here it is m.");
    assert_hint(
        "",
        "  when crash m\n  by crash m",
        &["stop m"],
        "You stopped m in good order. Start it, and switch it off at its card: that cuts the power.",
    );
    assert_hint("", "  when cut m-s1\n  by cut m-s1", &["cut m-s2"], "That was the link m-s2. Here it is m-s1.");
    assert_hint(
        "",
        "  when set replication sync all\n  by replication sync all applied",
        &["replication sync 1 applied"],
        "You set `replication sync 1 applied`. Here it is `replication sync all applied`.",
    );
    assert_hint("", "  when follow s1\n  by follow s1 s2", &["follow s2 s1"], "s2 follows s1 now. Let s1 follow s2.");
}

#[test]
fn what_is_right_pending_or_harmless_gets_no_word() {
    assert_eq!(said("", WRITE, &["A write cart 2"]), (None, true));
    assert_eq!(said("", WRITE, &[]), (None, false));
    assert_eq!(said("", WRITE, &["delay s1 1s"]), (None, false));
    assert_eq!(
        said("replication sync all\ntimeout 1m", WRITE, &["crash s1", "A write cart 2"]),
        (None, false),
        "it waits"
    );
}

#[test]
fn the_page_is_told_what_a_task_asks_for() {
    let lesson = Lesson::parse(
        "lesson One\ncluster m + s1\nstep One\ntask Do it.\n  when write cart\n  by A write cart 2 @s1\n",
    )
    .unwrap();
    let mut session = Session::new(&lesson.run).unwrap();
    let mut lecture = Lecture::new(lesson);
    lecture.look(&mut session);
    let seen = view::lesson(&lecture, session.run(), &view::MASTER_SLAVE);
    let wanted = seen.items.iter().find_map(|item| item.wanted.clone()).unwrap();
    assert_eq!((wanted.verb.as_str(), wanted.line.as_str()), ("write", "A write cart 2 @s1"));
    assert_eq!(wanted.client.as_deref(), Some("A"));
    assert_eq!(
        (wanted.key.as_deref(), wanted.value.as_deref(), wanted.node.as_deref()),
        (Some("cart"), Some("2"), Some("s1"))
    );
}

/// What was played and marked becomes a lesson, which its own lines take to the end.
#[test]
fn a_recorded_lesson_can_be_taken() {
    let mut session = Session::new("cluster m + s1 s2\nclients A\nlink m-s1 latency 2s\n").unwrap();
    for line in [
        "A write cart 1",
        "A write cart 2",
        "A read cart @s1",
        "crash m",
        "A write cart 3",
        "promote s1",
        "follow s2 s1",
    ] {
        session.command(line).unwrap();
        let until = session.run().now() + 1_500_000;
        session.timeline().advance(until, u64::MAX, None);
    }
    let goals: Vec<usize> = (4..10).collect();
    let text = replication_playground::lesson::record(session.run(), "Mine\n", &goals);
    for line in [
        "lesson Mine\n",
        "do A write cart 1\n",
        "task Write `cart` = 2.\n  when write cart 2\n  by A write cart 2\n",
        "task Read `cart` from s1.\n  when stale-read cart @s1\n",
        "  when crash m\n",
        "  when error\n",
        "  when promote s1\n",
        "  when follow s2\n",
    ] {
        assert!(text.contains(line), "{line}\n{text}");
    }
    let lesson = Lesson::parse(&text).unwrap_or_else(|error| panic!("{error}\n{text}"));
    let mut session = Session::new(&lesson.run).unwrap();
    let mut lecture = Lecture::new(lesson);
    let mut shown = 0;
    for _ in 0..600 {
        lecture.look(&mut session);
        if lecture.at() > shown && lecture.show(&mut session).unwrap() {
            shown = lecture.at();
        }
        let until = session.run().now() + 100_000;
        session.timeline().advance(until, u64::MAX, None);
    }
    assert!(view::lesson(&lecture, session.run(), &view::MASTER_SLAVE).done, "{text}");
}
