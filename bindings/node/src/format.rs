//! The formatter's functions: parts in a text and the words, output in an area shared with JavaScript.

use h1wire_records::{
    Connection,
    format::{self, FORMAT_OCTETS},
};
use napi::sys::{self, napi_callback_info, napi_env, napi_value};

use crate::{
    parse,
    raw::{self, Call, Callback, Shared, enter},
};

/// Memory of the formatter, one an environment. JavaScript asks for the output area before the
/// first call, and anew when it needs a larger one.
#[derive(Default)]
pub(crate) struct FormatArea {
    builder: format::FormatArea,
    units: Vec<u16>,
    output: Option<Shared>,
}

/// The functions to register.
pub(crate) const FUNCTIONS: &[(&std::ffi::CStr, Callback)] =
    &[(c"formatted", formatted), (c"format", format), (c"send", send)];

impl FormatArea {
    /// Makes room for so many octets; nothing if there is not so much memory.
    fn reserve(&mut self, env: napi_env, octets: usize) -> Option<napi_value> {
        let octets = octets.max(FORMAT_OCTETS);
        self.release();
        self.units = Vec::new();
        self.builder.reserve(octets).ok()?;
        // A string is read with a NUL behind it.
        self.units.try_reserve_exact(octets + 1).ok()?;
        self.units.resize(octets + 1, 0);
        let output = Shared::new(env, sys::TypedarrayType::uint8_array, octets, octets).ok()?;
        Some(self.output.insert(output).value())
    }

    /// Builds from the code units read, so many; nothing if the output does not fit its area.
    fn build(&mut self, connection: Option<&mut Connection>, length: usize, words: &mut [u32]) -> Option<u32> {
        let answer = self.builder.from_utf16(connection, self.units.get(..length)?, words);
        let output = self.builder.output();
        self.output.as_mut()?.octets().get_mut(..output.len())?.copy_from_slice(output);
        Some(answer)
    }

    /// Lets JavaScript collect the output area.
    pub(crate) fn release(&mut self) {
        if let Some(output) = self.output.take() {
            output.release();
        }
    }
}

/// `formatted(octets: number, words: number): Uint8Array`: a new output area, with room for so many
/// octets at least, and so many words; undefined if there is not so much memory.
unsafe extern "C" fn formatted(env: napi_env, info: napi_callback_info) -> napi_value {
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
                area.reserve(call.env, octets)
            },
            |_| {},
        )
    }
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
        Err(code) => call.integer(code as u32 + 1),
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
