//! What `guarantees-real` has seen of the runs of the table of guarantees: a file beside the table.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use replication_playground::facts::Portable;

use crate::files::Done;

#[cfg(feature = "real")]
const HEAD: &str = "\
# The runs of the table of guarantees on real servers: `make guarantees-real` writes it, `make guarantees` reads it.
# A line is the run, a hash of its text, what came of it (same, other, unplayed), and with which version, when, or why.
";

/// What came of a run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Came {
    /// Each answer was the same: with this version, on this day.
    Same(String),
    /// One was not: with this version, and which.
    Other(String, String),
    /// It cannot be played on a real server, and why.
    Unplayed(String),
}

/// A run.
#[derive(Debug, Clone)]
pub struct Seen {
    run: String,
    hash: String,
    came: Came,
}

impl Seen {
    /// What came of the text of a run.
    #[cfg(feature = "real")]
    pub fn new(run: String, text: &str, came: Came) -> Self {
        Self { run, hash: hash(text), came }
    }

    fn parse(line: &str) -> Option<Self> {
        let mut words = line.splitn(4, ' ');
        let (run, hash) = (words.next()?.to_owned(), words.next()?.to_owned());
        let came = match (words.next()?, words.next()?) {
            ("same", version) => Came::Same(version.to_owned()),
            ("unplayed", why) => Came::Unplayed(why.to_owned()),
            (_, told) => {
                let (version, what) = told.split_once(" | ")?;
                Came::Other(version.to_owned(), what.to_owned())
            }
        };
        Some(Self { run, hash, came })
    }

    #[cfg(feature = "real")]
    fn line(&self) -> String {
        let told = match &self.came {
            Came::Same(version) => format!("same {version}"),
            Came::Other(version, what) => format!("other {version} | {what}"),
            Came::Unplayed(why) => format!("unplayed {why}"),
        };
        format!("{} {} {told}\n", self.run, self.hash)
    }
}

/// The file.
pub struct Confirmations(Vec<Seen>);

impl Confirmations {
    /// Reads it; without one nothing was seen.
    pub fn read(folder: &Path) -> Done<Self> {
        let file = file(folder);
        let text = if file.exists() { fs::read_to_string(&file)? } else { String::new() };
        Ok(Self(text.lines().filter(|line| !line.starts_with('#')).filter_map(Seen::parse).collect()))
    }

    /// With which version and when a run came out the same, if its text is still that one.
    pub fn of(&self, run: &str, text: &str) -> Option<String> {
        let seen = self.0.iter().find(|seen| seen.run == run && seen.hash == hash(text))?;
        match &seen.came {
            Came::Same(version) => Some(version.clone()),
            _ => None,
        }
    }

    /// The part of the page that tells of it; nothing if nothing was seen.
    pub fn section(&self) -> String {
        if self.0.is_empty() {
            return String::new();
        }
        let link = |seen: &Seen| format!("[{0}](guarantees/{0}.run)", seen.run.trim_end_matches(".run"));
        let mut versions: BTreeMap<&str, (usize, usize)> = BTreeMap::new();
        let (mut other, mut unplayed) = (String::new(), BTreeMap::<&str, (usize, Vec<String>)>::new());
        for seen in &self.0 {
            match &seen.came {
                Came::Same(version) => versions.entry(version).or_default().0 += 1,
                Came::Other(version, what) => {
                    versions.entry(version).or_default().1 += 1;
                    other.push_str(&format!("- {}: {what}\n", link(seen)));
                }
                Came::Unplayed(why) => {
                    let (count, presets) = unplayed.entry(why).or_default();
                    let preset = format!("`{}`", preset(&seen.run));
                    *count += 1;
                    presets.extend((!presets.contains(&preset)).then_some(preset));
                }
            }
        }
        let counts: String = versions
            .iter()
            .map(|(version, (same, other))| format!("- {version}: {same} the same, {other} otherwise\n"))
            .collect();
        let mut out = format!(
            "\n## On real servers\n\n`make guarantees-real` plays the {} runs on [real servers](real-servers.md), each \
             on servers of its own, and\ncompares each answer with the simulator’s.\n\n{counts}",
            self.0.len()
        );
        if other.is_empty() {
            out.push_str("\nNone came out otherwise.\n");
        } else {
            out.push_str(&format!("\n**What came out otherwise**, three times of three:\n\n{other}"));
        }
        if !unplayed.is_empty() {
            let unplayed: String = unplayed
                .iter()
                .map(|(why, (count, presets))| format!("- {count} of {}: {why}\n", presets.join(", ")))
                .collect();
            out.push_str(&format!("\n**What cannot be played there**, runs and why:\n\n{unplayed}"));
        }
        out
    }
}

/// Writes what was seen; of `runs` that were not played, what was seen before.
#[cfg(all(unix, feature = "real"))]
pub fn write(folder: &Path, runs: &[String], seen: &[Seen]) -> Done<()> {
    let before = Confirmations::read(folder)?;
    let of = |run: &String| seen.iter().chain(&before.0).find(|it| it.run == *run);
    let lines: String = runs.iter().filter_map(of).map(Seen::line).collect();
    fs::write(file(folder), HEAD.to_owned() + &lines)?;
    Ok(())
}

/// The preset that the name of a run begins with.
fn preset(run: &str) -> &str {
    let ends =
        ["-nobody-", "-careful-", "-strict-", "-built-in-"].into_iter().filter_map(|operator| run.find(operator));
    ends.min().and_then(|end| run.get(..end)).unwrap_or(run)
}

fn file(folder: &Path) -> PathBuf {
    folder.join("guarantees-real.txt")
}

fn hash(text: &str) -> String {
    use std::hash::Hasher;
    let mut hash = Portable::default();
    hash.take(text);
    format!("{:016x}", hash.finish())
}
