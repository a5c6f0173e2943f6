//! What the inspector finds: one table, in three parts: faults, which the parser's table of errors has already;
//! leniencies, which the policy's has; and what the parser does not care about.

use crate::{error::Code, policy::Leniency};

/// How bad it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Severity {
    /// A strict reader refuses it, or readers see different messages.
    Error,
    /// It breaks a rule, or invites trouble.
    Warning,
    /// Worth knowing.
    Note,
}

impl Severity {
    /// Its name.
    pub const fn name(self) -> &'static str {
        ["error", "warning", "note"][self as usize]
    }
}

/// What was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum What {
    /// A fault that a strict parser stops at.
    Fault(Code),
    /// A leniency was used that is switched on.
    Tolerated(Leniency),
    /// Anything else.
    Note(Note),
}

/// A row of the table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Row {
    /// The stable code, `H1_…`.
    pub name: &'static str,
    /// How bad it is.
    pub severity: Severity,
    /// What is the case.
    pub message: &'static str,
    /// The RFC and section, or the limit.
    pub rule: &'static str,
    /// What to do.
    pub fix: &'static str,
    /// How strict and lenient readers differ; empty where they do not, or nobody could say.
    pub readers: &'static str,
}

impl What {
    /// Its row.
    pub fn row(self) -> Row {
        match self {
            What::Fault(code) => {
                let (fix, readers) = advice(code);
                let row = code.row();
                Row { name: row.name, severity: Severity::Error, message: row.message, rule: row.rule, fix, readers }
            }
            What::Tolerated(leniency) => Row {
                name: "H1_TOLERATED",
                severity: Severity::Warning,
                message: leniency.danger(),
                rule: "h1wire: leniencies",
                fix: "Have the sender keep to the rule, then switch this leniency off",
                readers: "",
            },
            What::Note(note) => *note.row(),
        }
    }
}

macro_rules! notes {
    ($($variant:ident = $name:literal, $severity:ident, $message:literal, $rule:literal, $fix:literal;)+) => {
        /// What no parser refuses, and is worth telling all the same.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        #[non_exhaustive]
        #[repr(u8)]
        pub enum Note {
            $(#[doc = concat!("`", $name, "`: ", $message, " ", $rule)] $variant,)+
        }

        impl Note {
            /// Every one; its number is its index here.
            pub const ALL: &'static [Note] = &[$(Note::$variant),+];

            /// Its row of the table.
            pub const fn row(self) -> &'static Row {
                const ROWS: &[Row] = &[$(Row {
                    name: $name,
                    severity: Severity::$severity,
                    message: $message,
                    rule: $rule,
                    fix: $fix,
                    readers: "",
                },)+];
                &ROWS[self as usize]
            }
        }
    };
}

notes! {
    // Where messages end.
    ReadersDiffer = "H1_READERS_DIFFER", Error, "A reader that forgives otherwise sees this message end elsewhere", "RFC 9112 section 11.2", "Send one framing field, in its plain form, and CR LF behind every line";
    LengthDisagrees = "H1_LENGTH_DISAGREES", Warning, "What follows the message is none: its length does not fit what was sent", "RFC 9112 section 6.3", "Count the body in octets";
    FramingForbidden = "H1_FRAMING_FORBIDDEN", Warning, "This message has no body, and a framing field may not stand in it", "RFC 9110 section 8.6", "Leave the field out";
    FramingIgnored = "H1_FRAMING_IGNORED", Note, "The field tells what a body would be like: none follows here, whatever it says", "RFC 9110 section 8.6", "Nothing: it is allowed";
    LengthRepeated = "H1_LENGTH_REPEATED", Warning, "Content-Length is given more than once, if with one value", "RFC 9110 section 8.6", "Send it once";
    LengthZeros = "H1_LENGTH_ZEROS", Warning, "A length with leading zeros: some readers take it for octal, or refuse it", "RFC 9110 section 8.6", "Leave the zeros out";
    CodingRepeated = "H1_CODING_REPEATED", Warning, "Transfer-Encoding stands in more than one line: some readers heed one of them only", "RFC 9112 section 6.1", "Write one list in one line";
    CodingEmptyElement = "H1_CODING_EMPTY_ELEMENT", Warning, "The list of transfer codings has an empty element, which no sender may write", "RFC 9110 section 5.6.1", "Leave the comma out";
    BodyCoded = "H1_BODY_CODED", Note, "The body is coded before it is chunked, and few readers undo that", "RFC 9112 section 7.2", "Use Content-Encoding instead";
    LookAlike = "H1_LOOK_ALIKE", Warning, "An underscore where a field that frames or routes has a hyphen: gateways that turn one into the other confuse them", "RFC 9112 section 11.2", "Drop the field";
    UntilClose = "H1_UNTIL_CLOSE", Note, "Nothing tells where the body ends but the end of the connection: one that breaks looks whole", "RFC 9112 section 6.3", "Send Content-Length, or chunks";
    UntilCloseKeepAlive = "H1_UNTIL_CLOSE_KEEP_ALIVE", Warning, "The connection is to persist, but the body ends only with it: the reader waits for more", "RFC 9112 section 9.3", "Send Content-Length or chunks, or Connection: close";
    BodyUnexpected = "H1_BODY_UNEXPECTED", Warning, "A body means nothing with this method: some readers refuse it, some take it for the next request", "RFC 9110 section 9.3.1", "Leave it out, or use POST";
    // Host and routing.
    HostDiffers = "H1_HOST_DIFFERS", Warning, "Host is not the host of the target, which is the one that counts", "RFC 9112 section 3.2.2", "Make them the same";
    AbsoluteForm = "H1_ABSOLUTE_FORM", Note, "The target is in absolute-form, as requests to proxies have it", "RFC 9112 section 3.2.2", "To an origin server send the path alone";
    // Field lines.
    FieldRepeated = "H1_FIELD_REPEATED", Warning, "This field has one value, and it is given again: readers take the first, the last or both", "RFC 9110 section 5.3", "Send it once";
    FoldRead = "H1_FOLD_READ", Warning, "A folded field line, which nobody may send any more", "RFC 9112 section 5.2", "Write the value in one line";
    ObsText = "H1_OBS_TEXT", Note, "Octets above 0x7F, whose charset nobody tells", "RFC 9110 section 5.5", "Keep to ASCII, or encode";
    HopByHop = "H1_HOP_BY_HOP", Note, "This field is for the next hop only: proxies do not pass it on", "RFC 9110 section 7.6.1", "Do not rely on it from end to end";
    ConnectionNominates = "H1_CONNECTION_NOMINATES", Warning, "Connection names a field that is for the far end: proxies will drop it", "RFC 9110 section 7.6.1", "Take the name out of Connection";
    ConnectionContradicts = "H1_CONNECTION_CONTRADICTS", Warning, "Connection says both close and keep-alive: close counts", "RFC 9112 section 9.3", "Say one of them";
    OptionMissing = "H1_OPTION_MISSING", Warning, "The field does nothing without its option in Connection", "RFC 9110 section 7.6.1", "Name the field in Connection";
    TrailerIgnored = "H1_TRAILER_IGNORED", Warning, "This field has no place in a trailer section; a reader that merges it is fooled", "RFC 9110 section 6.5.1", "Send it in the head, or not at all";
    Secret = "H1_SECRET", Note, "The value is a secret, or gives access", "RFC 9110 section 11.6.2", "Take it out before you share this message";
    // Found in JavaScript, which alone reads structured values.
    StructuredIgnored = "H1_STRUCTURED_IGNORED", Warning, "The value of this structured field does not parse: readers ignore the whole field", "RFC 9651 section 4.2", "Write the value as the type of the field has it";
    // Types of bodies.
    TypeMissing = "H1_TYPE_MISSING", Warning, "A body without a Content-Type: the reader has to guess", "RFC 9110 section 8.3", "Say what it is";
    FormCharset = "H1_FORM_CHARSET", Note, "This type of form knows no charset: it is UTF-8, and readers ignore the parameter", "WHATWG URL section 5.1", "Leave the parameter out";
    BoundaryMissing = "H1_BOUNDARY_MISSING", Error, "A multipart body without a boundary cannot be taken apart", "RFC 2046 section 5.1.1", "Add the parameter boundary";
    CharsetMissing = "H1_CHARSET_MISSING", Note, "Text without a charset: readers guess", "RFC 9110 section 8.3.2", "Add charset=utf-8, or what it is";
    // Start-lines and line ends.
    LeadingLineEnd = "H1_LEADING_LINE_END", Note, "Line ends before the message, which robust readers skip", "RFC 9112 section 2.2", "Send none behind a body";
    VersionUnusual = "H1_VERSION_UNUSUAL", Note, "A minor version that was never defined: it is read as 1.1", "RFC 9110 section 2.5", "Send HTTP/1.1";
    ReasonSpaceMissing = "H1_REASON_SPACE_MISSING", Note, "The space behind the status code is missing, which not all readers forgive", "RFC 9112 section 4", "Write it, if no reason phrase follows either";
    // Chunks.
    ChunkExtension = "H1_CHUNK_EXTENSION_SENT", Note, "A chunk extension, which readers drop and some read wrongly", "RFC 9112 section 7.1.1", "Send none";
    ChunkZeros = "H1_CHUNK_ZEROS", Note, "A chunk size with leading zeros", "RFC 9112 section 7.1", "Leave them out";
    // Switches.
    SwitchDeclined = "H1_SWITCH_DECLINED", Note, "The switch asked for was taken as declined, because HTTP follows", "RFC 9110 section 7.8", "Nothing: the answer tells";
}

/// What to do about a fault, and how readers differ.
fn advice(code: Code) -> (&'static str, &'static str) {
    const PLAIN_LENGTH: &str = "Write the number of octets in decimal, once";
    const LIMIT: &str = "Send less, or raise the limit";
    const WHOLE: &str = "Send all of it before the connection ends";
    match code {
        Code::Method => ("Begin with a method, such as GET", ""),
        Code::Target => {
            ("Percent-encode what cannot stand there", "A lenient reader cuts the target at the octet, or keeps it")
        }
        Code::TargetForm => ("Send the path alone; host:port with CONNECT only, * with OPTIONS only", ""),
        Code::Version => (
            "End the line with a space and HTTP/1.1",
            "A lenient reader takes it for HTTP/0.9, or takes what it finds for part of the target",
        ),
        Code::VersionUnsupported | Code::Http2Preface => {
            ("Speak HTTP/1.1 here, or send it to a server of that version", "")
        }
        Code::Tls => ("Use https on both sides, or http on both", ""),
        Code::StatusCode => ("Write three digits and a space", ""),
        Code::Reason => ("Leave the octet out", ""),
        Code::LoneCr => (
            "End the line with CR LF",
            "A reader to which a CR alone ends a line sees one more line here, perhaps a field that others do not see",
        ),
        Code::LoneLf => (
            "End the line with CR LF",
            "A reader to which an LF alone ends a line sees one more line here; a strict one does not",
        ),
        Code::FieldName => {
            ("Make the name a token", "A lenient reader takes the octet into the name, or drops the line")
        }
        Code::FieldNameEmpty => ("Give the field a name, or drop the line", ""),
        Code::FieldColon => (
            "Write name: value, or drop the line",
            "A lenient reader drops the line, or takes it as a fold of the line before",
        ),
        Code::SpaceBeforeColon => (
            "Write the colon right behind the name",
            "A reader that trims the name heeds the field, one that does not sees another name: with Content-Length or Transfer-Encoding they see different messages",
        ),
        Code::SpaceBeforeField => {
            ("Begin the line with the name", "A lenient reader drops the line, heeds it, or joins it to the start-line")
        }
        Code::FieldValue => {
            ("Leave the octet out, or encode it", "A reader may end the value there, or keep the octet")
        }
        Code::ObsFold => {
            ("Write the value in one line", "A reader that knows no folds sees a second field line, or none")
        }
        Code::HostMissing => ("Add Host, with the host and port of the URL", ""),
        Code::HostRepeated => {
            ("Send one Host", "One reader goes by the first Host, another by the last: they may choose different sites")
        }
        Code::HostInvalid => ("Send host, or host:port", "Readers may take different parts of it for the host"),
        Code::ContentLength => (
            PLAIN_LENGTH,
            "A reader may take the digits at the beginning, 0, or no length at all: each sees the message end elsewhere",
        ),
        Code::ContentLengthDiffers => (
            PLAIN_LENGTH,
            "A reader that goes by the first and one that goes by the last see the message end at different octets",
        ),
        Code::TransferEncoding => (
            "Write Transfer-Encoding: chunked",
            "A reader that heeds it sees chunks, one that ignores it goes by Content-Length, or sees no body: what is left is a message to it",
        ),
        Code::TransferEncodingNotChunked => (
            "Let chunked be the last coding",
            "One reader waits for the connection's end, another goes by Content-Length, or sees no body and a request in it",
        ),
        Code::TransferEncodingWithLength => (
            "Send one of the two",
            "A reader that believes Content-Length and one that believes Transfer-Encoding see the message end at different octets",
        ),
        Code::TransferEncodingVersion => {
            ("Send Content-Length, or HTTP/1.1", "A reader of HTTP/1.0 does not know the field and sees no chunks")
        }
        Code::TransferCodingUnknown => ("Use chunked alone", ""),
        Code::ConnectBody => {
            ("Leave the field out", "A reader that heeds it takes what should go through the tunnel for a body")
        }
        Code::ChunkSize => (
            "Write the size in hexadecimal digits and nothing else",
            "A reader may take the digits it understands, and see chunks of other sizes",
        ),
        Code::ChunkExtension => (
            "Send no chunk extensions",
            "A reader that skips to the line's end and one that does not see different chunks",
        ),
        Code::ChunkDataEnd => (
            "Make size and data fit: count octets",
            "A reader that skips to the next LF, one that expects a size here and a strict one see different chunks",
        ),
        Code::StartLineTooLong
        | Code::HeadTooLarge
        | Code::TooManyFields
        | Code::TrailerTooLarge
        | Code::TooManyTrailerFields
        | Code::ChunkExtensionsTooLarge
        | Code::TooManyInformational
        | Code::BodyTooLarge => (LIMIT, ""),
        Code::TruncatedHead | Code::TruncatedBody | Code::TruncatedChunks => (WHOLE, ""),
        Code::DataAfterClose => (
            "Send nothing behind the message that ends the connection",
            "A reader that heeds the close drops it, another takes it for a message",
        ),
        Code::UnexpectedResponse => {
            ("Answer each request once", "A reader takes it for the answer to its next request")
        }
        _ => ("", ""),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_whole_and_codes_are_unique() {
        let codes = Code::ALL.iter().map(|code| What::Fault(*code).row().name);
        let notes = Note::ALL.iter().map(|note| note.row().name);
        let mut names: alloc::vec::Vec<_> = codes.chain(notes).collect();
        names.sort_unstable();
        assert!(names.windows(2).all(|pair| pair[0] != pair[1]), "{names:?}");
        for (number, note) in Note::ALL.iter().enumerate() {
            let row = note.row();
            assert_eq!(*note as usize, number);
            assert!(!row.message.ends_with('.') && !row.rule.is_empty() && !row.fix.is_empty(), "{}", row.name);
        }
    }
}
