//! A reader who does anything at all, for as many acts as somebody does in five minutes, in every lesson: nothing breaks down,
//! and from wherever it has come to, the lesson can be finished, or begun again and then finished.
#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that fails should say so at once")]

mod lesson_files;

use lesson_files::lessons;
use replication_playground::lesson::{Item, Lecture, Lesson};
use replication_playground::session::Session;
use replication_playground::time::{MS, SECOND, Us};
use replication_playground::view::{self, Vocabulary};

/// One act a second.
const ACTS: u32 = 300;
const SEEDS: u64 = 2;

/// Draws numbers, the same for the same seed.
struct Dice(u64);

impl Dice {
    fn below(&mut self, n: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % n as u64) as usize
    }
    fn pick<'a, T: ?Sized>(&mut self, from: &[&'a T]) -> &'a T {
        from[self.below(from.len())]
    }
}

fn advance(session: &mut Session, span: Us) {
    let now = session.run().now();
    session.timeline().advance(now + span, 2_000_000, None);
}

/// Something that a reader can do with a page.
fn act(dice: &mut Dice, session: &mut Session, lecture: &mut Lecture) {
    let names: Vec<String> = session.run().cluster().members().map(|member| member.name.as_str().to_owned()).collect();
    let (one, other) = (names[dice.below(names.len())].clone(), names[dice.below(names.len())].clone());
    let line = match dice.below(22) {
        0..=2 => format!("A write cart {}", dice.below(9)),
        3 => format!("A write stock {} @{one}", dice.below(9)),
        4..=5 => "A read cart".to_owned(),
        6 => format!("B read stock @{one}"),
        7 => format!(
            "{} {one}",
            dice.pick(&["crash", "start", "stop", "freeze", "thaw", "partition", "rewind", "rebuild"])
        ),
        8 => format!("{} {one}-{other}", dice.pick(&["hold", "cut", "heal"])),
        9 => "heal all".to_owned(),
        10 => format!("promote {one}"),
        11 => format!("follow {one} {other}{}", dice.pick(&["", " force"])),
        12 => dice
            .pick(&["router random", "router master", "replication async", "replication sync all applied", "load off"])
            .to_owned(),
        13 => format!("{} {one}", dice.pick(&["pause-apply", "resume-apply", "remove", "trim-log"])),
        14 => {
            session.undo();
            return;
        }
        15 => {
            let _ = session.redo();
            return;
        }
        16 => {
            let back = session.run().now() / (1 + dice.below(4) as u64);
            session.timeline().seek(back, 5_000_000);
            return;
        }
        17 => {
            let branches = session.branches();
            let number = branches[dice.below(branches.len())].number;
            session.switch(number).unwrap();
            return;
        }
        18 => {
            lecture.answer(dice.below(4), session);
            return;
        }
        19 => {
            // Where a node is gone that it needs, it says so.
            let _ = lecture.show(session);
            return;
        }
        _ => return advance(session, 3 * SECOND),
    };
    // What cannot be done is refused in words.
    let _ = session.command(&line);
}

/// Does what a lesson shows, answers, and waits. Whether it comes to the end.
fn finish(lecture: &mut Lecture, session: &mut Session) -> bool {
    let begun = session.run().now();
    let mut shown = (usize::MAX, 0);
    while lecture.at() < lecture.lesson().items.len() {
        let now = session.run().now();
        if now > begun + 200 * SECOND {
            return false;
        }
        match lecture.lesson().items[lecture.at()] {
            _ if lecture.asks() || lecture.rests() => {
                lecture.answer(0, session);
            }
            Item::Task { .. } if shown != (lecture.at(), now / (6 * SECOND)) => {
                shown = (lecture.at(), now / (6 * SECOND));
                if lecture.show(session).is_err() {
                    return false;
                }
            }
            _ => advance(session, 100 * MS),
        }
        lecture.look(session);
    }
    true
}

#[test]
fn whatever_a_reader_does_a_lesson_is_finished_or_begun_again() {
    let (mut walks, mut finished) = (0, 0);
    for (name, text) in lessons() {
        for seed in 1..=SEEDS {
            let mut dice = Dice(seed * 0x9E37_79B9 + name.len() as u64);
            let lesson = Lesson::parse(&text).unwrap();
            let (mut session, mut lecture) = (Session::new(&lesson.run).unwrap(), Lecture::new(lesson.clone()));
            for _ in 0..ACTS {
                lecture.look(&mut session);
                act(&mut dice, &mut session, &mut lecture);
                let words = Vocabulary::default().words(session.run().cluster().rules().engine);
                let shown = view::lesson(&lecture, session.run(), words);
                // One who is stuck is told what is waited for.
                assert!(
                    shown.done || shown.rests || shown.waits || lecture.asks() || lecture.look(&mut session),
                    "{name} {seed}"
                );
            }
            lecture.look(&mut session);
            walks += 1;
            if finish(&mut lecture, &mut session) {
                finished += 1;
                continue;
            }
            let words = Vocabulary::default().words(session.run().cluster().rules().engine);
            let shown = view::lesson(&lecture, session.run(), words);
            let task = shown.items.iter().find(|item| item.kind == "task" && !item.done);
            // It says so, or what is wrong with the last try, or “Show me” does.
            let is_told =
                shown.long || task.is_some_and(|task| task.hint.is_some()) || lecture.show(&mut session).is_err();
            assert!(is_told, "{name} {seed}: stuck without a word at {:?}", task.map(|task| &task.words));
            let (mut again, mut anew) = (Session::new(&lesson.run).unwrap(), Lecture::new(lesson));
            anew.look(&mut again);
            assert!(finish(&mut anew, &mut again), "{name} {seed}: cannot be begun again");
        }
    }
    eprintln!("{finished} of {walks} walks finished where they stood");
}
