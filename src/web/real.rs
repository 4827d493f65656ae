//! The run on real servers: what is told of it, and the folder that plays it.

use serde::Serialize;
use wasm_bindgen::prelude::*;

use super::plain::to_js;
use crate::export::{self, Engine};

/// What a page tells of a run on real servers.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct RealView {
    /// How the command line calls the engine; nothing if it is none that can be played.
    engine: Option<&'static str>,
    title: Option<&'static str>,
    /// Why `replay real` cannot play it.
    refused: Option<String>,
    /// Why the folder cannot be made.
    no_folder: Option<String>,
    notes: Vec<String>,
    files: Vec<&'static str>,
}

/// What can be told of a text on real servers: an object like `RealView` of `types.d.ts`.
///
/// # Errors
///
/// Throws only if the browser runs out of memory.
#[wasm_bindgen(js_name = realServers)]
pub fn real_servers(text: &str) -> Result<JsValue, JsValue> {
    let engine = export::engine_of(text);
    let refused = match &engine {
        Ok(engine) => export::prepare(*engine, text, 1.0).err(),
        Err(why) => Some(why.clone()),
    };
    let engine = engine.ok();
    let (made, no_folder) = match export::folder(text) {
        Ok(made) => (Some(made), None),
        Err(why) => (None, Some(why.to_string())),
    };
    let files = made.iter().flat_map(|made| made.files.iter().map(|(name, _)| *name)).collect();
    to_js(&RealView {
        engine: engine.map(Engine::name),
        title: engine.map(Engine::title),
        refused: refused.map(|why| why.to_string()),
        no_folder,
        notes: made.map(|made| made.notes).unwrap_or_default(),
        files,
    })
}

/// The folder for Docker Compose as an archive of tar; nothing if it cannot be made.
#[wasm_bindgen(js_name = realFolder)]
pub fn real_folder(text: &str) -> Option<Vec<u8>> {
    export::folder(text).ok().map(|made| export::tar("replication", &made.files))
}
