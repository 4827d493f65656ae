//! Does what lines say on real servers, and says what was seen.

use std::thread;
use std::time::{Duration, Instant};

use replication_playground::scenario::{Break, Command, LinkChange, Name, NodeCommand, Pair, Setting};

use super::asked::Asked;
use super::driver::{Driver, Real};
use super::held::until;
use replication_playground::export::is_of_client;

/// How long what was set going may take until it is done.
const SETTLES: Duration = Duration::from_secs(6);
const LOOK: Duration = Duration::from_millis(25);

/// What came of a line.
#[derive(Debug, Clone)]
pub enum Came {
    /// This was seen.
    Said(String),
    /// A client asked.
    Asked(Asked),
    /// What is true of a node.
    Facts(Vec<String>),
}

/// Plays lines.
pub struct Player {
    /// The servers.
    pub driver: Box<dyn Driver>,
    /// Writes that may still wait.
    pub asked: Vec<Asked>,
    /// The node that clients write to.
    master: usize,
    /// Latencies of clients' links, µs; the last that fits counts.
    client_links: Vec<(Pair, u64)>,
}

impl Player {
    /// Starts the servers and waits until all are in step.
    ///
    /// # Errors
    ///
    /// A server does not start, or does not come into step.
    pub fn launch(mut driver: Box<dyn Driver>) -> Real<Self> {
        driver.launch()?;
        let mut player = Self { driver, asked: Vec::new(), master: 0, client_links: Vec::new() };
        if !player.settle(Duration::from_secs(20)) {
            return Err("the servers did not come into step within 20 s".to_owned());
        }
        Ok(player)
    }

    /// Waits until what was set going is done: each slave that can reach the node that it follows is in step, or was refused.
    /// False if it takes longer.
    pub fn settle(&mut self, within: Duration) -> bool {
        let done = self.waits_for(within, |driver, n| driver.in_step(n));
        let after = self.driver.after_settling();
        done && after.is_ok()
    }

    /// Waits until each slave that can reach the node that it follows is connected, or was refused.
    pub fn connect(&mut self, within: Duration) -> bool {
        self.waits_for(within, |driver, n| driver.is_connected(n))
    }

    fn waits_for(&mut self, within: Duration, is_so: impl Fn(&dyn Driver, usize) -> Real<bool>) -> bool {
        let end = Instant::now() + within;
        let mut twice = 0;
        while twice < 2 {
            if Instant::now() > end {
                return false;
            }
            self.look_around();
            let site = self.driver.site();
            let mut wanted = site.all().filter(|&n| site.expects_link(n));
            // A server that is just starting does not answer yet.
            let good = wanted.all(|n| is_so(self.driver.as_ref(), n).unwrap_or(false));
            twice = if good { twice + 1 } else { 0 };
            thread::sleep(LOOK);
        }
        true
    }

    /// Where others than the text change roles: who follows whom by now. A server that does not answer is as it was.
    pub fn look_around(&mut self) {
        if !self.driver.site().watchers().is_empty() {
            let _ = self.driver.look_around();
        }
    }

    /// Waits until slaves have all that the ones they follow have.
    pub fn sync(&self, whom: Option<usize>) {
        let site = self.driver.site();
        let slaves: Vec<usize> = site.all().filter(|&n| whom.is_none_or(|only| only == n)).collect();
        until(SETTLES, || {
            let mut running = slaves.iter().filter(|&&n| site.is_up(n) && site.node(n).upstream.is_some());
            running.all(|&n| !self.driver.is_behind(n).unwrap_or(true))
        });
    }

    /// Does what a line says. What was set going may still be under way when it comes back.
    ///
    /// # Errors
    ///
    /// What a server should do, it does not; never what a client is told.
    pub fn does(&mut self, command: &Command) -> Real<Came> {
        let done = match command {
            Command::Operation { client, request, target, local } => {
                let n = self.target(target.as_ref());
                self.driver.site_mut().client_way = self.client_way(named(client.as_ref()), n);
                let asked = self.driver.ask(n, named(client.as_ref()), request, *local);
                self.asked.push(asked.clone());
                return Ok(Came::Asked(asked));
            }
            Command::Wait { client, slaves, within_us, target } => {
                let n = self.target(target.as_ref());
                let within = Duration::from_micros(*within_us);
                return Ok(Came::Asked(self.driver.ask_wait(n, named(client.as_ref()), *slaves, within)));
            }
            Command::Cancel(_) => match self.blocked().first() {
                Some(asked) => self.driver.cancel(asked),
                None => Ok(()),
            },
            Command::Node(NodeCommand::State, name) => return Ok(self.state(name, "")),
            Command::Node(what, name) => return self.does_to(*what, self.node(name)?),
            Command::Delay(name, us) => self.driver.delay(self.node(name)?, Duration::from_micros(*us)),
            Command::Link(pair, change) if is_of_client(pair) => {
                self.client_links.push((pair.clone(), change.latency_us.unwrap_or(0)));
                Ok(())
            }
            Command::Link(pair, change) => self.changes(pair, *change),
            Command::Break(how, pair) => self.breaks(*how, pair),
            Command::HealAll => {
                for (a, b) in self.pairs() {
                    self.heal(a, b);
                }
                Ok(())
            }
            Command::Promote { node, drain } => {
                let n = self.node(node)?;
                self.master = n;
                let site = self.driver.site();
                if !site.is_up(n) {
                    return Ok(Came::Said(format!("error: {node} is down")));
                }
                self.driver.promote(n, *drain)
            }
            Command::Follow { node, upstream, force } => {
                let (n, upstream) = (self.node(node)?, self.node(upstream)?);
                return self.driver.follow(n, upstream, *force).map(Came::Said);
            }
            Command::Priority(node, priority) => self.driver.priority(self.node(node)?, *priority),
            Command::Chain(names) => names.windows(2).try_for_each(|pair| match pair {
                [above, below] => {
                    let (above, below) = (self.node(above)?, self.node(below)?);
                    let follows = self.driver.site().node(below).upstream == Some(above);
                    if follows { Ok(()) } else { self.driver.follow(below, above, false).map(|_| ()) }
                }
                _ => Ok(()),
            }),
            Command::Set(Setting::SyncSlaves(names)) => {
                let slaves: Real<Vec<usize>> = names.iter().map(|name| self.node(name)).collect();
                self.driver.sync_slaves(&slaves?)
            }
            Command::End | Command::Set(_) => Ok(()),
            other => Err(format!("{other} is not played on real servers")),
        };
        done.map(|()| Came::Said("ok".to_owned()))
    }

    /// What is true of a node; `wanted` is the fact that is asked for.
    pub fn state(&self, name: &Name, wanted: &str) -> Came {
        let site = self.driver.site();
        let facts = self.node(name).and_then(|n| {
            if !site.is_up(n) {
                return Ok(vec!["process=down".to_owned()]);
            }
            if site.node(n).frozen {
                return Ok(vec!["process=frozen".to_owned()]);
            }
            let mut facts = self.driver.facts(n, wanted)?;
            if !facts.iter().any(|fact| fact.starts_with("process=")) {
                facts.insert(0, "process=up".to_owned());
            }
            Ok(facts)
        });
        facts.map_or_else(Came::Said, Came::Facts)
    }

    /// Writes that wait for more than a slow machine.
    pub fn blocked(&self) -> Vec<Asked> {
        self.asked.iter().filter(|asked| asked.answer().is_none()).cloned().collect()
    }

    fn does_to(&mut self, what: NodeCommand, n: usize) -> Real<Came> {
        let is_up = self.driver.site().is_up(n);
        let done = match what {
            NodeCommand::Start if is_up => return Ok(Came::Said("error: it is up".to_owned())),
            NodeCommand::Crash | NodeCommand::Stop | NodeCommand::Freeze | NodeCommand::Thaw if !is_up => {
                return Ok(Came::Said("error: it is down".to_owned()));
            }
            NodeCommand::Crash => self.driver.crash(n),
            NodeCommand::Stop => {
                return self.driver.stop(n).map(|ended| Came::Said(if ended { "ok" } else { "blocked" }.to_owned()));
            }
            NodeCommand::Start => return self.driver.start(n).map(Came::Said),
            NodeCommand::Freeze | NodeCommand::Thaw => {
                self.driver.site_mut().freeze(n, what == NodeCommand::Freeze);
                Ok(())
            }
            NodeCommand::Partition => {
                for (a, b) in self.pairs().into_iter().filter(|(a, b)| *a == n || *b == n) {
                    self.driver.site().links.set_cut(a, b, true);
                }
                Ok(())
            }
            NodeCommand::PauseApply | NodeCommand::ResumeApply => self.driver.pause(n, what == NodeCommand::PauseApply),
            NodeCommand::ReadOnly | NodeCommand::ReadWrite => self.driver.read_only(n, what == NodeCommand::ReadOnly),
            NodeCommand::TrimLog => self.driver.trim(n),
            NodeCommand::FillLog => self.driver.fill(n),
            NodeCommand::Rewind => return self.driver.rewind(n).map(Came::Said),
            NodeCommand::Rebuild => return self.driver.rebuild(n).map(Came::Said),
            NodeCommand::Add | NodeCommand::Remove | NodeCommand::State => {
                return Err("nodes that come and go are not played on real servers".to_owned());
            }
        };
        done.map(|()| Came::Said("ok".to_owned()))
    }

    fn changes(&self, pair: &Pair, change: LinkChange) -> Real<()> {
        let links = &self.driver.site().links;
        for (a, b) in self.directions(pair)? {
            links.change(a, b, |way| {
                let span = |us: Option<u64>, old| us.map_or(old, Duration::from_micros);
                way.latency = span(change.latency_us, way.latency);
                way.jitter = span(change.jitter_us, way.jitter);
                way.bandwidth = change.bandwidth.unwrap_or(way.bandwidth);
            });
        }
        Ok(())
    }

    fn breaks(&self, how: Break, pair: &Pair) -> Real<()> {
        let links = &self.driver.site().links;
        for (a, b) in self.directions(pair)? {
            match how {
                Break::Cut => links.set_cut(a, b, true),
                Break::Hold => links.change(a, b, |way| way.held = true),
                Break::Heal => self.heal(a, b),
            }
        }
        Ok(())
    }

    fn heal(&self, a: usize, b: usize) {
        let links = &self.driver.site().links;
        links.set_cut(a, b, false);
        links.change(a, b, |way| way.held = false);
    }

    fn pairs(&self) -> Vec<(usize, usize)> {
        let all = self.driver.site().everyone();
        all.clone().flat_map(|a| all.clone().map(move |b| (a, b))).filter(|(a, b)| a != b).collect()
    }

    fn directions(&self, pair: &Pair) -> Real<Vec<(usize, usize)>> {
        Ok(match pair {
            Pair::Both(a, b) => {
                let (a, b) = (self.node(a)?, self.node(b)?);
                vec![(a, b), (b, a)]
            }
            Pair::OneWay(a, b) => vec![(self.node(a)?, self.node(b)?)],
            Pair::Nodes => self.pairs(),
            Pair::Clients => return Err("clients connect directly".to_owned()),
        })
    }

    fn node(&self, name: &Name) -> Real<usize> {
        self.driver.site().named(name.as_str()).ok_or_else(|| format!("there is no server named {name}"))
    }

    /// Who is asked if nobody is named: the master. (Where a router would choose, who plays a text names the node.)
    fn target(&self, named: Option<&Name>) -> usize {
        named.and_then(|name| self.driver.site().named(name.as_str())).unwrap_or(self.master)
    }

    /// How long the way takes from a client to a node, and back.
    fn client_way(&self, client: &str, n: usize) -> (Duration, Duration) {
        let node = self.driver.site().node(n).name.as_str();
        let latency = |from: &str, to: &str| {
            let fits = |pair: &Pair| match pair {
                Pair::Clients => true,
                Pair::Nodes => false,
                Pair::OneWay(a, b) => (a.as_str(), b.as_str()) == (from, to),
                Pair::Both(a, b) => [(a.as_str(), b.as_str()), (b.as_str(), a.as_str())].contains(&(from, to)),
            };
            let found = self.client_links.iter().rev().find(|(pair, _)| fits(pair));
            Duration::from_micros(found.map_or(0, |(_, us)| *us))
        };
        (latency(client, node), latency(node, client))
    }
}

fn named(client: Option<&Name>) -> &str {
    client.map_or("A", Name::as_str)
}
