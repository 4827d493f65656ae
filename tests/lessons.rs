//! Every lesson is played to its end: each task ticks by what its own lines do, each prediction is decided by the run.
#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that fails should say so at once")]

mod lesson_files;

use lesson_files::lessons;
use replication_playground::cluster::Process;
use replication_playground::error::Code;
use replication_playground::lesson::{Item, Lecture, Lesson};
use replication_playground::session::Session;
use replication_playground::time::{MS, SECOND};
use replication_playground::view;

/// How somebody takes a lesson.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Reader {
    /// Does each task as the lesson shows it.
    Willing,
    /// Waits for minutes before each task.
    Slow,
    /// Asks for other things first, which the task does not mean.
    Curious,
    /// Breaks what can be broken before each step: the lesson has to mend it.
    Vandal,
}

/// What is done before a task is.
fn stray(reader: Reader, session: &mut Session) {
    let up = session.run().cluster().members().filter(|member| member.process == Process::Up);
    let nodes: Vec<String> = up.map(|member| member.name.as_str().to_owned()).collect();
    let pass = |session: &mut Session, span| {
        let now = session.run().now();
        session.timeline().advance(now + span, u64::MAX, None);
    };
    match reader {
        Reader::Willing => {}
        Reader::Slow => pass(session, 180 * SECOND),
        Reader::Curious => {
            let cluster = session.run().cluster();
            if cluster.member(cluster.master()).is_some_and(|master| master.process == Process::Up) {
                session.command("Z write elsewhere 1").unwrap();
            }
            session.command("Z read elsewhere").unwrap();
            pass(session, 40 * SECOND);
        }
        Reader::Vandal => {
            for node in nodes {
                session.command(&format!("crash {node}")).unwrap();
                pass(session, 100 * MS);
                session.command(&format!("start {node}")).unwrap();
                session.command(&format!("freeze {node}")).unwrap();
                session.command("hold clients").unwrap();
                pass(session, 100 * MS);
                session.command(&format!("thaw {node}")).unwrap();
                session.command("heal clients").unwrap();
            }
            pass(session, 10 * SECOND);
        }
    }
}

/// Takes a lesson to its end, and gives the first or the last answer to each question.
fn take(name: &str, text: &str, reader: Reader) -> (Lecture, Session) {
    let lesson = Lesson::parse(text).unwrap_or_else(|error| panic!("{name}: {error}"));
    let mut session = Session::new(&lesson.run).unwrap();
    let mut lecture = Lecture::new(lesson);
    let mut shown = Vec::new();
    let mut stuck_since = 0;
    lecture.look(&mut session);
    while lecture.at() < lecture.lesson().items.len() {
        let (at, now) = (lecture.at(), session.run().now());
        let item = lecture.lesson().items[at].clone();
        assert!(
            now < stuck_since + 90 * SECOND,
            "{name}: nothing goes on at item {at}: {item:?}\n{}",
            session.run().text()
        );
        match item {
            Item::Step(_) if lecture.rests() => {
                stray(reader, &mut session);
                assert!(lecture.answer(0, &mut session));
            }
            Item::Ask { answers, .. } => {
                // Somebody who is wrong is as welcome as somebody who is right.
                let answer = if reader == Reader::Willing { answers.len() - 1 } else { 0 };
                assert!(lecture.answer(answer, &mut session));
            }
            Item::Task { words, by, .. } if !shown.contains(&at) => {
                // All of the tasks behind each other are shown, one by one.
                shown.push(at);
                assert!(!by.is_empty(), "{name}: nobody shows how to do “{words}”");
                assert!(!lecture.is_ticked(at), "{name}: the task “{words}” is done before anybody does it");
                stray(reader, &mut session);
                lecture.look(&mut session);
                stuck_since = session.run().now();
                let ticked = lecture.is_ticked(at);
                assert!(!ticked || reader == Reader::Vandal, "{name}: “{words}” is done by something else");
                if !ticked {
                    assert!(lecture.show(&mut session).unwrap());
                }
            }
            item => {
                session.timeline().advance(now + 50 * MS, u64::MAX, None);
                // It did not help? Once more.
                if matches!(item, Item::Task { .. }) && (now / (50 * MS)).is_multiple_of(120) {
                    let _ = lecture.show(&mut session);
                }
            }
        }
        lecture.look(&mut session);
        if lecture.at() != at {
            stuck_since = session.run().now();
        }
    }
    (lecture, session)
}

/// The words of what the run decided, question by question.
fn decided(lecture: &Lecture) -> Vec<(String, String)> {
    let mut list = Vec::new();
    for (place, item) in lecture.lesson().items.iter().enumerate() {
        if let Item::Ask { question, answers } = item {
            let right = lecture.answers(place).1.map_or("nobody knows", |right| answers[right].0.as_str());
            list.push((question.clone(), right.to_owned()));
        }
    }
    list
}

#[test]
fn each_lesson_can_be_taken_to_its_end() {
    let lessons = lessons();
    assert!(!lessons.is_empty());
    for (name, text) in lessons {
        let (lecture, session) = take(&name, &text, Reader::Willing);
        println!("{name}: {:?} ends at {}", decided(&lecture), session.run().now() / SECOND);
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
        let seen = view::lesson(&lecture, session.run(), &view::MASTER_SLAVE);
        assert!(seen.done && seen.steps >= 2, "{name}");
        assert!(
            text.contains("PostgreSQL") || text.contains("MariaDB") || text.contains("Redis"),
            "{name}: no real database is named"
        );
    }
}

/// Read by somebody who knows the field: the run must decide each question as its words ask it.
#[test]
fn the_right_answers_are_those_that_the_words_ask_for() {
    let right = [
        "One of the slaves",
        "The old value",
        "About 1.6 s",
        "Nothing",
        "Nothing at all",
        "What the master has",
        "It gets the value, as before",
        "The value before that",
        "“Done”, after 4 s",
        "An older one",
        "Both",
        "“mine”",
        "It vanishes without a word",
        "It waits a little, and gets the new value from s1",
        "No",
        "Half of them take longer than half a second",
        "It falls to less than a tenth of what it was",
        "All of them fall behind, more and more",
        "It is refused",
        "It gets the latest that m had",
        "`NULL`",
        "0",
        "up",
    ];
    let take = |(name, text): (String, String)| decided(&take(&name, &text, Reader::Willing).0);
    let decided: Vec<String> = lessons().into_iter().flat_map(take).map(|(_, answer)| answer).collect();
    assert_eq!(decided, right);
}

#[test]
fn whoever_is_slow_curious_or_wrong_gets_to_the_end_too() {
    for (name, text) in lessons() {
        let (willing, _) = take(&name, &text, Reader::Willing);
        for reader in [Reader::Slow, Reader::Curious] {
            let (other, _) = take(&name, &text, reader);
            assert_eq!(decided(&other), decided(&willing), "{name}: the run decides, not the reader");
        }
    }
}

/// Breaking things may do a task, or keep it from being done; it must not keep anybody from the end.
#[test]
fn whoever_breaks_things_finds_them_mended() {
    for (name, text) in lessons() {
        let _ = take(&name, &text, Reader::Vandal);
    }
}

#[test]
fn the_lesson_in_the_documentation_can_be_taken_too() {
    let page = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/docs/lessons.md")).unwrap();
    let text = page.split("```text\n").nth(1).and_then(|rest| rest.split("```").next()).unwrap();
    for reader in [Reader::Willing, Reader::Slow, Reader::Curious, Reader::Vandal] {
        let (lecture, _) = take("docs/lessons.md", text, reader);
        assert!(reader == Reader::Vandal || decided(&lecture)[0].1 == "Nothing");
    }
    // Each condition that there is stands in the list, and the error is told as the page says.
    let error = Lesson::parse(&text.replace("when write cart", "when writen cart")).unwrap_err();
    for condition in error.expected.iter().flat_map(|list| list.split(", ")) {
        assert!(page.contains(&format!("`{condition}")), "docs/lessons.md does not tell of {condition}");
    }
    let told = page.split("```text\n").nth(2).and_then(|rest| rest.split('…').next()).unwrap();
    assert!(error.to_string().starts_with(told), "{error}\n{told}");
}

#[test]
fn all_lessons_are_there_in_order_and_the_page_lists_them() {
    let titles = [
        "Write to the master, read from a slave",
        "The stale read",
        "Consistency or availability",
        "An update at a slave",
        "The master is down: read on",
        "Promote a slave: which writes are lost",
        "Semi-synchronous, and how it silently stops being so",
        "The old master returns",
        "Read your own writes",
        "Reads scale out",
        "CQRS: two sides, one truth",
        "Lag: three meters that disagree",
    ];
    let listed = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/www/words/lessons.js")).unwrap();
    let found = lessons();
    assert_eq!(found.len(), titles.len());
    let mut from = 0;
    for (place, ((name, text), title)) in found.iter().zip(titles).enumerate() {
        assert!(name.starts_with(&format!("{:02}-", place + 1)), "{name}");
        let lesson = Lesson::parse(text).unwrap();
        assert_eq!(lesson.title, title, "{name}");
        let steps = lesson.items.iter().filter(|item| matches!(item, Item::Step(_))).count();
        assert!((3..=6).contains(&steps), "{name} has {steps} steps");
        assert!(lesson.items.iter().any(|item| matches!(item, Item::Ask { .. })), "{name} asks nothing");
        let line = format!("['{}', '{title}', ", name.trim_end_matches(".lesson"));
        let at = listed[from..].find(&line);
        assert!(at.is_some(), "www/words/lessons.js does not list {line} here");
        from += at.unwrap();
    }
}

/// A lesson with one task, and its run after some lines.
fn after(head: &str, when: &str, lines: &[(u64, &str)], end_ms: u64) -> bool {
    let text = format!("lesson One\n{head}\nstep One\ntask Do it.\n  when {when}\n");
    let lesson = Lesson::parse(&text).unwrap_or_else(|error| panic!("{when}: {error}"));
    let mut session = Session::new(&lesson.run).unwrap();
    let mut lecture = Lecture::new(lesson);
    lecture.look(&mut session);
    for (at_ms, line) in lines {
        session.timeline().advance(at_ms * MS, u64::MAX, None);
        lecture.look(&mut session);
        session.command(line).unwrap();
    }
    session.timeline().advance(end_ms * MS, u64::MAX, None);
    lecture.look(&mut session);
    lecture.is_ticked(1)
}

const PAIR: &str = "cluster m + s1 s2\nclients A\nlink nodes latency 500ms\nlink clients latency 100ms";

#[test]
fn a_condition_may_name_the_value_and_how_long_it_took() {
    let write = [(0, "A write k 1")];
    for (when, holds) in [
        ("write k 1", true),
        ("write k 2", false),
        ("write k 1 within 300ms", true),
        ("write k within 150ms", false),
        ("write over 150ms", true),
        ("write k over 300ms", false),
        ("write @m over 150ms", true),
        ("read within 300ms", false),
        ("read k", false),
    ] {
        assert_eq!(after(PAIR, when, &write, 3_000), holds, "{when}");
    }
    let read = [(0, "A write k 1"), (1_500, "A read k @s1")];
    for (when, holds) in [
        ("read k", true),
        ("read other", false),
        ("read k @s1", true),
        ("read k @s2", false),
        ("fresh-read k @s1", true),
        ("fresh-read other", false),
        ("stale-read k", false),
    ] {
        assert_eq!(after(PAIR, when, &read, 3_000), holds, "{when}");
    }
    assert!(after(PAIR, "got nothing @s1 over 150ms", &[(0, "A read k @s1")], 1_000));
    assert!(!after(PAIR, "got nothing @s1 within 150ms", &[(0, "A read k @s1")], 1_000));
    let error = Lesson::parse("lesson One\ncluster m + s1\nstep One\ntask Do.\n  when read within soon\n").unwrap_err();
    assert_eq!(error.line, Some(5), "{error}");
}

#[test]
fn a_link_is_named_by_its_ends_or_by_one() {
    for (when, holds) in [
        ("cut", true),
        ("cut m-s1", true),
        ("cut s1-m", true),
        ("cut s1", true),
        ("cut s2", false),
        ("cut m-s2", false),
        ("heal", false),
    ] {
        assert_eq!(after(PAIR, when, &[(100, "hold m-s1")], 200), holds, "{when}");
        let healed = when.replace("cut", "heal");
        let lines = [(100, "hold m-s1"), (150, "heal m-s1")];
        assert_eq!(after(PAIR, &healed, &lines, 200), holds || when == "heal", "{healed}");
    }
    assert!(!after(PAIR, "heal m-s1", &[(0, "hold m-s1"), (100, "A read k @s1"), (900, "heal clients")], 2_000));
}

#[test]
fn a_node_that_is_off_is_not_switched_off_again() {
    let text = format!(
        "lesson One\n{PAIR}\nstep One\ntask Off.\n  when crash s1\n  by crash s1\ndo crash s1\ndo start m\nsay Off.\n"
    );
    let lesson = Lesson::parse(&text).unwrap();
    let mut session = Session::new(&lesson.run).unwrap();
    let mut lecture = Lecture::new(lesson);
    lecture.look(&mut session);
    assert!(lecture.show(&mut session).unwrap());
    lecture.look(&mut session);
    assert!(view::lesson(&lecture, session.run(), &view::MASTER_SLAVE).done);
    assert_eq!(session.run().text().matches("crash s1").count(), 1);
    assert!(!session.run().text().contains("start m"));
}

#[test]
fn a_step_waits_until_the_words_before_it_are_read() {
    let text = format!(
        "lesson One\n{PAIR}\nstep One\nsay Words.\nstep Two\ndo crash s1\ntask Do it.\n  when write k\nstep Three\nsay End.\n"
    );
    let lesson = Lesson::parse(&text).unwrap();
    let mut session = Session::new(&lesson.run).unwrap();
    let mut lecture = Lecture::new(lesson);
    lecture.look(&mut session);
    session.timeline().advance(60 * SECOND, u64::MAX, None);
    lecture.look(&mut session);
    assert!(lecture.rests() && view::lesson(&lecture, session.run(), &view::MASTER_SLAVE).rests);
    assert_eq!(
        view::lesson(&lecture, session.run(), &view::MASTER_SLAVE).items.len(),
        2,
        "the heading comes with its step"
    );
    assert!(!session.run().text().contains("crash s1"));
    assert!(lecture.answer(0, &mut session));
    assert!(session.run().text().contains("crash s1") && !lecture.rests());
    session.command("A write k 1").unwrap();
    session.timeline().advance(70 * SECOND, u64::MAX, None);
    lecture.look(&mut session);
    assert!(view::lesson(&lecture, session.run(), &view::MASTER_SLAVE).done, "behind a task there is nothing to read");
}

#[test]
fn of_several_conditions_all_must_hold() {
    let both = "read @s1\n  when read @s2";
    assert!(!after(PAIR, both, &[(0, "A read k @s1")], 1_000));
    assert!(!after(PAIR, both, &[(0, "A read k @s2")], 1_000));
    assert!(after(PAIR, both, &[(0, "A read k @s1"), (500, "A read k @s2")], 1_000));
}

#[test]
fn a_meter_is_what_the_engine_says() {
    let head = format!("{PAIR}\npreset mariadb-async\nlink-timeout never");
    let hung = [(0, "A write k 1"), (2_000, "hold m-s1"), (2_500, "A write k 2")];
    assert!(after(&head, "meter Seconds_Behind_Master 0 @s1", &hung, 8_000));
    assert!(!after(&head, "meter Seconds_Behind_Master NULL @s1", &hung, 8_000));
    let paused = [(0, "A write k 1"), (2_000, "pause-apply s1"), (2_500, "A write k 2")];
    assert!(after(&head, "meter Seconds_Behind_Master NULL @s1", &paused, 8_000));
    assert!(!after(&head, "meter Seconds_Behind_Master NULL @s2", &paused, 8_000), "only s1 is paused");
    let redis = format!("{PAIR}\npreset redis-async\nlink-timeout never");
    assert!(after(&redis, "meter master_link_status up @s1", &hung, 8_000));
    assert!(!after(&redis, "meter no_such_meter up @s1", &hung, 8_000));
}

#[test]
fn a_promise_counts_as_broken_only_if_it_was_broken_since() {
    let text = format!(
        "lesson One\n{PAIR}\nstep One\ntask Once.\n  when broken read-your-writes\nsay Again.\ntask Twice.\n  when broken \
         read-your-writes\n"
    );
    let lesson = Lesson::parse(&text).unwrap();
    let mut session = Session::new(&lesson.run).unwrap();
    let mut lecture = Lecture::new(lesson);
    let until = |session: &mut Session, lecture: &mut Lecture, at| {
        session.timeline().advance(at, u64::MAX, None);
        lecture.look(session);
    };
    until(&mut session, &mut lecture, 0);
    session.command("hold m-s1").unwrap();
    session.command("A write k 1").unwrap();
    until(&mut session, &mut lecture, SECOND);
    session.command("A read k @s1").unwrap();
    for at in 0..40 {
        until(&mut session, &mut lecture, SECOND + at * 50 * MS);
    }
    assert!(lecture.is_ticked(1) && !lecture.is_ticked(3), "what was broken before is not broken again");
    session.command("A read k @s1").unwrap();
    until(&mut session, &mut lecture, 4 * SECOND);
    assert!(lecture.is_ticked(3));
}

#[test]
fn what_is_broken_is_mended_and_nothing_else_is_done() {
    let text =
        format!("lesson One\n{PAIR}\nstep One\ntask Go on.\n  when write go\nmend\nuntil converged\nsay Well.\n");
    let lesson = Lesson::parse(&text).unwrap();
    let whole = |lines: &[&str]| {
        let mut session = Session::new(&lesson.run).unwrap();
        let mut lecture = Lecture::new(lesson.clone());
        lecture.look(&mut session);
        session.command("A write go 1").unwrap();
        session.timeline().advance(SECOND / 2, u64::MAX, None);
        for line in lines {
            session.command(line).unwrap();
        }
        let before = session.run().scenario().lines().len();
        lecture.look(&mut session);
        let added = session.run().scenario().lines().len() - before;
        session.timeline().advance(20 * SECOND, u64::MAX, None);
        lecture.look(&mut session);
        assert!(view::lesson(&lecture, session.run(), &view::MASTER_SLAVE).done, "{lines:?}");
        added
    };
    assert_eq!(whole(&[]), 0, "where nothing is broken, nothing is done");
    assert_eq!(whole(&["crash s1"]), 1);
    assert_eq!(whole(&["stop s1", "freeze s2", "cut m-s2", "pause-apply s2"]), 4);
    assert_eq!(whole(&["partition s1"]), 1);
    assert_eq!(whole(&["remove s2", "hold clients"]), 1);
    let error = Lesson::parse(&text.replace("mend\n", "mend all\n")).unwrap_err();
    assert!(error.to_string().contains("begins no part"), "{error}");
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
    assert_eq!(
        view::lesson(&lecture, session.run(), &view::MASTER_SLAVE).items.len(),
        3,
        "heading, words and the task"
    );
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
    assert!(view::lesson(&lecture, session.run(), &view::MASTER_SLAVE).done);
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
