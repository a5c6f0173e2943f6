//! The start-line: request-line or status-line, resumable at any octet.
//!
//! ```text
//! request-line = method SP request-target SP HTTP-version         ; RFC 9112 section 3
//! status-line  = HTTP-version SP status-code SP [ reason-phrase ] ; RFC 9112 section 4
//! HTTP-version = "HTTP/" DIGIT "." DIGIT                          ; RFC 9112 section 2.3
//! ```
//! A kindness: the SP before an empty reason phrase may be missing.

use crate::{
    error::{Code, Fault, Hint, fault},
    grammar,
    names::Method,
    policy::{Leniencies, Leniency},
    scan::{self, Vector, runs},
    section::Step,
    target::TargetReader,
    tolerated::Tolerance,
};

/// Where the parts of a start-line lie, in octets from its beginning.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct StartLine {
    /// The method's number, for a request.
    pub(crate) method: Method,
    /// One behind the method, which begins the line.
    pub(crate) method_end: usize,
    /// The request-target, or the reason phrase.
    pub(crate) start: usize,
    pub(crate) end: usize,
    pub(crate) major: u8,
    pub(crate) minor: u8,
    /// The status code, for a response.
    pub(crate) status: u16,
}

/// Reads start-lines.
#[derive(Debug)]
pub(crate) struct StartLineReader {
    pub(crate) line: StartLine,
    phase: Phase,
    at: usize,
    target: TargetReader,
    /// `*` behind the method `PRI`: an HTTP/2 preface or a fault.
    preface: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Phase {
    MethodStart,
    Method,
    Target,
    /// Within `HTTP/`, this many octets read.
    Name(u8),
    Major,
    Dot,
    Minor,
    RequestEnd,
    StatusSpace,
    /// This many digits read.
    Status(u8),
    ReasonSpace,
    Reason,
    Lf,
}

impl StartLineReader {
    pub(crate) fn new() -> StartLineReader {
        StartLineReader {
            line: StartLine::default(),
            phase: Phase::MethodStart,
            at: 0,
            target: TargetReader::new(Method::OTHER, Leniencies::STRICT),
            preface: false,
        }
    }

    pub(crate) fn begin(&mut self, request: bool) {
        self.line = StartLine::default();
        self.phase = if request { Phase::MethodStart } else { Phase::Name(0) };
        self.at = 0;
        self.preface = false;
    }

    /// Reads a line that is whole and of the usual kind: HTTP/1.1, and for a request in origin-form.
    /// Returns where it ends; of any other line nothing is read.
    #[inline(always)]
    pub(crate) fn read_plain<V: Vector>(&mut self, text: &[u8], request: bool) -> Option<usize> {
        let (line, end) = if request { read_plain_request::<V>(text)? } else { read_plain_status::<V>(text)? };
        self.line = line;
        Some(end)
    }

    /// Reads on; `text` begins with the start-line, whose first octet has this offset.
    pub(crate) fn read(&mut self, text: &[u8], offset: u64, tolerance: &mut Tolerance) -> Result<Step, Fault> {
        loop {
            let Some(&octet) = text.get(self.at) else { return Ok(Step::More) };
            match self.phase {
                Phase::MethodStart | Phase::Name(0) if self.at == 0 && is_tls(octet) && text.len() == 1 => {
                    return Ok(Step::More);
                }
                Phase::MethodStart | Phase::Name(0) if self.at == 0 && is_tls(octet) && text[1] == TLS_MAJOR => {
                    return fault(Code::Tls, self.at);
                }
                Phase::MethodStart => {
                    if !grammar::is_token(octet) {
                        tolerance
                            .refuse(Code::Method, self.at, offset)
                            .map_err(|fault| fault.hinting(byte_order_mark(octet)))?;
                    }
                    self.phase = Phase::Method;
                }
                Phase::Method => {
                    self.at = scan::token(text, self.at);
                    let Some(&octet) = text.get(self.at) else { return Ok(Step::More) };
                    if octet != b' ' {
                        let response = text[..self.at] == *b"HTTP" && octet == b'/';
                        tolerance
                            .refuse(Code::Method, self.at, offset)
                            .map_err(|fault| fault.hinting(response.then_some(Hint::ResponseSeen)))?;
                    }
                    match octet {
                        b' ' | b'\t' => self.end_method(text, tolerance),
                        b'\r' | b'\n' => self.end_without_version(self.at),
                        _ => self.at += 1,
                    }
                }
                Phase::Target => {
                    if self.at == self.line.start && octet == b'*' && &text[..self.line.method_end] == b"PRI" {
                        self.preface = true;
                        self.at += 1;
                    }
                    if !self.read_target(text, offset, tolerance)? {
                        return Ok(Step::More);
                    }
                }
                Phase::Name(0) if text[self.at..].starts_with(b"HTTP/1.1") && !self.preface => {
                    self.line.major = 1;
                    self.line.minor = 1;
                    self.at += 8;
                    self.phase = if self.line.method_end > 0 { Phase::RequestEnd } else { Phase::StatusSpace };
                }
                Phase::Name(read) => {
                    if b"HTTP/".get(read as usize) == Some(&octet) {
                        self.at += 1;
                        self.phase = if read == 4 { Phase::Major } else { Phase::Name(read + 1) };
                    } else {
                        self.refuse_version(octet, offset, tolerance)?;
                    }
                }
                Phase::Major => {
                    if !octet.is_ascii_digit() {
                        self.refuse_version(octet, offset, tolerance)?;
                        continue;
                    }
                    if self.preface && octet == b'2' {
                        return fault(Code::Http2Preface, self.at);
                    }
                    if octet != b'1' {
                        self.permit_version(
                            offset,
                            tolerance,
                            if octet == b'0' { Code::Version } else { Code::VersionUnsupported },
                        )?;
                    }
                    if self.preface && !tolerance.has(Leniency::Asterisk) {
                        tolerance
                            .refuse(Code::TargetForm, self.line.start, offset)
                            .map_err(|fault| fault.but(Leniency::Asterisk))?;
                    }
                    self.preface = false;
                    self.line.major = octet - b'0';
                    self.at += 1;
                    self.phase = Phase::Dot;
                }
                Phase::Dot if octet != b'.' => self.refuse_version(octet, offset, tolerance)?,
                Phase::Dot => {
                    self.at += 1;
                    self.phase = Phase::Minor;
                }
                Phase::Minor => {
                    if !octet.is_ascii_digit() {
                        self.refuse_version(octet, offset, tolerance)?;
                        continue;
                    }
                    self.line.minor = octet - b'0';
                    self.at += 1;
                    self.phase = if self.line.method_end > 0 { Phase::RequestEnd } else { Phase::StatusSpace };
                }
                Phase::RequestEnd => {
                    if let Some(end) = self.line_end(octet, Code::Version, offset, tolerance)? {
                        return Ok(Step::Done(end));
                    }
                }
                Phase::StatusSpace if octet != b' ' => {
                    tolerance.refuse(Code::Version, self.at, offset)?;
                    match octet {
                        b'0'..=b'9' => self.phase = Phase::Status(0),
                        b'\r' | b'\n' => self.phase = Phase::ReasonSpace,
                        _ => self.at += 1,
                    }
                }
                Phase::StatusSpace => {
                    self.at += 1;
                    self.phase = Phase::Status(0);
                }
                Phase::Status(read) => {
                    if !octet.is_ascii_digit() || read == 0 && octet == b'0' {
                        tolerance.refuse(Code::StatusCode, self.at, offset)?;
                        match octet {
                            b'0'..=b'9' => {}
                            b'\r' | b'\n' => self.phase = Phase::ReasonSpace,
                            b' ' if read > 0 => self.phase = Phase::ReasonSpace,
                            _ => self.at += 1,
                        }
                        if octet != b'0' {
                            continue;
                        }
                    }
                    self.line.status = self.line.status * 10 + u16::from(octet - b'0');
                    self.at += 1;
                    self.phase = if read == 2 { Phase::ReasonSpace } else { Phase::Status(read + 1) };
                }
                Phase::ReasonSpace => {
                    self.line.start = self.at;
                    self.line.end = self.at;
                    if octet == b' ' {
                        self.at += 1;
                        self.line.start = self.at;
                        self.phase = Phase::Reason;
                    } else if let Some(end) = self.line_end(octet, Code::StatusCode, offset, tolerance)? {
                        return Ok(Step::Done(end));
                    }
                }
                Phase::Reason => {
                    self.at = scan::field_value(text, self.at);
                    let Some(&octet) = text.get(self.at) else { return Ok(Step::More) };
                    self.line.end = self.at;
                    if let Some(end) = self.line_end(octet, Code::Reason, offset, tolerance)? {
                        return Ok(Step::Done(end));
                    }
                }
                Phase::Lf => {
                    if octet == b'\n' {
                        return Ok(Step::Done(self.at + 1));
                    }
                    tolerance.require(Leniency::OptionalLfAfterCr, Code::LoneCr, self.at, offset)?;
                    return Ok(Step::Done(self.at));
                }
            }
        }
    }

    fn end_method(&mut self, text: &[u8], tolerance: &Tolerance) {
        self.line.method = Method::of(&text[..self.at]);
        self.line.method_end = self.at;
        self.at += 1;
        self.line.start = self.at;
        self.target = TargetReader::new(self.line.method, tolerance.allowed());
        self.phase = Phase::Target;
    }

    /// Reads the target and the SP behind it; false if more octets are needed.
    fn read_target(&mut self, text: &[u8], offset: u64, tolerance: &mut Tolerance) -> Result<bool, Fault> {
        let from = self.at;
        if !self.preface {
            match self.target.read(text, self.at) {
                Ok(end) => self.at = end,
                Err(fault) => {
                    let octet = text[fault.at];
                    let is_first = fault.at == self.line.start;
                    let asterisk = is_first && octet == b'*' && self.line.method != Method::CONNECT;
                    let obs_text = octet >= 0x80 && self.target.takes_obs_text();
                    tolerance.refuse(fault.code, fault.at, offset).map_err(|fault| {
                        fault.but_if(asterisk, Leniency::Asterisk).but_if(obs_text, Leniency::TargetObsText)
                    })?;
                    self.target.free();
                    self.at = fault.at;
                    return Ok(true);
                }
            }
        }
        if tolerance.has(Leniency::TargetObsText)
            && let Some(index) = text[from..self.at].iter().position(|octet| *octet >= 0x80)
        {
            tolerance.permits(Leniency::TargetObsText, offset + (from + index) as u64);
        }
        let Some(&octet) = text.get(self.at) else { return Ok(false) };
        match octet {
            b' ' if self.preface || self.target.is_foreign_asterisk() => {
                tolerance.permits(Leniency::Asterisk, offset + self.line.start as u64);
            }
            b' ' => {
                if let Err(fault) = self.target.finish(self.line.start, self.at) {
                    let repeated = (self.at == self.line.start).then_some(Hint::SpaceRepeated);
                    tolerance.refuse(fault.code, fault.at, offset).map_err(|fault| fault.hinting(repeated))?;
                    if self.at == self.line.start {
                        self.at += 1;
                        self.line.start = self.at;
                        return Ok(true);
                    }
                }
            }
            // A request-line that ends here has no version: HTTP/0.9.
            b'\r' | b'\n' => {
                let code = if self.at > self.line.start { Code::Version } else { Code::Target };
                tolerance.refuse(code, self.at, offset)?;
                self.end_without_version(self.at);
                return Ok(true);
            }
            _ => {
                let obs_text = octet >= 0x80 && self.target.takes_obs_text();
                tolerance
                    .refuse(Code::Target, self.at, offset)
                    .map_err(|fault| fault.but_if(obs_text, Leniency::TargetObsText))?;
                self.target.free();
                self.at += 1;
                return Ok(true);
            }
        }
        self.line.end = self.at;
        self.at += 1;
        self.phase = Phase::Name(0);
        Ok(true)
    }

    /// Where a part of the version should stand, this octet does. Forgiven, a request's target goes on here: the
    /// version may stand behind a later SP; a response's version is taken for longer.
    fn refuse_version(&mut self, octet: u8, offset: u64, tolerance: &mut Tolerance) -> Result<(), Fault> {
        let is_form_at_fault = self.preface && !tolerance.has(Leniency::Asterisk);
        let (code, at) = if is_form_at_fault { (Code::TargetForm, self.line.start) } else { (Code::Version, self.at) };
        let hint = self.hint_of_version(octet);
        tolerance
            .refuse(code, at, offset)
            .map_err(|fault| fault.hinting(hint).but_if(is_form_at_fault, Leniency::Asterisk))?;
        self.preface = false;
        let is_line_end = matches!(octet, b'\r' | b'\n');
        if self.line.method_end == 0 {
            match octet {
                b' ' => self.phase = Phase::StatusSpace,
                _ if is_line_end => self.phase = Phase::ReasonSpace,
                _ => self.at += 1,
            }
        } else if is_line_end {
            self.end_without_version(self.at);
        } else {
            self.target.free();
            self.phase = Phase::Target;
        }
        Ok(())
    }

    /// What an octet most likely means that stands where the version must begin.
    fn hint_of_version(&self, octet: u8) -> Option<Hint> {
        match self.phase {
            Phase::Name(0 | 1) if self.preface => None,
            Phase::Name(0) if self.line.method_end == 0 && self.at == 0 => byte_order_mark(octet),
            Phase::Name(0 | 1) if self.line.method_end == 0 => None,
            Phase::Name(0) if octet == b' ' => Some(Hint::SpaceRepeated),
            Phase::Name(0 | 1) if octet.is_ascii_graphic() => Some(Hint::SpaceInTarget),
            _ => None,
        }
    }

    /// A request-line ends before this index, and a version was not in it: HTTP/0.9, which ends the connection as
    /// 1.0 does.
    fn end_without_version(&mut self, end: usize) {
        if self.line.method_end == 0 {
            self.line.method_end = end;
            self.line.start = end;
        }
        self.line.end = end;
        (self.line.major, self.line.minor) = (1, 0);
        self.phase = Phase::RequestEnd;
    }

    fn permit_version(&self, offset: u64, tolerance: &mut Tolerance, code: Code) -> Result<(), Fault> {
        tolerance.require(Leniency::Version, code, self.at, offset)
    }

    /// The octet must end the line; `code` names the fault if it is not even a line end, and forgiven it is passed
    /// over. Returns the line's end once it is sure.
    fn line_end(
        &mut self,
        octet: u8,
        code: Code,
        offset: u64,
        tolerance: &mut Tolerance,
    ) -> Result<Option<usize>, Fault> {
        match octet {
            b'\r' => {
                self.at += 1;
                self.phase = Phase::Lf;
                Ok(None)
            }
            b'\n' => {
                tolerance.require(Leniency::OptionalCrBeforeLf, Code::LoneLf, self.at, offset)?;
                Ok(Some(self.at + 1))
            }
            _ => {
                tolerance.refuse(code, self.at, offset)?;
                self.at += 1;
                Ok(None)
            }
        }
    }
}

/// Whether a TLS record may begin with this octet: an alert or a handshake (RFC 8446 section 5.1).
fn is_tls(octet: u8) -> bool {
    matches!(octet, 0x15 | 0x16)
}

/// The second octet of every TLS record.
const TLS_MAJOR: u8 = 3;

/// What the first octet of a message tells of how its text was saved.
#[cold]
fn byte_order_mark(octet: u8) -> Option<Hint> {
    match octet {
        0xEF => Some(Hint::Utf8Mark),
        0xFE | 0xFF => Some(Hint::Utf16Mark),
        _ => None,
    }
}

/// The line and where it ends.
#[inline(always)]
fn read_plain_request<V: Vector>(text: &[u8]) -> Option<(StartLine, usize)> {
    const END: &[u8; 11] = b" HTTP/1.1\r\n";
    let (method, start) = if text.starts_with(b"GET /") { (Method::GET, 4) } else { method_before_path::<V>(text)? };
    let end = runs::target::<V>(text, start);
    let behind: &[u8; END.len()] = text[end..].first_chunk()?;
    // As two words that overlap.
    if behind.first_chunk::<8>() != END.first_chunk() || behind.last_chunk::<8>() != END.last_chunk() {
        return None;
    }
    let line = StartLine { method, method_end: start - 1, start, end, major: 1, minor: 1, status: 0 };
    Some((line, end + END.len()))
}

/// The method, if it is not CONNECT, and where the path behind it begins.
#[inline(always)]
fn method_before_path<V: Vector>(text: &[u8]) -> Option<(Method, usize)> {
    let end = runs::token::<V>(text, 0);
    let method = Method::of(&text[..end]);
    let plain = end > 0 && method != Method::CONNECT && text[end..].starts_with(b" /");
    plain.then_some((method, end + 1))
}

#[inline(always)]
fn read_plain_status<V: Vector>(text: &[u8]) -> Option<(StartLine, usize)> {
    const START: usize = 13;
    let start = text.first_chunk::<START>()?;
    let [first, second, third] = [start[9], start[10], start[11]];
    let digits = matches!(first, b'1'..=b'9') && second.is_ascii_digit() && third.is_ascii_digit();
    if !start.starts_with(b"HTTP/1.1 ") || !digits || start[12] != b' ' {
        return None;
    }
    let end = runs::field_value::<V>(text, START);
    if text[end..].first_chunk()? != b"\r\n" {
        return None;
    }
    let status = [first, second, third].iter().fold(0, |number, digit| number * 10 + u16::from(digit - b'0'));
    Some((StartLine { start: START, end, major: 1, minor: 1, status, ..StartLine::default() }, end + 2))
}
