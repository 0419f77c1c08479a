//! Points in time, as exact as they are given, in UTC. The clock is never read here.

use time::{Date, Month};

use crate::error::{Code, Error};
use crate::json;

/// Milliseconds since 1970 in UTC, between the years 1 and 9999, and the nanoseconds behind them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Timestamp(i64, u32);

const DAY_MS: i64 = 86_400_000;
const UNIX_EPOCH_JULIAN_DAY: i64 = 2_440_588;

impl Timestamp {
    /// The start of 1970.
    pub const EPOCH: Self = Self(0, 0);

    /// From milliseconds since 1970, as `Date.now()` gives them.
    pub fn from_millis(millis: i64) -> Option<Self> {
        (-62_135_596_800_000..=253_402_300_799_999).contains(&millis).then_some(Self(millis, 0))
    }

    /// From seconds since 1970, as Stripe gives them.
    pub fn from_seconds(seconds: i64) -> Option<Self> {
        Self::from_millis(seconds.checked_mul(1000)?)
    }

    /// Milliseconds since 1970.
    pub const fn millis(self) -> i64 {
        self.0
    }

    /// Reads ISO 8601 as JavaScript's Date and PostgreSQL write it: a date, or a date and a time
    /// with an offset. A time without an offset is taken as UTC.
    ///
    /// ```
    /// use posthog_wasm::event::time::Timestamp;
    ///
    /// let postgres = Timestamp::parse("2026-01-02 04:04:05+01");
    /// assert_eq!(postgres, Timestamp::parse("2026-01-02T03:04:05.000Z"));
    /// assert_eq!(Timestamp::parse("yesterday"), None);
    /// ```
    pub fn parse(text: &str) -> Option<Self> {
        let mut rest = text.as_bytes();
        let year = digits(&mut rest, 4)?;
        let month = one_of(&mut rest, b"-").then(|| digits(&mut rest, 2))??;
        let day = one_of(&mut rest, b"-").then(|| digits(&mut rest, 2))??;
        let month = Month::try_from(u8::try_from(month).ok()?).ok()?;
        let date =
            Date::from_calendar_date(i32::try_from(year).ok()?, month, u8::try_from(day).ok()?);
        let days = i64::from(date.ok()?.to_julian_day()).checked_sub(UNIX_EPOCH_JULIAN_DAY)?;
        let (within, nanos) = if rest.is_empty() { (0, 0) } else { time_of_day(rest)? };
        let Self(millis, _) = Self::from_millis(days.checked_mul(DAY_MS)?.checked_add(within)?)?;
        Some(Self(millis, nanos))
    }

    /// Reads the JSON text of a timestamp. Bare numbers are refused: seconds or milliseconds?
    pub fn read(raw: &str, field: &'static str) -> Result<Self, Error> {
        json::unquote(raw).and_then(|text| Self::parse(&text)).ok_or_else(|| {
            Error::new(
                Code::InvalidTimestamp,
                field,
                "must be a valid Date or an ISO 8601 string with a date",
            )
        })
    }

    /// `2026-01-02T03:04:05.678Z`, the one form we send; with six or nine digits where they say more.
    pub fn write(self, to: &mut String) {
        let days = self.0.div_euclid(DAY_MS);
        let millis = u32::try_from(self.0.rem_euclid(DAY_MS)).unwrap_or(0);
        let julian = i32::try_from(days.saturating_add(UNIX_EPOCH_JULIAN_DAY)).unwrap_or(i32::MAX);
        let date = Date::from_julian_day(julian).unwrap_or(Date::MAX);
        let mut text = *b"0000-00-00T00:00:00.000000000";
        let mut put = |number: u32, last: usize| {
            let (mut number, mut at) = (number, last);
            while let Some(place) = text.get_mut(at).filter(|_| number > 0) {
                *place = b'0'.wrapping_add(u8::try_from(number % 10).unwrap_or(0));
                number /= 10;
                at = at.wrapping_sub(1);
            }
        };
        put(u32::try_from(date.year()).unwrap_or(0), 3);
        put(u32::from(u8::from(date.month())), 6);
        put(u32::from(date.day()), 9);
        put(millis / 3_600_000, 12);
        put(millis / 60_000 % 60, 15);
        put(millis / 1000 % 60, 18);
        put(millis % 1000, 22);
        put(self.1, 28);
        let length = match self.1 {
            0 => 23,
            nanos if nanos.is_multiple_of(1000) => 26,
            _ => 29,
        };
        for digit in text.iter().take(length) {
            to.push(char::from(*digit));
        }
        to.push('Z');
    }
}

/// `T03:04[:05[.678]]` and an offset, to milliseconds from the start of the UTC day, and nanoseconds.
fn time_of_day(mut rest: &[u8]) -> Option<(i64, u32)> {
    let hour = one_of(&mut rest, b"Tt ").then(|| digits(&mut rest, 2))??;
    let minute = one_of(&mut rest, b":").then(|| digits(&mut rest, 2))??;
    let (mut second, mut nanos) = (0, 0);
    if one_of(&mut rest, b":") {
        second = digits(&mut rest, 2)?;
        if one_of(&mut rest, b".,") {
            let count = rest.iter().take_while(|byte| byte.is_ascii_digit()).count();
            let places = count.min(9);
            nanos = (count > 0).then(|| digits(&mut rest, places))??;
            for _ in places..9 {
                nanos = nanos.wrapping_mul(10);
            }
            rest = rest.get(count.wrapping_sub(places)..)?;
        }
    }
    if hour > 23 || minute > 59 || second > 60 {
        return None;
    }
    let minutes = hour.wrapping_mul(60).wrapping_add(minute).wrapping_sub(offset_minutes(rest)?);
    let millis = second.wrapping_mul(1000).wrapping_add(nanos / 1_000_000);
    let nanos = u32::try_from(nanos % 1_000_000).ok()?;
    Some((minutes.wrapping_mul(60_000).wrapping_add(millis), nanos))
}

/// `Z`, `+02`, `+0200`, `+02:00` or nothing, in minutes east of UTC.
fn offset_minutes(text: &[u8]) -> Option<i64> {
    let mut rest = text.trim_ascii_start();
    if rest.is_empty() || matches!(rest, b"Z" | b"z") {
        return Some(0);
    }
    let west = one_of(&mut rest, b"-");
    let hours = (west || one_of(&mut rest, b"+")).then(|| digits(&mut rest, 2))??;
    one_of(&mut rest, b":");
    let minutes = if rest.is_empty() { 0 } else { digits(&mut rest, 2)? };
    if !rest.is_empty() || hours > 23 || minutes > 59 {
        return None;
    }
    let east = hours.wrapping_mul(60).wrapping_add(minutes);
    Some(if west { east.wrapping_neg() } else { east })
}

/// Takes so many digits, nine at most.
fn digits(rest: &mut &[u8], count: usize) -> Option<i64> {
    let (digits, behind) = rest.split_at_checked(count)?;
    *rest = behind;
    digits.iter().try_fold(0_i64, |number, byte| {
        let digit = byte.is_ascii_digit().then(|| i64::from(byte & 15))?;
        Some(number.wrapping_mul(10).wrapping_add(digit))
    })
}

/// Takes a byte, if it is one of these.
fn one_of(rest: &mut &[u8], bytes: &[u8]) -> bool {
    match rest.split_first() {
        Some((first, behind)) if bytes.contains(first) => {
            *rest = behind;
            true
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    #[cfg(target_arch = "wasm32")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    use super::*;

    fn shown(text: &str) -> Option<String> {
        Timestamp::parse(text).map(|at| {
            let mut out = String::new();
            at.write(&mut out);
            out
        })
    }

    #[test]
    fn dates_and_postgres_rows_are_read() {
        for (given, sent) in [
            ("2026-01-02T03:04:05.678Z", "2026-01-02T03:04:05.678Z"),
            ("2026-01-02T03:04:05.678912+00:00", "2026-01-02T03:04:05.678912Z"),
            ("2026-01-02T03:04:05.000000001Z", "2026-01-02T03:04:05.000000001Z"),
            ("2026-01-02T03:04:05.0100010Z", "2026-01-02T03:04:05.010001Z"),
            ("2026-01-02T03:04:05.67800099987Z", "2026-01-02T03:04:05.678000999Z"),
            ("2026-01-02T03:04:05.678000Z", "2026-01-02T03:04:05.678Z"),
            ("2026-01-02T23:59:59.9999999-01:00", "2026-01-03T00:59:59.999999900Z"),
            ("2026-01-02 03:04:05.6+02", "2026-01-02T01:04:05.600Z"),
            ("2026-01-02T03:04:05-0530", "2026-01-02T08:34:05.000Z"),
            ("2026-01-02T23:30-01:00", "2026-01-03T00:30:00.000Z"),
            ("2024-02-29", "2024-02-29T00:00:00.000Z"),
            ("1969-12-31T23:59:59.999Z", "1969-12-31T23:59:59.999Z"),
            ("0001-01-01T00:00:00Z", "0001-01-01T00:00:00.000Z"),
            ("9999-12-31T23:59:59.999Z", "9999-12-31T23:59:59.999Z"),
        ] {
            assert_eq!(shown(given).as_deref(), Some(sent), "{given}");
        }
    }

    #[test]
    fn what_is_no_time_is_refused() {
        for given in [
            "",
            "yesterday",
            "2026",
            "2026-13-01",
            "2026-02-30",
            "2026-01-02T",
            "2026-01-02T25:00Z",
            "2026-01-02T03:04:05.Z",
            "2026-01-02T03:04:05+2",
            "2026-01-02T03:04:05Zjunk",
            "+002026-01-02T03:04:05Z",
            "1735787045000",
            "2026-01-0é",
            "9999-12-31T23:59:59-01:00",
        ] {
            assert_eq!(shown(given), None, "{given}");
        }
    }
}
