//! Two ends of one connection talk, in any order of steps and any cut of the wire: every message arrives as it
//! was sent, and the two never disagree about where they stand.

use std::collections::VecDeque;

use h1wire::{
    connection::{Connection, Delivery, State},
    event::Event,
    format::{Body, Request, Response, Version},
    policy::Policy,
};
use proptest::prelude::*;

/// One request and its response, as they are to be sent.
#[derive(Clone, Debug)]
struct Exchange {
    method: &'static str,
    request: Message,
    interim: u8,
    status: u16,
    response: Message,
    /// The last one: the server closes.
    closes: bool,
}

#[derive(Clone, Debug)]
struct Message {
    body: Vec<u8>,
    way: Way,
}

/// How a body goes out.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Way {
    Whole,
    Counted,
    Chunked,
}

/// One end and its outgoing wire.
struct End {
    connection: Connection,
    out: Vec<u8>,
    /// How much of the wire the other end was given.
    given: usize,
    /// Octets given to this end that it has not taken.
    inbox: Vec<u8>,
    /// What is still to be sent of the body under way.
    sending: VecDeque<Vec<u8>>,
    in_body: bool,
    told: Vec<String>,
    body: Vec<u8>,
}

impl End {
    fn new(connection: Connection) -> End {
        let (out, inbox, told, body) = Default::default();
        End { connection, out, given: 0, inbox, sending: VecDeque::new(), in_body: false, told, body }
    }

    fn begin_body(&mut self, message: &Message, has_body: bool) {
        self.in_body = message.way != Way::Whole && has_body;
        if self.in_body {
            self.sending = message.body.chunks(7).map(<[u8]>::to_vec).collect();
        }
    }

    /// Sends the next piece of the body under way, or its end.
    fn continue_body(&mut self) {
        let Some(piece) = self.sending.pop_front() else {
            self.connection.send_end([], &mut self.out).unwrap();
            self.in_body = false;
            return;
        };
        let mut framing = Vec::new();
        let around = self.connection.send_data(piece.len() as u64, &mut framing).unwrap();
        self.out.extend_from_slice(&framing[..around.before]);
        self.out.extend_from_slice(&piece);
        self.out.extend_from_slice(&framing[around.before..]);
    }

    /// Reads what it was given, as far as it can.
    fn read(&mut self) {
        loop {
            let mut at = 0;
            while let Some(event) = self.connection.receive(&self.inbox, &mut at).unwrap() {
                match event {
                    Event::Request(request) => self.told.push(String::from_utf8_lossy(request.method()).into()),
                    Event::Response(response) => self.told.push(response.status().to_string()),
                    Event::Body(data) => self.body.extend_from_slice(data),
                    Event::End(_) => self.told.push(format!("{:?}", std::mem::take(&mut self.body))),
                    Event::Upgrade | Event::Tolerated(_) => panic!("nobody asked for it"),
                }
            }
            self.inbox.drain(..at);
            let done = (self.connection.local_state(), self.connection.peer_state()) == (State::Done, State::Done);
            // A client that has sent ahead is done with its newest message, which is not the one under way.
            if self.connection.next_cycle().is_err() {
                assert!(!done || !self.connection.is_reusable(), "{:?}", self.connection);
                return;
            }
        }
    }
}

fn message(delivery: Way, body: &[u8]) -> (Delivery, Body) {
    match delivery {
        Way::Whole if body.is_empty() => (Delivery::Whole, Body::None),
        Way::Whole => (Delivery::Whole, Body::Known(body.len() as u64)),
        Way::Counted => (Delivery::Pieces, Body::Known(body.len() as u64)),
        Way::Chunked => (Delivery::Pieces, Body::Unknown),
    }
}

/// Puts head, body and what follows it on the wire.
fn write(end: &mut End, framing: &[u8], before: usize, carries: bool, body: &[u8]) {
    end.out.extend_from_slice(&framing[..before]);
    if carries {
        end.out.extend_from_slice(body);
    }
    end.out.extend_from_slice(&framing[before..]);
}

fn ask(client: &mut End, exchange: &Exchange) {
    let (delivery, body) = message(exchange.request.way, &exchange.request.body);
    let request = Request {
        method: exchange.method.as_bytes(),
        target: b"/",
        host: Some(b"a"),
        version: Version::Http11,
        fields: [],
        body,
        trailers: [],
    };
    let mut framing = Vec::new();
    let written = client.connection.send_request(request, delivery, &mut framing).unwrap();
    write(client, &framing, written.before, written.carries_body, &exchange.request.body);
    let has_body = client.connection.local_state() == State::Body;
    client.begin_body(&exchange.request, has_body);
}

fn answer(server: &mut End, exchange: &Exchange) {
    let response = |status, body| Response {
        status,
        reason: None,
        version: Version::Http11,
        request_method: b"GET",
        request_version: Version::Http11,
        fields: (exchange.closes && status >= 200).then_some((&b"Connection"[..], &b"close"[..])),
        body,
        trailers: [],
    };
    for _ in 0..exchange.interim {
        server.connection.send_informational(response(103, Body::None), &mut server.out).unwrap();
    }
    let (delivery, body) = message(exchange.response.way, &exchange.response.body);
    let mut framing = Vec::new();
    let written = server.connection.send_response(response(exchange.status, body), delivery, &mut framing).unwrap();
    write(server, &framing, written.before, written.carries_body, &exchange.response.body);
    let has_body = server.connection.local_state() == State::Body;
    server.begin_body(&exchange.response, has_body);
}

/// Hands octets that one end wrote to the other.
fn give(from: &mut End, to: &mut End, octets: usize) {
    let until = from.out.len().min(from.given + octets);
    to.inbox.extend_from_slice(&from.out[from.given..until]);
    from.given = until;
    to.read();
}

/// Plays the exchanges by these steps, and then until nothing moves.
fn play(exchanges: &[Exchange], ahead: usize, steps: &[(u8, u8)]) {
    let mut client = End::new(Connection::client(Policy::default()));
    let mut server = End::new(Connection::server(Policy::default()));
    let (mut asked, mut answered) = (0, 0);
    let rounds = (0..2000_u16).map(|round| ((round % 4) as u8, 50));
    for (step, size) in steps.iter().copied().chain(rounds) {
        match step {
            0 if client.in_body => client.continue_body(),
            0 => {
                let finals = client.told.iter().filter(|word| word.len() == 3 && *word >= &"200".to_string()).count();
                let may = asked < exchanges.len() && asked - finals.min(asked) <= ahead;
                let idle = client.connection.local_state() == State::Idle;
                if may && (idle || ahead > 0 && client.connection.local_state() == State::Done) {
                    ask(&mut client, &exchanges[asked]);
                    asked += 1;
                }
            }
            1 if server.in_body => server.continue_body(),
            1 => {
                let state = server.connection.local_state();
                if state == State::Answering {
                    answer(&mut server, &exchanges[answered]);
                    answered += 1;
                }
            }
            2 => give(&mut client, &mut server, size.into()),
            _ => give(&mut server, &mut client, size.into()),
        }
        client.read();
        server.read();
    }

    let mut requests = Vec::new();
    let mut responses = Vec::new();
    for exchange in exchanges {
        requests.extend([exchange.method.to_string(), format!("{:?}", exchange.request.body)]);
        for _ in 0..exchange.interim {
            responses.extend(["103".to_string(), "[]".to_string()]);
        }
        let has_body = exchange.method != "HEAD" && !matches!(exchange.status, 204 | 304);
        let body = if has_body { &exchange.response.body[..] } else { &[] };
        responses.extend([exchange.status.to_string(), format!("{body:?}")]);
    }
    assert_eq!((asked, answered), (exchanges.len(), exchanges.len()));
    assert_eq!((&client.told, &server.told), (&responses, &requests));
    let closed = exchanges.last().is_some_and(|last| last.closes);
    let expected = if closed { State::MustClose } else { State::Idle };
    for end in [&client, &server] {
        assert_eq!((end.connection.local_state(), end.connection.peer_state()), (expected, expected));
        assert_eq!((end.connection.is_reusable(), end.inbox.len()), (!closed, 0));
    }
}

fn messages() -> impl Strategy<Value = Message> {
    let way = prop_oneof![Just(Way::Whole), Just(Way::Counted), Just(Way::Chunked)];
    (proptest::collection::vec(any::<u8>(), 0..40), way).prop_map(|(body, way)| Message { body, way })
}

fn exchange() -> impl Strategy<Value = Exchange> {
    let method = prop_oneof![Just("GET"), Just("HEAD"), Just("POST"), Just("PURGE")];
    let status = prop_oneof![Just(200), Just(404), Just(204), Just(304)];
    (method, messages(), 0..3_u8, status, messages()).prop_map(|(method, request, interim, status, mut response)| {
        if status == 204 {
            response = Message { body: Vec::new(), way: Way::Whole };
        }
        Exchange { method, request, interim, status, response, closes: false }
    })
}

proptest! {
    #[test]
    fn both_ends_hear_what_the_other_says(
        mut exchanges in proptest::collection::vec(exchange(), 1..5),
        closes in any::<bool>(),
        ahead in 0..3_usize,
        steps in proptest::collection::vec((0..4_u8, 0..60_u8), 0..60),
    ) {
        if let Some(last) = exchanges.last_mut() {
            last.closes = closes;
        }
        play(&exchanges, ahead, &steps);
    }
}
