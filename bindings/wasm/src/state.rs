//! What an instance owns: the areas shared with JavaScript, and the parsers by number.

use alloc::{boxed::Box, vec, vec::Vec};
use core::cell::RefCell;

use h1wire_records::{
    session::{Areas, JOINED_OCTETS, MIN_WORDS, Session},
    text::Text,
};
use wasm_bindgen::prelude::*;

use crate::format::FormatArea;

/// Octets of a chunk that go into one call.
const WINDOW_OCTETS: usize = 1 << 16;

/// The areas and parsers of an instance.
pub(crate) struct State {
    pub(crate) words: Vec<u32>,
    pub(crate) joined: Vec<u8>,
    pub(crate) window: Vec<u8>,
    pub(crate) text: Text,
    pub(crate) sessions: Slab,
    pub(crate) format: FormatArea,
}

impl State {
    fn new() -> State {
        State {
            words: vec![0; MIN_WORDS],
            joined: vec![0; JOINED_OCTETS],
            window: vec![0; WINDOW_OCTETS],
            text: Text::default(),
            sessions: Slab::default(),
            format: FormatArea::default(),
        }
    }
}

/// What one thread alone can reach, as the thread-locals of the standard library are here.
struct OneThread<T>(T);

// SAFETY: a wasm instance belongs to one thread as long as its memory cannot be shared, which takes atomics.
#[cfg(not(target_feature = "atomics"))]
unsafe impl<T> Sync for OneThread<T> {}

static STATE: OneThread<RefCell<Option<State>>> = OneThread(RefCell::new(None));

/// Runs `work` on the instance's state. Nothing in here calls JavaScript, so it is never entered twice.
pub(crate) fn with<T>(work: impl FnOnce(&mut State) -> T) -> T {
    work(STATE.0.borrow_mut().get_or_insert_with(State::new))
}

/// Splits what a call fills from what it reads.
pub(crate) fn split(state: &mut State) -> (&mut Slab, &[u8], Areas<'_>) {
    let State { words, joined, window, text, sessions, .. } = state;
    (sessions, window, Areas { words, joined, text })
}

/// Sessions by id: a place and, above it, how often the place was used before, so that an id of a
/// freed session never finds its successor.
#[derive(Default)]
pub(crate) struct Slab {
    places: Vec<(u32, Option<Box<Session>>)>,
    vacant: Vec<u32>,
}

const PLACE_BITS: u32 = 20;
const GENERATIONS: u32 = 1 << (32 - PLACE_BITS);

impl Slab {
    pub(crate) fn insert(&mut self, session: Session) -> Option<u32> {
        let place = match self.vacant.pop() {
            Some(place) => place,
            None if self.places.len() < 1 << PLACE_BITS => {
                self.places.push((0, None));
                self.places.len() as u32 - 1
            }
            None => return None,
        };
        let (generation, slot) = &mut self.places[place as usize];
        *slot = Some(Box::new(session));
        Some(place | *generation << PLACE_BITS)
    }

    pub(crate) fn get(&mut self, id: u32) -> Option<&mut Session> {
        let (generation, slot) = self.places.get_mut((id & ((1 << PLACE_BITS) - 1)) as usize)?;
        if *generation == id >> PLACE_BITS { slot.as_deref_mut() } else { None }
    }

    pub(crate) fn remove(&mut self, id: u32) {
        if self.get(id).is_some() {
            let place = id & ((1 << PLACE_BITS) - 1);
            let (generation, slot) = &mut self.places[place as usize];
            *slot = None;
            *generation = (*generation + 1) % GENERATIONS;
            self.vacant.push(place);
        }
    }
}

/// Where the words begin in memory, in octets.
#[wasm_bindgen]
pub fn words_ptr() -> u32 {
    with(|state| state.words.as_ptr() as usize as u32)
}

/// How many words there are.
#[wasm_bindgen]
pub fn words_len() -> u32 {
    with(|state| state.words.len() as u32)
}

/// Where the joined area begins in memory.
#[wasm_bindgen]
pub fn joined_ptr() -> u32 {
    with(|state| state.joined.as_ptr() as usize as u32)
}

/// Octets of the joined area.
#[wasm_bindgen]
pub fn joined_len() -> u32 {
    with(|state| state.joined.len() as u32)
}

/// Where the window for chunks begins in memory.
#[wasm_bindgen]
pub fn window_ptr() -> u32 {
    with(|state| state.window.as_ptr() as usize as u32)
}

/// Octets of the window.
#[wasm_bindgen]
pub fn window_len() -> u32 {
    with(|state| state.window.len() as u32)
}
