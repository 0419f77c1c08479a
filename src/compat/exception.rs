//! `capturePosthogException`.

use super::members::{Members, plain, quoted};
use super::{Built, Event};
use crate::event::exception::{Chunks, Frame, Thrown};
use crate::json::fields::Fields;
use crate::json::writer::{ObjectWriter, list, object};

impl Event<'_> {
    /// `{ distinctId, functionName, kind, status, method, requestId, urlPath, name, message, stack }`;
    /// and, where they are kept, the `frames` and the `fingerprint` that the shell made as they were.
    pub(super) fn exception(&self, fields: &mut Fields<'_>) -> Built {
        let mut take = |name| fields.take_raw_or_null(name);
        let id = take("distinctId").unwrap_or("\"\"");
        let (function, kind, status) = (take("functionName"), take("kind"), take("status"));
        let (name, message) = (take("name"), take("message"));
        let mut thrown =
            Thrown::new(&plain(name), &plain(message), &plain(take("stack")), &Chunks::default());
        thrown.cut();
        let (kept_frames, kept_fingerprint) = (take("frames"), take("fingerprint"));

        let list = object(|error| {
            if self.keep.exception_params {
                for (member, value) in [("type", name), ("value", message)] {
                    if let Some(value) = value {
                        error.raw(member, value);
                    }
                }
            } else {
                error.string("type", &thrown.name);
                error.string("value", &thrown.message);
            }
            error.raw("mechanism", r#"{"handled":true,"synthetic":false}"#);
            let mut trace = ObjectWriter::open(error.key("stacktrace"));
            trace.string("type", "raw");
            let to = trace.key("frames");
            match kept_frames {
                Some(kept) => to.push_str(kept),
                None => frames(to, &thrown.frames),
            }
            trace.close();
        });
        let fingerprint = match kept_fingerprint {
            Some(kept) => kept.to_owned(),
            None => {
                let (id, kind, function) = (plain(Some(id)), plain(kind), plain(function));
                // The last frame is the crash site.
                let (top, file) = thrown
                    .frames
                    .last()
                    .map_or((function.as_str(), "unknown"), |top| (&top.function, &top.filename));
                let status = status.filter(|status| *status != "null").unwrap_or("500");
                quoted(&[&id, &kind, &thrown.name, top, file, status].join(":"))
            }
        };

        let mut properties = Members::default();
        properties.set("distinct_id", id);
        properties.set("$exception_list", ["[", &list, "]"].concat());
        properties.set("$exception_fingerprint", fingerprint);
        properties.set_some("error_kind", kind);
        properties.set_some("function_name", function);
        properties.set_some("method", take("method"));
        properties.set_some("request_id", take("requestId"));
        properties.set_some("status", status);
        properties.set_some("url_path", take("urlPath"));
        self.provenance(&mut properties, None);
        let body = self.body("token", Some(&self.timestamp(None)), |body| {
            body.string("event", "$exception");
            body.raw("properties", &properties.text());
        });
        ("/i/v0/e/", body, plain(Some(id)))
    }
}

/// Entry point first, as PostHog reads them.
fn frames(to: &mut String, frames: &[Frame]) {
    list(to, frames, |to, frame| {
        let mut object = ObjectWriter::open(to);
        object.string("function", &frame.function);
        object.string("filename", &frame.filename);
        for (name, number) in [("lineno", frame.line), ("colno", frame.column)] {
            if let Some(number) = number {
                object.number(name, number);
            }
        }
        object.string("platform", "custom");
        object.string("lang", "javascript");
        object.raw("resolved", "true");
        object.close();
    });
}
