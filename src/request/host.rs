//! Hosts: whatever people write in `POSTHOG_API_HOST` becomes one base, or a clear error.

use crate::error::{Code, Error};
use crate::event::address::is_ipv6;
use crate::json::text;

/// PostHog's own endpoints, longest first: a host that ends in one is the base before it.
const ENDPOINTS: [&str; 8] =
    ["/i/v0/e", "/batch", "/capture", "/e", "/engage", "/flags", "/s", "/track"];

/// `eu`, `us` or a URL, to a base without a slash at the end. A path that is no endpoint is kept:
/// it is a proxy's.
pub fn normalise(host: &str, allow_http: bool) -> Result<String, Error> {
    let host = text::trim(host);
    match host {
        "" | "eu" => return Ok("https://eu.i.posthog.com".to_owned()),
        "us" => return Ok("https://us.i.posthog.com".to_owned()),
        _ => {}
    }
    let refused = |message: &'static str| Error::new(Code::InvalidHost, "host", message);
    let (scheme, rest) = text::split_once(host, "://")
        .ok_or_else(|| refused("must be \"eu\", \"us\" or a URL that starts with https://"))?;
    let scheme = scheme.to_ascii_lowercase();
    let (authority, path) = match rest.find('/') {
        Some(at) => rest.split_at_checked(at).unwrap_or((rest, "")),
        None => (rest, ""),
    };
    if rest.contains(['?', '#']) {
        return Err(refused("must have neither a query nor a fragment"));
    }
    if authority.contains('@') {
        return Err(refused("must not carry a user name or a password"));
    }
    let authority = authority.to_ascii_lowercase();
    let name = host_name(&authority).ok_or_else(|| refused("has no valid host name or port"))?;
    match scheme.as_str() {
        "https" => {}
        "http" if allow_http || is_local(name) => {}
        "http" => return Err(refused("plain http leaves this machine; use https or allowHttp")),
        _ => return Err(refused("must start with https://")),
    }
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"/-_.~%+".contains(&byte);
    if !path.bytes().all(plain) || path.split('/').any(|part| part == "..") {
        return Err(refused("has a path that is none"));
    }
    let mut path = path.trim_end_matches('/');
    // What is left may end in one as well, and a base has to be one when it is read again.
    while let Some(base) = ENDPOINTS.iter().find_map(|end| path.strip_suffix(end)) {
        path = base.trim_end_matches('/');
    }
    Ok([scheme.as_str(), "://", &authority, path].concat())
}

/// The name of `name[:port]`, if both are valid.
fn host_name(authority: &str) -> Option<&str> {
    let (name, port) = if authority.starts_with('[') {
        let (name, port) = authority.split_at_checked(authority.find(']')?.checked_add(1)?)?;
        name.strip_prefix('[')?.strip_suffix(']').filter(|inner| is_ipv6(inner))?;
        (name, port)
    } else {
        authority.split_at_checked(authority.find(':').unwrap_or(authority.len()))?
    };
    if !port.is_empty() {
        let digits = port.strip_prefix(':')?;
        let plain = digits.bytes().all(|byte| byte.is_ascii_digit());
        text::number::<u16>(digits).filter(|port| plain && *port > 0)?;
    }
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._".contains(&byte);
    let named = name.starts_with('[')
        || (name.bytes().all(plain) && name.split('.').all(|label| !label.is_empty()));
    (!name.is_empty() && named).then_some(name)
}

fn is_local(name: &str) -> bool {
    name == "localhost"
        || name.ends_with(".localhost")
        || name == "host.docker.internal"
        || name == "[::1]"
        || (name.starts_with("127.")
            && name.split('.').count() == 4
            && name.split('.').all(|part| text::number::<u8>(part).is_some()))
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
