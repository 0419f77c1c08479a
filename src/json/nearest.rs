//! What somebody meant who wrote a name that nobody knows.

/// No name of ours is longer.
const MAX_LETTERS: usize = 24;

/// What other PostHog libraries call it, and what it is called here.
const ELSEWHERE: [(&str, &str); 6] = [
    ("additionalproperties", "properties"),
    ("disablegeoip", "ip"),
    ("fetchretrycount", "maxRetries"),
    ("groupkey", "group"),
    ("grouptype", "group"),
    ("requesttimeout", "budgetMs"),
];

/// The known name that is most like this one, if any is like it. Case, `_` and `$` count for nothing.
pub fn nearest<'k>(name: &str, known: &[&'k str]) -> Option<&'k str> {
    let name = letters(name)?;
    let other = ELSEWHERE.iter().find(|(foreign, _)| foreign.as_bytes() == name);
    if let Some((_, ours)) = other
        && let Some(found) = known.iter().find(|known| *known == ours)
    {
        return Some(found);
    }
    let scored = known.iter().filter_map(|known| {
        let letters = letters(known)?;
        let distance = distance(&name, &letters);
        // A third of the letters may be wrong.
        (distance <= name.len().min(letters.len()) / 3).then_some((distance, *known))
    });
    scored.min_by_key(|(distance, _)| *distance).map(|(_, known)| known)
}

/// What counts of a name.
fn letters(name: &str) -> Option<Vec<u8>> {
    let mut letters = Vec::new();
    for byte in name.bytes().filter(|byte| !b"_$-".contains(byte)) {
        letters.push(byte.to_ascii_lowercase());
        if letters.len() > MAX_LETTERS {
            return None;
        }
    }
    Some(letters)
}

/// How many letters are missing, wrong, too many, or in each other's place.
fn distance(one: &[u8], two: &[u8]) -> usize {
    let at = |row: &[usize], place: usize| row.get(place).copied().unwrap_or(MAX_LETTERS);
    let mut before: Vec<usize> = Vec::new();
    let mut above: Vec<usize> = (0..=two.len()).collect();
    for (i, x) in one.iter().enumerate() {
        let mut row = vec![i.wrapping_add(1)];
        for (j, y) in two.iter().enumerate() {
            let changed = at(&above, j).wrapping_add(usize::from(x != y));
            let next = j.wrapping_add(1);
            let mut least = at(&above, next).min(at(&row, j)).wrapping_add(1).min(changed);
            let (i, j) = (i.wrapping_sub(1), j.wrapping_sub(1));
            if one.get(i) == Some(y) && two.get(j) == Some(x) {
                least = least.min(at(&before, j).wrapping_add(1));
            }
            row.push(least);
        }
        before = std::mem::replace(&mut above, row);
    }
    at(&above, two.len())
}

#[cfg(test)]
mod tests {
    #[cfg(target_arch = "wasm32")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    use super::*;

    #[test]
    fn a_misspelt_name_is_known() {
        let known =
            ["event", "distinctId", "properties", "groups", "set", "setOnce", "ip", "source"];
        for (name, meant) in [
            ("propertes", Some("properties")),
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
            ("groupType", None),
            ("", None),
            ("é", None),
        ] {
            assert_eq!(nearest(name, &known), meant, "{name}");
        }
        assert_eq!(nearest("groupKey", &["group"]), Some("group"));
        assert_eq!(nearest(&"x".repeat(1_000_000), &known), None);
    }

    #[test]
    fn distances_are_counted() {
        for (one, two, expected) in
            [("", "", 0), ("abc", "abc", 0), ("abc", "acb", 1), ("abc", "bc", 1), ("", "ab", 2)]
        {
            assert_eq!(distance(one.as_bytes(), two.as_bytes()), expected, "{one} {two}");
        }
    }
}
