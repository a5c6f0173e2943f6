//! Chunk-size lines, byte by byte.
//!
//! ```text
//! chunk      = chunk-size [ chunk-ext ] CRLF chunk-data CRLF      ; RFC 9112 section 7.1
//! chunk-size = 1*HEXDIG
//! chunk-ext  = *( BWS ";" BWS chunk-ext-name [ BWS "=" BWS chunk-ext-val ] )
//! ```

use crate::{
    error::{Code, Fault, fault},
    framing::MAX_LENGTH,
    grammar,
    policy::Leniency,
    section::Step,
    tolerated::Tolerance,
};

/// Leading zeros that count as part of a size; further ones count as extension bytes.
const FREE_DIGITS: u32 = 16;

/// Reads chunk-size lines.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct ChunkLine {
    phase: Phase,
    digits: u32,
    /// The size so far; whole when the line is.
    pub(crate) size: u64,
    /// Extension bytes of the whole message so far.
    extensions: u64,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Phase {
    #[default]
    Size,
    /// Whitespace behind the size: an extension must follow.
    AfterSize,
    NameStart,
    Name,
    AfterName,
    ValueStart,
    Value,
    Quoted,
    Escaped,
    AfterQuoted,
    /// Whitespace behind a value.
    AfterValue,
    /// Behind a fault that was forgiven: the rest of the line says nothing.
    Junk,
    Lf,
}

/// What a byte of a chunk-size line is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Part {
    Size,
    Space,
    Semicolon,
    Name,
    Equals,
    Value,
    Junk,
    LineEnd,
}

/// The limits a chunk-size line is read under, and the offset of the text's first byte.
pub(crate) struct Bounds {
    pub(crate) max_extensions: u64,
    /// How many bytes of body may still come.
    pub(crate) max_size: u64,
    pub(crate) offset: u64,
}

impl ChunkLine {
    /// The next chunk-size line of the same message begins.
    pub(crate) fn begin(&mut self) {
        *self = ChunkLine { extensions: self.extensions, ..ChunkLine::default() };
    }

    /// Reads a line of which nothing was read yet, if it is whole and holds a few digits and nothing
    /// else; returns where it ends.
    #[inline(always)]
    pub(crate) fn read_plain(&mut self, text: &[u8], max_size: u64) -> Option<usize> {
        const MOST: usize = 8;
        if self.digits > 0 {
            return None;
        }
        let mut size = 0;
        for (at, octet) in text.iter().take(MOST).enumerate() {
            let Some(digit) = hex(*octet) else {
                if at == 0 || size > max_size || text.get(at..at + 2)? != b"\r\n" {
                    return None;
                }
                self.size = size;
                return Some(at + 2);
            };
            size = size << 4 | u64::from(digit);
        }
        None
    }

    /// Reads on from the text's beginning. Done: the line ends before that index.
    pub(crate) fn read(&mut self, text: &[u8], bounds: &Bounds, tolerance: &mut Tolerance) -> Result<Step, Fault> {
        for (at, &octet) in text.iter().enumerate() {
            if self.phase == Phase::Size {
                if let Some(digit) = hex(octet) {
                    self.digit(digit, at, bounds)?;
                    continue;
                }
                if self.digits == 0 {
                    return fault(Code::ChunkSize, at);
                }
            }
            if self.phase == Phase::Lf {
                if octet == b'\n' {
                    return Ok(Step::Done(at + 1));
                }
                tolerance.require(Leniency::OptionalLfAfterCr, Code::LoneCr, at, bounds.offset)?;
                return Ok(Step::Done(at));
            }
            match octet {
                b'\r' | b'\n' if self.may_end(at, bounds, tolerance) => {
                    if octet == b'\r' {
                        self.phase = Phase::Lf;
                    } else {
                        tolerance.require(Leniency::OptionalCrBeforeLf, Code::LoneLf, at, bounds.offset)?;
                        return Ok(Step::Done(at + 1));
                    }
                }
                b'\n' => {
                    tolerance.refuse(Code::LoneLf, at, bounds.offset)?;
                    return Ok(Step::Done(at + 1));
                }
                _ => {
                    match self.extension(octet, at) {
                        Ok(phase) => self.phase = phase,
                        Err(fault) => {
                            let spaces = octet == b'\r' && self.phase == Phase::AfterSize;
                            tolerance
                                .refuse(fault.code, at, bounds.offset)
                                .map_err(|fault| fault.but_if(spaces, Leniency::SpacesAfterChunkSize))?;
                            self.phase = if octet == b'\r' { Phase::Lf } else { Phase::Junk };
                        }
                    }
                    self.count(at, bounds)?;
                }
            }
        }
        Ok(Step::More)
    }

    /// What the byte is that was read last, if it did not end the line.
    pub(crate) fn part(&self, octet: u8) -> Part {
        match self.phase {
            Phase::Size => Part::Size,
            Phase::NameStart if octet == b';' => Part::Semicolon,
            Phase::ValueStart if octet == b'=' => Part::Equals,
            Phase::AfterSize | Phase::NameStart | Phase::AfterName | Phase::ValueStart | Phase::AfterValue => {
                Part::Space
            }
            Phase::Name => Part::Name,
            Phase::Value | Phase::Quoted | Phase::Escaped | Phase::AfterQuoted => Part::Value,
            Phase::Junk => Part::Junk,
            Phase::Lf => Part::LineEnd,
        }
    }

    fn digit(&mut self, digit: u8, at: usize, bounds: &Bounds) -> Result<(), Fault> {
        self.size = self.size << 4 | u64::from(digit);
        self.digits = self.digits.saturating_add(1);
        if self.size > MAX_LENGTH {
            return fault(Code::ChunkSize, at);
        }
        if self.size > bounds.max_size {
            return fault(Code::BodyTooLarge, at);
        }
        if self.digits > FREE_DIGITS { self.count(at, bounds) } else { Ok(()) }
    }

    fn count(&mut self, at: usize, bounds: &Bounds) -> Result<(), Fault> {
        self.extensions += 1;
        if self.extensions > bounds.max_extensions {
            return fault(Code::ChunkExtensionsTooLarge, at);
        }
        Ok(())
    }

    /// Whether a line end may stand here.
    fn may_end(&self, at: usize, bounds: &Bounds, tolerance: &mut Tolerance) -> bool {
        match self.phase {
            Phase::Size | Phase::Name | Phase::Value | Phase::AfterQuoted | Phase::Junk => true,
            Phase::AfterSize => tolerance.permits(Leniency::SpacesAfterChunkSize, bounds.offset + at as u64),
            _ => false,
        }
    }

    fn extension(&self, octet: u8, at: usize) -> Result<Phase, Fault> {
        let space = grammar::is_space(octet);
        let token = grammar::is_token(octet);
        Ok(match self.phase {
            Phase::Size | Phase::AfterSize | Phase::AfterName | Phase::Name | Phase::Value | Phase::AfterValue
                if octet == b';' =>
            {
                Phase::NameStart
            }
            Phase::AfterQuoted if octet == b';' => Phase::NameStart,
            Phase::Size | Phase::AfterSize if space => Phase::AfterSize,
            Phase::Size => return fault(Code::ChunkSize, at),
            Phase::NameStart if space => Phase::NameStart,
            Phase::NameStart | Phase::Name if token => Phase::Name,
            Phase::Name | Phase::AfterName if octet == b'=' => Phase::ValueStart,
            Phase::Name | Phase::AfterName if space => Phase::AfterName,
            Phase::ValueStart if space => Phase::ValueStart,
            Phase::ValueStart if octet == b'"' => Phase::Quoted,
            Phase::ValueStart | Phase::Value if token => Phase::Value,
            Phase::Value | Phase::AfterValue | Phase::AfterQuoted if space => Phase::AfterValue,
            Phase::Quoted if octet == b'"' => Phase::AfterQuoted,
            Phase::Quoted if octet == b'\\' => Phase::Escaped,
            Phase::Quoted if grammar::is_quoted_text(octet) => Phase::Quoted,
            Phase::Escaped if grammar::is_field_value(octet) => Phase::Quoted,
            Phase::Junk => Phase::Junk,
            _ => return fault(Code::ChunkExtension, at),
        })
    }
}

#[inline(always)]
fn hex(octet: u8) -> Option<u8> {
    let digit = HEX[octet as usize];
    (digit < 16).then_some(digit)
}

/// The value of each byte as a HEXDIG; 16 for those that are none.
static HEX: [u8; 256] = {
    let mut table = [16; 256];
    let mut digit = 0;
    while digit < 16 {
        table[b"0123456789abcdef"[digit] as usize] = digit as u8;
        table[b"0123456789ABCDEF"[digit] as usize] = digit as u8;
        digit += 1;
    }
    table
};
