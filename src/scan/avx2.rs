//! Long field values, 32 octets at a time, where the processor has AVX2.
#![allow(unsafe_code, reason = "AVX2 is not part of the target: it is asked for at run time")]

use core::arch::x86_64::{
    _mm256_andnot_si256, _mm256_cmpeq_epi8, _mm256_loadu_si256, _mm256_max_epu8, _mm256_movemask_epi8, _mm256_or_si256,
    _mm256_set1_epi8,
};

const WIDTH: usize = 32;

/// Octets of a run after which asking for AVX2 pays.
pub(super) const WORTHWHILE: usize = 64;

/// Whether this processor has AVX2; the answer is remembered by the standard library.
#[inline(always)]
pub(super) fn is_there() -> bool {
    std::is_x86_feature_detected!("avx2")
}

/// End of a run of field-value octets, or where fewer than 32 octets are left. Call it only if
/// [`is_there`]; otherwise it stands still.
pub(super) fn field_value(text: &[u8], from: usize) -> usize {
    if !is_there() {
        return from;
    }
    // SAFETY: the processor has AVX2.
    unsafe { field_value_avx2(text, from) }
}

#[target_feature(enable = "avx2")]
fn field_value_avx2(text: &[u8], from: usize) -> usize {
    let mut at = from;
    while let Some(octets) = text.get(at..).and_then(<[u8]>::first_chunk::<WIDTH>) {
        // SAFETY: 32 octets are read from a reference to 32 octets; no alignment is asked for.
        let lanes = unsafe { _mm256_loadu_si256(octets.as_ptr().cast()) };
        let visible = _mm256_cmpeq_epi8(_mm256_max_epu8(lanes, _mm256_set1_epi8(0x20)), lanes);
        let visible = _mm256_andnot_si256(_mm256_cmpeq_epi8(lanes, _mm256_set1_epi8(0x7F)), visible);
        let good = _mm256_or_si256(visible, _mm256_cmpeq_epi8(lanes, _mm256_set1_epi8(0x09)));
        let run = (_mm256_movemask_epi8(good) as u32).trailing_ones() as usize;
        if run < WIDTH {
            return at + run;
        }
        at += WIDTH;
    }
    at
}
