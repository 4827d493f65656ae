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
    let slaves = reader.slave_count()?;
    let within_us = reader.span(limits::TIMEOUT_US_MIN, limits::SPAN_US_MAX)?;
    Ok(Command::Wait { client, slaves, within_us, target: reader.target(known)? })
}
