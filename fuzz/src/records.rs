//! Sessions of the bindings: whatever is called with whatever areas, their records lie within them, tell what the core
//! tells, and a call that asks for another one got on.

use h1wire::{
    BodyFraming, Code, Connection, Error, Event, Leniencies, Leniency, Limits, Method, Parser, Policy, Received,
    Refusal, Version,
    event::{Head, Section},
    format::{Body, RequestParts, ResponseParts},
    plumbing::{FIELD_NAMES, METHODS},
};
use h1wire_records::{
    format::FormatArea,
    layout::{self as l, format as f},
    session::{Areas, JOINED_OCTETS, Session},
    text::Text,
};

use crate::script::Script;

/// Makes the calls that the octets describe, of a session and of the core.
pub fn check(data: &[u8]) {
    let script = &mut Script(data);
    let setting = Setting::of(script);
    let mut tested = Tested::new(&setting, script);
    let mut core = Core::new(&setting);
    let mut inbox = Vec::new();
    let mut steps = 0;
    while !script.is_over() && steps < 16 {
        steps += 1;
        let (got, expected) = match script.below(12) {
            0..=4 => {
                inbox.extend(octets(script));
                let (got, taken) = tested.push(&inbox);
                let (expected, at) = core.push(&inbox, &setting);
                assert!(core.is_inspector() || taken == at, "{taken} octets were taken, and {at} by the core");
                inbox.drain(..taken);
                (got, expected)
            }
            5 => (tested.end(), core.end(&setting)),
            6 => {
                tested.session.resume();
                core.resume();
                continue;
            }
            7 => {
                let method = script.below(12) as u32;
                tested.session.expect(method);
                core.expect(method);
                continue;
            }
            8 => {
                let octets = script.byte().into();
                tested.session.skip(octets);
                core.skip(octets);
                continue;
            }
            9 => {
                let states = tested.session.next_cycle();
                (vec![format!("{states}")], vec![format!("{}", core.next_cycle())])
            }
            _ => {
                let call = Send::of(script);
                (tested.send(&call), core.send(&call))
            }
        };
        assert!(core.is_inspector() || got == expected, "the records say {got:#?}, the core {expected:#?}");
    }
}

const MESSAGES: &[&str] = &[
    "GET /1 HTTP/1.1\r\nHost: a\r\n\r\n",
    "PURGE /1 HTTP/1.1\r\nhost: a\r\nX-A: b\r\nX-A:\tc \r\n\r\n",
    "GET / HTTP/1.1\nHost:a\nb:\n\r\n",
    "GET /2 HTTP/1.1\r\nHost: a\r\nConnection: upgrade\r\nUpgrade: x\r\n\r\n",
    "POST /3 HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nExpect: 100-continue\r\n\r\n",
    "abc",
    "POST /5 HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhi\r\n1;a=b\r\nj\r\n0\r\nX: y\r\n\r\n",
    "0\r\n",
    "1\r\nx\r\n1\r\ny\r\n",
    "GET /6 HTTP/1.0\r\n\r\n",
    "HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\n",
    "HTTP/1.1 100 Continue\r\n\r\n",
    "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\na: b\r\n c\r\n\r\n3\r\nabc\r\n0\r\n\r\n",
    "HTTP/1.0 999 \r\n\r\nuntil the end",
    "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n",
    "GET / HTTP/1.1\r\nHost: a\r\n",
    "\r\n",
    "GARBAGE\0",
];

/// What may come many times over.
const REPEATED: &[&str] = &["\r\n", "X-Long: ", "1\r\nx\r\n", "GET / HTTP/1.1\r\nHost: a\r\n\r\n"];

/// A few messages, one octet of them perhaps another.
fn octets(script: &mut Script<'_>) -> Vec<u8> {
    let count = 1 + script.below(4);
    let mut octets = Vec::new();
    for _ in 0..count {
        if script.once_in(8) {
            octets.extend(long_section(script));
        } else if script.once_in(8) {
            octets.extend(script.pick(REPEATED).repeat(script.pick(&[10, 300, 2000])).bytes());
        } else {
            octets.extend(script.pick(MESSAGES).bytes());
        }
    }
    if script.once_in(12) {
        let at = script.below(octets.len().min(256));
        octets[at] = script.byte();
    }
    octets
}

/// A head or trailer section of the same line many times over, at most as many as a large one has room for.
fn long_section(script: &mut Script<'_>) -> Vec<u8> {
    let before = script.pick(&[
        "GET / HTTP/1.1\r\nHost: a\r\n",
        "HTTP/1.1 200 OK\r\na: b\r\n",
        "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\na: b\r\n",
    ]);
    let line = script.pick(&["a:\n", "a:\n", "a:\r\n", " b\r\n"]);
    let times = script.pick(&[20, 300, 2000, 21_800, 16_300]);
    [before, &line.repeat(times), "\r\n"].concat().into()
}

/// The options of a session.
struct Setting {
    role: u32,
    policy: Policy,
    chunks: bool,
    one: bool,
    cycles: bool,
    pipelining: u32,
}

impl Setting {
    fn of(script: &mut Script<'_>) -> Setting {
        let role = script.pick(&[0, 1, 2, 3, 0, 1, 2, 3, 4, 5, 6, 7, 8]);
        let strict = [0, 0, u32::MAX, 1 << Leniency::OptionalCrBeforeLf as u32];
        let lenient =
            if script.once_in(8) { u32::from(script.byte()) << script.below(16) } else { script.pick(&strict) };
        let limits = match script.below(4) {
            0 => Limits::default().max_fields(100_000).max_trailer_fields(100_000).max_trailer_size(65_536),
            1 => {
                let sizes = [0, 1, 3, 40, 1000, 20_000, u64::from(u32::MAX)];
                let mut limits = Limits::from_values(Limits::TABLE.iter().map(|_| script.pick(&sizes)));
                // The largest areas take long to make.
                if !script.once_in(8) {
                    limits.max_head_size = limits.max_head_size.min(65_536);
                    limits.max_trailer_size = limits.max_trailer_size.min(65_536);
                }
                limits
            }
            _ => Limits::DEFAULT,
        };
        let policy = Policy::default().limits(limits).lenient(Leniencies::from_bits(lenient));
        let [chunks, one, cycles] = [script.once_in(3), script.once_in(4), script.once_in(2)];
        Setting { role, policy, chunks, one, cycles, pipelining: script.below(5) as u32 }
    }

    /// As JavaScript gives them.
    fn words(&self) -> Vec<u32> {
        let Limits {
            max_start_line,
            max_head_size,
            max_fields,
            max_trailer_size,
            max_trailer_fields,
            max_chunk_extensions,
            max_informational,
            max_body_size,
            ..
        } = self.policy.limits;
        let sizes = [max_start_line, max_head_size, max_fields, max_trailer_size, max_trailer_fields];
        let limits = sizes.into_iter().chain([max_chunk_extensions, max_informational, max_body_size]);
        let lenient = Leniency::ALL.iter().filter(|one| self.policy.lenient.has(**one));
        let lenient = lenient.fold(0, |bits, one| bits | 1 << *one as u32);
        let mut words = vec![lenient, self.chunks.into(), self.one.into(), self.pipelining, self.cycles.into(), 0];
        words.extend(limits.flat_map(|limit| [limit as u32, (limit >> 32) as u32]));
        words
    }

    /// Events that follow one another, with body data joined as the records may have it.
    fn joined(&self, told: Vec<Told>) -> Vec<String> {
        let mut words: Vec<String> = Vec::new();
        let mut body = Vec::new();
        for one in told {
            match one {
                Told::Body(data) if !self.chunks => body.extend(data),
                Told::Body(data) => words.push(format!("body {}", data.escape_ascii())),
                Told::Other(word) => {
                    if !body.is_empty() {
                        words.push(format!("body {}", std::mem::take(&mut body).escape_ascii()));
                    }
                    words.push(word);
                }
            }
        }
        if !body.is_empty() {
            words.push(format!("body {}", body.escape_ascii()));
        }
        words
    }
}

/// An event in a word, but for the octets of a body.
enum Told {
    Body(Vec<u8>),
    Other(String),
}

/// What stands in a word that nobody has written.
const UNTOUCHED: u32 = 0xDEAD_BEEF;

/// A session with its areas.
struct Tested<'s> {
    setting: &'s Setting,
    session: Session,
    words: Vec<u32>,
    joined: Vec<u8>,
    text: Text,
    format: FormatArea,
}

impl<'s> Tested<'s> {
    fn new(setting: &'s Setting, script: &mut Script<'_>) -> Tested<'s> {
        let session = Session::new(setting.role, &setting.words());
        // Of another session's size, which is never smaller than needed.
        let words = vec![UNTOUCHED; session.words_needed() + script.pick(&[0, 1, 5, 3000])];
        let joined = vec![0; script.pick(&[JOINED_OCTETS, JOINED_OCTETS, 0, 3, 100])];
        Tested { setting, session, words, joined, text: Text::default(), format: FormatArea::default() }
    }

    fn push(&mut self, chunk: &[u8]) -> (Vec<String>, usize) {
        let mut told = Vec::new();
        let mut from = 0;
        let last = loop {
            let mut areas = Areas { words: &mut self.words, joined: &mut self.joined, text: &mut self.text };
            self.session.push(&chunk[from..], &mut areas);
            let (status, count, taken) = self.read(&chunk[from..], from, &mut told);
            from += taken;
            if status & l::MORE == 0 {
                break self.after();
            }
            assert!(taken > 0 || count > 0, "a call asks for another one and did nothing");
            self.forget();
        };
        self.forget();
        let mut words = self.setting.joined(told);
        words.push(last);
        (words, from)
    }

    fn end(&mut self) -> Vec<String> {
        let mut told = Vec::new();
        loop {
            let mut areas = Areas { words: &mut self.words, joined: &mut self.joined, text: &mut self.text };
            self.session.end(&mut areas);
            let (status, count, _) = self.read(&[], 0, &mut told);
            if status & l::MORE == 0 {
                break;
            }
            assert!(count > 0, "a call asks for another one and did nothing");
            self.forget();
        }
        let last = self.after();
        self.forget();
        let mut words = self.setting.joined(told);
        words.push(last);
        words
    }

    /// Where the last call left the session, by its header.
    fn after(&self) -> String {
        let passable = number(&self.words, l::PASS_LOW as usize);
        let cycled = l::CYCLED << 16;
        format!("passable {passable}, states {}", self.words[l::STATES as usize] & !cycled)
    }

    fn forget(&mut self) {
        self.words.fill(UNTOUCHED);
    }

    /// Reads the records of a call, which took from a chunk that begins there; status, their count, and what was taken.
    fn read(&self, chunk: &[u8], from: usize, told: &mut Vec<Told>) -> (u32, u32, usize) {
        let header = |word: u32| self.words[word as usize];
        let (count, taken) = (header(l::COUNT), header(l::CONSUMED) as usize);
        assert!(taken <= chunk.len());
        let text = self.text.octets(chunk);
        let (start, length) = (header(l::TEXT_START) as usize, header(l::TEXT_LENGTH) as usize);
        if header(l::TEXT_SOURCE) == l::FROM_CHUNK {
            assert_eq!(&chunk[start..start + length], text);
        } else {
            assert_eq!(text.len(), length);
        }
        let mut at = l::RECORDS as usize;
        for _ in 0..count {
            let record = &self.words[at..];
            at += self.record(record, chunk, text, from, told);
        }
        assert!(self.words[at..].iter().all(|word| *word == UNTOUCHED), "something stands behind the last record");
        (header(l::STATUS), count, taken)
    }

    /// Reads a record; how many words it has.
    fn record(&self, record: &[u32], chunk: &[u8], text: &[u8], from: usize, told: &mut Vec<Told>) -> usize {
        let flags = record[0] >> 8;
        let (word, length) = match record[0] & 0xFF {
            l::HEAD_REQUEST | l::HEAD_RESPONSE => {
                let section = &text[record[1] as usize..];
                let part = &section[record[3] as usize..record[4] as usize];
                let fields = fields(&record[l::HEAD_WORDS as usize..], record[7], section);
                let start = if record[0] & 0xFF == l::HEAD_REQUEST {
                    let method = match METHODS[(record[2] & 0xFF) as usize] {
                        "" => &section[..record[3] as usize - 1],
                        name => name.as_bytes(),
                    };
                    let version = (record[2] >> 16, record[2] >> 8 & 0xFF);
                    format!("request {} {} {version:?}", method.escape_ascii(), part.escape_ascii())
                } else {
                    let version = (record[2] >> 24, record[2] >> 16 & 0xFF);
                    format!("response {} {} {version:?}", record[2] & 0xFFFF, part.escape_ascii())
                };
                let length = number(record, 5);
                (format!("{start} {flags} {length} {fields}"), (l::HEAD_WORDS + l::FIELD_WORDS * record[7]) as usize)
            }
            l::BODY => {
                let place = record[1] as usize..(record[1] + record[2]) as usize;
                let source = if flags == l::FROM_CHUNK { chunk } else { &self.joined };
                assert!(!place.is_empty());
                told.push(Told::Body(source[place].to_vec()));
                return 3;
            }
            l::END => {
                let fields = fields(&record[l::END_WORDS as usize..], record[2], &text[record[1] as usize..]);
                (format!("end {fields}"), (l::END_WORDS + l::FIELD_WORDS * record[2]) as usize)
            }
            l::UPGRADE => (format!("upgrade at {}", from + record[1] as usize), 2),
            l::TOLERATED => (format!("tolerated {flags} at {}", number(record, 1)), 3),
            l::ERROR => (format!("error {flags} at {} {} {}", number(record, 1), record[3], number(record, 4)), 10),
            l::NODE_OPEN => (String::new(), 3),
            l::NODE_LEAF => (String::new(), 7),
            l::NODE_CLOSE => (String::new(), 5),
            l::MESSAGE => (String::new(), 8),
            l::FINDING => (String::new(), 11),
            l::READING => (String::new(), 6),
            kind => panic!("there are no records of kind {kind}"),
        };
        assert!(length <= record.len());
        told.push(Told::Other(word));
        length
    }

    fn send(&mut self, call: &Send) -> Vec<String> {
        let mut words = vec![0; f::FORMAT_LENGTHS as usize];
        words[f::FORMAT_CALL as usize] = call.call;
        words[f::FORMAT_FLAGS as usize] = f::FORMAT_HAS_HOST
            | if call.known { f::FORMAT_BODY_KNOWN } else { 0 }
            | if call.cycles { f::FORMAT_CYCLES } else { 0 };
        words[f::FORMAT_STATUS as usize] = call.status.into();
        words[f::FORMAT_BODY_LOW as usize] = 3;
        let (text, lengths): (&str, &[u32]) = match call.call {
            f::CALL_REQUEST => ("GET/a", &[3, 1, 1]),
            f::CALL_RESPONSE | f::CALL_INFORMATIONAL => ("", &[0, 0]),
            _ => ("", &[]),
        };
        words.extend(lengths);
        let Some(connection) = self.session.connection() else { return Vec::new() };
        let answer = self.format.from_utf8(Some(connection), text.as_bytes(), &mut words);
        let states = if answer == 0 { words[f::FORMAT_STATES as usize] & !(l::CYCLED << 16) } else { 0 };
        vec![format!("{answer} {states} {}", self.format.output().escape_ascii())]
    }
}

fn number(words: &[u32], low: usize) -> u64 {
    u64::from(words[low]) | u64::from(words[low + 1]) << 32
}

/// The field lines of a record.
fn fields(words: &[u32], count: u32, section: &[u8]) -> String {
    let lines = words.chunks(l::FIELD_WORDS as usize).take(count as usize).map(|field| {
        let length = (field[0] >> l::NAME_LENGTH_SHIFT) as usize;
        let name = &section[field[1] as usize..field[1] as usize + length];
        let known = FIELD_NAMES[(field[0] & 0xFF) as usize];
        match field[0] >> l::SPELLING_SHIFT & 3 {
            l::SPELLED_USUAL => assert_eq!(name, known.as_bytes()),
            l::SPELLED_LOWER => assert_eq!(name, known.to_ascii_lowercase().as_bytes()),
            _ => assert!(known.is_empty() || name.eq_ignore_ascii_case(known.as_bytes())),
        }
        line(name, &section[field[2] as usize..field[3] as usize])
    });
    lines.collect()
}

fn line(name: &[u8], value: &[u8]) -> String {
    format!("[{}: {}]", name.escape_ascii(), value.escape_ascii())
}

/// A message that a connection sends.
struct Send {
    call: u32,
    status: u16,
    known: bool,
    cycles: bool,
}

impl Send {
    fn of(script: &mut Script<'_>) -> Send {
        let calls = [f::CALL_RESPONSE, f::CALL_REQUEST, f::CALL_INFORMATIONAL, f::CALL_CHUNK, f::CALL_LAST_CHUNK];
        let status = script.pick(&[200, 404, 101, 103]);
        Send { call: script.pick(&calls), status, known: script.once_in(3), cycles: script.once_in(2) }
    }
}

/// The core itself, without records.
enum Core {
    Parser(Parser),
    Connection(Connection),
    /// Which has records of its own.
    Inspector,
}

impl Core {
    fn new(setting: &Setting) -> Core {
        match setting.role {
            l::ROLE_REQUEST => Core::Parser(Parser::request(setting.policy)),
            l::ROLE_RESPONSE => Core::Parser(Parser::response(setting.policy)),
            l::ROLE_CLIENT => Core::Connection(Connection::client(setting.policy)),
            l::ROLE_SERVER => {
                Core::Connection(Connection::server_reading_ahead(setting.policy, setting.pipelining as usize))
            }
            _ => Core::Inspector,
        }
    }

    fn is_inspector(&self) -> bool {
        matches!(self, Core::Inspector)
    }

    fn push(&mut self, chunk: &[u8], setting: &Setting) -> (Vec<String>, usize) {
        let mut told = Vec::new();
        let mut at = 0;
        loop {
            match self.poll(chunk, &mut at) {
                Ok(Some(one)) => {
                    let is_end = matches!(&one, Told::Other(word) if word.starts_with("end"));
                    told.push(one);
                    if is_end && setting.one {
                        break;
                    }
                    continue;
                }
                Ok(None) => {}
                Err(error) => {
                    told.push(fault(&error));
                    break;
                }
            }
            if !(setting.cycles && self.go_on()) {
                break;
            }
        }
        let mut words = setting.joined(told);
        words.push(self.after());
        (words, at)
    }

    fn poll(&mut self, chunk: &[u8], at: &mut usize) -> Result<Option<Told>, Error> {
        let found = match self {
            Core::Parser(parser) => parser.poll(chunk, at)?,
            Core::Connection(connection) => match connection.receive(chunk, at)? {
                Received::Event(event) => Some(event),
                _ => None,
            },
            Core::Inspector => None,
        };
        Ok(found.map(|event| told(&event, *at)))
    }

    fn end(&mut self, setting: &Setting) -> Vec<String> {
        let mut all = Vec::new();
        loop {
            let found = match self {
                Core::Parser(parser) => parser.finish(),
                Core::Connection(connection) => connection.receive_end(),
                Core::Inspector => Ok(None),
            };
            match found {
                Ok(Some(event)) => all.push(told(&event, 0)),
                Ok(None) => break,
                Err(error) => {
                    all.push(fault(&error));
                    break;
                }
            }
        }
        let mut words = setting.joined(all);
        words.push(self.after());
        words
    }

    fn after(&self) -> String {
        let (passable, states) = match self {
            Core::Parser(parser) => (parser.passable(), 0),
            Core::Connection(connection) => (connection.passable(), states(connection)),
            Core::Inspector => (0, 0),
        };
        format!("passable {passable}, states {states}")
    }

    fn resume(&mut self) {
        if let Core::Parser(parser) = self {
            parser.resume();
        }
    }

    fn expect(&mut self, method: u32) {
        if let Core::Parser(parser) = self {
            parser.expect(Method::from_id(method));
        }
    }

    fn skip(&mut self, octets: u64) {
        match self {
            Core::Parser(parser) => parser.skip(octets),
            Core::Connection(connection) => connection.skip(octets),
            Core::Inspector => {}
        }
    }

    fn next_cycle(&mut self) -> u32 {
        let Core::Connection(connection) = self else { return f::NOWHERE };
        if connection.next_cycle().is_ok() { states(connection) } else { f::NOWHERE }
    }

    /// Goes on to the next exchange, if this one is done on both sides.
    fn go_on(&mut self) -> bool {
        let Core::Connection(connection) = self else { return false };
        connection.is_reusable() && connection.next_cycle().is_ok()
    }

    fn send(&mut self, call: &Send) -> Vec<String> {
        let Core::Connection(connection) = self else { return Vec::new() };
        let mut out = Vec::new();
        let body = if call.known { Body::Known(3) } else { Body::None };
        let version = Version::Http11;
        let (reason, request_method, request_version) = (None, &b"GET"[..], version);
        let (fields, trailers) = ([], []);
        let status = call.status;
        let response =
            ResponseParts { status, reason, version, request_method, request_version, fields, body, trailers };
        let whole = h1wire::connection::Delivery::Whole;
        let sent: Result<(), Refusal> = match call.call {
            f::CALL_REQUEST => {
                let (method, target, host) = (&b"GET"[..], &b"/"[..], Some(&b"a"[..]));
                let lenient = Leniencies::STRICT;
                let request = RequestParts { method, target, lenient, host, version, fields, body, trailers };
                connection.send_request_parts(request, whole, &mut out).map(drop)
            }
            f::CALL_RESPONSE => connection.send_response_parts(response, whole, &mut out).map(drop),
            f::CALL_INFORMATIONAL => connection.send_informational_parts(response, &mut out).map(drop),
            f::CALL_CHUNK => connection.send_data_around(3, &mut out).map(drop),
            _ => connection.send_end([], &mut out),
        };
        let (answer, states) = match sent {
            Ok(()) => {
                if call.cycles {
                    self.go_on();
                }
                (0, if let Core::Connection(connection) = self { states(connection) } else { 0 })
            }
            Err(refusal) => (refusal.code as u32 + 1, 0),
        };
        vec![format!("{answer} {states} {}", out.escape_ascii())]
    }
}

fn states(connection: &Connection) -> u32 {
    let reusable = if connection.is_reusable() { l::REUSABLE } else { 0 };
    let awaits = if connection.peer_awaits_continue() { l::AWAITS_CONTINUE } else { 0 };
    connection.local_state() as u32 | (connection.peer_state() as u32) << 8 | (reusable | awaits) << 16
}

/// `at`: where the core stands in the chunk behind the event.
fn told(event: &Event<'_>, at: usize) -> Told {
    Told::Other(match event {
        Event::Request(request) => {
            let expects = if request.expect_continue { l::EXPECT_CONTINUE } else { 0 };
            let start = format!("request {} {}", request.method().escape_ascii(), request.target().escape_ascii());
            head(start, expects, &request.head)
        }
        Event::Response(response) => {
            let informational = if response.informational { l::INFORMATIONAL } else { 0 };
            let start = format!("response {} {}", response.status(), response.reason().escape_ascii());
            head(start, informational, &response.head)
        }
        Event::Body(data) => return Told::Body(data.to_vec()),
        Event::End(trailers) => format!("end {}", lines(trailers)),
        Event::Upgrade => format!("upgrade at {at}"),
        Event::Tolerated(tolerated) => format!("tolerated {} at {}", tolerated.leniency as u32, tolerated.offset),
        other => panic!("an event nobody knows: {other:?}"),
    })
}

fn head(start: String, flags: u32, head: &Head<'_>) -> String {
    let (major, minor) = head.version();
    let framing = match head.body {
        BodyFraming::None => 0,
        BodyFraming::Length(_) => l::HAS_LENGTH,
        BodyFraming::Chunked => l::CHUNKED,
        BodyFraming::UntilClose => l::UNTIL_CLOSE,
    };
    let persists = if head.keep_alive { l::KEEP_ALIVE } else { 0 };
    let upgrades = if head.upgrade { l::UPGRADES } else { 0 };
    let flags = flags | framing | persists | upgrades;
    let length = head.content_length().unwrap_or(0);
    format!("{start} ({major}, {minor}) {flags} {length} {}", lines(&head.section))
}

fn lines(section: &Section<'_>) -> String {
    section.iter().map(|(name, value)| line(name, value)).collect()
}

fn fault(error: &Error) -> Told {
    assert_ne!(error.code, Code::Internal);
    let octet = error.octet.map_or(l::NO_OCTET, u32::from);
    Told::Other(format!("error {} at {} {octet} {}", error.code as u32, error.offset, error.missing))
}
