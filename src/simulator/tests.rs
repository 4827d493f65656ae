#![allow(clippy::unwrap_used, reason = "a test that fails should say so at once")]

use super::*;
use crate::scenario::{LinkChange, Ratio};
use crate::time::{MS, SECOND};

type World = Simulator<u32, &'static str>;

fn world(change: LinkChange) -> World {
    let mut world = World::new(7);
    world.join(0, 1, Quality::default().changed(change));
    world
}

/// What happens, a message or something else.
#[derive(Debug, PartialEq)]
enum Next {
    Arrived { from: u16, to: u16, message: u32 },
    Other(Happening<&'static str>),
}

fn next(world: &mut World, until: Us) -> Option<(Us, Next)> {
    let next = match world.first(until) {
        First::Message(channel) => {
            let (from, to) = world.ends_of(channel);
            Next::Arrived { from, to, message: world.arrive(channel)?.message }
        }
        First::Other => Next::Other(world.next_other()?),
        First::Nothing => return None,
    };
    Some((world.now(), next))
}

/// Everything that happens, with its time.
fn run(world: &mut World) -> Vec<(Us, Next)> {
    std::iter::from_fn(|| next(world, Us::MAX)).collect()
}

fn arrivals(world: &mut World) -> Vec<(Us, u32)> {
    let all = run(world).into_iter();
    all.filter_map(|(at, happening)| match happening {
        Next::Arrived { message, .. } => Some((at, message)),
        _ => None,
    })
    .collect()
}

#[test]
fn a_message_arrives_after_the_latency() {
    let mut world = world(LinkChange { latency_us: Some(5 * MS), ..LinkChange::default() });
    world.send(0, 1, 100, 42);
    assert_eq!(run(&mut world), [(5 * MS, Next::Arrived { from: 0, to: 1, message: 42 })]);
}

#[test]
fn jitter_delays_but_never_reorders() {
    let mut world = world(LinkChange { jitter_us: Some(50 * MS), ..LinkChange::default() });
    for message in 0..200 {
        world.wait_until(Us::from(message) * MS);
        world.send(0, 1, 1, message);
    }
    let arrived = arrivals(&mut world);
    assert!(arrived.iter().map(|(_, message)| *message).eq(0..200));
    assert!(arrived.windows(2).all(|pair| pair[0].0 <= pair[1].0));
    let late = arrived.iter().filter(|(at, message)| *at > Us::from(*message) * MS + 2 * MS).count();
    assert!(late > 100, "{late}");
    assert!(arrived.iter().all(|(at, message)| *at >= Us::from(*message) * MS + MS));
}

#[test]
fn what_is_lost_is_sent_again_and_holds_up_what_follows() {
    let loss = Some(Ratio { part: 1, of: 2 });
    let mut world = world(LinkChange { loss, ..LinkChange::default() });
    for message in 0..100 {
        world.send(0, 1, 1, message);
    }
    let resent = world.channel(0, 1).unwrap().flights.iter().filter(|flight| flight.resent).count();
    assert!((30..70).contains(&resent), "{resent}");
    let arrived = arrivals(&mut world);
    assert!(arrived.iter().map(|(_, message)| *message).eq(0..100));
    assert!(arrived.last().unwrap().0 >= 200 * MS);
}

#[test]
fn a_narrow_link_sends_one_after_the_other() {
    let mut world = world(LinkChange { bandwidth: Some(1_000), ..LinkChange::default() });
    world.send(0, 1, 500, 1);
    world.send(0, 1, 250, 2);
    assert_eq!(arrivals(&mut world), [(501 * MS, 1), (751 * MS, 2)]);
}

#[test]
fn a_held_link_keeps_its_messages_and_each_needs_what_it_had_left() {
    let mut world = world(LinkChange { latency_us: Some(100 * MS), ..LinkChange::default() });
    world.send(0, 1, 1, 1);
    world.wait_until(40 * MS);
    assert!(world.hold(0, 1));
    world.wait_until(60 * MS);
    world.send(0, 1, 1, 2);
    assert_eq!(next(&mut world, SECOND), None);
    world.wait_until(SECOND);
    assert!(world.heal(0, 1));
    assert_eq!(arrivals(&mut world), [(SECOND + 60 * MS, 1), (SECOND + 100 * MS, 2)]);
}

#[test]
fn a_cut_link_loses_what_is_on_it_tells_both_ends_and_refuses_the_sender() {
    let mut world = world(LinkChange::default());
    world.send(0, 1, 1, 1);
    world.send(1, 0, 1, 2);
    assert!(world.cut(0, 1));
    assert!(!world.cut(0, 1), "it was cut already");
    world.send(0, 1, 1, 3);
    let closed = |at, peer, refused| (0, Next::Other(Happening::Closed { at, peer, refused }));
    let other_way = (MS, Next::Arrived { from: 1, to: 0, message: 2 });
    assert_eq!(run(&mut world), [closed(0, 1, false), closed(1, 0, false), closed(0, 1, true), other_way]);
}

#[test]
fn a_new_connection_drops_what_the_old_one_had_on_the_wire() {
    let mut world = world(LinkChange::default());
    world.send(0, 1, 1, 1);
    world.send(1, 0, 1, 2);
    world.connect(1, 0, 1, 3);
    assert_eq!(arrivals(&mut world), [(MS, 3)]);
}

#[test]
fn a_new_connection_needs_both_ways() {
    let mut world = world(LinkChange::default());
    world.cut(0, 1);
    run(&mut world);
    world.connect(1, 0, 1, 3);
    assert_eq!(run(&mut world), [(0, Next::Other(Happening::Closed { at: 1, peer: 0, refused: true }))]);
}

#[test]
fn a_new_latency_holds_for_what_is_sent_from_then_on() {
    let mut world = world(LinkChange { latency_us: Some(100 * MS), ..LinkChange::default() });
    world.send(0, 1, 1, 1);
    world.set_quality(0, 1, |quality| Quality { latency_us: 10 * MS, ..quality });
    world.send(0, 1, 1, 2);
    world.send(0, 1, 1, 3);
    assert_eq!(arrivals(&mut world), [(100 * MS, 1), (100 * MS, 2), (100 * MS, 3)], "in order, behind the first");
    world.send(0, 1, 1, 4);
    assert_eq!(arrivals(&mut world), [(110 * MS, 4)]);
}

#[test]
fn timers_and_messages_of_one_instant_come_in_the_order_of_their_making() {
    let mut world = world(LinkChange::default());
    world.set_timer(MS, 0, "first");
    world.send(0, 1, 1, 1);
    world.set_timer(MS, 1, "last");
    let order = run(&mut world);
    assert_eq!(order[0].1, Next::Other(Happening::Rang { owner: 0, timer: "first" }));
    assert_eq!(order[1].1, Next::Arrived { from: 0, to: 1, message: 1 });
    assert_eq!(order[2].1, Next::Other(Happening::Rang { owner: 1, timer: "last" }));
}

#[test]
fn a_draw_more_on_one_link_does_not_change_another() {
    let play = |extra: bool| {
        let mut world = world(LinkChange { jitter_us: Some(50 * MS), ..LinkChange::default() });
        if extra {
            world.send(1, 0, 1, 9);
        }
        world.send(0, 1, 1, 1);
        arrivals(&mut world).into_iter().find(|(_, message)| *message == 1)
    };
    assert_eq!(play(false), play(true));
}

#[test]
fn a_wire_that_was_held_is_free_again_at_once() {
    // What is put on it while it stands still must not make it busy for as long as it stood still.
    for bandwidth in [0, 1_000] {
        let mut world = world(LinkChange { bandwidth: Some(bandwidth), ..LinkChange::default() });
        assert!(world.hold(0, 1));
        world.wait_until(10 * SECOND);
        world.send(0, 1, 100, 1);
        assert!(world.heal(0, 1));
        world.send(0, 1, 100, 2);
        let wire_us = if bandwidth == 0 { 0 } else { 100 * MS };
        let expected = [(10 * SECOND + MS + wire_us, 1), (10 * SECOND + MS + 2 * wire_us, 2)];
        assert_eq!(arrivals(&mut world), expected, "{bandwidth}");
    }
}

#[test]
fn a_power_cut_takes_what_has_not_left_the_host() {
    let mut world = world(LinkChange { bandwidth: Some(1_000), latency_us: Some(400 * MS), ..LinkChange::default() });
    for message in 1..=4 {
        world.send(0, 1, 100, message);
    }
    world.wait_until(150 * MS);
    assert_eq!(world.channel(0, 1).unwrap().unsent_bytes(world.now()), 250);
    world.drop_unsent(0);
    world.send(0, 1, 100, 5);
    assert_eq!(arrivals(&mut world), [(500 * MS, 1), (650 * MS, 5)], "the second was half on the wire");
}

#[test]
fn a_power_cut_takes_what_waits_behind_a_held_link() {
    let mut world = world(LinkChange { latency_us: Some(100 * MS), ..LinkChange::default() });
    world.send(0, 1, 1, 1);
    world.wait_until(40 * MS);
    world.hold(0, 1);
    world.send(0, 1, 7, 2);
    assert_eq!(world.channel(0, 1).unwrap().unsent_bytes(world.now()), 7);
    world.drop_unsent(0);
    world.wait_until(SECOND);
    world.heal(0, 1);
    assert_eq!(arrivals(&mut world), [(SECOND + 60 * MS, 1)]);
}

#[test]
fn a_connection_that_is_begun_over_a_held_link_is_there_when_it_is_healed() {
    let mut world = world(LinkChange { latency_us: Some(100 * MS), ..LinkChange::default() });
    world.hold(0, 1);
    world.hold(1, 0);
    world.wait_until(40 * SECOND);
    world.connect(0, 1, 1, 1);
    world.wait_until(60 * SECOND);
    world.heal(0, 1);
    assert_eq!(arrivals(&mut world), [(60 * SECOND + 100 * MS, 1)]);
}
