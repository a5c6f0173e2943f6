//! What was told so far, and what the leniencies that are on have permitted.

use h1wire::policy::{Leniencies, Leniency};

use crate::outcome::Event;

/// The events, in order.
pub(crate) struct Told {
    pub(crate) events: Vec<Event>,
    lenient: Leniencies,
    /// Leniencies that this message has used.
    used: Vec<Leniency>,
}

impl Told {
    pub(crate) fn new(lenient: Leniencies) -> Told {
        Told { events: Vec::new(), lenient, used: Vec::new() }
    }

    /// A leniency is told once a message.
    pub(crate) fn begin_message(&mut self) {
        self.used.clear();
    }

    pub(crate) fn has(&self, leniency: Leniency) -> bool {
        self.lenient.has(leniency)
    }

    /// A leniency of which each use is told was used at this offset.
    pub(crate) fn each(&mut self, leniency: Leniency, at: usize) {
        self.events.push(Event::Tolerated { name: leniency.name().into(), offset: at as u64 });
    }

    /// Whether a leniency is on; if so, that it was used at this offset is told.
    pub(crate) fn permits(&mut self, leniency: Leniency, at: usize) -> bool {
        if self.has(leniency) && !self.used.contains(&leniency) {
            self.used.push(leniency);
            self.each(leniency, at);
        }
        self.has(leniency)
    }
}
