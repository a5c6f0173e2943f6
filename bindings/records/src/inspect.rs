//! The inspector and the readings as the bindings hold them, and how what they tell becomes records.

use alloc::boxed::Box;

use h1wire::{
    BodyFraming, Method, Policy,
    inspect::{
        Finding, Inspector, Item, Message, Span, StreamKind, Then,
        findings::What,
        readings::{Readings, Told},
    },
};

use crate::{
    layout as l,
    session::{Areas, halves},
};

/// What looks at a stream instead of reading it.
#[derive(Debug)]
pub(crate) enum Look {
    Inspector(Box<Inspector>),
    /// With what was told and found no room yet.
    Readings(Readings, Option<(u8, Told)>),
}

/// Words of the largest record.
const LARGEST: usize = 12;

impl Look {
    /// By its role; none if that is another's.
    pub(crate) fn new(role: u32, policy: Policy) -> Option<Look> {
        Some(match role {
            l::ROLE_READ_REQUEST | l::ROLE_READ_RESPONSE => {
                Look::Readings(Readings::new(role == l::ROLE_READ_REQUEST, policy.limits), None)
            }
            _ => {
                let kind = match role {
                    l::ROLE_INSPECT_REQUEST => StreamKind::Request,
                    l::ROLE_INSPECT_RESPONSE => StreamKind::Response,
                    l::ROLE_INSPECT_AUTO => StreamKind::Auto,
                    _ => return None,
                };
                Look::Inspector(Box::new(Inspector::new(kind, policy)))
            }
        })
    }

    pub(crate) fn expect(&mut self, method: Method) {
        match self {
            Look::Inspector(inspector) => inspector.expect(method),
            Look::Readings(readings, _) => readings.expect(method),
        }
    }

    pub(crate) fn push(&mut self, chunk: &[u8], areas: &mut Areas<'_>) {
        let mut writer = Writer::new(areas);
        let mut at = 0;
        match self {
            Look::Inspector(inspector) => writer.items(inspector, &mut |inspector| inspector.poll(chunk, &mut at)),
            Look::Readings(readings, left) => {
                // What is left from the call before belongs to octets that were read.
                if left.is_none() {
                    readings.push(chunk);
                }
                writer.told(readings, left);
                at = if left.is_none() { chunk.len() } else { 0 };
            }
        }
        writer.finish(at);
    }

    pub(crate) fn end(&mut self, areas: &mut Areas<'_>) {
        let mut writer = Writer::new(areas);
        match self {
            Look::Inspector(inspector) => writer.items(inspector, &mut Inspector::finish),
            Look::Readings(readings, left) => {
                if left.is_none() {
                    readings.finish();
                }
                writer.told(readings, left);
            }
        }
        writer.finish(0);
    }
}

struct Writer<'a, 'b> {
    areas: &'a mut Areas<'b>,
    used: usize,
    records: u32,
}

impl<'a, 'b> Writer<'a, 'b> {
    fn new(areas: &'a mut Areas<'b>) -> Writer<'a, 'b> {
        areas.text.clear();
        Writer { areas, used: l::RECORDS as usize, records: 0 }
    }

    fn has_room(&self) -> bool {
        self.used + LARGEST <= self.areas.words.len()
    }

    /// Writes what an inspector tells, as far as there is room.
    fn items(&mut self, inspector: &mut Inspector, next: &mut dyn FnMut(&mut Inspector) -> Option<Item>) {
        while self.has_room()
            && let Some(item) = next(inspector)
        {
            self.item(&item, inspector.text());
        }
    }

    fn item(&mut self, item: &Item, text: &[u8]) {
        match *item {
            Item::Open { kind, start } => {
                let (low, high) = halves(start);
                self.put(&[l::NODE_OPEN | (kind as u32) << 8, low, high]);
            }
            Item::Leaf { kind, start, end, text: span } => {
                let ((start_low, start_high), (end_low, end_high)) = (halves(start), halves(end));
                let (text_start, length) = self.text(text, span);
                let first = l::NODE_LEAF | (kind as u32) << 8;
                self.put(&[first, start_low, start_high, end_low, end_high, text_start, length]);
            }
            Item::Close { kind, end, text: span } => {
                let (low, high) = halves(end);
                let (text_start, length) = self.text(text, span);
                self.put(&[l::NODE_CLOSE | (kind as u32) << 8, low, high, text_start, length]);
            }
            Item::Message(message) => self.message(&message),
            Item::Finding(finding) => self.finding(&finding),
        }
    }

    #[inline(never)]
    fn text(&mut self, text: &[u8], span: Option<Span>) -> (u32, u32) {
        let Some(Span { start, length }) = span else { return (0, l::format::NOWHERE) };
        let octets = &text[start as usize..(start + length) as usize];
        (self.areas.text.add_held(&[], octets), length)
    }

    fn message(&mut self, message: &Message) {
        let mut flags = match message.framing {
            BodyFraming::None => 0,
            BodyFraming::Length(_) => l::HAS_LENGTH,
            BodyFraming::Chunked => l::CHUNKED,
            BodyFraming::UntilClose => l::UNTIL_CLOSE,
        };
        let more =
            [(message.keep_alive, l::KEEP_ALIVE), (message.request, l::IS_REQUEST), (message.whole, l::IS_WHOLE)];
        flags |= more.iter().filter(|(is, _)| *is).fold(0, |all, (_, flag)| all | flag);
        let places = [message.start, message.head_end, message.end].map(halves);
        let [(start_low, start_high), (head_low, head_high), (end_low, end_high)] = places;
        let answers = message.answers.unwrap_or(l::format::NOWHERE);
        let first = l::MESSAGE | flags << 8;
        self.put(&[first, start_low, start_high, head_low, head_high, end_low, end_high, answers]);
    }

    fn finding(&mut self, finding: &Finding) {
        let (part, number) = match finding.what {
            What::Fault(code) => (l::FOUND_FAULT, code as u32),
            What::Tolerated(leniency) => (l::FOUND_TOLERATED, leniency as u32),
            What::Note(note) => (l::FOUND_NOTE, note as u32),
        };
        let ((start_low, start_high), (end_low, end_high)) = (halves(finding.start), halves(finding.end));
        let difference = finding.difference;
        let profile = difference.map_or(l::format::NOWHERE, |one| u32::from(one.profile));
        let (other_low, other_high) = halves(difference.map_or(0, |one| one.end));
        let (then, place) = match difference.map(|one| one.then) {
            None | Some(Then::Nothing) => (l::THEN_NOTHING, 0),
            Some(Then::Message(start)) => (l::THEN_MESSAGE, start),
            Some(Then::Refusal(offset)) => (l::THEN_REFUSAL, offset),
        };
        let (then_low, then_high) = halves(place);
        let first = l::FINDING | part << 8 | number << 16;
        self.put(&[
            first, start_low, start_high, end_low, end_high, profile, other_low, other_high, then, then_low, then_high,
        ]);
    }

    /// Writes what readings tell, as far as there is room.
    fn told(&mut self, readings: &mut Readings, left: &mut Option<(u8, Told)>) {
        while let Some((profile, told)) = left.take().or_else(|| readings.pop()) {
            if !self.has_room() {
                *left = Some((profile, told));
                return;
            }
            let (what, one, other, code) = match told {
                Told::Message { start, end } => (l::TOLD_MESSAGE, start, end, 0),
                Told::Refusal(error) => (l::TOLD_REFUSAL, error.offset, error.offset, error.code as u32),
                Told::Switch(offset) => (l::TOLD_SWITCH, offset, offset, 0),
            };
            let ((start_low, start_high), (end_low, end_high)) = (halves(one), halves(other));
            let first = l::READING | u32::from(profile) << 8 | what << 16;
            self.put(&[first, start_low, start_high, end_low, end_high, code]);
        }
    }

    fn finish(self, consumed: usize) {
        let more = !self.has_room();
        let (source, start, length) = self.areas.text.place();
        let header = &mut self.areas.words[..l::RECORDS as usize];
        header.fill(0);
        header[l::COUNT as usize] = self.records;
        header[l::CONSUMED as usize] = consumed as u32;
        header[l::STATUS as usize] = if more { l::MORE } else { 0 };
        header[l::TEXT_SOURCE as usize] = source;
        header[l::TEXT_START as usize] = start as u32;
        header[l::TEXT_LENGTH as usize] = length as u32;
    }

    #[inline(never)]
    fn put(&mut self, words: &[u32]) {
        self.areas.words[self.used..self.used + words.len()].copy_from_slice(words);
        self.used += words.len();
        self.records += 1;
    }
}
