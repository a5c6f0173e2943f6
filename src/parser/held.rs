//! The text of the section that is read, or was read last: in the caller's chunk, or held here.
//!
//! A section is held if it did not lie in one chunk, if it must wait until something else is told, or
//! if values are put behind it that do not stand in the text as they read.

use alloc::vec::Vec;

use crate::{error::Fault, section::Step};

#[derive(Debug, Default)]
pub(super) struct Held {
    /// What has come of a section that did not lie in one chunk.
    bytes: Vec<u8>,
    /// Where the section lies that was whole last.
    place: Place,
}

/// Where a whole section lies: in the caller's chunk from an index on, or in what is held.
#[derive(Clone, Copy, Debug, Default)]
struct Place {
    in_chunk: Option<usize>,
    length: usize,
}

impl Held {
    /// A section begins, of which nothing is held.
    pub(super) fn begin(&mut self) {
        self.bytes.clear();
    }

    /// The section is whole, and lies in the chunk.
    #[inline(always)]
    pub(super) fn lies_in_chunk(&mut self, start: usize, length: usize) {
        self.place = Place { in_chunk: Some(start), length };
    }

    /// The section is whole, and ends with what is held.
    pub(super) fn lies_here(&mut self) {
        self.place = Place { in_chunk: None, length: self.bytes.len() };
    }

    /// The text of the section that was whole last.
    #[cfg_attr(target_family = "wasm", inline(always))]
    pub(super) fn text<'a>(&'a self, chunk: &'a [u8]) -> &'a [u8] {
        match self.place.in_chunk {
            Some(start) => &chunk[start..start + self.place.length],
            None => &self.bytes[..self.place.length],
        }
    }

    /// Index of that text in the caller's chunk, if it lies there.
    #[inline(always)]
    pub(super) fn in_chunk(&self) -> Option<usize> {
        self.place.in_chunk
    }

    /// That text and what stands behind it, if it is held; else nothing.
    pub(super) fn bytes(&self) -> &[u8] {
        if self.place.in_chunk.is_none() { &self.bytes } else { &[] }
    }

    /// How many bytes are held of a section that is not whole.
    pub(super) fn len(&self) -> usize {
        self.bytes.len()
    }

    /// Holds more of a section that is not whole.
    pub(super) fn push(&mut self, piece: &[u8]) {
        self.bytes.extend_from_slice(piece);
    }

    /// What there is of a section that is not whole: `chunk` goes on at `at`.
    pub(super) fn begun<'a>(&'a self, chunk: &'a [u8], at: usize) -> &'a [u8] {
        if self.bytes.is_empty() { &chunk[at..] } else { &self.bytes }
    }

    /// Reads a section from the chunk or, if it began in an earlier one, from what is held, and moves `at` behind what
    /// was taken. Returns whether it is whole; if it is not, the chunk is taken.
    pub(super) fn read(
        &mut self,
        chunk: &[u8],
        at: &mut usize,
        mut read: impl FnMut(&[u8]) -> Result<Step, Fault>,
    ) -> Result<bool, Fault> {
        if self.bytes.is_empty() {
            let text = &chunk[*at..];
            let step = read(text)?;
            match step {
                Step::Done(length) => {
                    self.lies_in_chunk(*at, length);
                    *at += length;
                }
                Step::More => {
                    self.push(text);
                    *at = chunk.len();
                }
            }
            return Ok(step != Step::More);
        }
        // The section's end is not known yet: what is copied too much stays linear in its length.
        loop {
            let before = self.bytes.len();
            let rest = &chunk[*at..];
            self.push(&rest[..rest.len().min(before.max(256))]);
            match read(&self.bytes)? {
                Step::Done(length) => {
                    self.bytes.truncate(length);
                    self.lies_here();
                    // The end may lie before the last byte held (a CR that turned out to stand alone).
                    *at += length.saturating_sub(before);
                    return Ok(true);
                }
                Step::More => {
                    *at += self.bytes.len() - before;
                    if *at == chunk.len() {
                        return Ok(false);
                    }
                }
            }
        }
    }

    /// Holds a whole section, with this behind it.
    #[cold]
    pub(super) fn hold(&mut self, chunk: &[u8], extra: &[u8]) {
        if let Some(start) = self.place.in_chunk {
            self.bytes.clear();
            self.push(&chunk[start..start + self.place.length]);
        }
        self.push(extra);
        self.lies_here();
    }

    /// The length of the section that was whole last.
    pub(super) fn length(&self) -> usize {
        self.place.length
    }

    /// Nothing is being read: memory that only an unusual message needs is given back.
    pub(super) fn rest(&mut self) {
        const USUAL: usize = 1024;
        if self.bytes.capacity() > USUAL {
            self.bytes = Vec::new();
        }
    }
}
