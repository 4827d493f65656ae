//! `replay export`: the folder for Docker Compose. There is no Docker here: the schema of the compose file is checked, and the
//! script is played with programs in the place of docker and curl that note what they are asked.
#![cfg(all(unix, not(target_arch = "wasm32")))]
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that fails should say so at once")]

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use docker_compose_types::Compose;
use tempfile::TempDir;

const TEXT: &str = "cluster m + s1 s2\npreset PRESET\nlink m->s1 latency 20ms\n\
                    at 10ms A write k \"it's; $(touch pwned) `touch pwned`\" -> ok\nat 20ms hold m-s1\n\
                    at 30ms A read k @s1\nat 40ms heal all\nat 50ms partition s2\nat 60ms crash m\nat 70ms promote s1\n\
                    at 80ms start m\nat 90ms follow m s1\n";
const PRESETS: [&str; 5] =
    ["redis-async", "redis-rdb", "pg-sync-first1", "mariadb-async", "mariadb-semisync-aftersync"];

fn export(text: &str, folder: &Path) -> (Option<i32>, String) {
    let file = folder.join("in.run");
    fs::write(&file, text).unwrap();
    let mut command = Command::new(env!("CARGO_BIN_EXE_replay"));
    let Output { status, stderr, .. } =
        command.arg("export").arg(&file).arg("--compose").arg(folder.join("out")).output().unwrap();
    (status.code(), String::from_utf8(stderr).unwrap())
}

fn exported(preset: &str) -> (TempDir, PathBuf) {
    let folder = TempDir::new().unwrap();
    let (status, err) = export(&TEXT.replace("PRESET", preset), folder.path());
    assert_eq!(status, Some(0), "{preset}: {err}");
    let out = folder.path().join("out");
    (folder, out)
}

#[test]
fn the_compose_file_is_one_for_each_preset() {
    for preset in PRESETS {
        let (_folder, out) = exported(preset);
        let yaml = fs::read_to_string(out.join("compose.yaml")).unwrap();
        let compose: Compose = serde_yaml_ng::from_str(&yaml).unwrap_or_else(|why| panic!("{preset}: {why}\n{yaml}"));
        let names: Vec<&String> = compose.services.0.keys().collect();
        assert_eq!(names, ["toxiproxy", "m", "s1", "s2"], "{preset}");
        for (name, service) in &compose.services.0 {
            assert!(service.as_ref().unwrap().image.is_some(), "{preset}: {name}");
        }
        // What services read is there.
        for line in yaml.lines().filter(|line| line.contains("volumes:")) {
            for part in line.split('\'').filter(|part| part.starts_with("./")) {
                assert!(out.join(part.split(':').next().unwrap()).is_file(), "{preset}: {part}");
            }
        }
        let proxies: serde_yaml_ng::Value =
            serde_yaml_ng::from_str(&fs::read_to_string(out.join("toxiproxy.json")).unwrap()).unwrap();
        assert_eq!(proxies.as_sequence().unwrap().len(), 6, "{preset}: one for each ordered pair");
    }
}

#[test]
fn a_wrong_compose_file_is_found_out() {
    let (_folder, out) = exported("redis-async");
    let yaml = fs::read_to_string(out.join("compose.yaml")).unwrap();
    for (from, to) in
        [("image:", "imago:"), ("services:\n", "services: 3\nx:\n"), ("depends_on: [toxiproxy]", "depends_on: 3")]
    {
        assert!(serde_yaml_ng::from_str::<Compose>(&yaml.replace(from, to)).is_err(), "{to}");
    }
}

/// A program in the place of docker or curl.
fn fake(folder: &Path, name: &str, script: &str) {
    let path = folder.join(name);
    fs::write(&path, script).unwrap();
    fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
}

#[test]
fn the_script_plays_each_line_and_values_stay_data() {
    for (preset, write) in [
        ("redis-async", "redis-cli -e SET k it's; $(touch pwned) `touch pwned`"),
        (
            "pg-sync-first1",
            "insert into kv values (convert_from(decode('6b', 'hex'), 'UTF8'), convert_from(decode('69742773",
        ),
        ("mariadb-async", "insert into d.kv values (convert(x'6b' using utf8mb4), convert(x'69742773"),
    ] {
        let (folder, out) = exported(preset);
        let programs = folder.path().join("programs");
        fs::create_dir(&programs).unwrap();
        let log = folder.path().join("log");
        let answers = "case \"$* $asked\" in\n*PING*) echo PONG ;;\n*'INFO replication'*) echo master_link_status:up ;;\n\
                       *pg_stat_wal_receiver*) echo streaming ;;\n*'select 1'*) echo 1 ;;\n\
                       *'show slave status'*) echo 'Slave_IO_Running: Yes' ;;\n*'count(*)'*) echo 0 ;;\n*) echo OK ;;\nesac\n";
        let docker = format!(
            "#!/bin/sh\nasked=\ncase \"$*\" in *psql*|*mariadb*) asked=$(cat) ;; esac\n\
                              printf '%s\\n' \"docker $* $asked\" >>'{0}'\n{answers}",
            log.display()
        );
        fake(&programs, "docker", &docker);
        fake(&programs, "curl", &format!("#!/bin/sh\nprintf '%s\\n' \"curl $*\" >>'{}'\n", log.display()));
        let path = format!("{}:{}", programs.display(), std::env::var("PATH").unwrap());
        let done = Command::new("sh").arg("play.sh").current_dir(&out).env("PATH", path).output().unwrap();
        let told = String::from_utf8(done.stdout).unwrap();
        assert_eq!(String::from_utf8_lossy(&done.stderr), "", "{preset}");
        for number in [4, 5, 6, 7, 8, 9, 10, 11, 12] {
            assert!(told.lines().any(|line| line.starts_with(&format!("{number}\t"))), "{preset}, {number}: {told}");
        }
        let asked = fs::read_to_string(&log).unwrap();
        for words in [
            write,
            "m-s1/toxics",
            "\"type\":\"timeout\",\"stream\":\"upstream\"",
            "compose kill --signal SIGKILL m",
            "{\"enabled\":false}",
            "\"latency\":20",
        ] {
            assert!(asked.contains(words), "{preset}: no {words} in\n{asked}");
        }
        assert!(!out.join("pwned").exists(), "{preset}");
    }
}

#[test]
fn what_cannot_be_exported_is_refused_and_nothing_is_written() {
    for (text, why) in [
        ("cluster m + s1\n", "name a preset of Redis, PostgreSQL or MariaDB"),
        ("cluster m + s1\npreset mongo-w1\n", "name a preset of Redis, PostgreSQL or MariaDB"),
        ("cluster m + s1\npreset redis-async\nat 1s A wait 1 1s\n", "line 3: A wait 1 1s: WAIT speaks of"),
        ("cluster m + s1\npreset redis-async\nat 1s pause-apply s1\n", "a Redis replica cannot pause applying"),
        ("cluster m + s1\npreset mariadb-async\nat 1s promote s1 drain\n", "the script does not do this"),
        ("cluster m + s1\npreset patroni-async\n", "no Sentinels and no Patroni (replay real does)"),
        ("cluster m + s1\npreset patroni-async\nat 1s delay s1 2s\n", "Patroni writes its servers’ settings itself"),
    ] {
        let folder = TempDir::new().unwrap();
        let (status, err) = export(text, folder.path());
        assert_eq!(status, Some(2), "{text}");
        assert!(err.contains(why), "{text}: {err}");
        assert!(!folder.path().join("out").exists(), "{text}");
    }
    let (folder, _out) = exported("redis-async");
    let (status, err) = export(&TEXT.replace("PRESET", "redis-async"), folder.path());
    assert_eq!(status, Some(2), "a folder that is there is not written into: {err}");
}

#[test]
fn the_archive_is_the_same_folder() {
    let text = TEXT.replace("PRESET", "redis-async");
    let files = replication_playground::export::folder(&text).unwrap().files;
    let folder = TempDir::new().unwrap();
    let archive = folder.path().join("a.tar");
    fs::write(&archive, replication_playground::export::tar("replication", &files)).unwrap();
    let done = Command::new("tar").arg("-xf").arg(&archive).arg("-C").arg(folder.path()).status().unwrap();
    assert!(done.success());
    let (_other, out) = exported("redis-async");
    for (name, _) in files {
        let unpacked = fs::read_to_string(folder.path().join("replication").join(name)).unwrap();
        assert_eq!(unpacked, fs::read_to_string(out.join(name)).unwrap(), "{name}");
    }
}
