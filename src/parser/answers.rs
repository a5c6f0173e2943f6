//! What responses answer: the requests that wait for one, and what may come before the answer.

use alloc::collections::VecDeque;

use crate::names::Method;

/// The requests that a parser of responses knows of. A parser of requests has none.
#[derive(Debug)]
pub(super) struct Answers {
    /// The methods of those that wait, oldest first.
    awaited: VecDeque<Method>,
    /// A response that nobody waits for is a fault.
    announced: bool,
    /// How many 1xx the oldest has had.
    informational: u64,
    /// A 101 may come now.
    pub(super) may_switch: bool,
}

impl Answers {
    pub(super) const fn new() -> Answers {
        Answers { awaited: VecDeque::new(), announced: false, informational: 0, may_switch: true }
    }

    /// A request with this method waits for its response.
    pub(super) fn expect(&mut self, method: Method) {
        self.awaited.push_back(method);
    }

    /// From now on a response that nobody waits for is a fault.
    pub(super) fn announce(&mut self) {
        self.announced = true;
    }

    /// Whether a response that comes now answers nothing.
    pub(super) fn are_all_given(&self) -> bool {
        self.announced && self.awaited.is_empty()
    }

    /// The method of the request that the next response answers, if it is known.
    pub(super) fn next(&self) -> Option<Method> {
        self.awaited.front().copied()
    }

    /// Whether this request has had as many 1xx as it may.
    pub(super) fn is_last_informational(&self, most: u64) -> bool {
        self.informational >= most
    }

    /// A response has come, or a 1xx before it.
    pub(super) fn take(&mut self, is_informational: bool) {
        if is_informational {
            self.informational += 1;
        } else {
            self.informational = 0;
            self.awaited.pop_front();
        }
    }
}
