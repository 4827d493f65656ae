//! `replay still`: one instant of a run as a picture.

use std::path::Path;
use std::process::ExitCode;

use replication_playground::error::{Code, Error};
use replication_playground::lesson::{Lesson, is_lesson};
use replication_playground::run::Run;
use replication_playground::still::{Theme, still};
use replication_playground::view::Vocabulary;
use replication_playground::{limits, time};

use crate::files::{Done, print, read};

/// Prints the picture of a text, or of the text that a lesson begins with, at a time.
pub fn draw(file: &Path, at: &str, theme: &str, words: &str) -> Done<ExitCode> {
    let at = time::parse(at).filter(|at| *at <= limits::RUN_US_MAX).ok_or_else(|| {
        Error::new(Code::Syntax, format!("--at {at}: This is no time of a run")).expecting("a time such as 2.3s")
    })?;
    let theme = Theme::named(theme).ok_or_else(|| unknown("--theme", theme, "auto, light or dark"))?;
    let words = Vocabulary::named(words).ok_or_else(|| unknown("--words", words, "engine, master or primary"))?;
    let text = read(file)?;
    let text = if is_lesson(&text) { Lesson::parse(&text)?.run } else { text };
    let mut run = Run::new(&text)?;
    run.play_to(at);
    let words = words.words(run.cluster().rules().engine);
    print(&still(&run, theme, words))?;
    Ok(ExitCode::SUCCESS)
}

fn unknown(option: &str, given: &str, expected: &str) -> Error {
    Error::new(Code::Syntax, format!("{option}: There is no “{given}”")).expecting(expected)
}
