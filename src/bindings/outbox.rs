//! The caller's store, asked under a deadline. A store that throws, hangs or answers nonsense costs
//! what it was asked for, and nothing else.

use js_sys::{Math, Promise};
use wasm_bindgen::prelude::*;

use super::ClientOptions;
use super::line::{Line, Part};
use crate::delivery::AttemptResult;
use crate::delivery::fetch::Cancellation;
use crate::delivery::outbox::{Disposition, backoff_ms};
use crate::error::{Code, Error};
use crate::json;
use crate::json::writer::{ObjectWriter, format_u64, list};
use crate::request::entry::Entry;

/// What its caller is told of a write that a store refused.
const NOT_TAKEN: &str = "the outbox did not take it";
/// How much of a server's answer a dead letter keeps.
const MAX_REASON: usize = 200;

#[wasm_bindgen]
extern "C" {
    /// The part of the shell's call that knows the store.
    type Lender;
    /// Calls a method of the store's; `given` are its arguments as JSON text.
    #[wasm_bindgen(method)]
    fn store(this: &Lender, method: &str, given: &str) -> Promise;
}

/// An outbox in use by one call.
pub(super) struct Store<'s> {
    lender: Lender,
    stops: Cancellation,
    options: &'s ClientOptions,
    /// It failed once: what it was asked since is not known to have happened.
    failed: bool,
}

/// What a store was told, counted.
#[derive(Default)]
pub(super) struct Settled {
    pub(super) accepted: usize,
    pub(super) retried: usize,
    pub(super) dead_lettered: usize,
    /// The groups whose profiles have arrived; the shell looks them up in the profile store.
    pub(super) profiles: Vec<String>,
}

impl Settled {
    /// Both together.
    pub(super) fn and(&mut self, more: Self) {
        add(&mut self.accepted, more.accepted);
        add(&mut self.retried, more.retried);
        add(&mut self.dead_lettered, more.dead_lettered);
        self.profiles.extend(more.profiles);
    }
}

impl<'s> Store<'s> {
    /// To be asked until so many milliseconds after the call's beginning.
    pub(super) fn until(end_ms: u32, line: &Line<'_>, options: &'s ClientOptions) -> Self {
        let lender = JsValue::clone(line.flight);
        Self { lender: lender.unchecked_into(), stops: line.stops(end_ms), options, failed: false }
    }

    async fn ask(&mut self, method: &str, given: &str) -> Result<JsValue, AttemptResult> {
        match self.stops.race(self.lender.store(method, given)).await {
            Ok(Ok(answer)) => Ok(answer),
            // Nobody waits for it any more: it may well do what it was asked.
            Err(AttemptResult::Aborted) => Err(AttemptResult::Aborted),
            other => {
                self.failed = true;
                Err(other.err().unwrap_or_else(|| AttemptResult::Failed(NOT_TAKEN.to_owned())))
            }
        }
    }

    /// Writes entries that nobody else is to take for so long. They are safe, or it says why not.
    pub(super) async fn put(
        &mut self,
        entries: &[&Entry],
        after_ms: u32,
    ) -> Result<(), AttemptResult> {
        let text = Entry::write(entries);
        let given = ["[", &text, ",", &format_u64(after_ms), "]"].concat();
        self.ask("put", &given).await.map(drop)
    }

    /// Borrows entries; nobody else gets them before the lease is over.
    pub(super) async fn claim(&mut self, limit: u32, lease_ms: u32) -> Option<Vec<Entry>> {
        let given = ["[", &format_u64(limit), ",", &format_u64(lease_ms), "]"].concat();
        let answer = self.ask("claim", &given).await.ok()?;
        Some(answer.as_string().map(|text| Entry::read(&text)).unwrap_or_default())
    }

    /// Says what became of entries that the store has, and counts what it has acknowledged. Those
    /// that nobody tried, and without `max_tries` those that must wait, are left as they are: their
    /// lease ends by itself.
    pub(super) async fn settle<'e>(
        &mut self,
        parts: &[Part],
        entries: &'e [Entry],
        max_tries: Option<u32>,
    ) -> Settled {
        let mut settled = Settled::default();
        let here = |part: &Part| -> Vec<&'e Entry> {
            part.places.iter().filter_map(|place| entries.get(*place)).collect::<Vec<_>>()
        };
        let arrived = parts.iter().filter(|part| part.after == Disposition::Delivered);
        let gone: Vec<&Entry> = arrived.flat_map(here).collect::<Vec<_>>();
        if !gone.is_empty() {
            let deleted = self.ask("delete", &["[", &ids(&gone), "]"].concat()).await;
            settled.accepted = if deleted.is_ok() { gone.len() } else { 0 };
            settled.profiles = gone.into_iter().filter_map(Entry::profile).collect::<Vec<_>>();
        }
        for part in parts {
            match (part.after, max_tries) {
                (Disposition::Delivered | Disposition::NotSent, _)
                | (Disposition::Split | Disposition::RetryLater, None) => {}
                (Disposition::Discard, _) => {
                    add(&mut settled.dead_lettered, self.dead_letter(&here(part), part).await);
                }
                (Disposition::Split | Disposition::RetryLater, Some(max_tries)) => {
                    let (dead, alive): (Vec<&Entry>, Vec<&Entry>) = here(part)
                        .into_iter()
                        .partition(|entry| entry.tries.saturating_add(1) >= max_tries);
                    add(&mut settled.retried, self.retry(&alive, part).await);
                    add(&mut settled.dead_lettered, self.dead_letter(&dead, part).await);
                }
            }
        }
        settled
    }

    async fn retry(&mut self, entries: &[&Entry], part: &Part) -> usize {
        if entries.is_empty() {
            return 0;
        }
        let mut given = String::from("[");
        list(&mut given, entries, |to, entry| {
            let mut object = ObjectWriter::open(to);
            object.string("id", &entry.id);
            object.number("afterMs", backoff_ms(entry.tries, Math::random()));
            object.close();
        });
        given.push(',');
        json::quote(&mut given, &self.reason(part));
        given.push(']');
        self.ask("retry", &given).await.map_or(0, |_| entries.len())
    }

    async fn dead_letter(&mut self, entries: &[&Entry], part: &Part) -> usize {
        if entries.is_empty() {
            return 0;
        }
        let mut given = ["[", &ids(entries), ","].concat();
        json::quote(&mut given, &self.reason(part));
        given.push(']');
        self.ask("deadLetter", &given).await.map_or(0, |_| entries.len())
    }

    /// Why it did not arrive, without the key or token that a server may quote.
    fn reason(&self, part: &Part) -> String {
        let outcome = &part.outcome;
        let what = match outcome.http_status {
            Some(status) => ["HTTP ", &format_u64(status)].concat(),
            None if outcome.attempts == 0 => String::new(),
            None => "no answer".to_owned(),
        };
        let said = self.options.without_secrets(outcome.message.as_deref().unwrap_or_default());
        let reason = [what.as_str(), " ", &said].concat();
        // A database may refuse a NUL, and then the entry would never be put back.
        reason.trim().chars().filter(|char| !char.is_control()).take(MAX_REASON).collect()
    }

    /// What to tell the caller of a store that failed.
    pub(super) fn warning(&self) -> Option<Error> {
        let message = "threw, or did not answer in time";
        self.failed.then(|| Error::new(Code::Outbox, "outbox.store", message))
    }
}

fn add(to: &mut usize, more: usize) {
    *to = to.saturating_add(more);
}

fn ids(entries: &[&Entry]) -> String {
    let mut text = String::new();
    list(&mut text, entries, |to, entry| json::quote(to, &entry.id));
    text
}
