//! Short texts. `str::find` comes with an algorithm for long ones, 1.6 kB of module, and what is
//! asked of every id and name has a quick answer for most of them.

use crate::json::work;

/// Where a word begins.
pub fn find(text: &str, word: &str) -> Option<usize> {
    let first = word.chars().next()?;
    let mut places = text.match_indices(first).map(|(at, _)| at);
    let found = places.find(|at| text.get(*at..).is_some_and(|rest| rest.starts_with(word)));
    work::count(found.unwrap_or(text.len()));
    found
}

/// What stands before and behind a word.
pub fn split_once<'t>(text: &'t str, word: &str) -> Option<(&'t str, &'t str)> {
    let (before, rest) = text.split_at_checked(find(text, word)?)?;
    Some((before, rest.get(word.len()..)?))
}

/// The text with another word in the place of this one.
pub fn replace(text: &str, word: &str, other: &str) -> String {
    let mut replaced = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, behind)) = split_once(rest, word) {
        replaced.push_str(before);
        replaced.push_str(other);
        rest = behind;
    }
    replaced.push_str(rest);
    replaced
}

/// A whole number that fits, and never `-0`. One reader for all: each type's own is 300 bytes of
/// module.
pub fn number<N: TryFrom<i64>>(text: &str) -> Option<N> {
    let (sign, digits) = match text.strip_prefix('-') {
        Some(digits) => (-1, digits),
        None => (1, text.strip_prefix('+').unwrap_or(text)),
    };
    let number = whole(digits)?;
    N::try_from(number.wrapping_mul(sign)).ok().filter(|_| number != 0 || sign == 1)
}

fn whole(digits: &str) -> Option<i64> {
    let mut number = (!digits.is_empty()).then_some(0_i64)?;
    for digit in digits.chars() {
        let digit = i64::from(digit.to_digit(10)?);
        number = number.checked_mul(10)?.checked_add(digit)?;
    }
    Some(number)
}

/// Whether there is nothing to see in a text.
pub fn is_blank(text: &str) -> bool {
    let seen = text.as_bytes().first().is_some_and(u8::is_ascii_graphic);
    !seen && trim(text).is_empty()
}

/// Without white space at its ends, as `str::trim` does it.
pub fn trim(text: &str) -> &str {
    trim_of(text, char::is_whitespace)
}

/// Without such characters at its ends. One for all: the standard library's is made anew for each
/// kind, 600 bytes of module.
#[inline(never)]
pub fn trim_of(text: &str, is_cut: fn(char) -> bool) -> &str {
    let mut chars = text.chars();
    loop {
        let rest = chars.as_str();
        if !chars.next().is_some_and(is_cut) {
            chars = rest.chars();
            break;
        }
    }
    loop {
        let rest = chars.as_str();
        if !chars.next_back().is_some_and(is_cut) {
            return rest;
        }
    }
}

/// The first so many characters of a text.
pub fn start(text: &str, chars: usize) -> &str {
    text.char_indices().nth(chars).and_then(|(end, _)| text.get(..end)).unwrap_or(text)
}

/// Whether a text has more characters than so many.
pub fn is_longer(text: &str, chars: usize) -> bool {
    text.len() > chars && text.chars().nth(chars).is_some()
}

#[cfg(test)]
mod tests {
    #[cfg(target_arch = "wasm32")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    use super::*;

    #[test]
    fn numbers_fit_their_type() {
        for text in ["0", "00", "7", "+7", "255", "256", "-0", "-1", "", "+", "1.0", " 1", "9e9"] {
            assert_eq!(number::<u8>(text), text.parse().ok(), "{text}");
        }
        for text in ["65535", "65536", "99999999999999999999"] {
            assert_eq!(number::<u16>(text), text.parse().ok(), "{text}");
        }
    }

    #[test]
    fn ends_are_cut_as_the_standard_library_cuts_them() {
        for text in ["", " ", "a", " a b\n", "\u{a0}é\u{2003} ", "\u{feff} a", "''a'", "'"] {
            assert_eq!(trim(text), text.trim(), "{text:?}");
            assert_eq!(trim_of(text, |char| char == '\''), text.trim_matches('\''), "{text:?}");
            for chars in 0..4 {
                assert_eq!(
                    start(text, chars),
                    text.chars().take(chars).collect::<String>(),
                    "{text:?}"
                );
            }
        }
    }

    #[test]
    fn words_are_found_as_the_standard_library_finds_them() {
        for text in ["", "a", "aaa", "abaabaa", "äbä ab", "ab", "aab", "ba"] {
            for word in ["a", "ab", "aa", "äb", "longer than the text"] {
                assert_eq!(find(text, word), text.find(word), "{word} in {text}");
                assert_eq!(split_once(text, word), text.split_once(word), "{word} in {text}");
                assert_eq!(replace(text, word, "-"), text.replace(word, "-"), "{word} in {text}");
            }
        }
        assert_eq!(find("text", ""), None);
        assert_eq!(replace("text", "", "-"), "text");
    }
}
