//! Chunk framing: the bytes around a chunk's data, and what ends a chunked body.
//!
//! ```text
//! chunk          = chunk-size [ chunk-ext ] CRLF chunk-data CRLF  ; RFC 9112 section 7.1
//! chunk-ext      = *( BWS ";" BWS chunk-ext-name [ BWS "=" BWS chunk-ext-val ] )
//! chunk-ext-val  = token / quoted-string
//! last-chunk     = 1*("0") [ chunk-ext ] CRLF
//! ```

use super::{
    FieldLine, Output, or_undone,
    refusal::{Part, Refusal, check_text, check_token},
    trailers,
};
use crate::{error::Code, framing::MAX_LENGTH, grammar, scan};

/// Where data belongs in the framing that was written for it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Around {
    /// How many bytes go before the data.
    pub before: usize,
    /// How many go behind it.
    pub after: usize,
}

impl Around {
    /// The pieces that go out one behind the other: the data between the two parts of `framing`, which is what was
    /// appended.
    ///
    /// # Panics
    /// If `framing` is shorter than `before + after`.
    pub fn pieces<'a>(&self, framing: &'a [u8], data: &'a [u8]) -> [&'a [u8]; 3] {
        let (before, rest) = framing.split_at(self.before);
        [before, data, &rest[..self.after]]
    }
}

/// Appends the framing of a chunk with `length` bytes of data to `out`: the size line goes before
/// the data and CRLF behind it. A value that is no token is written as a quoted-string.
///
/// # Errors
/// What is wrong with which extension; a chunk without data, which would end the body, or with
/// more than 2^53-1 bytes is refused as [`Part::Body`]. `out` is then as it was.
pub fn chunk<'a>(
    length: u64,
    extensions: impl IntoIterator<Item = (&'a [u8], Option<&'a [u8]>)>,
    out: &mut impl Output,
) -> Result<Around, Refusal> {
    or_undone(out, |out| {
        let start = out.length();
        if !(1..=MAX_LENGTH).contains(&length) {
            return Err(Refusal::whole(Code::ChunkLength, Part::Body));
        }
        write_size(out, length);
        for (index, (name, value)) in extensions.into_iter().enumerate() {
            check_token(name, Part::ExtensionName(index), Code::ChunkExtension, Code::ChunkExtension)?;
            out.write(b";");
            out.write(name);
            if let Some(value) = value {
                out.write(b"=");
                write_extension_value(out, index, value)?;
            }
        }
        out.write(b"\r\n");
        let before = out.length() - start;
        out.write(b"\r\n");
        Ok(Around { before, after: 2 })
    })
}

/// Appends the last chunk, the trailer section and the empty line that ends a chunked body.
///
/// # Errors
/// What is wrong with which trailer field; `out` is then as it was.
pub fn last_chunk<'a>(
    trailer_fields: impl IntoIterator<Item = FieldLine<'a>>,
    out: &mut impl Output,
) -> Result<(), Refusal> {
    or_undone(out, |out| {
        out.write(b"0\r\n");
        trailers::write(trailer_fields.into_iter(), out)?;
        out.write(b"\r\n");
        Ok(())
    })
}

/// A chunk size in hexadecimal digits.
pub(super) fn write_size(out: &mut impl Output, length: u64) {
    let digits = (64 - length.leading_zeros()).div_ceil(4).max(1);
    for digit in (0..digits).rev() {
        out.write(&[b"0123456789abcdef"[(length >> (4 * digit) & 15) as usize]]);
    }
}

fn write_extension_value(out: &mut impl Output, index: usize, value: &[u8]) -> Result<(), Refusal> {
    if !value.is_empty() && scan::token(value, 0) == value.len() {
        out.write(value);
        return Ok(());
    }
    check_text(value, Part::ExtensionValue(index), Code::ChunkExtension)?;
    out.write(b"\"");
    for &octet in value {
        if !grammar::is_quoted_text(octet) {
            out.write(b"\\");
        }
        out.write(&[octet]);
    }
    out.write(b"\"");
    Ok(())
}
