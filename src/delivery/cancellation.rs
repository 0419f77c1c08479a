//! What ends work from outside: its deadline, the call's budget, or the caller's signal. Believed
//! instead of what `fetch` rejects with, on which runtimes disagree.

use std::cell::{Cell, RefCell};
use std::future::{Future, poll_fn};
use std::pin::Pin;
use std::task::{Context, Poll, Waker};

use crate::delivery::host::{AttemptResult, Host};

/// The time of one call. It is a timer, and not a clock's reading: whatever the clock says, the call
/// is over when it fires.
pub(super) struct Budget<'h, H: Host> {
    pub(super) host: &'h H,
    end_ms: u32,
    timer: RefCell<H::Sleep>,
    is_over: Cell<bool>,
}

impl<'h, H: Host> Budget<'h, H> {
    /// Of a call that ends so many milliseconds after its beginning.
    pub(super) fn new(host: &'h H, end_ms: u32) -> Self {
        let timer = RefCell::new(host.sleep(end_ms.saturating_sub(host.now_ms())));
        Self { host, end_ms, timer, is_over: Cell::new(false) }
    }

    /// Whether it is spent.
    pub(super) fn is_over(&self) -> bool {
        // Whoever polls a call does not use its wakers.
        self.poll(&mut Context::from_waker(Waker::noop()))
    }

    fn poll(&self, context: &mut Context<'_>) -> bool {
        if !self.is_over.get()
            && let Ok(mut timer) = self.timer.try_borrow_mut()
            && Pin::new(&mut *timer).poll(context).is_ready()
        {
            self.is_over.set(true);
        }
        self.is_over.get()
    }
}

/// A deadline inside of a call's budget, and the caller's signal.
pub(super) struct Cancellation<'b, 'h, H: Host> {
    budget: &'b Budget<'h, H>,
    /// Of its own, where it ends before the call does.
    deadline: Option<H::Sleep>,
    stopped: Option<AttemptResult>,
}

impl<'b, 'h, H: Host> Cancellation<'b, 'h, H> {
    /// Ends so many milliseconds after the call's beginning.
    pub(super) fn at(budget: &'b Budget<'h, H>, end_ms: u32) -> Self {
        let host = budget.host;
        let deadline =
            (end_ms < budget.end_ms).then(|| host.sleep(end_ms.saturating_sub(host.now_ms())));
        Self { budget, deadline, stopped: None }
    }

    /// The world of the call.
    pub(super) const fn host(&self) -> &'h H {
        self.budget.host
    }

    /// What has stopped it, if anything has.
    pub(super) fn stopped(&mut self) -> Option<AttemptResult> {
        if self.stopped.is_none() {
            if self.budget.host.is_aborted() {
                self.stopped = Some(AttemptResult::Aborted);
            } else if self.is_due() {
                self.stopped = Some(AttemptResult::TimedOut);
            }
        }
        self.stopped.clone()
    }

    fn is_due(&mut self) -> bool {
        let context = &mut Context::from_waker(Waker::noop());
        let own = self.deadline.as_mut().is_some_and(|own| Pin::new(own).poll(context).is_ready());
        // A timer that has fired must not be polled again.
        if own {
            self.deadline = None;
        }
        self.budget.poll(context) || own
    }

    /// Waits for `work`, but no longer than until it is stopped. What stopped it is in its place.
    pub(super) async fn race<T>(
        &mut self,
        work: &mut (impl Future<Output = T> + Unpin),
    ) -> Result<T, AttemptResult> {
        poll_fn(|context| {
            if let Some(stopped) = self.stopped.clone() {
                return Poll::Ready(Err(stopped));
            }
            // What has come is taken, even if the deadline came with it.
            if let Poll::Ready(done) = Pin::new(&mut *work).poll(context) {
                return Poll::Ready(Ok(done));
            }
            match self.stopped() {
                Some(stopped) => Poll::Ready(Err(stopped)),
                None => Poll::Pending,
            }
        })
        .await
    }
}
