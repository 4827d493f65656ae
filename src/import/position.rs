//! Positions in a log. They are compared only within a kind: bytes of one log say nothing of another one's.

use std::collections::BTreeMap;

use serde::Serialize;

/// A position, as one kind of database writes it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Position {
    /// PostgreSQL: bytes of its WAL.
    Lsn(u64),
    /// Redis: bytes of the replication stream.
    Offset(u64),
    /// MariaDB and MySQL: a file of one server's binary log, and the bytes in it.
    Binlog(String, u64),
    /// MariaDB: for each domain the number of its last transaction, and the server that wrote it.
    MariaGtid(BTreeMap<u64, (u64, u64)>),
    /// MySQL: the numbers of the transactions of each server.
    MysqlGtid(BTreeMap<String, Vec<(u64, u64)>>),
    /// MongoDB: seconds and a number within the second.
    Optime(u64, u64),
}

/// How far something is behind.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Amount {
    /// Bytes of the log.
    Bytes(u64),
    /// Whole files of the log.
    Files(u64),
    /// Transactions.
    Transactions(u64),
    /// Time, ms.
    Milliseconds(u64),
}

impl Amount {
    /// Whether it is nothing.
    pub fn is_none(self) -> bool {
        matches!(self, Amount::Bytes(0) | Amount::Files(0) | Amount::Transactions(0) | Amount::Milliseconds(0))
    }

    /// In words, with its unit.
    pub fn words(self) -> String {
        let scaled = |count: u64, unit: u64| format!("{}.{}", count / unit, count % unit * 10 / unit);
        match self {
            Amount::Bytes(1) => "1 byte".to_owned(),
            Amount::Bytes(count) if count < 10_000 => format!("{count} bytes"),
            Amount::Bytes(count) if count < 1_000_000 => format!("{} kB", count / 1_000),
            Amount::Bytes(count) => format!("{} MB", scaled(count, 1_000_000)),
            Amount::Files(count) => format!("{count} files of the log"),
            Amount::Transactions(1) => "1 transaction".to_owned(),
            Amount::Transactions(count) => format!("{count} transactions"),
            Amount::Milliseconds(ms) if ms < 1_000 => format!("{ms} ms"),
            Amount::Milliseconds(ms) if ms < 120_000 => format!("{} s", scaled(ms, 1_000)),
            Amount::Milliseconds(ms) if ms < 7_200_000 => format!("{} min", ms / 60_000),
            Amount::Milliseconds(ms) => format!("{} h", ms / 3_600_000),
        }
    }
}

/// `52/4550B460`: two hexadecimal numbers.
pub(super) fn lsn(text: &str) -> Option<u64> {
    let (high, low) = text.trim().split_once('/')?;
    let hex = |word: &str| (1..=8).contains(&word.len()).then(|| u64::from_str_radix(word, 16).ok()).flatten();
    Some((hex(high)? << 32) | hex(low)?)
}

/// `0-11-5,1-12-7`
pub(super) fn maria_gtid(text: &str) -> Option<Position> {
    let mut domains = BTreeMap::new();
    for part in text.split(',').map(str::trim).filter(|part| !part.is_empty()) {
        let mut numbers = part.split('-').map(|number| number.parse::<u64>().ok());
        let (domain, server, sequence) = (numbers.next()??, numbers.next()??, numbers.next()??);
        if numbers.next().is_some() || domains.len() > 1_000 {
            return None;
        }
        domains.insert(domain, (server, sequence));
    }
    (!domains.is_empty()).then_some(Position::MariaGtid(domains))
}

/// `uuid:1-27:30-40,uuid:1`
pub(super) fn mysql_gtid(text: &str) -> Option<Position> {
    let mut servers: BTreeMap<String, Vec<(u64, u64)>> = BTreeMap::new();
    for part in text.split(',').map(str::trim).filter(|part| !part.is_empty()) {
        let (server, ranges) = part.split_once(':')?;
        if server.len() != 36 || !server.chars().all(|c| c.is_ascii_hexdigit() || c == '-') {
            return None;
        }
        let known = servers.entry(server.to_ascii_lowercase()).or_default();
        for range in ranges.split(':').map(str::trim) {
            let (from, to) = range.split_once('-').unwrap_or((range, range));
            known.push((from.parse().ok()?, to.parse().ok()?));
        }
    }
    (!servers.is_empty()).then_some(Position::MysqlGtid(servers))
}

/// `00:00:04.059966`, `1 day 02:03:04`, `-00:00:00.01`: ms.
pub(super) fn interval_ms(text: &str) -> Option<u64> {
    let text = text.trim().trim_start_matches('-');
    let (days, clock) = match text.split_once(" day") {
        Some((days, rest)) => (days.trim().parse::<u64>().ok()?, rest.trim_start_matches('s').trim()),
        None => (0, text),
    };
    let mut parts = clock.split(':');
    let (hours, minutes, seconds) = (parts.next()?, parts.next()?, parts.next()?);
    let (whole, part) = seconds.split_once('.').unwrap_or((seconds, ""));
    let ms = format!("{part:0<3}").get(..3)?.parse::<u64>().ok()?;
    let clock_s = hours.parse::<u64>().ok()?.checked_mul(3_600)?;
    let clock_s = clock_s.checked_add(minutes.parse::<u64>().ok()?.checked_mul(60)?)?;
    let total_s = days.checked_mul(86_400)?.checked_add(clock_s)?.checked_add(whole.parse().ok()?)?;
    total_s.checked_mul(1_000)?.checked_add(ms)
}

/// A size as servers print it, bytes: `0 bytes`, `11 MB`, `3756 kB`, `16777216`.
pub(super) fn size(text: &str) -> Option<u64> {
    let text = text.trim();
    let digits = text.len() - text.trim_start_matches(|c: char| c.is_ascii_digit()).len();
    let (number, unit) = text.split_at(digits);
    let number: u64 = number.parse().ok()?;
    let factor = match unit.trim().to_ascii_lowercase().as_str() {
        "" | "b" | "bytes" | "byte" => 1,
        "kb" | "k" | "kib" => 1 << 10,
        "mb" | "m" | "mib" => 1 << 20,
        "gb" | "g" | "gib" => 1 << 30,
        "tb" => 1 << 40,
        _ => return None,
    };
    number.checked_mul(factor)
}

impl Position {
    /// How far this one is behind another one of its kind; nothing if the two cannot be compared. What is not behind, or
    /// ahead, is behind by nothing.
    pub fn behind(&self, other: &Position) -> Option<Amount> {
        match (self, other) {
            (Position::Lsn(own), Position::Lsn(other)) | (Position::Offset(own), Position::Offset(other)) => {
                Some(Amount::Bytes(other.saturating_sub(*own)))
            }
            (Position::Binlog(file, at), Position::Binlog(other_file, other_at)) => {
                binlog_behind((file, *at), (other_file, *other_at))
            }
            (Position::MariaGtid(own), Position::MariaGtid(other)) => Some(Amount::Transactions(missing(own, other))),
            (Position::MysqlGtid(own), Position::MysqlGtid(other)) => {
                let lacks = |(server, ranges): (&String, &Vec<(u64, u64)>)| {
                    count(ranges).saturating_sub(own.get(server).map_or(0, |known| shared(ranges, known)))
                };
                Some(Amount::Transactions(other.iter().map(lacks).fold(0, u64::saturating_add)))
            }
            (Position::Optime(own, number), Position::Optime(other, other_number)) => {
                let seconds = other.saturating_sub(*own);
                let within = seconds == 0 && other_number > number && other == own;
                Some(if within { Amount::Transactions(1) } else { Amount::Milliseconds(seconds.saturating_mul(1_000)) })
            }
            _ => None,
        }
    }
}

fn missing(own: &BTreeMap<u64, (u64, u64)>, other: &BTreeMap<u64, (u64, u64)>) -> u64 {
    let lacks = |(domain, (_, number)): (&u64, &(u64, u64))| {
        number.saturating_sub(own.get(domain).map_or(0, |(_, known)| *known))
    };
    other.iter().map(lacks).fold(0, u64::saturating_add)
}

fn binlog_behind(own: (&str, u64), other: (&str, u64)) -> Option<Amount> {
    if own.0 == other.0 {
        return Some(Amount::Bytes(other.1.saturating_sub(own.1)));
    }
    let (name, number) = own.0.rsplit_once('.')?;
    let (other_name, other_number) = other.0.rsplit_once('.')?;
    let (number, other_number) = (number.parse::<u64>().ok()?, other_number.parse::<u64>().ok()?);
    (name == other_name).then(|| Amount::Files(other_number.saturating_sub(number)))
}

fn count(ranges: &[(u64, u64)]) -> u64 {
    ranges.iter().map(|(from, to)| to.saturating_sub(*from).saturating_add(1)).fold(0, u64::saturating_add)
}

/// How many numbers two lists of ranges have in common.
fn shared(ranges: &[(u64, u64)], known: &[(u64, u64)]) -> u64 {
    let both = |(from, to): &(u64, u64), (other_from, other_to): &(u64, u64)| {
        let (from, to) = ((*from).max(*other_from), (*to).min(*other_to));
        if to < from { 0 } else { (to - from).saturating_add(1) }
    };
    let with = |range| known.iter().map(|other| both(range, other)).fold(0, u64::saturating_add);
    ranges.iter().map(with).fold(0, u64::saturating_add)
}
