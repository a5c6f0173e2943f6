//! Thirty-two octets compared at once, as each target does it.
//!
//! A comparison says yes or no in every lane; `mask` makes a bit of each. `portable` works
//! everywhere; the tests hold it to the meaning of each operation, and so the others.

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
pub(crate) const WIDTH: usize = 32;

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
    fn lanes_mean_what_they_say() {
        // Miri is slow: those at the borders of the classes are enough for it.
        for octet in (0..=255).filter(|octet| !cfg!(miri) || b"\0\x1F am\x7F\x80\xFF".contains(octet)) {
            for lane in 0..WIDTH {
                let mut octets = [b'm'; WIDTH];
                octets[lane] = octet;
                if lane > 0 {
                    octets[lane - 1] = octet;
                }
                check(&octets);
            }
        }
    }

    fn check(octets: &[u8; WIDTH]) {
        let meaning = |holds: &dyn Fn(u8) -> bool| {
            octets.iter().rev().fold(0u32, |mask, octet| mask << 1 | u32::from(holds(*octet)))
        };
        let (first, second) = octets.split_at(WIDTH / 2);
        let halves: [&[u8; WIDTH / 2]; 2] = [first.try_into().unwrap(), second.try_into().unwrap()];
        let other = [b'm'; WIDTH];
        // One list for both types, which have no trait in common.
        macro_rules! operations {
            ($lanes:ty) => {{
                let lanes = <$lanes>::load(octets);
                let same = lanes.same(<$lanes>::load(&other)).mask();
                assert_eq!(same, meaning(&|one| one == b'm'));
                assert_eq!(<$lanes>::load_halves(halves[0], halves[1]).equal(b'm').mask(), same);
                for bound in [0, 1, 0x20, 0x21, b'm', 0x7E, 0x7F, 0x80, 0xFF] {
                    assert_eq!(lanes.equal(bound).mask(), meaning(&|one| one == bound));
                    assert_eq!(lanes.lower_case().equal(bound).mask(), meaning(&|one| one | 0x20 == bound));
                    if (1..=0x80).contains(&bound) {
                        assert_eq!(lanes.below(bound).mask(), meaning(&|one| one < bound));
                    }
                    if bound < 0x80 {
                        let range = bound / 2..=bound;
                        assert_eq!(lanes.within(bound / 2, bound).mask(), meaning(&|one| range.contains(&one)));
                        assert_eq!(lanes.outside(bound / 2, bound).mask(), meaning(&|one| !range.contains(&one)));
                        let either = lanes.within(bound / 2, bound).or(lanes.equal(0xFF));
                        assert_eq!(either.mask(), meaning(&|one| range.contains(&one) || one == 0xFF));
                    }
                }
            }};
        }
        operations!(Lanes);
        operations!(portable::Lanes);
    }
}
