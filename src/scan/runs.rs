//! The ends of runs, with whatever lanes.

use super::{Lanes, Vector, WIDTH, Window};
use crate::grammar;

/// A class of octets that runs are made of. It is a type because a closure is not inlined always,
/// as all that is done with lanes must be: see [`super::Work`].
pub(super) trait Class {
    /// Whether each of the stops ends a run; if not, it has to be looked at alone.
    const EXACT: bool = false;

    /// A bit for each lane that ends a run, or may.
    fn stops<V: Vector>(lanes: V) -> u32;

    /// Whether an octet belongs to the class.
    fn has(octet: u8) -> bool;
}

/// End of a run of field-value octets: VCHAR, SP, HTAB, obs-text.
#[inline(always)]
pub(crate) fn field_value<V: Vector>(text: &[u8], from: usize) -> usize {
    run::<V, FieldValue>(text, from)
}

/// End of a run of octets that may stand in a request-target.
#[inline(always)]
pub(crate) fn target<V: Vector>(text: &[u8], from: usize) -> usize {
    run::<V, Target>(text, from)
}

/// End of a token.
#[inline(always)]
pub(crate) fn token<V: Vector>(text: &[u8], from: usize) -> usize {
    run::<V, Token>(text, from)
}

/// End of a run of octets that may stand in a reg-name as they are.
#[inline(always)]
pub(crate) fn reg_name<V: Vector>(text: &[u8], from: usize) -> usize {
    run::<V, RegName>(text, from)
}

/// End of a run of octets that nearly every reg-name is made of, and of a port behind it; none if a window is too
/// small to tell.
#[inline(always)]
pub(crate) fn reg_name_and_port<V: Vector>(text: &[u8], from: usize) -> Option<usize> {
    let window = Window::at(text, from)?;
    let lanes = window.load::<V>();
    let stops = u64::from(RegName::stops(lanes)) >> window.early();
    let name_end = from + stops.trailing_zeros() as usize;
    if stops == 0 || text[name_end] != b':' {
        return (stops != 0).then_some(name_end);
    }
    let port = name_end + 1;
    let stops = u64::from(!lanes.within(b'0', b'9').mask()) >> window.early() >> (port - from);
    (stops != 0).then_some(port + stops.trailing_zeros() as usize)
}

pub(super) struct FieldValue;

impl Class for FieldValue {
    /// All controls: HTAB is rare.
    #[inline(always)]
    fn stops<V: Vector>(lanes: V) -> u32 {
        lanes.below(0x20).or(lanes.equal(0x7F)).mask()
    }

    #[inline(always)]
    fn has(octet: u8) -> bool {
        grammar::is_field_value(octet)
    }
}

struct Target;

impl Class for Target {
    const EXACT: bool = true;

    #[inline(always)]
    fn stops<V: Vector>(lanes: V) -> u32 {
        lanes.outside(0x21, 0x7E).or(lanes.equal(b'#')).mask()
    }

    #[inline(always)]
    fn has(octet: u8) -> bool {
        grammar::is_target(octet)
    }
}

struct Token;

impl Class for Token {
    /// All but what field names are made of.
    #[inline(always)]
    fn stops<V: Vector>(lanes: V) -> u32 {
        !alphanumeric(lanes).or(lanes.equal(b'-')).mask()
    }

    #[inline(always)]
    fn has(octet: u8) -> bool {
        grammar::is_token(octet)
    }
}

struct RegName;

impl Class for RegName {
    /// All but what host names are made of.
    #[inline(always)]
    fn stops<V: Vector>(lanes: V) -> u32 {
        !alphanumeric(lanes).or(lanes.within(b'-', b'.')).mask()
    }

    #[inline(always)]
    fn has(octet: u8) -> bool {
        grammar::is_reg_name(octet)
    }
}

#[inline(always)]
fn alphanumeric<V: Vector>(lanes: V) -> V {
    lanes.lower_case().within(b'a', b'z').or(lanes.within(b'0', b'9'))
}

#[inline(always)]
fn run<V: Vector, C: Class>(text: &[u8], from: usize) -> usize {
    let mut at = from;
    while let Some(window) = Window::at(text, at) {
        let mut stops = u64::from(C::stops(window.load::<V>())) >> window.early();
        while stops != 0 {
            let stop = at + stops.trailing_zeros() as usize;
            if C::EXACT || !C::has(text[stop]) {
                return stop;
            }
            stops &= stops - 1;
        }
        at += window.length();
        if at >= text.len() {
            return at;
        }
    }
    short_run::<C>(text, at)
}

/// The same for a text that fills no window: rare, and so compiled once for a class.
#[inline(never)]
fn short_run<C: Class>(text: &[u8], from: usize) -> usize {
    let mut at = from;
    if let (Some(first), Some(last)) = (text.first_chunk(), text.last_chunk()) {
        let stops = C::stops(Lanes::load_halves(first, last));
        // The halves overlap: the second is moved to where it stands in the text.
        let stops = stops & 0xFFFF | (stops >> 16) << (text.len() - WIDTH / 2);
        at = text.len().min(from + (u64::from(stops) >> from).trailing_zeros() as usize);
    }
    while at < text.len() && C::has(text[at]) {
        at += 1;
    }
    at
}

#[cfg(test)]
mod tests {
    use alloc::{vec, vec::Vec};

    use super::*;

    fn plain(text: &[u8], from: usize, belongs: fn(u8) -> bool) -> usize {
        from + text.get(from..).unwrap_or(&[]).iter().take_while(|octet| belongs(**octet)).count()
    }

    /// Every octet at every place of a name and its port, wherever the window has to begin.
    #[test]
    fn a_name_and_its_port_end_where_they_should() {
        let is_usual = |octet: u8| octet.is_ascii_alphanumeric() || b"-.".contains(&octet);
        for behind in [b"".as_slice(), &[b'\r'; 40]] {
            for place in 0..8 {
                for octet in (0..=255).filter(|octet| !cfg!(miri) || b"\r%.0:a".contains(octet)) {
                    let mut text = [b"................................ab.c:80\r".as_slice(), behind].concat();
                    text[WIDTH + place] = octet;
                    let mut end = plain(&text, WIDTH, is_usual);
                    if text[end] == b':' {
                        end = plain(&text, end + 1, |octet| octet.is_ascii_digit());
                    }
                    let wanted = (end < text.len()).then_some(end);
                    assert_eq!(reg_name_and_port::<Lanes>(&text, WIDTH), wanted, "{octet:#x} at {place}");
                }
            }
        }
        let (name, port) = ([b'a'; 40], [[b'a'; 31], [b':'; 31]].concat());
        for text in [&name[..], &port, b"a\r\n"] {
            assert_eq!(reg_name_and_port::<Lanes>(text, 0), None);
        }
    }

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
                // Miri is slow, and sees where a load goes astray whatever is loaded: a few places and octets do.
                for place in (0..length).step_by(if cfg!(miri) { 11 } else { 1 }) {
                    for octet in (0..=255).filter(|octet| !cfg!(miri) || b"\t#\xFF".contains(octet)) {
                        let mut text: Vec<u8> = vec![b'a'; length];
                        text[place] = octet;
                        if place > 0 {
                            text[place - 1] = octet;
                        }
                        for from in [0, place.saturating_sub(1), place, place + 1] {
                            assert_eq!(
                                scan(&text, from),
                                plain(&text, from, belongs),
                                "{octet:#x} at {place}/{length}"
                            );
                        }
                    }
                }
            }
        }
    }
}
