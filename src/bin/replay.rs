//! `replay`: plays run texts natively, with the same core as the page.

#[cfg(target_arch = "wasm32")]
fn main() {}

#[cfg(not(target_arch = "wasm32"))]
fn main() -> std::process::ExitCode {
    native::main()
}

#[cfg(not(target_arch = "wasm32"))]
mod native {
    use std::io::{self, Read, Write};
    use std::path::{Path, PathBuf};
    use std::process::ExitCode;

    use clap::{Parser, Subcommand};
    use replication_playground::conform::{self, Difference, Step};
    use replication_playground::error::{Code, Error};
    use replication_playground::run::Run;
    use replication_playground::time;
    use replication_playground::view;
    use replication_playground::{limits, random};

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
        /// fails, 2 if the text cannot be played.
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
        /// Prints a random run text: the same numbers give the same text.
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
        /// Prints a text as the playground writes it.
        Print {
            /// The text, or - for standard input.
            file: PathBuf,
        },
    }

    pub fn main() -> ExitCode {
        let Arguments { command } = Arguments::parse();
        let done = match command {
            Command::Run { file, story } => play(&file, story),
            Command::Conform { file } => conform(&file),
            Command::Random { seed, lines, quiet_end } => {
                print(&random::run_text(seed, lines.min(limits::LINES_MAX), quiet_end))
                    .map(|()| ExitCode::SUCCESS)
                    .map_err(Into::into)
            }
            Command::Print { file } => read(&file).and_then(|text| {
                let run = Run::new(&text)?;
                print(&run.text())?;
                Ok(ExitCode::SUCCESS)
            }),
        };
        done.unwrap_or_else(|why| {
            eprintln!("replay: {why}");
            ExitCode::from(2)
        })
    }

    type Done<T> = Result<T, Box<dyn std::error::Error>>;

    /// Reads at most one byte more than a text may have: what is longer is refused when it is parsed.
    fn read(file: &Path) -> Done<String> {
        let most = limits::TEXT_BYTES_MAX as u64 + 1;
        let mut bytes = Vec::new();
        if file.as_os_str() == "-" {
            io::stdin().take(most).read_to_end(&mut bytes)?;
        } else {
            let opened = std::fs::File::open(file).map_err(|why| format!("{}: {why}", file.display()))?;
            opened.take(most).read_to_end(&mut bytes)?;
        }
        let cut = |valid: usize| bytes.len() as u64 == most && bytes.len() - valid < 4;
        match std::str::from_utf8(&bytes) {
            Ok(text) => Ok(text.to_owned()),
            Err(wrong) if cut(wrong.valid_up_to()) => Ok(" ".repeat(bytes.len())),
            Err(wrong) => {
                let at = format!("The file is not text: byte {} is no UTF-8", wrong.valid_up_to() + 1);
                Err(Error::new(Code::Encoding, at).into())
            }
        }
    }

    fn conform(file: &Path) -> Done<ExitCode> {
        let (mut passed, mut failed) = (0, 0);
        for scenario in conform::read(&read(file)?)? {
            for preset in &scenario.presets {
                let name = format!("{} / {preset}", scenario.name);
                match conform::play(&scenario, preset) {
                    Ok(None) => {
                        passed += 1;
                        print(&format!("{name}: held\n"))?;
                    }
                    Ok(Some(Difference { step, got })) => {
                        failed += 1;
                        let Step { line, operation, expected } = step;
                        print(&format!("{name}: line {line}: {operation}: expected {expected}, got {got}\n"))?;
                    }
                    Err(why) => {
                        failed += 1;
                        print(&format!("{name}: {why}\n"))?;
                    }
                }
            }
        }
        print(&format!("{passed} passed, {failed} failed\n"))?;
        Ok(if failed == 0 { ExitCode::SUCCESS } else { ExitCode::from(1) })
    }

    fn play(file: &Path, story: bool) -> Done<ExitCode> {
        let text = read(file)?;
        let mut run = Run::new(&text)?;
        run.play_out();
        if story {
            print(&tell(&run))?;
        }
        print(&report(&run))?;
        print(&judge(&run))?;
        let failed = run.results().iter().filter(|result| result.held == Some(false)).count();
        Ok(if failed == 0 { ExitCode::SUCCESS } else { ExitCode::from(1) })
    }

    /// Everything that happened, a sentence a line.
    fn tell(run: &Run) -> String {
        let facts = run.cluster().history().since(0);
        let sentences = facts.filter_map(|fact| view::sentence(run, &fact, &view::MASTER_SLAVE));
        let told: String = sentences
            .map(|sentence| format!("{:>12}  {}\n", clock(sentence.at_us), view::plain(&sentence.parts)))
            .collect();
        told + "\n"
    }

    fn clock(at: time::Us) -> String {
        format!("{}.{:06} s", at / time::SECOND, at % time::SECOND)
    }

    fn report(run: &Run) -> String {
        let mut out = String::new();
        let lines = run.scenario().lines();
        for result in run.results() {
            let Some(line) = lines.get(result.line) else { continue };
            let mark = match result.held {
                Some(true) => "  held",
                Some(false) => "  DIFFERS",
                None => "",
            };
            let mut shown = (**line).clone();
            shown.comment = None;
            out.push_str(&format!("line {:<4} {shown} => {}{mark}\n", result.line + 1, result.got));
        }
        out
    }

    /// The verdicts, how many expectations held, and the hash.
    fn judge(run: &Run) -> String {
        let mut out = String::from("\n");
        for verdict in view::state(run, &view::MASTER_SLAVE).verdicts {
            out.push_str(&format!("{:<9} {}: {}\n", verdict.status, verdict.title, view::plain(&verdict.summary)));
            if !verdict.witness.is_empty() {
                out.push_str(&format!("{:<9} {}\n", "", view::plain(&verdict.witness)));
            }
        }
        let held: Vec<bool> = run.results().iter().filter_map(|result| result.held).collect();
        let passed = held.iter().filter(|held| **held).count();
        out.push_str(&format!("\nexpectations: {passed} held, {} differ\n", held.len() - passed));
        out.push_str(&format!("end: {}\nhash: {:016x}\n", clock(run.now()), run.hash()));
        out
    }

    fn print(text: &str) -> io::Result<()> {
        // A reader that has heard enough (head) is no error.
        match io::stdout().write_all(text.as_bytes()) {
            Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
            done => done,
        }
    }
}
