use crate::domain::row::Row;
use crate::domain::track_input::{LogSnagStyle, Origin, TrackInput, fact_id};
use crate::error::{Error, Warning};

/// A version of an app was uploaded.
pub(super) fn created<'r>(
    row: &Row<'r>,
    warnings: &mut Vec<Warning>,
) -> Result<Vec<TrackInput<'r>>, Error> {
    let style = LogSnagStyle { channel: "bundle-created", icon: "🎉", notify: Some(false) };
    let tracked = about("Bundle Created", style, row)?
        .with("app_id", row.text("app_id").as_deref())
        .with("bundle_name", row.text("name").as_deref());
    Ok(vec![happened(tracked, "app_versions", row, &["created_at"], warnings)])
}

/// A version was put on a channel.
pub(super) fn deployed<'r>(
    row: &Row<'r>,
    warnings: &mut Vec<Warning>,
) -> Result<Vec<TrackInput<'r>>, Error> {
    let style = LogSnagStyle { channel: "bundle-deployed", icon: "🚀", notify: Some(false) };
    let tracked = about("Bundle Deployed", style, row)?
        .with("app_id", row.text("app_id").as_deref())
        .with("bundle_name", row.text("bundle_name").or_else(|| row.text("name")).as_deref())
        .with_raw("channel_id", row.raw("channel_id"));
    let times = ["deployed_at", "created_at"];
    Ok(vec![happened(tracked, "deploy_history", row, &times, warnings)])
}

/// Somebody asked where to upload a version. The row is the app, whose own time says nothing.
pub(super) fn upload_link_created<'r>(
    row: &Row<'r>,
    _: &mut Vec<Warning>,
) -> Result<Vec<TrackInput<'r>>, Error> {
    let style = LogSnagStyle { channel: "upload-get-link", icon: "🏛️", notify: Some(false) };
    Ok(vec![about("Upload via single file", style, row)?])
}

/// An upload did not come to its end.
pub(super) fn upload_failed<'r>(
    row: &Row<'r>,
    _: &mut Vec<Warning>,
) -> Result<Vec<TrackInput<'r>>, Error> {
    let style = LogSnagStyle { channel: "upload-failed", icon: "💀", notify: None };
    Ok(vec![about("Failed to upload a bundle", style, row)?])
}

fn about<'r>(event: &str, style: LogSnagStyle, row: &Row<'r>) -> Result<TrackInput<'r>, Error> {
    let organization = row.id("owner_org")?;
    let app = row.text("app_id");
    Ok(TrackInput::capture(event, &organization, style).within(&organization, app.as_deref()))
}

fn happened<'r>(
    tracked: TrackInput<'r>,
    table: &str,
    row: &Row<'_>,
    times: &[&'static str],
    warnings: &mut Vec<Warning>,
) -> TrackInput<'r> {
    let Some(id) = row.text("id") else { return tracked };
    let fact = fact_id(&[table, &id]);
    let at = row.time(times, warnings);
    tracked.from(at.map(|at| Origin { system: "database", id: &fact, at }).as_ref(), 0)
}
