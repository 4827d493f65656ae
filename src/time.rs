//! Simulated time: whole microseconds since the start of the run.

use crate::error::{Code, Error};
use crate::limits;

/// A time or a span, µs.
pub type Us = u64;

/// A millisecond in µs.
pub const MS: Us = 1_000;
/// A second in µs.
pub const SECOND: Us = 1_000_000;

/// A span as the run text prints it: `0ms`, `250us`, `800ms`, `1.5s`, `12.480333s`. Reading it gives the same number back.
pub fn print(us: Us) -> String {
    match us {
        1..MS => format!("{us}us"),
        0..SECOND => format!("{}ms", decimal(us, MS)),
        _ => format!("{}s", decimal(us, SECOND)),
    }
}

/// A span as a sentence says it: `0.25 ms`, `800 ms`, `1.5 s`, rounded down to three digits after the point.
pub fn say(us: Us) -> String {
    if us < SECOND { format!("{} ms", decimal(us, MS)) } else { format!("{} s", decimal(us / MS, 1_000)) }
}

/// `us / unit` with as many digits after the point as it takes. `unit` is a power of ten.
fn decimal(us: Us, unit: u64) -> String {
    let (whole, mut rest) = (us / unit, us % unit);
    if rest == 0 {
        return whole.to_string();
    }
    let mut digits = unit.ilog10() as usize;
    while rest % 10 == 0 {
        rest /= 10;
        digits -= 1;
    }
    format!("{whole}.{rest:0digits$}")
}

/// Reads `250us`, `800ms`, `1.5s`, `2m`. Nothing if it is not a span, or finer than a microsecond, or beyond `u64`.
pub fn parse(word: &str) -> Option<Us> {
    let split = word.find(|c: char| !c.is_ascii_digit() && c != '.')?;
    let (number, unit) = word.split_at_checked(split)?;
    let unit_us = match unit {
        "us" | "µs" => 1,
        "ms" => MS,
        "s" => SECOND,
        "m" => 60 * SECOND,
        _ => return None,
    };
    let (whole, fraction) = number.split_once('.').unwrap_or((number, "0"));
    if whole.is_empty() || fraction.is_empty() || fraction.len() > 9 {
        return None;
    }
    let whole: u64 = whole.parse().ok()?;
    let scale = 10u64.pow(u32::try_from(fraction.len()).ok()?);
    let part = fraction.parse::<u64>().ok()?.checked_mul(unit_us)?;
    if part % scale != 0 {
        return None;
    }
    whole.checked_mul(unit_us)?.checked_add(part / scale)
}

/// Reads a time of a run: a span, or whole microseconds.
///
/// # Errors
///
/// It is neither, or longer than a run may be.
pub fn parse_moment(text: &str) -> Result<Us, Error> {
    let word = text.trim();
    let digits = !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_digit());
    let us = if digits { word.parse().ok() } else { parse(word) };
    match us {
        Some(us) if us <= limits::RUN_US_MAX => Ok(us),
        None if !digits => {
            let error = Error::new(Code::Syntax, "This is no time of a run");
            Err(error.expecting("a span such as 1.2s or 800ms, or whole microseconds"))
        }
        _ => {
            let most = print(limits::RUN_US_MAX);
            Err(Error::new(Code::Limit, "The time is longer than a run may be").expecting(format!("0ms to {most}")))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_printed_span_reads_back_as_the_same_number() {
        for us in [0, 1, 999, 1_000, 1_001, 250_000, 999_999, 1_000_000, 1_500_000, 12_480_000, 86_400_000_000] {
            assert_eq!(parse(&print(us)), Some(us), "{}", print(us));
        }
        assert_eq!(print(1_500_000), "1.5s");
        assert_eq!(print(800_000), "800ms");
        assert_eq!(print(12_480_333), "12.480333s");
        assert_eq!(print(1_500), "1.5ms");
        assert_eq!(print(1_020_000), "1.02s");
    }

    #[test]
    fn what_is_not_a_span_is_refused() {
        for word in ["", "5", "s", "-1s", "1.s", ".5s", "1e3s", "NaN", "0.5us", "1.2.3s", "99999999999999999999s", "5h"]
        {
            assert_eq!(parse(word), None, "{word}");
        }
        assert_eq!(parse("0.5ms"), Some(500));
        assert_eq!(parse("2m"), Some(120 * SECOND));
    }
}
