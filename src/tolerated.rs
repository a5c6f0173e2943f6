//! Leniencies that were used: noted where a reader meets one, told as events by the parser.

use alloc::{boxed::Box, collections::VecDeque, vec::Vec};

use crate::{
    error::{Code, Fault, fault},
    policy::{Leniencies, Leniency},
};

/// A leniency that was used: the first time in its message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tolerated {
    /// Which one.
    pub leniency: Leniency,
    /// Offset of the octet that needed it, since the parser began.
    pub offset: u64,
}

/// Which faults a reading goes past instead of ending there, and how. No policy reaches it: parsers that
/// anybody can make forgive nothing; the inspector and its readings do.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Forgiving(u64);

impl Forgiving {
    /// Nothing.
    pub(crate) const NOTHING: Forgiving = Forgiving(0);
    /// All that can be forgiven.
    pub(crate) const ALL: Forgiving = Forgiving((1 << Forgiving::CODES) - 1);
    /// A choice: codings that do not end in chunked are taken as absent.
    pub(crate) const IGNORE_CODING: Forgiving = Forgiving(1 << 60);
    /// A choice: Content-Length counts where Transfer-Encoding stands beside it.
    pub(crate) const PREFER_LENGTH: Forgiving = Forgiving(1 << 61);
    /// A choice: of Content-Lengths that differ, the last one counts.
    pub(crate) const LAST_LENGTH: Forgiving = Forgiving(1 << 62);
    /// A choice: a Transfer-Encoding at fault means chunked if it holds that word anywhere; otherwise, if it is no list,
    /// it is taken as absent.
    pub(crate) const HEED_CODING: Forgiving = Forgiving(1 << 63);

    /// Codes up to this number, all a parser's, have a bit; choices have those above.
    const CODES: u32 = 60;

    /// What forgives these codes.
    pub(crate) const fn of(codes: &[Code]) -> Forgiving {
        let mut set = 0;
        let mut index = 0;
        while index < codes.len() {
            assert!((codes[index] as u32) < Forgiving::CODES);
            set |= 1 << codes[index] as u32;
            index += 1;
        }
        Forgiving(set)
    }

    /// Both.
    #[must_use]
    pub(crate) const fn and(self, other: Forgiving) -> Forgiving {
        Forgiving(self.0 | other.0)
    }

    /// Whether it has all of the other.
    pub(crate) const fn has(self, other: Forgiving) -> bool {
        self.0 & other.0 == other.0
    }

    pub(crate) const fn forgives(self, code: Code) -> bool {
        let number = code as u32;
        number < Forgiving::CODES && self.0 & 1 << number != 0
    }
}

/// A fault that was forgiven: octets next to one another with the same one count as one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Forgiven {
    pub(crate) code: Code,
    /// Offsets of its octets, since the parser began.
    pub(crate) start: u64,
    pub(crate) end: u64,
}

/// What is switched on, and what of it a message has used.
#[derive(Clone, Debug)]
pub(crate) struct Tolerance {
    allowed: Leniencies,
    used: Leniencies,
    /// Some of `seldom.untold` is left: asked for more often than anything else.
    is_untold: bool,
    /// Kept apart, so that a parser that needs none of it is no larger for it.
    seldom: Option<Box<Seldom>>,
}

/// What only a message that is not strictly right needs.
#[derive(Clone, Debug, Default)]
struct Seldom {
    /// Uses not told yet, in the order they were met: by offset it would depend on the cut, for what
    /// a whole head decides may lie before what was told while it came.
    untold: VecDeque<Tolerated>,
    forgiving: Forgiving,
    /// Faults gone past, in the order they were met, until somebody takes them.
    forgiven: Vec<Forgiven>,
}

impl Tolerance {
    pub(crate) fn new(allowed: Leniencies) -> Tolerance {
        Tolerance { allowed, used: Leniencies::STRICT, is_untold: false, seldom: None }
    }

    /// A new message begins: each leniency is told anew.
    pub(crate) fn begin_message(&mut self) {
        self.used = Leniencies::STRICT;
    }

    /// What is on.
    pub(crate) fn allowed(&self) -> Leniencies {
        self.allowed
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
            self.note(Tolerated { leniency, offset });
        }
        permitted
    }

    /// Uses a leniency that is on, each use of which is told.
    #[cold]
    pub(crate) fn note_each(&mut self, leniency: Leniency, offset: u64) {
        self.note(Tolerated { leniency, offset });
    }

    #[cold]
    fn note(&mut self, tolerated: Tolerated) {
        self.seldom.get_or_insert_default().untold.push_back(tolerated);
        self.is_untold = true;
    }

    /// Has a reading go past these faults.
    pub(crate) fn forgive(&mut self, forgiving: Forgiving) {
        self.seldom.get_or_insert_default().forgiving = forgiving;
    }

    /// Whether a choice is made.
    pub(crate) fn chooses(&self, choice: Forgiving) -> bool {
        self.seldom.as_ref().is_some_and(|seldom| seldom.forgiving.has(choice))
    }

    /// What was gone past since the last call.
    pub(crate) fn take_forgiven(&mut self) -> Vec<Forgiven> {
        self.seldom.as_mut().map(|seldom| core::mem::take(&mut seldom.forgiven)).unwrap_or_default()
    }

    /// A fault at this index of a text with this offset: an error, unless it is forgiven. What follows a call is
    /// how a reading goes on then.
    #[cold]
    pub(crate) fn refuse(&mut self, code: Code, at: usize, offset: u64) -> Result<(), Fault> {
        let Some(seldom) = self.seldom.as_mut().filter(|seldom| seldom.forgiving.forgives(code)) else {
            return fault(code, at);
        };
        let start = offset + at as u64;
        match seldom.forgiven.last_mut() {
            Some(last) if last.code == code && (last.start..=last.end).contains(&start) => {
                last.end = last.end.max(start + 1);
            }
            _ => seldom.forgiven.push(Forgiven { code, start, end: start + 1 }),
        }
        Ok(())
    }

    /// Uses a leniency at this index of a text with this offset. Where it is off, that is a fault that names it, unless
    /// the fault is forgiven.
    pub(crate) fn require(&mut self, leniency: Leniency, code: Code, at: usize, offset: u64) -> Result<(), Fault> {
        if self.permits(leniency, offset + at as u64) {
            return Ok(());
        }
        self.refuse(code, at, offset).map_err(|fault| fault.but(leniency))
    }

    /// Whether a use is not told yet.
    pub(crate) fn is_untold(&self) -> bool {
        self.is_untold
    }

    /// The next use to tell.
    pub(crate) fn take(&mut self) -> Option<Tolerated> {
        let untold = &mut self.seldom.as_mut()?.untold;
        let next = untold.pop_front();
        self.is_untold = !untold.is_empty();
        next
    }
}
