//! Plain data in and out: numbers are checked, what is handed out is copied into objects, errors are thrown.

use serde::Serialize;
use wasm_bindgen::prelude::*;

#[cfg(feature = "play")]
use crate::error::Code;
use crate::error::Error;

#[cfg(feature = "play")]
#[wasm_bindgen]
extern "C" {
    /// Windows and workers have it; the ways of `web-sys` to find out in which of them this is take more than a kilobyte.
    #[wasm_bindgen(js_namespace = performance, js_name = now)]
    pub(super) fn wall_clock_ms() -> f64;
}

/// A number that came from outside, if it is a whole one in this range. Many places ask for one: it is not inlined there.
#[cfg(feature = "play")]
#[inline(never)]
pub(super) fn whole(number: f64, min: u64, max: u64, what: &str) -> Result<u64, Error> {
    if number.is_finite() && number >= min as f64 && number <= max as f64 {
        return Ok(number as u64);
    }
    Err(Error::new(Code::Limit, format!("{what} is out of range")).expecting(format!("{min} to {max}")))
}

pub(super) fn to_js<T: Serialize>(value: &T) -> Result<JsValue, JsValue> {
    let serializer = serde_wasm_bindgen::Serializer::json_compatible();
    value.serialize(&serializer).map_err(JsValue::from)
}

#[inline(never)]
pub(super) fn thrown(error: Error) -> JsValue {
    to_js(&error).unwrap_or_else(|error| error)
}
