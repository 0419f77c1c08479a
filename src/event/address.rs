//! IP addresses, as texts have them. The standard library's reader is 1 kB of every module.

use crate::json::text;

/// Whether a text is an IP address, and nothing else.
pub fn is_address(text: &str) -> bool {
    is_ipv6(text) || is_ipv4(text)
}

fn is_ipv4(text: &str) -> bool {
    // Some read these as octal.
    let padded = |part: &str| part.len() > 1 && part.starts_with('0');
    !text.is_empty() && ipv4_length(text) == text.len() && !text.split('.').any(padded)
}

/// Whether a text is an IPv6 address, without brackets.
pub fn is_ipv6(text: &str) -> bool {
    match text::split_once(text, "::") {
        None => groups(text, true) == Some(8),
        Some((head, tail)) => groups(head, false)
            .zip(groups(tail, true))
            .is_some_and(|(head, tail)| head.saturating_add(tail) < 8),
    }
}

/// How many groups there are between colons; an IPv4 address may be the last two.
fn groups(text: &str, ends: bool) -> Option<usize> {
    if text.is_empty() {
        return Some(0);
    }
    let mut count = 0_usize;
    let mut rest = Some(text);
    while let Some(text) = rest {
        let (group, behind) = match text.split_once(':') {
            Some((group, behind)) => (group, Some(behind)),
            None => (text, None),
        };
        let plain = (1..=4).contains(&group.len()) && group.bytes().all(|b| b.is_ascii_hexdigit());
        count = count.checked_add(if plain {
            1
        } else if ends && behind.is_none() && is_ipv4(group) {
            2
        } else {
            return None;
        })?;
        rest = behind;
    }
    Some(count)
}

/// How long the IPv4 address is that a text starts with.
pub fn ipv4_length(text: &str) -> usize {
    let text = text.as_bytes();
    let mut length = 0_usize;
    for group in 0..4 {
        if group > 0 {
            if text.get(length) != Some(&b'.') {
                return 0;
            }
            length = length.saturating_add(1);
        }
        let rest = text.get(length..).unwrap_or_default();
        let digits = rest.iter().take(4).take_while(|byte| byte.is_ascii_digit());
        let (count, value) = digits.fold((0_usize, 0_u32), |(count, value), digit| {
            let digit = u32::from(digit.saturating_sub(b'0'));
            (count.saturating_add(1), value.saturating_mul(10).saturating_add(digit))
        });
        if !(1..=3).contains(&count) || value > 255 {
            return 0;
        }
        length = length.saturating_add(count);
    }
    match text.get(length..) {
        Some([b'.', next, ..]) if next.is_ascii_digit() => 0,
        Some([next, ..]) if next.is_ascii_alphanumeric() => 0,
        _ => length,
    }
}

#[cfg(test)]
mod tests {
    use std::net::{IpAddr, Ipv6Addr};

    #[cfg(target_arch = "wasm32")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    use super::*;

    #[test]
    fn addresses_are_what_the_standard_library_takes_for_one() {
        let parts =
            ["", ":", "::", "0", "12ab", "12abc", "g", "1.2.3.4", "256", "01.2.3.4", ".", "1.2.3"];
        let mut texts = vec![String::new()];
        for _ in 0..5 {
            texts = texts
                .iter()
                .flat_map(|text| parts.iter().map(move |part| [text, *part].concat()))
                .collect();
            texts.sort_unstable();
            texts.dedup();
            for text in &texts {
                assert_eq!(is_ipv6(text), text.parse::<Ipv6Addr>().is_ok(), "{text}");
                assert_eq!(is_address(text), text.parse::<IpAddr>().is_ok(), "{text}");
            }
            texts.retain(|text| text.len() < 9);
        }
        for count in 1..10 {
            let row = vec!["1"; count].join(":");
            for text in [
                row.clone(),
                format!("{row}::"),
                format!("::{row}"),
                format!("{row}:1.2.3.4"),
                format!("{row}::{row}"),
            ] {
                assert_eq!(is_ipv6(&text), text.parse::<Ipv6Addr>().is_ok(), "{text}");
            }
        }
    }
}
