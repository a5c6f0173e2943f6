//! Lanes of AArch64: NEON.
#![allow(unsafe_code, reason = "loading sixteen octets takes a pointer")]

use core::arch::aarch64::{
    uint8x16_t, vbicq_u8, vceqq_u8, vcgeq_u8, vcleq_u8, vdupq_n_u8, vget_lane_u64, vld1q_u8, vorrq_u8,
    vreinterpret_u64_u8, vreinterpretq_u16_u8, vshrn_n_u16, vsubq_u8,
};

use super::WIDTH;

#[derive(Clone, Copy, Debug)]
pub(in crate::scan) struct Lanes(uint8x16_t);

// SAFETY of every block here: the target always has NEON; `load` reads sixteen octets from a
// reference to sixteen octets, and the other operations touch no memory.
#[allow(clippy::undocumented_unsafe_blocks, reason = "one reason for all, above")]
#[allow(unused_unsafe, reason = "newer compilers know these operations as safe")]
impl Lanes {
    #[inline(always)]
    pub(in crate::scan) fn load(octets: &[u8; WIDTH]) -> Lanes {
        Lanes(unsafe { vld1q_u8(octets.as_ptr()) })
    }

    #[inline(always)]
    pub(in crate::scan) fn lower_case(self) -> Lanes {
        Lanes(unsafe { vorrq_u8(self.0, vdupq_n_u8(0x20)) })
    }

    #[inline(always)]
    pub(in crate::scan) fn equal(self, octet: u8) -> Lanes {
        Lanes(unsafe { vceqq_u8(self.0, vdupq_n_u8(octet)) })
    }

    #[inline(always)]
    pub(in crate::scan) fn at_least(self, bound: u8) -> Lanes {
        Lanes(unsafe { vcgeq_u8(self.0, vdupq_n_u8(bound)) })
    }

    #[inline(always)]
    pub(in crate::scan) fn within(self, low: u8, high: u8) -> Lanes {
        Lanes(unsafe { vcleq_u8(vsubq_u8(self.0, vdupq_n_u8(low)), vdupq_n_u8(high - low)) })
    }

    #[inline(always)]
    pub(in crate::scan) fn or(self, other: Lanes) -> Lanes {
        Lanes(unsafe { vorrq_u8(self.0, other.0) })
    }

    #[inline(always)]
    pub(in crate::scan) fn and_not(self, other: Lanes) -> Lanes {
        Lanes(unsafe { vbicq_u8(self.0, other.0) })
    }

    /// Narrowing each pair of lanes by four bits leaves four bits a lane.
    #[inline(always)]
    pub(in crate::scan) fn leading(self) -> usize {
        let nibbles = unsafe { vshrn_n_u16::<4>(vreinterpretq_u16_u8(self.0)) };
        let bits = unsafe { vget_lane_u64::<0>(vreinterpret_u64_u8(nibbles)) };
        (bits.trailing_ones() / 4) as usize
    }
}
