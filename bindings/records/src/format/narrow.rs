//! Text to octets, one a code unit: text of JavaScript comes as UTF-16 or UTF-8.

use alloc::vec::Vec;
use core::array;

/// One octet a code unit, or the index of the first code unit that is none. What `narrow` has beyond them stays as it is.
pub(super) fn narrow_utf16<'a>(units: &[u16], narrow: &'a mut Vec<u8>) -> Result<&'a [u8], usize> {
    if narrow.len() < units.len() {
        narrow.resize(units.len(), 0);
    }
    let octets = &mut narrow[..units.len()];
    if narrow_to(units, octets) > 0xFF {
        return Err(units.iter().position(|unit| *unit > 0xFF).unwrap_or_default());
    }
    Ok(octets)
}

/// Puts the lower octet of each unit into its place; returns all bits of all units.
#[inline(never)]
fn narrow_to(units: &[u16], octets: &mut [u8]) -> u16 {
    let (Some(last), Some(place)) = (units.last_chunk(), octets.last_chunk_mut()) else {
        return octets.iter_mut().zip(units).fold(0, |all, (octet, unit)| {
            *octet = *unit as u8;
            all | unit
        });
    };
    // First the last block: blocks before it may reach over it.
    let mut all = narrow_block(last, place, [0; BLOCK]);
    for (block, place) in units.as_chunks().0.iter().zip(octets.as_chunks_mut().0) {
        all = narrow_block(block, place, all);
    }
    all.iter().fold(0, |all, unit| all | unit)
}

/// Code units that are narrowed at once.
const BLOCK: usize = 32;

#[inline(always)]
fn narrow_block(units: &[u16; BLOCK], octets: &mut [u8; BLOCK], all: [u16; BLOCK]) -> [u16; BLOCK] {
    *octets = units.map(|unit| unit as u8);
    array::from_fn(|index| all[index] | units[index])
}

/// The same from UTF-8: octets 0x80 to 0xFF come as two, 0xC2 or 0xC3 and one more. Up to the first
/// code unit above 0xFF each unit is one octet, so that its index counts in code units too.
pub(super) fn narrow_utf8(octets: &[u8], narrow: &mut Vec<u8>) -> Result<(), usize> {
    let mut rest = octets;
    loop {
        rest = match rest {
            [] => return Ok(()),
            [octet @ 0..=0x7F, rest @ ..] => {
                narrow.push(*octet);
                rest
            }
            [lead @ 0xC2..=0xC3, next @ 0x80..=0xBF, rest @ ..] => {
                narrow.push(lead << 6 | next & 0x3F);
                rest
            }
            _ => return Err(narrow.len()),
        };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn code_units_are_narrowed_or_refused_wherever_they_stand() {
        let mut narrow = Vec::new();
        for length in 0..=3 * BLOCK {
            let mut units: Vec<u16> = (0..length as u16).map(|unit| unit * 0x53 % 0x100).collect();
            let octets: Vec<u8> = units.iter().map(|unit| *unit as u8).collect();
            assert_eq!(narrow_utf16(&units, &mut narrow), Ok(&octets[..]));
            for place in 0..length {
                for high in [0x100, 0xFF00] {
                    units[place] |= high;
                    assert_eq!(narrow_utf16(&units, &mut narrow), Err(place));
                    units[place] &= 0xFF;
                }
            }
        }
    }
}
