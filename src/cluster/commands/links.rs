//! The links: `cut`, `hold`, `heal`, `partition`, `link`.

use super::{Done, LineOutcome};
use crate::cluster::{Cluster, Endpoint, Input, Process};
use crate::facts::Event;
use crate::scenario::{Break, LinkChange, Name, Pair};
use crate::simulator::Condition;

impl Cluster {
    pub(in crate::cluster) fn ends(&mut self, pair: &Pair) -> Result<Vec<(u16, u16)>, String> {
        let (one_way, a, b) = match pair {
            Pair::Both(a, b) => (false, a, b),
            Pair::OneWay(a, b) => (true, a, b),
            Pair::Nodes | Pair::Clients => {
                return Ok(self.channels_where(|from, to, _| self.joins_client(from, to) == (*pair == Pair::Clients)));
            }
        };
        let (a_id, b_id) = (self.end(a)?, self.end(b)?);
        if self.joins_client(a_id, b_id) && self.member(a_id).is_none() && self.member(b_id).is_none() {
            return Err(format!("there is no link between {a} and {b}: clients talk to nodes only"));
        }
        self.join(a_id, b_id);
        Ok(if one_way { vec![(a_id, b_id)] } else { vec![(a_id, b_id), (b_id, a_id)] })
    }

    pub(in crate::cluster) fn joins_client(&self, a: u16, b: u16) -> bool {
        let is_client = |id: u16| matches!(self.endpoints.get(usize::from(id)), Some(Endpoint::Client { .. }));
        is_client(a) || is_client(b)
    }

    pub(in crate::cluster) fn end(&mut self, name: &Name) -> Result<u16, String> {
        if name.as_str().starts_with(|c: char| c.is_ascii_uppercase()) {
            return self.add_client(name);
        }
        let observer = self.observers().find(|(_, observer)| observer.name == *name).map(|(id, _)| id);
        match observer {
            Some(id) => Ok(id),
            None => self.node(name).map(|member| member.node.id),
        }
    }

    pub(in crate::cluster) fn change_link(&mut self, line: u32, pair: &Pair, change: LinkChange) -> Done {
        for (from, to) in self.ends(pair)? {
            self.sim.set_quality(from, to, |quality| quality.changed(change));
        }
        match pair {
            Pair::Nodes => self.node_links.0 = self.node_links.0.changed(change),
            Pair::Clients => self.client_links.0 = self.client_links.0.changed(change),
            Pair::Both(..) | Pair::OneWay(..) => {}
        }
        self.note(Event::Set { line });
        Ok(LineOutcome::Done)
    }

    pub(in crate::cluster) fn break_link(&mut self, kind: Break, pair: &Pair) -> Done {
        for (from, to) in self.ends(pair)? {
            self.break_channel(kind, from, to);
        }
        match pair {
            Pair::Nodes => self.node_links.1 = kind,
            Pair::Clients => self.client_links.1 = kind,
            Pair::Both(..) | Pair::OneWay(..) => {}
        }
        if kind == Break::Heal {
            self.forget_partitions();
        }
        Ok(LineOutcome::Done)
    }

    pub(in crate::cluster) fn break_channel(&mut self, kind: Break, from: u16, to: u16) {
        match kind {
            Break::Cut => self.cut(from, to),
            Break::Hold => {
                if self.sim.hold(from, to) {
                    self.note(Event::Held { from, to });
                }
            }
            Break::Heal => self.heal(from, to),
        }
    }

    /// A node that some other node reaches again is no longer cut from those to come.
    pub(in crate::cluster) fn forget_partitions(&mut self) {
        let open = |id: u16| {
            let mut channels = self.sim.channels().iter().filter(|channel| channel.from == id);
            channels.any(|channel| channel.condition == Condition::Open && self.member(channel.to).is_some())
        };
        let reached: Vec<u16> = self.members().map(|member| member.node.id).filter(|&id| open(id)).collect();
        for id in reached {
            if let Some(member) = self.member_mut(id) {
                member.partitioned = false;
            }
        }
    }

    pub(in crate::cluster) fn cut(&mut self, from: u16, to: u16) {
        if self.sim.cut(from, to) {
            self.note(Event::Cut { from, to });
        }
    }

    pub(in crate::cluster) fn heal(&mut self, from: u16, to: u16) {
        if self.sim.heal(from, to) {
            self.note(Event::Healed { from, to });
            if self.member(from).is_some_and(|member| member.process == Process::Up) {
                self.handle(from, Input::LinkHealed);
            }
        }
    }

    /// Cuts a node from all other nodes. Clients on its side of the break still reach it.
    pub(in crate::cluster) fn partition(&mut self, id: u16) {
        let members = self.members().map(|member| member.node.id).filter(|&other| other != id);
        let observers = self.observers().map(|(observer, _)| observer).filter(|&other| other != id);
        let others: Vec<u16> = members.chain(observers).collect();
        for other in others {
            self.join(id, other);
            self.cut(id, other);
            self.cut(other, id);
        }
        if let Some(member) = self.member_mut(id) {
            member.partitioned = true;
        }
    }

    pub(in crate::cluster) fn heal_all(&mut self) {
        for (from, to) in self.channels_where(|_, _, condition| condition != Condition::Open) {
            self.heal(from, to);
        }
        self.node_links.1 = Break::Heal;
        self.client_links.1 = Break::Heal;
        self.forget_partitions();
    }

    pub(in crate::cluster) fn channels_where(&self, wanted: impl Fn(u16, u16, Condition) -> bool) -> Vec<(u16, u16)> {
        let channels = self.sim.channels().iter();
        channels
            .filter(|channel| wanted(channel.from, channel.to, channel.condition))
            .map(|channel| (channel.from, channel.to))
            .collect()
    }
}
