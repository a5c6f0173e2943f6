//! milo decides on framing as we do; it tells names, values and data by callbacks, and only those are switched on.

use std::cell::Cell;

use milo_parser::{
    CALLBACK_ACTIVE_ON_DATA, CALLBACK_ACTIVE_ON_HEADER_NAME, CALLBACK_ACTIVE_ON_HEADER_VALUE, Parser, STATE_ERROR,
};

thread_local! {
    static TOLD: Cell<usize> = const { Cell::new(0) };
}

pub(crate) fn parser(request: bool) -> Parser {
    let mut parser = Parser::new();
    parser.autodetect = false;
    parser.is_request = request;
    // Its own limits are lower than ours: 8 KiB a head.
    parser.max_header_length = 1 << 22;
    parser.callbacks.on_header_name = tell;
    parser.callbacks.on_header_value = tell;
    parser.callbacks.on_data = tell;
    parser.active_callbacks =
        CALLBACK_ACTIVE_ON_HEADER_NAME | CALLBACK_ACTIVE_ON_HEADER_VALUE | CALLBACK_ACTIVE_ON_DATA;
    parser
}

/// Reads all the octets; returns the octets of names, values and bodies, or how it failed.
#[inline(never)]
pub(crate) fn read(parser: &mut Parser, octets: &[u8]) -> Result<usize, String> {
    TOLD.set(0);
    let mut rest = octets;
    while !rest.is_empty() {
        let used = parser.parse(rest.as_ptr(), rest.len());
        if parser.state == STATE_ERROR {
            return Err(parser.error_description_str().into());
        }
        if used == 0 {
            return Err(format!("it leaves {} octets unread", rest.len()));
        }
        rest = &rest[used..];
    }
    Ok(TOLD.get())
}

fn tell(_parser: &mut Parser, _at: usize, length: usize) {
    TOLD.set(TOLD.get() + length);
}
