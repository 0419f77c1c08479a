use crate::domain::row::Row;
use crate::domain::track_input::{LogSnagStyle, Notification, Origin, TrackInput, data, fact_id};
use crate::error::{Error, Warning};

/// An organization was created: the event, and the first of its profile.
pub(super) fn created<'r>(
    row: &Row<'r>,
    warnings: &mut Vec<Warning>,
) -> Result<Vec<TrackInput<'r>>, Error> {
    let id = row.id("id")?;
    let fact = fact_id(&["orgs", &id]);
    let origin =
        row.time(&["created_at"], warnings).map(|at| Origin { system: "database", id: &fact, at });
    let style = LogSnagStyle { channel: "org-created", icon: "🎉", notify: Some(false) };
    let notification = Notification {
        event: "org:created",
        preference: "onboarding",
        uniq_id: &["org:created:", &id].concat(),
        cron: Some("* * * * *"),
        once: false,
        audience: None,
    };
    let told = data(&[
        ("org_id", Some(id.clone())),
        ("org_name", row.text("name")),
        ("org_website", row.text("website")),
        ("onboarding_intent", row.text("onboarding_intent")),
    ]);
    Ok(vec![
        TrackInput::capture("Org Created", &id, style)
            .within(&id, None)
            .from(origin.as_ref(), 0)
            .notifying(&notification, &told),
        // Never the manager's e-mail, the customer's id or who created it.
        TrackInput::profile("organization", &id)
            .with("name", row.text("name").as_deref())
            .with("website", row.text("website").as_deref())
            .with("created_at", row.text("created_at").as_deref())
            .from(origin.as_ref(), 1),
    ])
}
