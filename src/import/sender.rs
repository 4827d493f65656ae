//! What the row of a sender says of a slave: how far it is, and where the rest is.

use super::evidence::{Evidence, Fact, Kind, Sender, Stage, Why};
use super::judge::{PINGS, Standing, State};
use super::position::{Amount, Position};

/// The end of a sender's log, as far as its rows tell.
pub(super) fn sender_end(evidence: &Evidence, by: usize) -> Option<Position> {
    let at = |stage: Stage| {
        evidence.seen(by).and_then(|seen| {
            seen.find(|fact| match fact {
                Fact::At(at, position @ (Position::Lsn(_) | Position::Offset(_))) if *at == stage => {
                    Some(position.clone())
                }
                _ => None,
            })
        })
    };
    let own = at(Stage::Written).or_else(|| at(Stage::Received));
    let sent = evidence.all().into_iter().filter_map(|node| {
        let seen = evidence.seen(node)?;
        seen.find(|fact| match fact {
            Fact::AttachedTo(upstream, sender) if evidence.of(*upstream) == by => sender.sent.clone(),
            _ => None,
        })
    });
    let furthest =
        sent.reduce(
            |best, position| {
                if best.behind(&position).is_some_and(|amount| !amount.is_none()) { position } else { best }
            },
        );
    own.or(furthest)
}

/// Judges by what the sender's row says.
pub(super) fn sent(sender: &Sender, end: &Option<Position>, kind: Option<Kind>, standing: &mut Standing) {
    let gap = |from: &Option<Position>, to: &Option<Position>| Some(from.as_ref()?.behind(to.as_ref()?)).flatten();
    let some = |amount: &Option<Amount>| amount.is_some_and(|amount| !amount.is_none());
    let bytes = |lag: Option<u64>| lag.map(Amount::Bytes);
    let last = sender.applied.clone().or_else(|| sender.flushed.clone()).or_else(|| sender.written.clone());
    let total = gap(&last, end)
        .or(bytes(sender.total))
        .or_else(|| sender.lags.iter().copied().flatten().reduce(u64::saturating_add).map(Amount::Bytes));
    if kind == Some(Kind::Redis) {
        redis_sender(sender, total, standing);
        return;
    }
    let received = sender.flushed.clone().or_else(|| sender.written.clone());
    let missing = gap(&received, end).or_else(|| {
        let [sending, receiving, _] = sender.lags;
        sending.zip(receiving).map(|(a, b)| Amount::Bytes(a.saturating_add(b)))
    });
    let network = gap(&sender.written, end).or_else(|| gap(&sender.sent, end).filter(|amount| !amount.is_none()));
    let network = network.or(missing).or_else(|| gap(&sender.sent, end));
    let flush = gap(&sender.flushed, &sender.written);
    let apply = gap(&sender.applied, &sender.flushed.clone().or_else(|| sender.written.clone()))
        .or(bytes(sender.lags.get(2).copied().flatten()));
    for (amount, why) in [(&network, Why::Network), (&flush, Why::Flush), (&apply, Why::Apply)] {
        let settled = standing.why.iter().any(|known| match why {
            Why::Network => matches!(known, Why::CatchingUp | Why::Connecting),
            _ => matches!(known, Why::Stopped | Why::Delayed | Why::Error),
        });
        if some(amount) && !settled {
            standing.why.push(why);
        }
    }
    let behind = total.or(network).or(apply);
    standing.behind = standing.behind.or(behind);
    standing.missing = standing.missing.or(missing).or(network);
    standing.unapplied = standing.unapplied.or(apply);
    // Only times were shown: they say that something is on its way.
    if behind.is_none() {
        for (ms, why) in sender.waits_ms.iter().zip([Why::Network, Why::Flush, Why::Apply]).rev() {
            if let Some(ms) = ms.filter(|ms| *ms >= 1_000) {
                standing.behind = Some(Amount::Milliseconds(ms));
                standing.why.push(why);
                break;
            }
        }
    }
}

/// Redis acknowledges once a second.
fn redis_sender(sender: &Sender, total: Option<Amount>, standing: &mut Standing) {
    let own = standing.behind.is_some();
    let Some(total) = total.filter(|_| !own) else { return };
    let small = matches!(total, Amount::Bytes(bytes) if bytes <= PINGS);
    if small {
        standing.behind = Some(Amount::Bytes(0));
        standing.missing = standing.behind;
        return;
    }
    standing.behind = Some(total);
    standing.missing = Some(total);
    if !total.is_none() && sender.silent_s.is_some_and(|seconds| seconds >= 2) {
        standing.why.push(Why::Silent);
    } else if !total.is_none() && standing.why.is_empty() {
        standing.state = State::NotAcknowledged;
    }
}
