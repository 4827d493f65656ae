//! The load: requests that are not in the lines of the text, by chance and without end.

use super::{Cluster, Timer};
use crate::facts::{Event, Failure};
use crate::history::{Kind, Operation, Outcome};
use crate::limits;
use crate::scenario::{Arrivals, Load, Name};
use crate::simulator::{Chance, Stream};
use crate::time::{MS, Us};

/// How long a client waits at least before it asks again when it got an error, as clients do that do not want to make it
/// worse.
const AFTER_FAILURE_US: Us = 50 * MS;

/// Draws who asks what, and when.
#[derive(Debug, Clone)]
pub struct Generator {
    load: Load,
    /// The client that stands for all of them.
    client: u16,
    generation: u32,
    chance: Chance,
    /// Numbers of its keys.
    keys: Vec<u32>,
    /// For keys that are not all alike: how many of 2^53 draws fall to a key or one before it.
    shares: Vec<u64>,
    /// Clients that think now: in a closed loop only.
    thinking: usize,
    /// When it asks next, ns: in an open loop only.
    next_ns: u64,
    /// The same, µs.
    next_us: Us,
}

impl Generator {
    fn new(load: Load, client: u16, generation: u32, chance: Chance, keys: Vec<u32>, now: Us) -> Self {
        let shares = shares(load.zipf_hundredths, keys.len());
        let mut new =
            Self { load, client, generation, chance, keys, shares, thinking: 0, next_ns: now * 1_000, next_us: now };
        new.pause();
        new
    }

    /// All chance from now on comes from another seed.
    pub fn reseed(&mut self, seed: u64, number: u32) {
        self.chance = Chance::new(seed, Stream::Load(number));
    }

    /// What it was told.
    pub fn load(&self) -> &Load {
        &self.load
    }

    /// The client that stands for all of them.
    pub fn client(&self) -> u16 {
        self.client
    }

    /// When it asks next without being answered, µs.
    pub fn next_at(&self) -> Option<Us> {
        matches!(self.load.arrivals, Arrivals::Open { .. }).then_some(self.next_us)
    }

    /// In an open loop: the time of its next request is so much later.
    fn pause(&mut self) {
        self.next_ns += self.pause_ns();
        self.next_us = self.next_ns / 1_000;
    }

    /// A time until somebody asks: random (exponential), ns.
    fn pause_ns(&mut self) -> u64 {
        let mean_ns = match self.load.arrivals {
            Arrivals::Open { rate } => 1e9 / f64::from(rate),
            Arrivals::Closed { think_us, .. } => think_us as f64 * 1e3,
        };
        (self.chance.exponential() * mean_ns) as u64
    }

    fn think_us(&mut self) -> Us {
        self.pause_ns() / 1_000
    }

    fn draw_key(&mut self) -> u32 {
        let place = if self.shares.is_empty() {
            self.chance.below(self.keys.len() as u64) as usize
        } else {
            let draw = self.chance.below(1 << 53);
            self.shares.partition_point(|share| *share <= draw).min(self.keys.len() - 1)
        };
        self.keys.get(place).copied().unwrap_or(0)
    }

    fn draws_read(&mut self) -> bool {
        self.chance.below(100) < u64::from(self.load.reads_percent)
    }
}

/// How the draws are shared out to the keys: key r gets r^-s as much as the first.
fn shares(zipf_hundredths: u8, keys: usize) -> Vec<u64> {
    if zipf_hundredths == 0 {
        return Vec::new();
    }
    let exponent = -f64::from(zipf_hundredths) / 100.0;
    let weights: Vec<f64> = (1..=keys).map(|rank| libm::exp(exponent * libm::log(rank as f64))).collect();
    let sum: f64 = weights.iter().sum();
    let mut so_far = 0.0;
    let share = |weight: f64| {
        so_far += weight;
        (so_far / sum * (1u64 << 53) as f64) as u64
    };
    weights.into_iter().map(share).collect()
}

impl Cluster {
    /// A load begins, changes or ends.
    pub(super) fn set_load(&mut self, load: Option<Load>) -> Result<(), String> {
        self.loads += 1;
        let Some(load) = load else {
            self.load = None;
            self.asks_at = Us::MAX;
            return Ok(());
        };
        let client = self.add_client(&Name("Load".into()))?;
        let too_many = || format!("a run has at most {} different keys", limits::KEYS_MAX);
        let keys = self.history.load_keys(load.keys).ok_or_else(too_many)?;
        let chance = match self.load.take() {
            Some(before) => before.chance,
            None => Chance::new(self.seed, Stream::Load(self.loads)),
        };
        let mut generator = Generator::new(load, client, self.loads, chance, keys, self.sim.now());
        while self.think(&mut generator, 0) {}
        self.asks_at = generator.next_at().unwrap_or(Us::MAX);
        self.load = Some(generator);
        Ok(())
    }

    /// One more client of a closed loop thinks before it asks. False if all of them think or wait.
    fn think(&mut self, generator: &mut Generator, at_least_us: Us) -> bool {
        let Arrivals::Closed { clients, .. } = generator.load.arrivals else { return false };
        if generator.thinking + self.pendings.of_load() >= usize::from(clients) {
            return false;
        }
        generator.thinking += 1;
        let at = self.sim.now() + generator.think_us().max(at_least_us);
        self.sim.set_timer(at, generator.client, Timer::Thought { generation: generator.generation });
        true
    }

    pub(super) fn thought(&mut self, generation: u32) {
        if let Some(load) = self.load.as_mut().filter(|load| load.generation == generation) {
            load.thinking -= 1;
            self.ask_for_load();
        }
    }

    /// The time of the open loop's next request has come.
    pub(super) fn load_asks(&mut self) {
        if let Some(generator) = &mut self.load {
            generator.pause();
            self.asks_at = generator.next_us;
        }
        self.ask_for_load();
    }

    /// A request of a load has come to its end: in a closed loop its client thinks, and asks again. One that failed asks
    /// again after a while only.
    pub(super) fn load_answered(&mut self, failed: bool) {
        // An open loop waits for nobody.
        if self.load.as_ref().is_none_or(|generator| generator.next_at().is_some()) {
            return;
        }
        if let Some(mut generator) = self.load.take() {
            self.think(&mut generator, if failed { AFTER_FAILURE_US } else { 0 });
            self.load = Some(generator);
        }
    }

    /// Whether there is no room for more writes: looked at now and then.
    fn load_is_over(&self) -> bool {
        let writes = self.history.write_count();
        let entries = || self.members().map(|member| member.node.disk.log.len()).sum::<usize>();
        writes >= limits::LOAD_WRITES_MAX || writes.is_multiple_of(256) && entries() >= limits::LOAD_ENTRIES_MAX
    }

    fn ask_for_load(&mut self) {
        if self.load_is_over() {
            self.load = None;
            self.asks_at = Us::MAX;
            self.note(Event::LoadEnded);
            return;
        }
        let Some(generator) = &mut self.load else { return };
        let (client, read, key) = (generator.client, generator.draws_read(), generator.draw_key());
        let bytes = generator.load.value_bytes;
        if self.pendings.of_load() >= limits::LOAD_WAITING_MAX {
            let kind = if read { Kind::Read } else { Kind::Write };
            let operation = self.history.add_load_operation(Operation { key, ..self.new_operation(client, kind) });
            self.note(Event::Asked { operation, node: None });
            self.finish(operation, Outcome::Failed(Failure::Overloaded));
            return;
        }
        self.start_of_load(client, read, key, bytes);
    }
}
