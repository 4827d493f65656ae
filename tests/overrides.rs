//! What a page that embeds a run may say beside its text: another seed, and a time to open it at.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test that fails should say so at once")]

use replication_playground::error::Code;
use replication_playground::lesson::{Lesson, with_seed};
use replication_playground::run::Run;
use replication_playground::time::parse_moment;

#[test]
fn a_text_is_given_a_seed_in_place_of_its_own() {
    let text = "version 1\n# seed 3\ncluster m + s1 # two\nseed 7\nlink m-s1 jitter 50ms\nat 0ms write seed 1\n";
    assert_eq!(with_seed(text, 9).unwrap(), text.replace("seed 7", "seed 9"));
    assert_eq!(Run::new(&with_seed(text, 9).unwrap()).unwrap().cluster().seed(), 9);
}

#[test]
fn a_text_without_a_seed_gets_one() {
    let text = "version 1\ncluster m + s1 # two\nat 0ms write a 1";
    let seeded = with_seed(text, (1 << 53) - 1).unwrap();
    assert_eq!(seeded, "version 1\ncluster m + s1 # two\nseed 9007199254740991\nat 0ms write a 1\n");
    assert_eq!(Run::new(&seeded).unwrap().cluster().seed(), (1 << 53) - 1);
}

#[test]
fn a_lesson_keeps_its_words() {
    let text = "lesson Seeds\nseed 1\ncluster m + s1\nstep One\nsay What a\n  seed 5\n  cluster does\n";
    let seeded = with_seed(text, 4).unwrap();
    assert_eq!(seeded, text.replace("seed 1", "seed 4"));
    assert!(Lesson::parse(&seeded).unwrap().run.contains("seed 4"));
    let without = with_seed(&text.replace("seed 1\n", ""), 4).unwrap();
    assert!(Lesson::parse(&without).unwrap().run.contains("seed 4"));
}

#[test]
fn a_text_that_cannot_be_read_gets_no_seed() {
    assert_eq!(with_seed("cluster m + s1\ncrash x", 1).unwrap_err().line, Some(2));
    assert_eq!(with_seed("lesson", 1).unwrap_err().code, Code::Syntax);
}

#[test]
fn a_time_is_a_span_or_whole_microseconds() {
    for (text, us) in [
        ("1.2s", 1_200_000),
        ("800ms", 800_000),
        (" 250us ", 250),
        ("0", 0),
        ("1200000", 1_200_000),
        ("2m", 120_000_000),
    ] {
        assert_eq!(parse_moment(text), Ok(us), "{text}");
    }
    for text in ["", "1.5", "-1s", "soon", "1e6", "0.5us", "1 s"] {
        let error = parse_moment(text).unwrap_err();
        assert_eq!(error.code, Code::Syntax, "{text}");
        assert!(error.expected.as_ref().unwrap().contains("1.2s"));
    }
    for text in ["86400000001", "86400.000001s", "99999999999999999999999"] {
        assert_eq!(parse_moment(text).unwrap_err().code, Code::Limit, "{text}");
    }
    assert_eq!(parse_moment("86400s"), Ok(86_400_000_000));
}
