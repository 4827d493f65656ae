//! The program `replay`, as somebody calls it.
#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used, reason = "a test that fails should say so at once")]

use std::io::Write;
use std::process::{Command, Output, Stdio};

fn replay(arguments: &[&str], input: &[u8]) -> (i32, String, String) {
    let mut child = Command::new(env!("CARGO_BIN_EXE_replay"))
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // A program that refuses its input early may close it before all is written.
    let _ = child.stdin.take().unwrap().write_all(input);
    let Output { status, stdout, stderr } = child.wait_with_output().unwrap();
    (status.code().unwrap(), String::from_utf8(stdout).unwrap(), String::from_utf8(stderr).unwrap())
}

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
        (&[b'#'; 600_000][..], "a run text has at most 524288"),
        (&"ä".repeat(300_000).into_bytes()[..], "a run text has at most 524288"),
    ] {
        let (status, out, err) = replay(&["run", "-"], input);
        assert_eq!((status, out.as_str()), (2, ""), "{words}");
        assert!(err.contains(words), "{err}");
    }
    let (status, _, err) = replay(&["run", "/no/such/file"], b"");
    assert_eq!(status, 2);
    assert!(err.contains("/no/such/file"), "{err}");
}

#[test]
fn a_random_text_is_always_the_same_and_can_be_played() {
    let (status, text, _) = replay(&["random", "--seed", "5", "--lines", "50", "--quiet-end"], b"");
    assert_eq!(status, 0);
    assert_eq!(replay(&["random", "--seed", "5", "--lines", "50", "--quiet-end"], b"").1, text);
    assert_eq!(replay(&["run", "-"], text.as_bytes()).0, 0);
    let (status, printed, _) = replay(&["print", "-"], text.as_bytes());
    assert_eq!(status, 0);
    assert_eq!(replay(&["print", "-"], printed.as_bytes()).1, printed);
}
