//! Start-lines: RFC 9112 sections 3 and 4.

use h1wire::error::Code;

use super::{
    cursor::{Cursor, Read, Stop},
    grammar,
};
use crate::outcome::Start;

/// A start-line and the minor version it names; the major one is 1.
pub(crate) struct StartLine {
    pub(crate) start: Start,
    pub(crate) minor: u8,
}

/// `request-line = method SP request-target SP HTTP-version CRLF`
pub(crate) fn request_line(cursor: &mut Cursor<'_>) -> Read<StartLine> {
    let begin = cursor.at;
    if !cursor.walk(&grammar::TOKEN)? {
        return cursor.fault(Code::Method);
    }
    let method = cursor.since(begin);
    cursor.expect(b' ', Code::Method)?;
    let begin = cursor.at;
    if method == b"PRI" && cursor.peek()? == b'*' {
        return Err(preface(cursor)?);
    }
    target(cursor, method)?;
    let target = cursor.since(begin);
    cursor.expect(b' ', if matches!(cursor.peek()?, b'\r' | b'\n') { Code::Version } else { Code::Target })?;
    let minor = version(cursor)?;
    cursor.line_end(Code::Version)?;
    Ok(StartLine { start: Start::Request { method: method.into(), target: target.into() }, minor })
}

/// `status-line = HTTP-version SP status-code SP [ reason-phrase ] CRLF`; a kindness: the SP before an
/// empty reason-phrase may be missing.
pub(crate) fn status_line(cursor: &mut Cursor<'_>) -> Read<StartLine> {
    let minor = version(cursor)?;
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
    Ok(StartLine { start: Start::Response { status, reason: reason.into() }, minor })
}

/// The request-target in the forms that go with the method: RFC 9112 section 3.2.
fn target(cursor: &mut Cursor<'_>, method: &[u8]) -> Read<()> {
    let begin = cursor.at;
    if method == b"CONNECT" {
        let whole = cursor.walk(&grammar::AUTHORITY_FORM)?;
        return match cursor.peek()? {
            b' ' | b'\r' | b'\n' if whole => Ok(()),
            b' ' if cursor.at == begin => cursor.fault(Code::Target),
            _ => cursor.fault(Code::TargetForm),
        };
    }
    let whole = match cursor.peek()? {
        b'/' => cursor.walk(&grammar::ORIGIN_FORM)?,
        b'*' if method == b"OPTIONS" => cursor.walk(&grammar::ASTERISK_FORM)?,
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
        return if cursor.walk(&grammar::HTTP_REST)? { Ok(()) } else { cursor.fault(Code::Target) };
    }
    let whole = cursor.walk(&grammar::OTHER_REST)?;
    // What is no more than `host:digits` is authority-form.
    let authority = cursor.peek()? == b' ';
    if whole { Ok(()) } else { cursor.fault(if authority { Code::TargetForm } else { Code::Target }) }
}

/// `HTTP-version = HTTP-name "/" DIGIT "." DIGIT`, of which major version 1 is spoken.
fn version(cursor: &mut Cursor<'_>) -> Read<u8> {
    let begin = cursor.at;
    let whole = match cursor.walk(&grammar::HTTP_VERSION) {
        Err(Stop::Fault(code, at)) if at < begin + 6 => return Err(Stop::Fault(code, at)),
        walked => walked,
    };
    let seen = cursor.since(begin);
    match seen.get(5) {
        Some(b'1') | None => {}
        Some(b'0') => return Err(Stop::Fault(Code::Version, begin + 5)),
        Some(_) => return Err(Stop::Fault(Code::VersionUnsupported, begin + 5)),
    }
    if whole? { Ok(seen[7] - b'0') } else { cursor.fault(Code::Version) }
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
    Ok(match cursor.peek()? {
        b'2' => Stop::Fault(Code::Http2Preface, cursor.at),
        b'0' => Stop::Fault(Code::Version, cursor.at),
        b'3'..=b'9' => Stop::Fault(Code::VersionUnsupported, cursor.at),
        _ => Stop::Fault(Code::TargetForm, asterisk),
    })
}
