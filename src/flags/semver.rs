//! Versions of three numbers, as PostHog's SDKs compare them: what comes behind `-` or `+` is ignored.

use super::number::{is_js_space, to_f64};

/// Major, minor, patch.
pub type Version = [f64; 3];

/// From the first, included, to the second, excluded.
pub type Range = (Version, Version);

/// Reads a version; missing numbers are 0.
pub fn parse(text: &str) -> Option<Version> {
    let base = base(text);
    let base = base.split(['-', '+']).next()?;
    if base.is_empty() || base.starts_with('.') {
        return None;
    }
    let mut parts = base.split('.');
    let mut next = || match parts.next() {
        None | Some("") => Some(0.0),
        Some(part) => number(part),
    };
    Some([next()?, next()?, next()?])
}

/// `~1.2.3`: the same minor version, not before this one.
pub fn tilde(text: &str) -> Option<Range> {
    let [major, minor, patch] = parse(text)?;
    Some(([major, minor, patch], [major, minor + 1.0, 0.0]))
}

/// `^1.2.3`: the same leading number that is not 0.
pub fn caret(text: &str) -> Option<Range> {
    let [major, minor, patch] = parse(text)?;
    let upper = if major > 0.0 {
        [major + 1.0, 0.0, 0.0]
    } else if minor > 0.0 {
        [0.0, minor + 1.0, 0.0]
    } else {
        [0.0, 0.0, patch + 1.0]
    };
    Some(([major, minor, patch], upper))
}

/// `1.2.*` or `1.*`.
pub fn wildcard(text: &str) -> Option<Range> {
    let text = base(text);
    let text = text.strip_suffix(".*").unwrap_or(text);
    let text = text.strip_suffix('*').unwrap_or(text);
    let mut parts = text.split('.');
    let major = number(parts.next()?)?;
    Some(match parts.next() {
        None => ([major, 0.0, 0.0], [major + 1.0, 0.0, 0.0]),
        Some(minor) => {
            let minor = number(minor)?;
            ([major, minor, 0.0], [major, minor + 1.0, 0.0])
        }
    })
}

/// Whether a version lies in a range.
pub fn is_within(version: Version, (lower, upper): Range) -> bool {
    version >= lower && version < upper
}

fn base(text: &str) -> &str {
    let text = text.trim_matches(is_js_space);
    text.strip_prefix(['v', 'V']).unwrap_or(text)
}

/// Digits without a leading zero.
fn number(part: &str) -> Option<f64> {
    let plain = !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    (plain && (part == "0" || !part.starts_with('0'))).then(|| to_f64(part)).flatten()
}

#[cfg(test)]
mod tests {
    #[cfg(target_arch = "wasm32")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    use super::*;

    #[test]
    fn versions_are_three_numbers() {
        for (text, version) in [
            (" v1.2.3-rc.1+x ", Some([1.0, 2.0, 3.0])),
            ("V1", Some([1.0, 0.0, 0.0])),
            ("1.2.3.x", Some([1.0, 2.0, 3.0])),
            ("1..3", Some([1.0, 0.0, 3.0])),
            ("01.2", None),
            ("1.a", None),
            (".1", None),
            ("", None),
            ("-1", None),
            ("vv1", None),
        ] {
            assert_eq!(parse(text), version, "{text}");
        }
    }

    #[test]
    fn ranges_end_before_the_next() {
        for (range, inside, outside) in [
            (tilde("1.2.3"), [1.0, 2.0, 9.0], [1.0, 3.0, 0.0]),
            (caret("1.2.3"), [1.9, 0.0, 0.0], [2.0, 0.0, 0.0]),
            (caret("0.2.3"), [0.0, 2.0, 9.0], [0.0, 3.0, 0.0]),
            (caret("0.0.3"), [0.0, 0.0, 3.0], [0.0, 0.0, 4.0]),
            (wildcard("1.2.3.*"), [1.0, 2.0, 0.0], [1.0, 3.0, 0.0]),
            (wildcard("1.*"), [1.0, 9.0, 0.0], [2.0, 0.0, 0.0]),
            (wildcard("1*"), [1.0, 0.0, 0.0], [0.0, 9.0, 0.0]),
        ] {
            assert!(is_within(inside, range.unwrap()) && !is_within(outside, range.unwrap()));
        }
        for text in ["*", "1.*.*", "", "1.x"] {
            assert_eq!(wildcard(text), None, "{text}");
        }
    }
}
