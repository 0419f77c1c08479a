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
    let name = elsewhere.map_or(name, |(_, ours)| ours);
    let mut found = None;
    let mut least = 3;
    for known in known.split(' ') {
        let differ = difference(name, known);
        if differ < least {
            (found, least) = (Some(known), differ);
        }
    }
    found
}

/// How many letters differ; many, if that is half of the name or more.
#[inline(never)]
fn difference(one: &str, two: &str) -> usize {
    let shorter = letters(one).count().min(letters(two).count());
    let longer = letters(one).count().max(letters(two).count());
    let start = common(letters(one), letters(two));
    let end = common(letters(one).rev(), letters(two).rev()).min(shorter.saturating_sub(start));
    let differ = longer.saturating_sub(start).saturating_sub(end);
    if differ > 0 && differ.saturating_mul(2) >= shorter { usize::MAX } else { differ }
}

/// Case, `_` and `$` count for nothing.
fn letters(name: &str) -> impl DoubleEndedIterator<Item = u8> {
    let letters = name.bytes().filter(|byte| !b"_$-".contains(byte));
    letters.map(|byte| byte.to_ascii_lowercase())
}

fn common(one: impl Iterator<Item = u8>, two: impl Iterator<Item = u8>) -> usize {
    one.zip(two).take_while(|(one, two)| one == two).count()
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
