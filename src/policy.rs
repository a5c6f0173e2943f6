//! What a parser permits: limits and leniencies.
//!
//! The default is strict. Each limit counts every byte of what it names, line ends included;
//! each leniency is a departure from RFC 9112 that you switch on by name.
//!
//! # Example
//! ```
//! use h1wire::{Leniency, Limits, Parser, Policy};
//!
//! let limits = Limits::default().max_head_size(8192).max_body_size(1 << 20);
//! let policy = Policy::default().limits(limits).lenient([Leniency::ObsFold, Leniency::MissingHost]);
//! let parser = Parser::request(policy);
//! ```

/// The largest `max_head_size` and `max_trailer_size` there are, in bytes; larger ones mean this: positions inside
/// a head are packed into 22 bits where they meet other facts (see the records of the bindings).
pub const MAX_SECTION: u64 = (1 << 22) - 1;

macro_rules! limits {
    ($($(#[$doc:meta])+ $field:ident, $name:literal, $default:expr;)+) => {
        /// The limits of a parser: what is larger is refused, each with an error code of its own.
        ///
        /// Make them from the defaults, `Limits::default().max_fields(100)`: later versions may have more.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        #[non_exhaustive]
        pub struct Limits {
            $($(#[$doc])+ pub $field: u64,)+
        }

        impl Limits {
            /// The defaults.
            pub const DEFAULT: Limits = Limits { $($field: $default,)+ };

            $(
                $(#[$doc])+
                ///
                /// The other limits stay as they are; `u64::MAX` stands for none.
                #[must_use]
                pub const fn $field(self, most: u64) -> Limits {
                    Limits { $field: most, ..self }
                }
            )+

            /// Name (as JavaScript spells it) and default of each limit, in order;
            /// `u64::MAX` stands for none.
            #[doc(hidden)]
            pub const TABLE: &'static [(&'static str, u64)] = &[$(($name, $default),)+];

            /// Limits from values in the order of [`Limits::TABLE`]; missing ones keep their default.
            #[doc(hidden)]
            pub fn from_values(values: impl IntoIterator<Item = u64>) -> Limits {
                let mut values = values.into_iter();
                let mut limits = Limits::DEFAULT;
                $(if let Some(value) = values.next() { limits.$field = value; })+
                limits.bounded()
            }

            /// The same, with sizes of sections up to [`MAX_SECTION`].
            pub(crate) fn bounded(self) -> Limits {
                Limits {
                    max_head_size: self.max_head_size.min(MAX_SECTION),
                    max_trailer_size: self.max_trailer_size.min(MAX_SECTION),
                    ..self
                }
            }
        }
    };
}

limits! {
    /// Bytes of the start-line, its line end included.
    max_start_line, "maxStartLine", 16_384;
    /// Bytes of the head: CRLFs before it, start-line, field lines and the empty line.
    max_head_size, "maxHeadSize", 65_536;
    /// Field lines of a head.
    max_fields, "maxFields", 256;
    /// Bytes of a trailer section: its field lines and the empty line.
    max_trailer_size, "maxTrailerSize", 16_384;
    /// Field lines of a trailer section.
    max_trailer_fields, "maxTrailerFields", 64;
    /// Bytes of all chunk extensions of a message, superfluous leading zeros of chunk sizes included.
    max_chunk_extensions, "maxChunkExtensions", 16_384;
    /// 1xx responses in a row.
    max_informational, "maxInformational", 16;
    /// Bytes of a body, after removal of the chunked coding.
    max_body_size, "maxBodySize", u64::MAX;
}

impl Default for Limits {
    fn default() -> Self {
        Limits::DEFAULT
    }
}

macro_rules! leniencies {
    ($($variant:ident = $name:literal, $in_node:literal, $danger:literal;)+) => {
        /// A named departure from strictness. Later versions may have more.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        #[non_exhaustive]
        #[repr(u8)]
        pub enum Leniency {
            $(#[doc = concat!("`", $name, "`: ", $danger)] $variant,)+
        }

        impl Leniency {
            /// Every leniency; one's number is its index here and its bit in a [`Leniencies`].
            pub const ALL: &'static [Leniency] = &[$(Leniency::$variant),+];

            /// Its name, llhttp's where llhttp has it.
            pub const fn name(self) -> &'static str {
                [$($name),+][self as usize]
            }

            /// What can go wrong where it is switched on.
            pub const fn danger(self) -> &'static str {
                [$($danger),+][self as usize]
            }

            /// Whether the preset `node-insecure` has it.
            pub const fn in_node_insecure(self) -> bool {
                [$($in_node),+][self as usize]
            }
        }
    };
}

leniencies! {
    HeaderValueRelaxed = "headerValueRelaxed", true, "controls in a field value reach logs, terminals and readers behind this one";
    Headers = "headers", true, "controls and NUL in a field value; a reader behind this one may end the value at the NUL";
    ChunkedLength = "chunkedLength", true, "Transfer-Encoding beside Content-Length: a reader that believes the length sees another message end (request smuggling)";
    TransferEncoding = "transferEncoding", true, "a request whose end nobody can tell but by the connection's end";
    Version = "version", true, "a version this parser does not know is read as HTTP/1.1";
    KeepAlive = "keepAlive", true, "a message after one that ends the connection: the peer may take it for something else";
    DataAfterClose = "dataAfterClose", true, "bytes after the last message are dropped unread";
    OptionalLfAfterCr = "optionalLFAfterCR", true, "a CR alone ends a line: another reader sees one line where this one sees two";
    OptionalCrBeforeLf = "optionalCRBeforeLF", true, "an LF alone ends a line: another reader sees one line, or no end of the head, where this one sees two";
    OptionalCrlfAfterChunk = "optionalCRLFAfterChunk", true, "chunk data without its line end: another reader sees other chunks";
    SpacesAfterChunkSize = "spacesAfterChunkSize", true, "whitespace after a chunk size: another reader may take the size for invalid";
    ObsFold = "obsFold", true, "a folded field line: another reader sees a second field where this one sees one value";
    SpaceBeforeColon = "spaceBeforeColon", false, "whitespace before the colon: another reader sees another field name";
    MissingHost = "missingHost", false, "a request without Host: nobody can tell which site it is for";
    TargetObsText = "targetObsText", false, "bytes above 0x7F in a request-target: readers decode them differently";
    Asterisk = "asterisk", false, "* with a method other than OPTIONS: a server may take it for a path";
    TransferEncodingVersion = "transferEncodingVersion", true, "Transfer-Encoding in an HTTP/1.0 response: an old reader, or one behind this one, takes the chunk sizes for data";
    IdentityCoding = "identityCoding", true, "Transfer-Encoding: identity in a response counts as absent: another reader reads until the connection closes";
    BadFieldLines = "badFieldLines", false, "a line of a response that is not a header is dropped: another reader may stop there or read it as one";
}

/// A set of leniencies: [`Leniencies::STRICT`], one [`Leniency`], or an array of them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Leniencies(u32);

impl Leniencies {
    /// None: the default.
    pub const STRICT: Leniencies = Leniencies(0);

    /// The set with these bits; bits that name no leniency are dropped.
    pub const fn from_bits(bits: u32) -> Leniencies {
        Leniencies(bits & ((1 << Leniency::ALL.len()) - 1))
    }

    /// What Node's `insecureHTTPParser` permits.
    pub fn node_insecure() -> Leniencies {
        Leniency::ALL.iter().filter(|one| one.in_node_insecure()).fold(Self::STRICT, |set, one| set.with(*one))
    }

    /// This set and one more.
    #[must_use]
    pub const fn with(self, one: Leniency) -> Leniencies {
        Leniencies(self.0 | 1 << one as u32)
    }

    /// Those in the set, in the order of [`Leniency::ALL`].
    pub fn iter(self) -> impl Iterator<Item = Leniency> {
        Leniency::ALL.iter().copied().filter(move |one| self.has(*one))
    }

    /// The set as bits: one's number is its bit.
    pub const fn bits(self) -> u32 {
        self.0
    }

    /// Whether the set has it.
    pub const fn has(self, one: Leniency) -> bool {
        self.0 & 1 << one as u32 != 0
    }
}

impl From<Leniency> for Leniencies {
    fn from(one: Leniency) -> Leniencies {
        Leniencies::STRICT.with(one)
    }
}

impl<const N: usize> From<[Leniency; N]> for Leniencies {
    fn from(all: [Leniency; N]) -> Leniencies {
        all.into_iter().fold(Leniencies::STRICT, Leniencies::with)
    }
}

/// Limits and leniencies together: all that can be set on a parser. The default is strict.
///
/// Make one from the default: later versions may have more to set.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Policy {
    /// How much is taken.
    pub limits: Limits,
    /// What is forgiven.
    pub lenient: Leniencies,
}

impl Policy {
    /// With these limits; the leniencies stay as they are.
    #[must_use]
    pub const fn limits(self, limits: Limits) -> Policy {
        Policy { limits, ..self }
    }

    /// With these leniencies and no others: a set, one, or an array of them. The limits stay as they are.
    #[must_use]
    pub fn lenient(self, lenient: impl Into<Leniencies>) -> Policy {
        Policy { lenient: lenient.into(), ..self }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn limits_and_leniencies_are_set_one_by_one() {
        let limits = Limits::default().max_fields(3).max_body_size(7);
        assert_eq!((limits.max_fields, limits.max_body_size), (3, 7));
        assert_eq!(limits, Limits { max_fields: 3, max_body_size: 7, ..Limits::DEFAULT });
        let both = Leniencies::STRICT.with(Leniency::ObsFold).with(Leniency::KeepAlive);
        let policy = Policy::default().lenient([Leniency::KeepAlive, Leniency::ObsFold]).limits(limits);
        assert_eq!(policy, Policy { limits, lenient: both });
        assert_eq!(policy.lenient(Leniency::Version).lenient, Leniencies::STRICT.with(Leniency::Version));
        assert_eq!(policy.lenient(Leniencies::STRICT).lenient, Leniencies::STRICT);
    }
}
