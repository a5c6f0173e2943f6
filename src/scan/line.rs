//! A whole field line in one go.

use super::{Vector, Window, runs::controls};

/// Where a field line's parts end, in a text.
#[derive(Clone, Copy, Debug)]
pub(crate) struct FieldLine<'a> {
    /// The text from the line's first octet on.
    pub(crate) window: Window<'a>,
    /// Index of the first colon.
    pub(crate) colon: usize,
    /// Behind the colon up to here all octets may stand in a value; a CR LF follows.
    pub(crate) end: usize,
    /// The section's empty line follows that.
    pub(crate) last: bool,
}

/// The field line at `at`, if it lies whole in the text with two octets behind it and its colon
/// stands among its first 32 octets. What stands before the colon is not looked at, but it is no
/// control.
#[inline(always)]
pub(crate) fn field_line<V: Vector>(text: &[u8], at: usize) -> Option<FieldLine<'_>> {
    let window = Window::at(text, at)?;
    let colons = window.mask(|lanes: V| lanes.equal(b':').mask());
    let mut found = window.mask(controls::<V>);
    // A control before the colon, or no colon: the lowest bit of both is not a colon's.
    if colons == 0 || found & colons.wrapping_sub(1) & !colons != 0 {
        return None;
    }
    let colon = at + colons.trailing_zeros() as usize;
    let (mut from, mut ahead) = (at, window);
    loop {
        while found == 0 {
            from += ahead.length();
            if from >= text.len() {
                return None;
            }
            ahead = Window::at(text, from)?;
            found = ahead.mask(controls::<V>);
        }
        let end = from + found.trailing_zeros() as usize;
        let behind: &[u8; 4] = text[end..].first_chunk()?;
        if behind == b"\r\n\r\n" || behind.starts_with(b"\r\n") {
            return Some(FieldLine { window, colon, end, last: behind == b"\r\n\r\n" });
        }
        if behind[0] != b'\t' {
            return None;
        }
        found &= found - 1;
    }
}
