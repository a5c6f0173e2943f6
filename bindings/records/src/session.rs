//! A parser or a connection, and how its events become records: the one encoder behind both bindings.

use h1wire::{
    BodyFraming, Code, Connection, Error, Event, Leniencies, Limits, Method, Parser, Policy, Received,
    event::Head,
    plumbing::{Lines, Spelling, start_line_part},
};

use crate::{errors::Number, inspect::Look, layout as l, text::Text};

/// Pieces of a body below this many octets are joined with their neighbours: a view and an event
/// cost JavaScript more than a copy of so much.
const JOIN_BELOW: usize = 1024;

/// Octets of the area that pieces are joined in.
pub const JOINED_OCTETS: usize = 1 << 16;

/// Words an area has at least.
pub const MIN_WORDS: usize = 8192;

/// The most octets of a body that is told with its message, unless a limit says otherwise: it is kept in memory until
/// the message is whole.
pub const MAX_MESSAGE_BODY: u32 = 1 << 20;

/// What calls fill: shared with JavaScript, and by all parsers of an environment.
pub struct Areas<'a> {
    /// Options on the way in, header and records on the way out.
    pub words: &'a mut [u32],
    /// Joined pieces of bodies.
    pub joined: &'a mut [u8],
    /// The text of sections that do not lie together in the chunk.
    pub text: &'a mut Text,
}

/// A parser or a connection as the bindings hold it.
#[derive(Debug)]
pub struct Session {
    reader: Reader,
    /// Body events follow chunk boundaries.
    chunks: bool,
    /// A call stops behind the first message's end.
    one: bool,
    /// Reading goes on to the next exchange by itself.
    cycles: bool,
    /// A head whose message has no body stands for its end as well.
    messages: bool,
    /// Words the largest record may take.
    largest_record: usize,
}

/// What reads.
#[derive(Debug)]
enum Reader {
    Parser(Parser),
    Connection(Connection),
    Look(Look),
}

impl Session {
    /// Makes a parser or a connection from the role and the options in the words (`OPTION_*`).
    pub fn new(role: u32, options: &[u32]) -> Session {
        let word = |index: u32| options.get(index as usize).copied().unwrap_or(0);
        let limits = (0..Limits::TABLE.len() as u32).map(|index| {
            let low = l::OPTION_LIMITS + 2 * index;
            u64::from(word(low)) | u64::from(word(low + 1)) << 32
        });
        let lenient = Leniencies::from_bits(word(l::OPTION_LENIENT));
        let policy = Policy::default().limits(Limits::from_values(limits)).lenient(lenient);
        let reader = match role {
            l::ROLE_REQUEST => Reader::Parser(Parser::request(policy)),
            l::ROLE_CLIENT => Reader::Connection(Connection::client(policy)),
            l::ROLE_SERVER => {
                let depth = word(l::OPTION_PIPELINING) as usize;
                Reader::Connection(Connection::server_reading_ahead(policy, depth))
            }
            _ => match Look::new(role, policy) {
                Some(look) => Reader::Look(look),
                None => Reader::Parser(Parser::response(policy)),
            },
        };
        Session {
            reader,
            chunks: word(l::OPTION_CHUNKS) == 1,
            one: word(l::OPTION_ONE) == 1,
            cycles: word(l::OPTION_CYCLES) == 1,
            messages: word(l::OPTION_MESSAGES) == 1,
            largest_record: largest_record(&policy.limits),
        }
    }

    /// Words the area must have for this parser's records.
    pub fn words_needed(&self) -> usize {
        (l::RECORDS as usize + self.largest_record + SMALL_RECORDS + ROOM).max(MIN_WORDS)
    }

    /// Reads `chunk` as far as the areas have room; fills header and records.
    pub fn push(&mut self, chunk: &[u8], areas: &mut Areas<'_>) {
        if let Reader::Look(look) = &mut self.reader {
            return look.push(chunk, areas);
        }
        let mut writer = Writer::new(chunk, areas, self.chunks);
        writer.messages = self.messages;
        let last = writer.last_start(self.largest_record);
        let mut at = 0;
        let mut more = false;
        let mut cycled = false;
        loop {
            if writer.full || writer.used > last {
                more = true;
                break;
            }
            match self.reader.poll(chunk, &mut at) {
                Ok(Some(event)) => {
                    writer.event(&event, at);
                    cycled = false;
                    if self.one && matches!(event, Event::End(_)) {
                        break;
                    }
                    continue;
                }
                Ok(None) => {}
                Err(error) => {
                    writer.error(&error);
                    cycled = false;
                    break;
                }
            }
            if !(self.cycles && self.reader.next_cycle()) {
                break;
            }
            cycled = true;
        }
        writer.finish(at, more, &self.reader);
        if cycled {
            areas.words[l::STATES as usize] |= l::CYCLED << 16;
        }
    }

    /// Tells the end of the input; fills header and records.
    pub fn end(&mut self, areas: &mut Areas<'_>) {
        if let Reader::Look(look) = &mut self.reader {
            return look.end(areas);
        }
        let mut writer = Writer::new(&[], areas, self.chunks);
        loop {
            match self.reader.finish() {
                Ok(Some(event)) => writer.event(&event, 0),
                Ok(None) => break,
                Err(error) => {
                    writer.error(&error);
                    break;
                }
            }
        }
        writer.finish(0, false, &self.reader);
    }

    /// The switch of protocols was declined, as far as a parser goes.
    pub fn resume(&mut self) {
        if let Reader::Parser(parser) = &mut self.reader {
            parser.resume();
        }
    }

    /// Announces the method of the next request to a parser, by its number.
    pub fn expect(&mut self, method: u32) {
        match &mut self.reader {
            Reader::Parser(parser) => parser.expect(Method::from_id(method)),
            Reader::Connection(_) => {}
            Reader::Look(look) => look.expect(Method::from_id(method)),
        }
    }

    /// Goes on to a connection's next exchange; where its sides then stand, NOWHERE if it cannot now.
    pub fn next_cycle(&mut self) -> u32 {
        let next = self.connection().and_then(|connection| connection.next_cycle().ok().map(|()| &*connection));
        next.map_or(l::format::NOWHERE, states)
    }

    /// The connection, if it is one.
    pub fn connection(&mut self) -> Option<&mut Connection> {
        match &mut self.reader {
            Reader::Connection(connection) => Some(connection),
            Reader::Parser(_) | Reader::Look(_) => None,
        }
    }

    /// Counts octets of body that were passed on unseen.
    pub fn skip(&mut self, octets: u64) {
        match &mut self.reader {
            Reader::Parser(parser) => parser.skip(octets),
            Reader::Connection(connection) => connection.skip(octets),
            Reader::Look(_) => {}
        }
    }
}

impl Reader {
    #[inline]
    fn poll<'a>(&'a mut self, chunk: &'a [u8], at: &mut usize) -> Result<Option<Event<'a>>, Error> {
        match self {
            Reader::Parser(parser) => parser.poll(chunk, at),
            Reader::Connection(connection) => receive(connection, chunk, at),
            Reader::Look(_) => Ok(None),
        }
    }

    fn finish(&mut self) -> Result<Option<Event<'_>>, Error> {
        match self {
            Reader::Parser(parser) => parser.finish(),
            Reader::Connection(connection) => connection.receive_end(),
            Reader::Look(_) => Ok(None),
        }
    }

    fn passable(&self) -> u64 {
        match self {
            Reader::Parser(parser) => parser.passable(),
            Reader::Connection(connection) => connection.passable(),
            Reader::Look(_) => 0,
        }
    }

    /// Goes on to a connection's next exchange, if this one is done on both sides.
    fn next_cycle(&mut self) -> bool {
        match self {
            Reader::Parser(_) | Reader::Look(_) => false,
            Reader::Connection(connection) => connection.is_reusable() && connection.next_cycle().is_ok(),
        }
    }

    fn states(&self) -> u32 {
        match self {
            Reader::Parser(_) | Reader::Look(_) => 0,
            Reader::Connection(connection) => states(connection),
        }
    }
}

/// Reads on on a connection. Why nothing more is read follows from where the two sides stand, which is told behind the
/// records.
#[inline(never)]
fn receive<'a>(connection: &'a mut Connection, chunk: &'a [u8], at: &mut usize) -> Result<Option<Event<'a>>, Error> {
    Ok(match connection.receive(chunk, at)? {
        Received::Event(event) => Some(event),
        Received::NeedsMore | Received::Held | Received::Switched => None,
    })
}

/// Where the two sides of a connection stand, in a word.
pub(crate) fn states(connection: &Connection) -> u32 {
    let reusable = if connection.is_reusable() { l::REUSABLE } else { 0 };
    let awaits = if connection.peer_awaits_continue() { l::AWAITS_CONTINUE } else { 0 };
    connection.local_state() as u32 | (connection.peer_state() as u32) << 8 | (reusable | awaits) << 16
}

/// Says that the chunk lies in memory that other threads may change: nothing was read.
pub fn write_shared(areas: &mut Areas<'_>) {
    let mut writer = Writer::new(&[], areas, false);
    writer.status = l::SHARED;
    writer.finish_at(0, false, 0, 0);
}

/// Writes the record of a fault that is not the parser's, as a whole answer: header and one record.
pub fn write_fault(code: impl Number, areas: &mut Areas<'_>) {
    let mut writer = Writer::new(&[], areas, false);
    writer.fault(code, &Error::new(Code::Internal, 0));
    writer.finish_at(0, false, 0, 0);
}

/// Room for the records that stand between two checks for room, besides the largest one.
const SMALL_RECORDS: usize = 32;

/// Room for what comes before the largest record that a call must expect: without it, large limits would let each
/// call read one message, and show it the rest of the chunk once more.
const ROOM: usize = 7000;

/// The shortest field line there is under any leniency: a name, its colon and an LF.
const SHORTEST_LINE: u64 = 3;

/// How short a field line can be bounds their number beside the limits.
fn largest_record(limits: &Limits) -> usize {
    let head = limits.max_fields.min(limits.max_head_size / SHORTEST_LINE);
    let trailer = limits.max_trailer_fields.min(limits.max_trailer_size / SHORTEST_LINE);
    (l::HEAD_WORDS + l::FIELD_WORDS) as usize + l::FIELD_WORDS as usize * head.max(trailer) as usize
}

struct Writer<'a, 'b> {
    chunk: &'a [u8],
    areas: &'a mut Areas<'b>,
    used: usize,
    /// Records so far.
    count: u32,
    /// Flags of the status.
    status: u32,
    chunks: bool,
    joined_used: usize,
    /// Body octets not written as a record yet.
    run: Run,
    /// The joined area is full.
    full: bool,
    /// A head whose message has no body stands for its end as well.
    messages: bool,
    /// Where the record lies of a head that was written last, if nothing follows it.
    last_head: usize,
}

enum Run {
    None,
    /// One piece, in the chunk.
    Piece {
        start: usize,
        end: usize,
    },
    /// Several pieces, in the joined area from here on.
    Joined {
        start: usize,
    },
}

impl<'a, 'b> Writer<'a, 'b> {
    fn new(chunk: &'a [u8], areas: &'a mut Areas<'b>, chunks: bool) -> Writer<'a, 'b> {
        areas.text.clear();
        let used = l::RECORDS as usize;
        Writer {
            chunk,
            areas,
            used,
            count: 0,
            status: 0,
            chunks,
            joined_used: 0,
            run: Run::None,
            full: false,
            messages: false,
            last_head: 0,
        }
    }

    /// Where the largest record must start at the latest, to have room.
    fn last_start(&self, largest_record: usize) -> usize {
        self.areas.words.len().saturating_sub(largest_record + SMALL_RECORDS)
    }

    /// Writes an event; `at` is where the parser stands in the chunk behind it.
    fn event(&mut self, event: &Event<'_>, at: usize) {
        if let Event::Body(data) = event {
            return self.body(at - data.len(), at);
        }
        self.flush_body();
        match event {
            Event::Request(request) => {
                let expects = if request.expect_continue { l::EXPECT_CONTINUE } else { 0 };
                let (major, minor) = request.head.version();
                let third = u32::from(request.known_method().id()) | u32::from(minor) << 8 | u32::from(major) << 16;
                self.head(l::HEAD_REQUEST, expects, third, &request.head, at);
            }
            Event::Response(response) => {
                let informational = if response.informational { l::INFORMATIONAL } else { 0 };
                let (major, minor) = response.head.version();
                let third = u32::from(response.status()) | u32::from(minor) << 16 | u32::from(major) << 24;
                self.head(l::HEAD_RESPONSE, informational, third, &response.head, at);
            }
            Event::End(_) if self.messages && self.last_head != 0 => {
                self.areas.words[self.last_head] |= l::IS_WHOLE << 8;
                self.last_head = 0;
            }
            Event::End(section) => {
                let lines = Lines::of(section);
                let text_start = self.text(&lines);
                self.put(&[l::END, text_start, lines.fields.len() as u32, at as u32]);
                self.fields(&lines);
            }
            Event::Upgrade => {
                self.status |= l::SWITCHED;
                self.put(&[l::UPGRADE, at as u32]);
            }
            Event::Tolerated(tolerated) => {
                let (low, high) = halves(tolerated.offset);
                self.put(&[l::TOLERATED | (tolerated.leniency as u32) << 8, low, high]);
            }
            // A body is written above, and there is no other event.
            _ => {}
        }
    }

    #[cfg_attr(not(target_family = "wasm"), inline(always))]
    fn head(&mut self, kind: u32, mut flags: u32, third: u32, head: &Head<'_>, at: usize) {
        if head.keep_alive {
            flags |= l::KEEP_ALIVE;
        }
        if head.upgrade {
            flags |= l::UPGRADES;
        }
        flags |= match head.body {
            BodyFraming::None => 0,
            BodyFraming::Length(_) => l::HAS_LENGTH,
            BodyFraming::Chunked => l::CHUNKED,
            BodyFraming::UntilClose => l::UNTIL_CLOSE,
        };
        let (low, high) = halves(head.content_length().unwrap_or(0));
        let part = start_line_part(head);
        let lines = Lines::of(&head.section);
        let text_start = self.text(&lines);
        let count = lines.fields.len() as u32;
        let (start, end) = (part.start as u32, part.end as u32);
        if self.messages {
            let has_body = !matches!(head.body, BodyFraming::None | BodyFraming::Length(0));
            self.last_head = if has_body { 0 } else { self.used };
        }
        self.put(&[kind | flags << 8, text_start, third, start, end, low, high, count, at as u32, head.size]);
        self.fields(&lines);
    }

    #[cfg_attr(target_family = "wasm", inline(always))]
    fn fields(&mut self, lines: &Lines<'_>) {
        let length = lines.fields.len() * l::FIELD_WORDS as usize;
        let words = &mut self.areas.words[self.used..self.used + length];
        for (field, words) in lines.fields.iter().zip(words.as_chunks_mut::<{ l::FIELD_WORDS as usize }>().0) {
            let first = u32::from(field.name.id())
                | (field.spelling as u32) << l::SPELLING_SHIFT
                | field.name_length << l::NAME_LENGTH_SHIFT;
            *words = [first, field.name_start, field.value_start, field.value_end];
        }
        self.used += length;
    }

    /// Takes a section's text into the text of this call; returns where it begins there.
    #[inline(always)]
    fn text(&mut self, lines: &Lines<'_>) -> u32 {
        match lines.in_chunk {
            _ if lines.text.is_empty() => 0,
            Some(start) => self.areas.text.add_chunk(self.chunk, start, start + lines.text.len()),
            None => self.areas.text.add_held(self.chunk, lines.text),
        }
    }

    fn body(&mut self, start: usize, end: usize) {
        if self.chunks || end - start >= JOIN_BELOW {
            self.flush_body();
            return self.put_body(l::FROM_CHUNK, start, end);
        }
        match self.run {
            Run::None => self.run = Run::Piece { start, end },
            Run::Piece { start: first_start, end: first_end } => {
                if self.room_to_join() < end - start + (first_end - first_start) {
                    return self.body_without_room(start, end);
                }
                self.run = Run::Joined { start: self.joined_used };
                self.join(first_start, first_end);
                self.join(start, end);
            }
            Run::Joined { .. } if self.room_to_join() < end - start => self.body_without_room(start, end),
            Run::Joined { .. } => self.join(start, end),
        }
    }

    fn body_without_room(&mut self, start: usize, end: usize) {
        self.flush_body();
        self.put_body(l::FROM_CHUNK, start, end);
        self.full = true;
    }

    fn room_to_join(&self) -> usize {
        self.areas.joined.len() - self.joined_used
    }

    #[cfg_attr(target_family = "wasm", inline(always))]
    fn join(&mut self, start: usize, end: usize) {
        let target = &mut self.areas.joined[self.joined_used..self.joined_used + end - start];
        target.copy_from_slice(&self.chunk[start..end]);
        self.joined_used += end - start;
    }

    #[cfg_attr(target_family = "wasm", inline(always))]
    fn flush_body(&mut self) {
        match core::mem::replace(&mut self.run, Run::None) {
            Run::None => {}
            Run::Piece { start, end } => self.put_body(l::FROM_CHUNK, start, end),
            Run::Joined { start } => self.put_body(l::FROM_MEMORY, start, self.joined_used),
        }
    }

    fn put_body(&mut self, source: u32, start: usize, end: usize) {
        self.put(&[l::BODY | source << 8, start as u32, (end - start) as u32]);
    }

    fn error(&mut self, error: &Error) {
        self.fault(error.code, error);
    }

    /// An error, under this code.
    fn fault(&mut self, code: impl Number, error: &Error) {
        self.flush_body();
        let (offset_low, offset_high) = halves(error.offset);
        let (missing_low, missing_high) = halves(error.missing);
        let octet = error.octet.map_or(l::NO_OCTET, u32::from);
        let first = l::ERROR | code.number() << 8;
        let field = error.field().unwrap_or_default();
        let field_start = if field.is_empty() { 0 } else { self.areas.text.add_held(self.chunk, field) };
        let hint = error.hint.map_or(0, |hint| hint as u32 + 1);
        self.status |= l::FAILED;
        self.put(&[
            first,
            offset_low,
            offset_high,
            octet,
            missing_low,
            missing_high,
            error.leniencies.bits(),
            hint,
            field_start,
            field.len() as u32,
        ]);
    }

    fn finish(self, consumed: usize, more: bool, reader: &Reader) {
        self.finish_at(consumed, more, reader.passable(), reader.states());
    }

    fn finish_at(mut self, consumed: usize, more: bool, passable: u64, states: u32) {
        self.flush_body();
        let (pass_low, pass_high) = halves(passable);
        let (source, start, length) = self.areas.text.place();
        let header = &mut self.areas.words[..l::RECORDS as usize];
        header[l::COUNT as usize] = self.count;
        header[l::CONSUMED as usize] = consumed as u32;
        header[l::STATUS as usize] = self.status | if more { l::MORE } else { 0 };
        header[l::PASS_LOW as usize] = pass_low;
        header[l::PASS_HIGH as usize] = pass_high;
        header[l::STATES as usize] = states;
        header[l::TEXT_SOURCE as usize] = source;
        header[l::TEXT_START as usize] = start as u32;
        header[l::TEXT_LENGTH as usize] = length as u32;
    }

    /// Begins a record.
    #[cfg_attr(target_family = "wasm", inline(always))]
    fn put(&mut self, words: &[u32]) {
        self.count += 1;
        self.areas.words[self.used..self.used + words.len()].copy_from_slice(words);
        self.used += words.len();
    }
}

// The words say it as the core does.
const _: () = assert!(
    Spelling::Otherwise as u32 == l::SPELLED_OTHERWISE
        && Spelling::Usual as u32 == l::SPELLED_USUAL
        && Spelling::Lower as u32 == l::SPELLED_LOWER
);

pub(crate) fn halves(number: u64) -> (u32, u32) {
    (number as u32, (number >> 32) as u32)
}
