//! What a parser made of its input, in a form that does not depend on how the input was cut:
//! adjacent body data is joined, nothing borrows.

use std::fmt;

use h1wire::{
    BodyFraming,
    error::{Code, Error},
    event::{self, Section},
    parser::Parser,
};

/// Octets that show themselves as text.
#[derive(Clone, Default, PartialEq, Eq)]
pub(crate) struct Octets(pub(crate) Vec<u8>);

impl fmt::Debug for Octets {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "\"{}\"", self.0.escape_ascii())
    }
}

impl From<&[u8]> for Octets {
    fn from(octets: &[u8]) -> Octets {
        Octets(octets.to_vec())
    }
}

/// A field's name and value.
pub(crate) type Field = (Octets, Octets);

/// All events, and the fault if there was one.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Outcome {
    pub(crate) events: Vec<Event>,
    pub(crate) fault: Option<Fault>,
}

/// What of a fault is law: the rest is advice.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Fault {
    pub(crate) code: Code,
    pub(crate) offset: u64,
    pub(crate) octet: Option<u8>,
    pub(crate) missing: u64,
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} at {}", self.code.row().name, self.offset)
    }
}

impl From<Error> for Fault {
    fn from(error: Error) -> Fault {
        Fault { code: error.code, offset: error.offset, octet: error.octet, missing: error.missing }
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Event {
    Head(Head),
    Body(Octets),
    End(Vec<Field>),
    /// With everything that follows; nothing if the switch was declined.
    Upgrade(Option<Octets>),
    Tolerated {
        name: String,
        offset: u64,
    },
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Head {
    pub(crate) start: Start,
    pub(crate) version: String,
    pub(crate) headers: Vec<Field>,
    pub(crate) keep_alive: bool,
    pub(crate) content_length: Option<u64>,
    pub(crate) chunked: bool,
    pub(crate) until_close: bool,
    pub(crate) upgrade: bool,
    pub(crate) expect_continue: bool,
    pub(crate) informational: bool,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Start {
    Request { method: Octets, target: Octets },
    Response { status: u16, reason: Octets },
}

/// How the pieces are given to the parser.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Feeding {
    /// The end of input is told.
    pub(crate) end: bool,
    /// Every switch of protocols is declined.
    pub(crate) resume: bool,
    /// Most of the body octets that need not be shown to the parser are only counted to it.
    pub(crate) skip: bool,
}

/// Feeds the pieces one after another and collects what comes out.
pub(crate) fn outcome(parser: &mut Parser, pieces: &[&[u8]], feeding: Feeding) -> Outcome {
    let mut outcome = Outcome::default();
    if let Err(error) = feed(parser, pieces, feeding, &mut outcome) {
        assert_eq!(parser.poll(b"x", &mut 0).map(|_| ()), Err(error), "a fault is told again");
        outcome.fault = Some(error.into());
    }
    outcome
}

fn feed(parser: &mut Parser, pieces: &[&[u8]], feeding: Feeding, outcome: &mut Outcome) -> Result<(), Error> {
    for (index, piece) in pieces.iter().enumerate() {
        let mut at = 0;
        loop {
            if feeding.skip {
                let passable = parser.passable().min((piece.len() - at) as u64);
                let passed = passable - passable / 3;
                parser.skip(passed);
                outcome.body(&piece[at..at + passed as usize]);
                at += passed as usize;
            }
            let Some(event) = parser.poll(piece, &mut at)? else { break };
            if !matches!(event, event::Event::Upgrade) {
                outcome.take(&event);
            } else if feeding.resume {
                outcome.events.push(Event::Upgrade(None));
                assert!(parser.resume(), "a switch can be declined");
            } else {
                let rest = [&piece[at..], &pieces[index + 1..].concat()].concat();
                outcome.events.push(Event::Upgrade(Some(Octets(rest))));
                return Ok(());
            }
        }
        assert_eq!(at, piece.len(), "a piece is read to its end");
    }
    if feeding.end {
        while let Some(event) = parser.finish()? {
            outcome.take(&event);
        }
    }
    Ok(())
}

impl Outcome {
    fn body(&mut self, data: &[u8]) {
        match self.events.last_mut() {
            _ if data.is_empty() => {}
            Some(Event::Body(joined)) => joined.0.extend_from_slice(data),
            _ => self.events.push(Event::Body(data.into())),
        }
    }

    fn take(&mut self, event: &event::Event<'_>) {
        let event = match event {
            event::Event::Body(data) => return self.body(data),
            event::Event::Request(request) => {
                let start = Start::Request { method: request.method().into(), target: request.target().into() };
                let head = Head::new(start, &request.head);
                Event::Head(Head { expect_continue: request.expect_continue, ..head })
            }
            event::Event::Response(response) => {
                let start = Start::Response { status: response.status(), reason: response.reason().into() };
                let head = Head::new(start, &response.head);
                Event::Head(Head { informational: response.informational, ..head })
            }
            event::Event::End(trailers) => Event::End(fields(trailers)),
            event::Event::Upgrade => Event::Upgrade(Some(Octets::default())),
            event::Event::Tolerated(tolerated) => {
                Event::Tolerated { name: tolerated.leniency.name().into(), offset: tolerated.offset }
            }
            other => panic!("an event nobody knows: {other:?}"),
        };
        self.events.push(event);
    }
}

impl Head {
    fn new(start: Start, head: &event::Head<'_>) -> Head {
        let (major, minor) = head.version();
        Head {
            start,
            version: format!("{major}.{minor}"),
            headers: fields(&head.section),
            keep_alive: head.keep_alive,
            content_length: head.content_length(),
            chunked: head.body == BodyFraming::Chunked,
            until_close: head.body == BodyFraming::UntilClose,
            upgrade: head.upgrade,
            expect_continue: false,
            informational: false,
        }
    }
}

fn fields(section: &Section<'_>) -> Vec<Field> {
    section.iter().map(|(name, value)| (name.into(), value.into())).collect()
}
