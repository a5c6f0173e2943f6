//! Times by turns, so that whatever else the machine does meets all subjects alike.

use std::time::{Duration, Instant};

const ROUNDS: usize = 101;
/// What one turn takes at least.
const TURN: Duration = Duration::from_micros(300);

/// What is timed.
pub(crate) type Run<'a> = Box<dyn FnMut() + 'a>;

/// The median of a call in nanoseconds, and half the width of the middle half in percent of it.
#[derive(Clone, Copy)]
pub(crate) struct Time {
    pub(crate) ns: f64,
    pub(crate) spread: f64,
}

/// Calls each in many rounds.
pub(crate) fn by_turns(runs: &mut [Run<'_>]) -> Vec<Time> {
    let counts: Vec<_> = runs.iter_mut().map(|run| calibrate(run)).collect();
    let mut samples = vec![Vec::new(); runs.len()];
    for _ in 0..ROUNDS {
        for ((run, count), samples) in runs.iter_mut().zip(&counts).zip(&mut samples) {
            samples.push(measure(run, *count));
        }
    }
    samples.into_iter().map(summed).collect()
}

fn calibrate(run: &mut Run<'_>) -> u32 {
    let start = Instant::now();
    let mut count = 0;
    while start.elapsed() < TURN {
        run();
        count += 1;
    }
    count
}

fn measure(run: &mut Run<'_>, count: u32) -> f64 {
    let start = Instant::now();
    (0..count).for_each(|_| run());
    start.elapsed().as_nanos() as f64 / f64::from(count)
}

fn summed(mut samples: Vec<f64>) -> Time {
    samples.sort_by(f64::total_cmp);
    let at = |share: f64| samples[((ROUNDS - 1) as f64 * share).round() as usize];
    let ns = at(0.5);
    Time { ns, spread: 50.0 * (at(0.75) - at(0.25)) / ns }
}
