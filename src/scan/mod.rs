//! Finding where a run of octets ends: the only part of the core that knows processors.
//!
//! Each function returns the index, at or behind `from`, of the first octet that cannot belong to
//! the run, or the text's length. One algorithm serves every target; what differs is how 32 octets
//! are compared at once (`lanes`): a type parameter, which is [`Lanes`] but in work that is done with
//! the [`Widest`] lanes of the processor it runs on. `--cfg h1wire_portable` (for tests) leaves all
//! that knows processors out.

mod lanes;
mod line;
pub(crate) mod runs;
mod window;

pub(crate) use lanes::{Lanes, Vector, WIDTH};
pub(crate) use line::{FieldLine, field_line};
pub(crate) use window::{Match, Window};

/// Work enough to do it with the [`Widest`] lanes.
pub(crate) trait Work {
    /// What comes of it.
    type Outcome;

    /// Does it. Mark it, and all in it that uses lanes, as always inlined: only so is it compiled for
    /// the processor.
    fn run<V: Vector>(&mut self, text: &[u8]) -> Self::Outcome;
}

/// Which lanes are the widest there are: kept by who reads, for asking costs a small message too much.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Widest {
    /// Set by [`Widest::default`] alone, where the processor has them.
    #[cfg(all(target_arch = "x86_64", feature = "std", not(h1wire_portable)))]
    avx2: bool,
}

impl Default for Widest {
    /// Asks the processor.
    fn default() -> Widest {
        Widest {
            #[cfg(all(target_arch = "x86_64", feature = "std", not(h1wire_portable)))]
            avx2: lanes::avx2::is_there(),
        }
    }
}

impl Widest {
    /// Does the work with these lanes.
    #[inline(always)]
    pub(crate) fn run<W: Work>(self, work: &mut W, text: &[u8]) -> W::Outcome {
        #[cfg(all(target_arch = "x86_64", feature = "std", not(h1wire_portable)))]
        if self.avx2 {
            #[allow(unsafe_code, reason = "AVX2 is not part of the target: it is asked for at run time")]
            // SAFETY: it is there, or this would not be set.
            return unsafe { lanes::avx2::run(work, text) };
        }
        narrow(work, text)
    }
}

/// With the lanes of the target. A function of its own: whoever calls it has all registers for other things, which
/// made a small head a tenth cheaper.
#[inline(never)]
fn narrow<W: Work>(work: &mut W, text: &[u8]) -> W::Outcome {
    work.run::<Lanes>(text)
}

/// End of a run of field-value octets: VCHAR, SP, HTAB, obs-text.
#[inline(never)]
pub(crate) fn field_value(text: &[u8], from: usize) -> usize {
    runs::field_value::<Lanes>(text, from)
}

/// End of a run of octets that may stand in a request-target.
#[inline(never)]
pub(crate) fn target(text: &[u8], from: usize) -> usize {
    runs::target::<Lanes>(text, from)
}

/// End of a token.
#[inline(never)]
pub(crate) fn token(text: &[u8], from: usize) -> usize {
    runs::token::<Lanes>(text, from)
}
