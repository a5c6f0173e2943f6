//! Thirty-two octets compared at once, as each target does it.
//!
//! A comparison says yes or no in every lane; `mask` makes a bit of each. `portable` works
//! everywhere; the tests hold it to the meaning of each operation, and so the others.

#[cfg(all(target_arch = "x86_64", feature = "std", not(h1wire_portable)))]
pub(super) mod avx2;
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
pub(crate) use neon::Lanes;
#[cfg(not(any(
    all(target_arch = "x86_64", target_feature = "sse2", not(h1wire_portable)),
    all(target_arch = "aarch64", target_feature = "neon", target_endian = "little", not(h1wire_portable)),
    all(target_arch = "wasm32", target_feature = "simd128", not(h1wire_portable)),
)))]
pub(crate) use portable::Lanes;
#[cfg(all(target_arch = "wasm32", target_feature = "simd128", not(h1wire_portable)))]
pub(crate) use simd128::Lanes;
#[cfg(all(target_arch = "x86_64", target_feature = "sse2", not(h1wire_portable)))]
pub(crate) use sse2::Lanes;

/// What can be asked of 32 octets at once. Comparisons say yes or no in every lane.
pub(crate) trait Vector: Copy {
    fn load(octets: &[u8; WIDTH]) -> Self;

    fn load_halves(first: &[u8; WIDTH / 2], second: &[u8; WIDTH / 2]) -> Self;

    /// Each lane with bit 0x20 set: letters in lower case.
    fn lower_case(self) -> Self;

    fn equal(self, octet: u8) -> Self;

    /// Lanes below `bound`, which is from 1 to 0x80.
    fn below(self, bound: u8) -> Self;

    /// Lanes from `low` to `high`, both included and below 0x80.
    fn within(self, low: u8, high: u8) -> Self;

    /// The other lanes.
    fn outside(self, low: u8, high: u8) -> Self;

    fn or(self, other: Self) -> Self;

    /// The lanes that two texts have alike.
    fn same(self, other: Self) -> Self;

    /// A bit for each lane that a comparison set, the first lane's lowest.
    fn mask(self) -> u32;
}

#[cfg(test)]
mod tests {
    use super::{Lanes, Vector, WIDTH, portable};

    /// Every octet in every lane, each operation against its meaning.
    #[test]
    fn lanes_mean_what_they_say() {
        // Miri is slow: a few octets at the borders of the classes are enough for it, in a few lanes.
        for octet in (0..=255).filter(|octet| !cfg!(miri) || b"\0\x1Fm\x80\xFF".contains(octet)) {
            for lane in (0..WIDTH).step_by(if cfg!(miri) { 5 } else { 1 }) {
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
        operations::<Lanes>(octets);
        operations::<portable::Lanes>(octets);
        #[cfg(all(target_arch = "x86_64", feature = "std", not(h1wire_portable)))]
        if super::avx2::is_there() {
            operations::<super::avx2::Lanes>(octets);
        }
    }

    fn operations<V: Vector>(octets: &[u8; WIDTH]) {
        let meaning = |holds: &dyn Fn(u8) -> bool| {
            octets.iter().rev().fold(0u32, |mask, octet| mask << 1 | u32::from(holds(*octet)))
        };
        let lanes = V::load(octets);
        let same = lanes.same(V::load(&[b'm'; WIDTH])).mask();
        assert_eq!(same, meaning(&|one| one == b'm'));
        let (first, second) = octets.split_at(WIDTH / 2);
        assert_eq!(V::load_halves(first.try_into().unwrap(), second.try_into().unwrap()).equal(b'm').mask(), same);
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
    }
}
