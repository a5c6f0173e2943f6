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
//! A target that is taken apart comes with its method; `TARGET_FORM` and `TARGET_PARTS` go out, and nothing is written.
//!
//! On the way out, if the answer is 0: `FORMAT_BEFORE`, `FORMAT_AFTER`, `FORMAT_CARRIES_BODY`,
//! `FORMAT_HEAD`.
//! Otherwise: `FORMAT_PART` (a `PART_*`), `FORMAT_ITEM`, `FORMAT_AT`, `FORMAT_TEXT_AT`, `FORMAT_EXPECTED`, `FORMAT_ACTUAL`.

mod call;
mod narrow;
mod raw;
mod refused;
mod target;

use alloc::{collections::TryReserveError, vec::Vec};

use h1wire::{
    connection::Connection,
    error::Code,
    format::{Around, Written},
};

use crate::{
    layout::{CYCLED, format as l},
    session::states,
};
use call::Call;
use narrow::{narrow_utf8, narrow_utf16};
use refused::{fail, refuse, refuse_unit};

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

fn answer(mut connection: Option<&mut Connection>, text: &[u8], words: &mut [u32], out: &mut Vec<u8>) -> u32 {
    if words[l::FORMAT_CALL as usize] == l::CALL_TARGET {
        return target::take_apart(text, words);
    }
    let cycles = words[l::FORMAT_FLAGS as usize] & l::FORMAT_CYCLES != 0;
    let built = if words[l::FORMAT_CALL as usize] == l::CALL_RAW {
        raw::build(text, words, out).map(Ok)
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::errors::OuterCode;

    const ANSWERED: u32 = 0;

    use crate::errors::refused as number;

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
    fn a_target_taken_apart() {
        let apart = |method: &str, target: &str| {
            let mut given = words(0, 0, &[method, target]);
            given.extend([0; 9]);
            call(l::CALL_TARGET, given, &[method, target])
        };
        let (answer, out, words) = apart("GET", "http://a:1/b?c");
        assert_eq!((answer, out.len(), words[l::TARGET_FORM as usize]), (ANSWERED, 0, l::FORM_ABSOLUTE));
        assert_eq!(words[l::TARGET_PARTS as usize..][..10], [0, 4, 7, 8, 9, 10, 10, 12, 13, 14]);
        let (answer, _, words) = apart("OPTIONS", "*");
        assert_eq!((answer, words[l::TARGET_FORM as usize]), (ANSWERED, l::FORM_ASTERISK));
        assert_eq!(words[l::TARGET_PARTS as usize..][..10], [l::NOWHERE; 10]);
        let (answer, _, words) = apart("GET", "/a b");
        assert_eq!(answer, number(Code::Target));
        assert_eq!(words[..4], [l::PART_TARGET, 0, 2, 5]);
        assert_eq!(apart("GET", "/\u{100}").0, number(OuterCode::CodeUnit));
        // Words that do not describe the text.
        let mut wrong = super::tests::words(0, 0, &[]);
        wrong.extend([99; 12]);
        assert_eq!(call(l::CALL_TARGET, wrong, &["GET"]).0, number(Code::Internal));
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
}
