//! Sixteen octets compared at once, as each target does it.
//!
//! A comparison makes every lane all ones or all zeros. `portable` is the meaning of each
//! operation, written as loops; the tests hold the others to it.

#[cfg(all(target_arch = "aarch64", target_feature = "neon", target_endian = "little"))]
#[cfg_attr(h1wire_portable, allow(dead_code, reason = "left out on demand"))]
mod neon;
#[cfg_attr(not(test), allow(dead_code, reason = "the path of targets without lanes"))]
mod portable;
#[cfg(all(target_arch = "wasm32", target_feature = "simd128"))]
#[cfg_attr(h1wire_portable, allow(dead_code, reason = "left out on demand"))]
mod simd128;
#[cfg(all(target_arch = "x86_64", target_feature = "sse2"))]
#[cfg_attr(h1wire_portable, allow(dead_code, reason = "left out on demand"))]
mod sse2;

/// How many octets.
pub(super) const WIDTH: usize = 16;

#[cfg(all(target_arch = "aarch64", target_feature = "neon", target_endian = "little", not(h1wire_portable)))]
pub(super) use neon::Lanes;
#[cfg(not(any(
    all(target_arch = "x86_64", target_feature = "sse2", not(h1wire_portable)),
    all(target_arch = "aarch64", target_feature = "neon", target_endian = "little", not(h1wire_portable)),
    all(target_arch = "wasm32", target_feature = "simd128", not(h1wire_portable)),
)))]
pub(super) use portable::Lanes;
#[cfg(all(target_arch = "wasm32", target_feature = "simd128", not(h1wire_portable)))]
pub(super) use simd128::Lanes;
#[cfg(all(target_arch = "x86_64", target_feature = "sse2", not(h1wire_portable)))]
pub(super) use sse2::Lanes;

#[cfg(test)]
mod tests {
    use super::{Lanes, WIDTH, portable};

    /// Every octet in every lane, each operation against its meaning.
    #[test]
    fn lanes_mean_what_portable_says() {
        // Miri is slow: a few octets at the borders of the classes are enough for it, in a few lanes.
        for octet in (0..=255).filter(|octet| !cfg!(miri) || b"\0\x1Fm\x80\xFF".contains(octet)) {
            for lane in (0..WIDTH).step_by(if cfg!(miri) { 5 } else { 1 }) {
                let mut octets = [b'm'; WIDTH];
                octets[lane] = octet;
                let (fast, plain) = (Lanes::load(&octets), portable::Lanes::load(&octets));
                for bound in [0, 1, 0x20, 0x21, 0x7E, 0x7F, 0x80, 0xFF, b'm'] {
                    assert_eq!(fast.equal(bound).leading(), plain.equal(bound).leading());
                    assert_eq!(fast.at_least(bound).leading(), plain.at_least(bound).leading());
                    assert_eq!(fast.within(bound / 2, bound).leading(), plain.within(bound / 2, bound).leading());
                    assert_eq!(
                        fast.lower_case().equal(bound).or(fast.equal(b'm')).leading(),
                        plain.lower_case().equal(bound).or(plain.equal(b'm')).leading(),
                    );
                    assert_eq!(
                        fast.at_least(0x20).and_not(fast.equal(bound)).leading(),
                        plain.at_least(0x20).and_not(plain.equal(bound)).leading(),
                    );
                }
            }
        }
    }
}
