//! A question about a run of now, asked in words: `promise no-lost-writes operator careful faults 1 depth 5`.

use super::look::{followed_by, ids};
use super::operator::Operator;
use super::promise::Promise;
use super::question::{Means, Question, Reads};
use crate::error::{Code, Error};
use crate::limits;
use crate::run::Run;

impl Question {
    /// The question of a run as it is now. Of a cluster with more nodes than can be checked, the last slaves that nobody
    /// follows leave first, as a line of the text says: the second part of the answer names them.
    ///
    /// # Errors
    ///
    /// No slave can leave.
    pub fn fitted(run: &Run) -> Result<(Self, Vec<String>), Error> {
        let mut run = run.clone();
        run.drop_lines_until(limits::RUN_US_MAX);
        let mut left_out = Vec::new();
        while ids(run.cluster()).len() > limits::CHECK_NODES_MAX {
            let cluster = run.cluster();
            let last = ids(cluster).into_iter().rev().filter(|id| *id != cluster.master());
            let Some(id) = last.min_by_key(|id| followed_by(cluster, *id)) else { break };
            let name = cluster.name(id).to_owned();
            run.command(&format!("remove {name}"))?;
            if ids(run.cluster()).contains(&id) {
                let message = format!("{name} cannot be left out of the check");
                return Err(Error::new(Code::Limit, message).expecting("at most 5 nodes"));
            }
            left_out.push(name);
        }
        left_out.reverse();
        Ok((Self::new(&run), left_out))
    }

    /// Takes words that say what is asked otherwise: `promise P` (for more of them more than once), `operator O`,
    /// `faults N|any`, `means M,M`, `reads master|routed`, `depth N`, `states N`.
    ///
    /// # Errors
    ///
    /// A word is not known, or nothing stands behind it.
    pub fn ask(&mut self, words: &str) -> Result<(), Error> {
        let mut words = words.split_whitespace();
        let mut promises = Vec::new();
        while let Some(word) = words.next() {
            let value = words.next().unwrap_or_default();
            match word {
                "promise" => promises.push(Promise::named(value)?),
                "operator" => self.operator = Operator::named(value)?,
                "faults" if value == "any" => self.faults = None,
                "faults" => self.faults = Some(number(word, value)?),
                "means" => self.means = Means::named(value.split(','))?,
                "reads" => self.reads = Reads::named(value)?,
                "depth" => self.depth = number(word, value)?,
                "states" => self.states_max = number(word, value)?,
                _ => {
                    let shown: String = word.chars().take(24).collect();
                    let message = format!("“{shown}” says nothing of a check");
                    let expected = "promise, operator, faults, means, reads, depth or states";
                    return Err(Error::new(Code::Syntax, message).expecting(expected));
                }
            }
        }
        if !promises.is_empty() {
            self.promises = promises;
        }
        Ok(())
    }
}

fn number<N: std::str::FromStr>(word: &str, value: &str) -> Result<N, Error> {
    let shown: String = value.chars().take(24).collect();
    value.parse().map_err(|_| Error::new(Code::Limit, format!("“{shown}” is no number for {word}")))
}
