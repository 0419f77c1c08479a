//! What a server says: its words, and when it wants to be asked again.

use crate::event::time::Timestamp;
use crate::json::text;
use crate::json::writer::format_u64;

/// The text of a reply. What is no UTF-8 becomes U+FFFD; a last character that was cut in two goes.
pub fn text(bytes: &[u8]) -> String {
    let mut text = String::new();
    let mut rest = bytes;
    loop {
        let (valid, bad) = match str::from_utf8(rest) {
            Ok(_) => (rest.len(), None),
            Err(error) => (error.valid_up_to(), error.error_len()),
        };
        let (good, behind) = rest.split_at_checked(valid).unwrap_or_default();
        text.push_str(str::from_utf8(good).unwrap_or_default());
        let Some(behind) = bad.and_then(|length| behind.get(length..)) else { return text };
        text.push('\u{fffd}');
        rest = behind;
    }
}

/// Reads a `Retry-Disposition`: seconds, or a date.
pub fn retry_after_ms(header: &str, now_ms: i64) -> Option<u32> {
    let header = header.trim();
    if let Some(seconds) = text::number::<u32>(header) {
        return Some(seconds.saturating_mul(1000));
    }
    let at = http_date(header)?;
    u32::try_from(at.millis().saturating_sub(now_ms).max(0)).ok()
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
    fn a_reply_is_read_whatever_it_is() {
        for (bytes, read) in [
            (&b"plain \xc3\xbc"[..], "plain \u{fc}"),
            (b"", ""),
            (b"Ung\xfcltig: key", "Ung\u{fffd}ltig: key"),
            (b"\xff\xfe", "\u{fffd}\u{fffd}"),
            (b"cut \xf0\x9f\x98", "cut "),
        ] {
            assert_eq!(text(bytes), read);
        }
    }

    #[test]
    fn retry_after_is_seconds_or_a_date() {
        let now = Timestamp::parse("1994-11-06T08:49:30Z").unwrap().millis();
        for (header, ms) in [
            ("0", Some(0)),
            (" 120 ", Some(120_000)),
            ("Sun, 06 Nov 1994 08:49:37 GMT", Some(7000)),
            ("Sun, 06 Nov 1994 08:49:00 GMT", Some(0)),
            ("soon", None),
            ("-1", None),
            ("", None),
        ] {
            assert_eq!(retry_after_ms(header, now), ms, "{header}");
        }
    }
}
