//! A text on real servers: whether an engine can play it, and a folder with which Docker Compose does: `compose.yaml`, the links
//! as proxies of Toxiproxy, and a script.

mod compose;
mod engine;
mod prepare;
mod refusals;
mod script;
mod tar;

use crate::error::{Code, Error};
use crate::run::Run;
use crate::scenario::{self, Failover};
pub use engine::Engine;
pub use prepare::{Prepared, is_of_clients, prepare};
pub use refusals::is_of_client;
pub use tar::tar;

/// Ports of the links begin here.
const LINKS: usize = 21_001;

/// What is written of a text.
struct Export {
    engine: Engine,
    /// The text's run, played out.
    whole: Run,
    numbers: Vec<usize>,
    /// Names of the nodes, the master first.
    nodes: Vec<String>,
}

impl Export {
    /// The links: who connects to whom, and at which port of the proxy.
    fn links(&self) -> Vec<(&str, &str, usize)> {
        let pairs = self.nodes.iter().flat_map(|x| self.nodes.iter().map(move |y| (x.as_str(), y.as_str())));
        pairs.filter(|(x, y)| x != y).zip(LINKS..).map(|((x, y), port)| (x, y, port)).collect()
    }

    fn port(&self, x: &str, y: &str) -> usize {
        self.links().iter().find(|(from, to, _)| (*from, *to) == (x, y)).map_or(0, |(_, _, port)| *port)
    }
}

/// A folder for Docker Compose.
pub struct Folder {
    /// Names and texts of its files.
    pub files: Vec<(&'static str, String)>,
    /// What was added to the text, in words.
    pub notes: Vec<String>,
}

/// The engine that a text is of.
///
/// # Errors
///
/// The text breaks the grammar or a limit, or is of no database that can be played in earnest.
pub fn engine_of(text: &str) -> Result<Engine, Error> {
    let run = Run::new(text)?;
    match run.cluster().rules().engine {
        scenario::Engine::Postgres if matches!(run.cluster().failover(), Failover::Lease { .. }) => Ok(Engine::Patroni),
        scenario::Engine::Redis => Ok(Engine::Redis),
        scenario::Engine::Postgres => Ok(Engine::Postgres),
        scenario::Engine::Mariadb => Ok(Engine::Mariadb),
        _ => Err(refusal(
            "the text is of no database that can be exported: name a preset of Redis, PostgreSQL or MariaDB \
             (such as preset redis-async)",
        )),
    }
}

/// The folder for a text.
///
/// # Errors
///
/// As [`engine_of`], or something of it cannot be done: the error says which line, and why.
pub fn folder(text: &str) -> Result<Folder, Error> {
    let engine = engine_of(text)?;
    let prepared = prepare(engine, text, 1.0)?;
    let mut whole = prepared.run;
    if whole.cluster().failover() != Failover::Manual {
        return Err(refusal("the script starts nothing that watches, no Sentinels and no Patroni (replay real does)"));
    }
    let nodes = whole.cluster().members().map(|member| member.name.to_string()).collect();
    whole.play_out();
    let export = Export { engine, whole, numbers: prepared.numbers, nodes };
    let script = script::play(&export)?;
    let mut files = compose::files(&export);
    files.push(("play.sh", script));
    files.push(("run.txt", text.to_owned()));
    Ok(Folder { files, notes: prepared.notes })
}

/// A text that cannot be played.
fn refusal(message: impl Into<String>) -> Error {
    Error::new(Code::Limit, message)
}
