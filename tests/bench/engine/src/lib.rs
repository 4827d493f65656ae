//! The engine, to be timed from outside: the text goes in, the run is made, and only then is it played.

use std::cell::RefCell;

use replication_playground::run::Run;

thread_local! {
    static TEXT: RefCell<Vec<u8>> = RefCell::default();
    static RUN: RefCell<Option<Run>> = RefCell::default();
}

/// Where to put a text of so many bytes.
#[unsafe(no_mangle)]
pub extern "C" fn text_room(bytes: usize) -> *mut u8 {
    TEXT.with_borrow_mut(|text| {
        text.clear();
        text.resize(bytes, 0);
        text.as_mut_ptr()
    })
}

/// Makes the run of the text. False if the text breaks the grammar.
#[unsafe(no_mangle)]
pub extern "C" fn make_run() -> bool {
    let run = TEXT.with_borrow(|text| str::from_utf8(text).ok().and_then(|text| Run::new(text).ok()));
    RUN.with_borrow_mut(|place| {
        *place = run;
        place.is_some()
    })
}

/// Plays the run to its end.
#[unsafe(no_mangle)]
pub extern "C" fn play_engine() {
    RUN.with_borrow_mut(|run| {
        if let Some(run) = run {
            run.play_out();
        }
    });
}

#[unsafe(no_mangle)]
pub extern "C" fn events() -> f64 {
    count(Run::steps)
}

#[unsafe(no_mangle)]
pub extern "C" fn reads() -> f64 {
    count(|run| run.referee().reads())
}

#[unsafe(no_mangle)]
pub extern "C" fn stale() -> f64 {
    count(|run| run.referee().stale_reads())
}

#[unsafe(no_mangle)]
pub extern "C" fn facts() -> f64 {
    count(|run| run.cluster().history().len())
}

fn count(what: impl Fn(&Run) -> u64) -> f64 {
    RUN.with_borrow(|run| run.as_ref().map_or(0.0, |run| what(run) as f64))
}
