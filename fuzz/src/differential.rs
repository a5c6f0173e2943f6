//! The parser against two other readers: the naive oracle in all that it tells, httparse in the first
//! head.

use h1wire::plumbing::METHODS;

use crate::{
    httparse_agrees,
    oracle::{self, Question},
    settings::Settings,
};

/// Reads the stream with all of them. The oracle is slow: what is long is left out.
pub fn check(data: &[u8]) {
    let Some((settings, input)) = Settings::divide(data) else { return };
    if input.len() > 4096 {
        return;
    }
    let announced = !settings.request && !settings.methods.is_empty();
    let question = Question {
        request: settings.request,
        policy: settings.policy,
        expected: announced
            .then(|| settings.methods.iter().map(|method| METHODS[usize::from(method.id())].into()).collect()),
        end: settings.feeding.end,
        resume: settings.feeding.resume,
    };
    assert_eq!(settings.outcome(&[input], false), oracle::ask(question, input), "parser and oracle differ");
    if settings.request {
        httparse_agrees::on_request(input);
    } else {
        httparse_agrees::on_response(input);
    }
}
