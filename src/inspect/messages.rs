//! The messages of a stream: the one under way, and which request a response answers.

use alloc::{collections::VecDeque, vec::Vec};

use super::{
    findings::{Note, What},
    kinds::NodeKind,
    queue::{Item, Message, Queue},
};
use crate::{
    framing::{BodyFraming, Framing, is_interim},
    names::Method,
};

/// How many requests wait for their answers at most; those behind them get none.
const MOST_UNANSWERED: usize = 4096;

/// What is known of messages.
#[derive(Debug)]
pub(crate) struct Messages {
    /// How many were opened.
    count: u32,
    /// Requests that wait for their answers.
    unanswered: VecDeque<u32>,
    /// The one under way.
    pub(crate) current: Message,
    /// The method of its request: its own, or that of the one it answers.
    pub(crate) method: Method,
    /// Something in its head is read in several ways.
    pub(crate) disputed: bool,
    /// Its section that is being read.
    pub(crate) section: SectionText,
}

/// The bytes of a section, as they come.
#[derive(Debug, Default)]
pub(crate) struct SectionText {
    /// Offset of the first one.
    pub(crate) start: u64,
    pub(crate) bytes: Vec<u8>,
    /// Offsets of its lines that were dropped.
    pub(crate) dropped: Vec<u64>,
}

/// A part of a section's text that goes up to its end.
#[derive(Clone, Copy)]
pub(crate) struct Text<'a> {
    pub(crate) start: u64,
    pub(crate) bytes: &'a [u8],
    pub(crate) dropped: &'a [u64],
}

impl SectionText {
    pub(crate) fn begin(&mut self, start: u64) {
        self.start = start;
        self.bytes.clear();
        self.dropped.clear();
    }

    /// The text from this offset on, before which no line was dropped.
    pub(crate) fn from(&self, start: u64) -> Text<'_> {
        Text { start, bytes: &self.bytes[(start - self.start) as usize..], dropped: &self.dropped }
    }
}

impl Messages {
    pub(crate) fn new() -> Messages {
        Messages {
            count: 0,
            unanswered: VecDeque::new(),
            current: message(0, true, 0),
            method: Method::GET,
            disputed: false,
            section: SectionText::default(),
        }
    }

    /// A head may begin here; `method` is that of the request to be answered.
    pub(crate) fn begin_head(&mut self, start: u64, method: Method) {
        self.section.begin(start);
        self.method = method;
        self.disputed = false;
    }

    /// A message begins at `start`, with line ends before it; returns what was read of its section.
    pub(crate) fn open(&mut self, request: bool, start: u64, queue: &mut Queue) -> SectionText {
        let before = self.section.start;
        if before < start {
            queue.leaf(NodeKind::LeadingLineEnd, before, start, None);
            queue.report(What::Note(Note::LeadingLineEnd), before, start);
        }
        self.current = message(self.count, request, start);
        self.count += 1;
        queue.open(message_node(request), start);
        core::mem::take(&mut self.section)
    }

    /// Its head is whole.
    pub(crate) fn end_head(&mut self, end: u64, framing: &Framing) {
        self.current.head_end = end;
        self.current.framing = framing.body;
        self.current.keep_alive = framing.keep_alive;
    }

    /// It is a request, and waits for its answer; false if too many do.
    pub(crate) fn await_answer(&mut self) -> bool {
        let waits = self.unanswered.len() < MOST_UNANSWERED;
        if waits {
            self.unanswered.push_back(self.current.number);
        }
        waits
    }

    /// It is a response with this status, and answers the first request that waits.
    pub(crate) fn answer(&mut self, status: u16) {
        let first = self.unanswered.front().copied();
        self.current.answers = if is_interim(status) { first } else { self.unanswered.pop_front() };
    }

    pub(crate) fn has_body(&self) -> bool {
        !matches!(self.current.framing, BodyFraming::None | BodyFraming::Length(0))
    }

    /// It ends here, whole or not.
    #[inline(never)]
    pub(crate) fn close(&mut self, whole: bool, end: u64, queue: &mut Queue) {
        self.current.end = end;
        self.current.whole = whole;
        queue.close(message_node(self.current.request), end);
        queue.push(Item::Message(self.current));
    }
}

/// A message of which nothing but its start is known.
fn message(number: u32, request: bool, start: u64) -> Message {
    Message {
        number,
        request,
        start,
        head_end: start,
        end: start,
        framing: BodyFraming::None,
        keep_alive: false,
        whole: false,
        answers: None,
    }
}

fn message_node(request: bool) -> NodeKind {
    if request { NodeKind::Request } else { NodeKind::Response }
}
