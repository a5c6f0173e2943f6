//! What the inspector asks of a parser beside events: where it stands, what it went past, and how to begin anew.
//!
//! It costs a parser nothing that nobody inspects.

use super::{Parser, State, body::Stage};
use crate::{
    chunked::Part,
    framing::Framing,
    grammar,
    names::Method,
    policy::Policy,
    section::{EXTRA, Field},
    start_line::StartLine,
    tolerated::{Forgiven, Forgiving},
};

/// Where a parser stands, by what it does with the next octet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Standing {
    /// It waits for a message.
    Between,
    /// In a head.
    Head,
    /// In a body, or in a chunk's data.
    Data,
    /// In a chunk-size line.
    ChunkLine,
    /// Behind a chunk's data, or in what stands there in place of a line end.
    ChunkEnd,
    Trailer,
    /// Something is to be told, for which it needs no octet.
    Untold,
    /// HTTP has ended.
    Switched,
    /// What comes is dropped.
    Discard,
}

/// A section as far as it was read.
pub(crate) struct Read<'a> {
    pub(crate) line: &'a StartLine,
    pub(crate) fields: &'a [Field],
    /// The text, and behind it the values that were put together; empty if there are none.
    held: &'a [u8],
    /// The same before the section was whole.
    extra: &'a [u8],
}

impl Read<'_> {
    /// A field's value as it reads; `text` is the section's.
    pub(crate) fn value<'t>(&'t self, field: &Field, text: &'t [u8]) -> &'t [u8] {
        let (start, end) = (field.value_start as usize, field.value_end as usize);
        self.put_together(field, text).or(text.get(start..end)).unwrap_or_default()
    }

    /// The value, if it does not stand in the text as it reads.
    #[inline(never)]
    pub(crate) fn put_together(&self, field: &Field, text: &[u8]) -> Option<&[u8]> {
        let (start, end) = (field.value_start as usize, field.value_end as usize);
        if field.is_extra() {
            // While a fold is being read, the value ends with what there is.
            let end = end.checked_sub(EXTRA as usize).unwrap_or(self.extra.len());
            return self.extra.get(start - EXTRA as usize..end).map(grammar::trim);
        }
        if start >= text.len() { self.held.get(start..end) } else { None }
    }
}

impl Parser {
    /// A parser that goes past these faults.
    #[inline(never)]
    pub(crate) fn forgiving(request: bool, policy: Policy, forgiving: Forgiving) -> Parser {
        let mut parser = Parser::new(request, policy);
        parser.tolerance.forgive(forgiving);
        parser
    }

    pub(crate) fn forgive(&mut self, forgiving: Forgiving) {
        self.tolerance.forgive(forgiving);
    }

    pub(crate) fn take_forgiven(&mut self) -> alloc::vec::Vec<Forgiven> {
        self.tolerance.take_forgiven()
    }

    /// Waits for a message whose first octet has this offset, whatever came of what was read before.
    #[inline(never)]
    pub(crate) fn begin_at(&mut self, offset: u64) {
        self.failed = None;
        self.state = State::Idle;
        self.offset = offset;
        self.skipped = 0;
        self.tolerance.begin_message();
        while self.tolerance.take().is_some() {}
        self.tolerance.take_forgiven();
    }

    #[inline(never)]
    pub(crate) fn standing(&self) -> Standing {
        if self.tolerance.is_untold() {
            return Standing::Untold;
        }
        match self.state {
            State::Idle | State::IdleLf => Standing::Between,
            State::Head => Standing::Head,
            State::Body => match self.body.stage {
                Stage::ChunkLine => Standing::ChunkLine,
                Stage::ChunkDataCr | Stage::ChunkDataLf | Stage::ChunkJunk => Standing::ChunkEnd,
                _ => Standing::Data,
            },
            State::Trailer => Standing::Trailer,
            State::HeadWhole | State::End | State::TrailerWhole | State::Upgrade => Standing::Untold,
            State::Switched => Standing::Switched,
            State::Discard => Standing::Discard,
        }
    }

    /// Whether it drops the rest of a line behind a chunk's data.
    pub(crate) fn drops_line(&self) -> bool {
        self.state == State::Body && self.body.stage == Stage::ChunkJunk
    }

    /// Whether it reads a chunk-size line.
    pub(crate) fn is_in_chunk_line(&self) -> bool {
        self.state == State::Body && self.body.stage == Stage::ChunkLine
    }

    /// What the octet of a chunk-size line is that it read last.
    pub(crate) fn chunk_part(&self, octet: u8) -> Part {
        self.body.chunk_line.part(octet)
    }

    /// The size of the last chunk-size line, if that was whole.
    pub(crate) fn chunk_size(&self) -> u64 {
        self.body.chunk_line.size
    }

    /// Offset of the head or trailer section that was begun last.
    pub(crate) fn text_offset(&self) -> u64 {
        self.text_offset
    }

    /// The section that was begun last. The line that is not whole is the last field, if `partial` says that the
    /// section is not.
    pub(crate) fn section(&self) -> Read<'_> {
        Read {
            line: &self.start_line.line,
            fields: &self.section.fields,
            held: self.held.bytes(),
            extra: &self.section.extra,
        }
    }

    /// The field whose line is not whole, as far as it was read; `end` is where the text ends.
    pub(crate) fn field_begun(&self, end: usize) -> Option<Field> {
        self.section.begun(end)
    }

    /// Whether the start-line is whole.
    pub(crate) fn is_in_fields(&self) -> bool {
        self.in_fields
    }

    /// What the last whole head said.
    pub(crate) fn framing(&self) -> Framing {
        self.framing
    }

    /// The method of the request that the next response answers.
    pub(crate) fn next_expected(&self) -> Option<Method> {
        self.answers.next()
    }

    /// As [`Parser::expect`], but a response that nobody announced is no fault.
    pub(crate) fn expect_perhaps(&mut self, method: Method) {
        self.answers.expect(method);
    }
}
