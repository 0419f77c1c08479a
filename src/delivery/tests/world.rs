//! A world in virtual time, as hostile as it is told to be. Time passes only when everybody waits.

use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, VecDeque};
use std::future::Future;
use std::pin::{Pin, pin};
use std::rc::Rc;
use std::task::{Context, Poll, Waker};

use crate::delivery::host::{AttemptResult, Host, StoreMethod};
use crate::event::id::EventSeed;
use crate::event::time::Timestamp;
use crate::request::Request;
use crate::request::before_send::BeforeSend;

/// What a server does with one request.
#[derive(Clone, Copy, Debug)]
pub(super) enum Server {
    /// Answers after so many milliseconds.
    Answers(u16, u64),
    /// The same, and says when to come back, in milliseconds.
    Asks(u16, u64, u32),
    /// Answers 400 because an event is too large, after so long.
    TooLarge(u64),
    /// The connection breaks after so long.
    Breaks(u64),
    /// Answers 200 with what is made of the request, after so long, and may say when to come back.
    Verdicts(fn(&Request) -> String, u64, Option<u32>),
    /// The host does not even send it, after so long: packed, it is still too large.
    Unsendable(u64),
    /// Nothing ever comes.
    Hangs,
    /// A status comes, and its body never ends.
    Drips(u16),
}

/// What a store does when it is asked.
#[derive(Clone, Copy, Debug)]
pub(super) enum Store {
    /// Does it, after so long.
    Works(u64),
    /// Throws, after so long.
    Throws(u64),
    /// Nothing ever comes.
    Hangs,
    /// Answers nonsense.
    Lies,
}

/// What the clock shows while a millisecond passes.
#[derive(Clone, Copy, Debug)]
pub(super) enum Clock {
    /// The truth.
    Right,
    /// Always the same.
    Frozen,
    /// An hour more at every other reading.
    JumpsAhead,
    /// An hour less at every other reading, so that it stands at the beginning.
    JumpsBack,
}

/// What becomes of a request with this body.
type Judge = Box<dyn Fn(&str) -> Option<Server>>;

/// The world of one call.
pub(super) struct World {
    pub(super) now: Cell<u64>,
    pub(super) clock: Clock,
    /// What becomes of the requests, one after the other; the last goes on for ever.
    pub(super) server: RefCell<VecDeque<Server>>,
    /// Decides by the request instead, if it knows one.
    pub(super) judge: Option<Judge>,
    pub(super) store: Store,
    pub(super) profile_store: Store,
    /// What the profile store holds.
    pub(super) marks: RefCell<BTreeMap<String, String>>,
    /// What the store gives when entries are claimed, one lot after the other.
    pub(super) lots: RefCell<VecDeque<String>>,
    /// The signal fires before this many polls.
    pub(super) aborts_at_poll: Option<usize>,
    pub(super) polls: Cell<usize>,
    pub(super) reads: Cell<u32>,
    pub(super) seeds: Cell<u8>,
    /// When somebody waits for something.
    pub(super) due: RefCell<Vec<u64>>,
    /// When each request was begun, and its body.
    pub(super) sent: RefCell<Vec<(u64, String)>>,
    /// Each request, as it was.
    pub(super) requests: RefCell<Vec<Request>>,
    /// When each request was over.
    pub(super) ended: RefCell<Vec<u64>>,
    /// The status of each, as far as one came in time.
    pub(super) statuses: RefCell<Vec<Option<u16>>>,
    /// Requests that nobody has taken the answer of, and nobody has ended.
    pub(super) open: Cell<i64>,
    /// Timers that run.
    pub(super) timers: Cell<i64>,
    /// What the store was told.
    pub(super) told: RefCell<Vec<(StoreMethod, String)>>,
}

impl World {
    pub(super) fn new(server: impl IntoIterator<Item = Server>) -> Self {
        Self {
            now: Cell::new(0),
            clock: Clock::Right,
            server: RefCell::new(server.into_iter().collect()),
            judge: None,
            store: Store::Works(1),
            profile_store: Store::Works(1),
            marks: RefCell::default(),
            lots: RefCell::default(),
            aborts_at_poll: None,
            polls: Cell::new(0),
            reads: Cell::new(0),
            seeds: Cell::new(0),
            due: RefCell::default(),
            sent: RefCell::default(),
            requests: RefCell::default(),
            ended: RefCell::default(),
            statuses: RefCell::default(),
            open: Cell::new(0),
            timers: Cell::new(0),
            told: RefCell::default(),
        }
    }

    /// Runs a call to its end, and says how often it was polled. Panics if it can never end.
    pub(super) fn run<T>(self: &Rc<Self>, call: impl Future<Output = T>) -> (T, usize) {
        let mut call = pin!(call);
        loop {
            self.polls.set(self.polls.get() + 1);
            if let Poll::Ready(done) = call.as_mut().poll(&mut Context::from_waker(Waker::noop())) {
                return (done, self.polls.get());
            }
            if self.aborts_at_poll == Some(self.polls.get() + 1) {
                continue;
            }
            let now = self.now.get();
            let mut due = self.due.borrow_mut();
            due.retain(|due| *due > now);
            let next = due.iter().min().copied().expect("a call that waits for nothing hangs");
            self.now.set(next);
        }
    }

    fn after<T>(self: &Rc<Self>, ms: u64, value: T) -> Wait<T> {
        let at = self.now.get() + ms;
        self.due.borrow_mut().push(at);
        Wait { world: Rc::clone(self), at: Some(at), value: Some(value), kind: Kind::Plain }
    }

    fn never<T>(self: &Rc<Self>) -> Wait<T> {
        Wait { world: Rc::clone(self), at: None, value: None, kind: Kind::Plain }
    }

    fn aborted(&self) -> bool {
        self.aborts_at_poll.is_some_and(|poll| self.polls.get() >= poll)
    }

    fn next_server(&self, body: &str) -> Server {
        if let Some(known) = self.judge.as_ref().and_then(|judge| judge(body)) {
            return known;
        }
        let mut server = self.server.borrow_mut();
        match server.len() {
            0 => Server::Hangs,
            1 => server[0],
            _ => server.pop_front().expect("not empty"),
        }
    }
}

#[derive(Clone, Copy, PartialEq)]
enum Kind {
    /// Which request it is, its status once it is over, and if it is ended before.
    Attempt {
        at: usize,
        status: Option<u16>,
        early: Option<u16>,
    },
    Plain,
    Timer,
}

/// Something that comes at its time, or never.
pub(super) struct Wait<T> {
    world: Rc<World>,
    at: Option<u64>,
    value: Option<T>,
    kind: Kind,
}

impl<T: Unpin> Future for Wait<T> {
    type Output = T;

    fn poll(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<T> {
        if self.at.is_none_or(|at| at > self.world.now.get()) {
            return Poll::Pending;
        }
        if let Kind::Attempt { at, status, .. } = self.kind {
            self.over(at, status);
        }
        Poll::Ready(self.value.take().expect("is polled once"))
    }
}

impl<T> Wait<T> {
    fn over(&mut self, at: usize, status: Option<u16>) {
        self.kind = Kind::Plain;
        self.world.statuses.borrow_mut()[at] = status;
        self.world.open.set(self.world.open.get() - 1);
        self.world.ended.borrow_mut().push(self.world.now.get());
    }
}

impl<T> Drop for Wait<T> {
    fn drop(&mut self) {
        if self.kind == Kind::Timer {
            self.world.timers.set(self.world.timers.get() - 1);
        }
    }
}

impl Host for Rc<World> {
    type Answer = Wait<Result<Option<String>, String>>;
    type Attempt = Wait<AttemptResult>;
    type Sleep = Wait<()>;

    fn fetch(&self, request: &Request) -> Self::Attempt {
        let body = request.body.head.clone();
        let server = self.next_server(&body);
        let at = self.sent.borrow().len();
        self.sent.borrow_mut().push((self.now.get(), body));
        self.requests.borrow_mut().push(request.clone());
        self.statuses.borrow_mut().push(None);
        self.open.set(self.open.get() + 1);
        let answered = |status, retry_after_ms| AttemptResult::Answered {
            status,
            body: "words phc_key".to_owned(),
            retry_after_ms,
        };
        let mut attempt = match server {
            Server::Answers(status, ms) => self.after(ms, answered(status, None)),
            Server::Asks(status, ms, back_ms) => self.after(ms, answered(status, Some(back_ms))),
            Server::TooLarge(ms) => {
                let body = "maximum event size exceeded".to_owned();
                self.after(ms, AttemptResult::Answered { status: 400, body, retry_after_ms: None })
            }
            Server::Verdicts(made, ms, retry_after_ms) => {
                let body = made(request);
                self.after(ms, AttemptResult::Answered { status: 200, body, retry_after_ms })
            }
            Server::Unsendable(ms) => self.after(ms, AttemptResult::TooLarge),
            Server::Breaks(ms) => self.after(ms, AttemptResult::Failed("reset".to_owned())),
            Server::Hangs | Server::Drips(_) => self.never(),
        };
        let (status, early) = match server {
            Server::Answers(status, _) | Server::Asks(status, ..) => (Some(status), None),
            Server::TooLarge(_) => (Some(400), None),
            Server::Verdicts(..) => (Some(200), None),
            Server::Drips(status) => (None, Some(status)),
            Server::Breaks(_) | Server::Hangs | Server::Unsendable(_) => (None, None),
        };
        attempt.kind = Kind::Attempt { at, status, early };
        attempt
    }

    fn abandon(&self, attempt: &mut Self::Attempt) -> Option<u16> {
        let Kind::Attempt { at, early, .. } = attempt.kind else { panic!("it was over") };
        attempt.over(at, early);
        early
    }

    fn sleep(&self, ms: u32) -> Self::Sleep {
        let mut timer = self.after(u64::from(ms), ());
        timer.kind = Kind::Timer;
        self.timers.set(self.timers.get() + 1);
        timer
    }

    fn is_aborted(&self) -> bool {
        self.aborted()
    }

    fn store(&self, method: StoreMethod, given: &str) -> Self::Answer {
        self.told.borrow_mut().push((method, given.to_owned()));
        let lot = || self.lots.borrow_mut().pop_front().unwrap_or_else(|| "[]".to_owned());
        match self.store {
            Store::Works(ms) if method == StoreMethod::Claim => self.after(ms, Ok(Some(lot()))),
            Store::Works(ms) => self.after(ms, Ok(None)),
            Store::Throws(ms) => self.after(ms, Err("down phc_key".to_owned())),
            Store::Hangs => self.never(),
            Store::Lies => self.after(1, Ok(Some("[{\"id\":5},7".to_owned()))),
        }
    }

    fn profile_store(&self, key: &str, expected: Option<&str>, mark: &str) -> Self::Answer {
        let mut marks = self.marks.borrow_mut();
        let stored = marks.get(key).cloned();
        let now = if stored.as_deref() == expected { Some(mark.to_owned()) } else { stored };
        match self.profile_store {
            Store::Works(ms) => {
                if let Some(now) = &now {
                    marks.insert(key.to_owned(), now.clone());
                }
                self.after(ms, Ok(now))
            }
            Store::Throws(ms) => self.after(ms, Err("down".to_owned())),
            Store::Hangs => self.never(),
            Store::Lies => self.after(1, Ok(Some("nonsense".to_owned()))),
        }
    }

    fn before_send(&self, _: &str) -> Option<BeforeSend> {
        None
    }

    fn now_ms(&self) -> u32 {
        let reads = self.reads.get().wrapping_add(1);
        self.reads.set(reads);
        let now = u32::try_from(self.now.get()).expect("a short test");
        match self.clock {
            Clock::Right => now,
            Clock::Frozen => 0,
            Clock::JumpsAhead => now + 3_600_000 * (reads % 2),
            Clock::JumpsBack => now * (reads % 2),
        }
    }

    fn seed(&self) -> EventSeed {
        let seeds = self.seeds.get().wrapping_add(1);
        self.seeds.set(seeds);
        EventSeed {
            now: Timestamp::parse("2026-01-02T03:04:05Z").expect("a time"),
            random: [seeds; 10],
        }
    }

    fn random(&self) -> f64 {
        f64::from(self.now_ms() % 7) / 7.0
    }
}
