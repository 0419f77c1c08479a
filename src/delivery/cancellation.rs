//! What ends work from outside: its deadline, or the caller's signal. Believed instead of what
//! `fetch` rejects with, on which runtimes disagree.

use std::future::{Future, poll_fn};
use std::pin::Pin;
use std::task::Poll;

use crate::delivery::host::{AttemptResult, Host};

/// A deadline, and the caller's signal.
pub(super) struct Cancellation<'h, H: Host> {
    host: &'h H,
    deadline: H::Sleep,
    stopped: Option<AttemptResult>,
}

impl<'h, H: Host> Cancellation<'h, H> {
    /// Ends so many milliseconds after the call's beginning.
    pub(super) fn at(host: &'h H, end_ms: u32) -> Self {
        let deadline = host.sleep(end_ms.saturating_sub(host.now_ms()));
        Self { host, deadline, stopped: None }
    }

    /// What has stopped it, if anything has.
    pub(super) fn stopped(&mut self) -> Option<AttemptResult> {
        if self.stopped.is_none() && self.host.is_aborted() {
            self.stopped = Some(AttemptResult::Aborted);
        }
        self.stopped.clone()
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
            if let Some(stopped) = self.stopped() {
                return Poll::Ready(Err(stopped));
            }
            if Pin::new(&mut self.deadline).poll(context).is_ready() {
                self.stopped = Some(AttemptResult::TimedOut);
                return Poll::Ready(Err(AttemptResult::TimedOut));
            }
            Poll::Pending
        })
        .await
    }
}
