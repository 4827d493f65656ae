//! The space-time diagram: nodes and clients as lines, messages as arrows between them. It is drawn from a copy of the run
//! that plays the window once more, so that the run itself need not remember what it has sent.

use serde::Serialize;

use super::packets::{describe, kind_number, tell};
use super::story::{plain, sentence};
use super::vocabulary::Words;
use crate::cluster::{Cluster, Message, Process};
use crate::facts::{Event, Fact};
use crate::history::OWN_RECORD;
use crate::limits;
use crate::run::Run;
use crate::simulator::{Channel, Flight};
use crate::time::Us;

/// A window of the diagram.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct SpaceTime {
    /// Where the window begins, µs.
    pub from_us: u64,
    /// Where it ends, µs: earlier than wanted if too much happens in it.
    pub to_us: u64,
    /// Clients, then nodes, then those who watch.
    pub lanes: Vec<Lane>,
    /// Messages that were on their way in the window, by when they were sent.
    pub arrows: Vec<Arrow>,
    /// What happened on a line.
    pub points: Vec<Point>,
    /// Messages that were left out because there are too many.
    pub left_out: u32,
}

/// A line.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Lane {
    /// Endpoint number.
    pub id: u16,
    /// Its name.
    pub name: String,
    /// `client`, `node` or `observer`.
    pub kind: &'static str,
    /// When it was down or frozen: from, until, and which.
    pub gaps: Vec<Gap>,
}

/// A message.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Arrow {
    /// Its number.
    pub id: u32,
    /// Who sent it.
    pub from: u16,
    /// Who gets it.
    pub to: u16,
    /// When it was sent, µs.
    pub sent_us: u64,
    /// When it arrived, or was lost; nothing if it is still on its way, µs.
    pub ended_us: Option<u64>,
    /// Whether it was lost.
    pub lost: bool,
    /// What it is: a place in [`super::model::PACKET_KINDS`].
    pub kind: u32,
    /// Number of the write that it carries, 0 for none.
    pub write: u32,
    /// Number of the request that it asks or answers, 0 for none.
    pub operation: u32,
    /// What it is, in a sentence.
    pub text: String,
}

/// Something that happened at one place.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Point {
    /// Where.
    pub lane: u16,
    /// When, µs.
    pub at_us: u64,
    /// `logged`, `applied`, `read`, `answered`, `fault`, `mend` or `promotion`.
    pub kind: &'static str,
    /// `detail`, `plain`, `behind` or `broken`.
    pub weight: &'static str,
    /// Number of the write, 0 for none.
    pub write: u32,
    /// Number of the fact.
    pub seq: u64,
    /// What happened, in a sentence.
    pub text: String,
}

/// The window from now on, of a copy of the run, up to a time.
pub fn spacetime(mut run: Run, to_us: Us, words: Words) -> SpaceTime {
    let from_us = run.now();
    let first_fact = run.cluster().history().len();
    let mut traced = Traced { found: Vec::new(), open: Vec::new(), words };
    let mut gaps = Gaps::default();
    traced.look(&run);
    gaps.look(run.cluster(), from_us);
    let mut steps = 0;
    while steps < limits::SPACETIME_STEPS_MAX && run.next_at().is_some_and(|at| at <= to_us) {
        run.step();
        steps += 1;
        traced.look(&run);
        gaps.look(run.cluster(), run.now());
    }
    let whole = run.next_at().is_none_or(|at| at > to_us);
    let to_us = if whole { to_us } else { run.now() };
    let points = run.cluster().history().since(first_fact).filter_map(|fact| point(&run, &fact, words)).collect();
    let (arrows, left_out) = traced.arrows();
    let mut lanes = gaps.lanes(run.cluster(), to_us);
    // Some may have left since, or watch no longer.
    for id in arrows.iter().flat_map(|arrow| [arrow.from, arrow.to]) {
        if !lanes.iter().any(|lane| lane.id == id) {
            let kind = if run.cluster().member(id).is_some() { "node" } else { "observer" };
            lanes.push(Lane { id, name: run.cluster().name(id).to_owned(), kind, gaps: Vec::new() });
        }
    }
    SpaceTime { from_us, to_us, lanes, arrows, points, left_out }
}

/// Messages that were seen on their way.
struct Traced {
    /// By number.
    found: Vec<Arrow>,
    /// Those under way, and when they should arrive.
    open: Vec<(u32, Us)>,
    words: Words,
}

impl Traced {
    fn look(&mut self, run: &Run) {
        // All of them have ended now, but for those that are seen again.
        for (id, due_us) in std::mem::take(&mut self.open) {
            if let Some(arrow) = self.place(id).ok().and_then(|place| self.found.get_mut(place)) {
                arrow.ended_us = Some(run.now());
                // What vanishes before its time never arrived.
                arrow.lost = run.now() < due_us;
            }
        }
        for channel in run.cluster().channels() {
            for flight in &channel.flights {
                self.open.push((flight.id, flight.arrives_us));
                match self.place(flight.id) {
                    Ok(place) => self.found.get_mut(place).into_iter().for_each(Arrow::go_on),
                    Err(place) => self.found.insert(place, arrow(run.cluster(), channel, flight, self.words)),
                }
            }
        }
    }

    /// Where the message with a number is, or belongs.
    fn place(&self, id: u32) -> Result<usize, usize> {
        self.found.binary_search_by_key(&id, |arrow| arrow.id)
    }

    /// The latest ones, if there are too many; signs of life go first.
    fn arrows(self) -> (Vec<Arrow>, u32) {
        let mut arrows = self.found;
        let before = arrows.len();
        if before > limits::SPACETIME_ARROWS_MAX {
            let watch = kind_number("watch") as u32;
            arrows.retain(|arrow| arrow.kind != watch);
        }
        let surplus = arrows.len().saturating_sub(limits::SPACETIME_ARROWS_MAX);
        arrows.drain(..surplus);
        let left_out = u32::try_from(before - arrows.len()).unwrap_or(u32::MAX);
        (arrows, left_out)
    }
}

impl Arrow {
    fn go_on(&mut self) {
        self.ended_us = None;
        self.lost = false;
    }
}

/// A message that is seen on its way for the first time.
fn arrow(cluster: &Cluster, channel: &Channel<Message>, flight: &Flight<Message>, words: Words) -> Arrow {
    let (kind, write, _) = describe(cluster, &flight.message);
    let (_, telling) = tell(cluster, channel, flight, words);
    Arrow {
        id: flight.id,
        from: channel.from,
        to: channel.to,
        sent_us: flight.sent_us,
        ended_us: None,
        lost: false,
        kind: kind_number(kind) as u32,
        write,
        operation: match &flight.message {
            Message::Request(request) => request.operation,
            Message::Answer { operation, .. } | Message::Refused { operation } | Message::Cancel { operation } => {
                *operation
            }
            _ => 0,
        },
        text: plain(&telling.done()),
    }
}

/// When each node was not there.
#[derive(Default)]
struct Gaps {
    /// At a node's number: since when it is away and how, and the gaps before.
    nodes: Vec<(Option<Since>, Vec<Gap>)>,
}

type Since = (Us, &'static str);
type Gap = (u64, u64, &'static str);

impl Gaps {
    fn look(&mut self, cluster: &Cluster, now: Us) {
        for member in cluster.members() {
            let away = match member.process {
                Process::Up => None,
                Process::Down => Some("down"),
                Process::Frozen => Some("frozen"),
            };
            let Some((open, gaps)) = self.node(member.node.id) else { continue };
            if open.map(|(_, how)| how) != away {
                if let Some((since, how)) = open.take() {
                    gaps.push((since, now, how));
                }
                *open = away.map(|how| (now, how));
            }
        }
    }

    fn node(&mut self, id: u16) -> Option<&mut (Option<Since>, Vec<Gap>)> {
        let place = usize::from(id);
        if self.nodes.len() <= place {
            self.nodes.resize_with(place + 1, Default::default);
        }
        self.nodes.get_mut(place)
    }

    fn lanes(mut self, cluster: &Cluster, to_us: Us) -> Vec<Lane> {
        let clients = cluster.clients().map(|(client, _)| (client.id, "client"));
        let nodes = cluster.members().filter(|member| !member.removed).map(|member| (member.node.id, "node"));
        let observers = cluster.observers().map(|(id, _)| (id, "observer"));
        let mut lane = |(id, kind): (u16, &'static str)| {
            let (open, mut gaps) = self.node(id).map(std::mem::take).unwrap_or_default();
            gaps.extend(open.map(|(since, how)| (since, to_us, how)));
            Lane { id, name: cluster.name(id).to_owned(), kind, gaps }
        };
        clients.chain(nodes).chain(observers).map(&mut lane).collect()
    }
}

fn point(run: &Run, fact: &Fact, words: Words) -> Option<Point> {
    let history = run.cluster().history();
    let (lane, kind, write) = match fact.event {
        Event::Logged { write: OWN_RECORD, .. } => return None,
        Event::Logged { node, write, .. } | Event::WrittenLocally { node, write } => (node, "logged", write),
        Event::Applied { node, write, .. } => (node, "applied", write),
        Event::ReadServed { node, cell, .. } => (node, "read", cell.map_or(0, |cell| cell.write)),
        Event::Finished { operation } => {
            let asked = history.operation(operation)?;
            let saw = super::story::seen_write(asked);
            (asked.client, "answered", saw)
        }
        Event::Crashed { node, .. }
        | Event::Stopped { node }
        | Event::Frozen { node }
        | Event::WriteIgnored { node, .. }
        | Event::SteppedAside { node }
        | Event::Denied { node, .. }
        | Event::Degraded { node } => (node, "fault", 0),
        Event::Suspected { observer, .. } => (observer, "fault", 0),
        Event::Started { node, .. } | Event::Thawed { node } | Event::SyncRestored { node } => (node, "mend", 0),
        Event::Promoted { node, .. } => (node, "promotion", 0),
        _ => return None,
    };
    let told = sentence(run, fact, words)?;
    Some(Point { lane, at_us: fact.at_us, kind, weight: told.weight, write, seq: fact.seq, text: plain(&told.parts) })
}
