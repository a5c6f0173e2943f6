//! A request-target taken apart: where its parts lie in it.

use h1wire::{Method, Target, TargetForm, error::Code};

use super::refused::fail;
use crate::layout::format as l;

/// Takes apart the target behind the method in the text, and says in the words where its parts lie.
pub(super) fn take_apart(text: &[u8], words: &mut [u32]) -> u32 {
    let Some((method, target)) = parts(text, words) else {
        return fail(Code::Internal, words, [l::PART_BODY, 0, l::NOWHERE, l::NOWHERE]);
    };
    match Target::parse(target, Method::of(method)) {
        Ok(whole) => {
            words[l::TARGET_FORM as usize] = match whole.form {
                TargetForm::Origin => l::FORM_ORIGIN,
                TargetForm::Absolute => l::FORM_ABSOLUTE,
                TargetForm::Authority => l::FORM_AUTHORITY,
                TargetForm::Asterisk => l::FORM_ASTERISK,
            };
            let found = [whole.scheme, whole.host, whole.port, whole.path, whole.query];
            let places = words[l::TARGET_PARTS as usize..].chunks_exact_mut(2);
            for (place, part) in places.zip(found) {
                place.copy_from_slice(&part.map_or([l::NOWHERE; 2], |part| place_in(target, part)));
            }
            0
        }
        Err((code, at)) => {
            let text_at = if at < target.len() { method.len() + at } else { l::NOWHERE as usize };
            fail(code, words, [l::PART_TARGET, 0, at as u32, text_at as u32])
        }
    }
}

/// Method and target; none if the words do not describe the text, or have no room.
fn parts<'a>(text: &'a [u8], words: &[u32]) -> Option<(&'a [u8], &'a [u8])> {
    let method = *words.get(l::FORMAT_LENGTHS as usize)? as usize;
    words.get(..l::TARGET_PARTS as usize + 10)?;
    text.split_at_checked(method)
}

/// Where this part of it lies in a target.
fn place_in(target: &[u8], part: &[u8]) -> [u32; 2] {
    let start = part.as_ptr().addr() - target.as_ptr().addr();
    [start as u32, (start + part.len()) as u32]
}
