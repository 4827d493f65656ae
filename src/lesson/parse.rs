//! Reads a lesson.

use super::{Condition, Item, Lesson};
use crate::error::{Code, Error, did_you_mean};
use crate::limits;
use crate::scenario::Scenario;

/// A line of a lesson: its number, whether it is indented, its first word and the rest.
struct Line<'a> {
    number: usize,
    indented: bool,
    word: &'a str,
    rest: &'a str,
}

const ITEMS: &str = "step, say, task, ask, do, mend, until, reveal, par or learned";

pub(super) fn lesson(text: &str) -> Result<Lesson, Error> {
    if text.len() > limits::TEXT_BYTES_MAX {
        let message = format!("The lesson has {} bytes; at most {} are allowed", text.len(), limits::TEXT_BYTES_MAX);
        return Err(Error::new(Code::Limit, message));
    }
    let lines: Vec<Line<'_>> = text.lines().enumerate().map(|(index, line)| split(index + 1, line)).collect();
    let begin = lines.iter().position(|line| line.word == "lesson");
    let Some((begin, head)) = begin.and_then(|place| Some((place, lines.get(place)?))) else {
        return Err(Error::new(Code::Syntax, "This is no lesson").in_line(1).expecting("“lesson” and its title"));
    };
    if head.rest.is_empty() {
        return Err(wrong(head.number, "The title is missing", "“lesson” and its title"));
    }
    let steps = lines.iter().position(|line| line.word == "step" && !line.indented).unwrap_or(lines.len());
    let (run, scenario) = run_text(text, begin, steps)?;
    let mut items: Vec<(usize, Item)> = Vec::new();
    let mut script = Script { scenario };
    for line in lines.iter().skip(steps).filter(|line| !line.word.is_empty()) {
        if line.indented {
            go_on(&mut items, line, &mut script)?;
        } else {
            check_last(&items)?;
            items.push((line.number, item(line, &mut script)?));
        }
    }
    check_last(&items)?;
    if items.is_empty() {
        return Err(wrong(lines.len(), "The lesson has no step", "“step” and its title"));
    }
    if items.len() > limits::LESSON_ITEMS_MAX {
        let message = format!("A lesson has at most {} parts", limits::LESSON_ITEMS_MAX);
        return Err(Error::new(Code::Limit, message).in_line(lines.len()));
    }
    Ok(Lesson { title: head.rest.to_owned(), run, items: items.into_iter().map(|(_, item)| item).collect() })
}

/// The run text with the lines that the lesson adds, to check each against the names that are known by then.
struct Script {
    scenario: Scenario,
}

impl Script {
    fn line(&mut self, line: &Line<'_>) -> Result<String, Error> {
        let end = self.scenario.lines().len();
        let read = self.scenario.parse_command(end, line.rest).map_err(|error| {
            let column = error.column.map_or(1, |column| column as usize);
            error.in_line(line.number).at_column(column)
        })?;
        self.scenario.insert(end, read)?;
        Ok(line.rest.to_owned())
    }
}

fn split(number: usize, line: &str) -> Line<'_> {
    let trimmed = line.trim();
    let (word, rest) = trimmed.split_once(char::is_whitespace).unwrap_or((trimmed, ""));
    let word = if word.starts_with('#') { "" } else { word };
    Line { number, indented: line.starts_with([' ', '\t']), word, rest: rest.trim() }
}

fn wrong(line: usize, message: &str, expected: &str) -> Error {
    Error::new(Code::Syntax, message).in_line(line).at_column(1).expecting(expected)
}

/// The run text between the title and the first step. Empty lines stand for what is not of it, so that an error names
/// the line of the lesson.
fn run_text(text: &str, begin: usize, steps: usize) -> Result<(String, Scenario), Error> {
    let of_it = |(place, line)| if place > begin && place < steps { line } else { "" };
    let padded: Vec<&str> = text.lines().enumerate().map(of_it).take(steps.max(1)).collect();
    let scenario = Scenario::parse(&padded.join("\n"))?;
    let run: Vec<&str> = text.lines().take(steps).skip(begin + 1).collect();
    Ok((run.join("\n").trim().to_owned() + "\n", scenario))
}

fn item(line: &Line<'_>, script: &mut Script) -> Result<Item, Error> {
    let words = || {
        if line.rest.is_empty() {
            Err(wrong(line.number, "The words are missing", "words"))
        } else {
            Ok(line.rest.to_owned())
        }
    };
    Ok(match line.word {
        "step" => Item::Step(words()?),
        "say" => Item::Say(words()?),
        "task" => Item::Task { words: words()?, when: Condition::default(), by: Vec::new() },
        "ask" => Item::Ask { question: words()?, answers: Vec::new() },
        "do" => Item::Do(script.line(line)?),
        "mend" if line.rest.is_empty() => Item::Mend,
        "until" => Item::Until(Condition::parse(line.rest, line.number)?),
        "reveal" => Item::Reveal(words()?),
        "par" => match line.rest.parse() {
            Ok(lines) if lines > 0 => Item::Par(lines),
            _ => return Err(wrong(line.number, "A number of lines is missing behind “par”", "“par 6”")),
        },
        "learned" => Item::Learned(words()?),
        word => {
            let meant = did_you_mean(word, ITEMS.split([',', ' ']).filter(|item| item.len() > 1));
            let message = format!("This begins no part of a lesson{meant}");
            return Err(wrong(line.number, &message, ITEMS));
        }
    })
}

/// An indented line: it belongs to the item above.
fn go_on(items: &mut [(usize, Item)], line: &Line<'_>, script: &mut Script) -> Result<(), Error> {
    let whole = if line.rest.is_empty() { line.word.to_owned() } else { format!("{} {}", line.word, line.rest) };
    match (items.last_mut().map(|(_, item)| item), line.word) {
        (Some(Item::Task { when, .. }), "when") => when.and(Condition::parse(line.rest, line.number)?),
        (Some(Item::Task { by, .. }), "by") => by.push(script.line(line)?),
        (Some(Item::Ask { answers, .. }), "answer") if !line.rest.is_empty() => {
            answers.push((line.rest.to_owned(), Condition::default()));
        }
        (Some(Item::Ask { answers, .. }), "when") => match answers.last_mut() {
            Some((_, when)) => when.and(Condition::parse(line.rest, line.number)?),
            None => return Err(wrong(line.number, "There is no answer above this", "“answer” and its words")),
        },
        (Some(Item::Task { words, when, .. }), _) if when.is_missing() => push_words(words, &whole),
        (Some(Item::Ask { question, answers }), _) if answers.is_empty() => push_words(question, &whole),
        (Some(Item::Say(words) | Item::Reveal(words) | Item::Learned(words)), _) => push_words(words, &whole),
        _ => {
            let message = "This line belongs to no part of the lesson";
            return Err(wrong(line.number, message, "when, by or answer, or a line at the left edge"));
        }
    }
    Ok(())
}

fn push_words(words: &mut String, more: &str) {
    words.push(' ');
    words.push_str(more);
}

/// Whether the part that has just ended is whole.
fn check_last(items: &[(usize, Item)]) -> Result<(), Error> {
    let Some((number, item)) = items.last() else { return Ok(()) };
    match item {
        Item::Task { when, .. } if when.is_missing() => {
            Err(wrong(*number, "Nothing tells when this task is done", "“when” and a condition below it"))
        }
        Item::Ask { answers, .. } if answers.len() < 2 || answers.iter().any(|(_, when)| when.is_missing()) => {
            let message = "A question needs two answers or more, each with a condition";
            Err(wrong(*number, message, "“answer”, and “when” below it"))
        }
        Item::Reveal(_) if !items.iter().any(|(_, item)| matches!(item, Item::Ask { .. })) => {
            Err(wrong(*number, "Nothing is asked above “reveal”", "“ask” above it"))
        }
        _ => Ok(()),
    }
}
