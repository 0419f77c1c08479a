//! What a name says about the value that it is the name of.

use super::alphabets::Shape;

/// What is in a value, by its name.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Named {
    /// An IP address.
    pub ip: bool,
    /// A secret.
    pub secret: Option<Secret>,
}

/// What kind of secret.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Secret {
    /// `authorization`: it may start with a scheme.
    Authorization,
    /// `password` and nothing else: so even a word is one.
    Password,
    /// `admin_password`; `reset_password` too, whose value is none.
    PasswordOf,
    /// `api_key`, `session_token`.
    Key,
}

/// No more of a value is read than this to tell what it is.
pub(super) const TELLING: usize = 64;

impl Named {
    /// What a name says: of its letters and digits, in small letters, the last sixteen.
    pub(super) fn by(name: &[u8]) -> Self {
        const IP: u128 = 0x6970;
        const IPS: [&[u8]; 9] = [
            b"addr",
            b"address",
            b"addresses",
            b"forwarded",
            b"forwardedfor",
            b"ip",
            b"ips",
            b"ipv4",
            b"ipv6",
        ];
        const PASSWORDS: [&[u8]; 4] = [b"password", b"passwd", b"passphrase", b"pwd"];
        const KEYS: [&[u8]; 14] = [
            b"accesskey",
            b"accountkey",
            b"apikey",
            b"authkey",
            b"credential",
            b"encryptionkey",
            b"masterkey",
            b"privatekey",
            b"secret",
            b"secretkey",
            b"sessionid",
            b"signature",
            b"signingkey",
            b"token",
        ];
        // The last 16 letters and digits: of the name, and of the word.
        let (mut bare, mut word) = (0_u128, 0_u128);
        let mut before = 0;
        let mut ip = false;
        for byte in name.iter().copied() {
            if byte.is_ascii_alphanumeric() {
                let small = u128::from(byte.to_ascii_lowercase());
                bare = (bare << 8) | small;
                word = (word << 8) | small;
                // `Ip` or `IP` anywhere, or at the start. So do `zip` and `ipad`, but nothing that
                // looks like an IP address is in those.
                ip |= bare == IP || (before == b'I' && small == 0x70);
            } else {
                ip |= word == IP;
                word = 0;
            }
            before = byte;
        }
        let bare = bare.to_be_bytes();
        let ends = |ends: &[&[u8]]| ends.iter().any(|end| bare.ends_with(end));
        let is =
            |whole: &[u8]| bare.strip_suffix(whole).is_some_and(|before| before.last() == Some(&0));
        let secret = if PASSWORDS.iter().any(|word| is(word)) {
            Some(Secret::Password)
        } else if ends(PASSWORDS.get(..3).unwrap_or_default()) {
            Some(Secret::PasswordOf)
        } else if ends(&KEYS) || is(b"sig") || is(b"jwt") {
            Some(Secret::Key)
        } else {
            bare.ends_with(b"authorization").then_some(Secret::Authorization)
        };
        Self { ip: ip || ends(&IPS), secret }
    }
}

impl Secret {
    /// Whether the value under such a name is one, by its start. `tight`: there is nothing but an
    /// equals sign between them, or it is the value of a property.
    pub(super) fn is_in(self, value: &[u8], tight: bool) -> bool {
        const NONE: [&[u8]; 5] = [b"true", b"false", b"null", b"none", b"undefined"];
        let value = value.get(..value.len().min(TELLING)).unwrap_or_default();
        // What stands for a secret (`${KEY}`, `<token>`, `[redacted]`, `$1`, `***`), and paths.
        let stands = |byte: &u8| {
            !byte.is_ascii_alphanumeric()
                && !matches!(byte, b'!' | b'+' | b'-' | b'.' | b'@' | b'^' | b'_' | b'~')
        };
        if value.len() < 4 || value.first().is_some_and(stands) || value.contains(&b' ') {
            return false;
        }
        let shape = Shape::of(value);
        match self {
            Self::Password if tight => {
                !NONE.iter().any(|none| none.eq_ignore_ascii_case(value))
                    && (shape.digits > 0 || !value.contains(&b'.'))
            }
            Self::Password | Self::PasswordOf => shape.digits > 0 || shape.signs > 0,
            Self::Authorization => {
                value.len() >= 8 && (shape.digits > 0 || shape.changes > 1 || shape.signs > 0)
            }
            Self::Key if tight => {
                let long = value.len() >= 20 && shape.changes.saturating_mul(4) >= shape.length;
                value.len() >= 8 && (shape.numbered > 0 || shape.is_random()) || long
            }
            Self::Key => value.len() >= 16 && shape.is_random(),
        }
    }
}
