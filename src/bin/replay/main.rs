//! `replay`: plays run texts natively, with the same core as the page.

#[cfg(not(target_arch = "wasm32"))]
mod bench;
#[cfg(not(target_arch = "wasm32"))]
mod check;
#[cfg(not(target_arch = "wasm32"))]
mod confirmed;
#[cfg(not(target_arch = "wasm32"))]
mod conform;
#[cfg(not(target_arch = "wasm32"))]
mod export;
#[cfg(not(target_arch = "wasm32"))]
mod files;
#[cfg(not(target_arch = "wasm32"))]
mod guarantees;
#[cfg(not(target_arch = "wasm32"))]
mod guarantees_picture;
#[cfg(not(target_arch = "wasm32"))]
mod import;
#[cfg(not(target_arch = "wasm32"))]
mod practice;
#[cfg(not(target_arch = "wasm32"))]
mod print;
#[cfg(not(target_arch = "wasm32"))]
mod progress;
#[cfg(not(target_arch = "wasm32"))]
mod random;
#[cfg(all(unix, feature = "real"))]
mod real;
#[cfg(not(target_arch = "wasm32"))]
mod run;
#[cfg(not(target_arch = "wasm32"))]
mod still;
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

    #[cfg(all(unix, feature = "real"))]
    use crate::real;
    use crate::{bench, check, conform, export, guarantees, import, practice, print, random, run, still, swarm};
    #[cfg(all(unix, feature = "real"))]
    use replication_playground::export::Engine;

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
        /// Looks for the shortest ways in which a cluster breaks what it promises: every way of so many actions is tried.
        /// Exit status 1 if a promise is broken; 2 if the question cannot be asked.
        Check(check::Asked),
        /// Checks every preset and writes the table of what each holds.
        Guarantees(guarantees::Asked),
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
        /// Prints a lesson with one question, What happens next?: the same numbers give the same one.
        Practice {
            /// A preset, such as pg-async.
            preset: String,
            /// How hard: 1 to 4.
            #[arg(long, default_value_t = 1)]
            level: u8,
            /// Where chance begins.
            #[arg(long, default_value_t = 0)]
            seed: u64,
            /// Also tell which answer is right.
            #[arg(long)]
            solved: bool,
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
        /// Prints one instant of a run, or of the run that a lesson begins with, as a picture (SVG).
        Still {
            /// The text, or - for standard input.
            file: PathBuf,
            /// When: a time of the run, such as 2.3s.
            #[arg(long, default_value = "0s")]
            at: String,
            /// Its colours: auto (as the reader's system has it), light or dark.
            #[arg(long, default_value = "auto")]
            theme: String,
            /// What a master is called: engine, master or primary.
            #[arg(long, default_value = "engine")]
            words: String,
        },
        /// Reads status and settings as people paste them, and prints what they tell: the cluster, who is behind and why, what
        /// was read, assumed and not understood, what nobody can know, and a run text. Names are masked, and nothing secret
        /// comes out.
        Import {
            /// The pastes, or - for standard input: in any order.
            #[arg(required = true)]
            files: Vec<PathBuf>,
            /// Print it as one object of JSON.
            #[arg(long)]
            json: bool,
            /// Print also what the masks stand for: addresses and names of the paste.
            #[arg(long, conflicts_with = "json")]
            names: bool,
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
        /// Plays the runs of the table of guarantees on real servers, and writes down which came out the same.
        #[cfg(all(unix, feature = "real"))]
        GuaranteesReal(real::ConfirmAsked),
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
            Command::Check(asked) => check::search(&asked),
            Command::Guarantees(asked) => guarantees::make(&asked),
            Command::Conform { file } => conform::play(&file),
            Command::Bench { file, json } => bench::measure(&file, json),
            Command::Random { seed, lines, quiet_end } => random::write(seed, lines, quiet_end),
            Command::Swarm { runs, seed } => swarm::search(runs, seed),
            Command::Still { file, at, theme, words } => still::draw(&file, &at, &theme, &words),
            Command::Practice { preset, level, seed, solved } => practice::write(&preset, level, seed, solved),
            Command::Import { files, json, names } => import::tell(&files, json, names),
            #[cfg(all(unix, feature = "real"))]
            Command::Real { engine, files, conform, options } => real::play(engine, &files, conform, &options),
            #[cfg(all(unix, feature = "real"))]
            Command::Differ { engine, runs, seed, seconds, options } => {
                real::differ(engine, seed..seed.saturating_add(runs), seconds, &options)
            }
            #[cfg(all(unix, feature = "real"))]
            Command::GuaranteesReal(asked) => real::confirm(&asked),
            Command::Export { file, compose } => export::write(&file, &compose),
            Command::Print { file } => print::write(&file),
        };
        done.unwrap_or_else(|why| {
            eprintln!("replay: {why}");
            ExitCode::from(2)
        })
    }
}
