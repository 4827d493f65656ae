//! The event queue: earliest first, and at one instant in the order in which the events were put in.

use std::cmp::Ordering;
use std::collections::BinaryHeap;

use crate::time::Us;

#[derive(Debug, Clone)]
struct Item<E> {
    at: Us,
    number: u64,
    event: E,
}

impl<E> PartialEq for Item<E> {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}
impl<E> Eq for Item<E> {}
impl<E> PartialOrd for Item<E> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}
impl<E> Ord for Item<E> {
    /// Reversed, since the heap gives its greatest item first.
    fn cmp(&self, other: &Self) -> Ordering {
        (other.at, other.number).cmp(&(self.at, self.number))
    }
}

/// Events in a total order.
#[derive(Debug, Clone)]
pub struct Queue<E> {
    heap: BinaryHeap<Item<E>>,
    next_number: u64,
}

impl<E> Default for Queue<E> {
    fn default() -> Self {
        Self { heap: BinaryHeap::new(), next_number: 0 }
    }
}

impl<E> Queue<E> {
    /// Puts an event in.
    pub fn push(&mut self, at: Us, event: E) {
        self.heap.push(Item { at, number: self.next_number, event });
        self.next_number += 1;
    }

    /// When the next event is due.
    pub fn next_at(&self) -> Option<Us> {
        self.heap.peek().map(|item| item.at)
    }

    /// The next event.
    pub fn peek(&self) -> Option<&E> {
        self.heap.peek().map(|item| &item.event)
    }

    /// Takes the next event out.
    pub fn pop(&mut self) -> Option<(Us, E)> {
        self.heap.pop().map(|item| (item.at, item.event))
    }

    /// Takes the next event out, and puts another one in: cheaper than one after the other.
    pub fn exchange(&mut self, at: Us, event: E) {
        let number = self.next_number;
        if let Some(mut item) = self.heap.peek_mut() {
            *item = Item { at, number, event };
        }
        self.next_number += 1;
    }

    /// All events, in no order.
    pub fn iter(&self) -> impl Iterator<Item = &E> {
        self.heap.iter().map(|item| &item.event)
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
}
