//! A moment, to the nanosecond: what `executed_at` holds and reports print.
//!
//! In UTC throughout. Invariant: `Moment::parse(moment.sql(9)) = moment`.

/// Nanoseconds since 1970.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Moment(pub i64);

const SECOND: i64 = 1_000_000_000;
const DAY: i64 = 86_400;

impl Moment {
    /// Reads `2026-11-20 22:11:37.742481367+00:00` and its shorter forms; a time without a zone is in UTC.
    pub fn parse(text: &str) -> Option<Moment> {
        let text = text.trim();
        let (date, rest) = text.split_at_checked(10)?;
        let mut parts = date.split('-');
        let mut number = || parts.next()?.parse::<i64>().ok();
        let (year, month, day) = (number()?, number()?, number()?);
        let rest = rest.trim_start_matches([' ', 'T']);
        let end = rest.find(['+', '-', 'Z', ' ']).unwrap_or(rest.len());
        let (clock, zone) = rest.split_at(end);
        let mut nanoseconds = 0;
        if !clock.is_empty() {
            let (clock, fraction) = clock.split_once('.').unwrap_or((clock, ""));
            let mut parts = clock.split(':');
            let mut number = || parts.next().map_or(Some(0), |part| part.parse::<i64>().ok());
            let (hour, minute, second) = (number()?, number()?, number()?);
            let digits: String = fraction.chars().chain("000000000".chars()).take(9).collect();
            nanoseconds = (hour * 3600 + minute * 60 + second) * SECOND + digits.parse::<i64>().ok()?;
        }
        let days = days(year, month, day)?;
        let moment = days.checked_mul(DAY * SECOND)?.checked_add(nanoseconds)?;
        Some(Moment(moment - offset(zone.trim())? * SECOND))
    }

    /// `2026-11-20 22:11:37.742481`, with up to `digits` of the fraction and without the zeros at its end.
    pub fn sql(self, digits: usize) -> String {
        self.text(' ', digits)
    }

    /// As Go's JSON has it: `2026-11-20T22:11:37.742481367Z`.
    pub fn rfc3339(self) -> String {
        format!("{}Z", self.text('T', 9))
    }

    fn text(self, between: char, digits: usize) -> String {
        let (seconds, fraction) = (self.0.div_euclid(SECOND), self.0.rem_euclid(SECOND));
        let (days, clock) = (seconds.div_euclid(DAY), seconds.rem_euclid(DAY));
        let (year, month, day) = date(days);
        let (hour, minute, second) = (clock / 3600, clock / 60 % 60, clock % 60);
        let fraction: String = format!("{fraction:09}").chars().take(digits).collect();
        let fraction = fraction.trim_end_matches('0');
        let dot = if fraction.is_empty() { "" } else { "." };
        format!("{year:04}-{month:02}-{day:02}{between}{hour:02}:{minute:02}:{second:02}{dot}{fraction}")
    }
}

/// `+02:00`, `+02`, `Z` or nothing, in seconds.
fn offset(zone: &str) -> Option<i64> {
    let (sign, digits) = match zone.as_bytes().first() {
        None | Some(b'Z') => return Some(0),
        Some(b'+') => (1, &zone[1..]),
        Some(b'-') => (-1, &zone[1..]),
        Some(_) => return (zone == "UTC").then_some(0),
    };
    let digits: String = digits.chars().filter(char::is_ascii_digit).collect();
    let part = |from: usize| digits.get(from..from + 2).map_or(Some(0), |part| part.parse::<i64>().ok());
    Some(sign * (part(0)? * 3600 + part(2)? * 60))
}

/// Days since 1970 of a date, by the Gregorian calendar.
///
/// Source: Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms", `days_from_civil`.
fn days(year: i64, month: i64, day: i64) -> Option<i64> {
    if !(1..=12).contains(&month) || !(1..=31).contains(&day) || !(0..=9999).contains(&year) {
        return None;
    }
    let year = if month <= 2 { year - 1 } else { year };
    let (era, of_era) = (year.div_euclid(400), year.rem_euclid(400));
    let of_year = (153 * (month + if month > 2 { -3 } else { 9 }) + 2) / 5 + day - 1;
    Some(era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468)
}

/// The date of a number of days since 1970: `civil_from_days`.
fn date(days: i64) -> (i64, i64, i64) {
    let days = days + 719_468;
    let (era, of_era) = (days.div_euclid(146_097), days.rem_euclid(146_097));
    let year = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year + year / 4 - year / 100);
    let shifted = (5 * of_year + 2) / 153;
    let month = if shifted < 10 { shifted + 3 } else { shifted - 9 };
    let day = of_year - (153 * shifted + 2) / 5 + 1;
    (year + era * 400 + i64::from(month <= 2), month, day)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_form_a_server_writes_is_read() {
        for (text, expected) in [
            ("2026-11-20 22:11:37.742481367+00:00", "2026-11-20T22:11:37.742481367Z"),
            ("2026-11-20 22:11:37", "2026-11-20T22:11:37Z"),
            ("2026-11-20T22:11:37Z", "2026-11-20T22:11:37Z"),
            ("2026-11-20 22:11:37.5 +0000 UTC", "2026-11-20T22:11:37.5Z"),
            ("2026-11-20 22:11:37+02", "2026-11-20T20:11:37Z"),
            ("2024-02-29 00:00:00-05:30", "2024-02-29T05:30:00Z"),
            ("1970-01-01", "1970-01-01T00:00:00Z"),
        ] {
            assert_eq!(Moment::parse(text).map(Moment::rfc3339).as_deref(), Some(expected), "{text}");
        }
        assert_eq!(Moment::parse("yesterday"), None);
        assert_eq!(Moment::parse("2026-13-20 22:11:37"), None);
    }

    #[test]
    fn a_column_keeps_as_many_digits_as_it_has() {
        let moment = Moment(1_795_251_661_742_481_300);
        assert_eq!(moment.sql(9), "2026-11-21 09:01:01.7424813");
        assert_eq!(moment.sql(6), "2026-11-21 09:01:01.742481");
        assert_eq!(moment.sql(0), "2026-11-21 09:01:01");
        assert_eq!(Moment::parse(&moment.sql(9)), Some(moment));
    }
}
