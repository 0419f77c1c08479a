//! Whose event a client's request is. The request only asks; the host's checks decide, and this says
//! which of them must agree.

use crate::event::group::MAX_GROUP_CHARS;
use crate::json::text::{is_blank, is_longer};
use crate::json::{self, RawObject};

/// Whose event it is, if the host's checks agree.
#[derive(Debug, PartialEq, Eq)]
pub struct RequestedIdentity {
    /// The distinct id.
    pub actor: String,
    /// The organization that is asked for. Without one there is nothing to check, and no group.
    pub organization: Option<String>,
    /// The app that is named beside it: then the app must be readable and owned by the
    /// organization, and whether the organization is readable does not count.
    pub app: Option<String>,
    /// Whether the organization may be notified in its console.
    pub notifiable: bool,
}

/// Why no check can help.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// The event would be that of a user, and there is none.
    Unauthenticated,
    /// What is asked for as an organization is no id.
    Organization,
    /// What is named as its app is no id.
    App,
    /// A console is to be notified, but no organization is asked for.
    NoOrganization,
}

impl Refusal {
    /// The code, as TypeScript knows it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Unauthenticated => "unauthenticated",
            Self::Organization => "forbidden_organization",
            Self::App => "forbidden_app",
            Self::NoOrganization => "missing_organization",
        }
    }
}

/// What a request asks for; `user` is the signed-in user's id, blank if there is none.
///
/// Version 2 asks by `org_id` and stays the user's event. Before it, clients sent the organization's
/// id as `user_id`, and the event is the organization's own.
pub fn requested_identity(request: &str, user: &str) -> Result<RequestedIdentity, Refusal> {
    let request = json::object(request).unwrap_or(RawObject::EMPTY);
    let user = if is_blank(user) { "" } else { user };
    let second = request.get("tracking_version").is_some_and(is_second);
    let console = request.get("notifyConsole") == Some("true");
    let asked = request
        .get(if second { "org_id" } else { "user_id" })
        .filter(|raw| !matches!(*raw, "null" | "\"\""))
        .filter(|raw| second || json::unquote(raw).is_none_or(|id| id != user));

    if user.is_empty() && (second || asked.is_none()) {
        return Err(Refusal::Unauthenticated);
    }
    let Some(asked) = asked else {
        if console {
            return Err(Refusal::NoOrganization);
        }
        let actor = user.to_owned();
        return Ok(RequestedIdentity { actor, organization: None, app: None, notifiable: false });
    };
    let organization = id(asked).ok_or(Refusal::Organization)?;
    let app = match app(request) {
        Some(raw) => Some(id(raw).ok_or(Refusal::App)?),
        None => None,
    };
    let actor = if second { user } else { &organization }.to_owned();
    Ok(RequestedIdentity {
        actor,
        organization: Some(organization),
        app,
        notifiable: second || console,
    })
}

/// Whether a `tracking_version` is the second. What is no version counts as the first.
pub(super) fn is_second(version: &str) -> bool {
    matches!(version, "2" | "\"2\"")
}

/// The app that a request's tags name, as JSON; what is no text, or empty, names none.
fn app(request: RawObject<'_>) -> Option<&str> {
    let tags = json::object(request.get("tags")?)?;
    ["app-id", "app_id"]
        .into_iter()
        .filter_map(|name| tags.get(name))
        .find(|raw| raw.starts_with('"') && *raw != "\"\"")
}

/// What may be a group's key. A host's checks are not asked about anything else.
fn id(raw: &str) -> Option<String> {
    json::unquote_string(raw).filter(|id| !is_blank(id) && !is_longer(id, MAX_GROUP_CHARS))
}

#[cfg(test)]
mod tests {
    #[cfg(target_arch = "wasm32")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    use super::*;

    fn asks(
        actor: &str,
        organization: Option<&str>,
        app: Option<&str>,
        notifiable: bool,
    ) -> Result<RequestedIdentity, Refusal> {
        let [organization, app] = [organization, app].map(|id| id.map(str::to_owned));
        Ok(RequestedIdentity { actor: actor.to_owned(), organization, app, notifiable })
    }

    #[test]
    fn a_request_asks_by_its_version() {
        for (request, expected) in [
            (r#"{"tracking_version":2}"#, asks("u", None, None, false)),
            (r#"{"tracking_version":2,"tags":{"app_id":"a"}}"#, asks("u", None, None, false)),
            (r#"{"tracking_version":2,"org_id":""}"#, asks("u", None, None, false)),
            (
                r#"{"tracking_version":2,"org_id":"o","user_id":"p"}"#,
                asks("u", Some("o"), None, true),
            ),
            (
                r#"{"tracking_version":"2","org_id":"o","tags":{"app_id":"b","app-id":"a"}}"#,
                asks("u", Some("o"), Some("a"), true),
            ),
            ("null", asks("u", None, None, false)),
            (r#"{"org_id":"o","tags":{"app-id":"a"}}"#, asks("u", None, None, false)),
            (r#"{"user_id":"u"}"#, asks("u", None, None, false)),
            (r#"{"user_id":null}"#, asks("u", None, None, false)),
            (r#"{"user_id":"o"}"#, asks("o", Some("o"), None, false)),
            (r#"{"user_id":"o","notifyConsole":true}"#, asks("o", Some("o"), None, true)),
            (
                r#"{"user_id":"o","tracking_version":3,"tags":{"app-id":7,"app_id":"b"}}"#,
                asks("o", Some("o"), Some("b"), false),
            ),
            (r#"{"user_id":"o","tags":{"app-id":""}}"#, asks("o", Some("o"), None, false)),
        ] {
            assert_eq!(requested_identity(request, "u"), expected, "{request}");
        }
    }

    #[test]
    fn what_is_no_id_is_nobodys_to_read() {
        let long = |name: &str, chars: usize| {
            format!(r#"{{"user_id":"o","{name}":"{}"}}"#, "é".repeat(chars))
        };
        let tagged = |app: &str| format!(r#"{{"user_id":"o","tags":{{"app_id":{app}}}}}"#);
        for (request, refusal) in [
            (r#"{"user_id":7}"#.to_owned(), Refusal::Organization),
            (r#"{"user_id":" "}"#.to_owned(), Refusal::Organization),
            (r#"{"user_id":{"id":"u"}}"#.to_owned(), Refusal::Organization),
            (r#"{"user_id":"\ud800"}"#.to_owned(), Refusal::Organization),
            (r#"{"tracking_version":2,"org_id":false}"#.to_owned(), Refusal::Organization),
            (long("user_id", 401).replace(r#""user_id":"o","#, ""), Refusal::Organization),
            (tagged(r#"" ""#), Refusal::App),
            (tagged(&format!(r#""{}""#, "a".repeat(401))), Refusal::App),
            (r#"{"notifyConsole":true}"#.to_owned(), Refusal::NoOrganization),
            (r#"{"tracking_version":2,"notifyConsole":true}"#.to_owned(), Refusal::NoOrganization),
        ] {
            assert_eq!(requested_identity(&request, "u"), Err(refusal), "{request}");
        }
        assert!(requested_identity(&tagged(&format!(r#""{}""#, "a".repeat(400))), "u").is_ok());
    }

    #[test]
    fn nobody_has_no_events_of_their_own() {
        for nobody in ["", " "] {
            for request in ["null", r#"{"user_id":""}"#, r#"{"tracking_version":2,"org_id":"o"}"#] {
                let refused = Err(Refusal::Unauthenticated);
                assert_eq!(requested_identity(request, nobody), refused, "{request}");
            }
            let asked = requested_identity(r#"{"user_id":"o"}"#, nobody);
            assert_eq!(asked, asks("o", Some("o"), None, false));
        }
    }
}
