//! Readings: the same octets under several profiles, and where each sees messages begin and end.
//!
//! A profile is the parser with leniencies and with faults that it goes past. It models what readers of its kind
//! do; none was checked against a real program.

use alloc::vec::Vec;

use crate::{
    error::{Code, Error},
    event::Event,
    parser::Parser,
    policy::{Leniencies, Leniency, Limits, Policy},
    tolerated::Forgiving,
};

/// A kind of reader.
#[derive(Clone, Copy, Debug)]
pub struct Profile {
    /// Its name.
    pub name: &'static str,
    /// What it does, behind "a reader that …".
    pub does: &'static str,
    lenient: Leniencies,
    forgiving: Forgiving,
}

const NONE: Leniencies = Leniencies::STRICT;

/// What goes wrong with Transfer-Encoding.
const CODINGS: Forgiving = Forgiving::of(&[
    Code::TransferEncoding,
    Code::TransferEncodingNotChunked,
    Code::TransferEncodingWithLength,
    Code::TransferEncodingVersion,
    Code::TransferCodingUnknown,
]);

/// What llhttp leaves to its caller, in the mode that Node.js runs it in.
const LLHTTP: Forgiving = Forgiving::of(&[
    Code::HostMissing,
    Code::HostRepeated,
    Code::HostInvalid,
    Code::Target,
    Code::TargetForm,
    Code::TransferCodingUnknown,
    Code::TransferEncodingVersion,
    Code::ConnectBody,
]);

/// Every profile; a profile's number is its index.
pub const PROFILES: &[Profile] = &[
    Profile { name: "strict", does: "keeps to RFC 9112", lenient: NONE, forgiving: Forgiving::NOTHING },
    Profile {
        name: "llhttp",
        does: "leaves Host and the target to others, as llhttp does",
        lenient: NONE,
        forgiving: LLHTTP,
    },
    Profile {
        name: "bare-lf",
        does: "takes an LF alone for a line end",
        lenient: NONE.with(Leniency::OptionalCrBeforeLf),
        forgiving: Forgiving::of(&[Code::LoneLf]),
    },
    Profile {
        name: "bare-cr",
        does: "takes a CR alone for a line end",
        lenient: NONE.with(Leniency::OptionalLfAfterCr),
        forgiving: Forgiving::NOTHING,
    },
    Profile {
        name: "length-wins",
        does: "goes by Content-Length where Transfer-Encoding stands beside it",
        lenient: NONE,
        forgiving: CODINGS.and(Forgiving::PREFER_LENGTH),
    },
    Profile {
        name: "chunked-wins",
        does: "goes by Transfer-Encoding where Content-Length stands beside it",
        lenient: NONE,
        forgiving: Forgiving::of(&[Code::TransferEncodingWithLength, Code::TransferEncodingVersion]),
    },
    Profile {
        name: "chunked-anywhere",
        does: "sees chunks wherever Transfer-Encoding has the word chunked in it",
        lenient: NONE,
        forgiving: CODINGS.and(Forgiving::HEED_CODING),
    },
    Profile {
        name: "codings-ignored",
        does: "ignores a Transfer-Encoding that it does not understand",
        lenient: NONE,
        forgiving: CODINGS.and(Forgiving::IGNORE_CODING),
    },
    Profile {
        name: "first-length",
        does: "goes by the first Content-Length that it understands",
        lenient: NONE,
        forgiving: Forgiving::of(&[Code::ContentLength, Code::ContentLengthDiffers]),
    },
    Profile {
        name: "last-length",
        does: "goes by the last Content-Length that it understands",
        lenient: NONE,
        forgiving: Forgiving::of(&[Code::ContentLength, Code::ContentLengthDiffers]).and(Forgiving::LAST_LENGTH),
    },
    Profile {
        name: "folds",
        does: "joins folded lines",
        lenient: NONE.with(Leniency::ObsFold),
        forgiving: Forgiving::of(&[Code::ObsFold]),
    },
    Profile {
        name: "trims-names",
        does: "drops whitespace between name and colon, and before the first field",
        lenient: NONE.with(Leniency::SpaceBeforeColon),
        forgiving: Forgiving::of(&[Code::SpaceBeforeColon, Code::SpaceBeforeField]),
    },
    Profile {
        name: "loose-chunks",
        does: "goes past what it does not understand in and behind chunks",
        lenient: NONE.with(Leniency::SpacesAfterChunkSize).with(Leniency::OptionalCrlfAfterChunk),
        forgiving: Forgiving::of(&[Code::ChunkSize, Code::ChunkExtension, Code::ChunkDataEnd]),
    },
];

/// What a reading tells. Offsets count octets since it began.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Told {
    /// A message: its first octet, and one behind its last.
    Message {
        /// Its first octet.
        start: u64,
        /// One behind its last octet.
        end: u64,
    },
    /// A fault, at which this reader stops.
    Refusal(Error),
    /// It leaves what follows to another protocol.
    Switch(u64),
}

/// Where a reading tells what it sees.
type Tell<'a> = &'a mut dyn FnMut(Told);

/// What one profile makes of a stream.
#[derive(Debug)]
pub(crate) struct Reading {
    pub(crate) parser: Parser,
    /// First octet of a message whose head is whole.
    begun: Option<u64>,
    /// Reading ends with the first message, and with what is told of the next one's head.
    one: bool,
    ended: bool,
    done: bool,
}

impl Reading {
    #[inline(never)]
    pub(crate) fn new(profile: &Profile, request: bool, limits: Limits) -> Reading {
        let policy = Policy { limits, lenient: profile.lenient };
        let parser = Parser::forgiving(request, policy, profile.forgiving);
        Reading { parser, begun: None, one: false, ended: false, done: false }
    }

    /// Reads on and tells.
    #[inline(never)]
    pub(crate) fn read(&mut self, octets: &[u8], tell: Tell<'_>) {
        let mut at = 0;
        while !self.done {
            let passed = self.parser.passable().min((octets.len() - at) as u64);
            self.parser.skip(passed);
            at += passed as usize;
            let event = self.parser.poll(octets, &mut at).map(|event| event.map(|event| Met::of(&event)));
            if !self.take(event, tell) {
                break;
            }
        }
        self.parser.take_forgiven();
    }

    /// The input has ended.
    pub(crate) fn finish(&mut self, tell: Tell<'_>) {
        while !self.done {
            let event = self.parser.finish().map(|event| event.map(|event| Met::of(&event)));
            if !self.take(event, tell) {
                break;
            }
        }
    }

    #[inline(never)]
    fn take(&mut self, met: Result<Option<Met>, Error>, tell: Tell<'_>) -> bool {
        match met {
            Ok(None) => return false,
            Ok(Some(Met::Head)) => {
                let start = self.parser.text_offset();
                self.begun = Some(start);
                if self.one && self.ended {
                    self.done = true;
                    tell(Told::Message { start, end: start });
                }
            }
            Ok(Some(Met::End)) => {
                let end = self.parser.offset();
                self.ended = true;
                tell(Told::Message { start: self.begun.take().unwrap_or(end), end });
            }
            Ok(Some(Met::Switch)) => {
                self.done = true;
                tell(Told::Switch(self.parser.offset()));
            }
            Ok(Some(Met::Other)) => {}
            Err(error) => {
                self.done = true;
                tell(Told::Refusal(error));
            }
        }
        true
    }
}

/// An event without what it borrows.
enum Met {
    Head,
    End,
    Switch,
    Other,
}

impl Met {
    fn of(event: &Event<'_>) -> Met {
        match event {
            Event::Request(_) | Event::Response(_) => Met::Head,
            Event::End(_) => Met::End,
            Event::Upgrade => Met::Switch,
            Event::Body(_) | Event::Tolerated(_) => Met::Other,
        }
    }
}

/// Reads a stream under every profile.
#[derive(Debug)]
pub struct Readings {
    readings: Vec<Reading>,
    told: Vec<(u8, Told)>,
    next: usize,
}

impl Readings {
    /// Readings of requests or of responses, each under these limits. An upgrade ends a reading.
    pub fn new(request: bool, limits: Limits) -> Readings {
        let readings = PROFILES.iter().map(|profile| Reading::new(profile, request, limits)).collect();
        Readings { readings, told: Vec::new(), next: 0 }
    }

    /// Announces the method of the next request that a response answers.
    pub fn expect(&mut self, method: crate::names::Method) {
        self.readings.iter_mut().for_each(|reading| reading.parser.expect(method));
    }

    /// Reads octets, all of them.
    pub fn push(&mut self, octets: &[u8]) {
        self.each(&|reading, tell| reading.read(octets, tell));
    }

    /// Tells the end of the input.
    pub fn finish(&mut self) {
        self.each(&|reading, tell| reading.finish(tell));
    }

    /// What was told and is not taken yet: the number of the profile in [`PROFILES`], and what.
    pub fn take(&mut self) -> Option<(u8, Told)> {
        let told = self.told.get(self.next).copied();
        if told.is_some() {
            self.next += 1;
        } else {
            self.told.clear();
            self.next = 0;
        }
        told
    }

    fn each(&mut self, work: &dyn Fn(&mut Reading, Tell<'_>)) {
        for (number, reading) in self.readings.iter_mut().enumerate() {
            work(reading, &mut |told| self.told.push((number as u8, told)));
        }
    }
}

/// Where another reader sees a message end, and what it makes of what follows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Difference {
    /// The number of its profile in [`PROFILES`].
    pub profile: u8,
    /// Where it sees the message end.
    pub end: u64,
    /// What it sees then.
    pub then: Then,
}

/// What a reader sees behind a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Then {
    /// Nothing, or nobody knows yet.
    Nothing,
    /// Another message, which begins at this octet.
    Message(u64),
    /// A fault at this octet.
    Refusal(u64),
}

/// Other readers of one message, whose head may be read in several ways.
#[derive(Debug)]
pub(crate) struct Others {
    /// By the number of the profile.
    readings: Vec<Reading>,
    /// Where we see the message end, once that is known.
    pub(crate) end: Option<u64>,
    /// The message's first octet.
    pub(crate) start: u64,
    /// What each profile sees, by its number.
    seen: [Option<Difference>; PROFILES.len()],
}

impl Others {
    /// Readers of a message that begins with this head, whose first octet has this offset.
    pub(crate) fn new(head: &[u8], offset: u64, request: bool, method: crate::names::Method, limits: Limits) -> Others {
        let mut others = Others { readings: Vec::new(), end: None, start: offset, seen: [None; PROFILES.len()] };
        for profile in PROFILES {
            let mut reading = Reading::new(profile, request, limits);
            reading.one = true;
            reading.parser.begin_at(offset);
            if !request {
                reading.parser.expect_perhaps(method);
            }
            others.readings.push(reading);
        }
        others.read(head);
        others
    }

    /// Shows them the octets that follow.
    pub(crate) fn read(&mut self, octets: &[u8]) {
        let seen = &mut self.seen;
        for (number, reading) in self.readings.iter_mut().enumerate() {
            reading.read(octets, &mut |told| note(seen, number, told));
        }
    }

    /// The input has ended.
    pub(crate) fn finish(&mut self) {
        let seen = &mut self.seen;
        for (number, reading) in self.readings.iter_mut().enumerate() {
            reading.finish(&mut |told| note(seen, number, told));
        }
    }

    /// Nothing more is to come: what differs.
    pub(crate) fn conclude(self) -> impl Iterator<Item = Difference> {
        let (ours, seen) = (self.end, self.seen);
        (0..seen.len()).filter_map(move |number| {
            let one = seen[number].filter(|one| Some(one.end) != ours)?;
            let is_same =
                |other: &Option<Difference>| other.is_some_and(|other| (other.end, other.then) == (one.end, one.then));
            // Several that see the same are told as the first of them.
            (!seen[..number].iter().any(is_same)).then_some(one)
        })
    }

    /// Whether nobody reads any more.
    pub(crate) fn are_done(&self) -> bool {
        self.readings.iter().all(|reading| reading.done)
    }
}

/// Notes what a reading tells.
#[inline(never)]
fn note(seen: &mut [Option<Difference>], profile: usize, told: Told) {
    let Some(known) = seen.get_mut(profile) else { return };
    let profile = profile as u8;
    match (told, known) {
        (Told::Message { end, .. }, known @ None) => *known = Some(Difference { profile, end, then: Then::Nothing }),
        (Told::Message { start, .. }, Some(known)) => known.then = Then::Message(start),
        (Told::Refusal(error), Some(known)) => known.then = Then::Refusal(error.offset),
        // One that refuses the message itself sees no end of it.
        (Told::Refusal(_), None) | (Told::Switch(_), _) => {}
    }
}
