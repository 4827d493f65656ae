//! `replay export`: a folder with which Docker Compose plays a text on real servers: `compose.yaml`, the links as proxies of
//! Toxiproxy, and a script.

mod compose;
mod script;

use std::fs;
use std::path::Path;
use std::process::ExitCode;

use replication_playground::run::Run;
use replication_playground::scenario;

use crate::engine::Engine;
use crate::files::{Done, print, read};
use crate::prepare::prepare;

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

/// Writes the folder for the text of a file.
pub fn write(file: &Path, folder: &Path) -> Done<ExitCode> {
    let text = read(file)?;
    let engine = match Run::new(&text)?.cluster().rules().engine {
        scenario::Engine::Redis => Engine::Redis,
        scenario::Engine::Postgres => Engine::Postgres,
        scenario::Engine::Mariadb => Engine::Mariadb,
        _ => {
            return Err(
                "the text is of no database that can be exported: name a preset of Redis, PostgreSQL or MariaDB \
                        (such as preset redis-async)"
                    .into(),
            );
        }
    };
    let prepared = prepare(engine, &text, 1.0)?;
    let mut whole = prepared.run;
    let nodes = whole.cluster().members().map(|member| member.name.to_string()).collect();
    whole.play_out();
    let export = Export { engine, whole, numbers: prepared.numbers, nodes };
    let script = script::play(&export)?;
    fs::create_dir(folder).map_err(|why| format!("{}: {why}", folder.display()))?;
    let mut files = compose::files(&export);
    files.push(("play.sh", script));
    files.push(("run.txt", text));
    for (name, text) in files {
        let path = folder.join(name);
        fs::write(&path, text).map_err(|why| format!("{}: {why}", path.display()))?;
    }
    prepared.notes.iter().for_each(|note| eprintln!("replay: {note}"));
    print(&format!(
        "written to {}; play it there:\n  docker compose up -d && sh play.sh; docker compose down -v\n",
        folder.display()
    ))?;
    Ok(ExitCode::SUCCESS)
}
