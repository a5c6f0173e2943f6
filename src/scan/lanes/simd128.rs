//! Lanes of WebAssembly: simd128.
#![allow(unsafe_code, reason = "loading sixteen octets takes a pointer")]

use core::arch::wasm32::{
    i8x16_bitmask, u8x16_eq, u8x16_ge, u8x16_lt, u8x16_splat, u8x16_sub, v128, v128_load, v128_or,
};

use super::{Vector, WIDTH};

#[derive(Clone, Copy, Debug)]
pub(crate) struct Lanes(v128, v128);

impl Vector for Lanes {
    #[inline(always)]
    fn load(octets: &[u8; WIDTH]) -> Lanes {
        let (halves, _) = octets.as_chunks();
        Lanes::load_halves(&halves[0], &halves[1])
    }

    #[inline(always)]
    fn load_halves(first: &[u8; WIDTH / 2], second: &[u8; WIDTH / 2]) -> Lanes {
        // SAFETY: sixteen octets are read from each reference to sixteen octets; wasm loads need no
        // alignment, and the module is compiled for engines that have simd128.
        unsafe { Lanes(v128_load(first.as_ptr().cast()), v128_load(second.as_ptr().cast())) }
    }

    #[inline(always)]
    fn lower_case(self) -> Lanes {
        self.map(|half| v128_or(half, u8x16_splat(0x20)))
    }

    #[inline(always)]
    fn equal(self, octet: u8) -> Lanes {
        self.map(|half| u8x16_eq(half, u8x16_splat(octet)))
    }

    #[inline(always)]
    fn below(self, bound: u8) -> Lanes {
        self.map(|half| u8x16_lt(half, u8x16_splat(bound)))
    }

    #[inline(always)]
    fn within(self, low: u8, high: u8) -> Lanes {
        self.map(|half| u8x16_lt(u8x16_sub(half, u8x16_splat(low)), u8x16_splat(high - low + 1)))
    }

    #[inline(always)]
    fn outside(self, low: u8, high: u8) -> Lanes {
        self.map(|half| u8x16_ge(u8x16_sub(half, u8x16_splat(low)), u8x16_splat(high - low + 1)))
    }

    #[inline(always)]
    fn or(self, other: Lanes) -> Lanes {
        Lanes(v128_or(self.0, other.0), v128_or(self.1, other.1))
    }

    #[inline(always)]
    fn same(self, other: Lanes) -> Lanes {
        Lanes(u8x16_eq(self.0, other.0), u8x16_eq(self.1, other.1))
    }

    #[inline(always)]
    fn mask(self) -> u32 {
        u32::from(i8x16_bitmask(self.0)) | u32::from(i8x16_bitmask(self.1)) << 16
    }
}

impl Lanes {
    #[inline(always)]
    fn map(self, operation: impl Fn(v128) -> v128) -> Lanes {
        Lanes(operation(self.0), operation(self.1))
    }
}
