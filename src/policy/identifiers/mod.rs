//! What leads to a person, found by how it looks, wherever a caller has put it: e-mail addresses,
//! payment ids, keys and tokens, and IP addresses where they are somebody's.
//!
//! `patterns` knows what an identifier looks like, `members` walks JSON text, `pseudonym` says
//! what stands in an identifier's place.

mod members;
mod patterns;
mod pseudonym;

pub use members::scrub_members;

use patterns::Scanner;

/// What stands in an identifier's place when there is no key for a pseudonym.
const REDACTED: &str = "[redacted]";
/// Taking an identifier out of the middle of a word can leave another one; this often it is
/// looked for.
const ROUNDS: usize = 4;

/// The text with `[redacted]`, or under a key a pseudonym, in place of each identifier; `None` if
/// there is none. With `ips`, an IP address is one, and so is anything that cannot be told from
/// it, such as a version of four numbers.
pub fn scrub_text(text: &str, ips: bool, key: Option<&[u8]>) -> Option<String> {
    let mut clean = replaced(text, ips, key)?;
    for _ in 0..ROUNDS {
        match replaced(&clean, ips, key) {
            Some(cleaner) => clean = cleaner,
            None => break,
        }
    }
    Some(clean)
}

/// Whether there is any identifier in a text.
fn tainted(text: &str, ips: bool) -> bool {
    Scanner::new(text, ips).next().is_some()
}

fn replaced(text: &str, ips: bool, key: Option<&[u8]>) -> Option<String> {
    let mut clean = String::new();
    let mut copied = 0;
    for found in Scanner::new(text, ips) {
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
