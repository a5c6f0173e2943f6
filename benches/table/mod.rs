//! The table of ratios: both parsers in turn, so that what else the machine does meets them alike.

use std::time::{Duration, Instant};

const ROUNDS: usize = 300;
/// What one turn takes at least.
const TURN: Duration = Duration::from_micros(200);

/// One thing that is read.
pub(crate) struct Row<'a> {
    /// What it is.
    pub(crate) name: String,
    /// How many of the unit it holds.
    pub(crate) units: usize,
    /// What a time is given for.
    pub(crate) unit: &'static str,
    /// Reads it once.
    pub(crate) ours: Box<dyn FnMut() + 'a>,
    /// Has httparse read it once, if it can.
    pub(crate) theirs: Option<Box<dyn FnMut() + 'a>>,
}

/// Measures the rows and prints them.
pub(crate) fn print(rows: Vec<Row<'_>>) {
    println!(
        "\nMedians of {ROUNDS} rounds, both in turn. Not the same work: h1wire decides framing, Host and persistence,"
    );
    println!(
        "checks the request-target, numbers known names and reads chunks; httparse splits lines and chunk sizes.\n"
    );
    println!("| input | ns each | h1wire | httparse | ratio |\n| --- | --- | ---: | ---: | ---: |");
    for Row { name, units, unit, mut ours, theirs } in rows {
        let turns = turns(&mut ours);
        let Some(mut theirs) = theirs else {
            let time = median((0..ROUNDS).map(|_| measure(&mut ours, turns)));
            println!("| {name} | {unit} | {:.1} | – | – |", time / units as f64);
            continue;
        };
        let rounds: Vec<_> = (0..ROUNDS).map(|_| (measure(&mut ours, turns), measure(&mut theirs, turns))).collect();
        let (one, other) = (median(rounds.iter().map(|round| round.0)), median(rounds.iter().map(|round| round.1)));
        let ratio = median(rounds.iter().map(|round| round.0 / round.1));
        println!("| {name} | {unit} | {:.1} | {:.1} | {ratio:.2} |", one / units as f64, other / units as f64);
    }
}

fn turns(read: &mut dyn FnMut()) -> u32 {
    let start = Instant::now();
    let mut turns = 0;
    while start.elapsed() < TURN {
        read();
        turns += 1;
    }
    turns
}

/// Nanoseconds a reading takes.
fn measure(read: &mut dyn FnMut(), turns: u32) -> f64 {
    let start = Instant::now();
    (0..turns).for_each(|_| read());
    start.elapsed().as_nanos() as f64 / f64::from(turns)
}

fn median(times: impl Iterator<Item = f64>) -> f64 {
    let mut times: Vec<f64> = times.collect();
    times.sort_by(f64::total_cmp);
    times[times.len() / 2]
}
