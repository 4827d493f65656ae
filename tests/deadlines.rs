//! What a page counts down to happens by itself, and at that very time.
#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test that fails should say so at once")]

use replication_playground::cluster::{Deadline, Due};
use replication_playground::facts::Event;
use replication_playground::session::Session;
use replication_playground::time::{SECOND, Us};

/// The run at a time, and the deadlines that are worth a word there.
fn at(text: &str, us: Us) -> (Session, Vec<Deadline>) {
    let mut session = Session::new(text).unwrap();
    session.timeline().seek(us, u64::MAX);
    let told = session.run().cluster().deadlines().into_iter().filter(|deadline| deadline.from_us <= us).collect();
    (session, told)
}

/// Goes on to a deadline: what it tells must happen then, and not before.
fn happens(session: &mut Session, deadline: Deadline, what: impl Fn(&Event) -> bool) {
    let known = session.run().cluster().history().len();
    session.timeline().seek(deadline.until_us + SECOND, u64::MAX);
    let first = session.run().cluster().history().since(known).find(|fact| what(&fact.event));
    assert_eq!(first.map(|fact| fact.at_us), Some(deadline.until_us), "{deadline:?}");
}

#[test]
fn a_client_gives_up_when_it_is_told() {
    let text = "cluster m + s1\nclients A\ntimeout 5s\nat 1s freeze m\nat 2s A write k v\n";
    let (mut session, told) = at(text, 4 * SECOND);
    assert_eq!(told.iter().map(|one| one.due).collect::<Vec<_>>(), [Due::GivesUp(1)]);
    happens(&mut session, told[0], |event| matches!(event, Event::Finished { operation: 1 }));
    let at_once = at(text, 2_100_000).1;
    assert!(at_once.is_empty(), "{at_once:?}: an answer may come any moment");
}

#[test]
fn a_master_stops_waiting_when_it_is_told() {
    let begin = "cluster m + s1\nclients A\nreplication sync 1\ntimeout 60s\n";
    let end = "at 1s crash s1\nat 2s A write k v\n";
    let (mut session, told) = at(&format!("{begin}too-few degrade 10s\n{end}"), 4 * SECOND);
    let ends = told.iter().copied().find(|one| matches!(one.due, Due::WaitEnds { operation: 1, .. })).unwrap();
    happens(&mut session, ends, |event| matches!(event, Event::Degraded { .. }));
    let told = at(&format!("{begin}too-few block\n{end}"), 4 * SECOND).1;
    assert_eq!(told.iter().map(|one| one.due).collect::<Vec<_>>(), [Due::GivesUp(1)]);
}

#[test]
fn a_lease_runs_out_when_it_is_told() {
    let text = "cluster m + s1 s2\nfailover lease 30s 10s\nat 12s crash m\n";
    assert!(at(text, 11 * SECOND).1.is_empty(), "a lease that is renewed is not worth a word");
    let (mut session, told) = at(text, 15 * SECOND);
    let [ends] = told.as_slice() else { panic!("{told:?}") };
    let holder = |session: &Session| {
        let (run, mut held) = (session.run(), session.run().cluster().observers());
        held.next().and_then(|(_, store)| store.lease_holder(run.now())).unwrap()
    };
    assert_eq!(ends.due, Due::LeaseEnds(holder(&session).unwrap()));
    session.timeline().seek(ends.until_us - 1, u64::MAX);
    assert!(holder(&session).is_some());
    session.timeline().seek(ends.until_us, u64::MAX);
    assert_eq!(holder(&session), None);
}

#[test]
fn a_sentinel_misses_the_master_when_it_is_told() {
    let text = "cluster m + s1 s2\nfailover quorum 3 2 5s\nat 12s crash m\n";
    assert!(at(text, 11 * SECOND).1.is_empty());
    let (mut session, told) = at(text, 15 * SECOND);
    assert!(matches!(told[0].due, Due::Suspects { .. }), "{told:?}");
    happens(&mut session, told[0], |event| matches!(event, Event::Suspected { .. }));
}

#[test]
fn a_node_stands_for_election_when_it_is_told() {
    let text = "cluster m + s1 s2\nfailover election 10s\nat 12s crash m\n";
    assert!(at(text, 11 * SECOND).1.is_empty());
    let (mut session, told) = at(text, 18 * SECOND);
    let Due::Stands(first) = told[0].due else { panic!("{told:?}") };
    // First it asks whether it would be elected.
    session.timeline().seek(told[0].until_us + SECOND, u64::MAX);
    let stood = session.run().cluster().history().since(0).find_map(|fact| match fact.event {
        Event::Stands { node, .. } => Some((node, fact.at_us)),
        _ => None,
    });
    let (node, at_us) = stood.unwrap();
    assert_eq!(node, first);
    assert!((told[0].until_us..told[0].until_us + SECOND).contains(&at_us), "{at_us} {told:?}");
}
