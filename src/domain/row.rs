//! A database row as its trigger sends it: columns may be null or not there.

use crate::error::{Code, Error, Warning};
use crate::event::time::Timestamp;
use crate::json::text::is_blank;
use crate::json::{self, RawObject};

/// One row.
pub(super) struct Row<'r> {
    columns: RawObject<'r>,
}

impl<'r> Row<'r> {
    pub(super) const fn new(columns: RawObject<'r>) -> Self {
        Self { columns }
    }

    /// A column that the event cannot do without.
    pub(super) fn id(&self, column: &'static str) -> Result<String, Error> {
        self.text(column).ok_or_else(|| {
            Error::with(Code::MissingColumn, ["row.", column].concat(), "is missing or empty")
        })
    }

    /// A column as text; a number or a boolean as JSON writes it.
    pub(super) fn text(&self, column: &str) -> Option<String> {
        let raw = self.raw(column)?;
        let text = match raw.bytes().next()? {
            b'"' => json::unquote_string(raw)?,
            b'{' | b'[' => return None,
            _ => raw.to_owned(),
        };
        (!is_blank(&text)).then_some(text)
    }

    /// A column's JSON, unless it is null.
    pub(super) fn raw(&self, column: &str) -> Option<&'r str> {
        self.columns.get(column).filter(|raw| *raw != "null")
    }

    /// A flag; nullable columns count as not set.
    pub(super) fn flag(&self, column: &str) -> bool {
        self.raw(column) == Some("true")
    }

    /// When it happened, by the first of these columns that has a time.
    pub(super) fn time(
        &self,
        columns: &[&'static str],
        warnings: &mut Vec<Warning>,
    ) -> Option<Timestamp> {
        for column in columns {
            let Some(text) = self.text(column) else { continue };
            if let Some(at) = Timestamp::parse(&text) {
                return Some(at);
            }
            warnings.push(Warning::with(
                Code::InvalidTimestamp,
                ["row.", column].concat(),
                "is no time, so the event is stamped when it is sent",
            ));
        }
        None
    }
}
