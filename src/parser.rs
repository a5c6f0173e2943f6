//! The incremental parser: octets in any cut, events out.
//!
//! What it tells never depends on how the stream was cut (but for where body data is cut). A head
//! that lies whole in one chunk is read in place; one that comes in pieces is held, and the scan
//! goes on where it stopped.

pub(crate) mod look;

use alloc::{boxed::Box, collections::VecDeque, vec::Vec};

use crate::{
    chunked::{Bounds, ChunkLine},
    error::{Code, Error, Fault, fault},
    event::{Event, Head, RequestHead, ResponseHead, Section},
    framing::{self, BodyFraming, Framing, HeadText, MAX_LENGTH, Spot},
    host,
    names::{FieldName, Method},
    policy::{Leniencies, Leniency, Policy},
    scan::{Vector, Work},
    section::{Kind, Rules, SectionReader, Step},
    start_line::StartLineReader,
    tolerated::{Tolerance, Tolerated},
};

/// Reads the messages of one direction of a connection.
///
/// ```
/// use h1wire::{event::Event, parser::Parser, policy::Policy};
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
/// # Ok::<(), h1wire::error::Error>(())
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
    chunk_line: ChunkLine,
    /// The start-line is read, the field lines are not.
    in_fields: bool,
    /// The head has one Host, and it is known to be valid.
    host_is_plain: bool,
    /// Octets of CRLFs before the message.
    skipped: u64,
    /// Offset of the section being read.
    text_offset: u64,
    /// What has come of a section that did not lie in one chunk.
    held: Vec<u8>,
    /// Where the section lies that was whole last.
    place: Place,

    framing: Framing,
    /// Octets of body announced or seen.
    body_total: u64,
    /// The last message ended the connection.
    closed: bool,
    informational: u64,
    expected: VecDeque<Method>,
    expects: bool,
    /// A 101 is an answer that may come now.
    switch_allowed: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    /// Between messages.
    Idle,
    /// The same, behind a CR.
    IdleLf,
    Head,
    /// The head is whole, at `place`; it has to be told.
    HeadWhole,
    Length(u64),
    UntilClose,
    ChunkLine,
    ChunkData(u64),
    ChunkDataCr,
    ChunkDataLf,
    /// Behind a fault that was forgiven: the rest of the line is dropped, and a chunk-size line follows.
    ChunkJunk,
    Trailer,
    /// The message is whole; its end has to be told.
    End,
    /// The same, behind a trailer section at `place`.
    TrailerWhole,
    /// A switch of protocols has to be told.
    Upgrade,
    Switched,
    /// What follows the last message is dropped.
    Discard,
}

/// Where a whole section lies: in the caller's chunk from an index on, or in `held`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Place {
    in_chunk: Option<usize>,
    length: usize,
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

    #[cfg_attr(target_family = "wasm", inline(never))]
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
            chunk_line: ChunkLine::default(),
            in_fields: false,
            host_is_plain: false,
            skipped: 0,
            text_offset: 0,
            held: Vec::new(),
            place: Place { in_chunk: None, length: 0 },
            framing: Framing { body: BodyFraming::None, keep_alive: true, upgrade: false, expect_continue: false },
            body_total: 0,
            closed: false,
            informational: 0,
            expected: VecDeque::new(),
            expects: false,
            switch_allowed: true,
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
                State::Length(_) | State::ChunkLine | State::ChunkData(_) | State::ChunkDataCr => {
                    if let Some(octets) = self.read_data(chunk, at) {
                        return Ok(Some(Event::Body(&chunk[*at - octets..*at])));
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
        self.expects = true;
        self.expected.push_back(method);
    }

    /// From now on a response without a request is a fault, as after [`Parser::expect`].
    pub(crate) fn expect_announced(&mut self) {
        self.expects = true;
    }

    /// Whether a 101 may come now.
    pub(crate) fn allow_switch(&mut self, allowed: bool) {
        self.switch_allowed = allowed;
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
            _ if self.failed.is_some() || self.tolerance.is_untold() => 0,
            State::Length(remaining) | State::ChunkData(remaining) => remaining,
            State::UntilClose => (self.policy.limits.max_body_size - self.body_total).min(MAX_LENGTH),
            _ => 0,
        }
    }

    /// Counts octets of body that were passed on without being shown, at most
    /// [`Parser::passable`]; more are not counted.
    pub fn skip(&mut self, octets: u64) {
        let octets = octets.min(self.passable());
        match self.state {
            State::Length(remaining) | State::ChunkData(remaining) => self.pass(remaining, octets),
            State::UntilClose => {
                self.offset += octets;
                self.body_total += octets;
            }
            _ => {}
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
            State::UntilClose => {
                self.state = State::End;
                return Ok(());
            }
            State::Head if !self.in_fields => (Code::TruncatedHead, 0),
            State::Head | State::Trailer if self.section.ends_with_cr(self.text_offset, &mut self.tolerance) => {
                self.place = Place { in_chunk: None, length: self.held.len() };
                if self.state == State::Head {
                    self.end_pieces_of_head(&[])?;
                } else {
                    self.end_trailer(&[]);
                }
                return Ok(());
            }
            State::Head => (Code::TruncatedHead, 0),
            State::Length(remaining) => (Code::TruncatedBody, remaining),
            State::ChunkData(remaining) => (Code::TruncatedChunks, remaining),
            State::ChunkLine | State::ChunkDataCr | State::ChunkDataLf | State::ChunkJunk | State::Trailer => {
                (Code::TruncatedChunks, 0)
            }
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
                (State::Length(_) | State::ChunkData(_) | State::UntilClose, Some(octet)) => {
                    return self.read_body(rest.len(), *octet, at).map(Some);
                }
                (State::ChunkLine, Some(_)) => self.read_chunk_line(rest, at)?,
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

    fn read_body(&mut self, available: usize, octet: u8, at: &mut usize) -> Result<Found, Failed> {
        let length = (available as u64).min(self.passable());
        if length == 0 {
            return Err(self.raise_here(Code::BodyTooLarge, octet));
        }
        self.skip(length);
        *at += length as usize;
        Ok(Found::Body(length as usize))
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
            State::ChunkDataCr => self.read_chunk_end(octet, at)?,
            State::ChunkDataLf => {
                if octet == b'\n' {
                    self.take(at, 1);
                    self.begin_chunk_line();
                } else {
                    self.refuse_here(Code::ChunkDataEnd, octet, &[])?;
                    self.pass_chunk_end(octet);
                }
            }
            State::ChunkJunk => {
                self.take(at, 1);
                if octet == b'\n' {
                    self.begin_chunk_line();
                }
            }
            State::Trailer => return self.read_trailer_piece(chunk, at),
            State::Discard => self.take(at, chunk.len() - *at),
            _ => {}
        }
        Ok(())
    }

    /// Nothing is being read: memory that only an unusual message needs is given back.
    fn rest(&mut self) {
        const HELD: usize = 1024;
        if self.held.capacity() > HELD {
            self.held = Vec::new();
        }
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
        if self.expects && self.expected.is_empty() {
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

    /// A head will be read in pieces: from its beginning, or from where its fields were left.
    #[cold]
    fn begin_head(&mut self, in_fields: bool) {
        self.state = State::Head;
        self.closed = false;
        self.body_total = 0;
        self.in_fields = in_fields;
        if !in_fields {
            self.start_line.begin(self.request);
        }
        self.text_offset = self.offset;
        self.held.clear();
    }

    /// Reads body octets and returns how many; if they are a chunk's, its line before it too, as far as
    /// that is of the usual kind. If none come of it, the state says what was read.
    #[inline(always)]
    fn read_data(&mut self, chunk: &[u8], at: &mut usize) -> Option<usize> {
        let mut rest = chunk.get(*at..)?;
        if self.state == State::ChunkDataCr {
            rest = rest.strip_prefix(b"\r\n")?;
            self.take(at, 2);
            self.begin_chunk_line();
        }
        if self.state == State::ChunkLine {
            let max_size = self.policy.limits.max_body_size - self.body_total;
            let length = self.chunk_line.read_plain(rest, max_size)?;
            rest = &rest[length..];
            self.take(at, length);
            self.end_chunk_line();
        }
        let (State::ChunkData(remaining) | State::Length(remaining)) = self.state else { return None };
        let octets = (rest.len() as u64).min(remaining);
        if octets == 0 {
            return None;
        }
        self.pass(remaining, octets);
        *at += octets as usize;
        Some(octets as usize)
    }

    /// The state behind this many octets of the remaining ones.
    #[inline(always)]
    fn pass(&mut self, remaining: u64, octets: u64) {
        self.offset += octets;
        let left = remaining - octets;
        self.state = match self.state {
            State::ChunkData(_) if left == 0 => State::ChunkDataCr,
            State::ChunkData(_) => State::ChunkData(left),
            _ if left == 0 => State::End,
            _ => State::Length(left),
        };
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

    /// Reads a message's head and decides on it, if it lies whole in the chunk and is of the usual kind:
    /// nearly every one. If not, the state says what of it was read.
    #[inline(always)]
    fn read_whole_head(&mut self, chunk: &[u8], at: &mut usize) -> Whole {
        let text = &chunk[*at..];
        // A line end is looked at elsewhere, and so is what may not follow.
        if text[0] < b' ' || self.closed || self.expects && self.expected.is_empty() {
            return Whole::No;
        }
        self.text_offset = self.offset;
        self.body_total = 0;
        let Some(length) = self.section.widest.run(self, text) else { return Whole::No };
        self.place = Place { in_chunk: Some(*at), length };
        self.take(at, length);
        if self.request && self.host_is_plain && !self.section.found.any(framing::DECIDING) {
            self.framing = framing::of_plain_request();
            self.state = State::End;
            return Whole::Plain;
        }
        if !self.end_head(chunk) {
            return Whole::No;
        }
        self.begin_body();
        Whole::Decided
    }

    /// Decides on a whole head. Returns whether it may be told at once; if not, the state and the fault
    /// say what is to be told.
    fn end_head(&mut self, chunk: &[u8]) -> bool {
        let decided = self.decide(chunk).is_ok();
        if !decided || !self.tolerance.is_untold() {
            return decided;
        }
        self.hold(chunk);
        self.state = State::HeadWhole;
        false
    }

    fn begin_trailer(&mut self) {
        self.state = State::Trailer;
        self.text_offset = self.offset;
        self.held.clear();
        self.section.begin(0);
    }

    /// Reads a section from the chunk or, if it began in an earlier one, from what is held. Sets the
    /// section's place once it is whole; returns false if more octets are needed: then the chunk is taken.
    fn section_text(
        &mut self,
        chunk: &[u8],
        at: &mut usize,
        read: impl Fn(&mut Parser, &[u8]) -> Result<Step, Fault>,
    ) -> Result<bool, Failed> {
        if self.held.is_empty() {
            let text = &chunk[*at..];
            return match read(self, text).map_err(|fault| self.raise_in(text, fault))? {
                Step::Done(length) => {
                    self.place = Place { in_chunk: Some(*at), length };
                    self.take(at, length);
                    Ok(true)
                }
                Step::More => {
                    self.held.extend_from_slice(text);
                    self.take(at, text.len());
                    Ok(false)
                }
            };
        }
        // The section's end is not known yet: what is copied too much stays linear in its length.
        let mut held = core::mem::take(&mut self.held);
        let outcome = loop {
            let rest = &chunk[*at..];
            let before = held.len();
            held.extend_from_slice(&rest[..rest.len().min(before.max(256))]);
            match read(self, &held) {
                Ok(Step::Done(length)) => {
                    held.truncate(length);
                    // The end may lie before the last octet held (a CR that turned out to stand alone).
                    self.take(at, length.saturating_sub(before));
                    self.place = Place { in_chunk: None, length };
                    break Ok(true);
                }
                Ok(Step::More) => {
                    self.take(at, held.len() - before);
                    if *at == chunk.len() {
                        break Ok(false);
                    }
                }
                Err(fault) => break Err(self.raise_in(&held, fault)),
            }
        };
        self.held = held;
        outcome
    }

    /// Fails with this fault in a section's text.
    #[cold]
    fn raise_in(&mut self, text: &[u8], fault: Fault) -> Failed {
        let error = self.error_in(text, fault);
        self.raise(error)
    }

    #[cold]
    fn error_in(&self, text: &[u8], fault: Fault) -> Error {
        let Fault { code, at, leniencies, hint } = fault;
        let in_start_line = self.state == State::Head && !self.in_fields;
        let name = if in_start_line { None } else { self.section.name_at(text, at) };
        let error = Error::new(code, self.text_offset + at as u64).at(text.get(at).copied());
        error.in_field(name).but(leniencies).hinting(hint)
    }

    /// Reads a head of the usual kind that lies whole in the chunk; returns its length. Of any other
    /// head it reads as much as it can, for [`Parser::read_head`] to go on.
    #[inline(always)]
    fn read_plain_head<V: Vector>(&mut self, text: &[u8]) -> Option<usize> {
        let limits = &self.policy.limits;
        let max_head = bound(limits.max_head_size.saturating_sub(self.skipped));
        let visible = &text[..text.len().min(max_head)];
        let end = match self.start_line.read_plain::<V>(visible, self.request) {
            Some(end) if end as u64 <= limits.max_start_line => end,
            _ => {
                self.begin_head(false);
                return None;
            }
        };
        self.section.begin(end);
        let host = self.section.read_plain_host::<V>(visible, limits.max_fields);
        if let Some(Step::Done(length)) = host {
            self.host_is_plain = true;
            return Some(length);
        }
        let Some(length) = self.section.read_plain_lines::<V>(visible, limits.max_fields) else {
            self.begin_head(true);
            return None;
        };
        self.host_is_plain = match self.section.found.only(FieldName::HOST, &self.section.fields) {
            Some(_) if host.is_some() => true,
            Some(host) => host::is_plain::<V>(visible, host.value_start as usize..host.value_end as usize),
            None => false,
        };
        Some(length)
    }

    /// Reads what is left of the chunk, if it is small and lies within one name or value. So heads that come octet by
    /// octet do not take the long way with each.
    fn read_small_piece(&mut self, chunk: &[u8], at: &mut usize) -> bool {
        const SMALL: usize = 16;
        let piece = &chunk[(*at).min(chunk.len())..];
        let max_head = bound(self.policy.limits.max_head_size.saturating_sub(self.skipped));
        let is_within = piece.len() <= SMALL
            && self.held.len() + piece.len() <= max_head
            && self.section.read_within(self.held.len(), piece);
        if is_within {
            self.held.extend_from_slice(piece);
            self.take(at, piece.len());
        }
        is_within
    }

    fn read_head(&mut self, text: &[u8]) -> Result<Step, Fault> {
        let limits = &self.policy.limits;
        let max_head = bound(limits.max_head_size.saturating_sub(self.skipped));
        if !self.in_fields {
            let max_line = bound(limits.max_start_line).min(max_head);
            let visible = &text[..text.len().min(max_line)];
            match self.start_line.read(visible, self.text_offset, &mut self.tolerance)? {
                Step::More if text.len() > max_line => {
                    let code = if max_line == max_head { Code::HeadTooLarge } else { Code::StartLineTooLong };
                    return fault(code, max_line);
                }
                Step::More => return Ok(Step::More),
                Step::Done(end) => {
                    self.in_fields = true;
                    self.section.begin(end);
                }
            }
        }
        let kind = if self.request { Kind::RequestHead } else { Kind::ResponseHead };
        self.read_fields(text, kind, max_head, Code::HeadTooLarge)
    }

    fn read_trailer(&mut self, text: &[u8]) -> Result<Step, Fault> {
        let kind = if self.request { Kind::RequestTrailer } else { Kind::ResponseTrailer };
        self.read_fields(text, kind, bound(self.policy.limits.max_trailer_size), Code::TrailerTooLarge)
    }

    fn read_fields(&mut self, text: &[u8], kind: Kind, max: usize, too_large: Code) -> Result<Step, Fault> {
        let visible = &text[..text.len().min(max)];
        let rules = Rules { kind, max_fields: kind.max_fields(&self.policy), offset: self.text_offset };
        match self.section.read(visible, &rules, &mut self.tolerance)? {
            Step::More if text.len() > max => fault(too_large, max),
            step => Ok(step),
        }
    }

    fn read_head_piece(&mut self, chunk: &[u8], at: &mut usize) -> Result<(), Failed> {
        if self.section_text(chunk, at, Parser::read_head)? { self.end_pieces_of_head(chunk) } else { Ok(()) }
    }

    fn end_pieces_of_head(&mut self, chunk: &[u8]) -> Result<(), Failed> {
        self.host_is_plain = false;
        self.decide(chunk)?;
        self.settle(chunk);
        self.state = State::HeadWhole;
        Ok(())
    }

    fn read_trailer_piece(&mut self, chunk: &[u8], at: &mut usize) -> Result<(), Failed> {
        if self.section_text(chunk, at, Parser::read_trailer)? {
            self.end_trailer(chunk);
        }
        Ok(())
    }

    /// The trailer section is whole.
    fn end_trailer(&mut self, chunk: &[u8]) {
        self.settle(chunk);
        self.state = State::TrailerWhole;
    }

    /// Decides on framing and all that follows from it.
    #[inline(never)]
    fn decide(&mut self, chunk: &[u8]) -> Result<(), Failed> {
        let text = text_at(self.place, chunk, &self.held);
        let head = HeadText {
            text,
            extra: &self.section.extra,
            line: &self.start_line.line,
            fields: &self.section.fields,
            found: &self.section.found,
            host_is_plain: self.host_is_plain,
            offset: self.text_offset,
        };
        let decided = if self.request {
            framing::request(&head, &mut self.tolerance)
        } else {
            let method = self.expected.front().copied().unwrap_or(Method::GET);
            framing::response(&head, method, &mut self.tolerance)
        };
        let mut permitted = decided.and_then(|framing| self.permit(framing, &head));
        let is_one_more = self.is_informational() && self.informational >= self.policy.limits.max_informational;
        if is_one_more && permitted.is_ok() {
            let refused = self.tolerance.refuse(Code::TooManyInformational, 0, self.text_offset);
            permitted = permitted.and_then(|framing| refused.map(|()| framing));
        }
        match permitted {
            Ok(framing) => {
                self.framing = framing;
                Ok(())
            }
            Err(fault) => {
                let error = self.error_in(text, fault);
                Err(self.raise(error))
            }
        }
    }

    /// Whether a message that is framed in this way may come now.
    #[inline(always)]
    fn permit(&self, framing: Framing, head: &HeadText<'_>) -> Result<Framing, Fault> {
        let limits = &self.policy.limits;
        if let BodyFraming::Length(length) = framing.body
            && length > limits.max_body_size
        {
            let field = self.section.fields.iter().find(|field| field.name == FieldName::CONTENT_LENGTH);
            return fault(Code::BodyTooLarge, field.map_or(0, |field| head.place(Spot { field, index: 0 })));
        }
        if !self.request && self.start_line.line.status == 101 && !self.switch_allowed {
            // The status code stands behind `HTTP/1.1 `.
            return fault(Code::UnexpectedSwitch, 9);
        }
        Ok(framing)
    }

    /// A 1xx but 101: the answer itself is still to come.
    fn is_informational(&self) -> bool {
        !self.request && framing::is_interim(self.start_line.line.status)
    }

    /// Sees to it that a whole section can be told: its values that do not stand in the text are
    /// put behind it, and it is held if something else must be told first.
    #[inline(always)]
    fn settle(&mut self, chunk: &[u8]) {
        if !self.section.extra.is_empty() || self.tolerance.is_untold() {
            self.hold(chunk);
        }
    }

    #[cold]
    fn hold(&mut self, chunk: &[u8]) {
        let Place { in_chunk, length } = self.place;
        if let Some(start) = in_chunk {
            self.held.clear();
            self.held.extend_from_slice(&chunk[start..start + length]);
        }
        if !self.section.extra.is_empty() {
            self.section.settle_extra(length);
            self.held.extend_from_slice(&self.section.extra);
        }
        self.place = Place { in_chunk: None, length: self.held.len() };
    }

    /// The head is told: what comes next?
    #[inline(always)]
    fn begin_body(&mut self) {
        self.closed = !self.framing.keep_alive;
        if self.is_informational() {
            self.informational += 1;
        } else if !self.request {
            self.informational = 0;
            self.expected.pop_front();
        }
        self.state = match self.framing.body {
            BodyFraming::None | BodyFraming::Length(0) => State::End,
            BodyFraming::Length(length) => State::Length(length),
            BodyFraming::UntilClose => State::UntilClose,
            BodyFraming::Chunked => {
                self.chunk_line.begin_message();
                State::ChunkLine
            }
        };
    }

    #[inline(always)]
    fn end_message(&mut self) {
        self.skipped = 0;
        self.tolerance.begin_message();
        self.state = if self.framing.upgrade { State::Upgrade } else { State::Idle };
    }

    fn begin_chunk_line(&mut self) {
        self.chunk_line.begin();
        self.state = State::ChunkLine;
    }

    fn read_chunk_line(&mut self, rest: &[u8], at: &mut usize) -> Result<(), Failed> {
        let limits = &self.policy.limits;
        let bounds = Bounds {
            max_extensions: limits.max_chunk_extensions,
            max_size: limits.max_body_size - self.body_total,
            offset: self.offset,
        };
        match self.chunk_line.read(rest, &bounds, &mut self.tolerance) {
            Ok(Step::More) => self.take(at, rest.len()),
            Ok(Step::Done(length)) => {
                self.take(at, length);
                self.end_chunk_line();
            }
            Err(fault) => {
                let error = Error::new(fault.code, self.offset + fault.at as u64);
                return Err(self.raise(error.at(rest.get(fault.at).copied()).but(fault.leniencies)));
            }
        }
        Ok(())
    }

    #[inline(always)]
    fn end_chunk_line(&mut self) {
        let size = self.chunk_line.size;
        self.body_total += size;
        if size == 0 {
            self.begin_trailer();
        } else {
            self.state = State::ChunkData(size);
        }
    }

    /// The octet behind a chunk's data.
    fn read_chunk_end(&mut self, octet: u8, at: &mut usize) -> Result<(), Failed> {
        let lenient_lf = octet == b'\n' && self.tolerance.permits(Leniency::OptionalCrBeforeLf, self.offset);
        if octet == b'\r' {
            self.take(at, 1);
            self.state = State::ChunkDataLf;
        } else if lenient_lf {
            self.take(at, 1);
            self.begin_chunk_line();
        } else if self.tolerance.permits(Leniency::OptionalCrlfAfterChunk, self.offset) {
            self.begin_chunk_line();
        } else {
            let leniencies: &[Leniency] = match octet {
                b'\n' => &[Leniency::OptionalCrBeforeLf],
                _ if octet.is_ascii_hexdigit() => &[Leniency::OptionalCrlfAfterChunk],
                _ => &[],
            };
            self.refuse_here(Code::ChunkDataEnd, octet, leniencies)?;
            self.pass_chunk_end(octet);
        }
        Ok(())
    }

    /// No line end behind a chunk's data, and it is forgiven: a digit begins the next chunk, and of anything else
    /// the line is dropped.
    #[cold]
    fn pass_chunk_end(&mut self, octet: u8) {
        if octet.is_ascii_hexdigit() {
            self.begin_chunk_line();
        } else {
            self.state = State::ChunkJunk;
        }
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
        Section {
            text: text_at(self.place, chunk, &self.held),
            in_chunk: self.place.in_chunk,
            fields: &self.section.fields,
        }
    }
}

impl Work for Parser {
    type Outcome = Option<usize>;

    #[inline(always)]
    fn run<V: Vector>(&mut self, text: &[u8]) -> Option<usize> {
        self.read_plain_head::<V>(text)
    }
}

#[cfg_attr(target_family = "wasm", inline(always))]
fn text_at<'a>(place: Place, chunk: &'a [u8], held: &'a [u8]) -> &'a [u8] {
    match place.in_chunk {
        Some(start) => &chunk[start..start + place.length],
        None => &held[..place.length],
    }
}

/// A limit as a length; limits beyond memory are none.
fn bound(limit: u64) -> usize {
    usize::try_from(limit).unwrap_or(usize::MAX)
}
