//! The error table: every fault the library can report, once.
//!
//! A row holds the stable code, the sentence, the rule it rests on, the status a server should
//! answer, and the name Node.js people know from llhttp. The documentation's table and the
//! TypeScript union are generated from it.

use core::fmt;

/// A fault: what is wrong, at which octet, by which rule.
///
/// `offset` counts octets from the first one the parser was ever given, starting at 0; for a
/// fault of the caller's own arguments it is 0 and means nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Error {
    /// Which row of the table.
    pub code: Code,
    /// Offset of the offending octet since the parser began; at the end of input, the offset of
    /// the octet that is missing.
    pub offset: u64,
    /// The offending octet, if there is one (none at the end of input).
    pub octet: Option<u8>,
    /// How many octets are missing at least, where the code is one of the truncated ones and the
    /// number is known; otherwise 0.
    pub missing: u64,
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let row = self.code.row();
        write!(f, "{} ({}) at octet {}", row.message, row.rule, self.offset)?;
        if let Some(octet) = self.octet {
            write!(f, ": 0x{octet:02X}")?;
        }
        if self.missing > 0 {
            write!(f, ": at least {} more needed", self.missing)?;
        }
        Ok(())
    }
}

impl core::error::Error for Error {}

/// A fault at a place in the text of one section, before anybody knows that text's offset.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Fault {
    pub(crate) code: Code,
    /// Index in the text.
    pub(crate) at: usize,
}

/// The fault, as what a reader returns.
pub(crate) fn fault<T>(code: Code, at: usize) -> Result<T, Fault> {
    Err(Fault { code, at })
}

/// A row of the error table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Row {
    /// The stable code, `H1_…`: what programs test.
    pub name: &'static str,
    /// One sentence: what is wrong and, where that is not plain, what to do.
    pub message: &'static str,
    /// The RFC and section, or the limit, the fault offends.
    pub rule: &'static str,
    /// The status a server should answer, 0 if none fits.
    pub status: u16,
    /// llhttp's name for the nearest fault, empty if it has none.
    pub llhttp: &'static str,
}

macro_rules! errors {
    ($($variant:ident = $name:literal, $message:literal, $rule:literal, $status:literal, $llhttp:literal;)+) => {
        /// What is wrong: the key of the error table.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        #[repr(u8)]
        pub enum Code {
            $(#[doc = concat!("`", $name, "`: ", $message, " ", $rule)] $variant,)+
        }

        impl Code {
            /// Every code, in the table's order; a code's number is its index here.
            pub const ALL: &'static [Code] = &[$(Code::$variant),+];

            /// This code's row of the table.
            pub const fn row(self) -> &'static Row {
                const ROWS: &[Row] = &[
                    $(Row { name: $name, message: $message, rule: $rule, status: $status, llhttp: $llhttp },)+
                ];
                &ROWS[self as usize]
            }
        }
    };
}

errors! {
    // Start-line.
    Method = "H1_METHOD", "A method is a token: this octet cannot stand in one", "RFC 9110 section 9.1", 400, "HPE_INVALID_METHOD";
    Target = "H1_TARGET", "The request-target fits none of its four forms", "RFC 9112 section 3.2", 400, "HPE_INVALID_URL";
    TargetForm = "H1_TARGET_FORM", "This form of request-target does not go with this method: CONNECT takes host:port and nothing else does, and only OPTIONS takes *", "RFC 9112 section 3.2", 400, "HPE_INVALID_URL";
    Version = "H1_VERSION", "HTTP/1.0 or HTTP/1.1 must stand here", "RFC 9112 section 2.3", 400, "HPE_INVALID_VERSION";
    VersionUnsupported = "H1_VERSION_UNSUPPORTED", "Only major version 1 of HTTP is spoken here", "RFC 9110 section 2.5", 505, "HPE_INVALID_VERSION";
    Http2Preface = "H1_HTTP2_PREFACE", "This is the HTTP/2 connection preface: the peer speaks HTTP/2", "RFC 9113 section 3.4", 505, "HPE_PAUSED_H2_UPGRADE";
    StatusCode = "H1_STATUS_CODE", "A status code is three digits, 100 to 999, and one space or the line's end follows", "RFC 9112 section 4", 400, "HPE_INVALID_STATUS";
    Reason = "H1_REASON", "A reason phrase holds visible octets, SP and HTAB only", "RFC 9112 section 4", 400, "HPE_INVALID_STATUS";
    // Lines.
    LoneCr = "H1_LONE_CR", "LF must follow CR: a CR alone is not a line end", "RFC 9112 section 2.2", 400, "HPE_LF_EXPECTED";
    LoneLf = "H1_LONE_LF", "A line ends with CR LF: an LF alone is not a line end", "RFC 9112 section 2.2", 400, "HPE_CR_EXPECTED";
    // Field lines.
    FieldName = "H1_FIELD_NAME", "A field name is a token with a colon right behind it: this octet cannot stand in one", "RFC 9112 section 5.1", 400, "HPE_INVALID_HEADER_TOKEN";
    FieldNameEmpty = "H1_FIELD_NAME_EMPTY", "A field name has at least one octet before the colon", "RFC 9112 section 5", 400, "HPE_INVALID_HEADER_TOKEN";
    FieldColon = "H1_FIELD_COLON", "A colon must follow the field name: here it is missing", "RFC 9112 section 5", 400, "HPE_INVALID_HEADER_TOKEN";
    SpaceBeforeColon = "H1_SPACE_BEFORE_COLON", "No whitespace may stand between a field name and its colon", "RFC 9112 section 5.1", 400, "HPE_INVALID_HEADER_TOKEN";
    SpaceBeforeField = "H1_SPACE_BEFORE_FIELD", "No whitespace may stand before the first field line", "RFC 9112 section 2.2", 400, "HPE_UNEXPECTED_SPACE";
    FieldValue = "H1_FIELD_VALUE", "A field value holds no control but HTAB", "RFC 9110 section 5.5", 400, "HPE_INVALID_HEADER_TOKEN";
    ObsFold = "H1_OBS_FOLD", "A field line may not be folded onto the next line here", "RFC 9112 section 5.2", 400, "HPE_UNEXPECTED_SPACE";
    // Host.
    HostMissing = "H1_HOST_MISSING", "An HTTP/1.1 request needs a Host field, if only an empty one", "RFC 9112 section 3.2", 400, "";
    HostRepeated = "H1_HOST_REPEATED", "A request has one Host field, not two", "RFC 9112 section 3.2", 400, "";
    HostInvalid = "H1_HOST_INVALID", "Host is a host and, if need be, a colon and a port: this value is not", "RFC 9112 section 3.2", 400, "";
    // Framing.
    ContentLength = "H1_CONTENT_LENGTH", "Content-Length is a decimal number of octets, at most 2^53-1, and nothing else", "RFC 9112 section 6.3", 400, "HPE_INVALID_CONTENT_LENGTH";
    ContentLengthDiffers = "H1_CONTENT_LENGTH_DIFFERS", "Content-Length is given twice with different values", "RFC 9112 section 6.3", 400, "HPE_UNEXPECTED_CONTENT_LENGTH";
    TransferEncoding = "H1_TRANSFER_ENCODING", "Transfer-Encoding is a list of codings with chunked, once and bare, at its end", "RFC 9112 section 6.1", 400, "HPE_INVALID_TRANSFER_ENCODING";
    TransferEncodingNotChunked = "H1_TRANSFER_ENCODING_NOT_CHUNKED", "A request's last transfer coding must be chunked, or nobody can tell where its body ends", "RFC 9112 section 6.3", 400, "HPE_INVALID_TRANSFER_ENCODING";
    TransferEncodingWithLength = "H1_TRANSFER_ENCODING_WITH_LENGTH", "Transfer-Encoding and Content-Length may not stand in one message", "RFC 9112 section 6.3", 400, "HPE_INVALID_TRANSFER_ENCODING";
    TransferEncodingVersion = "H1_TRANSFER_ENCODING_VERSION", "HTTP/1.0 knows no Transfer-Encoding", "RFC 9112 section 6.1", 400, "HPE_INVALID_TRANSFER_ENCODING";
    TransferCodingUnknown = "H1_TRANSFER_CODING_UNKNOWN", "This transfer coding is not understood", "RFC 9112 section 6.1", 501, "HPE_INVALID_TRANSFER_ENCODING";
    ConnectBody = "H1_CONNECT_BODY", "A CONNECT request has no body: Transfer-Encoding, or a Content-Length other than 0, may not stand in it", "RFC 9110 section 9.3.6", 400, "";
    // Chunks.
    ChunkSize = "H1_CHUNK_SIZE", "A chunk begins with its size in hexadecimal digits, at most 2^53-1", "RFC 9112 section 7.1", 400, "HPE_INVALID_CHUNK_SIZE";
    ChunkExtension = "H1_CHUNK_EXTENSION", "A chunk extension is ;name or ;name=value", "RFC 9112 section 7.1.1", 400, "HPE_INVALID_CHUNK_SIZE";
    ChunkDataEnd = "H1_CHUNK_DATA_END", "CR LF must follow a chunk's data: its size does not fit", "RFC 9112 section 7.1", 400, "HPE_STRICT";
    // Limits.
    StartLineTooLong = "H1_START_LINE_TOO_LONG", "The start-line is longer than maxStartLine allows", "limit maxStartLine", 414, "";
    HeadTooLarge = "H1_HEAD_TOO_LARGE", "The head is larger than maxHeadSize allows", "limit maxHeadSize", 431, "HPE_HEADER_OVERFLOW";
    TooManyFields = "H1_TOO_MANY_FIELDS", "The head has more field lines than maxFields allows", "limit maxFields", 431, "";
    TrailerTooLarge = "H1_TRAILER_TOO_LARGE", "The trailer section is larger than maxTrailerSize allows", "limit maxTrailerSize", 431, "HPE_HEADER_OVERFLOW";
    TooManyTrailerFields = "H1_TOO_MANY_TRAILER_FIELDS", "The trailer section has more field lines than maxTrailerFields allows", "limit maxTrailerFields", 431, "";
    ChunkExtensionsTooLarge = "H1_CHUNK_EXTENSIONS_TOO_LARGE", "The message's chunk extensions are larger than maxChunkExtensions allows", "limit maxChunkExtensions", 413, "HPE_CHUNK_EXTENSIONS_OVERFLOW";
    TooManyInformational = "H1_TOO_MANY_INFORMATIONAL", "More 1xx responses in a row than maxInformational allows", "limit maxInformational", 0, "";
    BodyTooLarge = "H1_BODY_TOO_LARGE", "The body is larger than maxBodySize allows", "limit maxBodySize", 413, "";
    // End of input.
    TruncatedHead = "H1_TRUNCATED_HEAD", "The input ended inside a head", "RFC 9112 section 8", 400, "HPE_INVALID_EOF_STATE";
    TruncatedBody = "H1_TRUNCATED_BODY", "The input ended before the body's Content-Length was reached", "RFC 9112 section 8", 400, "HPE_INVALID_EOF_STATE";
    TruncatedChunks = "H1_TRUNCATED_CHUNKS", "The input ended inside a chunked body, before its last chunk and trailer section were whole", "RFC 9112 section 8", 400, "HPE_INVALID_EOF_STATE";
    // Between messages.
    DataAfterClose = "H1_DATA_AFTER_CLOSE", "The message before this octet ended the connection: nothing may follow it", "RFC 9112 section 9.6", 400, "HPE_CLOSED_CONNECTION";
    UnexpectedResponse = "H1_UNEXPECTED_RESPONSE", "No request was announced that this response could answer", "RFC 9112 section 9.2", 0, "";
    // On a connection, what the peer does.
    ResponseMissing = "H1_RESPONSE_MISSING", "The connection ended before the response to a request began", "RFC 9112 section 9.2", 0, "";
    HeldBack = "H1_HELD_BACK", "The peer has sent more behind its message than maxHeldBack allows", "limit maxHeldBack", 0, "";
    UnexpectedSwitch = "H1_UNEXPECTED_SWITCH", "A 101 answers a request that asks for another protocol with Upgrade, when all of it was sent", "RFC 9110 section 15.2.2", 0, "";
    // Building messages.
    CodeUnit = "H1_CODE_UNIT", "A head holds code units up to 0xFF only: encode the text first", "RFC 9110 section 5.5", 0, "";
    FormatVersion = "H1_FORMAT_VERSION", "Messages are written in version 1.1 or 1.0", "RFC 9112 section 2.3", 0, "";
    FramingConflict = "H1_FRAMING_CONFLICT", "The framing fields given contradict one another, the body or the message", "RFC 9112 section 6", 0, "";
    BodyLength = "H1_BODY_LENGTH", "The Content-Length is not the body's length in octets", "RFC 9110 section 8.6", 0, "";
    BodyForbidden = "H1_BODY_FORBIDDEN", "This message can have no body", "RFC 9112 section 6.3", 0, "";
    TrailerForbidden = "H1_TRAILER_FORBIDDEN", "This field may not stand in a trailer section", "RFC 9110 section 6.5.1", 0, "";
    TrailersNeedChunks = "H1_TRAILERS_NEED_CHUNKS", "Trailer fields need a chunked body, and this message cannot have one", "RFC 9112 section 7.1.2", 0, "";
    HostConflict = "H1_HOST_CONFLICT", "The Host field and the host of the URL or target are not the same", "RFC 9112 section 3.2", 0, "";
    ValueWhitespace = "H1_VALUE_WHITESPACE", "A field value neither begins nor ends with whitespace, which readers drop: trim it", "RFC 9110 section 5.5", 0, "";
    ConnectionOption = "H1_CONNECTION_OPTION", "Upgrade, TE and a body that ends with the connection need the option Upgrade, TE or close in Connection: add it to the Connection given", "RFC 9110 section 7.6.1", 0, "";
    InformationalVersion = "H1_INFORMATIONAL_VERSION", "HTTP/1.0 knows no 1xx responses: send none to a 1.0 client", "RFC 9110 section 15.2", 0, "";
    LengthNeeded = "H1_LENGTH_NEEDED", "An HTTP/1.0 request needs a body whose length is known", "RFC 9112 section 6.3", 0, "";
    ChunkLength = "H1_CHUNK_LENGTH", "A chunk has at least one octet of data, as an empty one would end the body, and at most 2^53-1", "RFC 9112 section 7.1", 0, "";
    Boundary = "H1_BOUNDARY", "A multipart body needs a boundary of 1 to 70 letters, digits and '()+_,-./:=? that occurs in none of its parts", "RFC 2046 section 5.1.1", 0, "";
    // On a connection, what the caller asks for.
    WrongState = "H1_WRONG_STATE", "This cannot be done where the two sides of the connection stand now", "h1wire: states of a connection", 0, "";
    StatusKind = "H1_STATUS_KIND", "A 1xx other than 101 is sent by sendInformational, every other status by sendResponse", "RFC 9110 section 15.2", 0, "";
    // Over sockets, which JavaScript holds.
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
    // Values of structured fields, which JavaScript reads.
    StructuredValue = "H1_STRUCTURED_VALUE", "This is no value of a structured field of this type", "RFC 9651 section 4.2", 0, "";
    // Using the library.
    Freed = "H1_FREED", "This parser or connection was freed and cannot be used any more", "h1wire: lifetimes", 0, "";
    Reentered = "H1_REENTERED", "A call is still running: it cannot be entered a second time from inside", "h1wire: lifetimes", 0, "";
    Ended = "H1_ENDED", "The end of input was already told: make a new parser", "h1wire: order of calls", 0, "";
    NotSwitched = "H1_NOT_SWITCHED", "There is no switch of protocols to decline: resume() goes with an upgrade event", "h1wire: order of calls", 0, "";
    Incomplete = "H1_INCOMPLETE", "The octets are not one whole message", "h1wire: order of calls", 0, "";
    Internal = "H1_INTERNAL", "An internal fault of h1wire: please report it; this parser cannot go on", "h1wire: a bug", 500, "";
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_unique_and_well_formed() {
        for (index, code) in Code::ALL.iter().enumerate() {
            let row = code.row();
            assert_eq!(*code as usize, index);
            assert!(row.name.starts_with("H1_"), "{}", row.name);
            assert!(!row.message.ends_with('.') && !row.rule.is_empty(), "{}", row.name);
            assert!(Code::ALL[..index].iter().all(|other| other.row().name != row.name), "{}", row.name);
        }
    }
}
