use crate::domain::row::Row;
use crate::domain::track_input::{LogSnagStyle, Origin, TrackInput, fact_id};
use crate::error::{Error, Warning};

/// A person signed up. Deliberately without groups: they may belong to none, or to several.
pub(super) fn created<'r>(
    row: &Row<'r>,
    warnings: &mut Vec<Warning>,
) -> Result<Vec<TrackInput<'r>>, Error> {
    let id = row.id("id")?;
    let event =
        if row.flag("created_via_invite") { "User Joined by Invite" } else { "User Joined" };
    let fact = fact_id(&["users", &id]);
    let origin =
        row.time(&["created_at"], warnings).map(|at| Origin { system: "database", id: &fact, at });
    let style = LogSnagStyle { channel: "user-register", icon: "🎉", notify: Some(false) };
    Ok(vec![TrackInput::capture(event, &id, style).from(origin.as_ref(), 0)])
}
