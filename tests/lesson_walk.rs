//! A lesson is taken up to a step by itself, and its questions go on paper.
#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that fails should say so at once")]

mod lesson_files;

use lesson_files::lessons;
use replication_playground::lesson::{Item, Lecture, Lesson, questions};
use replication_playground::session::Session;

#[test]
fn each_step_of_each_lesson_is_reached() {
    for (name, text) in lessons() {
        let lesson = Lesson::parse(&text).unwrap();
        let steps: Vec<usize> =
            (0..lesson.items.len()).filter(|place| matches!(lesson.items[*place], Item::Step(_))).collect();
        for (number, place) in steps.iter().enumerate() {
            let mut session = Session::new(&lesson.run).unwrap();
            let mut lecture = Lecture::new(lesson.clone());
            assert!(lecture.go_to_step(number + 1, &mut session).unwrap(), "{name}: step {}", number + 1);
            let next = steps.get(number + 1).copied().unwrap_or(lesson.items.len());
            assert!(lecture.at() > *place && lecture.at() <= next, "{name}: step {} is passed", number + 1);
            let given = (0..lesson.items.len()).filter(|item| lecture.answers(*item).0.is_some()).count();
            assert_eq!(given, 0, "{name}: nobody has answered");
        }
        let mut lecture = Lecture::new(lesson.clone());
        assert!(!lecture.go_to_step(steps.len() + 1, &mut Session::new(&lesson.run).unwrap()).unwrap());
    }
}

#[test]
fn no_lesson_waits_for_so_long_that_it_would_be_called_stuck() {
    let mut longest = 0;
    for (name, text) in lessons() {
        let lesson = Lesson::parse(&text).unwrap();
        let mut session = Session::new(&lesson.run).unwrap();
        let mut lecture = Lecture::new(lesson);
        lecture.look(&mut session);
        let mut shown = (usize::MAX, 0);
        while lecture.at() < lecture.lesson().items.len() {
            longest = longest.max(lecture.waited_us(session.run()));
            if lecture.asks() || lecture.rests() {
                lecture.answer(0, &mut session);
            } else if matches!(lecture.lesson().items[lecture.at()], Item::Task { .. })
                && shown != (lecture.at(), session.run().now() / 6_000_000)
            {
                shown = (lecture.at(), session.run().now() / 6_000_000);
                lecture.show(&mut session).unwrap();
            } else {
                let now = session.run().now();
                assert!(now < 2_000_000_000, "{name}");
                session.timeline().advance(now + 50_000, u64::MAX, None);
            }
            lecture.look(&mut session);
        }
    }
    eprintln!("the longest wait: {longest} µs");
    assert!(longest < 20_000_000, "{longest} µs");
}

#[test]
fn what_the_reader_has_switched_already_need_not_be_switched_again() {
    let text =
        "lesson Early\n\ncluster m + s1\n\nstep One\ntask Switch s1 on.\n  when start s1\n  by start s1\nsay So.\n";
    let lesson = Lesson::parse(text).unwrap();
    let mut session = Session::new(&lesson.run).unwrap();
    let mut lecture = Lecture::new(lesson);
    lecture.look(&mut session);
    assert_eq!(lecture.at(), lecture.lesson().items.len());
}

#[test]
fn each_question_has_its_answer_and_what_is_told_about_it() {
    for (name, text) in lessons() {
        let asked = text.lines().filter(|line| line.starts_with("ask ")).count();
        let found = questions(&text).unwrap();
        assert_eq!(found.len(), asked, "{name}");
        assert!(asked > 0, "{name}");
        for question in found {
            assert!(question.right < question.answers.len(), "{name}: {}", question.words);
            assert!(!question.reveal.is_empty() && !question.step.is_empty(), "{name}: {}", question.words);
        }
    }
}

#[test]
fn a_lesson_that_does_not_come_to_its_end_says_so() {
    let text = "lesson Stuck\n\ncluster m + s1\n\nstep One\nuntil crash m\nsay Never.\n";
    assert!(questions(text).unwrap_err().to_string().contains("does not come to its end"));
    let nobody = "lesson Nobody shows it\n\ncluster m + s1\n\nstep One\ntask Crash m.\n  when crash m\nsay So.\n";
    assert!(questions(nobody).unwrap_err().to_string().contains("does not come to its end"));
}
