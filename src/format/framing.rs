//! How a message that is written says where it ends.
//!
//! | the message | its body | fields |
//! | --- | --- | --- |
//! | 1xx, 204, 2xx to CONNECT | none | neither may be given |
//! | CONNECT, TRACE | none | Content-Length may be given as 0 |
//! | 205 | none | `Content-Length: 0` |
//! | 304, answer to HEAD | none is written | as the body would have had, if one is given |
//! | Transfer-Encoding given, or trailers | chunked | `Transfer-Encoding: chunked` |
//! | Content-Length given | of that length | as given |
//! | of known length | of that length | `Content-Length` |
//! | of unknown length, both sides 1.1 | chunked | `Transfer-Encoding: chunked` |
//! | of unknown length, response | until close | `Connection: close` |
//! | none; response, or POST, PUT, PATCH | none | `Content-Length: 0` |
//! | none; any other request | none | neither |

use super::{
    Version,
    fields::Fields,
    refusal::{Lengths, Part, Refusal},
};
use crate::{
    error::Code,
    framing::{BodyFraming, MAX_LENGTH, opens_tunnel},
    names::Method,
};

/// What is known of a body before it is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Body {
    /// There is none.
    #[default]
    None,
    /// So many bytes.
    Known(u64),
    /// Nobody knows yet how many.
    Unknown,
    /// What the framing fields given say, in a message that is sent in pieces; none if they say
    /// nothing.
    Declared,
}

/// A message as the decision sees it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Message {
    content: Content,
    body: Body,
    /// Both sides speak 1.1.
    knows_chunks: bool,
    is_request: bool,
    /// A message without a body says so by a Content-Length of 0.
    says_none: bool,
}

/// What content a message can have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Content {
    Any,
    /// None, but its fields may describe what there would have been.
    Described,
    /// None, and a given Content-Length can only be 0.
    Empty,
    /// None, and no field that speaks of it.
    Never,
}

/// What to write.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Decision {
    /// How the bytes behind the head are delimited.
    pub(super) framing: BodyFraming,
    /// The field to add.
    pub(super) add: Add,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Add {
    Nothing,
    Length(u64),
    Chunked,
}

impl Message {
    pub(super) fn request(method: Method, version: Version, body: Body) -> Message {
        Message {
            content: if matches!(method, Method::CONNECT | Method::TRACE) { Content::Empty } else { Content::Any },
            body,
            knows_chunks: version == Version::Http11,
            is_request: true,
            says_none: matches!(method, Method::POST | Method::PUT | Method::PATCH),
        }
    }

    pub(super) fn response(status: u16, request_method: Method, knows_chunks: bool, body: Body) -> Message {
        let content = match status {
            100..=199 | 204 => Content::Never,
            _ if opens_tunnel(request_method, status) => Content::Never,
            304 => Content::Described,
            _ if request_method == Method::HEAD => Content::Described,
            205 => Content::Empty,
            _ => Content::Any,
        };
        Message { content, body, knows_chunks, is_request: false, says_none: true }
    }

    /// Whether there are bytes behind the head, as far as the body goes.
    pub(super) fn has_octets(&self) -> bool {
        !matches!(self.body, Body::None | Body::Known(0) | Body::Declared)
    }

    /// Whether bytes may come behind a head that delimits them so.
    pub(super) fn may_have_octets(&self, framing: BodyFraming) -> bool {
        match self.body {
            Body::Declared => !matches!(framing, BodyFraming::None | BodyFraming::Length(0)),
            _ => self.has_octets(),
        }
    }

    /// How many bytes there are, if there are some and their number is known.
    pub(super) fn known_octets(&self) -> Option<u64> {
        if let Body::Known(length @ 1..) = self.body { Some(length) } else { None }
    }

    /// The row of the table above, or what contradicts it.
    #[inline(always)]
    pub(super) fn decide(&self, fields: &Fields<'_>, has_trailers: bool) -> Result<Decision, Refusal> {
        if let (Some(length), Some(coded)) = (fields.length(), fields.coded()) {
            return refuse(Code::TransferEncodingWithLength, Part::FieldName(length.index.max(coded)));
        }
        match self.content {
            Content::Any => self.any(fields, has_trailers),
            Content::Described => {
                let Decision { add, .. } = self.any(fields, has_trailers)?;
                let add =
                    if matches!(self.body, Body::None | Body::Declared) && !has_trailers { Add::Nothing } else { add };
                Ok(Decision { framing: BodyFraming::None, add })
            }
            Content::Empty | Content::Never => self.none(fields, has_trailers),
        }
    }

    fn none(&self, fields: &Fields<'_>, has_trailers: bool) -> Result<Decision, Refusal> {
        if let Some(index) = fields.coded() {
            return refuse(Code::FramingConflict, Part::FieldName(index));
        }
        match fields.length() {
            Some(given) if given.value > 0 || self.content == Content::Never => {
                return refuse(Code::FramingConflict, Part::FieldName(given.index));
            }
            _ => {}
        }
        if self.has_octets() {
            return refuse(Code::BodyForbidden, Part::Body);
        }
        if has_trailers {
            return refuse(Code::TrailersNeedChunks, Part::TrailerName(0));
        }
        let says_none = self.says_none && self.content == Content::Empty && fields.length().is_none();
        let add = if says_none { Add::Length(0) } else { Add::Nothing };
        Ok(Decision { framing: BodyFraming::None, add })
    }

    #[inline(always)]
    fn any(&self, fields: &Fields<'_>, has_trailers: bool) -> Result<Decision, Refusal> {
        if let Some(index) = fields.coded() {
            return if self.knows_chunks {
                Ok(Decision { framing: BodyFraming::Chunked, add: Add::Nothing })
            } else {
                refuse(Code::TransferEncodingVersion, Part::FieldName(index))
            };
        }
        if has_trailers {
            return if self.knows_chunks && fields.length().is_none() {
                Ok(Decision { framing: BodyFraming::Chunked, add: Add::Chunked })
            } else {
                refuse(Code::TrailersNeedChunks, Part::TrailerName(0))
            };
        }
        if let Some(given) = fields.length() {
            let actual = match self.body {
                Body::Known(length) => length,
                Body::None if self.content == Content::Any => 0,
                // Nothing is known that it could differ from.
                Body::None | Body::Unknown | Body::Declared => given.value,
            };
            return if actual == given.value {
                Ok(Decision { framing: BodyFraming::Length(given.value), add: Add::Nothing })
            } else {
                let lengths = Lengths { expected: given.value, actual };
                Err(Refusal::disagreeing(Code::BodyLength, Part::FieldValue(given.index), lengths))
            };
        }
        match self.body {
            Body::Known(length) if length > MAX_LENGTH => refuse(Code::BodyLength, Part::Body),
            Body::Known(length) => Ok(Decision { framing: BodyFraming::Length(length), add: Add::Length(length) }),
            Body::Unknown if self.knows_chunks => Ok(Decision { framing: BodyFraming::Chunked, add: Add::Chunked }),
            Body::Unknown if self.is_request => refuse(Code::LengthNeeded, Part::Body),
            Body::Unknown => Ok(Decision { framing: BodyFraming::UntilClose, add: Add::Nothing }),
            Body::None | Body::Declared if self.says_none => {
                Ok(Decision { framing: BodyFraming::Length(0), add: Add::Length(0) })
            }
            Body::None | Body::Declared => Ok(Decision { framing: BodyFraming::None, add: Add::Nothing }),
        }
    }
}

fn refuse<T>(code: Code, part: Part) -> Result<T, Refusal> {
    Err(Refusal::whole(code, part))
}
