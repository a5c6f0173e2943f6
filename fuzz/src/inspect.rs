//! The inspector takes any octets: each lies in one leaf, nodes lie in one another, and nothing depends on the cut.

use h1wire::inspect::{Inspector, Item, StreamKind, readings::Readings};

use crate::settings::Settings;

/// Inspects the stream whole, octet by octet and in pieces, and has every reader read it.
pub fn check(data: &[u8]) {
    let Some((settings, input)) = Settings::divide(data) else { return };
    let whole = inspect(&settings, &[input]);
    check_cover(&whole, input.len() as u64);
    let octets: Vec<&[u8]> = input.chunks(1).collect();
    for (how, pieces) in [("octet by octet", &octets), ("in pieces", &settings.cut(input))] {
        assert_eq!(inspect(&settings, pieces), whole, "{how}");
    }
    assert_eq!(readings(&settings, &octets), readings(&settings, &[input]), "readings, octet by octet");
}

/// Nodes and messages in order, then findings by their place; text has its own places in each cut.
fn inspect(settings: &Settings, pieces: &[&[u8]]) -> Vec<Item> {
    let kind = match settings.request {
        _ if settings.feeding.resume => StreamKind::Auto,
        true => StreamKind::Request,
        false => StreamKind::Response,
    };
    let mut inspector = Inspector::new(kind, settings.policy);
    settings.methods.iter().for_each(|method| inspector.expect(*method));
    let mut items = Vec::new();
    for piece in pieces {
        let mut at = 0;
        while let Some(item) = inspector.poll(piece, &mut at) {
            items.push(without_text(item));
        }
        assert_eq!(at, piece.len(), "a piece is read to its end");
    }
    while let Some(item) = inspector.finish() {
        items.push(without_text(item));
    }
    items.sort_by_key(|item| match item {
        Item::Finding(finding) => (1, finding.start, finding.end, format!("{:?}", finding)),
        _ => (0, 0, 0, String::new()),
    });
    items
}

fn without_text(item: Item) -> Item {
    match item {
        Item::Leaf { kind, start, end, .. } => Item::Leaf { kind, start, end, text: None },
        Item::Close { kind, end, .. } => Item::Close { kind, end, text: None },
        other => other,
    }
}

fn check_cover(items: &[Item], length: u64) {
    let (mut at, mut depth) = (0, 0);
    for item in items {
        match *item {
            Item::Open { start, .. } => {
                assert_eq!(start, at);
                depth += 1;
            }
            Item::Leaf { start, end, .. } => {
                assert!(start == at && end >= start);
                at = end;
            }
            Item::Close { end, .. } => {
                assert_eq!(end, at);
                depth -= 1;
            }
            Item::Message(message) => assert!(message.start <= message.head_end && message.head_end <= message.end),
            Item::Finding(finding) => assert!(finding.start <= finding.end && finding.start <= length),
        }
    }
    assert_eq!((at, depth), (length, 0));
}

fn readings(settings: &Settings, pieces: &[&[u8]]) -> Vec<String> {
    let mut readings = Readings::new(settings.request, settings.policy.limits);
    pieces.iter().for_each(|piece| readings.push(piece));
    readings.finish();
    let mut told: Vec<_> = std::iter::from_fn(|| readings.pop()).collect();
    told.sort_by_key(|(profile, _)| *profile);
    told.iter().map(|one| format!("{one:?}")).collect()
}
