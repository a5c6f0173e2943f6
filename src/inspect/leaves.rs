//! Leaves that come byte by byte: those of bodies, and of what follows HTTP.

use alloc::vec::Vec;

use super::{
    findings::{Note, What},
    kinds::NodeKind,
    queue::{Queue, Span},
};

/// What a body, or what follows HTTP, has shown so far.
#[derive(Debug, Default)]
pub(crate) struct Leaves {
    /// The leaf that the last bytes belong to, and where it began.
    leaf: Option<(NodeKind, u64)>,
    text: Vec<u8>,
    /// A chunk is open.
    pub(crate) in_chunk: bool,
    reported_extension: bool,
    reported_zeros: bool,
}

impl Leaves {
    /// A leaf of this kind began there, with what was read since.
    pub(crate) fn begin(&mut self, kind: NodeKind, start: u64) {
        self.leaf = Some((kind, start));
    }

    /// Bytes from this offset on that go on with a leaf of this kind, or begin one.
    #[inline(never)]
    pub(crate) fn grow(&mut self, kind: NodeKind, start: u64, text: &[u8], queue: &mut Queue) {
        if self.leaf.is_none_or(|(before, _)| before != kind) {
            self.end(start, queue);
            self.begin(kind, start);
        }
        self.text.extend_from_slice(text);
    }

    /// Ends the leaf here, if there is one.
    #[inline(never)]
    pub(crate) fn end(&mut self, end: u64, queue: &mut Queue) {
        let Some((kind, start)) = self.leaf.take() else { return };
        let text = core::mem::take(&mut self.text);
        let is_zeros = kind == NodeKind::ChunkSize && text.len() > 1 && text[0] == b'0';
        if is_zeros && !core::mem::replace(&mut self.reported_zeros, true) {
            queue.report(What::Note(Note::ChunkZeros), start, end);
        }
        let span = match &text[..] {
            [] => None,
            [b'"', quoted @ ..] if kind == NodeKind::ExtensionValue => Some(add_unquoted(queue, quoted)),
            text => Some(queue.add_text(text)),
        };
        queue.leaf(kind, start, end, span);
    }

    /// A chunk extension begins here; the first one of a message is reported.
    pub(crate) fn begin_extension(&mut self, start: u64, queue: &mut Queue) {
        if !core::mem::replace(&mut self.reported_extension, true) {
            queue.report(What::Note(Note::ChunkExtension), start, start + 1);
        }
    }
}

/// What is in a quoted-string, RFC 9110 section 5.6.4, whose first quote is left out.
fn add_unquoted(queue: &mut Queue, quoted: &[u8]) -> Span {
    let mut plain = Vec::new();
    let mut bytes = quoted.iter();
    while let Some(byte) = bytes.next() {
        match byte {
            b'"' => {}
            b'\\' => plain.extend(bytes.next()),
            _ => plain.push(*byte),
        }
    }
    queue.add_text(&plain)
}
