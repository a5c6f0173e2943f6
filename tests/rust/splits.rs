//! The ways in which a test feeds an input: whole, octet by octet, and cut in two at every place.

use std::collections::BTreeSet;

/// Up to this length an input is cut everywhere.
const SHORT: usize = 2048;
/// Longer ones are cut this close to line ends, their own ends and their fault.
const NEAR: usize = 64;

/// One way to feed an input.
pub(crate) struct Way<'input> {
    pub(crate) label: String,
    pub(crate) pieces: Vec<&'input [u8]>,
    pub(crate) skip: bool,
}

/// All the ways to feed an input, whose fault lies there if it has one.
pub(crate) fn ways(input: &[u8], fault: Option<usize>) -> Vec<Way<'_>> {
    let octets: Vec<&[u8]> = input.chunks(1).collect();
    let spaced = octets.iter().flat_map(|octet| [&[][..], octet]).chain([&[][..]]).collect();
    let way = |label: &str, pieces, skip| Way { label: label.into(), pieces, skip };
    let mut ways = vec![
        way("whole", vec![input], false),
        way("whole, body skipped", vec![input], true),
        way("octet by octet", octets.clone(), false),
        way("octet by octet, body skipped", octets, true),
        way("octet by octet, empty chunks between", spaced, false),
    ];
    for cut in cuts(input, fault) {
        let (left, right) = input.split_at(cut);
        ways.push(way(&format!("cut at {cut}"), vec![left, right], false));
        ways.push(way(&format!("cut at {cut}, an empty chunk between"), vec![left, &[], right], false));
    }
    ways
}

fn cuts(input: &[u8], fault: Option<usize>) -> BTreeSet<usize> {
    if input.len() <= SHORT {
        return (1..input.len()).collect();
    }
    let line_ends = (0..input.len()).filter(|index| matches!(input[*index], b'\r' | b'\n'));
    let near = |place: usize| place.saturating_sub(NEAR).max(1)..(place + NEAR).min(input.len());
    line_ends.chain(fault).chain([0, input.len()]).flat_map(near).collect()
}
