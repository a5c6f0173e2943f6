//! What a parser tells: events that borrow from the caller's chunk or from what the parser holds.

use crate::{framing::BodyFraming, names::Method, section::Field, start_line::StartLine, tolerated::Tolerated};

/// One thing that a parser read.
#[derive(Clone, Copy, Debug)]
pub enum Event<'a> {
    /// The head of a request.
    Request(RequestHead<'a>),
    /// The head of a response.
    Response(ResponseHead<'a>),
    /// Octets of the body, chunked coding removed: a piece of the caller's chunk that ends where
    /// the parser now stands in it.
    Body(&'a [u8]),
    /// The end of the message, with its trailer section. Every head is followed by its end.
    End(Section<'a>),
    /// HTTP ends here, for now or for good: what follows in the chunk belongs to whoever speaks
    /// next. [`crate::parser::Parser::resume`] declines.
    Upgrade,
    /// A leniency was used.
    Tolerated(Tolerated),
}

/// A field section in its text.
#[derive(Clone, Copy, Debug)]
pub struct Section<'a> {
    /// The octets that positions count in. For a head this begins with the start-line.
    pub text: &'a [u8],
    /// Index of the text in the caller's chunk; none if the parser holds it, because it came in
    /// pieces or had to be put together.
    pub in_chunk: Option<usize>,
    /// Where each field line's parts lie, in the order of the wire.
    pub fields: &'a [Field],
}

impl<'a> Section<'a> {
    pub(crate) const EMPTY: Section<'static> = Section { text: &[], in_chunk: None, fields: &[] };

    /// Names and values in the order and case of the wire; names are ASCII, values may hold
    /// obs-text (0x80 to 0xFF).
    pub fn iter(&self) -> impl Iterator<Item = (&'a [u8], &'a [u8])> + use<'a> {
        let text = self.text;
        self.fields.iter().map(move |field| {
            let name = field.name_start as usize..(field.name_start + field.name_length) as usize;
            (&text[name], &text[field.value_start as usize..field.value_end as usize])
        })
    }

    /// The first value of the field with this name, whatever its case.
    ///
    /// Cost: a comparison a field line.
    pub fn get(&self, name: &str) -> Option<&'a [u8]> {
        self.iter().find(|(one, _)| one.eq_ignore_ascii_case(name.as_bytes())).map(|(_, value)| value)
    }
}

/// What heads of requests and responses have in common.
#[derive(Clone, Copy, Debug)]
pub struct Head<'a> {
    pub(crate) line: &'a StartLine,
    /// The field lines; their text begins with the start-line.
    pub section: Section<'a>,
    /// How many bytes the head has on the wire, its empty line included and empty lines before it not. It ends where the
    /// parser stands: at [`Parser::offset`](crate::parser::Parser::offset), once the event is dropped.
    pub size: u32,
    /// How the body is delimited.
    pub body: BodyFraming,
    /// Whether the connection persists after this message (RFC 9112 section 9.3).
    pub keep_alive: bool,
    /// Whether an [`Event::Upgrade`] follows this message's end.
    pub upgrade: bool,
}

impl<'a> Head<'a> {
    /// Major and minor version as on the wire.
    pub fn version(&self) -> (u8, u8) {
        (self.line.major, self.line.minor)
    }

    /// The length that Content-Length gives the body, if that is what delimits it.
    pub fn content_length(&self) -> Option<u64> {
        if let BodyFraming::Length(length) = self.body { Some(length) } else { None }
    }

    /// Where the request-target or the reason phrase lies in the section's text.
    pub fn start_line_part(&self) -> core::ops::Range<usize> {
        self.line.start..self.line.end
    }
}

/// A request's head.
#[derive(Clone, Copy, Debug)]
pub struct RequestHead<'a> {
    /// What it shares with a response's.
    pub head: Head<'a>,
    /// Whether the client waits for a 100 before it sends the body.
    pub expect_continue: bool,
}

impl<'a> RequestHead<'a> {
    /// The method, in its own case.
    pub fn method(&self) -> &'a [u8] {
        &self.head.section.text[..self.head.line.method_end]
    }

    /// The method's number.
    pub fn known_method(&self) -> Method {
        self.head.line.method
    }

    /// The request-target as on the wire.
    pub fn target(&self) -> &'a [u8] {
        &self.head.section.text[self.head.start_line_part()]
    }
}

/// A response's head.
#[derive(Clone, Copy, Debug)]
pub struct ResponseHead<'a> {
    /// What it shares with a request's.
    pub head: Head<'a>,
    /// Whether this is a 1xx but 101: the answer itself is still to come.
    pub informational: bool,
}

impl<'a> ResponseHead<'a> {
    /// The status code, 100 to 999.
    pub fn status(&self) -> u16 {
        self.head.line.status
    }

    /// The reason phrase as on the wire, untrimmed, perhaps empty.
    pub fn reason(&self) -> &'a [u8] {
        &self.head.section.text[self.head.start_line_part()]
    }
}
