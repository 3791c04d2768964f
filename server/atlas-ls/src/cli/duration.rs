//! Durations as Go writes them: `10s`, `1h30m`, `1.5ms`.
//!
//! Source: Go 1.26 `time.ParseDuration`.

use std::time::Duration;

const UNITS: &[(&str, f64)] = &[
    ("ns", 1.0),
    ("us", 1e3),
    ("µs", 1e3),
    ("μs", 1e3),
    ("ms", 1e6),
    ("s", 1e9),
    ("m", 60e9),
    ("h", 3600e9),
];

/// Reads `text`. A negative duration is read as none at all, since every use is a waiting time.
///
/// # Errors
/// `time: invalid duration "x"`, `time: missing unit in duration "5"`, `time: unknown unit "y" in duration "5y"`.
pub fn parse(text: &str) -> Result<Duration, String> {
    let invalid = || format!("time: invalid duration {text:?}");
    let (negative, mut rest) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    };
    if rest == "0" {
        return Ok(Duration::ZERO);
    }
    if rest.is_empty() {
        return Err(invalid());
    }
    let mut nanoseconds = 0.0;
    while !rest.is_empty() {
        let end = rest.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(rest.len());
        let (number, after) = rest.split_at(end);
        let number: f64 = match number {
            "" | "." => return Err(invalid()),
            number => number.parse().map_err(|_| invalid())?,
        };
        let end = after.find(|c: char| c.is_ascii_digit() || c == '.').unwrap_or(after.len());
        let (unit, after) = after.split_at(end);
        if unit.is_empty() {
            return Err(format!("time: missing unit in duration {text:?}"));
        }
        let Some((_, factor)) = UNITS.iter().find(|(name, _)| *name == unit) else {
            return Err(format!("time: unknown unit {unit:?} in duration {text:?}"));
        };
        nanoseconds += number * factor;
        rest = after;
    }
    if nanoseconds > i64::MAX as f64 {
        return Err(invalid());
    }
    Ok(if negative { Duration::ZERO } else { Duration::from_nanos(nanoseconds as u64) })
}

/// A short time as Go prints it: `346.192µs`, `5.038728ms`, `1.5s`.
pub fn show(duration: Duration) -> String {
    let nanoseconds = duration.as_nanos();
    let (value, unit) = match nanoseconds {
        0 => return "0s".to_owned(),
        1..1_000 => return format!("{nanoseconds}ns"),
        1_000..1_000_000 => (nanoseconds as f64 / 1e3, "µs"),
        1_000_000..1_000_000_000 => (nanoseconds as f64 / 1e6, "ms"),
        _ if duration.as_secs() < 60 => (nanoseconds as f64 / 1e9, "s"),
        _ => {
            let (minutes, seconds) = (duration.as_secs() / 60, duration.as_secs() % 60);
            let rest = Duration::new(seconds, duration.subsec_nanos()).as_nanos() as f64 / 1e9;
            return match minutes / 60 {
                0 => format!("{minutes}m{rest}s"),
                hours => format!("{hours}h{}m{rest}s", minutes % 60),
            };
        }
    };
    format!("{value}{unit}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_are_sums_of_numbers_with_units() {
        for (text, expected) in [
            ("10s", 10_000_000_000),
            ("1h30m", 5_400_000_000_000),
            ("1.5ms", 1_500_000),
            ("0", 0),
            ("-1s", 0),
            ("100µs", 100_000),
        ] {
            assert_eq!(parse(text), Ok(Duration::from_nanos(expected)), "{text}");
        }
        for (text, expected) in [
            ("xx", r#"time: invalid duration "xx""#),
            ("", r#"time: invalid duration """#),
            ("10", r#"time: missing unit in duration "10""#),
            ("10y", r#"time: unknown unit "y" in duration "10y""#),
            ("1s.", r#"time: invalid duration "1s.""#),
        ] {
            assert_eq!(parse(text), Err(expected.to_owned()), "{text}");
        }
    }

    #[test]
    fn they_are_shown_in_the_largest_unit_below_their_size() {
        for (nanoseconds, expected) in [
            (0, "0s"),
            (999, "999ns"),
            (346_192, "346.192µs"),
            (5_038_728, "5.038728ms"),
            (1_500_000_000, "1.5s"),
            (61_000_000_000, "1m1s"),
            (3_661_500_000_000, "1h1m1.5s"),
        ] {
            assert_eq!(show(Duration::from_nanos(nanoseconds)), expected);
        }
    }
}
