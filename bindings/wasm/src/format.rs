//! The formatter's functions: JavaScript writes the text into the input as UTF-8 and the parts'
//! lengths into the words, calls, and reads the output.

use h1wire_records::format::{self, Call, FORMAT_OCTETS};
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

/// Makes room for a text of so many code units, and output of so many octets; returns for how many
/// there is room. Input and output may have moved. Before the first text there must be a call of this.
#[wasm_bindgen]
pub fn format_reserve(units: u32) -> u32 {
    with(|state| {
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

/// Builds a request from the first `length` octets of the input: 0, or an error's number plus 1.
#[wasm_bindgen]
pub fn format_request(length: u32) -> u32 {
    with(|state| build(state, Call::Request, length))
}

/// Builds a response; otherwise as `format_request`.
#[wasm_bindgen]
pub fn format_response(length: u32) -> u32 {
    with(|state| build(state, Call::Response, length))
}

/// Builds the framing of a chunk; otherwise as `format_request`.
#[wasm_bindgen]
pub fn format_chunk(length: u32) -> u32 {
    with(|state| build(state, Call::Chunk, length))
}

/// Builds what ends a chunked body; otherwise as `format_request`.
#[wasm_bindgen]
pub fn format_last_chunk(length: u32) -> u32 {
    with(|state| build(state, Call::LastChunk, length))
}

fn build(state: &mut State, call: Call, length: u32) -> u32 {
    let State { words, format: FormatArea { builder, input }, .. } = state;
    let text = &input[..(length as usize).min(input.len())];
    builder.from_utf8(call, text, words)
}
