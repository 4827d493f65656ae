//! The one error type: a stable code, a sentence that says what to do, and a place in the text.

use std::fmt;
use std::ops::Deref;

use serde::Serialize;

/// What kind of error it is. The words never change: programs may match on them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Code {
    /// The text does not follow the grammar.
    Syntax,
    /// A number, text or count is outside its range (see [`crate::limits`]).
    Limit,
    /// The text was written for a newer version of the playground.
    Version,
    /// A node or client is named that does not exist, or twice.
    Name,
    /// A line stands before a line of an earlier time, or a setting of the start after the start.
    Order,
    /// The input is not text.
    Encoding,
}

impl Code {
    /// The stable word.
    pub fn as_str(self) -> &'static str {
        match self {
            Code::Syntax => "syntax",
            Code::Limit => "limit",
            Code::Version => "version",
            Code::Name => "name",
            Code::Order => "order",
            Code::Encoding => "encoding",
        }
    }
}

/// An error in something that came from outside. It is one pointer wide: results that carry it stay small.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Error(Box<Details>);

/// What there is to say of an error.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Details {
    /// What kind of error it is.
    pub code: Code,
    /// What is wrong and what to do, in a sentence.
    pub message: String,
    /// Line in the text, from 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub line: Option<u32>,
    /// Column in the line, in characters, from 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub column: Option<u32>,
    /// What was expected there.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expected: Option<String>,
}

/// Errors are rare, and made at hundreds of places: what makes them is not inlined there.
impl Error {
    /// An error without a place.
    #[inline(never)]
    pub fn new(code: Code, message: impl Into<String>) -> Self {
        Self(Box::new(Details { code, message: message.into(), line: None, column: None, expected: None }))
    }

    /// The same error, of another kind.
    #[inline(never)]
    pub fn with_code(mut self, code: Code) -> Self {
        self.0.code = code;
        self
    }

    /// The same error, at a column of a line.
    #[inline(never)]
    pub fn at_column(mut self, column: usize) -> Self {
        self.0.column = Some(u32::try_from(column).unwrap_or(u32::MAX));
        self
    }

    /// The same error, in a line of the text.
    #[inline(never)]
    pub fn in_line(mut self, line: usize) -> Self {
        self.0.line = Some(u32::try_from(line).unwrap_or(u32::MAX));
        self
    }

    /// The same error, with what would have been right.
    #[inline(never)]
    pub fn expecting(mut self, expected: impl Into<String>) -> Self {
        self.0.expected = Some(expected.into());
        self
    }
}

/// The word of a list that somebody may have meant, if one is near enough: a quarter of its letters wrong, or one.
pub fn nearest<'a>(word: &str, words: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let word = word.get(..40).unwrap_or(word).to_ascii_lowercase();
    let far = |other: &str| strsim::osa_distance(&word, other);
    let (distance, nearest) = words.into_iter().map(|other| (far(other), other)).min()?;
    let near = 1 + word.chars().count().max(nearest.chars().count()) / 4;
    (distance <= near && distance < nearest.chars().count()).then_some(nearest)
}

/// `: “lnk”. Did you mean “link”?`, behind what is wrong with a word.
pub fn did_you_mean<'a>(word: &str, words: impl IntoIterator<Item = &'a str>) -> String {
    nearest(word, words).map_or_else(String::new, |nearest| format!(". Did you mean “{nearest}”?"))
}

impl Deref for Error {
    type Target = Details;

    fn deref(&self) -> &Details {
        &self.0
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.line, self.column) {
            (Some(line), Some(column)) => write!(f, "line {line}, column {column}: ")?,
            (Some(line), None) => write!(f, "line {line}: ")?,
            (None, Some(column)) => write!(f, "column {column}: ")?,
            (None, None) => {}
        }
        f.write_str(&self.message)?;
        if let Some(expected) = &self.expected {
            write!(f, " (expected {expected})")?;
        }
        Ok(())
    }
}

impl std::error::Error for Error {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_is_offered_when_it_is_near_and_nothing_when_none_is() {
        let words = ["link", "lag", "pause-apply", "promote"];
        for (typed, meant) in [("lnk", "link"), ("lnik", "link"), ("pauseapply", "pause-apply"), ("Promote", "promote")]
        {
            assert_eq!(nearest(typed, words), Some(meant), "{typed}");
        }
        for typed in ["x", "teleport", "", "größe", "ab"] {
            assert_eq!(nearest(typed, words), None, "{typed}");
        }
    }
}
