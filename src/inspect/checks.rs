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
pub(crate) type Report<'a> = &'a mut dyn FnMut(Note, Range<usize>);

/// Looks at a head.
#[inline(never)]
pub(crate) fn head(head: &Head<'_>, report: Report<'_>) {
    start_line(head, report);
    fields(head, report);
    framing(head, report);
    connection(head, report);
    content_type(head, report);
}

/// Looks at a trailer section.
#[inline(never)]
pub(crate) fn trailer(text: &[u8], read: &Read<'_>, report: Report<'_>) {
    for field in read.fields {
        let start = field.name_start as usize;
        let name = text.get(start..start + field.name_length as usize).unwrap_or_default();
        if trailers::is_forbidden(field.name, name) {
            report(Note::TrailerIgnored, line(text, field));
        }
        if CLASSES[field.name.id() as usize] & SECRET != 0 {
            report(Note::Secret, line(text, field));
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
    /// The next line with this name, from a line's index on.
    #[inline(never)]
    fn next(&self, name: FieldName, from: usize) -> Option<usize> {
        let rest = self.read.fields.get(from..)?;
        rest.iter().position(|field| field.name == name).map(|index| from + index)
    }

    fn first(&self, name: FieldName) -> Option<&'a Field> {
        self.next(name, 0).map(|index| &self.read.fields[index])
    }

    #[inline(never)]
    fn value(&self, field: &Field) -> &[u8] {
        self.read.value(field, self.text)
    }

    fn line(&self, field: &Field) -> Range<usize> {
        line(self.text, field)
    }

    /// Each line with this name.
    #[inline(never)]
    fn each_line(&self, name: FieldName, look: &mut dyn FnMut(&Field)) {
        let mut from = 0;
        while let Some(index) = self.next(name, from) {
            look(&self.read.fields[index]);
            from = index + 1;
        }
    }

    /// Each member of a list over all its lines.
    #[inline(never)]
    fn each_member(&self, name: FieldName, look: &mut dyn FnMut(&Field, &[u8])) {
        self.each_line(name, &mut |field| {
            self.value(field).split(|octet| *octet == b',').for_each(|member| look(field, grammar::trim(member)));
        });
    }

    /// Says this of each line with this name one of whose members is so: once, however many are.
    #[inline(never)]
    fn report_lines(&self, name: FieldName, note: Note, is: &dyn Fn(&[u8]) -> bool, report: Report<'_>) {
        self.each_line(name, &mut |field| {
            if self.value(field).split(|octet| *octet == b',').any(|member| is(grammar::trim(member))) {
                report(note, self.line(field));
            }
        });
    }

    fn has_option(&self, option: &[u8]) -> bool {
        let mut has = false;
        self.each_member(FieldName::CONNECTION, &mut |_, member| has |= grammar::is_same_name(member, option));
        has
    }

    fn has_body(&self) -> bool {
        !matches!(self.framing.body, BodyFraming::None | BodyFraming::Length(0))
    }

    fn start_line(&self) -> Range<usize> {
        0..first_of(self.text, b"\r\n")
    }
}

/// A field line without the whitespace around it; of a folded one the name.
#[inline(never)]
fn line(text: &[u8], field: &Field) -> Range<usize> {
    let start = field.name_start as usize;
    let (name, value) = (start + field.name_length as usize, field.value_end as usize);
    start..if value <= text.len() { value.max(name) } else { name }
}

/// Where the first of these octets stands, or the end.
#[inline(never)]
pub(crate) fn first_of(text: &[u8], set: &[u8]) -> usize {
    text.iter().position(|octet| set.contains(octet)).unwrap_or(text.len())
}

#[inline(never)]
fn has_obs_text(octets: &[u8]) -> bool {
    octets.iter().any(|octet| *octet >= 0x80)
}

/// Where these letters stand, whatever their case.
#[inline(never)]
pub(crate) fn find_word(octets: &[u8], word: &[u8]) -> Option<usize> {
    let mut rest = octets;
    while let Some(part) = rest.get(..word.len()) {
        if grammar::is_same_name(part, word) {
            return Some(octets.len() - rest.len());
        }
        rest = rest.get(1..)?;
    }
    None
}

fn start_line(head: &Head<'_>, report: Report<'_>) {
    let line = head.read.line;
    if line.major == 1 && line.minor > 1 {
        let version = if head.request { line.end + 1..line.end + 9 } else { 0..8 };
        report(Note::VersionUnusual, version);
    }
    if !head.request {
        if line.start > 0 && head.text[line.start - 1] != b' ' {
            report(Note::ReasonSpaceMissing, line.start..line.start + 1);
        }
        if has_obs_text(&head.text[line.start..line.end]) {
            report(Note::ObsText, line.start..line.end);
        }
        return;
    }
    let target = &head.text[line.start..line.end];
    let scheme = find_word(target, b"://").filter(|_| target[0] != b'/' && head.method != Method::CONNECT);
    if let Some(index) = scheme {
        report(Note::AbsoluteForm, line.start..line.end);
        let authority = &target[index + 3..];
        let authority = &authority[..first_of(authority, b"/?")];
        if let Some(host) = head.first(FieldName::HOST)
            && !grammar::is_same_name(head.value(host), authority)
        {
            report(Note::HostDiffers, head.line(host));
        }
    }
}

fn fields(head: &Head<'_>, report: Report<'_>) {
    let mut seen = [false; 256];
    for field in head.read.fields {
        let (class, range) = (CLASSES[field.name.id() as usize], head.line(field));
        let before = core::mem::replace(&mut seen[field.name.id() as usize], true);
        let name = &head.text[range.start..][..field.name_length as usize];
        let notes = [
            (Note::FieldRepeated, class & SINGLE != 0 && before),
            (Note::Secret, class & SECRET != 0),
            (Note::HopByHop, class & HOP != 0),
            (Note::LookAlike, field.name == FieldName::OTHER && is_look_alike(name)),
            // In a request, and in a field that frames, it is a fault.
            (Note::FoldRead, !head.request && class & FRAMING == 0 && is_folded(head.text, field)),
            (Note::ObsText, has_obs_text(head.value(field))),
        ];
        for (note, _) in notes.iter().filter(|(_, is)| *is) {
            report(*note, range.clone());
        }
    }
}

/// Whether a name would frame, if its underscores were hyphens.
fn is_look_alike(name: &[u8]) -> bool {
    let mut plain = [0; 17];
    if !name.contains(&b'_') || name.len() > plain.len() {
        return false;
    }
    for (octet, to) in name.iter().zip(&mut plain) {
        *to = if *octet == b'_' { b'-' } else { *octet };
    }
    FRAMING_FIELDS.contains(&FieldName::of(&plain[..name.len()]))
}

fn is_folded(text: &[u8], field: &Field) -> bool {
    let rest = text.get(field.name_start as usize..).unwrap_or_default();
    rest.get(first_of(rest, b"\n") + 1).is_some_and(|octet| grammar::is_space(*octet))
}

fn framing(head: &Head<'_>, report: Report<'_>) {
    let status = head.read.line.status;
    // A CONNECT with a body is a fault, and its Content-Length: 0 says nothing.
    let bodiless = match head.request {
        true => head.method == Method::CONNECT,
        false => matches!(status, 100..=199 | 204 | 304) || matches!(head.method, Method::HEAD | Method::CONNECT),
    };
    let pointless = matches!(head.method, Method::GET | Method::HEAD | Method::TRACE | Method::DELETE);
    let mut note = (head.request && pointless && head.has_body()).then_some(Note::BodyUnexpected);
    if bodiless && head.framing.body == BodyFraming::None {
        let tells = head.request || !matches!(status, 100..=199 | 204) && head.method != Method::CONNECT;
        note = Some(if tells { Note::FramingIgnored } else { Note::FramingForbidden });
    }
    if let Some(note) = note {
        for name in FRAMING_FIELDS {
            head.each_line(*name, &mut |field| report(note, head.line(field)));
        }
    }
    lengths(head, report);
    codings(head, report);
    if !head.request && head.framing.body == BodyFraming::UntilClose {
        let modern = head.read.line.minor > 0 || head.read.line.major != 1;
        let persists = !head.has_option(b"close") && (modern || head.has_option(b"keep-alive"));
        report(if persists { Note::UntilCloseKeepAlive } else { Note::UntilClose }, head.start_line());
    }
}

fn lengths(head: &Head<'_>, report: Report<'_>) {
    let mut count = 0;
    head.each_member(FieldName::CONTENT_LENGTH, &mut |field, _| {
        count += 1;
        if count == 2 {
            report(Note::LengthRepeated, head.line(field));
        }
    });
    let has_zeros = |member: &[u8]| matches!(member, [b'0', b'0'..=b'9', ..]);
    head.report_lines(FieldName::CONTENT_LENGTH, Note::LengthZeros, &has_zeros, report);
}

fn codings(head: &Head<'_>, report: Report<'_>) {
    let mut lines = 0;
    head.each_line(FieldName::TRANSFER_ENCODING, &mut |field| {
        lines += 1;
        if lines == 2 {
            report(Note::CodingRepeated, head.line(field));
        }
    });
    head.report_lines(FieldName::TRANSFER_ENCODING, Note::CodingEmptyElement, &<[u8]>::is_empty, report);
    if head.framing.body == BodyFraming::Chunked {
        let is_other = |member: &[u8]| !member.is_empty() && !grammar::is_same_name(member, b"chunked");
        head.report_lines(FieldName::TRANSFER_ENCODING, Note::BodyCoded, &is_other, report);
    }
}

fn connection(head: &Head<'_>, report: Report<'_>) {
    if head.has_option(b"close")
        && head.has_option(b"keep-alive")
        && let Some(field) = head.first(FieldName::CONNECTION)
    {
        report(Note::ConnectionContradicts, head.line(field));
    }
    let is_end_to_end = |member: &[u8]| {
        let name = FieldName::of(member);
        name != FieldName::OTHER && CLASSES[name.id() as usize] & HOP == 0
    };
    head.report_lines(FieldName::CONNECTION, Note::ConnectionNominates, &is_end_to_end, report);
    for (name, option) in [(FieldName::UPGRADE, &b"upgrade"[..]), (FieldName::TE, b"te")] {
        if let Some(field) = head.first(name)
            && !head.has_option(option)
        {
            report(Note::OptionMissing, head.line(field));
        }
    }
}

fn content_type(head: &Head<'_>, report: Report<'_>) {
    let Some(field) = head.first(FieldName::CONTENT_TYPE) else {
        if head.has_body() {
            report(Note::TypeMissing, head.start_line());
        }
        return;
    };
    let value = head.value(field);
    for (begins, parameter, has, note) in TYPES {
        if find_word(value, begins) == Some(0) && find_word(value, parameter).is_some() == *has {
            report(*note, head.line(field));
        }
    }
}

/// How a type begins, a parameter, and what there is to say if it has that, or has not.
const TYPES: &[(&[u8], &[u8], bool, Note)] = &[
    (b"multipart/", b"boundary=", false, Note::BoundaryMissing),
    (b"text/", b"charset=", false, Note::CharsetMissing),
    (b"application/x-www-form-urlencoded", b"charset=", true, Note::FormCharset),
];
