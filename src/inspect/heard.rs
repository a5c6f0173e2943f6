//! What a parser says, without what it borrows from its input.

use crate::{event::Event, tolerated::Tolerated};

/// An event, or that more bytes are needed.
pub(crate) enum Heard {
    Nothing,
    Head,
    Tolerated(Tolerated),
    Body,
    End,
    Switch,
}

impl Heard {
    pub(crate) fn of(event: Option<Event<'_>>) -> Heard {
        match event {
            None => Heard::Nothing,
            Some(Event::Request(_) | Event::Response(_)) => Heard::Head,
            Some(Event::Tolerated(tolerated)) => Heard::Tolerated(tolerated),
            Some(Event::Body(_)) => Heard::Body,
            Some(Event::End(_)) => Heard::End,
            Some(Event::Upgrade) => Heard::Switch,
        }
    }
}
