//! What happened: every fact of a run, and the tables of requests and writes that the facts name by number.

mod records;

use std::borrow::Cow;
use std::hash::{Hash, Hasher};

pub use records::{Entry, Kind, LOAD_FIRST, Needs, OWN_RECORD, Operation, Outcome, Value, Write};

use crate::chunks::{Chunks, PART, Recent};
use crate::facts::{Event, Fact, Packed, Portable};
use crate::limits;
use crate::time::Us;

/// With more facts than this the oldest part of them is dropped.
const FACTS_MAX: u64 = (limits::FACTS_KEPT_MAX + PART) as u64;

/// All facts of a run, and what they speak of.
#[derive(Debug, Clone, Default)]
pub struct History {
    facts: Chunks<Packed>,
    /// Those that are not packed, by their number among them, each with its number among all facts.
    rare: Recent<(u64, Event)>,
    /// Facts that no judge has seen yet.
    unjudged: Vec<Packed>,
    /// Facts so far, dropped ones counted, and those of them that are no longer kept.
    count: u64,
    dropped: u64,
    hash: Portable,
    keys: Vec<Box<str>>,
    /// Their numbers, in the order of the keys.
    sorted: Vec<u32>,
    writes: Chunks<Write>,
    /// What was ever logged, on any node: logs name these by their places.
    entries: Chunks<Entry>,
    operations: Chunks<Operation>,
    /// Those of a load, by their number behind [`LOAD_FIRST`]. Old ones are dropped.
    load: Recent<Operation>,
}

impl History {
    /// Writes a fact down.
    pub fn note(&mut self, at_us: Us, event: Event) {
        let packed = Packed::of(at_us, &event).unwrap_or_else(|| {
            self.hash.take(event);
            let number = self.rare.next_number();
            self.rare.push((self.count, event));
            Packed::rare(at_us, number)
        });
        self.push(packed);
    }

    /// The same, for what happens with every request and entry: it is packed where it happens.
    #[inline(always)]
    pub fn note_frequent(&mut self, at_us: Us, event: Event) {
        match Packed::of(at_us, &event) {
            Some(packed) => self.push(packed),
            None => self.note(at_us, event),
        }
    }

    #[inline(always)]
    fn push(&mut self, packed: Packed) {
        // Its number does not count in the hash: the order does.
        for word in packed.words() {
            self.hash.word(word);
        }
        self.facts.push(packed);
        self.count += 1;
        if !packed.says_nothing() {
            self.unjudged.push(packed);
        }
        if self.count > self.dropped + FACTS_MAX {
            self.drop_facts();
        }
    }

    /// Drops the oldest part of the facts, and the rare ones among them.
    #[cold]
    fn drop_facts(&mut self) {
        self.dropped += self.facts.drop_first_part() as u64;
        while self.rare.first().is_some_and(|(seq, _)| *seq < self.dropped) {
            self.rare.drop_first();
        }
    }

    /// Lets words count in the hash that no fact carries: keys, values, commands.
    pub fn absorb(&mut self, words: impl Hash) {
        self.hash.take(words);
    }

    /// Facts so far, dropped ones counted.
    pub fn len(&self) -> u64 {
        self.count
    }

    /// Whether nothing has happened yet.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Facts that are no longer kept, the oldest.
    pub fn dropped(&self) -> u64 {
        self.dropped
    }

    /// Facts from a number on.
    pub fn since(&self, seq: u64) -> impl DoubleEndedIterator<Item = Fact> {
        let skip = usize::try_from(seq.saturating_sub(self.dropped)).unwrap_or(usize::MAX);
        let len = self.facts.len();
        (skip.min(len)..len).filter_map(|place| self.open(self.dropped + place as u64, *self.facts.get(place)?))
    }

    /// A fact as it is read.
    fn open(&self, seq: u64, packed: Packed) -> Option<Fact> {
        Some(Fact { seq, at_us: packed.at_us(), event: self.event(packed)? })
    }

    /// What happened, of a fact that is kept.
    pub fn event(&self, packed: Packed) -> Option<Event> {
        packed.event().or_else(|| self.rare.get(packed.rare_number()?).map(|(_, event)| *event))
    }

    /// Facts that no judge has seen yet.
    #[inline(always)]
    pub fn unjudged(&self) -> &[Packed] {
        &self.unjudged
    }

    /// They have been judged.
    pub(crate) fn clear_unjudged(&mut self) {
        self.unjudged.clear();
    }

    /// Whether a fact is one of the many that only a load brings about: one request, one write.
    pub fn is_of_load(&self, event: &Event) -> bool {
        let write = match *event {
            Event::Asked { operation, .. }
            | Event::Retried { operation, .. }
            | Event::ReadServed { operation, .. }
            | Event::Finished { operation }
            | Event::AnswerTooLate { operation, .. }
            | Event::WriteIgnored { operation, .. }
            | Event::WriteForwarded { operation, .. } => return operation >= LOAD_FIRST,
            Event::Logged { write, .. } | Event::Applied { write, .. } | Event::WrittenLocally { write, .. } => write,
            _ => return false,
        };
        self.write(write).is_some_and(|write| write.operation >= LOAD_FIRST)
    }

    /// A hash of all facts so far, the dropped ones too, and of keys, values, outcomes and commands. The same on every machine.
    pub fn hash(&self) -> u64 {
        self.hash.finish()
    }

    /// The numbers of the keys `k1` to `kN`; nothing when there are too many.
    pub fn load_keys(&mut self, count: u16) -> Option<Vec<u32>> {
        (1..=count).map(|number| self.key_number(&format!("k{number}"))).collect()
    }

    /// The number of a key, a new one if it is new; nothing when there are too many.
    pub fn key_number(&mut self, key: &str) -> Option<u32> {
        let place = match self.sorted.binary_search_by(|&number| self.key(number).cmp(key)) {
            Ok(place) => return self.sorted.get(place).copied(),
            Err(place) => place,
        };
        if self.keys.len() >= limits::KEYS_MAX {
            return None;
        }
        let number = u32::try_from(self.keys.len()).ok()?;
        self.hash.take(key);
        self.keys.push(key.into());
        self.sorted.insert(place, number);
        Some(number)
    }

    /// How many keys there are; they are numbered from 0.
    pub fn key_count(&self) -> u32 {
        self.keys.len() as u32
    }

    /// The key with a number.
    pub fn key(&self, number: u32) -> &str {
        self.keys.get(number as usize).map_or("", |key| key)
    }

    /// Notes a write. Its number is from 1.
    pub fn add_write(&mut self, write: Write) -> u32 {
        self.hash.take(&write);
        self.writes.push(write);
        self.write_count()
    }

    /// Writes so far.
    pub fn write_count(&self) -> u32 {
        u32::try_from(self.writes.len()).unwrap_or(u32::MAX)
    }

    /// The write with a number.
    pub fn write(&self, number: u32) -> Option<&Write> {
        self.writes.get((number as usize).checked_sub(1)?)
    }

    /// Whether a write was done before another one was asked for.
    pub fn is_before(&self, write: u32, other: u32) -> bool {
        let told = self.write(write).and_then(|write| write.told_us);
        let asked = self.write(other).and_then(|write| self.operation(write.operation)).map(|asked| asked.asked_us);
        told.zip(asked).is_some_and(|(told, asked)| told < asked)
    }

    /// The value that a write made, nothing for a delete.
    pub fn value(&self, write: u32) -> Option<Cow<'_, str>> {
        match &self.write(write)?.value {
            Value::Deleted => None,
            Value::Text(text) => Some(Cow::Borrowed(text)),
            Value::Made(_) => Some(Cow::Owned(format!("v{write}"))),
        }
    }

    /// Size of that value, bytes.
    pub fn value_bytes(&self, write: u32) -> usize {
        match self.write(write).map(|write| &write.value) {
            Some(Value::Text(text)) => text.len(),
            Some(Value::Made(bytes)) => usize::from(*bytes),
            Some(Value::Deleted) | None => 0,
        }
    }

    /// The client was told that its write is done.
    pub(crate) fn told(&mut self, write: u32, at_us: Us) {
        let place = (write as usize).checked_sub(1);
        if let Some(write) = place.and_then(|place| self.writes.get_mut(place)) {
            write.told_us = Some(at_us);
        }
    }

    /// Notes what a master has logged. Its number is from 0.
    pub fn add_entry(&mut self, entry: Entry) -> u32 {
        self.entries.push(entry);
        self.entries.len() as u32 - 1
    }

    /// The entry with a number.
    #[inline(always)]
    pub fn entry(&self, number: u32) -> Option<&Entry> {
        self.entries.get(number as usize)
    }

    /// Notes a request. Its number is from 1.
    pub fn add_operation(&mut self, operation: Operation) -> u32 {
        self.operations.push(operation);
        u32::try_from(self.operations.len()).unwrap_or(u32::MAX)
    }

    /// Notes a request of a load. Its number is from [`LOAD_FIRST`].
    pub fn add_load_operation(&mut self, operation: Operation) -> u32 {
        let over = self.load.kept() >= limits::LOAD_REQUESTS_KEPT;
        if over && self.load.first().is_some_and(|first| first.outcome != Outcome::Pending) {
            self.load.drop_first();
        }
        self.load.push(operation);
        LOAD_FIRST + (self.load.next_number() - 1)
    }

    /// The number that the next request of a load gets.
    pub fn next_load_operation(&self) -> u32 {
        LOAD_FIRST + self.load.next_number()
    }

    /// Requests of a load: all there were, those no longer kept as well.
    pub fn load_operations(&self) -> &Recent<Operation> {
        &self.load
    }

    /// All requests of the text's lines, the first one first.
    pub fn operations(&self) -> &Chunks<Operation> {
        &self.operations
    }

    /// The request with a number.
    pub fn operation(&self, number: u32) -> Option<&Operation> {
        if number >= LOAD_FIRST {
            return self.load.get(number - LOAD_FIRST);
        }
        self.operations.get((number as usize).checked_sub(1)?)
    }

    /// The request with a number, to change it.
    pub(crate) fn operation_mut(&mut self, number: u32) -> Option<&mut Operation> {
        if number >= LOAD_FIRST {
            return self.load.get_mut(number - LOAD_FIRST);
        }
        self.operations.get_mut((number as usize).checked_sub(1)?)
    }
}
