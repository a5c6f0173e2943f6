//! What h1wire's own bindings, tests and benchmarks use beside the public API: where things lie in memory, and the tables
//! by which JavaScript knows them. Any version may change it.

use core::ops::Range;

use crate::event::{Head, Section};

pub use crate::{
    names::{FIELD_NAMES, FieldName, METHODS, Spelling},
    section::Field,
};

/// Where the lines of a section lie.
#[derive(Clone, Copy, Debug)]
pub struct Lines<'a> {
    /// The bytes that positions count in. For a head this begins with the start-line.
    pub text: &'a [u8],
    /// Index of the text in the caller's chunk; none if the parser holds it, because it came in
    /// pieces or had to be put together.
    pub in_chunk: Option<usize>,
    /// Where each field line's parts lie, in the order of the wire.
    pub fields: &'a [Field],
}

impl<'a> Lines<'a> {
    /// Those of this section.
    #[inline]
    pub fn of(section: &Section<'a>) -> Lines<'a> {
        let Section { text, in_chunk, fields } = *section;
        Lines { text, in_chunk, fields }
    }
}

/// Where the request-target or the reason phrase lies in the text of a head.
#[inline]
pub fn start_line_part(head: &Head<'_>) -> Range<usize> {
    head.start_line_part()
}
