//! Start-lines: RFC 9112 sections 3 and 4.

use h1wire::{error::Code, policy::Leniency};

use super::{
    abnf::Machine,
    cursor::{Cursor, Read, Stop},
    grammar,
};
use crate::outcome::Start;

/// A start-line and the version it names.
pub(crate) struct StartLine {
    pub(crate) start: Start,
    pub(crate) version: Version,
}

/// Major and minor digit.
#[derive(Clone, Copy, PartialEq)]
pub(crate) struct Version(pub(crate) u8, pub(crate) u8);

/// `request-line = method SP request-target SP HTTP-version CRLF`
pub(crate) fn request_line(cursor: &mut Cursor<'_>) -> Read<StartLine> {
    let begin = cursor.at;
    no_tls(cursor)?;
    if !cursor.walk(&grammar::TOKEN)? {
        return cursor.fault(Code::Method);
    }
    let method = cursor.since(begin);
    cursor.expect(b' ', Code::Method)?;
    let begin = cursor.at;
    if method == b"PRI" && cursor.peek()? == b'*' && !cursor.told.has(Leniency::Asterisk) {
        return Err(preface(cursor)?);
    }
    target(cursor, method)?;
    let target = cursor.since(begin);
    cursor.expect(b' ', if matches!(cursor.peek()?, b'\r' | b'\n') { Code::Version } else { Code::Target })?;
    if target == b"*" && method != b"OPTIONS" {
        cursor.told.permits(Leniency::Asterisk, begin);
    }
    let version = version(cursor, method == b"PRI" && target == b"*")?;
    cursor.line_end(Code::Version)?;
    Ok(StartLine { start: Start::Request { method: method.into(), target: target.into() }, version })
}

/// `status-line = HTTP-version SP status-code SP [ reason-phrase ] CRLF`; a kindness: the SP before an
/// empty reason-phrase may be missing.
pub(crate) fn status_line(cursor: &mut Cursor<'_>) -> Read<StartLine> {
    no_tls(cursor)?;
    let version = version(cursor, false)?;
    cursor.expect(b' ', Code::Version)?;
    let begin = cursor.at;
    if !cursor.walk(&grammar::STATUS_CODE)? {
        return cursor.fault(Code::StatusCode);
    }
    let status = cursor.since(begin).iter().fold(0, |sum, digit| sum * 10 + u16::from(digit - b'0'));
    let mut reason = &b""[..];
    if cursor.peek()? == b' ' {
        cursor.at += 1;
        let begin = cursor.at;
        cursor.walk(&grammar::FIELD_OCTETS)?;
        reason = cursor.since(begin);
        cursor.line_end(Code::Reason)?;
    } else {
        cursor.line_end(Code::StatusCode)?;
    }
    Ok(StartLine { start: Start::Response { status, reason: reason.into() }, version })
}

/// A TLS record, an alert or a handshake, is no message: RFC 8446 section 5.1.
fn no_tls(cursor: &mut Cursor<'_>) -> Read<()> {
    let begin = cursor.at;
    if !matches!(cursor.peek()?, 0x15 | 0x16) {
        return Ok(());
    }
    cursor.at += 1;
    let version = cursor.peek()?;
    cursor.at = begin;
    if version == 3 { cursor.fault(Code::Tls) } else { Ok(()) }
}

/// The request-target in the forms that go with the method: RFC 9112 section 3.2.
fn target(cursor: &mut Cursor<'_>, method: &[u8]) -> Read<()> {
    let begin = cursor.at;
    if method == b"CONNECT" {
        let whole = cursor.walk(&grammar::AUTHORITY_FORM);
        let port = match cursor.since(begin).iter().rposition(|octet| *octet == b':') {
            Some(colon) => &cursor.since(begin)[colon + 1..],
            None => b"",
        };
        let port = std::str::from_utf8(port).ok().and_then(|digits| digits.parse().ok()).unwrap_or(0_u32);
        let whole = match whole {
            // In brackets there are colons too.
            Ok(whole) if !whole => false,
            _ if port > 65_535 && cursor.since(begin).last() != Some(&b']') => {
                // RFC 9110 section 9.3.6: there is no such port.
                return Err(Stop::Fault(Code::TargetForm, cursor.at - 1));
            }
            whole => whole?,
        };
        return match cursor.peek()? {
            b' ' | b'\r' | b'\n' if whole && port == 0 => cursor.fault(Code::TargetForm),
            b' ' | b'\r' | b'\n' if whole => Ok(()),
            b' ' if cursor.at == begin => cursor.fault(Code::Target),
            _ => cursor.fault(Code::TargetForm),
        };
    }
    let whole = match cursor.peek()? {
        b'/' => walk_target(cursor, &grammar::ORIGIN_FORM)?,
        b'*' if method == b"OPTIONS" || cursor.told.has(Leniency::Asterisk) => cursor.walk(&grammar::ASTERISK_FORM)?,
        b'*' => return cursor.fault(Code::TargetForm),
        _ => return absolute_form(cursor),
    };
    if whole { Ok(()) } else { cursor.fault(Code::Target) }
}

fn absolute_form(cursor: &mut Cursor<'_>) -> Read<()> {
    let begin = cursor.at;
    if !cursor.walk(&grammar::SCHEME)? {
        return cursor.fault(Code::Target);
    }
    let scheme = cursor.since(begin).to_ascii_lowercase();
    cursor.expect(b':', Code::Target)?;
    if scheme == b"http" || scheme == b"https" {
        return if walk_target(cursor, &grammar::HTTP_REST)? { Ok(()) } else { cursor.fault(Code::Target) };
    }
    let whole = walk_target(cursor, &grammar::OTHER_REST)?;
    // What is no more than `host:digits` is authority-form.
    let authority = cursor.peek()? == b' ';
    if whole { Ok(()) } else { cursor.fault(if authority { Code::TargetForm } else { Code::Target }) }
}

/// Where obs-text is permitted it may stand where `"` may: in a target, but not in its scheme or host.
fn walk_target(cursor: &mut Cursor<'_>, rule: &Machine) -> Read<bool> {
    let mut walk = rule.walk();
    loop {
        let octet = cursor.peek()?;
        let lenient = octet >= 0x80 && cursor.told.has(Leniency::TargetObsText);
        if !walk.step(if lenient { b'"' } else { octet }) {
            return Ok(walk.accepts());
        }
        if lenient {
            cursor.permits(Leniency::TargetObsText);
        }
        cursor.at += 1;
    }
}

/// `HTTP-version = HTTP-name "/" DIGIT "." DIGIT`, of which major version 1 is spoken.
/// `preface`: what was read may be the beginning of an HTTP/2 connection preface.
fn version(cursor: &mut Cursor<'_>, preface: bool) -> Read<Version> {
    let begin = cursor.at;
    let mut walk = grammar::HTTP_VERSION.walk();
    while !walk.accepts() {
        if !walk.step(cursor.peek()?) {
            return cursor.fault(Code::Version);
        }
        if cursor.at == begin + 5 {
            if preface && cursor.peek()? == b'2' {
                return cursor.fault(Code::Http2Preface);
            }
            check_major(cursor)?;
        }
        cursor.at += 1;
    }
    let digits = cursor.since(begin);
    Ok(Version(digits[5] - b'0', digits[7] - b'0'))
}

/// Here stands the digit of the major version.
fn check_major(cursor: &mut Cursor<'_>) -> Read<()> {
    match cursor.peek()? {
        b'1' => Ok(()),
        _ if cursor.permits(Leniency::Version) => Ok(()),
        b'0' => cursor.fault(Code::Version),
        _ => cursor.fault(Code::VersionUnsupported),
    }
}

/// What begins with `PRI *` is an HTTP/2 connection preface (RFC 9113 section 3.4) or asterisk-form
/// without OPTIONS.
fn preface(cursor: &mut Cursor<'_>) -> Read<Stop> {
    let asterisk = cursor.at;
    cursor.at += 1;
    match cursor.peek()? {
        b' ' => {}
        b'\r' | b'\n' => return cursor.fault(Code::Version),
        _ => return cursor.fault(Code::Target),
    }
    for octet in *b" HTTP/" {
        if cursor.peek()? != octet {
            return Ok(Stop::Fault(Code::TargetForm, asterisk));
        }
        cursor.at += 1;
    }
    match cursor.peek()? {
        b'2' => return cursor.fault(Code::Http2Preface),
        b'0'..=b'9' => check_major(cursor)?,
        _ => {}
    }
    Ok(Stop::Fault(Code::TargetForm, asterisk))
}
