//! Explanations and the space-time diagram: what they say is what happened.
#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that fails should say so at once")]

use proptest::prelude::*;
use proptest::test_runner::RngSeed;
use replication_playground::random;
use replication_playground::session::Session;
use replication_playground::view::{self, spacetime::SpaceTime};

fn config() -> ProptestConfig {
    let mut config = ProptestConfig::with_cases(ProptestConfig::default().cases / 8);
    if config.rng_seed == RngSeed::Random {
        config.rng_seed = RngSeed::Fixed(2026);
    }
    config
}

/// A run played to a time, ms.
fn played(lines: &str, to_ms: u64) -> Session {
    let mut session =
        Session::new(&format!("cluster m + s1 s2\nclients A B\nlink nodes latency 400ms\n{lines}")).unwrap();
    session.timeline().seek(to_ms * 1_000, u64::MAX);
    session
}

/// Why the request with this number came out as it did, as one text.
fn told(session: &Session, operation: u32) -> String {
    let why = view::why(session.run(), operation, &view::MASTER_SLAVE, |at| session.copy_at(at)).unwrap();
    why.sentences.iter().map(|sentence| view::plain(sentence)).collect::<Vec<_>>().join(" ")
}

#[test]
fn a_stale_read_is_explained_by_what_kept_the_entry_back() {
    let write = "at 100ms A write k 1\n";
    let late = "at 600ms pause-apply s1\nat 3s B read k @s1\n";
    for (lines, reason) in [
        (format!("{write}at 200ms B read k @s1\n"), "on its way from m, which takes 400 ms"),
        (format!("at 50ms hold m-s1\n{write}at 3s B read k @s1\n"), "the link from m is held"),
        (format!("at 50ms cut m-s1\n{write}at 3s B read k @s1\n"), "the link from m is cut"),
        (format!("at 50ms pause-apply s1\n{write}{late}"), "applying is paused"),
        (format!("delay s1 9s\n{write}at 3s B read k @s1\n"), "applies it 9 s after"),
        (format!("apply-speed s1 1/s\n{write}at 700ms B read k @s1\n"), "at 1 a second"),
    ] {
        let text = told(&played(&lines, 3_500), 2);
        assert!(text.contains(reason), "{lines}: {text}");
        assert!(
            text.contains("B asked s1") && text.contains("position 1 of m’s log") && text.contains("asynchronous"),
            "{text}"
        );
    }
    let routed = told(&played("router @s2\nat 100ms A write k 1\nat 200ms B read k\n", 1_000), 2);
    assert!(routed.contains("B’s router (@s2) sent the read to s2"), "{routed}");
    let fresh = told(&played("at 100ms A write k 1\nat 900ms B read k @s1\n", 1_500), 2);
    assert!(fresh.contains("the answer was fresh"), "{fresh}");
}

#[test]
fn an_acknowledgement_a_stall_and_an_error_are_explained() {
    let asynchronous = told(&played("at 100ms A write k 1\n", 1_000), 1);
    assert!(asynchronous.contains("at position 1") && asynchronous.contains("asynchronous"), "{asynchronous}");
    let synchronous = told(&played("replication sync 1 received\nat 100ms A write k 1\n", 2_000), 1);
    assert!(synchronous.contains("waited until slaves had received it: s1 told so at 0.90"), "{synchronous}");
    let waits = told(&played("replication sync all applied\nat 10ms crash s2\nat 100ms A write k 1\n", 2_000), 1);
    assert!(
        waits.contains("s2 has not: it is down") && !waits.contains("s1 has not") && waits.contains("too-few block"),
        "{waits}"
    );
    let ignored = told(&played("at 100ms A write k 1 @s1\n", 2_000), 1);
    assert!(ignored.contains("ignores what comes from elsewhere"), "{ignored}");
    let refused = told(&played("slave-writes refused\nat 100ms A write k 1 @s1\n", 2_000), 1);
    assert!(refused.contains("takes updates from its master only"), "{refused}");
    let down = told(&played("at 10ms crash m\nat 100ms A write k 1\n", 2_000), 1);
    assert!(down.contains("could not be reached"), "{down}");
}

#[test]
fn a_lost_write_is_explained() {
    let session = played("at 100ms A write k 1\nat 200ms crash m\nat 300ms promote s1\n", 1_000);
    let text = told(&session, 1);
    assert!(text.contains("It was lost at 0.300 s: s1 became the master, and its log ended before"), "{text}");
    let why = view::why(session.run(), 1, &view::MASTER_SLAVE, |at| session.copy_at(at)).unwrap();
    assert_eq!((why.writes.as_slice(), why.to_us), ([1].as_slice(), 300_000));
    assert!(view::why(session.run(), 99, &view::MASTER_SLAVE, |at| session.copy_at(at)).is_none());
}

fn diagram(session: &Session, from_ms: u64, to_ms: u64) -> SpaceTime {
    view::spacetime(session.copy_at(from_ms * 1_000).unwrap(), to_ms * 1_000, &view::MASTER_SLAVE)
}

#[test]
fn the_diagram_has_each_message_with_its_two_ends() {
    let session =
        played("at 100ms A write k 1\nat 2s crash s1\nat 2s A write k 2\nat 3s freeze s2\nat 4s end\n", 5_000);
    let window = diagram(&session, 0, 1_000);
    let entry = window.arrows.iter().find(|arrow| arrow.text.contains("its log to s1")).unwrap();
    assert_eq!((entry.write, entry.ended_us, entry.lost), (1, Some(entry.sent_us + 400_000), false));
    let request = window.arrows.iter().find(|arrow| arrow.text.contains("asks m to write")).unwrap();
    assert_eq!((request.sent_us, request.ended_us), (100_000, Some(101_000)));
    let logged = window.points.iter().find(|point| point.kind == "logged").unwrap();
    assert_eq!((logged.at_us, logged.write), (101_000, 1));
    assert!(
        window.arrows.iter().any(|arrow| arrow.ended_us.is_none())
            || window.arrows.iter().all(|arrow| arrow.ended_us.unwrap() <= 1_000_000)
    );

    let later = diagram(&session, 1_900, 4_000);
    let names: Vec<_> = later.lanes.iter().map(|lane| (lane.name.as_str(), lane.kind)).collect();
    assert_eq!(names, [("A", "client"), ("B", "client"), ("m", "node"), ("s1", "node"), ("s2", "node")]);
    assert_eq!(later.lanes[3].gaps, [(2_000_000, 4_000_000, "down")]);
    assert_eq!(later.lanes[4].gaps, [(3_000_000, 4_000_000, "frozen")]);
    let cut = played("at 100ms A write k 1\nat 300ms cut m-s1\n", 2_000);
    let lost = diagram(&cut, 0, 1_000).arrows.into_iter().find(|arrow| arrow.text.contains("its log to s1")).unwrap();
    assert!(lost.lost && lost.ended_us == Some(300_000), "{lost:?}");
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn every_request_has_its_reason_and_every_arrow_its_order(seed in any::<u64>()) {
        let text = random::run_text(seed >> 12, 80, false);
        let mut session = Session::new(&text).unwrap();
        let last = session.run().last_line_us();
        session.timeline().seek(last, u64::MAX);
        for operation in 1..=session.run().cluster().history().operations().len() as u32 {
            let why = view::why(session.run(), operation, &view::MASTER_SLAVE, |at| session.copy_at(at)).unwrap();
            prop_assert!(!why.sentences.is_empty(), "{operation}\n{text}");
            for sentence in &why.sentences {
                let told = view::plain(sentence);
                prop_assert!(told.ends_with('.') && told.len() > 10, "{told}\n{text}");
            }
            prop_assert!(why.from_us <= why.to_us);
        }
        let window = view::spacetime(session.copy_at(last / 2).unwrap(), last, &view::MASTER_SLAVE);
        for arrow in &window.arrows {
            prop_assert!(arrow.ended_us.is_none_or(|ended| ended >= arrow.sent_us), "{arrow:?}");
            prop_assert!(window.lanes.iter().any(|lane| lane.id == arrow.from), "{arrow:?}");
        }
    }
}

#[test]
fn the_chain_of_a_stale_read_and_of_a_synchronous_write() {
    let session = played("at 100ms A write k 1\nat 200ms B read k @s1\nat 300ms A write other 2\n", 2_000);
    let why = view::why(session.run(), 2, &view::MASTER_SLAVE, |at| session.copy_at(at)).unwrap();
    let diagram = view::spacetime(session.copy_at(0).unwrap(), 2_000_000, &view::MASTER_SLAVE);
    assert_eq!(why.operation, 2);
    // Request and answer of the read, and the write that it missed.
    let own: Vec<_> = diagram.arrows.iter().filter(|arrow| arrow.operation == 2).collect();
    assert_eq!(own.len(), 2, "{own:?}");
    assert_eq!(why.writes, [1]);
    let points: Vec<&str> =
        diagram.points.iter().filter(|point| why.facts.contains(&point.seq)).map(|point| point.kind).collect();
    assert!(points.contains(&"read") && points.contains(&"logged") && points.contains(&"answered"), "{points:?}");

    let session = played("replication sync all applied\nat 100ms A write k 1\n", 3_000);
    let why = view::why(session.run(), 1, &view::MASTER_SLAVE, |at| session.copy_at(at)).unwrap();
    let diagram = view::spacetime(session.copy_at(0).unwrap(), 3_000_000, &view::MASTER_SLAVE);
    let waited = |from: u16, to: u16, at_us: u64| {
        diagram.arrows.iter().any(|arrow| (arrow.from, arrow.to, arrow.ended_us) == (from, to, Some(at_us)))
    };
    assert_eq!(why.heard.len(), 2);
    assert!(why.heard.iter().all(|&(from, to, at_us)| waited(from, to, at_us)), "{:?}", why.heard);
}

#[test]
fn a_lost_write_is_explained_from_its_verdict() {
    let text = "at 50ms hold m-s1\nat 50ms hold m-s2\nat 100ms A write k 1\nat 1s crash m\nat 2s promote s1\n";
    let session = played(text, 3_000);
    let state = view::state(session.run(), &view::MASTER_SLAVE);
    let lost = state.verdicts.iter().find(|verdict| verdict.id == "no-lost-writes").unwrap();
    let operation = lost.witness_operation.unwrap();
    let text = told(&session, operation);
    assert!(text.contains("It was lost at") && text.contains("became the master"), "{text}");
    let why = view::why(session.run(), operation, &view::MASTER_SLAVE, |at| session.copy_at(at)).unwrap();
    let diagram = view::spacetime(session.copy_at(0).unwrap(), 3_000_000, &view::MASTER_SLAVE);
    let kinds: Vec<&str> =
        diagram.points.iter().filter(|point| why.facts.contains(&point.seq)).map(|point| point.kind).collect();
    assert!(kinds.contains(&"fault") && kinds.contains(&"promotion"), "{kinds:?}");
}
