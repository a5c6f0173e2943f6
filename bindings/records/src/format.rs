//! Format calls: how the parts of a message come in and what was written goes out.
//!
//! A call takes one text, all parts of the message behind one another without separators, and
//! words that say how long each part is. The text is narrowed to octets, one a code unit; a code
//! unit above 0xFF is refused, never cut. What the builder writes stays in the output area; the
//! answer is 0, or the number of an error plus 1.
//!
//! On the way in:
//!
//! | words | hold |
//! | --- | --- |
//! | `FORMAT_CALL` … `FORMAT_CHUNKS` | what to build, flags, status, the body's length, how many fields (or extensions), trailer fields and raw chunks there are |
//! | `FORMAT_TARGET` | where a binding with memory for messages puts what was written |
//! | from `FORMAT_LENGTHS` on | the parts' lengths in the order of the text. Request: method, target, host. Response: reason, request method. Then name and value of each field (or extension), then of each trailer field. Entry of a form: boundary, name, file name, file type; its end: boundary |
//!
//! A raw message has other parts, any of which may be missing: line end, first line, end of the head,
//! last-chunk line, end of the trailer section; name, separator, value and end of each line; size,
//! extensions, their end, data and its end of each chunk; the trailer section's lines.
//!
//! On the way out, if the answer is 0: `FORMAT_BEFORE`, `FORMAT_AFTER`, `FORMAT_CARRIES_BODY`,
//! `FORMAT_HEAD`.
//! Otherwise: `FORMAT_PART` (a `PART_*`), `FORMAT_ITEM`, `FORMAT_AT`, `FORMAT_TEXT_AT`, `FORMAT_EXPECTED`, `FORMAT_ACTUAL`.

use alloc::{collections::TryReserveError, vec::Vec};
use core::{array, iter::from_fn, slice};

use h1wire::{
    connection::{Connection, Delivery},
    error::Code,
    format::{
        self, Around, Body, Lengths, Part, Refusal, Request, Response, Version, Written,
        multipart::{Boundary, Entry, File},
        raw,
    },
    policy::{Leniencies, Leniency},
};

use crate::{
    errors::{self, Number, OuterCode},
    layout::{CYCLED, format as l},
    session::states,
};

/// Room that a new area has.
pub const FORMAT_OCTETS: usize = 1 << 14;

/// The buffers of format calls: one for all calls of an environment.
#[derive(Debug, Default)]
pub struct FormatArea {
    narrow: Vec<u8>,
    out: Vec<u8>,
}

impl FormatArea {
    /// Makes room for so many octets of output, but for [`FORMAT_OCTETS`] at least, and gives back
    /// what is more. Up to so many the output does not move in memory.
    ///
    /// # Errors
    /// There is not so much memory.
    pub fn reserve(&mut self, octets: usize) -> Result<(), TryReserveError> {
        let octets = octets.max(FORMAT_OCTETS);
        for buffer in [&mut self.out, &mut self.narrow] {
            buffer.clear();
            buffer.shrink_to(octets);
            buffer.try_reserve_exact(octets)?;
        }
        Ok(())
    }

    /// Builds from a text in UTF-16; what is built is sent on the connection, if one is given.
    pub fn from_utf16(&mut self, connection: Option<&mut Connection>, units: &[u16], words: &mut [u32]) -> u32 {
        self.out.clear();
        match narrow_utf16(units, &mut self.narrow) {
            Ok(text) => answer(connection, text, words, &mut self.out),
            Err(index) => refuse_unit(index, words),
        }
    }

    /// Builds from a text in UTF-8; otherwise likewise.
    pub fn from_utf8(&mut self, connection: Option<&mut Connection>, octets: &[u8], words: &mut [u32]) -> u32 {
        self.out.clear();
        if octets.is_ascii() {
            return answer(connection, octets, words, &mut self.out);
        }
        self.narrow.clear();
        match narrow_utf8(octets, &mut self.narrow) {
            Ok(()) => answer(connection, &self.narrow, words, &mut self.out),
            Err(index) => refuse_unit(index, words),
        }
    }

    /// What the last call wrote.
    pub fn output(&self) -> &[u8] {
        &self.out
    }
}

/// One octet a code unit, or the index of the first code unit that is none. What `narrow` has beyond them stays as it is.
fn narrow_utf16<'a>(units: &[u16], narrow: &'a mut Vec<u8>) -> Result<&'a [u8], usize> {
    if narrow.len() < units.len() {
        narrow.resize(units.len(), 0);
    }
    let octets = &mut narrow[..units.len()];
    if narrow_to(units, octets) > 0xFF {
        return Err(units.iter().position(|unit| *unit > 0xFF).unwrap_or_default());
    }
    Ok(octets)
}

/// Puts the lower octet of each unit into its place; returns all bits of all units.
#[inline(never)]
fn narrow_to(units: &[u16], octets: &mut [u8]) -> u16 {
    let (Some(last), Some(place)) = (units.last_chunk(), octets.last_chunk_mut()) else {
        return octets.iter_mut().zip(units).fold(0, |all, (octet, unit)| {
            *octet = *unit as u8;
            all | unit
        });
    };
    // First the last block: blocks before it may reach over it.
    let mut all = narrow_block(last, place, [0; BLOCK]);
    for (block, place) in units.as_chunks().0.iter().zip(octets.as_chunks_mut().0) {
        all = narrow_block(block, place, all);
    }
    all.iter().fold(0, |all, unit| all | unit)
}

/// Code units that are narrowed at once.
const BLOCK: usize = 32;

#[inline(always)]
fn narrow_block(units: &[u16; BLOCK], octets: &mut [u8; BLOCK], all: [u16; BLOCK]) -> [u16; BLOCK] {
    *octets = units.map(|unit| unit as u8);
    array::from_fn(|index| all[index] | units[index])
}

/// The same from UTF-8: octets 0x80 to 0xFF come as two, 0xC2 or 0xC3 and one more. Up to the first
/// code unit above 0xFF each unit is one octet, so that its index counts in code units too.
fn narrow_utf8(octets: &[u8], narrow: &mut Vec<u8>) -> Result<(), usize> {
    let mut rest = octets;
    loop {
        rest = match rest {
            [] => return Ok(()),
            [octet @ 0..=0x7F, rest @ ..] => {
                narrow.push(*octet);
                rest
            }
            [lead @ 0xC2..=0xC3, next @ 0x80..=0xBF, rest @ ..] => {
                narrow.push(lead << 6 | next & 0x3F);
                rest
            }
            _ => return Err(narrow.len()),
        };
    }
}

fn answer(mut connection: Option<&mut Connection>, text: &[u8], words: &mut [u32], out: &mut Vec<u8>) -> u32 {
    let cycles = words[l::FORMAT_FLAGS as usize] & l::FORMAT_CYCLES != 0;
    let built = if words[l::FORMAT_CALL as usize] == l::CALL_RAW {
        build_raw(text, words, out).map(Ok)
    } else {
        let lengths = words.get(l::FORMAT_LENGTHS as usize..);
        lengths.and_then(|lengths| Call { words, text, lengths }.build(connection.as_deref_mut(), out))
    };
    match built {
        Some(Ok(Placed { before, after, carries_body, head })) => {
            words[l::FORMAT_BEFORE as usize] = before as u32;
            words[l::FORMAT_AFTER as usize] = after as u32;
            words[l::FORMAT_CARRIES_BODY as usize] = u32::from(carries_body);
            words[l::FORMAT_HEAD as usize] = head as u32;
            if let Some(connection) = connection {
                let cycled = cycles && connection.is_reusable() && connection.next_cycle().is_ok();
                words[l::FORMAT_STATES as usize] = states(connection) | if cycled { CYCLED << 16 } else { 0 };
            }
            0
        }
        Some(Err(refusal)) => refuse(&refusal, words),
        None => fail(Code::Internal, words, [l::PART_BODY, 0, l::NOWHERE, l::NOWHERE]),
    }
}

fn refuse(refusal: &Refusal, words: &mut [u32]) -> u32 {
    let (part, item) = numbers(refusal.part);
    let at = refusal.at.map_or(l::NOWHERE, |at| at as u32);
    let places = lengths(words).take_while(|place| (place.part, place.item) != (part, item));
    let start: u32 = places.map(|place| place.length).sum();
    let text_at = if refusal.octet.is_some() { start + at } else { l::NOWHERE };
    let answer = fail(refusal.code, words, [part, item, at, text_at]);
    if let Some(Lengths { expected, actual }) = refusal.lengths {
        words[l::FORMAT_EXPECTED as usize..][..2].copy_from_slice(&[expected as u32, (expected >> 32) as u32]);
        words[l::FORMAT_ACTUAL as usize..][..2].copy_from_slice(&[actual as u32, (actual >> 32) as u32]);
    }
    answer
}

fn refuse_unit(index: usize, words: &mut [u32]) -> u32 {
    let mut at = index as u32;
    let found = lengths(words).find(|place| {
        let is_here = at < place.length;
        if !is_here {
            at -= place.length;
        }
        is_here
    });
    let (part, item) = found.map_or((l::PART_BODY, 0), |place| (place.part, place.item));
    fail(OuterCode::CodeUnit, words, [part, item, at, index as u32])
}

fn fail(code: impl Number, words: &mut [u32], [part, item, at, text_at]: [u32; 4]) -> u32 {
    words[l::FORMAT_PART as usize] = part;
    words[l::FORMAT_ITEM as usize] = item;
    words[l::FORMAT_AT as usize] = at;
    words[l::FORMAT_TEXT_AT as usize] = text_at;
    words[l::FORMAT_EXPECTED as usize + 1] = l::NOWHERE;
    errors::refused(code)
}

/// A part's number, and which of them it is.
fn numbers(part: Part) -> (u32, u32) {
    match part {
        Part::Method => (l::PART_METHOD, 0),
        Part::Target => (l::PART_TARGET, 0),
        Part::Host => (l::PART_HOST, 0),
        Part::Status => (l::PART_STATUS, 0),
        Part::Reason => (l::PART_REASON, 0),
        Part::RequestMethod => (l::PART_REQUEST_METHOD, 0),
        Part::Body => (l::PART_BODY, 0),
        Part::FieldName(item) => (l::PART_FIELD_NAME, item as u32),
        Part::FieldValue(item) => (l::PART_FIELD_VALUE, item as u32),
        Part::TrailerName(item) => (l::PART_TRAILER_NAME, item as u32),
        Part::TrailerValue(item) => (l::PART_TRAILER_VALUE, item as u32),
        Part::ExtensionName(item) => (l::PART_EXTENSION_NAME, item as u32),
        Part::ExtensionValue(item) => (l::PART_EXTENSION_VALUE, item as u32),
        Part::Boundary => (l::PART_BOUNDARY, 0),
        Part::EntryName => (l::PART_ENTRY_NAME, 0),
        Part::EntryFileName => (l::PART_ENTRY_FILE_NAME, 0),
        Part::EntryType => (l::PART_ENTRY_TYPE, 0),
        Part::Call => (l::PART_CALL, 0),
    }
}

/// The parts at the beginning of a call's text.
fn single_parts(words: &[u32]) -> &'static [u32] {
    match words[l::FORMAT_CALL as usize] {
        l::CALL_REQUEST => &[l::PART_METHOD, l::PART_TARGET, l::PART_HOST],
        l::CALL_RESPONSE | l::CALL_INFORMATIONAL => &[l::PART_REASON, l::PART_REQUEST_METHOD],
        l::CALL_ENTRY => &[l::PART_BOUNDARY, l::PART_ENTRY_NAME, l::PART_ENTRY_FILE_NAME, l::PART_ENTRY_TYPE],
        l::CALL_FORM_END => &[l::PART_BOUNDARY],
        _ => &[],
    }
}

/// A part of the text, as the words describe it.
struct Place {
    part: u32,
    item: u32,
    length: u32,
}

/// Every part of a call's text, in its order.
fn lengths(words: &[u32]) -> impl Iterator<Item = Place> + use<'_> {
    let singles = single_parts(words).iter().map(|part| (*part, 0));
    let (name, value) = match words[l::FORMAT_CALL as usize] {
        l::CALL_CHUNK => (l::PART_EXTENSION_NAME, l::PART_EXTENSION_VALUE),
        _ => (l::PART_FIELD_NAME, l::PART_FIELD_VALUE),
    };
    let fields = (0..words[l::FORMAT_FIELDS as usize]).flat_map(move |item| [(name, item), (value, item)]);
    let trailers = (0..words[l::FORMAT_TRAILERS as usize])
        .flat_map(|item| [(l::PART_TRAILER_NAME, item), (l::PART_TRAILER_VALUE, item)]);
    let lengths = words[l::FORMAT_LENGTHS as usize..].iter();
    singles.chain(fields).chain(trailers).zip(lengths).map(|((part, item), length)| Place {
        part,
        item,
        length: if *length == l::NOWHERE { 0 } else { *length },
    })
}

/// Where the body belongs in what a call wrote.
struct Placed {
    before: usize,
    after: usize,
    carries_body: bool,
    head: usize,
}

impl Placed {
    /// All that was written.
    fn ahead(out: &[u8]) -> Placed {
        Placed::from(Around { before: out.len(), after: 0 })
    }
}

impl From<Written> for Placed {
    fn from(written: Written) -> Placed {
        let Written { before, after, carries_body, head, .. } = written;
        Placed { before, after, carries_body, head }
    }
}

impl From<Around> for Placed {
    fn from(Around { before, after }: Around) -> Placed {
        Placed { before, after, carries_body: true, head: before }
    }
}

const ASTERISK: Leniencies = Leniencies::STRICT.with(Leniency::Asterisk);

/// A call: its parts are cut from its text one after the other.
struct Call<'a> {
    words: &'a [u32],
    text: &'a [u8],
    lengths: &'a [u32],
}

impl<'a> Call<'a> {
    /// Builds what is called for; none if the words do not describe the text.
    fn build(mut self, connection: Option<&mut Connection>, out: &mut Vec<u8>) -> Option<Result<Placed, Refusal>> {
        let delivery = if self.has(l::FORMAT_PIECES) { Delivery::Pieces } else { Delivery::Whole };
        match self.words[l::FORMAT_CALL as usize] {
            l::CALL_REQUEST => {
                let [method, target, host] = [self.part()?, self.part()?, self.part()?];
                let [fields, trailers] = self.pairs()?;
                let message = Request {
                    method,
                    target,
                    lenient: self.lenient(),
                    host: self.has(l::FORMAT_HAS_HOST).then_some(host),
                    version: self.version(l::FORMAT_HTTP_1_0),
                    body: self.body(),
                    fields,
                    trailers,
                };
                let written = match connection {
                    Some(connection) => connection.send_request(message, delivery, out),
                    None => format::request(message, out),
                };
                Some(written.map(Placed::from))
            }
            call @ (l::CALL_RESPONSE | l::CALL_INFORMATIONAL) => {
                let [reason, request_method] = [self.part()?, self.part()?];
                let [fields, trailers] = self.pairs()?;
                let message = Response {
                    status: self.words[l::FORMAT_STATUS as usize].try_into().unwrap_or(0),
                    reason: self.has(l::FORMAT_HAS_REASON).then_some(reason),
                    version: self.version(l::FORMAT_HTTP_1_0),
                    request_method,
                    request_version: self.version(l::FORMAT_REQUEST_HTTP_1_0),
                    body: self.body(),
                    fields,
                    trailers,
                };
                let written = match connection {
                    Some(connection) if call == l::CALL_INFORMATIONAL => connection.send_informational(message, out),
                    Some(connection) => connection.send_response(message, delivery, out),
                    None => format::response(message, out),
                };
                Some(written.map(Placed::from))
            }
            l::CALL_CHUNK => {
                let [extensions, _] = self.pairs()?;
                let around = match connection {
                    Some(connection) => connection.send_data(self.length(), out),
                    None => format::chunk(self.length(), extensions.extensions(), out),
                };
                Some(around.map(Placed::from))
            }
            l::CALL_ENTRY => {
                let [boundary, name, file_name, media_type] = [self.part()?, self.part()?, self.part()?, self.part()?];
                self.pairs()?;
                let file = self.has(l::FORMAT_HAS_FILE).then_some(File { name: file_name, media_type });
                let around = self.boundary(boundary).and_then(|boundary| boundary.entry(Entry { name, file }, out));
                Some(around.map(Placed::from))
            }
            l::CALL_FORM_END => {
                let boundary = self.part()?;
                self.pairs()?;
                let ended = self.boundary(boundary).map(|boundary| boundary.end(out));
                Some(ended.map(|()| Placed::ahead(out)))
            }
            _ => {
                let [_, trailers] = self.pairs()?;
                let ended = match connection {
                    Some(connection) => connection.send_end(trailers, out),
                    None => format::last_chunk(trailers, out),
                };
                Some(ended.map(|()| Placed::ahead(out)))
            }
        }
    }

    /// The next part; none if the text ends before it.
    fn part(&mut self) -> Option<&'a [u8]> {
        let length = *self.lengths.split_off_first()?;
        self.text.split_off(..length as usize)
    }

    /// The field lines, or extensions, and the trailer lines, which are all the rest of the text.
    #[cfg_attr(target_arch = "wasm32", inline(never))]
    #[cfg_attr(not(target_arch = "wasm32"), inline(always))]
    fn pairs(&mut self) -> Option<[Pairs<'a>; 2]> {
        let fields = self.pairs_of(l::FORMAT_FIELDS)?;
        let trailers = self.pairs_of(l::FORMAT_TRAILERS)?;
        self.text.is_empty().then_some([fields, trailers])
    }

    fn pairs_of(&mut self, count: u32) -> Option<Pairs<'a>> {
        let lengths = self.lengths.split_off(..2 * self.words[count as usize] as usize)?.as_chunks().0;
        let mut total = 0;
        for [name, value] in lengths {
            total += *name as usize + if *value == l::NOWHERE { 0 } else { *value as usize };
        }
        Some(Pairs { text: self.text.split_off(..total)?, lengths: lengths.iter() })
    }

    fn boundary(&self, text: &'a [u8]) -> Result<Boundary<'a>, Refusal> {
        if self.has(l::FORMAT_HAS_TYPE) { Boundary::of(text) } else { Boundary::new(text) }
    }

    fn has(&self, flag: u32) -> bool {
        self.words[l::FORMAT_FLAGS as usize] & flag != 0
    }

    fn lenient(&self) -> Leniencies {
        if self.has(l::FORMAT_ASTERISK) { ASTERISK } else { Leniencies::STRICT }
    }

    fn version(&self, is_1_0: u32) -> Version {
        if self.has(is_1_0) { Version::Http10 } else { Version::Http11 }
    }

    fn body(&self) -> Body {
        if self.has(l::FORMAT_BODY_KNOWN) {
            Body::Known(self.length())
        } else if self.has(l::FORMAT_BODY_UNKNOWN) {
            Body::Unknown
        } else if self.has(l::FORMAT_BODY_DECLARED) {
            Body::Declared
        } else {
            Body::None
        }
    }

    fn length(&self) -> u64 {
        u64::from(self.words[l::FORMAT_BODY_LOW as usize]) | u64::from(self.words[l::FORMAT_BODY_HIGH as usize]) << 32
    }
}

/// Names and values, cut from their text one after the other.
struct Pairs<'a> {
    text: &'a [u8],
    lengths: slice::Iter<'a, [u32; 2]>,
}

impl<'a> Pairs<'a> {
    /// Name and value, and whether there is a value.
    #[inline]
    fn cut(&mut self) -> Option<(&'a [u8], &'a [u8], bool)> {
        let [name_length, value_length] = *self.lengths.next()?;
        let has_value = value_length != l::NOWHERE;
        let (name, rest) = self.text.split_at(name_length as usize);
        let (value, rest) = rest.split_at(if has_value { value_length as usize } else { 0 });
        self.text = rest;
        Some((name, value, has_value))
    }

    /// As chunk extensions, whose value may be missing.
    fn extensions(mut self) -> impl Iterator<Item = (&'a [u8], Option<&'a [u8]>)> {
        from_fn(move || self.cut().map(|(name, value, has_value)| (name, has_value.then_some(value))))
    }
}

impl<'a> Iterator for Pairs<'a> {
    type Item = (&'a [u8], &'a [u8]);

    #[inline]
    fn next(&mut self) -> Option<Self::Item> {
        self.cut().map(|(name, value, _)| (name, value))
    }
}

/// Builds a raw message; none if the words do not describe the text.
#[inline(never)]
fn build_raw(text: &[u8], words: &[u32], out: &mut Vec<u8>) -> Option<Placed> {
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

#[cfg(test)]
mod tests {
    use super::*;

    const ANSWERED: u32 = 0;

    use errors::refused as number;

    /// The words of a call whose parts are these.
    fn words(fields: u32, trailers: u32, parts: &[&str]) -> Vec<u32> {
        let mut words = vec![0; l::FORMAT_LENGTHS as usize];
        words[l::FORMAT_FIELDS as usize] = fields;
        words[l::FORMAT_TRAILERS as usize] = trailers;
        words.extend(parts.iter().map(|part| part.encode_utf16().count() as u32));
        words
    }

    /// Both ways in give the same answer, output and words.
    fn call(call: u32, mut words: Vec<u32>, parts: &[&str]) -> (u32, Vec<u8>, Vec<u32>) {
        words[l::FORMAT_CALL as usize] = call;
        let text = parts.concat();
        let mut again = words.clone();
        let mut area = FormatArea::default();
        let units: Vec<u16> = text.encode_utf16().collect();
        let answer = area.from_utf16(None, &units, &mut words);
        let out = area.output().to_vec();
        assert_eq!(area.from_utf8(None, text.as_bytes(), &mut again), answer);
        assert_eq!((area.output(), &again), (&out[..], &words));
        (answer, out, words)
    }

    #[test]
    fn a_request_with_everything() {
        let parts = ["PUT", "/\u{7E}", "a:1", "A", "\u{E9}", "B", "", "C", "\u{FF}\u{80}"];
        let mut given = words(2, 1, &parts);
        given[l::FORMAT_FLAGS as usize] = l::FORMAT_HAS_HOST | l::FORMAT_BODY_KNOWN;
        given[l::FORMAT_BODY_LOW as usize] = 3;
        given[l::FORMAT_BODY_HIGH as usize] = 1;
        let (answer, out, words) = call(l::CALL_REQUEST, given, &parts);
        assert_eq!(answer, ANSWERED);
        let before =
            b"PUT /~ HTTP/1.1\r\nHost: a:1\r\nA: \xE9\r\nB: \r\nTransfer-Encoding: chunked\r\n\r\n100000003\r\n";
        let after = b"\r\n0\r\nC: \xFF\x80\r\n\r\n";
        assert_eq!(out, [&before[..], &after[..]].concat());
        let head = before.len() - b"100000003\r\n".len();
        assert_eq!(words[..4], [before.len() as u32, after.len() as u32, 1, head as u32]);
    }

    #[test]
    fn responses_and_their_flags() {
        let parts = ["", "HEAD"];
        let mut given = words(0, 0, &parts);
        given[l::FORMAT_STATUS as usize] = 200;
        given[l::FORMAT_FLAGS as usize] = l::FORMAT_HAS_REASON | l::FORMAT_HTTP_1_0 | l::FORMAT_BODY_KNOWN;
        given[l::FORMAT_BODY_LOW as usize] = 12;
        let (answer, out, words) = call(l::CALL_RESPONSE, given.clone(), &parts);
        assert_eq!((answer, words[l::FORMAT_CARRIES_BODY as usize]), (ANSWERED, 0));
        assert_eq!(out, b"HTTP/1.0 200 \r\nContent-Length: 12\r\n\r\n");
        given[l::FORMAT_FLAGS as usize] = l::FORMAT_BODY_UNKNOWN | l::FORMAT_REQUEST_HTTP_1_0;
        let (_, out, _) = call(l::CALL_RESPONSE, given.clone(), &parts);
        assert_eq!(out, b"HTTP/1.1 200 OK\r\n\r\n");
        given[l::FORMAT_STATUS as usize] = 0x1_0000 + 200;
        assert_eq!(call(l::CALL_RESPONSE, given, &parts).0, number(Code::StatusCode));
    }

    #[test]
    fn chunks() {
        let parts = ["ab", "c", "d", ""];
        let mut given = words(2, 0, &parts);
        given[l::FORMAT_LENGTHS as usize + 3] = l::NOWHERE;
        given[l::FORMAT_BODY_LOW as usize] = 255;
        let (answer, out, words) = call(l::CALL_CHUNK, given, &parts);
        assert_eq!((answer, &out[..], words[0]), (ANSWERED, &b"ff;ab=c;d\r\n\r\n"[..], 11));
    }

    #[test]
    fn last_chunks() {
        let parts = ["A", "b"];
        let (answer, out, words) = call(l::CALL_LAST_CHUNK, words(0, 1, &parts), &parts);
        assert_eq!((answer, &out[..], words[0]), (ANSWERED, &b"0\r\nA: b\r\n\r\n"[..], 11));
    }

    #[test]
    fn refusals_tell_part_item_and_places() {
        for (parts, code, expected) in [
            (["GET", "/", "", "Host", "a", "X", "b\n"], number(Code::FieldValue), [l::PART_FIELD_VALUE, 1, 1, 11]),
            (["GET", "/", "", "Host", "a", "X:", "b"], number(Code::FieldName), [l::PART_FIELD_NAME, 1, 1, 10]),
            (
                ["GET", "/", "", "X", "a", "Y", "b"],
                number(Code::HostMissing),
                [l::PART_HOST, 0, l::NOWHERE, l::NOWHERE],
            ),
            (["G\u{10A}T", "/", "", "Host", "a", "Y", "b"], number(OuterCode::CodeUnit), [l::PART_METHOD, 0, 1, 1]),
            (
                ["GET", "/\u{E9}\u{10D}", "", "Host", "a", "Y", "b"],
                number(OuterCode::CodeUnit),
                [l::PART_TARGET, 0, 2, 5],
            ),
            (
                ["GET", "/", "", "Host", "a", "Y", "\u{80}\u{FF0D}"],
                number(OuterCode::CodeUnit),
                [l::PART_FIELD_VALUE, 1, 1, 11],
            ),
            (
                ["GET", "/", "", "Host", "\u{1F600}", "Y", ""],
                number(OuterCode::CodeUnit),
                [l::PART_FIELD_VALUE, 0, 0, 8],
            ),
            (["GET", "/", "", "Host", "a", "\u{100}", ""], number(OuterCode::CodeUnit), [l::PART_FIELD_NAME, 1, 0, 9]),
        ] {
            let (answer, out, words) = call(l::CALL_REQUEST, words(2, 0, &parts), &parts);
            assert_eq!((answer, &words[..4]), (code, &expected[..]), "{parts:?}");
            assert!(out.is_empty());
        }
    }

    #[test]
    fn lengths_that_disagree_are_told_in_full() {
        let parts = ["PUT", "/", "", "Host", "a", "Content-Length", "9007199254740991"];
        let mut given = words(2, 0, &parts);
        given[l::FORMAT_FLAGS as usize] = l::FORMAT_BODY_KNOWN;
        given[l::FORMAT_BODY_LOW as usize] = 7;
        given[l::FORMAT_BODY_HIGH as usize] = 1;
        let (answer, _, out) = call(l::CALL_REQUEST, given, &parts);
        assert_eq!(answer, number(Code::BodyLength));
        assert_eq!(out[..4], [l::PART_FIELD_VALUE, 1, l::NOWHERE, l::NOWHERE]);
        assert_eq!(out[l::FORMAT_EXPECTED as usize..][..4], [u32::MAX, 0x1F_FFFF, 7, 1]);
        let (_, _, out) = call(l::CALL_REQUEST, words(0, 0, &["PUT", "/", ""]), &["PUT", "/", ""]);
        assert_eq!(out[l::FORMAT_EXPECTED as usize + 1], l::NOWHERE);
    }

    #[test]
    fn entries_of_a_form_and_its_end() {
        let parts = ["multipart/form-data; boundary=b", "n", "f", "t/x"];
        let mut given = words(0, 0, &parts);
        given[l::FORMAT_FLAGS as usize] = l::FORMAT_HAS_TYPE | l::FORMAT_HAS_FILE;
        let (answer, out, words_out) = call(l::CALL_ENTRY, given, &parts);
        let before = "--b\r\nContent-Disposition: form-data; name=\"n\"; filename=\"f\"\r\nContent-Type: t/x\r\n\r\n";
        assert_eq!((answer, String::from_utf8(out).unwrap()), (ANSWERED, format!("{before}\r\n")));
        assert_eq!(words_out[..3], [before.len() as u32, 2, 1]);

        let (answer, _, words_out) = call(l::CALL_ENTRY, words(0, 0, &["b", "n\0", "", ""]), &["b", "n\0", "", ""]);
        assert_eq!((answer, &words_out[..4]), (number(Code::FieldValue), &[l::PART_ENTRY_NAME, 0, 1, 2][..]));

        let (answer, out, _) = call(l::CALL_FORM_END, words(0, 0, &["b"]), &["b"]);
        assert_eq!((answer, &out[..]), (ANSWERED, &b"--b--\r\n"[..]));
        let (answer, _, words_out) = call(l::CALL_FORM_END, words(0, 0, &["b\r"]), &["b\r"]);
        assert_eq!((answer, &words_out[..4]), (number(Code::Boundary), &[l::PART_BOUNDARY, 0, 1, 1][..]));
    }

    #[test]
    fn raw_messages_with_all_parts_and_with_none() {
        let parts = [
            "\n", "GET /", "E", "00", "F", // ends, first and last lines
            "A", ":", "b", "\r", "c", "D", // two lines, the second without separator and end
            "5 ", ";x", "\r", "dat", "!", "data", // two chunks, the second with data alone
            "t", "", "", // a trailer line without end
        ];
        let mut given = words(2, 1, &parts);
        given[l::FORMAT_CHUNKS as usize] = 2;
        given[l::FORMAT_FLAGS as usize] = l::FORMAT_HAS_TRAILERS;
        for index in [10, 12, 18, 19, 20, 22, 26] {
            given.insert(l::FORMAT_LENGTHS as usize + index, l::NOWHERE);
        }
        let (answer, out, words_out) = call(l::CALL_RAW, given, &parts);
        let (head, chunks, end) = ("GET /\nA:b\rc: D\nE", "5 ;x\rdat!4\ndata\n", "00\nt\nF");
        assert_eq!((answer, String::from_utf8(out).unwrap()), (ANSWERED, [head, chunks, end].concat()));
        assert_eq!(words_out[..4], [(head.len() + chunks.len()) as u32, end.len() as u32, 1, head.len() as u32]);

        let mut given = words(0, 0, &[]);
        given.extend([l::NOWHERE; 5]);
        let (answer, out, words_out) = call(l::CALL_RAW, given.clone(), &[]);
        assert_eq!((answer, &out[..], &words_out[..2]), (ANSWERED, &b"\r\n"[..], &[2, 0][..]));
        assert_eq!(call(l::CALL_RAW, given.clone(), &["x"]).0, number(Code::Internal));
        given[l::FORMAT_CHUNKS as usize] = 1;
        assert_eq!(call(l::CALL_RAW, given, &[]).0, number(Code::Internal));
    }

    #[test]
    fn words_that_do_not_describe_the_text_are_an_internal_fault() {
        let parts = ["A", "b"];
        for (fields, lengths) in [(1, [1, 2]), (1, [1, 0]), (2, [1, 1]), (u32::MAX, [1, 1]), (1, [u32::MAX - 1, 1])] {
            let mut given = words(0, fields, &parts);
            given[l::FORMAT_LENGTHS as usize..].copy_from_slice(&lengths);
            assert_eq!(call(l::CALL_LAST_CHUNK, given, &parts).0, number(Code::Internal), "{fields} {lengths:?}");
        }
    }

    #[test]
    fn room_is_made_and_given_back() {
        let mut area = FormatArea::default();
        let value = "x".repeat(2 * FORMAT_OCTETS);
        area.reserve(value.len() + 100).unwrap();
        let place = area.output().as_ptr();
        let units: Vec<u16> = ["A", &value].concat().encode_utf16().collect();
        let mut words = words(0, 1, &["A", &value]);
        words[l::FORMAT_CALL as usize] = l::CALL_LAST_CHUNK;
        assert_eq!(area.from_utf16(None, &units, &mut words), ANSWERED);
        assert!(area.output().len() > value.len() && area.output().as_ptr() == place);
        area.reserve(0).unwrap();
        assert!(area.narrow.capacity() <= FORMAT_OCTETS && area.out.capacity() == FORMAT_OCTETS);
    }

    #[test]
    fn code_units_are_narrowed_or_refused_wherever_they_stand() {
        let mut narrow = Vec::new();
        for length in 0..=3 * BLOCK {
            let mut units: Vec<u16> = (0..length as u16).map(|unit| unit * 0x53 % 0x100).collect();
            let octets: Vec<u8> = units.iter().map(|unit| *unit as u8).collect();
            assert_eq!(narrow_utf16(&units, &mut narrow), Ok(&octets[..]));
            for place in 0..length {
                for high in [0x100, 0xFF00] {
                    units[place] |= high;
                    assert_eq!(narrow_utf16(&units, &mut narrow), Err(place));
                    units[place] &= 0xFF;
                }
            }
        }
    }
}
