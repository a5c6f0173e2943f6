//! The table of states: where the two parties of an exchange stand, and what each may do next.
//!
//! It does not know which of the parties we are, and no bytes: only that one party took a step.
//!
//! 1. An exchange is one request and its final response, with any number of 1xx before it.
//! 2. Each party's own steps move its own state, by [`TABLE`]; a step the table leaves out is a fault
//!    of whoever takes it, and changes nothing.
//! 3. Some steps move the other party too, by [`Exchange::take`]: they are few, and listed there.
//! 4. Whether the connection persists can only turn from yes to no. A party that is done when it is
//!    no [`State::MustClose`]; a new exchange begins only when both are [`State::Done`].
//!
//! ```text
//! client    Idle --request--> Body --end--> Done          (no switch asked for, or already declined)
//!                              |            ^   \
//!                              |      declined    persists no more
//!                              |            |       \
//!                              +--end--> MightSwitch  MustClose
//!                                           |
//!                                        accepted --> Switched
//!
//! server    Idle --request--> Answering --response--> Body --end--> Done or MustClose
//!             \                |   ^  \                ^
//!              \               1xx-+   switch          |
//!               \                       \--> Switched  |
//!                response nobody asked for ------------+
//! ```

/// Where one party stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum State {
    /// It has sent nothing of this exchange.
    Idle,
    /// Server only: it owes a response; 1xx may come before it.
    Answering,
    /// Its head is sent, its message has not ended.
    Body,
    /// Its message has ended.
    Done,
    /// Client only: its message has ended, and the response decides whether HTTP goes on.
    MightSwitch,
    /// It speaks another protocol now.
    Switched,
    /// Its message has ended, and the connection ends with this exchange.
    MustClose,
    /// It has ended its side of the connection.
    Closed,
    /// What it sent cannot be read any further.
    Failed,
}

impl State {
    /// Every state, by number.
    pub const ALL: &'static [State] = &[
        State::Idle,
        State::Answering,
        State::Body,
        State::Done,
        State::MightSwitch,
        State::Switched,
        State::MustClose,
        State::Closed,
        State::Failed,
    ];

    /// The name programs compare.
    pub const fn name(self) -> &'static str {
        match self {
            State::Idle => "idle",
            State::Answering => "answering",
            State::Body => "body",
            State::Done => "done",
            State::MightSwitch => "might-switch",
            State::Switched => "switched",
            State::MustClose => "must-close",
            State::Closed => "closed",
            State::Failed => "failed",
        }
    }
}

/// One of the two parties.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Party {
    /// Sends requests.
    Client,
    /// Sends responses.
    Server,
}

/// What a party does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Step {
    /// Sends its head: a request, or a final response.
    Head,
    /// Server: sends a 1xx but 101, whole.
    Interim,
    /// Server: sends a 101, or a 2xx to CONNECT, whole.
    Switch,
    /// Sends bytes of its body.
    Data,
    /// Ends its message.
    End,
    /// Ends its side of the connection, where that cuts nothing off.
    Close,
    /// Sends what cannot be read.
    Fault,
}

impl Step {
    /// Every step.
    pub(crate) const ALL: &'static [Step] =
        &[Step::Head, Step::Interim, Step::Switch, Step::Data, Step::End, Step::Close, Step::Fault];
}

/// The table: what a party's own step makes of its state.
#[rustfmt::skip]
const TABLE: &[(Party, State, Step, State)] = {
    use {Party::*, State::*, Step::*};
    &[
        (Client, Idle,        Head,    Body),
        (Client, Idle,        Close,   Closed),
        (Client, Idle,        Fault,   Failed),
        (Client, Body,        Data,    Body),
        (Client, Body,        End,     Done),
        (Client, Body,        Fault,   Failed),
        (Client, Done,        Close,   Closed),
        (Client, Done,        Fault,   Failed),
        (Client, MightSwitch, Close,   Closed),
        (Client, MightSwitch, Fault,   Failed),
        (Client, Switched,    Close,   Closed),
        (Client, MustClose,   Close,   Closed),
        (Client, MustClose,   Fault,   Failed),
        (Client, Closed,      Close,   Closed),

        (Server, Idle,        Head,    Body),
        (Server, Idle,        Close,   Closed),
        (Server, Idle,        Fault,   Failed),
        (Server, Answering,   Interim, Answering),
        (Server, Answering,   Switch,  Switched),
        (Server, Answering,   Head,    Body),
        (Server, Answering,   Fault,   Failed),
        (Server, Body,        Data,    Body),
        (Server, Body,        End,     Done),
        (Server, Body,        Fault,   Failed),
        (Server, Done,        Close,   Closed),
        (Server, Done,        Fault,   Failed),
        (Server, Switched,    Close,   Closed),
        (Server, MustClose,   Close,   Closed),
        (Server, MustClose,   Fault,   Failed),
        (Server, Closed,      Close,   Closed),
    ]
};

/// [`TABLE`] by party, state and step; [`NOT_ALLOWED`] where it has no row.
static CELLS: [[[u8; Step::ALL.len()]; State::ALL.len()]; 2] = {
    let mut cells = [[[NOT_ALLOWED; Step::ALL.len()]; State::ALL.len()]; 2];
    let mut at = 0;
    while at < TABLE.len() {
        let (party, state, step, next) = TABLE[at];
        cells[party as usize][state as usize][step as usize] = next as u8;
        at += 1;
    }
    cells
};

const NOT_ALLOWED: u8 = State::ALL.len() as u8;

fn own(party: Party, state: State, step: Step) -> Option<State> {
    State::ALL.get(CELLS[party as usize][state as usize][step as usize] as usize).copied()
}

/// One request and its response, by what was sent of both.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Exchange {
    client: State,
    server: State,
    persists: bool,
    /// The request asks for another protocol, and nothing final has answered it.
    switch_asked: bool,
}

impl Exchange {
    /// Nothing is sent yet.
    pub(crate) const fn new() -> Exchange {
        Exchange { client: State::Idle, server: State::Idle, persists: true, switch_asked: false }
    }

    pub(crate) fn state(&self, party: Party) -> State {
        match party {
            Party::Client => self.client,
            Party::Server => self.server,
        }
    }

    pub(crate) fn persists(&self) -> bool {
        self.persists
    }

    /// Both messages have ended, and another exchange may follow.
    pub(crate) fn is_complete(&self) -> bool {
        (self.client, self.server) == (State::Done, State::Done)
    }

    /// Whether this step is allowed, by the table and by the other party's state.
    pub(crate) fn allows(&self, party: Party, step: Step) -> bool {
        let fits = match step {
            Step::Switch => self.client == State::MightSwitch,
            _ => true,
        };
        fits && own(party, self.state(party), step).is_some()
    }

    /// The head of a message, with what it says of the connection. False if it is not allowed.
    pub(crate) fn take_head(&mut self, party: Party, persists: bool, asks_switch: bool) -> bool {
        if !self.allows(party, Step::Head) {
            return false;
        }
        // A response that comes before its request is nothing a client could go on from.
        let unasked = party == Party::Server && self.server == State::Idle;
        self.persists &= persists && !unasked;
        if party == Party::Client {
            self.switch_asked = asks_switch;
        }
        self.take(party, Step::Head)
    }

    /// A step of one party, and what follows from it for both. False if it is not allowed.
    #[inline(never)]
    pub(crate) fn take(&mut self, party: Party, step: Step) -> bool {
        let allowed = self.allows(party, step);
        let Some(next) = own(party, self.state(party), step).filter(|_| allowed) else { return false };
        *self.state_mut(party) = next;
        match (party, step) {
            // A request is answered, unless an answer has begun already.
            (Party::Client, Step::Head) if self.server == State::Idle => self.server = State::Answering,
            // A request that asks for a switch leaves it to the response, if that is still to come.
            (Party::Client, Step::End) if self.switch_asked => self.client = State::MightSwitch,
            // A final response that is no switch declines it.
            (Party::Server, Step::Head) => self.decline(),
            (Party::Server, Step::Switch) => self.client = State::Switched,
            // Nothing more will come from there.
            (_, Step::Close | Step::Fault) => self.persists = false,
            _ => {}
        }
        self.settle();
        true
    }

    fn decline(&mut self) {
        self.switch_asked = false;
        if self.client == State::MightSwitch {
            self.client = State::Done;
        }
    }

    /// A client whose server failed or closed has nobody to speak to; one that is done when the
    /// connection ends has to close.
    fn settle(&mut self) {
        if self.persists {
            return;
        }
        let no_server = matches!(self.server, State::Failed | State::Closed);
        if no_server && !matches!(self.client, State::Switched | State::Closed | State::Failed) {
            self.client = State::MustClose;
        }
        for state in [&mut self.client, &mut self.server] {
            if *state == State::Done {
                *state = State::MustClose;
            }
        }
        // Nobody is left to ask anything of an idle server.
        if self.client == State::Closed && self.server == State::Idle {
            self.server = State::MustClose;
        }
    }

    fn state_mut(&mut self, party: Party) -> &mut State {
        match party {
            Party::Client => &mut self.client,
            Party::Server => &mut self.server,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::{string::String, vec::Vec};

    /// Every cell of the table, allowed or not: a line a state, a column a step, in the order of
    /// `State::ALL` and `Step::ALL`. A dot is a step that is not allowed.
    #[test]
    fn every_cell() {
        let grid = |party: Party| -> Vec<String> {
            let cell = |state: State, step: Step| own(party, state, step).map_or(".", State::name);
            let line = |state: &State| {
                let cells: Vec<_> = Step::ALL.iter().map(|step| cell(*state, *step)).collect();
                alloc::format!("{}: {}", state.name(), cells.join(" "))
            };
            State::ALL.iter().map(line).collect()
        };
        // The columns: Head Interim Switch Data End Close Fault
        assert_eq!(
            grid(Party::Client),
            [
                "idle: body . . . . closed failed",
                "answering: . . . . . . .",
                "body: . . . body done . failed",
                "done: . . . . . closed failed",
                "might-switch: . . . . . closed failed",
                "switched: . . . . . closed .",
                "must-close: . . . . . closed failed",
                "closed: . . . . . closed .",
                "failed: . . . . . . .",
            ]
        );
        assert_eq!(
            grid(Party::Server),
            [
                "idle: body . . . . closed failed",
                "answering: body answering switched . . . failed",
                "body: . . . body done . failed",
                "done: . . . . . closed failed",
                "might-switch: . . . . . . .",
                "switched: . . . . . closed .",
                "must-close: . . . . . closed failed",
                "closed: . . . . . closed .",
                "failed: . . . . . . .",
            ]
        );
    }

    /// The tables of docs/connection.md say the same.
    #[test]
    fn documented() {
        let page = include_str!("../../docs/connection.md");
        for (party, heading) in [(Party::Client, "| client | head"), (Party::Server, "| server | head")] {
            let (_, table) = page.split_once(heading).expect(heading);
            let rows: Vec<_> = table.lines().skip(2).take_while(|line| line.starts_with('|')).collect();
            let documented = |state: &&State| Step::ALL.iter().any(|step| own(party, **state, *step).is_some());
            let states: Vec<_> = State::ALL.iter().filter(documented).collect();
            assert_eq!(rows.len(), states.len(), "{party:?}");
            for state in states {
                let cell = |step: &Step| {
                    own(party, *state, *step).map_or(String::new(), |to| alloc::format!("{} ", to.name()))
                };
                let cells: Vec<_> = Step::ALL.iter().map(cell).collect();
                let row = alloc::format!("| `{}` | {}|", state.name(), cells.join("| "));
                assert!(rows.contains(&&row[..]), "{party:?}: {row}");
            }
        }
    }

    /// A step that is not allowed changes nothing, from any pair of states that steps can lead to.
    #[test]
    fn what_is_not_allowed_changes_nothing() {
        let mut seen: Vec<Exchange> = alloc::vec![Exchange::new()];
        let mut at = 0;
        while let Some(from) = seen.get(at).copied() {
            at += 1;
            for party in [Party::Client, Party::Server] {
                for step in Step::ALL {
                    for says in [(true, false), (false, false), (true, true), (false, true)] {
                        let mut to = from;
                        let taken = if *step == Step::Head {
                            to.take_head(party, says.0, says.1)
                        } else {
                            to.take(party, *step)
                        };
                        assert_eq!(taken, from.allows(party, *step), "{from:?} {party:?} {step:?}");
                        if !taken {
                            assert_eq!(to, from, "{party:?} {step:?}");
                        } else if !seen.contains(&to) {
                            seen.push(to);
                        }
                    }
                }
            }
        }
        for one in &seen {
            // The two switch together, and only a connection that persists gets to the next exchange.
            assert!(one.server != State::Switched || matches!(one.client, State::Switched | State::Closed), "{one:?}");
            assert!(!one.is_complete() || one.persists, "{one:?}");
            let open = [one.client, one.server].contains(&State::Done);
            assert!(one.persists || !open, "{one:?}");
        }
        assert!(seen.len() > 30, "{}", seen.len());
    }

    fn after(steps: &[(Party, Step)], persists: bool, asks: bool) -> (State, State) {
        let mut exchange = Exchange::new();
        for (party, step) in steps {
            let taken = match step {
                Step::Head => exchange.take_head(*party, persists, asks && *party == Party::Client),
                _ => exchange.take(*party, *step),
            };
            assert!(taken, "{party:?} {step:?} of {steps:?}");
        }
        (exchange.client, exchange.server)
    }

    #[test]
    fn what_one_party_does_moves_the_other() {
        use Party::{Client, Server};
        use State::*;
        use Step::{Close, End, Fault, Head, Interim, Switch};
        const ASKED: [(Party, Step); 2] = [(Client, Head), (Client, End)];
        for (persists, asks, steps, expected) in [
            (true, false, &[(Client, Head)][..], (Body, Answering)),
            (true, false, &ASKED, (Done, Answering)),
            (true, false, &[ASKED[0], ASKED[1], (Server, Interim), (Server, Head), (Server, End)], (Done, Done)),
            (false, false, &[ASKED[0], ASKED[1], (Server, Head), (Server, End)], (MustClose, MustClose)),
            // An early answer, and the request's end behind it.
            (true, false, &[(Client, Head), (Server, Head), (Server, End), (Client, End)], (Done, Done)),
            // A switch: open, granted, declined, declined before the request ended.
            (true, true, &ASKED, (MightSwitch, Answering)),
            (true, true, &[ASKED[0], ASKED[1], (Server, Switch)], (Switched, Switched)),
            (true, true, &[ASKED[0], ASKED[1], (Server, Head)], (Done, Body)),
            (false, true, &[ASKED[0], ASKED[1], (Server, Head)], (MustClose, Body)),
            (true, true, &[(Client, Head), (Server, Head), (Client, End)], (Done, Body)),
            // The client closes its side: it still gets its answer.
            (true, false, &[ASKED[0], ASKED[1], (Client, Close)], (Closed, Answering)),
            (true, false, &[ASKED[0], ASKED[1], (Client, Close), (Server, Head), (Server, End)], (Closed, MustClose)),
            (true, false, &[(Client, Close)], (Closed, MustClose)),
            // The client fails: the server may say so.
            (true, false, &[(Client, Fault)], (Failed, Idle)),
            (true, false, &[(Client, Fault), (Server, Head), (Server, End)], (Failed, MustClose)),
            (true, false, &[(Client, Head), (Client, Fault), (Server, Head)], (Failed, Body)),
            // The server fails or closes: the client has nobody to speak to.
            (true, false, &[ASKED[0], ASKED[1], (Server, Fault)], (MustClose, Failed)),
            (true, false, &[(Server, Close)], (MustClose, Closed)),
            // An answer to nothing ends the connection, and stays the answer.
            (true, false, &[(Server, Head), (Client, Head)], (Body, Body)),
            (true, false, &[(Server, Head), (Server, End)], (Idle, MustClose)),
        ] {
            assert_eq!(after(steps, persists, asks), expected, "{steps:?}");
        }
    }

    #[test]
    fn a_switch_is_granted_only_to_who_waits_for_it() {
        let mut exchange = Exchange::new();
        exchange.take_head(Party::Client, true, true);
        assert!(!exchange.allows(Party::Server, Step::Switch), "the request has not ended");
        exchange.take(Party::Client, Step::End);
        assert!(exchange.allows(Party::Server, Step::Switch));
        let mut exchange = Exchange::new();
        exchange.take_head(Party::Client, true, false);
        exchange.take(Party::Client, Step::End);
        assert!(!exchange.take(Party::Server, Step::Switch), "nothing was asked");
    }
}
