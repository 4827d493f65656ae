//! Who watches over the master, and what everybody waits for.

use super::model::{Observer as ObserverView, Wait};
use super::sentence::Telling;
use super::vocabulary::Words;
use crate::cluster::{Cluster, Due, Observer, Process};
use crate::history::Kind;
use crate::scenario::TooFew;

/// Somebody who watches, and what it knows.
pub(super) fn observer(words: Words, id: u16, seen: &Observer, cluster: &Cluster) -> ObserverView {
    let say = Telling::new(cluster, words);
    let (alarm, say) = match (seen.suspects(), seen.lease_holder(cluster.now())) {
        (Some((master, true)), _) => (true, say.text("misses ").name(master)),
        (Some((master, false)), _) => (false, say.text("hears of ").name(master)),
        (None, Some(Some(holder))) => (false, say.text("held by ").name(holder)),
        (None, _) => (true, say.text("held by nobody")),
    };
    let (alarm, say) = match seen.process {
        Process::Up => (alarm, say),
        Process::Down => (true, Telling::new(cluster, words).text("is down")),
        Process::Frozen => (true, Telling::new(cluster, words).text("hangs")),
    };
    let state = if alarm { "alarm" } else { "ok" };
    ObserverView { id, name: seen.name.to_string(), state, parts: say.done() }
}

/// What will happen by itself, the next first.
pub(super) fn waits(cluster: &Cluster, words: Words) -> Vec<Wait> {
    let told = cluster.deadlines().into_iter().map(|deadline| Wait {
        from_us: deadline.from_us,
        until_us: deadline.until_us,
        parts: due(Telling::new(cluster, words), deadline.due, cluster).done(),
    });
    told.collect()
}

/// A time is said behind it: `in 12.3 s`.
fn due<'a>(say: Telling<'a>, due: Due, cluster: &Cluster) -> Telling<'a> {
    match due {
        Due::LeaseEnds(holder) => say.name(holder).text("’s lease runs out"),
        Due::Suspects { observer, node } => say.name(observer).text(" counts ").name(node).text(" as down"),
        Due::Stands(node) => say.name(node).text(" calls an election"),
        Due::WaitEnds { node, operation } => {
            let say = say.name(node);
            match cluster.history().operation(operation) {
                Some(asked) if asked.kind == Kind::Wait => say.text(" answers with what it knows"),
                Some(asked) if matches!(cluster.rules().too_few, TooFew::Error(_)) => {
                    say.text(" answers ").write(asked.write).text(" with an error")
                }
                _ => say.text(" stops waiting for slaves"),
            }
        }
        Due::GivesUp(operation) => match cluster.history().operation(operation) {
            Some(asked) if asked.write > 0 => say.name(asked.client).text(" gives up on ").write(asked.write),
            Some(asked) => say.name(asked.client).text(" gives up on its request"),
            None => say,
        },
    }
}
