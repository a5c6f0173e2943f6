//! Format calls of the bindings with any words: none panics, and what is told of an answer fits what was written.

use h1wire::{Connection, Policy, Received};
use h1wire_records::{
    errors,
    format::FormatArea,
    layout::format::{self as f, NOWHERE},
};

use crate::script::Script;

/// Makes the calls that the octets describe, with text in both ways.
pub fn check(data: &[u8]) {
    let script = &mut Script(data);
    let mut ends = match script.below(3) {
        0 => None,
        1 => Some([(); 2].map(|()| Connection::client(Policy::default()))),
        _ => Some([(); 2].map(|()| Connection::server(Policy::default()))),
    };
    if let Some(ends) = &mut ends {
        for end in ends.iter_mut() {
            let mut at = 0;
            while let Ok(Received::Event(_)) = end.receive(b"POST / HTTP/1.1\r\nHost: a\r\n\r\n", &mut at) {}
        }
    }
    let mut areas = [FormatArea::default(), FormatArea::default()];
    let mut steps = 0;
    while !script.is_over() && steps < 16 {
        steps += 1;
        let (text, words) = call(script);
        let units: Vec<u16> = text.encode_utf16().collect();
        let [one, other] = &mut areas;
        let [first, second] = match &mut ends {
            Some([first, second]) => [Some(first), Some(second)],
            None => [None, None],
        };
        let (mut from_units, mut from_octets) = (words.clone(), words.clone());
        let answer = one.from_utf16(first, &units, &mut from_units);
        assert_eq!(other.from_utf8(second, text.as_bytes(), &mut from_octets), answer, "{words:?} {text:?}");
        assert_eq!((&from_units, one.output()), (&from_octets, other.output()), "{words:?} {text:?}");
        if answer == 0 && words[f::FORMAT_CALL as usize] == f::CALL_TARGET {
            assert!(one.output().is_empty(), "{words:?} {text:?}");
            check_parts(&from_units, text.encode_utf16().count());
        } else if answer == 0 {
            let told = from_units[f::FORMAT_BEFORE as usize] as usize + from_units[f::FORMAT_AFTER as usize] as usize;
            assert_eq!(told, one.output().len(), "{words:?} {text:?}");
            assert!(from_units[f::FORMAT_HEAD as usize] as usize <= told);
        } else {
            assert!(errors::rows().count() >= answer as usize && one.output().is_empty(), "{words:?} {text:?}");
            check_place(&from_units, text.encode_utf16().count());
        }
    }
}

/// The parts of a target lie in it, one behind the other.
fn check_parts(words: &[u32], length: usize) {
    assert!(words[f::TARGET_FORM as usize] <= f::FORM_ASTERISK);
    let places = words[f::TARGET_PARTS as usize..][..10].chunks_exact(2).filter(|place| place[0] != NOWHERE);
    let ends = places.fold(0, |end, place| {
        assert!(end <= place[0] && place[0] <= place[1], "{words:?}");
        place[1]
    });
    assert!(ends as usize <= length, "{words:?}");
}

/// The code unit at fault lies in the text.
fn check_place(words: &[u32], length: usize) {
    let at = words[f::FORMAT_TEXT_AT as usize];
    assert!(at == NOWHERE || (at as usize) < length, "the code unit at {at} of {length}");
    assert!(words[f::FORMAT_PART as usize] <= f::PART_CALL);
}

const PARTS: &[&str] = &[
    "GET",
    "HEAD",
    "CONNECT",
    "/",
    "*",
    "a",
    "a:1",
    "http://a/",
    "Host",
    "Content-Length",
    "3",
    "Upgrade",
    "x",
    "TE",
    "Transfer-Encoding",
    "chunked",
    "Connection",
    "close",
    "",
    "b\r\nc",
    "\u{E9}",
    "\u{10A}",
    "\u{1F600}",
    "\0",
    "multipart/form-data; boundary=b",
    "0",
    "\r\n",
];

/// A text and the words that describe it, or nearly so.
fn call(script: &mut Script<'_>) -> (String, Vec<u32>) {
    let call = script.below(10) as u32;
    let [fields, trailers, chunks] = [(); 3].map(|()| script.below(4));
    let count = match call {
        f::CALL_RAW => 5 + 4 * (fields + trailers) + 5 * chunks,
        f::CALL_REQUEST => 3 + 2 * (fields + trailers),
        f::CALL_RESPONSE | f::CALL_INFORMATIONAL => 2 + 2 * (fields + trailers),
        f::CALL_ENTRY => 4,
        f::CALL_TARGET => 2,
        f::CALL_FORM_END => 1,
        _ => 2 * (fields + trailers),
    };
    let mut words = vec![0; f::FORMAT_LENGTHS as usize];
    words[f::FORMAT_CALL as usize] = call;
    words[f::FORMAT_FLAGS as usize] = u32::from(script.byte()) | u32::from(script.byte()) << 8;
    words[f::FORMAT_STATUS as usize] = script.pick(&[200, 204, 304, 404, 100, 101, 65_736]);
    words[f::FORMAT_BODY_LOW as usize] = script.pick(&[0, 3, u32::MAX]);
    words[f::FORMAT_BODY_HIGH as usize] = script.pick(&[0, 0, 1, u32::MAX]);
    if !matches!(call, f::CALL_ENTRY | f::CALL_FORM_END | f::CALL_TARGET) {
        words[f::FORMAT_FIELDS as usize] = fields as u32;
        words[f::FORMAT_TRAILERS as usize] = trailers as u32;
    }
    words[f::FORMAT_CHUNKS as usize] = chunks as u32;
    let mut text = String::new();
    for at in 0..count {
        if script.once_in(6) && (call == f::CALL_RAW || call == f::CALL_CHUNK && at % 2 == 1) {
            words.push(NOWHERE);
            continue;
        }
        let part = match (call, at) {
            (f::CALL_REQUEST, 0..3) if script.once_in(2) => ["GET", "/", "a"][at],
            (f::CALL_TARGET, 1) if script.once_in(2) => script.pick(&["/a?b", "http://[::1]:1/?", "urn:a", "*"]),
            (f::CALL_RESPONSE, 1) if script.once_in(2) => "GET",
            _ => script.pick(PARTS),
        };
        words.push(part.encode_utf16().count() as u32);
        text.push_str(part);
    }
    if call == f::CALL_TARGET && !script.once_in(6) {
        words.resize(f::TARGET_PARTS as usize + 12, 0);
    }
    if script.once_in(6) {
        let at = script.below(words.len());
        words[at] = match script.below(4) {
            0 => u32::from_le_bytes([(); 4].map(|()| script.byte())),
            1 => NOWHERE,
            2 => u32::MAX / 2 + 1,
            _ => script.below(40) as u32,
        };
    }
    (text, words)
}
