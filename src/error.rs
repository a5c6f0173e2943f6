//! The error table: every fault the library can report, once.
//!
//! A row holds the stable code, the sentence, the rule it rests on, the status a server should
//! answer, and the name Node.js people know from llhttp. The documentation's table and the
//! TypeScript union are generated from it.

use core::fmt;

use crate::policy::{Leniencies, Leniency};

/// A fault: what is wrong, at which byte, by which rule, and what to do.
///
/// It prints as one line of text. `offset` counts bytes from the first one the parser was ever given, starting at 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Error {
    /// Which row of the table.
    pub code: Code,
    /// Offset of the offending byte since the parser began; at the end of input, the offset of
    /// the byte that is missing.
    pub offset: u64,
    /// The offending byte, if there is one (none at the end of input).
    pub octet: Option<u8>,
    /// How many bytes are missing at least, where the code is one of the truncated ones and the
    /// number is known; otherwise 0.
    pub missing: u64,
    /// The leniencies that would permit what is at fault here, each by itself. What follows may still be at fault.
    pub leniencies: Leniencies,
    /// What the byte most likely means, where that says more than the code's own sentence.
    pub hint: Option<Hint>,
    field: NameAtFault,
}

impl Error {
    /// A fault of this code at this offset.
    pub const fn new(code: Code, offset: u64) -> Error {
        Error {
            code,
            offset,
            octet: None,
            missing: 0,
            leniencies: Leniencies::STRICT,
            hint: None,
            field: NameAtFault::NONE,
        }
    }

    /// The name of the header in whose line the fault lies, as far as it was read, in its own case; at most 64 bytes
    /// of it. None if the fault lies elsewhere.
    pub fn field(&self) -> Option<&[u8]> {
        let name = &self.field.bytes[..self.field.length as usize];
        (!name.is_empty()).then_some(name)
    }

    /// The status a server should answer with; none where none fits.
    pub fn status_hint(&self) -> Option<u16> {
        let status = self.code.row().status;
        (status != 0).then_some(status)
    }

    /// The sentence that says what is wrong.
    pub fn message(&self) -> &'static str {
        self.hint.map_or(self.code.row().message, Hint::message)
    }

    pub(crate) fn at(self, octet: Option<u8>) -> Error {
        Error { octet, ..self }
    }

    pub(crate) fn missing(self, missing: u64) -> Error {
        Error { missing, ..self }
    }

    pub(crate) fn hinting(self, hint: Option<Hint>) -> Error {
        Error { hint, ..self }
    }

    pub(crate) fn in_field(self, name: Option<&[u8]>) -> Error {
        Error { field: name.map_or(NameAtFault::NONE, NameAtFault::of), ..self }
    }

    /// One of these leniencies would permit it.
    pub(crate) fn but(self, leniencies: Leniencies) -> Error {
        Error { leniencies, ..self }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ({})", self.message(), self.code.row().rule)?;
        if let Some(name) = self.field() {
            write!(f, " in the header {}", name.escape_ascii())?;
        }
        write!(f, " at byte {}", self.offset)?;
        if let Some(octet) = self.octet {
            write!(f, ": 0x{octet:02X}")?;
            if octet.is_ascii_graphic() {
                write!(f, " '{}'", char::from(octet))?;
            }
        }
        if self.missing > 0 {
            write!(f, "; at least {} more bytes must follow", self.missing)?;
        }
        for (index, leniency) in self.leniencies.iter().enumerate() {
            f.write_str(if index == 0 { "; to read it all the same, switch on the leniency " } else { " or " })?;
            f.write_str(leniency.name())?;
        }
        Ok(())
    }
}

impl core::error::Error for Error {}

/// A header's name, or the beginning of it, in memory of its own.
#[derive(Clone, Copy, PartialEq, Eq)]
struct NameAtFault {
    length: u8,
    bytes: [u8; NameAtFault::MOST],
}

impl NameAtFault {
    const MOST: usize = 64;
    const NONE: NameAtFault = NameAtFault { length: 0, bytes: [0; NameAtFault::MOST] };

    fn of(name: &[u8]) -> NameAtFault {
        let mut copied = NameAtFault::NONE;
        for (to, octet) in copied.bytes.iter_mut().zip(name) {
            *to = *octet;
            copied.length += 1;
        }
        copied
    }
}

impl fmt::Debug for NameAtFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "\"{}\"", self.bytes[..self.length as usize].escape_ascii())
    }
}

/// A fault at a place in the text of one section, before anybody knows that text's offset.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Fault {
    pub(crate) code: Code,
    /// Index in the text.
    pub(crate) at: usize,
    /// What would permit it.
    pub(crate) leniencies: Leniencies,
    pub(crate) hint: Option<Hint>,
}

impl Fault {
    pub(crate) fn new(code: Code, at: usize) -> Fault {
        Fault { code, at, leniencies: Leniencies::STRICT, hint: None }
    }

    /// This leniency, too, would permit it.
    pub(crate) fn but(self, leniency: Leniency) -> Fault {
        Fault { leniencies: self.leniencies.with(leniency), ..self }
    }

    /// The same, if this is so.
    pub(crate) fn but_if(self, holds: bool, leniency: Leniency) -> Fault {
        if holds { self.but(leniency) } else { self }
    }

    pub(crate) fn hinting(self, hint: Option<Hint>) -> Fault {
        Fault { hint, ..self }
    }
}

/// The fault, as what a reader returns.
pub(crate) fn fault<T>(code: Code, at: usize) -> Result<T, Fault> {
    Err(Fault::new(code, at))
}

macro_rules! hints {
    ($($variant:ident = $message:literal;)+) => {
        /// What a byte at fault most likely means, where that says more than the sentence of its code.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        #[non_exhaustive]
        #[repr(u8)]
        pub enum Hint {
            $(#[doc = $message] $variant,)+
        }

        impl Hint {
            /// Every hint; a hint's number is its index here.
            pub const ALL: &'static [Hint] = &[$(Hint::$variant),+];

            /// The sentence, in place of the code's.
            pub const fn message(self) -> &'static str {
                [$($message),+][self as usize]
            }
        }
    };
}

hints! {
    Utf8Mark = "The message begins with a UTF-8 byte-order mark: remove its three bytes";
    Utf16Mark = "The message begins with a UTF-16 byte-order mark: send one byte for each character";
    ResponseSeen = "This is a response, and a request must begin here: read it with a parser of responses";
    SpaceInTarget = "HTTP/1.1 must follow the space behind the request target: if the space belongs to the target, write it as %20";
    SpaceRepeated = "Exactly one space separates the parts of a request line: remove the others";
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
        /// What is wrong: the key of the error table. Later versions may know more.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        #[non_exhaustive]
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
    Method = "H1_METHOD", "Invalid character in the method: a method is a token such as GET", "RFC 9110 section 9.1", 400, "HPE_INVALID_METHOD";
    Target = "H1_TARGET", "Invalid request target: it begins with / or a scheme such as http:, and spaces, # and non-ASCII bytes in it are written as %XX", "RFC 9112 section 3.2", 400, "HPE_INVALID_URL";
    TargetForm = "H1_TARGET_FORM", "This form of request target does not go with the method: CONNECT takes host:port (port 1 to 65535) and nothing else does, and only OPTIONS takes *", "RFC 9112 section 3.2", 400, "HPE_INVALID_URL";
    Version = "H1_VERSION", "Expected HTTP/1.0 or HTTP/1.1", "RFC 9112 section 2.3", 400, "HPE_INVALID_VERSION";
    VersionUnsupported = "H1_VERSION_UNSUPPORTED", "Only HTTP/1.0 and HTTP/1.1 can be read here", "RFC 9110 section 2.5", 505, "HPE_INVALID_VERSION";
    Http2Preface = "H1_HTTP2_PREFACE", "The client speaks HTTP/2 (this is its connection preface): only HTTP/1.1 can be read here", "RFC 9113 section 3.4", 505, "HPE_PAUSED_H2_UPGRADE";
    Tls = "H1_TLS", "TLS is spoken here, and HTTP must be: one side uses https, the other http", "RFC 8446 section 5.1", 400, "";
    StatusCode = "H1_STATUS_CODE", "A status code has three digits, 100 to 999, followed by one space or the end of the line", "RFC 9112 section 4", 400, "HPE_INVALID_STATUS";
    Reason = "H1_REASON", "Control character in the reason phrase", "RFC 9112 section 4", 400, "HPE_INVALID_STATUS";
    // Lines.
    LoneCr = "H1_LONE_CR", "LF must follow CR: a CR alone does not end a line", "RFC 9112 section 2.2", 400, "HPE_LF_EXPECTED";
    LoneLf = "H1_LONE_LF", "A line must end with CR LF: this one ends with LF alone", "RFC 9112 section 2.2", 400, "HPE_CR_EXPECTED";
    // Field lines.
    FieldName = "H1_FIELD_NAME", "Invalid character in a header name: the name is a token, directly followed by a colon", "RFC 9112 section 5.1", 400, "HPE_INVALID_HEADER_TOKEN";
    FieldNameEmpty = "H1_FIELD_NAME_EMPTY", "There is no header name before the colon", "RFC 9112 section 5", 400, "HPE_INVALID_HEADER_TOKEN";
    FieldColon = "H1_FIELD_COLON", "This line has no colon, so it is not a header", "RFC 9112 section 5", 400, "HPE_INVALID_HEADER_TOKEN";
    SpaceBeforeColon = "H1_SPACE_BEFORE_COLON", "Whitespace after a header name: the colon must follow directly; a line without a colon is not a header", "RFC 9112 section 5.1", 400, "HPE_INVALID_HEADER_TOKEN";
    SpaceBeforeField = "H1_SPACE_BEFORE_FIELD", "Whitespace before the first header: a header begins where its line begins", "RFC 9112 section 2.2", 400, "HPE_UNEXPECTED_SPACE";
    FieldValue = "H1_FIELD_VALUE", "Control character in a header value", "RFC 9110 section 5.5", 400, "HPE_INVALID_HEADER_TOKEN";
    ObsFold = "H1_OBS_FOLD", "This line begins with whitespace, which continues the header before it: write a header on one line", "RFC 9112 section 5.2", 400, "HPE_UNEXPECTED_SPACE";
    // Host.
    HostMissing = "H1_HOST_MISSING", "An HTTP/1.1 request needs a Host header, even if it is empty", "RFC 9112 section 3.2", 400, "";
    HostRepeated = "H1_HOST_REPEATED", "A request must have one Host header only", "RFC 9112 section 3.2", 400, "";
    HostInvalid = "H1_HOST_INVALID", "Invalid Host: it is a host name or address, perhaps followed by a colon and a port", "RFC 9112 section 3.2", 400, "";
    // Framing.
    ContentLength = "H1_CONTENT_LENGTH", "Content-Length must be decimal digits only, at most 2^53-1", "RFC 9112 section 6.3", 400, "HPE_INVALID_CONTENT_LENGTH";
    ContentLengthDiffers = "H1_CONTENT_LENGTH_DIFFERS", "Content-Length is given more than once, with different values", "RFC 9112 section 6.3", 400, "HPE_UNEXPECTED_CONTENT_LENGTH";
    TransferEncoding = "H1_TRANSFER_ENCODING", "Invalid Transfer-Encoding: it is a list of codings in which chunked stands once, last and without parameters", "RFC 9112 section 6.1", 400, "HPE_INVALID_TRANSFER_ENCODING";
    TransferEncodingNotChunked = "H1_TRANSFER_ENCODING_NOT_CHUNKED", "The last transfer coding of a request must be chunked: otherwise nothing tells where its body ends", "RFC 9112 section 6.3", 400, "HPE_INVALID_TRANSFER_ENCODING";
    TransferEncodingWithLength = "H1_TRANSFER_ENCODING_WITH_LENGTH", "Both Transfer-Encoding and Content-Length are present: send only one of them", "RFC 9112 section 6.3", 400, "HPE_INVALID_TRANSFER_ENCODING";
    TransferEncodingVersion = "H1_TRANSFER_ENCODING_VERSION", "HTTP/1.0 has no Transfer-Encoding: send Content-Length, or HTTP/1.1", "RFC 9112 section 6.1", 400, "HPE_INVALID_TRANSFER_ENCODING";
    TransferCodingUnknown = "H1_TRANSFER_CODING_UNKNOWN", "Unknown transfer coding before chunked", "RFC 9112 section 6.1", 501, "HPE_INVALID_TRANSFER_ENCODING";
    ConnectBody = "H1_CONNECT_BODY", "A CONNECT request has no body: remove Transfer-Encoding, and Content-Length unless it is 0", "RFC 9110 section 9.3.6", 400, "";
    // Chunks.
    ChunkSize = "H1_CHUNK_SIZE", "A chunk must begin with its size in hexadecimal digits, at most 2^53-1", "RFC 9112 section 7.1", 400, "HPE_INVALID_CHUNK_SIZE";
    ChunkExtension = "H1_CHUNK_EXTENSION", "Invalid chunk extension: it is ;name or ;name=value", "RFC 9112 section 7.1.1", 400, "HPE_INVALID_CHUNK_SIZE";
    ChunkDataEnd = "H1_CHUNK_DATA_END", "CR LF must follow the data of a chunk: the size of the chunk is probably wrong", "RFC 9112 section 7.1", 400, "HPE_STRICT";
    // Limits.
    StartLineTooLong = "H1_START_LINE_TOO_LONG", "The first line is longer than maxStartLine allows", "limit maxStartLine", 414, "";
    HeadTooLarge = "H1_HEAD_TOO_LARGE", "The head is larger than maxHeadSize allows", "limit maxHeadSize", 431, "HPE_HEADER_OVERFLOW";
    TooManyFields = "H1_TOO_MANY_FIELDS", "There are more headers than maxFields allows", "limit maxFields", 431, "";
    TrailerTooLarge = "H1_TRAILER_TOO_LARGE", "The trailers are larger than maxTrailerSize allows", "limit maxTrailerSize", 431, "HPE_HEADER_OVERFLOW";
    TooManyTrailerFields = "H1_TOO_MANY_TRAILER_FIELDS", "There are more trailers than maxTrailerFields allows", "limit maxTrailerFields", 431, "";
    ChunkExtensionsTooLarge = "H1_CHUNK_EXTENSIONS_TOO_LARGE", "The message's chunk extensions are larger than maxChunkExtensions allows", "limit maxChunkExtensions", 413, "HPE_CHUNK_EXTENSIONS_OVERFLOW";
    TooManyInformational = "H1_TOO_MANY_INFORMATIONAL", "More 1xx responses in a row than maxInformational allows", "limit maxInformational", 0, "";
    BodyTooLarge = "H1_BODY_TOO_LARGE", "The body is larger than maxBodySize allows", "limit maxBodySize", 413, "";
    // End of input.
    TruncatedHead = "H1_TRUNCATED_HEAD", "Input ends before the blank line after the headers", "RFC 9112 section 8", 400, "HPE_INVALID_EOF_STATE";
    TruncatedBody = "H1_TRUNCATED_BODY", "Input ends before the length that Content-Length gives", "RFC 9112 section 8", 400, "HPE_INVALID_EOF_STATE";
    TruncatedChunks = "H1_TRUNCATED_CHUNKS", "Input ends inside a chunked body, before the blank line that ends it", "RFC 9112 section 8", 400, "HPE_INVALID_EOF_STATE";
    // Between messages.
    DataAfterClose = "H1_DATA_AFTER_CLOSE", "More data after a message that ended the connection", "RFC 9112 section 9.6", 400, "HPE_CLOSED_CONNECTION";
    UnexpectedResponse = "H1_UNEXPECTED_RESPONSE", "This response answers no request: none was announced", "RFC 9112 section 9.2", 0, "";
    // On a connection, what the peer does.
    ResponseMissing = "H1_RESPONSE_MISSING", "The connection ended before the response began", "RFC 9112 section 9.2", 0, "";
    UnexpectedSwitch = "H1_UNEXPECTED_SWITCH", "Unexpected 101: it may only answer a request that asks for another protocol with Upgrade and has been sent whole", "RFC 9110 section 15.2.2", 0, "";
    // Building messages.
    FramingConflict = "H1_FRAMING_CONFLICT", "The framing fields given contradict one another, the body or the message", "RFC 9112 section 6", 0, "";
    BodyLength = "H1_BODY_LENGTH", "The Content-Length is not the body's length in bytes", "RFC 9110 section 8.6", 0, "";
    BodyForbidden = "H1_BODY_FORBIDDEN", "This message can have no body", "RFC 9112 section 6.3", 0, "";
    TrailerForbidden = "H1_TRAILER_FORBIDDEN", "This field may not stand in a trailer section", "RFC 9110 section 6.5.1", 0, "";
    TrailersNeedChunks = "H1_TRAILERS_NEED_CHUNKS", "Trailer fields need a chunked body, and this message cannot have one", "RFC 9112 section 7.1.2", 0, "";
    HostConflict = "H1_HOST_CONFLICT", "The Host field and the host of the URL or target are not the same", "RFC 9112 section 3.2", 0, "";
    ValueWhitespace = "H1_VALUE_WHITESPACE", "A field value neither begins nor ends with whitespace, which readers drop: trim it", "RFC 9110 section 5.5", 0, "";
    ConnectionOption = "H1_CONNECTION_OPTION", "Upgrade, TE and a body that ends with the connection need the option Upgrade, TE or close in Connection: add it to the Connection given", "RFC 9110 section 7.6.1", 0, "";
    InformationalVersion = "H1_INFORMATIONAL_VERSION", "HTTP/1.0 knows no 1xx responses: send none to a 1.0 client", "RFC 9110 section 15.2", 0, "";
    LengthNeeded = "H1_LENGTH_NEEDED", "An HTTP/1.0 request needs a body whose length is known", "RFC 9112 section 6.3", 0, "";
    ChunkLength = "H1_CHUNK_LENGTH", "A chunk has at least one byte of data, as an empty one would end the body, and at most 2^53-1", "RFC 9112 section 7.1", 0, "";
    Boundary = "H1_BOUNDARY", "A multipart body needs a boundary of 1 to 70 letters, digits and '()+_,-./:=? that occurs in none of its parts", "RFC 2046 section 5.1.1", 0, "";
    UpgradeMissing = "H1_UPGRADE_MISSING", "A 101 names the protocol it switches to in Upgrade", "RFC 9110 section 15.2.2", 0, "";
    ExpectNoContent = "H1_EXPECT_NO_CONTENT", "Expect: 100-continue asks whether the body may be sent, and this request has none", "RFC 9110 section 10.1.1", 0, "";
    TeChunked = "H1_TE_CHUNKED", "TE does not list chunked, which every HTTP/1.1 client reads", "RFC 9112 section 7.4", 0, "";
    // On a connection, what the caller asks for.
    WrongState = "H1_WRONG_STATE", "This cannot be done where the two sides of the connection stand now", "h1wire: states of a connection", 0, "";
    StatusKind = "H1_STATUS_KIND", "A 1xx other than 101 is sent by sendInformational, every other status by sendResponse", "RFC 9110 section 15.2", 0, "";
    // Of ourselves.
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
