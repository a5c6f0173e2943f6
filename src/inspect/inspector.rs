//! The inspector: drives the parser past every fault, and tells what each octet was to it.
//!
//! A first line is held until it is whole, and then read again through the parser; a head or trailer section is kept
//! until its end; of bodies nothing is kept.

use alloc::{collections::VecDeque, vec::Vec};

use super::{
    checks,
    findings::{Note, What},
    judge,
    kinds::NodeKind,
    lines::Lines,
    queue::{Finding, Item, Message, Queue, Span},
    readings::Others,
};
use crate::{
    chunked::Part,
    error::{Code, Error},
    event::Event,
    framing::{BodyFraming, is_interim},
    names::Method,
    parser::{
        Parser,
        look::{Read, Standing},
    },
    policy::Policy,
    tolerated::{Forgiving, Tolerated},
};

/// What a stream holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Requests: what a client sent.
    Request,
    /// Responses: what a server sent.
    Response,
    /// Both, one message behind the other: what begins with `HTTP/` is a response, and answers the first request
    /// that has no answer yet.
    Auto,
}

/// What the inspector goes past: everything it can, heeding whatever says chunked.
const FORGIVING: Forgiving = Forgiving::ALL.and(Forgiving::HEED_CODING);

/// Faults of a head that readers differ on, in where the message ends.
const DISPUTED: Forgiving = Forgiving::of(&[
    Code::LoneCr,
    Code::LoneLf,
    Code::FieldName,
    Code::FieldColon,
    Code::SpaceBeforeColon,
    Code::SpaceBeforeField,
    Code::FieldValue,
    Code::ObsFold,
    Code::ContentLength,
    Code::ContentLengthDiffers,
    Code::TransferEncoding,
    Code::TransferEncodingNotChunked,
    Code::TransferEncodingWithLength,
    Code::TransferEncodingVersion,
    Code::TransferCodingUnknown,
]);

/// How many requests wait for their answers at most; those behind them get none.
const MOST_UNANSWERED: usize = 4096;

/// Takes a stream of octets apart, broken or not, cut anywhere.
///
/// What it holds is bounded by the limits of its policy, bodies are not among it. What it tells does not depend on
/// the cut, but for the order of findings among one another.
///
/// ```
/// use h1wire::{inspect::{Inspector, Item, Kind}, policy::Policy};
///
/// let chunk = b"GET / HTTP/1.1\nHost: a\r\n\r\n";
/// let mut inspector = Inspector::new(Kind::Request, Policy::default());
/// let mut at = 0;
/// let mut codes = Vec::new();
/// while let Some(item) = inspector.poll(chunk, &mut at) {
///     if let Item::Finding(finding) = item {
///         codes.push((finding.what.row().name, finding.start));
///     }
/// }
/// assert_eq!(codes, [("H1_LONE_LF", 14)]);
/// ```
#[derive(Debug)]
pub struct Inspector {
    kind: Kind,
    policy: Policy,
    requests: Parser,
    responses: Parser,
    /// Requests are read now.
    request: bool,
    state: State,
    /// Octets told or kept as part of something, since the beginning; what is held comes behind it.
    offset: u64,
    last: u8,
    queue: Queue,

    /// Line ends, and the line behind them, until it is whole.
    held: Vec<u8>,
    /// Where in it the line begins, once it has.
    line_start: Option<usize>,
    /// What was held and is now read again, from an index on.
    again: Vec<u8>,
    again_at: usize,
    /// What cannot be read is told as this, from this octet on.
    junk: Option<(NodeKind, u64)>,
    /// It began within a line, where no message can begin.
    mid_line: bool,
    /// The octets behind a request that asks for a switch come next.
    after_switch: bool,
    /// A message ended here, as far as anybody could tell.
    after_message: bool,

    /// The section that is being read, from this octet on.
    section: Vec<u8>,
    section_start: u64,
    message: Message,
    /// The method of the request, or of the one that is answered.
    method: Method,
    /// Something in the head that readers differ on.
    disputed: bool,
    /// The leaf that the last octets belong to, and its text.
    run: Option<(NodeKind, u64)>,
    run_text: Vec<u8>,
    in_chunk: bool,
    told_extension: bool,
    told_zeros: bool,
    unanswered: VecDeque<u32>,
    messages: u32,
    others: Option<Others>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    /// A first line is held.
    Start,
    Head,
    Body,
    /// All that comes is this.
    Rest(NodeKind),
    Ended,
}

/// An event without what it borrows.
enum Told {
    Nothing,
    Head,
    Tolerated(Tolerated),
    End,
    Other,
}

impl Told {
    fn of(event: Option<Event<'_>>) -> Told {
        match event {
            None => Told::Nothing,
            Some(Event::Request(_) | Event::Response(_)) => Told::Head,
            Some(Event::Tolerated(tolerated)) => Told::Tolerated(tolerated),
            Some(Event::End(_)) => Told::End,
            Some(Event::Body(_) | Event::Upgrade) => Told::Other,
        }
    }
}

impl Inspector {
    /// An inspector of a stream of this kind. What the policy's leniencies permit is found as tolerated, and
    /// everything else that is wrong as a fault.
    pub fn new(kind: Kind, policy: Policy) -> Inspector {
        let policy = Policy { limits: policy.limits.bounded(), ..policy };
        Inspector {
            kind,
            policy,
            requests: Parser::forgiving(true, policy, FORGIVING),
            responses: Parser::forgiving(false, policy, FORGIVING),
            request: kind != Kind::Response,
            state: State::Start,
            offset: 0,
            last: b'\n',
            queue: Queue::default(),
            held: Vec::new(),
            line_start: None,
            again: Vec::new(),
            again_at: 0,
            junk: None,
            mid_line: false,
            after_switch: false,
            after_message: false,
            section: Vec::new(),
            section_start: 0,
            message: Message {
                number: 0,
                request: true,
                start: 0,
                head_end: 0,
                end: 0,
                framing: BodyFraming::None,
                keep_alive: true,
                whole: false,
                answers: None,
            },
            method: Method::GET,
            disputed: false,
            run: None,
            run_text: Vec::new(),
            in_chunk: false,
            told_extension: false,
            told_zeros: false,
            unanswered: VecDeque::new(),
            messages: 0,
            others: None,
        }
    }

    /// Announces the method of the next request that a response answers, as [`Parser::expect`] does. In a stream of
    /// both the requests do that themselves.
    pub fn expect(&mut self, method: Method) {
        self.responses.expect(method);
    }

    /// Reads on in `chunk` from `*at`, moves `*at` behind what was read, and returns the next thing there is to tell.
    /// Call it with the same chunk until it returns none: then the whole chunk was taken.
    pub fn poll(&mut self, chunk: &[u8], at: &mut usize) -> Option<Item> {
        loop {
            if let Some(item) = self.queue.pop() {
                return Some(item);
            }
            if !self.step(chunk, at) {
                return None;
            }
        }
    }

    /// The input has ended. Call it until it returns none.
    pub fn finish(&mut self) -> Option<Item> {
        loop {
            if let Some(item) = self.queue.pop() {
                return Some(item);
            }
            if !self.step(&[], &mut 0) && !self.end_input() {
                return None;
            }
        }
    }

    /// The text that the [`super::Span`]s of items count in: good until the next call of `poll` or `finish`.
    pub fn text(&self) -> &[u8] {
        &self.queue.text
    }

    fn parser(&mut self) -> &mut Parser {
        if self.request { &mut self.requests } else { &mut self.responses }
    }

    /// Takes a step; false if that needs more octets.
    fn step(&mut self, chunk: &[u8], at: &mut usize) -> bool {
        if self.again.is_empty() {
            return self.advance(chunk, at);
        }
        let (again, mut from) = (core::mem::take(&mut self.again), self.again_at);
        let went_on = self.advance(&again, &mut from);
        // What is held anew goes before what is left.
        self.again.extend_from_slice(&again[from..]);
        self.again_at = 0;
        went_on || from > 0 || self.advance(chunk, at)
    }

    fn advance(&mut self, octets: &[u8], at: &mut usize) -> bool {
        match self.state {
            State::Start => self.hold(octets, at),
            State::Head => self.read_head(octets, at),
            State::Body => self.read_body(octets, at),
            State::Rest(kind) => {
                let rest = &octets[*at..];
                self.extend(kind, rest, false);
                *at = octets.len();
                !rest.is_empty()
            }
            State::Ended => false,
        }
    }

    /// Holds line ends and the line behind them; false if more octets are needed.
    fn hold(&mut self, octets: &[u8], at: &mut usize) -> bool {
        let most = usize::try_from(self.policy.limits.max_head_size).unwrap_or(usize::MAX).saturating_add(1);
        while let Some(&octet) = octets.get(*at) {
            let before = self.held.last().copied();
            self.held.push(octet);
            *at += 1;
            let is_line_end = matches!(octet, b'\r' | b'\n');
            let is_whole = match self.line_start {
                None if is_line_end => false,
                None => {
                    self.line_start = Some(self.held.len() - 1);
                    false
                }
                // Behind a CR alone a message goes on; but no message begins there in junk.
                Some(_) => octet == b'\n' || before == Some(b'\r') && self.junk.is_none(),
            };
            if is_whole || self.held.len() >= most {
                self.begin();
                return true;
            }
        }
        false
    }

    /// What is held begins a message, or is junk.
    #[inline(never)]
    fn begin(&mut self) {
        let lead = self.line_start.take().unwrap_or(self.held.len());
        let held = core::mem::take(&mut self.held);
        let line = &held[lead..];
        let line_offset = self.offset + lead as u64;
        let request = match self.kind {
            Kind::Auto => !line.starts_with(b"HTTP/"),
            kind => kind == Kind::Request,
        };
        if self.junk.is_some() && (self.mid_line || !judge::begins(line, request)) {
            self.mid_line = !held.ends_with(b"\n");
            return self.take(&held);
        }
        if let Some((kind, start)) = self.junk.take() {
            self.queue.leaf(kind, start, self.offset, None);
        }
        if core::mem::take(&mut self.after_switch) && request {
            if !judge::begins(line, true) {
                self.state = State::Rest(NodeKind::Switched);
                return self.read_again(held);
            }
            self.queue.find(What::Note(Note::SwitchDeclined), line_offset, line_offset + 1);
        }
        if request != self.request {
            self.conclude_others();
            self.request = request;
        }
        let offset = self.offset;
        self.parser().begin_at(offset);
        if !line.is_empty()
            && !judge::is_plausible(line, request)
            && let Some(fault) = self.refused(&held)
        {
            let is_closed = fault.code == Code::DataAfterClose;
            let kind = if is_closed { NodeKind::AfterClose } else { NodeKind::Junk };
            self.queue.leaf(NodeKind::LeadingLineEnd, self.offset, line_offset, None);
            if core::mem::take(&mut self.after_message) && !is_closed {
                self.queue.find(What::Note(Note::LengthDisagrees), line_offset, line_offset + 1);
            }
            self.find_fault(&fault);
            self.junk = Some((kind, line_offset));
            self.mid_line = !held.ends_with(b"\n");
            return self.take(&held);
        }
        self.after_message = false;
        self.section.clear();
        self.section_start = self.offset;
        self.method = self.responses.next_expected().unwrap_or(Method::GET);
        self.disputed = false;
        self.state = State::Head;
        self.read_again(held);
    }

    fn read_again(&mut self, octets: Vec<u8>) {
        self.again = octets;
        self.again_at = 0;
    }

    /// The fault that a strict parser sees in what is held.
    fn refused(&mut self, held: &[u8]) -> Option<Error> {
        let offset = self.offset;
        let parser = self.parser();
        parser.forgive(Forgiving::NOTHING);
        let mut at = 0;
        let mut tolerated = Vec::new();
        let fault = loop {
            match parser.poll(held, &mut at).map(Told::of) {
                Ok(Told::Nothing) => break None,
                Ok(Told::Tolerated(one)) => tolerated.push(one),
                Ok(_) => {}
                Err(error) => break Some(error),
            }
        };
        parser.forgive(FORGIVING);
        parser.begin_at(offset);
        if fault.is_some() {
            tolerated.into_iter().for_each(|one| self.find_tolerated(one));
        }
        fault
    }

    /// Goes past octets. Here alone the other readers see them: before anything is concluded from them.
    #[inline(never)]
    fn take(&mut self, octets: &[u8]) {
        self.offset += octets.len() as u64;
        self.last = octets.last().copied().unwrap_or(self.last);
        if let Some(others) = &mut self.others {
            others.read(octets);
            self.conclude_others_if_done();
        }
    }

    fn read_head(&mut self, octets: &[u8], at: &mut usize) -> bool {
        let from = *at;
        let told = self.parser().poll(octets, at).map(Told::of);
        self.keep(octets, from, at, told.as_ref().err());
        match told {
            Ok(Told::Head) => self.end_head(),
            Ok(Told::Tolerated(tolerated)) => self.find_tolerated(tolerated),
            Ok(Told::Nothing) if self.parser().standing() == Standing::Discard => {
                self.find_forgiven();
                self.state = State::Rest(NodeKind::AfterClose);
                let (start, section) = (self.section_start, core::mem::take(&mut self.section));
                self.run = (!section.is_empty()).then_some((NodeKind::AfterClose, start));
            }
            Ok(_) => return *at > from,
            Err(error) => self.fail_head(&error),
        }
        true
    }

    /// Keeps what was read of a section, up to a fault at least.
    fn keep(&mut self, octets: &[u8], from: usize, at: &mut usize, error: Option<&Error>) {
        if let Some(error) = error {
            let read = error.offset.saturating_sub(self.offset) as usize;
            *at = (*at).max((from + read).min(octets.len()));
        }
        self.section.extend_from_slice(&octets[from..*at]);
        self.take(&octets[from..*at]);
    }

    /// Finds what was forgiven: of a section when it is over, for until then its faults may grow.
    #[inline(never)]
    fn find_forgiven(&mut self) {
        for forgiven in self.parser().take_forgiven() {
            self.disputed |= DISPUTED.forgives(forgiven.code);
            self.queue.find(What::Fault(forgiven.code), forgiven.start, forgiven.end);
        }
    }

    #[inline(never)]
    fn find_fault(&mut self, error: &Error) {
        let end = error.offset + u64::from(error.octet.is_some());
        self.queue.find(What::Fault(error.code), error.offset, end);
    }

    #[inline(never)]
    fn find_tolerated(&mut self, tolerated: Tolerated) {
        self.disputed = true;
        self.queue.find(What::Tolerated(tolerated.leniency), tolerated.offset, tolerated.offset + 1);
    }

    /// The head is whole and decided.
    fn end_head(&mut self) {
        let framing = self.parser().framing();
        self.find_forgiven();
        self.open_message();
        let section = core::mem::take(&mut self.section);
        let start = self.message.start;
        let text = &section[(start - self.section_start) as usize..];
        let parser = if self.request { &self.requests } else { &self.responses };
        let read = parser.section();
        let (method, status) = (read.line.method, read.line.status);
        if self.request {
            self.method = method;
        }
        let head = checks::Head { request: self.request, text, read: &read, framing, method: self.method };
        let queue = &mut self.queue;
        tell_section(queue, self.request, Some(true), text, start, &read);
        checks::head(&head, &mut |note, range| {
            queue.find(What::Note(note), start + range.start as u64, start + range.end as u64);
        });
        self.message.head_end = self.offset;
        self.message.framing = framing.body;
        self.message.keep_alive = framing.keep_alive;
        if self.request && self.kind == Kind::Auto && self.unanswered.len() < MOST_UNANSWERED {
            self.responses.expect_perhaps(method);
            self.unanswered.push_back(self.message.number);
        } else if !self.request {
            let interim = is_interim(status);
            let unanswered = self.unanswered.front().copied();
            self.message.answers = if interim { unanswered } else { self.unanswered.pop_front() };
        }
        if has_body(framing.body) {
            self.queue.open(NodeKind::MessageBody, self.offset);
        }
        if self.disputed {
            self.conclude_others();
            self.others = Some(Others::new(text, start, self.request, self.method, self.policy.limits));
        }
        (self.in_chunk, self.told_extension, self.told_zeros) = (false, false, false);
        self.state = State::Body;
    }

    /// A head that ended in a fault, or with the input.
    fn fail_head(&mut self, error: &Error) {
        self.find_forgiven();
        // Where nothing was read, the same line must not be tried again.
        let is_stuck = self.section.is_empty();
        let has_begun = self.parser().standing() == Standing::Head && !is_stuck;
        if has_begun {
            self.open_message();
            let section = core::mem::take(&mut self.section);
            let start = self.message.start;
            let text = &section[(start - self.section_start) as usize..];
            let parser = if self.request { &self.requests } else { &self.responses };
            tell_partly(&mut self.queue, self.request, parser, text, start);
            self.message.head_end = self.offset;
            self.message.framing = BodyFraming::None;
        } else {
            self.queue.leaf(NodeKind::LeadingLineEnd, self.section_start, self.offset, None);
        }
        self.find_fault(error);
        if has_begun {
            self.close_message(false);
        }
        self.begin_junk();
        self.mid_line |= is_stuck;
    }

    /// Tells the line ends before it, and opens it.
    fn open_message(&mut self) {
        let (start, end) = (self.section_start, self.parser().text_offset());
        if start < end {
            self.queue.leaf(NodeKind::LeadingLineEnd, start, end, None);
            self.queue.find(What::Note(Note::LeadingLineEnd), start, end);
        }
        let (number, request) = (self.messages, self.request);
        self.messages += 1;
        self.message = Message { number, request, start: end, answers: None, whole: false, ..self.message };
        self.queue.open(message_kind(request), end);
    }

    #[inline(never)]
    fn close_message(&mut self, whole: bool) {
        self.message.end = self.offset;
        self.message.whole = whole;
        self.queue.close(message_kind(self.message.request), self.offset);
        self.queue.push(Item::Message(self.message));
        if let Some(others) = &mut self.others
            && others.start == self.message.start
            && whole
        {
            others.end = Some(self.offset);
            self.conclude_others_if_done();
        }
    }

    fn begin_junk(&mut self) {
        self.junk = Some((NodeKind::Junk, self.offset));
        self.mid_line = self.last != b'\n';
        self.state = State::Start;
    }

    fn read_body(&mut self, octets: &[u8], at: &mut usize) -> bool {
        let rest = &octets[*at..];
        match self.parser().standing() {
            Standing::Untold => {
                let told = self.parser().poll(&[], &mut 0).map(Told::of);
                self.hear(told);
                true
            }
            _ if rest.is_empty() => false,
            Standing::Data => {
                let passed = self.parser().passable().min(rest.len() as u64);
                if passed == 0 {
                    let told = self.parser().poll(&rest[..1], &mut 0).map(Told::of);
                    self.hear(told);
                    return true;
                }
                self.parser().skip(passed);
                let kind = if self.in_chunk { NodeKind::ChunkData } else { NodeKind::BodyData };
                self.extend(kind, &rest[..passed as usize], false);
                *at += passed as usize;
                true
            }
            Standing::ChunkLine => self.read_chunk_line(rest[0], at),
            Standing::ChunkEnd => self.read_chunk_end(rest[0], at),
            Standing::Trailer => self.read_trailer(octets, at),
            // A message ended and was told.
            Standing::Between | Standing::Head | Standing::Switched | Standing::Discard => false,
        }
    }

    #[inline(never)]
    fn hear(&mut self, told: Result<Told, Error>) {
        self.find_forgiven();
        match told {
            Ok(Told::Tolerated(tolerated)) => self.find_tolerated(tolerated),
            Ok(Told::End) => self.end_message(),
            Ok(_) => {}
            Err(error) => self.fail_body(&error),
        }
    }

    /// Reads one octet of a body's framing; whether it was taken, or nothing if the body has failed.
    fn hear_octet(&mut self, octet: u8, at: &mut usize) -> Option<usize> {
        let mut taken = 0;
        let told = self.parser().poll(&[octet], &mut taken).map(Told::of);
        let failed = told.is_err();
        self.hear(told);
        if failed {
            return None;
        }
        *at += taken;
        Some(taken)
    }

    /// An octet of a chunk-size line.
    fn read_chunk_line(&mut self, octet: u8, at: &mut usize) -> bool {
        let Some(taken) = self.hear_octet(octet, at) else { return true };
        self.tell_chunk_line(octet, taken);
        true
    }

    fn tell_chunk_line(&mut self, octet: u8, taken: usize) {
        if !self.in_chunk {
            self.flush();
            self.queue.open(NodeKind::Chunk, self.offset);
            self.in_chunk = true;
        }
        let goes_on = self.parser().is_in_chunk_line();
        if taken > 0 {
            let part = if goes_on { self.parser().chunk_part(octet) } else { Part::LineEnd };
            self.extend(kind_of(part), &[octet], true);
            if part == Part::Semicolon && !core::mem::replace(&mut self.told_extension, true) {
                self.queue.find(What::Note(Note::ChunkExtension), self.offset - 1, self.offset);
            }
        }
        if !goes_on {
            self.flush();
            if self.parser().chunk_size() == 0 {
                self.queue.close(NodeKind::LastChunk, self.offset);
                self.in_chunk = false;
                self.section_start = self.offset;
            }
        }
    }

    /// An octet behind a chunk's data.
    fn read_chunk_end(&mut self, octet: u8, at: &mut usize) -> bool {
        let Some(taken) = self.hear_octet(octet, at) else { return true };
        let next = self.parser().is_in_chunk_line();
        if taken > 0 && (!next || octet == b'\n') {
            let kind = if self.parser().drops_line() { NodeKind::Junk } else { NodeKind::LineEnd };
            self.extend(kind, &[octet], kind == NodeKind::LineEnd);
        }
        if next {
            self.flush();
            self.queue.close(NodeKind::Chunk, self.offset);
            self.in_chunk = false;
            if taken > 0 && octet != b'\n' {
                self.tell_chunk_line(octet, taken);
            }
        }
        true
    }

    fn read_trailer(&mut self, octets: &[u8], at: &mut usize) -> bool {
        let from = *at;
        let told = self.parser().poll(octets, at).map(Told::of);
        self.keep(octets, from, at, told.as_ref().err());
        match told {
            Ok(Told::Nothing) => return *at > from,
            Ok(Told::Tolerated(tolerated)) => self.find_tolerated(tolerated),
            Ok(_) => self.end_message(),
            Err(error) => self.fail_body(&error),
        }
        true
    }

    fn tell_trailer(&mut self, whole: bool) {
        let section = core::mem::take(&mut self.section);
        if section.is_empty() {
            return;
        }
        let parser = if self.request { &self.requests } else { &self.responses };
        let (start, queue) = (self.section_start, &mut self.queue);
        if whole {
            let read = parser.section();
            tell_section(queue, self.request, None, &section, start, &read);
            checks::trailer(&section, &read, &mut |note, range| {
                queue.find(What::Note(note), start + range.start as u64, start + range.end as u64);
            });
        } else {
            tell_fields(queue, parser, &section, start);
        }
    }

    fn end_message(&mut self) {
        self.find_forgiven();
        self.flush();
        self.tell_trailer(true);
        if has_body(self.message.framing) {
            self.queue.close(NodeKind::MessageBody, self.offset);
        }
        self.close_message(true);
        self.section.clear();
        self.state = State::Start;
        self.after_message = true;
        if self.parser().standing() == Standing::Untold {
            // A switch, nothing else is told behind a message.
            let _ = self.parser().poll(&[], &mut 0);
            if self.request {
                self.requests.resume();
                self.after_switch = true;
            } else {
                self.state = State::Rest(NodeKind::Switched);
            }
        }
    }

    fn fail_body(&mut self, error: &Error) {
        self.find_forgiven();
        self.flush();
        if self.in_chunk {
            self.queue.close(NodeKind::Chunk, self.offset);
        }
        self.tell_trailer(false);
        self.find_fault(error);
        self.queue.close(NodeKind::MessageBody, self.offset);
        self.close_message(false);
        self.begin_junk();
    }

    /// Everything is read: what does the end make of it? False if nothing is left.
    fn end_input(&mut self) -> bool {
        match self.state {
            State::Start if !self.held.is_empty() => self.begin(),
            State::Start => {
                if let Some((kind, start)) = self.junk.take() {
                    self.queue.leaf(kind, start, self.offset, None);
                }
                self.state = State::Ended;
            }
            State::Head | State::Body => self.end_message_by_input(),
            State::Rest(_) => {
                self.flush();
                self.state = State::Ended;
            }
            State::Ended => {
                let Some(others) = &mut self.others else { return false };
                others.finish();
                self.conclude_others();
            }
        }
        true
    }

    fn end_message_by_input(&mut self) {
        // Nothing follows that they could read.
        if let Some(others) = &mut self.others {
            others.finish();
        }
        let told = self.parser().finish().map(Told::of);
        match told {
            Ok(Told::Head) => self.end_head(),
            Ok(Told::Tolerated(tolerated)) => self.find_tolerated(tolerated),
            Ok(Told::End) => self.end_message(),
            Ok(_) => {
                // No message began.
                self.find_forgiven();
                self.queue.leaf(NodeKind::LeadingLineEnd, self.section_start, self.offset, None);
                self.state = State::Start;
            }
            Err(error) if self.state == State::Head => self.fail_head(&error),
            Err(error) => self.fail_body(&error),
        }
    }

    /// Octets that go on with a leaf of this kind, or begin one.
    #[inline(never)]
    fn extend(&mut self, kind: NodeKind, octets: &[u8], with_text: bool) {
        if octets.is_empty() {
            return;
        }
        if self.run.is_none_or(|(before, _)| before != kind) {
            self.flush();
            self.run = Some((kind, self.offset));
        }
        if with_text {
            self.run_text.extend_from_slice(octets);
        }
        self.take(octets);
    }

    /// Ends the leaf.
    #[inline(never)]
    fn flush(&mut self) {
        let Some((kind, start)) = self.run.take() else { return };
        let text = core::mem::take(&mut self.run_text);
        let is_zeros = kind == NodeKind::ChunkSize && text.len() > 1 && text[0] == b'0';
        if is_zeros && !core::mem::replace(&mut self.told_zeros, true) {
            self.queue.find(What::Note(Note::ChunkZeros), start, self.offset);
        }
        let span = match &text[..] {
            [] => None,
            [b'"', quoted @ ..] if kind == NodeKind::ExtensionValue => Some(self.add_unquoted(quoted)),
            text => Some(self.queue.add_text(text)),
        };
        self.queue.leaf(kind, start, self.offset, span);
    }

    /// What is in a quoted-string, RFC 9110 section 5.6.4, whose first quote is left out.
    fn add_unquoted(&mut self, quoted: &[u8]) -> Span {
        let mut plain = Vec::new();
        let mut octets = quoted.iter();
        while let Some(octet) = octets.next() {
            match octet {
                b'"' => {}
                b'\\' => plain.extend(octets.next()),
                _ => plain.push(*octet),
            }
        }
        self.queue.add_text(&plain)
    }

    fn conclude_others_if_done(&mut self) {
        if self.others.as_ref().is_some_and(|others| others.are_done() && others.end.is_some()) {
            self.conclude_others();
        }
    }

    /// Finds what other readers see of the message whose head they differ on.
    #[inline(never)]
    fn conclude_others(&mut self) {
        let Some(others) = self.others.take() else { return };
        let (start, end) = (others.start, others.end);
        for difference in others.conclude() {
            let what = What::Note(Note::ReadersDiffer);
            let end = end.unwrap_or(difference.end).max(start);
            self.queue.push(Item::Finding(Finding { what, start, end, difference: Some(difference) }));
        }
    }
}

fn message_kind(request: bool) -> NodeKind {
    if request { NodeKind::Request } else { NodeKind::Response }
}

fn has_body(framing: BodyFraming) -> bool {
    !matches!(framing, BodyFraming::None | BodyFraming::Length(0))
}

fn kind_of(part: Part) -> NodeKind {
    match part {
        Part::Size => NodeKind::ChunkSize,
        Part::Space => NodeKind::BadSpace,
        Part::Semicolon => NodeKind::Semicolon,
        Part::Name => NodeKind::ExtensionName,
        Part::Equals => NodeKind::Equals,
        Part::Value => NodeKind::ExtensionValue,
        Part::Junk => NodeKind::Junk,
        Part::LineEnd => NodeKind::LineEnd,
    }
}

/// A whole section; `head` says whether it has a start-line that is whole.
fn tell_section(queue: &mut Queue, request: bool, head: Option<bool>, text: &[u8], offset: u64, read: &Read<'_>) {
    let mut lines = Lines::new(queue, text, offset);
    if let Some(whole) = head {
        start_line(&mut lines, request, read, whole);
    }
    let is_trailer = head.is_none() && !read.fields.is_empty();
    if is_trailer {
        lines.open(NodeKind::TrailerSection);
    }
    lines.fields(read);
    if is_trailer {
        lines.close(NodeKind::TrailerSection);
    }
    lines.rest();
}

fn start_line(lines: &mut Lines<'_>, request: bool, read: &Read<'_>, whole: bool) {
    if request { lines.request_line(read, whole) } else { lines.status_line(read) }
}

/// A head that is not whole.
fn tell_partly(queue: &mut Queue, request: bool, parser: &Parser, text: &[u8], offset: u64) {
    let mut lines = Lines::new(queue, text, offset);
    let read = parser.section();
    let whole = parser.is_in_fields();
    start_line(&mut lines, request, &read, whole);
    if whole {
        fields_partly(&mut lines, parser, text);
    }
    lines.rest();
}

/// A trailer section that is not whole.
fn tell_fields(queue: &mut Queue, parser: &Parser, text: &[u8], offset: u64) {
    let mut lines = Lines::new(queue, text, offset);
    lines.open(NodeKind::TrailerSection);
    fields_partly(&mut lines, parser, text);
    lines.rest();
    lines.close(NodeKind::TrailerSection);
}

fn fields_partly(lines: &mut Lines<'_>, parser: &Parser, text: &[u8]) {
    let read = parser.section();
    lines.fields(&read);
    if let Some(field) = parser.field_begun(text.len()) {
        lines.field(&read, &field);
    }
}
