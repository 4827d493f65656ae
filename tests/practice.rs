//! *What happens next?*: puzzles from seeds, under every preset and at every level.
#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that fails should say so at once")]

use replication_playground::error::Code;
use replication_playground::lesson::{Item, Lecture, Lesson};
use replication_playground::practice::{LEVEL_MAX, puzzle};
use replication_playground::scenario::PRESETS;
use replication_playground::session::Session;
use replication_playground::time::{MS, SECOND, Us};

#[test]
fn every_preset_and_level_gives_a_question_that_its_run_decides() {
    for preset in &PRESETS {
        for level in 1..=LEVEL_MAX {
            for seed in 0..2 {
                let puzzle = puzzle(preset.name, level, seed)
                    .unwrap_or_else(|error| panic!("{} {level} {seed}: {error}", preset.name));
                let lesson = Lesson::parse(&puzzle.text).unwrap();
                let asked = lesson.items.iter().find_map(|item| match item {
                    Item::Ask { answers, .. } => Some(answers.len()),
                    _ => None,
                });
                assert!(puzzle.right < asked.unwrap());
            }
        }
    }
}

/// A page that draws often or seldom moves the run in other steps: what it decides is the same.
#[test]
fn the_answer_does_not_depend_on_how_often_the_page_draws() {
    for (preset, level, seed) in
        [("pg-async", 1, 10), ("pg-async", 1, 11), ("redis-async", 3, 2), ("mysql8-semisync", 4, 5)]
    {
        let puzzle = puzzle(preset, level, seed).unwrap();
        let decided: Vec<_> = [7 * MS, 16_667, 33_333, SECOND].map(|frame| watched(&puzzle.text, frame)).into();
        assert!(decided.iter().all(|(right, _)| *right == puzzle.right), "{preset} {level} {seed}");
        assert!(decided.windows(2).all(|two| two[0].1 == two[1].1), "{preset} {level} {seed}");
    }
}

/// Plays as a page does that draws every so often: the right answer, and when each line of the lesson was done.
fn watched(text: &str, frame: Us) -> (usize, String) {
    let lesson = Lesson::parse(text).unwrap();
    let ask = lesson.items.iter().position(|item| matches!(item, Item::Ask { .. })).unwrap();
    let mut session = Session::new(&lesson.run).unwrap();
    let mut lecture = Lecture::new(lesson);
    lecture.look(&mut session);
    loop {
        if lecture.rests() || lecture.asks() {
            lecture.answer(0, &mut session);
        }
        if let (_, Some(right)) = lecture.answers(ask) {
            return (right, session.run().text());
        }
        let until = session.run().now() + frame;
        while session.run().now() < until && !lecture.asks() {
            let next = lecture.next_look(session.run()).min(until);
            session.timeline().advance(next, u64::MAX, None);
            lecture.look(&mut session);
        }
        assert!(session.run().now() < 200 * SECOND);
    }
}

/// Who always takes the same place is right no more often than by chance.
#[test]
fn no_place_is_right_most_of_the_time() {
    let mut counts = [0; 4];
    let mut all = 0;
    for (number, preset) in (0u64..).zip(&PRESETS) {
        for level in 1..=LEVEL_MAX {
            for seed in 0..3 {
                counts[puzzle(preset.name, level, number * 1_000 + seed).unwrap().right] += 1;
                all += 1;
            }
        }
    }
    assert!(counts.iter().all(|count| count * 100 < all * 55), "{counts:?} of {all}");
}

#[test]
fn the_same_seed_gives_the_same_puzzle_and_another_one_another() {
    assert_eq!(puzzle("pg-async", 2, 7), puzzle("pg-async", 2, 7));
    assert_ne!(puzzle("pg-async", 2, 7), puzzle("pg-async", 2, 8));
}

#[test]
fn what_is_no_preset_or_level_is_refused() {
    let error = puzzle("pg-asinc", 1, 0).unwrap_err();
    assert_eq!((error.code, error.message.contains("Did you mean “pg-async”?")), (Code::Name, true));
    assert_eq!(puzzle("pg-async", 0, 0).unwrap_err().code, Code::Limit);
    assert_eq!(puzzle("pg-async", 9, 0).unwrap_err().code, Code::Limit);
}
