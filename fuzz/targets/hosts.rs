//! What comes out is a base: it normalises to itself, and nothing has to be left off it.
#![no_main]

use libfuzzer_sys::fuzz_target;
use posthog_wasm::request::host::normalise;

fuzz_target!(|text: &str| {
    for allow_http in [false, true] {
        let Ok(base) = normalise(text, allow_http) else { continue };
        assert_eq!(normalise(&base, allow_http).as_ref(), Ok(&base));
        assert!(base.starts_with("https://") || base.starts_with("http://"), "{base}");
        assert!(base.bytes().all(|byte| byte.is_ascii_graphic()), "{base}");
        assert!(!base.ends_with('/') && !base.contains(['?', '#', '@', '\\']), "{base}");
        for endpoint in ["/batch/", "/i/v0/e/", "/s/"] {
            let url = [&base, endpoint].concat();
            assert_eq!(normalise(&url, allow_http).as_ref(), Ok(&base));
        }
    }
});
