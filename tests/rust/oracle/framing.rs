//! What a whole head says: Host, the body's length, persistence, switching (RFC 9112 sections 3.2,
//! 6.3 and 9.3; RFC 9110 sections 7.8 and 9.3.6).

use h1wire::{error::Code, policy::Leniency};

use super::{
    cursor::{Read, Stop},
    grammar,
    section::{Field, trim},
    start_line::Version,
    told::Told,
};

/// How the body ends.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Body {
    None,
    Length(u64),
    Chunked,
    UntilClose,
}

/// The largest length: what a double holds exactly.
pub(crate) const MOST: u64 = 9_007_199_254_740_991;

/// A whole head.
pub(crate) struct Head<'a> {
    pub(crate) version: Version,
    pub(crate) fields: &'a [Field],
    /// Offset of the empty line that ends it.
    pub(crate) empty_line: usize,
}

impl Head<'_> {
    /// RFC 9112 section 3.2.
    pub(crate) fn check_host(&self, told: &mut Told) -> Read<()> {
        let hosts: Vec<&Field> = self.all("Host").collect();
        match hosts[..] {
            [] if self.is_1_0() || told.permits(Leniency::MissingHost, self.empty_line) => Ok(()),
            [] => Err(Stop::Fault(Code::HostMissing, self.empty_line)),
            [host] => {
                grammar::HOST.check(&host.value).map_err(|index| Stop::Fault(Code::HostInvalid, host.offset(index)))
            }
            [_, second, ..] => Err(Stop::Fault(Code::HostRepeated, second.line)),
        }
    }

    /// RFC 9112 section 6.3, for a request.
    pub(crate) fn request_body(&self, method: &[u8], told: &mut Told) -> Read<Body> {
        if method == b"CONNECT" {
            if let Some(field) = self.all("Transfer-Encoding").next() {
                return Err(Stop::Fault(Code::ConnectBody, field.line));
            }
            return match (self.content_length()?, self.all("Content-Length").next()) {
                (Some(1..), Some(field)) => Err(Stop::Fault(Code::ConnectBody, field.line)),
                _ => Ok(Body::None),
            };
        }
        let Some(codings) = self.listed_codings()? else {
            return Ok(self.content_length()?.map_or(Body::None, Body::Length));
        };
        self.check_codings(&codings, false, told)?;
        let (last, before) = codings.split_last().expect("one at least");
        if last.name != b"chunked" {
            if told.permits(Leniency::TransferEncoding, last.offset) {
                return Ok(Body::UntilClose);
            }
            return Err(Stop::Fault(Code::TransferEncodingNotChunked, last.offset));
        }
        let known = [&b"gzip"[..], b"x-gzip", b"compress", b"x-compress", b"deflate"];
        match before.iter().find(|coding| !known.contains(&&coding.name[..])) {
            Some(unknown) => Err(Stop::Fault(Code::TransferCodingUnknown, unknown.offset)),
            None => Ok(Body::Chunked),
        }
    }

    /// The same for a response to a request of this method.
    ///
    /// Also whether it was read without what ends the connection with it: an `identity`, or codings in HTTP/1.0.
    pub(crate) fn response_body(&self, status: u16, method: &[u8], told: &mut Told) -> Read<(Body, bool)> {
        if method == b"HEAD" || matches!(status, 100..=199 | 204 | 304) || tunnels(status, method) {
            return Ok((Body::None, true));
        }
        let mut codings = self.listed_codings()?;
        let plain = match codings.as_ref().and_then(|codings| codings.iter().find(|coding| coding.is_identity())) {
            Some(identity) => !told.permits(Leniency::IdentityCoding, identity.offset),
            None => true,
        };
        if let Some(codings) = codings.as_mut().filter(|_| !plain) {
            codings.retain(|coding| !coding.is_identity());
        }
        let Some(codings) = codings.filter(|codings| plain || !codings.is_empty()) else {
            return Ok((self.content_length()?.map_or(Body::UntilClose, Body::Length), plain));
        };
        let first = self.all("Transfer-Encoding").next().expect("the codings' field").line;
        let obeyed = self.is_1_0() && told.permits(Leniency::TransferEncodingVersion, first);
        self.check_codings(&codings, obeyed, told)?;
        let body = if codings.last().is_some_and(Coding::is_chunked) { Body::Chunked } else { Body::UntilClose };
        Ok((body, plain && !obeyed))
    }

    /// RFC 9112 section 9.3; section 6.3 for a message with both framing fields.
    pub(crate) fn keeps_alive(&self, body: Body) -> bool {
        let asked = !self.lists("Connection", "close") && (!self.is_1_0() || self.lists("Connection", "keep-alive"));
        let both = body == Body::Chunked && self.all("Content-Length").next().is_some();
        asked && !both && body != Body::UntilClose
    }

    /// RFC 9110 section 7.8.
    pub(crate) fn asks_for_upgrade(&self) -> bool {
        !self.is_1_0() && self.all("Upgrade").next().is_some() && self.lists("Connection", "upgrade")
    }

    /// RFC 9110 section 10.1.1.
    pub(crate) fn expects_continue(&self) -> bool {
        !self.is_1_0() && self.lists("Expect", "100-continue")
    }

    fn is_1_0(&self) -> bool {
        self.version == Version(1, 0)
    }

    pub(crate) fn all(&self, name: &'static str) -> impl Iterator<Item = &Field> {
        self.fields.iter().filter(move |field| field.is(name))
    }

    fn lists(&self, name: &'static str, member: &str) -> bool {
        self.all(name).any(|field| {
            field.value.split(|octet| *octet == b',').any(|one| trim(one.to_ascii_lowercase()) == member.as_bytes())
        })
    }

    /// Digits, alike wherever they are repeated: as lines, or in a list.
    fn content_length(&self) -> Read<Option<u64>> {
        let mut agreed = None;
        for field in self.all("Content-Length") {
            let mut start = 0;
            for element in field.value.split(|octet| *octet == b',') {
                let place = start + element.iter().take_while(|octet| matches!(octet, b' ' | b'\t')).count();
                let digits = trim(element.to_vec());
                let wrong = |index| Stop::Fault(Code::ContentLength, field.offset(place + index));
                let checked = grammar::CONTENT_LENGTH.check(&digits);
                let length = number(&digits[..checked.err().unwrap_or(digits.len())], 10).map_err(wrong)?;
                checked.map_err(wrong)?;
                if agreed.is_some_and(|agreed| agreed != length) {
                    return Err(Stop::Fault(Code::ContentLengthDiffers, field.offset(place)));
                }
                agreed = Some(length);
                start += element.len() + 1;
            }
        }
        Ok(agreed)
    }

    /// Transfer-Encoding as one list over all its lines, none if there is no such line.
    fn listed_codings(&self) -> Read<Option<Vec<Coding>>> {
        let Some(first) = self.all("Transfer-Encoding").next() else { return Ok(None) };
        let mut codings: Vec<Coding> = Vec::new();
        for field in self.all("Transfer-Encoding") {
            read_codings(field, &mut codings)?;
        }
        if codings.is_empty() { Err(Stop::Fault(Code::TransferEncoding, first.offset(0))) } else { Ok(Some(codings)) }
    }

    /// What may not go with codings: HTTP/1.0, unless they are `obeyed` there, and a length.
    fn check_codings(&self, codings: &[Coding], obeyed: bool, told: &mut Told) -> Read<()> {
        let first = self.all("Transfer-Encoding").next().expect("the codings' field").line;
        if self.is_1_0() && !obeyed {
            return Err(Stop::Fault(Code::TransferEncodingVersion, first));
        }
        if let Some(length) = self.all("Content-Length").next() {
            let later = first.max(length.line);
            let chunked = codings.last().is_some_and(Coding::is_chunked);
            if !chunked || !told.permits(Leniency::ChunkedLength, later) {
                return Err(Stop::Fault(Code::TransferEncodingWithLength, later));
            }
        }
        Ok(())
    }
}

/// A 2xx to CONNECT: RFC 9110 section 9.3.6.
pub(crate) fn tunnels(status: u16, method: &[u8]) -> bool {
    method == b"CONNECT" && (200..=299).contains(&status)
}

/// The number these digits write; the index of the digit that makes it too large.
pub(crate) fn number(digits: &[u8], radix: u32) -> Result<u64, usize> {
    let mut number = 0_u128;
    for (index, digit) in digits.iter().enumerate() {
        number = number * u128::from(radix) + u128::from(char::from(*digit).to_digit(radix).expect("a digit"));
        if number > u128::from(MOST) {
            return Err(index);
        }
    }
    Ok(number as u64)
}

struct Coding {
    /// In lower case.
    name: Vec<u8>,
    /// It has no parameters.
    bare: bool,
    offset: usize,
}

impl Coding {
    fn is_chunked(&self) -> bool {
        self.name == b"chunked"
    }

    fn is_identity(&self) -> bool {
        self.name == b"identity" && self.bare
    }
}

/// Takes one line's codings: each is read, then judged.
fn read_codings(field: &Field, codings: &mut Vec<Coding>) -> Read<()> {
    let whole = grammar::TRANSFER_ENCODING.check(&field.value);
    for Element { start, end, text } in elements(&field.value) {
        if let Err(index) = whole
            && index <= end
        {
            return Err(Stop::Fault(Code::TransferEncoding, field.offset(index)));
        }
        let length = text.iter().take_while(|octet| grammar::TOKEN.check(&[**octet]).is_ok()).count();
        let name = text[..length].to_ascii_lowercase();
        if name == b"chunked" {
            if codings.iter().any(|before| before.name == name) {
                return Err(Stop::Fault(Code::TransferEncoding, field.offset(start)));
            }
            if length < text.len() {
                return Err(Stop::Fault(Code::TransferEncoding, field.offset(start + length)));
            }
        }
        codings.push(Coding { name, bare: length == text.len(), offset: field.offset(start) });
    }
    match whole {
        Err(index) => Err(Stop::Fault(Code::TransferEncoding, field.offset(index))),
        Ok(()) => Ok(()),
    }
}

/// An element of a list.
struct Element {
    /// Where it stands.
    start: usize,
    /// Where the comma behind it stands, or the value's end.
    end: usize,
    /// Without whitespace around it.
    text: Vec<u8>,
}

/// The elements that are not empty; commas in quotes divide nothing.
fn elements(value: &[u8]) -> Vec<Element> {
    let mut elements = Vec::new();
    let (mut begin, mut quoted, mut escaped) = (0, false, false);
    for end in 0..=value.len() {
        let octet = value.get(end).copied();
        if octet.is_none() || octet == Some(b',') && !quoted {
            let indent = value[begin..end].iter().take_while(|octet| matches!(octet, b' ' | b'\t')).count();
            let text = trim(value[begin..end].to_vec());
            if !text.is_empty() {
                elements.push(Element { start: begin + indent, end, text });
            }
            begin = end + 1;
        }
        quoted ^= octet == Some(b'"') && !escaped;
        escaped = quoted && octet == Some(b'\\') && !escaped;
    }
    elements
}
