//! When a server wants to be asked again.

use crate::event::time::Timestamp;
use crate::json::text;
use crate::json::writer::format_u64;

/// Reads a `Retry-After`: seconds, or a date. What is longer than a call can wait is the longest
/// wait there is, and not none.
pub fn retry_after_ms(header: &str, now_ms: i64) -> Option<u32> {
    let header = header.trim();
    if !header.is_empty() && header.bytes().all(|byte| byte.is_ascii_digit()) {
        let seconds = header.parse::<u32>().unwrap_or(u32::MAX);
        return Some(seconds.saturating_mul(1000));
    }
    let ms = http_date(header)?.millis().saturating_sub(now_ms);
    Some(u32::try_from(ms.max(0)).unwrap_or(u32::MAX))
}

/// `Sun, 06 Nov 1994 08:49:37 GMT`, the one form that servers send.
fn http_date(text: &str) -> Option<Timestamp> {
    const MONTHS: [&str; 12] =
        ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
    let mut parts = text::split_once(text, ", ")?.1.split(' ');
    let (day, month, year, time) = (parts.next()?, parts.next()?, parts.next()?, parts.next()?);
    let month = MONTHS.iter().position(|name| *name == month)?.checked_add(1).map(format_u64)?;
    let zero = if month.len() < 2 { "0" } else { "" };
    Timestamp::parse(&[year, "-", zero, &month, "-", day, "T", time, "Z"].concat())
}

#[cfg(test)]
mod tests {
    #[cfg(target_arch = "wasm32")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    use super::*;

    #[test]
    fn retry_after_is_seconds_or_a_date() {
        let now = Timestamp::parse("1994-11-06T08:49:30Z").unwrap().millis();
        for (header, ms) in [
            ("0", Some(0)),
            (" 120 ", Some(120_000)),
            ("Sun, 06 Nov 1994 08:49:37 GMT", Some(7000)),
            ("Sun, 06 Nov 1994 08:49:00 GMT", Some(0)),
            ("4294967296", Some(u32::MAX)),
            ("99999999999999999999999999", Some(u32::MAX)),
            ("Sun, 25 Dec 1994 08:49:37 GMT", Some(4_233_607_000)),
            ("Sun, 01 Jan 1995 08:49:37 GMT", Some(u32::MAX)),
            ("Fri, 31 Dec 9999 23:59:59 GMT", Some(u32::MAX)),
            ("soon", None),
            ("-1", None),
            ("", None),
        ] {
            assert_eq!(retry_after_ms(header, now), ms, "{header}");
        }
    }
}
