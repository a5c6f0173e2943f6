//! The chunked coding: RFC 9112 section 7.1.

use h1wire::{
    error::Code,
    policy::{Leniency, Limits},
};

use super::{
    cursor::{Cursor, Read, Stop},
    framing, grammar,
};

/// Digits of a chunk size that count as no extension.
const FREE_DIGITS: usize = 16;

/// What a message's chunks have used up of the limits.
#[derive(Default)]
pub(crate) struct Spent {
    extensions: u64,
    pub(crate) body: u64,
}

/// `chunk-size [ chunk-ext ] CRLF`; the size.
pub(crate) fn size_line(cursor: &mut Cursor<'_>, limits: &Limits, spent: &mut Spent) -> Read<u64> {
    let size = size(cursor, limits, spent)?;
    let mut walk = grammar::CHUNK_EXT.walk();
    let begin = cursor.at;
    while walk.step(cursor.peek()?) {
        count(cursor.at, limits, spent)?;
        cursor.at += 1;
    }
    let wrong = if cursor.at == begin { Code::ChunkSize } else { Code::ChunkExtension };
    let spaces = grammar::OWS.check(cursor.since(begin)).is_ok();
    match cursor.peek()? {
        b'\r' | b'\n' if walk.accepts() || spaces && cursor.permits(Leniency::SpacesAfterChunkSize) => {
            cursor.line_end(wrong)?;
            spent.body += size;
            Ok(size)
        }
        b'\n' => cursor.fault(Code::LoneLf),
        _ => cursor.fault(wrong),
    }
}

/// The CRLF behind a chunk's data.
pub(crate) fn data_end(cursor: &mut Cursor<'_>) -> Read<()> {
    match cursor.peek()? {
        b'\r' => {
            cursor.at += 1;
            cursor.expect(b'\n', Code::ChunkDataEnd)
        }
        b'\n' if cursor.permits(Leniency::OptionalCrBeforeLf) => {
            cursor.at += 1;
            Ok(())
        }
        _ if cursor.permits(Leniency::OptionalCrlfAfterChunk) => Ok(()),
        _ => cursor.fault(Code::ChunkDataEnd),
    }
}

/// `chunk-size = 1*HEXDIG`, told too large at the digit that makes it so.
fn size(cursor: &mut Cursor<'_>, limits: &Limits, spent: &mut Spent) -> Read<u64> {
    let begin = cursor.at;
    let mut walk = grammar::CHUNK_SIZE.walk();
    let mut size = 0;
    while walk.step(cursor.peek()?) {
        let at = cursor.at;
        cursor.at += 1;
        size = framing::number(cursor.since(begin), 16).map_err(|_| Stop::Fault(Code::ChunkSize, at))?;
        if size > limits.max_body_size - spent.body {
            return Err(Stop::Fault(Code::BodyTooLarge, at));
        }
        if at - begin >= FREE_DIGITS {
            count(at, limits, spent)?;
        }
    }
    if walk.accepts() { Ok(size) } else { cursor.fault(Code::ChunkSize) }
}

fn count(at: usize, limits: &Limits, spent: &mut Spent) -> Read<()> {
    spent.extensions += 1;
    if spent.extensions > limits.max_chunk_extensions {
        return Err(Stop::Fault(Code::ChunkExtensionsTooLarge, at));
    }
    Ok(())
}
