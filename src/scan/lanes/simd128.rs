//! Lanes of WebAssembly: simd128.
#![allow(unsafe_code, reason = "loading sixteen octets takes a pointer")]

use core::arch::wasm32::{
    i8x16_bitmask, u8x16_eq, u8x16_ge, u8x16_le, u8x16_splat, u8x16_sub, v128, v128_andnot, v128_load, v128_or,
};

use super::WIDTH;

#[derive(Clone, Copy, Debug)]
pub(in crate::scan) struct Lanes(v128);

impl Lanes {
    #[inline(always)]
    pub(in crate::scan) fn load(octets: &[u8; WIDTH]) -> Lanes {
        // SAFETY: sixteen octets are read from a reference to sixteen octets; wasm loads need no
        // alignment, and the module is compiled for engines that have simd128.
        Lanes(unsafe { v128_load(octets.as_ptr().cast()) })
    }

    #[inline(always)]
    pub(in crate::scan) fn lower_case(self) -> Lanes {
        Lanes(v128_or(self.0, u8x16_splat(0x20)))
    }

    #[inline(always)]
    pub(in crate::scan) fn equal(self, octet: u8) -> Lanes {
        Lanes(u8x16_eq(self.0, u8x16_splat(octet)))
    }

    #[inline(always)]
    pub(in crate::scan) fn at_least(self, bound: u8) -> Lanes {
        Lanes(u8x16_ge(self.0, u8x16_splat(bound)))
    }

    #[inline(always)]
    pub(in crate::scan) fn within(self, low: u8, high: u8) -> Lanes {
        Lanes(u8x16_le(u8x16_sub(self.0, u8x16_splat(low)), u8x16_splat(high - low)))
    }

    #[inline(always)]
    pub(in crate::scan) fn or(self, other: Lanes) -> Lanes {
        Lanes(v128_or(self.0, other.0))
    }

    #[inline(always)]
    pub(in crate::scan) fn and_not(self, other: Lanes) -> Lanes {
        Lanes(v128_andnot(self.0, other.0))
    }

    #[inline(always)]
    pub(in crate::scan) fn leading(self) -> usize {
        u32::from(i8x16_bitmask(self.0)).trailing_ones() as usize
    }
}
