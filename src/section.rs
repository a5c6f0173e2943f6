//! A field section: the field lines of a head or trailer, and the empty line behind them.
//!
//! ```text
//! field-line   = field-name ":" OWS field-value OWS               ; RFC 9112 section 5
//! field-name   = token
//! obs-fold     = OWS CRLF RWS                                     ; RFC 9112 section 5.2
//! ```
//! The reader keeps positions, not copies, and can stop and go on at any byte. Values that do not
//! stand in the text as they read (folded ones) are put together in `extra`; their positions count
//! from `EXTRA`, until the parser knows where `extra` comes to lie.

use alloc::vec::Vec;
use core::ops::Range;

use crate::{
    error::{Code, Fault, fault},
    grammar,
    names::{FieldName, Spelling},
    policy::{Leniency, Policy},
    scan::{self, Vector, Widest, Work, runs},
    tolerated::Tolerance,
};

/// Positions from here on count in `extra`.
pub(crate) const EXTRA: u32 = 1 << 31;

/// Where a field line's parts lie, in bytes from the beginning of its section's text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Field {
    /// The name's number.
    pub name: FieldName,
    /// How a name with a number is spelled.
    pub spelling: Spelling,
    /// First byte of the name.
    pub name_start: u32,
    /// Bytes of the name.
    pub name_length: u32,
    /// First byte of the value, whitespace before it left out.
    pub value_start: u32,
    /// One behind the last byte of the value, whitespace after it left out.
    pub value_end: u32,
}

impl Field {
    pub(crate) fn is_extra(&self) -> bool {
        self.value_start >= EXTRA
    }
}

/// Which section is read, and under what rules.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Rules {
    pub(crate) kind: Kind,
    /// How many lines there may be.
    pub(crate) max_fields: u64,
    /// Offset of the text's first byte since the parser began.
    pub(crate) offset: u64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    RequestHead,
    ResponseHead,
    RequestTrailer,
    ResponseTrailer,
}

impl Kind {
    pub(crate) fn is_trailer(self) -> bool {
        matches!(self, Kind::RequestTrailer | Kind::ResponseTrailer)
    }

    fn is_response(self) -> bool {
        matches!(self, Kind::ResponseHead | Kind::ResponseTrailer)
    }

    pub(crate) fn max_fields(self, policy: &Policy) -> u64 {
        if self.is_trailer() { policy.limits.max_trailer_fields } else { policy.limits.max_fields }
    }
}

/// How far a reader came.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Step {
    /// The part is whole and ends before this index.
    Done(usize),
    /// More bytes are needed.
    More,
}

/// Where the first few names of the table of names stand in a section: those that framing asks for.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Found {
    /// By number: whether the name occurs, and whether it does again. Words, for bytes are slower to change.
    once: u32,
    again: u32,
    /// By number: its first line, if it occurs.
    first: [u32; Found::NAMES],
}

impl Found {
    const NAMES: usize = 8;

    #[inline(always)]
    fn clear(&mut self) {
        (self.once, self.again) = (0, 0);
    }

    #[inline(always)]
    fn note(&mut self, name: FieldName, line: usize) {
        let number = name.id() as usize;
        if number < Found::NAMES && name != FieldName::OTHER {
            let bit = Found::bit(name);
            let before = self.once & bit;
            self.again |= before;
            self.once |= bit;
            if before == 0 {
                self.first[number] = line as u32;
            }
        }
    }

    /// Whether one of the names with these bits occurs.
    #[inline(always)]
    pub(crate) fn any(&self, names: u32) -> bool {
        self.once & names != 0
    }

    /// The only line with this name; none if there are more, or none at all.
    #[inline(always)]
    pub(crate) fn only<'a>(&self, name: FieldName, fields: &'a [Field]) -> Option<&'a Field> {
        if self.once & !self.again & Found::bit(name) == 0 {
            return None;
        }
        fields.get(self.first[name.id() as usize] as usize)
    }

    /// The lines among which all with this name stand; it must be one of the noted names.
    pub(crate) fn lines<'a>(&self, name: FieldName, fields: &'a [Field]) -> &'a [Field] {
        let (bit, first) = (Found::bit(name), self.first[name.id() as usize] as usize);
        match (self.once & bit != 0, self.again & bit != 0) {
            (false, _) => &[],
            (true, false) => &fields[first..=first],
            (true, true) => &fields[first..],
        }
    }

    /// A noted name's bit.
    pub(crate) const fn bit(name: FieldName) -> u32 {
        1 << name.id()
    }
}

/// Reads one field section after another.
#[derive(Debug, Default)]
pub(crate) struct SectionReader {
    /// The lines so far.
    pub(crate) fields: Vec<Field>,
    /// Values that had to be put together.
    pub(crate) extra: Vec<u8>,
    /// Which of the names that framing asks for were met so far.
    pub(crate) found: Found,
    /// What the lines are scanned with.
    pub(crate) widest: Widest,
    phase: Phase,
    /// Where the scan goes on.
    at: usize,
    name_start: usize,
    name_end: usize,
    value_start: usize,
    /// Lines that are no field lines and were dropped; they count as lines do.
    dropped: u64,
    /// The last line was dropped, and so is one that goes on with it.
    behind_dropped: bool,
    /// What is wrong with the line that is being dropped, should it turn out that it may not be.
    fault: Option<Fault>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Phase {
    #[default]
    LineStart,
    Name,
    SpaceBeforeColon,
    ValueStart,
    Value,
    ValueLf,
    FoldStart,
    Fold,
    FoldLf,
    LastLf,
    /// In a line that is no field line: it begins at `name_start`, and everything up to its end is dropped.
    Dropped,
    DroppedLf,
}

impl SectionReader {
    /// Begins a section whose first line starts at this index of its text.
    pub(crate) fn begin(&mut self, at: usize) {
        self.fields.clear();
        self.extra.clear();
        self.found.clear();
        self.phase = Phase::LineStart;
        self.at = at;
        self.dropped = 0;
        self.behind_dropped = false;
    }

    /// The name of the field in whose line an index of the text lies, as far as that was read.
    #[cold]
    pub(crate) fn name_at<'a>(&self, text: &'a [u8], at: usize) -> Option<&'a [u8]> {
        let is_whole =
            matches!(self.phase, Phase::LineStart | Phase::LastLf | Phase::FoldStart | Phase::Fold | Phase::FoldLf);
        if !is_whole && self.name_start <= at {
            let end = scan::token(text, self.name_start).min(at.max(self.name_start));
            return text.get(self.name_start..end).filter(|name| !name.is_empty());
        }
        let field = self.fields.iter().rfind(|field| field.name_start as usize <= at)?;
        let (start, length) = (field.name_start as usize, field.name_length as usize);
        let is_fold = |end: &usize| text.get(end + 1).is_some_and(|octet| grammar::is_space(*octet));
        let mut ends = (start..text.len()).filter(|index| text[*index] == b'\n');
        let end = ends.find(|end| !is_fold(end)).unwrap_or(text.len());
        (at <= end).then(|| &text[start..start + length])
    }

    /// The line that is not whole, as far as it was read in a text that ends there.
    pub(crate) fn begun(&self, end: usize) -> Option<Field> {
        let (name_end, value_start) = match self.phase {
            Phase::Name => (end, end),
            Phase::SpaceBeforeColon | Phase::ValueStart => (self.name_end, end),
            Phase::Value | Phase::ValueLf => (self.name_end, self.value_start),
            _ => return None,
        };
        let (name, spelling) = <(FieldName, Spelling)>::default();
        let (name_start, name_length) = (self.name_start as u32, name_end.checked_sub(self.name_start)? as u32);
        Some(Field { name, spelling, name_start, name_length, value_start: value_start as u32, value_end: end as u32 })
    }

    /// Gives back memory that only an unusual section needs.
    pub(crate) fn rest(&mut self) {
        const FIELDS: usize = 32;
        const EXTRA_OCTETS: usize = 256;
        if self.fields.capacity() > FIELDS {
            self.fields = Vec::new();
        }
        if self.extra.capacity() > EXTRA_OCTETS {
            self.extra = Vec::new();
        }
    }

    /// Reads on; `text` begins as it did in earlier calls of this section.
    pub(crate) fn read(&mut self, text: &[u8], rules: &Rules, tolerance: &mut Tolerance) -> Result<Step, Fault> {
        loop {
            if self.phase == Phase::LineStart {
                let max_fields = rules.max_fields - self.dropped;
                if let Some(end) = self.widest.run(&mut PlainLines { reader: self, max_fields }, text) {
                    return Ok(Step::Done(end));
                }
            }
            let Some(&octet) = text.get(self.at) else { return Ok(Step::More) };
            match self.phase {
                Phase::LineStart => {
                    self.name_start = self.at;
                    if grammar::is_token(octet) {
                        self.count_line(rules)?;
                        self.behind_dropped = false;
                        self.phase = Phase::Name;
                    } else if octet == b'\r' {
                        self.at += 1;
                        self.phase = Phase::LastLf;
                    } else if octet == b'\n' {
                        self.permit(tolerance, rules, Leniency::OptionalCrBeforeLf, Code::LoneLf)?;
                        return Ok(Step::Done(self.at + 1));
                    } else if grammar::is_space(octet) {
                        self.begin_fold(text, rules, tolerance)?;
                    } else {
                        let code = if octet == b':' { Code::FieldNameEmpty } else { Code::FieldName };
                        if !self.drops(text, code, rules, tolerance)? {
                            self.phase = Phase::Name;
                        }
                    }
                }
                Phase::Name => {
                    self.at = scan::token(text, self.at);
                    let Some(&octet) = text.get(self.at) else { return Ok(Step::More) };
                    self.name_end = self.at;
                    match octet {
                        b':' => {
                            self.at += 1;
                            self.phase = Phase::ValueStart;
                        }
                        b' ' | b'\t' => {
                            let offset = rules.offset + self.at as u64;
                            let permitted =
                                rules.kind.is_response() && tolerance.permits(Leniency::SpaceBeforeColon, offset);
                            if permitted || !self.drops(text, Code::SpaceBeforeColon, rules, tolerance)? {
                                self.phase = Phase::SpaceBeforeColon;
                            }
                        }
                        // Forgiven, the line is a field with this name and no value; see `end_value`.
                        b'\r' | b'\n' => {
                            if !self.drops(text, Code::FieldColon, rules, tolerance)? {
                                self.value_start = self.at;
                                self.phase = Phase::Value;
                            }
                        }
                        _ => {
                            if !self.drops(text, Code::FieldName, rules, tolerance)? {
                                self.at += 1;
                            }
                        }
                    }
                }
                Phase::SpaceBeforeColon => match octet {
                    b' ' | b'\t' => self.at += 1,
                    b':' => {
                        self.phase = Phase::ValueStart;
                        self.at += 1;
                    }
                    _ => {
                        if !self.drops(text, Code::FieldColon, rules, tolerance)? {
                            self.phase = Phase::Name;
                        }
                    }
                },
                Phase::ValueStart => {
                    if grammar::is_space(octet) {
                        self.at += 1;
                    } else {
                        self.value_start = self.at;
                        self.phase = Phase::Value;
                    }
                }
                Phase::Value | Phase::Fold => {
                    self.at = scan::field_value(text, self.at);
                    let Some(&octet) = text.get(self.at) else { return Ok(Step::More) };
                    let folded = self.phase == Phase::Fold;
                    match octet {
                        b'\r' => self.phase = if folded { Phase::FoldLf } else { Phase::ValueLf },
                        b'\n' => {
                            self.permit(tolerance, rules, Leniency::OptionalCrBeforeLf, Code::LoneLf)?;
                            self.end_value(text, self.at, folded);
                        }
                        0 => self.permit(tolerance, rules, Leniency::Headers, Code::FieldValue)?,
                        _ => {
                            let relaxed = tolerance.has(Leniency::HeaderValueRelaxed);
                            let leniency = if relaxed { Leniency::HeaderValueRelaxed } else { Leniency::Headers };
                            self.permit(tolerance, rules, leniency, Code::FieldValue)
                                .map_err(|fault| fault.but(Leniency::HeaderValueRelaxed))?;
                        }
                    }
                    self.at += 1;
                }
                Phase::ValueLf | Phase::FoldLf => {
                    if octet != b'\n' {
                        tolerance.refuse(Code::LoneCr, self.at, rules.offset)?;
                        self.phase = if self.phase == Phase::FoldLf { Phase::Fold } else { Phase::Value };
                        continue;
                    }
                    self.end_value(text, self.at - 1, self.phase == Phase::FoldLf);
                    self.at += 1;
                }
                Phase::FoldStart => {
                    if grammar::is_space(octet) {
                        self.at += 1;
                    } else {
                        self.value_start = self.at;
                        self.phase = Phase::Fold;
                    }
                }
                Phase::LastLf => {
                    if octet == b'\n' {
                        return Ok(Step::Done(self.at + 1));
                    }
                    self.permit(tolerance, rules, Leniency::OptionalLfAfterCr, Code::LoneCr)?;
                    return Ok(Step::Done(self.at));
                }
                Phase::Dropped => match octet {
                    b'\r' => {
                        self.at += 1;
                        self.phase = Phase::DroppedLf;
                    }
                    b'\n' => {
                        self.permit(tolerance, rules, Leniency::OptionalCrBeforeLf, Code::LoneLf)?;
                        self.end_dropped(text, rules, tolerance)?;
                    }
                    _ => self.at += 1,
                },
                Phase::DroppedLf => {
                    if octet == b'\n' {
                        self.end_dropped(text, rules, tolerance)?;
                    } else {
                        tolerance.refuse(Code::LoneCr, self.at, rules.offset)?;
                        self.phase = Phase::Dropped;
                    }
                }
            }
        }
    }

    /// Reads bytes that come behind so many others, if they lie within the name or value that these end with.
    pub(crate) fn read_within(&mut self, before: usize, octets: &[u8]) -> bool {
        let is_within = match self.phase {
            _ if self.at != before => false,
            Phase::Value | Phase::Fold => octets.iter().all(|octet| grammar::is_field_value(*octet)),
            Phase::Name => octets.iter().all(|octet| grammar::is_token(*octet)),
            _ => false,
        };
        if is_within {
            self.at += octets.len();
        }
        is_within
    }

    /// Whether the section is whole because the input ended: behind the CR of its empty line, where a
    /// leniency lets a CR alone end it.
    pub(crate) fn ends_with_cr(&self, offset: u64, tolerance: &mut Tolerance) -> bool {
        self.phase == Phase::LastLf && tolerance.permits(Leniency::OptionalLfAfterCr, offset + self.at as u64)
    }

    /// Reads lines that are whole and need no care; stands at the start of the first other one, or
    /// returns where the section ends. Two call it: where lanes are not chosen at run time, once is enough.
    #[inline(always)]
    pub(crate) fn read_plain_lines<V: Vector>(&mut self, text: &[u8], max_fields: u64) -> Option<usize> {
        let mut at = self.at;
        while (self.fields.len() as u64) < max_fields
            && let Some(line) = scan::field_line::<V>(text, at)
        {
            let name = FieldName::of_line::<V>(text, at, &line);
            if name.0 == FieldName::OTHER && (line.colon == at || runs::token::<V>(text, at) != line.colon) {
                break;
            }
            self.push_field(text, name, at..line.colon, line.colon + 1..line.end);
            at = line.end + 2;
            if line.last {
                return Some(at + 2);
            }
        }
        if at > self.at {
            self.at = at;
            self.behind_dropped = false;
        }
        None
    }

    /// Reads the first line if it is Host, as in nearly every request (RFC 9112 section 3.2 asks for it), whole, and of
    /// the usual kind: its value is valid then. Of any other line nothing is read.
    #[inline(always)]
    pub(crate) fn read_plain_host<V: Vector>(&mut self, text: &[u8], max_fields: u64) -> Option<Step> {
        const NAME: usize = "Host".len();
        let line = text.get(self.at..)?;
        let spelling = match line.first_chunk()? {
            b"Host: " => Spelling::Usual,
            b"host: " => Spelling::Lower,
            _ => return None,
        };
        let (at, start) = (self.at, self.at + NAME + 2);
        let end = runs::reg_name_and_port::<V>(text, start)?;
        let behind: &[u8; 4] = text.get(end..)?.first_chunk()?;
        if end == start || !behind.starts_with(b"\r\n") || max_fields == 0 {
            return None;
        }
        self.push((FieldName::HOST, spelling), at..at + NAME, start..end);
        self.at = end + 2;
        Some(if behind == b"\r\n\r\n" { Step::Done(end + 4) } else { Step::More })
    }

    fn permit(&self, tolerance: &mut Tolerance, rules: &Rules, leniency: Leniency, code: Code) -> Result<(), Fault> {
        tolerance.require(leniency, code, self.at, rules.offset)
    }

    /// One line more begins: a limit says how many there may be.
    fn count_line(&self, rules: &Rules) -> Result<(), Fault> {
        if self.fields.len() as u64 + self.dropped < rules.max_fields {
            return Ok(());
        }
        fault(if rules.kind.is_trailer() { Code::TooManyTrailerFields } else { Code::TooManyFields }, self.at)
    }

    /// The line is no field line, for this reason: whether it is dropped. If not, it is forgiven.
    ///
    /// # Errors
    /// It is neither.
    #[cold]
    fn drops(&mut self, text: &[u8], code: Code, rules: &Rules, tolerance: &mut Tolerance) -> Result<bool, Fault> {
        let is_response = rules.kind.is_response();
        let may_have_space = is_response && code == Code::SpaceBeforeColon;
        if !is_response || !tolerance.has(Leniency::BadFieldLines) {
            let may_drop = is_response && !mentions_framing(&text[self.name_start..self.at]);
            return tolerance.refuse(code, self.at, rules.offset).map(|()| false).map_err(|fault| {
                fault.but_if(may_have_space, Leniency::SpaceBeforeColon).but_if(may_drop, Leniency::BadFieldLines)
            });
        }
        if self.at == self.name_start {
            self.count_line(rules)?;
        }
        self.fault = Some(Fault::new(code, self.at).but_if(may_have_space, Leniency::SpaceBeforeColon));
        self.phase = Phase::Dropped;
        Ok(true)
    }

    /// The line that is dropped ends here, with an LF: it must not have been meant for framing.
    fn end_dropped(&mut self, text: &[u8], rules: &Rules, tolerance: &mut Tolerance) -> Result<(), Fault> {
        let line = &text[self.name_start..self.at];
        if let Some(Fault { code, at, leniencies, .. }) = self.fault.take().filter(|_| mentions_framing(line)) {
            tolerance.refuse(code, at, rules.offset).map_err(|fault| Fault { leniencies, ..fault })?;
        }
        tolerance.note_each(Leniency::BadFieldLines, rules.offset + self.name_start as u64);
        self.dropped += 1;
        self.behind_dropped = true;
        self.at += 1;
        self.phase = Phase::LineStart;
        Ok(())
    }

    /// A line begins with whitespace: it goes on with the line before.
    fn begin_fold(&mut self, text: &[u8], rules: &Rules, tolerance: &mut Tolerance) -> Result<(), Fault> {
        let behind_field = !self.fields.is_empty() && !self.behind_dropped;
        let Some(last) = self.fields.last_mut().filter(|_| behind_field) else {
            let code = if self.behind_dropped { Code::ObsFold } else { Code::SpaceBeforeField };
            if !self.drops(text, code, rules, tolerance)? {
                self.at += 1;
            }
            return Ok(());
        };
        let framing = matches!(last.name, FieldName::CONTENT_LENGTH | FieldName::TRANSFER_ENCODING);
        let free = rules.kind == Kind::ResponseHead;
        if framing {
            tolerance.refuse(Code::ObsFold, self.at, rules.offset)?;
        } else if !free {
            tolerance.require(Leniency::ObsFold, Code::ObsFold, self.at, rules.offset)?;
        }
        if !last.is_extra() {
            let start = EXTRA + self.extra.len() as u32;
            self.extra.extend_from_slice(&text[last.value_start as usize..last.value_end as usize]);
            last.value_start = start;
        }
        self.extra.push(b' ');
        self.phase = Phase::FoldStart;
        Ok(())
    }

    /// The value (or a fold of it) ends before `end`.
    fn end_value(&mut self, text: &[u8], end: usize, folded: bool) {
        self.phase = Phase::LineStart;
        let value = &text[self.value_start..end];
        if folded {
            self.extra.extend(grammar::trim(value).iter().map(nul_as_space));
            if let Some(last) = self.fields.last_mut() {
                last.value_end = EXTRA + self.extra.len() as u32;
            }
            return;
        }
        let has_nul = value.contains(&0);
        let without_colon = self.name_end == self.value_start;
        let name = &text[self.name_start..self.name_end];
        let name = if without_colon { <(FieldName, Spelling)>::default() } else { FieldName::read(name) };
        self.push_field(text, name, self.name_start..self.name_end, self.value_start..end);
        if has_nul && let Some(field) = self.fields.last_mut() {
            let value = &text[field.value_start as usize..field.value_end as usize];
            field.value_start = EXTRA + self.extra.len() as u32;
            self.extra.extend(value.iter().map(nul_as_space));
            field.value_end = EXTRA + self.extra.len() as u32;
        }
    }

    /// Notes a line; the value's whitespace is left out.
    #[inline(always)]
    fn push_field(&mut self, text: &[u8], name: (FieldName, Spelling), at: Range<usize>, value: Range<usize>) {
        // Most values have one SP before them and nothing behind.
        let mut start = value.start + usize::from(text[value.start] == b' ');
        let mut end = value.end;
        if text[start] <= b' ' || text[end - 1] <= b' ' {
            (start, end) = trimmed(text, value);
        }
        self.push(name, at, start..end);
    }

    #[inline(always)]
    fn push(&mut self, (name, spelling): (FieldName, Spelling), at: Range<usize>, value: Range<usize>) {
        self.found.note(name, self.fields.len());
        self.fields.push(Field {
            name,
            spelling,
            name_start: at.start as u32,
            name_length: (at.end - at.start) as u32,
            value_start: value.start as u32,
            value_end: value.end as u32,
        });
    }

    /// Moves the positions that count in `extra` to where it will lie: behind `length` bytes.
    pub(crate) fn settle_extra(&mut self, length: usize) {
        for field in self.fields.iter_mut().filter(|field| field.is_extra()) {
            let (mut start, mut end) = ((field.value_start - EXTRA) as usize, (field.value_end - EXTRA) as usize);
            while start < end && grammar::is_space(self.extra[start]) {
                start += 1;
            }
            while start < end && grammar::is_space(self.extra[end - 1]) {
                end -= 1;
            }
            field.value_start = (length + start) as u32;
            field.value_end = (length + end) as u32;
        }
    }
}

/// Where in a section's text the bytes of one value lie. The lines of a value that was put together are read once, when
/// the first place is asked for.
pub(crate) struct Places<'a> {
    text: &'a [u8],
    field: &'a Field,
    in_lines: Option<Vec<usize>>,
}

impl<'a> Places<'a> {
    pub(crate) fn new(text: &'a [u8], field: &'a Field) -> Places<'a> {
        Places { text, field, in_lines: None }
    }

    /// Where the byte with this index lies, or what follows the value.
    pub(crate) fn of(&mut self, index: usize) -> usize {
        if !self.field.is_extra() {
            return self.field.value_start as usize + index;
        }
        let places = self.in_lines.get_or_insert_with(|| places_in_lines(self.text, self.field));
        places[index.min(places.len() - 1)]
    }
}

/// Where the bytes of a value lie that was put together and, as the last place, what follows it. The SP of a fold lies
/// where its line begins.
#[cold]
fn places_in_lines(text: &[u8], field: &Field) -> Vec<usize> {
    let next = |from: usize, octet: u8| text[from..].iter().position(|one| *one == octet).map_or(from, |at| from + at);
    let is_space = |place: &usize| grammar::is_space(nul_as_space(&text[*place]));
    let mut places = Vec::new();
    let mut start = next((field.name_start + field.name_length) as usize, b':') + 1;
    let end = loop {
        let line_feed = next(start, b'\n');
        let line = text[start..line_feed].strip_suffix(b"\r").unwrap_or(&text[start..line_feed]);
        let first = start + line.iter().take_while(|octet| grammar::is_space(**octet)).count();
        places.extend(first..first + grammar::trim(line).len());
        let end = start + line.len();
        start = line_feed + 1;
        if !text.get(start).is_some_and(|octet| grammar::is_space(*octet)) {
            break end;
        }
        places.push(start);
    };
    while places.last().is_some_and(is_space) {
        places.pop();
    }
    places.push(places.last().map_or(end, |last| last + 1));
    let indent = places.iter().take_while(|place| is_space(place)).count();
    places.drain(..indent);
    places
}

struct PlainLines<'a> {
    reader: &'a mut SectionReader,
    max_fields: u64,
}

impl Work for PlainLines<'_> {
    type Outcome = Option<usize>;

    #[inline(always)]
    fn run<V: Vector>(&mut self, text: &[u8]) -> Option<usize> {
        self.reader.read_plain_lines::<V>(text, self.max_fields)
    }
}

#[cold]
fn trimmed(text: &[u8], value: Range<usize>) -> (usize, usize) {
    let (mut start, mut end) = (value.start, value.end);
    while start < end && grammar::is_space(text[start]) {
        start += 1;
    }
    while end > start && grammar::is_space(text[end - 1]) {
        end -= 1;
    }
    (start, end)
}

/// Whether one of the names that decide on framing stands anywhere in a line.
pub(crate) fn mentions_framing(line: &[u8]) -> bool {
    let mentions = |name: &[u8]| line.windows(name.len()).any(|window| window.eq_ignore_ascii_case(name));
    mentions(b"content-length") || mentions(b"transfer-encoding")
}

fn nul_as_space(octet: &u8) -> u8 {
    if *octet == 0 { b' ' } else { *octet }
}
