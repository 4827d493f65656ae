//! What was pasted, line by line: without what a terminal, a mail or a forum has added.

use serde::Serialize;

use crate::error::{Code, Error};
use crate::limits;

/// A line of what was pasted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Place {
    /// Which paste, from 1.
    pub paste: u32,
    /// Which line of it, from 1.
    pub line: u32,
}

/// A line without its noise.
#[derive(Debug, Clone)]
pub(super) struct Line {
    pub place: Place,
    pub text: String,
}

/// All lines of all pastes.
pub(super) fn lines(pastes: &[&str]) -> Result<Vec<Line>, Error> {
    if pastes.len() > limits::IMPORT_PASTES_MAX {
        let message = format!("{} pastes; at most {} are read together", pastes.len(), limits::IMPORT_PASTES_MAX);
        return Err(Error::new(Code::Limit, message));
    }
    let bytes: usize = pastes.iter().map(|paste| paste.len()).sum();
    if bytes > limits::IMPORT_BYTES_MAX {
        let message = format!("The paste has {bytes} bytes; at most {} are read", limits::IMPORT_BYTES_MAX);
        return Err(Error::new(Code::Limit, message).expecting("the status alone, without the rest of the log"));
    }
    let mut found = Vec::new();
    for (number, paste) in (1..).zip(pastes) {
        let paste = paste.strip_prefix('\u{feff}').unwrap_or(paste);
        for (line, text) in (1..).zip(paste.split('\n')) {
            found.push(Line { place: Place { paste: number, line }, text: clean(text) });
        }
        if found.len() > limits::IMPORT_LINES_MAX {
            let message = format!("The paste has more than {} lines", limits::IMPORT_LINES_MAX);
            return Err(Error::new(Code::Limit, message).expecting("the status alone, without the rest of the log"));
        }
    }
    Ok(found)
}

/// The pastes as they came, but of these lines only the first word.
pub(super) fn without(pastes: &[&str], places: &[Place]) -> Vec<String> {
    let veiled = |text: &str| {
        let word = text.trim_start();
        let key = word.split(['=', ':', ' ', '\t', '|', '"', '\'']).next().unwrap_or("");
        format!("{}{key} (dropped: a password)", text.get(..text.len() - word.len()).unwrap_or(""))
    };
    let line = |place: Place, text: &str| if places.contains(&place) { veiled(text) } else { text.to_owned() };
    let paste = |(number, paste): (u32, &&str)| {
        let lines: Vec<String> =
            (1..).zip(paste.split('\n')).map(|(at, text)| line(Place { paste: number, line: at }, text)).collect();
        lines.join("\n")
    };
    (1..).zip(pastes).map(paste).collect()
}

/// A line without colours, carriage returns, marks of a quotation, the fence of a code block, and blanks at its end.
fn clean(line: &str) -> String {
    let mut text = String::with_capacity(line.len());
    let mut chars = line.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '\u{1b}' => skip_escape(&mut chars),
            '\u{a0}' | '\u{202f}' => text.push(' '),
            '\t' => text.push('\t'),
            '\u{200b}' | '\u{feff}' => {}
            c if c.is_control() => {}
            c => text.push(c),
        }
    }
    let mut rest = text.as_str();
    while let Some(quoted) = rest.strip_prefix("> ") {
        rest = quoted;
    }
    let rest = rest.trim_end_matches(' ');
    if rest.trim_start().starts_with("```") { String::new() } else { rest.to_owned() }
}

/// An escape sequence of a terminal ends with a letter, or, if it sets a title, with a bell.
fn skip_escape(chars: &mut std::iter::Peekable<std::str::Chars<'_>>) {
    let title = chars.peek() == Some(&']');
    for c in chars.by_ref().take(200) {
        if (!title && c.is_ascii_alphabetic()) || (title && c == '\u{7}') {
            return;
        }
    }
}

/// Whether this begins with a word, in whatever letters.
pub(super) fn starts_with_word(text: &str, word: &str) -> bool {
    text.get(..word.len()).is_some_and(|head| head.eq_ignore_ascii_case(word))
}

/// What stands between two marks.
pub(super) fn between<'t>(text: &'t str, open: &str, close: &str) -> Option<&'t str> {
    let (_, rest) = text.split_once(open)?;
    rest.split_once(close).map(|(inside, _)| inside)
}

/// A host and, if it is named, its port: `db1`, `10.0.0.1:3306`, `[::1]:6379`, `db1(40967)`.
pub(super) fn host_and_port(text: &str) -> Option<(String, Option<u16>)> {
    let text = text.trim().trim_matches(['"', '\'']);
    let text = text.split('(').next().unwrap_or(text);
    let (host, port) = match text.rsplit_once(':') {
        Some((host, port)) if port.parse::<u16>().is_ok() && (!host.contains(':') || host.ends_with(']')) => {
            (host, port.parse().ok())
        }
        _ => (text, None),
    };
    let host = host.trim_matches(['[', ']']);
    let fits = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_' | ':' | '*' | '%');
    let usable = !host.is_empty() && host.len() <= 255 && host.chars().all(fits);
    usable.then(|| (host.to_ascii_lowercase(), port.filter(|port| *port > 0)))
}

/// Whether this can only be an address: four numbers, or an IPv6 address.
pub(super) fn is_address(host: &str) -> bool {
    let parts: Vec<&str> = host.split('.').collect();
    let number = |part: &&str| part.parse::<u8>().is_ok() || *part == "*";
    (parts.len() == 4 && parts.iter().all(number)) || (host.contains("::") || host.matches(':').count() > 2)
}
