//! What real servers printed, and the truth beside it: `tests/pastes/` holds outputs of PostgreSQL, Redis, MariaDB, Sentinel,
//! Patroni and repmgr in known states, and files of settings; `truth.json` what each node was then, whom it followed, who
//! was behind and why, and what nobody can know from each output alone.
#![cfg(not(target_arch = "wasm32"))]
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test that fails should say so at once"
)]

mod case;
mod words;

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use case::Case;
use replication_playground::import::{self, Import, Node, Source};
use serde::Deserialize;

#[derive(Deserialize)]
struct Truth {
    state: String,
    /// Addresses and names of each node.
    ids: BTreeMap<String, Vec<String>>,
    /// `master`, `slave` or `down`.
    roles: BTreeMap<String, String>,
    follows: BTreeMap<String, Option<String>>,
    /// Slaves that received something then.
    connected: Vec<String>,
    behind: BTreeMap<String, Behind>,
    /// The numbers change from paste to paste.
    moving: bool,
    /// The tool itself was wrong then.
    stale: bool,
    secrets: Vec<String>,
    sync: BTreeMap<String, String>,
    pastes: Vec<Paste>,
}

#[derive(Deserialize)]
struct Behind {
    missing: Option<u64>,
    behind: Option<u64>,
    why: Option<String>,
}

#[derive(Deserialize)]
struct Paste {
    file: String,
    /// The node that was asked, if it was one.
    asked: Option<String>,
    tells: String,
    cannot: Vec<String>,
}

fn folder() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/pastes"))
}

fn truths() -> Vec<Truth> {
    serde_json::from_str(&fs::read_to_string(folder().join("truth.json")).unwrap()).unwrap()
}

/// Which node of the truth each node of the report is.
fn identify(import: &Import, truth: &Truth, paste: &Paste) -> BTreeMap<String, String> {
    let mut found = BTreeMap::new();
    for (name, identities) in import.names() {
        let fits = |id: &String| identities.iter().any(|known| known == id || known.split(':').next() == Some(id));
        let who = truth.ids.iter().find(|(_, ids)| ids.iter().any(fits)).map(|(who, _)| who.clone());
        let unseen = import.cluster.node(name).is_some_and(|node| node.known == Source::Unseen);
        if let Some(who) = who.or_else(|| paste.asked.clone().filter(|_| identities.is_empty() && !unseen)) {
            found.insert(name.clone(), who);
        }
    }
    found
}

#[test]
fn what_real_servers_print_is_read_as_it_was() {
    let mut wrong = Vec::new();
    let (mut pastes, mut agree) = (0, 0);
    for truth in &truths() {
        for paste in &truth.pastes {
            pastes += 1;
            let text = fs::read_to_string(folder().join(&paste.file)).unwrap();
            let import = import::read(&[&text]).unwrap();
            let kept = import.without_secrets(&[&text]).concat();
            let left = truth.secrets.iter().filter(|secret| kept.contains(*secret));
            wrong.extend(left.map(|secret| format!("{}: {secret} stays in the paste", paste.file)));
            let who = identify(&import, truth, paste);
            let mut case = Case { truth, paste, import, who, wrong: Vec::new() };
            case.roles_and_topology();
            case.standings();
            case.losses();
            case.complete();
            case.cannot();
            case.secrets();
            case.run_text();
            agree += usize::from(case.wrong.is_empty());
            wrong.append(&mut case.wrong);
        }
    }
    assert!(pastes > 340, "{pastes} pastes");
    assert!(wrong.is_empty(), "{agree} of {pastes} agree:\n{}", wrong.join("\n"));
}

/// What the report says of each node that has an address or a name.
fn said(import: &Import, truth: &Truth) -> BTreeMap<String, String> {
    let nobody = Paste { file: String::new(), asked: None, tells: String::new(), cannot: Vec::new() };
    let who = identify(import, truth, &nobody);
    let upstream = |node: &Node| node.follows.first().and_then(|name| who.get(name)).cloned();
    let nodes = import.cluster.nodes.iter().filter_map(|node| {
        let id = who.get(&node.name)?;
        Some((id.clone(), format!("{:?} of {:?}, {:?}", node.role, upstream(node), node.standing.why)))
    });
    nodes.collect()
}

#[test]
fn pastes_of_one_state_are_read_together_in_any_order() {
    let mut wrong = Vec::new();
    for truth in truths().iter().filter(|truth| !truth.moving && !truth.stale && !truth.follows.is_empty()) {
        let texts: Vec<String> =
            truth.pastes.iter().map(|paste| fs::read_to_string(folder().join(&paste.file)).unwrap()).collect();
        let mut pastes: Vec<&str> = texts.iter().map(String::as_str).collect();
        let import = import::read(&pastes).unwrap();
        let forward = said(&import, truth);
        let paste = Paste { file: truth.state.clone(), asked: None, tells: String::new(), cannot: Vec::new() };
        let who = identify(&import, truth, &paste);
        let mut case = Case { truth, paste: &paste, import, who, wrong: Vec::new() };
        case.roles_and_topology();
        case.standings();
        case.secrets();
        case.run_text();
        // Numbers of repmgr alone name nobody.
        case.wrong.retain(|text| !(text.starts_with("repmgr") && text.contains("more than one node")));
        wrong.append(&mut case.wrong);
        pastes.reverse();
        let backward = said(&import::read(&pastes).unwrap(), truth);
        if forward != backward {
            wrong.push(format!("{}: {forward:?} in one order, {backward:?} in the other", truth.state));
        }
    }
    assert!(wrong.is_empty(), "{}:\n{}", wrong.len(), wrong.join("\n"));
}
