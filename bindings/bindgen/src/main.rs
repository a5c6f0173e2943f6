//! Makes the JavaScript glue of a built wasm module: `h1wire-bindgen INPUT.wasm OUTPUT_FOLDER`.
//!
//! The glue can replace an instance that trapped by a fresh one (`__wbg_reset_state`).
//!
//! It stands in for the `wasm-bindgen` command, so that the library and the tool can never be
//! of different versions: both come from this workspace's lock file.

use std::process::ExitCode;
use wasm_bindgen_cli_support::Bindgen;

fn main() -> ExitCode {
    let mut arguments = std::env::args().skip(1);
    let (Some(input), Some(output)) = (arguments.next(), arguments.next()) else {
        eprintln!("usage: h1wire-bindgen INPUT.wasm OUTPUT_FOLDER");
        return ExitCode::from(2);
    };
    let made = Bindgen::new()
        .input_path(input)
        .web(true)
        .and_then(|bindgen| bindgen.typescript(true).reset_state_function(true).out_name("h1wire").generate(output));
    match made {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("h1wire-bindgen: {error:#}");
            ExitCode::FAILURE
        }
    }
}
