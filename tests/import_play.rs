//! From a paste to a verdict: what the report says would be lost is lost when its run text is played on.
#![cfg(not(target_arch = "wasm32"))]
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test that fails should say so at once"
)]

use std::fs;
use std::path::Path;

use replication_playground::import::{self, Import};
use replication_playground::run::Run;

fn paste(file: &str) -> String {
    fs::read_to_string(Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/pastes")).join(file)).unwrap()
}

fn read(files: &[&str]) -> Import {
    let texts: Vec<String> = files.iter().map(|file| paste(file)).collect();
    import::read(&texts.iter().map(String::as_str).collect::<Vec<_>>()).unwrap()
}

/// Acknowledged writes that are lost when the master dies and this slave takes its place.
fn lost(import: &Import, slave: &str) -> usize {
    let text = import.run_text.clone().unwrap();
    let mut run = Run::new(&format!("{text}at 10ms crash m\nat 20ms promote {slave}\n")).unwrap();
    run.play_to(50_000);
    let failed: Vec<String> =
        run.results().into_iter().filter(|result| result.got.starts_with("error")).map(|result| result.got).collect();
    assert!(failed.is_empty(), "{failed:?}\n{text}");
    run.referee().lost().len()
}

fn words(import: &Import, slave: &str) -> String {
    import.answer.candidates.iter().find(|candidate| candidate.name == slave).unwrap().words.clone()
}

#[test]
fn a_slave_behind_a_link_that_hangs_loses_what_it_has_not_received() {
    let import = read(&["134-postgresql-link-held-master-x.txt"]);
    assert!(words(&import, "s2").contains("11.4 MB that it has not received"));
    assert!(words(&import, "s1").contains("nothing that the paste shows"));
    assert_eq!((lost(&import, "s1"), lost(&import, "s2")), (0, 40));
}

#[test]
fn a_paused_slave_of_postgresql_loses_nothing_and_one_of_mariadb_its_relay_log() {
    let import = read(&["150-postgresql-apply-paused-master-x.txt"]);
    assert!(words(&import, "s2").contains("applied first"), "{}", words(&import, "s2"));
    assert_eq!(lost(&import, "s2"), 0);
    let import = read(&["495-mariadb-sql-stopped-s2-all-slaves-G.txt"]);
    assert!(words(&import, "s1").contains("20 transactions in its relay log"), "{}", words(&import, "s1"));
    assert_eq!(lost(&import, "s1"), 20);
}

#[test]
fn a_slave_that_is_cut_off_loses_what_came_since() {
    let import = read(&["343-redis-cut-off-all-shell.txt"]);
    assert_eq!(import.preset.name, "redis-async");
    assert_eq!((lost(&import, "s1"), lost(&import, "s2")), (0, 40));
}

#[test]
fn who_would_be_promoted_is_said_in_the_words_of_who_promotes() {
    let promoted = |file: &str| read(&[file]).answer.promoted;
    let patroni = promoted("731-patroni-sync-list.txt");
    assert!(patroni.contains("Patroni would promote s1, its synchronous standby"), "{patroni}");
    let sentinel = promoted("659-sentinel-replica-cut-sentinel-s1-replicas-prompt.txt");
    assert!(sentinel.starts_with("Sentinel would promote s1"), "{sentinel}");
    let nobody = promoted("134-postgresql-link-held-master-x.txt");
    assert!(nobody.contains("Nobody by itself") && nobody.contains("s1"), "{nobody}");
    let down = promoted("349-redis-master-down-all-shell.txt");
    assert!(down.starts_with("The master is down already"), "{down}");
    let never = promoted("786-patroni-cascade-tags-extended.txt");
    assert!(never.contains("s1, the only one that is fit"), "{never}");
}

#[test]
fn what_the_meters_do_not_say_is_said() {
    let meters = |file: &str| read(&[file]).answer.meters.join(" ");
    assert!(meters("493-mariadb-sql-stopped-s2-slave-G.txt").contains("That is not 0"));
    assert!(meters("485-mariadb-link-held-s2-slave-G.txt").contains("it stays 0"));
    assert!(meters("241-postgresql-startup-master-table.txt").contains("0/0"));
    assert!(meters("686-sentinel-lag-sentinel-m-replicas-raw.txt").contains("ten seconds old"));
    assert!(meters("793-patroni-apply-delayed-json.txt").contains("does not apply shows 0"));
}

#[test]
fn settings_find_their_preset() {
    let preset = |files: &[&str]| {
        let import = read(files);
        (import.preset.name, import.preset.differs)
    };
    let (name, differs) = preset(&["950-conf-postgresql-postgresql-first1.conf"]);
    assert_eq!((name, differs), ("pg-sync-first1", vec!["sync-slaves s1 s2".to_owned()]));
    let (name, differs) = preset(&["953-conf-postgresql-postgresql-count.conf"]);
    assert_eq!(name, "pg-sync-first1");
    assert_eq!(differs, ["replication sync first 2 received hidden", "sync-slaves s1 s2 s3"]);
    assert_eq!(preset(&["954-conf-postgresql-postgresql-star.conf"]).0, "pg-async");
    let (name, differs) = preset(&["962-conf-mariadb-my-semisync-master.cnf"]);
    assert_eq!((name, differs), ("mariadb-semisync-aftersync", Vec::new()));
    assert_eq!(preset(&["965-conf-mariadb-change-replication-source.sql"]).0, "mysql8-async");
    assert_eq!(preset(&["967-conf-redis-redis-master-rewritten.conf"]).0, "redis-min-replicas");
    assert_eq!(preset(&["969-conf-redis-redis-replica.conf"]).0, "redis-no-persistence");
    let (name, differs) = preset(&["683-sentinel-old-master-back-sentinel-m-conf.conf"]);
    assert_eq!((name, differs), ("redis-sentinel", vec!["failover quorum 3 2 2s".to_owned()]));
    let (name, differs) = preset(&["717-patroni-in-step-m-patroni.yml"]);
    assert_eq!((name, differs), ("patroni-async", vec!["failover lease 20s 3s max-lag 1000".to_owned()]));
}

#[test]
fn a_lease_that_no_run_can_have_is_said_to_be_assumed() {
    let paste = "scope: demo\nname: pg1\nbootstrap:\n  dcs:\n    ttl: 100000\n    loop_wait: 10\n";
    let told = import::read(&[paste]).unwrap();
    let notes: Vec<&str> = told.assumed.iter().map(|note| note.text.as_str()).collect();
    assert!(notes.contains(&"ttl is 600 s: a run has 2 to 600 s"), "{notes:?}");
    assert_eq!(told.assumed.iter().find(|note| note.text.starts_with("ttl")).unwrap().place.line, 5);
}

#[test]
fn passwords_are_dropped_and_it_is_said_where() {
    for file in [
        "717-patroni-in-step-m-patroni.yml",
        "863-repmgr-in-step-m-repmgr.conf",
        "957-conf-postgresql-postgresql-auto.conf",
        "960-conf-mariadb-my-master.cnf",
        "965-conf-mariadb-change-replication-source.sql",
        "967-conf-redis-redis-master-rewritten.conf",
        "406-redis-password-master-auth.txt",
        "407-redis-password-s1-info-shell.txt",
    ] {
        let import = read(&[file]);
        let text = paste(file);
        let line = text.lines().position(|line| line.contains("s3cret-not-real")).unwrap() + 1;
        let said = import.read.iter().any(|note| note.place.line as usize == line && note.text.contains("dropped"));
        assert!(said, "{file}: line {line}: {:?}", import.read);
    }
}
