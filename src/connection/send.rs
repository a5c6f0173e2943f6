//! Our side of a connection: each call is checked against the table of states, written by the safe
//! builder, and only then counted as done.

use alloc::vec::Vec;

use super::{Asked, Connection, Party, State, Step, Turn, wrong_state};
use crate::{
    error::Code,
    format::{
        self, Around, BodyWriter, FieldLine, Part, Persistence, Refusal, Request, RequestParts, Response,
        ResponseParts, Version, Written, list::List, put_body,
    },
    framing::{BodyFraming, is_interim, switches},
    names::{METHODS, Method},
};

/// How the body of a message that is sent in its parts gets to its place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Delivery {
    /// You put its bytes where [`Written`] says: the message ends with this call.
    Whole,
    /// Only the head is written. If a body follows, [`Connection::send_data`] or [`Connection::send_data_around`] sends
    /// it, and [`Connection::send_end`] ends the message.
    Pieces,
}

impl Connection {
    /// Appends a request to `out`, and puts it into the queue of those that wait for a response.
    /// While earlier responses are to come it goes ahead of them (pipelining, RFC 9112 section 9.3.2), if nothing that
    /// was sent before could end HTTP on this connection.
    ///
    /// With [`Request::body`], or no body, it is whole. With [`Request::body_length`] or [`Request::body_unknown`] the
    /// head is written alone: [`Connection::send_data`] sends the body, [`Connection::send_end`] ends it.
    ///
    /// # Errors
    /// [`Code::WrongState`] if no request can be sent now; what the builder refuses. `out` and the
    /// connection are then as they were.
    pub fn send_request<'a, F, T>(&mut self, request: Request<'a, F, T>, out: &mut Vec<u8>) -> Result<Written, Refusal>
    where
        F: List<FieldLine<'a>>,
        T: List<FieldLine<'a>>,
    {
        let start = out.len();
        let (parts, body) = request.into_parts();
        let written = self.send_request_parts(parts, delivery(body), out)?;
        put_body(body.unwrap_or_default(), &written, start, out);
        Ok(written)
    }

    /// The same from all parts at once, without the body's own bytes.
    ///
    /// # Errors
    /// As [`Connection::send_request`].
    pub fn send_request_parts<'a, F, T>(
        &mut self,
        request: RequestParts<'a, F, T>,
        delivery: Delivery,
        out: &mut Vec<u8>,
    ) -> Result<Written, Refusal>
    where
        F: IntoIterator<Item = FieldLine<'a>>,
        T: IntoIterator<Item = FieldLine<'a>>,
    {
        let goes_ahead = self.sending().state(Party::Client) != State::Idle;
        if self.party != Party::Client || goes_ahead && !self.may_send_ahead() {
            return Err(wrong_state());
        }
        let method = Method::of(request.method);
        let written = written_as(delivery, out, |out| format::request(request, out))?;
        if goes_ahead {
            self.turns.ahead.push_back(Turn::new());
        }
        self.sending_mut().take_head(Party::Client, written.keep_alive, written.upgrade);
        self.parser.expect(method);
        self.begin_body(delivery, &written);
        Ok(written)
    }

    /// Appends a final response, or a 101, to `out`. Which request it answers is known here, so the
    /// response's own word on that is not asked for.
    ///
    /// A client that waits for a 100 and gets a final response instead may or may not send its body:
    /// nobody could tell what comes next, so the connection ends with this exchange (RFC 9110 section 10.1.1).
    ///
    /// With [`Response::body`], or no body, it is whole. With [`Response::body_length`] or [`Response::body_unknown`] the
    /// head is written alone: [`Connection::send_data`] sends the body, [`Connection::send_end`] ends it.
    ///
    /// # Errors
    /// [`Code::WrongState`] if no such response can be sent now: before a request only a status from
    /// 400 on can be. [`Code::StatusKind`] for any other 1xx; what the builder refuses. `out` and the
    /// connection are then as they were.
    pub fn send_response<'a, F, T>(
        &mut self,
        response: Response<'a, F, T>,
        out: &mut Vec<u8>,
    ) -> Result<Written, Refusal>
    where
        F: List<FieldLine<'a>>,
        T: List<FieldLine<'a>>,
    {
        let start = out.len();
        let (parts, body) = response.into_parts();
        let written = self.send_response_parts(parts, delivery(body), out)?;
        put_body(body.unwrap_or_default(), &written, start, out);
        Ok(written)
    }

    /// The same from all parts at once, without the body's own bytes.
    ///
    /// # Errors
    /// As [`Connection::send_response`].
    pub fn send_response_parts<'a, F, T>(
        &mut self,
        response: ResponseParts<'a, F, T>,
        delivery: Delivery,
        out: &mut Vec<u8>,
    ) -> Result<Written, Refusal>
    where
        F: IntoIterator<Item = FieldLine<'a>>,
        T: IntoIterator<Item = FieldLine<'a>>,
    {
        let Turn { exchange, asked: Asked { method, version, awaits_continue } } = &self.turns.current;
        let (method, version, awaits_continue) = (*method, *version, *awaits_continue);
        let status = response.status;
        if is_interim(status) {
            return Err(Refusal::whole(Code::StatusKind, Part::Status));
        }
        let switch = switches(method, status);
        let unasked = exchange.state(Party::Server) == State::Idle;
        let step = if switch { Step::Switch } else { Step::Head };
        if self.party != Party::Server || !exchange.allows(Party::Server, step) || unasked && status < 400 {
            return Err(wrong_state());
        }
        let ends = !exchange.persists() || unasked || awaits_continue;
        let says = match (ends, version) {
            _ if switch => None,
            (true, _) => Some(Persistence::Ends),
            (false, Version::Http10) => Some(Persistence::Persists),
            (false, Version::Http11) => None,
        };
        let response = ResponseParts { request_method: name_of(method), request_version: version, ..response };
        let written = written_as(delivery, out, |out| format::response_on(response, says, out))?;
        let Turn { exchange, asked } = &mut self.turns.current;
        asked.awaits_continue = false;
        if switch {
            exchange.take(Party::Server, Step::Switch);
        } else {
            exchange.take_head(Party::Server, written.keep_alive && !ends, false);
            if self.turns.ahead.is_empty() {
                // The request that is answered is the one the parser read last: whatever switch it asked for is declined.
                self.parser.decline_switch();
            }
            if !exchange.persists() {
                // Nobody will answer what was read ahead.
                self.turns.ahead.clear();
            }
            self.begin_body(delivery, &written);
        }
        Ok(written)
    }

    /// Appends a 1xx response but 101 to `out`: any number of them may come before the final one.
    ///
    /// # Errors
    /// [`Code::WrongState`] if no request waits for its response; [`Code::StatusKind`] for another
    /// status; what the builder refuses, which is every 1xx to a client that speaks 1.0. `out` and
    /// the connection are then as they were.
    pub fn send_informational<'a, F, T>(
        &mut self,
        response: Response<'a, F, T>,
        out: &mut Vec<u8>,
    ) -> Result<Written, Refusal>
    where
        F: List<FieldLine<'a>>,
        T: List<FieldLine<'a>>,
    {
        self.send_informational_parts(response.into_parts().0, out)
    }

    /// The same from all parts at once.
    ///
    /// # Errors
    /// As [`Connection::send_informational`].
    pub fn send_informational_parts<'a, F, T>(
        &mut self,
        response: ResponseParts<'a, F, T>,
        out: &mut Vec<u8>,
    ) -> Result<Written, Refusal>
    where
        F: IntoIterator<Item = FieldLine<'a>>,
        T: IntoIterator<Item = FieldLine<'a>>,
    {
        let status = response.status;
        if !is_interim(status) {
            return Err(Refusal::whole(Code::StatusKind, Part::Status));
        }
        let Turn { exchange, asked: Asked { method, version, .. } } = &self.turns.current;
        if self.party != Party::Server || !exchange.allows(Party::Server, Step::Interim) {
            return Err(wrong_state());
        }
        let (method, version) = (*method, *version);
        let response = ResponseParts { request_method: name_of(method), request_version: version, ..response };
        let written = format::response(response, out)?;
        let Turn { exchange, asked } = &mut self.turns.current;
        exchange.take(Party::Server, Step::Interim);
        asked.awaits_continue &= status != 100;
        Ok(written)
    }

    /// Appends data of our body to `out`, as the head said it would come: as a chunk, or as it is.
    ///
    /// # Errors
    /// As [`Connection::send_data_around`].
    pub fn send_data(&mut self, data: &[u8], out: &mut Vec<u8>) -> Result<(), Refusal> {
        self.may_send_data()?;
        self.body.data(data, out)
    }

    /// Takes in that `length` bytes of our body come next, and appends what goes around them to
    /// `out`. The data is yours to put there: [`Around::pieces`] has it all in order, for a vectored write.
    ///
    /// # Errors
    /// [`Code::WrongState`] if no body is under way; [`Code::BodyLength`] for more bytes than the
    /// head promised. `out` and the connection are then as they were.
    pub fn send_data_around(&mut self, length: u64, out: &mut Vec<u8>) -> Result<Around, Refusal> {
        self.may_send_data()?;
        self.body.around(length, out)
    }

    fn may_send_data(&self) -> Result<(), Refusal> {
        if self.sending().allows(self.party, Step::Data) { Ok(()) } else { Err(wrong_state()) }
    }

    /// Ends our message, and appends what says so to `out`: of a chunked body the last chunk and these trailers,
    /// otherwise nothing. A message that has ended already, as one
    /// without a body has, may be ended once more: that appends nothing.
    ///
    /// # Errors
    /// [`Code::WrongState`] if there is no message to end; [`Code::BodyLength`] if bytes are missing
    /// of those the head promised; what is wrong with which trailer field. `out` and the connection
    /// are then as they were.
    pub fn send_end<'a>(
        &mut self,
        trailer_fields: impl IntoIterator<Item = FieldLine<'a>>,
        out: &mut Vec<u8>,
    ) -> Result<(), Refusal> {
        let party = self.party;
        let state = self.sending().state(party);
        let has_ended = matches!(state, State::Done | State::MightSwitch | State::MustClose | State::Switched);
        if !has_ended && !self.sending().allows(party, Step::End) {
            return Err(wrong_state());
        }
        self.body.end(trailer_fields, out)?;
        if !has_ended {
            self.sending_mut().take(party, Step::End);
        }
        Ok(())
    }

    /// A request may go ahead of responses that are to come, unless what was sent before might end
    /// HTTP, or the exchange under way does.
    fn may_send_ahead(&self) -> bool {
        let last = self.sending();
        let current = &self.turns.current.exchange;
        let needs_next_cycle = self.turns.ahead.is_empty() && current.is_complete();
        last.state(Party::Client) == State::Done && current.persists() && !needs_next_cycle
    }

    /// The head is sent: is the message over with it?
    fn begin_body(&mut self, delivery: Delivery, written: &Written) {
        let party = self.party;
        let is_over =
            delivery == Delivery::Whole || matches!(written.framing, BodyFraming::None | BodyFraming::Length(0));
        self.body = BodyWriter::new(if is_over { BodyFraming::None } else { written.framing });
        if is_over {
            self.sending_mut().take(party, Step::End);
        }
    }
}

/// Runs `write`; of what it wrote only the head stays where the body comes in pieces.
fn written_as(
    delivery: Delivery,
    out: &mut Vec<u8>,
    write: impl FnOnce(&mut Vec<u8>) -> Result<Written, Refusal>,
) -> Result<Written, Refusal> {
    let start = out.len();
    let written = write(out)?;
    if delivery == Delivery::Whole {
        return Ok(written);
    }
    out.truncate(start + written.head);
    Ok(written.head_alone())
}

/// A message whose body is at hand goes out whole.
fn delivery(body: Option<&[u8]>) -> Delivery {
    if body.is_some() { Delivery::Whole } else { Delivery::Pieces }
}

/// A method by its number, as a token: all without one mean the same for a response.
fn name_of(method: Method) -> &'static [u8] {
    match METHODS[method.id() as usize] {
        "" => b"GET",
        name => name.as_bytes(),
    }
}
