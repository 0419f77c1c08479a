//! What a caller gives for one event, on its way from JavaScript: JSON text, and beside it what
//! only the shell may say. A caller's text cannot pass for any of that: not for its groups, which
//! somebody verified, nor for a refusal.

use std::borrow::Cow;

use crate::error::{Code, Error, Warning};
use crate::json;

/// One event as it was given.
#[derive(Clone, Debug)]
pub struct Input<'a> {
    pub(super) tag: Tag,
    pub(super) groups: Groups<'a>,
    /// How many bytes of recording the host holds.
    #[cfg(feature = "routes")]
    pub(super) held: Option<usize>,
    /// Whether halves of UTF-16 pairs in it were replaced.
    #[cfg(feature = "routes")]
    replaced: bool,
    pub(super) text: Cow<'a, str>,
}

/// What it is given to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tag {
    /// `captureAi`.
    #[cfg(feature = "routes")]
    Ai,
    /// `alias`.
    Alias,
    /// `capture`.
    Capture,
    /// `captureException`.
    Exception,
    /// `groupIdentify`.
    GroupIdentify,
    /// `identify`.
    Identify,
    /// Nothing: it could not be read, and the text says why.
    Refused,
    /// `captureSnapshot`.
    #[cfg(feature = "routes")]
    Snapshot,
    /// `track` and `buildBatch`: the text names its kind, and may leave the person to the
    /// organization.
    Track,
}

/// Where its groups are.
#[derive(Clone, Copy, Debug)]
pub(super) enum Groups<'a> {
    /// Beside the text: the JSON of `groups` and of `group`. What the text says of them is nothing.
    Beside(&'a str, &'a str),
    /// In the text, which was written here.
    Inside,
}

impl Tag {
    const ALL: &[(Self, char)] = &[
        #[cfg(feature = "routes")]
        (Self::Ai, 'm'),
        (Self::Alias, 'a'),
        (Self::Capture, 'c'),
        (Self::Exception, 'e'),
        (Self::GroupIdentify, 'g'),
        (Self::Identify, 'i'),
        (Self::Refused, '!'),
        #[cfg(feature = "routes")]
        (Self::Snapshot, 's'),
        (Self::Track, 't'),
    ];
}

impl<'a> Input<'a> {
    /// Reads a line of the shell's: a tag, what stands beside the text, a tab, and the text.
    /// `JSON.stringify` writes neither tabs nor line breaks, so a text cannot end its line.
    fn from_line(line: &'a str) -> Self {
        let (beside, text) = line.split_once('\t').unwrap_or(("!", "{}"));
        let mut chars = beside.chars();
        let first = chars.next().unwrap_or('!');
        let tag = Tag::ALL.iter().find(|(_, known)| *known == first);
        let tag = tag.map_or(Tag::Refused, |(tag, _)| *tag);
        let rest = chars.as_str();
        let mut groups = json::elements(rest).into_iter().flatten();
        let (several, one) = (groups.next().unwrap_or("null"), groups.next().unwrap_or("null"));
        let input = Self::of(tag, Groups::Beside(several, one), Cow::Borrowed(text));
        #[cfg(feature = "routes")]
        if tag == Tag::Snapshot {
            return input.holding(rest);
        }
        input
    }

    /// With a recording that the host holds: its bytes, and a mark if the shell has replaced halves of
    /// pairs in it.
    #[cfg(feature = "routes")]
    fn holding(self, bytes: &str) -> Self {
        let (bytes, replaced) = bytes.strip_suffix('~').map_or((bytes, false), |rest| (rest, true));
        let held = json::text::number(bytes);
        Self { held, replaced: replaced && held.is_some(), ..self }
    }

    const fn of(tag: Tag, groups: Groups<'a>, text: Cow<'a, str>) -> Self {
        Self {
            tag,
            groups,
            #[cfg(feature = "routes")]
            held: None,
            #[cfg(feature = "routes")]
            replaced: false,
            text,
        }
    }

    /// What was written here: by a domain function, or into a profile's mark.
    pub fn from_text(tag: Tag, text: &'a str) -> Self {
        Self::of(tag, Groups::Inside, Cow::Borrowed(text))
    }

    /// The same, of a text that nobody else keeps.
    pub const fn from_owned(tag: Tag, text: String) -> Self {
        Self::of(tag, Groups::Inside, Cow::Owned(text))
    }

    /// What cannot be sent, and why.
    pub fn refused(error: &Error) -> Self {
        let text = json::writer::object(|object| {
            object.string("code", error.code.name());
            object.string("field", &error.field);
            object.string("message", &error.message);
        });
        Self::from_owned(Tag::Refused, text)
    }

    /// All lines.
    pub fn from_lines(lines: &'a str) -> Vec<Self> {
        let mut inputs = Vec::new();
        let mut rest = lines;
        while !rest.is_empty() {
            let (line, behind) = rest.split_once('\n').unwrap_or((rest, ""));
            inputs.push(Self::from_line(line));
            rest = behind;
        }
        inputs
    }

    /// Without halves of UTF-16 pairs, for which PostHog would refuse a whole request.
    pub fn replace_lone_surrogates(&mut self, warnings: &mut Vec<Warning>) {
        let text = json::replace_lone_surrogates(&self.text);
        #[cfg(feature = "routes")]
        let replaced = text.is_some() || self.replaced;
        #[cfg(not(feature = "routes"))]
        let replaced = text.is_some();
        if replaced {
            if let Some(text) = text {
                self.text = Cow::Owned(text);
            }
            let message = "half a UTF-16 pair was replaced with U+FFFD";
            warnings.push(Warning::new(Code::LoneSurrogate, "", message));
        }
    }

    /// What it is given to.
    pub const fn tag(&self) -> Tag {
        self.tag
    }

    /// Its text with its groups in it, as domain functions write them.
    pub fn to_text(&self) -> Cow<'_, str> {
        let Groups::Beside(groups, group) = self.groups else {
            return Cow::Borrowed(&self.text);
        };
        let Some(object) = json::object(&self.text) else { return Cow::Borrowed(&self.text) };
        let mut text = String::with_capacity(self.text.len());
        let mut members = json::writer::ObjectWriter::open(&mut text);
        for (name, value) in
            object.entries().filter(|(name, _)| name != "groups" && name != "group")
        {
            members.raw(&name, value);
        }
        for (name, value) in [("groups", groups), ("group", group)] {
            if value != "null" {
                members.raw(name, value);
            }
        }
        members.close();
        Cow::Owned(text)
    }
}

#[cfg(test)]
mod tests {
    #[cfg(target_arch = "wasm32")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    use super::*;

    #[test]
    fn what_stands_beside_a_text_is_not_in_it() {
        let lines = "t[[[\"organization\",\"o1\"]],null]\t{\"groups\":[[\"organization\",\"o2\"]]}\n\
                     s12\t{}\n!\t{\"code\":\"circular\"}\nc\t{}\nnonsense";
        let inputs = Input::from_lines(lines);
        let tags: Vec<Tag> = inputs.iter().map(Input::tag).collect();
        assert_eq!(tags, [Tag::Track, Tag::Snapshot, Tag::Refused, Tag::Capture, Tag::Refused]);
        assert_eq!(inputs[0].to_text(), r#"{"groups":[["organization","o1"]]}"#);
        assert_eq!((inputs[1].held, inputs[3].held), (Some(12), None));
    }
}
