//! The addon for Node.js: marshalling only.
//!
//! Hot functions are registered raw, since a call through napi-rs's own wrappers costs several
//! times what the work does; each catches unwinding itself. The raw functions are internal to the
//! npm package: its facade sees to it that arguments are what they must be.

mod environment;
mod format;
mod parse;
mod raw;

use napi::bindgen_prelude::{Env, JsValue, Object};
use napi_derive::napi;

use crate::raw::Callback;

/// How this addon was built.
#[napi(object)]
pub struct BuildInfo {
    /// Version of the core.
    pub version: String,
    /// Architecture the code was compiled for.
    pub arch: String,
}

/// Tells how this addon was built.
#[napi]
pub fn build_info() -> BuildInfo {
    BuildInfo { version: env!("CARGO_PKG_VERSION").into(), arch: std::env::consts::ARCH.into() }
}

/// Gives an environment (a main thread, a worker) its areas and its functions.
#[napi(module_exports)]
pub fn init(exports: Object, env: Env) -> napi::Result<()> {
    const FUNCTIONS: &[(&std::ffi::CStr, Callback)] = &[
        (c"words", environment::words),
        (c"joined", environment::joined),
        (c"create", parse::create),
        (c"push", parse::push),
        (c"end", parse::end),
        (c"resume", parse::resume),
        (c"expect", parse::expect),
        (c"nextCycle", parse::next_cycle),
        (c"skip", parse::skip),
        (c"free", parse::free),
    ];
    let environment = environment::Environment::create(env.raw())?;
    for (name, callback) in FUNCTIONS.iter().chain(format::FUNCTIONS) {
        raw::export(env.raw(), exports.raw(), name, *callback, environment)?;
    }
    Ok(())
}
