//! The inspector: drives the parser past every fault, and tells what each byte was to it.
//!
//! A first line is held until it is whole, and then read again through the parser; a head or trailer section is kept
//! until its end; of bodies, which are read in `body.rs`, nothing is kept.

use alloc::vec::Vec;

use super::{
    checks,
    findings::{Note, What},
    first_line,
    heard::Heard,
    kinds::NodeKind,
    leaves::Leaves,
    lines,
    messages::Messages,
    others::Others,
    progress::Progress,
    queue::{Item, Queue},
    start::{Behind, FirstLine, Start},
};
use crate::{
    error::{Code, Error},
    names::Method,
    parser::{Parser, look::Standing},
    policy::{Leniency, Policy},
    tolerated::{Forgiving, Tolerated},
};

/// What a stream holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StreamKind {
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

/// Takes a stream of bytes apart, broken or not, cut anywhere.
///
/// What it holds is bounded by the limits of its policy, bodies are not among it. What it tells does not depend on
/// the cut, but for the order of findings among one another.
///
/// ```
/// use h1wire::{inspect::{Inspector, Item, StreamKind}, policy::Policy};
///
/// let chunk = b"GET / HTTP/1.1\nHost: a\r\n\r\n";
/// let mut inspector = Inspector::new(StreamKind::Request, Policy::default());
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
    kind: StreamKind,
    policy: Policy,
    pub(super) requests: Parser,
    pub(super) responses: Parser,
    /// Requests are read now.
    pub(super) request: bool,
    pub(super) stage: Stage,
    pub(super) queue: Queue,
    pub(super) progress: Progress,
    pub(super) start: Start,
    /// What was held and is now read again.
    again: Vec<u8>,
    pub(super) messages: Messages,
    pub(super) leaves: Leaves,
}

/// What is read now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Stage {
    /// A first line is held.
    Start,
    Head,
    Body,
    /// All that comes is this.
    Rest(NodeKind),
    Ended,
}

impl Inspector {
    /// An inspector of a stream of this kind. What the policy's leniencies permit is found as tolerated, and
    /// everything else that is wrong as a fault.
    pub fn new(kind: StreamKind, policy: Policy) -> Inspector {
        let policy = Policy { limits: policy.limits.bounded(), ..policy };
        Inspector {
            kind,
            policy,
            requests: Parser::forgiving(true, policy, FORGIVING),
            responses: Parser::forgiving(false, policy, FORGIVING),
            request: kind != StreamKind::Response,
            stage: Stage::Start,
            queue: Queue::default(),
            progress: Progress::new(),
            start: Start::default(),
            again: Vec::new(),
            messages: Messages::new(),
            leaves: Leaves::default(),
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
            if !self.read(chunk, at) {
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
            if !self.read(&[], &mut 0) && !self.end_input() {
                return None;
            }
        }
    }

    /// The text that the [`super::Span`]s of items count in: good until the next call of `poll` or `finish`.
    pub fn text(&self) -> &[u8] {
        &self.queue.text
    }

    pub(super) fn parser(&mut self) -> &mut Parser {
        if self.request { &mut self.requests } else { &mut self.responses }
    }

    pub(super) fn offset(&self) -> u64 {
        self.progress.offset()
    }

    pub(super) fn go_past(&mut self, bytes: &[u8]) {
        self.progress.go_past(bytes, &mut self.queue);
    }

    /// Reads a little; false if that needs more bytes.
    fn read(&mut self, chunk: &[u8], at: &mut usize) -> bool {
        if self.again.is_empty() {
            return self.read_stage(chunk, at);
        }
        let (again, mut from) = (core::mem::take(&mut self.again), 0);
        let went_on = self.read_stage(&again, &mut from);
        // What is held anew goes before what is left.
        self.again.extend_from_slice(&again[from..]);
        went_on || from > 0 || self.read_stage(chunk, at)
    }

    fn read_stage(&mut self, bytes: &[u8], at: &mut usize) -> bool {
        match self.stage {
            Stage::Start => {
                let most = usize::try_from(self.policy.limits.max_head_size).unwrap_or(usize::MAX).saturating_add(1);
                let is_whole = self.start.hold(bytes, at, most);
                if is_whole {
                    self.read_first_line();
                }
                is_whole
            }
            Stage::Head => self.read_head(bytes, at),
            Stage::Body => self.read_body(bytes, at),
            Stage::Rest(kind) => {
                let rest = &bytes[*at..];
                self.grow(kind, rest, false);
                *at = bytes.len();
                !rest.is_empty()
            }
            Stage::Ended => false,
        }
    }

    /// The line that is held begins a message, or is junk.
    #[inline(never)]
    fn read_first_line(&mut self) {
        let line = self.start.release();
        let line_offset = self.offset() + line.lead as u64;
        let request = match self.kind {
            StreamKind::Auto => !line.text().starts_with(b"HTTP/"),
            kind => kind == StreamKind::Request,
        };
        if self.start.is_junk(&line, request) {
            return self.go_past(&line.bytes);
        }
        let offset = self.offset();
        self.start.end_junk(offset, &mut self.queue);
        let behind = core::mem::take(&mut self.start.behind);
        if behind == Behind::Switch && request {
            if !first_line::begins(line.text(), true) {
                self.stage = Stage::Rest(NodeKind::Switched);
                self.again = line.bytes;
                return;
            }
            self.queue.report(What::Note(Note::SwitchDeclined), line_offset, line_offset + 1);
        }
        if request != self.request {
            self.progress.conclude(&mut self.queue);
            self.request = request;
        }
        self.parser().begin_at(offset);
        if !line.text().is_empty()
            && !first_line::is_plausible(line.text(), request)
            && let Some(fault) = self.refused(&line)
        {
            self.queue.leaf(NodeKind::LeadingLineEnd, offset, line_offset, None);
            let is_closed = fault.code == Code::DataAfterClose;
            if behind != Behind::Nothing && !is_closed {
                self.queue.report(What::Note(Note::LengthDisagrees), line_offset, line_offset + 1);
            }
            self.report_fault(&fault);
            let kind = if is_closed { NodeKind::AfterClose } else { NodeKind::Junk };
            self.start.begin_junk_with(kind, line_offset, &line);
            return self.go_past(&line.bytes);
        }
        self.messages.begin_head(offset, self.responses.next_expected().unwrap_or(Method::GET));
        self.stage = Stage::Head;
        self.again = line.bytes;
    }

    /// The fault that a strict parser sees in a first line, with what it tolerates before that.
    fn refused(&mut self, line: &FirstLine) -> Option<Error> {
        let offset = self.offset();
        let parser = self.parser();
        parser.forgive(Forgiving::NOTHING);
        let mut at = 0;
        let mut tolerated = Vec::new();
        let fault = loop {
            match parser.poll(&line.bytes, &mut at).map(Heard::of) {
                Ok(Heard::Nothing) => break None,
                Ok(Heard::Tolerated(one)) => tolerated.push(one),
                Ok(_) => {}
                Err(error) => break Some(error),
            }
        };
        parser.forgive(FORGIVING);
        parser.begin_at(offset);
        if fault.is_some() {
            tolerated.into_iter().for_each(|one| self.report_tolerated(one));
        }
        fault
    }

    fn read_head(&mut self, bytes: &[u8], at: &mut usize) -> bool {
        let from = *at;
        let heard = self.parser().poll(bytes, at).map(Heard::of);
        self.keep(bytes, from, at, heard.as_ref().err());
        match heard {
            Ok(Heard::Head) => self.end_head(),
            Ok(Heard::Tolerated(tolerated)) => self.report_tolerated(tolerated),
            Ok(Heard::Nothing) if self.parser().standing() == Standing::Discard => {
                self.report_forgiven();
                self.stage = Stage::Rest(NodeKind::AfterClose);
                self.leaves.begin(NodeKind::AfterClose, self.messages.section.start);
            }
            Ok(_) => return *at > from,
            Err(error) => self.fail_head(&error),
        }
        true
    }

    /// Keeps what was read of a section, up to a fault at least.
    pub(super) fn keep(&mut self, bytes: &[u8], from: usize, at: &mut usize, error: Option<&Error>) {
        if let Some(error) = error {
            let read = error.offset.saturating_sub(self.offset()) as usize;
            *at = (*at).max((from + read).min(bytes.len()));
        }
        self.messages.section.bytes.extend_from_slice(&bytes[from..*at]);
        self.go_past(&bytes[from..*at]);
    }

    /// The head is whole and decided.
    fn end_head(&mut self) {
        self.report_forgiven();
        let start = self.parser().text_offset();
        let section = self.messages.open(self.request, start, &mut self.queue);
        let text = section.from(start);
        let parser = if self.request { &self.requests } else { &self.responses };
        let (read, framing) = (parser.section(), parser.framing());
        let (method, status) = (read.line.method, read.line.status);
        if self.request {
            self.messages.method = method;
        }
        let queue = &mut self.queue;
        lines::head(queue, self.request, text, &read);
        let head = checks::Head {
            request: self.request,
            text: text.bytes,
            read: &read,
            framing,
            method: self.messages.method,
        };
        checks::head(&head, &mut |note, range| {
            queue.report(What::Note(note), start + range.start as u64, start + range.end as u64);
        });
        self.messages.end_head(self.progress.offset(), &framing);
        if !self.request {
            self.messages.answer(status);
        } else if self.kind == StreamKind::Auto && self.messages.await_answer() {
            self.responses.expect_perhaps(method);
        }
        if self.messages.has_body() {
            self.queue.open(NodeKind::MessageBody, self.progress.offset());
        }
        if self.messages.disputed {
            let others = Others::new(text.bytes, start, self.request, self.messages.method, self.policy.limits);
            self.progress.watch(others, &mut self.queue);
        }
        self.leaves = Leaves::default();
        self.stage = Stage::Body;
    }

    /// A head that ended in a fault, or with the input.
    fn fail_head(&mut self, error: &Error) {
        self.report_forgiven();
        let offset = self.offset();
        // Where nothing was read, the same line must not be tried again.
        let is_stuck = self.messages.section.bytes.is_empty();
        let has_begun = self.parser().standing() == Standing::Head && !is_stuck;
        if has_begun {
            let start = self.parser().text_offset();
            let section = self.messages.open(self.request, start, &mut self.queue);
            let parser = if self.request { &self.requests } else { &self.responses };
            lines::head_begun(&mut self.queue, self.request, parser, section.from(start));
            self.messages.current.head_end = offset;
        } else {
            self.queue.leaf(NodeKind::LeadingLineEnd, self.messages.section.start, offset, None);
        }
        self.report_fault(error);
        if has_begun {
            self.messages.close(false, offset, &mut self.queue);
        }
        self.begin_junk(is_stuck);
    }

    /// What follows can begin no message before a line does; if it is stuck, none before the next line.
    pub(super) fn begin_junk(&mut self, is_stuck: bool) {
        let mid_line = is_stuck || !self.progress.is_at_line_start();
        self.start.begin_junk(NodeKind::Junk, self.progress.offset(), mid_line);
        self.stage = Stage::Start;
    }

    /// Reports what was forgiven: of a section when it is over, for until then its faults may grow.
    #[inline(never)]
    pub(super) fn report_forgiven(&mut self) {
        for forgiven in self.parser().take_forgiven() {
            self.messages.disputed |= DISPUTED.forgives(forgiven.code);
            self.queue.report(What::Fault(forgiven.code), forgiven.start, forgiven.end);
        }
    }

    #[inline(never)]
    pub(super) fn report_fault(&mut self, error: &Error) {
        let end = error.offset + u64::from(error.octet.is_some());
        self.queue.report(What::Fault(error.code), error.offset, end);
    }

    #[inline(never)]
    pub(super) fn report_tolerated(&mut self, tolerated: Tolerated) {
        self.messages.disputed = true;
        let Tolerated { leniency, offset } = tolerated;
        if leniency == Leniency::BadFieldLines {
            // Where the line ends is known when the section is over.
            return self.messages.section.dropped.push(offset);
        }
        self.queue.report(What::Tolerated(leniency), offset, offset + 1);
    }

    /// Everything is read: what does the end make of it? False if nothing is left.
    fn end_input(&mut self) -> bool {
        match self.stage {
            Stage::Start if self.start.is_held() => self.read_first_line(),
            Stage::Start => {
                self.start.end_junk(self.progress.offset(), &mut self.queue);
                self.stage = Stage::Ended;
            }
            Stage::Head | Stage::Body => self.end_message_by_input(),
            Stage::Rest(_) => {
                self.leaves.end(self.progress.offset(), &mut self.queue);
                self.stage = Stage::Ended;
            }
            Stage::Ended => {
                self.progress.finish();
                return self.progress.conclude(&mut self.queue);
            }
        }
        true
    }

    fn end_message_by_input(&mut self) {
        self.progress.finish();
        let heard = self.parser().finish().map(Heard::of);
        match heard {
            Ok(Heard::Head) => self.end_head(),
            Ok(Heard::Tolerated(tolerated)) => self.report_tolerated(tolerated),
            Ok(Heard::End) => self.end_message(),
            Ok(_) => {
                // No message began.
                self.report_forgiven();
                let end = self.progress.offset();
                self.queue.leaf(NodeKind::LeadingLineEnd, self.messages.section.start, end, None);
                self.stage = Stage::Start;
            }
            Err(error) if self.stage == Stage::Head => self.fail_head(&error),
            Err(error) => self.fail_body(&error),
        }
    }
}
