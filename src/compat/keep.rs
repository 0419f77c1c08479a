//! What a host keeps as it was, though it was a fault, and where it sends.

use crate::error::{Code, Error};
use crate::json::fields::Fields;
use crate::request::{Project, host};

/// Each flag takes one fix back: a row of docs/replacing-your-own-tracking.md. Not here are the
/// shell's: they are about what never crosses, or about the request.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Keep {
    /// Pool events without an id under `anonymous`.
    pub anonymous: bool,
    /// Let the payload's channel and description overwrite the tags of those names.
    pub channel: bool,
    /// Send a caller's address where PostHog does not read it.
    pub ip: bool,
    /// Let PostHog locate the sender's connection.
    pub geoip: bool,
    /// Send no uuid.
    pub uuid: bool,
    /// Do not say what sends it.
    pub lib: bool,
    /// Send timestamps that are none.
    pub timestamps: bool,
    /// Send group keys that PostHog drops.
    pub groups: bool,
    /// Send events that PostHog refuses or drops.
    pub invalid: bool,
    /// Send an exception's name and message whole.
    pub exception_params: bool,
    /// No fault, an option: send a caller's address in the property that PostHog reads.
    pub send_ip: bool,
}

impl Keep {
    /// Reads the flags from the options.
    pub fn read(options: &mut Fields<'_>) -> Result<Self, Error> {
        let mut flag = |name| options.take_bool(name).map(Option::unwrap_or_default);
        Ok(Self {
            anonymous: flag("keepAnonymous")?,
            channel: flag("keepChannel")?,
            ip: flag("keepIp")?,
            geoip: flag("keepGeoip")?,
            uuid: flag("keepUuid")?,
            lib: flag("keepLib")?,
            timestamps: flag("keepTimestamps")?,
            groups: flag("keepGroups")?,
            invalid: flag("keepInvalid")?,
            exception_params: flag("keepExceptionParams")?,
            send_ip: flag("sendIp")?,
        })
    }
}

/// Where the events go. `token` is a key that is taken as it is.
pub fn project(options: &mut Fields<'_>) -> Result<Project, Error> {
    let allow_http = options.take_bool("allowHttp")?.unwrap_or(false);
    if let Some(token) = options.take_str("token")? {
        let host = options.take_str("host")?;
        let base = host::normalise(host.as_deref().unwrap_or("eu"), allow_http)?;
        return Ok(Project::new(token, base));
    }
    let missing = || Error::new(Code::InvalidApiKey, "apiKey", "is missing");
    let project = Project::read(options, allow_http)?.ok_or_else(missing)?;
    Ok(Project::new(project.api_key, project.base))
}
