//! `replay`: plays run texts natively, with the same core as the page.

#[cfg(not(target_arch = "wasm32"))]
mod bench;
#[cfg(not(target_arch = "wasm32"))]
mod conform;
#[cfg(not(target_arch = "wasm32"))]
mod engine;
#[cfg(not(target_arch = "wasm32"))]
mod export;
#[cfg(not(target_arch = "wasm32"))]
mod files;
#[cfg(not(target_arch = "wasm32"))]
mod prepare;
#[cfg(not(target_arch = "wasm32"))]
mod print;
#[cfg(not(target_arch = "wasm32"))]
mod progress;
#[cfg(not(target_arch = "wasm32"))]
mod random;
#[cfg(all(unix, feature = "real"))]
mod real;
#[cfg(not(target_arch = "wasm32"))]
mod refusals;
#[cfg(not(target_arch = "wasm32"))]
mod run;
#[cfg(not(target_arch = "wasm32"))]
mod swarm;

#[cfg(target_arch = "wasm32")]
fn main() {}

#[cfg(not(target_arch = "wasm32"))]
fn main() -> std::process::ExitCode {
    arguments::main()
}

#[cfg(not(target_arch = "wasm32"))]
mod arguments {
    use std::path::PathBuf;
    use std::process::ExitCode;

    use clap::{Parser, Subcommand};

    use crate::{bench, conform, export, print, random, run, swarm};
    #[cfg(all(unix, feature = "real"))]
    use crate::{engine::Engine, real};

    /// Plays run texts of the replication playground.
    #[derive(Parser)]
    #[command(name = "replay", version)]
    struct Arguments {
        #[command(subcommand)]
        command: Command,
    }

    #[derive(Subcommand)]
    enum Command {
        /// Plays a text; prints what every client saw, the verdicts and a hash. Exit status 1 if an expectation
        /// fails, or if a line that expects nothing could not be done; 2 if the text cannot be played.
        Run {
            /// The text, or - for standard input.
            file: PathBuf,
            /// Also tell everything that happened.
            #[arg(long)]
            story: bool,
        },
        /// Plays scenarios that were observed on real databases, each under its presets. Exit status 1 if one differs.
        Conform {
            /// A file in the notation of tests/observed.txt, or - for standard input.
            file: PathBuf,
        },
        /// Plays a text as the page does, and measures: events a second, memory, how long a seek to the middle takes.
        Bench {
            /// The text, or - for standard input.
            file: PathBuf,
            /// Print it as one object of JSON.
            #[arg(long)]
            json: bool,
        },
        /// Prints a random run text: the same numbers give the same text. It has fewer lines if a run text cannot have
        /// so many.
        Random {
            /// Where chance begins.
            #[arg(long, default_value_t = 0)]
            seed: u64,
            /// Lines with a time.
            #[arg(long, default_value_t = 100)]
            lines: usize,
            /// Heal and start everything at the end.
            #[arg(long)]
            quiet_end: bool,
        },
        /// Plays random runs of all presets with random faults, heals and mends them, and demands that the nodes hold the
        /// same. Prints the first that fails, with its seed, as short as it can be made; then the exit status is 1.
        Swarm {
            /// How many.
            #[arg(long, default_value_t = 1_000)]
            runs: u64,
            /// Where chance begins: each run has the next seed.
            #[arg(long, default_value_t = 0)]
            seed: u64,
        },
        /// Plays a text on real servers that this starts and ends again, and puts beside each line what the simulator says.
        /// Exit status 1 if the two differ or an expectation fails; 2 if the text cannot be played on this engine.
        #[cfg(all(unix, feature = "real"))]
        Real {
            /// Whose servers.
            engine: Engine,
            /// The text, or - for standard input.
            #[arg(required = true)]
            files: Vec<PathBuf>,
            /// The files are in the notation of tests/observed.txt: play their scenarios that have a preset of this engine.
            #[arg(long)]
            conform: bool,
            #[command(flatten)]
            options: real::Options,
        },
        /// Makes random scenarios of what an engine can do, plays each on real servers and on the simulator, and tells those in
        /// which the two differ each time, as short as they can be made, in the notation of tests/observed.txt; then the exit
        /// status is 1.
        #[cfg(all(unix, feature = "real"))]
        Differ {
            /// Whose servers.
            engine: Engine,
            /// How many scenarios.
            #[arg(long, default_value_t = 20)]
            runs: u64,
            /// Where chance begins: each scenario has the next seed.
            #[arg(long, default_value_t = 0)]
            seed: u64,
            /// Begin no new scenario after so many seconds.
            #[arg(long)]
            seconds: Option<u64>,
            #[command(flatten)]
            options: real::Options,
        },
        /// Writes a folder with which Docker Compose plays a text on real servers, each link through Toxiproxy.
        Export {
            /// The text, or - for standard input.
            file: PathBuf,
            /// The folder; it must not be there yet.
            #[arg(long)]
            compose: PathBuf,
        },
        /// Prints a text as the playground writes it.
        Print {
            /// The text, or - for standard input.
            file: PathBuf,
        },
    }

    pub fn main() -> ExitCode {
        let Arguments { command } = Arguments::parse();
        let done = match command {
            Command::Run { file, story } => run::play(&file, story),
            Command::Conform { file } => conform::play(&file),
            Command::Bench { file, json } => bench::measure(&file, json),
            Command::Random { seed, lines, quiet_end } => random::write(seed, lines, quiet_end),
            Command::Swarm { runs, seed } => swarm::search(runs, seed),
            #[cfg(all(unix, feature = "real"))]
            Command::Real { engine, files, conform, options } => real::play(engine, &files, conform, &options),
            #[cfg(all(unix, feature = "real"))]
            Command::Differ { engine, runs, seed, seconds, options } => {
                real::differ(engine, seed..seed.saturating_add(runs), seconds, &options)
            }
            Command::Export { file, compose } => export::write(&file, &compose),
            Command::Print { file } => print::write(&file),
        };
        done.unwrap_or_else(|why| {
            eprintln!("replay: {why}");
            ExitCode::from(2)
        })
    }
}
