//! What a drain sends to one target: several requests in flight, and whoever is to blame for a
//! failure set apart from the others.
//!
//! One entry that the server always answers with 500, or never, would otherwise hold back all that
//! are sent with it. So entries that a drain has tried in vain ("suspects") are not sent with fresh
//! ones, but in small groups: as many as their number's root. A group that fails is sent once more,
//! one by one, when the others have been. That takes two drains, and about two roots of requests.

use std::cell::{Cell, RefCell};

use crate::delivery::attempt::deliver;
use crate::delivery::cancellation::{Budget, Cancellation};
use crate::delivery::concurrent::all;
use crate::delivery::host::Host;
use crate::delivery::options::ClientOptions;
use crate::delivery::outbox::{Disposition, disposition};
use crate::delivery::outcome::{ProviderOutcome, Status};
use crate::delivery::queue::{BatchResult, Batches};
use crate::delivery::retry::Retry;
#[cfg(feature = "v1")]
use crate::delivery::v1;
use crate::request::entry::Entry;

/// How many requests to one target are in flight.
const IN_FLIGHT: usize = 4;
/// After so many failures with nothing that passed, the target is down.
const FAILURES: u32 = 3;
/// The least time that a request is given.
const SHORTEST_MS: u32 = 250;

/// A target, and the time that it has.
pub(super) struct Lane<'b, 'h, H: Host> {
    budget: &'b Budget<'h, H>,
    options: &'b ClientOptions,
    retry: Retry,
    /// From then on no request is begun.
    begins_ms: u32,
    /// How long the slowest request took that passed: one that cannot end in time is not begun.
    slowest_ms: &'b Cell<u32>,
    jobs: RefCell<Vec<Job>>,
    /// Groups that failed, for when the others have been sent.
    later: RefCell<Vec<Job>>,
    results: RefCell<Vec<BatchResult>>,
    passed: Cell<bool>,
    failed: Cell<u32>,
    down: Cell<bool>,
}

/// One request.
struct Job {
    places: Vec<usize>,
    /// Tried in vain before.
    suspect: bool,
    /// Requests that were sent for it so far.
    attempts: u32,
    /// What a group said that it was in.
    failed: Option<ProviderOutcome>,
}

impl Job {
    /// Each by itself.
    fn isolate(self) -> impl Iterator<Item = Self> {
        let Self { places, suspect, mut attempts, failed } = self;
        places.into_iter().map(move |place| Self {
            places: vec![place],
            suspect,
            // What was sent in vain is counted once.
            attempts: std::mem::take(&mut attempts),
            failed: failed.clone(),
        })
    }
}

impl<'b, 'h, H: Host> Lane<'b, 'h, H> {
    pub(super) fn new(
        budget: &'b Budget<'h, H>,
        options: &'b ClientOptions,
        retry: Retry,
        begins_ms: u32,
        slowest_ms: &'b Cell<u32>,
    ) -> Self {
        Self {
            budget,
            options,
            retry,
            begins_ms,
            slowest_ms,
            jobs: RefCell::default(),
            later: RefCell::default(),
            results: RefCell::default(),
            passed: Cell::new(false),
            failed: Cell::new(0),
            down: Cell::new(false),
        }
    }

    /// Whether the target does not answer, or wants nothing now.
    pub(super) const fn is_down(&self) -> bool {
        self.down.get()
    }

    /// Sends the entries at these places: fresh ones in large requests, suspects in small ones.
    pub(super) async fn send(
        &self,
        batches: &dyn Batches,
        entries: &[Entry],
        places: Vec<usize>,
    ) -> Vec<BatchResult> {
        let is_fresh = |place: &usize| entries.get(*place).is_none_or(|entry| entry.tries == 0);
        let (fresh, suspects): (Vec<usize>, Vec<usize>) = places.into_iter().partition(is_fresh);
        let mut jobs = Vec::new();
        for group in suspects.chunks(suspects.len().isqrt().max(1)) {
            self.push(&mut jobs, batches.split(group), true);
        }
        // The last is the next: fresh ones first.
        self.push(&mut jobs, batches.split(&fresh), false);
        jobs.reverse();
        self.jobs.replace(jobs);
        self.work_all(batches).await;
        let later = self.later.take().into_iter().rev();
        self.jobs.borrow_mut().extend(later.flat_map(Job::isolate));
        self.work_all(batches).await;
        // Those that nobody came to.
        let mut left = Vec::new();
        for mut job in self.jobs.take() {
            match job.failed.take() {
                Some(outcome) => self.done(job, outcome, Disposition::RetryLater),
                None => left.append(&mut job.places),
            }
        }
        let mut results = self.results.take();
        if !left.is_empty() {
            let why = results.iter().map(|result| &result.outcome).max_by_key(|part| part.status);
            let why = why.cloned().unwrap_or_else(ProviderOutcome::accepted);
            let outcome = ProviderOutcome { attempts: 0, ..why };
            results.push(BatchResult::of(left, outcome, Disposition::NotSent));
        }
        results
    }

    fn push(&self, jobs: &mut Vec<Job>, batches: Vec<Vec<usize>>, suspect: bool) {
        let batches = batches.into_iter().rev();
        jobs.extend(batches.map(|places| Job { places, suspect, attempts: 0, failed: None }));
    }

    async fn work_all(&self, batches: &dyn Batches) {
        let workers = self.jobs.borrow().len().min(IN_FLIGHT);
        all((0..workers).map(|_| Box::pin(self.work(batches)) as _).collect()).await;
    }

    fn has_time(&self) -> bool {
        let now_ms = self.budget.host.now_ms();
        let ends_ms = now_ms.saturating_add(self.slowest_ms.get());
        now_ms < self.begins_ms && ends_ms < self.retry.budget_ms && !self.budget.is_over()
    }

    async fn work(&self, batches: &dyn Batches) {
        while !self.down.get() && self.has_time() {
            let Some(job) = self.jobs.borrow_mut().pop() else { break };
            self.one(batches, job).await;
        }
    }

    #[cfg_attr(not(feature = "v1"), allow(unused_mut, reason = "only the newer endpoint hands on"))]
    async fn one(&self, batches: &dyn Batches, mut job: Job) {
        let retry = self.retry_of(&job);
        let mut cancellation = Cancellation::at(self.budget, retry.budget_ms);
        let began_ms = self.budget.host.now_ms();
        #[cfg(feature = "v1")]
        match v1::deliver(self.options, batches, &job.places, &retry, &mut cancellation).await {
            v1::Sent::Parts(parts) => return self.parts(job, parts, began_ms, &retry),
            v1::Sent::Split(attempts) => return self.split(job, attempts),
            v1::Sent::Elsewhere(attempts) => job.attempts = job.attempts.saturating_add(attempts),
        }
        let Some(request) = batches.request(&job.places) else {
            let outcome = ProviderOutcome::unsendable("is no event that can be sent");
            return self.done(job, outcome, Disposition::Discard);
        };
        let events = job.places.len();
        let outcome =
            deliver(self.options.secrets(), &request, events, &retry, &mut cancellation).await;
        match outcome {
            Ok(outcome) => self.ended(job, outcome, began_ms, &retry),
            Err(attempts) => self.split(job, attempts),
        }
    }

    #[cfg(feature = "v1")]
    /// What one answer said of each: the last part is what it did not settle, if it did not settle all.
    fn parts(&self, mut job: Job, parts: Vec<BatchResult>, began_ms: u32, retry: &Retry) {
        for part in parts {
            let part_of_job = Job {
                places: part.places,
                attempts: std::mem::take(&mut job.attempts),
                failed: job.failed.clone(),
                ..job
            };
            match part.disposition {
                Disposition::Discard => self.done(part_of_job, part.outcome, part.disposition),
                _ => self.ended(part_of_job, part.outcome, began_ms, retry),
            }
        }
    }

    /// What the end of one request means, for its events and for the target.
    fn ended(&self, job: Job, mut outcome: ProviderOutcome, began_ms: u32, retry: &Retry) {
        let events = job.places.len();
        let disposition = disposition(&outcome, events);
        // Its caller ended it: that is not the events' fault.
        if outcome.status == Status::Aborted {
            self.down.set(true);
            return self.done(job, outcome, Disposition::NotSent);
        }
        match disposition {
            Disposition::Split => return self.split(job, outcome.attempts),
            Disposition::Delivered => {
                self.passed.set(true);
                self.failed.set(0);
                let took_ms = self.budget.host.now_ms().saturating_sub(began_ms);
                self.slowest_ms.set(self.slowest_ms.get().max(took_ms));
            }
            // The drain is over, and others have passed: nobody's fault.
            Disposition::RetryLater
                if outcome.status == Status::TimedOut
                    && self.passed.get()
                    && retry.budget_ms >= self.retry.budget_ms =>
            {
                let attempts = outcome.attempts.saturating_add(job.attempts);
                let outcome = ProviderOutcome { attempts, ..ProviderOutcome::accepted() };
                return self.done(job, outcome, Disposition::NotSent);
            }
            Disposition::RetryLater if self.may_be_its_own_fault(&job, &outcome) => {
                self.failed.set(self.failed.get().saturating_add(1));
                if !self.passed.get() && self.failed.get() >= FAILURES {
                    self.down.set(true);
                }
                if events > 1 {
                    let attempts = job.attempts.saturating_add(outcome.attempts);
                    let job = Job { attempts, failed: Some(outcome), ..job };
                    return self.later.borrow_mut().push(job);
                }
            }
            Disposition::RetryLater => self.down.set(true),
            Disposition::Discard | Disposition::NotSent => {}
        }
        outcome.attempts = outcome.attempts.saturating_add(job.attempts);
        self.done(job, outcome, disposition);
    }

    /// A request that may hang has a share of the time, so that others have theirs, and twice what
    /// the slowest took that passed; a suspect is tried once.
    fn retry_of(&self, job: &Job) -> Retry {
        let (now, end) = (self.budget.host.now_ms(), self.retry.budget_ms);
        let left = end.saturating_sub(now);
        let share = if job.suspect { left / 4 } else { left / 2 };
        let max_retries = if job.suspect { 0 } else { self.retry.max_retries };
        let share = share.max(SHORTEST_MS).max(self.slowest_ms.get().saturating_mul(2));
        Retry { max_retries, budget_ms: now.saturating_add(share).min(end) }
    }

    /// Whether a failure may say something about the events, and nothing about the target: a suspect
    /// that the server does not answer, or answers with 5xx.
    fn may_be_its_own_fault(&self, job: &Job, outcome: &ProviderOutcome) -> bool {
        let server = outcome.http_status.is_none_or(|status| status >= 500 && status != 503);
        job.suspect && server && matches!(outcome.status, Status::TimedOut | Status::Unreachable)
    }

    /// Sends them in two.
    fn split(&self, job: Job, attempts: u32) {
        let (one, two) = job.places.split_at(job.places.len() / 2);
        let attempts = job.attempts.saturating_add(attempts);
        let (suspect, failed) = (job.suspect, job.failed.as_ref());
        let half = |places: &[usize], attempts| {
            let (places, failed) = (places.to_vec(), failed.cloned());
            Job { places, suspect, attempts, failed }
        };
        self.jobs.borrow_mut().extend([half(two, 0), half(one, attempts)]);
    }

    fn done(&self, job: Job, outcome: ProviderOutcome, disposition: Disposition) {
        self.results.borrow_mut().push(BatchResult::of(job.places, outcome, disposition));
    }
}
