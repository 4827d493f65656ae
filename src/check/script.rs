//! A way, written as a run text: short times, a comment above each line that says what it does, and behind the last action
//! the lines that show the damage.

use std::collections::BTreeSet;

use super::act::{Act, follow};
use super::judge::{self, is_done, mending, play};
use super::look::{self, astray, has, is_streaming, is_up, members, something_connects};
use super::promise::Promise;
use super::question::{PATIENCE_US, Plan, Reads};
use super::state::{is_told, own_writes, rounds};
use crate::cluster::LineOutcome;
use crate::referee::{Convergence, Loss};
use crate::run::Run;
use crate::scenario::{Command, Expect, Name, NodeCommand, Request, Setting};
use crate::time::{MS, SECOND, Us};

/// How a way is written.
#[derive(Debug, Clone)]
pub(super) struct Style {
    /// Times are multiples of this, µs.
    pub unit_us: Us,
    /// Whether clients are told to wait longer than they do by themselves.
    pub patient: bool,
    /// Reads that are left out, by their number.
    pub without: BTreeSet<usize>,
}

/// A run text that grows line by line, and the run that it plays.
#[derive(Debug)]
pub(super) struct Script<'a> {
    plan: &'a Plan,
    style: Style,
    pub run: Run,
    /// Lines of the text that were there before.
    before: usize,
    /// The comment above each line since, where there is one.
    comments: Vec<Option<String>>,
    /// When the last one was done, µs.
    last_us: Option<Us>,
    /// Reads so far that may be left out, whether they were or not.
    pub reads: usize,
    /// The probes that ask whether the cluster can be used, by their operations.
    pub probes: Vec<u32>,
}

impl<'a> Script<'a> {
    /// A way, and behind it what shows that this promise is broken. Nothing if a line cannot be done.
    pub fn write(plan: &'a Plan, acts: &[Act], promise: Promise, style: Style) -> Option<Self> {
        let run = plan.base.clone();
        let before = run.scenario().lines().len();
        let mut script =
            Script { plan, style, run, before, comments: Vec::new(), last_us: None, reads: 0, probes: Vec::new() };
        script.prepare()?;
        for act in acts {
            script.act(*act)?;
            if promise == Promise::MonotonicReads {
                script.read_all(plan.reader.clone(), |_, _| true)?;
            }
        }
        script.show(promise)?;
        script.rest();
        script.line(None, &Command::End)?;
        Some(script)
    }

    /// The text.
    pub fn text(&self) -> String {
        let text = self.run.text();
        let mut out = String::new();
        let ends = |place: usize| {
            self.run.scenario().lines().get(place).is_some_and(|line| line.command == Some(Command::End))
        };
        for (place, line) in text.lines().enumerate() {
            if place < self.before && ends(place) {
                // The run goes on behind it.
                continue;
            }
            let added = place.checked_sub(self.before);
            if let Some(comment) = added.and_then(|added| self.comments.get(added)?.as_ref()) {
                out.push_str(&format!("# {comment}\n"));
            }
            out.push_str(line);
            if added.is_some() {
                out.push_str(&self.expectation(place));
            }
            out.push('\n');
        }
        out
    }

    /// What came of a line, as what it expects.
    fn expectation(&self, place: usize) -> String {
        let Some(outcome) = self.run.outcome(place) else { return String::new() };
        let seen = self.run.seen(outcome);
        match outcome {
            LineOutcome::Operation(_) if seen != "pending" => match seen.starts_with("ok, warning") {
                true => format!(" -> {}", Expect::Warning),
                false => format!(" -> {seen}"),
            },
            LineOutcome::Follows { .. } if seen != "ok" => format!(" -> {seen}"),
            _ => String::new(),
        }
    }

    fn prepare(&mut self) -> Option<()> {
        if self.run.cluster().load().is_some() {
            self.line(Some("The load stops.".to_owned()), &Command::Set(Setting::Load(None)))?;
        }
        if self.style.patient && self.run.cluster().timeout_us() < PATIENCE_US {
            let comment = "Clients wait until they hear what came of it.".to_owned();
            self.line(Some(comment), &Command::Set(Setting::Timeout(PATIENCE_US)))?;
        }
        Some(())
    }

    /// Plays until things are at rest, and on to the next time that is a multiple of the unit.
    fn rest(&mut self) {
        let Some(last_us) = self.last_us else { return };
        self.plan.pace.settle(&mut self.run);
        let at = self.run.now().max(last_us + 1).next_multiple_of(self.style.unit_us);
        let rest_us = at - self.run.now();
        play(&mut self.run, rest_us);
    }

    /// Writes a line and does it. Nothing if it cannot be done.
    fn line(&mut self, comment: Option<String>, command: &Command) -> Option<LineOutcome> {
        let outcome = self.run.command(&command.to_string()).ok()?;
        // The line may stand behind comments of the text.
        let lines = self.run.scenario().lines().len() - self.before;
        self.comments.resize(lines - 1, None);
        self.comments.push(comment);
        self.last_us = Some(self.run.now());
        is_done(&outcome).then_some(outcome)
    }

    fn act(&mut self, act: Act) -> Option<()> {
        self.rest();
        if let Act::Wait(us) = act {
            play(&mut self.run, us);
            return Some(());
        }
        let mut comment = Some(act.comment(self.run.cluster(), self.plan.operator));
        for (place, command) in act.commands(&self.run, self.plan).iter().enumerate() {
            // What cannot be done is no line; only the first one and a promotion must be.
            let needed = place == 0 || matches!(command, Command::Promote { .. });
            if !needed && !is_done(&self.run.clone().do_unwritten(command)) {
                continue;
            }
            self.line(comment.take(), command)?;
        }
        Some(())
    }

    /// A read that may be left out.
    fn may_read(&mut self, client: &Name, write: u32, target: Option<u16>) -> Option<()> {
        self.reads += 1;
        if self.style.without.contains(&(self.reads - 1)) { Some(()) } else { self.read(client, write, target) }
    }

    fn read(&mut self, client: &Name, write: u32, target: Option<u16>) -> Option<()> {
        let history = self.run.cluster().history();
        let key = history.key(history.write(write)?.key).to_owned();
        let target = target.map(|node| Name(self.run.cluster().name(node).into()));
        let request = Request::Read { key };
        self.line(None, &Command::Operation { client: Some(client.clone()), request, target, local: false })?;
        Some(())
    }

    /// A client reads all writes of the way that count, where the question has it read.
    fn read_all(&mut self, client: Name, counts: impl Fn(&Run, u32) -> bool) -> Option<()> {
        self.rest();
        let writes: Vec<u32> = own_writes(&self.run, self.plan).filter(|write| counts(&self.run, *write)).collect();
        let master = self.run.cluster().master();
        match self.plan.reads {
            Reads::Master if !is_up(self.run.cluster(), master) => {}
            Reads::Master => writes.into_iter().try_for_each(|write| self.may_read(&client, write, Some(master)))?,
            Reads::Routed => {
                for _ in 0..rounds(&self.run) {
                    writes.iter().try_for_each(|write| self.may_read(&client, *write, None))?;
                }
            }
        }
        Some(())
    }

    /// The lines that show what is broken.
    fn show(&mut self, promise: Promise) -> Option<()> {
        self.rest();
        match promise {
            Promise::NoLostWrites => self.show_loss(),
            Promise::ReadYourWrites => self.read_all(self.plan.writer.clone(), is_told),
            Promise::MonotonicReads => Some(()),
            Promise::OneMaster => self.show_masters(),
            Promise::Convergence => self.show_difference(),
            Promise::NoFailedWrites | Promise::NoUnsureWrites => self.show_failed(),
            Promise::WritesGoOn => (0..2).try_for_each(|_| {
                play(&mut self.run, self.plan.pace.longest_us);
                let write = Request::Write { key: judge::PROBE.to_owned(), value: "1".to_owned() };
                self.probe(write, "Does a write get through by now?")
            }),
            Promise::ReadsGoOn => {
                let read = Request::Read { key: format!("{}1", self.plan.prefix) };
                self.probe(read, "Is a read answered?")
            }
        }
    }

    fn probe(&mut self, request: Request, comment: &str) -> Option<()> {
        self.rest();
        let client = Some(self.plan.reader.clone());
        let command = Command::Operation { client, request, target: None, local: false };
        if let LineOutcome::Operation(number) = self.line(Some(comment.to_owned()), &command)? {
            self.probes.push(number);
        }
        play(&mut self.run, judge::PROBE_US);
        Some(())
    }

    /// The node that takes the writes answers without what is lost. Where another node still has it, the nodes are brought
    /// together first: then it is gone for good.
    fn show_loss(&mut self) -> Option<()> {
        if self.run.referee().lost_now(self.run.cluster()).is_empty() {
            self.mend("Everything is mended, and who differs starts over with a copy.")?;
            self.start_over()?;
        }
        self.rest();
        let master = look::serving(self.run.cluster())?;
        let lost: Vec<u32> = self.run.referee().lost().iter().map(|lost| lost.write).collect();
        let gone = lost.into_iter().filter(|write| !has(self.run.cluster(), master, *write));
        let gone: Vec<u32> = gone.take(2).collect();
        gone.into_iter().try_for_each(|write| self.read(&self.plan.writer.clone(), write, Some(master)))
    }

    fn mend(&mut self, comment: &str) -> Option<()> {
        let mut comment = Some(comment.to_owned());
        for round in 0..=2 {
            for command in mending(&self.run, self.plan, round) {
                if is_done(&self.run.clone().do_unwritten(&command)) {
                    self.line(comment.take(), &command)?;
                }
            }
            self.rest();
        }
        Some(())
    }

    /// Nodes that are not let in, or still hold what is lost, take over the master's state.
    fn start_over(&mut self) -> Option<()> {
        let master = self.run.cluster().master();
        for id in astray(self.run.cluster()) {
            let command = follow(self.run.cluster(), id, master);
            self.line(None, &command)?;
        }
        self.rest();
        let apart = |run: &Run| {
            let holds = |id: u16| run.referee().lost().iter().any(|lost| has(run.cluster(), id, lost.write));
            let others = members(run.cluster()).filter(|member| member.node.id != master);
            let nodes = others.filter(|member| !is_streaming(member) || holds(member.node.id));
            nodes.map(|member| Name(member.name.as_str().into())).collect::<Vec<Name>>()
        };
        for name in apart(&self.run) {
            self.line(None, &Command::Node(NodeCommand::Rebuild, name))?;
        }
        self.rest();
        Some(())
    }

    /// What each of two masters answers with: one of them has a write that the other lacks.
    fn show_masters(&mut self) -> Option<()> {
        let referee = self.run.referee();
        let overlap = *referee.takeovers().overlaps().iter().rfind(|overlap| overlap.diverged > 0)?;
        let strayed = |write: &u32| referee.loss(*write) == Some(Loss::Diverged);
        let write = own_writes(&self.run, self.plan).filter(strayed).last()?;
        let masters = [overlap.masters.0, overlap.masters.1];
        masters.into_iter().try_for_each(|master| self.read(&self.plan.reader.clone(), write, Some(master)))
    }

    /// Everything is mended, and each node is asked for what differs.
    fn show_difference(&mut self) -> Option<()> {
        self.mend("Everything is mended.")?;
        for _ in 0..8 {
            let apart = self.run.referee().convergence(self.run.cluster());
            let waits = something_connects(self.run.cluster());
            if !waits && matches!(apart, Convergence::Diverged(_)) && self.settles_by_hand() {
                break;
            }
            play(&mut self.run, self.plan.pace.longest_us / 2);
        }
        self.rest();
        let Convergence::Diverged(apart) = self.run.referee().convergence(self.run.cluster()) else { return Some(()) };
        let key = apart.first().map_or(0, |(_, key)| *key);
        let write = own_writes(&self.run, self.plan)
            .find(|write| self.run.cluster().history().write(*write).is_some_and(|write| write.key == key));
        let nodes = look::ids(self.run.cluster());
        nodes.into_iter().try_for_each(|node| self.read(&self.plan.reader.clone(), write?, Some(node)))
    }

    fn settles_by_hand(&self) -> bool {
        self.run.cluster().failover() == crate::scenario::Failover::Manual
    }

    /// A write that had failed is there all the same.
    fn show_failed(&mut self) -> Option<()> {
        let (history, cluster) = (self.run.cluster().history(), self.run.cluster());
        let failed = |write: &u32| {
            let asked = history.write(*write).and_then(|write| history.operation(write.operation));
            matches!(asked.map(|asked| asked.outcome), Some(crate::history::Outcome::Failed(_)))
        };
        let up = |id: &u16| is_up(cluster, *id);
        let found = own_writes(&self.run, self.plan).filter(failed).find_map(|write| {
            let nodes = look::ids(cluster);
            nodes.into_iter().filter(up).find(|id| has(cluster, *id, write)).map(|id| (write, id))
        });
        let (write, node) = found?;
        self.read(&self.plan.reader.clone(), write, Some(node))
    }
}

/// The styles in which a way is tried: short times first, and clients as they are.
pub(super) fn styles() -> [Style; 4] {
    let style = |unit_us: Us, patient: bool| Style { unit_us, patient, without: BTreeSet::new() };
    [style(100 * MS, false), style(100 * MS, true), style(1, false), style(1, true)]
}

/// How long the text may be played behind its last line, µs.
pub(super) const REST_US: Us = 2 * SECOND;
