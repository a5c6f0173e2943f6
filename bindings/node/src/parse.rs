//! The parser's functions. A handle is an External that owns a session.

use h1wire_records::{
    Code, Connection,
    errors::{OuterCode, refused},
    layout,
    session::{self, Session},
};
use napi::sys::{napi_callback_info, napi_env, napi_value};

use crate::raw::{Call, enter};

/// What a handle owns.
enum Slot {
    Live(Box<Session>),
    /// `free` was called.
    Freed,
    /// A panic left it in nobody knows what state.
    Broken,
}

/// `create(role: number): External`, the options in the words.
pub(crate) unsafe extern "C" fn create(env: napi_env, info: napi_callback_info) -> napi_value {
    let body = |call: &mut Call<'_>| {
        let session = Session::new(call.number(0)?, call.environment.words());
        if !call.environment.reserve_words(call.env, session.words_needed()) {
            return None;
        }
        call.external(Box::new(Slot::Live(Box::new(session))))
    };
    // SAFETY: Node.js calls this with its own handles.
    unsafe { enter(env, info, body, |_| {}) }
}

/// Octets that one call reads at most: positions fit words, and the text fits a string.
const MOST_OCTETS: usize = 1 << 28;

/// `push(handle: External, chunk: Uint8Array, from = 0): string | undefined`
pub(crate) unsafe extern "C" fn push(env: napi_env, info: napi_callback_info) -> napi_value {
    let body = |call: &mut Call<'_>| {
        let from = call.long_number(2).unwrap_or(0) as usize;
        // SAFETY: the octets are used within this call only, and no JavaScript runs meanwhile.
        let Some(chunk) = (unsafe { call.octets(1) }) else {
            session::write_shared(&mut call.environment.areas());
            return None;
        };
        let left = chunk.get(from..).unwrap_or(&[]);
        let chunk = &left[..left.len().min(MOST_OCTETS)];
        with_session(call, |session, call| session.push(chunk, &mut call.environment.areas()));
        let words = call.environment.words();
        if chunk.len() < left.len() && words[layout::CONSUMED as usize] as usize == chunk.len() {
            words[layout::STATUS as usize] |= layout::MORE;
        }
        text(call, chunk)
    };
    // SAFETY: as above.
    unsafe { enter(env, info, body, break_session) }
}

/// `end(handle: External): string | undefined`
pub(crate) unsafe extern "C" fn end(env: napi_env, info: napi_callback_info) -> napi_value {
    let body = |call: &mut Call<'_>| {
        with_session(call, |session, call| session.end(&mut call.environment.areas()));
        text(call, &[])
    };
    // SAFETY: as above.
    unsafe { enter(env, info, body, break_session) }
}

/// `resume(handle: External): void`
pub(crate) unsafe extern "C" fn resume(env: napi_env, info: napi_callback_info) -> napi_value {
    let body = |call: &mut Call<'_>| {
        with_session(call, |session, _| session.resume());
        None
    };
    // SAFETY: as above.
    unsafe { enter(env, info, body, break_session) }
}

/// `expect(handle: External, method: number): void`
pub(crate) unsafe extern "C" fn expect(env: napi_env, info: napi_callback_info) -> napi_value {
    let body = |call: &mut Call<'_>| {
        let method = call.number(1)?;
        with_session(call, |session, _| session.expect(method));
        None
    };
    // SAFETY: as above.
    unsafe { enter(env, info, body, break_session) }
}

/// `nextCycle(handle: External): number`: where a connection stands in its next exchange, NOWHERE if there is none.
pub(crate) unsafe extern "C" fn next_cycle(env: napi_env, info: napi_callback_info) -> napi_value {
    let body = |call: &mut Call<'_>| {
        let mut states = layout::format::NOWHERE;
        with_session(call, |session, _| states = session.next_cycle());
        call.integer(states)
    };
    // SAFETY: as above.
    unsafe { enter(env, info, body, break_session) }
}

/// `skip(handle: External, octets: number): void`
pub(crate) unsafe extern "C" fn skip(env: napi_env, info: napi_callback_info) -> napi_value {
    let body = |call: &mut Call<'_>| {
        let octets = call.long_number(1)?;
        with_session(call, |session, _| session.skip(octets));
        None
    };
    // SAFETY: as above.
    unsafe { enter(env, info, body, break_session) }
}

/// `free(handle: External): void`
pub(crate) unsafe extern "C" fn free(env: napi_env, info: napi_callback_info) -> napi_value {
    let body = |call: &mut Call<'_>| {
        *slot(call)? = Slot::Freed;
        None
    };
    // SAFETY: as above.
    unsafe { enter(env, info, body, break_session) }
}

/// The text that the records speak of; none if it is empty.
fn text(call: &Call<'_>, chunk: &[u8]) -> Option<napi_value> {
    let text = call.environment.text().octets(chunk);
    if text.is_empty() { None } else { call.latin1(text) }
}

/// Runs `work` on the live session of a handle; a freed or broken one answers with its fault.
fn with_session(call: &mut Call<'_>, work: impl FnOnce(&mut Session, &mut Call<'_>)) {
    match slot(call) {
        Some(Slot::Live(session)) => work(session, call),
        Some(Slot::Freed) => session::write_fault(OuterCode::Freed, &mut call.environment.areas()),
        Some(Slot::Broken) | None => session::write_fault(Code::Internal, &mut call.environment.areas()),
    }
}

/// The connection of a handle, or the answer of a call on what has none.
pub(crate) fn connection<'s>(call: &Call<'_>) -> Result<&'s mut Connection, u32> {
    match slot(call) {
        Some(Slot::Live(session)) => session.connection().ok_or_else(|| refused(Code::Internal)),
        Some(Slot::Freed) => Err(refused(OuterCode::Freed)),
        Some(Slot::Broken) | None => Err(refused(Code::Internal)),
    }
}

pub(crate) fn break_session(call: &mut Call<'_>) {
    if let Some(slot) = slot(call) {
        *slot = Slot::Broken;
    }
    session::write_fault(Code::Internal, &mut call.environment.areas());
}

fn slot<'s>(call: &Call<'_>) -> Option<&'s mut Slot> {
    // SAFETY: the facade passes only Externals that `create` made, and keeps them private. The
    // argument keeps the External, and so the slot, alive during the call; one call runs at a time
    // in an environment, and an External cannot leave its environment.
    call.pointer::<Slot>(0).map(|pointer| unsafe { &mut *pointer })
}
