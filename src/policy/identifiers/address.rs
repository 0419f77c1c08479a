//! IP addresses.

use super::scan::{Found, Kind, Scanner};
use crate::event::address::{ipv4_length, is_ipv6};

impl Scanner<'_> {
    pub(super) fn ipv4(&self, at: usize) -> Option<Found> {
        // The rest of a longer row of numbers.
        if self.byte(at.wrapping_sub(1)) == b'.' && self.byte(at.wrapping_sub(2)).is_ascii_digit() {
            return None;
        }
        let length = ipv4_length(self.rest(at));
        let end = at.saturating_add(length);
        (length > 0).then_some(Found { start: at, end, kind: Kind::Address })
    }

    pub(super) fn ipv6(&mut self, at: usize) -> Option<Found> {
        if at < self.no_ipv6 {
            return None;
        }
        let mut end = self.run(at, |byte| byte.is_ascii_hexdigit() || byte == b':');
        self.no_ipv6 = end;
        let groups = self.text.get(at..end)?;
        if self.byte(end) == b'.' {
            // `::ffff:1.2.3.4`
            let last = end.saturating_sub(groups.bytes().rev().take_while(|b| *b != b':').count());
            end = last.saturating_add(ipv4_length(self.rest(last))).max(end);
        }
        if self.byte(end).is_ascii_alphanumeric() {
            return None;
        }
        let whole = self.text.get(at..end)?;
        let whole = if whole.ends_with("::") { whole } else { whole.trim_end_matches(':') };
        // Node writes `address:port`, with the same colon.
        let without_port = whole.rsplit_once(':').map_or("", |(address, _)| address);
        let found = [whole, without_port].into_iter().find(|text| {
            // `a::b` is code.
            let telling = text.bytes().any(|byte| byte.is_ascii_digit())
                || text.bytes().filter(|byte| *byte == b':').count() > 2;
            telling && is_ipv6(text)
        })?;
        let end = at.saturating_add(found.len());
        Some(Found { start: at, end, kind: Kind::Address })
    }
}
