//! The faults that the core does not know: what the bindings raise, and JavaScript, which holds the sockets.
//!
//! One table for JavaScript: the core's rows, and these behind them, numbered on.

use h1wire::error::{Code, Row};

macro_rules! errors {
    ($($variant:ident = $name:literal, $message:literal, $rule:literal, $status:literal, $llhttp:literal;)+) => {
        /// What is wrong outside of the core.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        #[repr(u8)]
        pub enum OuterCode {
            $(#[doc = $message] $variant,)+
        }

        const OUTER: &[Row] = &[
            $(Row { name: $name, message: $message, rule: $rule, status: $status, llhttp: $llhttp },)+
        ];
    };
}

errors! {
    // What a connection keeps for later.
    HeldBack = "H1_HELD_BACK", "The peer sent more after its message than maxHeldBack allows", "limit maxHeldBack", 0, "";
    // Building messages: text that is no bytes, and what only text can get wrong.
    CodeUnit = "H1_CODE_UNIT", "A head holds code units up to 0xFF only: encode the text first", "RFC 9110 section 5.5", 0, "";
    FormatVersion = "H1_FORMAT_VERSION", "Messages are written in version 1.1 or 1.0", "RFC 9112 section 2.3", 0, "";
    // Over sockets.
    ConnectTimeout = "H1_CONNECT_TIMEOUT", "The connection was not made in the time that connectTimeout gives", "limit connectTimeout", 0, "";
    HeadersTimeout = "H1_HEADERS_TIMEOUT", "The message's head was not whole in the time that headersTimeout gives", "limit headersTimeout", 408, "";
    BodyTimeout = "H1_BODY_TIMEOUT", "Nothing of a body under way moved for as long as bodyTimeout allows", "limit bodyTimeout", 408, "";
    BodyTooSlow = "H1_BODY_TOO_SLOW", "The body comes in at less than the rate that minBodyRate asks for", "limit minBodyRate", 408, "";
    RequestTimeout = "H1_REQUEST_TIMEOUT", "The request was not whole in the time that requestTimeout gives", "limit requestTimeout", 408, "";
    IdleTimeout = "H1_IDLE_TIMEOUT", "The connection was idle for longer than it is kept", "limit idleTimeout", 0, "";
    ConnectFailed = "H1_CONNECT_FAILED", "The connection could not be made", "h1wire: sockets", 0, "";
    BodyUnread = "H1_BODY_UNREAD", "A response's body that nobody reads stands in the way of the requests behind it", "limit unreadTimeout", 0, "";
    SocketClosed = "H1_SOCKET_CLOSED", "The connection was closed, or broke, before the exchange was over", "h1wire: sockets", 0, "";
    Closed = "H1_CLOSED", "It was closed by its owner: no request goes through it any more", "h1wire: sockets", 0, "";
    // Values of structured fields.
    StructuredValue = "H1_STRUCTURED_VALUE", "This is no value of a structured field of this type", "RFC 9651 section 4.2", 0, "";
    // Using the library.
    Freed = "H1_FREED", "This parser or connection was freed and cannot be used any more", "h1wire: lifetimes", 0, "";
    Reentered = "H1_REENTERED", "A call is still running: it cannot be entered a second time from inside", "h1wire: lifetimes", 0, "";
    Ended = "H1_ENDED", "The end of input was already told: make a new parser", "h1wire: order of calls", 0, "";
    NotSwitched = "H1_NOT_SWITCHED", "There is no switch of protocols to decline: resume() goes with an upgrade event", "h1wire: order of calls", 0, "";
    Incomplete = "H1_INCOMPLETE", "The octets are not one whole message", "h1wire: order of calls", 0, "";
}

/// Every row, in the order of the numbers.
pub fn rows() -> impl Iterator<Item = &'static Row> {
    Code::ALL.iter().map(|code| code.row()).chain(OUTER)
}

/// The number of a fault in the table for JavaScript.
pub trait Number: Copy {
    /// Its index there.
    fn number(self) -> u32;
}

impl Number for Code {
    fn number(self) -> u32 {
        self as u32
    }
}

impl Number for OuterCode {
    fn number(self) -> u32 {
        Code::ALL.len() as u32 + self as u32
    }
}

/// What a format call answers with that is refused.
pub fn refused(code: impl Number) -> u32 {
    code.number() + 1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_number_is_the_index_of_its_row() {
        let names: Vec<_> = rows().map(|row| row.name).collect();
        for code in Code::ALL {
            assert_eq!(names[code.number() as usize], code.row().name);
        }
        for (code, name) in [
            (OuterCode::HeldBack, "H1_HELD_BACK"),
            (OuterCode::Freed, "H1_FREED"),
            (OuterCode::Incomplete, "H1_INCOMPLETE"),
        ] {
            assert_eq!(names[code.number() as usize], name);
        }
        assert_eq!(names.last(), Some(&"H1_INCOMPLETE"));
        assert!(names.iter().enumerate().all(|(at, name)| name.starts_with("H1_") && !names[..at].contains(name)));
    }
}
