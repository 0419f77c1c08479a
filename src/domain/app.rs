use crate::domain::row::Row;
use crate::domain::track_input::{
    LogSnagStyle, Notification, Origin, TrackInput, data, fact_id, time_text,
};
use crate::error::{Error, Warning};

/// An app was created: for good, for a demo, or to be onboarded.
pub(super) fn created<'r>(
    row: &Row<'r>,
    warnings: &mut Vec<Warning>,
) -> Result<Vec<TrackInput<'r>>, Error> {
    let app = row.id("app_id")?;
    let organization = row.id("owner_org")?;
    let (demo, onboarding) = (row.flag("is_demo"), row.flag("need_onboarding"));
    let (event, icon) = match (demo, onboarding) {
        (true, _) => ("Demo App Created", "🎮"),
        (false, true) => ("Onboarding App Created", "🧭"),
        (false, false) => ("App Created", "🎉"),
    };
    let at = row.time(&["created_at"], warnings);
    // An app's id may be used again after it was deleted; a row's own id may not.
    let again = row.text("id").or_else(|| at.map(time_text)).unwrap_or_default();
    let fact = fact_id(&["apps", &app, &again]);
    let origin = at.map(|at| Origin { system: "database", id: &fact, at });
    let shown = |flag| Some(if flag { "true" } else { "false" });
    let style = LogSnagStyle { channel: "app-created", icon, notify: Some(false) };
    let tracked = TrackInput::capture(event, &organization, style)
        .within(&organization, Some(&app))
        .with("app_id", Some(&app))
        .with("is_demo", shown(demo))
        .with("need_onboarding", shown(onboarding))
        .from(origin.as_ref(), 0);
    if demo {
        return Ok(vec![tracked]);
    }
    let notification = Notification {
        event: "app:created",
        preference: "onboarding",
        uniq_id: &["app:created:", &app].concat(),
        cron: Some("* * * * *"),
        once: false,
        audience: None,
    };
    let told = data(&[("org_id", Some(organization)), ("app_name", row.text("name"))]);
    Ok(vec![tracked.notifying(&notification, &told)])
}
