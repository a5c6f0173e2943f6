//! Readings: the same octets under several profiles, and where each sees messages begin and end.
//!
//! A profile is the parser with leniencies and with faults that it goes past. It models what readers of its kind
//! do; none was checked against a real program.

use alloc::vec::Vec;

use super::heard::Heard;
use crate::{
    error::{Code, Error},
    names::Method,
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
    parser: Parser,
    /// First byte of a message whose head is whole.
    begun: Option<u64>,
    /// Reading ends with the first message, and with what is told of the next one's head.
    only_first: bool,
    has_ended_one: bool,
    is_done: bool,
}

impl Reading {
    #[inline(never)]
    fn new(profile: &Profile, request: bool, limits: Limits) -> Reading {
        let policy = Policy { limits, lenient: profile.lenient };
        let parser = Parser::forgiving(request, policy, profile.forgiving);
        Reading { parser, begun: None, only_first: false, has_ended_one: false, is_done: false }
    }

    /// Of one message, which begins at this offset; a response answers a request with this method.
    pub(crate) fn of_one(profile: &Profile, request: bool, limits: Limits, start: u64, method: Method) -> Reading {
        let mut reading = Reading::new(profile, request, limits);
        reading.only_first = true;
        reading.parser.begin_at(start);
        if !request {
            reading.parser.expect_perhaps(method);
        }
        reading
    }

    /// Reads on and tells.
    #[inline(never)]
    pub(crate) fn read(&mut self, bytes: &[u8], tell: Tell<'_>) {
        let mut at = 0;
        while !self.is_done {
            let passed = self.parser.passable().min((bytes.len() - at) as u64);
            self.parser.skip(passed);
            at += passed as usize;
            let heard = self.parser.poll(bytes, &mut at).map(Heard::of);
            if !self.hear(heard, tell) {
                break;
            }
        }
        self.parser.take_forgiven();
    }

    /// The input has ended.
    pub(crate) fn finish(&mut self, tell: Tell<'_>) {
        while !self.is_done {
            let heard = self.parser.finish().map(Heard::of);
            if !self.hear(heard, tell) {
                break;
            }
        }
    }

    /// Whether it reads no more.
    pub(crate) fn is_done(&self) -> bool {
        self.is_done
    }

    /// Tells what there is to tell of it; false if the parser needs more bytes.
    #[inline(never)]
    fn hear(&mut self, heard: Result<Heard, Error>, tell: Tell<'_>) -> bool {
        match heard {
            Ok(Heard::Nothing) => return false,
            Ok(Heard::Head) => {
                let start = self.parser.text_offset();
                self.begun = Some(start);
                if self.only_first && self.has_ended_one {
                    self.is_done = true;
                    tell(Told::Message { start, end: start });
                }
            }
            Ok(Heard::End) => {
                let end = self.parser.offset();
                self.has_ended_one = true;
                tell(Told::Message { start: self.begun.take().unwrap_or(end), end });
            }
            Ok(Heard::Switch) => {
                self.is_done = true;
                tell(Told::Switch(self.parser.offset()));
            }
            Ok(Heard::Body | Heard::Tolerated(_)) => {}
            Err(error) => {
                self.is_done = true;
                tell(Told::Refusal(error));
            }
        }
        true
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
    pub fn expect(&mut self, method: Method) {
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

    /// The next thing told: the number of the profile in [`PROFILES`], and what.
    pub fn pop(&mut self) -> Option<(u8, Told)> {
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
