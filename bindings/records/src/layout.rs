//! The word layout both bindings write and the facade reads: documented here once.
//!
//! One area of words is shared by all calls of an environment. After `push`, `end` or `resume` it
//! holds a header of [`RECORDS`] words and then records, one behind the other. A record's first
//! word is its kind in the low 8 bits and, above them, whatever the kind says. 64-bit numbers lie
//! as two words, low first.
//!
//! | record | words |
//! | --- | --- |
//! | [`HEAD_REQUEST`] | kind and flags `<< 8`; text start; method id, minor version `<< 8`, major version `<< 16`; target start; target end; length low; length high; number of fields; end; size; fields |
//! | [`HEAD_RESPONSE`] | kind and flags `<< 8`; text start; status, minor version `<< 16`, major version `<< 24`; reason start; reason end; length low; length high; number of fields; end; size; fields |
//! | [`BODY`] | kind and source `<< 8`; start; length |
//! | [`END`] | kind; text start; number of trailer fields; end; fields |
//! | [`UPGRADE`] | kind; start of the rest |
//! | [`TOLERATED`] | kind and leniency number `<< 8`; offset low; offset high |
//! | [`NODE_OPEN`] | kind and node kind `<< 8`; start low; start high |
//! | [`NODE_LEAF`] | kind and node kind `<< 8`; start low; start high; end low; end high; text start; text length, or NOWHERE |
//! | [`NODE_CLOSE`] | kind and node kind `<< 8`; end low; end high; text start; text length, or NOWHERE |
//! | [`MESSAGE`] | kind and flags `<< 8`; start low; start high; head end low; head end high; end low; end high; number of the request answered, or NOWHERE |
//! | [`FINDING`] | kind, `FOUND_*` `<< 8` and number in that table `<< 16`; start low; start high; end low; end high; profile, or NOWHERE; its end low; its end high; `THEN_*`; where low; where high |
//! | [`READING`] | kind, profile `<< 8` and `TOLD_*` `<< 16`; start low; start high; end low; end high; code |
//! | [`ERROR`] | kind and code number `<< 8`; offset low; offset high; octet, or [`NO_OCTET`]; missing low; missing high; bits of the leniencies that would permit it; number of a hint plus 1, or 0; start and length in the text of the name of the field at fault |
//!
//! A field is [`FIELD_WORDS`] words: name id, spelling `<<` [`SPELLING_SHIFT`] and name length
//! `<<` [`NAME_LENGTH_SHIFT`]; name start; value start; value end.
//!
//! *Text start* counts from the beginning of the text a call returns (a latin-1 string of every
//! head and trailer section it delivers); the other positions inside a head or trailer section
//! count from that text start. A method without an id is the text from there to one octet before
//! the target. Starts in [`BODY`] (from the chunk) and [`UPGRADE`] count from the place in the
//! chunk where the call began to read, and so do the *end* of a head, which is *size* bytes long on the wire, and of a
//! message; starts in [`BODY`] from the joined area count from its
//! beginning. Positions of nodes, messages and findings count octets since the inspector began.

macro_rules! constants {
    ($($(#[$doc:meta])+ $name:ident = $value:expr;)+) => {
        $($(#[$doc])+ pub const $name: u32 = $value;)+
        /// Every constant of the layout by name, for the generator.
        pub const CONSTANTS: &[(&str, u32)] = &[$((stringify!($name), $name),)+];
    };
}

constants! {
    /// Header: how many records there are.
    COUNT = 0;
    /// Header: octets of the chunk read by this call.
    CONSUMED = 1;
    /// Header: flags, [`MORE`], [`SWITCHED`], [`FAILED`] and [`SHARED`].
    STATUS = 2;
    /// Header: octets of body that may follow and need not be shown to the parser but only
    /// counted to it with `skip` (low word).
    PASS_LOW = 3;
    /// Header: the same, high word.
    PASS_HIGH = 4;
    /// Header: where the text lies ([`FROM_CHUNK`] or [`FROM_MEMORY`]).
    TEXT_SOURCE = 5;
    /// Header: the text's start, in the chunk (from where the call began to read) or in memory.
    TEXT_START = 6;
    /// Header: the text's length; 0 if there is none.
    TEXT_LENGTH = 7;
    /// Header: where the two sides of a connection stand: our state, the peer's state `<< 8`,
    /// and flags `<< 16`.
    STATES = 8;
    /// Header: its size; the first record starts here.
    RECORDS = 9;

    /// Status: an area was full before the chunk was read; call again from where this call stopped.
    MORE = 1;
    /// Status: the last record is an [`UPGRADE`].
    SWITCHED = 2;
    /// Status: the last record is an [`ERROR`].
    FAILED = 4;
    /// Status: the chunk lies in memory that other threads may change, and nothing was read; only the bindings tell.
    SHARED = 8;

    /// Source: the caller's chunk.
    FROM_CHUNK = 0;
    /// Source: memory of the binding (the joined area for a body, the gathered text for a text).
    FROM_MEMORY = 1;

    /// Record: a request head.
    HEAD_REQUEST = 1;
    /// Record: a response head.
    HEAD_RESPONSE = 2;
    /// Record: octets of a body.
    BODY = 3;
    /// Record: the end of a message.
    END = 4;
    /// Record: HTTP ends here, for now or for good.
    UPGRADE = 5;
    /// Record: a leniency was used.
    TOLERATED = 6;
    /// Record: a fault; the last record there is.
    ERROR = 7;
    /// Record of an inspector: a node begins that holds others.
    NODE_OPEN = 8;
    /// Record of an inspector: a node that holds none.
    NODE_LEAF = 9;
    /// Record of an inspector: the node opened last ends.
    NODE_CLOSE = 10;
    /// Record of an inspector: a message has ended.
    MESSAGE = 11;
    /// Record of an inspector: something was found.
    FINDING = 12;
    /// Record of readings: what one of them sees.
    READING = 13;

    /// Of a finding: a fault, by its number in the table of errors.
    FOUND_FAULT = 0;
    /// Of a finding: a leniency that was used, by its number.
    FOUND_TOLERATED = 1;
    /// Of a finding: a note, by its number.
    FOUND_NOTE = 2;
    /// Of another reader: it sees nothing more.
    THEN_NOTHING = 0;
    /// Of another reader: it sees a message there.
    THEN_MESSAGE = 1;
    /// Of another reader: it refuses what is there.
    THEN_REFUSAL = 2;
    /// Of a reading: a message.
    TOLD_MESSAGE = 0;
    /// Of a reading: a fault, at which it stops.
    TOLD_REFUSAL = 1;
    /// Of a reading: HTTP ends there.
    TOLD_SWITCH = 2;

    /// Words of a head record before its fields.
    HEAD_WORDS = 10;
    /// Words of an end record before its fields.
    END_WORDS = 4;
    /// Words of a field.
    FIELD_WORDS = 4;
    /// Where the spelling lies in a field's first word: 2 bits.
    SPELLING_SHIFT = 8;
    /// Where the name's length lies in a field's first word: 22 bits.
    NAME_LENGTH_SHIFT = 10;
    /// Spelling: as in the text.
    SPELLED_OTHERWISE = 0;
    /// Spelling: as in the table of names.
    SPELLED_USUAL = 1;
    /// Spelling: as in the table of names, but all lower case.
    SPELLED_LOWER = 2;
    /// In place of an octet: there is none.
    NO_OCTET = 256;

    /// Head flag: the connection persists after this message.
    KEEP_ALIVE = 1;
    /// Head flag: the body is chunked.
    CHUNKED = 2;
    /// Head flag: the length words hold the Content-Length that frames the body.
    HAS_LENGTH = 4;
    /// Head flag: an upgrade event follows this message's end.
    UPGRADES = 8;
    /// Head flag: the sender waits for a 100.
    EXPECT_CONTINUE = 16;
    /// Head flag: a 1xx response, not the answer itself.
    INFORMATIONAL = 32;
    /// Head flag: the body ends with the connection.
    UNTIL_CLOSE = 64;
    /// Flag of an inspected message: it is a request.
    IS_REQUEST = 128;
    /// Flag of an inspected message: it was read to its end. Head flag: the message has ended with it, and no
    /// [`END`] follows.
    IS_WHOLE = 256;

    /// Role given to `create`: a parser of requests.
    ROLE_REQUEST = 0;
    /// Role given to `create`: a parser of responses.
    ROLE_RESPONSE = 1;
    /// Role given to `create`: the client's end of a connection.
    ROLE_CLIENT = 2;
    /// Role given to `create`: the server's end of a connection.
    ROLE_SERVER = 3;
    /// Role given to `create`: an inspector of requests.
    ROLE_INSPECT_REQUEST = 4;
    /// Role given to `create`: an inspector of responses.
    ROLE_INSPECT_RESPONSE = 5;
    /// Role given to `create`: an inspector of both.
    ROLE_INSPECT_AUTO = 6;
    /// Role given to `create`: readings of requests.
    ROLE_READ_REQUEST = 7;
    /// Role given to `create`: readings of responses.
    ROLE_READ_RESPONSE = 8;

    /// Flag of a connection: another exchange may follow.
    REUSABLE = 1;
    /// Flag of a connection: the client waits for a 100 before it sends its body.
    AWAITS_CONTINUE = 2;
    /// Flag of a connection: this call has gone on to the next exchange.
    CYCLED = 4;

    /// Options for `create`, in the words: bits of the leniencies.
    OPTION_LENIENT = 0;
    /// Options for `create`: 1 if body events shall follow chunk boundaries.
    OPTION_CHUNKS = 1;
    /// Options for `create`: 1 if each call shall stop behind the first message's end it reads.
    OPTION_ONE = 2;
    /// Options for `create`: how many requests a server reads before the first of them is answered.
    OPTION_PIPELINING = 3;
    /// Options for `create`: 1 if a client shall go on to the next exchange whenever one is done.
    OPTION_CYCLES = 4;
    /// Options for `create`: 1 if a head whose message has no body shall stand for its end as well.
    OPTION_MESSAGES = 5;
    /// Options for `create`: the limits, two words each, in the order of the table; all ones: none.
    OPTION_LIMITS = 6;
}

/// The words of a format call; see [`crate::format`].
pub mod format {
    constants! {
        /// In: what to build, a `CALL_*`.
        FORMAT_CALL = 0;
        /// In: flags.
        FORMAT_FLAGS = 1;
        /// In: status of a response.
        FORMAT_STATUS = 2;
        /// In: octets of the body or of a chunk's data (low word).
        FORMAT_BODY_LOW = 3;
        /// In: the same, high word.
        FORMAT_BODY_HIGH = 4;
        /// In: number of fields, or of chunk extensions.
        FORMAT_FIELDS = 5;
        /// In: number of trailer fields.
        FORMAT_TRAILERS = 6;
        /// In: number of chunks of a raw message.
        FORMAT_CHUNKS = 7;
        /// In: where in the memory for messages this one goes; only a binding that has such memory reads it.
        FORMAT_TARGET = 8;
        /// In: the parts' lengths begin here.
        FORMAT_LENGTHS = 9;

        /// Call: a request, all but its body's octets.
        CALL_REQUEST = 0;
        /// Call: a response, all but its body's octets.
        CALL_RESPONSE = 1;
        /// Call: the framing of a chunk.
        CALL_CHUNK = 2;
        /// Call: what ends a chunked body.
        CALL_LAST_CHUNK = 3;
        /// Call: what goes around an entry of a form.
        CALL_ENTRY = 4;
        /// Call: what ends a form.
        CALL_FORM_END = 5;
        /// Call: a message as it is told.
        CALL_RAW = 6;
        /// Call, on a connection only: a 1xx response but 101.
        CALL_INFORMATIONAL = 7;
        /// Call: nothing is built, a request-target is taken apart. Its parts' lengths are those of method and target, with
        /// room behind them for what goes out.
        CALL_TARGET = 8;

        /// Flag: the version is 1.0.
        FORMAT_HTTP_1_0 = 1;
        /// Flag: a URL gave the host.
        FORMAT_HAS_HOST = 2;
        /// Flag: there is a reason phrase, if only an empty one.
        FORMAT_HAS_REASON = 4;
        /// Flag: the version of the request that is answered is 1.0.
        FORMAT_REQUEST_HTTP_1_0 = 8;
        /// Flag: there is a body, and its length is known.
        FORMAT_BODY_KNOWN = 16;
        /// Flag: there is a body of unknown length.
        FORMAT_BODY_UNKNOWN = 32;
        /// Flag: an entry of a form is a file.
        FORMAT_HAS_FILE = 64;
        /// Flag: a Content-Type stands in place of the boundary of a form.
        FORMAT_HAS_TYPE = 128;
        /// Flag: a raw message has a trailer section.
        FORMAT_HAS_TRAILERS = 256;
        /// Flag: there is such a body as the framing fields given say.
        FORMAT_BODY_DECLARED = 512;
        /// Flag, on a connection: only the head is written, and the body comes in pieces.
        FORMAT_PIECES = 1024;
        /// Flag, on a connection: if the exchange is then done, go on to the next one.
        FORMAT_CYCLES = 2048;
        /// Flag: `*` goes with any method but CONNECT.
        FORMAT_ASTERISK = 4096;

        /// Out: octets before the body.
        FORMAT_BEFORE = 0;
        /// Out: octets behind it.
        FORMAT_AFTER = 1;
        /// Out: 1 if the body's octets go between them.
        FORMAT_CARRIES_BODY = 2;
        /// Out: octets of the head.
        FORMAT_HEAD = 3;
        /// Out, on a connection: where its two sides stand, as in the header.
        FORMAT_STATES = 4;

        /// Out, of a target: its form, a `FORM_*`.
        TARGET_FORM = 0;
        /// Out, of a target: where in it scheme, host, port, path and query begin and end, two words each; [`NOWHERE`] for what
        /// it has not.
        TARGET_PARTS = 1;
        /// Form: a path.
        FORM_ORIGIN = 0;
        /// Form: a whole URI.
        FORM_ABSOLUTE = 1;
        /// Form: host and port.
        FORM_AUTHORITY = 2;
        /// Form: `*`.
        FORM_ASTERISK = 3;

        /// Out, refused: the part at fault.
        FORMAT_PART = 0;
        /// Out, refused: which of these parts.
        FORMAT_ITEM = 1;
        /// Out, refused: index of the code unit at fault in the part, or of its end, or [`NOWHERE`].
        FORMAT_AT = 2;
        /// Out, refused: index of that code unit in the text, or [`NOWHERE`] if there is none.
        FORMAT_TEXT_AT = 3;
        /// Out, refused: of two lengths that disagree what was expected (two words); the high one [`NOWHERE`] if it is not that.
        FORMAT_EXPECTED = 4;
        /// Out, refused: likewise what there is (two words).
        FORMAT_ACTUAL = 6;

        /// In place of an index, of an extension value's length or of a raw part's: there is none.
        NOWHERE = 0xFFFF_FFFF;

        /// Part: the method.
        PART_METHOD = 0;
        /// Part: the request-target.
        PART_TARGET = 1;
        /// Part: the host.
        PART_HOST = 2;
        /// Part: the status code.
        PART_STATUS = 3;
        /// Part: the reason phrase.
        PART_REASON = 4;
        /// Part: the method of the request that is answered.
        PART_REQUEST_METHOD = 5;
        /// Part: the body.
        PART_BODY = 6;
        /// Part: a field's name.
        PART_FIELD_NAME = 7;
        /// Part: a field's value.
        PART_FIELD_VALUE = 8;
        /// Part: a trailer field's name.
        PART_TRAILER_NAME = 9;
        /// Part: a trailer field's value.
        PART_TRAILER_VALUE = 10;
        /// Part: a chunk extension's name.
        PART_EXTENSION_NAME = 11;
        /// Part: a chunk extension's value.
        PART_EXTENSION_VALUE = 12;
        /// Part: a form's boundary, or the Content-Type that names it.
        PART_BOUNDARY = 13;
        /// Part: the name of a form's entry.
        PART_ENTRY_NAME = 14;
        /// Part: the name of a file in a form.
        PART_ENTRY_FILE_NAME = 15;
        /// Part: the media type of a file in a form.
        PART_ENTRY_TYPE = 16;
        /// Part: none, but the call itself at this time.
        PART_CALL = 17;
    }
}
