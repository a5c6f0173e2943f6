//! The body behind a head that was written: framed as the head says, and counted.
//!
//! It knows the framing the head decided on and nothing of the head itself.

use super::{
    FieldLine, Output,
    chunk::{self, Around},
    refusal::{Lengths, Part, Refusal},
};
use crate::{error::Code, framing::BodyFraming};

/// Writes the pieces of a body as its head promised them, and refuses more or less than that.
///
/// # Example
/// ```
/// use h1wire::format::{BodyFraming, BodyWriter, Response};
///
/// let mut out = Vec::new();
/// let head = Response::new(200).body_unknown().write_to(&mut out)?;
/// out.clear();
/// let mut body = BodyWriter::new(head.framing);
/// body.data(b"hello", &mut out)?;
/// body.end([], &mut out)?;
/// assert_eq!(out, b"5\r\nhello\r\n0\r\n\r\n");
///
/// let mut body = BodyWriter::new(BodyFraming::Length(3));
/// body.data(b"he", &mut out)?;
/// assert!(body.end([], &mut out).is_err(), "one byte is missing");
/// # Ok::<(), h1wire::format::Refusal>(())
/// ```
///
/// Without a copy of the data, in pieces that a vectored write takes:
/// ```
/// use h1wire::format::{BodyFraming, BodyWriter};
///
/// let (data, mut framing) = (b"hello", Vec::new());
/// let mut body = BodyWriter::new(BodyFraming::Chunked);
/// let around = body.around(data.len() as u64, &mut framing)?;
/// assert_eq!(around.pieces(&framing, data), [&b"5\r\n"[..], b"hello", b"\r\n"]);
/// # Ok::<(), h1wire::format::Refusal>(())
/// ```
#[derive(Clone, Copy, Debug)]
pub struct BodyWriter {
    framing: BodyFraming,
    written: u64,
}

impl BodyWriter {
    /// The body behind a head for which this framing was chosen, see
    /// [`Written::framing`](super::Written::framing). Where the answer to HEAD is concerned, that is
    /// [`BodyFraming::None`], and no byte is taken.
    pub fn new(framing: BodyFraming) -> BodyWriter {
        BodyWriter { framing, written: 0 }
    }

    /// Bytes that are still to come, if their number is known.
    pub fn missing(&self) -> Option<u64> {
        match self.framing {
            BodyFraming::None => Some(0),
            BodyFraming::Length(length) => Some(length - self.written),
            BodyFraming::Chunked | BodyFraming::UntilClose => None,
        }
    }

    /// Appends data to `out` as the head said it would come: as a chunk, or as it is. No data is no chunk.
    ///
    /// # Errors
    /// As [`BodyWriter::around`].
    pub fn data(&mut self, data: &[u8], out: &mut impl Output) -> Result<(), Refusal> {
        let start = out.length();
        let Around { before, .. } = self.around(data.len() as u64, out)?;
        out.insert(start + before, data);
        Ok(())
    }

    /// Takes in that `length` bytes of data come next, and appends what goes around them to `out`:
    /// the framing of a chunk, or nothing. No bytes are no chunk. The data is yours to put there.
    ///
    /// # Errors
    /// [`Code::BodyLength`] for bytes beyond the length promised, with both lengths;
    /// [`Code::BodyForbidden`] where there is no body; [`Code::ChunkLength`] for a chunk beyond
    /// 2^53-1. `out` and the count are then as they were.
    pub fn around(&mut self, length: u64, out: &mut impl Output) -> Result<Around, Refusal> {
        if length == 0 {
            return Ok(Around::default());
        }
        let around = match self.framing {
            BodyFraming::None => return Err(Refusal::whole(Code::BodyForbidden, Part::Body)),
            BodyFraming::Length(expected) if length > expected - self.written => {
                return Err(disagree(expected, self.written.saturating_add(length)));
            }
            BodyFraming::Length(_) | BodyFraming::UntilClose => Around::default(),
            BodyFraming::Chunked => chunk::chunk(length, [], out)?,
        };
        self.written = self.written.saturating_add(length);
        Ok(around)
    }

    /// Ends the body, and appends what says so to `out`: the last chunk and the trailer section, or
    /// nothing. From then on there is no body.
    ///
    /// # Errors
    /// [`Code::BodyLength`] if bytes are missing, with both lengths;
    /// [`Code::TrailersNeedChunks`] for trailer fields behind a body that is not chunked; what is
    /// wrong with which trailer field. `out` and the body are then as they were.
    pub fn end<'a>(
        &mut self,
        trailer_fields: impl IntoIterator<Item = FieldLine<'a>>,
        out: &mut impl Output,
    ) -> Result<(), Refusal> {
        if let BodyFraming::Length(expected) = self.framing
            && self.written < expected
        {
            return Err(disagree(expected, self.written));
        }
        if self.framing == BodyFraming::Chunked {
            chunk::last_chunk(trailer_fields, out)?;
        } else if trailer_fields.into_iter().next().is_some() {
            return Err(Refusal::whole(Code::TrailersNeedChunks, Part::TrailerName(0)));
        }
        *self = BodyWriter::new(BodyFraming::None);
        Ok(())
    }
}

fn disagree(expected: u64, actual: u64) -> Refusal {
    Refusal::disagreeing(Code::BodyLength, Part::Body, Lengths { expected, actual })
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::vec::Vec;

    type Line = FieldLine<'static>;
    const TRAILER: Line = (b"X", b"1");

    #[test]
    fn a_length_is_counted() {
        let mut out = Vec::new();
        let mut body = BodyWriter::new(BodyFraming::Length(5));
        assert_eq!(body.around(3, &mut out), Ok(Around::default()));
        assert_eq!(body.missing(), Some(2));
        let too_much = body.around(3, &mut out).unwrap_err();
        assert_eq!(too_much, disagree(5, 6));
        let too_little = body.end([], &mut out).unwrap_err();
        assert_eq!(too_little, disagree(5, 3));
        assert_eq!((too_little.code, too_little.part, too_little.at), (Code::BodyLength, Part::Body, None));
        body.around(2, &mut out).unwrap();
        assert_eq!(body.end([TRAILER], &mut out).unwrap_err().code, Code::TrailersNeedChunks);
        body.end([], &mut out).unwrap();
        assert_eq!(body.around(1, &mut out).unwrap_err().code, Code::BodyForbidden);
        assert!(out.is_empty());
    }

    #[test]
    fn lengths_beyond_32_bits_count() {
        let mut body = BodyWriter::new(BodyFraming::Length((1 << 53) - 1));
        body.around((1 << 53) - 2, &mut Vec::new()).unwrap();
        assert_eq!(body.missing(), Some(1));
        assert_eq!(body.around(u64::MAX, &mut Vec::new()).unwrap_err(), disagree((1 << 53) - 1, u64::MAX));
    }

    #[test]
    fn chunks_are_framed_and_ended_once() {
        let mut out = Vec::new();
        let mut body = BodyWriter::new(BodyFraming::Chunked);
        assert_eq!(body.around(0, &mut out), Ok(Around::default()));
        assert_eq!(body.around(26, &mut out), Ok(Around { before: 4, after: 2 }));
        assert_eq!(body.around(u64::MAX, &mut out).unwrap_err().code, Code::ChunkLength);
        assert_eq!(body.end([(&b"Host"[..], &b"a"[..])], &mut out).unwrap_err().code, Code::TrailerForbidden);
        assert_eq!(out, b"1a\r\n\r\n");
        body.end([TRAILER], &mut out).unwrap();
        body.end([], &mut out).unwrap();
        assert_eq!(out, b"1a\r\n\r\n0\r\nX: 1\r\n\r\n");
        assert_eq!(body.around(1, &mut out).unwrap_err().code, Code::BodyForbidden);
    }

    #[test]
    fn until_close_takes_anything_and_none_nothing() {
        let mut out = Vec::new();
        let mut body = BodyWriter::new(BodyFraming::UntilClose);
        assert_eq!(
            (body.around(u64::MAX, &mut out), body.around(7, &mut out)),
            (Ok(Around::default()), Ok(Around::default()))
        );
        assert_eq!(body.end([TRAILER], &mut out).unwrap_err().code, Code::TrailersNeedChunks);
        body.end([], &mut out).unwrap();
        let mut none = BodyWriter::new(BodyFraming::None);
        assert_eq!(none.around(0, &mut out), Ok(Around::default()));
        assert_eq!(none.around(1, &mut out).unwrap_err().code, Code::BodyForbidden);
        none.end([], &mut out).unwrap();
        assert!(out.is_empty());
    }

    #[test]
    fn data_is_written_where_it_belongs() {
        for (framing, expected) in [
            (BodyFraming::Chunked, "before 3\r\nabc\r\n0\r\n\r\n"),
            (BodyFraming::Length(3), "before abc"),
            (BodyFraming::UntilClose, "before abc"),
        ] {
            let mut out = b"before ".to_vec();
            let mut body = BodyWriter::new(framing);
            body.data(b"", &mut out).unwrap();
            body.data(b"abc", &mut out).unwrap();
            body.end([], &mut out).unwrap();
            assert_eq!(out, expected.as_bytes());
            let refused = body.data(b"d", &mut out).unwrap_err();
            assert_eq!((refused.code, &out[..]), (Code::BodyForbidden, expected.as_bytes()));
        }
    }
}
