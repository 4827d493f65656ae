//! `replay check`, as somebody calls it.
#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that fails should say so at once")]

mod program;

use std::fs;
use std::process::Command;

use program::replay;
use serde_json::Value;

fn check(arguments: &[&str], input: &str) -> (i32, String, String) {
    replay(&[&["check"], arguments].concat(), input.as_bytes())
}

#[test]
fn a_broken_promise_is_told_with_its_way_its_why_and_its_run() {
    let asked = ["--preset", "pg-async", "--promise", "no-lost-writes", "--operator", "hasty", "--depth", "4"];
    let (status, out, err) = check(&asked, "");
    assert_eq!((status, err.as_str()), (1, ""));
    assert!(out.contains("no-lost-writes    broken in 2 actions: promote s1 · write @m\n"), "{out}");
    assert!(out.contains("So w1 is lost.\n"), "{out}");
    assert!(out.contains("# --- no-lost-writes.run\ncluster m + s1 s2\n"), "{out}");
}

#[test]
fn a_promise_that_no_way_breaks_ends_with_0() {
    let asked = ["--preset", "pg-sync-any2", "--promise", "no-lost-writes", "--operator", "careful", "--depth", "4"];
    let (status, out, _) = check(&asked, "");
    assert_eq!(status, 0, "{out}");
    assert!(out.contains("no way found of up to 4 actions"), "{out}");
    assert!(out.starts_with("1 fault at a time, operator careful: up to 4 actions; "), "{out}");
}

#[test]
fn a_text_is_searched_from_its_end_on() {
    let text = "cluster m + s1 s2\npreset pg-async\nat 0s partition m\nat 1s A write k 1\n";
    let (status, out, _) = check(&["-", "--promise", "no-lost-writes", "--depth", "1"], text);
    assert_eq!(status, 1, "{out}");
    assert!(out.contains("broken in 1 action: failover to s1\n"), "{out}");
}

#[test]
fn runs_go_into_a_folder_and_play() {
    let folder = std::env::temp_dir().join(format!("replay-check-{}", std::process::id()));
    let out = folder.to_str().unwrap();
    let (status, ..) = check(&["--preset", "mariadb-async", "--depth", "3", "--out", out], "");
    assert_eq!(status, 1);
    let files: Vec<_> = fs::read_dir(&folder).unwrap().map(|file| file.unwrap().path()).collect();
    assert!(files.len() >= 3, "{files:?}");
    for file in files {
        let played = Command::new(env!("CARGO_BIN_EXE_replay")).arg("run").arg(&file).output().unwrap();
        assert!(played.status.success(), "{}", file.display());
        assert!(String::from_utf8(played.stdout).unwrap().contains("\nbroken "), "{}", file.display());
    }
    fs::remove_dir_all(folder).unwrap();
}

#[test]
fn programs_get_json() {
    let asked = [
        "--preset",
        "redis-async",
        "--promise",
        "no-lost-writes",
        "--promise",
        "reads-go-on",
        "--depth",
        "3",
        "--json",
    ];
    let (status, out, _) = check(&asked, "");
    assert_eq!(status, 1);
    let told: Value = serde_json::from_str(&out).unwrap();
    assert_eq!((told["operator"].as_str(), told["complete"].as_bool()), (Some("careful"), Some(true)));
    let [lost, reads] = told["promises"].as_array().unwrap().as_slice() else { panic!("{out}") };
    assert_eq!((lost["promise"].as_str(), lost["broken"].as_bool()), (Some("no-lost-writes"), Some(true)));
    assert_eq!(lost["ways"][0]["kind"].as_str(), Some("not flushed"));
    assert!(lost["ways"][0]["text"].as_str().unwrap().starts_with("cluster m + s1 s2\n"));
    assert_eq!((reads["broken"].as_bool(), reads["actions"].as_u64()), (Some(false), Some(3)));
}

#[test]
fn what_cannot_be_asked_ends_with_2() {
    for (arguments, words) in [
        (&["--preset", "pg-async", "--promise", "no-lost-write"][..], "Did you mean “no-lost-writes”?"),
        (&["--preset", "pg-asink"], "“pg-asink” is no preset. Did you mean “pg-async”?"),
        (&["--preset", "pg-async", "--depth", "99"], "A way of 99 actions is too long"),
        (&["--preset", "pg-async", "--slaves", "39"], "A cluster of 40 nodes cannot be checked"),
        (&["--preset", "pg-async", "--faults", "some"], "“some” is no number of faults"),
        (&["--preset", "pg-async", "--operator", "built-in"], "no failover of their own"),
        (&["--preset", "pg-async", "--means", "crush"], "Did you mean “crash”?"),
        (&["--preset", "pg-async", "x.run"], "cannot be used with"),
        (&["-"], "The text names no cluster"),
        (&[], "required arguments were not provided"),
    ] {
        let (status, out, err) = check(arguments, "");
        assert_eq!((status, out.as_str()), (2, ""), "{arguments:?}");
        assert!(err.contains(words), "{arguments:?}: {err}");
    }
}
