//! A section as leaves: from the positions that its reader tells, and the classes of the bytes between them.
//!
//! Every byte goes into one leaf, for leaves are made from one end of the text to the other.

use super::{
    checks::first_of,
    findings::What,
    kinds::NodeKind,
    messages::Text,
    queue::{Item, Queue, Span},
};
use crate::{
    grammar,
    parser::{Parser, look::Read},
    policy::Leniency,
    section::{Field, mentions_framing},
};

/// A whole head.
pub(crate) fn head(queue: &mut Queue, request: bool, text: Text<'_>, read: &Read<'_>) {
    let mut lines = Lines::new(queue, text);
    lines.start_line(request, read, true);
    lines.fields(read);
    lines.rest();
}

/// A head that is not whole.
pub(crate) fn head_begun(queue: &mut Queue, request: bool, parser: &Parser, text: Text<'_>) {
    let mut lines = Lines::new(queue, text);
    let whole = parser.is_in_fields();
    lines.start_line(request, &parser.section(), whole);
    if whole {
        lines.fields_begun(parser);
    }
    lines.rest();
}

/// A whole trailer section, with the empty line behind it.
pub(crate) fn trailer(queue: &mut Queue, text: Text<'_>, read: &Read<'_>) {
    let mut lines = Lines::new(queue, text);
    if !read.fields.is_empty() || !text.dropped.is_empty() {
        lines.open(NodeKind::TrailerSection);
        lines.fields(read);
        lines.close(NodeKind::TrailerSection);
    }
    lines.rest();
}

/// A trailer section that is not whole.
pub(crate) fn trailer_begun(queue: &mut Queue, parser: &Parser, text: Text<'_>) {
    let mut lines = Lines::new(queue, text);
    lines.open(NodeKind::TrailerSection);
    lines.fields_begun(parser);
    lines.rest();
    lines.close(NodeKind::TrailerSection);
}

/// Makes the leaves of a text.
struct Lines<'a> {
    queue: &'a mut Queue,
    text: &'a [u8],
    /// Offset of the text's first byte.
    offset: u64,
    /// Offsets of lines that were dropped and are not told yet.
    dropped: &'a [u64],
    /// Where the text begins in the queue's.
    copied: u32,
    /// Bytes before this one are told.
    at: usize,
}

impl<'a> Lines<'a> {
    fn new(queue: &'a mut Queue, text: Text<'a>) -> Lines<'a> {
        let copied = queue.add_text(text.bytes).start;
        Lines { queue, text: text.bytes, offset: text.start, dropped: text.dropped, copied, at: 0 }
    }

    fn start_line(&mut self, request: bool, read: &Read<'_>, whole: bool) {
        if request { self.request_line(read, whole) } else { self.status_line(read) }
    }

    /// The first line of a request, as far as it was read.
    fn request_line(&mut self, read: &Read<'_>, whole: bool) {
        let (line, length) = (read.line, self.text.len());
        self.open(NodeKind::RequestLine);
        let method_end = if line.start == 0 && !whole { length } else { line.method_end };
        self.leaf_or_empty(NodeKind::Method, method_end);
        if self.at < length || whole {
            let target_end = if line.end >= line.start { line.end } else { length };
            self.parts(line.start, NodeKind::Space, &[]);
            self.leaf_or_empty(NodeKind::RequestTarget, target_end);
            let end = self.line_end(self.at);
            self.parts(end, NodeKind::Space, &[NodeKind::Version]);
        }
        self.close(NodeKind::RequestLine);
    }

    /// The first line of a response, likewise.
    fn status_line(&mut self, read: &Read<'_>) {
        let (line, length) = (read.line, self.text.len());
        self.open(NodeKind::StatusLine);
        let reason = if line.start > 0 { line.start } else { length };
        self.parts(reason, NodeKind::Space, &[NodeKind::Version, NodeKind::StatusCode]);
        if line.start > 0 {
            let end = self.find(b"\r\n", self.at);
            self.leaf_or_empty(NodeKind::ReasonPhrase, line.end.clamp(self.at, end));
            let end = self.line_end(self.at);
            self.parts(end, NodeKind::Space, &[]);
        }
        self.close(NodeKind::StatusLine);
    }

    /// The field lines.
    #[inline(never)]
    fn fields(&mut self, read: &Read<'_>) {
        for field in read.fields {
            self.field(read, field);
        }
        while self.dropped_line() {}
    }

    /// The field lines, and the one that is not whole.
    #[inline(never)]
    fn fields_begun(&mut self, parser: &Parser) {
        let read = parser.section();
        self.fields(&read);
        if let Some(field) = parser.field_begun(self.text.len()) {
            self.field(&read, &field);
        }
    }

    /// What is left: the empty line, or what begins a line that is not whole.
    fn rest(&mut self) {
        self.parts(self.text.len(), NodeKind::BadSpace, &[]);
    }

    /// Opens a node here.
    fn open(&mut self, kind: NodeKind) {
        self.queue.open(kind, self.offset + self.at as u64);
    }

    /// Closes one here.
    fn close(&mut self, kind: NodeKind) {
        self.queue.close(kind, self.offset + self.at as u64);
    }

    /// A field line with its folds.
    fn field(&mut self, read: &Read<'_>, field: &Field) {
        self.parts(field.name_start as usize, NodeKind::BadSpace, &[]);
        self.open(NodeKind::FieldLine);
        let name_end = field.name_start as usize + field.name_length as usize;
        let colon = self.skip_space(name_end);
        if self.text.get(colon) == Some(&b':') {
            self.leaf_or_empty(NodeKind::FieldName, name_end);
            self.leaf(NodeKind::BadSpace, colon);
            self.leaf(NodeKind::Colon, colon + 1);
            self.value(read, field);
        } else {
            // A line without a colon is no field; one that is not whole may still become one.
            let kind = if colon == self.text.len() { NodeKind::FieldName } else { NodeKind::Junk };
            self.leaf(kind, name_end);
            let end = self.find(b"\n", self.at);
            self.parts(end + 1, NodeKind::BadSpace, &[]);
        }
        self.close(NodeKind::FieldLine);
    }

    /// Behind the colon: the value in its lines.
    fn value(&mut self, read: &Read<'_>, field: &Field) {
        let mut folded = false;
        loop {
            let feed = self.find(b"\n", self.at);
            let line = if self.text[self.at..feed].ends_with(b"\r") { feed - 1 } else { feed };
            let next = (feed + 1).min(self.text.len());
            let folds = self.text.get(next).is_some_and(|byte| grammar::is_space(*byte));
            let start = self.skip_space(self.at).min(line);
            let mut end = line;
            while end > start && grammar::is_space(self.text[end - 1]) {
                end -= 1;
            }
            self.leaf(NodeKind::OptionalSpace, start);
            if folds && !folded {
                self.open(NodeKind::FieldValue);
                folded = true;
            }
            if folded {
                self.leaf(NodeKind::ValuePart, end);
            } else if let Some(value) = read.put_together(field, self.text) {
                let text = self.queue.add_text(value);
                self.told(NodeKind::FieldValue, end, text);
            } else {
                self.leaf_or_empty(NodeKind::FieldValue, end);
            }
            if folds {
                let end = self.skip_space(next);
                self.leaf(NodeKind::ObsFold, end);
                continue;
            }
            if folded {
                let text = Some(self.queue.add_text(read.value(field, self.text)));
                let end = self.offset + self.at as u64;
                self.queue.push(Item::Close { kind: NodeKind::FieldValue, end, text });
            }
            self.leaf(NodeKind::OptionalSpace, line);
            self.leaf(NodeKind::LineEnd, next);
            return;
        }
    }

    /// Leaves up to `end`: whitespace of this kind, line ends, and what else there is of these kinds in turn, then junk.
    #[inline(never)]
    fn parts(&mut self, end: usize, space: NodeKind, others: &[NodeKind]) {
        let mut others = others.iter();
        while self.at < end.min(self.text.len()) {
            if self.dropped_line() {
                continue;
            }
            let rest = &self.text[self.at..end.min(self.text.len())];
            let (kind, length) = match rest[0] {
                b' ' | b'\t' => (space, self.skip_space(self.at) - self.at),
                b'\r' if rest.get(1) == Some(&b'\n') => (NodeKind::LineEnd, 2),
                b'\r' | b'\n' => (NodeKind::LineEnd, 1),
                _ => {
                    let kind = others.next().copied().unwrap_or(NodeKind::Junk);
                    (kind, first_of(rest, b" \t\r\n"))
                }
            };
            self.leaf(kind, self.at + length);
        }
    }

    /// A line that was dropped, if one begins here, with its finding. One that could be framing is refused, which is found
    /// already.
    fn dropped_line(&mut self) -> bool {
        let Some((first, others)) = self.dropped.split_first() else { return false };
        let begins = *first == self.offset + self.at as u64;
        if begins {
            self.dropped = others;
            let end = self.find(b"\n", self.at);
            let line = &self.text[self.at..end];
            let line = line.strip_suffix(b"\r").unwrap_or(line);
            if !mentions_framing(line) {
                self.queue.report(What::Tolerated(Leniency::BadFieldLines), *first, *first + line.len() as u64);
            }
            self.leaf(NodeKind::DroppedLine, end + 1);
        }
        begins
    }

    /// Where the line ends that goes on here.
    fn line_end(&self, from: usize) -> usize {
        let end = self.find(b"\r\n", from);
        end + if self.text[end..].starts_with(b"\r\n") { 2 } else { 1 }
    }

    /// Where the first of these bytes stands, or the text's end.
    fn find(&self, set: &[u8], from: usize) -> usize {
        from + first_of(&self.text[from..], set)
    }

    #[inline(never)]
    fn skip_space(&self, from: usize) -> usize {
        let rest = self.text.get(from..).unwrap_or_default();
        from + rest.iter().take_while(|byte| grammar::is_space(**byte)).count()
    }

    /// A leaf up to `end`, unless it would be empty.
    fn leaf(&mut self, kind: NodeKind, end: usize) {
        if end > self.at {
            self.leaf_or_empty(kind, end);
        }
    }

    #[inline(never)]
    fn leaf_or_empty(&mut self, kind: NodeKind, end: usize) {
        let length = end.clamp(self.at, self.text.len()) - self.at;
        self.told(kind, end, Span { start: self.copied + self.at as u32, length: length as u32 });
    }

    #[inline(never)]
    fn told(&mut self, kind: NodeKind, end: usize, text: Span) {
        let end = end.clamp(self.at, self.text.len());
        let (start, end_offset) = (self.offset + self.at as u64, self.offset + end as u64);
        self.queue.push(Item::Leaf { kind, start, end: end_offset, text: Some(text) });
        self.at = end;
    }
}
