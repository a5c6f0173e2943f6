//! Messages for property tests: valid ones with the events they must give, and mutations.

use proptest::{collection::vec, prelude::*, sample::Index, sample::select, strategy::Union};

use h1wire::policy::{Leniencies, Limits, Policy};

use crate::outcome::{Event, Field, Head, Octets, Start};

/// A valid message that does not end the connection.
#[derive(Clone, Debug)]
pub(crate) struct Message {
    start: Start,
    version: u8,
    fields: Vec<Field>,
    body: Body,
}

#[derive(Clone, Debug)]
enum Body {
    None,
    /// Framed by Content-Length, written with this many leading zeros.
    Length(usize, Vec<u8>),
    /// Chunks, each with its extension, and trailer fields.
    Chunks(Vec<(Vec<u8>, &'static str)>, Vec<Field>),
}

/// A message of either kind.
pub(crate) fn any_message() -> impl Strategy<Value = Message> {
    prop_oneof![message(request().boxed()), message(response().boxed())]
}

/// Messages of the same kind as this one.
pub(crate) fn like(message: &Message) -> impl Strategy<Value = Message> + use<> {
    if message.is_request() { self::message(request().boxed()) } else { self::message(response().boxed()) }
}

/// The octets of messages, one behind the other.
pub(crate) fn stream(messages: &[Message]) -> Vec<u8> {
    messages.iter().flat_map(Message::octets).collect()
}

fn request() -> impl Strategy<Value = Start> {
    let method = prop_oneof![
        select(vec!["GET", "POST", "PUT", "OPTIONS", "HEAD"]).prop_map(str::to_owned),
        "[!#-'*+.^-z|~-]{1,6}"
    ];
    let target = prop_oneof!["/[!\"$-~]{0,20}", "https?://[a-z0-9.-]{1,8}(:[0-9]{1,5})?/[!\"$-~]{0,9}"];
    (method.prop_filter("CONNECT takes another target", |method| method != "CONNECT"), target).prop_map(
        |(method, target)| Start::Request { method: method.as_bytes().into(), target: target.as_bytes().into() },
    )
}

/// Status codes of responses that may have a body.
fn response() -> impl Strategy<Value = Start> {
    let status = (200..=999_u16).prop_filter("may have a body", |status| !matches!(status, 204 | 304));
    (status, text(0..12)).prop_map(|(status, reason)| Start::Response { status, reason: Octets(reason) })
}

fn message(start: BoxedStrategy<Start>) -> BoxedStrategy<Message> {
    (start, 1..10_u8, vec(field(), 0..6), body())
        .prop_map(|(start, version, fields, body)| Message { start, version, fields, body })
        .boxed()
}

fn body() -> impl Strategy<Value = Body> {
    let chunk = (vec(any::<u8>(), 1..40), select(vec!["", ";a", " ; a = \"b;c\\\"\" ;d=e"]));
    prop_oneof![
        Just(Body::None),
        (0..20_usize, vec(any::<u8>(), 0..60)).prop_map(|(zeros, body)| Body::Length(zeros, body)),
        (vec(chunk, 0..5), vec(field(), 0..3)).prop_map(|(chunks, trailers)| Body::Chunks(chunks, trailers)),
    ]
}

/// Fields that mean nothing to a parser.
fn field() -> impl Strategy<Value = Field> {
    let name = prop_oneof![
        "X[!#-'*+.0-9A-Z^-z|~-]{0,9}",
        select(vec!["Accept", "cookie", "Set-Cookie", "content_length", "__proto__"]).prop_map(str::to_owned)
    ];
    (name, text(0..16)).prop_map(|(name, value)| (name.as_bytes().into(), Octets(value.trim_ascii().to_vec())))
}

/// Octets that may stand in values and reason phrases.
fn text(length: std::ops::Range<usize>) -> impl Strategy<Value = Vec<u8>> {
    vec(prop_oneof![4 => 0x20..0x7F_u8, 1 => 0x80..=0xFF_u8, 1 => Just(b'\t')], length)
}

impl Message {
    pub(crate) fn is_request(&self) -> bool {
        matches!(self.start, Start::Request { .. })
    }

    /// The field lines with those that frame the body.
    fn headers(&self) -> Vec<Field> {
        let framing = match &self.body {
            Body::None if self.is_request() => None,
            Body::None => Some(("Content-Length", "0".to_owned())),
            Body::Length(zeros, body) => Some(("content-length", format!("{}{}", "0".repeat(*zeros), body.len()))),
            Body::Chunks(..) => Some(("Transfer-Encoding", "chunked".to_owned())),
        };
        let host = self.is_request().then(|| ("Host", "example.com".to_owned()));
        let own = host.into_iter().chain(framing);
        let own = own.map(|(name, value)| (name.as_bytes().into(), value.as_bytes().into()));
        own.chain(self.fields.iter().cloned()).collect()
    }

    fn octets(&self) -> Vec<u8> {
        let version = format!("HTTP/1.{}", self.version);
        let mut octets = match &self.start {
            Start::Request { method, target } => {
                [&method.0, " ".as_bytes(), &target.0, b" ", version.as_bytes()].concat()
            }
            Start::Response { status, reason } => [format!("{version} {status} ").as_bytes(), &reason.0].concat(),
        };
        octets.extend(b"\r\n");
        write_section(&mut octets, &self.headers());
        match &self.body {
            Body::None => {}
            Body::Length(_, body) => octets.extend(body),
            Body::Chunks(chunks, trailers) => {
                for (data, extension) in chunks {
                    octets.extend(format!("{:X}{extension}\r\n", data.len()).as_bytes());
                    octets.extend(data);
                    octets.extend(b"\r\n");
                }
                octets.extend(b"0\r\n");
                write_section(&mut octets, trailers);
            }
        }
        octets
    }

    /// What a parser must tell of it.
    pub(crate) fn events(&self) -> Vec<Event> {
        let (body, trailers) = match &self.body {
            Body::None => (Vec::new(), &[][..]),
            Body::Length(_, body) => (body.clone(), &[][..]),
            Body::Chunks(chunks, trailers) => {
                (chunks.iter().flat_map(|(data, _)| data.clone()).collect(), trailers.as_slice())
            }
        };
        let head = Head {
            start: self.start.clone(),
            version: format!("1.{}", self.version),
            headers: self.headers(),
            keep_alive: true,
            content_length: match &self.body {
                Body::None => (!self.is_request()).then_some(0),
                Body::Length(_, body) => Some(body.len() as u64),
                Body::Chunks(..) => None,
            },
            chunked: matches!(self.body, Body::Chunks(..)),
            until_close: false,
            upgrade: false,
            expect_continue: false,
            informational: false,
        };
        let body = (!body.is_empty()).then_some(Event::Body(Octets(body)));
        [Event::Head(head)].into_iter().chain(body).chain([Event::End(trailers.to_vec())]).collect()
    }
}

fn write_section(octets: &mut Vec<u8>, fields: &[Field]) {
    for (name, value) in fields {
        octets.extend([&name.0, ": ".as_bytes(), &value.0, b" \t\r\n"].concat());
    }
    octets.extend(b"\r\n");
}

/// Leniencies and limits of all kinds: all limits small, so that they are met, or one of them.
pub(crate) fn policy() -> impl Strategy<Value = Policy> {
    let one = (0..Limits::TABLE.len(), 0..160_u64).prop_map(|(index, value)| {
        let mut values: Vec<u64> = Limits::TABLE.iter().map(|(_, default)| *default).collect();
        values[index] = value;
        values
    });
    let limits = prop_oneof![3 => Just(Vec::new()), 2 => one, 1 => vec(0..80_u64, Limits::TABLE.len())];
    let one = (0..32_u32).prop_map(|bit| 1 << bit);
    let lenient = prop_oneof![2 => Just(0), 1 => Just(u32::MAX), 1 => one, 2 => any::<u32>()];
    (limits, lenient).prop_map(|(limits, lenient)| {
        Policy::default().limits(Limits::from_values(limits)).lenient(Leniencies::from_bits(lenient))
    })
}

/// A change to a stream of octets.
#[derive(Clone, Debug)]
pub(crate) struct Mutation {
    place: Index,
    removed: usize,
    inserted: Vec<u8>,
}

impl Mutation {
    pub(crate) fn apply(&self, input: &mut Vec<u8>) {
        let start = self.place.index(input.len() + 1);
        let end = (start + self.removed).min(input.len());
        input.splice(start..end, self.inserted.iter().copied());
    }
}

/// A few changes, of the kind that parsers get wrong.
pub(crate) fn mutations() -> impl Strategy<Value = Vec<Mutation>> {
    let pieces: Vec<&[u8]> = vec![
        b"\r",
        b"\n",
        b"\r\n",
        b"\n\n",
        b"\r\n ",
        b" ",
        b"\t",
        b":",
        b",",
        b";",
        b"\0",
        b"\x7F",
        b"\x80",
        b"chunked",
        b"0",
        b"0\r\n\r\n",
        b"Content-Length: 3\r\n",
        b"Content-Length: 1, 1\r\n",
        b"Transfer-Encoding: gzip, chunked\r\n",
        b"Transfer-Encoding:,\r\n",
        b"Transfer-Encoding: gzip\r\n",
        b"Host: b\r\n",
        b"Connection: close\r\n",
        b"Connection: upgrade\r\nUpgrade: x\r\n",
        b"Expect: 100-continue\r\n",
        b"HTTP/1.0",
        b"CONNECT a:1 HTTP/1.1\r\nHost: a\r\n\r\n",
        b"HTTP/1.1 100 C\r\n\r\n",
        b"HTTP/1.1 101 S\r\n\r\n",
        b"HTTP/1.1 204 N\r\n\r\n",
        b"PRI * HTTP/2.0",
        b"HTTP/2.0",
        b" HTTP/0.9",
        b"Content-Length: 9\0\r\n",
        b"Connection:\0close\r\n",
        b"Host: a\r\n b\r\n",
        b"A :\tb\r\n",
        b"PHP Warning:  x\r\n",
        b"bad\r\n\tc\n",
        b"b content-length\r\n",
        b"A: b\0 \r\n \0c\r\n",
        b" \n",
        b"\n0\n\r\n",
        b"\"",
        b"=",
        b"\\",
    ];
    let inserted = prop_oneof![select(pieces).prop_map(<[u8]>::to_vec), vec(any::<u8>(), 0..3)];
    let mutation = (any::<Index>(), 0..3_usize, inserted);
    vec(mutation.prop_map(|(place, removed, inserted)| Mutation { place, removed, inserted }), 0..4)
}

/// Octets, those that mean something more often than others.
pub(crate) fn likely_octet() -> impl Strategy<Value = u8> {
    Union::new_weighted(vec![
        (6, select(b"\r\n :/*.,;=\t1".to_vec()).boxed()),
        (3, select(b"HTPGEhostContent-Length".to_vec()).boxed()),
        (1, any::<u8>().boxed()),
    ])
}
