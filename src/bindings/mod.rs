//! Every export, each a hinge: read, call the core, write. The shell in `pkg/` calls these and
//! nothing else does; what people call is documented in `pkg/types.d.ts`.

use std::cell::RefCell;

use js_sys::Date;
use wasm_bindgen::prelude::*;

use crate::delivery::retry::Retry;
use crate::error::{Code, Error};
use crate::event::exception::Exception;
use crate::event::id::EventSeed;
use crate::event::time::Timestamp;
use crate::event::{Caller, split};
use crate::json::fields::Fields;
use crate::json::text;
use crate::json::writer;
use crate::json::{self, RawObject};
use crate::policy::Policy;
use crate::request::before_send::BeforeSend;
use crate::request::entry::{Target, Write};
use crate::request::logsnag::Account;
use crate::request::prepare::{Fate, Prepared, Rules, prepare};
use crate::request::{Project, Request};

mod compat;
mod delivery;
mod domain;
mod drain;
mod js_error;
mod line;
mod outbox;
mod serialize;
mod tasks;
mod unserializable;

pub use compat::{compat_logsnag, compat_send};
pub use delivery::deliver;
pub use domain::{
    client_to_event, fold, latest_profile, merge_profile, requested_identity, row_to_events,
    stripe_to_events,
};
pub use drain::drain;
pub use tasks::wake;
pub use unserializable::locate;

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(catch, js_namespace = crypto, js_name = getRandomValues)]
    fn random_values(bytes: &mut [u8]) -> Result<JsValue, JsValue>;
}

/// The one request that these events come to: `[the request without its body, body]`, or
/// `[error]`.
#[wasm_bindgen]
pub fn build(options: &str, events: &str, track: bool, thrown: JsValue) -> JsValue {
    let built = ClientOptions::read(options).and_then(|options| {
        let exception = js_error::read(&thrown);
        options.build(&split(events), caller(track), exception)
    });
    match built {
        Ok(request) => texts(&[&serialize::head(&request), &request.body]),
        Err(error) => texts(&[&serialize::mistake(&error)]),
    }
}

/// What is wrong, or would be changed, with these events: errors first.
#[wasm_bindgen]
pub fn lint(options: &str, events: &str) -> JsValue {
    let found = ClientOptions::read(options).map(|options| {
        let prepared = options.prepare(&split(events), Caller::Track, None, &mut |_| None);
        let errors = prepared.events.into_iter().enumerate().filter_map(|(place, (_, fate))| {
            let Fate::Refused(error) = fate else { return None };
            Some(error.inside(&writer::index_path("events", place)))
        });
        errors.chain(prepared.warnings).collect::<Vec<_>>()
    });
    serialize::mistakes(&found.unwrap_or_else(|error| vec![error])).into()
}

/// The options of a client or of a builder, read.
struct ClientOptions {
    project: Option<Project>,
    /// What is wrong with it is its own outcome.
    logsnag: Result<Option<Account>, Error>,
    policy: Policy,
    now: Timestamp,
    disabled: bool,
    retry: Retry,
    outbox: Option<Write>,
}

impl ClientOptions {
    fn read(options: &str) -> Result<Self, Error> {
        Self::read_with(options, 3)
    }

    /// With another default for `maxRetries`.
    fn read_with(options: &str, retries: u32) -> Result<Self, Error> {
        let mut fields = Fields::of(RawObject::read(options, "options")?);
        let now =
            fields.take_raw_or_null("now").map(|raw| Timestamp::read(raw, "now")).transpose()?;
        // A fraction of a millisecond is none.
        let budget = fields.take_raw_or_null("budgetMs").unwrap_or("5000");
        let whole = budget.split_once('.').map_or(budget, |(whole, _)| whole);
        let budget_ms = text::number::<i32>(whole).and_then(|ms| u32::try_from(ms).ok());
        let Some(budget_ms) = budget_ms.filter(|ms| *ms > 0 && !budget.contains('e')) else {
            let message = "must be milliseconds: at least 1, less than 2^31";
            return Err(Error::new(Code::InvalidConfig, "budgetMs", message));
        };
        let allow_http =
            json::object(options).is_some_and(|options| options.get("allowHttp") == Some("true"));
        Ok(Self {
            policy: Policy::read(&mut fields)?,
            now: now.unwrap_or_else(clock),
            disabled: fields.take_bool("disabled")?.unwrap_or(false),
            project: Project::read(&mut fields)?,
            logsnag: Account::read(&mut fields, allow_http),
            retry: Retry::new(fields.take_raw("maxRetries"), retries, budget_ms)?,
            outbox: Write::read(&mut fields)?,
        })
    }

    /// Whether what goes there is set up.
    const fn has(&self, target: Target) -> bool {
        match target {
            Target::Posthog | Target::Replay => self.project.is_some(),
            Target::Logsnag => matches!(self.logsnag, Ok(Some(_))),
            Target::Unknown => false,
        }
    }

    /// A server's words, without a key that they quote.
    fn without_secrets(&self, text: &str) -> String {
        let account = self.logsnag.as_ref().ok().and_then(Option::as_ref);
        let secrets = [
            self.project.as_ref().map(|project| project.api_key.as_str()),
            account.map(Account::token),
        ];
        secrets
            .into_iter()
            .flatten()
            .fold(text.to_owned(), |text, secret| text::replace(&text, secret, "…"))
    }

    fn prepare(
        &self,
        inputs: &[&str],
        caller: Caller,
        exception: Option<Exception>,
        hook: &mut dyn FnMut(&str) -> Option<BeforeSend>,
    ) -> Prepared {
        let rules = Rules {
            policy: &self.policy,
            logsnag: self.logsnag.as_ref().ok().and_then(Option::as_ref),
            caller,
        };
        prepare(inputs, exception, &rules, &mut || seed(self.now), hook)
    }

    fn build(
        &self,
        inputs: &[&str],
        caller: Caller,
        exception: Option<Exception>,
    ) -> Result<Request, Error> {
        let Some(project) = &self.project else {
            return Err(Error::new(Code::InvalidApiKey, "apiKey", "is missing"));
        };
        let prepared = self.prepare(inputs, caller, exception, &mut |_| None);
        for (place, (_, fate)) in prepared.events.into_iter().enumerate() {
            if let Fate::Refused(error) = fate {
                let track = caller == Caller::Track;
                return Err(if track {
                    error.inside(&writer::index_path("events", place))
                } else {
                    error
                });
            }
        }
        let wires: Vec<_> = prepared.wires.iter().map(|(_, wire)| wire).collect::<Vec<_>>();
        match wires.as_slice() {
            [] => Err(Error::new(Code::InvalidEvent, "events", "must hold an event")),
            [wire, ..] if wire.replay => Ok(project.replay(wire)),
            _ => Ok(project.batch(&wires)),
        }
    }
}

const fn caller(track: bool) -> Caller {
    if track { Caller::Track } else { Caller::Method }
}

#[allow(clippy::cast_possible_truncation, reason = "a clock's milliseconds are whole")]
fn clock() -> Timestamp {
    // The epoch, if the host's clock is beyond the year 9999.
    Timestamp::from_millis(Date::now() as i64).unwrap_or(Timestamp::EPOCH)
}

thread_local! {
    /// Random bytes for the next ids: asking the host for them one id at a time costs more than
    /// everything else about an event.
    static RANDOM: RefCell<Vec<[u8; 10]>> = const { RefCell::new(Vec::new()) };
}

/// For how many ids the host is asked at once.
const IDS: usize = 256;

fn seed(now: Timestamp) -> EventSeed {
    let random = RANDOM.with(|pool| {
        let mut pool = pool.try_borrow_mut().ok()?;
        if pool.is_empty() {
            pool.extend(random_bytes().as_chunks().0);
        }
        pool.pop()
    });
    EventSeed { now, random: random.unwrap_or_default() }
}

fn random_bytes() -> [u8; IDS * 10] {
    let mut bytes = [0; IDS * 10];
    if random_values(&mut bytes).is_err() {
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a byte")]
        for byte in &mut bytes {
            *byte = (js_sys::Math::random() * 256.0) as u8;
        }
    }
    bytes
}

/// Several texts at once: each crosses as it is, unescaped.
fn texts(parts: &[&str]) -> JsValue {
    // Only a map with keys that are no strings fails.
    serde_wasm_bindgen::to_value(parts).unwrap_or(JsValue::UNDEFINED)
}
