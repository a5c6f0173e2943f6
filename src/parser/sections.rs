//! Heads and trailer sections: read in place where they lie whole in a chunk, or in pieces; and what a head decides.

use super::{Failed, Parser, State, Whole};
use crate::{
    error::{Code, Error, Fault, fault},
    framing::{self, BodyFraming, Framing, HeadText, Spot},
    host,
    names::{FieldName, Method},
    scan::{Vector, Work},
    section::{Kind, Rules, Step},
};

impl Parser {
    /// Reads a message's head and decides on it, if it lies whole in the chunk and is of the usual kind:
    /// nearly every one. If not, the state says what of it was read.
    #[inline(always)]
    pub(super) fn read_whole_head(&mut self, chunk: &[u8], at: &mut usize) -> Whole {
        let text = &chunk[*at..];
        // A line end is looked at elsewhere, and so is what may not follow.
        if text[0] < b' ' || self.closed || self.answers.are_all_given() {
            return Whole::No;
        }
        self.text_offset = self.offset;
        let Some(length) = self.section.widest.run(self, text) else { return Whole::No };
        self.held.lies_in_chunk(*at, length);
        self.take(at, length);
        if self.request && self.host_is_plain && !self.section.found.any(framing::DECIDING) {
            self.framing = framing::of_plain_request();
            self.state = State::End;
            return Whole::Plain;
        }
        if !self.end_head(chunk) {
            return Whole::No;
        }
        self.begin_body();
        Whole::Decided
    }

    /// Reads a head of the usual kind that lies whole in the chunk; returns its length. Of any other
    /// head it reads as much as it can, for [`Parser::read_head`] to go on.
    #[inline(always)]
    fn read_plain_head<V: Vector>(&mut self, text: &[u8]) -> Option<usize> {
        let limits = &self.policy.limits;
        let max_head = bound(limits.max_head_size.saturating_sub(self.skipped));
        let visible = &text[..text.len().min(max_head)];
        let end = match self.start_line.read_plain::<V>(visible, self.request) {
            Some(end) if end as u64 <= limits.max_start_line => end,
            _ => {
                self.begin_head(false);
                return None;
            }
        };
        self.section.begin(end);
        let host = self.section.read_plain_host::<V>(visible, limits.max_fields);
        if let Some(Step::Done(length)) = host {
            self.host_is_plain = true;
            return Some(length);
        }
        let Some(length) = self.section.read_plain_lines::<V>(visible, limits.max_fields) else {
            self.begin_head(true);
            return None;
        };
        self.host_is_plain = match self.section.found.only(FieldName::HOST, &self.section.fields) {
            Some(_) if host.is_some() => true,
            Some(host) => host::is_plain::<V>(visible, host.value_start as usize..host.value_end as usize),
            None => false,
        };
        Some(length)
    }

    /// Decides on a whole head. Returns whether it may be told at once; if not, the state and the fault
    /// say what is to be told.
    fn end_head(&mut self, chunk: &[u8]) -> bool {
        let decided = self.decide(chunk).is_ok();
        if !decided || !self.tolerance.is_untold() {
            return decided;
        }
        self.hold(chunk);
        self.state = State::HeadWhole;
        false
    }

    /// A head will be read in pieces: from its beginning, or from where its fields were left.
    #[cold]
    pub(super) fn begin_head(&mut self, in_fields: bool) {
        self.state = State::Head;
        self.closed = false;
        self.in_fields = in_fields;
        if !in_fields {
            self.start_line.begin(self.request);
        }
        self.text_offset = self.offset;
        self.held.begin();
    }

    /// Reads what is left of the chunk, if it is small and lies within one name or value. So heads that come octet by
    /// octet do not take the long way with each.
    pub(super) fn read_small_piece(&mut self, chunk: &[u8], at: &mut usize) -> bool {
        const SMALL: usize = 16;
        let piece = &chunk[(*at).min(chunk.len())..];
        let max_head = bound(self.policy.limits.max_head_size.saturating_sub(self.skipped));
        let is_within = piece.len() <= SMALL
            && self.held.len() + piece.len() <= max_head
            && self.section.read_within(self.held.len(), piece);
        if is_within {
            self.held.push(piece);
            self.take(at, piece.len());
        }
        is_within
    }

    pub(super) fn read_head_piece(&mut self, chunk: &[u8], at: &mut usize) -> Result<(), Failed> {
        if self.read_section(chunk, at, Parser::read_head)? { self.end_pieces_of_head(chunk) } else { Ok(()) }
    }

    fn read_head(&mut self, text: &[u8]) -> Result<Step, Fault> {
        let limits = &self.policy.limits;
        let max_head = bound(limits.max_head_size.saturating_sub(self.skipped));
        if !self.in_fields {
            let max_line = bound(limits.max_start_line).min(max_head);
            let visible = &text[..text.len().min(max_line)];
            match self.start_line.read(visible, self.text_offset, &mut self.tolerance)? {
                Step::More if text.len() > max_line => {
                    let code = if max_line == max_head { Code::HeadTooLarge } else { Code::StartLineTooLong };
                    return fault(code, max_line);
                }
                Step::More => return Ok(Step::More),
                Step::Done(end) => {
                    self.in_fields = true;
                    self.section.begin(end);
                }
            }
        }
        let kind = if self.request { Kind::RequestHead } else { Kind::ResponseHead };
        self.read_fields(text, kind, max_head, Code::HeadTooLarge)
    }

    pub(super) fn end_pieces_of_head(&mut self, chunk: &[u8]) -> Result<(), Failed> {
        self.host_is_plain = false;
        self.decide(chunk)?;
        self.settle(chunk);
        self.state = State::HeadWhole;
        Ok(())
    }

    #[inline(never)]
    pub(super) fn begin_trailer(&mut self) {
        self.state = State::Trailer;
        self.text_offset = self.offset;
        self.held.begin();
        self.section.begin(0);
    }

    pub(super) fn read_trailer_piece(&mut self, chunk: &[u8], at: &mut usize) -> Result<(), Failed> {
        if self.read_section(chunk, at, Parser::read_trailer)? {
            self.end_trailer(chunk);
        }
        Ok(())
    }

    fn read_trailer(&mut self, text: &[u8]) -> Result<Step, Fault> {
        let kind = if self.request { Kind::RequestTrailer } else { Kind::ResponseTrailer };
        self.read_fields(text, kind, bound(self.policy.limits.max_trailer_size), Code::TrailerTooLarge)
    }

    /// The trailer section is whole.
    pub(super) fn end_trailer(&mut self, chunk: &[u8]) {
        self.settle(chunk);
        self.state = State::TrailerWhole;
    }

    fn read_fields(&mut self, text: &[u8], kind: Kind, max: usize, too_large: Code) -> Result<Step, Fault> {
        let visible = &text[..text.len().min(max)];
        let rules = Rules { kind, max_fields: kind.max_fields(&self.policy), offset: self.text_offset };
        match self.section.read(visible, &rules, &mut self.tolerance)? {
            Step::More if text.len() > max => fault(too_large, max),
            step => Ok(step),
        }
    }

    /// Reads a section that comes in pieces. Returns whether it is whole; if it is not, the chunk is taken.
    fn read_section(
        &mut self,
        chunk: &[u8],
        at: &mut usize,
        read: impl Fn(&mut Parser, &[u8]) -> Result<Step, Fault>,
    ) -> Result<bool, Failed> {
        let before = *at;
        let mut held = core::mem::take(&mut self.held);
        let outcome = held.read(chunk, at, |text| read(self, text));
        self.held = held;
        self.offset += (*at - before) as u64;
        outcome.map_err(|fault| self.raise_in(chunk, *at, fault))
    }

    /// Decides on framing and all that follows from it.
    #[inline(never)]
    fn decide(&mut self, chunk: &[u8]) -> Result<(), Failed> {
        let text = self.held.text(chunk);
        let head = HeadText {
            text,
            extra: &self.section.extra,
            line: &self.start_line.line,
            fields: &self.section.fields,
            found: &self.section.found,
            host_is_plain: self.host_is_plain,
            offset: self.text_offset,
        };
        let decided = if self.request {
            framing::request(&head, &mut self.tolerance)
        } else {
            let method = self.answers.next().unwrap_or(Method::GET);
            framing::response(&head, method, &mut self.tolerance)
        };
        let mut permitted = decided.and_then(|framing| self.permit(framing, &head));
        let is_one_more =
            self.is_informational() && self.answers.is_last_informational(self.policy.limits.max_informational);
        if is_one_more && permitted.is_ok() {
            let refused = self.tolerance.refuse(Code::TooManyInformational, 0, self.text_offset);
            permitted = permitted.and_then(|framing| refused.map(|()| framing));
        }
        match permitted {
            Ok(framing) => {
                self.framing = framing;
                Ok(())
            }
            Err(fault) => {
                let error = self.error_in(text, fault);
                Err(self.raise(error))
            }
        }
    }

    /// Whether a message that is framed in this way may come now.
    #[inline(always)]
    fn permit(&self, framing: Framing, head: &HeadText<'_>) -> Result<Framing, Fault> {
        let limits = &self.policy.limits;
        if let BodyFraming::Length(length) = framing.body
            && length > limits.max_body_size
        {
            let field = self.section.fields.iter().find(|field| field.name == FieldName::CONTENT_LENGTH);
            return fault(Code::BodyTooLarge, field.map_or(0, |field| head.place(Spot { field, index: 0 })));
        }
        if !self.request && self.start_line.line.status == 101 && !self.answers.may_switch {
            // The status code stands behind `HTTP/1.1 `.
            return fault(Code::UnexpectedSwitch, 9);
        }
        Ok(framing)
    }

    /// Sees to it that a whole section can be told: its values that do not stand in the text are
    /// put behind it, and it is held if something else must be told first.
    #[inline(always)]
    fn settle(&mut self, chunk: &[u8]) {
        if !self.section.extra.is_empty() || self.tolerance.is_untold() {
            self.hold(chunk);
        }
    }

    #[cold]
    fn hold(&mut self, chunk: &[u8]) {
        if !self.section.extra.is_empty() {
            self.section.settle_extra(self.held.length());
        }
        self.held.hold(chunk, &self.section.extra);
    }

    /// Fails with this fault in the text of the section that is being read.
    #[cold]
    fn raise_in(&mut self, chunk: &[u8], at: usize, fault: Fault) -> Failed {
        let error = self.error_in(self.held.begun(chunk, at), fault);
        self.raise(error)
    }

    #[cold]
    fn error_in(&self, text: &[u8], fault: Fault) -> Error {
        let Fault { code, at, leniencies, hint } = fault;
        let in_start_line = self.state == State::Head && !self.in_fields;
        let name = if in_start_line { None } else { self.section.name_at(text, at) };
        let error = Error::new(code, self.text_offset + at as u64).at(text.get(at).copied());
        error.in_field(name).but(leniencies).hinting(hint)
    }
}

impl Work for Parser {
    type Outcome = Option<usize>;

    #[inline(always)]
    fn run<V: Vector>(&mut self, text: &[u8]) -> Option<usize> {
        self.read_plain_head::<V>(text)
    }
}

/// A limit as a length; limits beyond memory are none.
fn bound(limit: u64) -> usize {
    usize::try_from(limit).unwrap_or(usize::MAX)
}
