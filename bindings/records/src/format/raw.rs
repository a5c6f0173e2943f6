//! A call of the raw builder: parts of which any may be missing.

use alloc::vec::Vec;
use core::{iter::from_fn, slice};

use h1wire::format::raw;

use super::Placed;
use crate::layout::format as l;

/// Builds a raw message; none if the words do not describe the text.
#[inline(never)]
pub(super) fn build(text: &[u8], words: &[u32], out: &mut Vec<u8>) -> Option<Placed> {
    let count = |word: u32| words[word as usize] as usize;
    let (lines, trailers, chunks) = (count(l::FORMAT_FIELDS), count(l::FORMAT_TRAILERS), count(l::FORMAT_CHUNKS));
    let lengths = words.get(l::FORMAT_LENGTHS as usize..)?;
    let lengths = lengths.get(..5 + 4 * (lines + trailers) + 5 * chunks)?;
    let total: usize = lengths.iter().filter(|length| **length != l::NOWHERE).map(|length| *length as usize).sum();
    if total != text.len() {
        return None;
    }
    let mut parts = RawParts { text, lengths: lengths.iter() };
    let line_end = parts.part();
    let [first, head_end, last, trailers_end] = [(); 4].map(|()| parts.part());
    let ends =
        |section| raw::Ends { section, ..line_end.map_or_else(raw::Ends::default, |line| raw::Ends { line, section }) };

    raw::section(first, from_fn(|| Some(parts.line())).take(lines), ends(head_end), out);
    let head = out.len();
    for _ in 0..chunks {
        raw::chunk(parts.chunk(), ends(None).line, out);
    }
    let before = out.len();
    if words[l::FORMAT_FLAGS as usize] & l::FORMAT_HAS_TRAILERS != 0 {
        raw::section(last, from_fn(|| Some(parts.line())).take(trailers), ends(trailers_end), out);
    }
    Some(Placed { before, after: out.len() - before, carries_body: true, head })
}

/// The parts of a raw message, cut from their text one after the other.
struct RawParts<'a> {
    text: &'a [u8],
    lengths: slice::Iter<'a, u32>,
}

impl<'a> RawParts<'a> {
    /// None if it is missing.
    fn part(&mut self) -> Option<&'a [u8]> {
        let length = *self.lengths.next().filter(|length| **length != l::NOWHERE)?;
        self.text.split_off(..length as usize)
    }

    fn line(&mut self) -> raw::Line<'a> {
        let [name, separator, value, end] = [(); 4].map(|()| self.part());
        let usual = raw::Line::field(name.unwrap_or_default(), value.unwrap_or_default());
        raw::Line { separator: separator.unwrap_or(usual.separator), end, ..usual }
    }

    fn chunk(&mut self) -> raw::Chunk<'a> {
        let [size, extensions, size_end, data, data_end] = [(); 5].map(|()| self.part());
        let usual = raw::Chunk::of(data.unwrap_or_default());
        raw::Chunk { size, extensions: extensions.unwrap_or_default(), size_end, data_end, ..usual }
    }
}
