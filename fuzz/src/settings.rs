//! Settings from the first octets of an input: `seeds.mjs` writes them in the same way.

use h1wire::{Leniencies, Leniency, Limits, Method, Parser, Policy};

use crate::outcome::{Feeding, Outcome, outcome};

/// Octets that the settings take.
const LENGTH: usize = 17;

/// What is set on a parser and done with it.
pub(crate) struct Settings {
    pub(crate) request: bool,
    pub(crate) policy: Policy,
    /// The method of each of the first requests, if any is announced.
    pub(crate) methods: Vec<Method>,
    pub(crate) feeding: Feeding,
    /// Where to cut, as parts of 256.
    cuts: [u8; 3],
}

impl Settings {
    /// Divides an input into its settings and the stream:
    ///
    /// | octet | what |
    /// | --- | --- |
    /// | 0 | bits: requests, end of input, resume, limits as given, 2 for how many methods |
    /// | 1 to 3 | leniencies as bits, the lower ones first |
    /// | 4 to 11 | limits, in the order of their table; 255 for the default |
    /// | 12, 13 | methods' numbers |
    /// | 14 to 16 | cuts |
    pub(crate) fn divide(data: &[u8]) -> Option<(Settings, &[u8])> {
        let (octets, input) = data.split_first_chunk::<LENGTH>()?;
        let flag = |bit: u8| octets[0] & 1 << bit != 0;
        let given = octets[4..12].iter().zip(Limits::TABLE);
        let given = given.map(|(octet, (_, default))| if *octet == 255 { *default } else { u64::from(*octet) });
        let limits = if flag(3) { Limits::from_values(given) } else { Limits::DEFAULT };
        let count = usize::from(octets[0] >> 4 & 3).min(2);
        const { assert!(Leniency::ALL.len() <= 24, "three octets hold them") };
        let settings = Settings {
            request: flag(0),
            policy: Policy::default()
                .limits(limits)
                .lenient(Leniencies::from_bits(u32::from_le_bytes([octets[1], octets[2], octets[3], 0]))),
            methods: octets[12..12 + count].iter().map(|id| Method::from_id(u32::from(*id))).collect(),
            feeding: Feeding { end: flag(1), resume: flag(2), skip: false },
            cuts: [octets[14], octets[15], octets[16]],
        };
        Some((settings, input))
    }

    /// What the pieces lead to.
    pub(crate) fn outcome(&self, pieces: &[&[u8]], skip: bool) -> Outcome {
        let mut parser = if self.request { Parser::request(self.policy) } else { Parser::response(self.policy) };
        if !self.request {
            self.methods.iter().for_each(|method| parser.expect(*method));
        }
        outcome(&mut parser, pieces, Feeding { skip, ..self.feeding })
    }

    /// The input in pieces, some of them empty where two cuts fall together.
    pub(crate) fn cut<'a>(&self, input: &'a [u8]) -> Vec<&'a [u8]> {
        let mut places: Vec<usize> = self.cuts.iter().map(|part| input.len() * usize::from(*part) / 256).collect();
        places.extend([0, input.len()]);
        places.sort_unstable();
        places.windows(2).map(|pair| &input[pair[0]..pair[1]]).collect()
    }
}
