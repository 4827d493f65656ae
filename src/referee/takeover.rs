//! When another node becomes the master: which writes were in doubt, how long there was no master, and whether there
//! were two.

use crate::cluster::{Cluster, Process};
use crate::facts::Event;
use crate::facts::Lsn;
use crate::time::Us;

/// Writes in doubt that are remembered for one takeover, the latest ones.
const DOUBTFUL_MAX: usize = 1_000;

/// A slave has taken the master's place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Takeover {
    /// When, µs.
    pub at_us: Us,
    /// The master before.
    pub from: u16,
    /// The master since.
    pub to: u16,
    /// Its epoch.
    pub epoch: u32,
    /// The last position that both histories have in common.
    pub fork: Lsn,
    /// When the master before failed, or stepped aside, or was cut off; else when the other one took over, µs.
    pub failed_us: Us,
    /// When the first write was acknowledged that the new master had logged, µs.
    pub resumed_us: Option<Us>,
    /// Writes that not all nodes had when the other one took over, and those that the old master took since.
    pub doubtful: Vec<u32>,
}

/// A time with two masters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Overlap {
    /// Since when, µs.
    pub from_us: Us,
    /// Until when, µs; nothing if it goes on.
    pub until_us: Option<Us>,
    /// Two of them.
    pub masters: (u16, u16),
    /// Writes that one of them took beside the other's history.
    pub diverged: u32,
}

/// What was seen so far.
#[derive(Debug, Clone, Default)]
pub struct Takeovers {
    list: Vec<Takeover>,
    overlaps: Vec<Overlap>,
    /// The master as of the last fact.
    master: u16,
    /// When that master failed, and when its last link was cut, µs.
    failed_us: Option<Us>,
    cut_us: Option<Us>,
}

impl Takeovers {
    /// All takeovers.
    pub fn list(&self) -> &[Takeover] {
        &self.list
    }

    /// All times with two masters.
    pub fn overlaps(&self) -> &[Overlap] {
        &self.overlaps
    }

    #[inline]
    pub(super) fn watch(&mut self, at_us: Us, event: &Event, cluster: &Cluster) {
        // Nearly all facts are of requests and entries.
        let matters = matches!(
            event,
            Event::Crashed { .. }
                | Event::Stopped { .. }
                | Event::Frozen { .. }
                | Event::SteppedAside { .. }
                | Event::Cut { .. }
                | Event::Healed { .. }
                | Event::Started { .. }
                | Event::Thawed { .. }
                | Event::Promoted { .. }
                | Event::Follows { .. }
                | Event::Removed { .. }
                | Event::Set { .. }
        );
        if matters {
            self.watch_fault(at_us, event, cluster);
        }
    }

    fn watch_fault(&mut self, at_us: Us, event: &Event, cluster: &Cluster) {
        let of_master = |node: u16| node == self.master;
        match *event {
            Event::Crashed { node, .. }
            | Event::Stopped { node }
            | Event::Frozen { node }
            | Event::SteppedAside { node }
                if of_master(node) =>
            {
                self.failed_us.get_or_insert(at_us);
            }
            Event::Cut { from, .. } if of_master(from) => self.cut_us = Some(at_us),
            Event::Healed { from, .. } if of_master(from) => self.cut_us = None,
            Event::Started { node, .. } | Event::Thawed { node } if of_master(node) => self.failed_us = None,
            _ => {}
        }
        if !matches!(event, Event::Cut { .. } | Event::Healed { .. }) {
            self.watch_masters(at_us, cluster);
        }
    }

    fn watch_masters(&mut self, at_us: Us, cluster: &Cluster) {
        let leads = |member: &&crate::cluster::Member| {
            member.process == Process::Up && member.node.takes_writes() && !member.node.read_only
        };
        let masters: Vec<u16> = cluster.members().filter(leads).map(|member| member.node.id).collect();
        let open = self.overlaps.last_mut().filter(|overlap| overlap.until_us.is_none());
        match (masters.as_slice(), open) {
            (&[a, b, ..], None) => {
                self.overlaps.push(Overlap { from_us: at_us, until_us: None, masters: (a, b), diverged: 0 });
            }
            ([] | [_], Some(overlap)) => overlap.until_us = Some(at_us),
            _ => {}
        }
    }

    /// A node has taken the place of the master. `fork`: the last position that both have.
    pub(super) fn take_over(&mut self, at_us: Us, to: u16, epoch: u32, fork: Lsn, doubtful: Vec<u32>) {
        let failed_us = self.failed_us.or(self.cut_us).unwrap_or(at_us);
        let from = std::mem::replace(&mut self.master, to);
        (self.failed_us, self.cut_us) = (None, None);
        let begin = doubtful.len().saturating_sub(DOUBTFUL_MAX);
        let doubtful = doubtful.get(begin..).unwrap_or_default().to_vec();
        self.list.push(Takeover { at_us, from, to, epoch, fork, failed_us, resumed_us: None, doubtful });
    }

    pub(super) fn master(&self) -> u16 {
        self.master
    }

    pub(super) fn set_master(&mut self, master: u16) {
        self.master = master;
    }

    /// Another node than the master has logged a write.
    pub(super) fn diverged(&mut self, node: u16, write: u32) {
        if let Some(overlap) = self.overlaps.last_mut().filter(|overlap| overlap.until_us.is_none()) {
            overlap.diverged += 1;
        }
        if let Some(takeover) = self.list.iter_mut().rev().find(|takeover| takeover.from == node)
            && takeover.doubtful.len() < DOUBTFUL_MAX
        {
            takeover.doubtful.push(write);
        }
    }

    /// A write of the master's log was acknowledged.
    pub(super) fn acknowledged(&mut self, at_us: Us, lsn: Lsn) {
        if let Some(takeover) = self.list.last_mut()
            && lsn > takeover.fork
        {
            takeover.resumed_us.get_or_insert(at_us);
        }
    }
}
