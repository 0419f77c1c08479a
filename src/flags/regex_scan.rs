//! Whether a pattern means the same to JavaScript, to Rust and to Python: ASCII, without lookaround,
//! word boundaries, backreferences, Unicode classes, possessive repetition or sets.

/// What stood before.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Before {
    Nothing,
    /// Something that can be repeated.
    Atom,
    /// `^` or `$`.
    Anchor,
    EmptyGroup,
    Open,
    Bar,
    Other,
}

/// Whether all engines agree on it. What is no valid pattern to any of them may pass.
pub(super) fn is_portable(pattern: &str) -> bool {
    let bytes = pattern.as_bytes();
    if !pattern.is_ascii() {
        return false;
    }
    let peek = |at: usize| bytes.get(at).copied().unwrap_or(0);
    let (mut at, mut before) = (0_usize, Before::Nothing);
    while let Some(byte) = bytes.get(at).copied() {
        let next = at.wrapping_add(1);
        at = match byte {
            b'\\' => match escape(bytes, next, false) {
                Some(end) => {
                    before = Before::Atom;
                    end
                }
                None => return false,
            },
            b'[' => match class(bytes, next) {
                Some(end) => {
                    before = Before::Atom;
                    end
                }
                None => return false,
            },
            b'(' if peek(next) == b'?' => {
                if peek(next.wrapping_add(1)) != b':' {
                    return false;
                }
                before = Before::Open;
                next.wrapping_add(2)
            }
            b'{' | b'*' | b'+' | b'?' => {
                let end = if byte == b'{' { counts_end(bytes, next) } else { Some(next) };
                let Some(end) = end else { return false };
                let follows = peek(end);
                let nothing =
                    byte == b'{' && matches!(before, Before::Nothing | Before::Bar | Before::Open);
                if nothing
                    || matches!(before, Before::Anchor | Before::EmptyGroup)
                    || matches!(follows, b'+' | b'{')
                {
                    return false;
                }
                before = Before::Other;
                end
            }
            b'}' => {
                if matches!(peek(next), b'+' | b'{') {
                    return false;
                }
                before = Before::Other;
                next
            }
            other => {
                before = match other {
                    b'(' => Before::Open,
                    b')' if matches!(before, Before::Open | Before::EmptyGroup) => {
                        Before::EmptyGroup
                    }
                    b'|' => Before::Bar,
                    b'^' | b'$' => Before::Anchor,
                    _ => Before::Atom,
                };
                next
            }
        };
    }
    true
}

/// Where an escape ends whose backslash was before `at`. At the pattern's end it is no valid one.
fn escape(bytes: &[u8], at: usize, in_class: bool) -> Option<usize> {
    let Some(byte) = bytes.get(at).copied() else { return Some(at) };
    let next = at.wrapping_add(1);
    match byte {
        b'x' => {
            let end = next.wrapping_add(2);
            let digits = bytes.get(next..end)?;
            digits.iter().all(u8::is_ascii_hexdigit).then_some(end)
        }
        b'd' | b'D' | b's' | b'S' | b'w' | b'W' | b'f' | b'n' | b'r' | b't' | b'v' => Some(next),
        // In a class, what only a newer JavaScript refuses to escape is no common ground either.
        _ if in_class => br"^$\.*+?()[]{}|/-".contains(&byte).then_some(next),
        b'<' | b'>' => None,
        _ => (byte == b' ' || byte.is_ascii_punctuation()).then_some(next),
    }
}

/// Where a class ends whose bracket was before `at`.
fn class(bytes: &[u8], at: usize) -> Option<usize> {
    let start = if bytes.get(at) == Some(&b'^') { at.wrapping_add(1) } else { at };
    let mut at = start;
    while let Some(byte) = bytes.get(at).copied() {
        let next = at.wrapping_add(1);
        let twin = bytes.get(next) == Some(&byte);
        at = match byte {
            b']' => return (at != start).then_some(next),
            b'[' => return None,
            b'&' | b'-' | b'~' if twin => return None,
            b'\\' => escape(bytes, next, true)?,
            _ => next,
        };
    }
    Some(at)
}

/// Where `{2}`, `{2,}` or `{2,3}` ends whose brace was before `at`.
fn counts_end(bytes: &[u8], at: usize) -> Option<usize> {
    let digits = |from: usize| {
        let mut at = from;
        while bytes.get(at).is_some_and(u8::is_ascii_digit) {
            at = at.wrapping_add(1);
        }
        at
    };
    let first = digits(at);
    let end = if bytes.get(first) == Some(&b',') { digits(first.wrapping_add(1)) } else { first };
    (first > at && bytes.get(end) == Some(&b'}')).then(|| end.wrapping_add(1))
}
