//! What leads to a person, found by how it looks, wherever a caller has put it: e-mail addresses,
//! payment ids, keys and tokens, and IP addresses where they are somebody's.
//!
//! `patterns` is the table of what issuers' keys and ids look like. `scan` reads a text, with
//! `secrets`, `mail` and `address` for what it may meet; `members` walks JSON text; `pseudonym`
//! says what stands in an identifier's place.

mod address;
mod alphabets;
mod mail;
mod members;
mod names;
mod patterns;
mod pseudonym;
mod scan;
mod secrets;

pub use members::scrub_members;

use scan::Scanner;

/// What stands in an identifier's place when there is no key for a pseudonym.
const REDACTED: &str = "[redacted]";
/// Taking an identifier out of the middle of a word can leave another one; this often it is
/// looked for.
const ROUNDS: usize = 4;

/// What is looked for; each has what those before it have.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Scope {
    /// Keys, tokens and passwords.
    Secrets,
    /// E-mail addresses, and ids of customers and their payments.
    Identifiers,
    /// IP addresses, and what cannot be told from one, such as a version of four numbers.
    Addresses,
}

/// The text with `[redacted]`, or under a key a pseudonym, in place of each identifier; `None` if
/// there is none.
pub fn scrub_text(text: &str, scope: Scope, key: Option<&[u8]>) -> Option<String> {
    let mut clean = replaced(text, scope, key)?;
    for _ in 0..ROUNDS {
        match replaced(&clean, scope, key) {
            Some(cleaner) => clean = cleaner,
            None => break,
        }
    }
    Some(clean)
}

/// Whether there is any identifier in a text.
fn tainted(text: &str, scope: Scope) -> bool {
    Scanner::new(text, scope).next().is_some()
}

fn replaced(text: &str, scope: Scope, key: Option<&[u8]>) -> Option<String> {
    let mut clean = String::new();
    let mut copied = 0;
    for found in Scanner::new(text, scope) {
        clean.push_str(text.get(copied..found.start).unwrap_or_default());
        pseudonym::write(&mut clean, text, &found, key);
        copied = found.end;
    }
    if copied == 0 {
        return None;
    }
    clean.push_str(text.get(copied..).unwrap_or_default());
    Some(clean)
}

#[cfg(test)]
mod tests;
