//! The request-target, byte by byte.
//!
//! ```text
//! request-target = origin-form / absolute-form / authority-form / asterisk-form   ; RFC 9112 section 3.2
//! origin-form    = absolute-path [ "?" query ]
//! absolute-form  = absolute-URI
//! authority-form = uri-host ":" port                                              ; CONNECT only
//! asterisk-form  = "*"                                                            ; OPTIONS only
//! ```
//! Beyond the form, paths and queries are taken as visible ASCII without `#`: what people send
//! goes further than RFC 3986 allows, and no reader takes its framing from there. With http and
//! https a host must follow, and userinfo may not (RFC 9110 section 4.2.4).

use crate::{
    error::{Code, Fault},
    grammar,
    host::HostReader,
    names::Method,
    policy::{Leniencies, Leniency},
    scan,
};

/// A request-target taken apart (RFC 9112 section 3.2). Nothing of it is decoded or normalised: each part is as it was sent.
///
/// ```
/// use h1wire::{Method, Target, TargetForm};
///
/// let target = Target::parse(b"http://example.com:8080/a/../b?c", Method::GET).unwrap();
/// assert_eq!(target.form, TargetForm::Absolute);
/// assert_eq!((target.scheme, target.host), (Some(&b"http"[..]), Some(&b"example.com"[..])));
/// assert_eq!((target.port, target.path), (Some(&b"8080"[..]), Some(&b"/a/../b"[..])));
/// assert_eq!(target.query, Some(&b"c"[..]));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Target<'a> {
    /// Which form it has.
    pub form: TargetForm,
    /// The scheme, without its colon: of absolute-form.
    pub scheme: Option<&'a [u8]>,
    /// The host, an IPv6 address in its brackets: of authority-form, and of absolute-form where there is one. Userinfo,
    /// which other schemes than http and https may have, is left out.
    pub host: Option<&'a [u8]>,
    /// The digits behind the host's colon; there may be none of them.
    pub port: Option<&'a [u8]>,
    /// The path; of absolute-form it may be empty.
    pub path: Option<&'a [u8]>,
    /// What is behind the first question mark.
    pub query: Option<&'a [u8]>,
}

/// The four forms of a request-target.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TargetForm {
    /// A path, and perhaps a query: what servers get nearly always.
    Origin,
    /// A whole URI: what proxies get.
    Absolute,
    /// Host and port: what CONNECT has.
    Authority,
    /// `*`: OPTIONS for the server as a whole.
    Asterisk,
}

impl<'a> Target<'a> {
    /// Takes a target apart, by the method that is sent with it. What only a leniency lets in, bytes above 0x7F and `*` with
    /// any method, is let in.
    ///
    /// # Errors
    /// The code, and the index of the byte at fault; the target's length if it is only a beginning.
    pub fn parse(target: &'a [u8], method: Method) -> Result<Target<'a>, (Code, usize)> {
        let lenient = Leniencies::STRICT.with(Leniency::TargetObsText).with(Leniency::Asterisk);
        check_any(target, method, lenient)?;
        Ok(if method == Method::CONNECT {
            let (host, port) = authority(target);
            Target { form: TargetForm::Authority, host: Some(host), port, ..NOTHING }
        } else if target == b"*" {
            Target { form: TargetForm::Asterisk, ..NOTHING }
        } else if target.first() == Some(&b'/') {
            Target { form: TargetForm::Origin, ..NOTHING }.with_path(target)
        } else {
            absolute(target)
        })
    }

    fn with_path(self, text: &'a [u8]) -> Target<'a> {
        let (path, query) = split(text, |byte| byte == b'?');
        Target { path: Some(path), query: query.get(1..), ..self }
    }
}

const NOTHING: Target<'static> =
    Target { form: TargetForm::Origin, scheme: None, host: None, port: None, path: None, query: None };

/// What has been checked to be in absolute-form.
fn absolute(target: &[u8]) -> Target<'_> {
    let (scheme, rest) = split(target, |byte| byte == b':');
    let whole = Target { form: TargetForm::Absolute, scheme: Some(scheme), ..NOTHING };
    let Some(rest) = rest.strip_prefix(b"://") else { return whole.with_path(rest.get(1..).unwrap_or_default()) };
    let (named, path) = split(rest, |byte| byte == b'/' || byte == b'?');
    let userinfo = named.iter().rposition(|byte| *byte == b'@').map_or(0, |at| at + 1);
    let (host, port) = authority(&named[userinfo..]);
    Target { host: Some(host), port, ..whole }.with_path(path)
}

/// Host and port.
fn authority(text: &[u8]) -> (&[u8], Option<&[u8]>) {
    // The colons of an IPv6 address stand in brackets.
    let named = text.iter().rposition(|byte| *byte == b']').map_or(0, |at| at + 1);
    let (_, port) = split(&text[named..], |byte| byte == b':');
    (&text[..text.len() - port.len()], port.get(1..))
}

/// What is before the first such byte, and the rest with it.
fn split(text: &[u8], is_end: impl Fn(u8) -> bool) -> (&[u8], &[u8]) {
    text.split_at(text.iter().position(|byte| is_end(*byte)).unwrap_or(text.len()))
}

/// Checks a whole request-target against its method.
///
/// # Errors
/// The code and the index of the byte at fault; the target's length if it is only a beginning.
#[inline]
pub(crate) fn check(target: &[u8], method: Method, lenient: Leniencies) -> Result<(), (Code, usize)> {
    // Origin-form is what nearly all have.
    if cfg!(not(target_arch = "wasm32"))
        && method != Method::CONNECT
        && target.first() == Some(&b'/')
        && grammar::surely_all(target, |octet| (octet > 0x20) & (octet < 0x7F) & (octet != b'#'))
    {
        return Ok(());
    }
    check_any(target, method, lenient)
}

/// The same, without a look at whether it is what most are.
#[inline(never)]
fn check_any(target: &[u8], method: Method, lenient: Leniencies) -> Result<(), (Code, usize)> {
    let mut reader = TargetReader::new(method, lenient);
    let end = reader.read(target, 0).map_err(|fault| (fault.code, fault.at))?;
    if end < target.len() {
        return Err((Code::Target, end));
    }
    reader.finish(0, end).map_err(|fault| (fault.code, fault.at))
}

/// Reads a request-target, resumable at any byte.
#[derive(Clone, Copy, Debug)]
pub(crate) struct TargetReader {
    method: Method,
    /// What is permitted in a target: [`Leniency::TargetObsText`] and [`Leniency::Asterisk`].
    lenient: Leniencies,
    form: Form,
}

#[derive(Clone, Copy, Debug)]
enum Form {
    Undecided,
    /// A path, a query, or an absolute form behind what needs care.
    Free,
    Asterisk,
    /// With the port so far.
    Authority(HostReader, u32),
    /// A scheme: its length so far, and how much of `https` it matches (255: nothing).
    Scheme(u8),
    /// Behind `http:` or `https:`, this many slashes seen.
    Slashes(u8),
    Host(HostReader),
    /// Behind another scheme's colon: nothing but digits so far.
    Digits,
}

/// A client asks for a tunnel to a port from 1 to this (RFC 9110 section 9.3.6).
const MAX_PORT: u32 = 65_535;

/// Scheme states above these lengths of `https` matched.
const NOT_HTTP: u8 = 255;

impl TargetReader {
    pub(crate) fn new(method: Method, lenient: Leniencies) -> TargetReader {
        let form = if method == Method::CONNECT { Form::Authority(HostReader::default(), 0) } else { Form::Undecided };
        TargetReader { method, lenient, form }
    }

    /// Reads on from `at`; returns the index of the first byte that cannot belong to a target, or
    /// the text's length.
    pub(crate) fn read(&mut self, text: &[u8], mut at: usize) -> Result<usize, Fault> {
        while let Some(&octet) = text.get(at) {
            if let Form::Free = self.form {
                at = scan::target(text, at);
                match text.get(at) {
                    Some(0x80..) if self.lenient.has(Leniency::TargetObsText) => {}
                    _ => return Ok(at),
                }
            } else {
                // SP ends the target, and so does a line end behind a whole one: the version is missing. The
                // caller sees to all else that cannot stand in one.
                if octet == b' ' || matches!(octet, b'\r' | b'\n') && self.finish(0, at).is_ok() {
                    return Ok(at);
                }
                self.form = self.step(octet).map_err(|code| Fault::new(code, at))?;
            }
            at += 1;
        }
        Ok(at)
    }

    /// Whether bytes above 0x7F may stand here where a leniency lets them.
    pub(crate) fn takes_obs_text(&self) -> bool {
        matches!(self.form, Form::Free | Form::Digits)
    }

    /// Whether the target is `*`, which none but OPTIONS takes (RFC 9112 section 3.2.4).
    pub(crate) fn is_foreign_asterisk(&self) -> bool {
        matches!(self.form, Form::Asterisk) && self.method != Method::OPTIONS
    }

    /// Whatever its form was to be, it is none: from here on it is taken as it comes.
    pub(crate) fn free(&mut self) {
        self.form = Form::Free;
    }

    /// Whether the target, which ends before `end`, is whole.
    pub(crate) fn finish(&self, start: usize, end: usize) -> Result<(), Fault> {
        let code = match self.form {
            Form::Free | Form::Asterisk => return Ok(()),
            Form::Authority(host, 1..) if host.is_complete_with_host() => return Ok(()),
            Form::Host(host) if host.is_complete_with_host() => return Ok(()),
            Form::Authority(..) | Form::Digits if end > start => Code::TargetForm,
            _ => Code::Target,
        };
        Err(Fault::new(code, end))
    }

    fn step(&self, octet: u8) -> Result<Form, Code> {
        Ok(match self.form {
            Form::Undecided => match octet {
                b'/' => Form::Free,
                b'*' if self.method == Method::OPTIONS || self.lenient.has(Leniency::Asterisk) => Form::Asterisk,
                b'*' => return Err(Code::TargetForm),
                b'h' | b'H' => Form::Scheme(1),
                b'a'..=b'z' | b'A'..=b'Z' => Form::Scheme(NOT_HTTP),
                _ => return Err(Code::Target),
            },
            Form::Scheme(matched) => match octet {
                b':' if matched == 4 || matched == 5 => Form::Slashes(0),
                b':' => Form::Digits,
                b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'+' | b'-' | b'.' => {
                    let goes_on = b"https".get(matched as usize) == Some(&octet.to_ascii_lowercase());
                    Form::Scheme(if goes_on { matched + 1 } else { NOT_HTTP })
                }
                _ => return Err(Code::Target),
            },
            Form::Slashes(seen) => match octet {
                b'/' if seen == 0 => Form::Slashes(1),
                b'/' => Form::Host(HostReader::default()),
                _ => return Err(Code::Target),
            },
            Form::Host(mut host) => match octet {
                b'/' | b'?' if host.is_complete_with_host() => Form::Free,
                // A port needs a host before it.
                b':' if !host.is_complete_with_host() && host.is_complete() => return Err(Code::Target),
                _ if host.step(octet) => Form::Host(host),
                _ => return Err(Code::Target),
            },
            Form::Authority(mut host, port) => {
                let starts_with_colon = octet == b':' && host.is_complete() && !host.is_complete_with_host();
                if starts_with_colon || !host.step(octet) {
                    return Err(Code::TargetForm);
                }
                let port = if let Some(1..) = host.port_digits() { port * 10 + u32::from(octet - b'0') } else { 0 };
                if port > MAX_PORT || matches!(host.port_digits(), Some(6..)) {
                    return Err(Code::TargetForm);
                }
                Form::Authority(host, port)
            }
            Form::Digits if octet.is_ascii_digit() => Form::Digits,
            Form::Digits if grammar::is_target(octet) || octet >= 0x80 && self.lenient.has(Leniency::TargetObsText) => {
                Form::Free
            }
            Form::Free | Form::Asterisk | Form::Digits => return Err(Code::Target),
        })
    }
}

#[cfg(test)]
mod tests {
    use alloc::{string::ToString, vec};

    use super::*;

    const STRICT: Leniencies = Leniencies::STRICT;
    const OBS_TEXT: Leniencies = STRICT.with(Leniency::TargetObsText);

    #[test]
    fn accepted() {
        for (method, target) in [
            ("GET", "/"),
            ("GET", "/a?b=c&d"),
            ("GET", "//x"),
            ("GET", "http://a"),
            ("GET", "HTTPS://a:80/b?c"),
            ("GET", "http://a?b"),
            ("GET", "http://[::1]:8080/"),
            ("GET", "urn:isbn:1"),
            ("GET", "ftp://x/"),
            ("GET", "httpx:80a"),
            ("GET", "mailto:a@b"),
            ("OPTIONS", "*"),
            ("OPTIONS", "/"),
            ("CONNECT", "example.com:443"),
            ("CONNECT", "[::1]:1"),
            ("CONNECT", "a:65535"),
            ("CONNECT", "a:00080"),
            ("GET", "/a\"<>|{}"),
        ] {
            assert_eq!(check(target.as_bytes(), Method::of(method.as_bytes()), STRICT), Ok(()), "{method} {target}");
        }
        assert_eq!(check(b"/\xE9/x", Method::GET, OBS_TEXT), Ok(()));
        assert_eq!(check(b"*", Method::of(b"NOTIFY"), STRICT.with(Leniency::Asterisk)), Ok(()));
    }

    #[test]
    fn refused_by_index() {
        use Code::{Target, TargetForm};
        for (method, target, code, index) in [
            ("GET", "", Target, 0),
            ("GET", "a", Target, 1),
            ("GET", "/a#b", Target, 2),
            ("GET", "*", TargetForm, 0),
            ("OPTIONS", "*x", Target, 1),
            ("GET", "localhost:80", TargetForm, 12),
            ("GET", "1.2.3.4:80", Target, 0),
            ("GET", "[::1]:80", Target, 0),
            ("GET", "http:/a", Target, 6),
            ("GET", "http:80", Target, 5),
            ("GET", "http://", Target, 7),
            ("GET", "http:///", Target, 7),
            ("GET", "http://:80/", Target, 7),
            ("GET", "http://u@h/", Target, 8),
            ("GET", "http://u:p@h/", Target, 9),
            ("CONNECT", "/", TargetForm, 0),
            ("CONNECT", "a", TargetForm, 1),
            ("CONNECT", "a:", TargetForm, 2),
            ("CONNECT", ":80", TargetForm, 0),
            ("CONNECT", "a:123456", TargetForm, 7),
            ("CONNECT", "a:0", TargetForm, 3),
            ("CONNECT", "a:00000", TargetForm, 7),
            ("CONNECT", "a:65536", TargetForm, 6),
            ("CONNECT", "a:99999", TargetForm, 6),
            ("CONNECT", "a:000080", TargetForm, 7),
            ("CONNECT", "http://a/", TargetForm, 5),
            ("GET", "/\u{7f}", Target, 1),
            ("GET", "x:\u{1}", Target, 2),
        ] {
            assert_eq!(
                check(target.as_bytes(), Method::of(method.as_bytes()), STRICT),
                Err((code, index)),
                "{method} {target}"
            );
        }
        assert_eq!(check(b"/\xE9", Method::GET, STRICT), Err((Target, 1)));
        assert_eq!(check(b"*", Method::CONNECT, STRICT.with(Leniency::Asterisk)), Err((TargetForm, 1)));
    }

    #[test]
    fn taken_apart() {
        use TargetForm::{Absolute, Asterisk, Authority, Origin};
        let text = |part: Option<&[u8]>| part.map(|part| core::str::from_utf8(part).unwrap().to_string());
        for (method, target, form, parts) in [
            ("GET", "/", Origin, [None, None, None, Some("/"), None]),
            ("GET", "//x/../y?a?b", Origin, [None, None, None, Some("//x/../y"), Some("a?b")]),
            ("GET", "/%2e?", Origin, [None, None, None, Some("/%2e"), Some("")]),
            ("OPTIONS", "*", Asterisk, [None; 5]),
            ("M-SEARCH", "*", Asterisk, [None; 5]),
            ("CONNECT", "a:443", Authority, [None, Some("a"), Some("443"), None, None]),
            ("CONNECT", "[::1]:1", Authority, [None, Some("[::1]"), Some("1"), None, None]),
            ("GET", "http://a", Absolute, [Some("http"), Some("a"), None, Some(""), None]),
            ("GET", "HTTP://a:/b", Absolute, [Some("HTTP"), Some("a"), Some(""), Some("/b"), None]),
            ("GET", "http://x/b/", Absolute, [Some("http"), Some("x"), None, Some("/b/"), None]),
            ("GET", "https://[::1]:80?q", Absolute, [Some("https"), Some("[::1]"), Some("80"), Some(""), Some("q")]),
            ("GET", "http://a/b:c@d?e:f", Absolute, [Some("http"), Some("a"), None, Some("/b:c@d"), Some("e:f")]),
            ("GET", "ftp://u:p@h:21/x", Absolute, [Some("ftp"), Some("h"), Some("21"), Some("/x"), None]),
            ("GET", "urn:isbn:1?q", Absolute, [Some("urn"), None, None, Some("isbn:1"), Some("q")]),
        ] {
            let whole = Target::parse(target.as_bytes(), Method::of(method.as_bytes())).unwrap();
            let Target { scheme, host, port, path, query, .. } = whole;
            assert_eq!(whole.form, form, "{target}");
            let expected = parts.map(|part| part.map(ToString::to_string));
            assert_eq!([scheme, host, port, path, query].map(text), expected, "{target}");
        }
        assert_eq!(Target::parse(b"/\xE9", Method::GET).unwrap().path, Some(&b"/\xE9"[..]));
        assert_eq!(Target::parse(b"a", Method::GET), Err((Code::Target, 1)));
        assert_eq!(Target::parse(b"/", Method::CONNECT), Err((Code::TargetForm, 0)));
    }

    /// Every byte at every place of targets of several lengths.
    #[test]
    fn origin_form_is_read_at_once_as_it_is_in_steps() {
        for length in [1, 2, 4, 7, 8, 15, 16, 31, 32, 40] {
            for place in (0..length).step_by(if cfg!(miri) { 5 } else { 1 }) {
                for octet in (0..=u8::MAX).filter(|octet| !cfg!(miri) || b"\0 !#~\x7F\x80".contains(octet)) {
                    let mut target = vec![b'/'; length];
                    target[place] = octet;
                    for (method, lenient) in [(Method::GET, STRICT), (Method::GET, OBS_TEXT), (Method::CONNECT, STRICT)]
                    {
                        let expected = check_any(&target, method, lenient);
                        assert_eq!(check(&target, method, lenient), expected, "{octet:#x} at {place}/{length}");
                    }
                }
            }
        }
    }
}
