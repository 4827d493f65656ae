//! What each command of the run text does to the cluster: each verb in the file of its kind.

mod faults;
mod links;
mod settings;
mod state;
mod topology;

use super::{Cluster, Input, Member, Role};
use crate::facts::Event;
use crate::scenario::{Command, Name};

/// What came of a line at once.
#[derive(Debug, Clone, PartialEq)]
pub enum LineOutcome {
    /// It was done.
    Done,
    /// A request was sent; the history knows what came of it.
    Operation(u32),
    /// What was asked for with `state`.
    Facts(Vec<String>),
    /// A node was told to follow another; the history knows, from this fact on, whether it was let in.
    Follows {
        /// The node.
        node: u16,
        /// Number of the first fact that can tell.
        from: u64,
    },
    /// It could not be done, and why.
    Failed(String),
}

pub(super) type Done = Result<LineOutcome, String>;

impl Cluster {
    /// Does what a line says. `line` is its index in the text.
    pub fn execute(&mut self, line: u32, command: &Command) -> LineOutcome {
        if !matches!(command, Command::Operation { .. }) {
            self.history.absorb(command.to_string());
        }
        let done = match command {
            Command::Version(_)
            | Command::Cluster { .. }
            | Command::Seed(_)
            | Command::StartBehind { .. }
            | Command::End => Ok(LineOutcome::Done),
            Command::Clients(clients) => {
                clients.iter().try_for_each(|client| self.add_client(client).map(|_| ())).map(|()| LineOutcome::Done)
            }
            Command::Set(setting) => self.set(line, setting),
            Command::Link(pair, change) => self.change_link(line, pair, *change),
            Command::Operation { client, request, target, local } => {
                self.operate(client.as_ref(), request, target.as_ref(), *local)
            }
            Command::Wait { client, slaves, within_us, target } => {
                self.wait(client.as_ref(), *slaves, *within_us, target.as_ref())
            }
            Command::Cancel(client) => self.cancel(client.as_ref()),
            Command::Promote { node, drain } => self.promote(node, *drain),
            Command::Follow { node, upstream, force } => self.follow(node, upstream, *force),
            Command::Chain(nodes) => nodes.windows(2).try_fold(LineOutcome::Done, |_, pair| match pair {
                [upstream, node] => self.follow(node, upstream, false),
                _ => Ok(LineOutcome::Done),
            }),
            Command::Node(command, name) => self.node_command(line, *command, name),
            Command::Delay(name, us) => self.slave(name).map(|id| {
                self.configure(id, Input::ApplyDelay(*us));
                self.note(Event::Set { line });
                LineOutcome::Done
            }),
            Command::ApplySpeed(name, rate) => self.slave(name).map(|id| {
                self.configure(id, Input::ApplySpeed(*rate));
                self.note(Event::Set { line });
                LineOutcome::Done
            }),
            Command::Priority(name, priority) => self.node(name).map(|member| member.priority = *priority).map(|()| {
                self.note(Event::Set { line });
                LineOutcome::Done
            }),
            Command::Capacity(name, capacity) => self.set_capacity(name.as_ref(), *capacity).map(|()| {
                self.note(Event::Set { line });
                LineOutcome::Done
            }),
            Command::Break(kind, pair) => self.break_link(*kind, pair),
            Command::HealAll => {
                self.heal_all();
                Ok(LineOutcome::Done)
            }
        };
        done.unwrap_or_else(|why| {
            self.note(Event::LineFailed { line });
            LineOutcome::Failed(why)
        })
    }

    pub(super) fn note(&mut self, event: Event) {
        let now = self.sim.now();
        self.history.note(now, event);
    }

    fn id(&self, name: &Name) -> Result<u16, String> {
        self.named(name).ok_or_else(|| format!("there is no {name} now"))
    }

    pub(super) fn node(&mut self, name: &Name) -> Result<&mut Member, String> {
        let id = self.id(name)?;
        self.member_mut(id).filter(|member| !member.removed).ok_or_else(|| format!("{name} has left the cluster"))
    }

    fn slave(&mut self, name: &Name) -> Result<u16, String> {
        let member = self.node(name)?;
        match member.node.role {
            Role::Slave { .. } => Ok(member.node.id),
            Role::Master => Err(format!("{name} is the master")),
        }
    }
}
