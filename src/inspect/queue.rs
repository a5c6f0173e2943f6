//! What the inspector tells, until somebody takes it.

use alloc::vec::Vec;

use super::{findings::What, kinds::NodeKind, others::Difference};
use crate::framing::BodyFraming;

/// One thing that an inspector tells. Offsets count octets since it began.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Item {
    /// A node begins that holds others; they follow, up to its end.
    Open {
        /// What it is, as far as that is known.
        kind: NodeKind,
        /// Its first octet.
        start: u64,
    },
    /// A node that holds no others.
    Leaf {
        /// What it is.
        kind: NodeKind,
        /// Its first octet.
        start: u64,
        /// One behind its last octet.
        end: u64,
        /// Its octets as they read; bodies and junk have none.
        text: Option<Span>,
    },
    /// The node that was opened last and is not closed ends.
    Close {
        /// What it turned out to be.
        kind: NodeKind,
        /// One behind its last octet.
        end: u64,
        /// Its octets as they read, for the value of a folded field line.
        text: Option<Span>,
    },
    /// A message has ended, whole or not.
    Message(Message),
    /// Something was found.
    Finding(Finding),
}

/// A part of an inspector's text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Span {
    /// Where it begins.
    pub start: u32,
    /// How long it is.
    pub length: u32,
}

/// A message as a whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Message {
    /// How many messages came before it.
    pub number: u32,
    /// Whether it is a request.
    pub request: bool,
    /// Its first octet.
    pub start: u64,
    /// One behind its head.
    pub head_end: u64,
    /// One behind its last octet.
    pub end: u64,
    /// What delimits its body.
    pub framing: BodyFraming,
    /// Whether the connection persists behind it.
    pub keep_alive: bool,
    /// Whether it was read to its end.
    pub whole: bool,
    /// For a response, the number of the request that it answers, where both are given.
    pub answers: Option<u32>,
}

/// Something found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Finding {
    /// What it is.
    pub what: What,
    /// The first octet that it is about.
    pub start: u64,
    /// One behind the last one; the start, if the octet is missing.
    pub end: u64,
    /// For readers that differ: who sees what.
    pub difference: Option<Difference>,
}

/// Items and the text they speak of.
#[derive(Debug, Default)]
pub(crate) struct Queue {
    items: Vec<Item>,
    next: usize,
    pub(crate) text: Vec<u8>,
}

impl Queue {
    /// The next item; if there is none, the text of those before it goes.
    #[inline(never)]
    pub(crate) fn pop(&mut self) -> Option<Item> {
        let item = self.items.get(self.next).copied();
        if item.is_some() {
            self.next += 1;
        } else {
            self.items.clear();
            self.text.clear();
            self.next = 0;
        }
        item
    }

    #[inline(never)]
    pub(crate) fn push(&mut self, item: Item) {
        self.items.push(item);
    }

    #[inline(never)]
    pub(crate) fn open(&mut self, kind: NodeKind, start: u64) {
        self.push(Item::Open { kind, start });
    }

    #[inline(never)]
    pub(crate) fn close(&mut self, kind: NodeKind, end: u64) {
        self.push(Item::Close { kind, end, text: None });
    }

    /// A leaf, unless it is empty.
    #[inline(never)]
    pub(crate) fn leaf(&mut self, kind: NodeKind, start: u64, end: u64, text: Option<Span>) {
        if start < end {
            self.push(Item::Leaf { kind, start, end, text });
        }
    }

    #[inline(never)]
    pub(crate) fn report(&mut self, what: What, start: u64, end: u64) {
        self.push(Item::Finding(Finding { what, start, end, difference: None }));
    }

    /// Takes octets into the text.
    #[inline(never)]
    pub(crate) fn add_text(&mut self, octets: &[u8]) -> Span {
        let start = self.text.len() as u32;
        self.text.extend_from_slice(octets);
        Span { start, length: octets.len() as u32 }
    }
}
