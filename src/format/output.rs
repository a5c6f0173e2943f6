//! Where messages are written: a growing buffer or a fixed one. It knows bytes only.

use alloc::vec::Vec;
use core::ops::Range;

/// Where messages are written: a `Vec<u8>`, or a [`Fixed`] buffer.
///
/// What the functions of [`format`](super) append to it they also take back when they refuse.
#[expect(private_bounds, reason = "nobody else can promise what these two do")]
pub trait Output: Sink {}

impl Output for Vec<u8> {}
impl Output for Fixed<'_> {}

/// What the functions of this module do with an output.
pub(super) trait Sink {
    /// Bytes so far.
    fn length(&self) -> usize;
    fn write(&mut self, octets: &[u8]);
    /// Writes a line of two parts, what stands between them and what ends it: for this is written often.
    fn write_line<const S: usize, const E: usize>(
        &mut self,
        first: &[u8],
        separator: &[u8; S],
        second: &[u8],
        end: &[u8; E],
    );
    /// Writes a field line.
    #[inline(always)]
    fn write_field(&mut self, name: &[u8], value: &[u8]) {
        self.write_line(name, b": ", value, b"\r\n");
    }
    /// Takes everything from this index on back.
    fn truncate(&mut self, length: usize);
    fn remove(&mut self, range: Range<usize>);
    fn insert(&mut self, at: usize, octets: &[u8]);
}

impl Sink for Vec<u8> {
    #[inline]
    fn length(&self) -> usize {
        self.len()
    }

    #[inline]
    fn write(&mut self, octets: &[u8]) {
        self.extend_from_slice(octets);
    }

    #[inline(always)]
    fn write_line<const S: usize, const E: usize>(
        &mut self,
        first: &[u8],
        separator: &[u8; S],
        second: &[u8],
        end: &[u8; E],
    ) {
        const { assert!(SHORT_FIRST + S + SHORT_SECOND + E <= SHORT_LINE) };
        let is_short = first.len() <= SHORT_FIRST && second.len() <= SHORT_SECOND;
        if cfg!(not(target_arch = "wasm32")) && is_short && self.capacity() - self.len() >= SHORT_LINE {
            let start = self.len();
            self.extend_from_slice(&[0; SHORT_LINE]);
            let Some(room) = self.last_chunk_mut::<SHORT_LINE>() else { return };
            let mut at = place(room, 0, first);
            room[at..at + S].copy_from_slice(separator);
            at = place(room, at + S, second);
            room[at..at + E].copy_from_slice(end);
            self.truncate(start + at + E);
            return;
        }
        self.reserve(first.len() + S + second.len() + E);
        self.extend_from_slice(first);
        self.extend_from_slice(separator);
        self.extend_from_slice(second);
        self.extend_from_slice(end);
    }

    fn truncate(&mut self, length: usize) {
        self.truncate(length);
    }

    fn remove(&mut self, range: Range<usize>) {
        self.drain(range);
    }

    fn insert(&mut self, at: usize, octets: &[u8]) {
        self.extend_from_slice(octets);
        self[at..].rotate_right(octets.len());
    }
}

// Most lines are short, and a call for each part costs more than the copying. Room of fixed size is made for such a line:
// the compiler knows then that all of it fits, and copies in blocks of fixed size.
const SHORT_FIRST: usize = 32;
const SHORT_SECOND: usize = 64;
const SHORT_LINE: usize = 112;

/// Copies a short part to this place; returns the end of it. The last block reaches back over bytes that are there already.
#[inline(always)]
fn place(room: &mut [u8; SHORT_LINE], at: usize, part: &[u8]) -> usize {
    let end = at + part.len();
    if let (Some(first), Some(last)) = (part.first_chunk::<32>(), part.last_chunk::<32>()) {
        room[at..at + 32].copy_from_slice(first);
        room[end - 32..end].copy_from_slice(last);
    } else if let (Some(first), Some(last)) = (part.first_chunk::<16>(), part.last_chunk::<16>()) {
        room[at..at + 16].copy_from_slice(first);
        room[end - 16..end].copy_from_slice(last);
    } else if let (Some(first), Some(last)) = (part.first_chunk::<8>(), part.last_chunk::<8>()) {
        room[at..at + 8].copy_from_slice(first);
        room[end - 8..end].copy_from_slice(last);
    } else if let (Some(first), Some(last)) = (part.first_chunk::<4>(), part.last_chunk::<4>()) {
        room[at..at + 4].copy_from_slice(first);
        room[end - 4..end].copy_from_slice(last);
    } else {
        for (place, octet) in room[at..].iter_mut().zip(part) {
            *place = *octet;
        }
    }
    end
}

/// A buffer of the caller's, whose size does not change.
///
/// What does not fit is counted and not written, and then nothing of it counts as written.
///
/// # Example
/// ```
/// use h1wire::format::{Fixed, last_chunk};
///
/// let mut buffer = [0; 8];
/// let mut out = Fixed::new(&mut buffer);
/// last_chunk([], &mut out)?;
/// assert_eq!(out.octets(), Ok(&b"0\r\n\r\n"[..]));
/// last_chunk([], &mut out)?;
/// assert_eq!(out.octets().unwrap_err().needed, 10);
/// # Ok::<(), h1wire::format::Refusal>(())
/// ```
#[derive(Debug)]
pub struct Fixed<'a> {
    buffer: &'a mut [u8],
    /// Bytes written, those that did not fit too.
    length: usize,
    /// How many of them, from the first on, are in their place.
    placed: usize,
    /// The most there were since all were in their place.
    needed: usize,
}

/// A buffer is too small.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TooSmall {
    /// A buffer of so many bytes is large enough.
    pub needed: usize,
}

impl core::fmt::Display for TooSmall {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "the buffer is too small: {} bytes are needed", self.needed)
    }
}

impl core::error::Error for TooSmall {}

impl<'a> Fixed<'a> {
    /// Writes into this buffer, from its beginning.
    pub fn new(buffer: &'a mut [u8]) -> Fixed<'a> {
        Fixed { buffer, length: 0, placed: 0, needed: 0 }
    }

    /// Everything written.
    ///
    /// # Errors
    /// It did not all fit.
    pub fn octets(&self) -> Result<&[u8], TooSmall> {
        self.check().map(|()| &self.buffer[..self.length])
    }

    /// The same, for as long as the buffer lives.
    ///
    /// # Errors
    /// It did not all fit.
    pub fn into_octets(self) -> Result<&'a mut [u8], TooSmall> {
        self.check().map(|()| &mut self.buffer[..self.length])
    }

    fn check(&self) -> Result<(), TooSmall> {
        if self.is_whole() { Ok(()) } else { Err(TooSmall { needed: self.needed }) }
    }

    fn is_whole(&self) -> bool {
        self.placed == self.length
    }
}

impl Sink for Fixed<'_> {
    fn length(&self) -> usize {
        self.length
    }

    fn write(&mut self, octets: &[u8]) {
        let end = self.length + octets.len();
        if self.is_whole()
            && let Some(room) = self.buffer.get_mut(self.length..end)
        {
            room.copy_from_slice(octets);
            self.placed = end;
        }
        self.length = end;
        self.needed = self.needed.max(end);
    }

    fn write_line<const S: usize, const E: usize>(
        &mut self,
        first: &[u8],
        separator: &[u8; S],
        second: &[u8],
        end: &[u8; E],
    ) {
        for part in [first, separator, second, end] {
            self.write(part);
        }
    }

    fn truncate(&mut self, length: usize) {
        self.length = length;
        self.placed = self.placed.min(length);
        if self.is_whole() {
            self.needed = length;
        }
    }

    fn remove(&mut self, range: Range<usize>) {
        if self.is_whole() {
            self.buffer.copy_within(range.end..self.length, range.start);
            self.placed -= range.len();
        } else {
            self.placed = self.placed.min(range.start);
        }
        self.length -= range.len();
    }

    fn insert(&mut self, at: usize, octets: &[u8]) {
        self.write(octets);
        if self.is_whole() {
            self.buffer[at..self.length].rotate_right(octets.len());
        } else {
            self.placed = self.placed.min(at);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The same steps on a fixed buffer as on a growing one.
    fn steps(out: &mut impl Sink) {
        out.write(b"abcdef");
        out.remove(1..3);
        out.insert(2, b"XYZ");
        let before = out.length();
        out.write(b"gone");
        out.truncate(before);
        out.write(b"!");
    }

    #[test]
    fn a_fixed_buffer_holds_the_same_or_says_how_much_it_needs() {
        let mut expected = Vec::new();
        steps(&mut expected);
        assert_eq!(expected, b"adXYZef!");
        for size in 0..16 {
            let mut buffer = [0; 16];
            let mut out = Fixed::new(&mut buffer[..size]);
            steps(&mut out);
            match out.octets() {
                Ok(octets) => assert!(size >= 8 && octets == expected),
                Err(TooSmall { needed }) => assert!(size < 8 && (8..=11).contains(&needed)),
            }
            // Once all of it is taken back, the buffer is as good as new.
            out.truncate(0);
            assert_eq!(out.octets(), Ok(&b""[..]));
            out.write(&b"0123456789abcdef"[..size]);
            assert_eq!(out.into_octets().unwrap(), &b"0123456789abcdef"[..size]);
        }
    }
    /// Around all lengths at which another block, or another way, is taken, with little room and with much.
    #[test]
    fn lines_are_written_whole_whatever_their_length() {
        let text: Vec<u8> = (0..=u8::MAX).collect();
        let step = if cfg!(miri) { 7 } else { 1 };
        for first in (0..SHORT_FIRST + 3).step_by(step) {
            for second in (0..SHORT_SECOND + 3).step_by(step) {
                let (first, second) = (&text[..first], &text[100..100 + second]);
                let expected = [b"before", first, b": ", second, b"\r\n"].concat();
                for room in [0, expected.len(), 6 + SHORT_LINE - 1, 6 + SHORT_LINE, 300] {
                    let mut out = Vec::with_capacity(room);
                    out.extend_from_slice(b"before");
                    out.write_field(first, second);
                    assert_eq!(out, expected);
                    assert!(room < expected.len() || out.capacity() == room, "it has moved without need");
                }
            }
        }
    }
}
