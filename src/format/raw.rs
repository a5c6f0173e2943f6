//! Messages exactly as told, for people who test readers: no part is checked, none is added.
//!
//! This is the opposite of the functions of [`format`](super) and shares nothing with them. What it
//! writes can split one message into two, hide a field from one reader and show it to the next, or
//! promise a body that never comes. **Never let it write anything that others supplied, and never
//! send what it wrote to a server that is not yours to test.**
//!
//! A message is a [`section`] (its head), a body, and, if that is chunked, further [`chunk`]s and a
//! section again: the last chunk as the first line, the trailer fields as the others.
//!
//! # Example
//! ```
//! use h1wire::format::raw::{self, Chunk, Ends, Line};
//!
//! let mut out = Vec::new();
//! let lines = [
//!     Line::field(b"Host", b"a"),
//!     Line { separator: b" : ", ..Line::field(b"Transfer-Encoding", b"chunked") },
//!     Line { end: Some(b"\n"), ..Line::whole(b" folded") },
//! ];
//! raw::section(Some(b"POST / HTTP/1.1"), lines, Ends::default(), &mut out);
//! raw::chunk(Chunk { size: Some(b"0x3"), ..Chunk::of(b"abc") }, b"\r\n", &mut out);
//! raw::section(Some(b"0"), [], Ends::default(), &mut out);
//! assert_eq!(
//!     out,
//!     b"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding : chunked\r\n folded\n\r\n0x3\r\nabc\r\n0\r\n\r\n"
//! );
//! ```

use super::{Output, chunk::write_size};

/// A line of a section: its parts behind one another, whatever they hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Line<'a> {
    /// What comes first.
    pub name: &'a [u8],
    /// What comes between: a colon and a space, or anything else.
    pub separator: &'a [u8],
    /// What comes last.
    pub value: &'a [u8],
    /// The line's end; none: the one the section's lines have.
    pub end: Option<&'a [u8]>,
}

impl<'a> Line<'a> {
    /// A line given as a whole: a folded one begins with whitespace.
    pub fn whole(octets: &'a [u8]) -> Line<'a> {
        Line { name: octets, separator: b"", value: b"", end: None }
    }

    /// A name and a value with colon and space between them.
    pub fn field(name: &'a [u8], value: &'a [u8]) -> Line<'a> {
        Line { name, separator: b": ", value, end: None }
    }
}

/// How a section's lines end, and the section.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ends<'a> {
    /// Behind each line.
    pub line: &'a [u8],
    /// Behind the last one: where the empty line belongs. None: as behind each line.
    pub section: Option<&'a [u8]>,
}

/// CRLF for both.
impl Default for Ends<'_> {
    fn default() -> Self {
        Ends { line: b"\r\n", section: None }
    }
}

/// A chunk, however wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Chunk<'a> {
    /// What stands where the size belongs; none: the data's own in hexadecimal.
    pub size: Option<&'a [u8]>,
    /// What stands right behind it.
    pub extensions: &'a [u8],
    /// What ends that line; none: as everywhere.
    pub size_end: Option<&'a [u8]>,
    /// The data.
    pub data: &'a [u8],
    /// What stands behind the data; none: a line end.
    pub data_end: Option<&'a [u8]>,
}

impl<'a> Chunk<'a> {
    /// A chunk of this data with nothing wrong with it; even an empty one is written.
    pub fn of(data: &'a [u8]) -> Chunk<'a> {
        Chunk { size: None, extensions: b"", size_end: None, data, data_end: None }
    }
}

/// Appends a head, or what ends a chunked body: the first line if there is one, the other lines, and
/// the section's end.
pub fn section<'a>(
    first: Option<&'a [u8]>,
    lines: impl IntoIterator<Item = Line<'a>>,
    ends: Ends<'a>,
    out: &mut impl Output,
) {
    for Line { name, separator, value, end } in first.map(Line::whole).into_iter().chain(lines) {
        for part in [name, separator, value, end.unwrap_or(ends.line)] {
            out.write(part);
        }
    }
    out.write(ends.section.unwrap_or(ends.line));
}

/// Appends a chunk, whose lines end so unless it says otherwise.
pub fn chunk(chunk: Chunk<'_>, line_end: &[u8], out: &mut impl Output) {
    match chunk.size {
        Some(size) => out.write(size),
        None => write_size(out, chunk.data.len() as u64),
    }
    for part in [chunk.extensions, chunk.size_end.unwrap_or(line_end), chunk.data, chunk.data_end.unwrap_or(line_end)] {
        out.write(part);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::vec::Vec;

    #[test]
    fn every_end_and_every_octet_can_be_chosen() {
        let all: Vec<u8> = (0..=255).collect();
        let mut out = Vec::new();
        let lines = [Line::whole(&all), Line { end: Some(b""), ..Line::field(b"\r", b"\n") }, Line::field(b"A", b"b")];
        section(None, lines, Ends { line: b"\n", section: Some(b"|") }, &mut out);
        assert_eq!(out, [&all[..], b"\n\r: \nA: b\n|"].concat());
        out.clear();
        section(None, [], Ends::default(), &mut out);
        section(Some(b""), [], Ends { line: b"\r", section: Some(b"") }, &mut out);
        assert_eq!(out, b"\r\n\r");
    }

    #[test]
    fn chunks_have_their_own_size_or_any_other() {
        let mut out = Vec::new();
        chunk(Chunk::of(&[b'x'; 26]), b"\r\n", &mut out);
        chunk(Chunk::of(b""), b"\n", &mut out);
        let wrong = Chunk {
            size: Some(b"FFFFFFFFFFFFFFFFF "),
            extensions: b";\n=",
            size_end: Some(b"\r"),
            data: b"ab",
            data_end: Some(b""),
        };
        chunk(wrong, b"\r\n", &mut out);
        assert_eq!(out, b"1a\r\nxxxxxxxxxxxxxxxxxxxxxxxxxx\r\n0\n\nFFFFFFFFFFFFFFFFF ;\n=\rab");
    }
}
