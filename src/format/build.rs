//! Messages in a chain of calls: the builder in a form that allocates nothing but what it writes.
//!
//! The chain only collects what it borrows; [`Request::write_to`] and its like hand all of it to the
//! functions of [`format`](super), which check and write in one pass. Outputs are a `Vec<u8>` or a
//! [`Fixed`](super::Fixed) buffer.

pub mod list;

use crate::policy::Leniencies;

use super::{Around, Body, FieldLine, Output, Refusal, Version, Written};

use list::{And, AndAll, List};

/// A request in the making: a chain of calls that collects what it borrows, and allocates nothing.
///
/// [`Request::write_to`] writes it, or [`Connection::send_request`](crate::Connection::send_request) sends it. `F` and
/// `T` list its field and trailer lines, and need no naming.
#[derive(Clone, Copy, Debug)]
#[must_use = "nothing is written before write_to"]
pub struct Request<'a, F = (), T = ()> {
    method: &'a [u8],
    target: &'a [u8],
    lenient: Leniencies,
    host: Option<&'a [u8]>,
    version: Version,
    fields: F,
    content: Content<'a>,
    trailers: T,
}

/// A response in the making: a chain of calls that collects what it borrows, and allocates nothing.
///
/// [`Response::write_to`] writes it, or [`Connection::send_response`](crate::Connection::send_response) sends it. `F`
/// and `T` list its field and trailer lines, and need no naming.
#[derive(Clone, Copy, Debug)]
#[must_use = "nothing is written before write_to"]
pub struct Response<'a, F = (), T = ()> {
    status: u16,
    reason: Option<&'a [u8]>,
    version: Version,
    request_method: &'a [u8],
    request_version: Version,
    fields: F,
    content: Content<'a>,
    trailers: T,
}

/// What is known of a body.
#[derive(Clone, Copy, Debug)]
struct Content<'a> {
    body: Body,
    /// Its bytes; none if the caller writes them behind the head.
    octets: Option<&'a [u8]>,
}

impl Content<'_> {
    const NONE: Self = Content { body: Body::None, octets: Some(b"") };
}

macro_rules! methods {
    ($($(#[$doc:meta])* $function:ident $method:literal;)+) => {
        impl<'a> Request<'a> {
            $($(#[$doc])*
            pub fn $function<N: AsRef<[u8]> + ?Sized>(target: &'a N) -> Request<'a> {
                Request::new($method, target)
            })+
        }
    };
}

methods! {
    /// GET of this request-target.
    get "GET";
    /// HEAD of this request-target.
    head "HEAD";
    /// POST to this request-target.
    post "POST";
    /// PUT of this request-target.
    put "PUT";
    /// PATCH of this request-target.
    patch "PATCH";
    /// DELETE of this request-target.
    delete "DELETE";
    /// OPTIONS of this request-target, or of `*`.
    options "OPTIONS";
}

impl<'a> Request<'a> {
    /// A request with this method and request-target, in version 1.1.
    pub fn new<M, N>(method: &'a M, target: &'a N) -> Request<'a>
    where
        M: AsRef<[u8]> + ?Sized,
        N: AsRef<[u8]> + ?Sized,
    {
        Request {
            method: method.as_ref(),
            target: target.as_ref(),
            lenient: Leniencies::STRICT,
            host: None,
            version: Version::Http11,
            fields: (),
            content: Content::NONE,
            trailers: (),
        }
    }

    /// CONNECT to this `host:port`, which also becomes the Host field.
    pub fn connect<N: AsRef<[u8]> + ?Sized>(authority: &'a N) -> Request<'a> {
        Request::new("CONNECT", authority).host(authority)
    }
}

impl<'a, F, T> Request<'a, F, T> {
    /// Host and port of where it goes: the Host field, unless there is one among the fields, which
    /// must then say the same.
    pub fn host<N: AsRef<[u8]> + ?Sized>(self, host: &'a N) -> Self {
        Request { host: Some(host.as_ref()), ..self }
    }

    /// What the target may be besides, see [`RequestParts::lenient`](super::RequestParts::lenient).
    pub fn lenient(self, lenient: Leniencies) -> Self {
        Request { lenient, ..self }
    }
}

impl<'a> Response<'a> {
    /// A response with this status, in version 1.1, to a GET.
    pub fn new(status: u16) -> Response<'a> {
        Response {
            status,
            reason: None,
            version: Version::Http11,
            request_method: b"GET",
            request_version: Version::Http11,
            fields: (),
            content: Content::NONE,
            trailers: (),
        }
    }
}

impl<'a, F, T> Response<'a, F, T> {
    /// A reason phrase in place of the usual one.
    pub fn reason<N: AsRef<[u8]> + ?Sized>(self, reason: &'a N) -> Self {
        Response { reason: Some(reason.as_ref()), ..self }
    }

    /// The method of the request it answers: whether there is a body follows from it. A
    /// [`Connection`](crate::Connection) knows it by itself.
    pub fn request_method<N: AsRef<[u8]> + ?Sized>(self, method: &'a N) -> Self {
        Response { request_method: method.as_ref(), ..self }
    }

    /// The version of the request it answers. A [`Connection`](crate::Connection) knows it by itself.
    pub fn request_version(self, version: Version) -> Self {
        Response { request_version: version, ..self }
    }
}

macro_rules! common {
    ($message:ident $parts:ident { $($part:ident),+ } $write:path) => {
        impl<'a, F, T> $message<'a, F, T> {
            /// The version to write.
            pub fn version(self, version: Version) -> Self {
                $message { version, ..self }
            }

            /// One more field line.
            pub fn header<N, V>(self, name: &'a N, value: &'a V) -> $message<'a, And<F, FieldLine<'a>>, T>
            where
                N: AsRef<[u8]> + ?Sized,
                V: AsRef<[u8]> + ?Sized,
            {
                let $message { fields, content, trailers, version, $($part),+ } = self;
                let fields = And(fields, (name.as_ref(), value.as_ref()));
                $message { fields, content, trailers, version, $($part),+ }
            }

            /// More field lines, as many as there are.
            pub fn headers<N, V>(self, lines: &'a [(N, V)]) -> $message<'a, AndAll<'a, F, (N, V)>, T> {
                let $message { fields, content, trailers, version, $($part),+ } = self;
                $message { fields: AndAll(fields, lines), content, trailers, version, $($part),+ }
            }

            /// One more trailer line; with one, the body is chunked.
            pub fn trailer<N, V>(self, name: &'a N, value: &'a V) -> $message<'a, F, And<T, FieldLine<'a>>>
            where
                N: AsRef<[u8]> + ?Sized,
                V: AsRef<[u8]> + ?Sized,
            {
                let $message { fields, content, trailers, version, $($part),+ } = self;
                let trailers = And(trailers, (name.as_ref(), value.as_ref()));
                $message { fields, content, trailers, version, $($part),+ }
            }

            /// This body. It is copied once, into the output.
            pub fn body<N: AsRef<[u8]> + ?Sized>(self, octets: &'a N) -> Self {
                let octets = octets.as_ref();
                $message { content: Content { body: Body::Known(octets.len() as u64), octets: Some(octets) }, ..self }
            }

            /// A body of so many bytes, which the caller writes behind the head.
            pub fn body_length(self, octets: u64) -> Self {
                $message { content: Content { body: Body::Known(octets), octets: None }, ..self }
            }

            /// A body of unknown length, which the caller writes behind the head: in chunks, or as
            /// [`Written::framing`] says.
            pub fn body_unknown(self) -> Self {
                $message { content: Content { body: Body::Unknown, octets: None }, ..self }
            }
        }

        impl<'a, F: List<FieldLine<'a>>, T: List<FieldLine<'a>>> $message<'a, F, T> {
            /// Appends the message; the head alone, if its body is still to come. Its trailer lines
            /// then belong to a [`LastChunk`].
            ///
            /// # Errors
            /// What is wrong with which part; `out` is then as it was.
            pub fn write_to(self, out: &mut impl Output) -> Result<Written, Refusal> {
                let start = out.length();
                let (parts, octets) = self.into_parts();
                let written = $write(parts, out)?;
                let Some(octets) = octets else {
                    out.truncate(start + written.head);
                    return Ok(written.head_alone());
                };
                put_body(octets, &written, start, out);
                Ok(written)
            }

            /// Its parts, and the body's bytes if they are given here.
            #[inline]
            pub(crate) fn into_parts(
                self,
            ) -> (
                super::$parts<'a, impl Iterator<Item = FieldLine<'a>>, impl Iterator<Item = FieldLine<'a>>>,
                Option<&'a [u8]>,
            ) {
                let Content { body, octets } = self.content;
                let parts = super::$parts {
                    fields: list::iter(self.fields),
                    body,
                    trailers: list::iter(self.trailers),
                    version: self.version,
                    $($part: self.$part),+
                };
                (parts, octets)
            }
        }
    };
}

common!(Request RequestParts { method, target, lenient, host } super::request);
common!(Response ResponseParts { status, reason, request_method, request_version } super::response);

/// Puts a body into its place in what was written from `start` on, unless the message only speaks of it.
pub(crate) fn put_body(octets: &[u8], written: &Written, start: usize, out: &mut impl Output) {
    if written.carries_body {
        out.insert(start + written.before, octets);
    }
}

/// A chunk in the making. `E` lists its extensions.
#[derive(Clone, Copy, Debug)]
#[must_use = "nothing is written before write_to"]
pub struct Chunk<'a, E = ()> {
    data: &'a [u8],
    extensions: E,
}

/// A chunk extension: its name, and its value if it has one.
type Extension<'a> = (&'a [u8], Option<&'a [u8]>);

impl<'a> Chunk<'a> {
    /// A chunk with this data.
    pub fn of<N: AsRef<[u8]> + ?Sized>(data: &'a N) -> Chunk<'a> {
        Chunk { data: data.as_ref(), extensions: () }
    }
}

impl<'a, E> Chunk<'a, E> {
    /// One more extension, with a value.
    pub fn extension<N, V>(self, name: &'a N, value: &'a V) -> Chunk<'a, And<E, Extension<'a>>>
    where
        N: AsRef<[u8]> + ?Sized,
        V: AsRef<[u8]> + ?Sized,
    {
        Chunk { data: self.data, extensions: And(self.extensions, (name.as_ref(), Some(value.as_ref()))) }
    }

    /// One more extension, without a value.
    pub fn flag<N: AsRef<[u8]> + ?Sized>(self, name: &'a N) -> Chunk<'a, And<E, Extension<'a>>> {
        Chunk { data: self.data, extensions: And(self.extensions, (name.as_ref(), None)) }
    }
}

impl<'a, E: List<Extension<'a>>> Chunk<'a, E> {
    /// Appends the chunk.
    ///
    /// # Errors
    /// As [`chunk`](super::chunk); `out` is then as it was.
    pub fn write_to(self, out: &mut impl Output) -> Result<(), Refusal> {
        let start = out.length();
        let Around { before, .. } = super::chunk(self.data.len() as u64, list::iter(self.extensions), out)?;
        out.insert(start + before, self.data);
        Ok(())
    }
}

/// What ends a chunked body, in the making. `T` lists its trailer lines.
#[derive(Clone, Copy, Debug, Default)]
#[must_use = "nothing is written before write_to"]
pub struct LastChunk<T = ()> {
    trailers: T,
}

impl LastChunk {
    /// A last chunk without trailer fields.
    pub fn new() -> LastChunk {
        LastChunk { trailers: () }
    }
}

impl<T> LastChunk<T> {
    /// One more trailer line.
    pub fn trailer<'a, N, V>(self, name: &'a N, value: &'a V) -> LastChunk<And<T, FieldLine<'a>>>
    where
        N: AsRef<[u8]> + ?Sized,
        V: AsRef<[u8]> + ?Sized,
    {
        LastChunk { trailers: And(self.trailers, (name.as_ref(), value.as_ref())) }
    }

    /// Appends the last chunk, the trailer section and the empty line.
    ///
    /// # Errors
    /// What is wrong with which trailer field; `out` is then as it was.
    pub fn write_to<'a>(self, out: &mut impl Output) -> Result<(), Refusal>
    where
        T: List<FieldLine<'a>>,
    {
        super::last_chunk(list::iter(self.trailers), out)
    }
}
