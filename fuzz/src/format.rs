//! The safe builder: what it accepts, the parser reads back as it was meant, in any cut.

use h1wire::{
    Event, Leniencies, Method, Parser, Policy, Version, Written,
    event::Section,
    format::{self, Body, RequestParts, ResponseParts},
};
use libfuzzer_sys::arbitrary::{Result, Unstructured};

type Fields = Vec<(Vec<u8>, Vec<u8>)>;

/// Builds a message of the parts that the octets describe and reads it back.
pub fn check(data: &[u8]) {
    // Too few octets describe nothing.
    let _ = build(&mut Unstructured::new(data));
}

const METHODS: &[&str] = &["GET", "HEAD", "POST", "OPTIONS", "CONNECT", "PURGE", "PRI"];
const TARGETS: &[&str] = &["/", "*", "a:1", "http://a/b?c", "urn:x", "//", "[::1]:80"];
const NAMES: &[&str] =
    &["Host", "Content-Length", "Transfer-Encoding", "Connection", "Upgrade", "TE", "Expect", "X-A", "Trailer"];
const VALUES: &[&str] = &[
    "",
    "a:1",
    "0",
    "3",
    "3, 3",
    "chunked",
    "gzip, chunked",
    "gzip;a=\"b,c\",chunked",
    "close",
    "upgrade, te",
    "websocket",
];

fn build(from: &mut Unstructured<'_>) -> Result<()> {
    if from.arbitrary()? { build_request(from) } else { build_response(from) }
}

fn build_request(from: &mut Unstructured<'_>) -> Result<()> {
    let method = part(from, METHODS)?;
    let target = part(from, TARGETS)?;
    let host = if from.arbitrary()? { Some(part(from, &["a:1", "a", "[::1]"])?) } else { None };
    let version = version(from)?;
    let (fields, trailers) = (lines(from)?, lines(from)?);
    let (body, data) = body(from)?;
    let mut out = Vec::new();
    let request = RequestParts {
        method: &method,
        target: &target,
        lenient: Leniencies::STRICT,
        host: host.as_deref(),
        version,
        fields: borrowed(&fields),
        body,
        trailers: borrowed(&trailers),
    };
    let Ok(written) = format::request(request, &mut out) else {
        assert!(out.is_empty(), "a refusal leaves nothing behind");
        return Ok(());
    };
    if is_counted_later(body, &fields) {
        return Ok(());
    }
    let octets = assemble(&out, written, body, &data);
    let read = read_in_every_way(|| Parser::request(Policy::default()), &octets);
    assert_eq!(read.start, [method, target], "{}", octets.escape_ascii());
    check_parts(&read, &fields, &trailers, &data, written, &octets);
    Ok(())
}

fn build_response(from: &mut Unstructured<'_>) -> Result<()> {
    let status = from.int_in_range(90..=1010)?;
    let reason = if from.arbitrary()? { Some(part(from, &["", "OK"])?) } else { None };
    let (version, request_version) = (version(from)?, version(from)?);
    let request_method = part(from, METHODS)?;
    let (fields, trailers) = (lines(from)?, lines(from)?);
    let (body, data) = body(from)?;
    let mut out = Vec::new();
    let response = ResponseParts {
        status,
        reason: reason.as_deref(),
        version,
        request_method: &request_method,
        request_version,
        fields: borrowed(&fields),
        body,
        trailers: borrowed(&trailers),
    };
    let Ok(written) = format::response(response, &mut out) else {
        assert!(out.is_empty(), "a refusal leaves nothing behind");
        return Ok(());
    };
    if is_counted_later(body, &fields) {
        return Ok(());
    }
    let octets = assemble(&out, written, body, &data);
    let parser = || {
        let mut parser = Parser::response(Policy::default());
        parser.expect(Method::of(&request_method));
        parser
    };
    let read = read_in_every_way(parser, &octets);
    let phrase = reason.unwrap_or_else(|| format::reason(status).into());
    assert_eq!(read.start, [status.to_string().into_bytes(), phrase], "{}", octets.escape_ascii());
    // Answers that only speak of a body have no trailer section to say it in.
    let trailers =
        if read.body.is_empty() && read.trailers.is_empty() && !written.carries_body { vec![] } else { trailers };
    check_parts(&read, &fields, &trailers, &data, written, &octets);
    Ok(())
}

fn version(from: &mut Unstructured<'_>) -> Result<Version> {
    Ok(if from.ratio(1, 4)? { Version::Http10 } else { Version::Http11 })
}

/// One of the usual parts, or any octets.
fn part(from: &mut Unstructured<'_>, usual: &[&str]) -> Result<Vec<u8>> {
    if from.ratio(3, 4)? { Ok(from.choose(usual)?.as_bytes().to_vec()) } else { from.arbitrary() }
}

fn lines(from: &mut Unstructured<'_>) -> Result<Fields> {
    (0..from.int_in_range(0..=4)?).map(|_| Ok((part(from, NAMES)?, part(from, VALUES)?))).collect()
}

fn body(from: &mut Unstructured<'_>) -> Result<(Body, Vec<u8>)> {
    let data: Vec<u8> = if from.arbitrary()? { from.arbitrary()? } else { b"abc".to_vec() };
    Ok(match from.int_in_range(0..=2)? {
        0 => (Body::None, Vec::new()),
        1 => (Body::Known(data.len() as u64), data),
        _ => (Body::Unknown, data),
    })
}

fn borrowed(lines: &Fields) -> Vec<(&[u8], &[u8])> {
    lines.iter().map(|(name, value)| (&name[..], &value[..])).collect()
}

/// A length declared for a body of unknown length is held against the pieces where those are sent.
fn is_counted_later(body: Body, fields: &Fields) -> bool {
    body == Body::Unknown && fields.iter().any(|(name, _)| is(name, "content-length"))
}

/// The message with its body in the place that is left for it.
fn assemble(out: &[u8], written: Written, body: Body, data: &[u8]) -> Vec<u8> {
    assert_eq!(out.len(), written.before + written.after);
    let (before, after) = out.split_at(written.before);
    let mut octets = before.to_vec();
    let chunked = body == Body::Unknown && written.after > 0;
    if written.carries_body && chunked && !data.is_empty() {
        let mut framing = Vec::new();
        let chunk = format::chunk(data.len() as u64, [], &mut framing).expect("a chunk of some octets");
        octets.extend([&framing[..chunk.before], data, &framing[chunk.before..]].concat());
    } else if written.carries_body {
        octets.extend(data);
    }
    octets.extend(after);
    octets
}

/// What was read of one message.
#[derive(Debug, Default, PartialEq)]
struct Read {
    start: [Vec<u8>; 2],
    fields: Fields,
    body: Vec<u8>,
    trailers: Fields,
    ends: usize,
}

fn read_in_every_way(parser: impl Fn() -> Parser, octets: &[u8]) -> Read {
    let whole = read(parser(), octets, octets.len());
    assert_eq!(read(parser(), octets, 1), whole);
    whole
}

fn read(mut parser: Parser, octets: &[u8], piece: usize) -> Read {
    let mut read = Read::default();
    for chunk in octets.chunks(piece) {
        let mut at = 0;
        while let Some(event) = parser.poll(chunk, &mut at).unwrap_or_else(|error| refused(error, octets)) {
            read.take(&event);
        }
        assert_eq!(at, chunk.len(), "all is one message: {}", octets.escape_ascii());
    }
    while let Some(event) = parser.finish().unwrap_or_else(|error| refused(error, octets)) {
        read.take(&event);
    }
    read
}

fn refused(error: h1wire::error::Error, octets: &[u8]) -> ! {
    panic!("{error}: {}", octets.escape_ascii())
}

impl Read {
    fn take(&mut self, event: &Event<'_>) {
        match event {
            Event::Request(request) => {
                self.start = [request.method().into(), request.target().into()];
                self.fields = owned(&request.head.section);
            }
            Event::Response(response) => {
                self.start = [response.status().to_string().into(), response.reason().into()];
                self.fields = owned(&response.head.section);
            }
            Event::Body(data) => self.body.extend_from_slice(data),
            Event::End(trailers) => {
                self.trailers = owned(trailers);
                self.ends += 1;
            }
            Event::Upgrade => {}
            other => panic!("{other:?}"),
        }
    }
}

fn owned(section: &Section<'_>) -> Fields {
    section.iter().map(|(name, value)| (name.to_vec(), value.to_vec())).collect()
}

fn is(name: &[u8], other: &str) -> bool {
    name.eq_ignore_ascii_case(other.as_bytes())
}

/// The caller's lines stand in their order and untouched; others are only those the builder adds.
fn check_parts(read: &Read, fields: &Fields, trailers: &Fields, data: &[u8], written: Written, octets: &[u8]) {
    let shown = octets.escape_ascii();
    assert_eq!(read.ends, 1, "{shown}");
    let mut lengths = 0;
    let mut rest = read.fields.iter();
    for line in fields {
        // A Content-Length repeated with the same number is written once.
        lengths += usize::from(is(&line.0, "content-length"));
        let again = is(&line.0, "content-length") && lengths > 1;
        assert!(again || rest.any(|one| one == line), "{line:?} is not there: {shown}");
    }
    let added = read.fields.len() + lengths.saturating_sub(1) - fields.len();
    assert!(added <= 3, "{added} lines were added: {shown}");
    assert_eq!(read.body, if written.carries_body { data } else { b"" }, "{shown}");
    assert_eq!(&read.trailers, trailers, "{shown}");
}
