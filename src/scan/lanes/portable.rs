//! The meaning of each operation, as loops: for targets without lanes, and for the tests of the others.

use super::WIDTH;

#[derive(Clone, Copy, Debug)]
pub(in crate::scan) struct Lanes([u8; WIDTH]);

impl Lanes {
    #[inline(always)]
    pub(in crate::scan) fn load(octets: &[u8; WIDTH]) -> Lanes {
        Lanes(*octets)
    }

    /// Each lane with bit 0x20 set: letters in lower case.
    #[inline(always)]
    pub(in crate::scan) fn lower_case(self) -> Lanes {
        Lanes(self.0.map(|octet| octet | 0x20))
    }

    #[inline(always)]
    pub(in crate::scan) fn equal(self, octet: u8) -> Lanes {
        Lanes(self.0.map(|one| if one == octet { 0xFF } else { 0 }))
    }

    #[inline(always)]
    pub(in crate::scan) fn at_least(self, bound: u8) -> Lanes {
        Lanes(self.0.map(|one| if one >= bound { 0xFF } else { 0 }))
    }

    /// Lanes from `low` to `high`, both included.
    #[inline(always)]
    pub(in crate::scan) fn within(self, low: u8, high: u8) -> Lanes {
        Lanes(self.0.map(|one| if (low..=high).contains(&one) { 0xFF } else { 0 }))
    }

    #[inline(always)]
    pub(in crate::scan) fn or(self, other: Lanes) -> Lanes {
        Lanes(core::array::from_fn(|lane| self.0[lane] | other.0[lane]))
    }

    /// These lanes where the others are zero.
    #[inline(always)]
    pub(in crate::scan) fn and_not(self, other: Lanes) -> Lanes {
        Lanes(core::array::from_fn(|lane| self.0[lane] & !other.0[lane]))
    }

    /// How many lanes from the first on are all ones.
    #[inline(always)]
    pub(in crate::scan) fn leading(self) -> usize {
        self.0.iter().position(|lane| *lane == 0).unwrap_or(WIDTH)
    }
}
