//! Who is in: 60 bits of SHA-1 as a number from 0 to 1.

use hmac_sha1_compact::Hash;

/// `h`: the first fifteen hexadecimal digits of the SHA-1 of these texts, over 2^60.
pub fn hash(parts: &[&str]) -> f64 {
    let mut sha = Hash::new();
    for part in parts {
        sha.update(part);
    }
    let [a, b, c, d, e, f, g, h, ..] = sha.finalize();
    let bits = u64::from_be_bytes([a, b, c, d, e, f, g, h]) >> 4;
    // Converted first, then divided: the quotient of the exact numbers may differ in its last bit.
    #[allow(clippy::cast_precision_loss, reason = "as PostHog rounds it")]
    let number = bits as f64;
    number / 1_152_921_504_606_846_976.0
}

/// Whether a share of all holds someone.
pub fn is_within(hash: f64, percentage: f64) -> bool {
    hash <= percentage / 100.0
}

#[cfg(test)]
mod tests {
    #[cfg(target_arch = "wasm32")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    use super::*;

    #[test]
    fn the_published_vectors_hold() {
        for (text, known) in [
            ("beta-search.user-17", 0.009101217133290002_f64),
            ("beta-search-rollout.user-105", 0.2851295399293007),
            ("beta-search-rollout.user-61", 0.0042305989144046955),
            ("checkout-layout.user-61variant", 0.5698252224547713),
            ("release.v2.a.bvariant", 0.7631886118730806),
            ("beta-search.", 0.6211969413249854),
            ("beta-search.ünïcødé-😀", 0.7415212578007152),
            ("org-dashboard.42", 0.5997466051660167),
            ("beta-ui.user-123", 0.012322769931813707),
            ("beta-ui.user-123variant", 0.19707029979423124),
            ("f.ünï-🙂", 0.17499739426635832),
            ("holdout-user-31", 0.0194745413007599),
        ] {
            assert_eq!(hash(&[text]).to_bits(), known.to_bits(), "{text}");
        }
        let long = ["f.", &"a".repeat(200)].concat();
        assert_eq!(hash(&[&long]).to_bits(), 0.6469020640680061_f64.to_bits());
        let longer = "a".repeat(205);
        assert_eq!(hash(&["f.", &longer]).to_bits(), 0.8451311418784649_f64.to_bits());
        assert!(is_within(0.5, 50.0) && !is_within(0.012322769931813707, 1.2));
        assert!(is_within(0.012322769931813707, 1.3));
    }
}
