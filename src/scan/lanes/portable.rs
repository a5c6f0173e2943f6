//! The meaning of each operation, and what targets without lanes do: eight octets in a word.
//!
//! A comparison sets the highest bit of an octet and no other.

use super::{Vector, WIDTH};

const LOW: u64 = 0x0101_0101_0101_0101;
const HIGH: u64 = 0x8080_8080_8080_8080;

#[derive(Clone, Copy, Debug)]
pub(crate) struct Lanes([u64; WIDTH / 8]);

impl Vector for Lanes {
    #[inline(always)]
    fn load(octets: &[u8; WIDTH]) -> Lanes {
        let words = octets.as_chunks::<8>().0;
        Lanes(core::array::from_fn(|index| u64::from_le_bytes(words[index])))
    }

    #[inline(always)]
    fn load_halves(first: &[u8; WIDTH / 2], second: &[u8; WIDTH / 2]) -> Lanes {
        let words = [first.as_chunks::<8>().0, second.as_chunks::<8>().0];
        Lanes(core::array::from_fn(|index| u64::from_le_bytes(words[index / 2][index % 2])))
    }

    #[inline(always)]
    fn lower_case(self) -> Lanes {
        self.map(|word| word | (LOW * 0x20))
    }

    #[inline(always)]
    fn equal(self, octet: u8) -> Lanes {
        self.map(|word| is_zero(word ^ (LOW * u64::from(octet))))
    }

    #[inline(always)]
    fn below(self, bound: u8) -> Lanes {
        self.map(|word| is_below(word, bound))
    }

    #[inline(always)]
    fn within(self, low: u8, high: u8) -> Lanes {
        self.map(|word| is_below(word, high + 1) & !is_below(word, low))
    }

    #[inline(always)]
    fn outside(self, low: u8, high: u8) -> Lanes {
        self.map(|word| (is_below(word, low) | !is_below(word, high + 1)) & HIGH)
    }

    #[inline(always)]
    fn or(self, other: Lanes) -> Lanes {
        Lanes(core::array::from_fn(|index| self.0[index] | other.0[index]))
    }

    #[inline(always)]
    fn same(self, other: Lanes) -> Lanes {
        Lanes(core::array::from_fn(|index| is_zero(self.0[index] ^ other.0[index])))
    }

    #[inline(always)]
    fn mask(self) -> u32 {
        // The product brings the bit of each octet into its highest octet, in order.
        let bits = self.0.map(|word| ((word >> 7).wrapping_mul(0x0102_0408_1020_4080) >> 56) as u32);
        bits[0] | bits[1] << 8 | bits[2] << 16 | bits[3] << 24
    }
}

impl Lanes {
    #[inline(always)]
    fn map(self, operation: impl Fn(u64) -> u64) -> Lanes {
        Lanes(self.0.map(operation))
    }
}

// Neither carries from one octet into the next: no sum of seven-bit numbers does.

#[inline(always)]
fn is_zero(word: u64) -> u64 {
    !(((word & !HIGH) + (!HIGH)) | word) & HIGH
}

#[inline(always)]
fn is_below(word: u64, bound: u8) -> u64 {
    !(((word & !HIGH) + LOW * u64::from(0x80 - bound)) | word) & HIGH
}
