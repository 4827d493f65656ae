//! What somebody has pasted, for a page: read in a worker, and handed out as plain words.

use serde::Serialize;
use wasm_bindgen::prelude::*;

use super::plain::{thrown, to_js};
use crate::guarantees;
use crate::import::{self, Import, Note};

/// What was read, as a page shows it.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct PasteView<'i> {
    cluster: Vec<String>,
    promoted: &'i str,
    candidates: Vec<&'i str>,
    meters: &'i [String],
    cannot_know: Vec<&'static str>,
    guarantees: Vec<String>,
    read: &'i [Note],
    assumed: &'i [Note],
    not_understood: &'i [Note],
    left_out: f64,
    run_text: Option<&'i str>,
    /// What the masks stand for: for the page alone.
    names: &'i [(String, Vec<String>)],
    secrets: usize,
    /// The pastes without their passwords.
    pastes: Vec<String>,
}

/// Reads pastes, in any order: an object like `PasteView` of `types.d.ts`.
///
/// # Errors
///
/// Throws if there are too many of them, or they are too long.
#[wasm_bindgen(js_name = readPastes)]
pub fn read_pastes(pastes: Vec<String>) -> Result<JsValue, JsValue> {
    let pastes: Vec<&str> = pastes.iter().map(String::as_str).collect();
    let import = import::read(&pastes).map_err(thrown)?;
    to_js(&view(&import, &pastes))
}

fn view<'i>(import: &'i Import, pastes: &[&str]) -> PasteView<'i> {
    PasteView {
        cluster: import.cluster_words(),
        promoted: &import.answer.promoted,
        candidates: import.answer.candidates.iter().map(|candidate| candidate.words.as_str()).collect(),
        meters: &import.answer.meters,
        cannot_know: import.cannot_know.iter().map(|topic| topic.words()).collect(),
        guarantees: guarantees::words(import.preset.name, !import.preset.differs.is_empty()),
        read: &import.read,
        assumed: &import.assumed,
        not_understood: &import.not_understood,
        left_out: import.left_out as f64,
        run_text: import.run_text.as_deref(),
        names: import.names(),
        secrets: import.secrets.len(),
        pastes: import.without_secrets(pastes),
    }
}
