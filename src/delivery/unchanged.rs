//! Group profiles that PostHog has as they are: a client may ask not to send them again.
//!
//! What is known is known to one isolate: which profile of a group it sent last, and that PostHog
//! accepted it. Whenever that is in doubt, the profile is sent.

use std::cell::RefCell;

use hmac_sha1_compact::Hash;

use crate::error::{Code, Error};
use crate::event::time::Timestamp;
use crate::json::{self, RawObject};
use crate::request::names;
use crate::request::prepare::Prepared;

/// Of so many groups the last profile is remembered: 70 bytes each.
const MAX_GROUPS: usize = 256;
/// After six hours a profile is sent once more, whatever is remembered: another isolate may have
/// sent a different one in between.
const FRESH_MS: i64 = 6 * 3_600_000;

/// A hash of a group, or of a profile.
type Digest = [u8; 20];

/// What this isolate knows of groups. The one that was sent last stands at the end.
#[derive(Clone, Debug, Default)]
pub struct Unchanged(RefCell<Known>);

#[derive(Clone, Debug, Default)]
struct Known {
    calls: u32,
    groups: Vec<Sent>,
}

#[derive(Clone, Debug)]
struct Sent {
    group: Digest,
    profile: Digest,
    at_ms: i64,
    /// The last call that sends it.
    call: u32,
    /// How many of its profiles are on their way.
    open: usize,
    /// Which of several calls' profiles PostHog has in the end is not known.
    is_doubtful: bool,
}

/// What is to be done with a profile.
enum Decision {
    Skip,
    /// It is remembered if PostHog accepts it.
    Send,
    /// There is no room to remember it.
    Forget,
}

impl Unchanged {
    /// Takes out the profiles that PostHog has already, and notes the others as being sent.
    pub(super) fn leave_out(&self, prepared: &mut Prepared, now: Timestamp) {
        let Ok(mut known) = self.0.try_borrow_mut() else { return };
        known.calls = known.calls.wrapping_add(1);
        let call = known.calls;
        // Whoever wants it announced wants it sent.
        let mut announced = prepared.logsnag_events.iter().map(|(place, _)| *place).peekable();
        let Prepared { wires, unchanged, profiles, .. } = prepared;
        wires.retain(|(place, wire)| {
            while announced.next_if(|at| at < place).is_some() {}
            let Some((group, profile)) = digests(wire.text()) else { return true };
            let may_skip = announced.peek() != Some(place);
            match known.decide(call, group, profile, now.millis(), may_skip) {
                Decision::Skip => unchanged.push(*place),
                Decision::Send => profiles.push((*place, group)),
                Decision::Forget => {}
            }
            unchanged.last() != Some(place)
        });
    }

    /// Notes how a profile that was sent has fared.
    pub(super) fn settle(&self, group: &Digest, is_accepted: bool) {
        let Ok(mut known) = self.0.try_borrow_mut() else { return };
        let Some(at) = known.groups.iter().position(|sent| sent.group == *group) else { return };
        let Some(sent) = known.groups.get_mut(at) else { return };
        sent.open = sent.open.saturating_sub(1);
        if sent.open == 0 && (sent.is_doubtful || !is_accepted) {
            known.groups.remove(at);
        }
    }

    /// Somebody else has sent profiles.
    pub(super) fn forget(&self) {
        let Ok(mut known) = self.0.try_borrow_mut() else { return };
        known.groups.retain_mut(|sent| {
            sent.is_doubtful = true;
            sent.open > 0
        });
    }
}

impl Known {
    fn decide(
        &mut self,
        call: u32,
        group: Digest,
        profile: Digest,
        now_ms: i64,
        may_skip: bool,
    ) -> Decision {
        let new = Sent { group, profile, at_ms: now_ms, call, open: 1, is_doubtful: false };
        let Some(at) = self.groups.iter().position(|sent| sent.group == group) else {
            if self.groups.len() >= MAX_GROUPS {
                // A call that was cancelled never says how it went.
                let is_over = |sent: &Sent| sent.open == 0 || !sent.is_fresh(now_ms);
                let Some(oldest) = self.groups.iter().position(is_over) else {
                    return Decision::Forget;
                };
                self.groups.remove(oldest);
            }
            self.groups.push(new);
            return Decision::Send;
        };
        let known = self.groups.remove(at);
        if known.is_fresh(now_ms) {
            if known.open == 0 && known.profile == profile && may_skip {
                self.groups.push(known);
                return Decision::Skip;
            }
            if known.open > 0 {
                let is_doubtful = known.is_doubtful || known.call != call;
                let open = known.open.saturating_add(1);
                self.groups.push(Sent { open, is_doubtful, ..new });
                return Decision::Send;
            }
        }
        self.groups.push(new);
        Decision::Send
    }
}

impl Sent {
    /// Not so if a clock went backwards.
    fn is_fresh(&self, now_ms: i64) -> bool {
        (0..FRESH_MS).contains(&now_ms.saturating_sub(self.at_ms))
    }
}

/// Why an option does not go with these: what waits in a store may arrive later, and would not be
/// corrected.
pub(super) fn conflict() -> Error {
    Error::new(
        Code::InvalidConfig,
        "skipUnchangedGroups",
        "does not go with an outbox or a profileStore: a profile that waits there may arrive last",
    )
}

/// The hashes of a group and of its profile, of an event that is one. Members may come in any order;
/// what is inside of them is compared as it is written.
fn digests(wire: &str) -> Option<(Digest, Digest)> {
    let event = json::object(wire)?;
    if event.get("event").and_then(json::unquote)? != names::GROUP_IDENTIFY {
        return None;
    }
    let properties = event.get("properties").and_then(json::object)?;
    let text = |name| properties.get(name).and_then(json::unquote);
    let (kind, key) = (text(names::GROUP_TYPE)?, text(names::GROUP_KEY)?);
    let set = properties.get(names::GROUP_SET).and_then(json::object).unwrap_or(RawObject::EMPTY);
    let mut members: Vec<_> = set.entries().collect();
    members.sort_unstable();
    let members = members.iter().flat_map(|(name, value)| [name, *value]);
    Some((digest([&*kind, &*key].into_iter()), digest(members)))
}

/// A hash of these texts: none of them has the byte that stands between them.
fn digest<'t>(texts: impl Iterator<Item = &'t str>) -> Digest {
    let mut hash = Hash::new();
    for text in texts {
        json::work::count(text.len());
        hash.update(text);
        hash.update([0xff]);
    }
    hash.finalize()
}
