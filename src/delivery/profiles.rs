//! Profiles that cannot go backwards, across isolates: the caller's store holds what is newest, and
//! a profile is sent only as the store has it.

use crate::delivery::cancellation::{Budget, Cancellation};
use crate::delivery::host::Host;
use crate::delivery::options::Secrets;
use crate::delivery::store::MAX_WORDS;
use crate::domain::profiles::{latest_profile, mark_key, merge_profile};
use crate::error::{Code, Error};
use crate::event::input::{Input, Tag};
use crate::json::text;

/// Enough for a year of one organization's webhooks arriving at once.
const MAX_TRIES: u32 = 50;
/// What no store holds: asked for it, a store says what it does hold, and changes nothing.
const UNKNOWN: &str = "?";

/// What a store holds of each profile that passed through it: its key, and its mark.
pub(super) type Marks = Vec<(String, String)>;

/// A store that failed, hung or never agreed; or the call was ended. Says which.
#[derive(Debug)]
pub(super) struct StoreFailed(String);

impl StoreFailed {
    fn of(why: &str) -> Self {
        Self(why.to_owned())
    }
}

/// Whether an input is a profile that knows its place among others.
pub(super) fn is_ordered(input: &Input<'_>) -> bool {
    input.tag() == Tag::Track && mark_key(&input.to_text()).is_some()
}

/// Puts every ordered profile among the inputs through the store, so that each is what the store
/// holds.
pub(super) async fn through_store<H: Host>(
    budget: &Budget<'_, H>,
    inputs: &mut [Input<'_>],
    end_ms: u32,
) -> Result<Marks, StoreFailed> {
    let mut cancellation = Cancellation::at(budget, end_ms);
    let mut marks = Marks::new();
    for input in inputs.iter_mut() {
        if input.tag() != Tag::Track {
            continue;
        }
        let text = input.to_text().into_owned();
        let Some(key) = mark_key(&text) else { continue };
        let (mark, merged) = put(&key, &text, &mut cancellation).await?;
        *input = Input::from_owned(Tag::Track, merged);
        match marks.iter_mut().find(|(known, _)| *known == key) {
            Some((_, known)) => *known = mark,
            None => marks.push((key, mark)),
        }
    }
    Ok(marks)
}

/// One profile into the store: the mark that the store then holds, and the profile that holds by
/// it.
async fn put<H: Host>(
    key: &str,
    input: &str,
    cancellation: &mut Cancellation<'_, '_, H>,
) -> Result<(String, String), StoreFailed> {
    let mut stored: Option<String> = None;
    for _ in 0..MAX_TRIES {
        let merged = merge_profile(stored.as_deref(), input)
            .ok_or_else(|| StoreFailed::of("was asked for no profile"))?;
        let now = ask(key, stored.as_deref(), &merged.mark, cancellation).await?;
        if now.as_deref() == Some(&merged.mark) {
            return Ok((merged.mark, merged.input));
        }
        stored = now;
    }
    Err(StoreFailed::of("never agreed with itself"))
}

async fn ask<H: Host>(
    key: &str,
    expected: Option<&str>,
    mark: &str,
    cancellation: &mut Cancellation<'_, '_, H>,
) -> Result<Option<String>, StoreFailed> {
    let host = cancellation.host();
    if cancellation.stopped().is_some() {
        return Err(StoreFailed::of("was not asked: the call is over"));
    }
    let answer = cancellation.race(&mut host.profile_store(key, expected, mark)).await;
    let answer = answer.map_err(|_| StoreFailed::of("did not answer in time"))?;
    answer.map_err(|thrown| StoreFailed(["threw: ", &thrown].concat()))
}

/// The profiles that have become newer since `marks`, which then are what the store holds.
pub(super) async fn newer<H: Host>(
    budget: &Budget<'_, H>,
    marks: &mut Marks,
    end_ms: u32,
) -> Result<Vec<Input<'static>>, StoreFailed> {
    let mut cancellation = Cancellation::at(budget, end_ms);
    let mut inputs = Vec::new();
    for (key, mark) in marks {
        let Some(now) = ask(key, Some(mark), mark, &mut cancellation).await? else {
            continue;
        };
        if now == *mark {
            continue;
        }
        if let Some(input) = latest_profile(key, &now) {
            inputs.push(Input::from_owned(Tag::Track, input));
        }
        *mark = now;
    }
    Ok(inputs)
}

/// Marks of which nothing is known but the keys.
pub(super) fn unknown(keys: &[String]) -> Marks {
    keys.iter().map(|key| (key.clone(), UNKNOWN.to_owned())).collect()
}

/// What is said of a profile that may be out of date, and so is not sent.
pub(super) fn failure(StoreFailed(why): StoreFailed, secrets: Secrets<'_>) -> Error {
    let why = secrets.hide(&why);
    let message = [text::start(&why, MAX_WORDS), ", so the profile was not sent"].concat();
    Error::with(Code::ProfileStore, "profileStore", message)
}
