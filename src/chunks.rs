//! A long list that can be copied in no time: its parts are shared until one of the copies changes them.

use std::rc::Rc;

/// Elements in a part. A change of an element in a shared part copies so many.
pub const PART: usize = 512;

/// The allocator enlarges the memory by what is wanted, and each time that takes the browser up to a millisecond, however
/// little it is. So whenever it has become larger, room for an eighth more is taken at once, and left to the allocator.
#[cfg(target_arch = "wasm32")]
fn take_room() {
    use std::arch::wasm32::memory_size;
    use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};

    const PAGE: usize = 1 << 16;
    static PAGES: AtomicUsize = AtomicUsize::new(0);
    let pages = memory_size(0);
    if pages > PAGES.load(Relaxed) {
        drop(std::hint::black_box(Vec::<u8>::with_capacity(pages * PAGE / 8)));
        PAGES.store(memory_size(0), Relaxed);
    }
}

/// A list that grows at its end and may be cut off at both.
#[derive(Debug, Clone)]
pub struct Chunks<T> {
    /// All parts but the last one: full.
    parts: Vec<Rc<Vec<T>>>,
    /// The last part. It is empty only if the list is.
    tail: Vec<T>,
    /// Elements of the first part that no longer count.
    skipped: usize,
}

impl<T> Default for Chunks<T> {
    fn default() -> Self {
        Self { parts: Vec::new(), tail: Vec::new(), skipped: 0 }
    }
}

impl<T: Clone> Chunks<T> {
    /// How many elements there are.
    #[inline(always)]
    pub fn len(&self) -> usize {
        self.parts.len() * PART + self.tail.len() - self.skipped
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.tail.is_empty()
    }

    /// The element at a place.
    #[inline(always)]
    pub fn get(&self, place: usize) -> Option<&T> {
        let at = self.skipped.checked_add(place)?;
        match self.parts.get(at / PART) {
            Some(part) => part.get(at % PART),
            None => self.tail.get(at - self.parts.len() * PART),
        }
    }

    /// The element at a place, to change it.
    #[inline(always)]
    pub fn get_mut(&mut self, place: usize) -> Option<&mut T> {
        let at = self.skipped.checked_add(place)?;
        let full = self.parts.len() * PART;
        match self.parts.get_mut(at / PART) {
            Some(part) => Rc::make_mut(part).get_mut(at % PART),
            None => self.tail.get_mut(at - full),
        }
    }

    /// The last element.
    #[inline(always)]
    pub fn last(&self) -> Option<&T> {
        self.tail.last()
    }

    /// The first element.
    pub fn first(&self) -> Option<&T> {
        self.get(0)
    }

    /// Adds an element at the end.
    #[inline(always)]
    pub fn push(&mut self, element: T) {
        if self.tail.len() == PART {
            self.begin_part();
        }
        self.tail.push(element);
    }

    #[cold]
    fn begin_part(&mut self) {
        #[cfg(target_arch = "wasm32")]
        take_room();
        let full = std::mem::replace(&mut self.tail, Vec::with_capacity(PART));
        self.parts.push(Rc::new(full));
    }

    /// Takes the last element off.
    pub fn pop(&mut self) -> Option<T> {
        let last = self.last()?.clone();
        self.truncate(self.len() - 1);
        Some(last)
    }

    /// Takes the first element off.
    pub fn pop_first(&mut self) -> Option<T> {
        let first = self.first()?.clone();
        self.skip(1);
        Some(first)
    }

    /// Takes off what the first part has. Returns how many elements that are.
    pub fn drop_first_part(&mut self) -> usize {
        let count = self.len().min(PART - self.skipped);
        self.skip(count);
        count
    }

    /// Takes off the first elements: no more than the first part has.
    fn skip(&mut self, count: usize) {
        self.skipped += count;
        if self.skipped == PART && !self.parts.is_empty() {
            self.parts.remove(0);
            self.skipped = 0;
        } else if self.parts.is_empty() && self.skipped == self.tail.len() {
            *self = Self::default();
        }
    }

    /// Takes off all behind the first `len` elements.
    pub fn truncate(&mut self, len: usize) {
        if len >= self.len() {
            return;
        }
        if len == 0 {
            *self = Self::default();
            return;
        }
        let (end, full) = (self.skipped + len, self.parts.len() * PART);
        self.parts.truncate(end.div_ceil(PART));
        // The last part is the one that lies open.
        if let Some(part) = self.parts.pop_if(|_| end <= full) {
            self.tail = Rc::unwrap_or_clone(part);
        }
        self.tail.truncate(end - self.parts.len() * PART);
    }

    /// The elements, the first one first.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = &T> {
        self.range(0)
    }

    /// The elements from a place on.
    pub fn range(&self, from: usize) -> impl DoubleEndedIterator<Item = &T> {
        let len = self.len();
        (from.min(len)..len).filter_map(|place| self.get(place))
    }

    /// The place of the first element that does not fulfil this, where all that do come first.
    pub fn partition_point(&self, fulfils: impl Fn(&T) -> bool) -> usize {
        let (mut low, mut high) = (0, self.len());
        while low < high {
            let middle = low.midpoint(high);
            if self.get(middle).is_some_and(&fulfils) { low = middle + 1 } else { high = middle }
        }
        low
    }
}

impl<T: Clone> Chunks<Option<T>> {
    /// Puts a value at a place, and makes the list longer where it must.
    pub fn put(&mut self, place: usize, value: T) {
        while self.len() <= place {
            self.push(None);
        }
        if let Some(slot) = self.get_mut(place) {
            *slot = Some(value);
        }
    }
}

/// A list by number, of which the oldest elements may have been dropped.
#[derive(Debug, Clone)]
pub struct Recent<T> {
    kept: Chunks<T>,
    dropped: u32,
}

impl<T> Default for Recent<T> {
    fn default() -> Self {
        Self { kept: Chunks::default(), dropped: 0 }
    }
}

impl<T: Clone> Recent<T> {
    fn place(&self, number: u32) -> usize {
        number.checked_sub(self.dropped).map_or(usize::MAX, |place| place as usize)
    }

    /// How many there are, without those that were dropped.
    pub fn kept(&self) -> usize {
        self.kept.len()
    }

    /// How many were dropped.
    pub fn dropped(&self) -> u32 {
        self.dropped
    }

    /// The number that the next element gets.
    pub fn next_number(&self) -> u32 {
        self.dropped + u32::try_from(self.kept.len()).unwrap_or(u32::MAX)
    }

    /// The element with a number, if it is kept.
    pub fn get(&self, number: u32) -> Option<&T> {
        self.kept.get(self.place(number))
    }

    /// The element with a number, to change it.
    pub fn get_mut(&mut self, number: u32) -> Option<&mut T> {
        self.kept.get_mut(self.place(number))
    }

    /// The oldest one that is kept.
    pub fn first(&self) -> Option<&T> {
        self.kept.first()
    }

    /// Adds an element, with the next number.
    pub fn push(&mut self, element: T) {
        self.kept.push(element);
    }

    /// An empty list goes on with this number.
    pub fn skip_to(&mut self, number: u32) {
        debug_assert!(self.kept.is_empty());
        self.dropped = number;
    }

    /// Drops the oldest one.
    pub fn drop_first(&mut self) {
        if !self.kept.is_empty() {
            self.kept.skip(1);
            self.dropped += 1;
        }
    }

    /// Numbers and elements that are kept, the oldest first.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = (u32, &T)> {
        (0..self.kept.len()).filter_map(|place| {
            let number = self.dropped + u32::try_from(place).unwrap_or(u32::MAX);
            Some((number, self.kept.get(place)?))
        })
    }
}

#[cfg(all(test, not(target_arch = "wasm32")))]
#[allow(clippy::indexing_slicing, reason = "a test that fails should say so at once")]
mod tests {
    use std::collections::VecDeque;

    use proptest::prelude::*;

    use super::*;

    proptest! {
        /// It does what a deque does, and a copy stays as it was.
        #[test]
        fn it_is_a_deque(steps in prop::collection::vec((0u8..9, 0usize..3_000), 1..200)) {
            let (mut list, mut model) = (Chunks::default(), VecDeque::new());
            let mut copies = Vec::new();
            for (number, &(what, amount)) in steps.iter().enumerate() {
                match what {
                    0..=2 => for element in 0..amount { list.push(element); model.push_back(element); },
                    3 => for _ in 0..amount { prop_assert_eq!(list.pop_first(), model.pop_front()); },
                    7 => { model.drain(..list.drop_first_part()); }
                    4 => { list.truncate(amount); model.truncate(amount); }
                    5 => { prop_assert_eq!(list.pop(), model.pop_back()); }
                    6 => if let Some(element) = list.get_mut(amount) { *element = number; model[amount] = number; },
                    _ => copies.push((list.clone(), model.clone())),
                }
                prop_assert_eq!((list.len(), list.last(), list.first()), (model.len(), model.back(), model.front()));
            }
            for (list, model) in copies.into_iter().chain([(list, model)]) {
                prop_assert!(list.iter().eq(model.iter()));
                prop_assert!(list.range(700).eq(model.iter().skip(700)));
            }
        }
    }
}
