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
//! | `FORMAT_FLAGS` … `FORMAT_TRAILERS` | flags, status, the body's length, how many fields (or extensions) and trailer fields there are |
//! | from `FORMAT_LENGTHS` on | the parts' lengths in the order of the text. Request: method, target, host. Response: reason, request method. Then name and value of each field (or extension), then of each trailer field |
//!
//! On the way out, if the answer is 0: `FORMAT_BEFORE`, `FORMAT_AFTER`, `FORMAT_CARRIES_BODY`.
//! Otherwise: `FORMAT_PART` (a `PART_*`), `FORMAT_ITEM`, `FORMAT_AT`, `FORMAT_TEXT_AT`.

use core::slice::ChunksExact;

use std::collections::TryReserveError;

use h1wire::{
    error::Code,
    format::{self, Around, Body, Part, Refusal, Request, Response, Version, Written},
};

use crate::layout::format as l;

/// Room that a new area has.
pub const FORMAT_OCTETS: usize = 1 << 14;

/// What to build.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Call {
    /// A request, all but its body's octets.
    Request,
    /// A response, all but its body's octets.
    Response,
    /// The framing of a chunk.
    Chunk,
    /// What ends a chunked body.
    LastChunk,
}

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

    /// Builds from a text in UTF-16.
    pub fn from_utf16(&mut self, call: Call, units: &[u16], words: &mut [u32]) -> u32 {
        self.begin();
        match narrow_utf16(units, &mut self.narrow) {
            Ok(()) => answer(call, &self.narrow, words, &mut self.out),
            Err(index) => refuse_unit(call, index, words),
        }
    }

    /// Builds from a text in UTF-8.
    pub fn from_utf8(&mut self, call: Call, octets: &[u8], words: &mut [u32]) -> u32 {
        self.begin();
        if octets.is_ascii() {
            return answer(call, octets, words, &mut self.out);
        }
        match narrow_utf8(octets, &mut self.narrow) {
            Ok(()) => answer(call, &self.narrow, words, &mut self.out),
            Err(index) => refuse_unit(call, index, words),
        }
    }

    /// What the last call wrote.
    pub fn output(&self) -> &[u8] {
        &self.out
    }

    fn begin(&mut self) {
        self.narrow.clear();
        self.out.clear();
    }
}

/// One octet a code unit, or the index of the first code unit that is none.
fn narrow_utf16(units: &[u16], narrow: &mut Vec<u8>) -> Result<(), usize> {
    if units.iter().fold(0, |all, unit| all | unit) > 0xFF {
        return Err(units.iter().position(|unit| *unit > 0xFF).unwrap_or_default());
    }
    narrow.extend(units.iter().map(|unit| *unit as u8));
    Ok(())
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

fn answer(call: Call, text: &[u8], words: &mut [u32], out: &mut Vec<u8>) -> u32 {
    let Some(parts) = Parts::new(call, text, words) else {
        return fail(Code::Internal, words, [l::PART_BODY, 0, l::NOWHERE, l::NOWHERE]);
    };
    match parts.format(out) {
        Ok(Placed { before, after, carries_body }) => {
            words[l::FORMAT_BEFORE as usize] = before as u32;
            words[l::FORMAT_AFTER as usize] = after as u32;
            words[l::FORMAT_CARRIES_BODY as usize] = u32::from(carries_body);
            0
        }
        Err(refusal) => refuse(&refusal, call, words),
    }
}

fn refuse(refusal: &Refusal, call: Call, words: &mut [u32]) -> u32 {
    let (part, item) = numbers(refusal.part);
    let at = refusal.at.map_or(l::NOWHERE, |at| at as u32);
    let places = lengths(call, words).take_while(|place| (place.part, place.item) != (part, item));
    let start: u32 = places.map(|place| place.length).sum();
    let text_at = if refusal.octet.is_some() { start + at } else { l::NOWHERE };
    fail(refusal.code, words, [part, item, at, text_at])
}

fn refuse_unit(call: Call, index: usize, words: &mut [u32]) -> u32 {
    let mut at = index as u32;
    let found = lengths(call, words).find(|place| {
        let is_here = at < place.length;
        if !is_here {
            at -= place.length;
        }
        is_here
    });
    let (part, item) = found.map_or((l::PART_BODY, 0), |place| (place.part, place.item));
    fail(Code::CodeUnit, words, [part, item, at, index as u32])
}

fn fail(code: Code, words: &mut [u32], [part, item, at, text_at]: [u32; 4]) -> u32 {
    words[l::FORMAT_PART as usize] = part;
    words[l::FORMAT_ITEM as usize] = item;
    words[l::FORMAT_AT as usize] = at;
    words[l::FORMAT_TEXT_AT as usize] = text_at;
    code as u32 + 1
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
    }
}

/// The parts at the beginning of a call's text.
fn single_parts(call: Call) -> &'static [u32] {
    match call {
        Call::Request => &[l::PART_METHOD, l::PART_TARGET, l::PART_HOST],
        Call::Response => &[l::PART_REASON, l::PART_REQUEST_METHOD],
        Call::Chunk | Call::LastChunk => &[],
    }
}

/// A part of the text, as the words describe it.
struct Place {
    part: u32,
    item: u32,
    length: u32,
}

/// Every part of a call's text, in its order.
fn lengths(call: Call, words: &[u32]) -> impl Iterator<Item = Place> + use<'_> {
    let singles = single_parts(call).iter().map(|part| (*part, 0));
    let (name, value) = match call {
        Call::Chunk => (l::PART_EXTENSION_NAME, l::PART_EXTENSION_VALUE),
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
}

impl From<Written> for Placed {
    fn from(written: Written) -> Placed {
        let Written { before, after, carries_body, .. } = written;
        Placed { before, after, carries_body }
    }
}

/// A call's parts, found in its text.
struct Parts<'a> {
    call: Call,
    words: &'a [u32],
    singles: [&'a [u8]; 3],
    fields: Pairs<'a>,
    trailers: Pairs<'a>,
}

impl<'a> Parts<'a> {
    /// None if the words do not describe the text.
    fn new(call: Call, text: &'a [u8], words: &'a [u32]) -> Option<Parts<'a>> {
        let mut rest = text;
        let mut lengths = words.get(l::FORMAT_LENGTHS as usize..)?;
        let mut singles = [&b""[..]; 3];
        for single in &mut singles[..single_parts(call).len()] {
            (*single, rest) = rest.split_at_checked(*lengths.split_off_first()? as usize)?;
        }
        let mut pairs = |count: u32| {
            let lengths = lengths.split_off(..2 * count as usize)?;
            let total = lengths.iter().filter(|length| **length != l::NOWHERE).map(|length| *length as usize).sum();
            let pairs;
            (pairs, rest) = rest.split_at_checked(total)?;
            Some(Pairs { text: pairs, lengths: lengths.chunks_exact(2) })
        };
        let fields = pairs(words[l::FORMAT_FIELDS as usize])?;
        let trailers = pairs(words[l::FORMAT_TRAILERS as usize])?;
        rest.is_empty().then_some(Parts { call, words, singles, fields, trailers })
    }

    fn format(self, out: &mut Vec<u8>) -> Result<Placed, Refusal> {
        match self.call {
            Call::Request => {
                let [method, target, host] = self.singles;
                let message = Request {
                    method,
                    target,
                    host: self.has(l::FORMAT_HAS_HOST).then_some(host),
                    version: self.version(l::FORMAT_HTTP_1_0),
                    body: self.body(),
                    fields: self.fields.map(with_value),
                    trailers: self.trailers.map(with_value),
                };
                format::request(message, out).map(Placed::from)
            }
            Call::Response => {
                let [reason, request_method, _] = self.singles;
                let message = Response {
                    status: self.words[l::FORMAT_STATUS as usize].try_into().unwrap_or(0),
                    reason: self.has(l::FORMAT_HAS_REASON).then_some(reason),
                    version: self.version(l::FORMAT_HTTP_1_0),
                    request_method,
                    request_version: self.version(l::FORMAT_REQUEST_HTTP_1_0),
                    body: self.body(),
                    fields: self.fields.map(with_value),
                    trailers: self.trailers.map(with_value),
                };
                format::response(message, out).map(Placed::from)
            }
            Call::Chunk => {
                let Around { before, after } = format::chunk(self.length(), self.fields, out)?;
                Ok(Placed { before, after, carries_body: true })
            }
            Call::LastChunk => {
                format::last_chunk(self.trailers.map(with_value), out)?;
                Ok(Placed { before: out.len(), after: 0, carries_body: false })
            }
        }
    }

    fn has(&self, flag: u32) -> bool {
        self.words[l::FORMAT_FLAGS as usize] & flag != 0
    }

    fn version(&self, is_1_0: u32) -> Version {
        if self.has(is_1_0) { Version::Http10 } else { Version::Http11 }
    }

    fn body(&self) -> Body {
        if self.has(l::FORMAT_BODY_KNOWN) {
            Body::Known(self.length())
        } else if self.has(l::FORMAT_BODY_UNKNOWN) {
            Body::Unknown
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
    lengths: ChunksExact<'a, u32>,
}

impl<'a> Iterator for Pairs<'a> {
    type Item = (&'a [u8], Option<&'a [u8]>);

    #[inline]
    fn next(&mut self) -> Option<Self::Item> {
        let &[name_length, value_length] = self.lengths.next()? else { return None };
        let (name, rest) = self.text.split_at(name_length as usize);
        if value_length == l::NOWHERE {
            self.text = rest;
            return Some((name, None));
        }
        let (value, rest) = rest.split_at(value_length as usize);
        self.text = rest;
        Some((name, Some(value)))
    }
}

fn with_value<'a>((name, value): (&'a [u8], Option<&'a [u8]>)) -> (&'a [u8], &'a [u8]) {
    (name, value.unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    const ANSWERED: u32 = 0;

    fn number(code: Code) -> u32 {
        code as u32 + 1
    }

    /// The words of a call whose parts are these.
    fn words(fields: u32, trailers: u32, parts: &[&str]) -> Vec<u32> {
        let mut words = vec![0; l::FORMAT_LENGTHS as usize];
        words[l::FORMAT_FIELDS as usize] = fields;
        words[l::FORMAT_TRAILERS as usize] = trailers;
        words.extend(parts.iter().map(|part| part.encode_utf16().count() as u32));
        words
    }

    /// Both ways in give the same answer, output and words.
    fn call(call: Call, mut words: Vec<u32>, parts: &[&str]) -> (u32, Vec<u8>, Vec<u32>) {
        let text = parts.concat();
        let mut again = words.clone();
        let mut area = FormatArea::default();
        let units: Vec<u16> = text.encode_utf16().collect();
        let answer = area.from_utf16(call, &units, &mut words);
        let out = area.output().to_vec();
        assert_eq!(area.from_utf8(call, text.as_bytes(), &mut again), answer);
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
        let (answer, out, words) = call(Call::Request, given, &parts);
        assert_eq!(answer, ANSWERED);
        let before =
            b"PUT /~ HTTP/1.1\r\nHost: a:1\r\nA: \xE9\r\nB: \r\nTransfer-Encoding: chunked\r\n\r\n100000003\r\n";
        let after = b"\r\n0\r\nC: \xFF\x80\r\n\r\n";
        assert_eq!(out, [&before[..], &after[..]].concat());
        assert_eq!(words[..3], [before.len() as u32, after.len() as u32, 1]);
    }

    #[test]
    fn responses_and_their_flags() {
        let parts = ["", "HEAD"];
        let mut given = words(0, 0, &parts);
        given[l::FORMAT_STATUS as usize] = 200;
        given[l::FORMAT_FLAGS as usize] = l::FORMAT_HAS_REASON | l::FORMAT_HTTP_1_0 | l::FORMAT_BODY_KNOWN;
        given[l::FORMAT_BODY_LOW as usize] = 12;
        let (answer, out, words) = call(Call::Response, given.clone(), &parts);
        assert_eq!((answer, words[l::FORMAT_CARRIES_BODY as usize]), (ANSWERED, 0));
        assert_eq!(out, b"HTTP/1.0 200 \r\nContent-Length: 12\r\n\r\n");
        given[l::FORMAT_FLAGS as usize] = l::FORMAT_BODY_UNKNOWN | l::FORMAT_REQUEST_HTTP_1_0;
        let (_, out, _) = call(Call::Response, given.clone(), &parts);
        assert_eq!(out, b"HTTP/1.1 200 OK\r\n\r\n");
        given[l::FORMAT_STATUS as usize] = 0x1_0000 + 200;
        assert_eq!(call(Call::Response, given, &parts).0, number(Code::StatusCode));
    }

    #[test]
    fn chunks() {
        let parts = ["ab", "c", "d", ""];
        let mut given = words(2, 0, &parts);
        given[l::FORMAT_LENGTHS as usize + 3] = l::NOWHERE;
        given[l::FORMAT_BODY_LOW as usize] = 255;
        let (answer, out, words) = call(Call::Chunk, given, &parts);
        assert_eq!((answer, &out[..], words[0]), (ANSWERED, &b"ff;ab=c;d\r\n\r\n"[..], 11));
    }

    #[test]
    fn last_chunks() {
        let parts = ["A", "b"];
        let (answer, out, words) = call(Call::LastChunk, words(0, 1, &parts), &parts);
        assert_eq!((answer, &out[..], words[0]), (ANSWERED, &b"0\r\nA: b\r\n\r\n"[..], 11));
    }

    #[test]
    fn refusals_tell_part_item_and_places() {
        for (parts, code, expected) in [
            (["GET", "/", "", "Host", "a", "X", "b\n"], Code::FieldValue, [l::PART_FIELD_VALUE, 1, 1, 11]),
            (["GET", "/", "", "Host", "a", "X:", "b"], Code::FieldName, [l::PART_FIELD_NAME, 1, 1, 10]),
            (["GET", "/", "", "X", "a", "Y", "b"], Code::HostMissing, [l::PART_HOST, 0, l::NOWHERE, l::NOWHERE]),
            (["G\u{10A}T", "/", "", "Host", "a", "Y", "b"], Code::CodeUnit, [l::PART_METHOD, 0, 1, 1]),
            (["GET", "/\u{E9}\u{10D}", "", "Host", "a", "Y", "b"], Code::CodeUnit, [l::PART_TARGET, 0, 2, 5]),
            (["GET", "/", "", "Host", "a", "Y", "\u{80}\u{FF0D}"], Code::CodeUnit, [l::PART_FIELD_VALUE, 1, 1, 11]),
            (["GET", "/", "", "Host", "\u{1F600}", "Y", ""], Code::CodeUnit, [l::PART_FIELD_VALUE, 0, 0, 8]),
            (["GET", "/", "", "Host", "a", "\u{100}", ""], Code::CodeUnit, [l::PART_FIELD_NAME, 1, 0, 9]),
        ] {
            let (answer, out, words) = call(Call::Request, words(2, 0, &parts), &parts);
            assert_eq!((answer, &words[..4]), (number(code), &expected[..]), "{parts:?}");
            assert!(out.is_empty());
        }
    }

    #[test]
    fn words_that_do_not_describe_the_text_are_an_internal_fault() {
        let parts = ["A", "b"];
        for (fields, lengths) in [(1, [1, 2]), (1, [1, 0]), (2, [1, 1]), (u32::MAX, [1, 1]), (1, [u32::MAX - 1, 1])] {
            let mut given = words(0, fields, &parts);
            given[l::FORMAT_LENGTHS as usize..].copy_from_slice(&lengths);
            assert_eq!(call(Call::LastChunk, given, &parts).0, number(Code::Internal), "{fields} {lengths:?}");
        }
    }

    #[test]
    fn room_is_made_and_given_back() {
        let mut area = FormatArea::default();
        let value = "x".repeat(2 * FORMAT_OCTETS);
        area.reserve(value.len() + 100).unwrap();
        let place = area.output().as_ptr();
        let units: Vec<u16> = ["A", &value].concat().encode_utf16().collect();
        assert_eq!(area.from_utf16(Call::LastChunk, &units, &mut words(0, 1, &["A", &value])), ANSWERED);
        assert!(area.output().len() > value.len() && area.output().as_ptr() == place);
        area.reserve(0).unwrap();
        assert!(area.narrow.capacity() <= FORMAT_OCTETS && area.out.capacity() == FORMAT_OCTETS);
    }
}
