//! The ends of runs, with whatever lanes.

use super::{Vector, WIDTH, Window};
use crate::grammar;

/// End of a run of field-value octets: VCHAR, SP, HTAB, obs-text.
#[inline(always)]
pub(crate) fn field_value<V: Vector>(text: &[u8], from: usize) -> usize {
    let mut at = from;
    loop {
        at = run(text, at, controls::<V>, grammar::is_field_value);
        if text.get(at) != Some(&b'\t') {
            return at;
        }
        at += 1;
    }
}

/// End of a run of octets that may stand in a request-target.
#[inline(always)]
pub(crate) fn target<V: Vector>(text: &[u8], from: usize) -> usize {
    run(text, from, |lanes: V| lanes.outside(0x21, 0x7E).or(lanes.equal(b'#')).mask(), grammar::is_target)
}

/// End of a token.
#[inline(always)]
pub(crate) fn token<V: Vector>(text: &[u8], from: usize) -> usize {
    let mut at = from;
    loop {
        // What names are made of; the other octets of a token are looked up one by one.
        at = run(text, at, |lanes: V| !alphanumeric(lanes).or(lanes.equal(b'-')).mask(), grammar::is_token);
        if !text.get(at).is_some_and(|octet| grammar::is_token(*octet)) {
            return at;
        }
        at += 1;
    }
}

/// End of a run of octets that may stand in a reg-name as they are.
#[inline(always)]
pub(crate) fn reg_name<V: Vector>(text: &[u8], from: usize) -> usize {
    let mut at = from;
    loop {
        // What host names are made of; the others are looked up one by one.
        at = run(text, at, |lanes: V| !alphanumeric(lanes).or(lanes.within(b'-', b'.')).mask(), grammar::is_reg_name);
        if !text.get(at).is_some_and(|octet| grammar::is_reg_name(*octet)) {
            return at;
        }
        at += 1;
    }
}

/// The lanes that hold a control, HTAB included.
#[inline(always)]
pub(super) fn controls<V: Vector>(lanes: V) -> u32 {
    lanes.below(0x20).or(lanes.equal(0x7F)).mask()
}

#[inline(always)]
fn alphanumeric<V: Vector>(lanes: V) -> V {
    lanes.lower_case().within(b'a', b'z').or(lanes.within(b'0', b'9'))
}

/// Where a run ends that the lanes in `stops` end.
#[inline(always)]
fn run<V: Vector>(text: &[u8], from: usize, stops: impl Fn(V) -> u32, belongs: impl Fn(u8) -> bool) -> usize {
    let mut at = from;
    while let Some(window) = Window::at(text, at) {
        let found = window.mask(&stops);
        if found != 0 {
            return at + found.trailing_zeros() as usize;
        }
        at += window.length();
        if at >= text.len() {
            return at;
        }
    }
    short_run(text, at, stops, belongs)
}

/// The same for a text that fills no window.
#[inline(always)]
fn short_run<V: Vector>(
    text: &[u8],
    from: usize,
    stops: impl Fn(V) -> u32,
    belongs: impl Fn(u8) -> bool,
) -> usize {
    if let (Some(first), Some(last)) = (text.first_chunk(), text.last_chunk()) {
        let found = stops(V::load_halves(first, last));
        // The halves overlap: the second is moved to where it stands in the text.
        let found = found & 0xFFFF | (found >> 16) << (text.len() - WIDTH / 2);
        return text.len().min(from + (u64::from(found) >> from).trailing_zeros() as usize);
    }
    tail(text, from, belongs)
}

/// Octet by octet.
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

    use super::{super::Lanes, *};

    /// Every octet at every place of texts of several lengths, against the plain loop.
    #[test]
    fn agrees_with_the_tables() {
        type Scan = fn(&[u8], usize) -> usize;
        type Class = fn(u8) -> bool;
        let scans: [(Scan, Class); 4] = [
            (field_value::<Lanes>, grammar::is_field_value),
            (target::<Lanes>, grammar::is_target),
            (token::<Lanes>, grammar::is_token),
            (reg_name::<Lanes>, grammar::is_reg_name),
        ];
        for (scan, belongs) in scans {
            for length in [0, 1, 15, 16, 17, 31, 32, 33, 70, 140] {
                for place in (0..length).step_by(if cfg!(miri) { 3 } else { 1 }) {
                    // Miri is slow: those at the borders of the classes are enough for it.
                    for octet in (0..=255).filter(|octet| !cfg!(miri) || b"\0\t\x1F #a\x7F\x80\xFF".contains(octet)) {
                        let mut text: Vec<u8> = vec![b'a'; length];
                        text[place] = octet;
                        if place > 0 {
                            text[place - 1] = octet;
                        }
                        for from in [0, place.saturating_sub(1), place, place + 1] {
                            assert_eq!(scan(&text, from), tail(&text, from, belongs), "{octet:#x} at {place}/{length}");
                        }
                    }
                }
            }
        }
    }
}
