//! `replay real` on real servers: nothing is left behind, whatever ends it, and what cannot be played is refused. Needs
//! redis-server, PostgreSQL and MariaDB; with Patroni where it is. What was recorded is played by `.ci/real`, too.
#![cfg(all(unix, feature = "real"))]
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that fails should say so at once")]

use std::fs;
use std::io::{Read, Write};
use std::net::TcpListener;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use tempfile::TempDir;

const SHORT: &str = "cluster m + s1\npreset PRESET\nat 100ms A write k 1 -> ok\nat 900ms A read k @s1 -> 1\n";
const LONG: &str = "cluster m + s1\npreset PRESET\nat 100ms A write k 1 -> ok\nat 60s A read k @s1 -> 1\n";
const ENGINES: [(&str, &str); 3] = [("redis", "redis-async"), ("postgres", "pg-async"), ("mariadb", "mariadb-async")];

/// A folder that servers of other users may walk through.
fn folder() -> TempDir {
    let folder = TempDir::new().unwrap();
    fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o755)).unwrap();
    folder
}

fn begin(engine: &str, text: &str, folder: &Path, more: &[&str], path: Option<&str>) -> Child {
    let mut command = Command::new(env!("CARGO_BIN_EXE_replay"));
    command.args(["real", engine, "-", "--dir"]).arg(folder).args(more);
    if let Some(path) = path {
        command.env("PATH", path);
    }
    let piped = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = piped.spawn().unwrap();
    child.stdin.take().unwrap().write_all(text.as_bytes()).unwrap();
    child
}

fn end(child: Child) -> (Option<i32>, String, String) {
    let Output { status, stdout, stderr } = child.wait_with_output().unwrap();
    (status.code(), String::from_utf8(stdout).unwrap(), String::from_utf8(stderr).unwrap())
}

/// Processes that were told of this folder, or stand in it: Redis writes over its command line.
fn processes(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir("/proc").unwrap().flatten();
    let numbers = entries.filter(|entry| entry.file_name().to_str().unwrap().parse::<u32>().is_ok());
    let lines = numbers.filter_map(|entry| {
        let line = fs::read(entry.path().join("cmdline")).ok()?;
        let line = String::from_utf8_lossy(&line).replace('\0', " ");
        let stands_in = fs::read_link(entry.path().join("cwd")).is_ok_and(|place| place.starts_with(folder));
        (stands_in || line.contains(folder.to_str().unwrap())).then_some(line)
    });
    lines.filter(|line| !line.contains("replay real")).collect()
}

fn nothing_is_left(folder: &Path, after: &str) {
    let left = processes(folder);
    assert!(left.is_empty(), "{after}: {left:?}");
    let files: Vec<_> = fs::read_dir(folder).unwrap().flatten().map(|entry| entry.path()).collect();
    assert!(files.is_empty(), "{after}: {files:?}");
}

/// Waits until so many servers are there.
fn servers_run(child: &mut Child, folder: &Path, count: usize) {
    let end = Instant::now() + Duration::from_secs(90);
    while processes(folder).iter().filter(|line| !line.contains("install") && !line.contains("initdb")).count() < count
    {
        if let Some(status) = child.try_wait().unwrap() {
            let mut told = String::new();
            child.stdout.take().unwrap().read_to_string(&mut told).unwrap();
            child.stderr.take().unwrap().read_to_string(&mut told).unwrap();
            panic!("it ended before its servers ran, {status}: {told}");
        }
        assert!(Instant::now() < end, "the servers did not start; there are {:#?}", processes(folder));
        sleep(Duration::from_millis(20));
    }
}

fn signal(child: &Child, name: &str) {
    assert!(Command::new("kill").arg(format!("-{name}")).arg(child.id().to_string()).status().unwrap().success());
}

#[test]
fn a_text_is_played_on_each_engine_and_nothing_is_left() {
    for (engine, preset) in ENGINES {
        let folder = folder();
        let (status, out, err) = end(begin(engine, &SHORT.replace("PRESET", preset), folder.path(), &[], None));
        assert_eq!((status, err.as_str()), (Some(0), ""), "{engine}: {out}");
        assert!(out.contains("2 lines: 2 alike, 0 differ; 0 expectations fail on the real servers"), "{out}");
        nothing_is_left(folder.path(), engine);
    }
}

#[test]
fn what_is_not_as_expected_fails_and_nothing_is_left() {
    let folder = folder();
    let text = SHORT.replace("PRESET", "redis-async").replace("@s1 -> 1", "@s1 -> 2");
    let (status, out, _) = end(begin("redis", &text, folder.path(), &[], None));
    assert_eq!(status, Some(1), "{out}");
    assert!(out.contains("A read k @s1 -> 2  1   1  not as expected"), "{out}");
    nothing_is_left(folder.path(), "an expectation that fails");
}

#[test]
fn a_line_that_servers_do_not_do_ends_it_and_nothing_is_left() {
    let folder = folder();
    let text = "cluster m + s1\npreset redis-async\nat 100ms freeze s1\nat 200ms promote s1\nat 9s A read k @m\n";
    let (status, out, err) = end(begin("redis", text, folder.path(), &[], None));
    assert_eq!(status, Some(2), "{out}{err}");
    assert!(err.contains("the servers did not do it: line 4: promote s1: "), "{err}");
    assert!(out.contains("freeze s1"), "what was played is told: {out}");
    nothing_is_left(folder.path(), "a line that is not done");
}

#[test]
fn signals_end_the_servers_of_each_engine() {
    for (engine, preset) in ENGINES {
        for (name, status) in [("INT", 130), ("TERM", 143), ("HUP", 129)] {
            let folder = folder();
            let mut child = begin(engine, &LONG.replace("PRESET", preset), folder.path(), &[], None);
            servers_run(&mut child, folder.path(), 2);
            signal(&child, name);
            assert_eq!(end(child).0, Some(status), "{engine} {name}");
            nothing_is_left(folder.path(), &format!("{engine} {name}"));
        }
    }
}

/// The tools that make what servers begin with are ended, too.
#[test]
fn a_signal_before_any_server_is_there_leaves_nothing() {
    let shared = || -> Vec<_> {
        let files = fs::read_dir("/dev/shm").into_iter().flatten().flatten().map(|entry| entry.file_name());
        files.filter(|name| name.to_string_lossy().starts_with("PostgreSQL.")).collect()
    };
    let before = shared();
    for (engine, preset) in ENGINES {
        for after in [50, 300, 900] {
            let folder = folder();
            let child = begin(engine, &LONG.replace("PRESET", preset), folder.path(), &[], None);
            sleep(Duration::from_millis(after));
            signal(&child, "TERM");
            assert!([Some(143), None].contains(&end(child).0), "{engine}, {after} ms");
            nothing_is_left(folder.path(), &format!("{engine}, SIGTERM after {after} ms"));
        }
    }
    // Other tests' initdb may have some for a moment.
    let end = Instant::now() + Duration::from_secs(20);
    while let Some(left) = shared().iter().find(|name| !before.contains(name)) {
        assert!(Instant::now() < end, "shared memory is left: {}", left.display());
        sleep(Duration::from_millis(100));
    }
}

/// Sentinels promote another one, and the client asks them who is the master.
#[test]
fn sentinels_are_started_beside_the_servers_and_nothing_is_left() {
    let folder = folder();
    let text = "cluster m + s1 s2\npreset redis-sentinel\nfailover quorum 3 2 1s\nat 100ms cut m-s2\nat 200ms A write k 1 -> ok\n\
                at 1s crash o3\nat 1s crash m\nat 8s state s1 -> role=master\nat 9s A write k 2 -> ok\nat 10s A read k @s2 -> 2\n";
    let (status, out, err) = end(begin("redis", text, folder.path(), &[], None));
    assert_eq!((status, err.as_str()), (Some(0), ""), "{out}");
    assert!(out.contains(", 3 servers, 3 Sentinels\n"), "{out}");
    assert!(out.contains("+switch-master mymaster m s1\n"), "{out}");
    assert!(out.contains("7 lines: 7 alike, 0 differ; 0 expectations fail on the real servers"), "{out}");
    nothing_is_left(folder.path(), "Sentinels");
    let mut child = begin("redis", &LONG.replace("PRESET", "redis-sentinel"), folder.path(), &[], None);
    servers_run(&mut child, folder.path(), 5);
    signal(&child, "TERM");
    assert_eq!(end(child).0, Some(143));
    nothing_is_left(folder.path(), "SIGTERM while Sentinels run");
}

fn has_patroni() -> bool {
    ["patroni", "etcd"].iter().all(|program| Command::new(program).arg("--version").output().is_ok())
}

/// A leader that cannot reach the store steps aside before another one takes the lease.
#[test]
fn patroni_promotes_another_one_and_nothing_is_left() {
    if !has_patroni() {
        return;
    }
    let folder = folder();
    let text = "cluster m + s1\npreset patroni-async\nfailover lease 21s 7s\nat 100ms A write k 1 -> ok\nat 1s cut m-lease\n\
                at 30s state s1 -> role=master\nat 30s state m -> role=slave\nat 31s A write k 2 -> ok\nat 32s crash m\n";
    let (status, out, err) = end(begin("patroni", text, folder.path(), &[], None));
    assert_eq!((status, err.as_str()), (Some(0), ""), "{out}");
    assert!(out.contains(", 2 servers, one etcd\n"), "{out}");
    let (real, _) = out.split_once("and in the simulator").unwrap();
    let at = |words: &str| real.find(words).unwrap_or_else(|| panic!("{words}: {out}"));
    assert!(at("m: Demoting self (offline)") < at("s1: promoted self to leader"), "{out}");
    nothing_is_left(folder.path(), "Patroni");
}

/// PostgreSQL is nobody's child under Patroni.
#[test]
fn patronis_servers_are_ended_whatever_ends_the_program() {
    if !has_patroni() {
        return;
    }
    for (name, status) in [("TERM", Some(143)), ("KILL", None)] {
        let folder = folder();
        let mut child = begin("patroni", &LONG.replace("PRESET", "patroni-async"), folder.path(), &[], None);
        servers_run(&mut child, folder.path(), 5);
        sleep(Duration::from_secs(2));
        signal(&child, name);
        assert_eq!(end(child).0, status, "{name}");
        let end = Instant::now() + Duration::from_secs(30);
        while !processes(folder.path()).is_empty() {
            assert!(Instant::now() < end, "{name}: {:?}", processes(folder.path()));
            sleep(Duration::from_millis(50));
        }
        if status.is_some() {
            nothing_is_left(folder.path(), "Patroni and SIGTERM");
        }
    }
}

#[test]
fn a_frozen_server_is_ended_too() {
    let folder = folder();
    let text = "cluster m + s1\npreset pg-async\nat 10ms freeze m\nat 60s thaw m\n";
    let mut child = begin("postgres", text, folder.path(), &[], None);
    servers_run(&mut child, folder.path(), 2);
    sleep(Duration::from_secs(3));
    signal(&child, "TERM");
    assert_eq!(end(child).0, Some(143));
    nothing_is_left(folder.path(), "SIGTERM while a server is frozen");
}

#[test]
fn servers_do_not_outlive_a_program_that_is_killed() {
    if Command::new("setpriv").arg("--version").output().is_err() {
        return;
    }
    for (engine, preset) in ENGINES {
        let folder = folder();
        let mut child = begin(engine, &LONG.replace("PRESET", preset), folder.path(), &[], None);
        servers_run(&mut child, folder.path(), 2);
        signal(&child, "KILL");
        end(child);
        let end = Instant::now() + Duration::from_secs(10);
        while !processes(folder.path()).is_empty() {
            assert!(Instant::now() < end, "{engine}: {:?}", processes(folder.path()));
            sleep(Duration::from_millis(50));
        }
    }
}

#[test]
fn a_server_that_does_not_start_is_told_and_nothing_is_left() {
    let (folder, programs) = (folder(), folder());
    let fake = programs.path().join("redis-server");
    fs::write(&fake, "#!/bin/sh\necho 'no memory today'\nexit 1\n").unwrap();
    fs::set_permissions(&fake, fs::Permissions::from_mode(0o755)).unwrap();
    let path = format!("{}:{}", programs.path().display(), std::env::var("PATH").unwrap());
    let (status, _, err) =
        end(begin("redis", &SHORT.replace("PRESET", "redis-async"), folder.path(), &[], Some(&path)));
    assert_eq!(status, Some(2), "{err}");
    assert!(err.contains("m did not start; the end of its log:\n  no memory today"), "{err}");
    nothing_is_left(folder.path(), "a server that does not start");
}

#[test]
fn a_port_that_is_taken_is_told_and_nothing_is_left() {
    let folder = folder();
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = taken.local_addr().unwrap().port().to_string();
    let text = SHORT.replace("PRESET", "redis-async");
    let (status, _, err) = end(begin("redis", &text, folder.path(), &["--ports", &port], None));
    assert_eq!(status, Some(2), "{err}");
    assert!(err.contains(&format!("port {port} cannot be had: ")), "{err}");
    nothing_is_left(folder.path(), "a port that is taken");
}

#[test]
fn a_missing_engine_is_told_with_the_command_that_installs_it() {
    let folder = folder();
    let (status, _, err) = end(begin("redis", &SHORT.replace("PRESET", "redis-async"), folder.path(), &[], Some("")));
    assert_eq!(status, Some(2), "{err}");
    assert!(err.contains("sudo apt-get install --yes redis-server"), "{err}");
    nothing_is_left(folder.path(), "a missing engine");
}

#[test]
fn what_an_engine_cannot_do_is_refused_before_anything_starts() {
    for (engine, line, why) in [
        (
            "redis",
            "preset redis-async\nat 1s pause-apply s1",
            "line 3: pause-apply s1: a Redis replica cannot pause applying",
        ),
        ("redis", "preset pg-async", "the preset pg-async: the text is of another engine"),
        ("postgres", "preset pg-async\nat 1s A wait 1 1s", "line 3: A wait 1 1s: only Redis has WAIT"),
        ("postgres", "preset pg-async\nat 1s cut m->s1", "a TCP connection is closed both ways"),
        ("mariadb", "preset mariadb-async\nat 1s rewind s1", "MariaDB cannot rewind"),
        ("mariadb", "preset mariadb-async\nload 10/s", "a load is not played on real servers"),
        ("redis", "link m-s1 loss 1%", "TCP proxies, which lose no packets"),
        ("postgres", "preset pg-async\nfailover quorum 3 2 5s", "only Redis has Sentinels"),
        ("postgres", "preset patroni-async", "only Patroni takes a lease (replay real patroni)"),
        ("patroni", "preset patroni-async\nat 1s rewind s1", "Patroni rewinds by itself"),
        ("redis", "at 1s gap stop", "settings of the servers are given at the start only"),
    ] {
        let folder = folder();
        let (status, out, err) = end(begin(engine, &format!("cluster m + s1\n{line}\n"), folder.path(), &[], None));
        assert_eq!((status, out.as_str()), (Some(2), ""), "{line}: {err}");
        assert!(err.contains(why), "{line}: {err}");
        nothing_is_left(folder.path(), line);
    }
}

#[test]
fn logs_are_kept_when_they_are_wanted() {
    let folder = folder();
    let text = SHORT.replace("PRESET", "redis-async");
    let (status, out, _) = end(begin("redis", &text, folder.path(), &["--keep"], None));
    assert_eq!(status, Some(0), "{out}");
    let kept = out.lines().find_map(|line| line.strip_prefix("logs and data: ")).unwrap();
    assert!(Path::new(kept).join("cluster/m.log").is_file(), "{kept}");
    assert!(processes(folder.path()).is_empty());
}

#[test]
fn recorded_scenarios_that_are_wrong_differ() {
    let folder = folder();
    let file = folder.path().join("wrong.txt");
    let text = "scenario wrong\npresets redis-async\nwrite k v1 @m -> ok\nread k @s1 -> v2\n";
    fs::write(&file, text).unwrap();
    let mut command = Command::new(env!("CARGO_BIN_EXE_replay"));
    let done =
        command.args(["real", "redis", "--conform"]).arg(&file).arg("--dir").arg(folder.path()).output().unwrap();
    let out = String::from_utf8(done.stdout).unwrap();
    assert_eq!(done.status.code(), Some(1), "{out}");
    assert!(out.contains("wrong / redis-async: DIFFERS"), "{out}");
    assert!(out.contains("line 4: read k @s1: recorded v2, real v1, simulated v1"), "{out}");
    fs::remove_file(file).unwrap();
    nothing_is_left(folder.path(), "a scenario that differs");
}
