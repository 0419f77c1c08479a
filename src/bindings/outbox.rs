//! The caller's store, asked under a deadline. A store that throws, hangs or answers nonsense costs
//! what it was asked for, and nothing else.

use js_sys::{Math, Promise};
use wasm_bindgen::prelude::*;

use super::Setup;
use super::line::{Line, Part};
use crate::error::{Code, Error};
use crate::event::json;
use crate::event::writer::Members;
use crate::request::entry::Entry;
use crate::transport::Reply;
use crate::transport::fetch::Stops;
use crate::transport::outbox::{After, backoff_ms};

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
    stops: Stops,
    setup: &'s Setup,
    /// It failed once: what it was asked since is not known to have happened.
    failed: bool,
}

/// What a store was told, counted.
#[derive(Default)]
pub(super) struct Settled {
    pub(super) accepted: usize,
    pub(super) retried: usize,
    pub(super) buried: usize,
    /// The groups whose profiles have arrived; the shell looks them up in the profile store.
    pub(super) profiles: Vec<String>,
}

impl Settled {
    /// Both together.
    pub(super) fn and(&mut self, more: Self) {
        add(&mut self.accepted, more.accepted);
        add(&mut self.retried, more.retried);
        add(&mut self.buried, more.buried);
        self.profiles.extend(more.profiles);
    }
}

impl<'s> Store<'s> {
    /// To be asked until so many milliseconds after the call's beginning.
    pub(super) fn until(end_ms: u32, line: &Line<'_>, setup: &'s Setup) -> Self {
        let lender = JsValue::clone(line.flight);
        Self { lender: lender.unchecked_into(), stops: line.stops(end_ms), setup, failed: false }
    }

    async fn ask(&mut self, method: &str, given: &str) -> Option<JsValue> {
        let answer = self.stops.race(self.lender.store(method, given)).await;
        match answer {
            Ok(Ok(answer)) => Some(answer),
            // Nobody waits for it any more: it may well do what it was asked.
            Err(Reply::Aborted) => None,
            _ => {
                self.failed = true;
                None
            }
        }
    }

    /// Writes entries that nobody else is to take for so long. Whether they are safe.
    pub(super) async fn put(&mut self, entries: &[&Entry], after_ms: u32) -> bool {
        let text = Entry::write(entries.iter().copied());
        self.ask("put", &["[", &text, ",", &after_ms.to_string(), "]"].concat()).await.is_some()
    }

    /// Borrows entries; nobody else gets them before the lease is over.
    pub(super) async fn take(&mut self, limit: u32, lease_ms: u32) -> Option<Vec<Entry>> {
        let given = ["[", &limit.to_string(), ",", &lease_ms.to_string(), "]"].concat();
        let answer = self.ask("take", &given).await?;
        Some(answer.as_string().map(|text| Entry::read(&text)).unwrap_or_default())
    }

    /// Says what became of entries that the store has. Without `max_tries` those that must wait
    /// are left as they are: their own lease ends.
    pub(super) async fn settle(
        &mut self,
        parts: &[Part],
        entries: &[Entry],
        max_tries: Option<u32>,
    ) -> Settled {
        let mut settled = Settled::default();
        let mut gone = Vec::new();
        for part in parts {
            let here = part.places.iter().filter_map(|place| entries.get(*place));
            match (part.after, max_tries) {
                (After::Arrived, _) => {
                    gone.extend(here.clone());
                    settled.profiles.extend(here.filter_map(Entry::profile));
                }
                (After::Never, _) => {
                    add(&mut settled.buried, self.bury(&here.collect::<Vec<_>>(), part).await);
                }
                (After::Apart | After::Later, None) => {}
                (After::Apart | After::Later, Some(max_tries)) => {
                    let (dead, alive): (Vec<&Entry>, Vec<&Entry>) =
                        here.partition(|entry| entry.tries.saturating_add(1) >= max_tries);
                    add(&mut settled.retried, self.retry(&alive, part).await);
                    add(&mut settled.buried, self.bury(&dead, part).await);
                }
            }
        }
        settled.accepted = gone.len();
        if !gone.is_empty() {
            self.ask("delete", &["[", &ids(&gone), "]"].concat()).await;
        }
        settled
    }

    async fn retry(&mut self, entries: &[&Entry], part: &Part) -> usize {
        if !entries.is_empty() {
            let mut given = String::from("[[");
            for (index, entry) in entries.iter().enumerate() {
                if index > 0 {
                    given.push(',');
                }
                let mut object = Members::open(&mut given);
                object.text("id", &entry.id);
                object.raw("afterMs", &backoff_ms(entry.tries, Math::random()).to_string());
                object.close();
            }
            given.push_str("],");
            json::quote(&mut given, &self.reason(part));
            given.push(']');
            self.ask("retry", &given).await;
        }
        entries.len()
    }

    async fn bury(&mut self, entries: &[&Entry], part: &Part) -> usize {
        if !entries.is_empty() {
            let mut given = ["[", &ids(entries), ","].concat();
            json::quote(&mut given, &self.reason(part));
            given.push(']');
            self.ask("bury", &given).await;
        }
        entries.len()
    }

    /// Why it did not arrive, without the key or token that a server may quote.
    fn reason(&self, part: &Part) -> String {
        let outcome = &part.outcome;
        let what = match outcome.http_status {
            Some(status) => ["HTTP ", &status.to_string()].concat(),
            None => "no answer".to_owned(),
        };
        let said = self.setup.without_secrets(outcome.message.as_deref().unwrap_or_default());
        [what.as_str(), " ", &said].concat().trim().chars().take(MAX_REASON).collect()
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
    let mut text = String::from("[");
    for (index, entry) in entries.iter().enumerate() {
        if index > 0 {
            text.push(',');
        }
        json::quote(&mut text, &entry.id);
    }
    text.push(']');
    text
}
