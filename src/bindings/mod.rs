//! Every export, each a hinge: read, call the core, write. The shell in `pkg/` calls these and
//! nothing else does; what people call is documented in `pkg/types.d.ts`.
//!
//! A module is built for each audience, of the exports that one feature names (Cargo.toml). What no
//! export of a module reaches is not in it.

#[cfg(feature = "full")]
mod batch;
#[cfg(feature = "builders")]
mod builders;
#[cfg(feature = "client")]
mod client;
#[cfg(feature = "exceptions")]
mod compat;
#[cfg(feature = "drain")]
mod drain;
#[cfg(any(feature = "lifecycle", feature = "stripe"))]
mod events;
#[cfg(feature = "flags")]
mod flags;
#[cfg(any(feature = "client", feature = "drain", feature = "exceptions"))]
mod host;
#[cfg(feature = "lifecycle")]
mod lifecycle;
#[cfg(feature = "lint")]
mod lint;
#[cfg(any(feature = "client", feature = "drain"))]
mod options;
#[cfg(any(feature = "builders", feature = "compat", feature = "full"))]
mod recording;
#[cfg(any(
    feature = "builders",
    feature = "client",
    feature = "drain",
    feature = "exceptions",
    feature = "lint"
))]
mod seeds;
mod serialize;
#[cfg(feature = "stripe")]
mod stripe;
#[cfg(any(feature = "client", feature = "drain", feature = "exceptions"))]
mod tasks;

#[cfg(feature = "full")]
pub use batch::deliver_batch;
#[cfg(feature = "builders")]
pub use builders::build;
#[cfg(feature = "client")]
pub use client::deliver;
#[cfg(feature = "compat")]
pub use compat::compat_logsnag;
#[cfg(feature = "exceptions")]
pub use compat::compat_send;
#[cfg(feature = "drain")]
pub use drain::drain;
#[cfg(feature = "flags")]
pub use flags::{
    flags_called, flags_define, flags_definitions_request, flags_definitions_status, flags_local,
    flags_merge, flags_properties, flags_request, flags_wait,
};
#[cfg(feature = "lifecycle")]
pub use lifecycle::{client_to_event, requested_identity, row_to_events};
#[cfg(feature = "lint")]
pub use lint::{estimate, lint};
#[cfg(any(feature = "builders", feature = "compat", feature = "full"))]
pub use recording::scan_recording;
#[cfg(feature = "stripe")]
pub use stripe::{fold, stripe_to_events};
#[cfg(any(feature = "client", feature = "drain", feature = "exceptions"))]
pub use {host::Call, tasks::resume};

#[global_allocator]
static ALLOCATOR: rlsf::SmallGlobalTlsf = rlsf::SmallGlobalTlsf::new();
