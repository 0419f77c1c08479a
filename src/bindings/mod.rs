//! Every export, each a hinge: read, call the core, write. The shell in `pkg/` calls these and
//! nothing else does; what people call is documented in `pkg/types.d.ts`.

use wasm_bindgen::prelude::*;

use crate::delivery::ClientOptions;
use crate::error::{Code, Error, Warning};
use crate::event::exception::Exception;
use crate::event::input::{Input, Tag};
use crate::event::time::Timestamp;
use crate::json::writer;
use crate::request::prepare::{PrepareResult, Prepared, Rules, prepare};
use crate::request::{Request, Wire};

mod calls;
mod domain;
mod host;
mod js_error;
mod recording;
mod seeds;
mod serialize;
mod tasks;
mod unserializable;

pub use calls::{compat_logsnag, compat_send, deliver, drain};
pub use domain::{client_to_event, fold, requested_identity, row_to_events, stripe_to_events};
pub use host::Call;
pub use recording::scan_recording;
pub use tasks::resume;
pub use unserializable::find_unserializable;

/// The one request that these events come to: `[the request without its body, body]`, with what
/// comes behind a part that the shell holds as the third; or `[error]`. `now` is the JSON of the
/// time that the builder was given.
#[wasm_bindgen]
pub fn build(
    options: &str,
    now: Option<String>,
    wall: f64,
    lines: &str,
    thrown: JsValue,
) -> JsValue {
    let options = calls::client_options(options);
    let built = options.and_then(|options| {
        let now = match now {
            Some(raw) => Timestamp::read(&raw, "now")?,
            None => seeds::wall(wall),
        };
        request(&options, now, Input::from_lines(lines), js_error::read(&thrown))
    });
    match built {
        Ok(request) => {
            let head = serialize::head(&request);
            match &request.body.part {
                None => texts(&[&head, &request.body.head]),
                Some(part) => texts(&[&head, &request.body.head, &part.tail]),
            }
        }
        Err(error) => texts(&[&serialize::mistake(&error)]),
    }
}

/// What is wrong, or would be changed, with these events: errors first.
#[wasm_bindgen]
pub fn lint(options: &str, wall: f64, lines: &str) -> JsValue {
    let options = calls::client_options(options);
    let found = match options {
        Err(error) => vec![error.into()],
        Ok(options) => {
            let prepared = prepared(&options, seeds::wall(wall), Input::from_lines(lines), None);
            let errors =
                prepared.events.into_iter().enumerate().filter_map(|(place, (_, result))| {
                    let PrepareResult::Refused(error) = result else { return None };
                    Some(Warning::from(error.inside(&writer::index_path("events", place))))
                });
            errors.chain(prepared.warnings).collect::<Vec<_>>()
        }
    };
    serialize::findings(&found).into()
}

fn prepared(
    options: &ClientOptions,
    now: Timestamp,
    mut inputs: Vec<Input<'_>>,
    exception: Option<Exception>,
) -> Prepared {
    let rules = Rules { policy: &options.policy, logsnag: options.account() };
    prepare(&mut inputs, exception, &rules, &mut || seeds::seed(now), &mut |_| None)
}

/// The request of a builder.
fn request(
    options: &ClientOptions,
    now: Timestamp,
    inputs: Vec<Input<'_>>,
    exception: Option<Exception>,
) -> Result<Request, Error> {
    let project = options.configured()?;
    // A builder of one event is asked for that event, and its errors name no place.
    let is_batch = inputs.iter().any(|input| input.tag() == Tag::Track) || inputs.len() > 1;
    let prepared = prepared(options, now, inputs, exception);
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
