//! The module of a page comes in parts (`.ci/split.js`): a call that needs one that is not there yet asks the page for it.

use wasm_bindgen::prelude::*;

#[wasm_bindgen]
extern "C" {
    /// What the glue was made with: when it returns, all parts are there.
    #[wasm_bindgen(js_name = loadRest)]
    fn load_rest();
}

/// Has all parts there. The build makes each function that it has left out call the same.
///
/// # Errors
///
/// Throws if they cannot be had; what was called then is beyond use.
#[wasm_bindgen]
pub fn rest() {
    load_rest();
}
