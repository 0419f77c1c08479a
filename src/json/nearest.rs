//! What somebody meant who wrote a name that nobody knows.

/// What other PostHog libraries call it, and what it is called here.
const ELSEWHERE: [(&str, &str); 6] = [
    ("additionalProperties", "properties"),
    ("disableGeoip", "ip"),
    ("fetchRetryCount", "maxRetries"),
    ("groupKey", "group"),
    ("groupType", "group"),
    ("requestTimeout", "budgetMs"),
];

/// The known name that is most like this one, if one is like it: between a common start and a common
/// end, at most two letters differ. `known` has the names with a space between each two.
pub fn nearest<'k>(name: &str, known: &'k str) -> Option<&'k str> {
    let elsewhere = ELSEWHERE.iter().find(|(foreign, _)| *foreign == name);
    let name = letters(elsewhere.map_or(name, |(_, ours)| ours));
    let mut found = None;
    let mut least = 3;
    for known in known.split(' ') {
        let differ = difference(&name, &letters(known));
        if differ < least {
            (found, least) = (Some(known), differ);
        }
    }
    found
}

/// How many letters differ; many, if that is half of the name or more.
fn difference(one: &[u8], two: &[u8]) -> usize {
    let (shorter, longer) = if one.len() < two.len() { (one, two) } else { (two, one) };
    let mut start = 0_usize;
    while start < shorter.len() && one.get(start) == two.get(start) {
        start = start.wrapping_add(1);
    }
    let mut differ = longer.len().wrapping_sub(start);
    let mut ends = one.iter().rev().zip(two.iter().rev());
    // What is of the common start is not of the end as well.
    let mut left = shorter.len().wrapping_sub(start);
    while left > 0 && ends.next().is_some_and(|(one, two)| one == two) {
        differ = differ.wrapping_sub(1);
        left = left.wrapping_sub(1);
    }
    if differ > 0 && differ.saturating_mul(2) >= shorter.len() { usize::MAX } else { differ }
}

/// What counts of a name: neither case nor `_` and `$`.
#[inline(never)]
fn letters(name: &str) -> Vec<u8> {
    let mut letters = Vec::new();
    for byte in name.bytes() {
        if byte.is_ascii_alphanumeric() || byte == b'.' {
            // Of these bytes, only capitals lack this bit.
            letters.push(byte | 0x20);
        }
    }
    letters
}

#[cfg(test)]
mod tests {
    #[cfg(target_arch = "wasm32")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    use super::*;

    #[test]
    fn a_misspelt_name_is_known() {
        let known = "event distinctId properties groups set setOnce ip source";
        for (name, meant) in [
            ("propertes", Some("properties")),
            ("propertiees", Some("properties")),
            ("props", None),
            ("evnet", Some("event")),
            ("Event", Some("event")),
            ("distinct_id", Some("distinctId")),
            ("distinctID", Some("distinctId")),
            ("$set", Some("set")),
            ("$set_once", Some("setOnce")),
            ("group", Some("groups")),
            ("id", None),
            ("email", None),
            ("sendFeatureFlags", None),
            ("disableGeoip", Some("ip")),
            ("groupType", Some("groups")),
            ("", None),
            ("é", None),
        ] {
            assert_eq!(nearest(name, known), meant, "{name}");
        }
        assert_eq!(nearest("groupKey", "group"), Some("group"));
        assert_eq!(nearest(&"x".repeat(10_000), known), None);
    }
}
