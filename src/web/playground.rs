//! The run of a page: the object that all other bindings add to.

use std::cell::RefCell;
use std::rc::Rc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Mutex, Once};

use gloo_timers::callback::Interval;
use wasm_bindgen::prelude::*;
use web_sys::EventTarget;

use super::plain::thrown;
use super::player::{Player, opened};

/// How often the timer looks whether somebody else moves the run, ms.
pub(super) const TIMER_MS: u32 = 100;

static LAST_PANIC: Mutex<Option<String>> = Mutex::new(None);
/// Playgrounds that live in this module.
static ALIVE: AtomicU32 = AtomicU32::new(0);
static PANIC_HOOK: Once = Once::new();

/// Keeps the words of a panic: the trap that reaches JavaScript has none.
pub(super) fn keep_panics() {
    PANIC_HOOK.call_once(|| {
        std::panic::set_hook(Box::new(|info| {
            if let Ok(mut last) = LAST_PANIC.lock() {
                *last = Some(info.to_string());
            }
        }));
    });
}

/// One run on a page.
#[wasm_bindgen]
pub struct Playground {
    pub(super) player: Rc<RefCell<Player>>,
    pub(super) target: EventTarget,
    pub(super) timer: Option<Interval>,
}

#[wasm_bindgen]
impl Playground {
    /// A run of a text, or of a lesson's text, at its start, not playing. `target` gets an event `advanced` whenever the timer has moved
    /// the run, because no animation frame did.
    ///
    /// # Errors
    ///
    /// Throws `{code, message, line, column, expected}` if the text breaks the grammar or a limit.
    #[wasm_bindgen(constructor)]
    pub fn new(text: &str, target: EventTarget) -> Result<Playground, JsValue> {
        keep_panics();
        let (session, lecture) = opened(text).map_err(thrown)?;
        let player = Player::new(session, lecture);
        ALIVE.fetch_add(1, Ordering::Relaxed);
        Ok(Self { player: Rc::new(RefCell::new(player)), target, timer: None })
    }

    /// Playgrounds that live in this module now: those that were freed do not count.
    pub fn alive() -> u32 {
        ALIVE.load(Ordering::Relaxed)
    }

    /// The words of the last panic, after a call has thrown a `WebAssembly.RuntimeError`.
    #[wasm_bindgen(js_name = lastPanic)]
    pub fn last_panic() -> Option<String> {
        LAST_PANIC.try_lock().ok().and_then(|last| last.clone())
    }
}

impl Drop for Playground {
    fn drop(&mut self) {
        ALIVE.fetch_sub(1, Ordering::Relaxed);
    }
}
