//! Random scenarios of what an engine can do, made while they are played: each step depends on how the real servers stand.
//!
//! What real servers do by chance is left out, so that a difference says something: a Redis that crashes right behind a write, a
//! graceful stop that waits for a held slave, orders that stand behind a MariaDB commit that waits.

use rand::RngExt;
use rand_xoshiro::Xoshiro256PlusPlus;
use rand_xoshiro::rand_core::SeedableRng;

use super::site::Site;
use replication_playground::export::Engine;

const NODES: [&str; 3] = ["m", "s1", "s2"];
const PAIRS: [(usize, usize); 3] = [(0, 1), (0, 2), (1, 2)];
/// Half seconds before semi-sync's time-out of 10 s.
const WAITS_MAX: u32 = 17;
const KEYS: [&str; 4] = ["k", "a", "b", "c"];

/// Makes one scenario.
pub struct Maker {
    chance: Xoshiro256PlusPlus,
    engine: Engine,
    preset: String,
    length: u32,
    steps: u32,
    values: u32,
    keys: Vec<&'static str>,
    broken: [&'static str; 3],
    /// What must come next.
    must: Vec<String>,
    /// Whether the closing looks have begun.
    closing: bool,
    last: String,
    wrote: bool,
    /// How long a write has been waiting by the notation's clock, half seconds.
    waits: u32,
}

impl Maker {
    /// The scenario of a seed.
    pub fn new(seed: u64, engine: Engine, preset: &str) -> Self {
        let mut chance = Xoshiro256PlusPlus::seed_from_u64(seed);
        let length = chance.random_range(6..=14);
        let (values, steps, keys, must) = (0, 0, Vec::new(), Vec::new());
        let (last, preset) = (String::new(), preset.to_owned());
        let (closing, wrote, waits) = (false, false, 0);
        Self {
            chance,
            engine,
            preset,
            length,
            steps,
            values,
            keys,
            broken: ["", "", ""],
            must,
            closing,
            last,
            wrote,
            waits,
        }
    }

    /// The next operation; nothing when it is enough. `blocked`: so many writes wait.
    pub fn next(&mut self, site: &Site, blocked: usize) -> Option<String> {
        self.steps += 1;
        // A step takes half a second there, and less here: it must not be the later side of semi-sync's time-out there alone.
        self.waits = if blocked > 0 { self.waits + if self.last.starts_with("wait ") { 5 } else { 1 } } else { 0 };
        if self.engine == Engine::Mariadb && self.waits > WAITS_MAX {
            return None;
        }
        if self.steps > self.length && !self.closing {
            self.closing = true;
            let looks = |keys: &[&str], n: usize| -> Vec<String> {
                keys.iter().map(|key| format!("read {key} @{}", name(n))).collect()
            };
            self.must = site.up().into_iter().flat_map(|n| looks(&self.keys, n)).rev().collect();
            self.must.extend((blocked > 0).then(|| "waiter".to_owned()));
        }
        if self.closing || !self.must.is_empty() {
            return self.must.pop();
        }
        if self.steps == 1 && self.chance.random_bool(0.6) {
            return Some(self.write(0));
        }
        let options = self.options(site, blocked);
        let all: u32 = options.iter().map(|(weight, _)| weight).sum();
        let mut at = self.chance.random_range(0..all.max(1));
        let chosen = options.into_iter().find(|(weight, _)| {
            let here = at < *weight;
            at = at.saturating_sub(*weight);
            here
        });
        let operation = chosen.map(|(_, operation)| operation)?;
        Some(if operation.starts_with("write ") { self.fill_in(&operation) } else { operation })
    }

    /// What was seen of an operation.
    pub fn saw(&mut self, operation: &str, site: &Site) {
        let words: Vec<&str> = operation.split_whitespace().collect();
        match words.as_slice() {
            ["write", key, ..] => {
                self.wrote = true;
                let key = KEYS.iter().find(|known| *known == key);
                self.keys.extend(key.filter(|key| !self.keys.contains(key)));
            }
            ["wait", "2s"] => self.wrote = false,
            ["hold" | "cut" | "heal", link] => {
                let how = ["hold", "cut", ""].into_iter().find(|how| *how == words[0]).unwrap_or("");
                for (place, (a, b)) in PAIRS.iter().enumerate() {
                    if *link == "all" || *link == format!("{}-{}", name(*a), name(*b)) {
                        self.broken[place] = how;
                    }
                }
            }
            ["partition", node] => {
                for (place, (a, b)) in PAIRS.iter().enumerate() {
                    if [name(*a), name(*b)].contains(node) {
                        self.broken[place] = "cut";
                    }
                }
            }
            // Histories part by a write, too, and not by the server's own records alone.
            ["promote" | "start", node, ..] if self.engine == Engine::Postgres => {
                let leads = site.named(node).is_some_and(|n| site.is_up(n) && site.node(n).upstream.is_none());
                if leads && self.chance.random_bool(0.8) {
                    let masters: Vec<usize> =
                        site.up().into_iter().filter(|&n| site.node(n).upstream.is_none()).collect();
                    self.must = masters.into_iter().map(|n| self.write(n)).collect();
                }
            }
            _ => {}
        }
        operation.clone_into(&mut self.last);
    }

    fn write(&mut self, n: usize) -> String {
        self.fill_in(&format!("write @{}", name(n)))
    }

    fn fill_in(&mut self, operation: &str) -> String {
        self.values += 1;
        let key = ["k", "k", "a", "b", "c"][self.chance.random_range(0..5)];
        operation.replace("write ", &format!("write {key} v{} ", self.values))
    }

    /// What can be done as the servers stand, and how often it should be.
    fn options(&mut self, site: &Site, blocked: usize) -> Vec<(u32, String)> {
        let up = site.up();
        let masters: Vec<usize> = up.iter().copied().filter(|&n| site.node(n).upstream.is_none()).collect();
        let slaves: Vec<usize> = up.iter().copied().filter(|&n| site.node(n).upstream.is_some()).collect();
        let mut options: Vec<(u32, String)> = Vec::new();
        options.extend(masters.iter().map(|&n| (12, format!("write @{}", name(n)))));
        options.extend(slaves.iter().map(|&n| (1, format!("write @{}", name(n)))));
        for key in self.keys.clone() {
            options.extend(up.iter().map(|&n| (2, format!("read {key} @{}", name(n)))));
        }
        options.extend(up.iter().map(|&n| (2, format!("state {}", name(n)))));
        self.link_options(site, &mut options);
        if blocked > 0 {
            options.push((4, "waiter".to_owned()));
            if self.engine == Engine::Postgres && blocked == 1 {
                options.push((2, "cancel waiter".to_owned()));
            }
            // Of two writes that wait for the row of a third, PostgreSQL does either first.
            if self.engine == Engine::Postgres && blocked > 1 {
                options.retain(|(_, operation)| !operation.starts_with("write "));
            }
            // Orders to its master stand behind a MariaDB commit that waits.
            if self.engine == Engine::Mariadb {
                return options;
            }
        }
        self.node_options(site, &up, &mut options);
        self.role_options(site, &masters, &slaves, &mut options);
        options
    }

    fn link_options(&self, site: &Site, options: &mut Vec<(u32, String)>) {
        for (place, &(a, b)) in PAIRS.iter().enumerate() {
            let link = format!("{}-{}", name(a), name(b));
            let used = site.node(a).upstream == Some(b) || site.node(b).upstream == Some(a);
            if !self.broken[place].is_empty() {
                options.push((4, format!("heal {link}")));
                options.push((4, "heal all".to_owned()));
            } else if used {
                options.push((3, format!("cut {link}")));
                options.push((2, format!("hold {link}")));
            }
        }
        if self.broken.iter().all(|how| how.is_empty()) {
            options.extend(NODES.iter().map(|node| (1, format!("partition {node}"))));
        }
    }

    fn node_options(&self, site: &Site, up: &[usize], options: &mut Vec<(u32, String)>) {
        let is_held =
            |n: usize| PAIRS.iter().zip(self.broken).any(|((a, b), how)| how == "hold" && (*a == n || *b == n));
        if up.len() > 1 {
            for &n in up {
                if !is_held(n) {
                    options.push((2, format!("stop {}", name(n))));
                }
                // What was written within the last second may or may not be on Redis's disk.
                let settles = self.engine == Engine::Redis && self.wrote && !self.preset.ends_with("persistence");
                options.push((2, if settles { "wait 2s".to_owned() } else { format!("crash {}", name(n)) }));
            }
        }
        options.extend(site.all().filter(|n| !up.contains(n)).map(|n| (8, format!("start {}", name(n)))));
    }

    fn role_options(&mut self, site: &Site, masters: &[usize], slaves: &[usize], options: &mut Vec<(u32, String)>) {
        let often = if masters.is_empty() { 8 } else { 1 };
        options.extend(slaves.iter().map(|&n| (often, format!("promote {}", name(n)))));
        for x in site.all() {
            for &y in masters.iter().chain(slaves).filter(|&&y| y != x && !is_above(site, x, y)) {
                let is_last_master = masters == [x];
                let news = site.node(x).upstream != Some(y);
                let is_held = self.broken.contains(&"hold");
                if news && !is_last_master && !(is_held && site.node(x).upstream.is_none()) {
                    options.push((1, format!("follow {} {}", name(x), name(y))));
                }
            }
        }
        if self.engine != Engine::Redis {
            options.extend(slaves.iter().map(|&n| {
                let verb = if site.node(n).paused { "resume-apply" } else { "pause-apply" };
                (if site.node(n).paused { 3 } else { 1 }, format!("{verb} {}", name(n)))
            }));
        }
        let refused = self.last.starts_with("follow ");
        if self.engine == Engine::Postgres && refused {
            let node = self.last.split_whitespace().nth(1).and_then(|node| site.named(node));
            let can = |n: &usize| {
                site.is_up(*n) && site.node(*n).upstream.is_some_and(|upstream| masters.contains(&upstream))
            };
            options.extend(node.filter(can).map(|n| (6, format!("rewind {}", name(n)))));
        }
        if self.engine == Engine::Redis && !self.broken.contains(&"hold") {
            options.extend(masters.iter().map(|&n| (2, format!("WAIT 2 1500ms @{}", name(n)))));
        }
    }
}

fn name(n: usize) -> &'static str {
    NODES.get(n).copied().unwrap_or("m")
}

/// Whether x stands above y, so that following y would make a ring.
fn is_above(site: &Site, x: usize, y: usize) -> bool {
    let mut at = Some(y);
    for _ in site.all() {
        match at {
            Some(n) if n == x => return true,
            Some(n) => at = site.node(n).upstream,
            None => return false,
        }
    }
    true
}
