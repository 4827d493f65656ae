//! A line as words, each with its column, and words as a line.

use crate::error::{Code, Error};

/// A word of a line.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Word {
    pub text: String,
    /// In characters, from 1.
    pub column: usize,
    /// Whether it stood in quotes: then it is never a keyword.
    pub quoted: bool,
}

/// A line taken apart.
#[derive(Debug, Default)]
pub(super) struct Words {
    pub words: Vec<Word>,
    pub comment: Option<String>,
    /// Column after the last word.
    pub end_column: usize,
    /// The rest of the line behind `-> error:`, as it stands.
    pub error_text: Option<String>,
}

/// Takes a line apart.
pub(super) fn split(line: &str) -> Result<Words, Error> {
    let chars: Vec<char> = line.chars().collect();
    let mut found = Words { end_column: 1, ..Words::default() };
    let mut at = 0;
    while let Some(&c) = chars.get(at) {
        if c == ' ' || c == '\t' {
            at += 1;
        } else if c == '#' {
            let comment: String = chars.iter().skip(at + 1).collect();
            found.comment = Some(comment.trim().to_owned());
            break;
        } else if found.expects_error_text() {
            at = take_error_text(&chars, at, &mut found);
        } else {
            let start = at;
            let (text, quoted) = if c == '"' { quoted(&chars, &mut at)? } else { (bare(&chars, &mut at)?, false) };
            found.words.push(Word { text, column: start + 1, quoted });
            found.end_column = at + 1;
        }
    }
    Ok(found)
}

impl Words {
    fn expects_error_text(&self) -> bool {
        match self.words.as_slice() {
            [.., arrow, error] => {
                self.error_text.is_none()
                    && !arrow.quoted
                    && arrow.text == "->"
                    && !error.quoted
                    && error.text == "error:"
            }
            _ => false,
        }
    }
}

/// The text of an error runs to the end of the line, or to a `#` behind a blank.
fn take_error_text(chars: &[char], start: usize, found: &mut Words) -> usize {
    let mut end = start;
    while let Some(&c) = chars.get(end) {
        let behind_blank = end > start && matches!(chars.get(end - 1), Some(' ' | '\t'));
        if c == '#' && behind_blank {
            break;
        }
        end += 1;
    }
    let text: String = chars.iter().take(end).skip(start).collect();
    found.error_text = Some(text.trim_end().to_owned());
    found.end_column = end + 1;
    end
}

fn bare(chars: &[char], at: &mut usize) -> Result<String, Error> {
    let mut text = String::new();
    while let Some(&c) = chars.get(*at) {
        if c == ' ' || c == '\t' {
            break;
        }
        if c == '"' {
            return Err(Error::new(Code::Syntax, "A quote stands inside a word: put the whole word in quotes")
                .at_column(*at + 1));
        }
        if c.is_control() {
            return Err(control_character(*at));
        }
        text.push(c);
        *at += 1;
    }
    Ok(text)
}

fn quoted(chars: &[char], at: &mut usize) -> Result<(String, bool), Error> {
    let start = *at;
    *at += 1;
    let mut text = String::new();
    loop {
        let Some(&c) = chars.get(*at) else {
            return Err(Error::new(Code::Syntax, "A quote is opened and not closed")
                .at_column(start + 1)
                .expecting("a closing \""));
        };
        *at += 1;
        match c {
            '"' => break,
            '\\' => text.push(escape(chars, at)?),
            c if c.is_control() => return Err(control_character(*at - 1)),
            c => text.push(c),
        }
    }
    match chars.get(*at) {
        None | Some(' ' | '\t') => Ok((text, true)),
        Some(_) => Err(Error::new(Code::Syntax, "A blank is missing behind the closing quote").at_column(*at + 1)),
    }
}

fn escape(chars: &[char], at: &mut usize) -> Result<char, Error> {
    let column = *at;
    let wrong = || {
        Error::new(Code::Syntax, "This is no escape that the run text knows")
            .at_column(column)
            .expecting("\\\" \\\\ \\n \\t or \\u{HEX}")
    };
    let c = chars.get(*at).copied().ok_or_else(wrong)?;
    *at += 1;
    match c {
        '"' | '\\' => Ok(c),
        'n' => Ok('\n'),
        't' => Ok('\t'),
        'u' => {
            let close = (*at..*at + 9).find(|&i| chars.get(i) == Some(&'}')).ok_or_else(wrong)?;
            if chars.get(*at) != Some(&'{') {
                return Err(wrong());
            }
            let hex: String = chars.iter().take(close).skip(*at + 1).collect();
            *at = close + 1;
            let digits = hex.chars().all(|c| c.is_ascii_hexdigit());
            u32::from_str_radix(&hex, 16).ok().filter(|_| digits).and_then(char::from_u32).ok_or_else(wrong)
        }
        _ => Err(wrong()),
    }
}

fn control_character(index: usize) -> Error {
    Error::new(Code::Encoding, "A control character stands in the line: this is not a run text, or it needs an escape")
        .at_column(index + 1)
        .expecting("text; \\u{HEX} in quotes for such a character")
}

/// A key, value or other word as the run text writes it: bare if it can be, else in quotes.
pub fn quote(word: &str) -> String {
    let plain = |c: char| !c.is_whitespace() && !c.is_control() && !invisible(c) && c != '"' && c != '\\';
    let bare = !word.is_empty() && !word.starts_with(['@', '#']) && word != "->" && word.chars().all(plain);
    if bare { word.to_owned() } else { in_quotes(word) }
}

/// A word in quotes, whatever it is.
pub(super) fn in_quotes(word: &str) -> String {
    let mut quoted = String::with_capacity(word.len() + 2);
    quoted.push('"');
    for c in word.chars() {
        match c {
            '"' | '\\' => quoted.extend(['\\', c]),
            '\n' => quoted.push_str("\\n"),
            '\t' => quoted.push_str("\\t"),
            c if c.is_control() || invisible(c) || (c.is_whitespace() && c != ' ') => {
                quoted.push_str(&format!("\\u{{{:x}}}", u32::from(c)));
            }
            c => quoted.push(c),
        }
    }
    quoted.push('"');
    quoted
}

/// Characters that cannot be seen, or that turn the text around them: always written as escapes.
fn invisible(c: char) -> bool {
    matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{61c}')
}
