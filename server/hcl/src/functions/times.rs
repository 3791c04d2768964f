//! Dates and times, without a clock: timestamps are RFC 3339 strings.

use jiff::civil::DateTime;
use jiff::tz::Offset;
use jiff::{SignedDuration, Timestamp};

use super::{Outcome, pure, string, text_at};
use crate::function::{CallError, Function, Group};
use crate::scope::Scope;
use crate::value::Value;

const G: Group = Group::Time;

#[rustfmt::skip]
pub static TABLE: &[Function] = &[
    pure(G, "formatdate", &[string("format"), string("time")], "string", formatdate, "A timestamp in a format of letters: `formatdate(\"YYYY-MM-DD\", t)`."),
    pure(G, "timeadd", &[string("timestamp"), string("duration")], "string", timeadd, "A timestamp later (or earlier) by a duration such as `1h30m`."),
];

/// A timestamp with the offset it was written with.
struct Stamp {
    local: DateTime,
    offset: Offset,
    /// Written with `Z`.
    is_utc: bool,
}

fn stamp(args: &[Value], at: usize) -> Result<Stamp, CallError> {
    let text = text_at(args, at);
    let bad = || CallError::argument(at, format!("not a valid RFC3339 timestamp: {text:?}"));
    // jiff accepts more than RFC 3339 does.
    let shape = text.as_bytes();
    if shape.len() < 20 || shape.get(10) != Some(&b'T') || shape.get(13) != Some(&b':') {
        return Err(bad());
    }
    let time: Timestamp = text.parse().map_err(|_| bad())?;
    let is_utc = text.ends_with('Z');
    let zone = text.get(text.len() - 6..).unwrap_or_default();
    let offset = if is_utc { Some(Offset::UTC) } else { parse_offset(zone) };
    let offset = offset.ok_or_else(bad)?;
    Ok(Stamp { local: offset.to_datetime(time), offset, is_utc })
}

/// `+02:00`
fn parse_offset(text: &str) -> Option<Offset> {
    let negative = match text.as_bytes().first()? {
        b'+' => false,
        b'-' => true,
        _ => return None,
    };
    let (hours, minutes) = text.get(1..)?.split_once(':')?;
    let seconds = hours.parse::<i32>().ok()? * 3600 + minutes.parse::<i32>().ok()? * 60;
    Offset::from_seconds(if negative { -seconds } else { seconds }).ok()
}

fn timeadd(args: &[Value], _: &dyn Scope) -> Outcome {
    let stamp = stamp(args, 0)?;
    let duration = parse_duration(text_at(args, 1)).map_err(|why| CallError::argument(1, why))?;
    let bad = || CallError::failed("the result is out of range");
    let time = stamp.offset.to_timestamp(stamp.local).map_err(|_| bad())?;
    let time = time.checked_add(duration).map_err(|_| bad())?;
    Ok(rfc3339(&Stamp { local: stamp.offset.to_datetime(time), ..stamp }).into())
}

/// Go's `time.RFC3339`: without a fraction of seconds.
fn rfc3339(stamp: &Stamp) -> String {
    let t = stamp.local;
    format!(
        "{:04}-{:02}-{:02}T{:02}:{:02}:{:02}{}",
        t.year(),
        t.month(),
        t.day(),
        t.hour(),
        t.minute(),
        t.second(),
        zone(stamp, ":", true)
    )
}

fn zone(stamp: &Stamp, separator: &str, utc_as_z: bool) -> String {
    let seconds = stamp.offset.seconds();
    if utc_as_z && (stamp.is_utc || seconds == 0) {
        return "Z".into();
    }
    let sign = if seconds < 0 { '-' } else { '+' };
    let minutes = seconds.abs() / 60;
    format!("{sign}{:02}{separator}{:02}", minutes / 60, minutes % 60)
}

/// A duration as Go writes it: `-1h30m`, `1.5s`, `100ms`.
///
/// Source: Go, `time.ParseDuration`.
pub fn parse_duration(text: &str) -> Result<SignedDuration, String> {
    let bad = || format!("time: invalid duration {text:?}");
    let (negative, mut rest) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    };
    if rest == "0" {
        return Ok(SignedDuration::ZERO);
    }
    if rest.is_empty() {
        return Err(bad());
    }
    let mut nanos = 0f64;
    while !rest.is_empty() {
        let digits = rest.find(|ch: char| !ch.is_ascii_digit() && ch != '.').unwrap_or(rest.len());
        let (number, after) = rest.split_at(digits);
        let number: f64 = number.parse().map_err(|_| bad())?;
        let unit_len = after.find(|ch: char| ch.is_ascii_digit() || ch == '.').unwrap_or(after.len());
        let (unit, after) = after.split_at(unit_len);
        let scale = match unit {
            "ns" => 1.0,
            "us" | "µs" | "μs" => 1e3,
            "ms" => 1e6,
            "s" => 1e9,
            "m" => 60e9,
            "h" => 3600e9,
            "" => return Err(format!("time: missing unit in duration {text:?}")),
            unit => return Err(format!("time: unknown unit {unit:?} in duration {text:?}")),
        };
        nanos += number * scale;
        rest = after;
    }
    // Go's durations are 64 bits of nanoseconds.
    if nanos > i64::MAX as f64 {
        return Err(bad());
    }
    let nanos = nanos.round() as i64;
    Ok(SignedDuration::from_nanos(if negative { -nanos } else { nanos }))
}

const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];
const DAYS: [&str; 7] = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];

/// Source: go-cty, `FormatDateFunc`.
fn formatdate(args: &[Value], _: &dyn Scope) -> Outcome {
    let stamp = stamp(args, 1)?;
    let format = text_at(args, 0);
    let mut out = String::new();
    let mut rest = format;
    while let Some(first) = rest.chars().next() {
        if first == '\'' {
            rest = quoted(rest, &mut out).ok_or_else(|| CallError::argument(0, "unterminated literal '"))?;
            continue;
        }
        if !first.is_ascii_alphabetic() {
            out.push(first);
            rest = rest.get(first.len_utf8()..).unwrap_or_default();
            continue;
        }
        let len = rest.find(|ch| ch != first).unwrap_or(rest.len());
        let (verb, after) = rest.split_at(len);
        out.push_str(&verb_text(verb, &stamp).map_err(|why| CallError::argument(0, why))?);
        rest = after;
    }
    Ok(out.into())
}

/// Writes a literal in quotes, `''` for a quote; gives the rest, or `None` when it does not end.
fn quoted<'a>(text: &'a str, out: &mut String) -> Option<&'a str> {
    let mut chars = text.char_indices().skip(1).peekable();
    while let Some((at, ch)) = chars.next() {
        match (ch, chars.peek()) {
            ('\'', Some((_, '\''))) => {
                out.push('\'');
                chars.next();
            }
            ('\'', _) => return text.get(at + 1..),
            (ch, _) => out.push(ch),
        }
    }
    None
}

fn verb_text(verb: &str, stamp: &Stamp) -> Result<String, String> {
    let t = stamp.local;
    let month = MONTHS.get(t.month() as usize - 1).copied().unwrap_or_default();
    let day = DAYS.get(t.weekday().to_monday_zero_offset() as usize).copied().unwrap_or_default();
    let hour12 = match t.hour() % 12 {
        0 => 12,
        hour => hour,
    };
    let noon = if t.hour() < 12 { "am" } else { "pm" };
    Ok(match verb {
        "YYYY" => format!("{:04}", t.year()),
        "YY" => format!("{:02}", t.year().rem_euclid(100)),
        "MMMM" => month.into(),
        "MMM" => month.get(..3).unwrap_or_default().into(),
        "MM" => format!("{:02}", t.month()),
        "M" => t.month().to_string(),
        "DD" => format!("{:02}", t.day()),
        "D" => t.day().to_string(),
        "EEEE" => day.into(),
        "EEE" => day.get(..3).unwrap_or_default().into(),
        "hh" => format!("{:02}", t.hour()),
        "h" => t.hour().to_string(),
        "HH" => format!("{hour12:02}"),
        "H" => hour12.to_string(),
        "AA" => noon.to_uppercase(),
        "aa" => noon.into(),
        "mm" => format!("{:02}", t.minute()),
        "m" => t.minute().to_string(),
        "ss" => format!("{:02}", t.second()),
        "s" => t.second().to_string(),
        "ZZZZZ" => zone(stamp, ":", false),
        "ZZZZ" => zone(stamp, "", false),
        "ZZZ" if stamp.offset.seconds() == 0 => "UTC".into(),
        "ZZZ" => zone(stamp, "", false),
        "Z" => zone(stamp, ":", true),
        _ => return Err(bad_verb(verb)),
    })
}

fn bad_verb(verb: &str) -> String {
    let what = match verb.chars().next() {
        Some('Y') => "year must either be \"YY\" or \"YYYY\"",
        Some('M') => "month must be \"M\", \"MM\", \"MMM\", or \"MMMM\"",
        Some('D') => "day of month must either be \"D\" or \"DD\"",
        Some('E') => "day of week must either be \"EEE\" or \"EEEE\"",
        Some('h') => "24-hour must either be \"h\" or \"hh\"",
        Some('H') => "12-hour must either be \"H\" or \"HH\"",
        Some('A' | 'a') => "must use \"AA\" or \"aa\" for AM/PM",
        Some('m') => "minute must either be \"m\" or \"mm\"",
        Some('s') => "second must either be \"s\" or \"ss\"",
        Some('Z') => "timezone must be Z, ZZZZ, or ZZZZZ",
        _ => return format!("invalid date format verb {verb:?}: unsupported format letter"),
    };
    format!("invalid date format verb {verb:?}: {what}")
}
