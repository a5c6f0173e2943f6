//! One end of a connection, called in any order with any octets: it tells the same however what it receives is
//! cut, what it refuses changes nothing, a switch is told to whoever has switched, and nothing that came is forgotten.

use h1wire::{
    Connection, Error, Event, Leniencies, Limits, Policy, Received, Refusal, State, Version,
    connection::Delivery,
    format::{Body, RequestParts, ResponseParts},
};

use crate::script::Script;

/// Makes the calls that the octets describe, with what is received in several cuts.
pub fn check(data: &[u8]) {
    let script = &mut Script(data);
    let setting = Setting::of(script);
    let cut = 2 + script.below(40);
    let mut calls = Vec::new();
    while !script.is_over() && calls.len() < 32 {
        calls.push(Call::of(script));
    }
    let whole = setting.run(&calls, usize::MAX, false);
    assert_eq!(setting.run(&calls, 1, false), whole, "octet by octet: {calls:?}");
    assert_eq!(setting.run(&calls, cut, true), whole, "in pieces of {cut}, body skipped: {calls:?}");
}

#[derive(Clone, Debug)]
enum Call {
    Receive(Vec<u8>),
    End,
    Next,
    Request { method: &'static str, version: Version, field: Line, body: Body, delivery: Delivery },
    Response { status: u16, field: Line, body: Body, delivery: Delivery },
    Inform(u16),
    Data(u64),
    SendEnd(&'static [Line]),
}

type Line = (&'static [u8], &'static [u8]);

const MESSAGES: &[&str] = &[
    "GET /1 HTTP/1.1\r\nHost: a\r\n\r\n",
    "GET /2 HTTP/1.1\r\nHost: a\r\nConnection: upgrade\r\nUpgrade: x\r\n\r\n",
    "POST /3 HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nConnection: upgrade\r\nUpgrade: x\r\n\r\n",
    "POST /4 HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nExpect: 100-continue\r\n\r\n",
    "abc",
    "POST /5 HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhi\r\n0\r\nX: y\r\n\r\n",
    "CONNECT a:1 HTTP/1.1\r\nHost: a:1\r\n\r\n",
    "GET /6 HTTP/1.0\r\n\r\n",
    "GET /7 HTTP/1.0\r\nConnection: keep-alive\r\n\r\n",
    "GET /8 HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n",
    "HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\n",
    "HTTP/1.1 100 Continue\r\n\r\n",
    "HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: x\r\n\r\n",
    "HTTP/1.1 204 No Content\r\n\r\n",
    "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n",
    "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\nuntil the end",
    "HTTP/1.0 200 OK\r\nConnection: keep-alive\r\nContent-Length: 0\r\n\r\n",
    "\r\n",
    "GARBAGE\0",
];

const FIELDS: &[Line] = &[
    (b"X", b"y"),
    (b"X", b"y\n"),
    (b"Connection", b"close"),
    (b"Connection", b"keep-alive"),
    (b"Upgrade", b"x"),
    (b"Expect", b"100-continue"),
    (b"Transfer-Encoding", b"chunked"),
    (b"Content-Length", b"3"),
];

const BODIES: &[Body] = &[Body::None, Body::Known(0), Body::Known(3), Body::Unknown, Body::Declared];
const STATUSES: &[u16] = &[200, 204, 304, 101, 400, 408, 299, 100, 103, 99];

impl Call {
    fn of(script: &mut Script<'_>) -> Call {
        match script.below(14) {
            0..=4 => Call::Receive(octets(script)),
            5 => Call::End,
            6 | 7 => Call::Next,
            8 | 9 => Call::Request {
                method: script.pick(&["GET", "HEAD", "POST", "CONNECT", "PURGE"]),
                version: if script.once_in(4) { Version::Http10 } else { Version::Http11 },
                field: script.pick(FIELDS),
                body: script.pick(BODIES),
                delivery: script.pick(&[Delivery::Whole, Delivery::Pieces]),
            },
            10 | 11 => Call::Response {
                status: script.pick(STATUSES),
                field: script.pick(FIELDS),
                body: script.pick(BODIES),
                delivery: script.pick(&[Delivery::Whole, Delivery::Pieces]),
            },
            12 if script.once_in(2) => Call::Inform(script.pick(&[103, 100, 101, 200])),
            12 => Call::Data(script.below(5) as u64),
            _ => Call::SendEnd(script.pick(&[&[], &[], &FIELDS[..1], &FIELDS[7..]])),
        }
    }
}

/// A few messages, one octet of them perhaps another.
fn octets(script: &mut Script<'_>) -> Vec<u8> {
    let count = 1 + script.below(3);
    let mut octets: Vec<u8> = (0..count).flat_map(|_| script.pick(MESSAGES).bytes()).collect();
    if script.once_in(12) {
        let at = script.below(octets.len());
        octets[at] = script.byte();
    }
    octets
}

/// Which end it is, and what it permits.
struct Setting {
    /// How many requests a server reads ahead; none: a client.
    depth: Option<usize>,
    policy: Policy,
}

impl Setting {
    fn of(script: &mut Script<'_>) -> Setting {
        let depth = script.pick(&[Some(1), Some(2), Some(3), Some(4), None, None]);
        let lenient =
            if script.once_in(4) { u32::from_le_bytes([script.byte(), script.byte(), script.byte(), 0]) } else { 0 };
        let mut limits = Limits::DEFAULT;
        if script.once_in(4) {
            let sizes = [u64::MAX, 0, 1, 2, 30, 60, 1000, u64::MAX];
            limits = Limits::from_values(Limits::TABLE.iter().map(|_| script.pick(&sizes)));
        }
        Setting { depth, policy: Policy::default().limits(limits).lenient(Leniencies::from_bits(lenient)) }
    }

    /// What came of all calls, a line each, and of those that bring all that was begun to its end.
    fn run(&self, calls: &[Call], cut: usize, skip: bool) -> Vec<String> {
        let connection = match self.depth {
            Some(depth) => Connection::server_reading_ahead(self.policy, depth),
            None => Connection::client(self.policy),
        };
        let mut end = End::new(connection, skip);
        let mut lines: Vec<String> = calls.iter().map(|call| end.call(call, cut)).collect();
        lines.push(end.go_on_to_the_end());
        lines
    }
}

/// An end, and what is known of it from outside.
struct End {
    connection: Connection,
    /// Most octets of a body are counted to it and not shown.
    skip: bool,
    inbox: Vec<u8>,
    /// How many octets it took, and how many there were.
    taken: u64,
    given: u64,
    /// The end of input was told.
    ended: bool,
    /// HTTP has ended.
    switched: bool,
    in_message: bool,
}

impl End {
    fn new(connection: Connection, skip: bool) -> End {
        let (inbox, taken, given, ended, switched, in_message) = Default::default();
        End { connection, skip, inbox, taken, given, ended, switched, in_message }
    }

    fn call(&mut self, call: &Call, cut: usize) -> String {
        let outcome = match call {
            Call::Receive(octets) => {
                let mut heard = Heard::default();
                let octets = if self.ended { &[] } else { &octets[..] };
                for piece in octets.chunks(cut) {
                    self.inbox.extend_from_slice(piece);
                    self.given += piece.len() as u64;
                    self.hear(&mut heard);
                }
                heard.line()
            }
            Call::End => {
                let mut heard = Heard::default();
                self.hear(&mut heard);
                if self.inbox.is_empty() {
                    self.ended = true;
                    while self.hear_end(&mut heard) {}
                }
                heard.line()
            }
            Call::Next => {
                let mut heard = Heard::default();
                let refused = self.attempt(|connection, _| connection.next_cycle());
                self.hear(&mut heard);
                refused + &heard.line()
            }
            Call::Request { method, version, field, body, delivery } => self.attempt(|connection, out| {
                let is_connect = *method == "CONNECT";
                let request = RequestParts {
                    method: method.as_bytes(),
                    target: if is_connect { b"a:1" } else { b"/" },
                    lenient: Leniencies::STRICT,
                    host: Some(if is_connect { b"a:1" } else { b"a" }),
                    version: *version,
                    fields: [*field],
                    body: *body,
                    trailers: [],
                };
                connection.send_request_parts(request, *delivery, out).map(drop)
            }),
            Call::Response { status, field, body, delivery } => self.attempt(|connection, out| {
                connection.send_response_parts(response(*status, *field, *body), *delivery, out).map(drop)
            }),
            Call::Inform(status) => self.attempt(|connection, out| {
                connection.send_informational_parts(response(*status, FIELDS[0], Body::None), out).map(drop)
            }),
            Call::Data(octets) => self.attempt(|connection, out| connection.send_data_around(*octets, out).map(drop)),
            Call::SendEnd(trailers) => {
                self.attempt(|connection, out| connection.send_end(trailers.iter().copied(), out))
            }
        };
        format!("{outcome} | {}", self.stand())
    }

    /// Makes a call that may be refused: then it has changed nothing.
    fn attempt(&mut self, call: impl FnOnce(&mut Connection, &mut Vec<u8>) -> Result<(), Refusal>) -> String {
        let before = format!("{:?}", self.connection);
        let mut out = Vec::new();
        match call(&mut self.connection, &mut out) {
            Ok(()) => out.escape_ascii().to_string(),
            Err(refusal) => {
                assert!(out.is_empty(), "{refusal}: {}", out.escape_ascii());
                assert_eq!(format!("{:?}", self.connection), before, "{refusal}");
                format!("refused: {refusal}")
            }
        }
    }

    /// Reads what it was given, as far as it will. Behind the end nothing is left to be read.
    fn hear(&mut self, heard: &mut Heard) {
        if self.ended {
            return;
        }
        let mut at = 0;
        loop {
            if self.skip {
                let passable = self.connection.passable().min((self.inbox.len() - at) as u64);
                let passed = passable - passable / 3;
                self.connection.skip(passed);
                heard.body.extend_from_slice(&self.inbox[at..at + passed as usize]);
                at += passed as usize;
            }
            let before = at;
            let mut why = None;
            let found = self.connection.receive(&self.inbox, &mut at).map(|received| match received {
                Received::Event(event) => Some(Told::of(event)),
                other => {
                    why = Some(other);
                    None
                }
            });
            assert!(before <= at && at <= self.inbox.len(), "at {at}, before that {before}");
            let is_left = at < self.inbox.len();
            match why {
                None | Some(Received::Event(_)) => {}
                Some(Received::NeedsMore) => assert!(!is_left && !self.switched, "it needs no more"),
                Some(Received::Held) => assert!(is_left && self.waits(), "{} holds nothing back", self.stand()),
                Some(Received::Switched) => assert!(self.switched, "no switch was told"),
            }
            if !self.take(found, heard) {
                break;
            }
        }
        self.taken += at as u64;
        self.inbox.drain(..at);
        match self.connection.error() {
            Some(error) => assert!(error.offset <= self.given, "{error} lies outside"),
            None => {
                assert_eq!(self.connection.offset(), self.taken, "what is counted and what is taken");
                assert!(self.inbox.is_empty() || self.switched || self.waits(), "{} forgets octets", self.stand());
            }
        }
    }

    fn hear_end(&mut self, heard: &mut Heard) -> bool {
        let found = self.connection.receive_end().map(|event| event.map(Told::of));
        self.take(found, heard)
    }

    /// Takes in what a reading call found; false if that was the last.
    fn take(&mut self, found: Result<Option<Told>, Error>, heard: &mut Heard) -> bool {
        let told = match found {
            Ok(None) => return false,
            Ok(Some(told)) => told,
            Err(error) => {
                assert_eq!(self.connection.error(), Some(error));
                heard.fault(error);
                return false;
            }
        };
        assert!(!self.switched, "{told:?} behind the end of HTTP");
        match &told {
            Told::Head(_) => assert!(!std::mem::replace(&mut self.in_message, true), "a head in a message"),
            Told::Body(_) => assert!(self.in_message, "a body without a head"),
            Told::End(_) => assert!(std::mem::take(&mut self.in_message), "an end without a head"),
            Told::Upgrade => {
                assert_eq!(self.connection.local_state(), State::Switched, "a switch is told that was not made");
                self.switched = true;
            }
            Told::Tolerated(_) => {}
        }
        heard.note(told);
        true
    }

    /// Whether it says why it does not read on: the exchange under way is not done, or the next can begin.
    fn waits(&self) -> bool {
        let (local, peer) = (self.connection.local_state(), self.connection.peer_state());
        let is_sending = matches!(local, State::Answering | State::Body);
        matches!(peer, State::Done | State::MightSwitch) && (is_sending || self.connection.is_reusable())
    }

    /// Sends what is still owed, and goes on whenever that is possible: then everything that came has been read, unless
    /// HTTP has ended or a fault was told.
    fn go_on_to_the_end(&mut self) -> String {
        let mut heard = Heard::default();
        for _ in 0..200 {
            self.hear(&mut heard);
            match self.connection.local_state() {
                State::Answering => {
                    let sent = self.attempt(|connection, out| {
                        connection
                            .send_response_parts(response(404, FIELDS[0], Body::None), Delivery::Whole, out)
                            .map(drop)
                    });
                    assert!(!sent.starts_with("refused"), "{sent}: {}", self.stand());
                }
                State::Body => {
                    let ended = self.attempt(|connection, out| connection.send_end([], out));
                    if ended.starts_with("refused") {
                        let sent = self.attempt(|connection, out| connection.send_data_around(1, out).map(drop));
                        assert!(!sent.starts_with("refused"), "{ended}, {sent}: {}", self.stand());
                    }
                }
                _ if self.connection.is_reusable() => {
                    let is_idle = self.connection.local_state() == State::Idle;
                    let next = self.attempt(|connection, _| connection.next_cycle());
                    assert_eq!(next.is_empty(), !is_idle, "{next}: {}", self.stand());
                    if is_idle {
                        break;
                    }
                }
                _ => break,
            }
        }
        let is_over = self.switched || self.connection.error().is_some();
        assert!(is_over || self.inbox.is_empty(), "{} is left with {}", self.stand(), self.inbox.escape_ascii());
        format!("{} | {}", heard.line(), self.stand())
    }

    fn stand(&self) -> String {
        let end = &self.connection;
        let flags = (end.is_reusable(), end.peer_awaits_continue(), end.error().is_some(), end.offset());
        format!("{:?} {:?} {flags:?}", end.local_state(), end.peer_state())
    }
}

fn response(status: u16, field: Line, body: Body) -> ResponseParts<'static, [Line; 1], [Line; 0]> {
    ResponseParts {
        status,
        reason: None,
        version: Version::Http11,
        request_method: b"GET",
        request_version: Version::Http11,
        fields: [field],
        body,
        trailers: [],
    }
}

/// An event that borrows nothing, in a word.
#[derive(Debug)]
enum Told {
    Head(String),
    Body(Vec<u8>),
    End(String),
    Upgrade,
    Tolerated(String),
}

impl Told {
    fn of(event: Event<'_>) -> Told {
        match event {
            Event::Request(request) => Told::Head(request.target().escape_ascii().to_string()),
            Event::Response(response) => Told::Head(response.status().to_string()),
            Event::Body(data) => Told::Body(data.to_vec()),
            Event::End(trailers) => Told::End(format!("end with {}", trailers.iter().count())),
            Event::Upgrade => Told::Upgrade,
            Event::Tolerated(tolerated) => Told::Tolerated(format!("{tolerated:?}")),
            other => panic!("an event nobody knows: {other:?}"),
        }
    }
}

/// What was told, adjacent octets of a body joined.
#[derive(Default)]
struct Heard {
    words: Vec<String>,
    body: Vec<u8>,
}

impl Heard {
    fn note(&mut self, told: Told) {
        let word = match told {
            Told::Body(data) => return self.body.extend_from_slice(&data),
            Told::Head(word) | Told::End(word) | Told::Tolerated(word) => word,
            Told::Upgrade => "upgrade".into(),
        };
        self.flush();
        self.words.push(word);
    }

    /// It is told by every later call: once is enough.
    fn fault(&mut self, error: Error) {
        self.flush();
        let word = error.to_string();
        if self.words.last() != Some(&word) {
            self.words.push(word);
        }
    }

    fn flush(&mut self) {
        if !self.body.is_empty() {
            self.words.push(format!("{:?}", std::mem::take(&mut self.body).escape_ascii().to_string()));
        }
    }

    fn line(mut self) -> String {
        self.flush();
        self.words.join(" ")
    }
}
