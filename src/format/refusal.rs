//! What the builder refuses, and where: the part, the octet in it, the rule.

use core::fmt;

use crate::{error::Code, grammar, scan};

/// A part that was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// What is wrong with it.
    pub code: Code,
    /// Which part it is.
    pub part: Part,
    /// Index of the octet at fault in the part; the part's length if something is missing at its
    /// end; none if the part as a whole is at fault.
    pub at: Option<usize>,
    /// The octet there, if there is one.
    pub octet: Option<u8>,
}

/// A part of a message. Fields, trailer fields and extensions are counted from 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
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
}

impl Refusal {
    /// The part as a whole is at fault.
    pub(super) fn whole(code: Code, part: Part) -> Refusal {
        Refusal { code, part, at: None, octet: None }
    }

    /// The octet of `text`, which is the part, at `index` is at fault.
    pub(super) fn at(code: Code, part: Part, text: &[u8], index: usize) -> Refusal {
        Refusal { code, part, at: Some(index), octet: text.get(index).copied() }
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let row = self.code.row();
        write!(f, "{:?}: {} ({})", self.part, row.message, row.rule)?;
        match (self.at, self.octet) {
            (Some(at), Some(octet)) => write!(f, ": 0x{octet:02X} at {at}"),
            (Some(at), None) => write!(f, ": ends at {at}"),
            (None, _) => Ok(()),
        }
    }
}

impl core::error::Error for Refusal {}

/// A part that must be a token: `empty` if it has no octet, `invalid` at its first other octet.
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

/// A field value: no control but HTAB, and no whitespace at its ends, where a reader would trim it.
#[inline]
pub(super) fn check_value(text: &[u8], part: Part) -> Result<(), Refusal> {
    let end = scan::field_value(text, 0);
    if end < text.len() {
        return Err(Refusal::at(Code::FieldValue, part, text, end));
    }
    match text {
        [first, ..] if grammar::is_space(*first) => Err(Refusal::at(Code::ValueWhitespace, part, text, 0)),
        [.., last] if grammar::is_space(*last) => Err(Refusal::at(Code::ValueWhitespace, part, text, text.len() - 1)),
        _ => Ok(()),
    }
}
