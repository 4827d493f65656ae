//! The module of a page comes in two parts (`.ci/split.js`): a call that needs the second one, and is there before it, asks the page.

use wasm_bindgen::prelude::*;

#[wasm_bindgen]
extern "C" {
    /// What the glue was made with: when it returns, the second part is there.
    #[wasm_bindgen(js_name = loadRest)]
    fn load_rest();
}

/// Has the second part there. The build makes each function that it has left out call the same.
///
/// # Errors
///
/// Throws if it cannot be had; what was called then is beyond use.
#[wasm_bindgen(js_name = rest)]
pub fn rest() {
    load_rest();
}
