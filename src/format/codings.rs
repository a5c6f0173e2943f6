//! Transfer-Encoding as a caller gives it: a list that ends in chunked, once and bare.

use super::refusal::{Part, Refusal};
use crate::{
    error::Code,
    framing::{coding, is_known_coding, skip_space},
    grammar::{self, is_same_name},
    scan,
};

/// The list so far, over all its lines.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Codings {
    chunked: bool,
}

impl Codings {
    /// Takes in a line's value. A sender writes no empty list elements (RFC 9110 section 5.6.1.1),
    /// and before chunked a request has only codings that readers of requests know.
    pub(super) fn add(&mut self, value: &[u8], is_request: bool) -> Result<(), (Code, usize)> {
        let mut at = 0;
        loop {
            at = skip_space(value, at);
            let end = coding(value, at).map_err(|index| (Code::TransferEncoding, index))?;
            let name = &value[at..scan::token(value, at)];
            if self.chunked {
                return Err((Code::TransferEncoding, at));
            }
            self.chunked = is_same_name(name, b"chunked");
            if self.chunked && name.len() < grammar::trim(&value[at..end]).len() {
                return Err((Code::TransferEncoding, at + name.len()));
            }
            if is_request && !self.chunked && !is_known_coding(name) {
                return Err((Code::TransferCodingUnknown, at));
            }
            if end == value.len() {
                return Ok(());
            }
            at = end + 1;
        }
    }

    /// Whether the whole list, whose last line is the field of this index, ends in chunked.
    pub(super) fn check_end(self, index: usize, is_request: bool) -> Result<(), Refusal> {
        if self.chunked {
            return Ok(());
        }
        // The first speaks of requests alone.
        let code = if is_request { Code::TransferEncodingNotChunked } else { Code::TransferEncoding };
        Err(Refusal::whole(code, Part::FieldValue(index)))
    }
}
