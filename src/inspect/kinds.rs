//! The kinds of nodes: one table.

macro_rules! kinds {
    ($($(#[$doc:meta])+ $variant:ident = $name:literal, $rule:literal;)+) => {
        /// What a node is.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        #[non_exhaustive]
        #[repr(u8)]
        pub enum NodeKind {
            $($(#[$doc])+ $variant,)+
        }

        impl NodeKind {
            /// Every kind; a kind's number is its index here.
            pub const ALL: &'static [NodeKind] = &[$(NodeKind::$variant),+];

            /// Its name, the RFC's where the RFC has one.
            pub const fn name(self) -> &'static str {
                [$($name),+][self as usize]
            }

            /// The section that says what it is.
            pub const fn rule(self) -> &'static str {
                [$($rule),+][self as usize]
            }
        }
    };
}

kinds! {
    /// A request; holds all of it.
    Request = "request", "RFC 9112 section 2.1";
    /// A response; holds all of it.
    Response = "response", "RFC 9112 section 2.1";
    /// The first line of a request.
    RequestLine = "request-line", "RFC 9112 section 3";
    /// The first line of a response.
    StatusLine = "status-line", "RFC 9112 section 4";
    /// A method.
    Method = "method", "RFC 9110 section 9.1";
    /// A request-target.
    RequestTarget = "request-target", "RFC 9112 section 3.2";
    /// The version of HTTP.
    Version = "HTTP-version", "RFC 9112 section 2.3";
    /// A status code.
    StatusCode = "status-code", "RFC 9112 section 4";
    /// A reason phrase, perhaps empty.
    ReasonPhrase = "reason-phrase", "RFC 9112 section 4";
    /// What stands between the parts of a start-line.
    Space = "SP", "RFC 9112 section 3";
    /// What ends a line: CR LF, or an LF or CR alone.
    LineEnd = "line-end", "RFC 9112 section 2.2";
    /// Line ends before a message.
    LeadingLineEnd = "leading-line-end", "RFC 9112 section 2.2";
    /// A field line, its folds included.
    FieldLine = "field-line", "RFC 9112 section 5";
    /// A field's name.
    FieldName = "field-name", "RFC 9110 section 5.1";
    /// The colon behind it.
    Colon = "colon", "RFC 9112 section 5";
    /// Whitespace around a value.
    OptionalSpace = "OWS", "RFC 9110 section 5.6.3";
    /// Whitespace where it may stand for old times' sake, or may not stand.
    BadSpace = "BWS", "RFC 9110 section 5.6.3";
    /// A field's value, perhaps empty; one that is folded holds its parts and folds.
    FieldValue = "field-value", "RFC 9110 section 5.5";
    /// What stands of a folded value in one line.
    ValuePart = "value-part", "RFC 9112 section 5.2";
    /// A fold: line end and whitespace.
    ObsFold = "obs-fold", "RFC 9112 section 5.2";
    /// A line that is no field line and was dropped, its line end included.
    DroppedLine = "dropped-line", "h1wire: leniencies";
    /// A body; holds its data, or its chunks and trailer section.
    MessageBody = "message-body", "RFC 9112 section 6";
    /// A body's bytes.
    BodyData = "body-data", "RFC 9112 section 6";
    /// A chunk, its lines included.
    Chunk = "chunk", "RFC 9112 section 7.1";
    /// The chunk that ends a body.
    LastChunk = "last-chunk", "RFC 9112 section 7.1";
    /// A chunk's size.
    ChunkSize = "chunk-size", "RFC 9112 section 7.1";
    /// What begins a chunk extension.
    Semicolon = "semicolon", "RFC 9112 section 7.1.1";
    /// A chunk extension's name.
    ExtensionName = "chunk-ext-name", "RFC 9112 section 7.1.1";
    /// What stands between its name and value.
    Equals = "equals", "RFC 9112 section 7.1.1";
    /// A chunk extension's value.
    ExtensionValue = "chunk-ext-val", "RFC 9112 section 7.1.1";
    /// A chunk's bytes.
    ChunkData = "chunk-data", "RFC 9112 section 7.1";
    /// The trailer fields.
    TrailerSection = "trailer-section", "RFC 9112 section 7.1.2";
    /// Bytes that nothing can be made of.
    Junk = "junk", "h1wire: where a message can begin again";
    /// Bytes behind a switch of protocols.
    Switched = "switched", "RFC 9110 section 7.8";
    /// Bytes behind the message that ended the connection.
    AfterClose = "after-close", "RFC 9112 section 9.6";
}
