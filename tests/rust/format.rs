//! The builder from outside: exact octets, refusals by part and index, and the law that what is
//! written reads back.

use h1wire::{
    BodyFraming, Code, Event, Leniencies, Method, Parser, Policy, Refusal, Version, Written,
    event::Section,
    format::{self, Body, Part, RequestParts, ResponseParts},
};
use proptest::prelude::*;

type Lines<'a> = &'a [(&'a [u8], &'a [u8])];
type LineVec<'a> = Vec<(&'a [u8], &'a [u8])>;

fn field_lines<'a>(lines: Lines<'a>) -> LineVec<'a> {
    lines.to_vec()
}

/// A message with an empty place for everything a case does not care for.
fn get<'a>(fields: Lines<'a>) -> RequestParts<'a, LineVec<'a>, LineVec<'a>> {
    RequestParts {
        method: b"GET",
        target: b"/",
        lenient: Leniencies::STRICT,
        host: Some(b"a"),
        version: Version::Http11,
        fields: fields.to_vec(),
        body: Body::None,
        trailers: vec![],
    }
}

fn ok<'a>(fields: Lines<'a>) -> ResponseParts<'a, LineVec<'a>, LineVec<'a>> {
    ResponseParts {
        status: 200,
        reason: None,
        version: Version::Http11,
        request_method: b"GET",
        request_version: Version::Http11,
        fields: fields.to_vec(),
        body: Body::None,
        trailers: vec![],
    }
}

/// The whole message with this body, as a caller would write it.
fn assembled(out: &[u8], written: Written, body: &[u8]) -> String {
    assert_eq!(out.len(), written.before + written.after);
    let body = if written.carries_body { body } else { b"" };
    let octets = [&out[..written.before], body, &out[written.before..]].concat();
    octets.iter().map(|octet| char::from(*octet)).collect()
}

/// Requests and responses alike, for the tables below.
trait Message {
    fn write_to(self, out: &mut Vec<u8>) -> Result<Written, Refusal>;
}

impl<'a> Message for RequestParts<'a, LineVec<'a>, LineVec<'a>> {
    fn write_to(self, out: &mut Vec<u8>) -> Result<Written, Refusal> {
        format::request(self, out)
    }
}

impl<'a> Message for ResponseParts<'a, LineVec<'a>, LineVec<'a>> {
    fn write_to(self, out: &mut Vec<u8>) -> Result<Written, Refusal> {
        format::response(self, out)
    }
}

fn written(message: impl Message, body: &[u8]) -> String {
    let mut out = Vec::new();
    let written = message.write_to(&mut out).unwrap_or_else(|refusal| panic!("{refusal}"));
    assembled(&out, written, body)
}

fn refusal(message: impl Message) -> (Code, Part, Option<usize>, Option<u8>) {
    let mut out = b"before".to_vec();
    let refusal = message.write_to(&mut out).expect_err("refused");
    assert_eq!(out, b"before", "a refusal leaves nothing behind");
    (refusal.code, refusal.part, refusal.at, refusal.octet)
}

const CRLF: &str = "\r\n";

fn lines(all: &[&str]) -> String {
    all.join(CRLF)
}

#[test]
fn requests_without_a_body() {
    assert_eq!(written(get(&[]), b""), lines(&["GET / HTTP/1.1", "Host: a", "", ""]));
    let plain = RequestParts { host: None, ..get(&[(b"hOST", b"b:1"), (b"X", b""), (b"x", b"\xE9\ty")]) };
    assert_eq!(written(plain, b""), lines(&["GET / HTTP/1.1", "hOST: b:1", "X: ", "x: \u{E9}\ty", "", ""]));
    let old = RequestParts { host: None, version: Version::Http10, ..get(&[]) };
    assert_eq!(written(old, b""), lines(&["GET / HTTP/1.0", "", ""]));
    for method in [&b"POST"[..], b"PUT", b"PATCH"] {
        assert!(
            written(RequestParts { method, ..get(&[]) }, b"").ends_with("\r\nHost: a\r\nContent-Length: 0\r\n\r\n")
        );
    }
    for method in [&b"HEAD"[..], b"DELETE", b"TRACE", b"PURGE", b"post"] {
        assert!(written(RequestParts { method, ..get(&[]) }, b"").ends_with(" HTTP/1.1\r\nHost: a\r\n\r\n"));
    }
    let asterisk = RequestParts { method: b"OPTIONS", target: b"*", ..get(&[]) };
    assert_eq!(written(asterisk, b""), lines(&["OPTIONS * HTTP/1.1", "Host: a", "", ""]));
    let connect = RequestParts { method: b"CONNECT", target: b"a:443", ..get(&[(b"Content-Length", b"0")]) };
    assert_eq!(written(connect, b""), lines(&["CONNECT a:443 HTTP/1.1", "Host: a", "Content-Length: 0", "", ""]));
}

#[test]
fn the_host_of_the_url_and_the_field_agree() {
    // The caller's own field stays where and as it is.
    assert_eq!(
        written(get(&[(b"X", b"1"), (b"host", b"A")]), b""),
        lines(&["GET / HTTP/1.1", "X: 1", "host: A", "", ""])
    );
    let absolute = RequestParts { target: b"http://A:80/x", host: Some(b"a:80"), ..get(&[]) };
    assert_eq!(written(absolute, b""), lines(&["GET http://A:80/x HTTP/1.1", "Host: a:80", "", ""]));
    let other_scheme = RequestParts { target: b"urn:b", ..get(&[]) };
    assert_eq!(written(other_scheme, b""), lines(&["GET urn:b HTTP/1.1", "Host: a", "", ""]));
}

#[test]
fn bodies_of_known_length() {
    let post = RequestParts { method: b"POST", body: Body::Known(5), ..get(&[]) };
    assert_eq!(written(post, b"hello"), lines(&["POST / HTTP/1.1", "Host: a", "Content-Length: 5", "", "hello"]));
    let checked =
        RequestParts { body: Body::Known(5), ..get(&[(b"content-length", b"005"), (b"Content-Length", b"5")]) };
    assert_eq!(written(checked, b"hello"), lines(&["GET / HTTP/1.1", "Host: a", "content-length: 005", "", "hello"]));
    let empty = RequestParts { body: Body::Known(0), ..get(&[]) };
    assert_eq!(written(empty, b""), lines(&["GET / HTTP/1.1", "Host: a", "Content-Length: 0", "", ""]));
    let old = RequestParts { version: Version::Http10, body: Body::Known(10), ..get(&[]) };
    assert_eq!(
        written(old, b"0123456789"),
        lines(&["GET / HTTP/1.0", "Host: a", "Content-Length: 10", "", "0123456789"])
    );
    let most = RequestParts { body: Body::Known((1 << 53) - 1), ..get(&[]) };
    assert!(written(most, b"").contains("\r\nContent-Length: 9007199254740991\r\n"));
}

#[test]
fn chunked_bodies() {
    let given = RequestParts { body: Body::Known(26), ..get(&[(b"Transfer-Encoding", b"gzip, Chunked")]) };
    assert_eq!(
        written(given, b"abcdefghijklmnopqrstuvwxyz"),
        lines(&[
            "GET / HTTP/1.1",
            "Host: a",
            "Transfer-Encoding: gzip, Chunked",
            "",
            "1a",
            "abcdefghijklmnopqrstuvwxyz",
            "0",
            "",
            ""
        ])
    );
    let spread = get(&[(b"Transfer-Encoding", b"gzip"), (b"Transfer-Encoding", b"chunked")]);
    assert_eq!(
        written(spread, b""),
        lines(&["GET / HTTP/1.1", "Host: a", "Transfer-Encoding: gzip", "Transfer-Encoding: chunked", "", "0", "", ""])
    );
    let trailers = RequestParts {
        body: Body::Known(1),
        trailers: field_lines(&[(b"Digest", b"x"), (b"Server-Timing", b"")]),
        ..get(&[])
    };
    assert_eq!(
        written(trailers, b"!"),
        lines(&[
            "GET / HTTP/1.1",
            "Host: a",
            "Transfer-Encoding: chunked",
            "",
            "1",
            "!",
            "0",
            "Digest: x",
            "Server-Timing: ",
            "",
            ""
        ])
    );
    let nothing = ResponseParts { body: Body::Known(0), trailers: field_lines(&[(b"A", b"b")]), ..ok(&[]) };
    assert_eq!(
        written(nothing, b""),
        lines(&["HTTP/1.1 200 OK", "Transfer-Encoding: chunked", "", "0", "A: b", "", ""])
    );
    let unknown = ResponseParts { body: Body::Unknown, ..ok(&[]) };
    assert_eq!(
        written(unknown, b"2\r\nab\r\n"),
        lines(&["HTTP/1.1 200 OK", "Transfer-Encoding: chunked", "", "2", "ab", "0", "", ""])
    );
    let declared = ResponseParts { body: Body::Unknown, ..ok(&[(b"Content-Length", b"2")]) };
    assert_eq!(written(declared, b"ab"), lines(&["HTTP/1.1 200 OK", "Content-Length: 2", "", "ab"]));
}

#[test]
fn responses_by_status_and_request() {
    assert_eq!(written(ok(&[]), b""), lines(&["HTTP/1.1 200 OK", "Content-Length: 0", "", ""]));
    assert_eq!(
        written(ResponseParts { status: 599, ..ok(&[]) }, b""),
        lines(&["HTTP/1.1 599 ", "Content-Length: 0", "", ""])
    );
    let reason = ResponseParts { status: 404, reason: Some(b" gone\t\xFC "), version: Version::Http10, ..ok(&[]) };
    assert_eq!(written(reason, b""), lines(&["HTTP/1.0 404  gone\t\u{FC} ", "Content-Length: 0", "", ""]));
    assert!(written(ResponseParts { reason: Some(b""), ..ok(&[]) }, b"").starts_with("HTTP/1.1 200 \r\n"));
    for (status, line) in
        [(100, "HTTP/1.1 100 Continue"), (103, "HTTP/1.1 103 Early Hints"), (204, "HTTP/1.1 204 No Content")]
    {
        for body in [Body::None, Body::Known(0)] {
            assert_eq!(
                written(ResponseParts { status, body, ..ok(&[(b"A", b"b")]) }, b""),
                lines(&[line, "A: b", "", ""])
            );
        }
    }
    assert_eq!(
        written(ResponseParts { status: 205, ..ok(&[]) }, b""),
        lines(&["HTTP/1.1 205 Reset Content", "Content-Length: 0", "", ""])
    );
    let tunnel = ResponseParts { request_method: b"CONNECT", ..ok(&[]) };
    assert_eq!(written(tunnel, b""), lines(&["HTTP/1.1 200 OK", "", ""]));
    let no_tunnel = ResponseParts { status: 407, request_method: b"CONNECT", body: Body::Known(2), ..ok(&[]) };
    assert!(written(no_tunnel, b"no").ends_with("\r\nContent-Length: 2\r\n\r\nno"));
}

#[test]
fn answers_to_head_and_304_describe_only() {
    let head = |fields, body| ResponseParts { request_method: b"HEAD", body, ..ok(fields) };
    assert_eq!(written(head(&[], Body::None), b""), lines(&["HTTP/1.1 200 OK", "", ""]));
    assert_eq!(written(head(&[], Body::Known(5)), b"hello"), lines(&["HTTP/1.1 200 OK", "Content-Length: 5", "", ""]));
    assert_eq!(
        written(head(&[(b"Content-Length", b"7")], Body::None), b""),
        lines(&["HTTP/1.1 200 OK", "Content-Length: 7", "", ""])
    );
    assert_eq!(
        written(head(&[], Body::Unknown), b"x"),
        lines(&["HTTP/1.1 200 OK", "Transfer-Encoding: chunked", "", ""])
    );
    let trailers = ResponseParts { trailers: field_lines(&[(b"A", b"b")]), ..head(&[], Body::Known(3)) };
    assert_eq!(written(trailers, b"abc"), lines(&["HTTP/1.1 200 OK", "Transfer-Encoding: chunked", "", ""]));
    let unchanged = ResponseParts { status: 304, body: Body::Known(5), ..ok(&[]) };
    assert_eq!(written(unchanged, b"hello"), lines(&["HTTP/1.1 304 Not Modified", "Content-Length: 5", "", ""]));
    assert_eq!(written(ResponseParts { status: 304, ..ok(&[]) }, b""), lines(&["HTTP/1.1 304 Not Modified", "", ""]));
    let old_unknown = ResponseParts { request_version: Version::Http10, ..head(&[], Body::Unknown) };
    assert_eq!(written(old_unknown, b"x"), lines(&["HTTP/1.1 200 OK", "", ""]));
}

#[test]
fn unknown_length_for_a_1_0_client_ends_with_the_connection() {
    let to_old = |fields| ResponseParts { request_version: Version::Http10, body: Body::Unknown, ..ok(fields) };
    assert_eq!(written(to_old(&[]), b"abc"), lines(&["HTTP/1.1 200 OK", "Connection: close", "", "abc"]));
    assert_eq!(
        written(to_old(&[(b"connection", b"x, Close")]), b"abc"),
        lines(&["HTTP/1.1 200 OK", "connection: x, Close", "", "abc"])
    );
    assert_eq!(
        refusal(to_old(&[(b"Connection", b"keep-alive")])),
        (Code::ConnectionOption, Part::FieldValue(0), None, None)
    );
}

#[test]
fn connection_options_are_added_or_demanded() {
    let upgrade = get(&[(b"Upgrade", b"websocket"), (b"TE", b"trailers")]);
    assert_eq!(
        written(upgrade, b""),
        lines(&["GET / HTTP/1.1", "Host: a", "Upgrade: websocket", "TE: trailers", "Connection: Upgrade, TE", "", ""])
    );
    let given = get(&[(b"Connection", b"keep-alive"), (b"Upgrade", b"h"), (b"Connection", b"upgrade")]);
    assert!(written(given, b"").ends_with("Connection: keep-alive\r\nUpgrade: h\r\nConnection: upgrade\r\n\r\n"));
    for (name, index) in [(&b"Upgrade"[..], 1), (b"te", 1)] {
        assert_eq!(
            refusal(get(&[(name, b"x"), (b"Connection", b"keep-alive")])),
            (Code::ConnectionOption, Part::FieldValue(index), None, None)
        );
    }
    // In a response TE is a field like any other.
    assert_eq!(
        written(ResponseParts { status: 101, ..ok(&[(b"Upgrade", b"h"), (b"TE", b"x")]) }, b""),
        lines(&["HTTP/1.1 101 Switching Protocols", "Upgrade: h", "TE: x", "Connection: Upgrade", "", ""])
    );
}

#[test]
fn start_lines_refused() {
    use Part::{Host, Method as MethodPart, Reason, RequestMethod, Status, Target};
    let request = |method, target, host| refusal(RequestParts { method, target, host, ..get(&[]) });
    assert_eq!(request(b"", b"/", None), (Code::Method, MethodPart, Some(0), None));
    assert_eq!(request(b"GE T", b"/", None), (Code::Method, MethodPart, Some(2), Some(b' ')));
    assert_eq!(request(b"GET", b"/\r\n", None), (Code::Target, Target, Some(1), Some(b'\r')));
    assert_eq!(request(b"GET", b"/ x", None), (Code::Target, Target, Some(1), Some(b' ')));
    assert_eq!(request(b"GET", b"", None), (Code::Target, Target, Some(0), None));
    assert_eq!(request(b"GET", b"*", None), (Code::TargetForm, Target, Some(0), Some(b'*')));
    assert_eq!(request(b"GET", b"/", None), (Code::HostMissing, Host, None, None));
    assert_eq!(request(b"GET", b"/", Some(b"a b")), (Code::HostInvalid, Host, Some(1), Some(b' ')));
    assert_eq!(request(b"GET", b"http://b/", Some(b"a")), (Code::HostConflict, Host, None, None));
    let response =
        |status, reason, request_method| refusal(ResponseParts { status, reason, request_method, ..ok(&[]) });
    assert_eq!(response(99, None, b"GET"), (Code::StatusCode, Status, None, None));
    assert_eq!(response(1000, None, b"GET"), (Code::StatusCode, Status, None, None));
    assert_eq!(response(200, Some(b"a\nb"), b"GET"), (Code::Reason, Reason, Some(1), Some(b'\n')));
    assert_eq!(response(200, None, b"GE\rT"), (Code::Method, RequestMethod, Some(2), Some(b'\r')));
    for (version, request_version) in [(Version::Http10, Version::Http11), (Version::Http11, Version::Http10)] {
        let early = ResponseParts { status: 103, version, request_version, ..ok(&[]) };
        assert_eq!(refusal(early), (Code::InformationalVersion, Status, None, None));
    }
}

#[test]
fn fields_refused_at_their_octet() {
    use Part::{FieldName, FieldValue};
    for (name, value, expected) in [
        (&b""[..], &b"x"[..], (Code::FieldNameEmpty, FieldName(1), Some(0), None)),
        (b"a:b", b"x", (Code::FieldName, FieldName(1), Some(1), Some(b':'))),
        (b"a ", b"x", (Code::FieldName, FieldName(1), Some(1), Some(b' '))),
        (b"a\xE9", b"x", (Code::FieldName, FieldName(1), Some(1), Some(0xE9))),
        (b"a", b"x\r\ny: z", (Code::FieldValue, FieldValue(1), Some(1), Some(b'\r'))),
        (b"a", b"x\ny", (Code::FieldValue, FieldValue(1), Some(1), Some(b'\n'))),
        (b"a", b"12345678901234567890\0", (Code::FieldValue, FieldValue(1), Some(20), Some(0))),
        (b"a", b"\x7F", (Code::FieldValue, FieldValue(1), Some(0), Some(0x7F))),
        (b"a", b" x", (Code::ValueWhitespace, FieldValue(1), Some(0), Some(b' '))),
        (b"a", b"x\t", (Code::ValueWhitespace, FieldValue(1), Some(1), Some(b'\t'))),
        (b"Host", b"a b", (Code::HostInvalid, FieldValue(1), Some(1), Some(b' '))),
        (b"Host", b"b", (Code::HostConflict, FieldValue(1), None, None)),
        (b"Content-Length", b"+5", (Code::ContentLength, FieldValue(1), Some(0), Some(b'+'))),
        (b"Content-Length", b"", (Code::ContentLength, FieldValue(1), Some(0), None)),
        (b"Content-Length", b"0, 0", (Code::ContentLength, FieldValue(1), Some(1), Some(b','))),
        (b"Content-Length", b"9007199254740992", (Code::ContentLength, FieldValue(1), Some(15), Some(b'2'))),
        (b"Content-Length", b"5", (Code::BodyLength, FieldValue(1), None, None)),
        (b"Transfer-Encoding", b"gzip", (Code::TransferEncodingNotChunked, FieldValue(1), None, None)),
        (b"Transfer-Encoding", b"chunked, gzip", (Code::TransferEncoding, FieldValue(1), Some(9), Some(b'g'))),
        (b"Transfer-Encoding", b"chunked;a=b", (Code::TransferEncoding, FieldValue(1), Some(7), Some(b';'))),
        (b"Transfer-Encoding", b"chunked,", (Code::TransferEncoding, FieldValue(1), Some(8), None)),
        (b"Transfer-Encoding", b"", (Code::TransferEncoding, FieldValue(1), Some(0), None)),
        (b"Transfer-Encoding", b"foo, chunked", (Code::TransferCodingUnknown, FieldValue(1), Some(0), Some(b'f'))),
    ] {
        assert_eq!(refusal(get(&[(b"First", b"1"), (name, value)])), expected);
    }
    assert_eq!(refusal(get(&[(b"Host", b"a"), (b"HOST", b"a")])), (Code::HostRepeated, FieldName(1), None, None));
    assert_eq!(
        refusal(get(&[(b"Content-Length", b"0"), (b"Content-Length", b"1")])),
        (Code::ContentLengthDiffers, FieldValue(1), None, None)
    );
    for fields in [
        [(&b"Transfer-Encoding"[..], &b"chunked"[..]), (&b"Content-Length"[..], &b"0"[..])],
        [(b"content-length", b"0"), (b"transfer-encoding", b"chunked")],
    ] {
        assert_eq!(refusal(get(&fields)), (Code::TransferEncodingWithLength, FieldName(1), None, None));
        let unread = ResponseParts { request_method: b"HEAD", ..ok(&fields) };
        assert_eq!(refusal(unread), (Code::TransferEncodingWithLength, FieldName(1), None, None));
    }
}

#[test]
fn bodies_refused_where_the_message_has_none() {
    for body in [Body::Known(1), Body::Unknown] {
        for status in [100, 101, 204, 205] {
            let response = ResponseParts { status, body, ..ok(&[]) };
            assert_eq!(refusal(response), (Code::BodyForbidden, Part::Body, None, None), "{status}");
        }
        let tunnel = ResponseParts { status: 299, request_method: b"CONNECT", body, ..ok(&[]) };
        assert_eq!(refusal(tunnel), (Code::BodyForbidden, Part::Body, None, None));
        for (method, target) in [(&b"CONNECT"[..], &b"a:1"[..]), (b"TRACE", b"/")] {
            let request = RequestParts { method, target, body, ..get(&[]) };
            assert_eq!(refusal(request), (Code::BodyForbidden, Part::Body, None, None));
        }
    }
    for (name, value) in [(&b"Content-Length"[..], &b"0"[..]), (b"Transfer-Encoding", b"chunked")] {
        for status in [103, 204] {
            let fields = [(name, value)];
            assert_eq!(
                refusal(ResponseParts { status, ..ok(&fields) }),
                (Code::FramingConflict, Part::FieldName(0), None, None)
            );
        }
    }
    let connect = RequestParts { method: b"CONNECT", target: b"a:1", ..get(&[(b"Content-Length", b"1")]) };
    assert_eq!(refusal(connect), (Code::FramingConflict, Part::FieldName(0), None, None));
    let unknown = RequestParts { version: Version::Http10, body: Body::Unknown, ..get(&[]) };
    assert_eq!(refusal(unknown), (Code::LengthNeeded, Part::Body, None, None));
    let chunked = get(&[(b"Transfer-Encoding", b"chunked")]);
    assert_eq!(
        refusal(RequestParts { version: Version::Http10, ..chunked }),
        (Code::TransferEncodingVersion, Part::FieldName(0), None, None)
    );
    let too_long = RequestParts { body: Body::Known(1 << 53), ..get(&[]) };
    assert_eq!(refusal(too_long), (Code::BodyLength, Part::Body, None, None));
    let mismatch = RequestParts { body: Body::Known(3), ..get(&[(b"X", b""), (b"Content-Length", b"4")]) };
    assert_eq!(refusal(mismatch), (Code::BodyLength, Part::FieldValue(1), None, None));
}

#[test]
fn trailers_refused() {
    use Part::{TrailerName, TrailerValue};
    let with =
        |trailers: Lines<'static>| ResponseParts { body: Body::Known(1), trailers: trailers.to_vec(), ..ok(&[]) };
    assert_eq!(refusal(with(&[(b"A", b"1"), (b"b c", b"")])), (Code::FieldName, TrailerName(1), Some(1), Some(b' ')));
    assert_eq!(refusal(with(&[(b"A", b"\r\n")])), (Code::FieldValue, TrailerValue(0), Some(0), Some(b'\r')));
    for name in [
        &b"content-length"[..],
        b"Transfer-Encoding",
        b"HOST",
        b"Connection",
        b"Authorization",
        b"Set-Cookie",
        b"Cookie",
        b"Expect",
        b"If-Match",
        b"Cache-Control",
        b"Age",
        b"Location",
        b"Content-Type",
        b"Content-Encoding",
        b"Trailer",
        b"TE",
        b"Upgrade",
    ] {
        let mut out = Vec::new();
        let refusal = format::last_chunk([(&b"A"[..], &b""[..]), (name, b"1")], &mut out).expect_err("refused");
        assert_eq!((refusal.code, refusal.part), (Code::TrailerForbidden, TrailerName(1)));
    }
    let need_chunks = (Code::TrailersNeedChunks, TrailerName(0), None, None);
    let trailers: Lines<'_> = &[(b"A", b"b")];
    assert_eq!(refusal(ResponseParts { request_version: Version::Http10, ..with(&[(b"A", b"b")]) }), need_chunks);
    assert_eq!(
        refusal(RequestParts { version: Version::Http10, trailers: trailers.to_vec(), ..get(&[]) }),
        need_chunks
    );
    assert_eq!(refusal(RequestParts { trailers: trailers.to_vec(), ..get(&[(b"Content-Length", b"0")]) }), need_chunks);
    assert_eq!(refusal(ResponseParts { status: 204, body: Body::None, ..with(&[(b"A", b"b")]) }), need_chunks);
    // Trailers that are not written are checked all the same.
    let head = ResponseParts { request_method: b"HEAD", ..with(&[(b"Host", b"b")]) };
    assert_eq!(refusal(head), (Code::TrailerForbidden, TrailerName(0), None, None));
}

#[test]
fn chunks_and_extensions() {
    for (length, extensions, expected) in [
        (1, &[][..], "1\r\n|\r\n"),
        (16, &[], "10\r\n|\r\n"),
        (0x1F_FFFF_FFFF_FFFF, &[], "1fffffffffffff\r\n|\r\n"),
        (10, &[(&b"a"[..], None), (b"b", Some(&b"c"[..]))], "a;a;b=c\r\n|\r\n"),
        (10, &[(b"q", Some(b"x \"y\\")), (b"e", Some(b""))], "a;q=\"x \\\"y\\\\\";e=\"\"\r\n|\r\n"),
    ] {
        let mut out = Vec::new();
        let written = format::chunk(length, extensions.iter().copied(), &mut out).expect("accepted");
        let (before, after) = out.split_at(written.before);
        assert_eq!(after.len(), written.after);
        assert_eq!([before, after].join(&b'|'), expected.as_bytes());
    }
    let refused = |length, name: &'static [u8], value: &'static [u8]| {
        let mut out = Vec::new();
        let refusal = format::chunk(length, [(name, Some(value))], &mut out).expect_err("refused");
        assert!(out.is_empty());
        (refusal.code, refusal.part, refusal.at, refusal.octet)
    };
    assert_eq!(refused(0, b"a", b"b"), (Code::ChunkLength, Part::Body, None, None));
    assert_eq!(refused(1 << 53, b"a", b"b"), (Code::ChunkLength, Part::Body, None, None));
    assert_eq!(refused(1, b"", b"b"), (Code::ChunkExtension, Part::ExtensionName(0), Some(0), None));
    assert_eq!(refused(1, b"a;b", b"b"), (Code::ChunkExtension, Part::ExtensionName(0), Some(1), Some(b';')));
    assert_eq!(refused(1, b"a", b"b\nc"), (Code::ChunkExtension, Part::ExtensionValue(0), Some(1), Some(b'\n')));
    let mut last = Vec::new();
    format::last_chunk([(&b"A"[..], &b"b"[..])], &mut last).expect("accepted");
    assert_eq!(last, b"0\r\nA: b\r\n\r\n");
}

/// A message as a parser tells it.
#[derive(Debug, Default, PartialEq)]
struct Read {
    start_line: Vec<Vec<u8>>,
    fields: Vec<(Vec<u8>, Vec<u8>)>,
    body: Vec<u8>,
    trailers: Vec<(Vec<u8>, Vec<u8>)>,
    ends: usize,
    says: Option<Facts>,
}

/// What a head says beside its parts: framing, persistence, switching, 100-continue.
type Facts = (BodyFraming, bool, bool, bool);

/// The facts as the builder told them.
fn facts(written: Written) -> Option<Facts> {
    Some((bare(written.framing), written.keep_alive, written.upgrade, written.expect_continue))
}

/// A length of 0 is no body.
fn bare(framing: BodyFraming) -> BodyFraming {
    if framing == BodyFraming::Length(0) { BodyFraming::None } else { framing }
}

fn owned(section: &Section<'_>) -> Vec<(Vec<u8>, Vec<u8>)> {
    section.iter().map(|(name, value)| (name.to_vec(), value.to_vec())).collect()
}

impl Read {
    fn take(&mut self, event: Event<'_>) {
        match event {
            Event::Request(request) => {
                let (_, minor) = request.head.version();
                self.start_line = vec![request.method().to_vec(), request.target().to_vec(), vec![minor]];
                self.fields = owned(&request.head.section);
                let head = request.head;
                self.says = Some((bare(head.body), head.keep_alive, head.upgrade, request.expect_continue));
            }
            Event::Response(response) => {
                let (_, minor) = response.head.version();
                self.start_line = vec![response.status().to_string().into(), response.reason().to_vec(), vec![minor]];
                self.fields = owned(&response.head.section);
                let head = response.head;
                self.says = Some((bare(head.body), head.keep_alive, head.upgrade, false));
            }
            Event::Body(data) => self.body.extend_from_slice(data),
            Event::End(trailers) => {
                self.trailers = owned(&trailers);
                self.ends += 1;
            }
            Event::Upgrade => {}
            other => panic!("{other:?}"),
        }
    }
}

/// Reads a message whole, octet by octet, and cut in two at every place: always the same.
fn read_back(parser: impl Fn() -> Parser, octets: &[u8]) -> Read {
    let whole = read_pieces(parser(), octets, [octets]);
    assert_eq!(read_pieces(parser(), octets, octets.chunks(1)), whole, "octet by octet");
    for at in 1..octets.len() {
        let (left, right) = octets.split_at(at);
        assert_eq!(read_pieces(parser(), octets, [left, right]), whole, "cut at {at}: {octets:?}");
    }
    whole
}

fn read_pieces<'a>(mut parser: Parser, octets: &[u8], pieces: impl IntoIterator<Item = &'a [u8]>) -> Read {
    let mut read = Read::default();
    for chunk in pieces {
        let mut at = 0;
        while let Some(event) = parser.poll(chunk, &mut at).unwrap_or_else(|error| panic!("{error}\n{octets:?}")) {
            read.take(event);
        }
    }
    if let Some(event) = parser.finish().unwrap_or_else(|error| panic!("{error}\n{octets:?}")) {
        read.take(event);
    }
    read
}

/// Names and values around the edges of what is allowed.
fn any_line() -> impl Strategy<Value = (Vec<u8>, Vec<u8>)> {
    let name = prop_oneof![
        4 => "[!#$%&'*+.^_`|~0-9A-Za-z-]{1,12}".prop_map(String::into_bytes),
        2 => prop::sample::select(vec!["Content-Length", "Transfer-Encoding", "Connection", "Upgrade", "TE", "Host", "Expect", "__proto__"])
            .prop_map(|name| name.as_bytes().to_vec()),
        1 => prop::collection::vec(any::<u8>(), 0..4),
    ];
    let value = prop_oneof![
        4 => "[ -~\t]{0,40}".prop_map(|value| value.trim_matches([' ', '\t']).as_bytes().to_vec()),
        3 => prop::sample::select(vec!["0", "3", "003", "chunked", "gzip, chunked", "gzip;q=1,chunked", "close", "upgrade, te", "keep-alive", "100-continue", "a:1", ""])
            .prop_map(|value| value.as_bytes().to_vec()),
        1 => prop::collection::vec(0x80..=0xFFu8, 1..20),
        1 => prop::collection::vec(any::<u8>(), 0..20),
    ];
    (name, value)
}

fn any_body() -> impl Strategy<Value = (Body, Vec<u8>)> {
    prop_oneof![
        Just((Body::None, vec![])),
        prop::collection::vec(any::<u8>(), 0..40).prop_map(|body| (Body::Known(body.len() as u64), body)),
        Just((Body::Known(3), b"abc".to_vec())),
    ]
}

fn any_lines(most: usize) -> impl Strategy<Value = Vec<(Vec<u8>, Vec<u8>)>> {
    prop::collection::vec(any_line(), 0..most)
}

fn any_version() -> impl Strategy<Value = Version> {
    prop_oneof![3 => Just(Version::Http11), 1 => Just(Version::Http10)]
}

fn borrowed(lines: &[(Vec<u8>, Vec<u8>)]) -> Vec<(&[u8], &[u8])> {
    lines.iter().map(|(name, value)| (&name[..], &value[..])).collect()
}

/// The caller's lines stand in what was read, in order and untouched; what surrounds them is what
/// the builder says it adds.
fn check_fields(read: &[(Vec<u8>, Vec<u8>)], given: &[(Vec<u8>, Vec<u8>)], added_host: bool) {
    let is_length = |name: &[u8]| name.eq_ignore_ascii_case(b"content-length");
    let mut seen_length = false;
    let mut expected = given.to_vec();
    expected.retain(|(name, _)| !(is_length(name) && std::mem::replace(&mut seen_length, true)));
    let skipped = usize::from(added_host);
    assert_eq!(&read[skipped..skipped + expected.len()], expected);
    for (name, _) in &read[skipped + expected.len()..] {
        assert!([&b"Content-Length"[..], b"Transfer-Encoding", b"Connection"].contains(&&name[..]), "{name:?}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn requests_read_back(
        method in prop_oneof![
            4 => prop::sample::select(vec!["GET", "POST", "PUT", "HEAD", "OPTIONS", "CONNECT", "TRACE", "get"]).prop_map(String::from),
            1 => "[A-Z !\r]{0,6}",
        ],
        target in prop_oneof![
            6 => "/[!-~]{0,20}",
            1 => prop::sample::select(vec!["*", "a:1", "http://a:1/b?c", "urn:x", "", "//", "http://", "/\r\n"]).prop_map(String::from),
        ],
        url_host in prop::option::weighted(0.8, prop::sample::select(vec!["a:1", "[::1]", "", "b c"])),
        version in any_version(),
        fields in any_lines(6),
        (body, octets) in any_body(),
        trailers in prop_oneof![3 => Just(vec![]), 1 => any_lines(3)],
    ) {
        let mut out = Vec::new();
        let written = format::request(
            RequestParts {
                method: method.as_bytes(),
                target: target.as_bytes(),
                lenient: Leniencies::STRICT,
                host: url_host.map(str::as_bytes),
                version,
                fields: borrowed(&fields),
                body,
                trailers: borrowed(&trailers),
            },
            &mut out,
        );
        let Ok(written) = written else {
            prop_assert!(out.is_empty());
            return Ok(());
        };
        out.splice(written.before..written.before, if written.carries_body { octets.clone() } else { vec![] });
        let read = read_back(|| Parser::request(Policy::default()), &out);
        let minor = u8::from(version == Version::Http11);
        prop_assert_eq!(&read.start_line, &vec![method.into_bytes(), target.into_bytes(), vec![minor]]);
        let has_host = fields.iter().any(|(name, _)| name.eq_ignore_ascii_case(b"host"));
        check_fields(&read.fields, &fields, url_host.is_some() && !has_host);
        prop_assert_eq!(read.body, octets);
        prop_assert_eq!(read.trailers, trailers);
        prop_assert_eq!(read.ends, 1);
        prop_assert_eq!(read.says, facts(written));
    }

    #[test]
    fn responses_read_back(
        status in prop_oneof![3 => prop::sample::select(vec![100u16, 101, 103, 200, 204, 205, 304, 404]), 1 => 90..1010u16],
        reason in prop::option::of(prop_oneof!["[ -~\t]{0,10}", "[\0-~]{0,3}"]),
        version in any_version(),
        request_method in prop::sample::select(vec!["GET", "GET", "HEAD", "CONNECT", "POST"]),
        request_version in any_version(),
        fields in any_lines(6),
        (body, octets) in prop_oneof![4 => any_body(), 1 => Just((Body::Unknown, b"abc".to_vec()))],
        trailers in prop_oneof![3 => Just(vec![]), 1 => any_lines(3)],
    ) {
        let mut out = Vec::new();
        let written = format::response(
            ResponseParts {
                status,
                reason: reason.as_ref().map(String::as_bytes),
                version,
                request_method: request_method.as_bytes(),
                request_version,
                fields: borrowed(&fields),
                body,
                trailers: borrowed(&trailers),
            },
            &mut out,
        );
        let Ok(written) = written else {
            prop_assert!(out.is_empty());
            return Ok(());
        };
        let is_chunked = body == Body::Unknown && written.after > 0;
        let data = match (written.carries_body, is_chunked) {
            (false, _) => vec![],
            (true, false) => octets.clone(),
            (true, true) => {
                let mut framed = Vec::new();
                let chunk = format::chunk(3, [], &mut framed).expect("a chunk");
                framed.splice(chunk.before..chunk.before, octets.clone());
                framed
            }
        };
        // A body until close, or of a length that the caller declared otherwise, cannot be read as meant.
        prop_assume!(body != Body::Unknown || is_chunked || !written.carries_body || !fields.iter().any(|(name, value)|
            name.eq_ignore_ascii_case(b"content-length") && !value.ends_with(b"3")));
        out.splice(written.before..written.before, data);
        let parser = || {
            let mut parser = Parser::response(Policy::default());
            parser.expect(Method::of(request_method.as_bytes()));
            parser
        };
        let read = read_back(parser, &out);
        let phrase = reason.map_or_else(|| format::reason(status).into(), String::into_bytes);
        let minor = u8::from(version == Version::Http11);
        prop_assert_eq!(&read.start_line, &vec![status.to_string().into_bytes(), phrase, vec![minor]]);
        check_fields(&read.fields, &fields, false);
        if written.carries_body {
            prop_assert_eq!(read.body, octets);
        } else {
            prop_assert!(read.body.is_empty());
        }
        prop_assert!(read.trailers == trailers || (read.trailers.is_empty() && (status == 304 || request_method == "HEAD")));
        prop_assert_eq!(read.ends, 1);
        prop_assert_eq!(read.says, facts(written));
    }

    /// Names and values that are right, but for one octet anywhere in them.
    #[test]
    fn a_forbidden_octet_anywhere_is_refused_there(
        lines in prop::collection::vec(("[!#$%&'*+.^_`|~0-9A-Za-z-]{1,20}", "([!-~]([ -~]{0,40}[!-~])?)?"), 1..5),
        which in any::<prop::sample::Index>(),
        place in any::<prop::sample::Index>(),
        is_name in any::<bool>(),
        forbidden in prop::sample::select(b"\r\n\0\x1F\x7F\x01\x0B".to_vec()),
        in_trailers in any::<bool>(),
    ) {
        let mut lines: Vec<(Vec<u8>, Vec<u8>)> =
            lines.into_iter().map(|(name, value)| ([&b"X"[..], name.as_bytes()].concat(), value.into_bytes())).collect();
        let index = which.index(lines.len());
        let part = if is_name { &mut lines[index].0 } else { &mut lines[index].1 };
        let at = place.index(part.len() + 1);
        part.insert(at, forbidden);
        let (fields, trailers) = if in_trailers { (vec![], lines) } else { (lines, vec![]) };
        let (expected, code) = match (in_trailers, is_name) {
            (false, true) => (Part::FieldName(index), Code::FieldName),
            (false, false) => (Part::FieldValue(index), Code::FieldValue),
            (true, true) => (Part::TrailerName(index), Code::FieldName),
            (true, false) => (Part::TrailerValue(index), Code::FieldValue),
        };
        let message = ok(&[]);
        let response = ResponseParts {
            fields: borrowed(&fields),
            trailers: borrowed(&trailers),
            body: Body::Known(1),
            ..message
        };
        prop_assert_eq!(refusal(response), (code, expected, Some(at), Some(forbidden)));
    }
}
