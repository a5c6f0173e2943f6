//! The inspector in a body: its data, its chunks, byte by byte where they are framing, and its trailer section.

use super::{
    checks,
    findings::What,
    heard::Heard,
    inspector::{Inspector, Stage},
    kinds::NodeKind,
    lines,
    start::Behind,
};
use crate::{chunked::Part, error::Error, parser::look::Standing};

impl Inspector {
    pub(super) fn read_body(&mut self, bytes: &[u8], at: &mut usize) -> bool {
        let rest = &bytes[*at..];
        match self.parser().standing() {
            Standing::Untold => {
                let heard = self.parser().poll(&[], &mut 0).map(Heard::of);
                self.hear(heard);
                true
            }
            _ if rest.is_empty() => false,
            Standing::Data => {
                let passed = self.parser().passable().min(rest.len() as u64);
                if passed == 0 {
                    let heard = self.parser().poll(&rest[..1], &mut 0).map(Heard::of);
                    self.hear(heard);
                    return true;
                }
                self.parser().skip(passed);
                let kind = if self.leaves.in_chunk { NodeKind::ChunkData } else { NodeKind::BodyData };
                self.grow(kind, &rest[..passed as usize], false);
                *at += passed as usize;
                true
            }
            Standing::ChunkLine => self.read_chunk_line(rest[0], at),
            Standing::ChunkEnd => self.read_chunk_end(rest[0], at),
            Standing::Trailer => self.read_trailer(bytes, at),
            // A message ended and was told.
            Standing::Between | Standing::Head | Standing::Switched | Standing::Discard => false,
        }
    }

    #[inline(never)]
    fn hear(&mut self, heard: Result<Heard, Error>) {
        self.report_forgiven();
        match heard {
            Ok(Heard::Tolerated(tolerated)) => self.report_tolerated(tolerated),
            Ok(Heard::End) => self.end_message(),
            Ok(_) => {}
            Err(error) => self.fail_body(&error),
        }
    }

    /// Reads one byte of a body's framing; whether it was taken, or nothing if the body has failed.
    fn hear_byte(&mut self, byte: u8, at: &mut usize) -> Option<bool> {
        let mut taken = 0;
        let heard = self.parser().poll(&[byte], &mut taken).map(Heard::of);
        let failed = heard.is_err();
        self.hear(heard);
        if failed {
            return None;
        }
        *at += taken;
        Some(taken > 0)
    }

    /// A byte of a chunk-size line.
    fn read_chunk_line(&mut self, byte: u8, at: &mut usize) -> bool {
        if let Some(taken) = self.hear_byte(byte, at) {
            self.tell_chunk_line(byte, taken);
        }
        true
    }

    fn tell_chunk_line(&mut self, byte: u8, taken: bool) {
        if !self.leaves.in_chunk {
            self.end_leaf();
            self.queue.open(NodeKind::Chunk, self.progress.offset());
            self.leaves.in_chunk = true;
        }
        let goes_on = self.parser().is_in_chunk_line();
        if taken {
            let part = if goes_on { self.parser().chunk_part(byte) } else { Part::LineEnd };
            if part == Part::Semicolon {
                self.leaves.begin_extension(self.progress.offset(), &mut self.queue);
            }
            self.grow(kind_of(part), &[byte], true);
        }
        if !goes_on {
            self.end_leaf();
            if self.parser().chunk_size() == 0 {
                let offset = self.offset();
                self.queue.close(NodeKind::LastChunk, offset);
                self.leaves.in_chunk = false;
                self.messages.section.begin(offset);
            }
        }
    }

    /// A byte behind a chunk's data.
    fn read_chunk_end(&mut self, byte: u8, at: &mut usize) -> bool {
        let Some(taken) = self.hear_byte(byte, at) else { return true };
        let next = self.parser().is_in_chunk_line();
        if taken && (!next || byte == b'\n') {
            let kind = if self.parser().drops_line() { NodeKind::Junk } else { NodeKind::LineEnd };
            self.grow(kind, &[byte], kind == NodeKind::LineEnd);
        }
        if next {
            self.end_leaf();
            self.queue.close(NodeKind::Chunk, self.progress.offset());
            self.leaves.in_chunk = false;
            if taken && byte != b'\n' {
                self.tell_chunk_line(byte, taken);
            }
        }
        true
    }

    fn read_trailer(&mut self, bytes: &[u8], at: &mut usize) -> bool {
        let from = *at;
        let heard = self.parser().poll(bytes, at).map(Heard::of);
        self.keep(bytes, from, at, heard.as_ref().err());
        match heard {
            Ok(Heard::Nothing) => return *at > from,
            Ok(Heard::Tolerated(tolerated)) => self.report_tolerated(tolerated),
            Ok(_) => self.end_message(),
            Err(error) => self.fail_body(&error),
        }
        true
    }

    fn tell_trailer(&mut self, whole: bool) {
        let section = core::mem::take(&mut self.messages.section);
        if section.bytes.is_empty() {
            return;
        }
        let start = section.start;
        let text = section.from(start);
        let parser = if self.request { &self.requests } else { &self.responses };
        let queue = &mut self.queue;
        if !whole {
            return lines::trailer_begun(queue, parser, text);
        }
        let read = parser.section();
        lines::trailer(queue, text, &read);
        checks::trailer(text.bytes, &read, &mut |note, range| {
            queue.report(What::Note(note), start + range.start as u64, start + range.end as u64);
        });
    }

    pub(super) fn end_message(&mut self) {
        self.report_forgiven();
        self.end_leaf();
        self.tell_trailer(true);
        let offset = self.offset();
        if self.messages.has_body() {
            self.queue.close(NodeKind::MessageBody, offset);
        }
        self.messages.close(true, offset, &mut self.queue);
        self.progress.end_message(self.messages.current.start, &mut self.queue);
        self.stage = Stage::Start;
        self.start.behind = Behind::Message;
        if self.parser().standing() == Standing::Untold {
            // A switch, nothing else is told behind a message.
            let _ = self.parser().poll(&[], &mut 0);
            if self.request {
                self.parser().resume();
                self.start.behind = Behind::Switch;
            } else {
                self.stage = Stage::Rest(NodeKind::Switched);
            }
        }
    }

    pub(super) fn fail_body(&mut self, error: &Error) {
        self.report_forgiven();
        self.end_leaf();
        let offset = self.offset();
        if self.leaves.in_chunk {
            self.queue.close(NodeKind::Chunk, offset);
        }
        self.tell_trailer(false);
        self.report_fault(error);
        self.queue.close(NodeKind::MessageBody, offset);
        self.messages.close(false, offset, &mut self.queue);
        self.begin_junk(false);
    }

    /// Goes past bytes that belong to a leaf of this kind.
    #[inline(never)]
    pub(super) fn grow(&mut self, kind: NodeKind, bytes: &[u8], with_text: bool) {
        if !bytes.is_empty() {
            let text = if with_text { bytes } else { &[] };
            self.leaves.grow(kind, self.progress.offset(), text, &mut self.queue);
            self.go_past(bytes);
        }
    }

    #[inline(never)]
    fn end_leaf(&mut self) {
        self.leaves.end(self.progress.offset(), &mut self.queue);
    }
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
