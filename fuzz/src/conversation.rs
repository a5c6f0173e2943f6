//! A client and a server talk, in any order of steps and any cut of the wire: every message arrives as it was sent,
//! neither sees a fault in what the other was allowed to send, and in the end they agree on where they stand.

use h1wire::{
    BodyFraming, Connection, Event, Leniencies, Policy, Received, Refusal, State, Version, Written,
    connection::Delivery,
    event::{Head, Section},
    format::{Body, RequestParts, ResponseParts},
};

use crate::script::Script;

/// Has them talk as the octets say, and then until nothing is left to be said.
pub fn check(data: &[u8]) {
    let script = &mut Script(data);
    let mut client = End::new(Connection::client(Policy::default()));
    let depth = 1 + script.below(4);
    let mut server = End::new(Connection::server_reading_ahead(Policy::default(), depth));
    let mut steps = 0;
    while !script.is_over() && steps < 64 {
        steps += 1;
        match script.below(8) {
            0 | 1 => client.ask(script),
            2 | 3 => server.answer(script),
            4 => client.continue_body(script),
            5 => server.continue_body(script),
            6 => give(&mut client, &mut server, script.byte().into()),
            _ => give(&mut server, &mut client, script.byte().into()),
        }
    }
    end(&mut client, &mut server);
    compare("server", &server, &client.sent);
    compare("client", &client, &server.sent);
    let stand = (client.connection.local_state(), server.connection.local_state());
    assert!(
        matches!(
            stand,
            (State::Idle, State::Idle) | (State::MustClose, State::MustClose) | (State::Switched, State::Switched)
        ),
        "they end as {stand:?}"
    );
    assert_eq!((&client.beyond, &server.beyond), (&server.other, &client.other), "what is no HTTP");
}

type Line = (&'static [u8], &'static [u8]);

const FIELDS: &[Line] = &[
    (b"X", b"y"),
    (b"X", b""),
    (b"Connection", b"close"),
    (b"Upgrade", b"x"),
    (b"Expect", b"100-continue"),
    (b"Transfer-Encoding", b"chunked"),
    (b"Content-Length", b"3"),
    (b"TE", b"trailers"),
    (b"X", b"y\r\n"),
    (b"Connection", b"keep-alive"),
];

/// A server that ends the connection says so, unless it is told to say something else: it is not told to here.
const RESPONSE_FIELDS: &[Line] = FIELDS.split_at(FIELDS.len() - 1).0;

const TRAILERS: &[&[Line]] = &[&[], &[], &[(b"X", b"t")], &[(b"Content-Length", b"3")]];
const BODIES: &[Body] = &[Body::None, Body::Known(0), Body::Known(3), Body::Unknown, Body::Declared];

/// A message as it was sent, or as it was read.
#[derive(Debug, Default)]
struct Message {
    start: Vec<u8>,
    /// As sent: those that were given.
    fields: Vec<(Vec<u8>, Vec<u8>)>,
    body: Vec<u8>,
    /// As sent: what was promised.
    length: Option<u64>,
    trailers: Vec<(Vec<u8>, Vec<u8>)>,
    has_ended: bool,
}

/// One end, what it sent and what it heard.
struct End {
    connection: Connection,
    /// What it wrote that the other end has not.
    out: Vec<u8>,
    /// What it was given and has not read.
    inbox: Vec<u8>,
    sent: Vec<Message>,
    heard: Vec<Message>,
    /// How many 1xx it sent since the last response: more than 16 are refused.
    interim: usize,
    /// Written behind the end of HTTP; likewise read.
    other: Vec<u8>,
    beyond: Vec<u8>,
    switched: bool,
    ended: bool,
}

impl End {
    fn new(connection: Connection) -> End {
        let (out, inbox, sent, heard, interim, other, beyond, switched, ended) = Default::default();
        End { connection, out, inbox, sent, heard, interim, other, beyond, switched, ended }
    }

    fn ask(&mut self, script: &mut Script<'_>) {
        let method = script.pick(&["GET", "HEAD", "POST", "PURGE", "CONNECT"]).as_bytes();
        let is_connect = method == b"CONNECT";
        let target: &[u8] = if is_connect { b"a:1" } else { b"/" };
        let version = if script.once_in(4) { Version::Http10 } else { Version::Http11 };
        let Parts { fields, body, delivery, trailers } = Parts::of(script, FIELDS);
        let host = Some(if is_connect { &b"a:1"[..] } else { b"a" });
        let request = RequestParts {
            method,
            target,
            lenient: Leniencies::STRICT,
            host,
            version,
            fields,
            body,
            trailers: trailers.iter().copied(),
        };
        let start = [method, target].concat();
        self.send(start, &fields, body, trailers, |end, out| end.send_request_parts(request, delivery, out));
    }

    fn answer(&mut self, script: &mut Script<'_>) {
        let status = script.pick(&[200, 404, 204, 304, 101, 205, 299, 103, 100]);
        let Parts { fields, body, delivery, trailers } = Parts::of(script, RESPONSE_FIELDS);
        let response = ResponseParts {
            status,
            reason: None,
            version: Version::Http11,
            request_method: b"GET",
            request_version: Version::Http11,
            fields,
            body,
            trailers: trailers.iter().copied(),
        };
        let start = status.to_string().into_bytes();
        let is_interim = matches!(status, 100 | 103);
        // A response before any request is a fault to whoever did not ask.
        if self.connection.local_state() == State::Idle || is_interim && self.interim >= 16 {
            return;
        }
        let is_sent = self.send(start, &fields, body, trailers, |end, out| {
            if is_interim {
                end.send_informational_parts(response, out)
            } else {
                end.send_response_parts(response, delivery, out)
            }
        });
        match is_sent {
            true if is_interim => self.interim += 1,
            true => self.interim = 0,
            false => {}
        }
    }

    /// Sends a message if that is allowed, and the body that goes with it.
    fn send(
        &mut self,
        start: Vec<u8>,
        fields: &[Line],
        body: Body,
        trailers: &[Line],
        send: impl FnOnce(&mut Connection, &mut Vec<u8>) -> Result<Written, Refusal>,
    ) -> bool {
        let mut framing = Vec::new();
        let Ok(written) = send(&mut self.connection, &mut framing) else {
            assert!(framing.is_empty());
            return false;
        };
        // Of a body of unknown length there is nothing, unless a length was given all the same.
        let body = match (body, written.framing) {
            (Body::Known(octets), _) | (Body::Unknown, BodyFraming::Length(octets)) if written.carries_body => {
                &b"abc"[..octets as usize]
            }
            _ => b"",
        };
        self.out.extend([&framing[..written.before], body, &framing[written.before..]].concat());
        let has_trailers = written.after > 0;
        self.sent.push(Message {
            start,
            fields: owned(fields),
            body: body.to_vec(),
            length: if let BodyFraming::Length(length) = written.framing { Some(length) } else { None },
            trailers: if has_trailers { owned(trailers) } else { Vec::new() },
            has_ended: self.connection.local_state() != State::Body,
        });
        true
    }

    /// Sends a piece of the body, or its end, if that is allowed; behind the end of HTTP, something else.
    fn continue_body(&mut self, script: &mut Script<'_>) {
        if script.once_in(3) {
            self.end_body(script.pick(TRAILERS));
        } else if self.connection.local_state() == State::Switched {
            self.out.extend(b"no HTTP");
            self.other.extend(b"no HTTP");
        } else {
            self.send_data(&b"0123456789"[..script.below(8)]);
        }
    }

    fn send_data(&mut self, data: &[u8]) {
        if self.connection.send_data(data, &mut self.out).is_err() {
            return;
        }
        let message = self.sent.last_mut().expect("a message is under way");
        message.body.extend(data);
        // Until it is said that this was all, a 101 would come too early.
        if message.length == Some(message.body.len() as u64) {
            self.end_body(&[]);
        }
    }

    fn end_body(&mut self, trailers: &[Line]) {
        let was_under_way = self.connection.local_state() == State::Body;
        if self.connection.send_end(trailers.iter().copied(), &mut self.out).is_ok() && was_under_way {
            let message = self.sent.last_mut().expect("a message is under way");
            message.trailers = owned(trailers);
            message.has_ended = true;
        }
    }

    /// Sends what is still owed, and goes on when that is possible.
    fn go_on(&mut self) {
        match self.connection.local_state() {
            State::Answering => {
                let response = ResponseParts {
                    status: 404,
                    reason: None,
                    version: Version::Http11,
                    request_method: b"GET",
                    request_version: Version::Http11,
                    fields: [],
                    body: Body::None,
                    trailers: [],
                };
                assert!(self.send(b"404".into(), &[], Body::None, &[], |end, out| end.send_response_parts(
                    response,
                    Delivery::Whole,
                    out
                )));
            }
            State::Body => {
                self.end_body(&[]);
                if self.connection.local_state() == State::Body {
                    self.send_data(b"x");
                }
            }
            _ => {}
        }
        self.read();
    }

    /// Reads what it was given, and what it held back whenever the next exchange begins.
    fn read(&mut self) {
        loop {
            let mut at = 0;
            while self.hear(&mut at) {}
            self.inbox.drain(..at);
            if self.connection.local_state() == State::Switched {
                break;
            }
            // A client that has sent ahead is not done with its newest request; the one under way may be.
            if !self.connection.is_reusable() || self.connection.next_cycle().is_err() {
                break;
            }
        }
        if self.switched {
            self.beyond.append(&mut self.inbox);
        }
    }

    /// Reads on; false if nothing more was told.
    fn hear(&mut self, at: &mut usize) -> bool {
        let found = self.connection.receive(&self.inbox, at).unwrap_or_else(|error| {
            panic!("{error} in what the other end was allowed to send: {}", self.inbox.escape_ascii())
        });
        let event = match found {
            Received::Event(event) => event,
            Received::NeedsMore => {
                assert_eq!(*at, self.inbox.len(), "bytes are left");
                return false;
            }
            Received::Held => {
                assert!(*at < self.inbox.len(), "nothing is held back");
                return false;
            }
            Received::Switched => {
                assert!(self.switched, "a switch was not told");
                return false;
            }
        };
        note(&event, &mut self.heard, &mut self.switched);
        true
    }
}

fn note(event: &Event<'_>, heard: &mut Vec<Message>, switched: &mut bool) {
    match event {
        Event::Request(request) => heard.push(begun([request.method(), request.target()].concat(), &request.head)),
        Event::Response(response) => heard.push(begun(response.status().to_string().into(), &response.head)),
        Event::Body(data) => heard.last_mut().expect("a message").body.extend_from_slice(data),
        Event::End(trailers) => {
            let message = heard.last_mut().expect("a message");
            message.trailers = lines(trailers);
            message.has_ended = true;
        }
        Event::Upgrade => *switched = true,
        other => panic!("{other:?}"),
    }
}

fn begun(start: Vec<u8>, head: &Head<'_>) -> Message {
    Message { start, fields: lines(&head.section), ..Message::default() }
}

fn lines(section: &Section<'_>) -> Vec<(Vec<u8>, Vec<u8>)> {
    section.iter().map(|(name, value)| (name.to_vec(), value.to_vec())).collect()
}

fn owned(lines: &[Line]) -> Vec<(Vec<u8>, Vec<u8>)> {
    lines.iter().map(|(name, value)| (name.to_vec(), value.to_vec())).collect()
}

/// What a message is made of, but for its start-line.
struct Parts {
    fields: [Line; 1],
    body: Body,
    delivery: Delivery,
    trailers: &'static [Line],
}

impl Parts {
    fn of(script: &mut Script<'_>, fields: &[Line]) -> Parts {
        let body = script.pick(BODIES);
        // What is only declared has to be sent in pieces.
        let ways = if body == Body::Declared { &[Delivery::Pieces][..] } else { &[Delivery::Whole, Delivery::Pieces] };
        Parts { fields: [script.pick(fields)], body, delivery: script.pick(ways), trailers: script.pick(TRAILERS) }
    }
}

/// Hands octets that one end wrote to the other.
fn give(from: &mut End, to: &mut End, octets: usize) {
    let octets = octets.min(from.out.len());
    to.inbox.extend(from.out.drain(..octets));
    to.read();
}

/// Says what is still to be said, and shuts the connection if it ends.
fn end(client: &mut End, server: &mut End) {
    for _ in 0..100 {
        client.go_on();
        server.go_on();
        give(client, server, usize::MAX);
        give(server, client, usize::MAX);
        if server.connection.local_state() == State::MustClose && !client.ended {
            client.ended = true;
            while let Some(event) = client.connection.receive_end().expect("the answer is whole") {
                note(&event, &mut client.heard, &mut client.switched);
            }
        }
    }
}

/// What was read is what was sent, of which the last messages may go unread where the connection ends.
fn compare(who: &str, reader: &End, sent: &[Message]) {
    let ends =
        reader.connection.peer_state() == State::MustClose || reader.connection.local_state() == State::MustClose;
    assert!(reader.heard.len() == sent.len() || ends && reader.heard.len() < sent.len(), "the {who} missed a message");
    for (at, (got, sent)) in reader.heard.iter().zip(sent).enumerate() {
        let mut rest = got.fields.iter();
        let has_fields = sent.fields.iter().all(|line| rest.any(|one| one == line));
        // Where the connection ends, it may end in a message, or before its sender could say that all was sent.
        let is_last = ends && at + 1 == reader.heard.len();
        let is_cut_short = is_last && !got.has_ended;
        let has_body = if is_cut_short { sent.body.starts_with(&got.body) } else { sent.body == got.body };
        let is_same = got.start == sent.start && has_fields && has_body;
        assert!(is_same && (is_cut_short || got.trailers == sent.trailers), "the {who} read {got:?} of {sent:?}");
        assert!(got.has_ended == sent.has_ended || is_last, "the {who} saw no end of {got:?}");
    }
}
