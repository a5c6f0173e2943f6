//! The formatter's functions: parts in a text and the words, output in an area shared with JavaScript.

use h1wire_records::{
    Connection,
    format::{self, FORMAT_OCTETS},
    layout::format::FORMAT_TARGET,
};
use napi::sys::{napi_callback_info, napi_env, napi_value};

use crate::{
    parse,
    raw::{self, Call, Callback, Shared, enter},
};

/// Memory of the formatter, one an environment. JavaScript asks for room before the first call and
/// anew when it needs more, and gives the memory that messages are written to.
#[derive(Default)]
pub(crate) struct FormatArea {
    builder: format::FormatArea,
    units: Vec<u16>,
    target: Option<Shared>,
}

/// The functions to register.
pub(crate) const FUNCTIONS: &[(&std::ffi::CStr, Callback)] =
    &[(c"reserve", reserve), (c"writeTo", write_to), (c"format", format), (c"send", send)];

impl FormatArea {
    /// Makes room for so many code units and octets, or a little more; for how many there is room.
    fn reserve(&mut self, octets: usize) -> usize {
        let octets = octets.max(FORMAT_OCTETS);
        self.units = Vec::new();
        // A string is read with a NUL behind it.
        if self.builder.reserve(octets).is_err() || self.units.try_reserve_exact(octets + 1).is_err() {
            return 0;
        }
        self.units.resize(octets + 1, 0);
        octets
    }

    /// Builds from the code units read, so many; nothing if the output does not fit the memory behind what is in use.
    fn build(&mut self, connection: Option<&mut Connection>, length: usize, words: &mut [u32]) -> Option<u32> {
        let used = words[FORMAT_TARGET as usize] as usize;
        let answer = self.builder.from_utf16(connection, self.units.get(..length)?, words);
        let output = self.builder.output();
        self.target.as_mut()?.octets().get_mut(used..)?.get_mut(..output.len())?.copy_from_slice(output);
        Some(answer)
    }

    /// Lets JavaScript collect the memory that was written to.
    pub(crate) fn release(&mut self) {
        if let Some(target) = self.target.take() {
            target.release();
        }
    }
}

/// `reserve(octets: number, words: number): number`: makes room for texts of so many code units and as many octets of
/// output, and for so many words; for how many octets there is room now.
unsafe extern "C" fn reserve(env: napi_env, info: napi_callback_info) -> napi_value {
    // SAFETY: Node.js calls this with its own handles.
    unsafe {
        enter(
            env,
            info,
            |call| {
                let octets = call.number(0)? as usize;
                let words = call.number(1)? as usize;
                if !call.environment.reserve_words(call.env, words) {
                    return None;
                }
                let (_, area) = call.environment.words_and_format();
                let room = area.reserve(octets);
                call.integer(room as u32)
            },
            |_| {},
        )
    }
}

/// `writeTo(memory: Uint8Array): void`: messages are written to this memory from now on, behind what is in use. It must
/// not be given away as long as calls are made.
unsafe extern "C" fn write_to(env: napi_env, info: napi_callback_info) -> napi_value {
    let body = |call: &mut Call<'_>| {
        let memory = call.shared(0);
        let (_, area) = call.environment.words_and_format();
        area.release();
        area.target = memory;
        None
    };
    // SAFETY: as above.
    unsafe { enter(env, info, body, |_| {}) }
}

/// `format(text: string): number`: 0, or an error's number plus 1; undefined if it broke.
unsafe extern "C" fn format(env: napi_env, info: napi_callback_info) -> napi_value {
    // SAFETY: as above.
    unsafe { enter(env, info, |call| build(call, None, 0), |_| {}) }
}

/// `send(handle: External, text: string): number`: what is built is sent on this connection; otherwise
/// as `format`.
unsafe extern "C" fn send(env: napi_env, info: napi_callback_info) -> napi_value {
    let body = |call: &mut Call<'_>| match parse::connection(call) {
        Ok(connection) => build(call, Some(connection), 1),
        Err(answer) => call.integer(answer),
    };
    // SAFETY: as above.
    unsafe { enter(env, info, body, parse::break_session) }
}

/// Builds from the text that is this argument.
fn build(call: &mut Call<'_>, connection: Option<&mut Connection>, argument: usize) -> Option<napi_value> {
    let text = call.value(argument);
    let (words, area) = call.environment.words_and_format();
    let length = raw::utf16(call.env, text, &mut area.units)?;
    let answer = area.build(connection, length, words)?;
    call.integer(answer)
}
