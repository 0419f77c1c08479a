//! Keeps `wasm-pack build` off the hand-written files in `pkg/`: it would delete `package.json`
//! there. `deno task build` is what fills `pkg/wasm`.

use std::path::Path;
use std::{env, process};

fn main() {
    println!("cargo:rerun-if-env-changed=POSTHOG_WASM_BUILD");
    let set = |name, value| env::var(name).is_ok_and(|found| found == value);
    let releasing = set("CARGO_CFG_TARGET_ARCH", "wasm32") && set("PROFILE", "release");
    // A crate from the registry has no `pkg/`, and may be built by anyone in any way.
    if releasing
        && Path::new("pkg/package.json").exists()
        && env::var("POSTHOG_WASM_BUILD").is_err()
    {
        eprintln!(
            "`wasm-pack build` would overwrite pkg/package.json. Use `deno task build`; to build \
             elsewhere, set POSTHOG_WASM_BUILD=1 and give wasm-pack an --out-dir outside pkg/."
        );
        process::exit(1);
    }
}
