//! The outcome of a stream does not depend on how it is cut, whatever is set.

use crate::settings::Settings;

/// Reads the stream whole, octet by octet and in pieces.
pub fn check(data: &[u8]) {
    let Some((settings, input)) = Settings::divide(data) else { return };
    let whole = settings.outcome(&[input], false);
    if let Some(fault) = whole.fault {
        assert!(fault.offset <= input.len() as u64, "{fault} lies outside");
        assert_eq!(fault.octet, input.get(fault.offset as usize).copied());
    }
    let octets: Vec<&[u8]> = input.chunks(1).collect();
    for (how, pieces) in [("octet by octet", &octets), ("in pieces", &settings.cut(input))] {
        assert_eq!(settings.outcome(pieces, false), whole, "{how}");
        assert_eq!(settings.outcome(pieces, true), whole, "{how}, body skipped");
    }
}
