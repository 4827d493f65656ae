//! Rules of the house that a machine can check.
#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that fails should say so at once")]

use std::fs;
use std::path::{Path, PathBuf};

fn files(folder: &str, ending: &str) -> Vec<(PathBuf, String)> {
    fn walk(folder: &Path, ending: &str, found: &mut Vec<PathBuf>) {
        for entry in fs::read_dir(folder).unwrap().map(Result::unwrap) {
            let path = entry.path();
            if path.is_dir() && path.file_name().is_some_and(|name| name != "pkg") {
                walk(&path, ending, found);
            } else if path.to_string_lossy().ends_with(ending) {
                found.push(path);
            }
        }
    }
    let mut found = Vec::new();
    walk(&Path::new(env!("CARGO_MANIFEST_DIR")).join(folder), ending, &mut found);
    assert!(!found.is_empty(), "no {ending} in {folder}");
    found.into_iter().map(|path| (path.clone(), fs::read_to_string(path).unwrap())).collect()
}

fn is(path: &Path, end: &str) -> bool {
    path.ends_with(Path::new(end))
}

#[test]
fn only_the_room_web_names_the_browser() {
    for (path, text) in files("src", ".rs") {
        if path.parent().is_some_and(|room| room.ends_with("src/web")) {
            continue;
        }
        for word in ["wasm_bindgen", "js_sys", "web_sys", "gloo_timers", "JsValue"] {
            assert!(!text.contains(word), "{} names {word}: only src/web may", path.display());
        }
    }
}

#[test]
fn a_room_knows_only_the_rooms_before_it() {
    let order =
        ["scenario", "import", "simulator", "facts", "history", "cluster", "referee", "run", "check", "view", "web"];
    for (path, text) in files("src", ".rs") {
        let inside = path.strip_prefix(Path::new(env!("CARGO_MANIFEST_DIR")).join("src")).unwrap();
        let room = inside.iter().next().unwrap().to_string_lossy().trim_end_matches(".rs").to_owned();
        let Some(place) = order.iter().position(|name| *name == room) else { continue };
        for later in order.iter().skip(place + 1) {
            let known = text.contains(&format!("crate::{later}::")) || text.contains(&format!("crate::{{{later}"));
            assert!(!known, "{} knows the room {later}", path.display());
        }
    }
}

#[test]
fn the_core_has_no_clock_no_other_chance_and_no_order_by_hash() {
    for (path, text) in files("src", ".rs") {
        if path.starts_with(Path::new(env!("CARGO_MANIFEST_DIR")).join("src/bin")) {
            // The command line is not the core: it measures how long a run takes.
            continue;
        }
        for word in ["HashMap", "HashSet", "SystemTime", "Instant::now", "thread_rng", "getrandom"] {
            assert!(
                !text.contains(word),
                "{} names {word}: a run would no longer be a function of its text",
                path.display()
            );
        }
    }
}

/// What only the command line, a worker or a test asks for.
const LATER: [&str; 7] = ["bin", "check", "export", "import", "still", "swarm", "in_order.rs"];

#[test]
fn what_a_first_view_loads_has_no_sort_of_the_standard_library() {
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    for (path, text) in files("src", ".rs") {
        if LATER.iter().any(|room| path.starts_with(src.join(room))) {
            continue;
        }
        let core = text.split("#[cfg(test)]").next().unwrap();
        let sorts = [".sort(", ".sort_", "BTreeSet<u32> =", "collect::<BTree", ".to_lowercase()", ".to_uppercase()"];
        let found = sorts.iter().find(|word| core.contains(**word));
        assert!(found.is_none(), "{} has {found:?}, kilobytes in the page: see src/in_order.rs", path.display());
    }
}

#[test]
fn one_file_of_the_page_touches_the_module() {
    for (path, text) in files("www", ".js") {
        assert!(is(&path, "www/run/core.js") || !text.contains("pkg/"), "{}: only www/run/core.js may", path.display());
    }
}

#[test]
fn nothing_from_outside_becomes_markup() {
    for (path, text) in files("www", ".js") {
        for word in [
            "innerHTML",
            "outerHTML",
            "insertAdjacentHTML",
            "document.write",
            "unsafeHTML",
            "unsafeSVG",
            "eval(",
            "new Function",
        ] {
            assert!(!text.contains(word), "{} names {word}", path.display());
        }
    }
}
