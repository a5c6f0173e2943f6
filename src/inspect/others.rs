//! Other readers of one message, whose head can be read in several ways: where each sees it end, and what it sees then.

use alloc::vec::Vec;

use super::{
    findings::{Note, What},
    queue::{Finding, Item, Queue},
    readings::{PROFILES, Reading, Told},
};
use crate::{names::Method, policy::Limits};

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
    /// Another message, which begins at this byte.
    Message(u64),
    /// A fault at this byte.
    Refusal(u64),
}

/// The other readers of a message.
#[derive(Debug)]
pub(crate) struct Others {
    /// The message's first byte.
    pub(crate) start: u64,
    /// Where we see it end, once that is known.
    end: Option<u64>,
    /// By the number of the profile.
    readings: Vec<Reading>,
    /// What each profile sees, by its number.
    seen: [Option<Difference>; PROFILES.len()],
}

impl Others {
    /// Readers of a message that begins with this head, whose first byte has this offset.
    pub(crate) fn new(head: &[u8], start: u64, request: bool, method: Method, limits: Limits) -> Others {
        let readings =
            PROFILES.iter().map(|profile| Reading::of_one(profile, request, limits, start, method)).collect();
        let mut others = Others { start, end: None, readings, seen: [None; PROFILES.len()] };
        others.read(head);
        others
    }

    /// Shows them the bytes that follow.
    pub(crate) fn read(&mut self, bytes: &[u8]) {
        let seen = &mut self.seen;
        for (number, reading) in self.readings.iter_mut().enumerate() {
            reading.read(bytes, &mut |told| record(seen, number, told));
        }
    }

    /// The input has ended.
    pub(crate) fn finish(&mut self) {
        let seen = &mut self.seen;
        for (number, reading) in self.readings.iter_mut().enumerate() {
            reading.finish(&mut |told| record(seen, number, told));
        }
    }

    /// We see the message end here.
    pub(crate) fn end_ours(&mut self, end: u64) {
        self.end = Some(end);
    }

    /// Whether nothing can change any more.
    pub(crate) fn are_done(&self) -> bool {
        self.end.is_some() && self.readings.iter().all(Reading::is_done)
    }

    /// Reports what differs.
    #[inline(never)]
    pub(crate) fn report(&self, queue: &mut Queue) {
        let differs = |one: &Difference| Some(one.end) != self.end;
        for (number, one) in self.seen.iter().enumerate() {
            let Some(one) = one.filter(differs) else { continue };
            let is_same = |other: &Difference| (other.end, other.then) == (one.end, one.then);
            // Several that see the same are told as the first of them.
            if !self.seen[..number].iter().flatten().any(is_same) {
                let end = self.end.unwrap_or(one.end).max(self.start);
                let what = What::Note(Note::ReadersDiffer);
                queue.push(Item::Finding(Finding { what, start: self.start, end, difference: Some(one) }));
            }
        }
    }
}

/// Records what a reading tells.
#[inline(never)]
fn record(seen: &mut [Option<Difference>], profile: usize, told: Told) {
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
