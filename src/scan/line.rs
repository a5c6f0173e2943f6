//! A whole field line in one go.

use super::{
    Vector, Window,
    runs::{Class, FieldValue},
};

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
    let lanes = window.load::<V>();
    let colons = (u64::from(lanes.equal(b':').mask()) >> window.early()) as u32;
    let mut stops = (u64::from(FieldValue::stops(lanes)) >> window.early()) as u32;
    if colons == 0 {
        return None;
    }
    let colon = at + colons.trailing_zeros() as usize;
    let (mut from, mut ahead) = (at, window);
    loop {
        while stops == 0 {
            from += ahead.length();
            if from >= text.len() {
                return None;
            }
            ahead = Window::at(text, from)?;
            stops = (u64::from(FieldValue::stops(ahead.load::<V>())) >> ahead.early()) as u32;
        }
        let end = from + stops.trailing_zeros() as usize;
        if end <= colon {
            return None;
        }
        let behind: &[u8; 4] = text[end..].first_chunk()?;
        if behind == b"\r\n\r\n" || behind.starts_with(b"\r\n") {
            return Some(FieldLine { window, colon, end, last: behind == b"\r\n\r\n" });
        }
        if behind[0] != b'\t' {
            return None;
        }
        stops &= stops - 1;
    }
}
