//! Lanes of x86-64: SSE2, which every such processor has.
#![allow(unsafe_code, reason = "the intrinsics are unsafe to call")]

use core::arch::x86_64::{
    __m128i, _mm_andnot_si128, _mm_cmpeq_epi8, _mm_loadu_si128, _mm_max_epu8, _mm_min_epu8, _mm_movemask_epi8,
    _mm_or_si128, _mm_set1_epi8, _mm_sub_epi8,
};

use super::WIDTH;

#[derive(Clone, Copy, Debug)]
pub(in crate::scan) struct Lanes(__m128i);

// SAFETY of every block here: the target always has SSE2; `load` reads sixteen octets from a
// reference to sixteen octets, with no alignment asked for, and the rest touches no memory.
#[allow(clippy::undocumented_unsafe_blocks, reason = "one reason for all, above")]
impl Lanes {
    #[inline(always)]
    pub(in crate::scan) fn load(octets: &[u8; WIDTH]) -> Lanes {
        Lanes(unsafe { _mm_loadu_si128(octets.as_ptr().cast()) })
    }

    #[inline(always)]
    pub(in crate::scan) fn lower_case(self) -> Lanes {
        Lanes(unsafe { _mm_or_si128(self.0, _mm_set1_epi8(0x20)) })
    }

    #[inline(always)]
    pub(in crate::scan) fn equal(self, octet: u8) -> Lanes {
        Lanes(unsafe { _mm_cmpeq_epi8(self.0, _mm_set1_epi8(octet as i8)) })
    }

    #[inline(always)]
    pub(in crate::scan) fn at_least(self, bound: u8) -> Lanes {
        Lanes(unsafe { _mm_cmpeq_epi8(_mm_max_epu8(self.0, _mm_set1_epi8(bound as i8)), self.0) })
    }

    #[inline(always)]
    pub(in crate::scan) fn within(self, low: u8, high: u8) -> Lanes {
        let above = unsafe { _mm_sub_epi8(self.0, _mm_set1_epi8(low as i8)) };
        Lanes(unsafe { _mm_cmpeq_epi8(_mm_min_epu8(above, _mm_set1_epi8((high - low) as i8)), above) })
    }

    #[inline(always)]
    pub(in crate::scan) fn or(self, other: Lanes) -> Lanes {
        Lanes(unsafe { _mm_or_si128(self.0, other.0) })
    }

    #[inline(always)]
    pub(in crate::scan) fn and_not(self, other: Lanes) -> Lanes {
        Lanes(unsafe { _mm_andnot_si128(other.0, self.0) })
    }

    #[inline(always)]
    pub(in crate::scan) fn leading(self) -> usize {
        (unsafe { _mm_movemask_epi8(self.0) } as u32).trailing_ones() as usize
    }
}
