//! How many credentials leak, and how many harmless strings are taken for one: measured on the
//! corpora beside this file, which were labelled by hand. A third of each was held out while the
//! patterns were made.
//!
//! `cargo test --test privacy rates -- --nocapture` prints the rates and each miss.

use posthog_wasm::event::exception::clean_message;
use posthog_wasm::policy::identifiers::{Scope, scrub_members, scrub_text};
use serde_json::Value;

/// At most so many of a hundred.
const LEAKS: f64 = 3.0;
const FALSE_ALARMS: f64 = 1.0;
const FORMATS: usize = 80;
const STRINGS: usize = 2000;

/// A credential with what stands around it.
struct Sample {
    format: String,
    is_secret: bool,
    before: String,
    secret: String,
    after: String,
}

/// Lines of `format, kind, before, after, part, part, …`, between tabs. A sample is in parts, so
/// that no scanner of secrets takes this file for a leak.
fn samples(lines: &str) -> Vec<Sample> {
    let plain = |text: &str| text.replace("\\n", "\n").replace("\\\\", "\\");
    let sample = |line: &str| {
        let cells: Vec<String> = line.split('\t').map(plain).collect();
        Sample {
            format: cells[0].clone(),
            is_secret: cells[1] == "secret",
            before: cells[2].clone(),
            after: cells[3].clone(),
            secret: cells[4..].concat(),
        }
    };
    lines.lines().map(sample).collect()
}

/// As `encodeURIComponent` writes it.
fn encoded(text: &str) -> String {
    let mut to = String::new();
    for byte in text.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' => to.push(char::from(byte)),
            b'-' | b'_' | b'.' | b'!' | b'~' | b'*' | b'\'' | b'(' | b')' => {
                to.push(char::from(byte))
            }
            _ => to += &format!("%{byte:02X}"),
        }
    }
    to
}

/// What is left of a text wherever one may stand; the name of the place, the text, what is left.
fn places(text: &str, in_url: Option<String>, scope: Scope) -> Vec<(&'static str, String, String)> {
    let scrub =
        |text: &str, scope| scrub_text(text, scope, None).unwrap_or_else(|| text.to_owned());
    let mut places = Vec::new();
    let mut place = |name, text: String, scope| {
        let left = scrub(&text, scope);
        places.push((name, text, left));
    };
    place("alone", text.to_owned(), scope);
    place("in a sentence", format!("The provider was asked with {text}, and said no."), scope);
    if let Some(encoded) = in_url {
        place("in a URL", format!("https://api.here.test/v1/items?x={encoded}&page=2"), scope);
    }
    place("in JSON", format!(r#"{{"value":{},"n":1}}"#, Value::from(text)), scope);
    let member = format!(r#""value":{}"#, Value::from(text));
    let left =
        scrub_members(&member, scope, None, &mut Vec::new()).unwrap_or_else(|| member.clone());
    places.push(("as a property", member, left));
    if scope > Scope::Secrets {
        let message = format!("Request failed: {text}");
        let left = scrub(&clean_message(&message), Scope::Addresses);
        places.push(("in an exception", message, left));
    }
    places
}

impl Sample {
    fn places(&self, scope: Scope) -> Vec<(&'static str, String, String)> {
        let text = [&*self.before, &self.secret, &self.after].concat();
        let in_url = match &*self.before {
            before if text.contains([' ', '\n', '{']) || before.ends_with(':') => None,
            before if before.ends_with('=') && !before.contains("://") => {
                Some(format!("1&{before}{}{}", encoded(&self.secret), self.after))
            }
            _ => Some(encoded(&text)),
        };
        places(&text, in_url, scope)
    }

    /// Whether half of it can be read there.
    fn is_in(&self, left: &str) -> bool {
        let spelt = Value::from(&*self.secret).to_string();
        let spelt = spelt.trim_matches('"');
        [&self.secret, spelt, &encoded(&self.secret)].iter().any(|secret| {
            let chars: Vec<char> = secret.chars().collect();
            let half = chars.len().div_ceil(2).max(4).min(chars.len());
            chars.windows(half).any(|part| left.contains(&part.iter().collect::<String>()))
        })
    }

    /// The first place where it leaks.
    fn leak(&self, scope: Scope) -> Option<(&'static str, String)> {
        let mut places = self.places(scope).into_iter();
        places.find(|(_, _, left)| self.is_in(left)).map(|(place, _, left)| (place, left))
    }
}

/// Harmless strings: of each file, every third line is held out.
fn business() -> Vec<(bool, String)> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/privacy/business");
    let mut files: Vec<_> = std::fs::read_dir(folder)
        .expect("a folder")
        .map(|file| file.expect("a file").path())
        .collect();
    files.sort();
    let mut strings = Vec::new();
    for file in files {
        let text = std::fs::read_to_string(file).expect("text");
        strings.extend(text.lines().enumerate().map(|(at, line)| (at % 3 == 2, line.to_owned())));
    }
    strings
}

/// Counts, for what was seen and for what was held out.
#[derive(Default)]
struct Rates {
    misses: [usize; 2],
    of: [usize; 2],
}

impl Rates {
    fn count(&mut self, held_out: bool, missed: bool) {
        self.of[usize::from(held_out)] += 1;
        self.misses[usize::from(held_out)] += usize::from(missed);
    }

    fn check(&self, what: &str, bar: f64) {
        let rate = |misses: usize, of: usize| 100.0 * misses as f64 / of as f64;
        let ([seen, unseen], [of, of_unseen]) = (self.misses, self.of);
        let all = rate(seen + unseen, of + of_unseen);
        println!(
            "{what}: {all:.2} % of {} ({:.2} % of {of} seen, {:.2} % of {of_unseen} held out)",
            of + of_unseen,
            rate(seen, of),
            rate(unseen, of_unseen)
        );
        assert!(all <= bar && rate(unseen, of_unseen) <= bar, "{what}: at most {bar} %");
    }
}

fn credentials() -> Vec<(bool, Sample)> {
    let seen = samples(include_str!("credentials/tuning.tsv"));
    let unseen = samples(include_str!("credentials/held-out.tsv"));
    let seen = seen.into_iter().map(|sample| (false, sample));
    seen.chain(unseen.into_iter().map(|sample| (true, sample))).collect()
}

const fn part(held_out: bool) -> &'static str {
    if held_out { "held out" } else { "seen" }
}

#[test]
fn credentials_do_not_leak() {
    let mut rates = Rates::default();
    let mut formats = Vec::new();
    for (held_out, sample) in credentials() {
        let leak = sample.leak(Scope::Identifiers);
        rates.count(held_out, leak.is_some());
        if let Some((place, left)) = leak {
            println!("leak, {}: {}, {place}: {left}", part(held_out), sample.format);
        }
        formats.push(sample.format);
    }
    formats.sort();
    formats.dedup();
    println!("{} formats", formats.len());
    assert!(formats.len() >= FORMATS);
    rates.check("leaks", LEAKS);
}

#[test]
fn what_is_harmless_stays() {
    let mut rates = Rates::default();
    for (held_out, string) in business() {
        let mut places = places(&string, Some(encoded(&string)), Scope::Identifiers).into_iter();
        let alarm = places.find(|(_, text, left)| text != left);
        rates.count(held_out, alarm.is_some());
        if let Some((place, _, left)) = alarm {
            println!("false alarm, {}: {string}, {place}: {left}", part(held_out));
        }
    }
    assert!(rates.of.iter().sum::<usize>() >= STRINGS);
    rates.check("false alarms", FALSE_ALARMS);
}

/// A person's profile is the caller's to write, but for secrets.
#[test]
fn persons_lose_secrets_and_nothing_else() {
    let (mut leaks, mut alarms) = (Rates::default(), Rates::default());
    for (held_out, sample) in credentials() {
        if sample.is_secret {
            let leak = sample.leak(Scope::Secrets);
            leaks.count(held_out, leak.is_some());
            if let Some((place, left)) = leak {
                println!(
                    "leak of a person's, {}: {}, {place}: {left}",
                    part(held_out),
                    sample.format
                );
            }
        } else {
            let alarm =
                sample.places(Scope::Secrets).into_iter().find(|(_, text, left)| text != left);
            alarms.count(held_out, alarm.is_some());
            if let Some((place, _, left)) = alarm {
                println!(
                    "false alarm of a person's, {}: {}, {place}: {left}",
                    part(held_out),
                    sample.format
                );
            }
        }
    }
    leaks.check("leaks of persons' secrets", LEAKS);
    alarms.check("false alarms among persons' e-mails and ids", FALSE_ALARMS);
}
