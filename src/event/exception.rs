//! Exceptions: what was thrown, as a list of errors with their frames.

use std::str::FromStr;

use crate::error::{Code, Error};
use crate::json::text;
use crate::json::{self, RawObject};
use crate::request::names;

/// PostHog cuts messages here.
const MAX_MESSAGE_CHARS: usize = 10_000;
/// V8 keeps 10 frames by default; an unlimited trace is cut to the ones nearest to the crash.
const MAX_FRAMES: usize = 50;
/// How far down a stack its message may begin.
const MAX_HEADER_LINES: usize = 20;
/// Names of classes, functions and files. Nobody reads longer ones.
const MAX_NAME_CHARS: usize = 300;
/// What all errors of an exception may come to, so that PostHog takes the event.
const MAX_BYTES: usize = 700_000;

/// An exception and how it was caught.
#[derive(Clone, Debug, Default)]
pub struct Exception {
    /// Outermost first; never empty.
    pub errors: Vec<Thrown>,
    /// How bad it is.
    pub level: Level,
    /// Whether somebody caught it.
    pub handled: bool,
    /// Nobody to attribute it to.
    pub personless: bool,
}

/// How bad an exception is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[allow(missing_docs, reason = "PostHog's own words")]
pub enum Level {
    Debug,
    #[default]
    Error,
    Fatal,
    Info,
    Log,
    Warning,
}

impl Level {
    /// PostHog's word for it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Debug => "debug",
            Self::Error => "error",
            Self::Fatal => "fatal",
            Self::Info => "info",
            Self::Log => "log",
            Self::Warning => "warning",
        }
    }
}

impl FromStr for Level {
    type Err = Error;

    fn from_str(name: &str) -> Result<Self, Error> {
        [Self::Debug, Self::Error, Self::Fatal, Self::Info, Self::Log, Self::Warning]
            .into_iter()
            .find(|level| level.name() == name)
            .ok_or_else(|| {
                Error::new(
                    Code::InvalidType,
                    "level",
                    "must be fatal, error, warning, log, info or debug",
                )
            })
    }
}

/// One error of a chain.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Thrown {
    /// The error's class.
    pub name: String,
    /// Its message, without what looks like query parameters.
    pub message: String,
    /// Its frames: entry point first, crash site last.
    pub frames: Vec<Frame>,
    /// No error object was thrown, so name and message are ours.
    pub synthetic: bool,
    /// How it hangs together with another one.
    pub link: Option<Link>,
}

/// Why an error is in the list of another one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Link {
    /// Where in the list the other one is.
    pub parent: usize,
    /// The property it was found in: `cause`, `errors[0]`.
    pub source: String,
}

/// One frame of a stack.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Frame {
    /// Where the code was loaded from.
    pub filename: String,
    /// The function's name.
    pub function: String,
    /// 1-based.
    pub line: Option<u32>,
    /// 1-based.
    pub column: Option<u32>,
    /// Whether it is the application's own code.
    pub in_app: bool,
    /// The id under which the file's source map was uploaded.
    pub chunk_id: Option<String>,
}

/// Which file has which source map: stacks that were taken as each chunk was loaded, with the ids
/// that PostHog's command line wrote into them.
#[derive(Clone, Debug, Default)]
pub struct Chunks(Vec<(String, String)>);

impl Chunks {
    /// One of `globalThis._posthogChunkIds`: a stack's text and an id.
    pub fn add(&mut self, stack: &str, id: &str) {
        if let Some(frame) = frames("", "", stack).pop() {
            self.0.push((frame.filename, id.to_owned()));
        }
    }

    fn id_of(&self, file: &str) -> Option<String> {
        self.0.iter().find(|(name, _)| name == file).map(|(_, id)| id.clone())
    }
}

impl Exception {
    /// What was thrown, as the host describes it: `{ errors, chunks? }`. Each error is
    /// `{ parent?, source?, name, message, stack }`, or `{ parent?, source?, shown }` of what is no
    /// error; outermost first.
    pub fn read(text: &str) -> Option<Self> {
        // A message or a stack may have been cut between two halves of a character.
        let mended = json::replace_lone_surrogates(text);
        let text = mended.as_deref().unwrap_or(text);
        let given = json::object(text)?;
        let mut chunks = Chunks::default();
        for pair in given.get("chunks").and_then(json::elements).into_iter().flatten() {
            if let Some([stack, id]) = json::unquote_strings(pair).as_deref() {
                chunks.add(stack, id);
            }
        }
        let mut errors = Vec::new();
        for error in json::elements(given.get("errors")?)? {
            if let Some(error) = json::object(error) {
                errors.push(Thrown::read(error, &chunks));
            }
        }
        Some(Self { errors, handled: true, ..Self::default() })
    }

    /// About what it comes to on the wire.
    pub fn bytes(&self) -> usize {
        self.errors.iter().map(Thrown::bytes).fold(0, usize::saturating_add)
    }

    /// Cuts texts as PostHog would, or as far as anybody reads, and leaves out the last causes of
    /// what PostHog would find too large: the first say most.
    pub fn cut(&mut self) {
        self.errors.iter_mut().for_each(Thrown::cut);
        let mut bytes = 0_usize;
        self.errors.retain(|error| {
            bytes = bytes.saturating_add(error.bytes());
            bytes <= MAX_BYTES
        });
    }
}

impl Thrown {
    /// About what it comes to on the wire.
    fn bytes(&self) -> usize {
        let mut text = String::new();
        json::quote(&mut text, &self.message);
        for frame in &self.frames {
            json::quote(&mut text, &frame.function);
            json::quote(&mut text, &frame.filename);
        }
        text.len().saturating_add(self.frames.len().saturating_mul(120)).saturating_add(300)
    }

    /// One error, or what else was thrown.
    fn read(error: RawObject<'_>, chunks: &Chunks) -> Self {
        let word = |name| error.get(name).and_then(json::unquote).unwrap_or_default();
        let thrown = match error.get("shown").and_then(json::unquote) {
            Some(shown) => Self::synthetic(&shown),
            None => Self::new(&word("name"), &word("message"), &word("stack"), chunks),
        };
        let parent = error.get("parent").and_then(text::number);
        let link = parent.map(|parent| Link { parent, source: word("source").into_owned() });
        Self { link, ..thrown }
    }

    /// An error as JavaScript describes it.
    pub fn new(name: &str, message: &str, stack: &str, chunks: &Chunks) -> Self {
        let mut frames = frames(name, message, stack);
        for frame in &mut frames {
            frame.chunk_id = chunks.id_of(&frame.filename);
            // A query says how a file was asked for, perhaps with a token.
            if let Some((file, _)) = frame.filename.split_once('?') {
                frame.filename = file.to_owned();
            }
        }
        Self {
            name: if name.is_empty() { "Error" } else { name }.to_owned(),
            message: clean_message(message),
            frames,
            synthetic: false,
            link: None,
        }
    }

    /// Cuts its texts as PostHog would, or as far as anybody reads.
    pub fn cut(&mut self) {
        cut(&mut self.message, MAX_MESSAGE_CHARS);
        cut(&mut self.name, MAX_NAME_CHARS);
        for frame in &mut self.frames {
            cut(&mut frame.function, MAX_NAME_CHARS);
            cut(&mut frame.filename, MAX_NAME_CHARS);
        }
    }

    /// Something thrown that is no error.
    pub fn synthetic(message: &str) -> Self {
        Self { synthetic: true, ..Self::new("Error", message, "", &Chunks::default()) }
    }
}

/// A message without the parameters that database drivers append: they are customers' data. Rather
/// a harmless `params:` too many than one too few.
pub fn clean_message(message: &str) -> String {
    const NAMES: [&str; 3] = ["params", "parameters", "bindings"];
    let lower = message.to_ascii_lowercase();
    let end = |name: &str| {
        let mut read = 0_usize;
        while let Some(at) = text::find(lower.get(read..)?, name) {
            let starts = read.checked_add(at)?;
            read = starts.checked_add(name.len())?;
            let before = lower.get(..starts)?.bytes().next_back();
            if before.is_some_and(|before| before.is_ascii_alphanumeric()) {
                continue;
            }
            // `params: …`, `"params":[…]`, `params = [ … ]`
            let rest = behind(lower.as_bytes().get(read..)?, b" \"'\\");
            let given = match rest {
                [b':', ..] => true,
                [b'=', list @ ..] => matches!(behind(list, b" "), [b'[' | b'{' | b'(', ..]),
                _ => false,
            };
            if given {
                return lower.len().checked_sub(rest.len())?.checked_add(1);
            }
        }
        None
    };
    let parameters = NAMES.into_iter().filter_map(end).min();
    match parameters.and_then(|end| message.get(..end)) {
        Some(kept) => [kept, " [redacted]"].concat(),
        None => message.to_owned(),
    }
}

/// What follows such bytes.
fn behind<'t>(mut text: &'t [u8], skipped: &[u8]) -> &'t [u8] {
    while let [first, rest @ ..] = text
        && skipped.contains(first)
    {
        text = rest;
    }
    text
}

fn cut(text: &mut String, chars: usize) {
    text.truncate(text::start(text, chars).len());
}

/// The frames of a V8-shaped stack, entry point first.
fn frames(name: &str, message: &str, stack: &str) -> Vec<Frame> {
    // The stack repeats the message, whose own lines could pass for frames.
    let between = if name.is_empty() || message.is_empty() { "" } else { ": " };
    let header = [name, between, message].concat();
    let lines = stack
        .strip_prefix(header.as_str())
        .or_else(|| behind_message(stack, message))
        .unwrap_or(stack);
    let mut frames = Vec::new();
    for frame in lines.split('\n').filter_map(frame) {
        if frames.len() == MAX_FRAMES {
            break;
        }
        frames.push(frame);
    }
    frames.reverse();
    frames
}

/// What follows the message under another name, or under the lines of source that Node puts first.
fn behind_message<'s>(stack: &'s str, message: &str) -> Option<&'s str> {
    let first = message.split('\n').next().filter(|_| !message.is_empty())?;
    let mut start = 0_usize;
    for line in stack.split('\n').take(MAX_HEADER_LINES) {
        let end = start.checked_add(line.len())?;
        let told =
            line.strip_suffix(first).and_then(|_| stack.get(end.checked_sub(first.len())?..));
        if let Some(rest) = told.and_then(|told| told.strip_prefix(message)) {
            return Some(rest);
        }
        start = end.checked_add(1)?;
    }
    None
}

/// One line: `at f (file:1:2)`, `at async file:1:2`, `at new C (file:1:2)`.
fn frame(line: &str) -> Option<Frame> {
    let line = text::trim(line).strip_prefix("at ")?;
    let (function, place) =
        match line.strip_suffix(')').and_then(|line| text::split_once(line, " (")) {
            Some((function, place)) => (function, place),
            None => ("", line.strip_prefix("async ").unwrap_or(line)),
        };
    let function = text::trim(function.strip_prefix("async ").unwrap_or(function));
    let (filename, line, column) = match numbered(place) {
        None => (place, None, None),
        Some((before, last)) => match numbered(before) {
            None => (before, Some(last), None),
            Some((file, line)) => (file, Some(line), Some(last)),
        },
    };
    // A line of prose that starts with "at" has no place in it.
    if line.is_none() && !matches!(filename, "native" | "<anonymous>" | "native code" | "unknown") {
        return None;
    }
    Some(Frame {
        in_app: in_app(filename),
        filename: filename.to_owned(),
        function: if function.is_empty() { "<anonymous>" } else { function }.to_owned(),
        line,
        column,
        chunk_id: None,
    })
}

/// What stands before a number at the end, and the number.
fn numbered(place: &str) -> Option<(&str, u32)> {
    let (before, number) = place.rsplit_once(':')?;
    Some((before, text::number(number)?))
}

/// Runtimes' and dependencies' code is not the application's.
fn in_app(filename: &str) -> bool {
    const INTERNAL: [&str; 8] = [
        "node:",
        "ext:",
        "bun:",
        "internal:",
        "native",
        "<anonymous>",
        "cloudflare-internal:",
        "wasm:",
    ];
    text::find(filename, "node_modules").is_none()
        && !INTERNAL.iter().any(|own| filename.starts_with(own))
}

/// Whether a caller's property would overwrite what belongs to the exception itself.
pub fn owns(property: &str) -> bool {
    property == names::DEBUG_IMAGES
        || (property.starts_with(names::EXCEPTION_PREFIX)
            && property != names::EXCEPTION_FINGERPRINT)
}

#[cfg(test)]
mod tests {
    #[cfg(target_arch = "wasm32")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    use super::*;

    #[test]
    fn stacks_of_every_runtime_are_read_entry_first() {
        let stack = "TypeError: x is undefined
    at crash (file:///app/index.ts:10:5)
    at async Server.<anonymous> (/srv/my app (1)/main.js:3:7)
    at async file:///app/main.ts:1:1
    at process.processTicksAndRejections (node:internal/process/task_queues:95:5)
    at new Widget (worker.js:12:34)
    at Array.forEach (<anonymous>)
    at eventLoop (ext:core/01_core.js:214:9)";
        let frames = frames("TypeError", "x is undefined", stack);
        let expected = [
            ("eventLoop", "ext:core/01_core.js", Some((214, 9)), false),
            ("Array.forEach", "<anonymous>", None, false),
            ("new Widget", "worker.js", Some((12, 34)), true),
            (
                "process.processTicksAndRejections",
                "node:internal/process/task_queues",
                Some((95, 5)),
                false,
            ),
            ("<anonymous>", "file:///app/main.ts", Some((1, 1)), true),
            ("Server.<anonymous>", "/srv/my app (1)/main.js", Some((3, 7)), true),
            ("crash", "file:///app/index.ts", Some((10, 5)), true),
        ];
        assert_eq!(frames.len(), expected.len());
        for (frame, (function, filename, place, in_app)) in frames.iter().zip(expected) {
            assert_eq!((frame.function.as_str(), frame.filename.as_str()), (function, filename));
            assert_eq!(frame.line.zip(frame.column), place, "{function}");
            assert_eq!(frame.in_app, in_app, "{function}");
        }
    }

    #[test]
    fn a_message_is_no_frame() {
        let message = "bad\n    at query (evil.ts:1:1)\nparams: a@b.c,7";
        let stack = format!("DrizzleQueryError: {message}\n    at run (db.ts:4:2)");
        let thrown = Thrown::new("DrizzleQueryError", message, &stack, &Chunks::default());
        assert_eq!(thrown.frames.len(), 1);
        assert_eq!(thrown.frames[0].filename, "db.ts");
        assert_eq!(thrown.message, "bad\n    at query (evil.ts:1:1)\nparams: [redacted]");
        assert!(frame("at the end of the day").is_none());
    }

    #[test]
    fn a_class_without_its_own_name_still_loses_its_message() {
        // The stack starts with the class's name at construction; `name` may be another one.
        let stack = "Error: boom\n    at a.ts:1:1\n    at f (b.ts:2:2)";
        let thrown = Thrown::new("MyError", "boom", stack, &Chunks::default());
        assert_eq!(thrown.frames.len(), 2);
        assert_eq!(thrown.frames[1].filename, "a.ts");
    }

    #[test]
    fn a_message_is_no_frame_wherever_it_begins() {
        let files = |message: &str, stack: &str| -> Vec<String> {
            let thrown = Thrown::new("Other", message, stack, &Chunks::default());
            thrown.frames.into_iter().map(|frame| frame.filename).collect()
        };
        for message in [
            "Failed query\nparams: jane doe\n    at 12 Main Street (flat:3)",
            "Failed query\r\nparams: jane doe\r\n    at 12 Main Street (flat:3)\r",
            "\n    at 12 Main Street (flat:3)\n",
        ] {
            for header in
                ["Error: ", &"é".repeat(999), "app.js:7\nlet a = ;\n        ^\n\nSyntaxError: "]
            {
                let stack = format!("{header}{message}\n    at f (x.js:1:2)");
                assert_eq!(files(message, &stack), ["x.js"], "{stack}");
            }
        }
        // Of a message that was changed after the throw nobody knows where it ended.
        let stack = "Error: first\n    at g (y.js:1:1)\n    at f (x.js:1:2)";
        assert_eq!(files("first, and more", stack), ["x.js", "y.js"]);
        // A chance match further down takes no frame away.
        assert_eq!(files("g", stack), ["x.js", "y.js"]);
        assert_eq!(files("", stack), ["x.js", "y.js"]);
    }

    #[test]
    fn messages_lose_what_drivers_append() {
        for (message, cleaned) in [
            ("query failed, Params: x@y.z", "query failed, Params: [redacted]"),
            ("-- parameters : [x@y.z]", "-- parameters : [redacted]"),
            ("the params are fine", "the params are fine"),
            ("hyperparams: 7", "hyperparams: 7"),
            ("expected 3 params but got 2: x", "expected 3 params but got 2: x"),
            (
                r#"{"sql":"select ?","bindings":["Jane"]}"#,
                r#"{"sql":"select ?","bindings": [redacted]"#,
            ),
            ("select ? bindings=['Jane']", "select ? bindings= [redacted]"),
            ("[SQL: select] [parameters: ('Jane',)]", "[SQL: select] [parameters: [redacted]"),
            ("?params=x&b: c", "?params=x&b: c"),
        ] {
            assert_eq!(clean_message(message), cleaned);
        }
        assert_eq!(
            clean_message("Failed query: select $1\nparams: x@y.z"),
            "Failed query: select $1\nparams: [redacted]"
        );
        assert_eq!(clean_message("params: x@y.z"), "params: [redacted]");
    }

    #[test]
    fn chunks_are_found_by_file() {
        let mut chunks = Chunks::default();
        chunks.add("Error\n    at worker.js:1:10\n    at other.js:1:1", "id-1");
        let thrown = Thrown::new(
            "Error",
            "boom",
            "Error: boom\n    at f (worker.js:5:5)\n    at g (lib.js:1:2)",
            &chunks,
        );
        assert_eq!(thrown.frames[1].chunk_id.as_deref(), Some("id-1"));
        assert_eq!(thrown.frames[0].chunk_id, None);
    }

    #[test]
    fn an_exception_fits_whatever_was_thrown() {
        let long = Thrown::new(&"N".repeat(1000), &"\u{1}".repeat(20_000), "", &Chunks::default());
        let mut exception = Exception { errors: vec![long; 50], ..Exception::default() };
        exception.cut();
        assert_eq!((exception.errors.len(), exception.errors[0].name.len()), (11, 300));
        let message = "é".repeat(20_000);
        let long = Thrown::new("N", &message, "", &Chunks::default());
        let mut exception = Exception { errors: vec![long], ..Exception::default() };
        exception.cut();
        assert_eq!(exception.errors[0].message.chars().count(), 10_000);
    }

    #[test]
    fn levels_are_posthogs() {
        assert_eq!("warning".parse::<Level>().unwrap(), Level::Warning);
        assert_eq!("warn".parse::<Level>().unwrap_err().field, "level");
    }
}
