//! The law of privacy, over generated inputs: an identifier that somebody has put somewhere does
//! not leave, and everything else does, as it was.
#![cfg(not(target_arch = "wasm32"))]
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::arithmetic_side_effects,
    missing_docs,
    reason = "a test may"
)]

use posthog_wasm::policy::identifiers::{Scope, scrub_members, scrub_text};
use proptest::prelude::*;
use proptest::sample::select;
use serde_json::Value;

#[path = "privacy/rates.rs"]
mod rates;

const KEY: Option<&[u8]> = Some(b"a key");
const REDACTED: &str = "[redacted]";

/// An identifier, with what belongs to its pattern but not to it: `Bearer …`.
#[derive(Clone, Debug)]
struct Plant {
    before: &'static str,
    secret: String,
    after: &'static str,
}

fn plant(
    before: &'static str,
    secret: impl Strategy<Value = String> + 'static,
    after: &'static str,
) -> BoxedStrategy<Plant> {
    secret.prop_map(move |secret| Plant { before, secret, after }).boxed()
}

/// Every kind of identifier.
fn any_plant() -> impl Strategy<Value = Plant> {
    let local = "[a-zA-Z0-9]([a-z0-9.+'-]{0,10}[a-z0-9])?";
    // No version and no file: those stay.
    let domain = "[a-z][a-z0-9-]{0,7}\\.([a-z0-9-]{1,8}\\.){0,2}[a-zA-Z]{1,5}[dy]";
    let mail = |between: &str| format!("{local}{between}{domain}");
    let kinds = vec![
        plant("", mail("@").prop_regex(), ""),
        plant("", mail("%40").prop_regex(), ""),
        plant("mailto:", mail("@").prop_regex(), "?subject=x"),
        plant("", format!("{local}@([a-z]{{1,5}}\\.)?xn--[a-z0-9]{{1,9}}\\.xn--[a-z0-9]{{1,9}}").prop_regex(), ""),
        plant("", "[a-zéüñжд日本_]{1,6}@[a-zéüñжд日本]{1,6}\\.[a-zжд日本]{1,3}[dyж本]".to_owned().prop_regex(), ""),
        plant("", format!("\"[a-z][a-z .]{{0,8}}\"@{domain}").prop_regex(), ""),
        plant("", format!("{local}@\\[[1-9]{{1,2}}\\.[0-9]\\.[0-9]\\.[0-9]\\]").prop_regex(), ""),
        plant("", "cus_[a-zA-Z0-9]{6,14}".to_owned().prop_regex(), ""),
        plant("", "(acct|ba|card|pi|pm|seti|src|sub|tok)_1(a9Z3){3}[a-zA-Z0-9]{1,11}".to_owned().prop_regex(), ""),
        plant("", "(ch|in|py|ic|ich|mandate|sub_sched)_3(a9Z3){3}[a-zA-Z0-9]{1,11}".to_owned().prop_regex(), ""),
        plant("", "(sk|rk|cs)_(live|test)_[a-zA-Z0-9]{6,60}".to_owned().prop_regex(), ""),
        plant("", "pk_(live|test)_[a-zA-Z0-9]{20,60}".to_owned().prop_regex(), ""),
        plant("", "pi_3[a-zA-Z0-9]{23}_secret_[a-zA-Z0-9]{25}".to_owned().prop_regex(), ""),
        plant("", "whsec_[a-zA-Z0-9+/]{6,40}={0,2}".to_owned().prop_regex(), ""),
        plant("", "(phc|phs|phx|github_pat)_[a-zA-Z0-9]{6,40}".to_owned().prop_regex(), ""),
        plant("", "gh[oprsu]_[a-zA-Z0-9]{16,40}".to_owned().prop_regex(), ""),
        plant("", "xox[abeprs]-[0-9]{10,12}-[a-zA-Z0-9]{4,20}".to_owned().prop_regex(), ""),
        plant("", "(AKIA|ASIA)[A-Z0-9]{16}".to_owned().prop_regex(), ""),
        plant("", "AIza[a-zA-Z0-9_-]{35}".to_owned().prop_regex(), ""),
        plant("", "sbp_[a-f]{19}0[0-9a-f]{20}".to_owned().prop_regex(), ""),
        plant("", "eyJ[a-zA-Z0-9_-]{8,40}\\.eyJ[a-zA-Z0-9_-]{8,40}\\.[a-zA-Z0-9_-]{0,40}".to_owned().prop_regex(), ""),
        plant("Bearer ", "[a-zA-Z]{3}[0-9][a-zA-Z0-9._~+/-]{2,40}={0,2}".to_owned().prop_regex(), ""),
        plant("postgres://", "[a-z]{1,8}:[a-zA-Z0-9@!$]{1,9}@[a-z]{1,9}(\\.[a-z]{2,3})?(:[0-9]{4})?".to_owned().prop_regex(), "/x"),
        plant("", "-----BEGIN (RSA |EC )?PRIVATE KEY-----\n([a-zA-Z0-9+/]{0,20}\n){1,3}-----END (RSA |EC )?PRIVATE KEY-----".to_owned().prop_regex(), ""),
    ];
    prop::strategy::Union::new(kinds)
}

/// Addresses that identify somebody where they are named so.
fn any_ip() -> impl Strategy<Value = Plant> {
    prop_oneof![
        any::<std::net::Ipv4Addr>().prop_map(|ip| ip.to_string()),
        any::<std::net::Ipv6Addr>()
            .prop_filter("all letters", |ip| ip.segments()[0] != 0)
            .prop_map(|ip| ip.to_string()),
    ]
    .prop_map(|secret| Plant { before: "", secret, after: "" })
}

/// Text that looks as much like identifiers as text may.
fn any_clean() -> impl Strategy<Value = String> {
    let words = select(vec![
        "Acme & Söhne GmbH",
        "",
        "@handle",
        "@scope/pkg@1.2.3",
        "react@18.2.0",
        "1.2.3.4",
        "price_1MoBy5LkdIwHu7ix",
        "prod_NWjs8kKbJWmuuc",
        "00000000-0000-4000-8000-000000000000",
        "card_holder",
        "sub_category",
        "日本語。",
        "\"quoted\"",
        "back\\slash",
        "line\nbreak",
        "50 %",
        "https://example.com/a?b=c#d",
        "2026-01-02T03:04:05Z",
        "a::b",
        "10:20",
        "Pro (monthly)",
        "eyJ",
        "bearer of news",
        "\u{1f600}",
        "x@y",
        "#general",
        "\u{7f}",
    ]);
    prop::collection::vec(words, 0..4).prop_map(|words| words.join(" "))
}

/// A plant in a sentence, and that sentence without it.
fn any_sentence(
    plant: impl Strategy<Value = Plant>,
) -> impl Strategy<Value = (Plant, String, String)> {
    let open = select(vec!["", " ", "(", "<", "=", "[", ", ", "\n", "é ", "“"]);
    let close = select(vec!["", " ", ")", ">", ", ", ";", "\n", " é", "” "]);
    (plant, any_clean(), open, close, any_clean()).prop_map(|(plant, head, open, close, tail)| {
        // At the end of a word, `“` is part of no e-mail address, and `é` would be.
        let head = if open.is_empty() { String::new() } else { head };
        let tail = if close.is_empty() { String::new() } else { tail };
        let around = |it: &str| [&head, open, plant.before, it, plant.after, close, &tail].concat();
        (plant.clone(), around(&plant.secret), around(REDACTED))
    })
}

/// How a string is spelt: as JavaScript does, or with escapes.
#[derive(Clone, Copy, Debug)]
enum Spelling {
    Plain,
    Signs,
    All,
}

fn any_spelling() -> impl Strategy<Value = Spelling> {
    select(vec![Spelling::Plain, Spelling::Signs, Spelling::All])
}

fn spell(text: &str, spelling: Spelling) -> String {
    if matches!(spelling, Spelling::Plain) {
        return Value::from(text).to_string();
    }
    let mut spelt = String::from("\"");
    for unit in text.encode_utf16() {
        match u8::try_from(unit) {
            Ok(byte) if byte.is_ascii_alphanumeric() && matches!(spelling, Spelling::Signs) => {
                spelt.push(char::from(byte));
            }
            _ => spelt += &format!("\\u{unit:04X}"),
        }
    }
    spelt + "\""
}

/// JSON, some of whose parts are not to leave.
#[derive(Clone, Debug)]
enum Node {
    Clean(String),
    Planted(String),
    List(Vec<Self>),
    RawObject(Vec<Member>),
}

#[derive(Clone, Debug)]
struct Member {
    name: String,
    value: Node,
}

type Grown = (Node, Vec<String>);

/// A tree, and the identifiers in it.
fn any_tree() -> BoxedStrategy<Grown> {
    let scalar = prop_oneof![
        select(vec!["null", "true", "false", "0", "-1.50e+3", "18446744073709551615"])
            .prop_map(|raw| Node::Clean(raw.to_owned())),
        (any_clean(), any_spelling()).prop_map(|(text, how)| Node::Clean(spell(&text, how))),
    ]
    .prop_map(|node| (node, vec![]));
    let planted = (any_sentence(any_plant()), any_spelling())
        .prop_map(|((plant, text, _), how)| (Node::Planted(spell(&text, how)), vec![plant.secret]));
    let leaf = prop_oneof![2 => scalar, 1 => planted];
    leaf.prop_recursive(5, 48, 5, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..5).prop_map(|items| {
                let (items, secrets): (Vec<_>, Vec<_>) = items.into_iter().unzip();
                (Node::List(items), secrets.concat())
            }),
            any_members(inner).prop_map(|(members, secrets)| (Node::RawObject(members), secrets)),
        ]
    })
    .boxed()
}

fn any_members(
    value: impl Strategy<Value = Grown> + Clone + 'static,
) -> impl Strategy<Value = (Vec<Member>, Vec<String>)> {
    let name = select(vec![
        "plan",
        "name",
        "createdAt",
        "a b",
        "é",
        "$x",
        "seats_total",
        "card_holder",
        "",
        "1.2.3.4",
    ]);
    let clean = (name, any_spelling(), value.clone()).prop_map(|(name, how, (value, secrets))| {
        (Member { name: spell(name, how), value }, secrets)
    });
    // Whatever a name looks like, it is the developer's.
    let named = (
        select(vec!["src_Google", "sub_createdAt", "to x@y.zz", "sk_live_abcdef"]),
        any_spelling(),
        value,
    )
        .prop_map(|(name, how, (value, secrets))| {
            (Member { name: spell(name, how), value }, secrets)
        });
    let ip_name = select(vec![
        "ip",
        "$ip",
        "ip_address",
        "ipAddress",
        "client_ip",
        "remote_addr",
        "X-Forwarded-For",
        "cf-connecting-ip",
    ]);
    let ip =
        (ip_name, any_ip(), any_spelling(), any_spelling(), select(vec!["", " ", ", ", "by "]))
            .prop_map(|(name, ip, how, how_else, before)| {
                let value = Node::Planted(spell(&[before, &ip.secret].concat(), how));
                (Member { name: spell(name, how_else), value }, vec![ip.secret])
            });
    prop::collection::vec(prop_oneof![4 => clean, 1 => named, 1 => ip], 0..6).prop_map(|members| {
        let (members, secrets): (Vec<_>, Vec<_>) = members.into_iter().unzip();
        (members, secrets.concat())
    })
}

/// The tree as text: all of it, or what may leave. Counts what may not.
fn write(node: &Node, all: bool, left_out: &mut usize) -> Option<String> {
    Some(match node {
        Node::Clean(raw) => raw.clone(),
        Node::Planted(raw) if all => raw.clone(),
        Node::Planted(_) => {
            *left_out += 1;
            return None;
        }
        Node::List(items) => {
            let items: Vec<_> =
                items.iter().filter_map(|item| write(item, all, left_out)).collect();
            format!("[{}]", items.join(","))
        }
        Node::RawObject(members) => format!("{{{}}}", write_members(members, all, left_out)),
    })
}

fn write_members(members: &[Member], all: bool, left_out: &mut usize) -> String {
    let mut written = Vec::new();
    for member in members {
        if let Some(value) = write(&member.value, all, left_out) {
            written.push(format!("{}:{value}", member.name));
        }
    }
    written.join(",")
}

/// Every name and string of some JSON, decoded.
fn strings(value: &Value, found: &mut Vec<String>) {
    match value {
        Value::String(text) => found.push(text.clone()),
        Value::Array(items) => items.iter().for_each(|item| strings(item, found)),
        Value::Object(members) => {
            for (name, value) in members {
                found.push(name.clone());
                strings(value, found);
            }
        }
        _ => {}
    }
}

/// Fails if a secret can be found in the members of an object.
fn is_free_of(members: &str, secrets: &[String]) -> Result<(), TestCaseError> {
    let value = serde_json::from_str::<Value>(&format!("{{{members}}}"));
    let value = value.map_err(|error| TestCaseError::fail(format!("{error}: {members}")))?;
    let mut found = vec![members.to_owned()];
    strings(&value, &mut found);
    for secret in secrets {
        prop_assert!(!found.iter().any(|text| text.contains(secret)), "{} in {}", secret, members);
    }
    Ok(())
}

trait PropRegex {
    fn prop_regex(self) -> BoxedStrategy<String>;
}

impl PropRegex for String {
    fn prop_regex(self) -> BoxedStrategy<String> {
        prop::string::string_regex(&self).expect("a pattern").boxed()
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(512) })]

    /// Out of a sentence goes the identifier, all of it and nothing else.
    #[test]
    fn only_the_identifier_leaves_a_text((plant, text, clean) in any_sentence(any_plant())) {
        prop_assert_eq!(scrub_text(&text, Scope::Identifiers, None), Some(clean.clone()));
        prop_assert_eq!(scrub_text(&clean, Scope::Identifiers, None), None);
        let pseudonym = scrub_text(&text, Scope::Identifiers, KEY).expect("a pseudonym");
        prop_assert!(!pseudonym.contains(&plant.secret));
        prop_assert_eq!(scrub_text(&pseudonym, Scope::Identifiers, KEY), None);
        // The same one wherever it is.
        let alone = [plant.before, &plant.secret, plant.after].concat();
        let alone = scrub_text(&alone, Scope::Identifiers, KEY).expect("a pseudonym");
        prop_assert!(pseudonym.contains(&alone), "{} has not {}", pseudonym, alone);
    }

    /// So do addresses, where they count.
    #[test]
    fn addresses_leave_exceptions(ip in any_ip(), before in select(vec!["", "connect ECONNREFUSED ", "(", "http://["]), after in select(vec!["", ":443", ") ", "]/x", ", x"])) {
        let text = [before, &ip.secret, after].concat();
        let clean = scrub_text(&text, Scope::Addresses, None).expect("an address");
        prop_assert!(!clean.contains(&ip.secret), "{}", clean);
        prop_assert_eq!(scrub_text(&text, Scope::Identifiers, None), None);
        prop_assert_eq!(scrub_text(&clean, Scope::Addresses, None), None);
    }

    /// What has no identifier in it is left alone.
    #[test]
    fn clean_text_stays(text in any_clean()) {
        prop_assert_eq!(scrub_text(&text, Scope::Identifiers, None), None);
        prop_assert_eq!(scrub_text(&text, Scope::Identifiers, KEY), None);
    }

    /// Out of JSON goes whatever an identifier is in, wherever it is and however it is spelt; the
    /// rest is the same to the byte.
    #[test]
    fn only_the_planted_leaves((members, secrets) in any_members(any_tree())) {
        let text = write_members(&members, true, &mut 0);
        let mut left_out = 0;
        let expected = write_members(&members, false, &mut left_out);
        let mut dropped = Vec::new();
        let scrubbed = scrub_members(&text, Scope::Identifiers, None, &mut dropped);
        prop_assert_eq!(scrubbed.is_some(), left_out > 0);
        let left = scrubbed.unwrap_or(text);
        prop_assert_eq!(&left, &expected);
        is_free_of(&left, &secrets)?;
        prop_assert_eq!(dropped.len(), left_out.min(100));
        for path in &dropped {
            prop_assert!(!secrets.iter().any(|secret| path.contains(secret)), "{}", path);
        }
        prop_assert_eq!(scrub_members(&left, Scope::Identifiers, None, &mut dropped), None);
    }

    /// However it is laid out.
    #[test]
    fn white_space_changes_nothing((members, secrets) in any_members(any_tree())) {
        let text = format!("{{{}}}", write_members(&members, true, &mut 0));
        let expected = format!("{{{}}}", write_members(&members, false, &mut 0));
        let value: Value = serde_json::from_str(&text).expect("JSON");
        let pretty = serde_json::to_string_pretty(&value).expect("text");
        let inner = pretty.trim_matches(['{', '}']);
        let left = scrub_members(inner, Scope::Identifiers, None, &mut vec![]).unwrap_or_else(|| inner.to_owned());
        is_free_of(&left, &secrets)?;
        // Members of one name are one, unless the last one was dropped.
        let names = members.iter().map(|member| &member.name).collect::<std::collections::HashSet<_>>();
        if names.len() == members.len() && !members.iter().any(|member| matches!(member.value, Node::RawObject(_) | Node::List(_))) {
            let left: Value = serde_json::from_str(&format!("{{{left}}}")).expect("JSON");
            prop_assert_eq!(left, serde_json::from_str::<Value>(&expected).expect("JSON"));
        }
    }

    /// Under a key everything stays where it is, and what is clean stays to the byte.
    #[test]
    fn pseudonyms_take_the_place((members, secrets) in any_members(any_tree())) {
        let text = write_members(&members, true, &mut 0);
        let mut dropped = Vec::new();
        let scrubbed = scrub_members(&text, Scope::Identifiers, KEY, &mut dropped);
        prop_assert_eq!(scrubbed.is_some(), !secrets.is_empty());
        prop_assert!(dropped.is_empty());
        let left = scrubbed.unwrap_or_else(|| text.clone());
        is_free_of(&left, &secrets)?;
        prop_assert_eq!(scrub_members(&left, Scope::Identifiers, KEY, &mut dropped), None);
        // Without the strings that changed, nothing has.
        prop_assert_eq!(scrub_members(&text, Scope::Identifiers, None, &mut vec![]).is_some(), left != text);
        let clean = write_members(&members, false, &mut 0);
        prop_assert_eq!(scrub_members(&clean, Scope::Identifiers, KEY, &mut dropped), None);
    }

    /// Whatever the text, scrubbing ends, and once is enough.
    #[test]
    fn once_is_enough(text in prop_oneof![
        any::<String>(),
        "[@.a-c1:/_% -]{0,40}",
        prop::collection::vec(select(vec![
            "@", "%40", "a", "b.cc", ".", "cus_", "pm_", "ABC123", "eyJabcdefg", ".", "Bearer ", "://", ":", "/", "\"", "[", "]", "'",
            "1.2.3.4", "::1", "1::", "-", "_", "AKIA", "AIza", "-----BEGIN PRIVATE KEY-----", "-----END", " ", "é", "“", "＠", "\\", "\\n",
            "\\u0040", "%3D", "password=", "token", "Basic ", "authorization", "%3A%2F%2F", "%2540", "=", "&", "pi_3a9Z3a9Z3a9Z3a9", "_secret_", "hmac_", "0123456789abcdef0123456789abcdef", "xoxb-", "sk_live_", "postgres", "[redacted]",
        ]), 0..14).prop_map(|parts| parts.concat()),
    ], scope in select(vec![Scope::Secrets, Scope::Identifiers, Scope::Addresses]), keyed in any::<bool>()) {
        let key = KEY.filter(|_| keyed);
        if let Some(clean) = scrub_text(&text, scope, key) {
            prop_assert_eq!(scrub_text(&clean, scope, key), None, "{} → {}", text, clean);
        }
        let members = format!("\"a\":{},\"ip\":[{}]", Value::from(text.as_str()), Value::from(text.as_str()));
        let left = scrub_members(&members, Scope::Identifiers, key, &mut vec![]);
        let left = left.unwrap_or(members);
        prop_assert!(serde_json::from_str::<Value>(&format!("{{{left}}}")).is_ok(), "{}", left);
        prop_assert_eq!(scrub_members(&left, Scope::Identifiers, key, &mut vec![]), None);
        // Even what is no JSON at all.
        let _ = scrub_members(&text, Scope::Identifiers, key, &mut vec![]);
    }
}
