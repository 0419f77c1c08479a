#![allow(clippy::arithmetic_side_effects, reason = "a test may")]

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

use super::*;
use crate::json::work::counted;

const KEY: Option<&[u8]> = Some(b"a key");

/// What is left of a text, and the paths of what was dropped.
fn scrubbed(members: &str, key: Option<&[u8]>) -> (Option<String>, Vec<String>) {
    let mut dropped = Vec::new();
    (scrub_members(members, Scope::Identifiers, key, &mut dropped), dropped)
}

#[test]
fn identifiers_are_redacted() {
    for (text, clean) in [
        // E-mail addresses.
        ("joe@example.com", "[redacted]"),
        ("Joe <Joe.O'Neil+x@mail.example.co.uk>, please", "Joe <[redacted]>, please"),
        ("mailto:joe@example.com?subject=x", "mailto:[redacted]?subject=x"),
        ("/?email=joe%40example.com&x=1", "/?email=[redacted]&x=1"),
        ("/?q=email%3Djoe%2Bx%2540example.com%26", "/?q=email%3D[redacted]%26"),
        (r#""joe doe"@example.com"#, "[redacted]"),
        ("'joe@example.com'", "'[redacted]'"),
        ("`joe@example.com`.", "`[redacted]`."),
        ("jörg@müller.de, 山田@例え.テスト", "[redacted], [redacted]"),
        ("“joe@example.com”", "“[redacted]”"),
        ("joe＠example.com", "[redacted]"),
        ("joe@xn--bcher-kva.xn--p1ai", "[redacted]"),
        ("joe@[1.2.3.4] joe@[IPv6:2001:db8::1]", "[redacted] [redacted]"),
        ("joe@example.com. Joe", "[redacted]. Joe"),
        ("joe@example.com.", "[redacted]."),
        (
            r#"{"to":"a\njoe@example.com","cc":"jim\u0040example.com"}"#,
            r#"{"to":"a\n[redacted]","cc":"[redacted]"}"#,
        ),
        ("a@b@example.com", "a@[redacted]"),
        ("joe@example.com@example.com", "[redacted]@example.com"),
        // Payment ids.
        ("cus_abcdef", "[redacted]"),
        ("customer%3Dcus_NffrFeUfNV2Hib", "customer%3D[redacted]"),
        ("stripe_cus_NffrFeUfNV2Hib.", "stripe_[redacted]."),
        ("pi_3MtwBwLkdIwHu7ix28a3tqPa_secret_YrKJUKribcBjcG8HVhfZluoGH!", "[redacted]!"),
        ("pm_1MqLiJLkdIwHu7ixUEgbFdYF card_1MvoiELkdIwHu7ix", "[redacted] [redacted]"),
        ("sub_1MowQVLkdIwHu7ix;ch_3MmlLrLkdIwHu7ix0snN0B15", "[redacted];[redacted]"),
        ("cs_test_a11YYufWQzNY63zpQ6QSNRQhkUpVph4WRmzW0zWJO2znZKdVujZ0N0S22u", "[redacted]"),
        ("in_1MtHbELkdIwHu7ixl4OzzPMv acct_1032D82eZvKYlo2C", "[redacted] [redacted]"),
        // Keys and tokens.
        ("sk_live_4eC39HqLyjWDarjtT1zdp7dc", "[redacted]"),
        ("rk_test_123456 pk_live_abcdef", "[redacted] [redacted]"),
        ("whsec_MfKQ9r8GKYqrTwjU/D8+LP==", "[redacted]"),
        ("phc_abcdef phx_abcdef phs_abcdef", "[redacted] [redacted] [redacted]"),
        ("github_pat_11ABCDEFG0abc_def ghp_16C7e42F292c6912E7", "[redacted] [redacted]"),
        ("xoxb-123456789012-abcdef xoxp-1234567890", "[redacted] [redacted]"),
        ("AKIAIOSFODNN7EXAMPLE,AIzaSyDaGmWKa4JsXZ-HjGw7ISLn_3namBGewQe", "[redacted],[redacted]"),
        ("sbp_0123456789abcdef0123456789abcdef01234567", "[redacted]"),
        ("sb_secret_N7UND0UgjKTVK-Uodkm0Hg_xSvEMPvz", "[redacted]"),
        ("sk-proj-abcdefGHIJ0123456789_-x", "[redacted]"),
        ("glpat-AbCdEfGhIjKlMnOpQrSt", "[redacted]"),
        ("hf_AbCdEfGhIjKlMnOpQrStUvWx", "[redacted]"),
        ("token=eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2ln-_nature\n", "token=[redacted]\n"),
        ("Authorization: Bearer abc123def==", "Authorization: Bearer [redacted]"),
        ("bearer%20mF_9.B5f-4.1JqM", "bearer%20[redacted]"),
        ("postgres://joe:p@ss@db.host:5432/x?y", "postgres://[redacted]/x?y"),
        ("postgres://joe:p/s#s@db.host:5432/x", "postgres://[redacted]/x"),
        ("'redis://:secret@localhost'", "'redis://[redacted]'"),
        (
            "a\n-----BEGIN RSA PRIVATE KEY-----\nMII\n-----END RSA PRIVATE KEY-----\nb",
            "a\n[redacted]\nb",
        ),
        (r"-----BEGIN PRIVATE KEY-----\nMIIcut off", "[redacted]"),
        (r"key:\nghp_16C7e42F292c6912E7", r"key:\n[redacted]"),
    ] {
        assert_eq!(scrub_text(text, Scope::Identifiers, None).as_deref(), Some(clean), "{text}");
        assert!(scrub_text(text, Scope::Addresses, None).is_some(), "{text}");
    }
}

#[test]
fn addresses_count_where_they_are_somebodys() {
    for (text, clean) in [
        ("connect ECONNREFUSED 10.0.0.1:5432", "connect ECONNREFUSED [redacted]:5432"),
        ("http://203.0.113.9/x 1.2.3.4/24", "http://[redacted]/x [redacted]/24"),
        ("version 1.2.3.4.", "version [redacted]."),
        ("from 2001:db8::1, 2001:db8:0:0:0:0:0:1:443", "from [redacted], [redacted]:443"),
        ("[2001:DB8::1]:80 fe80::1%eth0", "[[redacted]]:80 [redacted]%eth0"),
        ("::ffff:1.2.3.4 ::1", "[redacted] [redacted]"),
        ("client:2001:db8::1. Next", "client:[redacted]. Next"),
    ] {
        assert_eq!(scrub_text(text, Scope::Addresses, None).as_deref(), Some(clean), "{text}");
        assert_eq!(scrub_text(text, Scope::Identifiers, None), None, "{text}");
    }
}

#[test]
fn what_only_looks_alike_stays() {
    for text in [
        "",
        "@handle and @other.handle",
        "left @ right, a@b, a@b.c, @",
        "root@localhost",
        "@scope/pkg@1.2.3 pkg@1.2.3-rc.1 npm:react@18.2.0/index.js",
        "https://deno.land/std@0.224.0/http/server.ts",
        "https://mastodon.social/@someone https://localhost:8000/@vite/client",
        "00000000-0000-4000-8000-000000000000",
        "price_1MoBy5LkdIwHu7ixZhnattbh prod_NWjs8kKbJWmuuc evt_1NG8Du2eZvKYlo2C",
        "focus_123456 discus_abcdef cus_ab cus_ cus-abcdef",
        "card_holder card_number sub_category src_directory pi_version pm_manager",
        "logins_in_30days ch_2024summer sbp_average npm_config_registry",
        "sk_live_ sk_live_... pk_ sk-SK AKIA AKIAlike AIza eyJ eyJhbGciOiJIUzI1NiJ9",
        "eyJhbGciOiJIUzI1NiJ9.js",
        "bearer of bad news, Bearer authentication, Bearer: none",
        "at f (https://x.com:8080/a.js:1:2)",
        "-----BEGIN CERTIFICATE-----",
        "-------------------------------",
        "12:34:56 a::b std::vec Ab::Cd 1.2.3 v1.2.3.4 1.2.3.4.5 256.1.1.1 01:23:45:67:89:ab",
        "100 % of %s and %zz \\ \\u \\u12",
        "日本語、テスト。",
    ] {
        assert_eq!(scrub_text(text, Scope::Addresses, None), None, "{text}");
        assert_eq!(scrub_text(text, Scope::Addresses, KEY), None, "{text}");
    }
}

#[test]
fn a_pseudonym_is_stable_and_none_of_the_identifiers() {
    let one = |text| scrub_text(text, Scope::Addresses, KEY).unwrap();
    // echo -n joe@example.com | openssl dgst -sha256 -hmac "a key"
    assert_eq!(one("joe@example.com"), "hmac_89c25d3d3af2097743ee3026337c02a4");
    for same in
        ["JOE@Example.com", "joe%40example.com", "joe＠example.com", r"joe\u0040example.com"]
    {
        assert_eq!(one(same), one("joe@example.com"));
    }
    assert_eq!(one("2001:DB8::1"), one("2001:db8::1"));
    assert_ne!(one("cus_ABCDEF"), one("cus_abcdef"));
    assert_ne!(
        scrub_text("cus_ABCDEF", Scope::Identifiers, Some(b"another key")),
        Some(one("cus_ABCDEF"))
    );
    assert_eq!(scrub_text("cus_ABCDEF", Scope::Identifiers, Some(b"")).unwrap(), "[redacted]");
    for text in ["joe@example.com", "Bearer joe@example.com", "cus_ABCDEF@example.com"] {
        let once = one(text);
        assert_eq!(once.matches("hmac_").count(), 1, "{once}");
        assert_eq!(scrub_text(&once, Scope::Addresses, KEY), None, "{once}");
    }
}

#[test]
fn a_pseudonym_makes_nothing_before_it_an_address() {
    // Each round would find one more, from the last to the first.
    for (piece, end) in [(r#""2"@y."#, "1.3.3.4"), (r#""2"@y.c"#, r#""2"@y.zz"#)] {
        let chain = [&piece.repeat(9), end].concat();
        let once = scrub_text(&chain, Scope::Addresses, KEY).unwrap();
        assert_eq!(scrub_text(&once, Scope::Addresses, KEY), None, "{once}");
        assert_eq!(once.matches("hmac_").count(), 1, "{once}");
    }
}

#[test]
fn members_with_identifiers_are_dropped() {
    for (members, left, paths) in [
        (r#""a":1,"b":"joe@example.com","c":2"#, r#""a":1,"c":2"#, vec!["b"]),
        (r#""a" : "x@y.zz" , "b" : 1.50 , "c":[ ]"#, r#""b" : 1.50 , "c":[ ]"#, vec!["a"]),
        (r#""a":1 , "b":"x@y.zz""#, r#""a":1 "#, vec!["b"]),
        (r#""a":"x@y.zz","b":"x@y.zz""#, "", vec!["a", "b"]),
        (
            r#""a":"x@y.zz","b":1,"c":"x@y.zz","d":"x@y.zz","e":2"#,
            r#""b":1,"e":2"#,
            vec!["a", "c", "d"],
        ),
        (r#""a":"joe\u0040example.com","b":"\u0063us_abcdef""#, "", vec!["a", "b"]),
        (
            r#""owner":{"id":1,"email":"to joe@example.com!"}"#,
            r#""owner":{"id":1}"#,
            vec!["owner.email"],
        ),
        (
            r#""contacts":["a",{"b":[true,"x@y.zz"]},"x@y.zz"]"#,
            r#""contacts":["a",{"b":[true]}]"#,
            vec!["contacts[1].b[1]", "contacts[2]"],
        ),
        (
            r#""x@y.zz":{"a":["}",1]},"b":{"to x@y.zz":"cus_abcdef"}"#,
            r#""x@y.zz":{"a":["}",1]},"b":{}"#,
            vec!["b.to [redacted]"],
        ),
    ] {
        let paths = paths.into_iter().map(str::to_owned).collect();
        assert_eq!(scrubbed(members, None), (Some(left.to_owned()), paths), "{members}");
    }
}

#[test]
fn clean_members_stay_as_they_are() {
    for members in [
        "",
        r#""a":1"#,
        r#" "a" : [ "b" , { "c" : "@d" } , { } , [ ] ] , "e" : null "#,
        r#""a":"\"}],@\\","b":-1.5e3,"c":true"#,
        r#""version":"1.2.3.4","description":"see 1.2.3.4","subscription":"2001:db8::1""#,
        r#""ip":null,"ip_address":4,"zip":"8001","ips":[]"#,
        r#""joe@example.com":1,"cus_abcdef":{"sk_live_abcdef":true},"\u0078@y.zz":null"#,
        r#""sub_createdAt":"2026-01-02","src_Google":3,"password":true,"token":12,"api_key":"none""#,
        r#""tokens":"1,204","reset_password":"sent","signature":"Jane Doe","key":"value""#,
    ] {
        assert_eq!(scrubbed(members, None), (None, vec![]), "{members}");
        assert_eq!(scrubbed(members, KEY), (None, vec![]), "{members}");
    }
}

#[test]
fn addresses_are_dropped_below_names_that_say_so() {
    for name in [
        "ip",
        "$ip",
        "IP",
        "ip_address",
        "ipAddress",
        "IPAddress",
        "client_ip",
        "clientIp",
        "clientip",
        "remote_addr",
        "REMOTE-ADDR",
        "remoteAddress",
        "x-forwarded-for",
        "cf-connecting-ip",
        "X-Real-IP",
        "true_client_ip",
        "ips",
        "ipv4",
        "last_ip_seen",
        "lastIpSeen",
        "forwarded",
    ] {
        for value in ["1.2.3.4", "2001:db8::1", "1.2.3.4, 5.6.7.8", "for=1.2.3.4"] {
            let members = [r#""a":1,""#, name, r#"":""#, value, "\""].concat();
            let expected = (Some(r#""a":1"#.to_owned()), vec![name.to_owned()]);
            assert_eq!(scrubbed(&members, None), expected, "{members}");
        }
    }
    let nested = r#""ips":["1.2.3.4","none",{"v6":"::1","at":"1.2.3.4x"}],"v":"1.2.3.4""#;
    assert_eq!(
        scrubbed(nested, None),
        (
            Some(r#""ips":["none",{"at":"1.2.3.4x"}],"v":"1.2.3.4""#.to_owned()),
            vec!["ips[0]".to_owned(), "ips[2].v6".to_owned()]
        )
    );
}

#[test]
fn under_a_key_nothing_is_dropped() {
    let one = |text| scrub_text(text, Scope::Addresses, KEY).unwrap();
    let members = r#""a" : "joe@example.com" , "b":["x","\ncus_abcdef \u00e9"],"x@y.zz":{"ip":"1.2.3.4"},"c":1.50"#;
    let left = [
        r#""a" : ""#,
        &one("joe@example.com"),
        r#"" , "b":["x","\n"#,
        &one("cus_abcdef"),
        r#" é"],"x@y.zz":{"ip":""#,
        &one("1.2.3.4"),
        r#""},"c":1.50"#,
    ]
    .concat();
    assert_eq!(scrubbed(members, KEY), (Some(left.clone()), vec![]));
    assert_eq!(scrubbed(&left, KEY), (None, vec![]));
    // A key that anybody has is none.
    assert_eq!(scrubbed(r#""a":"x@y.zz""#, Some(b"")), (Some(String::new()), vec!["a".to_owned()]));
}

#[test]
fn what_is_too_deep_or_no_json_does_not_leave() {
    let deep = [r#""a":"#, &"[".repeat(5_000), "\"x@y.zz\"", &"]".repeat(5_000)].concat();
    let (left, dropped) = scrubbed(&deep, None);
    assert!(!left.unwrap().contains('@'));
    assert_eq!(dropped.len(), 1);
    for broken in [
        "x@y.zz",
        r#""a":1}"x@y.zz"#,
        r#""a":["x@y.zz"#,
        r#""a" "x@y.zz""#,
        r#""a":"\ud800 x@y.zz""#,
        "\"x@y.zz\\",
    ] {
        for key in [None, KEY] {
            assert!(!scrubbed(broken, key).0.unwrap().contains('@'), "{broken}");
        }
    }
}

#[test]
fn a_path_names_the_start_of_a_long_name() {
    let long = "é".repeat(5_000);
    let (_, dropped) = scrubbed(&[r#"""#, &long, r#"":{"b":"x@y.zz"}"#].concat(), None);
    assert_eq!(dropped, [["é".repeat(32).as_str(), ".b"].concat()]);
}

#[test]
fn the_work_grows_with_the_text_and_not_faster() {
    for piece in [
        "a",
        "@",
        "a@",
        "@a.",
        "a@a.",
        "a.a",
        "%40",
        "a%40",
        "a.b%40",
        "\\u0040",
        "\\",
        "\"@a.aa",
        "\"a\"@",
        "a@[",
        "eyJ",
        "eyJ-",
        "-eyJ.",
        "eyJaaaaaaa.a-",
        "eyJ.-",
        "cus_",
        "pm_",
        "a_",
        "sk-",
        "sk-a-",
        "xoxb-",
        "xoxb-a",
        "_sk_live_",
        "Bearer ",
        "Bearer a/",
        "bearer a-bearer ",
        "AKIA",
        "AKIA_",
        "AIza-",
        "://",
        "a://a:b/",
        "a://a:b",
        "a://@",
        "a://[",
        "-----BEGIN ",
        "-----END",
        "-----BEGIN PRIVATE ",
        "1.",
        "1.2.3.",
        "1:",
        "a:",
        ":",
        "::",
        "1::",
        "-a:1",
        "x:1",
        ":1.1.1.1.1",
        "é",
        "\u{ff20}",
        "hmac_",
        "hmac_0123456789abcdef0123456789abcdef@",
        "x-hmac_0123456789abcdef0123456789abcdef",
        "s ",
        "p_",
        "password=",
        "password: ",
        "\"token\":\"",
        "a=",
        "a-b:",
        "authorization: a ",
        "%3D",
        "%3A",
        "%25",
        "%2525",
        "a%3A%2F%2F",
        "a%3A%2F%2Fb%3A",
        "a%40",
        "%40a%2E",
        "%D0%40",
        "pi_1",
        "dapi%61",
        "SK0",
        "AAAA",
        "abcdefghijklmnopqrstuvwxyz0123456789ABCD ",
        "1234567890123456:",
        "MTk4MTk4MTk4MTk4MTk4MTk4.",
        "abc8Q~",
        "0123456789abcdef0123456789abcdef-us",
        "basic a",
        // Found every time.
        "password=hunter2&",
        "sub_1MowQVLkdIwHu7ix,",
        "a@b.cc ",
        "a://b:c@d ",
        "1.2.3.4 ",
        "1::2 ",
        "cus_abcdef ",
        "cus_abcdef@b.cc",
        "a@b.cc@",
        "Bearer a@b.cc ",
    ] {
        let text = piece.repeat(16_384_usize.div_ceil(piece.len()));
        for key in [None, KEY] {
            let (_, spent) = counted(|| scrub_text(&text, Scope::Addresses, key));
            // Five rounds over what may have grown by a pseudonym for each identifier.
            assert!(spent < text.len().saturating_mul(300), "{piece}: {spent} of {}", text.len());
            let (_, spent) = counted(|| tainted(&text, Scope::Addresses));
            assert!(spent < text.len().saturating_mul(60), "{piece}: {spent} of {}", text.len());
        }
    }
}

#[test]
fn a_walk_reads_everything_once() {
    let members = |piece: &str, times| vec![piece; times].join(",");
    let deep = [r#""a":{"#.repeat(99), r#""x@y.zz":"#.to_owned(), "}".repeat(99)].concat();
    for text in [
        members(r#""a":"b""#, 10_000),
        members(r#""a":"x@y.zz""#, 10_000),
        members(r#""x@y.zz":[[[{"a":[1,"]"]}]]]"#, 5_000),
        members(r#""a":[{"b":"\u0040"},["x@y.zz"],{}]"#, 5_000),
        members(r#""ip":["1.2.3.4"]"#, 5_000),
        members(&deep, 100),
        [
            r#""a":["#,
            &members(&["\"x@y.zz\"", &"[".repeat(500), &"]".repeat(500)].concat(), 100),
            "]",
        ]
        .concat(),
    ] {
        for key in [None, KEY] {
            let ((left, dropped), spent) = counted(|| scrubbed(&text, key));
            assert!(spent < text.len().saturating_mul(20), "{spent} of {}", text.len());
            assert!(dropped.len() <= 100);
            if let Some(left) = left {
                assert_eq!(scrubbed(&left, key).0, None);
            }
        }
    }
}

#[test]
fn persons_lose_secrets_only() {
    let clean = |text| scrub_text(text, Scope::Secrets, None);
    for text in [
        "joe@example.com",
        "cus_NffrFeUfNV2Hib",
        "cs_live_a11YYufWQzNY63zpQ6QSNRQhkUpVph4WRmzW0zWJO2",
        "10.1.2.3",
        "https://joe@example.com/x",
    ] {
        assert_eq!(clean(text), None, "{text}");
    }
    for (text, left) in [
        ("joe@example.com has sk_live_abcdef", "joe@example.com has [redacted]"),
        ("pi_3MtwBwLkdIwHu7ix28a3tqPa_secret_YrKJUKribcBjcG8HVhfZluoGH", "[redacted]"),
        ("postgres://joe:pass@example.com/x", "postgres://[redacted]/x"),
    ] {
        assert_eq!(clean(text).as_deref(), Some(left), "{text}");
    }
    let mut dropped = Vec::new();
    let members = r#""email":"joe@example.com","ip":"10.1.2.3","password":"hunter","note":"Bearer abc123def""#;
    let left = scrub_members(members, Scope::Secrets, None, &mut dropped);
    assert_eq!(left.as_deref(), Some(r#""email":"joe@example.com","ip":"10.1.2.3""#));
    assert_eq!(dropped, ["password", "note"]);
}

#[test]
fn what_is_assigned_to_the_name_of_a_secret_is_one() {
    for (text, clean) in [
        ("password=hunter2&a=1", "password=[redacted]&a=1"),
        ("password=hunter", "password=[redacted]"),
        ("?q=1%26password%3Dhunter2%26a", "?q=1%26password%3D[redacted]%26a"),
        (r#"{"password":"S3cr3t, really","a":1}"#, r#"{"password":"S3cr3t, really","a":1}"#),
        (r#"{\"passwd\":\"hunter2\"}"#, r#"{\"passwd\":\"[redacted]\"}"#),
        ("password: hunter2.", "password: [redacted]."),
        ("DB_PASSWORD='x9!kq'", "DB_PASSWORD='[redacted]'"),
        ("Authorization: Basic am9lOmh1bnRlcjI=", "Authorization: Basic [redacted]"),
        ("X-API-Key: 0a1b2c3d4e5f60718293", "X-API-Key: [redacted]"),
        ("?access_token=abc12345&x", "?access_token=[redacted]&x"),
        ("eyJhbGciOiJIUzI1NiJ9%2EeyJzdWIiOiIxIn0%2Ec2ln x", "[redacted] x"),
        ("https%3A%2F%2Fjoe%3Apw%40db.host%2Fx", "https%3A%2F%2F[redacted]%2Fx"),
    ] {
        let left = scrub_text(text, Scope::Secrets, None);
        assert_eq!(left.as_deref().unwrap_or(text), clean, "{text}");
    }
    for text in [
        "password=${DB_PASSWORD} password=[FILTERED] password=*** password=$1 password=<yours>",
        "const password = req.body.password; password: string; if (password === other1) {}",
        "reset_password=sent token=ident token: Foo1 key=value sig=fig design=a1b2c3d4e5",
        "Authorization: required for this. Basic TypeScript, Basic Authentication",
    ] {
        assert_eq!(scrub_text(text, Scope::Addresses, None), None, "{text}");
    }
}

#[test]
fn the_table_is_in_order_and_in_the_docs() {
    use super::patterns::TABLE;
    assert!(TABLE.is_sorted_by_key(|pattern| pattern.prefix));
    let docs = include_str!("../../../docs/privacy.md");
    let rows: Vec<Vec<&str>> =
        docs.lines().map(|line| line.split('|').map(str::trim).collect()).collect();
    let mut known = 0;
    for pattern in TABLE {
        let prefix = ["`", pattern.prefix, "`"].concat();
        let least = pattern.least.to_string();
        let form = format!("{:?}", pattern.alphabet);
        let looks = if pattern.random { "if random" } else { "" };
        let row = ["", &prefix, &form, &least, looks, pattern.issuer, pattern.source, ""].to_vec();
        assert!(rows.contains(&row), "not in docs/privacy.md: {}", row.join(" | "));
        known += 1;
    }
    let shown = rows.iter().filter(|row| row.len() == 8 && row[1].starts_with('`')).count();
    assert_eq!(shown, known, "docs/privacy.md has rows that are no patterns");
}
