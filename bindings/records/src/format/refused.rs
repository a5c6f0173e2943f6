//! What a call was refused for: which part of its text, and where in it.
//!
//! The words still hold the lengths of the parts; the answer is written over what stands before them.

use h1wire::format::{Lengths, Part, Refusal};

use crate::{
    errors::{self, Number, OuterCode},
    layout::format as l,
};

/// Says in the words what the builder refused, and where in the text that is.
pub(super) fn refuse(refusal: &Refusal, words: &mut [u32]) -> u32 {
    let (part, item) = numbers(refusal.part);
    let at = refusal.at.map_or(l::NOWHERE, |at| at as u32);
    let places = lengths(words).take_while(|place| (place.part, place.item) != (part, item));
    let start: u32 = places.map(|place| place.length).sum();
    let text_at = if refusal.octet.is_some() { start + at } else { l::NOWHERE };
    let answer = fail(refusal.code, words, [part, item, at, text_at]);
    if let Some(Lengths { expected, actual }) = refusal.lengths() {
        words[l::FORMAT_EXPECTED as usize..][..2].copy_from_slice(&[expected as u32, (expected >> 32) as u32]);
        words[l::FORMAT_ACTUAL as usize..][..2].copy_from_slice(&[actual as u32, (actual >> 32) as u32]);
    }
    answer
}

/// Likewise for a code unit that is no octet, of this index in the text.
pub(super) fn refuse_unit(index: usize, words: &mut [u32]) -> u32 {
    let mut at = index as u32;
    let found = lengths(words).find(|place| {
        let is_here = at < place.length;
        if !is_here {
            at -= place.length;
        }
        is_here
    });
    let (part, item) = found.map_or((l::PART_BODY, 0), |place| (place.part, place.item));
    fail(OuterCode::CodeUnit, words, [part, item, at, index as u32])
}

/// Says that the call has failed at this part, item and places.
pub(super) fn fail(code: impl Number, words: &mut [u32], [part, item, at, text_at]: [u32; 4]) -> u32 {
    words[l::FORMAT_PART as usize] = part;
    words[l::FORMAT_ITEM as usize] = item;
    words[l::FORMAT_AT as usize] = at;
    words[l::FORMAT_TEXT_AT as usize] = text_at;
    words[l::FORMAT_EXPECTED as usize + 1] = l::NOWHERE;
    errors::refused(code)
}

/// A part's number, and which of them it is.
fn numbers(part: Part) -> (u32, u32) {
    match part {
        Part::Method => (l::PART_METHOD, 0),
        Part::Target => (l::PART_TARGET, 0),
        Part::Host => (l::PART_HOST, 0),
        Part::Status => (l::PART_STATUS, 0),
        Part::Reason => (l::PART_REASON, 0),
        Part::RequestMethod => (l::PART_REQUEST_METHOD, 0),
        Part::Body => (l::PART_BODY, 0),
        Part::FieldName(item) => (l::PART_FIELD_NAME, item as u32),
        Part::FieldValue(item) => (l::PART_FIELD_VALUE, item as u32),
        Part::TrailerName(item) => (l::PART_TRAILER_NAME, item as u32),
        Part::TrailerValue(item) => (l::PART_TRAILER_VALUE, item as u32),
        Part::ExtensionName(item) => (l::PART_EXTENSION_NAME, item as u32),
        Part::ExtensionValue(item) => (l::PART_EXTENSION_VALUE, item as u32),
        Part::Boundary => (l::PART_BOUNDARY, 0),
        Part::EntryName => (l::PART_ENTRY_NAME, 0),
        Part::EntryFileName => (l::PART_ENTRY_FILE_NAME, 0),
        Part::EntryType => (l::PART_ENTRY_TYPE, 0),
        // `Part::Call`, and what nothing here asks for.
        _ => (l::PART_CALL, 0),
    }
}

/// The parts at the beginning of a call's text.
fn single_parts(words: &[u32]) -> &'static [u32] {
    match words[l::FORMAT_CALL as usize] {
        l::CALL_REQUEST => &[l::PART_METHOD, l::PART_TARGET, l::PART_HOST],
        l::CALL_RESPONSE | l::CALL_INFORMATIONAL => &[l::PART_REASON, l::PART_REQUEST_METHOD],
        l::CALL_ENTRY => &[l::PART_BOUNDARY, l::PART_ENTRY_NAME, l::PART_ENTRY_FILE_NAME, l::PART_ENTRY_TYPE],
        l::CALL_TARGET => &[l::PART_METHOD, l::PART_TARGET],
        l::CALL_FORM_END => &[l::PART_BOUNDARY],
        _ => &[],
    }
}

/// A part of the text, as the words describe it.
struct Place {
    part: u32,
    item: u32,
    length: u32,
}

/// Every part of a call's text, in its order.
fn lengths(words: &[u32]) -> impl Iterator<Item = Place> + use<'_> {
    let singles = single_parts(words).iter().map(|part| (*part, 0));
    let (name, value) = match words[l::FORMAT_CALL as usize] {
        l::CALL_CHUNK => (l::PART_EXTENSION_NAME, l::PART_EXTENSION_VALUE),
        _ => (l::PART_FIELD_NAME, l::PART_FIELD_VALUE),
    };
    let fields = (0..words[l::FORMAT_FIELDS as usize]).flat_map(move |item| [(name, item), (value, item)]);
    let trailers = (0..words[l::FORMAT_TRAILERS as usize])
        .flat_map(|item| [(l::PART_TRAILER_NAME, item), (l::PART_TRAILER_VALUE, item)]);
    let lengths = words[l::FORMAT_LENGTHS as usize..].iter();
    singles.chain(fields).chain(trailers).zip(lengths).map(|((part, item), length)| Place {
        part,
        item,
        length: if *length == l::NOWHERE { 0 } else { *length },
    })
}
