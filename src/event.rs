//! What a parser tells: events that borrow from the caller's chunk or from what the parser holds.

use crate::{framing::BodyFraming, names::Method, section::Field, start_line::StartLine};

pub use crate::tolerated::Tolerated;

/// One thing that a [`Parser`](crate::Parser) or a [`Connection`](crate::Connection) read.
///
/// Of a message these come, in this order: its head, its body in any number of pieces, its end. Later versions may tell
/// more.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub enum Event<'a> {
    /// The head of a request.
    Request(RequestHead<'a>),
    /// The head of a response.
    Response(ResponseHead<'a>),
    /// Bytes of the body, chunked coding removed: a piece of the caller's chunk that ends where
    /// the parser now stands in it. Never empty.
    Body(&'a [u8]),
    /// The end of the message, with its trailer section. Every head is followed by its end.
    End(Section<'a>),
    /// HTTP ends here, for now or for good: what follows in the chunk belongs to the next protocol
    /// (RFC 9110 sections 7.8 and 9.3.6). [`Parser::resume`](crate::Parser::resume) declines.
    Upgrade,
    /// A leniency was used.
    Tolerated(Tolerated),
}

/// The headers of a message, or its trailers: field lines, in the order of the wire (RFC 9110 section 5).
///
/// It borrows everything: nothing is copied or allocated.
#[derive(Clone, Copy, Debug)]
pub struct Section<'a> {
    pub(crate) text: &'a [u8],
    pub(crate) in_chunk: Option<usize>,
    pub(crate) fields: &'a [Field],
}

impl<'a> Section<'a> {
    pub(crate) const EMPTY: Section<'static> = Section { text: &[], in_chunk: None, fields: &[] };

    /// Names and values in the order and case of the wire; names are ASCII, values may hold
    /// obs-text (0x80 to 0xFF) and have no whitespace at their ends.
    pub fn iter(&self) -> impl Iterator<Item = (&'a [u8], &'a [u8])> + use<'a> {
        let text = self.text;
        self.fields.iter().map(move |field| {
            let name = field.name_start as usize..(field.name_start + field.name_length) as usize;
            (&text[name], &text[field.value_start as usize..field.value_end as usize])
        })
    }

    /// The value of the first line with this name, in any case; none if there is no such line.
    ///
    /// A list may be spread over several lines, and `Set-Cookie` always is (RFC 9110 section 5.3): [`Section::get_all`]
    /// has the values of all of them.
    ///
    /// Cost: a comparison for each line before it.
    pub fn get(&self, name: &str) -> Option<&'a [u8]> {
        self.get_all(name).next()
    }

    /// The values of all lines with this name, in any case, in the order of the wire.
    ///
    /// Cost: a comparison for each line.
    pub fn get_all<'n>(&self, name: &'n str) -> impl Iterator<Item = &'a [u8]> + use<'a, 'n> {
        self.iter().filter(|(one, _)| one.eq_ignore_ascii_case(name.as_bytes())).map(|(_, value)| value)
    }

    /// How many lines there are.
    pub fn len(&self) -> usize {
        self.fields.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.fields.is_empty()
    }
}

/// What heads of requests and responses have in common.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct Head<'a> {
    pub(crate) line: &'a StartLine,
    /// The headers.
    pub section: Section<'a>,
    /// How many bytes the head has on the wire, its empty line included and empty lines before it not. It ends where the
    /// parser stands: at [`Parser::offset`](crate::Parser::offset), once the event is dropped.
    pub size: u32,
    /// How the body is delimited (RFC 9112 section 6.3).
    pub body: BodyFraming,
    /// Whether the connection persists after this message (RFC 9112 section 9.3).
    pub keep_alive: bool,
    /// Whether an [`Event::Upgrade`] may follow this message's end.
    pub upgrade: bool,
}

impl<'a> Head<'a> {
    /// Major and minor version as on the wire: `(1, 1)` for `HTTP/1.1`.
    pub fn version(&self) -> (u8, u8) {
        (self.line.major, self.line.minor)
    }

    /// The length that Content-Length gives the body, if that is what delimits it.
    pub fn content_length(&self) -> Option<u64> {
        if let BodyFraming::Length(length) = self.body { Some(length) } else { None }
    }

    /// Where the request-target or the reason phrase lies in the section's text.
    pub(crate) fn start_line_part(&self) -> core::ops::Range<usize> {
        self.line.start..self.line.end
    }
}

/// A request's head.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct RequestHead<'a> {
    /// What it shares with a response's.
    pub head: Head<'a>,
    /// Whether the client waits for a 100 before it sends the body (RFC 9110 section 10.1.1).
    pub expect_continue: bool,
}

impl<'a> RequestHead<'a> {
    /// The method, as on the wire: methods are case-sensitive (RFC 9110 section 9.1).
    pub fn method(&self) -> &'a [u8] {
        &self.head.section.text[..self.head.line.method_end]
    }

    /// The method as one of those that have a constant; [`Method::OTHER`] for the rest.
    pub fn known_method(&self) -> Method {
        self.head.line.method
    }

    /// The request-target as on the wire: not decoded, not normalised (RFC 9112 section 3.2).
    pub fn target(&self) -> &'a [u8] {
        &self.head.section.text[self.head.start_line_part()]
    }

    /// The value of the first header with this name, in any case: [`Section::get`], which says more. All headers are
    /// in `head.section`.
    pub fn get(&self, name: &str) -> Option<&'a [u8]> {
        self.head.section.get(name)
    }
}

/// A response's head.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
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

    /// The value of the first header with this name, in any case: [`Section::get`], which says more. All headers are
    /// in `head.section`.
    pub fn get(&self, name: &str) -> Option<&'a [u8]> {
        self.head.section.get(name)
    }
}
