//! The settings as the page sees them: each as in the text, and what differs from the preset.
#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used, reason = "a test that fails should say so at once")]

use replication_playground::run::Run;
use replication_playground::scenario::PRESETS;
use replication_playground::view;
use replication_playground::view::model::Settings;

fn settings(lines: &str) -> Settings {
    let mut run = Run::new(&format!("cluster m + s1 s2\n{lines}")).unwrap();
    run.seek(0, 1_000);
    view::state(&run, &view::MASTER_SLAVE).settings
}

#[test]
fn each_setting_is_told_as_in_the_text() {
    let lines = "replication sync first 1 flushed hidden\nsync-slaves s2 s1\ntoo-few degrade 2s\ngate 1 10s\nlog keep 7\n\
                 link-timeout 60s\nrouter @s1\ntimeout 1.5s\n";
    let told = settings(lines).values;
    for line in lines.lines() {
        let (name, text) = line.split_once(' ').unwrap();
        assert!(told.contains(&(name.to_owned(), text.to_owned())), "{line}");
    }
    assert!(settings("").values.contains(&("sync-slaves".to_owned(), "all".to_owned())));
}

#[test]
fn nothing_differs_from_a_preset_until_it_is_changed() {
    assert!(settings("").differs.is_empty());
    for preset in &PRESETS {
        let chosen = settings(&format!("preset {}\n", preset.name));
        assert_eq!((chosen.preset, chosen.differs.len()), (preset.name, 0), "{:?}", chosen.differs);
    }
    let changed = settings("preset patroni-sync\ntoo-few block\nlog keep 9\nflush 3ms\n");
    let differs: Vec<_> = changed.differs.iter().map(|(name, text)| format!("{name} {text}")).collect();
    assert_eq!(differs, ["too-few degrade 30s", "log keep slots"]);
    let back = settings("preset patroni-sync\ntoo-few block\ntoo-few degrade 30s\n");
    assert!(back.differs.is_empty(), "what is as it was does not differ");
}

#[test]
fn the_observers_of_a_preset_have_names() {
    for (preset, observer) in [("redis-sentinel", "o1"), ("patroni-async", "lease")] {
        let text = format!("cluster m + s1 s2\npreset {preset}\nat 1s cut m-{observer}\n");
        assert!(Run::new(&text).is_ok(), "{preset}");
    }
}
