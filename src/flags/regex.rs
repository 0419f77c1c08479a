//! Regular expressions in time that is linear in the text: a set of states is carried along, nothing
//! is tried twice. Only what JavaScript, Rust and Python read alike is decided; patterns and texts
//! that are too long are not.
//!
//! An engine of our own, of the subset alone: what is outside of it must be told apart before any
//! engine sees it, and only whether there is a match is asked.

use std::cell::Cell;

use super::regex_scan::is_portable;
use super::{Decision, Inconclusive};

/// Of patterns.
const MAX_PATTERN: usize = 2_000;
/// Of instructions, and of one repetition.
const MAX_PROGRAM: usize = 2_000;
/// Of texts.
const MAX_TEXT: usize = 10_000;
/// Of groups within groups.
const MAX_DEPTH: usize = 50;

/// How much searching and comparing one evaluation may do, in states times characters, and bytes: patterns and texts
/// that are each short enough may still be many.
#[derive(Debug)]
pub struct Effort(Cell<usize>);

impl Default for Effort {
    fn default() -> Self {
        Self(Cell::new(20_000_000))
    }
}

impl Effort {
    /// Takes so much of it, if there is so much left.
    pub(super) fn take(&self, cost: usize) -> Option<()> {
        self.0.set(self.0.get().checked_sub(cost)?);
        Some(())
    }

    /// Takes what was done already: if there is not so much left, nothing is.
    pub(super) fn spend(&self, cost: usize) -> Option<()> {
        let left = self.0.get().checked_sub(cost);
        self.0.set(left.unwrap_or_default());
        left.map(|_| ())
    }
}

/// A pattern that was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Pattern {
    /// No valid pattern: it neither matches nor does not.
    Invalid,
    /// Not decided here.
    NotPortable,
    /// Can be run.
    Program(Vec<Step>),
}

/// One instruction; numbers are places of others.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// One of these ASCII characters, then the next instruction.
    Set(u128),
    /// The text's beginning.
    Start,
    /// The text's end.
    End,
    /// Either.
    Split(usize, usize),
    /// Go there.
    Jump(usize),
    /// Found.
    Match,
}

impl Pattern {
    /// Reads a pattern.
    pub fn read(pattern: &str) -> Self {
        if pattern.len() > MAX_PATTERN || !is_portable(pattern) {
            return Self::NotPortable;
        }
        let mut parser = Parser { bytes: pattern.as_bytes(), at: 0, mixed_range: false };
        let node = match parser.alternatives(0) {
            Ok(node) if parser.at == pattern.len() => node,
            Ok(_) | Err(Fault::Invalid) => return Self::Invalid,
            Err(Fault::TooLarge) => return Self::NotPortable,
        };
        if parser.mixed_range {
            return Self::NotPortable;
        }
        let mut steps = Vec::new();
        if emit(&mut steps, &node).is_none() {
            return Self::NotPortable;
        }
        steps.push(Step::Match);
        Self::Program(steps)
    }

    /// Whether it is found in the text. `Ok(None)`: the pattern is invalid.
    pub fn search(&self, text: &str, effort: &Effort) -> Decision<Option<bool>> {
        let steps = match self {
            Self::Invalid => return Ok(None),
            Self::NotPortable => return Err(Inconclusive::REGEX),
            Self::Program(steps) => steps,
        };
        // The empty pattern is found in everything.
        if matches!(steps.as_slice(), [Step::Match]) {
            return Ok(Some(true));
        }
        if !text.is_ascii() || text.contains('\r') || text.len() > MAX_TEXT {
            return Err(Inconclusive::REGEX);
        }
        let cost = steps.len().saturating_mul(text.len());
        effort.take(cost).ok_or(Inconclusive::REGEX)?;
        Ok(Some(run(steps, text.as_bytes())))
    }
}

enum Fault {
    Invalid,
    TooLarge,
}

enum Node {
    Empty,
    Set(u128),
    Start,
    End,
    Sequence(Vec<Self>),
    Either(Vec<Self>),
    Repeat { node: Box<Self>, min: usize, max: Option<usize> },
}

struct Parser<'p> {
    bytes: &'p [u8],
    at: usize,
    /// `[a-\d]`: not a range to everybody.
    mixed_range: bool,
}

impl Parser<'_> {
    fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    fn take(&mut self) -> Option<u8> {
        let byte = self.peek()?;
        self.at = self.at.wrapping_add(1);
        Some(byte)
    }

    fn take_if(&mut self, byte: u8) -> bool {
        let is = self.peek() == Some(byte);
        if is {
            self.at = self.at.wrapping_add(1);
        }
        is
    }

    fn alternatives(&mut self, depth: usize) -> Result<Node, Fault> {
        if depth > MAX_DEPTH {
            return Err(Fault::TooLarge);
        }
        let mut all = vec![self.sequence(depth)?];
        while self.take_if(b'|') {
            all.push(self.sequence(depth)?);
        }
        Ok(if all.len() == 1 { all.pop().unwrap_or(Node::Empty) } else { Node::Either(all) })
    }

    fn sequence(&mut self, depth: usize) -> Result<Node, Fault> {
        let mut nodes = Vec::new();
        while let Some(byte) = self.peek().filter(|byte| !matches!(byte, b'|' | b')')) {
            self.at = self.at.wrapping_add(1);
            let node = match byte {
                b'(' => {
                    if self.take_if(b'?') {
                        let _colon = self.take();
                    }
                    let node = self.alternatives(depth.wrapping_add(1))?;
                    if !self.take_if(b')') {
                        return Err(Fault::Invalid);
                    }
                    node
                }
                b'[' => self.class()?,
                b'\\' => Node::Set(self.escape().ok_or(Fault::Invalid)?.0),
                b'.' => Node::Set(!(1 << b'\n')),
                b'^' => Node::Start,
                b'$' => Node::End,
                // Nothing to repeat.
                b'*' | b'+' | b'?' | b'{' => return Err(Fault::Invalid),
                literal => Node::Set(bit(literal)),
            };
            nodes.push(self.repeated(node)?);
        }
        Ok(if nodes.len() == 1 {
            nodes.pop().unwrap_or(Node::Empty)
        } else {
            Node::Sequence(nodes)
        })
    }

    fn repeated(&mut self, node: Node) -> Result<Node, Fault> {
        let (min, max) = match self.peek() {
            Some(b'*') => (0, None),
            Some(b'+') => (1, None),
            Some(b'?') => (0, Some(1)),
            Some(b'{') => {
                self.at = self.at.wrapping_add(1);
                let min = self.count()?;
                let max = if self.take_if(b',') {
                    if self.peek() == Some(b'}') { None } else { Some(self.count()?) }
                } else {
                    Some(min)
                };
                if self.peek() != Some(b'}') || max.is_some_and(|max| max < min) {
                    return Err(Fault::Invalid);
                }
                if max.unwrap_or(min) > MAX_PROGRAM {
                    return Err(Fault::TooLarge);
                }
                (min, max)
            }
            _ => return Ok(node),
        };
        self.at = self.at.wrapping_add(1);
        // Lazy or greedy, it is found or it is not.
        let _lazy = self.take_if(b'?');
        Ok(Node::Repeat { node: Box::new(node), min, max })
    }

    fn count(&mut self) -> Result<usize, Fault> {
        let start = self.at;
        while self.peek().is_some_and(|byte| byte.is_ascii_digit()) {
            self.at = self.at.wrapping_add(1);
        }
        let digits = self.bytes.get(start..self.at).and_then(|digits| str::from_utf8(digits).ok());
        digits.unwrap_or_default().parse().map_err(|_| Fault::TooLarge)
    }

    fn class(&mut self) -> Result<Node, Fault> {
        let negated = self.take_if(b'^');
        let mut set = 0;
        loop {
            if self.take_if(b']') {
                return Ok(Node::Set(if negated { !set } else { set }));
            }
            let (first, from) = self.class_atom()?;
            set |= first;
            let is_range = self.peek() == Some(b'-')
                && self.bytes.get(self.at.wrapping_add(1)).is_some_and(|byte| *byte != b']');
            if !is_range {
                continue;
            }
            self.at = self.at.wrapping_add(1);
            let (last, to) = self.class_atom()?;
            let (Some(from), Some(to)) = (from, to) else {
                self.mixed_range = true;
                set |= last | bit(b'-');
                continue;
            };
            if from > to {
                return Err(Fault::Invalid);
            }
            for byte in from..=to.min(127) {
                set |= bit(byte);
            }
        }
    }

    /// One member of a class, and which character it is if it is one.
    fn class_atom(&mut self) -> Result<(u128, Option<u8>), Fault> {
        match self.take() {
            Some(b'\\') => self.escape().ok_or(Fault::Invalid),
            Some(byte) => Ok((bit(byte), Some(byte))),
            None => Err(Fault::Invalid),
        }
    }

    fn escape(&mut self) -> Option<(u128, Option<u8>)> {
        let digit = || range(b'0', b'9');
        let word = || digit() | range(b'a', b'z') | range(b'A', b'Z') | bit(b'_');
        let space = || range(9, 13) | bit(b' ');
        let byte = match self.take()? {
            b'd' => return Some((digit(), None)),
            b'D' => return Some((!digit(), None)),
            b'w' => return Some((word(), None)),
            b'W' => return Some((!word(), None)),
            b's' => return Some((space(), None)),
            b'S' => return Some((!space(), None)),
            b'f' => 12,
            b'n' => b'\n',
            b'r' => b'\r',
            b't' => b'\t',
            b'v' => 11,
            b'x' => {
                let digits = self.bytes.get(self.at..self.at.wrapping_add(2))?;
                self.at = self.at.wrapping_add(2);
                u8::from_str_radix(str::from_utf8(digits).ok()?, 16).ok()?
            }
            byte => byte,
        };
        Some((bit(byte), Some(byte)))
    }
}

/// The set of one character; what is not ASCII is in no text that is looked at.
const fn bit(byte: u8) -> u128 {
    if byte < 128 { 1 << byte } else { 0 }
}

fn range(from: u8, to: u8) -> u128 {
    (from..=to).fold(0, |set, byte| set | bit(byte))
}

/// Writes the instructions of a node; `None` if they become too many.
fn emit(steps: &mut Vec<Step>, node: &Node) -> Option<()> {
    if steps.len() > MAX_PROGRAM {
        return None;
    }
    match node {
        Node::Empty => {}
        Node::Set(set) => steps.push(Step::Set(*set)),
        Node::Start => steps.push(Step::Start),
        Node::End => steps.push(Step::End),
        Node::Sequence(nodes) => {
            for node in nodes {
                emit(steps, node)?;
            }
        }
        Node::Either(nodes) => {
            let mut jumps = Vec::new();
            for (index, node) in nodes.iter().enumerate() {
                if index.wrapping_add(1) == nodes.len() {
                    emit(steps, node)?;
                    break;
                }
                let split = reserve(steps);
                emit(steps, node)?;
                jumps.push(reserve(steps));
                branch(steps, split);
            }
            let end = steps.len();
            for jump in jumps {
                set(steps, jump, Step::Jump(end));
            }
        }
        Node::Repeat { node, min, max } => {
            for _ in 0..*min {
                emit(steps, node)?;
            }
            match max {
                None => {
                    let split = reserve(steps);
                    emit(steps, node)?;
                    steps.push(Step::Jump(split));
                    branch(steps, split);
                }
                Some(max) => {
                    for _ in *min..*max {
                        let split = reserve(steps);
                        emit(steps, node)?;
                        branch(steps, split);
                    }
                }
            }
        }
    }
    (steps.len() <= MAX_PROGRAM).then_some(())
}

fn reserve(steps: &mut Vec<Step>) -> usize {
    steps.push(Step::Match);
    steps.len().wrapping_sub(1)
}

/// Goes on at a reserved place with what follows it, or with what comes next.
fn branch(steps: &mut [Step], at: usize) {
    let end = steps.len();
    set(steps, at, Step::Split(at.wrapping_add(1), end));
}

fn set(steps: &mut [Step], at: usize, step: Step) {
    if let Some(place) = steps.get_mut(at) {
        *place = step;
    }
}

/// States that are active; each at most once.
struct States {
    list: Vec<usize>,
    /// In which round each instruction was last added.
    added: Vec<usize>,
    pending: Vec<usize>,
}

fn run(steps: &[Step], text: &[u8]) -> bool {
    let states = || States { list: Vec::new(), added: vec![0; steps.len()], pending: Vec::new() };
    let (mut now, mut next) = (states(), states());
    for at in 0..=text.len() {
        let round = at.wrapping_add(1);
        let is_end = at == text.len();
        // A match may begin here as well.
        if add(&mut now, steps, 0, round, at == 0, is_end) {
            return true;
        }
        let Some(byte) = text.get(at).copied() else { break };
        next.list.clear();
        let (then, last) = (round.wrapping_add(1), at.wrapping_add(1) == text.len());
        for place in &now.list {
            if let Some(Step::Set(set)) = steps.get(*place)
                && set & bit(byte) != 0
                && add(&mut next, steps, place.wrapping_add(1), then, false, last)
            {
                return true;
            }
        }
        std::mem::swap(&mut now, &mut next);
    }
    false
}

/// Adds a state and what follows from it without a character; whether that is a match.
fn add(
    states: &mut States,
    steps: &[Step],
    place: usize,
    round: usize,
    is_start: bool,
    is_end: bool,
) -> bool {
    crate::json::work::count(1);
    states.pending.push(place);
    while let Some(place) = states.pending.pop() {
        let Some(added) = states.added.get_mut(place).filter(|added| **added != round) else {
            continue;
        };
        *added = round;
        match steps.get(place) {
            None | Some(Step::Match) => {
                states.pending.clear();
                return true;
            }
            Some(Step::Set(_)) => states.list.push(place),
            Some(Step::Jump(to)) => states.pending.push(*to),
            Some(Step::Split(one, other)) => states.pending.extend([*one, *other]),
            Some(Step::Start) if is_start => states.pending.push(place.wrapping_add(1)),
            Some(Step::End) if is_end => states.pending.push(place.wrapping_add(1)),
            Some(Step::Start | Step::End) => {}
        }
    }
    false
}

#[cfg(test)]
mod tests {
    #[cfg(target_arch = "wasm32")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    use super::*;

    fn found(pattern: &str, text: &str) -> Decision<Option<bool>> {
        Pattern::read(pattern).search(text, &Effort::default())
    }

    #[test]
    fn many_searches_have_an_end() {
        let (pattern, text) = (Pattern::read("(a|b)*c"), "a".repeat(9_999));
        let effort = Effort::default();
        let searched: Vec<_> = (0..1_000).map(|_| pattern.search(&text, &effort)).collect();
        assert_eq!(searched.first(), Some(&Ok(Some(false))));
        assert_eq!(searched.last(), Some(&Err(Inconclusive::REGEX)));
        assert_eq!(pattern.search("c", &effort), Ok(Some(true)), "what is left is enough");
    }

    #[test]
    fn texts_are_searched() {
        for (pattern, text, is) in [
            ("", "x", true),
            ("b", "abc", true),
            ("^b", "abc", false),
            ("^a.c$", "abc", true),
            ("a.c", "a\nc", false),
            ("^(?:ab|cd)+$", "abcdab", true),
            ("^(ab|cd){2}$", "abcdab", false),
            ("^a{2,3}$", "aaaa", false),
            ("^a{2,}$", "aaaa", true),
            ("^a{0}$", "", true),
            ("^[a-c\\-x]+$", "ab-x", true),
            ("[^a-z]", "abc", false),
            ("[^a-z]", "aBc", true),
            ("^\\w+@\\w+\\.com$", "me@example.com", true),
            ("^\\S+$", "a b", false),
            ("^\\x41$", "A", true),
            ("a|", "zzz", true),
            ("^(a|b*)*c", "abbbac", true),
            ("[a-]$", "-", true),
            ("]", "]", true),
            ("}", "}", true),
            ("^$", "", true),
            ("a??b", "ab", true),
            ("(a*)*$", "b", true),
        ] {
            assert_eq!(found(pattern, text), Ok(Some(is)), "{pattern} in {text}");
        }
    }

    #[test]
    fn what_no_engine_takes_matches_nothing() {
        for pattern in
            ["(", ")", "a)", "[b-a]", "[a", "*", "a**", "a{3,2}", "(?:*)", "\\", "a|*", "a?*"]
        {
            assert_eq!(found(pattern, "a"), Ok(None), "{pattern}");
        }
    }

    #[test]
    fn what_engines_read_differently_is_not_decided() {
        for pattern in [
            "(?=a)",
            "(?i)a",
            "(?<n>a)",
            "\\bword\\b",
            "\\1",
            "\\p{L}",
            "\\Z",
            "\\<",
            "a++",
            "a{2}+",
            "[a&&b]",
            "[a--b]",
            "[[:alpha:]]",
            "[]a]",
            "[^]",
            "^*",
            "$+",
            "()*",
            "(?:)?",
            "é",
            "{",
            "a{,3}",
            "a{x}",
            "[\\d-z]",
            "[\\ ]",
            "[\\b]",
            "\\x4",
            "\\cA",
            "\\u0041",
            "a{2001}",
            "(?:(?:a{100}){100}){100}",
            "(?:a{0}){4000000000}",
        ] {
            assert_eq!(found(pattern, "a"), Err(Inconclusive::REGEX), "{pattern}");
        }
        assert_eq!(found(&"(".repeat(60), "a"), Err(Inconclusive::REGEX));
        assert_eq!(found(&"a".repeat(2_001), "a"), Err(Inconclusive::REGEX));
        for text in ["é", "a\r", &"a".repeat(10_001)] {
            assert_eq!(found("a", text), Err(Inconclusive::REGEX));
            assert_eq!(found("", text), Ok(Some(true)), "found in everything");
        }
    }

    #[test]
    fn what_hangs_other_engines_takes_a_step_for_each_state_and_character() {
        let text = ["a".repeat(9_000), "b".to_owned()].concat();
        for pattern in ["^(a+)+$", "^(a|a)*$", "^(a?){100}a{100}$", "(.*)*x"] {
            let (is, steps) = crate::json::work::counted(|| found(pattern, &text));
            assert_eq!(is, Ok(Some(false)), "{pattern}");
            assert!(steps < 10_000 * 400, "{pattern}: {steps}");
        }
    }
}
