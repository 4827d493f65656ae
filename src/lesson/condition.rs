//! When a task of a lesson is done, a prediction right, a word due.

use super::Since;
use super::holds::{Answers, Holds, Wanted};
use crate::cluster::Cluster;
use crate::error::{Code, Error, did_you_mean};
use crate::facts::Failure;
use crate::facts::{Event, Fact};
use crate::history::{History, Kind, LOAD_FIRST, Operation, Outcome};
use crate::meters::summed;
use crate::referee::{Convergence, Freshness, GUARANTEES, LostWrite};
use crate::run::Run;
use crate::time::{self, SECOND, Us};
use crate::view;

/// What must have happened, or be so: all of what its lines say.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Condition(Vec<Line>);

/// One line of it.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Line {
    kind: Kinds,
    /// The words behind it: a key, a value, a setting, a guarantee.
    words: Vec<String>,
    /// The node that it is about, if one is named.
    node: Option<String>,
    /// For a request: how soon its answer must have come, or how late.
    took: Option<Took>,
    /// What the checker is asked.
    asked: Option<Holds>,
}

/// How long a request took, from the question to the answer, µs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Took {
    Within(Us),
    Over(Us),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kinds {
    Never,
    Write,
    Read,
    Got,
    FreshRead,
    StaleRead,
    ForeignRead,
    Ignored,
    Refused,
    Forwarded,
    Accepted,
    Error,
    Timeout,
    Crash,
    Stop,
    Start,
    Freeze,
    Thaw,
    Cut,
    Heal,
    Promote,
    Follow,
    Denied,
    Rewound,
    Snapshot,
    Joined,
    Degraded,
    Restored,
    Lost,
    Losses,
    TwoMasters,
    Broken,
    After,
    Set,
    Waiting,
    Converged,
    Diverged,
    Value,
    Meter,
    ReadsTake,
    Behind,
    Holds,
}

/// Each with its word, and how many words follow it at least and at most, a node not counted.
const KINDS: [(&str, Kinds, usize, usize); 42] = [
    ("never", Kinds::Never, 0, 0),
    ("write", Kinds::Write, 0, 2),
    ("read", Kinds::Read, 0, 1),
    ("got", Kinds::Got, 1, 1),
    ("fresh-read", Kinds::FreshRead, 0, 1),
    ("stale-read", Kinds::StaleRead, 0, 1),
    ("foreign-read", Kinds::ForeignRead, 0, 1),
    ("ignored", Kinds::Ignored, 0, 0),
    ("refused", Kinds::Refused, 0, 0),
    ("forwarded", Kinds::Forwarded, 0, 0),
    ("accepted", Kinds::Accepted, 0, 0),
    ("error", Kinds::Error, 0, 0),
    ("timeout", Kinds::Timeout, 0, 0),
    ("crash", Kinds::Crash, 0, 0),
    ("stop", Kinds::Stop, 0, 0),
    ("start", Kinds::Start, 0, 0),
    ("freeze", Kinds::Freeze, 0, 0),
    ("thaw", Kinds::Thaw, 0, 0),
    ("cut", Kinds::Cut, 0, 0),
    ("heal", Kinds::Heal, 0, 0),
    ("promote", Kinds::Promote, 0, 0),
    ("follow", Kinds::Follow, 0, 0),
    ("denied", Kinds::Denied, 0, 0),
    ("rewound", Kinds::Rewound, 0, 0),
    ("snapshot", Kinds::Snapshot, 0, 0),
    ("joined", Kinds::Joined, 0, 0),
    ("degraded", Kinds::Degraded, 0, 0),
    ("restored", Kinds::Restored, 0, 0),
    ("lost", Kinds::Lost, 0, 1),
    ("losses", Kinds::Losses, 1, 1),
    ("two-masters", Kinds::TwoMasters, 0, 0),
    ("broken", Kinds::Broken, 1, 1),
    ("after", Kinds::After, 1, 1),
    ("set", Kinds::Set, 1, 12),
    ("waiting", Kinds::Waiting, 0, 0),
    ("converged", Kinds::Converged, 0, 0),
    ("diverged", Kinds::Diverged, 0, 0),
    ("value", Kinds::Value, 2, 2),
    ("meter", Kinds::Meter, 2, 2),
    ("reads-take", Kinds::ReadsTake, 0, 0),
    ("behind", Kinds::Behind, 1, 1),
    ("holds", Kinds::Holds, 1, 9),
];

/// Reads of a second that tell how long reads take.
const READS_MIN: u32 = 5;

/// Those that speak of a request that has its answer.
const REQUESTS: [Kinds; 8] = [
    Kinds::Write,
    Kinds::Read,
    Kinds::Got,
    Kinds::FreshRead,
    Kinds::StaleRead,
    Kinds::ForeignRead,
    Kinds::Refused,
    Kinds::Error,
];

/// The acknowledged writes that were lost since then.
fn lost_since(run: &Run, since: Since) -> impl Iterator<Item = &LostWrite> {
    run.referee().lost().iter().filter(move |lost| lost.at_us >= since.us)
}

impl Condition {
    /// Reads a condition. `line` is only for the error.
    pub(super) fn parse(text: &str, line: usize) -> Result<Self, Error> {
        Ok(Self(vec![Line::parse(text, line)?]))
    }

    /// What this one says, and the other one too.
    pub(super) fn and(&mut self, other: Self) {
        self.0.extend(other.0);
    }

    /// Whether nobody has written any of it yet.
    pub(super) fn is_missing(&self) -> bool {
        self.0.is_empty()
    }

    /// How long it waits, µs, if it waits for nothing but time.
    pub(super) fn after(&self) -> Option<Us> {
        let spans = self.0.iter().map(Line::after).collect::<Option<Vec<_>>>()?;
        spans.into_iter().max()
    }

    /// Whether it holds now, or has come true since these facts and this time.
    pub(super) fn holds(&self, run: &Run, since: Since, answers: &Answers) -> bool {
        let holds = |line: &Line| match line.asked {
            Some(asked) => answers.get(&Wanted::of(asked, run)) == Some(true),
            None => line.holds(run, since),
        };
        !self.0.is_empty() && self.0.iter().all(holds)
    }

    /// What the checker must tell before this can hold: nothing as long as something else is missing.
    pub(super) fn wanted(&self, run: &Run, since: Since, answers: &Answers) -> Option<Wanted> {
        let mut others = self.0.iter().filter(|line| line.asked.is_none());
        if !others.all(|line| line.holds(run, since)) {
            return None;
        }
        let mut wanted = self.0.iter().filter_map(|line| line.asked).map(|asked| Wanted::of(asked, run));
        wanted.find(|wanted| answers.get(wanted).is_none())
    }
}

impl Line {
    fn parse(text: &str, line: usize) -> Result<Self, Error> {
        let wrong = |message: String, expected: &str| {
            Err(Error::new(Code::Syntax, message).in_line(line).at_column(1).expecting(expected))
        };
        let mut words: Vec<String> = text.split_whitespace().map(str::to_owned).collect();
        if words.is_empty() {
            return wrong("A condition is missing".to_owned(), "one such as “write” or “got 2 @s1”");
        }
        let word = words.remove(0);
        let Some(&(_, kind, min, max)) = KINDS.iter().find(|(known, ..)| *known == word) else {
            let known: Vec<&str> = KINDS.iter().map(|(word, ..)| *word).collect();
            let meant = did_you_mean(&word, known.iter().copied());
            let message = format!("“{}” is no condition{meant}", word.chars().take(24).collect::<String>());
            return wrong(message, &known.join(", "));
        };
        let mut took = None;
        if (REQUESTS.contains(&kind) || kind == Kinds::ReadsTake)
            && let [.., how, span] = words.as_slice()
            && matches!(how.as_str(), "within" | "over")
        {
            let Some(span_us) = time::parse(span) else {
                return wrong(format!("A span is missing behind “{how}”"), "“within 500ms”");
            };
            took = Some(if how == "within" { Took::Within(span_us) } else { Took::Over(span_us) });
            words.truncate(words.len() - 2);
        }
        let mut node = words.last().and_then(|word| word.strip_prefix('@')).map(str::to_owned);
        if node.is_some() {
            words.pop();
        } else if max == 0 && words.len() == 1 {
            node = words.pop();
        }
        if kind == Kinds::After && words.first().is_none_or(|word| time::parse(word).is_none()) {
            return wrong("A span is missing behind “after”".to_owned(), "“after 2s”");
        }
        if kind == Kinds::ReadsTake && took.is_none() {
            return wrong("A span is missing behind “reads-take”".to_owned(), "“reads-take over 500ms”");
        }
        let number = match kind {
            Kinds::Losses => Some(("A number is missing behind “losses”", "“losses 1”")),
            Kinds::Behind => Some(("A number of entries is missing behind “behind”", "“behind 50 @s1”")),
            _ => None,
        };
        if let Some((missing, expected)) = number
            && words.first().is_none_or(|word| word.parse::<u64>().is_err())
        {
            return wrong(missing.to_owned(), expected);
        }
        if words.len() < min || words.len() > max {
            return wrong(format!("“{word}” has another number of words behind it"), "see the list of conditions");
        }
        let asked = match kind {
            Kinds::Holds => Some(Holds::parse(&words).map_err(|error| error.in_line(line).at_column(1))?),
            _ => None,
        };
        Ok(Self { kind, words, node, took, asked })
    }

    fn number(&self) -> Option<u64> {
        self.words.first().and_then(|word| word.parse().ok())
    }

    /// How long it waits, µs, if it waits for time.
    fn after(&self) -> Option<Us> {
        (self.kind == Kinds::After).then(|| self.words.first().and_then(|word| time::parse(word)).unwrap_or(0))
    }

    /// Whether it holds now, or has come true since these facts and this time.
    fn holds(&self, run: &Run, since: Since) -> bool {
        let cluster = run.cluster();
        let word = self.words.first().map(String::as_str);
        match self.kind {
            Kinds::After => run.now() >= since.us + self.after().unwrap_or(0),
            Kinds::Set => {
                let wanted = self.words.join(" ");
                cluster.settings().iter().any(|setting| setting.to_string().starts_with(&wanted))
            }
            Kinds::Waiting => {
                cluster.members().any(|member| member.node.waiting() > 0 && self.is_about(cluster, member.node.id))
            }
            Kinds::Converged => run.referee().convergence(cluster) == Convergence::Converged,
            Kinds::Diverged => matches!(run.referee().convergence(cluster), Convergence::Diverged(_)),
            Kinds::TwoMasters => run
                .referee()
                .takeovers()
                .overlaps()
                .iter()
                .any(|overlap| overlap.until_us.is_none_or(|until| until >= since.us)),
            Kinds::Broken => self.is_broken(run, since.facts),
            Kinds::Lost => {
                let key =
                    |write: u32| cluster.history().write(write).map_or("", |record| cluster.history().key(record.key));
                lost_since(run, since).any(|lost| word.is_none_or(|wanted| key(lost.write) == wanted))
            }
            Kinds::Losses => Some(lost_since(run, since).count() as u64) == self.number(),
            Kinds::Value => self.shows(cluster),
            Kinds::Meter => {
                let [name, wanted] = self.words.as_slice() else { return false };
                let lags = view::report(run, &view::MASTER_SLAVE).lags;
                let mut about = lags.iter().filter(|lag| self.is_about(cluster, lag.node));
                about.any(|lag| lag.meters.iter().any(|(meter, says)| meter == name && says == wanted))
            }
            Kinds::ReadsTake => self.took.is_some_and(|took| reads_take(run, took)),
            Kinds::Behind => {
                let wanted = self.number().unwrap_or(u64::MAX);
                let last = cluster.member(cluster.master()).map_or(0, |master| master.node.position().lsn);
                let lacks = |slave: u16| {
                    let applied = cluster.member(slave).map_or(last, |member| member.node.disk.applied);
                    self.is_about(cluster, slave) && u64::from(last.saturating_sub(applied)) >= wanted
                };
                cluster.slaves().iter().any(|&slave| lacks(slave))
            }
            Kinds::Never => false,
            _ => cluster.history().since(since.facts).any(|fact| self.is_told(run, &fact)),
        }
    }

    /// A promise to a client counts if a request that has ended since then broke it; what is said of the whole run is so
    /// now.
    fn is_broken(&self, run: &Run, since: u64) -> bool {
        let word = self.words.first().map(String::as_str);
        if let Some(guarantee) = GUARANTEES.into_iter().find(|guarantee| Some(guarantee.name()) == word) {
            let broke =
                |operation| run.referee().sessions().breaches_of(operation).any(|breach| breach.guarantee == guarantee);
            let mut facts = run.cluster().history().since(since);
            return facts.any(|fact| matches!(fact.event, Event::Finished { operation } if broke(operation)));
        }
        let verdicts = view::state(run, &view::MASTER_SLAVE).verdicts;
        verdicts.iter().any(|verdict| Some(verdict.id) == word && matches!(verdict.status, "broken" | "behind"))
    }

    fn is_about(&self, cluster: &Cluster, node: u16) -> bool {
        self.node.as_deref().is_none_or(|name| cluster.name(node) == name)
    }

    /// A link is named as `m-s1`, or by one of its ends.
    fn is_about_link(&self, cluster: &Cluster, from: u16, to: u16) -> bool {
        let (from, to) = (cluster.name(from), cluster.name(to));
        match self.node.as_deref().map(|name| name.split_once('-').ok_or(name)) {
            None => true,
            Some(Ok((one, other))) => (from, to) == (one, other) || (to, from) == (one, other),
            Some(Err(name)) => from == name || to == name,
        }
    }

    fn shows(&self, cluster: &Cluster) -> bool {
        let [key, value] = self.words.as_slice() else { return false };
        let history = cluster.history();
        let holds = |member: &crate::cluster::Member| {
            member.node.disk.store.iter().any(|(number, cell)| {
                history.key(number) == key
                    && history.value(cell.write).as_deref() == Some(value.as_str())
                    && !cell.deleted
            })
        };
        cluster.members().any(|member| !member.removed && self.is_about(cluster, member.node.id) && holds(member))
    }

    fn is_told(&self, run: &Run, fact: &Fact) -> bool {
        let cluster = run.cluster();
        let of = |wanted: Kinds, node: u16| self.kind == wanted && self.is_about(cluster, node);
        match fact.event {
            // What a load asks is no deed of the reader's.
            Event::Finished { operation } => operation < LOAD_FIRST && self.is_finished(run, operation),
            Event::WriteIgnored { node, .. } => of(Kinds::Ignored, node),
            Event::WriteForwarded { node, .. } => of(Kinds::Forwarded, node),
            Event::WrittenLocally { node, .. } => of(Kinds::Accepted, node),
            Event::Crashed { node, .. } => of(Kinds::Crash, node),
            Event::Stopped { node } => of(Kinds::Stop, node),
            Event::Started { node, .. } => of(Kinds::Start, node),
            Event::Frozen { node } => of(Kinds::Freeze, node),
            Event::Thawed { node } => of(Kinds::Thaw, node),
            Event::Cut { from, to } | Event::Held { from, to } => {
                self.kind == Kinds::Cut && self.is_about_link(cluster, from, to)
            }
            Event::Healed { from, to } => self.kind == Kinds::Heal && self.is_about_link(cluster, from, to),
            Event::Promoted { node, .. } => of(Kinds::Promote, node),
            Event::Follows { node, .. } => of(Kinds::Follow, node),
            Event::Denied { node, .. } => of(Kinds::Denied, node),
            Event::Rewound { node, .. } => of(Kinds::Rewound, node),
            Event::Connected { node, full: true, .. } => of(Kinds::Snapshot, node),
            Event::Added { node } => of(Kinds::Joined, node),
            Event::Degraded { node } => of(Kinds::Degraded, node),
            Event::SyncRestored { node } => of(Kinds::Restored, node),
            _ => false,
        }
    }

    fn is_finished(&self, run: &Run, number: u32) -> bool {
        let history = run.cluster().history();
        let Some(asked) = history.operation(number) else { return false };
        if !asked.node.is_none_or(|node| self.is_about(run.cluster(), node)) {
            return false;
        }
        let took_us = asked.done_us().map_or(0, |done_us| done_us.saturating_sub(asked.asked_us));
        match self.took {
            Some(Took::Within(most_us)) if took_us > most_us => return false,
            Some(Took::Over(least_us)) if took_us <= least_us => return false,
            _ => {}
        }
        let freshness = run.referee().judgement(number).map(|judgement| judgement.freshness);
        let key = self.words.first().is_none_or(|key| history.key(asked.key) == key);
        match self.kind {
            Kinds::Read | Kinds::FreshRead | Kinds::StaleRead | Kinds::ForeignRead if !key => false,
            Kinds::Write => {
                let value =
                    self.words.get(1).is_none_or(|value| history.value(asked.write).as_deref() == Some(value.as_str()));
                asked.write > 0 && key && value && matches!(asked.outcome, Outcome::Done | Outcome::Unconfirmed)
            }
            Kinds::Read => matches!(asked.outcome, Outcome::Value(_)),
            Kinds::Got => self.got(history, asked),
            Kinds::FreshRead => freshness == Some(Freshness::Fresh),
            Kinds::StaleRead => matches!(freshness, Some(Freshness::Stale { .. })),
            Kinds::ForeignRead => freshness == Some(Freshness::Foreign),
            Kinds::Refused => asked.outcome == Outcome::Failed(Failure::ReadOnly),
            Kinds::Error => matches!(asked.outcome, Outcome::Failed(_)),
            Kinds::Timeout => asked.outcome == Outcome::TimedOut,
            _ => false,
        }
    }

    fn got(&self, history: &History, asked: &Operation) -> bool {
        let Outcome::Value(cell) = asked.outcome else { return false };
        let value = cell.and_then(|cell| history.value(cell.write)).unwrap_or("nothing".into());
        asked.kind == Kind::Read && self.words.first().is_some_and(|wanted| *wanted == value)
    }
}

/// Whether half of the reads of the last second took at most, or more than, so long. Fewer than five tell nothing.
fn reads_take(run: &Run, took: Took) -> bool {
    let meters = run.meters();
    let second = usize::try_from(SECOND.div_ceil(meters.width_us())).unwrap_or(1);
    let slots: Vec<_> = meters.slots().range(meters.slots().len().saturating_sub(second)).cloned().collect();
    let sum = summed(&slots);
    let Some(median_us) = sum.read_us(50).filter(|_| sum.reads >= READS_MIN) else { return false };
    match took {
        Took::Within(most_us) => median_us <= most_us as f64,
        Took::Over(least_us) => median_us > least_us as f64,
    }
}
