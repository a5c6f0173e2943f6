//! The two-sided state machine of a connection: bytes in, bytes out, no socket inside.
//!
//! A [`Connection`] is one end of a connection, the client's or the server's. It reads with a
//! [`Parser`], writes with the safe builder, and keeps in one table where both parties
//! [stand](State) (RFC 9112 section 9, RFC 9110 sections 7.8, 9.3.6 and 10.1.1):
//!
//! - Requests and responses are paired: a response nobody asked for is a fault, and what a response
//!   means follows from the request it answers.
//! - Reading stops behind the peer's message until the exchange is done on both sides and
//!   [`Connection::next_cycle`] is called: what lies behind belongs to the next exchange.
//! - A client may send requests ahead (pipelining, section 9.3.2); responses come in their order. A
//!   server may read them ahead, up to a [depth](Connection::server_reading_ahead) of its own.
//! - Whether the connection persists follows from both messages. A server says so in its response
//!   where the caller does not: `Connection: close`, or `keep-alive` to a client that speaks 1.0.
//! - What the peer does wrong is an [`Error`] from reading. What the caller does wrong is a
//!   [`Refusal`], and changes nothing.
//!
//! # Example
//! A client:
//! ```
//! use h1wire::{Connection, Event, Policy, Received, Request};
//!
//! let mut client = Connection::client(Policy::default());
//! let mut out = Vec::new();
//! client.send_request(Request::get("/").host("example.com"), &mut out)?;
//! assert_eq!(out, b"GET / HTTP/1.1\r\nHost: example.com\r\n\r\n"); // write it to your socket
//!
//! let chunk = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi"; // read from your socket
//! let (mut at, mut body) = (0, Vec::new());
//! while let Received::Event(event) = client.receive(chunk, &mut at)? {
//!     if let Event::Body(data) = event {
//!         body.extend_from_slice(data);
//!     }
//! }
//! assert_eq!(body, b"hi");
//! assert!(client.is_reusable());
//! client.next_cycle()?;
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! A server, with a body in pieces, that looks at why nothing more is read:
//! ```
//! use h1wire::{Connection, Event, Policy, Received, Response};
//!
//! let mut server = Connection::server(Policy::default());
//! let mut out = Vec::new();
//! let chunk = b"GET /1 HTTP/1.1\r\nHost: a\r\n\r\nGET /2 HTTP/1.1\r\nHost: a\r\n\r\n";
//! let mut at = 0;
//! loop {
//!     match server.receive(chunk, &mut at)? {
//!         Received::Event(Event::End(_)) => {
//!             server.send_response(Response::new(200).header("Server", "mine").body_unknown(), &mut out)?;
//!             server.send_data(b"hello", &mut out)?;
//!             server.send_end([], &mut out)?;
//!         }
//!         Received::Event(_) => {}
//!         Received::Held => server.next_cycle()?,
//!         Received::NeedsMore | Received::Switched => break,
//!     }
//! }
//! assert_eq!(out.escape_ascii().to_string().matches("5\\r\\nhello").count(), 2);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod send;
mod state;

use alloc::collections::VecDeque;

use crate::{
    error::{Code, Error},
    event::Event,
    format::{BodyWriter, Part, Refusal, Version},
    framing::BodyFraming,
    names::Method,
    parser::Parser,
    policy::Policy,
};
use state::{Exchange, Party, Step};

pub use send::Delivery;
pub use state::State;

/// How many bytes behind the peer's message an owner should keep for the next exchange, unless told
/// otherwise: several full reads of a socket.
pub const MAX_HELD_BACK: u64 = 1_048_576;

/// Methods whose requests mean the same once as several times (RFC 9110 section 9.2.2): a client may
/// repeat them by itself, and send them ahead of responses (RFC 9112 sections 9.3.1 and 9.3.2).
pub const IDEMPOTENT_METHODS: &[&str] = &["GET", "HEAD", "PUT", "DELETE", "OPTIONS", "TRACE"];

/// One end of a connection: the module [`connection`](crate::connection) says what it does.
#[derive(Debug)]
pub struct Connection {
    /// Who we are.
    party: Party,
    parser: Parser,
    turns: Turns,
    /// How many requests a server reads before the first of them is answered.
    depth: usize,
    /// What is still to be sent of the newest message of ours.
    body: BodyWriter,
}

/// The exchanges there are at a time, in order.
#[derive(Debug)]
struct Turns {
    /// The one whose response comes next, or is under way.
    current: Turn,
    /// Those whose requests went ahead of that response, oldest first.
    ahead: VecDeque<Turn>,
}

/// An exchange, and on a server what its response rests on.
#[derive(Debug)]
struct Turn {
    exchange: Exchange,
    asked: Asked,
}

/// What a response rests on.
#[derive(Clone, Copy, Debug)]
struct Asked {
    method: Method,
    version: Version,
    /// It waits for a 100 before it sends its body, and has neither got one nor sent a byte.
    awaits_continue: bool,
}

/// An answer to nothing is framed as the answer to a GET.
const NOTHING_ASKED: Asked = Asked { method: Method::GET, version: Version::Http11, awaits_continue: false };

/// What [`Connection::receive`] has to say.
#[derive(Clone, Copy, Debug)]
pub enum Received<'a> {
    /// Something was read. Call again with the same chunk.
    Event(Event<'a>),
    /// All of the chunk was taken. Show the next one; or, once the peer has ended its side, call
    /// [`Connection::receive_end`].
    NeedsMore,
    /// The bytes from `*at` on belong to the next exchange. Keep them, end this exchange, and show them again after
    /// [`Connection::next_cycle`].
    Held,
    /// HTTP has ended ([`Event::Upgrade`] was told). The bytes from `*at` on, if there are any, belong to the next
    /// protocol, and so do all that come later.
    Switched,
}

/// What is to be done with bytes that come in.
enum Gate {
    Read,
    /// They belong to the next exchange.
    Hold,
    /// Nobody will ever read them.
    Discard,
    /// They are no HTTP; the parser has still to tell so, or has.
    Leave,
}

impl Connection {
    /// The client's end: sends requests, receives responses.
    pub fn client(policy: Policy) -> Connection {
        let mut parser = Parser::response(policy);
        parser.expect_announced();
        Connection::new(Party::Client, parser)
    }

    /// The server's end: receives requests, sends responses.
    pub fn server(policy: Policy) -> Connection {
        Connection::server_reading_ahead(policy, 1)
    }

    /// The server's end, which reads up to `depth` requests before the first of them is answered, at
    /// least one (RFC 9112 section 9.3.2). Responses are sent in order all the same, with
    /// [`Connection::next_cycle`] between them. Nothing is read ahead behind a request that may end HTTP.
    pub fn server_reading_ahead(policy: Policy, depth: usize) -> Connection {
        Connection { depth, ..Connection::new(Party::Server, Parser::request(policy)) }
    }

    fn new(party: Party, parser: Parser) -> Connection {
        Connection {
            party,
            parser,
            turns: Turns { current: Turn::new(), ahead: VecDeque::new() },
            depth: 1,
            body: BodyWriter::new(BodyFraming::None),
        }
    }

    /// Where we stand: of a client that sends requests ahead, with the newest of them.
    pub fn local_state(&self) -> State {
        self.sending().state(self.party)
    }

    /// Where the peer stands: of a server that reads requests ahead, with the newest of them.
    pub fn peer_state(&self) -> State {
        self.reading().state(self.peer())
    }

    /// Whether another exchange may follow on this connection: it is idle, or the exchange under
    /// way is done on both sides and [`Connection::next_cycle`] can be called.
    pub fn is_reusable(&self) -> bool {
        let Turn { exchange, .. } = &self.turns.current;
        let idle = (self.local_state(), self.peer_state()) == (State::Idle, State::Idle);
        exchange.persists() && (idle || exchange.is_complete())
    }

    /// Whether the client waits for a 100 before it sends its body: the request whose response comes
    /// next asked for one, and has neither got an answer nor sent a first byte (RFC 9110 section
    /// 10.1.1).
    pub fn peer_awaits_continue(&self) -> bool {
        self.turns.current.asked.awaits_continue
    }

    /// The fault of the peer that ended reading, if there was one.
    pub fn error(&self) -> Option<Error> {
        self.parser.error()
    }

    /// Bytes read since the beginning; after a fault, the fault's offset.
    pub fn offset(&self) -> u64 {
        self.parser.offset()
    }

    /// Reads on in `chunk` from `*at` and moves `*at` behind what was read. Call it with the same
    /// chunk as long as it returns events: [`Received`] says what to do then.
    ///
    /// After the message that ends the connection, a server drops what comes (RFC 9112 section 9.6).
    ///
    /// # Errors
    /// What the peer did wrong. Everything whole before it was told; a server may still answer it,
    /// if it has not begun to answer: with the status the error hints at.
    pub fn receive<'a>(&'a mut self, chunk: &'a [u8], at: &mut usize) -> Result<Received<'a>, Error> {
        let is_switched = match self.gate() {
            Gate::Hold if *at >= chunk.len() => return Ok(Received::NeedsMore),
            Gate::Hold if self.may_read_ahead() => {
                self.turns.ahead.push_back(Turn::new());
                false
            }
            Gate::Hold => return Ok(Received::Held),
            Gate::Discard => {
                let rest = chunk.len().saturating_sub(*at);
                self.parser.pass_over(rest);
                *at += rest;
                return Ok(Received::NeedsMore);
            }
            gate => matches!(gate, Gate::Leave),
        };
        self.parser.allow_switch(self.turns.current.exchange.allows(Party::Server, Step::Switch));
        let (parser, mut progress) = self.progress();
        match parser.poll(chunk, at) {
            Ok(Some(event)) => {
                progress.note(&event);
                Ok(Received::Event(event))
            }
            Ok(None) if is_switched => Ok(Received::Switched),
            Ok(None) => Ok(Received::NeedsMore),
            Err(error) => {
                progress.take(Step::Fault);
                Err(error)
            }
        }
    }

    /// The peer has ended its side. Call it when all bytes before were read, until it returns none
    /// or an error.
    ///
    /// # Errors
    /// The input ended inside a message, or before the response to a request.
    pub fn receive_end(&mut self) -> Result<Option<Event<'_>>, Error> {
        let is_missing = self.party == Party::Client && self.peer_state() == State::Answering;
        let (parser, mut progress) = self.progress();
        if parser.error().is_some() || !parser.is_between_messages() {
            return progress.noted(parser.finish());
        }
        if is_missing {
            return progress.noted(Err(parser.fail(Code::ResponseMissing)));
        }
        progress.take(Step::Close);
        Ok(None)
    }

    /// Goes on to the next exchange, once both parties are done with this one; what was held back
    /// can then be read. After a switch of protocols it changes nothing.
    ///
    /// # Errors
    /// [`Code::WrongState`] if a party is not done, or the connection ends with this exchange.
    pub fn next_cycle(&mut self) -> Result<(), Refusal> {
        let Turns { current, ahead } = &mut self.turns;
        if current.exchange.state(self.party) == State::Switched {
            return Ok(());
        }
        if !current.exchange.is_complete() {
            return Err(wrong_state());
        }
        match ahead.pop_front() {
            Some(turn) => *current = turn,
            None => *current = Turn::new(),
        }
        Ok(())
    }

    /// How many bytes of body may follow at once: that many need not be shown to
    /// [`Connection::receive`], if they are counted with [`Connection::skip`].
    pub fn passable(&self) -> u64 {
        match self.gate() {
            Gate::Read => self.parser.passable(),
            Gate::Hold | Gate::Discard | Gate::Leave => 0,
        }
    }

    /// Counts bytes of body that were passed on without being shown, at most
    /// [`Connection::passable`]; more are not counted.
    pub fn skip(&mut self, octets: u64) {
        self.turns.newest_mut().asked.awaits_continue &= octets == 0;
        self.parser.skip(octets.min(self.passable()));
    }

    /// The parser, and what an event of its moves.
    fn progress(&mut self) -> (&mut Parser, Progress<'_>) {
        let peer = self.peer();
        let Connection { parser, turns, .. } = self;
        (parser, Progress { peer, turns })
    }

    fn peer(&self) -> Party {
        match self.party {
            Party::Client => Party::Server,
            Party::Server => Party::Client,
        }
    }

    /// The exchange whose message we send, or have sent last.
    fn sending(&self) -> &Exchange {
        match self.party {
            Party::Client => &self.turns.newest().exchange,
            Party::Server => &self.turns.current.exchange,
        }
    }

    fn sending_mut(&mut self) -> &mut Exchange {
        match self.party {
            Party::Client => &mut self.turns.newest_mut().exchange,
            Party::Server => &mut self.turns.current.exchange,
        }
    }

    /// The exchange whose message the peer sends, or has sent last.
    fn reading(&self) -> &Exchange {
        match self.party {
            Party::Client => &self.turns.current.exchange,
            Party::Server => &self.turns.newest().exchange,
        }
    }

    fn gate(&self) -> Gate {
        match (self.party, self.peer_state()) {
            (_, State::Done | State::MightSwitch) => Gate::Hold,
            (_, State::Switched) => Gate::Leave,
            (Party::Server, State::MustClose) => Gate::Discard,
            // A response came before any request: what still comes was not meant to follow it.
            (Party::Server, State::Idle) if self.reading().state(Party::Server) != State::Idle => Gate::Discard,
            _ => Gate::Read,
        }
    }

    /// Whether a server that would have to hold back what comes may read it as a further request.
    fn may_read_ahead(&self) -> bool {
        let newest = self.reading();
        self.party == Party::Server
            && self.turns.ahead.len() + 1 < self.depth
            && newest.state(Party::Client) == State::Done
            && !newest.is_complete()
    }
}

impl Turns {
    fn newest(&self) -> &Turn {
        self.ahead.back().unwrap_or(&self.current)
    }

    fn newest_mut(&mut self) -> &mut Turn {
        self.ahead.back_mut().unwrap_or(&mut self.current)
    }
}

impl Turn {
    fn new() -> Turn {
        Turn { exchange: Exchange::new(), asked: NOTHING_ASKED }
    }
}

/// What reading moves, apart from the parser, which an event borrows from.
struct Progress<'a> {
    peer: Party,
    turns: &'a mut Turns,
}

impl Progress<'_> {
    /// Takes in what the parser found, on its way out.
    fn noted<'e>(&mut self, found: Result<Option<Event<'e>>, Error>) -> Result<Option<Event<'e>>, Error> {
        match &found {
            Ok(Some(event)) => self.note(event),
            Ok(None) => {}
            Err(_) => self.take(Step::Fault),
        }
        found
    }

    fn note(&mut self, event: &Event<'_>) {
        match event {
            Event::Request(request) => {
                let has_body = !matches!(request.head.body, BodyFraming::None | BodyFraming::Length(0));
                self.turns.newest_mut().asked = Asked {
                    method: request.known_method(),
                    version: if request.head.version() == (1, 0) { Version::Http10 } else { Version::Http11 },
                    awaits_continue: request.expect_continue && has_body,
                };
                self.take_head(request.head.keep_alive, request.head.upgrade);
            }
            Event::Response(response) if response.informational => {
                self.take(Step::Interim);
            }
            Event::Response(response) if response.head.upgrade => {
                self.take(Step::Switch);
            }
            Event::Response(response) => {
                self.take_head(response.head.keep_alive, false);
            }
            Event::Body(_) => self.turns.newest_mut().asked.awaits_continue = false,
            // Of a 1xx and of a switch it is no step, for they are whole with their head: the table leaves it out.
            Event::End(_) => {
                self.turns.newest_mut().asked.awaits_continue = false;
                self.take(Step::End);
            }
            Event::Upgrade | Event::Tolerated(_) => {}
        }
    }

    fn take_head(&mut self, persists: bool, asks_switch: bool) {
        let peer = self.peer;
        self.exchange().take_head(peer, persists, asks_switch);
        self.give_up_ahead();
    }

    fn take(&mut self, step: Step) {
        let peer = self.peer;
        self.exchange().take(peer, step);
        self.give_up_ahead();
    }

    /// The exchange whose message the peer sends.
    fn exchange(&mut self) -> &mut Exchange {
        match self.peer {
            Party::Client => &mut self.turns.newest_mut().exchange,
            Party::Server => &mut self.turns.current.exchange,
        }
    }

    /// Requests a client sent ahead on a connection that ends before them will not be answered.
    fn give_up_ahead(&mut self) {
        if self.peer == Party::Server && !self.turns.current.exchange.persists() {
            for turn in &mut self.turns.ahead {
                turn.exchange.take(Party::Server, Step::Fault);
            }
        }
    }
}

/// The call does not fit where the parties stand.
fn wrong_state() -> Refusal {
    Refusal::whole(Code::WrongState, Part::Call)
}
