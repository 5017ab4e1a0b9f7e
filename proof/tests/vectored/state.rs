//! What the state does not hold, entries that are not those of the record, and records that entries do not amount to.

use faultline_forge::{service_bundle, state, Chain, State, Story, START};
use faultline_primitives::{
    attestation::Body,
    incident::{Action, Incident},
    log::{blake2_256, chain as link, empty, Fold, Roll, What},
    Entry, Hash, Millis, Record, Span,
};
use faultline_proof::{
    bundle::{Claim, IncidentLog, Opened, ServiceLog},
    keys, Bundle,
};

use super::{bad, genesis, sound, Vector};

pub fn vectors() -> Vec<Vector> {
    let mut vectors = proofs();
    vectors.extend(values());
    vectors.extend(entries());
    vectors.extend(rolls());
    vectors.extend(folds());
    vectors
}

fn story() -> Story {
    Story::told(7, 3)
}

/// A claim at a block with this state.
fn claimed(fault: &str, variant: &str, why: &str, state: &State, claim: Claim) -> Vector {
    let (chain, _) = sound();
    bad(fault, variant, why, genesis(&chain), &chain.bundle(state, claim))
}

fn proofs() -> Vec<Vector> {
    let (chain, good) = sound();
    let changed = |fault: &str, variant: &str, why: &str, change: &dyn Fn(&mut Vec<Vec<u8>>)| {
        let mut bundle = good.clone();
        change(&mut bundle.nodes);
        bad(
            &format!("state.proof.{fault}"),
            variant,
            why,
            genesis(&chain),
            &bundle,
        )
    };
    // A root that whoever makes a block may put there, and the node that it names.
    let rooted = |fault: &str, variant: &str, why: &str, node: Vec<u8>| {
        let header = chain.header(good.block.header.number, blake2_256(&[&node]), vec![]);
        let bundle = Bundle {
            block: chain.finalize(header),
            nodes: vec![node],
            ..good.clone()
        };
        bad(
            &format!("state.proof.{fault}"),
            variant,
            why,
            genesis(&chain),
            &bundle,
        )
    };
    let leaf = |nibbles: u8, rest: &[u8]| {
        let mut node = vec![0b0100_0000 | nibbles];
        node.extend(rest);
        node
    };
    vec![
        changed("outOfOrder", "", "the nodes are in another order", &|nodes| {
            nodes.reverse()
        }),
        changed("outOfOrder", "twice", "a node is there twice", &|nodes| {
            nodes.insert(0, nodes[0].clone())
        }),
        changed("missing", "", "a node is missing", &|nodes| drop(nodes.pop())),
        changed("missing", "bit", "a bit of a node is another", &|nodes| {
            nodes[0][9] ^= 1;
            nodes.sort();
        }),
        changed("missing", "none", "there are no nodes", &|nodes| nodes.clear()),
        changed(
            "superfluous",
            "",
            "there is a node that nothing needs",
            &|nodes| nodes.push(vec![0xff; 40]),
        ),
        rooted(
            "malformed",
            "",
            "a node of a kind that there is not",
            vec![0b0000_0111; 40],
        ),
        rooted(
            "malformed",
            "longer",
            "a byte follows a node",
            leaf(1, &[0x0a, 1 << 2, 0xee, 0xee]),
        ),
        rooted(
            "malformed",
            "childless",
            "a branch without children",
            vec![0b1000_0001, 0x0a, 0, 0],
        ),
        rooted(
            "notCanonical",
            "",
            "the half byte that pads an odd key is not zero",
            leaf(1, &[0x5f, 1 << 2, 0xee]),
        ),
        rooted(
            "malformed",
            "length",
            "the length of a value takes more bytes than it need",
            leaf(1, &[0x0f, 0b101, 0, 0xee]),
        ),
    ]
}

fn values() -> Vec<Vector> {
    let story = story();
    let good = state(std::slice::from_ref(&story));
    let claim = || Claim::Incident(story.log().clone());
    let id = story.log().id;
    let speaker = story.log().entries[0].entry.action.by().organisation;
    let mut vectors = vec![];
    for (what, why, key) in [
        ("now", "the block's time", keys::now()),
        ("incident", "the incident's record", keys::incident(id)),
        (
            "service",
            "the service's record",
            keys::service(story.service_id()),
        ),
        ("organisation", "a speaker's record", keys::organisation(speaker)),
    ] {
        let mut without = good.clone();
        without.0.remove(&key);
        let says = format!("the state does not hold {why}");
        vectors.push(claimed(
            &format!("state.absent.{what}"),
            "",
            &says,
            &without,
            claim(),
        ));
        let mut longer = good.clone();
        if let Some(value) = longer.0.get_mut(&key) {
            value.push(0);
        }
        let says = format!("in the state a byte follows {why}");
        vectors.push(claimed(
            &format!("state.malformed.{what}"),
            "",
            &says,
            &longer,
            claim(),
        ));
    }

    let gone = story.clone().redacted();
    let withheld = Claim::Incident(gone.log().clone());
    let why = "a text was left out that nobody redacted";
    vectors.push(claimed(
        "state.absent.redaction",
        "",
        why,
        &good,
        withheld.clone(),
    ));
    let mut longer = state(std::slice::from_ref(&gone));
    longer.0.insert(keys::redaction(id, 1), vec![0; 9]);
    let why = "in the state a byte follows the time of a redaction";
    vectors.push(claimed("state.malformed.redaction", "", why, &longer, withheld));

    let (chain, service) = of_service();
    let mut longer = state(&stories());
    longer.0.insert(keys::roll_of_service(service.id), vec![0; 41]);
    let bundle = chain.bundle(&longer, Claim::Service(service));
    let why = "in the state a byte follows the roll of a service";
    vectors.push(bad("state.malformed.roll", "", why, genesis(&chain), &bundle));
    vectors
}

fn entries() -> Vec<Vector> {
    let story = story();
    let good = state(std::slice::from_ref(&story));
    let changed = |fault: &str, variant: &str, why: &str, change: &dyn Fn(&mut IncidentLog)| {
        let mut log = story.log().clone();
        change(&mut log);
        claimed(
            &format!("entries.{fault}"),
            variant,
            why,
            &good,
            Claim::Incident(log),
        )
    };
    let text = |text: &str| Body::from_bytes(text.as_bytes());
    vec![
        changed("count", "", "the last entry is left out", &|log| {
            drop(log.entries.pop())
        }),
        changed("count", "more", "an entry is there twice", &|log| {
            log.entries.push(log.entries[2].clone())
        }),
        changed("head", "", "two entries changed places", &|log| {
            log.entries.swap(1, 2)
        }),
        changed("head", "time", "an entry's time is a millisecond later", &|log| {
            log.entries[1].entry.at.0 += 1
        }),
        changed("head", "block", "an entry's block is another", &|log| {
            log.entries[2].entry.block += 1
        }),
        changed(
            "otherText",
            "",
            "a text is another than its entry commits to",
            &|log| {
                log.entries[1].text = text("It answers from everywhere.");
            },
        ),
        changed(
            "otherText",
            "more",
            "there is a text where the entry commits to none",
            &|log| {
                log.entries[0].text = text("It does not answer.");
            },
        ),
    ]
}

fn stories() -> [Story; 3] {
    let at = |hours| START.after(Millis::hours(hours));
    [7, 8, 9].map(|id| Story::told_from(id, 2, at(id - 7)))
}

/// The two incidents of a service that were opened in its second hour or later, of three.
fn of_service() -> (Chain, ServiceLog) {
    let (chain, _) = sound();
    let span = Span {
        from: START.after(Millis::hours(1)),
        to: START.after(Millis::hours(9)),
    };
    let Claim::Service(service) = service_bundle(&chain, &stories(), span).claim else {
        panic!("it is of a service");
    };
    (chain, service)
}

fn rolls() -> Vec<Vector> {
    let good = state(&stories());
    let of = |fault: &str, variant: &str, why: &str, state: &State, change: &dyn Fn(&mut ServiceLog)| {
        let (_, mut service) = of_service();
        change(&mut service);
        claimed(
            &format!("entries.{fault}"),
            variant,
            why,
            state,
            Claim::Service(service),
        )
    };
    // The state's own roll says another block of an incident than its first entry does.
    let (_, mut service) = of_service();
    service.roll[1].block += 1;
    let empty = Roll::empty(What::IncidentsOnService, service.id);
    let seal = |roll: Roll, opened: &Opened| roll.with(opened.id, opened.block, opened.at);
    let mut moved = good.clone();
    moved.put(
        keys::roll_of_service(service.id),
        &service.roll.iter().fold(empty, seal),
    );
    vec![
        of(
            "rollCount",
            "",
            "the service's last incident is left out",
            &good,
            &|service| {
                service.roll.pop();
            },
        ),
        of(
            "rollHead",
            "",
            "two incidents of the service changed places",
            &good,
            &|service| service.roll.swap(0, 1),
        ),
        of(
            "rollHead",
            "time",
            "an incident is said to be opened before the span",
            &good,
            &|service| {
                service.roll[1].at = START;
            },
        ),
        of(
            "span",
            "",
            "an incident that was opened in the span is left out",
            &good,
            &|service| {
                service.incidents.remove(0);
            },
        ),
        of(
            "span",
            "order",
            "the incidents are in another order",
            &good,
            &|service| service.incidents.swap(0, 1),
        ),
        of(
            "span",
            "more",
            "an incident is there that was opened before the span",
            &good,
            &|service| {
                service.incidents.insert(0, stories()[0].log().clone());
            },
        ),
        of(
            "otherOpening",
            "",
            "an incident's first entry is of another block than the roll says",
            &moved,
            &|service| {
                service.roll[1].block += 1;
            },
        ),
    ]
}

/// The record that would be, if these were its entries and nobody judged them.
fn sealed(mut record: Record<Incident>, log: &IncidentLog) -> Record<Incident> {
    let start: Hash = empty(Incident::WHAT, log.id);
    record.head = log
        .entries
        .iter()
        .fold(start, |head, said| link(head, &said.entry));
    record
}

fn folds() -> Vec<Vector> {
    let story = story();
    let sealing = |fault: &str, why: &str, change: &dyn Fn(&mut Entry<Action>)| {
        let mut log = story.log().clone();
        change(&mut log.entries[2].entry);
        let mut state = state(std::slice::from_ref(&story));
        state.put(keys::incident(log.id), &sealed(story.record().clone(), &log));
        claimed(&format!("fold.{fault}"), "", why, &state, Claim::Incident(log))
    };
    let opening = story.log().entries[0].entry.action.clone();
    let mut more = story.record().clone();
    more.state.peak += 1;
    let mut other = state(std::slice::from_ref(&story));
    other.put(keys::incident(story.log().id), &more);
    vec![
        sealing("refused", "an incident is opened twice", &|entry| {
            entry.action = opening.clone()
        }),
        sealing("backwards", "an entry lies before the one before it", &|entry| {
            entry.at = START
        }),
        claimed(
            "fold.otherRecord",
            "",
            "the record says that more groups affirmed it than did",
            &other,
            Claim::Incident(story.log().clone()),
        ),
    ]
}
