//! The caller's outbox, asked under a deadline. A store that throws, hangs or answers nonsense costs
//! what it was asked for, and nothing else.

use crate::delivery::cancellation::{Budget, Cancellation};
use crate::delivery::host::{AttemptResult, Host, StoreMethod};
use crate::delivery::options::ClientOptions;
use crate::delivery::outbox::{Disposition, backoff_ms};
use crate::delivery::queue::BatchResult;
use crate::error::{Code, Error};
use crate::json;
use crate::json::text;
use crate::json::writer::{ObjectWriter, format_u64, list};
use crate::request::entry::{Entry, NewEntry};

/// How much of a server's or a store's words is kept.
pub(super) const MAX_WORDS: usize = 200;

/// An outbox in use by one call.
pub(super) struct Outbox<'b, 'h, H: Host> {
    host: &'h H,
    options: &'b ClientOptions,
    cancellation: Cancellation<'b, 'h, H>,
    /// Why it failed once: what it was asked since is not known to have happened.
    failed: Option<String>,
}

/// What a store was told, counted.
#[cfg_attr(not(feature = "drain"), allow(unreachable_pub, reason = "a drain tells of it"))]
#[derive(Debug, Default)]
pub struct Settled {
    /// Have arrived and were deleted.
    pub accepted: usize,
    /// Were put back for a later drain.
    pub retried: usize,
    /// Became dead letters.
    pub dead_lettered: usize,
    /// The groups whose profiles have arrived.
    pub profiles: Vec<String>,
}

impl Settled {
    /// Both together.
    pub(super) fn and(&mut self, more: Self) {
        self.accepted = self.accepted.saturating_add(more.accepted);
        self.retried = self.retried.saturating_add(more.retried);
        self.dead_lettered = self.dead_lettered.saturating_add(more.dead_lettered);
        self.profiles.extend(more.profiles);
    }
}

impl<'b, 'h, H: Host> Outbox<'b, 'h, H> {
    /// To be asked until so many milliseconds after the call's beginning.
    pub(super) fn until(
        budget: &'b Budget<'h, H>,
        options: &'b ClientOptions,
        end_ms: u32,
    ) -> Self {
        let cancellation = Cancellation::at(budget, end_ms);
        Self { host: budget.host, options, cancellation, failed: None }
    }

    async fn ask(&mut self, method: StoreMethod, given: &str) -> Result<String, AttemptResult> {
        if let Some(stopped) = self.cancellation.stopped() {
            if stopped == AttemptResult::TimedOut {
                self.failed = Some("was not asked: the budget is spent".to_owned());
            }
            return Err(stopped);
        }
        match self.cancellation.race(&mut self.host.store(method, given)).await {
            Ok(Ok(answer)) => Ok(answer.unwrap_or_default()),
            // Nobody waits for it any more: it may well do what it was asked.
            Err(AttemptResult::Aborted) => Err(AttemptResult::Aborted),
            Err(stopped) => {
                self.failed = Some("did not answer in time".to_owned());
                Err(stopped)
            }
            Ok(Err(thrown)) => {
                self.failed = Some(["threw: ", &self.words(&thrown)].concat());
                Err(AttemptResult::Failed("the outbox did not take it".to_owned()))
            }
        }
    }

    /// Writes entries that nobody else is to claim for so long. They are safe, or it says why not.
    pub(super) async fn put(
        &mut self,
        entries: &[NewEntry<'_>],
        after_ms: u32,
    ) -> Result<(), AttemptResult> {
        let given = ["[", &NewEntry::write(entries), ",", &format_u64(after_ms), "]"].concat();
        self.ask(StoreMethod::Put, &given).await.map(drop)
    }

    /// Claims entries; nobody else gets them before the lease is over.
    pub(super) async fn claim(&mut self, limit: u32, lease_ms: u32) -> Option<Vec<Entry>> {
        let given = ["[", &format_u64(limit), ",", &format_u64(lease_ms), "]"].concat();
        let answer = self.ask(StoreMethod::Claim, &given).await.ok()?;
        Some(Entry::read(&answer))
    }

    /// Says what became of entries that the store has, and counts what it has acknowledged.
    /// `tries`: how many drains each was tried by, and how many may. Without it, what must wait is
    /// left as it is, like what nobody tried: its lease ends by itself.
    pub(super) async fn settle(
        &mut self,
        results: &[BatchResult],
        ids: &[&str],
        tries: Option<(&[Entry], u32)>,
    ) -> Settled {
        let mut settled = Settled::default();
        let delivered = |result: &&BatchResult| result.disposition == Disposition::Delivered;
        let gone: Vec<usize> =
            results.iter().filter(delivered).flat_map(|result| &result.places).copied().collect();
        if !gone.is_empty() {
            let given = ["[", &id_list(&gone, ids), "]"].concat();
            if self.ask(StoreMethod::Delete, &given).await.is_ok() {
                settled.accepted = gone.len();
            }
            if let Some((entries, _)) = tries {
                let profile = |place: &usize| entries.get(*place).and_then(Entry::profile);
                settled.profiles = gone.iter().filter_map(profile).collect();
            }
        }
        for result in results {
            match (result.disposition, tries) {
                (Disposition::Delivered | Disposition::NotSent, _)
                | (Disposition::Split | Disposition::RetryLater, None) => {}
                (Disposition::Discard, _) => {
                    let dead = self.dead_letter(&result.places, ids, result).await;
                    settled.dead_lettered = settled.dead_lettered.saturating_add(dead);
                }
                (Disposition::Split | Disposition::RetryLater, Some((entries, most))) => {
                    let tried = |place: &usize| entries.get(*place).map_or(0, |entry| entry.tries);
                    let spent = |place: &usize| tried(place).saturating_add(1) >= most;
                    let (dead, alive): (Vec<usize>, Vec<usize>) =
                        result.places.iter().partition(|place| spent(place));
                    let again = self.retry(&alive, ids, &tried, result).await;
                    settled.retried = settled.retried.saturating_add(again);
                    let dead = self.dead_letter(&dead, ids, result).await;
                    settled.dead_lettered = settled.dead_lettered.saturating_add(dead);
                }
            }
        }
        settled
    }

    async fn retry(
        &mut self,
        places: &[usize],
        ids: &[&str],
        tried: &dyn Fn(&usize) -> u32,
        why: &BatchResult,
    ) -> usize {
        if places.is_empty() {
            return 0;
        }
        let mut given = String::from("[");
        list(&mut given, places, |to, place| {
            let mut object = ObjectWriter::open(to);
            object.string("id", ids.get(*place).copied().unwrap_or_default());
            object.number("afterMs", backoff_ms(tried(place), self.host.random()));
            object.close();
        });
        given.push(',');
        json::quote(&mut given, &self.reason(why));
        given.push(']');
        self.ask(StoreMethod::Retry, &given).await.map_or(0, |_| places.len())
    }

    async fn dead_letter(&mut self, places: &[usize], ids: &[&str], why: &BatchResult) -> usize {
        if places.is_empty() {
            return 0;
        }
        let mut given = ["[", &id_list(places, ids), ","].concat();
        json::quote(&mut given, &self.reason(why));
        given.push(']');
        self.ask(StoreMethod::DeadLetter, &given).await.map_or(0, |_| places.len())
    }

    /// Why it did not arrive, without the key or token that a server may quote.
    fn reason(&self, result: &BatchResult) -> String {
        let outcome = &result.outcome;
        let what = match outcome.http_status {
            Some(status) => ["HTTP ", &format_u64(status)].concat(),
            None if outcome.attempts == 0 => String::new(),
            None => "no answer".to_owned(),
        };
        let said = outcome.message.as_deref().unwrap_or_default();
        self.words(text::trim(&[what.as_str(), " ", said].concat()))
    }

    fn words(&self, foreign: &str) -> String {
        text::start(&self.options.secrets().hide(foreign), MAX_WORDS).to_owned()
    }

    /// What to tell the caller of a store that failed: a drain fails with it, a call is warned.
    pub(super) fn failure(&self) -> Option<Error> {
        let message = self.failed.clone()?;
        Some(Error::with(Code::Outbox, "outbox.store", message))
    }
}

fn id_list(places: &[usize], ids: &[&str]) -> String {
    let mut text = String::new();
    list(&mut text, places, |to, place| {
        json::quote(to, ids.get(*place).copied().unwrap_or_default());
    });
    text
}
