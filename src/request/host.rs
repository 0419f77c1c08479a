//! Hosts: whatever people write in `POSTHOG_API_HOST` becomes one base, or a clear error.

use crate::error::{Code, Error};
use crate::event::address::{ipv4_length, is_ipv6};
use crate::json::text;

/// PostHog's own endpoints, longest first: a host that ends in one is the base before it.
const ENDPOINTS: [&str; 8] =
    ["/i/v0/e", "/batch", "/capture", "/e", "/engage", "/flags", "/s", "/track"];

/// `eu`, `us` or a URL, to a base without a slash at the end. A path that is no endpoint is kept:
/// it is a proxy's.
pub fn normalise(host: &str, allow_http: bool) -> Result<String, Error> {
    let host = text::trim(host);
    match host {
        "" | "eu" => Ok("https://eu.i.posthog.com".to_owned()),
        "us" => Ok("https://us.i.posthog.com".to_owned()),
        _ => base_of(host, allow_http),
    }
}

/// The base of a URL.
#[inline(never)]
fn base_of(host: &str, allow_http: bool) -> Result<String, Error> {
    let refused = |message: &'static str| Err(Error::new(Code::InvalidHost, "host", message));
    let Some((scheme, rest)) = text::split_once(host, "://") else {
        return refused("must be \"eu\", \"us\" or a URL that starts with https://");
    };
    let scheme = ["https", "http"].into_iter().find(|known| scheme.eq_ignore_ascii_case(known));
    let (authority, path) =
        rest.split_at_checked(text::find(rest, "/").unwrap_or(rest.len())).unwrap_or((rest, ""));
    if has(rest, b"?#") {
        return refused("must have neither a query nor a fragment");
    }
    if has(authority, b"@") {
        return refused("must not carry a user name or a password");
    }
    let authority = authority.to_ascii_lowercase();
    let Some(name) = host_name(&authority) else {
        return refused("has no valid host name or port");
    };
    let scheme = match scheme {
        Some("http") if !allow_http && !is_local(name) => {
            return refused("plain http leaves this machine; use https or allowHttp");
        }
        Some(scheme) => scheme,
        None => return refused("must start with https://"),
    };
    if !is_made_of(path, b"/-_.~%+") || text::find(&[path, "/"].concat(), "/../").is_some() {
        return refused("has a path that is none");
    }
    let mut path = path.trim_end_matches('/');
    // What is left may end in one as well, and a base has to be one when it is read again.
    while let Some(base) = ENDPOINTS.iter().find_map(|end| path.strip_suffix(end)) {
        path = base.trim_end_matches('/');
    }
    Ok([scheme, "://", &authority, path].concat())
}

/// The name of `name[:port]`, if both are valid.
fn host_name(authority: &str) -> Option<&str> {
    let bracket = authority.starts_with('[').then(|| text::find(authority, "]"));
    let end = match bracket {
        Some(bracket) => bracket?.wrapping_add(1),
        None => text::find(authority, ":").unwrap_or(authority.len()),
    };
    let (name, port) = authority.split_at_checked(end)?;
    if !port.is_empty() {
        let digits = port.strip_prefix(':')?;
        let plain = digits.bytes().all(|byte| byte.is_ascii_digit());
        text::number::<u16>(digits).filter(|port| plain && *port > 0)?;
    }
    let valid = match bracket {
        Some(_) => is_ipv6(name.get(1..end.wrapping_sub(1))?),
        None => {
            // No label is empty.
            is_made_of(name, b"-._") && text::find(&[".", name, "."].concat(), "..").is_none()
        }
    };
    valid.then_some(name)
}

fn is_local(name: &str) -> bool {
    matches!(name, "localhost" | "host.docker.internal" | "[::1]")
        || name.ends_with(".localhost")
        || (name.starts_with("127.") && ipv4_length(name) == name.len())
}

/// Whether it has one of these bytes.
fn has(text: &str, bytes: &[u8]) -> bool {
    text.bytes().any(|byte| bytes.contains(&byte))
}

/// Whether it has letters, digits and these bytes alone.
fn is_made_of(text: &str, bytes: &[u8]) -> bool {
    text.bytes().all(|byte| byte.is_ascii_alphanumeric() || bytes.contains(&byte))
}

#[cfg(test)]
mod tests {
    #[cfg(target_arch = "wasm32")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    use super::*;

    #[test]
    fn every_way_to_write_a_host_is_one_base() {
        for (given, base) in [
            ("", "https://eu.i.posthog.com"),
            ("eu", "https://eu.i.posthog.com"),
            ("us", "https://us.i.posthog.com"),
            ("https://h.io", "https://h.io"),
            (" https://h.io/ ", "https://h.io"),
            ("HTTPS://H.io//", "https://h.io"),
            ("https://h.io/capture", "https://h.io"),
            ("https://h.io/capture/", "https://h.io"),
            ("https://h.io/batch/", "https://h.io"),
            ("https://h.io/i/v0/e", "https://h.io"),
            ("https://h.io/i/v0/e/", "https://h.io"),
            ("https://h.io/e/", "https://h.io"),
            ("https://h.io/s", "https://h.io"),
            ("https://h.io/batch/e", "https://h.io"),
            ("https://h.io/ingest", "https://h.io/ingest"),
            ("https://h.io/ingest/capture/", "https://h.io/ingest"),
            ("https://h.io/a/some", "https://h.io/a/some"),
            ("https://h.io:8443/x/", "https://h.io:8443/x"),
            ("http://localhost:8000/", "http://localhost:8000"),
            ("http://127.0.0.1:9", "http://127.0.0.1:9"),
            ("http://[::1]:9/p", "http://[::1]:9/p"),
            ("http://host.docker.internal:8000", "http://host.docker.internal:8000"),
        ] {
            assert_eq!(normalise(given, false).as_deref(), Ok(base), "{given}");
        }
        assert_eq!(normalise("http://10.0.0.7", true).as_deref(), Ok("http://10.0.0.7"));
    }

    #[test]
    fn anything_else_is_refused() {
        for given in [
            "://bad",
            "eu.i.posthog.com",
            "EU",
            "ftp://h",
            "https://",
            "https:///x",
            "https://u:p@h",
            "https://u@h",
            "https://h?x=1",
            "https://h/#a",
            "https://h:0",
            "https://h:99999",
            "https://h:+80",
            "https://h:x",
            "https://a b",
            "https://h/a b",
            "https://h/../x",
            "https://h\\x",
            "https://h..io",
            "https://.h",
            "http://h.io",
            "http://127.evil.com",
            "http://127.0.0.-0",
            "http://localhost.evil.com",
            "javascript://h",
            "https://[::1",
            "https://[zz]",
        ] {
            let error = normalise(given, false).unwrap_err();
            assert_eq!((error.code, error.field.as_ref()), (Code::InvalidHost, "host"), "{given}");
        }
    }
}
