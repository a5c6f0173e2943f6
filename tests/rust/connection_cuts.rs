//! Any calls in any order, with any octets: a connection tells the same, refuses the same and stands in the same
//! states however what it receives is cut; and what it refuses changes nothing.

use h1wire::{
    connection::{Connection, Delivery},
    event::Event,
    format::{Body, Request, Response, Version},
    policy::{Leniencies, Policy},
};
use proptest::prelude::*;

#[derive(Clone, Debug)]
enum Call {
    Receive(Vec<u8>),
    End,
    Next,
    Request { method: &'static str, field: (&'static str, &'static str), body: Body, pieces: bool },
    Response { status: u16, field: (&'static str, &'static str), body: Body, pieces: bool },
    Inform(u16),
    Data(u64),
    SendEnd,
}

/// Which end it is; a server reads so many requests ahead.
#[derive(Clone, Copy, Debug)]
enum End {
    Client,
    Server(usize),
}

/// What came of all calls, a line each.
fn run(role: End, lenient: Leniencies, calls: &[Call], cut: usize) -> Vec<String> {
    let policy = Policy { lenient, ..Policy::default() };
    let mut end = match role {
        End::Client => Connection::client(policy),
        End::Server(depth) => Connection::server_reading_ahead(policy, depth),
    };
    let mut inbox: Vec<u8> = Vec::new();
    let mut told = Vec::new();
    for call in calls {
        let before = stand(&end);
        let mut out = Vec::new();
        let outcome = match call {
            Call::Receive(octets) => {
                let mut heard = Heard::default();
                for piece in octets.chunks(cut) {
                    inbox.extend_from_slice(piece);
                    hear(&mut end, &mut inbox, &mut heard);
                }
                heard.lines()
            }
            Call::End => {
                let mut heard = Heard::default();
                hear(&mut end, &mut inbox, &mut heard);
                while inbox.is_empty() && heard.note(end.receive_end()) {}
                heard.lines()
            }
            Call::Next => match end.next_cycle() {
                Ok(()) => {
                    let mut heard = Heard::default();
                    hear(&mut end, &mut inbox, &mut heard);
                    heard.lines()
                }
                Err(refusal) => refused(&before, &end, &out, &refusal),
            },
            Call::Request { method, field, body, pieces } => {
                let request = Request {
                    method: method.as_bytes(),
                    target: if *method == "CONNECT" { b"a:1" } else { b"/" },
                    host: Some(if *method == "CONNECT" { b"a:1" } else { b"a" }),
                    version: Version::Http11,
                    fields: [(field.0.as_bytes(), field.1.as_bytes())],
                    body: *body,
                    trailers: [],
                };
                let sent = end.send_request(request, delivery(*pieces), &mut out).map(drop);
                answer(sent, &before, &end, &out)
            }
            Call::Response { status, field, body, pieces } => {
                let response = response(*status, *field, *body);
                let sent = end.send_response(response, delivery(*pieces), &mut out).map(drop);
                answer(sent, &before, &end, &out)
            }
            Call::Inform(status) => {
                let sent = end.send_informational(response(*status, ("X", "y"), Body::None), &mut out).map(drop);
                answer(sent, &before, &end, &out)
            }
            Call::Data(octets) => {
                let sent = end.send_data(*octets, &mut out).map(drop);
                answer(sent, &before, &end, &out)
            }
            Call::SendEnd => {
                let sent = end.send_end([], &mut out);
                answer(sent, &before, &end, &out)
            }
        };
        told.push(format!("{outcome} | {}", stand(&end)));
    }
    told
}

fn delivery(pieces: bool) -> Delivery {
    if pieces { Delivery::Pieces } else { Delivery::Whole }
}

type Line = (&'static [u8], &'static [u8]);

fn response(status: u16, field: (&'static str, &'static str), body: Body) -> Response<'static, [Line; 1], [Line; 0]> {
    Response {
        status,
        reason: None,
        version: Version::Http11,
        request_method: b"GET",
        request_version: Version::Http11,
        fields: [(field.0.as_bytes(), field.1.as_bytes())],
        body,
        trailers: [],
    }
}

fn stand(end: &Connection) -> String {
    let flags = (end.is_reusable(), end.peer_awaits_continue(), end.error().map(|error| error.offset));
    format!("{:?} {:?} {flags:?}", end.local_state(), end.peer_state())
}

fn answer(sent: Result<(), h1wire::format::Refusal>, before: &str, end: &Connection, out: &[u8]) -> String {
    match sent {
        Ok(()) => String::from_utf8_lossy(out).into_owned(),
        Err(refusal) => refused(before, end, out, &refusal),
    }
}

fn refused(before: &str, end: &Connection, out: &[u8], refusal: &h1wire::format::Refusal) -> String {
    assert!(out.is_empty(), "{out:?}");
    assert_eq!(stand(end), before, "{refusal}");
    format!("refused: {refusal}")
}

/// What was told, adjacent octets of a body joined.
#[derive(Default)]
struct Heard {
    words: Vec<String>,
    body: Vec<u8>,
}

impl Heard {
    /// Takes in what a reading call found; false if that was the last.
    fn note(&mut self, found: Result<Option<Event<'_>>, h1wire::error::Error>) -> bool {
        let word = match found {
            Ok(Some(Event::Body(data))) => {
                self.body.extend_from_slice(data);
                return true;
            }
            Ok(None) => return false,
            Ok(Some(Event::Upgrade)) => "upgrade".into(),
            Ok(Some(Event::End(_))) => "end".into(),
            Ok(Some(Event::Request(request))) => String::from_utf8_lossy(request.method()).into_owned(),
            Ok(Some(Event::Response(response))) => response.status().to_string(),
            Ok(Some(Event::Tolerated(tolerated))) => format!("{tolerated:?}"),
            Err(error) => {
                self.flush();
                // It is told by every later call: once is enough.
                if self.words.last() != Some(&error.to_string()) {
                    self.words.push(error.to_string());
                }
                return false;
            }
        };
        self.flush();
        let goes_on = word != "upgrade";
        self.words.push(word);
        goes_on
    }

    fn flush(&mut self) {
        if !self.body.is_empty() {
            self.words.push(format!("{:?}", String::from_utf8_lossy(&core::mem::take(&mut self.body))));
        }
    }

    fn lines(mut self) -> String {
        self.flush();
        self.words.join(" ")
    }
}

fn hear(end: &mut Connection, inbox: &mut Vec<u8>, heard: &mut Heard) {
    let mut at = 0;
    while heard.note(end.receive(inbox, &mut at)) {}
    inbox.drain(..at);
}

fn octets() -> impl Strategy<Value = Vec<u8>> {
    let messages = prop::sample::select(vec![
        "GET / HTTP/1.1\r\nHost: a\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nExpect: 100-continue\r\n\r\n",
        "abc",
        "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhi\r\n0\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a\r\nConnection: upgrade\r\nUpgrade: x\r\n\r\n",
        "CONNECT a:1 HTTP/1.1\r\nHost: a:1\r\n\r\n",
        "GET / HTTP/1.0\r\n\r\n",
        "GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\n",
        "HTTP/1.1 100 Continue\r\n\r\n",
        "HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: x\r\n\r\n",
        "HTTP/1.1 204 No Content\r\n\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n",
        "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\nuntil the end",
        "\r\n",
        "GARBAGE\0",
    ]);
    let mutated =
        (messages, any::<prop::sample::Index>(), any::<u8>(), 0..12_u8).prop_map(|(text, at, octet, luck)| {
            let mut octets = text.as_bytes().to_vec();
            if luck == 0 {
                let at = at.index(octets.len());
                octets[at] = octet;
            }
            octets
        });
    prop::collection::vec(mutated, 1..4).prop_map(|all| all.concat())
}

fn call() -> impl Strategy<Value = Call> {
    let field = || {
        prop::sample::select(vec![
            ("X", "y"),
            ("X", "y\n"),
            ("Connection", "close"),
            ("Upgrade", "x"),
            ("Expect", "100-continue"),
            ("Transfer-Encoding", "chunked"),
            ("Content-Length", "3"),
        ])
    };
    let body = || prop::sample::select(vec![Body::None, Body::Known(0), Body::Known(3), Body::Unknown, Body::Declared]);
    let method = prop::sample::select(vec!["GET", "HEAD", "POST", "CONNECT", "PURGE"]);
    let status = prop::sample::select(vec![100_u16, 101, 103, 200, 204, 304, 400, 408, 99]);
    prop_oneof![
        4 => octets().prop_map(Call::Receive),
        1 => Just(Call::End),
        2 => Just(Call::Next),
        2 => (method, field(), body(), any::<bool>())
            .prop_map(|(method, field, body, pieces)| Call::Request { method, field, body, pieces }),
        3 => (status.clone(), field(), body(), any::<bool>())
            .prop_map(|(status, field, body, pieces)| Call::Response { status, field, body, pieces }),
        1 => status.prop_map(Call::Inform),
        1 => (0..5_u64).prop_map(Call::Data),
        1 => Just(Call::SendEnd),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1024, ..ProptestConfig::default() })]
    #[test]
    fn no_cut_matters(
        role in prop_oneof![2 => Just(End::Client), 3 => (1..5_usize).prop_map(End::Server)],
        lenient in prop_oneof![3 => Just(0), 1 => any::<u32>()],
        calls in prop::collection::vec(call(), 1..14),
        cut in 2..40_usize,
    ) {
        let lenient = Leniencies::from_bits(lenient);
        let whole = run(role, lenient, &calls, usize::MAX);
        prop_assert_eq!(&run(role, lenient, &calls, 1), &whole);
        prop_assert_eq!(&run(role, lenient, &calls, cut), &whole);
    }
}
