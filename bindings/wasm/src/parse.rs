//! The parser's functions. A handle is a session's id.

use alloc::vec;

use h1wire_records::{
    errors::OuterCode,
    layout,
    session::{self, Areas, Session},
};
use wasm_bindgen::prelude::*;

use crate::state::{split, with};

/// Makes a parser from the role and the options in the words; returns its id, or 2^32-1 if there
/// are too many. The words may have moved.
#[wasm_bindgen]
pub fn create(role: u32) -> u32 {
    with(|state| {
        let session = Session::new(role, &state.words);
        if state.words.len() < session.words_needed() {
            state.words = vec![0; session.words_needed()];
        }
        state.sessions.insert(session).unwrap_or(u32::MAX)
    })
}

/// Reads the first `length` octets of the window; fills the words.
#[wasm_bindgen]
pub fn push(id: u32, length: u32) {
    with(|state| {
        let (sessions, window, mut areas) = split(state);
        let chunk = &window[..(length as usize).min(window.len())];
        match sessions.get(id) {
            Some(session) => session.push(chunk, &mut areas),
            None => session::write_fault(OuterCode::Freed, &mut areas),
        }
        place_text(&mut areas, chunk);
    });
}

/// Tells the end of the input; fills the words.
#[wasm_bindgen]
pub fn end(id: u32) {
    with(|state| {
        let (sessions, _, mut areas) = split(state);
        match sessions.get(id) {
            Some(session) => session.end(&mut areas),
            None => session::write_fault(OuterCode::Freed, &mut areas),
        }
        place_text(&mut areas, &[]);
    });
}

/// The switch of protocols was declined.
#[wasm_bindgen]
pub fn resume(id: u32) {
    with(|state| state.sessions.get(id).map(Session::resume));
}

/// Announces the method of the next request, by its number.
#[wasm_bindgen]
pub fn expect(id: u32, method: u32) {
    with(|state| state.sessions.get(id).map(|session| session.expect(method)));
}

/// Goes on to a connection's next exchange; where it then stands, NOWHERE if it cannot.
#[wasm_bindgen]
pub fn next_cycle(id: u32) -> u32 {
    with(|state| state.sessions.get(id).map_or(layout::format::NOWHERE, Session::next_cycle))
}

/// Counts octets of body that were passed on unseen; the number comes in two words.
#[wasm_bindgen]
pub fn skip(id: u32, low: u32, high: u32) {
    let octets = u64::from(low) | u64::from(high) << 32;
    with(|state| state.sessions.get(id).map(|session| session.skip(octets)));
}

/// Drops a parser; an id that is none any more is let be.
#[wasm_bindgen]
pub fn free(id: u32) {
    with(|state| state.sessions.remove(id));
}

/// Whether every octet of the text that the last call left is below 0x80; `length` octets of the window were shown to it.
#[wasm_bindgen]
pub fn text_is_ascii(length: u32) -> bool {
    with(|state| {
        let (_, window, areas) = split(state);
        areas.text.octets(&window[..(length as usize).min(window.len())]).is_ascii()
    })
}

/// Says where JavaScript finds the text: one from memory starts at the address in `TEXT_START`.
fn place_text(areas: &mut Areas<'_>, chunk: &[u8]) {
    if areas.words[layout::TEXT_SOURCE as usize] == layout::FROM_MEMORY {
        areas.words[layout::TEXT_START as usize] = areas.text.octets(chunk).as_ptr() as usize as u32;
    }
}
