//! The module for browsers, and for Node.js where there is no addon: marshalling only.
//!
//! Hot functions take and return numbers only. JavaScript writes a chunk into the window, calls,
//! and reads the words; it asks for the areas' places anew after a call that may have moved them.
//!
//! The standard library stays out: it would add 2 KB (gzipped) that format what a panic says, which nothing could show here.

#![cfg(target_arch = "wasm32")]
#![no_std]
#![allow(unreachable_pub, reason = "wasm-bindgen exports public functions of private modules")]

extern crate alloc;

mod format;
mod parse;
mod state;

/// Smaller than the standard library's by 3 KB of the gzipped module, and of the same speed at each size.
#[global_allocator]
static ALLOCATOR: rlsf::SmallGlobalTlsf = rlsf::SmallGlobalTlsf::new();

/// A panic traps, as it does with the standard library, and nothing reads what it says: so the code that would
/// format it is left out. Its texts and places stay in the data, for want of a stable flag that drops them.
#[panic_handler]
fn trap(_: &core::panic::PanicInfo<'_>) -> ! {
    core::arch::wasm32::unreachable()
}
