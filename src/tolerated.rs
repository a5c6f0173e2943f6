//! Leniencies that were used: noted where a reader meets one, told as events by the parser.

use alloc::collections::VecDeque;

use crate::policy::{Leniencies, Leniency};

/// A leniency that was used: the first time in its message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tolerated {
    /// Which one.
    pub leniency: Leniency,
    /// Offset of the octet that needed it, since the parser began.
    pub offset: u64,
}

/// What is switched on, and what of it a message has used.
#[derive(Clone, Debug)]
pub(crate) struct Tolerance {
    allowed: Leniencies,
    used: Leniencies,
    /// Uses not told yet, in the order they were met: by offset it would depend on the cut, for what
    /// a whole head decides may lie before what was told while it came.
    untold: VecDeque<Tolerated>,
}

impl Tolerance {
    pub(crate) fn new(allowed: Leniencies) -> Tolerance {
        Tolerance { allowed, used: Leniencies::STRICT, untold: VecDeque::new() }
    }

    /// A new message begins: each leniency is told anew.
    pub(crate) fn begin_message(&mut self) {
        self.used = Leniencies::STRICT;
    }

    /// Whether a leniency is on, without using it.
    pub(crate) fn has(&self, leniency: Leniency) -> bool {
        self.allowed.has(leniency)
    }

    /// Uses a leniency at this offset if it is on; false if it is off.
    pub(crate) fn permits(&mut self, leniency: Leniency, offset: u64) -> bool {
        let permitted = self.allowed.has(leniency);
        if permitted && !self.used.has(leniency) {
            self.used = self.used.with(leniency);
            self.untold.push_back(Tolerated { leniency, offset });
        }
        permitted
    }

    /// Whether a use is not told yet.
    pub(crate) fn is_untold(&self) -> bool {
        !self.untold.is_empty()
    }

    /// The next use to tell.
    pub(crate) fn take(&mut self) -> Option<Tolerated> {
        self.untold.pop_front()
    }
}
