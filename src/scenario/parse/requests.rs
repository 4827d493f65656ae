//! What a client asks: `write`, `read`, `delete`, `wait`.

use super::known::Known;
use super::reader::Reader;
use crate::error::Error;
use crate::limits;
use crate::scenario::{Command, Name, Request};

pub(super) fn operation(
    verb: &str,
    client: Option<Name>,
    reader: &mut Reader<'_>,
    known: &Known,
) -> Result<Command, Error> {
    if !known.has_cluster {
        return Err(reader.syntax("The cluster must be named before this", "a line “cluster MASTER + SLAVES” above"));
    }
    let key = reader.text("a key", "key", limits::KEY_BYTES_MAX)?;
    let request = match verb {
        "write" => {
            let value = reader.text("a value", "value", limits::VALUE_BYTES_MAX)?;
            Request::Write { key, value }
        }
        "read" => Request::Read { key },
        _ => Request::Delete { key },
    };
    let target = reader.target(known)?;
    let local = matches!(request, Request::Write { .. } | Request::Delete { .. }) && reader.take_word("level=local");
    Ok(Command::Operation { client, request, target, local })
}

pub(super) fn wait(client: Option<Name>, reader: &mut Reader<'_>, known: &Known) -> Result<Command, Error> {
    if !known.has_cluster {
        return Err(reader.syntax("The cluster must be named before this", "a line “cluster MASTER + SLAVES” above"));
    }
    let slaves = reader.small("a number of slaves", 0, limits::SLAVES_MAX as u64)?;
    // Without a time, or with 0 as in Redis: for ever.
    let timed = reader.peek().is_some_and(|word| word.quoted || !(word.text.starts_with('@') || word.text == "->"));
    let within_us = match timed && !reader.take_word("0") {
        true => reader.span(0, limits::SPAN_US_MAX)?,
        false => 0,
    };
    Ok(Command::Wait { client, slaves, within_us, target: reader.target(known)? })
}
