//! Why? For a request or a lost write: the chain of facts that led to it, and what decided it, in a few sentences.

use serde::Serialize;

use super::model::Part;
use super::sentence::{Telling, count, span};
use super::vocabulary::Words;
use crate::cluster::{Cluster, Member, Process, Role, Upstream};
use crate::facts::Event;
use crate::facts::Lsn;
use crate::history::{Kind, Needs, Operation, Outcome};
use crate::referee::{Freshness, Judgement, Loss, LostWrite};
use crate::run::Run;
use crate::scenario::{Replication, SlaveWrites, TooFew};
use crate::simulator::Condition;
use crate::time::Us;

/// An explanation.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Why {
    /// Sentences, in the order of cause and effect.
    pub sentences: Vec<Vec<Part>>,
    /// The part of the run that they speak of, µs.
    pub from_us: u64,
    /// Its end, µs.
    pub to_us: u64,
    /// Writes that play a part.
    pub writes: Vec<u32>,
    /// Facts that led there, by their numbers.
    pub facts: Vec<u64>,
    /// Endpoints that play a part.
    pub endpoints: Vec<u16>,
    /// Number of the request.
    pub operation: u32,
    /// Acknowledgements of slaves that were waited for: from, to, and when they arrived, µs.
    pub heard: Vec<(u16, u16, u64)>,
}

/// What gathers an explanation.
struct Case<'a> {
    run: &'a Run,
    words: Words,
    why: Why,
}

/// Why a request came out as it did. `at` gives the run as it was at a time.
pub fn why(run: &Run, operation: u32, words: Words, at: impl Fn(Us) -> Option<Run>) -> Option<Why> {
    let history = run.cluster().history();
    let asked = history.operation(operation)?;
    let mut case = Case::new(run, words, operation, asked.asked_us, asked.done_us().unwrap_or(run.now()));
    case.involve([Some(asked.client), asked.node]);
    case.facts_of(operation, asked);
    let lost = run.referee().lost().iter().find(|lost| lost.write == asked.write && asked.write > 0);
    match (asked.kind, asked.outcome) {
        (Kind::Read, Outcome::Value(_)) => {
            let judgement = run.referee().judgement(operation)?;
            let then = at(judgement.at_us.saturating_sub(1));
            case.read(asked, &judgement, then.as_ref());
        }
        (Kind::Wait, Outcome::Count(slaves)) => case.counted(asked, slaves),
        (_, Outcome::Done) => case.acknowledged(asked, at(asked.done_us()?).as_ref()),
        (_, Outcome::Unconfirmed) => case.say(|say| {
            say.text("The client did not want to wait any longer. The master has the write; whether slaves have it, nobody has told.")
        }),
        (_, Outcome::Failed(failure)) => case.failed(asked, failure),
        (_, Outcome::TimedOut) => case.no_answer(asked, at(asked.done_us()?).as_ref()),
        (_, Outcome::Pending) => case.no_answer(asked, Some(run)),
        (_, Outcome::Value(_) | Outcome::Count(_)) => return None,
    }
    if let Some(lost) = lost {
        case.lost(lost);
    }
    Some(case.why)
}

impl<'a> Case<'a> {
    fn new(run: &'a Run, words: Words, operation: u32, from_us: Us, to_us: Us) -> Self {
        let why = Why {
            sentences: Vec::new(),
            from_us,
            to_us,
            writes: Vec::new(),
            facts: Vec::new(),
            endpoints: Vec::new(),
            operation,
            heard: Vec::new(),
        };
        Self { run, words, why }
    }

    fn cluster(&self) -> &'a Cluster {
        self.run.cluster()
    }

    fn say(&mut self, tell: impl FnOnce(Telling<'a>) -> Telling<'a>) {
        self.why.sentences.push(tell(Telling::new(self.run.cluster(), self.words)).done());
    }

    /// A sentence that begins with a name.
    fn begin(&self, endpoint: u16) -> Telling<'a> {
        Telling::new(self.run.cluster(), self.words).name(endpoint)
    }

    fn involve(&mut self, endpoints: impl IntoIterator<Item = Option<u16>>) {
        for endpoint in endpoints.into_iter().flatten() {
            if !self.why.endpoints.contains(&endpoint) {
                self.why.endpoints.push(endpoint);
            }
        }
    }

    fn write(&mut self, write: u32) {
        if write > 0 && !self.why.writes.contains(&write) {
            self.why.writes.push(write);
        }
    }

    /// The facts of a request itself, and of the write that it is about.
    fn facts_of(&mut self, number: u32, asked: &Operation) {
        self.write(asked.write);
        let about = |event: &Event| match *event {
            Event::Asked { operation, .. }
            | Event::Retried { operation, .. }
            | Event::ReadServed { operation, .. }
            | Event::Finished { operation }
            | Event::WriteIgnored { operation, .. }
            | Event::WriteForwarded { operation, .. } => operation == number,
            Event::Logged { write, .. } | Event::Applied { write, .. } => write == asked.write && write > 0,
            _ => false,
        };
        let facts = self.cluster().history().since(0).filter(|fact| about(&fact.event)).map(|fact| fact.seq);
        self.why.facts.extend(facts);
    }

    /// When a master logged a write, and where.
    fn logged(&mut self, wanted: u32) -> Option<(u16, Lsn, Us)> {
        let found = self.cluster().history().since(0).find_map(|fact| match fact.event {
            Event::Logged { node, lsn, write, .. } if write == wanted => Some((fact.seq, node, lsn, fact.at_us)),
            _ => None,
        });
        let (seq, node, lsn, at_us) = found?;
        self.why.facts.push(seq);
        self.why.from_us = self.why.from_us.min(at_us);
        self.involve([Some(node)]);
        Some((node, lsn, at_us))
    }

    fn read(&mut self, asked: &Operation, judgement: &Judgement, then: Option<&Run>) {
        let node = judgement.node;
        self.write(judgement.saw);
        match judgement.freshness {
            Freshness::Fresh => self.say(|say| {
                let say = say.name(node).text(" looked the key up at ").at(judgement.at_us);
                say.text(". What it had applied was what the master showed then, so the answer was fresh.")
            }),
            Freshness::Ahead => self.say(|say| {
                let say = say.name(node).text(" had applied the write before the master showed it: ");
                say.text(
                    "the master waits for slaves first (hidden), while a slave shows an entry once it has applied it.",
                )
            }),
            Freshness::Foreign => {
                self.say(|say| say.name(node).text(" holds a value that is in no master’s log."));
                match self.run.referee().lost().iter().find(|lost| lost.write == judgement.saw) {
                    Some(lost) => {
                        let lost = *lost;
                        self.lost(&lost);
                    }
                    None => self.say(|say| {
                        say.text("It was written on that node alone, or by a master that others no longer follow.")
                    }),
                }
            }
            Freshness::Stale { .. } => self.stale(asked, judgement, then),
        }
    }

    fn stale(&mut self, asked: &Operation, judgement: &Judgement, then: Option<&Run>) {
        let (node, newest) = (judgement.node, judgement.newest);
        self.write(newest);
        let logged = self.logged(newest);
        let name = self.cluster().name(asked.client);
        let policies = self.cluster().routing().policies();
        let router = match asked.policy.and_then(|policy| policies.get(usize::from(policy))) {
            Some(policy) => format!("{name}’s router ({policy}) sent the read to "),
            None => format!("{name} asked "),
        };
        self.say(|say| {
            let say =
                say.quote(&router).name(node).text(", which looked the key up at ").at(judgement.at_us).text(". ");
            let say = say.text("The newest write then was ").assignment(newest);
            match logged {
                Some((master, lsn, at_us)) => {
                    let say = say.text(format!(", at position {lsn} of ")).name(master).text("’s log since ");
                    say.at(at_us).text(".")
                }
                None => say.text("."),
            }
        });
        let Some((_, lsn, _)) = logged else { return };
        let lagged =
            then.and_then(|then| lagging(then.cluster(), node, lsn, self.begin(node).text(" had not applied it: ")));
        let told = lagged.unwrap_or_else(|| self.begin(node).text(" had not applied it yet"));
        self.why.sentences.push(told.text(".").done());
        if matches!(then.map(|then| then.cluster().rules().replication), Some(Replication::Async)) {
            self.say(|say| {
                say.text("Replication is asynchronous: the master does not wait for slaves before it answers a write.")
            });
        } else {
            self.say(|say| {
                say.text("The master waits for acknowledgements, but not for this slave to have applied it.")
            });
        }
    }

    fn acknowledged(&mut self, asked: &Operation, then: Option<&Run>) {
        let Some((master, lsn, at_us)) = self.logged(asked.write) else {
            let node = asked.node.unwrap_or(0);
            self.say(|say| {
                say.name(node).text(" took the write for itself and answered: it never went through the master’s log.")
            });
            return;
        };
        self.say(|say| say.name(master).text(format!(" logged it at position {lsn}, at ")).at(at_us).text("."));
        let replication = then.map_or(self.cluster().rules().replication, |then| then.cluster().rules().replication);
        match replication {
            Replication::Async => self.say(|say| {
                say.text("Replication is asynchronous, so it answered once the entry was on its own disk. Slaves may get it later.")
            }),
            Replication::Sync { .. } if then.is_some_and(|then| degraded(then.cluster(), master)) => self.say(|say| {
                say.text("It had given up waiting for slaves (too-few degrade), so it answered as if it were asynchronous.")
            }),
            Replication::Sync { level, .. } => {
                let told = self.acknowledgements(master, lsn, asked.done_us().unwrap_or(at_us));
                let level = level.as_str();
                self.say(|say| {
                    let say = say.text(format!("It then waited until slaves had {level} it"));
                    let say = told.iter().fold(say.text(": "), |say, (slave, at_us)| {
                        say.name(*slave).text(" told so at ").at(*at_us).text("; ")
                    });
                    say.text("then it answered.")
                });
            }
        }
    }

    /// Slaves that have told of a position by a time, and when.
    fn acknowledgements(&mut self, master: u16, lsn: Lsn, until: Us) -> Vec<(u16, Us)> {
        let mut told: Vec<(u16, Us)> = Vec::new();
        for fact in self.cluster().history().since(0).filter(|fact| fact.at_us <= until) {
            let Event::Acknowledged { node, slave, progress } = fact.event else { continue };
            if node == master && progress.received >= lsn && !told.iter().any(|(known, _)| *known == slave) {
                told.push((slave, fact.at_us));
                self.why.heard.push((slave, master, fact.at_us));
                self.why.facts.push(fact.seq);
            }
        }
        self.involve(told.iter().map(|(slave, _)| Some(*slave)));
        told
    }

    fn counted(&mut self, asked: &Operation, slaves: u8) {
        let Needs::Slaves(enough, within_us) = asked.needs else { return };
        self.say(|say| {
            let many = count(u64::from(slaves), "slave had", "slaves had");
            let why = if slaves >= enough {
                "that was enough"
            } else {
                "the time was over, and the writes stand all the same"
            };
            say.text(format!(
                "{many} applied all writes so far when it answered, within {}: {why}.",
                span(within_us.into())
            ))
        });
    }

    fn failed(&mut self, asked: &Operation, failure: crate::facts::Failure) {
        use crate::facts::Failure;
        let node = asked.node.unwrap_or(self.cluster().master());
        let text = match failure {
            Failure::ReadOnly if self.cluster().member(node).is_some_and(|member| member.node.role == Role::Master) => {
                " had stepped aside: a master that may not be the only one takes no writes."
            }
            Failure::ReadOnly => " is a slave, and a slave takes updates from its master only (slave-writes refused).",
            Failure::MasterUnreachable => " is a slave that passes writes on, but it had no connection to its master.",
            Failure::ConnectionRefused => " could not be reached: its process was down, or the way was cut.",
            Failure::ConnectionLost => {
                " died, or the way broke, before the answer was there. Whether the write was done, nobody has told."
            }
            Failure::NoNode => ": the router found nobody whom it may ask.",
            Failure::TooFewSlaves => {
                " had heard of too few slaves lately (gate), and rejected the write before it did anything."
            }
            Failure::NotInTime => {
                " has logged the write, but too few slaves acknowledged it in time (too-few error). It stays."
            }
            Failure::WaitAtSlave => " is a slave: only a master knows what its slaves have acknowledged.",
            Failure::Demoted => {
                " stopped being the master while the client waited. Whether the write survives, the new master’s log decides."
            }
            Failure::Overloaded => {
                " was busy with all its workers, and the queue before them was full. Nothing was done."
            }
            Failure::Recovering => " had fallen off the log of the others, and answers nothing until it is rebuilt.",
            Failure::NotCaughtUp => " had not applied the client’s own last write in time (own-writes position).",
        };
        self.say(|say| say.name(node).text(text));
    }

    fn no_answer(&mut self, asked: &Operation, then: Option<&Run>) {
        let Some(then) = then else { return };
        let Some(node) = asked.node else {
            self.say(|say| say.text("The router finds nobody whom it may ask, and looks again (no-node wait)."));
            return;
        };
        let cluster = then.cluster();
        let ignored = asked.write > 0
            && cluster.rules().slave_writes == SlaveWrites::Ignored
            && cluster.member(node).is_some_and(|member| member.node.followed().is_some());
        let held = |from, to| cluster.channel(from, to).is_some_and(|channel| channel.condition != Condition::Open);
        if let Some(how) = cluster.member(node).and_then(away) {
            self.say(|say| say.name(node).text(format!(" {how}: it answers nobody.")));
        } else if held(asked.client, node) || held(node, asked.client) {
            self.say(|say| {
                say.text("The way between the client and ").name(node).text(" is broken, so no answer gets through.")
            });
        } else if ignored {
            self.say(|say| {
                say.name(node)
                    .text(" is a slave, and ignores what comes from elsewhere than its master (slave-writes ignored).")
            });
        } else if let Some((master, lsn, at_us)) = self.logged(asked.write).filter(|_| asked.write > 0) {
            self.waits(cluster, master, lsn, at_us);
        } else {
            self.say(|say| say.text("The request, or its answer, is still on its way."));
        }
    }

    /// A write that is logged waits for slaves: who is missing, and why.
    fn waits(&mut self, cluster: &Cluster, master: u16, lsn: Lsn, at_us: Us) {
        self.say(|say| {
            say.name(master)
                .text(format!(" has it at position {lsn} since "))
                .at(at_us)
                .text(", and waits for slaves to acknowledge it.")
        });
        let slaves: Vec<u16> =
            cluster.slaves().iter().copied().filter(|&slave| cluster.rules().counts(slave)).collect();
        for slave in slaves.into_iter().take(4) {
            if let Some(told) = lagging(cluster, slave, lsn, self.begin(slave).text(" has not: ")) {
                self.involve([Some(slave)]);
                self.why.sentences.push(told.text(".").done());
            }
        }
        if cluster.rules().too_few == TooFew::Block {
            self.say(|say| say.text("It waits as long as it takes (too-few block): consistency before availability."));
        }
    }

    fn lost(&mut self, lost: &LostWrite) {
        let (node, at_us) = (lost.node, lost.at_us);
        self.involve([Some(node)]);
        self.why.to_us = self.why.to_us.max(at_us);
        let at_fault = |event: &Event| {
            matches!(
                *event,
                Event::Crashed { .. } | Event::Forgotten { .. } | Event::Promoted { .. } | Event::Follows { .. }
            )
        };
        let facts = self.cluster().history().since(0);
        let faults =
            facts.filter(|fact| fact.at_us <= at_us && fact.at_us >= self.why.from_us && at_fault(&fact.event));
        let faults: Vec<u64> = faults.map(|fact| fact.seq).collect();
        self.why.facts.extend(faults);
        let logged = self.logged(lost.write);
        if let Some((master, lsn, logged_us)) = logged {
            self.say(|say| {
                let say = say.assignment(lost.write).text(" was logged by ").name(master);
                say.text(format!(" at position {lsn}, at ")).at(logged_us).text(", and acknowledged.")
            });
        }
        let log_lacked_it = matches!(lost.loss, Loss::NotReplicated | Loss::NotFollowed);
        let log_says = if logged.is_some_and(|(_, lsn, _)| self.log_ended_before(node, at_us, lsn)) {
            ", and its log ended before that position."
        } else {
            ", and its log had something else there."
        };
        self.say(|say| {
            let say = say.text("It was lost at ").at(at_us).text(": ").name(node);
            say.text(match lost.loss {
                Loss::NotFlushed => " crashed before it was on its disk (durability).",
                Loss::Forgotten => " was stopped in good order, and keeps nothing on disk (durability none).",
                Loss::NotReplicated => " became the master",
                Loss::NotFollowed => " became the node that others follow",
                Loss::Replaced => " took over the state of another node, which did not have it.",
                Loss::ThrownAway => {
                    " became the master and threw away what it had received and not applied (unapplied discard)."
                }
                Loss::Diverged => " took it when others already followed another master: two masters at once.",
                Loss::Overwritten => " had taken it for itself, and the master’s entries overwrote it.",
                Loss::Discarded => " had taken it for itself, and started over with a snapshot.",
                Loss::Removed => " had taken it for itself, and left the cluster.",
            })
            .text(if log_lacked_it { log_says } else { "" })
        });
        if let Some((master, lsn, logged_us)) = logged.filter(|_| log_lacked_it) {
            self.word_of_slaves(lost.write, master, lsn, logged_us);
        }
    }

    /// Whether the log of a node that was promoted then ended before a position.
    fn log_ended_before(&self, node: u16, at_us: Us, lsn: Lsn) -> bool {
        let facts = self.cluster().history().since(0);
        let ends = facts.filter(|fact| fact.at_us <= at_us).filter_map(|fact| match fact.event {
            Event::Promoted { node: who, lsn, .. } if who == node => Some(lsn),
            Event::Logged { node: who, lsn, .. } if who == node => Some(lsn),
            Event::Crashed { node: who, last, .. } if who == node => Some(last),
            _ => None,
        });
        ends.fold(None, |_, last| Some(last)).is_none_or(|last| last < lsn)
    }

    /// Which slaves had told of a write that was lost when its client was answered.
    fn word_of_slaves(&mut self, write: u32, master: u16, lsn: Lsn, logged_us: Us) {
        let told_us = self.cluster().history().write(write).and_then(|write| write.told_us).unwrap_or(logged_us);
        let told = self.acknowledgements(master, lsn, told_us);
        self.say(|say| match told.as_slice() {
            [] => say.text("No slave had told that it has it when its client was answered."),
            some => {
                let say = say.text("When its client was answered, these slaves had told that they have it: ");
                let name = |say: Telling<'a>, (place, slave): (usize, u16)| {
                    let say = if place > 0 { say.text(", ") } else { say };
                    say.name(slave)
                };
                some.iter().map(|(slave, _)| *slave).enumerate().fold(say, name).text(".")
            }
        });
    }
}

fn degraded(cluster: &Cluster, master: u16) -> bool {
    cluster.member(master).is_some_and(|member| member.node.is_degraded())
}

fn away(member: &Member) -> Option<&'static str> {
    match member.process {
        Process::Up => None,
        Process::Down => Some("is down"),
        Process::Frozen => Some("hangs"),
    }
}

/// Says on why a slave has not applied a position, in the state of now; nothing if it has.
fn lagging<'a>(cluster: &Cluster, slave: u16, lsn: Lsn, say: Telling<'a>) -> Option<Telling<'a>> {
    let member = cluster.member(slave)?;
    let (node, progress) = (&member.node, member.node.progress());
    if progress.applied >= lsn {
        return None;
    }
    if let Some(how) = away(member) {
        return Some(say.text("it ").text(how));
    }
    if progress.received >= lsn {
        return Some(say.text(not_applied(node, progress.flushed >= lsn, u64::from(lsn - progress.applied))));
    }
    let upstream = node.followed()?;
    let channel = cluster.channel(upstream, slave)?;
    let sent = cluster.member(upstream).and_then(|member| member.node.sent_to(slave)).is_some_and(|sent| sent >= lsn);
    Some(match (channel.condition, node.upstream()) {
        (Condition::Held { .. }, _) => say.text("the link from ").name(upstream).text(" is held, nothing gets through"),
        (Condition::Cut, _) => say.text("the link from ").name(upstream).text(" is cut"),
        _ if node.denial_of_upstream().is_some() => say.name(upstream).text(" does not let it follow"),
        (_, Upstream::Streaming { .. }) if sent => {
            let say = say.text("the entry was on its way from ").name(upstream);
            say.text(format!(", which takes {}", span(channel.quality.latency_us)))
        }
        (_, Upstream::Streaming { .. }) => say.name(upstream).text(" had not sent it yet"),
        _ if cluster.member(upstream).and_then(away).is_some() => {
            say.name(upstream).text(", which it follows, is away")
        }
        _ => say.text("it is not connected to ").name(upstream),
    })
}

fn not_applied(node: &crate::cluster::Node, flushed: bool, entries: u64) -> String {
    let behind = count(entries, "entry", "entries");
    match (node.apply_paused, node.apply_speed) {
        (true, _) => "it had received it, but applying is paused".to_owned(),
        _ if node.apply_delay_us > 0 => {
            format!(
                "it had received it, and applies it {} after the master wrote it (delay)",
                span(node.apply_delay_us)
            )
        }
        (_, Some(rate)) => format!("it had received it, and works through {behind} at {rate} a second (apply-speed)"),
        _ if !flushed => "it had received it, and was flushing it to disk".to_owned(),
        _ => format!("it had received it, and had {behind} to apply"),
    }
}
