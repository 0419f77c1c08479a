//! Builders: the request that events come to, sent by nobody.

use wasm_bindgen::prelude::*;

use super::{seeds, serialize};
use crate::error::{Code, Error};
use crate::event::exception::Exception;
use crate::event::input::{Input, Tag};
use crate::event::time::Timestamp;
use crate::json::RawObject;
use crate::json::fields::Fields;
use crate::json::writer::{self, ObjectWriter, object};
use crate::policy::Policy;
use crate::request::prepare::{PrepareResult, Rules, prepare};
use crate::request::{Project, Request, Wire};

/// The one request that these events come to: `[the request without its body, body]`, with what
/// comes behind a part that the shell holds as the third; or `[error]`. `now` is the JSON of the
/// time that the builder was given.
#[wasm_bindgen]
pub fn build(
    options: &str,
    now: Option<String>,
    wall: f64,
    lines: &str,
    thrown: Option<String>,
) -> JsValue {
    let exception = thrown.as_deref().and_then(Exception::read);
    match request(options, now, wall, Input::from_lines(lines), exception) {
        Ok(request) => {
            let head = head(&request);
            match &request.body.part {
                None => texts(&[&head, &request.body.head]),
                Some(part) => texts(&[&head, &request.body.head, &part.tail]),
            }
        }
        Err(error) => texts(&[&serialize::mistake(&error)]),
    }
}

/// The request of a builder.
fn request(
    options: &str,
    now: Option<String>,
    wall: f64,
    mut inputs: Vec<Input<'_>>,
    exception: Option<Exception>,
) -> Result<Request, Error> {
    let mut fields = Fields::of(RawObject::read(options, "options")?);
    let allow_http = fields.take_bool("allowHttp")?.unwrap_or(false);
    let policy = Policy::read(&mut fields)?;
    let project = Project::read(&mut fields, allow_http)?.ok_or_else(Project::missing_key)?;
    let now = match now {
        Some(raw) => Timestamp::read(&raw, "now")?,
        None => seeds::wall(wall),
    };
    // A builder of one event is asked for that event, and its errors name no place.
    let is_batch = inputs.iter().any(|input| input.tag() == Tag::Track) || inputs.len() > 1;
    let rules = Rules { policy: &policy, logsnag: None };
    let prepared = prepare(&mut inputs, exception, &rules, &mut || seeds::seed(now), &mut |_| None);
    for (place, (_, result)) in prepared.events.into_iter().enumerate() {
        if let PrepareResult::Refused(error) = result {
            return Err(if is_batch {
                error.inside(&writer::index_path("events", place))
            } else {
                error
            });
        }
    }
    let wires: Vec<&Wire> = prepared.wires.iter().map(|(_, wire)| wire).collect();
    if wires.is_empty() {
        return Err(Error::new(Code::InvalidEvent, "events", "must hold an event"));
    }
    Ok(project.request(&wires))
}

/// Several texts at once: each crosses as it is, unescaped.
fn texts(parts: &[&str]) -> JsValue {
    // Only a map with keys that are no strings fails.
    serde_wasm_bindgen::to_value(parts).unwrap_or(JsValue::UNDEFINED)
}

/// A request but for its body.
fn head(request: &Request) -> String {
    object(|object| {
        object.string("url", &request.url);
        object.string("method", request.method);
        let mut headers = ObjectWriter::open(object.key("headers"));
        for (name, value) in request.headers.pairs() {
            headers.string(name, value);
        }
        headers.close();
    })
}
