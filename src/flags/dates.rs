//! Dates of filters and of properties. Only forms that mean the same to everybody: a zone or a whole
//! day in UTC.

use time::{Date, Month};

use super::number::to_f64;
use super::value::Value;
use crate::event::time::Timestamp;

const HOUR_MS: i64 = 3_600_000;
const DAY_MS: i64 = 86_400_000;
const UNIX_EPOCH_JULIAN_DAY: i64 = 2_440_588;
/// JavaScript's dates end here.
const MAX_MS: f64 = 8_640_000_000_000_000.0;

/// The moment that a filter names: so long before `now`, or a date.
pub fn filter_millis(value: &Value, now: i64) -> Option<i64> {
    match value {
        Value::Bool(_) => None,
        Value::Text(text) => relative(text, now).unwrap_or_else(|| iso_millis(text)),
        other => millis(other),
    }
}

/// The moment that a property names.
pub fn millis(value: &Value) -> Option<i64> {
    match value {
        Value::Text(text) => iso_millis(text),
        Value::Number(raw) => {
            let number = to_f64(raw).filter(|number| number.abs() <= MAX_MS)?;
            #[allow(clippy::cast_possible_truncation, reason = "as JavaScript cuts it")]
            Some(number as i64)
        }
        _ => None,
    }
}

/// A date, or a date and a time with its zone.
fn iso_millis(text: &str) -> Option<i64> {
    let rest = text.get(10..)?;
    let zoned = rest.ends_with(['Z', 'z']) || rest.contains(['+', '-']);
    // Its hours, minutes and seconds, without the leap second that JavaScript does not have.
    if !rest.is_empty() && (!zoned || rest.get(6..9) == Some(":60")) {
        return None;
    }
    Timestamp::parse(text).map(Timestamp::millis)
}

/// `-3d`; `None` if it is no such text, `Some(None)` if it goes too far back.
#[allow(clippy::option_option, reason = "no such text, and no such date")]
fn relative(text: &str, now: i64) -> Option<Option<i64>> {
    let rest = text.strip_prefix('-').unwrap_or(text);
    let at = rest.len().checked_sub(1)?;
    let (digits, unit) = rest.split_at_checked(at)?;
    if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let count = digits.parse::<i64>().ok().filter(|count| *count < 10_000)?;
    let back = |unit: i64| Some(count.checked_mul(unit).and_then(|ms| now.checked_sub(ms)));
    match unit {
        "h" => back(HOUR_MS),
        "d" => back(DAY_MS),
        "w" => back(DAY_MS.saturating_mul(7)),
        "m" => Some(months_before(now, count)),
        "y" => Some(years_before(now, count)),
        _ => None,
    }
}

fn split(now: i64) -> Option<(Date, i64)> {
    let days = now.div_euclid(DAY_MS).checked_add(UNIX_EPOCH_JULIAN_DAY)?;
    Some((Date::from_julian_day(i32::try_from(days).ok()?).ok()?, now.rem_euclid(DAY_MS)))
}

fn joined(year: i64, month: u8, day: u8, within: i64) -> i64 {
    let date = i32::try_from(year).ok().zip(Month::try_from(month).ok());
    let date = date.and_then(|(year, month)| Date::from_calendar_date(year, month, day).ok());
    // Before all that a property could name.
    let Some(date) = date else { return i64::MIN };
    let days = i64::from(date.to_julian_day()).saturating_sub(UNIX_EPOCH_JULIAN_DAY);
    days.saturating_mul(DAY_MS).saturating_add(within)
}

/// Month by month: a day that one of them does not have is its last, and stays it.
fn months_before(now: i64, count: i64) -> Option<i64> {
    let (date, within) = split(now)?;
    let start = i64::from(date.year())
        .checked_mul(12)?
        .checked_add(i64::from(u8::from(date.month())))?
        .checked_sub(1)?;
    let mut day = date.day();
    for step in 1..=count {
        if day <= 28 {
            break;
        }
        let (year, month) = year_and_month(start.checked_sub(step)?)?;
        let last =
            time::util::days_in_month(Month::try_from(month).ok()?, i32::try_from(year).ok()?);
        day = day.min(last);
    }
    let (year, month) = year_and_month(start.checked_sub(count)?)?;
    Some(joined(year, month, day, within))
}

fn year_and_month(months: i64) -> Option<(i64, u8)> {
    Some((months.div_euclid(12), u8::try_from(months.rem_euclid(12)).ok()?.checked_add(1)?))
}

fn years_before(now: i64, count: i64) -> Option<i64> {
    let (date, within) = split(now)?;
    let month = u8::from(date.month());
    let day = if count > 0 && month == 2 && date.day() == 29 { 28 } else { date.day() };
    Some(joined(i64::from(date.year()).checked_sub(count)?, month, day, within))
}

#[cfg(test)]
mod tests {
    #[cfg(target_arch = "wasm32")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    use super::*;

    fn at(text: &str) -> i64 {
        Timestamp::parse(text).unwrap().millis()
    }

    #[test]
    fn filters_go_back_by_the_calendar() {
        for (now, filter, then) in [
            ("2024-03-31T05:06:07.008Z", "-2h", "2024-03-31T03:06:07.008Z"),
            ("2024-03-31T05:06:07.008Z", "3d", "2024-03-28T05:06:07.008Z"),
            ("2024-03-31T05:06:07.008Z", "-1w", "2024-03-24T05:06:07.008Z"),
            ("2023-03-31T05:06:07.008Z", "-2m", "2023-01-28T05:06:07.008Z"),
            ("2024-05-31T00:00:00Z", "-1m", "2024-04-30T00:00:00Z"),
            ("2024-01-15T00:00:00Z", "-13m", "2022-12-15T00:00:00Z"),
            ("2024-02-29T01:00:00Z", "-1y", "2023-02-28T01:00:00Z"),
            ("2024-02-29T01:00:00Z", "-0y", "2024-02-29T01:00:00Z"),
            ("2024-02-29T01:00:00Z", "2020-01-01", "2020-01-01T00:00:00Z"),
        ] {
            let filter = Value::Text(filter.to_owned());
            assert_eq!(filter_millis(&filter, at(now)), Some(at(then)), "{now} {filter:?}");
        }
        let now = at("2024-02-29T01:00:00Z");
        let before_all = filter_millis(&Value::Text("-9999y".to_owned()), now).unwrap();
        assert!(before_all < at("0001-01-01"));
        for text in ["-10000d", "5x", "-d", "", "d", "--1d", "１d", "Jan 5, 2024"] {
            assert_eq!(filter_millis(&Value::Text(text.to_owned()), now), None, "{text}");
        }
    }

    #[test]
    fn only_what_means_one_moment_is_a_date() {
        let of = |raw: &str| millis(&Value::read(raw));
        assert_eq!(of(r#""2024-01-02T03:04:05+02:00""#), Some(at("2024-01-02T01:04:05Z")));
        assert_eq!(of("1704067200000"), Some(at("2024-01-01T00:00:00Z")));
        assert_eq!(of("1.9"), Some(1));
        for raw in [
            r#""2024-01-02T03:04:05""#,
            r#""2024-02-30""#,
            r#""2024-01-02T03:04:60Z""#,
            r#""1704067200000""#,
            r#""-1d""#,
            r#""2024""#,
            "true",
            "null",
            "9e99",
            "[]",
        ] {
            assert_eq!(of(raw), None, "{raw}");
        }
    }
}
