//! Pastes that were torn, mixed and damaged: whatever comes, there is an answer or an error, no panic; the run text that comes
//! out can be read; nothing secret comes out. Two thousand here; more with `IMPORT_FUZZ=1000000 cargo test --release
//! --test import_fuzz`, and from another beginning with `IMPORT_FUZZ_SEED`.
#![cfg(not(target_arch = "wasm32"))]
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test that fails should say so at once"
)]

use std::fs;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;

use rand_xoshiro::Xoshiro256PlusPlus;
use rand_xoshiro::rand_core::{Rng, SeedableRng};
use replication_playground::import;
use replication_playground::run::Run;

fn pastes() -> Vec<String> {
    let folder = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/pastes"));
    let mut files: Vec<_> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    let status = files.iter().filter(|path| path.extension().is_none_or(|ending| ending != "json"));
    status.map(|path| fs::read_to_string(path).unwrap()).collect()
}

struct Mutator {
    chance: Xoshiro256PlusPlus,
    pastes: Vec<String>,
}

const SPLINTERS: [&str; 30] = [
    "NULL",
    "|",
    "||",
    "{",
    "}",
    "[",
    "]",
    "(",
    "\"",
    "'",
    "\\",
    "+",
    "-",
    "---+---",
    "*****",
    ": ",
    "=",
    ",",
    "\t",
    "\r",
    "18446744073709551615",
    "-9223372036854775808",
    "FFFFFFFF/FFFFFFFF",
    "0/0",
    "\u{1b}[31m",
    "é",
    "🦀",
    "\u{202e}",
    "0-1-18446744073709551615",
    "127.0.0.11:6379> ",
];

impl Mutator {
    fn below(&mut self, end: usize) -> usize {
        usize::try_from(self.chance.next_u64() % end.max(1) as u64).unwrap()
    }

    fn any(&mut self) -> String {
        let at = self.below(self.pastes.len());
        self.pastes[at].clone()
    }

    /// A place between two characters.
    fn place(&mut self, text: &str) -> usize {
        let mut at = self.below(text.len() + 1);
        while !text.is_char_boundary(at) {
            at -= 1;
        }
        at
    }

    fn mutate(&mut self, text: String) -> String {
        match self.below(9) {
            0 => {
                let (a, b) = (self.place(&text), self.place(&text));
                text[..a.min(b)].to_owned() + &text[a.max(b)..]
            }
            1 => {
                let at = self.place(&text);
                let splinter = SPLINTERS[self.below(SPLINTERS.len())];
                text[..at].to_owned() + splinter + &text[at..]
            }
            2 => {
                let mut lines: Vec<&str> = text.lines().collect();
                let (a, b) = (self.below(lines.len()), self.below(lines.len()));
                if !lines.is_empty() {
                    lines.swap(a, b);
                }
                lines.join("\n")
            }
            3 => {
                let lines: Vec<&str> = text.lines().collect();
                let out = self.below(lines.len());
                let kept: Vec<&str> =
                    lines.iter().enumerate().filter(|(at, _)| *at != out).map(|(_, line)| *line).collect();
                kept.join("\n")
            }
            4 => {
                let other = self.any();
                let (a, b) = (self.place(&text), self.place(&other));
                text[..a].to_owned() + &other[b..]
            }
            5 => {
                let digit = char::from(b'0' + u8::try_from(self.below(10)).unwrap());
                let other = char::from(b'0' + u8::try_from(self.below(10)).unwrap());
                text.replace(digit, &other.to_string())
            }
            6 => {
                let mut chars: Vec<char> = text.chars().collect();
                let at = self.below(chars.len());
                if let Some(c) = chars.get_mut(at) {
                    *c = char::from_u32(u32::try_from(self.below(0x2600)).unwrap()).unwrap_or(' ');
                }
                chars.into_iter().collect()
            }
            7 => {
                let lines: Vec<&str> = text.lines().collect();
                let again = self.below(lines.len());
                let twice = lines
                    .iter()
                    .enumerate()
                    .flat_map(|(at, line)| std::iter::repeat_n(*line, 1 + usize::from(at == again)));
                twice.collect::<Vec<_>>().join("\n")
            }
            _ => text.lines().map(|line| line.trim().to_owned() + "\n").collect(),
        }
    }
}

#[test]
fn damaged_pastes_are_answered() {
    let number = |name: &str, other: u64| std::env::var(name).ok().map_or(other, |text| text.parse().unwrap());
    let (rounds, seed) = (number("IMPORT_FUZZ", 2_000), number("IMPORT_FUZZ_SEED", 1));
    let mut mutator = Mutator { chance: Xoshiro256PlusPlus::seed_from_u64(seed), pastes: pastes() };
    for round in 0..rounds {
        let mut texts = vec![mutator.any()];
        while mutator.below(4) == 0 && texts.len() < 4 {
            let other = mutator.any();
            texts.push(other);
        }
        for text in &mut texts {
            for _ in 0..=mutator.below(5) {
                *text = mutator.mutate(std::mem::take(text));
            }
        }
        let read: Vec<&str> = texts.iter().map(String::as_str).collect();
        let done = catch_unwind(AssertUnwindSafe(|| {
            let Ok(import) = import::read(&read) else { return };
            let report = serde_json::to_string(&import).unwrap();
            assert!(!report.contains("s3cret-not-real") && !report.contains("wrong-not-real"), "a password comes out");
            assert!(!report.contains("127.0.0.1"), "an address comes out");
            if let Some(text) = &import.run_text {
                Run::new(text).unwrap_or_else(|error| panic!("{error}\n{text}"));
            }
        }));
        assert!(done.is_ok(), "round {round}:\n{}", texts.join("\n=== next paste ===\n"));
    }
}
