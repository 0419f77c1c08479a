use crate::domain::row::Row;
use crate::domain::track_input::{LogSnagStyle, Origin, TrackInput, fact_id, time_text};
use crate::error::{Code, Error, Warning};

/// A native build went on to its next stage. A person asked for it, so it is theirs. Each state of
/// the row, by its `updated_at`, is one fact: a host calls this when the status has changed.
pub(super) fn status_changed<'r>(
    row: &Row<'r>,
    warnings: &mut Vec<Warning>,
) -> Result<Vec<TrackInput<'r>>, Error> {
    let person = row.id("requested_by")?;
    let organization = row.id("owner_org")?;
    let status = row.id("status")?;
    let (event, icon) = match status.as_ref() {
        "failed" => ("Build Failed", "❌"),
        "pending" | "requested" => ("Build Requested", "🛠️"),
        "running" | "started" => ("Build Started", "⏳"),
        "succeeded" => ("Build Succeeded", "✅"),
        "timed_out" => ("Build Timed Out", "⏰"),
        _ => {
            warnings.push(Warning::new(
                Code::UnknownStatus,
                "row.status",
                "says nothing to report",
            ));
            return Ok(Vec::new());
        }
    };
    let app = row.text("app_id");
    let tracked = TrackInput::capture(
        event,
        &person,
        LogSnagStyle { channel: "build-lifecycle", icon, notify: Some(false) },
    )
    .within(&organization, app.as_deref())
    .with("app_id", app.as_deref())
    .with("org_id", Some(&organization))
    .with("platform", row.text("platform").as_deref())
    .with("build_mode", row.text("build_mode").as_deref())
    .with("duration_seconds", row.text("duration_seconds").as_deref())
    .with("failure_category", row.text("failure_category").as_deref());
    let at = row.time(&["updated_at", "created_at"], warnings);
    let (Some(at), Some(id)) = (at, row.text("id")) else { return Ok(vec![tracked]) };
    // Each stage is a fact of its own, and a build that is started again may reach one twice.
    let fact = fact_id(&["builds", &id, event, &time_text(at)]);
    Ok(vec![tracked.from(Some(&Origin { system: "database", id: &fact, at }), 0)])
}
