//! What there is to say about a whole section that no parser refuses.

use core::ops::Range;

use super::findings::Note;
use crate::{
    format::trailers,
    framing::{BodyFraming, Framing},
    grammar,
    names::{FieldName, Method},
    parser::look::Read,
    section::Field,
};

/// A whole head; its text begins with the start-line.
pub(crate) struct Head<'a> {
    pub(crate) request: bool,
    pub(crate) text: &'a [u8],
    pub(crate) read: &'a Read<'a>,
    pub(crate) framing: Framing,
    /// The method of the request, or of the one that is answered.
    pub(crate) method: Method,
}

/// Where a finding goes: what it is, and the range of the text it is about.
pub(crate) type Find<'a> = &'a mut dyn FnMut(Note, Range<usize>);

/// Looks at a head.
pub(crate) fn head(head: &Head<'_>, find: Find<'_>) {
    start_line(head, find);
    fields(head, find);
    framing(head, find);
    connection(head, find);
    content_type(head, find);
}

/// Looks at a trailer section.
pub(crate) fn trailer(text: &[u8], read: &Read<'_>, find: Find<'_>) {
    for field in read.fields {
        if trailers::is_forbidden(field.name) {
            find(Note::TrailerIgnored, line(text, field));
        }
        if CLASSES[field.name.id() as usize] & SECRET != 0 {
            find(Note::Secret, line(text, field));
        }
    }
}

const SINGLE: u8 = 1;
const SECRET: u8 = 2;
const HOP: u8 = 4;
const FRAMING: u8 = 8;

/// Fields that have one value.
const SINGLE_FIELDS: &[FieldName] = &[
    FieldName::AGE,
    FieldName::AUTHORIZATION,
    FieldName::CONTENT_LOCATION,
    FieldName::CONTENT_RANGE,
    FieldName::CONTENT_TYPE,
    FieldName::DATE,
    FieldName::ETAG,
    FieldName::EXPIRES,
    FieldName::FROM,
    FieldName::IF_MODIFIED_SINCE,
    FieldName::IF_RANGE,
    FieldName::IF_UNMODIFIED_SINCE,
    FieldName::LAST_MODIFIED,
    FieldName::LOCATION,
    FieldName::MAX_FORWARDS,
    FieldName::PROXY_AUTHORIZATION,
    FieldName::RANGE,
    FieldName::REFERER,
    FieldName::RETRY_AFTER,
    FieldName::SERVER,
    FieldName::USER_AGENT,
];

/// Fields whose value gives access.
const SECRET_FIELDS: &[FieldName] =
    &[FieldName::AUTHORIZATION, FieldName::PROXY_AUTHORIZATION, FieldName::COOKIE, FieldName::SET_COOKIE];

/// Fields for the next hop, RFC 9110 section 7.6.1, but Connection itself and Transfer-Encoding.
const HOP_FIELDS: &[FieldName] =
    &[FieldName::KEEP_ALIVE, FieldName::PROXY_CONNECTION, FieldName::TE, FieldName::UPGRADE];

/// Fields that look-alikes could be taken for.
const FRAMING_FIELDS: &[FieldName] = &[FieldName::CONTENT_LENGTH, FieldName::TRANSFER_ENCODING];

static CLASSES: [u8; 256] = {
    let mut table = [0; 256];
    let classes = [(SINGLE_FIELDS, SINGLE), (SECRET_FIELDS, SECRET), (HOP_FIELDS, HOP), (FRAMING_FIELDS, FRAMING)];
    let mut class = 0;
    while class < classes.len() {
        let (names, bit) = classes[class];
        let mut index = 0;
        while index < names.len() {
            table[names[index].id() as usize] |= bit;
            index += 1;
        }
        class += 1;
    }
    table
};

impl<'a> Head<'a> {
    fn all(&self, name: FieldName) -> impl Iterator<Item = &'a Field> + use<'a> {
        self.read.fields.iter().filter(move |field| field.name == name)
    }

    fn first(&self, name: FieldName) -> Option<&'a Field> {
        self.all(name).next()
    }

    fn value(&self, field: &Field) -> &[u8] {
        self.read.value(field, self.text)
    }

    fn line(&self, field: &Field) -> Range<usize> {
        line(self.text, field)
    }

    /// The members of a list over all its lines.
    fn members(&self, name: FieldName) -> impl Iterator<Item = (&'a Field, &[u8])> {
        self.all(name).flat_map(|field| {
            self.value(field).split(|octet| *octet == b',').map(move |member| (field, grammar::trim(member)))
        })
    }

    fn has_option(&self, option: &[u8]) -> bool {
        self.members(FieldName::CONNECTION).any(|(_, member)| grammar::is_same_name(member, option))
    }

    fn has_body(&self) -> bool {
        !matches!(self.framing.body, BodyFraming::None | BodyFraming::Length(0))
    }

    fn start_line(&self) -> Range<usize> {
        let end = self.text.iter().position(|octet| matches!(octet, b'\r' | b'\n'));
        0..end.unwrap_or(self.text.len())
    }
}

/// A field line without the whitespace around it; of a folded one the name.
fn line(text: &[u8], field: &Field) -> Range<usize> {
    let start = field.name_start as usize;
    let (name, value) = (start + field.name_length as usize, field.value_end as usize);
    start..if value <= text.len() { value.max(name) } else { name }
}

fn start_line(head: &Head<'_>, find: Find<'_>) {
    let line = head.read.line;
    if line.major == 1 && line.minor > 1 {
        let version = if head.request { line.end + 1..line.end + 9 } else { 0..8 };
        find(Note::VersionUnusual, version);
    }
    if !head.request {
        if line.start > 0 && head.text[line.start - 1] != b' ' {
            find(Note::ReasonSpaceMissing, line.start..line.start + 1);
        }
        if head.text[line.start..line.end].iter().any(|octet| *octet >= 0x80) {
            find(Note::ObsText, line.start..line.end);
        }
        return;
    }
    let target = &head.text[line.start..line.end];
    let scheme = target.windows(3).position(|part| part == b"://");
    if let Some(index) = scheme.filter(|_| target[0] != b'/' && head.method != Method::CONNECT) {
        find(Note::AbsoluteForm, line.start..line.end);
        let authority = &target[index + 3..];
        let end = authority.iter().position(|octet| matches!(octet, b'/' | b'?')).unwrap_or(authority.len());
        if let Some(host) = head.first(FieldName::HOST)
            && !grammar::is_same_name(head.value(host), &authority[..end])
        {
            find(Note::HostDiffers, head.line(host));
        }
    }
}

fn fields(head: &Head<'_>, find: Find<'_>) {
    let mut seen = [false; 256];
    for field in head.read.fields {
        let (class, range) = (CLASSES[field.name.id() as usize], head.line(field));
        let before = core::mem::replace(&mut seen[field.name.id() as usize], true);
        if class & SINGLE != 0 && before {
            find(Note::FieldRepeated, range.clone());
        }
        if class & SECRET != 0 {
            find(Note::Secret, range.clone());
        }
        if class & HOP != 0 {
            find(Note::HopByHop, range.clone());
        }
        if field.name == FieldName::OTHER && is_look_alike(&head.text[range.start..][..field.name_length as usize]) {
            find(Note::LookAlike, range.clone());
        }
        // In a request, and in a field that frames, it is a fault.
        if !head.request && class & FRAMING == 0 && is_folded(head.text, field) {
            find(Note::FoldRead, range.clone());
        }
        if head.value(field).iter().any(|octet| *octet >= 0x80) {
            find(Note::ObsText, range);
        }
    }
}

/// Whether a name would frame or route, if its underscores were hyphens.
fn is_look_alike(name: &[u8]) -> bool {
    let mut plain = [0; 17];
    if !name.contains(&b'_') || name.len() > plain.len() {
        return false;
    }
    for (octet, to) in name.iter().zip(&mut plain) {
        *to = if *octet == b'_' { b'-' } else { *octet };
    }
    CLASSES[FieldName::of(&plain[..name.len()]).id() as usize] & FRAMING != 0
}

fn is_folded(text: &[u8], field: &Field) -> bool {
    let rest = text.get(field.name_start as usize..).unwrap_or_default();
    let next = rest.iter().position(|octet| *octet == b'\n').and_then(|feed| rest.get(feed + 1));
    next.is_some_and(|octet| grammar::is_space(*octet))
}

fn framing(head: &Head<'_>, find: Find<'_>) {
    let status = head.read.line.status;
    let framing_fields = || head.all(FieldName::CONTENT_LENGTH).chain(head.all(FieldName::TRANSFER_ENCODING));
    // A CONNECT with a body is a fault, and its Content-Length: 0 says nothing.
    let bodiless = match head.request {
        true => head.method == Method::CONNECT,
        false => matches!(status, 100..=199 | 204 | 304) || matches!(head.method, Method::HEAD | Method::CONNECT),
    };
    if bodiless && head.framing.body == BodyFraming::None {
        let tells = head.request || !matches!(status, 100..=199 | 204) && head.method != Method::CONNECT;
        let note = if tells { Note::FramingIgnored } else { Note::FramingForbidden };
        framing_fields().for_each(|field| find(note, head.line(field)));
    }
    lengths(head, find);
    codings(head, find);
    let pointless = matches!(head.method, Method::GET | Method::HEAD | Method::TRACE) || is_delete(head);
    if head.request
        && pointless
        && head.has_body()
        && let Some(field) = framing_fields().next()
    {
        find(Note::BodyUnexpected, head.line(field));
    }
    if !head.request && head.framing.body == BodyFraming::UntilClose {
        let modern = head.read.line.minor > 0 || head.read.line.major != 1;
        let persists = !head.has_option(b"close") && (modern || head.has_option(b"keep-alive"));
        find(if persists { Note::UntilCloseKeepAlive } else { Note::UntilClose }, head.start_line());
    }
}

fn is_delete(head: &Head<'_>) -> bool {
    head.text.starts_with(b"DELETE ")
}

fn lengths(head: &Head<'_>, find: Find<'_>) {
    let mut count = 0;
    for (field, member) in head.members(FieldName::CONTENT_LENGTH) {
        count += 1;
        if count == 2 {
            find(Note::LengthRepeated, head.line(field));
        }
        if matches!(member, [b'0', b'0'..=b'9', ..]) {
            find(Note::LengthZeros, head.line(field));
        }
    }
}

fn codings(head: &Head<'_>, find: Find<'_>) {
    if let Some(second) = head.all(FieldName::TRANSFER_ENCODING).nth(1) {
        find(Note::CodingRepeated, head.line(second));
    }
    if let Some((field, _)) = head.members(FieldName::TRANSFER_ENCODING).find(|(_, member)| member.is_empty()) {
        find(Note::CodingEmptyElement, head.line(field));
    }
    let coded = |member: &[u8]| !member.is_empty() && !grammar::is_same_name(member, b"chunked");
    let other = head.members(FieldName::TRANSFER_ENCODING).find(|(_, member)| coded(member));
    if let Some((field, _)) = other.filter(|_| head.framing.body == BodyFraming::Chunked) {
        find(Note::BodyCoded, head.line(field));
    }
}

fn connection(head: &Head<'_>, find: Find<'_>) {
    if let Some(field) = head.first(FieldName::CONNECTION).filter(|_| head.has_option(b"close"))
        && head.has_option(b"keep-alive")
    {
        find(Note::ConnectionContradicts, head.line(field));
    }
    for (field, member) in head.members(FieldName::CONNECTION) {
        let name = FieldName::of(member);
        if name != FieldName::OTHER && CLASSES[name.id() as usize] & HOP == 0 {
            find(Note::ConnectionNominates, head.line(field));
        }
    }
    for (name, option) in [(FieldName::UPGRADE, &b"upgrade"[..]), (FieldName::TE, b"te")] {
        if let Some(field) = head.first(name).filter(|_| !head.has_option(option)) {
            find(Note::OptionMissing, head.line(field));
        }
    }
}

fn content_type(head: &Head<'_>, find: Find<'_>) {
    let Some(field) = head.first(FieldName::CONTENT_TYPE) else {
        if head.has_body() {
            find(Note::TypeMissing, head.start_line());
        }
        return;
    };
    let value = head.value(field);
    let begins = |with: &[u8]| value.get(..with.len()).is_some_and(|start| grammar::is_same_name(start, with));
    let names = |part: &[u8]| value.windows(part.len()).any(|one| grammar::is_same_name(one, part));
    let note = if begins(b"multipart/") && !names(b"boundary=") {
        Note::BoundaryMissing
    } else if begins(b"text/") && !names(b"charset=") {
        Note::CharsetMissing
    } else if begins(b"application/x-www-form-urlencoded") && names(b"charset=") {
        Note::FormCharset
    } else {
        return;
    };
    find(note, head.line(field));
}
