//! Requests that wait for their answers, and when their clients give up.

use std::collections::VecDeque;

use smallvec::SmallVec;

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
    /// When its client gives up, µs, and how many asked before it.
    pub gives_up: (Us, u64),
}

/// Those that wait, by number: from the oldest one on.
#[derive(Debug, Clone, Default)]
struct Window {
    first: u32,
    list: VecDeque<Option<Pending>>,
}

impl Window {
    #[inline(always)]
    fn slot(&self, number: u32) -> Option<&Option<Pending>> {
        self.list.get(number.wrapping_sub(self.first) as usize)
    }

    #[inline(always)]
    fn slot_mut(&mut self, number: u32) -> Option<&mut Option<Pending>> {
        self.list.get_mut(number.wrapping_sub(self.first) as usize)
    }

    fn iter(&self) -> impl Iterator<Item = (u32, &Option<Pending>)> {
        (self.first..).zip(&self.list)
    }
}

/// All of them, by the number of the request.
#[derive(Debug, Clone)]
pub struct Pendings {
    /// Those of the text's lines, and those of a load.
    hand: Window,
    load: Window,
    /// Whether who asked later also gives up later, of both kinds.
    unordered: bool,
    last_us: Us,
    asked: u64,
    /// When the first one gives up, µs, and who; the greatest time for nobody.
    first: (Us, u32),
    /// How many of a load there are.
    of_load: usize,
}

impl Default for Pendings {
    fn default() -> Self {
        let (hand, load) = (Window::default(), Window::default());
        Self { hand, load, unordered: false, last_us: 0, asked: 0, first: (Us::MAX, 0), of_load: 0 }
    }
}

impl Pendings {
    #[inline(always)]
    fn list(&self, operation: u32) -> (&Window, u32) {
        if operation >= LOAD_FIRST { (&self.load, operation - LOAD_FIRST) } else { (&self.hand, operation) }
    }

    #[inline(always)]
    fn list_mut(&mut self, operation: u32) -> (&mut Window, u32) {
        if operation >= LOAD_FIRST { (&mut self.load, operation - LOAD_FIRST) } else { (&mut self.hand, operation) }
    }

    /// A request waits from now on. Numbers come in order, some may be left out.
    pub fn insert(&mut self, operation: u32, mut pending: Pending, gives_up_us: Us) {
        self.of_load += usize::from(operation >= LOAD_FIRST);
        self.unordered |= gives_up_us < self.last_us;
        self.last_us = gives_up_us;
        self.asked += 1;
        pending.gives_up = (gives_up_us, self.asked);
        if self.nobody_waits() || gives_up_us < self.first.0 {
            self.first = (gives_up_us, operation);
        }
        let (window, number) = self.list_mut(operation);
        if window.list.is_empty() {
            window.first = number;
        }
        while window.first + (window.list.len() as u32) < number {
            window.list.push_back(None);
        }
        window.list.push_back(Some(pending));
    }

    #[inline(always)]
    fn nobody_waits(&self) -> bool {
        self.hand.list.is_empty() && self.load.list.is_empty()
    }

    /// The request with this number, if it waits.
    #[inline(always)]
    pub fn get(&self, operation: u32) -> Option<&Pending> {
        let (list, number) = self.list(operation);
        list.slot(number)?.as_ref()
    }

    /// The request with this number, if it waits, to change it.
    pub fn get_mut(&mut self, operation: u32) -> Option<&mut Pending> {
        let (list, number) = self.list_mut(operation);
        list.slot_mut(number)?.as_mut()
    }

    /// It waits no longer. Nothing if it did not.
    pub fn take(&mut self, operation: u32) {
        let (window, number) = self.list_mut(operation);
        let Some(slot) = window.slot_mut(number) else { return };
        let was = slot.is_some();
        *slot = None;
        self.sweep(operation, was);
    }

    /// It waits no longer, if it waits for this node. `only_look`: it goes on waiting.
    #[inline]
    pub fn take_of(&mut self, operation: u32, node: u16, only_look: bool) -> bool {
        let (window, number) = self.list_mut(operation);
        let Some(slot) = window.slot_mut(number) else { return false };
        if slot.as_ref().is_none_or(|pending| pending.node != Some(node)) {
            return false;
        }
        if !only_look {
            *slot = None;
            self.sweep(operation, true);
        }
        true
    }

    #[inline]
    fn sweep(&mut self, operation: u32, was: bool) {
        let (window, _) = self.list_mut(operation);
        while window.list.front().is_some_and(Option::is_none) {
            window.list.pop_front();
            window.first += 1;
        }
        self.of_load -= usize::from(operation >= LOAD_FIRST && was);
        if self.first.1 == operation {
            self.note_first();
        }
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

    #[inline]
    fn note_first(&mut self) {
        if self.nobody_waits() {
            self.first = (Us::MAX, 0);
            self.unordered = false;
            self.last_us = 0;
            return;
        }
        if self.unordered {
            let all = self.iter().map(|(operation, pending)| (pending.gives_up, operation)).min();
            self.first = all.map_or((Us::MAX, 0), |((at, _), operation)| (at, operation));
            return;
        }
        let front = |window: &Window| Some((window.list.front()?.as_ref()?.gives_up, window.first));
        let load = front(&self.load).map(|(gives_up, number)| (gives_up, LOAD_FIRST + number));
        let first = front(&self.hand).into_iter().chain(load).min();
        self.first = first.map_or((Us::MAX, 0), |((at, _), operation)| (at, operation));
    }

    /// When the next client gives up, µs; the greatest time for none.
    #[inline(always)]
    pub fn gives_up_at(&self) -> Us {
        self.first.0
    }

    /// The next request whose client gives up, and when, µs.
    pub fn next_to_give_up(&self) -> Option<(Us, u32)> {
        (self.first.0 < Us::MAX).then_some(self.first)
    }
}
