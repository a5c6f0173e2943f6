//! Where a message ends: the decision of RFC 9112 section 6.3, and what else follows from a whole
//! head: Host, persistence (section 9.3), switching of protocols, 100-continue.
//!
//! | the message | its body |
//! | --- | --- |
//! | response to HEAD; 1xx, 204, 304; 2xx to CONNECT | none, whatever its fields say |
//! | CONNECT request | none; Transfer-Encoding, or Content-Length but 0, is a fault |
//! | Transfer-Encoding beside Content-Length, or in HTTP/1.0 | a fault |
//! | Transfer-Encoding ending in chunked | chunked |
//! | Transfer-Encoding ending otherwise | request: a fault; response: until close |
//! | Content-Length | of that length |
//! | neither | request: none; response: until close |

use crate::{
    error::{Code, Fault},
    grammar, host,
    names::{FieldName, Method},
    policy::Leniency,
    section::{Field, Found, Places},
    start_line::StartLine,
    tolerated::{Forgiving, Tolerance},
};

/// The largest length a body or chunk may have: what a JavaScript number holds exactly.
pub(crate) const MAX_LENGTH: u64 = (1 << 53) - 1;

/// How a message's body is delimited.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BodyFraming {
    /// There is none.
    None,
    /// By Content-Length: this many octets.
    Length(u64),
    /// By the chunked coding.
    Chunked,
    /// By the end of the connection.
    UntilClose,
}

/// What a whole head says.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Framing {
    pub(crate) body: BodyFraming,
    pub(crate) keep_alive: bool,
    /// HTTP may end behind this message.
    pub(crate) upgrade: bool,
    pub(crate) expect_continue: bool,
}

/// A whole head, as the decision needs it.
#[derive(Clone, Copy)]
pub(crate) struct HeadText<'a> {
    pub(crate) text: &'a [u8],
    /// Values that do not stand in the text; see `section`.
    pub(crate) extra: &'a [u8],
    pub(crate) line: &'a StartLine,
    pub(crate) fields: &'a [Field],
    /// Which names occur.
    pub(crate) found: &'a Found,
    /// There is one Host, and it is known to be valid.
    pub(crate) host_is_plain: bool,
    /// Offset of the text's first octet.
    pub(crate) offset: u64,
}

impl<'a> HeadText<'a> {
    #[inline(always)]
    fn has(&self, name: FieldName) -> bool {
        self.found.any(Found::bit(name))
    }

    #[inline]
    fn all(&self, name: FieldName) -> impl Iterator<Item = &'a Field> + use<'a> {
        self.found.lines(name, self.fields).iter().filter(move |field| field.name == name)
    }

    #[inline]
    fn value(&self, field: &Field) -> &'a [u8] {
        if field.is_extra() {
            let extra = crate::section::EXTRA;
            grammar::trim(&self.extra[(field.value_start - extra) as usize..(field.value_end - extra) as usize])
        } else {
            &self.text[field.value_start as usize..field.value_end as usize]
        }
    }

    /// Where in the text an octet of a value lies, or what follows the value. Of a folded value all lines are read for
    /// it: whoever asks more than once has [`Places`].
    pub(crate) fn place(&self, Spot { field, index }: Spot<'_>) -> usize {
        Places::new(self.text, field).of(index)
    }

    /// Its start-line has no method.
    fn is_response(&self) -> bool {
        self.line.method_end == 0
    }

    /// HTTP/1.0, where much of 1.1 means nothing.
    fn is_1_0(&self) -> bool {
        self.line.major == 1 && self.line.minor == 0
    }
}

/// The fields that decide on anything, but Host.
pub(crate) const DECIDING: u32 = Found::bit(FieldName::CONNECTION)
    | Found::bit(FieldName::CONTENT_LENGTH)
    | Found::bit(FieldName::TRANSFER_ENCODING)
    | Found::bit(FieldName::UPGRADE)
    | Found::bit(FieldName::EXPECT);

/// What a request of HTTP/1.1 without CONNECT says whose only field of interest is a valid Host.
#[inline(always)]
pub(crate) fn of_plain_request() -> Framing {
    Framing { body: BodyFraming::None, keep_alive: true, upgrade: false, expect_continue: false }
}

/// Decides on a request.
pub(crate) fn request(head: &HeadText<'_>, tolerance: &mut Tolerance) -> Result<Framing, Fault> {
    if !head.host_is_plain {
        check_host(head, tolerance)?;
    }
    let connect = head.line.method == Method::CONNECT;
    let modern = !head.is_1_0();
    let (body, persists) =
        if connect { (connect_body(head, tolerance)?, true) } else { request_body(head, tolerance)? };
    let options = connection_options(head);
    Ok(Framing {
        body,
        keep_alive: persists && options.persist(head),
        upgrade: connect || modern && head.has(FieldName::UPGRADE) && options.upgrade,
        expect_continue: modern && expects_continue(head),
    })
}

/// Decides on a response to a request of this method.
pub(crate) fn response(head: &HeadText<'_>, method: Method, tolerance: &mut Tolerance) -> Result<Framing, Fault> {
    let status = head.line.status;
    let bodiless = method == Method::HEAD || opens_tunnel(method, status) || matches!(status, 100..=199 | 204 | 304);
    let (body, persists) = if bodiless { (BodyFraming::None, true) } else { response_body(head, tolerance)? };
    let informational = matches!(status, 100..=199);
    Ok(Framing {
        body,
        keep_alive: informational
            || persists && body != BodyFraming::UntilClose && connection_options(head).persist(head),
        upgrade: switches(method, status),
        expect_continue: false,
    })
}

/// Whether a response with this status to a request with this method opens a tunnel: RFC 9110
/// section 9.3.6.
pub(crate) fn opens_tunnel(method: Method, status: u16) -> bool {
    method == Method::CONNECT && matches!(status, 200..=299)
}

/// Whether it ends HTTP on the connection: by a tunnel, or by a 101 (RFC 9110 section 15.2.2).
pub(crate) fn switches(method: Method, status: u16) -> bool {
    status == 101 || opens_tunnel(method, status)
}

/// Whether a response with this status is a 1xx but 101: the answer itself is still to come.
pub(crate) fn is_interim(status: u16) -> bool {
    matches!(status, 100..=199) && status != 101
}

/// RFC 9112 section 3.2: one Host, valid; needed in 1.1.
#[cold]
fn check_host(head: &HeadText<'_>, tolerance: &mut Tolerance) -> Result<(), Fault> {
    let mut hosts = head.all(FieldName::HOST);
    let Some(first) = hosts.next() else {
        let end = head.text.len();
        let empty_line = if head.text.ends_with(b"\r\n") { end - 2 } else { end - 1 };
        return if head.is_1_0() {
            Ok(())
        } else {
            tolerance.require(Leniency::MissingHost, Code::HostMissing, empty_line, head.offset)
        };
    };
    if let Some(second) = hosts.next() {
        tolerance.refuse(Code::HostRepeated, second.name_start as usize, head.offset)?;
    }
    match host::check(head.value(first)) {
        Ok(()) => Ok(()),
        Err(index) => {
            let place = head.place(Spot { field: first, index });
            tolerance.refuse(Code::HostInvalid, place, head.offset)
        }
    }
}

fn connect_body(head: &HeadText<'_>, tolerance: &mut Tolerance) -> Result<BodyFraming, Fault> {
    if let Some(field) = head.all(FieldName::TRANSFER_ENCODING).next() {
        tolerance.refuse(Code::ConnectBody, field.name_start as usize, head.offset)?;
    }
    if let Some(1..) = content_length(head, tolerance)? {
        let field = head.all(FieldName::CONTENT_LENGTH).next();
        tolerance.refuse(Code::ConnectBody, field.map_or(0, |field| field.name_start as usize), head.offset)?;
    }
    Ok(BodyFraming::None)
}

#[inline(always)]
fn request_body(head: &HeadText<'_>, tolerance: &mut Tolerance) -> Result<(BodyFraming, bool), Fault> {
    if head.found.any(Found::bit(FieldName::CONTENT_LENGTH) | Found::bit(FieldName::TRANSFER_ENCODING)) {
        framed_request_body(head, tolerance)
    } else {
        Ok((BodyFraming::None, true))
    }
}

#[inline(never)]
fn framed_request_body(head: &HeadText<'_>, tolerance: &mut Tolerance) -> Result<(BodyFraming, bool), Fault> {
    if head.has(FieldName::TRANSFER_ENCODING) {
        let codings = transfer_codings(head, tolerance)?;
        if !codings.ignored {
            return coded_request_body(head, tolerance, &codings);
        }
    }
    let length = content_length(head, tolerance)?;
    Ok((length.map_or(BodyFraming::None, BodyFraming::Length), true))
}

fn coded_request_body(
    head: &HeadText<'_>,
    tolerance: &mut Tolerance,
    codings: &Codings<'_>,
) -> Result<(BodyFraming, bool), Fault> {
    if !codings.chunked {
        let last = codings.last.map_or(0, |spot| head.place(spot));
        if !tolerance.permits(Leniency::TransferEncoding, head.offset + last as u64) {
            tolerance
                .refuse(Code::TransferEncodingNotChunked, last, head.offset)
                .map_err(|fault| fault.but(Leniency::TransferEncoding))?;
            if heeds_chunked(head, tolerance) {
                return Ok((BodyFraming::Chunked, true));
            }
        }
        return Ok((BodyFraming::UntilClose, false));
    }
    if let Some(spot) = codings.unknown {
        tolerance.refuse(Code::TransferCodingUnknown, head.place(spot), head.offset)?;
    }
    Ok((BodyFraming::Chunked, codings.persists))
}

fn response_body(head: &HeadText<'_>, tolerance: &mut Tolerance) -> Result<(BodyFraming, bool), Fault> {
    let mut persists = true;
    if head.has(FieldName::TRANSFER_ENCODING) {
        let codings = transfer_codings(head, tolerance)?;
        persists = codings.persists;
        if !codings.ignored {
            let body = if codings.chunked { BodyFraming::Chunked } else { BodyFraming::UntilClose };
            return Ok((body, persists));
        }
    }
    let length = content_length(head, tolerance)?;
    Ok((length.map_or(BodyFraming::UntilClose, BodyFraming::Length), persists))
}

/// What Connection says.
#[derive(Clone, Copy, Default)]
struct ConnectionOptions {
    close: bool,
    keep_alive: bool,
    upgrade: bool,
}

impl ConnectionOptions {
    #[inline(never)]
    fn take_all(&mut self, head: &HeadText<'_>) {
        for field in head.all(FieldName::CONNECTION) {
            for member in head.value(field).split(|octet| *octet == b',') {
                let member = grammar::trim(member);
                self.close |= member.eq_ignore_ascii_case(b"close");
                self.keep_alive |= member.eq_ignore_ascii_case(b"keep-alive");
                self.upgrade |= member.eq_ignore_ascii_case(b"upgrade");
            }
        }
    }

    /// RFC 9112 section 9.3.
    fn persist(self, head: &HeadText<'_>) -> bool {
        !self.close && (self.keep_alive || !head.is_1_0())
    }
}

#[inline(always)]
fn connection_options(head: &HeadText<'_>) -> ConnectionOptions {
    let mut options = ConnectionOptions::default();
    match head.found.only(FieldName::CONNECTION, head.fields).map(|only| head.value(only)) {
        Some(b"keep-alive") => options.keep_alive = true,
        Some(b"close") => options.close = true,
        _ if head.has(FieldName::CONNECTION) => options.take_all(head),
        _ => {}
    }
    options
}

/// RFC 9110 section 10.1.1.
fn expects_continue(head: &HeadText<'_>) -> bool {
    head.all(FieldName::EXPECT).any(|field| {
        let mut members = head.value(field).split(|octet| *octet == b',');
        members.any(|member| grammar::trim(member).eq_ignore_ascii_case(b"100-continue"))
    })
}

/// The agreed value of all Content-Length fields, RFC 9112 section 6.3: a repeated equal value counts
/// as one.
#[inline(always)]
fn content_length(head: &HeadText<'_>, tolerance: &mut Tolerance) -> Result<Option<u64>, Fault> {
    if head.has(FieldName::CONTENT_LENGTH) { agreed_length(head, tolerance) } else { Ok(None) }
}

fn agreed_length(head: &HeadText<'_>, tolerance: &mut Tolerance) -> Result<Option<u64>, Fault> {
    if let Some(only) = head.found.only(FieldName::CONTENT_LENGTH, head.fields)
        && let Ok(length) = decimal(head.value(only))
    {
        return Ok(Some(length));
    }
    let mut agreed = None;
    for field in head.all(FieldName::CONTENT_LENGTH) {
        let mut start = 0;
        let mut places = Places::new(head.text, field);
        for element in head.value(field).split(|octet| *octet == b',') {
            let digits = grammar::trim(element);
            let indent = element.iter().take_while(|octet| grammar::is_space(**octet)).count();
            let mut place = |index: usize| places.of(start + indent + index);
            match decimal(digits) {
                Ok(length) => {
                    let differs = agreed.is_some_and(|agreed| agreed != length);
                    if differs {
                        tolerance.refuse(Code::ContentLengthDiffers, place(0), head.offset)?;
                    }
                    if !differs || tolerance.chooses(Forgiving::LAST_LENGTH) {
                        agreed = Some(length);
                    }
                }
                Err(index) => tolerance.refuse(Code::ContentLength, place(index), head.offset)?,
            }
            start += element.len() + 1;
        }
    }
    Ok(agreed)
}

/// `1*DIGIT` as a number, or the index of the octet at fault.
pub(crate) fn decimal(digits: &[u8]) -> Result<u64, usize> {
    if digits.is_empty() {
        return Err(0);
    }
    let mut number: u64 = 0;
    for (index, octet) in digits.iter().enumerate() {
        if !octet.is_ascii_digit() {
            return Err(index);
        }
        number = number * 10 + u64::from(octet - b'0');
        if number > MAX_LENGTH {
            return Err(index);
        }
    }
    Ok(number)
}

/// An octet of a field's value, by its index there: where it lies is asked only of what is told.
#[derive(Clone, Copy)]
pub(crate) struct Spot<'a> {
    pub(crate) field: &'a Field,
    pub(crate) index: usize,
}

/// What the Transfer-Encoding fields say together.
struct Codings<'a> {
    /// They count as absent.
    ignored: bool,
    /// chunked is the last one.
    chunked: bool,
    /// The last one, if there is any.
    last: Option<Spot<'a>>,
    /// The first one that is neither chunked nor known.
    unknown: Option<Spot<'a>>,
    persists: bool,
}

/// Reads Transfer-Encoding as one list over all its lines; there is one.
///
/// ```text
/// Transfer-Encoding  = #transfer-coding                           ; RFC 9112 section 6.1
/// transfer-coding    = token *( OWS ";" OWS transfer-parameter )  ; RFC 9110 section 10.1.4
/// transfer-parameter = token BWS "=" BWS ( token / quoted-string )
/// ```
fn transfer_codings<'a>(head: &HeadText<'a>, tolerance: &mut Tolerance) -> Result<Codings<'a>, Fault> {
    let mut codings = Codings { ignored: false, chunked: false, last: None, unknown: None, persists: true };
    let mut identity = None;
    let mut chunked_before = false;
    for field in head.all(FieldName::TRANSFER_ENCODING) {
        let value = head.value(field);
        let mut at = 0;
        loop {
            at = skip_space(value, at);
            match value.get(at) {
                None => break,
                Some(b',') => at += 1,
                Some(_) => {
                    let spot = Spot { field, index: at };
                    let end = match coding(value, at) {
                        Ok(end) => end,
                        Err(index) => return codings_at_fault(head, tolerance, Spot { field, index }),
                    };
                    let name = &value[at..crate::scan::token(value, at)];
                    let is_bare = name.len() == grammar::trim(&value[at..end]).len();
                    at = end;
                    if is_bare && is_absent(name, head, tolerance) {
                        identity.get_or_insert(spot);
                        continue;
                    }
                    codings.chunked = grammar::is_same_name(name, b"chunked");
                    if codings.chunked && chunked_before {
                        return codings_at_fault(head, tolerance, spot);
                    }
                    chunked_before |= codings.chunked;
                    if codings.chunked && !is_bare {
                        let index = spot.index + name.len();
                        return codings_at_fault(head, tolerance, Spot { field, index });
                    }
                    if !codings.chunked && !is_known_coding(name) {
                        codings.unknown.get_or_insert(spot);
                    }
                    codings.last = Some(spot);
                }
            }
        }
    }
    let Some(first) = head.all(FieldName::TRANSFER_ENCODING).next() else { return Ok(codings) };
    if let Some(spot) = identity {
        tolerance.permits(Leniency::IdentityCoding, head.offset + head.place(spot) as u64);
        codings.persists = false;
    }
    match (codings.last, identity) {
        (Some(_), _) => {}
        (None, Some(_)) => return Ok(Codings { ignored: true, ..codings }),
        (None, None) => return codings_at_fault(head, tolerance, Spot { field: first, index: 0 }),
    }
    let line = first.name_start as usize;
    if head.is_1_0() {
        let offset = head.offset + line as u64;
        if head.is_response() && tolerance.permits(Leniency::TransferEncodingVersion, offset) {
            codings.persists = false;
        } else {
            tolerance.refuse(Code::TransferEncodingVersion, line, head.offset).map_err(|fault| {
                fault
                    .but_if(head.is_response(), Leniency::TransferEncodingVersion)
                    .but_if(head.is_response() && only_identity(head), Leniency::IdentityCoding)
            })?;
        }
    }
    if let Some(length) = head.all(FieldName::CONTENT_LENGTH).next() {
        let later = line.max(length.name_start as usize);
        if !codings.chunked || !tolerance.permits(Leniency::ChunkedLength, head.offset + later as u64) {
            tolerance.refuse(Code::TransferEncodingWithLength, later, head.offset).map_err(|fault| {
                fault
                    .but_if(codings.chunked, Leniency::ChunkedLength)
                    .but_if(head.is_response() && only_identity(head), Leniency::IdentityCoding)
            })?;
            codings.ignored = tolerance.chooses(Forgiving::PREFER_LENGTH);
        } else {
            codings.persists = false;
        }
    }
    codings.ignored |= !codings.chunked && tolerance.chooses(Forgiving::IGNORE_CODING);
    Ok(codings)
}

/// Whether a coding is `identity`, which RFC 9112 section 7 has no longer, and counts as absent.
fn is_absent(name: &[u8], head: &HeadText<'_>, tolerance: &Tolerance) -> bool {
    head.is_response() && tolerance.has(Leniency::IdentityCoding) && grammar::is_same_name(name, b"identity")
}

/// Whether all codings are `identity`.
#[cold]
fn only_identity(head: &HeadText<'_>) -> bool {
    let elements =
        head.all(FieldName::TRANSFER_ENCODING).flat_map(|field| head.value(field).split(|octet| *octet == b','));
    elements.map(grammar::trim).all(|one| one.is_empty() || one.eq_ignore_ascii_case(b"identity"))
}

/// What is wrong at this place makes the list none.
#[cold]
fn codings_at_fault<'a>(head: &HeadText<'_>, tolerance: &mut Tolerance, spot: Spot<'a>) -> Result<Codings<'a>, Fault> {
    tolerance.refuse(Code::TransferEncoding, head.place(spot), head.offset)?;
    let chunked = heeds_chunked(head, tolerance);
    Ok(Codings { ignored: !chunked, chunked, last: Some(spot), unknown: None, persists: true })
}

/// Whether a reading sees the word anywhere.
#[cold]
fn heeds_chunked(head: &HeadText<'_>, tolerance: &Tolerance) -> bool {
    let named = |field| crate::inspect::find_word(head.value(field), b"chunked").is_some();
    tolerance.chooses(Forgiving::HEED_CODING) && head.all(FieldName::TRANSFER_ENCODING).any(named)
}

/// Codings that may stand before chunked in a request; the body stays coded.
pub(crate) fn is_known_coding(name: &[u8]) -> bool {
    [&b"gzip"[..], b"x-gzip", b"compress", b"x-compress", b"deflate"].iter().any(|one| grammar::is_same_name(name, one))
}

/// Checks one transfer-coding with its parameters; returns where it ends, at a comma or the
/// value's end, or the index of the octet at fault.
pub(crate) fn coding(value: &[u8], start: usize) -> Result<usize, usize> {
    let mut at = token(value, start)?;
    loop {
        at = skip_space(value, at);
        match value.get(at) {
            None | Some(b',') => return Ok(at),
            Some(b';') => at = parameter(value, skip_space(value, at + 1))?,
            Some(_) => return Err(at),
        }
    }
}

fn parameter(value: &[u8], start: usize) -> Result<usize, usize> {
    let mut at = skip_space(value, token(value, start)?);
    if value.get(at) != Some(&b'=') {
        return Err(at);
    }
    at = skip_space(value, at + 1);
    if value.get(at) == Some(&b'"') { quoted_string(value, at) } else { token(value, at) }
}

// Seldom needed and often named: the scan's code stands here once.
#[inline(never)]
pub(crate) fn token(value: &[u8], start: usize) -> Result<usize, usize> {
    let end = crate::scan::token(value, start);
    if end == start { Err(start) } else { Ok(end) }
}

/// Ends at the first octet that no continuation can save; what is escaped may be what stands in a field value.
fn quoted_string(value: &[u8], start: usize) -> Result<usize, usize> {
    let mut at = start + 1;
    loop {
        match value.get(at) {
            Some(b'"') => return Ok(at + 1),
            Some(b'\\') if value.get(at + 1).is_some_and(|octet| grammar::is_field_value(*octet)) => at += 2,
            Some(b'\\') => return Err(at + 1),
            Some(octet) if grammar::is_quoted_text(*octet) => at += 1,
            _ => return Err(at),
        }
    }
}

pub(crate) fn skip_space(value: &[u8], mut at: usize) -> usize {
    while value.get(at).is_some_and(|octet| grammar::is_space(*octet)) {
        at += 1;
    }
    at
}
