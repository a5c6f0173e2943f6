//! Host and port, byte by byte.
//!
//! ```text
//! Host       = uri-host [ ":" port ]                              ; RFC 9110 section 7.2
//! uri-host   = IP-literal / IPv4address / reg-name                ; RFC 3986 section 3.2.2
//! reg-name   = *( unreserved / pct-encoded / sub-delims )
//! IP-literal = "[" ( IPv6address / IPvFuture  ) "]"
//! IPvFuture  = "v" 1*HEXDIG "." 1*( unreserved / sub-delims / ":" )
//! port       = *DIGIT
//! ```
//! An IPv4address is a reg-name too, so it needs no rule of its own outside of brackets.

use core::ops::Range;

use crate::{
    grammar,
    scan::{Lanes, Vector, runs},
};

/// Checks the value of a Host field; an empty one is valid.
///
/// # Errors
/// The index of the first byte that no continuation can save, or the value's length if the value
/// is only a beginning.
#[inline]
pub(crate) fn check(value: &[u8]) -> Result<(), usize> {
    if cfg!(not(target_arch = "wasm32")) && is_usual(value) { Ok(()) } else { check_any(value) }
}

/// The same, without a look at whether it is what most are.
#[inline(never)]
fn check_any(value: &[u8]) -> Result<(), usize> {
    if is_plain::<Lanes>(value, 0..value.len()) {
        return Ok(());
    }
    let mut reader = HostReader::default();
    match value.iter().position(|octet| !reader.step(*octet)) {
        Some(index) => Err(index),
        None if reader.is_complete() => Ok(()),
        None => Err(value.len()),
    }
}

/// Whether it is a reg-name of letters, digits, hyphens and dots, and no port.
#[inline]
fn is_usual(value: &[u8]) -> bool {
    grammar::surely_all(value, |octet| {
        let is_letter = (octet | 0x20).wrapping_sub(b'a') < 26;
        is_letter | (octet.wrapping_sub(b'0') < 10) | (octet == b'-') | (octet == b'.')
    })
}

/// Whether this part of a text is a reg-name without pct-encoding, and perhaps a port: nearly every
/// Host there is. What follows it in the text, if anything, is no byte of a reg-name.
pub(crate) fn is_plain<V: Vector>(text: &[u8], value: Range<usize>) -> bool {
    is_port_at_most(text.get(runs::reg_name::<V>(text, value.start)..value.end))
}

/// Whether nothing follows a name but perhaps a port.
#[inline(always)]
fn is_port_at_most(rest: Option<&[u8]>) -> bool {
    match rest {
        Some([b':', port @ ..]) => port.iter().all(u8::is_ascii_digit),
        rest => rest == Some(&[]),
    }
}

/// Reads `uri-host [ ":" port ]` a byte at a time.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct HostReader {
    state: State,
    host_empty: bool,
}

#[derive(Clone, Copy, Debug, Default)]
enum State {
    #[default]
    Start,
    Name,
    /// Behind a `%`, with this many digits still to come.
    Encoded(u8),
    Bracket,
    Future {
        digits: bool,
        dot: bool,
        text: bool,
    },
    V6(Ipv6),
    AfterBracket,
    Port(u8),
}

impl HostReader {
    /// Takes one more byte; false if it cannot stand here.
    pub(crate) fn step(&mut self, octet: u8) -> bool {
        self.state = match (self.state, octet) {
            (State::Start, b'[') => State::Bracket,
            (State::Start, b':') => {
                self.host_empty = true;
                State::Port(0)
            }
            (State::Name | State::AfterBracket, b':') => State::Port(0),
            (State::Start | State::Name, b'%') => State::Encoded(2),
            (State::Start | State::Name, _) if grammar::is_reg_name(octet) => State::Name,
            (State::Encoded(2), _) if octet.is_ascii_hexdigit() => State::Encoded(1),
            (State::Encoded(_), _) if octet.is_ascii_hexdigit() => State::Name,
            (State::Bracket, b'v' | b'V') => State::Future { digits: false, dot: false, text: false },
            (State::Bracket, _) => match Ipv6::default().step(octet) {
                Some(address) => State::V6(address),
                None => return false,
            },
            (State::Future { text: true, .. }, b']') => State::AfterBracket,
            (State::Future { dot: true, .. }, _) if octet == b':' || grammar::is_reg_name(octet) => {
                State::Future { digits: true, dot: true, text: true }
            }
            (State::Future { digits: true, dot: false, .. }, b'.') => {
                State::Future { digits: true, dot: true, text: false }
            }
            (State::Future { dot: false, .. }, _) if octet.is_ascii_hexdigit() => {
                State::Future { digits: true, dot: false, text: false }
            }
            (State::V6(address), b']') if address.is_complete() => State::AfterBracket,
            (State::V6(address), _) => match address.step(octet) {
                Some(address) => State::V6(address),
                None => return false,
            },
            (State::Port(digits), b'0'..=b'9') => State::Port(digits.saturating_add(1)),
            _ => return false,
        };
        true
    }

    /// Whether what was taken is whole.
    pub(crate) fn is_complete(&self) -> bool {
        matches!(self.state, State::Start | State::Name | State::AfterBracket | State::Port(_))
    }

    /// Whether what was taken is whole and has a host of at least one byte.
    pub(crate) fn is_complete_with_host(&self) -> bool {
        self.is_complete() && !self.host_empty && !matches!(self.state, State::Start)
    }

    /// Digits of the port so far; none before the colon.
    pub(crate) fn port_digits(&self) -> Option<u8> {
        if let State::Port(digits) = self.state { Some(digits) } else { None }
    }
}

/// An IPv6address, RFC 3986 section 3.2.2: eight groups, or up to seven around one `::`; the last
/// two groups may be written as an IPv4address.
#[derive(Clone, Copy, Debug, Default)]
struct Ipv6 {
    /// Whole groups so far.
    groups: u8,
    compressed: bool,
    /// Bytes read since the last separator.
    digits: u8,
    /// Decimal value of those, 256 if they are no dec-octet.
    decimal: u16,
    /// Dots of the IPv4address so far.
    dots: u8,
    last: Last,
}

#[derive(Clone, Copy, Debug, Default, PartialEq)]
enum Last {
    #[default]
    Nothing,
    Digit,
    Colon,
    DoubleColon,
    Dot,
}

impl Ipv6 {
    fn step(mut self, octet: u8) -> Option<Ipv6> {
        match octet {
            b'0'..=b'9' | b'a'..=b'f' | b'A'..=b'F' => self.digit(octet)?,
            b':' => self.colon()?,
            b'.' => self.dot()?,
            _ => return None,
        }
        Some(self)
    }

    fn is_complete(&self) -> bool {
        match self.last {
            Last::Digit if self.dots == 3 => self.decimal < 256 && self.fits(self.groups + 2),
            Last::Digit => self.dots == 0 && self.fits(self.groups + 1),
            Last::DoubleColon => true,
            Last::Nothing | Last::Colon | Last::Dot => false,
        }
    }

    fn fits(&self, groups: u8) -> bool {
        groups == 8 || self.compressed && groups < 8
    }

    /// How many groups there may be in all.
    fn room(&self) -> u8 {
        if self.compressed { 7 } else { 8 }
    }

    fn digit(&mut self, octet: u8) -> Option<()> {
        if self.last != Last::Digit {
            let after_single_colon = self.last == Last::Colon && self.groups == 0;
            if self.dots == 0 && (self.groups == self.room() || after_single_colon) {
                return None;
            }
            self.digits = 0;
            self.decimal = 0;
        }
        let leading_zero = self.digits > 0 && self.decimal == 0;
        self.decimal = match octet {
            b'0'..=b'9' if !leading_zero && self.decimal < 256 => {
                (self.decimal * 10 + u16::from(octet - b'0')).min(256)
            }
            _ => 256,
        };
        self.digits += 1;
        self.last = Last::Digit;
        let valid = if self.dots == 0 { self.digits <= 4 } else { self.decimal < 256 };
        valid.then_some(())
    }

    fn colon(&mut self) -> Option<()> {
        match self.last {
            _ if self.dots > 0 => return None,
            Last::Nothing => self.last = Last::Colon,
            // A single colon at the very beginning must become a double one.
            Last::Colon if !self.compressed => {
                self.compressed = true;
                self.last = Last::DoubleColon;
            }
            Last::Digit => {
                self.groups += 1;
                if self.groups == self.room() {
                    return None;
                }
                self.last = Last::Colon;
            }
            _ => return None,
        }
        Some(())
    }

    fn dot(&mut self) -> Option<()> {
        let may_begin = if self.compressed { self.groups <= 5 } else { self.groups == 6 };
        if self.last != Last::Digit || self.decimal > 255 || self.dots == 3 || self.dots == 0 && !may_begin {
            return None;
        }
        self.dots += 1;
        self.last = Last::Dot;
        Some(())
    }
}

#[cfg(test)]
mod tests {
    use alloc::vec;

    use super::{check, check_any};

    #[test]
    fn valid_hosts() {
        for host in [
            "",
            ":80",
            "example.com",
            "example.com:",
            "example.com:8080",
            "127.0.0.1:1",
            "a_b!$&'()*+,;=",
            "%41%2f",
            "[::]",
            "[::1]:80",
            "[1::]",
            "[1:2:3:4:5:6:7:8]",
            "[1:2:3:4:5:6:7::]",
            "[::2:3:4:5:6:7:8]",
            "[1:2:3:4:5:6:1.2.3.4]",
            "[::255.255.255.255]",
            "[::ffff:192.0.2.0]",
            "[fe80::a:b]",
            "[v1.a:b]",
            "[vF0.~]",
        ] {
            assert_eq!(check(host.as_bytes()), Ok(()), "{host}");
        }
    }

    #[test]
    fn invalid_hosts_by_index() {
        for (host, index) in [
            ("a b", 1),
            ("a/", 1),
            ("user@host", 4),
            ("a:b", 2),
            ("a:80:", 4),
            ("%4", 2),
            ("%zz", 1),
            ("a\u{7f}", 1),
            ("[", 1),
            ("[]", 1),
            ("[:]", 2),
            ("[:1", 2),
            ("[1]", 2),
            ("[::1", 4),
            ("[::1]a", 5),
            ("[1:::", 4),
            ("[1::2::", 6),
            ("[12345", 5),
            ("[g", 1),
            ("[1:2:3:4:5:6:7:8:", 16),
            ("[1:2:3:4:5:6:7::8", 16),
            ("[1:2.", 4),
            ("[::256.", 6),
            ("[::01.", 5),
            ("[::1.2.3]", 8),
            ("[::1.2.3.4.", 10),
            ("[::1.2.3.256", 11),
            ("[v.", 2),
            ("[v1.]", 4),
            ("[v1", 3),
            ("[::1%25eth0]", 4),
        ] {
            assert_eq!(check(host.as_bytes()), Err(index), "{host}");
        }
    }

    /// Every byte at every place of names of several lengths.
    #[test]
    fn what_is_usual_is_valid() {
        for length in [1, 3, 4, 7, 8, 15, 16, 31, 32, 40] {
            for place in (0..length).step_by(if cfg!(miri) { 5 } else { 1 }) {
                for octet in (0..=u8::MAX).filter(|octet| !cfg!(miri) || b"/:@[`{.-%\xE1".contains(octet)) {
                    let mut name = vec![b'a'; length];
                    name[place] = octet;
                    assert_eq!(check(&name), check_any(&name), "{octet:#x} at {place}/{length}");
                }
            }
        }
    }
}
