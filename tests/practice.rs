//! *What happens next?*: puzzles from seeds, under every preset and at every level.
#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that fails should say so at once")]

use replication_playground::error::Code;
use replication_playground::lesson::{Item, Lesson};
use replication_playground::practice::{LEVEL_MAX, puzzle};
use replication_playground::scenario::PRESETS;

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
