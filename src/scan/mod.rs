//! Finding the end of a run of octets: the only part of the core that knows processors.
//!
//! Each function returns the index, at or behind `from`, of the first octet that cannot belong to
//! the run, or the text's length. One algorithm serves every target; what differs is how sixteen
//! octets are compared at once (`lanes`). Long values go through AVX2 where it is found at run
//! time. `--cfg h1wire_portable` (for tests) leaves all of that out.

#[cfg(all(target_arch = "x86_64", feature = "std", not(h1wire_portable)))]
mod avx2;
mod lanes;

use crate::grammar;
use lanes::{Lanes, WIDTH};

/// End of a run of field-value octets: VCHAR, SP, HTAB, obs-text.
#[inline]
pub(crate) fn field_value(text: &[u8], from: usize) -> usize {
    let mut at = from;
    while let Some(octets) = text.get(at..).and_then(<[u8]>::first_chunk) {
        let lanes = Lanes::load(octets);
        let good = lanes.at_least(0x20).and_not(lanes.equal(0x7F)).or(lanes.equal(b'\t'));
        let run = good.leading();
        if run < WIDTH {
            return at + run;
        }
        // A constant, not `run`: the next load must not wait for this one's outcome.
        at += WIDTH;
        #[cfg(all(target_arch = "x86_64", feature = "std", not(h1wire_portable)))]
        if at - from == avx2::WORTHWHILE && avx2::is_there() {
            at = avx2::field_value(text, at);
            break;
        }
    }
    tail(text, at, grammar::is_field_value)
}

/// End of a run of octets that may stand in a request-target.
#[inline]
pub(crate) fn target(text: &[u8], from: usize) -> usize {
    let mut at = from;
    while let Some(octets) = text.get(at..).and_then(<[u8]>::first_chunk) {
        let lanes = Lanes::load(octets);
        let good = lanes.within(0x21, 0x7E).and_not(lanes.equal(b'#'));
        let run = good.leading();
        if run < WIDTH {
            return at + run;
        }
        // A constant, not `run`: the next load must not wait for this one's outcome.
        at += WIDTH;
    }
    tail(text, at, grammar::is_target)
}

/// End of a token.
#[inline]
pub(crate) fn token(text: &[u8], from: usize) -> usize {
    let mut at = from;
    while let Some(octets) = text.get(at..).and_then(<[u8]>::first_chunk) {
        let lanes = Lanes::load(octets);
        // What names are made of; the other octets of a token are looked up one by one.
        let letter = lanes.lower_case().within(b'a', b'z');
        let run = letter.or(lanes.within(b'0', b'9')).or(lanes.equal(b'-')).leading();
        if run == WIDTH {
            at += WIDTH;
            continue;
        }
        at += run;
        if !grammar::is_token(text[at]) {
            return at;
        }
        at += 1;
    }
    tail(text, at, grammar::is_token)
}

/// The last octets, fewer than fill the lanes.
#[inline(always)]
fn tail(text: &[u8], from: usize, belongs: impl Fn(u8) -> bool) -> usize {
    let mut at = from;
    while at < text.len() && belongs(text[at]) {
        at += 1;
    }
    at
}

#[cfg(test)]
mod tests {
    use alloc::{vec, vec::Vec};

    use super::*;

    /// Every octet at every place of texts of several lengths, against the plain loop.
    #[test]
    fn agrees_with_the_tables() {
        type Scan = fn(&[u8], usize) -> usize;
        type Class = fn(u8) -> bool;
        let scans: [(Scan, Class); 3] =
            [(field_value, grammar::is_field_value), (target, grammar::is_target), (token, grammar::is_token)];
        for (scan, belongs) in scans {
            for length in [0, 1, 15, 16, 17, 33, 70, 140] {
                // Miri is slow, and sees where a load goes astray whatever is loaded: a few places and octets do.
                for place in (0..length).step_by(if cfg!(miri) { 11 } else { 1 }) {
                    for octet in (0..=255).filter(|octet| !cfg!(miri) || b"\t#\xFF".contains(octet)) {
                        let mut text: Vec<u8> = vec![b'a'; length];
                        text[place] = octet;
                        if place > 0 {
                            text[place - 1] = octet;
                        }
                        for from in [0, place.saturating_sub(1), place] {
                            assert_eq!(scan(&text, from), tail(&text, from, belongs), "{octet:#x} at {place}/{length}");
                        }
                    }
                }
            }
        }
    }
}
