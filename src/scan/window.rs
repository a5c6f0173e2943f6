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

    /// Whether the window begins with the first `length` octets, fewer than 32, of the entry at `start`
    /// in a table whose entries all have 32 octets of others before them.
    #[inline(always)]
    pub(crate) fn begins_with<V: Vector>(self, table: &[u8], start: usize, length: usize) -> bool {
        let Some(entry) = table.get(start - self.early..).and_then(<[u8]>::first_chunk) else { return false };
        let same = V::load(self.octets).same(V::load(entry)).mask();
        (u64::from(same) >> self.early).trailing_ones() as usize >= length
    }
}
