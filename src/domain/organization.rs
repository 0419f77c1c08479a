use crate::domain::row::Row;
use crate::domain::tracked::{Look, Notification, Origin, Tracked, data};
use crate::error::{Error, Warning};

/// An organization was created: the event, and the first of its profile.
pub(super) fn created<'r>(
    row: &Row<'r>,
    warnings: &mut Vec<Warning>,
) -> Result<Vec<Tracked<'r>>, Error> {
    let id = row.id("id")?;
    let fact = ["orgs:", &id].concat();
    let origin =
        row.time(&["created_at"], warnings).map(|at| Origin { system: "database", id: &fact, at });
    let look = Look { channel: "org-created", icon: "🎉", notify: Some(false) };
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
        Tracked::capture("Org Created", &id, look)
            .within(&id, None)
            .from(origin.as_ref(), 0)
            .notifying(&notification, &told),
        // Never the manager's e-mail, the customer's id or who created it.
        Tracked::profile("organization", &id)
            .with("name", row.text("name").as_deref())
            .with("website", row.text("website").as_deref())
            .with("created_at", row.text("created_at").as_deref())
            .from(origin.as_ref(), 1),
    ])
}
