//! Why a promise is broken, in sentences made of the data: who was told what, who had it, what happened then.

use super::look::members;
use super::promise::Promise;
use super::question::Plan;
use super::state::own_writes;
use crate::facts::{Event, Lsn};
use crate::history::{Kind, Operation, Outcome};
use crate::referee::{Convergence, Guarantee, Loss, LostWrite};
use crate::run::Run;
use crate::time::{self, Us};

/// Why this run breaks a promise.
pub(super) fn why(plan: &Plan, run: &Run, promise: Promise) -> String {
    let telling = Telling { plan, run };
    let said = match promise {
        Promise::NoLostWrites => telling.lost(),
        Promise::ReadYourWrites => telling.session(Guarantee::ReadYourWrites),
        Promise::MonotonicReads => telling.session(Guarantee::MonotonicReads),
        Promise::OneMaster => telling.two_masters(),
        Promise::Convergence => telling.apart(),
        Promise::NoFailedWrites | Promise::NoUnsureWrites => telling.failed(),
        Promise::WritesGoOn | Promise::ReadsGoOn => telling.unanswered(),
    };
    said.unwrap_or_default()
}

struct Telling<'a> {
    plan: &'a Plan,
    run: &'a Run,
}

impl Telling<'_> {
    fn name(&self, id: u16) -> &str {
        self.run.cluster().name(id)
    }

    fn key(&self, write: u32) -> &str {
        let history = self.run.cluster().history();
        history.write(write).map_or("", |write| history.key(write.key))
    }

    fn operation(&self, write: u32) -> Option<&Operation> {
        let history = self.run.cluster().history();
        history.operation(history.write(write)?.operation)
    }

    /// Nodes that had a write before a time.
    fn holders(&self, write: u32, before_us: Us) -> Vec<u16> {
        let facts = self.run.cluster().history().since(0).filter(|fact| fact.at_us <= before_us);
        let mut place: Option<Lsn> = None;
        let mut holders: Vec<u16> = Vec::new();
        for fact in facts {
            let holder = match fact.event {
                Event::Logged { node, lsn, write: logged, .. } if logged == write => {
                    place = Some(lsn);
                    Some(node)
                }
                Event::Received { node, lsn } if place.is_some_and(|place| lsn >= place) => Some(node),
                Event::Applied { node, write: applied, .. } if applied == write => Some(node),
                _ => None,
            };
            holders.extend(holder.filter(|node| !holders.contains(node)));
        }
        holders
    }

    fn listed(&self, nodes: &[u16]) -> String {
        let names: Vec<&str> = nodes.iter().map(|node| self.name(*node)).collect();
        match names.split_last() {
            None => "no node".to_owned(),
            Some((last, [])) => format!("only {last}"),
            Some((last, rest)) => format!("{} and {last}", rest.join(", ")),
        }
    }

    fn lost(&self) -> Option<String> {
        let lost = *self.run.referee().lost_now(self.run.cluster()).first()?;
        let client = self.run.cluster().history().write(lost.write)?.client;
        let key = self.key(lost.write);
        let holders = self.holders(lost.write, lost.at_us);
        let had = match holders.as_slice() {
            [one] => format!("Only {} had it.", self.name(*one)),
            more => format!("{} had it.", self.listed(more)),
        };
        let happened = self.loss(&lost, &holders);
        Some(format!("{} was told that {key} is done. {had} {happened} So {key} is lost.", self.name(client)))
    }

    fn loss(&self, lost: &LostWrite, holders: &[u16]) -> String {
        let (node, at) = (self.name(lost.node), time::say(lost.at_us));
        let had = holders.contains(&lost.node);
        match lost.loss {
            Loss::NotReplicated if had => format!("{node} no longer had it when it was promoted at {at}."),
            Loss::NotReplicated => format!("{node}, which did not, was promoted at {at}."),
            Loss::ThrownAway => {
                format!("{node} had not applied it when it was promoted at {at}, and threw it away.")
            }
            Loss::NotFlushed => format!("{node} had not flushed it when its power failed at {at}."),
            Loss::Forgotten => format!("{node} keeps nothing on disk, and was stopped at {at}."),
            Loss::Diverged => {
                let master = self.name(self.run.cluster().master());
                format!("{node} took it at {at}, when others no longer followed it: {master} is their master.")
            }
            Loss::Replaced => format!("{node} took over the state of another node at {at}, which did not have it."),
            Loss::NotFollowed => format!("At {at} others were told to follow {node}, which did not have it."),
            Loss::Overwritten => format!("At {at} {node} overwrote it with what its master sent."),
            Loss::Discarded => format!("At {at} {node} started over with a copy of its master."),
            Loss::Removed => format!("{node} left the cluster at {at}."),
        }
    }

    fn session(&self, guarantee: Guarantee) -> Option<String> {
        let breach = self.run.referee().sessions().standing(guarantee).first?;
        let history = self.run.cluster().history();
        let asked = history.operation(breach.operation)?;
        let (client, node) = (self.name(asked.client), self.name(asked.node?));
        let (key, at) = (self.key(breach.missing), time::say(breach.at_us));
        let before = if guarantee == Guarantee::ReadYourWrites {
            let told_us = history.write(breach.missing)?.told_us?;
            format!("{client} was told at {} that {key} is done.", time::say(told_us))
        } else {
            let saw =
                |read: &&Operation| matches!(read.outcome, Outcome::Value(Some(cell)) if cell.write == breach.missing);
            let first = history.operations().iter().find(|read| read.client == asked.client && saw(read))?;
            format!("{client} read {key} from {} at {}.", self.name(first.node?), time::say(first.done_us()?))
        };
        Some(format!("{before} At {at} {node} answered {client} without it."))
    }

    fn two_masters(&self) -> Option<String> {
        let overlaps = self.run.referee().takeovers().overlaps().iter();
        let overlap = overlaps.filter(|overlap| overlap.diverged > 0).nth(self.plan.overlaps_before)?;
        let (a, b) = (self.name(overlap.masters.0), self.name(overlap.masters.1));
        let writes = if overlap.diverged == 1 { "a write" } else { "writes" };
        Some(format!(
            "From {} on both {a} and {b} took writes, and {writes} went into a history that the others do not follow.",
            time::say(overlap.from_us)
        ))
    }

    fn apart(&self) -> Option<String> {
        let cluster = self.run.cluster();
        let Convergence::Diverged(apart) = self.run.referee().convergence(cluster) else { return None };
        let (node, key) = *apart.first()?;
        let measure = if node == cluster.master() { "the others" } else { self.name(cluster.master()) };
        let told = members(cluster).find(|member| member.node.denial_of_upstream().is_some());
        let told = match told {
            Some(member) => format!("{} is not let in, so an operator is told.", member.name),
            None => "No node is refused, so nobody is told.".to_owned(),
        };
        let (node, key) = (self.name(node), cluster.history().key(key));
        Some(format!("All is mended, and {node} still has a different value for {key} than {measure}. {told}"))
    }

    fn failed(&self) -> Option<String> {
        let failed =
            |write: &u32| self.operation(*write).is_some_and(|asked| matches!(asked.outcome, Outcome::Failed(_)));
        let history = self.run.cluster().history();
        own_writes(self.run, self.plan).filter(failed).find_map(|write| {
            let asked = self.operation(write)?;
            let got = |read: &&Operation| matches!(read.outcome, Outcome::Value(Some(cell)) if cell.write == write);
            let read = history.operations().iter().find(got)?;
            let Outcome::Failed(failure) = asked.outcome else { return None };
            let error = failure.text(self.run.cluster().rules().engine, Kind::Write);
            let (client, key) = (self.name(asked.client), self.key(write));
            let (node, at) = (self.name(read.node?), time::say(read.done_us()?));
            Some(format!(
                "{client} was told “{error}” of its write {key}. At {at} {node} answers with it all the same."
            ))
        })
    }

    fn unanswered(&self) -> Option<String> {
        let asked = self.run.cluster().history().operations().iter().last()?;
        let what = if asked.kind == Kind::Read { "read" } else { "write" };
        let master = self.name(self.run.cluster().master());
        let got = match asked.outcome {
            Outcome::Failed(failure) => format!("“{}”", failure.text(self.run.cluster().rules().engine, asked.kind)),
            _ => "no answer".to_owned(),
        };
        Some(format!("{} asks {master}, and gets {got}: its {what} does not get through.", self.name(asked.client)))
    }
}
