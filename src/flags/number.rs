//! Numbers as texts: a definition's `5` and `5.0` are two things to PostHog and one to JavaScript, so
//! what was written is kept and spelt the way of whoever reads it.

use std::borrow::Cow;

use crate::json::writer::format_i64;

/// More digits than a double tells apart: how another program prints them is not known.
const MAX_DIGITS: usize = 17;
/// Whole numbers up to here are exact in a double.
const MAX_SAFE: u64 = 9_007_199_254_740_991;

/// A JSON number, taken apart: `0.digits × 10^point`.
struct Decimal {
    negative: bool,
    digits: String,
    point: i64,
    /// Written as a whole number.
    whole: bool,
}

fn decimal(raw: &str) -> Option<Decimal> {
    let (negative, rest) = raw.strip_prefix('-').map_or((false, raw), |rest| (true, rest));
    let (mantissa, exponent) = match rest.find(['e', 'E']) {
        None => (rest, 0),
        Some(at) => {
            let (mantissa, exponent) = rest.split_at_checked(at)?;
            let exponent = exponent.get(1..)?;
            (mantissa, exponent.strip_prefix('+').unwrap_or(exponent).parse::<i64>().ok()?)
        }
    };
    let (int, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let all = [int, fraction].concat();
    if all.is_empty() || !all.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let digits = all.trim_start_matches('0');
    let leading = i64::try_from(all.len().wrapping_sub(digits.len())).ok()?;
    let point = i64::try_from(int.len()).ok()?.checked_sub(leading)?.checked_add(exponent)?;
    let digits = digits.trim_end_matches('0').to_owned();
    Some(Decimal { negative, digits, point, whole: rest.bytes().all(|byte| byte.is_ascii_digit()) })
}

/// As JavaScript's `String()` prints it. `None`: it has more digits than can be foretold.
pub fn js_text(raw: &str) -> Option<Cow<'_, str>> {
    let plain = raw.strip_prefix('-').unwrap_or(raw);
    // What most numbers are.
    if plain.len() < 16 && plain.bytes().all(|byte| byte.is_ascii_digit()) {
        return Some(Cow::Borrowed(if plain == "0" { plain } else { raw }));
    }
    let number = decimal(raw)?;
    let count = i64::try_from(number.digits.len()).ok()?;
    if count == 0 {
        return Some(Cow::Borrowed("0"));
    }
    if number.digits.len() > MAX_DIGITS {
        return None;
    }
    let (digits, point) = (number.digits.as_str(), number.point);
    if point >= count && number.digits.len() > 15 && !is_safe(digits, point) {
        return None;
    }
    let zeros = |count: i64| "0".repeat(usize::try_from(count).unwrap_or(0));
    let unsigned = if point >= count && point <= 21 {
        [digits, &zeros(point.saturating_sub(count))].concat()
    } else if (1..=21).contains(&point) {
        let (int, fraction) = digits.split_at_checked(usize::try_from(point).ok()?)?;
        [int, ".", fraction].concat()
    } else if (-5..=0).contains(&point) {
        ["0.", &zeros(point.saturating_neg()), digits].concat()
    } else {
        if !(-300..=300).contains(&point) {
            return None;
        }
        let (first, rest) = digits.split_at_checked(1)?;
        let exponent = point.saturating_sub(1);
        let dot = if rest.is_empty() { "" } else { "." };
        let sign = if exponent < 0 { "" } else { "+" };
        [first, dot, rest, "e", sign, &format_i64(exponent)].concat()
    };
    Some(Cow::Owned(if number.negative { ["-", &unsigned].concat() } else { unsigned }))
}

fn is_safe(digits: &str, point: i64) -> bool {
    let zeros = usize::try_from(point).unwrap_or(0).saturating_sub(digits.len());
    let number = [digits, &"0".repeat(zeros.min(20))].concat();
    number.parse::<u64>().is_ok_and(|number| number <= MAX_SAFE)
}

/// As PostHog prints it where it compares texts: a whole number as it is, another with its point.
/// `None`: how it is printed is not known.
pub fn posthog_text(raw: &str) -> Option<Cow<'_, str>> {
    let number = decimal(raw)?;
    if number.whole {
        let fits = raw.parse::<i64>().is_ok() || raw.parse::<u64>().is_ok();
        return (fits && raw != "-0").then_some(Cow::Borrowed(raw));
    }
    if number.digits.is_empty() {
        return (!number.negative).then_some(Cow::Borrowed("0.0"));
    }
    if !(-4..=15).contains(&number.point) {
        return None;
    }
    let text = js_text(raw)?;
    let integral = number.point >= i64::try_from(number.digits.len()).ok()?;
    Some(if integral { Cow::Owned([&text, ".0"].concat()) } else { text })
}

/// What [`parse_float`] finds.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Parsed {
    /// A number.
    Number(f64),
    /// No finite number.
    NotANumber,
    /// A number that is too long to be read here.
    Unknown,
}

/// JavaScript's `parseFloat`: the number that a text begins with.
pub fn parse_float(text: &str) -> Parsed {
    let text = text.trim_start_matches(is_js_space);
    let bytes = text.as_bytes();
    let digits_from = |mut at: usize| {
        while bytes.get(at).is_some_and(u8::is_ascii_digit) {
            at = at.wrapping_add(1);
        }
        at
    };
    let start = usize::from(matches!(bytes.first(), Some(b'+' | b'-')));
    let mut end = digits_from(start);
    let mut count = end.wrapping_sub(start);
    if bytes.get(end) == Some(&b'.') {
        let fraction = digits_from(end.wrapping_add(1));
        count = count.wrapping_add(fraction.wrapping_sub(end).wrapping_sub(1));
        if count > 0 {
            end = fraction;
        }
    }
    // `Infinity` is no finite number, and those are all that is asked for.
    if count == 0 {
        return Parsed::NotANumber;
    }
    if matches!(bytes.get(end), Some(b'e' | b'E')) {
        let sign = usize::from(matches!(bytes.get(end.wrapping_add(1)), Some(b'+' | b'-')));
        let from = end.wrapping_add(1).wrapping_add(sign);
        let exponent = digits_from(from);
        if exponent > from {
            end = exponent;
        }
    }
    let number = text.get(..end).map(|text| text.strip_prefix('+').unwrap_or(text));
    number.and_then(to_f64).map_or(Parsed::Unknown, Parsed::Number)
}

/// The double that is nearest to a number of at most 19 digits, 19 of them behind the point, and of
/// at most 19 zeros: `None` of others. The standard library's reader of all others is 10 kB.
pub fn to_f64(text: &str) -> Option<f64> {
    let number = decimal(text)?;
    let count = i64::try_from(number.digits.len()).ok()?;
    if count == 0 {
        return Some(0.0);
    }
    let digits = u128::from(number.digits.parse::<u64>().ok()?);
    let exponent = number.point.checked_sub(count)?;
    let power = 10_u128.checked_pow(u32::try_from(exponent.unsigned_abs()).ok()?)?;
    if exponent.unsigned_abs() > 19 {
        return None;
    }
    #[allow(clippy::cast_precision_loss, reason = "rounded to the nearest, as it has to be")]
    let unsigned = if exponent >= 0 {
        digits.checked_mul(power)? as f64
    } else {
        // As many bits as there are: what is left over only says that there was something.
        let shift = digits.leading_zeros();
        let shifted = digits.wrapping_shl(shift);
        let (quotient, rest) = (shifted.checked_div(power)?, shifted.checked_rem(power)?);
        let sticky = quotient | u128::from(rest != 0);
        let scale = f64::from_bits(u64::from(1023_u32.checked_sub(shift)?) << 52);
        sticky as f64 * scale
    };
    Some(if number.negative { -unsigned } else { unsigned })
}

/// What JavaScript takes for space.
pub fn is_js_space(char: char) -> bool {
    matches!(char, '\u{9}'..='\u{d}' | ' ' | '\u{a0}' | '\u{1680}' | '\u{2000}'..='\u{200a}'
        | '\u{2028}' | '\u{2029}' | '\u{202f}' | '\u{205f}' | '\u{3000}' | '\u{feff}')
}

#[cfg(test)]
mod tests {
    #[cfg(target_arch = "wasm32")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    use super::*;

    #[test]
    fn numbers_are_spelt_by_their_reader() {
        for (raw, js, posthog) in [
            ("5", Some("5"), Some("5")),
            ("5.0", Some("5"), Some("5.0")),
            ("-0", Some("0"), None),
            ("-0.0", Some("0"), None),
            ("0.0", Some("0"), Some("0.0")),
            ("1.50", Some("1.5"), Some("1.5")),
            ("-12.25", Some("-12.25"), Some("-12.25")),
            ("1e3", Some("1000"), Some("1000.0")),
            ("1E+3", Some("1000"), Some("1000.0")),
            ("0.001", Some("0.001"), Some("0.001")),
            ("0.000001", Some("0.000001"), None),
            ("0.0000001", Some("1e-7"), None),
            ("1.5e-9", Some("1.5e-9"), None),
            ("1e21", Some("1e+21"), None),
            ("100000000000000000000", Some("100000000000000000000"), None),
            ("9007199254740991", Some("9007199254740991"), Some("9007199254740991")),
            ("9007199254740993", None, Some("9007199254740993")),
            ("0.30000000000000004", Some("0.30000000000000004"), Some("0.30000000000000004")),
            ("0.300000000000000041", None, None),
            ("1e9999", None, None),
            ("1e99999999999999999999", None, None),
        ] {
            assert_eq!(js_text(raw).as_deref(), js, "{raw}");
            assert_eq!(posthog_text(raw).as_deref(), posthog, "{raw}");
        }
    }

    #[test]
    fn a_text_may_begin_with_a_number() {
        for (text, number) in [
            ("10abc", 10.0),
            (" \u{feff}-1.5e2x", -150.0),
            ("+.5", 0.5),
            ("5.", 5.0),
            ("1e", 1.0),
            ("1e+", 1.0),
            ("0x10", 0.0),
            ("-0", 0.0),
        ] {
            assert_eq!(parse_float(text), Parsed::Number(number), "{text}");
        }
        for text in [".", "-", "", "Infinity", "true", "e5"] {
            assert_eq!(parse_float(text), Parsed::NotANumber, "{text}");
        }
        for text in ["1e999", "1e-30", "99999999999999999999"] {
            assert_eq!(parse_float(text), Parsed::Unknown, "{text}");
        }
    }

    #[test]
    fn numbers_are_the_nearest_doubles() {
        let mut random = 7_u64;
        let mut next = |below: u64| {
            random = random
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1_442_695_040_888_963_407);
            (random >> 11).checked_rem(below).unwrap_or(0)
        };
        let mut texts: Vec<String> = [
            "0",
            "33.333333333333336",
            "0.1",
            "0.30000000000000004",
            "9007199254740993",
            "1e19",
            "1e-19",
            "9999999999999999999",
            "5e-19",
            "2.5",
        ]
        .map(str::to_owned)
        .to_vec();
        for _ in 0..20_000 {
            let (digits, whole) = (next(10_000_000_000_000_000_000), next(1_000));
            texts.push(format!("{whole}.{}", digits % 10_000_000_000_000_000));
            texts.push(format!("{digits}e-{}", next(20)));
            texts.push(format!("{}e{}", digits % 1_000_000, next(14)));
        }
        for text in texts {
            let known = text.parse::<f64>().unwrap();
            assert_eq!(to_f64(&text).map(f64::to_bits), Some(known.to_bits()), "{text}");
        }
    }
}
