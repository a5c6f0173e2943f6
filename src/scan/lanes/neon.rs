//! Lanes of AArch64: NEON.
#![allow(unsafe_code, reason = "loading sixteen octets takes a pointer")]

use core::arch::aarch64::{
    uint8x16_t, vandq_u8, vceqq_u8, vcgeq_u8, vcltq_u8, vdupq_n_u8, vgetq_lane_u32, vld1q_u8, vorrq_u8, vpaddq_u8,
    vreinterpretq_u32_u8, vsubq_u8,
};

use super::{Vector, WIDTH};

#[derive(Clone, Copy, Debug)]
pub(crate) struct Lanes(uint8x16_t, uint8x16_t);

/// The bit of each lane in its octet of the mask.
const BITS: [u8; WIDTH / 2] = [1, 2, 4, 8, 16, 32, 64, 128, 1, 2, 4, 8, 16, 32, 64, 128];

// SAFETY of every block here: the target always has NEON; a load reads sixteen octets from a
// reference to sixteen octets, and the other operations touch no memory.
#[allow(clippy::undocumented_unsafe_blocks, reason = "one reason for all, above")]
#[allow(unused_unsafe, reason = "newer compilers know these operations as safe")]
impl Vector for Lanes {
    #[inline(always)]
    fn load(octets: &[u8; WIDTH]) -> Lanes {
        let (halves, _) = octets.as_chunks();
        Lanes::load_halves(&halves[0], &halves[1])
    }

    #[inline(always)]
    fn load_halves(first: &[u8; WIDTH / 2], second: &[u8; WIDTH / 2]) -> Lanes {
        unsafe { Lanes(vld1q_u8(first.as_ptr()), vld1q_u8(second.as_ptr())) }
    }

    #[inline(always)]
    fn lower_case(self) -> Lanes {
        self.map(|half| unsafe { vorrq_u8(half, vdupq_n_u8(0x20)) })
    }

    #[inline(always)]
    fn equal(self, octet: u8) -> Lanes {
        self.map(|half| unsafe { vceqq_u8(half, vdupq_n_u8(octet)) })
    }

    #[inline(always)]
    fn below(self, bound: u8) -> Lanes {
        self.map(|half| unsafe { vcltq_u8(half, vdupq_n_u8(bound)) })
    }

    #[inline(always)]
    fn within(self, low: u8, high: u8) -> Lanes {
        self.map(|half| unsafe { vcltq_u8(vsubq_u8(half, vdupq_n_u8(low)), vdupq_n_u8(high - low + 1)) })
    }

    #[inline(always)]
    fn outside(self, low: u8, high: u8) -> Lanes {
        self.map(|half| unsafe { vcgeq_u8(vsubq_u8(half, vdupq_n_u8(low)), vdupq_n_u8(high - low + 1)) })
    }

    #[inline(always)]
    fn or(self, other: Lanes) -> Lanes {
        unsafe { Lanes(vorrq_u8(self.0, other.0), vorrq_u8(self.1, other.1)) }
    }

    #[inline(always)]
    fn same(self, other: Lanes) -> Lanes {
        unsafe { Lanes(vceqq_u8(self.0, other.0), vceqq_u8(self.1, other.1)) }
    }

    /// Eight lanes, each with a bit of its own, add up to an octet of the mask.
    #[inline(always)]
    fn mask(self) -> u32 {
        unsafe {
            let bits = vld1q_u8(BITS.as_ptr());
            let pairs = vpaddq_u8(vandq_u8(self.0, bits), vandq_u8(self.1, bits));
            let fours = vpaddq_u8(pairs, pairs);
            vgetq_lane_u32::<0>(vreinterpretq_u32_u8(vpaddq_u8(fours, fours)))
        }
    }
}

impl Lanes {
    #[inline(always)]
    fn map(self, operation: impl Fn(uint8x16_t) -> uint8x16_t) -> Lanes {
        Lanes(operation(self.0), operation(self.1))
    }
}
