//! `load` and `capacity`.

use super::reader::{Reader, unknown, whole_number};
use crate::error::Error;
use crate::limits;
use crate::scenario::{Arrivals, Capacity, Load};
use crate::time::MS;

pub(super) fn capacity(reader: &mut Reader<'_>) -> Result<Option<Capacity>, Error> {
    let expected = "read, write, apply, workers, queue, steady, random, or unlimited";
    if reader.take_word("unlimited") {
        return Ok(None);
    }
    let mut capacity = Capacity::default();
    let mut word = reader.next(expected)?;
    loop {
        let max = limits::SERVICE_US_MAX;
        match word.text.as_str() {
            "read" => capacity.read_us = reader.span(0, max)?,
            "write" => capacity.write_us = reader.span(0, max)?,
            "apply" => capacity.apply_us = reader.span(0, max)?,
            "workers" => capacity.workers = reader.short("a number of workers", 1, limits::WORKERS_MAX)?,
            "queue" => {
                let queue = reader.number("a number of requests", 0, limits::QUEUE_MAX)?;
                capacity.queue = u32::try_from(queue).unwrap_or(u32::MAX);
            }
            "steady" => capacity.random = false,
            "random" => capacity.random = true,
            other => return Err(unknown(other, word.column, "This is no property of a node's capacity", expected)),
        }
        match reader.take_if(|word| word.text != "->") {
            Some(next) => word = next,
            None => return Ok(Some(capacity)),
        }
    }
}

pub(super) fn load(reader: &mut Reader<'_>) -> Result<Load, Error> {
    let mut load =
        Load { arrivals: arrivals(reader)?, reads_percent: 80, keys: 1_000, zipf_hundredths: 0, value_bytes: 100 };
    while let Some(word) = reader.take_if(|word| word.text != "->") {
        match (word.text.as_str(), &mut load.arrivals) {
            ("think", Arrivals::Closed { think_us, .. }) => *think_us = reader.span(0, limits::SPAN_US_MAX)?,
            ("reads", _) => load.reads_percent = reader.percent()?,
            ("keys", _) => load.keys = reader.short("a number of keys", 1, limits::LOAD_KEYS_MAX)?,
            ("uniform", _) => load.zipf_hundredths = 0,
            ("zipf", _) => load.zipf_hundredths = reader.hundredths()?,
            ("value", _) => load.value_bytes = reader.bytes()?,
            (other, Arrivals::Closed { .. }) => {
                let expected = "think, reads, keys, uniform, zipf or value";
                return Err(unknown(other, word.column, "This is no property of a load of clients", expected));
            }
            (other, Arrivals::Open { .. }) => {
                let expected = "reads, keys, uniform, zipf or value";
                return Err(unknown(other, word.column, "This is no property of a load", expected));
            }
        }
    }
    Ok(load)
}

pub(super) fn arrivals(reader: &mut Reader<'_>) -> Result<Arrivals, Error> {
    let expected = "a rate such as 500/s, or a number of clients such as “20 clients”, or off";
    let word = reader.next(expected)?;
    if let Some(rate) = word.text.strip_suffix("/s") {
        let rate = whole_number(rate, word.column, expected, 1, limits::LOAD_RATE_MAX)?;
        return Ok(Arrivals::Open { rate: u32::try_from(rate).unwrap_or(u32::MAX) });
    }
    let clients = whole_number(&word.text, word.column, expected, 1, limits::LOAD_CLIENTS_MAX)?;
    reader.one_of("clients", |word| (word == "clients").then_some(()))?;
    Ok(Arrivals::Closed { clients: u16::try_from(clients).unwrap_or(u16::MAX), think_us: 100 * MS })
}
