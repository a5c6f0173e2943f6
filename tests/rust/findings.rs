//! Every finding that is no fault of the parser's: a message that has it, and one that nearly does. Faults and leniencies
//! have their vectors, which `inspect.rs` runs.

use std::collections::BTreeSet;

use h1wire::{
    inspect::{
        Difference, Item, StreamKind, Then,
        findings::{Note, What},
        inspect,
        readings::PROFILES,
    },
    policy::Policy,
};

/// The code, what it is found in, and what it is not found in.
const CASES: &[(Note, &str, &str)] = &[
    (
        Note::ReadersDiffer,
        "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    ),
    (
        Note::LengthDisagrees,
        "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\n\r\na\0\r\n",
        "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\n\r\naGET / HTTP/1.1\r\nHost: a\r\n\r\n",
    ),
    (
        Note::FramingForbidden,
        "HTTP/1.1 204 N\r\nContent-Length: 0\r\n\r\n",
        "HTTP/1.1 205 R\r\nContent-Length: 0\r\n\r\n",
    ),
    (
        Note::FramingIgnored,
        "HTTP/1.1 304 N\r\nContent-Length: 5\r\n\r\n",
        "HTTP/1.1 304 N\r\nContent-Type: a/b\r\n\r\n",
    ),
    (
        Note::LengthRepeated,
        "HTTP/1.1 200 O\r\nContent-Length: 0\r\nContent-Length: 0\r\n\r\n",
        "HTTP/1.1 200 O\r\nContent-Length: 0\r\nContent_Length: 0\r\n\r\n",
    ),
    (Note::LengthZeros, "HTTP/1.1 200 O\r\nContent-Length: 00\r\n\r\n", "HTTP/1.1 200 O\r\nContent-Length: 0\r\n\r\n"),
    (
        Note::CodingRepeated,
        "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n",
    ),
    (
        Note::CodingEmptyElement,
        "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: ,chunked\r\n\r\n0\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked \t\r\n\r\n0\r\n\r\n",
    ),
    (
        Note::BodyCoded,
        "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: Chunked\r\nContent-Encoding: gzip\r\n\r\n0\r\n\r\n",
    ),
    (
        Note::LookAlike,
        "GET / HTTP/1.1\r\nHost: a\r\nTransfer_encoding: chunked\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a\r\nTransfer_encodings: chunked\r\n\r\n",
    ),
    (Note::UntilClose, "HTTP/1.1 200 O\r\nConnection: close\r\n\r\nabc", "HTTP/1.1 204 N\r\nConnection: close\r\n\r\n"),
    (Note::UntilCloseKeepAlive, "HTTP/1.1 200 O\r\n\r\nabc", "HTTP/1.0 200 O\r\n\r\nabc"),
    (
        Note::BodyUnexpected,
        "GET / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\n\r\na",
        "GET / HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n",
    ),
    (Note::HostDiffers, "GET http://a/?/b HTTP/1.1\r\nHost: b\r\n\r\n", "GET http://A/?/b HTTP/1.1\r\nHost: a\r\n\r\n"),
    (Note::AbsoluteForm, "GET http://a HTTP/1.1\r\nHost: a\r\n\r\n", "GET /?http://a HTTP/1.1\r\nHost: a\r\n\r\n"),
    (
        Note::FieldRepeated,
        "GET / HTTP/1.1\r\nHost: a\r\nReferer: b\r\nreferer: b\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a\r\nReferer: b\r\nAccept: b\r\naccept: b\r\n\r\n",
    ),
    (Note::FoldRead, "HTTP/1.1 204 N\r\nA: b\r\n c\r\n\r\n", "HTTP/1.1 204 N\r\nA: b\r\nc: \r\n\r\n"),
    (Note::ObsText, "HTTP/1.1 204 N\r\nA: \u{e9}\r\n\r\n", "HTTP/1.1 204 N\r\nA: e~\r\n\r\n"),
    (Note::HopByHop, "GET / HTTP/1.0\r\nKeep-Alive: max=1\r\n\r\n", "GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n"),
    (
        Note::ConnectionNominates,
        "GET / HTTP/1.1\r\nHost: a\r\nConnection: close, Authorization\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a\r\nConnection: close, X-Mine, Keep-Alive\r\n\r\n",
    ),
    (
        Note::ConnectionContradicts,
        "GET / HTTP/1.1\r\nHost: a\r\nConnection: keep-alive\r\nConnection: close\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\nConnection: close\r\n\r\n",
    ),
    (
        Note::OptionMissing,
        "GET / HTTP/1.1\r\nHost: a\r\nTE: trailers\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a\r\nTE: trailers\r\nConnection: te\r\n\r\n",
    ),
    (
        Note::TrailerIgnored,
        "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\nContent-Length: 5\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\nContent-Digest: 5\r\n\r\n",
    ),
    (
        Note::TrailerIgnored,
        "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\nx-forwarded-Port: 5\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\nx-forwarded: 5\r\n\r\n",
    ),
    (
        Note::Secret,
        "HTTP/1.1 204 N\r\nset-cookie: a=b\r\n\r\n",
        "HTTP/1.1 204 N\r\nwww-authenticate: Basic realm=b\r\n\r\n",
    ),
    (
        Note::TypeMissing,
        "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\n\r\na",
        "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n",
    ),
    (
        Note::FormCharset,
        "POST / HTTP/1.1\r\nHost: a\r\nContent-Type: Application/X-WWW-Form-Urlencoded; charset=x\r\nContent-Length: 1\r\n\r\na",
        "POST / HTTP/1.1\r\nHost: a\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 1\r\n\r\na",
    ),
    (
        Note::BoundaryMissing,
        "POST / HTTP/1.1\r\nHost: a\r\nContent-Type: multipart/form-data\r\nContent-Length: 1\r\n\r\na",
        "POST / HTTP/1.1\r\nHost: a\r\nContent-Type: multipart/form-data; Boundary=b\r\nContent-Length: 1\r\n\r\na",
    ),
    (
        Note::CharsetMissing,
        "HTTP/1.1 200 O\r\nContent-Type: text/html\r\nContent-Length: 1\r\n\r\na",
        "HTTP/1.1 200 O\r\nContent-Type: text/html;charset=utf-8\r\nContent-Length: 1\r\n\r\na",
    ),
    (Note::LeadingLineEnd, "\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n", "GET / HTTP/1.1\r\nHost: a\r\n\r\n\r\n"),
    (Note::VersionUnusual, "GET / HTTP/1.2\r\nHost: a\r\n\r\n", "GET / HTTP/1.0\r\nHost: a\r\n\r\n"),
    (Note::ReasonSpaceMissing, "HTTP/1.1 204\r\n\r\n", "HTTP/1.1 204 \r\n\r\n"),
    (
        Note::ChunkExtension,
        "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0;a\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\na:b\r\n\r\n",
    ),
    (
        Note::ChunkZeros,
        "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n00\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    ),
    (
        Note::SwitchDeclined,
        "GET / HTTP/1.1\r\nHost: a\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\nPRI * HTTP/2.0\r\n\r\n",
    ),
];

/// Found in JavaScript: `tests/js/structured.test.js` has its cases.
const MADE_ELSEWHERE: &[Note] = &[Note::StructuredIgnored];

#[test]
fn each_note_is_found_where_it_is_and_not_where_it_nearly_is() {
    let shown: BTreeSet<u8> = CASES.iter().map(|(note, ..)| *note as u8).collect();
    assert_eq!(shown.len() + MADE_ELSEWHERE.len(), Note::ALL.len(), "every note has a case");
    assert!(MADE_ELSEWHERE.iter().all(|note| !shown.contains(&(*note as u8))));
    for (note, has, has_not) in CASES {
        assert!(notes(has).contains(note), "{note:?} in {has:?}: {:?}", notes(has));
        assert!(!notes(has_not).contains(note), "{note:?} in {has_not:?}");
        let faults = faults(has_not);
        let disputed = matches!(note, Note::ReadersDiffer);
        assert!(faults.is_empty() || disputed, "{note:?}: {has_not:?} shall have no fault: {faults:?}");
    }
}

/// Name of the profile, where it sees the first message end, and what it sees then.
type Other = (&'static str, u64, Then);

#[test]
fn readers_that_differ_are_told_with_what_they_see() {
    let cases: &[(&str, &[Other])] = &[
        // A request hidden in a body.
        (
            "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 33\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET /x HTTP/1.1\r\nHost: a\r\n\r\n",
            &[("length-wins", 109, Then::Nothing)],
        ),
        (
            "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: xchunked\r\n\r\n0\r\n\r\nGET /x HTTP/1.1\r\nHost: a\r\n\r\n",
            &[("length-wins", 90, Then::Nothing), ("codings-ignored", 57, Then::Refusal(58))],
        ),
        (
            "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: \"chunked\"\r\n\r\n0\r\n\r\nGET /x HTTP/1.1\r\nHost: a\r\n\r\n",
            &[("length-wins", 58, Then::Refusal(59))],
        ),
        (
            "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\nContent-Length: 3\r\n\r\nabc",
            &[("last-length", 69, Then::Nothing)],
        ),
        // The head of a second message is all there is to know of it.
        (
            "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 48\r\nContent-Length: 0\r\n\r\nPOST /x HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\n",
            &[("last-length", 67, Then::Message(67))],
        ),
        (
            "HTTP/1.1 200 O\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
            &[("length-wins", 66, Then::Nothing)],
        ),
        ("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nContent-Length: 3\r\n\r\nabc", &[]),
        // All that read it agree.
        ("GET / HTTP/1.1\nHost: a\r\n\r\n", &[]),
    ];
    for (input, expected) in cases {
        let found: Vec<Other> =
            differences(input).iter().map(|one| (PROFILES[one.profile as usize].name, one.end, one.then)).collect();
        assert_eq!(found, *expected, "{input:?}");
    }
}

#[test]
fn octets_in_a_row_with_one_fault_are_one_finding() {
    let found: Vec<_> = items("GET / HTTP/1.1\r\nHost: a\r\nA((b(: c\r\n\r\n")
        .iter()
        .filter_map(|item| if let Item::Finding(finding) = item { Some((finding.start, finding.end)) } else { None })
        .collect();
    assert_eq!(found, [(26, 28), (29, 30)]);
}

#[test]
fn what_several_members_of_a_line_have_is_found_once() {
    for (lines, note, expected) in [
        ("Content-Length: 00, 00, 0\r\nContent-Length: 00", Note::LengthZeros, 2),
        ("Transfer-Encoding: ,gzip,,gzip,,chunked", Note::CodingEmptyElement, 1),
        ("Transfer-Encoding: ,gzip,,gzip,,chunked", Note::BodyCoded, 1),
        ("Connection: cookie, referer\r\nConnection: close, cookie, cookie", Note::ConnectionNominates, 2),
    ] {
        let found = notes(&format!("POST / HTTP/1.1\r\nHost: a\r\n{lines}\r\n\r\n"));
        assert_eq!(found.iter().filter(|one| **one == note).count(), expected, "{lines}: {found:?}");
    }
}

fn octets(text: &str) -> Vec<u8> {
    text.chars().map(|one| u8::try_from(u32::from(one)).expect("a character is one octet")).collect()
}

fn items(text: &str) -> Vec<Item> {
    let kind = if text.starts_with("HTTP/") { StreamKind::Response } else { StreamKind::Request };
    inspect(&octets(text), kind, Policy::default())
}

fn notes(text: &str) -> Vec<Note> {
    let note = |item: &Item| match item {
        Item::Finding(finding) => {
            if let What::Note(note) = finding.what {
                Some(note)
            } else {
                None
            }
        }
        _ => None,
    };
    items(text).iter().filter_map(note).collect()
}

fn faults(text: &str) -> Vec<&'static str> {
    let fault = |item: &Item| match item {
        Item::Finding(finding) => {
            if let What::Fault(code) = finding.what {
                Some(code.row().name)
            } else {
                None
            }
        }
        _ => None,
    };
    items(text).iter().filter_map(fault).collect()
}

fn differences(text: &str) -> Vec<Difference> {
    let difference = |item: &Item| if let Item::Finding(finding) = item { finding.difference } else { None };
    items(text).iter().filter_map(difference).collect()
}
