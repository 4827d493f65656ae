//! Names that come from outside: which one is it, and which one may have been meant.

use crate::error::{Code, Error, did_you_mean};

/// Letters of a word that are looked at.
const LETTERS_MAX: usize = 40;

/// The thing of this name.
pub(super) fn find<T: Copy>(kind: &str, word: &str, known: &[(&str, T)]) -> Result<T, Error> {
    if let Some((_, thing)) = known.iter().find(|(name, _)| *name == word) {
        return Ok(*thing);
    }
    let shown: String = word.chars().take(LETTERS_MAX).collect();
    let hint = did_you_mean(&shown, known.iter().map(|(name, _)| *name));
    let all: Vec<&str> = known.iter().map(|(name, _)| *name).collect();
    Err(Error::new(Code::Name, format!("“{shown}” is no {kind}{hint}")).expecting(all.join(", ")))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test that fails should say so at once")]

    use super::*;

    #[test]
    fn the_nearest_name_is_offered_and_nothing_that_is_far_off() {
        let known = [("careful", 1), ("nobody", 2)];
        assert_eq!(find("operator", "nobody", &known).unwrap(), 2);
        let wrong = find("operator", "carefull", &known).unwrap_err();
        assert_eq!(wrong.message, "“carefull” is no operator. Did you mean “careful”?");
        assert_eq!(wrong.expected.as_deref(), Some("careful, nobody"));
        assert_eq!(find("operator", "xyz123456", &known).unwrap_err().message, "“xyz123456” is no operator");
    }
}
