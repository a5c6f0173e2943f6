//! The works whose instructions are counted: by name, something that can be done again and again.

use std::hint::black_box;

use h1wire::{
    Connection, Leniencies, Limits, Policy, Received, Request, Response, Version,
    connection::Delivery,
    format::{Body, Chunk, FieldLine, RequestParts, ResponseParts},
    inspect::{Inspector, StreamKind},
};
use h1wire_records::{
    format::FormatArea,
    layout::{self, format as l},
    session::{Areas, JOINED_OCTETS, Session},
    text::Text,
};

use crate::{generous_limits, generous_parser, inputs, parser, read, read_in_pieces};

/// One work.
pub struct Work {
    /// What it is.
    pub name: String,
    /// Does it once.
    pub run: Box<dyn FnMut()>,
}

fn work(name: impl Into<String>, run: impl FnMut() + 'static) -> Work {
    Work { name: name.into(), run: Box::new(run) }
}

/// The hot paths.
pub fn hot_paths() -> Vec<Work> {
    vec![
        parse("browser GET", true, inputs::browser_get(), None),
        parse("small GET", true, inputs::small_get(), None),
        parse("API response", false, inputs::response(), None),
        parse("2 KiB cookies", true, inputs::cookies(), None),
        parse("100 pipelined", true, inputs::pipelined(), None),
        parse("64 KiB head", true, inputs::large_head(), None),
        parse("1 MiB in chunks of 1 KiB", false, inputs::chunked(1 << 20, 1024), None),
        parse("1 MiB in chunks of 16", false, inputs::chunked(1 << 20, 16), None),
        parse("browser GET, pieces of 7", true, inputs::browser_get(), Some(7)),
        parse("browser GET, octet by octet", true, inputs::browser_get(), Some(1)),
        parse("API response, octet by octet", false, inputs::response(), Some(1)),
        parse("4 KiB in chunks of 16, octet by octet", false, inputs::chunked(4096, 16), Some(1)),
        push_call("browser GET", inputs::browser_get()),
        push_call("small GET", inputs::small_get()),
        push_call("100 pipelined", inputs::pipelined()),
        format("format: GET, 6 fields", |out| {
            let get = Request::get("/v1/orders/4711/items?sort=date&limit=50").headers(&GET_FIELDS);
            get.write_to(out).expect("it is valid");
        }),
        format("format: POST, 1 KiB", |out| {
            let post = Request::post("/v1/orders").headers(&POST_FIELDS).body(&BODY);
            post.write_to(out).expect("it is valid");
        }),
        format("format: response, 8 fields, 1 KiB", |out| {
            Response::new(200).headers(&RESPONSE_FIELDS).body(&BODY).write_to(out).expect("it is valid");
        }),
        format("format: chunk, 1 KiB", |out| Chunk::of(&BODY).write_to(out).expect("it is valid")),
        format_call("GET, 6 fields", "GET", &GET_FIELDS, None),
        format_call("POST, 5 fields, 1 KiB", "POST", &POSTED_FIELDS, Some(1024)),
        serve(),
        ask(),
    ]
}

/// What is made ten times as much three times over.
pub const SCALES: [usize; 4] = [1, 10, 100, 1000];

/// Works whose cost may grow only as their input does: for each, the same at every scale.
pub fn growing() -> Vec<(&'static str, [Work; 4])> {
    vec![
        grow("octets of a value", true, None, |scale| inputs::request_with_fields(1, 1024 * scale)),
        grow("fields", true, None, |scale| inputs::request_with_fields(4 * scale, 20)),
        grow("pipelined messages", true, None, |scale| inputs::small_get().repeat(scale)),
        grow("chunks", false, None, |scale| inputs::chunked(64 * scale, 16)),
        grow("pieces of a value", true, Some(1), |scale| inputs::request_with_fields(1, 64 * scale)),
        grow("pieces of fields", true, Some(1), |scale| inputs::request_with_fields(scale, 20)),
        grow("pieces of pipelined messages", true, Some(1), |scale| inputs::small_get().repeat(scale)),
        grow("pieces of chunks", false, Some(1), |scale| inputs::chunked(16 * scale, 16)),
        ("fields written", SCALES.map(fields_written)),
        grow_served("Transfer-Encoding in a list", |scale| {
            served("Transfer-Encoding: ", &b"gzip,,".repeat(8 * scale), "chunked", "0\r\n\r\n")
        }),
        grow_served("Transfer-Encoding put together", |scale| {
            served("Transfer-Encoding: \0", &b"gzip,,".repeat(8 * scale), "chunked", "0\r\n\r\n")
        }),
        grow_served("Transfer-Encoding in lines", |scale| {
            served("", &b"Transfer-Encoding: gzip\r\n".repeat(8 * scale), "Transfer-Encoding: chunked", "0\r\n\r\n")
        }),
        grow_served("parameters of a coding", |scale| {
            served("Transfer-Encoding: gzip", &b";a=\"b\\,\"".repeat(8 * scale), ", chunked", "0\r\n\r\n")
        }),
        grow_served("Content-Length in a list", |scale| {
            served("Content-Length: ", &b"1 ,".repeat(8 * scale), "1", "x")
        }),
        grow_served("Content-Length in lines", |scale| {
            served("", &b"Content-Length: 1\r\n".repeat(8 * scale), "A: b", "x")
        }),
        grow_served("Connection in a list", |scale| served("Connection: ", &b"a, ,".repeat(8 * scale), "close", "")),
        grow_served("Connection in lines", |scale| served("", &b"Connection: a\r\n".repeat(8 * scale), "A: b", "")),
        grow_served("Upgrade in a list", |scale| {
            served("Connection: upgrade\r\nUpgrade: ", &b"a/1, ,".repeat(8 * scale), "b", "")
        }),
        grow_served("Upgrade in lines", |scale| {
            served("Connection: upgrade\r\n", &b"Upgrade: a\r\n".repeat(8 * scale), "A: b", "")
        }),
        grow_served("Expect in a list", |scale| served("Expect: ", &b"a, ,".repeat(8 * scale), "100-continue", "")),
        grow_served("Expect in lines", |scale| served("", &b"Expect: a\r\n".repeat(8 * scale), "A: b", "")),
        grow_served("TE in a list", |scale| {
            served("Connection: TE\r\nTE: ", &b"a;q=1, ,".repeat(8 * scale), "trailers", "")
        }),
        grow_served("Trailer in a list", |scale| served("Trailer: ", &b"a, ,".repeat(8 * scale), "b", "")),
        grow_served("trailers", |scale| {
            served("Transfer-Encoding: ", b"chunked", "", &format!("0\r\n{}\r\n", "X-Sum: 1\r\n".repeat(8 * scale)))
        }),
        grow_served("chunk extensions", |scale| {
            served("Transfer-Encoding: ", b"chunked", "", &format!("0{}\r\n\r\n", ";a=\"b\"".repeat(8 * scale)))
        }),
        ("connection: held back in pieces", SCALES.map(held_back)),
        ("connection: requests sent ahead", SCALES.map(sent_ahead)),
        grow_inspected("fields", None, |scale| inputs::request_with_fields(scale, 20)),
        grow_inspected("pieces of fields", Some(1), |scale| inputs::request_with_fields(scale, 20)),
        grow_inspected("lines of junk", None, |scale| b"\0\r\n".repeat(16 * scale)),
        grow_inspected("messages that readers differ on", None, |scale| DISPUTED.repeat(scale)),
        grow_inspected("members of a list", None, |scale| list("Connection: cookie", &b",,cookie".repeat(4 * scale))),
        grow_inspected("faults in a list", None, |scale| list("Content-Length: 1", &b",,2".repeat(8 * scale))),
        grow_inspected("faults in a folded list", None, |scale| {
            list("Content-Length: 1", &[b",,2".repeat(8 * scale), b"\r\n ,".to_vec()].concat())
        }),
        grow_inspected("faults in a value", None, |scale| list("A: b", &b"\x01b".repeat(8 * scale))),
        grow_inspected("folds", None, |scale| list("A: b", &b"\r\n c".repeat(8 * scale))),
    ]
}

/// Readers differ on it, and on nothing behind it.
const DISPUTED: &[u8] =
    b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n";

/// A request with one line that goes on so.
fn list(line: &str, goes_on: &[u8]) -> Vec<u8> {
    [b"GET / HTTP/1.1\r\nHost: a\r\n", line.as_bytes(), goes_on, b"\r\n\r\n"].concat()
}

fn parse(name: &str, request: bool, octets: Vec<u8>, piece: Option<usize>) -> Work {
    let mut parser = parser(request);
    work(format!("parse: {name}"), move || match piece {
        None => read(&mut parser, black_box(&octets)),
        Some(piece) => read_in_pieces(&mut parser, black_box(&octets), piece),
    })
}

/// Requests as JavaScript has them read: into records.
fn push_call(name: &str, octets: Vec<u8>) -> Work {
    let mut session = Session::new(layout::ROLE_REQUEST, &options());
    let (mut words, mut joined, mut text) = (vec![0; session.words_needed()], vec![0; JOINED_OCTETS], Text::default());
    work(format!("push call: {name}"), move || {
        let mut areas = Areas { words: &mut words, joined: &mut joined, text: &mut text };
        session.push(black_box(&octets), &mut areas);
        assert_eq!((words[layout::CONSUMED as usize], words[layout::STATUS as usize]), (octets.len() as u32, 0));
    })
}

/// The default limits as words.
fn options() -> Vec<u32> {
    let mut words = vec![0; layout::OPTION_LIMITS as usize];
    for (_, limit) in Limits::TABLE {
        words.extend([*limit as u32, (limit >> 32) as u32]);
    }
    words
}

fn format(name: &str, write: impl Fn(&mut Vec<u8>) + 'static) -> Work {
    let mut out = Vec::new();
    work(name, move || {
        out.clear();
        write(&mut out);
        black_box(&out);
    })
}

/// One exchange after the other on a server's end of a connection.
fn serve() -> Work {
    let mut server = Connection::server(Policy::default());
    let (request, mut out) = (inputs::small_get(), Vec::new());
    work("connection: GET read and answered", move || {
        receive(&mut server, black_box(&request));
        out.clear();
        let response = ResponseParts {
            status: 200,
            reason: None,
            version: Version::Http11,
            request_method: b"GET",
            request_version: Version::Http11,
            fields: lines(&RESPONSE_FIELDS),
            body: Body::Known(1024),
            trailers: [],
        };
        server.send_response_parts(response, Delivery::Whole, &mut out).expect("a request waits for it");
        black_box(&out);
        server.next_cycle().expect("the exchange is done");
    })
}

/// The same on a client's end.
fn ask() -> Work {
    let mut client = Connection::client(Policy::default());
    let (response, mut out) = (inputs::response(), Vec::new());
    work("connection: GET sent, response read", move || {
        out.clear();
        let request = RequestParts {
            method: b"GET",
            target: b"/v1/orders/4711/items?sort=date&limit=50",
            lenient: Leniencies::STRICT,
            host: None,
            version: Version::Http11,
            fields: lines(&GET_FIELDS),
            body: Body::None,
            trailers: [],
        };
        client.send_request_parts(request, Delivery::Whole, &mut out).expect("the connection is idle");
        black_box(&out);
        receive(&mut client, black_box(&response));
        client.next_cycle().expect("the exchange is done");
    })
}

/// Reads as far as it may; returns how many octets were taken.
fn receive(end: &mut Connection, octets: &[u8]) -> usize {
    let mut at = 0;
    while let Received::Event(event) = end.receive(octets, &mut at).expect("it is valid") {
        black_box(&event);
    }
    at
}

fn lines<'a>(fields: &'a [(&'a str, &'a str)]) -> impl Iterator<Item = FieldLine<'a>> {
    fields.iter().map(|(name, value)| (name.as_bytes(), value.as_bytes()))
}

/// A request as it comes from JavaScript: its parts as one text of code units, their lengths in words.
fn format_call(name: &str, method: &str, fields: &[(&str, &str)], body: Option<u32>) -> Work {
    let singles = [method, "/v1/orders/4711/items?sort=date&limit=50", ""];
    let parts: Vec<_> = singles.into_iter().chain(fields.iter().flat_map(|(name, value)| [*name, *value])).collect();
    let text: Vec<u16> = parts.concat().encode_utf16().collect();
    let mut call = vec![0; l::FORMAT_LENGTHS as usize];
    call[l::FORMAT_CALL as usize] = l::CALL_REQUEST;
    call[l::FORMAT_FLAGS as usize] = body.map_or(0, |_| l::FORMAT_BODY_KNOWN);
    call[l::FORMAT_BODY_LOW as usize] = body.unwrap_or(0);
    call[l::FORMAT_FIELDS as usize] = fields.len() as u32;
    call.extend(parts.iter().map(|part| part.len() as u32));
    let mut words = call.clone();
    let mut area = FormatArea::default();
    area.reserve(0).expect("there is memory");
    work(format!("format call: {name}"), move || {
        // Its first words come back with the answer.
        words[..l::FORMAT_LENGTHS as usize].copy_from_slice(&call[..l::FORMAT_LENGTHS as usize]);
        assert_eq!(area.from_utf16(None, black_box(&text), &mut words), 0);
        black_box(area.output());
    })
}

fn grow(
    name: &'static str,
    request: bool,
    piece: Option<usize>,
    input: impl Fn(usize) -> Vec<u8>,
) -> (&'static str, [Work; 4]) {
    let at = |scale| {
        let octets = input(scale);
        let mut parser = generous_parser(request);
        work(format!("{name} ×{scale}"), move || {
            read_in_pieces(&mut parser, black_box(&octets), piece.unwrap_or(octets.len()));
        })
    };
    (name, SCALES.map(at))
}

/// A request, read and answered at a server's end. Everything of it is accepted by it or by a leniency.
fn grow_served(name: &'static str, input: impl Fn(usize) -> Vec<u8>) -> (&'static str, [Work; 4]) {
    let at = |scale| {
        let octets = input(scale);
        let policy = Policy::default().limits(generous_limits()).lenient(Leniencies::node_insecure());
        let mut out = Vec::new();
        work(format!("connection: {name} ×{scale}"), move || {
            let mut server = Connection::server(policy);
            out.clear();
            receive(&mut server, black_box(&octets));
            server.send_response(Response::new(204), &mut out).expect("a request waits for it");
            assert_eq!(server.peer_state(), server.local_state(), "the request is not whole");
        })
    };
    (name, SCALES.map(at))
}

/// A request with one field, or more, that goes on and ends so, and its body.
fn served(line: &str, goes_on: &[u8], ends: &str, body: &str) -> Vec<u8> {
    let head = [b"POST / HTTP/1.1\r\nHost: a\r\n", line.as_bytes(), goes_on, ends.as_bytes(), b"\r\n\r\n"].concat();
    [head, body.into()].concat()
}

/// Requests that come octet by octet while the first one is not answered, kept by whoever owns the connection, and then
/// answered one by one.
fn held_back(scale: usize) -> Work {
    let octets = inputs::small_get().repeat(scale);
    work(format!("connection: held back in pieces ×{scale}"), move || {
        let mut server = Connection::server(Policy::default());
        let (mut inbox, mut at, mut out) = (Vec::new(), 0, Vec::new());
        for piece in black_box(&octets).chunks(1) {
            inbox.extend_from_slice(piece);
            at += receive(&mut server, &inbox[at..]);
        }
        loop {
            out.clear();
            server.send_response(Response::new(204), &mut out).expect("a request waits for it");
            server.next_cycle().expect("the exchange is done");
            if at == inbox.len() {
                break;
            }
            at += receive(&mut server, &inbox[at..]);
        }
    })
}

/// Requests that a client sends before the first response comes, and their responses.
fn sent_ahead(scale: usize) -> Work {
    let responses = b"HTTP/1.1 204 No Content\r\n\r\n".repeat(4 * scale);
    work(format!("connection: requests sent ahead ×{scale}"), move || {
        let mut client = Connection::client(Policy::default());
        let (mut at, mut out) = (0, Vec::new());
        for _ in 0..4 * scale {
            client.send_request(Request::get("/").host("a"), &mut out).expect("it may be sent ahead");
        }
        for _ in 0..4 * scale {
            at += receive(&mut client, &black_box(&responses)[at..]);
            client.next_cycle().expect("the exchange is done");
        }
        assert_eq!(at, responses.len());
    })
}

fn grow_inspected(
    name: &'static str,
    piece: Option<usize>,
    input: impl Fn(usize) -> Vec<u8>,
) -> (&'static str, [Work; 4]) {
    let at = |scale| {
        let octets = input(scale);
        let policy = Policy::default().limits(generous_limits());
        work(format!("inspected {name} ×{scale}"), move || {
            let mut inspector = Inspector::new(StreamKind::Request, policy);
            octets.chunks(piece.unwrap_or(octets.len())).for_each(|piece| show(&mut inspector, black_box(piece)));
            while let Some(item) = inspector.finish() {
                black_box(item);
            }
        })
    };
    (name, SCALES.map(at))
}

fn show(inspector: &mut Inspector, octets: &[u8]) {
    let mut at = 0;
    while let Some(item) = inspector.poll(octets, &mut at) {
        black_box(item);
    }
}

fn fields_written(scale: usize) -> Work {
    let lines: Vec<_> = (0..4 * scale).map(|index| (format!("X-Field-{index:04}"), "twenty octets behind")).collect();
    format(&format!("fields written ×{scale}"), move |out| {
        Request::get("/").host("example.org").headers(&lines).write_to(out).expect("it is valid");
    })
}

const BODY: [u8; 1024] = [b'x'; 1024];

const GET_FIELDS: [(&str, &str); 6] = [
    ("host", "api.example.com"),
    ("connection", "keep-alive"),
    ("user-agent", "example-client/3.2 (linux; x64)"),
    ("accept", "application/json"),
    ("accept-encoding", "gzip, deflate, br"),
    ("x-request-id", "0c7a52f1-9d3e-4b86-a1f0-6e5d4c3b2a19"),
];

const POST_FIELDS: [(&str, &str); 4] = [
    ("host", "api.example.com"),
    ("connection", "keep-alive"),
    ("user-agent", "example-client/3.2 (linux; x64)"),
    ("content-type", "text/plain; charset=utf-8"),
];

const POSTED_FIELDS: [(&str, &str); 5] = [
    ("host", "api.example.com"),
    ("connection", "keep-alive"),
    ("user-agent", "example-client/3.2 (linux; x64)"),
    ("content-type", "text/plain; charset=utf-8"),
    ("content-length", "1024"),
];

const RESPONSE_FIELDS: [(&str, &str); 8] = [
    ("date", "Sun, 22 Nov 2026 10:00:00 GMT"),
    ("connection", "keep-alive"),
    ("server", "example/2.4"),
    ("content-type", "text/html; charset=utf-8"),
    ("content-length", "1024"),
    ("cache-control", "no-cache, no-store, must-revalidate"),
    ("etag", "W/\"800-k3vQ0mZcXo1y8r7s6t5u4w3x2y1z0\""),
    ("vary", "Accept-Encoding, Origin"),
];
