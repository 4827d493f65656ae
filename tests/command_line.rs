//! The program `replay`, as somebody calls it.
#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that fails should say so at once")]

mod program;

use std::process::{Command, Stdio};

use program::replay;

const RUN: &str =
    "cluster m + s1\nlink m-s1 latency 100ms\nat 0ms A write k 1 -> ok\nat 50ms A read k @s1 -> nothing\n";

#[test]
fn a_run_is_told_judged_and_hashed() {
    let (status, out, err) = replay(&["run", "-"], RUN.as_bytes());
    assert_eq!((status, err.as_str()), (0, ""));
    assert!(out.contains("A write k 1 -> ok => ok  held"), "{out}");
    assert!(out.contains("behind    Every read was fresh: The only read was stale."), "{out}");
    assert!(out.contains("expectations: 2 held, 0 differ"), "{out}");
    let hash = out.lines().find_map(|line| line.strip_prefix("hash: ")).unwrap();
    assert!(hash.len() == 16 && hash.chars().all(|c| c.is_ascii_hexdigit()), "{hash}");
    assert_eq!(replay(&["run", "-"], RUN.as_bytes()).1, out, "a second run differs");
}

#[test]
fn an_expectation_that_fails_fails_the_program() {
    let (status, out, _) = replay(&["run", "-"], RUN.replace("nothing", "1").as_bytes());
    assert_eq!(status, 1);
    assert!(out.contains("A read k @s1 -> 1 => nothing  DIFFERS"), "{out}");
    assert!(out.contains("expectations: 1 held, 1 differ"), "{out}");
}

#[test]
fn the_story_tells_everything_that_happened() {
    let (_, out, _) = replay(&["run", "--story", "-"], RUN.as_bytes());
    assert!(out.contains("0.000000 s  A writes k = 1 #1 to m."), "{out}");
    assert!(out.contains("A reads nothing from s1, which is old: one version behind"), "{out}");
}

#[test]
fn what_is_no_run_text_is_refused_with_its_place() {
    for (input, words) in [
        (&b"cluster m + s1\nat 1s crash x\n"[..], "line 2, column 13: There is no node named x (expected m, s1)"),
        (&b""[..], "The text names no cluster"),
        (&b"\xff\xfe\x00\x01binary"[..], "The file is not text: byte 1 is no UTF-8"),
        (&[b'#'; 600_000][..], "has more than 524288 bytes; a run text has at most 524288"),
        (&"ä".repeat(300_000).into_bytes()[..], "has more than 524288 bytes; a run text has at most 524288"),
    ] {
        let (status, out, err) = replay(&["run", "-"], input);
        assert_eq!((status, out.as_str()), (2, ""), "{words}");
        assert!(err.contains(words), "{err}");
    }
}

#[test]
fn a_file_that_cannot_be_read_is_named() {
    let folder = env!("CARGO_TARGET_TMPDIR");
    let binary = format!("{folder}/not-text.run");
    std::fs::write(&binary, b"cluster m + s1\n\xff").unwrap();
    for command in ["run", "print", "bench", "conform"] {
        for file in ["/no/such/file", folder, &binary] {
            let (status, out, err) = replay(&[command, file], b"");
            assert_eq!((status, out.as_str()), (2, ""), "{command} {file}");
            assert!(err.starts_with(&format!("replay: {file}: ")), "{err}");
        }
        let (_, _, err) = replay(&[command, "-"], b"\xff");
        assert!(err.starts_with("replay: standard input: The file is not text"), "{err}");
    }
}

#[test]
fn what_stands_behind_the_end_is_refused_unless_it_says_nothing() {
    let text = "cluster m + s1\nat 0s write k 1 -> ok\nat 1s end\n\n# nothing more\n";
    assert_eq!(replay(&["run", "-"], text.as_bytes()).0, 0);
    for more in ["at 2s read k -> 5\n", "at 1s read k\n", "at 3s end\n"] {
        for command in ["run", "bench"] {
            let (status, out, err) = replay(&[command, "-"], format!("{text}{more}").as_bytes());
            assert_eq!((status, out.as_str()), (2, ""), "{more}");
            assert!(err.contains("line 6: This stands behind “end” (line 3)") && err.contains("take it out"), "{err}");
        }
    }
}

#[test]
fn what_run_prints_of_a_refusal_can_be_expected() {
    let text = "cluster m + s1 s2\nrejoin refuse\nat 0s cut m-s1\nat 10ms A write k 1\nat 1s promote s1\n\
                at 2s A write k 2\nat 3s heal all\nat 3s follow m s1";
    let (_, out, _) = replay(&["run", "-"], text.as_bytes());
    assert!(out.contains("follow m s1 => refused: diverged\n"), "{out}");
    for (expected, status) in [("refused: diverged", 0), ("\"refused: diverged\"", 0), ("refused: gap", 1), ("ok", 1)] {
        let (got, out, err) = replay(&["run", "-"], format!("{text} -> {expected}\n").as_bytes());
        assert_eq!((got, err.as_str()), (status, ""), "{expected}: {out}");
    }
}

#[test]
fn a_line_that_could_not_be_done_fails_the_program_unless_it_is_expected() {
    let text = "cluster m + s1\npause-apply m\nat 1s start m\nat 2s crash s1\n";
    let (status, out, err) = replay(&["run", "-"], text.as_bytes());
    assert_eq!((status, err.as_str()), (1, ""));
    let last = out.lines().last().unwrap();
    assert!(last.starts_with("2 lines could not be done, first line 2: m is the master"), "{last}");
    let expected = text.replace("apply m", "apply m -> error").replace("start m", "start m -> error: m is up");
    let (status, out, _) = replay(&["run", "-"], expected.as_bytes());
    assert_eq!(status, 0, "{out}");
    assert!(out.lines().last().unwrap().starts_with("hash: "), "{out}");
}

#[test]
fn scenarios_that_would_prove_nothing_are_refused() {
    for (input, words) in [
        ("", "line 1: There is no scenario here (expected scenario NAME)"),
        ("# a comment\n\n", "line 2: There is no scenario here"),
        (
            "scenario a\npresets pg-async\nread k @m -> nothing\nscenario b\nread k @m -> nothing\n",
            "line 4: The scenario b has no presets",
        ),
        ("scenario a\npresets pg-async\n", "line 1: The scenario a has no steps"),
    ] {
        let (status, out, err) = replay(&["conform", "-"], input.as_bytes());
        assert_eq!((status, out.as_str()), (2, ""), "{input}");
        assert!(err.contains(words), "{err}");
    }
    let good = "scenario a\npresets pg-async\nread k @m -> nothing\n";
    let (status, out, err) = replay(&["conform", "-"], good.as_bytes());
    assert_eq!((status, err.as_str()), (0, ""));
    assert_eq!(out, "a / pg-async: held\n1 passed, 0 failed\n");
}

#[test]
fn a_random_text_is_always_the_same_and_can_be_played() {
    let (status, text, _) = replay(&["random", "--seed", "5", "--lines", "50", "--quiet-end"], b"");
    assert_eq!(status, 0);
    assert_eq!(replay(&["random", "--seed", "5", "--lines", "50", "--quiet-end"], b"").1, text);
    // Chance also asks for what cannot be done.
    let (status, out, err) = replay(&["run", "-"], text.as_bytes());
    assert!(status < 2 && err.is_empty() && out.contains("0 differ"), "{out}{err}");
    let (status, printed, _) = replay(&["print", "-"], text.as_bytes());
    assert_eq!(status, 0);
    assert_eq!(replay(&["print", "-"], printed.as_bytes()).1, printed);
}

#[test]
fn a_random_text_keeps_to_the_limits_and_says_so() {
    let (status, text, err) = replay(&["random", "--lines", "20000"], b"");
    assert_eq!(status, 0);
    assert!(err.contains(" of 20000 lines are printed: a run text has at most 524288 bytes"), "{err}");
    let lines = text.lines().filter(|line| line.starts_with("at ")).count();
    assert!(err.contains(&format!("replay: {lines} of ")) && lines > 10_000, "{err}");
    assert_eq!(replay(&["print", "-"], text.as_bytes()).0, 0);
    let (_, short, err) = replay(&["random", "--lines", "50"], b"");
    assert!(err.is_empty() && text.starts_with(&short), "{err}");
}

/// A text with a load that lasts so many seconds.
fn loaded(seconds: u64) -> String {
    format!("cluster m + s1 s2\nload 2000/s keys 50\nat {seconds}s end\n")
}

/// The number behind a word.
fn number(text: &str, word: &str) -> f64 {
    let rest = text.split_once(word).unwrap_or_else(|| panic!("no {word}: {text}")).1;
    let end = rest.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(rest.len());
    rest[..end].parse().unwrap_or_else(|_| panic!("{word} has no number: {text}"))
}

#[test]
fn a_bench_tells_events_memory_and_seek() {
    let (status, out, err) = replay(&["bench", "-"], loaded(10).as_bytes());
    assert_eq!((status, err.as_str()), (0, ""));
    assert!(number(&out, "events:          ") > 20_000.0, "{out}");
    assert!(out.contains(" in 10.000000 s of simulated time\n"), "{out}");
    assert!(number(&out, "events a second: ") > 0.0, "{out}");
    assert!(out.contains("\npeak memory:     ") && out.contains("\nbytes an event:  "), "{out}");
    assert!(number(&out, "seek to 5.000000 s: median ") <= number(&out, "ms, worst "), "{out}");
    assert_eq!(out.lines().count(), 5, "{out}");

    let (status, json, err) = replay(&["bench", "--json", "-"], loaded(10).as_bytes());
    assert_eq!((status, err.as_str()), (0, ""));
    assert!(json.starts_with('{') && json.ends_with("}\n") && json.lines().count() == 1, "{json}");
    assert_eq!(number(&json, "\"events\":"), number(&out, "events:          "), "a run has as many events each time");
    assert_eq!(number(&json, "\"simulatedUs\":"), 10e6);
    assert!(json.contains("\"clock\":\"cpu\"") || json.contains("\"clock\":\"wall\""), "{json}");
    assert!(number(&json, "\"keyframes\":") > 1.0, "{json}");
    assert!(number(&json, "\"seekMedianUs\":") <= number(&json, "\"seekWorstUs\":"), "{json}");
    if cfg!(target_os = "linux") {
        assert!((1e6..1e9).contains(&number(&json, "\"peakBytes\":")), "{json}");
    } else {
        assert!(json.contains("\"peakBytes\":null") && out.contains("cannot be told"), "{json}");
    }
}

#[test]
fn a_bench_of_nothing_is_refused() {
    for (input, words) in [
        ("cluster m + s1\n", "Nothing happens in this text: there is nothing to measure"),
        ("cluster m + s1\nat 1s crash x\n", "line 2, column 13: There is no node named x"),
    ] {
        let (status, out, err) = replay(&["bench", "-"], input.as_bytes());
        assert_eq!((status, out.as_str()), (2, ""), "{input}");
        assert!(err.contains(words), "{err}");
    }
    assert_eq!(replay(&["bench"], b"").0, 2);
}

/// What a command shows on a terminal of its own; nothing where there is no `script` of util-linux.
fn on_a_terminal(command: &str) -> Option<String> {
    let version = Command::new("script").arg("--version").output().ok()?;
    if !String::from_utf8_lossy(&version.stdout).contains("util-linux") {
        return None;
    }
    let command = format!("stty cols 120; '{}' {command}", env!("CARGO_BIN_EXE_replay"));
    let script = Command::new("script").args(["-qec", &command, "/dev/null"]).stdin(Stdio::null()).output().ok()?;
    Some(String::from_utf8_lossy(&script.stdout).into_owned())
}

#[test]
fn only_a_terminal_sees_a_bar_and_only_of_a_long_run() {
    let folder = env!("CARGO_TARGET_TMPDIR");
    let text = |seconds: u64| {
        let file = format!("{folder}/{seconds}.run");
        std::fs::write(&file, loaded(seconds)).unwrap();
        file
    };
    let short = text(1);
    let Some(shown) = on_a_terminal(&format!("run '{short}'")) else { return };
    assert!(shown.contains("hash: ") && !shown.contains(" events"), "{shown}");
    // However fast this machine is, one of these takes long enough.
    for seconds in [60, 240, 960, 3_840] {
        let (file, kept) = (text(seconds), format!("{folder}/{seconds}.out"));
        let shown = on_a_terminal(&format!("run '{file}' > '{kept}'")).unwrap();
        if shown.is_empty() {
            continue;
        }
        assert!(shown.contains(&format!(" of {seconds}.0 s, ")) && shown.contains(" events"), "{shown}");
        assert!(shown.ends_with("\u{1b}[2K"), "it leaves something behind: {shown:?}");
        let (status, out, err) = replay(&["run", &file], b"");
        assert_eq!((status, err.as_str()), (0, ""));
        assert_eq!(out, std::fs::read_to_string(&kept).unwrap(), "a bar changes what is printed");
        return;
    }
    panic!("no bar, however long the run");
}
