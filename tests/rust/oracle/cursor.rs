//! A place in the input, the limits that hold there, and why reading stops.

use h1wire::{error::Code, policy::Leniency};

use super::{abnf::Machine, told::Told};

/// Why reading stops.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Stop {
    /// This is wrong with the octet at that offset.
    Fault(Code, usize),
    /// The input is at its end.
    Dry,
}

pub(crate) type Read<T> = Result<T, Stop>;

/// Reads an input octet by octet.
pub(crate) struct Cursor<'a> {
    pub(crate) input: &'a [u8],
    pub(crate) at: usize,
    /// The input's end is told: nothing will follow.
    pub(crate) ends: bool,
    pub(crate) told: Told,
    /// From this offset on, an octet is a fault.
    bounds: Vec<(usize, Code)>,
}

impl<'a> Cursor<'a> {
    pub(crate) fn new(input: &'a [u8], ends: bool, told: Told) -> Cursor<'a> {
        Cursor { input, at: 0, ends, told, bounds: Vec::new() }
    }

    /// Reads a part of at most so many octets from `start` on.
    pub(crate) fn within<T>(
        &mut self,
        (start, most, code): (usize, u64, Code),
        read: impl FnOnce(&mut Cursor<'a>) -> Read<T>,
    ) -> Read<T> {
        self.bounds.push((start.saturating_add(most as usize), code));
        let outcome = read(self);
        self.bounds.pop();
        outcome
    }

    /// The octet that stands here.
    pub(crate) fn peek(&self) -> Read<u8> {
        let octet = *self.input.get(self.at).ok_or(Stop::Dry)?;
        match self.bounds.iter().min_by_key(|(end, _)| *end) {
            Some((end, code)) if self.at >= *end => Err(Stop::Fault(*code, *end)),
            _ => Ok(octet),
        }
    }

    /// Takes the octet, which must be this one.
    pub(crate) fn expect(&mut self, octet: u8, code: Code) -> Read<()> {
        if self.peek()? != octet {
            return self.fault(code);
        }
        self.at += 1;
        Ok(())
    }

    /// Takes a line end: CRLF, or what a leniency takes for one. `code` is the fault of an octet that
    /// is no part of a line end.
    pub(crate) fn line_end(&mut self, code: Code) -> Read<()> {
        if self.cr_lf(code)? || self.permits(Leniency::OptionalLfAfterCr) { Ok(()) } else { self.fault(Code::LoneCr) }
    }

    /// The same for a field line, which a CR alone never ends.
    pub(crate) fn field_line_end(&mut self, code: Code) -> Read<()> {
        if self.cr_lf(code)? { Ok(()) } else { self.fault(Code::LoneCr) }
    }

    /// Takes CRLF or an LF alone; false if it took a CR and no LF follows.
    fn cr_lf(&mut self, code: Code) -> Read<bool> {
        if self.peek()? == b'\n' {
            if !self.permits(Leniency::OptionalCrBeforeLf) {
                return self.fault(Code::LoneLf);
            }
            self.at += 1;
            return Ok(true);
        }
        self.expect(b'\r', code)?;
        if self.peek()? != b'\n' {
            return Ok(false);
        }
        self.at += 1;
        Ok(true)
    }

    /// Takes octets as long as the rule lets them stand; says whether they are the whole of it.
    pub(crate) fn walk(&mut self, rule: &Machine) -> Read<bool> {
        let mut walk = rule.walk();
        while walk.step(self.peek()?) {
            self.at += 1;
        }
        Ok(walk.accepts())
    }

    pub(crate) fn since(&self, start: usize) -> &'a [u8] {
        &self.input[start..self.at]
    }

    /// Whether a leniency lets the octet that stands here stand.
    pub(crate) fn permits(&mut self, leniency: Leniency) -> bool {
        self.told.permits(leniency, self.at)
    }

    pub(crate) fn fault<T>(&self, code: Code) -> Read<T> {
        Err(Stop::Fault(code, self.at))
    }
}
