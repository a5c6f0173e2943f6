//! Runs every vector of `tests/vectors/format` against the builder: exact octets, which the parser
//! reads back in every cut, or the refusal; see the README of `tests/vectors`.

use std::io::{self, Write};

use h1wire::{
    Method, Parser, Policy, Refusal, Version, Written,
    format::{self, Body, Part, RequestParts, ResponseParts},
};

use crate::{
    format_vector_files::{self, Asked, Call, Fault, Vector},
    outcome::{Event, Feeding, Field, Octets, Start, outcome},
    splits::{Way, ways},
};

#[test]
fn format_vectors() {
    let files = format_vector_files::read();
    let (mut run, mut splits, mut failed) = (0, 0, 0);
    for file in &files {
        for vector in &file.vectors {
            match check(vector) {
                Ok(None) => continue,
                Ok(Some(read)) => splits += read,
                Err(fault) => {
                    failed += 1;
                    eprintln!("FAILED {}: {}: {fault}", file.name, vector.name);
                }
            }
            run += 1;
        }
    }
    // Written past the test harness, which would swallow it.
    let passed = run - failed;
    writeln!(io::stdout(), "conformance rust format: {run} vectors, {splits} splits, {passed} passed, {failed} failed")
        .unwrap();
    let held = files.iter().flat_map(|file| &file.vectors).filter(|vector| !vector.facade).count();
    assert!(run == held && run > 0, "{run} vectors were run of {held}");
    assert_eq!(failed, 0, "vectors failed");
}

/// Runs a vector; returns in how many cuts it was read back, or nothing if only a facade can be
/// asked for it, which the vector must say.
fn check(vector: &Vector) -> Result<Option<usize>, String> {
    let asked = match (vector.asked(), vector.facade) {
        (Ok(asked), false) => asked,
        (Err(_), true) => return Ok(None),
        (Ok(_), true) => return Err("the core can be asked for it, which `facade` denies".into()),
        (Err(why), false) => return Err(format!("{why}: `facade` does not say so")),
    };
    match (build(vector, &asked), vector.expected()) {
        (Ok(got), Ok(wanted)) if got == wanted => read_back(vector, asked, &got).map(Some),
        (Err(refusal), Err(wanted)) if fault(&refusal) == *wanted => Ok(Some(0)),
        (Ok(got), wanted) => Err(format!("\n  expected {:?}\n  got      {:?}", wanted.map(Octets::from), Octets(got))),
        (Err(got), wanted) => Err(format!("\n  expected {:?}\n  got      {:?}", wanted.map(Octets::from), fault(&got))),
    }
}

/// The whole message, its body in its place; or the head, if that alone is asked for.
fn build(vector: &Vector, asked: &Asked) -> Result<Vec<u8>, Refusal> {
    let mut out = b"before".to_vec();
    let before = out.len();
    let result = write(vector, asked, &mut out);
    assert!(out.starts_with(b"before"), "what was there stays");
    let place = result.inspect_err(|_| assert_eq!(out.len(), before, "a refusal leaves nothing"))?;
    if vector.options.is_some() {
        let end = out.windows(4).position(|four| four == b"\r\n\r\n").expect("a head") + 4;
        return Ok(out[before..end].to_vec());
    }
    let (head, after) = out[before..].split_at(place.unwrap_or(out.len() - before));
    let body = asked.body.as_deref().filter(|_| place.is_some()).unwrap_or_default();
    Ok([head, body, after].concat())
}

/// Writes all but the body; returns where that belongs, if anywhere.
fn write(vector: &Vector, asked: &Asked, out: &mut Vec<u8>) -> Result<Option<usize>, Refusal> {
    let length = asked.body.as_ref().map(|body| body.len() as u64);
    let counted = length.map_or(Body::None, Body::Known);
    let body = vector.options.as_ref().map_or(counted, |options| options.body());
    let (fields, trailers) = (borrowed(&asked.headers), borrowed(&asked.trailers));
    match vector.call {
        Call::Request => format::request(
            RequestParts {
                method: &asked.method,
                target: &asked.target,
                lenient: asked.lenient,
                host: asked.host.as_deref(),
                version: asked.version,
                fields,
                body,
                trailers,
            },
            out,
        )
        .map(place),
        Call::Response => format::response(
            ResponseParts {
                status: asked.status,
                reason: asked.reason.as_deref(),
                version: asked.version,
                request_method: &asked.request_method,
                request_version: asked.request_version,
                fields,
                body,
                trailers,
            },
            out,
        )
        .map(place),
        Call::Chunk => {
            let extensions = asked.extensions.iter().map(|(name, value)| (&name[..], value.as_deref()));
            format::chunk(length.expect("a chunk has data"), extensions, out).map(|around| Some(around.before))
        }
        Call::LastChunk => {
            format::last_chunk(trailers, out)?;
            Ok(None)
        }
    }
}

fn place(written: Written) -> Option<usize> {
    written.carries_body.then_some(written.before)
}

fn borrowed(lines: &[Field]) -> Vec<(&[u8], &[u8])> {
    lines.iter().map(|(name, value)| (&name.0[..], &value.0[..])).collect()
}

/// A refusal in the words of the vectors.
fn fault(refusal: &Refusal) -> Fault {
    Fault {
        code: refusal.code.row().name.into(),
        part: match refusal.part {
            Part::Method => "method".into(),
            Part::Target => "target".into(),
            Part::Host => "host".into(),
            Part::Status => "status".into(),
            Part::Reason => "reason".into(),
            Part::RequestMethod => "requestMethod".into(),
            Part::Body => "body".into(),
            Part::FieldName(item) => format!("headers[{item}].name"),
            Part::FieldValue(item) => format!("headers[{item}].value"),
            Part::TrailerName(item) => format!("trailers[{item}].name"),
            Part::TrailerValue(item) => format!("trailers[{item}].value"),
            Part::ExtensionName(item) => format!("extensions[{item}].name"),
            Part::ExtensionValue(item) => format!("extensions[{item}].value"),
            part => format!("{part:?}"),
        },
        index: refusal.at,
        unit: refusal.octet.map(u32::from),
    }
}

/// Has the strict parser read the octets in every cut; returns how many there were. A chunk, and what
/// ends chunks, are read behind a head that announces them.
fn read_back(vector: &Vector, mut asked: Asked, octets: &[u8]) -> Result<usize, String> {
    let call = vector.call;
    const CHUNKED: &[u8] = b"GET / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n";
    let message = match call {
        Call::Request | Call::Response => {
            let behind = vector.options.as_ref().map(|options| behind(options.body(), octets, &mut asked));
            [octets, &behind.unwrap_or_default()].concat()
        }
        Call::Chunk => [CHUNKED, octets, b"0\r\n\r\n"].concat(),
        Call::LastChunk => [CHUNKED, octets].concat(),
    };
    let ways = ways(&message, None);
    for Way { label, pieces, skip } in &ways {
        let feeding = Feeding { end: true, resume: false, skip: *skip };
        let outcome = outcome(&mut parser(call, &asked), pieces, feeding);
        if let Some(fault) = outcome.fault {
            return Err(format!("{label}: {fault}"));
        }
        compare(call, &asked, &message, &outcome.events).map_err(|fault| format!("{label}: {fault}"))?;
    }
    Ok(ways.len())
}

/// What a caller that asked for a head alone writes behind it.
fn behind(body: Body, head: &[u8], asked: &mut Asked) -> Vec<u8> {
    match body {
        _ if is_described(asked) => Vec::new(),
        Body::Known(length) => {
            let data = vec![b'x'; length as usize];
            asked.body = Some(data.clone());
            data
        }
        Body::Unknown if head.ends_with(b"chunked\r\n\r\n") => b"0\r\n\r\n".to_vec(),
        _ => Vec::new(),
    }
}

/// Whether it is a response that only speaks of a body.
fn is_described(asked: &Asked) -> bool {
    asked.status == 304 || asked.request_method == b"HEAD"
}

fn parser(call: Call, asked: &Asked) -> Parser {
    if call != Call::Response {
        return Parser::request(Policy::default().lenient(asked.lenient));
    }
    let mut parser = Parser::response(Policy::default());
    parser.expect(Method::of(&asked.request_method));
    parser
}

/// Whether the events tell the message that was asked for.
fn compare(call: Call, asked: &Asked, message: &[u8], events: &[Event]) -> Result<(), String> {
    // What was asked for leniently is read so, and told.
    let events = if let [Event::Tolerated { .. }, rest @ ..] = events { rest } else { events };
    let [Event::Head(head), rest @ ..] = events else { return Err(format!("no head: {events:?}")) };
    let version = if asked.version == Version::Http11 { "1.1" } else { "1.0" };
    let (start, is_right) = match &head.start {
        Start::Request { method, target } if call == Call::Request => {
            ("request-line", method.0 == asked.method && target.0 == asked.target)
        }
        Start::Response { status, reason } => {
            let phrase = asked.reason.as_deref().unwrap_or_else(|| format::reason(asked.status).as_bytes());
            ("status-line", *status == asked.status && reason.0 == phrase)
        }
        Start::Request { .. } => ("", true),
    };
    if !is_right || head.version != version {
        return Err(format!("{start}: {:?}, {}", head.start, head.version));
    }
    if section(&head.headers) != written_section(message) || !holds(&head.headers, &asked.headers) {
        return Err(format!("fields: {:?}", head.headers));
    }
    let is_described = is_described(asked);
    let body = asked.body.iter().filter(|body| !body.is_empty() && !is_described);
    let trailers = if is_described { Vec::new() } else { asked.trailers.clone() };
    let upgrade = head.upgrade.then(|| Event::Upgrade(Some(Octets::default())));
    let body = body.map(|body| Event::Body(Octets(body.clone())));
    let expected: Vec<Event> = body.chain([Event::End(trailers)]).chain(upgrade).collect();
    if rest == expected { Ok(()) } else { Err(format!("\n  expected {expected:?}\n  got      {rest:?}")) }
}

/// Field lines as they are written.
fn section(fields: &[Field]) -> Vec<u8> {
    fields.iter().flat_map(|(name, value)| [&name.0[..], b": ", &value.0, b"\r\n"].concat()).collect()
}

/// What stands between a message's first line end and its first empty line.
fn written_section(message: &[u8]) -> &[u8] {
    let line = message.windows(2).position(|two| two == b"\r\n").expect("a start-line") + 2;
    let end = message.windows(4).position(|four| four == b"\r\n\r\n").expect("a head") + 2;
    &message[line..end]
}

/// Whether the caller's lines stand there in their order; a Content-Length repeated is written once.
fn holds(read: &[Field], given: &[Field]) -> bool {
    let is_length = |name: &Octets| name.0.eq_ignore_ascii_case(b"content-length");
    let mut lengths = 0;
    let mut read = read.iter();
    given.iter().all(|line| {
        lengths += usize::from(is_length(&line.0));
        is_length(&line.0) && lengths > 1 || read.any(|one| one == line)
    })
}
