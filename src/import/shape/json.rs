//! Objects and lists: JSON, and what the two shells of MongoDB print, which only looks like it.

use serde_json::{Map, Number, Value};

use super::Item;
use crate::import::text::Line;
use crate::limits;

/// Reads an object or a list that begins here, at the beginning of a line or behind `name =`.
pub(super) fn read(rest: &[Line]) -> Option<(Item, usize)> {
    let first = rest.first()?;
    if !first.text.trim_start().starts_with(['{', '[']) {
        return None;
    }
    let (text, taken) = balanced(rest)?;
    Some((Item::Json(parse(&text)?, first.place), taken))
}

/// Reads a text that is one object or list. Of several behind each other it makes a list.
pub(in crate::import) fn parse(text: &str) -> Option<Value> {
    if let Ok(value) = serde_json::from_str(text) {
        return Some(value);
    }
    Shell { rest: text }.whole()
}

/// The lines up to the bracket that closes the first one. Their number is bounded by how deep brackets may lie.
fn balanced(rest: &[Line]) -> Option<(String, usize)> {
    let (mut text, mut depth) = (String::new(), 0usize);
    let mut quote = None;
    for (taken, line) in (1..).zip(rest) {
        let mut escaped = false;
        for c in line.text.chars() {
            match quote {
                Some(_) if escaped => escaped = false,
                Some(_) if c == '\\' => escaped = true,
                Some(mark) if c == mark => quote = None,
                Some(_) => {}
                None => match c {
                    '"' | '\'' => quote = Some(c),
                    '{' | '[' | '(' => depth += 1,
                    '}' | ']' | ')' => depth = depth.checked_sub(1)?,
                    _ => {}
                },
            }
        }
        // No string goes over a line here.
        quote = None;
        text.push_str(&line.text);
        text.push('\n');
        if depth == 0 {
            return Some((text, taken));
        }
        if depth > limits::IMPORT_DEPTH_MAX {
            return None;
        }
    }
    None
}

/// A reader for the shells of MongoDB: keys without quotes, strings in either quotes, `Long('2')`, `ISODate("…")`.
struct Shell<'t> {
    rest: &'t str,
}

impl Shell<'_> {
    fn whole(mut self) -> Option<Value> {
        let first = self.value(0)?;
        self.blanks();
        let mut all = vec![first];
        while self.rest.starts_with(['{', '[', ',']) {
            self.eat(',');
            all.push(self.value(0)?);
            self.blanks();
        }
        let end = self.rest.trim_start_matches(';').trim();
        match all.len() {
            _ if !end.is_empty() => None,
            1 => all.pop(),
            _ => Some(Value::Array(all)),
        }
    }

    fn blanks(&mut self) {
        self.rest = self.rest.trim_start();
    }

    fn eat(&mut self, c: char) -> bool {
        self.blanks();
        match self.rest.strip_prefix(c) {
            Some(rest) => {
                self.rest = rest;
                true
            }
            None => false,
        }
    }

    fn value(&mut self, depth: usize) -> Option<Value> {
        if depth > limits::IMPORT_DEPTH_MAX {
            return None;
        }
        self.blanks();
        match self.rest.chars().next()? {
            '{' => self.object(depth),
            '[' => self.list(']', depth).map(Value::Array),
            '"' | '\'' => self.string().map(Value::String),
            '/' => None,
            c if c.is_ascii_digit() || c == '-' || c == '+' => self.number(),
            _ => self.word(depth),
        }
    }

    fn object(&mut self, depth: usize) -> Option<Value> {
        self.eat('{');
        let mut map = Map::new();
        while !self.eat('}') {
            self.blanks();
            let key = if self.rest.starts_with(['"', '\'']) { self.string()? } else { self.name()? };
            if !self.eat(':') {
                return None;
            }
            let value = self.value(depth + 1)?;
            map.insert(key, value);
            if !self.eat(',') && !self.rest.starts_with('}') {
                return None;
            }
        }
        Some(Value::Object(map))
    }

    fn list(&mut self, end: char, depth: usize) -> Option<Vec<Value>> {
        self.rest = self.rest.get(1..)?;
        let mut list = Vec::new();
        while !self.eat(end) {
            list.push(self.value(depth + 1)?);
            if !self.eat(',') && !self.rest.starts_with(end) {
                return None;
            }
        }
        Some(list)
    }

    fn string(&mut self) -> Option<String> {
        let quote = self.rest.chars().next()?;
        let mut text = String::new();
        let mut chars = self.rest.char_indices().skip(1);
        while let Some((at, c)) = chars.next() {
            match c {
                '\\' => text.push(chars.next()?.1),
                c if c == quote => {
                    self.rest = self.rest.get(at + 1..)?;
                    return Some(text);
                }
                c => text.push(c),
            }
        }
        None
    }

    fn name(&mut self) -> Option<String> {
        let end = self.rest.find(|c: char| !(c.is_alphanumeric() || c == '_' || c == '$' || c == '.'))?;
        let (name, rest) = self.rest.split_at(end);
        self.rest = rest;
        (!name.is_empty()).then(|| name.to_owned())
    }

    fn number(&mut self) -> Option<Value> {
        let end =
            self.rest.find(|c: char| !(c.is_ascii_alphanumeric() || "+-.".contains(c))).unwrap_or(self.rest.len());
        let (text, rest) = self.rest.split_at(end);
        self.rest = rest;
        let text = text.trim_start_matches('+');
        let whole = text.parse::<i64>().ok().map(Number::from);
        whole.or_else(|| Number::from_f64(text.parse().ok()?)).map(Value::Number)
    }

    /// `true`, `null`, or a call: `NumberLong(6)`, `Timestamp(1641332483, 1)`, `new Date(…)`.
    fn word(&mut self, depth: usize) -> Option<Value> {
        let mut name = self.name()?;
        if name == "new" {
            self.blanks();
            name = self.name()?;
        }
        if self.rest.starts_with('(') {
            let mut arguments = self.list(')', depth)?;
            return Some(match (name.as_str(), arguments.len()) {
                ("Timestamp", 2) => {
                    let i = arguments.pop()?;
                    let t = arguments.pop()?;
                    Value::Object(Map::from_iter([("t".to_owned(), t), ("i".to_owned(), i)]))
                }
                (_, 1) => number_in(arguments.pop()?, &name),
                _ => Value::Null,
            });
        }
        match name.as_str() {
            "true" => Some(Value::Bool(true)),
            "false" => Some(Value::Bool(false)),
            "null" | "undefined" | "NaN" | "Infinity" => Some(Value::Null),
            _ => None,
        }
    }
}

/// `Long('2')` is a number.
fn number_in(value: Value, call: &str) -> Value {
    let numeric = ["Long", "NumberLong", "Int32", "NumberInt", "Double", "NumberDecimal"].contains(&call);
    match &value {
        Value::String(text) if numeric => text.parse::<i64>().map_or(Value::Null, Value::from),
        _ => value,
    }
}
