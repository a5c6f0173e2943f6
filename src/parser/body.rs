//! The body of one message: what of the bytes that come is data, and where it ends (RFC 9112 section 6.3).
//!
//! Each message has a reader of its own, so nothing of one body can count towards the next.

use crate::{
    chunked::{Bounds, ChunkLine},
    error::{Code, Fault},
    framing::{BodyFraming, MAX_LENGTH},
    policy::{Leniencies, Leniency, Limits},
    section::Step,
    tolerated::Tolerance,
};

#[derive(Debug)]
pub(super) struct BodyReader {
    pub(super) stage: Stage,
    /// Bytes of data announced by chunks, or read until the connection closes.
    total: u64,
    pub(super) chunk_line: ChunkLine,
}

/// What comes next of a body.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Stage {
    /// So many bytes of data, and then the message is whole.
    Length(u64),
    UntilClose,
    ChunkLine,
    ChunkData(u64),
    /// The line end behind a chunk's data, and its LF.
    ChunkDataCr,
    ChunkDataLf,
    /// Behind a fault that was forgiven: the rest of the line is dropped, and a chunk-size line follows.
    ChunkJunk,
    Trailer,
    /// Nothing: the message is whole.
    End,
}

/// How many bytes were taken, and how many of them, the last ones, are data.
#[derive(Clone, Copy)]
pub(super) struct Taken {
    pub(super) bytes: usize,
    pub(super) data: usize,
}

impl Stage {
    /// What comes behind so many bytes of data.
    #[inline(always)]
    fn behind(self, bytes: u64) -> Stage {
        match self {
            Stage::Length(left) if left == bytes => Stage::End,
            Stage::Length(left) => Stage::Length(left - bytes),
            Stage::ChunkData(left) if left == bytes => Stage::ChunkDataCr,
            Stage::ChunkData(left) => Stage::ChunkData(left - bytes),
            stage => stage,
        }
    }
}

impl BodyReader {
    #[inline(always)]
    pub(super) fn new(framing: BodyFraming) -> BodyReader {
        let stage = match framing {
            BodyFraming::None | BodyFraming::Length(0) => Stage::End,
            BodyFraming::Length(length) => Stage::Length(length),
            BodyFraming::UntilClose => Stage::UntilClose,
            BodyFraming::Chunked => Stage::ChunkLine,
        };
        BodyReader { stage, total: 0, chunk_line: ChunkLine::default() }
    }

    /// How many bytes of data may follow at once, if all data may have so many.
    #[inline(always)]
    pub(super) fn passable(&self, max_size: u64) -> u64 {
        match self.stage {
            Stage::Length(left) | Stage::ChunkData(left) => left,
            Stage::UntilClose => (max_size - self.total).min(MAX_LENGTH),
            _ => 0,
        }
    }

    /// Goes past so many bytes of data, of those that may follow at once.
    #[inline(always)]
    pub(super) fn pass(&mut self, bytes: u64) {
        if self.stage == Stage::UntilClose {
            self.total += bytes;
        }
        self.stage = self.stage.behind(bytes);
    }

    /// Reads data and, if it is a chunk's, its line before it too, as far as that is of the usual kind. If no data comes
    /// of it, the stage says what was read.
    #[inline(always)]
    pub(super) fn read_plain(&mut self, text: &[u8], max_size: u64) -> Taken {
        let mut stage = self.stage;
        let mut bytes = 0;
        if stage == Stage::ChunkDataCr {
            if !text.starts_with(b"\r\n") {
                return Taken { bytes, data: 0 };
            }
            bytes = 2;
            self.chunk_line.begin();
            stage = Stage::ChunkLine;
        }
        if stage == Stage::ChunkLine {
            let Some(length) = self.chunk_line.read_plain(&text[bytes..], max_size - self.total) else {
                self.stage = stage;
                return Taken { bytes, data: 0 };
            };
            bytes += length;
            stage = self.behind_chunk_line();
        }
        let data = match stage {
            Stage::ChunkData(left) | Stage::Length(left) => ((text.len() - bytes) as u64).min(left),
            _ => 0,
        };
        self.stage = if data == 0 { stage } else { stage.behind(data) };
        Taken { bytes: bytes + data as usize, data: data as usize }
    }

    /// Reads on in bytes of which there is at least one, under these limits; `offset` is that of the first.
    #[inline(always)]
    pub(super) fn read(
        &mut self,
        text: &[u8],
        limits: &Limits,
        offset: u64,
        tolerance: &mut Tolerance,
    ) -> Result<Taken, Fault> {
        let byte = text[0];
        let bytes = match self.stage {
            Stage::Length(_) | Stage::ChunkData(_) | Stage::UntilClose => {
                let data = (text.len() as u64).min(self.passable(limits.max_body_size)) as usize;
                if data == 0 {
                    return Err(Fault::new(Code::BodyTooLarge, 0));
                }
                self.pass(data as u64);
                return Ok(Taken { bytes: data, data });
            }
            Stage::ChunkLine => self.read_chunk_line(text, limits, offset, tolerance)?,
            Stage::ChunkDataCr => self.read_chunk_end(byte, offset, tolerance)?,
            Stage::ChunkDataLf if byte == b'\n' => {
                self.begin_chunk_line();
                1
            }
            Stage::ChunkDataLf => {
                tolerance.refuse(Code::ChunkDataEnd, 0, offset)?;
                self.pass_chunk_end(byte);
                0
            }
            Stage::ChunkJunk => {
                if byte == b'\n' {
                    self.begin_chunk_line();
                }
                1
            }
            Stage::Trailer | Stage::End => 0,
        };
        Ok(Taken { bytes, data: 0 })
    }

    /// The input ends here. What is missing: which fault that is, and how many bytes of data are known to.
    pub(super) fn end_input(&mut self) -> Result<(), (Code, u64)> {
        match self.stage {
            Stage::UntilClose => {
                self.stage = Stage::End;
                Ok(())
            }
            Stage::Length(left) => Err((Code::TruncatedBody, left)),
            Stage::ChunkData(left) => Err((Code::TruncatedChunks, left)),
            _ => Err((Code::TruncatedChunks, 0)),
        }
    }

    fn begin_chunk_line(&mut self) {
        self.chunk_line.begin();
        self.stage = Stage::ChunkLine;
    }

    fn read_chunk_line(
        &mut self,
        text: &[u8],
        limits: &Limits,
        offset: u64,
        tolerance: &mut Tolerance,
    ) -> Result<usize, Fault> {
        let bounds =
            Bounds { max_extensions: limits.max_chunk_extensions, max_size: limits.max_body_size - self.total, offset };
        match self.chunk_line.read(text, &bounds, tolerance)? {
            Step::More => Ok(text.len()),
            Step::Done(length) => {
                self.stage = self.behind_chunk_line();
                Ok(length)
            }
        }
    }

    /// What comes behind the chunk-size line that was read.
    #[inline(always)]
    fn behind_chunk_line(&mut self) -> Stage {
        let size = self.chunk_line.size;
        self.total += size;
        if size == 0 { Stage::Trailer } else { Stage::ChunkData(size) }
    }

    /// The byte behind a chunk's data: how many bytes of a line end it is.
    fn read_chunk_end(&mut self, byte: u8, offset: u64, tolerance: &mut Tolerance) -> Result<usize, Fault> {
        if byte == b'\r' {
            self.stage = Stage::ChunkDataLf;
            return Ok(1);
        }
        if byte == b'\n' && tolerance.permits(Leniency::OptionalCrBeforeLf, offset) {
            self.begin_chunk_line();
            return Ok(1);
        }
        if tolerance.permits(Leniency::OptionalCrlfAfterChunk, offset) {
            self.begin_chunk_line();
            return Ok(0);
        }
        let permitting = match byte {
            b'\n' => Leniencies::STRICT.with(Leniency::OptionalCrBeforeLf),
            _ if byte.is_ascii_hexdigit() => Leniencies::STRICT.with(Leniency::OptionalCrlfAfterChunk),
            _ => Leniencies::STRICT,
        };
        let refused = tolerance.refuse(Code::ChunkDataEnd, 0, offset);
        refused.map_err(|fault| Fault { leniencies: permitting, ..fault })?;
        self.pass_chunk_end(byte);
        Ok(0)
    }

    /// No line end behind a chunk's data, and it is forgiven: a digit begins the next chunk, and of anything else
    /// the line is dropped.
    #[cold]
    fn pass_chunk_end(&mut self, byte: u8) {
        if byte.is_ascii_hexdigit() {
            self.begin_chunk_line();
        } else {
            self.stage = Stage::ChunkJunk;
        }
    }
}
