//! What is personal stays here: in groups' profiles, in exception text and in what other providers
//! are told. A person's profile is the caller's to write, without secrets. Events' own properties
//! are the caller's; so is a distinct id.

use std::borrow::Cow;

use crate::error::{Code, Error, Warning};
use crate::event::{Event, Kind};
use crate::json::fields::Fields;
use crate::json::text;
use crate::json::writer::JsonMap;
use crate::json::{self, RawObject};
use crate::policy::identifiers::{Scope, scrub_members, scrub_text};
use crate::request::names;

/// A key shorter than this could be guessed.
const MIN_KEY_BYTES: usize = 16;

/// Lists of names by group type; each name's value is null.
type Lists = Vec<(String, JsonMap<'static>)>;

/// A project's own rules about profiles. Without any, groups' profiles lose identifiers, and
/// persons' lose secrets.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Privacy {
    allow: Lists,
    erase: Lists,
    key: Option<Vec<u8>>,
    /// Persons are treated like groups.
    strict: bool,
}

impl Privacy {
    /// Reads `privacy: { allow?, erase?, persons?, pseudonymKey? }` from the options.
    pub(super) fn read(options: &mut Fields<'_>) -> Result<Self, Error> {
        let Some(object) = options.take_object("privacy")? else { return Ok(Self::default()) };
        let mut fields = Fields::of(object);
        let key = fields.take_str("pseudonymKey")?.map(|key| key.into_owned().into_bytes());
        if let Some(wrong) = key.as_ref().and_then(|key| wrong_key(key)) {
            return Err(Error::new(Code::InvalidConfig, "privacy.pseudonymKey", wrong));
        }
        let strict = match fields.take_str("persons")?.as_deref() {
            None => false,
            Some("strict") => true,
            Some(_) => {
                let message = "must be \"strict\", or left out";
                return Err(Error::new(Code::InvalidConfig, "privacy.persons", message));
            }
        };
        let (allow, erase) = (lists(&mut fields, "allow")?, lists(&mut fields, "erase")?);
        Ok(Self { allow, erase, key, strict })
    }

    /// The key of pseudonyms, if identifiers are to be replaced instead of dropped.
    pub fn key(&self) -> Option<&[u8]> {
        self.key.as_deref()
    }

    /// What is left of a group's profile.
    #[inline(never)]
    pub(super) fn group_profile<'p>(
        &self,
        kind: &str,
        members: Cow<'p, str>,
        warnings: &mut Vec<Warning>,
    ) -> Cow<'p, str> {
        let members = match of_kind(&self.allow, kind) {
            Some(allowed) => allowed_only(&members, allowed, warnings).map_or(members, Cow::Owned),
            None => members,
        };
        let members = self.members("properties", Scope::Identifiers, members, warnings);
        match of_kind(&self.erase, kind) {
            Some(erased) => Cow::Owned(with_nulls(&members, erased)),
            None => members,
        }
    }

    /// What is left of a person's profile, which is the caller's to write: no secrets.
    pub(super) fn person<'p>(
        &self,
        field: &'static str,
        members: Cow<'p, str>,
        warnings: &mut Vec<Warning>,
    ) -> Cow<'p, str> {
        let scope = if self.strict { Scope::Identifiers } else { Scope::Secrets };
        self.members(field, scope, members, warnings)
    }

    /// What is left of an object's members; each that is left out is told.
    pub(crate) fn members<'p>(
        &self,
        field: &'static str,
        scope: Scope,
        members: Cow<'p, str>,
        warnings: &mut Vec<Warning>,
    ) -> Cow<'p, str> {
        let mut dropped = Vec::new();
        let Some(left) = scrub_members(&members, scope, self.key(), &mut dropped) else {
            return members;
        };
        let why = match scope {
            Scope::Secrets => "holds a key, a token or a password, and was left out",
            _ => "holds an e-mail, a customer's id, a secret or an address, and was left out",
        };
        for path in dropped {
            warnings.push(Warning::with(
                Code::IdentifierDropped,
                [field, ".", &path].concat(),
                why,
            ));
        }
        Cow::Owned(left)
    }

    /// A text in which no identifier and no address is left.
    pub(super) fn text(&self, text: &mut String) {
        if let Some(clean) = scrub_text(text, Scope::Addresses, self.key()) {
            *text = clean;
        }
    }

    /// The exception's own text.
    #[inline(never)]
    pub(super) fn exception(&self, event: &mut Event<'_>) {
        if let Kind::Exception(exception) = &mut event.kind {
            for thrown in &mut exception.errors {
                self.text(&mut thrown.message);
                self.text(&mut thrown.name);
                for frame in &mut thrown.frames {
                    self.text(&mut frame.function);
                    // A host's address is where the code is, not who asked for it.
                    if let Some(clean) = scrub_text(&frame.filename, Scope::Identifiers, self.key())
                    {
                        frame.filename = clean;
                    }
                }
            }
            // Only now: half of an identifier is not found.
            exception.cut();
        }
    }

    /// Person properties that a caller wrote among an event's properties.
    pub(super) fn person_in<'p>(
        &self,
        members: Cow<'p, str>,
        warnings: &mut Vec<Warning>,
    ) -> Cow<'p, str> {
        if text::find(&members, names::SET).is_none() {
            return members;
        }
        let mut bag = JsonMap::default();
        let mut changed = false;
        for (name, value) in RawObject::of(&members).entries() {
            let person = matches!(name.as_ref(), names::SET | names::SET_ONCE);
            let inner = json::object(value).filter(|_| person).map(RawObject::inner);
            let field = if name == names::SET { "properties.$set" } else { "properties.$set_once" };
            let cleaned = inner.map(|inner| self.person(field, Cow::Borrowed(inner), warnings));
            match cleaned {
                Some(Cow::Owned(left)) => {
                    changed = true;
                    bag.put(name, ["{", &left, "}"].concat());
                }
                _ => bag.put(name, value.to_owned()),
            }
        }
        if changed { Cow::Owned(bag.members()) } else { members }
    }
}

/// Why a key cannot be taken.
fn wrong_key(key: &[u8]) -> Option<&'static str> {
    if cfg!(not(feature = "pseudonyms")) {
        return Some("is for the PostHog of posthog-wasm/full: import that one");
    }
    (key.len() < MIN_KEY_BYTES).then_some("must have at least 16 characters")
}

/// `{ organization: ["name", …] }`
fn lists(fields: &mut Fields<'_>, option: &'static str) -> Result<Lists, Error> {
    let mut lists = Vec::new();
    let Some(object) = fields.take_object(option)? else { return Ok(lists) };
    for (kind, raw) in object.entries() {
        let wrong = || json::wrong_type(option, "lists of names by group type", raw);
        let mut names = JsonMap::default();
        for name in json::unquote_strings(raw).ok_or_else(wrong)? {
            names.put(Cow::Owned(name), "null".to_owned());
        }
        lists.push((kind.into_owned(), names));
    }
    Ok(lists)
}

/// The names of a group type. A project has five of those.
fn of_kind<'l>(lists: &'l Lists, kind: &str) -> Option<&'l JsonMap<'static>> {
    lists.iter().find(|(known, _)| known == kind).map(|(_, names)| names)
}

/// The members on a list; `None` if all are.
fn allowed_only(
    members: &str,
    allowed: &JsonMap<'_>,
    warnings: &mut Vec<Warning>,
) -> Option<String> {
    let mut bag = JsonMap::default();
    let mut dropped = false;
    for (name, value) in RawObject::of(members).entries() {
        if allowed.get(&name).is_some() {
            bag.put(name, value.to_owned());
        } else {
            dropped = true;
            // Before it is cut: half of an identifier is not found.
            let clean = scrub_text(&name, Scope::Addresses, None);
            let shown = text::start(clean.as_deref().unwrap_or(&name), 80);
            warnings.push(Warning::with(
                Code::NotAllowed,
                ["properties.", shown].concat(),
                "is not among the option privacy.allow, and was left out",
            ));
        }
    }
    dropped.then(|| bag.members())
}

/// PostHog merges profiles and takes nothing out: null is the next best.
fn with_nulls<'m>(members: &'m str, erased: &JsonMap<'m>) -> String {
    let mut bag = JsonMap::default();
    bag.extend(RawObject::of(members));
    bag.merge(erased);
    bag.members()
}

#[cfg(test)]
mod tests {
    #[cfg(target_arch = "wasm32")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    use super::*;

    fn privacy(options: &str) -> Privacy {
        Privacy::read(&mut Fields::of(RawObject::read(options, "options").unwrap())).unwrap()
    }

    #[test]
    fn a_name_in_a_warning_holds_no_identifier() {
        let privacy = privacy(r#"{"privacy":{"allow":{"organization":["name"]}}}"#);
        let mut warnings = Vec::new();
        let far = ["x".repeat(70), " joe@example.com".to_owned()].concat();
        let members = format!(r#""joe@example.com":1,"{far}":2,"from 10.1.2.3":3,"name":4"#);
        let left = privacy.group_profile("organization", members.into(), &mut warnings);
        assert_eq!(left, r#""name":4"#);
        let fields: Vec<&str> = warnings.iter().map(|warning| warning.field.as_ref()).collect();
        let cut = ["properties.", &"x".repeat(70), " [redacted"].concat();
        assert_eq!(fields, ["properties.[redacted]", cut.as_str(), "properties.from [redacted]"]);
    }

    #[test]
    fn persons_are_like_groups_where_that_is_asked_for() {
        let left = |options: &str| {
            let mut warnings = Vec::new();
            let members = Cow::Borrowed(r#""email":"joe@example.com","key":"sk_live_abcdef""#);
            let left = privacy(options).person("set", members, &mut warnings).into_owned();
            (left, warnings.len())
        };
        assert_eq!(left("{}"), (r#""email":"joe@example.com""#.to_owned(), 1));
        assert_eq!(left(r#"{"privacy":{"persons":"strict"}}"#), (String::new(), 2));
        let wrong = RawObject::read(r#"{"privacy":{"persons":"lax"}}"#, "options").unwrap();
        let error = Privacy::read(&mut Fields::of(wrong)).unwrap_err();
        assert_eq!((error.code, error.field.as_ref()), (Code::InvalidConfig, "privacy.persons"));
    }

    #[test]
    fn each_group_type_has_its_own_lists() {
        let many: Vec<String> = (0..40).map(|at| format!("\"p{at}\"")).collect();
        let options = format!(
            r#"{{"privacy":{{"allow":{{"organization":["a"],"app":[{0}]}},"erase":{{"app":[{0}]}}}}}}"#,
            many.join(",")
        );
        let privacy = privacy(&options);
        let left = |kind: &str| {
            let members = Cow::Borrowed(r#""p39":1,"a":2"#);
            privacy.group_profile(kind, members, &mut Vec::new()).into_owned()
        };
        assert_eq!(left("organization"), r#""a":2"#);
        assert_eq!(left("other"), r#""p39":1,"a":2"#);
        assert!(left("app").starts_with(r#""p39":null,"p0":null,"#), "{}", left("app"));
        assert_eq!(left("app").matches("null").count(), 40);
    }
}
