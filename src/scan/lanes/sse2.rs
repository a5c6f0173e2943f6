//! Lanes of x86-64: SSE2, which every such processor has.
#![allow(unsafe_code, reason = "the intrinsics are unsafe to call")]

use core::arch::x86_64::{
    __m128i, _mm_cmpeq_epi8, _mm_loadu_si128, _mm_max_epu8, _mm_min_epu8, _mm_movemask_epi8, _mm_or_si128,
    _mm_set1_epi8, _mm_sub_epi8,
};

use super::{Vector, WIDTH};

#[derive(Clone, Copy, Debug)]
pub(crate) struct Lanes(__m128i, __m128i);

// SAFETY of every block here: the target always has SSE2; a load reads sixteen octets from a
// reference to sixteen octets, with no alignment asked for, and the rest touches no memory.
#[allow(clippy::undocumented_unsafe_blocks, reason = "one reason for all, above")]
impl Vector for Lanes {
    #[inline(always)]
    fn load(octets: &[u8; WIDTH]) -> Lanes {
        let (halves, _) = octets.as_chunks();
        Lanes::load_halves(&halves[0], &halves[1])
    }

    #[inline(always)]
    fn load_halves(first: &[u8; WIDTH / 2], second: &[u8; WIDTH / 2]) -> Lanes {
        unsafe { Lanes(_mm_loadu_si128(first.as_ptr().cast()), _mm_loadu_si128(second.as_ptr().cast())) }
    }

    #[inline(always)]
    fn lower_case(self) -> Lanes {
        self.map(|half| unsafe { _mm_or_si128(half, _mm_set1_epi8(0x20)) })
    }

    #[inline(always)]
    fn equal(self, octet: u8) -> Lanes {
        self.map(|half| unsafe { _mm_cmpeq_epi8(half, _mm_set1_epi8(octet as i8)) })
    }

    #[inline(always)]
    fn below(self, bound: u8) -> Lanes {
        self.map(|half| unsafe { _mm_cmpeq_epi8(_mm_min_epu8(half, _mm_set1_epi8((bound - 1) as i8)), half) })
    }

    #[inline(always)]
    fn within(self, low: u8, high: u8) -> Lanes {
        self.map(|half| unsafe { _mm_sub_epi8(half, _mm_set1_epi8(low as i8)) }).below(high - low + 1)
    }

    #[inline(always)]
    fn outside(self, low: u8, high: u8) -> Lanes {
        self.map(|half| unsafe {
            let above = _mm_sub_epi8(half, _mm_set1_epi8(low as i8));
            _mm_cmpeq_epi8(_mm_max_epu8(above, _mm_set1_epi8((high - low + 1) as i8)), above)
        })
    }

    #[inline(always)]
    fn or(self, other: Lanes) -> Lanes {
        unsafe { Lanes(_mm_or_si128(self.0, other.0), _mm_or_si128(self.1, other.1)) }
    }

    #[inline(always)]
    fn same(self, other: Lanes) -> Lanes {
        unsafe { Lanes(_mm_cmpeq_epi8(self.0, other.0), _mm_cmpeq_epi8(self.1, other.1)) }
    }

    #[inline(always)]
    fn mask(self) -> u32 {
        unsafe { _mm_movemask_epi8(self.0) as u32 | (_mm_movemask_epi8(self.1) as u32) << 16 }
    }
}

impl Lanes {
    #[inline(always)]
    fn map(self, operation: impl Fn(__m128i) -> __m128i) -> Lanes {
        Lanes(operation(self.0), operation(self.1))
    }
}
