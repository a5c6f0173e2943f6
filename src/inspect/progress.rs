//! How far the inspector has come, and the other readers that look on.
//!
//! Nothing but [`Progress::go_past`] leads past bytes, and it shows them to the other readers: they have seen everything
//! before anything is concluded from them, however the stream was cut.

use super::{others::Others, queue::Queue};

/// A place in the stream.
#[derive(Debug)]
pub(crate) struct Progress {
    /// Bytes gone past, since the beginning.
    offset: u64,
    last: u8,
    others: Option<Others>,
}

impl Progress {
    pub(crate) fn new() -> Progress {
        Progress { offset: 0, last: b'\n', others: None }
    }

    pub(crate) fn offset(&self) -> u64 {
        self.offset
    }

    /// Whether a line begins here.
    pub(crate) fn is_at_line_start(&self) -> bool {
        self.last == b'\n'
    }

    #[inline(never)]
    pub(crate) fn go_past(&mut self, bytes: &[u8], queue: &mut Queue) {
        self.offset += bytes.len() as u64;
        self.last = bytes.last().copied().unwrap_or(self.last);
        if let Some(others) = &mut self.others {
            others.read(bytes);
            self.conclude_if_done(queue);
        }
    }

    /// Has readers of another message look on; those before them are done.
    pub(crate) fn watch(&mut self, others: Others, queue: &mut Queue) {
        self.conclude(queue);
        self.others = Some(others);
    }

    /// We see the message that begins at `start` end here.
    pub(crate) fn end_message(&mut self, start: u64, queue: &mut Queue) {
        if let Some(others) = &mut self.others
            && others.start == start
        {
            others.end_ours(self.offset);
            self.conclude_if_done(queue);
        }
    }

    /// The input has ended.
    pub(crate) fn finish(&mut self) {
        if let Some(others) = &mut self.others {
            others.finish();
        }
    }

    /// Reports what the other readers see; false if nobody looks on.
    #[inline(never)]
    pub(crate) fn conclude(&mut self, queue: &mut Queue) -> bool {
        let Some(others) = self.others.take() else { return false };
        others.report(queue);
        true
    }

    fn conclude_if_done(&mut self, queue: &mut Queue) {
        if self.others.as_ref().is_some_and(Others::are_done) {
            self.conclude(queue);
        }
    }
}
