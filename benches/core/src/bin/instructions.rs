//! Does every work of `works.rs` in its steady state, for callgrind to count: `measured` is what it counts, once for
//! each line that is printed. `npm run instructions` runs it and knows what the counts were.

use std::hint::black_box;

use h1wire_benches::works::{Work, growing, hot_paths};

fn main() {
    for work in hot_paths() {
        count(work);
    }
    for (_, works) in growing() {
        works.into_iter().for_each(count);
    }
}

fn count(mut work: Work) {
    // The first times, memory is taken that is kept.
    (work.run)();
    (work.run)();
    measured(&mut *work.run);
    println!("did {}", work.name);
}

/// Its name is what callgrind starts and stops at.
#[inline(never)]
fn measured(run: &mut dyn FnMut()) {
    run();
    // Not a jump into the work, which callgrind would not see come back.
    black_box(());
}
