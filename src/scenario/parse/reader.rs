//! Hands out the words of a line, read as what they stand for.

use super::header_only;
use super::known::{Known, end_name, name, node_name};
use crate::error::{Code, Error, did_you_mean};
use crate::limits;
use crate::scenario::words::{Word, Words};
use crate::scenario::{Command, Expect, Name, Pair, Ratio, Refusal};
use crate::time::{self, Us};

/// A word that does not fit. Where `expected` names words, the nearest one is offered.
pub(super) fn unknown(word: &str, column: usize, message: &str, expected: &str) -> Error {
    let meant = did_you_mean(word, words_in(expected));
    Error::new(Code::Syntax, format!("{message}: “{}”{meant}", shown(word))).at_column(column).expecting(expected)
}

/// The words of a list such as `diverged, gap or ahead`.
fn words_in(list: &str) -> impl Iterator<Item = &str> {
    let is_word = |part: &&str| {
        part.len() > 2
            && part.starts_with(|c: char| c.is_ascii_lowercase())
            && part.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-')
    };
    list.split([',', ' ']).filter(is_word)
}

/// A word from outside, short enough to stand in a message.
pub(super) fn shown(word: &str) -> String {
    let short: String = word.chars().take(24).collect();
    if short.len() < word.len() { format!("{short}…") } else { short }
}

pub(super) fn limit(message: String, column: usize) -> Error {
    Error::new(Code::Limit, message).at_column(column)
}

/// Hands out the words of a line.
pub(super) struct Reader<'a> {
    pub words: &'a Words,
    pub at: usize,
}

impl<'a> Reader<'a> {
    pub fn new(words: &'a Words) -> Self {
        Self { words, at: 0 }
    }

    pub fn peek(&self) -> Option<&'a Word> {
        self.words.words.get(self.at)
    }

    /// Column of the next word, or behind the last one.
    pub fn column(&self) -> usize {
        self.peek().map_or(self.words.end_column, |word| word.column)
    }

    pub fn syntax(&self, message: &str, expected: &str) -> Error {
        Error::new(Code::Syntax, message).at_column(self.column()).expecting(expected)
    }

    pub fn next(&mut self, expected: &str) -> Result<&'a Word, Error> {
        let ended = self.syntax("The line ends too soon", expected);
        let word = self.peek().ok_or(ended)?;
        self.at += 1;
        Ok(word)
    }

    pub fn take_if(&mut self, wanted: impl Fn(&Word) -> bool) -> Option<&'a Word> {
        let word = self.peek().filter(|word| wanted(word))?;
        self.at += 1;
        Some(word)
    }

    /// Takes the next word if it is this one.
    pub fn take_word(&mut self, wanted: &str) -> bool {
        self.take_if(|word| !word.quoted && word.text == wanted).is_some()
    }

    /// `@NODE`, if it is there.
    pub fn target(&mut self, known: &Known) -> Result<Option<Name>, Error> {
        match self.take_if(|word| !word.quoted && word.text.starts_with('@')) {
            Some(word) => node_name(word.text.get(1..).unwrap_or(""), word.column + 1, known).map(Some),
            None => Ok(None),
        }
    }

    pub fn slave_count(&mut self) -> Result<u8, Error> {
        let count = self.number("a number of slaves", 1, limits::SLAVES_MAX as u64)?;
        Ok(u8::try_from(count).unwrap_or(u8::MAX))
    }

    pub fn small(&mut self, expected: &str, min: u64, max: u64) -> Result<u8, Error> {
        Ok(u8::try_from(self.number(expected, min, max)?).unwrap_or(u8::MAX))
    }

    pub fn short(&mut self, expected: &str, min: u64, max: u64) -> Result<u16, Error> {
        Ok(u16::try_from(self.number(expected, min, max)?).unwrap_or(u16::MAX))
    }

    /// `80%`
    pub fn percent(&mut self) -> Result<u8, Error> {
        let expected = "a share of reads such as 80%";
        let word = self.next(expected)?;
        let digits = word.text.strip_suffix('%').unwrap_or("");
        Ok(u8::try_from(whole_number(digits, word.column, expected, 0, 100)?).unwrap_or(100))
    }

    /// `0.99`, in hundredths.
    pub fn hundredths(&mut self) -> Result<u8, Error> {
        let expected = "Zipf's exponent such as 0.99, with at most two digits behind the point";
        let word = self.next(expected)?;
        let (whole, part) = word.text.split_once('.').unwrap_or((&word.text, "0"));
        if part.is_empty() || part.len() > 2 {
            return Err(unknown(&word.text, word.column, "This is no exponent", expected));
        }
        let whole = whole_number(whole, word.column, expected, 0, limits::LOAD_ZIPF_MAX / 100)?;
        let part = whole_number(&format!("{part:0<2}"), word.column, expected, 0, 99)?;
        match whole * 100 + part {
            number @ 1..=limits::LOAD_ZIPF_MAX => Ok(u8::try_from(number).unwrap_or(u8::MAX)),
            _ => Err(limit(format!("{} is out of range", shown(&word.text)), word.column).expecting("0.01 to 2.00")),
        }
    }

    /// `100B`
    pub fn bytes(&mut self) -> Result<u16, Error> {
        let expected = "a size such as 100B";
        let word = self.next(expected)?;
        let digits = word.text.strip_suffix('B').unwrap_or("");
        let bytes = whole_number(digits, word.column, expected, 1, limits::VALUE_BYTES_MAX as u64)?;
        Ok(u16::try_from(bytes).unwrap_or(u16::MAX))
    }

    /// `50/s` or `unlimited`.
    pub fn rate(&mut self) -> Result<Option<u32>, Error> {
        let expected = "a rate such as 50/s, or unlimited";
        let word = self.next(expected)?;
        if word.text == "unlimited" {
            return Ok(None);
        }
        let digits = word.text.strip_suffix("/s").unwrap_or("");
        let rate = whole_number(digits, word.column, expected, 1, limits::APPLY_SPEED_MAX)?;
        Ok(u32::try_from(rate).ok())
    }

    pub fn finish(&self) -> Result<(), Error> {
        match self.peek() {
            None => Ok(()),
            Some(word) => {
                Err(unknown(&word.text, word.column, "The line should end here", "the end of the line, -> or #"))
            }
        }
    }

    /// `at T` or `+D`.
    pub fn time(&mut self, known: &Known) -> Result<Option<Us>, Error> {
        let column = self.column();
        let at = if self.take_if(|word| !word.quoted && word.text == "at").is_some() {
            self.span(0, limits::RUN_US_MAX)?
        } else if let Some(word) = self.take_if(|word| !word.quoted && word.text.starts_with('+')) {
            let span = time::parse(word.text.get(1..).unwrap_or("")).ok_or_else(|| {
                unknown(&word.text, word.column, "This is no span of time", "+ and a span such as +200ms")
            })?;
            known.last_at.unwrap_or(0).saturating_add(span)
        } else {
            return Ok(None);
        };
        if at > limits::RUN_US_MAX {
            return Err(limit("A run lasts at most a day of simulated time".to_owned(), column));
        }
        match known.last_at {
            Some(last) if at < last => {
                let message = format!("The time goes back: the line before is at {}", time::print(last));
                Err(Error::new(Code::Order, message)
                    .at_column(column)
                    .expecting(format!("{} or later", time::print(last))))
            }
            _ => Ok(Some(at)),
        }
    }

    pub fn client(&mut self, known: &mut Known) -> Result<Option<Name>, Error> {
        let upper = |word: &Word| !word.quoted && word.text.starts_with(|c: char| c.is_ascii_uppercase());
        let Some(word) = self.take_if(upper) else { return Ok(None) };
        let client = name(&word.text, word.column, "client")?;
        known.note_client(&client);
        if known.clients.len() > limits::CLIENTS_MAX {
            return Err(limit(format!("A run has at most {} clients", limits::CLIENTS_MAX), word.column));
        }
        Ok(Some(client))
    }

    pub fn node(&mut self, known: &Known) -> Result<Name, Error> {
        let word = self.next("the name of a node")?;
        node_name(&word.text, word.column, known)
    }

    /// A node, or one of those who watch.
    pub fn node_or_observer(&mut self, known: &Known) -> Result<Name, Error> {
        let word = self.next("the name of a node, or of who watches it")?;
        match known.observers.iter().find(|name| name.as_str() == word.text) {
            Some(observer) => Ok(observer.clone()),
            None => node_name(&word.text, word.column, known),
        }
    }

    pub fn pair(&mut self, known: &Known) -> Result<Pair, Error> {
        let expected = "a link such as m-s1 (both ways) or m->s1 (one way), nodes, or clients";
        let word = self.next(expected)?;
        match word.text.as_str() {
            "nodes" => return Ok(Pair::Nodes),
            "clients" => return Ok(Pair::Clients),
            _ => {}
        }
        let (one_way, ends) = match around_arrow(&word.text) {
            Some(ends) => (true, Some(ends)),
            None => (false, word.text.split_once('-')),
        };
        let Some((a, b)) = ends else {
            return Err(unknown(&word.text, word.column, "This is no link", expected));
        };
        let column_b = word.column + a.chars().count() + if one_way { 2 } else { 1 };
        let (a, b) = (end_name(a, word.column, known)?, end_name(b, column_b, known)?);
        if a == b {
            return Err(Error::new(Code::Name, "A link joins two different ends").at_column(word.column));
        }
        Ok(if one_way { Pair::OneWay(a, b) } else { Pair::Both(a, b) })
    }

    pub fn span(&mut self, min: Us, max: Us) -> Result<Us, Error> {
        let word = self.next("a time such as 800ms or 1.5s")?;
        let us = time::parse(&word.text).ok_or_else(|| {
            unknown(&word.text, word.column, "This is no time", "a number with a unit: 250us, 800ms, 1.5s, 2m")
        })?;
        if us < min || us > max {
            let message = format!("{} is out of range", shown(&word.text));
            return Err(limit(message, word.column).expecting(format!("{} to {}", time::print(min), time::print(max))));
        }
        Ok(us)
    }

    pub fn number(&mut self, expected: &str, min: u64, max: u64) -> Result<u64, Error> {
        let word = self.next(expected)?;
        whole_number(&word.text, word.column, expected, min, max)
    }

    pub fn loss(&mut self) -> Result<Ratio, Error> {
        let expected = "a share such as 1/100 or 5%";
        let word = self.next(expected)?;
        let (part, of) = match (word.text.strip_suffix('%'), word.text.split_once('/')) {
            (Some(percent), _) => (whole_number(percent, word.column, expected, 0, 100)?, 100),
            (None, Some((part, of))) => (
                whole_number(part, word.column, expected, 0, limits::RATIO_MAX)?,
                whole_number(of, word.column, expected, 1, limits::RATIO_MAX)?,
            ),
            (None, None) => return Err(unknown(&word.text, word.column, "This is no share", expected)),
        };
        if part * 100 > of * limits::LOSS_PERCENT_MAX {
            return Err(limit(format!("At most {}% can be lost", limits::LOSS_PERCENT_MAX), word.column));
        }
        // Both are at most a million.
        Ok(Ratio { part: part as u32, of: of as u32 })
    }

    pub fn bandwidth(&mut self) -> Result<u64, Error> {
        let expected = "a rate such as 500B/s, 10kB/s, 2MB/s, or unlimited";
        let word = self.next(expected)?;
        if word.text == "unlimited" {
            return Ok(0);
        }
        let unit = word.text.trim_start_matches(|c: char| c.is_ascii_digit());
        let digits = word.text.strip_suffix(unit).unwrap_or("");
        let scale = match unit {
            "B/s" => 1,
            "kB/s" => 1_000,
            "MB/s" => 1_000_000,
            _ => return Err(unknown(&word.text, word.column, "This is no rate", expected)),
        };
        let number = whole_number(digits, word.column, expected, 1, limits::BANDWIDTH_MAX / scale)?;
        let rate = number * scale;
        if rate < limits::BANDWIDTH_MIN {
            return Err(limit(
                format!("A link carries at least {} bytes per second", limits::BANDWIDTH_MIN),
                word.column,
            ));
        }
        Ok(rate)
    }

    /// `500B`, `64kB` or `4MB`.
    pub fn size(&mut self, min: u32, max: u32) -> Result<u32, Error> {
        let expected = "a size such as 500B, 64kB or 4MB";
        let word = self.next(expected)?;
        let unit = word.text.trim_start_matches(|c: char| c.is_ascii_digit());
        let digits = word.text.strip_suffix(unit).unwrap_or("");
        let scale = match unit {
            "B" => 1,
            "kB" => 1_000,
            "MB" => 1_000_000,
            _ => return Err(unknown(&word.text, word.column, "This is no size", expected)),
        };
        let bytes = whole_number(digits, word.column, expected, 1, u64::from(max) / scale)? * scale;
        if bytes < u64::from(min) {
            return Err(limit(format!("This is {min} bytes at least"), word.column));
        }
        Ok(u32::try_from(bytes).unwrap_or(max))
    }

    pub fn one_of<T>(&mut self, expected: &str, read: impl Fn(&str) -> Option<T>) -> Result<T, Error> {
        let word = self.next(expected)?;
        read(&word.text).ok_or_else(|| unknown(&word.text, word.column, "This word does not fit here", expected))
    }

    pub fn text(&mut self, expected: &str, what: &str, bytes_max: usize) -> Result<String, Error> {
        let word = self.next(expected)?;
        if !word.quoted && word.text == "->" {
            self.at -= 1;
            return Err(self.syntax("A word is missing before the arrow", expected));
        }
        if !word.quoted && word.text.starts_with('@') {
            let message = format!("A {what} that begins with @ stands in quotes");
            return Err(Error::new(Code::Syntax, message).at_column(word.column).expecting(expected));
        }
        if word.text.len() > bytes_max {
            let message = format!("This {what} has {} bytes; at most {bytes_max} are allowed", word.text.len());
            return Err(limit(message, word.column));
        }
        Ok(word.text.clone())
    }

    pub fn expectation(&mut self, command: &Command) -> Result<Option<Expect>, Error> {
        if self.take_if(|word| !word.quoted && word.text == "->").is_none() {
            return Ok(None);
        }
        if header_only(command) || matches!(command, Command::End) {
            return Err(self.syntax("Nothing comes of this line: it can expect nothing", "the end of the line"));
        }
        let results = "a result: ok, warning, nothing, timeout, error, error: TEXT, refused: WHY, or a value";
        let word = self.next(results)?;
        if word.quoted {
            return Ok(Some(Expect::Text(word.text.clone())));
        }
        Ok(Some(match word.text.as_str() {
            "ok" => Expect::Ok,
            "nothing" => Expect::Nothing,
            "timeout" => Expect::Timeout,
            "warning" => Expect::Warning,
            "error" => Expect::Error(None),
            "error:" => match &self.words.error_text {
                Some(text) => Expect::Error(Some(text.clone())),
                None => {
                    return Err(self.syntax("The text of the error is missing", "its text, or error without a colon"));
                }
            },
            "refused:" => Expect::Refused(self.one_of("diverged, gap or ahead", Refusal::from_word)?),
            _ => Expect::Text(word.text.clone()),
        }))
    }
}

/// What stands before the first arrow, and behind it.
pub(super) fn around_arrow(text: &str) -> Option<(&str, &str)> {
    text.match_indices('>').find_map(|(at, _)| {
        let (before, behind) = (text.get(..at)?, text.get(at + 1..)?);
        Some((before.strip_suffix('-')?, behind))
    })
}

pub(super) fn whole_number(text: &str, column: usize, expected: &str, min: u64, max: u64) -> Result<u64, Error> {
    if text.is_empty() || !text.chars().all(|c| c.is_ascii_digit()) {
        return Err(unknown(text, column, "This is no whole number", expected));
    }
    match text.parse::<u64>() {
        Ok(number) if (min..=max).contains(&number) => Ok(number),
        _ => {
            let range = if max == u64::MAX { format!("{min} or more") } else { format!("{min} to {max}") };
            Err(limit(format!("{} is out of range", shown(text)), column).expecting(range))
        }
    }
}
