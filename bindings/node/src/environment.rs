//! What an environment (a main thread, a worker) owns: the areas shared with its JavaScript.

use std::ffi::c_void;

use h1wire_records::{
    session::{Areas, JOINED_OCTETS, MIN_WORDS},
    text::Text,
};
use napi::sys;

use crate::{
    format::FormatArea,
    raw::{self, Shared, enter},
};

/// The areas of an environment.
pub(crate) struct Environment {
    words: Shared,
    joined: Shared,
    text: Text,
    format: FormatArea,
}

impl Environment {
    /// Makes an environment's areas; they go when it is torn down.
    pub(crate) fn create(env: sys::napi_env) -> napi::Result<*mut Environment> {
        let environment = Box::into_raw(Box::new(Environment {
            words: new_words(env, MIN_WORDS)?,
            joined: Shared::new(env, sys::TypedarrayType::uint8_array, JOINED_OCTETS, JOINED_OCTETS)?,
            text: Text::default(),
            format: FormatArea::default(),
        }));
        raw::on_teardown(env, tear_down, environment.cast())?;
        Ok(environment)
    }

    pub(crate) fn areas(&mut self) -> Areas<'_> {
        Areas { words: self.words.words(), joined: self.joined.octets(), text: &mut self.text }
    }

    pub(crate) fn words(&mut self) -> &mut [u32] {
        self.words.words()
    }

    /// Makes the words so many at least. JavaScript asks for them anew.
    pub(crate) fn reserve_words(&mut self, env: sys::napi_env, count: usize) -> bool {
        if self.words.words().len() >= count {
            return true;
        }
        let Ok(larger) = new_words(env, count) else { return false };
        std::mem::replace(&mut self.words, larger).release();
        true
    }

    /// The words and the formatter's memory, which a format call uses together.
    pub(crate) fn words_and_format(&mut self) -> (&mut [u32], &mut FormatArea) {
        (self.words.words(), &mut self.format)
    }

    pub(crate) fn text(&self) -> &Text {
        &self.text
    }
}

fn new_words(env: sys::napi_env, count: usize) -> napi::Result<Shared> {
    Shared::new(env, sys::TypedarrayType::uint32_array, count * 4, count)
}

unsafe extern "C" fn tear_down(data: *mut c_void) {
    // SAFETY: `create` gave the hook this pointer; it is called once, when no JavaScript of the
    // environment runs any more.
    let mut environment = unsafe { Box::from_raw(data.cast::<Environment>()) };
    environment.words.release();
    environment.joined.release();
    environment.format.release();
}

/// `words(): Uint32Array`
pub(crate) unsafe extern "C" fn words(env: sys::napi_env, info: sys::napi_callback_info) -> sys::napi_value {
    // SAFETY: Node.js calls this with its own handles.
    unsafe { enter(env, info, |call| Some(call.environment.words.value()), |_| {}) }
}

/// `joined(): Uint8Array`
pub(crate) unsafe extern "C" fn joined(env: sys::napi_env, info: sys::napi_callback_info) -> sys::napi_value {
    // SAFETY: as above.
    unsafe { enter(env, info, |call| Some(call.environment.joined.value()), |_| {}) }
}
