//! Trailer sections: fields that may not stand in one are refused, whatever the reader would do.

use super::{
    FieldLine, Output,
    refusal::{Part, Refusal, check_token, check_value},
};
use crate::{error::Code, grammar::is_same_name, names::FieldName};

/// RFC 9110 section 6.5.1, by its reasons.
const FORBIDDEN: &[FieldName] = &[
    // Message framing, and what else belongs to the connection.
    FieldName::TRANSFER_ENCODING,
    FieldName::CONTENT_LENGTH,
    FieldName::CONNECTION,
    FieldName::KEEP_ALIVE,
    FieldName::PROXY_CONNECTION,
    FieldName::UPGRADE,
    // Routing, and what tells of it.
    FieldName::HOST,
    FieldName::VIA,
    FieldName::FORWARDED,
    FieldName::X_REAL_IP,
    // Authentication.
    FieldName::AUTHORIZATION,
    FieldName::PROXY_AUTHORIZATION,
    FieldName::WWW_AUTHENTICATE,
    FieldName::PROXY_AUTHENTICATE,
    FieldName::COOKIE,
    FieldName::SET_COOKIE,
    // Request modifiers: controls, conditionals, and what a response is chosen by.
    FieldName::ACCEPT,
    FieldName::ACCEPT_CHARSET,
    FieldName::ACCEPT_ENCODING,
    FieldName::ACCEPT_LANGUAGE,
    FieldName::ORIGIN,
    FieldName::ACCESS_CONTROL_REQUEST_METHOD,
    FieldName::ACCESS_CONTROL_REQUEST_HEADERS,
    FieldName::SEC_WEBSOCKET_KEY,
    FieldName::SEC_WEBSOCKET_VERSION,
    FieldName::SEC_WEBSOCKET_PROTOCOL,
    FieldName::SEC_WEBSOCKET_EXTENSIONS,
    FieldName::CACHE_CONTROL,
    FieldName::EXPECT,
    FieldName::MAX_FORWARDS,
    FieldName::PRAGMA,
    FieldName::RANGE,
    FieldName::TE,
    FieldName::IF_MATCH,
    FieldName::IF_NONE_MATCH,
    FieldName::IF_MODIFIED_SINCE,
    FieldName::IF_UNMODIFIED_SINCE,
    FieldName::IF_RANGE,
    // Response control, and what may be done with the content.
    FieldName::SEC_WEBSOCKET_ACCEPT,
    FieldName::ACCESS_CONTROL_ALLOW_ORIGIN,
    FieldName::ACCESS_CONTROL_ALLOW_METHODS,
    FieldName::ACCESS_CONTROL_ALLOW_HEADERS,
    FieldName::ACCESS_CONTROL_ALLOW_CREDENTIALS,
    FieldName::ACCESS_CONTROL_EXPOSE_HEADERS,
    FieldName::ACCESS_CONTROL_MAX_AGE,
    FieldName::CONTENT_SECURITY_POLICY,
    FieldName::STRICT_TRANSPORT_SECURITY,
    FieldName::X_CONTENT_TYPE_OPTIONS,
    FieldName::X_FRAME_OPTIONS,
    FieldName::AGE,
    FieldName::EXPIRES,
    FieldName::DATE,
    FieldName::LOCATION,
    FieldName::RETRY_AFTER,
    FieldName::VARY,
    FieldName::WARNING,
    // How the content is to be processed.
    FieldName::CONTENT_ENCODING,
    FieldName::CONTENT_TYPE,
    FieldName::CONTENT_RANGE,
    FieldName::CONTENT_DISPOSITION,
    FieldName::TRAILER,
];

/// [`FORBIDDEN`] by number.
static IS_FORBIDDEN: [bool; 256] = {
    let mut table = [false; 256];
    let mut index = 0;
    while index < FORBIDDEN.len() {
        table[FORBIDDEN[index].id() as usize] = true;
        index += 1;
    }
    table
};

/// What was Forwarded before there was a standard: X-Forwarded-For, -Host, -Proto and whatever else there is.
const FORWARDED_PREFIX: &[u8] = b"X-Forwarded-";

/// Whether a field has no place in a trailer section.
pub(crate) fn is_forbidden(number: FieldName, name: &[u8]) -> bool {
    IS_FORBIDDEN[number.id() as usize]
        || name.get(..FORWARDED_PREFIX.len()).is_some_and(|start| is_same_name(start, FORWARDED_PREFIX))
}

/// Checks and writes the lines of a trailer section, not the empty line behind it.
pub(super) fn write<'a>(lines: impl Iterator<Item = FieldLine<'a>>, out: &mut impl Output) -> Result<(), Refusal> {
    for (index, (name, value)) in lines.enumerate() {
        check_line(index, name, value)?;
        out.write_field(name, value);
    }
    Ok(())
}

/// Checks the lines of a trailer section that is not written, in an answer to HEAD.
pub(super) fn check<'a>(lines: impl Iterator<Item = FieldLine<'a>>) -> Result<(), Refusal> {
    lines.enumerate().try_for_each(|(index, (name, value))| check_line(index, name, value))
}

fn check_line(index: usize, name: &[u8], value: &[u8]) -> Result<(), Refusal> {
    check_token(name, Part::TrailerName(index), Code::FieldNameEmpty, Code::FieldName)?;
    if is_forbidden(FieldName::of(name), name) {
        return Err(Refusal::whole(Code::TrailerForbidden, Part::TrailerName(index)));
    }
    check_value(value, Part::TrailerValue(index))
}
