//! What the builder refuses, and where: the part, the byte in it, the rule.

use core::fmt;

use crate::{error::Code, grammar, scan};

/// A part that was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// What is wrong with it.
    pub code: Code,
    /// Which part it is.
    pub part: Part,
    /// Index of the byte at fault in the part; the part's length if something is missing at its
    /// end; none if the part as a whole is at fault.
    pub at: Option<usize>,
    /// The byte there, if there is one.
    pub octet: Option<u8>,
    lengths: Option<Halves>,
}

/// Lengths in halves, low before high. Everything that can be refused returns one of these: in WebAssembly, where they need
/// not be aligned to 64 bits, that costs a message 2 % less.
type Halves = [u32; 4];

/// Two lengths in bytes that should be the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Lengths {
    /// What Content-Length says.
    pub expected: u64,
    /// How long the body is, as far as it is given; or what a second Content-Length says.
    pub actual: u64,
}

/// A part of a message. Fields, trailer fields and extensions are counted from 0. Later versions may have more.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Part {
    /// None: the call itself, at this time.
    Call,
    /// The method.
    Method,
    /// The request-target.
    Target,
    /// The host a URL gave, or the Host field that is missing.
    Host,
    /// The status code.
    Status,
    /// The reason phrase.
    Reason,
    /// The method a response answers.
    RequestMethod,
    /// The body, by its length.
    Body,
    /// The name of this field.
    FieldName(usize),
    /// The value of this field.
    FieldValue(usize),
    /// The name of this trailer field.
    TrailerName(usize),
    /// The value of this trailer field.
    TrailerValue(usize),
    /// The name of this chunk extension.
    ExtensionName(usize),
    /// The value of this chunk extension.
    ExtensionValue(usize),
    /// The boundary of a multipart body, or the Content-Type that names it.
    Boundary,
    /// The name of a form's entry.
    EntryName,
    /// The name of a file in a form.
    EntryFileName,
    /// The media type of a file in a form.
    EntryType,
}

impl Refusal {
    /// The part as a whole is at fault.
    #[cold]
    #[inline(never)]
    pub(crate) fn whole(code: Code, part: Part) -> Refusal {
        Refusal { code, part, at: None, octet: None, lengths: None }
    }

    /// The lengths of the part are at fault.
    #[cold]
    #[inline(never)]
    pub(super) fn disagreeing(code: Code, part: Part, lengths: Lengths) -> Refusal {
        let Lengths { expected, actual } = lengths;
        let halves = [expected as u32, (expected >> 32) as u32, actual as u32, (actual >> 32) as u32];
        Refusal { lengths: Some(halves), ..Refusal::whole(code, part) }
    }

    /// The two lengths that disagree, if that is what is wrong.
    pub fn lengths(&self) -> Option<Lengths> {
        let whole = |low: u32, high: u32| u64::from(low) | u64::from(high) << 32;
        self.lengths.map(|[a, b, c, d]| Lengths { expected: whole(a, b), actual: whole(c, d) })
    }

    /// The byte of `text`, which is the part, at `index` is at fault.
    #[cold]
    #[inline(never)]
    pub(super) fn at(code: Code, part: Part, text: &[u8], index: usize) -> Refusal {
        Refusal { at: Some(index), octet: text.get(index).copied(), ..Refusal::whole(code, part) }
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let row = self.code.row();
        write!(f, "{:?}: {} ({})", self.part, row.message, row.rule)?;
        if let Some(Lengths { expected, actual }) = self.lengths() {
            write!(f, ": expected {expected}, got {actual}")?;
        }
        match (self.at, self.octet) {
            (Some(at), Some(octet)) => write!(f, ": 0x{octet:02X} at {at}"),
            (Some(at), None) => write!(f, ": ends at {at}"),
            (None, _) => Ok(()),
        }
    }
}

impl core::error::Error for Refusal {}

/// A part that must be a token: `empty` if it has no byte, `invalid` at its first other byte.
pub(super) fn check_token(text: &[u8], part: Part, empty: Code, invalid: Code) -> Result<(), Refusal> {
    let end = scan::token(text, 0);
    if text.is_empty() {
        Err(Refusal::at(empty, part, text, 0))
    } else if end < text.len() {
        Err(Refusal::at(invalid, part, text, end))
    } else {
        Ok(())
    }
}

/// A part without controls but HTAB: `invalid` at the first one.
// Seldom needed and often named: the scan's code stands here once.
#[inline(never)]
pub(super) fn check_text(text: &[u8], part: Part, invalid: Code) -> Result<(), Refusal> {
    let end = scan::field_value(text, 0);
    if end < text.len() { Err(Refusal::at(invalid, part, text, end)) } else { Ok(()) }
}

/// A field value: no control but HTAB, and no whitespace at its ends, where a reader would trim it.
#[inline]
pub(super) fn check_value(text: &[u8], part: Part) -> Result<(), Refusal> {
    // SP is the only whitespace in a plain value.
    if is_plain(text) && text.first() != Some(&b' ') && text.last() != Some(&b' ') {
        return Ok(());
    }
    check_any_value(text, part)
}

/// The same for a value that needs a closer look: few do.
#[inline(never)]
fn check_any_value(text: &[u8], part: Part) -> Result<(), Refusal> {
    check_text(text, part, Code::FieldValue)?;
    match text {
        [first, ..] if grammar::is_space(*first) => Err(Refusal::at(Code::ValueWhitespace, part, text, 0)),
        [.., last] if grammar::is_space(*last) => Err(Refusal::at(Code::ValueWhitespace, part, text, text.len() - 1)),
        _ => Ok(()),
    }
}

/// Whether a value has no control at all.
#[inline]
fn is_plain(text: &[u8]) -> bool {
    grammar::surely_all(text, |octet| octet >= 0x20 && octet != 0x7F)
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::vec;

    /// Every byte at every place of values around the sizes of blocks, against the table.
    #[test]
    fn values_are_checked_octet_by_octet() {
        // Miri is slow: for it a few lengths, and the bytes at the borders of the classes, are enough.
        for length in (1..70).step_by(if cfg!(miri) { 17 } else { 1 }) {
            for place in 0..length {
                for octet in (0..=255).filter(|octet| !cfg!(miri) || b"\0\t\x1F a\x7F\x80\xFF".contains(octet)) {
                    let mut text = vec![b'x'; length];
                    text[place] = octet;
                    let is_end = place == 0 || place == length - 1;
                    let expected = match octet {
                        _ if !grammar::is_field_value(octet) => Err((Code::FieldValue, Some(place), Some(octet))),
                        b' ' | b'\t' if is_end => Err((Code::ValueWhitespace, Some(place), Some(octet))),
                        _ => Ok(()),
                    };
                    let result = check_value(&text, Part::Reason).map_err(|one| (one.code, one.at, one.octet));
                    assert_eq!(result, expected, "{octet:#x} at {place}/{length}");
                }
            }
        }
        assert_eq!(check_value(b"", Part::Reason), Ok(()));
    }

    #[test]
    fn a_refusal_says_what_and_where() {
        let refusal = check_token(b"a b", Part::FieldName(2), Code::FieldNameEmpty, Code::FieldName).unwrap_err();
        let text = alloc::format!("{refusal}");
        assert!(text.starts_with("FieldName(2): ") && text.ends_with(": 0x20 at 1"), "{text}");
        let refusal = Refusal::disagreeing(Code::BodyLength, Part::Body, Lengths { expected: 5, actual: u64::MAX });
        let text = alloc::format!("{refusal}");
        assert!(text.ends_with(": expected 5, got 18446744073709551615"), "{text}");
    }
}
