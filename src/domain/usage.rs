use crate::domain::row::Row;
use crate::domain::tracked::{Look, Notification, Tracked, data};
use crate::error::{Error, Warning};

const USAGE: Look = Look { channel: "usage", icon: "⚠️", notify: Some(false) };

/// So much of an organization's credits is used up.
pub(super) fn credit_alert<'r>(
    row: &Row<'r>,
    _: &mut Vec<Warning>,
) -> Result<Vec<Tracked<'r>>, Error> {
    let organization = row.id("org_id")?;
    let threshold = row.id("threshold")?;
    let all = threshold.parse::<f64>().is_ok_and(|percent| percent >= 100.0);
    let look = Look { icon: "⚡️", notify: Some(all), ..USAGE };
    let percent = row.text("percent_used").map(|used| two_decimals(&used));
    let event = ["Credit usage ", &threshold, "%+"].concat();
    Ok(vec![
        Tracked::capture(&event, &organization, look)
            .within(&organization, None)
            .with("alert_cycle", row.text("alert_cycle").as_deref())
            .with("percent_used", percent.as_deref())
            .with("threshold", Some(&threshold)),
    ])
}

/// So much of what the plan includes is used up.
pub(super) fn plan_alert<'r>(
    row: &Row<'r>,
    _: &mut Vec<Warning>,
) -> Result<Vec<Tracked<'r>>, Error> {
    let organization = row.id("org_id")?;
    let threshold = row.id("threshold")?;
    let event = ["User is at ", &threshold, "% of plan usage"].concat();
    Ok(vec![
        Tracked::capture(&event, &organization, USAGE)
            .within(&organization, None)
            .with("metric", row.text("metric").as_deref())
            .with("metric_percent", row.text("metric_percent").as_deref())
            .with("threshold", Some(&threshold)),
    ])
}

/// The organization needs a larger plan.
pub(super) fn upgrade_needed<'r>(
    row: &Row<'r>,
    _: &mut Vec<Warning>,
) -> Result<Vec<Tracked<'r>>, Error> {
    let organization = row.id("org_id")?;
    let plan = row.id("plan_name")?;
    let told = ["user:upgrade_to_", &plan].concat();
    let notification = Notification {
        event: &told,
        preference: "usage_limit",
        uniq_id: &told,
        cron: Some("0 0 * * 1"),
        once: false,
        audience: None,
    };
    Ok(vec![
        Tracked::capture(&["User need upgrade to ", &plan].concat(), &organization, USAGE)
            .within(&organization, None)
            .notifying(&notification, &data(&[("plan_name", Some(plan))])),
    ])
}

/// The organization has not got started.
pub(super) fn onboarding_needed<'r>(
    row: &Row<'r>,
    _: &mut Vec<Warning>,
) -> Result<Vec<Tracked<'r>>, Error> {
    let organization = row.id("org_id")?;
    let look = Look { icon: "🥲", ..USAGE };
    Ok(vec![
        Tracked::capture("User need onboarding", &organization, look).within(&organization, None),
    ])
}

/// As JavaScript's `toFixed(2)` writes it; what is no number stays as it is.
fn two_decimals(text: &str) -> String {
    text.parse::<f64>().map_or_else(|_| text.to_owned(), |number| format!("{number:.2}"))
}
