//! Lanes of AVX2, which is not part of the target: whoever makes any must know that the processor has it.
#![allow(unsafe_code, reason = "the intrinsics are unsafe to call")]

use core::arch::x86_64::{
    __m256i, _mm_loadu_si128, _mm256_cmpeq_epi8, _mm256_loadu_si256, _mm256_max_epu8, _mm256_min_epu8,
    _mm256_movemask_epi8, _mm256_or_si256, _mm256_set_m128i, _mm256_set1_epi8, _mm256_sub_epi8,
};

use super::{Vector, WIDTH};
use crate::scan::Work;

/// What is asked for is what the work is compiled with: both are made of one list.
macro_rules! needs {
    ($($feature:tt),+) => {
        /// Whether this processor has what [`run`] needs; the answer is remembered by the standard library.
        #[inline(always)]
        pub(in crate::scan) fn is_there() -> bool {
            $(std::is_x86_feature_detected!($feature))&&+
        }

        /// Does the work with these lanes. The processor must have all it is compiled with: see [`is_there`].
        $(#[target_feature(enable = $feature)])+
        pub(in crate::scan) fn run<W: Work>(work: &mut W, text: &[u8]) -> W::Outcome {
            work.run::<Lanes>(text)
        }
    };
}

needs!("avx2", "bmi1", "bmi2");

#[derive(Clone, Copy, Debug)]
pub(in crate::scan) struct Lanes(__m256i);

// SAFETY of every block here: nobody names this type but `run`, so the processor has AVX2; a load
// reads as many octets as its reference has, with no alignment asked for, and the rest touches no
// memory.
#[allow(clippy::undocumented_unsafe_blocks, reason = "one reason for all, above")]
impl Vector for Lanes {
    #[inline(always)]
    fn load(octets: &[u8; WIDTH]) -> Lanes {
        Lanes(unsafe { _mm256_loadu_si256(octets.as_ptr().cast()) })
    }

    #[inline(always)]
    fn load_halves(first: &[u8; WIDTH / 2], second: &[u8; WIDTH / 2]) -> Lanes {
        let load = |half: &[u8; WIDTH / 2]| unsafe { _mm_loadu_si128(half.as_ptr().cast()) };
        Lanes(unsafe { _mm256_set_m128i(load(second), load(first)) })
    }

    #[inline(always)]
    fn lower_case(self) -> Lanes {
        Lanes(unsafe { _mm256_or_si256(self.0, _mm256_set1_epi8(0x20)) })
    }

    #[inline(always)]
    fn equal(self, octet: u8) -> Lanes {
        Lanes(unsafe { _mm256_cmpeq_epi8(self.0, _mm256_set1_epi8(octet as i8)) })
    }

    #[inline(always)]
    fn below(self, bound: u8) -> Lanes {
        Lanes(unsafe { _mm256_cmpeq_epi8(_mm256_min_epu8(self.0, _mm256_set1_epi8((bound - 1) as i8)), self.0) })
    }

    #[inline(always)]
    fn within(self, low: u8, high: u8) -> Lanes {
        Lanes(unsafe { _mm256_sub_epi8(self.0, _mm256_set1_epi8(low as i8)) }).below(high - low + 1)
    }

    #[inline(always)]
    fn outside(self, low: u8, high: u8) -> Lanes {
        let above = unsafe { _mm256_sub_epi8(self.0, _mm256_set1_epi8(low as i8)) };
        Lanes(unsafe { _mm256_cmpeq_epi8(_mm256_max_epu8(above, _mm256_set1_epi8((high - low + 1) as i8)), above) })
    }

    #[inline(always)]
    fn or(self, other: Lanes) -> Lanes {
        Lanes(unsafe { _mm256_or_si256(self.0, other.0) })
    }

    #[inline(always)]
    fn same(self, other: Lanes) -> Lanes {
        Lanes(unsafe { _mm256_cmpeq_epi8(self.0, other.0) })
    }

    #[inline(always)]
    fn mask(self) -> u32 {
        (unsafe { _mm256_movemask_epi8(self.0) }) as u32
    }
}
