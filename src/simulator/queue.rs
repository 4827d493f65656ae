//! The event queue: earliest first, and at one instant in the order in which the events were put in.

use std::cmp::Ordering;
use std::collections::BinaryHeap;

use crate::time::Us;

/// Bits of a key for the number of the event, below those for its time: 37 are left for that, which is 38 hours. One
/// number to compare and few bytes to move are most of what a queue of some dozen events costs.
const NUMBER_BITS: u32 = 27;
const NUMBERS: u64 = 1 << NUMBER_BITS;
/// The last time that has a place of its own. What is due later counts as due then: no run goes on for so long.
const LAST_US: Us = u64::MAX >> NUMBER_BITS;

/// When an event is due, its number, and where it is kept.
#[derive(Debug, Clone, Copy)]
pub struct Item {
    key: u64,
    slot: u32,
    generation: u32,
}

/// Marks the slot of an item that is the head of a channel: then it is the channel's number.
const HEAD: u32 = 1 << 31;

impl Item {
    /// When it is due.
    #[inline(always)]
    pub fn at(&self) -> Us {
        self.key >> NUMBER_BITS
    }

    /// The channel whose head it is, and the generation of its announcement.
    #[inline(always)]
    pub fn head(&self) -> Option<(usize, u32)> {
        (self.slot & HEAD > 0).then_some(((self.slot & !HEAD) as usize, self.generation))
    }
}

impl PartialEq for Item {
    fn eq(&self, other: &Self) -> bool {
        self.key == other.key
    }
}
impl Eq for Item {}
impl PartialOrd for Item {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
    fn lt(&self, other: &Self) -> bool {
        other.key < self.key
    }
    fn le(&self, other: &Self) -> bool {
        other.key <= self.key
    }
}
impl Ord for Item {
    /// Reversed, since the heap gives its greatest item first.
    fn cmp(&self, other: &Self) -> Ordering {
        other.key.cmp(&self.key)
    }
}

/// Events in a total order.
#[derive(Debug, Clone)]
pub struct Queue<E> {
    heap: BinaryHeap<Item>,
    events: Vec<Option<E>>,
    free: Vec<u32>,
    next_number: u64,
}

impl<E> Default for Queue<E> {
    fn default() -> Self {
        Self { heap: BinaryHeap::new(), events: Vec::new(), free: Vec::new(), next_number: 0 }
    }
}

impl<E> Queue<E> {
    /// The key of the next event that is put in.
    fn next_key(&mut self, at: Us) -> u64 {
        if self.next_number == NUMBERS {
            self.number_anew();
        }
        let key = at.min(LAST_US) << NUMBER_BITS | self.next_number;
        self.next_number += 1;
        key
    }

    /// All numbers are used up: those that wait get the first ones, in their order.
    #[cold]
    fn number_anew(&mut self) {
        let mut items = std::mem::take(&mut self.heap).into_sorted_vec();
        self.next_number = 0;
        // The heap's order is the other way round.
        for item in items.iter_mut().rev() {
            item.key = item.key >> NUMBER_BITS << NUMBER_BITS | self.next_number;
            self.next_number += 1;
        }
        self.heap = items.into();
    }

    /// Puts an event in.
    pub fn push(&mut self, at: Us, event: E) {
        let key = self.next_key(at);
        let slot = self.free.pop().unwrap_or_else(|| {
            self.events.push(None);
            (self.events.len() - 1) as u32
        });
        if let Some(place) = self.events.get_mut(slot as usize) {
            *place = Some(event);
        }
        self.heap.push(Item { key, slot, generation: 0 });
    }

    /// Puts the head of a channel in.
    pub fn push_head(&mut self, at: Us, channel: usize, generation: u32) {
        let key = self.next_key(at);
        self.heap.push(Item { key, slot: HEAD | channel as u32, generation });
    }

    /// The next item.
    #[inline(always)]
    pub fn first(&self) -> Option<Item> {
        self.heap.peek().copied()
    }

    /// Takes the next item out, the head of a channel.
    pub fn drop_head(&mut self) {
        self.heap.pop();
    }

    /// When the next event is due.
    pub fn next_at(&self) -> Option<Us> {
        self.heap.peek().map(|item| item.key >> NUMBER_BITS)
    }

    /// Takes the next event out.
    pub fn pop(&mut self) -> Option<(Us, E)> {
        let item = self.heap.pop()?;
        self.free.push(item.slot);
        let event = self.events.get_mut(item.slot as usize)?.take()?;
        Some((item.key >> NUMBER_BITS, event))
    }

    /// Lets the next event be due again at a later time, behind all that are due then.
    pub fn put_off(&mut self, at: Us) {
        let key = self.next_key(at);
        if let Some(mut item) = self.heap.peek_mut() {
            item.key = key;
        }
    }

    /// All events but the heads of channels, and when they are due, in no order.
    pub fn timed(&self) -> impl Iterator<Item = (Us, &E)> {
        let others = self.heap.iter().filter(|item| item.head().is_none());
        others.filter_map(|item| Some((item.at(), self.events.get(item.slot as usize)?.as_ref()?)))
    }

    /// All events, in no order.
    pub fn iter(&self) -> impl Iterator<Item = &E> {
        self.events.iter().flatten()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn events_come_by_time_and_then_in_the_order_of_their_coming() {
        let mut queue = Queue::default();
        for (at, name) in [(5, 'd'), (1, 'a'), (5, 'e'), (1, 'b'), (3, 'c'), (5, 'f')] {
            queue.push(at, name);
        }
        assert_eq!(queue.next_at(), Some(1));
        let order: String = std::iter::from_fn(|| queue.pop()).map(|(_, name)| name).collect();
        assert_eq!(order, "abcdef");
    }

    #[test]
    fn numbers_that_are_used_up_begin_anew_and_nothing_changes_its_place() {
        let mut queue = Queue { next_number: NUMBERS - 3, ..Queue::default() };
        for (at, name) in [(5, 'd'), (1, 'a'), (5, 'e'), (1, 'b'), (3, 'c'), (5, 'f')] {
            queue.push(at, name);
        }
        assert_eq!(queue.pop(), Some((1, 'a')));
        queue.put_off(5);
        let order: Vec<_> = std::iter::from_fn(|| queue.pop()).collect();
        assert_eq!(order, [(3, 'c'), (5, 'd'), (5, 'e'), (5, 'f'), (5, 'b')]);
        assert_eq!(queue.next_number, 7);
    }

    #[test]
    fn what_is_due_after_the_last_time_comes_last() {
        let mut queue = Queue::default();
        queue.push(Us::MAX, 'b');
        queue.push(crate::limits::RUN_US_MAX, 'a');
        assert_eq!(queue.pop(), Some((crate::limits::RUN_US_MAX, 'a')));
        assert_eq!(queue.pop(), Some((LAST_US, 'b')));
    }
}
