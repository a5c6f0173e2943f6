//! The request-target, octet by octet.
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
    scan,
};

/// Checks a whole request-target against its method.
///
/// # Errors
/// The code and the index of the octet at fault; the target's length if it is only a beginning.
#[inline]
pub fn check(target: &[u8], method: Method, obs_text: bool) -> Result<(), (Code, usize)> {
    // Origin-form is what nearly all have.
    if cfg!(not(target_arch = "wasm32"))
        && method != Method::CONNECT
        && target.first() == Some(&b'/')
        && grammar::surely_all(target, |octet| (octet > 0x20) & (octet < 0x7F) & (octet != b'#'))
    {
        return Ok(());
    }
    check_any(target, method, obs_text)
}

/// The same, without a look at whether it is what most are.
#[inline(never)]
fn check_any(target: &[u8], method: Method, obs_text: bool) -> Result<(), (Code, usize)> {
    let mut reader = TargetReader::new(method, obs_text);
    let end = reader.read(target, 0).map_err(|fault| (fault.code, fault.at))?;
    if end < target.len() {
        return Err((Code::Target, end));
    }
    reader.finish(0, end).map_err(|fault| (fault.code, fault.at))
}

/// Reads a request-target, resumable at any octet.
#[derive(Clone, Copy, Debug)]
pub(crate) struct TargetReader {
    method: Method,
    obs_text: bool,
    form: Form,
}

#[derive(Clone, Copy, Debug)]
enum Form {
    Undecided,
    /// A path, a query, or an absolute form behind what needs care.
    Free,
    Asterisk,
    Authority(HostReader),
    /// A scheme: its length so far, and how much of `https` it matches (255: nothing).
    Scheme(u8),
    /// Behind `http:` or `https:`, this many slashes seen.
    Slashes(u8),
    Host(HostReader),
    /// Behind another scheme's colon: nothing but digits so far.
    Digits,
}

/// Scheme states above these lengths of `https` matched.
const NOT_HTTP: u8 = 255;

impl TargetReader {
    pub(crate) fn new(method: Method, obs_text: bool) -> TargetReader {
        let form = if method == Method::CONNECT { Form::Authority(HostReader::default()) } else { Form::Undecided };
        TargetReader { method, obs_text, form }
    }

    /// Reads on from `at`; returns the index of the first octet that cannot belong to a target, or
    /// the text's length.
    pub(crate) fn read(&mut self, text: &[u8], mut at: usize) -> Result<usize, Fault> {
        while let Some(&octet) = text.get(at) {
            if let Form::Free = self.form {
                at = scan::target(text, at);
                match text.get(at) {
                    Some(0x80..) if self.obs_text => {}
                    _ => return Ok(at),
                }
            } else {
                // SP ends the target, and so does a line end behind a whole one: the version is missing. The
                // caller sees to all else that cannot stand in one.
                if octet == b' ' || matches!(octet, b'\r' | b'\n') && self.finish(0, at).is_ok() {
                    return Ok(at);
                }
                self.form = self.step(octet).map_err(|code| Fault { code, at })?;
            }
            at += 1;
        }
        Ok(at)
    }

    /// Whatever its form was to be, it is none: from here on it is taken as it comes.
    pub(crate) fn free(&mut self) {
        self.form = Form::Free;
    }

    /// Whether the target, which ends before `end`, is whole.
    pub(crate) fn finish(&self, start: usize, end: usize) -> Result<(), Fault> {
        let code = match self.form {
            Form::Free | Form::Asterisk => return Ok(()),
            Form::Authority(host) if host.is_complete_with_host() && matches!(host.port_digits(), Some(1..)) => {
                return Ok(());
            }
            Form::Host(host) if host.is_complete_with_host() => return Ok(()),
            Form::Authority(_) | Form::Digits if end > start => Code::TargetForm,
            _ => Code::Target,
        };
        Err(Fault { code, at: end })
    }

    fn step(&self, octet: u8) -> Result<Form, Code> {
        Ok(match self.form {
            Form::Undecided => match octet {
                b'/' => Form::Free,
                b'*' if self.method == Method::OPTIONS => Form::Asterisk,
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
            Form::Authority(mut host) => {
                let starts_with_colon = octet == b':' && host.is_complete() && !host.is_complete_with_host();
                if starts_with_colon || !host.step(octet) || matches!(host.port_digits(), Some(6..)) {
                    return Err(Code::TargetForm);
                }
                Form::Authority(host)
            }
            Form::Digits if octet.is_ascii_digit() => Form::Digits,
            Form::Digits if grammar::is_target(octet) || self.obs_text && octet >= 0x80 => Form::Free,
            Form::Free | Form::Asterisk | Form::Digits => return Err(Code::Target),
        })
    }
}

#[cfg(test)]
mod tests {
    use alloc::vec;

    use super::*;

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
            ("GET", "/a\"<>|{}"),
        ] {
            assert_eq!(check(target.as_bytes(), Method::of(method.as_bytes()), false), Ok(()), "{method} {target}");
        }
        assert_eq!(check(b"/\xE9/x", Method::GET, true), Ok(()));
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
            ("CONNECT", "http://a/", TargetForm, 5),
            ("GET", "/\u{7f}", Target, 1),
            ("GET", "x:\u{1}", Target, 2),
        ] {
            assert_eq!(
                check(target.as_bytes(), Method::of(method.as_bytes()), false),
                Err((code, index)),
                "{method} {target}"
            );
        }
        assert_eq!(check(b"/\xE9", Method::GET, false), Err((Target, 1)));
    }

    /// Every octet at every place of targets of several lengths.
    #[test]
    fn origin_form_is_read_at_once_as_it_is_in_steps() {
        for length in [1, 2, 4, 7, 8, 15, 16, 31, 32, 40] {
            for place in (0..length).step_by(if cfg!(miri) { 5 } else { 1 }) {
                for octet in (0..=u8::MAX).filter(|octet| !cfg!(miri) || b"\0 !#~\x7F\x80".contains(octet)) {
                    let mut target = vec![b'/'; length];
                    target[place] = octet;
                    for (method, obs_text) in [(Method::GET, false), (Method::GET, true), (Method::CONNECT, false)] {
                        let expected = check_any(&target, method, obs_text);
                        assert_eq!(check(&target, method, obs_text), expected, "{octet:#x} at {place}/{length}");
                    }
                }
            }
        }
    }
}
