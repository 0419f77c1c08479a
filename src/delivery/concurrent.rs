//! Waiting for several things at once.

use std::future::{Future, poll_fn};
use std::pin::Pin;
use std::task::Poll;

/// Work that is on its way.
pub(super) type Work<'w, T> = Pin<Box<dyn Future<Output = T> + 'w>>;

/// Waits for all of them, and gives what they came to in their order.
pub(super) async fn all<T: Default>(work: Vec<Work<'_, T>>) -> Vec<T> {
    let mut work: Vec<(Work<'_, T>, Option<T>)> = work.into_iter().map(|one| (one, None)).collect();
    poll_fn(|context| {
        let mut pending = false;
        for (one, done) in &mut work {
            if done.is_none() {
                match one.as_mut().poll(context) {
                    Poll::Ready(result) => *done = Some(result),
                    Poll::Pending => pending = true,
                }
            }
        }
        if pending { Poll::Pending } else { Poll::Ready(()) }
    })
    .await;
    work.into_iter().map(|(_, done)| done.unwrap_or_default()).collect()
}
