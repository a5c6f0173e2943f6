//! The naive oracle: a slow and obvious reader of requests and responses, to be compared with the parser.
//!
//! It has the whole input at once, copies whatever it likes, and takes the grammar as the RFCs print
//! it: `grammar` holds their ABNF, `abnf` walks it. It knows the limits and the leniencies, and shares
//! nothing with the parser but the error codes and the types that settings and outcomes have. What the
//! RFCs leave open it decides as `docs/protocol.md` says.

mod abnf;
mod chunks;
mod cursor;
mod framing;
mod grammar;
mod section;
mod start_line;
mod told;

use std::collections::VecDeque;

use h1wire::{
    error::Code,
    policy::{Leniency, Policy},
};

use crate::outcome::{Event, Fault, Field, Head, Octets, Outcome, Start};
use cursor::{Cursor, Read, Stop};
use framing::Body;
use start_line::Version;
use told::Told;

/// What is asked of the oracle.
#[derive(Clone, Debug)]
pub(crate) struct Question {
    /// Requests are read, or responses.
    pub(crate) request: bool,
    pub(crate) policy: Policy,
    /// The methods of the requests that the responses answer, if they were announced.
    pub(crate) expected: Option<VecDeque<Vec<u8>>>,
    /// The end of input is told.
    pub(crate) end: bool,
    /// Every switch of protocols is declined.
    pub(crate) resume: bool,
}

/// What the input leads to.
pub(crate) fn ask(question: Question, input: &[u8]) -> Outcome {
    let end = question.end;
    let told = Told::new(question.policy.lenient);
    let mut oracle = Oracle {
        question,
        cursor: Cursor::new(input, end, told),
        state: State::Between,
        closed: false,
        informational: 0,
    };
    let fault = match oracle.read_all() {
        Ok(()) => None,
        Err(Stop::Dry) if end => oracle.end_of_input(),
        Err(Stop::Dry) => None,
        Err(Stop::Fault(code, at)) => Some(error(code, at, input, 0)),
    };
    Outcome { events: oracle.cursor.told.events, fault }
}

fn error(code: Code, at: usize, input: &[u8], missing: u64) -> Fault {
    Fault { code, offset: at as u64, octet: input.get(at).copied(), missing }
}

struct Oracle<'a> {
    question: Question,
    cursor: Cursor<'a>,
    state: State,
    /// The message before ended the connection.
    closed: bool,
    /// 1xx responses in a row.
    informational: u64,
}

/// What the end of input would cut.
#[derive(Clone, Copy)]
enum State {
    Between,
    Head,
    Length(u64),
    /// In chunked coding, this much data missing.
    Chunks(u64),
    UntilClose,
}

impl Oracle<'_> {
    /// Reads message after message until the input is dry, or HTTP has ended.
    fn read_all(&mut self) -> Read<()> {
        loop {
            self.state = State::Between;
            self.cursor.told.begin_message();
            let begin = self.cursor.at;
            let bound = (begin, self.question.policy.limits.max_head_size, Code::HeadTooLarge);
            let lone_lf = self.cursor.told.has(Leniency::OptionalCrBeforeLf);
            while matches!(self.cursor.peek()?, b'\r') || lone_lf && self.cursor.peek()? == b'\n' {
                if self.cursor.peek()? == b'\n' {
                    self.cursor.within(bound, |cursor| cursor.line_end(Code::LoneLf))?;
                    continue;
                }
                self.cursor.within(bound, |cursor| cursor.expect(b'\r', Code::LoneCr))?;
                if self.cursor.peek()? != b'\n' {
                    return self.cursor.fault(Code::LoneCr);
                }
                self.cursor.within(bound, |cursor| cursor.expect(b'\n', Code::LoneCr))?;
            }
            if self.closed && !self.cursor.permits(Leniency::KeepAlive) {
                if !self.cursor.permits(Leniency::DataAfterClose) {
                    return self.cursor.fault(Code::DataAfterClose);
                }
                return Ok(());
            }
            if self.question.expected.as_ref().is_some_and(VecDeque::is_empty) {
                return self.cursor.fault(Code::UnexpectedResponse);
            }
            if self.cursor.peek()? == b'\n' {
                return self.cursor.fault(Code::LoneLf);
            }
            if self.message(begin)? {
                if !self.question.resume {
                    let rest = self.cursor.input[self.cursor.at..].into();
                    self.tell(Event::Upgrade(Some(rest)));
                    return Ok(());
                }
                self.tell(Event::Upgrade(None));
            }
        }
    }

    /// Reads one message; says whether HTTP may end behind it.
    fn message(&mut self, begin: usize) -> Read<bool> {
        self.state = State::Head;
        let first = self.cursor.at;
        let limits = self.question.policy.limits;
        let request = self.question.request;
        let (line, fields, empty_line) =
            self.cursor.within((begin, limits.max_head_size, Code::HeadTooLarge), |cursor| {
                let line = cursor.within((first, limits.max_start_line, Code::StartLineTooLong), |cursor| {
                    if request { start_line::request_line(cursor) } else { start_line::status_line(cursor) }
                })?;
                let rules = section::Rules {
                    max_fields: limits.max_fields,
                    too_many: Code::TooManyFields,
                    response: !request,
                    trailer: false,
                };
                let (fields, empty_line) = section::read(cursor, &rules)?;
                Ok((line, fields, empty_line))
            })?;
        let head = framing::Head { version: line.version, fields: &fields, empty_line };
        let (head, body) = self.decide(&line.start, &head, first)?;
        let upgrade = head.upgrade;
        self.closed = !head.keep_alive;
        self.tell(Event::Head(head));
        let trailers = self.body(body)?;
        self.tell(Event::End(trailers));
        Ok(upgrade)
    }

    /// What the whole head means.
    fn decide(&mut self, start: &Start, head: &framing::Head<'_>, first: usize) -> Read<(Head, Body)> {
        let Version(major, minor) = head.version;
        let mut told = Head {
            start: start.clone(),
            version: format!("{major}.{minor}"),
            headers: pairs(head.fields),
            keep_alive: true,
            content_length: None,
            chunked: false,
            until_close: false,
            upgrade: false,
            expect_continue: false,
            informational: false,
        };
        let body = match start {
            Start::Request { method, .. } => {
                head.check_host(&mut self.cursor.told)?;
                told.upgrade = method.0 == b"CONNECT" || head.asks_for_upgrade();
                told.expect_continue = head.expects_continue();
                let body = head.request_body(&method.0, &mut self.cursor.told)?;
                told.keep_alive = head.keeps_alive(body);
                body
            }
            Start::Response { status, .. } => {
                let method = self.question.expected.as_ref().and_then(|queue| queue.front().cloned());
                let method = method.unwrap_or_else(|| b"GET".to_vec());
                let (body, persists) = head.response_body(*status, &method, &mut self.cursor.told)?;
                told.upgrade = *status == 101 || framing::tunnels(*status, &method);
                told.informational = (100..=199).contains(status) && *status != 101;
                told.keep_alive = *status < 200 || persists && head.keeps_alive(body);
                body
            }
        };
        match body {
            Body::Length(length) => {
                if length > self.question.policy.limits.max_body_size {
                    let field = head.all("Content-Length").next().expect("the length's field");
                    return Err(Stop::Fault(Code::BodyTooLarge, field.offset(0)));
                }
                told.content_length = Some(length);
            }
            Body::Chunked => told.chunked = true,
            Body::UntilClose => told.until_close = true,
            Body::None => {}
        }
        self.count_answer(told.informational, first)?;
        Ok((told, body))
    }

    /// A 1xx answers no request, but there may not be too many of them.
    fn count_answer(&mut self, informational: bool, first: usize) -> Read<()> {
        if !informational {
            self.informational = 0;
            self.question.expected.as_mut().and_then(VecDeque::pop_front);
            return Ok(());
        }
        self.informational += 1;
        if self.informational > self.question.policy.limits.max_informational {
            return Err(Stop::Fault(Code::TooManyInformational, first));
        }
        Ok(())
    }

    /// Reads the body; returns the trailer fields.
    fn body(&mut self, body: Body) -> Read<Vec<Field>> {
        match body {
            Body::None => Ok(Vec::new()),
            Body::Length(length) => {
                self.data(length, State::Length)?;
                Ok(Vec::new())
            }
            Body::UntilClose => {
                self.state = State::UntilClose;
                self.data(self.question.policy.limits.max_body_size, |_| State::UntilClose)?;
                self.cursor.peek()?;
                self.cursor.fault(Code::BodyTooLarge)
            }
            Body::Chunked => self.chunks(),
        }
    }

    fn chunks(&mut self) -> Read<Vec<Field>> {
        let limits = self.question.policy.limits;
        let mut spent = chunks::Spent::default();
        loop {
            self.state = State::Chunks(0);
            let size = chunks::size_line(&mut self.cursor, &limits, &mut spent)?;
            if size == 0 {
                break;
            }
            self.data(size, State::Chunks)?;
            self.state = State::Chunks(0);
            chunks::data_end(&mut self.cursor)?;
        }
        let rules = section::Rules {
            max_fields: limits.max_trailer_fields,
            too_many: Code::TooManyTrailerFields,
            response: !self.question.request,
            trailer: true,
        };
        let begin = self.cursor.at;
        let bound = (begin, limits.max_trailer_size, Code::TrailerTooLarge);
        let (fields, _) = self.cursor.within(bound, |cursor| section::read(cursor, &rules))?;
        Ok(pairs(&fields))
    }

    /// Takes this many octets of data, or as many as there are.
    fn data(&mut self, octets: u64, cut: impl Fn(u64) -> State) -> Read<()> {
        let begin = self.cursor.at;
        let there = self.cursor.input.len() - begin;
        let taken = octets.min(there as u64);
        self.cursor.at += taken as usize;
        if taken > 0 {
            let data = self.cursor.since(begin);
            match self.cursor.told.events.last_mut() {
                Some(Event::Body(joined)) => joined.0.extend_from_slice(data),
                _ => self.tell(Event::Body(data.into())),
            }
        }
        if taken < octets {
            self.state = cut(octets - taken);
            return Err(Stop::Dry);
        }
        Ok(())
    }

    fn tell(&mut self, event: Event) {
        self.cursor.told.events.push(event);
    }

    /// The input ends here: that ends a message, or cuts it.
    fn end_of_input(&mut self) -> Option<Fault> {
        let input = self.cursor.input;
        let (code, missing) = match self.state {
            State::Between => return None,
            State::UntilClose => {
                self.tell(Event::End(Vec::new()));
                return None;
            }
            State::Head => (Code::TruncatedHead, 0),
            State::Length(missing) => (Code::TruncatedBody, missing),
            State::Chunks(missing) => (Code::TruncatedChunks, missing),
        };
        Some(error(code, input.len(), input, missing))
    }
}

fn pairs(fields: &[section::Field]) -> Vec<Field> {
    fields.iter().map(|field| (Octets(field.name.clone()), Octets(field.value.clone()))).collect()
}
