//! What would become of events.

use wasm_bindgen::prelude::*;

use super::{seeds, serialize};
use crate::event::input::Input;
use crate::json::writer::{ObjectWriter, list, object};
use crate::lint::usage::{self, Estimate};
use crate::lint::{self as core, Finding, Options};

/// What is wrong with these events, what would be changed, and what PostHog would warn about, as JSON
/// text like all answers here. `lines` has an input a line.
#[wasm_bindgen]
pub fn lint(options: &str, wall: f64, lines: &str) -> JsValue {
    let now = seeds::wall(wall);
    let found = match Options::read(options) {
        Err(error) => vec![error.into()],
        Ok(options) => {
            core::lint(&mut Input::from_lines(lines), &options, &mut || seeds::seed(now))
        }
    };
    findings(&found).into()
}

/// What PostHog would count of these events, or the mistake in the options.
#[wasm_bindgen]
pub fn estimate(options: &str, wall: f64, lines: &str) -> JsValue {
    let now = seeds::wall(wall);
    let written = Options::read(options).map(|options| {
        usage::estimate(&mut Input::from_lines(lines), &options, &mut || seeds::seed(now))
    });
    match written {
        Ok(estimate) => counts(&estimate).into(),
        Err(error) => serialize::mistake(&error).into(),
    }
}

fn findings(findings: &[Finding]) -> String {
    let mut text = String::new();
    list(&mut text, findings, |to, finding| {
        let mut object = ObjectWriter::open(to);
        object.string("code", finding.code);
        if !finding.field.is_empty() {
            object.string("field", &serialize::clean(&finding.field));
        }
        object.string("message", &serialize::clean(&finding.message));
        if let Some(warning) = finding.warning {
            object.string("ingestionWarning", warning.name());
        }
        object.close();
    });
    text
}

fn counts(estimate: &Estimate) -> String {
    object(|object| {
        for (name, count) in [
            ("identified", estimate.identified),
            ("personless", estimate.personless),
            // The add-on bills every identified event, whatever groups it has.
            ("groupBilled", estimate.identified),
            ("withGroups", estimate.with_groups),
            ("ai", estimate.ai),
            ("exceptions", estimate.exceptions),
            ("surveyResponses", estimate.survey_responses),
            ("replays", estimate.replays),
            ("unbilled", estimate.unbilled),
            ("notSent", estimate.not_sent),
        ] {
            object.number(name, count);
        }
    })
}
