//! Finding the end of a run of octets: eight octets at a time, portable, without `unsafe`.
//!
//! Each function returns the index, at or behind `from`, of the first octet that cannot belong to
//! the run, or the text's length.

use crate::grammar;

const ONES: u64 = u64::from_le_bytes([0x01; 8]);
const HIGHS: u64 = u64::from_le_bytes([0x80; 8]);

/// End of a run of field-value octets: VCHAR, SP, HTAB, obs-text.
#[inline]
pub(crate) fn field_value(text: &[u8], from: usize) -> usize {
    let mut at = from;
    while let Some(word) = word_at(text, at) {
        let hits = below(word, 0x20) | equal(word, 0x7F);
        if hits == 0 {
            at += 8;
            continue;
        }
        at += (hits.trailing_zeros() / 8) as usize;
        if text[at] != b'\t' {
            return at;
        }
        at += 1;
    }
    tail(text, at, grammar::is_field_value)
}

/// End of a run of octets that may stand in a request-target.
#[inline]
pub(crate) fn target(text: &[u8], from: usize) -> usize {
    let mut at = from;
    while let Some(word) = word_at(text, at) {
        let hits = below(word, 0x21) | word & HIGHS | equal(word, 0x7F) | equal(word, b'#');
        if hits != 0 {
            return at + (hits.trailing_zeros() / 8) as usize;
        }
        at += 8;
    }
    tail(text, at, grammar::is_target)
}

/// End of a token.
#[inline]
pub(crate) fn token(text: &[u8], from: usize) -> usize {
    tail(text, from, grammar::is_token)
}

#[inline(always)]
fn tail(text: &[u8], from: usize, belongs: impl Fn(u8) -> bool) -> usize {
    let mut at = from;
    while at < text.len() && belongs(text[at]) {
        at += 1;
    }
    at
}

#[inline(always)]
fn word_at(text: &[u8], at: usize) -> Option<u64> {
    let octets = text.get(at..at + 8)?;
    Some(u64::from_le_bytes(octets.try_into().ok()?))
}

/// The high bit of each octet below `bound` (at most 0x80). Only the lowest hit is sure to be one:
/// a borrow may mark octets above it.
#[inline(always)]
const fn below(word: u64, bound: u8) -> u64 {
    word.wrapping_sub(ONES * bound as u64) & !word & HIGHS
}

/// The high bit of each octet equal to `octet`, with the same caution.
#[inline(always)]
const fn equal(word: u64, octet: u8) -> u64 {
    below(word ^ (ONES * octet as u64), 1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::{vec, vec::Vec};

    /// Every octet at every place of texts of several lengths, against the plain loop.
    #[test]
    fn agrees_with_the_tables() {
        type Scan = fn(&[u8], usize) -> usize;
        type Class = fn(u8) -> bool;
        let scans: [(Scan, Class); 3] =
            [(field_value, grammar::is_field_value), (target, grammar::is_target), (token, grammar::is_token)];
        for (scan, belongs) in scans {
            for length in [0, 1, 7, 8, 9, 16, 23, 40] {
                for place in 0..length {
                    for octet in 0..=255u8 {
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
