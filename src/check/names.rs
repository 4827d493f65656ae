//! Names that come from outside: which one is it, and which one may have been meant.

use crate::error::{Code, Error};

/// Letters of a word that are looked at.
const LETTERS_MAX: usize = 40;

/// The thing of this name.
pub(super) fn find<T: Copy>(kind: &str, word: &str, known: &[(&str, T)]) -> Result<T, Error> {
    if let Some((_, thing)) = known.iter().find(|(name, _)| *name == word) {
        return Ok(*thing);
    }
    let shown: String = word.chars().take(LETTERS_MAX).collect();
    let nearest = known.iter().map(|(name, _)| (distance(&shown, name), *name)).min();
    let hint = match nearest {
        Some((changes, name)) if changes <= 2 + name.len() / 4 => format!("; did you mean {name}?"),
        _ => String::new(),
    };
    let all: Vec<&str> = known.iter().map(|(name, _)| *name).collect();
    Err(Error::new(Code::Name, format!("“{shown}” is no {kind}{hint}")).expecting(all.join(", ")))
}

/// Letters to be put in, left out or changed until one word is the other (Levenshtein's distance).
fn distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (place, letter) in a.chars().enumerate() {
        let mut next = vec![place + 1];
        for (column, other) in b.iter().enumerate() {
            let at = |row: &[usize], column: usize| row.get(column).copied().unwrap_or(usize::MAX - 1);
            let change = at(&row, column) + usize::from(letter != *other);
            next.push(change.min(at(&row, column + 1) + 1).min(at(&next, column) + 1));
        }
        row = next;
    }
    row.last().copied().unwrap_or(0)
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
        assert_eq!(wrong.message, "“carefull” is no operator; did you mean careful?");
        assert_eq!(wrong.expected.as_deref(), Some("careful, nobody"));
        assert_eq!(find("operator", "xyz123456", &known).unwrap_err().message, "“xyz123456” is no operator");
        assert_eq!((distance("kitten", "sitting"), distance("", "abc"), distance("a", "a")), (3, 3, 0));
    }
}
