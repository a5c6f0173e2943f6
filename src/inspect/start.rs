//! Where a message can start: the first line, held until it is whole, and the junk before it.

use alloc::vec::Vec;

use super::{first_line, kinds::NodeKind, queue::Queue};

/// What stands between messages.
#[derive(Debug, Default)]
pub(crate) struct Start {
    /// Line ends, and the line behind them, until it is whole.
    held: Vec<u8>,
    /// Where in it the line begins, once it has.
    line_start: Option<usize>,
    junk: Option<Junk>,
    /// What was read before it.
    pub(crate) behind: Behind,
}

/// What a first line stands behind.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Behind {
    #[default]
    Nothing,
    /// A message that ended here, as far as anybody could tell.
    Message,
    /// A request that asks for a switch of protocols.
    Switch,
}

/// Bytes that no message can be made of.
#[derive(Debug)]
struct Junk {
    kind: NodeKind,
    start: u64,
    /// What comes next stands within a line, where no message can begin.
    mid_line: bool,
}

/// Line ends, and a line that is whole.
#[derive(Debug)]
pub(crate) struct FirstLine {
    pub(crate) bytes: Vec<u8>,
    /// How many of them are line ends before the line.
    pub(crate) lead: usize,
}

impl FirstLine {
    pub(crate) fn text(&self) -> &[u8] {
        &self.bytes[self.lead..]
    }

    fn ends_within_line(&self) -> bool {
        !self.bytes.ends_with(b"\n")
    }
}

impl Start {
    /// Holds bytes up to the end of a first line, or so many; false if more are needed.
    pub(crate) fn hold(&mut self, bytes: &[u8], at: &mut usize, most: usize) -> bool {
        while let Some(&byte) = bytes.get(*at) {
            let before = self.held.last().copied();
            self.held.push(byte);
            *at += 1;
            let is_line_end = matches!(byte, b'\r' | b'\n');
            let is_whole = match self.line_start {
                None if is_line_end => false,
                None => {
                    self.line_start = Some(self.held.len() - 1);
                    false
                }
                // Behind a CR alone a message goes on; but no message begins there in junk.
                Some(_) => byte == b'\n' || before == Some(b'\r') && self.junk.is_none(),
            };
            if is_whole || self.held.len() >= most {
                return true;
            }
        }
        false
    }

    /// Whether anything is held.
    pub(crate) fn is_held(&self) -> bool {
        !self.held.is_empty()
    }

    /// What is held, which is held no more.
    pub(crate) fn release(&mut self) -> FirstLine {
        let lead = self.line_start.take().unwrap_or(self.held.len());
        FirstLine { bytes: core::mem::take(&mut self.held), lead }
    }

    /// Begins junk of this kind.
    pub(crate) fn begin_junk(&mut self, kind: NodeKind, start: u64, mid_line: bool) {
        self.junk = Some(Junk { kind, start, mid_line });
    }

    /// Begins junk with this line.
    pub(crate) fn begin_junk_with(&mut self, kind: NodeKind, start: u64, line: &FirstLine) {
        self.begin_junk(kind, start, line.ends_within_line());
    }

    /// Whether the line goes on with junk that began before it.
    pub(crate) fn is_junk(&mut self, line: &FirstLine, request: bool) -> bool {
        let Some(junk) = &mut self.junk else { return false };
        let is_junk = junk.mid_line || !first_line::begins(line.text(), request);
        junk.mid_line = line.ends_within_line();
        is_junk
    }

    /// Junk ends here, if there is any.
    pub(crate) fn end_junk(&mut self, end: u64, queue: &mut Queue) {
        if let Some(Junk { kind, start, .. }) = self.junk.take() {
            queue.leaf(kind, start, end, None);
        }
    }
}
