//! Whether a body travels as gzip. The host packs it, where it can.

use crate::error::{Code, Error};
use crate::json::fields::Fields;

/// The option `compress`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Compress {
    /// Never.
    #[default]
    Off,
    /// Where it pays.
    Auto,
    /// Whatever its size.
    Gzip,
}

impl Compress {
    /// Reads `compress` from the options.
    pub fn read(options: &mut Fields<'_>) -> Result<Self, Error> {
        match options.take_str("compress")?.as_deref() {
            None | Some("auto") => Ok(Self::Auto),
            Some("gzip") => Ok(Self::Gzip),
            Some("off") => Ok(Self::Off),
            Some(_) => Err(Error::new(
                Code::InvalidConfig,
                "compress",
                "must be \"auto\", \"gzip\" or \"off\"",
            )),
        }
    }
}
