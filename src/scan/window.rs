//! The next 32 octets of a text, wherever in it they begin.

use super::{Vector, WIDTH};

/// The octets of a text from an index on, at most 32.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Window<'a> {
    octets: &'a [u8; WIDTH],
    /// Where fewer than 32 octets are left, the lanes begin this many octets too early.
    early: usize,
}

impl<'a> Window<'a> {
    /// The octets from `at` on, which is at most the text's length; none if the text is shorter than
    /// 32 octets.
    #[inline(always)]
    pub(crate) fn at(text: &'a [u8], at: usize) -> Option<Window<'a>> {
        let start = text.len().checked_sub(WIDTH)?.min(at);
        Some(Window { octets: text[start..].first_chunk()?, early: at - start })
    }

    /// How many octets.
    #[inline(always)]
    pub(super) fn length(self) -> usize {
        WIDTH - self.early
    }

    /// The lanes. Their masks are to be shifted down by what the lanes begin too early.
    #[inline(always)]
    pub(super) fn load<V: Vector>(self) -> V {
        V::load(self.octets)
    }

    /// How many octets too early the lanes begin.
    #[inline(always)]
    pub(super) fn early(self) -> usize {
        self.early
    }

    /// How the window begins with the first `length` octets, fewer than 32, of the entry at `start` in a
    /// table whose entries all have 32 octets of others before them: as the entry is, or as it is with
    /// bit 0x20 set everywhere; none if in neither way.
    #[inline(always)]
    pub(crate) fn begins_with<V: Vector>(self, table: &[u8], start: usize, length: usize) -> Option<Match> {
        let lanes = V::load(self.octets);
        let entry = V::load(table.get(start - self.early..)?.first_chunk()?);
        let begins = |same: u32| (u64::from(same) >> self.early).trailing_ones() as usize >= length;
        if begins(lanes.same(entry).mask()) {
            Some(Match::Exact)
        } else if begins(lanes.same(entry.lower_case()).mask()) {
            Some(Match::LowerCase)
        } else {
            None
        }
    }
}

/// How a window begins with an entry.
pub(crate) enum Match {
    Exact,
    LowerCase,
}
