//! The run text: what is understood, what is refused and where, and that printing and reading agree.
#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test that fails should say so at once")]

use proptest::prelude::*;
use replication_playground::error::Code;
use replication_playground::limits;
use replication_playground::random;
use replication_playground::run::Run;
use replication_playground::scenario::{Expect, Scenario, quote};

const CLUSTER: &str = "cluster m + s1 s2\n";

/// The error of a text whose first line is a cluster: code, line, column, and the whole sentence.
fn refused(lines: &str) -> (Code, Option<u32>, Option<u32>, String) {
    let error = Scenario::parse(&format!("{CLUSTER}{lines}")).expect_err(lines);
    (error.code, error.line, error.column, error.to_string())
}

#[test]
fn a_text_is_printed_in_one_way() {
    let text = "version 1\n\n# a comment\ncluster   m +\ts1 s2   # three nodes\nreplication sync\nlink m->s1 loss 5% latency 0.8s\n\
                at 100ms A   write cart 1 -> ok#x\n+200ms read cart -> error: connection refused # why\nat 1s log keep all";
    let printed = "version 1\n\n# a comment\ncluster m + s1 s2  # three nodes\nreplication sync all applied\n\
                   link m->s1 latency 800ms loss 5/100\nat 100ms    A write cart 1 -> ok#x\n\
                   at 300ms    read cart -> error: connection refused  # why\nat 1s       log keep all\n";
    assert_eq!(Scenario::parse(text).unwrap().to_string(), printed);
    assert_eq!(Scenario::parse(printed).unwrap().to_string(), printed);
}

#[test]
fn an_error_names_code_line_and_column_and_what_was_expected() {
    for (lines, code, line, column, words) in [
        ("at 1s crash x", Code::Name, 2, 13, "There is no node named x (expected m, s1, s2)"),
        ("at 1s crsh m", Code::Syntax, 2, 7, "Unknown command “crsh”. Did you mean “crash”?"),
        ("at 1s teleport m", Code::Syntax, 2, 7, "“teleport” (expected a command such as write"),
        ("lnk nodes latency 1ms", Code::Syntax, 2, 1, "Did you mean “link”?"),
        ("preset redis-asinc", Code::Syntax, 2, 8, "Did you mean “redis-async”?"),
        ("rejoin discrad", Code::Syntax, 2, 8, "Did you mean “discard”? (expected discard, refuse or rollback)"),
        ("\n\nat 1s", Code::Syntax, 4, 6, "There is a time, but no command"),
        ("crash m", Code::Syntax, 2, 1, "This needs a time (expected “at 0ms crash m”)"),
        ("at 2s crash m\nat 1s start m", Code::Order, 3, 1, "The time goes back: the line before is at 2s"),
        ("at 1s seed 4", Code::Order, 2, 1, "without a time"),
        ("at 1s crash m\nreplication sync", Code::Order, 3, 1, "each line needs one"),
        ("cluster a + b", Code::Name, 2, 1, "The cluster is named already"),
        ("version 1", Code::Order, 2, 1, "first line"),
        ("at 1s A crash m", Code::Syntax, 2, 9, "A client can only ask"),
        ("at 1s write k", Code::Syntax, 2, 14, "The line ends too soon (expected a value)"),
        ("at 1s write k @m", Code::Syntax, 2, 15, "stands in quotes"),
        ("at 1s write \"k", Code::Syntax, 2, 13, "A quote is opened and not closed"),
        ("at 1s write k\"k v", Code::Syntax, 2, 14, "A quote stands inside a word"),
        ("at 1s write \"\\x\" v", Code::Syntax, 2, 14, "no escape"),
        ("at 1s read k ->", Code::Syntax, 2, 16, "a result"),
        ("end", Code::Syntax, 2, 1, "This needs a time (expected “at TIME end”)"),
        ("at 1s crash m\nend", Code::Order, 3, 1, "each line needs one (expected “at TIME end” or “+SPAN end”)"),
        ("at 1s follow s1 s2 -> refused: so", Code::Syntax, 2, 32, "“so” (expected diverged, gap or ahead)"),
        ("at 1s follow s1 s2 -> refused:", Code::Syntax, 2, 31, "The line ends too soon (expected diverged"),
        ("at 1s read k -> ok ok", Code::Syntax, 2, 20, "The line should end here"),
        ("at -1s crash m", Code::Syntax, 2, 4, "This is no time"),
        ("at NaN crash m", Code::Syntax, 2, 4, "This is no time"),
        ("at 1e12s crash m", Code::Syntax, 2, 4, "This is no time"),
        ("at 25000000s crash m", Code::Limit, 2, 4, "out of range (expected 0ms to 86400s)"),
        ("seed -1", Code::Syntax, 2, 6, "This is no whole number"),
        ("seed 99999999999999999999", Code::Limit, 2, 6, "out of range"),
        ("seed 1.5", Code::Syntax, 2, 6, "This is no whole number"),
        ("link m-x latency 1ms", Code::Name, 2, 8, "There is no node named x"),
        ("link m-m latency 1ms", Code::Name, 2, 6, "two different ends"),
        ("link m-s1", Code::Syntax, 2, 10, "Nothing is said of the link"),
        ("link m-s1 latency 0ms", Code::Limit, 2, 19, "out of range"),
        ("link m-s1 loss 91%", Code::Limit, 2, 16, "At most 90%"),
        ("link m-s1 loss 1/0", Code::Limit, 2, 16, "out of range"),
        ("link m-s1 bandwidth 1B/s", Code::Limit, 2, 21, "at least 10 bytes"),
        ("link m-s1 speed 3", Code::Syntax, 2, 11, "no property of a link"),
        ("replication sync 33", Code::Limit, 2, 18, "1 to 32"),
        ("replication maybe", Code::Syntax, 2, 13, "async or sync"),
        ("router @x", Code::Name, 2, 9, "There is no node named x"),
        ("at 1s add S9", Code::Name, 2, 11, "no name for a node"),
        ("at 1s add s_very_long_name_it_is", Code::Limit, 2, 11, "at most 16 characters"),
        ("at 1s wríte k v", Code::Syntax, 2, 7, "wríte"),
        ("at 1s write k \u{7}v", Code::Encoding, 2, 15, "control character"),
    ] {
        let (found, at_line, at_column, message) = refused(lines);
        assert_eq!((found, at_line, at_column), (code, Some(line), Some(column)), "{lines}: {message}");
        assert!(message.contains(words), "{lines}: {message}");
    }
}

#[test]
fn a_text_without_a_cluster_is_refused() {
    for text in ["", "\n\n", "# nothing\n", "seed 7\n"] {
        let error = Scenario::parse(text).unwrap_err();
        assert_eq!(error.code, Code::Syntax, "{text:?}");
        assert_eq!(error.expected.as_deref(), Some("cluster MASTER + SLAVES"));
    }
    let error = Scenario::parse("link m-s1 latency 1ms\ncluster m + s1\n").unwrap_err();
    assert_eq!((error.code, error.line), (Code::Order, Some(1)));
}

#[test]
fn a_cluster_that_lacks_something_is_shown_whole() {
    for (text, column) in [("cluster", 8), ("cluster m", 10), ("cluster m +", 12)] {
        let error = Scenario::parse(text).unwrap_err();
        assert_eq!((error.code, error.line, error.column), (Code::Syntax, Some(1), Some(column)), "{text}");
        assert!(error.expected.as_deref().unwrap().contains("“cluster m + s1”"), "{error}");
    }
}

#[test]
fn a_refusal_is_an_expectation_of_its_own_unless_it_stands_in_quotes() {
    for (expected, is_text) in [
        ("refused: diverged", false),
        ("refused: gap", false),
        ("refused: ahead", false),
        ("refused", true),
        ("\"refused: gap\"", true),
        ("\"refused:\"", true),
    ] {
        let text = format!("{CLUSTER}at 0ms      follow s1 s2 -> {expected}\n");
        let scenario = Scenario::parse(&text).unwrap();
        assert_eq!(scenario.to_string(), text);
        let expect = scenario.lines()[1].expect.clone().unwrap();
        assert_eq!(matches!(expect, Expect::Text(_)), is_text, "{expect:?}");
    }
}

#[test]
fn a_command_behind_the_end_is_found_and_a_comment_is_none() {
    let found = |lines: &str| Scenario::parse(&format!("{CLUSTER}{lines}")).unwrap().check_end();
    for fine in ["", "at 1s crash m\n", "at 1s crash m\nat 1s end\n", "at 1s end\n\n# the end\n"] {
        assert_eq!(found(fine), Ok(()), "{fine}");
    }
    let error = found("at 1s end\n\n# more\nat 1s crash m\nat 2s start m\n").unwrap_err();
    assert_eq!((error.code, error.line), (Code::Order, Some(5)), "{error}");
}

#[test]
fn a_newer_version_is_refused_as_such() {
    let error = Scenario::parse("version 2\ncluster m + s1\nat 1s teleport m").unwrap_err();
    assert_eq!((error.code, error.line, error.column), (Code::Version, Some(1), Some(9)));
    assert!(error.message.contains("open it in a newer one"));
}

#[test]
fn limits_hold_at_their_edges() {
    let slaves = |count: usize| format!("cluster m + {}\n", (1..=count).map(|n| format!("s{n} ")).collect::<String>());
    assert!(Scenario::parse(&slaves(limits::SLAVES_MAX)).is_ok());
    assert_eq!(Scenario::parse(&slaves(limits::SLAVES_MAX + 1)).unwrap_err().code, Code::Limit);

    let write = |key: usize, value: usize| format!("{CLUSTER}at 0ms write {} {}", "k".repeat(key), "v".repeat(value));
    assert!(Scenario::parse(&write(limits::KEY_BYTES_MAX, limits::VALUE_BYTES_MAX)).is_ok());
    assert_eq!(Scenario::parse(&write(limits::KEY_BYTES_MAX + 1, 1)).unwrap_err().code, Code::Limit);
    assert_eq!(Scenario::parse(&write(1, limits::VALUE_BYTES_MAX + 1)).unwrap_err().code, Code::Limit);

    let comments = |bytes: usize| format!("{CLUSTER}{}", "#\n".repeat(bytes));
    assert!(Scenario::parse(&comments(limits::LINES_MAX - 1)).is_ok());
    assert_eq!(Scenario::parse(&comments(limits::LINES_MAX)).unwrap_err().code, Code::Limit);

    let long = |bytes: usize| format!("{CLUSTER}#{}", " x".repeat((bytes - CLUSTER.len()) / 2));
    assert!(Scenario::parse(&long(limits::TEXT_BYTES_MAX - 2)).is_ok());
    assert_eq!(Scenario::parse(&long(limits::TEXT_BYTES_MAX + 2)).unwrap_err().code, Code::Limit);

    let clients =
        |count: usize| format!("{CLUSTER}clients {}", (1..=count).map(|n| format!("C{n} ")).collect::<String>());
    assert!(Scenario::parse(&clients(limits::CLIENTS_MAX)).is_ok());
    assert_eq!(Scenario::parse(&clients(limits::CLIENTS_MAX + 1)).unwrap_err().code, Code::Limit);
}

#[test]
fn a_text_that_grows_by_commands_never_becomes_too_large_to_read() {
    let mut run = Run::new(CLUSTER).unwrap();
    let command = format!("write {} {}", "k".repeat(limits::KEY_BYTES_MAX), "v".repeat(limits::VALUE_BYTES_MAX));
    let error = loop {
        if let Err(error) = run.command(&command) {
            break error;
        }
    };
    assert_eq!(error.code, Code::Limit);
    assert!(Scenario::parse(&run.text()).is_ok());
}

#[test]
fn a_refused_command_changes_nothing() {
    let mut run = Run::new(CLUSTER).unwrap();
    run.command("A write k 1").unwrap();
    run.play_to(1_000_000);
    let (text, hash) = (run.text(), run.hash());
    for command in [
        "",
        "# only a comment",
        "at 1s crash m",
        "crash",
        "crash nobody",
        "seed 4",
        "cluster a + b",
        "read k\ncrash m",
        "A write k \u{0}",
    ] {
        assert!(run.command(command).is_err(), "{command:?}");
        assert_eq!((run.text(), run.hash()), (text.clone(), hash), "{command:?}");
    }
}

proptest! {
    #[test]
    fn any_input_is_read_or_refused_and_never_panics(text in "\\PC{0,60}") {
        let _ = Scenario::parse(&format!("{CLUSTER}{text}"));
        let _ = Scenario::parse(&format!("{CLUSTER}at 1s {text}"));
        let _ = Scenario::parse(&text);
    }

    #[test]
    fn any_bytes_are_read_or_refused(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        let _ = Scenario::parse(&String::from_utf8_lossy(&bytes));
    }

    #[test]
    fn words_of_the_grammar_in_any_order_are_read_or_refused(words in proptest::collection::vec(
        prop::sample::select(vec![
            "at", "1s", "+1s", "A", "write", "read", "k", "v", "@m", "->", "ok", "error:", "\"", "\"q\"", "#", "m-s1", "m->s1",
            "link", "latency", "loss", "1/2", "5%", "crash", "m", "s1", "replication", "sync", "all", "1", "router", "add",
            "heal", "cut", "state", "follow", "refused:", "gap", "log", "keep", "durability", "lazy", "end", "bandwidth", "10kB/s", "-", "cluster", "+",
        ]), 0..9)) {
        let text = format!("{CLUSTER}{}", words.join(" "));
        if let Ok(scenario) = Scenario::parse(&text) {
            let printed = scenario.to_string();
            let again = Scenario::parse(&printed);
            prop_assert_eq!(again.map(|again| again.to_string()), Ok(printed));
        }
    }

    #[test]
    fn any_key_and_value_comes_back_as_it_was(key in "\\PC{0,16}", value in any::<String>()) {
        prop_assume!(key.len() <= limits::KEY_BYTES_MAX && value.len() <= limits::VALUE_BYTES_MAX);
        let text = format!("{CLUSTER}at 0ms A write {} {}\nat 1s A read {} -> {}\n", quote(&key), quote(&value), quote(&key), quote(&value));
        // A bare word such as ok is a keyword behind the arrow: there the printer puts it in quotes.
        prop_assume!(!["ok", "nothing", "timeout", "error", "error:"].contains(&value.as_str()));
        let mut run = Run::new(&text).map_err(|error| TestCaseError::fail(error.to_string()))?;
        prop_assert_eq!(Scenario::parse(&run.text()).unwrap().to_string(), run.text());
        run.play_out();
        prop_assert!(run.results().iter().all(|result| result.held != Some(false)), "{:?}", run.results());
    }

    #[test]
    fn a_random_run_prints_as_it_reads(seed in 0u64..1_000) {
        let printed = Scenario::parse(&random::run_text(seed, 60, true)).unwrap().to_string();
        prop_assert_eq!(Scenario::parse(&printed).unwrap().to_string(), printed);
    }
}
