//! The challenges: lessons with one task, which the checker or the referee judges.
#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that fails should say so at once")]

use replication_playground::lesson::{Item, Lecture, Lesson};
use replication_playground::session::Session;
use replication_playground::time::{MS, SECOND};
use replication_playground::view;

const FOLDER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/www/lessons/");

struct Reader {
    lecture: Lecture,
    session: Session,
}

impl Reader {
    fn of(name: &str) -> Self {
        let lesson = Lesson::parse(&std::fs::read_to_string(format!("{FOLDER}{name}.lesson")).unwrap()).unwrap();
        let mut session = Session::new(&lesson.run).unwrap();
        let mut lecture = Lecture::new(lesson);
        lecture.look(&mut session);
        let mut reader = Self { lecture, session };
        reader.wait(SECOND);
        reader
    }

    /// Time passes, and the checker answers what the lesson asks.
    fn wait(&mut self, span: u64) {
        let until = self.session.run().now() + span;
        while self.session.run().now() < until {
            let next = self.session.run().now() + 100 * MS;
            self.session.timeline().advance(next, u64::MAX, None);
            self.lecture.look(&mut self.session);
            while let Some(wanted) = self.lecture.wanted(self.session.run()) {
                let holds = wanted.holds.check(self.session.run()).unwrap();
                self.lecture.hear(wanted, holds);
                self.lecture.look(&mut self.session);
            }
            if self.lecture.rests() {
                self.lecture.answer(0, &mut self.session);
            }
        }
    }

    fn does(&mut self, line: &str) {
        self.session.command(line).unwrap();
        self.wait(4 * SECOND);
    }

    fn done(&self) -> bool {
        self.lecture.at() == self.lecture.lesson().items.len()
    }

    fn says(&self, words: &str) -> bool {
        let seen = view::lesson(&self.lecture, self.session.run(), &view::MASTER_SLAVE);
        seen.items.iter().any(|item| item.words.contains(words))
    }
}

#[test]
fn losing_nothing_and_going_on_is_met_by_one_of_two_and_by_nothing_less_or_more() {
    for (line, met) in [
        ("replication async", false),
        ("preset pg-sync-any2", false),
        ("preset pg-sync-any1", true),
        ("preset pg-sync-first1", true),
    ] {
        let mut reader = Reader::of("challenge-1-lose-nothing-and-go-on");
        assert!(!reader.done());
        reader.does(line);
        assert_eq!(reader.done(), met, "{line}");
    }
}

#[test]
fn a_write_is_lost_in_as_many_lines_as_were_needed() {
    let mut reader = Reader::of("challenge-2-lose-exactly-one-write");
    for line in ["partition m", "A write order 1", "crash m", "promote s1"] {
        reader.does(line);
    }
    assert!(reader.done() && reader.says("You needed 4 lines; par is 6. Fewer than par."));
}

/// Par is what the checker needs: the lines of its run but for settings, reads and the end.
#[test]
fn par_is_what_the_checker_found() {
    let lesson =
        Lesson::parse(&std::fs::read_to_string(format!("{FOLDER}challenge-2-lose-exactly-one-write.lesson")).unwrap())
            .unwrap();
    let par = lesson.items.iter().find_map(|item| if let Item::Par(par) = item { Some(*par) } else { None }).unwrap();
    let found = include_str!("../docs/guarantees/mysql8-semisync-careful-no-lost-writes.run");
    let lines = found.lines().filter(|line| line.starts_with("at "));
    let acts = lines.filter(|line| !["timeout", " read ", " end"].iter().any(|word| line.contains(word)));
    assert_eq!(acts.count(), par as usize);
}

#[test]
fn own_writes_are_met_by_positions_and_not_by_a_while_at_the_master_or_by_giving_up_the_slaves() {
    for (line, met) in [("own-writes position 1s", true), ("own-writes master 60s", false), ("router @m", false)] {
        let mut reader = Reader::of("challenge-3-your-own-writes-from-slaves");
        reader.does(line);
        reader.does("A write comment hello");
        reader.does("A read comment");
        assert_eq!(reader.done(), met, "{line}");
    }
}

#[test]
fn the_page_lists_them() {
    let listed = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/www/words/lessons.js")).unwrap();
    let mut names: Vec<_> = std::fs::read_dir(FOLDER).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    names.retain(|name| name.to_string_lossy().starts_with("challenge-"));
    assert_eq!(names.len(), 3);
    for name in names {
        let name = name.to_string_lossy().replace(".lesson", "");
        let title = Lesson::parse(&std::fs::read_to_string(format!("{FOLDER}{name}.lesson")).unwrap()).unwrap().title;
        assert!(listed.contains(&format!("['{name}', '{title}']")), "{name}: {title}");
    }
}
