//! `replay import`, as somebody calls it.
#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that fails should say so at once")]

mod program;

use program::replay;

fn import(arguments: &[&str], input: &[u8]) -> (i32, String, String) {
    replay(&[&["import"], arguments].concat(), input)
}

const ROLE: &[u8] = b"10.9.8.7:6379> ROLE\r\n1) \"slave\"\r\n2) \"10.9.8.6\"\r\n3) (integer) 6379\r\n4) \"connect\"\r\n5) (integer) 70\r\n\xff?\r\n";

#[test]
fn a_paste_is_told_in_words_with_the_run_text() {
    let (status, out, err) = import(&["-"], ROLE);
    assert_eq!((status, err.as_str()), (0, ""));
    for part in [
        "Cluster\n",
        "  s1: a slave of m: it is not connected\n",
        "If the master died now\n",
        "Cannot be known\n",
        "Read\n",
        "Assumed\n",
        "paste 1, line 7: this line\n",
        "  preset redis-async\n",
        "  at 0ms     cut m-s1\n",
    ] {
        assert!(out.contains(part), "{part} is not in\n{out}");
    }
    assert!(!out.contains("10.9.8"), "{out}");
}

#[test]
fn names_come_out_only_when_they_are_asked_for() {
    let (_, out, _) = import(&["--names", "-"], ROLE);
    assert!(out.contains("m: 10.9.8.6:6379\n") && out.contains("s1: 10.9.8.7:6379\n"), "{out}");
    let (status, out, _) = import(&["--json", "-"], ROLE);
    assert_eq!(status, 0);
    assert!(!out.contains("10.9.8"), "{out}");
    let report: serde_json::Value = serde_json::from_str(&out).unwrap();
    let why = report.pointer("/cluster/nodes/1/standing/why/0").and_then(serde_json::Value::as_str);
    assert_eq!(why, Some("no-link"));
    assert!(report.get("run_text").and_then(serde_json::Value::as_str).unwrap().contains("cluster m + s1"));
    assert_eq!(import(&["--json", "--names", "-"], ROLE).0, 2);
}

#[test]
fn too_much_and_nothing_are_errors() {
    let (status, _, err) = import(&["-"], &vec![b'a'; 600_000]);
    assert_eq!(status, 2);
    assert!(err.contains("at most 524288 are read"), "{err}");
    let (status, _, err) = import(&["nowhere.txt"], b"");
    assert_eq!(status, 2);
    assert!(err.contains("nowhere.txt"), "{err}");
    assert_eq!(import(&[], b"").0, 2);
}
