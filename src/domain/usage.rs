use crate::domain::row::Row;
use crate::domain::track_input::{LogSnagStyle, Notification, TrackInput, data};
use crate::error::{Error, Warning};
use crate::json::writer::format_u64;

const USAGE: LogSnagStyle = LogSnagStyle { channel: "usage", icon: "⚠️", notify: Some(false) };

/// So much of an organization's credits is used up.
pub(super) fn credit_alert<'r>(
    row: &Row<'r>,
    _: &mut Vec<Warning>,
) -> Result<Vec<TrackInput<'r>>, Error> {
    let organization = row.id("org_id")?;
    let threshold = row.id("threshold")?;
    let all = threshold
        .split('.')
        .next()
        .is_some_and(|whole| whole.parse().is_ok_and(|whole: i64| whole >= 100));
    let style = LogSnagStyle { icon: "⚡️", notify: Some(all), ..USAGE };
    let percent = row.text("percent_used").map(|used| two_decimals(&used));
    let event = ["Credit usage ", &threshold, "%+"].concat();
    Ok(vec![
        TrackInput::capture(&event, &organization, style)
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
) -> Result<Vec<TrackInput<'r>>, Error> {
    let organization = row.id("org_id")?;
    let threshold = row.id("threshold")?;
    let event = ["User is at ", &threshold, "% of plan usage"].concat();
    Ok(vec![
        TrackInput::capture(&event, &organization, USAGE)
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
) -> Result<Vec<TrackInput<'r>>, Error> {
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
        TrackInput::capture(&["User need upgrade to ", &plan].concat(), &organization, USAGE)
            .within(&organization, None)
            .notifying(&notification, &data(&[("plan_name", Some(plan))])),
    ])
}

/// The organization has not got started.
pub(super) fn onboarding_needed<'r>(
    row: &Row<'r>,
    _: &mut Vec<Warning>,
) -> Result<Vec<TrackInput<'r>>, Error> {
    let organization = row.id("org_id")?;
    let style = LogSnagStyle { icon: "🥲", ..USAGE };
    Ok(vec![
        TrackInput::capture("User need onboarding", &organization, style)
            .within(&organization, None),
    ])
}

/// As JavaScript's `toFixed(2)` writes it; what is no plain decimal number stays as it is.
fn two_decimals(text: &str) -> String {
    let (integer, fraction) = text.split_once('.').unwrap_or((text, ""));
    let unsigned = integer.strip_prefix('-').unwrap_or(integer);
    let plain = |digits: &str| digits.bytes().all(|byte| byte.is_ascii_digit());
    if unsigned.is_empty() || unsigned.len() > 15 || !plain(unsigned) || !plain(fraction) {
        return text.to_owned();
    }
    let padded = [fraction, "000"].concat();
    let thousandths = padded.get(..3).unwrap_or_default();
    let number = [unsigned, thousandths].concat().parse::<i64>().unwrap_or_default();
    let hundredths = number.saturating_add(5) / 10;
    let cents = format_u64(hundredths % 100);
    let zero = if cents.len() < 2 { ".0" } else { "." };
    let sign = if integer.len() > unsigned.len() && hundredths > 0 { "-" } else { "" };
    [sign, &format_u64(hundredths / 100), zero, &cents].concat()
}

#[cfg(test)]
mod tests {
    #[cfg(target_arch = "wasm32")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    use super::*;

    #[test]
    fn numbers_have_two_decimals() {
        for (given, shown) in [
            ("100.456", "100.46"),
            ("0", "0.00"),
            ("7.1", "7.10"),
            ("-1.006", "-1.01"),
            ("-0.001", "0.00"),
            ("99.999", "100.00"),
            ("1e3", "1e3"),
            ("", ""),
            ("n/a", "n/a"),
        ] {
            assert_eq!(two_decimals(given), shown, "{given}");
        }
    }
}
