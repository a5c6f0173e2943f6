//! ABNF (RFC 5234, with the lists of RFC 9110 section 5.6.1) as a program: rules become a machine
//! that walks octets in all ways at once, so that it knows the first octet which no continuation can save.

use std::{collections::BTreeMap, iter::Peekable, str::Chars};

/// The rules of one grammar, by name.
pub(crate) struct Grammar(BTreeMap<String, Node>);

#[derive(Clone, Debug)]
enum Node {
    /// One octet from this to that.
    Octet(u8, u8),
    All(Vec<Node>),
    One(Vec<Node>),
    /// At least, at most.
    Repeat(usize, Option<usize>, Box<Node>),
    Rule(String),
}

/// A rule as a machine of states.
pub(crate) struct Machine(Vec<State>);

enum State {
    Octet(u8, u8, usize),
    /// Goes on at each of these without an octet.
    Fork(Vec<usize>),
    Accept,
}

/// Where a walk stands: in several states at once.
pub(crate) struct Walk<'a> {
    machine: &'a Machine,
    states: Vec<usize>,
}

impl Grammar {
    /// Reads rules, one a line; a line that begins with a space goes on with the rule before.
    pub(crate) fn new(text: &str) -> Grammar {
        let mut rules: Vec<String> = Vec::new();
        for line in text.lines().map(|line| line.split(';').next().unwrap_or_default()) {
            match rules.last_mut() {
                Some(rule) if line.starts_with(' ') => rule.push_str(line),
                _ if line.trim().is_empty() => {}
                _ => rules.push(line.to_owned()),
            }
        }
        Grammar(
            rules
                .iter()
                .map(|rule| {
                    let (name, body) = rule.split_once('=').expect("a rule has a name");
                    (name.trim().to_owned(), Reader(body.chars().peekable()).alternatives())
                })
                .collect(),
        )
    }

    /// The machine of one rule.
    pub(crate) fn machine(&self, rule: &str) -> Machine {
        let mut machine = Machine(vec![State::Accept]);
        let first = self.add(&mut machine, &Node::Rule(rule.to_owned()), 0);
        machine.0.push(State::Fork(vec![first]));
        machine
    }

    /// Adds the states of a node that is followed by `next`; returns the first.
    fn add(&self, machine: &mut Machine, node: &Node, next: usize) -> usize {
        match node {
            Node::Octet(low, high) => machine.push(State::Octet(*low, *high, next)),
            Node::All(parts) => parts.iter().rev().fold(next, |next, part| self.add(machine, part, next)),
            Node::One(parts) => {
                let starts = parts.iter().map(|part| self.add(machine, part, next)).collect();
                machine.push(State::Fork(starts))
            }
            Node::Repeat(least, most, part) => {
                let optional = match most {
                    None => {
                        let turn = machine.push(State::Fork(vec![next]));
                        let again = self.add(machine, part, turn);
                        machine.0[turn] = State::Fork(vec![next, again]);
                        turn
                    }
                    Some(most) => (*least..*most).fold(next, |then, _| {
                        let once = self.add(machine, part, then);
                        machine.push(State::Fork(vec![next, once]))
                    }),
                };
                (0..*least).fold(optional, |next, _| self.add(machine, part, next))
            }
            Node::Rule(name) => {
                let node = self.0.get(name).unwrap_or_else(|| panic!("no rule is named {name}"));
                self.add(machine, node, next)
            }
        }
    }
}

impl Machine {
    fn push(&mut self, state: State) -> usize {
        self.0.push(state);
        self.0.len() - 1
    }

    /// A walk from the beginning.
    pub(crate) fn walk(&self) -> Walk<'_> {
        let mut walk = Walk { machine: self, states: Vec::new() };
        walk.enter(self.0.len() - 1);
        walk
    }

    /// Whether the octets are the whole of what the rule says; if not, the index of the first octet
    /// that no continuation can save, or their number if they are only a beginning.
    pub(crate) fn check(&self, octets: &[u8]) -> Result<(), usize> {
        let mut walk = self.walk();
        match octets.iter().position(|octet| !walk.step(*octet)) {
            Some(index) => Err(index),
            None if walk.accepts() => Ok(()),
            None => Err(octets.len()),
        }
    }
}

impl Walk<'_> {
    /// Takes an octet, if it can stand here.
    pub(crate) fn step(&mut self, octet: u8) -> bool {
        let nexts: Vec<usize> = self
            .states
            .iter()
            .filter_map(|state| match self.machine.0[*state] {
                State::Octet(low, high, next) if (low..=high).contains(&octet) => Some(next),
                _ => None,
            })
            .collect();
        if nexts.is_empty() {
            return false;
        }
        self.states.clear();
        nexts.into_iter().for_each(|next| self.enter(next));
        true
    }

    /// Whether what was taken is whole.
    pub(crate) fn accepts(&self) -> bool {
        self.states.iter().any(|state| matches!(self.machine.0[*state], State::Accept))
    }

    fn enter(&mut self, state: usize) {
        if self.states.contains(&state) {
            return;
        }
        self.states.push(state);
        if let State::Fork(nexts) = &self.machine.0[state] {
            nexts.iter().for_each(|next| self.enter(*next));
        }
    }
}

/// Reads the right side of a rule.
struct Reader<'a>(Peekable<Chars<'a>>);

impl Reader<'_> {
    fn alternatives(&mut self) -> Node {
        let mut alternatives = vec![self.sequence()];
        while self.take('/') {
            alternatives.push(self.sequence());
        }
        Node::One(alternatives)
    }

    fn sequence(&mut self) -> Node {
        let mut parts = Vec::new();
        while !matches!(self.peek(), None | Some('/' | ')' | ']')) {
            parts.push(self.repetition());
        }
        Node::All(parts)
    }

    fn repetition(&mut self) -> Node {
        if self.take('#') {
            return list(self.element());
        }
        let least = self.number(10);
        if self.0.peek() == Some(&'*') {
            self.0.next();
            let most = self.number(10);
            return Node::Repeat(least.unwrap_or(0), most, Box::new(self.element()));
        }
        match least {
            Some(times) => Node::Repeat(times, Some(times), Box::new(self.element())),
            None => self.element(),
        }
    }

    fn element(&mut self) -> Node {
        match self.peek() {
            Some('(') => self.group(')'),
            Some('[') => Node::Repeat(0, Some(1), Box::new(self.group(']'))),
            Some('"') => self.literal(false),
            Some('%') => {
                self.0.next();
                match self.0.next() {
                    Some('x') => self.octets(),
                    Some('s') => self.literal(true),
                    other => panic!("%{other:?} is not read"),
                }
            }
            _ => {
                let mut name = String::new();
                while let Some(one) = self.0.next_if(|one| one.is_ascii_alphanumeric() || *one == '-') {
                    name.push(one);
                }
                assert!(!name.is_empty(), "a name must stand before {:?}", self.peek());
                Node::Rule(name)
            }
        }
    }

    fn group(&mut self, end: char) -> Node {
        self.0.next();
        let node = self.alternatives();
        assert!(self.take(end), "{end} is missing");
        node
    }

    fn literal(&mut self, case_sensitive: bool) -> Node {
        self.0.next();
        let text: Vec<u8> = self.0.by_ref().take_while(|one| *one != '"').map(|one| one as u8).collect();
        Node::All(
            text.iter()
                .map(|octet| match (case_sensitive, octet.to_ascii_lowercase(), octet.to_ascii_uppercase()) {
                    (false, lower, upper) if lower != upper => {
                        Node::One(vec![Node::Octet(lower, lower), Node::Octet(upper, upper)])
                    }
                    _ => Node::Octet(*octet, *octet),
                })
                .collect(),
        )
    }

    fn octets(&mut self) -> Node {
        let low = self.number(16).expect("an octet") as u8;
        let high = if self.0.next_if_eq(&'-').is_some() { self.number(16).expect("an octet") as u8 } else { low };
        Node::Octet(low, high)
    }

    fn number(&mut self, radix: u32) -> Option<usize> {
        let mut number = None;
        while let Some(digit) = self.0.peek().and_then(|one| one.to_digit(radix)) {
            self.0.next();
            number = Some(number.unwrap_or(0) * radix as usize + digit as usize);
        }
        number
    }

    fn take(&mut self, wanted: char) -> bool {
        let there = self.peek() == Some(wanted);
        if there {
            self.0.next();
        }
        there
    }

    /// The next character that is not a space.
    fn peek(&mut self) -> Option<char> {
        while self.0.next_if_eq(&' ').is_some() {}
        self.0.peek().copied()
    }
}

/// RFC 9110 section 5.6.1.2: `#element => [ element ] *( OWS "," OWS [ element ] )`.
fn list(element: Node) -> Node {
    let optional = || Node::Repeat(0, Some(1), Box::new(element.clone()));
    let ows = || Node::Rule("OWS".into());
    let more = Node::All(vec![ows(), Node::Octet(b',', b','), ows(), optional()]);
    Node::All(vec![optional(), Node::Repeat(0, None, Box::new(more))])
}
