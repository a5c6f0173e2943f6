//! The formatter's functions: JavaScript writes the text into the input as UTF-8 and the parts'
//! lengths into the words, calls, and reads the output.

use alloc::vec::Vec;

use h1wire_records::{
    Code,
    errors::{OuterCode, refused},
    format::{self, FORMAT_OCTETS},
};
use wasm_bindgen::prelude::*;

use crate::state::{State, with};

/// Memory of the formatter.
#[derive(Default)]
pub(crate) struct FormatArea {
    builder: format::FormatArea,
    input: Vec<u8>,
}

/// UTF-8 has at most so many octets a code unit.
const OCTETS_A_UNIT: usize = 3;

/// Makes room for a text of so many code units, output of so many octets, and so many words; returns
/// for how many octets there is room. All three may have moved. Before the first text there must be a
/// call of this.
#[wasm_bindgen]
pub fn format_reserve(units: u32, words: u32) -> u32 {
    with(|state| {
        let more = (words as usize).saturating_sub(state.words.len());
        if state.words.try_reserve_exact(more).is_err() {
            return 0;
        }
        state.words.resize(state.words.len() + more, 0);
        let units = (units as usize).max(FORMAT_OCTETS);
        let input = &mut state.format.input;
        *input = Vec::new();
        let reserved = input.try_reserve_exact(OCTETS_A_UNIT * units);
        if reserved.is_err() || state.format.builder.reserve(units).is_err() {
            return 0;
        }
        input.resize(OCTETS_A_UNIT * units, 0);
        units as u32
    })
}

/// Where the input begins in memory; it has three octets for each code unit there is room for.
#[wasm_bindgen]
pub fn format_input_ptr() -> u32 {
    with(|state| state.format.input.as_ptr() as usize as u32)
}

/// Where the output begins in memory.
#[wasm_bindgen]
pub fn format_output_ptr() -> u32 {
    with(|state| state.format.builder.output().as_ptr() as usize as u32)
}

/// Builds what the words say from the first `length` octets of the input: 0, or an error's number plus 1.
#[wasm_bindgen]
pub fn format(length: u32) -> u32 {
    with(|State { words, format: FormatArea { builder, input }, .. }| {
        let text = &input[..(length as usize).min(input.len())];
        builder.from_utf8(None, text, words)
    })
}

/// The same, and what is built is sent on this connection.
#[wasm_bindgen]
pub fn send(id: u32, length: u32) -> u32 {
    with(|State { words, sessions, format: FormatArea { builder, input }, .. }| {
        let Some(session) = sessions.get(id) else { return refused(OuterCode::Freed) };
        let Some(connection) = session.connection() else { return refused(Code::Internal) };
        let text = &input[..(length as usize).min(input.len())];
        builder.from_utf8(Some(connection), text, words)
    })
}
