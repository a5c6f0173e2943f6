//! The incremental parser: octets in any cut, events out.
//!
//! What it tells never depends on how the stream was cut (but for where body data is cut). A head
//! that lies whole in one chunk is read in place; one that comes in pieces is held, and the scan
//! goes on where it stopped.

mod answers;
mod body;
mod held;
pub(crate) mod look;
mod sections;

use alloc::boxed::Box;

use crate::{
    error::{Code, Error, Fault},
    event::{Event, Head, RequestHead, ResponseHead, Section},
    framing::{self, BodyFraming, Framing},
    names::Method,
    policy::{Leniencies, Leniency, Policy},
    section::SectionReader,
    start_line::StartLineReader,
    tolerated::{Tolerance, Tolerated},
};
use answers::Answers;
use body::{BodyReader, Stage, Taken};
use held::Held;

/// Reads the messages of one direction of a connection.
///
/// ```
/// use h1wire::{Event, Parser, Policy};
///
/// let chunk = b"POST /echo HTTP/1.1\r\nHost: example.com\r\nContent-Length: 2\r\n\r\nhi";
/// let mut parser = Parser::request(Policy::default());
/// let mut at = 0;
/// let mut body = Vec::new();
/// while let Some(event) = parser.poll(chunk, &mut at)? {
///     match event {
///         Event::Request(request) => assert_eq!(request.target(), b"/echo"),
///         Event::Body(data) => body.extend_from_slice(data),
///         _ => {}
///     }
/// }
/// assert_eq!(body, b"hi");
/// # Ok::<(), h1wire::Error>(())
/// ```
#[derive(Debug)]
pub struct Parser {
    policy: Policy,
    request: bool,
    state: State,
    /// Octets taken since the beginning.
    offset: u64,
    tolerance: Tolerance,
    failed: Option<Box<Error>>,

    start_line: StartLineReader,
    section: SectionReader,
    /// The start-line is read, the field lines are not.
    in_fields: bool,
    /// The head has one Host, and it is known to be valid.
    host_is_plain: bool,
    /// Octets of CRLFs before the message.
    skipped: u64,
    /// Offset of the section being read.
    text_offset: u64,
    held: Held,

    /// What the last whole head said.
    framing: Framing,
    body: BodyReader,
    /// The last message ended the connection.
    closed: bool,
    answers: Answers,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    /// Between messages.
    Idle,
    /// The same, behind a CR.
    IdleLf,
    Head,
    /// The head is whole; it has to be told.
    HeadWhole,
    Body,
    Trailer,
    /// The message is whole; its end has to be told.
    End,
    /// The same, behind a trailer section.
    TrailerWhole,
    /// A switch of protocols has to be told.
    Upgrade,
    Switched,
    /// What follows the last message is dropped.
    Discard,
}

/// The parser has failed: what is wrong stands in it, so that results which hardly ever tell of it stay small.
#[derive(Clone, Copy, Debug)]
struct Failed;

/// An event before it borrows anything; where it lies stands in the parser.
enum Found {
    Head,
    /// The last octets taken, this many.
    Body(usize),
    End {
        trailer: bool,
    },
    Upgrade,
    Tolerated(Tolerated),
}

/// What came of reading a head in one go.
enum Whole {
    /// Not all of it was there, or it is not of the usual kind.
    No,
    /// A request that says nothing of its framing.
    Plain,
    Decided,
}

impl Parser {
    /// A parser of requests: what a server reads.
    pub fn request(policy: Policy) -> Parser {
        Parser::new(true, policy)
    }

    /// A parser of responses: what a client reads. Tell it the methods of the requests with
    /// [`Parser::expect`]; untold, each response is read as the answer to a GET.
    pub fn response(policy: Policy) -> Parser {
        Parser::new(false, policy)
    }

    #[inline(never)]
    fn new(request: bool, policy: Policy) -> Parser {
        Parser {
            policy: Policy { limits: policy.limits.bounded(), ..policy },
            request,
            state: State::Idle,
            offset: 0,
            tolerance: Tolerance::new(policy.lenient),
            failed: None,
            start_line: StartLineReader::new(),
            section: SectionReader::default(),
            in_fields: false,
            host_is_plain: false,
            skipped: 0,
            text_offset: 0,
            held: Held::default(),
            framing: Framing { body: BodyFraming::None, keep_alive: true, upgrade: false, expect_continue: false },
            body: BodyReader::new(BodyFraming::None),
            closed: false,
            answers: Answers::new(),
        }
    }

    /// Reads on in `chunk` from `*at` and moves `*at` behind what was read. Call it with the same
    /// chunk until it returns none: then the whole chunk was taken, or HTTP has ended (an
    /// [`Event::Upgrade`] was told) and the octets from `*at` on are somebody else's.
    ///
    /// # Errors
    /// The first octet that breaks a rule. Everything whole before it was told; the parser goes on
    /// returning this error.
    #[cfg_attr(not(target_family = "wasm"), inline)]
    #[cfg_attr(target_family = "wasm", inline(never))]
    pub fn poll<'a>(&'a mut self, chunk: &'a [u8], at: &mut usize) -> Result<Option<Event<'a>>, Error> {
        if self.failed.is_none() && !self.tolerance.is_untold() {
            match self.state {
                State::Idle => {
                    if *at >= chunk.len() {
                        self.rest();
                        return Ok(None);
                    }
                    match self.read_whole_head(chunk, at) {
                        Whole::Plain => return Ok(Some(self.request_event(chunk, framing::of_plain_request()))),
                        Whole::Decided => return Ok(Some(self.head_event(chunk))),
                        Whole::No => {}
                    }
                }
                State::End => {
                    self.end_message();
                    return Ok(Some(Event::End(Section::EMPTY)));
                }
                State::Body => {
                    if *at >= chunk.len() {
                        return Ok(None);
                    }
                    let data = self.read_data(&chunk[*at..], at);
                    if data > 0 {
                        return Ok(Some(Event::Body(&chunk[*at - data..*at])));
                    }
                }
                State::Head => {
                    let is_read = self.in_fields && self.read_small_piece(chunk, at);
                    if is_read {
                        return Ok(None);
                    }
                }
                _ => {}
            }
        }
        match self.advance(chunk, at) {
            Ok(Some(found)) => Ok(Some(self.event(found, chunk, *at))),
            Ok(None) => Ok(None),
            Err(failed) => Err(self.fault(failed)),
        }
    }

    /// The input has ended. Call it until it returns none or an error.
    ///
    /// # Errors
    /// The input ended inside a message.
    pub fn finish(&mut self) -> Result<Option<Event<'_>>, Error> {
        let mut found = self.advance(&[], &mut 0);
        if matches!(found, Ok(None)) {
            // What it has failed with is told by the next call.
            let _ = self.end_input();
            found = self.advance(&[], &mut 0);
        }
        match found {
            Ok(found) => Ok(found.map(|found| self.event(found, &[], 0))),
            Err(failed) => Err(self.fault(failed)),
        }
    }

    /// The switch of protocols was declined: what follows is HTTP again. False if no switch is
    /// being waited for.
    pub fn resume(&mut self) -> bool {
        let switched = self.state == State::Switched;
        if switched {
            self.state = State::Idle;
        }
        switched
    }

    /// Announces the method of the next request that a response will answer. From the first call
    /// on, a response without a request is a fault.
    pub fn expect(&mut self, method: Method) {
        self.answers.announce();
        self.answers.expect(method);
    }

    /// From now on a response without a request is a fault, as after [`Parser::expect`].
    pub(crate) fn expect_announced(&mut self) {
        self.answers.announce();
    }

    /// Whether a 101 may come now.
    pub(crate) fn allow_switch(&mut self, allowed: bool) {
        self.answers.may_switch = allowed;
    }

    /// The switch of protocols that the message being read, or read last, asks for is declined once and for all.
    pub(crate) fn decline_switch(&mut self) {
        self.framing.upgrade = false;
        if matches!(self.state, State::Upgrade | State::Switched) {
            self.state = State::Idle;
        }
    }

    /// Whether the end of input would be clean: no message has begun, or HTTP has ended.
    pub(crate) fn is_between_messages(&self) -> bool {
        matches!(self.state, State::Idle | State::IdleLf | State::Upgrade | State::Switched | State::Discard)
    }

    /// Counts octets that nobody reads.
    pub(crate) fn pass_over(&mut self, octets: usize) {
        self.offset += octets as u64;
    }

    /// Fails here for a reason that lies outside of the octets.
    pub(crate) fn fail(&mut self, code: Code) -> Error {
        let error = Error::new(code, self.offset);
        **self.failed.get_or_insert_with(|| Box::new(error))
    }

    /// How many octets of body may follow at once: that many need not be shown to the parser, if
    /// they are counted to it with [`Parser::skip`].
    pub fn passable(&self) -> u64 {
        match self.state {
            State::Body if self.failed.is_none() && !self.tolerance.is_untold() => {
                self.body.passable(self.policy.limits.max_body_size)
            }
            _ => 0,
        }
    }

    /// Counts octets of body that were passed on without being shown, at most
    /// [`Parser::passable`]; more are not counted.
    pub fn skip(&mut self, octets: u64) {
        let octets = octets.min(self.passable());
        if octets > 0 {
            self.body.pass(octets);
            self.offset += octets;
            self.leave_body();
        }
    }

    /// Octets taken since the beginning; after a fault, the fault's offset.
    pub fn offset(&self) -> u64 {
        self.failed.as_ref().map_or(self.offset, |error| error.offset)
    }

    /// The fault that ended this parser's work, if one has.
    pub fn error(&self) -> Option<Error> {
        self.failed.as_deref().copied()
    }

    /// What it has failed with.
    #[inline(always)]
    fn fault(&self, _: Failed) -> Error {
        // Copied in place: a call here, though it is hardly ever made, costs those that succeed a tenth.
        static NONE: Error = Error::new(Code::Internal, 0);
        *self.failed.as_deref().unwrap_or(&NONE)
    }

    /// Fails with this.
    #[cold]
    fn raise(&mut self, error: Error) -> Failed {
        self.failed = Some(Box::new(error));
        Failed
    }

    /// The input ends here, and all events before that are told: what does that make whole?
    fn end_input(&mut self) -> Result<(), Failed> {
        let (code, missing) = match self.state {
            State::Head if !self.in_fields => (Code::TruncatedHead, 0),
            State::Head | State::Trailer if self.section.ends_with_cr(self.text_offset, &mut self.tolerance) => {
                self.held.lies_here();
                if self.state == State::Head {
                    self.end_pieces_of_head(&[])?;
                } else {
                    self.end_trailer(&[]);
                }
                return Ok(());
            }
            State::Head => (Code::TruncatedHead, 0),
            State::Trailer => (Code::TruncatedChunks, 0),
            State::Body => match self.body.end_input() {
                Ok(()) => {
                    self.state = State::End;
                    return Ok(());
                }
                Err(missing) => missing,
            },
            _ => return Ok(()),
        };
        Err(self.raise(Error::new(code, self.offset).missing(missing)))
    }

    /// Everything that is not told at once by [`Parser::poll`].
    #[inline(never)]
    fn advance(&mut self, chunk: &[u8], at: &mut usize) -> Result<Option<Found>, Failed> {
        if self.failed.is_none()
            && let Ok(found) = self.step(chunk, at)
        {
            return Ok(found);
        }
        self.tell_fault()
    }

    /// What was tolerated before a fault is told before it.
    #[cold]
    fn tell_fault(&mut self) -> Result<Option<Found>, Failed> {
        self.tolerance.take().map(Found::Tolerated).map(Some).ok_or(Failed)
    }

    fn step(&mut self, chunk: &[u8], at: &mut usize) -> Result<Option<Found>, Failed> {
        loop {
            if self.tolerance.is_untold() {
                return Ok(self.tolerance.take().map(Found::Tolerated));
            }
            let rest = &chunk[(*at).min(chunk.len())..];
            match (self.state, rest.first()) {
                (State::Idle, Some(b'\r')) => {
                    self.count_skipped(b'\r')?;
                    self.take(at, 1);
                    self.state = State::IdleLf;
                }
                (State::Idle, Some(octet)) => self.begin_message(*octet, at)?,
                (State::End | State::TrailerWhole, _) => {
                    let trailer = self.state == State::TrailerWhole;
                    self.end_message();
                    return Ok(Some(Found::End { trailer }));
                }
                (State::Body, Some(_)) => {
                    let data = self.read_body(rest, at)?;
                    if data > 0 {
                        return Ok(Some(Found::Body(data)));
                    }
                }
                (State::HeadWhole, _) => {
                    self.begin_body();
                    return Ok(Some(Found::Head));
                }
                (State::Upgrade, _) => {
                    self.state = State::Switched;
                    return Ok(Some(Found::Upgrade));
                }
                (State::Switched, _) => return Ok(None),
                (_, None) => return Ok(None),
                (_, Some(octet)) => self.read_piece(chunk, at, *octet)?,
            }
        }
    }

    /// Reads on in what did not lie in one chunk, or is not of the usual kind.
    fn read_piece(&mut self, chunk: &[u8], at: &mut usize, octet: u8) -> Result<(), Failed> {
        match self.state {
            State::IdleLf => {
                if octet == b'\n' {
                    self.count_skipped(octet)?;
                    self.take(at, 1);
                } else {
                    self.refuse_here(Code::LoneCr, octet, &[])?;
                }
                self.state = State::Idle;
            }
            State::Head => return self.read_head_piece(chunk, at),
            State::Trailer => return self.read_trailer_piece(chunk, at),
            State::Discard => self.take(at, chunk.len() - *at),
            _ => {}
        }
        Ok(())
    }

    /// Nothing is being read: memory that only an unusual message needs is given back.
    fn rest(&mut self) {
        self.held.rest();
        self.section.rest();
    }

    fn take(&mut self, at: &mut usize, octets: usize) {
        *at += octets;
        self.offset += octets as u64;
    }

    #[cold]
    fn raise_here(&mut self, code: Code, octet: u8) -> Failed {
        self.raise(Error::new(code, self.offset).at(Some(octet)))
    }

    /// A fault at the next octet that each of these leniencies would permit: an error, unless it is forgiven.
    #[cold]
    fn refuse_here(&mut self, code: Code, octet: u8, leniencies: &[Leniency]) -> Result<(), Failed> {
        let permitting = leniencies.iter().fold(Leniencies::STRICT, |set, one| set.with(*one));
        let refused = self.tolerance.refuse(code, 0, self.offset);
        refused.map_err(|_| self.raise(Error::new(code, self.offset).at(Some(octet)).but(permitting)))
    }

    /// CRLFs before a message count towards the head's limit.
    fn count_skipped(&mut self, octet: u8) -> Result<(), Failed> {
        if self.skipped >= self.policy.limits.max_head_size {
            return Err(self.raise_here(Code::HeadTooLarge, octet));
        }
        self.skipped += 1;
        Ok(())
    }

    /// The first octet of a message, if there may be one.
    fn begin_message(&mut self, octet: u8, at: &mut usize) -> Result<(), Failed> {
        if octet == b'\n' && self.tolerance.has(Leniency::OptionalCrBeforeLf) {
            self.count_skipped(octet)?;
            self.tolerance.permits(Leniency::OptionalCrBeforeLf, self.offset);
            self.take(at, 1);
            return Ok(());
        }
        if self.closed && !self.permit_after_close(octet)? {
            return Ok(());
        }
        if self.answers.are_all_given() {
            self.refuse_here(Code::UnexpectedResponse, octet, &[])?;
        }
        if octet == b'\n' {
            self.refuse_here(Code::LoneLf, octet, &[Leniency::OptionalCrBeforeLf])?;
            self.count_skipped(octet)?;
            self.take(at, 1);
            return Ok(());
        }
        self.begin_head(false);
        Ok(())
    }

    /// Reads what is usual of a body; returns how many bytes of data came of it, the last ones taken.
    #[inline(always)]
    fn read_data(&mut self, rest: &[u8], at: &mut usize) -> usize {
        let taken = self.body.read_plain(rest, self.policy.limits.max_body_size);
        self.take_body(taken, at)
    }

    /// The same of any body.
    fn read_body(&mut self, rest: &[u8], at: &mut usize) -> Result<usize, Failed> {
        match self.body.read(rest, &self.policy.limits, self.offset, &mut self.tolerance) {
            Ok(taken) => Ok(self.take_body(taken, at)),
            Err(Fault { code, at, leniencies, .. }) => {
                let error = Error::new(code, self.offset + at as u64).at(rest.get(at).copied());
                Err(self.raise(error.but(leniencies)))
            }
        }
    }

    #[inline(always)]
    fn take_body(&mut self, Taken { bytes, data }: Taken, at: &mut usize) -> usize {
        self.take(at, bytes);
        self.leave_body();
        data
    }

    /// Goes on behind the body, if all of it was read.
    #[inline(always)]
    fn leave_body(&mut self) {
        match self.body.stage {
            Stage::End => self.state = State::End,
            Stage::Trailer => self.begin_trailer(),
            _ => {}
        }
    }

    /// An octet after a message that ended the connection: false if it is dropped, and all behind it.
    #[cold]
    fn permit_after_close(&mut self, octet: u8) -> Result<bool, Failed> {
        if self.tolerance.permits(Leniency::KeepAlive, self.offset) {
            return Ok(true);
        }
        if !self.tolerance.permits(Leniency::DataAfterClose, self.offset) {
            self.refuse_here(Code::DataAfterClose, octet, &[Leniency::KeepAlive, Leniency::DataAfterClose])?;
            return Ok(true);
        }
        self.state = State::Discard;
        Ok(false)
    }

    /// A 1xx but 101: the answer itself is still to come.
    fn is_informational(&self) -> bool {
        !self.request && framing::is_interim(self.start_line.line.status)
    }

    /// The head is told: what comes next?
    #[inline(always)]
    fn begin_body(&mut self) {
        self.closed = !self.framing.keep_alive;
        if !self.request {
            self.answers.take(self.is_informational());
        }
        self.body = BodyReader::new(self.framing.body);
        self.state = if self.body.stage == Stage::End { State::End } else { State::Body };
    }

    #[inline(always)]
    fn end_message(&mut self) {
        self.skipped = 0;
        self.tolerance.begin_message();
        self.state = if self.framing.upgrade { State::Upgrade } else { State::Idle };
    }

    /// `at`: where the parser stands in the chunk.
    #[inline(always)]
    fn event<'a>(&'a self, found: Found, chunk: &'a [u8], at: usize) -> Event<'a> {
        match found {
            Found::Head => self.head_event(chunk),
            Found::Body(octets) => Event::Body(&chunk[at - octets..at]),
            Found::End { trailer: true } => Event::End(self.section_in(chunk)),
            Found::End { trailer: false } => Event::End(Section::EMPTY),
            Found::Upgrade => Event::Upgrade,
            Found::Tolerated(tolerated) => Event::Tolerated(tolerated),
        }
    }

    #[inline(always)]
    fn head_event<'a>(&'a self, chunk: &'a [u8]) -> Event<'a> {
        if self.request {
            return self.request_event(chunk, self.framing);
        }
        Event::Response(ResponseHead { head: self.head(chunk, self.framing), informational: self.is_informational() })
    }

    #[inline(always)]
    fn request_event<'a>(&'a self, chunk: &'a [u8], framing: Framing) -> Event<'a> {
        Event::Request(RequestHead { head: self.head(chunk, framing), expect_continue: framing.expect_continue })
    }

    #[inline(always)]
    fn head<'a>(&'a self, chunk: &'a [u8], framing: Framing) -> Head<'a> {
        Head {
            line: &self.start_line.line,
            section: self.section_in(chunk),
            size: (self.offset - self.text_offset) as u32,
            body: framing.body,
            keep_alive: framing.keep_alive,
            upgrade: framing.upgrade,
        }
    }

    #[cfg_attr(target_family = "wasm", inline(always))]
    fn section_in<'a>(&'a self, chunk: &'a [u8]) -> Section<'a> {
        Section { text: self.held.text(chunk), in_chunk: self.held.in_chunk(), fields: &self.section.fields }
    }
}
