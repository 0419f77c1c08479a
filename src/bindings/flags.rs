//! Feature flags: definitions are kept while they are in use, everything else is text in, text out.

use std::cell::RefCell;
use std::rc::Rc;

use wasm_bindgen::prelude::*;

use super::serialize;
use crate::delivery::flags::{Failure, Limits, Settings, definitions_status};
use crate::error::Error;
use crate::flags::context::Given;
use crate::flags::definitions::{Definitions, MAX_BYTES};
use crate::flags::problem::ProblemCode;
use crate::flags::snapshot;
use crate::json::fields::Fields;
use crate::json::writer::{ObjectWriter, list, object};
use crate::json::{self, RawObject};
use crate::request::{flags, names};

/// How many projects' definitions are kept: handlers use one.
const KEPT: usize = 4;

thread_local! {
    static DEFINITIONS: RefCell<Kept> = const { RefCell::new(Kept { last: 0, all: Vec::new() }) };
}

struct Kept {
    last: u32,
    all: Vec<KeptDefinitions>,
}

struct KeptDefinitions {
    id: u32,
    /// Of their text: as much as one may have is kept in all.
    bytes: usize,
    definitions: Rc<Definitions>,
}

impl Kept {
    fn make_room(&mut self, bytes: usize) {
        let kept = |all: &[KeptDefinitions]| {
            all.iter().fold(bytes, |sum, kept| sum.saturating_add(kept.bytes))
        };
        while !self.all.is_empty() && (self.all.len() >= KEPT || kept(&self.all) > MAX_BYTES) {
            let _oldest = self.all.remove(0);
        }
    }
}

/// Reads definitions and keeps them: `{ id, flags, problems }` as JSON text, or `{ error }`.
#[wasm_bindgen]
pub fn flags_define(text: &str) -> JsValue {
    let definitions = match Definitions::read(text) {
        Ok(definitions) => Rc::new(definitions),
        Err(code) => return object(|object| problem(object.key("error"), code, "")).into(),
    };
    let id = DEFINITIONS.with(|kept| {
        let Ok(mut kept) = kept.try_borrow_mut() else { return 0 };
        kept.make_room(text.len());
        kept.last = kept.last.wrapping_add(1).max(1);
        let (id, bytes) = (kept.last, text.len());
        kept.all.push(KeptDefinitions { id, bytes, definitions: Rc::clone(&definitions) });
        id
    });
    object(|object| {
        object.number("id", id);
        object.number("flags", definitions.len());
        list(object.key("problems"), &definitions.problems, |to, found| {
            problem(to, found.code, &found.place);
        });
    })
    .into()
}

fn problem(to: &mut String, code: ProblemCode, place: &str) {
    let mut object = ObjectWriter::open(to);
    object.string("code", code.name());
    if !place.is_empty() {
        object.string("flag", place);
    }
    object.string("message", code.message());
    object.close();
}

/// Evaluates the flags that `options` ask for: a snapshot, or `{ error }`. Undefined: the
/// definitions of that id are not kept any more.
#[wasm_bindgen]
pub fn flags_local(id: u32, options: &str, now: f64) -> JsValue {
    let known = DEFINITIONS.with(|kept| {
        let kept = kept.try_borrow().ok()?;
        let kept = kept.all.iter().find(|kept| kept.id == id)?;
        Some(Rc::clone(&kept.definitions))
    });
    let Some(definitions) = known else { return JsValue::UNDEFINED };
    #[allow(clippy::cast_possible_truncation, reason = "saturates")]
    let now = now as i64;
    let mended = json::replace_lone_surrogates(options);
    let options = mended.as_deref().unwrap_or(options);
    let local =
        Given::read(options).map(|given| snapshot::local(&definitions, &given.context(now)));
    local.unwrap_or_else(|error| failed(&error)).into()
}

fn failed(mistake: &Error) -> String {
    object(|object| object.key("error").push_str(&serialize::mistake(mistake)))
}

/// The request that asks PostHog: `{ url, method, headers, body, attemptMs, budgetMs }`, or
/// `{ error }`, or `{ skipped }`.
#[wasm_bindgen]
pub fn flags_request(settings: &str, options: &str) -> JsValue {
    let mended = json::replace_lone_surrogates(options);
    let options = mended.as_deref().unwrap_or(options);
    let request = Settings::read(settings).and_then(|settings| {
        let given = Given::read(options)?;
        let limits = Limits::of_flags(&settings, &mut fields(options)?)?;
        Ok(asked(&settings, limits, |object, project| {
            object.string("url", &project.flags_url());
            object.string("method", "POST");
            headers(object, None, None);
            object.string("body", &project.flags_body(&given));
        }))
    });
    request.unwrap_or_else(|error| failed(&error)).into()
}

/// The request that fetches definitions, in the same form.
#[wasm_bindgen]
pub fn flags_definitions_request(settings: &str, options: &str) -> JsValue {
    let request = Settings::read(settings).and_then(|settings| {
        let mut fields = fields(options)?;
        let limits = Limits::of_definitions(&mut fields)?;
        let etag = fields.take_str("etag")?;
        let key = flags::secret_key(&mut fields)?;
        Ok(asked(&settings, limits, |object, project| {
            object.string("url", &project.definitions_url());
            object.string("method", "GET");
            headers(object, Some(&["Bearer ", &key].concat()), etag.as_deref());
        }))
    });
    request.unwrap_or_else(|error| failed(&error)).into()
}

fn fields(options: &str) -> Result<Fields<'_>, Error> {
    Ok(Fields::of(RawObject::read(options, "options")?))
}

fn asked(
    settings: &Settings,
    limits: Limits,
    write: impl FnOnce(&mut ObjectWriter<'_>, &crate::request::Project),
) -> String {
    object(|object| match &settings.project {
        _ if settings.disabled => object.string("skipped", "disabled"),
        None => object.string("skipped", "not_configured"),
        Some(project) => {
            write(object, project);
            object.number("attemptMs", limits.attempt_ms);
            object.number("budgetMs", limits.budget_ms);
        }
    })
}

fn headers(object: &mut ObjectWriter<'_>, authorization: Option<&str>, etag: Option<&str>) {
    let mut headers = ObjectWriter::open(object.key("headers"));
    headers.string("Content-Type", "application/json");
    headers.string("User-Agent", names::USER_AGENT);
    for (name, value) in [("Authorization", authorization), ("If-None-Match", etag)] {
        if let Some(value) = value {
            headers.string(name, value);
        }
    }
    headers.close();
}

/// How long to wait before asking for flags again; negative: not again. `status` is 0 where no
/// answer came; without a `cause` it did not come in time.
#[wasm_bindgen]
pub fn flags_wait(
    attempt_ms: u32,
    budget_ms: u32,
    attempt: u32,
    status: u16,
    cause: Option<String>,
    elapsed_ms: u32,
) -> i32 {
    let failure = match (status, cause.as_deref()) {
        (0, None) => Failure::TimedOut,
        (0, Some(cause)) => Failure::Cause(cause),
        _ => Failure::Status(status),
    };
    let wait = Limits { attempt_ms, budget_ms }.wait(attempt, failure, elapsed_ms);
    wait.and_then(|ms| i32::try_from(ms).ok()).unwrap_or(-1)
}

/// What an HTTP status means where definitions were asked for.
#[wasm_bindgen]
pub fn flags_definitions_status(status: u16) -> JsValue {
    definitions_status(status).into()
}

/// A snapshot with PostHog's answer in it; undefined: that is no answer. `keys` is a JSON array, or
/// `null` for all.
#[wasm_bindgen]
pub fn flags_merge(local: &str, answer: &str, keys: &str) -> JsValue {
    let keys = json::unquote_strings(keys);
    flags::merge(local, answer, keys.as_deref()).map_or(JsValue::UNDEFINED, Into::into)
}

/// What events say of flags, by their values.
#[wasm_bindgen]
pub fn flags_properties(values: &str) -> JsValue {
    flags::event_properties(json::object(values).unwrap_or(RawObject::EMPTY)).into()
}

/// The event that a flag was read: `{ event, properties }`.
#[wasm_bindgen]
pub fn flags_called(read: &str) -> JsValue {
    let properties = flags::called_properties(json::object(read).unwrap_or(RawObject::EMPTY));
    object(|event| {
        event.string("event", names::FEATURE_FLAG_CALLED);
        event.raw("properties", &properties);
    })
    .into()
}
