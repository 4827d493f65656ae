//! What a reader has tried at a task, beside what the task asks for.

use super::{Item, Lecture};
use crate::cluster::LineOutcome;
use crate::history::{Operation, Outcome};
use crate::run::Run;
use crate::scenario::{Command, Line, Request, Scenario};

/// A try that has not done the task.
#[derive(Debug, Clone, PartialEq)]
pub struct Attempt {
    /// What the reader did.
    pub did: Command,
    /// What would have done it.
    pub wanted: Command,
    /// What came of the request so far, if it was one: the number of the operation.
    pub operation: Option<u32>,
}

impl Lecture {
    /// The lines that would do the tasks that wait for the reader, the first task first.
    pub fn lines_wanted(&self, run: &Run) -> Vec<Command> {
        let open = self.lesson.items.iter().enumerate().skip(self.at);
        let tasks = open.take_while(|(_, item)| matches!(item, Item::Task { .. }));
        let lines = tasks.filter(|(place, _)| !self.is_ticked(*place)).flat_map(|(_, item)| match item {
            Item::Task { by, .. } => by.as_slice(),
            _ => &[],
        });
        lines.filter_map(|line| command(run.scenario(), line)).collect()
    }

    /// The last thing that the reader did since the tasks that wait were reached, if it has done none of them. `wanted`: what
    /// [`Lecture::lines_wanted`] says.
    pub fn attempt(&self, run: &Run, wanted: &[Command]) -> Option<Attempt> {
        let (place, line) = last_done(run, self.since.line)?;
        let did = line.command.clone()?;
        let same_verb = |wanted: &&Command| verb(wanted) == verb(&did);
        let wanted = wanted.iter().find(same_verb).or(wanted.first())?.clone();
        let operation = match run.outcome(place) {
            Some(LineOutcome::Operation(number)) => Some(*number),
            _ => None,
        };
        Some(Attempt { did, wanted, operation })
    }
}

fn command(scenario: &Scenario, line: &str) -> Option<Command> {
    scenario.parse_command(scenario.lines().len(), line).ok()?.command.clone()
}

/// The last line that is done and stands at this place or behind it.
fn last_done(run: &Run, from: usize) -> Option<(usize, &Line)> {
    let mut done = run.scenario().lines().iter().enumerate().take(run.cursor()).skip(from);
    done.rfind(|(_, line)| line.at.is_some()).map(|(place, line)| (place, &**line))
}

impl Attempt {
    /// The request that was made.
    pub fn operation<'r>(&self, run: &'r Run) -> Option<&'r Operation> {
        run.cluster().history().operation(self.operation?)
    }

    /// Whether what was done has no end yet: then there is nothing to say of it.
    pub fn is_pending(&self, run: &Run) -> bool {
        self.operation(run).is_some_and(|operation| operation.outcome == Outcome::Pending)
    }
}

/// What kind of thing a line does: two lines of the same kind differ in names and numbers only.
pub fn verb(command: &Command) -> String {
    match command {
        Command::Operation { request: Request::Write { .. }, .. } => "write".to_owned(),
        Command::Operation { request: Request::Read { .. }, .. } => "read".to_owned(),
        Command::Operation { request: Request::Delete { .. }, .. } => "delete".to_owned(),
        other => other.to_string().split(' ').next().unwrap_or_default().to_owned(),
    }
}
