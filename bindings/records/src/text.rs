//! The text of a call: every head and trailer section it delivers, as one run of octets.
//!
//! Sections that lie together in the chunk (or nearly so) stay where they are; others are copied
//! behind one another.

use alloc::vec::Vec;

use crate::layout::{FROM_CHUNK, FROM_MEMORY};

/// Octets between two sections that are rather taken along than copied around.
const GAP: usize = 256;

/// Gathers sections.
#[derive(Debug, Default)]
pub struct Text {
    /// The range of the chunk that is the text, unless `gathered` holds it.
    start: usize,
    end: usize,
    gathered: Vec<u8>,
}

impl Text {
    /// Begins a call's text.
    pub fn clear(&mut self) {
        self.start = 0;
        self.end = 0;
        self.gathered.clear();
    }

    /// Adds a section that lies in the chunk; returns where it begins in the text.
    #[inline(always)]
    pub fn add_chunk(&mut self, chunk: &[u8], start: usize, end: usize) -> u32 {
        if self.gathered.is_empty() {
            if self.end == 0 {
                self.start = start;
            } else if start - self.end > GAP {
                return self.add_held(chunk, &chunk[start..end]);
            }
            self.end = end;
            return (start - self.start) as u32;
        }
        self.add_held(chunk, &chunk[start..end])
    }

    /// Adds a section that lies elsewhere; returns where it begins in the text.
    pub fn add_held(&mut self, chunk: &[u8], section: &[u8]) -> u32 {
        if self.gathered.is_empty() {
            self.gathered.extend_from_slice(&chunk[self.start..self.end]);
        }
        let start = self.gathered.len();
        self.gathered.extend_from_slice(section);
        start as u32
    }

    /// Source, start and length for the header; the start counts in the chunk.
    pub fn place(&self) -> (u32, usize, usize) {
        if self.gathered.is_empty() {
            (FROM_CHUNK, self.start, self.end - self.start)
        } else {
            (FROM_MEMORY, 0, self.gathered.len())
        }
    }

    /// The text.
    pub fn octets<'a>(&'a self, chunk: &'a [u8]) -> &'a [u8] {
        if self.gathered.is_empty() { &chunk[self.start..self.end] } else { &self.gathered }
    }
}
