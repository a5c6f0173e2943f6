//! The inspector: any octets taken apart, each with what it is, what is wrong with it, and what readers make of it.
//!
//! It reads with the one parser there is, through whose faults it goes by forgiving them one by one, which no policy
//! can; `docs/inspector.md` says how.
//!
//! * [`Inspector`] takes a stream, [`inspect`] all of it at once.
//! * [`NodeKind`] is the table of what nodes are, [`findings`] that of what can be found.
//! * [`readings`] has the same octets read by readers of several kinds.

mod body;
mod checks;
pub mod findings;
mod first_line;
mod heard;
mod inspector;
mod kinds;
mod leaves;
mod lines;
mod messages;
mod others;
mod progress;
mod queue;
pub mod readings;
mod start;

use alloc::vec::Vec;

pub(crate) use checks::find_word;
pub use inspector::{Inspector, StreamKind};
pub use kinds::NodeKind;
pub use others::{Difference, Then};
pub use queue::{Finding, Item, Message, Span};

use crate::policy::Policy;

/// Everything an inspector tells of these octets, in order.
///
/// Cost: linear in the octets; the items of a body are few, whatever its length, unless it is in small chunks.
pub fn inspect(octets: &[u8], kind: StreamKind, policy: Policy) -> Vec<Item> {
    let mut inspector = Inspector::new(kind, policy);
    let (mut items, mut at) = (Vec::new(), 0);
    while let Some(item) = inspector.poll(octets, &mut at) {
        items.push(item);
    }
    while let Some(item) = inspector.finish() {
        items.push(item);
    }
    items
}
