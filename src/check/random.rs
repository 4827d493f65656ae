//! Random ways, to check the search: they know nothing of its keys, so what they break within as many actions must be broken
//! by the search too.

use super::act::Act;
use super::adversary;
use super::finding;
use super::judge::judge;
use super::promise::{Promise, Promises};
use super::search::{Search, Standing};
use crate::simulator::{Chance, Stream};

/// What random ways have come to.
#[derive(Debug, Clone, Default)]
pub struct RandomWays {
    /// Ways that were played.
    pub ways: u64,
    /// Acts in them.
    pub acts: u64,
    /// Ways that break a promise for which the search has found none: there should be none of them.
    pub missed: Vec<(Promise, Vec<String>)>,
}

impl Search {
    /// Plays so many random ways of as many actions as the search has tried. `number` tells one lot of them from another.
    pub fn random_ways(&self, ways: u64, number: u64) -> RandomWays {
        let unbroken = |(promise, standing): (Promise, Standing)| match standing {
            Standing::NoneUpTo(_) => Some(promise),
            Standing::Broken(_) => None,
        };
        let wanted: Vec<Promise> = self.standings().into_iter().filter_map(unbroken).collect();
        let depth = self.standings().into_iter().find_map(|(_, standing)| match standing {
            Standing::NoneUpTo(depth) => Some(depth),
            Standing::Broken(_) => None,
        });
        let mut found = RandomWays { ways, ..RandomWays::default() };
        let mut chance = Chance::new(number, Stream::Client(u16::MAX - 2));
        for _ in 0..ways {
            self.random_way(&mut chance, Promises::of(&wanted), depth.unwrap_or(0), &mut found);
        }
        found
    }

    fn random_way(&self, chance: &mut Chance, wanted: Promises, depth: u8, found: &mut RandomWays) {
        let mut state = self.first.clone();
        let mut way: Vec<Act> = Vec::new();
        for _ in 0..depth {
            let choices = adversary::acts(state.run.cluster(), &self.plan);
            let Some(&act) = choices.get(chance.below(choices.len().max(1) as u64) as usize) else { return };
            let Some(after) = state.after(act, &self.plan) else { return };
            state = after;
            way.push(act);
            found.acts += 1;
            let sessions = state.look(&self.plan);
            for breach in judge(&state, &self.plan, wanted, sessions) {
                if finding::tell(&self.plan, &way, breach).is_some() {
                    let words = way.iter().map(|act| act.words(state.run.cluster())).collect();
                    found.missed.push((breach.promise, words));
                    return;
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test that fails should say so at once")]

    use super::*;
    use crate::check::{Ending, Operator, Question};

    #[test]
    fn what_a_search_would_have_missed_is_found() {
        let mut question = Question::of_preset("pg-sync-any1", 2).unwrap();
        (question.operator, question.promises, question.depth) = (Operator::Hasty, vec![Promise::NoLostWrites], 3);
        // As if it had tried everything and found nothing.
        let mut blind = Search::new(&question).unwrap();
        blind.ending = Ending::Complete;
        let missed = blind.random_ways(1_000, 0).missed;
        assert!(missed.len() > 10 && missed.iter().all(|(promise, _)| *promise == Promise::NoLostWrites), "{missed:?}");
        let mut search = Search::new(&question).unwrap();
        search.run();
        assert!(search.random_ways(1_000, 0).missed.is_empty(), "a promise that is broken is not looked for");
    }

    #[test]
    fn random_ways_break_nothing_that_the_search_has_not_broken() {
        for (preset, ways) in [("pg-sync-any2", 60), ("mariadb-semisync", 60), ("redis-min-replicas", 40)] {
            let mut question = Question::of_preset(preset, 2).unwrap();
            (question.faults, question.depth) = (None, 3);
            let mut search = Search::new(&question).unwrap();
            search.run();
            let found = search.random_ways(ways, 1);
            assert_eq!((found.ways, found.missed), (ways, Vec::new()), "{preset}");
            assert!(found.acts > ways * 2);
        }
    }
}
