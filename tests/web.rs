//! The bindings and the golden run, in a real browser: `wasm-pack test --headless --chrome` and `--firefox`.
#![cfg(target_arch = "wasm32")]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test that fails should say so at once")]

#[path = "golden/mod.rs"]
mod golden;

use std::cell::Cell;
use std::rc::Rc;

use js_sys::{Array, Promise, Reflect};
use replication_playground::web::Playground;
use wasm_bindgen::prelude::*;
use wasm_bindgen_test::*;
use web_sys::EventTarget;

wasm_bindgen_test_configure!(run_in_browser);

const TEXT: &str = "cluster m + s1 s2\nclients A\nlink m-s1 latency 400ms\n";

fn playground() -> Playground {
    Playground::new(TEXT, EventTarget::new().unwrap()).unwrap_or_else(|error| panic!("{error:?}"))
}

fn get(object: &JsValue, key: &str) -> JsValue {
    Reflect::get(object, &key.into()).unwrap()
}

fn at(list: &JsValue, index: u32) -> JsValue {
    Array::from(list).get(index)
}

async fn sleep(ms: i32) {
    let promise = Promise::new(&mut |resolve, _| {
        web_sys::window().unwrap().set_timeout_with_callback_and_timeout_and_arguments_0(&resolve, ms).unwrap();
    });
    wasm_bindgen_futures::JsFuture::from(promise).await.unwrap();
}

#[wasm_bindgen_test]
fn the_golden_run_gives_the_same_hash_as_natively() {
    assert_eq!(format!("{:016x}", golden::hash_played_in_pieces()), format!("{:016x}", golden::HASH));
    let mut playground = playground();
    playground.set_text(golden::TEXT).unwrap();
    playground.seek(30_000_000.0).unwrap();
    playground.seek(1_000_000.0).unwrap();
    assert_eq!(playground.now_us(), 1_000_000.0);
}

#[wasm_bindgen_test]
fn a_write_travels_and_is_read_stale_and_fresh() {
    let playground = playground();
    playground.command("A write cart 1").unwrap();
    playground.seek(100_000.0).unwrap();
    assert_eq!(playground.packets().length() % Playground::packet_stride() as u32, 0);
    assert!(playground.packets().length() > 0);
    playground.command("A read cart @s1").unwrap();
    playground.seek(200_000.0).unwrap();
    let state = playground.state().unwrap();
    let operation = at(&get(&at(&get(&state, "clients"), 0), "operations"), 0);
    assert_eq!(get(&operation, "outcome"), "nothing");
    assert_eq!(get(&operation, "verdict"), "stale");
    playground.seek(600_000.0).unwrap();
    let slave = at(&get(&playground.state().unwrap(), "nodes"), 1);
    let row = at(&get(&slave, "rows"), 0);
    assert_eq!(get(&row, "value"), "1");
    assert_eq!(get(&row, "state"), "fresh");
    assert!(Array::from(&playground.story(0.0).unwrap()).length() > 5);
}

#[wasm_bindgen_test]
fn an_error_has_a_code_and_a_place_and_leaves_the_run_alone() {
    let mut playground = playground();
    playground.command("A write cart 1").unwrap();
    let (text, hash) = (playground.text(), playground.hash());
    let error = playground.set_text("cluster m + s1\nat 1s crash x").unwrap_err();
    assert_eq!(get(&error, "code"), "name");
    assert_eq!(get(&error, "line"), 2);
    assert_eq!(get(&error, "column"), 13);
    assert_eq!(get(&error, "expected"), "m, s1");
    assert_eq!(get(&playground.command("crash x").unwrap_err(), "code"), "name");
    for number in [-1.0, f64::NAN, f64::INFINITY, 1e12 * 1e6] {
        assert_eq!(get(&playground.seek(number).unwrap_err(), "code"), "limit", "{number}");
        assert_eq!(get(&playground.set_speed(number).unwrap_err(), "code"), "limit", "{number}");
        assert_eq!(get(&playground.packet(number).unwrap_err(), "code"), "limit", "{number}");
        assert_eq!(get(&playground.story(number).unwrap_err(), "code"), "limit", "{number}");
    }
    assert_eq!(get(&Playground::quote(&"x".repeat(2_000)).unwrap_err(), "code"), "limit");
    assert_eq!((playground.text(), playground.hash()), (text, hash));
    assert!(Playground::new("nonsense", EventTarget::new().unwrap()).is_err());
}

#[wasm_bindgen_test]
async fn it_plays_by_a_timer_where_no_frame_drives_it_and_says_so() {
    let target = EventTarget::new().unwrap();
    let mut playground = Playground::new(TEXT, target.clone()).unwrap();
    let heard = Rc::new(Cell::new(0));
    let counter = Rc::clone(&heard);
    let listener = Closure::<dyn FnMut()>::new(move || counter.set(counter.get() + 1));
    target.add_event_listener_with_callback("advanced", listener.as_ref().unchecked_ref()).unwrap();
    playground.command("A write cart 1").unwrap();
    assert!(!playground.is_playing());
    playground.play();
    sleep(900).await;
    assert!(playground.is_playing());
    assert!(playground.now_us() > 100_000.0, "{}", playground.now_us());
    assert!(heard.get() > 0);
    playground.pause();
    let stopped_us = playground.now_us();
    sleep(400).await;
    assert_eq!(playground.now_us(), stopped_us);
}

#[wasm_bindgen_test]
fn a_step_is_one_event() {
    let mut playground = playground();
    playground.command("A write cart 1").unwrap();
    let before = playground.version();
    assert!(playground.step());
    assert_eq!(playground.now_us(), 1_000.0);
    assert_ne!(playground.version(), before);
    let steps = std::iter::from_fn(|| playground.step().then_some(())).take(100).count();
    assert!((5..60).contains(&steps), "{steps}");
    assert!(!playground.step(), "nothing is left to happen");
}

#[wasm_bindgen_test]
fn a_vocabulary_changes_the_words_and_not_the_run() {
    let mut playground = playground();
    let (version, hash) = (playground.version(), playground.hash());
    let role = |playground: &Playground| get(&get(&playground.state().unwrap(), "roles"), "slave");
    assert_eq!(role(&playground), "slave");
    playground.set_vocabulary("primary").unwrap();
    assert_eq!(role(&playground), "replica");
    assert_ne!(playground.version(), version);
    assert_eq!(playground.hash(), hash);
    playground.set_text(&format!("{TEXT}preset pg-async\n")).unwrap();
    assert_eq!(role(&playground), "replica", "it is kept");
    playground.set_vocabulary("engine").unwrap();
    assert_eq!(role(&playground), "standby");
    assert_eq!(get(&playground.set_vocabulary("leader").unwrap_err(), "expected"), "master, primary or engine");
}

#[wasm_bindgen_test]
fn a_page_may_choose_the_seed_and_the_time() {
    assert!(Playground::with_seed(TEXT, 7.0).unwrap().contains("\nseed 7\n"));
    for seed in [-1.0, 1.5, f64::NAN, 1e16] {
        assert_eq!(get(&Playground::with_seed(TEXT, seed).unwrap_err(), "code"), "limit", "{seed}");
    }
    assert_eq!(get(&Playground::with_seed("nonsense", 7.0).unwrap_err(), "code"), "syntax");
    assert_eq!(Playground::parse_time("1.2s").unwrap(), 1_200_000.0);
    assert_eq!(get(&Playground::parse_time("soon").unwrap_err(), "code"), "syntax");
}

#[wasm_bindgen_test]
fn those_that_are_freed_no_longer_count() {
    let before = Playground::alive();
    let one = playground();
    assert_eq!(Playground::alive(), before + 1);
    drop(one);
    assert_eq!(Playground::alive(), before);
}
