//! The host that a URL gives, as it is written into Host.
//!
//! An IPv6 address may come with a zone, which says through which interface this machine reaches it and
//! means nothing to any other: it is left out (RFC 6874 section 4).
//!
//! ```text
//! URL host, in brackets    "[" IPv6address "%" ["25"] ZoneID "]" [ ":" port ]
//! address as sockets have  IPv6address "%" ["25"] ZoneID
//! ZoneID                   1*( unreserved / pct-encoded )                      ; RFC 6874 section 2
//! ```

use super::{
    Output,
    refusal::{Part, Refusal},
};
use crate::{
    error::Code,
    grammar::is_same_name,
    host::{self, HostReader},
};

/// A host that was checked, in up to three pieces.
#[derive(Clone, Copy, Debug)]
pub(super) struct UrlHost<'a>([&'a [u8]; 3]);

impl<'a> UrlHost<'a> {
    /// A host, perhaps with a port, without its zone.
    #[inline]
    pub(super) fn of(host: &'a [u8]) -> Result<UrlHost<'a>, Refusal> {
        match host::check(host) {
            Ok(()) => Ok(UrlHost::checked(host)),
            Err(at) => without_zone(host).ok_or_else(|| Refusal::at(Code::HostInvalid, Part::Host, host, at)),
        }
    }

    /// What needs no look.
    #[inline]
    pub(super) fn checked(host: &'a [u8]) -> UrlHost<'a> {
        UrlHost([host, b"", b""])
    }

    /// Whether it is the same, whatever the case.
    #[inline]
    pub(super) fn is(&self, other: &[u8]) -> bool {
        let UrlHost([first, rest @ ..]) = self;
        match other.split_at_checked(first.len()) {
            Some((start, others)) => is_same_name(first, start) && are_same(rest, others),
            None => false,
        }
    }

    /// Writes a Host field.
    #[inline]
    pub(super) fn write(&self, out: &mut impl Output) {
        let UrlHost([first, rest @ ..]) = self;
        if rest[0].is_empty() {
            return out.write_field(b"Host", first);
        }
        out.write(b"Host: ");
        for piece in self.0 {
            out.write(piece);
        }
        out.write(b"\r\n");
    }
}

fn are_same(pieces: &[&[u8]], mut other: &[u8]) -> bool {
    let all = pieces.iter().all(|piece| {
        let start = other.split_off(..piece.len());
        start.is_some_and(|start| is_same_name(start, piece))
    });
    all && other.is_empty()
}

#[cold]
#[inline(never)]
fn without_zone(host: &[u8]) -> Option<UrlHost<'_>> {
    let percent = host.iter().position(|octet| *octet == b'%')?;
    let (address, zone) = (&host[..percent], &host[percent + 1..]);
    let (pieces, zone) = if address.first() == Some(&b'[') {
        let end = zone.iter().position(|octet| *octet == b']')?;
        ([address, &zone[end..], b""], &zone[..end])
    } else {
        ([b"[", address, b"]"], zone)
    };
    let is_zone = is_zone(zone.strip_prefix(b"25").filter(|zone| !zone.is_empty()).unwrap_or(zone));
    (is_zone && is_address(&pieces)).then_some(UrlHost(pieces))
}

/// Whether the pieces are an IPv6 address in brackets, and perhaps a port.
fn is_address(pieces: &[&[u8]; 3]) -> bool {
    let mut reader = HostReader::default();
    let mut octets = pieces.iter().copied().flatten();
    let is_future = octets.clone().nth(1).is_some_and(|octet| octet.eq_ignore_ascii_case(&b'v'));
    !is_future && octets.all(|octet| reader.step(*octet)) && reader.is_complete()
}

fn is_zone(mut zone: &[u8]) -> bool {
    if zone.is_empty() {
        return false;
    }
    loop {
        zone = match zone {
            [] => return true,
            [b'%', high, low, rest @ ..] if high.is_ascii_hexdigit() && low.is_ascii_hexdigit() => rest,
            [octet, rest @ ..] if octet.is_ascii_alphanumeric() || b"-._~".contains(octet) => rest,
            _ => return false,
        }
    }
}

#[cfg(test)]
mod tests {
    use alloc::vec::Vec;

    use super::*;

    fn written(host: &str) -> Result<Vec<u8>, (Code, Option<usize>)> {
        let mut out = Vec::new();
        let host = UrlHost::of(host.as_bytes()).map_err(|refusal| (refusal.code, refusal.at))?;
        host.write(&mut out);
        Ok(out)
    }

    #[test]
    fn a_zone_is_left_out() {
        for (host, expected) in [
            ("a:1", "a:1"),
            ("", ""),
            ("a%41", "a%41"),
            ("[fe80::1]:80", "[fe80::1]:80"),
            ("fe80::1%eth0", "[fe80::1]"),
            ("fe80::1%25eth0", "[fe80::1]"),
            ("[fe80::1%eth0]", "[fe80::1]"),
            ("[fe80::1%25eth0]:8080", "[fe80::1]:8080"),
            ("[FE80::1%25en%2D1]:", "[FE80::1]:"),
            ("fe80::1%25", "[fe80::1]"),
            ("fe80::1%2", "[fe80::1]"),
        ] {
            let expected = alloc::format!("Host: {expected}\r\n").into_bytes();
            assert_eq!(written(host), Ok(expected), "{host}");
        }
    }

    #[test]
    fn what_only_looks_like_a_zone_is_refused() {
        for (host, at) in [
            ("fe80::1", 5),
            ("fe80::1%", 5),
            ("fe80::1%eth0:80", 5),
            ("fe80::1%eth 0", 5),
            ("fe80::1%%eth0", 5),
            ("a%eth0", 3),
            ("127.0.0.1%eth0", 11),
            ("[fe80::1%]", 8),
            ("[fe80::1%25eth0", 8),
            ("[fe80::1%eth0]80", 8),
            ("[fe80%eth0]", 5),
            ("[v1.a%eth0]", 5),
            ("fe80::1]%eth0", 5),
            ("fe80::1%e\r\nA: b", 5),
        ] {
            assert_eq!(written(host), Err((Code::HostInvalid, Some(at))), "{host}");
        }
    }

    #[test]
    fn the_same_is_the_same_whatever_the_case() {
        let host = UrlHost::of(b"[fe80::1%25eth0]:80").unwrap();
        for (other, same) in [
            ("[FE80::1]:80", true),
            ("[fe80::1]", false),
            ("[fe80::1]:8", false),
            ("[fe80::1]:800", false),
            ("[fe80::2]:80", false),
            ("", false),
        ] {
            assert_eq!(host.is(other.as_bytes()), same, "{other}");
        }
        assert!(UrlHost::checked(b"").is(b"") && !UrlHost::checked(b"").is(b"a"));
    }
}
