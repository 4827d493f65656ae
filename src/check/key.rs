//! What tells one state from another: a hash that leaves out the time, the numbers of writes and the names of nodes that may
//! take each other's place.
//!
//! What is left is written down under an order of the nodes: writes are numbered as they are met, epochs and terms by their
//! rank, ages by how many of the settings' time-outs they are past. It is done for each order that what is seen of a node
//! without names allows, and the smallest hash is the key.

use super::look::{followed_by, ids, members};
use super::question::Plan;
use super::state::State;
use super::written::{Mixer, Ranks, Writer};
use crate::cluster::{Cluster, Member, Role};
use crate::simulator::Condition;

/// The key of a state.
pub(super) fn key(state: &State, plan: &Plan) -> u128 {
    let cluster = state.run.cluster();
    let ranks = Ranks::of(cluster);
    let write_down = |order: &[u16]| Writer::new(state, plan, order, &ranks).all();
    if !plan.symmetric {
        return write_down(&ids(cluster));
    }
    let mut groups: Vec<(u64, u16)> =
        members(cluster).map(|member| (looks(cluster, member, &ranks), member.node.id)).collect();
    groups.sort_unstable();
    orders(&groups).iter().map(|order| write_down(order)).min().unwrap_or_default()
}

/// All orders of the nodes in which those that look alike change places.
fn orders(groups: &[(u64, u16)]) -> Vec<Vec<u16>> {
    let mut orders = vec![Vec::new()];
    for alike in groups.chunk_by(|(a, _), (b, _)| a == b) {
        let nodes: Vec<u16> = alike.iter().map(|(_, id)| *id).collect();
        let tails = permutations(&nodes);
        orders = orders
            .iter()
            .flat_map(|order: &Vec<u16>| tails.iter().map(move |tail| [order.as_slice(), tail].concat()))
            .collect();
    }
    orders
}

fn permutations(nodes: &[u16]) -> Vec<Vec<u16>> {
    let Some((first, rest)) = nodes.split_first() else { return vec![Vec::new()] };
    let mut all = Vec::new();
    for order in permutations(rest) {
        for place in 0..=order.len() {
            let mut longer = order.clone();
            longer.insert(place, *first);
            all.push(longer);
        }
    }
    all
}

/// What is seen of a node without any name.
fn looks(cluster: &Cluster, member: &Member, ranks: &Ranks) -> u64 {
    let node = &member.node;
    let mut out = Mixer::new();
    let ways = cluster.channels().iter().filter(|way| way.from == node.id || way.to == node.id);
    let broken = ways.filter(|way| way.condition != Condition::Open).count();
    for word in [
        u64::from(cluster.master() == node.id) << 1 | u64::from(node.role == Role::Master),
        member.process as u64,
        u64::from(node.apply_paused) << 1 | u64::from(node.fenced),
        ranks.epoch(node.disk.epoch),
        node.disk.log.len() as u64,
        u64::from(node.disk.log.flushed()) << 32 | u64::from(node.disk.applied),
        followed_by(cluster, node.id) as u64,
        node.disk.store.len() as u64,
        broken as u64,
    ] {
        out.put(word);
    }
    (out.done() >> 64) as u64
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test that fails should say so at once")]

    use super::*;
    use crate::check::question::Question;

    /// The key of a cluster at the end of these lines. The plan is that of the cluster before them.
    fn key_after(cluster: &str, lines: &str) -> u128 {
        let first = Question::of_text(cluster).unwrap();
        let (plan, _) = Plan::new(&first).unwrap();
        let run = Question::of_text(&format!("{cluster}{lines}")).unwrap().run;
        let mut state = State::first(run, &plan);
        state.look(&plan);
        key(&state, &plan)
    }

    const PLAIN: &str = "cluster m + s1 s2\nclients A B\n";

    #[test]
    fn time_is_no_part_of_a_state() {
        let soon = key_after(PLAIN, "at 0ms A write k 1\nat 1s crash s1\n");
        assert_eq!(soon, key_after(PLAIN, "at 20s A write k 1\nat 400s crash s1\nat 800s heal all\n"));
        assert_ne!(soon, key_after(PLAIN, "at 1s crash s1\n"));
    }

    #[test]
    fn equal_slaves_may_change_places() {
        for lines in
            ["at 0ms hold m-X\nat 1ms A write k 1\nat 1s crash X\n", "at 0ms promote X\nat 1s A write k 1 @m\n"]
        {
            let with = |name: &str| key_after(PLAIN, &lines.replace('X', name));
            assert_eq!(with("s1"), with("s2"), "{lines}");
        }
        let priority = "cluster m + s1 s2\nclients A B\npriority s1 1\n";
        let with = |name: &str| key_after(priority, &format!("at 0ms crash {name}\n"));
        assert_ne!(with("s1"), with("s2"), "one of them counts for more");
        let first = "cluster m + s1 s2\nclients A B\npreset pg-sync-first1\n";
        let with = |name: &str| key_after(first, &format!("at 0ms crash {name}\n"));
        assert_ne!(with("s1"), with("s2"), "FIRST tells them apart");
    }

    #[test]
    fn numbers_of_writes_are_no_part_of_a_state() {
        // The first one was lost before it was told, and is nowhere.
        let lost = "at 0ms freeze m\nat 1ms A write k 1\nat 2ms crash m\nat 1s start m\nat 10s A write l 1\n";
        assert_eq!(key_after(PLAIN, lost), key_after(PLAIN, "at 0ms crash m\nat 1s start m\nat 10s A write l 1\n"));
    }

    #[test]
    fn who_has_what_and_who_was_told_is_part_of_a_state() {
        let states = [
            "at 0ms A write k 1\nat 1s crash m\n",
            "at 0ms hold m-s1\nat 1ms A write k 1\nat 1s heal m-s1\nat 1s crash m\n",
            "at 0ms cut m-s1\nat 1ms A write k 1\nat 1s crash m\n",
            "at 0ms cut m-s1\nat 0ms cut m-s2\nat 1ms A write k 1\nat 1s crash m\n",
            "at 0ms pause-apply s1\nat 1ms A write k 1\nat 1s crash m\n",
            "at 0ms A write k 1\nat 1s freeze m\n",
            "at 0ms A write k 1\nat 1s partition m\n",
            "at 0ms A write k 1\nat 1s A write k 2\nat 2s crash m\n",
        ];
        let keys: Vec<u128> = states.iter().map(|lines| key_after(PLAIN, lines)).collect();
        for (place, key) in keys.iter().enumerate() {
            let alike: Vec<usize> = (0..keys.len()).filter(|other| keys.get(*other) == Some(key)).collect();
            // A link that was slow for a moment and has delivered is like one that never was.
            let expected = if place < 2 { vec![0, 1] } else { vec![place] };
            assert_eq!(alike, expected, "{:?}", states.get(place));
        }
    }

    #[test]
    fn a_loss_that_nobody_can_see_any_more_is_part_of_a_state() {
        let redis = "cluster m + s1 s2\nclients A B\npreset redis-async\n";
        let told = key_after(redis, "at 0ms A write k 1\nat 100ms crash m\nat 200ms start m\nat 90s heal all\n");
        assert_ne!(told, key_after(redis, "at 100ms crash m\nat 200ms start m\nat 90s heal all\n"));
    }

    #[test]
    fn orders_are_tried_only_among_nodes_that_look_alike() {
        assert_eq!(orders(&[(1, 7), (2, 8), (3, 9)]), [[7, 8, 9]]);
        assert_eq!(orders(&[(1, 7), (2, 8), (2, 9)]).len(), 2);
        assert_eq!(permutations(&[1, 2, 3, 4]).len(), 24);
    }
}
