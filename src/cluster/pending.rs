//! Requests that wait for their answers, and when their clients give up.

use std::collections::VecDeque;

use smallvec::SmallVec;

use crate::chunks::Recent;
use crate::history::LOAD_FIRST;
use crate::time::Us;

/// Nodes to ask, the best first: as many as most clusters have need no memory of their own.
pub type Nodes = SmallVec<[u16; 8]>;

/// A request that waits for its answer.
#[derive(Debug, Clone)]
pub struct Pending {
    /// Who asks.
    pub client: u16,
    /// Who is asked now; nothing while the router finds nobody.
    pub node: Option<u16>,
    /// Nodes that the router may try after this one.
    pub others: Nodes,
    /// Whether the router has chosen the node.
    pub routed: bool,
}

/// All of them, by the number of the request.
#[derive(Debug, Clone, Default)]
pub struct Pendings {
    /// Those of the text's lines, and those of a load.
    hand: Recent<Option<Pending>>,
    load: Recent<Option<Pending>>,
    /// When clients give up, in order. Of requests that were answered as well, but for the first one.
    patience: VecDeque<(Us, u32)>,
    /// How many of a load there are.
    of_load: usize,
}

impl Pendings {
    fn list(&self, operation: u32) -> (&Recent<Option<Pending>>, u32) {
        if operation >= LOAD_FIRST { (&self.load, operation - LOAD_FIRST) } else { (&self.hand, operation) }
    }

    fn list_mut(&mut self, operation: u32) -> (&mut Recent<Option<Pending>>, u32) {
        if operation >= LOAD_FIRST { (&mut self.load, operation - LOAD_FIRST) } else { (&mut self.hand, operation) }
    }

    /// A request waits from now on. Numbers come in order, some may be left out.
    pub fn insert(&mut self, operation: u32, pending: Pending, gives_up_us: Us) {
        self.of_load += usize::from(operation >= LOAD_FIRST);
        let (list, number) = self.list_mut(operation);
        if list.kept() == 0 {
            list.skip_to(number);
        }
        while list.next_number() < number {
            list.push(None);
        }
        list.push(Some(pending));
        let place = match self.patience.back() {
            Some(&(last, _)) if last > gives_up_us => self.patience.partition_point(|(at, _)| *at <= gives_up_us),
            _ => self.patience.len(),
        };
        self.patience.insert(place, (gives_up_us, operation));
    }

    /// The request with this number, if it waits.
    pub fn get(&self, operation: u32) -> Option<&Pending> {
        let (list, number) = self.list(operation);
        list.get(number)?.as_ref()
    }

    /// The request with this number, if it waits, to change it.
    pub fn get_mut(&mut self, operation: u32) -> Option<&mut Pending> {
        let (list, number) = self.list_mut(operation);
        list.get_mut(number)?.as_mut()
    }

    /// It waits no longer. Nothing if it did not.
    pub fn take(&mut self, operation: u32) -> Option<Pending> {
        let (list, number) = self.list_mut(operation);
        let taken = list.get_mut(number)?.take();
        while list.first().is_some_and(Option::is_none) {
            list.drop_first();
        }
        self.of_load -= usize::from(operation >= LOAD_FIRST && taken.is_some());
        while self.patience.front().is_some_and(|&(_, operation)| self.get(operation).is_none()) {
            self.patience.pop_front();
        }
        taken
    }

    /// How many of a load wait.
    pub fn of_load(&self) -> usize {
        self.of_load
    }

    /// All that wait, in the order in which they were asked; those of a load behind the others.
    pub fn iter(&self) -> impl Iterator<Item = (u32, &Pending)> {
        let hand = self.hand.iter().filter_map(|(number, pending)| Some((number, pending.as_ref()?)));
        let load = self.load.iter().filter_map(|(number, pending)| Some((LOAD_FIRST + number, pending.as_ref()?)));
        hand.chain(load)
    }

    /// Those of one client.
    pub fn of(&self, client: u16) -> impl Iterator<Item = (u32, &Pending)> {
        self.iter().filter(move |(_, pending)| pending.client == client)
    }

    /// Requests of one client for which this node is asked.
    pub fn asked_of(&self, client: u16, node: u16) -> Vec<u32> {
        self.of(client).filter(|(_, pending)| pending.node == Some(node)).map(|(number, _)| number).collect()
    }

    /// The next request whose client gives up, and when, µs.
    pub fn next_to_give_up(&self) -> Option<(Us, u32)> {
        self.patience.front().copied()
    }
}
