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

/// A text on real servers, looked at once.
#[wasm_bindgen]
pub struct RealServers {
    told: RealView,
    archive: Option<Vec<u8>>,
}

#[wasm_bindgen]
impl RealServers {
    /// Of a run text.
    #[wasm_bindgen(constructor)]
    pub fn new(text: &str) -> Self {
        let engine = export::engine_of(text);
        let (made, no_folder) = match export::folder(text) {
            Ok(made) => (Some(made), None),
            Err(why) => (None, Some(why)),
        };
        // What can be written as a folder can be played; the other way round is not so.
        let refused = no_folder.as_ref().and_then(|_| match &engine {
            Ok(engine) => export::prepare(*engine, text, 1.0).err(),
            Err(why) => Some(why.clone()),
        });
        let engine = engine.ok();
        let files = made.iter().flat_map(|made| made.files.iter().map(|(name, _)| *name)).collect();
        let archive = made.as_ref().map(|made| export::tar("replication", &made.files));
        let told = RealView {
            engine: engine.map(Engine::name),
            title: engine.map(Engine::title),
            refused: refused.map(|why| why.to_string()),
            no_folder: no_folder.map(|why| why.to_string()),
            notes: made.map(|made| made.notes).unwrap_or_default(),
            files,
        };
        Self { told, archive }
    }

    /// What can be told: an object like `RealView` of `types.d.ts`.
    ///
    /// # Errors
    ///
    /// Throws only if the browser runs out of memory.
    pub fn told(&self) -> Result<JsValue, JsValue> {
        to_js(&self.told)
    }

    /// The folder for Docker Compose as an archive of tar; nothing if it cannot be made.
    pub fn archive(&self) -> Option<Vec<u8>> {
        self.archive.clone()
    }
}
