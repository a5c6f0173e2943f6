//! Messages from parts: the safe builder.
//!
//! Parts come in as bytes; what goes out is a whole message, or nothing at all: a part that would mean
//! something else to a reader than to you is refused, with a [`Refusal`] that says which.
//!
//! [`Request`] and [`Response`] are chains of calls, and what you want. Below them, [`request()`] and [`response()`]
//! take all parts at once, as [`RequestParts`] and [`ResponseParts`], and never the body's own bytes: [`Written`] tells
//! what lies before them and what behind.
//!
//! The caller's field lines keep their order and case. These are added, behind them, where they
//! are missing and only one thing can be meant:
//! - `Host`, first of all fields, if a host is given;
//! - `Connection` with `Upgrade`, `TE` and `close` as far as the message needs them, if the caller
//!   gave no `Connection` at all;
//! - `Content-Length` or `Transfer-Encoding: chunked`, from the body, the method and the status.
//!
//! Whatever is written reads back as it was given, so that a value with whitespace at its ends,
//! which a reader would trim, is refused. The one exception: a Content-Length repeated with the
//! same number is written once.
//!
//! # Example
//! ```
//! use h1wire::format::{Request, Response};
//!
//! let mut out = Vec::new();
//! Request::post("/orders").host("example.com").header("Accept", "*/*").body(b"5 apples").write_to(&mut out)?;
//! assert_eq!(
//!     out,
//!     b"POST /orders HTTP/1.1\r\nHost: example.com\r\nAccept: */*\r\nContent-Length: 8\r\n\r\n5 apples"
//! );
//!
//! out.clear();
//! Response::new(404).header("Retry-After", "60").request_method("HEAD").body(b"Not here").write_to(&mut out)?;
//! assert_eq!(out, b"HTTP/1.1 404 Not Found\r\nRetry-After: 60\r\nContent-Length: 8\r\n\r\n");
//! # Ok::<(), h1wire::format::Refusal>(())
//! ```
//!
//! Into a buffer of fixed size, and in pieces:
//! ```
//! use h1wire::format::{Chunk, Fixed, LastChunk, Response};
//!
//! let mut buffer = [0; 256];
//! let mut out = Fixed::new(&mut buffer);
//! let lines = [("Server", "mine"), ("Vary", "Accept")];
//! let head = Response::new(200).headers(&lines).body_unknown().write_to(&mut out)?;
//! Chunk::of(b"hello").extension("id", "1").write_to(&mut out)?;
//! LastChunk::new().trailer("Digest", "none").write_to(&mut out)?;
//! assert!(head.keep_alive);
//! assert_eq!(
//!     out.octets().expect("256 bytes are enough"),
//!     b"HTTP/1.1 200 OK\r\nServer: mine\r\nVary: Accept\r\nTransfer-Encoding: chunked\r\n\r\n\
//!       5;id=1\r\nhello\r\n0\r\nDigest: none\r\n\r\n"
//! );
//! # Ok::<(), h1wire::format::Refusal>(())
//! ```

mod body_writer;
mod build;
mod chunk;
mod codings;
mod fields;
mod framing;
mod host;
pub mod multipart;
mod output;
pub mod raw;
mod reason;
mod refusal;
pub(crate) mod trailers;

use crate::{error::Code, names::Method, policy::Leniencies, target};
use fields::Fields;
use framing::{Add, Decision, Message};
use host::UrlHost;

pub use crate::framing::BodyFraming;
pub use body_writer::BodyWriter;
pub(crate) use build::put_body;
pub use build::{Chunk, LastChunk, Request, Response, list};
pub use chunk::{Around, chunk, last_chunk};
pub use framing::Body;
pub use output::{Fixed, Output, TooSmall};
pub use reason::reason;
pub use refusal::{Lengths, Part, Refusal};

/// The versions messages are written in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Version {
    /// `HTTP/1.0`: no chunks, no trailers, no 1xx.
    Http10,
    /// `HTTP/1.1`
    #[default]
    Http11,
}

/// The parts of a request, as [`request()`] takes them.
#[derive(Clone, Copy, Debug)]
pub struct RequestParts<'a, F, T> {
    /// The method: a token, case-sensitive.
    pub method: &'a [u8],
    /// The request-target, in a form that goes with the method.
    pub target: &'a [u8],
    /// What the target may be besides: `*` with any method but CONNECT by [`Leniency::Asterisk`](crate::policy::Leniency),
    /// with bytes above 0x7F by `TargetObsText`. No other leniency means anything here.
    pub lenient: Leniencies,
    /// Host and port as the URL has them. A Host field becomes unnecessary; if there is one it
    /// must say the same, whatever the case. The zone of an IPv6 address, which then needs no
    /// brackets, is left out (RFC 6874 section 4).
    pub host: Option<&'a [u8]>,
    /// The version to write.
    pub version: Version,
    /// Field lines: name and value.
    pub fields: F,
    /// What is known of the body.
    pub body: Body,
    /// Trailer field lines: name and value.
    pub trailers: T,
}

/// The parts of a response, as [`response()`] takes them.
#[derive(Clone, Copy, Debug)]
pub struct ResponseParts<'a, F, T> {
    /// The status code, 100 to 999.
    pub status: u16,
    /// The reason phrase; none: the one [`reason`] knows.
    pub reason: Option<&'a [u8]>,
    /// The version to write.
    pub version: Version,
    /// The method this answers: what it is decides whether there is a body.
    pub request_method: &'a [u8],
    /// The version of the request this answers.
    pub request_version: Version,
    /// Field lines: name and value.
    pub fields: F,
    /// What is known of the body.
    pub body: Body,
    /// Trailer field lines: name and value.
    pub trailers: T,
}

/// What was written: where the body belongs in it, and what the head says to whoever reads it, the
/// same that a [`Parser`](crate::Parser) would read in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Written {
    /// How many bytes the head has.
    pub head: usize,
    /// How many bytes go before the body: the head, and the size line of a chunk if the body's
    /// length is known and the message is chunked all the same.
    pub before: usize,
    /// How many go behind it. After a body of unknown length that is chunked, these are the last
    /// chunk and the trailer section.
    pub after: usize,
    /// Whether the body's bytes go between them: not if there are none, nor in answers to HEAD,
    /// which only speak of them. If the body's length is unknown and the message is chunked, each
    /// piece goes through [`chunk`]; [`BodyWriter`] does that.
    pub carries_body: bool,
    /// How the bytes behind the head are delimited.
    pub framing: BodyFraming,
    /// Whether the connection persists after this message, as far as its sender has a say
    /// (RFC 9112 section 9.3).
    pub keep_alive: bool,
    /// Whether HTTP may end behind this message: a request that asks for a switch of protocols
    /// (CONNECT, Upgrade), or a response that grants one.
    pub upgrade: bool,
    /// Whether the sender of this request waits for a 100 (RFC 9110 section 10.1.1).
    pub expect_continue: bool,
}

impl Written {
    /// The message in pieces that go out one behind the other: the body, if it is carried, between the two parts of
    /// `framing`, which is what was appended.
    ///
    /// # Panics
    /// If `framing` is shorter than `before + after`.
    pub fn pieces<'a>(&self, framing: &'a [u8], body: &'a [u8]) -> [&'a [u8]; 3] {
        let Written { before, after, carries_body, .. } = *self;
        Around { before, after }.pieces(framing, if carries_body { body } else { b"" })
    }

    /// The same, of which the head alone stays written: its body comes in pieces.
    pub(crate) fn head_alone(self) -> Written {
        Written { before: self.head, after: 0, carries_body: false, ..self }
    }
}

/// What a response says of the connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Persistence {
    /// It persists, which a client that speaks 1.0 does not take for granted.
    Persists,
    /// It ends with this response.
    Ends,
}

/// Name and value of a field line.
pub type FieldLine<'a> = (&'a [u8], &'a [u8]);

/// Appends a request to `out`, all but its body's bytes.
///
/// # Example
/// ```
/// use h1wire::{Leniencies, format::{self, Body, RequestParts, Version}};
///
/// let mut out = Vec::new();
/// let request = RequestParts {
///     method: b"POST",
///     target: b"/orders",
///     lenient: Leniencies::STRICT,
///     host: Some(b"example.com"),
///     version: Version::Http11,
///     fields: [(&b"Content-Type"[..], &b"text/plain"[..])],
///     body: Body::Known(5),
///     trailers: [],
/// };
/// let written = format::request(request, &mut out)?;
/// assert_eq!(written.pieces(&out, b"hello").concat().len(), out.len() + 5);
/// # Ok::<(), format::Refusal>(())
/// ```
///
/// # Errors
/// What is wrong with which part; `out` is then as it was.
pub fn request<'a, F, T>(message: RequestParts<'a, F, T>, out: &mut impl Output) -> Result<Written, Refusal>
where
    F: IntoIterator<Item = FieldLine<'a>>,
    T: IntoIterator<Item = FieldLine<'a>>,
{
    or_undone(out, |out| write_request(message, out))
}

#[inline(never)]
fn write_request<'a, F, T>(message: RequestParts<'a, F, T>, out: &mut impl Output) -> Result<Written, Refusal>
where
    F: IntoIterator<Item = FieldLine<'a>>,
    T: IntoIterator<Item = FieldLine<'a>>,
{
    let start = out.length();
    let method = Method::of(message.method);
    if method == Method::OTHER {
        refusal::check_token(message.method, Part::Method, Code::Method, Code::Method)?;
    }
    target::check(message.target, method, message.lenient)
        .map_err(|(code, at)| Refusal::at(code, Part::Target, message.target, at))?;
    let version = match message.version {
        Version::Http11 => b" HTTP/1.1\r\n",
        Version::Http10 => b" HTTP/1.0\r\n",
    };
    out.write_line(message.method, b" ", message.target, version);

    let mut fields = Fields::of_request();
    let host_line = out.length();
    let host = message.host.map(UrlHost::of).transpose()?;
    if let Some(host) = host {
        host.write(out);
    }
    let own_host = host_line..out.length();
    fields.write(message.fields, out)?;
    fields.check_host(method, message.version, message.target, host.as_ref())?;
    if host.is_some() && fields.host().is_some() {
        out.remove(own_host);
    }

    let framed = Message::request(method, message.version, message.body);
    let end = finish(&framed, &fields, None, message.trailers.into_iter(), start, out)?;
    fields.check_expect(|| framed.may_have_octets(end.framing))?;
    let modern = message.version == Version::Http11;
    Ok(Written {
        keep_alive: fields.keep_alive(message.version),
        upgrade: method == Method::CONNECT || modern && fields.has_upgrade(),
        expect_continue: modern && fields.expects_continue(),
        ..end
    })
}

/// Appends a response to `out`, all but its body's bytes.
///
/// # Errors
/// What is wrong with which part; `out` is then as it was.
pub fn response<'a, F, T>(message: ResponseParts<'a, F, T>, out: &mut impl Output) -> Result<Written, Refusal>
where
    F: IntoIterator<Item = FieldLine<'a>>,
    T: IntoIterator<Item = FieldLine<'a>>,
{
    response_on(message, None, out)
}

/// The same on a connection, of which the response says that it persists or ends, unless the caller
/// gave a Connection field.
pub(crate) fn response_on<'a, F, T>(
    message: ResponseParts<'a, F, T>,
    says: Option<Persistence>,
    out: &mut impl Output,
) -> Result<Written, Refusal>
where
    F: IntoIterator<Item = FieldLine<'a>>,
    T: IntoIterator<Item = FieldLine<'a>>,
{
    or_undone(out, |out| write_response(message, says, out))
}

#[inline(never)]
fn write_response<'a, F, T>(
    message: ResponseParts<'a, F, T>,
    says: Option<Persistence>,
    out: &mut impl Output,
) -> Result<Written, Refusal>
where
    F: IntoIterator<Item = FieldLine<'a>>,
    T: IntoIterator<Item = FieldLine<'a>>,
{
    let start = out.length();
    let status = message.status;
    if !(100..=999).contains(&status) {
        return Err(Refusal::whole(Code::StatusCode, Part::Status));
    }
    let both_modern = message.version == Version::Http11 && message.request_version == Version::Http11;
    if status < 200 && !both_modern {
        return Err(Refusal::whole(Code::InformationalVersion, Part::Status));
    }
    let request_method = Method::of(message.request_method);
    if request_method == Method::OTHER {
        refusal::check_token(message.request_method, Part::RequestMethod, Code::Method, Code::Method)?;
    }
    if let Some(phrase) = message.reason {
        refusal::check_text(phrase, Part::Reason, Code::Reason)?;
    }
    let version = match message.version {
        Version::Http11 => b"HTTP/1.1",
        Version::Http10 => b"HTTP/1.0",
    };
    let [hundreds, tens, ones] = [status / 100, status / 10 % 10, status % 10].map(|digit| b'0' + digit as u8);
    let phrase = message.reason.unwrap_or_else(|| reason(status).as_bytes());
    out.write_line(version, &[b' ', hundreds, tens, ones, b' '], phrase, b"\r\n");

    let mut fields = Fields::of_response();
    fields.write(message.fields, out)?;

    let framed = Message::response(status, request_method, both_modern, message.body);
    let end = finish(&framed, &fields, says, message.trailers.into_iter(), start, out)?;
    if status == 101 && !fields.has_upgrade() {
        return Err(Refusal::whole(Code::UpgradeMissing, Part::Status));
    }
    let until_close = end.framing == BodyFraming::UntilClose;
    Ok(Written {
        keep_alive: status < 200 || !until_close && fields.keep_alive(message.version),
        upgrade: crate::framing::switches(request_method, status),
        ..end
    })
}

/// Adds what the head lacks, ends it, and writes the framing around the body. What it returns says
/// nothing yet of persistence and the like.
#[cfg_attr(not(target_family = "wasm"), inline(always))]
fn finish<'a>(
    message: &Message,
    fields: &Fields<'a>,
    says: Option<Persistence>,
    trailer_fields: impl Iterator<Item = FieldLine<'a>>,
    start: usize,
    out: &mut impl Output,
) -> Result<Written, Refusal> {
    let mut trailer_fields = trailer_fields.peekable();
    let has_trailers = trailer_fields.peek().is_some();
    let Decision { framing, add } = message.decide(fields, has_trailers)?;
    let says = if framing == BodyFraming::UntilClose { Some(Persistence::Ends) } else { says };
    fields.write_connection(framing == BodyFraming::UntilClose, says, out)?;
    match add {
        Add::Nothing => {}
        Add::Length(length) => {
            out.write(b"Content-Length: ");
            write_decimal(out, length);
            out.write(b"\r\n");
        }
        Add::Chunked => out.write_field(b"Transfer-Encoding", b"chunked"),
    }
    out.write(b"\r\n");

    let head = out.length() - start;
    let carries_body = framing != BodyFraming::None && message.has_octets();
    let done = |before: usize, after: usize| Written {
        head,
        before,
        after,
        carries_body,
        framing,
        keep_alive: true,
        upgrade: false,
        expect_continue: false,
    };
    if framing != BodyFraming::Chunked {
        if has_trailers {
            trailers::check(trailer_fields)?;
        }
        return Ok(done(head, 0));
    }
    let one_chunk = message.known_octets();
    if let Some(length) = one_chunk {
        chunk::write_size(out, length);
        out.write(b"\r\n");
    }
    let before = out.length() - start;
    if one_chunk.is_some() {
        out.write(b"\r\n");
    }
    out.write(b"0\r\n");
    trailers::write(trailer_fields, out)?;
    out.write(b"\r\n");
    Ok(done(before, out.length() - start - before))
}

/// Runs `write`; if it refuses, cuts `out` back to what it was.
#[inline(always)]
fn or_undone<O: Output, R>(out: &mut O, write: impl FnOnce(&mut O) -> Result<R, Refusal>) -> Result<R, Refusal> {
    let before = out.length();
    let result = write(out);
    if result.is_err() {
        out.truncate(before);
    }
    result
}

fn write_decimal(out: &mut impl Output, number: u64) {
    let mut digits = [0; 20];
    let mut first = digits.len();
    let mut rest = number;
    loop {
        first -= 1;
        digits[first] = b'0' + (rest % 10) as u8;
        rest /= 10;
        if rest == 0 {
            break;
        }
    }
    out.write(&digits[first..]);
}
